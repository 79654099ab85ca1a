"""Exports as they would be if every item went exactly where its fate says.

Tests of the audit start here and plant one fault each.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from inhope_node.demo.addresses import defanged
from inhope_node.demo.exports import Export, HeldItem, HeldReport
from inhope_node.demo.members import INTERPOL, MEMBERS
from inhope_node.demo.plan import Plan, expected_places

NODE_IDS: Final[Mapping[str, str]] = {
    member.name: f"{number:064x}" for number, member in enumerate(MEMBERS, start=1)
}
_NAMESPACE: Final = uuid.UUID(int=1)


def item_id(reference: str, number: int) -> str:
    """Return the id that the ideal homes give the `number`-th item of a report, from 1."""
    return str(uuid.uuid5(_NAMESPACE, f"{reference}/{number}"))


def ideal_homes(plan: Plan) -> list[Export]:
    """Return the exports of all four nodes after `plan` went well."""
    reports: dict[str, list[HeldReport]] = {member.name: [] for member in MEMBERS}
    items: dict[str, list[HeldItem]] = {member.name: [] for member in MEMBERS}
    for report in plan.reports:
        ids = tuple(item_id(report.reference, n + 1) for n in range(len(report.items)))
        reports[report.hotline].append(HeldReport(report.reference, ids))
        for each, item in zip(ids, report.items, strict=True):
            for node, state in expected_places(report, item, INTERPOL.name).items():
                row = HeldItem(
                    id=each,
                    state=state,
                    finder=NODE_IDS[report.hotline],
                    owner=NODE_IDS[item.owner],
                    address=defanged(item.address),
                    verdict=item.verdict,
                )
                items[node].append(row)
    return [
        Export(
            node=name,
            node_id=NODE_IDS[name],
            reports=tuple(reports[name]),
            items=tuple(items[name]),
            effects_doubled=0,
        )
        for name in NODE_IDS
    ]


def with_rows(
    exports: list[Export], node: str, change: Callable[[HeldItem], HeldItem | None]
) -> list[Export]:
    """Return the exports with every row at `node` changed, or left out where None comes back."""
    return [
        replace(each, items=tuple(row for row in map(change, each.items) if row is not None))
        if each.node == node
        else each
        for each in exports
    ]
