"""A fix for each kind of reader: a sentence with the options of the command line, one with the fields and keys of the screen, or JSON.

A value is in quotation marks that it cannot end (threats.md S2), so no text of a server can pass for an option or a key.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from airisk_tui.flow.start.fields import FIELDS, InputField
from airisk_tui.insight.fix import (
    Ask,
    Change,
    Command,
    Do,
    DropField,
    Fix,
    FixStep,
    Press,
    Rerun,
    SetField,
    SetVariable,
    UndoEdit,
)
from airisk_tui.insight.words.quoting import in_quotes, quoted
from airisk_tui.oauth.secret import secrets_named

Reader = Literal["command-line", "screen"]

PAIRS = {"dialect": FIELDS["fields"], "params": FIELDS["params"], "token_params": FIELDS["token_params"]}
"""By group of fields, the input that takes their NAME=VALUE."""

MODES: dict[Reader, dict[str, str]] = {
    "command-line": {mode: f"--mode {mode}" for mode in ("browser", "direct", "paste")},
    "screen": {"browser": "^R (in the browser)", "direct": "F6 (directly)", "paste": "F7 (by paste)"},
}

ACTIONS: dict[str, dict[Reader, str]] = {
    "compare-with-bearer": {
        "command-line": "run airisk-tui compare --with-bearer with the same options",
        "screen": "open F8 (two tokens) and press t there to send the generic token along",
    },
    "ask-again": {
        "command-line": "ask again with airisk-tui compare and the same options",
        "screen": "press p to ask the endpoints again",
    },
    "continue": {"command-line": "continue", "screen": "press c to continue"},
    "send-a-state": {
        "command-line": "leave --state out, so that one is made",
        "screen": "press ^N to send a state, and ^G to make a new one",
    },
}

USERS: dict[Reader, str] = {
    "command-line": "one of the ids that ListUsers lists (a generic token may ask it)",
    "screen": "one of the users that F8 lists",
}

CERTAINTY = {"proven": "proven by this run", "likely": "likely", "unknown": "not known"}
"""The words for the certainty of a cause."""

SECRET_OPTIONS = "by AIRISK_CLIENT_SECRET, --env-file or --client-secret-stdin"  # noqa: S105 - names of options


def on_command_line(fix: Fix) -> str:
    """One sentence with the options of the command line, which is also the `fix` of JSON."""
    return _sentence(fix, "command-line")


def on_screen(fix: Fix) -> str:
    """One sentence with the fields and keys of the screen."""
    return _sentence(fix, "screen")


def to_json(fix: Fix) -> list[dict[str, Any]]:
    """The steps as JSON objects (command-line.md, `fix_steps`): `kind`, and each member of the step that is set."""
    return [_object(step) for step in fix]


def _object(step: FixStep) -> dict[str, Any]:
    members: dict[str, Any] = {"kind": step.kind}
    for name in step.__struct_fields__:
        value = getattr(step, name)
        if name == "instead":
            members["instead"] = value
        elif name not in ("by_key", "shown") and value is not None and (value or name == "value"):
            members[name] = secrets_named(value)
    return members


def _sentence(fix: Fix, reader: Reader) -> str:
    groups: list[list[str]] = []
    for step in fix:
        clause = _clause(step, reader)
        if not groups or step.when or step.instead:
            lead = ("or " if step.instead else "") + (f"{step.when}, " if step.when else "")
            groups.append([lead + clause])
        else:
            groups[-1].append(clause)
    text = "; ".join(_joined(clauses) for clauses in groups)
    return text[:1].upper() + text[1:] + ("" if text.endswith(("…", "?")) else ".")


def _joined(clauses: list[str]) -> str:
    return ", and ".join([", ".join(clauses[:-1]), clauses[-1]]) if len(clauses) > 1 else clauses[0]


def _clause(step: FixStep, reader: Reader) -> str:
    match step:
        case SetField():
            return _set(step, reader)
        case DropField():
            return _drop(step, reader)
        case Rerun():
            return f"run again{f' with {MODES[reader][step.mode]}' if step.mode else ''}{step.words}"
        case Press():
            return ACTIONS[step.action][reader] + step.words
        case Command():
            return f"{f'{step.where}, ' if step.where else ''}type {in_quotes(step.line)}"
        case SetVariable():
            return f"set the variable {step.name}{f'={step.value}' if step.value else ' to '}{step.words}"
        case UndoEdit() if reader == "command-line":
            return f"leave out {in_quotes(f'--{step.edit}')}"
        case UndoEdit():
            return f"take back {in_quotes(step.edit)}"
        case Ask() | Change() | Do():
            return step.text
    raise TypeError(f"A fix has a step of the unknown type {type(step).__name__}.")


def _set(step: SetField, reader: Reader) -> str:
    group, _, name = step.field.rpartition(".")
    if group:
        return _pair(step, group, name, reader)
    if step.field == "state":
        return _state(step, reader)
    if step.field in TEXTS:
        words = step.words or ("the client secret" if step.field == "client_secret" else "")
        return TEXTS[step.field][reader].replace("{words}", words)
    field = FIELDS[step.field]
    plain = field.kind in ("choice", "seconds") or step.field in ("listen", "scope")  # needs no quotation marks
    place = _option(field) if reader == "command-line" else f"{field.label} (F2)"
    if step.value is None and not step.words and not step.source:
        return f"give {_places(field)}" if reader == "command-line" else f"fill in {place}"
    if step.value == "":
        return (f"leave {place} out" if reader == "command-line" else f"leave {place} empty") + step.words
    if plain and step.value is not None:
        return f"add {place} {bare(step.value)}" if reader == "command-line" else f"set {place} to {step.value}"
    return f"set {place} to {_value(step, reader)}"


def _option(field: InputField) -> str:
    return field.option.flag if field.option is not None else ""


def _places(field: InputField) -> str:
    """Every place in which an input can be given: its option, its variable, its names in files."""
    places = [_option(field), field.variable, f"{field.name} in config.toml" if field.kept else ""]
    *others, last = [place for place in (*places, f"{field.dotenv} in a .env file" if field.dotenv else "") if place]
    return " or ".join([", ".join(others), last] if others else [last])


def _value(step: SetField, reader: Reader) -> str:
    """The value of a field, in words."""
    value = USERS[reader] if step.source == "users" else ""
    if step.value is not None:
        value = step.shown or quoted(step.value)
    return value + step.words


def _pair(step: SetField, group: str, name: str, reader: Reader) -> str:
    """A step that sets a NAME=VALUE. A name of the dialect can also be set in the environment."""
    pair = f"{name}={'…' if step.value is None else bare(step.value)}"
    if reader == "screen":
        return f"add {pair} to {PAIRS[group].label} (F2)" + step.words
    text = f"add {_option(PAIRS[group])} {pair}"
    if group == "dialect":
        value = "its name" if step.value is None else step.value
        value = value if value in ("its name", "true", "false") else quoted(value)
        text += f" (or set the environment's fields.{name} to {value})"
    return text + step.words


def _drop(step: DropField, reader: Reader) -> str:
    group, _, name = step.field.rpartition(".")
    if reader == "command-line":
        return f"drop {_option(PAIRS[group])} {name}=…"
    return f"take {name}=… out of {PAIRS[group].label} (F2)"


def _state(step: SetField, reader: Reader) -> str:
    if step.value == "none":
        text = "add --state none" if reader == "command-line" else "switch State off (^N)"
        return text + step.words
    return f"set {'--state' if reader == 'command-line' else 'State (F2)'} to {_value(step, reader)}"


TEXTS: dict[str, dict[Reader, str]] = {
    "client_secret": {
        "command-line": f"give {{words}} {SECRET_OPTIONS}",
        "screen": "enter {words} in Client secret (F2)",
    },
    "exchange": {"command-line": "add --no-exchange{words}", "screen": "set Stop at (F2) to code{words}"},
    "ca_file": {
        "command-line": "set --ca-file, or the environment's ca_file, to {words}",
        "screen": "set the environment's ca_file to {words}",
    },
    "endpoints": {
        "command-line": "add the right path with --endpoint, or to the environment's `endpoints` in config.toml",
        "screen": "add the right path to the environment's `endpoints` in config.toml",
    },
    **{
        name: {
            "command-line": f"add {_option(FIELDS[name])}{{words}}",
            "screen": f"set {FIELDS[name].label} (F2) to yes{{words}}",
        }
        for name in ("carry_cookies", "listen_publicly")
    },
}
"""The clauses of fields that are not set to a value."""


def bare(value: str) -> str:
    """A value as it is typed on a command line; one that a shell would need escaped is quoted, to be read only."""
    return value if re.fullmatch(r"[A-Za-z0-9_./:@%+-]{1,160}", value) else quoted(value)
