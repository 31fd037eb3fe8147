"""Two runs of a server that is known by its issuer, side by side: two scopes, two clients, two users."""

from __future__ import annotations

import pytest

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import fold
from airisk_tui.insight.comparison.verdict import judge_two
from airisk_tui.tui.run.request.field import Choice, Field
from tests.recording.logs import LOGS, USER_TOKEN
from tests.runs import authorized, exchanged, redirect, token_response
from tests.tui.conftest import OpenTui, TuiOpener
from tests.tui.run.test_token_keys import ISSUER, with_token


def ended(tui: OpenTui, scope: str) -> list[AnyEvent]:
    """The events that bring the newest run to its token, with this scope."""
    metadata = LOGS["by-its-issuer"][1]
    answer = token_response({"scope": scope}, token=USER_TOKEN)
    back = redirect(f"{ISSUER}?code=abc&state={tui.draft.state}")
    return [metadata, authorized(back), exchanged(answer, token=USER_TOKEN)]


async def opened(tui: OpenTui) -> None:
    """The screen of two runs, after a first one."""
    await with_token(tui)
    assert "F8 Two runs" in tui.text
    await tui.press("f8")
    await tui.until(lambda: "The first run has its token" in tui.text)


async def test_the_run_that_is_there_is_the_first_and_the_second_has_another_scope(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await opened(tui)
        assert len(tui.session.runs) == 1, "the first run is not made anew"
        for word in ("generic", "ListUsers", "user id", "No bearer"):
            assert word not in tui.text, f"{word}: a word of AIRisk"
        tui.app.screen.query_one("#second-scope", Field).value = "openid email"
        await tui.press("enter")
        await tui.until(lambda: len(tui.session.runs) == 2)
        assert (tui.draft.scope, tui.draft.client_id) == ("openid email", "abc")
        for event in ended(tui, "openid email"):
            tui.run.post(event)
        await tui.until(lambda: "second (scope openid email)" in tui.text)
        assert "> scope" in tui.text
        assert "“email openid” as well" in tui.text


async def test_another_client_has_its_own_secret_and_another_user_signs_in_anew(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await opened(tui)
        tui.app.screen.query_one("#second-client", Field).value = "other-app"
        tui.app.screen.query_one("#second-user", Choice).value = "another"
        await tui.press("enter")
        await tui.until(lambda: len(tui.session.runs) == 2)
        assert (tui.draft.client_id, tui.draft.client_secret) == ("other-app", None)
        assert tui.draft.params.get("prompt") == "login"
        tui.run.cancel()
        await tui.until(lambda: "No token for" in tui.text)


@pytest.mark.parametrize(
    ("scope", "words"),
    [("openid", "; both allow the same"), ("email", "; the second allows “email” as well and does not allow “openid”")],
)
def test_the_verdict_says_what_the_second_token_allows(scope: str, words: str) -> None:
    first, second = (
        fold(
            [*LOGS["by-its-issuer"][:3], exchanged(token_response({"scope": one}, token=USER_TOKEN), token=USER_TOKEN)]
        )
        for one in ("openid", scope)
    )
    assert judge_two(first, second).sentence == f"Both tokens are for “user_42”{words}."
