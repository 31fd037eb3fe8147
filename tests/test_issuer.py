"""A run by an issuer alone, against the embedded issuer: what it takes from the metadata, and what it says of each fault."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.flow.checks import checks
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.finding import Finding
from airisk_tui.oauth.secret import Secret
from airisk_tui.sandbox.registry import DEMO_CLIENT_ID, DEMO_REDIRECT_URI, DEMO_SECRET
from airisk_tui.sandbox.standard.registry import KEY_CLIENT_ID, PUBLIC_CLIENT_ID, demo_clients
from airisk_tui.sandbox.standard.server import IssuerServer
from airisk_tui.session.explaining import explained
from airisk_tui.session.session import Session

DEMO = {"client_id": DEMO_CLIENT_ID, "client_secret": Secret(DEMO_SECRET)}


async def flow(*faults: str, **changes: Any) -> tuple[FlowState, tuple[Finding, ...]]:
    """One direct run with the issuer, the client and its secret; its end, and what is found."""
    session = Session(environ={})
    with IssuerServer(faults=faults) as issuer:
        usual = {"issuer": issuer.base_url, "redirect_uri": DEMO_REDIRECT_URI, "mode": "direct", **DEMO}
        draft = session.draft("other", {**usual, **changes})
        try:
            run = session.start(draft)
            state = await asyncio.wait_for(run.finished(), 20)
            return state, explained(session, run).findings
        finally:
            await session.aclose()


def weighty(findings: tuple[Finding, ...]) -> list[str]:
    return [found.code for found in findings if found.severity != "note"]


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({}, "basic"),
        ({"client_auth": "post"}, "body"),
        ({"client_id": PUBLIC_CLIENT_ID, "client_secret": None}, "none"),
        ({"client_id": KEY_CLIENT_ID, "client_secret": None, "client_key": "FILE"}, "private_key_jwt"),
    ],
)
async def test_issuer_and_client_are_enough_and_everything_that_came_is_right(
    changes: dict[str, Any], way: str, tmp_path: Path
) -> None:
    if "client_key" in changes:
        key = next(client.private_key for client in demo_clients() if client.client_id == KEY_CLIENT_ID)
        (tmp_path / "key.pem").write_text(key)
        changes["client_key"] = str(tmp_path / "key.pem")
    state, findings = await flow(**changes)
    assert (state.outcome, weighty(findings)) == ("token", [])
    assert state.inputs is not None
    assert (state.inputs.dialect.client_auth, state.inputs.scope) == (way, "openid")
    results = {check.name: check.result for check in checks(state)}
    assert set(results.values()) == {"right", "not-done"}
    assert results["id-token-signature"] == results["id-token-nonce"] == results["iss"] == "right"


async def test_the_steps_with_the_token_are_taken_in_the_order_that_was_asked_for() -> None:
    wanted = ("userinfo", "introspect", "refresh", "revoke")
    state, findings = await flow(then=wanted, scope="openid offline_access")
    assert (state.outcome, weighty(findings)) == ("token", [])
    assert tuple(one.step for one in state.followed) == wanted
    assert {check.result for check in checks(state) if check.name in wanted} == {"right"}


STEPS = {
    "userinfo-other-user": "userinfo-other-user",
    "userinfo-refused": "follow-up-refused",
    "introspection-inactive": "introspection-inactive",
    "refresh-refused": "follow-up-refused",
    "refresh-scope-narrowed": "refresh-narrowed",
}


@pytest.mark.parametrize("fault", STEPS)
async def test_a_step_with_the_token_that_goes_wrong_is_told(fault: str) -> None:
    _, findings = await flow(fault, then=("userinfo", "introspect", "refresh"), scope="openid offline_access")
    assert weighty(findings)[:1] == [STEPS[fault]]


FAULTS = {
    "no-metadata": "metadata-not-found",
    "metadata-html": "metadata-not-found",
    "metadata-other-issuer": "metadata-issuer",
    "issuer-trailing-slash": "metadata-issuer-slash",
    "metadata-no-token-endpoint": "metadata-faulty",
    "metadata-no-authorization-endpoint": "metadata-faulty",
    "metadata-no-jwks": "metadata-faulty",
    "metadata-members-missing": "metadata-faulty",
    "metadata-http-endpoint": "metadata-faulty",
    "denied": "access-denied",
    "iss-missing": "iss-missing",
    "iss-wrong": "iss-mismatch",
    "token-type-other": "token-type-other",
    "no-id-token": "id-token-missing",
    "nonce-missing": "id-token-nonce",
    "nonce-wrong": "id-token-nonce",
    "id-token-wrong-iss": "id-token-iss",
    "id-token-wrong-aud": "id-token-aud",
    "id-token-wrong-azp": "id-token-azp",
    "id-token-no-sub": "id-token-sub",
    "id-token-expired": "id-token-exp",
    "id-token-from-the-future": "id-token-iat",
    "at-hash-wrong": "id-token-at-hash",
    "c-hash-wrong": "id-token-c-hash",
    "id-token-unsigned": "id-token-signature",
    "id-token-forged": "id-token-signature",
    "id-token-unknown-key": "id-token-signature",
}
"""By the fault of the embedded issuer, the finding that comes first."""


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_server_that_breaks_one_rule_is_told_so(fault: str) -> None:
    _, findings = await flow(fault)
    assert weighty(findings)[:1] == [FAULTS[fault]]
