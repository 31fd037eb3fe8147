"""HARs in the manners of the programs that write them: each its own members, gaps and marks, and each its own failure.

A manner is a function from the entries of `hars.flow` (or the first ones of them) to a file.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, quote

from tests.recording.hars import AUTHORIZE, BASE, CODE, LOCATION, STATE, URI, entry, flow, pairs

Entries = list[dict[str, Any]]

REFRESH = "grant_type=refresh_token&client_id=abc123&refresh_token=r3fresh-of-the-flow"
PROVIDER = (
    f"https://login.example.org/authorize?client_id=upstream&redirect_uri={quote(BASE + '/signin', safe='')}&state=x"
)
HTTP = {"content-type": "text/html"}


def log(entries: Iterable[dict[str, Any]], creator: str, **more: Any) -> bytes:
    members = {"version": "1.2", "creator": {"name": creator, "version": "1"}, "pages": [], "entries": list(entries)}
    return json.dumps({"log": {**members, **more}}).encode()


def to_the_code() -> Entries:
    return flow()[:2]


def unanswered(one: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The entry without an answer. members: of the response."""
    empty = {"headers": [], "cookies": [], "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "statusText": ""}
    return {**one, "response": {"status": 0, **empty, **members}}


def token_refused(body: str, status: int = 400, kind: str = "text/plain") -> dict[str, Any]:
    one = flow()[2]
    one["response"] |= {"status": status, "headers": pairs({"content-type": kind})}
    one["response"]["content"] = {"size": len(body), "mimeType": kind, "text": body}
    return one


def chromium_hsts() -> bytes:
    """The browser itself goes from the http callback to https, where nobody speaks TLS."""
    first, back = to_the_code()
    there = LOCATION.replace("http:", "https:")
    back["response"] |= {
        "status": 307,
        "statusText": "Internal Redirect",
        "headers": pairs({"Location": there, "Non-Authoritative-Reason": "HSTS"}),
        "redirectURL": there,
    }
    gone = unanswered(entry(3, there), _error="net::ERR_SSL_PROTOCOL_ERROR")
    return log([first, back, gone], "WebInspector")


def safari_https_by_itself() -> bytes:
    """The browser goes to https without an entry that says so."""
    first, back = to_the_code()
    back["request"]["url"] = LOCATION.replace("http:", "https:")
    return log([first, unanswered(back)], "WebKit Web Inspector")


def chromium_refused() -> bytes:
    first, back = to_the_code()
    return log([first, unanswered(back, _error="net::ERR_CONNECTION_REFUSED")], "WebInspector")


def chromium_cross_origin() -> bytes:
    """A page that exchanges the code itself, and gets no answer from the other origin."""
    first, back, token = flow()[:3]
    token["request"]["headers"] += pairs({"Origin": "http://127.0.0.1:8765"})
    return log([first, back, unanswered(token, _error="net::ERR_FAILED")], "WebInspector")


def chromium_token_refused() -> bytes:
    return log([*to_the_code(), token_refused("Invalid Code")], "WebInspector")


def chromium_body_gone() -> bytes:
    """Bodies that the network panel dropped when the page was left."""
    entries = flow()
    del entries[2]["response"]["content"]["text"]
    entries[2]["response"]["content"]["size"] = 0
    return log(entries, "WebInspector")


def firefox_refused() -> bytes:
    """Firefox says nothing of why."""
    first, back = to_the_code()
    entries = [first, {**unanswered(back), "_securityState": "insecure"}]
    return log(entries, "Firefox", browser={"name": "Firefox", "version": "150"})


def firefox_without_bodies() -> bytes:
    entries = flow()
    for one in entries:
        one["response"]["content"] = {
            "size": 120,
            "mimeType": "application/json",
            "comment": "Response bodies are not included.",
        }
    return log(entries, "Firefox", browser={"name": "Firefox", "version": "150"})


def safari_refused() -> bytes:
    first, back = to_the_code()
    first |= {"_fetchType": "Network Load", "_priority": "high"}
    return log([first, {**unanswered(back), "_error": "Could not connect to the server."}], "WebKit Web Inspector")


def charles() -> bytes:
    """Fields as a list alone, and everything whole."""
    entries = flow()
    for one in entries:
        one |= {"_charlesStatus": "COMPLETE"}
        post = one["request"].pop("postData", None)
        if post:
            params = [{"name": name, "value": value} for name, value in parse_qsl(post["text"])]
            one["request"]["postData"] = {"mimeType": post["mimeType"], "params": params}
    return log(entries, "Charles Proxy")


def fiddler_unreached() -> bytes:
    """Fiddler answers in the place of a server that it cannot reach, and numbers its sessions in comments."""
    first, back = to_the_code()
    words = "[Fiddler] The connection to '127.0.0.1' failed. <br />Error: ConnectionRefused (0x274d). "
    back["response"] |= {"status": 502, "statusText": "Fiddler - Connection Failed", "headers": pairs(HTTP)}
    back["response"]["content"] = {"size": len(words), "mimeType": "text/html", "text": words}
    first["comment"], back["comment"] = "[#12]", "[#13]"
    return log([first, back], "Fiddler")


def mitmproxy_refused() -> bytes:
    first, back = to_the_code()
    gone = unanswered(back, _error="[Errno 111] Connect call failed ('127.0.0.1', 8765)", content={})
    return log([first, gone], "mitmproxy")


def mitmproxy_page_of_the_log_in() -> bytes:
    """The redirect comes from a page of the log-in, whose body repeats it, and a cookie repeats the state."""
    first, back, *rest = flow()
    first["response"] |= {
        "status": 302,
        "headers": pairs({"Location": "/login", "Set-Cookie": f"oauth_state={STATE}; Path=/"}),
    }
    first["response"]["redirectURL"] = "/login"
    page = f'<p>You should be redirected to <a href="{LOCATION.replace("&", "&amp;")}">{LOCATION}</a>.</p>'
    answer = {"Location": LOCATION, **HTTP}
    login = entry(1.5, f"{BASE}/login", 302, "POST", answer=answer, body=page, post="user=ada&password=lovelace-1843")
    login["response"]["redirectURL"] = LOCATION
    return log([first, login, back, *rest], "mitmproxy")


def playwright_without_content() -> bytes:
    entries = flow()
    for one in entries:
        one["response"]["content"] = {"size": -1, "mimeType": "application/json"}
        one["response"]["_transferSize"] = 300
    return log(entries, "Playwright", browser={"name": "chromium", "version": "140"})


def playwright_refused() -> bytes:
    first, back = to_the_code()
    return log([first, unanswered(back, status=-1, _failureText="net::ERR_CONNECTION_REFUSED")], "Playwright")


def chrome_har() -> bytes:
    """sitespeed.io's: sizes, and no bodies."""
    entries = flow()
    for one in entries:
        one["response"]["content"].pop("text")
        one["response"]["content"]["size"] = 180
        one |= {"_initiator": '{"type":"other"}', "_initiator_type": "other"}
    return log(entries, "chrome-har")


def browsermob_timed_out() -> bytes:
    *first, token = flow()[:3]
    return log([*first, unanswered(token, comment="Timed out waiting for a response")], "BrowserMob Proxy")


def insomnia() -> bytes:
    """A token request by hand, in JSON."""
    one = flow()[2]
    fields = dict(parse_qsl(one["request"]["postData"]["text"]))
    one["request"]["postData"] = {"mimeType": "application/json", "text": json.dumps(fields), "params": []}
    one["comment"] = "Token"
    return log([one], "Insomnia REST Client")


def proxyman_base64() -> bytes:
    entries = flow()
    for one in entries:
        content = one["response"]["content"]
        content["text"] = base64.b64encode(content["text"].encode()).decode()
        content["encoding"] = "base64"
    return log(entries, "Proxyman")


def zap_denied() -> bytes:
    first = entry(1, AUTHORIZE, 302, answer={"location": f"{URI}?error=access_denied&state={STATE}"})
    first |= {"_zapMessageId": 1, "_zapMessageNote": "", "_zapMessageType": 1}
    return log([first], "ZAP")


def another_provider() -> bytes:
    first, back, *rest = flow()
    first["response"] |= {"headers": pairs({"Location": PROVIDER}), "redirectURL": PROVIDER}
    signed_in = f"{BASE}/signin?code=code-of-the-provider&state=x"
    there = entry(1.2, PROVIDER, 302, answer={"location": signed_in})
    here = entry(1.4, signed_in, 302, answer={"location": LOCATION})
    return log([first, there, here, back, *rest], "WebInspector")


def refresh_refused() -> bytes:
    late = entry(9, f"{BASE}/api/oauth2/Token", 400, "POST", answer=HTTP, body="Invalid Code", post=REFRESH)
    return log([*flow(), late], "WebInspector")


def exchanged_twice() -> bytes:
    again = token_refused("Invalid Code") | {"startedDateTime": "2026-11-24T10:15:03.500Z"}
    return log([*flow()[:3], again], "WebInspector")


def application_failed() -> bytes:
    first, back = to_the_code()
    back["response"] |= {"status": 500}
    return log([first, back], "WebInspector")


def at_the_log_in() -> bytes:
    first = entry(1, AUTHORIZE, 302, answer={"location": f"{BASE}/Account/Login?ReturnUrl=%2Fapi%2Foauth2"})
    page = entry(2, f"{BASE}/Account/Login?ReturnUrl=%2Fapi%2Foauth2", 200, answer=HTTP, body="<form>")
    return log([first, page], "WebInspector")


def altered_code() -> bytes:
    """The client encodes the code once too often."""
    *first, token = [*to_the_code(), token_refused("Invalid Code")]
    token["request"]["postData"]["text"] = token["request"]["postData"]["text"].replace(
        f"code={CODE}", f"code={CODE}%253D"
    )
    return log([*first, token], "WebInspector")


def stale_token() -> bytes:
    """The application goes on with the token that it had before."""
    old = {"authorization": "Bearer t0ken-of-yesterday-0123456789"}
    return log([*flow()[:3], entry(4, f"{BASE}/api/Users/ListUsers", 401, headers=old)], "WebInspector")


def sanitised(mark: str) -> Callable[[], bytes]:
    """The same mark in every secret's place, as sanitisers write it."""

    def write() -> bytes:
        text = json.dumps(flow())
        token = json.loads(flow()[2]["response"]["content"]["text"])["access_token"]
        for secret in (CODE, STATE, token, "gX1fBat3bV-client-secret"):
            text = text.replace(secret, mark)
        return log(json.loads(text), "har-sanitizer")

    return write


def everything_sanitised() -> bytes:
    """Parameters, dates and addresses, too."""
    text = sanitised("[redacted]")().decode().replace(quote(URI, safe=""), "%5Bredacted%5D")
    for value in ("abc123", "user_42", "2026-11-24T12:15:00Z"):
        text = text.replace(value, "[redacted]")
    return text.encode()


def bodies_sanitised() -> bytes:
    entries = flow()
    for one in entries:
        one["response"]["content"]["text"] = "[redacted]"
        if "postData" in one["request"]:
            one["request"]["postData"]["text"] = "[redacted]"
    return log(entries, "har-sanitizer")


def headers_sanitised() -> bytes:
    entries = flow()
    for one in entries:
        one["response"]["headers"] = [{"name": h["name"], "value": "***"} for h in one["response"]["headers"]]
        one["response"]["redirectURL"] = ""
    return log(entries, "har-sanitizer")


def values_taken_out() -> bytes:
    entries = flow()
    entries[2]["request"]["postData"]["text"] = "client_id=abc123&client_secret=&code="
    for one in entries:
        one["request"]["headers"] = []
    return log(entries, "har-sanitizer")


OK = ("token", ())
"""The outcome, and the codes of the errors and warnings, the first one first."""

WRITERS: dict[str, tuple[Callable[[], bytes], tuple[str, tuple[str, ...]]]] = {
    "chromium, https by itself": (chromium_hsts, ("code", ("callback-upgraded",))),
    "safari, https by itself": (safari_https_by_itself, ("code", ("callback-upgraded",))),
    "chromium, callback refused": (chromium_refused, ("code", ("callback-unreached",))),
    "chromium, cross-origin": (chromium_cross_origin, ("transport", ("cross-origin-refused",))),
    "chromium, token refused": (chromium_token_refused, ("token-refused", ("affinity-left-out",))),
    "chromium, body dropped": (chromium_body_gone, OK),
    "firefox, callback refused": (firefox_refused, ("code", ("callback-unfinished",))),
    "firefox, without bodies": (firefox_without_bodies, OK),
    "safari, callback refused": (safari_refused, ("code", ("callback-unreached",))),
    "charles": (charles, OK),
    "fiddler, callback refused": (fiddler_unreached, ("code", ("callback-unreached",))),
    "mitmproxy, callback refused": (mitmproxy_refused, ("code", ("callback-unreached",))),
    "mitmproxy, a page of the log-in": (mitmproxy_page_of_the_log_in, OK),
    "playwright, without content": (playwright_without_content, OK),
    "playwright, callback refused": (playwright_refused, ("code", ("callback-unreached",))),
    "chrome-har": (chrome_har, OK),
    "browsermob, timed out": (browsermob_timed_out, ("transport", ("no-answer-in-time",))),
    "insomnia, the token request alone": (insomnia, OK),
    "proxyman, base64": (proxyman_base64, OK),
    "zap, denied": (zap_denied, ("authorization-refused", ("access-denied",))),
    "a login at another provider": (another_provider, OK),
    "a refresh that is refused": (refresh_refused, ("token", ("refresh-refused",))),
    "a code that is exchanged twice": (exchanged_twice, ("token", ("code-exchanged-again",))),
    "an application that fails": (application_failed, ("code", ("callback-failed",))),
    "a log-in that is not there": (at_the_log_in, ("authorization-refused", ("login-not-in-file",))),
    "a code that the client altered": (altered_code, ("token-refused", ("code-altered-by-client",))),
    "a token of before": (stale_token, ("access-refused", ("another-token-refused",))),
    "sanitised in brackets": (sanitised("[redacted]"), OK),
    "sanitised in capitals": (sanitised("REDACTED"), OK),
    "sanitised with asterisks": (sanitised("********"), OK),
    "sanitised throughout": (everything_sanitised, OK),
    "sanitised bodies": (bodies_sanitised, OK),
    "sanitised headers": (headers_sanitised, OK),
    "values taken out": (values_taken_out, OK),
    "sanitised by name": (sanitised("[value redacted]"), OK),
}
"""By what is special: the manner, and what is right."""
