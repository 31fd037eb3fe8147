"""What a run's commands end in, and what a failure on the network is called, for `kept.txt` (see `tests.kept`)."""

from __future__ import annotations

import asyncio
import errno
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import httpcore2
import httpx2
from msgspec.structs import replace

from airisk_tui.engine.client import exchange
from airisk_tui.engine.client.exchange import Client, Limits, _Sending, prepared
from airisk_tui.engine.client.faults import Attempt, Unsendable, fault_of
from airisk_tui.engine.client.proxy import ProxyChoice, proxy_for
from airisk_tui.engine.client.trace import NotHttp
from airisk_tui.engine.client.trust import AUTHORITIES
from airisk_tui.engine.machine.browser import BrowserLaunch
from airisk_tui.engine.perform import Performer
from airisk_tui.engine.ports import SystemClock
from airisk_tui.flow import commands
from airisk_tui.flow.events import AnyEvent
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.oauth.http import Body, Connection, Exchange, FailedExchange, HttpRequest, HttpResponse, TransportFault
from airisk_tui.oauth.request.planned import PlannedRequest
from airisk_tui.oauth.secret import Secret, SecretRefused, SecretView
from airisk_tui.redaction.sealer import Sealer
from tests.kept import Reading

HERE, ELSEWHERE = "https://h.example", "https://else.example"
ASKED = PlannedRequest("GET", (f"{HERE}/authorize?state=af0ifjsldkj&redirect_uri=http://127.0.0.1:9/cb",))
TOLD = {
    "metadata": {"issuer": HERE, "token_endpoint": f"{HERE}/9Xk2vQ8rT1zz7YwQ", "jwks_uri": f"{ELSEWHERE}/keys"},
    "pushed": {"request_uri": "urn:pushed:7Jw2bq9Z", "hint": "see urn:pushed:7Jw2bq9Z"},
    "device": {"device_code": "kd83Hs0aQ", "user_code": "WDJB-MJHT", "verification_uri": f"{HERE}/device"},
    "token": {"access_token": "t0ken-T0ken", "refresh_token": "r3fresh"},
    "a code": "Your code is Xk29fQ2Tz, and your state af0ifjsldkj.",
    "large": {"access_token": "t0ken-T0ken", "padding": ["x"] * 20_000},
}
UNKNOWN = SecretView("1d70ce0000000002", 40)
COMMANDS: dict[str, tuple[Any, str]] = {
    "discover": (commands.Discover(ASKED, HERE), "metadata"),
    "push": (commands.PushRequest(ASKED), "pushed"),
    "ask directly": (commands.AskDirectly(ASKED), "a code"),
    "exchange the code": (commands.ExchangeCode(ASKED), "token"),
    "a code for nobody": (commands.ExchangeCode(ASKED), "a code"),
    "a large answer": (commands.ExchangeCode(ASKED), "large"),
    "on another device": (commands.RequestDeviceCodes(ASKED), "device"),
    "poll": (commands.Poll(ASKED, 5.0), "token"),
    "userinfo": (commands.Follow(ASKED, "userinfo"), "token"),
    "refresh": (commands.Follow(ASKED, "refresh"), "token"),
    "probe": (commands.Probe(ASKED, LIST_USERS, "none"), "token"),
    "verify with keys": (commands.VerifyIdToken(ASKED, UNKNOWN, None, None, None), "token"),
    "verify without keys": (commands.VerifyIdToken(None, UNKNOWN, None, None, None), ""),
    "browser": (commands.OpenBrowser(ASKED), ""),
    "countdown": (commands.Countdown(60.0), ""),
}


class Port:
    """A run to which events are posted."""

    def __init__(self) -> None:
        self.posted: list[AnyEvent] = []

    def now(self) -> float:
        return 1.5

    def post(self, event: AnyEvent) -> None:
        self.posted.append(event)


