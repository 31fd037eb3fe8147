"""The tabs Request and Response: start line, headers in wire order and case, duplicates kept, parameters decoded.

RFC 9112 §3 and §4 say what a start line is; RFC 9110 §5.3 why the order of headers is kept.
"""

from __future__ import annotations

import json

from textual.content import Content

from airisk_tui.oauth.http import Headers, HttpRequest, HttpResponse, header
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.text import decoded
from airisk_tui.tui.inspector.page import Line, Look, fact, heading, quiet, words
from airisk_tui.tui.inspector.subject import NOTHING_YET, Subject
from airisk_tui.tui.run.rail import QUIET

MAX_HEADERS = 100
"""Header lines: twice what h11 meets in the wild; httpx2 itself stops at 100 KiB of them."""

MAX_FIELDS = 100
"""Parameters: an honest redirect carries three."""

MAX_FORM = 64 * 1024
"""Bytes of a body that are looked at for parameters: the listener's own limit for a form (threats.md L4)."""


def request_page(subject: Subject, look: Look) -> list[Line]:
    """The request as it was sent or heard."""
    request = subject.request
    if request is None:
        return [quiet(subject.note or NOTHING_YET)]
    lines = [_start(Content.assemble(look.text(request.method, "bold"), " ", look.text(request.url)))]
    lines += _headers(request.headers, look)
    for title, fields in parameters(request):
        lines += [*heading(title), *_fields(fields, look)]
    if subject.note and subject.response is None:
        lines += [words(""), quiet(subject.note)]
    return lines


def response_page(subject: Subject, look: Look) -> list[Line]:
    """The response as it came, or why there is none."""
    response = subject.response
    if response is None:
        return _unanswered(subject, look)
    lines = [_start(_status(response, look))]
    lines += _headers(response.headers, look)
    size = response.body.size
    lines += [words(""), quiet(f"Body: {size:,} bytes" if size else "There is no body.")]
    return lines


def _start(content: Content) -> Line:
    return Line(content, "start line")


def _status(response: HttpResponse, look: Look) -> Content:
    tone = "$text-success" if response.status < 300 else "$text-warning" if response.status < 400 else "$text-error"
    code = Content.styled(f"{response.status}", f"bold {tone}")
    return Content.assemble(look.text(response.version, QUIET), " ", code, " ", look.text(response.reason, "bold"))


def _unanswered(subject: Subject, look: Look) -> list[Line]:
    fault = subject.fault
    if fault is None:
        return [quiet(subject.note or NOTHING_YET)]
    lines = [Line(look.text(fault.message, "bold"), "start line"), words("")]
    pairs = [("kind", fault.kind), ("reason", fault.reason), ("tried", ", ".join(fault.tried)), ("words", fault.detail)]
    return lines + [line for name, value in pairs if value for line in fact(name, look.text(value), look)]


def _headers(headers: Headers, look: Look) -> list[Line]:
    limit = look.cap(MAX_HEADERS)
    lines = [
        Line(Content.assemble(look.text(name, "$text-primary"), (": ", QUIET), look.text(value)), name)
        for name, value in headers[:limit]
    ]
    return lines + _rest(len(headers) - limit, "headers")


def parameters(request: HttpRequest) -> list[tuple[str, Params]]:
    """The parameters of a request by where they stood: in the query, in a form, in a JSON document."""
    _, _, query = request.url.partition("#")[0].partition("?")
    found = [("Parameters in the query", Params.parse(query))]
    media = (header(request.headers, "content-type") or "").partition(";")[0].strip().lower()
    if media == "application/x-www-form-urlencoded":
        found.append(("Fields in the body", Params.parse(decoded(request.body.data[:MAX_FORM]))))
    elif media == "application/json":
        found.append(("Members of the body", _members(request.body.data)))
    return [(title, fields) for title, fields in found if fields.items]


def _members(data: bytes) -> Params:
    """The members of a JSON document of ours, duplicates kept; what cannot be read has none."""
    if len(data) > MAX_FORM:
        return Params()
    try:
        value = json.loads(decoded(data), object_pairs_hook=list)
    except (ValueError, RecursionError):
        return Params()
    if not isinstance(value, list) or not all(isinstance(pair, tuple) for pair in value):
        return Params()
    return Params(tuple((name, v if isinstance(v, str) else json.dumps(v)) for name, v in value))


def _fields(fields: Params, look: Look) -> list[Line]:
    limit = look.cap(MAX_FIELDS)
    shown = [line for name, value in fields.items[:limit] for line in fact(name, look.text(value), look, name)]
    return shown + _rest(len(fields) - limit, "parameters")


def _rest(count: int, what: str) -> list[Line]:
    return [quiet(f"… {count:,} more {what}; m shows more")] if count > 0 else []
