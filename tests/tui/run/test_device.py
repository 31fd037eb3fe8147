"""The run on another device: what the screen tells a person, and the QR code that a phone reads from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.color import Color

from airisk_tui.engine.config.environments import Environment
from airisk_tui.flow.events import DeviceAnswered, MetadataAnswered
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.tui.run.request.form import Form
from tests.oauth.test_qr import read
from tests.recording.logs import METADATA
from tests.tui.conftest import OpenTui, TuiOpener, at_sizes
from tests.tui.run.running import waiting

ISSUER = "http://127.0.0.1:9000"
COMPLETE = "https://login.example.com/device?user_code=WDJB-MJHT"
CODES = (
    b'{"device_code": "d", "user_code": "WDJB-MJHT", "verification_uri": "https://login.example.com/device",'
    b' "verification_uri_complete": "' + COMPLETE.encode() + b'", "expires_in": 120, "interval": 5}'
)


def answered(data: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(status, (("Content-Type", "application/json"),), Body(data, len(data), len(data)), "OK")


async def on_device(tui: OpenTui) -> None:
    """Start a run on another device, and let the server hand out its codes."""
    tui.session.environments["login"] = Environment(
        name="login", issuer=ISSUER, client_id="abc", redirect_uri=ISSUER, dialect=STANDARD
    )
    await tui.screen.request.use_environment("login")
    tui.screen.query_one(Form).set_mode("device")
    tui.screen.action_start()
    await tui.until(lambda: tui.session.runs)
    metadata = Exchange(HttpRequest("GET", f"{ISSUER}/x"), METADATA)
    codes = Exchange(HttpRequest("POST", f"{ISSUER}/device"), answered(CODES))
    await tui.post(MetadataAnswered(at=0.1, exchange=metadata), DeviceAnswered(at=0.2, exchange=codes))


def drawn_dark(strips: Sequence[Any]) -> list[str]:
    """The lines of the screen with a space wherever no black ink on white stands."""
    ink = Color.parse("#000000"), Color.parse("#ffffff")
    return [
        "".join(
            segment.text
            if segment.style and (segment.style.color, segment.style.bgcolor) == ink
            else " " * len(segment.text)
            for segment in strip
        )
        for strip in strips
    ]


@at_sizes((60, 20), (80, 24))
async def test_a_phone_reads_the_code_from_the_screen(open_tui: TuiOpener, size: tuple[int, int]) -> None:
    async with open_tui(size=size) as tui:
        await on_device(tui)
        for theme in ("textual-dark", "textual-light", "ansi-dark", "gruvbox"):
            tui.app.theme = theme
            await tui.press("Q")
            await tui.until(lambda: "Esc: back" in tui.text)
            assert read(drawn_dark(tui.lines())) == COMPLETE, theme
            await tui.press("escape")
            assert "W D J B" in tui.text


async def test_the_authorization_url_is_a_code_where_it_fits_and_else_says_what_it_needs(open_tui: TuiOpener) -> None:
    async with open_tui(size=(80, 24)) as tui:
        await tui.press("Q")
        assert len(tui.app.screen_stack) == 1, "nothing is to be opened yet"
        await waiting(tui)
        await tui.press("Q")
        await tui.until(lambda: "there are 80 and 23" in " ".join(tui.text.split()))
        await tui.pilot.resize_terminal(100, 60)
        await tui.until(lambda: "Esc: back" in tui.text and "█" in tui.text)
        assert read(drawn_dark(tui.lines())) == tui.screen.guide.url
        tui.run.cancel()
        await tui.until(lambda: len(tui.app.screen_stack) == 1)  # nobody waits for the address any more
