"""The audit: what every home holds, compared with what the plan said before anything ran.

An item is *lost* when it is not everywhere where its fate says, in the state, with the owner
and the address that its fate says, or when a node holds it that must not. *Doubled* is every
effect of a message beyond its first, every report row beyond the first of its reference, and
every item that no plan asked for. Pure: exports in, findings out; no address in a finding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inhope_node.demo.addresses import defanged
from inhope_node.demo.exports import Export, HeldItem
from inhope_node.demo.members import INTERPOL
from inhope_node.demo.plan import Plan, PlannedItem, PlannedReport, expected_places


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as planned.

    Attributes:
        subject: `reference/n` for the n-th item of a report; empty for what no plan explains.
        node: Where it was seen.
        fault: What is wrong, in words without contents.
    """

    subject: str
    node: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the homes say happened, counted from their exports alone.

    Attributes:
        reports: Reports with a reference of their own.
        items: Items at the node that found them.
        offered: Offers made to another hotline, whatever came of them.
        accepted: Items that another hotline owns now.
        returned: Offers that came back.
        orphaned: Items hosted where no member works.
        at_interpol: Items that INTERPOL holds.
        addresses_at_interpol: Different addresses among them.
    """

    reports: int
    items: int
    offered: int
    accepted: int
    returned: int
    orphaned: int
    at_interpol: int
    addresses_at_interpol: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of an audit.

    Attributes:
        lost: Items that are not as their fate says.
        doubled: What there is more than once.
        deviations: Every single fault, in the order of the plan.
        figures: What happened.
    """

    lost: int
    doubled: int
    deviations: tuple[Deviation, ...]
    figures: Figures

    @property
    def clean(self) -> bool:
        """Whether nothing was lost and nothing doubled."""
        return not (self.lost or self.doubled)


@dataclass(frozen=True, slots=True)
class _Homes:
    """The exports, turned so that rows are found by node and by id."""

    ids: Mapping[str, str]
    rows: Mapping[str, Mapping[str, HeldItem]]
    reports: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]


_OPEN_OFFERS: Final = frozenset({"offered", "delivered"})


def audit(plan: Plan, exports: Sequence[Export]) -> Finding:
    """Compare the exports of all nodes with the plan.

    Raises:
        KeyError: A node of the plan has no export.
    """
    homes = _turned(exports)
    matches = {report.reference: _matched(report, homes) for report in plan.reports}
    lost = tuple(
        fault
        for report in plan.reports
        for fault in _lost(report, matches[report.reference], homes)
    )
    copies = tuple(_report_copies(plan, homes))
    strays = tuple(_strays(plan, matches, homes))
    effects = tuple(_doubled_effects(exports))
    return Finding(
        lost=len({fault.subject for fault in lost}),
        doubled=len(copies) + len(strays) + sum(export.effects_doubled for export in exports),
        deviations=(*lost, *copies, *strays, *effects),
        figures=count(exports),
    )


def count(exports: Sequence[Export]) -> Figures:
    """Count what happened; every item counts once, at the node that found it."""
    rows = [(export, row) for export in exports for row in export.items]
    found = [row for export, row in rows if row.finder == export.node_id]
    held = [row for export, row in rows if export.node == INTERPOL.name]
    accepted = sum(row.owner != row.finder for row in found)
    returned = sum(row.state == "returned" for _, row in rows)
    return Figures(
        reports=sum(bool(report.reference) for export in exports for report in export.reports),
        items=len(found),
        offered=accepted + returned + sum(row.state in _OPEN_OFFERS for row in found),
        accepted=accepted,
        returned=returned,
        orphaned=sum(row.state == "orphaned" for row in found),
        at_interpol=len(held),
        addresses_at_interpol=len({row.address for row in held}),
    )


