"""The question while nobody comes back, and where each answer leads."""

from __future__ import annotations

from typing import Any

import pytest

from airisk_tui.flow.events import BrowserOpened
from airisk_tui.flow.start.known import Host
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.advice.listening import ssh_line
from airisk_tui.insight.browser_question import SILENCE, Action, BrowserShows, advise_on_browser, silent
from airisk_tui.insight.context import Context
from airisk_tui.insight.rendering import on_command_line
from tests.insight.plays import browser, inputs, run
from tests.runs import bound, callback, good, stray


def _asked(answer: BrowserShows, state: FlowState | None = None, **facts: Any) -> Action:
    found = advise_on_browser(answer, Context(state=state or browser(), **facts))
    assert found.explanation.endswith((".", ")")) and on_command_line(found.fix)
    return found.action


@pytest.mark.parametrize(
    ("answer", "action"),
    [
        (BrowserShows.LOGIN, Action.WAIT),
        (BrowserShows.ERROR, Action.ASK_DIRECTLY),
        (BrowserShows.UNREACHABLE, Action.PASTE),
        (BrowserShows.CERTIFICATE, Action.SWITCH_SCHEME),
        (BrowserShows.NOTHING, Action.OPEN_AGAIN),
    ],
)
def test_each_answer_leads_to_one_step(answer: BrowserShows, action: Action) -> None:
    assert _asked(answer) is action


def test_where_the_program_runs_changes_the_step() -> None:
    away = Host(ssh=True)
    assert _asked(BrowserShows.UNREACHABLE, host=away) is Action.SHOW_SSH
    assert _asked(BrowserShows.NOTHING, host=away) is Action.SHOW_SSH
    assert _asked(BrowserShows.LOGIN, host=away) is Action.WAIT


def test_what_the_listener_heard_changes_the_step() -> None:
    assert _asked(BrowserShows.UNREACHABLE, browser(stray("tls-on-http"))) is Action.SWITCH_SCHEME
    closed = run(inputs(), bound(), BrowserOpened(at=0.2, ok=False))
    assert _asked(BrowserShows.NOTHING, closed) is Action.PASTE
    assert _asked(BrowserShows.CERTIFICATE, browser(redirect_uri="https://localhost:8765/callback")) is Action.WAIT


def test_an_unregistered_redirect_uri_is_named_at_once() -> None:
    found = advise_on_browser(BrowserShows.ERROR, Context(state=browser(), registered=("http://127.0.0.1:8765/cb",)))
    assert "http://127.0.0.1:8765/cb" in on_command_line(found.fix)


def test_the_question_is_asked_after_the_silence_and_only_while_nobody_came() -> None:
    waiting = browser()
    assert not silent(Context(state=waiting, now=0.2 + SILENCE - 0.1))
    assert silent(Context(state=waiting, now=0.2 + SILENCE))
    assert silent(Context(state=browser(stray("favicon")), now=60))
    assert not silent(Context(state=browser(callback("code=x&state=forged")), now=60))
    assert not silent(Context(state=browser(good()), now=60))
    assert not silent(Context(state=run(inputs()), now=60))


@pytest.mark.parametrize(
    ("uri", "line"),
    [
        ("http://127.0.0.1:8765/callback", "ssh -N -L 127.0.0.1:8765:127.0.0.1:8765 YOU@THIS-MACHINE"),
        ("http://localhost:8765/cb", "ssh -N -L localhost:8765:localhost:8765 YOU@THIS-MACHINE"),
        ("http://[::1]:8765/cb", "ssh -N -L '[::1]:8765:[::1]:8765' YOU@THIS-MACHINE"),
        ("https://localhost/callback", "sudo ssh -N -L localhost:443:localhost:443 YOU@THIS-MACHINE"),
        ("https://app.example.com/cb", None),
        ("http://[::1", None),
    ],
)
def test_the_ssh_line(uri: str, line: str | None) -> None:
    assert ssh_line(uri) == line
