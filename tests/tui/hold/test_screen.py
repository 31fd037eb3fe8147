"""The editor of a held request, on the smallest screen: each part is changed, left out, doubled, added and taken back by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from airisk_tui.flow.events import RequestReleased
from airisk_tui.flow.fold import fold, step
from airisk_tui.flow.reading.parts import Part
from airisk_tui.flow.requests import held_request
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.request.edit import Action, Edit
from airisk_tui.tui.hold.screen import HoldScreen, edits_for
from tests.runs import BOUND, OPENED, URI, good, started
from tests.tui.bare_app import ScreenApp, lines, settled

HELD = (started(hold=("token",)), BOUND, OPENED, good())
"""The cursor begins at the first field of the body, client_id."""


class Held:
    """A run that is held before its token request; released: what it was let go with."""

    def __init__(self, state: FlowState) -> None:
        self.state = state
        self.released: tuple[Edit, ...] | None = None
        self.cancelled = False

    def now(self) -> float:
        return 31.0

    def release(self, edits: tuple[Edit, ...] = ()) -> None:
        self.released = edits
        self.state = step(self.state, RequestReleased(at=31.0, step="token", edits=edits))

    def cancel(self) -> None:
        self.cancelled = True


@asynccontextmanager
async def editing() -> AsyncIterator[tuple[Pilot[Any], Held]]:
    run = Held(fold(HELD))
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(HoldScreen(run))  # type: ignore[arg-type] # it has what the screen asks of a run
        await settled(pilot)
        yield pilot, run


def of_body(name: str, action: Action, value: str = "") -> Edit:
    return Edit("token", "body", name, action, value)


BROKEN: dict[str, tuple[tuple[str, ...], tuple[Edit, ...]]] = {
    "a field left out": (("down", "down", "delete"), (of_body("redirect_uri", "omit"),)),
    "a field changed": (("enter", "x", "enter"), (of_body("client_id", "set", "demo-appx"),)),
    "a field twice": (("down", "down", "D"), (of_body("redirect_uri", "add", URI),)),
    "a secret replaced": (("down", "enter", "ctrl+u", "n", "o", "enter"), (of_body("client_secret", "set", "no"),)),
    "a secret twice": (("down", "D"), (of_body("client_secret", "add", "{client_secret}"),)),
    "a secret left out": (("down", "down", "down", "delete"), (of_body("code", "omit"),)),
    "a field added": (("A", "a", "equals_sign", "1", "enter"), (of_body("a", "add", "1"),)),
    "a body of one's own": (
        ("A", "backspace", "equals_sign", "h", "i", "enter"),
        (of_body("", "set", "hi"),),
    ),
    "another encoding": (("E",), (Edit("token", "encoding", "", "set", "json"),)),
    "another method": (
        ("home", "enter", "ctrl+u", "P", "U", "T", "enter"),
        (Edit("token", "method", "", "set", "PUT"),),
    ),
    "a header left out": (("up", "delete"), (Edit("token", "header", "Content-Length", "omit"),)),
    "one of two": (
        ("D", "delete"),
        (
            of_body("client_id", "add", "demo-app"),
            of_body("client_id", "omit"),
            of_body("client_id", "add", "demo-app"),
        ),
    ),
    "taken back": (("delete", "u"), ()),
    "a field looked at": (("enter", "enter"), ()),
    "a secret looked at": (("down", "enter", "enter"), ()),
}


@pytest.mark.parametrize(("keys", "edits"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_request_is_broken_by_keys_and_sent(keys: tuple[str, ...], edits: tuple[Edit, ...]) -> None:
    async with editing() as (pilot, run):
        await pilot.press(*keys)
        await settled(pilot)
        await pilot.press("ctrl+s")
        assert run.released == edits


def test_of_several_parts_of_a_name_one_that_was_left_out_is_sent_again_in_its_place() -> None:
    held = held_request(fold(HELD))
    assert held is not None
    out, other = Part("body", "p", 0, None, ("1",)), Part("body", "p", 1, ("2",), ("2",))
    dropped = of_body("p", "omit")
    assert edits_for(held, (out, other), out, "3") == (dropped, of_body("p", "add", "3"), of_body("p", "add", "2"))
    assert edits_for(held, (out, other), other, None) == (dropped,)


async def test_what_was_meant_stands_beside_what_is_sent_with_the_rule_and_the_age_of_the_code() -> None:
    async with editing() as (pilot, run):
        page = "\n".join(lines(pilot.app))
        assert "Held before the token request · the code is 30.0 s old" in page
        assert "‹client secret · 31 characters" in page
        await pilot.press("down", "down", "enter", "x", "enter")
        await settled(pilot)
        page = "\n".join(lines(pilot.app))
        assert f"was    {URI}" in page
        assert "must be that of the authorization request (RFC 6749" in page
        await pilot.press("z")
        assert run.released == ()


async def test_esc_leaves_the_run_held_and_ctrl_c_ends_it() -> None:
    async with editing() as (pilot, run):
        await pilot.press("enter", "x", "escape")
        assert isinstance(pilot.app.screen, HoldScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert not isinstance(pilot.app.screen, HoldScreen)
        assert (run.released, run.cancelled) == (None, False)
    async with editing() as (pilot, run):
        await pilot.press("ctrl+c")
        assert run.cancelled


async def test_what_is_no_edit_is_said_and_nothing_is_lost() -> None:
    async with editing() as (pilot, run):
        await pilot.press("A", "ctrl+u", "n", "o", "enter")
        await settled(pilot)
        assert any("is no place in a request" in one.message for one in pilot.app._notifications)
        await pilot.press("escape", "ctrl+s")
        assert run.released == ()
