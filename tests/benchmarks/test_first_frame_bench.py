"""The first frame, from exec to bytes at a pseudo-terminal, against that of a bare Textual app.

What counts is the moment at which the form's label and the cursor in its field have been written; for the bare app, the
moment at which the cursor in its only field has. The whole screen: all columns and the filled preview, against the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.ratio import alternating, hold
from tests.benchmarks.terminal import seconds_until

MAX_FIRST = 1.15
MAX_WHOLE = 1.6
ROUNDS = 12

BARE = """
from textual.app import App
from textual.widgets import Footer, Header, Input, Static
class Bare(App):
    def compose(self):
        yield Header(); yield Input(placeholder="here"); yield Static("the bare app"); yield Footer()
Bare().run()
"""
COLUMNS = (b"Client ID", b"Authorization request", b"Flow", b"Heard by the listener", b"Inspector")


@pytest.mark.bench
@pytest.mark.parametrize(
    ("what", "marks", "bound"),
    [("first frame", (b"Client ID",), MAX_FIRST), ("whole screen", COLUMNS, MAX_WHOLE)],
    ids=["first frame", "whole screen"],
)
def test_first_frame(tmp_path: Path, what: str, marks: tuple[bytes, ...], bound: float) -> None:
    ours = [str(Path(sys.executable).with_name("airisk-tui"))]
    bare = [sys.executable, "-c", BARE]
    mine, theirs = alternating(
        lambda: seconds_until(ours, tmp_path, *marks, cursor=True),
        lambda: seconds_until(bare, tmp_path, cursor=True),
        ROUNDS,
    )
    hold(what, mine, "first frame of a bare Textual app", theirs, bound, __file__)
