"""Would the tests see a fault? `make mutate ROOM=flow`: one small change of a room's source at a time, in memory.

The changes are sampled from all possible ones with a fixed seed. For each one the room's own tests run that reach the changed line,
then those that reach its file, quick ones first, until one fails; then those of the rooms that import it. A change that none fails for
survives, and is a hole in the tests, or code that nothing needs. Each change has a process of its own, forked from this one, which has
imported the libraries and nothing of the program. A test of a program in another process sees none: the change is made in its own.
"""

from __future__ import annotations

import ast
import importlib
import importlib.machinery
import json
import os
import random
import re
import select
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
SEED = 20_261_128
PLACES = {"listener": "engine/listener", "client": "engine/client"}
"""Rooms within rooms; every other name is a folder's."""

SPLIT = frozenset({"tui"})
"""Rooms with so many tests that of a change only those of its own folder are asked, and those that keep what is said."""

STRICT = frozenset({"redaction", "flow", "listener", "client"})
"""Where 95 of 100 changes have to be seen, and not 90."""

BESIDE = {
    "client": ("engine/test_run.py", "hostile"),
    "listener": ("engine/test_run.py", "engine/test_readings.py"),
    "flow": ("insight", "session"),
    "redaction": ("threats/test_references.py", "session", "recording"),
    "oauth": ("flow", "insight"),
    "recording": ("session", "headless", "insight"),
    "engine": ("hostile", "session"),
    "session": ("headless",),
    "sandbox": ("headless/test_recorded_server.py",),
}
"""More tests that see a room's faults: those of rooms that import it."""

OPTIONS = ("-q", "-x", "-n", "0", "-p", "no:airisk", "-W", "ignore::pytest.PytestAssertRewriteWarning")
KEPT = ROOT / ".mutate"
NEAR, FAR = 60.0, 10.0
"""Seconds of tests that reach the changed line, and of those that reach only its file: what these do not see, hardly another does."""

SLOW = 1.0
"""Seconds of a test that waits until the quick ones have seen nothing."""

PATIENCE = 20.0
"""Seconds beyond five times what a test takes without a change: the machine can be busy."""

KEPT_WORDS = ("/test_said.py", "/test_readings.py")
"""The tests that hold all that is said, or made of many inputs, against what is kept: they see the most in a second."""

LARGE = 100
"""From here on a number is a limit, and another one is twice as large, and a comparison with it is turned around: nobody is served by a
bound that is right by one."""


class Change(NamedTuple):
    """line, last: of its statement, as far as the change; number: of the node, counted as `ast.walk` goes; says: what was and what
    stands there; imported: whether it runs once, when its module is imported."""

    file: str
    line: int
    last: int
    number: int
    says: str
    imported: bool = False


class Reach(NamedTuple):
    """What a run of the tests showed. seconds: of each test; lines: of each file, which tests reach which line; modules: imported;
    breadth: how many lines each test reaches."""

    seconds: dict[str, float]
    lines: dict[str, dict[str, list[str]]]
    modules: list[str]
    breadth: Counter[str]


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

UNSEEN = frozenset({"frozen", "slots", "gc", "weakref", "kw_only", "maxsize", "strict", "stacklevel"})
"""Keywords that tell type checkers, the memory and whoever misuses a call; nothing that the program does depends on them."""


CLOCKS = frozenset({"monotonic", "wall", "time", "now"})
"""What gives a moment, which is never exactly a bound: a comparison with it is turned around, too."""

REVERSE: dict[type[ast.AST], type[ast.AST]] = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}


@cache
def _limits() -> frozenset[str]:
    """The names of the program's limits that are large, or held against what is measured: seconds and shares are never just one."""
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "airisk_tui").rglob("*.py"))
    found = re.findall(r"^([A-Z_]+) = ((?:\d[\d_.]*[ */+]*)+)$", sources, re.MULTILINE)
    return frozenset(name for name, value in found if "." in value or eval(value) >= LARGE)


def _meets_limit(node: ast.Compare) -> bool:
    sides = (node.left, *node.comparators)
    known = any(isinstance(one, ast.Name) and one.id in _limits() for one in sides)
    timed = any(
        (isinstance(one, ast.Attribute) and one.attr in CLOCKS)
        or (isinstance(one, ast.Name) and one.id.endswith("now"))
        for one in ast.walk(node)
    )
    return type(node.ops[0]) in REVERSE and (known or timed)


