"""Parameters keep their order and their duplicates, whatever the text (RFC 6749 §3.1, appendix B; threats.md L7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.params import MAX_PARAMS, Params
from airisk_tui.oauth.reference import unmarked

PAIRS = st.lists(st.tuples(st.text(), st.text()), max_size=12)
ANY_TEXT = st.text(st.characters()) | st.text("%&=+;#?0aA\x00\ud800 é")


def sent(items: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What can be put into UTF-8: a lone surrogate has no bytes, and a question mark stands for it."""
    return tuple((n.encode("utf-8", "replace").decode(), v.encode("utf-8", "replace").decode()) for n, v in items)


@given(PAIRS)
def test_what_is_encoded_is_read_back_with_its_order_and_duplicates(items: list[tuple[str, str]]) -> None:
    assert Params.parse(Params(tuple(items)).encode()).items == sent(items)


@given(PAIRS)
def test_encoded_text_is_unreserved_characters_only(items: list[tuple[str, str]]) -> None:
    unreserved = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%&=")
    assert set(Params(tuple(items)).encode()) <= unreserved


@given(ANY_TEXT.map(unmarked))
def test_any_text_is_read_and_reading_is_stable(query: str) -> None:
    """Without the marks of references: those are read as they stand, and never come out of an encoding (redaction.md)."""
    once = Params.parse(query)
    again = Params.parse(once.encode())
    assert again.items == sent(list(once.items))


@given(PAIRS, st.text())
def test_views_agree_with_the_pairs(items: list[tuple[str, str]], name: str) -> None:
    params = Params(tuple(items))
    values = tuple(value for key, value in items if key == name)
    assert params.all(name) == values
    assert params.get(name) == (values[0] if values else None)
    assert (name in params.duplicates()) == (len(values) > 1)
    assert params.without(name).all(name) == ()
    assert len(params.without(name)) == len(params) - len(values)
    assert list(params + params) == items + items


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ("", ()),
        ("a", (("a", ""),)),
        ("=", (("", ""),)),
        ("a=1&a=2&b=&a=1", (("a", "1"), ("a", "2"), ("b", ""), ("a", "1"))),
        ("&&a=1&&", (("a", "1"),)),
        ("a=b=c", (("a", "b=c"),)),
        ("a+b=%20+%2B", (("a b", "  +"),)),
        ("a=1;b=2", (("a", "1;b=2"),)),
        ("a=%C3%A9", (("a", "é"),)),
        ("a=%C3", (("a", "\ufffd"),)),
        ("a=%zz%", (("a", "%zz%"),)),
        ("a=%00", (("a", "\x00"),)),
    ],
)
def test_form_text_is_read_as_browsers_write_it(query: str, items: tuple[tuple[str, str], ...]) -> None:
    assert Params.parse(query).items == items


def test_rfc_6749_appendix_b_example() -> None:
    pair = Params((("x", " %&+£€"),))
    assert pair.encode() == "x=%20%25%26%2B%C2%A3%E2%82%AC"
    assert Params.parse("x=+%25%26%2B%C2%A3%E2%82%AC") == pair


def test_no_more_pairs_are_read_than_any_honest_redirect_has() -> None:
    read = Params.parse("&".join(f"p{number}=x" for number in range(MAX_PARAMS * 3)))
    assert len(read) == MAX_PARAMS
    assert read.items[-1] == (f"p{MAX_PARAMS - 1}", "x")
    assert len(Params.parse("&".join(["p=x"] * MAX_PARAMS))) == MAX_PARAMS


def test_of_leaves_out_what_is_none_and_keeps_what_is_empty() -> None:
    assert Params.of([("a", None), ("b", ""), ("c", "1")]).items == (("b", ""), ("c", "1"))


@given(ANY_TEXT)
def test_F7_no_mark_of_a_reference_comes_out_of_an_encoding(query: str) -> None:
    encoded = Params.parse(query).encode()
    assert not any(mark in text for pair in Params.parse(encoded) for text in pair for mark in "\ufdd0\ufdd1")
