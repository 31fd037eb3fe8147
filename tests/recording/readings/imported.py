"""HARs of other programs: the flows that are found in one, its entries, and why a request has no answer."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from airisk_tui.oauth.reference import plain_json
from airisk_tui.recording.disk.codec import encode
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.har import file as har_file
from airisk_tui.recording.har.entry import Entry, entry_of
from airisk_tui.recording.har.file import _name, parse_har
from airisk_tui.recording.har.flows import HarFlow, find_flows
from airisk_tui.recording.har.log import fault_of, to_events
from airisk_tui.redaction.sealer import Sealer
from tests.kept import Reading
from tests.recording.hars import AUTHORIZE, BASE, CODE, LOCATION, TOKEN, URI, entry, flow, token_post

Raw = dict[str, Any]

POST = token_post()["post"]
LOGIN = f"{BASE}/login?client_id=abc123&redirect_uri={URI}&state=af0ifjsldkj-state&userid=user_42"
PROVIDER = f"https://idp.example/authorize?client_id=other&redirect_uri={BASE}/back&state=x"
JSON = {"content-type": "application/json"}


def _asked(second: float = 1, **changes: Any) -> Raw:
    return entry(second, AUTHORIZE, **{"status": 302, "answer": {"location": LOCATION}, **changes})


def _came(second: float = 2, url: str = LOCATION, **changes: Any) -> Raw:
    return entry(second, url, **changes)


def _token(
    second: float = 3,
    post: str = POST,
    body: str = f'{{"access_token": "{TOKEN}", "refresh_token": "r1"}}',
    **changes: Any,
) -> Raw:
    return entry(
        second,
        **{"url": f"{BASE}/api/oauth2/Token", "method": "POST", "post": post, "body": body, "answer": JSON, **changes},
    )


def _called(second: float, token: str = TOKEN, path: str = "/api/GetConversations", **changes: Any) -> Raw:
    return entry(second, **{"url": f"{BASE}{path}", "headers": {"authorization": f"Bearer {token}"}, **changes})


def _refresh(
    second: float, token: str, body: str = '{"access_token": "t2", "refresh_token": "r2"}', **changes: Any
) -> Raw:
    return _token(second, f"grant_type=refresh_token&refresh_token={token}", body, **changes)


STATELESS = f"{BASE}/api/oauth2?client_id=abc123&redirect_uri={URI}"
OPTIONS: Raw = {"method": "OPTIONS", "headers": {"access-control-request-method": "POST"}}

HARS: dict[str, list[Raw]] = {
    "whole": flow(),
    "the callback alone": [_asked(status=200, answer={}), _came(), _token()],
    "the token request alone": [_token(), _called(4)],
    "two token requests alone, one code": [_token(status=0, body=""), _token(4), _token(5, body="{}")],
    "no token request": [_asked(), _came()],
    "another state": [_asked(answer={"location": f"{URI}?code=c&state=else"}), _came(2, f"{URI}?code=c&state=else")],
    "an answer elsewhere": [_asked(answer={"location": LOCATION.replace("8765", "9")}), _token()],
    "an error": [
        _asked(answer={"location": f"{URI}?error=access_denied&state=af0ifjsldkj-state"}),
        _came(2, f"{URI}?error=access_denied"),
    ],
    "in a fragment": [_asked(answer={"location": f"{URI}#code={CODE}&state=af0ifjsldkj-state"}), _token()],
    "a posted form": [
        _asked(status=200, answer={}),
        _came(2, URI, method="POST", post=f"code={CODE}&state=af0ifjsldkj-state"),
        _token(),
    ],
    "pages of a log-in": [
        _asked(answer={"location": LOGIN}),
        _came(1.5, LOGIN, status=302, answer={"location": LOCATION}),
        _came(),
        _token(),
    ],
    "another provider": [
        _asked(answer={"location": PROVIDER}),
        _came(1.5, PROVIDER, status=302, answer={"location": f"{BASE}/back?code=q"}),
        _came(),
        _token(),
    ],
    "two flows": [_asked(), _came(), _token(), _asked(10), _came(11), _token(12), _called(13)],
    "a logout": [entry(1, AUTHORIZE.replace("oauth2?", "oauth2/logout?")), _token()],
    "the code is altered": [_asked(), _came(), _token(post=POST.replace(CODE, "other"))],
    "the code is altered, by another client": [
        _asked(),
        _came(),
        _token(post=POST.replace(CODE, "other").replace("abc123", "else")),
    ],
    "the code is hidden": [_asked(), _came(), _token(post=POST.replace(CODE, "[redacted]"))],
    "kept back by the browser": [_asked(), _came(), entry(3, f"{BASE}/api/oauth2/Token", 403, **OPTIONS)],
    "allowed by the server": [
        _asked(),
        _came(),
        entry(3, f"{BASE}/api/oauth2/Token", 204, answer={"access-control-allow-origin": "*"}, **OPTIONS),
    ],
    "not allowed by the server": [
        _asked(),
        _came(),
        entry(3, f"{BASE}/api/oauth2/Token", 204, answer={"server": "x"}, **OPTIONS),
    ],
    "refreshed": [
        _asked(),
        _came(),
        _token(),
        _refresh(4, "r1"),
        _refresh(5, "r2", status=400, body="{}"),
        _refresh(6, "foreign"),
        _refresh(7, "foreign", status=400),
        _called(8, "t2"),
    ],
    "refreshed after another log-in": [
        _asked(),
        _came(),
        _token(),
        _asked(4),
        _came(5, f"{URI}?code=c2"),
        _token(6, POST.replace(CODE, "c2"), '{"access_token": "t9", "refresh_token": "r9"}'),
        _refresh(7, "foreign", status=400),
        _refresh(8, "r1"),
        _refresh(9, "r2", body="{}"),
    ],
    "called": [
        _asked(),
        _came(),
        _token(),
        _called(4),
        _called(5, "else"),
        _called(6, "else", status=401),
        _called(6.5, "else", status=403),
        _called(7, "else", status=400, body='{"error": "invalid_request"}'),
        _called(8, method="OPTIONS"),
        _called(2.5),
    ],
    "called, of an unknown token": [
        _asked(),
        _came(),
        _token(body="{}"),
        _called(4, "a"),
        _called(5, "b", url="https://else.example/x"),
    ],
    "called often": [
        _asked(),
        _came(),
        _token(),
        *(_called(4 + number / 10, status=401 if number > 70 else 200) for number in range(100)),
    ],
    "without credentials": [
        _asked(),
        _came(),
        _token(),
        entry(4, f"{BASE}/api/GetConversations"),
        entry(5, f"{BASE}/other?code=x"),
    ],
    "of a worker": [_asked(), _came(), _token(), {**_token(3.05), "_serviceWorkerRef": "w"}],
    "of two workers": [
        _asked(),
        _came(),
        {**_token(), "_serviceWorkerRef": "w"},
        {**_token(3.05), "_serviceWorkerRef": "v"},
    ],
    "through a worker": [_asked(), _came(), {**_token(), "_fetchedViaServiceWorker": True}, _token(3.05)],
    "asked for ahead": [_asked(0.5, headers={"purpose": "prefetch"}), _asked(), _came(), _token()],
    "upgraded by the browser": [
        _asked(),
        _came(
            2, status=307, answer={"location": LOCATION.replace("http:", "https:"), "non-authoritative-reason": "HSTS"}
        ),
        _came(2.1, LOCATION.replace("http:", "https:"), status=0),
    ],
    "upgraded by the browser, and answered": [
        _asked(),
        _came(
            2, status=307, answer={"location": LOCATION.replace("http:", "https:"), "non-authoritative-reason": "HSTS"}
        ),
        _came(2.1, LOCATION.replace("http:", "https:"), status=200),
    ],
    "a log-in at the same moment": [
        _asked(answer={"location": LOGIN}),
        _came(1, LOGIN, status=302),
        _came(),
        _token(3),
    ],
    "two clients at once": [
        _asked(),
        entry(1.5, f"{BASE}/api/oauth2?client_id=zz&redirect_uri={URI}&state=other-state", 302),
        _came(),
        _token(),
        _came(4, f"{URI}?code=c2&state=other-state"),
        _token(5, "client_id=zz&code=c2"),
    ],
    "a form behind it that brings no token": [
        _asked(),
        _came(),
        _token(body='{"access_token": "t"}'),
        _token(4, "client_id=abc123&code=c3", status=400, body="{}"),
        _refresh(5, "r1", method="PUT"),
        _called(3, "t"),
    ],
    "asked again by its log-in page, without a state": [
        entry(1, STATELESS, 302, answer={"location": f"{BASE}/login"}),
        entry(1.5, STATELESS),
        entry(2, STATELESS, 302, "POST", answer={"location": f"{URI}?code={CODE}"}),
        _came(3, f"{URI}?code={CODE}"),
    ],
    "asked twice without a state and an answer": [entry(1, STATELESS), entry(2, STATELESS)],
    **{
        f"a page that answered {status} and its own server": [
            _asked(),
            _came(status=status),
            entry(3, f"{BASE}/session", 500, "POST", post=f"code={CODE}"),
        ]
        for status in (200, 404)
    },
    "its own client comes back": [
        entry(
            1,
            f"{BASE}/api/oauth2?client_id=7c9e6679Xk2vQ8rT1&redirect_uri={URI}&state=s",
            302,
            answer={"location": f"{URI}?code={CODE}&state=s"},
        ),
        _token(status=400, body='{"error_description": "No client 7c9e6679Xk2vQ8rT1 or 8d9e6679Xk2vQ8rT1."}'),
    ],
    "a standard token request alone": [
        _token(url="https://as.example/t/token", post=f"code={CODE}&redirect_uri={URI}")
    ],
    "a grant of another kind": [_asked(), _came(), _token(post=POST + "&grant_type=password")],
    "a backend of its own": [
        _asked(),
        _came(),
        entry(3, f"{BASE}/session", method="POST", post=f"client_id=abc123&code={CODE}"),
    ],
    "a standard server": [
        entry(
            1,
            f"https://as.example/t/auth?client_id=c&redirect_uri={URI}&response_type=code&code_challenge=x",
            302,
            answer={"location": LOCATION},
        ),
        _token(
            url="https://as.example/t/token",
            headers={"authorization": "Basic YTpiJTJG"},
            post=f"code={CODE}&code_verifier=v&redirect_uri={URI}",
        ),
    ],
    **{
        name: [
            _asked(status=302, answer={"location": f"{BASE}/login?x=1"}),
            *(
                _came(second, f"{BASE}/{at}", status=302, answer={"location": f"{BASE}/{to}"})
                for second, at, to in steps
            ),
        ]
        for name, steps in {
            "a circle": ((2, "login?x=1", "sso?y=1"), (3, "sso?y=1", "login?x=2"), (4, "login?x=2", "sso?y=2")),
            "no circle": ((2, "login?x=1", "sso?y=1"), (3, "sso?y=1", "login?x=2"), (4, "login?x=2", "end")),
            "before it": ((0.1, "login?x=1", "sso"), (0.1, "login", "sso"), (1, "login", "end"), (1, "login", "end")),
        }.items()
    },
    "failed": [_asked(status=0, answer={}, body="")],
    "nothing": [entry(1, f"{BASE}/x")],
}


def _shown(found: HarFlow, raws: list[Raw]) -> Any:
    """The entries of a flow by their seconds."""

    def at(one: Entry | None) -> Any:
        return None if one is None else round(one.start % 60, 2)

    several = {name: list(map(at, getattr(found, name))) for name in ("repeated", "refreshes", "probes")}
    alone = {name: at(getattr(found, name)) for name in ("authorization", "answer", "callback", "upgrade", "token")}
    told = {name: one for name, one in {**alone, **several, "circle": found.circle}.items() if one}
    return {**told, "omissions": found.omissions, "steps": found.steps, "when": round(found.when % 60, 2)}


def _flows(name: str) -> Any:
    raws = HARS[name]
    try:
        found = find_flows(parse_har(json.dumps({"log": {"entries": raws}}).encode()))
    except RecordingRefused as error:
        return str(error)
    return [_shown(one, raws) for one in found]


def imported_logs() -> Iterator[tuple[str, str]]:
    """The events of the first flow of each HAR, as a recording has them."""
    for name, raws in HARS.items():
        if isinstance(_flows(name), list):
            document = {"log": {"creator": {"name": "p"}, "entries": raws}}
            (first, *_) = find_flows(parse_har(json.dumps(document).encode()))
            events = to_events(first, Sealer(b"k" * 32), "run", "p")
            lines = (f"{type(one).__name__} {plain_json(encode(one))}" for one in events)
            yield f"har.log.to_events: {name}", "\n".join(lines)


RAW: Raw = entry(1, "https://h:8443/p?a=1", 200, answer={"content-type": "text/plain"}, body="words")


def _with(path: str, value: Any) -> Raw:
    """The usual entry with another value at a path; `...` takes the member out."""
    made: Raw = json.loads(json.dumps(RAW))
    *way, last = path.split(".")
    place: Any = made
    for name in way:
        place = place.setdefault(name, {})
    if value is ...:
        place.pop(last, None)
    else:
        place[last] = value
    return made


PACKED = "H4sIAAAAAAACAyvNK0hMzk5NAQCWYi/KCAAAAA=="
"""The word “unpacked”, packed by gzip: as it is kept, because versions of Python write different headers."""

ENTRIES: list[tuple[str, Any]] = [
    *(
        ("startedDateTime", one)
        for one in (
            "2026-11-24T12:15:01+02:00",
            "2026-11-24T10:15:01",
            "x",
            1_700_000_000,
            1_700_000_000_000,
            100_000_000_001,
            True,
            ...,
        )
    ),
    *(("time", one) for one in (-1, 0, 86_400_000, 86_400_001, "x", 151.5)),
    *(("timings", one) for one in ({"connect": 5, "ssl": 9, "wait": 1}, {"dns": 2, "ssl": 3}, {}, 7)),
    *(("serverIPAddress", one) for one in ("", "1.2.3.4", "::1", 7)),
    *(
        ("request.url", one)
        for one in (
            "h.example/p",
            "//h.example:1/p",
            "h",
            "http://h/\ud800",
            "https://h/é",
            "http://h/#f",
            "http://[",
            7,
        )
    ),
    *(("request.method", one) for one in ("", "post", 7)),
    *(("timings", one) for one in ({"wait": 0}, {"wait": -1, "connect": 5, "ssl": 0})),
    *(
        ("request.queryString", one)
        for one in (
            [["a%20b", "c+d"]],
            [["ab", "c+d"]],
            [["a%20b", "c d"]],
            [["a", "%zz"]],
            [{"name": "x", "value": 1}, 7, ["one"]],
        )
    ),
    *(
        ("request.postData", one)
        for one in (
            {"text": "a=1", "mimeType": "application/x-www-form-urlencoded"},
            {"params": [["a", "b c"]]},
            {"text": "[redacted]"},
            {"text": "x", "mimeType": "application/octet-stream"},
            {"text": "YT0x", "encoding": "base64"},
            {"text": "YT0xMg==", "mimeType": "application/x-www-form-urlencoded"},
            {"mimeType": "multipart/form-data; boundary=B", "params": [["a", "1"]]},
            {"_file": "f"},
            {"_file": "g", "text": "t"},
        )
    ),
    *(("request.bodySize", one) for one in (-1, 0, 5, 2**40, 2**40 + 1)),
    *(
        ("request.headers", one)
        for one in (
            [["Content-Length", "7"]],
            [["Content-Length", "1" * 15]],
            [["A", "[redacted]"], ["Authorization", "[redacted]"], ["", "x"], [":a", "b"]],
        )
    ),
    *(("response.status", one) for one in (0, 100, 199, 204, 205, 301, 304, 399, 999, 1_000, -1, "x")),
    *(
        ("response.content", one)
        for one in (
            {},
            {"size": 0},
            {"size": 9},
            {"text": ""},
            {"text": "[redacted]"},
            {"text": PACKED, "encoding": "base64"},
            {"text": "eyJhIjogMX0=", "mimeType": "application/json"},
            {"text": "!", "encoding": "base64"},
        )
    ),
    *(("response.bodySize", one) for one in (0, 7)),
    *(
        ("response.headers", one)
        for one in ([["Content-Length", "0"]], [["Content-Length", " 3 "]], [["Content-Encoding", "x-gzip"]])
    ),
    *(("response.redirectURL", one) for one in ("/r", "[redacted]")),
    *(
        ("response", one)
        for one in (
            ...,
            {"status": 502, "content": {"text": "[Fiddler] <b>no</b> way"}},
            {"status": 500, "content": {"text": "[Fiddler] no"}},
            {"status": 0, "_error": " net::ERR_X ", "statusText": "s"},
            {"status": 0, "statusText": "s"},
            {"status": 0, "comment": "c"},
            *({"status": status} for status in (101, 204, 205, 302, 404)),
        )
    ),
    ("_airisk", {}),
]

HIDING = ("params", "encoding", "_encoding", "_file")
"""Members of a request's body that can keep what it holds out of sight."""

