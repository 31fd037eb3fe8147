"""A response, not yet sent, in the shapes that the vendor uses (protocol.md, outcomes)."""

from __future__ import annotations

import json
from dataclasses import dataclass

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json"

REASONS = {401: ("Unauthorized", "15.5.2"), 403: ("Forbidden", "15.5.4")}
"""Title and RFC 9110 section of a problem document, as ASP.NET fills them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, not yet sent. `reset` breaks the connection off in its place."""

    status: int
    content_type: str = ""
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    reset: bool = False


def plain(status: int, text: str) -> Answer:
    """The vendor's short errors: `400`, text/plain, `Invalid Code`."""
    return Answer(status, PLAIN, text.encode())


def html(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    """A page."""
    return Answer(status, HTML, text.encode(), headers)


def json_answer(status: int, value: Json) -> Answer:
    """A JSON document, compact as ASP.NET writes it."""
    return Answer(status, JSON, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def problem(status: int, trace: str, *headers: tuple[str, str]) -> Answer:
    """An RFC 9457 document with the W3C trace context that the vendor's support asks for."""
    title, section = REASONS[status]
    kind = f"https://tools.ietf.org/html/rfc9110#section-{section}"
    document = {"type": kind, "title": title, "status": status, "traceId": trace}
    return Answer(status, PROBLEM, json.dumps(document, separators=(",", ":")).encode(), headers)
