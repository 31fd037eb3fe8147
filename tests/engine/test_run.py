"""The loop that runs a flow: what a bug in one of its tasks leads to, and what becomes of an early paste (L11, L12)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import coroutine as coroutine_function
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.engine.run import Run
from airisk_tui.flow.commands import Command, Countdown, Listen, OpenBrowser
from airisk_tui.flow.events import (
    AnyEvent,
    BrowserOpened,
    CallbackReceived,
    ListenerFailed,
    PasteClosed,
    PasteRefused,
    TimedOut,
)
from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.secret import SecretView
from tests.runs import BOUND, INPUTS


class Clock:
    """Stands still."""

    def monotonic(self) -> float:
        return 0.0

    def wall(self) -> float:
        return 1.8e9


class Hands:
    """A performer that binds (or cannot) and waits. fails: the commands that raise; after: seconds that binding takes, None for
    no `await` at all; begun: the commands; ended: those that were cancelled."""

    def __init__(self, *fails: type, binds: bool = True, after: float | None = 0.01) -> None:
        self.fails, self.binds, self.after = fails, binds, after
        self.begun: list[type] = []
        self.ended: list[type] = []

    async def perform(self, command: Command, run: Any) -> None:
        self.begun.append(type(command))
        try:
            if isinstance(command, self.fails):
                raise LookupError(f"a bug in {type(command).__name__}")
            if isinstance(command, Listen):
                if self.after is not None:
                    await asyncio.sleep(self.after)
                failed = ListenerFailed(at=0.1, code="busy")
                run.post(BOUND if self.binds else failed)
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            self.ended.append(type(command))
            raise

    def seal_request(self, request: HttpRequest) -> tuple[HttpRequest, tuple[SecretView, ...]]:
        return request, ()


def started(hands: Hands, **changes: Any) -> Run:
    run = Run(hands, Clock(), lambda event, state: None)  # type: ignore[arg-type] # it has what a run calls
    run.start(replace(INPUTS, **changes), "a1b2c3d4e5f6")
    return run


async def test_what_comes_when_a_run_is_over_is_no_part_of_it() -> None:
    run = started(Hands())
    run.no_more_pastes()
    await asyncio.sleep(0.02)
    run.no_more_pastes()
    run.continue_anyway()
    run.release()
    run.hold(("token",))
    run.open_again()
    run.cancel()
    names = [type(one).__name__ for one in run.log]
    assert names[1:] == ["ListenerBound", "PasteClosed", "HoldChanged", "BrowserRequested", "Cancelled"]
    await asyncio.wait_for(run.finished(), 1)
    for late in (
        run.no_more_pastes,
        run.continue_anyway,
        run.release,
        lambda: run.hold(()),
        run.open_again,
        run.cancel,
    ):
        late()
    assert run.paste("code=abc") == "not-waiting"
    assert len(run.log) == len(names)


async def test_L11_a_bug_in_one_task_ends_the_others_and_is_raised() -> None:
    hands = Hands(OpenBrowser)
    run = started(hands)
    with pytest.raises(LookupError, match="a bug in OpenBrowser"):
        await asyncio.wait_for(run.finished(), 1)
    assert set(hands.ended) == {Listen, Countdown}


def eager(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
    """As `asyncio.eager_task_factory` of Python 3.12, which Textual sets where there is one: the first step is taken at once."""
    waited = coroutine.send(None)

    @coroutine_function
    def rest() -> Any:
        step, came = waited, None
        try:
            while True:
                try:
                    came = yield step
                except BaseException as error:  # noqa: BLE001 - whatever it is, the coroutine gets it
                    step = coroutine.throw(error)
                else:
                    step = coroutine.send(came)
        except StopIteration as end:
            return end.value

    async def whole() -> Any:
        return await rest()

    return asyncio.Task(whole(), loop=loop, **options)


async def test_L11_L2_whoever_makes_the_tasks_a_command_is_carried_out_once_and_ends() -> None:
    """A listener that were begun twice would hold the port after the run."""
    loop = asyncio.get_running_loop()
    hands = Hands(after=None)
    loop.set_task_factory(eager)
    try:
        run = started(hands)
        await asyncio.sleep(0.01)
        run.cancel()
    finally:
        loop.set_task_factory(None)
    await asyncio.wait_for(run.finished(), 1)
    assert hands.begun == [Listen, Countdown, OpenBrowser]
    assert set(hands.ended) == {Listen, Countdown, OpenBrowser}


async def test_L11_nothing_is_started_after_a_bug() -> None:
    hands = Hands(OpenBrowser)
    run = started(hands)
    with pytest.raises(LookupError):
        await asyncio.wait_for(run.finished(), 1)
    run.paste("code-that-came-late")
    assert run.state.phase is Phase.EXCHANGING
    with pytest.raises(LookupError):
        await asyncio.wait_for(run.finished(), 1)


async def test_L12_an_early_paste_is_taken_once_the_run_waits() -> None:
    run = started(Hands())
    assert run.paste("a-bare-code") is None
    await asyncio.sleep(0.05)
    assert run.state.phase is Phase.EXCHANGING
    assert run.notices == []
    run.cancel()
    await run.finished()


async def test_L12_an_early_paste_that_is_refused_later_is_told() -> None:
    run = started(Hands())
    assert run.paste("several words in a line") is None
    assert run.paste("a-bare-code") is None
    await asyncio.sleep(0.05)
    assert run.state.phase is Phase.EXCHANGING, "the second paste does not wait for the next event"
    assert [event.reason for event in run.log if isinstance(event, PasteRefused)] == ["no-address"]
    run.cancel()
    await run.finished()


async def test_L12_an_early_paste_is_refused_when_the_port_cannot_be_had() -> None:
    seen: list[AnyEvent] = []
    run = Run(Hands(binds=False), Clock(), lambda event, state: seen.append(event))  # type: ignore[arg-type] # likewise
    run.start(INPUTS, "a1b2c3d4e5f6")
    assert run.paste("a-bare-code") is None
    await run.finished()
    assert [type(event) for event in seen[1:]] == [ListenerFailed, PasteRefused]
    assert run.state.paste_refused == PasteRefused(at=0.0, reason="not-waiting", length=11, kind="nothing")


async def test_L12_the_end_of_pasting_comes_after_what_was_pasted_early() -> None:
    run = started(Hands(binds=False), mode="paste")
    assert run.paste("a-bare-code") is None
    run.no_more_pastes()
    await asyncio.sleep(0.05)
    assert [type(event) for event in run.log[1:]] == [ListenerFailed, CallbackReceived, PasteClosed]
    assert run.state.phase is Phase.EXCHANGING
    run.cancel()
    await run.finished()


async def test_L12_a_run_that_nobody_can_bring_the_redirect_to_ends() -> None:
    run = started(Hands(binds=False), mode="paste")
    run.no_more_pastes()
    assert (await run.finished()).outcome is Outcome.LISTENER
    assert not any(isinstance(event, TimedOut) for event in run.log)


async def until(holds: Callable[[], bool]) -> None:
    """Give the loop its turns until it holds: two timers of a busy machine may be due in one turn."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)


async def test_the_browser_is_opened_again_once_for_each_request_that_comes_while_none_is_under_way() -> None:
    hands = Hands()
    run = started(hands)
    await until(lambda: OpenBrowser in hands.begun)
    run.open_again()
    assert hands.begun.count(OpenBrowser) == 1, "the first is still being opened"
    run.post(BrowserOpened(at=0.2, ok=True, program="firefox"))
    for _ in range(2):
        run.open_again()
    await until(lambda: hands.begun.count(OpenBrowser) == 2)
    run.cancel()
    await run.finished()
