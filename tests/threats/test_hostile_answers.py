"""Answers that no server should give, from a real socket to every byte that leaves the program (F1, S1, C6)."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import pytest

from airisk_tui.session.recordings.exporting import SUFFIXES
from tests.hostile.server import HostileServers
from tests.threats.conftest import Command

CODE = b"SplxlOBeZQQYbYS6WxSbIA"
REDIRECT = "http://127.0.0.1:1/callback"
Answer = Callable[[bytes], bytes]


def says(body: bytes, kind: str = "text/html", status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def sends_to(*locations: bytes) -> bytes:
    lines = b"".join(b"Location: " + location + b"\r\n" for location in locations)
    return b"HTTP/1.1 302 Found\r\n" + lines + b"Content-Length: 0\r\nConnection: close\r\n\r\n"


def returns(tail: bytes) -> Answer:
    return lambda state: sends_to(REDIRECT.encode() + tail.replace(b"STATE", state))


def issues(token: Any, **more: Any) -> bytes:
    return says(
        json.dumps({"access_token": token, "expiration": "2030-01-01T00:00:00Z", **more}).encode(), "application/json"
    )


class Deployment:
    """authorize: answers step 1, given the state; token: the answer of step 2."""

    def __init__(self, authorize: Answer | None = None, token: bytes = b"") -> None:
        self.authorize = authorize or returns(b"?code=abcdefghij&state=STATE")
        self.token = token or issues("abcdefghijklmnop")
        self.asked = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"POST"):
            self.asked += 1
            writer.write(self.token)
        else:
            query = head.split(b" ")[1].decode().partition("?")[2]
            writer.write(self.authorize(parse_qs(query).get("state", [""])[0].encode()))
        await writer.drain()
        await asyncio.sleep(0.05)


@pytest.fixture
def asked(command: Command, servers: HostileServers) -> Callable[..., Any]:
    """A direct run against a deployment."""

    def run(deployment: Deployment, *more: str) -> Any:
        url = ("--base-url", servers.serve(deployment.serve), "--client-id", "app", "--redirect-uri", REDIRECT)
        return command("run", *url, "--mode", "direct", *more)

    return run


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


R = REDIRECT.encode()
PLACES: dict[str, Answer] = {
    "meta": lambda s: says(
        b'<meta http-equiv=refresh content="0;url=' + R + b"?code=" + CODE + b"&amp;state=" + s + b'">'
    ),
    "script": lambda s: says(b'<script>location="' + R + b"?state=" + s + b"\\u0026code=" + CODE + b'"</script>'),
    "login": lambda s: sends_to(b"/login?ReturnUrl=%2Fcb%3Fcode%3D" + CODE),
    "text": lambda s: says(CODE, "text/plain"),
    "page": lambda s: says(b"<p>Your code: " + CODE + b"</p>"),
    "path": lambda s: sends_to(R + b"/" + CODE + b"?state=" + s),
    "refresh": lambda s: says(b"").replace(
        b"Content-Length", b"Refresh: 0;url=" + R + b"?code=" + CODE + b"\r\nContent-Length"
    ),
    "short member": lambda s: says(b'{"code":"abcdefghijkl","state":"' + s + b'"}', "application/json"),
    "number": lambda s: says(b'{"code":847261,"state":"' + s + b'"}', "application/json"),
}


@pytest.mark.parametrize("place", PLACES)
def test_F1_a_code_where_nobody_expects_it_leaves_no_trace(
    asked: Callable[..., Any], command: Command, tmp_path: Path, place: str
) -> None:
    ran = asked(Deployment(PLACES[place]), "--json")
    told = ran.out + ran.err
    for form in SUFFIXES:
        told += command("export", Path(ran.json["recording"]).name, "--as", form, "-o", f"export.{form}").err
    for data in (told, written(tmp_path)):
        assert all(code not in data for code in (CODE, b"abcdefghijkl", b"847261"))


UNUSABLE = [
    "\x1b[31mtok\x07",
    "\u202etok",
    "abc\r\nX-Evil: 1",
    "t\u00f6ken\u2713abcdef",
    "   ",
    "Bearer abcdefghijklmnop",
    "\ud800abc",
]


@pytest.mark.parametrize("token", UNUSABLE)
def test_S1_a_token_that_no_header_carries_is_none(asked: Callable[..., Any], token: str) -> None:
    deployment = Deployment(token=issues(token))
    printed = asked(deployment, "--print", "access-token")
    assert (printed.code, printed.out) == (6, b"")
    assert printed.err.decode().replace("\n", "").isprintable()
    document = asked(deployment, "--json").json
    assert (document["outcome"], document["token"]) == ("token-refused", None)
    assert [f["code"] for f in document["findings"] if f["severity"] == "error"] == ["token-unusable"]


def test_S1_a_token_of_odd_but_visible_signs_is_printed_and_told(asked: Callable[..., Any]) -> None:
    printed = asked(Deployment(token=issues("{abc}$(x)")), "--print", "access-token")
    assert (printed.code, printed.out) == (0, b"{abc}$(x)\n")
    assert b"[token-odd-characters" in printed.err


@pytest.mark.parametrize("code", ["%1b%5B31mred%07%00", "%E2%80%AEabc", "%ff%fe", "%ed%a0%80"])
def test_S1_a_code_of_no_codes_characters_is_not_exchanged(asked: Callable[..., Any], code: str) -> None:
    deployment = Deployment(returns(f"?code={code}&state=STATE".encode()))
    document = asked(deployment, "--json").json
    assert (document["outcome"], document["exit_code"], deployment.asked) == ("response-invalid", 5, 0)
    assert [f["code"] for f in document["findings"] if f["severity"] == "error"] == ["code-unusable"]


@pytest.mark.parametrize("code", ["%20%20", "a%20b"])
def test_a_code_with_spaces_is_exchanged_and_told(asked: Callable[..., Any], code: str) -> None:
    document = asked(Deployment(returns(f"?code={code}&state=STATE".encode())), "--json").json
    assert document["outcome"] == "token"
    assert "code-odd-characters" in [f["code"] for f in document["findings"]]


def jwt(claims: bytes, header: bytes = b'{"alg":"HS256"}') -> str:
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (header, claims)), "c2ln"])


JWTS = {
    "deep": (jwt(b'{"a":' + b"[" * 9000 + b"]" * 9000 + b"}"), "jwt-unreadable"),
    "NaN": (jwt(b'{"exp":NaN,"iat":Infinity,"sub":null}'), "jwt-odd"),
    "a big number": (jwt(b'{"exp":' + b"9" * 5000 + b"}"), "jwt-odd"),
    "a member twice": (jwt(b'{"sub":"a","sub":"b"}'), "jwt-repeated-member"),
    "dates": (jwt(b'{"exp":1e300,"iat":-1e18,"nbf":"x"}'), "jwt-claim-wrong"),
    "arrays": (jwt(b"[]", b"[]"), "jwt-unreadable"),
    "no base64": ("eyJ!!.eyJ##.sig", "jwt-unreadable"),
    "audience": (jwt(b'{"sub":"x","aud":["other",1,null]}'), "jwt-claim-wrong"),
}


@pytest.mark.parametrize("name", JWTS)
def test_C6_an_odd_jwt_is_told_live_and_from_its_recording(
    asked: Callable[..., Any], command: Command, name: str
) -> None:
    token, code = JWTS[name]
    document = asked(Deployment(token=issues(token)), "--json").json
    found = {f["code"]: f["severity"] for f in document["findings"]}
    assert (document["outcome"], found.get(code)) == ("token", "warning")
    replayed = command("replay", Path(document["recording"]).name, "--json").json
    assert code in [f["code"] for f in replayed["findings"]]
    assert quote(token) not in json.dumps(replayed)


MARKED = {
    "a duplicate code": Deployment(returns(b"?code=abcdefghij&code=klmnopqrst&state=STATE")),
    "a token in a refusal": Deployment(
        token=says(b'{"access_token":"abcdefghijkl"}', "application/json", "400 Bad Request")
    ),
    "a code in a path": Deployment(PLACES["path"]),
    "a password in an address": Deployment(lambda s: sends_to(b"http://me:hunter22@evil.example/cb?code=x&state=" + s)),
    "a code in an error": Deployment(returns(b"?error=bad+" + CODE + b"&code=" + CODE + b"&state=STATE")),
}


@pytest.mark.parametrize("name", MARKED)
def test_F1_the_mark_of_the_seal_is_never_shown(asked: Callable[..., Any], command: Command, name: str) -> None:
    ran = asked(MARKED[name], "--json", "--param", "api_key=sealed-in-the-url")
    shown = command("recordings", "show", Path(ran.json["recording"]).name)
    replayed = command("replay", Path(ran.json["recording"]).name)
    for told in (ran.out, ran.err, shown.out, shown.err, replayed.out, replayed.err):
        assert b"~sealed." not in told
