"""The courier: greets, carries, waits, slows down, and tells a person why."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from support.casework import offered
from support.nodes import Desk, federation

from inhope_node.clerk import Clerk
from inhope_node.exchange import courier as courier_module
from inhope_node.exchange.client import Answer, Unreachable
from inhope_node.exchange.courier import ASTRAY, BUSY, SILENT, UNREADABLE, Courier
from inhope_node.exchange.dispatch import dispatch
from inhope_node.exchange.door import answer
from inhope_node.exchange.greeting import hello_to
from inhope_node.model.lifecycle import State
from inhope_node.store.peers import KnownPeer
from keys.identifiers import NO_DIGEST
from protocol.element import read_element
from protocol.hello import HelloElement, sign_hello
from protocol.refusal import Refusal, sign_refusal
from protocol.vocabulary import RefusalCode


class Road:
    """Stands for the network: answers from the other node's door, or as the test wants."""

    def __init__(self, there: Desk) -> None:
        self.there = there
        self.sent: list[bytes] = []
        self.instead: Callable[[bytes], Answer] | None = None
        self.closed = False

    async def post(self, _known: KnownPeer, element: bytes) -> Answer:
        """Answer one element."""
        self.sent.append(element)
        if self.instead is not None:
            return self.instead(element)
        body = answer(self.there.turn, self.there.us, element).body
        return Answer(404, b"") if body is None else Answer(200, body)

    async def close(self) -> None:
        """Note that the courier let go."""
        self.closed = True


class InlineClerk(Clerk):
    """Does the work at once on the same thread, where the test's stores live."""

    async def do(self, work, *args, **kwargs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN003, ANN201
        """Run it here."""
        return work(*args, **kwargs)


@pytest.fixture
def road(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, Desk, Road, Courier]:
    alpha, bravo = federation(tmp_path, "alpha", "bravo")
    way = Road(bravo)
    monkeypatch.setattr(courier_module, "retry_delay_ms", lambda _tries, _spread: 1)
    monkeypatch.setattr(courier_module, "IDLE_S", 0.01)
    made = Courier(bravo.us.id, alpha.us, InlineClerk(), alpha.turn, way)  # type: ignore[arg-type]
    return alpha, bravo, way, made


async def rounds(courier: Courier, number: int) -> None:
    for _ in range(number):
        await courier._round()


async def test_hello_comes_before_the_first_envelope(
    road: tuple[Desk, Desk, Road, Courier],
) -> None:
    alpha, bravo, way, courier = road
    item = offered(alpha)

    dispatch(alpha.store, alpha.us, now_ms=alpha.now_ms)
    await rounds(courier, 3)
    assert len(way.sent) == 2
    assert bravo.store.items.get(item.id).state is State.DELIVERED
    assert (courier.greeted, courier.trouble, courier.tries) == (True, "", 0)


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (Answer(404, b""), SILENT),
        (Answer(500, b""), "it answered HTTP 500"),
        (Answer(200, b"noise"), UNREADABLE),
        (Answer(200, b""), UNREADABLE),
    ],
)
async def test_what_cannot_be_used_is_told_and_tried_again(
    road: tuple[Desk, Desk, Road, Courier], said: Answer, trouble: str
) -> None:
    _, _, way, courier = road
    way.instead = lambda _: said
    await rounds(courier, 3)
    assert (courier.trouble, courier.tries, courier.greeted) == (trouble, 3, False)
    way.instead = None
    await rounds(courier, 1)
    assert (courier.trouble, courier.tries, courier.greeted) == ("", 0, True)


async def test_being_away_is_waited_for_and_contact_starts_afresh(
    road: tuple[Desk, Desk, Road, Courier],
) -> None:
    _, _, way, courier = road

    def nobody(_: bytes) -> Answer:
        raise Unreachable("nobody listens at its address")

    way.instead = nobody
    await rounds(courier, 5)
    assert courier.tries == 5
    assert courier.next_try_ms > 0
    courier.heard()
    assert courier.tries == 0
    assert courier.wake.is_set()


async def test_an_unexpected_fault_is_named_without_its_text(
    road: tuple[Desk, Desk, Road, Courier],
) -> None:
    _, _, way, courier = road

    def broken(_: bytes) -> Answer:
        raise RuntimeError("https://secret.example/")

    way.instead = broken
    await rounds(courier, 1)
    assert "secret" not in courier.trouble
    assert "fault of its own" in courier.trouble


def refusing(one: Desk, other: Desk, code: RefusalCode, way: Road) -> None:
    """Answer hellos honestly and refuse every envelope."""

    def answered(element: bytes) -> Answer:
        greeting = isinstance(read_element(element), HelloElement)
        reply = answer(other.turn, other.us, element).body if greeting else None
        under_way = one.store.channels.under_way(other.us.id)
        if reply is not None or under_way is None:
            return Answer(200, reply or b"")
        refusal = Refusal(
            net=one.us.net,
            sender=other.us.node_id,
            receiver=one.us.node_id,
            regarding=under_way.digest,  # type: ignore[arg-type]
            code=code,
            head=other.store.channels.received_head(one.us.id),
        )
        return Answer(200, sign_refusal(refusal, other.us.identity.signing).encode())

    way.instead = answered


@pytest.mark.parametrize(("code", "trouble"), [(RefusalCode.BUSY, BUSY), (RefusalCode.GAP, ASTRAY)])
async def test_a_peer_that_goes_on_refusing_is_asked_ever_more_slowly(
    road: tuple[Desk, Desk, Road, Courier], code: RefusalCode, trouble: str
) -> None:
    alpha, bravo, way, courier = road
    offered(alpha)

    dispatch(alpha.store, alpha.us, now_ms=alpha.now_ms)
    refusing(alpha, bravo, code, way)
    seen = set()
    for _ in range(12):
        await rounds(courier, 1)
        seen.add(courier.trouble)
    assert trouble in seen
    assert alpha.store.outbox.unsettled() != []


async def test_an_answer_to_another_hello_is_not_believed(
    road: tuple[Desk, Desk, Road, Courier],
) -> None:
    alpha, bravo, way, courier = road

    known = bravo.known(alpha)
    unasked = hello_to(bravo.store, bravo.us, known, answers=NO_DIGEST, now_ms=1)
    data = sign_hello(unasked, bravo.us.identity.signing).encode()
    way.instead = lambda _: Answer(200, data)
    await rounds(courier, 1)
    assert courier.trouble == UNREADABLE


async def test_a_suspended_peer_gets_nothing(road: tuple[Desk, Desk, Road, Courier]) -> None:
    alpha, _, way, courier = road
    alpha.store.db.execute("UPDATE peers SET level = 'suspended'")
    await rounds(courier, 2)
    assert way.sent == []


async def test_a_courier_that_ends_closes_its_connections(
    road: tuple[Desk, Desk, Road, Courier],
) -> None:
    _, _, way, courier = road
    async with asyncio.TaskGroup() as group:
        task = group.create_task(courier.run())
        await asyncio.sleep(0.05)
        task.cancel()
    assert way.closed
