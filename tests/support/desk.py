"""One node under test, without doors: a store in a temporary folder and turns at a fixed time.

Time stands still until a test moves it; ids are still fresh. Peers are seeded, their cards real.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from support.identities import NOW_MS, seeded_identity, seeded_node, verified_peer

from inhope_node.casework.assess import Finding, assess
from inhope_node.casework.file_report import Submission, file_report
from inhope_node.casework.hear import Heard, hear
from inhope_node.casework.locate import locate
from inhope_node.casework.take import take
from inhope_node.casework.turn import Turn
from inhope_node.config import Rules
from inhope_node.model.item import Item
from inhope_node.model.people import User, UserRole
from inhope_node.model.records import Fact, PlannedShare
from inhope_node.store.peers import KnownPeer
from inhope_node.store.store import Store, open_store
from keys.card import Role
from keys.encoding import encode
from keys.identifiers import parse_uuid, show_id, show_uuid, uuid7
from keys.trust import introduce
from protocol.bodies.catalogue import Body, encode_body
from protocol.bodies.item import ItemBody
from protocol.vocabulary import (
    Commerciality,
    IntakeChannel,
    ItemKind,
    SiteType,
    Urgency,
)

ADDRESS = "https://host.example/one"
YES = {"real": "yes", "below_age_limit": "yes", "severity": "yes"}
NO = {"real": "yes", "below_age_limit": "no", "severity": "unknown"}
ME = show_id(seeded_identity("alpha").node_id)


@dataclass(slots=True)
class Desk:
    """A store, and who works at it when and under which rules."""

    store: Store
    now_ms: int = NOW_MS
    rules: Rules = field(default_factory=Rules)
    places: Iterator[int] = field(default_factory=lambda: iter(range(4096)))

    def turn(self, actor: str = "ann") -> Turn:
        """A turn of `actor` now."""
        return Turn(
            store=self.store,
            me=ME,
            countries=("XA",),
            rules=self.rules,
            actor=actor,
            now_ms=self.now_ms,
            places=self.places,
        )

    def later(self, ms: int) -> None:
        """Let time pass."""
        self.now_ms += ms

    def filed(self, address: str = ADDRESS, **words: str) -> Item:
        """A new item of ours."""
        submission = replace(Submission(addresses=[address]), **words)  # type: ignore[arg-type]
        return file_report(self.turn(), submission)[1][0]

    def taken(self, address: str = ADDRESS, **words: str) -> Item:
        """One that ann has taken."""
        return take(self.turn(), self.filed(address, **words).id)

    def assessed(
        self, result: str = "baseline", address: str = ADDRESS, *, actor: str = "ann", **words: str
    ) -> Item:
        """One on which ann decided."""
        item = self.taken(address, **words)
        return assess(self.turn(actor), item.id, finding(result))

    def located(self, country: str, result: str = "baseline") -> Item:
        """One that was located and so routed."""
        return locate(self.turn(), self.assessed(result).id, {"country": country})

    def peer(
        self,
        name: str,
        *,
        countries: tuple[str, ...] = ("XB",),
        role: Role = Role.HOTLINE,
        verified: bool = True,
    ) -> str:
        """Put a peer into the trust book and return its node id."""
        _, card = seeded_node(name, role=role, countries=countries)
        peer = verified_peer(card) if verified else introduce((card,))
        self.store.peers.add(KnownPeer(name=name, peer=peer))
        return show_id(peer.node_id)

    def user(self, name: str, role: UserRole) -> str:
        """Employ somebody and return the token."""
        user = User(name=name, role=role, pseudonym=name, created_at_ms=self.now_ms)
        self.store.users.add(user, f"token-of-{name}")
        return f"token-of-{name}"

    def hear(self, origin: str, kind: str, item_id: str, body: Body) -> Fact:
        """Let a message of a peer take effect, and return it as a fact."""
        fact_id = item_id if kind == "item" else self.turn().new_id()
        fact = Fact(
            origin=origin,
            id=fact_id,
            item_id=item_id,
            kind=kind,
            made_at_ms=self.now_ms,
            body=encode(encode_body(body)),
        )
        hear(self.turn("peer:other"), Heard(fact=fact, body=body))
        return fact

    def told(self, origin: str, address: str = ADDRESS) -> Item:
        """An item that a peer told us of."""
        item_id = show_uuid(uuid7(self.now_ms, next(self.places).to_bytes(2) + bytes(8)))
        self.hear(origin, "item", item_id, item_body(address))
        return self.store.items.get(item_id)

    def planned(self) -> list[PlannedShare]:
        """Everything that waits to be told."""
        return self.store.shares.next(after=0, limit=1000)

    def told_to(self, audience: str) -> list[str]:
        """The kinds of what waits to be told to one."""
        return [share.kind for share in self.planned() if share.audience == audience]


@contextmanager
def open_desk(folder: Path, *, key: bytes | None = None) -> Iterator[Desk]:
    """A desk whose database lies in `folder`."""
    with closing(open_store(folder / "node.db", key)) as store:
        yield Desk(store=store)


def finding(result: str = "baseline", **more: str) -> Finding:
    """A finding whose three answers fit its verdict for XA."""
    answers = YES if "baseline" in (result, *more.values()) else NO
    return Finding(labels=["demo@1:alpha"], baseline=answers, verdicts={"XA": result, **more})


def item_body(address: str = ADDRESS, *, urgency: Urgency = Urgency.NORMAL) -> ItemBody:
    """What a peer says when it tells of an item."""
    return ItemBody(
        report_id=parse_uuid("01890000-0000-7000-8000-000000000001"),
        address=address,
        kind=ItemKind.PAGE,
        site_type=SiteType.NOT_DETERMINED,
        commerciality=Commerciality.UNKNOWN,
        channel=IntakeChannel.WEB_FORM,
        urgency=urgency,
        received_at_ms=NOW_MS,
        hashes=(),
    )
