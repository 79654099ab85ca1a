"""An address is kept as it came, compared in canonical form, and shown so that nobody clicks."""

import re

import ada_url
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inhope_node.errors import BadInput
from inhope_node.intake.address import ADDRESS_CHARS_MAX, accepted, canonical, defanged

HOSTS = st.from_regex(r"\A[a-zA-Z0-9]{1,8}(\.[a-zA-Z0-9-]{1,8}){0,2}\.(example|test)\.?\Z")
PATHS = st.text(alphabet=[chr(sign) for sign in range(33, 127)], max_size=40)
USERS = st.sampled_from(["", "user@", "user:word@", "a.b@"])
SCHEMES = st.sampled_from(
    ["http://", "https://", "ftp://", "HTTP://", "hTTps:", "http:\\\\", "ftp:/"]
)
ADDRESSES = st.builds(lambda *parts: "".join(parts), SCHEMES, USERS, HOSTS, st.just("/"), PATHS)
LINK = re.compile(r"(https?|ftp)(:|%3a)", re.IGNORECASE)


def readable(address: str) -> bool:
    try:
        canonical(address)
    except BadInput:
        return False
    return True


@given(ADDRESSES)
def test_the_canonical_form_of_a_canonical_form_is_itself(address: str) -> None:
    assume(readable(address))
    once = canonical(address)
    assert canonical(once) == once


@given(ADDRESSES)
def test_the_exact_address_is_kept(address: str) -> None:
    assume(readable(address))
    assert accepted(f"  {address}\n") == address


@given(ADDRESSES)
def test_what_is_shown_is_no_link_and_holds_none(address: str) -> None:
    shown = defanged(address)
    assert not LINK.search(shown)
    assert shown.replace("[.]", ".").lower().replace("x", "t") == address.lower().replace("x", "t")
    try:
        url = ada_url.URL(shown)
    except ValueError:
        return
    assert url.protocol in {"hxxp:", "hxxps:", "fxp:"}


@given(st.text(max_size=80))
def test_whatever_is_handed_in_is_an_address_or_refused(text: str) -> None:
    if not readable(text.strip()):
        with pytest.raises(BadInput):
            accepted(text)
    defanged(text)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ("https://host.example/one.html", "hxxps://host[.]example/one.html"),
        ("HTTP://HOST.example", "HXXP://HOST[.]example"),
        ("http:host.example/x", "hxxp:host[.]example/x"),
        ("https:\\\\host.example\\x", "hxxps:\\\\host[.]example\\x"),
        ("ftp://host.example", "fxp://host[.]example"),
        ("http://192.0.2.1/a", "hxxp://192[.]0[.]2[.]1/a"),
        ("http://h.example/?u=https://b.example", "hxxp://h[.]example/?u=hxxps://b.example"),
        ("http://h.example/?u=https%3A//b.example", "hxxp://h[.]example/?u=hxxps%3A//b.example"),
    ],
)
def test_an_address_is_defanged_in_every_spelling_browsers_take(exact: str, shown: str) -> None:
    assert readable(exact)
    assert defanged(exact) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTPS://Host.Example:443/a", "https://host.example/a"),
        ("http://u:p@host.example/a#part", "http://host.example/a"),
        ("http://host.example./a", "http://host.example/a"),
        ("http://host.example/%7ea/./b/../c", "http://host.example/~a/c"),
        ("http://0xC0.0.2.1/", "http://192.0.2.1/"),
        ("http:host.example/a", "http://host.example/a"),
    ],
)
def test_spellings_of_one_address_are_equal(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "host.example/one",
        "mailto:desk@host.example",
        "javascript:alert(1)",
        "data:text/plain,x",
        "http://",
        "http://./",
        "http://host.example:99999/",
        "http://host.example/a b",
        "http://höst.example/",
        "http://host.example/\x00",
        "http://host.example/" + "a" * ADDRESS_CHARS_MAX,
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        accepted(text)
    assert "host.example" not in str(refusal.value)


def test_a_part_that_cannot_be_tidied_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_text: str) -> str:
        raise ValueError

    monkeypatch.setattr("inhope_node.intake.address.yarl.URL", broken)
    with pytest.raises(BadInput, match="cannot be read"):
        canonical("http://host.example/")
