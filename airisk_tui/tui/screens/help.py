"""Help: what the thing with the focus is for, and every key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from airisk_tui.tui.screens.keys import OTHER_SCREENS, available
from airisk_tui.tui.screens.once import Modal

ABOUT = {
    "environment": "The deployment that the flow runs against. The sandbox is a server inside this program.",
    "base-url": "Where the deployment lives, without /api. The authorization request goes to BASE/api/oauth2.",
    "client-id": "The identifier that AIRisk gave the application when it was registered.",
    "client-secret": "Sent in the body of the token request. It stays in memory and is never written anywhere.",
    "redirect-uri": "Where the browser is sent with the code. It must be registered exactly as it is written here.",
    "userid": "On whose behalf the token acts. Empty: a generic token, for the application itself.",
    "state": "A value that must come back unchanged; it protects against forged answers. It is made fresh for each run.",
    "encoding": "How the token request's body is written. AIRisk documents both ways.",
    "way": "browser: open one and listen. direct: ask without a browser. paste: open it anywhere, paste what comes back.",
    "timeout": "Seconds to wait for the redirect.",
    "preview": "The authorization request exactly as it will leave. ^L shows it as one URL.",
    "paste-back": "Paste the address that the browser ended on, its query, or the bare code (whose state cannot be verified).",
}
SAME_WORDS = (("extra-", "A parameter of your own in the authorization request, written as name=value; a row each."),)

KEY_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "home": "Home",
    "end": "End",
    "left": "←",
    "right": "→",
}
KEY_NAMES |= {f"f{number}": f"F{number}" for number in range(1, 13)}
KEY_NAMES |= {"comma": ",", "full_stop": ".", "slash": "/", "equals_sign": "=", "minus": "-", "plus": "+"}
KEY_NAMES |= {"left_square_bracket": "[", "right_square_bracket": "]"}


class HelpScreen(Modal[None]):
    """See the module."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 76; max-width: 95%; height: auto; max-height: 95%; border: round $accent;
        padding: 1 2; background: $surface;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q,enter", "dismiss(None)", "Close", show=False)]

    def __init__(self, screen: Screen[None], focused: Widget | None) -> None:
        super().__init__()
        self._text = Content("\n").join(list(_lines(screen, focused)))

    def compose(self) -> ComposeResult:
        """One text."""
        with VerticalScroll() as box:
            box.border_title = Content("Help")
            box.border_subtitle = Content("Esc closes")
            yield Static(self._text, markup=False)


def about(widget: Widget | None) -> str:
    """What the thing with the focus is for."""
    name = widget.id or "" if widget is not None else ""
    described = ABOUT.get(name) or next((words for prefix, words in SAME_WORDS if name.startswith(prefix)), None)
    return described or (widget.HELP if widget is not None and widget.HELP else "")


def _lines(screen: Screen[None], focused: Widget | None) -> Iterator[Content]:
    words = about(focused)
    if words:
        yield Content.styled("Here", "bold $text-accent")
        yield Content(words)
        yield Content("")
    yield Content.styled("Keys", "bold $text-accent")
    for description, keys in keys_of(screen).items():
        yield Content.assemble((", ".join(keys).ljust(14), "bold"), description)
    yield Content("")
    yield Content(
        "Letters and digits work while no field has the focus (Esc leaves a field). Tab goes from field to field."
    )
    yield Content("Hold Shift to select text with the mouse, as in any terminal program.")


def keys_of(screen: Screen[None]) -> dict[str, list[str]]:
    """The screen's keys by what they do, those of screens that exist."""
    table: dict[str, list[str]] = {"Run, from any field": ["Enter"]} if hasattr(screen, "action_launch") else {}
    for entry in screen.BINDINGS:
        if isinstance(entry, Binding):
            opens = next((name for name in OTHER_SCREENS if name in entry.action), None)
            if opens is None or available(opens):
                table.setdefault(entry.description, []).extend(map(key_name, entry.key.split(",")))
    table["All commands"] = ["^P"]
    table["Quit"] = ["^Q"]
    return table


def key_name(key: str) -> str:
    """A key as it is written on the screen."""
    if key.startswith("ctrl+"):
        return f"^{key[5:].upper()}"
    return KEY_NAMES.get(key, key)
