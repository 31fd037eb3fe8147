"""Converting a record of an older format to the next: one function per step, which never changes after its release.

Each step takes any line of a recording, the header included, as a JSON object and returns it. It leaves unexpected values as they
are, and decoding refuses them. Nothing here raises (threats.md F4).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from airisk_tui.later import pattern
from airisk_tui.oauth.reference import CLOSING, OPENING

Record = dict[str, Any]
Migration = Callable[[Record], Record]


def from_2_to_3(record: Record) -> Record:
    """Format 3 has codes and data in place of format 2's sentences; a fact that the sentence lacks gets the code for unknown. Its
    references stand between marks that no text from outside can contain; in format 2 anybody could write one, so a text in an old
    file that looks like a reference names a secret of that file only (redaction.md)."""
    record = {member: _with_marks(value) for member, value in record.items()}
    name = record.get("event")
    if isinstance(name, str) and name in _TO_3:
        _TO_3[name](record)
    return record


def _as_it_was(record: Record) -> Record:
    return record


MIGRATIONS: dict[int, Migration] = {
    1: _as_it_was,  # format 2 only added a secret's `characters` and `oddity`, and the `departures` of a JWT
    2: from_2_to_3,
    3: _as_it_was,  # format 4 only added events from other programs' files, and values that were replaced by a mark
    4: _as_it_was,  # format 5 only added edits, and the flow of servers other than AIRisk
}
"""The step from each format (the key) to the next. A step is never removed."""


def _started(record: Record) -> None:
    known = record.get("known")
    if not isinstance(known, dict):
        return
    if "environment" in known:
        known["host"] = known.pop("environment")
    mistakes = known.pop("mistakes", None)
    if isinstance(mistakes, list):
        codes = [mistake.get("code") for mistake in mistakes if isinstance(mistake, dict)]
        known["secret_mistakes"] = [code for code in codes if isinstance(code, str)]


_LISTENER_FAULTS = ("busy", "privileged", "excluded", "unavailable", "not-loopback")


def _listener_failed(record: Record) -> None:
    record.pop("sentence", None)
    if record.get("code") not in _LISTENER_FAULTS:
        record["code"] = "unavailable"
    if record["code"] == "not-loopback":
        record.pop("address", None)  # it was the redirect URI, which the inputs have


_BROWSER_FAULTS = {
    "Only an absolute": "not-web-url",
    "BROWSER is set": "unreadable-variable",
    "There is no display": "no-display",
    "No browser was found": "none-found",
    "No browser could be opened": "failed",
    "Windows could not open": "failed",
}
"""The code for each sentence of format 2, by the sentence's beginning."""


def _browser_opened(record: Record) -> None:
    detail = record.pop("detail", "")
    if record.get("ok") is not True and isinstance(detail, str):
        found = (code for start, code in _BROWSER_FAULTS.items() if detail.startswith(start))
        record["reason"] = next(found, "unknown")


def _transport_failed(record: Record) -> None:
    failed = record.get("failed")
    fault = failed.get("fault") if isinstance(failed, dict) else None
    if not isinstance(fault, dict):
        return
    message = fault.pop("message", "")
    if "detail" in fault:
        fault["library_text"] = fault.pop("detail")
    for name, wording in _IN_MESSAGES.items():
        found = wording.search(message) if isinstance(message, str) else None
        if found is not None:
            fault[name] = found[1]


_IN_MESSAGES = {
    "received": pattern(r"but what came began with '([^']*)'"),
    "subject": pattern(r"^The header (\S+) must hold"),
}
"""Data that format 2 had only inside a sentence."""

_OLD_REFERENCE = pattern(r"~sealed\.([0-9a-f]{16})\.([0-9]{1,9})\.(opaque|jwt|jwe)~")
_NEW_REFERENCE = rf"{OPENING}\1.\2.\3{CLOSING}"


def _with_marks(value: Any) -> Any:
    """A member's value with every reference as format 3 writes it."""
    if isinstance(value, str):
        return _OLD_REFERENCE.sub(_NEW_REFERENCE, value) if "~sealed." in value else value
    if isinstance(value, list):
        return [_with_marks(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {name: _with_marks(member) for name, member in value.items()}
    if isinstance(found.get("base64"), str):
        found["base64"] = _body_with_marks(found["base64"])
    return found


def _body_with_marks(encoded: str) -> str:
    try:
        # A body may contain any bytes; those that are not UTF-8 are preserved (PEP 383).
        text = base64.b64decode(encoded, validate=True).decode("utf-8", "surrogateescape")
    except ValueError:
        return encoded
    data = _OLD_REFERENCE.sub(_NEW_REFERENCE, text).encode("utf-8", "surrogateescape")
    return base64.b64encode(data).decode("ascii")


_TO_3: dict[str, Callable[[Record], None]] = {
    "RunStarted": _started,
    "ListenerFailed": _listener_failed,
    "BrowserOpened": _browser_opened,
    "TransportFailed": _transport_failed,
}
