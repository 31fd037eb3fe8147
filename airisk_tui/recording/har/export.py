"""A log as HAR 1.2, for browsers' developer tools and mitmproxy. Texts are sealed as in the log (F1).

HAR 1.2 leaves members that begin with an underscore to applications: `_airisk` contains the event of each entry, and `log._airisk`
the events without HTTP. Requests that the listener received are entries too. The log does not have their responses, so these have
status 0, as browsers write it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urljoin

from airisk_tui.flow.events import AnyEvent
from airisk_tui.oauth.http import Body, HttpResponse, Timing, content_type, header, headers_named
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import plain_json
from airisk_tui.oauth.urls import query_of
from airisk_tui.recording.disk.codec import encode, encode_event, loads
from airisk_tui.recording.disk.folder import utc_stamp
from airisk_tui.recording.exchanges import LoggedRequest, changed_in, logged_requests, started
from airisk_tui.recording.har.entry import UNTYPED
from airisk_tui.version import __version__

HTTP_FIELDS = {"exchange", "request", "failed"}
"""Fields of an event that are in the entry itself."""


def as_har(events: Sequence[AnyEvent]) -> dict[str, Any]:
    """The HAR document, JSON-able."""
    begun = started(events)
    utc = begun.utc if begun else 0.0
    base = begun.inputs.redirect_uri if begun else "http://localhost/"
    with_http = list(logged_requests(events))
    shaped = {id(step.event) for step in with_http}
    changed = [f"Changed by hand: {edit}" for edit in changed_in(events)]
    document = {
        "log": {
            "version": "1.2",
            "creator": {"name": "airisk-tui", "version": __version__},
            "pages": [],
            "entries": [_entry(step, utc, base) for step in with_http],
            **({"comment": "\n".join(changed)} if changed else {}),
            "_airisk": {"format": 1, "events": [loads(encode_event(e)) for e in events if id(e) not in shaped]},
        }
    }
    har: dict[str, Any] = json.loads(plain_json(document))
    return har


def _entry(step: LoggedRequest, utc: float, base: str) -> dict[str, Any]:
    timings = _timings(step.timing)
    entry = {
        "startedDateTime": utc_stamp(utc + max(0.0, step.event.at - step.timing.total)),
        # `connect` already includes `ssl` (HAR 1.2, timings).
        "time": sum(value for name, value in timings.items() if value > 0 and name != "ssl"),
        "request": _request(step, base),
        "response": _response(step.response) if step.response else _no_response(step),
        "cache": {},
        "timings": timings,
        "_resourceType": "document" if step.name in ("authorization-request", "redirect") else "fetch",
        "_airisk": _rest(step),
    }
    address, mark, port = (step.connection.peer or "").rpartition(":")
    if mark:
        entry |= {"serverIPAddress": address.strip("[]"), "connection": port}
    return entry


def _rest(step: LoggedRequest) -> dict[str, Any]:
    members = {name: value for name, value in encode(step.event).items() if name not in HTTP_FIELDS}
    return {"event": type(step.event).__name__, **members}


def _timings(timing: Timing) -> dict[str, float]:
    """The times in milliseconds, -1 for unknown; `connect` includes the TLS handshake (HAR 1.2, timings)."""
    parts = {"dns": timing.dns, "connect": timing.connect, "ssl": timing.tls}
    known = sum(part for part in (timing.dns, timing.connect, timing.tls) if part)
    wait = timing.first_byte if timing.first_byte is not None else max(0.0, timing.total - known)
    if timing.connect is not None or timing.tls is not None:
        parts["connect"] = (timing.connect or 0.0) + (timing.tls or 0.0)
    receive = max(0.0, timing.total - known - wait)
    found = {name: -1 if part is None else _ms(part) for name, part in parts.items()}
    return {"blocked": -1, **found, "send": 0, "wait": _ms(wait), "receive": _ms(receive)}


DECIMALS = 3
"""Decimals of a millisecond: clocks have microseconds at best."""


def _ms(seconds: float) -> float:
    return round(seconds * 1000, DECIMALS)


def _request(step: LoggedRequest, base: str) -> dict[str, Any]:
    request = step.request
    url = request.url if step.ours else urljoin(base, request.url)
    record = {
        "method": request.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(headers_named(request.headers, "cookie")),
        "headers": _pairs(request.headers),
        "queryString": _pairs(Params.parse(query_of(url))),
        "headersSize": -1,
        "bodySize": request.body.wire or len(request.body.data),
    }
    if request.body.data:
        record["postData"] = _post_data(request.body, content_type(request.headers))
    return record


def _post_data(body: Body, media: str) -> dict[str, Any]:
    content = _text(body.data)
    form = Params.parse(content["text"]) if "form-urlencoded" in media.lower() and "encoding" not in content else ()
    return {
        "mimeType": media or UNTYPED,
        "params": _pairs(form),
        # HAR 1.2 has `encoding` for responses, but not for requests.
        **{("_encoding" if name == "encoding" else name): value for name, value in content.items()},
    }


def _response(response: HttpResponse) -> dict[str, Any]:
    media = content_type(response.headers)
    content = {"size": response.body.size, "mimeType": media or "x-unknown", **_text(response.body.data)}
    if response.body.cut:
        content["comment"] = f"The body is not whole: {response.body.cut}."
    return {
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": response.version,
        "cookies": _cookies(headers_named(response.headers, "set-cookie")),
        "headers": _pairs(response.headers),
        "content": content,
        "redirectURL": header(response.headers, "location") or "",
        "headersSize": -1,
        "bodySize": response.body.wire,
    }


def _no_response(step: LoggedRequest) -> dict[str, Any]:
    record = _response(HttpResponse(0, version=""))
    if step.fault is not None:
        return record | {"_error": step.fault.code}
    return record | {"comment": "The log does not hold what the listener answered."}


def _text(data: bytes) -> dict[str, str]:
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(data).decode("ascii"), "encoding": "base64"}


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _cookies(values: tuple[str, ...]) -> list[dict[str, Any]]:
    return [cookie for value in values for cookie in _cookie(value)]


def _cookie(value: str) -> Iterator[dict[str, Any]]:
    try:
        jar = SimpleCookie(value)
    except CookieError:  # Python refuses names that browsers accept, such as “a{b” (RFC 6265 §5.2)
        return
    for name, morsel in jar.items():
        cookie: dict[str, Any] = {"name": name, "value": morsel.value}
        cookie |= {key: morsel[key] for key in ("path", "domain", "expires") if morsel[key]}
        cookie |= {"httpOnly": bool(morsel["httponly"]), "secure": bool(morsel["secure"])}
        yield cookie
