"""The protected endpoints and what each kind of token may do there, as documented (protocol.md, step 3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, convert
from msgspec.structs import replace

from airisk_tui.later import pattern
from airisk_tui.oauth.answer.challenge import MAX_WITHIN_SUCCESS, bearer_error
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.answer.server_error import read_error, refuses
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.text.lenient_json import read_json
from airisk_tui.oauth.text.members import every_member

Expectation = Literal["allowed", "refused", "unknown"]
TokenKind = Literal["generic", "user-specific"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""RFC 9110 §9.2.1. Any other method is probed only after a person said so for that very endpoint."""


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
        """What the documentation says of this kind of token."""
        return self.generic if kind == "generic" else self.user_specific


LIST_USERS = Endpoint("GET", "/api/Users/ListUsers", "allowed", "allowed")
GET_CONVERSATIONS = Endpoint("GET", "/api/GetConversations", "refused", "allowed")
DOCUMENTED = (LIST_USERS, GET_CONVERSATIONS)

ALIASES = {
    LIST_USERS: (replace(LIST_USERS, path="/api/ListUsers"),),
    GET_CONVERSATIONS: (replace(GET_CONVERSATIONS, path="/api/Chat/GetConversations?results=50"),),
}
"""Other paths under which deployments have a documented endpoint: one page of the vendor's, and what clients call."""


def with_aliases(endpoints: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """The endpoints, each followed by its aliases, which are asked only where the path before them is not there."""
    return tuple(dict.fromkeys(one for endpoint in endpoints for one in (endpoint, *ALIASES.get(endpoint, ()))))


def are_aliases(one: Endpoint, other: Endpoint) -> bool:
    """Whether two endpoints are the same documented one, at different paths."""
    return any({one, other} <= {known, *aliases} for known, aliases in ALIASES.items())


def documented_at(method: str, path: str) -> Endpoint | None:
    """The documented endpoint that a request went to, by the end of its path; ASP.NET does not tell upper case from lower."""
    wanted = path.lower().rstrip("/")
    known = (endpoint for family in ALIASES.items() for endpoint in (family[0], *family[1]))
    return next((one for one in known if one.method == method and wanted.endswith(_plain(one.path))), None)


def endpoint_of(row: dict[str, str]) -> Endpoint:
    """The endpoint of a row of `endpoints` in `config.toml`; what it says of no token is expected as the documentation has it."""
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
    """What an answer says of the token: 2xx with data accepts it, 401, 403 and any refusal with a code of RFC 6750 §3.1 refuse it,
    404, 405 and 410 say that this path has no such endpoint. A web page, a redirect and everything else say nothing of it, nor does
    a document of success that tells of a failure, unless it speaks of a right, or any other refusal, unless it calls the token bad."""
    if response.succeeded:
        words = _failure_within(response)
        if words is None:
            return "other" if is_web_page(response) else "accepted"
        return "refused" if _OF_A_RIGHT.search(words) else "other"
    if response.status in (401, 403) or (response.status == 400 and bearer_error(response)):
        return "refused"
    if (
        400 <= response.status < 500
        and response.status not in (404, 405, 410, 429)
        and calls_token_bad(_words(response))
    ):
        return "refused"
    return "absent" if response.status in (404, 405, 410) else "other"


def _failure_within(response: HttpResponse) -> str | None:
    """The words of a refusal that came with a status of success; None where none did."""
    data = response.body.data
    if len(data) > MAX_WITHIN_SUCCESS or not data.lstrip().startswith(b"{"):
        return None
    value = read_json(data).value
    if not isinstance(value, dict):
        return None
    members = [member.value for member in every_member(value)]
    alone = len(members) <= MAX_OF_A_REFUSAL and not any(isinstance(one, list) for one in members)
    return _words(response) if refuses(value) or (alone and calls_token_bad(_words(response))) else None


def _words(response: HttpResponse) -> str:
    error = read_error(response)
    return f"{error.code} {error.description}".lower()


MAX_OF_A_REFUSAL = 8
"""Members of a refusal with a status of success, so that a text about tokens in data is none."""


def calls_token_bad(words: str) -> bool:
    """Whether lower-case words call the access token bad, and no token of a form or of a refresh."""
    return _OF_THE_TOKEN.search(words) is not None and _OTHER_TOKENS.search(words) is None


_OTHER_TOKENS = pattern(r"[cx]srf|forgery|verification|refresh|device|session")
_OF_THE_TOKEN = pattern(
    r"\b(?:token|jwt)\b.{0,20}\b(?:expired|invalid|revoked|malformed|not valid|no longer valid)\b"
    r"|\b(?:expired|invalid|revoked|malformed)[ _](?:\w+ )?(?:token|jwt)\b|\btoken_(?:expired|invalid|revoked)\b"
)
"""Words, in lower case, by which an answer calls the token bad whatever its status is."""


_OF_A_RIGHT = pattern(r"auth|token|denied|forbid|permi|\baccess|credential|login|\brights?\b|\bscope")


def as_documented(expected: Expectation, answer: EndpointAnswer) -> bool | None:
    """Whether an answer is what was expected; None when it decides nothing: a path that is not there refuses nobody."""
    if expected == "unknown" or answer not in ("accepted", "refused"):
        return None
    return answer == ("accepted" if expected == "allowed" else "refused")
