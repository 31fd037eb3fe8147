"""The options that the command line hands to the screen. The first frame imports this module, so it imports no other of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    from airisk_tui.session.session import Session


class AppOptions(Struct, frozen=True, kw_only=True):
    """Plain values from the command line.

    environment: its name, or None for the configured one. overrides: fields of the draft, by name. start: the mode of a run to
    start at once, or None. replay: the recording to open, or None. session: an existing session, or None: then the screen
    makes one after the first frame, with make_session where that is given.
    """

    environment: str | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    start: str | None = None
    replay: str | None = None
    session: Session | None = None
    make_session: Callable[[], Session] | None = None