def _performed(name: str, way: str) -> Any:
    """The seconds that a command waits, and its events where an answer comes, where none does, and where its secret may not go there."""
    command, answer = COMMANDS[name]
    told = TOLD.get(answer, "")
    body = told.encode() if isinstance(told, str) else json.dumps(told).encode()
    media = "text/plain" if isinstance(told, str) else "application/json"

    class Answering:
        async def send(self, method: str, url: str, *, headers: Any, content: bytes) -> Any:
            request = HttpRequest(method, url, headers, Body.of(content))
            if way == "no answer":
                return FailedExchange(request, TransportFault("refused", library_text="t0ken-T0ken"))
            return Exchange(request, HttpResponse(200, (("Content-Type", media),), Body.of(body)))

    async def opened(url: str) -> BrowserLaunch:
        return BrowserLaunch(way == "answered", "firefox", None if way == "answered" else "failed")

    slept, seen = list[float](), list[str]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def events() -> list[AnyEvent]:
        sealer, port = Sealer(b"k" * 32), Port()
        if way == "not to there" and hasattr(command, "request"):
            view = sealer.learn_secret(Secret("r4w-secret", frozenset({ELSEWHERE})))
            asked = replace(command, request=replace(ASKED, headers=(("X-Key", (view,)),)))
        else:
            asked = command
        of_the_issuer = sealer.learn_secret(Secret("of-the-issuer", frozenset({f"{HERE}:443"})))
        performer = Performer(sealer, cast(Client, Answering()), opened, asyncio.Lock())
        await performer.perform(asked, port)
        with suppress(SecretRefused):
            seen.append(sealer.release(of_the_issuer, f"{ELSEWHERE}:443"))
        return port.posted

    with patch.object(asyncio, "sleep", sleep):
        posted = asyncio.run(events())
    return slept, posted, seen


def _caused(outer: Exception, *causes: BaseException) -> Exception:
    """As httpx2 raises it: the cause below its own exception, several of them in a group."""
    middle = httpcore2.ConnectError("All connection attempts failed")
    middle.__cause__ = causes[0] if len(causes) == 1 else BaseExceptionGroup("attempts", list(causes))
    outer.__cause__ = middle
    return outer


