"""The limits and defaults of the rooms, each as it is, in `limits.txt`: what a recording leaves out, what a call means that says nothing,
and how much is read. A default that is another each time, and one that is inherited, is left out. `make docs` writes it anew, so that
no change of one goes unseen."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from msgspec import Struct

from tests.kept import defaults

ROOT = Path(__file__).parents[1]
KEPT = Path(__file__).with_name("limits.txt")
ROOMS = ("oauth", "flow", "redaction", "recording", "engine", "session", "headless", "sandbox", "tui")


def said() -> str:
    """All of it, by module."""
    lines = []
    for path in sorted(one for room in ROOMS for one in (ROOT / "airisk_tui" / room).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found = list(_of_module(importlib.import_module(name), ast.parse(path.read_text("utf-8"))))
        lines += [f"\n== {name.removeprefix('airisk_tui.')}", *found] if found else []
    return "\n".join(lines).lstrip() + "\n"


def _of_module(module: ModuleType, tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _of_definition(node.name, getattr(module, node.name))
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for one in (name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)):
            if _is_number(value := getattr(module, one.id, None)):
                yield f"{one.id} = {value!r}"


def _is_number(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(map(_is_number, value.values()))
    if isinstance(value, tuple | list):
        return bool(value) and all(map(_is_number, value))
    return isinstance(value, int | float | range | bytes)


def _of_definition(name: str, given: Any) -> Iterator[str]:
    given = inspect.unwrap(given) if callable(given) else given
    if isinstance(given, FunctionType):
        yield from _of_call(name, given)
    elif isinstance(given, type):
        if issubclass(given, Struct):
            own, again = inspect.get_annotations(given), defaults(given)
            yield from (
                f"{name}.{one} = {_told(value)}"
                for one, value in defaults(given).items()
                if one in own and repr(value) == repr(again[one]) and " at 0x" not in repr(value)
            )
        elif hasattr(given, "_field_defaults"):
            yield from (f"{name}.{one} = {value!r}" for one, value in given._field_defaults.items())
        for one, member in vars(given).items():
            plain = getattr(member, "fget", getattr(member, "__func__", member))
            if isinstance(plain, FunctionType) and plain.__module__ == given.__module__:
                yield from _of_call(f"{name}.{one}", plain)


def _of_call(name: str, given: Callable[..., Any]) -> Iterator[str]:
    told = [
        f"{one.name}={one.default!r}"
        for one in inspect.signature(given).parameters.values()
        if isinstance(one.default, bool | int | float | str)
    ]
    if told:
        yield f"{name}({', '.join(told)})"


def _told(default: Any) -> str:
    if isinstance(default, dict):
        return f"{{{', '.join(f'{name!r}: {_told(value)}' for name, value in default.items())}}}"
    if isinstance(default, tuple) and any(isinstance(one, Struct) for one in default):
        return f"({', '.join(map(_told, default))})"
    return type(default).__name__ if isinstance(default, Struct) else repr(default)


def write() -> None:
    """The file anew."""
    KEPT.write_text(said(), "utf-8")
