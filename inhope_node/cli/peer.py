"""`peer`: meet another node and trust it.

Two people swap card files, then each types the twelve words that the other reads aloud from
`card show`, over a call to a number they know from elsewhere. The words are typed, never shown
here: who only has to press Enter compares nothing. The node compares; no rule of trust stands here.
"""

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from inhope_node.cli import ask, output, sources
from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import NodeGroup
from inhope_node.desk_client import Json, path_of

CARD_FILE_BYTES_MAX: Final = 1 << 20
WORDS_COUNT: Final = 12


@click.group(cls=NodeGroup)
def peer() -> None:
    """Meet other nodes and trust them.

    Example:
      inhope-node peer add beta.card
      inhope-node peer confirm beta
      inhope-node peer list
    """


@peer.command("add")
@click.argument("card", type=sources.PATH, metavar="FILE")
@click.option("--name", default="", help="What to call the peer here; made from its card if none.")
@click.option(
    "--allow-private",
    is_flag=True,
    help="Let this peer's endpoint be on this machine or in a private network.",
)
@click.pass_obj
def add(caller: Caller, card: Path, name: str, *, allow_private: bool) -> None:
    """Introduce the peer whose card is in FILE (`-` reads standard input).

    It is not trusted yet: nothing is exchanged before both sides confirmed the other.

    Example:
      inhope-node peer add beta.card --name beta
    """
    data = sources.read_bytes(card, bytes_max=CARD_FILE_BYTES_MAX)
    body = {"card": base64.b64encode(data).decode(), "allow_private": allow_private}
    answer = caller.desk().post(path_of("peers"), body | ({"name": name} if name else {}))
    output.show(answer, lambda: output.fields(_about(answer)))
    following = caller.advice(f"peer confirm {answer['name']}")
    output.advise(f"Next, on the phone with them: {following}")


@peer.command("confirm")
@click.argument("name")
@click.option(
    "--words-file",
    type=sources.PATH,
    help="Read the twelve words from a file (`-`: standard input) instead of asking.",
)
@click.pass_obj
def confirm(caller: Caller, name: str, words_file: Path | None) -> None:
    """Trust the peer NAME by typing the twelve words that its people read to you.

    Call them on a number that you know from elsewhere, not from their card or mail. Ask them to
    read the words that `inhope-node card show` prints on their side.

    Example:
      inhope-node peer confirm beta
    """
    desk = caller.desk()
    candidate = desk.get(path_of("peers", name))
    words = sources.read_text(words_file) if words_file else _words_of(candidate)
    body = {"words": " ".join(words.split()), "digest": candidate["card_digest"]}
    answer = desk.post(path_of("peers", name, "confirm"), body)
    output.show(answer, lambda: output.fields(_about(answer)))
    output.advise(f"{output.cell(answer['name'])} is {answer['level']} for this node.")


@peer.command("list")
@click.pass_obj
def list_(caller: Caller) -> None:
    """List the peers and how far each is trusted.

    Example:
      inhope-node peer list
    """
    answer = caller.desk().get(path_of("peers"))
    output.show(answer, lambda: _print_peers(answer["peers"]))


@peer.command("show")
@click.argument("name")
@click.pass_obj
def show(caller: Caller, name: str) -> None:
    """Show all that is known of the peer NAME.

    Example:
      inhope-node peer show beta
    """
    answer = caller.desk().get(path_of("peers", name))
    output.show(answer, lambda: output.fields(_about(answer)))


@peer.command("suspend")
@click.argument("name")
@click.pass_obj
def suspend(caller: Caller, name: str) -> None:
    """Stop all exchange with the peer NAME until it is confirmed again.

    Nothing is lost: what is meant for it waits.

    Example:
      inhope-node peer suspend beta
    """
    answer = caller.desk().post(path_of("peers", name, "suspend"), {})
    output.show(answer, lambda: output.fields(_about(answer)))


def _words_of(candidate: Json) -> str:
    click.echo("You are about to trust this card:\n", err=True)
    for label, value in _claims(candidate):
        click.echo(f"  {label:<12} {output.cell(value)}", err=True)
    click.echo(
        "\nCall these people on a number that you know from elsewhere, not from this card."
        "\nThey type `inhope-node card show` and read you their twelve words. Type what you hear;"
        "\nthe first four letters of each word are enough.\n",
        err=True,
    )
    typed: list[str] = []
    while len(typed) < WORDS_COUNT:
        typed += ask.text(f"Words {len(typed) + 1} to {WORDS_COUNT}").split()
    return " ".join(typed)


def _claims(peer: Json) -> tuple[tuple[str, object], ...]:
    return (
        ("name", peer["name"]),
        ("organisation", peer["organisation"]),
        ("role", peer["role"]),
        ("countries", peer["countries"]),
        ("node id", peer["node_id"]),
        ("card digest", peer["card_digest"]),
    )


def _about(peer: Json) -> Iterable[tuple[str, object]]:
    return (
        *_claims(peer),
        ("level", peer["level"]),
        ("confirmed", output.moment(peer["confirmed_at_ms"])),
        ("card version", peer["card_version"]),
        ("contact", peer["contact"]),
        ("endpoints", peer["endpoints"]),
        ("private net", peer["allow_private"]),
    )


def _print_peers(rows: list[Json]) -> None:
    output.table(
        ("name", "level", "role", "countries", "card", "confirmed", "organisation"),
        [
            (
                row["name"],
                row["level"],
                row["role"],
                row["countries"],
                row["card_version"],
                output.moment(row["confirmed_at_ms"]),
                row["organisation"],
            )
            for row in rows
        ],
        none="No peers yet; meet one with `inhope-node peer add FILE`.",
    )
