"""`make audit` tells vulnerabilities from a database that cannot be reached."""

from __future__ import annotations

import json
import sys

import pytest

from tests.audit import audit

CLEAN = {"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not on PyPI"}]}
KNOWN = {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}]}
UNKNOWN = {"dependencies": [{"name": "b", "skip_reason": "not found"}]}


def printing(document: object) -> list[str]:
    return [sys.executable, "-c", f"print({json.dumps(document)!r})"]


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (printing(CLEAN), 0, "1 packages were checked, 0 have known vulnerabilities, 1 skipped."),
        (printing(UNKNOWN), 0, "Nothing was checked"),
        (printing(KNOWN), 1, "a 1: CVE-1, fixed in 2"),
        ([sys.executable, "-c", "raise SystemExit('connection refused')"], 0, "Nothing was checked: no database"),
        ([sys.executable, "-c", "import time; time.sleep(9)"], 0, "did not answer within"),
    ],
)
def test_what_it_says(command: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(command, patience=0.5) == code
    assert words in capsys.readouterr().out
