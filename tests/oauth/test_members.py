"""Members of a document at any depth, by path and by looking through them all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.answer.expiry import expiry_of
from airisk_tui.oauth.text.members import MAX_MEMBERS, Member, at_path, every_member

NOW = 1_743_400_000.0
DOCUMENT = {"a": {"b": [{"c": 1}, {"c": 2}]}, ".x": 3, "a.b": 4}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b.1.c", 2),
        ("a.b", 4),
        (".x", 3),
        ("a.b.2.c", None),
        ("a.b.-1.c", None),
        ("a.b.\u0661.c", None),
        ("q.r", None),
    ],
)
def test_a_path_leads_through_objects_and_lists(path: str, value: Any) -> None:
    assert at_path(DOCUMENT, path) == value


def test_members_come_the_nearest_first_and_out_of_texts_too() -> None:
    document = {"body": json.dumps({"t": "x"}), "d": [{"t": "y"}]}
    found = [member for member in every_member(document) if member.name == "t"]
    assert found == [Member(("t",), "x", "body"), Member(("d", "0", "t"), "y")]
    assert [member.within for member in every_member(json.dumps(json.dumps({"t": "x"})))] == [""]


def test_a_huge_document_is_not_looked_through_to_its_end() -> None:
    assert len(list(every_member({str(number): [number] for number in range(10_000)}))) < MAX_MEMBERS


@given(JSON_VALUES, st.text())
def test_any_document_and_any_path_are_read(document: Any, path: str) -> None:
    at_path(document, path)
    for member in every_member(document):
        assert member.depth > 0


@pytest.mark.parametrize(
    ("members", "at", "name"),
    [
        ({"expiration": "2025-03-31T13:12:17Z", "expires_in": 60}, 1_743_426_737.0, "expiration"),
        ({"expiration": None, "expires_in": 60}, NOW + 60, "expires_in"),
        ({"expiration": "soon", "expires_at": NOW + 60}, NOW + 60, "expires_at"),
        ({"expires_in_ms": 60_000}, NOW + 60, "expires_in_ms"),
        ({"expiresInMinutes": 1}, NOW + 60, "expiresInMinutes"),
        ({"validTo": "2025-03-31T13:12:17Z"}, 1_743_426_737.0, "validTo"),
        ({"meta": {"expiresAt": NOW + 60}}, NOW + 60, "meta.expiresAt"),
        ({"expired": False, "refresh_token_expires_in": 5, "refresh": {"exp": 5}, "experience": 5}, None, None),
    ],
)
def test_the_end_of_the_token_is_found_under_its_names(members: Any, at: float | None, name: str | None) -> None:
    expiry, found = expiry_of(members, members, "expiration", NOW)
    assert (None if expiry is None else expiry.at, found) == (at, name)
