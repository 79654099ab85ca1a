"""The table is the life of an item: nothing else happens, and nothing gets stuck."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.desk import Desk

from inhope_node.casework.turn import moved
from inhope_node.config import Deadlines
from inhope_node.errors import WrongState
from inhope_node.model.item import next_step
from inhope_node.model.lifecycle import (
    ENDS,
    NEXT,
    STEP,
    TABLE,
    TIMER,
    Actor,
    Event,
    State,
    step,
)

WRITTEN_OUT = {
    "new": "take=assessing",
    "assessing": (
        "take=assessing "
        "lease_ended=new "
        "assess_illegal=assessed "
        "assess_undetermined=new "
        "assess_not_illegal=closed_not_illegal "
        "assess_not_assessable=closed_not_assessable"
    ),
    "assessed": "locate=located",
    "located": (
        "locate=located here=police_pending abroad=offered no_member=orphaned superseded=informed"
    ),
    "orphaned": "locate=located abroad=offered superseded=informed",
    "offered": (
        "receipt=delivered accepted=police_pending given_back=located offer_ended=orphaned"
    ),
    "delivered": (
        "accepted=police_pending "
        "given_back=located "
        "offer_ended=orphaned "
        "offer_arrived=delivered "
        "accept=police_pending "
        "give_back=returned"
    ),
    "informed": "offer_arrived=delivered",
    "returned": "offer_arrived=delivered",
    "police_pending": (
        "reported_to_police=police_informed "
        "superseded=informed "
        "removed=removed "
        "unavailable=unavailable"
    ),
    "police_informed": (
        "reported_to_provider=notified superseded=informed removed=removed unavailable=unavailable"
    ),
    "notified": "superseded=informed removed=removed unavailable=unavailable",
    "removed": "superseded=informed back_online=located closed=closed_offline",
    "unavailable": "superseded=informed back_online=located closed=closed_offline",
    "closed_offline": "superseded=informed",
}
"""The table once more, by hand, so that no row comes or goes unseen."""

FOREIGN = (State.INFORMED,)
"""Where an item begins that a peer found."""


def reachable(*starts: State) -> set[State]:
    found, fresh = set(starts), set(starts)
    while fresh:
        fresh = {row.to for row in TABLE if row.state in fresh} - found
        found |= fresh
    return found


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_an_event_leads_on_exactly_where_the_table_says_so(state: State, event: Event) -> None:
    row = NEXT.get((state, event))
    if row is not None:
        assert step(state, event) is row.to
        return
    with pytest.raises(WrongState, match=f"'{event.value}' is not possible") as refusal:
        step(state, event)
    assert state.value in str(refusal.value)


def test_the_table_is_the_one_agreed_on() -> None:
    found: dict[str, set[str]] = {}
    for row in TABLE:
        found.setdefault(row.state.value, set()).add(f"{row.event.value}={row.to.value}")
    assert found == {state: set(rows.split()) for state, rows in WRITTEN_OUT.items()}


def test_no_two_rows_say_different_things_of_one_event() -> None:
    assert len(NEXT) == len(TABLE)


def test_every_state_that_is_not_an_end_has_a_clock_and_a_way_out() -> None:
    for state in set(State) - ENDS:
        assert TIMER[state] in Deadlines.model_fields
        assert {row.to for row in TABLE if row.state is state} - {state}
    assert not set(TIMER) & ENDS


def test_no_state_waits_for_a_peer_alone() -> None:
    for state in set(State) - ENDS:
        actors = {row.actor for row in TABLE if row.state is state and row.to is not state}
        assert actors - {Actor.PEER}, state


def test_an_end_is_left_only_because_a_peer_says_so() -> None:
    assert {row.actor for row in TABLE if row.state in ENDS} == {Actor.PEER}


def test_every_state_is_reached_from_where_items_begin() -> None:
    assert reachable(State.NEW, *FOREIGN) == set(State)


def test_an_end_is_reached_from_every_state() -> None:
    for state in State:
        assert reachable(state) & ENDS, state


def test_a_person_has_a_verb_for_every_state_in_which_analysts_or_owners_act() -> None:
    acting = {r.state for r in TABLE if r.actor in (Actor.ANALYST, Actor.OWNER)} - ENDS
    watching = {State.ORPHANED, State.REMOVED, State.UNAVAILABLE}
    assert acting - watching == set(STEP)


@given(st.lists(st.sampled_from(Event), max_size=40), st.sampled_from([State.NEW, *FOREIGN]))
def test_a_walk_never_leaves_the_table(events: list[Event], state: State) -> None:
    for event in events:
        try:
            after = step(state, event)
        except WrongState:
            assert (state, event) not in NEXT
            continue
        assert NEXT[state, event].to is after
        state = after
    assert state in reachable(State.NEW, *FOREIGN)


def test_a_step_that_is_refused_leaves_item_and_history_as_they_were(desk: Desk) -> None:
    item = desk.filed()
    head = desk.store.audit.head()
    for event in set(Event) - {Event.TAKE}:
        with pytest.raises(WrongState):
            moved(desk.turn(), item, event, country="XB")
    assert desk.store.items.get(item.id) == item
    assert desk.store.audit.head() == head


def test_only_the_owner_or_the_one_asked_has_a_next_step(desk: Desk) -> None:
    ours = desk.filed()
    assert next_step(ours, ours.owner) == "take"
    assert next_step(ours, "somebody else") == ""
    bravo = desk.peer("bravo")
    offered = desk.located("XB")
    assert next_step(offered, offered.owner) == ""
    told = desk.told(bravo)
    assert next_step(told, bravo) == ""
