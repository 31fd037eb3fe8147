"""Every option of `replay`: honoured, or refused where it says nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from airisk_tui.headless.flow.options import add_flow_options
from tests.headless.recorded import Command, recorded
from tests.recording.logs import LOGS

RERUN = {
    *("--mode direct", "--timeout 5", "--insecure", "--ca-file x", "--send-secret-to-new-host", "--env-file EMPTY"),
    *("--client-secret-stdin", "--record x", "--no-record", "--include-secrets"),
    *("--listen 127.0.0.1:9", "--listen-publicly"),
}
"""What `replay` takes with --against."""

NOT_ITS = {
    *("--env sandbox", "--base-url http://x", "--client-id x", "--redirect-uri x", "--userid x", "--state x"),
    *("--body json", "--param a=b", "--token-param a=b", "--field token=x", "--carry-cookies", "--no-exchange"),
    *(
        "--hold token",
        "--issuer https://x",
        "--scope a",
        "--client-auth none",
        "--client-key x",
        "--pkce off",
        "--par on",
        "--nonce x",
    ),
    *(
        "--response-mode query",
        "--then userinfo",
        "--call GET",
    ),
    *("--set token.body.code=x", "--omit token.body.code", "--add token.body.a=b"),
}
"""What belongs to the run that was recorded."""


@pytest.mark.parametrize("options", sorted(RERUN))
def test_what_belongs_to_against_is_refused_without_it(command: Command, tmp_path: Path, options: str) -> None:
    path, empty = recorded(tmp_path, LOGS["invalid-code"]), tmp_path / "empty"
    empty.touch()
    ran = command("replay", path, "--json", *options.replace("EMPTY", str(empty)).split())
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    assert options.split()[0] in ran.json["error"]
    assert "--against" in ran.json["error"]


@pytest.mark.parametrize("options", ["--step", "--speed 2"])
def test_what_belongs_to_a_replay_is_refused_with_against(command: Command, tmp_path: Path, options: str) -> None:
    path = recorded(tmp_path, LOGS["invalid-code"])
    assert command("replay", path, "--json", "--against", "sandbox", *options.split()).json["outcome"] == "usage"


@pytest.mark.parametrize("options", sorted(NOT_ITS))
def test_what_a_replay_does_not_honour_is_refused(command: Command, tmp_path: Path, options: str) -> None:
    path = recorded(tmp_path, LOGS["invalid-code"])
    for more in ((), ("--against", "sandbox")):
        assert command("replay", path, "--json", *options.split(), *more).json["outcome"] == "usage"


def test_every_option_of_flow_is_either_honoured_or_refused() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    add_flow_options(parser)
    flow = {name for action in parser._actions for name in action.option_strings}
    named = {options.split()[0] for options in RERUN | NOT_ITS}
    assert named == flow | {"--mode", "--send-secret-to-new-host"}
