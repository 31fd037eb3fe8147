"""Idle, slow, large and many: the listener's limits, and its end (threats.md L4, L11)."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest
from msgspec.structs import replace

from airisk_tui.engine.listener.protocol import Limits
from airisk_tui.engine.listener.server import Listener
from airisk_tui.oauth.loopback import Target
from tests.engine.listener.rig import listening, status
from tests.pace import within

BRISK = Limits(head_seconds=0.1, connection_seconds=0.3, linger_seconds=0.1)


async def test_L4_the_limits_are_those_of_the_promise() -> None:
    limits = Limits()
    assert (limits.head_seconds, limits.connection_seconds, limits.connections) == (5, 10, 64)
    assert (limits.head_bytes, limits.body_bytes) == (16 * 1024, 64 * 1024)


@pytest.mark.parametrize("idle", [50, 200])
async def test_L4_idle_connections_never_delay_the_callback(idle: int) -> None:
    async with listening() as rig:
        preconnects = [await asyncio.open_connection("127.0.0.1", rig.port) for _ in range(idle)]
        with within(0.5):
            assert status(await rig.say(rig.get(), rig.hosts[-1])) == 200
        assert rig.strays == [None]
        for _, writer in preconnects:
            writer.close()


async def test_L4_a_full_house_makes_room_by_sending_a_silent_one_away() -> None:
    async with listening(limits=replace(Limits(), connections=2)) as rig:
        talking, silent = [await asyncio.open_connection("127.0.0.1", rig.port) for _ in range(2)]
        talking[1].write(b"GET /callback?code=slow HTTP/1.1\r\n")
        await asyncio.sleep(0.02)
        assert status(await rig.say(rig.get("/callback?code=third"))) == 200
        assert await silent[0].read() == b""
        talking[1].write(f"Host: localhost:{rig.port}\r\n\r\n".encode())
        assert status(await talking[0].read()) == 200
        assert rig.strays == [None, None]
        talking[1].close()
        silent[1].close()


async def test_L4_where_all_have_begun_the_oldest_goes_and_is_reported() -> None:
    async with listening(limits=replace(Limits(), connections=1)) as rig:
        reader, writer = await asyncio.open_connection("127.0.0.1", rig.port)
        writer.write(b"GET /callback?code=slow HTTP/1.1\r\n")
        await asyncio.sleep(0.02)
        assert status(await rig.say(rig.get())) == 200
        assert rig.strays == ["too-many-connections", None]
        assert rig.inbox[0].request.url == "/callback?code=slow"
        assert await reader.read() == b""
        writer.close()


async def test_L4_a_head_that_drips_is_cut_at_the_deadline() -> None:
    async with listening(limits=BRISK) as rig:
        reader, writer = await asyncio.open_connection("127.0.0.1", rig.port)

        async def drip() -> None:
            for byte in rig.get():
                writer.write(bytes((byte,)))
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        with within(0.25):
            answer = await reader.read()
        dripping.cancel()
        writer.close()
        assert status(answer) == 408
        assert rig.strays == ["deadline"]


async def test_L4_a_form_that_drips_is_cut_at_the_deadline_of_the_connection() -> None:
    async with listening(limits=BRISK) as rig:
        began = time.monotonic()
        head = rig.get("/callback", "POST", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 9")
        with within(1):
            assert status(await rig.say(head + b"code")) == 408
        assert time.monotonic() - began > 0.2
        assert rig.strays == ["deadline"]
        assert rig.inbox[0].request.method == "POST"


async def test_L4_a_silent_connection_is_closed_without_a_word_and_may_be_late() -> None:
    async with listening(limits=BRISK) as rig:
        silent, first = await asyncio.open_connection("127.0.0.1", rig.port)
        late, second = await asyncio.open_connection("127.0.0.1", rig.port)
        await asyncio.sleep(0.15)  # past the deadline of a head that has begun
        second.write(rig.get())
        assert status(await late.read()) == 200
        assert await silent.read() == b""
        assert rig.strays == [None]
        first.close()
        second.close()


@pytest.mark.parametrize(
    ("data", "stray", "code"),
    [
        (b"GET /callback?code=" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", "target-too-large", 414),
        (b"GET /callback HTTP/1.1\r\n" + b"X: y\r\n" * 5_000, "head-too-large", 431),
        (b"a" * 100_000, "head-too-large", 431),
        (b"\x00\x01\x02", "bad-request", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "host", 421),
        (b"GET /callback HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "bad-request", 400),
    ],
)
async def test_L4_too_large_and_malformed_heads_are_answered(data: bytes, stray: str, code: int) -> None:
    async with listening() as rig:
        assert status(await rig.say(data)) == code
        assert rig.strays == [stray]


async def test_L4_a_form_over_the_limit_is_refused_before_it_is_read() -> None:
    async with listening() as rig:
        form = "Content-Type: application/x-www-form-urlencoded"
        whole = rig.get("/callback", "POST", form, f"Content-Length: {64 * 1024}") + b"a" * 64 * 1024
        assert status(await rig.say(whole)) == 200
        over = rig.get("/callback", "POST", form, f"Content-Length: {64 * 1024 + 1}") + b"a" * (64 * 1024 + 1)
        assert status(await rig.say(over)) == 413
        assert rig.strays == [None, "body-too-large"]
        assert len(rig.inbox[0].request.body.data) == 64 * 1024


async def test_a_request_that_breaks_off_is_reported_and_a_reset_harms_nothing() -> None:
    async with listening() as rig:
        with socket.create_connection(("127.0.0.1", rig.port)) as client:
            client.sendall(b"GET /callback?code=ha")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        await rig.heard(1)
        assert status(await rig.say(rig.get())) == 200
        assert rig.strays == ["cut-off", None]
        assert rig.inbox[0].request.url == "/callback?code=ha"


async def test_a_client_that_shuts_its_side_still_gets_the_answer() -> None:
    async with listening() as rig:
        reader, writer = await asyncio.open_connection("127.0.0.1", rig.port)
        writer.write(rig.get())
        writer.write_eof()
        assert status(await reader.read()) == 200
        writer.close()


async def test_L11_closing_takes_no_time_and_frees_the_port_whatever_is_open() -> None:
    async with listening() as rig:
        redirect_uri, port = rig.redirect_uri, rig.port
        clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(60)]
        for number, (_, writer) in enumerate(clients):
            if number % 3 == 1:
                writer.write(b"GET /call")
            elif number % 3 == 2:
                writer.write(rig.get("/stray"))
        await rig.heard(20)
        with within(0.3):
            await rig.listener.close()
        assert not rig.listener._open
        for _ in range(3):
            again = Listener(Target.parse(redirect_uri), lambda heard: None)
            await again.start()
            assert again.target.port == port
            await again.close()
        for _, writer in clients:
            writer.close()


async def test_L11_an_answer_in_flight_still_arrives() -> None:
    async with listening() as rig:
        reader, writer = await asyncio.open_connection("127.0.0.1", rig.port)
        writer.write(rig.get())
        await rig.heard(1)
        await rig.listener.close()
        answer = await reader.read()
        writer.close()
        assert status(answer) == 200
        assert answer.endswith(b"</html>\n")


async def test_L11_closing_twice_and_closing_unstarted_are_harmless() -> None:
    listener = Listener(Target.parse("http://localhost:0/callback"), lambda heard: None)
    await listener.close()
    await listener.start()
    await listener.close()
    await listener.close()


async def test_L11_a_connection_that_arrives_while_it_closes_leaves_nothing_open() -> None:
    for _ in range(20):
        async with listening() as rig:
            client = socket.create_connection(("127.0.0.1", rig.port))
            await asyncio.sleep(0)
            await rig.listener.close()
            assert not rig.listener._open
            client.close()
