"""`item`: finding work and moving it on; every verb is one call with ids and words only."""

import json
from pathlib import Path

import pytest
from support.command_line import Type
from support.desk_answers import EVENT, FULL_ITEM, ITEM, ITEM_ID, NODE_ID, SHOWN_ADDRESS
from support.fake_desk import FakeDesk

HERE = f"/v1/items/{ITEM_ID}"

STEPS = [
    (("take", ITEM_ID), "take", {}),
    (("locate", ITEM_ID, "--country", "xb"), "locate", {"country": "XB"}),
    (("offer", ITEM_ID), "offer", {"to": ""}),
    (("offer", ITEM_ID, "--to", "beta"), "offer", {"to": "beta"}),
    (("accept", ITEM_ID), "accept", {}),
    (("return", ITEM_ID, "--reason", "capacity"), "return", {"reason": "capacity"}),
    (("act", ITEM_ID, "removed"), "act", {"action": "removed"}),
]


@pytest.mark.parametrize(("words", "verb", "body"), STEPS)
def test_a_step_is_one_call_and_shows_the_item(
    words: tuple[str, ...], verb: str, body: object, desk: FakeDesk, type_: Type
) -> None:
    desk.on_post(f"{HERE}/{verb}", ITEM)
    result = type_("item", *words)
    assert result.exit_code == 0
    assert desk.last.body == body
    assert f"address\t{SHOWN_ADDRESS}\n" in result.stdout
    assert json.loads(type_("item", *words, "--json").stdout) == ITEM
    assert json.loads(type_("--json", "item", *words).stdout) == ITEM


@pytest.mark.parametrize("verb", ["take", "accept", "offer", "history", "show"])
def test_a_wrong_state_ends_with_its_own_code(verb: str, desk: FakeDesk, type_: Type) -> None:
    path = HERE if verb == "show" else f"{HERE}/{verb}"
    for method in ("GET", "POST"):
        desk.refuse(method, path, status=409, code="wrong-state", message="Somebody has it.")
    result = type_("item", verb, ITEM_ID)
    assert (result.exit_code, result.stderr) == (5, "inhope-node: Somebody has it.\n")


@pytest.mark.parametrize(
    ("step", "advised"),
    [
        ("take", [f"item take {ITEM_ID}"]),
        ("assess", [f"item assess {ITEM_ID}"]),
        ("locate", [f"item locate {ITEM_ID}"]),
        ("accept-or-return", [f"item accept {ITEM_ID}", f"item return {ITEM_ID}"]),
        ("act", [f"item act {ITEM_ID} ACTION"]),
        ("", []),
        ("from-the-future", []),
    ],
)
def test_next_shows_the_item_and_the_commands_it_needs(
    step: str, advised: list[str], desk: FakeDesk, type_: Type
) -> None:
    desk.on_post("/v1/items/next", {"item": ITEM, "step": step})
    result = type_("item", "next", "--take")
    assert desk.last.body == {"take": True}
    assert f"item\t{ITEM_ID}\n" in result.stdout
    lines = result.stderr.splitlines()
    assert len(lines) == len(advised)
    assert all(line.endswith(command) for line, command in zip(lines, advised, strict=True))


def test_next_says_when_there_is_nothing_to_do(desk: FakeDesk, type_: Type) -> None:
    desk.on_post("/v1/items/next", {"item": None, "step": ""})
    assert type_("item", "next").stdout == "Nothing needs you now.\n"
    assert desk.last.body == {"take": False}
    assert json.loads(type_("item", "next", "--json").stdout) == {"item": None, "step": ""}


