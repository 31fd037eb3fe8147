"""What can be done with a recording of the library: open, rename, delete and bring back, import, export, compare."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airisk_tui.engine.ports import SystemEntropy
from airisk_tui.oauth.text import visible
from airisk_tui.recording.errors import RecordingFailed, RecordingRefused
from airisk_tui.recording.library import Deleted, Library
from airisk_tui.recording.summary import Summary
from airisk_tui.session.importing import flow_line, flows_in, import_flow, is_recording
from airisk_tui.session.recordings import OpenRecording, open_recording
from airisk_tui.tui.recordings.rows import when_of
from airisk_tui.tui.shared.dialogs import AskScreen, ChooseScreen

if TYPE_CHECKING:
    from airisk_tui.tui.shared.rowlist import RowList
    from airisk_tui.tui.shared.screen import AppScreen

    Mixin = AppScreen[None]
else:
    Mixin = object


class RecordingActions(Mixin):
    """Mixed into the screen, which has the widgets."""

    shelf: Library
    summaries: dict[str, Summary]
    marked: list[str]
    _gone: tuple[Deleted, ...] = ()

    if TYPE_CHECKING:

        @property
        def current(self) -> Summary | None: ...
        @property
        def rows(self) -> RowList: ...
        def show_rows(self) -> None: ...
        async def _load(self) -> None: ...

    async def _tried(self, action: Callable[..., Any], *arguments: Any) -> Any:
        """What the action gives, run in a thread; None after a failure, which is said."""
        try:
            return await asyncio.to_thread(action, *arguments)
        except (RecordingRefused, RecordingFailed) as error:
            self.say(str(error), "error")
            return None

    def action_open(self) -> None:
        """Replay it."""
        row = self.current
        if row is None:
            return
        if row.refused is not None:
            self.say(row.refused, "error")
        else:
            self.open_screen("replay", self.shelf.path(row))

    def action_rename(self) -> None:
        """Ask for a name."""
        if (row := self.current) is not None:
            self.run_worker(self._rename(row))

    async def _rename(self, row: Summary) -> None:
        words = "A name of your own for this recording. Empty gives it back the name that it had at first."
        answer = await self.app.push_screen_wait(AskScreen("Rename", words, row.title))
        if answer is None:
            return
        path: Path | None = await self._tried(self.shelf.rename, self.shelf.path(row), answer)
        if path is not None:
            self.marked = [path.name if name == row.name else name for name in self.marked]
            await self._load()
            self._to(path.name)

    def _to(self, name: str) -> None:
        """The cursor on a recording, where it is listed."""
        at = next((index for index, row in enumerate(self.rows.rows) if row.key == name), None)
        if at is not None:
            self.rows.cursor = at

    def action_delete(self) -> None:
        """Put it in the trash at once: there is an undo."""
        if (row := self.current) is not None:
            self.run_worker(self._delete(row))

    async def _delete(self, row: Summary) -> None:
        deleted: Deleted | None = await self._tried(self.shelf.delete, self.shelf.path(row))
        if deleted is None:
            return
        self._gone = (*self._gone, deleted)
        self.summaries.pop(row.name, None)
        at = self.rows.cursor
        self.show_rows()
        self.rows.cursor = max(0, min(at, len(self.rows.rows) - 1))
        self.say(f"Deleted the recording of {when_of(row)}. Press u to bring it back.")

    def action_undo(self) -> None:
        """Bring back what was deleted last."""
        if self._gone:
            self.run_worker(self._undo())
        else:
            self.say("Nothing was deleted since this screen was opened, so there is nothing to bring back.", "warning")

    async def _undo(self) -> None:
        *rest, last = self._gone
        self._gone = tuple(rest)
        path: Path | None = await self._tried(self.shelf.undo, last)
        if path is not None:
            await self._load()
            self._to(path.name)

    def action_import_file(self) -> None:
        """Ask for a file."""
        self.run_worker(self._import())

    async def _import(self) -> None:
        words = "The path of a recording, or of a HAR that a browser or a proxy wrote. It is copied into the library."
        answer = await self.app.push_screen_wait(AskScreen("Import", words))
        if not answer:
            return
        source = _path(answer)
        found = await self._tried(is_recording, source)
        if found is None:
            return
        made = await (self._tried(self.shelf.import_file, source) if found else self._import_har(source))
        if made is not None:
            await self._load()
            self._to(made.name)
            self.say(f"Imported as {made.name}. Enter opens it.")

    async def _import_har(self, source: Path) -> Path | None:
        found = await self._tried(flows_in, source)
        if found is None:
            return None
        for note in found.notes:
            self.say(note, "warning")
        number: int | None = 0
        if len(found.flows) > 1:
            choices = [flow_line(flow) for flow in found.flows]
            number = await self.app.push_screen_wait(
                ChooseScreen(f"{len(choices)} flows in {visible(source.name)}", choices, "Enter imports one of them.")
            )
        if number is None:
            return None
        made: Path | None = await self._tried(
            import_flow, found.flows[number], found.program, self.shelf, SystemEntropy()
        )
        return made

    def action_export(self) -> None:
        """The export menu."""
        if (row := self.current) is not None:
            self.run_worker(self._export(row))

    async def _export(self, row: Summary) -> None:
        from airisk_tui.tui.shared.exporting import export_from

        opened: OpenRecording | None = await self._tried(open_recording, self.shelf.path(row))
        if opened is not None:
            await export_from(self, opened)

    def action_run_again(self) -> None:
        """The same inputs once more, live, and what changed."""
        if (row := self.current) is not None:
            self.run_worker(self._run_again(row), exclusive=True, group="again")

    async def _run_again(self, row: Summary) -> None:
        from airisk_tui.tui.replay.rerunning import run_again

        opened: OpenRecording | None = await self._tried(open_recording, self.shelf.path(row))
        if opened is not None:
            await run_again(self, opened)
            await self._load()

    def action_mark(self) -> None:
        """Mark it for comparing, or take the mark away; the third mark replaces the first."""
        if (row := self.current) is None:
            return
        if row.name in self.marked:
            self.marked.remove(row.name)
        else:
            self.marked = [*self.marked, row.name][-2:]
        self.show_rows()
        self.rows.action_move(1)

    def action_compare(self) -> None:
        """Lay two side by side: the two marked ones, or the marked one and this one."""
        current = self.current
        names = list(self.marked)
        if len(names) < 2 and current is not None and current.name not in names:
            names.append(current.name)
        if len(names) < 2:
            self.say(
                "Comparing needs two recordings: mark one with Space, go to the other, and press = again.", "warning"
            )
            return
        self.run_worker(self._compare([self.summaries[name] for name in names]))

    async def _compare(self, rows: list[Summary]) -> None:
        first, second = sorted(rows, key=lambda row: row.when)
        left: OpenRecording | None = await self._tried(open_recording, self.shelf.path(first))
        right: OpenRecording | None = await self._tried(open_recording, self.shelf.path(second))
        if left is not None and right is not None:
            titles = (f"{first.environment} {when_of(first)}", f"{second.environment} {when_of(second)}")
            self.open_screen("comparison", left.final, right.final, titles)


def _path(typed: str) -> Path:
    """A path as a person types or drags it: quoted, or from the home folder."""
    return Path(typed.strip("'\"")).expanduser()
