"""`airisk-tui run`: one flow without a screen."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import NamedTuple

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.host import default_mode
from airisk_tui.engine.run import Run
from airisk_tui.flow import events as e
from airisk_tui.flow.hold import held_step
from airisk_tui.flow.identity import identity_sentence
from airisk_tui.flow.phases import REDIRECT_PHASES, Outcome, Phase
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.headless import output
from airisk_tui.headless.flow_options import draft_of, session_of
from airisk_tui.headless.holding import HeldAtTerminal
from airisk_tui.headless.next_command import next_command
from airisk_tui.headless.pasting import lines_of_stdin
from airisk_tui.headless.process import UsageError
from airisk_tui.headless.qr import on_terminal, say_qr
from airisk_tui.headless.report import exit_code, judged, run_json, sentences
from airisk_tui.insight.advice.discovering import device_sentence, discovered_sentence, pushed_sentence
from airisk_tui.insight.advice.listening import bound_sentence, listening_sentence
from airisk_tui.insight.advice.returning import PASTE_REFUSED, browser_sentence, repaired_sentence
from airisk_tui.insight.advice.transport import REQUESTS, fault_sentence
from airisk_tui.insight.changes import NAMES, words
from airisk_tui.insight.checks import checked_lines
from airisk_tui.insight.explain import Report
from airisk_tui.oauth.edit import Edit, Step
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.oauth.http import Exchange
from airisk_tui.oauth.pasting import joined_lines
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.server_error import read_error
from airisk_tui.session.explaining import explained
from airisk_tui.session.session import Session
from airisk_tui.systems import on_signals

SAME_PASTE = 0.05
"""Seconds within which the lines of one paste arrive: a terminal hands them over at once."""

NO_BROWSER = (
    "There is no display here, so the server is asked directly, without a browser. `--mode browser` waits for one elsewhere, and "
    "`--mode paste` for the address that it ends on."
)

UNPASTABLE = "Nothing can be pasted here, because stdin is neither a terminal nor a pipe"


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
            output.put_raw(session.reveal(done, state.token) or "")
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
    report = explained(session, done)
    return Played(done, report, judged(done.state.ended_in, report.findings, strict=args.strict))


def _unplayed(names: list[str]) -> str | None:
    """A sentence about the faults that are not met here: without `--call` a run asks no endpoint with its token."""
    if not names:
        return None
    from airisk_tui.sandbox.faults import FAULTS

    late = [name for name in names if name in FAULTS and FAULTS[name].where == "access"]
    if not late:
        return None
    listed = " and ".join(f"“{name}”" for name in late)
    return (
        f"Note: {listed} is played when ListUsers or GetConversations is asked. `run` asks neither without "
        "`--call`; `airisk-tui compare` asks both."
    )


async def follow(session: Session, draft: Draft, *, wants_qr: bool = False) -> Run:
    """Start a run and wait for its end: stderr says what happens, stdin takes pastes, a signal cancels. Raises UsageError.

    wants_qr: whether the address that a person has to open is drawn as a QR code, too."""
    for mistake in draft.mistakes():
        if mistake.severity == "warning":
            output.say(f"Warning: {mistake.sentence}")

    came: list[str] = []
    console: HeldAtTerminal | None = None

    def offer(line: str) -> None:
        """Keep a line for a moment: a terminal breaks a long address into lines, and they come one by one."""
        if offer_held(line):
            return
        if not came:
            asyncio.get_running_loop().call_later(SAME_PASTE, take)
        came.append(line)

    def offer_held(line: str) -> bool:
        """Whether the line is for what the run is held before, now or next: while no redirect is awaited, nothing is pasted."""
        if console is None or (console.held is None and live.state.phase in REDIRECT_PHASES):
            return False
        console.take(line)
        return True

    def take() -> None:
        lines, came[:] = [*came], []
        for text in joined_lines(lines, live.state.inputs.state if live.state.inputs else None):
            if live.paste(text) and not live.state.live:
                output.say(PASTE_REFUSED["not-waiting"])

    def tell(event: e.AnyEvent, state: FlowState) -> None:
        # The address with the name of a pushed request is one to be opened by hand, too.
        shown = partial(session.unseal, live) if isinstance(event, e.PushAnswered) else str
        narrate(event, state, shown)
        if address := address_to_show(event, state, wants_qr=wants_qr):
            say_qr(shown(address))
        if held_step(state) is not None:
            asyncio.get_running_loop().call_soon(look)
        if advice := how_to_return(event, state, pastable):
            output.say(advice)

    def look() -> None:
        if console is not None:
            console.look()

    def ended() -> None:
        take()
        if console is not None:
            console.no_more_lines()
        live.no_more_pastes()

    with lines_of_stdin(offer, ended) if draft.mode != "direct" or draft.hold else nullcontext(False) as pastable:
        _check_somebody_can_return(draft, pastable)
        live = session.start(draft, tell)
        console = HeldAtTerminal(live) if draft.hold else None
        look()
        if not pastable:
            live.no_more_pastes()
        with on_signals(live.cancel):
            await live.finished()
    return live


def _check_somebody_can_return(draft: Draft, pastable: bool) -> None:
    """UsageError where nobody could bring the redirect back, or let a held request go, so that the run does not wait in vain."""
    if draft.hold and not pastable:
        raise UsageError(
            "--hold needs somebody who lets the requests go, and stdin is neither a terminal nor a pipe; run it at a terminal, "
            "or change the requests by --set, --omit and --add."
        )
    if draft.mode == "paste" and not pastable and not draft.listens and _sendable(draft):
        raise UsageError(
            f"{UNPASTABLE}, and a redirect to {draft.redirect_uri} cannot be heard on this machine: nobody could bring it back. "
            "Run it at a terminal, or with --mode direct."
        )


def _sendable(draft: Draft) -> bool:
    return all(mistake.severity != "error" for mistake in draft.mistakes())


def how_to_return(event: e.AnyEvent, state: FlowState, pastable: bool) -> str:
    """After this event, what a person can do so that the redirect comes back; "" when there is nothing to do.

    pastable: whether the run takes lines of stdin.
    """
    inputs = state.inputs
    if inputs is None or not state.live:
        return ""
    if isinstance(event, e.BrowserOpened) and event.ok:
        return "Paste the address that the browser ends on here, if the redirect cannot arrive." if pastable else ""
    if not isinstance(event, e.BrowserOpened) and not (_sends_a_person(event, state) and inputs.mode == "paste"):
        return ""
    if pastable:
        return "If the redirect cannot arrive, paste the address that the browser ends on here. `--mode direct` needs no browser."
    return (
        f"{UNPASTABLE}: the run waits {inputs.timeout:g} s for somebody to open the address in a browser that reaches "
        f"{inputs.redirect_uri}. `--mode direct` needs no browser."
    )


def address_to_show(event: e.AnyEvent, state: FlowState, *, wants_qr: bool) -> str:
    """The address to draw as a QR code after this event, or "": a phone can take over where a person is sent to a browser."""
    if isinstance(event, e.DeviceAnswered) and state.device_codes is not None and (wants_qr or on_terminal()):
        return state.device_codes.complete or state.device_codes.verification_uri
    sent = _sends_a_person(event, state) and state.inputs is not None and state.inputs.mode in ("browser", "paste")
    return state.inputs.authorization_url if wants_qr and sent and state.inputs is not None else ""


def narrate(event: e.AnyEvent, state: FlowState, shown: Callable[[str], str] = str, *, imported: bool = False) -> None:
    """Say what happened, in one line, as it happens. state: after the event; shown: makes the sentence one for the person alone;
    imported: another program made the run, in no mode of this one."""
    if sentence := _sentence(event, state) if not (imported and isinstance(event, e.RunStarted)) else _asked(state, ""):
        output.say(f"{event.at:7.2f} s  {shown(sentence)}")
    edits = event.inputs.edits if isinstance(event, e.RunStarted) else ()
    for step in dict.fromkeys(edit.step for edit in edits):
        output.say(f"{event.at:7.2f} s  Changed in {NAMES[step]}: {_every(edits, step, state)}.")


def _sentence(event: e.AnyEvent, state: FlowState) -> str:
    match event:
        case e.RunStarted(inputs=inputs) if state.phase is Phase.DISCOVERING:
            return f"Looking for the metadata of {inputs.issuer}."
        case e.MetadataAnswered(exchange=exchange):
            asked = f" {_asked(state)}" if _sends_a_person(event, state) else ""
            return discovered_sentence(exchange, state) + asked
        case e.RunStarted() if state.phase is Phase.PUSHING:
            return "Pushing the authorization request to the server."
        case e.RunStarted() if state.phase is not Phase.DONE:
            return _asked(state)
        case e.PushAnswered(exchange=exchange):
            asked = f" {_asked(state)}" if _sends_a_person(event, state) else ""
            return f"{pushed_sentence(exchange, state)}{asked}"
        case e.ListenerBound():
            return bound_sentence(event)
        case e.ListenerFailed():
            return listening_sentence(event, state.inputs) + _over(state)
        case e.PasteClosed():
            return _over(state).strip()
        case e.PasteRefused(reason=reason):
            return PASTE_REFUSED[reason]
        case e.BrowserOpened(ok=True, program=program):
            return f"Opened the browser ({program}); waiting for the redirect."
        case e.BrowserOpened():
            return browser_sentence(event)
        case e.AuthorizationAnswered(exchange=exchange):
            return f"The authorization endpoint answered {exchange.response.status_line}{_code(state)}."
        case e.DeviceAnswered(exchange=exchange):
            return device_sentence(exchange, state)
        case e.TokenExchanged(exchange=exchange) if state.phase is Phase.POLLING:
            return f"Not yet: {read_error(exchange.response).code}; the next poll comes in {state.poll_interval:g} s."
        case e.CallbackReceived(repairs=repairs):
            entry = state.inbox[-1] if state.inbox else None
            if entry is not None and entry.reason == "fragment-awaited":
                return "The browser is here, and its page hands the fragment over."
            if entry is not None and entry.reason is not None:
                return f"A callback came, and was not believed: {entry.reason}."
            return f"The redirect came{_code(state)}. {repaired_sentence(repairs)}".strip()
        case e.StrayRequest(request=request, reason=reason):
            return f"Ignored {request.method} {request.url[:80]}: {reason}."
        case e.TokenExchanged(exchange=exchange):
            return f"The token endpoint answered {exchange.response.status_line}{_token(state, exchange)}."
        case e.KeysAnswered(exchange=exchange):
            return f"The server's keys came: {exchange.response.status_line}."
        case e.IdTokenChecked():
            return f"The signature of the ID token was checked: {event.signature.replace('-', ' ')}."
        case e.Imported(program=program):
            return f"The run was read from a file of {program}."
        case e.CallbackAnswered(exchange=exchange):
            return f"The redirect URI answered {exchange.response.status_line}."
        case e.RefreshAnswered(exchange=exchange):
            return f"The token endpoint answered a refresh with {exchange.response.status_line}."
        case e.FollowUpAnswered(step=step, exchange=exchange):
            return f"The server answered the {REQUESTS[step]} with {exchange.response.status_line}."
        case e.ProbeAnswered(endpoint=endpoint, exchange=exchange):
            return f"{endpoint.name} answered {exchange.response.status}."
        case e.TransportFailed(failed=failed, step=step):
            return fault_sentence(failed.fault, failed.request, step)
        case e.RequestReleased(step=name, edits=edits):
            how = f"changed: {_every(edits, name, state)}" if edits else "without a change"
            return f"{NAMES[name].capitalize()} {'go' if name == 'probe' else 'goes'} on, {how}."
        case e.TimedOut():
            return "The time to wait is over."
        case e.Cancelled():
            return "Cancelled."
        case _:
            return ""


def _every(edits: tuple[Edit, ...], step: Step, state: FlowState) -> str:
    return secrets_named("; ".join(words(edit) for edit in edits if edit.step == step), secret_names(state))


def _sends_a_person(event: e.AnyEvent, state: FlowState) -> bool:
    """Whether the authorization request can be made from this event on: from the start, or once the metadata is there."""
    begins = isinstance(event, e.RunStarted | e.MetadataAnswered | e.PushAnswered)
    return begins and state.live and state.phase not in (Phase.DISCOVERING, Phase.PUSHING, Phase.REQUESTING)


def _asked(state: FlowState, mode: str | None = None) -> str:
    """The authorization request. mode: in place of the run's own."""
    inputs = state.inputs
    if inputs is None:
        return ""
    how = ", ".join(filter(None, ["" if inputs.standard else inputs.kind, inputs.mode if mode is None else mode]))
    return f"Authorization request{f' ({how})' if how else ''}: {inputs.authorization_url}"


