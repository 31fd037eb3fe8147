"""The help: what the focused widget is for, every key of the screen and of its parts, and the program's documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from airisk_tui.tui.shared.dialogs import Dialog
from airisk_tui.tui.shared.drawing.text import beside
from airisk_tui.tui.shared.keyboard.keys import bindings_of, bound, chosen_key, chosen_keys, key_name

if TYPE_CHECKING:
    from airisk_tui.tui.shared.screen import AppScreen

Keys = dict[str, list[str]]
"""Names of keys, by what the keys do."""

KEYS = 15
"""Cells of the column of keys."""

WIDEST = 68
"""Cells of a line at most."""

AROUND = 12
"""Cells of a narrow screen around the lines: the margin, the border and the scrollbar of the box."""


class HelpScreen(Dialog[None]):
    """screen: whose keys are listed; focused: the widget that the first lines are about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("out", "close", "Close"),
        bound("help", "close", "Close"),
        bound("choose", "close", "Close"),
        *(bound("numbered", f"document({number - 1})", "Show a document", key=str(number)) for number in range(1, 10)),
    ]

    def __init__(self, screen: AppScreen[Any], focused: Widget | None) -> None:
        super().__init__()
        width = min(screen.size.width - AROUND, WIDEST)
        self._text = Content("\n").join([*_lines(screen, focused, width), *_documents(width)])

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = Content("Help")
            box.border_subtitle = Content("Esc closes")
            yield Static(self._text, markup=False)

    def action_document(self, number: int) -> None:
        """Show a document in the place of the keys. number: its index in TOPICS."""
        from airisk_tui.reference import TOPICS, overview

        for topic in tuple(TOPICS)[number : number + 1]:
            self._show(topic, Content(overview(topic)))

    def action_close(self) -> None:
        if self.query_one(VerticalScroll).border_title == "Help":
            self.dismiss(None)
        else:
            self._show("Help", self._text)

    def _show(self, title: str, text: Content) -> None:
        box = self.query_one(VerticalScroll)
        box.border_title = Content(title)
        box.border_subtitle = Content("Esc closes" if title == "Help" else "Esc: back to the keys")
        box.query_one(Static).update(text)
        box.scroll_home(animate=False)


def _documents(width: int) -> Iterator[Content]:
    from airisk_tui.reference import TOPICS

    documents = {f"{topic}: {about}": [str(number)] for number, (topic, about) in enumerate(TOPICS.items(), 1)}
    yield from _group("Documents, also shown by “airisk-tui explain”", documents, width)


def _lines(screen: AppScreen[Any], focused: Widget | None, width: int) -> Iterator[Content]:
    parts = _parts(screen, focused)
    purpose, here = screen.help_for(focused) if focused is not None else "", parts.pop("", {})
    if purpose or here:
        yield from _group("Here", here, width, purpose)
    yield from _group("Keys", keys_of(screen), width)
    yield Content(
        "Letters and digits work while no field has the focus (Esc leaves a field). Tab goes from field to field. "
        "In a field the keys of readline edit the line: ^A ^E ^B ^F ^K ^U ^W ^D ^T ^Y, Alt+B F D U L C."
    )
    yield Content("Hold Shift to select text with the mouse, as in any terminal program.")
    yield Content("")
    for title, table in parts.items():
        yield from _group(f"{title}, while the focus is there", table, width)


def _group(title: str, table: Keys, width: int, purpose: str = "") -> Iterator[Content]:
    yield Content.styled(title, "bold $text-accent")
    if purpose:
        yield Content(purpose)
    for description, keys in table.items():
        names = ", ".join(keys)
        if len(names) >= KEYS:
            yield Content.styled(names, "bold")
            names = ""
        yield from beside(Content.styled(names, "bold"), Content(description).wrap(max(width - KEYS, KEYS)), KEYS)
    yield Content("")


def _parts(screen: AppScreen[Any], focused: Widget | None) -> dict[str, Keys]:
    """The keys of the screen's parts, by the titles of the parts; those of the focused part under ""."""
    part = focused
    while part is not None and part.id not in screen.PARTS and isinstance(part.parent, Widget):
        part = part.parent
    here = part if part is not None and part.id in screen.PARTS else focused
    tables = {"": keys_in(type(here))} if here is not None else {}
    own_title = screen.PARTS.get(here.id or "", "") if here is not None else ""
    for name, title in screen.PARTS.items():
        if title != own_title and title not in tables and (found := screen.query(f"#{name}")):
            tables[title] = keys_in(type(found.first()))
    return {title: table for title, table in tables.items() if table}


def keys_in(kind: type[Widget]) -> Keys:
    """The keys of a class of widgets, without those that Textual gives every widget of that kind and those that edit a line."""
    table: Keys = {}
    for entry in bindings_of(kind):
        if entry.id:
            table.setdefault(entry.description, []).extend(map(key_name, chosen_keys(entry)))
    return table


def keys_of(screen: AppScreen[Any]) -> Keys:
    """The keys that work everywhere on the screen."""
    table: Keys = {what: [key] for what, key in screen.FIELD_KEYS.items()}
    for what, keys in keys_in(type(screen)).items():
        table.setdefault(what, []).extend(keys)
    table["All commands"] = [chosen_key("^P")]
    table["Quit"] = [chosen_key("^Q")]
    return table
