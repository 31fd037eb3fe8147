"""Finding a recording by name, opening it, and explaining it as it was explained live."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from airisk_tui.engine.config.home import Home
from airisk_tui.flow.fold import fold
from airisk_tui.flow.start.known import MAX_EARLIER
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.files import is_file
from airisk_tui.recording.disk.folder import SUFFIX
from airisk_tui.recording.disk.reader import Recording, read_recording
from airisk_tui.recording.replay import Replay

if TYPE_CHECKING:
    from airisk_tui.insight.explain import Report
    from airisk_tui.recording.disk.library import Library

LAST = "last"

KEPT_DELETED = 30 * 86_400.0
"""Seconds for which a deleted recording stays in the trash, from which the person can move it back."""


def own_library(home: Home | None = None) -> Library:
    """The library in the data folder of this user."""
    from airisk_tui.recording.disk.library import Library

    return Library((home or Home.find()).recordings)


def locate(name: str, library: Library | None = None) -> Path:
    """The path of a recording. name: `last`, a path, or a name in the library. Raises RecordingRefused if there is none."""
    path = Path(name).expanduser()
    if is_file(path) or len(path.parts) > 1:
        return path
    library = library or own_library()
    if name == LAST:
        rows = [row for row in library.summaries() if row.refused is None]
        if not rows:
            raise RecordingRefused("The library has no recording yet, so there is no last one; run a flow first.")
        return library.path(rows[0])
    return library.find(name)


class OpenRecording(Struct, frozen=True, dict=True):
    """An open recording. earlier: the final states of the session's earlier runs, as far as their recordings are in the same folder."""

    path: Path
    recording: Recording
    replay: Replay
    earlier: tuple[FlowState, ...] = ()

    @cached_property
    def final(self) -> FlowState:
        """The state at the end."""
        return self.replay.state_at(len(self.replay))

    def report(self, state: FlowState) -> Report:
        """The report of one of the run's states. The rules are imported here, so that opening a recording stays fast."""
        from airisk_tui.insight.context import Context
        from airisk_tui.insight.explain import explain

        return explain(Context.of(state, self.earlier))

    def report_then(self, state: FlowState, now: float = 0.0) -> Report | None:
        """The report that the live screen showed in this state. now: the moment, in seconds since the start of the run."""
        from airisk_tui.insight.context import Context
        from airisk_tui.insight.explain import explain_now

        return explain_now(Context.of(state, self.earlier, now))

    @property
    def holds_secrets(self) -> bool:
        """Whether the file contains raw secrets."""
        return bool(self.recording.secrets)

    def unseal(self, text: str) -> str:
        """The text with the secrets in place of the references, as far as the file has them."""
        return self._unsealed(text, str)

    def unsealed_url(self, url: str) -> str:
        """The URL with the percent-encoded secrets in place of the references, as far as the file has them."""
        return self._unsealed(url, lambda value: quote(value, safe=""))

    def _unsealed(self, text: str, written: Callable[[str], str]) -> str:
        secrets = self.recording.secrets
        return REFERENCE.sub(
            lambda found: written(secrets[found[1]].reveal()) if found[1] in secrets else found[0], text
        )


def open_recording(path: Path) -> OpenRecording:
    """Read a recording, and those of the session's earlier runs in its folder. Raises RecordingRefused."""
    recording = read_recording(path)
    replay = Replay(recording.events)
    started = replay.state_at(1)
    return OpenRecording(path, recording, replay, tuple(_earlier(path.parent, started.known.earlier)))


def _earlier(folder: Path, run_ids: tuple[str, ...]) -> list[FlowState]:
    wanted = [run_id for run_id in run_ids[-MAX_EARLIER:] if run_id.isalnum()]
    if not wanted:
        return []
    names = [path for path in folder.glob(f"*{SUFFIX}") if any(run_id in path.name for run_id in wanted)]
    found = []
    for path in names:
        try:
            found.append(fold(read_recording(path).events))
        except RecordingRefused:
            continue
    return found
