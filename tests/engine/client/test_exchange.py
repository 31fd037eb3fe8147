"""The client on its good days: what is sent is what is shown, what comes is kept as it came."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import httpx2
import pytest

from airisk_tui.engine.client import exchange as exchange_module
from airisk_tui.engine.client.exchange import Client, Limits
from airisk_tui.engine.client.trace import ClientTrace
from airisk_tui.oauth.http import Exchange, FailedExchange, Headers, Timing, header
from tests.hostile.server import HostileServers


class Echo:
    """A server that notes each request as it came and gives one answer; keeps the connection."""

    def __init__(
        self, servers: HostileServers, answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    ) -> None:
        self.heard: list[bytes] = []
        self.connections = 0
        self._answer = answer
        self.url = servers.serve(self._serve)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            for line in request.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    request += await reader.readexactly(int(line.split(b":")[1]))
            self.heard.append(request)
            writer.write(self._answer)
            await writer.drain()


def on_the_wire(exchange: Exchange) -> bytes:
    """The request as the exchange tells it."""
    request = exchange.request
    target = "/" + request.url.split("/", 3)[3]
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers), "", ""]
    return "\r\n".join(lines).encode("latin-1") + request.body.data


async def sent(client: Client, method: str, url: str, headers: Headers = (), content: bytes = b"") -> Exchange:
    result = await client.send(method, url, headers=headers, content=content)
    assert isinstance(result, Exchange), result
    return result


async def test_the_request_shown_is_the_request_sent(client: Client, servers: HostileServers) -> None:
    echo = Echo(servers)
    headers = (("x-lower", "1"), ("X-UPPER", "ü"), ("x-lower", "2"), ("Content-Type", "text/plain"))
    exchange = await sent(client, "POST", f"{echo.url}/Token", headers, b"code=1")
    assert echo.heard == [on_the_wire(exchange)]
    names = [name for name, _ in exchange.request.headers]
    assert names == [
        "Host", "x-lower", "X-UPPER", "x-lower", "Content-Type", "Content-Length",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "target",
    [
        "/a%2Fb/%7euser/../c/./d//e",
        "/?x=%20+%2B&y=a%26b&empty=&&=&x=1",
        "/p?redirect_uri=http%3a%2f%2flocalhost&q={}[]|\\^`\"<>'",
        "/?already=%C3%A9&bad=%zz%&again=%25zz",
        "/!~",
    ],
)
async def test_the_target_is_sent_byte_for_byte(target: str, client: Client, servers: HostileServers) -> None:
    echo = Echo(servers)
    exchange = await sent(client, "GET", echo.url + target)
    assert echo.heard[0].startswith(f"GET {target} HTTP/1.1\r\n".encode())
    assert exchange.request.url == echo.url + target


async def test_what_cannot_stand_in_a_request_line_is_percent_encoded(client: Client, servers: HostileServers) -> None:
    echo = Echo(servers)
    exchange = await sent(client, "GET", f"{echo.url}?a=é b\x7f\r\nX: y#fragment")
    assert echo.heard[0].startswith(b"GET /?a=%C3%A9%20b%7F%0D%0AX:%20y HTTP/1.1\r\n")
    assert exchange.request.url == f"{echo.url}/?a=%C3%A9%20b%7F%0D%0AX:%20y"


async def test_the_answer_is_kept_as_it_came(client: Client, servers: HostileServers) -> None:
    answer = b"HTTP/1.1 418 I'm a \xe9 teapot\r\nB: 1\r\na: 2\r\nB:  3 \r\nx-EMPTY:\r\nContent-Length: 1\r\n\r\n!"
    exchange = await sent(client, "GET", Echo(servers, answer).url)
    response = exchange.response
    assert (response.status, response.reason, response.version) == (418, "I'm a é teapot", "HTTP/1.1")
    assert response.headers == (("B", "1"), ("a", "2"), ("B", "3"), ("x-EMPTY", ""), ("Content-Length", "1"))
    assert (response.body.data, response.body.size, response.body.wire, response.body.cut) == (b"!", 1, 1, None)


async def test_a_gzipped_body_is_undone_and_both_sizes_are_told(client: Client, servers: HostileServers) -> None:
    import gzip

    packed = gzip.compress(b"{}" * 1000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: GZip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    body = (await sent(client, "GET", Echo(servers, head + packed).url)).response.body
    assert (body.data, body.size, body.wire, body.cut) == (b"{}" * 1000, 2000, len(packed), None)


async def test_a_connection_is_used_again_and_then_has_no_connect_time(client: Client, servers: HostileServers) -> None:
    echo = Echo(servers)
    first, second = [(await sent(client, "GET", echo.url)) for _ in range(2)]
    assert echo.connections == 1
    assert first.timing.connect is not None
    assert second.timing.connect is None
    assert second.timing.first_byte is not None
    assert 0 < second.timing.first_byte <= second.timing.total
    assert first.connection.peer == second.connection.peer == echo.url.removeprefix("http://")


async def test_the_peer_is_known_when_the_server_closes(client: Client, servers: HostileServers) -> None:
    answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    exchange = await sent(client, "GET", Echo(servers, answer).url)
    assert exchange.connection.peer is not None


async def test_c3_no_cookie_is_kept_for_the_next_request(client: Client, servers: HostileServers) -> None:
    echo = Echo(servers, b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nContent-Length: 0\r\n\r\n")
    await sent(client, "GET", echo.url)
    await sent(client, "GET", echo.url)
    assert b"cookie" not in echo.heard[1].lower()


async def test_c3_a_failed_request_is_not_sent_again(client: Client, servers: HostileServers) -> None:
    echo = Echo(servers, b"nonsense\r\n\r\n")
    assert isinstance(await client.send("POST", echo.url, content=b"code=1"), FailedExchange)
    assert len(echo.heard) == 1


async def test_no_netrc_is_read(
    client: Client, servers: HostileServers, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path_factory.mktemp("home") / "netrc"
    path.write_text("default login me password secret\n")
    monkeypatch.setenv("NETRC", str(path))
    echo = Echo(servers)
    exchange = await sent(client, "GET", echo.url)
    assert header(exchange.request.headers, "authorization") is None
    assert b"authorization" not in echo.heard[0].lower()


async def test_ipv6_and_http_1_0(client: Client) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\nServer: old\n\nhi")
        await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(greet, "::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    async with server:
        place = f"[::1]:{server.sockets[0].getsockname()[1]}"
        exchange = await sent(client, "GET", f"http://{place}/")
    assert exchange.connection.peer == place
    assert header(exchange.request.headers, "host") == place
    assert (exchange.response.version, exchange.response.body.data) == ("HTTP/1.0", b"hi")


async def test_c1_a_host_that_is_silent_at_the_start_is_given_up_long_before_the_wall_clock(
    servers: HostileServers,
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    client = Client(limits=Limits(wall_clock=20.0, connect=0.05))
    result = await client.send("GET", servers.serve(silent).replace("http:", "https:"))
    await client.aclose()
    assert isinstance(result, FailedExchange)
    assert (result.fault.code, result.fault.exception) == ("timeout tls", "ConnectTimeout")
    usual = Limits()
    assert (usual.connect, usual.wall_clock, usual.wire, usual.decoded) == (10.0, 30.0, 10 * 2**20, 10 * 2**20)


async def test_the_addresses_that_were_tried_are_looked_up_within_half_a_second_or_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert exchange_module.LOOKUP == 0.5
    found = [(0, 0, 0, "", ("192.0.2.1", 1)), (0, 0, 0, "", ("::1", 1, 0, 0)), (0, 0, 0, "", ("192.0.2.1", 1))]

    async def look_up(host: str, port: int, **options: object) -> object:
        if host == "slow":
            await asyncio.sleep(60)
        if host == "unknown":
            raise OSError("no such name")
        return found

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
    monkeypatch.setattr(exchange_module, "LOOKUP", 0.01)
    assert await exchange_module._addresses("h", 1) == ("192.0.2.1:1", "[::1]:1")
    assert [await exchange_module._addresses(host, 1) for host in ("slow", "unknown")] == [(), ()]


async def test_two_requests_at_once(client: Client, servers: HostileServers) -> None:
    echo = Echo(servers)
    results = await asyncio.gather(*(client.send("GET", f"{echo.url}/{n}") for n in range(8)))
    assert all(isinstance(one, Exchange) for one in results)


def test_the_module_is_cheap_to_import() -> None:
    heavy = ("httpx2", "httpcore2", "urllib.request")
    code = f"import sys, airisk_tui.engine.client.exchange; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class Ticking:
    """A clock that is a second later at each look."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        self.now += 1.0
        return self.now

    def wall(self) -> float:
        return 0.0


