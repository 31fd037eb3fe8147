"""What of many messages enters the log, and what does not, whole and word for word (see `tests.kept`), in `kept.txt`."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from airisk_tui.oauth.http import (
    Body,
    Connection,
    Exchange,
    FailedExchange,
    Headers,
    HttpRequest,
    HttpResponse,
    ServerCertificate,
    TransportFault,
)
from airisk_tui.oauth.secret import Secret, SecretRefused
from airisk_tui.redaction.answers import Codes, own_texts
from airisk_tui.redaction.checking import Check
from airisk_tui.redaction.echoes import decoded_runs, forms_to_find
from airisk_tui.redaction.public import is_identifier, member_says_secret, says_secret
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.redaction.unnamed import can_be_read, legible
from airisk_tui.redaction.words import is_word, readable
from tests.kept import Reading, kept_text

KEPT = Path(__file__).with_name("kept.txt")

KEY = b"k" * 32
TOKEN, CODE, SECRET = "q7Rk2vXw9LpZ4tYb8NcD3fGh6JmS1aQe", "Zx8Qw2Er5Ty7Ui9Op4As6Df1", "s3cr3t-9LpZ4tYb8NcD"
STATE, URI = "af0ifjsldkj-state", "http://127.0.0.1:8765/callback"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyXzQyIiwiY29kZSI6Ilp4OFF3MkVyNVR5N1VpOU9wNEFzNkRmMSJ9.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw"
JSON, FORM, HTML, XML = "application/json", "application/x-www-form-urlencoded", "text/html", "application/xml"

BODIES: tuple[tuple[str, str], ...] = (
    *(
        (
            f'{{"access_token": "{TOKEN}", "expires_in": 3600, "code": "{CODE}", "id": "{CODE}", "token_type": "Bearer"}}',
            kind,
        )
        for kind in (JSON, HTML)
    ),
    *(
        (f'{{"access_token": {number}, "a": {number}, "b": 12}}', JSON)
        for number in ("12345", "123456789012345678901", "12345678901234567890")
    ),
    (
        f'{{"a": ["{TOKEN}", {{"refresh_token": "short"}}], "error": "The token {TOKEN} has expired.", '
        '"access_token": "Your login has expired today"}',
        JSON,
    ),
    (
        f'{{"url": "https://u:{SECRET}@h/p?code={CODE}&state={STATE}#access_token={TOKEN}", "password": "", "token": "required"}}',
        JSON,
    ),
    (f'{{"raw": "{{\\"access_token\\": \\"{TOKEN}\\"}}", "j\\u0077t": "{JWT}"}}', JSON),
    (f"code={CODE}&client_secret={SECRET}&a={TOKEN}&x=hello+world&id={CODE}", FORM),
    (f"code={quote(CODE[:9])}%21&client_secret=a+b&grant_type=authorization_code", FORM),
    (
        f'<input type="hidden" name="x" value="{CODE}"><input name="error" value="access_denied_1234"><p>Your code is {TOKEN}.</p>',
        HTML,
    ),
    (
        f"<a><access_token>{TOKEN}</access_token><code>{CODE}</code><b id='{CODE}' secret='{SECRET}'>words &amp; {TOKEN}</b></a>",
        XML,
    ),
    (
        f'--B\r\nContent-Disposition: form-data; name="client_secret"\r\n\r\n{SECRET}\r\n--B\r\n\r\n{TOKEN}\r\n--B--',
        "multipart/form-data; boundary=B",
    ),
    *(
        (body, "text/plain")
        for body in (
            TOKEN,
            f'"{TOKEN}"',
            CODE[:6],
            CODE[:5],
            f"{CODE[:8]}.{CODE[8:16]}.{CODE[16:]}",
            f"a/{CODE[:6]}/{CODE[6:12]}/b",
        )
    ),
    (
        "Invalid Code; see AADSTS50011 and trace id 0HMVFE1A2B3C4, 0x80070005 at 2026-11-24T10:15:02Z for https://api.example.com/v1.",
        "text/plain",
    ),
    (
        f"trace-id: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00 {CODE} &#x71;&#x37;&#x52;&#x6b;&#x32;&#x76;&#x58;",
        "text/plain",
    ),
    (
        base64.b64encode(f"code={CODE}".encode()).decode()
        + " "
        + TOKEN.encode().hex()
        + " "
        + quote(quote(TOKEN + "%")),
        "text/plain",
    ),
    ("\\x71\\x37\\x52\\x6b\\x32\\x76\\x58\\x77 \\u0071\\u0037\\u0052\\u006b\\u0032\\u0076\\u0058", "text/plain"),
    (f'{{"access_token": "{TOKEN}', JSON),
    (f'<script>let answer = {{"access_token": "{CODE[:5]}", "Client_Secret" : "a\\u0062\\"c"}}</script>', HTML),
    ("", JSON),
)

HEADERS: tuple[Headers, ...] = (
    *((("Authorization", value),) for value in (f"Bearer {TOKEN}", f"Basic {CODE}", TOKEN, "", "Negotiate")),
    *((("Cookie", value),) for value in (f"a={TOKEN}; b=; c; d={CODE}", "session")),
    *((("Set-Cookie", value),) for value in (f"a={TOKEN}; Path=/; Domain=x", "=; x")),
    *(
        ((name, CODE),)
        for name in ("X-Api-Key", "X-Secret-Thing", "X-Request-Id", "ETag", "Location", "My-Session-Id", "Traceparent")
    ),
    *(
        (("Location", value),)
        for value in (
            f"{URI}?code={CODE}&state={STATE}",
            f"/a#access_token={TOKEN}",
            f"https://u:p4ssw0rdX@h/?q={TOKEN}",
            f"/{TOKEN}/x",
        )
    ),
    (("WWW-Authenticate", f'Bearer error="invalid_token", error_description="The token {TOKEN} has expired"'),),
    (
        ("Server", "Microsoft-IIS/10.0"),
        ("Content-Type", "text/html; charset=utf-8"),
        (f"X-{CODE}", "1"),
        ("X-Long", "a" * 300),
    ),
)

URLS = (
    *(
        f"https://h/cb?code={CODE}&state={STATE}",
        f"https://h/cb?state={STATE}&code={CODE}state={STATE}",
        f"/cb?code={CODE}%26state%3D{STATE}",
    ),
    *(
        f"https://h/{TOKEN}",
        f"https://h/x?q={TOKEN}&id={TOKEN}",
        f"https://user:{SECRET}@h/",
        "https://h/api/Users/ListUsers?results=50",
        "//",
        "",
    ),
    *(
        f"{URI}#access_token={TOKEN}&token_type=Bearer",
        f"https://h/?redirect_uri={quote(URI + '?code=' + CODE)}",
        f"https://h/#/done?code={CODE}",
    ),
)

WORDS = (
    *(
        "authorization",
        "Geschwindigkeitsbegrenzung",
        "ListUsers",
        "user_42",
        "q7Rk2vXw9",
        "aaaaaa",
        "AADSTS50011",
        "12345678901234567890",
        "123456789012345678901",
    ),
    *(
        "rfc9110",
        "abc123def456",
        "OAuth2TokenEndpoint",
        "x" * 65,
        "ABCDEF",
        "Kubernetes",
        "getHTTPResponse",
        "a1b2c3d4e5f6",
        "hello%20world",
        "no-such-user",
        "u0022error",
    ),
    *(
        "Zx8Qw2",
        "E-404",
        "HRESULT",
        "deadbeef",
        "cafebabe1234",
        "Łukasz",
        "utf-8",
        "sha256",
        "W/12345",
        "b2c_1_signin",
        "one_two_three_four",
        "qwrtzpsd",
    ),
)

NAMES = (
    *(
        "code",
        "auth_code",
        "AuthorizationCode",
        "access_code",
        "client_secret",
        "MySecretKey",
        "password",
        "passwd2",
        "token",
        "csrf-token",
        "tokens",
        "token_type",
    ),
    *(
        "api_key",
        "apikey",
        "api-key-2",
        "session",
        "SessionId",
        "cookie",
        "bearer",
        "jwt",
        "id_token_hint",
        "signature",
        "credential",
        "state",
        "id",
        "x" * 65,
        "secret" + "x" * 60,
        "codes",
    ),
)


def _sealer() -> Sealer:
    sealer = Sealer(KEY)
    sealer.public("demo-app", URI, STATE)
    sealer.expect_state(STATE)
    return sealer


def _response(body: str, kind: str, *headers: tuple[str, str]) -> Any:
    """The headers and the body of an answer, and what is known of each secret in it."""
    sealer = _sealer()
    came = HttpResponse(
        200, (*((("Content-Type", kind),) if kind else ()), *headers), Body.of(body.encode()), f"Fine {CODE}"
    )
    sealed = sealer.exchange(Exchange(HttpRequest("GET", "https://h/"), came))
    views = [(one.fingerprint[:4], one.length, one.shape, one.characters) for one in sealer.views_in(sealed)]
    return sealed.response.headers, sealed.response.reason, sealed.response.body.data.decode().splitlines(), views


def _echoed(place: str) -> Any:
    """A token that an answer issues, and where it comes again, in the same message and in a later one."""
    sealer = _sealer()
    sealer.learn(SECRET)
    sealer.learn("tiny1")
    forms = {
        "plain": TOKEN,
        "quoted": quote(quote(TOKEN + "/")),
        "base64": base64.b64encode(f"a:{TOKEN}".encode()).decode(),
        "base64 of its inside": base64.urlsafe_b64encode(f"xy{SECRET}".encode()).decode(),
        "hex": SECRET.encode().hex(),
        "HEX": SECRET.encode().hex().upper(),
        "escaped": "".join(f"\\u{ord(one):04x}" for one in SECRET),
        "half": SECRET[:9],
        "tiny": "tiny1",
        "basic": base64.b64encode(f"demo-app:{SECRET}".encode()).decode(),
    }
    again = HttpResponse(
        400,
        (("X-Debug", forms[place]), (forms[place][:40], "1")),
        Body.of(json.dumps({"error": f"<{forms[place]}>"}).encode()),
    )
    first = sealer.exchange(
        Exchange(
            HttpRequest("GET", "https://h/"),
            HttpResponse(200, (("Content-Type", JSON),), Body.of(f'{{"access_token": "{TOKEN}"}}'.encode())),
        )
    )
    second = sealer.exchange(Exchange(HttpRequest("GET", f"https://h/{quote(forms[place])}"), again))
    return first.response.body.data, second.request.url, second.response.headers, second.response.body.data


PLACES = ("plain", "quoted", "base64", "base64 of its inside", "hex", "HEX", "escaped", "half", "tiny", "basic")


def _coded(answer: HttpResponse, ours: str) -> Any:
    """An answer in which a code is due."""
    sealer = _sealer()
    sealed = sealer.exchange(Exchange(HttpRequest("GET", "https://h/"), answer), Codes.of(sealer, answer, ours))
    return sealed.response.headers, sealed.response.body.data


CODED = (
    *(
        HttpResponse(302, (("Location", where),))
        for where in (
            f"{URI}?code=abc&state={STATE}",
            f"{URI}?code=abcdef",
            "/login?next=abcdef",
            f"{URI}?error=access_denied&code=x",
            f"{URI}/abcdef",
            "custom:abcdef",
        )
    ),
    *(
        HttpResponse(200, (("Content-Type", kind),), Body.of(body.encode()))
        for body, kind in (
            ("abcdef", "text/plain"),
            ('{"code": "abc"}', JSON),
            ('{"data": {"auth_code": 123456}}', JSON),
            ("Sign in here", HTML),
            ('{"error": "no", "code": "abc"}', JSON),
        )
    ),
)


def _released(origins: Any, there: str | None) -> Any:
    sealer = _sealer()
    view = sealer.learn_secret(Secret(SECRET, origins))
    sealer.limit_origins(frozenset({"https://a:443"}))
    try:
        return sealer.release(view, there)
    except SecretRefused as refused:
        return refused.reason


def _failed(subject: str, received: str, text: str) -> Any:
    fault = TransportFault("tls", "x", "h", 1, subject=subject, received=received, library_text=text)
    connection = Connection(
        "1.2.3.4:5",
        f"http://u:{SECRET}@proxy",
        certificate=ServerCertificate(subject=f"CN={TOKEN}", issuer="CN=Example Authority"),
    )
    sealed = _sealer().failed(
        FailedExchange(HttpRequest("GET", f"https://h/?code={CODE}"), fault, connection=connection)
    )
    return sealed.request.url, sealed.fault.foreign_texts, sealed.connection.proxy, sealed.connection.certificate


def _checked(body: str, kind: str) -> Any:
    check = Check()
    check.look(
        "here", HttpResponse(200, (("Content-Type", kind), ("Set-Cookie", f"a={TOKEN}")), Body.of(body.encode())), ""
    )
    return [(one.place, one.length) for one in check.leftovers]


def readings() -> Iterator[Reading]:
    """Each function with the arguments of its calls."""
    yield "sealer.exchange, bodies", _response, list(BODIES)
    yield "sealer.exchange, headers", lambda heads: _response("", "", *heads), [(one,) for one in HEADERS]
    yield "sealer.exchange, echoes", _echoed, [(one,) for one in PLACES]
    yield "sealer.exchange, codes", _coded, [(one, URI) for one in CODED] + [(CODED[4], f"{URI}/abcdef")]
    yield "sealer.url", lambda url: _sealer().url(url), [(one,) for one in URLS]
    yield (
        "sealer.text",
        lambda text: _sealer().text(text),
        [(one,) for one in (*URLS, f"It is {TOKEN}.", "demo-app", "")],
    )
    yield "sealer.field", lambda name: _sealer().field(name, "abcdef"), [(one,) for one in NAMES]
    yield (
        "sealer.release",
        _released,
        [
            (origins, there)
            for origins in (None, frozenset({"https://b:443"}))
            for there in ("https://a:443", "https://b:443", "", None)
        ],
    )
    yield (
        "sealer.failed",
        _failed,
        [(f"X-{TOKEN}", f"HTTP {CODE}", f"certificate of {TOKEN}"), ("", "SSH-2.0-OpenSSH_8.9p1", "no route")],
    )
    yield "checking.Check.look", _checked, [one for one in BODIES if one[1] != XML]
    yield "public.says_secret", says_secret, [(one,) for one in NAMES]
    yield "public.member_says_secret", member_says_secret, [(one,) for one in NAMES]
    names = ("state", "Client_ID", "trace-id", "x", "id" + " " * 70, "exp")
    yield (
        "public.is_identifier",
        is_identifier,
        [(name, value) for name in names for value in (CODE, "a b", "x" * 256 + "==", "x" * 257, "")],
    )
    for reader in (readable, legible):
        yield f"words.{reader.__name__}", reader, [(one,) for one in WORDS]
    yield (
        "words.is_word",
        is_word,
        [(one,) for one in ("a", "an", "authorization", "x" * 33, "qzxjkw", "geschwindigkeit", "e" * 32)],
    )
    yield (
        "unnamed.can_be_read",
        can_be_read,
        [(one,) for one in (*WORDS[:9], f"/{CODE[:5]}/{CODE[5:9]}.{CODE[9:]}", "a.b.c/d", "v1.2.3/x64")],
    )
    yield "answers.own_texts", own_texts, [(f"https://h/a%20b?x=c+d&y={STATE}#e",), ("/",)]
    yield "echoes.forms_to_find", lambda text: sorted(forms_to_find(text))[:12], [("abc/d+é",), ("a" * 9,)]
    runs = (
        b"a=YWJjZGVmZ2hpamtsbW5vcA==&b",
        b"%61%62%63%64%65%66",
        b"\\u0061\\u0062\\u0063",
        b"6162636465666768696a",
        b"plain words only",
        b"&#97;&#98;&#99;&#100;",
    )
    yield "echoes.decoded_runs", lambda data: list(decoded_runs(data)), [(one,) for one in runs]


def said() -> str:
    """All of it."""
    return kept_text(readings())


def write() -> None:
    """The file anew."""
    KEPT.write_text(said(), "utf-8")
