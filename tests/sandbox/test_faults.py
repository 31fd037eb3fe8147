"""Every fault does what its sentence says, and a test here proves it for each one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from airisk_tui.sandbox.airisk.faults import FAULTS, faults_named
from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI
from airisk_tui.sandbox.menu import menu_of
from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS
from tests.sandbox.client import START, SandboxClient, is_plain, is_problem, redirect_pairs, redirect_params
from tests.sandbox.test_token import claims

Check = Callable[[SandboxClient], Awaitable[None]]
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
    async with SandboxClient(name) as client:
        await CHECKS[name](client)


def test_no_check_is_left_over() -> None:
    assert CHECKS.keys() == FAULTS.keys()


@plays("denied")
async def denied(client: SandboxClient) -> None:
    answer = redirect_params(await client.authorize(state="s"))
    assert (answer["error"], answer["state"], "code" in answer) == ("access_denied", "s", False)
    assert answer["error_description"]


@plays("error-in-redirect")
async def error_in_redirect(client: SandboxClient) -> None:
    answer = redirect_params(await client.authorize(state="s"))
    assert (answer["error"], answer["state"], "code" in answer) == ("server_error", "s", False)


@plays("json-error")
async def json_error(client: SandboxClient) -> None:
    answer = await client.authorize()
    assert (answer.status_code, answer.json()["error"]) == (400, "server_error")
    assert is_problem(await client.authorize(client_id="nobody"), 401)


@plays("login-page")
async def login_page(client: SandboxClient) -> None:
    answer = await client.authorize()
    assert answer.status_code == 200
    assert "Sign in" in answer.text
    assert "location" not in answer.headers


@plays("fetches-redirect-uri")
async def fetches_redirect_uri(client: SandboxClient) -> None:
    answer = await client.authorize()
    assert (answer.status_code, "location" in answer.headers) == (502, False)
    assert answer.text == f"GET {DEMO_REDIRECT_URI} failed: Connection refused (127.0.0.1:8765)"
    assert is_problem(await client.authorize(redirect_uri="http://127.0.0.1:1/not-registered"), 401)


@plays("registered-uri-stray-space")
async def stray_space(client: SandboxClient) -> None:
    assert is_problem(await client.authorize(), 401)
    assert (await client.authorize(redirect_uri=f" {DEMO_REDIRECT_URI}")).status_code == 302


@plays("state-dropped")
async def state_dropped(client: SandboxClient) -> None:
    assert list(redirect_params(await client.authorize(state="s"))) == ["code"]


@plays("state-changed")
async def state_changed(client: SandboxClient) -> None:
    for state in ("s", "aa", ""):
        assert redirect_params(await client.authorize(state=state))["state"] != state


@plays("redirect-other-port")
async def other_port(client: SandboxClient) -> None:
    assert urlsplit((await client.authorize()).headers["location"]).netloc == "127.0.0.1:8766"
    default = await client.authorize(redirect_uri="https://localhost/callback")
    assert urlsplit(default.headers["location"]).netloc == "localhost:444"


@plays("duplicate-code")
async def duplicate_code(client: SandboxClient) -> None:
    codes = [value for name, value in redirect_pairs(await client.authorize(state="s")) if name == "code"]
    assert len(set(codes)) == 2


@plays("no-code")
async def no_code(client: SandboxClient) -> None:
    assert (await client.authorize(state="s")).headers["location"] == DEMO_REDIRECT_URI


@plays("code-renamed")
async def code_renamed(client: SandboxClient) -> None:
    answer = redirect_params(await client.authorize(state="s"))
    assert list(answer) == ["auth_code", "state"]
    assert (await client.token(answer["auth_code"])).status_code == 200


@plays("fragment")
async def fragment(client: SandboxClient) -> None:
    parts = urlsplit((await client.authorize(state="s")).headers["location"])
    assert parts.query == ""
    assert list(parse_qs(parts.fragment)) == ["code", "state"]


@plays("code-expired")
@plays("code-used")
@plays("affinity-lost")
async def invalid_code(client: SandboxClient) -> None:
    assert is_plain(await client.token(await client.code()), "Invalid Code")


async def test_affinity_lost_shows_in_the_cookie() -> None:
    async with SandboxClient("affinity-lost") as client:
        first, second = await client.authorize(), await client.token("any")
        assert first.cookies["ARRAffinity"] != second.cookies["ARRAffinity"]
        code = redirect_params(first)["code"]
        kept = await client.token(code, headers={"Cookie": f"ARRAffinity={first.cookies['ARRAffinity']}"})
        assert (kept.status_code, kept.cookies["ARRAffinity"]) == (200, first.cookies["ARRAffinity"])
    async with SandboxClient() as client:
        first, second = await client.authorize(), await client.token("any")
        assert first.cookies["ARRAffinity"] == second.cookies["ARRAffinity"]


@plays("userid-ignored")
async def userid_ignored(client: SandboxClient) -> None:
    token = await client.access_token(userid="user_42")
    assert claims(token)["sub"] == "app:demo-app"
    assert is_problem(await client.get(CONVERSATIONS, token), 403)


@plays("other-user")
async def other_user(client: SandboxClient) -> None:
    assert claims(await client.access_token(userid="user_42"))["sub"] == "user_7"
    assert claims(await client.access_token(userid="user_7"))["sub"] == "user_42"
    assert claims(await client.access_token())["kind"] == "generic"


@plays("userid-second-leg-only")
async def second_leg_only(client: SandboxClient) -> None:
    assert (await client.authorize(userid="user_0")).status_code == 302
    code = await client.code()
    assert is_plain(await client.token(code), "Invalid userid")
    assert is_plain(await client.token(code, userid="user_0"), "Invalid userid")
    answer = await client.token(code, userid="user_42")
    assert claims(answer.json()["access_token"])["sub"] == "user_42"


@plays("slow")
@plays("probe-slow")
async def slow(client: SandboxClient) -> None:
    client.sandbox.slow_seconds = 30.0
    quick = "slow" not in {fault.name for fault in client.sandbox.faults}
    if quick:
        assert (await client.authorize()).status_code == 302
    for asked in (client.get(USERS, "any"), *(() if quick else (client.authorize(), client.token("any")))):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asked, 0.02)


@plays("server-error-html")
async def server_error_html(client: SandboxClient) -> None:
    answer = await client.token("any")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")


@plays("not-a-token")
async def not_a_token(client: SandboxClient) -> None:
    answer = await client.token("any")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


@plays("connection-reset")
async def connection_reset(client: SandboxClient) -> None:
    code = await client.code()
    with pytest.raises(ConnectionResetError):
        await client.token(code)


@plays("token-404")
async def token_404(client: SandboxClient) -> None:
    answer = await client.token(await client.code())
    assert (answer.status_code, answer.content) == (404, b"")


@plays("token-307")
async def token_307(client: SandboxClient) -> None:
    code = await client.code()
    answer = await client.token(code)
    assert answer.status_code == 307
    fields = {"client_id": "demo-app", "client_secret": "sandbox-secret-not-for-production", "code": code}
    followed = await client.http.post(answer.headers["location"], data={**fields, "redirect_uri": DEMO_REDIRECT_URI})
    assert followed.json()["access_token"]


@plays("token-error-json")
async def token_error_json(client: SandboxClient) -> None:
    answer = await client.token(await client.code())
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@plays("token-200-error")
async def token_200_error(client: SandboxClient) -> None:
    answer = await client.token(await client.code())
    assert (answer.status_code, answer.json()["error"]) == (200, "invalid_grant")


@plays("form-refused")
async def form_refused(client: SandboxClient) -> None:
    code = await client.code()
    assert is_plain(await client.token(code, "form"), "Invalid client_id")
    assert (await client.token(code, "json")).status_code == 200


@plays("json-refused")
async def json_refused(client: SandboxClient) -> None:
    code = await client.code()
    assert is_plain(await client.token(code, "json"), "Invalid client_id")
    assert (await client.token(code, "form")).status_code == 200


async def issued(client: SandboxClient) -> dict[str, object]:
    answer = await client.token(await client.code())
    assert answer.status_code == 200
    return dict(answer.json())


@plays("access-code")
async def access_code(client: SandboxClient) -> None:
    assert list(await issued(client)) == ["access_code", "expiration"]


@plays("no-expiration")
async def no_expiration(client: SandboxClient) -> None:
    assert list(await issued(client)) == ["access_token"]


@plays("expiration-past")
async def expiration_past(client: SandboxClient) -> None:
    assert (await issued(client))["expiration"] == "2025-06-15T14:06:40Z"


@plays("expiration-no-zone")
async def expiration_no_zone(client: SandboxClient) -> None:
    assert (await issued(client))["expiration"] == "2025-06-15T16:06:40"


@plays("expiration-number")
async def expiration_number(client: SandboxClient) -> None:
    assert (await issued(client))["expiration"] == int(START) + 3600


@plays("expires-in")
async def expires_in(client: SandboxClient) -> None:
    body = await issued(client)
    assert body.pop("access_token")
    assert body == {"token_type": "Bearer", "expires_in": 3600}


@plays("clock-skew")
async def clock_skew(client: SandboxClient) -> None:
    answer = await client.token(await client.code())
    assert answer.headers["date"] == "Sun, 15 Jun 2025 15:01:40 GMT"
    assert answer.json()["expiration"] == "2025-06-15T16:01:40Z"


@plays("generic-accepted-everywhere")
async def generic_everywhere(client: SandboxClient) -> None:
    assert (await client.get(CONVERSATIONS, await client.access_token())).status_code == 200


async def listed(client: SandboxClient, query: str = "") -> object:
    answer = await client.get(USERS + query, await client.access_token())
    assert answer.status_code == 200
    return answer.json()


@plays("list-users-empty")
async def list_users_empty(client: SandboxClient) -> None:
    assert await listed(client) == []


@plays("list-users-paged")
async def list_users_paged(client: SandboxClient) -> None:
    path: str | None = USERS
    found: list[str] = []
    token = await client.access_token()
    while path:
        page = (await client.get(path, token)).json()
        assert 1 <= len(page["items"]) <= 2
        found += [item["id"] for item in page["items"]]
        path = page["next"]
    assert found == [user.id for user in client.sandbox.data.users]
    for strange in ("?page=0", "?page=-1", "?page=x", "?page=٣", "?page=99999999999"):
        assert await listed(client, strange)


@plays("list-users-many")
async def list_users_many(client: SandboxClient) -> None:
    users = await listed(client)
    assert isinstance(users, list)
    assert len({user["id"] for user in users}) == 10_000
    scripts = {ord(user["name"][0]) >> 8 for user in users}
    assert len(scripts) >= 8


@plays("list-users-renamed")
async def list_users_renamed(client: SandboxClient) -> None:
    users = await listed(client)
    assert isinstance(users, list)
    assert users[0] == {"UserID": "user_42", "DisplayName": "Ada Lovelace", "EmailAddress": "ada@example.com"}


@plays("conversations-moved")
async def conversations_moved(client: SandboxClient) -> None:
    token = await client.access_token(userid="user_42")
    paths = (CONVERSATIONS, "/api/Chat/GetConversations")
    assert [(await client.get(path, token)).status_code for path in paths] == [404, 200]


def refuses(name: str, status: int, *words: str) -> None:
    """GetConversations refuses a user's token with this status, and its WWW-Authenticate holds these words."""

    @plays(name)
    async def refused(client: SandboxClient) -> None:
        answer = await client.get(CONVERSATIONS, await client.access_token(userid="user_42"))
        assert answer.status_code == status
        assert all(word in answer.headers["www-authenticate"] for word in words)


