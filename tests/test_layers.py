"""The law of the layers: what may import what (everything else is forbidden), read from the source and seen at run time."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import airisk_tui
from airisk_tui.tui.app import SCREENS

ROOT = Path(airisk_tui.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

ROOMS = {
    "oauth": set(),
    "flow": {"oauth"},
    "insight": {"oauth", "flow"},
    "redaction": {"oauth", "flow"},
    "recording": {"oauth", "flow", "redaction"},
    "engine": {"oauth", "flow", "redaction", "recording"},
    "sandbox": {"oauth"},
    "session": {"oauth", "flow", "insight", "redaction", "recording", "engine", "sandbox"},
    "reference": set(),
    "tui": {"reference", "oauth", "flow", "insight", "redaction", "recording", "engine", "sandbox", "session"},
    "headless": {"reference", "oauth", "flow", "insight", "redaction", "recording", "engine", "sandbox", "session"},
}
"""Each room and the rooms that it may import, besides itself and the files of no room."""

TOP = {"cli", "__main__", "__init__", "errors", "later", "pytest", "qr", "systems", "version"}
"""The files that lie in no room. The command line may import every room; nothing imports it but the entry point."""

VALUES = {"http"}
"""What the sandbox may know of `oauth`: two twins that copy each other's protocol prove nothing."""

SCREEN = {"textual", "rich"}
NETWORK = {
    "socket",
    "ssl",
    "selectors",
    "http.client",
    "http.server",
    "urllib.request",
    "httpx2",
    "httpx",
    "h11",
    "httpcore2",
} | {
    *("requests", "aiohttp", "anyio", "uvicorn", "socketserver", "ftplib", "smtplib", "webbrowser"),
}
LOOP = {"asyncio"}
CHANCE = {"time", "secrets", "random", "uuid"}

ALLOWED = {
    "screen": (SCREEN, {"tui"}, set()),
    "network": (NETWORK, {"engine"}, {"sandbox/server.py", "sandbox/loopback.py", "systems.py"}),
    "loop": (LOOP, {"engine", "sandbox", "session", "headless", "tui"}, {"cli.py", "pytest.py", "systems.py"}),
    "clock and chance": (CHANCE, {"sandbox"}, {"engine/ports.py"}),
}
"""What is imported, the rooms that may, and the single files that may."""

EXCEPTIONS = {
    ("headless/screen.py", "airisk_tui.tui"): "the command that opens the screen",
    ("tui/app.py", "(computed)"): "one of the screens in the table SCREENS",
}
"""Named, each with its reason. One that nothing needs any more fails the test below, and is deleted."""


SCREEN_MODULES = {place.partition(":")[0] for place in SCREENS.values()}
"""The modules of the screens, which the app alone may import."""


class Import(NamedTuple):
    file: str
    module: str
    line: int

    @property
    def room(self) -> str:
        return self.file.partition("/")[0] if "/" in self.file else self.file.removesuffix(".py")

    @property
    def target(self) -> str | None:
        """The room of ours that is imported, or None for a foreign module."""
        package, _, rest = self.module.partition(".")
        return rest.partition(".")[0] or "__init__" if package == "airisk_tui" else None

    def is_of(self, modules: set[str]) -> bool:
        return any(self.module == name or self.module.startswith(f"{name}.") for name in modules)


def modules_of(node: ast.AST, package: str) -> Iterator[str]:
    """Every module that a statement could load: `from a import b` may mean the module a.b."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*above, *([base] if base else [])])
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and _last_name(node.func) in ("import_module", "__import__"):
        name = node.args[0] if node.args else None
        yield name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else "(computed)"


def _last_name(function: ast.expr) -> str:
    """`import_module` of `importlib.import_module`."""
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def imports_in(nodes: Iterable[Any], file: str) -> list[Import]:
    package = ".".join(["airisk_tui", *file.split("/")[:-1]])
    return [Import(file, module, node.lineno) for node in nodes for module in modules_of(node, package)]


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """What may be an import, of a file of the program."""
    every = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node for node in every if isinstance(node, (ast.Import, ast.ImportFrom, ast.Call))]


@cache
def all_imports() -> list[Import]:
    """Those of the whole program."""
    return [found for path in FILES for found in imports_in(nodes_of(path), path.relative_to(ROOT).as_posix())]


def module_of(file: str) -> str:
    """The module of a file below the package: `tui/app.py` is airisk_tui.tui.app."""
    return ".".join(("airisk_tui", *file.removesuffix(".py").split("/"))).removesuffix(".__init__")


def loaded_in(nodes: Iterable[ast.AST], package: str) -> Iterator[str]:
    """Every module that a file names in an import, also inside its functions, and for its types alone."""
    for node in nodes:
        yield from modules_of(node, package)


def circle_in(graph: Mapping[str, set[str]]) -> list[str]:
    """One circle of modules, each imported by the one before it; [] when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        circle: list[str] = found.args[1][::-1]
        return circle
    return []


