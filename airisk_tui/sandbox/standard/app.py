"""The ASGI app of the issuer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from airisk_tui.sandbox.answer import Answer, plain
from airisk_tui.sandbox.app import loopback_host, read_body
from airisk_tui.sandbox.body import FORM
from airisk_tui.sandbox.fault import chosen
from airisk_tui.sandbox.standard import handlers, metadata
from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS
from airisk_tui.sandbox.standard.grants import DEVICE_PATH
from airisk_tui.sandbox.standard.handlers import Handler
from airisk_tui.sandbox.standard.issuer import Issuer
from airisk_tui.sandbox.standard.registry import IssuerData
from airisk_tui.sandbox.standard.request import Asked
from airisk_tui.sandbox.standard.state import IssuerState
from airisk_tui.sandbox.state import SLOW_SECONDS

ENDPOINTS: Final[tuple[tuple[str, str, Handler], ...]] = (
    *(("GET", path, handlers.tell_metadata) for path in metadata.WELL_KNOWN),
    ("GET", metadata.KEYS, handlers.tell_keys),
    ("GET", metadata.AUTHORIZE, handlers.authorize),
    ("POST", metadata.AUTHORIZE, handlers.authorize),  # OpenID Connect Core §3.1.2.1 requires both
    ("POST", "/consent", handlers.decide),
    ("POST", metadata.PUSH, handlers.push),
    ("POST", metadata.TOKEN, handlers.token),
    ("GET", metadata.USERINFO, handlers.userinfo),
    ("POST", metadata.USERINFO, handlers.userinfo),  # OpenID Connect Core §5.3 requires both
    ("POST", metadata.INTROSPECT, handlers.introspect),
    ("POST", metadata.REVOKE, handlers.revoke),
    ("POST", metadata.DEVICE_AUTHORIZATION, handlers.authorize_device),
    ("GET", DEVICE_PATH, handlers.show_device),
    ("POST", DEVICE_PATH, handlers.decide_device),
)


def create_issuer_app(
    data: IssuerData | None = None,
    faults: Iterable[str] = (),
    *,
    clock: Callable[[], float] = time.time,
    auto_approve: bool | None = None,
    slow_seconds: float = SLOW_SECONDS,
) -> Starlette:
    """The issuer as an app that others can mount at the root; its `IssuerState` is `app.state.issuer`.

    auto_approve: see `IssuerState`. Raises ValueError for a fault that there is not.
    """
    state = IssuerState(data or IssuerData(), clock, auto_approve, slow_seconds, chosen(faults, STANDARD_FAULTS))
    app = Starlette(routes=[_route(state, *endpoint) for endpoint in ENDPOINTS])
    app.router.redirect_slashes = False
    app.state.issuer = state
    return app


def _route(state: IssuerState, method: str, path: str, handler: Handler) -> Route:
    async def serve(request: Request) -> Response:
        if loopback_host(request) is None:
            return _response(plain(421, "This sandbox answers to 127.0.0.1 and localhost only"), state)
        state.requests[f"{method} {path}"] += 1
        body = await read_body(request)
        if state.policy.slow:
            await asyncio.sleep(state.slow_seconds)
        if body is None:
            return _response(plain(413, "Request body too large"), state)
        origin = f"http://{request.headers['host']}"
        return _response(handler(Issuer(origin, state), _asked(request, origin + path, body)), state)

    return Route(path, serve, methods=[method])


def _asked(request: Request, url: str, body: bytes) -> Asked:
    query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True) if kind == FORM else []
    return Asked(request.method, url, dict(request.headers), query, tuple(form))


def _response(answer: Answer, state: IssuerState) -> Response:
    headers = [
        ("Date", formatdate(state.now(), usegmt=True)),
        *answer.headers,
        ("Content-Length", str(len(answer.body))),
    ]
    if answer.body:
        headers.append(("Content-Type", answer.content_type))
    response = Response(answer.body, answer.status)
    response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return response
