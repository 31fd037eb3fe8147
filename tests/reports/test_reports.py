"""Every public report is answered rightly, or stands among the open ones."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import without_tried
from airisk_tui.insight.finding import Finding
from tests.insight.properties import complaints as broken_promises
from tests.reports.judging import wrong
from tests.reports.kinds import KINDS
from tests.reports.open import OPEN
from tests.reports.playing import Played, played
from tests.reports.report import Callback, Report, Screen


def speaks_ipv6() -> bool:
    """A machine may have IPv6 switched off."""
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def is_a_screen(pair: tuple[str, Report]) -> bool:
    """These come last: they take seconds, and are played beside the others from the start."""
    return isinstance(pair[1].play, Screen)


NAMED = {f"{kind}/{report.name}": report for kind, reports in KINDS.items() for report in reports}
NAMED = dict(sorted(NAMED.items(), key=is_a_screen))
EVERYDAY = {f"{kind}/{report.name}" for kind, reports in KINDS.items() for report in reports[::12]}
"""A twelfth of each kind; CI plays the others, too."""


def marks(name: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.pty] * is_a_screen((name, NAMED[name])) + [pytest.mark.ci] * (name not in EVERYDAY)


CASES = [pytest.param(name, marks=marks(name)) for name in NAMED]


@pytest.fixture(scope="module", autouse=True)
def screens(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Played]]]:
    """What is being played already, by name."""
    chosen = {item.callspec.params.get("name") for item in request.session.items if hasattr(item, "callspec")}
    with ThreadPoolExecutor() as pool:
        yield {
            name: pool.submit(played, report.play, tmp_path_factory.mktemp("screen"))
            for name, report in NAMED.items()
            if name in chosen and is_a_screen((name, report))
        }


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[list[Finding], Context]]:
    """The findings of each run that this process explains, as they are last, by the run's id."""
    told: dict[str, tuple[list[Finding], Context]] = {}

    def listening(finding: Finding, context: Context) -> Finding:
        findings, before = told.get(context.state.run_id, ([], context))
        findings = findings if before is context else []
        told[context.state.run_id] = ([*findings, finding], context)
        return without_tried(finding, context)

    monkeypatch.setattr("airisk_tui.insight.explain.without_tried", listening)
    return told


@pytest.mark.parametrize("name", CASES)
def test_a_report_is_answered_rightly_unless_it_is_open(
    name: str,
    tmp_path: Path,
    screens: dict[str, Future[Played]],
    explained: dict[str, tuple[list[Finding], Context]],
) -> None:
    report = NAMED[name]
    if isinstance(report.play, Callback) and report.play.address == "::1" and not speaks_ipv6():
        pytest.skip("this machine has no ::1")
    came = screens[name].result() if name in screens else played(report.play, tmp_path)
    complaints = wrong(report.right, came)
    told = f"{report.source}: {report.symptom}\n" + "\n".join(complaints)
    if name in OPEN:
        assert complaints, f"{name} is answered rightly now: take it off open.py, and add one to its kind in README.md."
    else:
        assert not complaints, told
    assert [words for findings, context in explained.values() for words in broken_promises(findings, context)] == []


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


def test_every_report_says_where_it_stands_and_what_was_seen() -> None:
    for name, report in NAMED.items():
        assert all(
            re.fullmatch(r"[\w.-]+/[\w.-]+#\d+|https://[\w.-]+/\S*", one) for one in report.source.split(", ")
        ), name
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", report.name), name
        assert report.symptom.endswith(".") and len(report.symptom) < 140, name
