"""What a snippet sends (see `snippets`): our requests in order, safe to be written down, and what each brings for the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.step import fold
from airisk_tui.oauth.dialect import AIRISK, Dialect
from airisk_tui.oauth.http import Body, Headers, HttpRequest, header
from airisk_tui.oauth.secret import PLACEHOLDER
from airisk_tui.oauth.text import shortened, visible
from airisk_tui.recording.exchanges import Step, roles, started, steps

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110 §5.6.2: a method or a header's name. What is none of these is left out of a snippet."""

SET_BY_CLIENT = {"host", "content-length", "connection", "transfer-encoding", "accept-encoding", "user-agent"}
"""Headers that the client writes by itself, and better."""

CODE, ACCESS_TOKEN = "AIRISK_CODE", "AIRISK_ACCESS_TOKEN"
MEMBERS = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
"""The token's name where it can be looked for: a member of a JSON object, or a path to one."""

Place = Literal["query", "json", "plain"]
"""Where a secret stands, which says how its raw value has to be written there."""

Brings = Literal["", "code", "person", "token"]
"""What later requests need of this one: the code in its redirect, the code that a person brings back from the browser, the
token in its answer; "" when nothing is needed."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request that can be sent again. note: one line of comment; name: under which the server calls what it brings."""

    note: str
    step: str
    method: str
    url: str
    headers: Headers
    body: Body
    place: Place
    brings: Brings = ""
    name: str = ""


def variables(events: Sequence[AnyEvent]) -> dict[str, str]:
    """For each fingerprint the environment variable that stands for the secret, such as `AIRISK_ACCESS_TOKEN`."""
    return {fingerprint: f"AIRISK_{role.upper()}" for fingerprint, role in roles(fold(events), events).items()}


def requests_of(events: Sequence[AnyEvent], names: dict[str, str]) -> list[Request]:
    """Our requests, and where a browser went its address, in order. names: as of `variables`."""
    begun = started(events)
    found = list(_plain(events))
    dialect = begun.inputs.dialect if begun is not None else AIRISK
    direct = begun is None or begun.inputs.mode == "direct"
    return [
        _bringing(request, set().union(*(needs(later, names) for later in found[place:])), dialect, direct)
        for place, request in enumerate(found, start=1)
    ]


def needs(request: Request, names: dict[str, str]) -> set[str]:
    """The variables that stand in a request."""
    texts = (request.url, *(value for _, value in request.headers), request.body.data.decode("latin-1"))
    return {names[found[1]] for text in texts for found in PLACEHOLDER.finditer(text) if found[1] in names}


def to_set(requests: Sequence[Request], names: dict[str, str]) -> list[str]:
    """The variables that have to be set before, sorted: all that no request brings. A token may also come too late to be looked
    for, so it is asked for only where it is needed."""
    brought = {CODE for request in requests if request.brings in ("code", "person")} | {ACCESS_TOKEN}
    return sorted(set().union(*(needs(request, names) for request in requests)) - brought)


def _bringing(request: Request, later: set[str], dialect: Dialect, direct: bool) -> Request:
    if request.step == "authorization-request" and CODE in later:
        return replace(request, brings="code" if direct else "person", name=quote(dialect.code, errors="replace"))
    if request.step == "token-request" and ACCESS_TOKEN in later and MEMBERS.fullmatch(dialect.token):
        return replace(request, brings="token", name=dialect.token)
    return request


def _plain(events: Sequence[AnyEvent]) -> Iterator[Request]:
    begun = started(events)
    number = 1
    if begun is not None and begun.inputs.mode != "direct":
        note = f"{number}. authorization-request; the run opened this address in a browser"
        url = _safe_url(begun.inputs.authorization_url)
        yield Request(note, "authorization-request", "GET", url, (), Body(), "query")
        number += 1
    for step in steps(events):
        if step.ours and TOKEN.fullmatch(step.request.method):
            yield _sendable(step, _note(number, step))
            number += 1


def _note(number: int, step: Step) -> str:
    came = f"answered {step.response.status}" if step.response else "no answer came"
    return visible(shortened(f"{number}. {step.title}; {came} in the recording", 160))


def _sendable(step: Step, note: str) -> Request:
    request: HttpRequest = step.request
    headers = tuple(
        (name, _one_line(value))
        for name, value in request.headers
        if TOKEN.fullmatch(name) and name.lower() not in SET_BY_CLIENT
    )
    media = (header(request.headers, "content-type") or "").lower()
    place: Place = "query" if "form" in media else "json" if "json" in media else "plain"
    return Request(note, step.name, request.method, _safe_url(request.url), headers, request.body, place)


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _safe_url(url: str) -> str:
    """Everything that cannot stand in a URL percent-encoded, and what is encoded left as it is (RFC 3986 §2)."""
    return quote(url, safe="%:/?#[]@!$&'()*+,;=~", errors="replace")


def split(text: str, names: dict[str, str]) -> Iterator[tuple[str, str | None]]:
    """The text as literal parts and variables, in turn; a placeholder that is no known secret stays as text."""
    end = 0
    for found in PLACEHOLDER.finditer(text):
        if found[1] in names:
            yield text[end : found.start()], names[found[1]]
            end = found.end()
    yield text[end:], None
