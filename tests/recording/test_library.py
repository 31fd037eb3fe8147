"""The library: rows, the index behind them, and what is done with recordings (threats.md F1, F2, F4)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.recording.disk import library as library_module
from airisk_tui.recording.disk import summary as summary_module
from airisk_tui.recording.disk.errors import RecordingFailed, RecordingRefused
from airisk_tui.recording.disk.folder import (
    KEY_NAME,
    file_name,
    fingerprint_key,
    free_path,
    name_of_title,
    sanitised,
    title_of,
    utc_stamp,
)
from airisk_tui.recording.disk.format import Closing
from airisk_tui.recording.disk.library import INDEX, TRASH, Library
from airisk_tui.recording.disk.reader import read_recording
from tests.recording.disk import HEADER, FailingFiles, members, mode, record
from tests.recording.logs import LOGS

CLOSING = Closing(outcome="token-refused", duration=1.9, first_finding="The code expired.", userid="user_42")
NAME = "2026-11-24T10-15-02Z-sandbox-generic-a1b2c3d4e5f6.jsonl"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "recordings")


def filled(library: Library) -> Path:
    return library.add(LOGS["invalid-code"], HEADER, CLOSING)


def test_an_empty_and_a_missing_folder_list_nothing(library: Library) -> None:
    assert library.summaries() == []
    assert not library.folder.exists()


def test_a_row_says_what_the_run_was(library: Library) -> None:
    path = filled(library)
    (row,) = library.summaries()
    assert (path.name, row.name, library.path(row)) == (NAME, NAME, path)
    assert (row.environment, row.kind, row.userid, row.secrets) == ("sandbox", "generic", "user_42", False)
    assert (row.outcome, row.first_finding, row.duration) == ("token-refused", "The code expired.", 1.9)
    assert (row.title, row.when, row.size) == ("", 1_795_515_302.25, path.stat().st_size)


def test_a_killed_run_is_folded_for_its_row(library: Library) -> None:
    path = library.add(LOGS["invalid-code"], HEADER)
    with path.open("ab") as file:
        file.write(b'{"event":"Tor')
    (row,) = library.summaries()
    assert (row.outcome, row.problems, row.first_finding) == ("token-refused", 1, None)


def test_of_many_killed_runs_each_listing_learns_some(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "MAX_FOLDED", 2)
    for _ in range(5):
        library.add(LOGS["invalid-code"], HEADER)
    known = [sum(row.outcome is not None for row in library.summaries()) for _ in range(3)]
    assert known == [2, 4, 5]


def test_a_later_closing_line_counts(library: Library) -> None:
    path = filled(library)
    library.summaries()
    with path.open("a") as file:
        file.write('{"closing":{"outcome":"access-refused","duration":5}}\n')
    assert library.summaries()[0].outcome == "access-refused"
    closing = read_recording(path).closing
    assert closing is not None
    assert closing.outcome == "access-refused"


def test_the_newest_stand_first(library: Library) -> None:
    for day in ("22", "24", "23"):
        library.add((), replace(HEADER, utc=f"2026-11-{day}T00:00:00.000Z", run_id=day), CLOSING)
    assert [row.when for row in library.summaries()] == sorted((row.when for row in library.summaries()), reverse=True)
    assert [row.name[8:10] for row in library.scan()] == ["24", "23", "22"]


def test_a_listing_reads_no_file_that_the_index_knows(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(library)
    rows = library.summaries()
    monkeypatch.setattr(summary_module, "_first_and_last_bytes", lambda *_: pytest.fail("a file was read"))
    assert library.summaries() == rows


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format":2,"rows":{}}',
        b'{"format":1,"rows":[]}',
        b'{"format":1,"rows":{"%s":7}}' % NAME.encode(),
        b"\xff" * 100,
    ],
)
def test_an_index_that_is_not_right_is_made_anew(library: Library, content: bytes) -> None:
    filled(library)
    rows = library.summaries()
    (library.folder / INDEX).write_bytes(content)
    assert library.summaries() == rows
    assert NAME in json.loads((library.folder / INDEX).read_text())["rows"]


def test_an_index_row_of_the_wrong_types_is_not_believed(library: Library) -> None:
    filled(library)
    rows = library.summaries()
    index = json.loads((library.folder / INDEX).read_text())
    index["rows"][NAME]["duration"] = "long"
    (library.folder / INDEX).write_text(json.dumps(index))
    assert library.summaries() == rows


@pytest.mark.parametrize("operation", ["create", "write", "fsync", "close", "rename"])
def test_a_folder_that_cannot_be_written_still_lists(tmp_path: Path, operation: str) -> None:
    filled(Library(tmp_path))
    files = FailingFiles(0, [operation])
    assert len(Library(tmp_path, files).summaries()) == 1
    assert files.failed
    assert len(Library(tmp_path).summaries()) == 1
    assert not list(tmp_path.glob("*.tmp"))


def test_F4_foreign_files_are_listed_with_the_reason_or_not_at_all(library: Library) -> None:
    filled(library)
    (library.folder / "odd.jsonl").write_text("GIF89a")
    (library.folder / "newer.jsonl").write_text(json.dumps(members(format=7)) + "\n")
    (library.folder / "notes.txt").write_text("mine")
    (library.folder / "link.jsonl").symlink_to("/etc/passwd")
    os.mkfifo(library.folder / "fifo.jsonl")
    (library.folder / "folder.jsonl").mkdir()
    rows = {row.name: row for row in library.summaries()}
    assert rows.keys() == {NAME, "odd.jsonl", "newer.jsonl"}
    assert "not a recording" in (rows["odd.jsonl"].refused or "")
    assert "newer" in (rows["newer.jsonl"].refused or "")


def test_search_finds_every_word_anywhere(library: Library) -> None:
    filled(library)
    (row,) = library.summaries()
    for words in ("", "SANDBOX", "expired user_42", "token-refused 2026-11"):
        assert row.matches(words)
    assert not row.matches("sandbox production")


def test_rename_and_back(library: Library) -> None:
    path = filled(library)
    renamed = library.rename(path, "Broken at Müller / again\x1b[31m")
    assert renamed.name == "Broken at Müller _ again_31m.jsonl"
    assert library.summaries()[0].title == "Broken at Müller _ again_31m"
    assert library.find("Broken at Müller _ again_31m") == renamed
    assert library.rename(renamed, "").name == NAME
    with pytest.raises(RecordingFailed, match="no letter"):
        library.rename(library.folder / NAME, "../..")
    with pytest.raises(RecordingRefused, match="no recording of the name"):
        library.find("../recordings/" + NAME)


@pytest.mark.parametrize(
    ("typed", "meant"), [("lst", "last"), ("a1b2c3", NAME.removesuffix(".jsonl")), ("2026-11-24T11", "")]
)
def test_a_name_that_is_not_there_asks_for_the_nearest(library: Library, typed: str, meant: str) -> None:
    record(library.folder / NAME, LOGS["browser-token"])
    with pytest.raises(RecordingRefused) as refused:
        library.find(typed)
    assert (f"Did you mean {meant}?" in str(refused.value)) is bool(meant)


def test_rename_never_replaces_and_keeps_the_mark_of_raw_secrets(library: Library) -> None:
    header = replace(HEADER, secrets="included")
    first, second = library.add((), header), library.add((), header)
    assert {first.name, second.name} == {
        NAME.replace(".jsonl", f"{tail}.jsonl") for tail in ("-with-secrets", "-2-with-secrets")
    }
    assert library.rename(first, "mine").name == "mine-with-secrets.jsonl"
    assert library.rename(second, "mine").name == "mine-2-with-secrets.jsonl"


def test_delete_undo_and_purge(library: Library) -> None:
    path = filled(library)
    content = path.read_bytes()
    deleted = library.delete(path)
    assert library.summaries() == []
    assert mode(library.folder / TRASH) == 0o700
    assert library.undo(deleted) == path
    assert path.read_bytes() == content
    library.delete(path)
    assert library.purge(before=0.0) == 0
    assert library.purge() == 1
    with pytest.raises(RecordingFailed, match="was not brought back"):
        library.undo(deleted)


def test_one_that_cannot_be_deleted_does_not_end_the_purge(library: Library) -> None:
    for _ in range(3):
        library.delete(filled(library))
    stubborn = next((library.folder / TRASH).iterdir())
    stubborn.unlink()
    stubborn.mkdir()
    assert library.purge() == 2
    assert list((library.folder / TRASH).iterdir()) == [stubborn]


def test_undo_beside_one_that_took_the_place(library: Library) -> None:
    deleted = library.delete(filled(library))
    there = filled(library)
    back = library.undo(deleted)
    assert back != there
    assert len(library.summaries()) == 2


@pytest.mark.parametrize("operation", ["rename", "make_folder"])
def test_a_delete_that_fails_leaves_the_recording(tmp_path: Path, operation: str) -> None:
    path = filled(Library(tmp_path))
    with pytest.raises(RecordingFailed, match="was not deleted"):
        Library(tmp_path, FailingFiles(0, [operation])).delete(path)
    assert path.exists()


def test_import_copies_what_opens_and_refuses_the_rest(library: Library, tmp_path: Path) -> None:
    source = record(tmp_path / "from a colleague.jsonl", LOGS["invalid-code"])
    source.chmod(0o644)
    target = library.import_file(source)
    assert (target.name, mode(target), target.read_bytes()) == (NAME, 0o600, source.read_bytes())
    assert library.import_file(source).name != NAME
    source.write_text("nothing")
    with pytest.raises(RecordingRefused):
        library.import_file(source)


@pytest.mark.parametrize("operation", ["create", "write", "fsync", "close", "make_folder"])
def test_F3_an_import_that_fails_leaves_nothing(tmp_path: Path, operation: str) -> None:
    source = record(tmp_path / "source.jsonl", LOGS["invalid-code"])
    with pytest.raises(RecordingFailed, match="could not be copied"):
        Library(tmp_path / "library", FailingFiles(0, [operation])).import_file(source)
    assert Library(tmp_path / "library").summaries() == []


def test_F1_the_key_is_made_once_and_only_its_owners(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    key = fingerprint_key(folder, lambda length: b"k" * length)
    assert key == fingerprint_key(folder, lambda length: pytest.fail("a second key"))
    assert (mode(folder), mode(folder / KEY_NAME), len(key)) == (0o700, 0o600, 32)
    assert [path.name for path in folder.iterdir()] == [KEY_NAME]


def test_of_two_keys_made_at_once_the_first_counts(tmp_path: Path) -> None:
    def slow(length: int) -> bytes:
        fingerprint_key(tmp_path, lambda length: b"1" * length)
        return b"2" * length

    assert fingerprint_key(tmp_path, slow) == b"1" * 32


@pytest.mark.parametrize("operation", ["create", "write", "fsync", "close", "link", "make_folder"])
def test_a_key_that_cannot_be_made_says_so_and_leaves_none(tmp_path: Path, operation: str) -> None:
    with pytest.raises(RecordingFailed, match="key of the recordings folder"):
        fingerprint_key(tmp_path, bytes, FailingFiles(0, [operation]))
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    (tmp_path / KEY_NAME).write_bytes(b"short")
    with pytest.raises(RecordingFailed, match="should have 32 bytes and has 5"):
        fingerprint_key(tmp_path, bytes)


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=60))
def test_F4_no_header_makes_a_name_that_leaves_the_folder(environment: str, run_id: str, utc: str) -> None:
    name = file_name(replace(HEADER, environment=environment, run_id=run_id, utc=utc))
    assert Path(name).name == name
    assert not name.startswith((".", "-"))
    assert len(name.encode()) < 255
    assert name.isprintable()


@given(st.text(max_size=300))
def test_any_title_makes_a_safe_name_or_none(text: str) -> None:
    name = name_of_title(text, True)
    assert not name or (Path(name).name == name and name.endswith("-with-secrets.jsonl") and not name.startswith("."))
    assert len(name.encode()) < 255
    assert sanitised(sanitised(text)) == sanitised(text)


def test_names_and_times(tmp_path: Path) -> None:
    assert (title_of(NAME), title_of("mine-with-secrets.jsonl")) == ("", "mine")
    assert utc_stamp(1_795_515_302.25) == "2026-11-24T10:15:02.250Z"
    assert free_path(tmp_path, "a.jsonl") == tmp_path / "a.jsonl"
