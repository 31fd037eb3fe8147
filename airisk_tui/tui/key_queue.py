"""The queue of keys and pastes: each is handled only when everything that the one before it caused is done.

Textual 8.2 gives a key to the focused widget at once, but runs the key's binding only when the event has bubbled up to the app.
So of keys that come in one read (a quick typist, a slow SSH connection) letters overtake a ^U that was pressed before them, and
what is typed after a key that opens a dialog goes to the widget below the dialog.

The first frame imports this module: it imports nothing that a bare Textual app does not import.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.app import ScreenStackError
from textual.events import Key, Paste

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

LONGEST = 0.5
"""Seconds that a key may delay the next one at most: a handler that awaits something else must not block the keyboard."""

ROUNDS = 3
"""Times that an event may bubble up the tree: the key itself, a message that its action posts, and one on a screen that this opens."""


REPEATED = frozenset({"up", "down", "left", "right", "j", "k", "h", "l", "pageup", "pagedown", "backspace"})
"""Keys that people hold down: each may be handled before the one before it is done, because it goes to the same widget."""


class KeyQueue:
    """The keys and pastes that came while an earlier one was handled."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[Key | Paste] = deque()
        self._due: deque[Key | Paste] = deque()
        self._stream = ""
        self._handed_on = 0
        self._settling: asyncio.Task[None] | None = None

    def begin(self, event: Key | Paste) -> bool:
        """Whether to handle this event now; if not, the queue posts it to the app again when its turn comes."""
        stream = self._stream_of(event)
        if self._due and event is self._due[0]:
            self._due.popleft()
        elif self._due or self._waiting or (self._settling is not None and not (stream and stream == self._stream)):
            self._waiting.append(event)
            return False
        self._stream = stream
        self._handed_on += 1
        return True

    def _stream_of(self, event: Key | Paste) -> str:
        """The name of a stream of keys that keep their order by themselves: text for one field, or a key that is held down; else ""."""
        if not isinstance(event, Key):
            return ""
        focused = self._app.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            return f"typed into {id(focused)}"
        return event.key if event.key in REPEATED else ""

    def end(self) -> None:
        """Post the next event once the widgets have done all that this one caused."""
        if self._settling is None:
            self._settling = asyncio.create_task(self._settle())

    async def _settle(self) -> None:
        before = 0
        with suppress(TimeoutError, ScreenStackError):
            async with asyncio.timeout(LONGEST):
                while before != self._handed_on:
                    before = self._handed_on
                    for _ in range(ROUNDS):
                        await _through(self._app.focused or self._app.screen)
        self._settling = None
        while self._waiting and (
            not self._due or self._stream_of(self._waiting[0]) == self._stream_of(self._due[0]) != ""
        ):
            self._due.append(self._waiting.popleft())
        for event in self._due:
            self._app.post_message(event)


async def _through(node: DOMNode) -> None:
    """Wait until the widget, and then each one above it, has handled what is in its queue now."""
    for one in node.ancestors_with_self:
        done = asyncio.Event()
        if one.call_later(done.set):
            await done.wait()
