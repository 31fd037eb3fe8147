"""Runs as TOML: a suite of checks, as `airisk-tui check` reads it (testing.md, Suites), and a recipe, which is a suite of one run
whose options `airisk-tui run` takes (editing.md, Recipes)."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from airisk_tui.headless.flow.options import add_faults, add_flow_options, add_inputs
from airisk_tui.headless.shared.parser import Parser, endpoint, nearest_to
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.oauth.answer.endpoints import SAFE_METHODS
from airisk_tui.recording.toml import read_toml

Kind = Literal["run", "compare"]

MAX_SUITE = 1024 * 1024
"""Bytes of a suite; one check takes some hundred."""


class Check(NamedTuple):
    """A check of a suite. options: the parsed options of `airisk-tui run`; expect: the outcome; present, absent: codes of findings;
    reaches, refused: endpoints such as "GET /PATH" for the token of a run; differs: the fields of a comparison that have to differ."""

    kind: Kind
    name: str
    options: argparse.Namespace
    expect: str = "token"
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


LISTS: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "findings": ("present", ("run", "compare")),
    "without": ("absent", ("run", "compare")),
    "reaches": ("reaches", ("run",)),
    "refused": ("refused", ("run",)),
    "differs": ("differs", ("compare",)),
}
"""By key in the file, the field of `Check`, and the kinds of check that have the key."""

OF_A_CHECK = frozenset({"name", "expect", *(key for key, (_, kinds) in LISTS.items() if "run" in kinds)})
"""The keys of a run in a suite besides the options of `run`."""

RECIPE = "--recipe"


def read_suite(path: Path) -> tuple[Check, ...]:
    """The checks of a file, the runs before the comparisons. Raises UsageError, which names the check that is wrong."""
    document = document_of(path)
    defaults = document.pop("defaults", {})
    kinds: tuple[Kind, ...] = get_args(Kind)
    if unknown := document.keys() - set(kinds):
        raise UsageError(f"{path} has “{sorted(unknown)[0]}”, and a suite has [defaults], [[run]] and [[compare]].")
    checks = [_check(path, kind, defaults, each) for kind in kinds for each in _tables(path, kind, document)]
    if not checks:
        raise UsageError(f"{path} holds no check; add a [[run]] with a name and what is expected of it.")
    names = [check.name for check in checks]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"{path} has two checks named “{twice}”; give each a name of its own.")
    return tuple(checks)


def document_of(path: Path, what: str = "suite") -> dict[str, Any]:
    """The content of a TOML file. what: "suite" or "recipe". Raises UsageError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SUITE + 1)
        if len(data) > MAX_SUITE:
            raise UsageError(f"{path} is larger than a {what} can be ({MAX_SUITE:,} bytes).")
        return read_toml(data)
    except OSError as error:
        raise UsageError(f"The {what} {path} could not be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"{path} is no valid TOML: {error}.") from error


def _tables(path: Path, kind: Kind, document: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    tables = document.get(kind, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise UsageError(f"{path} expects [[{kind}]], a list of tables, and “{kind}” is something else.")
    return tables


def _check(path: Path, kind: Kind, defaults: Any, table: dict[str, Any]) -> Check:
    given = {**(defaults if isinstance(defaults, dict) else {}), **table}
    name = given.pop("name", None)
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f'A [[{kind}]] of {path} has no name; add name = "…".')
    try:
        lists = {
            LISTS[key][0]: _texts(key, given.pop(key)) for key in list(given) if key in LISTS and kind in LISTS[key][1]
        }
        expect = _outcome(given.pop("expect", "token"))
        _check_codes((*lists.get("present", ()), *lists.get("absent", ())))
        for one in (*lists.get("reaches", ()), *lists.get("refused", ())):
            _check_endpoint(one)
        _check_keys(kind, given)
        options = parsed_options(arguments_of(given), kind)
    except (UsageError, argparse.ArgumentTypeError) as error:
        raise UsageError(f"In {path}, the check “{name}”: {error}") from error
    if kind == "compare" and not (vars(options).get("userid") or options.second):
        raise UsageError(
            f'In {path}, the check “{name}” needs the user of the second run: add userid = "…", or second = ["scope=…"] with '
            "another difference."
        )
    return Check(kind, name, options, expect, **lists)


def parsed_options(arguments: Iterable[str], kind: Kind = "run") -> argparse.Namespace:
    """The options of a run; the mode is direct unless it is given. Raises UsageError."""
    return _parser(kind).parse_args([*arguments])


def _parser(kind: Kind) -> Parser:
    parser = Parser(kind, "", "")
    parser.set_defaults(mode="direct")
    add_flow_options(parser)
    add_inputs(parser, "mode")
    add_faults(parser)
    parser.add_argument("--strict", action="store_true")
    if kind == "compare":
        parser.add_argument("--second", action="append", default=[])
    return parser


def arguments_of(given: Mapping[str, Any]) -> Iterator[str]:
    """The options of `airisk-tui run` that the keys name, without their dashes: a list repeats an option, a table repeats it with
    NAME=VALUE, and true stands for an option without a value. `edits` is a list of texts such as "omit token.body.code", in their
    order."""
    for key, value in given.items():
        option = f"--{key.replace('_', '-')}"
        if key == "edits":
            yield from _edits(value)
        elif value is True:
            yield option
        elif isinstance(value, dict):
            yield from (f"{option}={name}={each}" for name, each in value.items())
        elif value is not False:
            yield from (f"{option}={each}" for each in (value if isinstance(value, list) else [value]))


def _edits(value: Any) -> Iterator[str]:
    for each in _texts("edits", value):
        action, _, rest = each.partition(" ")
        if action not in ("set", "omit", "add") or not rest:
            raise UsageError(f"“edits” expects texts such as “omit token.body.code”, and “{each[:80]}” is not one.")
        yield f"--{action}={rest}"


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UsageError(f"“{key}” expects a list of texts.")
    return tuple(value)


def _check_keys(kind: Kind, given: Iterable[str]) -> None:
    options = {option.lstrip("-") for option in _parser(kind).options()} - {"h", "help"}
    lists = {key for key, (_, kinds) in LISTS.items() if kind in kinds}
    known = {"name", "expect", "edits", *lists, *options}
    for key in given:
        if key.replace("_", "-") not in known:
            raise UsageError(f"A [[{kind}]] has no key “{key}”.{nearest_to(key, known)}")


def _outcome(value: Any) -> str:
    from airisk_tui.flow.phases import Outcome

    names = [outcome.value for outcome in Outcome]
    if value not in names:
        raise UsageError(f"“expect” is the outcome “{value}”, and there are: {', '.join(names)}.")
    return str(value)


def _check_codes(codes: Iterable[str]) -> None:
    from airisk_tui.insight.catalogue import codes as known

    there = known()
    for code in codes:
        if code not in there:
            raise UsageError(
                f"There is no finding “{code}”.{nearest_to(code, there)} `airisk-tui explain findings` lists all."
            )


def _check_endpoint(name: str) -> None:
    row = endpoint(name)
    if row["method"] not in SAFE_METHODS:
        raise UsageError(
            f"“{name}” may change something on the server; a suite calls endpoints only with GET, HEAD and OPTIONS."
        )


def with_recipe(argv: Sequence[str]) -> list[str]:
    """The arguments with those of the recipe before them: of two equal options the last one, which was typed, counts. Raises UsageError."""
    arguments = list(argv)
    for at, word in enumerate(arguments):
        if word == RECIPE and at + 1 < len(arguments):
            return [*_of_recipe(Path(arguments[at + 1])), *arguments[:at], *arguments[at + 2 :]]
        if word.startswith(f"{RECIPE}="):
            return [*_of_recipe(Path(word.partition("=")[2])), *arguments[:at], *arguments[at + 1 :]]
    return arguments


def _of_recipe(path: Path) -> Iterator[str]:
    document = document_of(path, "recipe")
    runs = document.get("run", [])
    if not isinstance(runs, list) or len(runs) != 1 or not isinstance(runs[0], dict):
        count = len(runs) if isinstance(runs, list) else "no"
        raise UsageError(f"{path} holds {count} runs, and a recipe has one [[run]].")
    defaults = document.get("defaults", {})
    given: dict[str, Any] = {**(defaults if isinstance(defaults, dict) else {}), **runs[0]}
    return arguments_of({key: value for key, value in given.items() if key not in OF_A_CHECK})
