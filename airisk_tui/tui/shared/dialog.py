"""A question over another screen; the first answer counts."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.screen import ModalScreen

from airisk_tui.tui.shared.screen import AppScreen

Answer = TypeVar("Answer")


class Dialog(AppScreen[Answer], ModalScreen[Answer], Generic[Answer]):
    """The screen below stays visible and gets no key."""
