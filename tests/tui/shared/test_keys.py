"""Keys: each has one meaning in the whole program, and in a field they edit the line."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

import airisk_tui.tui
from airisk_tui.tui.run.request.field import Field
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import EDITING, KEYS
from airisk_tui.tui.shared.keyboard.line_input import LineInput
from tests.tui.conftest import SECRET, OpenTui, TuiOpener, at_sizes


def bindings() -> Iterator[tuple[str, Binding]]:
    """Every binding that a class of the program adds, with the name of the class, but for those that edit a line."""
    for info in walk_packages(airisk_tui.tui.__path__, "airisk_tui.tui."):
        for name, kind in inspect.getmembers(import_module(info.name), inspect.isclass):
            if kind.__module__ == info.name and kind is not LineInput:
                for entry in vars(kind).get("BINDINGS", ()):
                    assert isinstance(entry, Binding), name
                    yield name, entry


def test_no_key_has_two_meanings() -> None:
    every = [one for key in KEYS.values() for one in key.keys.split(",")]
    assert len(every) == len(set(every))
    found = list(bindings())
    assert len(found) > 80
    for name, entry in found:
        assert entry.id in KEYS, f"{name} binds {entry.key} beside the table"
        assert {*entry.key.split(",")} <= {*KEYS[entry.id].keys.split(",")}, (name, entry)


def test_every_meaning_is_in_use() -> None:
    assert {entry.id for _, entry in bindings()} == set(KEYS)


def test_no_key_that_edits_a_line_is_a_key_of_the_program() -> None:
    assert {"ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+d", "ctrl+v", "ctrl+y", "alt+b"} <= EDITING
    before_fields = [entry for _, entry in bindings() if EDITING & {*entry.key.split(",")} and entry.priority]
    assert not before_fields
    assert EDITING & {one for key in KEYS.values() for one in key.keys.split(",")} == {"ctrl+b"}


EDITS = {
    "a, e": (("ctrl+a", "x", "ctrl+e", "y"), "xone two.threey"),
    "k, y twice": (("ctrl+a", "ctrl+k", "ctrl+y", "ctrl+y"), "one two.threeone two.three"),
    "u, y at the end": (("left", "left", "ctrl+u", "ctrl+e", "ctrl+y"), "eeone two.thr"),
    "w": (("ctrl+w",), "one "),
    "Alt+U, Alt+L, Alt+C": (("ctrl+a", "alt+u", "alt+c", "left", "left", "alt+u", "alt+l"), "ONE TWO.three"),
    "b, f": (("ctrl+b", "ctrl+b", "x", "ctrl+f", "y"), "one two.thrxeye"),
    "d": (("ctrl+a", "ctrl+d", "ctrl+d"), "e two.three"),
    "t": (("left", "left", "ctrl+t"), "one two.there"),
    "Alt+B": (("alt+b", "alt+b", "x"), "one xtwo.three"),
    "Alt+F": (("ctrl+a", "alt+f", "x"), "onex two.three"),
    "Alt+D": (("ctrl+a", "alt+d", "ctrl+e", "ctrl+y"), " two.threeone"),
    "Alt+Backspace": (("alt+backspace", "alt+backspace"), "one "),
    "Alt with a letter that means nothing": (("alt+x",), "one two.three"),
}
"""By the keys of readline: what is pressed in “one two.three” with the cursor at its end, and what stands there then."""


async def test_readline_edits_a_field(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        for name, (keys, wanted) in EDITS.items():
            field = await typed(tui, "client_id", "one two.three")
            await tui.press(*keys)
            assert field.value == wanted, name
        assert not tui.session.runs


async def typed(tui: OpenTui, name: str, value: str) -> Field:
    """A field with the focus and this value, the cursor at its end."""
    from airisk_tui.tui.run.request.form import Form

    field = tui.screen.query_one(Form).field(name)
    field.value = value
    field.cursor_position = len(value)
    field.focus()
    await tui.pilot.pause()
    return field


async def test_S7_no_key_that_edits_a_line_does_anything_else(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await typed(tui, "client_secret", SECRET)
        await tui.press(*sorted(EDITING))
        assert len(tui.app.screen_stack) == 1
        assert not tui.session.runs
        assert SECRET not in tui.text


async def test_S7_what_a_masked_field_killed_comes_back_there_alone(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        secret = await typed(tui, "client_secret", SECRET)
        await tui.press("ctrl+u")
        plain = await typed(tui, "client_id", "id")
        await tui.press("ctrl+y")
        assert SECRET not in plain.value
        secret.focus()
        await tui.press("ctrl+y")
        assert secret.value == SECRET


@at_sizes((60, 20), (80, 24))
async def test_every_footer_keeps_help_and_commands(open_tui: TuiOpener, size: tuple[int, int]) -> None:
    async with open_tui(size=size) as tui:
        for key, screens in (("", 1), ("ctrl+o", 2), ("escape", 1), ("f8", 2)):
            await tui.press(*filter(None, [key]))
            await tui.until(lambda wanted=screens: len(tui.app.screen_stack) == wanted)
            await tui.until(lambda: "F1 Help  ^P Commands" in tui.text.splitlines()[-1])


async def test_a_click_on_the_last_keys_of_the_footer_presses_them(open_tui: TuiOpener) -> None:
    async with open_tui(size=(60, 20)) as tui:
        await tui.pilot.click("#keybar", offset=(tui.text.splitlines()[-1].index("F1") + 1, 0))
        await tui.until(lambda: len(tui.app.screen_stack) == 2)
        await tui.press("escape")
        tui.screen.pane = "result"
        tui.screen.query_one("#inspector-scroll").focus()
        await tui.press("slash")
        search = tui.screen.query_one("#text-search")
        await tui.until(lambda: tui.screen.focused is search and "Esc" in tui.text.splitlines()[-1])
        await tui.pilot.click("#keybar", offset=(tui.text.splitlines()[-1].index("Esc") + 1, 0))
        await tui.until(lambda: tui.screen.focused is not search)


class Listed(Widget, can_focus=True):
    """A list with an action of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("s", "sort", "Sort")]

    def __init__(self) -> None:
        super().__init__()
        self.pressed = 0

    def action_sort(self) -> None:
        self.pressed += 1


class TwoOwners(App[None]):
    """An app whose footer has a key of the list and one of the app."""

    CSS = "Listed { height: 1fr; } KeyBar { height: 1; }"

    def compose(self) -> ComposeResult:
        yield Listed()
        yield KeyBar()

    def action_sort(self) -> None:
        raise AssertionError("The list has this action.")


async def test_a_click_in_the_footer_runs_the_action_of_what_has_the_focus() -> None:
    async with TwoOwners().run_test(size=(60, 10)) as pilot:
        pilot.app.query_one(KeyBar).hints = (KeyHint("s", "Sort"), KeyHint("b", "Bell"))
        pilot.app.query_one(Listed).focus()
        await pilot.pause()
        await pilot.click(KeyBar, offset=(1, 0))
        await pilot.click(KeyBar, offset=(9, 0))
        assert pilot.app.query_one(Listed).pressed == 1
