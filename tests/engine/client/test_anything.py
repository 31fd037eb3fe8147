"""The client with anything at all: any request, any body under any label, random bytes for an answer (threats.md C4)."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airisk_tui.engine.client.body import BodyReader
from airisk_tui.engine.client.exchange import Client, Limits
from airisk_tui.engine.client.request import IllegalRequest, outgoing
from airisk_tui.oauth.http import Exchange, FailedExchange
from tests.hostile.server import HostileServers


@given(st.text(), st.text(), st.text(), st.binary(max_size=20))
def test_any_request_is_made_or_refused(method: str, rest: str, value: str, content: bytes) -> None:
    for url in (rest, f"http://{rest}", f"http://host/{rest}"):
        try:
            made = outgoing(method, url, (("X-Any", value),), content)
        except IllegalRequest as error:
            assert error.reason in ("method", "url", "userinfo", "header")
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


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate"]), st.lists(st.integers(1, 40), min_size=1))
def test_a_body_in_pieces_is_the_body_at_once(data: bytes, coding: str, sizes: list[int]) -> None:
    import zlib

    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16 if coding == "gzip" else zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    reader = BodyReader((("content-encoding", coding),), 1000, 1000)
    at = 0
    while at < len(packed):
        size = sizes[at % len(sizes)]
        assert reader.feed(packed[at : at + size])
        at += size
    body = reader.body()
    assert (body.data, body.size, body.wire, body.cut) == (data, len(data), len(packed), None)


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
