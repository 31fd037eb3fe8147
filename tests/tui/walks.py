"""The walks whose every step is kept word for word in the folder `said`, by name; `make docs` writes them anew (`tests.tui.said`)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace
from textual.containers import Vertical

from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.finding import Pointer
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, LIST_USERS, Endpoint
from airisk_tui.oauth.reference import plain_json
from airisk_tui.recording.differences import Difference
from airisk_tui.session.grid import GridRow, grid_document
from airisk_tui.session.last_good import SinceGood, since_then
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.comparison.screen import ComparisonScreen
from airisk_tui.tui.findings.panel import FindingsPanel
from airisk_tui.tui.grid import screen as grid
from airisk_tui.tui.grid.screen import GridScreen
from airisk_tui.tui.hold.screen import HoldScreen
from airisk_tui.tui.inspector.tabs import InspectorTabs
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.replay.player import Player
from airisk_tui.tui.replay.screen import ReplayScreen
from airisk_tui.tui.replay.scrubber import Scrubber
from airisk_tui.tui.run.rail import Rail
from airisk_tui.tui.run.request.field import Choice, Field
from airisk_tui.tui.run.request.form import Form
from airisk_tui.tui.shared.dialogs import AskScreen, ChooseScreen, ConfirmScreen
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.qr import QrScreen
from airisk_tui.tui.shared.row_list import Row, RowList
from airisk_tui.tui.shared.title import TitleLine
from tests.insight.plays import CLEAN_ACCESS, browser, inputs, issued, refused, report, with_probes
from tests.recording.disk import record
from tests.recording.logs import LOGS, USER_TOKEN
from tests.runs import (
    jwt,
    probed,
    problem,
    text,
    token_response,
)
from tests.tui.bare_app import ViewApp, until
from tests.tui.conftest import REGISTERED, filled_shelf
from tests.tui.crowded import CROWDED
from tests.tui.hold.test_screen import HELD, Held
from tests.tui.inspector.pages import app_with
from tests.tui.recordings.walks import RECORDED_WALKS
from tests.tui.run.form_walks import FORM_WALKS
from tests.tui.run.running import BOUND, OPENED, callback
from tests.tui.run.walks import RUN_WALKS, stands
from tests.tui.two_tokens.walks import TOKEN_WALKS
from tests.tui.walk import Walk
from tests.tui.walking import Still, give_token, on_screen, run_screen


async def _replay(folder: Path) -> str:
    path = record(folder / "recording.jsonl", LOGS["by-its-issuer"])
    with patch.dict(os.environ, AIRISK_TUI_HOME=str(folder / "home")), Still().holding_timers():
        app = AiriskApp(AppOptions(replay=str(path)))
        async with app.run_test(size=(100, 30), notifications=False) as pilot:
            shown = app.screen
            assert isinstance(shown, ReplayScreen)
            await until(pilot, lambda: shown.opened is not None and shown.position == len(shown.opened.replay))
            walk = Walk(pilot, {str(folder): "FOLDER"})
            await walk.note("the end of the recording")
            await walk.press(
                "5",
                "right_square_bracket",
                "6",
                "left",
                "home",
                "left",
                "right",
                "plus",
                "plus",
                "plus",
                "minus",
                "colon",
            )
            await walk.type("1:x")
            await walk.press("enter", "colon")
            await walk.type("1.6s")
            await walk.press("enter", "r")
            await walk.click("#scrubber", 50, 0)
            await walk.click("#scrubber", 3, 1)
            await walk.click("#scrubber", 5, 1)
            await walk.press("f4", "right", "tab", "tab", "down", "down", "escape")
            await walk.press("f1", "escape", "f2", "f5", "escape", "e", "escape")
            await walk.resize(80, 24)
            await walk.press("f2", "f3", "f4")
            return walk.text


async def _moments(folder: Path) -> str:
    """Each moment of a recording whose last line is torn, from its end to its beginning."""
    path = record(folder / "recording.jsonl", LOGS["invalid-code"])
    path.write_bytes(path.read_bytes() + b'{"event":"Torn')
    still = Still()
    with patch.dict(os.environ, AIRISK_TUI_HOME=str(folder / "home")), still.holding_timers():
        app = AiriskApp(AppOptions(replay=str(path)))
        async with app.run_test(size=(140, 45), notifications=False) as pilot:
            shown = app.screen
            assert isinstance(shown, ReplayScreen)
            shown._player = Player(still)
            await until(pilot, lambda: shown.opened is not None and shown.position == len(shown.opened.replay))
            walk = Walk(pilot, {str(folder): "FOLDER"})
            await walk.note("the end of the recording")
            await walk.press(*["comma"] * (shown.position + 1), "full_stop", "space", "right", "plus", "minus", "end")
            return walk.text


async def _recordings(folder: Path) -> str:
    filled_shelf(folder / "recordings")
    async with run_screen(folder, (100, 26)) as (walk, _, _):
        await walk.press("ctrl+o", "end", "down", "up", "home", "pagedown", "s", "S", "s", "s", "s", "s", "s", "s")
        for width in (110, 109, 100):
            await walk.resize(width, 26)
        await walk.press("v", "v", "space", "space", "Z", "Z", "J", "K")
        await walk.press("slash")
        await walk.paste("inv")
        await walk.press("escape", "escape", "M")
        await walk.type("x")
        await walk.press("enter", "delete", "u", "equals_sign", "escape", "i", "escape", "e", "escape")
        await walk.resize(70, 20)
        return walk.text


async def _hold(folder: Path) -> str:
    """The editor of a held request."""
    run, clock = Held(fold(HELD)), Still()
    run.now = clock.monotonic  # type: ignore[method-assign] # it goes on
    screen = HoldScreen(run)  # type: ignore[arg-type] # it has what is asked of a run
    async with on_screen(folder, (80, 24), screen, clock) as walk:
        await clock.pass_by(walk, 5.0)
        await walk.press("down", "enter")
        await walk.type("x")
        await walk.press("escape", "enter")
        await walk.type("y")
        await walk.press("enter", "D", "enter")
        await walk.type("z")
        await walk.press("enter", "delete", "u", "u", "down", "delete", "delete", "down", "delete", "D", "E", "A")
        await walk.type("?")
        await walk.press("enter")
        await walk.type("=1")
        await walk.press("enter", "u", "u", "home", "enter", "ctrl+s")
        said = f"{walk.text}{run.released}\n"
    run = Held(fold(HELD))
    async with on_screen(folder, (80, 24), HoldScreen(run), clock) as walk:  # type: ignore[arg-type] # as above
        await walk.press("end", "enter", "up", "D", "home", "D", "down", "delete", "enter", "escape")
        run.state = fold(HELD[:-1])
        await walk.press("enter", "delete", "D", "E", "u")
        await clock.pass_by(walk, 5.0)
        return f"{said}{walk.text}"


async def _comparison(folder: Path) -> str:
    """Two runs side by side."""
    left = with_probes(*CLEAN_ACCESS)
    token = jwt({"sub": "user_7"}, fingerprint="f00d")
    right = issued(
        token_response(token=token),
        probed(LIST_USERS, problem(401), inputs()),
        probed(Endpoint("GET", "/api/Added"), problem(401), inputs(), "none"),
        probed(Endpoint("GET", "/api/Added"), problem(401), inputs(), "broken"),
        token=token,
        probes=DOCUMENTED,
    )
    screen = ComparisonScreen(left, right, ("left", "right"))
    async with on_screen(folder, (90, 30), screen) as walk:
        await walk.press("down", "end", "d", "s", "slash")
        await walk.paste("sub")
        await walk.press("enter", "n", "N", "escape", "slash")
        await walk.paste("e")
        await walk.press("enter", "n", "n", "end", "N", "escape", "slash", "enter", "escape", "escape")
        return walk.text


REACHED = {"GET /api/Users/ListUsers": 200, "GET /api/GetConversations": None}


GRID = (
    GridRow("", Outcome.TOKEN, "the application", reached={"GET /api/Users/ListUsers": 401}),
    GridRow("user_1", Outcome.TOKEN, "user_1", True, REACHED),
    GridRow("user_10", Outcome.TOKEN, "user_10", True, REACHED),
    GridRow("user_9", Outcome.TOKEN, "user_7", False, REACHED),
    GridRow("user_42", Outcome.TOKEN_REFUSED, finding="The code was refused"),
)


class _Answered:
    """In the place of `session.grid.Grid`: each user has its row already."""

    def __init__(self, *arguments: object) -> None:
        pass

    async def rows(self, users: Sequence[str]) -> AsyncIterator[GridRow]:
        for row in GRID:
            yield row

    def cancel(self) -> None:
        pass


async def _grid(folder: Path) -> str:
    """The grid of many users, with a baseline in which one reached less."""
    before = [
        replace(row, reached={**row.reached, "GET /api/Users/ListUsers": 403})
        for row in (*GRID[:3], GridRow("user_gone", Outcome.TOKEN))
    ]
    saved = folder / "users.json"
    saved.write_text(plain_json(grid_document(before, [], Outcome.TOKEN, 0)))
    with patch.object(grid, "Grid", _Answered):
        users = [row.user for row in GRID]
        async with on_screen(folder, (120, 20), GridScreen(None, None, users)) as walk:  # type: ignore[arg-type] # for runs
            await walk.press("down", "end", "s", "s", "S", "slash")
            await walk.type("user_1")
            await walk.press("escape", "d", "d", "i", "ctrl+u")
            await walk.type("nowhere")
            await walk.press("enter", "i")
            await walk.pilot.press("ctrl+u", *str(saved), "enter")
            await walk.note("a baseline")
            with chdir(folder):
                await walk.press("e", "d", "home", "down", "end", "enter", "home", "enter")
            return f"{walk.text}{(folder / 'users-2.json').read_text('utf-8')}\n"


async def _two_tokens(folder: Path) -> str:
    """The generic token and its users, then that of one of them."""
    async with run_screen(folder, (120, 30)) as (walk, tui, _):
        await walk.press("f8")
        await give_token(tui)
        await walk.note("a generic token and its users")
        await walk.type("ad")
        await walk.press("escape", "escape", "equals_sign", "n")
        await walk.press("down", "up", "space", "space", "down", "space", "t", "t", "enter", "f6")
        await give_token(tui, jwt({"sub": "user_7"}, fingerprint="f00d000000000001"))
        await walk.note("a token for the user")
        await walk.press("d", "f2", "f3", "f", "f8", "escape")
        await tui.pilot.press("f8")
        await walk.note("the same tokens")
        await walk.resize(80, 24)
        await walk.press("f2", "f3", "escape")
        return walk.text


async def _inspector(folder: Path) -> str:
    """The tabs of a token request: folds, bytes, reveals and searches; then a step with several subjects."""
    still = Still()
    state = issued(
        token_response({"scope": [{"name": "read", "on": ["a", "b"]}, 2], "at": "x" * 30}, token=USER_TOKEN),
        probed(LIST_USERS, text("café", 500), inputs()),
        token=USER_TOKEN,
        probes=DOCUMENTED,
    )
    app = app_with(
        state, "token-request", unseal=lambda sealed: sealed.replace("~sealed", "raw"), clock=lambda: still.at - 97.0
    )
    with still.holding_timers():
        async with app.run_test(size=(64, 24)) as pilot:
            walk = Walk(pilot, {})
            await walk.note("the token request")
            app.view.focus_tabs()
            await walk.press(
                "right", "r", "r", "right", "right", "down", "space", "space", "down", "space", "left_parenthesis"
            )
            await walk.press("left_parenthesis", "end", "up", "b", "x", "m", "b", "escape", "slash")
            await walk.paste("ex")
            await walk.press("enter", "n", "n", "N")
            app.view.leave_search()
            await walk.click("#inspector-scroll", 4, 6)
            await walk.press("home")
            await walk.click("#inspector-scroll", 6, 6)
            await walk.click("#inspector-tabs", 38, 0)
            app.view.step = "access"
            await walk.note("the last step")
            await walk.press("left_square_bracket", "right_square_bracket", "right_square_bracket", "left", "left")
            app.view.go_to(Pointer("token", "body", "sub"))
            await walk.note("the place of evidence")
            await still.pass_by(walk, 60.0)
            app.view.since = SinceGood(state, tuple(since_then(state, refused(text("Invalid Code"), encoding="json"))))
            await walk.note("a run that worked")
            await walk.press("left", "left", "right")
            app.view.since, app.view.state = None, CROWDED["crowded-text"][0]
            app.view.step, app.view.tab = "token-request", "Body"
            await walk.note("a long body")
            await walk.press("down", "end", "m", "end", "x", "m", "end")
            return walk.text


async def _findings(folder: Path) -> str:
    """Findings that are unfolded, followed and scrolled, by keys and by mouse."""
    state = refused(text("Invalid Code"), at=90, redirect_uri="http://127.0.0.1:8765/calback")
    view = FindingsPanel(applies=True)
    view.state, view.report = state, report(state, registered=("http://127.0.0.1:8765/callback",))
    app = ViewApp(view)
    async with app.run_test(size=(60, 22)) as pilot:
        walk = Walk(pilot, {})
        await walk.note("a refusal")
        view.focus()
        await walk.press("up", "down", "enter", *["down"] * 3, "enter", "enter", "space", "down", "up", "up")
        await walk.click("FindingsPanel", 4, 7)
        await walk.click("FindingsPanel", 4, 10)
        return f"{walk.text}{app.heard}\n"


SWEPT = (112, 76, 40, 22)
"""The widths at which each cell is clicked."""


async def _widths(folder: Path) -> str:
    """What fits one line, from the widest to the narrowest: the title, the steps, the scrubber, the tabs, a choice and the footer."""
    title, rail, scrubber, tabs = (
        TitleLine("an-environment-of-mine-with-a-name-too-long"),
        Rail(lambda: 8.2, compact=True),
        Scrubber(),
        InspectorTabs(),
    )
    title.doing, title.clock = "listening on 127.0.0.1:8765", "04:52"
    rail.state, rail.chosen = browser(), "token"
    scrubber.total, scrubber.position, scrubber.label = 12, 7, "00:03.1  step answered"
    tabs.since = SinceGood(browser(), (Difference("run", "timing", "total", None, None),) * 12)
    choice = Choice("mode", "Mode", ("browser", "direct", "paste", "device"), "paste")
    choice.beside = "fault: none"
    other = Choice("server", "Server", ("dialect one", "dialect two"), "dialect two")
    other.origin = "dialect one", "the metadata"
    field = Field("state", "State", tools=(("new ^G", "fresh_state"), ("omit ^N", "toggle_state")))
    bar = KeyBar()
    bar.hints = (KeyHint("Esc", "Back"), KeyHint("F5", "Copy"), KeyHint("a", "Run again"))
    only = Choice("only", "Only", ("one",), "one")
    app = ViewApp(Vertical(title, rail, scrubber, tabs, choice, other, only, field, bar))
    with Still().holding_timers():
        async with app.run_test(size=(120, 11)) as pilot:
            for widget in (title, choice, other, only, field, bar):
                widget.styles.height = 1
            field.styles.border = ("none", "black")
            field.fill("a value that is longer than the room between its label and its tools")
            field.set_origin("", "metadata")
            walk = Walk(pilot, {})
            for width in (112, 100, 99, 84, 76, 72, 66, 60, 56, 48, 40, 33, 32, 22, 21):
                title.pane = "flow" if width % 8 else ""
                await walk.resize(width, 11)
                for part in (title, rail, scrubber, tabs, choice, other, only, field, bar) if width in SWEPT else ():
                    await walk.sweep(part)
            choice.fill("elsewhere")
            await walk.note("a value that is not among the options")
            choice.action_turn(1)
            await walk.note("no other value")
            return walk.text


async def _long_list(folder: Path) -> str:
    """A list that is longer than the screen, with cells that are too wide, sorted, searched and clicked."""
    rows = RowList(("id", "name", "a wide column"), "rows", grow=1)
    app = ViewApp(rows)
    async with app.run_test(size=(50, 12)) as pilot:
        rows.show_rows(
            [Row(f"r{n}", (f"user_{n}", "花子" if n % 7 else "Ada Lovelace", "wide " * (n % 9))) for n in range(25)]
        )
        rows.focus()
        walk = Walk(pilot, {})
        await walk.note("the rows")
        await walk.press("up", "pagedown", "pagedown", "pageup", "end", "down", "s", "S", "s", "s", "s", "s", "home")
        await walk.click("#rows", 3, 0)
        await walk.click("#rows", 3, 4, times=2)
        await walk.resize(24, 12)
        rows.search("user_2 ad")
        await walk.note("a search")
        rows.search("nothing")
        await walk.note("another search")
        return walk.text


async def _dialogs(folder: Path) -> str:
    """A choice of many, with its search, a question, help, letters to jump to, and a code for a phone."""
    results: list[object] = []
    clock, below = Still(), ComparisonScreen(with_probes(*CLEAN_ACCESS), browser(), ("a", "b"))
    async with on_screen(folder, (80, 24), below, clock) as walk:
        many = [f"{number}. choice" for number in range(1, 20)]
        for screen in (
            ChooseScreen("Choose", many, "Words below."),
            ChooseScreen("Choose", many[:14], "Words below."),
            ChooseScreen("Choose", many, "Words below."),
        ):
            walk.app.push_screen(screen, results.append)
            await walk.note("a choice of many")
            await walk.press("down", "down", "up")
            await walk.type("9")
            await walk.press("enter" if len(results) < 2 else "escape")
        for key in ("y", "n", "enter", "escape"):
            walk.app.push_screen(ConfirmScreen("It goes to another host.\nSend it?"), results.append)
            await walk.note("a question")
            await walk.press(key)
        await walk.press("f1", "pagedown", "end", "escape", "ctrl+j", "a", "f5")
        awaited = [True]
        walk.app.push_screen(QrScreen("http://h/" + "x" * 4000, "Open it.", lambda: awaited[0]), results.append)
        await walk.note("too long for a code")
        awaited[0] = False
        await clock.pass_by(walk, 1.0)
        return f"{walk.text}{results}\n"


async def _rerun(folder: Path) -> str:
    """A recording that is run again: where, the wait, what changed, and once more."""
    filled_shelf(folder / "recordings")
    async with run_screen(folder, (100, 30)) as (walk, tui, clock):
        await tui.press("ctrl+o", "end")
        await walk.press("a", "enter")
        tui.run.post(BOUND)
        tui.run.post(OPENED)
        await walk.note("the wait")
        await clock.pass_by(walk, 30.0)
        await walk.press("f7", "escape", "f5", "escape", "f6")
        await give_token(tui)
        await walk.note("a token")
        await walk.press(
            "down", "s", "slash", "escape", "f5", "escape", "equals_sign", "escape", "a", "ctrl+c", "escape"
        )
        await walk.press("up", "a", "enter")
        await give_token(tui)
        await walk.note("a token where the code was refused")
        await walk.press("s", "slash")
        await walk.paste("status")
        await walk.press("enter", "escape", "a", "escape", "escape")
        with patch.object(tui.session, "secret", lambda *_: None):
            for answer in ("", "n", "y"):
                await tui.pilot.press("a")
                await until(tui.pilot, lambda: isinstance(tui.app.screen, ChooseScreen))
                await tui.pilot.press("end", "f6" if answer == "y" else "enter")
                await until(tui.pilot, lambda: isinstance(tui.app.screen, AskScreen))
                await walk.note("a secret that is not there")
                await tui.pilot.press(*"x"[: len(answer)], "enter")
                if answer:
                    await until(tui.pilot, lambda: isinstance(tui.app.screen, ConfirmScreen))
                await walk.note("is it sent there?" if answer else "nothing was typed")
                await walk.press(*answer)
            await walk.press("ctrl+c")
        return walk.text


async def _two_waits(folder: Path) -> str:
    """Two tokens by the browser: what is pasted, a callback without the state, and the other ways out of the wait."""
    async with run_screen(folder, (80, 24)) as (walk, tui, _):
        tui.screen.query_one(Form).set_mode("browser")
        await walk.press("f8")
        tui.run.post(BOUND)
        tui.run.post(OPENED)
        await walk.note("the wait")
        await walk.paste("https://example.com/nothing")
        await walk.press("f7")
        await walk.type("x")
        await walk.press("escape", "f1", "escape")
        tui.run.post(callback(tui, state=False))
        await walk.note("a callback without the state")
        await walk.press("c", "escape", "f8")
        await walk.paste(f"{REGISTERED}?code=xyz&state={tui.draft.state}")
        await walk.press("f6", "escape", "escape", "f5")
        return walk.text + "".join(map(stands, tui.session.runs))


WALKS: dict[str, Callable[[Path], Coroutine[Any, Any, str]]] = {
    **RUN_WALKS,
    **FORM_WALKS,
    **RECORDED_WALKS,
    **TOKEN_WALKS,
    "two-tokens": _two_tokens,
    "replay": _replay,
    "moments": _moments,
    "recordings": _recordings,
    "hold": _hold,
    "comparison": _comparison,
    "grid": _grid,
    "inspector": _inspector,
    "findings": _findings,
    "widths": _widths,
    "long-list": _long_list,
    "dialogs": _dialogs,
    "rerun": _rerun,
    "two-waits": _two_waits,
}
