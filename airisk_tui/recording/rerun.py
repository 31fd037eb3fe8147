"""The inputs of a recording for another run: what was used up is left out, and the needed secrets are named."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.inputs import Inputs
from airisk_tui.oauth.secret import SecretView
from airisk_tui.recording.exchanges import started


class SecretUse(Struct, frozen=True):
    """A secret that the rerun needs. role: "client_secret" or "bearer_token"."""

    role: str
    view: SecretView


class Rerun(Struct, frozen=True):
    """inputs: as recorded, with `state`, challenge and verifier None, because each run makes its own; state_sent: whether the
    recorded run sent a state; secrets: those whose raw values have to be found."""

    inputs: Inputs
    state_sent: bool
    secrets: tuple[SecretUse, ...]


def inputs_for_rerun(events: Sequence[AnyEvent]) -> Rerun | None:
    """What a rerun needs; None for a log without its first event."""
    begun = started(events)
    if begun is None:
        return None
    inputs = begun.inputs
    needed = {"client_secret": inputs.client_secret if inputs.exchange else None, "bearer_token": inputs.bearer}
    secrets = tuple(SecretUse(role, view) for role, view in needed.items() if view is not None)
    fresh = replace(inputs, state=None, challenge=None, verifier=None)
    return Rerun(fresh, inputs.state is not None, secrets)
