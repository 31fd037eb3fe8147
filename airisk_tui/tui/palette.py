"""The command palette: every key of the screen, what else the screen offers, and then Textual's own commands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import DiscoveryHit, Hit, Hits
from textual.content import Content
from textual.system_commands import SystemCommandsProvider

from airisk_tui.tui.shared.help import keys_of
from airisk_tui.tui.shared.keyboard.keys import bindings_of
from airisk_tui.tui.shared.screen import PaletteCommand

if TYPE_CHECKING:
    from airisk_tui.tui.shared.screen import AppScreen


class ScreenCommands(SystemCommandsProvider):
    """The commands of the screen below the palette, followed by Textual's.

    One provider has both: Textual 8.2 keeps the providers in a set, so that the order of two may change from start to start.
    """

    async def search(self, query: str) -> Hits:
        """Those whose titles match. query: what was typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.title)
            if score > 0:
                yield Hit(score, Content(command.title), command.run, help=command.help)
        async for hit in super().search(query):
            yield hit

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(command.title, command.run, help=command.help)
        async for hit in super().discover():
            yield hit

    def _commands(self) -> Iterator[PaletteCommand]:
        screen = cast("AppScreen[Any]", self.screen)
        keys = keys_of(screen)
        for binding in bindings_of(type(screen)):
            if binding.id not in ("numbered", "next", "previous") and binding.description in keys:
                run = partial(screen.run_action, binding.action)
                yield PaletteCommand(binding.description, run, f"Key: {', '.join(keys.pop(binding.description))}")
        yield from screen.palette()
