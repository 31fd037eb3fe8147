"""Every failure that the rules know, as a run: what happened, what else is known, and the finding that comes first.

One table for all rules, one file a family: it is what the catalogue is held against. `also` are further findings beside the first.
"""

from __future__ import annotations

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
