"""The flow as a picture: an arrow for each message, which leads to its step; wide terminals show it by themselves."""

from __future__ import annotations

import pytest

from tests.tui.conftest import TuiOpener
from tests.tui.run.running import callback, waiting


@pytest.mark.parametrize("size", [(200, 60), (140, 45)])
async def test_the_picture_grows_with_the_run_and_leads_to_the_steps(
    open_tui: TuiOpener, size: tuple[int, int]
) -> None:
    async with open_tui(size=size) as tui:
        await waiting(tui)
        if size[0] < 170:
            assert "◀" not in tui.text
            await tui.press("V")
        assert "airisk-tui" in tui.text and "Server" in tui.text and "▶" in tui.text.split("Heard")[0]
        await tui.post(callback(tui))
        await tui.until(lambda: "◀" in tui.text)
        assert not tui.screen.query_one("#rail").region
        tui.screen.query_one("#picture").focus()
        await tui.press("up", "up", "up", "up", "enter")
        assert tui.screen.inspector.step == "browser"
        await tui.press("V")
        assert tui.screen.query_one("#rail").region and not tui.screen.query_one("#picture").region
