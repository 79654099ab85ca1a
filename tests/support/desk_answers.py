"""Answers as a desk gives them, for tests of its clients; every value is made up and neutral."""

from typing import Any

ITEM_ID = "01890a5d-ac96-7744-b1c2-0123456789ab"
REPORT_ID = "01890a5d-ac96-7744-b1c2-ba9876543210"
NODE_ID = "5a" * 32
DIGEST = "d1" * 32
AT_MS = 1_700_000_000_000
SHOWN_ADDRESS = "hxxps://host[.]example/one"

STATUS: dict[str, Any] = {
    "name": "Hotline Alpha",
    "node_id": NODE_ID,
    "net": "demo",
    "role": "hotline",
    "countries": ["XA"],
    "version": "0.1.0",
    "card_version": 1,
    "started_at_ms": AT_MS,
    "now_ms": AT_MS + 7_200_000,
    "endpoint": "https://alpha.example:8443",
    "reports": 2,
    "items": {"new": 1, "assessed": 0, "offered": 2},
    "items_total": 3,
    "owned": 1,
    "outbox": 4,
    "envelopes_sent": 5,
    "envelopes_received": 6,
    "receipts": 5,
    "messages_received": 9,
    "alarms": 0,
    "clock_skew_ms": None,
    "clock": "in step with the peers",
    "peers": [
        {
            "name": "beta",
            "level": "verified",
            "role": "hotline",
            "online": True,
            "last_contact_ms": AT_MS + 7_140_000,
            "waiting": 4,
            "sent_seq": 5,
            "received_seq": 6,
            "next_try_ms": AT_MS + 7_260_000,
            "trouble": "",
        },
        {
            "name": "gamma",
            "level": "introduced",
            "role": "hotline",
            "online": False,
            "last_contact_ms": 0,
            "waiting": 0,
            "sent_seq": 0,
            "received_seq": 0,
            "next_try_ms": 0,
            "trouble": "not confirmed yet",
        },
    ],
}

ALARM: dict[str, Any] = {
    "code": "undelivered",
    "about": "beta",
    "since_ms": AT_MS,
    "times": 3,
    "message": "Messages wait for more than a day.",
    "advice": "Call them.",
}

WAITING: dict[str, Any] = {
    "id": "m1",
    "to": "beta",
    "kind": "offer",
    "item": ITEM_ID,
    "urgency": "normal",
    "state": "waiting",
    "result": "",
    "tries": 2,
    "queued_at_ms": AT_MS,
}

PEER: dict[str, Any] = {
    "name": "beta",
    "node_id": NODE_ID,
    "level": "introduced",
    "organisation": "Hotline Beta",
    "role": "hotline",
    "countries": ["XB"],
    "contact": "desk@beta.example",
    "endpoints": ["https://beta.example:8443"],
    "card_version": 1,
    "card_digest": DIGEST,
    "confirmed_at_ms": 0,
    "allow_private": False,
}

REPORT: dict[str, Any] = {
    "id": REPORT_ID,
    "reference": "R-1",
    "received_at_ms": AT_MS,
    "filed_at_ms": AT_MS,
    "channel": "web_form",
    "urgency": "normal",
    "items": [ITEM_ID],
}

ITEM: dict[str, Any] = {
    "id": ITEM_ID,
    "report": REPORT_ID,
    "finder": "Hotline Alpha",
    "finder_id": NODE_ID,
    "owner": "Hotline Alpha",
    "owner_id": NODE_ID,
    "epoch": 0,
    "state": "assessing",
    "address": SHOWN_ADDRESS,
    "kind": "page",
    "site_type": "website",
    "urgency": "normal",
    "country": "",
    "verdict": "",
    "offered_to": "",
    "taken_by": "analyst-1",
    "lease_until_ms": AT_MS + 1_800_000,
    "received_at_ms": AT_MS,
    "created_at_ms": AT_MS,
    "changed_at_ms": AT_MS,
    "next_step": "assess",
    "same_address": 1,
    "returned": "",
}

FULL_ITEM: dict[str, Any] = ITEM | {
    "same_address": 3,
    "assessments": [
        {
            "by": "Hotline Alpha",
            "made_at_ms": AT_MS,
            "method": "manual",
            "assessor": "analyst-1",
            "assessed_at_ms": AT_MS,
            "labels": ["demo@1:alpha"],
            "baseline": {"real": "yes", "below_age_limit": "no", "severity": "unknown"},
            "verdicts": [{"jurisdiction": "XA", "result": "not_illegal"}],
        }
    ],
    "hosting": [
        {
            "by": "Hotline Alpha",
            "made_at_ms": AT_MS,
            "country": "XB",
            "observed_at_ms": AT_MS,
            "method": "dns",
            "addresses": ["192.0.2.1"],
            "asn": 64496,
            "organisation": "Host",
            "cdn": True,
        }
    ],
    "actions": [
        {
            "by": "beta",
            "made_at_ms": AT_MS,
            "action": "reported_to_police",
            "at_ms": AT_MS,
            "epoch": 1,
            "reason": "",
        }
    ],
}

EVENT: dict[str, Any] = {
    "at_ms": AT_MS,
    "actor": "analyst-1",
    "event": "take",
    "from": "new",
    "to": "assessing",
    "detail": {"origin": NODE_ID, "urgent": True},
}

USER: dict[str, Any] = {"name": "dana", "role": "analyst", "pseudonym": "analyst-2"}
