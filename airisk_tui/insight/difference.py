"""How two values differ: the first differing character, and for URIs the part that differs, in words.

Redirect URIs are compared by simple string comparison (RFC 6749 §3.1.2.3, RFC 9700 §4.1.3), so one stray space is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from urllib.parse import SplitResult, urlsplit

from airisk_tui.oauth.authorization import default_port

MAX_COMPARED = 2_000
"""Characters that the search for the closest value looks at; difflib is quadratic in the worst case."""

LIKE = 0.6
"""From here on two values are one and its slip: the cutoff of difflib.get_close_matches."""


def first_difference(left: str, right: str) -> int | None:
    """The index of the first character in which two texts differ, or None when they are equal."""
    for index, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return index
    return None if len(left) == len(right) else min(len(left), len(right))


def split_url(url: str) -> SplitResult | None:
    """The parts of a URL, or None when it is malformed; total over any text."""
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def uri_difference(ours: str, theirs: str) -> str:
    """In words what differs between two URIs, the most telling first: "a stray space", "the port (8765 and 8766)"."""
    if ours == theirs:
        return "nothing"
    if ours.strip() == theirs.strip():
        return "a stray space"
    left, right = split_url(ours.strip()), split_url(theirs.strip())
    if left is None or right is None:
        return "the whole URI"
    pairs = (
        ("the scheme", left.scheme, right.scheme),
        ("the host", left.hostname or "", right.hostname or ""),
        ("the port", _port(left), _port(right)),
        ("the path", left.path, right.path),
        ("the query", left.query, right.query),
        ("the fragment", left.fragment, right.fragment),
    )
    words = [_words(name, a, b) for name, a, b in pairs if a != b]
    return ", ".join(words) or "its spelling"


def _words(name: str, left: str, right: str) -> str:
    if left.casefold() == right.casefold():
        return f"upper and lower case in {name.removeprefix('the ')}"
    if left.rstrip("/") == right.rstrip("/"):
        return "a slash at the end"
    return f"{name} ({left[:60] or 'none'} and {right[:60] or 'none'})"


def _port(parts: SplitResult) -> str:
    return str(parts.port or default_port(parts.scheme))


def closest(value: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is most like the value, or None when there is none."""
    ranked = sorted(candidates, key=lambda candidate: _likeness(value, candidate), reverse=True)
    return ranked[0] if ranked else None


def near(value: str, candidates: Iterable[str]) -> str | None:
    """The candidate that the value is a likely slip of, or None when there is none: then the closest one says nothing."""
    found = closest(value, candidates)
    return found if found is not None and _likeness(value, found) >= LIKE else None


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, left[:MAX_COMPARED], right[:MAX_COMPARED], autojunk=False).ratio()