def _over(state: FlowState) -> str:
    """What to say of a run in the paste mode that ended because nothing can be pasted any more, else ""."""
    if not state.paste_closed or state.live or state.inputs is None or state.inputs.mode != "paste":
        return ""
    if state.outcome is Outcome.LISTENER:
        return " Nothing more can be pasted, so the run is over: nobody could bring the redirect."
    return " Nothing more can be pasted, so the wait is over."


def _code(state: FlowState) -> str:
    return f" and brought a code of {state.code.length} characters" if state.code is not None else ""


def _token(state: FlowState, exchange: Exchange) -> str:
    if state.token is None or state.inputs is None or state.token_exchange is not exchange:
        return ""
    return f" and issued a token ({state.token.form}, {state.token.length} characters; {identity_sentence(state)})"


def say_end(run: Run, outcome: Outcome, expected: str | None, code: int) -> None:
    """The last lines: what came of it, and where it is recorded."""
    for line in (*checked_lines(run.state), *run.notices):
        output.say(line)
    if expected is not None:
        verdict = "as expected" if code == 0 else f"and {expected} was expected"
        output.say(f"Outcome: {outcome.value}, {verdict}.")
    else:
        output.say(f"Outcome: {outcome.value}.")
    if run.recording is not None:
        output.say(f"Recorded in {run.recording}.")
