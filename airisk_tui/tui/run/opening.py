"""Opening the session after the whole screen is there, and warming up for the first run."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from airisk_tui.engine.environments import Configuration, ConfigurationError
from airisk_tui.session.recorder import recorder_maker
from airisk_tui.session.session import Session
from airisk_tui.tui.run.controller import RunController

if TYPE_CHECKING:
    from airisk_tui.tui.app import AppOptions


def make_controller(options: AppOptions, notify: Callable[..., Any], later: Any, on_state: Any) -> RunController:
    """A controller for the given session, or for one of its own; a configuration that cannot be read is said, not fatal."""
    session = options.session
    if session is None:
        try:
            session = options.make_session() if options.make_session else Session(make_recorder=recorder_maker())
        except ConfigurationError as error:
            notify(f"{error} The sandbox is used instead.", severity="error", timeout=20, markup=False)
            session = Session(configuration=Configuration())
    return RunController(session, later, on_state)


def import_later() -> None:
    """What the first run needs, imported while nobody waits for it."""
    import airisk_tui.engine.client.exchange
    import airisk_tui.engine.listener.server
    import airisk_tui.session.explaining  # noqa: F401 - imported for its side effect of being there


def settle() -> None:
    """Wake the garbage collector, and spare it what lives until the end: a full collection would stall a key for 30 ms."""
    gc.freeze()
    gc.enable()
