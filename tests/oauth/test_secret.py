"""A secret leaves its box by `reveal` alone; all else sees a fingerprint, a length and a shape (architecture.md, Trust boundary)."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from dataclasses import asdict, dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.oauth.secret import Secret, SecretView, Shape, cut_at, secrets_named

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
    with pytest.raises(TypeError, match="never written out"):
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
def test_a_placeholder_is_read_back_and_survives_every_encoding(view: SecretView) -> None:
    placeholder = view.reference
    assert SecretView.read(placeholder) == view
    assert set(placeholder) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    assert json.dumps(placeholder) == f'"{placeholder}"'


@given(st.text(st.characters()) | st.from_regex(r"~sealed\.[0-9a-f]{16}\.\d{1,9}\.jwt~", fullmatch=True))
@example("~sealed.0123456789abcdef.\u0661\u0662.jwt~")
def test_only_what_a_placeholder_would_be_written_as_is_one(text: str) -> None:
    view = SecretView.read(text)
    if view is not None:
        assert text.isascii()
        assert view.length == int(text.split(".")[2])


def test_the_parts_of_a_jwt_are_not_in_the_placeholder() -> None:
    view = SecretView("0123456789abcdef", 200, "jwt", '{"alg":"HS256"}', '{"sub":"user_42"}')
    assert view.reference == "~sealed.0123456789abcdef.200.jwt~"


def test_F1_a_placeholder_is_told_as_what_is_known_of_it() -> None:
    text = "It was ~sealed.852b3d9aa1b2c3d4.1022.jwt~, twice: ~sealed.852b3d9aa1b2c3d4.1022.jwt~."
    assert (
        secrets_named(text) == "It was ‹sealed · 1,022 characters · 852b…›, twice: ‹sealed · 1,022 characters · 852b…›."
    )
    assert secrets_named(text, {"852b3d9aa1b2c3d4": "token"}).startswith("It was ‹token · 1,022 characters · 852b…›")
    assert secrets_named("~sealed.x~ and nothing") == "~sealed.x~ and nothing"


def test_a_text_is_cut_beside_a_placeholder_and_never_inside_it() -> None:
    text = "a ~sealed.852b3d9aa1b2c3d4.22.opaque~ b"
    assert [cut_at(text, limit) for limit in (1, 2, 3, 20, 36, 37, 38)] == [1, 2, 37, 37, 37, 37, 38]
