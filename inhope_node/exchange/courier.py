"""One courier a peer: says hello, carries envelopes, waits, never gives up, slows nobody else.

Unreachable is waited for without end, with full jitter between 1 s and 15 min; every contact in
either direction with a good signature starts it afresh. The courier keeps no state that matters: a
restart begins with a hello and finds the rest in the store.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from inhope_node.casework.turn import Turn
from inhope_node.clerk import Clerk
from inhope_node.errors import StoreFull
from inhope_node.exchange.client import Answer, PeerClient, Unreachable
from inhope_node.exchange.greeting import hello_to, learn, must_reopen, reopen
from inhope_node.exchange.ourselves import Ourselves
from inhope_node.exchange.sending import Next, Ready, prepare, settle_receipt, settle_refusal
from inhope_node.logs import log
from inhope_node.store.peers import KnownPeer
from keys.identifiers import NO_DIGEST, Digest
from keys.signed import Signed
from protocol.admission import Addressed, admit_signed
from protocol.delivery import retry_delay_ms
from protocol.element import read_element
from protocol.errors import PeerFault, Stranger
from protocol.hello import HelloElement, sign_hello
from protocol.receipt import ReceiptElement
from protocol.refusal import RefusalElement

IDLE_S = 300
SILENT = (
    "it does not know us or did not accept our signature: both sides must have confirmed the other"
)
UNREADABLE = "its answer could not be read"
BUSY = "it is busy or its disk is full"
ASTRAY = "it refuses what we send although both heads agree: one of the two databases is damaged"
REPAIRS_MAX = 2


@dataclass(slots=True)
class Courier:
    """The way to one peer.

    Attributes:
        peer_id: Node id as hex.
        wake: Set when there is something to send or the peer was heard.
        greeted: Whether a hello was answered since the start or since the last repair.
        tries: Failed tries in a row.
        next_try_ms: When the next try is due; 0 if now.
        trouble: Why the last try failed, in words; "" if it did not.
        repairs: How often in a row the peer asked for a repair.
    """

    peer_id: str
    us: Ourselves
    clerk: Clerk
    turn_for: Callable[[str], Turn]
    client: PeerClient
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    greeted: bool = False
    tries: int = 0
    next_try_ms: int = 0
    trouble: str = ""
    repairs: int = 0

    def heard(self) -> None:
        """The peer proved itself just now: try at once."""
        self.tries = 0
        self.wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                await self._round()
        finally:
            await self.client.close()

    async def _round(self) -> None:
        """One hello or one envelope, or a pause."""
        self.wake.clear()
        known = await self.clerk.do(self._known)
        if known is None or not known.verified:
            await self._pause(IDLE_S)
            return
        try:
            step = await self._step(known)
        except Exception as fault:  # noqa: BLE001 (nothing that one peer causes may stop the others)
            await self._failed(fault)
            return
        await self._after(step)

    async def _after(self, step: Next) -> None:
        """Go on, or slow down where the peer asked to wait or repairs do not help."""
        if step is Next.WAIT:
            await self._failed(Unreachable(BUSY))
            return
        self.greeted = step is not Next.HELLO
        if step is Next.HELLO:
            self.repairs += 1
        if self.repairs > REPAIRS_MAX:
            await self._failed(Unreachable(ASTRAY))
            return
        self.trouble, self.next_try_ms, self.tries = "", 0, 0
        if step is Next.GO_ON:
            self.repairs = 0

    async def _step(self, known: KnownPeer) -> Next:
        if not self.greeted:
            await self._greet(known)
            return Next.GREETED
        ready = await self.clerk.do(self._prepare, known)
        if ready is None:
            await self._pause(IDLE_S)
            return Next.GREETED
        answer = await self.client.post(known, ready.wire)
        return await self.clerk.do(self._settle, known, ready, _element(answer))

    async def _greet(self, known: KnownPeer) -> None:
        element, digest = await self.clerk.do(self._hello, known)
        answer = await self.client.post(known, element)
        await self.clerk.do(self._compare, known, digest, _element(answer))

    def _known(self) -> KnownPeer | None:
        return self.turn_for("system").store.peers.find(self.peer_id)

    def _hello(self, known: KnownPeer) -> tuple[bytes, Digest]:
        turn = self.turn_for("system")
        hello = hello_to(turn.store, self.us, known, answers=NO_DIGEST, now_ms=turn.now_ms)
        signed = sign_hello(hello, self.us.identity.signing)
        return signed.encode(), signed.digest

    def _compare(self, known: KnownPeer, asked: Digest, data: bytes) -> None:
        element = read_element(data)
        if not isinstance(element, HelloElement) or element.hello.answers != asked:
            raise Unreachable(UNREADABLE)
        self._admit(element.signed, element.hello, known)
        turn = self.turn_for("system")
        with turn.store.transaction():
            learn(turn.store, known, element.hello, now_ms=turn.now_ms)
            theirs = must_reopen(turn.store, self.us, known, element.hello)
            if theirs is not None:
                reopen(turn.store, known, theirs, now_ms=turn.now_ms)

    def _prepare(self, known: KnownPeer) -> Ready | None:
        turn = self.turn_for("system")
        return prepare(turn.store, self.us, known, now_ms=turn.now_ms)

    def _settle(self, known: KnownPeer, ready: Ready, data: bytes) -> Next:
        element = read_element(data)
        turn = self.turn_for(f"peer:{known.name}")
        if isinstance(element, ReceiptElement):
            self._admit(element.signed, element.receipt, known)
            return settle_receipt(turn, known, ready.envelope, element.receipt, data)
        if isinstance(element, RefusalElement):
            self._admit(element.signed, element.refusal, known)
            if element.refusal.regarding == ready.envelope.digest:
                log.info("envelope_refused", peer=known.name, code=element.refusal.code.value)
                return settle_refusal(turn, known, ready.envelope, element.refusal)
        raise Unreachable(UNREADABLE)

    def _admit(self, signed: Signed, said: Addressed, known: KnownPeer) -> None:
        admit_signed(signed, said, me=self.us.node_id, net=self.us.net, peer=known.peer)

    async def _failed(self, fault: Exception) -> None:
        self.trouble = _in_words(fault, self.peer_id)
        delay_ms = retry_delay_ms(self.tries, random.random())  # noqa: S311 (jitter, no secret)
        self.tries += 1
        self.greeted = self.greeted and self.tries < 2  # noqa: PLR2004
        self.next_try_ms = self.turn_for("system").now_ms + delay_ms
        await self._pause(delay_ms / 1000)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        except TimeoutError:
            return


def _in_words(fault: Exception, peer_id: str) -> str:
    """What a person is told about a failed try; an unexpected fault is named in the log."""
    match fault:
        case Unreachable():
            return str(fault)
        case PeerFault() | Stranger():
            return UNREADABLE
        case StoreFull():
            return "this node's own disk takes no more: free some space"
        case _:
            log.error("courier_failed", peer=peer_id[:12], fault=type(fault).__name__)
            return "this node has a fault of its own; its log names it"


def _element(answer: Answer) -> bytes:
    """The element of an answer.

    Raises:
        Unreachable: It was silence.
    """
    if answer.status != 200:  # noqa: PLR2004 (HTTP)
        raise Unreachable(SILENT if answer.status == 404 else f"it answered HTTP {answer.status}")  # noqa: PLR2004
    return answer.body
