"""What a home says it holds, read from its export into values.

The export is JSON from the desk API. Only what the audit compares is read; a field that is
missing is a fault worth failing for, so nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HeldReport:
    """One row of a node's reports.

    Attributes:
        reference: The hotline's own name for it, empty without one.
        items: The ids of its items.
    """

    reference: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldItem:
    """One row of a node's items.

    Attributes:
        id: The item, the same everywhere.
        state: Where it stands at this node.
        finder: The node id of who found it.
        owner: The node id of who owns it, as this node knows it.
        address: Defanged.
        verdict: As this node shows it, or empty.
    """

    id: str
    state: str
    finder: str
    owner: str
    address: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """All that one node holds.

    Attributes:
        node: The member's name.
        node_id: Its id on the network.
        reports: All reports, foreign ones included where the node keeps them.
        items: All items.
        effects_doubled: How often messages took effect beyond their first time.
    """

    node: str
    node_id: str
    reports: tuple[HeldReport, ...]
    items: tuple[HeldItem, ...]
    effects_doubled: int


def read_export(member: str, document: Json) -> Export:
    """Read the answer of `GET /v1/export` of the member's node.

    Raises:
        KeyError: The answer lacks a field that the audit needs.
    """
    return Export(
        node=member,
        node_id=document["node_id"],
        reports=tuple(
            HeldReport(row["reference"] or "", tuple(row["items"])) for row in document["reports"]
        ),
        items=tuple(_read_item(row) for row in document["items"]),
        effects_doubled=sum(max(row["times"] - 1, 0) for row in document["effects"]),
    )


def _read_item(row: Json) -> HeldItem:
    return HeldItem(
        id=row["id"],
        state=row["state"],
        finder=row["finder_id"],
        owner=row["owner_id"],
        address=row["address"],
        verdict=row["verdict"] or "",
    )
