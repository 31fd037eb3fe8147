"""Foreign text for the screen (threats.md S1 to S3): it becomes `Content` here, without parsing markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import shortened, visible

MAX_SHOWN = 4_000
"""Characters of one value: two thirds of a screen of 140x45 cells (threats.md S4). The inspector shows the rest page by page."""

MAX_LINE = 300
"""Characters of a text that gets one line, or a few of a dialog: more than the widest terminal shows."""

MAX_URL = 1_200
"""Characters of a URL that are shown (threats.md S4); a key copies all of it."""


def shown(text: str, style: str = "", *, lines: bool = False, limit: int = MAX_SHOWN) -> Content:
    """Foreign text as content: every control character visible, secrets as chips, at most `limit` characters.

    lines: whether line breaks are kept.
    """
    return Content.styled(visible(shortened(secrets_named(text), limit), lines=lines), style)


def update_changed(static: Static, words: Content) -> None:
    """Update a widget if its words have changed: `Static.update` lays out the whole screen, even for the same words."""
    before = static.content
    if not (isinstance(before, Content) and before.is_same(words)):
        static.update(words)


def beside(lead: Content, value: Sequence[Content], column: int) -> list[Content]:
    """A value in a column of its own, its first line beside a lead. value: its lines; column: the cells before it."""
    first, *rest = value or (Content(""),)
    gap = Content(" " * (column - lead.cell_length))
    return [Content.assemble(lead, gap, first), *(Content.assemble(" " * column, line) for line in rest)]


def fitted(wanted: Sequence[int], room: int, least: int) -> list[int]:
    """The widths of columns in cells. wanted: the widths of their content; where they do not fit the room, the widest is cut first, as
    long as it has more than `least`."""
    widths = list(wanted)
    while sum(widths) > room and max(widths, default=0) > least:
        widths[widths.index(max(widths))] -= 1
    return widths


def linked(address: str) -> Content:
    """A URL as one link for the terminal, on however many lines it is drawn (OSC 8); as plain text where a character could end the link."""
    text = shown(address, "$text-accent", limit=MAX_URL)
    plain = address.isascii() and address.isprintable() and address.startswith(("http://", "https://"))
    return text.stylize(Style(link=address)) if plain and len(address) <= MAX_URL else text


class FittedText(Widget):
    """Text that is wrapped only once it is known how wide it is. lines: makes its lines for a width in cells."""

    DEFAULT_CSS = "FittedText { height: auto; width: 1fr; }"

    def __init__(self, lines: Callable[[int], Sequence[Content]], id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines = lines
        self._made: tuple[int, Content] | None = None

    def show(self, lines: Callable[[int], Sequence[Content]]) -> None:
        """Show other lines. The screen is laid out again only where their number changes, which few keystrokes in the form do."""
        self._lines, self._made = lines, None
        width, height = self.content_size
        self.refresh(layout=not width or self._at(width).get_height({}, width) != height)

    def _at(self, width: int) -> Content:
        if self._made is None or self._made[0] != width:
            self._made = width, Content("\n").join(self._lines(width))
        return self._made[1]

    def render(self) -> Content:
        return self._at(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._at(width).get_height({}, width) if width else 0
