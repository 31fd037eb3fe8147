"""What `recordings check` finds in a HAR, and what a rerun says of another secret."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from airisk_tui.oauth.secret import Secret
from airisk_tui.session.recordings.checking import check_file
from airisk_tui.session.rerun import _other_secret
from tests.recording.hars import CLIENT_SECRET, CODE, TOKEN, flow, har


def test_every_request_and_every_answer_of_a_har_is_looked_at_and_named_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_bytes(har(flow()))
    found = [(one.place, one.length) for one in check_file(path).leftovers if "cookie" not in one.place]
    assert found == [
        ("entry 1, response, location", len(CODE)),
        ("entry 2, request, url", len(CODE)),
        ("entry 3, request, body", len(CLIENT_SECRET)),
        ("entry 3, request, body", len(CODE)),
        ("entry 3, response, body", len(TOKEN)),
        ("entry 4, request, authorization", len(TOKEN)),
        ("entry 5, request, authorization", len(TOKEN)),
    ]


def test_another_secret_than_the_recorded_one_is_told() -> None:
    session = cast(Any, SimpleNamespace(fingerprint=lambda secret: "aa"))
    assert _other_secret(session, None, "bb") == []
    assert _other_secret(session, Secret("x"), "") == []
    assert _other_secret(session, Secret("x"), "aa") == []
    assert len(_other_secret(session, Secret("x"), "bb")) == 1
