"""Step 1: building the authorization request, and reading the authorization response (RFC 6749 §4.1.1, §4.1.2) and the answer to a
pushed request (RFC 9126 §2.2).

The reader keeps order, duplicates and unknown parameters; `flow` and `insight` judge them.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.planned import PlannedField, PlannedRequest, wire_headers
from airisk_tui.oauth.text.lenient_json import number_in, read_members
from airisk_tui.oauth.urls import endpoint_url

CODE_NAMES = (
    *("code", "auth_code", "authorization_code", "authcode"),
    *("access_code", "authorizationCode", "Code"),
)
"""Names under which servers send the code; the first is that of RFC 6749 §4.1.2."""


NO_CODES = frozenset(
    {"undefined", "null", "none", "nan", "true", "false", "[object object]", "{code}", "<code>", "code"}
)
"""Values in place of a code, in lower case, that a script or a template writes if it has no code."""


def authorization_params(
    dialect: Dialect,
    *,
    client_id: str,
    redirect_uri: str,
    userid: str | None = None,
    state: str | None = None,
    challenge: str | None = None,
    scope: str | None = None,
    nonce: str | None = None,
    response_mode: str | None = None,
    extra: Params | None = None,
) -> Params:
    """The parameters in the order of protocol.md. A parameter that is None is left out; `extra` comes last.

    challenge: PKCE's S256 challenge (RFC 7636 §4.2); nonce: OpenID Connect Core §3.1.2.1; response_mode: OAuth 2.0 Multiple Response
    Type Encoding Practices §2.1.
    """
    pairs = [
        ("response_type", dialect.response_type),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
        ("scope", scope),
        (dialect.users or "userid", userid),
        ("state", state),
        ("nonce", nonce),
        ("response_mode", response_mode),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256" if challenge is not None else None),
    ]
    return Params.of(pairs) + (extra or Params())


def authorization_request(base_url: str, dialect: Dialect, params: Params) -> PlannedRequest:
    """The request to the authorization endpoint; in the browser mode only its URL is used. A query in the endpoint is kept (RFC 6749
    §3.1)."""
    accept: PlannedField = ("Accept", ("application/json, text/plain;q=0.9, */*;q=0.1",))
    url = endpoint_url(base_url, dialect.authorize_path)
    return PlannedRequest("GET", (url,), tuple((name, (value,)) for name, value in params), wire_headers(accept))


RedirectKind = Literal["code", "error", "both", "empty", "duplicate"]
"""code · error · both, which no server may send · empty: neither · duplicate: a parameter of the protocol came twice (RFC 6749 §3.1)."""


class Redirect(Struct, frozen=True):
    """The authorization response: the parameters with which the browser came to the redirect URI.

    description: `error_description`. other_name: the name of a parameter that is probably the code. fragment: the parameters after
    "#", in which the implicit grant answers (RFC 6749 §4.2.2), and which a browser never sends to a server.
    """

    kind: RedirectKind
    params: Params
    code: str | None = None
    error: str | None = None
    description: str | None = None
    state: str | None = None
    iss: str | None = None
    duplicates: tuple[str, ...] = ()
    other_name: str | None = None
    fragment: Params = field(default_factory=Params)


def fragment_as_query(location: str, asked: str) -> str:
    """The redirect with its fragment as its query, if the request asked for the answer in the fragment (`response_mode`, OAuth 2.0
    Multiple Response Type Encoding Practices §2.1)."""
    place, mark, answer = location.partition("#")
    if asked != "fragment" or not mark or "?" in place:
        return location
    return f"{place}?{answer}"


def read_redirect(target: str, dialect: Dialect, body: str = "") -> Redirect:
    """Read a redirect from its URL, request target or query, or from the body of a form_post. Total over any text."""
    query, _, fragment = split_query(target)
    params = Params.parse(query) + Params.parse(body)
    code, error = params.get(dialect.code), params.get("error")
    protocol = {dialect.code, "error", "error_description", "error_uri", "state", "iss"}
    duplicates = tuple(name for name in params.duplicates() if name in protocol)
    return Redirect(
        kind=_kind(bool(duplicates), bool(code), error is not None),
        params=params,
        code=code or None,
        error=error,
        description=params.get("error_description"),
        state=params.get("state"),
        iss=params.get("iss"),
        duplicates=duplicates,
        other_name=next((name for name in CODE_NAMES if name != dialect.code and params.get(name)), None),
        fragment=Params.parse(ROUTE.sub("", fragment)),
    )


ROUTE = pattern(r"^(?:[^?=&]*\?|/)")
"""The route that a single-page application puts between “#” and its own query: `#/callback?code=…`, `#/code=…`."""


def _kind(duplicate: bool, code: bool, error: bool) -> RedirectKind:
    if duplicate:
        return "duplicate"
    if code:
        return "both" if error else "code"
    return "error" if error else "empty"


_PATH_OR_SCHEME = pattern(r"/|[A-Za-z][A-Za-z0-9+.-]*://")


def split_query(target: str) -> tuple[str, bool, str]:
    """The query of a URL, request target or bare query; whether a path or host precedes it; and the fragment.

    A query may contain "?" and "/" (RFC 3986 §3.4), so "code=a?b" is a query and not a path.
    """
    before, _, fragment = target.partition("#")
    place, mark, query = before.partition("?")
    if not _PATH_OR_SCHEME.match(target) and (not place or "=" in place):
        return query if mark and not place else before, False, fragment
    return query, bool(mark) or "://" in place, fragment


class PushedRequest(Struct, frozen=True):
    """The answer to a pushed request. request_uri: the name by which the browser refers to the request, or its reference; lifetime:
    seconds, or None if the server leaves it out, although it is required."""

    request_uri: str
    lifetime: float | None = None


def read_pushed(response: HttpResponse) -> PushedRequest | None:
    """The answer to a pushed request, or None if it has no `request_uri`. RFC 9126 requires the status 201; any 2xx is accepted.
    Total."""
    members = read_members(response.body.data) if response.succeeded else {}
    uri, life = members.get("request_uri"), number_in(members.get("expires_in"))
    if not isinstance(uri, str) or not uri:
        return None
    return PushedRequest(uri, life if life is not None and life >= 0 else None)
