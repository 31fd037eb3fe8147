"""The preview of the authorization request, exactly as it will be sent: by parameter, or as one URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.tui.shared.drawing.text import shown

if TYPE_CHECKING:
    from airisk_tui.flow.start.inputs import Settings

MAX_COLUMN = 16
"""Cells of the column of names at most: room for `code_challenge`, which has 14."""

MIN_COLUMN = 12
"""Cells for a value at least."""

MAX_VALUE = 600
"""Characters of one value: 15 lines of the narrowest column (threats.md S4); the URL is shown in full."""

FRESH = "made for each run"
"""Stands for a value that each run makes."""

UNDECIDED = Content.styled(
    "The metadata name the endpoint and decide about scope and PKCE; the first run reads them.",
    "$text-muted",
)

ON_DEVICE = Content(
    "This program sends none: it asks the device authorization endpoint of the metadata for a code, which a person types on "
    "another device (RFC 8628)."
)


class Preview(VerticalScroll, can_focus=True):
    """Shows the request of a draft, or of a recorded run's inputs."""

    HELP = "The authorization request exactly as it will be sent. ^L shows it as one URL."

    def __init__(self) -> None:
        super().__init__(id="preview")
        self._text = RequestText()
        self.border_title = Content("Authorization request")

    def compose(self) -> ComposeResult:
        yield self._text

    def show(self, draft: Settings) -> None:
        """Show the request of this draft, or of these inputs."""
        self._text.draft = draft

    def toggle(self) -> None:
        """Switch between the parameters and the URL."""
        self._text.whole = not self._text.whole


class RequestText(Widget):
    """draft: whose request is shown; whole: as one URL."""

    draft: reactive[Settings | None] = reactive(None)
    whole: reactive[bool] = reactive(False, layout=True)

    def watch_draft(self) -> None:
        """Lay out the screen again only where the number of lines changes, which few keystrokes do."""
        width = self.content_size.width
        if width and self.get_content_height(self.size, self.size, width) != self.content_size.height:
            self.refresh(layout=True)

    def render(self) -> Content:
        return self._drawn(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._drawn(width).get_height({}, width) if width else 1

    def _drawn(self, width: int) -> Content:
        if self.draft is None:
            return Content("")
        if self.draft.mode == "device":
            return ON_DEVICE
        return whole_url(self.draft) if self.whole else by_parameter(self.draft, width)


def whole_url(draft: Settings) -> Content:
    """The exact URL."""
    return shown(draft.authorization_url.replace(quote(FRESH, safe=""), FRESH))


def by_parameter(draft: Settings, width: int) -> Content:
    """Method and endpoint, then a line for each parameter with its percent-encoded value."""
    endpoint = _endpoint(draft)
    params = [
        (quote(n, safe="", errors="replace"), v if v == FRESH else quote(v, safe="", errors="replace"))
        for n, v in draft.authorization_params
    ]
    column = min(max((len(name) for name, _ in params), default=0), MAX_COLUMN)
    first, *more = _folded(endpoint, width, 4, 4)
    lines = [Content.assemble(("GET ", "bold"), first), *map(Content, more)]
    for index, (name, value) in enumerate(params):
        mark = "?" if index == 0 and "?" not in endpoint else "&"
        head = visible(shortened(name, MAX_VALUE)).ljust(column)
        first, *more = _folded(value, width, len(head) + 5, 5 + column)
        lines.append(
            Content.assemble((f"{mark} ", "$text-muted"), (head, "$text-accent"), (" = ", "$text-muted"), first)
        )
        lines += [Content(line) for line in more]
    if draft.standard and draft.dialect.authorize_path == STANDARD.authorize_path:
        lines.append(UNDECIDED)
    return Content("\n").join(lines)


def _folded(value: str, width: int, used: int, indent: int) -> list[str]:
    """A value in as many lines as it needs. used: cells of the first line that are taken; indent: of the other lines."""
    value = visible(shortened(value, MAX_VALUE))
    indent = indent if width - indent >= MIN_COLUMN else 4
    room = max(width - used, MIN_COLUMN)
    lines, rest = [value[:room]], value[room:]
    step = max(width - indent, MIN_COLUMN)
    return lines + [" " * indent + rest[at : at + step] for at in range(0, len(rest), step)]


def _endpoint(draft: Settings) -> str:
    """The authorization URL without the parameters of the request."""
    query = draft.authorization_params.encode()
    return draft.authorization_url.removesuffix(query)[:-1] if query else draft.authorization_url
