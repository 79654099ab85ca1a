"""`status` and `alarms`: how the node is doing and what needs a person, read from the desk.

They answer "why does it not sync?" without any other tool. They hold no address and change nothing.
"""

from collections.abc import Iterable

import click

from inhope_node.cli import output
from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import NodeCommand
from inhope_node.desk_client import Json, path_of

_PEERS = ("peer", "level", "role", "online", "last contact", "waiting", "sent", "received")


@click.command(cls=NodeCommand)
@click.pass_obj
def status(caller: Caller) -> None:
    """Show how the node is doing: its items, its channels to peers, its clock.

    Example:
      inhope-node status
      inhope-node status --json | jq .peers
    """
    answer = caller.desk().get(path_of("status"))
    output.show(answer, lambda: _print_status(answer))
    if answer["alarms"]:
        output.advise(f"Something needs you; see: {caller.advice('alarms')}")


@click.command(cls=NodeCommand)
@click.pass_obj
def alarms(caller: Caller) -> None:
    """List what needs a person's attention, with advice.

    Example:
      inhope-node alarms
    """
    answer = caller.desk().get(path_of("alarms"))
    output.show(answer, lambda: _print_alarms(answer["alarms"]))


def _print_status(status: Json) -> None:
    output.fields(_about_node(status))
    click.echo()
    now_ms = status["now_ms"]
    output.table(
        (*_PEERS, "trouble"),
        [_peer_row(peer, now_ms) for peer in status["peers"]],
        none="No peers yet; meet one with `inhope-node peer add FILE`.",
    )


def _about_node(status: Json) -> Iterable[tuple[str, object]]:
    items = [f"{count} {state}" for state, count in status["items"].items() if count]
    started_ms = status["started_at_ms"]
    return (
        ("node", f"{status['name']}, {status['role']} in net {status['net']}"),
        ("countries", status["countries"]),
        ("node id", status["node_id"]),
        ("endpoint", status["endpoint"]),
        ("version", f"{status['version']}, card {status['card_version']}"),
        ("running since", f"{output.moment(started_ms)} ({_ago(started_ms, status)})"),
        ("clock", status["clock"]),
        ("reports", status["reports"]),
        ("items", ", ".join((f"{status['items_total']} in all", *items))),
        ("owned", status["owned"]),
        ("outbox", f"{status['outbox']} waiting"),
        ("envelopes", f"{status['envelopes_sent']} sent, {status['envelopes_received']} received"),
        ("receipts", status["receipts"]),
        ("messages in", status["messages_received"]),
        ("alarms", status["alarms"]),
    )


def _ago(at_ms: int, status: Json) -> str:
    return output.ago(at_ms, status["now_ms"])


def _peer_row(peer: Json, now_ms: int) -> tuple[object, ...]:
    return (
        peer["name"],
        peer["level"],
        peer["role"],
        peer["online"],
        output.ago(peer["last_contact_ms"], now_ms),
        peer["waiting"],
        peer["sent_seq"],
        peer["received_seq"],
        peer["trouble"] or _retry(peer["next_try_ms"], now_ms),
    )


def _retry(next_try_ms: int, now_ms: int) -> str:
    return f"tries again in {output.duration(next_try_ms - now_ms)}" if next_try_ms > now_ms else ""


def _print_alarms(rows: list[Json]) -> None:
    output.table(
        ("since", "times", "alarm", "about", "what", "what to do"),
        [
            (
                output.moment(row["since_ms"]),
                row["times"],
                row["code"],
                row["about"],
                row["message"],
                row["advice"],
            )
            for row in rows
        ],
        none="No alarms.",
    )
