"""The pictures of the README: the real program, driven against the real sandbox, drawn as SVG.

`make screenshots` writes them. Each scene names the words that have to be seen in it; a test plays the scenes and looks.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input

from airisk_tui.engine.config.home import Home
from airisk_tui.engine.machine.browser import BrowserLaunch
from airisk_tui.sandbox.airisk.faults import faults_named
from airisk_tui.session.session import RecordingOptions, Session
from airisk_tui.tui.app import AiriskApp
from airisk_tui.tui.options import AppOptions
from airisk_tui.tui.run.request.column import RequestColumn

FOLDER = Path(__file__).parent.parent / "screenshots"
WIDE = (140, 42)
NARROW = (80, 24)
Shot = Callable[[Pilot[Any], Session], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """claims: words that are seen in the picture; faults: what the sandbox plays."""

    play: Shot
    claims: tuple[str, ...]
    size: tuple[int, int] = WIDE
    theme: str = "textual-dark"
    faults: tuple[str, ...] = ()


async def until(pilot: Pilot[Any], condition: Callable[[], bool], what: str) -> None:
    """Wait for something to be so, at most twenty seconds."""
    end = asyncio.get_running_loop().time() + 20
    while asyncio.get_running_loop().time() < end:
        await pilot.pause(0.1)
        if condition():
            return
    raise AssertionError(f"It did not come to pass: {what}. The screen:\n{seen(pilot)}")


def seen(pilot: Pilot[Any]) -> str:
    """The text on the screen."""
    return text_of(pilot.app.export_screenshot())


def text_of(svg: str) -> str:
    """The words in a picture, line by line as they stand, white space folded."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for x, y, words in re.findall(r'<text[^>]*?x="([\d.]+)"[^>]*?y="([\d.]+)"[^>]*>(.*?)</text>', svg, re.DOTALL):
        rows.setdefault(float(y), []).append((float(x), html.unescape(words).replace("\xa0", " ")))
    lines = ("".join(words for _, words in sorted(row)) for _, row in sorted(rows.items()))
    return "\n".join(" ".join(line.split()) for line in lines)


async def show(pilot: Pilot[Any], words: str) -> None:
    """Wait until the words are on the screen."""
    await until(pilot, lambda: words in seen(pilot), words)


async def fill(pilot: Pilot[Any], field: str, value: str) -> None:
    """Type over a field of the form."""
    box = pilot.app.screen.query_one(f"#{field}", Input)
    box.focus()
    box.value = value
    await pilot.pause(0.6)


async def _form(pilot: Pilot[Any], session: Session) -> None:
    await fill(pilot, "redirect-uri", "http://127.0.0.1:8765/calback")
    await show(pilot, "Not registered")


async def _waiting(pilot: Pilot[Any], session: Session) -> None:
    await pilot.press("ctrl+r")
    await until(pilot, lambda: "Cancel" in seen(pilot) and "Heard" in seen(pilot), "the run waits")
    await pilot.pause(0.5)
    uri = session.environments["sandbox"].redirect_uri
    for stray in ("/favicon.ico", "/callback?code=a-forged-code&state=not-ours"):
        await asyncio.to_thread(_visit, uri.removesuffix("/callback") + stray)
    await show(pilot, "favicon")


async def _silence(pilot: Pilot[Any], session: Session) -> None:
    await pilot.press("ctrl+r")
    await show(pilot, "No answer has come yet")
    await pilot.press("w", "down", "down", "enter")
    await show(pilot, "Fix")


def _visit(url: str) -> None:
    with suppress(OSError):
        urlopen(url, timeout=5).close()


async def _code(pilot: Pilot[Any], session: Session) -> None:
    await pilot.press("f6")
    await show(pilot, "token came")
    await pilot.press("f3", "up", "up")
    await pilot.pause(0.3)


async def _token(pilot: Pilot[Any], session: Session) -> None:
    await fill(pilot, "userid", "user_42")
    await pilot.press("f6")
    await show(pilot, "Ada Lovelace")


async def _narrow(pilot: Pilot[Any], session: Session) -> None:
    await fill(pilot, "userid", "user_42")
    await pilot.press("f6")
    await show(pilot, "A token came")
    await pilot.pause(0.3)


async def _error(pilot: Pilot[Any], session: Session) -> None:
    await fill(pilot, "redirect-uri", "http://127.0.0.1:8765/calback")
    await pilot.press("f6")
    await show(pilot, "registered")
    await pilot.pause(0.5)


async def _expired(pilot: Pilot[Any], session: Session) -> None:
    await pilot.press("f6")
    await show(pilot, "Invalid Code")


async def _two_tokens(pilot: Pilot[Any], session: Session) -> None:
    await pilot.press("f6")
    await show(pilot, "token came")
    await pilot.press("f8")
    await show(pilot, "8 users")
    await pilot.press("enter")
    await show(pilot, "acts for user_42")
    await pilot.press("p")
    await show(pilot, "with a broken token")


async def _recordings(pilot: Pilot[Any], session: Session) -> None:
    await pilot.press("shift+tab", "tab")  # the server starts with the first key
    await until(pilot, lambda: session.sandbox is not None, "the server is there")
    assert session.sandbox is not None
    ends = {"denied": "refused", "affinity-lost": "Invalid Code", "not-a-token": "web page", "": "token came"}
    for fault, end in ends.items():
        session.sandbox._sandbox.faults = faults_named([fault] if fault else [])
        await pilot.press("f6")
        await show(pilot, end)
    await pilot.press("ctrl+o")
    await show(pilot, "4 recordings")


