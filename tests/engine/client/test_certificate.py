"""The certificate that a server showed stands in the log, verified or not (threats.md C7)."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.engine.client import certificate
from airisk_tui.engine.client.certificate import read_certificate
from airisk_tui.engine.client.exchange import Client
from airisk_tui.engine.machine.daemon import WAIT
from airisk_tui.oauth.http import Exchange, FailedExchange, HttpRequest, ServerCertificate, TransportFault
from airisk_tui.recording.disk.codec import decode_event, encode_event, loads
from airisk_tui.redaction.sealer import Sealer
from tests.engine.listener.test_tls import CERTIFICATE
from tests.hostile.certificates import Authority
from tests.hostile.server import HostileServers
from tests.pace import within
from tests.runs import exchanged

DER = ssl.PEM_cert_to_DER_cert(CERTIFICATE.pem)


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    await writer.drain()


@pytest.fixture
def serve(servers: HostileServers) -> Callable[[ssl.SSLContext], str]:
    return lambda context: servers.serve(greet, head=True, tls=context)


async def sent(url: str, **options: object) -> Exchange | FailedExchange:
    client = Client(**options)  # type: ignore[arg-type]  # each test passes what it is about
    try:
        return await client.send("GET", url)
    finally:
        await client.aclose()


@pytest.mark.parametrize("trusted", [True, False], ids=["verified", "verification off"])
async def test_C7_the_certificate_of_an_answer(
    serve: Callable[[ssl.SSLContext], str], tmp_path: Path, trusted: bool
) -> None:
    authority = Authority.create()
    url = serve(authority.server(tmp_path, days=(-5, 12)))
    options = {"ca_file": authority.pem(tmp_path)} if trusted else {"verify": False}
    result = await sent(url, **options)
    assert isinstance(result, Exchange)
    shown = result.connection.certificate
    assert shown is not None
    assert (shown.subject, shown.issuer) == ("CN=A server", "CN=A private authority")
    days = (shown.not_after - datetime.now(UTC).timestamp()) / 86_400
    assert 11 < days <= 12
    der = ssl.PEM_cert_to_DER_cert((tmp_path / "server.pem").read_text().partition("-----END PRIVATE KEY-----\n")[2])
    assert shown.sha256 == sha256(der).hexdigest()


async def test_C7_a_certificate_that_is_refused_is_told_all_the_same(
    serve: Callable[[ssl.SSLContext], str], tmp_path: Path
) -> None:
    url = serve(Authority.create().server(tmp_path))
    result = await sent(url)
    assert isinstance(result, FailedExchange)
    assert (result.fault.reason, result.connection.verified) == ("unknown-ca", True)
    assert result.connection.certificate is not None
    assert result.connection.certificate.issuer == "CN=A private authority"


async def test_plain_http_has_none(servers: HostileServers) -> None:
    result = await sent(servers.serve(greet, head=True))
    assert isinstance(result, Exchange)
    assert result.connection.certificate is None


def test_it_is_recorded_and_a_recording_without_it_opens() -> None:
    shown = read_certificate(DER)
    assert shown is not None
    event = exchanged(certificate=shown)
    line = encode_event(event)
    assert decode_event(loads(line)) == event
    assert "certificate" not in encode_event(exchanged())


def test_F1_a_secret_in_a_name_of_a_certificate_is_sealed() -> None:
    sealer = Sealer(b"k" * 32)
    secret = "Vq7-Secret-of-the-client-42"
    sealer.learn(secret)
    event = exchanged(certificate=ServerCertificate(f"CN={secret}", f"O={secret}", 1.0, 2.0, "ab"))
    sealed = sealer.exchange(event.exchange)
    assert sealed.connection.certificate is not None
    assert secret not in sealed.connection.certificate.subject + sealed.connection.certificate.issuer
    gone = FailedExchange(
        HttpRequest("GET", "https://a"), fault=TransportFault("tls"), connection=event.exchange.connection
    )
    assert secret not in repr(sealer.failed(gone))


def made(units: int, size: int) -> bytes:
    """A certificate of so many names of 60 characters, and with an extension of so many bytes."""
    key = ed25519.Ed25519PrivateKey.generate()  # its signatures have one length
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "x" * 60)] * units)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin.replace(year=2027))
    extension = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"x" * size)
    return builder.add_extension(extension, critical=False).sign(key, None).public_bytes(serialization.Encoding.DER)


def test_of_a_certificate_no_more_is_read_than_an_ordinary_one_has() -> None:
    whole = ",".join(["OU=" + "x" * 60] * 4)
    long = read_certificate(made(4, 0))
    assert long is not None and long.subject == long.issuer == f"{whole[:200]}… (55 more characters)"
    size = 60_000 + 2**16 - len(made(1, 60_000))
    largest, larger = (read_certificate(made(1, one)) for one in (size, size + 1))
    assert largest is not None and largest.subject == whole[:63] and largest.not_after > largest.not_before > 0
    assert larger is not None and larger == ServerCertificate(sha256=larger.sha256)
    assert read_certificate(None) is None


async def test_C10_the_look_at_a_certificate_that_was_refused_takes_two_seconds_at_most(
    servers: HostileServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    assert certificate.LOOK == 2.0
    monkeypatch.setattr(certificate, "LOOK", 0.05)
    port = int(servers.serve(silent).rpartition(":")[2])
    assert await certificate.look_at_certificate("127.0.0.1", port) is None
    assert await certificate.look_at_certificate("a" * 70, port) is None, "no name has so long a label"


@given(st.binary() | st.integers(0, len(DER) * 8 - 1).map(lambda bit: _flipped(DER, bit)))
def test_any_bytes_are_read_or_have_only_a_fingerprint(data: bytes) -> None:
    shown = read_certificate(data)
    assert (shown is None) == (data == b"")
    if shown is not None:
        assert shown.sha256 == sha256(data).hexdigest()


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


async def test_C10_a_ca_file_that_never_opens_costs_three_seconds_and_holds_nothing(
    serve: Callable[[ssl.SSLContext], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, stuck = serve(Authority.create().server(tmp_path)), threading.Event()

    def hang(verify: bool, ca_file: Path | None) -> ssl.SSLContext:
        stuck.wait(60)
        raise AssertionError

    monkeypatch.setattr("airisk_tui.engine.client.exchange.tls_context", hang)
    with within(WAIT + 1):
        result = await sent(url, ca_file=tmp_path / "ca.pem")
    stuck.set()
    assert isinstance(result, FailedExchange)
    assert (result.fault.kind, result.fault.reason, result.fault.subject) == ("local", "ca-file", f"{tmp_path}/ca.pem")
