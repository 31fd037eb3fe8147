"""A session is closed whole, whatever fails while it is (threats.md L11)."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from msgspec.structs import replace

from airisk_tui.engine.client.exchange import Client
from airisk_tui.engine.config.environments import Configuration, Environment
from airisk_tui.engine.config.home import Home
from airisk_tui.engine.recorder import FileRecorder
from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import SecretView
from airisk_tui.session.session import RecordingOptions, Session
from tests.runs import URI


async def test_L11_everything_is_closed_before_a_failure_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "config.toml", tmp_path / "recordings")
    session = Session(home=home, environ={}, record=RecordingOptions())
    await session.ready("sandbox")
    run = session.start(session.draft("sandbox").to(mode="paste"))
    sandbox, client = session.sandbox, session._client(session.draft("sandbox"))
    assert sandbox is not None
    closed: list[str] = []

    async def finished(self: Run) -> FlowState:
        raise LookupError("a bug in a run")

    async def aclose(self: Client) -> None:
        closed.append("client")
        raise OSError("the connection could not be closed")

    monkeypatch.setattr(Run, "finished", finished)
    monkeypatch.setattr(Client, "aclose", aclose)
    monkeypatch.setattr(FileRecorder, "close", lambda self: closed.append("recorder"))
    with pytest.raises(ExceptionGroup) as raised:
        await session.aclose()
    assert [type(failure) for failure in raised.value.exceptions] == [LookupError, OSError]
    assert closed == ["recorder", "client"]
    assert not run.state.live
    assert session.sandbox is None
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", sandbox.port))
    monkeypatch.undo()
    await run.finished()
    await client.aclose()
    assert run.recorder is not None
    run.recorder.close()
    await session.aclose()


async def test_F1_a_code_under_a_name_that_an_environment_gives_it_is_in_no_log(tmp_path: Path) -> None:
    session = Session(home=Home(tmp_path / "config.toml", tmp_path / "recordings"), environ={})
    await session.ready("sandbox")
    draft = session.draft("sandbox")
    draft = draft.to(mode="paste", exchange=False, dialect=replace(draft.dialect, code="ticket"))
    run = session.start(draft)
    state = run.state.inputs and run.state.inputs.state
    run.paste(f"{draft.redirect_uri}?ticket=hello&state={state}")
    ended = await run.finished()
    await session.aclose()
    assert ended.outcome is Outcome.CODE
    assert "hello" not in repr(run.log)


async def test_a_run_that_is_not_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    home = Home(tmp_path / "config.toml", tmp_path / "recordings")
    session = Session(home=home, environ={}, record=RecordingOptions())
    await session.ready("sandbox")
    run = session.start(session.draft("sandbox").to(mode="direct"), kept=False)
    assert session.secret_of(run, SecretView("0" * 16, 1)) is None and run in session._sealers
    assert (await run.finished()).outcome is Outcome.TOKEN
    assert (session._sealers, session._live, session.history, run.recorder) == ({}, set(), [], None)
    await session.aclose()


async def test_F5_a_secret_may_go_to_the_addresses_of_its_environment_and_of_its_draft(tmp_path: Path) -> None:
    staging = Environment(
        name="staging",
        base_url="https://staging.example",
        endpoints=(Endpoint("GET", "https://api.staging.example/x"),),
    )
    session = Session(
        home=Home(tmp_path / "config.toml", tmp_path / "recordings"),
        configuration=Configuration(environments={"staging": staging}),
        environ={"AIRISK_CLIENT_SECRET": "of-staging"},
    )
    params = Params((("api_key", "9Xk2vQ8rT1-of-the-key"),))
    run = session.start(session.draft("staging").to(mode="paste", params=params, client_id="c", redirect_uri=URI))
    run.cancel()
    await run.finished()
    assert run.state.inputs is not None
    ((_, reference),) = run.state.inputs.params
    view = run.state.view(reference)
    assert view is not None
    secret = session.secret_of(run, view)
    await session.aclose()
    assert secret is not None and secret.origins == {"https://staging.example:443", "https://api.staging.example:443"}
