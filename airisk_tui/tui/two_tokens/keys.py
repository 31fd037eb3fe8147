"""The keys of the two-token screen, and which of them do something now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType
from textual.widgets import Input

from airisk_tui.tui.shared.keybar import KeyHint
from airisk_tui.tui.two_tokens.users import UsersBox

if TYPE_CHECKING:
    from airisk_tui.tui.two_tokens.screen import TwoTokensScreen

BINDINGS: list[BindingType] = [
    Binding("ctrl+t", "again", "Get a generic token anew", priority=True),
    Binding("ctrl+d", "direct", "Ask directly from here on, without a browser", priority=True),
    Binding("ctrl+v", "paste", "Go to the paste box, while the browser is away", priority=True),
    Binding("ctrl+b", "bearer", "The second run carries the generic token, or not", priority=True),
    Binding("ctrl+u", "users", "To the users, or to the comparison", priority=True),
    Binding("slash", "users", "To the users"),
    Binding("enter", "choose", "Get a token for this user"),
    Binding("equals_sign", "hide_equal", "Show or hide what is equal"),
    Binding("p", "probe", "Ask what each token may do; also without, with a broken and with an expired one"),
    Binding("P", "probe_unsafe", "Ask the endpoints that may change something, each after a question"),
    Binding("x", "export", "Write the comparison as Markdown"),
    Binding("y", "copy", "Copy a token or the comparison …"),
    Binding("f5", "copy", "Copy a token or the comparison …", priority=True),
    Binding("o", "open_again", "Open the browser again"),
    Binding("c", "continue_anyway", "Continue on purpose, without the state"),
    Binding("f1", "help", "Help", priority=True),
    Binding("escape,ctrl+c", "back", "Cancel the run, else back", priority=True),
]


def hints(screen: TwoTokensScreen) -> tuple[KeyHint, ...]:
    """The keys that do something now, the weightiest first."""
    return tuple(_hints(screen))


def _hints(screen: TwoTokensScreen) -> Iterator[KeyHint]:
    runs = screen.runs
    typing = isinstance(screen.focused, Input)
    yield KeyHint("Esc", "Cancel" if screen.busy else "Back", "back")
    if screen.waiting:
        yield from screen.wait_hints()
    elif not screen.busy:
        yield from _users(screen) if screen.pane == "users" else _comparison(screen)
    if runs.copyables():
        yield KeyHint("F5" if typing else "y", "Copy", "copy")
    yield KeyHint("F1", "Help", "help")
    if not screen.busy:
        if runs.pair is not None:
            yield KeyHint("^U", "Comparison" if screen.pane == "users" else "Users", "users")
        yield KeyHint("^B", "Bearer on" if runs.with_bearer else "Bearer off", "bearer")
        if not runs.mistake:
            yield KeyHint("^T", "Again", "again")


def _users(screen: TwoTokensScreen) -> Iterator[KeyHint]:
    if screen.runs.generic is not None and screen.query_one(UsersBox).choice:
        yield KeyHint("Enter", "Token for this user", "choose")


def _comparison(screen: TwoTokensScreen) -> Iterator[KeyHint]:
    if screen.runs.pair is not None:
        yield KeyHint("=", "All, or what differs", "hide_equal")
        yield KeyHint("p", "Probe", "probe")
        yield KeyHint("x", "Export", "export")
