"""Opening a recording of ten thousand events and having its first state, against `json.loads` of the same lines."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter

import pytest

from airisk_tui.flow.events import StrayRequest
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.recording.reader import read_recording
from airisk_tui.recording.replay import Replay
from tests.recording.disk import record
from tests.recording.logs import BOUND, OPENED, callback, exchanged, started

COUNT = 10_000
MAX_RATIO = 2.5
"""Of opening to `json.loads` alone. The promise of 1.5 counts a first frame on both sides, which is larger than either."""


@pytest.mark.bench
def test_opening_ten_thousand_events(tmp_path: Path) -> None:
    headers = tuple((f"X-Header-{number}", f"the value {number} of it") for number in range(8))
    strays = [
        StrayRequest(
            at=1 + n / 100, request=HttpRequest("GET", f"/favicon.ico?{n}", headers), reason="favicon", peer="x"
        )
        for n in range(COUNT - 5)
    ]
    path = record(tmp_path / "long.jsonl", [started(), BOUND, OPENED, *strays, callback(at=200), exchanged(at=201)])
    lines = path.read_bytes().splitlines()
    bare = min(timed_json(lines) for _ in range(3))
    opening = min(timed_opening(path) for _ in range(3))
    print(f"\nopening {COUNT} events: {opening:.3f} s, json.loads {bare:.3f} s, ratio {opening / bare:.2f}")
    assert opening < bare * MAX_RATIO


def timed_json(lines: list[bytes]) -> float:
    began = perf_counter()
    assert len([json.loads(line) for line in lines]) == COUNT + 1
    return perf_counter() - began


def timed_opening(path: Path) -> float:
    began = perf_counter()
    replay = Replay(read_recording(path).events)
    replay.state_at(1)
    took = perf_counter() - began
    assert len(replay) == COUNT
    return took
