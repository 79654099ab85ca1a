"""The owner's acts: what was done about an item, and by whom it must be known.

Only the owner acts. What it does travels back to the finder, whose copy follows.
"""

from inhope_node.casework.bodies import own_body
from inhope_node.casework.turn import Turn, moved, plan, state_fact
from inhope_node.errors import BadInput, WrongState
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import Event
from protocol.bodies.action import ActionBody

ACTS = (
    Event.TOLD_POLICE,
    Event.TOLD_PROVIDER,
    Event.GONE_REMOVED,
    Event.GONE_UNAVAILABLE,
    Event.BACK_ONLINE,
    Event.CLOSE,
)


def act(turn: Turn, item_id: str, action: str, reason: str) -> Item:
    """Record an act of this node.

    Raises:
        NotFound: This node has no such item.
        WrongState: We do not own it, or the act does not fit where it stands.
        BadInput: The act is none of the known words.
    """
    if action not in {event.value for event in ACTS}:
        raise BadInput(f"An act is one of {', '.join(event.value for event in ACTS)}.")
    item = turn.store.items.get(item_id)
    if item.owner != turn.me:
        raise WrongState("Another node owns this item; only the owner acts, others propose.")
    values = {"action": action, "at_ms": turn.now_ms, "epoch": item.epoch, "reason": reason}
    body = own_body(ActionBody, values)
    item = moved(turn, item, Event(action))
    fact = state_fact(turn, item, "action", body)
    if item.finder != turn.me:
        plan(turn, item, item.finder, fact)
    return item
