"""Opening the screen from the command line: the options become plain values, so that nothing is imported before the first frame."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airisk_tui.headless.arguments import pair
from airisk_tui.headless.usage import UsageError

if TYPE_CHECKING:
    from airisk_tui.session.session import Session


def open_screen(args: argparse.Namespace) -> int:
    """Open the TUI with what the options say; the exit code when it is left.

    The garbage collector rests while the first frame is made, where there is nothing to collect; `settle` in
    `tui.screens.opening` wakes it again.
    """
    gc.disable()
    from airisk_tui.tui.app import AppOptions, run_app

    options = AppOptions(
        environment=args.env or ("other" if args.base_url else None),
        overrides=overrides(args),
        start=(args.mode or "browser") if getattr(args, "start", False) else None,
        make_session=lambda: _session(args),
    )
    return run_app(options)


def wants_screen(args: argparse.Namespace) -> bool:
    """Of `replay`: whether nothing was asked for that needs no screen, and there is a terminal to show one on."""
    plain = args.json or args.step or args.speed or args.against
    return not plain and sys.stdin.isatty() and sys.stdout.isatty()


def open_replay(args: argparse.Namespace) -> int:
    """Open the TUI on a recording; UsageError when it is none."""
    from airisk_tui.recording.errors import RecordingRefused
    from airisk_tui.recording.reader import read_header
    from airisk_tui.session.recordings import locate
    from airisk_tui.tui.app import AppOptions, run_app

    try:
        path = locate(args.recording)
        read_header(path)
    except RecordingRefused as error:
        raise UsageError(str(error)) from error
    return run_app(AppOptions(replay=str(path)))


def _session(args: argparse.Namespace) -> Session:
    """The session, made after the first frame: with a recorder unless none is wanted, and with what a .env file says."""
    from airisk_tui.session.recorder import recorder_for
    from airisk_tui.session.session import Session

    return Session(make_recorder=recorder_for(args))


def overrides(args: argparse.Namespace) -> dict[str, Any]:
    """The draft's fields that the command line sets."""
    given: dict[str, Any] = {
        "base_url": args.base_url,
        "client_id": args.client_id,
        "redirect_uri": args.redirect_uri,
        "userid": args.userid,
        "encoding": args.body,
        "timeout": args.timeout,
        "mode": args.mode,
    }
    found = {name: value for name, value in given.items() if value is not None}
    if args.env_file is not None:
        _from_env_file(found, args.env_file)
    if args.state is not None:
        found["state"] = None if args.state == "none" else args.state
    if args.param:
        found["params"] = tuple(pair(text) for text in args.param)
    if args.token_param:
        found["token_params"] = tuple(pair(text) for text in args.token_param)
    if args.no_exchange:
        found["exchange"] = False
    if args.insecure:
        found["verify_tls"] = False
    if args.client_secret_stdin:
        found["client_secret"] = sys.stdin.readline().rstrip("\r\n")
    return found


def _from_env_file(found: dict[str, Any], path: Path) -> None:
    """What the .env file says, where no flag and no environment variable says otherwise (cli.md, precedence)."""
    from airisk_tui.engine.credentials import read_env_file, secret_from_variable
    from airisk_tui.engine.environments import ConfigurationError

    try:
        file = read_env_file(path)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    found.setdefault("client_id", file.client_id or "")
    found.setdefault("userid", file.userid or "")
    if file.client_secret is not None and secret_from_variable() is None:
        found["client_secret"] = file.client_secret.reveal()
