"""HARs as browsers and proxies write them: one flow of AIRisk's among the noise of a web page, in each tool's manner."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

BASE = "https://api.airisk.example.com"
URI = "http://127.0.0.1:8765/callback"
CODE = "SplxlOBeZQQYbYS6WxSbIA"
CLIENT_SECRET = "gX1fBat3bV-client-secret"
STATE = "af0ifjsldkj-state"
TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyXzQyIn0.c2lnbmF0dXJlLXRoYXQtaXMtbmV2ZXIta2VwdA"
COOKIE = "ARRAffinity=0123456789abcdef0123"
PLANTED = (CODE, CLIENT_SECRET, TOKEN, "0123456789abcdef0123")
AUTHORIZE = f"{BASE}/api/oauth2?client_id=abc123&redirect_uri={quote(URI, safe='')}&userid=user_42&state={STATE}"
LOCATION = f"{URI}?code={CODE}&state={STATE}"


def entry(
    second: float,
    url: str,
    status: int = 200,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    answer: dict[str, str] | None = None,
    body: str = "",
    post: str = "",
    media: str = "application/x-www-form-urlencoded",
) -> dict[str, Any]:
    """An entry as Chromium writes it, nothing left out."""
    request: dict[str, Any] = {
        "method": method,
        "url": url,
        "httpVersion": "http/2.0",
        "headers": pairs({":authority": "api.airisk.example.com", **(headers or {})}),
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(post),
    }
    if post:
        request["postData"] = {"mimeType": media, "text": post}
    return {
        "_connectionId": "1",
        "_initiator": {"type": "other"},
        "_priority": "VeryHigh",
        "_resourceType": "document",
        "cache": {},
        "startedDateTime": f"2026-11-24T10:15:{second:06.3f}Z",
        "time": 120.5,
        "request": request,
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "http/2.0",
            "headers": pairs(answer or {}),
            "cookies": [],
            "content": {"size": len(body), "mimeType": (answer or {}).get("content-type", "x-unknown"), "text": body},
            "redirectURL": (answer or {}).get("location", ""),
            "headersSize": -1,
            "bodySize": -1,
            "_transferSize": 300,
            "_error": None,
        },
        "serverIPAddress": "[2001:db8::1]",
        "timings": {
            "blocked": 1.2,
            "dns": -1,
            "ssl": 30,
            "connect": 50,
            "send": 0.1,
            "wait": 60,
            "receive": 9.2,
            "_queued": 1,
        },
    }


def pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def token_post() -> dict[str, Any]:
    form = (
        f"client_id=abc123&client_secret={CLIENT_SECRET}&redirect_uri={quote(URI, safe='')}&code={CODE}&userid=user_42"
    )
    return {"method": "POST", "post": form}


def flow() -> list[dict[str, Any]]:
    """The authorization request, the callback, the token, and two calls with it."""
    answer = json.dumps({"access_token": TOKEN, "expiration": "2026-11-24T12:15:00Z"})
    bearer = {"authorization": f"Bearer {TOKEN}", "cookie": COOKIE}
    return [
        entry(
            1,
            AUTHORIZE,
            302,
            headers={"cookie": COOKIE},
            answer={"location": LOCATION, "set-cookie": f"{COOKIE}; path=/"},
        ),
        entry(2, LOCATION, 200, answer={"content-type": "text/html"}, body="received"),
        entry(
            3, f"{BASE}/api/oauth2/Token", 200, answer={"content-type": "application/json"}, body=answer, **token_post()
        ),
        entry(
            4,
            f"{BASE}/api/Users/ListUsers",
            200,
            headers=bearer,
            answer={"content-type": "application/json"},
            body='[{"id": "user_42", "name": "Ada"}]',
        ),
        entry(
            5,
            f"{BASE}/api/GetConversations",
            200,
            headers=bearer,
            answer={"content-type": "application/json"},
            body="[]",
        ),
    ]


def noise(count: int, size: int = 200) -> list[dict[str, Any]]:
    """What a page loads besides."""
    kinds = ("script.js", "style.css", "image.png", "telemetry?state=ok", "font.woff2", "search?q=code")
    return [
        entry(0.5 + index % 50, f"https://cdn.example.com/{index}/{kinds[index % len(kinds)]}", body="x" * size)
        for index in range(count)
    ]


def har(entries: list[dict[str, Any]], creator: str = "WebInspector") -> bytes:
    log = {"version": "1.2", "creator": {"name": creator, "version": "1"}, "pages": [], "entries": entries}
    return json.dumps({"log": log}, indent=2).encode()


def chromium() -> bytes:
    return har([*noise(200), *flow(), *noise(100)])


def chromium_sanitised() -> bytes:
    """Without cookies and credentials."""
    entries = flow()
    for one in entries:
        for side in ("request", "response"):
            kept = [h for h in one[side]["headers"] if h["name"] not in ("cookie", "set-cookie", "authorization")]
            one[side]["headers"] = kept
    return har([*noise(50), *entries])


def firefox() -> bytes:
    """Parameters in the place of text, local times, no size known, browser named."""
    entries = flow()
    for one in entries:
        one["startedDateTime"] = one["startedDateTime"].replace("Z", "+00:00").replace("T10", "T10")
        one["_securityState"] = "secure"
        one["pageref"] = "page_1"
        one["response"]["httpVersion"] = one["request"]["httpVersion"] = "HTTP/2"
        one["response"]["content"]["size"] = -1 if not one["response"]["content"]["text"] else 5
        one["timings"] = {"blocked": 0, "dns": 0, "connect": 0, "ssl": 0, "send": 0, "wait": 100, "receive": 0}
        post = one["request"].pop("postData", None)
        if post:
            params = [dict(zip(("name", "value"), part.split("="), strict=True)) for part in post["text"].split("&")]
            for param in params:
                param["value"] = param["value"].replace("%3A", ":").replace("%2F", "/")
            one["request"]["postData"] = {"mimeType": post["mimeType"], "params": params, "text": ""}
    document = json.loads(har([*noise(50), *entries], "Firefox"))
    document["log"]["browser"] = {"name": "Firefox", "version": "153"}
    return json.dumps(document).encode()


def mitmproxy() -> bytes:
    """Bodies in base64, microseconds, and no callback: the proxy sees no loopback traffic."""
    entries = [one for one in flow() if not one["request"]["url"].startswith(URI)]
    for one in entries:
        one["startedDateTime"] = one["startedDateTime"].replace("Z", "123+00:00")
        content = one["response"]["content"]
        content |= {"text": base64.b64encode(content["text"].encode()).decode(), "encoding": "base64"}
        one["serverIPAddress"] = "192.0.2.7"
        del one["response"]["redirectURL"]
    return har([*noise(20), *entries], "mitmproxy")


def pairs_of_lists() -> bytes:
    """Headers as lists of two, as some exporters write them; the response of the authorization request is lost."""
    entries = flow()
    for one in entries:
        for side in ("request", "response"):
            one[side]["headers"] = [[h["name"], h["value"]] for h in one[side]["headers"]]
    entries[0]["response"] = {}
    return har(entries)


MANNERS = {
    "chromium": chromium,
    "chromium-sanitised": chromium_sanitised,
    "firefox": firefox,
    "mitmproxy": mitmproxy,
    "pairs-of-lists": pairs_of_lists,
}
