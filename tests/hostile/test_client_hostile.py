"""The client against servers that do what they must not: a typed result, in time, in little memory (threats.md C1 to C4)."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from airisk_tui.engine.client.exchange import BODY, Client, Limits
from airisk_tui.flow.events import TransportFailed
from airisk_tui.flow.fold import fold
from airisk_tui.insight.advice.transport import fault_sentence
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import explain
from airisk_tui.oauth.http import (
    Exchange,
    FailedExchange,
    HttpRequest,
    HttpResponse,
    TransportFault,
    header,
    headers_named,
)
from tests.hostile.server import HOSTILE, HostileServers
from tests.pace import paced, within
from tests.runs import started

WALL = 0.3
SLACK = 0.2
TINY = Limits(wall_clock=WALL, wire=256 * 1024, decoded=256 * 1024)
GROWTH = 64 * 1024 * 1024

UrlOf = Callable[[str], str]

# name: the status and the cut of the answer.
ANSWERED: dict[str, tuple[int, str | None]] = {
    "endless-body": (200, "size"),
    "endless-chunks": (200, "size|deadline"),
    "dripping-body": (200, "deadline"),
    "reset-in-body": (200, "connection"),
    "gzip-bomb": (200, "size"),
    "long-reason": (200, None),
    "long-header": (200, None),
    "header-escape": (200, None),
    "header-folded": (200, None),
    "cookie-flood": (200, None),
    "length-and-chunks": (200, None),
    "length-too-long": (200, "connection"),
    "length-astronomic": (200, "connection"),
    "length-too-short": (200, None),
    "chunks-not-hex": (200, "connection"),
    "chunks-cut": (200, "connection"),
    "chunks-lie": (200, "connection"),
    "many-1xx": (200, None),
    "body-on-204": (204, None),
    "redirect-to-itself": (307, None),
    "redirect-absurd": (302, None),
    "wrong-charset": (200, None),
    "no-such-charset": (200, None),
    "gzip-that-is-not": (200, None),
    "gzip-cut": (200, "encoding"),
    "gzip-broken": (200, "encoding"),
    "gzip-with-tail": (200, None),
    "gzip-broken-later": (200, "encoding"),
    "gzip-twice": (200, "encoding"),
    "brotli": (200, "encoding"),
    "encoding-absurd": (200, "encoding"),
    "deflate-bare": (200, None),
}

# name: the kind and reason of the fault.
UNANSWERED = {
    "endless-headers": ("protocol", "head-too-large"),
    "endless-1xx": ("timeout", "read"),
    "dripping-head": ("timeout", "read"),
    "silent": ("timeout", "read"),
    "reset-before-head": ("reset", "reset"),
    "reset-in-head": ("reset", "reset"),
    "closed-at-once": ("reset", "closed"),
    "half-a-head": ("reset", "closed"),
    "speaks-ssh": ("protocol", "not-http"),
    "speaks-smtp": ("protocol", "not-http"),
    "binary": ("protocol", "not-http"),
    "http-0.9": ("protocol", "not-http"),
    "http-2-preface": ("protocol", "not-http"),
    "tls-alert": ("protocol", "tls-on-http"),
    "invalid-status-line": ("protocol", "malformed"),
    "status-99999": ("protocol", "malformed"),
    "giant-reason": ("protocol", "head-too-large"),
    "switching-protocols": ("protocol", "malformed"),
    "header-nul": ("protocol", "malformed"),
    "header-nameless": ("protocol", "malformed"),
    "duplicate-length": ("protocol", "malformed"),
    "negative-length": ("protocol", "malformed"),
    "redirect-nowhere": ("protocol", "malformed"),
}


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    client = Client(limits=TINY)
    yield client
    await client.aclose()


async def answer(client: Client, url: str) -> HttpResponse:
    result = await client.send("GET", url)
    assert isinstance(result, Exchange), result
    return result.response


async def fault(client: Client, url: str) -> TransportFault:
    result = await client.send("GET", url)
    assert isinstance(result, FailedExchange), result
    return result.fault


def test_every_hostile_server_has_its_expected_result() -> None:
    assert ANSWERED.keys() | UNANSWERED.keys() == HOSTILE.keys()


@pytest.mark.parametrize("name", sorted(ANSWERED))
async def test_c1_c2_c4_an_answer_is_an_exchange_in_time(name: str, client: Client, hostile_url: UrlOf) -> None:
    await client.send("GET", "ftp://warm.up")
    with within(WALL + SLACK):
        response = await answer(client, hostile_url(name))
    status, cut = ANSWERED[name]
    assert response.status == status
    assert response.body.cut in ((cut or "").split("|") if cut else (None,))
    assert len(response.body.data) <= TINY.decoded


@pytest.mark.parametrize("name", sorted(UNANSWERED))
async def test_c1_c7_no_answer_is_a_named_fault_in_time(name: str, client: Client, hostile_url: UrlOf) -> None:
    await client.send("GET", "ftp://warm.up")
    with within(WALL + SLACK):
        broken = await fault(client, hostile_url(name))
    assert (broken.kind, broken.reason) == UNANSWERED[name]
    told = fault_sentence(broken, HttpRequest("GET", hostile_url(name)), "access")
    assert told.endswith(".")
    assert broken.host in told
    assert len(told) < 400
    assert len(broken.library_text) < 400


@pytest.mark.parametrize("name", ["endless-body", "gzip-bomb", "endless-headers", "giant-reason", "cookie-flood"])
async def test_c2_memory_grows_by_at_most_64_mib(name: str, hostile_url: UrlOf) -> None:
    client, url = Client(), hostile_url(name)
    await client.send("GET", "ftp://warm.up")
    tracemalloc.start()
    try:
        result = await client.send("GET", url)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        await client.aclose()
    assert peak < GROWTH
    if name in ("endless-body", "gzip-bomb"):
        assert isinstance(result, Exchange)
        assert result.response.body.cut == "size"
        assert len(result.response.body.data) == BODY


@pytest.mark.parametrize("name", ["silent", "dripping-head", "dripping-body", "endless-1xx", "endless-chunks"])
async def test_c1_cancelling_takes_under_200_ms(name: str, hostile_url: UrlOf) -> None:
    client = Client(limits=Limits(wire=1 << 40))
    task = asyncio.create_task(client.send("GET", hostile_url(name)))
    await asyncio.sleep(0.15)
    assert not task.done()
    with within(0.2):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await client.aclose()


async def test_c1_the_loop_has_its_turn_while_a_flood_is_read(client: Client, hostile_url: UrlOf) -> None:
    await client.send("GET", "ftp://warm.up")
    task = asyncio.create_task(client.send("GET", hostile_url("endless-chunks")))
    longest = 0.0
    while not task.done():
        begun = time.monotonic()
        await asyncio.sleep(0)
        longest = max(longest, time.monotonic() - begun)
    assert longest < 0.2 or longest < paced(0.2)


async def test_c3_a_redirect_is_shown_and_not_followed(client: Client, hostile_url: UrlOf) -> None:
    response = await answer(client, hostile_url("redirect-to-itself"))
    assert header(response.headers, "location") == "/"


async def test_every_cookie_is_shown(client: Client, hostile_url: UrlOf) -> None:
    response = await answer(client, hostile_url("cookie-flood"))
    assert len(headers_named(response.headers, "set-cookie")) == 2000


async def test_a_cut_body_keeps_what_came(client: Client, hostile_url: UrlOf) -> None:
    assert (await answer(client, hostile_url("reset-in-body"))).body.data == b'{"a":'
    assert (await answer(client, hostile_url("length-too-long"))).body.data == b"{}"


async def test_a_mislabelled_body_is_kept_as_it_came(client: Client, hostile_url: UrlOf) -> None:
    assert (await answer(client, hostile_url("gzip-that-is-not"))).body.data == b'{"plain": true}'
    assert (await answer(client, hostile_url("gzip-with-tail"))).body.data == b"{}"
    assert (await answer(client, hostile_url("deflate-bare"))).body.data == b'{"bare": 1}' * 9
    assert (await answer(client, hostile_url("gzip-broken-later"))).body.data == b"begun"
    assert (await answer(client, hostile_url("brotli"))).body.data == b"\x0b\x00\x80{}\x03"


@pytest.mark.parametrize(
    ("name", "came"),
    [("speaks-ssh", "SSH-2.0-OpenSSH_9.9"), ("speaks-smtp", "220 mail.example.com"), ("http-0.9", "<html>")],
)
async def test_another_protocol_is_quoted_at_once(name: str, came: str, client: Client, hostile_url: UrlOf) -> None:
    with within(WALL):
        broken = await fault(client, hostile_url(name))
    assert broken.received.startswith(came)


async def test_control_characters_in_an_answer_that_is_not_http_are_made_visible(
    client: Client, hostile_url: UrlOf
) -> None:
    broken = await fault(client, hostile_url("binary"))
    failed = FailedExchange(HttpRequest("GET", hostile_url("binary")), broken)
    state = fold((started(mode="direct"), TransportFailed(at=1.0, step="authorization-request", failed=failed)))
    report = explain(Context(state=state))
    assert report.first is not None
    assert all(evidence.text.isprintable() for evidence in report.first.evidence)


async def test_f1_a_header_that_cannot_be_read_is_named_and_its_value_is_not_quoted(
    client: Client, hostile_servers: HostileServers
) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=s3cr3t\0\r\n\r\n")

    broken = await fault(client, hostile_servers.serve(handler))
    assert "Set-Cookie" in broken.library_text
    assert "s3cr3t" not in repr(broken)
