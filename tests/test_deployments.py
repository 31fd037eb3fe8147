"""Deployments that are wrong: the first finding names the true cause, and its fix, followed to the letter, makes the next run work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.cli import run_command
from tests.deployments.cases import CASES
from tests.deployments.server import Deployment, serving


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRISK_TUI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def run_json(deployment: Deployment, options: str, capsys: pytest.CaptureFixture[str]) -> Any:
    """What `run --json` prints; the options come after the address, so they count."""
    common = ["run", "--base-url", deployment.url, "--client-id", "some-app", "--mode", "direct", "--json"]
    common += [] if "--record" in options else ["--no-record"]
    run_command([*common, *options.split()])
    return json.loads(capsys.readouterr().out)


def explained(document: Any) -> list[Any]:
    return [finding for finding in document["findings"] if finding["severity"] != "note"]


@pytest.mark.parametrize("name", CASES)
def test_the_cause_is_named_and_the_fix_works(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASES[name]
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", case.secret)
    with serving(case.deployment()) as deployment:
        first = run_json(deployment, case.start, capsys)
        findings = explained(first)
        assert [finding["code"] for finding in findings] == ([case.first] if case.first else [])
        if not findings:
            assert first["outcome"] == "token"
            return
        assert case.says in findings[0]["fix"]
        assert case.fix or case.says, "a fix has to be told"
        if case.fix:
            options = case.fix.format(url=deployment.url, other=deployment.other)
            if not case.says and not options.startswith("--state"):
                assert all(word in findings[0]["fix"] for word in options.split())
            assert run_json(deployment, f"{case.start} {options}", capsys)["outcome"] == "token"


@pytest.mark.parametrize(
    "name", ["TokenUnderAnyName", "TokenAlone", "TokenInside", "CodeUnderAnyName", "AffinityNotCarried"]
)
def test_F1_what_a_deployment_calls_by_its_own_name_is_sealed_like_the_rest(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case, file = CASES[name], tmp_path / "run.jsonl"
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", case.secret)
    with serving(case.deployment()) as deployment:
        assert run_json(deployment, f"{case.fix} --record {file}", capsys)["outcome"] == "token"
        raw = file.read_text("utf-8")
        assert deployment.tokens and deployment.issued
        assert not [secret for secret in (*deployment.tokens, *deployment.issued, "9f8e7d6c") if secret in raw]


def test_a_name_that_no_dialect_has_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["run", "--base-url", "http://127.0.0.1:1", "--client-id", "x", "--field", "tokn=x"]) == 2
    assert "`fields` may hold" in capsys.readouterr().err
    assert run_command(["run", "--base-url", "http://127.0.0.1:1", "--client-id", "x", "--field", "pkce=maybe"]) == 2
    assert "`fields.pkce` must be of type bool" in capsys.readouterr().err
