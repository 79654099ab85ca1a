"""The desk API: who may call what, what a repeated call does, and how every fault looks."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from support.desk import ADDRESS, NO, YES
from support.desk_api import DeskApi, card_of, running_desk_api
from support.identities import seeded_card, seeded_node

from inhope_node.api.app import BODY_BYTES_MAX, Route, routes
from inhope_node.api.cases import CaseCalls
from inhope_node.api.keeping import KeepingCalls, _clock_sentence
from inhope_node.errors import StoreFull
from inhope_node.model.people import RIGHTS, Right, UserRole
from keys.encoding import encode
from keys.words import card_words

ROLES = ("analyst", "manager", "administrator")
CASES = {"analyst", "manager"}
ALLOWED: dict[str, set[str]] = {
    "GET /v1/status": set(ROLES),
    "GET /v1/alarms": set(ROLES),
    "GET /v1/outbox": set(ROLES),
    "GET /v1/card": set(ROLES),
    "GET /v1/peers": set(ROLES),
    "GET /v1/peers/{at}": set(ROLES),
    "POST /v1/peers": {"administrator"},
    "POST /v1/peers/{at}/confirm": {"administrator"},
    "POST /v1/peers/{at}/suspend": {"manager", "administrator"},
    "GET /v1/users": {"manager", "administrator"},
    "POST /v1/users": {"administrator"},
    "GET /v1/export": {"manager", "administrator"},
    "POST /v1/reports": CASES,
    "GET /v1/reports": CASES,
    "GET /v1/reports/{at}": CASES,
    "GET /v1/items": CASES,
    "POST /v1/items/next": CASES,
    "GET /v1/items/{at}": CASES,
    "GET /v1/items/{at}/history": CASES,
    "POST /v1/items/{at}/take": CASES,
    "POST /v1/items/{at}/assess": CASES,
    "POST /v1/items/{at}/locate": CASES,
    "POST /v1/items/{at}/offer": CASES,
    "POST /v1/items/{at}/accept": CASES,
    "POST /v1/items/{at}/return": CASES,
    "POST /v1/items/{at}/act": CASES,
}
FINDING: dict[str, Any] = {"baseline": YES, "verdicts": {"XA": "baseline"}}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[DeskApi]:
    async with running_desk_api(tmp_path) as running:
        yield running


def all_routes(api: DeskApi) -> tuple[Route, ...]:
    return routes(CaseCalls("alpha"), KeepingCalls(api.node, None))  # type: ignore[arg-type]


async def filed(api: DeskApi, address: str = ADDRESS, **more: Any) -> str:
    status, answer = await api.post("/v1/reports", {"addresses": [address], **more})
    assert status == 200
    return str(answer["items"][0])


def code_of(answer: dict[str, Any]) -> str:
    assert set(answer) == {"error"}
    assert set(answer["error"]) == {"code", "message"}
    return str(answer["error"]["code"])


# --- who may


async def test_every_call_is_for_the_roles_that_the_matrix_names(api: DeskApi) -> None:
    known = {f"{route.method} {route.path}": route for route in all_routes(api)}
    assert set(known) == set(ALLOWED)
    for name, route in known.items():
        path = route.path.replace("{at}", "nothing")
        for role in ROLES:
            answered = await (
                api.get(path, role) if route.method == "GET" else api.post(path, b"[]", role)
            )
            if role in ALLOWED[name]:
                assert answered[0] != 403, (name, role)
                continue
            assert answered[0] == 403, (name, role)
            assert code_of(answered[1]) == "not-allowed"
            assert "ask a person with the role" in answered[1]["error"]["message"]


def test_who_keeps_the_node_sees_no_exact_address() -> None:
    assert Right.REVEAL not in RIGHTS[UserRole.ADMINISTRATOR]
    assert Right.SEE_CASES not in RIGHTS[UserRole.ADMINISTRATOR]


async def test_an_export_never_reveals(api: DeskApi) -> None:
    await filed(api)
    status, answer = await api.get("/v1/export?reveal=true", "administrator")
    assert (status, code_of(answer)) == (403, "not-allowed")
    status, answer = await api.get("/v1/export", "administrator")
    assert (status, answer["items"][0]["address"]) == (200, "hxxps://host[.]example/one")
    assert answer["counts"]["items_total"] == 1


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer other", "Basic analyst", "Bearer é"])
async def test_without_a_token_of_ones_own_nobody_is_let_in(api: DeskApi, header: str) -> None:
    for method in ("get", "post"):
        sent = getattr(api.client, method)("/v1/items/next", headers={"Authorization": header})
        async with sent as answer:
            expected = 401 if method == "post" else answer.status
            assert answer.status == expected
    async with api.client.get("/v1/status", headers={"Authorization": header}) as answer:
        assert answer.status == 401
        assert code_of(await answer.json()) == "not-signed-in"


# --- once is once


async def test_the_same_call_under_the_same_key_gets_the_same_answer_and_happens_once(
    api: DeskApi,
) -> None:
    body = {"addresses": [ADDRESS]}
    first = await api.post("/v1/reports", body, key="k")
    assert await api.post("/v1/reports", body, key="k") == first
    assert await api.count("reports") == 1
    assert await api.post("/v1/reports", body, "manager", key="k") != first
    assert await api.post("/v1/reports", body) != first
    assert await api.count("reports") == 3


async def test_a_key_is_for_one_call_only(api: DeskApi) -> None:
    item = await filed(api)
    await api.post(f"/v1/items/{item}/take", {}, key="k")
    for path, body in (
        ("/v1/reports", {"addresses": [ADDRESS]}),
        (f"/v1/items/{item}/accept", {}),
        ("/v1/items/other/take", {}),
    ):
        status, answer = await api.post(path, body, key="k")
        assert (status, code_of(answer)) == (400, "bad-input")
        assert "used for another call" in answer["error"]["message"]


async def test_a_call_that_was_refused_may_be_made_again_under_its_key(api: DeskApi) -> None:
    item = await filed(api)
    path = f"/v1/items/{item}/assess"
    assert (await api.post(path, FINDING, key="k"))[0] == 409
    await api.post(f"/v1/items/{item}/take", {})
    assert (await api.post(path, FINDING, key="k"))[0] == 200


async def test_calls_at_the_same_time_under_one_key_happen_once(api: DeskApi) -> None:
    body = {"addresses": [ADDRESS]}
    answers = await asyncio.gather(*(api.post("/v1/reports", body, key="k") for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert await api.count("reports") == 1


async def test_a_key_has_a_length(api: DeskApi) -> None:
    status, answer = await api.post("/v1/items/next", {}, key="k" * 65)
    assert (status, code_of(answer)) == (400, "bad-input")


# --- how faults look


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/v1/reports", b"{", "JSON"),
        ("/v1/reports", b"[]", "the whole"),
        ("/v1/reports", b"\xff\xfe", "JSON"),
        ("/v1/reports", {}, "'addresses'"),
        ("/v1/reports", {"addresses": [ADDRESS], "colour": "red"}, "'colour'"),
        ("/v1/reports", {"addresses": [ADDRESS], ADDRESS: 1}, "(unnamed)"),
        ("/v1/reports", {"addresses": ADDRESS}, "'addresses'"),
        ("/v1/reports", {"addresses": [ADDRESS], "urgency": "soon"}, "'urgency'"),
        ("/v1/reports", {"addresses": [ADDRESS], "received_at_ms": -1}, "'received_at_ms'"),
        ("/v1/reports", {"addresses": [ADDRESS], "received_at_ms": "1"}, "'received_at_ms'"),
        ("/v1/reports", {"addresses": [ADDRESS], "reporter": "x y " * 200}, "'reporter'"),
        ("/v1/items/next", {"take": "yes"}, "'take'"),
    ],
)
async def test_what_is_wrong_in_a_request_is_named_and_its_content_is_not(
    api: DeskApi, path: str, body: dict[str, Any] | bytes, says: str
) -> None:
    status, answer = await api.post(path, body)
    assert (status, code_of(answer)) == (400, "bad-input")
    assert says in answer["error"]["message"]
    assert "host.example" not in answer["error"]["message"]
    assert await api.count("reports") == 0


async def test_a_file_is_refused_at_the_door(api: DeskApi) -> None:
    notes = base64.b64encode(bytes(range(256)) * 4).decode()
    body = {"addresses": [ADDRESS], "notes": notes}
    status, answer = await api.post("/v1/reports", body)
    assert (status, code_of(answer)) == (422, "refused-contents")
    assert notes[:40] not in str(answer)
    assert await api.count("reports") == 0


async def test_a_request_has_a_length(api: DeskApi) -> None:
    status, answer = await api.post("/v1/reports", b" " * (BODY_BYTES_MAX + 1))
    assert (status, code_of(answer)) == (413, "bad-input")


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/nothing"), ("PUT", "/v1/status")])
async def test_what_is_no_call_is_said_not_to_be_one(api: DeskApi, method: str, path: str) -> None:
    async with api.client.request(method, path) as answer:
        assert answer.status in (404, 405)
        assert code_of(await answer.json()) == "not-found"


@pytest.mark.parametrize(
    "path", ["/v1/items/nothing", "/v1/items/nothing/history", "/v1/reports/nothing"]
)
async def test_what_is_not_here_is_not_found(api: DeskApi, path: str) -> None:
    assert (await api.get(path))[0] == 404


@pytest.mark.parametrize("path", ["/v1/items/%FF%FE", "/v1/items?after=%FF", "/v1/peers/%ED%A0%80"])
async def test_bytes_that_are_no_text_break_nothing(api: DeskApi, path: str) -> None:
    assert (await api.get(path))[0] in (200, 400, 404)


async def test_a_key_that_is_no_text_is_refused(api: DeskApi) -> None:
    token = api.tokens["analyst"].encode()
    lines = b"POST /v1/items/next HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n"
    lines += b"Authorization: Bearer " + token + b"\r\nIdempotency-Key: \xff\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", api.client.port)
    writer.write(lines)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"no text" in answer


async def test_a_fault_of_our_own_says_nothing_of_its_cause(
    api: DeskApi, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError(ADDRESS)

    monkeypatch.setattr("inhope_node.api.cases.file_report", broken)
    status, answer = await api.post("/v1/reports", {"addresses": [ADDRESS]})
    assert (status, code_of(answer)) == (500, "internal")
    assert ADDRESS not in str(answer) + "".join(capfd.readouterr())


async def test_a_full_disk_is_said_with_its_own_word(
    api: DeskApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFull("full")

    monkeypatch.setattr("inhope_node.api.cases.file_report", full)
    status, answer = await api.post("/v1/reports", {"addresses": [ADDRESS]})
    assert (status, code_of(answer)) == (507, "storage-full")


# --- reports and items


async def test_a_report_shows_its_notes_and_its_reporter_only_when_asked(api: DeskApi) -> None:
    body = {"addresses": [ADDRESS], "notes": "a note", "reporter": "by phone", "reference": "7"}
    _, report = await api.post("/v1/reports", body)
    _, shown = await api.get(f"/v1/reports/{report['id']}")
    assert shown["notes"] == "a note"
    assert "reporter" not in shown
    assert await revealed(api) == []
    _, shown = await api.get(f"/v1/reports/{report['id']}?reveal=true", "manager")
    assert shown["reporter"] == "by phone"
    assert await revealed(api) == [("manager-1", "reporter_revealed")]
    _, listed = await api.get("/v1/reports")
    assert [each["reference"] for each in listed["reports"]] == ["7"]
    assert "a note" not in str(listed)


async def revealed(api: DeskApi) -> list[tuple[str, str]]:
    sql = "SELECT actor, event FROM audit WHERE event LIKE '%revealed'"
    found = await api.do(lambda desk: list(desk.store.db.query(sql)))
    return [(row["actor"], row["event"]) for row in found]


async def test_an_exact_address_is_shown_when_asked_and_that_is_audited(api: DeskApi) -> None:
    item = await filed(api)
    assert (await api.get(f"/v1/items/{item}"))[1]["address"] == "hxxps://host[.]example/one"
    assert await revealed(api) == []
    assert (await api.get(f"/v1/items/{item}?reveal=true"))[1]["address"] == ADDRESS
    assert await revealed(api) == [("analyst-1", "address_revealed")]
    _, answer = await api.get(f"/v1/items/{item}/history")
    assert [each["event"] for each in answer["history"]] == ["filed", "address_revealed"]


async def test_lists_are_paged(api: DeskApi) -> None:
    addresses = [f"https://host.example/{number}" for number in range(5)]
    for address in addresses:
        await filed(api, address)
    for noun in ("items", "reports"):
        seen: list[str] = []
        path = f"/v1/{noun}?limit=2"
        after = ""
        while True:
            _, answer = await api.get(f"{path}&after={after}")
            seen += [each["id"] for each in answer[noun]]
            after = answer["next"]
            if not after:
                break
        assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("limit", ["0", "501", "x", "-1", "9" * 5000, "٣", ""])
async def test_a_page_has_a_size(api: DeskApi, limit: str) -> None:
    status, answer = await api.get(f"/v1/items?limit={limit}")
    assert (status, code_of(answer)) == (400, "bad-input")


async def test_items_are_found_by_state_and_owner(api: DeskApi) -> None:
    item = await filed(api)
    name = seeded_card().card.organisation.name
    for query, count in (
        ("state=new", 1),
        ("state=located", 0),
        ("owner=me", 1),
        (f"owner={name}", 1),
        (f"owner={api.node.us.id}", 1),
    ):
        _, answer = await api.get(f"/v1/items?{query}")
        assert [each["id"] for each in answer["items"]] == [item] * count
    assert (await api.get("/v1/items?state=lost"))[0] == 400
    assert (await api.get("/v1/items?owner=nobody"))[0] == 404


async def test_equal_addresses_are_counted_with_the_item_itself(api: DeskApi) -> None:
    item = await filed(api)
    assert (await api.get(f"/v1/items/{item}"))[1]["same_address"] == 1
    await filed(api, "HTTPS://HOST.example/one")
    assert (await api.get(f"/v1/items/{item}"))[1]["same_address"] == 2


async def test_an_item_is_worked_on_to_its_end_through_the_desk(api: DeskApi) -> None:
    item = await filed(api)
    _, answer = await api.post("/v1/items/next", {"take": True})
    assert (answer["item"]["id"], answer["step"]) == (item, "assess")
    path = f"/v1/items/{item}"
    assert (await api.post(f"{path}/assess", FINDING))[1]["state"] == "assessed"
    place = {"country": "XA", "addresses": ["192.0.2.1"]}
    assert (await api.post(f"{path}/locate", place))[1]["state"] == "police_pending"
    for action, state in (
        ("reported_to_police", "police_informed"),
        ("removed", "removed"),
        ("closed", "closed_offline"),
    ):
        assert (await api.post(f"{path}/act", {"action": action}))[1]["state"] == state
    _, detail = await api.get(path)
    assert [each["action"] for each in detail["actions"]] == [
        "reported_to_police",
        "removed",
        "closed",
    ]
    assert detail["assessments"][0]["verdicts"] == [{"jurisdiction": "XA", "result": "baseline"}]
    assert detail["hosting"][0]["addresses"] == ["192.0.2.1"]
    assert detail["next_step"] == ""
    assert (await api.post("/v1/items/next", {}))[1] == {"item": None, "step": ""}


async def test_an_item_is_offered_and_an_offer_answered_through_the_desk(api: DeskApi) -> None:
    bravo = await api.do(lambda desk: desk.peer("bravo"))
    told = await api.do(lambda desk: desk.told(bravo))
    for verb, body in (("accept", {}), ("return", {"reason": "capacity"})):
        status, answer = await api.post(f"/v1/items/{told.id}/{verb}", body)
        assert (status, code_of(answer)) == (409, "wrong-state")
    orphan = await api.do(lambda desk: desk.located("XC"))
    status, answer = await api.post(f"/v1/items/{orphan.id}/offer", {"to": "bravo"})
    assert (answer["state"], answer["offered_to"]) == ("offered", "bravo")


# --- the node itself


async def test_status_says_where_the_node_stands(api: DeskApi) -> None:
    await api.do(lambda desk: desk.peer("bravo"))
    _, status = await api.get("/v1/status")
    assert (status["net"], status["countries"], status["role"]) == ("demo-net", ["XA"], "hotline")
    assert status["clock"] == "not compared with a peer yet"
    (peer,) = status["peers"]
    assert (peer["name"], peer["online"], peer["waiting"]) == ("bravo", False, 0)
    assert (await api.get("/v1/alarms"))[1] == {"alarms": []}
    assert (await api.get("/v1/outbox"))[1] == {"outbox": []}


@pytest.mark.parametrize(
    ("skew_ms", "says"),
    [
        (None, "not compared"),
        (299_999, "agrees"),
        (-299_999, "agrees"),
        (300_000, "5 minutes behind the peers' clocks: set it right"),
        (-3 * 3_600_000, "3 hours ahead of"),
        (3650 * 86_400_000, "3650 days behind"),
    ],
)
def test_a_wrong_clock_is_said_in_words_with_its_direction(skew_ms: int | None, says: str) -> None:
    assert says in _clock_sentence(skew_ms)


async def test_alarms_and_waiting_messages_are_shown(api: DeskApi) -> None:
    def trouble(desk: Any) -> None:
        desk.store.alarms.raise_("c", "a", now_ms=1, message="m", advice="do")
        sql = """INSERT INTO outbox (peer, origin, message_id, kind, item_id, rank, state, result,
                 tries, incarnation, seq, queued_at_ms)
                 VALUES ('p', 'o', 'm', 'item', 'i', 0, 'waiting', '', 0, 0, 0, 1)"""
        desk.store.db.execute(sql)

    await api.do(trouble)
    (alarm,) = (await api.get("/v1/alarms"))[1]["alarms"]
    assert (alarm["code"], alarm["advice"]) == ("c", "do")
    (row,) = (await api.get("/v1/outbox"))[1]["outbox"]
    assert (row["urgency"], row["state"]) == ("high", "waiting")


async def test_a_peer_is_added_by_its_card_and_verified_by_its_words(api: DeskApi) -> None:
    card = seeded_card("bravo")
    _, peer = await api.post("/v1/peers", {"card": card_of("bravo")}, "administrator")
    assert (peer["name"], peer["level"]) == ("node-bravo", "introduced")
    assert "words" not in peer
    words = {"words": " ".join(card_words(card.digest)), "digest": peer["card_digest"]}
    path = "/v1/peers/node-bravo"
    _, peer = await api.post(f"{path}/confirm", words, "administrator")
    assert peer["level"] == "verified"
    _, peer = await api.post(f"{path}/suspend", {}, "manager")
    assert peer["level"] == "suspended"
    _, peer = await api.post(f"{path}/confirm", words, "administrator")
    assert peer["level"] == "verified"
    _, peer = await api.post(f"{path}/confirm", words, "administrator")
    assert peer["level"] == "verified", "confirming anew resumes a suspended peer"
    assert (await api.get(path))[1]["talk"]["name"] == "node-bravo"
    assert [p["name"] for p in (await api.get("/v1/peers"))[1]["peers"]] == ["node-bravo"]


async def test_wrong_words_confirm_nothing_and_say_what_to_do(api: DeskApi) -> None:
    _, peer = await api.post("/v1/peers", {"card": card_of("bravo")}, "administrator")
    path = f"/v1/peers/{peer['name']}/confirm"
    other = " ".join(card_words(seeded_card("carol").digest))
    for words in (other, "abandon " * 12, "no such words"):
        body = {"words": words, "digest": peer["card_digest"]}
        status, answer = await api.post(path, body, "administrator")
        assert (status, code_of(answer)) == (409, "words")
        assert "Nothing was confirmed" in answer["error"]["message"]
    body = {"words": other, "digest": "0" * 64}
    status, answer = await api.post(path, body, "administrator")
    assert (status, code_of(answer)) == (409, "card")
    assert (await api.get(f"/v1/peers/{peer['name']}"))[1]["level"] == "introduced"


def damaged(label: str) -> str:
    data = bytearray(base64.b64decode(card_of(label)))
    data[-1] ^= 1
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("card", "says"),
    [
        (lambda: card_of("bravo", net="other-net"), "the network 'other-net', this node of"),
        (lambda: card_of("alpha"), "this node's own card"),
        (lambda: damaged("bravo"), "Ask for a fresh file"),
        (lambda: "not base64!", "no card file"),
        (lambda: base64.b64encode(b"x").decode(), "no card file"),
        (lambda: base64.b64encode(encode([])).decode(), "no card file"),
        (lambda: base64.b64encode(encode([b"x"])).decode(), "no card file"),
        (lambda: "", "no card file"),
    ],
)
async def test_a_card_that_does_not_fit_is_refused(api: DeskApi, card: Any, says: str) -> None:
    status, answer = await api.post("/v1/peers", {"card": card()}, "administrator")
    assert (status, code_of(answer)) == (409, "card")
    assert says in answer["error"]["message"]
    assert await api.count("peers") == 0


async def test_a_single_card_is_as_good_as_a_chain(api: DeskApi) -> None:
    card = base64.b64encode(seeded_card("bravo").encode()).decode()
    body = {"card": card, "name": "b"}
    assert (await api.post("/v1/peers", body, "administrator"))[1]["name"] == "b"
    status, answer = await api.post("/v1/peers", body, "administrator")
    assert (status, code_of(answer)) == (400, "bad-input")


@pytest.mark.parametrize("name", ["A", "a/b", "x" * 33, "https://host.example"])
async def test_a_peer_has_a_name_that_can_be_typed(api: DeskApi, name: str) -> None:
    body = {"card": card_of("bravo"), "name": name}
    assert (await api.post("/v1/peers", body, "administrator"))[0] == 400


async def test_a_peer_whose_name_has_no_letters_needs_one_from_us(
    api: DeskApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inhope_node.api.keeping.re.sub", lambda *_: "-")
    status, answer = await api.post("/v1/peers", {"card": card_of("bravo")}, "administrator")
    assert (status, "--name" in answer["error"]["message"]) == (400, True)


async def test_our_card_is_shown_with_its_words(api: DeskApi) -> None:
    _, card = await api.get("/v1/card")
    assert card["words"] == list(card_words(seeded_node("alpha")[1].digest))
    assert card["card"] == card_of("alpha")


async def test_a_person_gets_a_token_once_and_a_pseudonym_that_is_not_the_name(
    api: DeskApi,
) -> None:
    body = {"name": "dana", "role": "analyst"}
    _, made = await api.post("/v1/users", body, "administrator")
    assert made["user"]["pseudonym"].startswith("analyst-")
    assert (await api.get("/v1/status", made["token"]))[0] == 200
    _, people = await api.get("/v1/users", "manager")
    assert made["token"] not in str(people)
    assert "dana" in [user["name"] for user in people["users"]]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Dana", "role": "analyst"},
        {"name": "dana", "role": "chief"},
        {"name": "dana", "role": "analyst", "pseudonym": "system"},
        {"name": "dana", "role": "analyst", "pseudonym": "peer:bravo"},
        {"name": "dana", "role": "analyst", "pseudonym": "a\nb"},
        {"name": "analyst-1", "role": "analyst"},
    ],
)
async def test_a_person_has_a_name_of_their_own(api: DeskApi, body: dict[str, str]) -> None:
    status, answer = await api.post("/v1/users", body, "administrator")
    assert (status, code_of(answer)) == (400, "bad-input")


async def test_an_undetermined_item_comes_back(api: DeskApi) -> None:
    item = await filed(api)
    await api.post(f"/v1/items/{item}/take", {})
    body = {"baseline": NO, "verdicts": {"XA": "undetermined"}}
    assert (await api.post(f"/v1/items/{item}/assess", body))[1]["state"] == "new"
