"""No control leaves the one function that makes text for the screen, and nothing else is changed (threats.md S1, S2, S3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.oauth.text.visible import MAX_MARKS, decoded, hidden, shortened, visible

CHUNK = 0x1000
ANY_TEXT = st.text(st.characters())
MARKS = st.sampled_from("\u0301\u0489\u064b\u05b0\u0e49\u0f90\u1163\u11a8\u20dd\ufe20\U0001d167\U0001e8d0")

DEFAULT_IGNORABLE = (
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
    *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
    *((0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
"""Unicode's Default_Ignorable_Code_Point, from DerivedCoreProperties.txt."""

BLANK = {0x2800, 0xFFFC, 0x16FE4, 0x1D159}
"""Drawn as nothing, though not ignorable: Braille blank, object replacement, Khitan filler, null notehead."""


def ignorable(point: int) -> bool:
    return any(first <= point <= last for first, last in DEFAULT_IGNORABLE)


def noncharacter(point: int) -> bool:
    return 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE


def must_be_hidden(point: int) -> bool:
    category = unicodedata.category(chr(point))
    return (
        category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        or (category == "Zs" and point != 0x20)
        or ignorable(point)
        or noncharacter(point)
        or point in BLANK
    )


def chunks() -> Iterator[range]:
    return (range(start, start + CHUNK) for start in range(0, 0x110000, CHUNK))


@pytest.fixture(scope="module")
def hidden_points() -> frozenset[int]:
    return frozenset(point for chunk in chunks() for point in chunk if must_be_hidden(point))


def test_s1_s3_no_control_and_no_invisible_character_of_unicode_leaves_it(hidden_points: frozenset[int]) -> None:
    for chunk in chunks():
        shown = visible("x".join(map(chr, chunk)))
        assert hidden_points.isdisjoint(map(ord, shown)), f"in U+{chunk.start:04X}…"


def test_s2_what_can_be_seen_is_unchanged(hidden_points: frozenset[int]) -> None:
    for chunk in chunks():
        text = "x".join(chr(point) for point in chunk if point not in hidden_points)
        assert visible(text) == text, f"in U+{chunk.start:04X}…"


def test_each_hidden_character_is_shown_as_something_of_its_own(hidden_points: frozenset[int]) -> None:
    assigned = [chr(point) for point in hidden_points if unicodedata.category(chr(point)) not in ("Cn", "Co", "Cs")]
    names = [visible(character) for character in assigned]
    assert len(set(names)) == len(names)
    assert all(name.strip() for name in names)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("\x00\x07\x7f", "␀␇␡"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("abc\u202egnp.exe", "abc⟨U+202E RIGHT-TO-LEFT OVERRIDE⟩gnp.exe"),
        ("a\u00a0b", "a⟨U+00A0 NO-BREAK SPACE⟩b"),
        ("\u200b", "⟨U+200B ZERO WIDTH SPACE⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041 TAG LATIN CAPITAL LETTER A⟩"),
        ("[bold]@click=app.quit[/]", "[bold]@click=app.quit[/]"),
        ("\r\n", "␍␊"),
    ],
)
def test_the_forms(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    ["Müller", "日本語", "שָׁלוֹם", "สวัสดี", "नमस्ते", "Tiếng Việt", "e\u0301", "\u1112\u1161\u11ab", "😀👍🏽", "⟨U+202E⟩␛"],
)
def test_s2_writing_of_every_kind_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@given(ANY_TEXT)
@example("\r\n\r\r\n\n")
def test_it_is_idempotent_and_printable(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert visible(shown) == shown
    lined = visible(text, lines=True)
    assert visible(lined, lines=True) == lined
    assert lined.replace("\n", "").isprintable()


@given(ANY_TEXT)
def test_lines_are_what_each_line_alone_would_be(text: str) -> None:
    alone = [visible(line) for line in text.replace("\r\n", "\n").split("\n")]
    assert visible(text, lines=True) == "\n".join(alone)


@given(st.text(MARKS | st.sampled_from("aé\U00010400"), max_size=60))
def test_floods_of_combining_marks_are_bounded(text: str) -> None:
    run = longest = 0
    shown = visible(text)
    for character in shown:
        conjoining = "\u1160" <= character <= "\u11ff"
        run = run + 1 if conjoining or unicodedata.category(character) in ("Mn", "Me") else 0
        longest = max(longest, run)
    assert longest <= MAX_MARKS
    assert visible(shown) == shown


def test_a_flood_says_how_many_marks_it_leaves_out() -> None:
    assert visible("e" + "\u0301" * 5) == "e" + "\u0301" * 4 + "⟨1 more combining mark⟩"
    assert visible("e" + "\u0301\U0001e8d0" * 500) == "e" + "\u0301\U0001e8d0" * 2 + "⟨996 more combining marks⟩"
    assert visible("e" + "\u0301" * 4 + "é") == "e" + "\u0301" * 4 + "é"


def test_another_form_may_be_chosen() -> None:
    assert hidden("a\x1b\u202eé", lambda c: f"\\u{ord(c):04x}") == "a\\u001b\\u202eé"


CHARSETS = ("utf-8", "utf-16", "utf-32", "windows-1252", "shift_jis", "ascii", "idna", "punycode", "unicode_escape")
NOT_CHARSETS = (
    "",
    "rot13",
    "zlib",
    "hex",
    "undefined",
    "no-such",
    "a\x00b",
    "\ud800",
    "../x",
    "mbcs",
    "utf-8\n",
    "é" * 999,
)


@given(st.binary(), st.sampled_from(CHARSETS + NOT_CHARSETS) | st.text())
@example(b"\\d \\N{x}", "unicode_escape")
@example(b"+AGE-", "utf-7")
def test_c4_any_bytes_become_text_in_whatever_charset_they_claim(data: bytes, charset: str) -> None:
    assert isinstance(decoded(data, charset), str)


def test_bytes_that_are_not_what_they_claim_are_read_byte_by_byte() -> None:
    assert decoded("é".encode()) == "é"
    assert decoded("é".encode("utf-16"), "utf-16") == "é"
    assert decoded(b"caf\xe9") == "café"
    assert decoded(b"\\x41", "unicode_escape") == "\\x41"


@given(ANY_TEXT, st.integers(0, 50))
def test_s4_shortened_text_keeps_its_beginning_and_counts_the_rest(text: str, limit: int) -> None:
    shown = shortened(text, limit)
    if len(text) <= limit:
        assert shown == text
    else:
        assert shown == f"{text[:limit]}… ({len(text) - limit} more characters)"
