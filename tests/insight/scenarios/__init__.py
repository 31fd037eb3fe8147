"""Every failure that the rules know, as a run: what happened, what else is known, and the finding that comes first.

One table for all rules, one file a family: it is what the catalogue is held against. `also` are further findings beside the first.
"""

from __future__ import annotations

from tests.conftest import CI
from tests.insight.scenarios import (
    answers,
    authorization,
    fronts,
    heard,
    hostile,
    imported,
    issuer,
    platform,
    redirects,
    refused,
    refused_client,
    starting,
    way,
)
from tests.insight.scenarios.base import SCENARIOS, Scenario, sent

__all__ = [
    "EACH_DAY",
    "SCENARIOS",
    "Scenario",
    "answers",
    "authorization",
    "fronts",
    "heard",
    "hostile",
    "imported",
    "issuer",
    "platform",
    "redirects",
    "refused",
    "refused_client",
    "sent",
    "starting",
    "way",
]

EACH_DAY = SCENARIOS if CI else SCENARIOS[::3]
"""Those that tests of a law that holds for all of them see: all in CI."""
