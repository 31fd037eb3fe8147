"""A recording as an ASGI app: `recording.mock` with HTTP around it, for this machine alone (threats.md F6)."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from airisk_tui.engine.ports import Entropy, SystemEntropy
from airisk_tui.oauth.http import Body, HttpRequest, HttpResponse, header
from airisk_tui.recording.mock import Fresh, MockScript
from airisk_tui.sandbox.app import BODY_LIMIT, LOOPBACK
from airisk_tui.sandbox.server import LoopbackServer
from airisk_tui.session.recordings import Opened

HARMLESS: Final = (
    "sandbox allow-forms; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'"
)
"""The policy of every page (CSP 3): a recording may be anybody's, so nothing of it runs here."""

WITHOUT_BODY: Final = (204, 304)


class MockApp:
    """Answers as the recorded server did."""

    def __init__(self, script: MockScript) -> None:
        self.script = script

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        hosts = request.headers.getlist("host")
        if len(hosts) != 1 or not LOOPBACK.fullmatch(hosts[0]):
            refusal = PlainTextResponse("This server answers to 127.0.0.1 and localhost only\n", 421)
            await refusal(scope, receive, send)
            return
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                await PlainTextResponse("Request body too large\n", 413)(scope, receive, send)
                return
        headers = tuple((name, value) for name, value in request.headers.items())
        asked = HttpRequest(request.method, str(request.url), headers, Body.of(bytes(body)))
        await _response(self.script.answer(asked))(scope, receive, send)


def _response(answer: HttpResponse) -> Response:
    status = answer.status if answer.status >= 200 else 502
    data = b"" if status in WITHOUT_BODY else answer.body.data
    response = Response(data, status)
    headers = [*answer.headers, ("Content-Length", str(len(data)))]
    if data and "json" not in (header(answer.headers, "content-type") or ""):
        headers.append(("Content-Security-Policy", HARMLESS))
    response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    return response


class RecordedServer(LoopbackServer):
    """The app on a loopback port."""

    greeting = (
        "It answers there as the recorded server did, until Ctrl-C, each answer in its turn and the last for ever."
    )

    def __init__(self, opened: Opened, port: int = 0) -> None:
        script = MockScript.from_events(opened.recording.events, fresh_with(SystemEntropy()))
        super().__init__(MockApp(script), port)
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


def fresh_with(entropy: Entropy) -> Fresh:
    """Makes values in the place of secrets: opaque ones random, tokens in the form of an unsigned JWT (RFC 7519)."""

    def fresh(length: int, shape: str) -> str:
        opaque = entropy.token(max(length, 8))[: max(length, 8)]
        if shape == "opaque":
            return opaque
        head = _part({"alg": "none", "typ": "JWT"})
        room = max(length - len(head) - 2, 16)
        return f"{head}.{_part({'jti': opaque[: max(room * 3 // 4 - 10, 8)]})}."

    return fresh


def _part(value: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()
