"""Secrets are found again wherever they stand, by the same rule as when each form is looked for by itself (threats.md F1)."""

from __future__ import annotations

import base64
import string
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.redaction.echoes import PIECE, Echoes, decoded_runs, encoded_forms, forms_to_find
from tests.pace import within

SECRETS = ("s3cret/of+the=app", "a-code-of-22-characters", "sch\u00f6nes Geheimnis")
FORMS = sorted(form for secret in SECRETS for form in encoded_forms(secret))


def learned() -> Echoes:
    echoes = Echoes()
    for number, secret in enumerate(SECRETS):
        echoes.learn(encoded_forms(secret), b"<%d>" % number)
    return echoes


@given(st.lists(st.one_of(st.binary(max_size=9), st.sampled_from(FORMS)), max_size=6))
def test_every_form_in_a_text_is_replaced(parts: list[bytes]) -> None:
    """Found by looking for each form by itself, the longest first."""
    expected = data = b"".join(parts)
    table = {form: b"<%d>" % number for number, secret in enumerate(SECRETS) for form in encoded_forms(secret)}
    for form in sorted((form for form in table if form in data), key=lambda form: (-len(form), form)):
        expected = expected.replace(form, table[form])
    assert learned().replaced(data) == expected


@pytest.mark.parametrize(
    "at", [0, 1, PIECE - 20, PIECE - 5, PIECE - 4, PIECE - 3, PIECE - 2, PIECE - 1, PIECE, 2 * PIECE - 2]
)
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
    echoes.learn([b"abcdefgh"], b"<short>")
    echoes.learn([b"abcdefgh-ijkl"], b"<long>")
    assert echoes.replaced(b"abcdefgh-ijkl abcdefgh") == b"<long> <short>"


def test_a_form_of_six_bytes_is_found_as_often_as_it_stands_there() -> None:
    echoes = Echoes()
    echoes.learn([b"abcabc"], b"<it>")
    assert echoes.replaced(b"abcabcabcabc abcabcabc abcab") == b"<it><it> <it>abc abcab"


