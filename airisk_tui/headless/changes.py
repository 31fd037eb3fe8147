"""What FLOW changes in a draft (command-line.md), for the commands and the screen alike; nothing is imported that no option asks for."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airisk_tui.headless.arguments import pair
from airisk_tui.headless.terminal import secret_from_stdin
from airisk_tui.headless.usage import UsageError

if TYPE_CHECKING:
    from airisk_tui.engine.credentials import EnvFile
    from airisk_tui.oauth.secret import Secret

SANDBOX, OTHER = "sandbox", "other"
"""As `engine.environments` has them, which the first frame does not wait for."""


def environment_of(args: argparse.Namespace) -> str | None:
    """The name of the environment that is meant, or None for the configured one."""
    name: str | None = args.env
    if name is not None and not name.strip():
        raise UsageError(
            "--env expects the name of an environment, and it is empty; name one, or leave the option out."
        )
    return name or (OTHER if args.base_url is not None else None)


def unknown_environment(name: str, known: Iterable[str]) -> UsageError:
    """What to say of an environment that there is not."""
    from airisk_tui.oauth.text import visible

    names = ", ".join(visible(each) for each in known)
    return UsageError(
        f"There is no environment “{visible(name)}”; there are: {names}. `airisk-tui environments add` makes one."
    )


def changes_of(args: argparse.Namespace) -> dict[str, Any]:
    """The options as changes for `Session.draft`: plain values by field of the draft, only those that were given.

    Precedence: flag, environment variable, .env file (command-line.md). Raises UsageError for what cannot be read. Reads the secret
    from stdin where that is asked for, so it is called once.
    """
    file = _env_file(args.env_file)
    given: dict[str, Any] = {
        "base_url": args.base_url,
        "client_id": _first(args.client_id, file.client_id or None if file else None),
        "client_secret": _secret(args, file),
        "redirect_uri": args.redirect_uri,
        "userid": _first(args.userid, file.userid if file else None),
        "encoding": args.body,
        "mode": getattr(args, "mode", None),
        "timeout": args.timeout,
        "params": _pairs("--param", args.param),
        "token_params": _pairs("--token-param", args.token_param),
        "fields": _fields(args.field),
        "carry_cookies": args.carry_cookies or None,
        "exchange": False if args.no_exchange else None,
        "verify_tls": False if args.insecure else None,
    }
    found = _only_given(given)
    if args.state is not None:
        found["state"] = None if args.state == "none" else args.state
    return found


def rerun_changes_of(args: argparse.Namespace) -> dict[str, Any]:
    """Likewise of `replay --against`, for `session.rerun.prepare`: of a .env file only the secret, the rest is as recorded."""
    return _only_given(
        {
            "client_secret": _secret(args, _env_file(args.env_file)),
            "mode": args.mode,
            "timeout": args.timeout,
            "verify_tls": False if args.insecure else None,
        }
    )


def _only_given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _secret(args: argparse.Namespace, file: EnvFile | None) -> Secret | None:
    """The client secret from stdin, or from the .env file where the environment variable does not come before it."""
    if args.client_secret_stdin:
        return secret_from_stdin("--client-secret-stdin")
    if file is None or file.client_secret is None:
        return None
    from airisk_tui.engine.credentials import secret_from_variable

    return None if secret_from_variable() is not None else file.client_secret


def _env_file(path: Path | None) -> EnvFile | None:
    if path is None:
        return None
    if not path.name:
        raise UsageError("--env-file expects the path of a .env file, and it names none; give one.")
    from airisk_tui.engine.credentials import read_env_file
    from airisk_tui.engine.environments import ConfigurationError

    try:
        return read_env_file(path)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error


def _first(*values: str | None) -> str | None:
    return next((value for value in values if value is not None), None)


def _pairs(option: str, texts: list[str]) -> tuple[tuple[str, str], ...] | None:
    return tuple(pair(option, text) for text in texts) or None


def _fields(texts: list[str]) -> dict[str, str] | None:
    """The dialect's names that are changed, looked at here, so that a wrong one is told before anything opens."""
    fields = dict(pair("--field", text) for text in texts)
    if not fields:
        return None
    from airisk_tui.engine.environments import ConfigurationError, with_fields
    from airisk_tui.oauth.dialect import AIRISK

    try:
        with_fields("Among the options", AIRISK, fields)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    return fields
