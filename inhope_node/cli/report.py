"""`report`: what the public handed in. Addresses, notes and the reporter are never arguments.

They come from a file, from standard input or from the keyboard, so that no list of processes and no
shell history holds them. What may stand in a report the node decides at its own door.
"""

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from inhope_node.cli import ask, output, sources
from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import NodeGroup
from inhope_node.cli.pages import Page, collect, page_options
from inhope_node.cli.parameters import ID
from inhope_node.desk_client import Json, path_of
from inhope_node.errors import BadInput
from protocol.vocabulary import IntakeChannel, SiteType, Urgency


@click.group(cls=NodeGroup)
def report() -> None:
    """File and read reports.

    Example:
      inhope-node report file
      inhope-node report list
    """


@report.command("file")
@click.option(
    "--from", "source", type=sources.PATH, help="Addresses, one a line, or a JSON object."
)
@click.option("--reference", help="Your own reference for it, without personal data.")
@click.option(
    "--urgency", type=click.Choice([each.value for each in Urgency]), help="How pressing it is."
)
@click.option(
    "--channel", type=click.Choice([each.value for each in IntakeChannel]), help="How it came in."
)
@click.option(
    "--site-type",
    type=click.Choice([each.value for each in SiteType]),
    help="What kind of site it is.",
)
@click.option("--notes-file", type=sources.PATH, help="Notes for your own analysts.")
@click.option("--reporter-file", type=sources.PATH, help="Who reported it; never leaves this node.")
@click.pass_obj
def file(
    caller: Caller,
    /,
    *,
    source: Path | None,
    notes_file: Path | None,
    reporter_file: Path | None,
    **options: str | None,
) -> None:
    """File a report of one or more addresses.

    Without --from it asks for the addresses. With --from it reads a text with one address a line,
    or a JSON object as the desk API takes it; options go before what that object says.

    Example:
      inhope-node report file
      inhope-node report file --from addresses.txt --urgency high
      inhope-node report file --from - < report.json
    """
    sources.one_from_stdin(source or sources.STDIN, notes_file, reporter_file)
    body = _body(source)
    body |= {name: value for name, value in options.items() if value is not None}
    for name, path in (("notes", notes_file), ("reporter", reporter_file)):
        if path is not None:
            body[name] = sources.read_text(path).strip()
    answer = caller.desk().post(path_of("reports"), body)
    output.show(answer, lambda: _print_filed(answer))
    output.advise(f"Next: {caller.advice('item next --take')}")


@report.command("list")
@page_options
@click.pass_obj
def list_(caller: Caller, *, after: str, limit: int) -> None:
    """List the reports, oldest first.

    Example:
      inhope-node report list --limit 20
    """
    page = collect(caller.desk(), path_of("reports"), "reports", Page(after, limit))
    output.show(page.document, lambda: _print_reports(page.rows))
    page.advise_on_more()


@report.command("show")
@click.argument("report_id", metavar="ID", type=ID)
@click.option("--reveal", is_flag=True, help="Show the reporter too; this is audited.")
@click.pass_obj
def show(caller: Caller, report_id: uuid.UUID, *, reveal: bool) -> None:
    """Show one report with its items and notes.

    Example:
      inhope-node report show 01890a5d-ac96-7744-b1c2-0123456789ab
    """
    answer = caller.desk().get(path_of("reports", str(report_id)), reveal=reveal or None)
    output.show(answer, lambda: _print_report(answer))


def _body(source: Path | None) -> Json:
    if source is None:
        return {"addresses": _typed_addresses()}
    text = sources.read_text(source)
    if text.lstrip().startswith("{"):
        return _object(text)
    addresses = [line.strip() for line in text.splitlines() if line.strip()]
    if not addresses:
        raise BadInput(f"{sources.named(source)} holds no address; put one on each line.")
    return {"addresses": addresses}


def _typed_addresses() -> list[str]:
    addresses = ask.lines("Addresses, one a line; an empty line ends the report.")
    if not addresses:
        raise BadInput("No address was typed, so nothing was filed.")
    return list(addresses)


def _object(text: str) -> Json:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadInput(
            "The JSON cannot be read; it must be one object as `POST /v1/reports` takes."
        )
    return value


def _print_filed(filed: Json) -> None:
    output.fields(
        (
            ("report", filed["id"]),
            ("reference", filed["reference"]),
            *(("item", item_id) for item_id in filed["items"]),
        )
    )


def _print_reports(rows: list[Json]) -> None:
    output.table(
        ("report", "reference", "received", "channel", "urgency", "items"),
        [
            (
                row["id"],
                row["reference"],
                output.moment(row["received_at_ms"]),
                row["channel"],
                row["urgency"],
                len(row["items"]),
            )
            for row in rows
        ],
        none="No reports.",
    )


def _print_report(report: Mapping[str, Any]) -> None:
    output.fields(
        (
            ("report", report["id"]),
            ("reference", report["reference"]),
            ("received", output.moment(report["received_at_ms"])),
            ("filed", output.moment(report["filed_at_ms"])),
            ("channel", report["channel"]),
            ("urgency", report["urgency"]),
            *(("item", item_id) for item_id in report["items"]),
            ("notes", report.get("notes", "")),
            *((("reporter", report["reporter"]),) if "reporter" in report else ()),
        )
    )
