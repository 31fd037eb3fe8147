"""The inspector on a screen: what each step and each tab tells, and the keys that open them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from airisk_tui.flow.reading.steps import TITLES
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import ServerCertificate
from airisk_tui.oauth.secret import SecretView
from airisk_tui.session.last_good import SinceGood, since_then
from airisk_tui.tui.inspector.panel import Inspector
from airisk_tui.tui.inspector.tabs import TABS
from tests.insight.plays import CLEAN_ACCESS, browser, direct, failed, inputs, issued, refused, run, with_probes
from tests.insight.scenarios import SCENARIOS
from tests.runs import (
    STATE,
    TOKEN,
    URI,
    UTC,
    callback,
    good,
    jwt,
    problem,
    redirect,
    response,
    stray,
    text,
    token_response,
)
from tests.tui import bare_app
from tests.tui.bare_app import lines, playing, settled
from tests.tui.inspector.pages import answering, app_with, page


async def test_the_token_is_told_with_its_kind_shape_life_and_claims() -> None:
    token = jwt({"sub": "user_42", "exp": int(UTC) + 3600, "nested": {"a": [1, 2]}})
    shown = await page(issued(userid="user_42", token=token), "token", clock=lambda: 19.0)
    assert "‹token · 231 characters · 70ce…›" in shown
    assert "user-specific" in shown and "acts for      user_42" in shown and "claim sub" in shown
    assert "JWT (RFC 7519)" in shown
    assert "2026-11-24T11:15:02Z  in 59:41" in shown
    assert "Claims · not verified" in shown
    assert '{"a": [1, 2]}' in shown
    assert "HS256" in shown
    assert "~sealed" not in shown


async def test_an_opaque_token_and_one_that_has_expired() -> None:
    token = SecretView("70ce000000000001", 40)
    answer = token_response({"expiration": "2026-11-24T10:14:02Z", "scope": "read"}, token=token)
    shown = await page(issued(answer, token=token), "token", clock=lambda: 0.0)
    assert "opaque: only the server knows" in shown
    assert "expired 1:00 ago" in shown
    assert "Claims" not in shown


@pytest.mark.parametrize("data", [b"\0\1\2", b"", b"{"])
async def test_there_is_a_meaning_before_there_is_a_token(data: bytes) -> None:
    assert "There is no token yet." in await page(answering(data), "token")


async def test_the_code_is_a_chip_that_r_reveals_and_masks_again() -> None:
    app = app_with(browser(good()), "redirect", unseal=lambda sealed: "raw-code-value" if "c0de" in sealed else sealed)
    async with playing(app, 80, 30) as pilot:
        assert "‹code · 22 characters · c0de…›" in bare_app.text(app)
        assert "It is the one that was sent." in bare_app.text(app)
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("r")
        await settled(pilot)
        assert "raw-code-value" in bare_app.text(app)
        await pilot.press("r")
        await settled(pilot)
        assert "raw-code-value" not in bare_app.text(app)


async def test_what_is_not_in_memory_is_labelled_so() -> None:
    for unseal in (None, lambda sealed: sealed):
        app = app_with(issued(), "token", unseal=unseal)
        async with playing(app, 80, 30) as pilot:
            app.view.query_one("#inspector-scroll").focus()
            await pilot.press("r")
            await settled(pilot)
            assert "‹token · 231 characters · 70ce… · not kept›" in bare_app.text(app)


async def test_another_run_begins_masked() -> None:
    app = app_with(issued(), "token", unseal=lambda sealed: "raw-value")
    async with playing(app, 80, 30) as pilot:
        app.view.revealed = True
        await settled(pilot)
        assert "raw-value" in bare_app.text(app)
        app.view.state = issued(run_id="r2")
        await settled(pilot)
        assert "raw-value" not in bare_app.text(app)


@pytest.mark.parametrize(
    ("state", "step", "words"),
    [
        (None, "authorization-request", "No run has started yet."),
        (run(inputs(client_id="")), "authorization-request", "client"),
        (browser(), "authorization-request", "The browser sends this request"),
        (browser(), "browser", "was handed to xdg-open"),
        (direct(problem(401)), "browser", "this run's mode is direct"),
        (direct(problem(401)), "authorization-request", "Unauthorized"),
        (direct(redirect(f"{URI}?code=x&state=other")), "redirect", "It is not the one that was sent"),
        (browser(), "redirect", "Nothing has come back yet."),
        (browser(stray("other-path", "/x")), "redirect", "Ignored: not the callback."),
        (browser(callback("code=x")), "redirect", "None came back"),
        (browser(callback(f"error=access_denied&state={STATE}")), "redirect", "refused."),
        (browser(callback(f"code=a&code=b&state={STATE}")), "redirect", "A parameter came twice"),
        (browser(), "token-request", "No token has been requested."),
        (refused(text("Invalid Code")), "token-request", "Invalid Code"),
        (refused(problem(401)), "token-request", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
        (refused(redirect("https://x/", 307)), "token-request", "it was not followed"),
        (run(inputs(mode="direct"), failed("refused")), "authorization-request", "Nothing accepts connections at"),
        (issued(), "token-request", "A token came back."),
        (issued(), "access", "No protected endpoint has been called."),
        (with_probes(*CLEAN_ACCESS), "access", "403, as documented"),
    ],
)
async def test_each_step_is_told_in_words(state: FlowState | None, step: str, words: str) -> None:
    assert words in await page(state, step)


async def test_headers_keep_their_order_their_case_and_their_duplicates() -> None:
    answer = response(400, "no", "text/plain", ("X-b", "2"), ("x-B", "1"), ("X-b", "3"))
    shown = await page(refused(answer), "token-request", "Response")
    assert shown.index("X-b: 2") < shown.index("x-B: 1") < shown.index("X-b: 3")
    assert "HTTP/1.1 400" in shown


@pytest.mark.parametrize("encoding", ["form", "json"])
async def test_the_request_shows_its_fields_decoded(encoding: str) -> None:
    shown = await page(issued(encoding=encoding), "token-request", "Request")
    assert "POST https://airisk.example.com/api/oauth2/Token" in shown
    assert f"redirect_uri  {URI}" in shown
    assert "client_secret ‹client secret · 31 characters · 5ec1…›" in shown
    assert "%3A" not in shown


@pytest.mark.parametrize("apart", [60, pytest.param(20, marks=pytest.mark.ci)])
async def test_every_tab_of_every_step_can_be_drawn(apart: int) -> None:
    """Each step of each run with another tab than in the run before, so that every tab of every step is seen in several."""
    app = app_with(SCENARIOS[0].state(), "redirect")
    async with playing(app, 38, 20) as pilot:
        for number, scenario in enumerate(SCENARIOS[::apart]):
            app.view.state = scenario.state()
            for at, step in enumerate(TITLES):
                app.view.step, app.view.tab = step, TABS[(number + at) % len(TABS)]
                await pilot.pause()
                assert len(bare_app.text(app)) > len("".join(TABS)) + len(TITLES[step]), (scenario.name, step)


async def test_a_failed_run_has_a_tab_for_what_differs_from_the_last_good_one() -> None:
    good_run, bad_run = [
        refused(answer, encoding=encoding, certificate=ServerCertificate(issuer=authority, sha256="ab" * 32))
        for answer, encoding, authority in (
            (token_response(), "json", "Old CA"),
            (text("Invalid Code"), "form", "New CA"),
        )
    ]
    app = app_with(bad_run, "token-request")
    async with playing(app, 38, 40) as pilot:
        app.view.since = SinceGood(good_run, tuple(since_then(good_run, bad_run)))
        app.view.query_one("#inspector-tabs").focus()
        await pilot.press("left")
        assert app.view.tab == "Last good"
        page_lines = "\n".join(lines(app))
        for words in ("encoding", "was", "json", "form", "Certificates and TLS", "New CA"):
            assert words in page_lines, words
        app.view.since = None
        assert app.view.tab == "Meaning"


async def test_another_page_begins_at_its_top_and_the_same_page_stays_where_it_is() -> None:
    state = with_probes(*CLEAN_ACCESS)
    ways: list[tuple[str, str, Callable[[Inspector], object]]] = [
        ("access", "Response", lambda view: setattr(view, "tab", "Request")),
        ("access", "Response", lambda view: setattr(view, "step", "token-request")),
        ("access", "Response", lambda view: view.action_turn(1)),
        ("access", "Response", lambda view: view.show_exchange(0)),
        ("access", "Meaning", lambda view: view.show_newest()),
        ("redirect", "Request", lambda view: view.show_entry(state.inbox[0])),
    ]
    app = app_with(state, "token", "Body")
    async with playing(app, 30, 6) as pilot:
        page = app.view.query_one("#inspector-scroll")
        for step, tab, way in ways:
            app.view.step, app.view.tab = step, tab
            await settled(pilot)
            page.scroll_end(animate=False)
            app.view.revealed = not app.view.revealed
            await settled(pilot)
            assert page.scroll_y > 0, (step, tab)
            way(app.view)
            await settled(pilot)
            assert page.scroll_y == 0, (step, tab)


async def test_the_cursor_marks_one_line_of_a_body() -> None:
    app = app_with(answering(b"[[1], [2]]"), "token-request", "Body")
    async with playing(app, 40, 20) as pilot:
        app.view.move_line(0)
        app.view.move_line(1)
        await settled(pilot)
        assert app.view.place_region.height == 1


async def test_nothing_is_drawn_again_when_nothing_changed() -> None:
    state = issued()
    app = app_with(state, "token-request", "Body")
    async with playing(app, 80, 30):
        drawn = app.view._drawn
        app.view.state = replace(state, inbox_total=state.inbox_total + 1)
        assert app.view._drawn is drawn
        assert TOKEN.reference not in bare_app.text(app)
