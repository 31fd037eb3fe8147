"""Opening recordings: whatever the file, it opens with its problems named, or it is refused with a sentence (threats.md F4)."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airisk_tui.flow.fold import fold
from airisk_tui.recording.disk import format as format_module
from airisk_tui.recording.disk import reader
from airisk_tui.recording.disk.codec import encode_event
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.files import is_file
from airisk_tui.recording.disk.format import FORMAT, encode_header
from airisk_tui.recording.disk.migrations import MIGRATIONS
from airisk_tui.recording.disk.reader import MAX_PROBLEMS, read_beginning, read_header, read_recording
from airisk_tui.recording.har.file import read_har
from airisk_tui.session.recordings.importing import is_recording
from tests.recording.disk import HEADER, members, record
from tests.recording.logs import LOGS
from tests.runs import BOUND, OPENED

SAMPLES = Path(__file__).parent / "samples"
HEAD = encode_header(HEADER).encode() + b"\n"


def file_of(path: Path, *lines: bytes) -> Path:
    path.write_bytes(HEAD + b"".join(line + b"\n" for line in lines))
    return path


def test_F4_a_broken_record_is_reported_and_the_rest_opens(tmp_path: Path) -> None:
    path = file_of(
        tmp_path / "r", encode_event(BOUND).encode(), b"{broken", b'{"event":"Odd"}', encode_event(OPENED).encode()
    )
    recording = read_recording(path)
    assert recording.events == (BOUND, OPENED)
    assert [problem.line for problem in recording.problems] == [3, 4]
    assert "not JSON" in recording.problems[0].sentence
    assert "unknown event “Odd”" in recording.problems[1].sentence


def test_F3_a_torn_tail_is_a_problem_of_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "r"
    path.write_bytes(HEAD + encode_event(BOUND).encode() + b"\n" + encode_event(OPENED).encode()[:-5])
    recording = read_recording(path)
    assert recording.events == (BOUND,)
    assert "is incomplete" in recording.problems[0].sentence


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "not a recording"),
        ("GIF89a", "not a recording"),
        ("{}", "not a recording"),
        ('{"format": "1", "tool": "x"}', "not a recording"),
        ('{"format": true, "tool": "x"}', "not a recording"),
        ('{"format": 0, "tool": "x"}', "not a recording"),
        (json.dumps({"log": {"entries": []}}), "not a recording"),
        (json.dumps(members(format=FORMAT + 1)), "newer"),
        (json.dumps(members(format=10**30)), "newer"),
        (json.dumps(members()), "missing required field `environment`"),
        (json.dumps({**json.loads(encode_header(HEADER)), "kind": "x"}), "kind: Invalid enum value 'x'"),
    ],
)
def test_F4_a_file_that_is_no_recording_or_a_newer_one(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "r").write_text(line + "\n")
    with pytest.raises(RecordingRefused, match=words):
        read_recording(tmp_path / "r")


def test_F4_what_is_no_plain_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(record(tmp_path / "r", [BOUND]))
    bound = socket.socket(socket.AF_UNIX)
    bound.bind(str(tmp_path / "socket"))
    bound.close()
    for name in ("fifo", "folder", "link", "socket", "missing", "a\0b", "x" * 300):
        assert is_file(tmp_path / name) is (name == "link")
        with pytest.raises(RecordingRefused):
            read_recording(tmp_path / name)
    for device in ("/dev/zero", "/dev/stdin"):
        with pytest.raises(RecordingRefused):
            read_recording(Path(device))


@pytest.mark.parametrize("read", [read_recording, read_header, read_beginning, read_har, is_recording])
def test_F4_a_file_that_fails_while_it_is_read_is_refused(read: Callable[[Path], object]) -> None:
    """The memory of a process is a plain file whose first page cannot be read."""
    with pytest.raises(RecordingRefused, match=r"mem could not be read to its end: .+\.$"):
        read(Path("/proc/self/mem"))


def test_F4_the_caps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file_of(
        tmp_path / "r", b'"' + b"x" * 2000 + b'"', encode_event(BOUND).encode(), encode_event(OPENED).encode()
    )
    monkeypatch.setattr(reader, "MAX_LINE", 1000)
    recording = read_recording(path)
    assert recording.events == (BOUND, OPENED)
    assert "longer than 1,000 bytes" in recording.problems[0].sentence
    monkeypatch.setattr(reader, "MAX_LINES", 3)
    assert read_recording(path).events == (BOUND,)
    assert "more than 3 lines" in read_recording(path).problems[-1].sentence
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(reader.MAX_FILE + 1)
    with pytest.raises(RecordingRefused, match="most that is opened"):
        read_recording(big)


def test_F4_a_file_of_problems_names_the_first_and_counts_the_rest(tmp_path: Path) -> None:
    recording = read_recording(file_of(tmp_path / "r", *[b"7"] * (MAX_PROBLEMS + 50)))
    assert len(recording.problems) == MAX_PROBLEMS + 1
    assert recording.problems[-1].sentence == "50 more records are broken."


def test_F1_a_raw_secret_in_a_sealed_recording_is_passed_over(tmp_path: Path) -> None:
    recording = read_recording(file_of(tmp_path / "r", b'{"secret":{"fingerprint":"x","value":"raw"}}'))
    assert (dict(recording.secrets), len(recording.problems)) == ({}, 1)


quiet = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
lines = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([encode_event(event).encode() for event in LOGS["invalid-code"]]),
    st.sampled_from(
        [b'{"closing":7}', b'{"closing":{"outcome":1}}', b'{"secret":[]}', b'{"secret":{"fingerprint":[]}}']
    ),
)


@quiet
@given(st.lists(lines, max_size=6), st.booleans())
def test_F4_any_file_opens_or_is_refused(tmp_path: Path, content: list[bytes], headed: bool) -> None:
    path = tmp_path / "any"
    path.write_bytes((HEAD if headed else b"") + b"\n".join(content))
    try:
        recording = read_recording(path)
    except RecordingRefused as refused:
        assert str(refused).endswith(".")
    else:
        fold(recording.events)
        assert all(problem.sentence.isprintable() for problem in recording.problems)


@quiet
@given(st.data())
def test_F4_a_recording_with_bytes_changed_opens_or_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(HEAD + b"".join(encode_event(event).encode() + b"\n" for event in LOGS["browser-token"]))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "changed").write_bytes(whole)
    with contextlib.suppress(RecordingRefused):
        fold(read_recording(tmp_path / "changed").events)


def test_an_older_format_is_migrated_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def from_1_to_2(old: dict[str, object]) -> dict[str, object]:
        if "tool" in old:
            old["environment"] = f"{old['environment']} once"
        return old

    def from_2_to_3(old: dict[str, object]) -> dict[str, object]:
        if old.get("event") == "BrowserStarted":
            old["event"] = "BrowserOpened"
        return old

    monkeypatch.setattr(format_module, "FORMAT", 3)
    monkeypatch.setattr(format_module, "MIGRATIONS", {1: from_1_to_2, 2: from_2_to_3})
    line = encode_event(OPENED).replace("BrowserOpened", "BrowserStarted").encode()
    old = HEAD.replace(b'"format":%d' % FORMAT, b'"format":1')
    (tmp_path / "r").write_bytes(old + line + b"\n")
    recording = read_recording(tmp_path / "r")
    assert (recording.header.environment, recording.events, recording.format) == ("sandbox once", (OPENED,), 1)


def test_there_is_a_migration_from_every_older_format_and_a_sample_of_each() -> None:
    assert sorted(MIGRATIONS) == list(range(1, FORMAT))
    assert {folder.name for folder in SAMPLES.iterdir()} == {f"format-{number}" for number in range(1, FORMAT + 1)}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*.jsonl")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_recordings_of_every_released_format_open_forever(path: Path) -> None:
    recording = read_recording(path)
    assert recording.problems == ()
    assert recording.closing is not None
    state = fold(recording.events)
    outcomes = json.loads((path.parent / "outcomes.json").read_text())
    assert recording.closing.outcome == (state.outcome and state.outcome.value) == outcomes[path.name]
