"""The scrubber: where in a recording the replay stands, and the way through it.

Two lines: a track with a mark for each event, to be clicked; and the steps, the speeds and the event, to be clicked or read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from airisk_tui.tui.replay.player import SPEEDS
from airisk_tui.tui.shared.guard import pictured

GAP = 2

WIDE = 100
"""Columns from which on the steps are named; an event in words needs them more."""


class Button(NamedTuple):
    """Words that can be clicked, and the screen's action that they run."""

    words: str
    action: str
    on: bool = False


class Scrubber(Widget):
    """position: how many events have happened; total: how many there are; label: the event that led here."""

    class Sought(Message):
        """A place on the track was clicked."""

        def __init__(self, position: int) -> None:
            self.position = position
            super().__init__()

    DEFAULT_CSS = """
    Scrubber { height: 2; width: 100%; padding: 0 1; background: $panel; }
    """
    position: reactive[int] = reactive(0)
    total: reactive[int] = reactive(0)
    label: reactive[str] = reactive("")
    playing: reactive[bool] = reactive(False)
    speed: reactive[str] = reactive("1×")

    def __init__(self) -> None:
        super().__init__(id="scrubber")

    def render(self) -> Content:
        """Both lines, for the width there is."""
        width = max(self.content_size.width, 1)
        return Content("\n").join((self._track(width), self._words(width)))

    def _track(self, width: int) -> Content:
        marks = {self._column(index, width) for index in range(self.total + 1)} if self.total < width else set()
        here = self._column(self.position, width)
        passed = "".join("┷" if column in marks else "━" for column in range(here))
        ahead = "".join("┴" if column in marks else "─" for column in range(here + 1, width))
        return Content.assemble((passed, "$text-accent"), ("●", "bold $text-accent"), (ahead, "$foreground 72%"))

    def _column(self, position: int, width: int) -> int:
        return round(position * (width - 1) / self.total) if self.total else 0

    def _words(self, width: int) -> Content:
        left = Content(" " * GAP).join([_drawn(button) for button in self._buttons])
        room = max(width - left.cell_length - GAP, 0)
        right = self._where(room).truncate(room, ellipsis=True)
        return Content.assemble(left, " " * (width - left.cell_length - right.cell_length), right)

    def _where(self, room: int) -> Content:
        """The place and its event; without the word for it where there is no room."""
        place = f"{self.position} of {self.total}"
        whole = Content.assemble((f"event {place}", "bold"), "  ", pictured(self.label))
        return whole if whole.cell_length <= room else Content.assemble((place, "bold"), "  ", pictured(self.label))

    @property
    def _buttons(self) -> tuple[Button, ...]:
        brief = self.content_size.width < WIDE
        back, on = ("◀", "▶") if brief else ("◀ step", "▶ step")
        play = Button("space pause" if self.playing else "space play", "play")
        speeds = (Button(words, f"speed('{words}')", words == self.speed) for words in SPEEDS)
        return (Button(back, "step(-1)"), Button(on, "step(1)"), play, *speeds)

    def _placed(self) -> Iterator[tuple[int, int, Button]]:
        at = 0
        for button in self._buttons:
            width = cell_len(_words_of(button))
            yield at, at + width, button
            at += width + GAP

    async def on_click(self, event: events.Click) -> None:
        """The track seeks, a word does what it says."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        if offset.y == 0 and self.total:
            width = max(self.content_size.width - 1, 1)
            self.post_message(self.Sought(round(offset.x * self.total / width)))
        elif offset.y == 1:
            for start, end, button in self._placed():
                if start <= offset.x < end:
                    await self.screen.run_action(button.action)


def _words_of(button: Button) -> str:
    return f"[{button.words}]" if button.on else button.words


def _drawn(button: Button) -> Content:
    return Content.styled(_words_of(button), "bold reverse" if button.on else "bold $text-accent")
