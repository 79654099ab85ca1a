"""The members of the demo meet: cards swapped, words compared, people given their tokens.

All of it goes through the desk API, by the calls that the command line makes for a person.
The words come from the other node's own desk, which stands for the telephone call.
"""

from collections.abc import Mapping
from itertools import permutations
from typing import Final

from inhope_node.demo.federation import Federation, Station
from inhope_node.desk_client import DeskClient, path_of
from inhope_node.home import write_token

ANALYSTS: Final = ("analyst-1", "analyst-2")
"""Two people at each hotline, so that they can get in each other's way."""

MANAGER: Final = "manager"


def meet(federation: Federation) -> None:
    """Make every station verify every other one.

    Raises:
        NodeError: A node refused a card or its words.
    """
    desks = {name: station.desk() for name, station in federation.stations.items()}
    cards = {name: desk.get(path_of("card")) for name, desk in desks.items()}
    for mine, other in permutations(desks, 2):
        body = {"card": cards[other]["card"], "name": other, "allow_private": True}
        peer = desks[mine].post(path_of("peers"), body)
        confirmation = {"words": " ".join(cards[other]["words"]), "digest": peer["card_digest"]}
        desks[mine].post(path_of("peers", other, "confirm"), confirmation)


def employ(federation: Federation) -> Mapping[str, tuple[DeskClient, ...]]:
    """Give every hotline its analysts and a manager; returns the analysts' desks.

    Raises:
        NodeError: A node refused.
    """
    desks: dict[str, tuple[DeskClient, ...]] = {}
    for name, station in federation.stations.items():
        _employ_one(station, MANAGER, "manager")
        if station.member.role == "hotline":
            desks[name] = tuple(_employ_one(station, each, "analyst") for each in ANALYSTS)
    return desks


def _employ_one(station: Station, name: str, role: str) -> DeskClient:
    """Make one user and keep the token where the command line looks for it."""
    answer = station.desk().post(path_of("users"), {"name": name, "role": role})
    write_token(station.home, name, answer["token"])
    return DeskClient(station.home, answer["token"])
