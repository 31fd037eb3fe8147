"""What is known of a token: kind, shape, expiry and claims. A JWT is decoded and labelled "not verified" (threats.md C8).

RFC 7519 §4.1 defines the registered claims; protocol.md, step 2, says what AIRisk sends.
"""

from __future__ import annotations

import json
from typing import Any

from textual.content import Content

from airisk_tui.flow.checks import checks
from airisk_tui.flow.identity import acting, token_kind
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.checks import check_words
from airisk_tui.oauth.dates import utc_text
from airisk_tui.oauth.expiry import Expiry, ExpiryOddity
from airisk_tui.oauth.jsontext import read_json_object
from airisk_tui.oauth.secret import SecretView
from airisk_tui.tui.inspector.chips import chip
from airisk_tui.tui.inspector.page import Line, PageOptions, heading, labelled, left_out, note
from airisk_tui.tui.shared.styles import QUIET
from airisk_tui.tui.shared.times import countdown

MAX_CLAIMS = 100
"""Claims; an access token of a busy platform carries some thirty."""

DATES = ("exp", "iat", "nbf", "auth_time", "updated_at")
"""Claims in seconds since the epoch (RFC 7519 §2, NumericDate; OpenID Connect Core §5.1)."""

SHAPES = {
    "jwt": "JWT (RFC 7519)",
    "jwe": "encrypted JWT (RFC 7516)",
    "opaque": "opaque: only the server knows what it means",
}
KINDS = {
    "generic": "generic: for the application itself",
    "user-specific": "user-specific",
    None: "not told",
}
ODDITIES: dict[ExpiryOddity, str] = {
    "no-zone": "written without a time zone, read as UTC",
    "number": "a number of seconds since 1970, not a date",
    "relative": "a lifetime in seconds, where a date was expected",
    "unreadable": "this cannot be read as a date",
    "milliseconds": "a number of milliseconds since 1970",
    "http-date": "written as an HTTP date",
    "written": "written as people write dates",
    "date": "a date, where a lifetime was expected",
    "no-lifetime": "no time at all, where a lifetime was expected: most servers mean that the token does not end",
}


CHECKED = {"right": "$text-success", "wrong": "bold $text-error", "not-done": QUIET}
"""By the result of a check, how it is drawn."""


def token_lines(state: FlowState, options: PageOptions) -> list[Line]:
    """The token of a run; [] while there is none."""
    token, inputs = state.token, state.inputs
    if token is None or inputs is None:
        return []
    lines = _value(token, options)
    lines += labelled("kind", Content(KINDS[token_kind(state)]), options, prose=True)
    lines += _acts_for(state, options)
    lines += labelled("shape", Content(SHAPES[token.shape]), options, prose=True)
    issued = state.token_answer.token if state.token_answer is not None else None
    if issued is not None:
        if issued.expiry is None:
            lines += labelled("expires", Content("the server did not say"), options, prose=True)
        else:
            lines += expiry_lines(issued.expiry, options, inputs.dialect.expiration)
        if issued.token_type is not None:
            lines += labelled("type", options.text(issued.token_type), options, "token_type")
        lines += labelled("scope", options.text(issued.scope or "none named"), options, "scope")
    return lines + _checks(state, options) + _decoded(token, options)


def _checks(state: FlowState, options: PageOptions) -> list[Line]:
    """What a client has to check, and what was found; nothing where the server is AIRisk."""
    found = checks(state)
    lines = heading("Checks") if found else []
    for check in found:
        lines += labelled(check.name, Content.styled(check_words(check), CHECKED[check.result]), options, prose=True)
    return lines


def _acts_for(state: FlowState, options: PageOptions) -> list[Line]:
    """Whom the token acts for, by what the server sent and where; never by what was asked for."""
    witness = acting(state)
    if witness is None:
        return labelled("acts for", Content("not told: nothing that came names anybody"), options, prose=True)
    where = {"claim": "claim ", "response": "beside the token: ", "endpoint": f"{witness.endpoint}: "}[witness.source]
    return [
        *labelled("acts for", options.text(witness.value), options),
        *labelled("", options.text(f"{where}{witness.path}", QUIET), options),
    ]


def _value(token: SecretView, options: PageOptions) -> list[Line]:
    if not token.fingerprint:
        return labelled("token", Content(f"{token.length:,} characters, in clear in this log"), options, prose=True)
    lines = labelled("token", chip(token.reference, options.secrets), options)
    if not options.secrets.revealed:
        words = "its value is not kept here" if options.secrets.unseal is None else "r reveals it"
        lines += labelled("", Content.styled(words, QUIET), options)
    return lines


def expiry_lines(expiry: Expiry, options: PageOptions, place: str = "") -> list[Line]:
    """When the token expires, and in how long where the time is known."""
    value = options.text(expiry.raw) if expiry.at is None else _moment(expiry.at, options, True)
    lines = labelled("expires", value, options, place)
    if expiry.oddity is not None:
        lines += labelled("", Content(ODDITIES[expiry.oddity]), options, place, prose=True)
    return lines


def _moment(at: float, options: PageOptions, expires: bool) -> Content:
    return Content.assemble(utc_text(at), "  ", left(at, options.now) if expires else "")


def left(at: float, now: float | None) -> Content:
    """The time until a moment, both in seconds since the epoch; nothing where the present time is not known."""
    if now is None:
        return Content("")
    span = at - now
    if span <= 0:
        return Content.styled(f"expired {_span(-span)} ago", "bold $text-error")
    return Content.styled(f"in {_span(span)}", "bold $text-success" if span > 60 else "bold $text-warning")


def _span(span: float) -> str:
    """Seconds for people: from two days on in days, and from thirty years on in no unit."""
    if span >= 30 * 365 * 86_400:
        return "more than thirty years"
    return f"{span / 86_400:.0f} days" if span >= 2 * 86_400 else countdown(span)


def _decoded(token: SecretView, options: PageOptions) -> list[Line]:
    if token.shape == "opaque":
        return []
    lines = [*heading("Claims · not verified"), note("The signature was not checked: no key was fetched.")]
    if token.payload is None:
        lines.append(note("They are encrypted, or this recording does not keep them."))
    lines += _members(token.payload, options, DATES)
    if token.header is not None:
        lines += [*heading("Header · not verified"), *_members(token.header, options, ())]
    return lines


def _members(text: str | None, options: PageOptions, dates: tuple[str, ...]) -> list[Line]:
    """The members of a part of a JWT. dates: the names of those that are dates."""
    reading = read_json_object(text)
    if reading.value is None:
        return [Line(options.text(reading.error or "", "$text-warning"))]
    lines: list[Line] = []
    limit = options.limit(MAX_CLAIMS)
    for name, value in list(reading.value.items())[:limit]:
        lines += labelled(name, options.text(_text(value)), options, name)
        if name in dates and isinstance(value, (int, float)) and not isinstance(value, bool):
            lines += labelled("", _moment(float(value), options, name == "exp"), options, name)
    return lines + left_out(len(reading.value) - limit, "")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