def test_list_gives_a_line_an_item(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/items", {"items": [ITEM], "next": ""})
    result = type_("item", "list", "--state", "new", "--owner", "beta")
    assert desk.last.query == {"state": "new", "owner": "beta", "limit": "100"}
    cells = result.stdout.rstrip("\n").split("\t")
    assert cells[0] == ITEM_ID
    assert cells[-1] == SHOWN_ADDRESS
    assert result.stderr == ""


def test_a_long_list_is_read_page_by_page(
    desk: FakeDesk, type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inhope_node.cli.pages.PAGE_ROWS_MAX", 2)
    desk.on_get("/v1/items", {"items": [ITEM, ITEM], "next": "more"})
    result = type_("item", "list", "--limit", "5", "--after", "first", "--json")
    asked = [(call.query["after"], call.query["limit"]) for call in desk.calls]
    assert asked == [("first", "2"), ("more", "2"), ("more", "1")]
    document = json.loads(result.stdout)
    assert document["next"] == "more"
    assert document["items"][0] == ITEM
    result = type_("item", "list", "--limit", "2")
    assert result.stderr == "There are more; go on with --after more\n"


def test_show_defangs_unless_asked(desk: FakeDesk, type_: Type) -> None:
    desk.on_get(HERE, FULL_ITEM)
    result = type_("item", "show", ITEM_ID)
    assert desk.last.query == {}
    for line in (
        "same address\t2 more",
        "lease until\t2023-11-14 22:43:20Z",
        (
            "assessment\t2023-11-14 22:13:20Z Hotline Alpha, analyst-1; demo@1:alpha;"
            " real yes, below age limit no, severity unknown; XA not_illegal"
        ),
        (
            "hosting\t2023-11-14 22:13:20Z Hotline Alpha; XB (dns); 192.0.2.1; AS 64496; Host;"
            " a delivery network, not the origin"
        ),
        "action\t2023-11-14 22:13:20Z beta; reported_to_police",
    ):
        assert line in result.stdout.splitlines()
    desk.on_get(HERE, ITEM)
    assert "same address" not in type_("item", "show", ITEM_ID, "--reveal").stdout
    assert desk.last.query == {"reveal": "true"}


@pytest.mark.usefixtures("terminal")
def test_an_item_on_a_terminal_has_its_fields_aligned(desk: FakeDesk, type_: Type) -> None:
    desk.on_get(HERE, FULL_ITEM | {"address": "hxxps://host[.]example/[red]one[/red]:smile:"})
    desk.on_get("/v1/items", {"items": [ITEM], "next": ""})
    result = type_("item", "show", ITEM_ID)
    assert "\t" not in result.stdout
    assert "hxxps://host[.]example/[red]one[/red]:smile:" in result.stdout
    first, second = type_("item", "list").stdout.splitlines()
    assert first == f"{ITEM_ID}  assessing  assess  normal  Hotline Alpha"
    assert second == f"    {SHOWN_ADDRESS}"
    desk.on_get("/v1/items", {"items": [], "next": ""})
    assert type_("item", "list").stdout == "No items.\n"


def test_history_gives_a_line_an_event(desk: FakeDesk, type_: Type) -> None:
    desk.on_get(f"{HERE}/history", {"history": [EVENT]})
    row = f"2023-11-14 22:13:20Z\tanalyst-1\ttake\tnew\tassessing\torigin={NODE_ID}, urgent=yes\n"
    assert type_("item", "history", ITEM_ID).stdout == row
    document = json.loads(type_("item", "history", ITEM_ID, "--json").stdout)
    assert document == {"history": [EVENT]}


@pytest.mark.usefixtures("terminal")
def test_history_on_a_terminal_shortens_long_values(desk: FakeDesk, type_: Type) -> None:
    desk.on_get(f"{HERE}/history", {"history": [EVENT]})
    result = type_("item", "history", ITEM_ID)
    assert NODE_ID not in result.stdout
    assert "5a5a5a" in result.stdout


def test_locate_asks_for_the_country_and_reads_network_addresses_from_a_file(
    desk: FakeDesk, type_: Type, tmp_path: Path
) -> None:
    desk.on_post(f"{HERE}/locate", ITEM)
    hosts = tmp_path / "hosts"
    hosts.write_text("192.0.2.1\n2001:db8::1\n", encoding="ascii")
    line = ("--addresses-file", str(hosts), "--method", "dns", "--asn", "64496", "--cdn")
    result = type_("item", "locate", ITEM_ID, *line, "--organisation", "Host", keys="xb\n")
    assert result.exit_code == 0
    assert desk.last.body == {
        "country": "XB",
        "addresses": ["192.0.2.1", "2001:db8::1"],
        "method": "dns",
        "asn": 64496,
        "organisation": "Host",
        "cdn": True,
    }


def test_return_asks_for_the_reason_by_its_number(desk: FakeDesk, type_: Type) -> None:
    desk.on_post(f"{HERE}/return", ITEM)
    result = type_("item", "return", ITEM_ID, keys="9\n6\n")
    assert result.exit_code == 0
    assert "Type one of the letters 1, 2, 3, 4, 5, 6 and Enter." in result.stderr
    assert desk.last.body == {"reason": "capacity"}


def test_act_reads_its_reason_from_a_file(desk: FakeDesk, type_: Type) -> None:
    desk.on_post(f"{HERE}/act", ITEM)
    type_("item", "act", ITEM_ID, "closed", "--reason-file", "-", keys="because\n")
    assert desk.last.body == {"action": "closed", "reason": "because"}


@pytest.mark.parametrize("wrong", ["https://host.example/one", "1234", "x" * 36])
def test_what_is_no_id_is_not_repeated(wrong: str, desk: FakeDesk, type_: Type) -> None:
    for words in (("item", "show", wrong), ("item", "take", wrong), ("report", "show", wrong)):
        result = type_(*words)
        assert result.exit_code == 2
        assert "that is no id; copy one, with all its 36 characters, from a list." in result.stderr
        assert wrong not in result.output
    assert desk.calls == []
