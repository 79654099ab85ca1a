"""What a peer's message does here: each kind, and each reason for which it has no effect."""

from dataclasses import replace

import pytest
from support.desk import ME, NO, YES, Desk, item_body
from support.identities import NOW_MS

from inhope_node.casework.answer_offer import accept, give_back
from inhope_node.casework.bodies import body_of
from inhope_node.casework.hear import _EFFECTS, Unheard, delivered, superseded
from inhope_node.casework.locate import end_offers, offer
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import State
from protocol.bodies.action import ActionBody
from protocol.bodies.assessment import AssessmentBody
from protocol.bodies.assignment import AcceptanceBody, OfferBody, ReturnBody
from protocol.bodies.catalogue import SCHEMAS, Body
from protocol.bodies.hosting import HostingBody
from protocol.bodies.item import ItemBody
from protocol.vocabulary import ActionType, HostingMethod, ResultCode, ReturnReason, Urgency

NOWHERE = "01890000-0000-7000-8000-00000000ffff"


def assessment(result: str = "baseline") -> AssessmentBody:
    return AssessmentBody.model_validate(
        {
            "method": "manual",
            "assessor": "analyst-1",
            "assessed_at_ms": NOW_MS,
            "labels": [],
            "baseline": YES if result == "baseline" else NO,
            "verdicts": [{"jurisdiction": "XB", "result": result}],
        }
    )


def hosting(country: str = "XA") -> HostingBody:
    return HostingBody(country=country, observed_at_ms=NOW_MS, method=HostingMethod.MANUAL)


def offering(epoch: int = 1) -> OfferBody:
    return OfferBody(epoch=epoch, lease_until_ms=NOW_MS)


def action(what: ActionType, epoch: int = 1) -> ActionBody:
    return ActionBody(action=what, at_ms=NOW_MS, epoch=epoch)


def giving_back(epoch: int = 1) -> ReturnBody:
    return ReturnBody(epoch=epoch, reason=ReturnReason.CAPACITY)


ABOUT_AN_ITEM: list[tuple[str, Body]] = [
    ("assessment", assessment()),
    ("hosting", hosting()),
    ("offer", offering()),
    ("acceptance", AcceptanceBody(epoch=1)),
    ("return", giving_back()),
    ("action", action(ActionType.REMOVED)),
]


def refused(  # noqa: PLR0913, PLR0917 (a message has these)
    desk: Desk, code: ResultCode, origin: str, kind: str, item_id: str, body: Body
) -> None:
    before = desk.store.items.find(item_id)
    facts = desk.store.facts.of_item(item_id)
    with pytest.raises(Unheard) as refusal:
        desk.hear(origin, kind, item_id, body)
    assert refusal.value.code is code
    assert desk.store.items.find(item_id) == before
    assert desk.store.facts.of_item(item_id) == facts


@pytest.fixture
def bravo(desk: Desk) -> str:
    return desk.peer("bravo")


@pytest.fixture
def offered(desk: Desk, bravo: str) -> Item:
    item = desk.located("XB")
    assert item.offered_to == bravo
    return item


def test_every_kind_with_a_body_has_its_effect() -> None:
    assert set(_EFFECTS) | {ItemBody} == set(SCHEMAS.values())


def test_an_item_we_are_told_of_is_its_finders(desk: Desk, bravo: str) -> None:
    item = desk.told(bravo)
    assert (item.state, item.owner, item.finder) == (State.INFORMED, bravo, bravo)
    assert (item.created_at_ms, item.received_at_ms) == (NOW_MS, NOW_MS)


def test_an_item_is_told_once_under_its_id(desk: Desk, bravo: str) -> None:
    item = desk.told(bravo)
    refused(desk, ResultCode.ID, bravo, "item", item.id, item_body("https://host.example/other"))
    ours = desk.filed()
    refused(desk, ResultCode.ID, bravo, "item", ours.id, item_body())


def test_an_address_that_we_cannot_work_with_is_refused(desk: Desk, bravo: str) -> None:
    refused(desk, ResultCode.SCHEMA, bravo, "item", NOWHERE, item_body("gopher://host.example"))


@pytest.mark.parametrize(("kind", "body"), ABOUT_AN_ITEM)
def test_what_is_said_of_an_unknown_item_waits_for_it(
    desk: Desk, bravo: str, kind: str, body: Body
) -> None:
    refused(desk, ResultCode.SUBJECT, bravo, kind, NOWHERE, body)


@pytest.mark.parametrize(("kind", "body"), ABOUT_AN_ITEM)
def test_a_node_that_has_no_part_in_an_item_has_no_say(
    desk: Desk, bravo: str, kind: str, body: Body
) -> None:
    carol = desk.peer("carol")
    item = desk.told(bravo)
    answer = kind in ("acceptance", "return")
    code = ResultCode.SUPERSEDED if answer else ResultCode.ORIGIN
    refused(desk, code, carol, kind, item.id, body)


