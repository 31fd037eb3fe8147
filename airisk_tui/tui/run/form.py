"""The form: what the next run will be started with, one row a value, each mistake below its field.

The first frame holds the rows that a person types in first; `complete` adds the others right after it. What was typed is
never overwritten, and kept for each environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from airisk_tui.tui.run.field import Choice, Field

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft

MODES = ("browser", "direct", "paste")
BODIES = ("form", "json")
ENDS = ("token", "code")
MAX_EXTRAS = 20
"""Rows of extra parameters; more are written on the command line."""

TEXTS = ("base_url", "client_id", "client_secret", "redirect_uri", "userid", "state", "timeout")


class Filled(NamedTuple):
    """What stands in the form, as typed; a row that is not there yet is None."""

    environment: str
    texts: Mapping[str, str]
    send_state: bool
    encoding: str | None
    mode: str | None
    end: str | None
    extras: tuple[str, ...]


class Form(VerticalScroll, can_focus=False):
    """See the module. `environment` is the name shown first."""

    class Edited(Message):
        """Something in the form was changed by a person; name: the field."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

        def can_replace(self, message: Message) -> bool:
            """Of a burst of edits only the last is answered: all of them are read from the form at once."""
            return isinstance(message, Form.Edited)

    class Launched(Message):
        """Enter was pressed in the form."""

    class EnvironmentChosen(Message):
        """Another environment was chosen."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    def __init__(self, environment: str) -> None:
        super().__init__(id="form", classes="-sandbox" if environment == "sandbox" else None)
        self._environment = environment
        self._send_state = True
        self._notes: dict[str, Static] = {}
        self._said: dict[str, tuple[str, str]] = {}
        self._typed: dict[str, dict[str, str]] = {}
        self._asked = False

    def compose(self) -> ComposeResult:
        """The rows of the first frame; the base URL is a row of its own everywhere but in the sandbox, which knows it."""
        yield Choice("environment", "Environment", (self._environment,), self._environment)
        if self._environment != "sandbox":
            yield _base_url()
        yield Field("client_id", "Client ID")
        yield Field("client_secret", "Client secret", secret=True, tools=(("show ^E", "toggle_secret"),))
        yield Field("redirect_uri", "Redirect URI")
        yield Field("userid", "User id", placeholder="empty: generic token")

    async def complete(self) -> None:
        """Add the rows that the first frame does not show."""
        await self.mount_all(
            [
                Field("state", "State", tools=(("new ^G", "fresh_state"), ("omit ^N", "toggle_state"))),
                Choice("encoding", "Token body", BODIES, BODIES[0]),
                Choice("mode", "Mode", MODES, MODES[0]),
                Choice("end", "Stop at", ENDS, ENDS[0]),
                Field("timeout", "Timeout", placeholder="seconds"),
                Field("extra_0", "Extra", placeholder="name=value"),
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
        encoding, mode, end = self._choice("encoding"), self._choice("mode"), self._choice("end")
        return Filled(
            environment=self._environment,
            texts={field.name or "": field.value for field in self.query(Field)},
            send_state=self._send_state,
            encoding=encoding.value if encoding else None,
            mode=mode.value if mode else None,
            end=end.value if end else None,
            extras=tuple(field.value for field in self._extras() if field.value),
        )

    def _extras(self) -> list[Field]:
        return [field for field in self.query(Field) if (field.name or "").startswith("extra_")]

    def offer(self, environments: tuple[str, ...]) -> None:
        """The environments to choose from."""
        self.query_one("#environment", Choice).options = environments

    def fill(self, draft: Draft, mode: str | None = None) -> None:
        """Fill the form in from a draft; what was typed for its environment before comes back."""
        if draft.environment != "sandbox" and not self.query("#base-url"):
            self.mount(_base_url(), after="#environment")
        if draft.environment != self._environment:
            self._typed[self._environment] = {f.name or "": f.value for f in self.query(Field) if f.touched}
            self._environment = draft.environment
            self._asked = False
            with self.prevent(Choice.Changed):
                self.query_one("#environment", Choice).value = draft.environment
            self._restore(self._typed.get(draft.environment, {}))
        secret = draft.client_secret.reveal() if draft.client_secret else ""
        values = {name: getattr(draft, name) for name in ("base_url", "client_id", "redirect_uri", "userid")}
        values |= {"client_secret": secret, "state": draft.state or "", "timeout": f"{draft.timeout:g}"}
        for name, value in values.items():
            for field in self.query(f"#{_id(name)}").results(Field):
                field.fill(value)
        end = "token" if draft.exchange else "code"
        for choice, chosen in (("encoding", draft.encoding), ("mode", mode), ("end", end)):
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

    def set_mode(self, mode: str) -> None:
        """Choose the mode of the next run."""
        if (choice := self._choice("mode")) is not None:
            choice.value = mode

    def note(self, name: str, sentence: Content | None, severity: str = "") -> None:
        """Put a sentence below a field, or take it away."""
        note = self._notes.get(name)
        if note is None and sentence is not None:
            rows = self.query(f"#{_id(name)}")
            if not rows:
                return
            note = self._notes[name] = Static(markup=False, classes="note")
            self.mount(note, after=rows.first())
        if note is None:
            return
        note.display = sentence is not None
        if sentence is not None and self._said.get(name) != (said := (sentence.plain, severity)):
            self._said[name] = said  # the same words again would lay the form out anew at each keystroke
            note.set_classes(f"note -{severity}")
            note.update(Content.assemble("▲ " if severity == "error" else "△ ", sentence))

    def show_notes(self, notes: Mapping[str, tuple[Content, str]]) -> set[str]:
        """These sentences below their fields, and the names of those that are shown: a field that nobody has come to yet
        is not blamed for being empty before a run is asked for."""
        due = {name for name in notes if self._asked or not self._untouched(name)}
        for name in {*self._notes, *due}:
            sentence, severity = notes[name] if name in due else (None, "")
            self.note(name, sentence, severity)
        return due

    def _untouched(self, name: str) -> bool:
        return any(not field.value and not field.touched for field in self.query(f"#{_id(name)}").results(Field))

    def reach(self, name: str) -> None:
        """Put the focus into a field, by the name of what is wrong with it; from now on empty fields are blamed too."""
        self._asked = True
        self.post_message(self.Edited(name))
        for field in self.query(f"#{_id(name)}"):
            field.focus()

    def put(self, name: str, value: str) -> bool:
        """Fill a row in as a person would, and put the focus into it; False when the form has no such row now."""
        row = next((row for row in self.query(f"#{_id(name)}") if row.display), None)
        if isinstance(row, Choice) and value in row.options:
            row.choose(value)
        elif isinstance(row, Field):
            row.touched, row.value = True, value
            row.cursor_position = len(value)
        else:
            return False
        row.focus()
        return True

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
            self.mount(Field(f"extra_{len(extras)}", "", placeholder="name=value"), after=extras[-1])

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

    def toggle_secret(self) -> None:
        """Show or hide the client secret."""
        field = self.field("client_secret")
        field.password = not field.password
        field.set_tools(("show ^E" if field.password else "hide ^E", "toggle_secret"))

    def toggle_state(self) -> None:
        """Send a state, or leave it out."""
        self._send_state = not self._send_state
        field = self.field("state")
        field.disabled = not self._send_state
        field.set_tools(("new ^G", "fresh_state"), ("omit ^N" if self._send_state else "send ^N", "toggle_state"))
        self.post_message(self.Edited("state"))


def _id(name: str) -> str:
    return name.replace("_", "-")


def _base_url() -> Field:
    return Field("base_url", "Base URL", placeholder="https://airisk.example.com")