FAILURES = (
    *(
        "",
        "net::ERR_BLOCKED_BY_CLIENT",
        "csp",
        "net::ERR_ABORTED",
        "NS_BINDING_ABORTED",
        "net::ERR_PROXY_CONNECTION_FAILED",
        "ENOTFOUND",
        "NS_ERROR_UNKNOWN_HOST",
    ),
    *(
        "net::ERR_CONNECTION_REFUSED",
        "could not connect",
        "Errno 111",
        "timed out",
        "self-signed certificate",
        "self signed certificate in certificate chain",
    ),
    *(
        "CERT_AUTHORITY_INVALID",
        "SEC_ERROR_UNKNOWN_ISSUER",
        "certificate has expired",
        "SSL",
        "net::ERR_INTERNET_DISCONNECTED",
        "ECONNRESET",
        "empty response",
    ),
    *(
        "net::ERR_HTTP2_PROTOCOL_ERROR",
        "tls expired",
        "browser",
        "browser cross-origin",
        "timeout overall",
        "something else",
    ),
)


def _fault(words: str, headers: dict[str, str], url: str) -> Any:
    return fault_of(entry_of({**entry(1, url, 0, headers=headers), "_error": words}, 0.0))


def _zip(names: str, encrypted: bool = False) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names.split():
            archive.writestr(name, "" if name.endswith("/") else name)
    packed = held.getvalue()
    at = packed.find(b"PK\x01\x02") + 8  # the flags in the directory (APPNOTE.TXT, 4.3.12)
    return packed[:at] + b"\x01" + packed[at + 1 :] if encrypted else packed


