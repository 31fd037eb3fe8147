"""Recording a run of a session: ended beside the loop, closed when done, opened again for a later probe (threats.md F3)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event

import pytest

from airisk_tui.engine.config.home import Home
from airisk_tui.engine.machine.browser import BrowserLaunch
from airisk_tui.engine.recorder import FileRecorder
from airisk_tui.engine.run import Run
from airisk_tui.flow.events import ProbeAnswered
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.recording.disk.errors import RecordingFailed
from airisk_tui.recording.disk.format import Closing
from airisk_tui.recording.disk.reader import Recording, read_recording
from airisk_tui.recording.disk.writer import RecordingWriter
from airisk_tui.session.session import RecordingOptions, Session


async def recorded(folder: Path) -> tuple[Session, Run]:
    home = Home(folder / "config.toml", folder / "recordings")
    session = Session(home=home, environ={}, record=RecordingOptions())
    await session.ready("sandbox")
    run = session.start(session.draft("sandbox").to(mode="direct"))
    await run.finished()
    return session, run


def recordings_below(folder: Path) -> list[Path]:
    return list(folder.rglob("*.jsonl"))


def read_back(run: Run) -> Recording:
    assert run.recording is not None
    return read_recording(run.recording)


async def test_a_run_is_recorded_whole_with_what_a_list_shows_of_it(tmp_path: Path) -> None:
    session, run = await recorded(tmp_path)
    assert run.notices == []
    recorder = run.recorder
    assert isinstance(recorder, FileRecorder) and recorder._ending is not None
    recorder._ending.result()
    assert recorder._writer is None, "many finished runs would use up the file descriptors"
    await session.aclose()
    recording = read_back(run)
    assert list(recording.events) == run.log
    assert recording.closing is not None
    assert recording.closing.outcome == "token"


async def test_a_probe_after_the_end_is_appended(tmp_path: Path) -> None:
    session, run = await recorded(tmp_path)
    assert isinstance(run.recorder, FileRecorder)
    ended = run.state
    run.recorder.close()
    run.probe(LIST_USERS)
    run.recorder._end(ended, Event())
    assert run.recorder._writer is not None, "the end of the run comes late, and the probe goes on in the open file"
    await run.finished()
    await session.aclose()
    recording = read_back(run)
    assert list(recording.events) == run.log
    assert isinstance(recording.events[-1], ProbeAnswered)


async def test_what_goes_wrong_with_the_last_line_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(writer: RecordingWriter, closing: Closing) -> None:
        raise RecordingFailed("The recording stopped: the disk is full.")

    monkeypatch.setattr(RecordingWriter, "conclude", full)
    session, run = await recorded(tmp_path)
    assert run.notices == ["The recording stopped: the disk is full."]
    run.probe(LIST_USERS)
    await run.finished()
    await session.aclose()
    assert len(read_back(run).events) == len(run.log) - 2


async def test_a_recording_that_was_taken_away_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    session, run = await recorded(tmp_path)
    assert run.recorder is not None
    assert run.recording is not None
    run.recorder.close()
    run.recording.unlink()
    run.probe(LIST_USERS)
    state = await run.finished()
    assert state.probes[-1].exchange is not None
    assert "could not be opened" in run.notices[0]
    await session.aclose()


async def test_a_run_that_sent_nothing_leaves_no_file_but_where_one_was_asked_for(tmp_path: Path) -> None:
    home = Home(tmp_path / "config.toml", tmp_path / "recordings")
    wanted = tmp_path / "wanted.jsonl"

    looked_for = asyncio.Event()

    async def none_there(url: str) -> BrowserLaunch:
        looked_for.set()
        return BrowserLaunch(False, reason="no-display")

    for mode, path, expected in (("paste", None, []), ("browser", None, []), ("paste", wanted, [wanted])):
        session = Session(home=home, environ={}, opener=none_there, record=RecordingOptions(path))
        await session.ready("sandbox")
        run = session.start(session.draft("sandbox").to(mode=mode))
        if mode == "browser":
            await looked_for.wait()
            await asyncio.sleep(0)
        run.cancel()
        await run.finished()
        assert run.notices == []
        await session.aclose()
        assert recordings_below(tmp_path) == expected
        assert run.recording == path
