"""The preview of a recording: its steps, what it means, and what is wrong with the file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from airisk_tui.flow.rail import rail
from airisk_tui.recording.errors import RecordingRefused
from airisk_tui.recording.summary import Summary
from airisk_tui.session.recordings import OpenRecording, open_recording
from airisk_tui.tui.run.rail import BRIEF, QUIET, STYLES, SYMBOLS
from airisk_tui.tui.shared.spoken import on_screen
from airisk_tui.tui.shared.text import shown

MAX_READ = 8 * 1024 * 1024
"""Bytes of a recording that is read for its preview: a few tenths of a second; a larger one is opened by Enter."""

MAX_LINE = 300
"""Characters of one text in the preview, which has some five lines."""


class RecordingPreview(VerticalScroll, can_focus=True):
    """Shows what `read` is given."""

    DEFAULT_CSS = """
    RecordingPreview {
        height: 2fr; min-height: 9; padding: 0 1; border: round $foreground 30%; border-title-color: $foreground;
        scrollbar-size-vertical: 1;
    }
    RecordingPreview:focus { border: round $accent; }
    RecordingPreview > Static { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__(id="rec-preview")
        self.border_title = Content("Preview")

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="rec-preview-text", markup=False)

    def say(self, words: str) -> None:
        """A sentence in the place of a preview."""
        self._show("Preview", shown(words, lines=True))

    def _show(self, title: str, text: Content) -> None:
        """Where the screen was left meanwhile, there is nothing to show it on."""
        self.border_title = shown(title)
        for static in self.query("#rec-preview-text").results(Static):
            static.update(text)

    async def read(self, path: Path, row: Summary) -> None:
        """Read a recording in a thread, and show what it holds."""
        if row.refused is not None:
            self.say(row.refused)
            return
        if row.size > MAX_READ:
            self.say(f"This recording has {row.size:,} bytes; Enter opens it.")
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
    steps = [_step(view.status, BRIEF[view.name], view.summary) for view in rail(state)]
    yield Content("  ").join(steps)
    if state.inputs is not None:
        inputs = state.inputs
        who = inputs.userid or "no user: a generic token"
        yield Content.assemble(
            ("client  ", QUIET), shown(inputs.client_id, limit=MAX_LINE), ("   user  ", QUIET), shown(who)
        )
        yield Content.assemble(("server  ", QUIET), shown(inputs.base_url, limit=MAX_LINE))
        yield Content.assemble(("redirect  ", QUIET), shown(inputs.redirect_uri, limit=MAX_LINE))
    yield from _meaning(opened)
    if recording.header.secrets == "included":
        yield Content.styled("! This recording holds raw secrets.", "$text-warning")
    if recording.header.origin == "har":
        yield Content.styled("Made from a HAR of another program.", QUIET)
    for problem in recording.problems[:3]:
        yield Content.assemble((f"Line {problem.line}: ", "$text-warning"), shown(problem.sentence, limit=MAX_LINE))


def _meaning(opened: OpenRecording) -> Iterator[Content]:
    findings = opened.report(opened.final).findings
    first = next((finding for finding in findings if finding.group is None), None)
    if first is not None:
        sign = "✗ " if first.severity == "error" else "▲ " if first.severity == "warning" else "· "
        yield Content("")
        yield Content.styled(sign, "bold") + shown(first.title, "bold")
        yield Content.assemble(("Fix    ", QUIET), shown(on_screen(first.fix)))
        yield Content.assemble(("Cause  ", QUIET), shown(first.cause))
    elif opened.final.outcome is not None and not opened.final.live:
        yield Content("Nothing went wrong.")


def _step(status: str, title: str, summary: str) -> Content:
    sign = Content.styled(SYMBOLS[status], STYLES[status])  # type: ignore[index] # a literal's type
    words = shown(f"{title}: {summary}" if summary and status == "failed" else title, limit=MAX_LINE)
    return Content.assemble(sign, " ", words)
