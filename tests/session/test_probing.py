"""Asking endpoints with a credential that there is, and never with another in its place."""

from __future__ import annotations

from pathlib import Path

from airisk_tui.engine.config.home import Home
from airisk_tui.flow.events import ProbeAnswered
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS
from airisk_tui.session.session import Session
from airisk_tui.session.two_tokens import probe_all, probe_one


class Clock:
    """Set by hand."""

    now = 1.8e9

    def monotonic(self) -> float:
        return 0.0

    def wall(self) -> float:
        return self.now


async def test_an_expired_token_is_sent_only_when_there_is_one(tmp_path: Path) -> None:
    clock = Clock()
    session = Session(home=Home(tmp_path / "config.toml", tmp_path / "recordings"), environ={}, clock=clock)
    try:
        await session.ready("sandbox")
        draft = session.draft("sandbox").to(mode="direct")
        run = session.start(draft)
        issued = (await run.finished()).token_answer
        assert issued is not None
        assert issued.token is not None
        assert issued.token.expiry is not None
        assert issued.token.expiry.at is not None
        clock.now = issued.token.expiry.at - 1
        known = len(run.log)
        assert not await probe_one(run, GET_CONVERSATIONS, "expired")
        assert len(run.log) == known
        clock.now = issued.token.expiry.at + 1
        assert session.expired_token(draft) is not None
        assert session.expired_token(draft.to(base_url="https://elsewhere.example.com")) is None, "it is of this server"
        assert run.probe(GET_CONVERSATIONS, "expired")
        clock.now -= 10
        await run.finished()
        asked = run.log[-1]
        assert isinstance(asked, ProbeAnswered)
        assert run.state.token is not None
        sent = dict(asked.exchange.request.headers)["Authorization"]
        assert sent == f"Bearer {run.state.token.reference}", "and not a broken one"
        await probe_all(session, (run,), draft)
    finally:
        await session.aclose()
