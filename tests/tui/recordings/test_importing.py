"""Importing into the list of recordings: a recording, one flow of a HAR, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from airisk_tui.recording.disk.library import Library
from airisk_tui.tui.shared.dialogs import ChooseScreen
from tests.recording import hars
from tests.recording.disk import record
from tests.recording.logs import LOGS
from tests.tui.bare_app import until
from tests.tui.recordings.library import opened


async def answered(pilot: Pilot[Any], words: str) -> None:
    pilot.app.screen.query_one("#answer", Input).value = words
    await pilot.press("enter")


async def test_a_recording_is_imported(shelf: Library, tmp_path: Path) -> None:
    path = record(tmp_path / "a friend's.jsonl", LOGS["held-and-believed"])
    async with opened(shelf) as (pilot, screen):
        await pilot.press("i")
        await answered(pilot, f'"{path}"')
        await until(pilot, lambda: len(screen.rows.rows) == 6)


async def test_of_a_har_with_several_flows_one_is_chosen(shelf: Library, tmp_path: Path) -> None:
    first = json.loads(hars.chromium())
    second = json.loads(json.dumps(first).replace(hars.STATE, "another-state").replace(hars.CODE, "AnotherCode12345"))
    first["log"]["entries"] += second["log"]["entries"]
    (tmp_path / "two.har").write_text(json.dumps(first))
    async with opened(shelf) as (pilot, screen):
        await pilot.press("i")
        await answered(pilot, str(tmp_path / "two.har"))
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseScreen))
        await pilot.press("down", "enter")
        await until(pilot, lambda: len(screen.rows.rows) == 6)
        assert screen.current is not None
        assert screen.current.origin == "har"


@pytest.mark.parametrize("content", ["hello", '{"log":{"entries":[]}}', '{"format":99,"tool":"x"}'])
async def test_what_cannot_be_imported_is_refused_in_a_sentence(shelf: Library, tmp_path: Path, content: str) -> None:
    (tmp_path / "x").write_text(content)
    async with opened(shelf) as (pilot, screen):
        await pilot.press("i")
        await answered(pilot, str(tmp_path / "x"))
        await until(pilot, lambda: any(note.severity == "error" for note in pilot.app._notifications))
        assert len(screen.rows.rows) == 5
