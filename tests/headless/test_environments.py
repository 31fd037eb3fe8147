"""`airisk-tui environments`: what cannot be kept is said, with the exit code of wrong usage."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_a_configuration_that_cannot_be_written_is_a_usage_error(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = command("environments", "add", "staging", "--base-url", "https://staging.example")
    assert ran.code == 2
    assert "cannot be written: No space left on device." in ran.err


STAGING = ("--base-url", "https://staging.example")


def test_what_is_kept_is_shown_in_words_and_as_json(command: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("")
    names = ("--field", "token=data.access_token", "--field", "code=ticket")
    assert command("environments", "add", "staging", *STAGING, *names, "--ca-file", str(file)).code == 0
    shown = command("environments", "show", "staging", "--json").json
    assert shown["fields"] == {"code": "ticket", "token": "data.access_token"}
    assert shown["ca_file"] == str(file)
    lines = command("environments", "show", "staging").out.splitlines()
    assert "fields: code=ticket, token=data.access_token" in lines
    assert "registered:" in lines
    assert any(line.startswith("endpoints: GET /api/") for line in lines)
    assert command("environments", "show", "sandbox", "--json").json["fields"] == {}


def test_the_list_of_endpoints_is_changed_wholly_by_options(command: Callable[..., Any]) -> None:
    own = "get /api/Chat/ListAgents generic=refused user=allowed"
    add = ("environments", "add", "staging", *STAGING, "--endpoint", own)
    assert command(*add).code == 0
    listed = command("environments", "show", "staging", "--json").json
    assert listed["endpoints"][-1] == "GET /api/Chat/ListAgents" and listed["documented_endpoints"]
    assert command(*add, "--no-documented-endpoints").code == 0
    listed = command("environments", "show", "staging", "--json").json
    assert (listed["endpoints"], listed["documented_endpoints"]) == (["GET /api/Chat/ListAgents"], False)


@pytest.mark.parametrize(
    "endpoint", ["", "GET", "GET api", "G3T /api", "GET /api other=allowed", "GET /api user=maybe"]
)
def test_an_endpoint_that_is_none_is_refused(command: Callable[..., Any], home: Path, endpoint: str) -> None:
    ran = command("environments", "add", "staging", *STAGING, "--endpoint", endpoint)
    assert ran.code == 2 and "generic=refused user=allowed" in ran.err
    assert not (home / "config.toml").exists()


@pytest.mark.parametrize(
    "name", ["sandbox", "other", "", " x", "x ", "a/b", "a\\b", "../x", "a\nb", "a\x1b[2Jb", "a\u202eb", "a\u200bb"]
)
def test_a_name_that_cannot_be_one_is_refused(command: Callable[..., Any], home: Path, name: str) -> None:
    ran = command("environments", "add", name, *STAGING)
    assert ran.code == 2
    assert ran.err.strip().isprintable()
    assert not (home / "config.toml").exists()


@pytest.mark.parametrize("name", ["staging", "my-server.2", "Prüfstand 3"])
def test_any_other_name_is_taken(command: Callable[..., Any], name: str) -> None:
    assert command("environments", "add", name, *STAGING).code == 0
    assert command("environments", "show", name, "--json").json["name"] == name


def test_an_environment_that_is_replaced_is_told(command: Callable[..., Any]) -> None:
    assert "replaces" not in command("environments", "add", "staging", *STAGING, "--client-id", "a").err
    assert "replaced the one of that name" in command("environments", "add", "staging", *STAGING).err
    assert command("environments", "show", "staging", "--json").json["client_id"] == ""


@pytest.mark.parametrize("what", ["nothing", "a folder", "a FIFO"])
def test_certificates_have_to_be_in_a_file(command: Callable[..., Any], home: Path, tmp_path: Path, what: str) -> None:
    path = tmp_path / "ca.pem"
    if what != "nothing":
        path.mkdir() if what == "a folder" else os.mkfifo(path)
    ran = command("environments", "add", "staging", *STAGING, "--ca-file", str(path))
    assert (ran.code, "--ca-file expects a file with certificates" in ran.err) == (2, True)
    assert not (home / "config.toml").exists()


def test_certificates_are_found_from_any_folder(
    command: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").write_text("")
    monkeypatch.chdir(tmp_path)
    assert command("environments", "add", "staging", *STAGING, "--ca-file", "ca.pem").code == 0
    assert command("environments", "show", "staging", "--json").json["ca_file"] == str(tmp_path / "ca.pem")


def test_a_secret_without_a_client_leaves_the_configuration_alone(command: Callable[..., Any], home: Path) -> None:
    assert command("environments", "add", "staging", *STAGING, "--keep-secret").code == 2
    assert not (home / "config.toml").exists()


@pytest.mark.parametrize("name", ["sandbox", "other"])
def test_a_table_with_a_built_in_name_is_not_passed_over(command: Callable[..., Any], home: Path, name: str) -> None:
    home.mkdir()
    (home / "config.toml").write_text(f"[environments.{name}]\nclient_id = 'x'\n")
    for words in (("environments", "list"), ("run", "--env", "sandbox", "--mode", "direct")):
        ran = command(*words)
        assert (ran.code, f"the environment “{name}” has the name of" in ran.err) == (2, True)


def test_what_was_added_and_removed_is_a_document(command: Callable[..., Any], home: Path) -> None:
    added = command("environments", "add", "staging", *STAGING, "--client-id", "a", "--json").json
    shown = command("environments", "show", "staging", "--json").json
    path = str(home / "config.toml")
    assert added == {"format": 1, "added": "staging", "replaced": False, "path": path, "environment": shown}
    assert command("environments", "add", "staging", *STAGING, "--json").json["replaced"] is True
    removed = command("environments", "remove", "staging", "--json")
    assert removed.json == {"format": 1, "removed": "staging", "path": path}
    assert command("environments", "remove", "staging", "--json").json["outcome"] == "usage"
    assert command("environments", "add", "staging", *STAGING).out == ""


def test_the_default_is_set_and_the_rest_of_the_file_stays(command: Callable[..., Any], home: Path) -> None:
    assert command("environments", "default", "nowhere").code == 2
    assert command("environments", "default", "other").code == 2
    assert command("environments", "add", "staging", *STAGING).code == 0
    file = home / "config.toml"
    file.write_text("# by hand\n" + file.read_text())
    for name in ("staging", "sandbox", "staging"):
        assert command("environments", "default", name, "--json").json["default"] == name
        assert command("environments", "list", "--json").json["default"] == name
    assert file.read_text().count("# by hand") == 1
