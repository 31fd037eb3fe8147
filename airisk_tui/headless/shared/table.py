"""A table as plain text: titles, columns that align also with wide characters, and no line longer than the terminal."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence

from airisk_tui.oauth.text.visible import with_direction_marks

GAP = "  "

LEAST = 4
"""Cells that a column keeps when it is cut."""


def cells(text: str) -> int:
    """The cells of a text in a terminal (UAX #11): two for a wide character, none for a combining one."""
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitted(text: str, room: int) -> str:
    """The text, padded with blanks to so many cells, or cut with an ellipsis."""
    if cells(text) > room:
        while text and cells(text) >= room:
            text = text[:-1]
        text += "…" if room > 0 else ""
    return text + " " * (room - cells(text))


def width() -> int | None:
    """The columns of the terminal, or of COLUMNS; None where stdout is a file or a pipe, for which nothing is cut."""
    if os.environ.get("COLUMNS", "").isdigit():
        return int(os.environ["COLUMNS"])
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], columns: int | None, important: Sequence[int] = ()
) -> Iterator[str]:
    """The lines of the table. columns: of the terminal, None for as many as needed; important: the indices of the columns in the order in
    which they get their width, by default from left to right. Columns for which too little is left are omitted."""
    lines = [titles, *rows]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    if columns is not None:
        left = columns
        for at in important or range(len(widths)):
            widths[at] = min(widths[at], left) if left >= min(widths[at], LEAST) or left == columns else 0
            left -= widths[at] + len(GAP) if widths[at] else 0
    for line in lines:
        parts = (fitted(text, room) for text, room in zip(line, widths, strict=True) if room)
        text = GAP.join(parts).rstrip()
        yield with_direction_marks(text) if sys.stdout.isatty() else text
