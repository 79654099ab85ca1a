"""How things look in the desk API. Addresses are defanged unless a call reveals one, audited."""

import json
from typing import Any

from inhope_node.casework.bodies import body_of
from inhope_node.casework.turn import Turn
from inhope_node.exchange.courier import Courier
from inhope_node.intake.address import defanged
from inhope_node.model.item import Item, next_step
from inhope_node.model.records import AuditEntry, Fact, Report
from inhope_node.store.peers import KnownPeer
from inhope_node.store.post import OutboxRow
from keys.identifiers import show_id
from protocol.bodies.base import WireBody

Json = dict[str, Any]


class Names:
    """Node ids as the names by which people here know them."""

    def __init__(self, turn: Turn, own_name: str) -> None:
        self._names = {turn.me: own_name, "": ""}
        self._names |= {known.id: known.name for known in turn.store.peers.all()}

    def of(self, node_id: str) -> str:
        """The name, or the beginning of the id of a node we do not know."""
        return self._names.get(node_id, node_id[:12])


def item_shape(turn: Turn, item: Item, names: Names, *, reveal: bool = False) -> Json:
    """An item as a caller sees it; `same_address` counts all with its address, itself included."""
    return {
        "id": item.id,
        "report": item.report_id,
        "finder": names.of(item.finder),
        "finder_id": item.finder,
        "owner": names.of(item.owner),
        "owner_id": item.owner,
        "epoch": item.epoch,
        "state": item.state.value,
        "address": item.address if reveal else defanged(item.address),
        "kind": item.kind,
        "site_type": item.site_type,
        "urgency": item.urgency,
        "country": item.country,
        "verdict": item.verdict,
        "offered_to": names.of(item.offered_to),
        "taken_by": item.taken_by,
        "lease_until_ms": item.lease_until_ms,
        "received_at_ms": item.received_at_ms,
        "created_at_ms": item.created_at_ms,
        "changed_at_ms": item.changed_at_ms,
        "next_step": next_step(item, turn.me),
        "same_address": turn.store.items.same_address(item.canonical),
        "returned": item.returned,
    }


def item_detail(turn: Turn, item: Item, names: Names, *, reveal: bool) -> Json:
    """An item with everything that was stated about it."""
    facts = turn.store.facts.of_item(item.id)
    groups = {"assessments": "assessment", "hosting": "hosting", "actions": "action"}
    stated = {
        group: [_fact(fact, names) for fact in facts if fact.kind == kind]
        for group, kind in groups.items()
    }
    return item_shape(turn, item, names, reveal=reveal) | stated


def report_shape(turn: Turn, report: Report) -> Json:
    """A report without its notes and reporter."""
    return {
        "id": report.id,
        "reference": report.reference,
        "received_at_ms": report.received_at_ms,
        "filed_at_ms": report.filed_at_ms,
        "channel": report.channel,
        "urgency": report.urgency,
        "items": turn.store.items.of_report(report.id),
    }


def peer_shape(known: KnownPeer) -> Json:
    """A peer as the trust book has it; the words of its card are not shown, on purpose."""
    peer = known.peer
    return {
        "name": known.name,
        "node_id": known.id,
        "level": peer.level.value,
        "organisation": peer.organisation.name,
        "role": peer.organisation.role.value,
        "countries": list(peer.organisation.countries),
        "contact": peer.organisation.contact,
        "endpoints": [endpoint.url for endpoint in peer.endpoints],
        "card_version": peer.card.version,
        "card_digest": show_id(peer.cards[-1].digest),
        "confirmed_at_ms": known.confirmed_at_ms,
        "allow_private": known.allow_private,
        "last_contact_ms": known.last_contact_ms,
    }


def peer_talk(turn: Turn, known: KnownPeer, courier: Courier | None) -> Json:
    """How the talk with a peer stands: for `status` and for "why does it not sync?"."""
    count, _ = turn.store.outbox.waiting().get(known.id, (0, 0))
    return {
        "name": known.name,
        "level": known.peer.level.value,
        "role": known.peer.organisation.role.value,
        "online": bool(courier and courier.greeted and not courier.trouble),
        "last_contact_ms": known.last_contact_ms,
        "waiting": count,
        "sent_seq": turn.store.channels.sent_head(known.id).seq,
        "received_seq": turn.store.channels.received_head(known.id).seq,
        "next_try_ms": courier.next_try_ms if courier else 0,
        "trouble": courier.trouble if courier else "",
    }


def outbox_shape(row: OutboxRow, names: Names) -> Json:
    """One message on its way."""
    return {
        "id": row.message_id,
        "to": names.of(row.peer),
        "kind": row.kind,
        "item": row.item_id,
        "urgency": "normal" if row.rank else "high",
        "state": row.state,
        "result": row.result,
        "tries": row.tries,
        "queued_at_ms": row.queued_at_ms,
    }


def history_shape(entry: AuditEntry) -> Json:
    """One step of an item's history."""
    detail = json.loads(entry.detail)
    return {
        "at_ms": entry.at_ms,
        "actor": entry.actor,
        "event": entry.event,
        "from": detail.pop("from", ""),
        "to": detail.pop("to", ""),
        "detail": detail,
    }


def _fact(fact: Fact, names: Names) -> Json:
    body = body_of(fact, WireBody).model_dump(mode="json", exclude={"ext"})
    return {"by": names.of(fact.origin), "made_at_ms": fact.made_at_ms} | body
