"""A pytest plugin for people who test their own integration (testing.md, Fixtures for pytest).

pytest finds it by the entry point in group `pytest11`. The rest of the program is imported when a fixture is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from airisk_tui.headless.run import Played
    from airisk_tui.insight.finding import Finding
    from airisk_tui.recording.exchanges import LoggedRequest
    from airisk_tui.sandbox.call import Call
    from airisk_tui.sandbox.data.registry import Application, User
    from airisk_tui.sandbox.server import SandboxServer

MARKER = "airisk(faults=(), lenient=False): how the `airisk` sandbox of this test behaves; see `airisk-tui sandbox --list-faults`"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture
def airisk(request: pytest.FixtureRequest) -> Iterator[Airisk]:
    """A server of the AIRisk dialect on loopback, for one test. `@pytest.mark.airisk(faults=["code-expired"])` lets it play a fault."""
    from airisk_tui.sandbox.server import SandboxServer

    marker = request.node.get_closest_marker("airisk")
    options: dict[str, Any] = dict(marker.kwargs) if marker is not None else {}
    with SandboxServer(None, options.get("faults", ()), lenient=options.get("lenient", False)) as server:
        yield Airisk(server)


@pytest.fixture
def airisk_flow() -> Callable[..., Flow]:
    """`airisk_flow(userid="user_42", mode="direct", …)` runs one flow without a screen and returns a Flow. The arguments are the
    options of `airisk-tui run`; without any, the flow runs against an embedded sandbox."""
    return _run_flow


class Airisk:
    """The sandbox of a test."""

    def __init__(self, server: SandboxServer) -> None:
        self._server = server

    @property
    def base_url(self) -> str:
        """The base URL, such as `http://127.0.0.1:43210`."""
        return self._server.base_url

    @property
    def applications(self) -> tuple[Application, ...]:
        """The registered applications; the properties below belong to the first."""
        return self._server.data.applications

    @property
    def users(self) -> tuple[User, ...]:
        """The users whose ids `userid` may name."""
        return self._server.data.users

    @property
    def client_id(self) -> str:
        """The client ID of the first application."""
        return self.applications[0].client_id

    @property
    def client_secret(self) -> str:
        """The client secret of the first application."""
        return self.applications[0].client_secret

    @property
    def redirect_uri(self) -> str:
        """The first redirect URI of the first application."""
        return self.applications[0].registered[0]

    def register(self, redirect_uri: str) -> None:
        """Register one more redirect URI for every application."""
        self._server.data = self._server.data.with_redirect_uri(redirect_uri)

    def play(self, *faults: str) -> None:
        """Play these faults from now on, and no others. Raises ValueError for an unknown one."""
        self._server.faults = faults

    @property
    def calls(self) -> tuple[Call, ...]:
        """The received requests, in order: method, path, query, headers, body."""
        return self._server.calls

    def fields(self, call: Call) -> Mapping[str, str]:
        """The fields of a request's body: a form, JSON or multipart."""
        from airisk_tui.sandbox.body import fields_of

        return fields_of(call)


class Outcome(str):
    """The outcome of a flow, as in `run --json`. If a comparison with it fails, pytest shows why the flow ended so."""

    __slots__ = ("why",)
    why: tuple[str, ...]


class Flow:
    """A flow that has ended. access_token: the token itself, or None."""

    def __init__(self, played: Played, access_token: str | None) -> None:
        self._played = played
        self.access_token = access_token
        self.outcome = Outcome(played.outcome.value)
        self.outcome.why = tuple(_why(played.report.first))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the most important first."""
        return self._played.report.findings

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings that are not known departures of AIRisk."""
        return tuple(finding.code for finding in self.findings if finding.group != "departures")

    @property
    def exchanges(self) -> tuple[LoggedRequest, ...]:
        """The requests, each with its answer; each secret is replaced by a reference."""
        from airisk_tui.recording.exchanges import logged_requests

        return tuple(logged_requests(self._played.run.log))

    @property
    def json(self) -> dict[str, Any]:
        """The document that `airisk-tui run --json` prints (airisk-tui schema run)."""
        from airisk_tui.headless.flow.report import run_json

        run, report, outcome = self._played
        return run_json(run.state, report, run.recording, outcome)


def _why(finding: Finding | None) -> Iterator[str]:
    """The most important finding in three lines, because pytest shows at most eight."""
    from airisk_tui.insight.rendering import on_command_line

    if finding is not None:
        yield f"{finding.title} [{finding.code}]"
        yield f"Fix: {on_command_line(finding.fix)}"
        yield f"Cause: {finding.cause}"


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain why a flow ended so, if its outcome is not the expected one."""
    outcome = next((one for one in (left, right) if isinstance(one, Outcome)), None)
    return None if outcome is None else [f"{str(left)!r} {op} {str(right)!r}", *outcome.why]


def _run_flow(**inputs: Any) -> Flow:
    """Run in a thread with its own event loop, because the test may already be running one."""
    with ThreadPoolExecutor(1, "airisk-flow") as thread:
        return thread.submit(lambda: asyncio.run(_flow(inputs))).result()


async def _flow(inputs: Mapping[str, Any]) -> Flow:
    from airisk_tui.headless.flow.options import session_of
    from airisk_tui.headless.flow.suite import arguments_of, parsed_options
    from airisk_tui.headless.run import played

    options = parsed_options(arguments_of({"no_record": True, **inputs}))
    async with session_of(options) as session:
        done = await played(session, options)
        token = done.run.state.token
        return Flow(done, session.raw_of(done.run, token) if token is not None else None)
