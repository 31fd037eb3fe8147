"""The claims of a token in plain words, each with the result of its check: right, wrong, or not checked and why.

RFC 7519 §4.1 and OpenID Connect Core §2, §5.1 define the claims; `flow.reading.checks` makes the checks.
"""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace
from textual.content import Content

from airisk_tui.flow.events import SignatureResult
from airisk_tui.flow.reading.checks import Check, checks
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.words.checks import REASONS, check_words
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.lenient_json import is_number, json_object, read_json_object
from airisk_tui.tui.inspector.chips import chip
from airisk_tui.tui.inspector.page import (
    LABEL,
    Line,
    PageOptions,
    each_labelled,
    heading,
    labelled,
    listed,
    note,
    sentence,
)
from airisk_tui.tui.shared.drawing.styles import QUIET
from airisk_tui.tui.shared.drawing.times import countdown


def moment(at: float, now: float | None = None) -> Content:
    """A date, with the time until then where the present time is given. at, now: seconds since the epoch."""
    return Content.assemble(utc_text(at), "  " if now is not None else "", left(at, now))


def left(at: float, now: float | None) -> Content:
    """The time until a moment, or since; nothing where the present time is not known. at, now: seconds since the epoch."""
    if now is None:
        return Content("")
    span = at - now
    if span <= 0:
        return Content.styled(f"expired {_span(-span)} ago", "bold $text-error")
    return Content.styled(f"in {_span(span)}", "bold $text-success" if span > 60 else "bold $text-warning")


def _span(span: float) -> str:
    """A duration in words. span: seconds; from two days on in days, from thirty years on without a number."""
    if span >= 30 * 365 * 86_400:
        return "more than thirty years"
    return f"{span / 86_400:.0f} days" if span >= 2 * 86_400 else countdown(span)


DATES = ("exp", "iat", "nbf", "auth_time", "updated_at")
"""Claims in seconds since the epoch (RFC 7519 §2, NumericDate; OpenID Connect Core §5.1)."""

WORDS = {
    "iss": "issued by",
    "sub": "about",
    "aud": "meant for",
    "azp": "used by",
    "client_id": "made for the client",
    "exp": "good until",
    "iat": "issued",
    "nbf": "not good before",
    "auth_time": "signed in",
    "nonce": "ties it to the request:",
    "at_hash": "hash of the access token",
    "c_hash": "hash of the code",
    "acr": "sign-in as strong as",
    "amr": "signed in by",
    "scope": "allows",
    "sid": "session",
    "jti": "its own number",
}
"""By claim, how a sentence about its value begins; other claims are shown by their names alone."""

MARKS = {"right": "✓", "wrong": "✗", "not-done": "·"}
CHECKED = {"right": "$text-success", "wrong": "bold $text-error", "not-done": QUIET}
"""By the result of a check, its style."""

OF_ID_TOKEN = "id-token-"  # noqa: S105 - the beginning of names of checks


def check_lines(
    check: Check, name: str, options: PageOptions, value: Content | None = None, column: int = LABEL
) -> list[Line]:
    """A check with its mark. value: what was checked, shown alone where it is right; column: cells of mark and name."""
    style = CHECKED[check.result]
    words = Content.styled(check_words(check), style)
    if value is not None:
        due = f"; expected: {check.expected}" if check.reason == "other" else ""
        told = options.text(f"{check_words(replace(check, came=''))}{due}", style)
        words = value if check.result == "right" else Content.assemble(value, "\n", told)
    return listed(MARKS[check.result], name, words, options, check.name, style=style, column=column)


def id_token_lines(state: FlowState, options: PageOptions) -> list[Line]:
    """The ID token of a run."""
    token = state.id_token
    if token is None:
        return [note("No ID token came.")]
    found = {check.name.removeprefix(OF_ID_TOKEN): check for check in checks(state) if OF_ID_TOKEN in check.name}
    facts = state.id_token_checked
    lines = [sentence("Who signed in, as the server tells this client alone.", "bold")]
    lines += labelled("token", chip(token.reference, options.secrets), options) if token.fingerprint else []
    lines += [sentence(""), *signature_lines(token, facts.signature if facts is not None else None, options)]
    if (algorithm := found.pop("alg", None)) is not None:
        words = "" if algorithm.result != "right" else f"{algorithm.came}, which the metadata name"
        lines += check_lines(algorithm, "alg", options, Content(words) if words else None)
    found.pop("signature", None)
    claims = json_object(token.payload) if token.payload else {}
    for check in found.values():
        name = check.name.removeprefix(OF_ID_TOKEN).replace("-", "_")
        value = claims.pop(name, None)
        shown = None if value is None else claim_words(name, value, options)
        lines += check_lines(check, name, options, shown)
    lines += [*heading("Other claims"), *claim_lines(claims, options)] if claims else []
    return lines if token.header is None else [*lines, *heading("Header"), *members(token.header, options)]


def signature_lines(token: SecretView, result: SignatureResult | None, options: PageOptions) -> list[Line]:
    """Whether the signature was verified, and by which key."""
    header = json_object(token.header) if token.header else {}
    if result == "verified":
        kid = header.get("kid")
        key = f"the server's key “{kid}”" if isinstance(kid, str) else "a key of the server"
        words = options.text(f"verified by {key} ({header.get('alg')})", CHECKED["right"])
        return listed("✓", "signature", words, options, "id-token-signature", style=CHECKED["right"])
    wrong = result in ("wrong", "no-key", "unsigned", "unreadable")
    mark, style = ("✗", CHECKED["wrong"]) if wrong else ("·", CHECKED["not-done"])
    reason = "no key was fetched" if result is None else REASONS[result]
    words = Content.styled(f"not verified: {reason}", style)
    return listed(mark, "signature", words, options, "id-token-signature", style=style)


def claim_words(name: str, value: Any, options: PageOptions) -> Content:
    """A claim in words."""
    said = f"{WORDS[name]} " if name in WORDS else ""
    value = int(value) if name in DATES and isinstance(value, str) and value.isdecimal() and len(value) < 16 else value
    if name in DATES and is_number(value):
        date = moment(float(value), options.now if name == "exp" else None)
        return Content.assemble((said, QUIET), date, (f"  ({value})", QUIET))
    return Content.assemble((said, QUIET), options.text(_text(value)))


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def claim_lines(claims: dict[str, Any], options: PageOptions) -> list[Line]:
    """Claims without checks."""
    return each_labelled(claims.items(), options, words=claim_words)


def members(text: str | None, options: PageOptions) -> list[Line]:
    """The members of a part of a JWT, as it came."""
    reading = read_json_object(text)
    if reading.value is None:
        return [Line(options.text(reading.error or "", "$text-warning"))]
    return claim_lines(reading.value, options)
