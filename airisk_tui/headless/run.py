"""`airisk-tui run`: one flow without a screen. stderr narrates it, stdin takes pastes and, while the run is held, the lines with
which a person changes the request (editing.md, "Holding"); a signal cancels it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from typing import NamedTuple

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.machine.host import default_mode
from airisk_tui.engine.run import Run
from airisk_tui.flow import events as e
from airisk_tui.flow.phases import REDIRECT_PHASES, Outcome
from airisk_tui.flow.requests import HeldRequest, held_request
from airisk_tui.flow.state import FlowState, held_step, secret_names
from airisk_tui.headless.flow.narration import narrate, sends_a_person
from airisk_tui.headless.flow.next_command import next_command
from airisk_tui.headless.flow.options import draft_of, edit_from, session_of
from airisk_tui.headless.flow.report import exit_code, judged, run_json, sentences
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError, is_terminal
from airisk_tui.headless.shared.qr import say_qr
from airisk_tui.headless.shared.stdin import lines_of_stdin
from airisk_tui.insight.advice.editing import broken_rules
from airisk_tui.insight.changes import NAMES
from airisk_tui.insight.explain import Report
from airisk_tui.insight.words.checks import checked_lines
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.redirect.repairs import joined_lines
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.request.planned import PlannedRequest, shown_value
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.session.session import Session
from airisk_tui.systems import on_signals

SAME_PASTE = 0.05
"""Seconds within which all lines of a paste arrive: a terminal sends them at once."""

HELD_HELP = (
    "set, omit or add PLACE.NAME[=VALUE] changes it; show shows it, undo undoes the last change; an empty line sends it, as-is sends it "
    "without your changes, end ends the run."
)

UNPASTABLE = "Nothing can be pasted here, because stdin is neither a terminal nor a pipe"

NO_BROWSER = (
    "There is no display here, so the server is asked directly, without a browser. `--mode browser` waits for a browser on another "
    "machine, and `--mode paste` for the address on which a browser ends."
)


async def run(args: argparse.Namespace) -> int:
    """Run one flow as the options say; the exit code is the outcome's (command-line.md)."""
    async with session_of(args) as session:
        if note := _unplayed([] if "probes" in args else args.fault):
            output.say(note)
        done, report, outcome = await played(session, args)
        state = done.state
        code = exit_code(outcome, args.expect)
        for line in sentences(report):
            output.say(line)
        unknown = report.first if report.first is not None and report.first.certainty == "unknown" else None
        if unknown is not None and (command := next_command(unknown, args.typed)):
            output.say(f"Next: {command}")
        say_end(done, outcome, args.expect, code)
        if args.json:
            output.put_json(run_json(state, report, done.recording, outcome, code))
        elif args.print == "access-token" and state.token is not None:
            output.put_raw(session.raw_of(done, state.token) or "")
        elif args.print == "outcome":
            output.put(outcome.value)
        return code


class Played(NamedTuple):
    """A run that has ended, what is found in it, and its outcome in the light of that."""

    run: Run
    report: Report
    outcome: Outcome


async def played(session: Session, args: argparse.Namespace, probes: tuple[Endpoint, ...] = ()) -> Played:
    """Run one flow as the options say. probes: endpoints to call with its token."""
    draft = await draft_of(args, session)
    if "mode" not in args and default_mode() == "direct":
        output.say(NO_BROWSER)
        draft = draft.to(mode="direct")
    draft = draft.to(probes=tuple(dict.fromkeys((*draft.probes, *probes))))
    done = await follow(session, draft, wants_qr=getattr(args, "qr", False))
    report = session.explained(done)
    return Played(done, report, judged(done.state.ended_in, report.findings, strict=args.strict))


def _unplayed(names: list[str]) -> str | None:
    """A sentence about the faults that are not met here: without `--call` a run asks no endpoint with its token."""
    if not names:
        return None
    from airisk_tui.sandbox.airisk.faults import FAULTS

    late = [name for name in names if name in FAULTS and FAULTS[name].where == "access"]
    if not late:
        return None
    listed = " and ".join(f"“{name}”" for name in late)
    are = "is" if len(late) == 1 else "are"
    return (
        f"Note: {listed} {are} played when ListUsers or GetConversations is asked. `run` asks neither without "
        "`--call`; `airisk-tui compare` asks both."
    )


