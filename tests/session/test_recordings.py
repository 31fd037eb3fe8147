"""A recording is found, opened and explained as its run was: with the runs before it, the registered URIs and the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from airisk_tui.engine.config.home import Home
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.library import Library
from airisk_tui.session.recordings.opening import locate, open_recording
from airisk_tui.session.session import RecordingOptions, Session


def session_in(folder: Path, *faults: str, **environ: str) -> Session:
    home = Home(folder / "config.toml", folder / "recordings")
    return Session(home=home, environ=environ, sandbox_faults=faults, record=RecordingOptions())


async def ran(session: Session, draft: Draft) -> Run:
    run = session.start(draft.to(state=session.fresh_state()))
    await run.finished()
    return run


async def test_the_runs_before_it_are_found_again(tmp_path: Path) -> None:
    session = session_in(tmp_path)
    await session.ready("sandbox")
    draft = session.draft("sandbox").to(mode="direct")
    first = await ran(session, draft)
    second = await ran(session, draft.to(client_id="nobody"))
    live = session.explained(second)
    await session.aclose()
    assert second.recording is not None
    opened = open_recording(second.recording)
    assert [state.run_id for state in opened.earlier] == [first.state.run_id]
    assert opened.report(opened.final) == live
    assert first.recording is not None
    first.recording.unlink()
    assert open_recording(second.recording).earlier == ()


async def test_the_place_of_the_run_is_recorded_and_not_that_of_the_replay(tmp_path: Path) -> None:
    session = session_in(tmp_path, SSH_CONNECTION="x", HTTPS_PROXY="http://proxy:3128")
    await session.ready("sandbox")
    run = await ran(session, session.draft("sandbox").to(mode="direct"))
    await session.aclose()
    assert run.recording is not None
    known = open_recording(run.recording).final.known
    assert (known.host.ssh, known.host.proxy) == (True, ("HTTPS_PROXY",))
    assert known.registered == run.state.known.registered
    assert known.registered


async def test_a_folder_that_cannot_be_made_lets_the_run_go_on_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("a file is in the way")
    session = session_in(tmp_path)
    await session.ready("sandbox")
    run = await ran(session, session.draft("sandbox").to(mode="direct"))
    await session.aclose()
    assert run.state.token is not None
    assert run.recording is None
    assert run.notices


def test_locating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recordings = Library(tmp_path / "recordings")
    for name in ("last", "nowhere"):
        with pytest.raises(RecordingRefused):
            locate(name, recordings)
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "mine.jsonl").touch()
    assert locate("mine", recordings) == tmp_path / "recordings" / "mine.jsonl"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").touch()
    assert locate("mine", recordings) == Path("mine")
    assert locate("a/b", recordings) == Path("a/b"), "a path is a path, and refused when it is opened"
