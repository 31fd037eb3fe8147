"""The preview of a recording: its steps, its first finding, and what is wrong with the file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from airisk_tui.flow.reading.rail import rail
from airisk_tui.flow.reading.steps import StepView
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.summary import Summary
from airisk_tui.session.recordings.checking import sealed_in
from airisk_tui.session.recordings.opening import OpenRecording, open_recording
from airisk_tui.tui.findings.panel import brief_lines
from airisk_tui.tui.replay.inputs import notes_of
from airisk_tui.tui.run.rail import BRIEF
from airisk_tui.tui.shared.drawing.styles import QUIET, STYLES, SYMBOLS
from airisk_tui.tui.shared.drawing.text import MAX_LINE, shown

MAX_READ = 8 * 1024 * 1024
"""Bytes of the largest recording that is read for a preview; it takes a few tenths of a second."""


class RecordingPreview(VerticalScroll, can_focus=True):
    """Shows what `read` reads."""

    DEFAULT_CSS = """
    RecordingPreview { height: 2fr; min-height: 9; padding: 0 1; scrollbar-size-vertical: 1; }
    RecordingPreview > Static { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__(id="rec-preview", classes="box")
        self.border_title = Content("Preview")

    def compose(self) -> ComposeResult:
        yield Static(id="rec-preview-text", markup=False)

    def say(self, words: str) -> None:
        """Show a sentence instead of a recording."""
        self._show("Preview", shown(words, lines=True))

    def _show(self, title: str, text: Content) -> None:
        self.border_title = shown(title)
        for static in self.query("#rec-preview-text").results(Static):  # none where the screen was left meanwhile
            static.update(text)

    async def read(self, path: Path, summary: Summary) -> None:
        """Read a recording in a thread, and show it."""
        if summary.refused is not None:
            self.say(summary.refused)
            return
        if summary.size > MAX_READ:
            self.say(f"This recording has {summary.size:,} bytes, too many for a preview; Enter replays it.")
            return
        try:
            opened = await asyncio.to_thread(open_recording, path)
        except RecordingRefused as refused:
            self.say(str(refused))
            return
        lines = await asyncio.to_thread(lambda: list(_lines(opened)))
        self._show(path.name, Content("\n").join(lines))
        self.scroll_home(animate=False)


def _lines(opened: OpenRecording) -> Iterator[Content]:
    state, recording = opened.final, opened.recording
    yield Content("  ").join([_step(view) for view in rail(state)])
    if state.inputs is not None:
        inputs = state.inputs
        who = inputs.userid or "no user: a generic token"
        yield Content.assemble(
            ("client  ", QUIET), shown(inputs.client_id, limit=MAX_LINE), ("   user  ", QUIET), shown(who)
        )
        yield Content.assemble(("server  ", QUIET), shown(inputs.base_url, limit=MAX_LINE))
        yield Content.assemble(("redirect  ", QUIET), shown(inputs.redirect_uri, limit=MAX_LINE))
    yield Content.assemble(("sealed  ", QUIET), shown(sealed_in(recording.events), limit=MAX_LINE))
    yield from _finding(opened)
    for note in notes_of(recording.header, recording.problems):
        yield Content.assemble(("△ ", "$text-warning"), shown(note, limit=MAX_LINE))


def _finding(opened: OpenRecording) -> Iterator[Content]:
    first = opened.report(opened.final).first
    if first is not None:
        yield from (Content(""), *brief_lines(first))
    elif opened.final.outcome is not None and not opened.final.live:
        yield Content("Nothing went wrong.")


def _step(view: StepView) -> Content:
    title = BRIEF[view.name]
    words = f"{title}: {view.summary}" if view.summary and view.status == "failed" else title
    return Content.assemble((SYMBOLS[view.status], STYLES[view.status]), " ", shown(words, limit=MAX_LINE))
