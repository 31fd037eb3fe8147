"""A server inside the program, from the moment when its port is bound to its end."""

from __future__ import annotations

import asyncio
import socket
from contextlib import nullcontext
from urllib.parse import urlsplit

from airisk_tui.flow.start.fields import SANDBOX, SANDBOX_STANDARD
from airisk_tui.session.embedded import Embedded


async def test_who_connects_calls_back_until_the_server_is_started_and_a_start_is_one_however_often_it_is_asked_for() -> (
    None
):
    embedded, called = Embedded(()), asyncio.Event()
    environment = embedded.prepare(SANDBOX)
    assert environment is not None
    address = ("127.0.0.1", urlsplit(environment.base_url).port)
    with embedded.calling_back(SANDBOX, called.set), socket.create_connection(address):
        await asyncio.wait_for(called.wait(), 10)
    assert isinstance(embedded.calling_back(SANDBOX_STANDARD, called.set), nullcontext)
    assert embedded.find(SANDBOX) is None
    await embedded.start(SANDBOX)
    server = embedded.find(SANDBOX)
    await embedded.start(SANDBOX)
    assert server is not None and embedded.find(SANDBOX) is server
    assert isinstance(embedded.calling_back(SANDBOX, called.set), nullcontext)
    await embedded.stop()
    assert embedded.find(SANDBOX) is None
