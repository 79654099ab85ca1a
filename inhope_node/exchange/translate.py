"""The one door between what a node knows and what it says: the file a privacy auditor reads.

Out: an item or a fact becomes a message body. An item's body is made here field by field; its
report's notes and reporter have no field to go to. A fact already is the exact body that travels.
In: a message becomes a `Heard` for casework. Nothing else crosses.
"""

from inhope_node.casework.hear import Heard
from inhope_node.model.item import Item
from inhope_node.model.records import Fact
from keys.encoding import decode, encode
from keys.identifiers import NodeId, parse_node_id, parse_uuid, show_id, show_uuid
from protocol.bodies.catalogue import Body, encode_body, parse_body
from protocol.bodies.item import ItemBody
from protocol.limits import MESSAGE_BYTES_MAX
from protocol.message import Message, SignedMessage
from protocol.vocabulary import (
    Colour,
    Commerciality,
    IntakeChannel,
    ItemKind,
    Kind,
    SiteType,
    Urgency,
)

DIRECTED = frozenset({Kind.OFFER, Kind.ACCEPTANCE, Kind.RETURN})
"""Kinds that name their one receiver; all others are facts and name nobody."""


def item_message(item: Item, *, net: str, made_at_ms: int, salt: bytes) -> Message:
    """The message by which the finder tells of an item; its id is the item's own."""
    body = ItemBody(
        report_id=parse_uuid(item.report_id),
        address=item.address,
        kind=ItemKind(item.kind),
        site_type=SiteType(item.site_type),
        commerciality=Commerciality(item.commerciality),
        channel=IntakeChannel(item.channel),
        urgency=Urgency(item.urgency),
        received_at_ms=item.received_at_ms,
        hashes=(),
    )
    fact = Fact(
        origin=item.finder,
        id=item.id,
        item_id=item.id,
        kind=Kind.ITEM.value,
        made_at_ms=made_at_ms,
        body=b"",
    )
    return _message(fact, body, net=net, to=(), salt=salt)


def fact_message(fact: Fact, *, net: str, receiver: str, salt: bytes) -> Message:
    """The message that states a fact of ours; offers and answers to them name their receiver."""
    body = parse_body(Kind(fact.kind), decode(fact.body, bytes_max=MESSAGE_BYTES_MAX))
    to = (parse_node_id(receiver),) if Kind(fact.kind) in DIRECTED else ()
    return _message(fact, body, net=net, to=to, salt=salt)


def heard(signed: SignedMessage) -> Heard:
    """What casework hears of a peer's message."""
    message = signed.message
    fact = Fact(
        origin=show_id(message.origin),
        id=show_uuid(message.id),
        item_id=show_uuid(message.subject),
        kind=message.kind.value,
        made_at_ms=message.made_at_ms,
        body=encode(encode_body(message.body)),
    )
    return Heard(fact=fact, body=message.body)


def _message(fact: Fact, body: Body, *, net: str, to: tuple[NodeId, ...], salt: bytes) -> Message:
    return Message(
        net=net,
        id=parse_uuid(fact.id),
        kind=Kind(fact.kind),
        origin=parse_node_id(fact.origin),
        made_at_ms=fact.made_at_ms,
        subject=parse_uuid(fact.item_id),
        colour=Colour.AMBER,
        to=to,
        body=body,
        salt=salt,
    )
