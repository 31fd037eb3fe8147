"""The library: a search line, a row for each recording, and a preview of the recording under the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Input, Static

from airisk_tui.engine.ports import SystemClock, SystemEntropy
from airisk_tui.flow.phases import Outcome
from airisk_tui.oauth.text.visible import visible
from airisk_tui.recording.disk.errors import RecordingFailed, RecordingRefused
from airisk_tui.recording.disk.library import Deleted, Library
from airisk_tui.recording.disk.summary import Summary
from airisk_tui.session.recordings.importing import flow_line, flows_in, import_flow, is_recording
from airisk_tui.session.recordings.opening import KEPT_DELETED, OpenRecording, open_recording, own_library
from airisk_tui.tui.recordings.preview import RecordingPreview
from airisk_tui.tui.shared.dialogs import AskScreen, ChooseScreen, path_typed
from airisk_tui.tui.shared.drawing.text import shown
from airisk_tui.tui.shared.drawing.times import duration
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound, chosen_key, with_chosen_keys
from airisk_tui.tui.shared.resizing import Edge, ResizableScreen
from airisk_tui.tui.shared.row_list import Row, RowList
from airisk_tui.tui.shared.virtual_list import SearchLine

if TYPE_CHECKING:
    from airisk_tui.engine.config.home import Home

REST = 0.08
"""Seconds that the cursor rests before its recording is read for the preview: scrolling reads none."""

WIDE = 110
"""Columns of the terminal from which on every column of the list fits."""

SNUG = 70
"""Columns of the terminal below which only the columns of NARROW are shown, so that there is room for the finding."""

COLUMNS = (" ", "when", "environment", "kind", "outcome", "duration", "first finding")
NARROW = (" ", "when", "kind", "outcome", "first finding")
SHORT_TITLES = {"environment": "env", "duration": "took"}
"""Titles of columns on a narrow terminal."""

UNFINISHED = "unfinished"
UNREADABLE = "cannot be opened"
OUTCOMES = (*(outcome.value for outcome in Outcome), UNFINISHED, UNREADABLE)

EMPTY = (
    "The library is empty.\n\nEvery run is recorded here while it happens, unless the program was started without recording: "
    "go back with Esc and press ^R or F6. Or press {} to import a recording, or a HAR of a browser or a proxy."
)

LIST_HINTS = (
    KeyHint("Enter", "Replay"),
    KeyHint("/", "Search"),
    KeyHint("Esc", "Back"),
    KeyHint("v", "Outcome"),
    KeyHint("s", "Sort"),
    KeyHint("Del", "Delete"),
    KeyHint("u", "Undo"),
    KeyHint("a", "Run again"),
    KeyHint("e", "Export"),
    KeyHint("i", "Import"),
    KeyHint("Space", "Mark"),
    KeyHint("=", "Compare"),
    KeyHint("M", "Rename"),
)
SEARCH_HINTS = (
    KeyHint("Enter", "Replay"),
    KeyHint("↑↓", "Choose", "Down"),
    KeyHint("Esc", "To the list"),
)


class RecordingsScreen(ResizableScreen[None]):
    """outcome: the only outcome that is listed, or "" for all; marked: the names of at most two recordings to compare."""

    DEFAULT_CSS = """
    RecordingsScreen #rec-list { height: 3fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("search", "part('recordings', 'search')"),
        bound("filter", "filter"),
        bound("sort", "part('recordings', 'sort')"),
        bound("reverse", "part('recordings', 'reverse')"),
        bound("act", "mark", "Mark for comparing"),
        bound("compare", "compare", "Compare the two that are marked"),
        bound("rename", "rename"),
        bound("delete", "delete"),
        bound("undo", "undo"),
        bound("again", "run_again"),
        bound("export", "export"),
        bound("import", "import_file"),
        bound("reload", "reload"),
        bound("out", "back", "Back", priority=True),
    ]
    AUTO_FOCUS = "#recordings"
    PARTS: ClassVar[dict[str, str]] = {"recordings": "The list"}
    EDGES: ClassVar[tuple[Edge, ...]] = (Edge("rec-list", "height", 5, 10),)
    FILLS: ClassVar[tuple[str, ...]] = ("rec-list", "rec-preview")
    outcome: reactive[str] = reactive("", init=False)

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.library = library
        self.summaries: dict[str, Summary] = {}
        self.marked: list[str] = []
        self._deleted: list[Deleted] = []
        self._loaded = False

    def compose(self) -> ComposeResult:
        yield Static(id="rec-title", classes="title", markup=False)
        rows = RowList(COLUMNS, "recordings")
        yield SearchLine(rows)
        with Vertical(id="rec-list", classes="box"):
            yield rows
        yield RecordingPreview()
        yield KeyBar()

    def hints(self) -> tuple[KeyHint, ...]:
        """The keys of the list; while the search line has the focus, only those that are no letters."""
        return SEARCH_HINTS if isinstance(self.focused, Input) else LIST_HINTS

    # The rows

    def on_mount(self) -> None:
        self.query_one("#rec-title", Static).update(shown("airisk-tui  recordings  reading the folder …"))
        self.action_reload()

    @work(exclusive=True, group="load")
    async def action_reload(self) -> None:
        await self._load()

    async def _load(self, cursor: str = "") -> None:
        """Read the folder. cursor: the name of the recording that the cursor goes to."""
        if not self._loaded:
            await asyncio.to_thread(self.library.purge, SystemClock().wall() - KEPT_DELETED)
        found = await asyncio.to_thread(self.library.summaries)
        self.summaries = {summary.name: summary for summary in found}
        self.marked = [name for name in self.marked if name in self.summaries]
        if not self.is_attached:  # the screen was left while the thread was reading
            return
        self._loaded = True
        self.show_rows()
        at = next((index for index, row in enumerate(self.rows.rows) if row.key == cursor), None)
        if at is not None:
            self.rows.cursor = at

    def on_resize(self, event: events.Resize) -> None:
        self.unzoom()
        self.size_parts()
        if self._loaded:
            self.show_rows()

    def show_rows(self) -> None:
        """Draw the recordings with the chosen outcome, the newest first; the list itself searches and sorts them."""
        width = self.app.size.width
        brief, columns = width < WIDE, COLUMNS if width >= SNUG else NARROW
        kept = [one for one in self.summaries.values() if not self.outcome or outcome_of(one) == self.outcome]
        kept.sort(key=lambda summary: -summary.when)
        rows = [row_of(summary, columns, summary.name in self.marked, brief) for summary in kept]
        self.rows.show_rows(rows, [SHORT_TITLES.get(name, name) if brief else name for name in columns])
        self._draw_counts()

    @property
    def rows(self) -> RowList:
        """The list."""
        return self.query_one("#recordings", RowList)

    @property
    def current(self) -> Summary | None:
        """The recording under the cursor."""
        row = self.rows.current
        return self.summaries.get(row.key) if row is not None else None

    def _draw_counts(self) -> None:
        total, listed = len(self.summaries), len(self.rows.rows)
        noun = "recording" if total == 1 else "recordings"
        parts = [
            "airisk-tui  recordings",
            f"{total:,} {noun}" if listed == total else f"{listed:,} of {total:,} {noun}",
        ]
        parts += [f"only {self.outcome}"] if self.outcome else []
        parts += [f"{len(self.marked)} marked"] if self.marked else []
        self.query_one("#rec-title", Static).update(shown("  ·  ".join(parts)))
        self.query_one("#rec-list").border_title = f"In {self.library.folder}"
        if self.current is None:
            self.workers.cancel_group(self, "preview")
            empty = with_chosen_keys(EMPTY).format(chosen_key("i"))
            nothing = "No recording matches the search and the chosen outcome." if total else empty
            self.query_one(RecordingPreview).say(nothing)

    def watch_outcome(self) -> None:
        self.show_rows()

    def action_filter(self) -> None:
        """List only the recordings with the next outcome that there is; after the last one, all."""
        present = {outcome_of(summary) for summary in self.summaries.values()}
        cycle = ["", *(name for name in OUTCOMES if name in present)]
        self.outcome = cycle[(cycle.index(self.outcome) + 1) % len(cycle)] if self.outcome in cycle else ""

    # Search and preview

    @on(SearchLine.Typed)
    def _searched(self, event: SearchLine.Typed) -> None:
        event.stop()
        self._draw_counts()

    @on(Input.Submitted, "#recordings-search")
    @on(RowList.Chosen)
    def _chosen(self, event: Input.Submitted | RowList.Chosen) -> None:
        event.stop()
        self.action_open()

    @on(RowList.Highlighted)
    def _highlighted(self, event: RowList.Highlighted) -> None:
        event.stop()
        self._preview(event.row.key)

    @work(exclusive=True, group="preview")
    async def _preview(self, name: str) -> None:
        await asyncio.sleep(REST)
        summary = self.summaries.get(name)
        for preview in self.query(RecordingPreview):
            if summary is not None:
                await preview.read(self.library.path(summary), summary)

    def left_field(self) -> bool:
        """Leave the search line for the list."""
        if self.typing:
            self.rows.focus()
            return True
        return False

    # What can be done with a recording

    async def _try(self, action: Callable[..., Any], *arguments: Any) -> Any:
        """Run the action in a thread and return its result; None after a failure, which is shown."""
        try:
            return await asyncio.to_thread(action, *arguments)
        except (RecordingRefused, RecordingFailed) as error:
            self.say(str(error), "error")
            return None

    async def _read(self, summary: Summary) -> OpenRecording | None:
        opened: OpenRecording | None = await self._try(open_recording, self.library.path(summary))
        return opened

    def action_open(self) -> None:
        """Replay the recording."""
        if (summary := self.current) is None:
            return
        if summary.refused is not None:
            self.say(summary.refused, "error")
        else:
            self.open_screen("replay", self.library.path(summary))

    @work
    async def action_rename(self) -> None:
        if (summary := self.current) is None:
            return
        question = "A name of your own for this recording. An empty one restores its first name."
        answer = await self.app.push_screen_wait(AskScreen("Rename", question, summary.title))
        if answer is None:
            return
        path: Path | None = await self._try(self.library.rename, self.library.path(summary), answer)
        if path is not None:
            self.marked = [path.name if name == summary.name else name for name in self.marked]
            await self._load(path.name)

    @work
    async def action_delete(self) -> None:
        """Move the recording to the trash without a question, because a key brings it back."""
        if (summary := self.current) is None:
            return
        deleted: Deleted | None = await self._try(self.library.delete, self.library.path(summary))
        if deleted is None:
            return
        self._deleted.append(deleted)
        self.summaries.pop(summary.name, None)
        at = self.rows.cursor
        self.show_rows()
        self.rows.cursor = max(0, min(at, len(self.rows.rows) - 1))
        self.say(f"The recording of {when_of(summary)} was deleted. Press {chosen_key('u')} to bring it back.")

    @work
    async def action_undo(self) -> None:
        if not self._deleted:
            self.say(
                "Nothing has been deleted since this screen was opened, so there is nothing to bring back.", "warning"
            )
            return
        path: Path | None = await self._try(self.library.undo, self._deleted.pop())
        if path is not None:
            await self._load(path.name)
            self.say("The recording is back.")

    @work
    async def action_import_file(self) -> None:
        question = "The path of a recording, or of a HAR file from a browser or a proxy. It is copied into the library."
        answer = await self.app.push_screen_wait(AskScreen("Import", question))
        if not answer:
            return
        source = path_typed(answer)
        found = await self._try(is_recording, source)
        if found is None:
            return
        made = await (self._try(self.library.import_file, source) if found else self._import_har(source))
        if made is not None:
            await self._load(made.name)
            self.say(f"Imported as {made.name}. Enter replays it.")

    async def _import_har(self, source: Path) -> Path | None:
        har = await self._try(flows_in, source)
        if har is None:
            return None
        self.say("\n".join(har.notes), "warning")
        number: int | None = 0
        if len(har.flows) > 1:
            title = f"{len(har.flows)} flows in {visible(source.name)}"
            choices = [flow_line(flow) for flow in har.flows]
            number = await self.app.push_screen_wait(ChooseScreen(title, choices, "Enter imports one of them."))
        if number is None:
            return None
        made: Path | None = await self._try(import_flow, har.flows[number], har.program, self.library, SystemEntropy())
        return made

    @work
    async def action_export(self) -> None:
        from airisk_tui.tui.shared.saving import export_from

        if (summary := self.current) is not None and (opened := await self._read(summary)) is not None:
            await export_from(self, opened)

    @work(exclusive=True, group="rerun")
    async def action_run_again(self) -> None:
        if (summary := self.current) is not None and (opened := await self._read(summary)) is not None:
            await self.open_screen_wait("rerun", opened)
            await self._load()

    def action_mark(self) -> None:
        """Mark the recording for comparing, or remove its mark; a third mark replaces the first."""
        if (summary := self.current) is None:
            return
        if summary.name in self.marked:
            self.marked.remove(summary.name)
        else:
            self.marked = [*self.marked, summary.name][-2:]
        self.show_rows()
        self.rows.action_move(1)

    @work
    async def action_compare(self) -> None:
        names = list(self.marked)
        if len(names) < 2 and (current := self.current) is not None and current.name not in names:
            names.append(current.name)
        if len(names) < 2:
            self.say("Mark one recording with Space, go to another one, and press = again to compare them.", "warning")
            return
        first, second = sorted((self.summaries[name] for name in names), key=lambda summary: summary.when)
        left, right = await self._read(first), await self._read(second)
        if left is not None and right is not None:
            headings = tuple(f"{summary.environment} {when_of(summary)}" for summary in (first, second))
            self.open_screen("comparison", left.final, right.final, headings)


