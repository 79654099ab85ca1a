"""What people of this house do with an item: every verb, and every way in which it is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.desk import ADDRESS, ME, NO, YES, Desk, finding
from support.identities import NOW_MS

from inhope_node.casework.act import ACTS, act
from inhope_node.casework.answer_offer import accept, give_back
from inhope_node.casework.assess import Finding, assess
from inhope_node.casework.file_report import ITEMS_MAX, Submission, file_report
from inhope_node.casework.locate import locate, offer
from inhope_node.casework.take import end_leases, next_item, take
from inhope_node.config import Rules
from inhope_node.errors import BadInput, ContentsRefused, NotFound, WrongState
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import State
from keys.card import Role
from protocol.bodies.assignment import AcceptanceBody, OfferBody

FILE = "iVBORw0KGgo" + "A" * 240
MINUTE_MS = 60_000


def offered_to_us(desk: Desk, origin: str) -> Item:
    item = desk.told(origin)
    desk.hear(origin, "offer", item.id, OfferBody(epoch=1, lease_until_ms=NOW_MS + 1000))
    return desk.store.items.get(item.id)


# --- file


def test_a_report_makes_an_item_of_each_address_in_their_order(desk: Desk) -> None:
    addresses = [f"https://host.example/{number}" for number in range(ITEMS_MAX)]
    report, items = file_report(desk.turn(), Submission(addresses=addresses, urgency="high"))
    assert [item.address for item in items] == addresses
    assert desk.store.items.of_report(report.id) == [item.id for item in items]
    assert {(i.state, i.owner, i.finder, i.epoch) for i in items} == {(State.NEW, ME, ME, 0)}
    assert all(item.urgent for item in items)
    assert report.received_at_ms == report.filed_at_ms == NOW_MS


def test_the_first_clock_runs_since_the_public_reported_it(desk: Desk) -> None:
    report, (item,) = file_report(desk.turn(), Submission(addresses=[ADDRESS], received_at_ms=5))
    assert (report.received_at_ms, item.received_at_ms, item.created_at_ms) == (5, 5, NOW_MS)


@pytest.mark.parametrize(
    ("addresses", "says"),
    [
        ([], "1 to 200 addresses"),
        ([f"https://host.example/{n}" for n in range(ITEMS_MAX + 1)], "file the rest"),
        ([ADDRESS, "host"], "Address 2: "),
        ([ADDRESS, f" {ADDRESS}"], "twice"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(
    desk: Desk, addresses: list[str], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        file_report(desk.turn(), Submission(addresses=addresses))
    assert desk.store.reports.count() == 0


@pytest.mark.parametrize("name", ["reference", "notes", "reporter"])
def test_a_text_that_could_be_a_file_is_refused_before_anything_is_stored(
    desk: Desk, name: str
) -> None:
    submission = replace(Submission(addresses=[ADDRESS]), **{name: FILE})  # type: ignore[arg-type]
    with pytest.raises(ContentsRefused, match=name) as refusal:
        file_report(desk.turn(), submission)
    assert FILE not in str(refusal.value)
    assert desk.store.reports.count() == 0


# --- take


def test_who_takes_an_item_holds_it_for_the_time_of_a_lease(desk: Desk) -> None:
    item = desk.taken()
    lease_ms = desk.rules.deadlines_ms.lease
    assert (item.state, item.taken_by) == (State.ASSESSING, "ann")
    assert item.lease_until_ms == NOW_MS + lease_ms
    desk.later(1000)
    assert take(desk.turn(), item.id).lease_until_ms == NOW_MS + 1000 + lease_ms


def test_two_people_never_hold_one_item(desk: Desk) -> None:
    item = desk.taken()
    with pytest.raises(WrongState, match="ann has this item now"):
        take(desk.turn("bob"), item.id)
    with pytest.raises(WrongState, match="ann has this item now"):
        assess(desk.turn("bob"), item.id, finding())


def test_when_a_lease_ends_somebody_else_may_take_it(desk: Desk) -> None:
    item = desk.taken()
    desk.later(desk.rules.deadlines_ms.lease - 1)
    assert end_leases(desk.turn("system")) == 0
    with pytest.raises(WrongState):
        take(desk.turn("bob"), item.id)
    desk.later(1)
    assert take(desk.turn("bob"), item.id).taken_by == "bob"
    with pytest.raises(WrongState, match="bob has this item now"):
        assess(desk.turn("ann"), item.id, finding())


def test_an_item_whose_lease_ended_is_new_again(desk: Desk) -> None:
    item = desk.taken()
    desk.later(desk.rules.deadlines_ms.lease)
    assert end_leases(desk.turn("system")) == 1
    after = desk.store.items.get(item.id)
    assert (after.state, after.taken_by, after.lease_until_ms) == (State.NEW, "", 0)
    assert desk.store.audit.of_item(item.id)[-1].actor == "system"


def test_the_next_item_is_the_most_pressing_and_taken_in_the_same_step(desk: Desk) -> None:
    desk.filed("https://host.example/1")
    desk.later(1)
    urgent = desk.filed("https://host.example/2", urgency="imminent_risk")
    seen, step = next_item(desk.turn("ann"), take_it=False)
    assert (seen, step) == (urgent, "take")
    mine, step = next_item(desk.turn("ann"), take_it=True)
    assert mine is not None
    assert (mine.id, mine.taken_by, step) == (urgent.id, "ann", "assess")
    other, _ = next_item(desk.turn("bob"), take_it=True)
    assert other is not None
    assert other.id != urgent.id
    assert next_item(desk.turn("eve"), take_it=True) == (None, "")


def test_what_waits_for_its_provider_hides_nothing_that_waits_for_a_person(desk: Desk) -> None:
    waiting = desk.located("XA")
    for action in ("reported_to_police", "reported_to_provider"):
        act(desk.turn(), waiting.id, action, "")
    assert next_item(desk.turn(), take_it=False)[0] == desk.store.items.get(waiting.id)
    desk.later(1)
    new = desk.filed("https://host.example/new")
    assert next_item(desk.turn(), take_it=False) == (new, "take")


def test_an_item_somebody_let_go_is_offered_to_be_taken_not_to_be_assessed(desk: Desk) -> None:
    item = desk.taken()
    desk.later(desk.rules.deadlines_ms.lease)
    assert next_item(desk.turn("ann"), take_it=False)[1] == "assess"
    assert next_item(desk.turn("bob"), take_it=False)[1] == "take"
    mine, step = next_item(desk.turn("bob"), take_it=True)
    assert mine is not None
    assert (mine.id, mine.taken_by, step) == (item.id, "bob", "assess")


def test_an_item_past_assessing_is_not_taken_and_says_what_is_possible(desk: Desk) -> None:
    item = desk.assessed()
    with pytest.raises(WrongState, match="Possible: locate"):
        take(desk.turn(), item.id)


# --- assess


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ("baseline", State.ASSESSED),
        ("nationally_illegal", State.ASSESSED),
        ("undetermined", State.NEW),
        ("not_illegal", State.CLOSED_NOT_ILLEGAL),
        ("out_of_remit", State.CLOSED_NOT_ILLEGAL),
        ("not_assessable", State.CLOSED_NOT_ASSESSABLE),
    ],
)
def test_a_verdict_rules_where_the_item_goes(desk: Desk, result: str, state: State) -> None:
    item = desk.assessed(result)
    assert (item.state, item.verdict) == (state, result)
    assert (item.taken_by, item.lease_until_ms) == ("", 0)
    (fact,) = desk.store.facts.of_item(item.id, "assessment")
    assert (fact.origin, fact.made_at_ms) == (ME, NOW_MS)


def test_the_gravest_verdict_of_all_jurisdictions_rules(desk: Desk) -> None:
    item = assess(desk.turn(), desk.taken().id, finding("not_illegal", XB="nationally_illegal"))
    assert (item.state, item.verdict) == (State.ASSESSED, "nationally_illegal")


@pytest.mark.parametrize("question", list(YES))
@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_baseline_is_the_verdict_only_where_all_three_answers_are_yes(
    desk: Desk, question: str, answer: str
) -> None:
    item = desk.taken()
    wrong = Finding(labels=[], baseline=YES | {question: answer}, verdicts={"XA": "baseline"})
    with pytest.raises(BadInput, match="exactly when all three answers are yes"):
        assess(desk.turn(), item.id, wrong)
    wrong = Finding(labels=[], baseline=YES, verdicts={"XA": "nationally_illegal"})
    with pytest.raises(BadInput, match="exactly when all three answers are yes"):
        assess(desk.turn(), item.id, wrong)
    assert desk.store.items.get(item.id) == item
    assert desk.planned() == []


@pytest.mark.parametrize(
    ("labels", "baseline", "verdicts", "place"),
    [
        (["Alpha"], NO, {"XA": "not_illegal"}, "labels.0"),
        ([], NO, {}, "verdicts"),
        ([], NO, {"Xanadu": "not_illegal"}, "verdicts.0.jurisdiction"),
        ([], NO, {"XA": "awful"}, "verdicts.0.result"),
        ([], {"real": "yes"}, {"XA": "not_illegal"}, "baseline.below_age_limit"),
        ([], NO | {"real": "maybe"}, {"XA": "not_illegal"}, "baseline.real"),
        ([], NO | {"https://host.example": "yes"}, {"XA": "not_illegal"}, "(unnamed)"),
    ],
)
def test_a_finding_with_an_unknown_word_is_refused_by_the_name_of_its_field(
    desk: Desk, labels: list[str], baseline: dict[str, str], verdicts: dict[str, str], place: str
) -> None:
    item = desk.taken()
    with pytest.raises(BadInput) as refusal:
        assess(desk.turn(), item.id, Finding(labels=labels, baseline=baseline, verdicts=verdicts))
    assert place in str(refusal.value)
    assert "host.example" not in str(refusal.value)
    assert desk.store.items.get(item.id) == item


def test_an_item_nobody_took_is_not_assessed(desk: Desk) -> None:
    with pytest.raises(WrongState, match="Possible: take"):
        assess(desk.turn(), desk.filed().id, finding())
    with pytest.raises(NotFound):
        assess(desk.turn(), "nothing", finding())


# --- what INTERPOL is told


def test_interpol_is_told_of_baseline_always_and_item_first(desk: Desk) -> None:
    desk.rules = Rules(interpol_national=False)
    desk.assessed("baseline")
    assert desk.told_to("interpol") == ["item", "assessment"]


@pytest.mark.parametrize("policy", [True, False])
def test_interpol_is_told_of_what_is_illegal_here_by_policy(desk: Desk, *, policy: bool) -> None:
    desk.rules = Rules(interpol_national=policy)
    item = desk.assessed("nationally_illegal")
    locate(desk.turn(), item.id, {"country": "XA"})
    assert desk.told_to("interpol") == (["item", "assessment", "hosting"] if policy else [])


@pytest.mark.parametrize(
    "result", ["undetermined", "not_illegal", "out_of_remit", "not_assessable"]
)
def test_interpol_is_told_nothing_else(desk: Desk, result: str) -> None:
    desk.assessed(result)
    assert desk.planned() == []


def test_interpol_is_told_each_thing_at_most_once(desk: Desk) -> None:
    item = desk.located("XA")
    act(desk.turn(), item.id, "removed", "")
    act(desk.turn(), item.id, "back_online", "")
    locate(desk.turn(), item.id, {"country": "XA"})
    shares = [(share.kind, share.fact_id) for share in desk.planned()]
    assert len(shares) == len(set(shares))
    assert desk.told_to("interpol") == ["item", "assessment", "hosting", "hosting"]


# --- locate


def test_hosted_here_it_waits_for_the_police_here(desk: Desk) -> None:
    item = desk.located("XA")
    assert (item.state, item.country, item.offered_to) == (State.POLICE_PENDING, "XA", "")


def test_hosted_abroad_it_is_offered_there_with_all_that_is_needed_to_decide(desk: Desk) -> None:
    bravo = desk.peer("bravo")
    item = desk.located("XB")
    assert (item.state, item.offered_to, item.owner) == (State.OFFERED, bravo, ME)
    assert item.epoch == 0
    assert desk.told_to(bravo) == ["item", "assessment", "hosting", "offer"]


@pytest.mark.parametrize("verified", [True, False])
def test_hosted_where_nobody_verified_answers_it_is_orphaned(desk: Desk, *, verified: bool) -> None:
    desk.peer("bravo", countries=("XB",), verified=False)
    desk.peer("carol", countries=("XC",), verified=verified)
    desk.peer("interpol", countries=("XB",), role=Role.INTERPOL)
    item = desk.located("XB")
    assert (item.state, item.offered_to) == (State.ORPHANED, "")
    assert {share.audience for share in desk.planned()} == {"interpol"}


def test_partners_are_asked_in_the_order_set_else_lowest_node_id_first(desk: Desk) -> None:
    ids = {name: desk.peer(name) for name in ("bravo", "carol", "delta")}
    lowest = min(ids.values())
    assert desk.located("XB").offered_to == lowest
    last = max(ids, key=lambda name: ids[name])
    desk.rules = Rules(partners={"XB": [last]})
    second = desk.assessed(address="https://host.example/two")
    assert locate(desk.turn(), second.id, {"country": "XB"}).offered_to == ids[last]


def test_an_observation_is_kept_with_its_sources(desk: Desk) -> None:
    item = desk.assessed()
    seen = {"country": "XA", "method": "dns", "addresses": ["192.0.2.1"], "asn": 64496}
    locate(desk.turn(), item.id, seen | {"organisation": "Host", "cdn": True})
    (fact,) = desk.store.facts.of_item(item.id, "hosting")
    assert b"192.0.2.1" in fact.body


@pytest.mark.parametrize(
    ("observation", "place"),
    [
        ({}, "country"),
        ({"country": "Xanadu"}, "country"),
        ({"country": "XA", "method": "guess"}, "method"),
        ({"country": "XA", "addresses": ["host.example"]}, "addresses.0"),
        ({"country": "XA", "asn": 2**40}, "asn"),
        ({"country": "XA", "organisation": "x" * 500}, "organisation"),
    ],
)
def test_an_incomplete_observation_is_refused(
    desk: Desk, observation: dict[str, object], place: str
) -> None:
    item = desk.assessed()
    with pytest.raises(BadInput, match=f"'{place}'"):
        locate(desk.turn(), item.id, observation)
    assert desk.store.items.get(item.id) == item


def test_an_observation_that_could_be_a_file_is_refused(desk: Desk) -> None:
    item = desk.assessed()
    with pytest.raises(ContentsRefused, match="organisation"):
        locate(desk.turn(), item.id, {"country": "XA", "organisation": FILE[:190]})


def test_an_item_is_located_after_it_was_assessed(desk: Desk) -> None:
    with pytest.raises(WrongState):
        locate(desk.turn(), desk.filed().id, {"country": "XA"})


def test_an_orphan_is_located_anew_when_its_country_gets_a_hotline(desk: Desk) -> None:
    item = desk.located("XB")
    bravo = desk.peer("bravo")
    assert locate(desk.turn(), item.id, {"country": "XB"}).offered_to == bravo


# --- offer


def test_an_orphan_is_offered_by_name_or_to_the_first_of_its_country(desk: Desk) -> None:
    first, second = desk.located("XB"), desk.assessed(address="https://host.example/two")
    second = locate(desk.turn(), second.id, {"country": "XB"})
    carol = desk.peer("carol", countries=("XC",))
    assert offer(desk.turn(), first.id, "carol").offered_to == carol
    bravo = desk.peer("bravo")
    assert offer(desk.turn(), second.id, "").offered_to == bravo


def test_an_offer_goes_to_verified_peers_only(desk: Desk) -> None:
    item = desk.located("XB")
    desk.peer("bravo", verified=False)
    for to in ("", "bravo"):
        with pytest.raises(BadInput, match="peer list"):
            offer(desk.turn(), item.id, to)
    with pytest.raises(NotFound):
        offer(desk.turn(), item.id, "nobody")
    assert desk.store.items.get(item.id).state is State.ORPHANED


def test_an_item_is_offered_to_one_peer_at_a_time(desk: Desk) -> None:
    desk.peer("bravo")
    desk.peer("carol", countries=("XC",))
    item = desk.located("XB")
    with pytest.raises(WrongState):
        offer(desk.turn(), item.id, "carol")


# --- accept and return


def test_who_accepts_owns_it_at_once_and_tells_the_offerer(desk: Desk) -> None:
    bravo = desk.peer("bravo")
    item = accept(desk.turn(), offered_to_us(desk, bravo).id)
    assert (item.state, item.owner, item.epoch) == (State.POLICE_PENDING, ME, 1)
    assert (item.offered_to, item.finder) == ("", bravo)
    assert desk.told_to(bravo) == ["acceptance"]


@pytest.mark.parametrize("reason", ["not_hosted_here", "capacity", "duplicate"])
def test_who_returns_says_why_and_owns_nothing(desk: Desk, reason: str) -> None:
    bravo = desk.peer("bravo")
    item = give_back(desk.turn(), offered_to_us(desk, bravo).id, reason)
    assert (item.state, item.owner, item.returned) == (State.RETURNED, bravo, reason)
    assert desk.told_to(bravo) == ["return"]
    with pytest.raises(WrongState, match="not offered to this node"):
        accept(desk.turn(), item.id)


def test_a_return_for_an_unknown_reason_is_refused(desk: Desk) -> None:
    item = offered_to_us(desk, desk.peer("bravo"))
    with pytest.raises(BadInput, match="'reason'"):
        give_back(desk.turn(), item.id, "no time")
    assert desk.store.items.get(item.id) == item


def test_what_is_not_offered_to_us_is_neither_accepted_nor_returned(desk: Desk) -> None:
    desk.peer("bravo")
    for item in (desk.filed("https://host.example/two"), desk.located("XB")):
        with pytest.raises(WrongState, match="not offered to this node"):
            accept(desk.turn(), item.id)
        with pytest.raises(WrongState, match="not offered to this node"):
            give_back(desk.turn(), item.id, "capacity")


# --- act


def test_the_owners_acts_lead_to_the_end(desk: Desk) -> None:
    item = desk.located("XA")
    states = [
        act(desk.turn(), item.id, action, "").state
        for action in ("reported_to_police", "reported_to_provider", "unavailable", "closed")
    ]
    assert states == [
        State.POLICE_INFORMED,
        State.NOTIFIED,
        State.UNAVAILABLE,
        State.CLOSED_OFFLINE,
    ]
    assert {share.audience for share in desk.planned()} == {"interpol"}


def test_the_finder_is_told_what_the_owner_does(desk: Desk) -> None:
    bravo = desk.peer("bravo")
    item = accept(desk.turn(), offered_to_us(desk, bravo).id)
    act(desk.turn(), item.id, "reported_to_police", "by phone")
    assert desk.told_to(bravo) == ["acceptance", "action"]


def test_what_came_back_online_elsewhere_is_orphaned_by_an_owner_who_did_not_find_it(
    desk: Desk,
) -> None:
    bravo = desk.peer("bravo")
    desk.peer("carol", countries=("XC",))
    item = accept(desk.turn(), offered_to_us(desk, bravo).id)
    act(desk.turn(), item.id, "removed", "")
    act(desk.turn(), item.id, "back_online", "")
    item = locate(desk.turn(), item.id, {"country": "XC"})
    assert (item.state, item.owner, item.offered_to) == (State.ORPHANED, ME, "")
    with pytest.raises(WrongState, match="Only the node that found this item"):
        offer(desk.turn(), item.id, "carol")
    item = locate(desk.turn(), item.id, {"country": "XA"})
    assert item.state is State.POLICE_PENDING
    assert desk.told_to(bravo) == ["acceptance", "action", "action", "hosting", "hosting"]


def test_only_the_owner_acts_locates_offers_and_takes(desk: Desk) -> None:
    item = desk.told(desk.peer("bravo"))
    attempts: tuple[Callable[[], Item], ...] = (
        lambda: act(desk.turn(), item.id, "removed", ""),
        lambda: locate(desk.turn(), item.id, {"country": "XA"}),
        lambda: offer(desk.turn(), item.id, "bravo"),
        lambda: take(desk.turn(), item.id),
        lambda: assess(desk.turn(), item.id, finding()),
    )
    for attempt in attempts:
        with pytest.raises(WrongState):
            attempt()
    assert desk.store.items.get(item.id) == item


def test_what_a_peer_accepted_is_its_to_act_on(desk: Desk) -> None:
    bravo = desk.peer("bravo")
    item = desk.located("XB")
    desk.hear(bravo, "acceptance", item.id, AcceptanceBody(epoch=1))
    item = desk.store.items.get(item.id)
    assert item.state is State.POLICE_PENDING
    with pytest.raises(WrongState, match="only the owner acts"):
        act(desk.turn(), item.id, "removed", "")
    assert desk.store.items.get(item.id) == item


@pytest.mark.parametrize("action", ["", "moved", "assess_illegal", "take"])
def test_an_act_is_one_of_the_known_words(desk: Desk, action: str) -> None:
    item = desk.located("XA")
    with pytest.raises(BadInput, match="reported_to_police"):
        act(desk.turn(), item.id, action, "")


def test_every_act_is_refused_where_it_does_not_fit(desk: Desk) -> None:
    item = desk.filed()
    for event in ACTS:
        with pytest.raises(WrongState):
            act(desk.turn(), item.id, event.value, "")


@pytest.mark.parametrize("reason", ["x" * 501, "a\x00b"])
def test_a_reason_is_a_short_text(desk: Desk, reason: str) -> None:
    item = desk.located("XA")
    with pytest.raises((BadInput, ContentsRefused)):
        act(desk.turn(), item.id, "removed", reason)
    assert desk.store.items.get(item.id) == item


def test_a_reason_may_have_lines_and_any_script(desk: Desk) -> None:
    item = desk.located("XA")
    assert act(desk.turn(), item.id, "removed", "erst,\r\ndann…\t後で").state is State.REMOVED
