"""The inputs of a recorded run, which take the place of the form and cannot be changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from airisk_tui.flow.start.fields import INPUTS, InputField
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import SecretView
from airisk_tui.recording.disk.format import Header
from airisk_tui.recording.disk.reader import Problem
from airisk_tui.tui.inspector.chips import Secrets, with_chips
from airisk_tui.tui.run.request.field import LABEL
from airisk_tui.tui.run.request.preview import MAX_VALUE, MIN_COLUMN
from airisk_tui.tui.shared.drawing.text import FittedText, beside, shown

MAX_PROBLEMS = 3
"""Unreadable lines of the file that are described; more are counted."""

WHEN_EMPTY = {"client_secret": "none", "userid": "none: a generic token", "state": "not sent"}
"""By input, what an empty one means."""


class RecordedInputs(VerticalScroll, can_focus=True):
    """Labels and values, followed by notes about the file."""

    DEFAULT_CSS = """
    RecordedInputs { border-title-color: $foreground; }
    RecordedInputs > #recorded-notes { height: auto; color: $text-warning; }
    """

    def __init__(self) -> None:
        super().__init__(id="form")
        self.border_title = Content("Request, as it was recorded")

    def compose(self) -> ComposeResult:
        yield FittedText(lambda width: (), id="recorded-values")
        yield Static(id="recorded-notes", markup=False)

    def show(self, state: FlowState, notes: tuple[str, ...], sealed: str = "") -> None:
        """Show the inputs of a run. notes: sentences about its file; sealed: what of the run is sealed, in words."""
        values = self.query_one("#recorded-values", FittedText)
        values.show(lambda width: list(_lines(state, sealed, max(width - LABEL, MIN_COLUMN))))
        below = self.query_one("#recorded-notes", Static)
        below.display = bool(notes)
        below.update(Content("\n").join([Content.assemble("△ ", shown(note)) for note in notes]))


def _lines(state: FlowState, sealed: str, width: int) -> Iterator[Content]:
    if state.inputs is None:
        return
    secrets = Secrets(secret_names(state))
    for label, value in (*_values(state, state.inputs), *((("Sealed", sealed),) if sealed else ())):
        whole = with_chips(value, secrets, limit=MAX_VALUE)
        yield from beside(Content.styled(label, "$text-muted"), whole.wrap(width), LABEL)


def _values(state: FlowState, inputs: Inputs) -> Iterator[tuple[str, str]]:
    """Labels and values, in the order and with the labels of the form; then what the form has no row for."""
    for field in INPUTS:
        if field.label and field.dialect in ("", inputs.dialect.name):
            yield from ((field.label, text) for text in _texts(field, inputs))
    yield from (("Changed", f"{edit.action} {edit.text}") for edit in inputs.edits)
    if not inputs.verify_tls:
        yield "TLS", "the certificate was not verified"
    if state.utc:
        yield "Recorded", datetime.fromtimestamp(state.utc).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")


def _texts(field: InputField, inputs: Inputs) -> list[str]:
    """The values of an input as texts; none where it was left empty and that needs no words, or where a choice that the form folds
    away is the usual one."""
    value = getattr(inputs, field.name, None)
    if field.more and value in field.choices[:1]:
        return []
    if isinstance(value, SecretView):
        return [value.reference if value.fingerprint else "sent; the recording says nothing about it"]
    if isinstance(value, Params):
        return [f"{each}={text}" for each, text in value]
    if isinstance(value, tuple):
        return [", ".join(value)] if value else []
    if isinstance(value, bool):
        return [text] if (text := field.choices[not value]) != "no" else []
    if isinstance(value, float):
        return [f"{value:g} s"]
    return [value] if value else [WHEN_EMPTY[field.name]] if field.name in WHEN_EMPTY else []


def notes_of(header: Header, problems: Sequence[Problem] = ()) -> tuple[str, ...]:
    """Sentences about the file that a person should know."""
    notes = []
    if header.secrets == "included":
        notes.append("This recording holds raw secrets; give it only to people who may have them.")
    if header.origin == "har":
        notes.append(
            "This run was imported from another program's HAR file; what that file does not hold is missing here."
        )
    notes += [f"Line {problem.line}: {problem.sentence}" for problem in problems[:MAX_PROBLEMS]]
    if (more := len(problems) - MAX_PROBLEMS) > 0:
        notes.append(f"{more} more line{'s' if more > 1 else ''} could not be read.")
    return tuple(notes)
