"""Where the client secret comes from (command-line.md): the environment variable, a `.env` file, the keyring. Never a flag."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from airisk_tui.engine.environments import ConfigurationError
from airisk_tui.oauth.secret import Secret
from airisk_tui.recording.files import read_named, reason

SECRET_VARIABLE = "AIRISK_CLIENT_SECRET"  # noqa: S105 - the variable's name
KEYRING_SERVICE = "airisk-tui"
ENV_NAMES = ("CLIENT_ID", "CLIENT_SECRET", "USER_ID")
MAX_ENV_FILE = 64 * 1024
"""Bytes: a `.env` file holds a handful of lines."""


@dataclass(frozen=True, slots=True)
class EnvFile:
    """What the vendor documents for a single-user application's `.env` file (protocol.md, ways of use)."""

    client_id: str | None = None
    client_secret: Secret | None = None
    userid: str | None = None


def read_env_file(path: Path) -> EnvFile:
    """CLIENT_ID, CLIENT_SECRET and USER_ID from the file; nothing is exported.

    Raises ConfigurationError, with the line but never with what stands in it, for a file that cannot be read, bytes that are
    not UTF-8, a line that cannot be understood, and one of the names without a value.
    """
    try:
        data = read_named(path, MAX_ENV_FILE + 1)
    except OSError as error:
        raise ConfigurationError(f"The .env file {path} cannot be read: {reason(error)}.") from error
    if len(data) > MAX_ENV_FILE:
        raise ConfigurationError(f"The .env file {path} is larger than {MAX_ENV_FILE:,} bytes and was not read.")
    values = _values(_text(data, path), path)
    secret = values.get("CLIENT_SECRET")
    return EnvFile(values.get("CLIENT_ID"), Secret(secret) if secret else None, values.get("USER_ID"))


def _text(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"Line {line} of the .env file {path} is not UTF-8; save the file as UTF-8."
        ) from error


def _values(text: str, path: Path) -> dict[str, str]:
    """The last value of each of the names, as a shell would have it."""
    from io import StringIO

    from dotenv.parser import parse_stream

    values: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        line = binding.original.line + _empty_lines(binding.original.string)
        if binding.error:
            raise ConfigurationError(
                f"Line {line} of the .env file {path} is not NAME=VALUE; mend it, put it in quotes, or begin it with #."
            )
        if binding.key in ENV_NAMES and binding.value is None:
            raise ConfigurationError(
                f"Line {line} of the .env file {path} names {binding.key} and gives it no value; write {binding.key}=VALUE."
            )
        if binding.key in ENV_NAMES and binding.value is not None:
            values[binding.key] = binding.value
    return values


def _empty_lines(text: str) -> int:
    """How many stand before the first that is not: the parser counts them to what follows."""
    return len(re.findall(r"\r\n?|\n", text[: len(text) - len(text.lstrip())]))


def secret_from_variable(environ: Mapping[str, str] = os.environ) -> Secret | None:
    """The secret in `AIRISK_CLIENT_SECRET`, or None."""
    value = environ.get(SECRET_VARIABLE)
    return Secret(value) if value else None


def secret_from_keyring(environment: str, client_id: str) -> Secret | None:
    """The secret kept for this client of this environment; None as well when there is no keyring on this machine."""
    import keyring
    from keyring.errors import KeyringError

    try:
        value = keyring.get_password(KEYRING_SERVICE, f"{environment}:{client_id}")
    except (KeyringError, RuntimeError, OSError):
        return None
    return Secret(value) if value else None


def keep_in_keyring(environment: str, client_id: str, secret: Secret) -> str | None:
    """Keep the secret in the system's keyring; a sentence when that cannot be done."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(KEYRING_SERVICE, f"{environment}:{client_id}", secret.reveal())
    except (KeyringError, RuntimeError, OSError):
        return "There is no keyring on this machine that a secret could be kept in; use AIRISK_CLIENT_SECRET or --env-file."
    return None
