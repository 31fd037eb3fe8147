"""A URL as a QR code that fills the screen: black on white in every theme, as phones expect it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.urls import host_of
from airisk_tui.qr import QrCode, fits, qr_code, too_big
from airisk_tui.tui.shared.dialogs import Dialog
from airisk_tui.tui.shared.drawing.text import linked
from airisk_tui.tui.shared.keyboard.keys import bound, with_chosen_keys

INK = "#000000 on #ffffff"

LOOK = 0.5
"""Seconds between two checks whether somebody still waits for the URL to be opened."""

HINT = "Esc: back"

HERE_ALONE = "But this URL leads to this machine alone: no phone reaches it."


def drawn(code: QrCode) -> Content:
    """The code as content."""
    return Content("\n").join([Content.styled(line, INK) for line in code.lines])


class QrScreen(Dialog[None]):
    """address: the URL; about: what to do with the code, in a sentence; awaited: whether a run still waits for the URL to be opened.
    The screen closes when none does."""

    DEFAULT_CSS = """
    QrScreen { background: $background; }
    QrScreen Static { width: 100%; height: auto; text-align: center; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("out", "dismiss(None)", "Close"),
        bound("qr", "dismiss(None)", "Close"),
    ]

    def __init__(self, address: str, about: str, awaited: Callable[[], bool]) -> None:
        super().__init__()
        self._address = address
        self._about = with_chosen_keys(f"{about} {HERE_ALONE}" if is_loopback(host_of(address)) else about)
        self._awaited = awaited

    def compose(self) -> ComposeResult:
        yield Static(id="qr-code", markup=False)
        yield Static(id="qr-words", markup=False)

    def on_mount(self) -> None:
        """Close once nobody waits for the URL any more; a notice would hide a part of the code."""
        self.app.clear_notifications()
        self.set_interval(LOOK, self._close_unless_awaited)

    def _close_unless_awaited(self) -> None:
        if not self._awaited():
            self.dismiss(None)

    def on_resize(self, event: events.Resize) -> None:
        """Draw the code as large as it fits, or say that it does not fit."""
        columns, lines = event.size.width, event.size.height - 1
        words = Content.assemble(self._about, "\n", linked(self._address), "\n", HINT)
        try:
            code = qr_code(self._address, columns, lines)
        except ValueError as error:
            self._show(Content(""), Content.assemble(str(error), "\n\n", words))
            return
        if not fits(code, columns, lines):
            self._show(Content(""), Content.assemble(too_big(code, columns, lines), "\n\n", words))
            return
        room = event.size.height - code.height
        self._show(drawn(code), words if len(words.wrap(columns)) <= room else Content(HINT))

    def _show(self, code: Content, words: Content) -> None:
        for name, content in (("code", code), ("words", words)):
            static = self.query_one(f"#qr-{name}", Static)
            static.display = bool(content)
            static.update(content)
