"""The verbs that move an item on: take, locate, offer, accept, return, act.

Each is one call of the desk. A reason in free words comes from a file or standard input; network
addresses of a host too. `assess` has questions of its own and its own file.
"""

import uuid
from pathlib import Path
from typing import Any

import click

from inhope_node.cli import ask, sources
from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import NodeCommand
from inhope_node.cli.item_view import show_item
from inhope_node.cli.parameters import item_id
from inhope_node.desk_client import path_of
from protocol.vocabulary import ActionType, HostingMethod, ReturnReason


@click.command(cls=NodeCommand)
@item_id
@click.pass_obj
def take(caller: Caller, item_id: uuid.UUID) -> None:
    """Take an item, so that nobody else has to look at it.

    Example:
      inhope-node item take 01890a5d-ac96-7744-b1c2-0123456789ab
    """
    _step(caller, item_id, "take", {})


@click.command(cls=NodeCommand)
@item_id
@click.option("--country", metavar="CC", help="Where it is hosted.")
@click.option(
    "--method",
    type=click.Choice([each.value for each in HostingMethod]),
    help="How that was found out.",
)
@click.option(
    "--addresses-file", type=sources.PATH, help="Network addresses of the host, one a line."
)
@click.option("--asn", type=click.IntRange(0, 2**32 - 1), help="Number of its network.")
@click.option("--organisation", help="Who runs the host.")
@click.option("--cdn", is_flag=True, help="It is a delivery network, not the origin.")
@click.pass_obj
def locate(
    caller: Caller,
    /,
    item_id: uuid.UUID,
    *,
    country: str | None,
    addresses_file: Path | None,
    cdn: bool,
    **observed: str | int | None,
) -> None:
    """Say where an item is hosted; the node then decides who goes on with it.

    Example:
      inhope-node item locate 01890a5d-ac96-7744-b1c2-0123456789ab --country XB
    """
    body: dict[str, Any] = {name: value for name, value in observed.items() if value is not None}
    body["country"] = (country or ask.text("Country it is hosted in, two letters")).upper()
    if addresses_file is not None:
        body["addresses"] = sources.read_text(addresses_file).split()
    if cdn:
        body["cdn"] = True
    _step(caller, item_id, "locate", body)


@click.command(cls=NodeCommand)
@item_id
@click.option("--to", "peer", default="", metavar="PEER", help="To whom; the node chooses if none.")
@click.pass_obj
def offer(caller: Caller, item_id: uuid.UUID, peer: str) -> None:
    """Offer an item to the peer that should own it.

    Example:
      inhope-node item offer 01890a5d-ac96-7744-b1c2-0123456789ab --to beta
    """
    _step(caller, item_id, "offer", {"to": peer})


@click.command(cls=NodeCommand)
@item_id
@click.pass_obj
def accept(caller: Caller, item_id: uuid.UUID) -> None:
    """Accept an item that a peer offered: from then on this node owns it.

    Example:
      inhope-node item accept 01890a5d-ac96-7744-b1c2-0123456789ab
    """
    _step(caller, item_id, "accept", {})


@click.command("return", cls=NodeCommand)
@item_id
@click.option(
    "--reason", type=click.Choice([each.value for each in ReturnReason]), help="Why; asked if none."
)
@click.pass_obj
def return_(caller: Caller, item_id: uuid.UUID, reason: str | None) -> None:
    """Give an offered item back to its owner, with the reason.

    Example:
      inhope-node item return 01890a5d-ac96-7744-b1c2-0123456789ab --reason not_hosted_here
    """
    reasons = {str(number): each.value for number, each in enumerate(ReturnReason, start=1)}
    _step(caller, item_id, "return", {"reason": reason or ask.letter("Why?", reasons)})


@click.command(cls=NodeCommand, epilog=f"Actions: {', '.join(each.value for each in ActionType)}.")
@item_id
@click.argument("action", type=click.Choice([each.value for each in ActionType]), metavar="ACTION")
@click.option("--reason-file", type=sources.PATH, help="Why, in words that partners may read.")
@click.pass_obj
def act(caller: Caller, item_id: uuid.UUID, action: str, reason_file: Path | None) -> None:
    """Record what was done about an item that this node owns.

    Example:
      inhope-node item act 01890a5d-ac96-7744-b1c2-0123456789ab reported_to_police
    """
    reason = {"reason": sources.read_text(reason_file).strip()} if reason_file else {}
    _step(caller, item_id, "act", {"action": action} | reason)


def _step(caller: Caller, item_id: uuid.UUID, verb: str, body: dict[str, Any]) -> None:
    show_item(caller, caller.desk().post(path_of("items", str(item_id), verb), body))
