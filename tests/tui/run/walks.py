"""The walks through the run screen, by name, as in `tests.tui.walks`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from textual.command import CommandPalette
from textual.events import Paste

from airisk_tui.engine.run import Run
from airisk_tui.flow.events import CallbackReceived, FollowUpAnswered, PasteRefused, StrayRequest
from airisk_tui.oauth.http import Exchange, HttpRequest
from airisk_tui.tui.run.request.form import Form
from airisk_tui.tui.shared.keyboard.keys import choose_keys
from tests.recording.logs import LOGS
from tests.runs import (
    exchanged,
    response,
    stray,
    text,
)
from tests.tui.bare_app import settled
from tests.tui.conftest import REGISTERED, SECRET
from tests.tui.run.running import BOUND, CLOSED, OPENED, callback
from tests.tui.run.test_token_keys import ISSUER, with_token
from tests.tui.walking import run_screen


async def _wide_run(folder: Path) -> str:
    """The form, a run in the browser with strays and a refusal, and the three panes side by side."""
    async with run_screen(folder, (120, 34)) as (walk, tui, clock):
        await walk.note("the form")
        await walk.type("#")
        await walk.press("ctrl+n", "ctrl+g", "ctrl+l", "f9")
        await walk.press("enter")
        await walk.press("backspace", "ctrl+r")
        await tui.post(BOUND, OPENED)
        await walk.note("the browser is open")
        await tui.post(
            StrayRequest(at=101.0, request=HttpRequest("GET", "/favicon.ico"), reason="favicon"),
            CallbackReceived(at=102.0, request=HttpRequest("GET", "/callback?code=a&state=wrong")),
        )
        await walk.note("two strays")
        await walk.press("f4", "f3", "down", "down", "enter")
        await tui.post(callback(tui, at=103.0))
        await walk.note("the callback")
        await tui.post(exchanged(text("Invalid Code"), at=104.0))
        await walk.note("a refusal")
        await clock.pass_by(walk, 3.0)
        await walk.press("f4", "down", "enter", "Z", "escape", "right", "right", "slash")
        await walk.paste("inv")
        await walk.press("escape", "H", "K", "f5", "escape", "f2", "V")
        return walk.text


async def _narrow_run(folder: Path) -> str:
    async with run_screen(folder, (80, 24)) as (walk, tui, clock):
        await walk.note("the form")
        await walk.press("shift+tab", "right", "f7", "shift+tab", "left", "f7")
        await tui.post(BOUND)
        await walk.note("the wait")
        await walk.type("abc")
        await walk.press("enter")
        await tui.post(PasteRefused(at=101.0, reason="no-address", length=3, kind="nothing"))
        await walk.note("the refusal of what was pasted")
        await walk.press("escape")
        for _ in range(2):
            await clock.pass_by(walk, 20.0)
        await walk.press("w", "down", "enter", "escape")
        await tui.post(callback(tui, state=False, at=104.0))
        await walk.note("a callback without the state")
        await walk.press("f2", "f3", "left", "f4", "escape", "f7")
        await tui.post(LOGS["listener-busy"][1])
        await walk.note("nobody can listen")
        await walk.press("escape", "escape", "f1")
        return walk.text


async def _vast_standard(folder: Path) -> str:
    """A standard server in the widest layout, where the flow is drawn as a picture."""
    async with run_screen(folder, (170, 44)) as (walk, tui, clock):
        await walk.press("shift+tab", "right", "right")
        await walk.pilot.press("tab", *"http://127.0.0.1:9000", "tab", *"abc")
        await walk.note("an issuer and a client")
        tui.screen.query_one("#scope").focus()
        await walk.note("the scope")
        await walk.type("openid")
        tui.screen.query_one("#more").scroll_visible(animate=False)
        await walk.click("#more", 3, 0)
        await walk.type("a=b")
        tui.screen.query_one("#pkce").focus()
        await walk.press("right", "left", "left")
        await walk.press("ctrl+r")
        await tui.post(BOUND, OPENED)
        await walk.note("the wait")
        await clock.pass_by(walk, 61.0)
        await walk.press("Q", "escape", "V", "down", "down", "V", "j", "L", "J", "Z", "Z", "ctrl+c")
        return walk.text


async def _filling(folder: Path) -> str:
    """The form: lines that are edited, suggestions, pairs, a fault, another program's request, and what is kept of an environment."""
    async with run_screen(folder, (90, 40)) as (walk, tui, _):
        form = tui.screen.query_one(Form)
        await walk.note("the form")
        await walk.press(
            "ctrl+a", "ctrl+k", "down", "down", "enter", "ctrl+u", "ctrl+y", "ctrl+b", "ctrl+t", "alt+b", "alt+u"
        )
        form.field("extra_0").focus()
        await walk.type("=a")
        await walk.press("home")
        await walk.type("b")
        form.field("redirect_uri").focus()
        await walk.press("backspace")
        await walk.type("x")
        await walk.press("down", "escape", "down", "down", "enter")
        form.field("userid").focus()
        await walk.type("user_42")
        form.query_one("#mode").focus()
        await walk.press("left", "space", "right")
        await walk.click("#exchange", 28, 0)
        await walk.click("#state", 75, 0)
        form.query_one("#environment").focus()
        await walk.press("down", "down", "enter", "right", "left")
        form.field("client_id").focus()
        await tui.paste(
            "curl 'http://127.0.0.1:41000/api/oauth2?client_id=abc&redirect_uri=http://127.0.0.1:1/x&prompt=none'"
        )
        await walk.note("another program's request")
        await walk.press("y", "escape", "F")
        await walk.pilot.press("ctrl+p", *"save as environment", "enter")
        await walk.note("the sandbox is no environment to save")
        await walk.pilot.press("ctrl+p", *"as the environment has it", "enter")
        await walk.note("the form as the environment has it")
        await walk.press("ctrl+s", "ctrl+b", "ctrl+c")
        return walk.text


