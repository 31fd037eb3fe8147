"""What the first frame does not need: the session, the views of a run, and the rest of the form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.containers import Vertical
from textual.content import Content

from airisk_tui.engine.environments import Configuration, ConfigurationError
from airisk_tui.session.recorder import in_library
from airisk_tui.session.session import Session
from airisk_tui.tui.conductor import Conductor
from airisk_tui.tui.widgets.findings import FindingsPanel
from airisk_tui.tui.widgets.inbox import Inbox
from airisk_tui.tui.widgets.inspector import Inspector
from airisk_tui.tui.widgets.launch import LaunchBar
from airisk_tui.tui.widgets.now import NowPanel
from airisk_tui.tui.widgets.preview import Preview
from airisk_tui.tui.widgets.rail import Rail

if TYPE_CHECKING:
    from airisk_tui.tui.app import AppOptions
    from airisk_tui.tui.screens.run import RunScreen
SHEET = Path(__file__).parent.parent / "rest.tcss"


def make_conductor(options: AppOptions, notify: Callable[..., Any], later: Any, on_state: Any) -> Conductor:
    """A conductor for the given session, or for one of its own; a configuration that cannot be read is said, not fatal."""
    session = options.session
    if session is None:
        try:
            session = options.make_session() if options.make_session else Session(make_recorder=in_library())
        except ConfigurationError as error:
            notify(f"{error} The sandbox is used instead.", severity="error", timeout=20, markup=False)
            session = Session(configuration=Configuration())
    return Conductor(session, later, on_state)


async def mount_rest(screen: RunScreen) -> None:
    """Mount the preview, the panel of the moment and the views, and style them."""
    screen.app.stylesheet.read(str(SHEET))
    screen.app.stylesheet.parse()
    await screen.query_one("#request", Vertical).mount(LaunchBar(), Preview())
    await screen.mount(_rail(screen, compact=True), after="#title")
    await screen.query_one("#columns").mount(_flow(screen), _result(screen))
    screen.app.stylesheet.update(screen.query_one("#request"))


def _rail(screen: RunScreen, *, compact: bool) -> Rail:
    rail = Rail(screen.clock, compact=compact, id="strip" if compact else "rail")
    return rail.data_bind(state=type(screen).state)


def _flow(screen: RunScreen) -> Vertical:
    rail = Vertical(_rail(screen, compact=False), id="rail-box", classes="box")
    rail.border_title = Content("Flow")
    inbox = Vertical(Inbox(id="inbox").data_bind(state=type(screen).state), id="inbox-box", classes="box")
    inbox.border_title = Content("Heard by the listener")
    return Vertical(rail, inbox, id="flow", classes="column")


def _result(screen: RunScreen) -> Vertical:
    session = screen.conductor.session if screen.conductor is not None else None
    inspector = Inspector(screen.clock, session.unseal if session is not None else None, id="inspector")
    box = Vertical(inspector.data_bind(state=type(screen).state), id="inspector-box", classes="box")
    box.border_title = Content("Inspector")
    findings = FindingsPanel(id="findings").data_bind(state=type(screen).state, report=type(screen).report)
    return Vertical(NowPanel(), findings, box, id="result", classes="column")


def import_later() -> None:
    """What the first run needs, imported while nobody waits for it."""
    import airisk_tui.engine.client
    import airisk_tui.engine.listener
    import airisk_tui.session.explaining  # noqa: F401 - imported for its side effect of being there
