"""Screens that are left once: Textual's `dismiss` pops whatever lies on top, so that the second of two quick keys, or of a
double click, would throw out the screen below, and end the program where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from textual.screen import ModalScreen

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete
    from textual.screen import Screen

    Mixin = Screen[Any]
else:
    Mixin = object

Answer = TypeVar("Answer")


class LeftOnce(Mixin):
    """Mixed into a screen: the first dismissing counts, and one while another screen lies over it does nothing."""

    _left = False

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """As Textual's, once."""
        if self._left or not self.is_active:
            from textual.await_complete import AwaitComplete

            return AwaitComplete()
        self._left = True
        return super().dismiss(result)


class Modal(LeftOnce, ModalScreen[Answer]):
    """A question over another screen; what is answered first is the answer."""
