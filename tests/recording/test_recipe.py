"""A recipe has every option that is not as it would be by itself, and no other; what is secret is left out and named."""

from __future__ import annotations

import tomllib
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.start.inputs import Settings
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS, Endpoint
from airisk_tui.oauth.dialect import AIRISK, STANDARD
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.recording.recipe import recipe_of
from tests.runs import SECRET, URI

PLAIN = Settings(
    environment="sandbox", base_url="http://127.0.0.1:9000", client_id="demo-app", redirect_uri=URI, state="s"
)


def told(settings: Settings, *registered: str) -> dict[str, Any]:
    (run,) = tomllib.loads(recipe_of(settings, "one", registered))["run"]
    assert run.pop("name") == "one"
    return dict(run)


def test_what_a_run_has_by_itself_is_not_told() -> None:
    assert told(PLAIN, URI) == {"env": "sandbox", "client-id": "demo-app", "mode": "browser"}
    assert told(PLAIN) == {"env": "sandbox", "client-id": "demo-app", "redirect-uri": URI, "mode": "browser"}
    assert "# The environment" not in recipe_of(PLAIN, "one")


def test_every_option_that_differs_is_told() -> None:
    own = Endpoint("GET", "/mine", generic="allowed", user_specific="refused")
    settings = replace(
        PLAIN,
        environment="test",
        userid="user_42",
        state=None,
        encoding="json",
        client_auth="basic",
        client_key="key.pem",
        pkce="on",
        par="off",
        response_mode="form_post",
        then=("refresh", "userinfo"),
        mode="paste",
        dialect=replace(AIRISK, token="t", pkce=True, name="mine"),
        timeout=7.0,
        exchange=False,
        carry_cookies=True,
        probes=(LIST_USERS, own),
        params=Params((("a", "b"), ("c", SECRET.reference))),
        token_params=Params((("d", "e"),)),
        edits=(Edit("token", "header", "X-A", "set", "b"), Edit("token", "header", "X-B", "set", SECRET.reference)),
    )
    assert told(settings, URI) == {
        "base-url": PLAIN.base_url,
        "client-id": "demo-app",
        "redirect-uri": URI,
        "userid": "user_42",
        "state": "none",
        "body": "json",
        "client-auth": "basic",
        "client-key": "key.pem",
        "pkce": "on",
        "par": "off",
        "response-mode": "form_post",
        "then": "refresh,userinfo",
        "mode": "paste",
        "field": {"token": "t", "pkce": "true"},
        "timeout": 7.0,
        "no-exchange": True,
        "carry-cookies": True,
        "call": ["GET /api/Users/ListUsers generic=allowed user=allowed", "GET /mine generic=allowed user=refused"],
        "param": ["a=b"],
        "token-param": ["d=e"],
        "edits": ["set token.header.X-A=b"],
    }
    text = recipe_of(settings, "one")
    assert "# The environment was test." in text
    assert text.startswith("# airisk-tui run --recipe FILE")
    assert '[\n    "set token.header.X-A=b",\n]' in text, "an edit a line"
    assert "# left out, because its value is a secret: set token.header.X-B" in text
    assert told(replace(settings, probes=(replace(own, path=f"/{SECRET.reference}"),))).get("call") is None
    assert told(replace(PLAIN, probes=(GET_CONVERSATIONS,)))["call"]


def test_a_server_that_is_known_by_its_metadata_is_told_by_its_issuer() -> None:
    issuer = "https://id.example.com"
    settings = replace(
        PLAIN, environment="id", base_url=issuer, issuer=issuer, dialect=STANDARD, scope=None, nonce=None
    )
    assert told(settings) == {
        "issuer": issuer,
        "client-id": "demo-app",
        "redirect-uri": URI,
        "scope": "none",
        "nonce": "none",
        "mode": "browser",
    }
    assert told(replace(settings, scope="openid", nonce=""))["scope"] == "openid"
    assert told(replace(settings, dialect=replace(STANDARD, pkce=False)))["field"] == {"pkce": "false"}
