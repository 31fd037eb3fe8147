"""Which values are expected to change from one run to the next, so that the others can be compared."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from airisk_tui.oauth.jsontext import read_json
from airisk_tui.oauth.secret import PLACEHOLDER
from airisk_tui.oauth.text import decoded, shortened

MAX_FIELDS = 2_000
"""Fields of a body that are compared one by one: a list of a few hundred users. A larger body is compared as a whole."""

MAX_SHOWN = 200
"""Characters of a value in a difference; the inspector has the rest."""

CLOCK_SLACK = 120.0
"""Seconds by which a time may have moved more or less than the clock did: rounding to minutes, and the server's own drift."""

_VOLATILE = re.compile(r"\.(?:trace_?id|request_?id|correlation_?id|jti|nonce|sid|session_?id|state)$", re.IGNORECASE)
_TRACE = re.compile(r"\b[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b")
_EPOCH_FROM = 1_000_000_000


def steady(text: str) -> str:
    """A text with the values of secrets and trace ids taken out: what they are stays, which they are does not."""
    text = PLACEHOLDER.sub(lambda found: f"~sealed.{found[3]}~", text)
    return _TRACE.sub("~trace-id~", text)


def same_header(name: str, before: str | None, after: str | None) -> bool:
    """Whether a header says the same; of a redirect's address the `state` does not count, it is new in every run."""
    if before is None or after is None:
        return before == after
    if name == "location":
        before, after = (re.sub(r"([?&#]state=)[^&#]*", r"\1", text) for text in (before, after))
    return steady(before) == steady(after)


def body_fields(data: bytes) -> dict[str, str]:
    """A body as fields by JSON path, whatever the order of members; a body that is no JSON is one field, "$"."""
    reading = read_json(data) if data.strip()[:1] in (b"{", b"[") else None
    if reading is None or reading.error is not None:
        return {"$": shortened(decoded(data).strip(), 2_000)} if data.strip() else {}
    return value_fields(reading.value)


def value_fields(value: Any) -> dict[str, str]:
    """Likewise, of a JSON value that has been read."""
    found: dict[str, str] = {}
    _walk("$", value, found)
    if len(found) > MAX_FIELDS:
        return {"$": steady(json.dumps(value, sort_keys=True))[:2_000]}
    return found


def _walk(path: str, value: Any, found: dict[str, str]) -> None:
    if len(found) > MAX_FIELDS:
        return
    if isinstance(value, dict) and value:
        for name, member in value.items():
            _walk(f"{path}.{name}", member, found)
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            _walk(f"{path}[{index}]", item, found)
    else:
        text = value if isinstance(value, str) else json.dumps(value)
        found[path] = text


@dataclass(frozen=True, slots=True)
class Moments:
    """When the two runs began, in epoch seconds: times in them may move along; and the base URLs of the two servers: an
    address of the one's own may become the same address of the other's."""

    before: float
    after: float
    base_before: str = ""
    base_after: str = ""

    def same(self, path: str, before: str | None, after: str | None) -> bool:
        """Whether two values of a field say the same, or change as they have to."""
        if before is None or after is None:
            return False
        if before == after or _VOLATILE.search(path) or steady(before) == steady(after):
            return True
        if self.base_before and steady(before.replace(self.base_before, self.base_after)) == steady(after):
            return True
        times = _time(before), _time(after)
        if times[0] is None or times[1] is None:
            return False
        moved, passed = times[1] - times[0], self.after - self.before
        return abs(moved - passed) <= CLOCK_SLACK


def _time(text: str) -> float | None:
    """A date or a number of epoch seconds or milliseconds, in epoch seconds; None for anything else."""
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", text):
        number = float(text)
        return number / 1000 if number > _EPOCH_FROM * 100 else number
    if not re.match(r"\d{4}-\d\d-\d\d[T ]", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
