"""The second style sheet: everything that a first frame does not show, so that no first frame waits for its parsing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

SHEET = Path(__file__).parent.parent / "rest.tcss"


def read_sheet(app: App[int]) -> None:
    """Read it; widgets that are mounted already take it on when the stylesheet is updated."""
    app.stylesheet.read(str(SHEET))
    app.stylesheet.parse()
