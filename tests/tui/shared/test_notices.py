"""What the program says in passing covers nothing, and is said once."""

from __future__ import annotations

from textual.widgets._toast import Toast

from airisk_tui.recording.disk.library import Library
from airisk_tui.tui.shared.keyboard.jump import JumpScreen
from airisk_tui.tui.shared.screen import AppScreen
from tests.tui.conftest import TuiOpener, at_sizes
from tests.tui.every_screen import open_all

SENTENCE = "This recording cannot be opened, because it was written by a newer version of this program. " * 2


@at_sizes((80, 24), (140, 45))
async def test_a_notice_covers_nothing_on_any_screen(
    open_tui: TuiOpener, shelf: Library, size: tuple[int, int]
) -> None:
    async with open_tui(size=size, notices=True) as tui:
        for screen in reversed(await open_all(tui, shelf)):
            if isinstance(screen, AppScreen) and not isinstance(screen, JumpScreen):  # its letters lie over everything
                screen.say("Something older.")
                screen.say(SENTENCE)
                await tui.pilot.pause()
                (notice,) = screen.query(Toast)
                covered = [
                    widget
                    for widget, (region, clip) in screen._compositor.visible_widgets.items()
                    if region.intersection(clip).overlaps(notice.region) and not {notice, screen} & {widget}
                ]
                assert notice.region.height >= 2 and covered == [], screen
            if len(tui.app.screen_stack) > 1:
                tui.app.pop_screen()


async def test_nothing_to_say_leaves_what_was_said(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.say("Copied.")
        tui.screen.say("")
        await tui.pilot.pause()
        assert [notice.message for notice in tui.app._notifications] == ["Copied."]
