"""How the desk is spoken to over its Unix socket."""

import socket
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.fake_desk import TOKEN, FakeDesk, running_desk

from inhope_node.desk_client import DeskClient, path_of
from inhope_node.errors import (
    BY_CODE,
    HomeUnusable,
    Internal,
    NodeError,
    NodeNotRunning,
    NotSignedIn,
    rebuilt,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    with running_desk(tmp_path) as running:
        yield running


@pytest.fixture
def client(desk: FakeDesk) -> DeskClient:
    return DeskClient(desk.home, TOKEN)


def test_a_read_carries_the_token_and_the_query(desk: FakeDesk, client: DeskClient) -> None:
    desk.on_get("/v1/items", {"items": []})
    assert client.get("/v1/items", state="new", limit=3, reveal=True, owner=None) == {"items": []}
    assert desk.last.headers["Authorization"] == f"Bearer {TOKEN}"
    assert desk.last.query == {"state": "new", "limit": "3", "reveal": "true"}


def test_every_write_has_a_key_of_its_own(desk: FakeDesk, client: DeskClient) -> None:
    desk.on_post("/v1/reports", {"id": "x"})
    client.post("/v1/reports", {"addresses": []})
    client.post("/v1/reports", {"addresses": []})
    first, second = (call.headers["Idempotency-Key"] for call in desk.calls)
    assert uuid.UUID(first) != uuid.UUID(second)


def test_a_caller_may_bring_its_own_key(desk: FakeDesk, client: DeskClient) -> None:
    desk.on_post("/v1/reports", {})
    client.post("/v1/reports", {}, key="mine")
    assert desk.last.headers["Idempotency-Key"] == "mine"


def test_a_broken_write_is_made_again_with_the_same_key(desk: FakeDesk, client: DeskClient) -> None:
    desk.on_post("/v1/reports", {"id": "x"})
    desk.breaks = 1
    assert client.post("/v1/reports", {"a": 1}) == {"id": "x"}
    first, second = desk.calls
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.body == second.body == {"a": 1}


def test_a_connection_that_breaks_twice_is_given_up(desk: FakeDesk, client: DeskClient) -> None:
    desk.breaks = 2
    with pytest.raises(NodeNotRunning, match="broke the connection twice"):
        client.get("/v1/status")
    assert len(desk.calls) == 2


def test_a_home_may_lie_deeper_than_a_socket_path_may_be_long(tmp_path: Path) -> None:
    home = tmp_path / ("d" * 120) / ("e" * 120)
    home.mkdir(parents=True)
    with running_desk(home) as deep:
        deep.on_get("/v1/status", {"name": "deep"})
        assert DeskClient(home, TOKEN).get("/v1/status") == {"name": "deep"}


def test_a_home_without_a_socket_says_how_to_start_the_node(tmp_path: Path) -> None:
    with pytest.raises(NodeNotRunning, match=r"start it with `inhope-node --home .* run`"):
        DeskClient(tmp_path, TOKEN).get("/v1/status")


def test_a_socket_nobody_listens_on_says_how_to_start_the_node(tmp_path: Path) -> None:
    with running_desk(tmp_path):
        pass
    left_behind = socket.socket(socket.AF_UNIX)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        left_behind.bind("desk.sock")
    left_behind.close()
    with pytest.raises(NodeNotRunning, match="start it with"):
        DeskClient(tmp_path, TOKEN).get("/v1/status")


def test_a_folder_that_is_not_there_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(HomeUnusable, match="There is no home"):
        DeskClient(tmp_path / "nowhere", TOKEN).get("/v1/status")


@pytest.mark.parametrize("call", ["open", "connect"])
def test_a_folder_that_is_closed_to_us_says_so(
    call: str, client: DeskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> int:
        raise PermissionError

    place = {"open": "os.open", "connect": "socket.socket.connect"}[call]
    monkeypatch.setattr(place, closed)
    with pytest.raises(HomeUnusable, match="You may not enter"):
        client.get("/v1/status")


def test_a_node_that_does_not_answer_is_given_up_in_time(tmp_path: Path) -> None:
    silent = socket.socket(socket.AF_UNIX)
    with pytest.MonkeyPatch.context() as patch, silent:
        patch.chdir(tmp_path)
        silent.bind("desk.sock")
        silent.listen()
        with pytest.raises(NodeNotRunning, match="no answer within 0 seconds"):
            DeskClient(tmp_path, TOKEN, timeout_s=0.05).get("/v1/status")


def test_a_node_whose_queue_is_full_is_waited_for_but_not_for_ever(tmp_path: Path) -> None:
    busy = socket.socket(socket.AF_UNIX)
    with pytest.MonkeyPatch.context() as patch, busy, ExitStack() as waiting:
        patch.chdir(tmp_path)
        busy.bind("desk.sock")
        busy.listen(0)
        waiting.enter_context(socket.socket(socket.AF_UNIX)).connect("desk.sock")
        with pytest.raises(NodeNotRunning, match="no answer within"):
            DeskClient(tmp_path, TOKEN, timeout_s=0.05).get("/v1/status")


@pytest.mark.parametrize("code", BY_CODE)
def test_every_fault_comes_back_as_itself(code: str, desk: FakeDesk, client: DeskClient) -> None:
    leaf = BY_CODE[code]
    desk.refuse("GET", "/v1/status", status=leaf.http_status, code=code, message="Do this.")
    with pytest.raises(leaf, match=r"Do this\.") as raised:
        client.get("/v1/status")
    assert type(raised.value) is leaf


def test_every_leaf_is_known_by_its_code_and_only_by_it() -> None:
    assert set(BY_CODE.values()) == set(NodeError.__subclasses__())
    assert len(BY_CODE) == len(NodeError.__subclasses__())
    assert all(leaf.exit_code for leaf in BY_CODE.values())


def test_a_code_of_a_later_version_is_an_internal_fault() -> None:
    assert type(rebuilt("from-the-future", "Wait.")) is Internal


@pytest.mark.parametrize(
    ("status", "answer"),
    [(200, b"<html>"), (200, b"[]"), (500, {}), (500, {"error": "no object"}), (200, b"\xff")],
)
def test_an_answer_that_is_no_answer_is_an_internal_fault(
    status: int, answer: object, desk: FakeDesk, client: DeskClient
) -> None:
    desk.answers["GET", "/v1/status"] = (status, answer)
    with pytest.raises(Internal):
        client.get("/v1/status")


@pytest.mark.parametrize("token", ["a\r\nX-Other: b", "töken", "a\0b"])
def test_a_token_cannot_forge_a_header(token: str, desk: FakeDesk) -> None:
    with pytest.raises(NotSignedIn):
        DeskClient(desk.home, token).get("/v1/status")
    assert desk.calls == []


def test_one_client_serves_many_threads(desk: FakeDesk, client: DeskClient) -> None:
    desk.on_post("/v1/reports", {"ok": True})
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda number: client.post("/v1/reports", {"n": number}), range(40))
        )
    assert answers == [{"ok": True}] * 40
    assert sorted(call.body["n"] for call in desk.calls) == list(range(40))


def test_a_name_in_a_path_cannot_leave_its_place(desk: FakeDesk, client: DeskClient) -> None:
    assert path_of("peers", "a/b?c=d") == "/v1/peers/a%2Fb%3Fc%3Dd"
    desk.on_get("/v1/peers/ä b", {"name": "ä b"})
    assert client.get(path_of("peers", "ä b")) == {"name": "ä b"}


def test_no_picture_of_a_client_shows_its_token() -> None:
    assert TOKEN not in repr(DeskClient(Path("home"), TOKEN))
