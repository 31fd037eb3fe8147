"""A person's own keys: what can be chosen, what is refused in a sentence, and that the screen shows and obeys them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.widgets import Static

from airisk_tui.engine.config.environments import Configuration
from airisk_tui.tui.shared.keyboard.keymap import Keymap, key_named
from airisk_tui.tui.shared.keyboard.keys import choose_keys
from airisk_tui.tui.shared.search import TextSearchRow
from tests.tui.conftest import TuiOpener


@pytest.fixture(autouse=True)
def own_keys() -> Iterator[None]:
    yield
    choose_keys({})


def test_keys_are_written_as_people_write_them() -> None:
    names = ("^D", "F7", "/", "ctrl+d", "Esc", "x", "PgUp", "?")
    assert [key_named(name) for name in names] == [
        "ctrl+d",
        "f7",
        "slash",
        "ctrl+d",
        "escape",
        "x",
        "pageup",
        "question_mark",
    ]


@pytest.mark.parametrize(
    ("action", "key", "why"),
    [
        ("dirct", "F12", "Did you mean direct?"),
        ("direct", "hyper", "no such key"),
        ("direct", "^E", "edits what is typed"),
        ("direct", "d", "typed in a field"),
        ("sort", "F6", "direct at once"),
        ("numbered", "F12", "no action"),
        ("sort", "", "no key is named"),
    ],
)
def test_what_cannot_be_is_told_and_the_action_keeps_its_own(action: str, key: str, why: str) -> None:
    keymap = Keymap({action: key})
    assert keymap.keys == {} and why in keymap.problems[0]


def test_two_actions_can_change_places() -> None:
    keymap = Keymap({"sort": "d", "differences": "s", "direct": "F12"})
    assert keymap.problems == [] and keymap.keys == {"sort": "d", "differences": "s", "direct": "f12"}


async def test_the_screen_obeys_and_shows_the_chosen_keys(open_tui: TuiOpener, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.tui import conftest

    keys = Configuration(keys={"direct": "F12", "copy": "^E", "palette": "F11"})
    monkeypatch.setattr(
        conftest.IdleSession, "configuration", property(lambda self: keys, lambda self, value: None), raising=False
    )
    async with open_tui() as tui:
        assert "F12 Direct" in tui.text and "F6" not in tui.text.splitlines()[-1]
        assert any("edits what is typed" in notice.message for notice in tui.app._notifications)
        assert "F11 Commands" in tui.text
        await tui.press("ctrl+p")
        assert tui.app.screen is tui.screen
        await tui.press("f11")
        assert tui.app.screen is not tui.screen
        await tui.press("escape", "f6")
        assert not tui.session.runs
        await tui.press("f12")
        assert len(tui.session.runs) == 1


async def test_a_letter_stands_on_every_field_and_typing_it_goes_there(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("ctrl+j")
        targets = tui.app.screen._targets  # type: ignore[attr-defined]
        letter = next(letter for letter, widget in targets.items() if widget.id == "userid")
        assert f" {letter} " in tui.text
        await tui.press(letter)
        assert tui.screen.focused is not None and tui.screen.focused.id == "userid"
        await tui.press("ctrl+j", "escape", "5")
        assert tui.screen.request.draft().userid == "5"


async def test_a_text_is_found_on_the_inspectors_page(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("ctrl+r", "escape")
        await tui.until(lambda: tui.screen.phase == "done")
        await tui.press("slash", *"client")
        inspector = tui.screen.inspector

        def found() -> str:
            return str(inspector.query_one(TextSearchRow).query_one(Static).content)

        assert "1 of" in found()
        await tui.press("enter", "n")
        assert "2 of" in found() or "1 of 1" in found()
        await tui.press("slash", *"zzz")
        assert "nothing found" in found()
        await tui.press("escape")
        assert not inspector.query(TextSearchRow)
