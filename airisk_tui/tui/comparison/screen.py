"""The screen that compares any two runs: a recorded and a live one, those of two users, or of two environments."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison.report import comparison_markdown
from airisk_tui.insight.comparison.verdict import Verdict, judge_any
from airisk_tui.tui.comparison.view import ComparisonView
from airisk_tui.tui.shared.drawing.text import shown
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.saving import save_text
from airisk_tui.tui.shared.screen import AppScreen


class ComparisonScreen(AppScreen[None]):
    """left, right: the final states of the runs; titles: of their columns."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("export", "export", "Write the comparison as Markdown"),
        bound("out", "back", "Back"),
    ]

    def __init__(self, left: FlowState, right: FlowState, titles: tuple[str, str]) -> None:
        super().__init__()
        self._pair = (left, right)
        self._titles = titles
        self._verdict: Verdict = judge_any(left, right)

    def compose(self) -> ComposeResult:
        title = shown(f"airisk-tui  {self._titles[0]}  against  {self._titles[1]}")
        yield Static(title, classes="title", markup=False)
        yield ComparisonView()
        yield KeyBar()

    def on_mount(self) -> None:
        view = self.query_one(ComparisonView)
        view.show(*self._pair, self._titles, self._verdict)
        view.focus()

    def hints(self) -> tuple[KeyHint, ...]:
        return (
            KeyHint("Esc", "Back"),
            KeyHint("d", "What is equal"),
            KeyHint("/", "Search"),
            KeyHint("s", "Sort"),
            KeyHint("e", "Export"),
        )

    def action_export(self) -> None:
        text = comparison_markdown(*self._pair, self._titles, self._verdict)
        save_text(self, "comparison.md", text)
