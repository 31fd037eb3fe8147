"""Every public report is answered rightly, or stands among the open ones."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from tests.reports.judging import wrong
from tests.reports.kinds import KINDS
from tests.reports.open import OPEN
from tests.reports.playing import played
from tests.reports.report import Callback


def speaks_ipv6() -> bool:
    """A machine may have IPv6 switched off."""
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


NAMED = {f"{kind}/{report.name}": report for kind, reports in KINDS.items() for report in reports}


@pytest.mark.parametrize("name", NAMED)
def test_a_report_is_answered_rightly_unless_it_is_open(name: str, tmp_path: Path) -> None:
    report = NAMED[name]
    if isinstance(report.play, Callback) and report.play.address == "::1" and not speaks_ipv6():
        pytest.skip("this machine has no ::1")
    complaints = wrong(report.right, played(report.play, tmp_path))
    told = f"{report.source}: {report.symptom}\n" + "\n".join(complaints)
    if name in OPEN:
        assert complaints, f"{name} is answered rightly now: take it off open.py, and add one to its kind in README.md."
    else:
        assert not complaints, told


FOLDER = Path(__file__).parent
README = (FOLDER / "README.md").read_text(encoding="utf-8")
ROWS = {
    kind: tuple(int(cell) for cell in cells)
    for kind, *cells in re.findall(r"^\| `?(\w+)`? \| (\d+) \| (\d+) \| (\d+) \|$", README, re.MULTILINE)
}
"""The table of README.md: of each kind the reports, those right at first sight, and those right now."""


def test_every_kind_has_its_row_and_the_last_one_adds_them_up() -> None:
    assert list(ROWS) == [*KINDS, "all"]
    assert ROWS["all"] == tuple(map(sum, zip(*(ROWS[kind] for kind in KINDS), strict=True)))


def test_every_file_that_the_readme_names_is_there() -> None:
    named = re.findall(r"`(\w+\.py)`", README)
    assert named
    assert [name for name in named if not (FOLDER / name).exists()] == []
    assert {path.stem for path in FOLDER.glob("*.py")} - {Path(name).stem for name in named} == {
        *KINDS,
        "test_reports",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_row_of_a_kind_is_true(kind: str) -> None:
    waiting = [name for name in OPEN if name.startswith(f"{kind}/")]
    reports, first_sight, now = ROWS[kind]
    assert (reports, now) == (len(KINDS[kind]), len(KINDS[kind]) - len(waiting))
    assert first_sight <= reports


def test_every_open_report_exists_and_names_are_used_once() -> None:
    assert OPEN - NAMED.keys() == frozenset()
    assert len(NAMED) == sum(map(len, KINDS.values()))


@pytest.mark.parametrize("name", NAMED)
def test_a_report_says_where_it_stands(name: str) -> None:
    report = NAMED[name]
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", source) for source in report.source.split(", ")), report.source
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", report.name)
    assert report.symptom.endswith(".") and len(report.symptom) < 140
