"""Where the client secret comes from (cli.md): the environment variable, a `.env` file, the keyring. Never a flag."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from airisk_tui.engine.environments import ConfigurationError
from airisk_tui.oauth.secret import Secret

SECRET_VARIABLE = "AIRISK_CLIENT_SECRET"  # noqa: S105 - the variable's name
KEYRING_SERVICE = "airisk-tui"
MAX_ENV_FILE = 64 * 1024
"""Bytes: a `.env` file holds a handful of lines."""


@dataclass(frozen=True, slots=True)
class EnvFile:
    """What the vendor documents for a single-user application's `.env` file (protocol.md, ways of use, 2)."""

    client_id: str | None = None
    client_secret: Secret | None = None
    userid: str | None = None


def read_env_file(path: Path) -> EnvFile:
    """CLIENT_ID, CLIENT_SECRET and USER_ID from the file; its other lines are not looked at, and nothing is exported."""
    from io import StringIO

    from dotenv import dotenv_values

    try:
        with path.open("rb") as file:
            data = file.read(MAX_ENV_FILE + 1)
    except OSError as error:
        raise ConfigurationError(f"The .env file {path} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_ENV_FILE:
        raise ConfigurationError(f"The .env file {path} is larger than {MAX_ENV_FILE:,} bytes and was not read.")
    values = dotenv_values(stream=StringIO(data.decode("utf-8", "replace")), interpolate=False)
    secret = values.get("CLIENT_SECRET")
    return EnvFile(values.get("CLIENT_ID"), Secret(secret) if secret else None, values.get("USER_ID"))


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
