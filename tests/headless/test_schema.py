"""`airisk-tui schema`. That what is printed fits is asserted wherever a test runs a command with `--json` (tests/schemas.py)."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files

import pytest
from jsonschema import ValidationError

from airisk_tui.headless.schema import schema_of
from tests.headless.conftest import Ran
from tests.schemas import check_document, validator

SCHEMAS = json.loads(files("airisk_tui.reference").joinpath("schemas.json").read_text("utf-8"))
NAMES = list(SCHEMAS["documents"])


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_one_and_holds_all_that_it_refers_to(name: str, command: Callable[..., Ran]) -> None:
    printed = command("schema", name)
    assert (printed.code, printed.json) == (0, schema_of(name))
    with pytest.raises(ValidationError):
        validator(name).validate("no document of this program is a bare text")


def test_no_part_has_the_name_of_a_document_which_would_stand_in_its_place() -> None:
    assert SCHEMAS["parts"].keys() & set(NAMES) == set()


def test_without_a_name_all_are_listed(command: Callable[..., Ran]) -> None:
    assert [line.split()[0] for line in command("schema").out.splitlines()] == NAMES


def test_an_unknown_name_gets_the_nearest(command: Callable[..., Ran]) -> None:
    ran = command("schema", "compair")
    assert (ran.code, "Did you mean compare?" in ran.err) == (2, True)


def test_a_document_with_a_member_too_many_or_too_few_is_caught() -> None:
    good = {"format": 1, "imported": "a.jsonl", "path": "/a.jsonl"}
    check_document(("recordings", "import", "--json"), good)
    for bad in ({**good, "more": 1}, {"format": 1, "imported": "a.jsonl"}, {**good, "format": 2}):
        with pytest.raises(AssertionError, match="recordings-import"):
            check_document(("recordings", "import", "--json"), bad)
