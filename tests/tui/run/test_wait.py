"""Pasting a redirect during a wait (threats.md L12): into the paste box, elsewhere, and what is no answer."""

from __future__ import annotations

from tests.tui.conftest import REGISTERED, TuiOpener
from tests.tui.run.running import pasting, waiting


async def test_a_paste_outside_of_a_field_is_a_paste_back(open_tui: TuiOpener) -> None:
    """threats.md L12: the full URL."""
    async with open_tui() as tui:
        await waiting(tui)
        await tui.paste(f"{REGISTERED}?code=xyz&state={tui.draft.state}")
        await tui.until(lambda: tui.screen.phase == "exchanging")
        assert tui.run.state.answer is not None
        assert tui.run.state.answer.via == "paste"


async def test_the_paste_box_takes_a_bare_code(open_tui: TuiOpener) -> None:
    """threats.md L12: a bare code is accepted and marked."""
    async with open_tui(size=(80, 24)) as tui:
        await waiting(tui)
        await tui.press("f7", *"c0de-4711-x9", "enter")
        await tui.until(lambda: tui.screen.phase == "exchanging")
        assert tui.run.state.answer is not None
        assert tui.run.state.answer.verification == "not-verified"


async def test_rubbish_pasted_gets_a_sentence(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await waiting(tui)
        await tui.paste("\x1b]0;x\x07 https://127.0.0.1/ nothing")
        await tui.pilot.pause()
        assert tui.screen.phase == "waiting"
        assert tui.app._notifications


async def test_the_address_to_open_pasted_back_gets_a_sentence_and_the_run_waits_on(open_tui: TuiOpener) -> None:
    """threats.md L12: only an answer ends the wait."""
    async with open_tui() as tui:
        await waiting(tui)
        await tui.paste(tui.draft.authorization_url)
        await tui.until(lambda: tui.app._notifications)
        assert any("the address to open" in notice.message for notice in tui.app._notifications)
        assert tui.screen.phase == "waiting"
        await tui.paste(f"{REGISTERED}?code=xyz&state={tui.draft.state}")
        await tui.until(lambda: tui.screen.phase == "exchanging")


async def test_paste_mode_leads_to_its_box_and_says_what_to_do(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        box = await pasting(tui)
        await tui.until(lambda: tui.screen.focused is box)
        assert "Open this URL in a browser on any machine" in tui.text


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


async def test_esc_leads_out_of_the_paste_box_and_only_then_cancels(open_tui: TuiOpener) -> None:
    async with open_tui(size=(80, 24)) as tui:
        box = await pasting(tui)
        await tui.until(lambda: box.has_focus)
        await tui.press("a", "escape")
        assert tui.screen.phase == "waiting"
        assert not box.has_focus
        await tui.press("escape")
        await tui.until(lambda: tui.screen.phase == "done")


async def test_two_tokens_do_not_wait_silently_for_the_run_that_waits(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await waiting(tui)
        await tui.session._port.acquire()  # as the listener of that run does
        await tui.press("f8")
        assert tui.app.screen is tui.screen
        assert any("only one run at a time can" in note.message for note in tui.app._notifications)
