"""A held run at a terminal: what would be sent, and the lines by which a person changes it (editing.md, "Holding")."""

from __future__ import annotations

from collections.abc import Iterator

from airisk_tui.engine.run import Run
from airisk_tui.flow.requests import HeldRequest, held_request
from airisk_tui.flow.state import secret_names
from airisk_tui.headless import output
from airisk_tui.headless.editing import edit_from
from airisk_tui.headless.process import UsageError
from airisk_tui.insight.advice.editing import broken_rules
from airisk_tui.insight.changes import NAMES
from airisk_tui.oauth.edit import Edit
from airisk_tui.oauth.planned import PlannedRequest, shown_value
from airisk_tui.oauth.secret import secrets_named

HELP = (
    "set|omit|add PLACE.NAME[=VALUE] changes it; show, undo; an empty line sends it, as-is sends it without your changes, "
    "end ends the run."
)


class HeldAtTerminal:
    """Takes a person's lines while a run is held. edits: what they have changed since it is."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._shown: tuple[str, ...] | None = None
        self._early: list[str] = []
        self._ended = False
        self.edits: tuple[Edit, ...] = ()

    @property
    def held(self) -> HeldRequest | None:
        """The request before which the run is held."""
        return held_request(self._run.state)

    def look(self) -> None:
        """Show a request when the run comes to be held before it."""
        held, key = self.held, self._run.state.released
        if held is None or self._shown == key:
            return
        self._shown, self.edits = key, ()
        self._show(held)
        output.say(HELP)
        while self._early and self.held == held:
            self.take(self._early.pop(0))
        self._end_if_alone()

    def no_more_lines(self) -> None:
        """Note that nobody can let a held request go any more; what was typed before still counts."""
        self._ended = True
        self._end_if_alone()

    def _end_if_alone(self) -> None:
        if self._ended and not self._early and self.held is not None:
            output.say("Nobody can let the held request go any more, so the run is over.")
            self._run.cancel()

    def take(self, line: str) -> None:
        """Do what a line says; one that comes before the run is held is kept until then."""
        held, (word, _, rest) = self.held, line.strip().partition(" ")
        if held is None:
            self._early.append(line)
            return
        if word == "":
            self._run.release(self.edits)
        elif word == "as-is":
            self._run.release()
        elif word == "end":
            self._run.cancel()
        else:
            self._change(held, word, rest)

    def _change(self, held: HeldRequest, word: str, rest: str) -> None:
        if word == "undo":
            self.edits = self.edits[:-1]
        elif word in ("set", "omit", "add"):
            try:
                step = rest if rest.startswith(f"{held.step}.") else f"{held.step}.{rest}"
                self.edits = (*self.edits, edit_from(f"--{word}", step))
            except UsageError as error:
                output.say(str(error))
                return
        elif word != "show":
            output.say(HELP)
            return
        self._show(held)

    def _show(self, held: HeldRequest) -> None:
        names = secret_names(self._run.state)
        plan = held.with_edits(self.edits)
        goes = "believed" if held.step == "redirect" else "sent"
        output.say(f"Held before {NAMES[held.step]}{f' ({held.endpoint})' if held.endpoint else ''} is {goes}:")
        for text in lines_of(plan):
            output.say(f"  {secrets_named(text, names)}")
        for note in broken_rules(held, plan):
            output.say(f"  Note: {note}")


def lines_of(plan: PlannedRequest) -> Iterator[str]:
    """A request as the lines of its parts, each by the name that an edit has for it."""
    yield f"{plan.method} {shown_value(plan.url)}"
    groups = (("param", plan.params), ("header", plan.headers), ("body", plan.fields if plan.raw is None else ()))
    for place, fields in groups:
        yield from (f"{place}.{name}={shown_value(value)}" for name, value in fields)
    if plan.raw is not None:
        yield f"body={shown_value(plan.raw)}"
    elif plan.fields:
        yield f"encoding={plan.encoding}"
