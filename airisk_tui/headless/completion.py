"""Completion in bash, zsh and fish: the script that a shell reads once, and the words that it asks for at each Tab.

argcomplete does both (kislyuk.github.io/argcomplete). At a Tab the shell starts the program with `_ARGCOMPLETE` set, and takes
what comes on file descriptor 8.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from airisk_tui.headless import output
from airisk_tui.headless.parser import Parser

ASKED = "_ARGCOMPLETE"
"""The variable by which the shell says that it wants words. Its value says which word of the line the program's name is."""

SHELLS = ("bash", "zsh", "fish")


def completion(args: argparse.Namespace) -> int:
    """Print the script for a shell."""
    from argcomplete.shell_integration import shellcode

    output.put_raw(shellcode(["airisk-tui"], shell=args.shell))
    return 0


def complete(commands: Mapping[str, Callable[[Parser, list[str]], int]], root: Parser) -> NoReturn:
    """Give the shell the words that may stand where its cursor is, and end. commands: by name, what adds the options
    to a parser and parses; root: the parser of the program without a command."""
    from argcomplete.lexers import split_line

    line = os.environ.get("COMP_LINE", "")
    words = split_line(line, int(os.environ.get("COMP_POINT", len(line))))[3]
    if words[1:2] == ["help"]:
        os.environ[ASKED] = "2"
        root.add_argument("command", choices=[*commands])
        _answer(root)
    named = commands.get(words[1]) if len(words) > 1 else None
    if named is not None:
        os.environ[ASKED] = "2"  # the command stands for the program's name
        named(_Completing(words[1], "", ""), [])
    else:
        root.add_argument("command", nargs="?", choices=[*commands, "help"])
    _answer(root)


class _Completing(Parser):
    """The parser of a command that is asked for its words in place of being given some."""

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
    from airisk_tui.engine.environments import read_configuration
    from airisk_tui.engine.home import Home

    known = read_configuration(Home.find().config).environments
    return {name: one.issuer or one.base_url or "an embedded server" for name, one in known.items()}


def _recordings(**_: Any) -> Iterable[str]:
    from airisk_tui.session.recordings import LAST, own_library

    return (LAST, *(row.name for row in own_library().summaries()))


def _faults(**_: Any) -> Mapping[str, str]:
    from airisk_tui.sandbox.faults import FAULTS
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
"""By the name of an argument, or by its command's and its own: what it may be, in a mapping with what each is. What else has choices is
completed from them, and files are the shell's business."""
