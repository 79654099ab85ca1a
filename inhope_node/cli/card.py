"""`card`: this node's own public identity: read it aloud, give it away, change it.

It works on the home directly and needs no running node; a change needs that none runs, because
the daemon is the only writer. The card is public; only `set` opens the vault.
"""

import base64
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

import click

from inhope_node.cli import ask, output, sources
from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import NodeGroup
from inhope_node.clock import system_clock
from inhope_node.desk_client import Json
from inhope_node.errors import BadInput
from inhope_node.home import chain_file, change_card, own_chain
from inhope_node.passphrase import obtain
from keys.card import SignedCard
from keys.identifiers import show_id
from keys.words import card_words

WORDS_A_LINE: Final = 4

Chain: TypeAlias = tuple[SignedCard, ...]
"""All cards of a node, oldest first; the last one rules."""


@click.group(cls=NodeGroup)
def card() -> None:
    """Show, export or change this node's card.

    Example:
      inhope-node card show
      inhope-node card export alpha.card
    """


@card.command("show")
@click.pass_obj
def show(caller: Caller) -> None:
    """Show this node's card with the twelve words to read to a peer on the phone.

    Example:
      inhope-node card show
    """
    chain = own_chain(caller.home())
    output.show(_document(chain), lambda: _print_card(chain))


@card.command("export")
@click.argument("file", type=sources.PATH)
@click.pass_obj
def export(caller: Caller, file: Path) -> None:
    """Write this node's card to FILE (`-` is standard output), to hand it to a peer.

    Example:
      inhope-node card export alpha.card
    """
    chain = own_chain(caller.home())
    if file == sources.STDIN:
        _print_bytes(chain)
        return
    try:
        file.write_bytes(chain_file(chain))
    except OSError as error:
        raise BadInput(f"Cannot write {shlex.quote(str(file))}: {error.strerror}.") from error
    output.show(
        _document(chain) | {"file": str(file)},
        lambda: output.line(f"Card {chain[-1].card.version} written to {file}"),
    )
    output.advise("They type: inhope-node peer add FILE")


@card.command("set")
@click.option("--name", help="Name of the organisation, as peers see it.")
@click.option("--contact", help="How peers' people reach yours.")
@click.option("--endpoint", help="Where peers reach this node, https://host:port.")
@click.option("--passphrase-file", type=sources.PATH, help="File that holds the passphrase.")
@click.pass_obj
def set_(
    caller: Caller,
    name: str | None,
    contact: str | None,
    endpoint: str | None,
    passphrase_file: Path | None,
) -> None:
    """Change what this node's card says, while the node is stopped.

    Peers take the new card by themselves; a new name shows there once they confirmed it.

    Example:
      inhope-node card set --endpoint https://alpha.example:8443
    """
    if name is None and contact is None and endpoint is None:
        raise BadInput("Say what to change: --name, --contact or --endpoint.")
    passphrase = obtain(passphrase_file, confirm=False, prompt=ask.secret)
    home, now_ms = caller.home(), system_clock()
    change_card(home, passphrase, now_ms=now_ms, name=name, contact=contact, endpoint=endpoint)
    chain = own_chain(home)
    output.show(_document(chain), lambda: _print_card(chain))


def word_lines(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words numbered, a few a line, as one reads them aloud."""
    numbered = [f"{number:>2} {word:<10}" for number, word in enumerate(words, start=1)]
    starts = range(0, len(numbered), WORDS_A_LINE)
    return tuple("".join(numbered[start : start + WORDS_A_LINE]).rstrip() for start in starts)


def _document(chain: Chain) -> Json:
    own = chain[-1]
    organisation = own.card.organisation
    return {
        "card": base64.b64encode(chain_file(chain)).decode(),
        "version": own.card.version,
        "net": own.card.net,
        "node_id": show_id(own.card.node_id),
        "digest": show_id(own.digest),
        "words": list(card_words(own.digest)),
        "organisation": {
            "name": organisation.name,
            "role": organisation.role.value,
            "countries": list(organisation.countries),
            "contact": organisation.contact,
        },
        "endpoints": [endpoint.url for endpoint in own.card.endpoints],
    }


def _print_card(chain: Chain) -> None:
    document = _document(chain)
    output.fields(
        (
            *document["organisation"].items(),
            ("net", document["net"]),
            ("node id", document["node_id"]),
            ("card version", document["version"]),
            ("card digest", document["digest"]),
            ("endpoints", document["endpoints"]),
            *(("words", words) for words in word_lines(document["words"])),
        )
    )


def _print_bytes(chain: Chain) -> None:
    if output.wants_json():
        output.show(_document(chain), lambda: None)
    elif output.on_terminal():
        raise BadInput("A card is no text for a terminal; name a file or redirect the output.")
    else:
        sys.stdout.buffer.write(chain_file(chain))
