"""Proxies of the environment: used where they are asked for, shown, and never for loopback (threats.md C5)."""

from __future__ import annotations

import asyncio
from threading import Event
from urllib.parse import urlsplit

import pytest

from airisk_tui.engine.client.exchange import Client, _Sending
from airisk_tui.engine.client.faults import Unsendable
from airisk_tui.engine.client.proxy import ANSWER, PATIENCE, ProxyChoice, ends_here, is_silent, proxy_for
from airisk_tui.oauth.http import Exchange, FailedExchange
from tests.hostile.server import HostileServers
from tests.pace import within

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Proxy:
    """A proxy that gives one answer to everything."""

    def __init__(self, servers: HostileServers, answer: bytes) -> None:
        self.heard: list[bytes] = []
        self._answer = answer
        self.url = servers.serve(self._serve)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self._answer)
        await writer.drain()


async def send(url: str) -> Exchange | FailedExchange:
    client = Client()
    try:
        return await client.send("GET", url)
    finally:
        await client.aclose()


async def test_c5_a_proxy_is_used_and_shown_without_its_login(
    servers: HostileServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy(servers, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//me:s3cr3t@"))
    result = await send("http://airisk.example.com/api?x=%7e")
    assert isinstance(result, Exchange), result
    assert proxy.heard[0].startswith(b"GET http://airisk.example.com/api?x=%7e HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic " in proxy.heard[0]
    assert result.connection.proxy == proxy.url
    assert "s3cr3t" not in repr(result)


async def test_c5_loopback_never_goes_through_a_proxy(servers: HostileServers, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Proxy(servers, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    for name in VARIABLES[:3]:
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for host in ("127.0.0.1", "localhost"):
        result = await send(server.url.replace("127.0.0.1", host))
        assert isinstance(result, Exchange), result
        assert result.connection.proxy is None


async def test_c7_a_proxy_that_refuses_is_a_proxy_fault(
    servers: HostileServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy(servers, b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//me:s3cr3t@"))
    result = await send("https://airisk.example.com/")
    assert isinstance(result, FailedExchange), result
    assert proxy.heard[0].startswith(b"CONNECT airisk.example.com:443 HTTP/1.1\r\n")
    assert result.fault.kind == "proxy"
    assert "407" in result.fault.library_text
    assert result.connection.proxy == proxy.url
    assert "s3cr3t" not in repr(result)


async def test_c7_a_proxy_that_is_not_there_is_a_proxy_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "127.0.0.1:1")
    result = await send("http://airisk.example.com/")
    assert isinstance(result, FailedExchange), result
    assert (result.fault.kind, result.fault.reason) == ("proxy", "refused")
    assert result.fault.tried == ("127.0.0.1:1",)
    assert result.connection.proxy == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    "value", ["socks4://127.0.0.1:1080", "http://", "http://host:port", "http://[::1", "gopher://h"]
)
async def test_a_proxy_that_cannot_be_used_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", value)
    result = await send("http://airisk.example.com/")
    assert isinstance(result, FailedExchange), result
    assert (result.fault.kind, result.fault.reason) == ("proxy", "configuration")
    assert result.fault.variable == "HTTP_PROXY"


def test_no_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", "internal.example.com,.corp.example.com")
    assert proxy_for("https", "internal.example.com", 443) is None
    assert proxy_for("https", "a.corp.example.com", 443) is None
    assert proxy_for("http", "airisk.example.com", 80) is None
    chosen = proxy_for("https", "airisk.example.com", 443)
    assert chosen is not None
    assert (chosen.shown, chosen.host, chosen.port) == ("http://proxy.example.com:3128", "proxy.example.com", 3128)


def test_an_unusable_proxy_is_told_without_its_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks4://me:s3cr3t@proxy:1")
    with pytest.raises(Unsendable) as raised:
        proxy_for("https", "airisk.example.com", 443)
    assert "s3cr3t" not in repr(raised.value)
    assert (raised.value.fault.variable, raised.value.fault.subject) == ("ALL_PROXY", "socks4")


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_the_variable_that_is_set_is_the_one_that_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "socks5h://proxy.example.com")
    chosen = proxy_for("https", "airisk.example.com", 443)
    assert chosen is not None
    assert (chosen.variable, chosen.shown) == (name, "socks5h://proxy.example.com:1080")


@pytest.mark.parametrize(
    ("value", "port"),
    [
        ("http://proxy", 80),
        ("https://proxy", 443),
        ("socks5://proxy", 1080),
        ("http://proxy:3128", 3128),
        ("proxy", 80),
    ],
)
def test_a_proxy_without_a_port_is_where_its_scheme_says(
    value: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", value)
    chosen = proxy_for("http", "airisk.example.com", 80)
    assert chosen is not None
    assert (chosen.host, chosen.port, chosen.shown.rpartition(":")[2]) == ("proxy", port, str(port))


class Socks:
    """A SOCKS 5 proxy without a login (RFC 1928) that gives one HTTP answer, whatever host it is asked for."""

    def __init__(self, servers: HostileServers) -> None:
        self.asked_for = b""
        self.port = urlsplit(servers.serve(self._serve)).port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        writer.write(b"\x05\x00")
        head = await reader.readexactly(5)
        self.asked_for = await reader.readexactly(head[4])
        await reader.readexactly(2)
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()


async def test_a_socks_proxy_is_spoken_to_and_finds_the_host_itself(
    servers: HostileServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Socks(servers)
    monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{proxy.port}")
    result = await send("http://airisk.invalid/api")
    assert isinstance(result, Exchange), result
    assert (result.response.body.data, proxy.asked_for) == (b"ok", b"airisk.invalid")
    assert result.connection.proxy == f"socks5h://127.0.0.1:{proxy.port}"


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1"),
        *("127.1", "0x7f.1", "2130706433", "0.0.0.0", "::"),
    ],
)
def test_c5_every_form_of_loopback_is_known(host: str) -> None:
    assert ends_here(host)


@pytest.mark.parametrize(
    "host", ["localhost.example.com", "example.com", "10.0.0.1", "128.0.0.1", "::2", "127.0.0.1.nip.io", ""]
)
def test_other_hosts_are_not_loopback(host: str) -> None:
    assert not ends_here(host)


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
@pytest.mark.parametrize("target", ["http", "https"])
async def test_C10_a_proxy_that_hangs_costs_a_moment_and_is_named(
    servers: HostileServers, monkeypatch: pytest.MonkeyPatch, scheme: str, target: str
) -> None:
    """Three seconds in all; here the two times are short."""
    assert (PATIENCE, ANSWER) == (1.0, 2.0)
    monkeypatch.setattr("airisk_tui.engine.client.exchange.PATIENCE", 0.05)
    monkeypatch.setattr("airisk_tui.engine.client.proxy.ANSWER", 0.1)

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    proxy = servers.serve(hang).replace("http", scheme)
    monkeypatch.setenv(f"{target.upper()}_PROXY", proxy.replace("//", "//me:s3cr3t@"))
    with within(5.0):
        result = await send(f"{target}://airisk.example.com/api")
    assert isinstance(result, FailedExchange)
    assert (result.fault.code, result.fault.variable) == ("proxy silent", f"{target.upper()}_PROXY")
    assert "s3cr3t" not in repr(result)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize(("manner", "silent"), [("answers", False), ("closes", False), ("hangs", True)])
async def test_C10_whether_a_proxy_is_silent_is_seen_by_a_greeting_in_its_own_protocol(
    servers: HostileServers, monkeypatch: pytest.MonkeyPatch, scheme: str, manner: str, silent: bool
) -> None:
    heard: list[bytes] = []

    async def greeted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4) if scheme == "socks5" else await reader.readuntil(b"\r\n\r\n"))
        if manner == "answers":
            writer.write(b"x")
            await writer.drain()
        if manner == "hangs":
            await reader.read()

    monkeypatch.setattr("airisk_tui.engine.client.proxy.ANSWER", 0.1 if silent else 9.0)
    place = servers.serve(greeted).removeprefix("http://")
    host, _, port = place.rpartition(":")
    for login in ("me:s3cr3t@", ""):
        proxy = ProxyChoice("ALL_PROXY", f"{scheme}://{login}{place}", f"{scheme}://{place}", host, int(port))
        assert proxy.has_login is bool(login)
    assert await is_silent(proxy) is silent
    words = f"OPTIONS http://{place}/ HTTP/1.1\r\nHost: {place}\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n"
    assert heard == [b"\5\2\0\2" if scheme == "socks5" else words.encode()]


async def test_a_proxy_that_is_not_there_is_not_silent() -> None:
    assert not await is_silent(ProxyChoice("ALL_PROXY", "http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1", 1))


async def test_C10_a_proxy_that_has_begun_to_answer_is_not_silent(
    servers: HostileServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it says nothing to the greeting: its answer began while that was waited for."""
    asked, judged, heard = Event(), Event(), _Sending._has_received  # the server is in a thread of its own
    sending: list[_Sending] = []

    def noted(self: _Sending) -> bool:
        sending.append(self)
        return heard(self)

    async def silent(proxy: ProxyChoice) -> bool:
        asked.set()
        while not heard(sending[0]):  # noqa: ASYNC110 - the first byte sets no event
            await asyncio.sleep(0.001)
        judged.set()
        return True

    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.to_thread(asked.wait, 9)
        writer.write(b"HTTP/1.1 200 OK\r\n")
        await writer.drain()
        await asyncio.to_thread(judged.wait, 9)
        await asyncio.sleep(0.05)
        writer.write(b"Content-Length: 2\r\n\r\nok")

    monkeypatch.setattr("airisk_tui.engine.client.exchange.PATIENCE", 0.0)
    monkeypatch.setattr("airisk_tui.engine.client.exchange.is_silent", silent)
    monkeypatch.setattr(_Sending, "_has_received", noted)
    monkeypatch.setenv("HTTP_PROXY", servers.serve(begin))
    assert isinstance(await send("http://airisk.example.com/api"), Exchange)
    assert len(sending) == 2, "before the greeting and after it"


async def test_C10_a_server_that_is_slow_behind_a_proxy_that_answers_is_waited_for(
    servers: HostileServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airisk_tui.engine.client.exchange.PATIENCE", 0.05)
    asked = asyncio.Event()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.readuntil(b"\r\n\r\n")).startswith(b"OPTIONS"):
            asked.set()
        else:
            await asked.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()

    monkeypatch.setenv("HTTP_PROXY", servers.serve(pass_on))
    chosen = proxy_for("http", "airisk.example.com", 80)
    assert chosen is not None and not await is_silent(chosen)
    asked.clear()
    assert isinstance(await send("http://airisk.example.com/api"), Exchange)
