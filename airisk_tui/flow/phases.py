"""The phases of a run and the table of their transitions.

A trigger is the meaning of an event in the present state (`flow.triggers`). If a phase has no row for a trigger, the event stays in the
log and the phase does not change, so `step` is total. The steps on the screen follow this table, and the diagram in architecture.md is
drawn from it. The form is that of h11 (`h11/_state.py`).
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Phase(StrEnum):
    """The phase of a run: what it is doing or waiting for."""

    IDLE = "idle"
    DISCOVERING = "discovering"
    PUSHING = "pushing"
    REQUESTING = "requesting"
    POLLING = "polling"
    BINDING = "binding"
    OPENING = "opening"
    ASKING = "asking"
    WAITING = "waiting"
    HOLDING = "holding"
    EXCHANGING = "exchanging"
    VERIFYING = "verifying"
    FOLLOWING = "following"
    PROBING = "probing"
    DONE = "done"


class Outcome(StrEnum):
    """The end of a run. Each has one exit code (command-line.md)."""

    TOKEN = "token"  # noqa: S105 - the outcome's name in the contract
    CODE = "code"
    USAGE = "usage"
    LISTENER = "listener"
    AUTHORIZATION_REFUSED = "authorization-refused"
    RESPONSE_INVALID = "response-invalid"
    TOKEN_REFUSED = "token-refused"  # noqa: S105 - likewise
    ACCESS_REFUSED = "access-refused"
    TIMEOUT = "timeout"
    TRANSPORT = "transport"
    DIFFERENT = "different"
    CANCELLED = "cancelled"


EXIT_CODES = {
    Outcome.TOKEN: 0,
    Outcome.CODE: 0,
    Outcome.USAGE: 2,
    Outcome.LISTENER: 3,
    Outcome.AUTHORIZATION_REFUSED: 4,
    Outcome.RESPONSE_INVALID: 5,
    Outcome.TOKEN_REFUSED: 6,
    Outcome.ACCESS_REFUSED: 7,
    Outcome.TIMEOUT: 8,
    Outcome.TRANSPORT: 9,
    Outcome.DIFFERENT: 10,
    Outcome.CANCELLED: 130,
}


class Trigger(StrEnum):
    """The meaning of an event for a run."""

    START_DISCOVERING = "start with an issuer"
    NO_METADATA = "no usable metadata"
    START_LISTENING = "start listening"
    START_DIRECT = "start direct"
    START_PUSHING = "start by pushing the request"
    PUSH_REFUSED = "pushed request refused"
    START_DEVICE = "start on another device"
    DEVICE_CODES = "device codes received"
    START_UNHEARD = "start without a listener"
    START_PASTE = "start without a listener or a browser"
    INPUTS_ILLEGAL = "inputs illegal"
    BOUND = "bound"
    BOUND_FOR_PASTE = "bound, no browser wanted"
    BIND_FAILED = "bind failed"
    BIND_FAILED_PASTE = "bind failed, paste still possible"
    BROWSER_OPENED = "browser asked"
    BROWSER_REQUESTED = "browser requested again"
    PASTE_REFUSED = "paste refused"
    NO_WAY_BACK = "nobody can bring the redirect any more"
    NO_WAY_BACK_DOUBTFUL = "nobody can bring the redirect any more, only answers not to be believed came"
    CODE = "code received"
    CODE_WANTED = "code received, asked for no more"
    UNVERIFIED = "answer without the state"
    REFUSED = "authorization refused"
    NO_REDIRECT = "no redirect"
    INVALID = "answer not to be believed"
    TOKEN = "token received"  # noqa: S105 - a trigger's name
    TOKEN_TO_PROBE = "token received, endpoints to ask"  # noqa: S105 - likewise
    ID_TOKEN = "ID token to verify"  # noqa: S105 - likewise
    FOLLOW = "step with the token"
    FOLLOWED = "step with the token answered as expected"
    FOLLOWED_UNEXPECTED = "step with the token not answered as expected"
    TOKEN_REFUSED = "token refused"  # noqa: S105 - likewise
    NOT_RECORDED = "token answer not recorded"
    NOT_RECORDED_TO_PROBE = "token answer not recorded, endpoints were asked"
    PROBE = "probe requested"
    PROBED = "all endpoints answered as expected"
    PROBED_UNEXPECTED = "an endpoint did not answer as expected"
    NO_ANSWER = "no connection"
    TIMED_OUT = "timed out"
    TIMED_OUT_DOUBTFUL = "timed out, only answers not to be believed came"
    CANCELLED = "cancelled"
    PROBE_CANCELLED = "later probe cancelled"


class To(Struct, frozen=True):
    """The transition of a trigger. outcome: that of a run which it ends; earlier: whether the run keeps the outcome that it had before."""

    phase: Phase
    outcome: Outcome | None = None
    earlier: bool = False


_ANSWERED = {
    Trigger.CODE: To(Phase.EXCHANGING),
    Trigger.CODE_WANTED: To(Phase.DONE, Outcome.CODE),
    Trigger.REFUSED: To(Phase.DONE, Outcome.AUTHORIZATION_REFUSED),
    Trigger.INVALID: To(Phase.DONE, Outcome.RESPONSE_INVALID),
}
_REDIRECT_AWAITED = {
    **_ANSWERED,
    Trigger.UNVERIFIED: To(Phase.HOLDING),
    Trigger.TIMED_OUT: To(Phase.DONE, Outcome.TIMEOUT),
    Trigger.TIMED_OUT_DOUBTFUL: To(Phase.DONE, Outcome.RESPONSE_INVALID),
    Trigger.NO_WAY_BACK: To(Phase.DONE, Outcome.LISTENER),
    Trigger.NO_WAY_BACK_DOUBTFUL: To(Phase.DONE, Outcome.RESPONSE_INVALID),
}


def _staying(phase: Phase, *triggers: Trigger) -> dict[Trigger, To]:
    return dict.fromkeys(triggers, To(phase))


_CANCEL = {Trigger.CANCELLED: To(Phase.DONE, Outcome.CANCELLED)}

_START = {
    Trigger.START_LISTENING: To(Phase.BINDING),
    Trigger.START_UNHEARD: To(Phase.OPENING),
    Trigger.START_PASTE: To(Phase.WAITING),
    Trigger.START_DIRECT: To(Phase.ASKING),
    Trigger.START_DEVICE: To(Phase.REQUESTING),
}

_BEGIN_OR_PUSH = {
    **_START,
    Trigger.START_PUSHING: To(Phase.PUSHING),
    Trigger.INPUTS_ILLEGAL: To(Phase.DONE, Outcome.USAGE),
}

_TOKEN = {
    Trigger.TOKEN: To(Phase.DONE, Outcome.TOKEN),
    Trigger.TOKEN_TO_PROBE: To(Phase.PROBING),
    Trigger.ID_TOKEN: To(Phase.VERIFYING),
    Trigger.FOLLOW: To(Phase.FOLLOWING),
    Trigger.TOKEN_REFUSED: To(Phase.DONE, Outcome.TOKEN_REFUSED),
    Trigger.NO_ANSWER: To(Phase.DONE, Outcome.TRANSPORT),
}

TABLE: dict[Phase, dict[Trigger, To]] = {
    Phase.IDLE: {**_BEGIN_OR_PUSH, Trigger.START_DISCOVERING: To(Phase.DISCOVERING)},
    Phase.DISCOVERING: {
        **_BEGIN_OR_PUSH,
        Trigger.NO_METADATA: To(Phase.DONE, Outcome.RESPONSE_INVALID),
        Trigger.NO_ANSWER: To(Phase.DONE, Outcome.TRANSPORT),
        **_CANCEL,
    },
    Phase.PUSHING: {
        **_START,
        Trigger.PUSH_REFUSED: To(Phase.DONE, Outcome.AUTHORIZATION_REFUSED),
        Trigger.NO_ANSWER: To(Phase.DONE, Outcome.TRANSPORT),
        **_CANCEL,
    },
    Phase.REQUESTING: {
        Trigger.DEVICE_CODES: To(Phase.POLLING),
        Trigger.NO_REDIRECT: To(Phase.DONE, Outcome.AUTHORIZATION_REFUSED),
        Trigger.NO_ANSWER: To(Phase.DONE, Outcome.TRANSPORT),
        **_CANCEL,
    },
    Phase.POLLING: {
        **_TOKEN,
        Trigger.REFUSED: To(Phase.DONE, Outcome.AUTHORIZATION_REFUSED),
        Trigger.TIMED_OUT: To(Phase.DONE, Outcome.TIMEOUT),
        **_CANCEL,
    },
    Phase.BINDING: {
        Trigger.BOUND: To(Phase.OPENING),
        Trigger.BOUND_FOR_PASTE: To(Phase.WAITING),
        Trigger.BIND_FAILED: To(Phase.DONE, Outcome.LISTENER),
        Trigger.BIND_FAILED_PASTE: To(Phase.WAITING),
        **_CANCEL,
    },
    Phase.OPENING: {
        Trigger.BROWSER_OPENED: To(Phase.WAITING),
        **_REDIRECT_AWAITED,
        **_staying(Phase.OPENING, Trigger.PASTE_REFUSED),
        **_CANCEL,
    },
    Phase.ASKING: {
        **_ANSWERED,
        Trigger.NO_REDIRECT: To(Phase.DONE, Outcome.AUTHORIZATION_REFUSED),
        Trigger.NO_ANSWER: To(Phase.DONE, Outcome.TRANSPORT),
        **_CANCEL,
    },
    Phase.WAITING: {
        **_REDIRECT_AWAITED,
        **_staying(Phase.WAITING, Trigger.BROWSER_REQUESTED, Trigger.BROWSER_OPENED, Trigger.PASTE_REFUSED),
        # In recordings of the formats 1 and 2 a run that waited for a paste ended so when none could come any more.
        Trigger.BIND_FAILED: To(Phase.DONE, Outcome.LISTENER),
        **_CANCEL,
    },
    Phase.HOLDING: {
        **_REDIRECT_AWAITED,
        **_staying(Phase.HOLDING, Trigger.BROWSER_REQUESTED, Trigger.BROWSER_OPENED, Trigger.PASTE_REFUSED),
        **_CANCEL,
    },
    Phase.EXCHANGING: {
        **_staying(Phase.EXCHANGING, Trigger.PASTE_REFUSED),
        **_TOKEN,
        # Another program's file may leave the answer out; then only the code is known.
        Trigger.NOT_RECORDED: To(Phase.DONE, Outcome.CODE),
        Trigger.NOT_RECORDED_TO_PROBE: To(Phase.PROBING),
        **_CANCEL,
    },
    Phase.VERIFYING: {
        Trigger.TOKEN: To(Phase.DONE, Outcome.TOKEN),
        Trigger.TOKEN_TO_PROBE: To(Phase.PROBING),
        Trigger.FOLLOW: To(Phase.FOLLOWING),
        **_CANCEL,
    },
    Phase.FOLLOWING: {
        Trigger.TOKEN: To(Phase.DONE, Outcome.TOKEN),
        Trigger.TOKEN_TO_PROBE: To(Phase.PROBING),
        Trigger.FOLLOWED: To(Phase.DONE, earlier=True),
        Trigger.FOLLOWED_UNEXPECTED: To(Phase.DONE, Outcome.ACCESS_REFUSED),
        Trigger.PROBE_CANCELLED: To(Phase.DONE, earlier=True),
        **_CANCEL,
    },
    Phase.PROBING: {
        Trigger.PROBED: To(Phase.DONE, Outcome.TOKEN),
        Trigger.PROBED_UNEXPECTED: To(Phase.DONE, Outcome.ACCESS_REFUSED),
        Trigger.PROBE_CANCELLED: To(Phase.DONE, earlier=True),
        **_CANCEL,
    },
    Phase.DONE: {Trigger.PROBE: To(Phase.PROBING), Trigger.FOLLOW: To(Phase.FOLLOWING)},
}

REDIRECT_PHASES = frozenset({Phase.OPENING, Phase.WAITING, Phase.HOLDING})
"""The phases in which the redirect is awaited."""

LIVE = frozenset(Phase) - {Phase.IDLE, Phase.DONE}
"""The phases in which something is under way."""
