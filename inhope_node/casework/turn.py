"""One turn at the store: who does something, when, for which node, under which rules.

Every use-case takes a `Turn`. It carries no service and no network: with the same store, the same
turn does the same.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from inhope_node.config import Rules
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import Event, step
from inhope_node.model.records import Fact, PlannedShare
from inhope_node.store.store import Store
from keys.encoding import encode
from keys.identifiers import show_uuid, uuid7
from protocol.bodies.catalogue import Body, encode_body

INTERPOL = "interpol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a use-case needs to know.

    Attributes:
        store: Where everything is kept; inside a transaction when a use-case runs.
        me: Our node id as hex.
        countries: The countries this node answers for.
        rules: Deadlines and policies.
        actor: Pseudonym of the person, or `system`, or `peer:<name>`.
        now_ms: The time, read once.
        entropy: Random bytes for ids.
    """

    store: Store
    me: str
    countries: tuple[str, ...]
    rules: Rules
    actor: str
    now_ms: int
    entropy: Callable[[int], bytes] = os.urandom
    places: Iterator[int] = field(default_factory=lambda: iter(range(4096)), repr=False)

    def new_id(self) -> str:
        """A fresh UUIDv7; those of one turn sort in the order in which they were asked for."""
        place = next(self.places).to_bytes(2)
        return show_uuid(uuid7(self.now_ms, place + self.entropy(8)))


def moved(turn: Turn, item: Item, event: Event, **changes: object) -> Item:
    """Take `item` one step on, save it and write the step into the audit.

    Raises:
        WrongState: The table does not know this step.
    """
    after = replace(item, state=step(item.state, event), changed_at_ms=turn.now_ms, **changes)  # type: ignore[arg-type]
    turn.store.items.save(after)
    steps = {"from": item.state.value, "to": after.state.value}
    turn.store.audit.add(
        at_ms=turn.now_ms, actor=turn.actor, event=event.value, item_id=item.id, **steps
    )
    return after


def state_fact(turn: Turn, item: Item, kind: str, body: Body) -> Fact:
    """Keep a statement of this node about an item; its id becomes its message's id."""
    fact = Fact(
        origin=turn.me,
        id=turn.new_id(),
        item_id=item.id,
        kind=kind,
        made_at_ms=turn.now_ms,
        body=encode(encode_body(body)),
    )
    turn.store.facts.add(fact)
    return fact


def plan(turn: Turn, item: Item, audience: str, *facts: Fact) -> None:
    """Plan to tell `audience` these facts; the item itself first when we found it."""
    told = [("item", item.id)] if item.finder == turn.me else []
    told += [(fact.kind, fact.id) for fact in facts if fact.origin == turn.me]
    for kind, fact_id in told:
        turn.store.shares.plan(
            PlannedShare(
                item_id=item.id,
                kind=kind,
                fact_id=fact_id,
                audience=audience,
                planned_at_ms=turn.now_ms,
            )
        )
