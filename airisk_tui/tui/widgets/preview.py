"""The live preview: the authorization request as it will leave, one parameter a line, or as one URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from airisk_tui.tui.text import shown

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft

MAX_VALUE = 600
"""Characters of one value in the preview: 15 lines of the narrowest column; the full URL is one key away (S4)."""


class Preview(VerticalScroll, can_focus=True):
    """See the module. `whole`: the URL in one piece."""

    def __init__(self) -> None:
        super().__init__(id="preview")
        self._draft: Draft | None = None
        self._whole = False
        self._text = Static(markup=False)
        self.border_title = "Authorization request"

    def compose(self) -> object:
        """One text, scrolled when it is long."""
        yield self._text

    def show(self, draft: Draft) -> None:
        """Draw the request of this draft."""
        self._draft = draft
        self._text.update(whole_url(draft) if self._whole else by_parameter(draft))

    def toggle(self) -> None:
        """Between one parameter a line and the whole URL."""
        self._whole = not self._whole
        if self._draft is not None:
            self.show(self._draft)


def whole_url(draft: Draft) -> Content:
    """The exact URL."""
    return shown(draft.authorization_url)


def by_parameter(draft: Draft) -> Content:
    """The method and the endpoint, then each parameter with its exact, percent-encoded value."""
    place = _place(draft)
    params = [(quote(n, safe="", errors="replace"), quote(v, safe="", errors="replace")) for n, v in draft.preview()]
    width = min(max((len(name) for name, _ in params), default=0), 16)
    lines = [Content.assemble(("GET ", "bold"), shown(place, limit=MAX_VALUE))]
    for index, (name, value) in enumerate(params):
        mark = "?" if index == 0 and "?" not in place else "&"
        head = Content.assemble((f"{mark} ", "$text-muted"), shown(name.ljust(width), "$text-accent", limit=MAX_VALUE))
        lines.append(Content.assemble(head, (" = ", "$text-muted"), shown(value, limit=MAX_VALUE)))
    return Content("\n").join(lines)


def _place(draft: Draft) -> str:
    """The authorization URL without our own parameters."""
    query = draft.preview().encode()
    return draft.authorization_url.removesuffix(query)[:-1] if query else draft.authorization_url
