"""The copy menu, with one letter for each line. The terminal puts the text into the clipboard (OSC 52)."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from airisk_tui.tui.shared.dialogs import Dialog
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.screen import Copyable


class CopyScreen(Dialog[Copyable | None]):
    """Its result is the chosen line, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("out", "dismiss(None)", "Close")]

    def __init__(self, things: tuple[Copyable, ...]) -> None:
        super().__init__()
        self._things = things

    def compose(self) -> ComposeResult:
        options = [Option(_line(thing), id=thing.key) for thing in self._things]
        with Vertical() as box:
            box.border_title = Content("Copy")
            yield OptionList(*options, markup=False)
            words = "The terminal copies (OSC 52). One that does not allow this leaves the clipboard as it is."
            yield Static(words, classes="quiet", markup=False)

    def on_key(self, event: events.Key) -> None:
        for thing in self._things:
            if event.key == thing.key:
                event.stop()
                self.dismiss(thing)
                return

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(next(thing for thing in self._things if thing.key == event.option.id))


def _line(thing: Copyable) -> Content:
    mark = Content.styled("  (secret, in clear)", "$text-warning") if thing.secret else Content("")
    return Content.assemble((thing.key, "bold $text-accent"), f"  {thing.name}", mark)
