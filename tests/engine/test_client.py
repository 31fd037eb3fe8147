"""The client on its good days: what is sent is what is shown, what comes is kept as it came."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airisk_tui.engine.client import Client, Limits
from airisk_tui.engine.client_body import BodyReader
from airisk_tui.engine.client_request import IllegalRequest, outgoing
from airisk_tui.oauth.http import Exchange, FailedExchange, Headers, header
from tests.hostile.server import HostileServers


@pytest.fixture(scope="module")
def servers() -> Iterator[HostileServers]:
    servers = HostileServers()
    yield servers
    servers.stop()


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    client = Client()
    yield client
    await client.aclose()


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
        "Host", "User-Agent", "Accept-Encoding", "Accept", "x-lower", "X-UPPER", "x-lower", "Content-Type", "Content-Length",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "target",
    [
        "/a%2Fb/%7euser/../c/./d//e",
        "/?x=%20+%2B&y=a%26b&empty=&&=&x=1",
        "/p?redirect_uri=http%3a%2f%2flocalhost&q={}[]|\\^`\"<>'",
        "/?already=%C3%A9&bad=%zz%&again=%25zz",
    ],
)
async def test_the_target_is_sent_byte_for_byte(target: str, client: Client, servers: HostileServers) -> None:
    echo = Echo(servers)
    exchange = await sent(client, "GET", echo.url + target)
    assert echo.heard[0].startswith(f"GET {target} HTTP/1.1\r\n".encode())
    assert exchange.request.url == echo.url + target


async def test_what_cannot_stand_in_a_request_line_is_percent_encoded(client: Client, servers: HostileServers) -> None:
    echo = Echo(servers)
    exchange = await sent(client, "GET", f"{echo.url}?a=é b\r\nX: y#fragment")
    assert echo.heard[0].startswith(b"GET /?a=%C3%A9%20b%0D%0AX:%20y HTTP/1.1\r\n")
    assert exchange.request.url == f"{echo.url}/?a=%C3%A9%20b%0D%0AX:%20y"


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


async def test_two_requests_at_once(client: Client, servers: HostileServers) -> None:
    echo = Echo(servers)
    results = await asyncio.gather(*(client.send("GET", f"{echo.url}/{n}") for n in range(8)))
    assert all(isinstance(one, Exchange) for one in results)


async def test_refused_names_the_addresses_that_were_tried(client: Client) -> None:
    result = await client.send("GET", "http://localhost:1/")
    assert isinstance(result, FailedExchange)
    assert result.fault.kind == "refused"
    assert (result.fault.host, result.fault.port) == ("localhost", 1)
    assert set(result.fault.tried) <= {"127.0.0.1:1", "[::1]:1"}
    assert "127.0.0.1:1" in result.fault.tried
    assert "localhost:1" in result.fault.message


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example"])
async def test_a_name_without_an_address(host: str, client: Client) -> None:
    result = await client.send("GET", f"http://{host}/")
    assert isinstance(result, FailedExchange)
    assert result.fault.kind in ("dns", "local")
    assert host in result.request.url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "url"),
        ("/api/oauth2", "url"),
        ("ftp://example.com/", "url"),
        ("http://", "url"),
        ("http:///path", "url"),
        ("http://host:port/", "url"),
        ("http://host:99999/", "url"),
        ("http://[::1/", "url"),
        ("http://ho st/", "url"),
        ("https://me:secret@example.com/", "userinfo"),
    ],
)
async def test_an_impossible_address_is_a_local_fault(url: str, reason: str, client: Client) -> None:
    result = await client.send("GET", url)
    assert isinstance(result, FailedExchange)
    assert (result.fault.kind, result.fault.reason) == ("local", reason)
    assert "secret" not in result.fault.message + result.fault.detail


async def test_an_impossible_method_is_a_local_fault(client: Client) -> None:
    result = await client.send("G\r\nET", "http://127.0.0.1:1/")
    assert isinstance(result, FailedExchange)
    assert (result.fault.kind, result.fault.reason) == ("local", "method")


@pytest.mark.parametrize("value", ["secret\r\nX: y", "secret\0", "secret☃", " secret", "secret\x7f"])
async def test_f1_an_impossible_header_is_a_local_fault_that_does_not_quote_it(value: str, client: Client) -> None:
    result = await client.send("GET", "http://127.0.0.1:1/", headers=(("Authorization", value),))
    assert isinstance(result, FailedExchange)
    assert (result.fault.kind, result.fault.reason) == ("local", "header")
    assert "Authorization" in result.fault.message
    assert "secret" not in result.fault.message + result.fault.detail


def test_the_module_is_cheap_to_import() -> None:
    code = "import sys, airisk_tui.engine.client; print([m for m in ('httpx2', 'httpcore2', 'urllib.request') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.text(), st.text(), st.text(), st.binary(max_size=20))
def test_any_request_is_made_or_refused(method: str, rest: str, value: str, content: bytes) -> None:
    for url in (rest, f"http://{rest}", f"http://host/{rest}"):
        try:
            made = outgoing(method, url, (("X-Any", value),), content, "test")
        except IllegalRequest as error:
            assert str(error).endswith(".")
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


answers: list[bytes] = []
urls: list[str] = []


async def _noise(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(answers[-1])
    await writer.drain()
