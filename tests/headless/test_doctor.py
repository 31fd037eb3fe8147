"""`airisk-tui doctor` takes what says where the redirect goes, and nothing that it would not look at."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.flow.doctor import BoundAddress, MachineFacts
from airisk_tui.flow.start.known import Host
from airisk_tui.headless.flow.options import add_flow_options, add_inputs
from tests.headless.conftest import Ran

Command = Callable[..., Ran]


def options_of(add: Callable[[argparse.ArgumentParser], None]) -> set[str]:
    parser = argparse.ArgumentParser(add_help=False)
    add(parser)
    return {name for action in parser._actions for name in action.option_strings}


NOT_ITS = sorted(options_of(add_flow_options) - options_of(lambda parser: add_inputs(parser, "callback")))


def test_the_redirect_uri_is_the_one_that_is_given_or_the_environments(command: Command, home: Path) -> None:
    home.mkdir()
    uri = "http://127.0.0.1:8123/of-staging"
    (home / "config.toml").write_text(f"[environments.staging]\nredirect_uri = '{uri}'\nregistered = ['{uri}']\n")
    facts = command("doctor", "--env", "staging", "--json").json["facts"]
    assert (facts["redirect_uri"], facts["registered"]) == (uri, [uri])
    other = command("doctor", "--env", "staging", "--redirect-uri", "http://127.0.0.1:8124/x", "--json").json["facts"]
    assert other["redirect_uri"] == "http://127.0.0.1:8124/x"
    assert command("doctor", "--json").json["facts"]["redirect_uri"].endswith("/callback")


def test_a_port_that_is_taken_is_exit_3(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        uri = f"http://127.0.0.1:{taken.getsockname()[1]}/callback"
        assert command("doctor", "--redirect-uri", uri, "--json").code == 3


@pytest.mark.parametrize("option", NOT_ITS)
def test_what_it_would_not_look_at_is_refused(command: Command, option: str) -> None:
    assert command("doctor", f"{option}=x", "--json").json["outcome"] == "usage"


def test_an_unknown_environment_is_refused(command: Command) -> None:
    assert "There is no environment “nowhere”" in command("doctor", "--env", "nowhere", "--json").json["error"]


def test_the_keyring_is_left_alone(command: Command, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("[environments.staging]\nclient_id = 'x'\n")
    forbidden = "airisk_tui.engine.config.credentials.secret_from_keyring"
    monkeypatch.setattr(forbidden, lambda *names: pytest.fail("The keyring was asked."))
    assert command("doctor", "--env", "staging").code in (0, 3)


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        (
            {"resolves": ("127.0.0.1",), "browser": "xdg-open"},
            ["resolves to   127.0.0.1", "browser       xdg-open", "host          this machine itself"],
        ),
        (
            {
                "listen": "127.0.0.1:9000",
                "listen_publicly": True,
                "addresses": (
                    BoundAddress("[::1]:9000", "free"),
                    BoundAddress("127.0.0.1:9000", "busy", "nginx (pid 7)"),
                ),
                "host": Host(ssh=True, container=True, proxy=("HTTP_PROXY",)),
            },
            [
                "listen on     127.0.0.1:9000 (publicly)",
                "[::1]:9000    free",
                "127.0.0.1:9000 busy, held by nginx (pid 7)",
                "resolves to   nothing",
                "browser       none found: use --mode direct or paste",
                "host          ssh, container, proxy set",
            ],
        ),
        (
            {"listen": "127.0.0.1:9000", "host": Host(wsl=True)},
            [
                "listen on     127.0.0.1:9000",
                "resolves to   nothing",
                "browser       none found: use --mode direct or paste",
                "host          wsl",
            ],
        ),
    ],
)
def test_every_fact_has_its_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any], lines: list[str]
) -> None:
    async def given(draft: object) -> MachineFacts:
        return MachineFacts(redirect_uri="http://127.0.0.1:8765/callback", **facts)

    monkeypatch.setattr("airisk_tui.headless.doctor.gather_facts", given)
    ran = command("doctor")
    assert ran.out.splitlines() == ["redirect URI  http://127.0.0.1:8765/callback", *lines]
    assert ("nginx (pid 7)" in ran.err) is ("addresses" in facts), "what to change is told beside the facts"
