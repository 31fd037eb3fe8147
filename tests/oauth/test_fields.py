"""The named values of a body: what kind it is, and that each value stands where the field says (redaction.md)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.text.fields import fields_in, kind_of
from tests.oauth.bodies import FORM, JSON, PARTS, XML, written

PAGE = "text/html"
PART = '--B\r\nContent-Disposition: form-data; name="code"\r\n\r\nx\r\n--B--\r\n'


@pytest.mark.parametrize(
    ("text", "declared", "kind"),
    [
        ('\ufeff {"code": 1}', PAGE, "json"),
        ("[1]", "", "json"),
        ('"a"', JSON, "json"),
        ('"a"', "text/plain", "text"),
        (PART, "", "multipart"),
        ("--B\n\nx", PARTS, "multipart"),
        ("no part at all", PARTS, "text"),
        ("<a>1</a>", XML, "xml"),
        ("<a>1</a>", "application/xhtml+xml", "html"),
        ("<a>1</a>", "", "html"),
        ("\n<?xml version='1.0'?><a/>", PAGE, "xml"),
        ("code=a&b", "", "form"),
        ("a b", FORM, "form"),
        ("code=a b", "text/plain", "text"),
        ("code=a b", "Text/HTML", "html"),
        ("Unauthorized", "", "text"),
    ],
)
def test_the_first_sign_decides_what_a_body_is_and_where_it_says_nothing_the_content_type(
    text: str, declared: str, kind: str
) -> None:
    assert kind_of(text, declared) == kind


VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x2FF, exclude_characters='<"'), min_size=1)
NAMES = st.sampled_from(["code", "access_token", "a.b", "x-1"])


@given(st.sampled_from([FORM, JSON, XML, PARTS]), st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=4))
def test_every_value_is_read_under_its_name_from_the_place_where_it_stands(
    kind: str, pairs: list[tuple[str, str]]
) -> None:
    text = written(kind, pairs)
    found = list(fields_in(text, kind))
    assert [(one.name, one.value) for one in found if one.name != "id"] == pairs
    for one in found:
        alone = written(kind, [("n", one.value)])
        assert (stands := text[one.start : one.end]) and stands in alone
        assert one.writing == {FORM: "form", JSON: "json", XML: "xml", PARTS: "plain"}[kind]


def test_a_body_that_is_cut_off_or_not_quite_json_is_read_as_far_as_it_goes() -> None:
    text = '{"a": "x\\"y", "n\\u0061me": -1.5e3, "b": ["c", 2, "d'
    assert [(one.name, one.value, one.writing) for one in fields_in(text, JSON)] == [
        ("a", 'x"y', "json"),
        ("", "name", "json"),
        ("name", "-1.5e3", "number"),
        ("b", "c", "json"),
        ("b", "2", "number"),
        ("b", "d", "json"),
    ]
