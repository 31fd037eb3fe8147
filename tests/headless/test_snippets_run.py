"""What `export --as curl` and `--as python` print runs as it is, against a deployment that demands PKCE and its own cookies."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from airisk_tui.engine.listener.free_port import free_port
from tests.headless.conftest import Ran

SECRET = "the-client-secret"
NO_TOOLS = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="curl or openssl is not here"
)


class Strict(BaseHTTPRequestHandler):
    """A code and a cookie for each authorization request, each good once, for the verifier of its challenge."""

    issued: dict[str, str]
    tokens: list[str]
    bodies: list[bytes]

    def do_GET(self) -> None:
        sent = parse_qs(urlsplit(self.path).query)
        if "code_challenge" not in sent:
            self._answer(
                403 if self.headers["Authorization"] not in [f"Bearer {t}" for t in self.tokens] else 200, b"[]"
            )
            return
        code = f"code-{len(self.issued)}-{sent['code_challenge'][0][:6]}"
        self.issued[code] = sent["code_challenge"][0]
        self.send_response(302)
        self.send_header("Location", f"{sent['redirect_uri'][0]}?code={code}&state={sent['state'][0]}")
        for cookie in (f"ARRAffinity=instance-of-{code}; Path=/; HttpOnly", f"sid={code}; Path=/"):
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        sent = {k: v[0] for k, v in parse_qs(self.bodies[-1].decode(errors="replace")).items()}
        code, verifier = sent.get("code", ""), sent.get("code_verifier", "")
        proof = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        good = self.issued.pop(code, None) == proof and 43 <= len(verifier) <= 128 and sent["client_secret"] == SECRET
        if not good or self.headers["Cookie"] not in (None, f"ARRAffinity=instance-of-{code}; sid={code}"):
            self._answer(400, b'{"error":"invalid_grant"}')
            return
        self.tokens.append(f"token-for-{code}")
        token = {"access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": 60}
        self._answer(200, json.dumps(token).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def strict(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Strict]]:
    handler = type("Fresh", (Strict,), {"issued": {}, "tokens": [], "bodies": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        home.mkdir()
        (home / "config.toml").write_text(
            f'[environments.strict]\nbase_url = "http://127.0.0.1:{server.server_port}"\nclient_id = "app"\n'
            'dialect = "standard"\nredirect_uri = "http://127.0.0.1:1/callback"\n'
            '[[environments.strict.endpoints]]\npath = "/api/things"\n'
        )
        monkeypatch.setenv("AIRISK_CLIENT_SECRET", SECRET)
        yield handler
        server.shutdown()


def ran(form: str, script: str, tmp_path: Path) -> str:
    file = tmp_path / f"snippet.{form}"
    file.write_text(script)
    environ = {"PATH": "/usr/bin:/bin", "AIRISK_CLIENT_SECRET": SECRET}
    program = ["bash", "-eu"] if form == "curl" else [sys.executable, "-I"]
    done = subprocess.run([*program, str(file)], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


FORMS = [pytest.param("curl", marks=NO_TOOLS), "python"]


@pytest.mark.parametrize("form", FORMS)
def test_a_snippet_proves_its_own_code_and_carries_its_own_cookies(
    command: Callable[..., Ran], strict: type[Strict], tmp_path: Path, form: str
) -> None:
    assert command("run", "--env", "strict", "--mode", "direct", "--carry-cookies").code == 0
    script = command("export", "last", "--as", form).out
    head = script.partition("urllib" if form == "python" else "parameter()")[0]
    assert "AIRISK_CLIENT_SECRET  the client secret, as the application's registration has it" in head
    assert "VERIFIER" not in head and "SECRET_1" not in head
    assert "token-for-code-0" in ran(form, script, tmp_path)
    assert len(strict.tokens) == 2


@pytest.mark.parametrize("form", FORMS)
def test_a_snippet_fills_its_own_secret_and_code_into_a_body_with_line_ends_and_odd_bytes(
    command: Callable[..., Ran], strict: type[Strict], tmp_path: Path, form: str
) -> None:
    (tmp_path / "body").write_bytes(b"it's\\\r\n\x01\xff7 {client_secret}\r\n{code}\r\n")
    command("run", "--env", "strict", "--mode", "direct", "--body", f"raw:{tmp_path / 'body'}")
    first = strict.bodies[-1]
    assert first.startswith(b"it's\\\r\n\x01\xff7 " + SECRET.encode())
    ran(form, command("export", "last", "--as", form).out, tmp_path)
    fresh = re.compile(rb"code-\d-\S+")
    assert fresh.sub(b"", strict.bodies[-1]) == fresh.sub(b"", first)
    assert len(strict.bodies) == 2 and b"sealed" not in strict.bodies[-1]


BROWSER = """#!{python}
import sys, urllib.request
urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open(sys.argv[1]).read()
"""


def redirected(address: str) -> str:
    """Where a browser would end that is sent to the address, without its going there."""
    parts = urlsplit(address)
    asked = HTTPConnection(parts.netloc)
    asked.request("GET", f"{parts.path}?{parts.query}")
    return asked.getresponse().headers["Location"] or ""


@pytest.mark.parametrize("form", FORMS)
def test_a_snippet_of_a_browser_run_asks_for_the_code_of_its_own_challenge(
    command: Callable[..., Ran], strict: type[Strict], tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "browser"
    browser.write_text(BROWSER.format(python=sys.executable))
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(browser))
    uri = f"http://127.0.0.1:{free_port()}/callback"
    assert command("run", "--env", "strict", "--redirect-uri", uri, "--timeout", "20").code == 0
    script = tmp_path / f"snippet.{form}"
    script.write_text(command("export", "last", "--as", form).out)
    environ = {"PATH": "/usr/bin:/bin", "AIRISK_CLIENT_SECRET": SECRET}
    program = ["bash", "-eu"] if form == "curl" else [sys.executable, "-I", "-u"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*program, str(script)], env=environ, text=True, **pipes) as running:
        assert running.stdout is not None
        address = ""
        while "code_challenge=" not in address:
            address = running.stdout.readline()
            assert address, running.communicate()
        told, wrong = running.communicate(redirected(address.split()[-1]) + "\n")
    assert "token-for-code-0" in told, wrong
    assert len(strict.tokens) == 2


def test_what_has_to_be_set_is_said_with_where_it_stood(
    command: Callable[..., Ran], strict: type[Strict], monkeypatch: pytest.MonkeyPatch
) -> None:
    more = ("--param", "api_key=a-key-of-mine-4711", "--token-param", "client_assertion=an-assertion-8812")
    assert command("run", "--env", "strict", "--mode", "direct", *more).code == 0
    for form in ("curl", "python"):
        script = command("export", "last", "--as", form).out
        assert "what was sent as the parameter api_key of request 1" in script
        assert "what was sent as the field client_assertion of request 2" in script
