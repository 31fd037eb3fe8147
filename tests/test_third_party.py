"""A real server that nobody here wrote: the standard dialect against oidc-provider-mock (Authlib and Flask).

It runs in a process of its own, because its imports warn, and warnings are errors here.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec

import httpx2
import pytest

from airisk_tui.engine.config.environments import Environment
from airisk_tui.engine.listener.free_port import free_redirect_uri
from airisk_tui.engine.machine.browser import BrowserLaunch
from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.session.session import Session

pytestmark = pytest.mark.skipif(find_spec("oidc_provider_mock") is None, reason="oidc-provider-mock is not installed.")

SERVE = """
import time
from oidc_provider_mock import run_server_in_thread
with run_server_in_thread() as server:
    print(server.server_port, flush=True)
    time.sleep(120)
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The base URL of the running server."""
    command = [sys.executable, "-W", "ignore", "-c", SERVE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.kill()


class Person:
    """Fills in the server's login form, and follows the redirect as a browser does."""

    def __init__(self, answer: dict[str, str]) -> None:
        self.answer = answer
        self.done: asyncio.Task[None] | None = None

    async def __call__(self, url: str) -> BrowserLaunch:
        self.done = asyncio.create_task(self._log_in(url))
        return BrowserLaunch(True, "a person")

    async def _log_in(self, url: str) -> None:
        async with httpx2.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            assert (await browser.get(url)).status_code == 200
            await browser.post(url, data=self.answer)


async def flow(provider: str, answer: dict[str, str], secret: str = "any-secret-value") -> tuple[FlowState, list[str]]:
    """One run against the server; its end, and the errors and warnings that were found."""
    person = Person(answer)
    session = Session(opener=person, environ={"AIRISK_CLIENT_SECRET": secret})

    session.environments["other"] = Environment(
        name="other",
        issuer=provider,
        dialect=STANDARD,
        client_id="some-client",
        redirect_uri=free_redirect_uri("http://127.0.0.1:8766/callback"),
    )

    def believe() -> None:
        asyncio.get_running_loop().call_soon(run.continue_anyway)

    userinfo = Endpoint("GET", "/userinfo", "allowed", "allowed")
    draft = session.draft("other").to(probes=(userinfo,), timeout=15.0)
    try:
        run = session.start(draft, lambda event, now: believe() if now.phase is Phase.HOLDING else None)
        state = await asyncio.wait_for(run.finished(), 20)
        assert person.done is not None
        await person.done
        return state, [f.code for f in session.explained(run).findings if f.severity == "error"]
    finally:
        await session.aclose()


async def test_a_standard_server_issues_a_token_with_pkce_and_lets_it_in(provider: str) -> None:
    state, errors = await flow(provider, {"sub": "ada"})
    assert (state.outcome, errors) == (Outcome.TOKEN, [])
    assert state.token_answer is not None
    assert state.token_answer.token is not None
    assert state.token_answer.token.token_type == "Bearer"
    assert state.token_answer.token.expiry is not None
    assert [probe.exchange.response.status for probe in state.probes if probe.exchange] == [200]


async def test_its_refusal_without_the_state_waits_for_a_decision_and_is_then_told(provider: str) -> None:
    state, errors = await flow(provider, {"action": "deny"})
    assert state.outcome is Outcome.AUTHORIZATION_REFUSED
    assert state.trusted_on_purpose
    assert errors == ["access-denied"]
