"""Dataclasses and patterns that are made at the first use behave as those of the library."""

from __future__ import annotations

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest

from airisk_tui import later


def classes(dataclass: Any) -> tuple[type[Any], type[Any]]:
    """A base and one that derives from it, by this decorator."""

    @dataclass(frozen=True, slots=True)
    class Base:
        SIDES: ClassVar[int] = 4
        name: str
        parts: tuple[int, ...] = ()
        notes: list[str] = dataclasses.field(default_factory=list, compare=False)

        def doubled(self) -> tuple[int, ...]:
            return self.parts * 2

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Derived(Base):
        """It has a field more, and another default."""

        name: str = "derived"
        size: float = 1.5

        def __post_init__(self) -> None:
            object.__setattr__(self, "size", max(self.size, 0.0))

    return Base, Derived


def told(base: Any, derived: Any) -> list[Any]:
    """What can be asked of the classes and their instances."""
    one, other = derived(parts=(1,), size=-1.0), derived(name="x")
    plain = base("b", (3,))
    return [
        *(repr(each).rpartition(".")[2] for each in (one, other, plain)),
        *(one == derived(parts=(1,), size=0.0), one == other, plain == base("b", (3,)), one == plain),
        *(hash(plain) == hash(base("b", (3,), ["not compared"])), len({one, other, plain})),
        *([field.name for field in dataclasses.fields(each)] for each in (base, derived, plain)),
        *(
            dataclasses.asdict(one),
            dataclasses.replace(plain, name="c").name,
            plain.doubled(),
            plain.notes is base("").notes,
        ),
        *(base.__match_args__, derived.__match_args__, dataclasses.is_dataclass(base), derived.SIDES),
        *(hasattr(one, "__dict__"), base.__name__, derived.__doc__, base.__module__),
    ]


def test_a_class_that_is_made_later_is_as_the_librarys() -> None:
    assert told(*classes(later.dataclass)) == told(*classes(dataclasses.dataclass))


def test_each_question_to_the_class_makes_it() -> None:
    base, derived = classes(later.dataclass)
    assert [field.name for field in dataclasses.fields(derived)] == ["name", "parts", "notes", "size"]
    match base("only", (1,)):
        case base(name, parts):
            assert (name, parts) == ("only", (1,))
    assert derived.__match_args__ == ("parts", "notes")


def test_an_instance_is_frozen() -> None:
    plain = classes(later.dataclass)[0]("b")
    for change in (
        lambda: setattr(plain, "name", "c"),
        lambda: delattr(plain, "name"),
        lambda: setattr(plain, "new", 1),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()  # type: ignore[no-untyped-call] # lambdas
    with pytest.raises(TypeError):
        classes(later.dataclass)[0]()


def test_threads_that_make_the_same_class_get_one_class() -> None:
    for _ in range(30):
        _, derived = classes(later.dataclass)
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda number, derived=derived: derived(size=number), range(8)))
        assert [each.size for each in made] == list(range(8))


def test_a_pattern_that_is_compiled_later_is_as_the_librarys() -> None:
    lazy, eager = later.pattern(r"(?P<word>[a-z]+)", re.IGNORECASE), re.compile(r"(?P<word>[a-z]+)", re.IGNORECASE)
    assert lazy.pattern == eager.pattern
    assert [found["word"] for found in lazy.finditer("One two")] == ["One", "two"]
    assert (lazy.flags, lazy.groupindex, lazy.sub("x", "a b")) == (eager.flags, eager.groupindex, eager.sub("x", "a b"))
    with pytest.raises(re.error):
        later.pattern("(").search("")
