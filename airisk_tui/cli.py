"""The command line (command-line.md): parses arguments and imports a command's file only when that command runs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from airisk_tui.headless.flow_options import (
    add_faults,
    add_flow_options,
    add_inputs,
    add_rerun_options,
    check_replay,
)
from airisk_tui.headless.parser import Parser, count, port, speed
from airisk_tui.headless.process import (
    OutputFailed,
    UsageError,
    crash_sentences,
    none_among,
    readable,
    usage_json,
)
from airisk_tui.version import __version__

OUTCOMES = (
    *("token", "code", "usage", "listener", "authorization-refused", "response-invalid", "token-refused"),
    *("access-refused", "timeout", "transport", "different", "cancelled"),
)
FORMATS = ("har", "curl", "python", "markdown", "json")
USAGE = 2
CANCELLED = 130
CRASHED = 1
"""As any Python program ends that has met an error of its own, or whose output cannot be written; no outcome has this code."""

COMMANDS = {
    "run": "run one flow without a screen",
    "compare": "a generic run, a user-specific run, both side by side",
    "replay": "a recording offline, or its inputs again against an environment",
    "recordings": "the library: list, show, delete, import",
    "export": "a recording as HAR, curl, Python, Markdown or JSON",
    "sandbox": "the embedded AIRisk server by itself, until Ctrl-C",
    "environments": "named deployments: list, show, add, remove",
    "doctor": "check the callback address from here, before any flow",
    "explain": "a finding by its code, or a topic such as protocol",
}


def run_command(argv: Sequence[str]) -> int:
    """Run what the arguments say and give the exit code; the only place where exceptions become sentences."""
    arguments = list(argv)
    try:
        return _run_or_explain_usage(arguments)
    except KeyboardInterrupt:
        return CANCELLED
    except BrokenPipeError:
        return _undelivered(None)
    except OutputFailed as error:
        return _undelivered(error)
    except Exception as error:  # noqa: BLE001 - the outermost seam: a bare traceback would print what the error quotes
        return _say(crash_sentences(error), CRASHED)


def _run_or_explain_usage(arguments: list[str]) -> int:
    try:
        if arguments and arguments[0] in COMMANDS:
            return _STARTS[arguments[0]](arguments[1:])
        if arguments and not arguments[0].startswith("-"):
            raise UsageError(f"There is no command “{arguments[0]}”. There are: {', '.join(COMMANDS)}.")
        return _open_screen(arguments)
    except UsageError as error:
        sentence = readable(str(error))
        _say(sentence, USAGE)
        if "--json" in arguments:
            from airisk_tui.headless import output

            output.put_json(usage_json(sentence))
        return USAGE


def _say(sentence: str, code: int) -> int:
    from airisk_tui.headless import output

    output.say(sentence)
    return code


def _undelivered(error: OutputFailed | None) -> int:
    """error: None when the reader went away on purpose, of which nothing needs to be said."""
    from airisk_tui.headless import output

    output.drop_stdout()
    return CANCELLED if error is None else _say(str(error), CRASHED)


def _go(command: Coroutine[Any, Any, int]) -> int:
    """Run a command to its end; the event loop is imported here, because it is most of what `--version` would cost."""
    import asyncio

    return asyncio.run(command)


def _parser(name: str, example: str) -> Parser:
    return Parser(name, COMMANDS[name], f"airisk-tui {name} {example}")


def _add_json(parser: Parser, words: str = "one JSON document on stdout") -> None:
    parser.add_argument("--json", action="store_true", help=words)


def _open_screen(argv: list[str]) -> int:
    missing = none_among("stdin", "stdout", "stderr")
    if not argv and not missing:
        from airisk_tui.tui.app import AppOptions, run_app

        return run_app(AppOptions())
    parser = Parser("", "An OAuth 2.0 flow debugger for AIRisk, in the terminal.", "airisk-tui --env sandbox --start")
    parser.add_argument("--version", action="version", version=f"airisk-tui {__version__}", help="say which this is")
    listed = "\n".join(f"{name:12}  {text}" for name, text in COMMANDS.items())
    parser.add_argument_group("commands", f"{listed}\neach with a --help of its own")
    add_flow_options(parser)
    add_inputs(parser, "mode", "browser where one can open, else direct")
    parser.add_argument("--start", action="store_true", help="press the key: start the run at once")
    args = parser.parse_args(argv)
    if missing:
        raise UsageError(
            f"The screen needs a terminal on stdin, stdout and stderr (it is drawn on stderr), and there is none on {missing}. "
            "`airisk-tui run` does the same without a screen."
        )
    from airisk_tui.headless.screen import open_screen

    return open_screen(args)


def _run(argv: list[str]) -> int:
    parser = _parser("run", "--env sandbox --mode direct --json")
    add_flow_options(parser)
    add_inputs(parser, "mode")
    _add_json(parser)
    words = "exit 0 when this is the outcome, else 10"
    parser.add_argument("--expect", choices=OUTCOMES, metavar="OUTCOME", help=words)
    parser.add_argument("--print", choices=["access-token"], help="print the token alone on stdout")
    add_faults(parser)
    args = parser.parse_args(argv)
    if args.json and args.print:
        parser.error("--json and --print both want stdout; choose one")
    from airisk_tui.headless.run import run

    return _go(run(args))


def _compare(argv: list[str]) -> int:
    parser = _parser("compare", "--env sandbox --userid user_42 --json")
    add_flow_options(parser)
    add_inputs(parser, "mode", "direct")
    parser.set_defaults(mode="direct")
    _add_json(parser)
    parser.add_argument("--markdown", action="store_true", help="the comparison as Markdown on stdout")
    parser.add_argument("--with-bearer", action="store_true", help="the second run carries the generic token as bearer")
    add_faults(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.compare import compare

    return _go(compare(args))


def _replay(argv: list[str]) -> int:
    parser = _parser("replay", "2026-11-24T10-15-02Z-sandbox-generic.jsonl --json")
    parser.add_argument("recording", metavar="RECORDING", help="a file, or the name of one in the library")
    _add_json(parser, "the run as JSON, as `run --json` gives it")
    parser.add_argument("--step", action="store_true", help="one event at a time, by Enter")
    parser.add_argument("--speed", type=speed, default=0.0, metavar="X", help="as fast as it was times X (0: at once)")
    parser.add_argument("--against", metavar="ENV", help="run the same inputs live and show what changed")
    add_rerun_options(parser)
    args = parser.parse_args(argv)
    check_replay(args)
    from airisk_tui.headless.screen import open_replay, wants_screen

    if wants_screen(args):
        return open_replay(args)
    from airisk_tui.headless.replay import replay

    return _go(replay(args))


def _recordings(argv: list[str]) -> int:
    parser = _parser("recordings", "list token-refused")
    actions = ["list", "show", "delete", "import"]
    parser.add_argument("action", nargs="?", default="list", choices=actions, help="what to do (default: list)")
    parser.add_argument(
        "name", nargs="?", help="a search word for list, a recording for show and delete, a file for import"
    )
    _add_json(parser)
    parser.add_argument("--flow", type=count, metavar="N", help="import: which flow of a HAR with several")
    args = parser.parse_args(argv)
    from airisk_tui.headless.recordings import recordings

    return _go(recordings(args))


def _export(argv: list[str]) -> int:
    parser = _parser("export", "last --as markdown -o report.md")
    parser.add_argument("recording", metavar="RECORDING", help="a file, a name in the library, or `last`")
    parser.add_argument("--as", dest="form", choices=FORMATS, required=True, help="the form")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there (0600) and not to stdout")
    args = parser.parse_args(argv)
    from airisk_tui.headless.export import export

    return _go(export(args))


def _sandbox(argv: list[str]) -> int:
    parser = _parser("sandbox", "--port 9000 --fault code-expired")
    parser.add_argument("--port", type=port, default=0, metavar="N", help="a loopback port (default: a free one)")
    add_faults(parser)
    parser.add_argument("--list-faults", action="store_true", help="name every fault and what it does, then exit")
    parser.add_argument("--from", dest="recording", metavar="RECORDING", help="answer as the recorded server did")
    _add_json(parser, "one JSON document when ready")
    args = parser.parse_args(argv)
    from airisk_tui.headless.sandbox import sandbox

    return _go(sandbox(args))


def _environments(argv: list[str]) -> int:
    parser = _parser("environments", "add staging --base-url https://airisk.example.com")
    actions = ["list", "show", "add", "remove"]
    parser.add_argument("action", nargs="?", default="list", choices=actions, help="what to do (default: list)")
    parser.add_argument("name", nargs="?", help="the environment to show, add or remove")
    added = parser.add_argument_group("what is added")
    add_inputs(added, "deployment")
    added.add_argument("--keep-secret", action="store_true", help="ask for the client secret, kept in the keyring")
    _add_json(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.environments import environments

    return _go(environments(args))


def _doctor(argv: list[str]) -> int:
    parser = _parser("doctor", "--redirect-uri https://localhost/callback")
    add_inputs(parser.add_argument_group("the callback address"), "callback")
    _add_json(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.doctor import doctor

    return _go(doctor(args))


def _explain(argv: list[str]) -> int:
    parser = _parser("explain", "state-mismatch")
    words = "a finding, or a topic and perhaps a section of it"
    parser.add_argument("what", nargs="*", metavar="CODE|TOPIC", help=words)
    _add_json(parser)
    args = parser.parse_args(argv)
    from airisk_tui.headless.explain import explain

    return explain(args)


_STARTS: dict[str, Callable[[list[str]], int]] = {
    "run": _run,
    "compare": _compare,
    "replay": _replay,
    "recordings": _recordings,
    "export": _export,
    "sandbox": _sandbox,
    "environments": _environments,
    "doctor": _doctor,
    "explain": _explain,
}
