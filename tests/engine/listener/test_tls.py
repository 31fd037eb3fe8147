"""https: both families, handshakes that end early, and each scheme at the other's door (threats.md L4, L10)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.engine.listener.certificate import Certificate, make_certificate
from airisk_tui.engine.listener.protocol import LIMITS, TLS_ALERT, CallbackSite, Limits
from airisk_tui.engine.listener.tls import TlsConversation
from airisk_tui.oauth.loopback import StrayReason, Target
from tests.engine.listener.rig import listening, status
from tests.pace import within

CERTIFICATE = make_certificate()
TARGET = Target.parse("https://localhost:8765/callback")
REQUEST = b"GET /callback?code=abc HTTP/1.1\r\nHost: localhost:8765\r\n\r\n"


@pytest.fixture
def certificate() -> Certificate:
    return CERTIFICATE


def trusting(certificate: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=certificate.pem)


def doubting() -> ssl.SSLContext:
    return ssl.create_default_context()


class Client:
    """A TLS client without a socket."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")

    def flight(self, data: bytes = b"") -> bytes:
        """Read what came, go on with the handshake, and give what is to be sent."""
        self.incoming.write(data)
        with suppress(ssl.SSLError):
            self.tls.do_handshake()
        return self.outgoing.read()

    def say(self, data: bytes) -> bytes:
        self.tls.write(data)
        return self.outgoing.read()

    def hear(self, data: bytes) -> bytes:
        self.incoming.write(data)
        received = b""
        try:
            while part := self.tls.read(65536):
                received += part
        except ssl.SSLWantReadError:
            pass
        return received


def conversation_with(certificate: Certificate) -> TlsConversation:
    return TlsConversation(CallbackSite(TARGET, LIMITS), "127.0.0.1:1", certificate.context)


def taken(conversation: TlsConversation) -> bytes:
    outgoing, conversation.outgoing = conversation.outgoing, b""
    return outgoing


def established(conversation: TlsConversation) -> Client:
    client = Client(trusting(CERTIFICATE))
    conversation.receive(client.flight())
    conversation.receive(client.flight(taken(conversation)))
    return client


@pytest.mark.parametrize("ends", ["in time", "by close_notify"])
def test_L4_half_a_request_is_answered_when_its_time_is_over_or_the_client_says_that_no_more_comes(
    ends: str,
) -> None:
    conversation = conversation_with(CERTIFICATE)
    conversation.receive(b"\x16")
    assert not conversation.is_idle, "a handshake that began asks for something"
    conversation = conversation_with(CERTIFICATE)
    assert conversation.is_idle
    client = established(conversation)
    client.hear(taken(conversation))
    assert conversation.is_idle, "a preconnect has asked for nothing yet"
    conversation.receive(client.say(REQUEST[:20]))
    assert conversation.is_mid_head and not conversation.answered
    if ends == "in time":
        conversation.expire()
    else:
        with suppress(ssl.SSLWantReadError):
            client.tls.unwrap()
        conversation.receive(client.outgoing.read())
    assert conversation.answered and conversation.received is not None
    assert conversation.received.stray == ("deadline" if ends == "in time" else "cut-off")


async def test_https_is_heard_on_both_families_and_its_fingerprint_is_told(certificate: Certificate) -> None:
    async with listening("https://localhost:0/callback", certificate=certificate) as rig:
        assert rig.bound.scheme == "https"
        assert rig.bound.certificate == certificate.sha256
        assert len(rig.hosts) == 2
        for host in rig.hosts:
            assert status(await rig.say(rig.get(), host, trusting(certificate))) == 200
        assert rig.strays == [None, None]


async def test_a_listener_makes_its_own_certificate_when_it_is_given_none() -> None:
    async with listening("https://127.0.0.1:0/callback") as rig:
        pem = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", rig.port))
        context = ssl.create_default_context(cadata=pem)
        assert status(await rig.say(rig.get(host=f"127.0.0.1:{rig.port}"), tls=context)) == 200
        assert rig.bound.certificate is not None
        assert len(bytes.fromhex(rig.bound.certificate)) == 32


async def test_L10_tls_bytes_on_the_http_port_are_recognised_and_refused_with_an_alert() -> None:
    async with listening() as rig:
        with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
            await rig.say(rig.get(), tls=doubting())
        await rig.heard(1)
        assert rig.strays == ["tls-on-http"]
        assert await rig.say(b"\x16\x03\x01\x02\x00\x01\x00") == TLS_ALERT


async def test_L10_plain_http_on_the_https_port_is_answered_in_plain_and_explained(certificate: Certificate) -> None:
    async with listening("https://localhost:0/callback", certificate=certificate) as rig:
        answer = await rig.say(rig.get("/callback?code=abc&state=xyz"))
        assert status(answer) == 400
        assert b"This address speaks https" in answer
        assert rig.strays == ["http-on-https"]
        assert rig.inbox[0].request.url == "/callback?code=abc&state=xyz"


async def test_a_browser_that_does_not_trust_the_certificate_is_reported(certificate: Certificate) -> None:
    async with listening("https://localhost:0/callback", certificate=certificate) as rig:
        with pytest.raises(ssl.SSLCertVerificationError):
            await rig.say(rig.get(), tls=doubting())
        await rig.heard(1)
        assert rig.strays == ["tls-refused"]
        assert status(await rig.say(rig.get(), tls=trusting(certificate))) == 200


