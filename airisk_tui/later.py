"""Dataclasses and regular expressions that are made when they are first used, not when their module is imported.

`dataclasses` writes the methods of each class as text and compiles it, `re` compiles each pattern in Python. For the hundred
classes and hundred patterns that a start of the program imports, that was three quarters of what importing took, and most of
them are not used before the first frame, or at all.
"""

from __future__ import annotations

import dataclasses
import re
from _thread import RLock
from typing import TYPE_CHECKING, Any

MADE = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
"""Attributes of a dataclass that are asked of the class itself, as `dataclasses.fields` and `case Point(1, y)` do."""

METHODS = ("__repr__", "__eq__", "__hash__", "__replace__", "__init__")
"""The methods that the library makes; `__init__` comes last, because from then on the class counts as made."""

_making = RLock()

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass

    pattern = re.compile
else:

    def dataclass(*, frozen: bool, slots: bool = False, kw_only: bool = False):
        """As `dataclasses.dataclass` for frozen classes; the class is made by it when the first instance is."""
        if not frozen:
            raise TypeError("Only a frozen dataclass can be made later.")
        return lambda cls: _promised(cls, slots, kw_only)

    def pattern(text: str | bytes, flags: int = 0):
        """As `re.compile`, compiled at the first use."""
        return _Pattern(text, flags)


def _promised(cls: type, slots: bool, kw_only: bool) -> type:
    members = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    if slots:
        cls = _slotted(cls, members)

    def make() -> None:
        # A twin is made, and what it has is moved over: so the class is never seen half made by another thread.
        with _making:
            if vars(cls)["__init__"] is not first:
                return
            twin: type[Any] = dataclasses.dataclass(frozen=True, kw_only=kw_only)(
                type(cls)(cls.__name__, cls.__bases__, members)
            )
            made = vars(twin)
            for name in () if slots else members.keys() & made["__dataclass_fields__"].keys():
                if name in made:
                    setattr(cls, name, made[name])
                else:
                    delattr(cls, name)
            for name in (*MADE, *METHODS):
                if name in made:
                    setattr(cls, name, made[name])

    def first(self: Any, /, *values: Any, **named: Any) -> None:
        make()
        cls.__init__(self, *values, **named)  # type: ignore[misc] # the class's own, which has just been made

    first.__name__ = "__init__"
    for name in MADE:
        setattr(cls, name, _Promise(make, name))
    cls.__init__ = first  # type: ignore[misc] # the same
    cls.__setattr__ = cls.__delattr__ = _refuse  # type: ignore[assignment] # of a frozen class
    return cls


def _slotted(cls: type, members: dict[str, Any]) -> type:
    """The class with a slot for each field in the place of its default."""
    names = [name for name, kind in cls.__annotations__.items() if not str(kind).startswith("ClassVar")]
    inherited = {name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())}
    kept = {name: value for name, value in members.items() if name not in names}
    slots = tuple(name for name in names if name not in inherited)
    slotted = type(cls)(cls.__name__, cls.__bases__, {**kept, "__slots__": slots})
    slotted.__qualname__ = cls.__qualname__
    return slotted


def _refuse(self: object, name: str, *value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


class _Promise:
    """An attribute of a class that is made when it is asked for."""

    def __init__(self, make: Any, name: str) -> None:
        self._make = make
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        self._make()
        return getattr(owner, self._name)


class _Pattern:
    """What a compiled pattern has becomes its own at the first use, so that later ones cost nothing more."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update({each: getattr(compiled, each) for each in dir(compiled) if not each.startswith("_")})
        return getattr(compiled, name)
