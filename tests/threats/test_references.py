"""Nothing that came from outside can name a secret, and a secret goes only where it may (threats.md F7, F8)."""

from __future__ import annotations

import asyncio
import base64
import html
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.engine.config.environments import Configuration
from airisk_tui.engine.config.home import Home
from airisk_tui.engine.draft import Draft
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.oauth.http import Body, Exchange, Headers, HttpRequest, HttpResponse
from airisk_tui.oauth.reference import OPENING, with_plain_references
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.session.session import Session

KEY = b"k" * 32
BASE = "https://airisk.example.com"
SECRET = "the client secret/of A"
OLD_SECRET = "the-secret-of-an-earlier-run"

WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent-encoded": lambda text: quote(text, safe=""),
    "percent-encoded twice": lambda text: quote(quote(text, safe=""), safe=""),
    "escaped for JSON": lambda text: json.dumps(text)[1:-1],
    "escaped for JSON twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "in capital escapes": lambda text: "".join(f"\\u{ord(c):04X}" for c in text),
    "as HTML": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "as HTML's hex": lambda text: "".join(f"&#x{ord(c):x};" for c in text),
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "as others write it": with_plain_references,
    "escaped and with HTML": lambda text: html.escape(text),
}


@dataclass
class Wire:
    """In the place of a client: keeps what was sent, and answers."""

    redirect: HttpResponse
    token: HttpResponse
    sent: list[HttpRequest] = field(default_factory=list)

    async def send(self, method: str, url: str, *, headers: Headers = (), content: bytes = b"") -> Exchange:
        """The redirect for the authorization request, and the token for every other."""
        request = HttpRequest(method, url, headers, Body.of(content))
        self.sent.append(request)
        return Exchange(request, self.redirect if "/api/oauth2?" in url else self.token)

    async def aclose(self) -> None:
        """Nothing is open."""


def draft(**changes: Any) -> Draft:
    """A run in direct mode that exchanges the code, carries cookies and probes."""
    plain: dict[str, Any] = {"environment": "other", "base_url": BASE, "client_id": "app", "state": "the-state"}
    plain |= {"redirect_uri": "http://127.0.0.1:8765/callback", "client_secret": Secret(SECRET), "mode": "direct"}
    return Draft(**plain | {"probes": (LIST_USERS,), "carry_cookies": True, "dialect": AIRISK} | changes)


def ran(wire: Wire, *drafts: Draft, home: Path = Path("/nonexistent")) -> list[FlowState]:
    """The runs of one session, one after the other."""

    async def run() -> list[FlowState]:
        home_of = Home(home / "config.toml", home / "recordings")
        session = Session(home=home_of, environ={}, fingerprint_key=KEY, configuration=Configuration())
        session._client = lambda draft: wire  # type: ignore[method-assign, assignment, return-value]
        states = []
        for one in drafts:
            states.append(await session.start(one).finished())
        return states

    return asyncio.run(run())


def named(secret: str) -> str:
    """The reference by which a log names a secret, as anybody can read it in a recording that was shared."""
    return Sealer(KEY).learn(secret).reference


def parts(request: HttpRequest) -> dict[str, str]:
    """Every part of a request, by name."""
    texts = {"url": request.url, "body": request.body.data.decode("latin-1")}
    return texts | {name.lower(): value for name, value in request.headers}


def redirect(code: str, cookie: str = "session=abc") -> HttpResponse:
    """An answer of the authorization endpoint."""
    location = f"http://127.0.0.1:8765/callback?code={code}&state=the-state"
    headers = (("Location", location), ("Set-Cookie", cookie))
    return HttpResponse(302, tuple((name, value.encode().decode("latin-1")) for name, value in headers))


def token(body: bytes, kind: str = "application/json") -> HttpResponse:
    """An answer of the token endpoint."""
    return HttpResponse(200, (("Content-Type", kind),), Body.of(body))


def sent_only_by_us(sent: list[HttpRequest]) -> None:
    """The client secret stands in the one field that our own step put it in, and nowhere else; no other secret is there."""
    encoded = quote(SECRET, safe="")
    for request in sent:
        for name, text in parts(request).items():
            if name == "body" and request.method == "POST":
                assert text.count(f"client_secret={encoded}") == 1
                text = text.replace(f"client_secret={encoded}", "")
            for secret in (SECRET, encoded, OLD_SECRET):
                assert secret not in text, (name, request.url)
                assert base64.b64encode(secret.encode()).decode()[:-4] not in text
            assert OPENING not in text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_F7_a_server_that_names_a_secret_gets_text(way: str, secret: str) -> None:
    mark = WAYS[way](named(secret))
    wire = Wire(redirect(mark.replace("&", "%26"), f"session={mark}"), token(f'{{"access_token": "{mark}"}}'.encode()))
    ran(wire, draft(client_secret=Secret(OLD_SECRET), exchange=False), draft())
    assert len(wire.sent) >= 2
    sent_only_by_us(wire.sent[1:])


