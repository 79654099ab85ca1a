"""Where is it hosted, and therefore whose it is.

Locating routes in the same transaction, because hours count: hosted here it waits for the police
here, hosted where a verified peer answers it is offered there, hosted elsewhere it is orphaned.
Nothing is sent from here; what shall be told is planned. An item that a peer found is never offered
on: only its finder can tell a third node of it. It is orphaned here, and its finder learns why.
"""

from collections.abc import Mapping

from inhope_node.casework.assess import goes_to_interpol
from inhope_node.casework.bodies import own_body
from inhope_node.casework.turn import INTERPOL, Turn, moved, plan, state_fact
from inhope_node.errors import BadInput, WrongState
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import Event, State
from inhope_node.store.peers import KnownPeer
from keys.card import Role
from protocol.bodies.assignment import OfferBody
from protocol.bodies.hosting import HostingBody
from protocol.vocabulary import VerdictResult

FACTS_WITH_OFFER = ("assessment", "hosting")


def locate(turn: Turn, item_id: str, observation: Mapping[str, object]) -> Item:
    """Write the observation and route the item.

    Raises:
        NotFound: This node has no such item.
        WrongState: It is not assessed yet, or not ours any more.
        BadInput: The observation is incomplete.
    """
    item = turn.store.items.get(item_id)
    if item.owner != turn.me:
        raise WrongState("Another node owns this item; its people work on it.")
    body = own_body(HostingBody, {"method": "manual", **observation, "observed_at_ms": turn.now_ms})
    item = moved(turn, item, Event.LOCATE, country=body.country)
    hosting = state_fact(turn, item, "hosting", body)
    if item.finder != turn.me:
        plan(turn, item, item.finder, hosting)
    elif goes_to_interpol(turn, VerdictResult(item.verdict)):
        plan(turn, item, INTERPOL, hosting)
    if body.country in turn.countries:
        return moved(turn, item, Event.HERE, returned="")
    partner = next(iter(partners(turn, body.country)), None)
    if partner is None or item.finder != turn.me:
        return moved(turn, item, Event.NO_MEMBER)
    return offer_to(turn, item, partner)


def offer(turn: Turn, item_id: str, to: str) -> Item:
    """Offer a located or orphaned item to the peer named, or to the first of its country.

    Raises:
        NotFound: No such item or peer.
        BadInput: The peer is not verified, or nobody answers for that country.
        WrongState: It is not ours to offer now.
    """
    item = turn.store.items.get(item_id)
    if item.owner != turn.me:
        raise WrongState("Another node owns this item; only the owner offers it.")
    if item.finder != turn.me:
        raise WrongState("Only the node that found this item can offer it on: tell its people.")
    if to:
        partner: KnownPeer | None = turn.store.peers.get(to)
    else:
        partner = next(iter(partners(turn, item.country)), None)
    if partner is None or not partner.verified:
        raise BadInput("No verified peer can take it: `peer list` shows who is verified.")
    return offer_to(turn, item, partner)


def offer_to(turn: Turn, item: Item, partner: KnownPeer) -> Item:
    """Move the item to `offered` and plan everything the partner needs to decide."""
    until_ms = turn.now_ms + turn.rules.offer_lease_ms
    lease: dict[str, object] = {"offered_to": partner.id, "lease_until_ms": until_ms}
    item = moved(turn, item, Event.ABROAD, returned="", **lease)
    body = OfferBody(epoch=item.epoch + 1, lease_until_ms=until_ms)
    made = state_fact(turn, item, "offer", body)
    plan(turn, item, partner.id, *turn.store.facts.of_item(item.id, *FACTS_WITH_OFFER), made)
    return item


def end_offers(turn: Turn) -> int:
    """Take back what nobody answered until its lease ended; returns how many items.

    The ended offer spends its epoch, so that an acceptance that comes later is superseded.
    """
    ended = turn.store.items.leases_ended(
        turn.me, State.OFFERED, State.DELIVERED, now_ms=turn.now_ms
    )
    for item in ended:
        epoch = item.epoch + 1
        moved(turn, item, Event.OFFER_ENDED, epoch=epoch, offered_to="", lease_until_ms=0)
    return len(ended)


def partners(turn: Turn, country: str) -> list[KnownPeer]:
    """Verified hotlines of a country: those in the configured order first, then lowest node id."""
    order = turn.rules.partners.get(country, [])
    serving = [
        known
        for known in turn.store.peers.verified(role=Role.HOTLINE)
        if country in known.peer.organisation.countries
    ]
    return sorted(
        serving, key=lambda known: order.index(known.name) if known.name in order else len(order)
    )
