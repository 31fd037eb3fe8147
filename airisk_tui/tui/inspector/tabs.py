"""The tabs of the inspector: their bar, the page of each, and the tabs to which evidence points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from airisk_tui.tui.shared.drawing.clickable import ClickableText, clickable
from airisk_tui.tui.shared.drawing.styles import CURSOR, QUIET
from airisk_tui.tui.shared.keyboard.keys import bound

if TYPE_CHECKING:
    from airisk_tui.flow.reading.steps import StepName
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.finding import Part, Pointer
    from airisk_tui.session.last_good import SinceGood
    from airisk_tui.tui.inspector.page import Line, PageOptions
    from airisk_tui.tui.inspector.subject import Subject

Tab = Literal["Meaning", "Request", "Response", "Body", "Timing", "Last good"]
TABS: tuple[Tab, ...] = ("Meaning", "Request", "Response", "Body", "Timing")
"""The tabs of every run. A failed run has one more where an earlier run worked."""

ROOMY = sum(map(len, TABS)) + 2 * (len(TABS) - 1)
"""Columns that the names need with two spaces between them; in a narrower bar there is one space."""

TABS_OF_PART: dict[Part, tuple[Tab, ...]] = {
    "request": ("Request", "Meaning"),
    "parameter": ("Request", "Meaning"),
    "header": ("Response", "Request"),
    "response": ("Response", "Meaning"),
    "body": ("Body", "Meaning"),
}
"""By part of an exchange, the tabs that may show it, the likeliest first."""


class InspectorTabs(ClickableText, can_focus=True):
    """The bar of the tabs in one line of at least 38 columns; the additional tab is on a second line where it does not fit.

    tab: the open one; since: what differs from the last run that worked, None where nothing is compared. Posts Opened.
    """

    DEFAULT_CSS = "InspectorTabs { height: auto; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("left", "move(-1)", "Previous tab"),
        bound("right", "move(1)", "Next tab"),
    ]
    tab: reactive[Tab] = reactive("Meaning")
    since: reactive[SinceGood | None] = reactive(None, layout=True)

    @dataclass
    class Opened(Message):
        """A person opened a tab."""

        tab: Tab

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The tabs that can be opened now."""
        return TABS if self.since is None else (*TABS, "Last good")

    def _label(self, tab: Tab) -> str:
        return f"{tab} ({len(self.since.differences)})" if tab == "Last good" and self.since is not None else tab

    @property
    def _gap(self) -> int:
        return 2 if self.size.width >= ROOMY else 1

    def _lines(self) -> list[list[Tab]]:
        """The tabs by lines."""
        labels = sum(len(self._label(tab)) + self._gap for tab in self.tabs) - self._gap
        return [list(self.tabs)] if labels <= self.size.width else [list(TABS), list(self.tabs[len(TABS) :])]

    def render(self) -> Content:
        """The names of the tabs; the open one differs by more than its colour."""
        gap = Content(" " * self._gap)
        lines = [gap.join([self._drawn(tab) for tab in line]) for line in self._lines()]
        return Content("\n").join([line for line in lines if line.plain])

    def _drawn(self, tab: Tab) -> Content:
        style = QUIET if tab != self.tab else CURSOR if self.has_focus else "bold underline"
        return clickable(Content.styled(self._label(tab), style), f"open('{tab}')")

    def action_move(self, by: int) -> None:
        """Open the next or the previous tab."""
        self.action_open(self.tabs[(self.tabs.index(self.tab) + by) % len(self.tabs)])

    def action_open(self, tab: Tab) -> None:
        self.post_message(self.Opened(tab))


def page_of(
    tab: Tab, state: FlowState, step: StepName, subject: Subject, options: PageOptions, since: SinceGood | None = None
) -> list[Line]:
    """The page of a tab. It is this function that imports the pages, so that the first full view does not wait for them.

    since: what differs from the last run that worked.
    """
    from airisk_tui.tui.inspector.pages.body import body_page
    from airisk_tui.tui.inspector.pages.last_good import last_good_page
    from airisk_tui.tui.inspector.pages.meaning import meaning_page
    from airisk_tui.tui.inspector.pages.message import request_page, response_page
    from airisk_tui.tui.inspector.pages.timing import timing_page

    match tab:
        case "Meaning":
            return meaning_page(state, step, subject, options)
        case "Request":
            return request_page(subject, options)
        case "Response":
            return response_page(subject, options)
        case "Body":
            return body_page(subject, options)
        case "Timing":
            return timing_page(subject, options)
        case "Last good":
            return last_good_page(since, state, options) if since is not None else []


def tabs_of(pointer: Pointer) -> tuple[Tab, ...]:
    """The tabs that may show what evidence points to. The fields and claims of a token are on the tab Meaning."""
    if pointer.step == "token" and pointer.part == "body":
        return ("Meaning", "Body")
    return TABS_OF_PART[pointer.part]
