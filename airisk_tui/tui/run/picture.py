"""The flow as a picture: an arrow for each message between this program, the browser and the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive

from airisk_tui.flow.reading.steps import TITLES, StepName
from airisk_tui.recording.sequence import PARTIES, Message, Party, label_of
from airisk_tui.tui.run.rail import Rail
from airisk_tui.tui.shared.drawing.clickable import ClickableText, clickable
from airisk_tui.tui.shared.drawing.styles import CURSOR, CURSOR_AWAY, QUIET
from airisk_tui.tui.shared.keyboard.keys import bound

if TYPE_CHECKING:
    from textual.geometry import Size

TIME = 8
"""Cells of the time before the first lifeline, such as "  12.3 s"."""

MOST = 3
"""The most lines that a message gets."""

AROUND = 16
"""Lines of everything but the messages: the title, the footer, the borders and the inbox."""

STEPS: Mapping[str, StepName] = {
    "discovery": "authorization-request",
    "stray": "redirect",
    "refresh": "token-request",
    "keys": "token",
}
"""By what a message is about, its step, where that has another name."""


class Picture(ClickableText, can_focus=True):
    """sequence: the messages; names: of the secrets in their labels; cursor: the index of a message. Posts `Rail.Chosen`."""

    DEFAULT_CSS = """
    Picture { height: auto; width: 1fr; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("up", "move(-1)", "Previous message"),
        bound("down", "move(1)", "Next message"),
        bound("left", "screen.part('inspector', 'tab(-1)')", "The inspector's previous tab"),
        bound("right", "screen.part('inspector', 'tab(1)')", "The inspector's next tab"),
        bound("choose", "choose", "Inspect the message"),
    ]
    sequence: reactive[tuple[Message, ...]] = reactive((), layout=True)
    cursor: reactive[int] = reactive(0)

    def __init__(self) -> None:
        super().__init__(id="picture", classes="box")
        self.names: Mapping[str, str] = {}
        self.border_title = Content("Flow")

    def show(self, sequence: tuple[Message, ...], names: Mapping[str, str]) -> None:
        """Show these messages. A cursor at the last message stays at the last one."""
        at_end = self.cursor >= len(self.sequence) - 1
        self.names = names
        if sequence != self.sequence:
            self.sequence = sequence
            self.cursor = max(0, len(sequence) - 1) if at_end else min(self.cursor, len(sequence) - 1)

    @property
    def parties(self) -> list[Party]:
        """The parties that have a lifeline; the browser has one only where it takes part."""
        there = {party for one in self.sequence for party in (one.sender, one.receiver)}
        return [party for party in PARTIES if party != "browser" or "browser" in there or not self.sequence]

    @property
    def each(self) -> int:
        """Lines of a message: 1 with the label on the arrow, 2 with the label above it, 3 with an empty line after it."""
        room = self.screen.size.height - AROUND
        return max(1, min(MOST, room // max(len(self.sequence), 1)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + max(len(self.sequence) * self.each, 1)

    def render(self) -> Content:
        width = self.content_size.width
        columns = self._columns(width)
        lines = [Content.styled(self._titles(columns, width), "bold")]
        for index, message in enumerate(self.sequence):
            for at, line in enumerate(_lines(message, columns, width, self.names, self.each)):
                marked = index == self.cursor and at < MOST - 1
                line = line.stylize(CURSOR if self.has_focus else CURSOR_AWAY) if marked else line
                lines.append(clickable(line, f"open({index})"))
        if not self.sequence:
            lines.append(Content.styled("Nothing has been sent yet.", QUIET))
        return Content("\n").join(lines)

    def _columns(self, width: int) -> dict[Party, int]:
        parties = self.parties
        room = max(width - TIME - 2, len(parties))
        return {party: TIME + room * at // (len(parties) - 1) for at, party in enumerate(parties)}

    def _titles(self, columns: Mapping[Party, int], width: int) -> str:
        line = " " * width
        for party, at in columns.items():
            title = PARTIES[party]
            start = max(0, min(at - len(title) // 2, width - len(title)))
            line = line[:start] + title + line[start + len(title) :]
        return line

    def action_move(self, by: int) -> None:
        if self.sequence:
            self.cursor = max(0, min(len(self.sequence) - 1, self.cursor + by))
            self._choose(opened=False)

    def action_choose(self) -> None:
        if self.sequence:
            self._choose(opened=True)

    def _choose(self, *, opened: bool) -> None:
        message = self.sequence[self.cursor]
        step = STEPS.get(message.about, message.about)
        if step in TITLES:
            self.post_message(Rail.Chosen(step, opened, message.request))

    def action_open(self, index: int) -> None:
        self.cursor = index
        self._choose(opened=True)


def _lines(
    message: Message, columns: Mapping[Party, int], width: int, names: Mapping[str, str], each: int
) -> Iterator[Content]:
    """The lines of a message: time, lifelines, and the arrow with its label."""
    left, right = sorted((columns[message.sender], columns[message.receiver]))
    before = f"{message.at:{TIME - 3}.1f} s".ljust(TIME)
    head = "".join("│" if at in columns.values() else " " for at in range(TIME, left + 1))
    tail = "".join("│" if at in columns.values() else " " for at in range(right, width))
    label, room, to_right = label_of(message, names), right - left - 1, columns[message.receiver] == right
    middles = [_arrow(label if each == 1 else "", room, message, to_right=to_right), *[" " * room] * (each - 2)]
    if each > 1:
        middles.insert(0, Content(label).truncate(room, ellipsis=True).plain.center(room))
    tone = "bold $text-error" if message.failed else "" if message.seen else QUIET
    for middle in middles:
        middle = set_cell_size(middle, room)
        yield Content.assemble((before, QUIET), (head, QUIET), (middle, tone), (tail, QUIET)).truncate(width)
        before = " " * TIME


def _arrow(label: str, room: int, message: Message, *, to_right: bool) -> str:
    """An arrow of so many cells. A failed message has a cross as its head, one that is only inferred a dotted line."""
    stroke = "─" if message.seen else "╌"
    head = "✗" if message.failed else "▶" if to_right else "◀"
    words = f" {label} " if label else ""
    if cell_len(words) > room - 3:
        words = set_cell_size(words, max(room - 4, 0)).rstrip() + "…" if room > 4 else ""
    line = stroke * max(room - 2 - cell_len(words), 0)
    return f"{stroke}{words}{line}{head}" if to_right else f"{head}{line}{words}{stroke}"