def changed(node: ast.AST) -> ast.AST | None:
    """Another node in the place of one, or None where nothing small can be changed."""
    if isinstance(node, ast.Compare) and _meets_limit(node):
        return ast.Compare(node.left, [REVERSE[type(node.ops[0])](), *node.ops[1:]], node.comparators)  # type: ignore[list-item]
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
        return ast.Constant(node.value * 2 if node.value >= LARGE else node.value + 1)
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
    """Every change of a file that somebody could see while the program runs (see `_no_behaviour`)."""
    tree = ast.parse(path.read_text("utf-8"))
    left_out = {id(inner) for node in ast.walk(tree) for part in _no_behaviour(node) for inner in ast.walk(part)}
    first = dict(_first_lines(tree, 1))
    inside = set(_inside_functions(tree))
    for number, node in enumerate(ast.walk(tree)):
        other = changed(node) if id(node) not in left_out else None
        if other is not None:
            before, after = (
                ast.unparse(ast.fix_missing_locations(one)).partition("\n")[0][:90] for one in (node, other)
            )
            last = node.test.end_lineno if isinstance(node, ast.If) else node.lineno  # type: ignore[attr-defined]
            name, says = path.relative_to(ROOT).as_posix(), f"{before}   ->   {after}"
            yield Change(name, first[id(node)], last or 0, number, says, id(node) not in inside)


def _first_lines(node: ast.AST, line: int) -> Iterator[tuple[int, int]]:
    if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
        line = getattr(node, "lineno", line)
    yield id(node), line
    for child in ast.iter_child_nodes(node):
        yield from _first_lines(child, line)


