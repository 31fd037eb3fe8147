"""The access token of a run: kind, shape, expiry, checks and claims. A JWT is labelled "not verified" unless a key of the server
verified its signature (threats.md C8).

RFC 7519 §4.1 defines the registered claims; protocol.md, step 2, says what AIRisk sends.
"""

from __future__ import annotations

from textual.content import Content

from airisk_tui.flow.reading.checks import checks
from airisk_tui.flow.reading.identity import acting, token_kind
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.words.checks import NAMES
from airisk_tui.oauth.answer.expiry import Expiry, ExpiryOddity
from airisk_tui.oauth.secret import SecretView
from airisk_tui.tui.inspector.chips import chip
from airisk_tui.tui.inspector.page import Line, PageOptions, heading, labelled, listed, note
from airisk_tui.tui.inspector.pages.claims import (
    CHECKED,
    MARKS,
    OF_ID_TOKEN,
    check_lines,
    members,
    moment,
    signature_lines,
)
from airisk_tui.tui.shared.drawing.styles import QUIET
from airisk_tui.tui.shared.keyboard.keys import chosen_key

SHAPES = {
    "JWT": "JWT (RFC 7519)",
    "JWE": "encrypted JWT (RFC 7516)",
    "redacted": "not known: somebody put a mark in the value's place",
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
    "written": "written as a date in words",
    "date": "a date, where a lifetime in seconds was expected",
    "no-lifetime": "no time at all, where a lifetime was expected: at most servers such a token does not expire",
}


CHECK = 23
"""Columns of a mark and of the longest name of a check, "iss of the redirect"."""


def token_lines(state: FlowState, options: PageOptions) -> list[Line]:
    """The token of a run; [] while there is none."""
    token, inputs = state.token, state.inputs
    if token is None or inputs is None:
        return []
    lines = _value(token, options)
    if not inputs.standard:
        lines += labelled("kind", Content(KINDS[token_kind(state)]), options, prose=True)
    lines += _acts_for(state, options)
    lines += labelled("shape", Content(SHAPES[token.form]), options, prose=True)
    issued = state.token_answer.token if state.token_answer is not None else None
    if issued is not None:
        if issued.expiry is None:
            lines += labelled("expires", Content("the server did not say"), options, prose=True)
        else:
            lines += expiry_lines(issued.expiry, options, inputs.dialect.expiration)
        if issued.token_type is not None:
            lines += labelled("type", options.text(issued.token_type), options, "token_type")
        lines += labelled("scope", options.text(issued.scope or "none named"), options, "scope")
    refresh = state.refresh_token
    if refresh is not None and refresh.fingerprint:
        lines += labelled("refresh token", chip(refresh.reference, options.secrets), options)
    if inputs.standard:  # a run against AIRisk imports none of it
        from airisk_tui.tui.inspector.pages.follow_ups import next_lines

        lines += [*next_lines(state, options), *_checks(state, options)]
    return lines + _decoded(state, token, options)


def _checks(state: FlowState, options: PageOptions) -> list[Line]:
    """The checks that a client has to make, with their results; those of the ID token in one line."""
    found = checks(state)
    lines = heading("Checks") if found else []
    for check in found:
        if OF_ID_TOKEN not in check.name:
            lines += check_lines(check, NAMES[check.name], options, column=CHECK)
    of_id_token = [check.result for check in found if OF_ID_TOKEN in check.name and check.result != "not-done"]
    if of_id_token:
        result = "wrong" if "wrong" in of_id_token else "right"
        words = Content.assemble(
            (f"{of_id_token.count('right')} of {len(of_id_token)} checks right", CHECKED[result]),
            f" ({chosen_key(']')} shows them)",
        )
        lines += listed(MARKS[result], "ID token", words, options, style=CHECKED[result], column=CHECK)
    return lines


def _acts_for(state: FlowState, options: PageOptions) -> list[Line]:
    """The user that the token acts for, as the server told it, and where; never as it was requested."""
    witness = acting(state)
    if witness is None:
        return labelled("acts for", Content("not told: nothing that the server sent names a user"), options, prose=True)
    where = {"claim": "claim ", "response": "beside the token: ", "endpoint": f"{witness.endpoint}: "}[witness.source]
    said = Content.assemble(options.text(witness.value), "  ", options.text(f"{where}{witness.path}", QUIET))
    return labelled("acts for", said, options, prose=True)


def _value(token: SecretView, options: PageOptions) -> list[Line]:
    if not token.fingerprint:
        return labelled("token", Content(f"{token.length:,} characters, in clear in this log"), options, prose=True)
    lines = labelled("token", chip(token.reference, options.secrets), options)
    if not options.secrets.revealed:
        words = "its value is not kept here" if options.secrets.unseal is None else "r reveals it"
        lines += labelled("", Content.styled(words, QUIET), options)
    return lines


def expiry_lines(expiry: Expiry, options: PageOptions, place: str = "") -> list[Line]:
    """When the token expires, and how long that is from now where the present time is known."""
    value = options.text(expiry.raw) if expiry.at is None else moment(expiry.at, options.now)
    lines = labelled("expires", value, options, place)
    if expiry.oddity is not None:
        lines += labelled("", Content(ODDITIES[expiry.oddity]), options, place, prose=True)
    return lines


def _decoded(state: FlowState, token: SecretView, options: PageOptions) -> list[Line]:
    if token.shape == "opaque":
        return []
    checked = state.id_token_checked.access_token if state.id_token_checked is not None else None
    verified = "" if checked == "verified" else " · not verified"
    lines = heading(f"Claims{verified}")
    if checked is None:
        lines.append(note("The signature was not checked: no key was fetched."))
    else:
        lines += signature_lines(token, checked, options)
    if token.payload is None:
        lines.append(note("They are encrypted, or this recording does not keep them."))
    lines += members(token.payload, options)
    if token.header is not None:
        lines += [*heading(f"Header{verified}"), *members(token.header, options)]
    return lines
