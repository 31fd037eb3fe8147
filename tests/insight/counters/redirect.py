"""What the redirect brought: its form, its place, its state, its content, and the refusal in it."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.events import CallbackReceived, StrayRequest
from airisk_tui.oauth.http import Body
from tests.insight.counters.base import came, each, instead, location, swapped, unless
from tests.insight.plays import browser, direct, inputs, run
from tests.insight.scenarios.imported import MINE, READ
from tests.runs import (
    BOUND,
    CODE,
    LOCATION,
    OPENED,
    OVER,
    STATE,
    TOKEN,
    URI,
    callback,
    exchanged,
    good,
    redirect,
    stray,
)

OTHER_PORT = f"http://127.0.0.1:8766/callback?code=x&state={STATE}"

unless("redirect-malformed", location(f"{URI}?code=x&amp;a=b&state={STATE}"))
unless("location-malformed", location(f"{URI}?a=&b&code=x&state={STATE}"))
unless(
    "callback-malformed",
    swapped(StrayRequest, stray("other-path", f"/cb?code=x&state={STATE}")),
    swapped(StrayRequest, good()),
)
unless("redirect-disguised", location(OTHER_PORT))
unless("redirect-relative", location(OTHER_PORT), location(LOCATION), location("//127.0.0.1:8766/callback?code=x"))
unless(
    "error-elsewhere",
    location(f"https://as.example.com/error?error=invalid_client&state={STATE}"),
    location("https://as.example.com/error?error=invalid_client&code=x"),
)
unless("redirect-foreign", location(OTHER_PORT), location("https://evil.example/cb?error=access_denied"))
instead(
    "redirect-foreign",
    lambda: direct(
        redirect(f"https://app.example.com/b?code=x&state={STATE}"), redirect_uri="https://app.example.com/a"
    ),
)
unless("redirect-elsewhere", location(LOCATION), location(f"https://evil.example/cb?code=x&state={STATE}"))

unless("state-altered", came("code=x&state=stranger"), came(f"code=x&state={STATE}"))
unless("state-mismatch", came("code=x&state="), came(f"code=x&state={STATE.upper()}"), of="an old tab")
unless("state-mismatch", of="an old tab", history=(browser(state="stranger", run_id="r0"),))
unless("state-missing", location(f"{URI}?code=x&State={STATE}"), location(f"{URI}?code=x;state={STATE}"))

unless("duplicate-parameter", came("code=a&code=b&state=stranger"), came(f"code=a&state={STATE}"))
unless(
    "answer-in-fragment",
    location(f"{URI}?code=x&state={STATE}#code=y"),
    location(f"{URI}?error=x&state={STATE}#code=y"),
    location(f"{URI}#top"),
)
unless("code-and-error", came(f"code=x&state={STATE}"), came(f"error=y&state={STATE}"))
unless("token-in-redirect", came(f"access_token=x&code=x&state={STATE}"))
instead(
    "code-not-filled-in",
    lambda: run(MINE, READ, callback(f"code=undefined&state={STATE}"), exchanged(token=TOKEN)),
)
unless("other-protocol", came(f"SAMLResponse=x&code=x&state={STATE}"), came(f"SAMLResponse=x&error=x&state={STATE}"))
unless("error-renamed", came(f"errorCode=E1&code=x&state={STATE}"))
unless("error-renamed", came(f"message=All+went+well&state={STATE}"), of="a message that refuses")
unless("form-repeated", each(CallbackReceived, lambda event: form_post(event)))
unless("code-renamed", came(f"auth_code=x&code=y&state={STATE}"))
for agent in (("User-Agent", "Mozilla/5.0 (X11)"), ("Sec-Fetch-Mode", "navigate")):
    instead("callback-by-program", lambda agent=agent: browser(callback("", headers=(agent,)), OVER))
unless(
    "redirect-empty",
    location(f"{URI}?code=abcdef12&state={STATE}"),
    location(f"{URI}?auth_code=abcdef12&state={STATE}"),
    location(f"{URI}?state={STATE}#code=x"),
    location(f"{URI}?error=x&state={STATE}"),
    of="a code under a name that nobody has heard of",
)

ERRORS = {
    "access-denied": "access_denied",
    "unauthorized-client": "unauthorized_client",
    "invalid-client": "invalid_client",
    "unsupported-response-type": "unsupported_response_type",
    "invalid-scope": "invalid_scope",
    "server-error": "server_error",
    "temporarily-unavailable": "temporarily_unavailable",
    "interaction-required": "login_required",
    "invalid-request": "invalid_request",
    "authorization-error-unknown": "quota_exceeded",
}
OF_A_PERSON = {"access-denied", "temporarily-unavailable", "interaction-required"}
for code, error in ERRORS.items():
    unless(code, came(f"error={error}&error_description=The+account+is+locked&state={STATE}"), of=error)
    unless(code, came(f"error={error}&error_description=blocked+by+policy&state={STATE}"), of=error)
    if code not in OF_A_PERSON:
        unless(code, came(f"error={error}&error_description=the+redirect_uri+is+wrong&state={STATE}"), of=error)
unless("authorization-error-unknown", came(f"error=server_error&state={STATE}"), of="quota_exceeded")


def form_post(event: CallbackReceived) -> CallbackReceived:
    """The answer itself stands in the body."""
    query = event.request.url.partition("?")[2]
    return replace(event, request=replace(event.request, url="/callback", body=Body.of(query.encode())))


instead("location-repeated", lambda: direct(redirect(LOCATION)))
instead(
    "forged-answer",
    lambda: run(inputs(), BOUND, OPENED, good(), callback(f"code={CODE.reference}&state={STATE}", at=1.2), exchanged()),
)
