"""The inspector shows the exact place: of what evidence points to, and of an entry of the inbox."""

from __future__ import annotations

from typing import get_args

import pytest

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.finding import Pointer
from airisk_tui.oauth.answer.expiry import ExpiryOddity
from airisk_tui.tui.inspector.pages.token import ODDITIES
from airisk_tui.tui.inspector.panel import PageText
from tests.insight.plays import CLEAN_ACCESS, browser, direct, issued, refused, with_probes
from tests.runs import (
    callback,
    good,
    problem,
    stray,
    text,
    token_response,
)
from tests.tui import bare_app
from tests.tui.bare_app import lines, playing, settled
from tests.tui.inspector.pages import app_with


@pytest.mark.parametrize(
    ("state", "pointer", "tab", "marked"),
    [
        (refused(text("x")), Pointer("token-request", "parameter", "redirect_uri"), "Request", "redirect_uri"),
        (refused(text("x")), Pointer("token-request", "header", "set-cookie"), "Response", "Set-Cookie: ARRAffinity"),
        (issued(), Pointer("token", "body", "sub"), "Meaning", "sub"),
        (issued(token_response({"odd": 1})), Pointer("token", "body", "odd"), "Body", '"odd": 1'),
        (browser(good()), Pointer("redirect", "parameter", "state"), "Request", "state"),
        (direct(problem(401)), Pointer("authorization-request", "parameter", "client_id"), "Request", "client_id"),
        (direct(problem(401)), Pointer("authorization-request", "response", ""), "Response", "HTTP/1.1 401"),
        (issued(), Pointer("token", "header", "Cache-Control"), "Response", None),
    ],
)
async def test_evidence_leads_to_its_exact_place(
    state: FlowState, pointer: Pointer, tab: str, marked: str | None
) -> None:
    app = app_with(state, "browser")
    async with playing(app, 80, 12) as pilot:
        app.view.go_to(pointer)
        await settled(pilot)
        await settled(pilot)
        assert (app.view.step, app.view.tab) == (pointer.step, tab)
        place = app.view.place_region
        assert bool(place) is (marked is not None)
        if marked is not None:
            assert marked in lines(app)[app.view.query_one(PageText).region.y + place.y]


async def test_evidence_of_access_leads_to_the_endpoint() -> None:
    app = app_with(with_probes(*CLEAN_ACCESS), "token")
    async with playing(app, 100, 20) as pilot:
        app.view.go_to(Pointer("access", "response", "GET /api/GetConversations"))
        await settled(pilot)
        assert "2 of 2" in lines(app)[0]
        assert "HTTP/1.1 403" in bare_app.text(app)
        await pilot.press("[")
        await settled(pilot)


async def test_an_entry_of_the_inbox_can_be_shown_and_left() -> None:
    state = browser(stray("favicon"), callback("code=x&state=forged"), good())
    app = app_with(state, "redirect")
    async with playing(app, 100, 20) as pilot:
        assert "3 of 3" in lines(app)[0]
        app.view.show_entry(state.inbox[0])
        await settled(pilot)
        assert "1 of 3" in lines(app)[0]
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("]")
        await settled(pilot)
        assert "2 of 3" in lines(app)[0]
        assert "Not believed" in bare_app.text(app)


def test_every_departure_of_an_expiry_has_words() -> None:
    assert ODDITIES.keys() == {*get_args(ExpiryOddity)}
