"""The tabs Request and Response: the start line, the headers in the order and case that they were sent in, the parameters.

RFC 9112 §3 and §4 define the start line; RFC 9110 §5.3 says why the order of headers matters.
"""

from __future__ import annotations

import json

from textual.content import Content

from airisk_tui.insight.advice.transport import fault_sentence
from airisk_tui.oauth.answer.pages import media_type
from airisk_tui.oauth.http import Headers, HttpRequest, HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.text.lenient_json import without_escaped_marks
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.oauth.urls import query_of
from airisk_tui.tui.inspector.page import (
    MAX_ITEMS,
    Line,
    PageOptions,
    each_labelled,
    heading,
    labelled,
    left_out,
    note,
    sentence,
)
from airisk_tui.tui.inspector.subject import NOTHING_YET, Subject
from airisk_tui.tui.shared.drawing.styles import QUIET

MAX_FORM = 64 * 1024
"""Bytes of a body that is read for parameters: the listener's own limit for a form (threats.md L4)."""

IN_QUERY = "Parameters in the query"


def request_page(subject: Subject, options: PageOptions) -> list[Line]:
    """The request as it was sent or heard."""
    request = subject.request
    if request is None:
        return [note(subject.note or NOTHING_YET)]
    lines = [_start(Content.assemble(options.text(request.method, "bold"), " ", options.text(request.url)))]
    lines += _headers(request.headers, options)
    for title, fields in parameters(request):
        lines += [*heading(title), *each_labelled(fields.items, options, " parameters")]
    if subject.note and subject.response is None:
        lines += [sentence(""), note(subject.note)]
    return lines


def response_page(subject: Subject, options: PageOptions) -> list[Line]:
    """The response as it came, or why there is none."""
    response = subject.response
    if response is None:
        return _no_response(subject, options)
    size = response.body.size
    body = note(f"Body: {size:,} bytes" if size else "There is no body.")
    return [_start(_status(response, options)), *_headers(response.headers, options), sentence(""), body]


def _start(content: Content) -> Line:
    return Line(content, "start line")


def _status(response: HttpResponse, options: PageOptions) -> Content:
    tone = "$text-success" if response.status < 300 else "$text-warning" if response.status < 400 else "$text-error"
    code = Content.styled(f"{response.status}", f"bold {tone}")
    return Content.assemble(
        options.text(response.version, QUIET), " ", code, " ", options.text(response.reason, "bold")
    )


def _no_response(subject: Subject, options: PageOptions) -> list[Line]:
    fault = subject.fault
    if fault is None:
        return [note(subject.note or NOTHING_YET)]
    pairs = [
        ("kind", fault.kind),
        ("reason", fault.reason),
        ("tried", ", ".join(fault.tried)),
        ("said", fault.library_text),
    ]
    lines = [_start(options.text(fault_sentence(fault, subject.request or HttpRequest("", "")), "bold")), sentence("")]
    return lines + [line for name, text in pairs if text for line in labelled(name, options.text(text), options)]


def _headers(headers: Headers, options: PageOptions) -> list[Line]:
    limit = options.limit(MAX_ITEMS)
    lines = [
        Line(Content.assemble(options.text(name, "$text-primary"), (": ", QUIET), options.text(value)), name)
        for name, value in headers[:limit]
    ]
    return lines + left_out(len(headers) - limit, " headers")


def parameters(request: HttpRequest) -> list[tuple[str, Params]]:
    """The decoded parameters of a request by titles: those of the query, of a form, of a JSON document."""
    found = [(IN_QUERY, Params.parse(query_of(request.url)))]
    media = media_type(request)
    if media == "application/x-www-form-urlencoded":
        found.append(("Fields in the body", Params.parse(decoded(request.body.data[:MAX_FORM]))))
    elif media == "application/json":
        found.append(("Members of the body", _members(request.body.data)))
    return [(title, fields) for title, fields in found if fields.items]


def _members(data: bytes) -> Params:
    """The members of a JSON object, duplicates included; none where the body is too large or no JSON object."""
    if len(data) > MAX_FORM:
        return Params()
    try:
        value = json.loads(without_escaped_marks(decoded(data)), object_pairs_hook=list)
    except (ValueError, RecursionError):
        return Params()
    if not isinstance(value, list) or not all(isinstance(pair, tuple) for pair in value):
        return Params()
    return Params(tuple((name, v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)) for name, v in value))
