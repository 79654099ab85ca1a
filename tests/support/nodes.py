"""Real nodes in temporary homes, without a network: their stores, keys and doors, pumped by hand.

`carry` does what a courier does, step by step and without waiting: hello, then envelopes until
nothing is left. A test can look at and lose every single element on the way.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from support.identities import NOW_MS, seeded_node

from inhope_node.casework.turn import Turn
from inhope_node.config import Rules
from inhope_node.exchange.dispatch import dispatch
from inhope_node.exchange.door import answer
from inhope_node.exchange.greeting import hello_to, learn, must_reopen, reopen
from inhope_node.exchange.ourselves import Ourselves
from inhope_node.exchange.sending import Next, Ready, prepare, settle_receipt, settle_refusal
from inhope_node.store.peers import KnownPeer
from inhope_node.store.store import Store, open_store
from keys.card import Role
from keys.identifiers import NO_DIGEST
from keys.trust import confirm, introduce
from keys.words import card_words
from protocol.element import read_element
from protocol.hello import HelloElement, sign_hello
from protocol.receipt import ReceiptElement
from protocol.refusal import RefusalElement

COUNTRIES = {"alpha": ("XA",), "bravo": ("XB",), "carol": ("XC",), "interpol": ()}


@dataclass(slots=True)
class Desk:
    """One node under test."""

    name: str
    path: Path
    us: Ourselves
    store: Store
    now_ms: int = NOW_MS
    rules: Rules = field(default_factory=Rules)

    def turn(self, actor: str = "ann") -> Turn:
        """A turn now; time moves a millisecond with each."""
        self.now_ms += 1
        countries = self.us.card.card.organisation.countries
        return Turn(
            store=self.store,
            me=self.us.id,
            countries=countries,
            rules=self.rules,
            actor=actor,
            now_ms=self.now_ms,
        )

    def known(self, other: "Desk") -> KnownPeer:
        """The other node as this one knows it now."""
        found = self.store.peers.find(other.us.id)
        assert found is not None
        return found

    def reopen_files(self) -> None:
        """Close and open the database, as a restart does."""
        self.store.close()
        self.store = open_store(self.path, self.us.identity.store_key)


def desk(folder: Path, name: str) -> Desk:
    """A fresh node; the same name is the same node."""
    role = Role.INTERPOL if name == "interpol" else Role.HOTLINE
    identity, card = seeded_node(name, role=role, countries=COUNTRIES[name])
    path = folder / f"{name}.db"
    us = Ourselves(identity=identity, chain=(card,), entropy=os.urandom)
    return Desk(name=name, path=path, us=us, store=open_store(path, identity.store_key))


def meet(one: Desk, other: Desk) -> None:
    """Both verify the other."""
    for here, there in ((one, other), (other, one)):
        card = there.us.card
        peer = confirm(introduce(there.us.chain), card.digest, " ".join(card_words(card.digest)))
        here.store.peers.add(KnownPeer(name=there.name, peer=peer))


def federation(folder: Path, *names: str) -> list[Desk]:
    """Nodes that all verified each other."""
    desks = [desk(folder, name) for name in names]
    for place, one in enumerate(desks):
        for other in desks[place + 1 :]:
            meet(one, other)
    return desks


def greet(one: Desk, other: Desk) -> bool:
    """Say hello and compare heads; returns whether the channel had to be opened again."""
    known = one.known(other)
    now_ms = one.turn().now_ms
    hello = hello_to(one.store, one.us, known, answers=NO_DIGEST, now_ms=now_ms)
    signed = sign_hello(hello, one.us.identity.signing)
    reply = answer(other.turn, other.us, signed.encode())
    assert reply.body is not None
    element = read_element(reply.body)
    assert isinstance(element, HelloElement)
    assert element.hello.answers == signed.digest
    learn(one.store, known, element.hello, now_ms=now_ms)
    theirs = must_reopen(one.store, one.us, known, element.hello)
    if theirs is not None:
        reopen(one.store, known, theirs, now_ms=now_ms)
    return theirs is not None


def ready(one: Desk, other: Desk) -> Ready | None:
    """The next bytes from one to the other."""
    dispatch(one.store, one.us, now_ms=one.turn().now_ms)
    return prepare(one.store, one.us, one.known(other), now_ms=one.turn().now_ms)


def settle(one: Desk, other: Desk, sent: Ready, data: bytes) -> Next:
    """Let an answer take effect at the sender."""
    element = read_element(data)
    turn = one.turn(f"peer:{other.name}")
    if isinstance(element, ReceiptElement):
        return settle_receipt(turn, one.known(other), sent.envelope, element.receipt, data)
    assert isinstance(element, RefusalElement)
    return settle_refusal(turn, one.known(other), sent.envelope, element.refusal)


def carry(one: Desk, other: Desk, *, rounds_max: int = 40) -> list[str]:
    """Carry everything from one to the other; returns what each answer was."""
    said: list[str] = []
    greet(one, other)
    for _ in range(rounds_max):
        sent = ready(one, other)
        if sent is None:
            return said
        reply = answer(other.turn, other.us, sent.wire)
        assert reply.body is not None
        element = read_element(reply.body)
        said.append(type(element).__name__)
        if settle(one, other, sent, reply.body) is Next.HELLO:
            greet(one, other)
    raise AssertionError("the queue does not empty")


def carry_all(*desks: Desk) -> None:
    """Carry in every direction until nothing moves."""
    for _ in range(3):
        for one in desks:
            for other in desks:
                if one is not other:
                    carry(one, other)


def elements_between(one: Desk, other: Desk, lose: Callable[[int], bool]) -> int:
    """Carry with answers lost where `lose` says so; returns how many elements were sent."""
    for number in range(100):
        sent = ready(one, other)
        if sent is None:
            return number
        reply = answer(other.turn, other.us, sent.wire)
        if reply.body is not None and not lose(number):
            settle(one, other, sent, reply.body)
    raise AssertionError("the queue does not empty")


def with_chain(one: Desk, *cards: object) -> Desk:
    """The same node with further own cards."""
    chain = (*one.us.chain, *cards)
    return replace(one, us=replace(one.us, chain=chain))  # type: ignore[arg-type]
