"""Challenges: the authentication that a refusal asks for in `WWW-Authenticate` (RFC 9110 §11.6.1; RFC 6750 §3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.http import HTTP_NAME, Headers, HttpResponse, header, headers_named
from airisk_tui.oauth.text.lenient_json import read_json
from airisk_tui.oauth.text.members import every_member

_PART = pattern(rf'[\s,]*({HTTP_NAME})(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|({HTTP_NAME})))?')
_TOKEN68 = pattern(r"[ \t]+[0-9A-Za-z._~+/-]+=*[ \t]*(?=,|$)")


class Challenge(Struct, frozen=True):
    """A challenge of `WWW-Authenticate`. scheme: as it is written, or "" where a server left it out; parameters: names in lower case,
    values without their quotes, in order."""

    scheme: str
    parameters: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The first value of a parameter, or ""."""
        return next((value for key, value in self.parameters if key == name), "")


def challenges(headers: Headers) -> tuple[Challenge, ...]:
    """Every challenge of a response, in order. Total: text that is not a challenge is skipped."""
    return tuple(found for value in headers_named(headers, "www-authenticate") for found in _read(value))


def schemes_of(values: Iterable[str]) -> str:
    """The schemes of `WWW-Authenticate` or `Proxy-Authenticate` headers, in order: "Negotiate, NTLM"."""
    return ", ".join(dict.fromkeys(found.scheme for value in values for found in _read(value) if found.scheme))


def bearer(found: tuple[Challenge, ...]) -> Challenge | None:
    """The challenge for a bearer token, or None. A challenge without a scheme counts as one if it has an `error`."""
    return next((one for one in found if one.scheme.lower() == "bearer" or (not one.scheme and one.get("error"))), None)


BEARER_ERRORS = ("insufficient_scope", "invalid_token")
"""The codes of RFC 6750 §3.1 that are about the token; `invalid_request` is about the request."""


def bearer_error(response: HttpResponse) -> str:
    """The code of RFC 6750 §3.1 with which a refusal rejects the token, or "". It is read from the challenge, or from the JSON, in
    which some servers repeat the challenge as text. Total."""
    asked = bearer(challenges(response.headers))
    code = asked.get("error") if asked is not None else ""
    long = response.succeeded and len(response.body.data) > MAX_WITHIN_SUCCESS
    if code in BEARER_ERRORS or response.redirects or long:
        return code
    members = every_member(read_json(response.body.data[:MAX_REFUSAL]).value)
    said = {member.value for member in members if member.depth <= MAX_DEPTH and isinstance(member.value, str)}
    return next((code for code in BEARER_ERRORS if any(code == one or f'error="{code}"' in one for one in said)), "")


MAX_WITHIN_SUCCESS = 4_096
"""Bytes. A refusal with a 2xx status is short, so a longer body is data and is not searched for one."""

MAX_REFUSAL, MAX_DEPTH = 64 * 1024, 3
"""The bytes and the levels of a refusal that are searched for a code."""


def scope_beside(response: HttpResponse) -> str:
    """The scopes of which an endpoint takes any, where a refusal names them beside those of the token and the token has none of them, as
    GitHub's headers do; or ""."""
    has, taken = (header(response.headers, name) for name in ("x-oauth-scopes", "x-accepted-oauth-scopes"))
    if response.succeeded or has is None or not taken:
        return ""
    return "" if {*SCOPES_APART.split(has)} & {*SCOPES_APART.split(taken)} else taken


SCOPES_APART = pattern(r"[\s,]+")


def _read(value: str) -> Iterator[Challenge]:
    scheme, parameters, at = "", [], 0
    # A comma separates parameters and challenges alike (RFC 9110 §11.6.1): a name without “=” begins the next challenge.
    while part := _PART.match(value, at):
        at = part.end()
        if part[2] is not None or part[3] is not None:
            parameters.append((part[1].lower(), re.sub(r"\\(.)", r"\1", part[2] if part[2] is not None else part[3])))
            continue
        if scheme:
            yield Challenge(scheme, tuple(parameters))
        scheme, parameters = part[1], []
        if credentials := _TOKEN68.match(value, at):
            at = credentials.end()
    if scheme or parameters:
        yield Challenge(scheme, tuple(parameters))
