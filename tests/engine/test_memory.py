"""What is kept between two starts: written whole, read only where it has the right shape, and never a secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from airisk_tui.engine.config.memory import MAX_EARLIER, MAX_FILE, MAX_VALUE, Memory


def test_what_was_kept_is_there_at_the_next_start_and_two_programs_do_not_undo_each_other(tmp_path: Path) -> None:
    first, second = Memory(tmp_path / "deep" / "state.json"), Memory(tmp_path / "deep" / "state.json")
    first.theme = "nord"
    first.keep_rows("sandbox", {"userid": "user_42", "listen": "x" * (MAX_VALUE + 1)})
    for number in range(MAX_EARLIER + 3):
        second.used("staging", [("userid", f"user_{number}"), ("listen", "")])
    second.used("staging", [("userid", "user_5")])
    assert (first.save(), second.save()) == ("", "")
    second.theme = "dracula"
    first.keep_size("request", 40)
    assert (second.save(), first.save()) == ("", "")
    again = Memory(first.path)
    assert (again.theme, again.size("request"), again.rows("sandbox")) == ("dracula", 40, {"userid": "user_42"})
    assert again.earlier("staging", "userid")[:2] == ("user_5", f"user_{MAX_EARLIER + 2}")
    assert len(again.earlier("staging", "userid")) == MAX_EARLIER
    assert again.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff", b"[]", b'{"format": 99}', b"[" * 100_000, b'{"format": 1}' + b" " * MAX_FILE],
    ids=["empty", "torn", "no-text", "no-table", "newer", "deep", "large"],
)
def test_a_broken_file_is_as_good_as_none_and_told_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(data)
    memory = Memory(path)
    assert "could not be read" in memory.problem and memory.theme == ""
    memory.theme = "nord"
    assert memory.save() == "" and Memory(path).theme == "nord"


def test_a_file_of_another_shape_gives_what_fits_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    rows = {"userid": 5, "listen": "127.0.0.1:1"}
    environments = {"a": {"rows": rows, "earlier": {"userid": [1, "u"], "x": 3}}, "b": 7}
    path.write_text(json.dumps({"format": 1, "theme": [], "sizes": {"request": "wide"}, "environments": environments}))
    memory = Memory(path)
    assert (memory.problem, memory.theme, memory.size("request")) == ("", "", 0)
    assert memory.rows("a") == {"listen": "127.0.0.1:1"} and memory.rows("b") == {}
    assert memory.earlier("a", "userid") == ("u",)


def test_a_place_that_cannot_be_written_is_told_and_nothing_ends(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = Memory(tmp_path / "file" / "state.json")
    memory.theme = "nord"
    assert "could not be kept" in memory.save()
