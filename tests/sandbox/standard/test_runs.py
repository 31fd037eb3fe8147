"""The debugger against the issuer, by issuer, client and secret alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec.structs import replace

from airisk_tui.flow.reading.checks import Check, checks
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.explain import Report
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI
from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS
from airisk_tui.sandbox.standard.registry import KEY_CLIENT_ID, PUBLIC_CLIENT_ID, demo_clients
from airisk_tui.sandbox.standard.server import IssuerServer
from airisk_tui.session.session import Session

ENVIRONMENT: Final = "sandbox-standard"

FOUND: Final[dict[str, tuple[str, ...]]] = {
    "": ("token",),
    "no-metadata": ("response-invalid", "metadata-not-found"),
    "metadata-html": ("response-invalid", "metadata-not-found"),
    "metadata-other-issuer": ("response-invalid", "metadata-issuer"),
    "issuer-trailing-slash": ("token", "metadata-issuer-slash"),
    "metadata-no-token-endpoint": ("response-invalid", "metadata-faulty"),
    "metadata-no-authorization-endpoint": ("response-invalid", "metadata-faulty"),
    "metadata-no-jwks": ("token", "metadata-faulty", "keys-missing"),
    "metadata-members-missing": ("token", "metadata-faulty"),
    "metadata-http-endpoint": ("token", "metadata-faulty"),
    "keys-404": ("token", "keys-missing"),
    "denied": ("authorization-refused", "access-denied"),
    "login-required": ("authorization-refused", "interaction-required"),
    "authorization-error-page": ("authorization-refused", "parameter-refused"),
    "tunnel-warning": ("authorization-refused", "tunnel-page"),
    "state-missing": ("response-invalid", "state-missing"),
    "state-changed": ("response-invalid", "state-mismatch"),
    "iss-missing": ("token", "iss-missing"),
    "iss-wrong": ("response-invalid", "iss-mismatch"),
    "no-code": ("response-invalid", "redirect-empty"),
    "response-mode-ignored": ("token", "response-mode-ignored"),
    "scope-required": ("authorization-refused", "invalid-scope"),
    "pkce-required": ("authorization-refused", "invalid-request"),
    "par-required": ("token",),
    "push-unanswered": ("authorization-refused", "push-refused"),
    "push-forgotten": ("authorization-refused", "push-unknown"),
    "token-error-page": ("token-refused", "code-refused"),
    "token-200-error": ("token-refused", "code-refused"),
    "basic-refused": ("token-refused", "client-refused"),
    "post-refused": ("token-refused", "basic-wanted"),
    "client-refused": ("token-refused", "client-refused"),
    "pkce-refused": ("token-refused", "field-refused"),
    "pkce-not-enforced": ("token", "pkce-not-enforced"),
    "code-replay-accepted": ("token", "code-accepted-twice"),
    "code-expired": ("token-refused", "code-refused"),
    "dpop-required": ("token-refused", "token-proof-wanted"),
    "token-type-missing": ("token", "departure-token-type"),
    "token-type-other": ("token", "token-type-other"),
    "expires-in-missing": ("token", "expiration-missing"),
    "scope-narrowed": ("token", "scope-narrowed"),
    "no-id-token": ("token", "id-token-missing"),
    "nonce-missing": ("token", "id-token-nonce"),
    "nonce-wrong": ("token", "id-token-nonce"),
    "id-token-wrong-iss": ("token", "id-token-iss"),
    "id-token-wrong-aud": ("token", "id-token-aud"),
    "id-token-wrong-azp": ("token", "id-token-azp"),
    "id-token-no-sub": ("token", "id-token-sub"),
    "id-token-expired": ("token", "id-token-exp"),
    "id-token-from-the-future": ("token", "id-token-iat"),
    "at-hash-wrong": ("token", "id-token-at-hash"),
    "c-hash-wrong": ("token", "id-token-c-hash"),
    "id-token-unsigned": ("token", "id-token-signature"),
    "id-token-forged": ("token", "id-token-signature"),
    "id-token-unknown-key": ("token", "id-token-signature"),
    "refresh-refused": ("access-refused", "follow-up-refused"),
    "refresh-not-rotated": ("token", "refresh-not-rotated"),
    "refresh-scope-narrowed": ("token", "refresh-narrowed"),
    "userinfo-other-user": ("token", "userinfo-other-user"),
    "userinfo-refused": ("access-refused", "follow-up-refused"),
    "introspection-inactive": ("token", "introspection-inactive"),
    "revocation-ignored": ("token", "revocation-ignored"),
    "device-denied": ("authorization-refused", "device-denied"),
    "device-expired": ("timeout", "device-expired"),
    "clock-skew": ("token", "clock-skew"),
    "slow": ("token",),
}
"""For each fault the outcome of a run and the codes of what is found; "" is a server without any fault."""

NOT_MET: Final = {"no-refresh-token", "device-slow-down"}
"""Faults that a run meets nowhere: it sends what is right, once, and ends with the token."""

CHANGES: Final[dict[str, dict[str, Any]]] = {
    "pkce-required": {"pkce": "off"},
    "post-refused": {"client_auth": "post"},
    "pkce-not-enforced": {"pkce": "wrong"},
    "code-replay-accepted": {"then": ("code-again",)},
    "push-unanswered": {"par": "on"},
    "push-forgotten": {"par": "on"},
    "scope-narrowed": {"scope": "openid email"},
    "response-mode-ignored": {"response_mode": "form_post"},
    "refresh-refused": {"then": ("refresh",)},
    "refresh-not-rotated": {"then": ("refresh",), "client_id": PUBLIC_CLIENT_ID},
    "refresh-scope-narrowed": {"then": ("refresh",), "scope": "openid email"},
    "userinfo-other-user": {"then": ("userinfo",)},
    "userinfo-refused": {"then": ("userinfo",)},
    "introspection-inactive": {"then": ("introspect",)},
    "revocation-ignored": {"then": ("revoke", "userinfo")},
    "device-denied": {"mode": "device"},
    "device-expired": {"mode": "device"},
}
"""What a run is told beside issuer, client and secret, where it would not meet the fault otherwise."""


class Issuer:
    """The embedded issuer, and runs against it."""

    def __init__(self, session: Session, server: IssuerServer) -> None:
        self._session = session
        self._server = server

    async def found(self, *faults: str, **changes: Any) -> tuple[str, ...]:
        """The outcome of a run in the direct mode, and the codes of what is found in it."""
        state, report = await self.run(*faults, **changes)
        assert state.outcome is not None
        return (state.outcome.value, *(finding.code for finding in report.findings))

    async def run(self, *faults: str, **changes: Any) -> tuple[FlowState, Report]:
        """The end of a run in the direct mode, and what is found in it."""
        self._server.faults = faults
        self._server.data = replace(self._server.data, poll_interval=1)
        run = self._session.start(self._session.draft(ENVIRONMENT, {"mode": "direct", **changes}))
        state = await asyncio.wait_for(run.finished(), 30)
        return state, self._session.explained(run)

    async def by_hand(self, **changes: Any) -> FlowState:
        """The end of a run of which nothing but the issuer and these inputs is known."""
        given = {"issuer": self._server.base_url, "redirect_uri": DEMO_REDIRECT_URI, "mode": "direct", **changes}
        return await asyncio.wait_for(self._session.start(self._session.draft("other", given)).finished(), 30)


@pytest.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[Issuer]:
    session = Session(environ={"AIRISK_TUI_HOME": str(tmp_path)})
    try:
        await session.ready(ENVIRONMENT)
        server = session.embedded.find(ENVIRONMENT)
        assert isinstance(server, IssuerServer)
        server._issuer.slow_seconds = 0.0
        yield Issuer(session, server)
    finally:
        await session.aclose()


async def test_each_fault_has_its_finding_and_a_server_without_faults_none(issuer: Issuer) -> None:
    assert FOUND.keys() | NOT_MET == {"", *STANDARD_FAULTS}
    found = {name: await issuer.found(*filter(None, (name,)), **CHANGES.get(name, {})) for name in FOUND}
    assert found == FOUND
    assert {await issuer.found(name) for name in NOT_MET} == {("token",)}


async def test_a_server_without_refresh_tokens_is_no_faulty_one(issuer: Issuer) -> None:
    state, report = await issuer.run("no-refresh-token", then=("refresh",))
    assert (report.findings, checks(state)[-1]) == ((), Check("refresh", "not-done", "no-refresh-token"))


async def test_every_kind_of_client_and_every_response_mode_brings_a_token_and_no_finding(issuer: Issuer) -> None:
    for changes in (
        {},
        {"client_auth": "post"},
        {"client_id": PUBLIC_CLIENT_ID},
        {"client_id": KEY_CLIENT_ID},
        {"response_mode": "fragment"},
        {"response_mode": "form_post"},
        {"scope": "openid profile email offline_access"},
        {"scope": None},
        {"par": "on"},
        {"par": "on", "client_id": PUBLIC_CLIENT_ID, "response_mode": "form_post"},
        {"par": "on", "client_id": KEY_CLIENT_ID},
        {"then": ("userinfo", "introspect", "refresh", "revoke")},
        {"then": ("revoke", "userinfo", "introspect")},
        {"then": ("code-again", "userinfo")},
    ):
        state, report = await issuer.run(**changes)
        assert (changes, state.outcome, report.findings) == (changes, "token", ())
        assert {check.result for check in checks(state)} <= {"right", "not-done"}
        assert {check.name for check in checks(state) if check.result == "right"} >= (
            REQUIRED if "scope" not in changes else {"state"}
        )
        if state.id_token_checked is not None and state.token is not None:
            verified = "verified" if state.token.shape == "jwt" else None  # those of the public client are opaque
            assert state.id_token_checked.access_token == verified


REQUIRED: Final = {
    "state",
    "iss",
    "token-type",
    "id-token-signature",
    "id-token-nonce",
    "id-token-at-hash",
    "id-token-aud",
}
"""Checks that are done in every run with OpenID Connect."""


async def test_an_issuer_a_client_and_its_key_file_are_enough(issuer: Issuer, tmp_path: Path) -> None:
    key = next(client.private_key for client in demo_clients() if client.client_id == KEY_CLIENT_ID)
    (tmp_path / "key.pem").write_text(key)
    state = await issuer.by_hand(client_id=KEY_CLIENT_ID, client_key=str(tmp_path / "key.pem"))
    assert state.inputs is not None
    assert (state.outcome, state.inputs.dialect.client_auth, state.inputs.scope) == (
        "token",
        "private_key_jwt",
        "openid",
    )


async def test_that_pkce_is_enforced_is_said_only_where_it_was_seen(issuer: Issuer) -> None:
    assert await issuer.found(pkce="wrong") == ("token-refused", "pkce-enforced")
    state, _ = await issuer.run()
    assert Check("pkce", "not-done", "unseen") in checks(state)


async def test_a_refusal_is_read_from_every_response_mode(issuer: Issuer) -> None:
    for mode in ("query", "fragment", "form_post"):
        assert await issuer.found("denied", response_mode=mode) == ("authorization-refused", "access-denied")


async def test_the_scope_that_the_server_wants_or_does_not_have_is_named(issuer: Issuer) -> None:
    for faults, changes, fix in (
        ((), {"scope": "openid everything"}, "Add --scope openid, and run again."),
        (("scope-required",), {}, "Add --scope “openid offline_access”, and run again."),
    ):
        _, report = await issuer.run(*faults, **changes)
        assert report.first is not None
        assert (report.first.code, on_command_line(report.first.fix)) == ("invalid-scope", fix)
