"""A recording in the run screen: step, jump, play, and nothing but the file is touched."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from airisk_tui.flow.events import AnyEvent, Cancelled, RequestReleased
from airisk_tui.flow.fold import fold
from airisk_tui.oauth.request.edit import read_edit
from airisk_tui.recording.disk.codec import EVENTS as RECORDED
from airisk_tui.recording.disk.format import Header
from airisk_tui.recording.disk.writer import RecordingWriter
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.replay.screen import ReplayScreen
from airisk_tui.tui.replay.scrubber import EVENTS, Scrubber
from tests.recording.disk import HEADER, record
from tests.recording.logs import LOGS, STRAY
from tests.runs import CODE, started
from tests.tui.bare_app import until

LOG = LOGS["browser-token"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRISK_TUI_HOME", str(tmp_path / "home"))


@asynccontextmanager
async def replayed(path: Path, size: tuple[int, int] = (140, 45)) -> AsyncIterator[tuple[Pilot[Any], ReplayScreen]]:
    app = AiriskApp(AppOptions(replay=str(path)))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, ReplayScreen)
        await until(pilot, lambda: screen.opened is not None and screen.position == len(screen.opened.replay))
        await pilot.pause()
        yield pilot, screen


def text(screen: ReplayScreen) -> str:
    return "\n".join(strip.text for strip in screen.app.screen._compositor.render_strips())


async def test_F5_no_socket_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = record(tmp_path / "a.jsonl", LOG)
    app = AiriskApp(AppOptions(replay=str(path)))
    async with app.run_test(size=(140, 45)) as pilot:
        monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("A replay made a socket."))
        screen = app.screen
        assert isinstance(screen, ReplayScreen)
        await until(pilot, lambda: screen.opened is not None and screen.position == len(LOG))
        for key in ("home", *["right"] * len(LOG), "left", "space"):
            await pilot.press(key)
        await until(pilot, lambda: screen.position == len(LOG))


async def test_it_opens_on_the_result_and_every_moment_can_be_seen(tmp_path: Path) -> None:
    async with replayed(record(tmp_path / "a.jsonl", LOG)) as (pilot, screen):
        assert screen.state == fold(LOG)
        for position in reversed(range(len(LOG))):
            await pilot.press("left")
            assert (screen.position, screen.state) == (position, fold(LOG[:position]))
        await pilot.press("left")
        assert screen.position == 0
        await pilot.press("right")
        assert f"event 1 of {len(LOG)}" in text(screen)
        assert "run started" in text(screen)
        await pilot.press("end")
        assert screen.position == len(LOG)


async def test_playing_takes_the_time_of_the_run_and_stops_at_the_end(tmp_path: Path) -> None:
    quick = tuple(replace(event, at=index * 0.2) for index, event in enumerate(LOG))
    async with replayed(record(tmp_path / "a.jsonl", quick)) as (pilot, screen):
        seen: list[int] = []
        screen.watch(screen, "position", lambda position: seen.append(position), init=False)
        await pilot.press("space")
        await until(pilot, lambda: screen.position == len(LOG))
        assert not screen.query_one(Scrubber).playing
        assert seen == sorted(seen)
        assert (seen[0], seen[-1]) == (0, len(LOG))
        assert len(seen) > 2, "something between the beginning and the end was shown"


async def test_a_recording_with_secrets_reveals_them(tmp_path: Path) -> None:
    header: Header = replace(HEADER, secrets="included")
    path = tmp_path / "a-with-secrets.jsonl"
    with RecordingWriter.create(path, header) as writer:
        for event in LOG:
            writer.append(event, {CODE.fingerprint: "the-raw-code-of-it"})
    async with replayed(path) as (pilot, screen):
        assert "holds raw secrets" in text(screen)
        assert "the-raw-code-of-it" not in text(screen)
        screen.look_at("redirect")
        await pilot.press("r")
        await pilot.pause()
        assert "the-raw-code-of-it" in text(screen)


async def test_a_file_that_is_none_is_told_on_the_screen(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("nothing\n")
    app = AiriskApp(AppOptions(replay=str(tmp_path / "x.jsonl")))
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: any("not a recording" in note.message for note in app._notifications))
        await pilot.press("right", "left", "space", "colon", "e", "f5", "home", "end")
        await pilot.press("escape")
    assert app.return_value == 0


async def test_a_broken_line_is_told_beside_the_form(tmp_path: Path) -> None:
    path = record(tmp_path / "a.jsonl", LOG)
    path.write_bytes(path.read_bytes() + b'{"event":"Torn')
    async with replayed(path) as (_, screen):
        assert f"Line {len(LOG) + 2}: The last record is incomplete" in " ".join(text(screen).replace("│", " ").split())


async def test_a_held_request_is_shown_as_it_was_sent(tmp_path: Path) -> None:
    edits = (read_edit("set", "authorization.param.client_id=another-app"),)
    log = (started(mode="direct", hold=("authorization",)), RequestReleased(at=1.0, step="authorization", edits=edits))
    async with replayed(record(tmp_path / "held.jsonl", (*log, Cancelled(at=2.0)))) as (pilot, screen):
        await pilot.press("home")
        await until(pilot, lambda: "event 0 of 3" in text(screen))
        assert "another-app" not in text(screen)
        await pilot.press("full_stop", "full_stop")
        await until(pilot, lambda: "held request sent" in text(screen))
        assert "= another-app" in text(screen)


async def test_80_columns_have_room_for_every_event_in_words(tmp_path: Path) -> None:
    assert set(RECORDED.values()) == set(EVENTS)
    async with replayed(record(tmp_path / "a.jsonl", LOG), size=(80, 24)) as (pilot, screen):
        for words, _ in EVENTS.values():
            screen.query_one(Scrubber).label = f"00:00.1  {words}"
            screen.query_one(Scrubber).total = 128
            await pilot.pause()
            assert f"{len(LOG)} of 128  00:00.1  {words}" in text(screen)
        await pilot.click(Scrubber, offset=(1, 1))
        assert screen.position == len(LOG) - 1


async def test_a_long_recording_is_shown_at_once_and_walked_through(tmp_path: Path) -> None:
    events: list[AnyEvent] = [*LOG[:3], *(replace(STRAY, at=1 + n / 100) for n in range(3_000)), *LOG[4:]]
    path = record(tmp_path / "long.jsonl", events)
    app = AiriskApp(AppOptions(replay=str(path)))
    async with app.run_test(size=(140, 45)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReplayScreen)
        assert screen.query_one(Scrubber).total == len(events)
        await until(pilot, lambda: screen.position == len(events))
        assert screen.state is not None
        assert screen.state.outcome is not None
        await pilot.press("left", "left")
        assert screen.position == len(events) - 2


async def test_export_and_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with replayed(record(tmp_path / "a.jsonl", LOG)) as (pilot, _):
        await pilot.press("e", "down", "down", "down", "enter")
        await until(pilot, lambda: (tmp_path / "a.md").exists())
        assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o600
        await pilot.press("f5", "k")
        await until(pilot, lambda: pilot.app.clipboard.startswith("#!/usr/bin/env bash"))


async def test_between_two_events_it_says_what_the_live_screen_said(tmp_path: Path) -> None:
    async with replayed(record(tmp_path / "a.jsonl", LOGS["forged-then-timeout"])) as (pilot, screen):
        await pilot.press("left")
        assert screen.report is None
        screen._explain_wait(2.9)
        assert screen.report is None
        screen._explain_wait(3.0)
        assert screen.report is not None
        assert screen.report.first is not None
        assert screen.report.first.code == "state-mismatch"
