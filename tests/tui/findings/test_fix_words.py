"""A fix on the screen names fields that the form has, and keys that the screens have."""

from __future__ import annotations

import re

from textual.binding import Binding

from airisk_tui.insight.rendering import on_screen
from airisk_tui.tui.run.request.field import Choice, Field
from airisk_tui.tui.run.request.form import Form
from airisk_tui.tui.run.screen import RunScreen
from airisk_tui.tui.two_tokens.screen import TwoTokensScreen
from tests.insight.test_fix import KEY, QUOTED, fixes
from tests.tui.conftest import TuiOpener

LABEL = re.compile(r"([A-Z][A-Za-z' ]+?) \(F2\)(?: to (form|json|code|yes|on|query)\b)?")
"""A field as the screen names it: its label, the key that leads there, and its value where it has fixed ones."""


def sentences() -> list[str]:
    return [QUOTED.sub("…", on_screen(fix)) for _, fix in fixes()]


def test_every_key_that_a_fix_names_is_one() -> None:
    bindings = [*RunScreen.BINDINGS, *TwoTokensScreen.BINDINGS]
    keys = {binding.key.replace("ctrl+", "^").upper() for binding in bindings if isinstance(binding, Binding)}
    for sentence in sentences():
        assert set(KEY.findall(sentence)) <= keys, sentence


async def test_every_field_that_a_fix_names_stands_in_the_form(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        form = tui.screen.query_one(Form)
        await form.mount(Field("base_url", "Base URL"))
        form.unfold()
        labels = {row.label for row in (*form.query(Field), *form.query(Choice))}
        options = {choice.label: {*choice.options} for choice in form.query(Choice)}
    named = [found for sentence in sentences() for found in LABEL.findall(sentence)]
    assert named
    for label, value in named:
        name = next((known for known in labels if known and label.endswith(known)), None)
        assert name is not None, label
        assert not value or name not in options or value in options[name], (label, value)