PIECES = st.lists(
    st.one_of(
        st.sampled_from([WAYS[way](named(secret)) for way in WAYS for secret in (SECRET, OLD_SECRET)]),
        st.sampled_from([WAYS[way](OPENING) for way in WAYS]),
        st.sampled_from(["code=", "&", ";", " ", "\t", "#", "?", "%", "\\", '"', "state=the-state", "<", "+"]),
        st.text(max_size=8),
    ),
    max_size=5,
).map("".join)
BYTES = PIECES.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=40)
BODIES = st.one_of(
    BYTES,
    PIECES.map(lambda text: json.dumps({"access_token": text}).encode()),
    PIECES.map(lambda text: json.dumps({"access_token": text}, ensure_ascii=False).encode("utf-8", "surrogatepass")),
    PIECES.map(lambda text: json.dumps({"access_token": text}).encode("utf-16")),
    PIECES.map(lambda text: f"access_token={text}".encode("utf-8", "replace")),
    PIECES.map(lambda text: f'{{"access_token": "{text}"}}'.encode("utf-8", "replace")),
    PIECES.map(
        lambda text: json.dumps(
            {
                "access_token": f"eyJhbGciOiJIUzI1NiJ9.{base64.urlsafe_b64encode(json.dumps({'sub': text}).encode()).decode()}.x"
            }
        ).encode()
    ),
)


@settings(deadline=None, max_examples=150)
@given(BYTES, BODIES, BYTES, st.sampled_from(["application/json", "text/html; charset=utf-16", "text/plain"]))
def test_F7_whatever_comes_no_request_holds_a_secret_that_our_own_step_did_not_put_there(
    code: bytes, body: bytes, cookie: bytes, kind: str
) -> None:
    location = b"http://127.0.0.1:8765/callback?code=" + code + b"&state=the-state"
    headers = (("Location", location.decode("latin-1")), ("Set-Cookie", f"a={cookie.decode('latin-1')}"))
    wire = Wire(HttpResponse(302, headers, Body.of(body)), token(body, kind))
    ran(wire, draft(client_secret=Secret(OLD_SECRET), exchange=False), draft())
    sent_only_by_us(wire.sent[1:])


@settings(deadline=None, max_examples=60)
@given(PIECES, PIECES, PIECES)
def test_F7_what_a_person_types_or_a_file_brings_names_no_secret_either(
    client_id: str, userid: str, value: str
) -> None:
    wire = Wire(redirect("xyz"), token(b'{"access_token": "a1b2"}'))
    ran(
        wire,
        draft(
            client_id=client_id or "app", userid=userid, params=draft().params + type(draft().params)((("x", value),))
        ),
    )
    for request in wire.sent:
        text = parts(request)
        assert quote(SECRET, safe="") not in text["url"] + text.get("authorization", "") + text.get("cookie", "")
        assert text["body"].count(quote(SECRET, safe="")) <= 1


@pytest.mark.parametrize("name", ["client_id", "userid", "state", "environment"])
def test_F7_no_input_of_a_run_names_a_secret(name: str) -> None:
    wire = Wire(redirect("xyz"), token(b'{"access_token": "a1b2"}'))
    dialect = replace(AIRISK, users=named(SECRET), authorize_path=f"/api/oauth2?{named(SECRET)}=1&", code=named(SECRET))
    ran(wire, draft(**{name: named(SECRET)}), draft(dialect=dialect, exchange=False))
    for request in wire.sent:
        assert quote(SECRET, safe="") not in request.url
        assert request.body.data.decode().count(quote(SECRET, safe="")) <= 1


def test_F8_the_token_of_another_server_is_the_text_that_it_sent() -> None:
    """What was seen: the access token `~sealed…~`, and the client secret went to every endpoint as a bearer."""
    mark = with_plain_references(named(SECRET))
    wire = Wire(redirect("xyz"), token(json.dumps({"access_token": mark}).encode()))
    (state,) = ran(wire, draft())
    assert state.token is not None and state.token.length == len(mark)
    assert parts(wire.sent[-1])["authorization"] == f"Bearer {mark}"


def test_F8_a_secret_of_one_run_is_unknown_to_the_next() -> None:
    sealers = Sealer(KEY), Sealer(KEY)
    view = sealers[0].learn(SECRET)
    assert sealers[0].reveal(view) is not None
    assert sealers[1].reveal(view) is None


def test_F8_a_secret_that_was_kept_for_one_server_is_not_sent_to_another() -> None:
    kept = Secret(SECRET, frozenset({"https://other.example.com:443"}))
    wire = Wire(redirect("xyz"), token(b"{}"))
    (state,) = ran(wire, draft(client_secret=kept))
    assert [request.method for request in wire.sent] == ["GET"], "the token request was not sent"
    assert state.failure is not None
    assert state.failure.failed.fault.reason == "secret-elsewhere"
    assert state.outcome is Outcome.TRANSPORT


def test_F8_a_code_that_this_run_does_not_know_is_not_sent() -> None:
    sealer = Sealer(KEY)
    with pytest.raises(Exception, match="secret-unknown"):
        sealer.release(SecretView("0" * 16, 22), BASE)