async def _replay(pilot: Pilot[Any], session: Session) -> None:
    await _recordings(pilot, session)
    await pilot.press("enter")
    await show(pilot, "event")
    await pilot.press("left")
    await pilot.pause(0.3)


async def _issuer(pilot: Pilot[Any], session: Session) -> None:
    await pilot.app.screen.query_one(RequestColumn).use_environment("sandbox-standard")
    await until(
        pilot, lambda: "127.0.0.1" in (session.environments["sandbox-standard"].issuer or ""), "the issuer is there"
    )
    await pilot.pause(0.5)
    await pilot.press("f6")
    await show(pilot, "token came")
    for key, words in (
        ("U", "Userinfo: who the user"),
        ("F", "the old values beside the new"),
        ("5", "What the token can do"),
        ("]", "verified by"),
    ):
        await pilot.press(key)
        await show(pilot, words)


async def _hold(pilot: Pilot[Any], session: Session) -> None:
    await pilot.press("ctrl+s")
    await show(pilot, "Hold: on")
    await pilot.press("f6")
    await show(pilot, "Held before")


SCENES: dict[str, Scene] = {
    "form": Scene(_form, ("Client ID", "demo-app", "redirect_uri", "Not registered", "GET")),
    "waiting": Scene(_waiting, ("favicon", "Esc", "Cancel", "/callback")),
    "silence": Scene(_silence, ("No answer has come yet", "refused to connect", "Fix")),
    "code": Scene(_code, ("Redirect", "code", "22 ch", "client_id")),
    "token": Scene(_token, ("user_42", "Ada Lovelace", "not verified", "expires")),
    "error": Scene(_error, ("Fix", "calback", "registered")),
    "error-light": Scene(_expired, ("Invalid Code", "Fix"), theme="textual-light", faults=("affinity-lost",)),
    "narrow": Scene(_narrow, ("A token came", "Token", "Inspector"), NARROW),
    "two-tokens": Scene(_two_tokens, ("acts for user_42", "GET /api/GetConversations", "as documented", "≠ sub")),
    "recordings": Scene(_recordings, ("4 recordings", "authorization-refused", "Invalid Code", "Replay")),
    "issuer": Scene(
        _issuer, ("Issuer", "verified by the server", "ties it to the request", "✓ refresh 200", "U Userinfo")
    ),
    "hold": Scene(_hold, ("Held before the authorization request", "redirect_uri")),
    "replay": Scene(_replay, ("event", "Token request")),
}


async def _opener(url: str) -> BrowserLaunch:
    return BrowserLaunch(True, "firefox")


@asynccontextmanager
async def playing(scene: Scene, home: Path) -> AsyncIterator[tuple[Pilot[Any], Session]]:
    """The program on a session of its own, ready for the first key."""
    session = Session(
        home=Home(home / "config.toml", home / "recordings"),
        opener=_opener,
        environ={},
        sandbox_faults=scene.faults,
        record=RecordingOptions(),
    )
    app = AiriskApp(AppOptions(session=session))
    async with app.run_test(size=scene.size) as pilot:
        app.theme = scene.theme
        await until(pilot, lambda: app.screen.query_one(RequestColumn).base is not None, "the form is filled")
        yield pilot, session
    await session.aclose()


async def picture(name: str, home: Path) -> str:
    """Play a scene and draw its end."""
    scene = SCENES[name]
    async with playing(scene, home) as (pilot, session):
        await scene.play(pilot, session)
        return local(pilot.app.export_screenshot(title="airisk-tui"))


CELL = 12.2
"""Units of the picture that a cell is wide, as Rich draws it."""

_RUN = re.compile(
    r'<text class="([^"]*)" x="([^"]*)" y="([^"]*)" textLength="[^"]*" clip-path="([^"]*)">([^<]*)</text>'
)
_OTHER_SCRIPT = re.compile("([\u0590-\u1fff\u2e80-\U0003ffff]+)")
"""From Hebrew on: what a terminal draws in another number of cells than of characters, or from right to left."""


def _in_cells(found: re.Match[str]) -> str:
    """A line with each name in another script in the cells that a terminal gives it: Rich counts characters, and what stands behind
    a wide name would move out of its column."""
    style, x, y, clip, words = found.groups()
    runs, at = [run for run in _OTHER_SCRIPT.split(html.unescape(words)) if run], float(x)
    tags = []
    for run in runs if len(runs) > 1 else ():
        length = cell_len(run) * CELL
        fit = ' lengthAdjust="spacingAndGlyphs"' if _OTHER_SCRIPT.match(run) else ""
        text = html.escape(run).replace("\xa0", "&#160;")
        tags.append(
            f'<text class="{style}" x="{at:g}" y="{y}" textLength="{length:g}"{fit} clip-path="{clip}">{text}</text>'
        )
        at += length
    return "".join(tags) or found[0]


def local(svg: str) -> str:
    """The picture without fonts from elsewhere, the reader's own monospace will do, and with every column where the terminal has it."""
    svg = _RUN.sub(_in_cells, re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL))
    return svg.replace("font-family: Fira Code", "font-family: ui-monospace, Menlo, Consolas, DejaVu Sans Mono")


async def _draw() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in SCENES:
        with tempfile.TemporaryDirectory() as home:
            svg = await picture(name, Path(home))
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(f"screenshots/{name}.svg")


if __name__ == "__main__":
    os.environ.pop("NO_COLOR", None)
    asyncio.run(_draw())
