"""Every fault of the sandbox has exactly the outcome and the findings that it should have, and no other.

The same runs, replayed from their logs, explain themselves in the same words.
"""

from __future__ import annotations

import asyncio
from functools import cache

import pytest

from airisk_tui.flow.fold import fold
from airisk_tui.insight.comparison.verdict import judge
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import Report, explain
from airisk_tui.recording.disk.codec import decode_event, encode_event, loads
from airisk_tui.sandbox.airisk.faults import FAULTS, faults_named
from airisk_tui.session.session import Session
from airisk_tui.session.two_tokens import two_tokens
from tests.everyday import with_the_rest_in_ci

MATRIX: dict[str, tuple[str, list[str]]] = {
    "": ("token", []),
    "denied": ("authorization-refused", ["access-denied"]),
    "error-in-redirect": ("authorization-refused", ["server-error"]),
    "json-error": ("authorization-refused", ["server-error"]),
    "login-page": ("authorization-refused", ["login-page"]),
    "fetches-redirect-uri": ("authorization-refused", ["server-fetches-redirect"]),
    "registered-uri-stray-space": ("authorization-refused", ["registered-uri-differs"]),
    "state-dropped": ("response-invalid", ["state-missing"]),
    "state-changed": ("response-invalid", ["state-mismatch"]),
    "redirect-other-port": ("response-invalid", ["redirect-elsewhere"]),
    "duplicate-code": ("response-invalid", ["duplicate-parameter"]),
    "no-code": ("response-invalid", ["redirect-empty"]),
    "code-renamed": ("response-invalid", ["code-renamed"]),
    "code-undefined": ("response-invalid", ["code-not-filled-in"]),
    "error-renamed": ("response-invalid", ["error-renamed"]),
    "saml-answer": ("response-invalid", ["other-protocol"]),
    "windows-login": ("authorization-refused", ["windows-login"]),
    "maintenance": ("authorization-refused", ["maintenance"]),
    "code-in-body": ("authorization-refused", ["code-in-body"]),
    "answer-posted-as-json": ("authorization-refused", ["page-sends-on"]),
    "tunnel-warning": ("authorization-refused", ["tunnel-page"]),
    "token-alone": ("token-refused", ["token-bare"]),
    "platform-login": ("authorization-refused", ["platform-login"]),
    "address-refused": ("authorization-refused", ["address-refused"]),
    "hostname-unknown": ("authorization-refused", ["hostname-unknown"]),
    "request-filtered": ("authorization-refused", ["request-filtered"]),
    "token-deeper": ("token-refused", ["token-missing"]),
    "token-in-text": ("token-refused", ["token-in-text"]),
    "expiration-renamed": ("token", ["expiration-renamed"]),
    "cookie-lost": ("authorization-refused", ["forgery-check"]),
    "user-disabled": ("token-refused", ["token-user-refused"]),
    "gateway-key": ("token-refused", ["token-gateway-key"]),
    "proof-wanted": ("token-refused", ["token-proof-wanted"]),
    "fragment": ("response-invalid", ["answer-in-fragment"]),
    "code-expired": ("token-refused", ["code-refused"]),
    "code-used": ("token-refused", ["code-refused"]),
    "server-error-html": ("token-refused", ["token-server-error"]),
    "not-a-token": ("token-refused", ["token-gateway"]),
    "connection-reset": ("transport", ["connection-reset"]),
    "token-404": ("token-refused", ["token-not-found"]),
    "token-307": ("token-refused", ["token-redirected"]),
    "token-error-json": ("token-refused", ["code-refused"]),
    "token-200-error": ("token-refused", ["code-refused"]),
    "form-refused": ("token-refused", ["encoding-not-read"]),
    "json-refused": ("token-refused", ["encoding-not-read"]),
    "affinity-lost": ("token-refused", ["affinity-lost"]),
    "userid-second-leg-only": ("token-refused", ["field-missing"]),
    "access-code": ("token-refused", ["token-renamed"]),
    "parameters-joined": ("response-invalid", ["redirect-malformed"]),
    "form-repeated": ("token", []),  # seen in a browser only
    "json-surrounded": ("token-refused", ["json-surrounded"]),
    "id-token-alone": ("token-refused", ["token-renamed"]),
    "no-expiration": ("token", ["expiration-missing"]),
    "expiration-past": ("token", ["token-expired-on-arrival", "expiration-differs-from-exp"]),
    "expiration-no-zone": ("token", ["expiration-no-zone"]),
    "expiration-number": ("token", ["expiration-format"]),
    "expires-in": ("token", []),
    "clock-skew": ("token", ["clock-skew"]),
    "slow": ("token", []),
}
"""A fault of the authorization or token step: the outcome of a direct, generic run, and its errors and warnings."""

