"""What came to the callback's path, and was no answer."""

from __future__ import annotations

from airisk_tui.flow.events import StrayRequest
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import Body, HttpRequest
from tests.insight.plays import browser
from tests.insight.scenarios.base import JSON, case
from tests.runs import CODE, OVER, STATE, stray

MULTIPART = "multipart/form-data; boundary=x"
PARTS = "".join(
    f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    for name, value in (("code", CODE.reference), ("state", STATE))
)


def asked(
    method: str, reason: str, *headers: tuple[str, str], body: str = "", target: str = "/callback", over: bool = True
) -> FlowState:
    """A run whose listener heard this request and nothing else."""
    heads = (("Host", "127.0.0.1:8765"), ("Origin", "https://login.example.com"), *headers)
    request = HttpRequest(method, target, heads, Body.of(body.encode()))
    heard = StrayRequest(at=0.9, request=request, reason=reason, peer="127.0.0.1:50001")
    return browser(heard, OVER) if over else browser(heard)


def posted(kind: str, body: str) -> FlowState:
    return asked("POST", "not-a-form", ("Content-Type", kind), body=body)


case(
    "callback-not-a-form",
    lambda: posted(JSON, f'{{"result": {{"code": "{CODE.reference}", "state": "{STATE}"}}}}'),
    "post `code` and `state` as application/x-www-form-urlencoded",
    name="JSON",
)
case(
    "callback-not-a-form",
    lambda: posted(MULTIPART, PARTS + "--x--\r\n"),
    "post `code` and `state` as",
    name="multipart",
)
case("callback-not-a-form", lambda: posted("text/plain", "hello"), "post the answer as", name="a text")
case("callback-not-a-form", lambda: asked("POST", "not-a-form"), "post the answer as", name="a POST without a body")
case(
    "callback-preflight-only",
    lambda: asked("OPTIONS", "method", ("Access-Control-Request-Method", "POST")),
    "not by a script",
)
case("callback-other-method", lambda: asked("HEAD", "method"), "follows the redirect", name="HEAD alone")
case("callback-other-method", lambda: asked("PUT", "method"), "follows the redirect", name="PUT")
case("callback-prefetched-only", lambda: browser(stray("prefetch", "/callback?code=x"), OVER), "preloading")
case("callback-broken-off", lambda: asked("POST", "cut-off"), "Run again")
