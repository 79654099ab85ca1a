"""Who we are on the wire: the secrets that sign and open, and the card that peers hold of us.

Built once when the home is opened and passed to those who sign; it holds no store and no network.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from keys.card import SignedCard
from keys.identifiers import NodeId, show_id
from keys.identity import Identity
from keys.trust import Peer
from protocol.handling import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Ourselves:
    """This node as its peers meet it.

    Attributes:
        identity: The secrets, from the vault.
        chain: All our own cards, oldest first.
        entropy: Random bytes for salts and nonces.
    """

    identity: Identity = field(repr=False)
    chain: tuple[SignedCard, ...]
    entropy: Callable[[int], bytes] = os.urandom

    @property
    def node_id(self) -> NodeId:
        """Our node id."""
        return self.identity.node_id

    @property
    def id(self) -> str:
        """Our node id as hex."""
        return show_id(self.identity.node_id)

    @property
    def net(self) -> str:
        """The network we belong to."""
        return self.identity.net

    @property
    def card(self) -> SignedCard:
        """Our newest card."""
        return self.chain[-1]

    @property
    def party(self) -> Party:
        """Us, for the handling policy."""
        return Party(node_id=self.node_id, role=self.card.card.organisation.role)


def party_of(peer: Peer) -> Party:
    """A peer, for the handling policy: with the role the operator confirmed."""
    return Party(node_id=peer.node_id, role=peer.organisation.role)
