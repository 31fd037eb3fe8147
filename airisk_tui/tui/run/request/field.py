"""The rows of the form: a field of one line, and a choice. Each draws its own label.

A row is a single widget, because each widget of the first frame costs milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
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

from airisk_tui.tui.shared.drawing.clickable import ClickableText, clickable
from airisk_tui.tui.shared.drawing.guard import without_controls
from airisk_tui.tui.shared.keyboard.keys import bound, with_chosen_keys
from airisk_tui.tui.shared.keyboard.line_input import MAX_TYPED, LineInput

_REQUEST = re.compile(r"\s*(?:[$>%#] )?(?:curl(?:\.exe)?\s|(?:GET|POST|PUT) \S+ HTTP/\d)")
"""How a curl command, perhaps after a shell's prompt, or a raw HTTP request begins."""

LABEL = 15
"""Cells of the label; app.tcss leaves as much room on the left."""


class Field(LineInput, ClickableText):
    """An input of one line.

    touched: whether a person typed in it, after which `fill` does not change it. known: the values that it suggests: the first
    one that begins with what was typed is shown after the cursor (→ takes it), and ↓ lists all. tools: words at the right end,
    each with the action of the form's column that a click runs; each has a key as well. origin: where the value comes from, a word
    before the tools.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("down", "suggestions", "List the earlier and the known values", key="down")
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"field--label", "field--tool"}
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
    """Textual lays out the whole screen again when an input's content grows; a row of fixed size does not need that."""
    tools: reactive[tuple[tuple[str, str], ...]] = reactive((), init=False)
    origin: reactive[str] = reactive("", init=False)

    class RequestPasted(Message):
        """A person pasted the request of another client, as a curl command or as raw HTTP."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class SuggestionsAsked(Message):
        """A person asked for the list of known values."""

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
        password: bool = False,
    ) -> None:
        super().__init__(
            placeholder=placeholder,
            password=password,
            select_on_focus=False,  # otherwise Textual selects the whole value, and the next letter replaces it
            validate_on=(),  # Textual restyles an input whenever its validity changes, and there is nothing to validate
            max_length=MAX_TYPED,
            id=name.replace("_", "-"),
            name=name,
        )
        self.touched = False
        self._plain_strip = self._decorated_strip = Strip([])
        self._is_new = True
        self.known: tuple[str, ...] = ()
        self.label = label
        self._hint = placeholder
        self.tools = tools
        self.watch_tools()  # Textual calls watchers only once a widget is mounted

    @property
    def reads_requests(self) -> bool:
        """Whether a pasted request of another client fills in the whole form, and not this field."""
        return any(node.id == "form" for node in self.ancestors)

    def set_origin(self, decided: str, origin: str) -> None:
        """Show where the value comes from, and while the field is empty, the value that was decided."""
        self.origin, self.placeholder = origin, decided or self._hint

    def watch_origin(self) -> None:
        self.watch_tools()

    def watch_tools(self) -> None:
        """Leave room for the words at the right end."""
        self.styles.padding = (0, self._tools_width, 0, LABEL)

    def _watch_value(self, value: str) -> None:
        """Suggest the first known value that begins with what was typed."""
        super()._watch_value(value)
        if value and self.has_focus and not self.secret:
            self._suggestion = next((known for known in self.known if known.startswith(value)), "")

    def _on_focus(self, event: events.Focus) -> None:
        """Put the cursor at the end of a value that was filled in; without the focus, the field shows the beginning of the value."""
        if self._is_new:
            self._is_new = False
            self.cursor_position = len(self.value)

    def action_suggestions(self) -> None:
        if self.known and not self.secret:
            self.post_message(self.SuggestionsAsked(self))

    @property
    def _value(self) -> Text:
        if self.password:
            return super()._value
        return Text(without_controls(self.value), no_wrap=True, overflow="ignore", end="")

    @property
    def _words(self) -> list[tuple[str, str]]:
        """The tools, with the keys that the person has chosen."""
        return [(with_chosen_keys(word), action) for word, action in self.tools]

    @property
    def _tools_width(self) -> int:
        return sum(len(word) + 2 for word, _ in self._words) + (len(self.origin) + 2 if self.origin else 0)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The input, with the label and the tools drawn into its padding."""
        strips = super().render_lines(Region(0, crop.y, self.outer_size.width, crop.height))
        return [self._decorated(strip).crop(crop.x, crop.right) for strip in strips]

    def _decorated(self, strip: Strip) -> Strip:
        """Decorate a line once: Textual draws the same line again whenever the cursor of another field blinks."""
        if self._plain_strip is not strip:
            self._plain_strip, self._decorated_strip = strip, self._decorate(strip)
        return self._decorated_strip

    def _decorate(self, strip: Strip) -> Strip:
        plain = self.get_component_rich_style("field--label")
        label = Strip([Segment(self.label.ljust(LABEL)[:LABEL], plain)], LABEL)
        body = strip.crop(LABEL, self.outer_size.width - self._tools_width)
        style = self.get_component_rich_style("field--tool")
        tools = [Segment(f"  {self.origin}", plain)] if self.origin else []
        for word, action in self._words:
            clicked = Style.from_meta({"@click": f"screen.part('request', '{action}')"})
            tools += [Segment("  ", plain), Segment(word, style + clicked)]
        return Strip.join([self._filtered(label), body, self._filtered(Strip(tools, self._tools_width))])

    def _filtered(self, strip: Strip) -> Strip:
        """The strip after the line filters of the app, which Textual applies only to what it draws itself."""
        for line_filter in self.app.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def fill(self, value: str) -> None:
        """Set the value, unless a person typed one; no message is sent."""
        if not self.touched and value != self.value:
            # Textual posts Changed for what a program sets, too, and the row would count as typed in.
            with self.prevent(Input.Changed):
                self.value = value
            self._is_new = True
            self.cursor_position = len(value) if self.has_focus else 0

    def _on_paste(self, event: events.Paste) -> None:
        """Insert what was pasted, as far as it fits, as one line: no value has several, and terminals break long URLs into lines."""
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
        """The value that a terminal broke into these lines."""
        return "".join(lines)

    def action_copy(self) -> None:
        """Copy what is selected, but no masked value; that is a line of the copy menu."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut what is selected, but no masked value."""
        if not self.password:
            super().action_cut()