refuses("api-audience", 401, "invalid_token", "audience")
refuses("api-scope", 403, "insufficient_scope", "conversations.read")
refuses("authorization-dropped", 401, "Bearer")


@plays("api-login")
async def api_login(client: SandboxClient) -> None:
    answer = await client.get(USERS, await client.access_token())
    assert (answer.status_code, answer.headers["location"]) == (
        302,
        "/Account/Login?ReturnUrl=%2Fapi%2FUsers%2FListUsers",
    )


@plays("start-page")
async def start_page(client: SandboxClient) -> None:
    answer = await client.get(USERS, await client.access_token())
    assert answer.status_code == 200
    assert answer.text.startswith("<!DOCTYPE html>")


@plays("probe-429")
async def probe_429(client: SandboxClient) -> None:
    answer = await client.get(CONVERSATIONS, await client.access_token())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


IN_THE_REDIRECT = {
    "code-undefined": ("code", "undefined"),
    "error-renamed": ("errorCode", "E401"),
    "saml-answer": ("SAMLResponse", ""),
}
IN_THE_ANSWER = {
    "windows-login": (401, "Unauthorized"),
    "maintenance": (503, "maintenance"),
    "code-in-body": (200, f'{{"redirectUrl":"{DEMO_REDIRECT_URI}?code='),
    "answer-posted-as-json": (200, 'method: "POST"'),
    "tunnel-warning": (200, "a tunnel"),
    "token-alone": (200, '"ey'),
    "platform-login": (401, ""),
    "address-refused": (403, "Forbidden"),
    "hostname-unknown": (404, "Web Site not found"),
    "request-filtered": (403, "request is blocked"),
    "token-deeper": (200, '{"data":{"access_token":'),
    "token-in-text": (200, '"body":"{\\"access_token'),
    "expiration-renamed": (200, '"expiresAt":"'),
    "cookie-lost": (403, "cookie is missing"),
    "user-disabled": (400, "account is disabled"),
    "gateway-key": (401, "subscription key"),
    "proof-wanted": (400, "use_dpop_nonce"),
    "refusal-in-success": (200, "Not authorized"),
    "form-repeated": (307, ""),
    "json-surrounded": (200, 'line 12\n{"access_token":'),
    "id-token-alone": (200, '{"id_token":'),
}


