"""For all tests: how long property tests take, every day and in `make fuzz`."""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI

FUZZ_SECONDS = float(os.environ.get("AIRISK_FUZZ_SECONDS", "0"))

LONG = bool(os.environ.get("AIRISK_LONG"))
"""Whether the tests of the marker `long` run: `make test-all`."""

CI = LONG or bool(os.environ.get("AIRISK_CI"))
"""Whether the tests of the marker `ci` run: `make test-ci`, `make test-all`."""

EVERYDAY = 30
"""Examples of a property that sets no number of its own: the whole suite has two minutes on two cores."""

CLOSED = (1, 2, 9)
"""Ports of this machine that stand in tests for those at which nobody listens."""

SEARCH = 500
"""The same in `make fuzz`, where the examples are new each time."""

# No deadline: a loaded machine is not a failure; what must be quick is measured against a yardstick (tests/benchmarks).
# Every day each property sees the same examples, so that a change is judged by what it changes; `make fuzz` looks for new ones.
settings.register_profile(
    "everyday",
    max_examples=EVERYDAY if FUZZ_SECONDS == 0 else SEARCH,
    derandomize=FUZZ_SECONDS == 0,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("everyday")


LEFT_OUT = {
    "fuzz": "a long search, run by `make fuzz SECONDS=n`" if FUZZ_SECONDS == 0 else "",
    "long": "a long test, run by `make test-all`" if not LONG else "",
    "ci": "run by `make test-ci`; of its kind another runs each day" if not CI else "",
}
"""By marker, why its tests are left out; "" where they run."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long, and whose like a shorter test sees each day, is left out; where nothing else was asked for, with the reason."""
    out = {item: why for item in items for name, why in LEFT_OUT.items() if why and item.get_closest_marker(name)}
    if len(out) < len(items):
        items[:] = [item for item in items if item not in out]
        config.hook.pytest_deselected(items=[*out])
        return
    for item, why in out.items():
        item.add_marker(pytest.mark.skip(reason=why))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes and long texts are named by their argument: where they hold the time at which they were packed (gzip), each worker would
    have other tests, and none would run."""
    return argname if (isinstance(val, bytes) and len(val) > 9) or (isinstance(val, str) and len(val) > 99) else None


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays until the end, and look less often than each 700 objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Look once for what was dropped without being closed, and pass over what stays, which pytest would look through five times more."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder, without pytest's look through all folders of tests of that name, nor its link to the newest."""
    return Path(mkdtemp(dir=tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session", autouse=True)
def the_usual_port_is_taken() -> Iterator[None]:
    """Let each program that a test starts choose a callback port of its own: where two find the usual one free at the same moment,
    one of them finds it busy a moment later."""
    with held("127.0.0.1", urlsplit(DEMO_REDIRECT_URI).port or 0) as usual:
        usual.listen()
        yield


@pytest.fixture(scope="session", autouse=True)
def closed_ports_stay_closed() -> Iterator[None]:
    """Let nobody listen where a test relies on being refused: root may bind these ports, and what one test opens, another finds open.
    A connection to a port that is bound, and at which nobody listens, is refused."""
    with ExitStack() as stack:
        for host in ("127.0.0.1", "::1"):
            for port in CLOSED:
                stack.enter_context(held(host, port))
        yield


@contextmanager
def held(host: str, port: int) -> Iterator[socket.socket]:
    """A socket at this port, or at none where something else has it or the system keeps it, which is just as well. Every process of
    tests holds it (SO_REUSEPORT), so that it stays taken when one of them ends."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one:
        one.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_REUSEPORT", socket.SO_REUSEADDR), 1)
        with suppress(OSError):
            one.bind((host, port))
        yield one


@pytest.fixture(scope="session", autouse=True)
def screens_come_to_rest() -> Iterator[None]:
    """Where a test opens a screen, see tests/rest.py; a session of pure rooms loads no Textual for it."""
    if "textual" not in sys.modules:
        yield
        return
    from tests.rest import drawn_at_rest

    with drawn_at_rest():
        yield
