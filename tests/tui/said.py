"""What the screen says of the recordings of `recording/logs.py`, word for word, in the folder `said`: all pages of the inspector, and the
whole screen of a replay in three sizes, what each step of a walk changes, and what the widgets declare. `make docs` writes it anew."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args
from unittest.mock import patch

from airisk_tui.flow.fold import fold
from airisk_tui.flow.reading.steps import StepName
from airisk_tui.flow.state import secret_names
from airisk_tui.insight.explain import Report
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.findings.panel import rows_of
from airisk_tui.tui.inspector.chips import Secrets
from airisk_tui.tui.inspector.page import Line, PageOptions
from airisk_tui.tui.inspector.subject import subjects
from airisk_tui.tui.inspector.tabs import TABS, page_of
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.replay.screen import ReplayScreen
from airisk_tui.tui.shared.drawing.styles import QUIET
from tests.recording.disk import record
from tests.recording.logs import LOGS
from tests.rest import drawn_at_rest
from tests.runs import UTC
from tests.tui.bare_app import settled, until
from tests.tui.colours import colours
from tests.tui.crowded import CROWDED
from tests.tui.declared import declared
from tests.tui.findings.rows import findings
from tests.tui.tables import tables
from tests.tui.walks import WALKS

SAID = Path(__file__).with_name("said")

LOCAL_TIME = re.compile(r"2026-11-2\d \d\d:\d\d:\d\d [+-]\d{4}")

WIDTHS = (76, 40)
"""Columns of the inspector: beside the other panels, and where it is narrow."""

SCREENS = {"forged-then-timeout": (80, 24), "by-its-issuer": (120, 40), "user-specific-with-probes": (170, 50)}
"""Columns and rows of the whole screens."""

PAGES = (*LOGS, *CROWDED)
OTHERS = {"declared": declared, "colours": colours, "findings": findings, "tables": tables}


def pages(name: str) -> str:
    """The pages of the inspector that are not empty, with their styles."""
    return "\n".join(_pages(name)) + "\n"


def _pages(name: str) -> Iterator[str]:
    state, steps = CROWDED[name] if name in CROWDED else (fold(LOGS[name]), get_args(StepName))
    yield from (line.markup for row in rows_of(state, Report(()), frozenset()) for line in row.lines(76))
    for width in WIDTHS:
        options = PageOptions(Secrets(secret_names(state)), width, UTC + 60, acts=True)
        for step in steps:
            for subject in subjects(state, step):
                for tab in TABS:
                    if lines := page_of(tab, state, step, subject, options):
                        yield f"\n== {width} columns: {step} {subject.name} {tab}"
                        yield from map(_shown, lines)


def _shown(line: Line) -> str:
    place = f" ({line.place})" if line.place else ""
    return f"{line.content.markup.replace(QUIET, 'quiet')}{place}".rstrip()


async def screen(name: str, folder: Path) -> str:
    """The whole screen at the end of the recording. folder: an empty one, where the person's files are."""
    path = record(folder / "recording.jsonl", LOGS[name])
    with patch.dict(os.environ, AIRISK_TUI_HOME=str(folder / "home")):
        app = AiriskApp(AppOptions(replay=str(path)))
        async with app.run_test(size=SCREENS[name]) as pilot:
            shown = app.screen
            assert isinstance(shown, ReplayScreen)
            await until(pilot, lambda: shown.opened is not None and shown.position == len(shown.opened.replay))
            await settled(pilot)
            strips = app.screen._compositor.render_strips()
    text = "\n".join(strip.text.rstrip() for strip in strips) + "\n"
    return LOCAL_TIME.sub("at the time of this place", text.replace(str(folder), ""))


def write() -> None:
    """The folder anew, as a test finds it: without waiting for rest, a panel is now and then drawn before it knows its width."""
    with drawn_at_rest():
        _write()


def _write() -> None:
    SAID.mkdir(exist_ok=True)
    for old in SAID.glob("*.txt"):
        old.unlink()
    for name, made in OTHERS.items():
        (SAID / f"{name}.txt").write_text(made(), "utf-8")
    for name in PAGES:
        (SAID / f"{name}.pages.txt").write_text(pages(name), "utf-8")
    for name in SCREENS:
        with TemporaryDirectory() as folder:
            (SAID / f"{name}.screen.txt").write_text(asyncio.run(screen(name, Path(folder))), "utf-8")
    for name, walk in WALKS.items():
        with TemporaryDirectory() as folder:
            (SAID / f"{name}.walk.txt").write_text(asyncio.run(walk(Path(folder))), "utf-8")
