"""What the pure functions of the screens make of values at their bounds, a line for each. For `tests.tui.said`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, get_args
from unittest.mock import patch

from msgspec.structs import replace
from textual.content import Content
from textual.geometry import Size

from airisk_tui.engine.draft import Draft
from airisk_tui.flow.fold import fold
from airisk_tui.flow.reading.steps import StepName
from airisk_tui.flow.start.inputs import Mode
from airisk_tui.oauth.http import Body, Timing
from airisk_tui.recording.differences import Difference
from airisk_tui.recording.disk.reader import Problem
from airisk_tui.recording.replay import Replay
from airisk_tui.recording.sequence import messages
from airisk_tui.session.last_good import SinceGood
from airisk_tui.tui.comparison.table import LEAST, Line, table_lines
from airisk_tui.tui.inspector.chips import Secrets, with_chips
from airisk_tui.tui.inspector.page import PageOptions, labelled, listed
from airisk_tui.tui.inspector.pages import body, timing
from airisk_tui.tui.inspector.pages.claims import left
from airisk_tui.tui.inspector.pages.json_layout import folded, layout, looks_like_json
from airisk_tui.tui.inspector.pages.last_good import last_good_page
from airisk_tui.tui.inspector.subject import first_choice, subjects
from airisk_tui.tui.replay.inputs import notes_of
from airisk_tui.tui.replay.player import position_of
from airisk_tui.tui.replay.scrubber import label_of
from airisk_tui.tui.run import picture
from airisk_tui.tui.run.request import drafting, preview
from airisk_tui.tui.shared import row_list
from airisk_tui.tui.shared.drawing.text import fitted
from airisk_tui.tui.shared.drawing.times import countdown, duration, timestamp
from airisk_tui.tui.shared.keyboard.keys import key_name
from airisk_tui.tui.shared.screen import size_classes
from tests.recording.disk import HEADER
from tests.recording.logs import LOGS
from tests.runs import CODE, INPUTS

DAY = 86_400
SPANS = (
    -61.0,
    -0.5,
    0.0,
    0.04,
    0.0995,
    1.0,
    59.94,
    60.0,
    61.2,
    3600.0,
    2 * DAY - 1,
    2 * DAY,
    30 * 365 * DAY - 1,
    30 * 365 * DAY,
)
LOG = LOGS["browser-token"]
LONG = LOGS["pasted-after-a-refusal"]
NESTED = '{"a": {"b": [1, 2, {"c": []}], "d": {}}, "e": [[[[[[[[[[[[[[0]]]]]]]]]]]]]]}'


def tables() -> str:
    """A paragraph for each function."""
    return "\n".join(f"\n== {name}\n" + "\n".join(_lines(table)) for name, table in TABLES.items()) + "\n"


def _lines(table: Callable[[], Iterator[tuple[Any, Any]]]) -> Iterator[str]:
    for given, came in table():
        yield f"{given}: {came.markup if isinstance(came, Content) else came}"


def _each(function: Callable[[Any], Any], *values: Any) -> Callable[[], Iterator[tuple[Any, Any]]]:
    return lambda: ((value, function(value)) for value in values)


def _options(width: int) -> PageOptions:
    return PageOptions(Secrets(), width)


def _labelled() -> Iterator[tuple[Any, Any]]:
    for label, value, width in product(
        ("short", "thirteen_long", "fourteen_long_"), ("v" * 34, "v" * 35, "two words " * 4), (48, 49, 50)
    ):
        yield (
            (label, width),
            [line.content.plain for line in labelled(label, Content(value), _options(width), prose=" " in value)],
        )
    yield (
        "listed",
        [line.content.plain for line in listed("✓", "a name that is long", Content("v " * 30), _options(40))],
    )


def _folds() -> Iterator[tuple[Any, Any]]:
    rows = layout(NESTED)
    assert rows is not None
    for closed in (frozenset[int](), frozenset({1}), frozenset({2}), frozenset({0}), frozenset({11})):
        yield (
            sorted(closed),
            [(at, row.indent, "".join(piece.text for piece in row.pieces)) for at, row in folded(rows, closed)],
        )
    for text, cut, limit in (
        (NESTED, False, 3),
        ('{"a": "b', True, None),
        ('{"a": "b', False, None),
        ("{x!}", False, None),
    ):
        yield (
            (text, cut, limit),
            [row.name for row in found] if (found := layout(text, cut, limit)) is not None else None,
        )


def _pictures() -> Iterator[tuple[Any, Any]]:
    for log, width, each in product((LOG, LONG), (30, 60), (1, 2, 3)):
        columns: dict[Any, int] = {"app": 8, "browser": 8 + (width - 10) // 2, "server": width - 2}
        for message in messages(log):
            for line in picture._lines(message, columns, width, {}, each):
                yield (width, each), line
    for room in range(3, 14):
        arrows = (picture._arrow("label", room, messages(LOG)[0], to_right=right) for right in (True, False))
        yield room, list(arrows)


def _positions() -> Iterator[tuple[Any, Any]]:
    replay = Replay(LOG)
    for answer in ("0", "3", "99", "-1", "1.5s", "1.5 s", "0:01", "0:01.5", "1:00", "x", "", "1:", "12345678901"):
        yield answer, position_of(answer, replay)
    yield from ((event.at, label_of(event)) for event in LOG)
    yield None, label_of(None)
    yield "later", label_of(replace(LOG[0], at=61.04))


def _bytes() -> Iterator[tuple[Any, Any]]:
    for data in (b"\x01" * 2 + b"a" * 18, b"\x01" * 3 + b"a" * 17, b"\0", b"\xff\xfea\0", b"\t\r\n\x1b", b""):
        yield data, body.is_binary(data)
    for kind in ("text/plain", 'text/plain; charset="Latin-1"; x=y', "TEXT/PLAIN;CHARSET=utf-16"):
        yield kind, body.charset((("Content-Type", kind),))
    for data in ("\ufeffä".encode("utf-16-le"), "\ufeff{}".encode("utf-16-be"), b"\xc3\xa4"):
        shown = body._text("", Body.of(data), "utf-8", _options(40))
        yield data, [line.content.plain for line in shown]
    for width in (37, 38, 39, 40, 71, 72, 73):
        yield width, [line.content.plain for line in body.hex_lines(bytes(range(20)), _options(width))]


def _timings() -> Iterator[tuple[Any, Any]]:
    for given in (
        Timing(),
        Timing(1.0),
        Timing(0.5, 0.1, 0.2, 0.1, 0.1),
        Timing(0.4, None, 0.1, -0.1, 0.5),
        Timing(2, 0, 0, 0, 0),
    ):
        yield given, timing.parts(given)
        for width in (24, 25, 40):
            yield width, [line.content.plain for line in timing._bars(given, _options(width))]


def _tables() -> Iterator[tuple[Any, Any]]:
    for wanted, width in product(((5, 5, 5), (30, 10, 20), (9, 9, 9)), (20, 24, 40, 67)):
        yield (wanted, width), fitted(wanted, width - 6, LEAST)
    lines = [Line("≠", "name", "a" * 30, None, "bold"), Line("", "x", "some words to wrap", "", words=True)]
    for width in (20, 40):
        yield width, [line.plain for line in table_lines(lines, width)]


def _rows() -> Iterator[tuple[Any, Any]]:
    for room in range(6):
        yield room, [row_list._fit(cell, room) for cell in ("", "abc", "abcd", "花子花")]
    for cell in ("user_9", "User_10", "", "7", "a1b22"):
        yield cell, row_list._order_of(0, row_list.Row("", (cell,)))


def _previews() -> Iterator[tuple[Any, Any]]:
    draft = replace(INPUTS, userid="u" * 40)
    for width in (20, 31, 32, 33, 60):
        yield width, preview.by_parameter(draft, width)
    yield "whole", preview.whole_url(draft)


def _choices() -> Iterator[tuple[Any, Any]]:
    for name, log in LOGS.items():
        state = fold(log)
        for step in get_args(StepName):
            found = subjects(state, step)
            if len(found) > 1:
                yield (name, step), f"{first_choice(state, step, found)} of {[one.name for one in found]}"


def _last_good() -> Iterator[tuple[Any, Any]]:
    state = fold(LOG)
    for count in (0, 1, 2, 41):
        differences = tuple(Difference("run", "input", f"field {number}", "a", None) for number in range(count))
        lines = last_good_page(SinceGood(state, differences), state, _options(76))
        yield count, [line.content.plain for line in (*lines[:3], lines[-1])]


def _file_notes() -> Iterator[tuple[Any, Any]]:
    for count in (0, 3, 4, 5):
        header = replace(HEADER, origin="har" if count else "", secrets="included" if count == 3 else HEADER.secrets)
        yield count, notes_of(header, [Problem(number, "It is odd.") for number in range(count)])


def _port_notes() -> Iterator[tuple[Any, Any]]:
    modes: tuple[Mode, ...] = ("direct", "browser")
    bases = ("http://127.0.0.1:1024/", "http://[::1]:1023/", "HTTPS://[::1]:8765/", "http://example.com:8765/")
    for uri, listen, mode, taken in product(bases, ("", "[::1]:1023", "127.0.0.1:1024"), modes, ("127.0.0.1", "::1")):
        draft = Draft(environment="x", base_url="https://h", client_id="a", redirect_uri=uri, listen=listen, mode=mode)
        with patch.object(drafting, "is_free", lambda host, port, taken=taken: host != taken):
            note = drafting.port_note(draft)
        if note is not None:
            yield (uri, listen, mode, taken), f"{note.field} {note.severity} {note.sentence.plain}"


TABLES: dict[str, Callable[[], Iterator[tuple[Any, Any]]]] = {
    "countdown": _each(countdown, *SPANS),
    "duration": _each(duration, *SPANS),
    "timestamp": _each(timestamp, *SPANS),
    "time that is left": _each(lambda span: left(1e9 + span, 1e9), *SPANS),
    "time of a part": _each(timing._time, 0.0, 0.0004, 1.2345, 9.999, 9.9995, 10.0, 100.0),
    "classes of a size": _each(
        lambda size: size_classes(Size(*size)), (119, 29), (120, 30), (121, 31), (169, 30), (170, 30), (171, 30)
    ),
    "names of keys": _each(
        key_name, "ctrl+a", "ctrl+left", "alt+e", "alt+left", "shift+tab", "f5", "slash", "G", "delete"
    ),
    "looks like JSON": _each(looks_like_json, "", " {", "\ufeff[", "x{", '"'),
    "chips": _each(
        lambda limit: with_chips(f"abc{CODE.reference}def", Secrets(), limit=limit), 0, 2, 3, 4, 40, 60, 100
    ),
    "labels and values": _labelled,
    "folds": _folds,
    "pictures": _pictures,
    "positions": _positions,
    "bytes": _bytes,
    "timings": _timings,
    "columns": _tables,
    "cells": _rows,
    "previews": _previews,
    "the subject that is shown first": _choices,
    "notes about a file": _file_notes,
    "notes about ports": _port_notes,
    "the last run that worked": _last_good,
}