def _gzip(*parts: int) -> bytes:
    return b"".join(gzip.compress(b"a" * part, mtime=0) for part in parts)


ARCHIVES: dict[str, bytes] = {
    **{
        f"gzip of {' and '.join(map(str, sizes))}": _gzip(*sizes)
        for sizes in ((20,), (21,), (12, 8), (12, 9), (9, 9, 9))
    },
    "gzip, cut off": _gzip(12, 8)[:-4],
    "gzip, cut off in its first part": _gzip(12)[:-4],
    "gzip, something behind it": _gzip(12) + b"rest",
    "gzip, damaged": _gzip(12)[:5],
    "gzip, nothing of it": b"\x1f\x8bx",
    "zlib": zlib.compress(b"a" * 9),
    "text that begins with x": b"xy",
    "x": b"x",
    "too much packed": _gzip(*[1] * 99),
    **{
        f"zip of {names}": _zip(names)
        for names in ("a.har", "a.HAR b.json", "one", "a b", "a.har b.har", "__MACOSX/a.har ._b.har c.har", "d/ a.json")
    },
    "zip of too much": _zip("a.har " + "b" * 20),
    "zip with a password": _zip("a.har", encrypted=True),
    "zip, damaged": _zip("a.har")[:-30],
}


def _unpacked(name: str) -> Any:
    """What a packed file holds, where it may hold 20 bytes and have 900."""
    with patch.object(har_file, "MAX_UNPACKED", 20), patch.object(har_file, "MAX_PACKED", 900):
        try:
            return har_file.unpacked(ARCHIVES[name])
        except RecordingRefused as error:
            return re.sub(r" \(.*\)", " (…)", str(error))


