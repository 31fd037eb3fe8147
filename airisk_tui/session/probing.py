"""Asking the endpoints what a token may do: with it, without one, with a broken one, with one that has expired.

Only on request, and only safe methods; the names of the others are given back, so that each can be confirmed.
"""

from __future__ import annotations

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.events import Credential
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.session.session import Session
from airisk_tui.session.two_tokens import probes_of


async def probe_all(session: Session, runs: tuple[Run, ...], draft: Draft) -> tuple[str, ...]:
    """Every safe endpoint of the environment with every credential that there is; the names that were left out."""
    for run in runs:
        credentials: list[Credential] = ["token", "none", "broken"]
        if session.expired_token() is not None:
            credentials.append("expired")
        asked = {(probe.endpoint.name, probe.credential) for probe in run.state.probes}
        for endpoint in probes_of(session, draft):
            for credential in credentials:
                if (endpoint.name, credential) not in asked:
                    await probe_one(run, endpoint, credential)
    return tuple(endpoint.name for endpoint in unsafe(session, draft))


NO_EXPIRED_TOKEN = (
    "No token of this session has expired yet, so none can be sent; wait for the end of one, then ask again."  # noqa: S105 - a sentence
)


async def probe_one(run: Run, endpoint: Endpoint, credential: Credential = "token") -> str | None:
    """Ask one endpoint, and wait for its answer; a sentence when there is no such credential."""
    sent = run.probe(endpoint, credential)
    await run.finished()
    return None if sent else NO_EXPIRED_TOKEN


def unsafe(session: Session, draft: Draft) -> tuple[Endpoint, ...]:
    """The endpoints that are asked only after a person said so for each."""
    environment = session.environments.get(draft.environment)
    return tuple(endpoint for endpoint in environment.endpoints if not endpoint.safe) if environment else ()
