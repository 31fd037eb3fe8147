"""What the command palette offers beside Textual's own: every action of the screen, the environments, keeping one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from airisk_tui.oauth.text import visible
from airisk_tui.tui.shared.help import keys_of

if TYPE_CHECKING:
    from airisk_tui.tui.run.screen import RunScreen

SAVE = "Save as environment …"

Offered = tuple[str, Callable[[], Awaitable[Any] | None], str]
"""What it is called, what it does, and a word on it."""


class RunCommands(Provider):
    """The run screen's commands."""

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for words, command, described in self._commands():
            score = matcher.match(words)
            if score > 0:
                yield Hit(score, Content(words), command, help=described)

    async def discover(self) -> Hits:
        """All of them."""
        for words, command, described in self._commands():
            yield DiscoveryHit(words, command, help=described)

    def _commands(self) -> Iterator[Offered]:
        from textual.binding import Binding

        screen = cast("RunScreen", self.screen)
        keys = keys_of(screen)
        for binding in screen.BINDINGS:
            if isinstance(binding, Binding) and binding.description in keys:
                command = partial(screen.run_action, binding.action)
                yield binding.description, command, f"Key: {', '.join(keys.pop(binding.description))}"
        if hasattr(screen, "conductor"):
            yield from _environments(screen)


def _environments(screen: RunScreen) -> Iterator[Offered]:
    if screen.conductor is None:
        return
    for name in screen.conductor.session.environments:
        shown = visible(name).replace("[", "(")
        point = partial(screen.run_action, f"use_environment({name!r})")
        yield f"Environment: {shown}", point, "Point the form at it"
    yield SAVE, partial(_save, screen), "Keep what stands in the form under a name, without the secret"


def _save(screen: RunScreen) -> None:
    from airisk_tui.tui.run.naming import save_as_environment

    screen.run_worker(save_as_environment(screen))
