"""A recording as an ASGI app: `recording.mock` with HTTP around it, for this machine alone (threats.md F6).

Times move along: what was to end an hour after the recorded run ends an hour after the server's start.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from airisk_tui.engine.ports import Entropy, SystemClock, SystemEntropy
from airisk_tui.oauth.http import Body, HttpRequest, HttpResponse, header
from airisk_tui.oauth.jwt import read_part
from airisk_tui.oauth.secret import SecretView
from airisk_tui.recording.mock import Fresh, MockScript
from airisk_tui.sandbox.app import BODY_LIMIT, LOOPBACK
from airisk_tui.sandbox.server import LoopbackServer
from airisk_tui.session.recordings import Opened

HARMLESS: Final = (
    "sandbox allow-forms; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'"
)
"""The policy of every page (CSP 3): a recording may be anybody's, so nothing of it runs here."""

WITHOUT_BODY: Final = (204, 304)
SIGNATURE_BYTES: Final = 32  # of HMAC-SHA-256, as the documented tokens have it
NEAR: Final = timedelta(days=400)  # a time that is farther from the run than this has nothing to do with it

_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")

Move = Callable[[bytes], bytes]


class RecordedServer(LoopbackServer):
    """The app on a loopback port."""

    greeting = (
        "It answers there as the recorded server did, until Ctrl-C, each answer in its turn and the last for ever."
    )

    def __init__(self, opened: Opened, port: int = 0) -> None:
        began = opened.final.utc
        passed = SystemClock().wall() - began
        fresh = fresh_with(SystemEntropy(), opened.final.secrets.values(), passed)
        script = MockScript.from_events(opened.recording.events, fresh)
        super().__init__(MockApp(script, lambda data: moved(data, began, passed)), port)
        self.endpoints = script.endpoints
        self._opened = opened

    def describe(self) -> dict[str, Any]:
        """Where it answers, to what, and as which client it was asked."""
        inputs = self._opened.final.inputs
        return {
            "base_url": self.base_url,
            "recording": str(self._opened.path),
            "endpoints": list(self.endpoints),
            "client_id": inputs.client_id if inputs else None,
            "redirect_uri": inputs.redirect_uri if inputs else None,
            "userid": inputs.userid if inputs else None,
        }


class MockApp:
    """Answers as the recorded server did."""

    def __init__(self, script: MockScript, move: Move) -> None:
        self.script = script
        self._move = move

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        hosts = request.headers.getlist("host")
        if len(hosts) != 1 or not LOOPBACK.fullmatch(hosts[0]):
            return PlainTextResponse("This server answers to 127.0.0.1 and localhost only\n", 421)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                return PlainTextResponse("Request body too large\n", 413)
        headers = tuple((name, value) for name, value in request.headers.items())
        asked = HttpRequest(request.method, str(request.url), headers, Body.of(bytes(body)))
        return _response(self.script.answer(asked), self._move)


def _response(answer: HttpResponse, move: Move) -> Response:
    status = answer.status if answer.status >= 200 else 502
    data = b"" if status in WITHOUT_BODY else answer.body.data
    is_json = "json" in (header(answer.headers, "content-type") or "")
    data = move(data) if is_json else data
    response = Response(data, status)
    headers = [*answer.headers, ("Content-Length", str(len(data)))]
    if data and not is_json:
        headers.append(("Content-Security-Policy", HARMLESS))
    response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    return response


def moved(data: bytes, began: float, passed: float) -> bytes:
    """JSON with every date-time near the recorded run moved by the seconds that have passed since."""

    def later(found: re.Match[bytes]) -> bytes:
        try:
            moment = datetime.fromisoformat(found[0].decode())
            if abs(moment.timestamp() - began) > NEAR.total_seconds():
                return found[0]
            shifted = (moment + timedelta(seconds=round(passed))).isoformat()
        except (ValueError, OverflowError):
            return found[0]
        return (shifted.replace("+00:00", "Z") if found[0].endswith(b"Z") else shifted).encode()

    return _MOMENT.sub(later, data)


def fresh_with(entropy: Entropy, views: Iterable[SecretView], passed: float) -> Fresh:
    """Makes values in the place of secrets: random ones, and for a JWT one with the recorded header and claims."""
    known = {(view.length, view.shape): view for view in views}

    def fresh(length: int, shape: str) -> str:
        if shape == "opaque":
            return entropy.token(max(length, 8))[: max(length, 8)]
        view = known.get((length, "jwt"))
        head = read_part(view.header if view else None) or {"alg": "HS256", "typ": "JWT"}
        claims = read_part(view.payload if view else None)
        claims |= {name: claims[name] + round(passed) for name in ("exp", "iat", "nbf") if _is_number(claims.get(name))}
        return f"{_part(head)}.{_part(claims)}.{entropy.token(SIGNATURE_BYTES)}"

    return fresh


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()
