"""Opening the screen from the command line: the options become plain values, so that nothing is imported before the first frame."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from airisk_tui.flow.fields import EMBEDDED, OTHER
from airisk_tui.headless.flow_options import (
    changes_of,
    check_recording,
    environment_of,
    expect_environment,
    recording_options,
)
from airisk_tui.headless.process import UsageError, none_among
from airisk_tui.tui.type_ahead import keys_kept

if TYPE_CHECKING:
    from airisk_tui.session.session import Session


def open_screen(args: argparse.Namespace) -> int:
    """Open the TUI with what the options say; the exit code when it is left."""
    environment = environment_of(args)
    if environment not in (None, *EMBEDDED, OTHER):
        _check_configured(environment)
    check_recording(args)
    if args.fault:
        from airisk_tui.headless.flow_options import check_faults

        check_faults(tuple(args.fault), environment or "sandbox")
    changes = changes_of(args)
    with keys_kept():
        from airisk_tui.engine.host import default_mode
        from airisk_tui.tui.app import run_app
        from airisk_tui.tui.options import AppOptions

        options = AppOptions(
            environment=environment,
            overrides=changes,
            start=changes.get("mode", default_mode()) if args.start else None,
            make_session=partial(_session, args),
        )
        return run_app(options)


def _check_configured(name: str) -> None:
    """Whether the configuration has the environment; a screen that opened could only end on a wrong name."""
    from airisk_tui.engine.environments import ConfigurationError, read_configuration
    from airisk_tui.engine.home import Home

    try:
        known = read_configuration(Home.find().config).environments
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    expect_environment(name, (*known, OTHER))


def _session(args: argparse.Namespace) -> Session:
    """The session, made after the first frame."""
    from airisk_tui.session.session import Session

    return Session(record=recording_options(args), sandbox_faults=tuple(args.fault))


def wants_screen(args: argparse.Namespace) -> bool:
    """Of `replay`: whether nothing was asked for that needs no screen, and there is a terminal to show one on."""
    plain = args.json or args.step or args.speed or args.against
    return not plain and not none_among("stdin", "stdout", "stderr")


def open_replay(args: argparse.Namespace) -> int:
    """Open the TUI on a recording; UsageError when it is none."""
    from airisk_tui.recording.errors import RecordingRefused
    from airisk_tui.recording.reader import read_header
    from airisk_tui.session.recordings import locate

    try:
        path = locate(args.recording)
        read_header(path)
    except RecordingRefused as error:
        raise UsageError(str(error)) from error
    with keys_kept():
        from airisk_tui.tui.app import run_app
        from airisk_tui.tui.options import AppOptions

        return run_app(AppOptions(replay=str(path)))
