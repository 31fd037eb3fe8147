"""What follows from the inputs alone: whether PKCE, a secret or a listener is wanted, and what keeps a run from starting."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.flow.reading.identity import Witness, is_certain
from airisk_tui.oauth.dialect import AIRISK, STANDARD
from airisk_tui.oauth.params import Params
from tests.insight.plays import issued
from tests.runs import INPUTS, SECRET, TOKEN

PUSHING = replace(STANDARD, pushed_authorization_request_endpoint="https://h/p")


def test_a_challenge_is_made_where_it_is_wanted_or_the_dialect_knows_it() -> None:
    for pkce, with_airisk, with_standard in (
        ("on", True, True),
        ("wrong", True, True),
        ("auto", AIRISK.pkce, STANDARD.pkce),
        ("off", False, False),
    ):
        wanted = [replace(INPUTS, pkce=pkce, dialect=one).wants_pkce for one in (AIRISK, STANDARD)]
        assert wanted == [with_airisk, with_standard], pkce
    assert (AIRISK.pkce, STANDARD.pkce) == (False, True)


@pytest.mark.parametrize(
    ("changes", "listens"),
    [
        ({}, True),
        ({"mode": "paste"}, True),
        ({"mode": "direct"}, False),
        ({"mode": "device", "listen": "127.0.0.1:1"}, False),
        ({"redirect_uri": "https://app.example.com/cb"}, False),
        ({"redirect_uri": "https://app.example.com/cb", "listen": "127.0.0.1:1"}, True),
        ({"redirect_uri": "http://[::1"}, False),
        ({"redirect_uri": "http://localhost:1/"}, True),
    ],
)
def test_the_listener_is_wanted_where_it_can_hear_the_redirect(changes: dict[str, Any], listens: bool) -> None:
    assert replace(INPUTS, **changes).listens is listens


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"client_secret": None}, ["client-secret-missing"]),
        ({"client_secret": None, "exchange": False}, []),
        ({"client_secret": None, "dialect": STANDARD}, []),
        ({"client_secret": None, "dialect": STANDARD, "client_auth": "post"}, ["client-secret-missing"]),
        ({"client_secret": None, "client_auth": "none"}, []),
        ({"bearer": TOKEN}, []),
        ({"bearer": TOKEN, "dialect": replace(AIRISK, client_auth="basic")}, ["bearer-and-basic"]),
        ({"bearer": TOKEN, "dialect": replace(AIRISK, client_auth="basic"), "exchange": False}, []),
        ({"par": "on"}, ["push-endpoint-missing"]),
        ({"par": "on", "dialect": PUSHING}, []),
        ({"par": "on", "issuer": "https://h", "dialect": STANDARD}, []),
        ({"mode": "device"}, ["issuer-missing"]),
        ({"mode": "device", "redirect_uri": "nothing", "issuer": "https://h"}, []),
        ({"client_id": SECRET.reference}, []),
        ({"userid": f"user {SECRET.reference}"}, []),
        ({"timeout": 0.0}, ["timeout-range"]),
        ({"timeout": 0.5}, []),
        ({"timeout": float("nan")}, ["timeout-range"]),
        ({"client_key": "/key.pem"}, ["client-key-missing"]),
        ({"client_auth": "private_key_jwt"}, ["client-key-missing"]),
        ({"client_auth": "private_key_jwt", "signing_key": TOKEN}, []),
        ({"timeout": 86_400.0}, []),
        ({"timeout": 86_401.0}, ["timeout-range"]),
    ],
)
def test_each_mistake_of_the_inputs_is_told_by_itself(changes: dict[str, Any], codes: list[str]) -> None:
    found = [one.code for one in replace(INPUTS, **changes).mistakes if one.severity == "error"]
    assert found == codes


def test_what_a_recording_cannot_hold_as_a_timeout_becomes_none() -> None:
    given = (2.0**53, -(2.0**53), 2.0**54, float("nan"), float("inf"))
    assert [replace(INPUTS, timeout=one).timeout for one in given] == [2.0**53, -(2.0**53), 0.0, 0.0, 0.0]


def test_every_request_goes_to_the_issuer_where_there_is_one_and_else_to_the_base_url() -> None:
    paths = replace(PUSHING, device_authorization_endpoint="/d", pushed_authorization_request_endpoint="/p")
    for changes, server in (
        ({"issuer": "https://i.example.com", "base_url": ""}, "https://i.example.com"),
        ({}, INPUTS.base_url),
    ):
        mine = replace(INPUTS, dialect=paths, **changes)
        urls = (mine.authorize_url, mine.token_url, mine.push_url, mine.device_url)
        assert urls == tuple(server + path for path in (STANDARD.authorize_path, STANDARD.token_path, "/p", "/d"))


def test_what_is_empty_is_not_sent_and_what_is_not_is() -> None:
    for value in ("some", ""):
        chosen = {"userid": value, "scope": value, "nonce": value}
        asked = replace(INPUTS, dialect=STANDARD, **chosen).asked_params
        assert [asked.get(name) for name in chosen] == [value or None] * 3
    assert [replace(INPUTS, response_mode=one).asked_params.get("response_mode") for one in ("query", "fragment")] == [
        None,
        "fragment",
    ]


@pytest.mark.parametrize(
    ("changes", "warned"),
    [({}, True), ({"mode": "paste"}, False), ({"mode": "direct"}, False), ({"listen": "127.0.0.1:9"}, False)],
)
def test_that_a_redirect_uri_is_elsewhere_is_warned_of_where_the_program_would_have_to_hear_it(
    changes: dict[str, Any], warned: bool
) -> None:
    mine = replace(INPUTS, redirect_uri="https://app.example.com/cb", **changes)
    assert any(one.code == "redirect-uri-not-loopback" for one in mine.mistakes) is warned


def test_whether_a_request_is_pushed_and_what_it_asks_for() -> None:
    pushing = replace(INPUTS, dialect=PUSHING)
    assert [one.pushes for one in (INPUTS, pushing, replace(pushing, mode="device"))] == [False, True, False]
    assert not replace(pushing, request_uri=SECRET).pushes
    assert (
        replace(INPUTS, params=Params((("response_mode", "fragment"),)), response_mode="form_post").asked_mode
        == "fragment"
    )
    assert (INPUTS.kind, replace(INPUTS, userid="u").kind) == ("generic", "user-specific")
    assert (INPUTS.kind_name, replace(INPUTS, dialect=STANDARD).kind_name) == ("generic", "standard")
    assert replace(INPUTS, state=None).sent_states == ()


def test_a_witness_is_certain_where_the_id_is_listed_or_written_as_the_asked_one() -> None:
    state = issued(userid="user_42")
    for value, listed, certain in (("user_7", (), True), ("4711", (), False), ("4711", ("4711",), True)):
        witness = Witness("response", "id", value)
        assert is_certain(state, witness, frozenset(listed)) is certain, value
