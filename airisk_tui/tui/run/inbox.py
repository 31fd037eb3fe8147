"""The listener's inbox: every request it heard and what became of it, in words (threats.md L5, L6).

Two lines a letter. Only the lines that are seen are drawn, so that a flood of strays never stalls the screen (S4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from airisk_tui.oauth.text import shortened, visible
from airisk_tui.tui.run.rail import CURSOR, CURSOR_AWAY, QUIET

if TYPE_CHECKING:
    from airisk_tui.flow.state import FlowState, InboxEntry

LINES = 2
"""Lines of a letter: what came, and the verdict."""

MAX_TARGET = 200
"""Characters of a request target: two screens' width; the inspector has the rest."""

MAX_METHOD = 20
"""Characters of a method; the longest registered one has 17 (UPDATEREDIRECTREF)."""

SETTLED = "settled the run"
REASONS: dict[str, str] = {
    "favicon": "ignored: asks for the site's icon",
    "other-path": "ignored: not the callback",
    "method": "ignored: neither GET nor a form",
    "not-a-form": "ignored: its body is no form",
    "prefetch": "ignored: a look ahead only",
    "host": "refused: another Host than ours",
    "tls-on-http": "refused: TLS on the http port",
    "http-on-https": "refused: http on the https port",
    "tls-refused": "refused: certificate not trusted?",
    "bad-request": "refused: no HTTP that can be read",
    "head-too-large": "refused: a head above 16 KiB",
    "body-too-large": "refused: a form above 64 KiB",
    "cut-off": "dropped: it ended in its middle",
    "deadline": "dropped: it took too long",
    "too-many-connections": "dropped: too many connections",
    "internal-error": "dropped: a fault of this program",
    "state-mismatch": "not believed: not our state",
    "state-missing": "held: it came without the state",
    "state-repeated": "not believed: two states",
    "nothing-in-it": "ignored: neither code nor error",
    "duplicate": "ignored: the run was settled",
}
"""The verdicts, by the listener's and the flow's stable words; one that is not here is shown as it is.
Each fits a column of 38."""


def verdict(letter: InboxEntry) -> str:
    """What became of a letter."""
    if letter.reason is None:
        return SETTLED
    return REASONS.get(letter.reason, f"ignored: {letter.reason.replace('-', ' ')}")


def stamp(at: float) -> str:
    """Seconds since the start as 00:02.1."""
    tenths = int(max(0.0, at) * 10)
    return f"{tenths // 600:02}:{tenths // 10 % 60:02}.{tenths % 10}"


class Inbox(ScrollView, can_focus=True):
    """state: of the run; the newest letter is in sight, unless a person went up to an older one."""

    DEFAULT_CSS = """
    Inbox { height: 1fr; width: 1fr; padding: 0 1; background: transparent; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Older", show=False),
        Binding("down,j", "move(1)", "Newer", show=False),
        Binding("pageup", "move(-10)", "Ten older", show=False),
        Binding("pagedown", "move(10)", "Ten newer", show=False),
        Binding("home", "move(-1000)", "The oldest", show=False),
        Binding("end", "move(1000)", "The newest", show=False),
        Binding("enter", "choose", "Inspect what came", show=False),
    ]
    state: reactive[FlowState | None] = reactive(None)
    cursor: reactive[int | None] = reactive(None)

    class Chosen(Message):
        """A person chose a letter to look at."""

        def __init__(self, letter: InboxEntry) -> None:
            self.letter = letter
            super().__init__()

    @property
    def letters(self) -> tuple[InboxEntry, ...]:
        """What was heard, oldest first."""
        return self.state.inbox if self.state is not None else ()

    @property
    def _silence(self) -> str:
        inputs = self.state.inputs if self.state is not None else None
        return "Asked directly: nothing to hear." if inputs and inputs.mode == "direct" else "Nothing heard so far."

    @property
    def _uncounted(self) -> int:
        return self.state.inbox_total - len(self.state.inbox) if self.state is not None else 0

    def watch_state(self, before: FlowState | None, state: FlowState | None) -> None:
        """Grow by what is new; another run starts over."""
        another = before is not None and (state is None or before.run_id != state.run_id)
        if another or (self.cursor is not None and self.cursor >= len(self.letters)):
            self.cursor = None
        follow = another or self.cursor is None or self.cursor == (len(before.inbox) if before else 0) - 1
        self.virtual_size = Size(0, LINES * len(self.letters) + bool(self._uncounted))
        self.refresh()
        if follow:
            if self.cursor is not None:
                self.cursor = len(self.letters) - 1
            self.scroll_end(animate=False, immediate=False)

    def watch_cursor(self, cursor: int | None) -> None:
        """Keep the cursor in sight."""
        self.refresh()
        if cursor is not None:
            self.scroll_to_region(Region(0, cursor * LINES, 1, LINES), animate=False)

    def render_line(self, y: int) -> Strip:
        """One line of a letter, of the count of what is not kept, or of the words for an empty box."""
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        index, part = divmod(line, LINES)
        if index < len(self.letters):
            content = self._line(index, part, width)
        elif line == LINES * len(self.letters) and self._uncounted:
            content = Content.styled(f"… and {self._uncounted:,} more that are not kept", QUIET)
        elif not self.letters and y == 0:
            content = Content.styled(self._silence, QUIET)
        else:
            return Strip.blank(width, self.rich_style)
        strips = Visual.to_strips(self, content.truncate(width, ellipsis=True, pad=True), width, 1, self.visual_style)
        return strips[0] if strips else Strip([Segment(" " * width)])

    def _line(self, index: int, part: int, width: int) -> Content:
        letter = self.letters[index]
        settled = letter.reason is None
        if part == 0:
            target = self._target(letter)
            method = visible(shortened(letter.request.method, MAX_METHOD))
            left = Content.assemble((stamp(letter.at), QUIET), " ", (method, "bold"), " ", target)
            content = left.truncate(max(0, width - 2), ellipsis=True, pad=True)
            content = Content.assemble(content, " ", ("✓", "bold $text-success") if settled else ("✕", QUIET))
        else:
            words = Content.styled(f"  {visible(verdict(letter))}", _tone(letter))
            content = words.truncate(width, ellipsis=True, pad=True)
        if index == self.cursor:
            content = content.stylize(CURSOR if self.has_focus else CURSOR_AWAY)
        return content

    def _target(self, letter: InboxEntry) -> Content:
        from airisk_tui.flow.state import secret_names
        from airisk_tui.tui.inspector.chips import Secrets, with_chips

        names = secret_names(self.state) if self.state is not None else {}
        return with_chips(letter.request.url, Secrets(names), limit=MAX_TARGET)

    def action_move(self, by: int) -> None:
        """Move the cursor, which begins at the newest letter."""
        if self.letters:
            last = len(self.letters) - 1
            self.cursor = last if self.cursor is None else max(0, min(self.cursor + by, last))

    def action_choose(self) -> None:
        """Have the letter under the cursor inspected."""
        if self.letters:
            self.cursor = len(self.letters) - 1 if self.cursor is None else self.cursor
            self.post_message(self.Chosen(self.letters[self.cursor]))

    def on_click(self, event: events.Click) -> None:
        """The letter under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = (offset.y + self.scroll_offset.y) // LINES
        if 0 <= index < len(self.letters):
            event.stop()
            self.cursor = index
            self.action_choose()


def _tone(letter: InboxEntry) -> str:
    """Green for what settled the run, a warning for what is no harmless stray."""
    if letter.reason is None:
        return "$text-success"
    return "$text-warning" if verdict(letter).startswith(("not believed", "refused", "held")) else QUIET
