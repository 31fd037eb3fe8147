"""The command line (command-line.md): parses arguments and imports a command's file only when that command runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from airisk_tui.errors import Refused
from airisk_tui.headless.flow.options import (
    add_faults,
    add_flow_options,
    add_inputs,
    add_live_options,
    add_rerun_options,
    check_replay,
)
from airisk_tui.headless.shared.parser import Parser, count, nearest_to, port, seconds, speed
from airisk_tui.headless.shared.process import (
    OutputFailed,
    UsageError,
    crash_sentences,
    none_among,
    readable,
)
from airisk_tui.version import __version__

USAGE = 2
CANCELLED = 130
"""Exit codes of `flow.phases.EXIT_CODES`, which is not imported before a command needs it."""

CRASHED = 1
"""The exit code for an error of the program itself, or if its output cannot be written; no outcome has this code."""

YOUNG = 100_000
"""New objects after which the garbage collector runs; with Python's default of 700 it would run a hundred times during the imports."""

Start = Callable[[Parser, list[str]], int]
"""Adds the options to the parser, parses the arguments, runs the command and returns the exit code."""


class Command(NamedTuple):
    """does, example: texts for the help; start: imports the command's file and runs it."""

    does: str
    example: str
    start: Start


COMMANDS: dict[str, Command] = {}


def _command(name: str, does: str, example: str) -> Callable[[Start], Start]:
    def registered(start: Start) -> Start:
        COMMANDS[name] = Command(does, f"airisk-tui {name} {example}", start)
        return start

    return registered


def run_command(argv: Sequence[str]) -> int:
    """Run a command and return its exit code. Exceptions become sentences only here."""
    arguments = list(argv)
    try:
        return _run_or_explain_usage(arguments)
    except KeyboardInterrupt:
        return CANCELLED
    except BrokenPipeError:
        return _undelivered(None)
    except OutputFailed as error:
        return _undelivered(error)
    except Exception as error:  # noqa: BLE001 - a traceback would print the error's text, which may contain a secret
        return CANCELLED if _is_interrupt(error) else _say(crash_sentences(error), CRASHED)


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether an interrupt caused an error: Python can turn it into another one, such as a RuntimeError while a class is created
    (3.11)."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _run_or_explain_usage(arguments: list[str]) -> int:
    try:
        if "_ARGCOMPLETE" in os.environ:
            from airisk_tui.headless.completion import complete

            complete({name: command.start for name, command in COMMANDS.items()}, screen_parser())
        if not arguments or arguments[0].startswith("-"):
            return _open_screen(arguments)
        if arguments[0] == "help":
            arguments = [*arguments[1:2], "--help"]
            return _run_or_explain_usage(arguments)
        if (command := COMMANDS.get(arguments[0])) is None:
            nearest = nearest_to(arguments[0], (*COMMANDS, "help"))
            raise UsageError(f"There is no command “{arguments[0]}”.{nearest} There are: {', '.join(COMMANDS)}.")
        return command.start(Parser(arguments[0], command.does, command.example), arguments[1:])
    except Refused as error:
        sentence = readable(str(error))
        _say(sentence, USAGE)
        if "--json" in arguments:
            from airisk_tui.headless.shared import output

            output.put_json(output.usage_json(sentence))
        return USAGE


def _say(sentence: str, code: int) -> int:
    from airisk_tui.headless.shared import output

    output.say(sentence)
    return code


def _undelivered(error: OutputFailed | None) -> int:
    """error: None if the reader closed the pipe on purpose, which needs no message."""
    from airisk_tui.headless.shared import output

    output.drop_stdout()
    return CANCELLED if error is None else _say(str(error), CRASHED)


def _go(command: Coroutine[Any, Any, int]) -> int:
    """Run a command to its end. asyncio is imported here, because `--version` would otherwise take several times as long."""
    import asyncio
    import gc

    gc.freeze()  # imported modules are never garbage, so the collector can skip them
    gc.set_threshold(YOUNG)
    gc.enable()
    try:
        return asyncio.run(command)
    finally:
        gc.freeze()  # also for the last collection, when Python exits


