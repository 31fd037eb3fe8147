"""The `.env` file: what is wrong with it is said with its line, and never with what stands there (F1, F4)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from airisk_tui.engine.config.credentials import MAX_ENV_FILE, read_env_file, signing_key
from airisk_tui.engine.config.environments import ConfigurationError, read_configuration
from airisk_tui.oauth.secret import Secret
from tests.pace import within

GOOD = {"client_id": "demo-app", "client_secret": Secret("s3 cret"), "userid": "user_42"}


@pytest.mark.parametrize(
    "text",
    [
        "CLIENT_ID=demo-app\nCLIENT_SECRET='s3 cret'\nUSER_ID=user_42\n",
        '\ufeffCLIENT_ID=demo-app\r\n\r\nexport CLIENT_SECRET="s3 cret"\r\nUSER_ID=user_42 # her',
        "# ours\nOTHER\nCLIENT_ID=x\nCLIENT_ID = demo-app\nUSER_ID=user_42\nANY=${HOME}\nCLIENT_SECRET=s3 cret",
    ],
)
def test_what_the_vendor_documents_is_read(tmp_path: Path, text: str) -> None:
    (tmp_path / ".env").write_text(text, encoding="utf-8", newline="")
    assert read_env_file(tmp_path / ".env") == GOOD


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"CLIENT_ID=x\nCLIENT_SECRET=hunter2\xff\n", "Line 2 of .+ is not UTF-8"),
        (b"CLIENT_ID=x\n\n  \nCLIENT_SECRET\n", "Line 4 of .+ names CLIENT_SECRET and gives it no value"),
        (b"   CLIENT_ID\n", "Line 1 of .+ names CLIENT_ID and gives it no value; write CLIENT_ID=VALUE"),
        (b"CLIENT_ID=x\r\nCLIENT_SECRET: hunter2\r\n", "Line 2 of .+ is not NAME=VALUE"),
        (b"CLIENT_ID=x\nCLIENT_SECRET='hunter2\nUSER_ID=y\n", "Line 2 of .+ is not NAME=VALUE"),
        (b"hunter2 and more\n", "Line 1 of .+ is not NAME=VALUE"),
        (b"\x89PNG\r\n\x1a\n\x00", "Line 1 of .+ is not UTF-8"),
        (b"A=" + b"a" * MAX_ENV_FILE, "it is larger than 65,536 bytes"),
    ],
)
def test_F1_F4_rubbish_is_told_with_its_line_and_without_its_text(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / ".env").write_bytes(data)
    with pytest.raises(ConfigurationError, match=words) as told:
        read_env_file(tmp_path / ".env")
    assert "hunter2" not in str(told.value)


READERS = [read_env_file, read_configuration]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("kind", ["FIFO", "folder", "device", "loop"])
def test_F4_only_a_plain_file_is_read(tmp_path: Path, read: object, kind: str) -> None:
    path = tmp_path / "config.toml"
    match kind:
        case "FIFO":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "device":
            path = Path("/dev/zero")
        case "loop":
            path.symlink_to(path)
    with within(1.0), pytest.raises(ConfigurationError, match=r"cannot be read: .+\.$"):
        read(path)  # type: ignore[operator]


def test_a_link_that_the_person_named_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("CLIENT_ID=demo-app\nCLIENT_SECRET=s3 cret\nUSER_ID=user_42\n")
    (tmp_path / ".env").symlink_to(tmp_path / "real")
    assert read_env_file(tmp_path / ".env") == GOOD
    (tmp_path / "real.toml").write_text("[environments.staging]\n")
    (tmp_path / "config.toml").symlink_to(tmp_path / "real.toml")
    assert "staging" in read_configuration(tmp_path / "config.toml").environments
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        read_env_file(tmp_path / "none")


def test_a_private_key_is_read_where_a_path_is_given_and_a_key_stands_there(tmp_path: Path) -> None:
    from airisk_tui.sandbox.standard.registry import demo_clients

    key = next(client.private_key for client in demo_clients() if client.private_key)
    path = tmp_path / "key.pem"
    path.write_text(key)
    assert signing_key(str(path)) == key
    assert signing_key("") is None
    assert signing_key(str(tmp_path / "nothing.pem")) is None
    for other in ("no key", "ключ"):
        path.write_text(other, "utf-8")
        assert signing_key(str(path)) is None
