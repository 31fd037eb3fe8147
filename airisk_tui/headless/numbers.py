"""Numbers on the command line, as the types that argparse asks for: what is no such number gets a sentence."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError

MAX_PORT = 65_535


def seconds(text: str) -> float:
    """A number of seconds. Raises ArgumentTypeError."""
    return _number(text, "a number of seconds, such as 30 or 0.5")


def speed(text: str) -> float:
    """A number from 0 up: how many times as fast. Raises ArgumentTypeError."""
    expected = "a number from 0 up, where 1 is as fast as it was and 0 is at once"
    value = _number(text, expected)
    if value < 0:
        raise _wrong(text, expected)
    return value


def port(text: str) -> int:
    """A TCP port, or 0 for a free one. Raises ArgumentTypeError."""
    expected = f"a port from 1 to {MAX_PORT}, or 0 for a free one"
    value = _whole(text, expected)
    if not 0 <= value <= MAX_PORT:
        raise _wrong(text, expected)
    return value


def count(text: str) -> int:
    """A whole number from 1 up. Raises ArgumentTypeError."""
    expected = "a whole number, counted from 1"
    value = _whole(text, expected)
    if value < 1:
        raise _wrong(text, expected)
    return value


def _number(text: str, expected: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise _wrong(text, expected) from None
    if not math.isfinite(value):
        raise _wrong(text, expected)
    return value


def _whole(text: str, expected: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise _wrong(text, expected) from None


def _wrong(text: str, expected: str) -> ArgumentTypeError:
    return ArgumentTypeError(f"it expects {expected}, and “{text[:80]}” came")
