"""The inspector with what is hostile or huge (threats.md S1 to S4): shown as it is, and never a stall."""

from __future__ import annotations

import time
from collections.abc import Callable
from unittest.mock import patch

import pytest
from msgspec.structs import replace
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from airisk_tui.oauth.secret import SecretView
from airisk_tui.tui.inspector.pages.body import MAX_LINES
from tests.everyday import with_the_rest_in_ci
from tests.insight.plays import browser, issued, refused
from tests.oauth.test_jwt import HOSTILE_PARTS
from tests.runs import (
    good,
    jwt,
    response,
)
from tests.tui import bare_app
from tests.tui.bare_app import HOSTILE, ViewApp, playing, settled
from tests.tui.inspector.pages import answering, app_with, page


@pytest.mark.parametrize("name", with_the_rest_in_ci(HOSTILE_PARTS, [*HOSTILE_PARTS][::4]))
async def test_c6_claims_of_any_shape_are_shown(name: str) -> None:
    payload = HOSTILE_PARTS[name][0]
    token = replace(jwt(), payload=payload, header=payload)
    assert "JWT (RFC 7519)" in await page(issued(token=token), "token", clock=lambda: 19.0)


@pytest.mark.parametrize(("value", "shown"), HOSTILE.values(), ids=list(HOSTILE))
async def test_S1_S2_S3_hostile_values_are_shown_as_they_are_everywhere(value: str, shown: str) -> None:
    answer = response(400, value.encode("utf-8", "surrogateescape"), "text/plain", ("X-" + value, value))
    state = refused(replace(answer, reason=value), came=good())
    app = app_with(state, "token-request", "Response")
    async with playing(app, 100, 30) as pilot:
        assert bare_app.text(app).count(shown) >= 3
        for row in range(3, 9, 2):
            await pilot.click(offset=(6, row))
        assert app.is_running
    claims = jwt({value: value, "n": {value: value}})
    assert shown in (await page(issued(token=claims), "token", width=140)).replace("\n", "")


HUGE = {
    "a long string": (b'{"a":"' + b"x" * (2**20) + b'"}', "application/json"),
    "deep": (b"[" * 2**20, "application/json"),
    "many members": (b'{"a":1,' * 2**17, "application/json"),
    "many secrets": (SecretView("c0de000000000001", 22).reference.encode() * 2**15, "text/plain"),
    "many lines": (b"\n" * 2**20, "text/plain"),
    "many escapes": (b"\x1b[31m" * 2**17, "text/plain"),
    "zeros": (b"\0" * 2**20, "application/octet-stream"),
    "many overrides": ("\u202e".encode() * 2**18, "text/html"),
}
"""By what it is: a body of about a mebibyte, and its media type."""

MAX_STALL = 3.0
"""Times what Textual itself needs for as many lines as a preview has: 20 ms on an idle machine, where 100 are promised."""


async def drawing(pilot: Pilot[None], before: Callable[[], object], after: Callable[[], object]) -> float:
    """Seconds of this process's own time until it is drawn, the best of three."""
    taken = []
    with patch("tests.rest.EACH_REST", True):
        for _ in range(3):
            before()
            await settled(pilot)
            began = time.process_time()
            after()
            await settled(pilot)
            taken.append(time.process_time() - began)
    return min(taken)


async def bare_lines(count: int) -> float:
    """Seconds for as many lines of three styles in a bare widget."""
    line = Content.assemble(("one", "bold"), ("two", "$text-success"), "three")
    view = Static(markup=False)
    async with playing(ViewApp(view), 100, 40) as pilot:
        return await drawing(pilot, lambda: view.update(""), lambda: view.update(Content("\n").join([line] * count)))


@pytest.mark.parametrize("name", with_the_rest_in_ci(HUGE, ["deep", "many overrides"]))
async def test_S4_no_body_stalls_the_screen(name: str) -> None:
    state = answering(*HUGE[name])
    app = app_with(browser(), "token-request", "Body")
    async with playing(app, 100, 40) as pilot:
        took = await drawing(
            pilot, lambda: setattr(app.view, "state", browser()), lambda: setattr(app.view, "state", state)
        )
        assert "Response body" in bare_app.text(app)
    assert took < MAX_STALL * await bare_lines(MAX_LINES)


async def test_S4_a_huge_token_is_capped_and_m_shows_more() -> None:
    claims = jwt({"a": "x" * 2**15} | {f"c{i}": i for i in range(1_000)})
    app = app_with(issued(token=claims), "token")
    async with playing(app, 100, 40) as pilot:
        before = app.view.query_one("#inspector-scroll").max_scroll_y
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("m")
        await settled(pilot)
        assert app.view.query_one("#inspector-scroll").max_scroll_y > before


async def test_S4_claims_that_are_too_many_to_read_are_said_to_be() -> None:
    claims = jwt({"a": "x" * 2**20})
    assert "larger than 1,048,576 bytes" in await page(issued(token=claims), "token")
