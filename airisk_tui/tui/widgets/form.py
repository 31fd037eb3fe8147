"""The form: what the next run will be started with, one row a value, each mistake below its field.

The first frame holds the rows that a person types in first; `complete` adds the others right after it. What was typed is
never overwritten, and kept for each environment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from airisk_tui.tui.widgets.field import Choice, Field, MiniButton

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft

WAYS = ("browser", "direct", "paste")
BODIES = ("form", "json")
MAX_EXTRAS = 20
"""Rows of extra parameters; more are written on the command line."""

TEXTS = ("base_url", "client_id", "client_secret", "redirect_uri", "userid", "state", "timeout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form, as typed; a row that is not there yet is None."""

    environment: str
    texts: Mapping[str, str]
    send_state: bool
    encoding: str | None
    way: str | None
    extras: tuple[str, ...]


class Form(VerticalScroll, can_focus=False):
    """See the module. `environment` is the name shown first."""

    class Edited(Message):
        """Something in the form was changed by a person; name: the field."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    class Launched(Message):
        """Enter was pressed in the form."""

    class EnvironmentChosen(Message):
        """Another environment was chosen."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    class FreshStateWanted(Message):
        """A new value for state was asked for."""

    def __init__(self, environment: str) -> None:
        super().__init__(id="form")
        self._environment = environment
        self._send_state = True
        self._notes: dict[str, Static] = {}
        self._typed: dict[str, dict[str, str]] = {}

    def compose(self) -> ComposeResult:
        """The rows of the first frame."""
        show = MiniButton("show", id="show-secret", tooltip="Show or hide the client secret")
        yield from _row("environment", "Environment", Choice("environment", (self._environment,), self._environment))
        yield from _row("base_url", "Base URL", Field("base_url", placeholder="https://airisk.example.com"))
        yield from _row("client_id", "Client ID", Field("client_id"))
        yield from _row("client_secret", "Client secret", _cell(Field("client_secret", password=True), show))
        yield from _row("redirect_uri", "Redirect URI", Field("redirect_uri"))
        yield from _row("userid", "User id", Field("userid", placeholder="empty: generic token"))

    async def complete(self) -> None:
        """Add the rows that the first frame does not show."""
        fresh = MiniButton("fresh", id="fresh-state", tooltip="Make a new state value (^G)")
        sent = MiniButton("sent", id="send-state", tooltip="Send a state, or leave it out")
        await self.mount_all(
            [
                *_row("state", "State", _cell(Field("state"), fresh, sent)),
                *_row("encoding", "Token body", Choice("encoding", BODIES, BODIES[0])),
                *_row("timeout", "Timeout", Field("timeout", placeholder="seconds")),
                *_row("way", "Way", Choice("way", WAYS, WAYS[0])),
                *_row("extra_0", "Extra", Field("extra_0", placeholder="name=value")),
            ]
        )

    def field(self, name: str) -> Field:
        """The field of that name."""
        return self.query_one(f"#{_id(name)}", Field)

    def _choice(self, name: str) -> Choice | None:
        return next(iter(self.query(f"#{name}").results(Choice)), None)

    @property
    def filled(self) -> Filled:
        """What stands in the form now."""
        encoding, way = self._choice("encoding"), self._choice("way")
        return Filled(
            environment=self._environment,
            texts={field.name or "": field.value for field in self.query(Field)},
            send_state=self._send_state,
            encoding=encoding.value if encoding else None,
            way=way.value if way else None,
            extras=tuple(field.value for field in self._extras() if field.value),
        )

    def _extras(self) -> list[Field]:
        return [field for field in self.query(Field) if (field.name or "").startswith("extra_")]

    def offer(self, environments: tuple[str, ...]) -> None:
        """The environments to choose from."""
        self.query_one("#environment", Choice).options = environments

    def fill(self, draft: Draft, way: str | None = None) -> None:
        """Fill the form in from a draft; what was typed for its environment before comes back."""
        if draft.environment != self._environment:
            self._typed[self._environment] = {f.name or "": f.value for f in self.query(Field) if f.touched}
            self._environment = draft.environment
            with self.prevent(Choice.Changed):
                self.query_one("#environment", Choice).value = draft.environment
            self._restore(self._typed.get(draft.environment, {}))
        secret = draft.client_secret.reveal() if draft.client_secret else ""
        values = {name: getattr(draft, name) for name in ("base_url", "client_id", "redirect_uri", "userid")}
        values |= {"client_secret": secret, "state": draft.state or "", "timeout": f"{draft.timeout:g}"}
        for name, value in values.items():
            for field in self.query(f"#{_id(name)}").results(Field):
                field.fill(value)
        for choice, chosen in (("encoding", draft.encoding), ("way", way)):
            if (found := self._choice(choice)) is not None and chosen is not None:
                found.value = chosen
        self.set_class(draft.environment == "sandbox", "-sandbox")

    def _restore(self, typed: Mapping[str, str]) -> None:
        for field in self.query(Field):
            field.touched = False
            field.fill(typed.get(field.name or "", ""))
            field.touched = field.name in typed

    def set_state(self, value: str) -> None:
        """Put a fresh value for state into the form."""
        field = self.field("state")
        field.touched = False
        field.fill(value)
        self.post_message(self.Edited("state"))

    def set_way(self, way: str) -> None:
        """Choose the way of the next run."""
        if (choice := self._choice("way")) is not None:
            choice.value = way

    def note(self, name: str, sentence: Content | None, severity: str = "") -> None:
        """Put a sentence below a field, or take it away."""
        note = self._notes.get(name)
        if sentence is None:
            if note is not None:
                note.display = False
            return
        if note is None:
            cell = next(iter(self.query(f".cell-{_id(name)}")), None)
            if cell is None:
                return
            note = self._notes[name] = Static(markup=False, classes=f"note row-{_id(name)}")
            self.mount(note, after=cell)
        note.display = True
        note.set_classes(f"note row-{_id(name)} -{severity}")
        note.update(sentence)

    def show_notes(self, notes: Mapping[str, tuple[Content, str]]) -> None:
        """Exactly these sentences below their fields."""
        for name in {*self._notes, *notes}:
            sentence, severity = notes.get(name, (None, ""))
            self.note(name, sentence, severity)

    def reach(self, name: str) -> None:
        """Put the focus into a field, by the name of what is wrong with it."""
        for field in self.query(f"#{_id(name)}"):
            field.focus()

    @on(Input.Changed)
    def _typed_in(self, event: Input.Changed) -> None:
        event.stop()
        field = event.input
        if isinstance(field, Field):
            field.touched = True
        if (field.name or "").startswith("extra_"):
            self._room_for_more()
        self.post_message(self.Edited(field.name or ""))

    def _room_for_more(self) -> None:
        extras = self._extras()
        if extras[-1].value and len(extras) < MAX_EXTRAS:
            self.mount_all(_row(f"extra_{len(extras)}", "", Field(f"extra_{len(extras)}", placeholder="name=value")))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Launched())

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        event.stop()
        if event.choice.name == "environment":
            self.post_message(self.EnvironmentChosen(event.value))
        else:
            self.post_message(self.Edited(event.choice.name or ""))

    @on(MiniButton.Pressed, "#show-secret")
    def _show_secret(self, event: MiniButton.Pressed) -> None:
        event.stop()
        field = self.field("client_secret")
        field.password = not field.password
        event.button.update("show" if field.password else "hide")

    @on(MiniButton.Pressed, "#fresh-state")
    def _fresh_state(self, event: MiniButton.Pressed) -> None:
        event.stop()
        self.post_message(self.FreshStateWanted())

    @on(MiniButton.Pressed, "#send-state")
    def _toggle_state(self, event: MiniButton.Pressed) -> None:
        event.stop()
        self._send_state = not self._send_state
        self.field("state").disabled = not self._send_state
        event.button.update("sent" if self._send_state else "left out")
        self.post_message(self.Edited("state"))


def _id(name: str) -> str:
    return name.replace("_", "-")


def _row(name: str, label: str, cell: Widget) -> Iterator[Widget]:
    yield Static(label, classes=f"label row-{_id(name)}", markup=False)
    cell.add_class(f"row-{_id(name)}", f"cell-{_id(name)}")
    yield cell


def _cell(*parts: Widget) -> Horizontal:
    return Horizontal(*parts, classes="cell")
