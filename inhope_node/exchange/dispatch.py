"""Turns planned shares into signed messages in the outbox.

Each batch is one transaction: message signed, message kept, outbox row written, plan forgotten. A
crash before it leaves the plan, a crash after it leaves the outbox row. A plan for a peer that is
not verified yet, or for INTERPOL while nobody of that role is verified, simply waits.
"""

from inhope_node.exchange.ourselves import Ourselves, party_of
from inhope_node.exchange.translate import fact_message, item_message
from inhope_node.logs import log
from inhope_node.model.records import PlannedShare
from inhope_node.store.peers import KnownPeer
from inhope_node.store.post import StoredMessage
from inhope_node.store.store import Store
from keys.card import Role
from keys.identifiers import parse_node_id
from protocol.errors import HandlingRefused, ProtocolError
from protocol.handling import may_travel
from protocol.message import Message, parse_message, sign_message

BATCH = 256
SALT_BYTES = 16
INTERPOL = "interpol"


def dispatch(store: Store, us: Ourselves, *, now_ms: int) -> frozenset[str]:
    """Carry out every plan that can be; returns the ids of peers that got something to send."""
    touched: set[str] = set()
    after = 0
    while True:
        with store.transaction():
            plans = store.shares.next(after=after, limit=BATCH)
            for share in plans:
                touched |= _carried_out(store, us, share, now_ms)
        if len(plans) < BATCH:
            return frozenset(touched)
        after = plans[-1].number


def _carried_out(store: Store, us: Ourselves, share: PlannedShare, now_ms: int) -> set[str]:
    """Carry out one plan; one that cannot be made into a message stays and stops no other."""
    receivers = _receivers(store, share)
    try:
        with store.savepoint():
            for known in receivers:
                _queue(store, us, share, known, now_ms)
            if receivers:
                store.shares.done(share.number)
    except ProtocolError as fault:
        log.error("plan_stays", kind=share.kind, fault=type(fault).__name__)
        _raise_alarm(store, share, f"A {share.kind} cannot be made into a message.", now_ms)
        return set()
    return {known.id for known in receivers}


def _receivers(store: Store, share: PlannedShare) -> list[KnownPeer]:
    if share.audience == INTERPOL:
        return store.peers.verified(role=Role.INTERPOL)
    known = store.peers.find(share.audience)
    return [known] if known is not None and known.verified else []


def _queue(store: Store, us: Ourselves, share: PlannedShare, known: KnownPeer, now_ms: int) -> None:
    item = store.items.get(share.item_id)
    stored = store.messages.find(us.id, share.fact_id)
    if stored is None:
        stored = _made(store, us, share, known, now_ms)
        store.messages.add(stored)
    message = parse_message(stored.signed).message
    try:
        owner = parse_node_id(item.owner)
        may_travel(message, sender=us.party, receiver=party_of(known.peer), owner=owner)
    except HandlingRefused:
        why = f"A {share.kind} was planned for {known.name}, who may not receive it."
        _raise_alarm(store, share, why, now_ms)
        return
    store.outbox.queue(stored, known.id, urgent=item.urgent, now_ms=now_ms)


def _made(
    store: Store, us: Ourselves, share: PlannedShare, known: KnownPeer, now_ms: int
) -> StoredMessage:
    salt = us.entropy(SALT_BYTES)
    if share.kind == "item":
        item = store.items.get(share.item_id)
        message = item_message(item, net=us.net, made_at_ms=now_ms, salt=salt)
    else:
        fact = store.facts.get(us.id, share.fact_id)
        message = fact_message(fact, net=us.net, receiver=known.id, salt=salt)
    return _stored(us, share, message, now_ms)


def _stored(us: Ourselves, share: PlannedShare, message: Message, now_ms: int) -> StoredMessage:
    signed = sign_message(message, us.identity.signing)
    return StoredMessage(
        origin=us.id,
        id=share.fact_id,
        digest=signed.digest,
        kind=share.kind,
        item_id=share.item_id,
        sender="",
        result="",
        signed=signed.encode(),
        at_ms=now_ms,
    )


def _raise_alarm(store: Store, share: PlannedShare, message: str, now_ms: int) -> None:
    store.alarms.raise_(
        "plan",
        f"{share.item_id}/{share.kind}",
        now_ms=now_ms,
        message=message,
        advice="Look at the item and tell those who maintain the node: this should never be.",
    )
