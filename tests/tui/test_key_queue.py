"""Keys that come in one read do what they do one by one."""

from __future__ import annotations

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.keys import _character_to_key

from airisk_tui.recording.disk.library import Library
from airisk_tui.tui.run.request.field import Field
from airisk_tui.tui.terminal import fit_driver
from tests.tui.conftest import OpenTui, TuiOpener


def send(tui: OpenTui, *keys: str) -> None:
    """Send keys, named as Textual does or as a text to type, before any of them is handled."""
    for key in keys:
        if key in ("enter", "escape", "tab") or "+" in key:
            tui.app.post_message(Key(key, None))
        else:
            for letter in key:
                tui.app.post_message(Key(letter if letter.isalnum() else _character_to_key(letter), letter))


async def test_letters_are_typed_after_the_key_before_them(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        field = tui.screen.query_one("#client-id", Field)
        send(tui, "old", "ctrl+u", "new", "ctrl+a", "x", "tab")
        await tui.until(lambda: not field.has_focus)
        assert field.value == "xnew"


async def test_a_run_is_started_with_all_that_was_typed(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        send(tui, "ctrl+u", "another-app", "enter")
        await tui.until(lambda: tui.session.runs)
        assert tui.draft.client_id == "another-app"


async def test_what_is_typed_behind_a_key_that_opens_a_dialog_is_typed_there(
    open_tui: TuiOpener, shelf: Library
) -> None:
    async with open_tui() as tui:
        await tui.press("ctrl+o")
        await tui.until(lambda: "5 recordings" in tui.text)
        send(tui, "Mdemo", "enter")
        await tui.until(lambda: any("demo" in path.name for path in shelf.folder.iterdir()))
        tui.app.post_message(Key("slash", "/"))
        tui.app.post_message(Paste("unauthorized"))
        send(tui, "x")
        await tui.until(lambda: "unauthorizedx" in tui.text)


async def test_a_handler_that_waits_blocks_no_key(open_tui: TuiOpener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airisk_tui.tui.key_queue.LONGEST", 0.01)
    monkeypatch.setattr("airisk_tui.tui.key_queue._through", _never)
    async with open_tui() as tui:
        send(tui, "ctrl+u", "a", "ctrl+e", "b")
        await tui.until(lambda: tui.screen.query_one("#client-id", Field).value == "ab")


async def _never(node: object) -> None:
    import asyncio

    await asyncio.get_running_loop().create_future()


def test_alt_and_a_letter_are_one_key_however_many_come_at_once() -> None:
    from textual.drivers.headless_driver import HeadlessDriver

    fit_driver(HeadlessDriver, lambda: None)
    read = [event.key for event in XTermParser().feed("\x1bd\x1bd\x1bu\x1b\x7fx") if isinstance(event, Key)]
    assert read == ["alt+d", "alt+d", "alt+u", "alt+backspace", "x"]
