"""The plain records around the item: report, fact, planned share, alarm, audit entry.

A report is local: its notes and its reporter have no way onto the wire, because the bodies of
messages have no field for them. A fact is what a node stated about an item, in the exact body that
travels; its id is the id of the message that carries it.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody handed in, with one to many items.

    Attributes:
        reference: The hotline's own file name for it; free, need not be unique.
        filed_by: Pseudonym of the person who filed it.
        notes: Free text for colleagues of this house only.
        reporter: How to reach the reporter; never leaves this node.
    """

    id: str
    reference: str
    channel: str
    urgency: str
    received_at_ms: int
    filed_at_ms: int
    filed_by: str
    notes: str = field(default="", repr=False)
    reporter: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One statement about an item: assessment, hosting, offer, acceptance, return or action.

    Attributes:
        origin: Node id (hex) of the node that states it.
        id: UUIDv7 text; the id of its message.
        kind: The word of the wire for it.
        body: The canonical bytes of the message body.
    """

    origin: str
    id: str
    item_id: str
    kind: str
    made_at_ms: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedShare:
    """One thing that shall be told to somebody; casework plans it, the exchange finds it.

    Attributes:
        kind: `item` or the kind of the fact.
        fact_id: Id of the fact; of the item itself when kind is `item`.
        audience: Node id (hex), or `interpol` for every verified node of that role.
    """

    item_id: str
    kind: str
    fact_id: str
    audience: str
    planned_at_ms: int
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the chained audit; `detail` names things and codes, never contents."""

    number: int
    at_ms: int
    actor: str
    event: str
    item_id: str
    detail: str
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something a person should see, with its age and what to do about it."""

    code: str
    about: str
    since_ms: int
    times: int
    message: str
    advice: str
