"""FLOW: the options that are the same for every command that runs a flow (cli.md), and the draft they make."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any

from airisk_tui.engine.credentials import EnvFile, read_env_file
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.environments import SANDBOX, ConfigurationError, Environment
from airisk_tui.headless.usage import UsageError
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.text import visible
from airisk_tui.session.session import Session


def add_flow_options(parser: argparse.ArgumentParser) -> None:
    """Add FLOW to a command."""
    flow = parser.add_argument_group("the flow")
    flow.add_argument("--env", metavar="NAME", help="the environment (default: the configured one, else sandbox)")
    flow.add_argument("--base-url", metavar="URL", help="the deployment, such as https://airisk.example.com")
    flow.add_argument("--client-id", metavar="ID")
    flow.add_argument("--redirect-uri", metavar="URI")
    flow.add_argument("--userid", metavar="ID", help="the user to act for; left out: a generic token")
    flow.add_argument(
        "--state", metavar="VALUE|none", help="a state of your own, or none to send none (default: a fresh one)"
    )
    flow.add_argument("--body", choices=["form", "json"], help="how the token request is written")
    flow.add_argument(
        "--timeout", type=float, metavar="SECONDS", help="how long to wait for the redirect (default 300)"
    )
    flow.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="extra parameter of the authorization request",
    )
    flow.add_argument(
        "--token-param", action="append", default=[], metavar="NAME=VALUE", help="extra field of the token request"
    )
    flow.add_argument("--no-exchange", action="store_true", help="stop at the code")
    flow.add_argument(
        "--insecure", action="store_true", help="do not verify the server's certificate; said loudly and recorded"
    )
    secret = parser.add_argument_group(
        "the client secret", "from AIRISK_CLIENT_SECRET, a .env file, stdin, the keyring or a prompt; never a flag"
    )
    secret.add_argument("--env-file", type=Path, metavar="PATH", help="CLIENT_ID, CLIENT_SECRET and USER_ID")
    secret.add_argument(
        "--client-secret-stdin", action="store_true", help="read the secret from the first line of stdin"
    )
    record = parser.add_argument_group("the recording")
    where = record.add_mutually_exclusive_group()
    where.add_argument("--record", type=Path, metavar="PATH", help="record to this file")
    where.add_argument("--no-record", action="store_true", help="do not record the run")
    record.add_argument(
        "--include-secrets", action="store_true", help="keep the raw secrets in the recording; its name says so"
    )


def pair(text: str) -> tuple[str, str]:
    """`NAME=VALUE` as a pair; UsageError otherwise."""
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise UsageError(f"An extra parameter is written NAME=VALUE; “{visible(text)[:80]}” is not.")
    return name, value


async def draft_from(args: argparse.Namespace, session: Session, mode: str) -> Draft:
    """The draft that the options describe; precedence: flag, environment variable, .env file, configuration (cli.md)."""
    environment = await _environment(args, session)
    file = read_env_file(args.env_file) if args.env_file else EnvFile()
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
        "exchange": not args.no_exchange,
        "mode": mode,
        "verify_tls": draft.verify_tls and not args.insecure,
    }
    changes["client_secret"] = _secret(args, session, environment.name, client_id, file)
    return draft.to(**changes)


async def _environment(args: argparse.Namespace, session: Session) -> Environment:
    name = args.env or (session.configuration.default if not args.base_url else None)
    if name is None:
        session.environments["unnamed"] = Environment(name="unnamed")
        return session.environments["unnamed"]
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
    """A session with the person's configuration; UsageError says what is wrong with it."""
    try:
        return Session(**options, environ=os.environ)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
