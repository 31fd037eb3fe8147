"""The library lists ten thousand recordings in under a second; the yardstick is one `stat` and one `json.loads` of each row."""

from __future__ import annotations

import json
import os
from pathlib import Path
from time import perf_counter

import pytest

from airisk_tui.recording.disk.format import Closing
from airisk_tui.recording.disk.library import INDEX, Library
from tests.benchmarks.ratio import hold
from tests.pace import slowness
from tests.recording.disk import record
from tests.recording.logs import LOGS

COUNT = 10_000
MAX_SECONDS = 1.0
MAX_RATIO = 3.0
"""Of a listing from the index to the bare work that no listing can do without."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("library")
    closing = Closing(outcome="token", duration=1.9, first_finding="The token response has no token_type.")
    content = record(folder / "first.jsonl", LOGS["browser-token"], closing=closing).read_bytes()
    for number in range(COUNT - 1):
        (folder / f"2026-11-24T10-15-02Z-sandbox-generic-{number:012x}.jsonl").write_bytes(content)
    return Library(folder)


def timed(library: Library) -> float:
    began = perf_counter()
    assert len(library.summaries()) == COUNT
    return perf_counter() - began


@pytest.mark.bench
def test_ten_thousand_recordings_list_in_under_a_second(library: Library) -> None:
    (library.folder / INDEX).unlink(missing_ok=True)
    cold = timed(library)
    warm = min(timed(library) for _ in range(3))
    bare = min(yardstick(library.folder) for _ in range(3))
    allowed = MAX_SECONDS * max(1.0, slowness())
    print(f"\nthe first listing, without an index: {cold:.3f} s, at most {allowed:.3f} s on this machine now", end="")
    yardstick_name = "one stat and one json.loads of each"
    hold(f"listing {COUNT:,} recordings from the index", warm, yardstick_name, bare, MAX_RATIO, __file__)
    assert cold < allowed
    assert warm < allowed


def yardstick(folder: Path) -> float:
    rows = [json.dumps(row) for row in json.loads((folder / INDEX).read_text())["rows"].values()]
    began = perf_counter()
    with os.scandir(folder) as entries:
        assert sum(entry.stat(follow_symlinks=False).st_size > 0 for entry in entries) > COUNT
    assert len([json.loads(row) for row in rows]) == COUNT
    return perf_counter() - began


@pytest.mark.bench
def test_searching_ten_thousand_rows_is_quicker_than_a_key_is_typed(library: Library) -> None:
    rows = library.summaries()
    began = perf_counter()
    assert [row for row in rows if row.matches("token no_such_word")] == []
    assert perf_counter() - began < 0.1
