"""The closest of what is known is proposed only where it is close; where it is not, what is useful instead."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.start.known import Known
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.finding import Finding
from airisk_tui.insight.fix import SetField
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.insight.words.difference import closest
from airisk_tui.insight.words.quoting import listed
from tests.insight.plays import direct, report
from tests.runs import URI, problem

CLIENTS = ("demo-app", "opaque-app")
USERS = ("user_42", "user_7", "user_11")


@pytest.mark.parametrize(
    ("value", "candidates", "expected"),
    [
        ("demo-ap", CLIENTS, "demo-app"),
        ("DEMO-APP", CLIENTS, "demo-app"),
        ("user_24", USERS, "user_42"),
        ("user_4", USERS, "user_42"),
        ("user_1", USERS, "user_11"),
        ("nope", CLIENTS, None),
        ("user_99", USERS, None),
        ("nobody", USERS, None),
        ("", USERS, None),
        ("demo-ap", (), None),
    ],
)
def test_only_what_is_like_the_value_is_the_closest(value: str, candidates: tuple[str, ...], expected: str) -> None:
    assert closest(value, candidates) == expected


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=4))
def test_the_closest_is_total_and_finds_what_is_there(value: str, others: list[str]) -> None:
    assert closest(value, others) in (None, *others)
    if value:
        found = closest(value, [*others, value])
        assert found is not None and found.casefold() == value.casefold()


def test_a_list_says_how_many_more_there_are() -> None:
    assert listed(["a"]) == "“a”"
    assert listed(["a", "b"]) == "“a” and “b”"
    assert listed(["a", "b", "c"]) == "“a”, “b” and “c”"
    assert listed(list("abcdefg")) == "“a”, “b”, “c”, “d”, “e” and 2 more"


def first(state: FlowState, **facts: Any) -> Finding:
    found = report(replace(state, known=Known(**facts)), registered=facts.get("registered")).first
    assert found is not None
    return found


def changed(found: Finding) -> tuple[str, str | None] | None:
    first = found.ways[0][0] if found.ways else None
    return (first.field, first.value) if isinstance(first, SetField) else None


def words(found: Finding) -> str:
    return " ".join((found.title, found.cause, on_command_line(found.fix), *(e.label + e.text for e in found.evidence)))


def test_a_client_id_that_is_like_none_is_answered_with_the_environments_own() -> None:
    found = first(direct(problem(), client_id="nope"), clients=CLIENTS)
    assert "closest" not in words(found) and "misspelt" not in words(found)
    assert "--client-id to “demo-app”, the environment's own" in on_command_line(found.fix)
    assert "“demo-app” and “opaque-app”" in found.evidence[0].text
    assert changed(found) == ("client_id", "demo-app")
    assert "“”" not in words(first(direct(problem(), client_id="nope"), clients=()))


def test_for_a_user_id_that_is_like_none_nobody_is_filled_in() -> None:
    found = first(direct(problem(), userid="nobody"), users=USERS)
    assert found.code == "userid-unknown" and not found.ways
    assert "closest" not in words(found)
    assert "leave --userid out for a generic token" in on_command_line(found.fix) and "“user_42”" in on_command_line(
        found.fix
    )


def test_a_redirect_uri_that_is_like_none_is_answered_with_one_that_is_heard_here() -> None:
    registered = ("https://elsewhere.org/done", URI)
    state = direct(problem(), redirect_uri="https://app.example.com/oauth/cb")
    found = first(state, registered=registered)
    assert found.code == "redirect-uri-unregistered" and changed(found) == ("redirect_uri", URI)
    assert "closest" not in words(found) and "differs" not in found.cause
    assert f"“{URI}”" in found.evidence[0].text
    near = first(direct(problem(), redirect_uri=URI[:-1]), registered=registered)
    assert "differs" in near.cause and near.evidence[0].came == URI
