"""Laying out JSON for reading, token by token (RFC 8259 §2).

No value is parsed, so duplicate names, the order and every digit stay as they came. Text with anything but JSON's tokens is not laid out.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from itertools import chain, islice, pairwise

from msgspec import Struct

from airisk_tui.later import pattern

INDENT = 2
MAX_INDENT = 24
"""Columns: deeper levels are not indented further, so that a deeply nested document fits a narrow screen."""

_TOKEN = pattern(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*(?:"|$))|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)|(?P<colon>:)"""
    r"""|(?P<word>[-+.\w]+))""",
    re.DOTALL,
)


class Piece(Struct, frozen=True):
    """A part of a line. kind: "name" of a member, "string", "word" (a number or literal) or "mark" (a bracket, comma or colon)."""

    text: str
    kind: str


class Row(Struct, frozen=True):
    """One line of the layout. name: of the member that it shows, as it is written between the quotes, or ""."""

    indent: int
    pieces: tuple[Piece, ...]
    name: str = ""

    @property
    def opens(self) -> bool:
        """Whether an object or an array begins here that ends on a later line."""
        return _is_open(self.pieces)

    @property
    def closes(self) -> bool:
        """Whether one ends here that began on an earlier line."""
        return self.pieces[0].kind == "mark" and self.pieces[0].text in ("}", "]")


def looks_like_json(text: str) -> bool:
    """Whether a text begins like a JSON object or array."""
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


class NotJson(Exception):
    """The text holds something that is no token of JSON."""


def layout(text: str, cut: bool = False, limit: int | None = None) -> list[Row] | None:
    """The first `limit` lines, or None where they hold anything but JSON's tokens; later lines are not read.

    cut: the text may end inside a token.
    """
    try:
        return list(islice(_rows(_tokens(text.lstrip("\ufeff"), cut)), limit))
    except NotJson:
        return None


def _tokens(text: str, cut: bool) -> Iterator[Piece]:
    position, end = 0, len(text.rstrip())
    while position < end:
        token = _TOKEN.match(text, position)
        if token is None or token.end() == position or token.lastgroup is None:
            raise NotJson
        if token.lastgroup == "string" and not _closed(token["string"]) and not cut:
            raise NotJson
        yield Piece(token[token.lastgroup], token.lastgroup)
        position = token.end()


def _closed(string: str) -> bool:
    return len(string) > 1 and string.endswith('"')


def _rows(tokens: Iterator[Piece]) -> Iterator[Row]:
    depth, line, name = 0, list[Piece](), ""
    for token, after in pairwise(chain(tokens, (Piece("", ""),))):
        if token.kind == "close":
            if line and not _is_open(line):
                yield Row(_column(depth), tuple(line), name)
                line, name = [], ""
            depth -= 1
            line.append(Piece(token.text, "mark"))
        elif token.kind == "open":
            line.append(Piece(token.text, "mark"))
            depth += 1
            if after.kind != "close":
                yield Row(_column(depth - 1), tuple(line), name)
                line, name = [], ""
        elif token.kind == "comma":
            yield Row(_column(depth), (*line, Piece(",", "mark")), name)
            line, name = [], ""
        elif token.kind == "colon":
            line.append(Piece(": ", "mark"))
        elif token.kind == "string" and after.kind == "colon":
            line, name = [*line, Piece(token.text, "name")], token.text[1:-1]
        else:
            line.append(token)
    if line:
        yield Row(_column(depth), tuple(line), name)


def folded(rows: Sequence[Row], closed: Container[int]) -> Iterator[tuple[int, Row]]:
    """The lines with their indices; what is folded becomes one line. closed: the indices of the lines that are folded."""
    lines = iter(enumerate(rows))
    for number, row in lines:
        if not row.opens or number not in closed:
            yield number, row
            continue
        depth = 1
        for last, end in lines:
            depth -= end.closes
            if not depth:
                words = "1 line" if last == number + 2 else f"{last - number - 1} lines"
                yield number, Row(row.indent, (*row.pieces, Piece(f" … {words} ", "mark"), *end.pieces), row.name)
                break
            depth += end.opens
        else:
            words = f" … {len(rows) - number - 1} lines or more"
            yield number, Row(row.indent, (*row.pieces, Piece(words, "mark")))


def _is_open(line: Sequence[Piece]) -> bool:
    return line[-1].text in ("{", "[") and line[-1].kind == "mark"


def _column(depth: int) -> int:
    return max(0, min(depth * INDENT, MAX_INDENT))
