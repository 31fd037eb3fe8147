"""A server that is known by its issuer, on the form: how it is recognised, and where each value came from."""

from __future__ import annotations

import re

from airisk_tui.tui.run.request.drafting import previewed
from airisk_tui.tui.run.request.preview import FRESH, by_parameter
from tests.tui.conftest import OpenTui, TuiOpener
from tests.tui.run.test_token_keys import with_token

METADATA = "https://login.example.com/realms/acme/.well-known/openid-configuration"


async def asked(tui: OpenTui, base_url: str) -> None:
    """Start a run against this base URL in an environment without a name."""
    await tui.screen.request.use_environment("other")
    for name, value in {"base_url": base_url, "client_id": "abc", "redirect_uri": "http://127.0.0.1:48765/cb"}.items():
        tui.screen.request.set_input(name, value)
    tui.screen.request.set_input("client_secret", "s3cret-of-another-server")
    await tui.pilot.pause()
    await tui.press("f6")


async def test_a_base_url_that_is_another_servers_is_offered_as_its_issuer(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await asked(tui, METADATA)
        await tui.until(lambda: "Use the issuer instead?" in tui.text)
        await tui.press("y")
        await tui.until(lambda: tui.session.runs)
        assert (tui.draft.issuer, tui.draft.standard) == ("https://login.example.com/realms/acme", True)


async def test_a_base_url_may_be_kept_and_is_not_asked_about_twice(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await asked(tui, METADATA)
        await tui.until(lambda: "Use the issuer instead?" in tui.text)
        await tui.press("n")
        await tui.until(lambda: tui.session.runs)
        assert (tui.draft.base_url, tui.draft.issuer) == (METADATA, "")
        await tui.press("f6")
        await tui.until(lambda: len(tui.session.runs) == 2)


async def test_the_form_and_the_first_step_say_where_each_value_came_from(open_tui: TuiOpener) -> None:
    async with open_tui(size=(180, 50)) as tui:
        await with_token(tui)
        form = {line.split()[0]: line for line in tui.text.replace("│", " ").splitlines() if line.split()}
        assert "openid" in form["Scope"] or "none" in form["Scope"]
        assert "metadata" in form["Scope"] or "default" in form["Scope"]
        await tui.press("1")
        assert "Where each value came from" in tui.text
        assert re.search(r"from the[\s│]+metadata", tui.text)
        tui.screen.request.set_input("scope", "openid email")
        await tui.until(lambda: "typed" in tui.text)
        preview = by_parameter(previewed(tui.screen.request.draft(), tui.screen.state), 60).plain
        assert re.search(r"scope += openid%20email\n", preview)
        assert re.search(rf"nonce += {FRESH}\n& code_challenge += {FRESH}\n", preview)
        assert re.search(rf"nonce += {FRESH}", tui.text)