def say_end(run: Run, outcome: Outcome, expected: str | None, code: int) -> None:
    """The last lines: what came of it, and where it is recorded."""
    for line in (*checked_lines(run.state), *run.notices):
        output.say(line)
    if expected is not None:
        verdict = "as expected" if code == 0 else f"but {expected} was expected"
        output.say(f"Outcome: {outcome.value}, {verdict}.")
    else:
        output.say(f"Outcome: {outcome.value}.")
    if run.recording is not None:
        output.say(f"Recorded in {run.recording}.")


async def follow(session: Session, draft: Draft, *, wants_qr: bool = False) -> Run:
    """Start a run and wait for its end. wants_qr: whether to draw the URL that a person has to open as a QR code. Raises UsageError."""
    mistakes = draft.mistakes
    for mistake in mistakes:
        if mistake.severity == "warning":
            output.say(f"Warning: {mistake.sentence}")
    sendable = all(mistake.severity != "error" for mistake in mistakes)
    followed = _Followed(session, wants_qr=wants_qr)
    reads = draft.mode != "direct" or draft.hold
    with lines_of_stdin(followed.offer, followed.no_more_lines) if reads else nullcontext(False) as pastable:
        _check_somebody_can_return(draft, pastable, sendable)
        live = followed.start(draft, pastable)
        with on_signals(live.cancel):
            await live.finished()
    return live


class _Followed:
    """A run, and the person at the terminal. Call `start` first."""

    def __init__(self, session: Session, *, wants_qr: bool) -> None:
        self._session = session
        self._wants_qr = wants_qr
        self._pastable = False
        self._lines: list[str] = []
        self._console: _Console | None = None
        self._run: Run

    def start(self, draft: Draft, pastable: bool) -> Run:
        """Start the run; its first events are narrated before this returns. pastable: whether stdin can be read."""
        self._pastable = pastable
        self._run = self._session.start(draft, self._tell)
        if draft.hold:
            self._console = _Console(self._run)
            self._console.look()
        if not pastable:
            self._run.no_more_pastes()
        return self._run

    def offer(self, line: str) -> None:
        """Take a line of stdin. A pasted one waits for the others: a terminal breaks a long URL into lines."""
        # While the run does not wait for a redirect, nothing is pasted, and the line is for the request that is held, now or next.
        if self._console is not None and (self._console.held or self._run.state.phase not in REDIRECT_PHASES):
            self._console.take(line)
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(SAME_PASTE, self._paste)
        self._lines.append(line)

    def no_more_lines(self) -> None:
        """Take the end of stdin."""
        self._paste()
        if self._console is not None:
            self._console.no_more_lines()
        self._run.no_more_pastes()

    def _paste(self) -> None:
        lines, self._lines = self._lines, []
        inputs = self._run.state.inputs
        for text in joined_lines(lines, inputs.state if inputs is not None else None):
            self._run.paste(text)

    def _tell(self, event: e.AnyEvent, state: FlowState) -> None:
        # A person may have to open the URL of a pushed request by hand, so its secrets are shown.
        shown = partial(self._session.unseal, self._run) if isinstance(event, e.PushAnswered) else str
        narrate(event, state, shown)
        if address := address_to_show(event, state, wants_qr=self._wants_qr):
            say_qr(shown(address))
        if held_step(state) is not None:
            # Not at once: a line that came early may release the request, which posts an event while this one is still being handled.
            asyncio.get_running_loop().call_soon(self._look)
        if advice := how_to_return(event, state, self._pastable):
            output.say(advice)

    def _look(self) -> None:
        if self._console is not None:
            self._console.look()


def _check_somebody_can_return(draft: Draft, pastable: bool, sendable: bool) -> None:
    """Raises UsageError where nobody could paste the redirect, or release a held request, so that the run would wait in vain."""
    if draft.hold and not pastable:
        raise UsageError(
            "--hold needs somebody to send the held requests, and stdin is neither a terminal nor a pipe; run it at a terminal, "
            "or change the requests with --set, --omit and --add."
        )
    if draft.mode == "paste" and not pastable and not draft.listens and sendable:
        raise UsageError(
            f"{UNPASTABLE}, and a redirect to {draft.redirect_uri} cannot be heard on this machine: nobody could bring it back. "
            "Run it at a terminal, or with --mode direct."
        )


