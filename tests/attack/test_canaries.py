"""Planted addresses, keys and reporter data are nowhere to be found; in the clear they would be."""

import tempfile
import time
from pathlib import Path

import pytest
from support.canaries import command_lines, found_in, found_under
from support.federation import met, opened_store

from inhope_node.demo.federation import Federation
from inhope_node.demo.launch import Processes
from inhope_node.demo.meeting import employ
from inhope_node.desk_client import path_of
from inhope_node.store.database import connect
from keys.vault import load

pytestmark = pytest.mark.slow

ADDRESS = "https://canary-address-7319.example/secret-path/page-4711"
REPORTER = "canary reporter 8822 reachable at box-5512.invalid"
NOTES = "canary notes 6613 for colleagues of this house only"


def secrets_of(federation: Federation) -> dict[str, bytes]:
    """Everything that must never stand anywhere in the clear."""
    passphrase = federation.passphrase_file.read_text().strip()
    planted = {
        "address": ADDRESS.removeprefix("https://").encode(),
        "host": b"canary-address-7319",
        "reporter": REPORTER.encode(),
        "notes": NOTES.encode(),
        "passphrase": passphrase.encode(),
    }
    for name, station in federation.stations.items():
        identity = load(station.home / "vault", passphrase)
        assert identity.root is not None
        planted[f"{name} root"] = identity.root.seed
        planted[f"{name} signing"] = identity.signing.seed
        planted[f"{name} sealing"] = identity.sealing[0].seed
        planted[f"{name} store"] = identity.store_key
        planted[f"{name} tls"] = identity.tls.key_der
    return planted


def live_through_a_report(federation: Federation) -> bytes:
    """The planted report travels from hotline A to hotline B and INTERPOL; mistakes included."""
    desk = employ(federation)["hotline-a"][0]
    body = {"addresses": [ADDRESS], "notes": NOTES, "reporter": REPORTER, "urgency": "high"}
    item = desk.post(path_of("reports"), body)["items"][0]
    desk.post(path_of("items", item, "take"), {})
    yes = {"real": "yes", "below_age_limit": "yes", "severity": "yes"}
    finding = {"labels": [], "baseline": yes, "verdicts": {"XA": "baseline"}}
    desk.post(path_of("items", item, "assess"), finding)
    desk.post(path_of("items", item, "locate"), {"country": "XB"})
    desk.get(path_of("items", item), reveal="true")
    for wrong in ({"addresses": [f"{ADDRESS} {ADDRESS}"]}, {"addresses": [ADDRESS, ADDRESS]}):
        with pytest.raises(Exception, match=r"[Aa]ddress") as refused:
            desk.post(path_of("reports"), wrong)
        assert "canary" not in str(refused.value)
    return command_lines()


def await_items(federation: Federation) -> None:
    """Wait until B and INTERPOL hold the item."""
    for name in ("hotline-b", "interpol"):
        desk = federation.stations[name].desk()
        for _ in range(100):
            if desk.get(path_of("status"))["items_total"]:
                break
            time.sleep(0.1)
        else:
            pytest.fail(f"{name} never got the item")


def test_nothing_planted_is_found_and_the_same_search_finds_it_in_the_clear(tmp_path: Path) -> None:
    homes, before = tmp_path / "homes", set(Path(tempfile.gettempdir()).iterdir())
    homes.mkdir()
    with met(homes, Processes()) as federation:
        secrets = secrets_of(federation)
        lines = live_through_a_report(federation)
        await_items(federation)
        federation.kill("hotline-b")
        federation.stop()
        (homes / "passphrase").rename(tmp_path / "passphrase")
        assert found_under(homes, secrets) == {}
        assert found_in(lines, secrets) == set()
        for path in set(Path(tempfile.gettempdir()).iterdir()) - before:
            if path.is_file():
                assert found_in(path.read_bytes(), secrets) == set()
        (tmp_path / "passphrase").rename(homes / "passphrase")
        control = in_the_clear(federation, "hotline-a", tmp_path / "control")
    assert {"address", "host", "reporter", "notes"} <= control


def in_the_clear(federation: Federation, name: str, folder: Path) -> set[str]:
    """What the same search finds in an unencrypted copy of a node's database."""
    folder.mkdir()
    plain = folder / "plain.db"
    connect(plain, None).close()
    with opened_store(federation, name) as store:
        store.db.execute("ATTACH DATABASE ? AS plain KEY ''", [str(plain)])
        store.db.execute("SELECT sqlcipher_export('plain')")
        store.db.execute("DETACH DATABASE plain")
    secrets = secrets_of(federation)
    return set().union(*found_under(folder, secrets).values())


@pytest.mark.parametrize("encode", [bytes, bytes.hex, None], ids=["raw", "hex", "utf-16"])
def test_the_search_sees_every_spelling(encode: object) -> None:
    secret = b"canary-0815-canary"
    data = {
        bytes: secret,
        bytes.hex: secret.hex().encode(),
        None: secret.decode().encode("utf-16-le"),
    }[encode]
    assert found_in(b"xx" + data + b"yy", {"it": secret}) == {"it"}
    assert found_in(b"xx" + data[2:] + b"yy", {"it": secret}) == set()
