"""A recording survives being killed and a full disk at any byte (threats.md F2, F3)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from airisk_tui.recording.disk import writer as writer_module
from airisk_tui.recording.disk.errors import RecordingFailed, RecordingRefused
from airisk_tui.recording.disk.files import FILE_MODE, FOLDER_MODE
from airisk_tui.recording.disk.format import FORMAT, Closing
from airisk_tui.recording.disk.reader import read_recording
from airisk_tui.recording.disk.writer import RecordingWriter
from tests.recording.disk import HEADER, FailingFiles, mode, record
from tests.recording.logs import LOGS
from tests.runs import BOUND, CODE, OPENED

LOG = LOGS["cancelled"]


@pytest.mark.parametrize("name", LOGS)
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    closing = Closing(outcome="token", duration=1.5, first_finding="The code expired.", userid="user_42")
    recording = read_recording(record(tmp_path / "r.jsonl", LOGS[name], closing=closing))
    assert (recording.header, recording.events, recording.closing) == (HEADER, LOGS[name], closing)
    assert recording.problems == ()


def test_F2_file_and_folders_are_the_owners_from_the_moment_they_exist(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = record(tmp_path / "a" / "recordings" / "r.jsonl", LOG)
    finally:
        os.umask(old)
    assert mode(path) == FILE_MODE
    assert mode(path.parent) == mode(path.parent.parent) == FOLDER_MODE


def test_F2_the_file_is_its_owners_before_its_first_byte(tmp_path: Path) -> None:
    seen: list[int] = []

    class Watching(FailingFiles):
        def write(self, descriptor: int, data: bytes) -> int:
            seen.append(os.fstat(descriptor).st_mode & 0o777)
            return super().write(descriptor, data)

    record(tmp_path / "r.jsonl", LOG, files=Watching(0, ()))
    assert set(seen) == {FILE_MODE}
    assert len(seen) == len(LOG) + 1, "one write a line"


def test_no_file_is_ever_written_over(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text("precious")
    with pytest.raises(RecordingFailed, match="File exists"):
        RecordingWriter.create(path, HEADER)
    assert path.read_text() == "precious"


def test_F4_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RecordingFailed):
        RecordingWriter.create(tmp_path / "r.jsonl", HEADER)
    assert not (tmp_path / "elsewhere").exists()
    record(tmp_path / "elsewhere", LOG)
    with pytest.raises(RecordingFailed):
        RecordingWriter.reopen(tmp_path / "r.jsonl")


def torn_and_mended(whole: bytes, header: int, length: int, path: Path) -> None:
    """Cut the file at a byte, append, and read: every line that was whole is there, and so is the new one."""
    path.write_bytes(whole[:length])
    if length <= header:
        with pytest.raises(RecordingRefused):
            RecordingWriter.reopen(path)
        if length < header:
            with pytest.raises(RecordingRefused):
                read_recording(path)
        return
    before = read_recording(path)
    with RecordingWriter.reopen(path) as writer:
        writer.append(OPENED)
    after = read_recording(path)
    assert after.problems == ()
    assert after.events == (*before.events, OPENED)
    assert len(before.events) >= whole[:length].count(b"\n") - 1


def test_F3_truncation_at_every_byte_and_then_an_append(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    whole = record(tmp_path / "whole.jsonl", LOGS["invalid-code"]).read_bytes()
    header = whole.index(b"\n")
    for length in range(len(whole) + 1):
        torn_and_mended(whole, header, length, tmp_path / "cut.jsonl")


@pytest.mark.fuzz
@pytest.mark.parametrize("name", LOGS)
def test_F3_every_byte_of_every_log(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    whole = record(tmp_path / "whole.jsonl", LOGS[name]).read_bytes()
    header = whole.index(b"\n")
    for length in range(len(whole) + 1):
        torn_and_mended(whole, header, length, tmp_path / "cut.jsonl")


@pytest.mark.parametrize("written", [0, 1, 40])
@pytest.mark.parametrize("at", range(len(LOG) + 1))
def test_F3_a_full_disk_at_any_write(tmp_path: Path, at: int, written: int) -> None:
    path = tmp_path / "r.jsonl"
    files = FailingFiles(at, ["write"], written)
    if at == 0:
        with pytest.raises(RecordingFailed, match=r"the disk is full\. Nothing could be recorded"):
            RecordingWriter.create(path, HEADER, files)
        assert not path.exists()
        return
    writer = RecordingWriter.create(path, HEADER, files)
    failures = []
    for event in LOG:
        try:
            writer.append(event)
        except RecordingFailed as error:
            failures.append(str(error))
    writer.close()
    assert len(failures) == 1
    assert writer.dead
    recording = read_recording(path)
    assert recording.events == LOG[: at - 1]
    assert recording.problems == ()


def test_F3_a_full_disk_where_not_even_the_torn_line_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"

    class Worse(FailingFiles):
        def truncate(self, descriptor: int, length: int) -> None:
            raise OSError(5, "worse")

    writer = RecordingWriter.create(path, HEADER, Worse(2, ["write"], 30))
    writer.append(BOUND)
    with pytest.raises(RecordingFailed):
        writer.append(OPENED)
    recording = read_recording(path)
    assert recording.events == (BOUND,)
    assert [problem.line for problem in recording.problems] == [3]
    with RecordingWriter.reopen(path) as again:
        again.append(OPENED)
    assert read_recording(path).events == (BOUND, OPENED)


@pytest.mark.parametrize("operation", ["fsync", "close", "truncate"])
def test_F3_any_other_failure_loses_nothing_that_was_written(tmp_path: Path, operation: str) -> None:
    path = tmp_path / "r.jsonl"
    writer = RecordingWriter.create(path, HEADER, FailingFiles(0, [operation]))
    for event in LOG:
        writer.append(event)
    if operation == "fsync":
        with pytest.raises(RecordingFailed):
            writer.close()
    writer.close()
    writer.append(OPENED)
    assert read_recording(path).events == LOG


@pytest.mark.parametrize("operation", ["create", "make_folder"])
def test_F3_a_recording_that_cannot_be_made(tmp_path: Path, operation: str) -> None:
    with pytest.raises(RecordingFailed, match="could not be made"):
        RecordingWriter.create(tmp_path / "r.jsonl", HEADER, FailingFiles(0, [operation]))


def test_F3_a_header_that_cannot_be_written_leaves_no_file_and_no_descriptor(tmp_path: Path) -> None:
    before = set(Path("/proc/self/fd").iterdir())
    for _ in range(3):
        with pytest.raises(RecordingFailed):
            RecordingWriter.create(tmp_path / "r.jsonl", HEADER, FailingFiles(0, ["write"], 10))
    assert set(Path("/proc/self/fd").iterdir()) == before
    assert list(tmp_path.iterdir()) == []


def test_a_short_write_is_carried_on(tmp_path: Path) -> None:
    class Short(FailingFiles):
        def write(self, descriptor: int, data: bytes) -> int:
            return super().write(descriptor, data[:7])

    assert read_recording(record(tmp_path / "r.jsonl", LOG, files=Short(0, ()))).events == LOG


def test_F1_raw_secrets_are_written_only_where_the_header_says_so(tmp_path: Path) -> None:
    raw = {CODE.fingerprint: "the-raw-code"}
    with RecordingWriter.create(tmp_path / "sealed.jsonl", HEADER) as writer, pytest.raises(ValueError, match="raw"):
        writer.append(BOUND, raw)
    path = tmp_path / "r-with-secrets.jsonl"
    with RecordingWriter.create(path, replace(HEADER, secrets="included")) as writer:
        writer.append(BOUND, raw)
        writer.append(OPENED, raw)
    recording = read_recording(path)
    assert {key: secret.reveal() for key, secret in recording.secrets.items()} == raw
    assert path.read_text().count("the-raw-code") == 1
    assert "the-raw-code" not in repr(recording)


def test_appending_goes_on_including_secrets_where_the_file_does(tmp_path: Path) -> None:
    path = record(tmp_path / "r-with-secrets.jsonl", LOG, replace(HEADER, secrets="included"))
    with RecordingWriter.reopen(path) as writer:
        writer.append(OPENED, {CODE.fingerprint: "the-raw-code"})
    assert list(read_recording(path).secrets) == [CODE.fingerprint]


@pytest.mark.parametrize("number", [0, *range(1, FORMAT), 99])
def test_F4_nothing_is_appended_to_another_format(tmp_path: Path, number: int) -> None:
    path = record(tmp_path / "r.jsonl", LOG)
    path.write_bytes(path.read_bytes().replace(b'"format":%d' % FORMAT, b'"format":%d' % number, 1))
    before = path.read_bytes()
    with pytest.raises(RecordingRefused):
        RecordingWriter.reopen(path)
    assert path.read_bytes() == before


def test_a_last_line_without_a_beginning_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "MAX_TAIL", 20)
    path = record(tmp_path / "r.jsonl", LOG)
    path.write_bytes(path.read_bytes() + b"x" * 30)
    with pytest.raises(RecordingRefused, match="longer than 20 bytes"):
        RecordingWriter.reopen(path)
