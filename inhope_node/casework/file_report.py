"""A report comes into the house: one transaction makes the report and an item per address.

Both doors end here. What looks like a file hidden in text is refused before anything is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from inhope_node.casework.turn import Turn
from inhope_node.errors import BadInput, ContentsRefused
from inhope_node.intake.address import RULE, accepted, canonical
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import State
from inhope_node.model.records import Report
from protocol.errors import ContentsRefused as Smuggled
from protocol.firewall import check_texts

ITEMS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What somebody hands in, not yet ours; `notes` and `reporter` stay in this house for ever."""

    addresses: Sequence[str]
    reference: str = ""
    received_at_ms: int = 0
    channel: str = "web_form"
    urgency: str = "normal"
    site_type: str = "not_determined"
    commerciality: str = "unknown"
    kind: str = "page"
    notes: str = ""
    reporter: str = ""


def file_report(turn: Turn, submission: Submission) -> tuple[Report, list[Item]]:
    """Make the report and its items.

    Raises:
        BadInput: No address, too many, the same twice, or one that is none (named by its number).
        ContentsRefused: Something in it looks like a file.
    """
    addresses = _addresses(submission)
    _check_contents(submission, addresses)
    report = Report(
        id=turn.new_id(),
        reference=submission.reference,
        channel=submission.channel,
        urgency=submission.urgency,
        received_at_ms=submission.received_at_ms or turn.now_ms,
        filed_at_ms=turn.now_ms,
        filed_by=turn.actor,
        notes=submission.notes,
        reporter=submission.reporter,
    )
    turn.store.reports.add(report)
    items = [_item(turn, submission, report, address) for address in addresses]
    for item in items:
        turn.store.items.add(item)
        turn.store.audit.add(at_ms=turn.now_ms, actor=turn.actor, event="filed", item_id=item.id)
    return report, items


def _addresses(submission: Submission) -> list[str]:
    if not 1 <= len(submission.addresses) <= ITEMS_MAX:
        raise BadInput(f"A report has 1 to {ITEMS_MAX} addresses; file the rest as another report.")
    found = []
    for number, text in enumerate(submission.addresses, start=1):
        try:
            found.append(accepted(text))
        except BadInput as fault:
            raise BadInput(f"Address {number}: {fault}") from fault
    if len(set(found)) < len(found):
        raise BadInput("The same address stands twice in this report; hand it in once.")
    return found


def _check_contents(submission: Submission, addresses: list[str]) -> None:
    texts = {
        "reference": submission.reference,
        "notes": submission.notes,
        "reporter": submission.reporter,
    }
    named = {f"address {number}": text for number, text in enumerate(addresses, start=1)}
    try:
        check_texts(texts | named, addresses=frozenset(named))
    except Smuggled as fault:
        raise ContentsRefused(str(fault)) from fault


def _item(turn: Turn, submission: Submission, report: Report, address: str) -> Item:
    return Item(
        id=turn.new_id(),
        report_id=report.id,
        finder=turn.me,
        address=address,
        canonical=canonical(address),
        rule=RULE,
        kind=submission.kind,
        site_type=submission.site_type,
        commerciality=submission.commerciality,
        channel=submission.channel,
        urgency=submission.urgency,
        received_at_ms=report.received_at_ms,
        created_at_ms=turn.now_ms,
        changed_at_ms=turn.now_ms,
        state=State.NEW,
        owner=turn.me,
    )
