"""What the widgets and screens of the program declare: their keys, what they are drawn again for, and which of their parts can be
resized or fill the screen."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

from textual.binding import Binding
from textual.dom import DOMNode
from textual.reactive import Reactive

from airisk_tui import tui

NAMES = ("AUTO_FOCUS", "HELP", "PARTS", "FIELD_KEYS", "PANES", "EDGES", "FILLS", "APPLIES_FIXES")


def declared() -> str:
    """A paragraph for each class that declares something, in the order of their modules."""
    names = sorted(found.name for found in walk_packages(tui.__path__, "airisk_tui.tui.") if not found.ispkg)
    classes = [kind for name in names for kind in vars(import_module(name)).values() if _is_of(kind, name)]
    return "\n".join("\n".join([f"\n== {kind.__qualname__}", *lines]) for kind in classes if (lines := [*_lines(kind)]))


def _is_of(kind: object, module: str) -> bool:
    return isinstance(kind, type) and issubclass(kind, DOMNode) and kind.__module__ == module


def _lines(kind: type[DOMNode]) -> Iterator[str]:
    own = vars(kind)
    if own.get("can_focus"):
        yield "can have the focus"
    for one in own.get("BINDINGS", ()):
        if isinstance(one, Binding):
            hidden = "shown by Textual, " if one.show else ""
            first = ", before the focused widget" if one.priority else ""
            yield f"{one.key}: {hidden}{one.action}{first}: {one.description}"
    for name, value in own.items():
        if isinstance(value, Reactive):
            flags = (
                ("layout", value._layout),
                ("repaint", value._repaint),
                ("init", value._init),
                ("always", value._always_update),
            )
            yield f"{name}: {value._default!r}, {' '.join(flag for flag, on in flags if on)}"
    yield from (f"{name}: {own[name]!r}" for name in NAMES if own.get(name))
