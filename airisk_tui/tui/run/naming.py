"""Saving what stands in the form as a named environment in config.toml, without the secret (command-line.md, files)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.environments import (
    ConfigurationError,
    check_name,
    environment_from,
    table_of,
    write_environment,
)
from airisk_tui.flow.fields import EMBEDDED, OTHER
from airisk_tui.oauth.mistakes import check_base_url, check_redirect_uri
from airisk_tui.oauth.text import visible
from airisk_tui.tui.run.form import Form
from airisk_tui.tui.shared.dialogs import AskScreen, ConfirmScreen

if TYPE_CHECKING:
    from airisk_tui.session.session import Session
    from airisk_tui.tui.shared.screen import AppScreen

MAX_NAME = 60
"""Characters of a name: twice what the title line shows of it."""

INSIDE = "The sandbox lives inside this program and needs no name. Choose another environment in the form first."
QUESTION = (
    "A name for what stands in the form: address, client ID, redirect URI, user id and body. It is written to\n{path}\n"
    "The client secret and extra parameters are not."
)


async def save_as_environment(screen: AppScreen[Any], session: Session, draft: Draft) -> None:
    """Ask for a name and write the draft under it; call it in a worker. screen: shows the questions and holds the form."""
    if refused := _mistake(draft):
        screen.say(refused, "error")
        return
    question = QUESTION.format(path=session.home.config)
    name = await screen.app.push_screen_wait(AskScreen("Save as environment", question, _proposed(draft)))
    if not name:
        return
    if wrong := _wrong_name(name):
        screen.say(wrong, "error")
    elif name not in session.environments or await screen.app.push_screen_wait(
        ConfirmScreen(f"There is an environment “{visible(name)}” already.\nReplace it?")
    ):
        endpoints = session.environments[draft.environment].endpoints
        await _write(screen, session, name, table_of(draft.as_environment(name, endpoints)))


def _mistake(draft: Draft) -> str:
    """Why the environment cannot be written, or ""."""
    if draft.environment in EMBEDDED:
        return INSIDE
    found = (*check_base_url(draft.base_url), *check_redirect_uri(draft.redirect_uri))
    return next((one.sentence for one in found if one.severity == "error"), "")


def _proposed(draft: Draft) -> str:
    return "" if draft.environment == OTHER else draft.environment


def _wrong_name(name: str) -> str:
    """Why the text cannot be the name of an environment, or ""."""
    if len(name) > MAX_NAME:
        return f"A name has at most {MAX_NAME} characters."
    try:
        check_name(name)
    except ConfigurationError as error:
        return str(error)
    return ""


async def _write(screen: AppScreen[Any], session: Session, name: str, values: dict[str, Any]) -> None:
    path = session.home.config
    try:
        await asyncio.to_thread(write_environment, path, name, values)
    except (ConfigurationError, OSError) as error:
        screen.say(f"{name} could not be written to {path}: {error}", "error")
        return
    session.environments[name] = environment_from(name, values)
    screen.query_one(Form).offer(tuple(session.environments))
    screen.say(
        f"{name} is saved in {path}, without the client secret: that comes from AIRISK_CLIENT_SECRET, --env-file or "
        "the keyring. Choose it as the environment, or start with --env."
    )
