"""Opening a field in the person's editor, or a page in the pager; the screen is suspended meanwhile."""

from __future__ import annotations

import os
import re

from textual.app import App, SuspendNotSupported
from textual.widget import Widget

from airisk_tui.engine.machine.outside import NoProgram, changed_in, editor, pager, read_in
from airisk_tui.tui.shared.keyboard.keys import chosen_key
from airisk_tui.tui.shared.keyboard.line_input import MAX_TYPED, LineInput


async def open_in_editor(app: App[int], field: Widget | None, page: str) -> str:
    """Open a field in the editor, else the page in the pager. Returns what went wrong, as a sentence, or ""."""
    try:
        if isinstance(field, LineInput):
            return await _edit(app, field)
        if not page:
            return "There is no page to read here, and no field has the focus."
        command = pager(os.environ)
        with app.suspend():
            await read_in(command, page)
    except (NoProgram, OSError) as error:
        return str(error)
    except SuspendNotSupported:
        return "The screen cannot be suspended in this terminal, so no other program can use it."
    return ""


async def _edit(app: App[int], field: LineInput) -> str:
    if field.password:
        return f"A masked value goes to no other program; reveal it first ({chosen_key('F9')})."
    command = editor(os.environ)
    with app.suspend():
        text = await changed_in(command, field.value)
    if text is None:
        return "The editor ended with an error, so nothing was changed."
    if field.is_attached:
        field.value = "".join(line.strip() for line in re.split(r"[\r\n]+", text))[:MAX_TYPED]
        field.cursor_position = len(field.value)
    return ""
