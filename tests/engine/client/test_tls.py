"""TLS failures by name, and TLS that works (threats.md C7)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from airisk_tui.engine.client.exchange import Client, Limits
from airisk_tui.insight.advice.transport import fault_sentence
from airisk_tui.oauth.http import Exchange, FailedExchange, HttpRequest, TransportFault
from tests.hostile.certificates import Authority
from tests.hostile.server import HostileServers, reset

Serve = Callable[[ssl.SSLContext], str]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


@pytest.fixture
def serve(servers: HostileServers) -> Serve:
    """Starts an https server that says "hi"; gives its address."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        await writer.drain()

    return lambda context: servers.serve(greet, head=True, tls=context)


@contextlib.contextmanager
def alerting(context: ssl.SSLContext) -> Iterator[str]:
    """An https server that refuses handshakes as real ones do: asyncio's own swallows the alert."""

    def refuse() -> None:
        with contextlib.suppress(OSError):
            plain = listener.accept()[0]
            with context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False) as secured:
                with contextlib.suppress(ssl.SSLError):
                    secured.do_handshake()
                secured.shutdown(socket.SHUT_WR)
                while secured.recv(1000):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=refuse)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join(5)


async def send(url: str, **options: object) -> Exchange | FailedExchange:
    client = Client(**options)  # type: ignore[arg-type]  # each test passes what it is about
    try:
        return await client.send("GET", url)
    finally:
        await client.aclose()


async def fault(url: str, **options: object) -> TransportFault:
    result = await send(url, **options)
    assert isinstance(result, FailedExchange), result
    assert result.connection.peer is not None
    return result.fault


async def test_c7_a_private_authority_is_trusted_by_its_file(
    serve: Serve, authority: Authority, tmp_path: Path
) -> None:
    url = serve(authority.server(tmp_path))
    result = await send(url, ca_file=authority.pem(tmp_path))
    assert isinstance(result, Exchange), result
    assert result.response.body.data == b"hi"
    assert result.connection.tls is not None
    assert result.connection.tls.startswith("TLSv1.3 TLS_")
    assert result.connection.verified
    assert result.timing.tls is not None
    assert result.timing.connect is not None
    assert 0 < result.timing.tls < result.timing.total


async def test_ssl_cert_file_is_honoured(
    serve: Serve, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem(tmp_path)))
    result = await send(serve(authority.server(tmp_path)))
    assert isinstance(result, Exchange), result


@pytest.mark.parametrize(
    ("reason", "server", "trusted"),
    [
        ("certificate-expired", {"days": (-5, -1)}, True),
        ("certificate-not-yet-valid", {"days": (1, 5)}, True),
        ("hostname-mismatch", {"host": "other.example.com"}, True),
        ("self-signed", {"self_signed": True}, False),
        ("unknown-ca", {}, False),
    ],
)
async def test_c7_a_certificate_that_cannot_be_trusted_is_named(
    reason: str, server: dict[str, object], trusted: bool, serve: Serve, authority: Authority, tmp_path: Path
) -> None:
    url = serve(authority.server(tmp_path, **server))  # type: ignore[arg-type]  # the table's columns
    broken = await fault(url, ca_file=authority.pem(tmp_path) if trusted else None)
    assert (broken.kind, broken.reason) == ("tls", reason)
    assert "certificate" in fault_sentence(broken, HttpRequest("GET", url), "access")
    assert broken.verify_code
    assert broken.library_text


async def test_c7_plain_http_on_the_port_is_recognised(servers: HostileServers) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    url = servers.serve(plain).replace("http://", "https://")
    broken = await fault(url)
    assert (broken.kind, broken.reason) == ("tls", "wrong-version")
    assert fault_sentence(broken, HttpRequest("GET", url), "access").endswith("did not answer in TLS.")


