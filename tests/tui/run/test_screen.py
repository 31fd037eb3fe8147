"""The run screen: starting, waiting, the question about the state, cancelling, applying a fix, copying."""

from __future__ import annotations

import time
from typing import Any

import pytest
from msgspec.structs import replace
from textual.selection import SELECT_ALL

from airisk_tui.flow.events import StrayRequest
from airisk_tui.flow.phases import Phase
from airisk_tui.flow.state import MAX_INBOX
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Finding
from airisk_tui.insight.fix import SetField
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.tui.inspector.panel import Inspector
from airisk_tui.tui.run.request.form import Form
from airisk_tui.tui.shared.dialogs import CopyScreen
from airisk_tui.tui.shared.title import TitleLine
from tests.rest import draw
from tests.runs import authorized, problem
from tests.tui.conftest import REGISTERED, SECRET, TuiOpener, at_sizes
from tests.tui.run.running import waiting


@at_sizes((80, 24), (140, 45))
async def test_f_fills_in_what_the_first_finding_says_and_runs_nothing(
    open_tui: TuiOpener, size: tuple[int, int]
) -> None:
    async with open_tui(size=size) as tui:
        form = tui.screen.query_one(Form)
        form.field("redirect_uri").value = REGISTERED.replace("callback", "calback")
        await tui.pilot.pause()
        await tui.press("f6")
        assert tui.run.state.inputs is not None
        await tui.post(authorized(problem(), tui.run.state.inputs))
        await tui.until(lambda: tui.screen.report is not None)
        assert "f does it" in tui.text
        assert any(hint.key == "f" for hint in tuple(tui.screen.hints()))
        await tui.press("f")
        field = form.field("redirect_uri")
        assert (field.value, field.touched, tui.screen.focused) == (REGISTERED, True, field)
        assert tui.screen.pane == "request" and len(tui.session.runs) == 1
        assert tui.screen.request.draft().redirect_uri == REGISTERED
        await tui.press("f")
        assert field.value == f"{REGISTERED}f"


async def test_f_chooses_the_other_encoding_and_says_what_the_form_does_not_have(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        for change in (("encoding", "json"), ("base_url", "https://airisk.example.com")):
            fix = (SetField(*change, by_key=True),)
            first = Finding(code="a", severity="error", title="t", cause="c", fix=fix, reference="r")
            tui.screen.set_focus(None)
            tui.screen.report = Report((first,))
            await tui.press("f")
        assert tui.screen.request.draft().encoding == "json"
        assert tui.app._notifications


async def test_ten_thousand_strays_do_not_stall_the_screen(open_tui: TuiOpener) -> None:
    """threats.md S4: a burst is drawn some thirty times a second, not ten thousand times."""
    async with open_tui() as tui:
        await waiting(tui)
        drawn = []
        tui.screen.watch(tui.screen, "state", lambda state: drawn.append(state), init=False)
        stray = StrayRequest(at=1.0, request=HttpRequest("GET", "/favicon.ico"), reason="favicon")
        began = time.monotonic()
        for index in range(10_000):
            tui.run.post(replace(stray, at=1.0 + index / 10_000))
        await tui.until(lambda: tui.screen.state is tui.run.state)
        assert len(drawn) < 30 * (time.monotonic() - began) + 2
        assert tui.run.state.inbox_total == 10_000


async def test_S4_a_frame_of_a_flood_draws_little_more_than_its_count(
    open_tui: TuiOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawing the whole screen again writes 15 KB."""
    written: list[int] = []

    def drawn(compositor: Any, **more: Any) -> None:
        update: Any = draw(compositor, **more)
        if update is not None:
            written.append(len(update.render_segments(tui.app.console)))

    async with open_tui() as tui:
        await waiting(tui)
        stray = StrayRequest(at=1.0, request=HttpRequest("GET", "/favicon.ico"), reason="favicon")
        await tui.post(*(replace(stray, at=1.0 + index / 1000) for index in range(MAX_INBOX + 3)))
        with monkeypatch.context() as patch:
            patch.setattr("tests.rest.EACH_REST", True)
            patch.setattr("tests.rest.draw", drawn)
            for index in range(3):
                await tui.post(replace(stray, at=3.0 + index))
        assert "… and 6 more that are not kept" in tui.text
        assert min(written) < 10_000  # with the clock, where a second passes in each of them


async def test_the_copy_menu_copies_exactly_and_names_what_it_copied(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.set_focus(None)
        await tui.press("f5")
        assert isinstance(tui.app.screen, CopyScreen)
        await tui.press("u")
        assert tui.app.clipboard == tui.screen.request.draft().authorization_url
        await tui.press("f5", "s")
        assert tui.app.clipboard == SECRET
        assert not any(SECRET in notice.message for notice in tui.app._notifications)


async def test_a_masked_secret_is_not_copied_by_the_field(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.query_one(Form).field("client_secret").focus()
        await tui.press("ctrl+shift+a", "ctrl+c")
        assert tui.app.clipboard != SECRET
        assert tui.app.is_running


async def test_ctrl_c_copies_what_the_mouse_has_selected_and_cancels_nothing(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.selections = {tui.screen.query_one("#guide-headline"): SELECT_ALL}
        await tui.press("ctrl+c")
        assert tui.app.clipboard == "Ready"
        assert tui.app.is_running
        assert not tui.screen.selections


async def test_a_narrow_footer_shows_that_requests_are_held(open_tui: TuiOpener) -> None:
    async with open_tui(size=(80, 24)) as tui:
        assert "Hold" not in tui.text.splitlines()[-1]
        await tui.press("ctrl+s")
        assert "Hold: on" in tui.text.splitlines()[-1]


async def test_start_presses_the_key(open_tui: TuiOpener) -> None:
    async with open_tui(start="direct", overrides={"userid": "user_42", "params": (("a", "b"),)}) as tui:
        await tui.until(lambda: tui.session.runs)
        assert (tui.draft.userid, tui.draft.mode) == ("user_42", "direct")
        assert tui.draft.params.items == (("a", "b"),)


async def test_a_run_that_goes_on_while_the_program_ends_draws_nothing(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await waiting(tui)
        state = tui.screen.state
        assert state is not None
        await tui.screen.query_one(TitleLine).remove()
        tui.screen.show(replace(state, phase=Phase.DONE), None)


async def test_a_new_run_begins_at_its_first_step(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await waiting(tui)
        await tui.press("escape")
        assert tui.screen.query_one(Inspector).step != "authorization-request"
        await waiting(tui)
        assert tui.screen.query_one(Inspector).step == "authorization-request"


async def test_a_held_request_is_not_called_sent_when_its_editor_was_put_away(open_tui: TuiOpener) -> None:
    async with open_tui(size=(80, 24)) as tui:
        await tui.press("ctrl+s", "f6")
        await tui.until(lambda: "Held before the authorization request" in tui.text)
        await tui.press("escape")
        assert "Nothing is sent until you say so." in tui.text
        assert "Asking the server" not in tui.text
