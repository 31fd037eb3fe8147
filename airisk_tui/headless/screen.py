"""Opening the screen from the command line: the options are given as plain values, so that the first frame imports little."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from airisk_tui.flow.start.fields import EMBEDDED, OTHER
from airisk_tui.headless.flow.options import (
    changes_of,
    check_faults,
    check_recording,
    environment_of,
    expect_environment,
    recording_options,
)
from airisk_tui.headless.shared.process import none_among
from airisk_tui.tui.type_ahead import keys_kept

if TYPE_CHECKING:
    from airisk_tui.session.session import Session


def open_screen(args: argparse.Namespace) -> int:
    """Open the screen as the options say. Returns the exit code. Raises Refused."""
    environment = environment_of(args)
    if environment not in (None, *EMBEDDED, OTHER):
        _check_configured(environment)
    check_recording(args)
    if args.fault:
        check_faults(tuple(args.fault), environment or "sandbox")
    changes = changes_of(args)
    with keys_kept():
        from airisk_tui.engine.machine.host import default_mode
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
    """Raises Refused where the configuration does not have the environment, before the screen opens."""
    from airisk_tui.engine.config.environments import read_configuration
    from airisk_tui.engine.config.home import Home

    expect_environment(name, (*read_configuration(Home.find().config).environments, OTHER))


def _session(args: argparse.Namespace) -> Session:
    """The session; the screen makes it after its first frame."""
    from airisk_tui.session.session import Session

    return Session(record=recording_options(args), sandbox_faults=tuple(args.fault))


def wants_screen(args: argparse.Namespace) -> bool:
    """Whether `replay` opens the screen: there is a terminal, and no option asks for output without a screen."""
    plain = args.json or args.step or args.speed or args.against
    return not plain and not none_among("stdin", "stdout", "stderr")


def open_replay(args: argparse.Namespace) -> int:
    """Open the screen with the replay of a recording. Returns the exit code. Raises Refused."""
    from airisk_tui.recording.disk.reader import read_header
    from airisk_tui.session.recordings.opening import locate

    path = locate(args.recording)
    read_header(path)
    with keys_kept():
        from airisk_tui.tui.app import run_app
        from airisk_tui.tui.options import AppOptions

        return run_app(AppOptions(replay=str(path)))
