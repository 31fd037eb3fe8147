"""The steps with the token, userinfo, introspection, refresh and revocation (`flow.reading.follow_ups`), and what they brought."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.content import Content

from airisk_tui.flow.reading.checks import checks
from airisk_tui.flow.reading.follow_ups import before, is_as_due, last, members_of
from airisk_tui.flow.state import FlowState, Followed, missing
from airisk_tui.insight.words.checks import NAMES
from airisk_tui.oauth.request.edit import FollowUp
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.members import leaves
from airisk_tui.tui.comparison.table import Line as TableLine
from airisk_tui.tui.comparison.table import table_lines
from airisk_tui.tui.inspector.page import Line, PageOptions, each_labelled, heading, listed, sentence
from airisk_tui.tui.inspector.pages.claims import check_lines, claim_words
from airisk_tui.tui.shared.drawing.styles import QUIET
from airisk_tui.tui.shared.keyboard.keybar import KeyHint
from airisk_tui.tui.shared.keyboard.keys import KEYS, chosen_key

DOES: dict[FollowUp, str] = {
    "userinfo": "asks who the user of the token is",
    "introspect": "asks whether the token is active, and what it may do",
    "refresh": "gets a new token with the refresh token",
    "revoke": "revokes the token",
}
"""By step, what it does."""

TITLES: dict[FollowUp, str] = {
    "userinfo": "Userinfo: who the user of the token is.",
    "introspect": "Introspection: what the server knows about the token.",
    "refresh": "Refresh: the old values beside the new.",
    "revoke": "Revocation: the token is no longer valid.",
}

LACKS = {
    "no-endpoint": "not offered: the metadata names no endpoint for it",
    "no-refresh-token": "no refresh token came; many servers give one for the scope offline_access",
}
"""By what is missing, the reason why a step is not possible."""

REVOKE = "The token will no longer be valid, nor will what came with it at the same sign-in.\nRevoke it?"

CHECKS = {"userinfo": ("userinfo", "revocation"), "introspect": ("introspect", "revocation"), "revoke": ("revoke",)}
CHECKS["refresh"] = ("refresh", "refresh-rotation")
"""By step, the checks of its answer."""

ORDER = ("access_token", "refresh_token", "id_token", "scope", "token_type", "expires_in")
"""The first members of an answer of the token endpoint, in the order in which they are shown."""


def step_hints(state: FlowState) -> Iterator[KeyHint]:
    """The keys of the steps with the token that are possible."""
    for step in DOES:
        if not missing(state, step):
            yield KeyHint(KEYS[step].keys, step.capitalize())


def next_lines(state: FlowState, options: PageOptions) -> list[Line]:
    """A line for each step with the token, or why it is not possible; nothing for AIRisk, and while the run is live."""
    if state.inputs is None or not state.inputs.standard or state.token is None or state.live:
        return []
    lines = heading("What the token can do")
    for step in DOES:
        lack, one = missing(state, step), last(state, step)
        key = chosen_key(KEYS[step].keys) if options.acts else ""
        words = LACKS[lack] if lack else DOES[step]
        if one is not None:
            words = f"{words}; it answered {_status(one)}"
        lines += listed(
            key or " ", step, Content.styled(words, QUIET if lack else ""), options, style="" if lack else "bold"
        )
    return lines


def _status(one: Followed) -> str:
    return str(one.exchange.response.status) if one.exchange is not None else "nothing"


def followed_lines(state: FlowState, one: Followed, answered: list[Line], options: PageOptions) -> list[Line]:
    """The result of a step with the token. answered: the lines about the server's answer."""
    lines = [sentence(TITLES[one.step], "bold"), *answered]
    if one is last(state, one.step):
        found = [check for check in checks(state) if check.name in CHECKS[one.step]]
        column = max((len(NAMES[check.name]) + 4 for check in found), default=0)
        for check in found:
            lines += check_lines(check, NAMES[check.name], options, column=column)
    if one.step == "refresh" and is_as_due(state, one):
        lines += [sentence(""), *_refreshed(state, one, options)]
    elif members := members_of(one):
        lines += [sentence(""), *each_labelled(leaves(members), options, words=claim_words)]
    return lines


def _refreshed(state: FlowState, one: Followed, options: PageOptions) -> list[Line]:
    """The old and the new value of each member, side by side."""
    old, new = before(state, one), members_of(one)
    rows = [TableLine("", "", "before", "after", "bold $text-accent", words=True)]
    for name in dict.fromkeys((*ORDER, *old, *new)):
        if name in old or name in new:
            rows.append(_row(name, _text(old.get(name)), _text(new.get(name))))
    return [Line(content) for content in table_lines(rows, options.width)]


def _row(name: str, old: str | None, new: str | None) -> TableLine:
    if new is None and name == "refresh_token":
        return TableLine("", name, old, "none came: the old one stays valid", QUIET)
    mark = "" if old == new or new is None else "≠"
    return TableLine(mark, name, old, new, "bold $text-warning" if mark else QUIET)


def _text(value: Any) -> str | None:
    """A value as text; of a secret, length and beginning of the fingerprint, by which two secrets differ."""
    secret = SecretView.read(value) if isinstance(value, str) else None
    if secret is not None:
        return f"{secret.length:,} characters · {secret.fingerprint[:4]}…"
    return None if value is None else str(value)
