"""Two runs side by side: every difference is found, nothing equal is called different, and the verdict is true."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import fold
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison.access import access_rows
from airisk_tui.insight.comparison.fields import claims_rows, compare, differences
from airisk_tui.insight.comparison.report import comparison_markdown
from airisk_tui.insight.comparison.verdict import judge, judge_any
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.oauth.answer.endpoints import DOCUMENTED
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.visible import visible
from tests.runs import exchanged, good, probed, response, started

GENERIC = {"sub": "app:demo-app", "aud": "demo-app", "iat": 1, "exp": 2, "jti": "a"}
ADA = {"sub": "user_42", "aud": "demo-app", "iat": 3, "exp": 4, "jti": "b"}


def state(
    claims: dict[str, Any] | None,
    userid: str | None = None,
    fingerprint: str = "70ce",
    statuses: tuple[int, ...] = (200, 403),
) -> FlowState:
    """A finished, probed run. claims: of its JWT; None makes the token opaque."""
    shape: Any = "jwt" if claims is not None else "opaque"
    payload = None if claims is None else json.dumps(claims)
    token = SecretView(
        fingerprint.ljust(16, "0"), 200, shape, '{"alg":"HS256"}' if claims is not None else None, payload
    )
    events: list[AnyEvent] = [
        started(
            mode="paste", redirect_uri="https://app.example.com/cb", userid=userid, probes=DOCUMENTED[: len(statuses)]
        ),
        good(),
        exchanged(token=token),
    ]
    users = b'[{"id":"user_42","name":"Ada"},{"id":"user_7","name":"Grace"}]'
    for endpoint, status in zip(DOCUMENTED, statuses, strict=False):
        body = users if endpoint is DOCUMENTED[0] and status == 200 else b""
        events.append(probed(endpoint, response(status, body)))
    return fold(events)


def with_answer(run: FlowState, answer: HttpResponse) -> FlowState:
    """The run, whose second endpoint answered like this."""
    first, second, *rest = run.probes
    assert second.exchange is not None
    changed = replace(second, exchange=replace(second.exchange, response=answer))
    return replace(run, probes=(first, changed, *rest))


def differing(left: FlowState, right: FlowState) -> set[str]:
    return {f"{row.section}.{row.field}" for row in differences(compare(left, right))}


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_token_whose_endpoints_for_users_say_nothing_is_not_called_as_wide_as_the_other(status: int) -> None:
    verdict = judge(state(GENERIC, statuses=(200, status)), state(ADA, "user_42", "70cf", (200, status)))
    assert "what it may do beyond is not known" in verdict.sentence


def test_an_endpoint_that_is_there_for_the_other_token_is_not_called_missing() -> None:
    verdict = judge(state(GENERIC, statuses=(404, 404)), state(ADA, "user_42", "70cf", (200, 200)))
    assert [(found.code, found.certainty) for found in verdict.findings] == [("access-too-narrow", "likely")]
    assert "answered 404 to the generic token, and accepted the other token" in verdict.sentence
    hidden = judge(state(GENERIC, statuses=(200, 404)), state(ADA, "user_42", "70cf", (200, 200)))
    assert hidden.good and "reaches 1 endpoint that the generic one does not" in hidden.sentence


def test_claims_that_name_nobody_show_no_user_id_that_was_ignored() -> None:
    left, right = state({"azp": "demo-app", "jti": "a"}), state({"azp": "demo-app", "jti": "b"}, "user_42", "70cf")
    assert "tokens-alike" not in [found.code for found in judge(left, right).findings]


def test_a_bare_refusal_is_told_once_and_asks_for_no_further_comparison() -> None:
    verdict = judge(state(GENERIC, statuses=(401, 401)), state(ADA, "user_42", "70cf", (401, 401)))
    assert [found.code for found in verdict.findings] == ["fresh-token-refused"]
    assert "airisk-tui compare" not in on_command_line(verdict.findings[0].fix)


def test_the_documented_case() -> None:
    left, right = state(GENERIC), state(ADA, "user_42", "70cf", (200, 200))
    assert differing(left, right) == {"Request.userid", "Claims.sub"}
    verdict = judge(left, right)
    assert verdict.good
    assert (
        verdict.sentence
        == "The user-specific token acts for user_42 and reaches 1 endpoint that the generic one does not."
    )


def test_what_one_of_the_runs_did_not_ask_is_no_difference() -> None:
    left, right = state(GENERIC), state(ADA, "user_42", "70cf", ())
    assert differing(left, right) == {"Request.userid", "Claims.sub"}
    rows = access_rows(left, right)
    assert [row.right for row in rows] == ["not asked"] * len(DOCUMENTED)
    assert not any(row.differs for row in rows)


def test_the_credentials_of_an_endpoint_stand_together_in_words() -> None:
    left = state(GENERIC)
    probes = tuple(replace(probe, credential="broken") for probe in left.probes)
    names = [row.name for row in access_rows(replace(left, probes=(*left.probes, *probes)), left)]
    first, second = (endpoint.name for endpoint in DOCUMENTED[:2])
    assert names == [first, f"{first} with a broken token", second, f"{second} with a broken token"]


def test_a_run_differs_from_itself_in_nothing() -> None:
    assert differences(compare(state(ADA, "user_42"), state(ADA, "user_42"))) == ()


def test_claims_in_another_order_and_nested_are_the_same() -> None:
    left = {"a": {"x": [1, 2], "y": {"z": "1"}}, "b": 1}
    right = {"b": 1, "a": {"y": {"z": "1"}, "x": [1, 2]}}
    assert all(row.relation == "same" for row in claims_rows("Claims", left, right))


def test_a_nested_difference_is_named_by_its_path() -> None:
    left, right = {"realm": {"roles": ["a"]}, "only": 1}, {"realm": {"roles": ["a", "b"]}, "new": None}
    rows = {row.field: row.relation for row in claims_rows("Claims", left, right)}
    assert rows == {"realm.roles": "different", "only": "only-left", "new": "only-right"}


def test_opaque_on_one_side_and_a_jwt_on_the_other() -> None:
    left, right = state(None), state(ADA, "user_42", "70cf", (200, 200))
    assert "Token.shape" in differing(left, right)
    assert "Claims.sub" in differing(left, right)
    assert judge(left, right).good


@pytest.mark.parametrize(
    ("claims", "fingerprint", "start"),
    [
        (GENERIC, "70ce", "Both runs got the very same token"),
        (
            {**GENERIC, "iat": 9, "exp": 10, "jti": "z"},
            "70cf",
            "Both tokens are the same in all but their times and signature",
        ),
    ],
)
def test_an_ignored_userid_is_seen(claims: dict[str, Any], fingerprint: str, start: str) -> None:
    verdict = judge(state(GENERIC), state(claims, "user_42", fingerprint))
    assert verdict.sentence.startswith(start)
    assert "tokens-alike" in [finding.code for finding in verdict.findings]


def test_a_token_for_somebody_else_is_an_error_only_when_that_one_is_known() -> None:
    known = judge(state(GENERIC), state({**ADA, "sub": "user_7"}, "user_42", "70cf", (200, 200)))
    assert (known.findings[0].code, known.findings[0].severity) == ("token-for-another-user", "error")
    unknown = judge(state(GENERIC), state({**ADA, "sub": "6f9619ff"}, "user_42", "70cf", (200, 200)))
    assert (unknown.findings[0].code, unknown.findings[0].severity) == ("token-for-another-user", "warning")


JUDGED = (
    (state(GENERIC), state(GENERIC, "user_42")),
    (state(GENERIC), state({**ADA, "sub": "user_7"}, "user_42", "70cf", (200, 200))),
    (state(GENERIC), state({**ADA, "sub": "6f9619ff"}, "user_42", "70cf", (200, 200))),
    (state(GENERIC, statuses=(200, 200)), state(ADA, "user_42", "70cf", (200, 403))),
)
"""Pairs of runs that are not as documented, each in another way."""


@pytest.mark.parametrize("runs", JUDGED)
def test_every_sentence_of_a_verdict_is_whole(runs: tuple[FlowState, FlowState]) -> None:
    verdict = judge(*runs)
    assert not verdict.good
    for found in verdict.findings:
        for text in (found.title, found.cause, on_command_line(found.fix), found.runner_up or "That."):
            assert text == visible(text)
            assert not {"{", "}"} & set(text)
            assert text.endswith(".")


def test_an_id_written_as_a_number_is_the_users_id() -> None:
    verdict = judge(state(GENERIC), state({**ADA, "sub": 42}, "42", "70cf", (200, 200)))
    assert verdict.sentence.startswith("The user-specific token acts for 42")


def test_a_userid_deeper_in_the_claims_counts() -> None:
    claims = {**ADA, "sub": "6f9619ff", "ext": {"airisk": ["user_42"]}}
    verdict = judge(state(GENERIC), state(claims, "user_42", "70cf", (200, 200)))
    assert verdict.good


def test_two_opaque_tokens_are_not_judged_by_what_cannot_be_seen() -> None:
    verdict = judge(state(None), state(None, "user_42", "70cf", (200, 200)))
    assert verdict.sentence.startswith("The user-specific token was asked for user_42")
    assert verdict.good


def test_without_probes_nothing_is_said_of_what_they_may_do() -> None:
    assert judge(state(GENERIC, statuses=()), state(ADA, "user_42", "70cf", ())).sentence.endswith(
        "no protected endpoint was asked."
    )
    limited = judge(state(GENERIC, statuses=(429, 429)), state(ADA, "user_42", "70cf", (429, 429)))
    assert "is not known" in limited.sentence


def test_a_generic_token_that_reaches_too_much() -> None:
    verdict = judge(state(GENERIC, statuses=(200, 200)), state(ADA, "user_42", "70cf", (200, 200)))
    assert not verdict.good
    assert "GET /api/GetConversations" in verdict.sentence


def test_any_two_runs_can_be_compared() -> None:
    ada, grace = state(ADA, "user_42"), state({**ADA, "sub": "user_7"}, "user_7", "70cf")
    assert differing(ada, grace) == {"Request.userid", "Claims.sub"}
    assert judge_any(ada, grace).sentence == (
        "The two runs differ in what they asked for (userid) and in what came (Claims: sub)."
    )


HOSTILE = "a|b`c``d\n# [x](javascript:1) <script> \x1b[2J \u202e"


def test_the_markdown_cannot_be_broken_out_of() -> None:
    right = state({**ADA, "sub": HOSTILE}, "user_42", "70cf", (200, 200))
    text = comparison_markdown(state(GENERIC), right, ("generic", HOSTILE), judge(state(GENERIC), right))
    assert "\x1b" not in text
    assert "\u202e" not in text
    for line in text.splitlines():
        assert not line.startswith("# [")
        if line.startswith("|"):
            assert line.replace("\\|", "").count("|") == 4


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=12,
    )
)
def test_any_claims_compare_equal_to_themselves(value: Any) -> None:
    claims = {"claim": value}
    assert all(row.relation == "same" for row in claims_rows("Claims", claims, json.loads(json.dumps(claims))))


def test_a_run_without_a_token_adds_no_claim_without_a_name() -> None:
    assert [row.field for row in claims_rows("Claims", {"sub": "a"}, {})] == ["sub"]
