"""The unit of work: one address, its owner and where it stands. A frozen value, nothing else.

An item is the same at every node that holds it: it keeps the id its finder gave it. `state` follows
the owner's acts at every copy; who has to act is told by `owner` and `offered_to`.
"""

from dataclasses import dataclass

from inhope_node.model.lifecycle import ENDS, STEP, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One address in a report.

    Attributes:
        id: UUIDv7 text, given by the finder.
        report_id: The report it came in; shared with its siblings.
        finder: Node id (hex) of the node where the report was filed.
        address: The exact address as handed in, ASCII.
        canonical: The address in canonical form, for comparing only.
        rule: Which rule made the canonical form.
        received_at_ms: When the public reported it; the first clock.
        created_at_ms: When it came to this node; the second clock.
        state: Where it stands.
        owner: Node id of the one node whose acts count.
        epoch: How often the ownership was offered on; 0 at the finder.
        offered_to: Node id it is offered to and not yet accepted by, or "".
        taken_by: Pseudonym of the analyst who holds the lease, or "".
        country: Where it is hosted as far as known, or "".
        verdict: The strongest verdict so far, or "".
        returned: Why the last peer gave it back, or "".
    """

    id: str
    report_id: str
    finder: str
    address: str
    canonical: str
    rule: str
    kind: str
    site_type: str
    commerciality: str
    channel: str
    urgency: str
    received_at_ms: int
    created_at_ms: int
    changed_at_ms: int
    state: State
    owner: str
    epoch: int = 0
    offered_to: str = ""
    taken_by: str = ""
    lease_until_ms: int = 0
    country: str = ""
    verdict: str = ""
    returned: str = ""

    @property
    def urgent(self) -> bool:
        """Whether it goes before others on every road."""
        return self.urgency != "normal"


def next_step(item: Item, me: str) -> str:
    """The verb a person at node `me` uses next on this item, or "" if it is not our turn."""
    if item.state is State.DELIVERED:
        return STEP[item.state] if item.offered_to == me else ""
    if item.state in ENDS or item.owner != me:
        return ""
    return STEP.get(item.state, "")
