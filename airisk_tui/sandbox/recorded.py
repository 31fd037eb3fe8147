"""An ASGI app that answers as a recorded server did, on this machine only (threats.md F6).

It knows HTTP only: its creator passes the function that finds the recorded response to a request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from airisk_tui.oauth.http import Body, HttpRequest, HttpResponse, content_type
from airisk_tui.sandbox.airisk.app import loopback_host, read_body, with_headers

HARMLESS: Final = (
    "sandbox allow-forms; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'"
)
"""The policy of every page (CSP 3): a recording may come from anybody, so no script of it runs."""

WITHOUT_BODY: Final = (204, 304)


class RecordedApp:
    """The app that answers as a recorded server did. answer: returns the recorded response to a request; move: shifts the times in a
    JSON body to the present."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse], move: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self._move = move

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if loopback_host(request) is None:
            return PlainTextResponse("This server answers to 127.0.0.1 and localhost only\n", 421)
        if (body := await read_body(request)) is None:
            return PlainTextResponse("Request body too large\n", 413)
        asked = HttpRequest(request.method, str(request.url), tuple(request.headers.items()), Body.of(body))
        return self._written(self._answer(asked))

    def _written(self, answer: HttpResponse) -> Response:
        status = answer.status if answer.status >= 200 else 502
        data = b"" if status in WITHOUT_BODY else answer.body.data
        is_json = "json" in content_type(answer.headers)
        data = self._move(data) if is_json else data
        headers = [*answer.headers, ("Content-Length", str(len(data)))]
        if data and not is_json:
            headers.append(("Content-Security-Policy", HARMLESS))
        return with_headers(Response(data, status), headers)
