"""May this message go to that node? One policy, asked on the way out and again on the way in.

    colour   may be sent by                          to
    red      its origin                              nodes named in `to` only
    amber    its origin, the item's owner, INTERPOL  whom the sender's casework plans for
    green    anybody                                 any member: hash verdicts and their corrections

An offer, an acceptance, a return, a claim, a query and an answer name their receivers in `to` and
have no effect anywhere else.
"""

from dataclasses import dataclass
from typing import Final

from keys.card import Role
from keys.identifiers import NodeId
from protocol.errors import HandlingRefused
from protocol.message import Message
from protocol.vocabulary import Colour, Kind

DIRECTED: Final = frozenset(
    {Kind.OFFER, Kind.ACCEPTANCE, Kind.RETURN, Kind.CLAIM, Kind.QUERY, Kind.ANSWER}
)
GREEN_KINDS: Final = frozenset({Kind.HASH_VERDICT, Kind.DISPUTE, Kind.WITHDRAWAL})


@dataclass(frozen=True, slots=True)
class Party:
    """A node as the policy sees it: with the role its operator's peers confirmed."""

    node_id: NodeId
    role: Role


def may_travel(message: Message, *, sender: Party, receiver: Party, owner: NodeId) -> None:
    """Let the message pass from `sender` to `receiver`, or say why not.

    Args:
        message: What is to travel.
        sender: Who sends it now; not always its origin.
        receiver: Who gets it.
        owner: Who owns the item it is about, as far as the asking node knows.

    Raises:
        HandlingRefused: It may not.
    """
    named = receiver.node_id in message.to
    if message.kind in DIRECTED and not named:
        raise HandlingRefused("This kind of message has an effect only at the nodes it names.")
    if message.to and not named:
        raise HandlingRefused("The message names other nodes.")
    if not _colour_allows(message, sender, owner, named=named):
        raise HandlingRefused("The colour of the message does not let it pass here.")


def _colour_allows(message: Message, sender: Party, owner: NodeId, *, named: bool) -> bool:
    is_origin = sender.node_id == message.origin
    allowed = {
        Colour.RED: is_origin and named,
        Colour.AMBER: is_origin or sender.node_id == owner or sender.role is Role.INTERPOL,
        Colour.GREEN: message.kind in GREEN_KINDS,
    }
    return allowed[message.colour]
