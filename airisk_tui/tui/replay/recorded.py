"""The form of a replay: what the recorded run was started with, to be read and not to be changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.oauth.params import Params
from airisk_tui.tui.inspector.chips import Secrets, with_chips
from airisk_tui.tui.shared.text import shown

LABEL = 15
"""Columns of a label, as in the form."""

MIN_VALUE = 12
"""Columns that a value gets in any case."""

MAX_VALUE = 600
"""Characters of a value: fifteen lines of the narrowest column (S4)."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """The authorization request of a recorded run, for the preview."""

    inputs: Inputs

    @property
    def authorization_url(self) -> str:
        """The URL, as it was opened."""
        return self.inputs.authorization_url

    def preview(self) -> Params:
        """Its parameters in order."""
        return self.inputs.authorization_params


class Recorded(VerticalScroll, can_focus=True):
    """Stands in the place of the form. notes: sentences about the file."""

    DEFAULT_CSS = """
    Recorded { border-title-color: $foreground; }
    Recorded > Static { height: auto; }
    Recorded > .recorded-note { color: $text-warning; }
    """

    def __init__(self) -> None:
        super().__init__(id="form")
        self.border_title = Content("Request, as it was recorded")
        self._state = FlowState()

    def compose(self) -> ComposeResult:
        """The values, then what is to be said of the file."""
        yield Static(id="recorded-values", markup=False)
        yield Static(id="recorded-notes", classes="recorded-note", markup=False)

    def show(self, state: FlowState, notes: tuple[str, ...]) -> None:
        """Fill it in, once."""
        self._state = state
        self._draw()
        told = self.query_one("#recorded-notes", Static)
        told.display = bool(notes)
        told.update(Content("\n").join([Content.assemble("△ ", shown(note)) for note in notes]))

    def on_resize(self) -> None:
        """Values fold to the new width."""
        self._draw()

    def _draw(self) -> None:
        width = max(self.scrollable_content_region.width - LABEL, MIN_VALUE)
        self.query_one("#recorded-values", Static).update(Content("\n").join(list(_lines(self._state, width))))


def _lines(state: FlowState, width: int) -> Iterator[Content]:
    if state.inputs is None:
        return
    secrets = Secrets(secret_names(state))
    for label, value in _values(state, state.inputs):
        first = Content.styled(label.ljust(LABEL), "$text-muted")
        whole = with_chips(value, secrets, limit=MAX_VALUE)
        lines = whole.wrap(width) if whole.cell_length > width else [whole]
        yield first + lines[0]
        yield from (Content(" " * LABEL) + line for line in lines[1:])


def _values(state: FlowState, inputs: Inputs) -> Iterator[tuple[str, str]]:
    yield "Environment", inputs.environment
    yield "Base URL", inputs.base_url
    yield "Client ID", inputs.client_id
    secret = inputs.client_secret
    if secret is not None:
        yield "Client secret", secret.reference if secret.fingerprint else "sent, and nothing is known of it"
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
        yield "Recorded", datetime.fromtimestamp(state.utc).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
