"""Addresses: redirects, issuers, hosts, what a person pastes and types, and the mistakes in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from airisk_tui.oauth import loopback, metadata, urls
from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.oauth.redirect import authorization, mangling, paste, repairs
from airisk_tui.oauth.request import mistakes
from tests.kept import Reading
from tests.oauth.readings.inputs import BASE, CODE, STATE

URI = "http://127.0.0.1:8765/callback"

_REDIRECTS = [
    *("", "?", "code=a", "code=", "error=", "error=e&code=c", "?code=a&code=b&state=s&state=s", "/cb?x=1&x=2&code=a"),
    *(
        f"{URI}?error=e&error_description=d&state=s&iss=i",
        f"{URI}#/done?code=c&state=s",
        f"{URI}#code=c",
        "//h/cb?code=a",
    ),
    *(
        "localhost/cb?code=a",
        "a=b?code=c",
        "h:1?code=c",
        "?code=a?b#f=g",
        "auth_code=c&access_code=d",
        "custom+x.y-z://cb?code=a",
    ),
]

_HOSTS = (
    *(
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "127.0.0.1",
        "127.0.0.2",
        "127.255.255.255",
        "128.0.0.0",
        "126.255.255.255",
    ),
    *(
        "127.1",
        "127.0.1",
        "0x7f.1",
        "0x7F000001",
        "0177.1",
        "017700000001",
        "2130706433",
        "2147483647",
        "2147483648",
        "256.1",
        "127.16777216",
    ),
    *(
        "127.16777215",
        "127.256.1",
        "127.0.65536",
        "127.0.65535",
        "127.0.0.0.1",
        "0x",
        "08",
        "::1",
        "0:0:0:0:0:0:0:1",
        "::",
        "0.0.0.0",
    ),
    *("::ffff:127.0.0.1", "::ffff:128.0.0.1", "::ffff:7f00:1", "example.com", "", "."),
)

_URLS = (
    *(
        "https://a.example",
        "HTTPS://A.Example:443/b?c#d",
        "http://a.example:80",
        "http://[::1]:8/x",
        "http://u:p@a.example/",
        "http://a\\@b/",
    ),
    *(
        "//a.example/b",
        "/b?c",
        "https://a.example:0/",
        "http://a.example:99999",
        "http://[",
        "ftp://a.example",
        "",
        "a:b",
        "http:///x",
    ),
    *("http://a.example?b=1#c?d", "http://a.example#b/c", "https://a.example:80", "http://a b/"),
)

_ISSUERS = (
    *(
        "https://a.example",
        "https://a.example/",
        "https://a.example/t/",
        "https://a.example/.well-known/openid-configuration",
    ),
    *(
        "https://a.example/.well-known/oauth-authorization-server/t",
        "https://a.example/.well-known/other",
        "https://a.example/.well-known",
    ),
    *(
        "https://a.example/.well-known/",
        "https://a.example/realms/r",
        "https://a.example/realms/r/protocol/openid-connect/token?x",
    ),
    *(
        "https://a.example/oauth2/v2.0/authorize",
        "https://t.auth0.com/",
        "https://login.microsoftonline.com/t/v2.0",
        "https://accounts.google.com",
    ),
    *("https://airisk.example.com/api/oauth2/Token", "https://a.example/token/", "https://a.example/tokens", "x"),
)

_PASTES = (
    *(
        "",
        "https://else.example/a?client_id=c",
        "https://else.example/a?redirect_uri=c",
        "https://else.example/a?client_id=c&redirect_uri=c",
        "help",
        "abc",
        "abcd7",
        "ABC",
        "a" * 13,
        "a" * 12,
        f"{CODE}#{STATE}",
        f"{CODE}#x{STATE}",
        f"{CODE} {STATE}",
        f"'{CODE}'",
        f"({CODE}).",
    ),
    *(
        f"{URI}?code={CODE}&state={STATE}",
        f"{URI}?code={CODE}&state={STATE}.",
        f"{URI}?code={CODE}&state=cas",
        f"{URI}?code={CODE}&state=case",
    ),
    *(
        f"{URI}?code={CODE}&state=other",
        f"{URI}?code={CODE}…",
        f"{URI}?state={STATE}",
        f"{URI}?error=e&state={STATE}",
        f"{URI}?auth_code={CODE}",
    ),
    *(
        f"{URI}#access_token=x",
        f"{URI}#x=y",
        f"{URI}?x=y#code={CODE}&state={STATE}",
        f"{BASE}/api/oauth2?client_id=a&redirect_uri=b",
        f"{BASE}/api/oauth2",
    ),
    *(
        f"{BASE}/api/oauth2/?x=y",
        "about:blank",
        "{",
        '{"a": 1}',
        f'{{"data": [{{"error": "e", "state": "{STATE}", "iss": 7}}]}}',
        f'["{URI}?code={CODE}"]',
    ),
    *(
        f'{{"data": {{"to": "{URI}?code={CODE}&state={STATE}"}}}}',
        f'{{"auth_code": "{CODE}"}}',
        f"code: {CODE}",
        f"state: {STATE}, code: {CODE}",
    ),
    *(
        f"{CODE}&state={STATE}",
        f"{CODE}&state={STATE}&iss=x",
        f"a {URI}?code={CODE}&amp;amp;state={STATE} b",
        f"a {URI}?code={CODE}&state=other b",
    ),
    *(
        f"{BASE}/done?answer=code%3D{CODE}%26state%3D{STATE}",
        f"code%3D{CODE}",
        f"4%2F{CODE}",
        "two words",
        "\U0001f600",
        f"<code>{CODE}</code>",
    ),
)

_LINES = (
    *(
        [f">{CODE}"],
        [f">{CODE}", f"> {CODE}"],
        [CODE],
        [CODE, CODE],
        [CODE * 2, CODE],
        [CODE * 2, f"a={CODE}"],
        [f"{URI}?code={CODE}", "&state=s"],
        [f"{URI}?code={CODE}&state={STATE}", "more"],
    ),
    *(
        ["> a", "> b"],
        ["> a", "b"],
        ["{", '"code": "x"', "}", "after"],
        ["[{", "}]", "x"],
        ["", " │ a │ ", ""],
        ["code: x", "state: y", "z"],
    ),
    *(
        [f"{URI}?code=", CODE, f"&state={STATE}", "end"],
        [f"{URI}?code=a", "https://b.example/?code=c"],
        ["code=3Dx&stat=", "e=3Dy"],
        ["a", "&b"],
    ),
)

CHECKED = (
    *(
        "",
        " ",
        "a",
        " a",
        "a ",
        "a\x00b",
        "x" * 8_000,
        "x" * 8_001,
        "{{CLIENT}}",
        "<your id>",
        "your-client-id",
        "xxxx",
        "xxx",
        "'a'",
        "''",
        "'a\"",
        "aa",
    ),
    *(
        "1234567",
        "12345678",
        "\ud800",
        "http://h",
        "https://h/",
        "https://h?",
        "https://h/?a#b",
        "http://u@h",
        "https://h:0",
        "https://h:65536",
        "https://",
    ),
    *(
        "https://h/api",
        "https://h/api/",
        "https://h/api/oauth2/token",
        "https://h/realms/a",
        "https://h/.well-known/openid-configuration",
        "ftp://h",
        "mailto:a",
    ),
    *(
        "http://127.0.0.1:1023/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:1/",
        "http://127.0.0.1:1024/",
        "https://127.0.0.1/",
        "http://127.0.0.2:8765/",
        "http://localhost.:8765/",
        "http://[::1]:8765/a&amp;b*",
    ),
    *(
        "http://127.0.0.1:9000",
        "127.0.0.1:9000",
        "127.0.0.1:1",
        "127.0.0.1:0",
        "127.0.0.1:1023",
        "127.0.0.1:1024",
        "0.0.0.0:9000",
        "[::]:80",
        "192.0.2.1:80",
        "localhost:65535",
        "localhost:65536",
    ),
)


def _listening(text: str) -> Any:
    found = loopback.read_listen_address(text)
    return found and (found, found.is_public, found.is_wildcard, found.addresses, found.text)


def addresses() -> Iterator[Reading]:
    """All of them."""
    reader: Callable[..., Any]
    yield "authorization.read_redirect", authorization.read_redirect, [(one, AIRISK) for one in _REDIRECTS]
    places = ("/cb", "/cb?code=c", "/cb#code=c", "/cb?a#code=c", "/cb#")
    yield (
        "authorization.fragment_as_query",
        authorization.fragment_as_query,
        [(one, mode) for one in places for mode in ("fragment", "query")],
    )
    for reader in (loopback.is_loopback, loopback.can_listen_on, loopback.is_unusual_loopback):
        yield f"loopback.{reader.__name__}", reader, [(one,) for one in _HOSTS]
    yield "loopback.read_listen_address", _listening, [(one,) for one in CHECKED[-10:]]
    for reader in (urls.query_of, urls.authority_of, urls.path_of, urls.host_of, urls.port_of, urls.origin):
        yield f"urls.{reader.__name__}", reader, [(one,) for one in _URLS]
    yield (
        "urls.differing_parts",
        urls.differing_parts,
        [(one, other) for one in _URLS[:7] for other in _URLS[:7] if one < other],
    )
    yield (
        "urls.same_origin",
        urls.same_origin,
        [(one, other) for one in _URLS[:6] for other in _URLS[:6] if one < other],
    )
    yield "urls.origin", urls.origin, [(f"https://{'a' * 2_000}",)]
    for reader in (
        metadata.metadata_urls,
        metadata.issuer_of_metadata,
        metadata.issuer_of_endpoint,
        metadata.likely_issuer,
    ):
        yield f"issuer.{reader.__name__}", reader, [(one,) for one in _ISSUERS]
    wrong = (
        f"{URI}?code=c&amp;state=s",
        f'"{URI}?code=c&state=s"',
        f"{URI}&code=c&state=s",
        f"{URI}?code=c;state=s",
        f"{URI}%3Fcode%3Dc%26state%3Ds",
    )
    yield "mangling.find_mangling", mangling.find_mangling, [(one, AIRISK, "s") for one in wrong]
    yield (
        "paste.read_paste",
        lambda pasted: paste.read_paste(pasted, BASE, AIRISK, STATE),
        [(one,) for one in _PASTES],
    )
    others = [
        one for one in _PASTES if paste.read_paste(one, BASE, AIRISK, STATE) != paste.read_paste(one, BASE, AIRISK)
    ]
    yield (
        "paste.read_paste, no state",
        lambda pasted: paste.read_paste(pasted, BASE, AIRISK),
        [(one,) for one in others],
    )
    yield "repairs.on_one_line", repairs.on_one_line, [(one,) for one in _LINES]
    yield "repairs.joined_lines", repairs.joined_lines, [(one, STATE) for one in _LINES]
    checks = (
        mistakes.check_base_url,
        mistakes.check_issuer,
        mistakes.check_client_id,
        mistakes.check_client_secret,
        mistakes.check_userid,
        mistakes.check_state,
    )
    for check in (*checks, mistakes.check_redirect_uri, mistakes.check_listen):
        yield f"mistakes.{check.__name__}", lambda value, check=check: list(check(value)), [(one,) for one in CHECKED]
    yield (
        "mistakes.check_listen publicly",
        lambda value: list(mistakes.check_listen(value, publicly=True)),
        [(one,) for one in CHECKED[-11:]],
    )
    yield (
        "mistakes.check_redirect_uri, not listening",
        lambda value: list(mistakes.check_redirect_uri(value, listening=False)),
        [(one,) for one in CHECKED],
    )
