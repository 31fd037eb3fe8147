"""Who hangs up right after speaking has still been heard: nothing that was said is lost to a dead socket (threats.md L2, L5)."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest

from airisk_tui.engine.listener.protocol import ReceivedRequest
from airisk_tui.engine.listener.server import Listener
from airisk_tui.oauth.loopback import Target

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER with no time to linger: close() sends a reset instead of the usual farewell."""


async def heard_of(said: str, *, reset: bool, scheme: str = "http") -> list[str | None]:
    """What the listener makes of a client that says this and hangs up at once, before it is even accepted."""
    heard: list[ReceivedRequest] = []
    told = asyncio.Event()

    def on_request(one: ReceivedRequest) -> None:
        heard.append(one)
        told.set()

    listener = Listener(Target.parse(f"{scheme}://127.0.0.1:0/callback"), on_request)
    try:
        port = int((await listener.start()).addresses[0].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(said.format(port=port).encode())
            if reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        await asyncio.wait_for(told.wait(), 30)
        await asyncio.sleep(0.02)
    finally:
        await listener.close()
    return [one.stray for one in heard]


CALLBACK = "GET /callback?code=SplxlOBeZQQYbYS6WxSbIA HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
async def test_L2_a_callback_whose_sender_hangs_up_at_once_is_still_a_callback(reset: bool) -> None:
    assert await heard_of(CALLBACK, reset=reset) == [None]


async def test_L5_a_request_broken_off_by_hanging_up_is_cut_off() -> None:
    assert await heard_of("GET /callba", reset=False) == ["cut-off"]


async def test_L10_plain_http_that_hangs_up_at_once_is_still_explained() -> None:
    assert await heard_of(CALLBACK, reset=False, scheme="https") == ["http-on-https"]
