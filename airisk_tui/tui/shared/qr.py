"""An address as a QR code that fills the screen: black on white in every theme, as the readers of phones expect it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.qr import QrCode, fits, qr_code, too_big
from airisk_tui.oauth.urls import host_of
from airisk_tui.tui.shared.dialogs import Dialog
from airisk_tui.tui.shared.keys import bound, keyed
from airisk_tui.tui.shared.text import linked

INK = "#000000 on #ffffff"

LOOK = 0.5
"""Seconds between two looks whether the address is still awaited."""

HINT = "Esc: back"

HERE_ALONE = "But this address leads to this machine alone: no phone reaches it."


def drawn(code: QrCode) -> Content:
    """The code on the screen."""
    return Content("\n").join([Content.styled(line, INK) for line in code.lines])


class QrScreen(Dialog[None]):
    """address: to be opened; about: what to do with it, in a sentence; awaited: whether somebody may still open it: when nobody may,
    the screen goes away."""

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
        self._about = keyed(f"{about} {HERE_ALONE}" if is_loopback(host_of(address)) else about)
        self._awaited = awaited

    def compose(self) -> ComposeResult:
        yield Static(id="qr-code", markup=False)
        yield Static(id="qr-words", markup=False)

    def on_mount(self) -> None:
        """Go away once the address has done its duty."""
        self.set_interval(LOOK, self._look)

    def _look(self) -> None:
        if not self._awaited():
            self.dismiss(None)

    def on_resize(self, event: events.Resize) -> None:
        """Draw as large as there is room, or say that there is none."""
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
