"""A file can be proven clean, and hostile bodies cost neither time nor memory (threats.md F10, C9)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.redaction.sealer import Sealer
from tests.recording.disk import record
from tests.recording.hars import flow, har
from tests.recording.logs import LOGS
from tests.threats.conftest import Command

TOKEN = "q7Rk2vXw9LpZ4tYb8NcD3fGh6JmS1aQe"

HOSTILE = {
    "one value": "json.dumps({'access_token': 'Ab3' * 3 * 2**20}).encode()",
    "escapes": "b'{\"access_token\":\"' + rb'\\u0041' * 1_500_000 + b'\"}'",
    "small JWTs": "b'eyJhbGciOiJub25lIn0.e30.AAAAAAAAAAAAAAAA ' * 262_144",
    "a string that never ends": "b'{\"access_token\":\"' + b'\\\\' * 9 * 2**20",
    "only beginnings of JWTs": "b'eyJ' * 3 * 2**20",
    "percent signs": "b'%25' * 3 * 2**20",
    "small JWTs in a list": "b'[' + b'\"eyJhbGciOiJub25lIn0.e30.AAAAAAAAAAAAAAAA\",' * 230_000",
    "words like codes": "b'[' + b','.join(b'\"ab%06xz\"' % n for n in range(380_000))",
    "words that can be read": "json.dumps([c + 'anaram' + a + 'lo' for a in 'aeiou' for c in 'bdlmprst'] * 8_000).encode()",
    "numbers": "b'[' + b'1,' * 2_000_000",
    "a percent sign encoded again and again": "b'%' + b'25' * 4 * 2**20",
    "bytes": "bytes(range(256)) * 40_000",
}
PROGRAM = """
import json, resource, sys
from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.oauth.answer.token import read_token_answer
from airisk_tui.redaction.sealer import Sealer
used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
body = Body.of(({body})[:10 * 2**20])
sealer = Sealer(b"k" * 32)
sealer.learn("a-client-secret-of-some-length")
before = used()
answer = HttpResponse(200, (("Content-Type", "application/json"),), body)
exchange = sealer.exchange(Exchange(HttpRequest("POST", "https://h/"), answer))
sealer.views_in(exchange)
read_token_answer(exchange.response, AIRISK, 0.0)
print(used() - before)
"""


EVERYDAY: dict[str, Any] = {"small JWTs": (), "one value": pytest.mark.ci, "words like codes": pytest.mark.ci}
"""Many secrets, a single one, and many guesses, with their marks: the others are their like and take long."""


@pytest.mark.parametrize("name", [pytest.param(name, marks=EVERYDAY.get(name, pytest.mark.long)) for name in HOSTILE])
def test_C9_a_hostile_body_takes_less_than_64_mib_to_seal_and_read(name: str) -> None:
    """Measured from outside: what the process takes at its highest. The limit of time is that of one exchange."""
    program = PROGRAM.replace("{body}", HOSTILE[name])
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert int(ran.stdout) < 64


def test_C9_a_body_of_too_many_values_is_sealed_as_a_whole_and_so_is_one_that_is_late() -> None:
    many = b"[" + b",".join(b'"ab%06xz"' % number for number in range(60_000)) + b"]"
    few = json.dumps([f"word {number}" for number in range(6_000)]).encode()
    for body, late in ((many, False), (few, True)):
        answer = HttpResponse(200, (("Content-Type", "application/json"),), Body.of(body))
        exchange = Exchange(HttpRequest("POST", "https://h/", (("X-Kept", "in clear"),)), answer)
        sealed = Sealer(b"k" * 32).exchange(exchange, late=lambda late=late: late)
        assert sealed.response.body.cut == "sealed"
        assert REFERENCE.fullmatch(sealed.response.body.data[2:].decode())
        assert sealed.request.headers == exchange.request.headers
    assert Sealer(b"k" * 32).body(Body.of(few)).data == few


def test_F10_a_recording_of_a_run_is_proven_clean(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    path = command("run", "--env", "sandbox", "--mode", "direct", "--json").json["recording"]
    ran = command("recordings", "check", path)
    assert (ran.code, ran.out) == (0, b"")
    assert b"values are sealed: " in ran.err and b"client_secret" in ran.err
    command("export", path, "--as", "har", "-o", "run.har")
    assert command("recordings", "check", "run.har").code == 0


def test_F10_what_is_left_in_a_har_is_named_by_its_place_and_never_by_its_value(
    command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "raw.har"
    path.write_bytes(har(flow()))
    ran = command("recordings", "check", str(path), "--json")
    assert ran.code == 10
    assert ran.json["left"]
    assert all(set(one) == {"place", "length"} for one in ran.json["left"])
    assert {"entry 2, request, body"} <= {one["place"] for one in ran.json["left"]} or len(ran.json["left"]) > 2


@pytest.mark.parametrize("member", ["id_token", "ticket", "error_description"])
def test_F10_a_token_that_was_written_into_a_recording_is_found(command: Command, tmp_path: Path, member: str) -> None:
    path = record(tmp_path / "a.jsonl", LOGS["invalid-code"])
    lines = path.read_text().splitlines()
    body = json.dumps(json.dumps({member: f"it is {TOKEN} here"}))
    event = next(line for line in lines if '"TokenExchanged"' in line)
    record_ = json.loads(event)
    record_["exchange"]["response"]["body"] = {"text": json.loads(body)}
    path.write_text("\n".join(json.dumps(record_) if line == event else line for line in lines) + "\n")
    ran = command("recordings", "check", str(path))
    assert ran.code == 10
    assert b"token-request, response, body" in ran.out
    assert TOKEN.encode() not in ran.out + ran.err