VERDICTS: dict[str, tuple[list[str], str]] = {
    "": ([], "The user-specific token acts for user_42 and reaches 1 endpoint that the generic one does not."),
    "userid-ignored": (
        ["tokens-alike", "access-too-narrow"],
        "Both tokens are the same in all but their times and signature",
    ),
    "other-user": (["token-for-another-user"], "The token acts for “user_7”, but the run asked for “user_42”."),
    "generic-accepted-everywhere": (["access-too-wide"], "GET /api/GetConversations accepted the generic token"),
    "conversations-moved": ([], "The user-specific token acts for user_42 and reaches 1 endpoint"),
    "api-audience": (
        ["token-rejected"],
        "“GET /api/Users/ListUsers” does not accept the token (401), and says why",
    ),
    "api-scope": (["scope-missing"], "“GET /api/GetConversations” refuses the token (403): its scope is not enough."),
    "authorization-dropped": (
        ["authorization-header-lost"],
        "“GET /api/Users/ListUsers” answered 401 as to a request without a token",
    ),
    "api-login": ([], "The user-specific token acts for user_42; what the two may do is not known"),
    "start-page": ([], "The user-specific token acts for user_42; what the two may do is not known"),
    "list-users-empty": ([], "The user-specific token acts for user_42"),
    "list-users-paged": ([], "The user-specific token acts for user_42"),
    "list-users-many": ([], "The user-specific token acts for user_42"),
    "list-users-renamed": ([], "The user-specific token acts for user_42"),
    "refusal-in-success": (["access-too-narrow"] * 2, "GET /api/Users/ListUsers refused the generic token (200)"),
    "probe-429": ([], "The user-specific token acts for user_42; what the two may do is not known"),
    "probe-slow": ([], "The user-specific token acts for user_42 and reaches 1 endpoint"),
}
"""A fault of the protected endpoints or of the two tokens: the verdict's findings, each reason once, and how its sentence begins."""


async def _session(fault: str) -> Session:
    session = Session(environ={})
    await session.ready("sandbox")
    assert session.sandbox is not None
    session.sandbox._sandbox.slow_seconds = 0.02  # the delay is the fault's, its length is not what is tested
    session.sandbox._sandbox.faults = faults_named([fault] if fault else [])
    return session


@cache
def ran(fault: str) -> tuple[str, Report, Report]:
    """The outcome, the live report, and the report of the replayed log."""

    async def go() -> tuple[str, Report, Report]:
        session = await _session(fault)
        try:
            draft = session.draft("sandbox").to(mode="direct", encoding="json" if fault == "json-refused" else "form")
            run = session.start(draft)
            await run.finished()
            live = session.explained(run)
            again = Context.of(fold(decode_event(loads(encode_event(event))) for event in run.log), ())
            return str(run.state.outcome), live, explain(again)
        finally:
            await session.aclose()

    return asyncio.run(go())


def test_every_fault_is_in_one_of_the_tables() -> None:
    assert {*MATRIX, *VERDICTS} - {""} == set(FAULTS)


@pytest.mark.parametrize("fault", MATRIX)
def test_a_fault_has_its_outcome_and_its_findings_and_no_other(fault: str) -> None:
    outcome, report, _ = ran(fault)
    found = [finding.code for finding in report.findings if finding.severity != "note"]
    assert (outcome, found) == MATRIX[fault]


@pytest.mark.parametrize("fault", MATRIX)
def test_live_and_replayed_findings_are_the_same(fault: str) -> None:
    _, live, replayed = ran(fault)
    assert live == replayed


@pytest.mark.parametrize("fault", with_the_rest_in_ci(VERDICTS, [*VERDICTS][::3]))
def test_a_fault_of_the_two_tokens_has_its_verdict(fault: str) -> None:
    async def go() -> tuple[list[str], str]:
        session = await _session(fault)
        try:
            draft = session.draft("sandbox").to(mode="direct")
            pair = await two_tokens(
                session, draft, "user_42", lambda event, state: None, with_bearer=False, on_start=lambda run: None
            )
            assert pair.user is not None
            verdict = judge(pair.generic.state, pair.user.state)
            return [finding.code for finding in verdict.findings if finding.severity != "note"], verdict.sentence
        finally:
            await session.aclose()

    codes, sentence = asyncio.run(go())
    expected, start = VERDICTS[fault]
    assert codes == expected
    assert sentence.startswith(start)
