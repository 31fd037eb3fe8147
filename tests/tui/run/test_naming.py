"""What stands in the form is kept under a name, and never its secret."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from airisk_tui.engine.config.environments import Environment, environment_from, read_configuration, table_of
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, Endpoint
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.tui.run.palette import form_commands
from airisk_tui.tui.run.request.field import Choice
from airisk_tui.tui.shared.dialogs import AskScreen, ConfirmScreen
from tests.tui.conftest import SECRET, OpenTui, TuiOpener


async def found_by_typing(tui: OpenTui) -> None:
    """The palette's command, as a person has it."""
    await tui.press("ctrl+p", *"save as env")
    await tui.until(lambda: "Save as environment" in tui.text)
    await tui.pilot.pause(0.3)
    await tui.press("enter")


async def asked(tui: OpenTui) -> None:
    """What the palette does for that command."""
    (command,) = [
        one for one in form_commands(tui.screen.request, tui.session) if one.title.startswith("Save as environment")
    ]
    command.run()
    await tui.pilot.pause()


async def named(tui: OpenTui, name: str) -> None:
    await tui.until(lambda: isinstance(tui.app.screen, AskScreen))
    tui.app.screen.query_one("#answer", Input).value = name
    await tui.press("enter")


def said(tui: OpenTui) -> str:
    return "\n".join(note.message for note in tui.app._notifications)


async def at(tui: OpenTui, environment: str, **texts: str) -> None:
    await tui.screen.request.use_environment(environment)
    await tui.pilot.pause()
    for field, text in texts.items():
        tui.screen.query_one(f"#{field.replace('_', '-')}", Input).value = text
    await tui.pilot.pause()


async def test_other_gets_a_name_and_the_secret_stays_out(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await at(tui, "other", base_url="https://airisk.example.org", client_id="my-app")
        await found_by_typing(tui)
        await named(tui, "production")
        await tui.until(lambda: "production is saved in" in said(tui))
        path = tui.session.home.config
        assert str(path) in said(tui).replace("\n", "")
        written = await asyncio.to_thread(path.read_text)
        assert SECRET not in written
        kept = read_configuration(path).environments["production"]
        assert (kept.base_url, kept.client_id) == ("https://airisk.example.org", "my-app")
        assert "production" in tui.screen.query_one("#environment", Choice).options
        await tui.screen.request.use_environment("production")
        assert tui.screen.request.draft().client_id == "my-app"


@pytest.mark.parametrize(("key", "kept"), [("y", "https://new.example.org"), ("n", "https://airisk.example.com")])
async def test_another_one_of_that_name_is_replaced_only_after_a_question(
    open_tui: TuiOpener, key: str, kept: str
) -> None:
    async with open_tui() as tui:
        await at(tui, "other", base_url="https://new.example.org", client_id="my-app")
        await asked(tui)
        await named(tui, "staging")
        await tui.until(lambda: isinstance(tui.app.screen, ConfirmScreen))
        await tui.press(key)
        await tui.until(lambda: not isinstance(tui.app.screen, ConfirmScreen))
        await tui.pilot.pause()
        assert tui.session.environments["staging"].base_url == kept


async def test_a_name_that_cannot_be_is_refused(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await at(tui, "other", base_url="https://airisk.example.org", client_id="my-app")
        for name in ("sandbox", "other", "x" * 61, "a\u202eb"):
            await asked(tui)
            await named(tui, name)
            await tui.until(lambda: any(note.severity == "error" for note in tui.app._notifications))
            assert not tui.session.home.config.exists(), name
            tui.app.clear_notifications()


async def test_the_sandbox_has_no_address_to_be_kept_and_a_wrong_address_is_said(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await asked(tui)
        await tui.until(lambda: "is inside this program" in said(tui))
        await at(tui, "other", base_url="airisk", client_id="my-app")
        await asked(tui)
        await tui.until(lambda: "base URL" in said(tui))
        assert not isinstance(tui.app.screen, AskScreen)


async def test_what_is_written_is_read_back_as_it_was(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.session.environments["staging"] = Environment(
            name="staging",
            base_url="https://airisk.example.com",
            client_id="abc",
            encoding="json",
            dialect=replace(STANDARD, token="data.access_token"),
            registered=("https://localhost/callback",),
            endpoints=(*DOCUMENTED, Endpoint("DELETE", "/api/x", "refused", "allowed")),
            verify_tls=False,
        )
        environment = tui.session.environments["staging"]
        values = table_of(tui.session.draft("staging").as_environment("staging", environment.endpoints))
        assert environment_from("staging", values) == environment
