"""A secret leaves its box by `reveal` alone; all else sees a fingerprint, a length and a shape (architecture.md, Trust boundary)."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from dataclasses import asdict, dataclass
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import CLOSING, OPENING, REFERENCE, unmarked, unmarked_bytes, with_plain_references
from airisk_tui.oauth.secret import Secret, SecretView, Shape, cut_at, secrets_named
from airisk_tui.oauth.text.lenient_json import read_json
from airisk_tui.oauth.text.visible import decoded

RAW = "s3cr3t-SplxlOBeZQQYbYS6WxSbIA"
SHAPES: list[Shape] = ["opaque", "jwt", "jwe"]
VIEWS = st.builds(
    SecretView,
    st.text("0123456789abcdef", min_size=16, max_size=16),
    st.integers(0, 999_999_999),
    st.sampled_from(SHAPES),
)


@dataclass(frozen=True)
class Holder:
    inside: Secret


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(RAW)),
        str(Secret(RAW)),
        f"{Secret(RAW)}",
        f"{Secret(RAW)!r:>60}",
        f"{Secret(RAW):>60}",
        "{:s}".format(Secret(RAW)),  # noqa: UP032 - str.format is the very thing under test
        "%s" % Secret(RAW),  # noqa: UP031 - so is %
        repr([Secret(RAW)]),
        repr(Holder(Secret(RAW))),
        repr(asdict(Holder(Secret(RAW)))),
    ],
)
def test_no_way_of_printing_shows_it(shown: str) -> None:
    assert "•" in shown
    assert not any(RAW[at : at + 4] in shown for at in range(len(RAW) - 3))


def test_a_traceback_with_local_variables_does_not_show_it() -> None:
    def fail(secret: Secret) -> None:
        raise ValueError(f"no such thing: {secret}")

    with pytest.raises(ValueError, match="no such thing") as caught:
        fail(Secret(RAW))
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert told.stack[-1].locals == {"secret": repr(Secret(RAW))}
    assert "s3cr3t" not in str(told)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_is_never_written_out(protocol: int) -> None:
    with pytest.raises(TypeError, match="cannot be serialised"):
        pickle.dumps(Secret(RAW), protocol)
    with pytest.raises(TypeError):
        json.dumps({"secret": Secret(RAW)})


def test_copies_are_the_same_box() -> None:
    secret = Secret(RAW)
    assert copy.copy(secret) is secret
    assert copy.deepcopy({"a": secret})["a"] is secret


@given(st.text(st.characters()), st.text(st.characters()))
def test_equality_is_that_of_the_values(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) == (one == other)
    assert Secret(one) == Secret(one)
    assert hash(Secret(one)) == hash(Secret(one))
    assert Secret(one) != one
    assert (len(Secret(one)), bool(Secret(one)), Secret(one).reveal()) == (len(one), bool(one), one)


@given(VIEWS)
def test_a_reference_is_read_back_and_survives_what_the_log_does_to_it(view: SecretView) -> None:
    reference = view.reference
    assert SecretView.read(reference) == view
    assert decoded(reference.encode()) == reference
    assert json.loads(json.dumps(reference)) == reference
    assert Params.parse(Params((("code", reference),)).encode()).get("code") == reference
    assert read_json(json.dumps([reference], ensure_ascii=False).encode()).value == [reference]


@given(VIEWS)
def test_F7_no_encoding_that_a_server_could_send_becomes_a_reference(view: SecretView) -> None:
    reference = view.reference
    assert Params.parse(f"code={quote(reference)}").get("code") == unmarked(reference)
    assert read_json(json.dumps([reference]).encode()).value == [unmarked(reference)]
    assert SecretView.read(with_plain_references(reference)) is None
    assert unmarked_bytes(reference.encode()).decode() == unmarked(reference)
    for charset in ("utf-16", "utf-16-le", "utf-32-be"):
        assert unmarked_bytes(f"{{{reference}}}".encode(charset)).decode(charset) == f"{{{unmarked(reference)}}}"
    assert REFERENCE.search(decoded(reference.encode("gb18030"), "gb18030")) is None


@given(st.text(st.characters()) | st.from_regex(f"{OPENING}[0-9a-f]{{16}}\\.\\d{{1,9}}\\.jwt{CLOSING}", fullmatch=True))
@example(f"{OPENING}0123456789abcdef.\u0661\u0662.jwt{CLOSING}")
def test_only_what_a_placeholder_would_be_written_as_is_one(text: str) -> None:
    view = SecretView.read(text)
    if view is not None:
        assert text[1:-1].isascii()
        assert view.length == int(text.split(".")[1])


def test_the_parts_of_a_jwt_are_not_in_the_placeholder() -> None:
    view = SecretView("0123456789abcdef", 200, "jwt", '{"alg":"HS256"}', '{"sub":"user_42"}')
    assert view.reference == f"{OPENING}0123456789abcdef.200.jwt{CLOSING}"


def test_F1_a_placeholder_is_told_as_what_is_known_of_it() -> None:
    text = "It was {0}, twice: {0}.".format(f"{OPENING}852b3d9aa1b2c3d4.1022.jwt{CLOSING}")
    assert (
        secrets_named(text) == "It was ‹sealed · 1,022 characters · 852b…›, twice: ‹sealed · 1,022 characters · 852b…›."
    )
    assert secrets_named(text, {"852b3d9aa1b2c3d4": "token"}).startswith("It was ‹token · 1,022 characters · 852b…›")
    assert secrets_named(f"{OPENING}x{CLOSING} and nothing") == f"{OPENING}x{CLOSING} and nothing"


def test_a_text_is_cut_beside_a_placeholder_and_never_inside_it() -> None:
    text = f"a {OPENING}852b3d9aa1b2c3d4.22.opaque{CLOSING} b"
    assert [cut_at(text, limit) for limit in (1, 2, 3, 20, 28, 29, 30)] == [1, 2, 30, 30, 30, 30, 30]