async def _inbox(folder: Path) -> str:
    """What the listener heard: moved through, sorted, searched and clicked; then what clicks do everywhere else."""
    async with run_screen(folder, (100, 30)) as (walk, tui, _):
        await tui.pilot.press("ctrl+r")
        await tui.post(BOUND, OPENED, *(stray("favicon", f"/favicon-{at}.ico", at=101.0 + at) for at in range(12)))
        await tui.post(CallbackReceived(at=120.0, request=HttpRequest("GET", "/callback?code=a&state=wrong")))
        await walk.press("f3", "tab", "up", "up", "pageup", "pagedown", "home", "down", "s", "s", "s", "slash")
        await walk.paste("wrong")
        await walk.press("enter", "enter", "f3", "tab", "escape")
        await walk.click("#inbox", 5, 6)
        await walk.click("#title", 80, 0)
        await walk.click("#title", 92, 0)
        await walk.click("#strip", 3, 0)
        await walk.click("#strip", 26, 0)
        await walk.click("#keybar", 3, 0)
        await walk.press("f2")
        await walk.click("#start", 30, 1)
        await walk.click("#start", 30, 1)
        await walk.press("2", "3", "o", "w")
        await tui.press("ctrl+c")
        await walk.note("cancelled")
        await walk.press("a", "p", "U", "c", "equals_sign", "Q", "e", "f", "r", "b", "x", "m")
        return walk.text


async def _with_token(folder: Path) -> str:
    """The steps with the token of a standard server, two runs there, and a run on another device."""
    async with run_screen(folder, (120, 34)) as (walk, tui, _):
        await with_token(tui)
        await walk.note("a token")
        await walk.press("I", "F", "X", "escape", "U")
        answer = Exchange(HttpRequest("GET", f"{ISSUER}/me"), response(200, '{"sub": "user_42"}', "application/json"))
        await tui.post(FollowUpAnswered(at=9.0, step="userinfo", exchange=answer))
        await walk.note("the user")
        await walk.press("down", "f8")
        await walk.type("x")
        await walk.press("tab", "tab", "tab", "right", "enter", "f6", "escape", "escape")
        tui.screen.query_one("#mode").focus()
        await walk.press("right", "right", "enter")
        await tui.post(LOGS["on-another-device"][1], *LOGS["on-another-device"][2:4])
        await walk.note("the codes for another device")
        await walk.press("Q", "escape", "f5", "escape")
        for at, error in ((5.2, "authorization_pending"), (10.2, "slow_down")):
            await tui.post(exchanged(response(400, f'{{"error": "{error}"}}', "application/json"), at=at))
            await walk.note(error)
        await walk.resize(140, 50)
        await walk.press("escape")
        return walk.text


