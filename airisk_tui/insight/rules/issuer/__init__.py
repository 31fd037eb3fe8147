"""Faults of a server of the standard dialect: in its metadata, and in what it sent."""

from __future__ import annotations

from airisk_tui.insight.fix import RERUN, Ask, Fix, provided

OPERATOR = "the operator of the server"
REPORT = Ask("report it, with this run, to the operator of the server", OPERATOR)
REPORT_IF_IT_STAYS: Fix = (RERUN, *provided("if it stays", REPORT))