@plays("parameters-joined")
async def parameters_joined(client: SandboxClient) -> None:
    assert "&amp;state=s" in (await client.authorize(state="s")).headers["Location"]


def _brings(name: str, value: str) -> Check:
    async def check(client: SandboxClient) -> None:
        answer = redirect_params(await client.authorize(state="s"))
        assert (answer["state"], value in answer[name]) == ("s", True)

    return check


def _answers(where: str, status: int, words: str) -> Check:
    async def check(client: SandboxClient) -> None:
        if where == "authorize":
            answer = await client.authorize()
        elif where == "token":
            answer = await client.token(await client.code())
        else:
            answer = await client.get(USERS, await client.access_token())
        assert (answer.status_code, words in answer.text) == (status, True)

    return check


CHECKS |= {name: _brings(*holds) for name, holds in IN_THE_REDIRECT.items()}
CHECKS |= {name: _answers(FAULTS[name].where, *answered) for name, answered in IN_THE_ANSWER.items()}


async def test_faults_combine() -> None:
    async with SandboxClient(
        "state-dropped", "code-renamed", "expiration-number", "access-code", "form-refused"
    ) as client:
        answer = redirect_params(await client.authorize(state="s"))
        assert list(answer) == ["auth_code"]
        body = (await client.token(answer["auth_code"], "json")).json()
        assert list(body) == ["access_code", "expiration"]
        assert isinstance(body["expiration"], int)


async def test_slow_in_two_places_is_slow_in_both() -> None:
    async with SandboxClient("slow", "probe-slow") as client:
        assert client.sandbox.policy.slow == {"authorize", "token", "access"}


def test_every_fault_is_told_in_one_sentence_and_named_in_kebab_case() -> None:
    for name, fault in FAULTS.items():
        assert name == fault.name == name.lower().replace("_", "-").replace(" ", "-")
        assert fault.sentence.endswith(".")
        assert fault.sentence[0].isupper()


def test_an_unknown_fault_names_the_closest() -> None:
    with pytest.raises(ValueError, match=r"no fault named “state-droped”.*state-dropped"):
        faults_named(["state-droped"])
    with pytest.raises(ValueError, match="list-faults"):
        faults_named(["\x1b[31m"])


def test_a_fault_named_twice_is_played_once() -> None:
    assert [fault.name for fault in faults_named(["slow", "denied", "slow"])] == ["slow", "denied"]


def test_each_server_has_faults_of_its_own() -> None:
    assert menu_of("airisk") is FAULTS
    assert menu_of("standard") is STANDARD_FAULTS
