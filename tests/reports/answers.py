"""What a deployment answers, as values: each function gives an `Answer`.

In every text `{uri}`, `{code}`, `{state}` and `{host}` stand for what this run sent.
"""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from http.client import responses
from typing import Any

from joserfc.jwk import ECKey
from joserfc.jwt import encode

from tests.reports.report import CODE, TOKEN, Answer, Asked

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
USERS = [{"id": "user_42", "name": "Ada"}, {"id": "user_7", "name": "Grace"}]


def filled(text: str, asked: Asked) -> str:
    """The text with what this run sent."""
    query = asked.query
    values = {"{uri}": query.get("redirect_uri", ""), "{code}": CODE, "{state}": query.get("state", "")}
    for name, value in (*values.items(), ("{host}", asked.headers.get("host", ""))):
        text = text.replace(name, value)
    return text


def reply(status: str | int, body: str | bytes, headers: tuple[str, ...]) -> bytes:
    """A whole HTTP answer. status: a number, or with a reason of its own."""
    data = body.encode() if isinstance(body, str) else body
    line = f"{status} {responses.get(status, '')}" if isinstance(status, int) else status
    date = datetime.now(UTC).strftime("Date: %a, %d %b %Y %H:%M:%S GMT")
    own_date = any(header.lower().startswith("date:") for header in headers)
    lines = [f"HTTP/1.1 {line}", *(() if own_date else (date,)), *headers, f"Content-Length: {len(data)}"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + data


def says(status: str | int, body: str = "", *headers: str, kind: str = "text/plain; charset=utf-8") -> Answer:
    """A body as it is. kind: its Content-Type, "" for none."""
    typed = (f"Content-Type: {kind}",) if kind else ()

    def answer(asked: Asked) -> bytes:
        return reply(status, filled(body, asked), tuple(filled(header, asked) for header in (*typed, *headers)))

    return answer


def page(status: str | int, body: str, *headers: str) -> Answer:
    """A web page."""
    return says(status, f"<!DOCTYPE html><html>{body}</html>", *headers, kind=HTML)


def as_json(status: str | int, value: Any, *headers: str, kind: str = JSON) -> Answer:
    """A value as JSON; what can be called in it is called with the time."""
    return lambda asked: says(status, json.dumps(at_time(value)), *headers, kind=kind)(asked)


def problem(status: int, title: str = "", **more: Any) -> Answer:
    """A problem document, as AIRisk writes it."""
    told = {"title": title or responses[status], "status": status, **more, "traceId": TRACE}
    return as_json(status, told, kind="application/problem+json; charset=utf-8")


def redirect(location: str = "{uri}?code={code}&state={state}", *headers: str, status: int = 302) -> Answer:
    """A redirect to a location."""
    return says(status, "", f"Location: {location}", *headers, kind="")


def issues(**members: Any) -> Answer:
    """A token: access_token, unless it is given as something else or as None, and these members."""
    given = {"access_token": TOKEN, **members}
    kept = {name: value for name, value in given.items() if value is not None or name != "access_token"}
    return as_json(200, kept, "Cache-Control: no-store")


def at_time(value: Any) -> Any:
    """The value with every callable in it called with seconds since 1970."""
    if callable(value):
        return value(time.time())
    if isinstance(value, dict):
        return {name: at_time(member) for name, member in value.items()}
    return [at_time(item) for item in value] if isinstance(value, list) else value


def written(form: str, after: float = 3600) -> Callable[[float], str]:
    """A moment after now, as `strftime` writes it in UTC."""
    return lambda now: datetime.fromtimestamp(now + after, UTC).strftime(form)


def seconds_since_1970(after: float = 3600, times: int = 1) -> Callable[[float], int]:
    """A moment after now as a number; times=1000: in milliseconds."""
    return lambda now: int((now + after) * times)


def of_a_user(asked: Asked) -> bool:
    """Was a user-specific token sent, as `documented_token` makes it?"""
    return "-of-" in asked.headers.get("authorization", "")


def resources(asked: Asked) -> bytes:
    """The protected endpoints as protocol.md documents them."""
    bearer = asked.headers.get("authorization", "")
    if not bearer.startswith("Bearer "):
        return problem(401)(asked)
    if asked.path.lower().endswith("/listusers"):
        return as_json(200, USERS)(asked)
    if "conversation" in asked.path.lower() or asked.path.lower().endswith("/listagents"):
        return as_json(200, [])(asked) if of_a_user(asked) else problem(403)(asked)
    return says(404)(asked)


def documented_token(asked: Asked) -> bytes:
    """A token as protocol.md documents it, another one for each user."""
    user = asked.fields.get("userid")
    value = f"{TOKEN}-of-{user}" if user else TOKEN
    return issues(access_token=value, expiration=written("%Y-%m-%dT%H:%M:%SZ"))(asked)


def only_if(holds: Callable[[Asked], bool], then: Answer, otherwise: Answer) -> Answer:
    """One answer or the other, by what was asked."""
    return lambda asked: then(asked) if holds(asked) else otherwise(asked)


def hangs_up(asked: Asked) -> bytes:
    """No answer at all."""
    return b""


def jwt(**claims: Any) -> Callable[[float], str]:
    """A JWT with these claims, a signature that nobody checks, and, unless they are given, an hour between its iat and its exp."""

    def made(now: float) -> str:
        dated = {"iat": int(now), "exp": int(now) + 3600, **at_time(claims)}
        parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, dated)]
        return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"signed"))

    return made


def protected(answer: Answer, *, named: str = "conversation") -> Answer:
    """The protected endpoints as documented, apart from those whose path has this word."""
    return only_if(lambda asked: named in asked.path.lower(), answer, resources)


def signed(asked: Asked, ahead: float, claims: Mapping[str, Any]) -> bytes:
    """A token with an ID token of the deployment that is asked, signed by the key of `keys`. ahead: seconds by which the server's
    clock is fast; lasting, a claim: how long the ID token is good."""
    now = int(time.time() + ahead)
    own = {"iss": f"http://{asked.headers['host']}", "iat": now, "exp": now + int(claims["lasting"])}
    kept = {name: value for name, value in claims.items() if name != "lasting"}
    id_token = encode({"alg": "ES256", "kid": _key().kid}, own | kept, _key())
    date = datetime.fromtimestamp(now, UTC).strftime("Date: %a, %d %b %Y %H:%M:%S GMT")
    members = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600, "id_token": id_token}
    return as_json(200, members, date, "Cache-Control: no-store")(asked)


def keys(asked: Asked) -> bytes:
    """The key that `signed` signs with, as RFC 7517 §5 writes it."""
    return as_json(200, {"keys": [_key().as_dict(private=False)]})(asked)


@cache
def _key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
