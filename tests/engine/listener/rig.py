"""A started listener with an inbox, and raw clients that say exactly the bytes they are given."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from airisk_tui.engine.listener.certificate import Certificate
from airisk_tui.engine.listener.protocol import LIMITS, Limits, ReceivedRequest
from airisk_tui.engine.listener.server import Listener
from airisk_tui.flow.events import ListenerBound
from airisk_tui.oauth.loopback import Target, read_listen_address

QUICK = 5.0
"""Seconds after which a test gives up waiting for what should take milliseconds."""


@dataclass
class Rig:
    listener: Listener
    bound: ListenerBound
    inbox: list[ReceivedRequest] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.bound.addresses[0].rpartition(":")[2])

    @property
    def redirect_uri(self) -> str:
        """With the port that it listens on."""
        target = self.listener.target
        return f"{target.scheme}://{target.host}:{target.port}{target.path}"

    @property
    def hosts(self) -> list[str]:
        return [address.rpartition(":")[0].strip("[]") for address in self.bound.addresses]

    @property
    def strays(self) -> list[str | None]:
        return [heard.stray for heard in self.inbox]

    async def say(self, data: bytes, host: str | None = None, tls: ssl.SSLContext | None = None) -> bytes:
        """Send bytes, and read what comes until the end."""
        server_hostname = "localhost" if tls is not None else None
        reader, writer = await asyncio.open_connection(
            host or self.hosts[0], self.port, ssl=tls, server_hostname=server_hostname
        )
        try:
            writer.write(data)
            return await asyncio.wait_for(reader.read(), QUICK)
        finally:
            writer.close()

    def get(
        self, target: str = "/callback?code=abc&state=xyz", method: str = "GET", *headers: str, host: str = ""
    ) -> bytes:
        """A request as a browser would send it."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host or f'localhost:{self.port}'}", *headers, "", ""]
        return "\r\n".join(lines).encode()

    async def heard(self, count: int) -> list[ReceivedRequest]:
        """The inbox, once it holds so many."""
        async with asyncio.timeout(QUICK):
            while len(self.inbox) < count:  # noqa: ASYNC110 - the inbox is a plain list, as the listener's owner may use
                await asyncio.sleep(0.002)
        return self.inbox


@asynccontextmanager
async def listening(
    redirect_uri: str = "http://localhost:0/callback",
    limits: Limits = LIMITS,
    certificate: Certificate | None = None,
    at: str = "",
    *,
    fragment: bool = False,
) -> AsyncIterator[Rig]:
    """A listener for the time of the block."""
    inbox: list[ReceivedRequest] = []
    listener = Listener(
        Target.parse(redirect_uri, read_listen_address(at)),
        inbox.append,
        fragment=fragment,
        certificate=certificate,
        limits=limits,
    )
    bound = await listener.start()
    try:
        yield Rig(listener, bound, inbox)
    finally:
        await listener.close()


def status(answer: bytes) -> int:
    """The status code of a raw answer."""
    return int(answer.split(b" ", 2)[1])
