"""The client with anything at all: any request, any body under any label, random bytes for an answer (threats.md C4)."""

from __future__ import annotations

import asyncio
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airisk_tui.engine.client.body import BodyReader
from airisk_tui.engine.client.exchange import Client, Limits, prepared
from airisk_tui.engine.client.faults import Unsendable
from airisk_tui.oauth.http import Exchange, FailedExchange, Headers
from tests.hostile.server import HostileServers


@given(st.text(), st.text(), st.text(), st.binary(max_size=20))
def test_any_request_is_made_or_refused(method: str, rest: str, value: str, content: bytes) -> None:
    for url in (rest, f"http://{rest}", f"http://host/{rest}"):
        try:
            made = prepared(method, url, (("X-Any", value),), content)
        except Unsendable as error:
            assert error.fault.reason in ("method", "url", "userinfo", "header")
            continue
        assert made.target.startswith(b"/")
        assert all(0x21 <= byte <= 0x7E for byte in made.target)


CODINGS = st.sampled_from(["gzip", "deflate", "br", "identity", "", "gzip, gzip", "x-gzip"])


@given(CODINGS, st.lists(st.binary(max_size=60), max_size=6), st.booleans())
def test_c4_any_body_under_any_label_is_read(coding: str, chunks: list[bytes], magic: bool) -> None:
    if magic:
        chunks = [b"\x1f\x8b\x08\0\0\0\0\0\0\x03", *chunks]
    reader = BodyReader((("Content-Encoding", coding),), 150, 100)
    for chunk in chunks:
        if not reader.feed(chunk):
            break
    body = reader.body()
    assert len(body.data) <= 100
    assert body.cut in (None, "size", "encoding")


WINDOWS = {
    "gzip": zlib.MAX_WBITS | 16,
    "x-gzip": zlib.MAX_WBITS | 16,
    "deflate": zlib.MAX_WBITS,
    "bare": -zlib.MAX_WBITS,
}


def packed(data: bytes, coding: str) -> bytes:
    if coding not in WINDOWS:
        return data
    packer = zlib.compressobj(wbits=WINDOWS[coding])
    return packer.compress(data) + packer.flush()


def undone(taken: bytes, coding: str, cap: int) -> tuple[bytes, bool]:
    """What the bytes say, as far as the cap is passed by one, and whether they say it to the end."""
    if coding not in WINDOWS:
        return taken, True
    inflater = zlib.decompressobj(WINDOWS[coding])
    return inflater.decompress(taken, cap + 1), inflater.eof


@given(
    st.binary(max_size=300) | st.integers(0, 300).map(lambda size: b"a" * size),
    st.sampled_from([*WINDOWS, "br", "identity", "gzip, identity"]),
    st.lists(st.integers(1, 40), min_size=1),
    st.sampled_from([10, 299, 300, 1_000]),
    st.sampled_from([20, 1_000]),
    st.integers(0, 400),
)
def test_a_body_in_pieces_and_cut_off_anywhere_is_what_its_coding_says_within_the_caps(
    data: bytes, coding: str, sizes: list[int], cap: int, wire: int, end: int
) -> None:
    told = {"bare": "Deflate", "gzip, identity": "identity, gzip"}.get(coding, coding)
    coding = coding.partition(",")[0]
    sent = packed(data, coding)[:end]
    reader, taken, wants = BodyReader((("content-encoding", told),), wire, cap), b"", True
    while wants and len(taken) < len(sent):
        piece = sent[len(taken) :][: sizes[len(taken) % len(sizes)]]
        taken += piece
        wants = reader.feed(piece)
    body = reader.body("connection" if end % 2 else None)
    says, whole = undone(taken, coding, cap)
    came = whole or bool(says) or not taken
    says = says if came else taken
    over = len(taken) > wire or len(says) > cap
    assert wants is not (len(taken) > wire or (came and over))
    assert (body.data, body.size, body.wire) == (says[:cap], len(says), len(taken))
    known = "encoding" if coding == "br" else "size" if len(taken) > wire or (came and over) else None
    known = known or ("connection" if end % 2 else None)
    if came:
        assert body.cut == (known or ("encoding" if not whole and taken else None))
    else:
        assert body.cut in (known, "encoding", "size")


answers: list[bytes] = []
urls: list[str] = []
HEADS = st.sampled_from(
    [b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HEADS, st.binary(max_size=300))
def test_c4_random_bytes_are_an_answer_or_a_fault(servers: HostileServers, head: bytes, noise: bytes) -> None:
    answers.append(head + noise)
    if not urls:
        urls.append(servers.serve(_noise, head=True))

    async def ask() -> Exchange | FailedExchange:
        client = Client(limits=Limits(wall_clock=2))
        try:
            return await client.send("GET", urls[0])
        finally:
            await client.aclose()

    result = asyncio.run(ask())
    assert isinstance(result, Exchange | FailedExchange)
    if isinstance(result, FailedExchange):
        assert result.fault.kind in ("protocol", "reset")


async def _noise(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(answers[-1])
    await writer.drain()


@pytest.mark.parametrize(
    ("method", "headers", "content", "added"),
    [
        ("GET", (), b"", ["Host"]),
        ("GET", (), b"x", ["Host", "Content-Length"]),
        ("POST", (), b"", ["Host", "Content-Length"]),
        ("DELETE", (), b"", ["Host"]),
        ("POST", (("content-length", "9"),), b"x", ["Host"]),
        ("POST", (("Transfer-Encoding", "chunked"),), b"x", ["Host"]),
        ("GET", (("host", "h"),), b"", []),
    ],
)
def test_a_request_gets_the_two_headers_without_which_it_could_not_be_read_and_no_other(
    method: str, headers: Headers, content: bytes, added: list[str]
) -> None:
    made = prepared(method, "http://h:8080/x", headers, content)
    given = [name for name, _ in headers]
    assert [name for name, _ in made.request.headers if name not in given] == added
    assert (made.host, made.port, made.scheme) == ("h", 8080, "http")


@pytest.mark.parametrize(
    ("method", "url", "value", "reason"),
    [
        ("G ET", "http://h/", "x", "method"),
        ("GET", "ftp://h/", "x", "url"),
        ("GET", "http://h:65536/", "x", "url"),
        ("GET", "http:///x", "x", "url"),
        ("GET", "http://me@h/", "x", "userinfo"),
        ("GET", "http://h/", "a secret\n", "header"),
    ],
)
def test_what_must_not_be_sent_is_told_without_any_value(method: str, url: str, value: str, reason: str) -> None:
    with pytest.raises(Unsendable) as raised:
        prepared(method, url, (("X-Any", value),), b"")
    assert (str(raised.value), raised.value.fault.reason) == (f"local {reason}", reason)
    assert raised.value.fault.subject == ("X-Any" if reason == "header" else "")
