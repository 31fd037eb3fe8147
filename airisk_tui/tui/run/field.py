"""The form's rows: a field of one line and a choice, each of them drawing its own label.

One widget a row, because every widget of the first frame is paid for in milliseconds.
"""

from __future__ import annotations

import re
from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.widgets import Input, Static

from airisk_tui.tui.shared.guard import pictured
from airisk_tui.tui.shared.keys import bound, keyed
from airisk_tui.tui.shared.line_input import LineInput

MAX_TYPED = 20_000
"""Characters that a field takes: more than twice what any server accepts, so that a mistake can still be named."""

_REQUEST = re.compile(r"\s*(?:[$>%#] )?(?:curl(?:\.exe)?\s|(?:GET|POST|PUT) \S+ HTTP/\d)")
"""How a curl command or a raw HTTP request begins, perhaps behind a shell's prompt."""

LABEL = 15
"""Cells of the label; app.tcss leaves as much room on the left."""


class Field(LineInput):
    """An input of one line. touched: whether a person typed in it; `fill` then leaves it as it is. known: the values that it
    offers: the first that begins as it was typed stands behind the cursor (→ takes it), and ↓ lists them.

    tools: words at the right end that can be clicked, as (word, action); each has a key as well. origin: where the value comes from,
    a word before them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("down", "suggestions", "List the earlier and the known values", key="down")
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"field--label", "field--tool"}
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
    """Textual lays out the whole screen again when an input's content grows; a row of fixed size does not need that."""

    class ToolPressed(Message):
        """A word at the right end was clicked."""

        def __init__(self, action: str) -> None:
            self.action = action
            super().__init__()

    class RequestPasted(Message):
        """Another client's request was pasted, as a curl command or as raw HTTP."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class SuggestionsAsked(Message):
        """The list of the known values is wanted."""

        def __init__(self, field: Field) -> None:
            self.field = field
            super().__init__()

    def __init__(
        self,
        name: str,
        label: str,
        *,
        placeholder: str = "",
        tools: tuple[tuple[str, str], ...] = (),
        secret: bool = False,
    ) -> None:
        super().__init__(
            placeholder=placeholder,
            password=secret,
            select_on_focus=False,  # Textual selects the whole value else, and the next letter would replace it
            validate_on=(),  # Textual styles an input anew at each change of its validity, which it has none of here
            max_length=MAX_TYPED,
            id=name.replace("_", "-"),
            name=name,
        )
        self.touched = False
        self._undressed = self._last = Strip([])
        self._is_new = True
        self.known: tuple[str, ...] = ()
        self._takes_secret = secret
        self.label = label
        self.tools = tools
        self.origin = ""
        self._hint = placeholder
        self.styles.padding = (0, self._tools_width, 0, LABEL)

    @property
    def reads_requests(self) -> bool:
        """Whether what is pasted here may be another client's request, which is then taken for the whole form."""
        return any(node.id == "form" for node in self.ancestors)

    def set_origin(self, decided: str, origin: str) -> None:
        """Show where the value comes from, and while the field is empty what was decided in its place."""
        if (decided, origin) != (self.placeholder if decided else "", self.origin):
            self.origin, self.placeholder = origin, decided or self._hint
            self.styles.padding = (0, self._tools_width, 0, LABEL)
            self.refresh()

    def _watch_value(self, value: str) -> None:
        """Suggest the first known value that begins as it was typed."""
        super()._watch_value(value)
        if value and self.has_focus and not self.secret:
            self._suggestion = next((known for known in self.known if known.startswith(value)), "")

    def _on_focus(self, event: events.Focus) -> None:
        """Put the cursor at the end of a value that was filled in; unfocused, the field shows how it begins."""
        if self._is_new:
            self._is_new = False
            self.cursor_position = len(self.value)

    def action_suggestions(self) -> None:
        """List the earlier and the known values below the field."""
        if self.known and not self.secret:
            self.post_message(self.SuggestionsAsked(self))

    @property
    def secret(self) -> bool:
        """Whether it takes a secret, also while that is shown."""
        return self._takes_secret

    @property
    def _value(self) -> Text:
        if self.password:
            return super()._value
        return Text(pictured(self.value), no_wrap=True, overflow="ignore", end="")

    @property
    def _words(self) -> list[tuple[str, str]]:
        """The tools, with the keys that the person has chosen."""
        return [(keyed(word), action) for word, action in self.tools]

    @property
    def _tools_width(self) -> int:
        return sum(len(word) + 2 for word, _ in self._words) + (len(self.origin) + 2 if self.origin else 0)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The input, with the label and the tools drawn into its padding."""
        strips = super().render_lines(Region(0, crop.y, self.outer_size.width, crop.height))
        return [self._dressed(strip).crop(crop.x, crop.right) for strip in strips]

    def _dressed(self, strip: Strip) -> Strip:
        """Once for each line that Textual draws: it gives the same again, while another field's cursor blinks."""
        if self._undressed is not strip:
            self._undressed, self._last = strip, self._dress(strip)
        return self._last

    def _dress(self, strip: Strip) -> Strip:
        plain = self.get_component_rich_style("field--label")
        label = Strip([Segment(self.label.ljust(LABEL)[:LABEL], plain)], LABEL)
        body = strip.crop(LABEL, self.outer_size.width - self._tools_width)
        style = self.get_component_rich_style("field--tool")
        tools = [Segment(f"  {self.origin}", plain)] if self.origin else []
        tools += [part for word, _ in self._words for part in (Segment("  ", plain), Segment(word, style))]
        return Strip.join([self._filtered(label), body, self._filtered(Strip(tools, self._tools_width))])

    def _filtered(self, strip: Strip) -> Strip:
        """As every line is filtered that Textual draws; these are drawn beside what it draws."""
        for line_filter in self.app.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def tool_at(self, x: int) -> str | None:
        """The action of the word under a column of the widget."""
        end = self.outer_size.width - sum(len(word) + 2 for word, _ in self._words)
        for word, action in self._words:
            end += len(word) + 2
            if end - len(word) <= x < end:
                return action
        return None

    async def on_click(self, event: events.Click) -> None:
        action = self.tool_at(event.x)
        if action is not None:
            event.stop()
            self.post_message(self.ToolPressed(action))

    def set_tools(self, *tools: tuple[str, str]) -> None:
        """Other words at the right end."""
        self.tools = tools
        self.styles.padding = (0, self._tools_width, 0, LABEL)
        self.refresh()

    def fill(self, value: str) -> None:
        """Set the value, unless a person typed one; no message is sent."""
        if not self.touched and value != self.value:
            # Textual posts Changed for what a program sets, too, and the row would count as typed in.
            with self.prevent(Input.Changed):
                self.value = value
            self._is_new = True
            self.cursor_position = len(value) if self.has_focus else 0

    def _on_paste(self, event: events.Paste) -> None:
        """Put in what was pasted, as far as it fits, its lines joined: no value has several, and a terminal breaks a long address."""
        if self.reads_requests and _REQUEST.match(event.text):
            self.post_message(self.RequestPasted(event.text))
            event.stop()
            # Textual calls the handler of each class of a widget in turn: without this, `Input` would put the text in as well.
            event.prevent_default()
            return
        lines = re.split(r"[\r\n]+", event.text)
        value = self.one_line([line.strip() for line in lines]) if len(lines) > 1 else event.text
        self.replace(value[:MAX_TYPED], *self.selection)
        event.stop()
        event.prevent_default()

    def one_line(self, lines: list[str]) -> str:
        """The lines of a paste as the value that they were before a terminal broke it."""
        return "".join(lines)

    def action_copy(self) -> None:
        """Copy what is selected, but no masked value: the copy menu offers that as a choice of its own."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut what is selected, but no masked value."""
        if not self.password:
            super().action_cut()


