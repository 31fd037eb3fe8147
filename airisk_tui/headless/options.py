"""From FLOW, the options that are the same for every command that runs a flow (command-line.md), to the draft they make."""

from __future__ import annotations

import argparse
import os
from typing import Any

from airisk_tui.engine.credentials import secret_from_variable
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.environments import SANDBOX, ConfigurationError, Environment
from airisk_tui.headless import output
from airisk_tui.headless.arguments import check_recording
from airisk_tui.headless.changes import changes_of, environment_of, unknown_environment
from airisk_tui.headless.terminal import none_among, typed_unseen
from airisk_tui.headless.usage import UsageError
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.text import visible
from airisk_tui.session.recorder import recorder_maker
from airisk_tui.session.session import MakeRecorder, Session

NOT_FOR_THE_SANDBOX = (
    "Note: the embedded sandbox is never sent the secret in AIRISK_CLIENT_SECRET, which belongs to a deployment: it has one of "
    "its own. --client-secret-stdin sends it another."
)


async def draft_from(args: argparse.Namespace, session: Session) -> Draft:
    """The draft that the options describe; precedence: flag, environment variable, .env file, configuration (command-line.md)."""
    environment = await _environment(args, session)
    changes = changes_of(args)
    draft = session.draft(environment.name, changes)
    if environment.name == SANDBOX and "client_secret" not in changes and secret_from_variable() is not None:
        output.say(NOT_FOR_THE_SANDBOX)
    if draft.client_secret is None and draft.exchange:
        return draft.to(client_secret=_asked(draft.client_id))
    return draft


async def _environment(args: argparse.Namespace, session: Session) -> Environment:
    name = name_of_environment(environment_of(args), session)
    if getattr(args, "fault", None) and (name != SANDBOX or args.base_url is not None):
        where = visible(name if args.base_url is None else args.base_url)
        raise UsageError(
            f"--fault is played by the embedded sandbox alone, and this run would go to “{where}”; leave it out, or run it "
            "with --env sandbox and without --base-url."
        )
    return await session.ready(name)


def name_of_environment(named: str | None, session: Session) -> str:
    """The one that is named, else the configured one; UsageError where there is none of that name."""
    name = named or session.configuration.default
    if name not in session.environments:
        raise unknown_environment(name, session.environments)
    return name


def _asked(client_id: str) -> Secret | None:
    """The client secret as a person types it, where there is one to ask."""
    if none_among("stdin", "stderr"):
        return None
    typed = typed_unseen(f"Client secret of {visible(client_id)}: ")
    return Secret(typed) if typed else None


def recorder_for(args: argparse.Namespace) -> MakeRecorder | None:
    """What the recording options ask for; None when runs are not to be recorded. Raises UsageError as `check_recording`."""
    check_recording(args)
    if args.no_record:
        return None
    return recorder_maker(args.record, include_secrets=args.include_secrets)


def read_session(**options: Any) -> Session:
    """A session with the person's configuration; UsageError says what is wrong with it, or with the faults."""
    if options.get("sandbox_faults"):
        _check_faults(options["sandbox_faults"])
    try:
        return Session(**options, environ=os.environ)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error


def unplayed(names: tuple[str, ...]) -> str | None:
    """A sentence about the faults that a single run never meets, because it asks no endpoint with its token."""
    from airisk_tui.sandbox.faults import chosen

    late = [fault.name for fault in chosen(names) if fault.where == "access"]
    if not late:
        return None
    told = " and ".join(f"“{name}”" for name in late)
    return f"Note: {told} is played when ListUsers or GetConversations is asked, which `run` does not; `airisk-tui compare` asks both."


def _check_faults(names: tuple[str, ...]) -> None:
    from airisk_tui.sandbox.faults import chosen

    try:
        chosen(names)
    except ValueError as error:
        raise UsageError(str(error)) from error
