"""The library: every recording as a row, search on top, the chosen one's preview below."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Input, Static

from airisk_tui.engine.ports import SystemClock
from airisk_tui.recording.library import Library
from airisk_tui.recording.summary import Summary
from airisk_tui.session.recordings import KEPT_DELETED, library
from airisk_tui.tui.recordings.actions import RecordingActions
from airisk_tui.tui.recordings.preview import RecordingPreview
from airisk_tui.tui.recordings.rows import (
    COLUMNS,
    EMPTY,
    OUTCOMES,
    SORTS,
    row_of,
    sorted_rows,
    titles,
    words_of,
)
from airisk_tui.tui.shared.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.rowlist import RowList
from airisk_tui.tui.shared.screen import AppScreen
from airisk_tui.tui.shared.text import shown

if TYPE_CHECKING:
    from airisk_tui.engine.home import Home

REST = 0.08
"""Seconds that the cursor rests before its recording is read: while it is scrolled, nothing is."""

WIDE = 110
"""Columns from which on all of the list's have room."""

LIST_HINTS = (
    KeyHint("Enter", "Replay", "open"),
    KeyHint("/", "Search", "search"),
    KeyHint("Esc", "Back", "back"),
    KeyHint("F1", "Help", "help"),
    KeyHint("f", "Outcome", "filter"),
    KeyHint("s", "Sort", "sort"),
    KeyHint("d", "Delete", "delete"),
    KeyHint("u", "Undo", "undo"),
    KeyHint("a", "Run again", "run_again"),
    KeyHint("e", "Export", "export"),
    KeyHint("i", "Import", "import_file"),
    KeyHint("Space", "Mark", "mark"),
    KeyHint("=", "Compare", "compare"),
    KeyHint("r", "Rename", "rename"),
)
SEARCH_HINTS = (
    KeyHint("Enter", "Replay", "open"),
    KeyHint("↑↓", "Choose", "next_row"),
    KeyHint("Esc", "To the list", "back"),
    KeyHint("F1", "Help", "help"),
)


