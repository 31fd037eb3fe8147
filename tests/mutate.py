"""Would the tests of a room see a fault? `make mutate ROOM=flow`: one small change of the source at a time, in memory.

The changes are sampled from all possible ones with a fixed seed. A change that no test of the room fails for survives, and is a
hole in the tests, or code that nothing needs. As a plugin of pytest (`-p tests.mutate`) it makes the one change that AIRISK_MUTATION
names while the module is imported.
"""

from __future__ import annotations

import ast
import importlib.machinery
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
SEED = 20_261_128
PLACES = {"listener": "engine/listener", "client": "engine/client"}
"""Rooms within rooms; every other name is a folder's."""

BESIDE = {"client": ["tests/hostile"], "flow": ["tests/insight/test_scenarios.py"]}
"""More tests that are a room's own."""

PATIENCE = 600
"""Seconds after which a change that makes the tests hang counts as seen."""

OPPOSITES: list[tuple[type[ast.AST], type[ast.AST]]] = [
    (ast.Eq, ast.NotEq),
    (ast.In, ast.NotIn),
    (ast.Is, ast.IsNot),
    (ast.And, ast.Or),
    (ast.Add, ast.Sub),
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
]
OTHER = {one: other for pair in OPPOSITES for one, other in (pair, pair[::-1])}


class Change(NamedTuple):
    """number: of the node, counted as `ast.walk` goes; says: what was and what stands there."""

    file: str
    line: int
    number: int
    says: str


def changed(node: ast.AST) -> ast.AST | None:
    """Another node in the place of one, or None where nothing small can be changed."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
        return ast.Compare(node.left, [OTHER[type(node.ops[0])](), *node.ops[1:]], node.comparators)  # type: ignore[list-item]
    if isinstance(node, ast.BoolOp):
        return ast.BoolOp(OTHER[type(node.op)](), node.values)  # type: ignore[arg-type] # And and Or are each other's
    if isinstance(node, ast.BinOp) and type(node.op) in OTHER and not _is_text(node):
        return ast.BinOp(node.left, OTHER[type(node.op)](), node.right)  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return ast.Constant(not node.value)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return ast.Constant(node.value + 1)
    if isinstance(node, ast.IfExp):
        return ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    if isinstance(node, ast.If):
        return ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
        return ast.Pass()
    return None


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(side, ast.JoinedStr | ast.List | ast.Tuple) for side in (node.left, node.right))


def changes_in(path: Path) -> Iterator[Change]:
    """Every change of a file; annotations, assertions of types and what is for type checkers alone are left out."""
    tree = ast.parse(path.read_text("utf-8"))
    left_out = {id(inner) for node in ast.walk(tree) for part in _no_behaviour(node) for inner in ast.walk(part)}
    for number, node in enumerate(ast.walk(tree)):
        other = changed(node) if id(node) not in left_out else None
        if other is not None:
            before, after = (
                ast.unparse(ast.fix_missing_locations(one)).partition("\n")[0][:90] for one in (node, other)
            )
            yield Change(path.relative_to(ROOT).as_posix(), node.lineno, number, f"{before}   ->   {after}")  # type: ignore[attr-defined]


def _no_behaviour(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        yield node
    for name in ("annotation", "returns"):
        if (part := getattr(node, name, None)) is not None:
            yield part


class _Put(ast.NodeTransformer):
    def __init__(self, node: ast.AST, other: ast.AST) -> None:
        self._node, self._other = node, other

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(self._other, node) if node is self._node else self.generic_visit(node)


def mutated(source: bytes, number: int) -> ast.AST:
    """The module with that change."""
    tree = ast.parse(source)
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == number)
    other = changed(node)
    assert other is not None
    return ast.fix_missing_locations(_Put(node, other).visit(tree))


def _install(file: str, number: int) -> None:
    loader = importlib.machinery.SourceFileLoader
    compiled = loader.get_code

    def get_code(self: Any, fullname: str) -> Any:
        path = self.get_filename(fullname)
        if Path(path) != ROOT / file:
            return compiled(self, fullname)
        return compile(mutated(Path(path).read_bytes(), number), path, "exec", dont_inherit=True)  # type: ignore[call-overload]

    loader.get_code = get_code  # type: ignore[method-assign]


if "AIRISK_MUTATION" in os.environ:
    _file, _, _number = os.environ["AIRISK_MUTATION"].rpartition(":")
    _install(_file, int(_number))


def survives(change: Change | None, tests: list[str]) -> bool:
    """Whether the tests pass with it; without any change, they have to."""
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    if change is not None:
        env["AIRISK_MUTATION"] = f"{change.file}:{change.number}"
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:airisk", "-p", "tests.mutate", *tests]
    try:
        return (
            subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=PATIENCE, check=False).returncode
            == 0
        )
    except subprocess.TimeoutExpired:
        return False


def main(room: str, count: int) -> int:
    """Sample so many changes of a room, and say which survive; 1 when fewer than nine of ten are seen."""
    place = PLACES.get(room, room)
    tests = [
        f"tests/{place}" if (ROOT / "tests" / place).is_dir() else f"tests/{place.partition('/')[0]}",
        *BESIDE.get(room, ()),
    ]
    files = sorted((ROOT / "airisk_tui" / place).rglob("*.py"))
    possible = [change for path in files for change in changes_in(path)]
    sample = sorted(random.Random(SEED).sample(possible, min(count, len(possible))))
    print(f"{len(sample)} of {len(possible)} changes of {room}, seen by {' '.join(tests)}:", flush=True)
    if not survives(None, tests):
        print("The tests fail without any change.")
        return 2
    left = []
    for change in sample:
        if survives(change, tests):
            left.append(change)
            print(f"  survives: {change.file}:{change.line}  {change.says}", flush=True)
    share = 1 - len(left) / len(sample)
    print(f"{share:.0%} of them were seen.")
    return 0 if share >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
