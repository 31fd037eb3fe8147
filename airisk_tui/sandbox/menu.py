"""The faults of each sandbox, and choosing among them by their names. Light: it loads no server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Protocol, TypeVar

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


F = TypeVar("F")


def menu_of(dialect: str) -> Mapping[str, Described]:
    """The faults of the sandbox that speaks this dialect, by their names."""
    if dialect == "standard":
        from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS

        return STANDARD_FAULTS
    from airisk_tui.sandbox.faults import FAULTS

    return FAULTS


def chosen(names: Iterable[str], menu: Mapping[str, F]) -> tuple[F, ...]:
    """The faults with these names, each once, in their order. Raises ValueError, with a suggestion, for an unknown name."""
    return tuple(_known(name, menu) for name in dict.fromkeys(names))


def _known(name: str, menu: Mapping[str, F]) -> F:
    if name in menu:
        return menu[name]
    near = get_close_matches(name, menu, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise ValueError(f"The sandbox has no fault named “{name}”.{hint} `airisk-tui sandbox --list-faults` lists them.")
