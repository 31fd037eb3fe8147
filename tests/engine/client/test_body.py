"""A body is undone as its label says, as far as it goes, and kept as it came where the label is wrong (threats.md C2, C4)."""

from __future__ import annotations

import gzip
import zlib

import pytest

from airisk_tui.engine.client.body import BodyReader, Cut
from airisk_tui.oauth.http import Body

PLAIN = b"".join(b"%d " % number for number in range(900))
PACKED = gzip.compress(PLAIN)
BARE = zlib.compress(PLAIN)[2:-4]


def read(coding: str, *chunks: bytes, wire: int = 10**6, decoded: int = 10**6) -> tuple[Body, list[bool]]:
    """The body, and after each chunk whether more is wanted."""
    reader = BodyReader((("Content-Encoding", coding),), wire, decoded)
    wanted = [reader.feed(chunk) for chunk in chunks]
    return reader.body(), wanted


@pytest.mark.parametrize(
    ("coding", "chunks", "data", "cut"),
    [
        ("gzip", (PACKED,), PLAIN, None),
        ("x-gzip", (PACKED[:9], PACKED[9:]), PLAIN, None),
        ("deflate", (zlib.compress(PLAIN),), PLAIN, None),
        ("gzip", (zlib.compress(PLAIN),), zlib.compress(PLAIN), "encoding"),
        ("deflate", (BARE,), PLAIN, None),
        ("deflate", (BARE[:1], BARE[1:]), PLAIN, None),
        ("gzip", (PACKED, b"what follows"), PLAIN, None),
        ("gzip", (PACKED[:-4] + b"\0\0\0\0", b"more"), PACKED[:-4] + b"\0\0\0\0more", "encoding"),
        ("gzip", (PACKED[:-4], b"\0\0\0\0", b"more"), PLAIN, "encoding"),
        ("gzip", (PACKED[:-4],), PLAIN, "encoding"),
        ("gzip", (PACKED[:10],), PACKED[:10], "encoding"),
        ("gzip", (b"no gzip ", b"at all"), b"no gzip at all", None),
        ("gzip", (b"\xc3", b"\xa4 no gzip"), "\u00e4 no gzip".encode(), None),
        ("gzip", (), b"", None),
        ("br", (b"x",), b"x", "encoding"),
        ("gzip, gzip", (b"x",), b"x", "encoding"),
        ("identity", (b"x", b"y"), b"xy", None),
    ],
)
def test_C4_a_body_is_what_its_coding_says_as_far_as_it_goes_and_else_what_came(
    coding: str, chunks: tuple[bytes, ...], data: bytes, cut: Cut | None
) -> None:
    body, wanted = read(coding, *chunks)
    assert (body.data, body.size, body.cut) == (data, len(data), cut)
    assert body.wire == sum(map(len, chunks))
    assert all(wanted)


@pytest.mark.parametrize(
    ("coding", "chunks", "caps", "kept", "size"),
    [
        ("identity", (b"abcde",), (9, 5), 5, None),
        ("identity", (b"abc", b"def"), (9, 5), 5, 6),
        ("identity", (b"abcde",), (5, 9), 5, None),
        ("identity", (b"abcdef",), (5, 9), 6, 6),
        ("gzip", (PACKED,), (len(PACKED), len(PLAIN)), len(PLAIN), None),
        ("gzip", (PACKED,), (len(PACKED) - 1, len(PLAIN)), len(PLAIN), len(PLAIN)),
        ("gzip", (PACKED,), (10**6, len(PLAIN) - 1), len(PLAIN) - 1, len(PLAIN)),
    ],
)
def test_C2_of_a_body_as_much_is_taken_as_the_caps_allow(
    coding: str, chunks: tuple[bytes, ...], caps: tuple[int, int], kept: int, size: int | None
) -> None:
    """size: what is known of a body that is too large."""
    body, wanted = read(coding, *chunks, wire=caps[0], decoded=caps[1])
    whole = PLAIN if coding == "gzip" else b"".join(chunks)
    assert (body.data, body.cut) == (whole[:kept], "size" if size else None)
    assert body.size == (size or len(whole))
    assert wanted[-1] is (size is None)


def test_why_no_more_came_is_told_where_the_body_itself_does_not_say_it() -> None:
    reader = BodyReader((), 10, 10)
    reader.feed(b"half")
    assert reader.body("deadline").cut == "deadline"
    broken = BodyReader((("Content-Encoding", "gzip"),), 10**6, 10**6)
    broken.feed(PACKED[:-4])
    assert broken.body("connection").cut == "connection"
    full = BodyReader((), 3, 3)
    full.feed(b"half")
    assert full.body("deadline").cut == "size"