def _unverified(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code = code
    return error


ERRORS: dict[str, Exception] = {
    **{
        name: _caused(httpx2.ConnectError("x"), OSError(getattr(errno, name), "as the system says"))
        for name in ("ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "EACCES", "ETIMEDOUT", "EMFILE", "ECONNRESET")
    },
    **{f"verify {code}": _caused(httpx2.ConnectError("x"), _unverified(code)) for code in (10, 18, 20, 62, 77)},
    "no number": _caused(httpx2.ReadError(""), OSError()),
    "two addresses": _caused(
        httpx2.ConnectError(""), OSError(errno.ENETUNREACH, "a"), OSError(errno.ECONNREFUSED, "b")
    ),
    "a name": _caused(httpx2.ConnectError("x"), socket.gaierror(socket.EAI_NONAME, "Name or service not known")),
    "TLS": _caused(httpx2.ConnectError("x"), ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")),
    "TLS, waiting": _caused(httpx2.ReadError("x"), ssl.SSLWantReadError(2, "wait")),
    "timeout": httpx2.ConnectTimeout("x"),
    "deadline": TimeoutError(),
    "not HTTP": NotHttp("x"),
    "a proxy's login": httpx2.ProxyError("407 Proxy Authentication Required"),
    "a proxy's refusal": httpx2.ProxyError("503 Service Unavailable"),
    "long": httpx2.RemoteProtocolError("illegal header line: bytearray(b'Set-Cookie: secret')" + "y" * 400),
    "unforeseen": RuntimeError("nobody foresaw this"),
}
ATTEMPTS = {
    "": Attempt("https", "h.example", 443, "connect"),
    "tls": Attempt("https", "h.example", 443, "tls"),
    "answer": Attempt("http", "h.example", 80, "answer", received=b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
    "TLS on http": Attempt("http", "h.example", 80, "answer", received=b"\x15\x03\x01\x00\x02\x02\x46"),
    "proxy": Attempt("https", "h.example", 443, "connect", "http://p:3128", "HTTPS_PROXY", asked="Basic"),
    "proxy, login": Attempt("https", "h.example", 443, "tls", "http://p:3128", "HTTPS_PROXY", login_given=True),
}


def _failed(name: str, through: bool, silent: bool) -> Any:
    """What a request's end without an answer is, and what was looked at for it."""
    looked: list[str] = []

    async def look(host: str, port: int) -> Any:
        looked.append(f"certificate of {host}:{port}")
        return None

    async def addresses(host: str, port: int) -> tuple[str, ...]:
        looked.append(f"addresses of {host}:{port}")
        return (f"192.0.2.1:{port}",)

    async def failed() -> FailedExchange:
        proxy = ProxyChoice("HTTPS_PROXY", "http://me:pw@p:3128", "http://p:3128", "p", 3128) if through else None
        sending = _Sending(prepared("GET", f"{HERE}/x", (), b""), proxy, Limits(), SystemClock(), True)
        sending._trace.stage, sending._proxy_is_silent = "connect", silent
        return await sending._failed(ERRORS[name])

    with (
        patch.object(exchange, "look_at_certificate", look),
        patch.object(exchange, "_addresses", addresses),
        patch.dict("os.environ", {AUTHORITIES: "/ca.pem"}),
    ):
        end = asyncio.run(failed())
    return end.fault, end.connection == Connection(proxy="http://p:3128" if through else None), looked


def _hanging(ca_file: Path | None) -> Any:
    """The fault of a file of authorities that is not read in time."""

    async def never(work: Any) -> Any:
        raise TimeoutError

    async def sent() -> Any:
        client = Client(ca_file=ca_file)
        try:
            return await client.send("GET", "https://h.example/")
        finally:
            await client.aclose()

    with patch.object(exchange, "in_daemon_thread", never):
        return asyncio.run(sent()).fault


def _proxy(environ: dict[str, str], host: str) -> Any:
    with patch.dict("os.environ", environ, clear=True):
        try:
            found = proxy_for("https", host, 443)
        except Unsendable as error:
            return "unusable", error.fault.variable, error.fault.subject
    return repr(found), found and (found.url, found.has_login)


def performed() -> Iterator[Reading]:
    """Each function with the arguments of its calls."""
    ways = ("answered", "no answer", "not to there")
    yield "perform.Performer", _performed, [(name, way) for name in COMMANDS for way in ways]
    yield (
        "faults.fault_of",
        lambda error, attempt: fault_of(ERRORS[error], ATTEMPTS[attempt], ("192.0.2.1:443",)),
        [(error, attempt) for error in ERRORS for attempt in ATTEMPTS],
    )
    asked = [(name, through, False) for name in ("ECONNREFUSED", "verify 18", "verify 20") for through in (False, True)]
    yield "exchange._Sending, failed", _failed, [*asked, ("deadline", True, True)]
    environs: tuple[dict[str, str], ...] = (
        {},
        {"https_proxy": "http://me:pw@p"},
        {"HTTPS_PROXY": "p:3128"},
        {"ALL_PROXY": "socks5://[::1]"},
        {"HTTPS_PROXY": "https://p", "NO_PROXY": "h.example"},
        {"HTTPS_PROXY": "https://p", "NO_PROXY": "h.example:8443"},
        {"HTTPS_PROXY": "ftp://p"},
        {"HTTPS_PROXY": "http://"},
        {"HTTPS_PROXY": "http://p:x"},
    )
    yield "proxy.proxy_for", _proxy, [(one, host) for one in environs for host in ("h.example", "localhost")]
    yield "exchange.Client, its authorities hanging", _hanging, [(None,), (Path("/ca.pem"),)]
