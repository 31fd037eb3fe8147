"""The walks in which something else than typing fills the form in, by name, as in `tests.tui.walks`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace
from textual.widgets import Input

from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Finding
from airisk_tui.insight.fix import Command, DropField, Fix, Rerun, SetField, UndoEdit
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.secret import Secret
from airisk_tui.session.last_good import SinceGood
from airisk_tui.tui.run.browser_question import BrowserQuestion
from airisk_tui.tui.run.request import drafting
from airisk_tui.tui.run.request.form import Form
from airisk_tui.tui.run.request.suggestions import Suggestions
from airisk_tui.tui.shared import editor
from tests.runs import exchanged, stray, text
from tests.tui.bare_app import settled
from tests.tui.conftest import REGISTERED, OpenTui
from tests.tui.run.running import BOUND, OPENED, callback
from tests.tui.run.walks import stands
from tests.tui.walking import give_token, run_screen

FIXES: dict[str, Fix] = {
    "a row": (SetField("redirect_uri", f"{REGISTERED}/x", by_key=True),),
    "a row of the fold": (SetField("carry_cookies", "true", by_key=True),),
    "a pair": (SetField("params.tenant", "a", by_key=True),),
    "the same pair": (SetField("params.tenant", "b", by_key=True),),
    "no row": (SetField("base_url", "https://airisk.example.com", by_key=True),),
    "no pair": (DropField("params.tenant"),),
    "nothing to drop": (DropField("token_params.tenant"),),
    "a change taken back": (UndoEdit("omit token.header.Accept"), Rerun()),
    "ways": (Rerun(mode="direct"), SetField("encoding", "json", by_key=True, instead=True)),
    "nothing by a key": (SetField("client_secret", "x"),),
}


async def _fixes(folder: Path) -> str:
    """What the key of a fix does with each kind of it."""
    async with run_screen(folder, (80, 40)) as (walk, tui, _):
        await walk.note("the form")
        base = tui.screen.request.base
        assert base is not None
        edits = (Edit("token", "header", "Accept", "omit"), Edit("token", "header", "X-A", "add", "1"))
        tui.screen.request.base = base.to(edits=edits)
        for name, fix in FIXES.items():
            found = Finding(code="a", severity="error", title=name, cause="c", fix=fix, reference="r")
            tui.screen.set_focus(None)
            tui.screen.report = Report((found,))
            await settled(tui.pilot)
            await walk.press("f")
            if name == "ways":
                await walk.press("escape", "escape", "f", "down", "enter")
        return f"{walk.text}{[edit.text for edit in tui.screen.request.draft().edits]}\n"


async def _suggested(folder: Path) -> str:
    """The values that a field suggests: in a list that covers the rows below or above, narrowed, chosen, clicked and left."""
    async with run_screen(folder, (80, 24)) as (walk, tui, _):
        tui.session.listed_users["sandbox"] = tuple(f"user_{number}" for number in (1, 7, 42, *range(100, 112)))
        tui.screen.request.update_suggestions()
        form = tui.screen.query_one(Form)
        form.field("userid").focus()
        await walk.note("the user id")
        await walk.press("u", "right", "ctrl+u", "down", "4", "2", "x", "backspace", "home", "end", "enter")
        await walk.press("down", "escape", "down", "tab")
        form.field("userid").focus()
        await walk.press("down")
        await walk.click("Suggestions", 2, 1)
        await walk.resize(60, 12)
        form.field("userid").focus()
        await walk.press("down")
        (found,) = tui.screen.query(Suggestions)
        await walk.note(f"{found.styles.width} wide, {found.styles.max_height} high, at {found.styles.offset}")
        return walk.text


@contextmanager
def _outside(*answers: str | None) -> Iterator[list[str]]:
    """Meanwhile the editor and the pager of the person give these answers, and what they were given is in the list."""
    left, given = list(answers), list[str]()

    async def changed_in(command: object, text: str) -> str | None:
        given.append(text)
        return left.pop(0)

    async def read_in(command: object, text: str) -> None:
        given.append(text.splitlines()[0])

    with (
        patch.object(editor, "changed_in", changed_in),
        patch.object(editor, "read_in", read_in),
        patch.object(editor, "editor", lambda environ: ["editor"]),
        patch.object(editor, "pager", lambda environ: ["pager"]),
        patch("textual.app.App.suspend", _suspended),
    ):
        yield given


@contextmanager
def _suspended(app: object) -> Iterator[None]:
    yield


async def _beside_the_form(folder: Path) -> str:
    """What fills the form in or reads it beside the keyboard: a keyring, an editor, the clipboard, ports, the default, the documents."""
    async with run_screen(folder, (80, 40)) as (walk, tui, _):
        form, column = tui.screen.query_one(Form), tui.screen.request

        async def kept(*_: object) -> Secret:
            tui.session.keyring.problem = "The keyring is locked."
            return Secret("of the keyring")

        with patch.object(tui.session.keyring, "kept", kept), patch.object(tui.session, "secret", lambda *_: None):
            await column.use_environment("staging")
            await walk.note("with a keyring")
        await column.use_environment("sandbox")
        await walk.note("the sandbox")
        await walk.press("f10")
        with _outside(f"  edited\n in an editor{'x' * 10_000}", None) as given:
            form.field("userid").focus()
            await walk.press("f10", "f10")
            form.field("client_secret").focus()
            await walk.press("f10", "f9", "ctrl+shift+a", "ctrl+x", "ctrl+u", "f9")
            form.field("userid").value = ""
            await walk.type("typed")
            await walk.press("ctrl+shift+a", "ctrl+c", "ctrl+x")
            form.field("userid").focus()
            await walk.type("a user")
            await walk.press("ctrl+shift+a", "ctrl+c", "ctrl+x", "ctrl+v", "alt+backspace", "ctrl+w", "escape", "f10")
        with patch.object(drafting, "is_free", lambda host, port: False):
            form.set_mode("browser")
            column.draw_draft()
            column._at_rest()
            await walk.note("a port that is taken")
        for saved in (True, False):
            if not saved:
                (folder / "config.toml").unlink()
                (folder / "config.toml").mkdir()
            await walk.pilot.press("ctrl+p", *"use this one by default", "enter")
            await walk.note("the default" if saved else "a default that cannot be saved")
        headers = " ".join(f"-H 'X-{number}: 1'" for number in range(12))
        form.field("userid").focus()
        await tui.paste(f"curl http://127.0.0.1:41000/api/oauth2/Token -d client_id=abc {headers}")
        await walk.note("a request that departs much")
        await walk.press("escape")
        await column.use_environment("staging")
        form.put("redirect_uri", REGISTERED)
        await walk.pilot.press("ctrl+p", *"save as environment", "enter")
        walk.app.screen.query_one("#answer", Input).value = "mine"
        await walk.pilot.press("enter")
        await walk.note("an environment that cannot be saved")
        for part in ("#more", "#preview"):
            tui.screen.query_one(part).focus()
            await walk.press("f1", "escape")
        await walk.press("f1", "1", "escape", "9", "f1", "escape")
        return f"{walk.text}{[text[:20] for text in given]}\n"


async def _copied(folder: Path) -> str:
    """The copy menu of the form, of a wait and of a run that is over; then what is done with the answer of the browser question."""
    async with run_screen(folder, (80, 30)) as (walk, tui, clock):
        await _copies(tui, walk, "u", "r", "s", "escape")
        await tui.pilot.press("ctrl+r")
        await tui.post(BOUND, OPENED)
        await _copies(tui, walk, "a", "k", "x", "escape")
        await walk.press("Q")
        await walk.resize(40, 12)
        await walk.resize(80, 30)
        await tui.post(callback(tui))
        await clock.pass_by(walk, 1.0)
        await give_token(tui)
        with patch.object(type(tui.session), "raw_of", lambda session, run, view: "the-raw-value"):
            await _copies(tui, walk, "c", "t", "p")
        await tui.pilot.press("escape", "ctrl+r")
        await tui.post(BOUND, OPENED, callback(tui), exchanged(text("Invalid Code"), at=2.0))
        await _copies(tui, walk, "f")
        await tui.pilot.press("escape", "ctrl+r")
        await tui.post(BOUND, OPENED)
        question = tui.screen.query_one(BrowserQuestion)
        question.action_insist()
        answer = type("Answer", (), {"fix": (Rerun(), Command("ssh -L 1:localhost:1 host"))})
        question._answer = answer()
        question.action_copy_command()
        await walk.note("the ssh line")
        await tui.screen.request.action_run_with_other_scheme()
        await walk.note("https")
        await tui.screen.request.action_run_with_other_scheme()
        await walk.note("http again")
        return walk.text


async def _copies(tui: OpenTui, walk: Any, *keys: str) -> None:
    for key in keys:
        tui.screen.set_focus(None)
        await tui.pilot.press("f5")
        if key == keys[0]:
            await walk.note("the copy menu")
        await walk.press(key)


async def _odd_moments(folder: Path) -> str:
    """Keys and clicks at moments for which they are not meant, or seldom used."""
    async with run_screen(folder, (80, 30)) as (walk, tui, _):
        await walk.press("escape", "V", "enter", "down", "V", "f3", "tab", "enter", "f2")
        tui.screen.query_one("#strip").focus()
        await walk.press("right", "left", "left", "enter", "equals_sign", "escape", "X")
        await walk.pilot.press("ctrl+r")
        await tui.post(replace(BOUND, addresses=("0.0.0.0:48765", "127.0.0.1:48765")), OPENED)
        await walk.note("a listener that others reach")
        await walk.press("f3", "V")
        await walk.click("#picture", 30, 2)
        await walk.press("f3", "enter", "down", "V", "ctrl+s", "ctrl+s")
        await tui.post(stray("favicon", "/favicon.ico", at=1.0))
        await walk.press("f3")
        tui.screen.query_one("#inbox").focus()
        await walk.press("enter")
        await tui.post(callback(tui, state=False))
        await walk.click("#guide-continue", 3, 0)
        await walk.press("f2")
        await walk.click("#start", 40, 1)
        tui.screen.inspector.since = SinceGood(tui.run.state, ())
        await walk.press("escape", "equals_sign")
        await walk.press("f2", "ctrl+s", "f6", "escape", "ctrl+s", "escape", "ctrl+s", "ctrl+c", "ctrl+c")
        return walk.text + "".join(map(stands, tui.session.runs))


FORM_WALKS: dict[str, Callable[[Path], Coroutine[Any, Any, str]]] = {
    "fixes": _fixes,
    "suggested": _suggested,
    "beside-the-form": _beside_the_form,
    "copied": _copied,
    "odd-moments": _odd_moments,
}
