"""Writing a file into the current folder: readable by its owner alone (0600), never over another file (threats.md F2)."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airisk_tui.recording.disk.files import SYSTEM, reason, write_whole
from airisk_tui.recording.disk.folder import SUFFIX
from airisk_tui.session.recordings.exporting import SUFFIXES, ExportForm, exported
from airisk_tui.tui.shared.dialogs import ChooseScreen
from airisk_tui.tui.shared.screen import AppScreen

if TYPE_CHECKING:
    from airisk_tui.session.recordings.opening import OpenRecording


def save_text(screen: AppScreen[Any], name: str, text: str) -> None:
    """Write the text under the first free name (name, name-2, …), and say where it is or why it could not be written."""
    wanted = Path.cwd() / name
    for number in count(1):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            write_whole(SYSTEM, path, text.encode("utf-8", "backslashreplace"))
        except FileExistsError:
            continue
        except OSError as error:
            screen.say(f"{name} could not be written: {reason(error)}.", "error")
            return
        screen.say(f"Written to {path}.")
        return


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
    """Ask for a form, and write the recording in that form. Call it in a worker."""
    chosen = await screen.app.push_screen_wait(ChooseScreen("Export", [words for _, words in FORMS], WORDS))
    if chosen is None:
        return
    form = FORMS[chosen][0]
    text = await asyncio.to_thread(exported, opened, form)
    stem = opened.path.name.removesuffix(SUFFIX)
    save_text(screen, f"{stem}{SUFFIXES[form]}", text + "\n")
