"""A recording as a server that answers as the recorded one did, so that a failure seen elsewhere can be reproduced.

It maps a request to a response without I/O; `sandbox.recorded` adds HTTP. Each reference becomes a new value, the same for the same
secret. A redirect has the state of the current request, and goes to its redirect URI if that is on this machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Self

from msgspec import Struct, field
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, CallbackReceived
from airisk_tui.flow.fold import fold
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.oauth.http import HTTP_NAME, Body, HttpRequest, HttpResponse, content_type
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.params import Params, quoted
from airisk_tui.oauth.reference import REFERENCE, outside_references
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.oauth.urls import host_of, path_of, query_of
from airisk_tui.recording.exchanges import logged_requests, started

Fresh = Callable[[int, str], str]
"""Makes a value of a given length and shape ("opaque", "jwt", "jwe") in place of an unknown secret."""

NOT_RECORDED = HttpResponse(
    404,
    (("Content-Type", "text/plain; charset=utf-8"),),
    Body.of(b"This request is not in the recording that this server answers from.\n"),
    "Not Found",
)

STATUSES = range(100, 600)
"""The statuses that an HTTP server can send (RFC 9110 §15); a HAR has 0 for no answer, and a file may contain any number."""

NOT_REPEATED = {"content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive", "date"}
"""Headers about the transfer, which the sending server writes itself."""


class MockScript(Struct):
    """The answers by method and path, in recorded order; the last one is repeated."""

    fresh: Fresh
    answers: dict[tuple[str, str], list[HttpResponse]] = field(default_factory=dict)
    _given: dict[tuple[str, str], int] = field(default_factory=dict)
    _values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_events(cls, events: Sequence[AnyEvent], fresh: Fresh) -> Self:
        """Read the answers from a log. If a browser sent the authorization request, its answer is rebuilt from the callback."""
        script = cls(fresh)
        for step in logged_requests(events):
            if step.ours and step.response is not None:
                key = step.request.method.upper(), _path(step.request.url)
                script.answers.setdefault(key, []).append(step.response)
        begun = started(events)
        redirect = next((event for event in events if isinstance(event, CallbackReceived)), None)
        if begun is not None and redirect is not None:
            inputs = fold(events).inputs or begun.inputs
            key = "GET", _path(inputs.authorization_url)
            script.answers.setdefault(key, []).append(_redirect(inputs, redirect.request))
        return script

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The endpoints that it can answer, such as `GET /api/oauth2`."""
        return tuple(f"{method} {path}" for method, path in self.answers)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The next recorded answer to a request of this method and path."""
        key = request.method.upper(), _path(request.url)
        recorded = self.answers.get(key)
        if recorded is None:
            return NOT_RECORDED
        index = self._given.get(key, 0)
        self._given[key] = index + 1
        return self._renewed(recorded[min(index, len(recorded) - 1)], request)

    def _renewed(self, response: HttpResponse, request: HttpRequest) -> HttpResponse:
        query = Params.parse(query_of(request.url))
        headers = tuple(
            (name, self._location(value, query) if name.lower() == "location" else self._filled(_one_line(value)))
            for name, value in response.headers
            if name.lower() not in NOT_REPEATED and re.fullmatch(HTTP_NAME, name)
        )
        # Bytes that are not UTF-8 are preserved (PEP 383).
        data = self._filled(response.body.data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        status = response.status if response.status in STATUSES else 502
        return replace(response, status=status, headers=headers, body=Body.of(data))

    def _location(self, location: str, query: Params) -> str:
        """The recorded `Location`, with the redirect URI and state of this request if it was an answer to a client."""
        location = _one_line(location)
        place, mark, rest = location.partition("?")
        pairs, state = Params.parse(rest.partition("#")[0]), query.get("state")
        asked = query.get("redirect_uri")
        if not mark or not (pairs.get("code") or pairs.get("error") or pairs.get("state")):
            return self._filled(location, quoted)
        # To the redirect URI of this request, whose port may differ from the recorded one (RFC 8252 §7.3).
        if asked and _on_this_machine(asked):
            place = asked.partition("?")[0]
        answer = ((name, state if name == "state" else value) for name, value in pairs)
        return self._filled(f"{place}?{Params.of(answer).encode()}", quoted)

    def _filled(self, text: str, encode: Callable[[str], str] = str) -> str:
        return REFERENCE.sub(lambda found: encode(self._value(found)), text)

    def _value(self, found: re.Match[str]) -> str:
        if found[1] not in self._values:
            self._values[found[1]] = self.fresh(int(found[2]), found[3])
        return self._values[found[1]]


def _redirect(inputs: Inputs, request: HttpRequest) -> HttpResponse:
    """The redirect that the server must have sent, rebuilt from the callback."""
    query = query_of(request.url)
    if request.method == "POST" and "form" in content_type(request.headers):
        query = decoded(request.body.data)
    return HttpResponse(302, (("Location", f"{inputs.redirect_uri}?{query}"),), Body(), "Found")


def _path(url: str) -> str:
    return path_of(url) or "/"


def _on_this_machine(url: str) -> bool:
    """Whether a URL is on this machine. A redirect to another would make this an open redirector (threats.md F6)."""
    return url.lower().startswith(("http:", "https:")) and is_loopback(host_of(url)) and _one_line(url) == url


def _one_line(text: str) -> str:
    """A header's value without characters that could end the header (RFC 9110 §5.5)."""
    return outside_references(text, _header_text)


def _header_text(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c == "\t").encode("latin-1", "replace").decode("latin-1")
