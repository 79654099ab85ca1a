"""The desk API: the table of calls, who may make them, and one shape for every fault.

Every call carries a personal token. Every POST runs in one transaction together with the answer it
gives, kept under the caller's `Idempotency-Key`: whoever asks again gets the same answer and
nothing happens twice.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from inhope_node.api import requests
from inhope_node.api.cases import CaseCalls
from inhope_node.api.keeping import KeepingCalls
from inhope_node.api.requests import Call, read_call
from inhope_node.api.shapes import Json
from inhope_node.clerk import Clerk
from inhope_node.errors import BadInput, Internal, NodeError, NotFound, NotSignedIn
from inhope_node.exchange.federation import Federation
from inhope_node.logs import log
from inhope_node.model.people import Right, User, require
from inhope_node.node import Node
from keys.card import Role

BODY_BYTES_MAX: Final = 4 * 1024 * 1024
KEY_CHARS_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Route:
    """One call: where, what it needs, what runs, and what its body must be (None for a GET)."""

    method: str
    path: str
    right: Right
    run: Callable[..., Json]
    model: type[Call] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request says apart from its body: whose token, which thing, under which key."""

    token: str = field(repr=False)
    at: str
    key: str = ""


def routes(cases: CaseCalls, keeping: KeepingCalls) -> tuple[Route, ...]:
    """Every call there is."""
    item = "/v1/items/{at}"
    return (
        Route("GET", "/v1/status", Right.SEE_NODE, keeping.get_status),
        Route("GET", "/v1/alarms", Right.SEE_NODE, keeping.get_alarms),
        Route("GET", "/v1/outbox", Right.SEE_NODE, keeping.get_outbox),
        Route("GET", "/v1/card", Right.SEE_NODE, keeping.get_card),
        Route("GET", "/v1/peers", Right.SEE_NODE, keeping.get_peers),
        Route("GET", "/v1/peers/{at}", Right.SEE_NODE, keeping.get_peer),
        Route("POST", "/v1/peers", Right.KEEP_PEERS, keeping.post_peer, requests.AddPeer),
        Route(
            "POST",
            "/v1/peers/{at}/confirm",
            Right.KEEP_PEERS,
            keeping.post_confirm,
            requests.ConfirmPeer,
        ),
        Route(
            "POST", "/v1/peers/{at}/suspend", Right.SUSPEND, keeping.post_suspend, requests.Nothing
        ),
        Route("GET", "/v1/users", Right.SEE_PEOPLE, keeping.get_users),
        Route("POST", "/v1/users", Right.KEEP_PEOPLE, keeping.post_user, requests.AddUser),
        Route("GET", "/v1/export", Right.EXPORT, keeping.get_export),
        Route("POST", "/v1/reports", Right.WORK, cases.post_report, requests.FileReport),
        Route("GET", "/v1/reports", Right.SEE_CASES, cases.get_reports),
        Route("GET", "/v1/reports/{at}", Right.SEE_CASES, cases.get_report),
        Route("GET", "/v1/items", Right.SEE_CASES, cases.get_items),
        Route("POST", "/v1/items/next", Right.WORK, cases.post_next, requests.NextItem),
        Route("GET", item, Right.SEE_CASES, cases.get_item),
        Route("GET", item + "/history", Right.SEE_CASES, cases.get_history),
        Route("POST", item + "/take", Right.WORK, cases.post_take, requests.Nothing),
        Route("POST", item + "/assess", Right.WORK, cases.post_assess, requests.Assess),
        Route("POST", item + "/locate", Right.WORK, cases.post_locate, requests.Locate),
        Route("POST", item + "/offer", Right.WORK, cases.post_offer, requests.Offer),
        Route("POST", item + "/accept", Right.WORK, cases.post_accept, requests.Nothing),
        Route("POST", item + "/return", Right.WORK, cases.post_return, requests.GiveBack),
        Route("POST", item + "/act", Right.WORK, cases.post_act, requests.Act),
    )


