"""The keys of the token: userinfo, introspection, refresh and revocation, each a step of the same run."""

from __future__ import annotations

from airisk_tui.engine.config.environments import Environment
from airisk_tui.flow.events import FollowUpAnswered
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Exchange, HttpRequest
from tests.recording.logs import LOGS
from tests.runs import authorized, redirect, response
from tests.tui.conftest import OpenTui, TuiOpener

ISSUER = "http://127.0.0.1:9000"


async def with_token(tui: OpenTui) -> None:
    """A run by its issuer that has ended with a token; its metadata name a userinfo endpoint alone."""
    tui.session.environments["login"] = Environment(
        name="login", issuer=ISSUER, client_id="abc", redirect_uri=ISSUER, dialect=STANDARD
    )
    await tui.screen.request.use_environment("login")
    await tui.press("f6")
    await tui.until(lambda: tui.session.runs)
    _, metadata, _, *rest = LOGS["by-its-issuer"][:-2]
    back = f"{ISSUER}?code=abc&state={tui.draft.state}"
    await tui.post(metadata, authorized(redirect(back)), *rest)
    await tui.until(lambda: tui.screen.phase == "done")
    await tui.pilot.pause()


async def test_no_endpoint_of_airisk_is_asked_with_another_servers_token(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await with_token(tui)
        assert tui.session.environments["login"].endpoints, "an environment without a name has those of the vendor"
        await tui.press("p")
        assert tui.run.state.pending_follow_up == "userinfo"
        answer = Exchange(HttpRequest("GET", f"{ISSUER}/me"), response(200, '{"sub": "user_42"}', "application/json"))
        await tui.post(FollowUpAnswered(at=9.0, step="userinfo", exchange=answer))
        await tui.pilot.pause()
        assert (tui.run.state.pending_probe, tui.run.state.probes, tui.run.state.live) == (None, (), False)
