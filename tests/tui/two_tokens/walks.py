"""The walk through what two tokens may do, by name, as in `tests.tui.walks`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import chdir
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from airisk_tui.oauth.answer.endpoints import DOCUMENTED, Endpoint
from tests.runs import jwt, probed, problem, response
from tests.tui.bare_app import settled
from tests.tui.conftest import OpenTui
from tests.tui.walking import LISTED, give_token, run_screen, written

ADDED = Endpoint("DELETE", "/api/GetConversations", "refused", "refused")


async def _answer(tui: OpenTui) -> None:
    """Answer each probe that is under way, until there is none."""
    while asked := [run for run in tui.session.runs if run.state.pending_probe is not None]:
        for run in asked:
            assert run.state.pending_probe is not None and run.state.inputs is not None
            endpoint, credential = run.state.pending_probe
            answer = LISTED if credential == "token" and endpoint.safe else problem(401)
            run.post(probed(endpoint, answer, run.state.inputs, credential))
        await settled(tui.pilot)


async def _probing(folder: Path) -> str:
    """No users, a user who is typed, the probes of both tokens, those that may change something, and what is written and copied."""
    with chdir(folder):
        async with run_screen(folder, (130, 34)) as (walk, tui, _):
            tui.session.environments["sandbox"] = replace(
                tui.session.environments["sandbox"], endpoints=(*DOCUMENTED, ADDED)
            )
            await tui.pilot.press("ctrl+u", "f8")
            await walk.note("a form with a mistake")
            await tui.pilot.press("escape", "a", "f8")
            await walk.press("p", "e", "P", "f", "d")
            await give_token(tui, listed=response(200, "[]", "application/json"))
            await walk.note("a list without users")
            await walk.press("enter")
            await walk.type("user_7")
            await walk.press("t", "enter")
            await give_token(tui, jwt({"sub": "user_7"}, fingerprint="f00d000000000001"))
            await walk.note("a token for the user")
            await walk.press("p")
            await _answer(tui)
            await walk.note("the probes")
            await walk.press("P", "n", "P", "y")
            await _answer(tui)
            await walk.note("a probe that may change something")
            await walk.press("e", "e")
            for key in "gtmj":
                await tui.pilot.press("f5")
                await walk.press(key)
            await walk.press("escape", "f8", "f2")
            await walk.type("user_9")
            await walk.press("enter", "escape", "escape", "escape")
            return f"{walk.text}{written(folder)}\n"


TOKEN_WALKS: dict[str, Callable[[Path], Coroutine[Any, Any, str]]] = {"probing": _probing}
