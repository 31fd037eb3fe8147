"""Exports run as they are printed: against a live server, to a token, with no more than the client secret set."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from airisk_tui.engine.listener.free_port import free_redirect_uri
from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI, DEMO_SECRET, SandboxData
from airisk_tui.sandbox.server import SandboxServer
from tests.headless.conftest import Ran

Command = Callable[..., Ran]
INTERPRETERS = {"curl": ["bash", "-eu"], "python": [sys.executable, "-I", "-S"]}
"""The standard library alone, without what is installed beside it."""


class Deployment:
    """A live server, and the words that run a flow against it."""

    def __init__(self, server: SandboxServer, redirect_uri: str) -> None:
        self.server = server
        self.words = ("run", "--base-url", server.base_url, "--client-id", "demo-app", "--redirect-uri", redirect_uri)


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    uri = free_redirect_uri(DEMO_REDIRECT_URI)
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", DEMO_SECRET)
    with SandboxServer(SandboxData().with_redirect_uri(uri)) as server:
        yield Deployment(server, uri)


def sent_again(
    command: Command, tmp_path: Path, form: str, typed: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """The last recording, exported and run."""
    script = tmp_path / f"export.{form}"
    assert command("export", "last", "--as", form, "-o", str(script)).code == 0
    given = {name: value for name, value in os.environ.items() if not name.startswith("AIRISK_")} | environ
    return subprocess.run(
        [*INTERPRETERS[form], str(script)],
        input=typed,
        capture_output=True,
        text=True,
        env=given,
        cwd=tmp_path,
        timeout=60,
    )


@pytest.mark.parametrize("form", INTERPRETERS)
@pytest.mark.parametrize("body", ["form", "json"])
@pytest.mark.parametrize("user", [(), ("--userid", "user_42")], ids=["generic", "user-specific"])
def test_a_direct_flow_runs_to_a_token(
    command: Command, deployment: Deployment, tmp_path: Path, form: str, body: str, user: tuple[str, ...]
) -> None:
    assert command(*deployment.words, "--mode", "direct", "--body", body, *user).code == 0
    before = deployment.server.requests["POST /api/oauth2/Token"]
    done = sent_again(command, tmp_path, form, AIRISK_CLIENT_SECRET=DEMO_SECRET)
    assert (done.returncode, done.stderr) == (0, "")
    assert "access_token" in done.stdout
    assert deployment.server.requests["POST /api/oauth2/Token"] == before + 1


@pytest.mark.parametrize("form", INTERPRETERS)
@pytest.mark.parametrize("pasted", ["the address", "the code alone", "set before"])
def test_a_browser_flow_asks_for_the_code(
    command: Command,
    deployment: Deployment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    pasted: str,
) -> None:
    monkeypatch.setenv("BROWSER", "curl -sL -o /dev/null %s")
    ran = command(*deployment.words, "--mode", "browser", "--timeout", "20")
    assert ran.code == 0, ran.err
    address = redirected(next(word for word in ran.err.split() if "/api/oauth2?" in word))
    code = address.partition("code=")[2].partition("&")[0]
    typed = {"the address": address, "the code alone": code, "set before": ""}[pasted]
    environ = {"AIRISK_CODE": code} if pasted == "set before" else {}
    done = sent_again(command, tmp_path, form, f"{typed}\n", AIRISK_CLIENT_SECRET=DEMO_SECRET, **environ)
    assert (done.returncode, done.stderr) == (0, "")
    assert "access_token" in done.stdout
    assert ("Open this address in a browser:" in done.stdout) is (pasted != "set before")


def redirected(url: str) -> str:
    """Where the server sends a browser that agrees."""

    class Unfollowed(HTTPRedirectHandler):
        def redirect_request(self, *details: object) -> None:
            return None

    try:
        build_opener(Unfollowed()).open(url)
    except HTTPError as answer:
        with answer:
            return str(answer.headers["Location"])
    raise AssertionError("The server did not redirect.")


@pytest.mark.parametrize("form", INTERPRETERS)
def test_what_is_missing_is_said_before_anything_is_sent(
    command: Command, deployment: Deployment, tmp_path: Path, form: str
) -> None:
    assert command(*deployment.words, "--mode", "direct").code == 0
    before = sum(deployment.server.requests.values())
    done = sent_again(command, tmp_path, form)
    assert (done.returncode, "AIRISK_CLIENT_SECRET" in done.stderr, "is not set" in done.stderr) == (1, True, True)
    assert sum(deployment.server.requests.values()) == before


@pytest.mark.parametrize("form", INTERPRETERS)
def test_a_redirect_without_a_code_ends_it(command: Command, deployment: Deployment, tmp_path: Path, form: str) -> None:
    assert command(*deployment.words, "--mode", "direct").code == 0
    script = tmp_path / f"export.{form}"
    assert sent_again(command, tmp_path, form, AIRISK_CLIENT_SECRET=DEMO_SECRET).returncode == 0
    script.write_text(script.read_text().replace("client_id=demo-app", "client_id=nobody"))
    done = subprocess.run([*INTERPRETERS[form], str(script)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, "no address with" in done.stderr) == (1, True)


@pytest.mark.parametrize("form", INTERPRETERS)
def test_a_probe_gets_the_token_of_the_answer(
    command: Command, deployment: Deployment, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "probed.jsonl"
    words = ("--mode", "direct", "--userid", "user_42", "--record", str(path))
    assert command("compare", *deployment.words[1:], *words).code == 0
    text = command("export", str(path), "--as", form).out
    assert "AIRISK_ACCESS_TOKEN" in text
    script = tmp_path / "script"
    script.write_text(text)
    environ = {**os.environ, "AIRISK_CLIENT_SECRET": DEMO_SECRET}
    done = subprocess.run([*INTERPRETERS[form], str(script)], capture_output=True, text=True, env=environ, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "user_42" in done.stdout, "the list of users came"


def test_a_recipe_of_a_run_by_its_issuer_leaves_the_rest_to_the_metadata(command: Callable[..., Ran]) -> None:
    assert command("run", "--env", "sandbox-standard", "--mode", "direct", "--pkce", "on").code == 0
    recipe = command("export", "last", "--as", "recipe").out
    assert 'pkce = "on"' in recipe
    assert not [name for name in ("authorize_path", "client_auth", "scope") if name in recipe]