async def test_c7_a_handshake_that_is_cut_is_a_tls_fault(servers: HostileServers) -> None:
    async def shut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(2000)

    url = servers.serve(shut).replace("http://", "https://")
    broken = await fault(url)
    assert (broken.kind, broken.reason) == ("tls", "handshake-closed")


async def test_c7_a_demand_for_a_client_certificate_is_named(authority: Authority, tmp_path: Path) -> None:
    context = authority.server(tmp_path)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.pem(tmp_path))
    with alerting(context) as url:
        broken = await fault(url, ca_file=authority.pem(tmp_path))
    assert (broken.kind, broken.reason) == ("tls", "client-certificate")


@pytest.mark.parametrize(("how", "reason"), [(reset, "reset"), (asyncio.StreamWriter.close, "closed")])
async def test_c7_a_connection_cut_after_the_handshake_is_no_tls_fault(
    how: Callable[[asyncio.StreamWriter], None],
    reason: str,
    servers: HostileServers,
    authority: Authority,
    tmp_path: Path,
) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        how(writer)

    url = servers.serve(cut, head=True, tls=authority.server(tmp_path))
    broken = await fault(url, ca_file=authority.pem(tmp_path))
    assert (broken.kind, broken.reason) == ("reset", reason)


async def test_c7_an_outdated_tls_version_is_named(authority: Authority, tmp_path: Path) -> None:
    context = authority.server(tmp_path)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with alerting(context) as url:
        broken = await fault(url, ca_file=authority.pem(tmp_path))
    assert (broken.kind, broken.reason) == ("tls", "protocol-version")


async def test_c7_verification_turned_off_is_recorded(serve: Serve, authority: Authority, tmp_path: Path) -> None:
    result = await send(serve(authority.server(tmp_path, self_signed=True)), verify=False)
    assert isinstance(result, Exchange), result
    assert result.connection.verified is False


async def test_a_silent_handshake_ends_by_the_clock_and_leaves_no_socket(servers: HostileServers) -> None:
    ended = threading.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        ended.set()

    url = servers.serve(silent).replace("http://", "https://")
    broken = await fault(url, limits=Limits(wall_clock=0.5))
    assert (broken.kind, broken.reason) == ("timeout", "tls")
    assert await asyncio.to_thread(ended.wait, 1)


@pytest.mark.parametrize("content", [None, "no certificate in here"])
async def test_a_ca_file_that_cannot_be_read_is_a_local_fault(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    result = await send("https://127.0.0.1:9/", ca_file=path)
    assert isinstance(result, FailedExchange)
    assert (result.fault.kind, result.fault.reason) == ("local", "ca-file")
    assert result.fault.subject.endswith("ca.pem")


def fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


@pytest.mark.parametrize(
    ("variable", "make", "reason"),
    [
        ("SSL_CERT_FILE", lambda path: path, "ca-file"),
        ("SSL_CERT_FILE", fifo, "ca-file"),
        ("SSL_CERT_DIR", lambda path: path, "ca-folder"),
        ("SSLKEYLOGFILE", lambda path: path / "in" / "no-folder", "key-log"),
        ("SSLKEYLOGFILE", fifo, "key-log"),
    ],
)
async def test_c7_the_variable_whose_file_cannot_be_used_is_named(
    variable: str, make: Callable[[Path], Path], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "file")
    monkeypatch.setenv(variable, str(path))
    result = await send("https://127.0.0.1:9/")
    assert isinstance(result, FailedExchange), result
    assert (result.fault.kind, result.fault.reason) == ("local", reason)
    assert (result.fault.variable, result.fault.subject) == (variable, str(path))


async def test_a_ca_file_that_is_a_pipe_does_not_hang(tmp_path: Path) -> None:
    result = await send("https://127.0.0.1:9/", ca_file=fifo(tmp_path / "pipe.pem"))
    assert isinstance(result, FailedExchange), result
    assert (result.fault.kind, result.fault.reason, result.fault.variable) == ("local", "ca-file", "")
