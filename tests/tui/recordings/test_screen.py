"""The library's screen: rows, search, sort, filter, preview, and what can be done with a recording."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from airisk_tui.engine.config.home import Home
from airisk_tui.flow.fold import fold
from airisk_tui.recording.disk.format import Closing
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.reader import read_recording
from airisk_tui.session.recordings.checking import check_events
from airisk_tui.session.session import RecordingOptions, Session
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.comparison.screen import ComparisonScreen
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.recordings.screen import LIST_HINTS, SEARCH_HINTS, RecordingsScreen
from airisk_tui.tui.replay.screen import ReplayScreen
from airisk_tui.tui.run.screen import RunScreen
from airisk_tui.tui.shared.dialogs import AskScreen, ChooseScreen
from airisk_tui.tui.shared.keyboard.keymap import key_named
from tests.pace import within
from tests.recording.disk import HEADER, record
from tests.recording.logs import LOGS
from tests.tui.bare_app import until
from tests.tui.conftest import THEIR_FINDINGS
from tests.tui.recordings.library import opened, text


def outcomes(screen: RecordingsScreen) -> list[str]:
    return [row.cells[4] for row in screen.rows.rows]


async def test_all_are_listed_newest_first(shelf: Library) -> None:
    async with opened(shelf) as (_, screen):
        assert outcomes(screen) == ["token", "cancelled", "authorization-refused", "token-refused", "token"]
        assert "5 recordings" in text(screen)
        assert "The code was refused" in text(screen)


async def test_F10_the_preview_says_what_is_sealed_in_the_words_of_the_export(shelf: Library) -> None:
    async with opened(shelf) as (pilot, screen):
        path = shelf.folder / shelf.summaries()[0].name
        said = check_events(read_recording(path).events).summary
        await until(pilot, lambda: said[:24] in text(screen))
        assert "sealed: " in said


async def test_one_recording_is_one(shelf: Library) -> None:
    for row in shelf.summaries()[1:]:
        shelf.delete(shelf.path(row))
    async with opened(shelf) as (_, screen):
        assert "1 recording" in text(screen)
        assert "1 recordings" not in text(screen)


async def test_every_key_of_the_footer_can_be_clicked(shelf: Library) -> None:
    async with opened(shelf) as (_, screen):
        for hint in (*LIST_HINTS, *SEARCH_HINTS):
            assert key_named(hint.click) in screen.active_bindings, hint


async def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    async with opened(Library(tmp_path / "nothing")) as (pilot, screen):
        assert "The library is empty" in text(screen)
        assert "press i to import" in text(screen)
        await pilot.press("enter", "delete", "M", "e", "space", "u")
        await pilot.pause()
        assert pilot.app.screen is screen


async def test_the_search_filters_as_it_is_typed_and_escape_leads_back(shelf: Library) -> None:
    async with opened(shelf) as (pilot, screen):
        await pilot.press("slash", *"known")
        assert outcomes(screen) == ["authorization-refused"]
        assert "1 of 5" in text(screen)
        screen.query_one("#recordings-search", Input).value = "no such thing"
        await pilot.pause()
        assert "No recording matches" in text(screen)
        screen.query_one("#recordings-search", Input).value = ""
        await pilot.pause()
        await pilot.press("down", "escape")
        assert pilot.app.screen is screen
        assert screen.focused is screen.rows
        assert screen.rows.cursor == 1
        await pilot.press("slash", *"known", "escape")
        assert len(screen.rows.rows) == 1, "the list is left as it was searched"
        await pilot.press("escape")
        assert len(screen.rows.rows) == 5, "then all of it comes back"
        await pilot.press("escape")
        assert not screen.is_active


async def test_a_filter_goes_through_the_outcomes_that_there_are(shelf: Library) -> None:
    async with opened(shelf) as (pilot, screen):
        seen = []
        for _ in range(5):
            await pilot.press("v")
            seen.append((screen.outcome, len(screen.rows.rows)))
        assert seen == [("token", 2), ("authorization-refused", 1), ("token-refused", 1), ("cancelled", 1), ("", 5)]


async def test_sorting_by_each_column_both_ways(shelf: Library) -> None:
    async with opened(shelf) as (pilot, screen):
        newest = [row.key for row in screen.rows.rows]
        await pilot.press("s")
        assert [row.key for row in screen.rows.rows] == newest[::-1], "the arrow points to the later ones"
        assert "when ▲" in text(screen)
        await pilot.press("s", "s", "s")
        assert outcomes(screen) == ["authorization-refused", "cancelled", "token", "token", "token-refused"]
        assert "outcome ▲" in text(screen)
        await pilot.press("S")
        assert outcomes(screen) == ["token-refused", "token", "token", "cancelled", "authorization-refused"]
        await pilot.press("s", "s", "S")
        assert screen.rows.rows[0].cells[6] in THEIR_FINDINGS.values(), "those without one last"


async def test_the_preview_follows_the_cursor(shelf: Library) -> None:
    async with opened(shelf) as (pilot, screen):
        await until(pilot, lambda: "user_42" in text(screen))
        await pilot.press("down", "down", "down")
        await until(pilot, lambda: "✗ Exchange" in text(screen) and "Invalid Code" in text(screen))


async def test_enter_opens_the_replay_and_escape_leads_back(shelf: Library) -> None:
    async with opened(shelf) as (pilot, screen):
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen) and pilot.app.screen.position == 4)
        assert isinstance(pilot.app.screen, ReplayScreen)
        assert pilot.app.screen.state == fold(LOGS["cancelled"])
        await pilot.press("escape")
        assert pilot.app.screen is screen


async def test_delete_and_undo(shelf: Library) -> None:
    async with opened(shelf) as (pilot, screen):
        await pilot.press("down", "delete", "delete")
        await until(pilot, lambda: len(screen.rows.rows) == 3)
        assert len(shelf.summaries()) == 3
        await pilot.press("u")
        await until(pilot, lambda: len(screen.rows.rows) == 4)
        await pilot.press("u")
        await until(pilot, lambda: len(screen.rows.rows) == 5)
        await until(pilot, lambda: any("is back" in note.message for note in pilot.app._notifications))
        assert len(shelf.summaries()) == 5
        await pilot.press("u")
        assert any("nothing to bring back" in note.message for note in pilot.app._notifications)


async def test_rename(shelf: Library) -> None:
    async with opened(shelf) as (pilot, screen):
        await pilot.press("M")
        assert isinstance(pilot.app.screen, AskScreen)
        await pilot.press(*"demo", "enter")
        await until(pilot, lambda: any(row.key == "demo.jsonl" for row in screen.rows.rows))
        assert screen.current is not None
        assert screen.current.name == "demo.jsonl"
        await pilot.press("M", "escape")
        assert screen.current.name == "demo.jsonl"


async def test_two_are_compared(shelf: Library) -> None:
    async with opened(shelf) as (pilot, screen):
        await pilot.press("equals_sign")
        assert any("Mark one recording with Space" in note.message for note in pilot.app._notifications)
        await pilot.press("space", "space")
        assert len(screen.marked) == 2
        await pilot.press("equals_sign")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComparisonScreen))
        await pilot.press("escape")
        assert pilot.app.screen is screen


async def test_export_writes_a_private_file(shelf: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(shelf) as (pilot, screen):
        assert screen.current is not None
        target = tmp_path / f"{Path(screen.current.name).stem}.har"
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseScreen))
        await pilot.press("enter")
        await until(pilot, target.exists)
        assert target.stat().st_mode & 0o777 == 0o600


async def test_S2_hostile_rows_are_shown_and_do_nothing(shelf: Library) -> None:
    header = replace(HEADER, environment="[@click=app.quit]x[/] \x1b[31m", run_id="ffffffffffff")
    closing = Closing(outcome="token", duration=1.0, first_finding="\u202eabc [red]x[/red]")
    record(shelf.folder / "hostile.jsonl", LOGS["browser-token"], header, closing)
    async with opened(shelf) as (_, screen):
        shown = text(screen)
        assert "[@click=app.quit]x[/] ␛[31m" in shown
        assert "⟨U+202E RIGHT-TO-LEFT" in shown
        assert "\x1b" not in shown


async def test_ten_thousand_rows_scroll_search_and_sort(shelf: Library) -> None:
    rows = shelf.summaries()
    async with opened(shelf) as (pilot, screen):
        screen.summaries = {
            f"{number}": replace(rows[number % 5], name=f"{number}", title=f"number-{number}")
            for number in range(10_000)
        }
        with within(1.0):
            screen.show_rows()
        assert len(screen.rows.rows) == 10_000
        with within(5.0):  # a hundred pages, drawn
            for _ in range(100):
                screen.rows.action_page(1)
                screen.rows.render_lines(screen.rows.size.region)
        screen.query_one("#recordings-search", Input).value = "number-9999"
        await pilot.pause()
        assert [row.key for row in screen.rows.rows] == ["9999"]


async def test_80_columns_keep_what_matters(shelf: Library) -> None:
    async with opened(shelf, (80, 24)) as (pilot, screen):
        assert "token-refused" in text(screen)
        assert "11-24 10:15:02" in text(screen)
        newest = screen.rows.rows[0].cells
        assert newest[3] == "user_42", "whose it is"
        assert newest[5].strip().endswith(" s"), "how long it took"
        line = next(line for line in text(screen).splitlines() if "token-refused" in line)
        assert "generic" in line
        assert "Enter Replay" in text(screen)
        await pilot.press("f1")
        assert "Search, as you type" in text(screen)


async def test_a_run_of_the_program_is_in_its_library(tmp_path: Path) -> None:
    session = Session(home=Home(tmp_path / "config.toml", tmp_path / "lib"), environ={}, record=RecordingOptions())
    app = AiriskApp(AppOptions(session=session, start="direct"))
    async with app.run_test(size=(140, 45)) as pilot:
        screen = app.screen
        assert isinstance(screen, RunScreen)
        await until(pilot, lambda: screen.state is not None and screen.state.outcome is not None)
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, RecordingsScreen) and app.screen._loaded)
        library = app.screen
        assert isinstance(library, RecordingsScreen)
        assert outcomes(library) == ["token"]
        await pilot.press("escape")
        assert app.screen is screen
