"""The shape of a card, field by field: the bounds themselves pass, one step beyond does not."""

from typing import Any

import pytest
from support.identities import sealing_secret, seeded_card, signing_secret

from keys.card_reading import TIME_MS_MAX, read_card, read_net, read_organisation
from keys.errors import Malformed

CARD = seeded_card().card
(NET, NODE_ID, VERSION, PREVIOUS, ISSUED_AT, ROOT, NEXT_ROOT) = range(1, 8)
(SIGNING, SEALING, ENDPOINTS, ORGANISATION, PROTOCOL, SUITES) = range(8, 14)
PIN = bytes(32)
SIGNER = [signing_secret("alpha").public.ed25519, signing_secret("alpha").public.mldsa]
SIGNERS: list[Any] = [
    [signing_secret(f"{number}").public.ed25519, signing_secret(f"{number}").public.mldsa, 0, 1, 0]
    for number in range(9)
]
SEALERS: list[Any] = [[sealing_secret(f"{number}").public.key, 0, 1, 0] for number in range(9)]
SEALER = sealing_secret("alpha").public.key


def with_field(position: int, value: Any) -> list[Any]:
    fields: list[Any] = CARD.to_value()
    fields[position] = value
    return fields


def url(path: str) -> list[Any]:
    return [[f"https://host.example{path}", [PIN]]]


def organisation(name: Any, role: Any, countries: Any, contact: Any) -> list[Any]:
    return [name, role, countries, contact]


def test_a_card_survives_its_spelling() -> None:
    assert read_card(CARD.to_value()) == CARD


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (NET, "a"),
        (NET, "0" * 32),
        (NET, "a-b"),
        (VERSION, 1),
        (VERSION, 2**63 - 1),
        (ISSUED_AT, 0),
        (ISSUED_AT, TIME_MS_MAX),
        (SIGNING, SIGNERS[:8]),
        (SIGNING, [[*SIGNER, 0, 1, TIME_MS_MAX]]),
        (SEALING, SEALERS[:8]),
        (ENDPOINTS, []),
        (ENDPOINTS, url("") * 4),
        (ENDPOINTS, url("/" + "a" * 179)),
        (ENDPOINTS, url(":65535/a-b/~c_d.e")),
        (ENDPOINTS, [["https://192.0.2.1", [PIN] * 4]]),
        (ENDPOINTS, [["https://[2001:db8::1]:8443/", [PIN]]]),
        (ORGANISATION, organisation("x", "police", [], "")),
        (ORGANISATION, organisation("x" * 100, "interpol", ["XA", "XB"], "y" * 200)),
        (PROTOCOL, [1, 1]),
        (PROTOCOL, [1, 65535]),
        (SUITES, list(range(1, 17))),
    ],
)
def test_the_bounds_belong_to_the_shape(position: int, value: Any) -> None:
    assert read_card(with_field(position, value)).to_value()[position] == value


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, 0),
        (0, 2),
        (0, True),
        (NET, ""),
        (NET, "0" * 33),
        (NET, "-a"),
        (NET, "A"),
        (NET, "a\n"),
        (NODE_ID, bytes(31)),
        (VERSION, 0),
        (VERSION, "1"),
        (PREVIOUS, bytes(33)),
        (ISSUED_AT, -1),
        (ISSUED_AT, TIME_MS_MAX + 1),
        (ROOT, SIGNER[:1]),
        (ROOT, [bytes(32), SIGNER[1]]),
        (NEXT_ROOT, bytes(31)),
        (SIGNING, []),
        (SIGNING, SIGNERS),
        (SIGNING, [SIGNERS[0], SIGNERS[0]]),
        (SIGNING, [[*SIGNER, 1, 1, 0]]),
        (SIGNING, [[*SIGNER, 0, 1]]),
        (SIGNING, [[*SIGNER, 0, 1, -1]]),
        (SIGNING, [[bytes(32), SIGNER[1], 0, 1, 0]]),
        (SEALING, []),
        (SEALING, SEALERS),
        (SEALING, [SEALERS[0], SEALERS[0]]),
        (SEALING, [[SEALER, 2, 1, 0]]),
        (SEALING, [[SEALER, 0, TIME_MS_MAX + 1, 0]]),
        (SEALING, [[SEALER[:-1], 0, 1, 0]]),
        (SEALING, [[SEALER[:1184] + bytes(32), 0, 1, 0]]),
        (ENDPOINTS, url("") * 5),
        (ENDPOINTS, url("/" + "a" * 180)),
        (ENDPOINTS, url("/?a=b")),
        (ENDPOINTS, url("/#a")),
        (ENDPOINTS, url("/%2e")),
        (ENDPOINTS, url("/\n")),
        (ENDPOINTS, url(":")),
        (ENDPOINTS, url(":123456")),
        (ENDPOINTS, [["http://host.example", [PIN]]]),
        (ENDPOINTS, [["https://name@host.example", [PIN]]]),
        (ENDPOINTS, [["https://", [PIN]]]),
        (ENDPOINTS, [["https://höst.example", [PIN]]]),
        (ENDPOINTS, [["https://host.example", []]]),
        (ENDPOINTS, [["https://host.example", [PIN] * 5]]),
        (ENDPOINTS, [["https://host.example", [bytes(31)]]]),
        (ORGANISATION, organisation("", "hotline", [], "")),
        (ORGANISATION, organisation("x" * 101, "hotline", [], "")),
        (ORGANISATION, organisation("x\ny", "hotline", [], "")),
        (ORGANISATION, organisation("x\ty", "hotline", [], "")),
        (ORGANISATION, organisation("x", "Hotline", [], "")),
        (ORGANISATION, organisation("x", "hotline", ["XB", "XA"], "")),
        (ORGANISATION, organisation("x", "hotline", ["XA", "XA"], "")),
        (ORGANISATION, organisation("x", "hotline", ["xa"], "")),
        (ORGANISATION, organisation("x", "hotline", ["X"], "")),
        (ORGANISATION, organisation("x", "hotline", ["XAA"], "")),
        (ORGANISATION, organisation("x", "hotline", [], "y" * 201)),
        (ORGANISATION, organisation("x", "hotline", [], "y\n")),
        (PROTOCOL, [2, 1]),
        (PROTOCOL, [0, 1]),
        (PROTOCOL, [1]),
        (PROTOCOL, [1, 65536]),
        (SUITES, []),
        (SUITES, [0]),
        (SUITES, [2, 1]),
        (SUITES, [1, 1]),
        (SUITES, list(range(1, 18))),
    ],
)
def test_one_step_beyond_is_malformed(position: int, value: Any) -> None:
    with pytest.raises(Malformed):
        read_card(with_field(position, value))


def test_a_card_has_fourteen_fields() -> None:
    fields = CARD.to_value()
    wrongs: list[Any] = [fields[:-1], [*fields, 1], None, {}]
    for wrong in wrongs:
        with pytest.raises(Malformed):
            read_card(wrong)


def test_countries_have_a_limit() -> None:
    countries: list[Any] = [f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    countries = [*(f"Q{country[1]}" for country in countries), *countries]
    countries = [*(f"A{letter}" for letter in "ABCDEFGHIJKL"), *countries]
    assert len(read_organisation(["x", "hotline", countries, ""]).countries) == 64
    with pytest.raises(Malformed):
        read_organisation(["x", "hotline", [*countries, "ZZ"], ""])


def test_a_net_has_one_spelling() -> None:
    assert read_net("demo-net") == "demo-net"
    with pytest.raises(Malformed):
        read_net("Demo-Net")
