"""Where the client secret comes from (command-line.md): the environment variable, a `.env` file, the keyring. Never a flag."""

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
    """What a `.env` file has of an application (protocol.md, ways of use), by input: client_id, client_secret, userid.

    The secret is a `Secret`, the others are text; nothing is exported. What is empty is left out, save the user id: an empty
    one asks for a generic token. Raises ConfigurationError, with the line but never with what stands in it, for a file that
    cannot be read, bytes that are not UTF-8, a line that cannot be understood, and one of the names without a value.
    """
    try:
        data = read_named(path, MAX_ENV_FILE + 1)
    except OSError as error:
        raise ConfigurationError(f"The .env file {path} cannot be read: {reason(error)}.") from error
    if len(data) > MAX_ENV_FILE:
        raise ConfigurationError(f"The .env file {path} is larger than {MAX_ENV_FILE:,} bytes and was not read.")
    values = _values(_text(data, path), path)
    return {
        name: Secret(value) if FIELDS[name].kind == "secret" else value
        for name, value in values.items()
        if value or name == "userid"
    }


def signing_key(path: str) -> str | None:
    """The private key (PEM) in a file; None where no path is given, or no key can be read there."""
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
        # Notepad and PowerShell begin a file with a byte-order mark, which would become a part of the first name.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"Line {line} of the .env file {path} is not UTF-8; save the file as UTF-8."
        ) from error


def _values(text: str, path: Path) -> dict[str, str]:
    """By input the last value of its name, as a shell would have it."""
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
    """How many empty lines the text begins with: the parser counts them to the line that follows."""
    return len(re.findall(r"\r\n?|\n", text[: len(text) - len(text.lstrip())]))


def secret_from_variable(environ: Mapping[str, str] = os.environ) -> Secret | None:
    """The secret in `AIRISK_CLIENT_SECRET`, or None."""
    value = environ.get(SECRET_VARIABLE)
    return Secret(value) if value else None


class KeyringFailed(Exception):
    """Why the keyring of this machine could not be used, in a sentence. hangs: it did not answer at all."""

    def __init__(self, sentence: str, *, hangs: bool = False) -> None:
        super().__init__(sentence)
        self.hangs = hangs


async def secret_from_keyring(environment: str, client_id: str, origins: frozenset[str] | None = None) -> Secret | None:
    """The secret that is kept for this client of this environment, to go to these origins alone; None also on a machine without
    a keyring. KeyringFailed."""
    value = await _from_keyring("get_password", environment, client_id)
    if not isinstance(value, str | None):
        raise KeyringFailed(f"The keyring of this machine gave no text, so it is not used; {INSTEAD}.")
    return Secret(value, origins) if value else None


class Keyring:
    """The system's keyring, for the secrets of one session. problem: why it could not be used when it was asked last, in a sentence."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self._hangs = False

    async def kept(self, environment: Environment, client_id: str) -> Secret | None:
        """The client secret that is kept for this client, or None; see `problem`. A keyring that hung once is not asked again."""
        if environment.name in EMBEDDED or not client_id or self._hangs:
            return None
        self.problem = None
        try:
            # A secret that was kept for an environment goes to no other server, whatever address is typed beside it.
            return await secret_from_keyring(environment.name, client_id, environment.origins or None)
        except KeyringFailed as failed:
            self.problem, self._hangs = str(failed), failed.hangs
            return None


async def put_in_keyring(environment: str, client_id: str, secret: Secret | None) -> None:
    """Keep the secret in the system's keyring; None takes the one that is there out. KeyringFailed."""
    if secret is not None:
        await _from_keyring("set_password", environment, client_id, secret.reveal())
    else:
        await _from_keyring("delete_password", environment, client_id)


async def _from_keyring(method: str, environment: str, client_id: str, *secret: str) -> Any:
    """What a function of `keyring` gives. Everything about it may hang or raise, the import and the choice of a backend, too."""

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
        # A backend is somebody else's plug-in. A panic in one written in Rust is no Exception (PyO3, PanicException).
        name = visible(type(error).__name__)
        raise KeyringFailed(f"The keyring of this machine cannot be used ({name}); {INSTEAD}.") from error
