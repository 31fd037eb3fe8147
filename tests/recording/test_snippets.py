"""Snippets really run, send what was recorded, hold no secret, and execute nothing that stood in the recording."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, TokenExchanged
from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.recording.snippets.curl import as_curl
from airisk_tui.recording.snippets.python import as_python
from airisk_tui.recording.snippets.requests import variables
from tests.recording.logs import LOGS
from tests.runs import SECRET, TOKEN, exchanged, started

RAW = {
    "AIRISK_CLIENT_SECRET": "s&cr et'\"$(touch PWNED)",
    "AIRISK_CODE": "the+code/=",
    "AIRISK_ACCESS_TOKEN": "the.token",
    "AIRISK_CODE_VERIFIER": "verifier",
    "AIRISK_SECRET_1": "cookie",
}
HOSTILE = [
    "'; touch PWNED; '",
    '"; touch PWNED; "',
    "$(touch PWNED)",
    "`touch PWNED`",
    "a\ntouch PWNED\n",
    "\\'; touch PWNED #",
    "-o PWNED",
    "@/etc/passwd",
    "file:///etc/passwd",
    "\x1b]0;x\x07",
    "${IFS}!!",
    "\ud800",
    "{a,b}[1-9]",
]
CURL = """#!/bin/bash
printf '%s\\0' "$@" >> "$CAPTURED"
printf '\\0END\\0' >> "$CAPTURED"
case " $* " in *" --write-out "*) printf '\\n%s' "$REDIRECT" ;; esac
"""
STUB = """
import email.message, json, os, http.client
class Answer:
    status = 200
    headers = email.message.Message()
    headers["Location"] = os.environ["REDIRECT"]
    def getheader(self, name): return None
    def read(self): return b"ok"
class Stub(http.client.HTTPConnection):
    def connect(self): pass
    def putheader(self, name, value):
        self.sent = [*getattr(self, "sent", []), [name, value if isinstance(value, str) else value.decode()]]
        super().putheader(name, value)
    def putrequest(self, method, target, *rest):
        self.first = [method, f"http://{self.host}:{self.port}{target}".replace(":80/", "/")]
        super().putrequest(method, target, *rest)
    def endheaders(self, body):
        with open(os.environ["CAPTURED"], "a") as file:
            file.write(json.dumps([*self.first, self.sent, body.decode("latin-1")]) + "\\n")
    def getresponse(self): return Answer()