def _add_json(parser: Parser, words: str = "one JSON document on stdout") -> None:
    parser.add_argument("--json", action="store_true", help=words)


def _open_screen(argv: list[str]) -> int:
    missing = none_among("stdin", "stdout", "stderr")
    if not argv and not missing:
        from airisk_tui.tui.type_ahead import keys_kept

        with keys_kept():
            from airisk_tui.tui.app import run_app
            from airisk_tui.tui.options import AppOptions

            return run_app(AppOptions())
    args = screen_parser().parse_args(argv)
    if missing:
        raise UsageError(
            f"The screen needs a terminal on stdin, stdout and stderr (it is drawn on stderr), but there is none on {missing}. "
            "`airisk-tui run` does the same without a screen."
        )
    from airisk_tui.headless.screen import open_screen

    return open_screen(args)


def screen_parser() -> Parser:
    """The parser of the arguments without a command; its help names the commands."""
    parser = Parser("", "An OAuth 2.0 flow debugger for AIRisk, in the terminal.", "airisk-tui --env sandbox --start")
    parser.usage = (
        "airisk-tui [OPTIONS]          the screen\n       airisk-tui COMMAND [OPTIONS]  a command, without a screen"
    )
    parser.add_argument("--version", action="version", version=f"airisk-tui {__version__}", help="print the version")
    listed = "\n".join(f"{name:12}  {command.does}" for name, command in COMMANDS.items())
    parser.add_argument_group("commands", f"{listed}\neach has its own --help")
    add_flow_options(parser)
    add_inputs(parser, "mode", "browser where one can open, else direct")
    parser.add_argument("--start", action="store_true", help="start the run at once")
    add_faults(parser)
    return parser


def _add_strict(parser: Parser) -> None:
    words = "exit 10 for a warning too, not only for an error"
    parser.add_argument("--strict", action="store_true", help=words)


@_command("run", "run one flow without a screen", "--env sandbox --mode direct --json")
def _run(parser: Parser, argv: list[str]) -> int:
    from airisk_tui.flow.phases import Outcome

    add_flow_options(parser)
    add_inputs(parser, "mode", "browser where one can open, else direct")
    _add_json(parser)
    words = "exit 0 when this is the outcome, else 10"
    parser.add_argument("--expect", choices=[outcome.value for outcome in Outcome], metavar="OUTCOME", help=words)
    _add_strict(parser)
    words = "draw the address to open as a QR code on stderr (always done for a device in a terminal)"
    parser.add_argument("--qr", action="store_true", help=words)
    words = "print only this on stdout"
    parser.add_argument("--print", choices=["outcome", "access-token"], help=words)
    add_faults(parser)
    parser.add_argument(
        "--recipe", type=Path, metavar="FILE", help="take the options from this file; typed options override them"
    )
    from airisk_tui.headless.flow.suite import with_recipe

    args = parser.parse_args(with_recipe(argv))
    args.typed = argv
    if args.json and args.print:
        parser.error("--json and --print both write to stdout; choose one")
    from airisk_tui.headless.run import run

    return _go(run(args))


