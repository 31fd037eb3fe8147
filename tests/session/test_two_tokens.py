"""The users of a deployment, wherever its dialect has the endpoint that lists them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace

from airisk_tui.engine.config.environments import Environment
from airisk_tui.engine.draft import Draft
from airisk_tui.flow.fold import fold
from airisk_tui.flow.reading.identity import listed_ids
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, Endpoint, list_users
from airisk_tui.oauth.dialect import AIRISK, STANDARD
from airisk_tui.session.two_tokens import safe_endpoints, unsafe_endpoints, users_of
from tests.runs import LOCATION, URI, authorized, exchanged, probed, redirect, response, started


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


def test_a_standard_server_is_asked_none_of_the_vendors_endpoints_and_what_changes_something_apart() -> None:
    """They are among an environment's own endpoints where it names none."""
    mine, wrong = Endpoint("GET", "/mine"), Endpoint("POST", "/change")
    environment = Environment(name="test", endpoints=(*DOCUMENTED, mine, wrong))
    session = cast(Any, SimpleNamespace(environments={"test": environment}))
    draft = Draft(environment="test", base_url="https://x.example", client_id="c", redirect_uri=URI, probes=(mine,))
    standard = draft.to(dialect=STANDARD)
    assert safe_endpoints(session, standard) == (mine,)
    assert unsafe_endpoints(session, standard) == unsafe_endpoints(session, draft) == (wrong,)
    assert {*DOCUMENTED, mine} <= set(safe_endpoints(session, draft))
    assert safe_endpoints(session, draft.to(environment="other")) == (mine,)
    elsewhere = draft.to(dialect=replace(AIRISK, list_users_path="/users"))
    assert "/users" in {one.path for one in safe_endpoints(session, elsewhere)}
