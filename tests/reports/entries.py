"""HARs, as values: one authorization request, the browser's way back, and one token request."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from tests.reports.report import CLIENT, CODE, SECRET, STATE, TOKEN, URI

BASE = "https://airisk.example.com"
FORM = "application/x-www-form-urlencoded"
AUTHORIZATION = f"{BASE}/api/oauth2?client_id={CLIENT}&redirect_uri={quote(URI, safe='')}&state={STATE}"
BACK = f"{URI}?code={CODE}&state={STATE}"
TOKEN_URL = f"{BASE}/api/oauth2/Token"
FIELDS = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uri": URI, "code": CODE}
DOCUMENT = json.dumps({"access_token": TOKEN, "expiration": "2026-11-27T13:00:00Z"})


def entry(at: int, method: str, url: str, status: int, **more: Any) -> dict[str, Any]:
    """One exchange, so many seconds after noon. headers: of the answer; sent: of the request; content and post: as the file holds
    them; response: members of the answer in place of its own; everything else: members of the entry in place of its own."""
    headers = [{"name": name, "value": value} for name, value in more.pop("headers", {}).items()]
    sent = {"Host": url.split("/")[2], **more.pop("sent", {})}
    content = more.pop("content", {"size": 0, "mimeType": ""})
    post = more.pop("post", None)
    request: dict[str, Any] = {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "headers": [{"name": name, "value": value} for name, value in sent.items()],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": -1,
    }
    response = {
        "status": status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "headers": headers,
        "cookies": [],
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        **more.pop("response", {}),
    }
    if post is not None:
        request["postData"] = post
    timings = {"send": 1, "wait": 40, "receive": 9}
    own = {"startedDateTime": f"2026-11-27T12:00:{at:02}.000Z", "time": 50, "cache": {}, "timings": timings}
    return {**own, "request": request, "response": response, **more}


def authorization(location: str = BACK, **more: Any) -> dict[str, Any]:
    """The authorization request, answered by a redirect."""
    return entry(0, "GET", more.pop("url", AUTHORIZATION), 302, **{"headers": {"Location": location}, **more})


def back(location: str = BACK, status: int = 200, **more: Any) -> dict[str, Any]:
    """The browser at the redirect URI."""
    return entry(1, "GET", location, status, **more)


def form(**changed: str) -> dict[str, Any]:
    """The body of a token request."""
    return {"mimeType": FORM, "text": urlencode({**FIELDS, **changed})}


def json_content(text: str = DOCUMENT) -> dict[str, Any]:
    """The body of an answer in JSON."""
    return {"size": len(text), "mimeType": "application/json", "text": text}


def token(status: int = 200, **more: Any) -> dict[str, Any]:
    """The token request, answered by a token."""
    headers = {"Content-Type": "application/json"}
    return entry(
        2, "POST", TOKEN_URL, status, **{"headers": headers, "content": json_content(), "post": form(), **more}
    )


def har(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A HAR of these entries; without any, of a flow as it is documented."""
    chosen = list(entries or (authorization(), back(), token()))
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "browser", "version": "1"},
            "pages": [],
            "entries": chosen,
            **more,
        }
    }