def desk_app(node: Node, clerk: Clerk, federation: Federation) -> web.Application:
    """The application behind the desk's socket."""
    organisation = node.us.card.card.organisation
    cases = CaseCalls(organisation.name, folds=organisation.role is Role.INTERPOL)
    app = web.Application(client_max_size=BODY_BYTES_MAX, middlewares=[_faults])
    for route in routes(cases, KeepingCalls(node, federation)):
        app.router.add_route(route.method, route.path, _endpoint(route, node, clerk, federation))
    return app


def _endpoint(
    route: Route, node: Node, clerk: Clerk, federation: Federation
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def get(request: web.Request) -> web.Response:
        asked = Asked(token=_token(request), at=request.match_info.get("at", ""))
        query = dict(request.query)
        _see_text(asked.at, *query.values())
        return _json(await clerk.do(_got, route, node, asked, query))

    async def post(request: web.Request) -> web.Response:
        key = request.headers.get("Idempotency-Key", "")
        if len(key) > KEY_CHARS_MAX:
            raise BadInput(f"An Idempotency-Key has at most {KEY_CHARS_MAX} characters.")
        asked = Asked(token=_token(request), at=request.match_info.get("at", ""), key=key)
        _see_text(asked.at, key)
        text = await clerk.do(_posted, route, node, asked, await request.read())
        federation.look()
        return _json(text)

    return get if route.method == "GET" else post


def _got(route: Route, node: Node, asked: Asked, query: dict[str, str]) -> str:
    user = _user(node, asked.token)
    require(user, route.right)
    if query.get("reveal") == "true":
        require(user, Right.REVEAL)
    turn = node.turn(user.pseudonym)
    with turn.store.transaction():
        return json.dumps(route.run(turn, query, asked.at))


def _posted(route: Route, node: Node, asked: Asked, body: bytes) -> str:
    user = _user(node, asked.token)
    require(user, route.right)
    key, at = asked.key, asked.at
    request_digest = hashlib.sha256(f"{route.path}\0{at}\0".encode() + body).digest()
    turn = node.turn(user.pseudonym)
    with turn.store.transaction():
        before = turn.store.answers.find(user.name, key, request_digest) if key else None
        if before is not None:
            return before
        call = read_call(route.model or requests.Nothing, body)
        text = json.dumps(route.run(turn, call, at))
        if key:
            turn.store.answers.keep(user.name, key, request_digest, text, turn.now_ms)
        return text


def _user(node: Node, token: str) -> User:
    user = node.store.users.by_token(token) if token else None
    if user is None:
        raise NotSignedIn("This token is nobody's here: ask the administrator for one of your own.")
    return user


def _token(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.isascii() else ""


def _see_text(*texts: str) -> None:
    """Let what can be stored pass; a lone surrogate is what bytes that are no text become."""
    if any("\ud800" <= sign <= "\udfff" for text in texts for sign in text):
        raise BadInput("The request holds bytes that are no text.")


@web.middleware
async def _faults(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn every fault into the one shape; nothing of a request's content goes to the log."""
    try:
        return await handler(request)
    except NodeError as fault:
        return _json(_fault(fault.code, str(fault)), status=fault.http_status)
    except web.HTTPRequestEntityTooLarge:
        return _json(_fault(BadInput.code, "The request is too long: hand in less at once."), 413)
    except web.HTTPException as fault:
        sentence = "There is no such call; the documentation of the desk API lists them."
        return _json(_fault(NotFound.code, sentence), status=fault.status)
    except Exception as fault:  # noqa: BLE001 (the last fence: a caller never sees a stack)
        where: Any = request.match_info.route.resource
        log.error("call_failed", call=getattr(where, "canonical", ""), fault=type(fault).__name__)
        sentence = "The node has a fault of its own; its log names it. Nothing was changed."
        return _json(_fault(Internal.code, sentence), status=Internal.http_status)


def _fault(code: str, sentence: str) -> str:
    return json.dumps({"error": {"code": code, "message": sentence}})


def _json(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="application/json")
