"""The calls that keep a node: status, alarms, peers, people, outbox, card, export."""

import base64
import binascii
import re
import secrets
from dataclasses import replace
from statistics import median

from inhope_node import __version__
from inhope_node.api.requests import AddPeer, AddUser, ConfirmPeer, Nothing
from inhope_node.api.shapes import (
    Json,
    Names,
    item_shape,
    outbox_shape,
    peer_shape,
    peer_talk,
    report_shape,
)
from inhope_node.casework.turn import Turn
from inhope_node.config import DAY_MS, HOUR_MS
from inhope_node.errors import BadInput, CardNotAccepted, WordsWrong
from inhope_node.exchange.federation import Federation
from inhope_node.home import TOKEN_BYTES, chain_file
from inhope_node.model.people import User
from inhope_node.node import Node
from inhope_node.store.peers import KnownPeer, with_peer
from keys.card import SignedCard, parse_card
from keys.encoding import decode
from keys.errors import CardRefused, Malformed, WordsDiffer, WordsMistyped
from keys.identifiers import Digest, show_id
from keys.trust import confirm, introduce, resume, suspend
from keys.words import card_words

CARD_FILE_BYTES_MAX = 1_000_000
MINUTE_MS = 60_000
SKEW_NOTICE_MS = 5 * MINUTE_MS
PSEUDONYM_BYTES = 4
RESERVED = frozenset({"system"})


class KeepingCalls:
    """What people do with the node itself."""

    def __init__(self, node: Node, federation: Federation) -> None:
        self._node = node
        self._federation = federation
        self._own_name = node.us.card.card.organisation.name

    def get_status(self, turn: Turn, _query: dict[str, str], _at: str) -> Json:
        """Where the node stands, for people and for `status`."""
        card = self._node.us.card.card
        peers = turn.store.peers.all()
        couriers = self._federation.couriers
        skew = _skew(peers)
        return self.counts(turn) | {
            "name": self._own_name,
            "node_id": turn.me,
            "net": card.net,
            "role": card.organisation.role.value,
            "countries": list(card.organisation.countries),
            "version": __version__,
            "card_version": card.version,
            "started_at_ms": self._node.started_at_ms,
            "now_ms": turn.now_ms,
            "endpoint": card.endpoints[0].url if card.endpoints else "",
            "clock_skew_ms": skew,
            "clock": _clock_sentence(skew),
            "peers": [peer_talk(turn, known, couriers.get(known.id)) for known in peers],
        }

    def counts(self, turn: Turn) -> Json:
        """The figures of this node."""
        channels = turn.store.channels.counts()
        waiting = turn.store.outbox.waiting()
        states = turn.store.items.by_state()
        return {
            "reports": turn.store.reports.count(),
            "items": states,
            "items_total": sum(states.values()),
            "addresses": turn.store.items.addresses(),
            "owned": turn.store.items.owned(turn.me),
            "outbox": turn.store.shares.count() + sum(count for count, _ in waiting.values()),
            "envelopes_sent": channels["receipts"],
            "envelopes_received": channels["received"],
            "receipts": channels["receipts"],
            "messages_received": turn.store.messages.received(),
            "alarms": len(turn.store.alarms.standing()),
        }

    def get_alarms(self, turn: Turn, _query: dict[str, str], _at: str) -> Json:
        """What a person should see."""
        found = turn.store.alarms.standing()
        names = ("code", "about", "since_ms", "times", "message", "advice")
        return {"alarms": [{name: getattr(alarm, name) for name in names} for alarm in found]}

    def get_outbox(self, turn: Turn, _query: dict[str, str], _at: str) -> Json:
        """Messages that are not delivered yet."""
        names = Names(turn, self._own_name)
        return {"outbox": [outbox_shape(row, names) for row in turn.store.outbox.unsettled()]}

    def get_card(self, _turn: Turn, _query: dict[str, str], _at: str) -> Json:
        """Our own card file, with the words to read aloud."""
        signed = self._node.us.card
        organisation = signed.card.organisation
        return {
            "card": base64.b64encode(chain_file(self._node.us.chain)).decode(),
            "version": signed.card.version,
            "words": list(card_words(signed.digest)),
            "node_id": show_id(signed.card.node_id),
            "organisation": {
                "name": organisation.name,
                "role": organisation.role.value,
                "countries": list(organisation.countries),
                "contact": organisation.contact,
            },
            "endpoints": [endpoint.url for endpoint in signed.card.endpoints],
        }

    def get_peers(self, turn: Turn, _query: dict[str, str], _at: str) -> Json:
        """Everybody in the trust book."""
        return {"peers": [peer_shape(known) for known in turn.store.peers.all()]}

    def get_peer(self, turn: Turn, _query: dict[str, str], at: str) -> Json:
        """One peer, and how the talk with it stands."""
        known = turn.store.peers.get(at)
        talk = peer_talk(turn, known, self._federation.couriers.get(known.id))
        return peer_shape(known) | {"talk": talk}

    def post_peer(self, turn: Turn, call: AddPeer, _at: str) -> Json:
        """Take a card file into the trust book, as introduced."""
        cards = _cards(call.card)
        if cards[0].card.net != self._node.us.net:
            raise CardNotAccepted(
                f"This card is of the network '{cards[0].card.net}', this node of "
                f"'{self._node.us.net}': ask them for the card of the right network."
            )
        if show_id(cards[0].card.node_id) == turn.me:
            raise CardNotAccepted("This is this node's own card; add the card of somebody else.")
        try:
            peer = introduce(cards)
        except CardRefused as fault:
            raise CardNotAccepted(
                f"The card is not in order: {fault} Ask for a fresh file."
            ) from fault
        name = call.name or _name_for(peer.organisation.name)
        known = KnownPeer(
            name=name, peer=peer, allow_private=call.allow_private, added_at_ms=turn.now_ms
        )
        turn.store.peers.add(known)
        turn.store.audit.add(at_ms=turn.now_ms, actor=turn.actor, event="peer_added", peer=name)
        return peer_shape(known)

    def post_confirm(self, turn: Turn, call: ConfirmPeer, at: str) -> Json:
        """Verify a peer, or resume it, by the words that its people read from their own card."""
        known = turn.store.peers.get(at)
        try:
            peer = resume(confirm(known.peer, Digest(bytes.fromhex(call.digest)), call.words))
        except (WordsMistyped, WordsDiffer) as fault:
            raise WordsWrong(
                f"{fault} Nothing was confirmed. Ask them to read the words of `card show` again."
            ) from fault
        except CardRefused as fault:
            raise CardNotAccepted(str(fault)) from fault
        known = replace(with_peer(known, peer), confirmed_at_ms=turn.now_ms)
        turn.store.peers.save(known)
        turn.store.alarms.clear("claims", known.name)
        turn.store.audit.add(
            at_ms=turn.now_ms, actor=turn.actor, event="peer_confirmed", peer=known.name
        )
        return peer_shape(known)

    def post_suspend(self, turn: Turn, _call: Nothing, at: str) -> Json:
        """Stop everything to and from a peer."""
        known = turn.store.peers.get(at)
        known = with_peer(known, suspend(known.peer))
        turn.store.peers.save(known)
        turn.store.audit.add(
            at_ms=turn.now_ms, actor=turn.actor, event="peer_suspended", peer=known.name
        )
        return peer_shape(known)

    def get_users(self, turn: Turn, _query: dict[str, str], _at: str) -> Json:
        """The people of this node."""
        return {"users": [_user_shape(user) for user in turn.store.users.all()]}

    def post_user(self, turn: Turn, call: AddUser, _at: str) -> Json:
        """Add a person; the token is shown this once."""
        if call.pseudonym.lower() in RESERVED:
            raise BadInput("The audit uses this pseudonym for the node itself; choose another.")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        user = User(
            name=call.name,
            role=call.role,
            pseudonym=call.pseudonym or f"{call.role.value}-{secrets.token_hex(PSEUDONYM_BYTES)}",
            created_at_ms=turn.now_ms,
        )
        turn.store.users.add(user, token)
        words = {"user": user.pseudonym, "role": user.role.value}
        turn.store.audit.add(at_ms=turn.now_ms, actor=turn.actor, event="user_added", **words)
        return {"user": _user_shape(user), "token": token}

    def get_export(self, turn: Turn, _query: dict[str, str], _at: str) -> Json:
        """Everything a judge from outside needs, addresses defanged; audited."""
        names = Names(turn, self._own_name)
        turn.store.audit.add(at_ms=turn.now_ms, actor=turn.actor, event="exported")
        reports = turn.store.reports.page(after="", limit=2**31)
        items = turn.store.items.page(state="", owner="", after="", limit=2**31)
        return {
            "node": self._own_name,
            "node_id": turn.me,
            "reports": [report_shape(turn, report) for report in reports],
            "items": [item_shape(turn, item, names) for item in items],
            "effects": turn.store.audit.effects(),
            "counts": self.counts(turn),
        }


