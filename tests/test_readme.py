"""The documents are true: what they name exists, what they draw from the code is fresh, what they show can be run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from airisk_tui.cli import COMMANDS, run_command
from airisk_tui.reference import section
from airisk_tui.reference import text as reference
from tests.readme_parts import DOCUMENTS, DRAWS_HELP, HELP, PARTS, README, ROOT, filled, help_text

TEXT = README.read_text(encoding="utf-8")
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
ALL = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
LINES = [line.partition("#")[0].strip() for block in BLOCKS for line in block.splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_is_drawn_from_the_code_is_fresh(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert filled(text) == text, "run `make docs`"


def test_the_help_that_is_printed_is_the_parsers() -> None:
    printed, drawn = HELP.read_text(encoding="utf-8"), help_text()
    assert set(re.findall(r"--[a-z-]+", printed)) == set(re.findall(r"--[a-z-]+", drawn)), "run `make docs`"
    assert sys.version_info[:2] != DRAWS_HELP or printed == drawn, "run `make docs`"
    done = subprocess.run([sys.executable, "-m", "airisk_tui", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout == printed


def test_no_document_holds_the_marks_of_a_merge() -> None:
    documents = [*ROOT.glob("*.md"), *ROOT.glob("airisk_tui/reference/*.md"), *ROOT.glob("tests/**/*.md")]
    assert [
        path for path in documents if re.search(r"^(<{7}|>{7}) ", path.read_text(encoding="utf-8"), re.MULTILINE)
    ] == []


def test_every_part_stands_in_a_document() -> None:
    marks = {mark for path in DOCUMENTS for mark in re.findall(r"<!-- (\w+) -->", path.read_text(encoding="utf-8"))}
    assert marks == set(PARTS)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make ([a-z]+)", ALL, re.MULTILINE))))
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", ALL))))
def test_every_link_and_picture_exists(link: str) -> None:
    assert (ROOT / link).is_file()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:airisk_tui|tests)/[\w./-]*)`", ALL))))
def test_every_path_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("line", [line for line in LINES if "airisk-tui" in line])
def test_every_command_line_is_understood(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is run with --help in place, which argparse obeys only after it has understood all that stands before."""
    words = shlex.split(re.sub(r"^\w+=\$\((.*)\)$", r"\1", line))
    assert words.pop(0) == "airisk-tui"
    assert words[0] in COMMANDS or words[0].startswith("-")
    with pytest.raises(SystemExit) as left:
        run_command([*words, "--help"])
    assert left.value.code == 0
    assert "usage: airisk-tui" in capsys.readouterr().out


def test_every_room_of_the_table_is_a_folder_and_the_other_way_round() -> None:
    table = section("architecture", "the rooms")
    named = set(re.findall(r"^\| `(\w+)/` \|", table, re.MULTILINE))
    assert named == {path.name for path in (ROOT / "airisk_tui").iterdir() if (path / "__init__.py").is_file()}


def test_the_top_of_the_tree_holds_what_it_should() -> None:
    seen = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".egg-info"}
    allowed = {
        "pyproject.toml",
        "airisk_tui",
        "tests",
        "screenshots",
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "LICENSE",
        "CHANGELOG.md",
        "Makefile",
    }
    assert seen - {"build", "dist"} <= allowed


def test_the_reference_of_the_command_line_has_every_option_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    """What is planned stands under a heading of its own and is not there yet."""
    options: set[str] = set()
    for name in ("", *COMMANDS):
        with pytest.raises(SystemExit):
            run_command([*name.split(), "--help"])
        options |= set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", capsys.readouterr().out))
    today, _, planned = reference("command-line").partition("\n## Planned\n")
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", today)) == options
    assert {name for name in COMMANDS if f"airisk-tui {name} " in today} == set(COMMANDS)
    coming = set(re.findall(r"^\| `(--[a-z-]+)", planned, re.MULTILINE))
    assert not coming & options, "what is there no longer stands under “Planned”"
