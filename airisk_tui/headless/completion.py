"""Completion in bash, zsh and fish: the script for the shell, and the words that the shell asks for at each Tab.

argcomplete makes both (kislyuk.github.io/argcomplete). At a Tab the shell starts the program with `_ARGCOMPLETE` set, and reads the
words from file descriptor 8.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.parser import Parser

ASKED = "_ARGCOMPLETE"
"""The variable with which the shell asks for words. Its value is the number of the word that is the program's name."""

SHELLS = ("bash", "zsh", "fish")


def completion(args: argparse.Namespace) -> int:
    """Print the script for a shell."""
    from argcomplete.shell_integration import shellcode

    output.put_raw(shellcode(["airisk-tui"], shell=args.shell))
    return 0


def complete(commands: Mapping[str, Callable[[Parser, list[str]], int]], root: Parser) -> NoReturn:
    """Give the shell the words that can follow at its cursor, and end. commands: by name, a function that adds the options to a parser
    and parses; root: the parser of the program without a command."""
    from argcomplete.lexers import split_line

    line = os.environ.get("COMP_LINE", "")
    words = split_line(line, int(os.environ.get("COMP_POINT", len(line))))[3]
    if words[1:2] == ["help"]:
        os.environ[ASKED] = "2"
        root.add_argument("command", choices=[*commands])
        _answer(root)
    named = commands.get(words[1]) if len(words) > 1 else None
    if named is not None:
        os.environ[ASKED] = "2"  # for argcomplete, the command is the program's name
        named(_Completing(words[1], "", ""), [])
    else:
        root.add_argument("command", nargs="?", choices=[*commands, "help"])
    _answer(root)


class _Completing(Parser):
    """A parser that completes words instead of parsing them."""

    def parse_args(self, *_: Any, **__: Any) -> NoReturn:
        _answer(self)


def _answer(parser: argparse.ArgumentParser) -> NoReturn:
    import argcomplete

    for action in parser._actions:
        command = parser.prog.rpartition(" ")[2]
        if (values := VALUES.get(f"{command} {action.dest}", VALUES.get(action.dest))) is not None:
            action.completer = values  # type: ignore[attr-defined] # where argcomplete looks for it
    argcomplete.autocomplete(parser, always_complete_options="long")
    raise SystemExit(1)


def _environments(**_: Any) -> Mapping[str, str]:
    from airisk_tui.engine.config.environments import read_configuration
    from airisk_tui.engine.config.home import Home

    known = read_configuration(Home.find().config).environments
    return {name: one.issuer or one.base_url or "an embedded server" for name, one in known.items()}


def _recordings(**_: Any) -> Iterable[str]:
    from airisk_tui.session.recordings.opening import LAST, own_library

    return (LAST, *(row.name for row in own_library().summaries()))


def _faults(**_: Any) -> Mapping[str, str]:
    from airisk_tui.sandbox.airisk.faults import FAULTS
    from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS

    of_the_issuer = {name: fault.sentence for name, fault in STANDARD_FAULTS.items()}
    return of_the_issuer | {name: fault.sentence for name, fault in FAULTS.items()}


def _explained(**_: Any) -> Iterable[str]:
    from airisk_tui.insight.catalogue import codes
    from airisk_tui.reference import TOPICS

    return (*TOPICS, *codes())


VALUES: dict[str, Callable[..., Iterable[str] | Mapping[str, str]]] = {
    "environment": _environments,
    "against": _environments,
    "environments name": _environments,
    "recording": _recordings,
    "recordings name": _recordings,
    "fault": _faults,
    "what": _explained,
}
"""By the name of an argument, or by its command and its name, the words that it can be; a mapping also says what each of them is.
Arguments with choices are completed from those, and files by the shell."""
