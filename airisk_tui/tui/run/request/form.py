"""The form: the inputs of the next run, with a row for each input that has a label in `flow.start.fields`.

The first frame has the rows that a person fills in first; `complete` adds the others right after it. What a person typed is never
overwritten, and is kept for each environment. A note below a row says what is wrong with its value.
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

from airisk_tui.flow.start.fields import EMBEDDED, FIELDS, INPUTS, InputField
from airisk_tui.tui.run.request.field import Choice, Field, Fold

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft

ROWS = tuple(field for field in INPUTS if field.label)
FIRST = ("environment", "base_url", "client_id", "client_secret", "redirect_uri", "listen", "userid")
"""The rows of the first frame."""

TOOLS = {
    "client_secret": (("reveal F9", "toggle_secret"),),
    "state": (("new ^G", "fresh_state"), ("omit ^N", "toggle_state")),
}
"""By row, the words at its right end with their actions."""

PAIRS = {"extra_": "params", "also_": "token_params", "named_": "fields"}
"""Inputs of several rows, each for one NAME=VALUE, by the prefix of the names of their rows."""

ONE_RUN = ("environment", "client_secret", "state", "nonce", "listen_publicly")
"""Rows that are not saved for the next start: secrets, values of a single run, and what a person has to allow each time."""

SWITCHED = {"true": "yes", "false": "no"}
"""By a fix's name for it, the choice of a row of yes and no."""

DECIDED = ("scope", "nonce", "client_auth", "pkce", "par", "response_mode")
"""Rows whose value the metadata of a server may decide: an empty one is decided, “none” is not."""

NOTHING: Mapping[str, str] = {}

MAX_PAIRS = 20
"""Rows of such an input; the command line takes more."""


class FormValues(NamedTuple):
    """The contents of the form. values: by input, as typed or chosen, without rows that are not mounted yet; send_state: False where
    the state is left out of the request; pairs: the rows of `PAIRS` that are not empty, by name."""

    values: Mapping[str, str]
    send_state: bool = True
    pairs: Mapping[str, str] = {}


