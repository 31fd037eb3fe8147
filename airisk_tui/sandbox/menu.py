"""The faults of each sandbox. Light: it loads no server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from airisk_tui.sandbox.answer import Json


class Described(Protocol):
    """A fault of either sandbox, as far as a person is told of it. where: what it concerns."""

    @property
    def name(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def where(self) -> str: ...
    @property
    def described(self) -> dict[str, Json]: ...


def menu_of(dialect: str) -> Mapping[str, Described]:
    """The faults of the sandbox that speaks this dialect, by their names."""
    if dialect == "standard":
        from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS

        return STANDARD_FAULTS
    from airisk_tui.sandbox.faults import FAULTS

    return FAULTS