class Choice(ClickableText, can_focus=True):
    """A row with a few values, of which the arrows, Space or a click choose one. Where they do not all fit, it shows the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("left", "turn(-1)", "Previous"),
        bound("right", "turn(1)", "Next"),
        bound("act", "turn(1)", "Next"),
        bound("choose", "screen.start", "Run"),
        bound("down", "beside", "Choose the sandbox's fault, which is shown at the right end", key="down"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--label"}
    value: reactive[str] = reactive("")
    options: reactive[tuple[str, ...]] = reactive(())
    beside: reactive[str] = reactive("")
    """Words at the right end; a click or ↓ opens the list behind them."""
    origin: reactive[tuple[str, str]] = reactive(("", ""))
    """The value that was decided where none was chosen, and where the value comes from."""

    class Changed(Message):
        """A person chose another value."""

        def __init__(self, choice: Choice, value: str) -> None:
            self.choice = choice
            self.value = value
            super().__init__()

    def __init__(self, name: str, label: str, options: tuple[str, ...], value: str) -> None:
        super().__init__(id=name.replace("_", "-"), name=name)
        self.label = label
        self.set_reactive(Choice.options, options)
        self.set_reactive(Choice.value, value)

    def render(self) -> Content:
        """The row in the first form that fits, with `beside` at the right end."""
        width = self.size.width
        room = width - (len(self.beside) + 3 if self.beside else 0)
        forms = list(self._forms())
        row = next((form for form in forms if form.cell_length <= room), forms[-1])
        if not self.beside:
            return row
        beside = Content(self.beside).truncate(max(width - row.cell_length - 3, 5), ellipsis=True)
        words = clickable(Content.styled(beside.plain + " ▾", "$text-accent"), "beside")
        return Content.assemble(row.truncate(width - words.cell_length - 1, ellipsis=True, pad=True), " ", words)

    def _forms(self) -> Iterator[Content]:
        """The row with all options; then with the chosen one between arrows and its origin or number; then with that one alone."""
        quiet, value = self.get_visual_style("choice--label"), without_controls(self.value)
        label = Content.styled(self.label.ljust(LABEL), quiet)
        if len(self.options) < 2:
            yield label + value
            return
        decided, origin = self.origin
        decided = without_controls(decided) if decided != self.value else ""
        options = [self._option(at, option) for at, option in enumerate(self.options)]
        said = ", ".join(filter(None, (decided, origin)))
        yield Content.assemble(label, Content("  ").join(options), (f"  {said}" if said else "", quiet))
        number = self.options.index(self.value) + 1 if self.value in self.options else 0
        chosen = clickable(Content(f"‹ {value}: {decided} ›" if decided else f"‹ {value} ›"), "turn(1)")
        yield Content.assemble(
            label, chosen, (f"  {origin}", quiet) if origin else f"  {number} of {len(self.options)}"
        )
        yield Content.assemble(label, chosen)

    def _option(self, at: int, option: str) -> Content:
        mark, style = ("●", "bold") if option == self.value else ("○", "")
        return clickable(Content.styled(f"{mark} {without_controls(option)}", style), f"choose({at})")

    async def action_beside(self) -> None:
        if not self.beside:
            raise SkipAction
        await self.screen.run_action("part('request', 'choose_fault')")

    def action_turn(self, by: int) -> None:
        if self.value in self.options and len(self.options) > 1:
            self.choose(self.options[(self.options.index(self.value) + by) % len(self.options)])

    def fill(self, value: str) -> None:
        """Choose a value without posting Changed."""
        self.value = value

    def choose(self, value: str) -> None:
        """Choose a value as a person does: posts Changed."""
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self, value))

    def action_choose(self, at: int) -> None:
        self.choose(self.options[at])


class Fold(Static, can_focus=True):
    """The last row of the form; opening it shows the rows that are seldom needed, in its place."""

    HELP = "Shows the rows that are seldom needed: token fields, field names of the server, PKCE, cookies, and who may reach the listener."
    BINDINGS: ClassVar[list[BindingType]] = [
        bound(key, "screen.part('form', 'unfold')", "Show the other rows") for key in ("choose", "act", "right")
    ]

    def __init__(self) -> None:
        super().__init__(Content("▸ More …"), id="more", markup=False)

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.screen.run_action("part('form', 'unfold')")
