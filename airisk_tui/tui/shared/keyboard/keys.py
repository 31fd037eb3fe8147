"""Every key of the program, which means the same on every screen. Screens and widgets make their bindings with `bound`.

In a field, the keys that edit a line (`EDITING`) do only that. One of them, ^B, is a key of the program outside of fields. The other
keys of readline, ^G ^L ^N ^O ^P ^Q ^R and ^S, edit nothing in a line without a history, so they are keys of the program everywhere.

The first frame imports this module: it imports nothing that a bare Textual app does not import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from textual.binding import Binding
from textual.keys import format_key


class Key(NamedTuple):
    """keys: as Textual names them, with commas between several; does: what they do on every screen."""

    keys: str
    does: str


KEYS = {
    "help": Key("f1", "Help: what has the focus, and every key"),
    "jump": Key("ctrl+j", "Jump: a letter on every field and part"),
    "palette": Key("ctrl+p", "All commands"),
    "out": Key("escape", "One step out: of a field, a question, a part, a run that waits, a screen"),
    "interrupt": Key("ctrl+c", "Copy the selected text, else cancel the run, else leave"),
    "quit": Key("ctrl+q", "Quit"),
    "next": Key("tab", "To the next field or part"),
    "previous": Key("shift+tab", "To the previous field or part"),
    "first-pane": Key("f2", "The first pane: the request, or the users"),
    "second-pane": Key("f3", "The second pane: the flow, or the comparison"),
    "third-pane": Key("f4", "The third pane: the result, what it means, and the raw messages"),
    "copy": Key("f5", "Copy …"),
    "outside": Key("f10,alt+e", "Open the field in your $EDITOR, or the page in your $PAGER"),
    "browser": Key("ctrl+r", "Run in the browser"),
    "direct": Key("f6", "Run directly, without a browser"),
    "paste": Key("f7", "Run by paste, or go to the paste box"),
    "hold": Key("ctrl+s,ctrl+b", "Hold each request to edit it, or stop doing so; in the editor, send it"),
    "two-tokens": Key("f8", "Two tokens, or two runs, side by side; there, run the first one again"),
    "secret": Key("f9", "Reveal or mask the client secret"),
    "recordings": Key("ctrl+o", "Recordings"),
    "fresh-state": Key("ctrl+g", "Make a fresh state"),
    "send-state": Key("ctrl+n", "Send a state, or omit it"),
    "whole-url": Key("ctrl+l", "Show the request as one URL, or by parameter"),
    "choose": Key("enter", "Run, choose, open: what the focus is on"),
    "act": Key("space", "Choose, unfold or mark what the cursor is on; play a recording, or pause"),
    "up": Key("up,k", "Up in the part that has the focus"),
    "down": Key("down,j", "Down in the part that has the focus"),
    "left": Key("left,h", "Left in the part that has the focus: a value, a step, a tab, an event"),
    "right": Key("right,l", "Right in the part that has the focus"),
    "page-up": Key("pageup", "A page up"),
    "page-down": Key("pagedown", "A page down"),
    "begin": Key("home,g", "To the beginning"),
    "end": Key("end,G", "To the end"),
    "picture": Key("V", "Show the flow as steps, or as a picture of its messages"),
    "zoom": Key("Z", "Let the part that has the focus fill the screen, or show all parts"),
    "edge-left": Key("shift+left,H", "Move the edge of the part that has the focus to the left"),
    "edge-right": Key("shift+right,L", "Move that edge to the right"),
    "edge-up": Key("shift+up,K", "Move the lower edge of the part that has the focus up"),
    "edge-down": Key("shift+down,J", "Move that edge down"),
    "numbered": Key("1,2,3,4,5,6,7,8,9", "Open the step of the flow with this number; in help, the document"),
    "previous-exchange": Key("left_square_bracket", "Previous exchange of the step"),
    "next-exchange": Key("right_square_bracket", "Next exchange of the step"),
    "reveal": Key("r", "Reveal secrets, or mask them"),
    "more": Key("m", "Show more of what was cut"),
    "laid-out": Key("b", "Show the body as it came, or laid out"),
    "fold-all": Key("left_parenthesis", "Fold everything in the body, or unfold it"),
    "bytes": Key("x", "Show the body as bytes, or as text"),
    "fix": Key("f", "Fill the form in: the fix of the first finding, or the chosen user"),
    "open-again": Key("o", "Open the browser again"),
    "qr": Key("Q", "The URL to open, as a QR code for a phone"),
    "answers": Key("w", "Say what the browser shows"),
    "continue": Key("c", "Continue without the state"),
    "again": Key("a", "Run again …"),
    "export": Key("e", "Export …"),
    "compare": Key(
        "equals_sign", "Compare: marked users or runs, a recorded run and its rerun, a failed one and the last good"
    ),
    "differences": Key("d", "Show or hide what is equal"),
    "bearer": Key("t", "Send the generic token as bearer in the second run, or not"),
    "probe": Key("p", "Probe what each token may do, and the same without, with a broken and with an expired token"),
    "probe-unsafe": Key("P", "Probe the endpoints that may change something, each after a question"),
    "userinfo": Key("U", "Userinfo: ask who the user of the token is"),
    "introspect": Key("I", "Introspection: ask whether the token is active, and what it may do"),
    "refresh": Key("F", "Refresh: get a new token with the refresh token"),
    "revoke": Key("X", "Revoke the token, after a question"),
    "next-hit": Key("n", "The next match of the search"),
    "previous-hit": Key("N", "The previous match of the search"),
    "search": Key("slash", "Search, as you type"),
    "filter": Key("v", "List only the recordings with the next outcome, or all"),
    "sort": Key("s", "Sort by the next column"),
    "reverse": Key("S", "Sort in the other direction"),
    "rename": Key("M", "Rename"),
    "delete": Key("delete", "Delete"),
    "as-meant": Key("z", "Send the held request unchanged"),
    "add": Key("A", "Add a part to the held request"),
    "double": Key("D", "Send this part of the held request twice"),
    "encoding": Key("E", "Write the body of the held request in the next encoding"),
    "undo": Key("u", "Undo the last change, or bring back the recording that was deleted last"),
    "import": Key("i", "Import a recording, a HAR, or a saved grid to compare with"),
    "reload": Key("R", "Read the folder again"),
    "event-back": Key("comma", "One event back"),
    "event-on": Key("full_stop", "One event on"),
    "slower": Key("minus", "Slower"),
    "faster": Key("plus", "Faster"),
    "go-to": Key("colon", "Go to an event or a time"),
    "yes": Key("y", "Yes, to a question"),
}
"""By action, which is the id of the bindings; in the order of keys.md."""

EDITING = frozenset(
    {f"ctrl+{letter}" for letter in "abdefhktuvwxy"}
    | {f"alt+{key}" for key in ("b", "c", "d", "f", "l", "u", "backspace")}
    | {"ctrl+left", "ctrl+right", "ctrl+backspace", "ctrl+underscore"}
)
"""The keys that edit a line, as in readline and Textual, without those that lists have too (arrows, Home, Delete)."""


def bound(meaning: str, action: str, does: str = "", *, key: str = "", priority: bool = False) -> Binding:
    """A binding of the keys of a row of KEYS. does: what they do on this screen, where that can be said more exactly; key: one of
    the keys, to bind that alone; priority: whether the screen gets the key before the focused widget."""
    keys, general = KEYS[meaning]
    return Binding(key or keys, action, does or general, show=False, priority=priority, id=meaning)


_AT_ALL_TIMES = re.compile(r"(?:^|,)(?:ctrl\+|f\d|tab|shift\+tab|escape|enter)")

IN_FIELDS = frozenset(name for name, key in KEYS.items() if _AT_ALL_TIMES.search(key.keys))
"""The actions that work while a field has the focus; no letter can be their key."""

_chosen: dict[str, str] = {}
"""By action, the keys that the person has chosen, as Textual names them."""


def choose_keys(keymap: Mapping[str, str]) -> None:
    """Show these keys in the place of the usual ones; `App.set_keymap` makes Textual use them."""
    _chosen.clear()
    _chosen.update(keymap)


def chosen_keys(binding: Binding) -> list[str]:
    """The keys that trigger a binding now."""
    return _chosen.get(binding.id or "", binding.key).split(",")


def bindings_of(kind: type) -> Iterator[Binding]:
    """The bindings of a class of screens or widgets, without those that Textual gives every class of that kind. An action that a class
    binds anew hides that of the class below it."""
    seen = set[str]()
    for base in kind.__mro__:
        if base.__module__.startswith("airisk_tui."):
            own = [entry for entry in vars(base).get("BINDINGS", ()) if isinstance(entry, Binding)]
            yield from (entry for entry in own if entry.id not in seen)
            seen |= {entry.id for entry in own if entry.id}


KEY_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "delete": "Del",
    **{
        key: key.capitalize() for key in ("home", "end", "tab", "backspace", *(f"f{number}" for number in range(1, 25)))
    },
}
"""The names of keys that this program writes otherwise than Textual."""


def key_name(key: str) -> str:
    """A key as it is written on the screen."""
    modifier, _, plain = key.rpartition("+")
    if modifier == "ctrl" and len(plain) == 1:
        return f"^{plain.upper()}"
    name = KEY_NAMES.get(plain) or format_key(plain)
    return f"{modifier.title()}+{name.upper() if modifier == 'alt' and len(name) == 1 else name}" if modifier else name


def chosen_key(text: str) -> str:
    """Keys as a footer or a button shows them, such as "F5" or "- +", with those that the person has chosen."""
    return " ".join(_chosen_name(part) for part in text.split(" ")) if _chosen else text


def _chosen_name(name: str) -> str:
    for action, keys in _chosen.items():
        if name in map(key_name, KEYS[action].keys.split(",")):
            return key_name(keys.split(",")[0])
    return name


_NAMED = re.compile(r"[“«][^”»]*[”»]|\bF\d{1,2}\b|\^[A-Z]\b")


def with_chosen_keys(text: str) -> str:
    """A sentence of this program with the keys that the person has chosen in the place of the usual ones; quotations stay the same."""
    return _NAMED.sub(lambda found: _chosen_name(found[0]), text) if _chosen else text
