"""Step 1: building the authorization request and reading what the redirect brings back (RFC 6749 §4.1.1, §4.1.2).

The reader keeps everything: order, duplicates and unknown parameters. It judges nothing; that is `flow`'s and
`insight`'s business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit

from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.params import Params

CODE_SUSPECTS = (
    "code",
    "auth_code",
    "authorization_code",
    "authcode",
    "access_code",
    "authorizationCode",
    "Code",
)
"""Names under which servers of their own dialect have sent the code."""


def authorization_params(
    dialect: Dialect,
    *,
    client_id: str,
    redirect_uri: str,
    userid: str | None = None,
    state: str | None = None,
    challenge: str | None = None,
    extra: Params | None = None,
) -> Params:
    """The parameters in the order of protocol.md; those that are None are left out, `extra` comes last."""
    pairs = [
        ("response_type", dialect.response_type),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
        (dialect.users or "userid", userid),
        ("state", state),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256" if challenge is not None else None),
    ]
    return Params.of(pairs) + (extra or Params())


def endpoint_url(base_url: str, path: str) -> str:
    """An endpoint below the base URL; a path that is itself an absolute URL stands for itself."""
    if path.startswith(("http://", "https://")):
        return path
    return base_url.rstrip("/") + "/" + path.lstrip("/")


def authorization_url(base_url: str, dialect: Dialect, params: Params) -> str:
    """The URL that the browser opens. A query in the endpoint is kept (RFC 6749 §3.1)."""
    url = endpoint_url(base_url, dialect.authorize_path)
    return f"{url}{'&' if '?' in url else '?'}{params.encode()}"


RedirectKind = Literal["code", "error", "both", "empty", "duplicate"]


@dataclass(frozen=True, slots=True)
class Redirect:
    """What came back to the redirect URI.

    kind: "code" · "error" · "both" (which no server may send) · "empty" (neither) · "duplicate" (a parameter of the
    protocol came twice). suspect: a parameter that looks like a code under another name. fragment: what stood behind "#".
    """

    kind: RedirectKind
    params: Params
    code: str | None = None
    error: str | None = None
    description: str | None = None
    error_uri: str | None = None
    state: str | None = None
    iss: str | None = None
    duplicates: tuple[str, ...] = ()
    suspect: str | None = None
    fragment: Params = field(default_factory=Params)


def read_redirect(target: str, dialect: Dialect, body: str = "") -> Redirect:
    """Read a redirect from its URL, request target or query, or from a form_post body; total over any text."""
    query, _, fragment = _query_of(target)
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
        error_uri=params.get("error_uri"),
        state=params.get("state"),
        iss=params.get("iss"),
        duplicates=duplicates,
        suspect=next((n for n in CODE_SUSPECTS if n != dialect.code and params.get(n)), None),
        fragment=Params.parse(fragment),
    )


def _kind(duplicate: bool, code: bool, error: bool) -> RedirectKind:
    if duplicate:
        return "duplicate"
    if code:
        return "both" if error else "code"
    return "error" if error else "empty"


_PLACE = re.compile(r"/|[A-Za-z][A-Za-z0-9+.-]*://")


def _query_of(target: str) -> tuple[str, bool, str]:
    """The query, whether it belongs to a place, and the fragment. A query may itself hold "?" and "/" (RFC 3986 §3.4)."""
    before, _, fragment = target.partition("#")
    place, mark, query = before.partition("?")
    if not _PLACE.match(target) and (not place or "=" in place):
        return query if mark and not place else before, False, fragment
    return query, bool(mark) or "://" in place, fragment


_WORDS = re.compile(r"[^\s\"'<>][^\S\r\n]+[^\s\"'<>]")
"""White space inside a line, which no wrapping makes."""

PasteKind = Literal["url", "query", "code", "nothing"]


def read_paste(text: str, dialect: Dialect) -> tuple[PasteKind, str]:
    """What a person pasted, as a query string: a whole URL, a query, or a bare code (threats.md L12).

    A bare code becomes `code=…`; white space and quotes around, and line breaks from a terminal's wrapping, are dropped.
    Several words in a line are no code: they would go to the server together with the client's secret.
    """
    words = _WORDS.search(text.strip())
    text = "".join(text.split()).strip("\"'<>")
    if not text:
        return "nothing", ""
    query, placed, fragment = _query_of(text)
    if placed:
        return "url", query + (f"#{fragment}" if fragment else "")
    if "=" in text.rstrip("="):
        return "query", text.lstrip("?&#")
    return ("nothing", "") if words else ("code", Params(((dialect.code, text),)).encode())


def resolved(location: str, url: str) -> str:
    """A `Location` as a browser follows it from `url`: a relative one is resolved (RFC 9110 §10.2.2).

    One that is malformed, or that readers differ over (see `_UNSURE`), stays as it is, so that it is never taken for ours.
    """
    try:
        return location if _UNSURE.search(location.partition("?")[0]) else urljoin(url, location)
    except ValueError:
        return location


def same_place(location: str, redirect_uri: str) -> tuple[str, ...]:
    """In which parts a `Location` points elsewhere than our redirect URI: of "scheme", "host", "port", "path"; () is the same.

    An address with a backslash in it is never the same: browsers and other programs go to different hosts with it (`_UNSURE`).
    """
    try:
        there, ours = urlsplit(location), urlsplit(redirect_uri)
        pairs = {
            "scheme": (there.scheme, ours.scheme),
            "host": (there.hostname, ours.hostname),
            "port": (there.port or default_port(there.scheme), ours.port or default_port(ours.scheme)),
            "path": (there.path or "/", ours.path or "/"),
        }
        if "\\" in location.partition("?")[0]:
            pairs["host"] = (None, ours.hostname)
    except ValueError:
        return ("scheme", "host", "port", "path")
    return tuple(part for part, (a, b) in pairs.items() if a != b)


def default_port(scheme: str) -> int:
    """The port that a URL of this scheme means when it names none."""
    return 443 if scheme == "https" else 80


_UNSURE = re.compile(r"[\x00-\x20\\]")
"""What browsers, HTTP clients and `urlsplit` read differently: "https://a\\@b" goes to a in a browser (WHATWG URL §4.4)."""


def origin(url: str) -> str:
    """Scheme, host and port of a URL (RFC 6454 §4), in one form; "" for one that has none, or whose host is in doubt."""
    try:
        parts = urlsplit(url)
        port = default_port(parts.scheme) if parts.port is None else parts.port
    except ValueError:
        return ""
    if not parts.hostname or "@" in parts.netloc or _UNSURE.search(url):
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def same_origin(left: str, right: str) -> bool:
    """Whether two URLs are surely of one origin."""
    return bool(origin(left)) and origin(left) == origin(right)