def test_the_gravest_assessment_heard_rules(desk: Desk, bravo: str) -> None:
    item = desk.told(bravo)
    for result, rules in (
        ("not_illegal", "not_illegal"),
        ("nationally_illegal", "nationally_illegal"),
        ("not_illegal", "nationally_illegal"),
        ("baseline", "baseline"),
    ):
        fact = desk.hear(bravo, "assessment", item.id, assessment(result))
        assert desk.store.items.get(item.id).verdict == rules
        assert body_of(fact, AssessmentBody) == assessment(result)
    assert desk.store.items.get(item.id).state is State.INFORMED
    assert len(desk.store.facts.of_item(item.id, "assessment")) == 4


def test_a_stored_fact_of_another_kind_is_our_own_bug(desk: Desk, bravo: str) -> None:
    fact = desk.hear(bravo, "hosting", desk.told(bravo).id, hosting())
    with pytest.raises(TypeError, match="hosting is no ActionBody"):
        body_of(fact, ActionBody)


def test_an_observation_heard_tells_the_country_and_moves_nothing(desk: Desk, bravo: str) -> None:
    item = desk.told(bravo)
    desk.hear(bravo, "hosting", item.id, hosting("XA"))
    after = desk.store.items.get(item.id)
    assert (after.country, after.state) == ("XA", State.INFORMED)


def test_an_offer_puts_the_item_before_our_people(desk: Desk, bravo: str) -> None:
    item = desk.told(bravo)
    desk.hear(bravo, "offer", item.id, offering())
    after = desk.store.items.get(item.id)
    assert (after.state, after.offered_to, after.owner) == (State.DELIVERED, ME, bravo)


def test_an_offer_of_an_epoch_that_is_spent_is_refused(desk: Desk, bravo: str) -> None:
    item = desk.told(bravo)
    desk.hear(bravo, "offer", item.id, offering(3))
    give_back(desk.turn(), item.id, "capacity")
    refused(desk, ResultCode.EPOCH, bravo, "offer", item.id, offering(2))
    desk.hear(bravo, "offer", item.id, offering(5))
    assert desk.store.items.get(item.id).epoch == 4


def test_a_newer_offer_takes_the_place_of_one_that_still_waits_here(desk: Desk, bravo: str) -> None:
    item = desk.told(bravo)
    desk.hear(bravo, "offer", item.id, offering(1))
    desk.hear(bravo, "offer", item.id, offering(3))
    assert accept(desk.turn(), item.id).epoch == 3


def test_nobody_offers_us_what_is_ours(desk: Desk, bravo: str) -> None:
    refused(desk, ResultCode.ORIGIN, bravo, "offer", desk.filed().id, offering())


def test_an_acceptance_moves_the_ownership(desk: Desk, bravo: str, offered: Item) -> None:
    desk.hear(bravo, "acceptance", offered.id, AcceptanceBody(epoch=1))
    after = desk.store.items.get(offered.id)
    assert (after.state, after.owner, after.epoch) == (State.POLICE_PENDING, bravo, 1)
    assert (after.offered_to, after.lease_until_ms) == ("", 0)


@pytest.mark.parametrize("epoch", [2, 7])
def test_an_acceptance_of_another_epoch_is_superseded(
    desk: Desk, bravo: str, offered: Item, epoch: int
) -> None:
    body = AcceptanceBody(epoch=epoch)
    refused(desk, ResultCode.SUPERSEDED, bravo, "acceptance", offered.id, body)


def test_the_second_acceptance_is_superseded(desk: Desk, bravo: str, offered: Item) -> None:
    desk.hear(bravo, "acceptance", offered.id, AcceptanceBody(epoch=1))
    body = AcceptanceBody(epoch=2)
    refused(desk, ResultCode.SUPERSEDED, bravo, "acceptance", offered.id, body)
    refused(desk, ResultCode.SUPERSEDED, bravo, "return", offered.id, giving_back())


def test_an_acceptance_by_another_than_the_one_asked_is_superseded(
    desk: Desk, offered: Item
) -> None:
    carol = desk.peer("carol")
    body = AcceptanceBody(epoch=1)
    refused(desk, ResultCode.SUPERSEDED, carol, "acceptance", offered.id, body)


def test_a_return_brings_the_item_back_with_its_reason_and_spends_the_epoch(
    desk: Desk, bravo: str, offered: Item
) -> None:
    desk.hear(bravo, "return", offered.id, giving_back())
    after = desk.store.items.get(offered.id)
    assert (after.state, after.owner, after.returned) == (State.LOCATED, ME, "capacity")
    assert after.epoch == 1
    again = offer(desk.turn(), offered.id, "bravo")
    assert (again.state, again.returned) == (State.OFFERED, "")
    (first, second) = desk.store.facts.of_item(offered.id, "offer")
    assert body_of(first, OfferBody).epoch == 1
    assert body_of(second, OfferBody).epoch == 2