async def _edges(folder: Path) -> str:
    """Edges that the mouse moves, as far as they go, and what is left of them in a small window."""
    async with run_screen(folder, (140, 34)) as (walk, tui, _):
        await walk.note("the screen")
        for at, to in ((45, 20), (26, 50), (80, 138), (77, 78)):
            await walk.pilot.mouse_down(offset=(at, 10))
            await walk.pilot.hover(offset=(to, 12))
            await walk.pilot.mouse_up(offset=(to, 12))
            await walk.note(f"from {at} to {to}")
        await walk.resize(119, 29)
        await walk.resize(120, 30)
        tui.screen.query_one("#rail").focus()
        await walk.press("H", "L", "J", "Z", "Z")
        return walk.text


CHOSEN = """
[keys]
direct = "F12"
first-pane = "Alt+Shift+F1"
palette = "F11"
sort = "^W"
search = "F12"
numbered = "F9"
"""


async def _own_keys(folder: Path) -> str:
    """The form with the keys that a person has chosen, some of which cannot be, and files that cannot be read."""
    (folder / "config.toml").write_text(CHOSEN)
    (folder / "state.json").mkdir()
    try:
        async with run_screen(folder, (80, 24)) as (walk, tui, _):
            await walk.note("the form")
            for part in ("#title", "#keybar"):
                await walk.sweep(tui.screen.query_one(part))
            await walk.press("f6", "f12")
            await tui.post(BOUND, LOGS["listener-busy"][1])
            await walk.note("a finding with a key")
            await walk.press("f1", "pagedown", "escape")
            await walk.pilot.press("f11")
            assert isinstance(tui.app.screen, CommandPalette)
            return walk.text
    finally:
        choose_keys({})


async def _waits(folder: Path) -> str:
    """Waits without a browser and with one that will warn: what is pasted back, the question what the browser shows, and a callback
    without the state; then how each run stands."""
    async with run_screen(folder, (80, 24)) as (walk, tui, clock):
        await walk.press("ctrl+r")
        await tui.post(BOUND, CLOSED)
        await walk.note("no browser")
        await walk.paste("\x1b]0;x\x07 https://127.0.0.1/ nothing")
        await walk.paste(tui.draft.authorization_url)
        await walk.press("f7")
        await walk.type("http://127.0.0.1/no-query")
        await walk.press("enter", "escape", "w", "down", "down", "enter", "enter")
        await walk.type("c0de-4711-x9")
        await walk.press("enter")
        await walk.press("ctrl+r")
        await tui.post(replace(BOUND, scheme="https", certificate="ac6b008c61"), OPENED)
        await walk.note("another run, with a certificate of its own")
        await clock.pass_by(walk, 20.0)
        await walk.press("escape", "w", "up", "up", "enter", "enter")
        await tui.post(callback(tui, state=False))
        await walk.press("c")
        await tui.post(exchanged(text("Invalid Code"), at=104.0))
        await walk.note("a refusal")
        tui.screen.query_one(Form).field("state").value = "a-state-of-mine"
        await walk.press("f6", "f6", "f7")
        await tui.post(BOUND)
        await walk.note("a run by paste")
        await walk.paste(f"{REGISTERED}?code=xyz&state={tui.draft.state}")
        await walk.press("enter", "ctrl+c")
        return walk.text + "".join(map(stands, tui.session.runs))


