"""The program open for a test: the real screen on a real session whose runs do nothing by themselves.

A run is the real `Run` with a performer that only waits, so that a test plays the events, as in tests/flow.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from airisk_tui.engine.config.environments import Environment
from airisk_tui.engine.config.home import Home
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.ports import Clock
from airisk_tui.engine.run import OnEvent, Run
from airisk_tui.flow.commands import Command
from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import fold
from airisk_tui.flow.start.known import Host
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.summary import closing_for
from airisk_tui.redaction.inputs import sealed_start
from airisk_tui.session.session import Session
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.run.screen import RunScreen
from tests.recording.disk import HEADER, record
from tests.recording.logs import LOGS

REGISTERED = "http://127.0.0.1:48765/callback"
SECRET = "s3cret-of-the-form"


class Idle:
    """A performer that never does anything."""

    def __init__(self) -> None:
        self.commands: list[Command] = []

    async def perform(self, command: Command, run: object) -> None:
        """Remember and wait."""
        self.commands.append(command)
        await asyncio.get_running_loop().create_future()

    def has(self, credential: str) -> bool:
        """No token of these runs has expired."""
        return credential != "expired"

    def seal_request(self, request: HttpRequest) -> tuple[HttpRequest, tuple[SecretView, ...]]:
        """Nothing is secret in these runs."""
        return request, ()


class IdleSession(Session):
    """A session whose sandbox is there at once and whose runs wait for the test."""

    runs: list[Run]
    drafts: list[Draft]

    def prepare(self, name: str) -> Environment:
        """No port is bound."""
        return self.environments[name]

    async def ready(self, name: str) -> Environment:
        """No server is started."""
        return self.environments[name]

    def secret(self, environment: str, client_id: str) -> Secret | None:
        """The form's."""
        return Secret(SECRET)

    def start(self, draft: Draft, on_event: OnEvent = lambda event, state: None, *, kept: bool = True) -> Run:
        """A run of the test's."""
        run = Run(Idle(), self.clock, on_event)  # type: ignore[arg-type]  # it has what a run calls
        self.runs.append(run)
        self.drafts.append(draft)
        inputs, known = sealed_start(draft, draft.known(Host()), self.sealer)
        run.start(inputs, f"run-{len(self.runs)}", known)
        return run


class OpenTui:
    """The app under test, and short words for what tests do with it."""

    def __init__(self, app: AiriskApp, pilot: Pilot[int], session: IdleSession) -> None:
        self.app = app
        self.pilot = pilot
        self.session = session

    @property
    def screen(self) -> RunScreen:
        """The run screen, whatever lies over it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, RunScreen))

    @property
    def run(self) -> Run:
        """The newest run."""
        return self.session.runs[-1]

    @property
    def draft(self) -> Draft:
        """What the newest run was started with."""
        return self.session.drafts[-1]

    async def press(self, *keys: str) -> None:
        """Press keys and let the screen come to rest."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, holds: Callable[[], Any], seconds: float = 10.0) -> None:
        """Wait until it holds."""
        for _ in range(int(seconds / 0.01)):
            if holds():
                return
            await self.pilot.pause(0.01)
        raise AssertionError("It did not come to hold in time.")

    async def post(self, *events: AnyEvent) -> None:
        """Let facts happen to the newest run, and see them drawn; a run that was asked for early starts when all is ready."""
        await self.until(lambda: self.session.runs)
        for event in events:
            self.run.post(event)
        await self.until(lambda: self.screen.state is self.run.state)
        await self.pilot.pause()

    async def paste(self, text: str) -> None:
        """What a terminal's bracketed paste does."""
        from textual.events import Paste

        self.app.post_message(Paste(text))
        await self.pilot.pause()

    @property
    def text(self) -> str:
        """Everything that is on the screen, line by line."""
        return "\n".join("".join(segment.text for segment in line) for line in self.lines())

    def lines(self) -> list[Any]:
        """The strips as they would reach the driver."""
        compositor = self.app.screen._compositor
        return list(compositor.render_strips())


class Counting:
    """In the place of randomness."""

    def __init__(self) -> None:
        self._count = 0

    def token(self, size: int) -> str:
        """Another one each time."""
        self._count += 1
        return f"random-{self._count}"

    def key(self, size: int) -> bytes:
        """As long as it has to be."""
        return self.token(size).encode().ljust(size, b"-")


@asynccontextmanager
async def opened_tui(
    folder: Path, size: tuple[int, int] = (140, 45), notices: bool = False, clock: Clock | None = None, **options: Any
) -> AsyncIterator[OpenTui]:
    """The program open on an idle session. folder: where the person's files are; notices: whether they are drawn; clock: with one of
    the test's, nothing else is left to chance either."""
    home = Home(folder / "config.toml", folder / "recordings")
    session = IdleSession(home=home, environ={}, clock=clock)
    session.entropy = Counting() if clock is not None else session.entropy
    session.runs, session.drafts = [], []
    session.environments["sandbox"] = Environment(
        name="sandbox",
        base_url="http://127.0.0.1:41000",
        client_id="demo-app",
        redirect_uri=REGISTERED,
        registered=(REGISTERED, "https://localhost/callback"),
    )
    session.environments["staging"] = Environment(
        name="staging", base_url="https://airisk.example.com", client_id="abc"
    )
    app = AiriskApp(AppOptions(session=session, **options))
    async with app.run_test(size=size, notifications=notices) as pilot:
        tui = OpenTui(app, pilot, session)
        await tui.until(lambda: tui.screen.request.base is not None)
        await pilot.pause()
        yield tui


TuiOpener = Callable[..., AbstractAsyncContextManager[OpenTui]]


@pytest.fixture
def open_tui(tmp_path: Path) -> TuiOpener:
    """Open the program: `async with open_tui(size=(80, 24)) as tui`; see `opened_tui`."""
    return partial(opened_tui, tmp_path)


def at_sizes(first: tuple[int, int], *others: tuple[int, int]) -> pytest.MarkDecorator:
    """A test at the first of these sizes of the terminal, and in CI at the others as well: columns and lines, as `size`."""
    return pytest.mark.parametrize("size", [first, *(pytest.param(size, marks=pytest.mark.ci) for size in others)])


Played = Callable[[OpenTui], Awaitable[None]]

ON_THE_SHELF = ("browser-token", "invalid-code", "unauthorized", "cancelled", "user-specific-with-probes")
THEIR_FINDINGS = {"invalid-code": "The code was refused", "unauthorized": "The client is not known here"}


@pytest.fixture
def shelf(tmp_path: Path) -> Library:
    """Five recordings, the last of them the newest."""
    return filled_shelf(tmp_path / "recordings")


def filled_shelf(folder: Path) -> Library:
    """As `shelf`, in this folder, which is made."""
    folder.mkdir()
    for number, name in enumerate(ON_THE_SHELF):
        header = replace(HEADER, utc=f"2026-11-2{number}T10:15:02.250Z", run_id=f"{number:012x}")
        closing = closing_for(fold(LOGS[name]), THEIR_FINDINGS.get(name))
        record(folder / f"2026-11-2{number}T10-15-02Z-sandbox-generic-{number:012x}.jsonl", LOGS[name], header, closing)
    return Library(folder)
