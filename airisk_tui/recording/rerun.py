"""What running the inputs of a recording again needs: the inputs without what is spent, and which secrets have to be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.inputs import Inputs
from airisk_tui.oauth.secret import SecretView
from airisk_tui.recording.exchanges import started


@dataclass(frozen=True, slots=True)
class SecretUse:
    """A secret that the run needs again: role "client_secret" or "bearer_token"."""

    role: str
    view: SecretView


@dataclass(frozen=True, slots=True)
class Rerun:
    """What running again needs. inputs: those of the recording without the spent values: `state`, challenge and verifier are
    None, to be made anew; state_sent: whether a state was sent at all; secrets: whose raw values have to be found."""

    inputs: Inputs
    state_sent: bool
    secrets: tuple[SecretUse, ...]


def inputs_for_rerun(events: Sequence[AnyEvent]) -> Rerun | None:
    """What running a recording again needs; None for a log that lost its beginning."""
    begun = started(events)
    if begun is None:
        return None
    inputs = begun.inputs
    needed = {"client_secret": inputs.client_secret if inputs.exchange else None, "bearer_token": inputs.bearer}
    secrets = tuple(SecretUse(role, view) for role, view in needed.items() if view is not None)
    fresh = replace(inputs, state=None, challenge=None, verifier=None)
    return Rerun(fresh, inputs.state is not None, secrets)
