"""The difference of two values: the first differing character, and for URIs the differing parts in words.

Redirect URIs are compared by simple string comparison (RFC 6749 §3.1.2.3, RFC 9700 §4.1.3), so one stray space is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from urllib.parse import SplitResult

from airisk_tui.oauth.urls import default_port, split_url

MAX_COMPARED = 2_000
"""Characters that the search for the closest value looks at; difflib is quadratic in the worst case."""

ALIKE = 0.6
"""The ratio from which on a value counts as a misspelling of another, as in `difflib.get_close_matches`."""


def first_difference(left: str, right: str) -> int | None:
    """The index of the first character in which two texts differ; None if they are equal."""
    for index, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return index
    return None if len(left) == len(right) else min(len(left), len(right))


def uri_difference(ours: str, theirs: str) -> str:
    """The difference between two URIs in words, the most telling part first: "a stray space", "the port (8765 and 8766)"."""
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
        ("the port", *((_port(left), _port(right)) if {left.scheme, right.scheme} <= {"http", "https"} else ("", ""))),
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


def closest(value: str, candidates: Sequence[str]) -> str | None:
    """The candidate of which the value is most likely a misspelling, or None if it resembles none.

    Case is ignored. A beginning that all candidates share does not count: user_99 resembles neither user_42 nor user_7.
    """
    ours, folded = _folded(value), {candidate: _folded(candidate) for candidate in candidates}
    begins = min((_begin_alike(ours, theirs) for theirs in folded.values()), default=0) if len(folded) > 1 else 0
    best = max(folded, key=lambda candidate: _likeness(ours, folded[candidate], begins), default=None)
    return best if best is not None and _likeness(ours, folded[best], begins) >= ALIKE else None


def _folded(value: str) -> str:
    return value[:MAX_COMPARED].casefold()


def _begin_alike(left: str, right: str) -> int:
    """The number of characters that two texts share at their beginning."""
    at = first_difference(left, right)
    return len(left) if at is None else at


def _likeness(left: str, right: str, begins: int) -> float:
    """The similarity of two texts from 0 to 1; 0 if they share no character after the first `begins`."""
    likeness = SequenceMatcher(None, left, right, autojunk=False).ratio()
    if likeness < ALIKE or not begins or left == right:
        return likeness
    return likeness if set(left[begins:]) & set(right[begins:]) else 0.0
