"""What is known of a token: kind, shape, life, claims. A JWT is decoded and labelled "not verified" (threats.md C8).

RFC 7519 §4.1 names the registered claims; protocol.md, step 2, what AIRisk sends.
"""

from __future__ import annotations

import json
from typing import Any

from textual.content import Content

from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.expiry import Expiry, utc_text
from airisk_tui.oauth.jwt import part_reading
from airisk_tui.oauth.secret import SecretView
from airisk_tui.tui.inspector.chips import chip
from airisk_tui.tui.inspector.page import Line, Look, fact, heading, quiet
from airisk_tui.tui.run.rail import QUIET, countdown

MAX_CLAIMS = 100
"""Claims; an access token of a busy platform carries some thirty."""

MOMENTS = ("exp", "iat", "nbf", "auth_time", "updated_at")
"""Claims that are seconds since the epoch (RFC 7519 §2, NumericDate; OpenID Connect Core §5.1)."""

SHAPES = {
    "jwt": "JWT (RFC 7519)",
    "jwe": "encrypted JWT (RFC 7516)",
    "opaque": "opaque: only the server knows what it means",
}
ODDITIES = {
    "no-zone": "written without a time zone, read as UTC",
    "number": "a number of seconds since 1970, not a date",
    "relative": "a lifetime in seconds, where a date was due",
    "unreadable": "this cannot be read as a date",
    "milliseconds": "a number of milliseconds since 1970",
    "http-date": "written as an HTTP date",
}


def token_lines(state: FlowState, look: Look) -> list[Line]:
    """The token of a run; [] while there is none."""
    token, inputs = state.token, state.inputs
    if token is None or inputs is None:
        return []
    issued = state.token_answer.token if state.token_answer is not None else None
    asked = f"user-specific, for {inputs.userid}" if inputs.userid else "generic: for the application itself"
    lines = _value(token, look)
    lines += fact("kind", look.text(asked), look, prose=not inputs.userid)
    lines += fact("shape", Content(SHAPES[token.shape]), look, prose=True)
    if issued is not None:
        if issued.expiry is None:
            lines += fact("expires", Content("the server did not say"), look, prose=True)
        else:
            lines += expiry_lines(issued.expiry, look, inputs.dialect.expiration)
        if issued.token_type is not None:
            lines += fact("type", look.text(issued.token_type), look, "token_type")
        lines += fact("scope", look.text(issued.scope) if issued.scope else Content("none named"), look, "scope")
    return lines + _decoded(token, look)


def _value(token: SecretView, look: Look) -> list[Line]:
    if not token.fingerprint:
        return fact("token", Content(f"{token.length:,} characters, in clear in this log"), look, prose=True)
    lines = fact("token", chip(token.reference, look.secrets), look)
    if look.secrets.revealed:
        return lines
    kept = look.secrets.unseal is not None
    return [*lines, *fact("", Content.styled("r reveals it" if kept else "its value is not kept here", QUIET), look)]


def expiry_lines(expiry: Expiry, look: Look, place: str = "") -> list[Line]:
    """When the token ends, with the time that is left where the clock is known."""
    if expiry.at is None:
        lines = fact("expires", look.text(expiry.raw), look, place)
    else:
        lines = fact("expires", Content.assemble(utc_text(expiry.at), "  ", left(expiry.at, look.now)), look, place)
    if expiry.oddity is not None:
        lines += fact("", Content(ODDITIES[expiry.oddity]), look, place, prose=True)
    return lines


def left(at: float, now: float | None) -> Content:
    """The time until a moment, as a live countdown."""
    if now is None:
        return Content("")
    span = at - now
    if span <= 0:
        return Content.styled(f"expired {_span(-span)} ago", "bold $text-error")
    return Content.styled(f"in {_span(span)}", "bold $text-success" if span > 60 else "bold $text-warning")


def _span(span: float) -> str:
    """A span for people: from two days on in days, from thirty years on no longer in any unit."""
    if span >= 30 * 365 * 86_400:
        return "more than thirty years"
    return f"{span / 86_400:.0f} days" if span >= 2 * 86_400 else countdown(span)


def _decoded(token: SecretView, look: Look) -> list[Line]:
    if token.shape == "opaque":
        return []
    lines = [*heading("Claims · not verified"), quiet("Read without checking the signature: no key was fetched.")]
    if token.payload is None:
        lines.append(quiet("They are encrypted, or not kept in this recording."))
    lines += _members(token.payload, look, True)
    if token.header is not None:
        lines += heading("Header · not verified") + _members(token.header, look, False)
    return lines


def _members(text: str | None, look: Look, claims: bool) -> list[Line]:
    reading = part_reading(text)
    if reading.value is None:
        return [Line(look.text(reading.error or "", "$text-warning"))]
    limit = look.cap(MAX_CLAIMS)
    items = list(reading.value.items())
    lines = [line for name, member in items[:limit] for line in _member(name, member, look, claims)]
    return lines + ([quiet(f"… {len(items) - limit:,} more; m shows more")] if len(items) > limit else [])


def _member(name: str, value: Any, look: Look, claim: bool) -> list[Line]:
    lines = fact(name, look.text(value if isinstance(value, str) else _compact(value)), look, name)
    if not claim:
        return lines
    if name in MOMENTS and isinstance(value, (int, float)) and not isinstance(value, bool):
        moment = Content.assemble(utc_text(float(value)), "  ", left(float(value), look.now) if name == "exp" else "")
        return lines + fact("", moment, look, name)
    return lines


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
