"""The protected endpoints, and whether each kind of token is accepted there by the documentation (protocol.md, step 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, convert
from msgspec.structs import replace

from airisk_tui.later import pattern
from airisk_tui.oauth.answer.challenge import MAX_WITHIN_SUCCESS, bearer_error, scope_beside
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.answer.server_error import read_error, refuses
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.text.lenient_json import read_json
from airisk_tui.oauth.text.members import every_member
from airisk_tui.oauth.text.visible import decoded

Expectation = Literal["allowed", "refused", "unknown"]
TokenKind = Literal["generic", "user-specific"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""RFC 9110 §9.2.1. An endpoint with another method is probed only if a person confirms it for this endpoint."""


class Endpoint(Struct, frozen=True):
    """A protected endpoint: method, path below the base URL, and the documented expectation for each kind of token."""

    method: str
    path: str
    generic: Expectation = "unknown"
    user_specific: Expectation = "unknown"

    @property
    def name(self) -> str:
        """As `GET /api/GetConversations`, the form used in JSON, tables and configuration."""
        return f"{self.method} {self.path}"

    @property
    def safe(self) -> bool:
        """Whether a probe of it changes nothing on the server."""
        return self.method in SAFE_METHODS

    def expected(self, kind: TokenKind) -> Expectation:
        """The documented result for this kind of token."""
        return self.generic if kind == "generic" else self.user_specific


LIST_USERS = Endpoint("GET", "/api/Users/ListUsers", "allowed", "allowed")
GET_CONVERSATIONS = Endpoint("GET", "/api/GetConversations", "refused", "allowed")
DOCUMENTED = (LIST_USERS, GET_CONVERSATIONS)

ALIASES = {
    LIST_USERS: (replace(LIST_USERS, path="/api/ListUsers"),),
    GET_CONVERSATIONS: (replace(GET_CONVERSATIONS, path="/api/Chat/GetConversations?results=50"),),
}
"""Other paths of the documented endpoints: one stands on a page of the vendor, the other is called by clients."""


