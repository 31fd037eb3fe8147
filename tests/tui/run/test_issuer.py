"""A server that is known by its issuer, on the form: how it is recognised, and where each value came from."""

from __future__ import annotations

import re

from airisk_tui.tui.run.request.drafting import previewed
from airisk_tui.tui.run.request.preview import FRESH, by_parameter
from tests.tui.conftest import TuiOpener
from tests.tui.run.test_token_keys import with_token


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
