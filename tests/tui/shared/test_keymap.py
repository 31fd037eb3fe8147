"""A person's own keys: what can be chosen, and what is refused in a sentence."""

from __future__ import annotations

import pytest

from airisk_tui.tui.shared.keyboard.keymap import Keymap, key_named


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
