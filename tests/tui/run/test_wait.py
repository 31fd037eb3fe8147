"""Pasting a redirect during a wait (threats.md L12): into the paste box, elsewhere, and what is no answer."""

from __future__ import annotations

from tests.tui.conftest import REGISTERED, TuiOpener
from tests.tui.run.running import pasting, waiting


async def test_what_was_pasted_is_used_up_and_what_was_refused_is_selected(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        box = await pasting(tui)
        box.value = "http://127.0.0.1/no-query"
        await tui.press("enter")
        assert box.selected_text == "http://127.0.0.1/no-query"
        box.value = f"{REGISTERED}?code=xyz&state={tui.draft.state}"
        await tui.press("enter")
        await tui.until(lambda: tui.screen.phase == "exchanging")
        assert box.value == ""
        box.value = "left behind"
        assert (await pasting(tui)).value == ""


async def test_two_tokens_do_not_wait_silently_for_the_run_that_waits(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await waiting(tui)
        await tui.session._port.acquire()  # as the listener of that run does
        await tui.press("f8")
        assert tui.app.screen is tui.screen
        assert any("only one run at a time can" in note.message for note in tui.app._notifications)
