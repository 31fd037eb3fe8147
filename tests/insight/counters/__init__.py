"""For each cause that a rule claims, the observation that would refute it, made to happen: one table, one file a family."""

from __future__ import annotations

from tests.insight.counters import (
    access,
    authorization,
    beside,
    front,
    issuer,
    redirect,
    starting,
    token,
    token_request,
    waiting,
)
from tests.insight.counters.base import COUNTERS

__all__ = [
    "COUNTERS",
    "access",
    "authorization",
    "beside",
    "front",
    "issuer",
    "redirect",
    "starting",
    "token",
    "token_request",
    "waiting",
]
