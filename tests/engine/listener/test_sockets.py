"""Why a redirect URI cannot be listened on, and who has its port (threats.md L1, L3)."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from airisk_tui.engine.listener import sockets as listener_sockets
from airisk_tui.engine.listener.free_port import OUT_OF_THE_WAY, free_port, free_redirect_uri
from airisk_tui.engine.listener.holder import holder_of
from airisk_tui.engine.listener.server import Listener
from airisk_tui.engine.listener.sockets import ListenerError, _failure
from airisk_tui.engine.machine.doctor import _bound
from airisk_tui.oauth.loopback import Target
from tests.engine.listener.rig import listening
from tests.pace import within

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")


async def refusal(redirect_uri: str) -> ListenerError:
    listener = Listener(Target.parse(redirect_uri), lambda heard: None)
    try:
        with pytest.raises(ListenerError) as caught:
            await listener.start()
        return caught.value
    finally:
        await listener.close()


def busy_port(address: str) -> tuple[socket.socket, int]:
    taken = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if ":" in address:
        taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    taken.bind((address, free_port(address)))
    taken.listen()
    return taken, taken.getsockname()[1]


@linux_only
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0"])
async def test_L3_a_port_busy_on_either_family_is_named_with_its_holder(address: str) -> None:
    taken, port = busy_port(address)
    with taken, within(1):
        error, seen = await refusal(f"http://localhost:{port}/callback"), _bound(address, port)
    assert (error.code, error.port) == ("busy", port)
    assert (":" in error.address) is (":" in address)
    assert error.holder is not None
    assert f"(pid {os.getpid()})" in error.holder
    assert (seen.state, seen.holder) == ("busy", error.holder)


async def test_L3_a_failure_on_the_second_family_leaves_the_first_free() -> None:
    taken, port = busy_port("::1")
    with taken:
        await refusal(f"http://localhost:{port}/callback")
        async with listening(f"http://127.0.0.1:{port}/callback") as rig:
            assert rig.port == port


async def test_L3_two_listeners_cannot_share_a_port() -> None:
    async with listening() as rig:
        assert (await refusal(rig.redirect_uri)).code == "busy"


@pytest.mark.parametrize(
    ("number", "port", "code"),
    [
        (errno.EACCES, 443, "privileged"),
        (errno.EACCES, 8765, "excluded"),
        (errno.ENOBUFS, 8765, "unavailable"),
        (errno.EADDRNOTAVAIL, 8765, "unavailable"),
    ],
)
async def test_L3_what_the_system_refuses_has_a_name(number: int, port: int, code: str) -> None:
    with patch.object(listener_sockets, "listening_socket", side_effect=OSError(number, os.strerror(number))):
        error = await refusal(f"http://localhost:{port}/callback")
    assert (error.code, error.port) == (code, port)
    assert error.errno == errno.errorcode[number]


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_L1_a_socket_of_one_family_leaves_the_other_free() -> None:
    with listener_sockets.listening_socket("::", free_port("::")) as six:
        assert six.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
        with listener_sockets.listening_socket("0.0.0.0", six.getsockname()[1]) as four:
            assert four.getsockname()[1] == six.getsockname()[1]


@pytest.mark.parametrize("missing", ["::1", "127.0.0.1"])
async def test_L1_a_machine_without_one_family_listens_on_the_other(missing: str) -> None:
    real = listener_sockets.listening_socket

    def without(address: str, port: int) -> socket.socket:
        if address == missing:
            raise OSError(errno.EADDRNOTAVAIL, "no such family here")
        return real(address, port)

    with patch.object(listener_sockets, "listening_socket", without):
        async with listening() as rig:
            assert rig.hosts == [{"::1": "127.0.0.1", "127.0.0.1": "::1"}[missing]]


async def test_L1_port_0_is_picked_again_until_both_families_have_it() -> None:
    real = listener_sockets.listening_socket
    refusals = iter([True, True, False])

    def sometimes(address: str, port: int) -> socket.socket:
        if address == "::1" and next(refusals):
            raise OSError(errno.EADDRINUSE, "taken")
        return real(address, port)

    with patch.object(listener_sockets, "listening_socket", sometimes):
        async with listening() as rig:
            assert len(rig.hosts) == 2
    with patch.object(listener_sockets, "listening_socket", side_effect=OSError(errno.EADDRINUSE, "taken")):
        assert (await refusal("http://127.0.0.1:0/callback")).code == "busy"


async def test_a_start_that_is_cancelled_leaves_the_port_free() -> None:
    _, port = reserved()
    listener = Listener(Target.parse(f"https://localhost:{port}/callback"), lambda heard: None)
    starting = asyncio.create_task(listener.start())
    await asyncio.sleep(0)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await listener.close()
    async with listening(f"http://localhost:{port}/callback") as rig:
        assert rig.port == port


def reserved() -> tuple[str, int]:
    taken, port = busy_port("127.0.0.1")
    taken.close()
    return "127.0.0.1", port


@pytest.fixture
def proc(tmp_path: Path) -> Callable[[str], Path]:
    def make(line: str) -> Path:
        (tmp_path / "net").mkdir()
        (tmp_path / "net" / "tcp").write_text("  sl  local_address …\n" + line)
        descriptors = tmp_path / "42" / "fd"
        descriptors.mkdir(parents=True)
        (descriptors / "3").symlink_to("socket:[777]")
        (descriptors / "4").write_text("not a link")
        (tmp_path / "42" / "comm").write_text("nginx\n")
        (tmp_path / "self").mkdir()
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("line", "holder"),
    [
        ("0: 0100007F:223D 00000000:0000 0A 0:0 0:0 0 0 0 777 1\n", "nginx (pid 42)"),
        ("0: 0100007F:223D 00000000:0000 01 0:0 0:0 0 0 0 777 1\n", None),
        ("0: 0100007F:223E 00000000:0000 0A 0:0 0:0 0 0 0 777 1\n", None),
        ("0: 0100007F:223D 00000000:0000 0A 0:0 0:0 0 0 0 778 1\n", None),
        ("0: 0100007F:223D 00000000:0000 0A 0:0 0:0 0 0 0\n", None),
        ("rubbish\n\n\x00", None),
    ],
)
def test_the_holder_is_read_from_the_tables_of_proc(proc: Callable[[str], Path], line: str, holder: str | None) -> None:
    assert holder_of(8765, proc(line)) == holder


def test_an_error_without_a_number_of_the_system_has_none() -> None:
    failed = _failure(OSError("as it is"), "127.0.0.1", 1)
    assert (failed.code, failed.errno) == ("unavailable", "")


def test_without_proc_nobody_is_named(tmp_path: Path) -> None:
    assert holder_of(8765, tmp_path / "nothing") is None


@linux_only
def test_the_search_for_who_has_a_port_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, port = busy_port("127.0.0.1")
    monkeypatch.setattr("airisk_tui.engine.listener.holder.BUDGET", -1.0)
    with taken:
        assert holder_of(port) is None


def test_a_program_whose_name_cannot_be_read_is_a_program(proc: Callable[[str], Path]) -> None:
    made = proc(" 0: 0100007F:223D 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 777 1\n")
    (made / "42" / "comm").unlink()
    assert holder_of(0x223D, made) == "a program (pid 42)"


def test_where_the_system_does_not_say_which_ports_are_privileged_those_below_1024_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda self, *how: "not a number")
    refused = OSError(errno.EACCES, "no")
    assert [listener_sockets.listener_fault(refused, port) for port in (1023, 1024)] == ["privileged", "excluded"]


def test_another_port_than_a_taken_one_is_none_that_the_system_gives_away() -> None:
    taken, port = busy_port("127.0.0.1")
    wanted = f"http://127.0.0.1:{port}/callback?x=1"
    with taken:
        other = urlsplit(free_redirect_uri(wanted))
        assert (other.hostname, other.path, other.query) == ("127.0.0.1", "/callback", "x=1")
        assert other.port in OUT_OF_THE_WAY
    assert free_redirect_uri(wanted) == wanted
    assert free_redirect_uri("http://localhost/callback") == "http://localhost/callback"


def test_where_every_port_out_of_the_way_is_taken_the_system_gives_one() -> None:
    taken, port = busy_port("127.0.0.1")
    tried: list[int] = []
    with taken, patch("airisk_tui.engine.listener.free_port.is_free", lambda host, port: tried.append(port)):
        assert free_port() not in (*range(1024), port)
    assert len(tried) == 100


async def test_an_accept_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does where a process has no descriptor left (accept(2), EMFILE)."""
    loop = asyncio.get_running_loop()
    real, failures = loop.sock_accept, iter([OSError(errno.EMFILE, "too many open files")])

    async def sometimes(listening: socket.socket) -> tuple[socket.socket, object]:
        if (failure := next(failures, None)) is not None:
            raise failure
        return await real(listening)

    monkeypatch.setattr(loop, "sock_accept", sometimes)
    async with listening() as rig:
        assert (await rig.say(rig.get())).startswith(b"HTTP/1.1 200")


async def test_L11_a_connection_that_does_not_end_by_itself_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airisk_tui.engine.listener.server.Connection.close_gently", lambda self: None)
    monkeypatch.setattr("airisk_tui.engine.listener.server.FLUSH", 0.01)
    async with listening() as rig:
        reader, writer = await asyncio.open_connection(rig.hosts[0], rig.port)
        writer.write(b"GET")
        await writer.drain()
        await asyncio.sleep(0.02)
    assert not rig.listener._open
    with suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
