"""The last run that worked in the same environment, and its differences from a run that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from msgspec import Struct

from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.start.fields import EMBEDDED
from airisk_tui.flow.start.known import SeenCertificate
from airisk_tui.flow.start.units import unit_differences
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.rules.tls import seen
from airisk_tui.oauth.http import Exchange
from airisk_tui.recording.differences import Answered, Difference, answers_of, differences, same_header
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.reader import read_recording

GOOD = Outcome.TOKEN.value
"""The outcome of a run that got a token, in a summary."""

NOT_COMPARED = (Outcome.TOKEN, Outcome.CODE, Outcome.USAGE)
"""Outcomes of runs that worked, or sent nothing."""


class SinceGood(Struct, frozen=True):
    """The comparison with the last run that worked. differences: possible causes first, then consequences."""

    good: FlowState
    differences: tuple[Difference, ...]


def since_last_good(library: Library, state: FlowState) -> SinceGood | None:
    """The differences from the last run that worked; None for a run that worked itself, and if no earlier one did."""
    if state.outcome is None or state.outcome in NOT_COMPARED:
        return None
    good = last_good(library, state)
    return SinceGood(good, tuple(since_then(good, state))) if good is not None else None


def last_good(library: Library, state: FlowState) -> FlowState | None:
    """The newest run of the library that worked in the same environment and began before this one, or None."""
    runs = _good_runs(library, state.inputs.environment) if state.inputs is not None else ()
    return next((found for found in runs if found.run_id != state.run_id and found.utc < state.utc), None)


def certificates_then(library: Library, environment: str) -> tuple[SeenCertificate, ...]:
    """The certificates in the newest run of the library that worked in an environment; () if there is none."""
    good = next(_good_runs(library, environment), None)
    return tuple(SeenCertificate(at, shown) for _, at, shown in seen(good)) if good is not None else ()


def _good_runs(library: Library, environment: str) -> Iterator[FlowState]:
    """The runs of an environment that worked, the newest first."""
    for row in library.summaries():
        if row.refused is None and row.outcome == GOOD and row.environment == environment:
            with suppress(RecordingRefused):
                yield fold(read_recording(library.path(row)).events)


def since_then(good: FlowState, state: FlowState) -> list[Difference]:
    """The differences from the run that worked: inputs, certificates, answers and times. Mere consequences of a failure are left out:
    requests that were no longer made, and the other body of another status."""
    found: list[Difference] = []
    if good.inputs is not None and state.inputs is not None:
        embedded = state.inputs.environment in EMBEDDED
        own = {*(good.known.registered or ()), *(state.known.registered or ())}
        changed = [
            one
            for one in unit_differences(good.inputs, state.inputs)
            # The embedded server has another port at each start.
            if not (embedded and (one.name == "base_url" or {one.before, one.after} <= own))
        ]
        found += [Difference("inputs", "input", one.name, one.before, one.after) for one in changed]
    came = differences(good, state)
    failed = {one.exchange for one in came if one.kind == "status"}
    uris = [(each.inputs.redirect_uri if each.inputs is not None else "") for each in (good, state)]
    kept = [one for one in came if not _only_follows(one, failed) and not _is_redirect_target(one, uris)]
    causes = [one for one in kept if one.kind in ("header", "timing") and one.field != "location"]
    return [*found, *_certificates(good, state), *causes, *(one for one in kept if one not in causes)]


def _only_follows(one: Difference, failed: set[str]) -> bool:
    """Whether a difference is a mere consequence of the failure. failed: the exchanges with another status."""
    of_status = one.exchange in failed and (one.kind == "body" or one.field == "content-type")
    return of_status or (one.kind in ("exchange", "claim", "redirect") and one.after is None)


def _is_redirect_target(one: Difference, uris: list[str]) -> bool:
    """Whether a difference is only that of the redirect URIs in a `Location`. uris: of both runs."""
    then = one.before and one.before.replace(uris[0], uris[1])
    return one.field == "location" and same_header("location", then, one.after)


def _certificates(good: FlowState, state: FlowState) -> Iterator[Difference]:
    then, now = _shown(good), _shown(state)
    for name in then.keys() & now.keys():
        for field, before in then[name].items():
            if before != now[name][field]:
                yield Difference(name, "certificate", field, before, now[name][field])


def _shown(state: FlowState) -> dict[str, dict[str, str]]:
    """By exchange, the certificate and the TLS version of the connection."""
    return {name: shown for name, answer in answers_of(state).items() if (shown := _certificate(answer))}


def _certificate(answer: Answered) -> dict[str, str]:
    shown = answer.connection.certificate
    if shown is None or not shown.sha256:
        return {}
    tls = (answer.connection.tls or "none") if isinstance(answer, Exchange) else "none"
    return {"certificate": f"{shown.issuer} {shown.sha256[:16]}", "TLS": tls}
