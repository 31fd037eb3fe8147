"""From FLOW, the options that are the same for every command that runs a flow (cli.md), to the draft they make."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.environments import ConfigurationError, Environment
from airisk_tui.headless.changes import changes_of, environment_of, unknown_environment
from airisk_tui.headless.usage import UsageError
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.text import visible
from airisk_tui.session.recorder import in_library
from airisk_tui.session.session import MakeRecorder, Session


async def draft_from(args: argparse.Namespace, session: Session) -> Draft:
    """The draft that the options describe; precedence: flag, environment variable, .env file, configuration (cli.md)."""
    environment = await _environment(args, session)
    draft = session.draft(environment.name, changes_of(args))
    if draft.client_secret is None and draft.exchange:
        return draft.to(client_secret=_asked(draft.client_id))
    return draft


async def _environment(args: argparse.Namespace, session: Session) -> Environment:
    name = environment_of(args) or session.configuration.default
    if name not in session.environments:
        raise unknown_environment(name, session.environments)
    return await session.ready(name)


def _asked(client_id: str) -> Secret | None:
    """The client secret as a person types it, where there is one to ask."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    typed = getpass.getpass(f"Client secret of {visible(client_id)}: ", stream=sys.stderr)
    return Secret(typed) if typed else None


def recorder_for(args: argparse.Namespace) -> MakeRecorder | None:
    """What the recording options ask for; None when runs are not to be recorded."""
    if args.no_record:
        return None
    return in_library(args.record, include_secrets=args.include_secrets)


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