def row_of(summary: Summary, columns: tuple[str, ...], marked: bool, brief: bool) -> Row:
    """The row of a recording. brief: for a narrow screen."""
    cells = {
        " ": ("●" if marked else "") + ("!" if summary.secrets else ""),
        "when": when_of(summary)[5 if brief else 0 : 16 if columns is NARROW else None],
        "environment": summary.environment,
        "kind": f"{'' if brief else 'user '}{summary.userid}" if summary.userid else summary.kind,
        "outcome": outcome_of(summary),
        "duration": duration(summary.duration).rjust(6 if brief else 8),
        "first finding": _finding_of(summary),
    }
    order = {
        "when": summary.when,
        "duration": summary.duration,
        "first finding": (not summary.first_finding, cells["first finding"]),
    }
    return Row(
        summary.name,
        tuple(cells[name] for name in columns),
        _haystack(summary),
        tuple(order.get(name, cells[name].casefold()) for name in columns),
    )


def _finding_of(summary: Summary) -> str:
    title = f"“{summary.title}”" if summary.title else ""
    if summary.first_finding and not summary.refused:
        return "  ".join(part for part in (title, summary.first_finding) if part)
    return summary.refused or title


def _haystack(summary: Summary) -> str:
    """The text that a search looks through."""
    parts = (
        summary.name,
        summary.environment,
        summary.kind,
        outcome_of(summary),
        summary.first_finding,
        summary.userid,
    )
    more = (summary.title, "secrets" if summary.secrets else "", when_of(summary), summary.origin)
    return " ".join(part for part in (*parts, *more) if part).casefold()


def outcome_of(summary: Summary) -> str:
    """The outcome as the column shows it; also for recordings without one."""
    return UNREADABLE if summary.refused is not None else summary.outcome or UNFINISHED


def when_of(summary: Summary) -> str:
    """The time of the run in this machine's time zone."""
    return datetime.fromtimestamp(summary.when).strftime("%Y-%m-%d %H:%M:%S") if summary.when else "unknown"


def make_recordings(home: Home | None = None) -> RecordingsScreen:
    """The screen of a library. home: the program's folder for its files, None for the usual one."""
    return RecordingsScreen(own_library(home))
