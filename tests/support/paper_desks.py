"""Desks of nodes made of paper: enough of the desk API to try the scripted people on.

All nodes share one table, so what one says every other knows at once. A desk can be made to
break the connection before or after it did what was asked, as a node that dies would.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from inhope_node.demo.desk import Json
from inhope_node.errors import NodeNotRunning, WrongState

COUNTRY_OF = {"hotline-a": "XA", "hotline-b": "XB", "hotline-c": "XC"}
STEPS = {
    "new": "take",
    "assessing": "assess",
    "assessed": "locate",
    "located": "locate",
    "delivered": "accept-or-return",
    "police_pending": "act",
    "police_informed": "act",
    "notified": "act",
}
AFTER_ACT = {
    ("police_pending", "reported_to_police"): "police_informed",
    ("police_informed", "reported_to_provider"): "notified",
    ("notified", "removed"): "removed",
    ("notified", "unavailable"): "unavailable",
}


@dataclass
class PaperItem:
    """One item, the same for all paper nodes."""

    id: str
    report: str
    address: str
    finder: str
    turn: str
    state: str = "new"
    returned: str = ""
    taken: bool = False


@dataclass
class PaperNodes:
    """The one table behind all paper desks."""

    items: dict[str, PaperItem] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)
    bodies: list[Mapping[str, Any]] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)
    numbers: Iterator[int] = field(default_factory=itertools.count)


@dataclass
class PaperDesk:
    """The desk of one paper node; `faults` holds `before` or `after` for calls that break."""

    node: str
    nodes: PaperNodes
    faults: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def get(self, path: str, **query: str | int | bool | None) -> Json:
        """Answer a reading call."""
        self._break("before")
        with self.nodes.lock:
            match path.split("/")[2:]:
                case ["items"]:
                    return self._list(query)
                case ["items", item]:
                    return self._shown(self.nodes.items[item])
                case _:
                    return {"path": path}

    def _list(self, query: Mapping[str, str | int | bool | None]) -> Json:
        mine = [
            self._shown(item)
            for item in self.nodes.items.values()
            if item.turn == self.node and item.state == query["state"]
        ]
        start = int(query["after"] or 0)
        return {
            "items": mine[start : start + 2],
            "next": str(start + 2) if mine[start + 2 :] else "",
        }

    def post(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Json:
        """Do something once for each key."""
        assert key
        self.keys.append(key)
        self._break("before")
        with self.nodes.lock:
            if key not in self.nodes.answers:
                self.nodes.answers[key] = self._do(path.split("/")[2:], body)
        self._break("after")
        return self.nodes.answers[key]

    def _break(self, moment: str) -> None:
        if self.faults and self.faults[0] == moment:
            self.faults.pop(0)
            raise NodeNotRunning("The paper tore.")

    def _do(self, path: list[str], body: Mapping[str, Any]) -> Json:
        match path:
            case ["reports"]:
                return self._file(body)
            case ["items", "next"]:
                return self._next()
            case ["items", item, verb]:
                self._verb(self.nodes.items[item], verb, body)
                return {}
            case _:
                raise AssertionError(path)

    def _file(self, body: Mapping[str, Any]) -> Json:
        self.nodes.references.append(body["reference"])
        self.nodes.bodies.append(body)
        ids = []
        for address in body["addresses"]:
            item = f"item-{next(self.nodes.numbers)}"
            self.nodes.items[item] = PaperItem(
                item, body["reference"], address, self.node, self.node
            )
            ids.append(item)
        return {"items": ids}

    def _next(self) -> Json:
        for item in self.nodes.items.values():
            step = STEPS.get(item.state, "")
            if item.turn != self.node or not step or (step == "assess" and item.taken):
                continue
            if step == "take":
                item.state, item.taken, step = "assessing", True, "assess"
            return {"item": self._shown(item), "step": step}
        return {"item": None, "step": ""}

    def _shown(self, item: PaperItem) -> Json:
        step = STEPS.get(item.state, "") if item.turn == self.node else ""
        shown = {"id": item.id, "state": item.state, "returned": item.returned}
        return {**shown, "next_step": step}

    def _verb(self, item: PaperItem, verb: str, body: Mapping[str, Any]) -> None:
        if item.turn != self.node:
            raise WrongState("It is not this node's turn.")
        if (verb == "take") != (item.state == "new"):
            raise WrongState("Somebody has it.")
        match verb:
            case "take":
                item.state, item.taken = "assessing", True
            case "assess":
                illegal = body["verdicts"][COUNTRY_OF[self.node]] != "not_illegal"
                item.state = "assessed" if illegal else "closed_not_illegal"
            case "locate":
                self._place(item, body["country"])
            case "accept":
                item.state = "police_pending"
            case "return":
                item.state, item.returned, item.turn = "located", body["reason"], item.finder
            case "act":
                if (item.state, body["action"]) not in AFTER_ACT:
                    raise WrongState("A colleague was faster.")
                item.state = AFTER_ACT[item.state, body["action"]]
            case _:
                raise AssertionError(verb)

    def _place(self, item: PaperItem, country: str) -> None:
        host = next((name for name, code in COUNTRY_OF.items() if code == country), "")
        if not host:
            item.state = "orphaned"
        elif host == self.node:
            item.state = "police_pending"
        else:
            item.state, item.turn = "delivered", host
