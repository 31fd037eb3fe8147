"""The debugger against the issuer, by issuer, client and secret alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.explain import Report
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.sandbox.standard.registry import KEY_CLIENT_ID, PUBLIC_CLIENT_ID
from airisk_tui.sandbox.standard.server import IssuerServer
from airisk_tui.session.explaining import explained
from airisk_tui.session.session import Session

ENVIRONMENT: Final = "sandbox-standard"


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
        run = self._session.start(self._session.draft(ENVIRONMENT, {"mode": "direct", **changes}))
        state = await asyncio.wait_for(run.finished(), 30)
        return state, explained(self._session, run)


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
    ):
        assert (changes, await issuer.found(**changes)) == (changes, ("token",))


async def test_a_refusal_is_read_from_every_response_mode(issuer: Issuer) -> None:
    for mode in ("query", "fragment", "form_post"):
        assert await issuer.found("denied", response_mode=mode) == ("authorization-refused", "access-denied")


async def test_the_scope_that_the_server_wants_or_does_not_have_is_named(issuer: Issuer) -> None:
    for faults, changes, fix in (
        (("scope-required",), {}, "--scope “openid offline_access”"),
        ((), {"scope": "openid everything"}, "--scope openid,"),
    ):
        _, report = await issuer.run(*faults, **changes)
        assert report.first is not None
        assert (report.first.code, fix in on_command_line(report.first.fix)) == ("invalid-scope", True)
