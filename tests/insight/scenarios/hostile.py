"""What no server should answer, and an attacker would: disguised addresses, and codes and tokens that are made of what none is."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.secret import SecretView
from tests.insight.plays import browser, direct, inputs, issued, refused, run
from tests.insight.scenarios.answers import FRESH
from tests.insight.scenarios.base import case
from tests.runs import (
    CODE,
    LOCATION,
    OPENED,
    OVER,
    STATE,
    URI,
    bound,
    callback,
    exchanged,
    good,
    jwt,
    redirect,
    stray,
    token_response,
)

case(
    "redirect-foreign",
    lambda: direct(redirect(f"https://evil.example/cb?code=x&state={STATE}")),
    "whose host “evil.example” is",
)
case(
    "redirect-foreign",
    lambda: direct(redirect(f"https://evil.example/cb?error=access_denied&state={STATE}")),
    name="a refusal to another host",
)
case(
    "redirect-elsewhere",
    lambda: direct(redirect(f"file:///etc/passwd?code=x&state={STATE}")),
    "Have the server redirect to exactly",
    name="an address without a host",
)
case(
    "redirect-disguised",
    lambda: direct(redirect(f"http://127.0.0.1:8765\\@evil.example/cb?code=x&state={STATE}")),
    "Do not open",
)
case(
    "redirect-disguised",
    lambda: direct(redirect(f"http://evil.example\\@127.0.0.1:8765/callback?code=x&state={STATE}")),
    "exactly “http://127.0.0.1:8765/callback”",
    name="a host that only other programs take for ours",
)
case(
    "redirect-disguised",
    lambda: direct(redirect(f"http://127.0.0.1@evil.example/?code=x&state={STATE}")),
    name="a user name",
)
case(
    "redirect-disguised", lambda: direct(redirect(f"http:\\\\evil\\cb?code=x&state={STATE}")), name="backslashes alone"
)
case("redirect-disguised", lambda: with_user_name(), name="a user name before our own host")
case(
    "redirect-foreign",
    lambda: direct(redirect(f"//evil.example/cb?code=x&state={STATE}")),
    "evil.example",
    name="no scheme",
)
case("location-repeated", lambda: two_locations(), "one Location")
case(
    "callback-other-host",
    lambda: browser(stray("host", f"/callback?code=x&state={STATE}", "evil.example"), OVER),
    "forward the port",
    name="a foreign host that leads here",
)
case("code-unusable", lambda: browser(callback(f"code=%1B%5B31m&state={STATE}")), "visible ASCII")
case("code-unusable", lambda: direct(redirect(f"{URI}?code=%FF%FE&state={STATE}")), "visible ASCII", name="no UTF-8")
case("code-unusable", lambda: browser(good(code=made_of("hidden"))), "visible ASCII", name="a sealed one")
case("code-odd-characters", lambda: came_with("spaced"), "change nothing")
case("code-odd-characters", lambda: came_with("foreign"), "change nothing", name="a letter beyond ASCII")
case("code-odd-characters", lambda: came_with("blank"), "administrator", name="a blank code")


def with_user_name() -> FlowState:
    mine = inputs(mode="direct")
    there = redirect(
        f"http://user:{SecretView('00000000000000aa', 7).reference}@127.0.0.1:8765/callback?code={CODE.reference}&state={STATE}"
    )
    return direct(there, exchanged(token_response(), mine))


def two_locations() -> FlowState:
    there = redirect(LOCATION)
    twice = replace(there, headers=(*there.headers, ("Location", "http://evil.example/")))
    return direct(twice, exchanged(token_response(), inputs(mode="direct")))


def made_of(characters: Any, fingerprint: str = "0dd0000000000001") -> SecretView:
    return SecretView(fingerprint, 12, characters=characters)


def came_with(characters: Any) -> FlowState:
    """A run whose code is made of these."""
    mine, code = inputs(), made_of(characters)
    return run(mine, bound(), OPENED, good(code=code), exchanged(token_response(), mine, code=code))


case(
    "callback-not-here",
    lambda: run(inputs(redirect_uri="http://localhost.:8765/cb"), OPENED, OVER),
    "127.0.0.1",
    name="this machine in another spelling",
)
case(
    "callback-not-here",
    lambda: run(inputs(redirect_uri="http://127.0.0.2:8765/cb"), OPENED, OVER),
    "127.0.0.1",
    name="a loopback address that is not listened on",
)
case("token-unusable", lambda: refused(token_response({"access_token": "\x1b[31mred"})), "A-Z")
case("token-unusable", lambda: refused(token_response({"access_token": "Bearer abc"})), "A-Z", name="with its scheme")
case("token-unusable", lambda: refused(token_response({"access_token": "   "})), "A-Z", name="a blank token")
case("token-unusable", lambda: refused(token_response({"access_token": "abc\n"})), "A-Z", name="a line break behind it")
case("token-unusable", lambda: issued(token=made_of("foreign")), "A-Z", name="a letter beyond ASCII")
case("token-unusable", lambda: issued(token=made_of("hidden")), "A-Z", name="a sealed one")
case("token-odd-characters", lambda: issued(token=made_of("visible")), "quotation marks")
case("token-odd-characters", lambda: issued(token=made_of("quoted")), "quotation marks off", name="quoted")


def odd(*departures: tuple[str, str]) -> SecretView:
    return SecretView("0dd0000000000002", 40, departures=departures)


case("jwt-unreadable", lambda: issued(token=odd(("claims", "not-base64url"))), "opaque")
case("jwt-unreadable", lambda: issued(token=odd(("claims", "too-deep"))), "opaque", name="deep claims")
case("jwt-repeated-member", lambda: issued(token=odd(("claims", "duplicate-member sub"))), "each member may come once")
case("jwt-odd", lambda: issued(token=odd(("claims", "not-a-number"), ("header", "huge-number"))), "plain JSON")
case("jwt-claim-wrong", lambda: issued(token=jwt({**FRESH, "aud": ["x", None]})), "a list of texts")
case("jwt-claim-wrong", lambda: issued(token=jwt({"exp": 1e300, "nbf": "x"})), "seconds since 1970", name="dates")
case(
    "jwt-claim-wrong", lambda: issued(token=jwt({**FRESH, "sub": 7})), "Have the server write a text", name="a subject"
)
