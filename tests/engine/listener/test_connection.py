"""One connection in the hands of a loop: what it does with its transport at each turn of things, without a socket (threats.md L4, L11)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from airisk_tui.engine.listener.protocol import Limits, ReceivedRequest
from airisk_tui.engine.listener.server import FLUSH, Connection, Listener
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.loopback import Target


class Transport:
    """Notes what it is told."""

    def __init__(self, told: list[str]) -> None:
        self.told = told
        self.closing = False

    def get_extra_info(self, name: str) -> Any:
        return ("::1", 50_000, 0, 0) if name == "peername" else None

    def is_closing(self) -> bool:
        return self.closing

    def write(self, data: bytes) -> None:
        self.told.append(f"write {data.decode()}")

    def write_eof(self) -> None:
        self.told.append("write_eof")
        raise OSError("it has gone")

    def close(self) -> None:
        self.told.append("close")

    def abort(self) -> None:
        self.told.append("abort")


class Talk:
    """A conversation that answers what it is told to, and breaks when it is told so."""

    def __init__(self, peer: str) -> None:
        self.peer, self.outgoing, self.answered, self.is_idle, self.is_mid_head = peer, b"", False, True, False
        self.received: ReceivedRequest | None = None

    def receive(self, data: bytes) -> None:
        if data == b"break":
            raise LookupError("a bug in a conversation")
        if data == b"refused":  # as TLS breaks off: an answer, and no request to tell of
            self.outgoing, self.answered = b"page", True
            return
        self.is_idle, self.is_mid_head = False, data == b"half"
        if data != b"half":
            self.answer(None)

    def answer(self, stray: Any) -> None:
        if not self.answered:
            self.outgoing, self.answered, self.is_mid_head = b"page", True, False
            self.received = ReceivedRequest(HttpRequest("GET", "/"), self.peer, stray)

    def end(self) -> None:
        if not self.is_idle:
            self.answer("cut-off")

    def expire(self, reason: Any = "deadline") -> None:
        if not self.is_idle or reason != "deadline":
            self.answer(reason)


PAGE = ["write page", "write_eof"]


@pytest.mark.parametrize(
    ("turns", "told", "heard", "timers"),
    [
        (["data whole"], PAGE, [None], {"linger"}),
        (["data half"], [], [], {"connection", "head"}),
        (["data half", "data whole"], PAGE, [None], {"linger"}),
        (["eof"], ["abort"], [], {"connection"}),
        (["data half", "eof"], [*PAGE, "close"], ["cut-off"], {"linger"}),
        (["data whole", "eof"], [*PAGE, "close"], [None], {"linger"}),
        (["data whole", "data more"], PAGE, [None], {"linger"}),
        (["lost"], [], [], set()),
        (["data half", "lost"], [], ["cut-off"], set()),
        (["data whole", "lost", "eof"], PAGE, [None], set()),
        (["data whole", "data break"], [*PAGE, "abort"], [None], {"linger"}),
        (["data refused"], PAGE, [], {"linger"}),
        (["data whole", "lost"], PAGE, [None], set()),
        (["evict"], ["write page", "write_eof", "abort"], ["too-many-connections"], {"linger"}),
        (["close_gently"], ["abort"], [], {"connection"}),
        (["data whole", "close_gently"], [*PAGE, "close"], [None], {"linger"}),
        (["lost", "close_gently", "abort"], [], [], set()),
        (["expire"], ["abort"], [], {"connection"}),
        (["data half", "expire"], PAGE, ["deadline"], {"linger"}),
        (["data break"], ["abort"], ["internal-error"], {"connection"}),
        (["closing", "data whole"], [], [None], set()),
    ],
)
async def test_L11_each_turn_of_a_connection_does_just_what_it_must(
    turns: list[str], told: list[str], heard: list[str | None], timers: set[str]
) -> None:
    said: list[str] = []
    came: list[ReceivedRequest] = []
    transport, limits = Transport(said), Limits(head_seconds=90.0, connection_seconds=90.0, linger_seconds=90.0)
    listener = Listener(Target.parse("http://127.0.0.1:0/cb"), came.append, limits=limits)
    connection = Connection(listener, Talk)  # type: ignore[arg-type] # it has what a connection asks of a conversation
    connection.connection_made(transport)  # type: ignore[arg-type] # it has what a connection calls
    assert connection.is_idle
    for turn in turns:
        word, _, data = turn.partition(" ")
        match word:
            case "data":
                connection.data_received(data.encode())
            case "eof":
                assert connection.eof_received(), "asyncio would close it, with the answer unsent"
            case "lost":
                connection.connection_lost(None)
            case "expire":
                connection._expire()
            case "closing":
                transport.closing = True
            case _:
                getattr(connection, word)()
    assert (said, [one.stray for one in came]) == (told, heard)
    assert {one.peer for one in came} <= {"[::1]:50000", ""}
    assert set(connection._timers) == timers
    assert list(listener._open) == [connection] * ("lost" not in turns)
    connection.connection_lost(None)


async def test_a_mistake_of_the_owner_goes_to_the_loop_and_the_answer_to_the_browser() -> None:
    said: list[str] = []
    faults: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: faults.append(context["exception"]))

    def failing(one: ReceivedRequest) -> None:
        raise LookupError("a bug of the owner")

    connection = Connection(Listener(Target.parse("http://127.0.0.1:0/cb"), failing), Talk)  # type: ignore[arg-type] # likewise
    connection.connection_made(Transport(said))  # type: ignore[arg-type] # likewise
    connection.data_received(b"whole")
    connection.connection_lost(None)
    assert (said, [str(fault) for fault in faults]) == (PAGE, ["a bug of the owner"])


class Open:
    """A connection in the list of a listener, which goes when it winds up, a moment later, or only when it is cut."""

    def __init__(self, listener: Listener, told: list[str], *, goes: bool) -> None:
        self.listener, self.told, self.goes = listener, told, goes
        listener.opened(self)  # type: ignore[arg-type] # it has what a listener calls

    def close_gently(self) -> None:
        self.told.append("wind up")
        if self.goes:
            asyncio.get_running_loop().call_later(0.01, self.gone, "gone")

    def abort(self) -> None:
        self.gone("cut")

    def gone(self, how: str) -> None:
        self.told.append(how)
        self.listener.closed(self)  # type: ignore[arg-type] # likewise


@pytest.mark.parametrize(
    ("goes", "flush", "told"),
    [((), 60.0, []), ((True, True), 60.0, ["gone", "gone"]), ((True, False), 0.2, ["gone", "cut"])],
)
async def test_L11_closing_waits_for_what_goes_by_itself_and_cuts_the_rest(
    goes: tuple[bool, ...], flush: float, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 2 * FLUSH < 1, "quitting takes less than a second"
    monkeypatch.setattr("airisk_tui.engine.listener.server.FLUSH", flush)
    listener, said = Listener(Target.parse("http://127.0.0.1:0/cb"), lambda heard: None), list[str]()
    for earlier in (True, True):
        Open(listener, [], goes=earlier).abort()
    for each in goes:
        Open(listener, said, goes=each)
    await asyncio.wait_for(listener.close(), 10)
    assert said == ["wind up"] * len(goes) + told
