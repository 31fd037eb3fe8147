"""The measure of the tests changes what somebody could see, one thing at a time, and runs the tests that are about it."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests import mutate
from tests.mutate import Change, Reach, changes_in, mutated

SOURCE = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import x
MAX_SOME = 4 * 1024
PATIENCE = 1.5
class A(Struct, frozen=True):
    a: int = 3
def f(a: bool = False) -> Literal[1]:
    assert a == 1
    if a and not b:
        log(a)
    if a > PATIENCE:
        return b
    return "x" + a if len(a) < MAX_SOME else f"{a}" + "y"
"""


def test_annotations_assertions_and_what_only_the_memory_knows_are_no_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutate, "ROOT", tmp_path)
    path = tmp_path / "airisk_tui" / "a.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    mutate._limits.cache_clear()
    try:
        changes = list(changes_in(path))
    finally:
        mutate._limits.cache_clear()
    assert Counter(one.says.partition("   ->   ")[2] for one in changes) == {
        "5": 1,  # of 4
        "2048": 1,  # of 1024
        "2.5": 1,
        "a <= PATIENCE": 1,
        "if not a > PATIENCE:": 1,
        "4": 1,  # of 3
        "True": 1,
        "if not (a and (not b)):": 1,
        "a or not b": 1,
        "b": 1,
        "pass": 1,
        "'x' + a if not len(a) < MAX_SOME else f'{a}' + 'y'": 1,
        "'x' - a": 1,
        "len(a) >= MAX_SOME": 1,
    }
    assert [one.line for one in changes if one.says.startswith("log(a)")] == [12]
    assert {one.line for one in changes if one.imported} == {5, 6, 8, 9}
    for one in changes:
        assert ast.unparse(mutated(path.read_bytes(), one.number)) != ast.unparse(ast.parse(SOURCE))


def test_the_tests_of_the_line_come_first_and_of_these_the_most_focused_as_long_as_there_is_time() -> None:
    lines = {"5": ["wide", "narrow"], "9": ["wide", "other", "slow"]}
    seconds = {"wide": 1.0, "narrow": 1.0, "other": 1.0, "slow": 100.0, "elsewhere": 1.0}
    breadth = Counter({"wide": 9, "narrow": 1, "other": 2, "slow": 1})
    reach = Reach(seconds, {"a.py": lines, "imported.py": {"1": []}}, [], breadth)
    assert mutate.tests_for(Change("a.py", 4, 5, 0, ""), reach) == ["narrow", "wide", "other"]
    assert mutate.tests_for(Change("b.py", 4, 5, 0, ""), reach) == []
    imported = mutate.tests_for(Change("a.py", 1, 1, 0, "", imported=True), reach)
    assert imported == ["narrow", "other", "wide", "elsewhere"]
    assert set(mutate.tests_for(Change("imported.py", 1, 1, 0, ""), reach)) == {"elsewhere", "narrow", "other", "wide"}


def test_of_the_screen_only_the_folder_and_what_is_said_are_asked() -> None:
    change = Change("airisk_tui/tui/run/controller.py", 1, 1, 0, "")
    assert mutate.places_of(change, "tui") == ["tests/test_limits.py", "tests/tui/run", "tests/tui/test_said.py"]
    change = Change("airisk_tui/engine/listener/server.py", 1, 1, 0, "")
    assert mutate.places_of(change, "listener")[:2] == ["tests/engine/listener", "tests/test_limits.py"]
