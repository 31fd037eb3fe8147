"""`airisk-tui sandbox` in this process: its faults, what it refuses, and what it says when it is there."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from airisk_tui.headless.sandbox import _embedded, _say_ready
from airisk_tui.sandbox.airisk.faults import FAULTS
from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS
from tests.headless.conftest import Ran
from tests.headless.recorded import recorded
from tests.recording.logs import LOGS

Command = Callable[..., Ran]


@pytest.mark.parametrize(("dialect", "faults"), [("airisk", FAULTS), ("standard", STANDARD_FAULTS)])
def test_the_faults_of_a_dialect_are_listed_in_columns_or_as_json(
    command: Command, dialect: str, faults: dict[str, object]
) -> None:
    lines = command("sandbox", "--list-faults", "--dialect", dialect).out.splitlines()
    assert [line.split()[0] for line in lines] == list(faults)
    at = max(map(len, faults)) + 2
    assert all(line[at - 2 : at] == "  " and line[at] != " " and line.endswith(".") for line in lines)
    told = command("sandbox", "--list-faults", "--dialect", dialect, "--json").json
    assert [one["name"] for one in told] == list(faults)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("--dialect standard --lenient", "--lenient belongs to the AIRisk server"),
        ("--dialect standard --fault code-used", "code-used"),
        ("--fault nonsense", "nonsense"),
        ("--from FILE --lenient", "--lenient belongs to the embedded server"),
        ("--from FILE --dialect standard", "--dialect belongs to the embedded server"),
        ("--from FILE --fault code-used", "--fault belongs to the embedded server"),
        ("--from EMPTY", "contains no server's answer"),
    ],
)
def test_what_does_not_go_together_is_refused(command: Command, tmp_path: Path, words: str, wrong: str) -> None:
    files = {"FILE": ("a.jsonl", "browser-token"), "EMPTY": ("b.jsonl", "listener-busy")}
    given = [
        recorded(tmp_path, LOGS[files[word][1]], files[word][0]) if word in files else word for word in words.split()
    ]
    ran = command("sandbox", *given)
    assert ran.code == 2 and wrong in ran.err and not ran.out


@pytest.mark.parametrize("dialect", ["airisk", "standard"])
def test_the_first_line_is_the_address_alone(dialect: str, capsys: pytest.CaptureFixture[str]) -> None:
    server = _embedded(argparse.Namespace(dialect=dialect, lenient=False, fault=[], port=0))
    server.start()
    try:
        _say_ready(server, as_json=False)
        told = capsys.readouterr()
        assert told.out == f"{server.base_url}\n" and told.err
        _say_ready(server, as_json=True)
        told = capsys.readouterr()
        assert f'"{server.base_url}"' in told.out and not told.err
    finally:
        server.stop()
