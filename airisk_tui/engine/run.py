"""The loop that runs one flow: each event is appended to the log, folded into the state, and followed by the commands of the new state.
Commands run as tasks, and tasks end in events.

Between an event and the start of its commands there is no `await`, so no other event can come between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from airisk_tui.engine.perform import Performer
from airisk_tui.engine.ports import Clock
from airisk_tui.flow import events as e
from airisk_tui.flow.commands import Command, decide
from airisk_tui.flow.fold import INITIAL, step
from airisk_tui.flow.phases import REDIRECT_PHASES, Phase
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.start.known import Known
from airisk_tui.flow.state import FlowState, held_step
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.redirect.paste import Paste, read_paste
from airisk_tui.oauth.request.edit import Edit, FollowUp, Step
from airisk_tui.oauth.urls import origin

if TYPE_CHECKING:
    from airisk_tui.engine.recorder import FileRecorder

OnEvent = Callable[[e.AnyEvent, FlowState], None]


class Run:
    """One live run, made by `Session.start`. Call all methods in the thread of the event loop."""

    def __init__(
        self, performer: Performer, clock: Clock, on_event: OnEvent, recorder: FileRecorder | None = None
    ) -> None:
        self.state: FlowState = INITIAL
        self.log: list[e.AnyEvent] = []
        self.recorder = recorder
        self._performer = performer
        self._clock = clock
        self._on_event = on_event
        self._began = clock.monotonic()
        self._tasks: dict[Command, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._early: list[str | None] = []
        self._bug: BaseException | None = None

    def start(self, inputs: Inputs, run_id: str, known: Known | None = None) -> None:
        """Post the first event."""
        own = (
            inputs.client_secret,
            inputs.bearer,
            inputs.verifier,
            *(self._performer.views_in(inputs.edits) if inputs.edits else ()),
        )
        views = tuple(view for view in own if view)
        began, known = self._clock.wall(), known or Known()
        self.post(e.RunStarted(at=0.0, run_id=run_id, utc=began, inputs=inputs, known=known, secrets=views))

    def now(self) -> float:
        """Seconds since the start."""
        return self._clock.monotonic() - self._began

    def post(self, event: e.AnyEvent) -> None:
        """Append an event to the log, fold it, and start or end tasks by the commands of the new state."""
        self.log.append(event)
        self.state = step(self.state, event)
        wanted = decide(self.state) if self._bug is None else ()
        # Before its commands start: if the program is killed, the recording has the event on which it acted.
        if self.recorder is not None:
            self.recorder.append(event, self.state)
        self._reconcile(wanted)
        self._changed.set()
        self._on_event(event, self.state)
        if self._early and self.state.phase is not Phase.BINDING:
            self._take_early()

    @property
    def recording(self) -> Path | None:
        """The file that the run is recorded in, or None."""
        return self.recorder.path if self.recorder is not None else None

    @property
    def notices(self) -> list[str]:
        """The failures of recording, as sentences. They are not part of the flow."""
        return [self.recorder.notice] if self.recorder is not None and self.recorder.notice else []

    async def finished(self) -> FlowState:
        """Wait until the run is done and its tasks have ended, and return the state. Raises the error of a task that failed."""
        while self.state.phase is not Phase.DONE and self._bug is None:
            self._changed.clear()
            await self._changed.wait()
        # In a loop: `asyncio.wait` copies the set, and a task that ends may start another one.
        while self._ending:
            await asyncio.wait(self._ending)
        if self._bug is not None:
            raise self._bug
        return self.state

    def cancel(self) -> None:
        """End the run at once; the port is free as soon as `finished` returns."""
        if self.state.live:
            self.post(e.Cancelled(at=self.now()))

    def continue_anyway(self) -> None:
        """Believe the answer whose state could not be verified."""
        if self.state.phase is Phase.HOLDING:
            self.post(e.ContinuedAnyway(at=self.now()))

    def hold(self, steps: tuple[Step, ...]) -> None:
        """Hold the run before these steps from now on, and before no other."""
        if self.state.live:
            self.post(e.HoldChanged(at=self.now(), steps=steps))

    def release(self, edits: tuple[Edit, ...] = ()) -> None:
        """Let the held step go on, with these edits. Their values are raw."""
        held = held_step(self.state)
        if held is not None:
            sealed, views = self._performer.seal_edits(edits)
            self.post(e.RequestReleased(at=self.now(), step=held, edits=sealed, secrets=views))

    def open_again(self) -> None:
        """Open the authorization URL in the browser once more, while the redirect is awaited."""
        if self.state.phase in REDIRECT_PHASES:
            self.post(e.BrowserRequested(at=self.now()))

    def paste(self, text: str) -> e.PasteFault | None:
        """Take a pasted redirect. Returns the reason if it cannot be one; the run goes on waiting then (threats.md L12).

        A paste that comes before the listener listens is kept until the run waits.
        """
        if self.state.phase is Phase.BINDING:
            self._early.append(text)
            return None
        return self._take_paste(text)

    def no_more_pastes(self) -> None:
        """Note that no paste can come any more. Earlier pastes still count."""
        if self.state.phase is Phase.BINDING:
            self._early.append(None)
        elif self.state.live and not self.state.paste_closed:
            self.post(e.PasteClosed(at=self.now()))

    def _take_paste(self, text: str, *, early: bool = False) -> e.PasteFault | None:
        """Read a paste, and post it or its refusal. early: whether it came before the listener listened; then its refusal is posted even
        if the run is over, because `paste` has returned without it."""
        inputs, paste = self.state.inputs, Paste("nothing")
        fault: e.PasteFault | None
        if self.state.phase not in REDIRECT_PHASES or inputs is None:
            fault = "not-waiting"
        else:
            paste = read_paste(text, inputs.base_url, inputs.dialect, inputs.state, (inputs.client_id, inputs.userid))
            fault = paste.fault
        if fault is None:
            via: e.Via = "bare-code" if paste.kind == "code" else "paste"
            elsewhere = inputs is not None and origin(paste.place) != origin(inputs.redirect_uri)
            address = f"{paste.place if elsewhere else ''}?{paste.query}"
            request, views = self._performer.seal_request(HttpRequest("PASTE", address))
            self.post(e.CallbackReceived(at=self.now(), request=request, via=via, repairs=paste.repairs, secrets=views))
        elif early or self.state.live:
            self.post(e.PasteRefused(at=self.now(), reason=fault, length=len(text), kind=paste.kind))
        return fault

    def _take_early(self) -> None:
        """Take the pastes that came before the listener listened, in order; None stands for the end of pasting."""
        # Emptied first, because each paste posts an event, and `post` calls this method.
        early, self._early = self._early, []
        for text in early:
            if text is None:
                self.no_more_pastes()
            else:
                self._take_paste(text, early=True)

    def follow_up(self, step: FollowUp) -> None:
        """Take one more step with the token. Ignored unless the run is done."""
        self.post(e.FollowUpRequested(at=self.now(), step=step))

    def probe(self, endpoint: Endpoint, credential: e.Credential = "token") -> bool:
        """Call a protected endpoint once more. Ignored unless the run is done. Returns False if there is no such credential."""
        if not self._performer.has(credential):
            return False
        self.post(e.ProbeRequested(at=self.now(), endpoint=endpoint, credential=credential))
        return True

    def _reconcile(self, wanted: tuple[Command, ...]) -> None:
        """Start the wanted commands that do not run yet, and end those that are no longer wanted."""
        # A list, because the dict changes in the loop.
        for command in [command for command in self._tasks if command not in wanted]:
            task = self._tasks.pop(command)
            if not task.done():
                task.cancel()
        for command in wanted:
            if command not in self._tasks:
                # Not with `create_task`: on Python 3.12 and later Textual makes tasks eager, which would begin before they are noted here.
                task = asyncio.Task(self._performer.perform(command, self), loop=asyncio.get_running_loop())
                self._tasks[command] = task
                self._ending.add(task)
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        # asyncio writes an exception that nobody retrieves to stderr when the task is collected, over the screen.
        if not task.cancelled() and task.exception() is not None:
            self._bug = self._bug or task.exception()
            self._reconcile(())
            self._changed.set()
