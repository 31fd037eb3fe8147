"""The parser of a command's arguments, and the types of options' values. Every error is a sentence."""

from __future__ import annotations

import argparse
import re
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from airisk_tui.headless.shared.process import UsageError
from airisk_tui.later import pattern

MAX_PORT = 65_535

MAX_NUMBER = sys.float_info.max
"""The largest finite number; comparisons with it exclude infinity and NaN."""


class Parser(argparse.ArgumentParser):
    """An argparse parser that raises UsageError for errors, and prints through `output`, which makes text safe for the terminal."""

    def __init__(self, name: str, describes: str, example: str) -> None:
        super().__init__(
            prog=f"airisk-tui {name}".strip(),
            description=describes,
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help or version as data: unlike argparse, raise OutputFailed where they cannot be written."""
        from airisk_tui.headless.shared import output

        output.put(message.rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with what is wrong, and with the name that was probably meant."""
        known: Iterable[str] = ()
        word = next((word.partition("=")[0] for word in message.split() if word.startswith("--")), "")
        if "unrecognized" in message:
            known = self.options()
        elif (chosen := _CHOICE.search(message)) is not None:
            word, known = chosen[1], re.findall(r"'([^']*)'", chosen[2])
        raise UsageError(f"{message}.{nearest_to(word, known)} `{self.prog} --help` lists the options.")

    def options(self) -> list[str]:
        """The names of the options, with their dashes."""
        return list(self._option_string_actions)


_CHOICE = pattern(r"invalid choice: '([^']*)' \(choose from (.*)\)")
"""argparse's message for a value that is none of the choices."""


def nearest_to(word: str, known: Iterable[str]) -> str:
    """A question that names the known word nearest to this one, with a space before it; "" where none is similar."""
    from difflib import get_close_matches

    nearest = get_close_matches(word, list(known), 1) if word else []
    return f" Did you mean {nearest[0]}?" if nearest else ""


def pair(option: str, text: str) -> tuple[str, str]:
    """The pair of a `NAME=VALUE`. option: for the sentence. Raises UsageError for anything else."""
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise UsageError(f"{option} expects NAME=VALUE, and “{text}” is not; put = between the name and the value.")
    return name, value


EXPECTATIONS = ("allowed", "refused", "unknown")
TOKENS = {
    "generic": "generic",
    "user": "user_specific",
    "user_specific": "user_specific",
    "user-specific": "user_specific",
}
"""By name in an endpoint's text, the key of a kind of token in `config.toml`."""


def endpoint(text: str) -> dict[str, str]:
    """A text such as `GET /PATH generic=refused user=allowed` as a row of `endpoints` in `config.toml`; the expectations may be left
    out.

    This function and those below raise ArgumentTypeError.
    """
    expected = (
        "a method, a path, and what each token gets there (allowed, refused or unknown), such as "
        "“GET /api/Chat/ListAgents generic=refused user=allowed”"
    )
    method, path, *rest = [*text.split(), "", ""]
    pairs = [word.partition("=")[::2] for word in rest if word]
    right = method.isascii() and method.isalpha() and path.startswith("/")
    if not right or not all(token in TOKENS and each in EXPECTATIONS for token, each in pairs):
        raise ArgumentTypeError(f"it expects {expected}, not “{text[:80]}”")
    return {"path": path, "method": method.upper(), **{TOKENS[token]: each for token, each in pairs}}


def safe_endpoint(text: str) -> dict[str, str]:
    """As `endpoint`, for methods that change nothing on the server."""
    from airisk_tui.oauth.answer.endpoints import SAFE_METHODS

    row = endpoint(text)
    if row["method"] not in SAFE_METHODS:
        raise ArgumentTypeError(
            f"it expects an endpoint with {', '.join(sorted(SAFE_METHODS))}, because “{text[:80]}” may change something on the server"
        )
    return row


def steps(known: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The steps (`oauth.request.edit.Step`) of a text with their names, separated by commas; "probes" stands for "probe"."""
    names = [name.strip() for name in text.split(",")]
    if wrong := next((name for name in names if name not in known), None):
        raise ArgumentTypeError(f"it expects {', '.join(known)}, separated by commas, not “{wrong[:80]}”")
    return tuple(dict.fromkeys("probe" if name == "probes" else name for name in names if name))


def seconds(text: str) -> float:
    """A number of seconds."""
    return _number(text, float, "a number of seconds, such as 30 or 0.5")


def speed(text: str) -> float:
    """A factor of at least 0 by which a replay is faster than the run."""
    return _number(text, float, "a number from 0 up, where 1 is as fast as it was and 0 is at once", least=0)


def port(text: str) -> int:
    """A TCP port, or 0 for a free one."""
    return _number(text, int, f"a port from 1 to {MAX_PORT}, or 0 for a free one", least=0, most=MAX_PORT)


def count(text: str) -> int:
    """A whole number of at least 1."""
    return _number(text, int, "a whole number, counted from 1", least=1)


Number = TypeVar("Number", int, float)


def _number(
    text: str, kind: Callable[[str], Number], expected: str, *, least: float = -MAX_NUMBER, most: float = MAX_NUMBER
) -> Number:
    """A finite number from `least` to `most`. expected: what is wanted, in words."""
    with suppress(ValueError):
        if least <= (value := kind(text)) <= most:
            return value
    raise ArgumentTypeError(f"it expects {expected}, not “{text[:80]}”")
