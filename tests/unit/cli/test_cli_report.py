"""`report`: addresses, notes and reporters come from files, pipes and keys, not from arguments."""

import json
from pathlib import Path

import pytest
from support.command_line import Type
from support.desk_answers import ITEM_ID, REPORT, REPORT_ID
from support.fake_desk import FakeDesk

ONE, TWO = "https://host.example/one", "https://host.example/two"


@pytest.fixture(autouse=True)
def _answers(desk: FakeDesk) -> None:
    desk.on_post("/v1/reports", REPORT)


def test_addresses_are_asked_for_line_by_line(desk: FakeDesk, type_: Type) -> None:
    result = type_("report", "file", keys=f"{ONE}\n {TWO} \n\nnot read\n")
    assert result.exit_code == 0
    assert desk.last.body == {"addresses": [ONE, TWO]}
    assert f"report\t{REPORT_ID}\n" in result.stdout
    assert f"item\t{ITEM_ID}\n" in result.stdout
    assert ONE not in result.stdout
    assert "item next --take" in result.stderr


def test_a_pipe_may_end_without_an_empty_line(desk: FakeDesk, type_: Type) -> None:
    result = type_("report", "file", "--json", keys=f"{ONE}\n{TWO}\n")
    assert json.loads(result.stdout) == REPORT
    assert desk.last.body == {"addresses": [ONE, TWO]}


def test_a_text_file_has_one_address_a_line(desk: FakeDesk, type_: Type, tmp_path: Path) -> None:
    source = tmp_path / "addresses.txt"
    source.write_text(f"\ufeff{ONE}\r\n\n  {TWO}\n", encoding="utf-8")
    assert type_("report", "file", "--from", str(source)).exit_code == 0
    assert desk.last.body == {"addresses": [ONE, TWO]}


def test_options_files_and_json_make_one_report(
    desk: FakeDesk, type_: Type, tmp_path: Path
) -> None:
    for name, text in (("notes", "a note\n"), ("reporter", "someone\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    document = {"addresses": [ONE], "urgency": "normal", "kind": "page"}
    line = (
        *("report", "file", "--from", "-", "--reference", "R-1", "--urgency", "high"),
        *("--channel", "phone", "--site-type", "forum"),
        *("--notes-file", str(tmp_path / "notes"), "--reporter-file", str(tmp_path / "reporter")),
    )
    assert type_(*line, keys=json.dumps(document)).exit_code == 0
    assert desk.last.body == {
        "addresses": [ONE],
        "urgency": "high",
        "kind": "page",
        "reference": "R-1",
        "channel": "phone",
        "site_type": "forum",
        "notes": "a note",
        "reporter": "someone",
    }


@pytest.mark.parametrize(
    ("content", "exit_code", "sentence"),
    [
        (b"\n \n", 2, "Standard input holds no address"),
        (b"{", 2, "The JSON cannot be read"),
        (b'{"addresses": [], "a": }', 2, "The JSON cannot be read"),
        (b"\x89PNG\r\n\xff", 6, "Standard input is no UTF-8 text"),
        (b"https://host.example/\0", 6, "Standard input is no UTF-8 text"),
        (b"a" * (1 << 20) + b"a", 2, "is longer than 1048576 bytes"),
    ],
)
def test_what_is_no_report_is_not_sent(
    content: bytes, exit_code: int, sentence: str, desk: FakeDesk, type_: Type
) -> None:
    result = type_("report", "file", "--from", "-", keys=content)
    assert result.exit_code == exit_code
    assert sentence in result.stderr
    assert desk.calls == []


def test_a_file_that_is_not_there_is_told(desk: FakeDesk, type_: Type, tmp_path: Path) -> None:
    result = type_("report", "file", "--from", str(tmp_path / "nothing"))
    assert result.exit_code == 2
    assert result.stderr.endswith("nothing: No such file or directory.\n")
    assert desk.calls == []


def test_nothing_typed_files_nothing(desk: FakeDesk, type_: Type) -> None:
    result = type_("report", "file", keys="\n")
    assert result.exit_code == 2
    assert "No address was typed, so nothing was filed." in result.stderr
    assert desk.calls == []


@pytest.mark.parametrize("line", [("--notes-file", "-"), ("--from", "-", "--reporter-file", "-")])
def test_standard_input_serves_one_purpose(
    line: tuple[str, ...], desk: FakeDesk, type_: Type
) -> None:
    result = type_("report", "file", *line, keys="something\n")
    assert result.exit_code == 2
    assert "Only one thing can be read from standard input" in result.stderr
    assert desk.calls == []


def test_refused_contents_end_with_their_own_code(desk: FakeDesk, type_: Type) -> None:
    desk.refuse(
        "POST", "/v1/reports", status=422, code="refused-contents", message="No field takes files."
    )
    result = type_("report", "file", "--json", keys=f"{ONE}\n")
    assert result.exit_code == 6
    assert json.loads(result.stdout) == {
        "error": {"code": "refused-contents", "message": "No field takes files."}
    }
    assert result.stderr.endswith("inhope-node: No field takes files.\n")


def test_a_full_store_ends_with_its_own_code(desk: FakeDesk, type_: Type) -> None:
    desk.refuse("POST", "/v1/reports", status=507, code="storage-full", message="Make room.")
    result = type_("report", "file", keys=f"{ONE}\n")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (7, "inhope-node: Make room.")


def test_an_address_given_as_an_argument_is_not_repeated(desk: FakeDesk, type_: Type) -> None:
    result = type_("report", "file", ONE, "--json")
    assert result.exit_code == 2
    assert ONE not in result.output
    assert "unexpected extra argument (…)" in result.stderr
    assert desk.calls == []


def test_list_gives_a_line_a_report(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/reports", {"reports": [REPORT], "next": ""})
    cells = type_("report", "list").stdout.rstrip("\n").split("\t")
    assert cells == [REPORT_ID, "R-1", "2023-11-14 22:13:20Z", "web_form", "normal", "1"]


@pytest.mark.parametrize(("flags", "query"), [((), {}), (("--reveal",), {"reveal": "true"})])
def test_show_reveals_the_reporter_only_when_asked(
    flags: tuple[str, ...], query: dict[str, str], desk: FakeDesk, type_: Type
) -> None:
    desk.on_get(f"/v1/reports/{REPORT_ID}", REPORT | {"notes": "a note"})
    result = type_("report", "show", REPORT_ID, *flags)
    assert desk.last.query == query
    assert "notes\ta note\n" in result.stdout
    assert "reporter" not in result.stdout
    desk.on_get(f"/v1/reports/{REPORT_ID}", REPORT | {"notes": "", "reporter": "someone"})
    assert "reporter\tsomeone\n" in type_("report", "show", REPORT_ID, *flags).stdout
    assert json.loads(type_("report", "show", REPORT_ID, "--json").stdout)["reporter"] == "someone"
