"""A file dressed as text is refused at every door and no byte of it is stored."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.casework import filed
from support.federation import Threads
from support.nodes import Desk, carry, federation

from inhope_node.casework.file_report import Submission, file_report
from inhope_node.cli.main import root
from inhope_node.demo.federation import create_federation
from inhope_node.demo.meeting import employ
from inhope_node.demo.members import MEMBERS
from inhope_node.errors import NodeError
from inhope_node.exchange.door import answer
from keys.encoding import encode
from keys.errors import Malformed
from keys.signed import sign
from protocol.element import read_element
from protocol.receipt import ReceiptElement
from protocol.sealing import seal

KIB = 1024
MAGIC = {
    "noise": b"",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "png": b"\x89PNG\r\n\x1a\n",
    "zip": b"PK\x03\x04",
    "pdf": b"%PDF-1.7\n",
}
DRESS: dict[str, Callable[[bytes], str]] = {
    "raw": lambda data: data.decode("latin-1"),
    "base64": lambda data: base64.b64encode(data).decode(),
    "base64 in lines": lambda data: base64.encodebytes(data).decode(),
    "hex": lambda data: data.hex(),
    "hex with spaces": lambda data: data.hex(" "),
    "data url": lambda data: "data:image/png;base64," + base64.b64encode(data).decode(),
}


def file_of(kind: str, kib: int) -> bytes:
    noise = random.Random(kib).randbytes(kib * KIB)  # noqa: S311 - a fixture, no secret
    return (MAGIC[kind] + noise)[: kib * KIB]


def split(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


@pytest.fixture(scope="module")
def alpha(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return federation(tmp_path_factory.mktemp("alpha"), "alpha")[0]


@pytest.mark.parametrize("kib", [1, 3, 56])
@pytest.mark.parametrize("kind", MAGIC)
@pytest.mark.parametrize("dress", DRESS)
def test_no_field_of_a_report_takes_a_file(alpha: Desk, dress: str, kind: str, kib: int) -> None:
    text = DRESS[dress](file_of(kind, kib))
    front, back = split(text)
    address = "https://one.example/"
    for submission in (
        Submission(addresses=[address], notes=text),
        Submission(addresses=[address], reporter=text),
        Submission(addresses=[address], notes=front, reporter=back),
        Submission(addresses=[address + "?" + text]),
        Submission(addresses=[address + front, address + "x?" + back]),
        Submission(addresses=[address + "?" + front], notes=back),
    ):
        with pytest.raises(NodeError) as refused, alpha.store.transaction():
            file_report(alpha.turn(), submission)
        assert text[:40] not in str(refused.value)
    assert alpha.store.reports.count() == 0
    assert alpha.store.items.by_state() == {}


@pytest.mark.parametrize("kib", [1, 3, 56])
@pytest.mark.parametrize("dress", DRESS)
def test_a_hostile_peer_gets_no_file_in(tmp_path: Path, dress: str, kib: int) -> None:
    """Signed by hand, past our own firewall: the receiver refuses it before anything is stored."""
    bravo, victim = federation(tmp_path, "bravo", "alpha")
    item = filed(bravo)[0]
    text = DRESS[dress](file_of("jpeg", kib))
    bodies = hostile_bodies(item.report_id, text)
    messages = [forged(bravo, item.id, number, body) for number, body in enumerate(bodies)]
    fitting = [message for message in messages if message is not None]
    for message in fitting:
        results = delivered(bravo, victim, message)
        assert len(results) == 1
        assert results[0].startswith("refused:")
    assert victim.store.items.by_state() == {}
    assert victim.store.messages.received() == 0
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("alpha.db*"))
    assert text[:40].encode("utf-8", "ignore") not in raw


def hostile_bodies(report_id: str, text: str) -> list[tuple[str, dict[str, object]]]:
    """The file in every place that a schema or a liar might offer."""
    front, back = split(text)
    item: dict[str, object] = {
        "address": "https://one.example/",
        "channel": "web_form",
        "commerciality": "unknown",
        "hashes": [],
        "kind": "page",
        "received_at_ms": 1,
        "report_id": bytes.fromhex(report_id.replace("-", "")),
        "site_type": "website",
        "urgency": "normal",
    }
    hosting: dict[str, object] = {
        "addresses": [],
        "asn": 0,
        "cdn": False,
        "country": "XA",
        "method": "manual",
        "observed_at_ms": 1,
        "organisation": "",
    }
    raw = text.encode("utf-8", "replace")[:50_000]
    return [
        ("item", item | {"address": "https://one.example/?" + text}),
        ("item", item | {"notes": text}),
        ("item", item | {"hashes": [{"algorithm": "sha256", "value": raw}]}),
        ("item", item | {"report_id": raw}),
        ("item", item | {"ext": {"x": {"a": front, "b": back}}}),
        ("hosting", hosting | {"organisation": text}),
        ("hosting", hosting | {"organisation": front, "addresses": [back]}),
        ("action", {"action": "removed", "at_ms": 1, "epoch": 0, "reason": text}),
    ]


def forged(
    desk: Desk, item_id: str, number: int, body: tuple[str, dict[str, object]]
) -> bytes | None:
    """A message signed without our firewall; None where the encoding itself cannot carry it."""
    kind, fields = body
    subject = bytes.fromhex(item_id.replace("-", ""))
    name = subject if kind == "item" else subject[:-1] + bytes([number])
    message: list[object] = [1, desk.us.net, name, kind, bytes(desk.us.node_id), 1, subject]
    message += ["amber", [], dict(sorted(fields.items())), bytes(16)]
    try:
        payload = encode(message)  # type: ignore[arg-type]
        raw = sign("message", payload, desk.us.identity.signing).encode()
    except Malformed:
        return None
    return raw if len(raw) <= 56 * KIB else None


def delivered(one: Desk, other: Desk, message: bytes) -> tuple[str, ...]:
    """Send one message in an envelope of its own and read the receipt."""
    head = other.store.channels.received_head(one.us.id)
    envelope = seal(
        [message],
        net=one.us.net,
        sender=one.us.node_id,
        receiver=other.us.node_id,
        incarnation=head.incarnation,
        seq=head.seq + 1,
        previous=head.digest,
        card_version=1,
        sent_at_ms=1,
        salt=bytes(32),
        secret=one.us.identity.signing,
        recipient=one.known(other).peer.sealing_key(0),
    )
    data = answer(other.turn, other.us, envelope.encode()).body
    assert data is not None
    element = read_element(data)
    assert isinstance(element, ReceiptElement)
    return element.receipt.results


def test_an_honest_message_passes_the_same_way(tmp_path: Path) -> None:
    """The control: what is refused above is refused for its contents."""
    bravo, victim = federation(tmp_path, "bravo", "alpha")
    item = filed(bravo)[0]
    kind, honest = hostile_bodies(item.report_id, "short words")[0]
    honest["address"] = "https://one.example/"
    message = forged(bravo, item.id, 0, (kind, honest))
    assert message is not None
    assert delivered(bravo, victim, message) == ("accepted",)
    carry(victim, bravo)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running node with one analyst."""
    folder = tmp_path_factory.mktemp("one")
    federation = create_federation(folder, MEMBERS[:1], Threads())
    try:
        federation.start_all()
        employ(federation)
        yield federation.stations[MEMBERS[0].name].home
    finally:
        federation.stop()


@pytest.mark.parametrize("kib", [1, 3, 56])
@pytest.mark.parametrize("form", ["addresses", "json", "split json"])
@pytest.mark.parametrize("dress", DRESS)
def test_the_command_line_takes_no_file(
    home: Path, tmp_path: Path, dress: str, form: str, kib: int
) -> None:
    text = DRESS[dress](file_of("jpeg", kib))
    front, back = split(text)
    report = {"addresses": ["https://one.example/"], "notes": text}
    if form == "split json":
        report |= {"notes": front, "reporter": back}
    source = tmp_path / "input"
    source.write_text(text if form == "addresses" else json.dumps(report), encoding="utf-8")
    arguments = ["--home", str(home), "--as", "analyst-1", "--json"]
    result = CliRunner().invoke(root, [*arguments, "report", "file", "--from", str(source)])
    assert result.exit_code in {2, 6}
    assert text[:40] not in result.output
    listed = CliRunner().invoke(root, [*arguments, "report", "list"])
    assert json.loads(listed.stdout)["reports"] == []
