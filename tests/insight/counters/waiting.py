"""The wait for the redirect: what came to the listener, to the wrong place, or not at all; and the browser's way back in a file."""

from __future__ import annotations

from airisk_tui.flow.events import BrowserOpened, PasteRefused, StrayRequest, TimedOut
from airisk_tui.flow.start.known import Host
from airisk_tui.oauth.http import HttpRequest
from tests.insight.counters.base import before_end, fault, given, instead, status, swapped, unless
from tests.insight.plays import direct
from tests.insight.scenarios.imported import answered, no_token_request
from tests.runs import CODE, OPENED, STATE, URI, callback, good, redirect, response, stray

QUERY = f"code={CODE.reference}&state={STATE}"
PASTED = callback(QUERY, path="", via="paste")


def heard(method: str) -> StrayRequest:
    """A request at the callback's path by this method."""
    return StrayRequest(
        at=1.0, request=HttpRequest(method, "/callback", (("Host", "127.0.0.1:8765"),)), reason="method"
    )


unless("callback-upgraded", fault(kind="refused", reason=""))
unless("callback-blocked", fault(reason=""))
unless("callback-unreached", fault(kind="browser", reason="blocked"))
instead("callback-unreached", lambda: no_token_request(answered(response(200))))
unless("callback-failed", status(200), status(302))
instead("callback-led-to-login", lambda: no_token_request(answered(redirect("/home"))))

unless(
    "callback-other-path",
    swapped(StrayRequest, stray("other-path", "/cb?code=x&state=stranger")),
    swapped(StrayRequest, stray("other-path", f"/cb?state={STATE}")),
)
unless(
    "callback-other-host",
    swapped(StrayRequest, stray("host", "/callback?code=x&state=stranger", "localhost:8765")),
    given(listen="127.0.0.1:9000"),
)
unless("tls-on-http", swapped(StrayRequest, stray("bad-request")))
unless("tls-on-http", registered=(URI,))
unless("http-on-https", swapped(StrayRequest, stray("tls-refused", "")))
unless("callback-certificate-refused", swapped(StrayRequest), swapped(StrayRequest, good()))
unless(
    "callback-too-large",
    swapped(StrayRequest, stray("body-too-large")),
    swapped(StrayRequest, stray("target-too-large")),
)
for code in (
    *("callback-not-a-form", "callback-preflight-only", "callback-other-method"),
    *("callback-prefetched-only", "callback-broken-off"),
):
    unless(code, swapped(TimedOut, good(at=2.0)))
unless("callback-preflight-only", before_end(heard("HEAD")))
unless("callback-prefetched-only", swapped(StrayRequest, good()))

unless("browser-not-opened", swapped(BrowserOpened, OPENED))
unless("callback-not-here", given(redirect_uri=URI), given(listen="127.0.0.1:9000"))
unless("redirect-uri-not-accepted", registered=(URI,))
unless("redirect-uri-not-accepted", swapped(TimedOut, good(at=2.0)))
unless("paste-refused", swapped(PasteRefused, PASTED), swapped(TimedOut, good(at=2.5)))
unless("nothing-pasted", before_end(PASTED), before_end(good(at=2.0)), of="nothing-pasted")
unless("callback-not-passed-on", before_end(stray()), before_end(stray("other-path", "/x")))
unless("browser-elsewhere", host=Host())
unless("browser-elsewhere", swapped(BrowserOpened, OPENED), host=Host(container=True))
unless("redirect-lost", history=())
unless("redirect-lost", history=(direct(redirect(URI + "/?code=x"), redirect_uri=URI + "/", state=None, run_id="r0"),))
unless(
    "nobody-came",
    before_end(stray("prefetch", "/callback?code=x")),
    before_end(stray("other-path", f"/cb?{QUERY}")),
    before_end(good(at=2.0)),
    before_end(PasteRefused(at=2.0, reason="error-page", length=29, kind="url")),
    swapped(BrowserOpened, BrowserOpened(at=0.2, ok=False)),
    of="nobody-came",
)
unless("callback-unfinished", fault(reason="blocked"), fault(kind="refused"))
instead("callback-unfinished", lambda: no_token_request(answered(response(200))))
