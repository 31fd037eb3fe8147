"""What is checked of what a standard server sends, and how long a run still waits, at the values where a comparison could be the
wrong way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, FollowUpAnswered, FollowUpRequested, RefreshAnswered
from airisk_tui.flow.fold import fold
from airisk_tui.flow.reading.checks import Check, checks
from airisk_tui.flow.state import FlowState, seconds_left
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import SecretView
from tests.insight.scenarios.issuer import (
    AGAIN,
    EXPIRED,
    ISSUER,
    JSON,
    NONCE,
    REFRESH,
    TOKEN_CAME,
    followed,
    metadata,
    on_purpose,
    refusal,
    signed,
    standard,
)
from tests.recording.logs import LOGS
from tests.runs import (
    BOUND,
    CODE,
    INPUTS,
    LOCATION,
    OPENED,
    STATE,
    URI,
    UTC,
    authorized,
    callback,
    exchanged,
    good,
    redirect,
    response,
    started,
    token_response,
)

RIGHT, NOW = ("right", "", "", ""), UTC + 1.5
"""NOW: when the token came."""


def found(state: FlowState) -> dict[str, tuple[str, str, str, str]]:
    """Each check by its name: result, reason, what was expected and what came."""
    return {one.name: (one.result, one.reason, one.expected, one.came) for one in checks(state)}


CLEAN = {
    "state": RIGHT,
    "iss": ("right", "", ISSUER, ISSUER),
    "pkce": ("not-done", "not-sent", "", ""),
    "token-type": ("right", "", "Bearer", "Bearer"),
    "scope": ("right", "", "openid", "openid"),
    "id-token-signature": RIGHT,
    "id-token-alg": ("right", "", "RS256", "RS256"),
    "id-token-iss": ("right", "", ISSUER, ISSUER),
    "id-token-aud": ("right", "", "demo-app", "demo-app"),
    "id-token-azp": ("not-done", "absent", "", ""),
    "id-token-sub": RIGHT,
    "id-token-exp": ("right", "", f"{NOW:.0f}", f"{UTC + 3600:.0f}"),
    "id-token-iat": ("right", "", f"{NOW:.0f}", f"{UTC:.0f}"),
    "id-token-nonce": ("right", "", NONCE, NONCE),
    "id-token-at-hash": RIGHT,
    "id-token-c-hash": ("not-done", "absent", "", ""),
}


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({}, {}),
        ({"claims": {"exp": None}}, {"id-token-exp": ("wrong", "missing")}),
        ({"claims": {"exp": NOW - 60}}, {"id-token-exp": ("right", "")}),
        ({"claims": {"exp": NOW - 61}}, {"id-token-exp": ("wrong", "over")}),
        ({"claims": {"iat": None}}, {"id-token-iat": ("wrong", "missing")}),
        ({"claims": {"iat": NOW + 60}}, {"id-token-iat": ("right", "")}),
        ({"claims": {"iat": NOW + 61}}, {"id-token-iat": ("wrong", "ahead")}),
        ({"claims": {"aud": ["x", "demo-app"]}}, {"id-token-aud": ("right", ""), "id-token-azp": ("wrong", "missing")}),
        ({"claims": {"aud": ["demo-app"]}}, {}),
        ({"claims": {"azp": "demo-app"}}, {"id-token-azp": ("right", "")}),
        ({"claims": {"azp": "x"}}, {"id-token-azp": ("wrong", "other")}),
        ({"claims": {"aud": "x"}}, {"id-token-aud": ("wrong", "other")}),
        ({"claims": {"aud": None}}, {"id-token-aud": ("wrong", "missing")}),
        ({"claims": {"sub": None}}, {"id-token-sub": ("wrong", "missing")}),
        ({"claims": {"iss": None}}, {"id-token-iss": ("wrong", "missing")}),
        ({"claims": {"iss": "x"}}, {"id-token-iss": ("wrong", "other")}),
        ({"claims": {"nonce": None}}, {"id-token-nonce": ("wrong", "missing")}),
        ({"claims": {"nonce": "x"}}, {"id-token-nonce": ("wrong", "other")}),
        ({"claims": {"alg": "None"}}, {"id-token-alg": ("wrong", "unsigned")}),
        ({"claims": {"alg": "HS256"}}, {"id-token-alg": ("wrong", "other")}),
        ({"facts": {"signature": "no-keys"}}, {"id-token-signature": ("not-done", "no-keys")}),
        ({"facts": {"signature": "unsigned"}}, {"id-token-signature": ("wrong", "unsigned")}),
        (
            {"facts": {"at_hash": "mismatch", "c_hash": "match"}},
            {"id-token-at-hash": ("wrong", "mismatch"), "id-token-c-hash": ("right", "")},
        ),
        ({"token_type": None}, {"token-type": ("wrong", "missing")}),
        ({"token_type": "BEARER"}, {"token-type": ("right", "")}),
        ({"token_type": "DPoP"}, {"token-type": ("wrong", "other")}),
        ({"scope": None}, {"scope": ("not-done", "not-named")}),
        ({"redirect_iss": None}, {"iss": ("wrong", "missing")}),
        ({"response_mode": "form_post"}, {"response-mode": ("wrong", "other")}),
        ({"response_mode": "fragment"}, {"response-mode": ("wrong", "other")}),
    ],
)
def test_of_a_run_that_differs_in_one_thing_just_that_is_found(
    given: dict[str, Any], changed: dict[str, tuple[str, str]]
) -> None:
    assert {name: (result, reason) for name, (result, reason, *_) in found(signed(**given)).items()} == {
        name: (result, reason) for name, (result, reason, *_) in CLEAN.items()
    } | changed


def test_what_was_expected_and_what_came_stand_beside_each_other() -> None:
    assert found(signed()) == CLEAN
    other = found(signed(claims={"iss": "x", "aud": ["y", "z"], "nonce": 7}))
    assert other["id-token-iss"][2:] == (ISSUER, "x")
    assert other["id-token-aud"][2:] == ("demo-app", "y, z")
    assert other["id-token-nonce"][2:] == (NONCE, "7")


def test_an_id_token_that_cannot_be_read_is_told_so_and_nothing_else_of_it() -> None:
    for shape, header, reason in (("jwe", "{}", "encrypted"), ("opaque", None, "unreadable")):
        state = signed()
        state = replace(state, id_token=SecretView("1d70ce0000000002", 40, shape, header))  # type: ignore[arg-type]
        assert [check for check in checks(state) if check.name.startswith("id-token")] == [
            Check("id-token-signature", "right"),
            Check("id-token", "not-done", reason),
        ]
    assert found(signed(id_token=None))["id-token"][:2] == ("wrong", "missing")
    unseen = found(replace(signed(), id_token_checked=None))
    assert unseen["id-token-signature"][:2] == ("not-done", "unseen")
    assert "id-token-at-hash" not in unseen
    without = replace(signed(), metadata=None)
    assert found(without)["id-token-alg"] == ("not-done", "no-metadata", "", "RS256")
    assert found(without)["iss"][:2] == ("not-done", "no-metadata")
    assert checks(fold(LOGS["browser-token"])) == (), "of AIRisk nothing of this is asked"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (TOKEN_CAME, ("wrong", "not-enforced")),
        (refusal("invalid_grant"), ("right", "")),
        (refusal("invalid_request"), ("not-done", "unseen")),
    ],
)
def test_whether_the_verifier_is_looked_at_is_seen_where_a_wrong_one_was_sent(
    answer: HttpResponse, expected: tuple[str, str]
) -> None:
    assert found(on_purpose(answer))["pkce"][:2] == expected


@pytest.mark.parametrize("answer", [TOKEN_CAME, refusal("invalid_grant")])
def test_where_the_right_verifier_was_sent_nothing_is_seen_of_it(answer: HttpResponse) -> None:
    verifier = SecretView("7e41f1e40000000c", 43)
    mine = standard(metadata(), verifier=verifier, scope=None).inputs
    assert mine is not None
    for sent, fits in ((verifier.reference, True), ("another", False)):
        came = exchanged(answer, mine, sent=Params((("code_verifier", sent),)))
        state = standard(metadata(), authorized(redirect(LOCATION), mine), came, verifier=verifier, scope=None)
        assert (found(state)["pkce"][:2] == ("not-done", "unseen")) is fits


def test_by_which_way_an_answer_came_is_told_by_its_request_and_not_where_somebody_pasted_it() -> None:
    query = f"code={CODE.reference}&state={STATE}"
    handed = replace(good(), request=HttpRequest("GET", f"/callback?{query}", (("Response-Mode", "fragment"),)))
    posted = replace(good(), request=HttpRequest("POST", "/callback", (), Body.of(query.encode())))
    for event, asked, expected in (
        (good(), "fragment", ("wrong", "other", "fragment", "query")),
        (good(), "query", None),
        (handed, "fragment", ("right", "", "fragment", "fragment")),
        (posted, "form_post", ("right", "", "form_post", "form_post")),
        (posted, "fragment", ("wrong", "other", "fragment", "form_post")),
        (replace(good(), via="paste"), "fragment", None),
    ):
        state = fold([started(dialect=STANDARD, response_mode=asked), BOUND, OPENED, event])
        assert found(state).get("response-mode") == expected, (asked, event)


@pytest.mark.parametrize(
    ("asked", "location", "came"),
    [
        ("fragment", LOCATION.replace("?", "#"), "fragment"),
        ("fragment", LOCATION, "query"),
        ("fragment", f"{LOCATION}#x", "query"),
        ("form_post", LOCATION.replace("?", "#"), "fragment"),
        ("form_post", None, "form_post"),
    ],
)
def test_by_which_way_an_answer_to_a_direct_request_came_is_told_by_its_location(
    asked: Any, location: str | None, came: str
) -> None:
    pairs = ("code", CODE.reference), ("state", STATE)
    form = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in pairs)
    page = f'<body onload="document.forms[0].submit()"><form method="post" action="{URI}">{form}</form></body>'
    answer = redirect(location) if location else response(200, page, "text/html")
    state = fold([started(mode="direct", dialect=STANDARD, response_mode=asked), authorized(answer)])
    assert found(state)["response-mode"] == (
        "right" if came == asked else "wrong",
        *(["", "other"][came != asked],),
        asked,
        came,
    )


def test_before_there_is_an_answer_nothing_is_checked_and_what_could_not_be_compared_is_told_so() -> None:
    assert checks(fold([started(dialect=STANDARD), BOUND])) == ()
    for event, state, pkce in (
        (replace(good(), via="bare-code"), ("not-done", "not-verified"), ("not-done", "not-sent")),
        (callback(f"error=x&state={STATE}&state=y"), None, None),
        (callback(f"error=x&state={STATE}"), ("right", ""), ("not-done", "not-sent")),
    ):
        results = found(fold([started(dialect=STANDARD), BOUND, OPENED, event]))
        assert [results[name][:2] if name in results else None for name in ("state", "pkce")] == [state, pkce]
    direct = fold([started(mode="direct", dialect=STANDARD), authorized(redirect(f"{URI}?code=x&state=another"))])
    assert found(direct)["state"][:2] == ("wrong", "mismatch")
    verified = started(dialect=STANDARD, challenge="c", verifier=CODE)
    assert found(fold([verified, BOUND, OPENED, good()]))["pkce"][:2] == ("not-done", "unseen")


def json_of(members: dict[str, Any]) -> HttpResponse:
    return response(200, json.dumps(members, ensure_ascii=False), JSON)


def then(step: Any, answer: HttpResponse, at: float = 3.0) -> AnyEvent:
    exchange = Exchange(HttpRequest("POST", f"{ISSUER}/{step}"), answer)
    if step == "refresh":
        return RefreshAnswered(at=at, exchange=exchange)
    return FollowUpAnswered(at=at, step=step, exchange=exchange)


OURS, GONE, KEPT = {"sub": "user_42"}, response(200), ("not-done", "not-rotated")


@pytest.mark.parametrize(
    ("step", "answer", "more", "expected"),
    [
        ("userinfo", json_of(OURS), (), {"userinfo": ("right", "")}),
        ("userinfo", json_of({"sub": "x"}), (), {"userinfo": ("wrong", "other")}),
        ("userinfo", json_of({}), (), {"userinfo": ("wrong", "missing")}),
        ("userinfo", EXPIRED, (), {"userinfo": ("wrong", "refused")}),
        ("introspect", json_of({"active": True}), (), {"introspect": ("right", "")}),
        ("introspect", json_of({"active": "true"}), (), {"introspect": ("wrong", "inactive")}),
        ("refresh", json_of(AGAIN), (), {"refresh": ("right", ""), "refresh-rotation": KEPT}),
        (
            "refresh",
            json_of(AGAIN | {"refresh_token": "new"}),
            (),
            {"refresh": ("right", ""), "refresh-rotation": ("right", "")},
        ),
        (
            "refresh",
            json_of(AGAIN | {"refresh_token": REFRESH.reference, "scope": "more openid"}),
            (),
            {"refresh": ("right", ""), "refresh-rotation": KEPT},
        ),
        (
            "refresh",
            json_of(AGAIN | {"scope": "more"}),
            (),
            {"refresh": ("wrong", "narrowed"), "refresh-rotation": KEPT},
        ),
        ("refresh", json_of({}), (), {"refresh": ("wrong", "refused")}),
        ("revoke", GONE, (), {"revoke": ("right", "")}),
        ("revoke", response(400), (), {"revoke": ("wrong", "refused")}),
        ("revoke", None, (), {"revoke": ("wrong", "refused")}),
        (
            "revoke",
            response(400),
            (then("userinfo", response(401)),),
            {"revoke": ("wrong", "refused"), "userinfo": ("wrong", "refused")},
        ),
        (
            "revoke",
            GONE,
            (then("introspect", json_of({"active": True})),),
            {"revoke": ("right", ""), "revocation": ("wrong", "ignored")},
        ),
        (
            "revoke",
            GONE,
            (then("introspect", json_of({"active": False})),),
            {"revoke": ("right", ""), "revocation": ("right", "")},
        ),
        (
            "revoke",
            GONE,
            (then("userinfo", json_of({})),),
            {"revoke": ("right", ""), "revocation": ("wrong", "ignored")},
        ),
        ("revoke", GONE, (then("userinfo", response(401)),), {"revoke": ("right", ""), "revocation": ("right", "")}),
        (
            "revoke",
            GONE,
            (then("refresh", json_of(AGAIN)), then("userinfo", json_of(OURS), 4.0)),
            {"revoke": ("right", ""), "userinfo": ("right", ""), "refresh": ("right", ""), "refresh-rotation": KEPT},
        ),
        ("code-again", json_of(AGAIN), (), {"code-again": ("wrong", "accepted")}),
        ("code-again", response(400), (), {"code-again": ("right", "")}),
        (
            "code-again",
            response(400),
            (then("userinfo", response(401)),),
            {"code-again": ("right", ""), "userinfo": ("not-done", "taken-along")},
        ),
        (
            "code-again",
            response(400),
            (then("userinfo", response(500)),),
            {"code-again": ("right", ""), "userinfo": ("wrong", "refused")},
        ),
    ],
)
def test_each_step_with_the_token_is_held_against_what_came_before_it(
    step: str, answer: HttpResponse | None, more: tuple[AnyEvent, ...], expected: dict[str, tuple[str, str]]
) -> None:
    state = followed(step, answer, *more)
    assert {name: one[:2] for name, one in found(state).items() if name not in CLEAN} == expected


def test_a_step_that_is_not_made_is_told_with_its_reason_and_a_public_client_needs_a_new_refresh_token() -> None:
    ahead = {name: one[:2] for name, one in found(signed(then=("userinfo", "refresh", "revoke"))).items()}
    assert {ahead[name] for name in ("userinfo", "refresh", "revoke")} == {("not-done", "unseen")}
    assert found(signed(then=("refresh",), refresh_token=None))["refresh"][:2] == ("not-done", "no-refresh-token")
    public = found(followed("refresh", json_of(AGAIN), public=True))
    assert public["refresh-rotation"][:2] == ("wrong", "not-rotated")
    assert found(followed("revoke", response(400)))["revoke"][2:] == ("200", "400")
    rotated = followed("refresh", json_of(AGAIN | {"refresh_token": "new"}), then("refresh", json_of(AGAIN), 4.0))
    assert found(rotated)["refresh-rotation"][:2] == ("right", "")
    again = then("refresh", json_of(AGAIN | {"refresh_token": "new"}), 5.0)
    assert found(fold([FollowUpRequested(at=4.5, step="refresh"), again], rotated))["refresh-rotation"][:2] == KEPT


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
    assert seconds_left(state, 10.1) == pytest.approx(290.0)
    assert seconds_left(state, 0.0) == 300.0  # an event can be stamped a little later than the clock says
    held = replace(state, held_since=50.0)
    assert seconds_left(held, 200.0) == seconds_left(state, 50.0)
    assert seconds_left(replace(state, held_for=7.0), 50.0) == pytest.approx(257.1)
    assert seconds_left(state, 1000.0) == 0.0
    assert seconds_left(fold(()), 1.0) is None
    assert seconds_left(fold((started(),)), 1.0) is None
    paste = fold((started(mode="paste", redirect_uri="https://app.example.com/cb"),))
    assert seconds_left(paste, 10.0) == pytest.approx(290.0)


def test_the_wait_for_another_device_ends_with_its_codes() -> None:
    state = fold(LOGS["on-another-device"][:3])
    assert state.device_codes is not None
    assert seconds_left(state, 10.2) == pytest.approx(290.0)
    short = replace(state, device_codes=replace(state.device_codes, lifetime=60.0))
    assert seconds_left(short, 10.2) == pytest.approx(50.0)
    assert seconds_left(replace(short, held_since=20.2, held_for=5.0), 99.0) == pytest.approx(45.0)
    assert seconds_left(short, 99.0) == 0.0
    assert seconds_left(fold(LOGS["on-another-device"]), 11.0) is None
