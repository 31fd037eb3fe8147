"""The commands of the run screen that have no key: environments, faults of the embedded server, and saving the form."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from airisk_tui.engine.config.environments import (
    ConfigurationError,
    check_name,
    environment_from,
    table_of,
    write_environment,
)
from airisk_tui.engine.draft import Draft
from airisk_tui.flow.start.fields import EMBEDDED, OTHER
from airisk_tui.oauth.request.mistakes import check_base_url, check_redirect_uri
from airisk_tui.oauth.text.visible import visible
from airisk_tui.tui.shared.dialogs import AskScreen, ConfirmScreen
from airisk_tui.tui.shared.screen import PaletteCommand, screen_of

if TYPE_CHECKING:
    from airisk_tui.session.session import Session
    from airisk_tui.tui.run.request.column import RequestColumn


def form_commands(request: RequestColumn, session: Session) -> Iterator[PaletteCommand]:
    """Commands for the environments and for the whole form."""
    for name in session.environments:
        title = f"Environment: {visible(name).replace('[', '(')}"
        yield PaletteCommand(title, partial(request.action_use_environment, name), "Use this environment in the form")

    def save() -> None:
        if request.base is not None:
            request.run_worker(save_as_environment(request, session))

    default = "Use it wherever no environment is named"
    yield PaletteCommand("Environment: use this one by default", request.make_default, default)
    reset = "Forget what was typed for this environment, except the client secret"
    yield PaletteCommand("Form: as the environment has it", request.reset, reset)
    saved = "Save the form as an environment of config.toml, without the client secret"
    yield PaletteCommand("Save as environment …", save, saved)


def fault_commands(request: RequestColumn, session: Session) -> Iterator[PaletteCommand]:
    """A command for each fault of the embedded server; nothing for other environments."""
    base = request.base
    if base is None or session.embedded.find(base.environment) is None:
        return
    from airisk_tui.sandbox.menu import menu_of

    yield PaletteCommand("Fault: none", partial(request.play_fault, ""), "Let the sandbox answer correctly again")
    for name, fault in menu_of(base.dialect.name).items():
        yield PaletteCommand(f"Fault: {name}", partial(request.play_fault, name), fault.sentence)


MAX_NAME = 60
"""Characters of a name: twice as many as the title shows."""

INSIDE = "The sandbox is inside this program and cannot be saved. Choose another environment in the form first."
QUESTION = (
    "A name for the environment in the form. Server, client ID, redirect URI, user id and token body are written to\n{path}\n"
    "without the client secret and extra parameters."
)


async def save_as_environment(request: RequestColumn, session: Session) -> None:
    """Ask for a name, and write what the form holds under it. Call it in a worker."""
    draft = request.draft()
    if refused := _mistake(draft):
        screen_of(request).say(refused, "error")
        return
    question = QUESTION.format(path=session.home.config)
    proposed = "" if draft.environment == OTHER else draft.environment
    name = await request.app.push_screen_wait(AskScreen("Save as environment", question, proposed))
    if not name:
        return
    if wrong := _wrong_name(name):
        screen_of(request).say(wrong, "error")
    elif name not in session.environments or await request.app.push_screen_wait(
        ConfirmScreen(f"There is an environment “{visible(name)}” already.\nReplace it?")
    ):
        endpoints = session.environments[draft.environment].endpoints
        await _write(request, session, name, table_of(draft.as_environment(name, endpoints)))


def _mistake(draft: Draft) -> str:
    """Why the environment cannot be written, or ""."""
    if draft.environment in EMBEDDED:
        return INSIDE
    found = (*check_base_url(draft.base_url), *check_redirect_uri(draft.redirect_uri))
    return next((one.sentence for one in found if one.severity == "error"), "")


def _wrong_name(name: str) -> str:
    """Why the text cannot be the name of an environment, or ""."""
    if len(name) > MAX_NAME:
        return f"A name has at most {MAX_NAME} characters."
    try:
        check_name(name)
    except ConfigurationError as error:
        return str(error)
    return ""


async def _write(request: RequestColumn, session: Session, name: str, values: dict[str, Any]) -> None:
    path = session.home.config
    try:
        await asyncio.to_thread(write_environment, path, name, values)
    except (ConfigurationError, OSError) as error:
        screen_of(request).say(f"{name} could not be written to {path}: {error}", "error")
        return
    session.environments[name] = environment_from(name, values)
    request.form.offer(tuple(session.environments))
    screen_of(request).say(
        f"{name} is saved in {path}, without the client secret: that comes from AIRISK_CLIENT_SECRET, --env-file or "
        "the keyring. Choose it as the environment, or start with --env."
    )
