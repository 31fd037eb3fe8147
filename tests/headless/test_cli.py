"""The command line itself: what it loads, and that every command's help can be read."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from airisk_tui.cli import COMMANDS, run_command
from airisk_tui.headless.shared.parser import Parser

COMMANDS_AND_SCREEN = ("", *COMMANDS)
HEAVY = ("asyncio", "ssl", "socket", "tomllib", "dotenv", "textual", "airisk_tui.engine", "airisk_tui.oauth")
ROOT = Path(__file__).parents[2]


def loaded_by(statements: str) -> list[str]:
    """Which of the heavy modules a fresh interpreter has loaded after these statements."""
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{statements}\n"
    script += f"print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_command_line_loads_no_more_than_argparse() -> None:
    assert loaded_by("import airisk_tui.cli") == []


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[argparse.Action]:
    """What the command that is asked for help would take."""
    actions: list[argparse.Action] = []
    parse = Parser.parse_args

    def parse_args(self: Parser, *given: object) -> object:
        actions.extend(self._actions)
        return parse(self, *given)  # type: ignore[call-overload]

    monkeypatch.setattr(Parser, "parse_args", parse_args)
    monkeypatch.setenv("COLUMNS", "80")
    return actions


@pytest.mark.parametrize("name", COMMANDS_AND_SCREEN)
def test_the_help_of_every_command_fits_80_columns_and_explains_everything(
    name: str, opened: list[argparse.Action], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        run_command([*name.split(), "--help"])
    text = capsys.readouterr().out
    assert left.value.code == 0
    assert [line for line in text.splitlines() if len(line) > 80] == []
    assert [action.dest for action in opened if not action.help] == []
    (example,) = re.findall(r"example:\n  airisk-tui (.+)", text)
    with pytest.raises(SystemExit) as left:
        run_command([*shlex.split(example), "--help"])
    assert (left.value.code, example.split()[0]) == (0, name or "--env")


def test_the_options_of_the_screen_load_nothing_before_its_first_frame() -> None:
    words = "--base-url http://x --client-id a --redirect-uri b --userid c --state none --body json --timeout 1"
    words += " --param a=b --token-param a=b --carry-cookies --no-exchange --insecure --no-record --mode direct --start"
    assert (
        loaded_by(
            "import argparse, airisk_tui.headless.screen\n"
            "from airisk_tui.headless.flow.options import add_flow_options\n"
            "from airisk_tui.headless.flow.options import changes_of\n"
            "parser = argparse.ArgumentParser(); add_flow_options(parser)\n"
            f"assert len(changes_of(parser.parse_known_args({words.split()!r})[0])) == 12"
        )
        == []
    )


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(["rnu"], "run"), (["run", "--base-ulr", "x"], "--base-url"), (["compare", "--userId=x"], "--userid")],
)
def test_what_is_unknown_is_told_with_what_was_meant(
    arguments: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(arguments) == 2
    assert f"Did you mean {meant}?" in capsys.readouterr().err


def test_what_is_like_nothing_is_told_without_a_guess(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["xyzzy"]) == 2
    assert "Did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "begins"), [(["help"], "usage: airisk-tui "), (["help", "run"], "usage: airisk-tui run")]
)
def test_help_is_a_command_too(arguments: list[str], begins: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_command(arguments)
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(begins)
