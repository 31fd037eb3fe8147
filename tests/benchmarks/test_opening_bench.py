"""Opening a recording of ten thousand events, against `json.loads` of the same lines.

Twice: what is read, checked and folded until its first state is there, alone; and at a pseudo-terminal from exec until the
first frame of the replay, which has the recorded request and the number of events in it, against a bare Textual app that
reads the lines before it shows itself.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from airisk_tui.flow.events import AnyEvent, StrayRequest
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.recording.disk.reader import read_recording
from airisk_tui.recording.replay import Replay
from tests.benchmarks.first_frame import BARE, seen_at, words
from tests.benchmarks.ratio import alternating, hold, stopwatch
from tests.recording.disk import record
from tests.runs import BOUND, OPENED, exchanged, good, started

COUNT = 10_000
ROUNDS = 7
MAX_READING = 2.5
"""Of reading alone; the promise counts a first frame on both sides, which is larger than either."""
MAX_OPENING = 1.5

LOADING = "import json, sys\nlines = [json.loads(line) for line in open(sys.argv[1], 'rb')]\n"
OURS = """
import sys
from airisk_tui.tui.app import run_app
from airisk_tui.tui.options import AppOptions
run_app(AppOptions(replay=sys.argv[1]))
"""

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    headers = tuple((f"X-Header-{number}", f"the value {number} of it") for number in range(8))
    strays = [
        StrayRequest(
            at=1 + n / 100, request=HttpRequest("GET", f"/favicon.ico?{n}", headers), reason="favicon", peer="x"
        )
        for n in range(COUNT - 5)
    ]
    events: list[AnyEvent] = [started(), BOUND, OPENED, *strays, good(at=200), exchanged(at=201)]
    return record(tmp_path_factory.mktemp("long") / "long.jsonl", events)


def test_reading_ten_thousand_events(path: Path) -> None:
    lines = path.read_bytes().splitlines()

    def opened() -> None:
        replay = Replay(read_recording(path).events)
        assert replay.state_at(1).inputs is not None
        assert len(replay) == COUNT

    def loaded() -> None:
        assert len([json.loads(line) for line in lines]) == COUNT + 1

    ours, bare = alternating(stopwatch(opened), stopwatch(loaded), ROUNDS)
    hold(f"reading {COUNT:,} events to the first state", ours, "json.loads of their lines", bare, MAX_READING, __file__)


def test_opening_ten_thousand_events_on_the_screen(path: Path, tmp_path: Path) -> None:
    bare, ours = [], []
    for _ in range(ROUNDS):
        bare += seen_at(["-c", LOADING + BARE, str(path)], tmp_path, words("all there"), seconds=1.6)
        ours += seen_at(["-c", OURS, str(path)], tmp_path, words(f"of {COUNT}", "http://127.0.0.1:9000"), seconds=2.5)
    hold(
        f"a recording of {COUNT:,} events on the screen",
        min(ours),
        "json.loads of its lines and a bare Textual app",
        min(bare),
        MAX_OPENING,
        __file__,
    )
