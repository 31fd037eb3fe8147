"""The rail: the six steps of a run with status and time, in a list or, compact, in one line (`flow.reading.steps`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from airisk_tui.flow.reading.steps import RESTING, Status, StepName, StepView
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.tui.shared.drawing.clickable import ClickableText, clickable
from airisk_tui.tui.shared.drawing.styles import CURSOR, CURSOR_AWAY, QUIET, STYLES, SYMBOLS
from airisk_tui.tui.shared.drawing.text import MAX_LINE
from airisk_tui.tui.shared.drawing.times import Clock, countdown, duration
from airisk_tui.tui.shared.keyboard.keys import bound

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState
    from airisk_tui.oauth.http import HttpRequest

BRIEF: dict[StepName, str] = {
    "authorization-request": "Request",
    "browser": "Browser",
    "redirect": "Redirect",
    "token-request": "Exchange",
    "token": "Token",
    "access": "Access",
}
TICK = 0.25
"""Seconds between two looks at the clock: a countdown in seconds never skips one."""

MAX_FOLLOWED = 8
"""Steps with the token that have a line of their own; the inspector shows all."""


class Rail(ClickableText, can_focus=True):
    """state: of the run; clock: for the time of the running step; compact: whether all steps are in one line; chosen: the step under the
    cursor. Posts Chosen."""

    DEFAULT_CSS = """
    Rail { height: auto; width: 1fr; padding: 0 1; }
    Rail.-compact { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("up", "move(-1)", "Previous step"),
        bound("left", "sideways(-1)", "Previous step, or tab of the inspector"),
        bound("down", "move(1)", "Next step"),
        bound("right", "sideways(1)", "Next step, or tab of the inspector"),
        bound("choose", "choose", "Inspect the step"),
    ]
    state: reactive[FlowState | None] = reactive(None, repaint=False)
    chosen: reactive[StepName | None] = reactive(None)

    @dataclass
    class Chosen(Message):
        """A person chose a step. opened: whether by Enter or a click, and not by moving the cursor; exchange: the chosen exchange of the
        step, by index or as its request, or None."""

        step: StepName
        opened: bool = False
        exchange: int | HttpRequest | None = None

    def __init__(self, clock: Clock | None = None, *, compact: bool = False) -> None:
        super().__init__(id="strip" if compact else "rail", classes="-compact" if compact else "box")
        self.border_title = "Flow"
        self.clock = clock
        self.compact = compact

    def on_mount(self) -> None:
        self.watch_state()

    def watch_state(self) -> None:
        """Draw the steps; lay out the screen again where the number of lines changes; follow the clock while the run is live."""
        live = self.state is not None and self.state.live
        if self.is_running and live is not bool(self.auto_refresh):
            self.auto_refresh = TICK if live else None
        tall = self.get_content_height(None, None, self.content_size.width)
        self.refresh(layout=bool(self.size) and tall != self.content_size.height)

    @property
    def steps(self) -> tuple[StepView, ...]:
        """The steps. Before the first run nothing of `flow` but `flow.reading.steps` is imported."""
        if self.state is None:
            return RESTING
        from airisk_tui.flow.reading.rail import rail

        return rail(self.state)

    def render(self) -> Content:
        width = self.content_size.width
        if self.compact:
            return self._in_one_line(width)
        return Content("\n").join([line for view in self.steps for line in self._lines(view, width)])

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return 1 if self.compact else sum(1 + len(self._details(view)) for view in self.steps)

    def _lines(self, view: StepView, width: int) -> list[Content]:
        number, time = list(BRIEF).index(view.name) + 1, self._time(view)
        left = Content.assemble(
            (SYMBOLS[view.status], STYLES[view.status]), f" {number} ", (view.title, self._title_style(view))
        )
        room = max(0, width - cell_len(time) - 1)
        line = Content.assemble(left.truncate(room, ellipsis=True, pad=True), " ", (time, STYLES[view.status]))
        if view.name == self.chosen:
            line = line.stylize(self._cursor)
        details = [detail.truncate(width, ellipsis=True, pad=True) for detail in self._details(view)]
        if view.name == "access" and self.state is not None and (followed := len(self.state.followed)):
            first = followed - len(details)
            details = [clickable(one, f"open('access', {at})") for at, one in enumerate(details, first)]
        else:
            details = [clickable(one, f"open('{view.name}')") for one in details]
        return [clickable(line, f"open('{view.name}')"), *details]

    def _details(self, view: StepView) -> list[Content]:
        """The lines below a step: its summary, or below “Access” a line for each step with the token."""
        state = self.state
        if view.name != "access" or state is None or not state.followed or state.probes:
            summary = visible(shortened(view.summary, MAX_LINE))
            return [Content.styled(f"    {summary}", QUIET)] if summary else []
        from airisk_tui.flow.reading.follow_ups import is_as_due

        lines = []
        for one in state.followed[-MAX_FOLLOWED:]:
            status: Status = "ok" if is_as_due(state, one) else "failed"
            came = str(one.exchange.response.status) if one.exchange is not None else "no answer"
            lines.append(Content.assemble("    ", (SYMBOLS[status], STYLES[status]), (f" {one.step} {came}", QUIET)))
        return lines

    def _in_one_line(self, width: int) -> Content:
        """Every step by its symbol; in words, with the time of the running one, as much as there is room for."""
        urgent = next((view.name for view in self.steps if view.status in ("running", "failed")), self.chosen)
        forms: list[tuple[Collection[StepName | None], bool, str]] = [
            (BRIEF, True, "  "),
            (BRIEF, False, "  "),
            (BRIEF, False, " "),
            ((urgent, self.chosen), True, "  "),
            ((urgent,), False, " "),
            ((), False, " "),
        ]
        lines = [self._line_of(*form) for form in forms]
        return next((line for line in lines if line.cell_length <= width), lines[-1]).truncate(width, ellipsis=True)

    def _line_of(self, named: Collection[StepName | None], timed: bool, gap: str) -> Content:
        """The steps in one line. named: those with their names; timed: whether the running one has its time; gap: between two."""
        parts = []
        for view in self.steps:
            word = f" {BRIEF[view.name]}" if view.name in named else ""
            time = f" {self._time(view)}" if timed and view.status == "running" else ""
            part = Content.assemble((SYMBOLS[view.status], STYLES[view.status]), (word + time, self._title_style(view)))
            part = part.stylize(self._cursor) if view.name == self.chosen else part
            parts.append(clickable(part + gap, f"open('{view.name}')"))
        return Content.assemble(*parts).rstrip()

    @property
    def _cursor(self) -> str:
        return CURSOR if self.has_focus else CURSOR_AWAY

    def _title_style(self, view: StepView) -> str:
        if view.status in ("pending", "skipped"):
            return QUIET
        return "bold" if view.status in ("running", "failed") else ""

    def _time(self, view: StepView) -> str:
        if view.status == "running":
            return self._clocked(view)
        if view.started is None or view.finished is None:
            return ""
        took = view.finished - view.started
        return duration(took) if took > 0 else ""

    def _clocked(self, view: StepView) -> str:
        """The time that is left where the step has a limit, else the time that it has taken so far."""
        state = self.state
        if state is None or self.clock is None or view.started is None:
            return "…"
        from airisk_tui.flow.state import seconds_left

        now = max(self.clock(), view.started)
        left = seconds_left(state, now) if view.name in ("redirect", "token-request") else None
        return f"{countdown(left)} left" if left is not None else duration(now - view.started)

    def action_move(self, by: int) -> None:
        names = list(BRIEF)
        at = names.index(self.chosen) + by if self.chosen is not None else (0 if by > 0 else len(names) - 1)
        self.chosen = names[max(0, min(at, len(names) - 1))]
        self.post_message(self.Chosen(self.chosen))

    async def action_sideways(self, by: int) -> None:
        """In one line, choose the next or the previous step; in a list, the next or the previous tab of the inspector."""
        if self.compact:
            self.action_move(by)
        else:
            await self.screen.run_action(f"part('inspector', 'tab({by})')")

    def action_choose(self) -> None:
        self.action_open(self.chosen or "authorization-request")

    def action_open(self, name: StepName, exchange: int | None = None) -> None:
        """Choose a step, or one of its exchanges, and open it."""
        self.chosen = name
        self.post_message(self.Chosen(name, True, exchange))
