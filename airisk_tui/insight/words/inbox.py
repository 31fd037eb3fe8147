"""The words for the result of each request to the listener (threats.md L5, L6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airisk_tui.flow.state import InboxEntry

SETTLED = "settled the run"
REASONS: dict[str, str] = {
    "favicon": "ignored: asks for the site's icon",
    "other-path": "ignored: not the callback",
    "method": "ignored: neither GET nor a form",
    "not-a-form": "ignored: its body is not a form",
    "prefetch": "ignored: a prefetch",
    "host": "refused: wrong Host header",
    "tls-on-http": "refused: TLS on the http port",
    "http-on-https": "refused: http on the https port",
    "tls-refused": "refused: certificate not trusted?",
    "bad-request": "refused: HTTP that cannot be read",
    "target-too-large": "refused: an address above 16 KiB",
    "head-too-large": "refused: a head above 16 KiB",
    "body-too-large": "refused: a form above 64 KiB",
    "cut-off": "dropped: it broke off",
    "deadline": "dropped: it took too long",
    "too-many-connections": "dropped: too many connections",
    "internal-error": "dropped: an error of this program",
    "state-mismatch": "not believed: wrong state",
    "state-missing": "held: it came without the state",
    "state-repeated": "not believed: two states",
    "fragment-awaited": "its page hands the fragment over",
    "nothing-in-it": "ignored: neither code nor error",
    "duplicate": "ignored: already settled",
}
"""By reason of the listener or the fold, the result; of at most 38 columns."""


def verdict(entry: InboxEntry) -> str:
    """The result of a request."""
    return SETTLED if entry.reason is None else why_not(entry.reason)


def why_not(reason: str) -> str:
    """The words for a reason why a request did not settle the run; for an unknown reason, the reason itself."""
    return REASONS.get(reason, f"ignored: {reason.replace('-', ' ')}")
