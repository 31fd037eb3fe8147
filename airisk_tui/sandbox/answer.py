"""Responses before they are sent, in the vendor's formats (protocol.md, outcomes)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import quote, urlencode

from msgspec import Struct

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json"
EVENT_STREAM = "text/event-stream"

REASONS = {401: ("Unauthorized", "15.5.2"), 403: ("Forbidden", "15.5.4")}
"""Title and RFC 9110 section of a problem document, as ASP.NET writes them."""


class Answer(Struct, frozen=True):
    """A response before it is sent. reset: whether to reset the connection instead."""

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


def event_stream(documents: Iterable[Json]) -> Answer:
    """Server-sent events (WHATWG HTML §9.2), one for each JSON document."""
    events = (f"data: {json.dumps(document, ensure_ascii=False)}\n\n" for document in documents)
    return Answer(200, EVENT_STREAM, "".join(events).encode(), (("Cache-Control", "no-cache"),))


def problem(status: int, trace: str, *headers: tuple[str, str]) -> Answer:
    """A problem document (RFC 9457) with a W3C trace context, by which the vendor's support finds the request."""
    title, section = REASONS[status]
    kind = f"https://tools.ietf.org/html/rfc9110#section-{section}"
    document = {"type": kind, "title": title, "status": status, "traceId": trace}
    return Answer(status, PROBLEM, json.dumps(document, separators=(",", ":")).encode(), headers)


URI_CHARACTERS = ":/%#?=@[]!$&'()*+,;"  # RFC 3986 §2.2, and the percent sign of what is encoded already


class Redirect(Struct, frozen=True):
    """The redirect to the application (RFC 6749 §4.1.2): its URI and the parameters to add. joint: the separator between parameters;
    status: that of the answer, which for 200 is JSON with the address; posted: whether a script on a page posts the parameters as
    JSON instead."""

    uri: str
    params: tuple[tuple[str, str], ...]
    fragment: bool = False
    joint: str = "&"
    # After 307 a browser posts the consent form to the application again (RFC 9700 §4.12).
    status: int = 302
    posted: bool = False

    @property
    def answer(self) -> Answer:
        """The response to the browser."""
        if self.posted:
            told = [json.dumps(one).replace("<", "\\u003c") for one in (self.uri, json.dumps(dict(self.params)))]
            # A simple request (Fetch, “CORS-safelisted method”), which a browser sends without a preflight.
            script = f'fetch({told[0]}, {{method: "POST", mode: "no-cors", body: {told[1]}}})'
            return html(
                200,
                f"<!doctype html><title>Signed in</title><p>You can close this window.</p><script>{script}</script>",
            )
        if self.status == 200:
            return json_answer(200, {"redirectUrl": self.location})
        return Answer(self.status, headers=(("Location", self.location),))

    @property
    def location(self) -> str:
        """The value of `Location`: the URI with the parameters after its own query, in ASCII as headers are."""
        uri = quote(self.uri, safe=URI_CHARACTERS)
        if not self.params:
            return uri
        mark = "#" if self.fragment else "&" if "?" in uri else "?"
        return f"{uri}{mark}{urlencode(self.params, quote_via=quote).replace('&', self.joint)}"

    def without(self, *names: str) -> tuple[tuple[str, str], ...]:
        """The parameters of other names."""
        return tuple(pair for pair in self.params if pair[0] not in names)
