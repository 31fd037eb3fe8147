"""The last run that worked in the same environment, and what differs between it and a run that fails."""

from __future__ import annotations

from collections.abc import Iterator

from airisk_tui.flow.fields import EMBEDDED
from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import FlowState
from airisk_tui.flow.units import unit_differences
from airisk_tui.oauth.http import Connection
from airisk_tui.recording.differences import Difference, differences
from airisk_tui.recording.errors import RecordingRefused
from airisk_tui.recording.library import Library
from airisk_tui.recording.reader import read_recording

GOOD = {Outcome.TOKEN.value}
"""Outcomes of runs that worked as far as a token."""


def last_good(library: Library, state: FlowState) -> FlowState | None:
    """The newest run of the library that worked in the environment of this one and began before it; None without one."""
    inputs = state.inputs
    if inputs is None:
        return None
    for row in library.summaries():
        if row.refused is None and row.outcome in GOOD and row.environment == inputs.environment:
            try:
                found = fold(read_recording(library.path(row)).events)
            except RecordingRefused:
                continue
            if found.run_id != state.run_id and found.utc < state.utc:
                return found
    return None


def since_then(good: FlowState, state: FlowState) -> list[Difference]:
    """What differs from the run that worked: the inputs, the certificates, and what the server sent and how fast."""
    found: list[Difference] = []
    if good.inputs is not None and state.inputs is not None:
        embedded = state.inputs.environment in EMBEDDED
        own = {*(good.known.registered or ()), *(state.known.registered or ())}
        changed = [
            one
            for one in unit_differences(good.inputs, state.inputs)
            # The embedded server gets other ports at each start.
            if not (embedded and (one.name == "base_url" or {one.before, one.after} <= own))
        ]
        found += [Difference("inputs", "input", one.name, one.before, one.after) for one in changed]
    return [*found, *_certificates(good, state), *differences(good, state)]


def _certificates(good: FlowState, state: FlowState) -> Iterator[Difference]:
    then, now = dict(_shown(good)), dict(_shown(state))
    for step in then.keys() & now.keys():
        if then[step] != now[step]:
            yield Difference(step, "certificate", "sha256", then[step], now[step])


def _shown(state: FlowState) -> Iterator[tuple[str, str]]:
    connections: list[tuple[str, Connection]] = []
    if state.authorization is not None:
        connections.append(("authorization-request", state.authorization.connection))
    if state.token_exchange is not None:
        connections.append(("token-request", state.token_exchange.connection))
    if state.failure is not None:
        connections.append((state.failure.step, state.failure.failed.connection))
    for step, connection in connections:
        if connection.certificate is not None and connection.certificate.sha256:
            yield step, f"{connection.certificate.issuer} {connection.certificate.sha256[:16]}"
