"""Tests of the flow written as plays: `>> event` is what happens, `<< command` what the run then newly wishes for.

    Play(inputs) >> started() << Listen(URI) >> bound() << Countdown(300), OpenBrowser(URL)

A play fails when a command was wished for that it does not name, and when it ends with wishes unnamed.
"""

from __future__ import annotations

from typing import Self

from airisk_tui.flow.commands import Command, decide
from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import INITIAL, step


class Play:
    """A run without an engine: the fold and its wishes."""

    def __init__(self) -> None:
        self.state = INITIAL
        self.log: list[AnyEvent] = []
        self.pending: list[Command] = []
        self._wanted: tuple[Command, ...] = ()

    def __rshift__(self, event: AnyEvent) -> Self:
        assert not self.pending, f"the play goes on, and these wishes were not named: {self.pending}"
        self.log.append(event)
        self.state = step(self.state, event)
        wanted = decide(self.state)
        self.pending = [command for command in wanted if command not in self._wanted]
        self._wanted = wanted
        return self

    def __lshift__(self, expected: Command | type[Command]) -> Self:
        assert self.pending, f"expected {expected}, and nothing more was wished for in {self.state.phase}"
        command = self.pending.pop(0)
        if isinstance(expected, type):
            assert isinstance(command, expected)
        else:
            assert command == expected
        return self

    def end(self) -> Self:
        """Nothing is left unnamed."""
        assert not self.pending, f"the play ended, and these wishes were not named: {self.pending}"
        return self

    @property
    def wanted(self) -> tuple[Command, ...]:
        """All that is wished for now."""
        return self._wanted
