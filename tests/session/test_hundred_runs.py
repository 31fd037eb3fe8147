"""A hundred runs in one process (each day thirty) leave no socket, file, task or thread behind (threats.md L11)."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from collections import Counter
from pathlib import Path
from time import monotonic

import pytest

from airisk_tui.engine.config.home import Home
from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.engine.machine.browser import BrowserLaunch
from airisk_tui.flow.phases import Outcome
from airisk_tui.session.session import RecordingOptions, Session
from tests.conftest import CI

FDS = Path("/proc/self/fd")
PATIENCE = 30.0
"""Seconds in which what is being closed beside the loop has to be closed."""


def held() -> Counter[str]:
    """What this process holds: open descriptors by what they are, tasks and threads by name. The threads of asyncio's own
    pool are left out: how many of them there are is bounded, and no matter of runs."""
    gc.collect()
    names = [f"task {task.get_name()}" for task in asyncio.all_tasks()]
    names += [f"thread {one.name}" for one in threading.enumerate() if not one.name.startswith("asyncio_")]
    for descriptor in FDS.iterdir():
        with contextlib.suppress(OSError):
            names.append(f"file {str(descriptor.readlink()).partition(':')[0]}")
    return Counter(names)


async def follow(url: str) -> BrowserLaunch:
    """A browser of the plainest kind: it asks for the page, goes where it is sent, and hangs up."""
    asyncio.get_running_loop().create_task(_visit(url))
    return BrowserLaunch(True, "test")


async def _visit(url: str) -> None:
    import httpx2

    async with httpx2.AsyncClient(follow_redirects=True) as browser:
        await browser.get(url)


@pytest.mark.skipif(not FDS.exists(), reason="open files are counted in /proc")
async def test_a_hundred_runs_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Direct, in a browser through the real listener, and cancelled while waiting; recorded, all of them."""
    monkeypatch.setattr("airisk_tui.engine.listener.free_port.free_redirect_uri", on_a_port_of_its_own)
    session = await played(tmp_path, 1)
    inside = held()
    await session.aclose()
    outside = held()
    session = await played(tmp_path, 10 if CI else 3)
    await settles(inside)
    await session.aclose()
    await settles(outside)


def on_a_port_of_its_own(uri: str) -> str:
    """Not the usual one, which other tests and programs want at the same time."""
    return uri.replace("8765", str(free_port()))


async def settles(expected: Counter[str]) -> None:
    """Wait until nothing is held that was not after the first few runs."""
    end = monotonic() + PATIENCE
    while more := held() - expected:
        assert monotonic() < end, f"still held: {dict(more)}"
        await asyncio.sleep(0.02)


async def played(folder: Path, rounds: int) -> Session:
    """Ten runs a round: eight direct ones, one in a browser, one that is cancelled while it waits."""
    session = Session(
        home=Home(folder / "config.toml", folder / "recordings"),
        environ={},
        opener=follow,
        record=RecordingOptions(),
    )
    await session.ready("sandbox")
    draft = session.draft("sandbox")
    for _ in range(rounds):
        for _ in range(8):
            assert (await session.start(draft.to(mode="direct")).finished()).outcome is Outcome.TOKEN
        assert (await session.start(draft.to(mode="browser")).finished()).outcome is Outcome.TOKEN
        run = session.start(draft.to(mode="paste"))
        await asyncio.sleep(0.01)
        run.cancel()
        assert (await run.finished()).outcome is Outcome.CANCELLED
    return session
