"""What stands in the form is kept under a name, and never its secret."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual.widgets import Input

from airisk_tui.engine.environments import Environment, environment_from, read_configuration, table_of
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.endpoints import DOCUMENTED, Endpoint
from airisk_tui.tui.run.field import Choice
from airisk_tui.tui.shared.dialogs import AskScreen, ConfirmScreen
from tests.tui.conftest import SECRET, Stage, StageMaker


async def asked(stage: Stage) -> None:
    """The palette's command, found by typing."""
    await stage.press("ctrl+p")
    await stage.pilot.pause(0.1)
    await stage.press(*"save as env")
    await stage.until(lambda: "Save as environment" in stage.text)
    await stage.pilot.pause(0.3)
    await stage.press("enter")
    await stage.pilot.pause()


async def named(stage: Stage, name: str) -> None:
    await stage.until(lambda: isinstance(stage.app.screen, AskScreen))
    stage.app.screen.query_one("#answer", Input).value = name
    await stage.press("enter")
    await stage.pilot.pause(0.1)


def said(stage: Stage) -> str:
    return "\n".join(note.message for note in stage.app._notifications)


async def at(stage: Stage, environment: str, **texts: str) -> None:
    await stage.screen.use_environment(environment)
    await stage.pilot.pause()
    for field, text in texts.items():
        stage.screen.query_one(f"#{field.replace('_', '-')}", Input).value = text
    await stage.pilot.pause()


async def test_other_gets_a_name_and_the_secret_stays_out(staged: StageMaker) -> None:
    async with staged() as stage:
        await at(stage, "other", base_url="https://airisk.example.org", client_id="my-app")
        await asked(stage)
        await named(stage, "production")
        await stage.until(lambda: "production is saved in" in said(stage))
        path = stage.session.home.config
        assert str(path) in said(stage).replace("\n", "")
        written = await asyncio.to_thread(path.read_text)
        assert SECRET not in written
        kept = read_configuration(path).environments["production"]
        assert (kept.base_url, kept.client_id) == ("https://airisk.example.org", "my-app")
        assert "production" in stage.screen.query_one("#environment", Choice).options
        await stage.screen.use_environment("production")
        assert stage.screen.draft().client_id == "my-app"


@pytest.mark.parametrize(("key", "kept"), [("y", "https://new.example.org"), ("n", "https://airisk.example.com")])
async def test_another_one_of_that_name_is_replaced_only_after_a_question(
    staged: StageMaker, key: str, kept: str
) -> None:
    async with staged() as stage:
        await at(stage, "other", base_url="https://new.example.org", client_id="my-app")
        await asked(stage)
        await named(stage, "staging")
        await stage.until(lambda: isinstance(stage.app.screen, ConfirmScreen))
        await stage.press(key)
        await stage.pilot.pause(0.3)
        assert stage.session.environments["staging"].base_url == kept


@pytest.mark.parametrize("name", ["sandbox", "other", "x" * 61, "a\u202eb"])
async def test_a_name_that_cannot_be_is_refused(staged: StageMaker, name: str) -> None:
    async with staged() as stage:
        await at(stage, "other", base_url="https://airisk.example.org", client_id="my-app")
        await asked(stage)
        await named(stage, name)
        await stage.until(lambda: any(note.severity == "error" for note in stage.app._notifications))
        assert not stage.session.home.config.exists()


async def test_the_sandbox_has_no_address_to_be_kept_and_a_wrong_address_is_said(staged: StageMaker) -> None:
    async with staged() as stage:
        await asked(stage)
        await stage.until(lambda: "lives inside this program" in said(stage))
        await at(stage, "other", base_url="airisk", client_id="my-app")
        await asked(stage)
        await stage.until(lambda: "base URL" in said(stage))
        assert not isinstance(stage.app.screen, AskScreen)


async def test_what_is_written_is_read_back_as_it_was(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.session.environments["staging"] = Environment(
            name="staging",
            base_url="https://airisk.example.com",
            client_id="abc",
            encoding="json",
            dialect=replace(STANDARD, token="data.access_token"),
            registered=("https://localhost/callback",),
            endpoints=(*DOCUMENTED, Endpoint("DELETE", "/api/x", "refused", "allowed")),
            verify_tls=False,
        )
        environment = stage.session.environments["staging"]
        values = table_of(stage.session.draft("staging").as_environment("staging", environment.endpoints))
        assert environment_from("staging", values) == environment
