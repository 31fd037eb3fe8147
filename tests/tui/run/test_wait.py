"""Pasting a redirect during a wait (threats.md L12): into the paste box, elsewhere, and what is no answer."""

from __future__ import annotations

from tests.tui.conftest import REGISTERED, StageMaker
from tests.tui.run.running import pasting, waiting


async def test_a_paste_outside_of_a_field_is_a_paste_back(staged: StageMaker) -> None:
    """threats.md L12: the full URL."""
    async with staged() as stage:
        await waiting(stage)
        await stage.paste(f"{REGISTERED}?code=xyz&state={stage.draft.state}")
        await stage.until(lambda: stage.screen.phase == "exchanging")
        assert stage.run.state.answer is not None
        assert stage.run.state.answer.via == "paste"


async def test_the_paste_box_takes_a_bare_code(staged: StageMaker) -> None:
    """threats.md L12: a bare code is accepted and marked."""
    async with staged(size=(80, 24)) as stage:
        await waiting(stage)
        await stage.press("f7", "a", "b", "c", "enter")
        await stage.until(lambda: stage.screen.phase == "exchanging")
        assert stage.run.state.answer is not None
        assert stage.run.state.answer.verification == "not-verified"


async def test_rubbish_pasted_gets_a_sentence(staged: StageMaker) -> None:
    async with staged() as stage:
        await waiting(stage)
        await stage.paste("\x1b]0;x\x07 https://127.0.0.1/ nothing")
        await stage.pilot.pause()
        assert stage.screen.phase == "waiting"
        assert stage.app._notifications


async def test_the_address_to_open_pasted_back_gets_a_sentence_and_the_run_waits_on(staged: StageMaker) -> None:
    """threats.md L12: only an answer ends the wait."""
    async with staged() as stage:
        await waiting(stage)
        await stage.paste(stage.draft.authorization_url)
        await stage.until(lambda: stage.app._notifications)
        assert any("the address to open" in notice.message for notice in stage.app._notifications)
        assert stage.screen.phase == "waiting"
        await stage.paste(f"{REGISTERED}?code=xyz&state={stage.draft.state}")
        await stage.until(lambda: stage.screen.phase == "exchanging")


async def test_paste_mode_leads_to_its_box_and_says_what_to_do(staged: StageMaker) -> None:
    async with staged() as stage:
        box = await pasting(stage)
        await stage.until(lambda: stage.screen.focused is box)
        assert "Open this URL in a browser on any machine" in stage.text


async def test_what_was_pasted_is_used_up_and_what_was_refused_is_selected(staged: StageMaker) -> None:
    async with staged() as stage:
        box = await pasting(stage)
        box.value = "http://127.0.0.1/no-query"
        await stage.press("enter")
        assert box.selected_text == "http://127.0.0.1/no-query"
        box.value = f"{REGISTERED}?code=xyz&state={stage.draft.state}"
        await stage.press("enter")
        await stage.until(lambda: stage.screen.phase == "exchanging")
        assert box.value == ""
        box.value = "left behind"
        assert (await pasting(stage)).value == ""


async def test_esc_leads_out_of_the_paste_box_and_only_then_cancels(staged: StageMaker) -> None:
    async with staged(size=(80, 24)) as stage:
        box = await pasting(stage)
        await stage.until(lambda: box.has_focus)
        await stage.press("a", "escape")
        assert stage.screen.phase == "waiting"
        assert not box.has_focus
        await stage.press("escape")
        await stage.until(lambda: stage.screen.phase == "done")
