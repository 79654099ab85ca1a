"""`outbox`: what waits for other nodes or was refused by them. Read only, no addresses."""

import click

from inhope_node.cli import output
from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import NodeGroup
from inhope_node.desk_client import Json, path_of


@click.group(cls=NodeGroup)
def outbox() -> None:
    """See what waits for other nodes.

    Example:
      inhope-node outbox list
    """


@outbox.command("list")
@click.pass_obj
def list_(caller: Caller) -> None:
    """List messages that no peer has settled yet, or that met trouble.

    Example:
      inhope-node outbox list
      inhope-node outbox list --json
    """
    answer = caller.desk().get(path_of("outbox"))
    output.show(answer, lambda: _print_messages(answer["outbox"]))


def _print_messages(rows: list[Json]) -> None:
    output.table(
        ("queued", "to", "kind", "item", "urgency", "state", "result", "tries"),
        [
            (
                output.moment(row["queued_at_ms"]),
                row["to"],
                row["kind"],
                row["item"],
                row["urgency"],
                row["state"],
                row["result"],
                row["tries"],
            )
            for row in rows
        ],
        none="Nothing waits.",
    )
