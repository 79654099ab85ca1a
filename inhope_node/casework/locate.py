"""Where is it hosted, and therefore whose it is.

Locating routes in the same transaction, because hours count: hosted here it waits for the police
here, hosted where a verified peer answers it is offered there, hosted elsewhere it is orphaned.
Nothing is sent from here; what shall be told is planned.
"""

from collections.abc import Mapping

from inhope_node.casework.assess import goes_to_interpol
from inhope_node.casework.bodies import own_body
from inhope_node.casework.turn import INTERPOL, Turn, moved, plan, state_fact
from inhope_node.errors import BadInput, WrongState
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import Event
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
    if item.finder == turn.me and goes_to_interpol(turn, VerdictResult(item.verdict)):
        plan(turn, item, INTERPOL, hosting)
    if body.country in turn.countries:
        return moved(turn, item, Event.HERE, returned="")
    partner = next(iter(partners(turn, body.country)), None)
    if partner is None:
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
    if to:
        partner: KnownPeer | None = turn.store.peers.get(to)
    else:
        partner = next(iter(partners(turn, item.country)), None)
    if partner is None or not partner.verified:
        raise BadInput("No verified peer can take it: `peer list` shows who is verified.")
    return offer_to(turn, item, partner)


def offer_to(turn: Turn, item: Item, partner: KnownPeer) -> Item:
    """Move the item to `offered` and plan everything the partner needs to decide."""
    item = moved(turn, item, Event.ABROAD, offered_to=partner.id, returned="")
    until_ms = turn.now_ms + turn.rules.offer_lease_ms
    body = OfferBody(epoch=item.epoch + 1, lease_until_ms=until_ms)
    made = state_fact(turn, item, "offer", body)
    plan(turn, item, partner.id, *turn.store.facts.of_item(item.id, *FACTS_WITH_OFFER), made)
    return item


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
