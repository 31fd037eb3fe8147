"""Keys: each has one meaning in the whole program, and in a field they edit the line."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from textual.binding import Binding

import airisk_tui.tui
from airisk_tui.tui.run.field import Field
from airisk_tui.tui.shared.keys import EDITING, KEYS
from airisk_tui.tui.shared.line import LineInput
from tests.tui.conftest import SECRET, Stage, StageMaker


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
    assert {entry.id for _, entry in bindings()} | {"palette"} == set(KEYS)


def test_no_key_that_edits_a_line_is_a_key_of_the_program() -> None:
    assert {"ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+d", "ctrl+v", "ctrl+y", "alt+b"} <= EDITING
    assert not EDITING & {one for _, entry in bindings() for one in entry.key.split(",")}


EDITS = {
    "a, e": (("ctrl+a", "x", "ctrl+e", "y"), "xone two.threey"),
    "k, y twice": (("ctrl+a", "ctrl+k", "ctrl+y", "ctrl+y"), "one two.threeone two.three"),
    "u, y at the end": (("left", "left", "ctrl+u", "ctrl+e", "ctrl+y"), "eeone two.thr"),
    "w": (("ctrl+w",), "one two."),
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


@pytest.mark.parametrize("name", EDITS)
async def test_readline_edits_a_field(staged: StageMaker, name: str) -> None:
    keys, wanted = EDITS[name]
    async with staged() as stage:
        field = await typed(stage, "client_id", "one two.three")
        await stage.press(*keys)
        assert field.value == wanted
        assert not stage.session.runs


async def typed(stage: Stage, name: str, value: str) -> Field:
    """A field with the focus and this value, the cursor at its end."""
    from airisk_tui.tui.run.form import Form

    field = stage.screen.query_one(Form).field(name)
    field.value = value
    field.cursor_position = len(value)
    field.focus()
    await stage.pilot.pause()
    return field


async def test_S7_no_key_that_edits_a_line_does_anything_else(staged: StageMaker) -> None:
    async with staged() as stage:
        await typed(stage, "client_secret", SECRET)
        await stage.press(*sorted(EDITING))
        assert len(stage.app.screen_stack) == 1
        assert not stage.session.runs
        assert SECRET not in stage.text


async def test_S7_what_a_masked_field_killed_comes_back_there_alone(staged: StageMaker) -> None:
    async with staged() as stage:
        secret = await typed(stage, "client_secret", SECRET)
        await stage.press("ctrl+u")
        plain = await typed(stage, "client_id", "id")
        await stage.press("ctrl+y")
        assert SECRET not in plain.value
        secret.focus()
        await stage.press("ctrl+y")
        assert secret.value == SECRET


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
@pytest.mark.parametrize("key", ["", "ctrl+o", "f8"])
async def test_every_footer_keeps_help_and_commands(staged: StageMaker, size: tuple[int, int], key: str) -> None:
    async with staged(size=size) as stage:
        await stage.press(*([key] if key else []))
        await stage.until(lambda: len(stage.app.screen_stack) == (2 if key else 1))
        await stage.until(lambda: "F1 Help  ^P Commands" in stage.text.splitlines()[-1])


async def test_a_click_on_the_last_keys_of_the_footer_presses_them(staged: StageMaker) -> None:
    async with staged(size=(60, 20)) as stage:
        await stage.pilot.click("#keybar", offset=(stage.text.splitlines()[-1].index("F1") + 1, 0))
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
