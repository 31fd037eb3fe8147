"""What the command palette offers beside Textual's own: every action of the run screen, and the environments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from airisk_tui.oauth.text import visible
from airisk_tui.tui.screens.help import keys_of

if TYPE_CHECKING:
    from airisk_tui.tui.screens.run import RunScreen


class RunCommands(Provider):
    """The run screen's commands."""

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for words, action, described in self._commands():
            score = matcher.match(words)
            if score > 0:
                yield Hit(score, Content(words), partial(self.screen.run_action, action), help=described)

    async def discover(self) -> Hits:
        """All of them."""
        for words, action, described in self._commands():
            yield DiscoveryHit(words, partial(self.screen.run_action, action), help=described)

    def _commands(self) -> Iterator[tuple[str, str, str]]:
        from textual.binding import Binding

        screen = cast("RunScreen", self.screen)
        keys = keys_of(screen)
        for binding in screen.BINDINGS:
            if isinstance(binding, Binding) and binding.description in keys:
                yield binding.description, binding.action, f"Key: {', '.join(keys.pop(binding.description))}"
        if hasattr(screen, "conductor"):
            yield from _environments(screen)


def _environments(screen: RunScreen) -> Iterator[tuple[str, str, str]]:
    if screen.conductor is not None:
        for name in screen.conductor.session.environments:
            shown = visible(name).replace("[", "(")
            yield f"Environment: {shown}", f"use_environment({name!r})", "Point the form at it"
