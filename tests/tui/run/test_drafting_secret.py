"""The secret of an environment keeps its bounds on the way through the form (threats.md F8)."""

from __future__ import annotations

from textual.widgets import Input

from airisk_tui.engine.draft import Draft
from airisk_tui.oauth.secret import Secret
from airisk_tui.tui.run.request.drafting import draft_of
from airisk_tui.tui.run.request.form import FormValues
from airisk_tui.tui.shared.dialogs import ConfirmScreen
from tests.tui.conftest import TuiOpener

KEPT = Secret("of the keyring", frozenset({"https://a.example.com:443"}))
BASE = Draft(
    environment="a",
    base_url="https://a.example.com",
    client_id="x",
    redirect_uri="http://localhost/",
    client_secret=KEPT,
)


def values(**changes: str) -> FormValues:
    """What the form holds."""
    return FormValues({"base_url": "https://b.example.com", **changes})


def test_F8_a_kept_secret_stays_bound_though_the_base_url_is_edited() -> None:
    assert draft_of(values(client_secret="of the keyring"), BASE).client_secret is KEPT


def test_F8_a_secret_that_is_typed_goes_where_the_person_typed_it_for() -> None:
    typed = draft_of(values(client_secret="another"), BASE).client_secret
    assert typed is not None and typed.origins is None


async def test_F8_a_person_is_asked_before_a_typed_secret_goes_to_another_server(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.screen.request.use_environment("staging")
        await tui.pilot.pause()
        base, secret = (tui.screen.query_one(f"#{name}", Input) for name in ("base-url", "client-secret"))
        tui.screen.query_one("#client-id", Input).value = "app"
        secret.value = "typed-for-staging"
        await tui.pilot.pause()
        base.value = "https://elsewhere.example.com"
        await tui.pilot.pause()
        for key, runs in (("n", 0), ("y", 1), ("n", 1)):  # a yes is for once
            await tui.press("ctrl+r")
            await tui.until(lambda: isinstance(tui.app.screen, ConfirmScreen))
            assert "https://elsewhere.example.com" in tui.text
            await tui.press(key)
            await tui.until(lambda: not isinstance(tui.app.screen, ConfirmScreen))
            assert len(tui.session.runs) == runs
        sent = tui.session.drafts[0].client_secret
        assert sent is not None and "https://elsewhere.example.com:443" in (sent.origins or ())
        secret.value = "typed-for-elsewhere"
        await tui.pilot.pause()
        await tui.press("ctrl+r")
        await tui.until(lambda: len(tui.session.runs) == 2)
