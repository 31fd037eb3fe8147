"""`environments add --keep-secret`: environment and secret, or neither; and what a configuration can hold against it."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from tests.headless.conftest import Ran

Command = Callable[..., Ran]
ADD = ("environments", "add", "staging", "--base-url", "https://staging.example", "--client-id", "abc", "--keep-secret")


class Remembering(KeyringBackend):
    """Keeps the secrets in a dictionary."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # keyring types some of its functions alone
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop(username, None) is None:
            raise PasswordDeleteError(username)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Remembering:
    backend = Remembering()
    monkeypatch.setattr("keyring.core._keyring_backend", backend)
    monkeypatch.setattr("sys.stdin", io.StringIO("s3cret\n"))
    return backend


def test_the_secret_is_kept_and_found_again(command: Command, keyring: Remembering, home: Path) -> None:
    assert command(*ADD).code == 0
    assert keyring.kept == {"staging:abc": "s3cret"}
    assert "s3cret" not in (home / "config.toml").read_text()


def test_C10_a_keyring_that_cannot_be_asked_is_told(
    command: Command, keyring: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*names: str) -> str:
        raise KeyringLocked("it is locked")

    assert command(*ADD[:-1]).code == 0
    monkeypatch.setattr(keyring, "get_password", locked)
    ran = command("run", "--env", "staging", "--mode", "direct", "--no-record")
    told = "The keyring of this machine cannot be used (KeyringLocked); unlock or mend it, or use AIRISK_CLIENT_SECRET or --env-file."
    assert (ran.code, ran.err.splitlines()[0]) == (2, told)


@pytest.mark.parametrize("before", [{}, {"staging:abc": "the old one"}])
def test_C10_where_the_file_cannot_be_written_the_keyring_is_as_it_was(
    command: Command, keyring: Remembering, monkeypatch: pytest.MonkeyPatch, before: dict[str, str]
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    keyring.kept.update(before)
    monkeypatch.setattr(os, "fsync", full)
    ran = command(*ADD)
    assert (ran.code, keyring.kept) == (2, before)
    assert "cannot be written" in ran.err


def test_what_is_wrong_with_the_environment_is_said_before_the_keyring_is_asked(
    command: Command, keyring: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(keyring, "set_password", lambda *names: asked.append(names))
    assert command(*ADD[:2], "a/b", *ADD[3:]).code == 2
    assert asked == []


@pytest.mark.parametrize("where", ["", "[environments.other-one]\n", "[x]\n"])
def test_a_configuration_that_is_too_deep_is_a_sentence(command: Command, home: Path, where: str) -> None:
    home.mkdir(parents=True)
    deep = where + ".".join("a" * 3_000) + " = 1\n"
    (home / "config.toml").write_text(deep)
    ran = command("environments", "add", "staging", "--base-url", "https://staging.example")
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "Error" not in ran.err
    assert (home / "config.toml").read_text() == deep


def test_C10_a_ca_file_that_is_a_fifo_is_refused(command: Command, tmp_path: Path, home: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    ran = command(
        "environments", "add", "staging", "--base-url", "https://a.example", "--ca-file", str(tmp_path / "fifo")
    )
    assert ran.code == 2
    assert "is not one" in ran.err
    home.mkdir(parents=True, exist_ok=True)
    table = f'[environments.staging]\nbase_url = "https://127.0.0.1:9"\nclient_id = "x"\nca_file = "{tmp_path}/fifo"\n'
    (home / "config.toml").write_text(table)
    ran = command("run", "--env", "staging", "--mode", "direct", "--no-exchange")
    assert ran.code == 9
    assert "fifo" in ran.err


def test_a_client_secret_that_is_not_utf8_is_refused_and_not_sent(
    command: Command, monkeypatch: pytest.MonkeyPatch, two_servers: Any
) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", b"Gr\xfcn-secret".decode("utf-8", "surrogateescape"))
    ran = command("run", "--env", "here", "--mode", "direct", "--json")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    title = ran.json["findings"][0]["title"]
    assert title.startswith("Nothing was sent: The client secret holds bytes that are not UTF-8")
    assert "Gr" not in ran.out + ran.err