class RecordingsScreen(RecordingActions, AppScreen[None]):
    """See the module. order: the column that the rows are sorted by; outcome: the only one that is listed, or ""."""

    DEFAULT_CSS = """
    RecordingsScreen #rec-title { height: 1; padding: 0 1; background: $panel; }
    RecordingsScreen #rec-search { border: none; height: 1; padding: 0 1; margin: 1 0; background: $boost; }
    RecordingsScreen #rec-list { height: 3fr; border: round $foreground 30%; border-title-color: $foreground; }
    RecordingsScreen #rec-list:focus-within { border: round $accent; }
    RecordingsScreen #keybar { height: 1; padding: 0 1; background: $footer-background; color: $footer-foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search, as you type"),
        Binding("f", "filter", "Only one outcome, the next one, or all"),
        Binding("s", "sort", "Sort by the next column"),
        Binding("S", "reverse", "Sort the other way round"),
        Binding("space", "mark", "Mark for comparing"),
        Binding("equals_sign", "compare", "Compare the two that are marked"),
        Binding("r", "rename", "Rename"),
        Binding("d", "delete", "Delete"),
        Binding("u", "undo", "Bring back what was deleted last"),
        Binding("a", "run_again", "Run again …"),
        Binding("e", "export", "Export …"),
        Binding("i", "import_file", "Import a recording or a HAR"),
        Binding("f5", "reload", "Read the folder again", priority=True),
        Binding("f1", "help", "Help", priority=True),
        Binding("escape", "back", "Back", priority=True),
    ]
    AUTO_FOCUS = "#recordings"
    PARTS: ClassVar[dict[str, str]] = {"recordings": "The list"}
    order: reactive[str] = reactive("when", init=False)
    backwards: reactive[bool] = reactive(False, init=False)
    outcome: reactive[str] = reactive("", init=False)

    def __init__(self, shelf: Library) -> None:
        super().__init__()
        self.shelf = shelf
        self.summaries: dict[str, Summary] = {}
        self.marked: list[str] = []
        self._loaded = False

    def compose(self) -> ComposeResult:
        """The title, the search, the rows, the preview, the keys."""
        yield Static(id="rec-title", markup=False)
        yield Input(placeholder="/ search: any word of a row", id="rec-search", compact=True)
        with Vertical(id="rec-list"):
            yield RowList(COLUMNS, "recordings")
        yield RecordingPreview()
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the folder."""
        self.query_one("#rec-title", Static).update(shown("airisk-tui  recordings  reading the folder …"))
        self.action_reload()

    def action_reload(self) -> None:
        """Read the folder, in a thread."""
        self.run_worker(self._load(), exclusive=True, group="load")

    def on_resize(self, event: events.Resize) -> None:
        """Other columns for another width."""
        if self._loaded:
            self.show_rows()

    async def _load(self) -> None:
        if not self._loaded:
            await asyncio.to_thread(self.shelf.purge, SystemClock().wall() - KEPT_DELETED)
        found = await asyncio.to_thread(self.shelf.summaries)
        self.summaries = {row.name: row for row in found}
        self.marked = [name for name in self.marked if name in self.summaries]
        if self.is_attached:
            self._loaded = True
            self.show_rows()

    def show_rows(self) -> None:
        """The rows that the filter leaves, sorted; the search is the list's own."""
        kept = [row for row in self.summaries.values() if not self.outcome or words_of(row) == self.outcome]
        brief = self.app.size.width < WIDE
        rows = [row_of(row, row.name in self.marked, brief) for row in sorted_rows(kept, self.order, self.backwards)]
        self.rows.show_rows(rows, titles(self.order, self.backwards, brief))
        self._tell()

    @property
    def rows(self) -> RowList:
        """The list."""
        return self.query_one("#recordings", RowList)

    @property
    def current(self) -> Summary | None:
        """The recording under the cursor."""
        row = self.rows.current
        return self.summaries.get(row.key) if row is not None else None

    def _tell(self) -> None:
        """How many there are, and what is filtered."""
        total, seen = len(self.summaries), len(self.rows.rows)
        noun = "recording" if total == 1 else "recordings"
        count = f"{total:,} {noun}" if seen == total else f"{seen:,} of {total:,} {noun}"
        parts = ["airisk-tui  recordings", count]
        parts += [f"only {self.outcome}"] if self.outcome else []
        parts += [f"{len(self.marked)} marked"] if self.marked else []
        self.query_one("#rec-title", Static).update(shown("  ·  ".join(parts)))
        self.query_one("#rec-list").border_title = f"In {self.shelf.folder}"
        if self.current is None:
            self.workers.cancel_group(self, "preview")
            preview = self.query_one(RecordingPreview)
            preview.say("Nothing here fits the search and the filter." if total else EMPTY)

    def watch_order(self) -> None:
        """Sorted by another column."""
        self.show_rows()

    def watch_backwards(self) -> None:
        """The other way round."""
        self.show_rows()

    def watch_outcome(self) -> None:
        """Another filter."""
        self.show_rows()

    def action_sort(self) -> None:
        """By the next column."""
        self.order = SORTS[(SORTS.index(self.order) + 1) % len(SORTS)]

    def action_reverse(self) -> None:
        """The other way round."""
        self.backwards = not self.backwards

    def action_filter(self) -> None:
        """Only the next outcome that there is, then all again."""
        there = {words_of(row) for row in self.summaries.values()}
        cycle = ["", *(name for name in OUTCOMES if name in there)]
        self.outcome = cycle[(cycle.index(self.outcome) + 1) % len(cycle)] if self.outcome in cycle else ""

    def action_next_row(self) -> None:
        """The row below."""
        self.rows.action_move(1)

    def action_search(self) -> None:
        """Into the search."""
        self.query_one("#rec-search").focus()

    @on(Input.Changed, "#rec-search")
    def _searched(self, event: Input.Changed) -> None:
        event.stop()
        self.rows.search(event.value)
        self._tell()

    @on(Input.Submitted, "#rec-search")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_open()

    @on(RowList.Chosen)
    def _row_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_open()

    @on(RowList.Highlighted)
    def _highlighted(self, event: RowList.Highlighted) -> None:
        event.stop()
        self.run_worker(self._preview(event.row.key), exclusive=True, group="preview")

    async def _preview(self, name: str) -> None:
        await asyncio.sleep(REST)
        row = self.summaries.get(name)
        for preview in self.query(RecordingPreview):
            if row is not None:
                await preview.read(self.shelf.path(row), row)

    def on_key(self, event: events.Key) -> None:
        """From the search, the arrows move the list's cursor."""
        if isinstance(self.focused, Input) and event.key in ("up", "down", "pageup", "pagedown"):
            by = -1 if event.key in ("up", "pageup") else 1
            self.rows.action_page(by) if "page" in event.key else self.rows.action_move(by)
            event.stop()

    def hints(self) -> tuple[KeyHint, ...]:
        """The keys that work now: letters do where nothing is typed."""
        return SEARCH_HINTS if isinstance(self.focused, Input) else LIST_HINTS

    def action_back(self) -> None:
        """From the search to the list; from the list to where it was opened."""
        if isinstance(self.focused, Input):
            self.rows.focus()
        else:
            self.dismiss()


def make_recordings(home: Home | None = None) -> RecordingsScreen:
    """The screen for the library under this folder of the program, or under the usual one."""
    return RecordingsScreen(library(home))