async def _mistakes(folder: Path) -> str:
    """A form with mistakes, rows that come and go with the server, and the secret that is shown and masked."""

    class Playing:
        faults: tuple[str, ...] = ()

    async with run_screen(folder, (80, 40)) as (walk, tui, _):
        form = tui.screen.query_one(Form)
        form.field("redirect_uri").focus()
        await walk.note("the form")
        await walk.press("end")
        await walk.type("#x")
        await walk.press("backspace", "backspace", "ctrl+u")
        await walk.paste("https://app.example.com/\r\n  oauth/cb")
        await walk.press("home", "ctrl+t", "right", "ctrl+t", "ctrl+t", "ctrl+e", "ctrl+u")
        await walk.paste("https://app.example.com/oauth/cb")
        form.field("client_id").value = ""
        await walk.press("f6")
        await walk.type("a" * 60)
        await walk.press("home", "ctrl+g", "ctrl+n", "ctrl+l", "ctrl+l", "tab", "tab")
        await walk.press("ctrl+u")
        await walk.type(REGISTERED)
        for row, value in (("extra_0", "prompt=login"), ("extra_1", "a=b=c"), ("extra_2", "=x")):
            form.field(row).focus()
            await walk.type(value)
        await walk.press(*["backspace"] * 2, "f9", "f1", "escape", "f9", "ctrl+r")
        await walk.press("escape", "f2")
        tui.session.embedded._servers["sandbox"] = Playing()  # type: ignore[assignment] # it has the faults of one
        tui.screen.request.draw_faults()
        await walk.click("#environment", form.query_one("#environment").size.width - 3, 0)
        await walk.type("renamed code")
        await walk.press("enter")
        tui.session.embedded._servers.clear()
        await tui.screen.request.use_environment("other")
        await walk.note("an environment without a name")
        form.put("issuer", "https://login.example.com")
        await walk.note("an issuer")
        form.put("issuer", "")
        form.put("base_url", "https://login.example.com/realms/acme/.well-known/openid-configuration")
        form.put("client_id", "abc")
        await walk.press("f6", "n", "y", "f6", "y")
        form.put("base_url", "https://accounts.example.com/.well-known/openid-configuration")
        await walk.press("f6", "y", "y")
        return f"{walk.text}{[(draft.base_url, draft.issuer, draft.params.items) for draft in tui.session.drafts]}\n"


async def _kept(folder: Path) -> str:
    """What is typed, saved as an environment under several names, and there again after a restart; then the files that hold it."""
    said = ""
    async with run_screen(folder, (80, 40)) as (walk, tui, _):
        form = tui.screen.query_one(Form)
        typed = (
            ("userid", "user_7"),
            ("extra_0", "tenant=a"),
            ("extra_1", f"trick={SECRET}"),
            ("client_secret", "typed-99"),
        )
        for row, value in typed:
            form.field(row).focus()
            await walk.press("ctrl+e", "ctrl+u")
            await walk.type(value)
        await walk.press("f6", "ctrl+c", "f2")
        await tui.screen.request.use_environment("other")
        await walk.note("another environment")
        for base_url, names in (
            ("airisk", ()),
            ("https://new.example", ("sandbox", "x" * 61, "staging", "mine", "staging")),
        ):
            form.put("base_url", base_url)
            for name in names or ("",):
                await walk.pilot.press("ctrl+p", *"save as environment", "enter")
                walk.app.post_message(
                    Paste(name)
                )  # the question names the folder, whose length differs from place to place
                await settled(walk.pilot)
                await walk.press("enter")
                if name == "staging":
                    await walk.press("y" if "mine" in tui.session.environments else "n")
        form.field("userid").focus()
        await walk.press("down", "escape")
        said = walk.text
    async with run_screen(folder, (80, 40)) as (walk, tui, _):
        await walk.note("after a restart")
        for environment in ("mine", "other", "sandbox"):
            await tui.screen.request.use_environment(environment)
            await walk.note(f"the environment {environment}")
        tui.screen.request.reset()
        await walk.note("as the environment has it")
    files = [(folder / name).read_text("utf-8") for name in ("config.toml", "state.json")]
    assert not [text for text in files if SECRET in text or "typed-99" in text], "threats.md F1"
    return "\n".join((said, walk.text, *files)) + "\n"


def stands(run: Run) -> str:
    """A line that says how a run stands."""
    state, answer = run.state, run.state.answer
    assert state.inputs is not None
    how = f", {answer.via}, {answer.verification}" if answer is not None else ""
    believed = ", believed on purpose" if state.trusted_on_purpose else ""
    return f"{state.inputs.mode}, {state.inputs.state}: {state.phase}, {state.outcome}{how}{believed}\n"


RUN_WALKS: dict[str, Callable[[Path], Coroutine[Any, Any, str]]] = {
    "wide-run": _wide_run,
    "narrow-run": _narrow_run,
    "vast-standard": _vast_standard,
    "filling": _filling,
    "inbox": _inbox,
    "with-token": _with_token,
    "edges": _edges,
    "own-keys": _own_keys,
    "waits": _waits,
    "mistakes": _mistakes,
    "kept": _kept,
}
