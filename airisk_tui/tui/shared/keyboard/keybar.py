"""The footer: the most important keys of the moment, as many as fit. A click on a key does what the key does."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from airisk_tui.tui.shared.drawing.clickable import ClickableText, clickable
from airisk_tui.tui.shared.keyboard.keys import chosen_key

GAP = 2
"""Cells between two keys."""


class KeyHint(NamedTuple):
    """key: as the program writes it; label: what it does, in a word or two; pressed: the key that a click presses, "" for the last one
    of `key`."""

    key: str
    label: str
    pressed: str = ""

    @property
    def width(self) -> int:
        """The cells of key and label, without the gap."""
        return len(self.name) + len(self.label) + 1

    @property
    def click(self) -> str:
        """The key that a click presses, as the program writes it."""
        return self.pressed or self.key.split(" ")[-1]

    @property
    def name(self) -> str:
        """The key as the person has chosen it."""
        return chosen_key(self.key)


ALWAYS = (KeyHint("F1", "Help"), KeyHint("^P", "Commands"))
"""The last keys of every footer: help and palette list every key, also those that did not fit."""


class KeyBar(ClickableText):
    """hints: the most important first; those that do not fit before ALWAYS are left out. Posts Drawn."""

    class Drawn(Message):
        """The footer was drawn for the first time, and with it the first frame of its screen."""

    hints: reactive[tuple[KeyHint, ...]] = reactive(())

    def __init__(self) -> None:
        super().__init__(id="keybar")

    def on_show(self) -> None:
        """Tell that the first frame is out: the footer is the last widget of the layout."""
        self.post_message(self.Drawn())

    def render(self) -> Content:
        shown, room = list[KeyHint](), self.size.width - sum(GAP + hint.width for hint in ALWAYS)
        for hint in self.hints:
            if hint.width > room:
                break
            shown.append(hint)
            room -= hint.width + GAP
        return Content(" " * GAP).join([_drawn(hint) for hint in (*shown, *ALWAYS)])

    def action_press(self, key: str) -> None:
        """Press a key. key: as the program writes it."""
        from airisk_tui.tui.shared.keyboard.keymap import key_named

        self.app.simulate_key(key_named(chosen_key(key)))


def _drawn(hint: KeyHint) -> Content:
    text = Content.assemble((hint.name, "bold $footer-key-foreground"), f" {hint.label}")
    return clickable(text, f"press({hint.click!r})")
