"""What goes through the sandbox: a call, an answer, a redirect, a grant. Values only; starlette is not known here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote, urlencode

Where = Literal["authorize", "token", "access"]
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

AUTHORIZE_PATH = "/api/oauth2"
CONSENT_PATH = "/api/oauth2/Consent"
TOKEN_PATH = "/api/oauth2/Token"  # noqa: S105 - a path
MOVED_TOKEN_PATH = "/api/oauth2/v2/Token"  # noqa: S105 - a path; it exists under the fault `token-307` alone
LIST_USERS_PATH = "/api/Users/ListUsers"
CONVERSATIONS_PATH = "/api/GetConversations"

URI_CHARACTERS = ":/%#?=@[]!$&'()*+,;"  # RFC 3986 §2.2, and the percent sign of what is encoded already

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json"

REASONS = {401: ("Unauthorized", "15.5.2"), 403: ("Forbidden", "15.5.4"), 500: ("Internal Server Error", "15.6.1")}
"""Title and RFC 9110 section of a problem document, as ASP.NET fills them."""


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Parameters by name; a repeated one has its values joined with a comma, as ASP.NET reads them."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def utc(moment: float) -> str:
    """As `2025-03-31T13:12:17Z`, the documented form of `expiration`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Call:
    """A request, read. Header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def origin(self) -> str:
        """The server's own origin, as the caller named it."""
        return f"http://{self.headers.get('host', '')}"

    @property
    def bearer(self) -> str | None:
        """The token of `Authorization: Bearer …` (RFC 6750 §2.1), or None."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token.strip() else None


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


@dataclass(frozen=True, slots=True)
class Redirect:
    """The way back to the application: its URI and what is added to it (RFC 6749 §4.1.2)."""

    uri: str
    params: tuple[tuple[str, str], ...]
    fragment: bool = False

    @property
    def location(self) -> str:
        """The URI with the parameters appended, whatever query it already has; ASCII, as a header must be."""
        uri = quote(self.uri, safe=URI_CHARACTERS)
        if not self.params:
            return uri
        mark = "#" if self.fragment else "&" if "?" in uri else "?"
        return f"{uri}{mark}{urlencode(self.params, quote_via=quote)}"

    def without(self, *names: str) -> tuple[tuple[str, str], ...]:
        """The parameters but for those."""
        return tuple(pair for pair in self.params if pair[0] not in names)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for. `userid` is what was asked for, `subject` the user that it was granted for."""

    client_id: str
    redirect_uri: str
    userid: str | None
    subject: str | None
    expires: float
    challenge: str | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Life:
    """When a token was issued and when it ends, in seconds since 1970."""

    start: float
    end: float
