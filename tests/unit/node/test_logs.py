"""No log line holds an address, a note or the words of an exception."""

import json
from typing import Any

import pytest
import structlog

from inhope_node.logs import configure, fenced


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://host.example/one", "(withheld)"),
        ("hxxps://host[.]example", "(withheld)"),
        ("host[.]example", "(withheld)"),
        ("x" * 121, "(withheld)"),
        ("x" * 120, "x" * 120),
        (7, 7),
        (None, None),
        (1.5, 1.5),
        (ValueError("https://host.example"), "ValueError"),
        (b"bytes", "bytes"),
        (["https://host.example"], "list"),
    ],
)
def test_what_could_be_contents_is_withheld(value: object, shown: object) -> None:
    event: dict[str, Any] = {"event": "x", "value": value, "node_id": "f" * 200}
    assert fenced(None, "info", event) == {"event": "x", "value": shown, "node_id": "f" * 200}


def test_logs_are_json_lines_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    try:
        configure()
        structlog.get_logger().info("ready", port=8443, where="https://host.example")
    finally:
        structlog.configure(**before)
    told = capsys.readouterr()
    line = json.loads(told.err)
    assert (line["event"], line["port"], line["where"]) == ("ready", 8443, "(withheld)")
    assert told.out == ""
