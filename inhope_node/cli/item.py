"""`item`: find work, look at it, see what happened. The verbs that change an item: `item_steps`.

Commands carry ids only. Which step is possible the node knows; nothing here judges or remembers.
"""

import uuid

import click

from inhope_node.cli import item_steps, output
from inhope_node.cli.assess import assess
from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import NodeGroup
from inhope_node.cli.item_view import (
    advise_next,
    print_history,
    print_item,
    print_items,
    show_item,
)
from inhope_node.cli.pages import Page, collect, page_options
from inhope_node.cli.parameters import item_id
from inhope_node.desk_client import Json, path_of


@click.group(cls=NodeGroup)
def item() -> None:
    """Work on items: one address each, from the first look to the last.

    Example:
      inhope-node item next --take
      inhope-node item assess ID
      inhope-node item locate ID --country XB
    """


@item.command("next")
@click.option("--take", is_flag=True, help="Take it in the same breath, so that nobody else looks.")
@click.pass_obj
def next_(caller: Caller, *, take: bool) -> None:
    """Show the item that needs you most, and the step it needs.

    Example:
      inhope-node item next --take
    """
    answer = caller.desk().post(path_of("items", "next"), {"take": take})
    output.show(answer, lambda: _print_next(answer["item"]))
    if answer["item"]:
        advise_next(caller, answer["step"], answer["item"]["id"])


@item.command("list")
@click.option("--state", help="Only items in this state, such as assessed.")
@click.option("--owner", metavar="PEER", help="Only items that this node owns.")
@page_options
@click.pass_obj
def list_(caller: Caller, state: str | None, owner: str | None, *, after: str, limit: int) -> None:
    """List items, oldest first.

    Example:
      inhope-node item list --state new
      inhope-node item list --json --limit 500
    """
    query = {"state": state, "owner": owner}
    page = collect(caller.desk(), path_of("items"), "items", Page(after, limit), **query)
    output.show(page.document, lambda: print_items(page.rows))
    page.advise_on_more()


@item.command("show")
@item_id
@click.option("--reveal", is_flag=True, help="Show the exact address; this is audited.")
@click.pass_obj
def show(caller: Caller, item_id: uuid.UUID, *, reveal: bool) -> None:
    """Show one item with all that was said and done about it.

    Example:
      inhope-node item show 01890a5d-ac96-7744-b1c2-0123456789ab
    """
    show_item(caller, caller.desk().get(path_of("items", str(item_id)), reveal=reveal or None))


@item.command("history")
@item_id
@click.pass_obj
def history(caller: Caller, item_id: uuid.UUID) -> None:
    """Show what happened to an item, who did it and when.

    Example:
      inhope-node item history 01890a5d-ac96-7744-b1c2-0123456789ab
    """
    answer = caller.desk().get(path_of("items", str(item_id), "history"))
    output.show(answer, lambda: print_history(answer["history"]))


for _step in (
    item_steps.take,
    assess,
    item_steps.locate,
    item_steps.offer,
    item_steps.accept,
    item_steps.return_,
    item_steps.act,
):
    item.add_command(_step)


def _print_next(found: Json | None) -> None:
    if found:
        print_item(found)
    else:
        output.line("Nothing needs you now.")
