"""How an item looks on a terminal: its fields, what people said about it, what comes next.

The address arrives defanged from the desk, or exact where that was asked for and audited; it is
printed as plain text, never as a link.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from inhope_node.cli import output
from inhope_node.cli.caller import Caller
from inhope_node.desk_client import Json

_SHORT_CHARS: Final = 13
_NEXT: Final = {
    "take": ("item take {id}",),
    "assess": ("item assess {id}",),
    "locate": ("item locate {id}",),
    "accept-or-return": ("item accept {id}", "item return {id}"),
    "act": ("item act {id} ACTION",),
}


def show_item(caller: Caller, item: Json) -> None:
    """Print one item, and on stderr the commands that come next."""
    output.show(item, lambda: print_item(item))
    advise_next(caller, item["next_step"], item["id"])


def print_item(item: Json) -> None:
    """Print the fields of one item, and its assessments, hosting and actions if it has them."""
    output.fields(_fields(item))


def print_items(rows: list[Json]) -> None:
    """Print items, one a line; on a terminal two, because id and address fill one each."""
    if output.on_terminal() and rows:
        for row in rows:
            output.line("  ".join(output.cell(value) for value in _brief(row) if value))
            output.line(f"    {output.cell(row['address'])}")
        return
    headings = ("item", "state", "next step", "urgency", "country", "owner", "address")
    cells = [(*_brief(row), row["address"]) for row in rows]
    output.table(headings, cells, none="No items.")


def _brief(item: Json) -> tuple[str, ...]:
    names = ("id", "state", "next_step", "urgency", "country", "owner")
    return tuple(item[name] for name in names)


def print_history(rows: list[Json]) -> None:
    """Print what happened to an item, oldest first."""
    output.table(
        ("when", "who", "what", "from", "to", "detail"),
        [
            (
                output.moment(row["at_ms"]),
                row["actor"],
                row["event"],
                row["from"],
                row["to"],
                _details(row["detail"]),
            )
            for row in rows
        ],
        none="Nothing happened yet.",
    )


def advise_next(caller: Caller, step: str, item_id: str) -> None:
    """Say which command comes next for an item."""
    lines = [caller.advice(line.format(id=item_id)) for line in _NEXT.get(step, ())]
    if lines:
        output.advise("Next: " + "\n  or: ".join(lines))


def _fields(item: Json) -> Iterable[tuple[str, object]]:
    yield from (
        ("item", item["id"]),
        ("state", item["state"]),
        ("address", item["address"]),
        ("kind", item["kind"]),
        ("site type", item["site_type"]),
        ("urgency", item["urgency"]),
        ("country", item["country"]),
        ("verdict", item["verdict"]),
        ("owner", item["owner"]),
        ("finder", item["finder"]),
        ("report", item["report"]),
        ("received", output.moment(item["received_at_ms"])),
        ("here since", output.moment(item["created_at_ms"])),
        ("changed", output.moment(item["changed_at_ms"])),
    )
    yield from ((name, value) for name, value in _passing(item) if value)
    for name, words in _STATED.items():
        for stated in item.get(name, ()):
            said = "; ".join(part for part in words(stated) if part)
            yield (name.removesuffix("s"), f"{output.moment(stated['made_at_ms'])} {said}")


def _passing(item: Json) -> Iterable[tuple[str, object]]:
    """Yield what is only worth a line while it is so."""
    lease = item["lease_until_ms"]
    yield ("offered to", item["offered_to"])
    yield ("taken by", item["taken_by"])
    yield ("lease until", output.moment(lease) if lease else "")
    yield ("returned", item["returned"])
    others = item["same_address"] - 1
    yield ("same address", f"{others} more" if others > 0 else "")


def _assessment(stated: Json) -> tuple[str, ...]:
    return (
        f"{stated['by']}, {stated['assessor']}",
        ", ".join(stated["labels"]),
        ", ".join(f"{name.replace('_', ' ')} {said}" for name, said in stated["baseline"].items()),
        ", ".join(f"{each['jurisdiction']} {each['result']}" for each in stated["verdicts"]),
    )


def _hosting(stated: Json) -> tuple[str, ...]:
    return (
        stated["by"],
        f"{stated['country']} ({stated['method']})",
        ", ".join(stated["addresses"]),
        f"AS {stated['asn']}" if stated["asn"] else "",
        stated["organisation"],
        "a delivery network, not the origin" if stated["cdn"] else "",
    )


def _action(stated: Json) -> tuple[str, ...]:
    return (stated["by"], stated["action"], stated["reason"])


_STATED: Final[Mapping[str, Callable[[Json], tuple[str, ...]]]] = {
    "assessments": _assessment,
    "hosting": _hosting,
    "actions": _action,
}


def _details(values: Json) -> str:
    texts = {name: output.cell(value) for name, value in values.items()}
    if output.on_terminal():
        texts = {name: _short(text) for name, text in texts.items()}
    return ", ".join(f"{name}={text}" for name, text in texts.items())


def _short(text: str) -> str:
    return text if len(text) <= _SHORT_CHARS else text[:_SHORT_CHARS] + "…"
