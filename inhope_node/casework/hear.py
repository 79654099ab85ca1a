"""What a peer's message does to an item: the hall behind the second door.

One function per kind, each called inside the transaction that takes the message in, each under a
savepoint of its own. A message that cannot take effect is answered with a word, never dropped.
The order of checks: is the subject here, may this node say so, does the state allow it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from inhope_node.casework.assess import RANK, strongest
from inhope_node.casework.turn import Turn, moved
from inhope_node.errors import BadInput, WrongState
from inhope_node.intake.address import RULE, accepted, canonical
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import Event, State
from inhope_node.model.records import Fact
from keys.identifiers import MessageId, show_uuid
from protocol.bodies.action import ActionBody
from protocol.bodies.assessment import AssessmentBody
from protocol.bodies.assignment import AcceptanceBody, OfferBody, ReturnBody
from protocol.bodies.hosting import HostingBody
from protocol.bodies.item import ItemBody
from protocol.vocabulary import ResultCode, VerdictResult


class Unheard(Exception):
    """The message has no effect here.

    Attributes:
        code: What its sender is told.
    """

    def __init__(self, code: ResultCode) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A peer's message as casework sees it: the fact, its body, and the item it is about."""

    fact: Fact
    body: object


def hear(turn: Turn, heard: Heard) -> None:
    """Let the message take effect.

    Raises:
        Unheard: It cannot; nothing changed.
    """
    item = turn.store.items.find(heard.fact.item_id)
    if isinstance(heard.body, ItemBody):
        _item(turn, heard.fact, heard.body, item)
        return
    if item is None:
        raise Unheard(ResultCode.SUBJECT)
    try:
        _EFFECTS[type(heard.body)](turn, item, heard.fact, heard.body)
    except WrongState as fault:
        raise Unheard(ResultCode.STATE) from fault
    turn.store.facts.add(heard.fact)


def superseded(turn: Turn, item: Item, owner: str) -> Item:
    """Our acceptance came too late: the item is `owner`'s and what we did is a proposal."""
    epoch = item.epoch - 1
    return moved(turn, item, Event.SUPERSEDED, owner=owner, epoch=epoch, returned="")


def delivered(turn: Turn, item: Item, peer: str) -> None:
    """The peer's receipt says that our offer lies before its people."""
    if item.state is State.OFFERED and item.offered_to == peer:
        moved(turn, item, Event.RECEIPT)


def _item(turn: Turn, fact: Fact, body: ItemBody, known: Item | None) -> None:
    _need(fact.id == fact.item_id, ResultCode.SCHEMA)
    _need(known is None, ResultCode.ID)
    try:
        address = accepted(body.address)
    except BadInput as fault:
        raise Unheard(ResultCode.SCHEMA) from fault
    item = Item(
        id=fact.item_id,
        report_id=show_uuid(MessageId(body.report_id)),
        finder=fact.origin,
        address=address,
        canonical=canonical(address),
        rule=RULE,
        kind=body.kind.value,
        site_type=body.site_type.value,
        commerciality=body.commerciality.value,
        channel=body.channel.value,
        urgency=body.urgency.value,
        received_at_ms=body.received_at_ms,
        created_at_ms=turn.now_ms,
        changed_at_ms=turn.now_ms,
        state=State.INFORMED,
        owner=fact.origin,
    )
    turn.store.items.add(item)
    turn.store.audit.add(at_ms=turn.now_ms, actor=turn.actor, event="told", item_id=item.id)


def _assessment(turn: Turn, item: Item, fact: Fact, body: AssessmentBody) -> None:
    _need(fact.origin in (item.finder, item.owner), ResultCode.ORIGIN)
    known = VerdictResult(item.verdict) if item.verdict else RANK[-1]
    gravest = min(strongest(body), known, key=RANK.index)
    turn.store.items.save(replace(item, verdict=gravest.value, changed_at_ms=turn.now_ms))


def _hosting(turn: Turn, item: Item, fact: Fact, body: HostingBody) -> None:
    _need(fact.origin in (item.finder, item.owner), ResultCode.ORIGIN)
    item = replace(item, country=body.country, changed_at_ms=turn.now_ms)
    turn.store.items.save(item)
    owner = turn.store.peers.find(item.owner)
    if (
        owner is None
        or fact.origin != item.owner
        or item.state not in (State.LOCATED, State.ORPHANED)
    ):
        return
    item = moved(turn, item, Event.LOCATE)
    here = body.country in owner.peer.organisation.countries
    moved(turn, item, Event.HERE if here else Event.NO_MEMBER)


def _offer(turn: Turn, item: Item, fact: Fact, body: OfferBody) -> None:
    _need(fact.origin == item.owner, ResultCode.ORIGIN)
    _need(body.epoch > item.epoch, ResultCode.EPOCH)
    epoch = body.epoch - 1
    moved(turn, item, Event.OFFER_ARRIVED, offered_to=turn.me, epoch=epoch, returned="")


def _acceptance(turn: Turn, item: Item, fact: Fact, body: AcceptanceBody) -> None:
    held = item.owner == turn.me and item.offered_to == fact.origin
    _need(held and body.epoch == item.epoch + 1, ResultCode.SUPERSEDED)
    changes: dict[str, object] = {"offered_to": "", "lease_until_ms": 0}
    moved(turn, item, Event.ACCEPTED, owner=fact.origin, epoch=body.epoch, **changes)


def _return(turn: Turn, item: Item, fact: Fact, body: ReturnBody) -> None:
    held = item.owner == turn.me and item.offered_to == fact.origin
    _need(held and body.epoch == item.epoch + 1, ResultCode.SUPERSEDED)
    reason = body.reason.value
    changes: dict[str, object] = {"offered_to": "", "lease_until_ms": 0, "returned": reason}
    moved(turn, item, Event.GIVEN_BACK, epoch=body.epoch, **changes)


def _action(turn: Turn, item: Item, fact: Fact, body: ActionBody) -> None:
    _need(fact.origin == item.owner, ResultCode.ORIGIN)
    _need(body.epoch == item.epoch, ResultCode.EPOCH)
    try:
        event = Event(body.action.value)
    except ValueError as fault:
        raise Unheard(ResultCode.STATE) from fault
    moved(turn, item, event)


def _need(holds: bool, code: ResultCode) -> None:  # noqa: FBT001 (it reads as a sentence)
    if not holds:
        raise Unheard(code)


_EFFECTS: dict[type, Callable[..., None]] = {
    AssessmentBody: _assessment,
    HostingBody: _hosting,
    OfferBody: _offer,
    AcceptanceBody: _acceptance,
    ReturnBody: _return,
    ActionBody: _action,
}
