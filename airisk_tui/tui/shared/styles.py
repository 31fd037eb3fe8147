"""Styles and signs that several views share."""

from __future__ import annotations

from airisk_tui.flow.steps import Status

QUIET = "$foreground 72%"
"""What steps back: 5.8 to 1 against the light background, 8 to 1 against the dark one (WCAG 2.2 §1.4.3 asks for 4.5)."""

CURSOR = "bold $block-cursor-foreground on $block-cursor-background"
CURSOR_AWAY = "$foreground on $block-cursor-blurred-background"

SYMBOLS: dict[Status, str] = {"ok": "✓", "failed": "✗", "running": "●", "pending": "·", "skipped": "–"}
STYLES: dict[Status, str] = {
    "ok": "$text-success",
    "failed": "bold $text-error",
    "running": "bold $text-accent",
    "pending": QUIET,
    "skipped": QUIET,
}
