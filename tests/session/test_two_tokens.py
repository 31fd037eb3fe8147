"""The users of a deployment, wherever its dialect has the endpoint that lists them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from airisk_tui.flow.fold import fold
from airisk_tui.flow.identity import listed_ids
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.oauth.endpoints import list_users
from airisk_tui.session.two_tokens import users_of
from tests.runs import LOCATION, authorized, exchanged, probed, redirect, response, started


def listed(path: str, asked: str) -> FlowState:
    """A run whose dialect has the list at `path`, and that asked at `asked`."""
    dialect = replace(AIRISK, list_users_path=path)
    endpoint = list_users(replace(AIRISK, list_users_path=asked))
    answer = probed(endpoint, response(200, '[{"id":"user_42","name":"A"}]', "application/json"))
    begun = started(mode="direct", dialect=dialect, probes=(endpoint,))
    return fold([begun, authorized(redirect(LOCATION)), exchanged(), answer])


@pytest.mark.parametrize("path", ["/api/Users/ListUsers", "/api/ListUsers"])
def test_the_users_are_read_where_the_dialect_has_them(path: str) -> None:
    told = users_of(listed(path, path))
    assert told is not None
    assert [user.id for user in told.users] == ["user_42"]
    assert listed_ids(listed(path, path)) == {"user_42"}
    assert users_of(listed(path, "/api/elsewhere")) is None
    assert listed_ids(listed(path, "/api/elsewhere")) == frozenset()
