"""`peer`: two people meet; what is typed goes to the node with the digest of the card shown."""

import base64
import json
from pathlib import Path

import pytest
from support.command_line import Type
from support.desk_answers import DIGEST, NODE_ID, PEER
from support.fake_desk import FakeDesk

WORDS = "one two three four five six seven eight nine ten eleven twelve"
VERIFIED = PEER | {"level": "verified", "confirmed_at_ms": 1_700_000_000_000}


def test_add_carries_the_bytes_of_the_card(desk: FakeDesk, type_: Type, tmp_path: Path) -> None:
    card = tmp_path / "beta.card"
    card.write_bytes(b"\x94\xa4card")
    desk.on_post("/v1/peers", PEER)
    result = type_("peer", "add", str(card), "--name", "beta", "--allow-private")
    assert result.exit_code == 0
    assert base64.b64decode(desk.last.body.pop("card")) == b"\x94\xa4card"
    assert desk.last.body == {"allow_private": True, "name": "beta"}
    assert "level\tintroduced\n" in result.stdout
    assert "Next, on the phone with them: inhope-node --home" in result.stderr
    assert result.stderr.endswith("peer confirm beta\n")


def test_add_reads_standard_input_and_leaves_the_name_to_the_node(
    desk: FakeDesk, type_: Type
) -> None:
    desk.on_post("/v1/peers", PEER)
    result = type_("peer", "add", "-", "--json", keys=b"\x94\xa4card")
    assert json.loads(result.stdout) == PEER
    assert desk.last.body == {
        "card": base64.b64encode(b"\x94\xa4card").decode(),
        "allow_private": False,
    }


def test_a_card_that_is_refused_ends_with_its_own_code(
    desk: FakeDesk, type_: Type, tmp_path: Path
) -> None:
    desk.refuse("POST", "/v1/peers", status=409, code="card", message="It is of another network.")
    card = tmp_path / "x.card"
    card.write_bytes(b"x")
    result = type_("peer", "add", str(card))
    assert (result.exit_code, result.stderr) == (14, "inhope-node: It is of another network.\n")


def test_a_file_too_long_for_a_card_is_not_sent(
    desk: FakeDesk, type_: Type, tmp_path: Path
) -> None:
    card = tmp_path / "x.card"
    card.write_bytes(bytes((1 << 20) + 1))
    result = type_("peer", "add", str(card))
    assert result.exit_code == 2
    assert desk.calls == []


def test_confirm_shows_the_card_and_asks_for_the_words(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/peers/beta", PEER)
    desk.on_post("/v1/peers/beta/confirm", VERIFIED)
    result = type_("peer", "confirm", "beta", keys=WORDS + "\n")
    assert result.exit_code == 0
    for shown in (DIGEST, NODE_ID, "Hotline Beta", "hotline", "XB", "that you know from elsewhere"):
        assert shown in result.stderr
    assert desk.last.body == {"words": WORDS, "digest": DIGEST}
    assert "level\tverified\n" in result.stdout
    assert result.stderr.endswith("beta is verified for this node.\n")


def test_confirm_lets_one_press_enter_between_words(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/peers/beta", PEER)
    desk.on_post("/v1/peers/beta/confirm", VERIFIED)
    typed = "one two three\nfour five six seven\n\neight nine ten eleven twelve\n"
    result = type_("peer", "confirm", "beta", keys=typed)
    assert result.exit_code == 0
    assert desk.last.body["words"] == WORDS
    assert "Words 4 to 12: " in result.stderr


@pytest.mark.parametrize("source", ["file", "-"])
def test_confirm_takes_the_words_of_a_script(
    source: str, desk: FakeDesk, type_: Type, tmp_path: Path
) -> None:
    desk.on_get("/v1/peers/beta", PEER)
    desk.on_post("/v1/peers/beta/confirm", VERIFIED)
    text = WORDS.replace(" ", "\n") + "\n"
    path = tmp_path / "words"
    path.write_text(text, encoding="ascii")
    given = str(path) if source == "file" else "-"
    result = type_("peer", "confirm", "beta", "--words-file", given, "--json", keys=text)
    assert json.loads(result.stdout)["level"] == "verified"
    assert result.stderr == ""
    assert desk.last.body["words"] == WORDS


def test_wrong_words_end_with_their_own_code(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/peers/beta", PEER)
    desk.refuse(
        "POST", "/v1/peers/beta/confirm", status=409, code="words", message="Word 3 is wrong."
    )
    result = type_("peer", "confirm", "beta", keys=WORDS + "\n")
    assert result.exit_code == 13
    assert result.stderr.endswith("inhope-node: Word 3 is wrong.\n")


def test_words_that_end_too_early_confirm_nothing(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/peers/beta", PEER)
    result = type_("peer", "confirm", "beta", keys="one two\n")
    assert result.exit_code == 2
    assert "The input ended before this was answered" in result.stderr
    assert [call.method for call in desk.calls] == ["GET"]


def test_list_gives_a_line_a_peer(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/peers", {"peers": [PEER, VERIFIED | {"name": "gamma"}]})
    beta, gamma = type_("peer", "list").stdout.splitlines()
    assert beta == "beta\tintroduced\thotline\tXB\t1\t-\tHotline Beta"
    assert gamma.split("\t")[5] == "2023-11-14 22:13:20Z"
    document = json.loads(type_("peer", "list", "--json").stdout)
    assert document == {"peers": [PEER, VERIFIED | {"name": "gamma"}]}


@pytest.mark.parametrize(("verb", "path"), [("show", ""), ("suspend", "/suspend")])
def test_show_and_suspend_print_the_peer(verb: str, path: str, desk: FakeDesk, type_: Type) -> None:
    for method in ("GET", "POST"):
        desk.answers[method, "/v1/peers/beta" + path] = (200, PEER)
    assert "contact\tdesk@beta.example\n" in type_("peer", verb, "beta").stdout
    assert json.loads(type_("peer", verb, "beta", "--json").stdout) == PEER


def test_a_peer_nobody_knows_is_not_found(desk: FakeDesk, type_: Type) -> None:
    desk.refuse("GET", "/v1/peers/x", status=404, code="not-found", message="There is no peer x.")
    result = type_("peer", "show", "x")
    assert (result.exit_code, result.stderr) == (4, "inhope-node: There is no peer x.\n")


def test_a_claim_of_a_peer_cannot_steer_a_terminal(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/peers/beta", PEER | {"name": "be\x1b[2Jta\u202e", "contact": "a\tb\nc"})
    result = type_("peer", "show", "beta")
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    assert "contact\ta\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\n" in result.stdout
