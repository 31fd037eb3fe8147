"""What is checked of an issued token, and how long a run still waits, at the values where a comparison could be the wrong way."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from airisk_tui.flow.checks import checks
from airisk_tui.flow.fold import fold
from airisk_tui.flow.hold import seconds_left
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.params import Params
from tests.runs import BOUND, INPUTS, OPENED, exchanged, good, started, token_response


@pytest.mark.parametrize(
    ("asked", "issued", "right"),
    [
        ({"scope": "read write"}, "read write more", ("right", "")),
        ({"scope": "read write"}, "read", ("wrong", "narrowed")),
        ({"params": Params((("scope", "read"),))}, "write", ("wrong", "narrowed")),
        ({}, "read", ("not-done", "not-sent")),
        ({"scope": "read"}, ..., ("not-done", "not-named")),
    ],
)
def test_the_issued_scope_is_held_against_what_was_asked_for(
    asked: dict[str, object], issued: object, right: tuple[str, str]
) -> None:
    mine = replace(INPUTS, dialect=STANDARD, **asked)
    state = fold((started(mine), BOUND, OPENED, good(), exchanged(token_response({"scope": issued}), mine)))
    assert [(check.result, check.reason) for check in checks(state) if check.name == "scope"] == [right]


def test_the_wait_counts_from_its_first_moment_and_stands_still_while_the_run_is_held() -> None:
    state = fold((started(timeout=300.0), BOUND, OPENED))
    assert seconds_left(state, 10.0) == pytest.approx(290.0, abs=0.2)
    held = replace(state, held_since=50.0)
    assert seconds_left(held, 200.0) == seconds_left(state, 50.0)
    assert seconds_left(state, 1000.0) == 0.0
    assert seconds_left(fold(()), 1.0) is None
