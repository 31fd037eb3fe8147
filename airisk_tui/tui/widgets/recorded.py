"""The form of a replay: what the recorded run was started with, to be read and not to be changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.state import FlowState
from airisk_tui.tui.text import shown
from airisk_tui.tui.widgets.inspector_chips import Secrets, chipped, names_of

LABEL = 15
"""Columns of a label, as in the form."""

MAX_VALUE = 600
"""Characters of a value: fifteen lines of the narrowest column (S4)."""


class Recorded(VerticalScroll, can_focus=True):
    """Stands in the place of the form. notes: sentences about the file."""

    DEFAULT_CSS = """
    Recorded > Static { height: auto; }
    Recorded > .recorded-note { color: $text-warning; }
    """

    def __init__(self) -> None:
        super().__init__(id="form")
        self.border_title = Content("Request, as it was recorded")

    def compose(self) -> ComposeResult:
        """The values, then what is to be said of the file."""
        yield Static(id="recorded-values", markup=False)
        yield Static(id="recorded-notes", classes="recorded-note", markup=False)

    def show(self, state: FlowState, notes: tuple[str, ...]) -> None:
        """Fill it in, once."""
        self.query_one("#recorded-values", Static).update(Content("\n").join(list(_lines(state))))
        told = self.query_one("#recorded-notes", Static)
        told.display = bool(notes)
        told.update(Content("\n").join([Content.assemble("△ ", shown(note)) for note in notes]))


def _lines(state: FlowState) -> Iterator[Content]:
    if state.inputs is None:
        yield Content("The event that began the run is not in this recording.")
        return
    secrets = Secrets(names_of(state))
    for label, value in _values(state, state.inputs):
        yield Content.assemble((label.ljust(LABEL), "$text-muted"), chipped(value, secrets, limit=MAX_VALUE))


def _values(state: FlowState, inputs: Inputs) -> Iterator[tuple[str, str]]:
    yield "Environment", inputs.environment
    yield "Base URL", inputs.base_url
    yield "Client ID", inputs.client_id
    secret = inputs.client_secret
    if secret is not None:
        yield "Client secret", secret.placeholder if secret.fingerprint else "sent, and nothing is known of it"
    else:
        yield "Client secret", "none"
    yield "Redirect URI", inputs.redirect_uri
    yield "User id", inputs.userid or "none: a generic token"
    yield "State", inputs.state if inputs.state is not None else "not sent"
    yield "Token body", inputs.encoding
    yield "Way", inputs.mode
    for name, value in (*inputs.params, *inputs.token_params):
        yield "Extra", f"{name}={value}"
    if not inputs.verify_tls:
        yield "TLS", "the certificate was not verified"
    if state.utc:
        yield "Recorded", f"{datetime.fromtimestamp(state.utc):%Y-%m-%d %H:%M:%S}, by {_clock(state)}"


def _clock(state: FlowState) -> str:
    return datetime.fromtimestamp(state.utc).astimezone().strftime("UTC%z")
