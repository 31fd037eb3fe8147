"""The inspector on a screen: each step, each tab, and the places that evidence points to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.flow.step_view import TITLES
from airisk_tui.insight.finding import Pointer
from airisk_tui.oauth.http import Body, Connection, Exchange, HttpResponse, Timing
from airisk_tui.oauth.secret import SecretView
from airisk_tui.tui.widgets.inspector import Inspector
from airisk_tui.tui.widgets.inspector_body import MAX_LINES
from airisk_tui.tui.widgets.inspector_chips import Secrets
from airisk_tui.tui.widgets.inspector_page import Look
from airisk_tui.tui.widgets.inspector_pages import find, page_of, tabs_of
from airisk_tui.tui.widgets.inspector_subject import subjects
from airisk_tui.tui.widgets.inspector_tabs import TABS
from tests.insight.plays import (
    CLEAN_ACCESS,
    CODE,
    TOKEN,
    URI,
    UTC,
    browser,
    callback,
    direct,
    failed,
    good,
    inputs,
    issued,
    jwt,
    problem,
    redirect,
    refused,
    report,
    response,
    run,
    stray,
    text,
    token_response,
    with_probes,
)
from tests.insight.scenarios import SCENARIOS, Scenario
from tests.oauth.test_jwt import HOSTILE_PARTS
from tests.tui import staging
from tests.tui.staging import HOSTILE, Stage, lines, playing, settled


def staged(state: FlowState | None, step: str, tab: str = "Meaning", **more: Any) -> Stage:
    view = Inspector(more.get("clock"), more.get("unseal"))
    view.state, view.step, view.tab = state, step, tab  # type: ignore[assignment] # names of the test
    return Stage(view)


def answering(data: bytes, kind: str = "application/json", **more: Any) -> FlowState:
    """A token endpoint that answers with this body."""
    body = Body(data, more.get("size", len(data)), len(data), more.get("cut"))
    return refused(HttpResponse(400, (("Content-Type", kind),), body))


async def page(state: FlowState | None, step: str, tab: str = "Meaning", width: int = 80, **more: Any) -> str:
    app = staged(state, step, tab, **more)
    async with playing(app, width, more.get("height", 60)):
        return "\n".join(lines(app))


async def test_the_token_is_told_with_its_kind_shape_life_and_claims() -> None:
    token = jwt({"sub": "user_42", "exp": int(UTC) + 3600, "nested": {"a": [1, 2]}})
    shown = await page(issued(userid="user_42", token=token), "token", clock=lambda: 19.0)
    assert "‹token · 231 characters · 70ce…›" in shown
    assert "user-specific, for user_42" in shown
    assert "JWT (RFC 7519)" in shown
    assert "2027-01-15T09:00:00Z  in 59:41" in shown
    assert "Claims · not verified" in shown
    assert '{"a": [1, 2]}' in shown
    assert "HS256" in shown
    assert "~sealed" not in shown


@pytest.mark.parametrize("name", HOSTILE_PARTS)
async def test_c6_claims_of_any_shape_are_shown(name: str) -> None:
    payload = HOSTILE_PARTS[name][0]
    token = replace(jwt(), payload=payload, header=payload)
    assert "JWT (RFC 7519)" in await page(issued(token=token), "token", clock=lambda: 19.0)


async def test_an_opaque_token_and_one_that_has_expired() -> None:
    token = SecretView("70ce000000000001", 40)
    answer = token_response({"expiration": "2027-01-15T07:59:00Z", "scope": "read"}, token=token)
    shown = await page(issued(answer, token=token), "token", clock=lambda: 0.0)
    assert "opaque: only the server knows" in shown
    assert "expired 1:00 ago" in shown
    assert "Claims" not in shown


async def test_the_expiry_counts_down_by_itself() -> None:
    moments = [10.0]
    app = staged(issued(), "token", clock=lambda: moments[-1])
    async with playing(app, 80, 30) as pilot:
        assert "in 59:50" in staging.text(app)
        moments.append(100.0)
        await pilot.pause(1.2)
        assert "in 58:20" in staging.text(app)


@pytest.mark.parametrize("data", [b"\0\1\2", b"", b"{"])
async def test_there_is_a_meaning_before_there_is_a_token(data: bytes) -> None:
    assert "There is no token yet." in await page(answering(data), "token")


async def test_the_code_is_a_chip_that_r_reveals_and_masks_again() -> None:
    app = staged(browser(good()), "redirect", unseal=lambda sealed: "raw-code-value" if "c0de" in sealed else sealed)
    async with playing(app, 80, 30) as pilot:
        assert "‹code · 22 characters · c0de…›" in staging.text(app)
        assert "It matches the one that was sent." in staging.text(app)
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("r")
        await settled(pilot)
        assert "raw-code-value" in staging.text(app)
        await pilot.press("r")
        await settled(pilot)
        assert "raw-code-value" not in staging.text(app)


async def test_what_is_not_in_memory_is_labelled_so() -> None:
    for unseal in (None, lambda sealed: sealed):
        app = staged(issued(), "token", unseal=unseal)
        async with playing(app, 80, 30) as pilot:
            app.view.query_one("#inspector-scroll").focus()
            await pilot.press("r")
            await settled(pilot)
            assert "‹token · 231 characters · 70ce… · not kept›" in staging.text(app)


async def test_another_run_begins_masked() -> None:
    app = staged(issued(), "token", unseal=lambda sealed: "raw-value")
    async with playing(app, 80, 30) as pilot:
        app.view.revealed = True
        await settled(pilot)
        assert "raw-value" in staging.text(app)
        app.view.state = issued(run_id="r2")
        await settled(pilot)
        assert "raw-value" not in staging.text(app)


@pytest.mark.parametrize(
    ("state", "step", "words"),
    [
        (None, "authorization-request", "No run has started yet."),
        (run(inputs(client_id="")), "authorization-request", "client"),
        (browser(), "authorization-request", "The browser carries this request"),
        (browser(), "browser", "was handed to xdg-open"),
        (direct(problem(401)), "browser", "goes another way"),
        (direct(problem(401)), "authorization-request", "Unauthorized"),
        (direct(redirect(f"{URI}?code=x&state=other")), "redirect", "It is not the one that was sent"),
        (browser(), "redirect", "Nothing has come back yet."),
        (browser(stray("other-path", "/x")), "redirect", "Ignored: not the callback."),
        (browser(callback("code=x")), "redirect", "None came back"),
        (browser(callback("error=access_denied&state=state-of-this-run")), "redirect", "refused."),
        (browser(callback("code=a&code=b&state=state-of-this-run")), "redirect", "A parameter came twice"),
        (browser(), "token-request", "The code has not been exchanged."),
        (refused(text("Invalid Code")), "token-request", "Invalid Code"),
        (refused(problem(401)), "token-request", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
        (refused(redirect("https://x/", 307)), "token-request", "that was not followed"),
        (run(inputs(mode="direct"), failed("refused")), "authorization-request", "No connection was made."),
        (issued(), "token-request", "A token came back."),
        (issued(), "access", "No protected endpoint has been asked."),
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


async def test_json_is_laid_out_and_as_it_came_one_key_away() -> None:
    app = staged(answering(b'{"b":1,"a":[1,2],"b":2}'), "token-request", "Body")
    async with playing(app, 80, 40) as pilot:
        assert '  "b": 1,' in "\n".join(lines(app))
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("p")
        await settled(pilot)
        assert '{"b":1,"a":[1,2],"b":2}' in "\n".join(lines(app))


@pytest.mark.parametrize("width", [24, 38, 60, 100])
async def test_bytes_are_shown_as_hex_and_any_body_is_on_a_key(width: int) -> None:
    state = answering(bytes(range(256)), "application/octet-stream")
    shown = await page(state, "token-request", "Body", width)
    assert "00000 00 01 02 03" in shown
    assert "ABC" in shown
    app = staged(answering(b'{"a":1}'), "token-request", "Body")
    async with playing(app, width, 40) as pilot:
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("x")
        await settled(pilot)
        assert "00000 7b 22 61 22" in "\n".join(lines(app))


async def test_a_cut_body_is_marked() -> None:
    state = answering(b'{"a":"b', cut="size", size=10 * 2**20)
    shown = await page(state, "token-request", "Body")
    assert "The body was cut at 10 MiB" in shown
    assert "10,485,760 bytes" in shown


async def test_timing_is_a_chart_with_what_is_known_of_the_connection() -> None:
    state = refused(problem(401))
    assert state.token_exchange is not None
    timing, connection = (
        Timing(0.412, None, 0.031, 0.09, 0.21),
        Connection("192.0.2.1:443", "http://p:3128", "TLSv1.3", False),
    )
    exchange = Exchange(state.token_exchange.request, state.token_exchange.response, timing, connection)
    for width in (38, 60, 100):
        shown = await page(replace(state, token_exchange=exchange), "token-request", "Timing", width)
        for words in ("connect", "31 ms", "90 ms", "210 ms", "81 ms", "412 ms", "192.0.2.1:443", "http://p:3128", "█"):
            assert words in shown
        assert "not verified" in shown


@pytest.mark.parametrize("scenario", SCENARIOS[::20], ids=lambda scenario: f"{scenario.code}: {scenario.name}")
async def test_every_tab_of_every_step_can_be_drawn(scenario: Scenario) -> None:
    app = staged(scenario.state(), "redirect")
    async with playing(app, 38, 20) as pilot:
        for step in TITLES:
            app.view.step = step
            for tab in TABS:
                app.view.tab = tab
                await pilot.pause()
                assert len(staging.text(app)) > len("".join(TABS)) + len(TITLES[step])


ABSENT = {"departure-cache", "departure-response-type", "field-missing"}
"""Findings whose evidence is that something is not there, so that there is no place to mark."""


def test_every_place_that_evidence_points_to_is_on_its_page() -> None:
    missing = set()
    for scenario in SCENARIOS:
        state = scenario.state()
        look = Look(Secrets(secret_names(state)), 60)
        for found in report(state, **scenario.facts).findings:
            for pointer in (one.pointer for one in found.evidence if one.pointer is not None and one.pointer.name):
                if pointer.step != "access" and not is_shown(state, pointer, look):
                    missing.add((found.code, pointer.step, pointer.part, pointer.name))
    assert {place for place in missing if place[0] not in ABSENT} == set()


def is_shown(state: FlowState, pointer: Pointer, look: Look) -> bool:
    """Whether any exchange of the step has the place on any of the pages where it is looked for."""
    return any(
        find(page_of(tab, state, pointer.step, subject, look), pointer.name) is not None
        for subject in subjects(state, pointer.step)
        for tab in tabs_of(pointer)
    )


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
    app = staged(state, "browser")
    async with playing(app, 80, 12) as pilot:
        app.view.go_to(pointer)
        await settled(pilot)
        await settled(pilot)
        assert (app.view.step, app.view.tab) == (pointer.step, tab)
        place = app.view.query_one("#inspector-place")
        assert place.display is (marked is not None)
        if marked is not None:
            shown = lines(app)[place.region.y]
            assert marked in shown


async def test_evidence_of_access_leads_to_the_endpoint() -> None:
    app = staged(with_probes(*CLEAN_ACCESS), "token")
    async with playing(app, 100, 20) as pilot:
        app.view.go_to(Pointer("access", "response", "GET /api/GetConversations"))
        await settled(pilot)
        assert "2 of 2" in lines(app)[0]
        assert "HTTP/1.1 403" in staging.text(app)
        await pilot.press("[")
        await settled(pilot)


async def test_a_letter_of_the_inbox_can_be_looked_at_and_left() -> None:
    state = browser(stray("favicon"), callback("code=x&state=forged"), good())
    app = staged(state, "redirect")
    async with playing(app, 100, 20) as pilot:
        assert "3 of 3" in lines(app)[0]
        app.view.show_letter(state.inbox[0])
        await settled(pilot)
        assert "1 of 3" in lines(app)[0]
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("]")
        await settled(pilot)
        assert "2 of 3" in lines(app)[0]
        assert "Not believed" in staging.text(app)


@pytest.mark.parametrize("width", [38, 100])
async def test_tabs_open_by_keys_and_mouse(width: int) -> None:
    app = staged(issued(), "token-request")
    async with playing(app, width, 20) as pilot:
        app.view.query_one("#inspector-tabs").focus()
        await pilot.press("right", "right")
        assert app.view.tab == "Response"
        await pilot.press("left")
        assert app.view.tab == "Request"
        await pilot.click(offset=(lines(app)[1].index("Timing") + 2, 1))
        assert app.view.tab == "Timing"


@pytest.mark.parametrize(("value", "shown"), HOSTILE.values(), ids=list(HOSTILE))
async def test_S1_S2_S3_hostile_values_are_shown_as_they_are_everywhere(value: str, shown: str) -> None:
    answer = response(400, value.encode("utf-8", "surrogateescape"), "text/plain", ("X-" + value, value))
    state = refused(replace(answer, reason=value), came=callback(f"code={CODE.placeholder}&state=state-of-this-run"))
    app = staged(state, "token-request", "Response")
    async with playing(app, 100, 30) as pilot:
        assert staging.text(app).count(shown) >= 3
        for row in range(3, 9, 2):
            await pilot.click(offset=(6, row))
        assert app.is_running
    claims = jwt({value: value, "n": {value: value}})
    assert shown in (await page(issued(token=claims), "token", width=140)).replace("\n", "")


HUGE = {
    "a long string": (b'{"a":"' + b"x" * (2**20) + b'"}', "application/json"),
    "deep": (b"[" * 2**20, "application/json"),
    "many members": (b'{"a":1,' * 2**17, "application/json"),
    "many secrets": (b"~sealed.c0de000000000001.22.opaque~" * 2**15, "text/plain"),
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
    async with playing(Stage(view), 100, 40) as pilot:
        return await drawing(pilot, lambda: view.update(""), lambda: view.update(Content("\n").join([line] * count)))


@pytest.mark.parametrize(("data", "kind"), HUGE.values(), ids=list(HUGE))
async def test_S4_no_body_stalls_the_screen(data: bytes, kind: str) -> None:
    state = answering(data, kind)
    app = staged(browser(), "token-request", "Body")
    async with playing(app, 100, 40) as pilot:
        took = await drawing(
            pilot, lambda: setattr(app.view, "state", browser()), lambda: setattr(app.view, "state", state)
        )
        assert "Response body" in staging.text(app)
    assert took < MAX_STALL * await bare_lines(MAX_LINES)


async def test_S4_a_huge_token_is_capped_and_m_shows_more() -> None:
    claims = jwt({"a": "x" * 2**15} | {f"c{i}": i for i in range(1_000)})
    app = staged(issued(token=claims), "token")
    async with playing(app, 100, 40) as pilot:
        before = app.view.query_one("#inspector-scroll").max_scroll_y
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("m")
        await settled(pilot)
        assert app.view.query_one("#inspector-scroll").max_scroll_y > before


async def test_S4_claims_that_are_too_many_to_read_are_said_to_be() -> None:
    claims = jwt({"a": "x" * 2**20})
    assert "larger than 1,048,576 bytes" in await page(issued(token=claims), "token")


async def test_nothing_is_drawn_again_when_nothing_changed() -> None:
    state = issued()
    app = staged(state, "token-request", "Body")
    async with playing(app, 80, 30):
        drawn = app.view._drawn
        app.view.state = replace(state, heard=state.heard + 1)
        assert app.view._drawn is drawn
        assert TOKEN.placeholder not in staging.text(app)
