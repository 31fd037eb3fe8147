"""Recording a run of a session while it happens: where the file goes, what its header says, and what a failure means."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from airisk_tui.engine.draft import Draft
from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.state import FlowState
from airisk_tui.recording.errors import RecordingFailed
from airisk_tui.recording.folder import WITH_SECRETS, utc_stamp
from airisk_tui.recording.format import Closing, Header
from airisk_tui.recording.library import Library
from airisk_tui.recording.writer import RecordingWriter
from airisk_tui.version import __version__

if TYPE_CHECKING:
    from airisk_tui.session.session import MakeRecorder, Session


class FileRecorder:
    """Appends each event to a file. Never raises: what went wrong stands in `notice`, and the run goes on (threats.md F3)."""

    def __init__(self, session: Session, path: Path, header: Header) -> None:
        self.path: Path | None = path
        self.notice: str | None = session.key_problem
        self._session = session
        self._include = header.secrets == "included"
        self._writer: RecordingWriter | None = None
        try:
            self._writer = RecordingWriter.create(path, header)
        except RecordingFailed as error:
            self.path, self.notice = None, str(error)

    def append(self, event: AnyEvent, state: FlowState) -> None:
        """Record the event; when the run is done, what a list shows of it as well."""
        if self._writer is None or self._writer.dead:
            return
        raw = self._session.sealer.raw_secrets(event.secrets) if self._include else None
        try:
            self._writer.append(event, raw)
            if not state.live:
                self._writer.conclude(self._closing(state))
                asyncio.get_running_loop().run_in_executor(None, self._sync)
        except RecordingFailed as error:
            self.notice = str(error)

    def close(self) -> None:
        """Give the file back."""
        if self._writer is not None:
            try:
                self._writer.close()
            except RecordingFailed as error:
                self.notice = str(error)

    def _sync(self) -> None:
        try:
            if self._writer is not None:
                self._writer.sync()
        except RecordingFailed as error:
            self.notice = str(error)

    def _closing(self, state: FlowState) -> Closing:
        from airisk_tui.session.explaining import first_finding

        return Closing(
            outcome=state.outcome.value if state.outcome else None,
            duration=round(state.at, 3),
            first_finding=first_finding(self._session, state),
            userid=state.inputs.userid if state.inputs else None,
        )


def recorder_for(args: argparse.Namespace) -> MakeRecorder | None:
    """What the recording options ask for; None when runs are not to be recorded."""
    if args.no_record:
        return None
    return in_library(args.record, include_secrets=args.include_secrets)


def in_library(path: Path | None = None, *, include_secrets: bool = False) -> MakeRecorder:
    """Record each run to a file of its own in the library, or the first one to `path`."""
    wanted = [path] if path is not None else []

    def make(session: Session, draft: Draft, run_id: str, utc: float) -> FileRecorder:
        header = Header(
            version=__version__,
            environment=draft.environment,
            kind=draft.plain().kind,
            utc=utc_stamp(utc),
            monotonic=round(session.clock.monotonic(), 3),
            run_id=run_id,
            secrets="included" if include_secrets else "sealed",
        )
        if not wanted:
            return FileRecorder(session, Library(session.home.recordings).new_path(header), header)
        chosen = wanted.pop()
        return FileRecorder(session, _marked(chosen) if include_secrets else chosen, header)

    return make


def _marked(path: Path) -> Path:
    return path if path.stem.endswith(WITH_SECRETS) else path.with_stem(path.stem + WITH_SECRETS)
