"""The names and titles of the six steps of a run (command-line.md, run --json).

In a file of its own, because the first frame of the screen shows the steps before any run, and must not wait for the import of
`flow.reading.rail`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

StepName = Literal["authorization-request", "browser", "redirect", "token-request", "token", "access"]
Status = Literal["pending", "running", "ok", "failed", "skipped"]

TITLES: dict[StepName, str] = {
    "authorization-request": "Authorization request",
    "browser": "Browser opened",
    "redirect": "Redirect",
    "token-request": "Token request",
    "token": "Token",
    "access": "Access",
}

_OF_REQUESTS: dict[str, StepName] = {
    **{name: name for name in TITLES},
    "discovery": "authorization-request",
    "push": "authorization-request",
    "keys": "token",
    **dict.fromkeys(("userinfo", "introspect", "refresh", "revoke", "code-again"), "access"),
}
"""The step of each request, by its name."""


def step_of(request: str) -> StepName:
    """The step that a request belongs to, by its name (`flow.events.RequestStep`)."""
    return _OF_REQUESTS[request]


class StepView(NamedTuple):
    """One step. started, finished: seconds since the start of the run, or None; summary: one line, not yet safe for a screen."""

    name: StepName
    title: str
    status: Status
    started: float | None = None
    finished: float | None = None
    summary: str = ""


RESTING = tuple(StepView(name, title, "pending") for name, title in TITLES.items())
"""The rail before any run."""
