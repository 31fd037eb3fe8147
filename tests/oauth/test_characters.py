"""What a code or a token is made of decides whether it can be sent (RFC 6749 appendix A.11; RFC 6750 §2.1)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.text.characters import UNUSABLE_CODE, UNUSABLE_TOKEN, characters_of, is_mark, is_redacted


@pytest.mark.parametrize(
    ("value", "made_of"),
    [
        ("SplxlOBeZQQYbYS6WxSbIA", "plain"),
        ("a.b-c_d~e+f/g==", "plain"),
        ("a=b", "visible"),
        ("{abc}", "visible"),
        ('"abc"', "quoted"),
        ("'abc'", "quoted"),
        ("\"abc'", "visible"),
        ("Bearer abc", "spaced"),
        ("  ", "blank"),
        ("", "blank"),
        ("\t\r\n", "blank"),
        ("abc\r\nX-Evil: 1", "hidden"),
        ("\x1b[31mred\x07", "hidden"),
        ("\u202etok", "hidden"),
        ("t\u00f6ken", "foreign"),
        ("\ud800abc", "hidden"),
        ("\ufffd\ufffd", "hidden"),
    ],
)
def test_S1_what_it_is_made_of(value: str, made_of: str) -> None:
    assert characters_of(value) == made_of


@given(st.text(st.characters(codec=None)))
def test_S1_what_can_be_sent_moves_no_cursor_and_ends_no_line(value: str) -> None:
    made_of = characters_of(value)
    if made_of not in UNUSABLE_TOKEN:
        assert re.fullmatch("[!-~]+", value)
    if made_of not in UNUSABLE_CODE and made_of != "blank":
        assert value.isprintable()


@pytest.mark.parametrize(
    "mark",
    [
        "[redacted]",
        "[code redacted]",
        "REDACTED",
        "***REDACTED***",
        "<masked>",
        "{{redacted}}",
        "[Filtered]",
        "****",
        "xxxxx",
        "•••",
    ],
)
def test_a_mark_in_a_value_s_place_is_known(mark: str) -> None:
    assert is_mark(mark)
    assert is_redacted(mark)
    assert characters_of(mark) == "redacted"


@pytest.mark.parametrize("value", ["eyJhbGci****", "Splx…IA", "abc...xyz", "token-[redacted]-end"])
def test_a_value_whose_middle_is_left_out_is_redacted_and_no_mark(value: str) -> None:
    assert is_redacted(value)
    assert not is_mark(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "xx",
        "secret",
        "state",
        "user_42",
        "a..b",
        "eyJ.a..b.c",
        "http://127.0.0.1:8765/callback",
        "Invalid Code",
        "Wait ***",
    ],
)
def test_a_value_that_is_short_or_says_something_is_no_mark(value: str) -> None:
    assert not is_redacted(value)


@pytest.mark.parametrize("text", ["*" * 9_000, "_" * 9_000, "-_" * 4_500, "[a" * 4_500, "[redacted" * 900, "a_" * 60])
def test_no_text_takes_long_to_look_at(text: str) -> None:
    is_redacted(text)
