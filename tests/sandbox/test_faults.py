"""Every fault of the menu does what its sentence says, and a test here proves it for each one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from airisk_tui.sandbox.faults import FAULTS
from airisk_tui.sandbox.registry import DEMO_REDIRECT_URI
from tests.sandbox.talk import START, Talk, is_plain, is_problem, redirect_pairs, redirect_params
from tests.sandbox.test_token import claims

Check = Callable[[Talk], Awaitable[None]]
CHECKS: dict[str, Check] = {}
USERS = "/api/Users/ListUsers"
CONVERSATIONS = "/api/GetConversations"


def plays(name: str) -> Callable[[Check], Check]:
    """Register the check of a fault."""

    def register(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return register


@pytest.mark.parametrize("name", FAULTS)
async def test_the_fault_does_what_it_says(name: str) -> None:
    async with Talk(name) as talk:
        await CHECKS[name](talk)


def test_no_check_is_left_over() -> None:
    assert CHECKS.keys() == FAULTS.keys()


@plays("denied")
async def denied(talk: Talk) -> None:
    answer = redirect_params(await talk.authorize(state="s"))
    assert (answer["error"], answer["state"], "code" in answer) == ("access_denied", "s", False)
    assert answer["error_description"]


@plays("error-in-redirect")
async def error_in_redirect(talk: Talk) -> None:
    answer = redirect_params(await talk.authorize(state="s"))
    assert (answer["error"], answer["state"], "code" in answer) == ("server_error", "s", False)


@plays("json-error")
async def json_error(talk: Talk) -> None:
    answer = await talk.authorize()
    assert (answer.status_code, answer.json()["error"]) == (400, "server_error")
    assert is_problem(await talk.authorize(client_id="nobody"), 401)


@plays("login-page")
async def login_page(talk: Talk) -> None:
    answer = await talk.authorize()
    assert answer.status_code == 200
    assert "Sign in" in answer.text
    assert "location" not in answer.headers


@plays("fetches-redirect-uri")
async def fetches_redirect_uri(talk: Talk) -> None:
    answer = await talk.authorize()
    assert (answer.status_code, "location" in answer.headers) == (502, False)
    assert answer.text == f"GET {DEMO_REDIRECT_URI} failed: Connection refused (127.0.0.1:8765)"
    assert is_problem(await talk.authorize(redirect_uri="http://127.0.0.1:1/not-registered"), 401)


@plays("registered-uri-stray-space")
async def stray_space(talk: Talk) -> None:
    assert is_problem(await talk.authorize(), 401)
    assert (await talk.authorize(redirect_uri=f" {DEMO_REDIRECT_URI}")).status_code == 302


@plays("state-dropped")
async def state_dropped(talk: Talk) -> None:
    assert list(redirect_params(await talk.authorize(state="s"))) == ["code"]


@plays("state-changed")
async def state_changed(talk: Talk) -> None:
    for state in ("s", "aa", ""):
        assert redirect_params(await talk.authorize(state=state))["state"] != state


@plays("redirect-other-port")
async def other_port(talk: Talk) -> None:
    assert urlsplit((await talk.authorize()).headers["location"]).netloc == "127.0.0.1:8766"
    default = await talk.authorize(redirect_uri="https://localhost/callback")
    assert urlsplit(default.headers["location"]).netloc == "localhost:444"


@plays("duplicate-code")
async def duplicate_code(talk: Talk) -> None:
    codes = [value for name, value in redirect_pairs(await talk.authorize(state="s")) if name == "code"]
    assert len(set(codes)) == 2


@plays("no-code")
async def no_code(talk: Talk) -> None:
    assert (await talk.authorize(state="s")).headers["location"] == DEMO_REDIRECT_URI


@plays("code-renamed")
async def code_renamed(talk: Talk) -> None:
    answer = redirect_params(await talk.authorize(state="s"))
    assert list(answer) == ["auth_code", "state"]
    assert (await talk.token(answer["auth_code"])).status_code == 200


@plays("fragment")
async def fragment(talk: Talk) -> None:
    parts = urlsplit((await talk.authorize(state="s")).headers["location"])
    assert parts.query == ""
    assert list(parse_qs(parts.fragment)) == ["code", "state"]


@plays("code-expired")
@plays("code-used")
@plays("affinity-lost")
async def invalid_code(talk: Talk) -> None:
    assert is_plain(await talk.token(await talk.code()), "Invalid Code")


async def test_affinity_lost_shows_in_the_cookie() -> None:
    async with Talk("affinity-lost") as talk:
        first, second = await talk.authorize(), await talk.token("any")
        assert first.cookies["ARRAffinity"] != second.cookies["ARRAffinity"]
        code = redirect_params(first)["code"]
        kept = await talk.token(code, headers={"Cookie": f"ARRAffinity={first.cookies['ARRAffinity']}"})
        assert (kept.status_code, kept.cookies["ARRAffinity"]) == (200, first.cookies["ARRAffinity"])
    async with Talk() as talk:
        first, second = await talk.authorize(), await talk.token("any")
        assert first.cookies["ARRAffinity"] == second.cookies["ARRAffinity"]


@plays("userid-ignored")
async def userid_ignored(talk: Talk) -> None:
    token = await talk.access_token(userid="user_42")
    assert claims(token)["sub"] == "app:demo-app"
    assert is_problem(await talk.get(CONVERSATIONS, token), 403)


@plays("other-user")
async def other_user(talk: Talk) -> None:
    assert claims(await talk.access_token(userid="user_42"))["sub"] == "user_7"
    assert claims(await talk.access_token(userid="user_7"))["sub"] == "user_42"
    assert claims(await talk.access_token())["kind"] == "generic"


@plays("userid-second-leg-only")
async def second_leg_only(talk: Talk) -> None:
    assert (await talk.authorize(userid="user_0")).status_code == 302
    code = await talk.code()
    assert is_plain(await talk.token(code), "Invalid userid")
    assert is_plain(await talk.token(code, userid="user_0"), "Invalid userid")
    answer = await talk.token(code, userid="user_42")
    assert claims(answer.json()["access_token"])["sub"] == "user_42"


@plays("slow")
@plays("probe-slow")
async def slow(talk: Talk) -> None:
    talk.sandbox.slow_seconds = 30.0
    quick = "slow" not in {fault.name for fault in talk.sandbox.faults}
    if quick:
        assert (await talk.authorize()).status_code == 302
    for asked in (talk.get(USERS, "any"), *(() if quick else (talk.authorize(), talk.token("any")))):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asked, 0.02)


@plays("server-error-html")
async def server_error_html(talk: Talk) -> None:
    answer = await talk.token("any")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")


@plays("not-a-token")
async def not_a_token(talk: Talk) -> None:
    answer = await talk.token("any")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


@plays("connection-reset")
async def connection_reset(talk: Talk) -> None:
    code = await talk.code()
    with pytest.raises(ConnectionResetError):
        await talk.token(code)


@plays("token-404")
async def token_404(talk: Talk) -> None:
    answer = await talk.token(await talk.code())
    assert (answer.status_code, answer.content) == (404, b"")


@plays("token-307")
async def token_307(talk: Talk) -> None:
    code = await talk.code()
    answer = await talk.token(code)
    assert answer.status_code == 307
    fields = {"client_id": "demo-app", "client_secret": "sandbox-secret-not-for-production", "code": code}
    followed = await talk.http.post(answer.headers["location"], data={**fields, "redirect_uri": DEMO_REDIRECT_URI})
    assert followed.json()["access_token"]


@plays("token-error-json")
async def token_error_json(talk: Talk) -> None:
    answer = await talk.token(await talk.code())
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@plays("token-200-error")
async def token_200_error(talk: Talk) -> None:
    answer = await talk.token(await talk.code())
    assert (answer.status_code, answer.json()["error"]) == (200, "invalid_grant")


@plays("form-refused")
async def form_refused(talk: Talk) -> None:
    code = await talk.code()
    assert is_plain(await talk.token(code, "form"), "Invalid client_id")
    assert (await talk.token(code, "json")).status_code == 200


@plays("json-refused")
async def json_refused(talk: Talk) -> None:
    code = await talk.code()
    assert is_plain(await talk.token(code, "json"), "Invalid client_id")
    assert (await talk.token(code, "form")).status_code == 200


async def issued(talk: Talk) -> dict[str, object]:
    answer = await talk.token(await talk.code())
    assert answer.status_code == 200
    return dict(answer.json())


@plays("access-code")
async def access_code(talk: Talk) -> None:
    assert list(await issued(talk)) == ["access_code", "expiration"]


@plays("no-expiration")
async def no_expiration(talk: Talk) -> None:
    assert list(await issued(talk)) == ["access_token"]


@plays("expiration-past")
async def expiration_past(talk: Talk) -> None:
    assert (await issued(talk))["expiration"] == "2025-06-15T14:06:40Z"


@plays("expiration-no-zone")
async def expiration_no_zone(talk: Talk) -> None:
    assert (await issued(talk))["expiration"] == "2025-06-15T16:06:40"


@plays("expiration-number")
async def expiration_number(talk: Talk) -> None:
    assert (await issued(talk))["expiration"] == int(START) + 3600


@plays("expires-in")
async def expires_in(talk: Talk) -> None:
    body = await issued(talk)
    assert body.pop("access_token")
    assert body == {"token_type": "Bearer", "expires_in": 3600}


@plays("clock-skew")
async def clock_skew(talk: Talk) -> None:
    answer = await talk.token(await talk.code())
    assert answer.headers["date"] == "Sun, 15 Jun 2025 15:01:40 GMT"
    assert answer.json()["expiration"] == "2025-06-15T16:01:40Z"


@plays("generic-accepted-everywhere")
async def generic_everywhere(talk: Talk) -> None:
    assert (await talk.get(CONVERSATIONS, await talk.access_token())).status_code == 200


async def listed(talk: Talk, query: str = "") -> object:
    answer = await talk.get(USERS + query, await talk.access_token())
    assert answer.status_code == 200
    return answer.json()


@plays("list-users-empty")
async def list_users_empty(talk: Talk) -> None:
    assert await listed(talk) == []


@plays("list-users-paged")
async def list_users_paged(talk: Talk) -> None:
    path: str | None = USERS
    found: list[str] = []
    token = await talk.access_token()
    while path:
        page = (await talk.get(path, token)).json()
        assert 1 <= len(page["items"]) <= 2
        found += [item["id"] for item in page["items"]]
        path = page["next"]
    assert found == [user.id for user in talk.sandbox.data.users]
    for strange in ("?page=0", "?page=-1", "?page=x", "?page=٣", "?page=99999999999"):
        assert await listed(talk, strange)


@plays("list-users-many")
async def list_users_many(talk: Talk) -> None:
    users = await listed(talk)
    assert isinstance(users, list)
    assert len({user["id"] for user in users}) == 10_000
    scripts = {ord(user["name"][0]) >> 8 for user in users}
    assert len(scripts) >= 8


@plays("list-users-renamed")
async def list_users_renamed(talk: Talk) -> None:
    users = await listed(talk)
    assert isinstance(users, list)
    assert users[0] == {"UserID": "user_42", "DisplayName": "Ada Lovelace", "EmailAddress": "ada@example.com"}


@plays("probe-429")
async def probe_429(talk: Talk) -> None:
    answer = await talk.get(CONVERSATIONS, await talk.access_token())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
