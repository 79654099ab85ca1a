"""Take an item: a lease, so that no two people look at the same thing.

A lease ends by itself when its holder goes away; the holder may renew it by taking again.
"""

from inhope_node.casework.turn import Turn, moved
from inhope_node.errors import WrongState
from inhope_node.model.item import Item, next_step
from inhope_node.model.lifecycle import Event, State

CANDIDATES_MAX = 1


def take(turn: Turn, item_id: str) -> Item:
    """Give the item to the acting analyst.

    Raises:
        NotFound: This node has no such item.
        WrongState: Somebody else holds it, or it is past assessing, or it is not ours.
    """
    item = turn.store.items.get(item_id)
    if item.owner != turn.me:
        raise WrongState("Another node owns this item; its people work on it.")
    held = item.state is State.ASSESSING and item.lease_until_ms > turn.now_ms
    if held and item.taken_by != turn.actor:
        raise WrongState(f"{item.taken_by} has this item now; take another, `item next` finds one.")
    until_ms = turn.now_ms + turn.rules.deadlines_ms.lease
    return moved(turn, item, Event.TAKE, taken_by=turn.actor, lease_until_ms=until_ms)


def next_item(turn: Turn, *, take_it: bool) -> tuple[Item | None, str]:
    """The most pressing item on which this person can do something, and the verb for it.

    With `take_it` a new item is taken in the same step, so two people never get the same one.
    """
    found = turn.store.items.waiting(
        turn.me, pseudonym=turn.actor, now_ms=turn.now_ms, limit=CANDIDATES_MAX
    )
    if not found:
        return None, ""
    item = found[0]
    expired = item.state is State.ASSESSING and item.taken_by != turn.actor
    step = "take" if expired else next_step(item, turn.me)
    if take_it and step == "take":
        item = take(turn, item.id)
        step = next_step(item, turn.me)
    return item, step


def end_leases(turn: Turn) -> int:
    """Put items back whose lease ran out; returns how many."""
    ended = turn.store.items.leases_ended(turn.me, State.ASSESSING, now_ms=turn.now_ms)
    for item in ended:
        moved(turn, item, Event.LEASE_ENDED, taken_by="", lease_until_ms=0)
    return len(ended)