def _inside_functions(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            body = node.body if isinstance(node.body, list) else [node.body]
            yield from (id(inner) for part in body for inner in ast.walk(part))


def _no_behaviour(node: ast.AST) -> Iterator[ast.AST]:
    """Parts that change nothing observable: for type checkers, for the memory, or an assertion of what never is otherwise."""
    if isinstance(node, ast.Assert):
        yield node
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        yield node
    if isinstance(node, ast.keyword) and node.arg in UNSEEN:
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


def _install(change: Change) -> None:
    loader = importlib.machinery.SourceFileLoader
    compiled = loader.get_code

    def get_code(self: Any, fullname: str) -> Any:
        path = self.get_filename(fullname)
        if Path(path) != ROOT / change.file:
            return compiled(self, fullname)
        return compile(mutated(Path(path).read_bytes(), change.number), path, "exec", dont_inherit=True)  # type: ignore[call-overload]

    loader.get_code = get_code  # type: ignore[method-assign]


class Watch:
    """As a plugin of pytest: which lines of a folder each test reaches. What is made for several tests counts for the first one."""

    def __init__(self, folder: Path) -> None:
        import coverage

        self._coverage = coverage.Coverage(data_file=None, config_file=False, source=[str(folder)])
        self._coverage.start()
        self._seconds: dict[str, float] = {}
        self._begun = self._worked = 0.0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        self._coverage.switch_context(nodeid)
        self._begun, self._worked = time.monotonic(), time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """One ended. Of the time in which this process did nothing, most is that of others on a busy machine."""
        worked = time.process_time() - self._worked
        self._seconds[nodeid] = worked + (time.monotonic() - self._begun - worked) / 4

    def seen(self) -> list[Any]:
        """All of it (see `Reach`)."""
        self._coverage.stop()
        data = self._coverage.get_data()
        numbers = {test: number for number, test in enumerate(self._seconds)}
        lines = {
            Path(file).relative_to(ROOT).as_posix(): {
                str(line): [numbers[test] for test in tests if test]
                for line, tests in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        libraries = [name for name in sys.modules if not name.startswith(("airisk_tui", "tests", "coverage", "$"))]
        return [self._seconds, lines, libraries]


def others_wait() -> float:
    """How many processes there are now for each processor, at least one: what waits for others does not hang."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Only:
    """As a plugin of pytest: only these tests, in this order. seconds: of each test without a change; one that takes many times
    as long ends the process, which counts as hanging."""

    def __init__(self, tests: Sequence[str], seconds: Mapping[str, float]) -> None:
        self._place = {test: place for place, test in enumerate(tests)}
        self._seconds = seconds
        self.failed = ""

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        signal.setitimer(signal.ITIMER_REAL, (PATIENCE + 5 * self._seconds[nodeid]) * others_wait())

    def pytest_collection(self) -> None:
        """Let no property look for a simpler example of what it saw: that takes most of a minute."""
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("seen", settings.get_profile("everyday"), phases=phases)
        settings.load_profile("seen")

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out and sort."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self._place), key=lambda item: self._place[item.nodeid]
        )

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A part of one ended."""
        if report.failed:
            self.failed = report.nodeid


def forked(work: Callable[[], object], seconds: float) -> Any:
    """What a piece of work gives, done in a fork of this process, whose output is dropped; None where it ends early or late."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.close(reading)
        null = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(null, number)
        with os.fdopen(writing, "w") as pipe:
            try:
                json.dump([work(), None], pipe)
            except BaseException:  # noqa: BLE001 # whatever it is, the other process tells it
                json.dump([None, traceback.format_exc()], pipe)
        os._exit(0)
    os.close(writing)
    until = time.monotonic() + seconds

    with os.fdopen(reading, "rb") as pipe:
        told, more = bytearray(), b"some"
        while more and select.select([pipe], [], [], max(0, until - time.monotonic()))[0]:
            more = os.read(pipe.fileno(), 2**16)
            told += more
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    if more or not told:
        return None
    given, fault = json.loads(told)
    if fault:
        raise RuntimeError(fault)
    return given


def _watched(folder: Path, place: str) -> list[Any]:
    import pytest

    watch = Watch(folder)
    code = pytest.main([*OPTIONS, place], plugins=[watch])
    return [int(code), *watch.seen()]


@cache
def reach_of(folder: Path, place: str) -> Reach:
    """What the tests of a place reach of a folder; it is kept until its tests or the folder change."""
    sources = [path for part in (folder, ROOT / place) for path in ([part] if part.is_file() else part.rglob("*.py"))]
    key = sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()[:16]
    kept = KEPT / f"{folder.relative_to(ROOT)}-{place}-{key}.json".replace("/", ".")
    if not kept.exists():
        started = time.monotonic()
        for _ in range(2):  # a busy machine can fail a test once that has a limit of time
            code, *seen = forked(lambda: _watched(folder, place), 3600) or [1]
            if not code:
                break
        else:
            raise SystemExit(f"The tests of {place} fail without any change.")
        KEPT.mkdir(exist_ok=True)
        kept.write_text(json.dumps(seen))
        print(f"  What {place} reaches was found in {time.monotonic() - started:.0f} s.", flush=True)
    seconds, numbered, modules = json.loads(kept.read_text())
    names = list(seconds)
    lines = {
        file: {line: [names[number] for number in tests] for line, tests in reached.items()}
        for file, reached in numbered.items()
    }
    breadth = Counter(test for reached in lines.values() for tests in reached.values() for test in tests)
    reach = Reach(seconds, lines, modules, breadth)
    with warnings.catch_warnings(action="ignore"):
        for name in reach.modules:
            with suppress(Exception):  # a module that its library makes in its own way
                importlib.import_module(name)
    return reach


def _tried(change: Change, tests: Sequence[str], seconds: Mapping[str, float]) -> list[Any]:
    import pytest

    _install(change)
    only = Only(tests, seconds)
    try:
        code = pytest.main([*OPTIONS, *dict.fromkeys(test.partition("::")[0] for test in tests)], plugins=[only])
    except Exception:  # noqa: BLE001 # what a change leaves open, pytest raises when its session is over
        return [1, only.failed or "the end of the session"]
    return [int(code), only.failed]


def tests_for(change: Change, reach: Reach) -> list[str]:
    """Those that reach its line, then those that reach its file, of each as many as NEAR and FAR allow; beyond NEAR all that reach the
    line and hold every word against what is kept, because only one of them may come to where the change is seen. A line that runs when
    the module is imported can be what any test is about, and the one that it is counted for only came first."""
    lines = reach.lines.get(change.file, {})
    file = {test for tests in lines.values() for test in tests}
    near = {test for line in range(change.line, change.last + 1) for test in lines.get(str(line), ())}
    name = f"test_{Path(change.file).stem}"
    if change.imported or not near:
        others = set(reach.seconds) - file if lines else set()
        return [*_focused(file, reach, NEAR / 2, name), *_focused(others, reach, NEAR / 2, name)]
    words = sum(reach.seconds[test] for test in near if test.partition("::")[0].endswith(KEPT_WORDS))
    return [*_focused(near, reach, NEAR + words, name), *_focused(file - near, reach, FAR, name)]


def _focused(tests: set[str], reach: Reach, seconds: float, name: str) -> list[str]:
    """As many as there is time for: first those of a file of that name, then those that hold every word against what is kept, then
    those that reach the least beside it, as these are about just this, and quick. One that takes too long keeps none behind it out.
    Of what is chosen the slow ones come last."""
    chosen = []

    def place(test: str) -> tuple[bool, bool, int, str]:
        return name not in test, not test.partition("::")[0].endswith(KEPT_WORDS), reach.breadth[test], test

    for test in sorted(tests, key=place):
        if reach.seconds[test] < seconds:
            seconds -= reach.seconds[test]
            chosen.append(test)
    return sorted(chosen, key=lambda test: reach.seconds[test] > SLOW)


def main(room: str, count: int, seed: int = SEED, only: str = "") -> int:
    """Sample so many changes of a room, and say which survive; 1 when too few are seen. only: words of a change's place, as
    "flow.py:12", to judge it again."""
    import pytest  # noqa: F401 # the forks have it then

    os.chdir(ROOT)
    folder = ROOT / "airisk_tui" / PLACES.get(room, room)
    possible = [change for path in sorted(folder.rglob("*.py")) for change in changes_in(path)]
    sample = sorted(random.Random(seed).sample(possible, min(count, len(possible))))
    sample = [change for change in sample if only in f"{change.file}:{change.line} "]
    print(f"{len(sample)} of {len(possible)} changes of {room} (seed {seed}):", flush=True)
    begun = time.monotonic()
    share = 1 - sum(_survives(change, folder, places_of(change, room)) for change in sample) / len(sample)
    print(f"{share:.0%} of them were seen, in {time.monotonic() - begun:.0f} s.")
    return 0 if share >= (0.95 if room in STRICT else 0.9) else 1


def places_of(change: Change, room: str) -> list[str]:
    """Where the tests stand that are asked about a change, one place after the other."""
    inside = PLACES.get(room, room)
    own = inside if (ROOT / "tests" / inside).is_dir() else inside.partition("/")[0]
    part = f"{own}/{Path(change.file).relative_to(f'airisk_tui/{inside}').parts[0]}"
    near = [part] if (ROOT / "tests" / part).is_dir() else [f"{own}/{one.name}" for one in _files_of(own)]
    first = ("test_limits.py", *near, f"{own}/test_said.py") if room in SPLIT else (own, "test_limits.py")
    return [f"tests/{one}" for one in (*first, *BESIDE.get(room, ()))]


def _files_of(own: str) -> list[Path]:
    """The tests of a split room that stand in none of its folders."""
    return sorted(one for one in (ROOT / "tests" / own).glob("test_*.py") if not str(one).endswith(KEPT_WORDS))


def _survives(change: Change, folder: Path, places: Sequence[str]) -> bool:
    """Whether it does, in all these places; only for what survives in one the next is asked."""
    import pytest

    started, tried = time.monotonic(), 0
    for place in places:
        reach = reach_of(folder, place)
        tests = tests_for(change, reach)
        tried += len(tests)
        code, by = _outcome(change, tests, reach.seconds)
        if code not in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
            if os.environ.get("AIRISK_MUTATE_TELL"):
                _tell(change, f"seen by {by or 'the import'}", started)
            return False
    _tell(change, f"survives {tried} tests", started)
    return True


def _outcome(change: Change, tests: Sequence[str], seconds: Mapping[str, float]) -> list[Any]:
    """pytest's exit code, and the test that failed."""
    if not tests:
        return [0, ""]
    patience = (60 + 5 * sum(seconds[test] for test in tests)) * others_wait()
    return forked(lambda: _tried(change, tests, seconds), patience) or [1, "hanging"]


def _tell(change: Change, how: str, started: float) -> None:
    print(f"  {change.file}:{change.line}  {change.says}  {how} ({time.monotonic() - started:.1f} s)", flush=True)


if __name__ == "__main__":
    room, count, *rest = sys.argv[1:]
    sys.exit(main(room, int(count), int(rest[0]) if rest else SEED, "".join(rest[1:])))
