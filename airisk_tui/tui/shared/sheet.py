"""The second style sheet: for everything that the first frame does not show, so that this frame need not wait for its parsing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

SHEET = Path(__file__).parent.parent / "rest.tcss"


def read_sheet(app: App[int]) -> None:
    """Read it. Widgets that are mounted already get its styles with the next `stylesheet.update`."""
    app.stylesheet.read(str(SHEET))
    app.stylesheet.parse()
