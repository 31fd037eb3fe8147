"""The sources of the client secret: the environment variable, a `.env` file, the keyring (command-line.md). Never an option."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airisk_tui.engine.config.environments import ConfigurationError, Environment
from airisk_tui.engine.machine.daemon import WAIT, in_daemon_thread
from airisk_tui.flow.start.fields import DOTENV, EMBEDDED, FIELDS, SECRET_VARIABLE
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.text.visible import visible
from airisk_tui.recording.disk.files import read_named, reason

KEYRING_SERVICE = "airisk-tui"
INSTEAD = "unlock or mend it, or use AIRISK_CLIENT_SECRET or --env-file"
MAX_ENV_FILE = 64 * 1024
"""Bytes: a `.env` file holds a handful of lines."""


def read_env_file(path: Path) -> dict[str, Any]:
    """Read client_id, client_secret and userid from a `.env` file (protocol.md, ways of use), by input.

    The secret is a `Secret`, the others are texts. Empty values are left out, except an empty user id, which asks for a generic token.
    Raises ConfigurationError for a file that cannot be read, bytes that are not UTF-8, an invalid line, and one of the names without a
    value; its sentence has the number of the line, and never its content.
    """
    try:
        data = read_named(path, MAX_ENV_FILE)
    except OSError as error:
        raise ConfigurationError(f"The .env file {path} cannot be read: {reason(error)}.") from error
    values = _values(_text(data, path), path)
    return {
        name: Secret(value) if FIELDS[name].kind == "secret" else value
        for name, value in values.items()
        if value or name == "userid"
    }


def signing_key(path: str) -> str | None:
    """The private key (PEM) in a file; None without a path, or if the file contains no readable key."""
    if not path:
        return None
    from airisk_tui.oauth.request.assertion import read_private_key

    try:
        text = read_named(Path(path).expanduser(), MAX_ENV_FILE).decode("ascii")
        read_private_key(text)
    except (OSError, ValueError):
        return None
    return text


def _text(data: bytes, path: Path) -> str:
    try:
        # Notepad and PowerShell write a byte-order mark, which would become a part of the first name.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"Line {line} of the .env file {path} is not UTF-8; save the file as UTF-8."
        ) from error


def _values(text: str, path: Path) -> dict[str, str]:
    """The values by input. Of several lines with one name the last counts, as in a shell."""
    from io import StringIO

    from dotenv.parser import parse_stream

    values: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        line = binding.original.line + _empty_lines(binding.original.string)
        if binding.error:
            raise ConfigurationError(
                f"Line {line} of the .env file {path} is not NAME=VALUE; mend it, put it in quotes, or begin it with #."
            )
        name = DOTENV.get(binding.key or "")
        if name is None:
            continue
        if binding.value is None:
            raise ConfigurationError(
                f"Line {line} of the .env file {path} names {binding.key} and gives it no value; write {binding.key}=VALUE."
            )
        values[name] = binding.value
    return values


def _empty_lines(text: str) -> int:
    """The number of empty lines at the beginning of a text, which the parser counts to the next line."""
    return len(re.findall(r"\r\n?|\n", text[: len(text) - len(text.lstrip())]))


def secret_from_variable(environ: Mapping[str, str] = os.environ) -> Secret | None:
    """The secret in `AIRISK_CLIENT_SECRET`, or None."""
    value = environ.get(SECRET_VARIABLE)
    return Secret(value) if value else None


class KeyringFailed(Exception):
    """The keyring cannot be used; the text is a sentence that says why. hangs: whether it did not answer at all."""

    def __init__(self, sentence: str, *, hangs: bool = False) -> None:
        super().__init__(sentence)
        self.hangs = hangs


async def secret_from_keyring(environment: str, client_id: str, origins: frozenset[str] | None = None) -> Secret | None:
    """The secret in the keyring for this client of this environment; None if there is none, or no keyring. origins: the only origins to
    which it may go. Raises KeyringFailed."""
    value = await _from_keyring("get_password", environment, client_id)
    if not isinstance(value, str | None):
        raise KeyringFailed(f"The keyring of this machine gave no text, so it is not used; {INSTEAD}.")
    return Secret(value, origins) if value else None


class Keyring:
    """The system's keyring, as one session uses it. problem: why it could not be used at the last call, in a sentence, or None."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self._hangs = False

    async def kept(self, environment: Environment, client_id: str) -> Secret | None:
        """The client secret in the keyring for this client, or None (see `problem`). A keyring that hung once is not asked again."""
        if environment.name in EMBEDDED or not client_id or self._hangs:
            return None
        self.problem = None
        try:
            # The secret of an environment goes to no other server, whatever base URL is typed.
            return await secret_from_keyring(environment.name, client_id, environment.origins or None)
        except KeyringFailed as failed:
            self.problem, self._hangs = str(failed), failed.hangs
            return None


async def put_in_keyring(environment: str, client_id: str, secret: Secret | None) -> None:
    """Store the secret in the system's keyring; None deletes the stored one. Raises KeyringFailed."""
    if secret is not None:
        await _from_keyring("set_password", environment, client_id, secret.reveal())
    else:
        await _from_keyring("delete_password", environment, client_id)


async def _from_keyring(method: str, environment: str, client_id: str, *secret: str) -> Any:
    """Call a function of `keyring`, and return its result. Even the import and the choice of a backend may hang or raise."""

    def ask() -> Any:
        import keyring
        from keyring.errors import NoKeyringError, PasswordDeleteError

        try:
            return getattr(keyring, method)(KEYRING_SERVICE, f"{environment}:{client_id}", *secret)
        except PasswordDeleteError:
            return None  # there is none
        except NoKeyringError as error:
            if method == "get_password":
                return None
            raise KeyringFailed(
                f"There is no keyring on this machine that a secret could be kept in; {INSTEAD}."
            ) from error

    try:
        return await in_daemon_thread(ask)
    except KeyringFailed:
        raise
    except TimeoutError as error:
        words = f"The keyring of this machine did not answer within {WAIT:g} seconds, so it is not used; {INSTEAD}."
        raise KeyringFailed(words, hangs=True) from error
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        # A backend is a plug-in. A panic in one that is written in Rust is not an Exception (PyO3, PanicException).
        name = visible(type(error).__name__)
        raise KeyringFailed(f"The keyring of this machine cannot be used ({name}); {INSTEAD}.") from error
