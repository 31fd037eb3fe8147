"""The five tabs of the inspector: their bar, the page that each one shows, and where a pointer of evidence leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from airisk_tui.tui.shared.keys import bound
from airisk_tui.tui.shared.styles import CURSOR, QUIET

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState
    from airisk_tui.flow.steps import StepName
    from airisk_tui.insight.finding import Part, Pointer
    from airisk_tui.tui.inspector.page import Line, PageOptions
    from airisk_tui.tui.inspector.subject import Subject

Tab = Literal["Meaning", "Request", "Response", "Body", "Timing"]
TABS: tuple[Tab, ...] = ("Meaning", "Request", "Response", "Body", "Timing")

ROOMY = sum(map(len, TABS)) + 2 * (len(TABS) - 1)
"""Columns that the names need with two spaces between them; a narrower bar has one."""

TABS_OF_PART: dict[Part, tuple[Tab, ...]] = {
    "request": ("Request", "Meaning"),
    "parameter": ("Request", "Meaning"),
    "header": ("Response", "Request"),
    "response": ("Response", "Meaning"),
    "body": ("Body", "Meaning"),
}
"""The tabs on which a part of an exchange is shown, the likeliest first."""


class InspectorTabs(Widget, can_focus=True):
    """All tabs in one line that fits 38 columns. tab: the open one."""

    DEFAULT_CSS = "InspectorTabs { height: 1; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("left", "move(-1)", "Previous tab"),
        bound("right", "move(1)", "Next tab"),
    ]
    tab: reactive[Tab] = reactive("Meaning")

    class Opened(Message):
        """The user opened a tab."""

        def __init__(self, tab: Tab) -> None:
            self.tab = tab
            super().__init__()

    @property
    def _gap(self) -> int:
        return 2 if self.size.width >= ROOMY else 1

    def render(self) -> Content:
        """The names; the open one differs by more than its colour."""
        style = CURSOR if self.has_focus else "bold underline"
        return Content(" " * self._gap).join([Content.styled(tab, style if tab == self.tab else QUIET) for tab in TABS])

    def action_move(self, by: int) -> None:
        """Open the next or the previous tab."""
        self._open(TABS[(TABS.index(self.tab) + by) % len(TABS)])

    def _open(self, tab: Tab) -> None:
        self.tab = tab
        self.post_message(self.Opened(tab))

    def on_click(self, event: events.Click) -> None:
        """Open the tab under the mouse."""
        event.stop()
        start = 0
        for tab in TABS:
            if start <= event.x < start + len(tab):
                self._open(tab)
            start += len(tab) + self._gap

    def on_focus(self) -> None:
        """Draw the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Remove the cursor."""
        self.refresh()


def page_of(tab: Tab, state: FlowState, step: StepName, subject: Subject, options: PageOptions) -> list[Line]:
    """The page of a tab. Only this function imports the pages, so that the first frame of the screen does not."""
    from airisk_tui.tui.inspector.body import body_page
    from airisk_tui.tui.inspector.meaning import meaning_page
    from airisk_tui.tui.inspector.message import request_page, response_page
    from airisk_tui.tui.inspector.timing import timing_page

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


def tabs_of(pointer: Pointer) -> tuple[Tab, ...]:
    """The tabs on which to look for what evidence points to. A token's fields and claims stand in its meaning."""
    if pointer.step == "token" and pointer.part == "body":
        return ("Meaning", "Body")
    return TABS_OF_PART[pointer.part]
