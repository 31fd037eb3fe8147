"""JSON laid out for reading: nothing of it is lost, whatever it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.tui.inspector.pages.json_layout import folded, layout, looks_like_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def text_of(document: str, cut: bool = False) -> str | None:
    rows = layout(document, cut)
    if rows is None:
        return None
    return "\n".join(" " * row.indent + "".join(piece.text for piece in row.pieces) for row in rows)


def test_members_stand_one_below_the_other() -> None:
    assert text_of('{"a":1,"b":{"c":[true,"x"],"d":{}},"e":[]}') == (
        '{\n  "a": 1,\n  "b": {\n    "c": [\n      true,\n      "x"\n    ],\n    "d": {}\n  },\n  "e": []\n}'
    )


def test_duplicates_order_and_every_digit_stay_as_they_came() -> None:
    document = '{"a":1.000000000000000000001,"a":1E400,"a":NaN}'
    assert text_of(document) == '{\n  "a": 1.000000000000000000001,\n  "a": 1E400,\n  "a": NaN\n}'


def test_each_member_is_known_by_its_name() -> None:
    rows = layout('{"a":{"b":1},"c":[{"d":2}]}') or []
    assert [row.name for row in rows if row.name] == ["a", "b", "c", "d"]


@given(VALUES)
def test_it_reads_as_the_same_value(value: Any) -> None:
    for document in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        shown = text_of(document)
        assert shown is not None
        assert json.loads(shown) == value


@given(VALUES, st.integers(0, 200))
def test_a_document_that_was_cut_is_laid_out_as_far_as_it_came(value: Any, at: int) -> None:
    document = json.dumps({"a": value})[:at]
    shown = text_of(document, cut=True)
    if shown is not None:
        assert "".join(shown.split()) == "".join(document.split())


@given(st.text(max_size=80), st.booleans())
def test_no_text_makes_it_fail(text: str, cut: bool) -> None:
    looks_like_json(text)
    layout(text, cut)


@pytest.mark.parametrize("text", ['{"a": b c; }', "{<html>}", '{"a": "unclosed}', "{'a': 1}"])
def test_what_is_not_made_of_json_is_not_laid_out(text: str) -> None:
    assert layout(text) is None


def test_a_deep_document_does_not_leave_the_screen() -> None:
    assert max(row.indent for row in layout("[" * 5_000) or []) <= 24


def test_what_is_closed_takes_one_line_and_a_fold_within_it_waits() -> None:
    rows = layout('{"a":{"b":[1,2],"c":3},"d":[]}') or []

    def lines(*closed: int) -> list[str]:
        return ["".join(piece.text for piece in row.pieces) for _, row in folded(rows, closed)]

    assert lines(2) == ["{", '"a": {', '"b": [ … 2 lines ],', '"c": 3', "},", '"d": []', "}"]
    assert lines(1) == lines(1, 2) == ["{", '"a": { … 5 lines },', '"d": []', "}"]
    assert lines(0) == ["{ … 8 lines }"]
    assert [number for number, _ in folded(rows, ())] == list(range(len(rows)))
    cut = layout('{"a":[1,2', cut=True) or []
    assert ["".join(piece.text for piece in row.pieces) for _, row in folded(cut, {0})] == ["{ … 3 lines or more"]