class Choice(Static, can_focus=True):
    """One of a few values; arrows, space or a click choose. Where they do not fit, it shows the chosen one only."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("left", "turn(-1)", "Previous"),
        bound("right", "turn(1)", "Next"),
        bound("act", "turn(1)", "Next"),
        bound("choose", "screen.start", "Run"),
        bound("down", "beside", "What stands at the right end: the sandbox's fault", key="down"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--label"}
    value: reactive[str] = reactive("")
    options: reactive[tuple[str, ...]] = reactive(())
    beside: reactive[str] = reactive("")
    """What stands at the right end, and is asked for by a click or ↓."""
    origin: reactive[tuple[str, str]] = reactive(("", ""))
    """What was decided in the place of the value, and where the value comes from."""

    class Changed(Message):
        """Another value was chosen by a person."""

        def __init__(self, choice: Choice, value: str) -> None:
            self.choice = choice
            self.value = value
            super().__init__()

        @property
        def control(self) -> Choice:
            """The choice."""
            return self.choice

    def __init__(self, name: str, label: str, options: tuple[str, ...], value: str) -> None:
        super().__init__(id=name.replace("_", "-"), name=name, markup=False)
        self.label = label
        self.set_reactive(Choice.options, options)
        self.set_reactive(Choice.value, value)

    @property
    def _in_full(self) -> bool:
        said = (len(self._said) + 2 if self._said else 0) + (len(self.beside) + 4 if self.beside else 0)
        return sum(len(option) + 4 for option in self.options) + said <= self.size.width - LABEL + 2

    @property
    def _said(self) -> str:
        """What stands behind the options."""
        decided, origin = self.origin
        return f"{decided}, {origin}" if decided and decided != self.value else origin

    def render(self) -> Content:
        """The row, with what stands beside it at the right end."""
        row = self._row(place=True)
        if not self.beside:
            return row
        row = row if row.cell_length + len(self.beside) + 3 <= self.size.width else self._row(place=False)
        beside = Content(self.beside).truncate(max(self.size.width - row.cell_length - 3, 5), ellipsis=True)
        words = Content.styled(beside.plain + " ▾", "$text-accent")
        room = max(self.size.width - words.cell_length - 1, 0)
        return Content.assemble(row.truncate(room, ellipsis=True, pad=True), " ", words)

    def _row(self, *, place: bool) -> Content:
        """The label, and all the options with the chosen one filled, or the chosen one between arrows. place: whether it says
        which of them that is."""
        label = Content.styled(self.label.ljust(LABEL), self.get_visual_style("choice--label"))
        if len(self.options) < 2:
            return Content.assemble(label, pictured(self.value))
        if not self._in_full:
            number = self.options.index(self.value) + 1 if self.value in self.options else 0
            decided, origin = self.origin
            value = pictured(f"{self.value}: {decided}" if decided and decided != self.value else self.value)
            where = (
                (f"  {origin}", self.get_visual_style("choice--label"))
                if origin
                else f"  {number} of {len(self.options)}"
                if place
                else ""
            )
            return Content.assemble(label, f"‹ {value} ›", where)
        parts = [
            Content.styled(f"● {pictured(option)}", "bold")
            if option == self.value
            else Content(f"○ {pictured(option)}")
            for option in self.options
        ]
        where = (f"  {pictured(self._said)}", self.get_visual_style("choice--label")) if self._said else ""
        return Content.assemble(label, Content("  ").join(parts), where)

    def action_beside(self) -> None:
        """Ask for what stands at the right end."""
        if not self.beside:
            raise SkipAction
        self.post_message(Field.ToolPressed("choose_fault"))

    def action_turn(self, by: int) -> None:
        """Choose the next or the previous value."""
        if self.value in self.options and len(self.options) > 1:
            self.choose(self.options[(self.options.index(self.value) + by) % len(self.options)])

    def fill(self, value: str) -> None:
        """Choose a value without a message."""
        self.value = value

    def choose(self, value: str) -> None:
        """Choose a value as a person does: with a message."""
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self, value))

    def on_click(self, event: events.Click) -> None:
        """The option that was clicked on, or the next one where only one is shown."""
        event.stop()
        if self.beside and event.x >= self.size.width - len(self.beside) - 2:
            self.action_beside()
            return
        if not self._in_full:
            self.action_turn(1)
            return
        end = LABEL
        for option in self.options:
            end += len(option) + 4
            if LABEL <= event.x < end:
                self.choose(option)
                return


class Fold(Static, can_focus=True):
    """The last row, behind which lie the rows that are seldom needed; it goes when it is opened."""

    HELP = "Opens the rows that are seldom needed: token fields, names of the server, PKCE, cookies, and who may reach the listener."
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("choose", "open", "Show the other rows"),
        bound("act", "open", "Show the other rows"),
        bound("right", "open", "Show the other rows"),
    ]

    class Opened(Message):
        """The rows are wanted."""

    def __init__(self) -> None:
        super().__init__(Content("▸ More …"), id="more", markup=False)

    def action_open(self) -> None:
        """Ask for the rows."""
        self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.action_open()
