"""ListUsers is documented as "ids and names" and no more: whatever a server makes of it is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.answer.users import UserList, read_users
from airisk_tui.oauth.http import Body, HttpResponse


def read(value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> UserList:
    return read_users(HttpResponse(status, headers, Body.of(json.dumps(value).encode())))


@pytest.mark.parametrize(
    ("entry", "identity", "name"),
    [
        ({"id": "user_42", "name": "Ada", "email": "a@x"}, "user_42", "Ada"),
        ({"Id": 42, "DisplayName": "Ada"}, "42", "Ada"),
        ({"userId": "u", "fullName": "Ada"}, "u", "Ada"),
        ({"UserID": "u", "userName": "ada"}, "u", "ada"),
        ({"user_id": "u"}, "u", ""),
        ({"email": "a@x", "uuid": "6f96"}, "6f96", "a@x"),
        ("user_42", "user_42", ""),
        (7, "7", ""),
    ],
)
def test_ids_and_names_under_their_usual_names(entry: Any, identity: str, name: str) -> None:
    (user,) = read([entry]).users
    assert (user.id, user.name) == (identity, name)


@pytest.mark.parametrize("wrap", ["users", "Items", "value", "somethingElse"])
def test_a_list_inside_an_envelope(wrap: str) -> None:
    assert [user.id for user in read({wrap: [{"id": "a"}], "count": 1}).users] == ["a"]


def test_a_list_two_levels_down() -> None:
    assert [user.id for user in read({"data": {"users": [{"id": "a"}]}}).users] == ["a"]


def test_every_other_field_is_kept_as_text_in_order() -> None:
    (user,) = read([{"id": 1, "roles": ["a", "b"], "active": True}]).users
    assert user.fields == {"id": "1", "roles": '["a","b"]', "active": "true"}


def test_an_entry_without_an_id_is_left_out_and_none_is_invented() -> None:
    told = read([{"name": "nobody"}, {"id": True}, {"id": "a"}, None])
    assert [user.id for user in told.users] == ["a"]


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        ({"users": [], "nextLink": "/p2"}, ()),
        ({"users": [{"id": 1}], "totalCount": 900}, ()),
        ({"users": [], "hasMore": True}, ()),
        ([], (("Link", '</p2>; rel="next"'),)),
    ],
)
def test_a_list_that_goes_on_says_so(value: Any, headers: tuple[tuple[str, str], ...]) -> None:
    assert read(value, headers=headers).more is not None


def test_a_whole_list_does_not_claim_to_go_on() -> None:
    assert read({"users": [{"id": 1}], "total": 1, "next": None}).more is None


@pytest.mark.parametrize(("value", "status"), [({"error": "x"}, 200), ("text", 200), ([], 403)])
def test_no_list_is_a_sentence(value: Any, status: int) -> None:
    assert read(value, status).problem is not None


@given(st.binary(max_size=200))
def test_any_body_is_read(body: bytes) -> None:
    read_users(HttpResponse(200, (), Body.of(body)))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["id", "users", "next", "total", "name", "x"]), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_any_json_is_read(value: Any) -> None:
    told = read(value)
    assert all(user.id for user in told.users)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, None),
        ({"total": 1}, None),
        ({"total": 2}, "`total` in the response says that there are 2"),
        ({"total": True}, None),
        ({"nextLink": ""}, None),
        ({"nextLink": 0, "hasMore": False}, None),
        ({"nextLink": "/x"}, "`nextLink` in the response says that there is a next page"),
    ],
)
def test_a_next_page_is_told_by_who_names_it(more: dict[str, Any], told: str | None) -> None:
    assert read({"users": [{"id": "a"}], **more}).more == told


@pytest.mark.parametrize(
    ("link", "told"), [("</x>; rel='next'", True), ('</x>; rel="next"', True), ('</x>; rel="last"', False)]
)
def test_a_link_to_a_next_page_is_told(link: str, told: bool) -> None:
    assert (read([{"id": "a"}], headers=(("Link", link),)).more is not None) is told
