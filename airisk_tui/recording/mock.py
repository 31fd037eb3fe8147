"""A recording as a server: answers as the recorded one did, so that a failure seen elsewhere can be worked on at a desk.

Pure: one request in, one response out; the shell that serves it is made elsewhere. Placeholders become fresh values, the
same one for the same secret; a redirect carries the state of the request that asks for it, and goes to its redirect URI
where that is on this machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import quote, urlsplit

from airisk_tui.flow.events import AnyEvent, CallbackReceived
from airisk_tui.flow.inputs import Inputs
from airisk_tui.oauth.http import Body, HttpRequest, HttpResponse, header
from airisk_tui.oauth.mistakes import is_loopback
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import REFERENCE
from airisk_tui.recording.exchanges import logged_requests, started

Fresh = Callable[[int, str], str]
"""A new value of about that length and that shape ("opaque", "jwt", "jwe") for a secret that is not known."""

NOT_RECORDED = HttpResponse(
    404,
    (("Content-Type", "text/plain; charset=utf-8"),),
    Body.of(b"This request is not in the recording that this server answers from.\n"),
    "Not Found",
)

WRITTEN_ANEW = {"content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive", "date"}
"""Headers that belong to the message as it travelled then; whoever serves it writes its own."""


@dataclass(slots=True)
class MockScript:
    """The answers by method and path, in the order in which they were recorded; the last one of each is given for ever."""

    fresh: Fresh
    answers: dict[tuple[str, str], list[HttpResponse]] = field(default_factory=dict)
    _given: dict[tuple[str, str], int] = field(default_factory=dict)
    _values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_events(cls, events: Sequence[AnyEvent], fresh: Fresh) -> Self:
        """Of a log. Where a browser asked, the authorization endpoint's answer is made of the redirect that came back."""
        script = cls(fresh)
        for step in logged_requests(events):
            if step.ours and step.response is not None:
                key = step.request.method.upper(), _path(step.request.url)
                script.answers.setdefault(key, []).append(step.response)
        begun = started(events)
        redirect = next((event for event in events if isinstance(event, CallbackReceived)), None)
        if begun is not None and redirect is not None:
            key = "GET", _path(begun.inputs.authorization_url)
            script.answers.setdefault(key, []).append(_redirect(begun.inputs, redirect.request))
        return script

    @property
    def endpoints(self) -> tuple[str, ...]:
        """What there are answers for, as `GET /api/oauth2`."""
        return tuple(f"{method} {path}" for method, path in self.answers)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The next recorded answer to such a request."""
        key = request.method.upper(), _path(request.url)
        recorded = self.answers.get(key)
        if recorded is None:
            return NOT_RECORDED
        index = self._given.get(key, 0)
        self._given[key] = index + 1
        return self._made_anew(recorded[min(index, len(recorded) - 1)], request)

    def _made_anew(self, response: HttpResponse, request: HttpRequest) -> HttpResponse:
        query = Params.parse(request.url.partition("#")[0].partition("?")[2])
        headers = tuple(
            (name, self._location(value, query) if name.lower() == "location" else self._filled(_one_line(value)))
            for name, value in response.headers
            if name.lower() not in WRITTEN_ANEW and re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name)
        )
        data = self._filled(response.body.data.decode("latin-1")).encode("latin-1", "replace")
        status = response.status if 100 <= response.status <= 599 else 502
        return replace(response, status=status, headers=headers, body=Body.of(data))

    def _location(self, location: str, query: Params) -> str:
        """The recorded address with this request's redirect URI and state, where the recorded one had them too."""
        location = _one_line(location)
        place, mark, rest = location.partition("?")
        pairs, state = Params.parse(rest.partition("#")[0]), query.get("state")
        asked = query.get("redirect_uri")
        if not mark or not (pairs.get("code") or pairs.get("error") or pairs.get("state")):
            return self._filled(location, _quoted)
        if asked and _on_this_machine(asked):
            place = asked.partition("?")[0]
        answer = ((name, state if name == "state" else value) for name, value in pairs)
        return self._filled(f"{place}?{Params.of(answer).encode()}", _quoted)

    def _filled(self, text: str, encode: Callable[[str], str] = str) -> str:
        return REFERENCE.sub(lambda found: encode(self._value(found)), text)

    def _value(self, found: re.Match[str]) -> str:
        if found[1] not in self._values:
            self._values[found[1]] = self.fresh(int(found[2]), found[3])
        return self._values[found[1]]


def _redirect(inputs: Inputs, request: HttpRequest) -> HttpResponse:
    """The redirect as the server must have sent it, from what came back."""
    query = request.url.partition("#")[0].partition("?")[2]
    if request.method == "POST" and "form" in (header(request.headers, "content-type") or ""):
        query = request.body.data.decode("latin-1")
    return HttpResponse(302, (("Location", f"{inputs.redirect_uri}?{query}"),), Body(), "Found")


def _quoted(value: str) -> str:
    return quote(value, safe="")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return url.partition("?")[0]


def _on_this_machine(url: str) -> bool:
    """Whether a redirect there is safe: anywhere else it would be an open redirect (F6)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and is_loopback(parts.hostname or "") and _one_line(url) == url


def _one_line(text: str) -> str:
    """A header's value without what could end the header (RFC 9110 §5.5)."""
    return "".join(c for c in text if c.isprintable() or c == "\t").encode("latin-1", "replace").decode("latin-1")
