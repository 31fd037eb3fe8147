"""The later style sheets: for what the first frame does not show, so that this frame need not wait for their parsing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from textual.app import App

FOLDER = Path(__file__).parent.parent


def read_sheet(app: App[int], *names: Literal["form", "rest"]) -> None:
    """Read these. Widgets that are mounted already get their styles with the next `stylesheet.update`."""
    for name in names:
        app.stylesheet.read(str(FOLDER / f"{name}.tcss"))
    app.stylesheet.parse()
