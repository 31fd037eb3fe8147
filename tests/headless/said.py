"""What the commands print of the recordings of `recording/logs.py`, of HARs, and of no flow at all, word for word, in the folder `said`:
a change of a word, a label or a request is read there, in its difference. `make docs` writes it anew."""

from __future__ import annotations

import argparse
import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn
from unittest.mock import patch

from airisk_tui.cli import COMMANDS, run_command, screen_parser
from airisk_tui.headless.shared.parser import Parser
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.version import __version__
from tests.headless.stories import STORIES, told
from tests.kept import each_line_once
from tests.recording.disk import record
from tests.recording.hars import MANNERS
from tests.recording.logs import LOGS

ROOT = Path(__file__).parents[1]
SAID = Path(__file__).with_name("said")

OF_A_RECORDING = (
    "replay FILE",
    "recordings show FILE",
    *(f"export FILE --as {form}" for form in ("curl", "python", "markdown", "html", "har", "recipe")),
    "replay FILE --json",
)
OF_A_HAR = ("recordings import FILE", "recordings import FILE --flow 1", "replay last", "replay last --json")


HARS = {path.name: path.read_bytes for path in (ROOT / "recording" / "real").glob("*.har")}
HARS |= {f"{name}.har": written for name, written in MANNERS.items()}
NAMES = ("options", "commands", *LOGS, *sorted(HARS), *STORIES)

COMMANDS_ALONE = (
    "explain",
    "explain protocol step 2",
    "explain state-mismatch",
    "explain state-mismatch --json",
    "explain nothing-such",
    "environments",
    "environments --json",
    "sandbox --list-faults --dialect standard",
    "recordings",
    "recordings show nothing-such",
    "like CURL",
    "like CURL --json",
    "like CURL -o OUT",
    "like RECORDING",
    "like RECORDING --json",
    "recordings check RECORDING",
    "recordings check RECORDING --json",
    "replay RECORDING --speed 0.000001",
    "replay EMPTY --speed 0.000001",
    "replay EMPTY",
    "recordings delete RECORDING",
)
"""Commands one after the other: CURL is another client's request, RECORDING and EMPTY are recordings, outside of the library."""

CURL = (
    "curl https://airisk.example.com/api/oauth2/Token -A mine -d 'code=Splxl&client_id=abc&client_secret=s3cret"
    "&redirect_uri=http%3A%2F%2Flocalhost%3A8081%2Fcb&userid=u1&x=1'"
)

RANDOM = (
    (re.compile(r"(?<=-)[0-9a-f]{12}(?=\.jsonl)"), "RUN"),
    (re.compile(r'(?<=fingerprint": ")[0-9a-f]{16}|(?<=sealed\.)[0-9a-f]{16}|(?<=· )[0-9a-f]{4}(?=…›)'), "FINGERPRINT"),
    (re.compile(r"(?<=one of )\d+(?= findings)"), "MANY"),
    (re.compile(r"<style>.*?</style>", re.DOTALL), ""),
)
"""What is another each time, or says nothing."""


def said(name: str, folder: Path) -> str:
    """What the commands print of one recording or HAR, or in a story. folder: an empty one, where the person's files are."""
    if name in STORIES:
        return told(name, folder).replace(__version__, "VERSION")
    if name == "options":
        return each_line_once(_options())
    file = folder / (name if name in HARS else f"{name}.jsonl")
    if name in HARS:
        file.write_bytes(HARS[name]())
    elif name in LOGS:
        record(file, LOGS[name])
    environment = {"AIRISK_TUI_HOME": str(folder / "home"), "COLUMNS": "100", "PATH": os.environ["PATH"]}
    with patch.dict(os.environ, environment, clear=True):
        text = (
            "".join(_printed(file) if name != "commands" else _alone(folder))
            .replace(str(folder), "")
            .replace(__version__, "VERSION")
        )
    for found, neutral in RANDOM:
        text = found.sub(neutral, text)
    return text


class _Asked(Parser):
    """A parser that parses nothing and ends the command."""

    def parse_args(self, *_: Any, **__: Any) -> NoReturn:
        raise UsageError("")


def _options() -> Iterator[tuple[str, str]]:
    """The arguments of every command, as the parser has them: how Python draws a help is another in each version."""
    yield "airisk-tui", "\n".join(_arguments(screen_parser()))
    for name, command in COMMANDS.items():
        parser = _Asked(name, command.does, command.example)
        with suppress(UsageError):
            command.start(parser, [])
        yield name, "\n".join(_arguments(parser))


def _arguments(parser: Parser) -> Iterator[str]:
    for action in parser._actions:
        told = {name: getattr(action, name) for name in ("nargs", "const", "default", "choices", "metavar", "help")}
        parts = [
            f"{name}={value}"
            for name, value in told.items()
            if value is not None and value is not argparse.SUPPRESS and (value is not False or name == "const")
        ]
        yield " · ".join((", ".join(action.option_strings) or action.dest, *parts))


def _printed(file: Path) -> Iterator[str]:
    for typed in OF_A_RECORDING if file.suffix == ".jsonl" else OF_A_HAR:
        yield _ran(typed, {"FILE": file})


def _alone(folder: Path) -> Iterator[str]:
    files = {"CURL": folder / "curl.txt", "OUT": folder / "out.toml", "EMPTY": folder / "empty.jsonl"}
    files["RECORDING"] = folder / "recording.jsonl"
    files["CURL"].write_text(CURL, "utf-8")
    record(files["RECORDING"], LOGS["user-specific-with-probes"])
    record(files["EMPTY"], LOGS["browser-token"][:1])
    for typed in COMMANDS_ALONE:
        yield _ran(typed, files)


def _ran(typed: str, files: Mapping[str, Path]) -> str:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run_command([str(files.get(word, word)) for word in typed.split()])
    shown = " ".join(files[word].name if word in files else word for word in typed.split())
    return f"$ airisk-tui {shown}\n{err.getvalue()}{out.getvalue()}exit {code}\n\n"


def write() -> None:
    """The folder anew."""
    for old in SAID.glob("*.txt"):
        old.unlink()
    for name in NAMES:
        with TemporaryDirectory() as folder:
            (SAID / f"{name}.txt").write_text(said(name, Path(folder)), "utf-8")
