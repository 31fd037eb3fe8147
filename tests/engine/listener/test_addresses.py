"""Where the listener listens: on the redirect URI's loopback addresses, on no other, and at once (threats.md L1, L2)."""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace
from typing import cast

import pytest

from airisk_tui.engine.client.exchange import Client
from airisk_tui.engine.machine.browser import open_browser
from airisk_tui.engine.perform import Performer
from airisk_tui.flow.commands import Listen
from airisk_tui.flow.events import AnyEvent, ListenerFailed
from airisk_tui.oauth.loopback import NotLoopbackError, Target
from airisk_tui.redaction.sealer import Sealer
from tests.engine.listener.rig import listening


@pytest.mark.parametrize(
    ("redirect_uri", "addresses"),
    [
        ("http://localhost:0/callback", ["127.0.0.1", "[::1]"]),
        ("http://127.0.0.1:0/callback", ["127.0.0.1"]),
        ("http://[::1]:0/callback", ["[::1]"]),
    ],
)
async def test_L1_binds_the_loopback_addresses_of_the_redirect_uri_on_one_port(
    redirect_uri: str, addresses: list[str]
) -> None:
    async with listening(redirect_uri) as rig:
        assert list(rig.bound.addresses) == [f"{address}:{rig.port}" for address in addresses]
        assert rig.redirect_uri == redirect_uri.replace(":0/", f":{rig.port}/")
        assert rig.bound.scheme == "http"
        assert rig.bound.certificate is None


async def test_L1_no_other_address_of_this_machine_reaches_it() -> None:
    async with listening() as rig:
        for other in ("127.0.0.2", *outside_addresses()):
            with pytest.raises(OSError, match=r"refused|Connect call failed"):
                await asyncio.open_connection(other, rig.port)


def outside_addresses() -> list[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only asks for the way out
        except OSError:
            return []
        return [probe.getsockname()[0]]


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://0.0.0.0:8765/callback",
        "http://[::]:8765/callback",
        "http://192.0.2.7:8765/callback",
        "http://example.com/callback",
        "http://localhost.example.com:8765/",
        "http://[::ffff:127.0.0.1]:8765/",
        "http://127.1:8765/",
        "http://localhost:99999/",
        "http://[::1/",
        "com.example.app:/callback",
        "urn:ietf:wg:oauth:2.0:oob",
        "",
        "http://",
        "\x00\ud800",
    ],
)
async def test_L1_anything_else_is_refused(redirect_uri: str) -> None:
    with pytest.raises(NotLoopbackError):
        Target.parse(redirect_uri)
    posted: list[AnyEvent] = []
    run = SimpleNamespace(now=lambda: 0.0, post=posted.append)
    performer = Performer(Sealer(b"k" * 32), cast(Client, None), open_browser, asyncio.Lock())
    await performer.perform(Listen(redirect_uri), run)
    assert posted == [ListenerFailed(at=0.0, code="not-loopback")]


async def test_L2_a_redirect_in_the_moment_after_start_is_heard_on_every_family() -> None:
    async with listening() as rig:
        for host in rig.hosts:
            with socket.create_connection((host, rig.port)) as client:  # blocking: the loop has not run since start()
                client.sendall(rig.get(f"/callback?code={host}"))
        await rig.heard(2)
        assert rig.strays == [None, None]
