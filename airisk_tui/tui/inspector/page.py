"""The lines that a page of the inspector is made of. A line may name the place to which evidence points."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct
from textual.content import Content

from airisk_tui.tui.inspector.chips import Secrets, with_chips
from airisk_tui.tui.shared.drawing.styles import QUIET
from airisk_tui.tui.shared.drawing.text import beside

LABEL = 14
"""Columns of a label: `client_secret` and a space."""

NARROW = 50
"""Columns below which a value that is too long stands below its label."""

INDENT = 2
"""Columns by which such a value is indented."""

MAX_VALUE = 2_000
"""Characters of one value: some twenty-five lines of a narrow column; m shows more (threats.md S4)."""

MAX_ITEMS = 100
"""Headers, parameters, claims or members of an answer that are listed: far more than honest servers send; m shows more."""

MORE = 4
"""The factor by which every limit grows each time a person asks for more."""


class PageOptions(Struct, frozen=True):
    """How a page is drawn.

    width: columns; now: wall clock in seconds since the epoch, or None; more: how often a person asked for more; raw: whether
    bodies are shown as they came; hexadecimal: whether as bytes; acts: whether keys do something with the token; closed: the
    folds that are closed, by `Line.fold`.
    """

    secrets: Secrets
    width: int
    now: float | None = None
    more: int = 0
    raw: bool = False
    hexadecimal: bool = False
    acts: bool = False
    closed: frozenset[str] = frozenset()

    def limit(self, count: int) -> int:
        """A limit, raised as often as a person asked for more."""
        return count * int(MORE**self.more)

    def text(self, value: str, style: str = "") -> Content:
        """A foreign value, with a chip for each secret."""
        return with_chips(value, self.secrets, style, limit=self.limit(MAX_VALUE))


class Line(Struct, frozen=True):
    """A line before it is wrapped. place: the name of the header, parameter or field that it shows, or ""; fold: the name of the fold that
    begins with this line, or ""."""

    content: Content
    place: str = ""
    fold: str = ""


def sentence(text: str, style: str = "") -> Line:
    """A sentence of this program; it holds no foreign text."""
    return Line(Content.styled(text, style))


def note(text: str) -> Line:
    """A muted sentence of this program."""
    return sentence(text, QUIET)


def heading(text: str) -> list[Line]:
    """A heading with an empty line above it."""
    return [sentence(""), sentence(text, "bold $text-primary")]


def labelled(label: str, value: Content, options: PageOptions, place: str = "", *, prose: bool = False) -> list[Line]:
    """A label and its value, side by side where there is room.

    A longer value is folded beside its label on a wide screen and below it on a narrow one. prose: the value is a
    sentence of this program and breaks between words; a foreign value may break anywhere.
    """
    name = options.text(label, QUIET)
    room = max(options.width - LABEL, 8)
    wide = options.width >= NARROW
    if name.cell_length < LABEL and (wide or value.cell_length <= room):
        lines = beside(name, _folded(value, room, prose), LABEL)
    elif wide and name.cell_length + value.cell_length + 1 <= options.width and "\n" not in value.plain:
        lines = [Content.assemble(name, " ", value)]
    else:
        parts = _folded(value, max(options.width - INDENT, 8), prose)
        lines = [*([name] if name.plain else []), *(Content.assemble(" " * INDENT, part) for part in parts)]
    return [Line(line, place) for line in lines]


def listed(
    mark: str, name: str, value: Content, options: PageOptions, place: str = "", *, style: str = "", column: int = LABEL
) -> list[Line]:
    """A row of a list: a mark, a name, and beside them the value, however narrow the page is.

    style: of the mark; column: cells of mark and name.
    """
    lead = Content.assemble((mark, style), " ", options.text(name, QUIET)).truncate(column - 1, ellipsis=True)
    return [Line(line, place) for line in beside(lead, value.wrap(max(options.width - column, 8)), column)]


def _folded(value: Content, width: int, prose: bool) -> list[Content]:
    return value.wrap(width) if prose else value.fold(width)


def each_labelled(
    pairs: Iterable[tuple[str, Any]],
    options: PageOptions,
    what: str = "",
    words: Callable[[str, Any, PageOptions], Content] | None = None,
) -> list[Line]:
    """Lines for names and foreign values, as far as the limit allows; each name is a place. what: the noun for those left out, with a
    space before it; words: writes a value, None where it is a text."""
    named, limit = list(pairs), options.limit(MAX_ITEMS)
    lines: list[Line] = []
    for name, value in named[:limit]:
        lines += labelled(name, words(name, value, options) if words else options.text(value), options, name)
    return lines + left_out(len(named) - limit, what)


def left_out(count: int, what: str) -> list[Line]:
    """The line that says how many things were left out; nothing for 0. what: the noun, with a space before it."""
    return [note(f"… {count:,} more{what}; m shows more")] if count > 0 else []


def line_of(page: list[Line], place: str) -> int | None:
    """The index of the first line that shows a place, or None; the exact name first, then without regard to case, as
    header names are compared (RFC 9110 §5.1), then the last member of a path such as data.access_token."""
    places = [line.place for line in page]
    if place in places:
        return places.index(place)
    folded = [one.lower() for one in places]
    names = (place.lower(), place.lower().rpartition(".")[2])
    return next((folded.index(name) for name in names if name and name in folded), None)
