"""Recording a run while it happens: its file, its header, its closing line, and the failures of writing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock

from airisk_tui.engine.ports import Clock
from airisk_tui.flow.events import AnyEvent, RunStarted
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import FlowState
from airisk_tui.recording.disk.errors import RecordingFailed, RecordingRefused
from airisk_tui.recording.disk.folder import utc_stamp, with_secrets
from airisk_tui.recording.disk.format import Header
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.summary import closing_for
from airisk_tui.recording.disk.writer import RecordingWriter
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.version import __version__

# Python joins its thread before it exits (concurrent.futures.thread), so a quick exit loses no closing line.
_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recording")
"""Closes recordings in another thread than the event loop's, because explaining the run and waiting for the disk would stall the screen."""

SETTLING = 0.05
"""Seconds from the end of a run to the closing of its file, so that the screen shows the end first: a busy thread competes with the event
loop for the interpreter."""


class FileRecorder:
    """Appends each event of a run to a file. Never raises: a failure is kept in `notice`, and the run goes on (threats.md F3).

    When `append` returns, the operating system has the event. When the run is done, the worker thread writes the closing line
    and closes the file, so that many runs do not use up the file descriptors; a later probe reopens it.
    """

    def __init__(
        self,
        folder: Path,
        sealer: Sealer,
        clock: Clock,
        title_of: Callable[[FlowState], str | None],
        *,
        asked_for: Path | None = None,
        include_secrets: bool = False,
        notice: str | None = None,
    ) -> None:
        """folder: of the library, for a file with an automatic name; title_of: returns the title of the first finding, for a list;
        asked_for: the path that a person named, whose file stays even if nothing was sent; notice: an earlier failure, in a sentence."""
        self.path: Path | None = None
        self._folder = folder
        self._asked_for = asked_for
        self._sealer = sealer
        self._clock = clock
        self._title_of = title_of
        self._include = include_secrets
        self._notice = notice
        self._dead = False
        self._lock = Lock()
        self._newest: FlowState | None = None
        self._concluded = Event()
        self._concluded.set()
        self._due: asyncio.TimerHandle | None = None
        self._ending: Future[None] | None = None
        self._writer: RecordingWriter | None = None

    def _begin(self, event: RunStarted) -> None:
        """Create the file with its header."""
        header = Header(
            version=__version__,
            environment=event.inputs.environment,
            kind=event.inputs.kind_name,
            utc=utc_stamp(event.utc),
            monotonic=round(self._clock.monotonic(), 3),
            run_id=event.run_id,
            secrets="included" if self._include else "sealed",
        )
        chosen = self._asked_for
        if chosen is None:
            chosen = Library(self._folder).new_path(header)
        elif self._include:
            chosen = with_secrets(chosen)
        try:
            self._writer, self.path = RecordingWriter.create(chosen, header), chosen
        except RecordingFailed as error:
            self._fail(error)

    @property
    def notice(self) -> str | None:
        """The reason why recording stopped, in a sentence, or None. Waits for the closing line."""
        self._conclude_now()
        self._concluded.wait()
        return self._notice

    def append(self, event: AnyEvent, state: FlowState) -> None:
        """Write an event; the first one creates the file. After the end of the run the closing line is written."""
        if isinstance(event, RunStarted):
            self._begin(event)
        raw = self._sealer.raw_secrets(event.secrets) if self._include else None
        if self._due is not None:
            self._due.cancel()
        with self._lock:
            self._newest = state
            self._write(lambda writer: writer.append(event, raw))
        if not state.live:
            self._due = asyncio.get_running_loop().call_later(SETTLING, self._conclude_now)

    def _conclude_now(self) -> None:
        """Start writing the closing line now, if one is due."""
        if self._due is not None and self._newest is not None and not self._newest.live:
            self._due.cancel()
            self._due = None
            self._concluded = Event()
            self._ending = _WORKER.submit(self._end, self._newest, self._concluded)

    def close(self) -> None:
        """Write the closing line if one is due, and close the file."""
        self._conclude_now()
        if self._ending is not None:
            self._ending.result()
        with self._lock:
            self._shut()

    def _end(self, state: FlowState, concluded: Event) -> None:
        try:
            if sent_nothing(state) and self._asked_for is None:
                self._drop()
                return
            closing = closing_for(state, self._title_of(state))
            with self._lock:
                self._write(lambda writer: writer.conclude(closing))
        finally:
            concluded.set()
        # Without the lock: `append` takes it in the thread of the event loop, which must not wait for the disk.
        self._write(RecordingWriter.sync)
        with self._lock:
            # Not if a probe has begun in the meantime, whose events go on in the open file.
            if self._newest is state:
                self._shut()

    def _write(self, work: Callable[[RecordingWriter], None]) -> None:
        if self._dead or self.path is None:
            return
        try:
            if self._writer is None:
                self._writer = RecordingWriter.reopen(self.path)
            work(self._writer)
        except (RecordingFailed, RecordingRefused) as error:
            self._fail(error)

    def _shut(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            try:
                writer.close()
            except RecordingFailed as error:
                self._fail(error)

    def _drop(self) -> None:
        """Remove the file of a run that never left this machine."""
        with self._lock:
            self._shut()
            path, self.path = self.path, None
        if path is not None:
            with suppress(OSError):
                path.unlink()

    def _fail(self, error: Exception) -> None:
        self._dead, self._notice = True, str(error)


def sent_nothing(state: FlowState) -> bool:
    """Whether a run ended before it can have sent a request: it did not start, or was cancelled before a browser was opened."""
    if state.outcome in (Outcome.USAGE, Outcome.LISTENER):
        return True
    inputs, opened = state.inputs, state.browser is not None and state.browser.ok
    own = inputs is not None and (inputs.mode in ("direct", "device") or inputs.issuer != "")
    return state.outcome is Outcome.CANCELLED and not (own or opened or state.inbox_total)
