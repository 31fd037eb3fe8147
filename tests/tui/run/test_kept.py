"""Nothing that was typed is lost: the form, the theme and earlier values are there after a restart, but no secret."""

from __future__ import annotations

from pathlib import Path

from airisk_tui.insight.fix import DropField, Rerun
from airisk_tui.tui.run.request.form import Form
from airisk_tui.tui.run.request.suggestions import Suggestions
from tests.tui.conftest import OpenTui, TuiOpener
from tests.tui.terminal import Terminal


async def type_in(tui: OpenTui, row: str, text: str) -> None:
    tui.screen.query_one(Form).field(row).focus()
    await tui.press("ctrl+e", "ctrl+u", *text)


async def test_asked_for_twice_before_it_is_there_the_list_of_values_is_there_once(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        field = tui.screen.query_one(Form).field("redirect_uri")
        field.focus()
        await tui.pilot.pause()
        field.action_suggestions()
        field.action_suggestions()
        await tui.until(lambda: len(tui.screen.query(Suggestions)) == 1 and "https://localhost/callback" in tui.text)
        await tui.press("escape")
        assert tui.screen.focused is field and not tui.screen.query(Suggestions)


async def test_a_field_offers_earlier_and_known_values(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.session.listed_users["sandbox"] = ("user_1", "user_4242")
        await type_in(tui, "userid", "user_9")
        await tui.press("f6")
        await type_in(tui, "userid", "user_4")
        assert "user_4242" in tui.text
        await tui.press("right")
        assert tui.screen.request.draft().userid == "user_4242"
        await type_in(tui, "userid", "u")
        await tui.press("down", "9", "enter")
        assert tui.screen.request.draft().userid == "user_9" and not tui.screen.query(Suggestions)
        await tui.press("down", "down", "escape")
        assert tui.screen.focused is tui.screen.query_one(Form).field("userid")
        tui.screen.query_one(Form).field("redirect_uri").focus()
        await tui.press("down")
        await tui.until(lambda: "https://localhost/callback" in tui.text)
        await tui.press("tab")
        assert not tui.screen.query(Suggestions)


def test_theme_and_user_id_are_there_after_a_restart(tmp_path: Path) -> None:
    def opened() -> Terminal:
        return Terminal(["-m", "airisk_tui"], tmp_path, columns=120)

    terminal = opened()
    terminal.sees("Enter runs the flow")
    terminal.send("\t\t\t\tuser_77\x10")
    steps = (
        ("theme", "Change the current theme"),
        ("\r", "rose-pine-moon"),
        ("solarized-l", "solarized-light"),
        ("\r", "user_77"),
    )
    for typed, seen in steps:
        terminal.send(typed)
        terminal.sees(seen)
    terminal.until(
        lambda: (tmp_path / "state.json").is_file() and b"solarized-light" in (tmp_path / "state.json").read_bytes()
    )
    terminal.send("\x11")
    assert terminal.ended() == 0
    terminal = opened()
    terminal.sees("user_77")
    assert b"48;2;253;246;227" in terminal.written
    terminal.close()


async def test_what_a_fix_sets_or_drops_stands_in_the_form(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        for name, value in (
            ("dialect.code", "auth_code"),
            ("carry_cookies", "true"),
            ("params.tenant", "a"),
            ("token_params.code", "b"),
            ("encoding", "json"),
        ):
            tui.screen.request.set_input(name, value)
            await tui.pilot.pause()
        tui.screen.request.carry_out((DropField("token_params.code"), Rerun(mode="direct")), str)
        await tui.pilot.pause()
        draft = tui.screen.request.draft()
        assert not draft.token_params and draft.mode == "direct"
        assert (draft.dialect.code, draft.carry_cookies, draft.encoding) == ("auth_code", True, "json")
        assert ("tenant", "a") in draft.params