class Form(VerticalScroll, can_focus=False):
    """environment: the name that is shown first. Posts Edited and EnvironmentChosen; Enter starts a run."""

    class Edited(Message):
        """A person changed something in the form."""

        def can_replace(self, message: Message) -> bool:
            """Handle only the last of several edits, because its handler reads the whole form."""
            return isinstance(message, Form.Edited)

    class EnvironmentChosen(Message):
        """A person chose another environment."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    def __init__(self, environment: str) -> None:
        super().__init__(id="form", classes="-sandbox" if environment in EMBEDDED else None)
        self._environment = environment
        self._send_state = True
        self._notes: dict[str, Static] = {}
        self._noted: dict[str, tuple[str, str]] = {}
        self._typed: dict[str, dict[str, str]] = {}
        self._names_empty = False
        self._filled = False
        self._base: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """The rows of the first frame; an embedded server has no row for its base URL."""
        yield Choice("environment", FIELDS["environment"].label, (self._environment,), self._environment)
        for name in FIRST[1:]:
            if name != "base_url" or self._environment not in EMBEDDED:
                yield _row(FIELDS[name])

    async def complete(self) -> None:
        """Add the rows that the first frame does not show, except those of the fold."""
        await self.mount_all([*(_row(field) for field in ROWS if field.name not in FIRST and not field.more), Fold()])

    def unfold(self) -> None:
        """Show the rows of the fold from now on."""
        for fold in self.query(Fold):
            fold.remove()
            rows = [_row(field) for field in ROWS if field.more]
            self.mount_all(rows)
            for row in rows:
                row.fill(self._base.get(row.name or "", ""))

    def action_unfold(self) -> None:
        """Show the rows of the fold, and go to the first of them."""
        self.unfold()
        self.post_message(self.Edited())
        self.field("also_0").focus()

    def _rows(self) -> list[Field | Choice]:
        return [row for row in self.children if isinstance(row, (Field, Choice))]

    def field(self, name: str) -> Field:
        """The field of that name."""
        return self.query_one(f"#{_id(name)}", Field)

    @property
    def values(self) -> FormValues:
        """The contents of the form now."""
        texts = {row.name or "": row.value for row in self._rows() if row.name != "environment"}
        # A row that this kind of server does not need keeps what was typed, but the draft does not get it.
        hidden = {row.name or "" for row in self._rows() if not row.display}
        return FormValues(
            values={name: text for name, text in texts.items() if name not in hidden and not group_of(name)},
            send_state=self._send_state,
            pairs={name: text for name, text in texts.items() if group_of(name) and text},
        )

    def _pairs(self, group: str) -> list[Field]:
        return [field for field in self.query(Field) if (field.name or "").startswith(group)]

    def offer(self, environments: tuple[str, ...]) -> None:
        """Set the environments to choose from."""
        self.query_one("#environment", Choice).options = environments

    def fill(self, draft: Draft, mode: str | None = None, kept: Mapping[str, str] = NOTHING) -> None:
        """Fill the form in from a draft, with what was typed for its environment before. mode: to choose, or None to leave the choice as
        it is; kept: what was typed before this start of the program, by row."""
        if draft.environment not in EMBEDDED and not self.query("#base-url"):
            self.mount(_row(FIELDS["base_url"]), after="#environment")
        arriving = draft.environment != self._environment
        if arriving:
            of_one_run = {
                field.name or "": field.value
                for field in (self.field("client_secret"), self.field("state"))
                if field.touched
            }
            self._typed[self._environment] = self.typed | of_one_run
            self._leave_for(draft.environment)
        self._base = {
            f.name: _text_of(f, draft) for f in ROWS if f.name not in ("environment", "mode") and f.kind != "pairs"
        }
        if mode is not None:
            self._base["mode"] = mode
        typed = self._typed.pop(draft.environment, kept) if arriving or not self._filled else {}
        self._filled = True
        self._make_room(typed)
        for row in self._rows():
            name = row.name or ""
            row.fill(typed.get(name, self._base.get(name, row.value)))
            if isinstance(row, Field) and name in typed:
                row.touched = True
        for group in PAIRS:  # one empty row of each is enough, also after an environment with several
            for spare in [row for row in self._pairs(group) if not row.value and not row.has_focus][1:]:
                spare.remove()
        self.set_class(draft.environment in EMBEDDED, "-sandbox")

    def fit(self, draft: Draft) -> None:
        """Show the rows that a server of the draft's dialect needs, and that of the issuer while there is no base URL."""
        dialect = draft.dialect.name
        issuer = bool(draft.issuer) or (draft.environment not in EMBEDDED and not draft.base_url)
        for row in self._rows():
            field = FIELDS[input_of(row.name or "")]
            # Set it once: each change lays out the whole screen again, even one that is undone at once.
            row.display = issuer if field.name == "issuer" else field.dialect in ("", dialect)

    def show_origins(self, origins: Mapping[str, tuple[str, str]]) -> None:
        """Show in these rows the value that was decided, and where it comes from. origins: as `drafting.origins` gives them."""
        for row in self._rows():
            decided, origin = origins.get(row.name or "", ("", ""))
            if isinstance(row, Choice):
                row.origin = decided, origin
            elif row.name in origins or row.origin:
                row.set_origin(decided, origin)

    def _leave_for(self, environment: str) -> None:
        self._environment = environment
        self._names_empty = False
        with self.prevent(Choice.Changed):
            self.query_one("#environment", Choice).value = environment
        for field in self.query(Field):
            field.touched = False
            field.fill("")
        if not self._send_state:
            self.toggle_state()

    def reset(self, draft: Draft, mode: str) -> None:
        """Fill the form in as if nothing had been typed for this environment, except the secret."""
        for field in self.query(Field):
            field.touched = field.touched and field.secret
            if field.name not in self._base:
                field.fill("")
        self.fill(draft, mode)

    @property
    def texts(self) -> dict[str, str]:
        """The text of each field, without those of a single run."""
        return {row.name or "": row.value for row in self._rows_kept() if isinstance(row, Field)}

    @property
    def typed(self) -> dict[str, str]:
        """The texts that a person has typed or chosen, as far as they differ from the environment and are not for a single run."""
        texts = {row.name or "": row.value for row in self._rows_kept() if isinstance(row, Choice) or row.touched}
        return {name: text for name, text in texts.items() if text != self._base.get(name, "")}

    def _rows_kept(self) -> list[Field | Choice]:
        return [row for row in self._rows() if row.name not in ONE_RUN]

    def _make_room(self, typed: Mapping[str, str]) -> None:
        """Add the rows that are needed for what was typed."""
        if any(FIELDS[input_of(name)].more for name in typed if input_of(name) in FIELDS):
            self.unfold()
        for group in PAIRS:
            self._room_for(group, len([name for name in typed if name.startswith(group)]) + 1)

    def set_state(self, value: str) -> None:
        """Fill in a fresh state."""
        field = self.field("state")
        field.touched = False
        field.fill(value)
        self.post_message(self.Edited())

    def set_mode(self, mode: str) -> None:
        """Choose the mode of the next run."""
        for choice in self.query("#mode").results(Choice):
            choice.choose(mode)

    def note(self, name: str, sentence: Content | None, severity: str = "") -> None:
        """Show a note below a row, or remove it."""
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
        # Updating a Static lays out the form again, even for the same words, which would slow down each keystroke.
        if sentence is not None and self._noted.get(name) != (noted := (sentence.plain, severity)):
            self._noted[name] = noted
            note.set_classes(f"note -{severity}")
            note.update(Content.assemble("▲ " if severity == "error" else "△ ", sentence))

    def show_notes(self, notes: Mapping[str, tuple[Content, str]]) -> set[str]:
        """Show these notes below their rows, and return the names of the rows whose notes are shown: a field in which nobody has typed gets
        no note about being empty before a person wants to run."""
        untouched = set() if self._names_empty else {f.name for f in self.query(Field) if not f.value and not f.touched}
        due = notes.keys() - untouched
        for name in {*self._notes, *due}:
            sentence, severity = notes[name] if name in due else (None, "")
            self.note(name, sentence, severity)
        return due

    def reach(self, name: str) -> bool:
        """Focus the row with a mistake; from now on empty fields get their notes, too. False where the form has no such row now."""
        self._names_empty = True
        self.post_message(self.Edited())
        rows = [row for row in self.query(f"#{_id(name)}") if row.display]
        for row in rows:
            row.focus()
        return bool(rows)

    def put(self, name: str, value: str) -> bool:
        """Fill a row in as a person would, and focus it; False where the form has no such row now. name: of an input, or "GROUP.NAME" for
        one of its pairs, where "dialect" stands for the input `fields`."""
        group, _, member = name.rpartition(".")
        if FIELDS["fields" if group == "dialect" else group or name].more:
            self.unfold()
        row = next((row for row in self._rows() if row.name == name and row.display), None)
        if group:
            row, value = self._row_of_pair(group, member), f"{member}={value}"
        if isinstance(row, Choice) and (value := SWITCHED.get(value, value)) in row.options:
            row.choose(value)
        elif isinstance(row, Field):
            row.touched, row.value = True, value
            row.cursor_position = len(value)
        else:
            return False
        row.focus()
        return True

    def drop(self, name: str) -> bool:
        """Empty the row of a pair; False where there is none. name: as for `put`."""
        group, _, member = name.rpartition(".")
        row = self._row_of_pair(group, member)
        if row is None or not row.value:
            return False
        row.value = ""
        row.focus()
        return True

    def _row_of_pair(self, group: str, member: str) -> Field | None:
        """The row with this name, else an empty one; None where there is neither."""
        wanted = "fields" if group == "dialect" else group
        rows = self._pairs(next(prefix for prefix, name in PAIRS.items() if name == wanted))
        named = (row for row in rows if row.value.partition("=")[0].strip() == member)
        return next(named, next((row for row in rows if not row.value), None))

    @on(Input.Changed)
    def _typed_in(self, event: Input.Changed) -> None:
        event.stop()
        field = event.input
        if isinstance(field, Field):
            field.touched = True
        if group := group_of(field.name or ""):
            rows = self._pairs(group)
            self._room_for(group, len(rows) + bool(rows[-1].value))
        self.post_message(self.Edited())

    def _room_for(self, group: str, count: int) -> None:
        """Add rows until there are so many of an input; none while the fold hides them all."""
        rows = self._pairs(group)
        for number in range(len(rows), min(count, MAX_PAIRS) if rows else 0):
            hint = FIELDS[PAIRS[group]].hint
            self.mount(Field(f"{group}{number}", "", placeholder=hint), after=self._pairs(group)[-1])

    @on(Input.Submitted)
    async def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        await self.screen.run_action("start")

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        event.stop()
        if event.choice.name == "environment":
            self.post_message(self.EnvironmentChosen(event.value))
        else:
            self.post_message(self.Edited())

    def show_secret(self, shown: bool) -> None:
        """Reveal the client secret, or mask it."""
        field = self.field("client_secret")
        if field.password is not shown:
            return
        field.password = not shown
        field.tools = (("mask F9" if shown else "reveal F9", "toggle_secret"),)

    def toggle_state(self) -> None:
        """Send a state, or leave it out."""
        self._send_state = not self._send_state
        field = self.field("state")
        field.disabled = not self._send_state
        field.tools = (("new ^G", "fresh_state"), ("omit ^N" if self._send_state else "send ^N", "toggle_state"))
        self.post_message(self.Edited())


