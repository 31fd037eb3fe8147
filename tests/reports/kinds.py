"""All reports, by kind."""

from __future__ import annotations

from tests.reports import body, front, paste, redirect
from tests.reports.report import Report

KINDS: dict[str, tuple[Report, ...]] = {
    "paste": paste.REPORTS,
    "redirect": redirect.REPORTS,
    "body": body.REPORTS,
    "front": front.REPORTS,
}