def how_to_return(event: e.AnyEvent, state: FlowState, pastable: bool) -> str:
    """What a person can do after this event so that the redirect comes back, or "". pastable: whether stdin can be read."""
    inputs = state.inputs
    if inputs is None or not state.live:
        return ""
    if isinstance(event, e.BrowserOpened) and event.ok:
        return "Paste the address that the browser ends on here, if the redirect cannot arrive." if pastable else ""
    if not isinstance(event, e.BrowserOpened) and not (sends_a_person(event, state) and inputs.mode == "paste"):
        return ""
    if pastable:
        return "If the redirect cannot arrive, paste the address that the browser ends on here. `--mode direct` needs no browser."
    return (
        f"{UNPASTABLE}: the run waits {inputs.timeout:g} s for somebody to open the address in a browser that reaches "
        f"{inputs.redirect_uri}. `--mode direct` needs no browser."
    )


def address_to_show(event: e.AnyEvent, state: FlowState, *, wants_qr: bool) -> str:
    """The URL to draw as a QR code after this event, or "": a phone can open what a person has to open in a browser."""
    if isinstance(event, e.DeviceAnswered) and state.device_codes is not None and (wants_qr or is_terminal("stderr")):
        return state.device_codes.address
    inputs = state.inputs
    if inputs is None or not wants_qr or not sends_a_person(event, state):
        return ""
    return inputs.authorization_url if inputs.mode in ("browser", "paste") else ""


class _Console:
    """Takes the lines of a person while a run is held. edits: the changes of the request that is held."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._shown: tuple[str, ...] | None = None
        self._early: list[str] = []
        self._ended = False
        self.edits: tuple[Edit, ...] = ()

    @property
    def held(self) -> HeldRequest | None:
        """The request that is held; None while the run goes on."""
        return held_request(self._run.state)

    def look(self) -> None:
        """Show the request once it is held."""
        held, key = self.held, self._run.state.released
        if held is None or self._shown == key:
            return
        self._shown, self.edits = key, ()
        self._show(held)
        output.say(HELD_HELP)
        while self._early and self.held == held:
            self.take(self._early.pop(0))
        self._end_if_alone()

    def no_more_lines(self) -> None:
        """Take the end of stdin, after which nobody can release a held request."""
        self._ended = True
        self._end_if_alone()

    def _end_if_alone(self) -> None:
        if self._ended and not self._early and self.held is not None:
            output.say("Stdin has ended, so nobody can send the held request: the run is over.")
            self._run.cancel()

    def take(self, line: str) -> None:
        """Do what a line says; a line that comes before a request is held waits until then."""
        held, (word, _, rest) = self.held, line.strip().partition(" ")
        if held is None:
            self._early.append(line)
            return
        if word == "":
            self._run.release(self.edits)
        elif word == "as-is":
            self._run.release()
        elif word == "end":
            self._run.cancel()
        else:
            self._change(held, word, rest)

    def _change(self, held: HeldRequest, word: str, rest: str) -> None:
        if word == "undo":
            self.edits = self.edits[:-1]
        elif word in ("set", "omit", "add"):
            try:
                step = rest if rest.startswith(f"{held.step}.") else f"{held.step}.{rest}"
                self.edits = (*self.edits, edit_from(f"--{word}", step))
            except UsageError as error:
                output.say(str(error))
                return
        elif word != "show":
            output.say(HELD_HELP)
            return
        self._show(held)

    def _show(self, held: HeldRequest) -> None:
        names = secret_names(self._run.state)
        plan = held.with_edits(self.edits)
        goes = {"redirect": "is believed", "probe": "are sent"}.get(held.step, "is sent")
        output.say(f"Held before {NAMES[held.step]}{f' ({held.endpoint})' if held.endpoint else ''} {goes}:")
        for text in _lines_of(plan):
            output.say(f"  {secrets_named(text, names)}")
        for note in broken_rules(held, plan):
            output.say(f"  Note: {note}")


def _lines_of(plan: PlannedRequest) -> Iterator[str]:
    """A request as lines, one for each part, with the name by which an edit changes it."""
    yield f"{plan.method} {shown_value(plan.url)}"
    groups = (("param", plan.params), ("header", plan.headers), ("body", plan.fields if plan.raw is None else ()))
    for place, fields in groups:
        yield from (f"{place}.{name}={shown_value(value)}" for name, value in fields)
    if plan.raw is not None:
        yield f"body={shown_value(plan.raw)}"
    elif plan.fields:
        yield f"encoding={plan.encoding}"
