"""The words for the checks of the answers (`flow.reading.checks`): the name of each, its result, and its reason."""

from __future__ import annotations

from typing import Any, get_args

from airisk_tui.flow.reading.checks import Check, CheckName, Result, checks
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.words.quoting import brief

MEMBER_CHECK = "id-token-"
"""The beginning of the name of a check of one member of the ID token."""

NAMES: dict[CheckName, str] = {name: name for name in get_args(CheckName)} | {
    "iss": "iss of the redirect",
    "response-mode": "response mode",
    "pkce": "PKCE",
    "token-type": "token type",
    "id-token": "ID token",
    "introspect": "introspection",
    "revocation": "token after its revocation",
    "refresh-rotation": "rotation of the refresh token",
    "revoke": "revocation",
    "code-again": "code after its use",
    **{
        name: f"{name.removeprefix(MEMBER_CHECK).replace('-', '_')} of the ID token"
        for name in get_args(CheckName)
        if name.startswith(MEMBER_CHECK)
    },
}

REASONS = {
    "no-endpoint": "the metadata names no endpoint for it",
    "no-refresh-token": "there is no refresh token",
    "no-code": "there was no code",
    "not-enforced": "a token was issued for a verifier that does not fit",
    "accepted": "it brought a second token",
    "taken-along": "the code was used again, which may take its tokens along",
    "refused": "the server refused it",
    "ignored": "the token that was revoked is still good",
    "inactive": "the token is said to be inactive",
    "not-rotated": "the refresh token stays the same",
    "missing": "it is missing",
    "mismatch": "it is another",
    "repeated": "it came more than once",
    "other": "it is another",
    "not-sent": "none was sent",
    "not-verified": "a bare code was pasted, so nothing could be compared",
    "no-metadata": "there is no metadata to compare it with",
    "not-announced": "none came, and the metadata announces none",
    "unseen": "what the server does without it was not seen",
    "not-named": "the server names none, which means that it is as it was asked for",
    "narrowed": "it is less than was asked for",
    "absent": "there is none, and none is demanded",
    "unknown": "it cannot be computed for this algorithm",
    "no-number": "it is no number of seconds",
    "over": "it is over",
    "ahead": "it is in the future",
    "wrong": "no key of the server verifies it",
    "no-key": "the key that it names is not among the server's",
    "no-keys": "there are no keys to verify it with",
    "unsigned": "it is not signed",
    "unknown-algorithm": "this program cannot verify its algorithm",
    "encrypted": "it is encrypted",
    "sealed": "it came as a JWT, which this program keeps sealed",
    "unreadable": "it is no JWT that can be read",
}
"""The words for each reason of a check."""

TITLES: dict[Result, str] = {"right": "Right", "wrong": "Wrong", "not-done": "Not checked"}
RESULTS = {"right": "right", "wrong": "wrong", "not-done": "not done"}


def check_words(check: Check) -> str:
    """The result of a check without its name: "right", "wrong: it is another (…)", "not done: none was sent"."""
    reason = f": {REASONS[check.reason]}" if check.reason else ""
    shown = f" ({brief(check.came)})" if check.result == "wrong" and check.came else ""
    return f"{RESULTS[check.result]}{reason}{shown}"


def checked_lines(state: FlowState) -> tuple[str, ...]:
    """The checks of a run by name and reason, in a line for each result: "Right: state, iss of the redirect."."""
    found: dict[Result, list[str]] = {"right": [], "wrong": [], "not-done": []}
    for check in checks(state):
        reason = check_words(check).partition(": ")[2]
        found[check.result].append(f"{NAMES[check.name]}{f' ({reason})' if reason else ''}")
    return tuple(f"{TITLES[result]}: {', '.join(names)}." for result, names in found.items() if names)


def check_json(check: Check) -> dict[str, Any]:
    """A check as `run --json` prints it (command-line.md)."""
    values = {"expected": check.expected or None, "came": check.came or None}
    return {"name": check.name, "result": check.result, "reason": check.reason or None, **values}
