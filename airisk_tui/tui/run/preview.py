"""The live preview: the authorization request as it will leave, one parameter a line, or as one URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from airisk_tui.oauth.text import shortened, visible
from airisk_tui.tui.shared.text import shown

if TYPE_CHECKING:
    from airisk_tui.flow.inputs import Settings

MAX_COLUMN = 16
"""Cells for the names: the longest of the protocol's own is `code_challenge`, and a long one must not push the values out."""

MIN_COLUMN = 12
"""Cells that a value gets in any case."""

MAX_VALUE = 600
"""Characters of one value in the preview: 15 lines of the narrowest column; the full URL is one key away (S4)."""


class Preview(VerticalScroll, can_focus=True):
    """See the module."""

    def __init__(self) -> None:
        super().__init__(id="preview")
        self._text = RequestText()
        self.border_title = Content("Authorization request")

    def compose(self) -> ComposeResult:
        """One text, scrolled when it is long."""
        yield self._text

    def show(self, draft: Settings) -> None:
        """Draw the request of this draft."""
        self._text.draft = draft

    def toggle(self) -> None:
        """Between one parameter a line and the whole URL."""
        self._text.whole = not self._text.whole


class RequestText(Widget):
    """whole: the URL in one piece."""

    draft: reactive[Settings | None] = reactive(None)
    whole: reactive[bool] = reactive(False, layout=True)

    def watch_draft(self) -> None:
        """Lay the screen out anew only when there are more or fewer lines: most keystrokes change none."""
        width = self.content_size.width
        if width and self.get_content_height(self.size, self.size, width) != self.content_size.height:
            self.refresh(layout=True)

    def render(self) -> Content:
        """For the width there is."""
        return self._drawn(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the text has at this width."""
        return self._drawn(width).get_height({}, width) if width else 1

    def _drawn(self, width: int) -> Content:
        if self.draft is None:
            return Content("")
        return whole_url(self.draft) if self.whole else by_parameter(self.draft, width)


def whole_url(draft: Settings) -> Content:
    """The exact URL."""
    return shown(draft.authorization_url)


def by_parameter(draft: Settings, width: int) -> Content:
    """The method and the endpoint, then each parameter with its exact, percent-encoded value."""
    place = _place(draft)
    params = [
        (quote(n, safe="", errors="replace"), quote(v, safe="", errors="replace"))
        for n, v in draft.authorization_params
    ]
    column = min(max((len(name) for name, _ in params), default=0), MAX_COLUMN)
    first, *more = _folded(place, width, 4, 4)
    lines = [Content.assemble(("GET ", "bold"), first), *map(Content, more)]
    for index, (name, value) in enumerate(params):
        mark = "?" if index == 0 and "?" not in place else "&"
        head = visible(shortened(name, MAX_VALUE)).ljust(column)
        first, *more = _folded(value, width, len(head) + 5, 5 + column)
        lines.append(
            Content.assemble((f"{mark} ", "$text-muted"), (head, "$text-accent"), (" = ", "$text-muted"), first)
        )
        lines += [Content(line) for line in more]
    return Content("\n").join(lines)


def _folded(value: str, width: int, used: int, indent: int) -> list[str]:
    """A value over as many lines as it needs, the later ones indented; the first has `used` cells less."""
    value = visible(shortened(value, MAX_VALUE))
    indent = indent if width - indent >= MIN_COLUMN else 4
    room = max(width - used, MIN_COLUMN)
    lines, rest = [value[:room]], value[room:]
    step = max(width - indent, MIN_COLUMN)
    return lines + [" " * indent + rest[at : at + step] for at in range(0, len(rest), step)]


def _place(draft: Settings) -> str:
    """The authorization URL without our own parameters."""
    query = draft.authorization_params.encode()
    return draft.authorization_url.removesuffix(query)[:-1] if query else draft.authorization_url
