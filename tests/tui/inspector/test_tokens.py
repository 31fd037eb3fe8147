"""What the inspector tells of the tokens of a server that is known by its issuer, and of what was done with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, FollowUpAnswered, FollowUpRequested, IdTokenChecked, RefreshAnswered
from airisk_tui.flow.fold import fold
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import Exchange, HttpRequest
from airisk_tui.oauth.secret import SecretView
from tests.recording.logs import LOGS, USER_TOKEN
from tests.runs import exchanged, response, token_response
from tests.tui.bare_app import lines, playing
from tests.tui.inspector.pages import app_with, page

SHOWN = SecretView("e" * 16, 40, "opaque")
NEWER = SecretView("f" * 16, 44, "opaque")


def run(*more: AnyEvent, refresh_token: SecretView | None = None, **checked: str) -> FlowState:
    """A run by an issuer with its token, the checks of it changed, and more events."""
    own = list(LOGS["by-its-issuer"][:-2])
    if refresh_token is not None:
        members = {
            "id_token": USER_TOKEN.reference,
            "refresh_token": refresh_token.reference,
            "scope": "openid profile",
        }
        own[3] = exchanged(token_response(members), token=USER_TOKEN)
    return fold([*(replace(e, **checked) if isinstance(e, IdTokenChecked) else e for e in own), *more])


def asked(step: str, body: str, at: float = 3.0, status: int = 200) -> Iterator[AnyEvent]:
    exchange = Exchange(HttpRequest("GET", f"http://127.0.0.1:9000/{step}"), response(status, body, "application/json"))
    yield FollowUpRequested(at=at, step=step)  # type: ignore[arg-type] # a word of the test
    yield FollowUpAnswered(at=at + 0.1, step=step, exchange=exchange)  # type: ignore[arg-type]


def refreshed(at: float = 4.0) -> Iterator[AnyEvent]:
    answer = token_response({"refresh_token": NEWER.reference, "scope": "openid"})
    yield FollowUpRequested(at=at, step="refresh")
    yield RefreshAnswered(
        at=at + 0.1, exchange=Exchange(HttpRequest("POST", "http://127.0.0.1:9000/token"), answer), secrets=(NEWER,)
    )


async def test_the_token_page_has_the_checks_and_what_can_be_done_with_the_token_or_why_not() -> None:
    shown = await page(run(), "token")
    assert "userinfo    asks who the user of the token is" in shown
    assert "introspect  not offered: the metadata names no endpoint for it" in shown
    assert "refresh     no refresh token came" in shown
    assert "✓ token type" in shown or "✗ token type" in shown
    assert "not done" in shown
    assert "generic" not in shown, "a word of AIRisk"


@pytest.mark.parametrize(
    ("signature", "words", "heading"),
    [
        ("verified", "✓ signature   verified by a key of the server", ""),
        ("wrong", "✗ signature   not verified: no key of the server verifies it", ""),
        ("no-keys", "· signature   not verified: there are no keys to verify it with", ""),
    ],
)
async def test_the_id_token_page_has_each_check_beside_its_claim(signature: str, words: str, heading: str) -> None:
    app = app_with(run(signature=signature), "token")
    async with playing(app, 90, 60) as pilot:
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("right_square_bracket")
        shown = "\n".join(lines(app))
    assert "2 of 3" in shown
    assert "ID token" in shown
    assert words in shown
    assert "sub" in shown
    assert "about" in shown
    assert "✗ nonce" in shown, "the claims of this log have none"


async def test_a_signature_that_was_verified_is_not_called_unverified() -> None:
    verified = await page(run(access_token="verified"), "token")
    assert "Claims · not verified" not in verified
    assert "Claims" in verified
    assert "verified by" in verified
    unverified = await page(run(), "token")
    assert "Claims · not verified" in unverified


async def test_a_refresh_shows_the_old_beside_the_new() -> None:
    state = run(*refreshed(), refresh_token=SHOWN)
    shown = await page(state, "access")
    assert "before" in shown and "after" in shown
    assert "≠ refresh_token 40 characters · eeee… 44 characters · ffff…" in " ".join(shown.split())
    assert "openid profile" in shown
    assert "✓ rotation of the refresh token" in shown
    assert "✗ refresh" in shown, "its scope is narrower"


async def test_a_refresh_that_repeats_the_old_refresh_token_rotates_nothing() -> None:
    shown = await page(run(*refreshed(), refresh_token=NEWER), "access")
    assert "· rotation of the refresh token  not done: the refresh token stays the same" in shown
    assert "≠ refresh_token" not in shown


async def test_introspection_tells_dates_as_dates() -> None:
    shown = await page(run(*asked("userinfo", '{"sub": "user_42", "exp": 1795842916}')), "access")
    assert "good until 2026-11-28T05:15:16Z" in shown


async def test_each_step_with_the_token_is_an_exchange_of_the_last_step() -> None:
    state = run(*asked("userinfo", '{"sub": "user_42", "name": "Ada"}'), *asked("userinfo", '{"error": "x"}', 5.0, 401))
    newest = await page(state, "access")
    assert "2 of 2" in newest
    assert "The server answered 401." in newest
    assert "✗ userinfo" in newest
    app = app_with(state, "access")
    async with playing(app, 80, 40) as pilot:
        app.view.query_one("#inspector-scroll").focus()
        await pilot.press("left_square_bracket")
        shown = "\n".join(lines(app))
    assert "about user_42" in shown
    assert "Ada" in shown