@cache
def import_graph() -> dict[str, set[str]]:
    """What each module of ours imports of the others. The app loads the screens of its table by their names."""
    modules = {module_of(path.relative_to(ROOT).as_posix()): path for path in FILES}
    graph = {}
    for module, path in modules.items():
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        graph[module] = {name for name in loaded_in(nodes_of(path), package) if name in modules}
        graph[module].discard(module)
    graph["airisk_tui.tui.app"] |= SCREEN_MODULES
    return graph


def excused(found: Import) -> bool:
    return any(found.file == file and found.is_of({module}) for file, module in EXCEPTIONS)


def breaks_the_law(found: Import) -> str | None:
    """Why an import is forbidden, or None."""
    target = found.target
    if found.module == "(computed)":
        return "imports a module by a computed name, which no law can read"
    if target in ("cli", "__main__") and found.room not in TOP:
        return "imports the command line"
    if target in ROOMS and found.room in ROOMS and target != found.room and target not in ROOMS[found.room]:
        return f"is in `{found.room}`, which may not import `{target}`"
    if (
        found.room == "sandbox"
        and target == "oauth"
        and found.module.split(".")[2:3] not in [[], *([name] for name in VALUES)]
    ):
        return "is in the sandbox, which may know HTTP as values of `oauth` alone"
    for what, (modules, rooms, files) in ALLOWED.items():
        if found.is_of(modules) and found.room not in rooms and found.file not in files:
            return f"is no place for {what} ({found.module})"
    return None


def test_every_file_lies_in_a_room_of_the_law() -> None:
    places = {path.relative_to(ROOT).parts for path in FILES}
    assert {parts[0].removesuffix(".py") for parts in places if len(parts) == 1} == TOP
    assert {parts[0] for parts in places if len(parts) > 1} == set(ROOMS)


def test_nothing_is_imported_that_the_law_forbids() -> None:
    broken = {(f.file, f.line): why for f in all_imports() if (why := breaks_the_law(f)) and not excused(f)}
    assert not broken, "\n".join(f"airisk_tui/{file}:{line} {why}" for (file, line), why in sorted(broken.items()))


def test_no_circle_of_imports_is_closed_anywhere() -> None:
    assert circle_in(import_graph()) == []


def test_the_app_alone_imports_screens() -> None:
    dialogs = {module for module in SCREEN_MODULES if module.startswith("airisk_tui.tui.shared.")}
    screens = SCREEN_MODULES - dialogs | {"airisk_tui.tui.run.screen"}
    assert [module for module, loaded in import_graph().items() if loaded & screens] == ["airisk_tui.tui.app"]


@pytest.mark.parametrize(
    "sources",
    [
        {"a": "from airisk_tui import b", "b": "import airisk_tui.a"},
        {"a": "import airisk_tui.b", "b": "def f():\n    from airisk_tui.c import x", "c": "from . import a"},
        {"a": "if TYPE_CHECKING:\n    from airisk_tui.b import Y", "b": "from airisk_tui.a import z"},
    ],
)
def test_a_circle_is_seen(sources: dict[str, str]) -> None:
    assert circle_in(
        {f"airisk_tui.{name}": set(loaded_in(ast.walk(ast.parse(s)), "airisk_tui")) for name, s in sources.items()}
    )


@pytest.mark.parametrize(("file", "module"), EXCEPTIONS)
def test_each_exception_is_still_needed(file: str, module: str) -> None:
    assert any(f.file == file and f.is_of({module}) and breaks_the_law(f) for f in all_imports()), (
        "delete the exception"
    )


