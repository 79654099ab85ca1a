"""An offer came to us: accept it and own it at once, or return it with a reason.

The acceptor acts at once; whether its acceptance was the first is decided in the owner's database
and told in the receipt (`superseded` takes the ownership back).
"""

from inhope_node.casework.bodies import own_body
from inhope_node.casework.turn import Turn, moved, plan, state_fact
from inhope_node.errors import WrongState
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import Event
from protocol.bodies.assignment import AcceptanceBody, ReturnBody


def accept(turn: Turn, item_id: str) -> Item:
    """Own the offered item from now on.

    Raises:
        NotFound: This node has no such item.
        WrongState: It is not offered to us.
    """
    item = _offered(turn, item_id)
    offerer, epoch = item.owner, item.epoch + 1
    item = moved(turn, item, Event.ACCEPT, owner=turn.me, epoch=epoch, offered_to="")
    plan(turn, item, offerer, state_fact(turn, item, "acceptance", AcceptanceBody(epoch=epoch)))
    return item


def give_back(turn: Turn, item_id: str, reason: str) -> Item:
    """Return the offered item to its owner, who will look again.

    Raises:
        NotFound: This node has no such item.
        WrongState: It is not offered to us.
        BadInput: The reason is none of the known words.
    """
    item = _offered(turn, item_id)
    body = own_body(ReturnBody, {"epoch": item.epoch + 1, "reason": reason})
    item = moved(turn, item, Event.GIVE_BACK, offered_to="", returned=reason)
    plan(turn, item, item.owner, state_fact(turn, item, "return", body))
    return item


def _offered(turn: Turn, item_id: str) -> Item:
    item = turn.store.items.get(item_id)
    if item.offered_to != turn.me:
        raise WrongState("This item is not offered to this node; `item show` says where it stands.")
    return item
