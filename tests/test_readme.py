"""The README is true: what it names exists, what it draws from the code is fresh, what it shows can be run."""

from __future__ import annotations

import re
import shlex

import pytest

from airisk_tui.cli import COMMANDS, run_command
from airisk_tui.insight.catalogue import markdown as catalogue_page
from tests.readme_parts import FINDINGS, PARTS, README, ROOT, filled

TEXT = README.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
LINES = [line.partition("#")[0].strip() for block in BLOCKS for line in block.splitlines()]


def test_what_is_drawn_from_the_code_is_fresh() -> None:
    assert filled(TEXT) == TEXT, "run `make docs`"


@pytest.mark.parametrize("part", PARTS)
def test_every_part_stands_in_the_readme(part: str) -> None:
    assert PARTS[part]() in TEXT


def test_the_catalogue_page_is_fresh() -> None:
    assert FINDINGS.read_text(encoding="utf-8") == catalogue_page(), "run `make docs`"


@pytest.mark.parametrize("target", re.findall(r"`?\bmake ([a-z]+)", TEXT))
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", TEXT))
def test_every_link_and_picture_exists(link: str) -> None:
    assert (ROOT / link).is_file()


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
    table = TEXT[TEXT.index("| room |") :]
    named = set(re.findall(r"`(\w+)/`", table[: table.index("\n\n")]))
    assert named == {path.name for path in (ROOT / "airisk_tui").iterdir() if (path / "__init__.py").is_file()}


def test_the_top_of_the_tree_holds_what_it_should() -> None:
    seen = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".egg-info"}
    allowed = {
        "pyproject.toml",
        "airisk_tui",
        "tests",
        "screenshots",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "Makefile",
    }
    assert seen - {"build", "dist"} <= allowed
