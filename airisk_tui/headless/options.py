"""From FLOW, the options that are the same for every command that runs a flow (cli.md), to the draft they make."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any

from airisk_tui.engine.credentials import EnvFile, read_env_file
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.environments import OTHER, SANDBOX, ConfigurationError, Environment, with_fields
from airisk_tui.headless.arguments import pair
from airisk_tui.headless.usage import UsageError
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.text import visible
from airisk_tui.session.session import Session


async def draft_from(args: argparse.Namespace, session: Session, mode: str) -> Draft:
    """The draft that the options describe; precedence: flag, environment variable, .env file, configuration (cli.md)."""
    environment = await _environment(args, session)
    try:
        file = read_env_file(args.env_file) if args.env_file else EnvFile()
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    draft = session.draft(environment.name)
    client_id = args.client_id or file.client_id or draft.client_id
    changes: dict[str, Any] = {
        "base_url": args.base_url or draft.base_url,
        "client_id": client_id,
        "redirect_uri": args.redirect_uri or draft.redirect_uri,
        "userid": _first(args.userid, file.userid, draft.userid),
        "state": draft.state if args.state is None else None if args.state == "none" else args.state,
        "encoding": args.body or draft.encoding,
        "timeout": draft.timeout if args.timeout is None else args.timeout,
        "params": Params(tuple(pair(text) for text in args.param)),
        "token_params": Params(tuple(pair(text) for text in args.token_param)),
        "dialect": _dialect(args, draft),
        "carry_cookies": args.carry_cookies,
        "exchange": not args.no_exchange,
        "mode": mode,
        "verify_tls": draft.verify_tls and not args.insecure,
    }
    changes["client_secret"] = _secret(args, session, environment.name, client_id, file)
    return draft.to(**changes)


def _dialect(args: argparse.Namespace, draft: Draft) -> Dialect:
    try:
        return with_fields("Among the options", draft.dialect, dict(pair(text) for text in args.field))
    except ConfigurationError as error:
        raise UsageError(str(error)) from error


async def _environment(args: argparse.Namespace, session: Session) -> Environment:
    name = args.env or (session.configuration.default if not args.base_url else None)
    if name is None:
        return session.environments[OTHER]
    if name not in session.environments:
        known = ", ".join(visible(known) for known in session.environments)
        raise UsageError(
            f"There is no environment “{visible(name)}”; there are: {known}. `airisk-tui environments add` makes one."
        )
    return await session.ready(name)


def _first(*values: str | None) -> str:
    return next((value for value in values if value is not None), "")


def _secret(args: argparse.Namespace, session: Session, name: str, client_id: str, file: EnvFile) -> Secret | None:
    from airisk_tui.engine import credentials

    if args.client_secret_stdin:
        return Secret(sys.stdin.readline().rstrip("\r\n"))
    chosen = credentials.secret_from_variable() if name != SANDBOX or args.client_id else None
    found = chosen or file.client_secret or session.secret(name, client_id)
    if found is None and not args.no_exchange and sys.stdin.isatty() and sys.stderr.isatty():
        typed = getpass.getpass(f"Client secret of {visible(client_id)}: ", stream=sys.stderr)
        return Secret(typed) if typed else None
    return found


def read_session(**options: Any) -> Session:
    """A session with the person's configuration; UsageError says what is wrong with it, or with the faults."""
    if options.get("sandbox_faults"):
        _check_faults(options["sandbox_faults"])
    try:
        return Session(**options, environ=os.environ)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error


def _check_faults(names: tuple[str, ...]) -> None:
    from airisk_tui.sandbox.faults import chosen

    try:
        chosen(names)
    except ValueError as error:
        raise UsageError(str(error)) from error