def test_the_entry_point_loads_nothing_before_it_knows_the_command() -> None:
    tree = ast.parse((ROOT / "__main__.py").read_text("utf-8"))
    at_top = [module for node in tree.body for module in modules_of(node, "airisk_tui")]
    assert {module.partition(".")[0] for module in at_top} <= {"__future__", "sys"}


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("oauth/a.py", "from airisk_tui.flow import state"),
        ("oauth/a.py", "from airisk_tui import flow"),
        ("oauth/a.py", "from ..flow import state"),
        ("flow/a.py", "import airisk_tui.insight.explain"),
        ("flow/a.py", "def f():\n    from airisk_tui.engine.run import Run"),
        ("insight/rules/a.py", "from airisk_tui.recording.disk.codec import x"),
        ("recording/a.py", "from airisk_tui.insight.finding import Finding"),
        ("engine/a.py", "from airisk_tui.insight.finding import Finding"),
        ("engine/a.py", "from airisk_tui.sandbox.server import SandboxServer"),
        ("sandbox/a.py", "from airisk_tui.oauth.redirect.authorization import read_redirect"),
        ("session/a.py", "from airisk_tui.tui.app import run_app"),
        ("headless/a.py", "from airisk_tui.tui.app import run_app"),
        ("tui/a.py", "from airisk_tui.headless import output"),
        ("tui/a.py", "from airisk_tui.cli import Parser"),
        ("headless/a.py", "import rich.text"),
        ("session/a.py", "from textual.app import App"),
        ("recording/a.py", "import socket"),
        ("session/a.py", "import httpx2"),
        ("headless/a.py", "from urllib import request"),
        ("sandbox/airisk/app.py", "import uvicorn"),
        ("flow/a.py", "import asyncio"),
        ("recording/a.py", "import asyncio.subprocess"),
        ("engine/run.py", "import time"),
        ("tui/a.py", "from random import choice"),
        ("session/a.py", "import uuid"),
        ("tui/a.py", "import importlib\nimportlib.import_module('airisk_tui.headless.run')"),
        ("tui/a.py", "import importlib\nimportlib.import_module(name)"),
    ],
)
def test_the_law_sees_what_it_forbids(file: str, source: str) -> None:
    assert any(breaks_the_law(found) for found in imports_in(ast.walk(ast.parse(source)), file))


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("insight/a.py", "from airisk_tui.flow.state import FlowState\nfrom airisk_tui.oauth import text"),
        ("engine/a.py", "import socket, ssl, asyncio\nfrom airisk_tui.redaction.sealer import Sealer"),
        ("engine/ports.py", "import time, secrets"),
        ("sandbox/server.py", "import socket\nimport uvicorn\nfrom airisk_tui.oauth.http import Body"),
        ("session/a.py", "import asyncio\nfrom airisk_tui.sandbox.server import SandboxServer"),
        ("tui/a.py", "from textual.app import App\nfrom airisk_tui.session.session import Session\nfrom . import text"),
        (
            "oauth/a.py",
            "from datetime import datetime\nfrom email.utils import parsedate_to_datetime\nfrom urllib.parse import quote",
        ),
        ("oauth/a.py", "import timeit\nfrom airisk_tui.version import __version__"),
    ],
)
def test_the_law_allows_what_it_does_not_name(file: str, source: str) -> None:
    assert [why for found in imports_in(ast.walk(ast.parse(source)), file) if (why := breaks_the_law(found))] == []


def test_the_pure_rooms_leave_the_machine_alone_when_they_are_loaded() -> None:
    pure = [
        ".".join(("airisk_tui", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        for path in FILES
        if path.relative_to(ROOT).parts[0] in ("oauth", "flow", "insight")
    ]
    heavy = [
        "textual",
        "rich",
        "asyncio",
        "ssl",
        "httpx2",
        "socket",  # not _socket, of which typing_extensions takes the type of a capsule
        "authlib",
        "cryptography",
        "starlette",
        "h11",
    ]
    script = f"import importlib, sys; sys.path.insert(0, {str(ROOT.parent)!r})\n"
    script += f"for name in {pure!r}: importlib.import_module(name)\n"
    script += f"print(*(name for name in {heavy!r} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == ([], "")
