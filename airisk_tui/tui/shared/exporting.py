"""The export menu, and the file that it writes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from airisk_tui.recording.folder import SUFFIX
from airisk_tui.session.exporting import SUFFIXES, ExportForm, exported
from airisk_tui.tui.shared.dialogs import ChooseScreen
from airisk_tui.tui.shared.saving import save_text

if TYPE_CHECKING:
    from airisk_tui.session.recordings import OpenRecording
    from airisk_tui.tui.shared.screen import AppScreen

FORMS: tuple[tuple[ExportForm, str], ...] = (
    ("har", "har       HAR 1.2, for a browser's developer tools or mitmproxy"),
    ("curl", "curl      each request as a command, secrets as environment variables"),
    ("python", "python    each request as Python, secrets as environment variables"),
    ("markdown", "markdown  a report for the administrator of the server"),
    ("html", "html      the same as one page for a browser, which needs no network"),
    ("json", "json      the events, the outcome and the findings"),
    ("recipe", "recipe    the inputs and what was changed in them, for “run --recipe FILE”"),
)
WORDS = "The file is written into the folder that the program was started in, readable by you alone (0600), never over another one."


async def export_from(screen: AppScreen[Any], opened: OpenRecording) -> None:
    """Ask for the form, and write the file; called in a worker."""
    chosen = await screen.app.push_screen_wait(ChooseScreen("Export", [words for _, words in FORMS], WORDS))
    if chosen is None:
        return
    form = FORMS[chosen][0]
    text = await asyncio.to_thread(exported, opened, form)
    stem = opened.path.name.removesuffix(SUFFIX)
    save_text(screen, f"{stem}{SUFFIXES[form]}", text + "\n")
