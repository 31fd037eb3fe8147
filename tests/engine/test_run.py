"""The loop that runs a flow: what a bug in one of its tasks leads to, and what becomes of an early paste (L11, L12)."""

from __future__ import annotations

import asyncio
from types import coroutine as coroutine_function
from typing import Any

import pytest

from airisk_tui.engine.run import Run
from airisk_tui.flow.commands import Command, Countdown, Listen, OpenBrowser
from airisk_tui.flow.events import ListenerFailed
from airisk_tui.flow.phases import Phase
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

    async def perform(self, command: Command, stage: Any) -> None:
        self.begun.append(type(command))
        try:
            if isinstance(command, self.fails):
                raise LookupError(f"a bug in {type(command).__name__}")
            if isinstance(command, Listen):
                if self.after is not None:
                    await asyncio.sleep(self.after)
                failed = ListenerFailed(at=0.1, code="busy", sentence="The port is taken.")
                stage.post(BOUND if self.binds else failed)
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            self.ended.append(type(command))
            raise

    def seal_request(self, request: HttpRequest) -> tuple[HttpRequest, tuple[SecretView, ...]]:
        return request, ()


def started(hands: Hands) -> Run:
    run = Run(hands, Clock(), lambda event, state: None)  # type: ignore[arg-type] # it has what a run calls
    run.start(INPUTS, "a1b2c3d4e5f6")
    return run


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
    assert [notice[:28] for notice in run.notices] == ["What was pasted is neither a"]
    run.cancel()
    await run.finished()


async def test_L12_an_early_paste_is_refused_when_the_port_cannot_be_had() -> None:
    told: list[list[str]] = []
    run = Run(Hands(binds=False), Clock(), lambda event, state: told.append(run.notices))  # type: ignore[arg-type] # likewise
    run.start(INPUTS, "a1b2c3d4e5f6")
    assert run.paste("a-bare-code") is None
    await run.finished()
    assert told[-1] == ["No run is waiting for an answer now; start one first, then paste."]
