"""Programs that get the terminal: which they are, and that nothing of a text stays behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from airisk_tui.engine.machine.outside import NoProgram, changed_in, editor, pager, read_in

EDIT = """
import os, pathlib, stat, sys
file = pathlib.Path(sys.argv[1])
assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
file.with_name("value.txt.swp").write_text(file.read_text())
file.write_text(file.read_text().replace("callback", "back"))
"""


async def test_a_text_comes_back_changed_and_nothing_of_it_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert await changed_in([sys.executable, "-c", EDIT], "http://127.0.0.1/callback") == "http://127.0.0.1/back\n"
    assert await changed_in([sys.executable, "-c", "raise SystemExit(1)"], "x") is None
    assert not [*os.scandir(tmp_path)]


async def test_a_pager_reads_the_text_and_may_leave_early(capfd: pytest.CaptureFixture[str]) -> None:
    await read_in([sys.executable, "-c", "print(input())"], "first\n" + "more\n" * 100_000)
    assert capfd.readouterr().out == "first\n"


def test_the_programs_are_those_of_the_variables() -> None:
    python = sys.executable
    assert editor({"VISUAL": f"{python} -u", "EDITOR": "vi"}) == [python, "-u"]
    assert editor({"VISUAL": " ", "EDITOR": python}) == [python] == pager({"PAGER": python})
    for wrong in ("no-such-program-here", "'"):
        with pytest.raises(NoProgram, match="EDITOR"):
            editor({"EDITOR": wrong})
