"""For all tests: how long property tests take, every day and in `make fuzz`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from airisk_tui.engine.listener.sockets import listening_socket
from airisk_tui.sandbox.registry import DEMO_REDIRECT_URI

FUZZ_SECONDS = float(os.environ.get("AIRISK_FUZZ_SECONDS", "0"))

EVERYDAY = 30
"""Examples of a property that sets no number of its own: the whole suite has two minutes on two cores."""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests run in `make fuzz` only."""
    for item in items:
        if FUZZ_SECONDS == 0 and item.get_closest_marker("fuzz"):
            item.add_marker(pytest.mark.skip(reason="a long test, run by `make fuzz SECONDS=n`"))


@pytest.fixture(scope="session", autouse=True)
def the_usual_port_is_taken() -> Iterator[None]:
    """Let each program that a test starts choose a callback port of its own: where two find the usual one free at the same moment,
    one of them finds it busy a moment later. Where another process has it already, that is just as well."""
    try:
        held = listening_socket("127.0.0.1", urlsplit(DEMO_REDIRECT_URI).port or 0)
    except OSError:
        yield
        return
    with held:
        yield
