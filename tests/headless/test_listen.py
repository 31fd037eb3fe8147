"""`--listen` and `--listen-publicly`, as a person gives them (threats.md L1)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from airisk_tui.engine.listener.free_port import free_port
from tests.headless.conftest import Ran

Command = Callable[..., Ran]
SANDBOX = ("run", "--env", "sandbox", "--mode", "browser", "--timeout", "0.2", "--json")


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "true")


def test_L1_a_public_address_without_the_second_switch_opens_nothing(command: Command) -> None:
    ran = command(*SANDBOX, "--listen", f"0.0.0.0:{free_port()}")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    assert "--listen-publicly" in ran.json["findings"][0]["title"]
    assert "Listening" not in ran.err


def test_L1_a_public_address_is_said_loudly_and_recorded(command: Command) -> None:
    at = f"0.0.0.0:{free_port()}"
    ran = command(*SANDBOX, "--listen", at, "--listen-publicly")
    assert ran.code == 8
    assert f"Every machine that reaches this one can call the listener on “{at}” (--listen-publicly)." in ran.err
    assert "listener-public" in [found["code"] for found in ran.json["findings"]]
    recorded = Path(ran.json["recording"]).read_text("utf-8")
    assert f'"addresses":["{at}"]' in recorded
    assert f'"listen":"{at}","listen_publicly":true' in recorded
    replayed = command("replay", "last", "--json").json
    assert "listener-public" in [found["code"] for found in replayed["findings"]]


def test_an_environment_keeps_the_address(command: Command, home: Path) -> None:
    staging = ("environments", "add", "staging", "--base-url", "https://staging.example")
    assert command(*staging, "--listen", "0.0.0.0:9000").code == 2
    assert command(*staging, "--listen", "nowhere").code == 2
    assert command(*staging, "--listen", "0.0.0.0:9000", "--listen-publicly", "--json").code == 0
    kept = tomllib.loads((home / "config.toml").read_text("utf-8"))["environments"]["staging"]
    assert (kept["listen"], kept["listen_publicly"]) == ("0.0.0.0:9000", True)
    shown = command("environments", "show", "staging", "--json").json
    assert (shown["listen"], shown["listen_publicly"]) == ("0.0.0.0:9000", True)


def test_the_doctor_looks_at_the_address_to_listen_on(command: Command) -> None:
    elsewhere = ("doctor", "--env", "other", "--redirect-uri", "https://app.example.com/cb", "--json")
    at = f"127.0.0.1:{free_port()}"
    document = command(*elsewhere, "--listen", at).json
    assert (document["facts"]["listen"], document["facts"]["families"][0]["state"]) == (at, "free")
    assert "doctor-not-here" not in [found["code"] for found in document["findings"]]
    refused = command(*elsewhere, "--listen", "0.0.0.0:9000")
    assert (refused.code, refused.json["facts"]["families"]) == (3, [])
    assert "doctor-listen" in [found["code"] for found in refused.json["findings"]]
