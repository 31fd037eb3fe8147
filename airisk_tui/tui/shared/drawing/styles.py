"""Styles and symbols that several views share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airisk_tui.flow.reading.steps import Status

if TYPE_CHECKING:
    from airisk_tui.insight.finding import Severity

QUIET = "$foreground 72%"
"""For less important text: a contrast of 5.8 to the light background and 8 to the dark one (WCAG 2.2 §1.4.3 asks for 4.5)."""

CURSOR = "bold $block-cursor-foreground on $block-cursor-background"
CURSOR_AWAY = "$foreground on $block-cursor-blurred-background"

SYMBOLS: dict[Status, str] = {"ok": "✓", "failed": "✗", "running": "●", "pending": "·", "skipped": "–"}
SEVERITIES: dict[Severity, str] = {"error": "✗", "warning": "▲", "note": "·"}
"""By severity of a finding, its symbol."""

STYLES: dict[Status, str] = {
    "ok": "$text-success",
    "failed": "bold $text-error",
    "running": "bold $text-accent",
    "pending": QUIET,
    "skipped": QUIET,
}
