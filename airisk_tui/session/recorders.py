"""Which recorder a run gets. What it takes to write a recording is imported when the first run starts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airisk_tui.version import __version__

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft
    from airisk_tui.redaction.sealer import Sealer
    from airisk_tui.session.recorder import FileRecorder
    from airisk_tui.session.session import MakeRecorder, Session


def recorder_maker(path: Path | None = None, *, include_secrets: bool = False) -> MakeRecorder:
    """A maker of recorders: each run gets a file of its own in the library; with `path`, the first run goes there."""
    wanted = [path] if path is not None else []

    def make(session: Session, draft: Draft, run_id: str, utc: float, sealer: Sealer) -> FileRecorder:
        from airisk_tui.recording.folder import utc_stamp, with_secrets
        from airisk_tui.recording.format import Header
        from airisk_tui.recording.library import Library
        from airisk_tui.session.recorder import FileRecorder

        header = Header(
            version=__version__,
            environment=draft.environment,
            kind=draft.kind_name,
            utc=utc_stamp(utc),
            monotonic=round(session.clock.monotonic(), 3),
            run_id=run_id,
            secrets="included" if include_secrets else "sealed",
        )
        if not wanted:
            return FileRecorder(session, Library(session.home.recordings).new_path(header), header, sealer)
        chosen = wanted.pop()
        named = with_secrets(chosen) if include_secrets else chosen
        return FileRecorder(session, named, header, sealer, asked_for=True)

    return make
