"""The scrubber, which shows the position in a replay and moves it. A position is the number of events that have happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from airisk_tui.flow import events as e
from airisk_tui.flow.reading.steps import StepName
from airisk_tui.flow.reading.steps import step_of as step_of_request
from airisk_tui.insight.changes import RUN_STEPS
from airisk_tui.tui.replay.player import SPEEDS
from airisk_tui.tui.shared.drawing.clickable import ClickableText, clickable
from airisk_tui.tui.shared.drawing.guard import without_controls
from airisk_tui.tui.shared.drawing.times import timestamp
from airisk_tui.tui.shared.keyboard.keys import bound

GAP = 2
"""Cells between two buttons."""

WIDE = 100
"""Columns from which on the step buttons have names; on a narrower screen the name of the event needs the room."""


EVENTS: dict[type[e.AnyEvent], tuple[str, StepName]] = {
    e.RunStarted: ("run started", "authorization-request"),
    e.Imported: ("read from a file", "authorization-request"),
    e.MetadataAnswered: ("metadata answered", "authorization-request"),
    e.ListenerBound: ("listening", "redirect"),
    e.ListenerFailed: ("no listener", "redirect"),
    e.BrowserOpened: ("browser opened", "browser"),
    e.AuthorizationAnswered: ("authorization answered", "authorization-request"),
    e.PushAnswered: ("request pushed", "authorization-request"),
    e.DeviceAnswered: ("codes for a device", "authorization-request"),
    e.CallbackReceived: ("callback received", "redirect"),
    e.CallbackAnswered: ("callback answered", "redirect"),
    e.StrayRequest: ("stray request", "redirect"),
    e.BrowserRequested: ("browser asked again", "browser"),
    e.PasteRefused: ("paste refused", "redirect"),
    e.PasteClosed: ("pasting ended", "redirect"),
    e.ContinuedAnyway: ("continued anyway", "redirect"),
    e.TokenExchanged: ("token request answered", "token-request"),
    e.KeysAnswered: ("keys answered", "token"),
    e.IdTokenChecked: ("ID token checked", "token"),
    e.RefreshAnswered: ("refresh answered", "token-request"),
    e.FollowUpRequested: ("step requested", "access"),
    e.FollowUpAnswered: ("step answered", "access"),
    e.ProbeRequested: ("probe requested", "access"),
    e.ProbeAnswered: ("probe answered", "access"),
    e.TransportFailed: ("no answer", "authorization-request"),
    e.HoldChanged: ("holding changed", "authorization-request"),
    e.RequestReleased: ("held request sent", "authorization-request"),
    e.TimedOut: ("timed out", "redirect"),
    e.Cancelled: ("cancelled", "redirect"),
}
"""By kind of event, its name, in the 22 characters for which 80 columns have room, and the step that it belongs to."""


def label_of(event: e.AnyEvent | None) -> str:
    """The time of an event and its name."""
    if event is None:
        return "before the first event"
    return f"{timestamp(event.at)}  {EVENTS[type(event)][0]}"


def step_of(event: e.AnyEvent) -> StepName:
    """The step that an event belongs to."""
    if isinstance(event, e.TransportFailed):
        return step_of_request(event.step)
    if isinstance(event, e.RequestReleased):
        return RUN_STEPS[event.step]
    return EVENTS[type(event)][1]


class Scrubber(ClickableText, can_focus=True):
    """A track with a mark for each event; below it buttons and the name of the last event. Clicks on both lines work.

    position: how many events have happened; total: how many there are; label: the last event with its time. Posts Sought.
    """

    @dataclass
    class Sought(Message):
        """A person clicked a position on the track."""

        position: int

    DEFAULT_CSS = """
    Scrubber { height: 2; width: 100%; padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("left", "screen.step(-1)", "One event back"),
        bound("right", "screen.step(1)", "One event on"),
        bound("begin", "screen.seek(0)", "Before the first event"),
        bound("end", "screen.seek(-1)", "After the last event"),
    ]
    position: reactive[int] = reactive(0)
    total: reactive[int] = reactive(0)
    label: reactive[str] = reactive("")
    playing: reactive[bool] = reactive(False)
    speed: reactive[str] = reactive("1×")

    def __init__(self) -> None:
        super().__init__(id="scrubber")

    def render(self) -> Content:
        width = max(self.content_size.width, 1)
        return Content("\n").join((self._track(width), self._controls(width)))

    def _track(self, width: int) -> Content:
        marks = {self._column(index, width) for index in range(self.total + 1)} if self.total < width else set()
        here = self._column(self.position, width)
        passed = "".join("┷" if column in marks else "━" for column in range(here))
        ahead = "".join("┴" if column in marks else "─" for column in range(here + 1, width))
        return Content.assemble((passed, "$text-accent"), ("●", "bold $text-accent"), (ahead, "$foreground 72%"))

    def _column(self, position: int, width: int) -> int:
        return round(position * (width - 1) / self.total) if self.total else 0

    def _controls(self, width: int) -> Content:
        left = Content(" " * GAP).join(self._buttons())
        room = max(width - left.cell_length - GAP, 0)
        right = self._last_event("event ")
        if right.cell_length > room:
            right = self._last_event("").truncate(room, ellipsis=True)
        return Content.assemble(left, " " * (width - left.cell_length - right.cell_length), right)

    def _last_event(self, noun: str) -> Content:
        return Content.assemble((f"{noun}{self.position} of {self.total}", "bold"), "  ", without_controls(self.label))

    def _buttons(self) -> Iterator[Content]:
        name = "" if self.content_size.width < WIDE else " step"
        words = "space pause" if self.playing else "space play"
        for label, action in ((f"◀{name}", "step(-1)"), (f"▶{name}", "step(1)"), (words, "play")):
            yield clickable(Content.styled(label, "bold $text-accent"), f"screen.{action}")
        for speed in SPEEDS:
            text, style = (f"[{speed}]", "bold reverse") if speed == self.speed else (speed, "bold $text-accent")
            yield clickable(Content.styled(text, style), f"screen.speed('{speed}')")

    def on_click(self, event: events.Click) -> None:
        """Go to the position that was clicked on the track."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y == 0 and self.total:
            event.stop()
            width = max(self.content_size.width - 1, 1)
            self.post_message(self.Sought(round(offset.x * self.total / width)))
