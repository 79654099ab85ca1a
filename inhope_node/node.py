"""An open node: store, secrets, rules and clock, bound together for those who need a turn.

It holds no use-case. Whoever works asks it for a `Turn`, which is all a use-case ever sees.
"""

from dataclasses import dataclass

from inhope_node.casework.turn import Turn
from inhope_node.clock import Clock
from inhope_node.config import Config
from inhope_node.exchange.ourselves import Ourselves
from inhope_node.home import OpenHome
from inhope_node.store.store import Store


@dataclass(slots=True, kw_only=True)
class Node:
    """One hotline's node while it runs.

    Attributes:
        store: Used on the clerk's thread only.
        started_at_ms: When it was opened.
    """

    config: Config
    us: Ourselves
    store: Store
    clock: Clock
    started_at_ms: int

    def turn(self, actor: str) -> Turn:
        """A turn for `actor`, now."""
        return Turn(
            store=self.store,
            me=self.us.id,
            countries=self.us.card.card.organisation.countries,
            rules=self.config.rules,
            actor=actor,
            now_ms=self.clock(),
        )


def open_node(home: OpenHome, clock: Clock) -> Node:
    """Bind an open home. Call it on the thread that will use the store.

    Raises:
        HomeUnusable: The database cannot be read with the vault's key.
    """
    return Node(
        config=home.config,
        us=Ourselves(identity=home.identity, chain=home.chain),
        store=home.open_store(),
        clock=clock,
        started_at_ms=clock(),
    )
