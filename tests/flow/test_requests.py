"""The requests of every step: which fields they carry, and how the client shows who it is (RFC 6749 §2.3)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.flow.fold import fold
from airisk_tui.flow.requests import held_request, keys_request, request_of, values_in
from airisk_tui.flow.server import resolved
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.oauth.dialect import STANDARD, Dialect
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.request.planned import Assertion, Credentials, PlannedRequest, rendered
from airisk_tui.oauth.secret import SecretView
from tests.recording.logs import LOGS
from tests.runs import (
    BOUND,
    CODE,
    INPUTS,
    LOCATION,
    OPENED,
    SECRET,
    STATE,
    TOKEN,
    authorized,
    callback,
    exchanged,
    good,
    redirect,
    started,
)

REFRESH, KEY = SecretView("4ef4e50000000001", 20), SecretView("4e00000000000001", 20)
HERE = "https://h.example.com"
DIALECT = replace(
    STANDARD,
    authorize_path=f"{HERE}/a",
    token_path=f"{HERE}/t",
    userinfo_endpoint=f"{HERE}/u",
    introspection_endpoint=f"{HERE}/i",
    revocation_endpoint=f"{HERE}/r",
    pushed_authorization_request_endpoint=f"{HERE}/p",
    device_authorization_endpoint=f"{HERE}/d",
    jwks_uri=f"{HERE}/k",
)
SENT = ("response_type", "client_id", "redirect_uri", "state")
STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "push": ("p", SENT),
    "device": ("d", ("scope",)),
    "poll": ("t", ("grant_type", "device_code")),
    "token": ("t", ("grant_type", "code", "redirect_uri")),
    "code-again": ("t", ("grant_type", "code", "redirect_uri")),
    "refresh": ("t", ("grant_type", "refresh_token")),
    "introspect": ("i", ("token", "token_type_hint")),
    "revoke": ("r", ("token", "token_type_hint")),
}
"""By step: where it goes, and the fields beside those that say which client it is."""

ASSERTED = ("client_assertion_type", "client_assertion")
WAYS: dict[str, tuple[str, ...]] = {
    "basic": (),
    "body": ("client_id", "client_secret"),
    "none": ("client_id",),
    "private_key_jwt": ("client_id", *ASSERTED),
    "client_secret_jwt": ("client_id", *ASSERTED),
}


def inputs(**changes: Any) -> Inputs:
    usual = {"dialect": DIALECT, "base_url": HERE, "scope": "openid", "signing_key": KEY, "client_secret": SECRET}
    return replace(INPUTS, **{**usual, **changes})


DONE = replace(
    fold(LOGS["browser-token"]), token=TOKEN, token_in_use=TOKEN, refresh_token=REFRESH, code=CODE, inputs=inputs()
)


def names(plan: PlannedRequest) -> list[str]:
    return [name for name, _ in plan.fields]


def body_of(mine: Inputs) -> bytes:
    raw = {CODE: "SplxlOBeZQQYbYS6WxSbIA", SECRET: "s&c"}
    plan = request_of(FlowState(code=CODE), mine, "token")
    return rendered(plan, lambda piece: piece if isinstance(piece, str) else raw[piece]).content


def test_the_token_request_is_the_published_one_to_the_letter() -> None:
    """RFC 6749 §4.1.3, and protocol.md in both encodings."""
    published = replace(
        INPUTS,
        client_id="s6BhdRkqt3",
        redirect_uri="https://client.example.com/cb",
        dialect=Dialect(grant_type="authorization_code", client_auth="basic"),
    )
    sent = "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb"
    assert sorted(Params.parse(body_of(published).decode())) == sorted(Params.parse(sent))
    airisk = replace(INPUTS, client_id="abc123", redirect_uri="https://localhost/callback", userid="user_42")
    form = (
        "client_id=abc123&client_secret=s%26c&redirect_uri=https%3A%2F%2Flocalhost%2Fcallback"
        "&code=SplxlOBeZQQYbYS6WxSbIA&userid=user_42"
    )
    assert body_of(airisk).decode() == form
    assert json.loads(body_of(replace(airisk, encoding="json"))) == dict(Params.parse(form))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("step", STEPS)
def test_every_form_says_once_which_client_sends_it_in_the_way_of_the_client(step: Any, way: Any) -> None:
    mine = inputs(dialect=replace(DIALECT, client_auth=way), scope="openid" if step == "device" else None)
    plan = request_of(DONE, mine, step)
    place, fields = STEPS[step]
    assert (plan.method, plan.address) == ("POST", f"{HERE}/{place}")
    assert sorted(names(plan)) == sorted({*fields, *WAYS[way]})
    headers = [name for name, _ in plan.headers]
    basic = ["Authorization"] if way == "basic" else []
    assert headers == ["Host", "User-Agent", "Accept-Encoding", "Content-Type", "Accept", *basic, "Content-Length"]


def test_a_client_without_a_secret_or_a_key_shows_none() -> None:
    for way in ("basic", "body", "private_key_jwt", "client_secret_jwt"):
        mine = inputs(dialect=replace(DIALECT, client_auth=way), client_secret=None, signing_key=None)
        plan = request_of(DONE, mine, "introspect")
        assert names(plan) == ["token", "token_type_hint", "client_id"], way
        assert "Authorization" not in dict(plan.headers)
    bearer = request_of(DONE, replace(mine, bearer=TOKEN), "token")
    assert dict(bearer.headers)["Authorization"] == ("Bearer ", TOKEN)
    assert "scope" not in names(request_of(DONE, inputs(scope=None), "device"))


def test_a_client_signs_with_its_key_or_with_its_secret() -> None:
    for way, key in (("private_key_jwt", KEY), ("client_secret_jwt", SECRET)):
        plan = request_of(DONE, inputs(dialect=replace(DIALECT, client_auth=way)), "introspect")
        (assertion,) = dict(plan.fields)["client_assertion"]
        assert assertion == Assertion(way, INPUTS.client_id, key, f"{HERE}/t")  # type: ignore[arg-type] # it is one


def test_a_call_is_held_under_the_name_of_its_endpoint() -> None:
    came = held_request(held(BOUND, OPENED, good(), exchanged(), hold=("probe",), probes=(LIST_USERS,)))
    assert came is not None and (came.step, came.endpoint) == ("probe", LIST_USERS.name)


def test_each_step_with_the_token_carries_the_token_that_it_is_about() -> None:
    mine = inputs()
    assert dict(request_of(DONE, mine, "introspect").fields)["token"] == (TOKEN,)
    revoked = dict(request_of(DONE, mine, "revoke").fields)
    assert (revoked["token"], revoked["token_type_hint"]) == ((REFRESH,), ("refresh_token",))
    alone = dict(request_of(replace(DONE, refresh_token=None), mine, "revoke").fields)
    assert (alone["token"], alone["token_type_hint"]) == ((TOKEN,), ("access_token",))
    assert dict(request_of(DONE, mine, "refresh").fields)["refresh_token"] == (REFRESH,)
    asked = request_of(DONE, mine, "userinfo")
    assert (asked.method, asked.address, asked.fields) == ("GET", f"{HERE}/u", ())
    assert dict(asked.headers)["Authorization"] == ("Bearer ", TOKEN)
    keys = keys_request(mine)
    assert keys is not None and keys.address == f"{HERE}/k"
    assert keys_request(INPUTS) is None


def test_a_call_has_the_token_unless_it_is_made_without_and_a_type_of_its_body_never() -> None:
    for method, length in (("GET", False), ("POST", True), ("DELETE", True)):
        endpoint = replace(LIST_USERS, method=method)
        for credential, token in (("token", True), ("none", False), ("broken", True)):
            plan = request_of(DONE, inputs(), "probe", endpoint, credential)  # type: ignore[arg-type] # it is one
            there = {name for name, _ in plan.headers}
            assert (plan.method, "Authorization" in there, "Content-Length" in there) == (method, token, length)
            assert "Content-Type" not in there


def test_the_cookies_of_a_direct_request_go_on_by_name_and_value_alone() -> None:
    given = ("Set-Cookie", "a=1; Path=/"), ("set-cookie", " b=2;Secure"), ("Set-Cookie", "c="), ("Set-Cookie", "d")
    answer = HttpResponse(302, (("Location", LOCATION), *given))
    state = fold([started(mode="direct", carry_cookies=True), authorized(answer)])
    assert state.inputs is not None
    cookie = dict(request_of(state, state.inputs, "token").headers)["Cookie"]
    assert "".join(map(str, cookie)) == "a=1; b=2"
    for changes in ({"carry_cookies": False}, {"base_url": "https://elsewhere"}):
        mine = replace(state.inputs, **changes)
        elsewhere = replace(mine, dialect=replace(mine.dialect, token_path="http://other/t"))
        assert "Cookie" not in dict(request_of(state, elsewhere, "token").headers)


def held(*events: Any, **changes: Any) -> FlowState:
    return fold((started(**changes), *events))


def test_a_held_run_shows_what_it_would_send_or_what_came_and_what_edits_make_of_it() -> None:
    state = held(BOUND, OPENED, callback(f"code=x&state={STATE}&b=1&b=2"), hold=("redirect",))
    came = held_request(state)
    assert came is not None and came.step == "redirect"
    assert came.plan.params == (("code", ("x",)), ("state", (STATE,)), ("b", ("1",)), ("b", ("2",)))
    assert came.plan.url == ("/callback",)
    direct = held_request(held(authorized(redirect(LOCATION)), mode="direct", hold=("redirect",)))
    assert direct is not None and [name for name, _ in direct.plan.params] == ["code", "state"]
    edit = Edit("authorization", "param", "prompt", "set", "login")
    asked = held_request(held(BOUND, hold=("authorization",), edits=(edit,)))
    assert asked is not None and asked.step == "authorization"
    assert "prompt" in dict(asked.plan.params) and "prompt" not in dict(asked.meant.params)
    further = asked.with_edits(
        (Edit("authorization", "param", "state", "omit"), Edit("token", "method", "", "set", "PUT"))
    )
    assert (further.method, "state" in dict(further.params), "prompt" in dict(further.params)) == ("GET", False, True)
    assert held_request(held(BOUND)) is None
    assert held_request(fold(())) is None


def test_the_placeholders_of_edits_stand_for_what_is_known_and_there_is_none_for_what_is_not() -> None:
    known = values_in(DONE, inputs(bearer=TOKEN, userid="user_42", challenge="c", verifier=KEY))
    basic = Credentials("demo-app", SECRET, encoded=False)
    assert known == {
        "client_id": "demo-app",
        "client_secret": SECRET,
        "redirect_uri": INPUTS.redirect_uri,
        "userid": "user_42",
        "state": STATE,
        "bearer": TOKEN,
        "code_challenge": "c",
        "basic": basic,
        "code": CODE,
        "token": TOKEN,
        "code_verifier": KEY,
        "refresh_token": REFRESH,
    }
    bare = inputs(client_secret=None, state=None)
    assert set(values_in(fold([started(bare)]), bare)) == {"client_id", "redirect_uri"}


def test_a_poll_names_the_device_and_the_nonce_is_of_a_request_that_speaks_openid() -> None:
    state = fold(LOGS["on-another-device"][:3])
    assert state.inputs is not None and state.device_code is not None
    fields = dict(request_of(state, state.inputs, "poll").fields)
    assert fields["device_code"] == (state.device_code,)
    for mode, scope, nonce in (("direct", "openid", "n"), ("direct", "read", None), ("device", "openid", None)):
        given = replace(INPUTS, dialect=STANDARD, mode=mode, scope=scope, nonce="n")
        assert resolved(given, None).nonce == nonce, (mode, scope)
