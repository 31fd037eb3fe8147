"""The editor of a held request: a row for each part of the request; below, the part's planned value and the rules that the changes
break.

The run stays held while the screen is open, and when Esc leaves it. The screen closes by itself when the run goes on or ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from airisk_tui.engine.run import Run
from airisk_tui.flow.reading.parts import Part, parts, typed_value
from airisk_tui.flow.requests import HeldRequest, held_request
from airisk_tui.flow.state import seconds_left, secret_names
from airisk_tui.insight.advice.editing import broken_rules
from airisk_tui.insight.changes import NAMES
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.request.edit import Edit, UnreadableEdit, read_edit
from airisk_tui.oauth.request.planned import MEDIA_TYPES, PlannedRequest, Value, shown_value
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.tui.shared.drawing.text import MAX_LINE, shown
from airisk_tui.tui.shared.drawing.times import countdown, duration
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound
from airisk_tui.tui.shared.keyboard.line_input import LineInput
from airisk_tui.tui.shared.row_list import Row, RowList
from airisk_tui.tui.shared.screen import AppScreen

LEFT_OUT = "left out"

UNKNOWN = "secret"
"""The name that `flow.state.secret_names` gives a secret of which it knows nothing else."""


def shown_part(part: Part, value: Value | None, names: Mapping[str, str]) -> str:
    """A value of a part as text, its secrets as chips. names: of the secrets, by fingerprint. A secret without a name, such as the
    code of a held redirect, gets the name of its part."""
    if value is None:
        return LEFT_OUT
    text = shown_value(value)
    unknown = {found[1] for found in REFERENCE.finditer(text) if names.get(found[1], UNKNOWN) == UNKNOWN}
    return secrets_named(text, {**names, **dict.fromkeys(unknown, part.name.replace("_", " ") or UNKNOWN)})


def edits_for(held: HeldRequest, all_parts: tuple[Part, ...], part: Part, text: str | None) -> tuple[Edit, ...]:
    """The edits that give a part another value, or with None leave it out. Of several parts with one name, all are dropped, and those that
    stay are added again in their order."""
    place, name = part.place, part.name
    same = [each for each in all_parts if each.place == place and each.name.lower() == name.lower()]
    sent = [each for each in same if each.value is not None and each is not part]
    if not name or not sent:
        return (Edit(held.step, place, name, "omit") if text is None else Edit(held.step, place, name, "set", text),)
    edits = [Edit(held.step, place, name, "omit")]
    for each in same:
        value = text if each is part else typed_value(each.value, held.values) if each.value is not None else None
        edits += [Edit(held.step, place, each.name, "add", value)] if value is not None else []
    return tuple(edits)


TICK = 0.5
"""Seconds between two looks at the clock."""

PLACES = {
    "method": "method",
    "url": "address",
    "param": "param",
    "header": "header",
    "body": "body",
    "encoding": "written as",
}


class HoldScreen(AppScreen[None]):
    """run: the live run, which is held."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("hold", "send", "Send the request as it is shown", key="ctrl+s", priority=True),
        bound("hold", "send", "The same, outside of fields", key="ctrl+b"),
        bound("as-meant", "send_as_meant", "Send the request without these changes"),
        bound("interrupt", "end_run", "End the run", priority=True),
        bound("out", "back", "Leave the field, else go back; the run stays held"),
        bound("delete", "leave_out", "Leave this part out of the request, or put it back"),
        bound("double", "double", "Send this part twice"),
        bound("add", "add", "Add a parameter, a header, a field, or a whole body"),
        bound("encoding", "encode", "Write the body in the next encoding"),
        bound("undo", "undo", "Take the last change back"),
    ]
    DEFAULT_CSS = """
    HoldScreen #hold-about { height: auto; max-height: 6; padding: 0 1; border-top: solid $panel; }
    HoldScreen #hold-edit { height: 3; display: none; }
    HoldScreen.-editing #hold-edit { display: block; }
    """
    PARTS: ClassVar[dict[str, str]] = {"hold-rows": "The held request"}
    AUTO_FOCUS = "#hold-rows"

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._key = run.state.released
        self._groups: list[tuple[Edit, ...]] = []
        self._adding = False
        self._parts: tuple[Part, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(id="hold-title", classes="title", markup=False)
        yield RowList(("", "where", "name", "value"), "hold-rows", grow=3)
        yield Static(id="hold-about", markup=False)
        yield LineInput(id="hold-edit", select_on_focus=False)
        yield KeyBar()

    def on_mount(self) -> None:
        self._draw()
        self.set_interval(TICK, self._tick)
        first = next((part.key for part in self._parts if part.place in ("param", "body")), "")
        rows = self.query_one(RowList)
        rows.cursor = next((at for at, row in enumerate(rows.rows) if row.key == first), 0)

    @property
    def held(self) -> HeldRequest | None:
        """The request that is held; None once the run goes on."""
        return held_request(self._run.state) if self._run.state.released == self._key else None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The changes that were made on this screen."""
        return tuple(edit for group in self._groups for edit in group)

    @property
    def current(self) -> Part | None:
        """The part under the cursor."""
        row = self.query_one(RowList).current
        return next((part for part in self._parts if row is not None and part.key == row.key), None)

    def hints(self) -> Iterator[KeyHint]:
        if self.has_class("-editing"):
            yield KeyHint("Enter", "Change it")
            yield KeyHint("Esc", "Leave the field")
            return
        yield KeyHint("^S", "Send")
        yield KeyHint("z", "Send unchanged")
        yield KeyHint("^C", "End the run")
        yield KeyHint("Enter", "Change")
        yield KeyHint("Del", "Leave out")
        yield KeyHint("A", "Add")
        yield KeyHint("D", "Twice")
        yield KeyHint("E", "Encode")
        yield KeyHint("u", "Undo")
        yield KeyHint("Esc", "Back")

    # Drawing

    def _tick(self) -> None:
        """Draw the times in the title; close the screen once the run goes on."""
        if self.held is None:
            self.dismiss()
        else:
            self._draw_title(self.held)

    def _draw(self) -> None:
        held = self.held
        if held is None:
            return
        plan, names = held.with_edits(self.edits), secret_names(self._run.state)
        self._parts = tuple(
            part for part in parts(held.meant, plan) if held.step != "redirect" or part.place == "param"
        )
        rows = [
            Row(
                part.key,
                ("●" if part.changed else " ", PLACES[part.place], part.name, shown_part(part, part.value, names)),
            )
            for part in self._parts
        ]
        self.query_one(RowList).show_rows(rows)
        self._draw_title(held)

    def _draw_title(self, held: HeldRequest) -> None:
        state, now = self._run.state, self._run.now()
        left = seconds_left(state, now)
        words = [f"Held before {NAMES[held.step]}{f' ({held.endpoint})' if held.endpoint else ''}"]
        words += [f"the wait stands still at {countdown(left)}"] if left is not None else []
        came = state.answer.at if state.answer is not None and held.step == "token" else None
        words += [f"the code is {duration(max(0.0, now - came))} old"] if came is not None else []
        words += [f"{len(self._groups)} changed"] if self._groups else []
        self.query_one("#hold-title", Static).update(shown(" · ".join(words), "bold"))

    def _draw_about(self, held: HeldRequest, plan: PlannedRequest) -> None:
        part, names = self.current, secret_names(self._run.state)
        lines: list[Content] = []
        if part is not None and part.changed:
            meant = LEFT_OUT if part.meant is None else shown_part(part, part.meant, names)
            lines.append(Content.assemble(("was    ", "$text-muted"), shown(meant, limit=MAX_LINE)))
        elif part is not None:
            value = shown(shown_part(part, part.value, names), limit=MAX_LINE)
            lines.append(Content.assemble(("value  ", "$text-muted"), value))
        for note in broken_rules(held, plan)[:4]:
            lines.append(Content.assemble(("rule   ", "$text-warning"), shown(note)))
        self.query_one("#hold-about", Static).update(Content("\n").join(lines))

    @on(RowList.Highlighted)
    def _highlighted(self, event: RowList.Highlighted) -> None:
        event.stop()
        if (held := self.held) is not None:
            self._draw_about(held, held.with_edits(self.edits))

    # Editing

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_change()

    def action_change(self) -> None:
        """Open the field with the value of the part under the cursor."""
        part, held = self.current, self.held
        if part is None or held is None:
            return
        if part.place == "encoding":
            self.action_encode()
            return
        value = part.value if part.value is not None else part.meant
        text = None if value is None else typed_value(value, held.values)
        placeholder = "a new value; the old one is a secret that cannot be edited" if text is None else ""
        self._type(f"{PLACES[part.place]} {part.name}", text or "", placeholder)

    def action_add(self) -> None:
        """Open the field for a new part, as PLACE.NAME=VALUE."""
        part = self.current
        place = part.place if part is not None and part.place in ("param", "header", "body") else "param"
        self._type("add", f"{place}.", "body.NAME=VALUE, header.NAME=VALUE, param.NAME=VALUE, or body=THE WHOLE BODY")
        self._adding = True

    def _type(self, title: str, text: str, placeholder: str) -> None:
        line = self.query_one("#hold-edit", LineInput)
        self._adding = False
        self.add_class("-editing")
        line.border_title = shown(title, limit=60)
        line.placeholder = placeholder
        line.value = text
        line.cursor_position = len(text)
        line.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Make what was typed a change."""
        text, held, part = self.query_one("#hold-edit", LineInput).value, self.held, self.current
        if held is None:
            return
        if self._adding:
            if not self._added(held, text):
                return
        elif part is not None and (part.value is None or text != (typed_value(part.value, held.values) or "")):
            self._groups.append(edits_for(held, self._parts, part, text))
        self._leave_line()

    def _added(self, held: HeldRequest, text: str) -> bool:
        try:
            target = text.partition("=")[0]
            action = "add" if "." in target.removeprefix(f"{held.step}.") else "set"
            self._groups.append((read_edit(action, f"{held.step}.{text}"),))  # type: ignore[arg-type] # one of two words
        except UnreadableEdit as error:
            self.say(f"{str(error)[:1].upper()}{str(error)[1:]}.", "warning")
            return False
        return True

    def _leave_line(self) -> None:
        self.remove_class("-editing")
        self.query_one(RowList).focus()
        self._draw()

    def action_leave_out(self) -> None:
        part, held = self.current, self.held
        if part is None or held is None or part.place not in ("param", "header", "body"):
            return
        if part.value is None and part.meant is not None:
            self._add(
                held, part, part.meant, "Its value is a secret, which cannot be typed again; u undoes the change."
            )
        else:
            self._groups.append(edits_for(held, self._parts, part, None))
            self._draw()

    def action_double(self) -> None:
        part, held = self.current, self.held
        if part is None or held is None or part.place not in ("param", "header", "body") or not part.name:
            return
        if part.value is not None:
            self._add(held, part, part.value, "Its value is a secret that cannot be sent twice.")

    def _add(self, held: HeldRequest, part: Part, value: Value, refusal: str) -> None:
        """Add a part with a value of the same name. refusal: said where the value is a secret without a placeholder."""
        if (text := typed_value(value, held.values)) is None:
            self.say(refusal, "warning")
            return
        self._groups.append((Edit(held.step, part.place, part.name, "add", text),))
        self._draw()

    def action_encode(self) -> None:
        held = self.held
        if held is None or not (held.plan.fields or held.step == "token"):
            return
        known = list(MEDIA_TYPES)
        now = held.with_edits(self.edits).encoding
        following = known[(known.index(now) + 1) % len(known)]
        self._groups.append((Edit(held.step, "encoding", value=following),))
        self._draw()

    def action_undo(self) -> None:
        if self._groups:
            self._groups.pop()
            self._draw()

    # Letting the run go on

    def action_send(self) -> None:
        if self.has_class("-editing"):
            self.action_take()
        self._run.release(self.edits)
        self.dismiss()

    def action_send_as_meant(self) -> None:
        self._run.release()
        self.dismiss()

    def action_end_run(self) -> None:
        self._run.cancel()
        self.dismiss()

    def left_field(self) -> bool:
        """Leave the line in which a part is changed."""
        if not self.has_class("-editing"):
            return False
        self._leave_line()
        return True
