"""Importing a HAR of 50 MB against `json.load` of it: at most 1.5 in time, at most 2 in peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.ratio import hold
from tests.recording.hars import flow, har, noise

MAX_TIME = 1.5
MAX_MEMORY = 2.0

MEASURE = """
import json, re, sys, time
from pathlib import Path
path = sys.argv[1]
{imports}

def kilobytes(name):
    return int(re.search(name + r":\\s*(\\d+)", Path("/proc/self/status").read_text())[1])

before = kilobytes("VmRSS")
began = time.perf_counter()
{work}
seconds = time.perf_counter() - began
print(json.dumps([seconds, kilobytes("VmHWM") - before]))
"""
YARDSTICK = MEASURE.format(imports="", work="with open(path) as file:\n    document = json.load(file)")
IMPORT = MEASURE.format(
    imports="from airisk_tui.flow.fold import fold\n"
    "from airisk_tui.recording.har.file import read_har\n"
    "from airisk_tui.recording.har.flows import find_flows\n"
    "from airisk_tui.recording.har.log import to_events\n"
    "from airisk_tui.redaction.sealer import Sealer",
    work="(found,) = find_flows(read_har(Path(path)))\n"
    "assert fold(to_events(found, Sealer(b'k' * 32), 'run')).outcome == 'token'",
)


def measured(script: str, path: Path) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=True, capture_output=True, text=True)
    seconds, kilobytes = json.loads(done.stdout)
    return seconds, kilobytes / 1024


@pytest.mark.bench
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("size", [700, 60_000], ids=["many small requests", "few large bodies"])
def test_a_har_of_50_megabytes(tmp_path: Path, size: int) -> None:
    path = tmp_path / "large.har"
    one = len(har(noise(100, size))) / 100
    count = int(50_000_000 / one)
    path.write_bytes(har([*noise(count // 2, size), *flow(), *noise(count // 2, size)]))
    assert 45e6 < path.stat().st_size < 60e6
    json_seconds, json_memory = map(min, zip(*(measured(YARDSTICK, path) for _ in range(3)), strict=True))
    seconds, memory = map(min, zip(*(measured(IMPORT, path) for _ in range(3)), strict=True))
    size_text = f"HAR of {path.stat().st_size / 1e6:.0f} MB"
    hold(f"import of a {size_text}", seconds, "json.load of it", json_seconds, MAX_TIME, __file__)
    hold(f"peak memory of it, {size_text}", memory, "of json.load", json_memory, MAX_MEMORY, __file__, "MiB")