@_command("compare", "compare two runs side by side", "--env sandbox --userid user_42 --json")
def _compare(parser: Parser, argv: list[str]) -> int:
    add_flow_options(parser)
    add_inputs(parser, "mode", "direct")
    parser.set_defaults(mode="direct")
    _add_json(parser)
    parser.add_argument("--markdown", action="store_true", help="the comparison as Markdown on stdout")
    parser.add_argument("--html", action="store_true", help="both runs and the comparison as one HTML page on stdout")
    parser.add_argument(
        "--with-bearer", action="store_true", help="send the generic token with the second token request"
    )
    otherwise = "an option to change for the second run, such as scope=openid or client-id=ID (repeatable)"
    parser.add_argument("--second", action="append", default=[], metavar="OPTION=VALUE", help=otherwise)
    many = "a grid of many users in place of two runs: ids with commas, @FILE, or all (of ListUsers); “generic” is the generic token"
    parser.add_argument("--users", metavar="A,B,…", help=many)
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="with --users: compare with this saved output of --json"
    )
    parser.add_argument("--rate", type=seconds, metavar="X", help="with --users: runs to start per second (default: 5)")
    _add_strict(parser)
    add_faults(parser)
    args = parser.parse_args(argv)
    if args.users is None and (args.baseline is not None or args.rate is not None):
        parser.error("--baseline and --rate need --users")
    if args.users is not None:
        from airisk_tui.headless.grid import grid

        return _go(grid(args))
    from airisk_tui.headless.compare import compare

    return _go(compare(args))


@_command(
    "replay",
    "replay a recording offline, or run its inputs again, live",
    "2026-11-24T10-15-02Z-sandbox-generic.jsonl --json",
)
def _replay(parser: Parser, argv: list[str]) -> int:
    parser.add_argument("recording", metavar="RECORDING", help="a file, or the name of one in the library")
    _add_json(parser, "the run as JSON, as `run --json` gives it")
    parser.add_argument("--step", action="store_true", help="wait for Enter before each event")
    parser.add_argument("--speed", type=speed, default=0.0, metavar="X", help="X times the original speed (0: at once)")
    parser.add_argument("--against", metavar="ENV", help="run the same inputs live and show what changed")
    good = "offline: show what differs from the environment's last run that worked"
    parser.add_argument("--against-last-good", action="store_true", help=good)
    add_rerun_options(parser)
    args = parser.parse_args(argv)
    check_replay(args)
    from airisk_tui.headless.screen import open_replay, wants_screen

    if not args.against_last_good and wants_screen(args):
        return open_replay(args)
    from airisk_tui.headless.replay import replay

    return _go(replay(args))


@_command("recordings", "manage recordings: list, show, delete, import, check", "list token-refused")
def _recordings(parser: Parser, argv: list[str]) -> int:
    actions = ["list", "show", "delete", "import", "check"]
    parser.add_argument("action", nargs="?", default="list", choices=actions, help="what to do (default: list)")
    parser.add_argument(
        "name", nargs="?", help="a search word for list, a recording for show and delete, a file for import and check"
    )
    _add_json(parser)
    parser.add_argument(
        "--flow",
        type=count,
        metavar="N",
        help="import: the number of the flow, if the HAR has several (default: the likeliest)",
    )
    args = parser.parse_args(argv)
    from airisk_tui.headless.recordings import recordings

    return _go(recordings(args))


@_command("export", "export a recording as HAR, curl, Markdown, HTML, recipe …", "last --as markdown -o report.md")
def _export(parser: Parser, argv: list[str]) -> int:
    from airisk_tui.session.recordings.exporting import SUFFIXES

    parser.add_argument("recording", metavar="RECORDING", help="a file, a name in the library, or `last`")
    parser.add_argument("--as", dest="form", choices=list(SUFFIXES), required=True, help="the form")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write to this file (mode 0600) instead of stdout"
    )
    args = parser.parse_args(argv)
    from airisk_tui.headless.export import export

    return _go(export(args))


