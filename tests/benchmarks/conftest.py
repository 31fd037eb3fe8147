"""Benchmarks are asked for: `make bench`, or pytest with `-m bench`. Everything else leaves them out."""

from __future__ import annotations

import compileall
from pathlib import Path

import pytest

import airisk_tui


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what carries the marker, unless it was asked for."""
    if "bench" in config.getoption("markexpr"):
        return
    left_out = [item for item in items if item.get_closest_marker("bench") is not None]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Measure the program as an installation has it: with its bytecode."""
    compileall.compile_dir(str(Path(airisk_tui.__file__).parent), quiet=1)