def with_aliases(endpoints: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """The endpoints, each followed by its aliases. An alias is called only if the path before it does not exist."""
    return tuple(dict.fromkeys(one for endpoint in endpoints for one in (endpoint, *ALIASES.get(endpoint, ()))))


def are_aliases(one: Endpoint, other: Endpoint) -> bool:
    """Whether two endpoints are different paths of the same documented endpoint."""
    return any({one, other} <= {known, *aliases} for known, aliases in ALIASES.items())


def documented_at(method: str, path: str) -> Endpoint | None:
    """The documented endpoint that a request went to, or None. Only the end of the path counts, in any case, because ASP.NET ignores
    case."""
    wanted = path.lower().rstrip("/")
    known = (endpoint for family in ALIASES.items() for endpoint in (family[0], *family[1]))
    return next((one for one in known if one.method == method and wanted.endswith(_plain(one.path))), None)


def endpoint_of(row: dict[str, str]) -> Endpoint:
    """The endpoint of a row of `endpoints` in `config.toml`. An expectation that the row leaves out is the documented one."""
    known = documented_at(row["method"], row["path"])
    expected = {} if known is None else {"generic": known.generic, "user_specific": known.user_specific}
    return convert({**expected, **row}, Endpoint)


def _plain(path: str) -> str:
    return path.partition("?")[0].lower().rstrip("/")


def list_users(dialect: Dialect) -> Endpoint:
    """ListUsers at the path of this dialect: the vendor's documents name two (protocol.md, step 3)."""
    return replace(LIST_USERS, path=dialect.list_users_path)


def lists_users(endpoint: Endpoint, dialect: Dialect) -> bool:
    """Whether an endpoint is ListUsers, under any of its paths."""
    return endpoint.method == "GET" and (
        endpoint.path == dialect.list_users_path or _plain(endpoint.path).endswith("/listusers")
    )


EndpointAnswer = Literal["accepted", "refused", "absent", "other"]


def read_endpoint_answer(response: HttpResponse) -> EndpointAnswer:
    """Whether an answer accepts the token.

    "accepted": a 2xx status with data. "refused": 401, 403, a code of RFC 6750 §3.1, another 4xx whose words call the token bad, a 404
    whose headers name a scope that it lacks, or a 2xx that reports a failure of permission. "absent": 404, 405 or 410, so the path has no
    such endpoint. "other": web pages, redirects and all else, which say nothing about the token.
    """
    if response.succeeded:
        words = _failure_within(response)
        if words is None:
            return "other" if is_web_page(response) else "accepted"
        return "refused" if _ABOUT_PERMISSION.search(words) else "other"
    if response.status in (401, 403) or (response.status == 400 and bearer_error(response)):
        return "refused"
    if (
        400 <= response.status < 500
        and response.status not in (404, 405, 410, 429)
        and calls_token_bad(_words(response))
    ):
        return "refused"
    if response.status == 404 and scope_beside(response):
        return "refused"
    return "absent" if response.status in (404, 405, 410) else "other"


def _failure_within(response: HttpResponse) -> str | None:
    """The words of a refusal that came with a 2xx status, in lower case; None if the body is no refusal."""
    data = response.body.data
    if len(data) > MAX_WITHIN_SUCCESS:
        return None
    if not data.lstrip().startswith(b"{"):
        text = decoded(data).strip().lower()
        return _words(response) if (_FAILED_XML if text.startswith("<") else _FAILED_TEXT).match(text) else None
    value = read_json(data).value
    if not isinstance(value, dict):
        return None
    members = [member.value for member in every_member(value)]
    alone = len(members) <= MAX_REFUSAL_MEMBERS and not any(isinstance(one, list) for one in members)
    return _words(response) if refuses(value) or (alone and calls_token_bad(_words(response))) else None


def _words(response: HttpResponse) -> str:
    error = read_error(response)
    return f"{error.code} {error.description}".lower()


_FAILED_XML = pattern(
    r"(?:<\?xml[^>]*>\s*)?(?:(?:<[^<>!?]*>\s*)?<(?:[\w.-]+:)?(?:err|\w*(?:error|fault|exception)s?)\b[^<>]*(?<!/)>"
    r"|<[^<>!?]*\s(?:stat|status|result|success)=[\"'](?:fail\w*|error|false|ko)\b|<[\w.-]+:envelope\b.{0,1000}?<(?:[\w.-]+:)?fault\b)",
    re.DOTALL,
)
_FAILED_TEXT = pattern(
    r"[\"']?(?:(?:error|fail(?:ed|ure)|unauthori[sz]ed|forbidden|invalid [\w ]{3,30})(?:[:.!\"']|$)|(?:access|permission) (?:is )?denied\b"
    r"|not (?:authori[sz]ed|allowed|permitted)\b)[^\n]{0,200}$"
)
"""An XML document whose root says that it failed or holds an error, and a line that begins with words of a failure."""

MAX_REFUSAL_MEMBERS = 8
"""The most members of a refusal with a 2xx status: a larger document is data that may mention tokens."""


def calls_token_bad(words: str) -> bool:
    """Whether lower-case words call the access token bad, and not an anti-forgery, refresh or device token."""
    return _TOKEN_IS_BAD.search(words) is not None and _OTHER_TOKENS.search(words) is None


_OTHER_TOKENS = pattern(r"[cx]srf|forgery|verification|refresh|device|session")
_TOKEN_IS_BAD = pattern(
    r"\b(?:token|jwt)\b.{0,20}\b(?:expired|invalid|revoked|malformed|not valid|no longer valid)\b"
    r"|\b(?:expired|invalid|revoked|malformed)[ _](?:\w+ )?(?:token|jwt)\b|\btoken_(?:expired|invalid|revoked)\b"
)
"""Lower-case words that call the token bad, whatever the status is."""


_ABOUT_PERMISSION = pattern(r"auth|token|denied|forbid|permi|\baccess|credential|login|\brights?\b|(?<![a-z])scope")


def as_documented(expected: Expectation, answer: EndpointAnswer) -> bool | None:
    """Whether an answer is the expected one. None if nothing is expected, or the answer neither accepts nor refuses."""
    if expected == "unknown" or answer not in ("accepted", "refused"):
        return None
    return answer == ("accepted" if expected == "allowed" else "refused")
