"""The parser of a command's arguments, and the types of its options' values: whatever is wrong becomes a sentence."""

from __future__ import annotations

import argparse
import math
from argparse import ArgumentTypeError
from typing import Any, NoReturn

from airisk_tui.headless.process import UsageError

MAX_PORT = 65_535


class Parser(argparse.ArgumentParser):
    """argparse, but its errors are UsageErrors, and what it prints passes through `output`, which guards the terminal."""

    def __init__(self, name: str, describes: str, example: str) -> None:
        super().__init__(
            prog=f"airisk-tui {name}".strip(),
            description=describes,
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def _print_message(self, message: str, file: Any = None) -> None:
        """Help and version are data: where they cannot be written that is an error, which argparse itself swallows."""
        from airisk_tui.headless import output

        output.put(message.rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        """What is wrong, and how to find out what is right."""
        raise UsageError(f"{message}. `{self.prog} --help` lists what there is.")


def pair(option: str, text: str) -> tuple[str, str]:
    """`NAME=VALUE`, given with the option, as a pair; UsageError for anything else."""
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise UsageError(f"{option} expects NAME=VALUE, and “{text}” is not; put = between the name and the value.")
    return name, value


def seconds(text: str) -> float:
    """A number of seconds. Raises ArgumentTypeError, as all that follow."""
    return _number(text, "a number of seconds, such as 30 or 0.5")


def speed(text: str) -> float:
    """A number from 0 up: how many times as fast."""
    expected = "a number from 0 up, where 1 is as fast as it was and 0 is at once"
    value = _number(text, expected)
    if value < 0:
        raise _wrong(text, expected)
    return value


def port(text: str) -> int:
    """A TCP port, or 0 for a free one."""
    expected = f"a port from 1 to {MAX_PORT}, or 0 for a free one"
    value = _whole(text, expected)
    if not 0 <= value <= MAX_PORT:
        raise _wrong(text, expected)
    return value


def count(text: str) -> int:
    """A whole number from 1 up."""
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
