"""`sandbox --from`: a recording answers as its server did, on this machine alone."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from airisk_tui.engine.ports import SystemEntropy
from airisk_tui.headless.sandbox import sandbox
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.oauth.answer.jwt import read_jwt
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.session.recordings.opening import open_recording
from airisk_tui.session.recordings.server import RecordedServer, fresh_with, moved
from tests.recording.disk import record
from tests.recording.logs import LOGS
from tests.runs import URI

Command = Callable[..., Any]


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *details: Any) -> None:
        return None


def asked(url: str, **headers: str) -> tuple[int, Any]:
    try:
        answer = build_opener(_Stay).open(Request(url, headers=headers), timeout=5)
    except HTTPError as error:
        with error:
            return error.code, error.headers
    return answer.status, answer.headers


def flow_to(server: RecordedServer) -> tuple[str, ...]:
    return ("--base-url", server.base_url, "--client-id", "demo-app", "--redirect-uri", URI)


def test_a_failure_seen_elsewhere_is_seen_here(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", "any")
    path = command("run", "--env", "sandbox", "--mode", "direct", "--fault", "code-expired", "--json").json["recording"]
    with RecordedServer(open_recording(Path(path))) as server:
        document = command("run", *flow_to(server), "--mode", "direct", "--json").json
    assert document["outcome"] == "token-refused"
    assert "code-refused" in [finding["code"] for finding in document["findings"]]


def test_what_went_well_goes_well_again_years_later(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", "any")
    path = command("run", "--env", "sandbox", "--mode", "direct", "--json").json["recording"]
    lines = Path(path).read_text().splitlines()
    begun = json.loads(lines[1])
    began, begun["utc"] = begun["utc"], begun["utc"] - 1000
    old = tmp_path / "old.jsonl"
    old.write_text("\n".join([lines[0], json.dumps(begun), *lines[2:]]) + "\n")
    with RecordedServer(open_recording(old)) as server:
        document = command("run", *flow_to(server), "--mode", "direct", "--json").json
    assert document["outcome"] == "token"
    assert document["token"]["claims"]["sub"] == "app:demo-app"
    assert document["token"]["claims"]["exp"] >= began + 3600 + 1000 - 5
    assert document["token"]["expires_at"] >= utc_text(began + 3600 + 1000 - 5)


def test_F6_it_answers_to_this_machine_only_and_its_pages_run_nothing(tmp_path: Path) -> None:
    opened = open_recording(record(tmp_path / "a.jsonl", LOGS["invalid-code"]))
    with RecordedServer(opened) as server:
        assert asked(f"{server.base_url}/api/oauth2", Host="evil.example.com")[0] == 421
        status, headers = asked(f"{server.base_url}/nothing")
    assert status == 404
    assert "sandbox" in headers["Content-Security-Policy"]


async def test_a_recording_without_an_answer_is_refused(tmp_path: Path) -> None:
    path = record(tmp_path / "a.jsonl", LOGS["listener-busy"])
    given = {"list_faults": False, "fault": [], "lenient": False, "dialect": "airisk", "port": 0, "json": False}
    args = argparse.Namespace(**given, recording=str(path))
    with pytest.raises(UsageError, match="could answer nothing"):
        await sandbox(args)
    for name, value in (("fault", ["denied"]), ("lenient", True), ("dialect", "standard")):
        with pytest.raises(UsageError, match=f"--{name}"):
            await sandbox(argparse.Namespace(**{**vars(args), name: value}))


def test_times_near_the_run_move_and_others_stay() -> None:
    began = 1_795_520_000.0
    data = b'{"expiration":"2026-11-24T13:33:20Z","born":"1970-01-01T00:00:00Z","local":"2026-11-24T13:33:20+02:00"}'
    later = json.loads(moved(data, began, 86_400.0))
    assert later == {
        "expiration": "2026-11-25T13:33:20Z",
        "born": "1970-01-01T00:00:00Z",
        "local": "2026-11-25T13:33:20+02:00",
    }


def test_a_token_keeps_its_claims_and_is_signed_by_nobody() -> None:
    view = SecretView("f" * 16, 200, "jwt", '{"alg":"HS256"}', '{"sub":"user_42","exp":100}')
    fresh = fresh_with(SystemEntropy(), [view], 50.0)
    token = read_jwt(fresh(200, "jwt"))
    assert token is not None
    assert token.claims == {"sub": "user_42", "exp": 150}
    assert fresh(200, "jwt") != fresh(200, "jwt")
    assert len(fresh(22, "opaque")) == 22