def test_an_offer_nobody_answers_ends_with_its_lease(desk: Desk, bravo: str, offered: Item) -> None:
    delivered(desk.turn(), offered, bravo)
    desk.later(desk.rules.offer_lease_ms - 1)
    assert end_offers(desk.turn("system")) == 0
    desk.later(1)
    assert end_offers(desk.turn("system")) == 1
    after = desk.store.items.get(offered.id)
    assert (after.state, after.owner, after.epoch) == (State.ORPHANED, ME, 1)
    body = AcceptanceBody(epoch=1)
    refused(desk, ResultCode.SUPERSEDED, bravo, "acceptance", offered.id, body)
    assert offer(desk.turn(), offered.id, "bravo").offered_to == bravo


def test_an_offer_to_us_does_not_end_here(desk: Desk, bravo: str) -> None:
    item = desk.told(bravo)
    desk.hear(bravo, "offer", item.id, offering())
    desk.later(10 * desk.rules.offer_lease_ms)
    assert end_offers(desk.turn("system")) == 0


def test_a_receipt_says_that_the_offer_lies_before_their_people(
    desk: Desk, bravo: str, offered: Item
) -> None:
    delivered(desk.turn(), offered, "another")
    assert desk.store.items.get(offered.id).state is State.OFFERED
    delivered(desk.turn(), offered, bravo)
    after = desk.store.items.get(offered.id)
    assert after.state is State.DELIVERED
    delivered(desk.turn(), after, bravo)
    assert desk.store.items.get(offered.id) == after


def test_the_copy_follows_the_owners_acts(desk: Desk, bravo: str, offered: Item) -> None:
    desk.hear(bravo, "acceptance", offered.id, AcceptanceBody(epoch=1))
    for what, state in (
        (ActionType.REPORTED_TO_POLICE, State.POLICE_INFORMED),
        (ActionType.REPORTED_TO_PROVIDER, State.NOTIFIED),
        (ActionType.REMOVED, State.REMOVED),
        (ActionType.BACK_ONLINE, State.LOCATED),
    ):
        desk.hear(bravo, "action", offered.id, action(what))
        assert desk.store.items.get(offered.id).state is state


@pytest.mark.parametrize(
    ("country", "state"), [("XB", State.POLICE_PENDING), ("XC", State.ORPHANED)]
)
def test_the_copy_follows_where_the_owner_finds_it_again(
    desk: Desk, bravo: str, offered: Item, country: str, state: State
) -> None:
    desk.hear(bravo, "acceptance", offered.id, AcceptanceBody(epoch=1))
    for what in (ActionType.REMOVED, ActionType.BACK_ONLINE):
        desk.hear(bravo, "action", offered.id, action(what))
    desk.hear(bravo, "hosting", offered.id, hosting(country))
    after = desk.store.items.get(offered.id)
    assert (after.state, after.country, after.owner) == (state, country, bravo)
    desk.hear(bravo, "hosting", offered.id, hosting("XB"))
    assert desk.store.items.get(offered.id).state is State.POLICE_PENDING


def test_acts_of_another_epoch_or_out_of_place_are_refused(
    desk: Desk, bravo: str, offered: Item
) -> None:
    removed = action(ActionType.REMOVED)
    refused(desk, ResultCode.ORIGIN, bravo, "action", offered.id, removed)
    desk.hear(bravo, "acceptance", offered.id, AcceptanceBody(epoch=1))
    old, early = action(ActionType.REMOVED, 0), action(ActionType.CLOSED)
    refused(desk, ResultCode.EPOCH, bravo, "action", offered.id, old)
    refused(desk, ResultCode.STATE, bravo, "action", offered.id, early)
    not_yet = action(ActionType.POLICE_HOLD)
    refused(desk, ResultCode.STATE, bravo, "action", offered.id, not_yet)


def test_our_late_acceptance_is_taken_back_wherever_the_item_stands(desk: Desk, bravo: str) -> None:
    item = desk.told(bravo)
    desk.hear(bravo, "offer", item.id, offering())
    item = accept(desk.turn(), item.id)
    for state in State:
        placed = replace(item, state=state)
        if state in (State.NEW, State.ASSESSING, State.ASSESSED, State.OFFERED, State.DELIVERED):
            continue
        if state in (State.INFORMED, State.RETURNED) or state.value.startswith("closed_not"):
            continue
        after = superseded(desk.turn(), placed, bravo)
        assert (after.state, after.owner, after.epoch) == (State.INFORMED, bravo, 0)


def test_an_urgent_item_stays_urgent(desk: Desk, bravo: str) -> None:
    desk.hear(bravo, "item", NOWHERE, item_body(urgency=Urgency.HIGH))
    assert desk.store.items.get(NOWHERE).urgent