@_command("bisect", "find the input that makes a run fail, by live runs", "GOOD BAD --yes")
def _bisect(parser: Parser, argv: list[str]) -> int:
    parser.add_argument("good", metavar="GOOD", help="a recording, or a recipe (.toml), that works")
    parser.add_argument("bad", metavar="BAD", help="a recording, or a recipe, that fails")
    parser.add_argument("--env", dest="environment", metavar="NAME", help="the environment (default: that of GOOD)")
    parser.add_argument("--yes", action="store_true", help="do not ask before the live runs")
    add_faults(parser)
    add_live_options(parser)
    _add_json(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.bisect import bisect_runs

    return _go(bisect_runs(args))


@_command("like", "make a recipe from another client's requests (curl, HAR, HTTP)", "request.sh -o mine.toml")
def _like(parser: Parser, argv: list[str]) -> int:
    parser.add_argument("file", type=Path, metavar="FILE", help="curl commands, a HAR, raw HTTP, or a recording")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the recipe to this file (mode 0600) instead of stdout"
    )
    _add_json(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.like import like

    return _go(like(args))


@_command("sandbox", "run an embedded server until Ctrl-C", "--port 9000 --fault code-expired")
def _sandbox(parser: Parser, argv: list[str]) -> int:
    parser.add_argument("--port", type=port, default=0, metavar="N", help="a loopback port (default: a free one)")
    words = "the AIRisk server, or an issuer of OAuth 2.0 and OpenID Connect (default: airisk)"
    parser.add_argument("--dialect", choices=("airisk", "standard"), default="airisk", help=words)
    add_faults(parser)
    words = "accept token requests without redirect_uri and userid (AIRisk server only)"
    parser.add_argument("--lenient", action="store_true", help=words)
    parser.add_argument("--list-faults", action="store_true", help="list every fault with its effect, and exit")
    parser.add_argument("--from", dest="recording", metavar="RECORDING", help="answer as the recorded server did")
    _add_json(parser, "one JSON document when ready")
    args = parser.parse_args(argv)
    from airisk_tui.headless.sandbox import sandbox

    return _go(sandbox(args))


@_command(
    "environments",
    "manage named deployments: list, show, add, remove, default",
    "add staging --base-url https://airisk.example.com",
)
def _environments(parser: Parser, argv: list[str]) -> int:
    actions = ["list", "show", "add", "remove", "default"]
    parser.add_argument("action", nargs="?", default="list", choices=actions, help="what to do (default: list)")
    parser.add_argument("name", nargs="?", help="the environment to show, add, remove or use by default")
    added = parser.add_argument_group("what is added")
    add_inputs(added, "deployment")
    added.add_argument(
        "--keep-secret", action="store_true", help="ask for the client secret and keep it in the keyring"
    )
    _add_json(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.environments import environments

    return _go(environments(args))


@_command(
    "doctor", "check the callback address on this machine, before any run", "--redirect-uri https://localhost/callback"
)
def _doctor(parser: Parser, argv: list[str]) -> int:
    add_inputs(parser.add_argument_group("the callback address"), "callback")
    _add_json(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.doctor import doctor

    return _go(doctor(args))


@_command("explain", "explain a finding by its code, or a topic such as protocol", "state-mismatch")
def _explain(parser: Parser, argv: list[str]) -> int:
    words = "a finding's code, or a topic and optionally a section"
    parser.add_argument("what", nargs="*", metavar="CODE|TOPIC", help=words)
    _add_json(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.explain import explain

    return explain(args)


@_command("schema", "print the JSON Schema of a command's JSON", "run")
def _schema(parser: Parser, argv: list[str]) -> int:
    parser.add_argument("name", nargs="?", metavar="NAME", help="a document, such as run (default: list them)")
    args = parser.parse_args(argv)
    from airisk_tui.headless.schema import schema

    return schema(args)


@_command("check", "run a suite of checks with expected results, for CI", "suite.toml --junit report.xml")
def _check(parser: Parser, argv: list[str]) -> int:
    parser.add_argument("suite", type=Path, metavar="SUITE", help="a TOML file; see `airisk-tui explain testing`")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="also write a JUnit report to this file")
    parser.add_argument("--keep-going", action="store_true", help="continue after a failed check")
    _add_json(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.check import check

    return _go(check(args))


@_command("completion", "print the completion script for a shell", "bash >> ~/.bashrc")
def _completion(parser: Parser, argv: list[str]) -> int:
    from airisk_tui.headless.completion import SHELLS, completion

    parser.add_argument("shell", choices=SHELLS, help="your shell")
    return completion(parser.parse_args(argv))
