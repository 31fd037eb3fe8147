"""The loop that runs one flow: an event is appended, folded, decided upon; wishes become tasks, tasks end in events.

Between an event and the start of what it leads to there is no `await`, so no other event can come between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from airisk_tui.engine.perform import Performer
from airisk_tui.engine.ports import Clock
from airisk_tui.flow.commands import Command
from airisk_tui.flow.decide import decide
from airisk_tui.flow.events import (
    AnyEvent,
    CallbackReceived,
    Cancelled,
    ContinuedAnyway,
    Credential,
    ListenerFailed,
    ProbeRequested,
    RunStarted,
    TimedOut,
    Via,
)
from airisk_tui.flow.fold import INITIAL, step
from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.known import Known
from airisk_tui.flow.phases import Phase
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.pasting import PasteFault, read_paste

OnEvent = Callable[[AnyEvent, FlowState], None]

PASTE_FAULTS: dict[PasteFault, str] = {
    "no-address": "What was pasted is neither an address with a query nor a code; paste the whole address that the browser shows.",
    "authorization-request": "That is the address to open, not the one that the browser ended on: open it in a browser, and paste "
    "the address that the browser shows at the end.",
    "no-answer": "That address brings neither a code nor an error nor the state, so it is not the answer; paste the address that "
    "the browser shows once the server has sent it back.",
    "error-page": "That is the address of a page of the browser itself, an error page for instance; go back to the address before "
    "it, or read the browser's history, and paste the address that begins with the redirect URI.",
    "cut-short": "The end of what was pasted is cut off and replaced by an ellipsis; copy the whole address and paste it.",
    "no-code": "What was pasted holds characters that no code has, so it was not sent; paste the whole address that the browser "
    "shows, or the code alone.",
}


class Recorder(Protocol):
    """Where a run is recorded. `append` never raises: it says what went wrong in `notice` and goes quiet."""

    path: Path | None

    @property
    def notice(self) -> str | None: ...

    def append(self, event: AnyEvent, state: FlowState) -> None: ...

    def close(self) -> None: ...


class Run:
    """One run, live. Made by `Session.start`; all methods are called in the event loop's thread."""

    def __init__(self, performer: Performer, clock: Clock, on_event: OnEvent, recorder: Recorder | None = None) -> None:
        self.state: FlowState = INITIAL
        self.log: list[AnyEvent] = []
        self.recorder = recorder
        self._performer = performer
        self._clock = clock
        self._on_event = on_event
        self._began = clock.monotonic()
        self._tasks: dict[Command, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._early: list[str] = []
        self._refused: list[str] = []
        self._pastes_over = False
        self._bug: BaseException | None = None

    def start(self, inputs: Inputs, run_id: str, known: Known | None = None) -> None:
        """Post the first event."""
        views = tuple(view for view in (inputs.client_secret, inputs.bearer, inputs.verifier) if view)
        began, known = self._clock.wall(), known or Known()
        self.post(RunStarted(at=0.0, run_id=run_id, utc=began, inputs=inputs, known=known, secrets=views))

    def now(self) -> float:
        """Seconds since the start."""
        return self._clock.monotonic() - self._began

    def post(self, event: AnyEvent) -> None:
        """Take a fact in: append, fold, decide, reconcile."""
        self.log.append(event)
        self.state = step(self.state, event)
        if self.recorder is not None:
            self.recorder.append(event, self.state)
        self._reconcile(() if self._bug is not None else decide(self.state))
        self._changed.set()
        if not self.state.live:
            self._take_early()
        self._on_event(event, self.state)
        if (self._early or self._pastes_over) and self.state.phase is not Phase.BINDING:
            asyncio.get_running_loop().call_soon(self._take_early)

    @property
    def recording(self) -> Path | None:
        """The file that the run is recorded in, or None."""
        return self.recorder.path if self.recorder is not None else None

    @property
    def notices(self) -> list[str]:
        """Sentences for the person that are not part of the flow: that the recording stopped, that an early paste was refused."""
        recorded = [self.recorder.notice] if self.recorder is not None and self.recorder.notice else []
        return [*self._refused, *recorded]

    async def finished(self) -> FlowState:
        """The state once the run is done and everything it had started has ended; raises what went wrong in one of our tasks."""
        while self.state.phase is not Phase.DONE and self._bug is None:
            self._changed.clear()
            await self._changed.wait()
        while self._ending:
            await asyncio.wait(self._ending)
        if self._bug is not None:
            raise self._bug
        return self.state

    def cancel(self) -> None:
        """End the run at once; the port is free as soon as `finished` returns."""
        if self.state.live:
            self.post(Cancelled(at=self.now()))

    def continue_anyway(self) -> None:
        """Believe the answer whose state could not be verified."""
        if self.state.phase is Phase.HOLDING:
            self.post(ContinuedAnyway(at=self.now()))

    def paste(self, text: str) -> str | None:
        """Take a pasted redirect; a sentence when it cannot be one, and the run waits on (threats.md L12).

        What is pasted while the listener is still being opened is kept until the run waits.
        """
        if self.state.phase is Phase.BINDING:
            self._early.append(text)
            return None
        if self.state.phase not in (Phase.OPENING, Phase.WAITING, Phase.HOLDING) or self.state.inputs is None:
            return "No run is waiting for an answer now; start one first, then paste."
        inputs = self.state.inputs
        paste = read_paste(text, inputs.base_url, inputs.dialect, inputs.state)
        if paste.fault is not None:
            return PASTE_FAULTS[paste.fault]
        via: Via = "bare-code" if paste.kind == "code" else "paste"
        request, views = self._performer.seal_request(HttpRequest("PASTE", f"?{paste.query}"))
        self.post(CallbackReceived(at=self.now(), request=request, via=via, secrets=views))
        return None

    def _take_early(self) -> None:
        """What was pasted before the run could take it; nobody waits for the sentences any more, so they become notices."""
        early, self._early = self._early, []
        self._refused += [sentence for sentence in map(self.paste, early) if sentence is not None]
        self._end_if_deaf()

    def no_more_pastes(self) -> None:
        """Take in that nobody can paste any more: a run that waits for nothing else ends, after what was pasted before."""
        self._pastes_over = True
        if self.state.phase is not Phase.BINDING:
            self._take_early()

    def _end_if_deaf(self) -> None:
        inputs, failed = self.state.inputs, self.state.listener_failed
        waits = self.state.phase in (Phase.WAITING, Phase.HOLDING)
        if not self._pastes_over or not waits or inputs is None or inputs.mode != "paste":
            return
        if inputs.listens and failed is None:
            return
        if self.state.doubtful or self.state.held:
            self.post(TimedOut(at=self.now()))
            return
        sentence = f"A redirect to {inputs.redirect_uri} cannot be heard on this machine."
        failed = failed or ListenerFailed(at=0.0, code="not-loopback", sentence=sentence, address=inputs.redirect_uri)
        self.post(replace(failed, at=self.now(), secrets=()))

    def probe(self, endpoint: Endpoint, credential: Credential = "token") -> str | None:
        """Call a protected endpoint once more, only when the run is done; a sentence when there is no such credential."""
        if lacking := self._performer.lacks(credential):
            return lacking
        self.post(ProbeRequested(at=self.now(), endpoint=endpoint, credential=credential))
        return None

    def _reconcile(self, wanted: tuple[Command, ...]) -> None:
        for command in [command for command in self._tasks if command not in wanted]:
            task = self._tasks.pop(command)
            if not task.done():
                task.cancel()
        for command in wanted:
            if command not in self._tasks:
                # Not by `create_task`: on Python 3.12 and later Textual's eager tasks would begin before they are noted here.
                task = asyncio.Task(self._performer.perform(command, self), loop=asyncio.get_running_loop())
                self._tasks[command] = task
                self._ending.add(task)
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._bug = self._bug or task.exception()
            self._reconcile(())
            self._changed.set()
