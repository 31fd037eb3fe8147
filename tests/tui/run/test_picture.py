"""The flow as a picture: an arrow for each message, which leads to its step; wide terminals show it by themselves."""

from __future__ import annotations

import pytest

from airisk_tui.flow.fold import fold
from airisk_tui.flow.reading.steps import TITLES
from airisk_tui.recording.sequence import messages
from airisk_tui.tui.inspector.subject import subjects
from airisk_tui.tui.run.picture import STEPS
from tests.recording.logs import LOGS
from tests.tui.conftest import TuiOpener
from tests.tui.run.running import callback, waiting


@pytest.mark.parametrize("size", [(200, 60), pytest.param((140, 45), marks=pytest.mark.ci)])
async def test_the_picture_grows_with_the_run_and_leads_to_the_steps(
    open_tui: TuiOpener, size: tuple[int, int]
) -> None:
    async with open_tui(size=size) as tui:
        await waiting(tui)
        if size[0] < 170:
            assert "◀" not in tui.text
            await tui.press("V")
        assert "airisk-tui" in tui.text and "Server" in tui.text and "▶" in tui.text.split("Heard")[0]
        assert size[0] < 170 or "opens the authorization URL" in tui.text, "above its arrow, and not cut"
        await tui.post(callback(tui))
        await tui.until(lambda: "◀" in tui.text)
        assert not tui.screen.query_one("#rail").region
        tui.screen.query_one("#picture").focus()
        await tui.press("up", "up", "up", "up", "enter")
        assert tui.screen.inspector.step == "browser"
        await tui.press("V")
        assert tui.screen.query_one("#rail").region and not tui.screen.query_one("#picture").region


@pytest.mark.parametrize("name", LOGS)
def test_each_arrow_is_one_of_the_exchanges_of_its_step(name: str) -> None:
    state = fold(LOGS[name])
    for message in messages(LOGS[name]):
        step = STEPS.get(message.about, message.about)
        if message.request is not None and step in TITLES and len(found := subjects(state, step)) > 1:
            assert any(one.request is message.request for one in found), message