http.client.HTTPConnection = http.client.HTTPSConnection = Stub
"""
REDIRECT = "http://127.0.0.1:8765/callback?state=x&code=the%2Bcode%2F%3D#_"

Runner = Callable[[str], list[Any]]


@pytest.fixture
def bash(tmp_path: Path) -> Runner:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "curl").write_text(CURL)
    (tmp_path / "bin" / "curl").chmod(0o755)

    def run(script: str) -> list[list[str]]:
        captured = tmp_path / "captured"
        captured.write_bytes(b"")
        environ = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "CAPTURED": str(captured), "REDIRECT": REDIRECT, **RAW}
        done = subprocess.run(["bash", "-eu"], input=script.encode(), env=environ, cwd=tmp_path, capture_output=True)
        assert (done.returncode, done.stderr) == (0, b"")
        assert not (tmp_path / "PWNED").exists()
        return [call.split("\0")[:-1] for call in captured.read_bytes().decode().split("\0END\0")[:-1]]

    return run


@pytest.fixture
def python(tmp_path: Path) -> Runner:
    def run(script: str) -> list[Any]:
        captured = tmp_path / "captured"
        captured.write_bytes(b"")
        environ = {"CAPTURED": str(captured), "REDIRECT": REDIRECT, **RAW}
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", STUB + script], env=environ, cwd=tmp_path, capture_output=True
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert not (tmp_path / "PWNED").exists()
        return [json.loads(line) for line in captured.read_text().splitlines()]

    return run


def value_of(call: list[str], option: str) -> str:
    return call[call.index(option) + 1]


def options(call: list[str], option: str) -> list[str]:
    return [call[index + 1] for index, word in enumerate(call) if word == option]


def test_curl_sends_what_was_recorded_with_the_secrets_from_the_environment(bash: Runner) -> None:
    token, users, conversations = bash(as_curl(LOGS["user-specific-with-probes"]))
    assert (value_of(token, "--request"), value_of(token, "--url")) == (
        "POST",
        "http://127.0.0.1:9000/api/oauth2/Token",
    )
    assert f"client_secret={RAW['AIRISK_CLIENT_SECRET']}" in options(token, "--data-urlencode")
    assert f"code={RAW['AIRISK_CODE']}" in options(token, "--data-urlencode")
    assert options(users, "--header") == options(conversations, "--header") == ["Authorization: Bearer the.token"]


def test_python_sends_what_was_recorded_with_the_secrets_from_the_environment(python: Runner) -> None:
    token, users, _ = python(as_python(LOGS["user-specific-with-probes"]))
    assert token[0:2] == ["POST", "http://127.0.0.1:9000/api/oauth2/Token"]
    assert "client_secret=s%26cr%20et%27%22%24%28touch%20PWNED%29&" in token[3]
    assert users[2] == [["Host", "127.0.0.1:9000"], ["Authorization", "Bearer the.token"]]


def test_json_bodies_stay_json(bash: Runner, python: Runner) -> None:
    body = json.dumps({"client_secret": "SECRET", "note": "ü"}).replace("SECRET", SECRET.reference).encode()
    request = HttpRequest("POST", "http://h/api/oauth2/Token", (("Content-Type", "application/json"),), Body.of(body))
    event = replace(exchanged(), exchange=Exchange(request, HttpResponse(200)))
    (_, sent), (_, call) = python(as_python([started(), event])), bash(as_curl([started(), event]))
    for text in (sent[3], value_of(call, "--data-raw")):
        assert json.loads(text) == {"client_secret": RAW["AIRISK_CLIENT_SECRET"], "note": "ü"}


def log_with(hostile: str) -> list[AnyEvent]:
    request = HttpRequest(
        "POST",
        f"http://h/{hostile}?{hostile}",
        (("X-Odd", hostile), (hostile, "x"), ("Content-Type", "application/x-www-form-urlencoded")),
        Body.of(f"{hostile}={hostile}&code={SECRET.reference}".encode(errors="replace")),
    )
    event = TokenExchanged(at=1.0, exchange=Exchange(request, HttpResponse(400, (), Body(), hostile)))
    odd = replace(event, exchange=Exchange(replace(request, method=f"{hostile} x"), HttpResponse(200)))
    return [started(mode="direct", client_id=hostile, state=hostile), event, odd]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_values_execute_nothing(hostile: str, bash: Runner, python: Runner) -> None:
    (call,) = bash(as_curl(log_with(hostile)))
    assert value_of(call, "--proto") == "=http,https"
    (sent,) = python(as_python(log_with(hostile)))
    assert sent[0] == "POST"


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("'\"\\$`!#;&|<>(){}[]*?~ \n\t-@=%ax\0\u202e\ud800é"), max_size=30))
def test_any_values_execute_nothing(bash: Runner, python: Runner, hostile: str) -> None:
    assert len(bash(as_curl(log_with(hostile)))) == 1
    assert len(python(as_python(log_with(hostile)))) == 1


@pytest.mark.parametrize("name", LOGS)
def test_every_log_makes_snippets_without_placeholders_and_control_characters(name: str) -> None:
    for text in (as_curl(LOGS[name]), as_python(LOGS[name])):
        assert "~sealed." not in text
        assert all(line.isprintable() for line in text.splitlines())
    compile(as_python(LOGS[name]), name, "exec")


def test_a_body_that_is_no_text_goes_through_base64(bash: Runner) -> None:
    request = replace(exchanged().exchange.request, body=Body.of(b"\xff\x00"))
    (call,) = bash(
        as_curl([started(mode="direct"), replace(exchanged(), exchange=Exchange(request, HttpResponse(200)))])
    )
    assert value_of(call, "--data-binary").startswith("@/dev/fd/")


def test_each_secret_is_named_by_its_role() -> None:
    names = variables(LOGS["user-specific-with-probes"])
    assert names[SECRET.fingerprint] == "AIRISK_CLIENT_SECRET"
    assert names[TOKEN.fingerprint] == "AIRISK_ACCESS_TOKEN"
    assert sorted(names.values()) == ["AIRISK_ACCESS_TOKEN", "AIRISK_CLIENT_SECRET", "AIRISK_CODE"]
