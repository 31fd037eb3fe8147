"""Secrets are found again wherever they stand, by the same rule as when each form is looked for by itself (threats.md F1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.recording.echoes import PIECE, Echoes
from airisk_tui.recording.encodings import encoded_forms

SECRETS = ("s3cret/of+the=app", "a-code-of-22-characters", "sch\u00f6nes Geheimnis")
FORMS = sorted(form for secret in SECRETS for form in encoded_forms(secret))


def learned() -> Echoes:
    echoes = Echoes()
    for number, secret in enumerate(SECRETS):
        echoes.learn(secret, b"<%d>" % number)
    return echoes


@given(st.lists(st.one_of(st.binary(max_size=9), st.sampled_from(FORMS)), max_size=6))
def test_every_form_in_a_text_is_replaced(parts: list[bytes]) -> None:
    """Found by looking for each form by itself, the longest first."""
    expected = data = b"".join(parts)
    table = {form: b"<%d>" % number for number, secret in enumerate(SECRETS) for form in encoded_forms(secret)}
    for form in sorted((form for form in table if form in data), key=lambda form: (-len(form), form)):
        expected = expected.replace(form, table[form])
    assert learned().replaced(data) == expected


@pytest.mark.parametrize("at", [0, 1, PIECE - 20, PIECE - 4, PIECE - 3, PIECE - 1, PIECE, 2 * PIECE - 2])
def test_a_secret_is_found_across_the_pieces(at: int) -> None:
    secret = SECRETS[0].encode()
    assert learned().replaced(b"." * at + secret + b"." * 5) == b"." * at + b"<0>" + b"....."


@pytest.mark.parametrize("data", [b"", b"s", b"s3c", b"s3cret/of+the=ap"])
def test_less_than_a_secret_is_left_alone(data: bytes) -> None:
    assert learned().replaced(data) == data


def test_two_copies_side_by_side_in_utf_16_do_not_hide_each_other() -> None:
    twice = (SECRETS[1] * 2).encode("utf-16-be")
    assert learned().replaced(twice).replace(b"\0", b"") == b"<1><1>"


def test_a_longer_secret_goes_before_one_that_is_a_part_of_it() -> None:
    echoes = Echoes()
    echoes.learn("abcdefgh", b"<short>")
    echoes.learn("abcdefgh-ijkl", b"<long>")
    assert echoes.replaced(b"abcdefgh-ijkl abcdefgh") == b"<long> <short>"
