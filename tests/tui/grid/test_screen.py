"""The grid on the screen: rows come as runs are done, and Esc ends what goes on before it leaves."""

from __future__ import annotations

from airisk_tui.session.session import Session
from airisk_tui.tui.grid.screen import GridScreen
from tests.tui.bare_app import StyledApp, lines, settled, until


async def test_users_become_rows_and_esc_leaves() -> None:
    session = Session()
    await session.ready("sandbox")
    app = StyledApp()
    async with app.run_test(size=(100, 24)) as pilot:
        app.push_screen(GridScreen(session, session.draft("sandbox"), ("", "user_42", "nobody")))
        await until(pilot, lambda: "3 of 3 users · done" in "\n".join(lines(app)))
        page = "\n".join(lines(app))
        assert [words in page for words in ("the application", "user_42", "authorization-refused", "ListUsers")] == [
            True
        ] * 4
        await pilot.press("escape")
        await settled(pilot)
        assert not isinstance(app.screen, GridScreen)
    await session.aclose()


async def test_esc_ends_a_grid_that_goes_on() -> None:
    session = Session()
    await session.ready("sandbox")
    app = StyledApp()
    async with app.run_test(size=(100, 24)) as pilot:
        users = tuple(f"user_{number}" for number in range(500))
        app.push_screen(GridScreen(session, session.draft("sandbox"), users))
        await settled(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "ended" in "\n".join(lines(app)))
    await session.aclose()
