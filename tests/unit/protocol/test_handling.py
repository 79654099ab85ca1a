"""No message reaches a node its handling does not allow: the whole table."""

from itertools import product

import pytest
from support.identities import seeded_node_id
from support.messages import ALPHA_ID, BETA_ID, message

from keys.card import Role
from keys.identifiers import NodeId
from protocol.errors import HandlingRefused
from protocol.handling import Party, may_travel
from protocol.message import Message
from protocol.vocabulary import Colour, Kind

GAMMA_ID = seeded_node_id("gamma")
DIRECTED = {"offer", "acceptance", "return", "claim", "query", "answer"}
GREEN = {"hash-verdict", "dispute", "withdrawal"}
TO: dict[str, tuple[NodeId, ...]] = {
    "nobody": (),
    "receiver": (BETA_ID,),
    "both": tuple(sorted((BETA_ID, GAMMA_ID))),
    "other": (GAMMA_ID,),
}


def passes(said: Message, sender: Party, receiver: Party, owner: NodeId) -> bool:
    try:
        may_travel(said, sender=sender, receiver=receiver, owner=owner)
    except HandlingRefused:
        return False
    return True


@pytest.mark.parametrize("kind", Kind)
def test_the_whole_table(kind: Kind) -> None:
    for colour, role, hearer, (to, named), is_origin, is_owner in product(
        Colour, Role, Role, TO.items(), (True, False), (True, False)
    ):
        said = message(
            kind, colour=colour, to=named, origin=ALPHA_ID if is_origin else seeded_node_id("delta")
        )
        sender, receiver = Party(ALPHA_ID, role), Party(BETA_ID, hearer)
        owner = ALPHA_ID if is_owner else seeded_node_id("delta")
        reaches = to in ("receiver", "both") or (to == "nobody" and kind.value not in DIRECTED)
        lawful = {
            "red": is_origin and to in ("receiver", "both"),
            "amber": is_origin or is_owner or role.value == "interpol",
            "green": kind.value in GREEN,
        }[colour.value]
        case = (kind, colour, role, to, is_origin, is_owner)
        assert passes(said, sender, receiver, owner) == (reaches and lawful), case


def test_red_is_never_passed_on_not_even_by_its_receiver_or_interpol() -> None:
    for role in Role:
        said = message(colour=Colour.RED, to=(GAMMA_ID,))
        passed_on = Party(BETA_ID, role)
        assert not passes(said, passed_on, Party(GAMMA_ID, Role.HOTLINE), BETA_ID)
        assert passes(said, Party(ALPHA_ID, role), Party(GAMMA_ID, Role.HOTLINE), BETA_ID)
