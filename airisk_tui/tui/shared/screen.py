"""The base class of every screen, and what a screen may ask of the app.

Each screen overrides the attributes and methods of `AppScreen` that say what it offers: keys for the footer and the help, lines of
the copy menu, commands of the palette. A screen opens another one by name; the app alone knows the module behind a name, so
no screen imports another.

The first frame imports this module: it imports nothing that a bare Textual app does not import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    Literal,
    NamedTuple,
    Protocol,
    TypeVar,
    cast,
    runtime_checkable,
)

from textual import work
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Input

from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound

if TYPE_CHECKING:
    import asyncio

    from textual import events
    from textual.await_complete import AwaitComplete
    from textual.binding import BindingType
    from textual.geometry import Size
    from textual.widget import Widget

    from airisk_tui.engine.config.memory import Memory
    from airisk_tui.session.session import Session

Result = TypeVar("Result")
"""The result that a screen returns to the one that opened it."""

Severity = Literal["information", "warning", "error"]
ScreenName = Literal[
    "comparison", "copy", "grid", "help", "jump", "hold", "qr", "recordings", "replay", "rerun", "two_tokens"
]

FOLDER = Path(__file__).parent.parent
"""Where the style sheets lie."""

NOTICE = 8.0
"""Seconds that a notice stays."""

WIDE = 120
"""Columns from which on the panes stand side by side: three have 40 each."""

VAST = 170
"""Columns from which on the flow is drawn as a picture between the two other panes."""

HIGH = 30
"""Lines from which on there is room for margins."""


SEARCHING = (KeyHint("Esc", "Leave the search"),)
"""The footer while a person types in a `shared.search.TextSearchRow`."""


@runtime_checkable
class SearchedPart(Protocol):
    """A widget that can be searched (`shared.search`, which the first frame does not import)."""

    def leave_search(self) -> bool:
        """Leave the search; False where nothing was searched for."""


class Host(Protocol):
    """The app, as far as screens may use it. session: the one session of this process, once it is there; memory: what is kept until
    the next start; touched: set by the first key, mouse event or paste."""

    session: Session | None
    memory: Memory
    touched: asyncio.Event

    def use_keys(self, table: Mapping[str, str]) -> list[str]:
        """Use the keys that a person has chosen. Returns sentences about what is wrong with them."""

    def make_screen(self, name: ScreenName, *arguments: object) -> Screen[Any]:
        """Import the module of the screen of that name, and make the screen."""


class PaletteCommand(NamedTuple):
    """A line of the command palette. run: what choosing it does; help: one sentence about it."""

    title: str
    run: Callable[[], Any]
    help: str


class Copyable(NamedTuple):
    """A line of the copy menu. key: its letter; name: what the notice calls it; text: makes the text when the line is chosen;
    secret: whether that text holds a secret in clear."""

    key: str
    name: str
    text: Callable[[], str]
    secret: bool = False


class AppScreen(Screen[Result], Generic[Result]):
    """A screen of this program.

    PARTS: widgets with keys of their own, as titles by widget id; the help lists their keys.
    FIELD_KEYS: keys of the screen's fields, by what they do; the help lists them with those of the screen.
    PANES: the names of the panes, where the screen has some; on a narrow terminal only the chosen `pane` is visible.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("help", "help", "Help", priority=True),
        bound("jump", "jump", priority=True),
        bound("outside", "outside", priority=True),
    ]
    PARTS: ClassVar[Mapping[str, str]] = {}
    FIELD_KEYS: ClassVar[Mapping[str, str]] = {}
    PANES: ClassVar[tuple[str, ...]] = ()

    pane: reactive[str] = reactive("", init=False)
    _dismissed = False

    @property
    def host(self) -> Host:
        """The app, as far as a screen knows it."""
        return cast("Host", self.app)

    @property
    def session(self) -> Session | None:
        """The one session of this process, once it is there."""
        return self.host.session

    # What the screen offers

    def hints(self) -> Iterable[KeyHint]:
        """The keys that matter now, the most important first, for the footer."""
        return ()

    def copyables(self) -> Iterable[Copyable]:
        """Everything that can be copied now."""
        return ()

    def palette(self) -> Iterable[PaletteCommand]:
        """Commands of the palette that have no key; those with a key are listed anyway."""
        return ()

    def page_text(self) -> str:
        """The whole page that a person reads, for a pager; "" where the screen has none."""
        return ""

    def help_for(self, widget: Widget) -> str:
        """The purpose of a widget of this screen, or ""."""
        return widget.HELP or ""

    def keep(self) -> None:
        """Save what the next start needs; called when the program ends, while the widgets are still there."""

    # What every screen does

    def say(self, sentence: str, severity: Severity = "information", seconds: float = NOTICE) -> None:
        """Show a notice above the footer. sentence: may quote foreign text; it is never parsed as markup."""
        from airisk_tui.oauth.text.visible import visible

        if sentence:
            self.notify(visible(sentence, lines=True), severity=severity, timeout=seconds, markup=False)

    def read_sheets(self, *names: Literal["form", "rest"]) -> None:
        """Read the style sheets of what the first frame does not show, which need not wait for their parsing.

        Widgets that are mounted already get their styles with the next `stylesheet.update`.
        """
        for name in names:
            self.app.stylesheet.read(str(FOLDER / f"{name}.tcss"))
        self.app.stylesheet.parse()

    def on_idle(self) -> None:
        """Draw the footer with the keys that matter now: whatever a person sees change leaves the screen idle in the end."""
        searching = self.focused is not None and self.focused.id == "text-search"
        for bar in self.query(KeyBar):
            bar.hints = SEARCHING if searching else tuple(self.hints())

    def left_search(self) -> bool:
        """Leave the search of the part that has the focus; False where nothing was searched for."""
        around = self.focused.ancestors_with_self if self.focused is not None else ()
        return any(node.leave_search() for node in around if isinstance(node, SearchedPart))

    async def action_part(self, part: str, action: str) -> None:
        """Run an action of a part, whatever has the focus. part: its id; nothing happens while it is not mounted."""
        for widget in self.query(f"#{part}"):
            await widget.run_action(action)

    @property
    def typing(self) -> bool:
        """Whether a field has the focus, so that letters are typed and are no keys."""
        return isinstance(self.focused, Input)

    def left_field(self) -> bool:
        """Leave the focused field; False where no field has the focus."""
        if not self.typing:
            return False
        self.set_focus(None)
        return True

    def unzoom(self) -> bool:
        """Show all parts; False where no part filled the screen."""
        if self.maximized is None:
            return False
        # Not without need: Textual 8.2 scrolls the focused widget to the centre then, which may hide the rows above it.
        self.minimize()
        return True

    def action_back(self) -> None:
        """Leave what is innermost: the search, the field, the part that fills the screen, and in the end the screen."""
        if not (self.left_search() or self.left_field() or self.unzoom()):
            self.action_leave()

    def action_leave(self) -> None:
        """Leave the screen; one with a live run cancels that first."""
        self.dismiss()

    def action_jump(self) -> None:
        """Put a letter on every visible widget that can have the focus; typing a letter focuses its widget."""
        targets = tuple(widget for widget in self.focus_chain if widget.region.overlaps(self.region) and widget.region)

        def go(target: Widget | None) -> None:
            if target is not None:
                target.focus()

        self.open_screen("jump", targets, then=go)

    @work(group="outside", exclusive=True)
    async def action_outside(self) -> None:
        from airisk_tui.tui.shared.editor import open_in_editor

        if problem := await open_in_editor(self.app, self.focused, self.page_text()):
            self.say(problem, "warning")

    def action_help(self) -> None:
        """Open the help for the focused widget."""
        self.open_screen("help", self, self.focused)

    def action_copy(self) -> None:
        """Open the copy menu."""
        things = tuple(self.copyables())

        def copy(at: int | None) -> None:
            if at is not None:
                self.app.copy_to_clipboard(things[at].text())
                self.say(f"Copied {things[at].name}.")

        if things:
            self.open_screen("copy", things, then=copy)
        else:
            self.say("There is nothing to copy yet.", "warning")

    def open_screen(self, name: ScreenName, *arguments: object, then: Callable[[Any], None] | None = None) -> None:
        """Open another screen. arguments: for its constructor; then: called with its result when it is left."""
        self.app.push_screen(self.host.make_screen(name, *arguments), then)

    async def open_screen_wait(self, name: ScreenName, *arguments: object) -> Any:
        """Open another screen and wait for its result. Call it in a worker."""
        return await self.app.push_screen_wait(self.host.make_screen(name, *arguments))

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave the screen, once.

        Textual 8.2 pops whatever screen is on top. The second of two quick keys, or of a double click, would remove the screen
        below, or end the program where there is none. So only the first call counts, and only while this screen is on top.
        """
        if self._dismissed or not self.is_active:
            from textual.await_complete import AwaitComplete

            return AwaitComplete()
        self._dismissed = True
        return super().dismiss(result)

    # Panes

    def watch_pane(self, pane: str) -> None:
        """On a narrow terminal, show only this pane."""
        self.update_classes({f"-pane-{name}": name == pane for name in self.PANES})
        self.draw_panes()

    def on_resize(self, event: events.Resize) -> None:
        """Show the panes side by side where they fit, else one at a time."""
        if self.PANES:
            now = size_classes(event.size)
            self.update_classes({name: name in now for name in ("-vast", "-wide", "-narrow", "-high", "-low")})
            self.draw_panes()

    def draw_panes(self) -> None:
        """Draw the panes again; called when another pane is chosen and when the terminal has another size."""


def screen_of(part: Widget) -> AppScreen[Any]:
    """The screen that a widget is a part of."""
    return cast("AppScreen[Any]", part.screen)


def size_classes(size: Size) -> tuple[str, ...]:
    """The CSS classes of a screen for a size of the terminal, in cells."""
    vast = ("-vast",) if size.width >= VAST else ()
    return ("-wide" if size.width >= WIDE else "-narrow", "-high" if size.height >= HIGH else "-low", *vast)