def _turned(exports: Sequence[Export]) -> _Homes:
    reports: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {}
    for export in exports:
        own = reports.setdefault(export.node, {})
        for report in export.reports:
            own[report.reference] = (*own.get(report.reference, ()), report.items)
    return _Homes(
        ids={export.node: export.node_id for export in exports},
        rows={export.node: {row.id: row for row in export.items} for export in exports},
        reports=reports,
    )


def _matched(report: PlannedReport, homes: _Homes) -> tuple[str, ...]:
    """Find the id of each planned item by its address; empty if there is none."""
    held = homes.rows[report.hotline]
    copies = homes.reports[report.hotline].get(report.reference, ())
    found: dict[str, str] = {}
    for item in (each for copy in copies for each in copy if each in held):
        found.setdefault(held[item].address, item)
    return tuple(found.get(defanged(item.address), "") for item in report.items)


def _lost(report: PlannedReport, found: Sequence[str], homes: _Homes) -> Iterator[Deviation]:
    """Name every fault of every item of one report."""
    for number, (item, item_id) in enumerate(zip(report.items, found, strict=True), start=1):
        subject = f"{report.reference}/{number}"
        if not item_id:
            yield Deviation(subject, report.hotline, "missing, or kept with another address")
            continue
        for node, fault in _item_faults(report, item, item_id, homes):
            yield Deviation(subject, node, fault)


def _item_faults(
    report: PlannedReport, item: PlannedItem, item_id: str, homes: _Homes
) -> Iterator[tuple[str, str]]:
    """Go through all nodes: who shall hold the item, and who must not."""
    places = expected_places(report, item, INTERPOL.name)
    for node, held in homes.rows.items():
        row = held.get(item_id)
        state = places.get(node, "")
        if row is None and state:
            yield node, f"missing, should be {state}"
        elif row is not None and not state:
            yield node, f"must not hold it, and has it as {row.state}"
        elif row is not None:
            owner = homes.ids[item.owner] if node in {report.hotline, item.owner} else row.owner
            verdict = item.verdict if node == report.hotline else row.verdict
            wanted = (state, owner, defanged(item.address), verdict)
            yield from ((node, fault) for fault in _row_faults(row, wanted))


def _row_faults(row: HeldItem, wanted: tuple[str, str, str, str]) -> Iterator[str]:
    """Compare one row with the state, owner, address and verdict that it should have."""
    state, owner, address, verdict = wanted
    if row.state != state:
        yield f"is {row.state}, should be {state}"
    if row.owner != owner:
        yield "names another owner"
    if row.address != address:
        yield "has another address"
    if row.verdict != verdict:
        yield f"has the verdict {row.verdict or 'none'}, should be {verdict}"


def _report_copies(plan: Plan, homes: _Homes) -> Iterator[Deviation]:
    """Find references that stand for two reports or more."""
    for report in plan.reports:
        copies = homes.reports[report.hotline].get(report.reference, ())
        for _ in copies[1:]:
            yield Deviation(report.reference, report.hotline, "one report became two rows")


def _strays(plan: Plan, matches: Mapping[str, Sequence[str]], homes: _Homes) -> Iterator[Deviation]:
    """Find items that no planned item explains, each once, wherever it lies.

    A copy elsewhere of an item that its finder lost is no stray: it counts as lost already.
    """
    explained = {item for found in matches.values() for item in found}
    missing = {
        defanged(item.address)
        for report in plan.reports
        for item, item_id in zip(report.items, matches[report.reference], strict=True)
        if not item_id
    }
    for node, held in homes.rows.items():
        for item_id, row in held.items():
            if item_id not in explained and row.address not in missing:
                explained.add(item_id)
                yield Deviation("", node, "holds an item that no plan asked for")


def _doubled_effects(exports: Sequence[Export]) -> Iterator[Deviation]:
    """Find nodes where messages took effect more than once."""
    for export in exports:
        if export.effects_doubled:
            yield Deviation("", export.node, f"took {export.effects_doubled} effects twice")