def imported() -> Iterator[Reading]:
    """All of them."""
    yield "har.flows.find_flows", _flows, [(name,) for name in HARS]
    files = {"f": b"attached"}
    yield "har.entry.entry_of", lambda path, value: entry_of(_with(path, value), 5.0, files), ENTRIES
    yield "har.entry, a HEAD", lambda: entry_of(_with("request.method", "HEAD"), 0.0).exchange.response.body, [()]
    names: list[Any] = [{"name": "Host"}, {"name": 7}, {}, ["Host", "h"], [7], [], "Host", None]
    yield "har.file.unpacked", _unpacked, [(name,) for name in ARCHIVES]
    yield "har.file._name", _name, [(one,) for one in names]
    posts: list[Any] = [{}, {"text": "a=1"}, {"text": "code=1"}, *({one: "x"} for one in HIDING)]
    yield "har.file._could_be_token_request", har_file._could_be_token_request, [(one,) for one in posts]
    yield "har.log.fault_of", _fault, [(one, {}, "https://h/x") for one in FAILURES]
    origins = (
        {"origin": "https://h"},
        {"referer": "https://o/x"},
        {"origin": "https://o", "authorization": "x"},
        {"referer": "https://h/y", "authorization": "x"},
    )
    yield (
        "har.log.fault_of, of a page",
        _fault,
        [("else", heads, url) for heads in origins for url in ("https://h/x", "http://h:81/x")],
    )
