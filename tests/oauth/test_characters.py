"""What a code or a token is made of decides whether it can be sent (RFC 6749 appendix A.11; RFC 6750 §2.1)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.characters import UNUSABLE_CODE, UNUSABLE_TOKEN, characters_of


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
