"""The run screen: starting, waiting, the question about the state, cancelling, applying a fix, copying."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from airisk_tui.flow.events import StrayRequest
from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Finding
from airisk_tui.insight.fix import SetField
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.tui.inspector.panel import Inspector
from airisk_tui.tui.run.form import Form
from airisk_tui.tui.shared.copying import CopyScreen
from airisk_tui.tui.shared.help import HelpScreen
from airisk_tui.tui.shared.title import TitleLine
from tests.runs import authorized, problem
from tests.tui.conftest import REGISTERED, SECRET, StageMaker
from tests.tui.run.running import BOUND, CLOSED, OPENED, callback, waiting


async def test_enter_in_the_form_runs_the_way_that_is_chosen(
    staged: StageMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    async with staged() as stage:
        await stage.press("enter")
        assert stage.draft.mode == "direct"
        assert stage.screen.phase == "asking"


@pytest.mark.parametrize(("key", "mode"), [("ctrl+r", "browser"), ("f6", "direct"), ("f7", "paste")])
async def test_each_way_has_its_key(staged: StageMaker, key: str, mode: str) -> None:
    async with staged() as stage:
        await stage.press(key)
        assert stage.draft.mode == mode


async def test_waiting_shows_what_is_listened_on_the_url_and_the_time_left(staged: StageMaker) -> None:
    async with staged() as stage:
        await waiting(stage)
        text = stage.text
        assert "listening on 127.0.0.1:48765" in text
        assert "firefox" in text
        assert "Waiting for the redirect" in text
        title = stage.screen.query_one(TitleLine)
        assert title.clock in ("05:00", "04:59", "04:58")
        assert "/api/oauth2" in text


async def test_without_a_browser_the_other_ways_are_offered_at_once(staged: StageMaker) -> None:
    async with staged() as stage:
        await waiting(stage, CLOSED)
        assert "No browser was found" in stage.text
        assert "press F6 to run" in stage.text
        assert stage.screen.query_one("#paste-back").display


async def test_escape_and_ctrl_c_cancel_at_once_and_a_second_run_starts(staged: StageMaker) -> None:
    async with staged() as stage:
        for key in ("escape", "ctrl+c"):
            await waiting(stage)
            await stage.press(key)
            await stage.until(lambda: stage.screen.phase == "done")
            assert stage.run.state.outcome is Outcome.CANCELLED
            stage.screen.query_one(Form).field("client_id").focus()
        assert len(stage.session.runs) == 2


async def test_a_new_run_gets_a_fresh_state_and_cancels_the_old_one(staged: StageMaker) -> None:
    async with staged() as stage:
        await waiting(stage)
        first = stage.run
        await stage.press("f6")
        assert first.state.outcome is Outcome.CANCELLED
        assert stage.session.drafts[0].state != stage.session.drafts[1].state


async def test_a_state_that_was_typed_is_kept(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.screen.query_one(Form).field("state").value = "mine-and-long"
        await stage.pilot.pause()
        for _ in range(2):
            await stage.press("f6")
        assert [draft.state for draft in stage.session.drafts] == ["mine-and-long"] * 2


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_f_fills_in_what_the_first_finding_says_and_runs_nothing(
    staged: StageMaker, size: tuple[int, int]
) -> None:
    async with staged(size=size) as stage:
        form = stage.screen.query_one(Form)
        form.field("redirect_uri").value = REGISTERED.replace("callback", "calback")
        await stage.pilot.pause()
        await stage.press("f6")
        assert stage.run.state.inputs is not None
        await stage.post(authorized(problem(), stage.run.state.inputs))
        await stage.until(lambda: stage.screen.report is not None)
        assert "f does it" in stage.text
        assert any(hint.key == "f" for hint in tuple(stage.screen.hints()))
        await stage.press("f")
        field = form.field("redirect_uri")
        assert (field.value, field.touched, stage.screen.focused) == (REGISTERED, True, field)
        assert stage.screen.pane == "request" and len(stage.session.runs) == 1
        assert stage.screen.draft().redirect_uri == REGISTERED
        await stage.press("f")
        assert field.value == f"{REGISTERED}f"


async def test_f_chooses_the_other_encoding_and_says_what_the_form_does_not_have(staged: StageMaker) -> None:
    async with staged() as stage:
        for change in (("encoding", "json"), ("base_url", "https://airisk.example.com")):
            fix = (SetField(*change, by_key=True),)
            first = Finding(code="a", severity="error", title="t", cause="c", fix=fix, reference="r")
            stage.screen.set_focus(None)
            stage.screen.report = Report((first,))
            await stage.press("f")
        assert stage.screen.draft().encoding == "json"
        assert stage.app._notifications


async def test_the_question_is_asked_and_c_answers_it(staged: StageMaker) -> None:
    async with staged(size=(80, 24)) as stage:
        await waiting(stage)
        await stage.post(callback(stage, state=False))
        assert stage.screen.phase == "holding"
        assert "The state did not come back" in stage.text
        await stage.press("c")
        await stage.until(lambda: stage.screen.phase == "exchanging")
        assert stage.run.state.trusted_on_purpose


async def test_ten_thousand_strays_do_not_stall_the_screen(staged: StageMaker) -> None:
    """threats.md S4: a burst is drawn some thirty times a second, not ten thousand times."""
    async with staged() as stage:
        await waiting(stage)
        drawn = []
        stage.screen.watch(stage.screen, "state", lambda state: drawn.append(state), init=False)
        stray = StrayRequest(at=1.0, request=HttpRequest("GET", "/favicon.ico"), reason="favicon")
        began = time.monotonic()
        for index in range(10_000):
            stage.run.post(replace(stray, at=1.0 + index / 10_000))
        await stage.until(lambda: stage.screen.state is stage.run.state)
        assert len(drawn) < 30 * (time.monotonic() - began) + 2
        assert stage.run.state.inbox_total == 10_000


async def test_the_copy_menu_copies_exactly_and_names_what_it_copied(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.screen.set_focus(None)
        await stage.press("f5")
        assert isinstance(stage.app.screen, CopyScreen)
        await stage.press("u")
        assert stage.app.clipboard == stage.screen.draft().authorization_url
        await stage.press("f5", "s")
        assert stage.app.clipboard == SECRET
        assert not any(SECRET in notice.message for notice in stage.app._notifications)


async def test_a_masked_secret_is_not_copied_by_the_field(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.screen.query_one(Form).field("client_secret").focus()
        await stage.press("ctrl+shift+a", "ctrl+c")
        assert stage.app.clipboard != SECRET
        assert stage.app.is_running


async def test_help_tells_what_the_field_is_for_and_every_key(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("f1")
        assert isinstance(stage.app.screen, HelpScreen)
        assert "identifier that AIRisk gave" in stage.text
        assert "^R" in stage.text
        await stage.press("escape")
        assert not isinstance(stage.app.screen, HelpScreen)


async def test_the_palette_knows_the_commands(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("ctrl+p")
        await stage.press(*"directly")
        await stage.until(lambda: "Run directly, without a browser" in stage.text)


async def test_a_click_on_the_launch_bar_runs_and_then_cancels(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.pilot.click("#start")
        assert stage.session.runs
        await stage.pilot.click("#start")
        await stage.until(lambda: stage.screen.phase == "done")


async def test_start_presses_the_key(staged: StageMaker) -> None:
    async with staged(start="direct", overrides={"userid": "user_42", "params": (("a", "b"),)}) as stage:
        await stage.until(lambda: stage.session.runs)
        assert (stage.draft.userid, stage.draft.mode) == ("user_42", "direct")
        assert stage.draft.params.items == (("a", "b"),)


async def test_an_https_wait_tells_that_the_browser_will_warn(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("ctrl+r")
        await stage.post(replace(BOUND, scheme="https", certificate="ac6b008c61"), OPENED)
        assert "It will warn about" in stage.text
        assert "ac6b008c…" in stage.text


async def test_a_run_that_goes_on_while_the_program_ends_draws_nothing(staged: StageMaker) -> None:
    async with staged() as stage:
        await waiting(stage)
        state = stage.screen.state
        assert state is not None
        await stage.screen.query_one(TitleLine).remove()
        stage.screen.show(replace(state, phase=Phase.DONE), None)


async def test_a_new_run_begins_at_its_first_step(staged: StageMaker) -> None:
    async with staged() as stage:
        await waiting(stage)
        await stage.press("escape")
        assert stage.screen.query_one(Inspector).step != "authorization-request"
        await waiting(stage)
        assert stage.screen.query_one(Inspector).step == "authorization-request"


async def test_the_launch_bar_names_the_key_that_works_now(staged: StageMaker) -> None:
    async with staged() as stage:
        assert "Enter   Run directly" in stage.text
        stage.screen.set_focus(stage.screen.query_one("#rail"))
        await stage.pilot.pause()
        assert "F6   Run directly" in stage.text
