"""Nothing that was typed is lost: the form, the theme and earlier values are there after a restart, but no secret."""

from __future__ import annotations

from pathlib import Path

from airisk_tui.tui.run.form import Form
from tests.tui.conftest import REGISTERED, SECRET, Stage, StageMaker
from tests.tui.terminal import Terminal


async def type_in(stage: Stage, row: str, text: str) -> None:
    stage.screen.query_one(Form).field(row).focus()
    await stage.press("ctrl+e", "ctrl+u", *text)


async def test_the_form_of_each_environment_is_there_after_a_restart(staged: StageMaker, tmp_path: Path) -> None:
    async with staged() as stage:
        await type_in(stage, "userid", "user_7")
        await type_in(stage, "extra_0", "tenant=a")
        await type_in(stage, "extra_1", f"trick={SECRET}")
        await type_in(stage, "extra_2", "client_secret=hunter2-hunter2")
        await type_in(stage, "client_secret", "typed-secret-99")
        await stage.press("f6")
        stage.screen.action_use_environment("other")
        await stage.until(lambda: stage.screen.base and stage.screen.base.environment == "other")
        form = stage.screen.query_one(Form)
        values = form.values.values
        assert [values[row] for row in ("userid", "client_secret", "base_url")] == [
            "",
            SECRET,
            "",
        ] and not form.values.extras
        assert values["redirect_uri"] == "http://127.0.0.1:8765/callback"
        await type_in(stage, "base_url", "https://one.example")
        stage.app.exit()
    kept = (tmp_path / "state.json").read_text()
    assert "hunter2" not in kept and "typed-secret" not in kept and SECRET not in kept
    async with staged() as stage:
        form = stage.screen.query_one(Form)
        field = form.field("userid")
        field.focus()
        await stage.until(lambda: field.cursor_position == 6)
        assert (field.value, field.cursor_position, form.field("extra_0").value) == ("user_7", 6, "tenant=a")
        assert form.values.values["mode"] == "direct" and form.field("redirect_uri").value == REGISTERED
        assert form.field("client_secret").value == SECRET
        stage.screen.action_use_environment("other")
        await stage.until(lambda: form.values.values.get("base_url") == "https://one.example")
        stage.screen.action_use_environment("sandbox")
        await stage.until(lambda: form.field("userid").value == "user_7")
        stage.screen.action_reset_form()
        assert form.field("userid").value == "" and form.values.extras == {}


async def test_a_field_offers_earlier_and_known_values(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.session.listed_users["sandbox"] = ("user_1", "user_42")
        await type_in(stage, "userid", "user_9")
        await stage.press("f6")
        await type_in(stage, "userid", "user_4")
        assert "user_42" in stage.text
        await stage.press("right")
        assert stage.screen.draft().userid == "user_42"
        await type_in(stage, "userid", "u")
        await stage.press("down", "9", "enter")
        assert stage.screen.draft().userid == "user_9" and not stage.screen.query("#offers")
        await stage.press("down", "down", "escape")
        assert stage.screen.focused is stage.screen.query_one(Form).field("userid")
        stage.screen.query_one(Form).field("redirect_uri").focus()
        await stage.press("down")
        assert "https://localhost/callback" in stage.text
        await stage.press("tab")
        assert not stage.screen.query("#offers")


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


async def test_what_has_no_row_is_set_behind_the_form(staged: StageMaker) -> None:
    async with staged() as stage:
        for name, value in (
            ("dialect.code", "auth_code"),
            ("carry_cookies", "true"),
            ("params.tenant", "a"),
            ("encoding", "json"),
        ):
            stage.screen.set_input(name, value)
            await stage.pilot.pause()
        draft = stage.screen.draft()
        assert (draft.dialect.code, draft.carry_cookies, draft.encoding) == ("auth_code", True, "json")
        assert ("tenant", "a") in draft.params