def _cards(text: str) -> list[SignedCard]:
    try:
        data = base64.b64decode(text, validate=True)
        value = decode(data, bytes_max=CARD_FILE_BYTES_MAX)
        files = value if isinstance(value, list) and isinstance(value[0], bytes) else [data]
        return [parse_card(file) for file in files if isinstance(file, bytes)]
    except (binascii.Error, Malformed, ValueError, IndexError) as fault:
        raise CardNotAccepted(
            "This is no card file: ask them for the file of `card export`."
        ) from fault


def _name_for(organisation: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", organisation.lower()).strip("-")[:32]
    if not name:
        raise BadInput("Choose a short name for this peer with --name.")
    return name


def _skew(peers: list[KnownPeer]) -> int | None:
    known = [peer.skew_ms for peer in peers if peer.skew_ms is not None]
    return int(median(known)) if known else None


def _clock_sentence(skew_ms: int | None) -> str:
    if skew_ms is None:
        return "not compared with a peer yet"
    if abs(skew_ms) < SKEW_NOTICE_MS:
        return "agrees with the peers"
    direction = "behind" if skew_ms > 0 else "ahead of"
    return (
        f"this clock is {_span(abs(skew_ms))} {direction} the peers' clocks: set it right "
        "(delivery goes on meanwhile)"
    )


def _span(span_ms: int) -> str:
    """A span of time in the largest unit of which there are at least two."""
    for unit, unit_ms in (("days", DAY_MS), ("hours", HOUR_MS)):
        if span_ms >= 2 * unit_ms:
            return f"{span_ms // unit_ms} {unit}"
    return f"{span_ms // MINUTE_MS} minutes"


def _user_shape(user: User) -> Json:
    return {
        "name": user.name,
        "role": user.role.value,
        "pseudonym": user.pseudonym,
        "created_at_ms": user.created_at_ms,
    }
