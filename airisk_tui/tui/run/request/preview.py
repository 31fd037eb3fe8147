"""The preview of the authorization request, exactly as it will be sent: by parameter, or as one URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive

from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.tui.shared.drawing.text import FittedText, shown

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
    """draft: whose request is shown, or the inputs of a recorded run; whole: whether it is shown as one URL."""

    HELP = "The authorization request exactly as it will be sent. ^L shows it as one URL."
    draft: reactive[Settings | None] = reactive(None, init=False, repaint=False)
    whole: reactive[bool] = reactive(False, init=False, repaint=False)

    def __init__(self) -> None:
        super().__init__(id="preview")
        self._text = FittedText(self._lines)
        self.border_title = Content("Authorization request")

    def compose(self) -> ComposeResult:
        yield self._text

    def watch_draft(self) -> None:
        self._text.show(self._lines)

    def watch_whole(self) -> None:
        self._text.show(self._lines)

    def _lines(self, width: int) -> list[Content]:
        if self.draft is None:
            return []
        if self.draft.mode == "device":
            return [ON_DEVICE]
        return [whole_url(self.draft) if self.whole else by_parameter(self.draft, width)]


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