def _id(name: str) -> str:
    return name.replace("_", "-")


def _row(field: InputField) -> Field | Choice:
    if field.kind == "pairs":
        group = next(group for group, name in PAIRS.items() if name == field.name)
        return Field(f"{group}0", field.label, placeholder=field.hint)
    if field.choices:
        return Choice(field.name, field.label, field.choices, field.choices[0])
    tools = TOOLS.get(field.name, ())
    return Field(field.name, field.label, placeholder=field.hint, tools=tools, password=field.kind == "secret")


def group_of(row: str) -> str:
    """The prefix in `PAIRS` that the name of this row begins with; "" for the only row of an input."""
    return next((group for group in PAIRS if row.startswith(group)), "")


def input_of(row: str) -> str:
    """The name of the input of a row."""
    return PAIRS.get(group_of(row), row)


def help_for_row(row: str) -> str:
    """The help about the row with this id; "" where the form has no such row."""
    field = FIELDS.get(input_of(row.replace("-", "_")))
    return field.about if field is not None else ""


def _text_of(field: InputField, draft: Draft) -> str:
    """The value of a draft as its row shows it."""
    value = getattr(draft, field.name)
    match field.kind:
        case "secret":
            return value.reveal() if value else ""
        case "seconds":
            return f"{value:g}"
        case "switch":
            return field.choices[not value]
        case "text or none" if field.name in DECIDED:
            return "none" if value is None else value
        case _:
            return value or ""
