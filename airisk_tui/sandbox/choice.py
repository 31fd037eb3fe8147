"""Choosing faults by their names, from the menu of one sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

F = TypeVar("F")


def chosen(names: Iterable[str], menu: Mapping[str, F]) -> tuple[F, ...]:
    """The faults with these names, each once, in their order. Raises ValueError, with a suggestion, for an unknown name."""
    return tuple(_known(name, menu) for name in dict.fromkeys(names))


def _known(name: str, menu: Mapping[str, F]) -> F:
    if name in menu:
        return menu[name]
    near = get_close_matches(name, menu, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    where = "`airisk-tui sandbox --list-faults` lists them, with `--dialect standard` those of the issuer."
    raise ValueError(f"The sandbox has no fault named “{name}”.{hint} {where}")