def test_what_is_too_long_to_be_an_encoded_secret_is_not_decoded() -> None:
    for size, runs in ((64 * 1024, {(0, 64 * 1024)}), (64 * 1024 + 2, set())):
        assert {(start, end) for start, end, _ in decoded_runs(b"a1" * (size // 2))} == runs
    many = b" ".join([b"%036x" % number for number in range(1_100)])
    assert len({start for start, _, _ in decoded_runs(many)}) == 1_000


USUAL = st.from_regex(r"[A-Za-z0-9._~-]{18,60}", fullmatch=True)


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "hex": lambda raw: raw.hex().encode(),
    "HEX": lambda raw: raw.hex().upper().encode(),
    "base32": base64.b32encode,
    "base64": base64.b64encode,
    "base64url": base64.urlsafe_b64encode,
    "base64 of UTF-16": lambda raw: base64.b64encode(raw.decode().encode("utf-16-le")),
    "base64url of UTF-16": lambda raw: base64.urlsafe_b64encode(raw.decode().encode("utf-16-be")),
    "UTF-16": lambda raw: raw.decode().encode("utf-16-be"),
    "percent": lambda raw: b"".join(b"%%%02X" % byte for byte in raw),
    "JSON": lambda raw: b"".join(b"\\u%04x" % byte for byte in raw),
    "HTML": lambda raw: b"".join(b"&#%d;" % byte for byte in raw),
    "HTML in hex": lambda raw: b"".join(b"&#x%X;" % byte for byte in raw),
    "backwards": lambda raw: raw[::-1],
}
AROUND = st.text(string.ascii_letters + string.digits, max_size=9).map(str.encode)


@given(USUAL, AROUND, AROUND)
@example("18-characters-long", b"", b"")
@example("hijk" * 5, b"", b"")
def test_a_usual_secret_is_found_in_every_encoding_with_whatever_was_encoded_around_it(
    secret: str, before: bytes, after: bytes
) -> None:
    echoes = Echoes()
    echoes.learn(forms_to_find(secret), b"<it>")
    for name, encode in ENCODINGS.items():
        data = encode(before + secret.encode() + after)
        found = echoes.replaced(b"a text " + data + b" and more")
        assert b"<it>" in found, name
        assert found.startswith(b"a text ") and found.endswith(b" and more"), name
    assert b"<it>" not in echoes.replaced(b"a text and more")


@pytest.mark.parametrize(
    ("name", "places"), [("hex", 2), ("HEX", 2), ("base32", 8), ("base64 of UTF-16", 4), ("base64", 4)]
)
def test_a_usual_secret_is_found_however_many_characters_of_the_alphabet_stand_before_it(
    name: str, places: int
) -> None:
    echoes = Echoes()
    echoes.learn(forms_to_find("18-characters-long"), b"<it>")
    for before in range(places):
        found = echoes.replaced(b"a " + b"A" * before + ENCODINGS[name](b"18-characters-long") + b" b")
        assert b"<it>" in found, before
    run = ENCODINGS[name](b"0123456789ab18-characters-long")
    said = [plain for *_, plain in decoded_runs(run) if b"18-characters-long" in plain]
    assert len(said) == (name != "base64"), "at one alignment alone"


def test_the_shortest_run_of_each_kind_is_decoded_and_none_that_is_shorter() -> None:
    runs = (
        b"a1" * 18,
        b"%61" * 18,
        b"B2" * 14,
        b"YQBi" * 11,
        b"a\0" * 18,
        b"\\u0061" * 18,
        b"\\x61" * 18,
        b"&#97;" * 18,
    )
    for run, unit in zip(runs, (1, 3, 1, 1, 2, 6, 4, 5), strict=True):
        run = run.removesuffix(b"\0")
        assert [*decoded_runs(run)] and not [*decoded_runs(run[unit:])], run


@given(st.text(min_size=1, max_size=17) | st.text().filter(lambda text: not text.isascii()))
def test_of_a_secret_of_another_kind_every_form_is_looked_for_everywhere(secret: str) -> None:
    assert forms_to_find(secret) == encoded_forms(secret)


class Slow(dict[int, Any]):
    """Another thread gets its turn between a look and what follows from it."""

    def get(self, key: int, default: Any = None) -> Any:
        found = super().get(key, default)
        time.sleep(0.0005)
        return found


def test_F1_what_several_threads_learn_at_once_is_all_found() -> None:
    """Secrets of many lengths with one and the same end, so that all of them are noted at the same words."""
    echoes = Echoes()
    echoes._showing = Slow()
    secrets = [b"%s-the-same-end" % (b"x" * number) for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda secret: echoes.learn([secret], b"<it>"), secrets))
    assert echoes.replaced(b" ".join(secrets)) == b" ".join([b"<it>"] * len(secrets))


def test_S4_very_many_secrets_in_one_text_take_no_longer_than_the_text() -> None:
    """Looking for each by itself takes as many looks at the whole text as there are secrets: ten seconds here."""
    echoes, secrets = Echoes(), [b"a-secret-with-number-%06d" % number for number in range(20_000)]
    for secret in secrets:
        echoes.learn([secret], b"<%s>" % secret[-6:])
    with within(1.0):
        replaced = echoes.replaced(b" ".join(secrets))
    assert replaced == b" ".join(b"<%s>" % secret[-6:] for secret in secrets)


@given(
    st.lists(
        st.sampled_from([b"a-secret-with-number-%02d" % n for n in range(99)]) | st.binary(max_size=5), max_size=40
    )
)
def test_many_and_few_are_found_alike(parts: list[bytes]) -> None:
    echoes = Echoes()
    for number in range(99):
        echoes.learn([b"a-secret-with-number-%02d" % number], b"<%02d>" % number)
    expected = data = b"".join(parts)
    for number in range(99):
        expected = expected.replace(b"a-secret-with-number-%02d" % number, b"<%02d>" % number)
    assert echoes.replaced(data) == expected


@pytest.mark.parametrize(
    "ordinary",
    [
        b"/api/oauth2?client_id=demo-app&redirect_uri=http%3A%2F%2Flocalhost%3A8765%2Fcallback&state=l76gSon7BU92H3sXKZ4BqQ",
        b"code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        b"appId=cid-v1:c064f112025ee4f178840c52e7a11fd5",
        b"appId=cid-v1:01234567-89ab-cdef-0123-456789abcdef",
    ],
)
def test_of_what_every_run_sends_and_receives_nothing_is_decoded(ordinary: bytes) -> None:
    """Else a session would pay for them with each run."""
    assert list(decoded_runs(ordinary)) == []
