"""A clean run raises nothing of weight, and what is known of AIRisk stays one quiet group of notes."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.flow.fold import INITIAL
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import HttpResponse
from tests.insight.plays import (
    CLEAN_ACCESS,
    USERS,
    browser,
    codes,
    direct,
    inputs,
    issued,
    refused,
    report,
    run,
    with_probes,
)
from tests.insight.scenarios.issuer import signed
from tests.runs import (
    LOCATION,
    OPENED,
    URI,
    UTC,
    at_date,
    bound,
    callback,
    exchanged,
    good,
    jwt,
    problem,
    redirect,
    stray,
    text,
    token_response,
)

USER = jwt({"sub": "user_42", "exp": UTC + 3600})
GOOD = redirect(LOCATION)


def late() -> HttpResponse:
    answer = token_response()
    return replace(answer, headers=(("Content-Type", "application/json"), at_date(900.0)))


CLEAN: dict[str, FlowState] = {
    "browser": issued(),
    "direct": direct(GOOD, exchanged(token_response(), inputs(mode="direct"))),
    "user-specific": issued(token=USER, userid="user_42"),
    "generic with probes": with_probes(*CLEAN_ACCESS),
    "user-specific with probes": with_probes(
        (LIST_USERS, USERS), (GET_CONVERSATIONS, USERS), token=USER, userid="user_42"
    ),
    "by its issuer": signed(),
    "opaque": issued(token=replace(jwt(), shape="opaque", header=None, payload=None)),
    "json": issued(encoding="json"),
    "code only": browser(good(), exchange=False),
    "with a favicon and a reload": issued(None, stray("favicon"), good(at=3.0)),
    "a code that lay for a while and worked": run(
        inputs(),
        bound(),
        OPENED,
        good(),
        exchanged(late(), inputs(), at=900.0),
    ),
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_run_raises_nothing_of_weight(name: str) -> None:
    assert [found.code for found in report(CLEAN[name]).findings if found.severity != "note"] == []


def test_departures_are_notes_in_one_group_and_never_come_first() -> None:
    explained = report(refused(text("Invalid Code")))
    departures = [found for found in explained.findings if found.group == "departures"]
    assert departures and all(found.severity == "note" for found in departures)
    assert explained.findings[0].code == "code-refused"
    assert report(issued()).first is None


def test_the_same_departures_are_a_standard_servers_faults() -> None:
    found = {each.code: each for each in report(issued(dialect=replace(STANDARD, pkce=False))).findings}
    assert found["departure-cache"].severity == "warning"
    assert found["departure-token-type"].severity == "warning"
    assert found["departure-cache"].group is None
    assert "AIRisk" not in found["departure-cache"].cause
    assert "departure-response-type" not in found and "departure-grant-type" not in found


def test_a_server_that_forbids_caching_and_names_the_type_departs_in_neither() -> None:
    answer = token_response({"token_type": "Bearer"}, ("Cache-Control", "no-store"))
    explained = {found.code for found in report(issued(answer)).findings}
    assert not explained & {"departure-cache", "departure-token-type"}


def test_what_was_not_observed_is_said_to_be_unchecked_and_never_ok() -> None:
    explained = report(browser())
    assert {"code-reused", "generic-token-accepted"} <= set(explained.not_checked)
    assert "nobody-came" not in explained.not_checked
    assert report(INITIAL).findings == () and report(INITIAL).not_checked == ()


def test_a_live_wait_is_not_yet_a_failure() -> None:
    assert codes(browser()) == []
    forged = report(browser(callback("code=x&state=forged"))).first
    assert forged is not None and (forged.code, forged.severity) == ("state-mismatch", "warning")
    tls = report(browser(stray("tls-on-http"))).first
    assert tls is not None and (tls.code, tls.severity) == ("tls-on-http", "warning")


def test_L6_an_unverified_refusal_is_not_taken_for_the_servers_word() -> None:
    assert codes(browser(callback("error=access_denied"))) == ["state-missing"]
    assert codes(browser(callback("error=access_denied&state=forged"))) == ["state-mismatch"]


def test_a_stray_without_our_state_is_no_answer_at_another_path() -> None:
    assert "callback-other-path" not in codes(browser(stray("other-path", "/cb?code=x&state=another")))
    assert "callback-other-path" not in codes(browser(stray("other-path", "/robots.txt")))


def test_a_generic_token_that_is_refused_as_documented_is_a_note_only() -> None:
    explained = report(with_probes(*CLEAN_ACCESS)).first
    assert explained is not None and (explained.code, explained.severity) == ("generic-token-refused", "note")


def test_instances_that_differ_in_runs_that_work_are_not_blamed() -> None:
    mine = inputs(mode="direct")
    elsewhere = replace(text("Invalid Code"), headers=(("Content-Type", "text/plain"), ("Set-Cookie", "ARRAffinity=b")))
    worked = replace(token_response(), headers=(("Content-Type", "application/json"), ("Set-Cookie", "ARRAffinity=b")))
    bad = direct(GOOD, exchanged(elsewhere, mine))
    fine = direct(GOOD, exchanged(worked, mine), run_id="earlier")
    assert codes(bad)[0] == "affinity-lost"
    assert codes(replace(bad, code=None), history=(fine,))[0] == "code-refused"


def test_a_401_that_the_registration_cannot_explain_blames_the_client_first() -> None:
    found = report(direct(problem()), registered=(URI,)).first
    assert found is not None and found.code == "client-unknown"
    assert found.runner_up is not None and "space beside a comma" in found.runner_up


OURS: dict[str, Any] = {
    "base_url": "https://airisk.example.com",
    "client_id": "demo-app",
    "redirect_uri": URI,
    "userid": "user_42",
}
OTHERS = {
    "base_url": "https://other.example.com",
    "client_id": "another",
    "redirect_uri": URI + "/",
    "userid": "user_7",
}
BLAMED = {
    (): "registration-changed",
    ("client_id",): "client-changed",
    ("redirect_uri",): "redirect-uri-unregistered",
    ("userid",): "userid-unknown",
}


def test_an_earlier_run_blames_the_one_input_in_which_it_differed_and_proves_nothing_else() -> None:
    for differs in (names for count in range(5) for names in combinations(OURS, count)):
        earlier = OURS | {name: OTHERS[name] for name in differs}
        worked = direct(GOOD, run_id="earlier", exchange=False, **earlier)
        failed = direct(problem(), run_id="earlier", exchange=False, **earlier)
        ours = direct(problem(), **OURS)
        assert codes(ours, history=(worked,)) == [BLAMED.get(differs, "client-unknown")], differs
        assert codes(ours, history=(failed,)) == ["client-unknown"], differs
    assert worked.inputs is not None and worked.inputs.userid == OTHERS["userid"]


def test_two_things_that_changed_at_once_are_not_told_apart() -> None:
    worked = direct(GOOD, run_id="earlier", exchange=False)
    both = direct(problem(), redirect_uri=URI + "/", userid="nobody")
    found = report(both, history=(worked,)).first
    assert found is not None and found.code == "client-unknown"
    assert "client ID" in found.cause and "user id" in found.cause and URI in found.cause


def test_a_plain_base_url_on_loopback_is_no_danger() -> None:
    for base in ("http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000"):
        assert "secrets-in-clear" not in codes(issued(base_url=base))


def test_a_small_skew_and_a_small_difference_are_none() -> None:
    near = jwt({"sub": "app:demo-app", "exp": UTC + 3640, "iat": UTC + 30})
    assert codes(issued(token=near)) == []
