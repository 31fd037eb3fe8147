"""The tab Body: JSON laid out, text as it came one key away, bytes as a hex view, the cut marked (threats.md C2, C4, S4)."""

from __future__ import annotations

from itertools import islice

from textual.content import Content

from airisk_tui.oauth.http import Body, Headers, header
from airisk_tui.oauth.text import decoded, visible
from airisk_tui.tui.inspector.chips import chipped
from airisk_tui.tui.inspector.json_tree import Piece, Row, layout, looks_like_json
from airisk_tui.tui.inspector.message import parameters
from airisk_tui.tui.inspector.page import Line, Look, fact, quiet, words
from airisk_tui.tui.inspector.subject import NOTHING_YET, Subject
from airisk_tui.tui.run.rail import QUIET

MAX_BYTES = 64 * 1024
"""Bytes of a preview: some eight hundred lines of a full screen, drawn well below 100 ms."""

MAX_LINES = 200
"""Lines of a preview: five screens; one key shows four times as many."""

MAX_LINE = 4_000
"""Characters of one line of a preview."""

MAX_HEX_LINES = 128
"""Lines of the hex view: 2 KiB, enough to know a file format by."""

SAMPLE = 1_024
"""Bytes that are looked at to tell text from bytes."""

CUTS = {
    "size": "The body was cut at 10 MiB; the rest was not read.",
    "deadline": "The body was cut: the time for the exchange was over.",
    "connection": "The body was cut: the connection ended before all of it had come.",
    "encoding": "The body was cut: its content encoding could not be undone further.",
}
TONES = {"name": "$text-primary", "string": "$text-success", "word": "$text-accent", "mark": QUIET}


def body_page(subject: Subject, look: Look) -> list[Line]:
    """What the server sent, then what we sent."""
    lines: list[Line] = []
    if subject.response is not None:
        lines += _body("Response body", subject.response.body, subject.response.headers, look)
    if subject.request is not None and subject.request.body.size:
        lines += [words("")] if lines else []
        lines += _sent(subject, look)
    if not lines:
        lines = (
            [quiet(subject.note or NOTHING_YET)] if subject.fault is None else [quiet("No answer came, so no body.")]
        )
    return lines


def _sent(subject: Subject, look: Look) -> list[Line]:
    request = subject.request
    assert request is not None  # noqa: S101 - the caller has looked
    forms = [pair for pair in parameters(request) if pair[0] != "Parameters in the query"]
    if look.raw or look.hexadecimal or not forms or looks_like_json(decoded(request.body.data[:SAMPLE])):
        return _body("Request body", request.body, request.headers, look)
    lines = _title("Request body", request.body, request.headers)
    for _, fields in forms:
        lines += [line for name, value in fields.items[: look.cap(100)] for line in fact(name, look.text(value), look)]
    return lines


def _title(title: str, body: Body, headers: Headers) -> list[Line]:
    media = header(headers, "content-type") or "no content type"
    wire = f", {body.wire:,} on the wire" if body.wire != body.size else ""
    kind = visible(media[:100])
    return [words(title, "bold $text-primary"), quiet(f"{kind} · {body.size:,} bytes{wire}"), words("")]


def _body(title: str, body: Body, headers: Headers, look: Look) -> list[Line]:
    lines = _title(title, body, headers)
    if body.cut is not None:
        lines.append(words(CUTS.get(body.cut, "The body was cut."), "bold $text-warning"))
    if not body.data:
        return [*lines, quiet("There is no body.")]
    if look.hexadecimal or is_binary(body.data):
        return lines + hex_lines(body.data, look)
    return lines + _text(body, charset(headers), look)


def charset(headers: Headers) -> str:
    """The declared charset, else UTF-8 (RFC 8259 §8.1)."""
    _, mark, rest = (header(headers, "content-type") or "").lower().partition("charset=")
    return rest.partition(";")[0].strip(" \"'") if mark else "utf-8"


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text in an encoding that servers use: NULs that are not UTF-16's, or mostly controls."""
    sample = data[:SAMPLE]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    controls = sum(byte < 0x20 and byte not in b"\t\r\n\x0c\x1b" for byte in sample)
    return b"\0" in sample or controls * 10 > len(sample)


def _text(body: Body, encoding: str, look: Look) -> list[Line]:
    limit, most = look.cap(MAX_BYTES), look.cap(MAX_LINES)
    text = decoded(body.data[:limit], _known(body.data, encoding))
    cut = len(body.data) > limit or body.cut is not None
    rows = None if look.raw or not looks_like_json(text) else layout(text, cut, most + 1)
    lines = _plain(text, look, most + 1) if rows is None else [_row(row, look) for row in rows]
    more = len(lines) > most or len(body.data) > limit
    lines = lines[:most]
    if more:
        lines.append(quiet("… and more of it; m shows more"))
    if rows is not None or look.raw:
        lines += [words(""), quiet("p lays it out" if look.raw else "p shows it as it came")]
    return lines


def _known(data: bytes, encoding: str) -> str:
    """The encoding that the bytes themselves begin with, else the declared one."""
    return "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding


def _plain(text: str, look: Look, most: int) -> list[Line]:
    lines = text.replace("\r\n", "\n").split("\n", most)[:most]
    return [Line(chipped(line, look.secrets, limit=look.cap(MAX_LINE))) for line in lines]


def _row(row: Row, look: Look) -> Line:
    pieces = [_piece(piece, look) for piece in islice(row.pieces, 0, 10)]
    return Line(Content.assemble(" " * row.indent, *pieces), row.name)


def _piece(piece: Piece, look: Look) -> Content:
    return chipped(piece.text, look.secrets, TONES[piece.kind], limit=look.cap(MAX_LINE))


def hex_lines(data: bytes, look: Look) -> list[Line]:
    """Offset, bytes, and the printable ASCII among them; as many bytes a line as there is room for."""
    count = next((n for n in (16, 8) if 6 + n * 4 + 2 <= look.width), 4)
    limit = look.cap(MAX_HEX_LINES)
    lines = [_hex_line(data[at : at + count], at, count) for at in range(0, min(len(data), limit * count), count)]
    if len(data) > limit * count:
        lines.append(quiet(f"… {len(data) - limit * count:,} more bytes; m shows more"))
    return lines


def _hex_line(part: bytes, at: int, count: int) -> Line:
    digits = part.hex(" ").ljust(count * 3 - 1)
    letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
    return Line(Content.assemble((f"{at:05x} ", QUIET), digits, " ", (letters, "$text-accent")))
