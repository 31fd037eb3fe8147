"""The ASGI app, with the headers, cookies and limits of the vendor's host (protocol.md, the actors)."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable
from email.utils import formatdate
from typing import Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from airisk_tui.later import pattern
from airisk_tui.sandbox.airisk import resources
from airisk_tui.sandbox.airisk.authorize import authorize, decide
from airisk_tui.sandbox.airisk.faults import faults_named
from airisk_tui.sandbox.airisk.token import token
from airisk_tui.sandbox.answer import EVENT_STREAM, Answer, plain
from airisk_tui.sandbox.call import (
    AUTHORIZE_PATH,
    CONSENT_PATH,
    CONVERSATIONS_PATH,
    LIST_USERS_PATH,
    MOVED_TOKEN_PATH,
    SHORT_LIST_USERS_PATH,
    TOKEN_PATH,
    Call,
    Where,
    joined,
)
from airisk_tui.sandbox.data.registry import SandboxData
from airisk_tui.sandbox.state import SLOW_SECONDS, Sandbox

LOOPBACK: Final = pattern(
    r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE
)  # threats.md F6: the Host headers that mean this machine
BODY_LIMIT: Final = 64 * 1024  # as in the callback listener; a token request has a few hundred bytes
TOO_LARGE: Final = plain(413, "Request body too large")
RESET: Final = "airisk.reset"  # the ASGI extension of `server` that resets a connection

ENDPOINTS: Final[tuple[tuple[str, str, Where, resources.Handler], ...]] = (
    ("GET", AUTHORIZE_PATH, "authorize", authorize),
    ("POST", CONSENT_PATH, "authorize", decide),
    ("POST", TOKEN_PATH, "token", token),
    ("POST", MOVED_TOKEN_PATH, "token", token),
    ("GET", LIST_USERS_PATH, "access", resources.list_users),
    ("GET", SHORT_LIST_USERS_PATH, "access", resources.list_users),
    ("GET", CONVERSATIONS_PATH, "access", resources.conversations),
    ("GET", "/api/Chat/ListAgents", "access", resources.list_agents),
    ("GET", "/api/Chat/GetConversations", "access", resources.get_conversations),
    ("GET", "/api/Chat/GetConversation/{id}", "access", resources.get_conversation),
    ("POST", "/api/Chat/CreateConversation", "access", resources.create_conversation),
    ("POST", "/api/Chat/AskAgent", "access", resources.ask_agent),
    ("POST", "/api/Chat/AddFileToConversation/{id}", "access", resources.add_file),
)


def create_app(
    data: SandboxData | None = None,
    faults: Iterable[str] = (),
    *,
    clock: Callable[[], float] = time.time,
    auto_approve: bool | None = None,
    lenient: bool = False,
    slow_seconds: float = SLOW_SECONDS,
) -> Starlette:
    """The AIRisk server as an ASGI app that tests can mount; `app.state.sandbox` is its `Sandbox`.

    auto_approve: True redirects at once, False shows the consent page, None shows it if the client is a browser. lenient: see
    `Sandbox`.
    """
    sandbox = Sandbox(data or SandboxData(), clock, auto_approve, slow_seconds, faults_named(faults), lenient)
    routes = [_route(sandbox, *endpoint) for endpoint in ENDPOINTS]

    async def not_served(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        return _response(
            wrong_host(request) or Answer(status, headers=tuple(headers.items())), request, sandbox, sandbox.instance
        )

    app = Starlette(routes=routes, exception_handlers={404: not_served, 405: not_served})
    app.router.redirect_slashes = False
    app.state.sandbox = sandbox
    return app


def _route(sandbox: Sandbox, method: str, path: str, where: Where, handler: resources.Handler) -> Route:
    async def serve(request: Request) -> Response:
        answer = wrong_host(request)
        if answer is None:
            body = await read_body(request)
            call = _call(request, path, body or b"")
            sandbox.calls.append((f"{method} {path}", call))
            if where in sandbox.policy.slow:
                await asyncio.sleep(sandbox.slow_seconds)
            answer = TOO_LARGE if body is None else handler(call, sandbox)
        lost = where == "token" and sandbox.misses_affinity(request.headers.get("cookie", ""))
        return _response(answer, request, sandbox, sandbox.other_instance if lost else sandbox.instance)

    route = Route(path, serve, methods=[method])
    # ASP.NET Core matches routes without regard to case; starlette 1 has no option for that.
    route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)
    return route


def wrong_host(request: Request) -> Answer | None:
    """The refusal of a request whose Host is not this machine (threats.md F6), or None."""
    return None if loopback_host(request) else plain(421, "This sandbox answers to 127.0.0.1 and localhost only")


def loopback_host(request: Request) -> str | None:
    """The loopback host in the request's Host header; None if there is another host, no Host or two."""
    hosts = request.headers.getlist("host")
    found = LOOPBACK.fullmatch(hosts[0]) if len(hosts) == 1 else None
    return found[1].lower() if found else None


async def read_body(request: Request) -> bytes | None:
    """The body, or None if it is larger than BODY_LIMIT."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _call(request: Request, path: str, body: bytes) -> Call:
    query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    headers = joined(request.headers.items())
    return Call(request.method, path, joined(query), headers, body, request.path_params.get("id", ""))


def _response(answer: Answer, request: Request, sandbox: Sandbox, instance: str) -> Response:
    """The answer as Kestrel behind Azure App Service sends it: a body is chunked, and an empty one has `Content-Length: 0`."""
    if answer.reset:
        return _Reset()
    headers = [
        ("Date", formatdate(sandbox.now(), usegmt=True)),
        ("Server", "Kestrel"),
        *answer.headers,
        *_affinity(instance, loopback_host(request)),
        ("Strict-Transport-Security", "max-age=2592000"),
        ("Request-Context", f"appId=cid-v1:{sandbox.app_id}"),
    ]
    headers.insert(0, ("Content-Type", answer.content_type) if answer.body else ("Content-Length", "0"))
    streamed = answer.content_type == EVENT_STREAM
    response = StreamingResponse(_events(answer.body)) if streamed else Response(answer.body, answer.status)
    return with_headers(response, headers)


def with_headers(response: Response, headers: Iterable[tuple[str, str]]) -> Response:
    """The response with exactly these headers, in this order."""
    response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    return response


async def _events(body: bytes) -> AsyncIterator[bytes]:
    """The events of a stream one by one, so that a client receives them separately."""
    for event in body.split(b"\n\n")[:-1]:
        yield event + b"\n\n"
        await asyncio.sleep(0)


def _affinity(instance: str, host: str | None) -> list[tuple[str, str]]:
    """The load balancer's cookies, which tie a client to the instance that answered."""
    if host is None:
        return []
    cookie, scope = f"{instance};Path=/;HttpOnly", f"Secure;Domain={host}"
    return [
        ("Set-Cookie", f"ARRAffinity={cookie};{scope}"),
        ("Set-Cookie", f"ARRAffinitySameSite={cookie};SameSite=None;{scope}"),
    ]


class _Reset(Response):
    """A response that resets the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reset = scope.get("extensions", {}).get(RESET)
        if reset is None:
            raise ConnectionResetError("A fault of the sandbox resets this connection.")
        reset()
        # uvicorn sends 500 if an app returns without an answer, until it knows that the connection is closed.
        while (await receive())["type"] != "http.disconnect":
            pass