class Stopped(Ticking):
    """A clock that stands still."""

    def monotonic(self) -> float:
        return self.now


class Buffered:
    """In the place of a transport, and of the stream and the response that it gives: a body whose chunks are all there."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks
        self.extensions = {"network_stream": self, "http_version": b"HTTP/1.1"}
        self.status_code = 200
        self.headers = httpx2.Headers({"X": "y"})
        self.closed = False

    @property
    async def stream(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk

    async def handle_async_request(self, request: httpx2.Request) -> Buffered:
        return self

    def get_extra_info(self, name: str) -> None:
        return None

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("clock", "turns"), [(Ticking, 50), (Stopped, 0)])
async def test_S4_a_body_that_is_there_already_leaves_the_loop_a_turn_as_time_goes_by(
    monkeypatch: pytest.MonkeyPatch, clock: type[Ticking], turns: int
) -> None:
    transport = Buffered(*[b"x"] * 50)
    client, others = Client(clock=clock()), 0

    async def transport_of(self: Client, *asked: object) -> Buffered:
        return transport

    async def others_turn() -> None:
        nonlocal others
        while True:
            await asyncio.sleep(0)
            others += 1

    monkeypatch.setattr(Client, "_transport", transport_of)
    task = asyncio.create_task(others_turn())
    client._loaded = True
    before = others
    result = await client.send("GET", "http://h/")
    task.cancel()
    assert isinstance(result, Exchange) and result.response.body.data == b"x" * 50
    assert abs(others - before - turns) <= 2
    assert transport.closed


async def test_each_part_of_a_request_is_timed_from_its_own_start() -> None:
    trace = ClientTrace(Ticking())
    assert trace.stage == "start"
    for part, stage in (("send_request_headers", "answer"), ("receive_response_headers", "answer")):
        await trace.record(f"http11.{part}.started", {})
        assert trace.stage == stage
    answer = (b"HTTP/1.1", 407, b"", [(b"Proxy-Authenticate", b'Basic realm="x"'), (b"X", b"Digest")])
    await trace.record("http11.receive_response_headers.complete", {"return_value": answer})
    assert trace.timing() == Timing(total=4.0, connect=None, tls=None, first_byte=1.0)
    assert trace.proxy_asks == "Basic"
    await trace.record("http11.receive_response_headers.complete", {"return_value": (b"", 200, *answer[2:])})
    assert trace.proxy_asks == ""
    await trace.record("http11.receive_response_body.started", {})
    assert trace.stage == "body"
