"""The tab Body: JSON laid out, other text as it came, and other bytes as a hex view; it says where a body was cut (threats.md C2, C4,
S4)."""

from __future__ import annotations

from itertools import islice

from textual.content import Content

from airisk_tui.oauth.http import Body, Headers, HttpRequest, header
from airisk_tui.oauth.text.visible import decoded, visible
from airisk_tui.tui.inspector.chips import with_chips
from airisk_tui.tui.inspector.page import Line, PageOptions, each_labelled, left_out, note, sentence
from airisk_tui.tui.inspector.pages.json_layout import Row, folded, layout, looks_like_json
from airisk_tui.tui.inspector.pages.message import IN_QUERY, parameters
from airisk_tui.tui.inspector.subject import NOTHING_YET, Subject
from airisk_tui.tui.shared.drawing.styles import QUIET
from airisk_tui.tui.shared.keyboard.keys import chosen_key

MAX_BYTES = 64 * 1024
"""Bytes of a body that are drawn: some eight hundred lines, in well below 100 ms."""

MAX_LINES = 200
"""Lines of a body: five screens; m shows four times as many."""

MAX_LINE = 4_000
"""Characters of one line of a body."""

MAX_HEX_LINES = 128
"""Lines of the hex view: 2 KiB, enough to recognise a file format."""

SAMPLE = 1_024
"""Bytes that are examined to tell text from binary data."""

CUTS = {
    "size": "The body was too large: only its beginning was kept.",
    "deadline": "The body was cut: the time limit of the exchange was reached.",
    "connection": "The body was cut: the connection ended before the whole body had arrived.",
    "encoding": "The body was cut: the rest of its content encoding could not be decoded.",
    "sealed": "The whole body was sealed: it holds more values than can be examined one by one.",
    "not-recorded": "The file that this run was imported from does not hold the body.",
}
STYLES = {"name": "$text-primary", "string": "$text-success", "word": "$text-accent", "mark": QUIET}


def body_page(subject: Subject, options: PageOptions) -> list[Line]:
    """The body of the response, then the body of the request."""
    lines: list[Line] = []
    if subject.response is not None:
        lines += _body("Response body", subject.response.body, subject.response.headers, options)
    if (request := subject.request) is not None and request.body.size:
        lines += [sentence("")] if lines else []
        lines += _request_body(request, options)
    if lines:
        return lines
    return [note("There is no response, so there is no body." if subject.fault else subject.note or NOTHING_YET)]


def _request_body(request: HttpRequest, options: PageOptions) -> list[Line]:
    """The decoded fields of a form; any other body as it was sent, and a form, too, where a key asks for that."""
    forms = [fields for title, fields in parameters(request) if title != IN_QUERY]
    if options.raw or options.hexadecimal or not forms or looks_like_json(decoded(request.body.data[:SAMPLE])):
        return _body("Request body", request.body, request.headers, options)
    lines = _title("Request body", request.body, request.headers)
    for fields in forms:
        lines += each_labelled(fields.items, options, " parameters")
    return lines


def _title(title: str, body: Body, headers: Headers) -> list[Line]:
    media = visible((header(headers, "content-type") or "no content type")[:100])
    wire = f", {body.wire:,} on the wire" if body.wire != body.size else ""
    return [sentence(title, "bold $text-primary"), note(f"{media} · {body.size:,} bytes{wire}"), sentence("")]


def _body(title: str, body: Body, headers: Headers, options: PageOptions) -> list[Line]:
    lines = _title(title, body, headers)
    if body.cut is not None:
        lines.append(sentence(CUTS.get(body.cut, "The body was cut."), "bold $text-warning"))
    if not body.data:
        return [*lines, note("There is no body.")]
    if options.hexadecimal or is_binary(body.data):
        return lines + hex_lines(body.data, options)
    return lines + _text(title, body, charset(headers), options)


def charset(headers: Headers) -> str:
    """The declared charset, else UTF-8 (RFC 8259 §8.1)."""
    _, mark, rest = (header(headers, "content-type") or "").lower().partition("charset=")
    return rest.partition(";")[0].strip(" \"'") if mark else "utf-8"


def is_binary(data: bytes) -> bool:
    """Whether bytes are not text: they hold NULs, or more than a tenth of them are controls. UTF-16 with a byte order mark,
    which has NULs, is text."""
    sample = data[:SAMPLE]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    controls = sum(byte < 0x20 and byte not in b"\t\r\n\x0c\x1b" for byte in sample)
    return b"\0" in sample or controls * 10 > len(sample)


def _text(title: str, body: Body, encoding: str, options: PageOptions) -> list[Line]:
    limit, most = options.limit(MAX_BYTES), options.limit(MAX_LINES)
    if body.data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"  # a byte order mark goes before the declared charset
    text = decoded(body.data[:limit], encoding)
    cut = len(body.data) > limit or body.cut is not None
    rows = None if options.raw or not looks_like_json(text) else layout(text, cut, most + 1)
    lines = _plain(text, options, most + 1) if rows is None else _rows(title, rows, options)
    more = len(lines) > most or len(body.data) > limit
    lines = lines[:most] + ([note("… more follows; m shows more")] if more else [])
    if rows is not None or options.raw:
        lay, fold = chosen_key("b"), f"; {chosen_key('Space')} folds the line of the cursor"
        lines += [
            sentence(""),
            note(f"{lay} lays the body out" if options.raw else f"{lay} shows the body as it came{fold}"),
        ]
    return lines


def _plain(text: str, options: PageOptions, most: int) -> list[Line]:
    lines = text.replace("\r\n", "\n").split("\n", most)[:most]
    return [Line(_part(line, "", options)) for line in lines]


def _rows(title: str, rows: list[Row], options: PageOptions) -> list[Line]:
    """The lines of the layout, with a mark before each line that can be folded. title: of the body."""
    names = {f"{title} {number}": number for number, row in enumerate(rows) if row.opens}
    closed = {number for name, number in names.items() if name in options.closed}
    lines = []
    for number, row in folded(rows, closed):
        fold = f"{title} {number}" if rows[number].opens else ""
        sign = "  " if not fold else "▸ " if number in closed else "▾ "
        pieces = [_part(piece.text, STYLES[piece.kind], options) for piece in islice(row.pieces, 10)]
        lines.append(Line(Content.assemble(" " * row.indent, (sign, QUIET), *pieces), row.name, fold))
    return lines


def _part(text: str, style: str, options: PageOptions) -> Content:
    return with_chips(text, options.secrets, style, limit=options.limit(MAX_LINE))


def hex_lines(data: bytes, options: PageOptions) -> list[Line]:
    """Offset, bytes, and the printable ASCII among them; 16, 8 or 4 bytes a line, as the width allows."""
    count = next((n for n in (16, 8) if 6 + n * 4 + 2 <= options.width), 4)
    shown = data[: options.limit(MAX_HEX_LINES) * count]
    lines = [_hex_line(shown[at : at + count], at, count) for at in range(0, len(shown), count)]
    return lines + left_out(len(data) - len(shown), " bytes")


def _hex_line(part: bytes, at: int, count: int) -> Line:
    digits = part.hex(" ").ljust(count * 3 - 1)
    letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
    return Line(Content.assemble((f"{at:05x} ", QUIET), digits, " ", (letters, "$text-accent")))