async def test_L4_idle_tls_connections_are_silent_and_half_handshakes_are_cut(certificate: Certificate) -> None:
    limits = Limits(head_seconds=0.05, connection_seconds=0.2, linger_seconds=0.05)
    async with listening("https://localhost:0/callback", limits, certificate) as rig:
        idle, first = await asyncio.open_connection(
            "127.0.0.1", rig.port, ssl=trusting(certificate), server_hostname="localhost"
        )
        assert await rig.say(Client(trusting(certificate)).flight()[:100]) == b""
        assert rig.strays == ["deadline"]
        await asyncio.sleep(0.05)
        assert not idle.at_eof()
        assert await idle.read() == b""
        assert rig.strays == ["deadline"]
        first.close()


async def test_L11_closing_with_tls_connections_open_takes_no_time(certificate: Certificate) -> None:
    async with listening("https://localhost:0/callback", certificate=certificate) as rig:
        clients = [
            await asyncio.open_connection("127.0.0.1", rig.port, ssl=trusting(certificate), server_hostname="localhost")
            for _ in range(5)
        ]
        with within(0.5):
            await rig.listener.close()
        for _, writer in clients:
            writer.transport.abort()


def test_a_request_inside_tls_is_heard_and_answered_with_a_farewell() -> None:
    conversation = conversation_with(CERTIFICATE)
    client = established(conversation)
    assert conversation.is_idle
    assert not conversation.is_mid_head
    conversation.receive(client.say(REQUEST[:20]))
    assert conversation.is_mid_head
    conversation.receive(client.say(REQUEST[20:]))
    answer = client.hear(taken(conversation))
    assert status(answer) == 200
    assert answer.endswith(b"</html>\n")
    assert conversation.received is not None
    assert conversation.received.stray is None


def test_a_form_that_fills_several_records_is_read_whole() -> None:
    conversation = conversation_with(CERTIFICATE)
    client = established(conversation)
    body = b"code=" + b"a" * 60_000
    head = (
        b"POST /callback HTTP/1.1\r\nHost: localhost:8765\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    conversation.receive(client.say(head + body))
    assert conversation.received is not None
    assert conversation.received.stray is None
    assert conversation.received.request.body.data == body


def test_a_preconnect_that_ends_is_no_stray() -> None:
    for farewell in (True, False):
        conversation = conversation_with(CERTIFICATE)
        client = established(conversation)
        if farewell:
            with pytest.raises(ssl.SSLWantReadError):
                client.tls.unwrap()
            conversation.receive(client.outgoing.read())
        conversation.end()
        assert conversation.received is None


def test_a_request_cut_off_inside_tls_is_told_as_such() -> None:
    conversation = conversation_with(CERTIFICATE)
    client = established(conversation)
    conversation.receive(client.say(REQUEST[:20]))
    conversation.end()
    assert conversation.received is not None
    assert conversation.received.stray == "cut-off"


def pieces_of(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    for size in sizes:
        piece, data = data[:size], data[size:]
        yield piece
    yield data


@given(st.lists(st.integers(1, 300), max_size=6))
def test_tls_in_pieces_equals_tls_at_once(sizes: list[int]) -> None:
    conversation, client = conversation_with(CERTIFICATE), Client(trusting(CERTIFICATE))
    for piece in pieces_of(client.flight(), sizes):
        conversation.receive(piece)
    finished = client.flight(taken(conversation))
    for piece in pieces_of(finished + client.say(REQUEST), sizes):
        conversation.receive(piece)
    assert conversation.received is not None
    assert conversation.received.stray is None


@given(st.binary(max_size=300), st.sampled_from(["start", "hello", "established"]))
def test_rubbish_at_any_moment_is_never_an_exception(data: bytes, moment: str) -> None:
    conversation = conversation_with(CERTIFICATE)
    if moment == "hello":
        conversation.receive(Client(trusting(CERTIFICATE)).flight())
    elif moment == "established":
        established(conversation)
    conversation.receive(data)
    conversation.receive(data)
    conversation.end()
    assert conversation.received is None or conversation.received.stray in get_args(StrayReason)


UNDECIPHERABLE = b"\x17\x03\x03\x00\x20" + b"x" * 32
"""A record of application data (RFC 8446 §5.1) under no key of theirs."""


def test_L10_a_handshake_that_goes_wrong_is_a_refusal(certificate: Certificate) -> None:
    conversation = conversation_with(certificate)
    conversation.receive(Client(trusting(certificate)).flight())
    conversation.receive(UNDECIPHERABLE)
    assert conversation.received is not None
    assert conversation.received.stray == "tls-refused"


@pytest.mark.parametrize(("said", "told"), [(REQUEST[:20], ["cut-off"]), (b"", [])])
def test_L10_a_record_that_cannot_be_deciphered_ends_it(certificate: Certificate, said: bytes, told: list[str]) -> None:
    conversation = conversation_with(certificate)
    client = established(conversation)
    if said:
        conversation.receive(client.say(said))
    conversation.receive(UNDECIPHERABLE)
    assert conversation.answered
    assert [heard.stray for heard in [conversation.received] if heard] == told
