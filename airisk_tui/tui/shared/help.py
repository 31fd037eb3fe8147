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

from airisk_tui.tui.run.keys import OTHER_SCREENS, available
from airisk_tui.tui.shared.modal import Modal

ABOUT = {
    "environment": "The deployment that the flow runs against. The sandbox is a server inside this program.",
    "base-url": "Where the deployment lives, without /api. The authorization request goes to BASE/api/oauth2.",
    "client-id": "The identifier that AIRisk gave the application when it was registered.",
    "client-secret": "Sent in the body of the token request. It stays in memory and is never written anywhere.",
    "redirect-uri": "Where the browser is sent with the code. It must be registered exactly as it is written here.",
    "userid": "On whose behalf the token acts. Empty: a generic token, for the application itself.",
    "state": "A value that must come back unchanged; it protects against forged answers. It is made fresh for each run.",
    "encoding": "How the token request's body is written. AIRisk documents both ways.",
    "mode": "browser: open one and listen. direct: ask without a browser. paste: open it anywhere, paste what comes back.",
    "timeout": "Seconds to wait for the redirect.",
    "preview": "The authorization request exactly as it will leave. ^L shows it as one URL.",
    "paste-back": "Paste the address that the browser ended on, its query, or the bare code (whose state cannot be verified).",
}
SAME_WORDS = (("extra-", "A parameter of your own in the authorization request, written as name=value; a row each."),)

KEYS = 15
"""Cells of the column of keys."""

KEY_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "home": "Home",
    "end": "End",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}
KEY_NAMES |= {f"f{number}": f"F{number}" for number in range(1, 13)}
KEY_NAMES |= {"comma": ",", "full_stop": ".", "slash": "/", "equals_sign": "=", "minus": "-", "plus": "+"}
KEY_NAMES |= {"left_square_bracket": "[", "right_square_bracket": "]"}
KEY_NAMES |= {"tab": "Tab", "shift+tab": "Shift+Tab"}

PARTS = {
    "rail": "The steps",
    "strip": "The steps",
    "inbox": "What the listener heard",
    "findings": "What it means",
    "inspector": "The inspector",
    "recordings": "The list",
    "users": "The users",
}
"""The parts of a screen with keys of their own, which work while the focus is in them, by their ids."""


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
    parts = _parts(screen, focused)
    words, here = about(focused), parts.pop("", {})
    if words or here:
        yield from _group("Here", here, words)
    yield from _group("Keys", keys_of(screen))
    yield Content(
        "Letters and digits work while no field has the focus (Esc leaves a field). Tab goes from field to field."
    )
    yield Content("Hold Shift to select text with the mouse, as in any terminal program.")
    yield Content("")
    for title, table in parts.items():
        yield from _group(f"{title}, while the focus is there", table)


def _group(title: str, table: dict[str, list[str]], words: str = "") -> Iterator[Content]:
    yield Content.styled(title, "bold $text-accent")
    if words:
        yield Content(words)
    for description, keys in table.items():
        yield Content.assemble((", ".join(keys).ljust(KEYS - 1) + " ", "bold"), description)
    yield Content("")


def _parts(screen: Screen[None], focused: Widget | None) -> dict[str, dict[str, list[str]]]:
    """The keys of the parts that the screen has, by their titles; those of the focused one below ""."""
    here = focused
    while here is not None and here.id not in PARTS and isinstance(here.parent, Widget):
        here = here.parent
    own = here if here is not None and here.id in PARTS else focused
    tables = {"": keys_in(type(own))} if own is not None else {}
    title = PARTS.get(own.id or "", "") if own is not None else ""
    for name, words in PARTS.items():
        if words != title and words not in tables and (found := screen.query(f"#{name}")):
            tables[words] = keys_in(type(found.first()))
    return {words: table for words, table in tables.items() if table}


def keys_in(kind: type[Widget]) -> dict[str, list[str]]:
    """The keys of a kind of widget by what they do; those that Textual gives it are as everywhere, and left out."""
    table: dict[str, list[str]] = {}
    for made in kind.__mro__:
        if made.__module__.startswith("airisk_tui."):
            for entry in vars(made).get("BINDINGS", ()):
                table.setdefault(entry.description, []).extend(map(key_name, entry.key.split(",")))
    return table


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
