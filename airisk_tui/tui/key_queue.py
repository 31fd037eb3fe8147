"""Keys and pastes in turn: each is handed on when what the one before it does is done.

Textual 8.2 hands a key to the focused widget at once, and runs its binding when the key has bubbled up to the app. So of
keys that come in one read (a quick typist, a slow SSH) letters are typed before the ^U that stands before them, and the
name behind a key that opens a dialog falls to the list below it.

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
"""Seconds that a key may keep the next one waiting: a handler that awaits something else must not block the keyboard."""

ROUNDS = 3
"""Ways up the tree: the key's own, that of a message which its action posts, and one on a screen that this opens."""


REPEATED = frozenset({"up", "down", "left", "right", "j", "k", "h", "l", "pageup", "pagedown", "backspace"})
"""Keys that are held down: they go where the last one went, and a screen need not be drawn for each."""


class KeyQueue:
    """The keys that came while an earlier one was at work."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[Key | Paste] = deque()
        self._due: deque[Key | Paste] = deque()
        self._stream = ""
        self._handed_on = 0
        self._settling: asyncio.Task[None] | None = None

    def begin(self, event: Key | Paste) -> bool:
        """Whether it is this event's turn; otherwise it is posted to the app again when it is."""
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
        """What keeps its order by itself: what is typed into a field, or a key that is held down; else ""."""
        if not isinstance(event, Key):
            return ""
        focused = self._app.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            return f"typed into {id(focused)}"
        return event.key if event.key in REPEATED else ""

    def end(self) -> None:
        """Hand the next one on when the widgets have done what this one makes them do."""
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
