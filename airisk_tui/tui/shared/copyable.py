"""A thing that a screen offers to copy."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class Copyable(Struct, frozen=True):
    """A thing to copy. key: its letter; name: what the notice calls it; text: makes the exact text when it is chosen;
    secret: whether that text has a secret in clear."""

    key: str
    name: str
    text: Callable[[], str]
    secret: bool = False
