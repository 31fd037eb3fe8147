"""Carrying out the commands of a run: each method does one and posts the sealed events that it ends in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from airisk_tui.flow.commands import AskDirectly, Command, Countdown, ExchangeCode, Listen, OpenBrowser, Probe
from airisk_tui.flow.events import (
    AnyEvent,
    AuthorizationAnswered,
    BrowserOpened,
    CallbackReceived,
    Credential,
    ListenerBound,
    ListenerFailed,
    ProbeAnswered,
    RequestStep,
    StrayRequest,
    TimedOut,
    TokenExchanged,
    TransportFailed,
)
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.oauth.fields import fields_in
from airisk_tui.oauth.http import Exchange, FailedExchange, Headers, HttpRequest, TransportFault, header
from airisk_tui.oauth.listening import read_listen_address
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret, SecretRefused, SecretView
from airisk_tui.oauth.text import decoded
from airisk_tui.oauth.token import basic_credentials, encode_fields
from airisk_tui.redaction.answers import sealed_authorization
from airisk_tui.redaction.names import says_secret
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.redaction.suspects import in_path

if TYPE_CHECKING:
    from airisk_tui.engine.browser import BrowserLaunch
    from airisk_tui.engine.client.exchange import Client
    from airisk_tui.engine.listener.protocol import ReceivedRequest
    from airisk_tui.engine.listener.sockets import ListenerError

LARGE = 32 * 1024
"""Bytes of a body from which on it is sealed in another thread, so that no screen stalls (threats.md S4)."""

Opener = Callable[[str], Awaitable["BrowserLaunch"]]
BeforeSealing = Callable[[Exchange], Exchange]

Sealed = tuple[Exchange | FailedExchange, tuple[SecretView, ...]]
"""What came of a request, sealed, and the views of the secrets in it."""


class RunPort(Protocol):
    """What a performer needs of its run."""

    def now(self) -> float: ...

    def post(self, event: AnyEvent) -> None: ...


class Performer:
    """Does what a run commands. client: sends our own requests; opener: opens a URL in a browser; port: held while listening,
    so that a new run waits until the last one has freed its port; expired: gives a token that has expired, or None."""

    def __init__(
        self,
        sealer: Sealer,
        client: Client,
        opener: Opener,
        port: asyncio.Lock,
        expired: Callable[[], Secret | None] = lambda: None,
    ) -> None:
        self._sealer = sealer
        self._client = client
        self._opener = opener
        self._port = port
        self._expired = expired
        self._past: Secret | None = None

    def has(self, credential: Credential) -> bool:
        """Whether a probe with this credential can be sent. A token that was found to be expired is kept, because the clock
        may be set back before it is sent."""
        if credential == "expired":
            self._past = self._expired() or self._past
            return self._past is not None
        return True

    async def perform(self, command: Command, run: RunPort) -> None:
        """Do it and post the events; the run cancels this when the command is no longer wanted."""
        try:
            await self._perform(command, run)
        except SecretRefused as refused:
            run.post(_not_sent(command, refused, run.now()))

    async def _perform(self, command: Command, run: RunPort) -> None:
        match command:
            case Listen():
                await self._listen(command, run)
            case OpenBrowser():
                launch = await self._opener(self._url(command.url))
                run.post(_browser_opened(launch, run.now()))
            case Countdown():
                await asyncio.sleep(command.seconds)
                run.post(TimedOut(at=run.now()))
            case AskDirectly():
                await self._ask(command, run)
            case ExchangeCode():
                await self._exchange(command, run)
            case Probe():
                await self._probe(command, run)

    def seal_request(self, request: HttpRequest, redirect_uri: str = "") -> tuple[HttpRequest, tuple[SecretView, ...]]:
        """A request as it may enter the log, and the views of the secrets that were sealed in it. redirect_uri: the part of its path
        that is known and no secret."""
        for value in (*in_path(request.url, redirect_uri), *_posted_secrets(request)):
            self._sealer.learn(value)
        sealed = self._sealer.request(request)
        return sealed, self._sealer.views_in(sealed)

    def _url(self, url: str) -> str:
        return self._sealer.own(url, url, lambda value: quote(value, safe=""))

    def _text(self, value: str | SecretView, url: str) -> str:
        """A field's value for a request to this URL. A secret is asked for by its view and never found in a text, so no text
        that a server sent can name one (redaction.md)."""
        return self._sealer.release(value, url) if isinstance(value, SecretView) else self._sealer.own(value, url)

    async def _listen(self, command: Listen, run: RunPort) -> None:
        from airisk_tui.engine.listener.server import Listener
        from airisk_tui.engine.listener.sockets import ListenerError

        def heard(one: ReceivedRequest) -> None:
            request, views = self.seal_request(one.request, command.redirect_uri)
            at = run.now()
            if one.stray is not None:
                run.post(StrayRequest(at=at, request=request, reason=one.stray, peer=one.peer, secrets=views))
            else:
                run.post(CallbackReceived(at=at, request=request, peer=one.peer, secrets=views))

        async with self._port:
            listener = Listener(self._sealer.own(command.redirect_uri, None), heard, at=read_listen_address(command.at))
            try:
                bound = await listener.start()
                event = ListenerBound(
                    at=run.now(),
                    addresses=bound.addresses,
                    scheme=bound.scheme,
                    certificate=bound.certificate_sha256,
                )
                run.post(event)
                await asyncio.get_running_loop().create_future()  # until this task is cancelled
            except ListenerError as error:
                run.post(_listener_failed(error, run.now()))
            finally:
                await listener.close()

    async def _ask(self, command: AskDirectly, run: RunPort) -> None:
        headers = (("Accept", "application/json, text/plain;q=0.9, */*;q=0.1"),)
        seal = partial(sealed_authorization, self._sealer)
        result = await self._send("GET", self._url(command.url), headers, opened=seal)
        _post(run, "authorization-request", result, AuthorizationAnswered)

    async def _exchange(self, command: ExchangeCode, run: RunPort) -> None:
        url = command.url
        fields = Params(tuple((name, self._text(value, url)) for name, value in command.fields))
        content_type, body = encode_fields(fields, command.encoding)
        headers: Headers = (("Content-Type", content_type), ("Accept", "application/json"))
        if command.basic is not None:
            client_id, secret = command.basic
            headers += (("Authorization", basic_credentials(self._text(client_id, url), self._text(secret, url))),)
        elif command.bearer is not None:
            headers += (("Authorization", f"Bearer {self._text(command.bearer, url)}"),)
        if command.cookies:
            headers += (("Cookie", "; ".join(f"{name}={self._text(value, url)}" for name, value in command.cookies)),)
        result = await self._send("POST", self._url(command.url), headers, body)
        _post(run, "token-request", result, TokenExchanged)

    async def _probe(self, command: Probe, run: RunPort) -> None:
        headers = (("Accept", "application/json"), *self._bearer(command))
        result = await self._send(command.endpoint.method, self._url(command.url), headers)
        _post(run, "access", result, ProbeAnswered, endpoint=command.endpoint, credential=command.credential)

    def _bearer(self, command: Probe) -> Headers:
        credential, token = command.credential, command.token
        if credential == "none" or token is None:
            return ()
        if credential == "expired":
            if self._past is None:
                raise LookupError("A probe with an expired token was begun, and there is none: Run.probe refuses that.")
            return (("Authorization", f"Bearer {self._text(self._sealer.keep(self._past), command.url)}"),)
        raw = self._text(token, command.url)
        return (("Authorization", f"Bearer {raw if credential == 'token' else _broken(raw)}"),)

    async def _send(
        self, method: str, url: str, headers: Headers, content: bytes = b"", opened: BeforeSealing | None = None
    ) -> Sealed:
        """opened: seals in the answer what only the kind of the endpoint shows to be secret."""
        result = await self._client.send(method, url, headers=headers, content=content)
        if isinstance(result, Exchange) and len(result.response.body.data) > LARGE:
            return await asyncio.to_thread(self._seal, result, opened)
        return self._seal(result, opened)

    def _seal(self, result: Exchange | FailedExchange, opened: BeforeSealing | None) -> Sealed:
        seal = self._sealer
        sealed = seal.exchange(result, opened) if isinstance(result, Exchange) else seal.failed(result)
        return sealed, seal.views_in(sealed)


def _post(
    run: RunPort, step: RequestStep, came: Sealed, answered: Callable[..., AnyEvent], **about: Endpoint | Credential
) -> None:
    """Post what came of a request. answered: makes the event of an answer; about: further fields of either event."""
    result, views = came
    fields: dict[str, Any] = {"at": run.now(), "secrets": views, **about}
    if isinstance(result, FailedExchange):
        run.post(TransportFailed(step=step, failed=result, **fields))
    else:
        run.post(answered(exchange=result, **fields))


def _not_sent(command: Command, refused: SecretRefused, at: float) -> AnyEvent:
    """What becomes of a command whose secret may not be sent: no byte has left."""
    url = getattr(command, "url", "")
    request = HttpRequest("POST" if isinstance(command, ExchangeCode) else "GET", url)
    failed = FailedExchange(request, TransportFault("local", refused.reason))
    if isinstance(command, Probe):
        same: dict[str, Any] = {"endpoint": command.endpoint, "credential": command.credential}
        return TransportFailed(at=at, step="access", failed=failed, **same)
    if isinstance(command, OpenBrowser):
        return BrowserOpened(at=at, ok=False, reason="unknown")
    step: RequestStep = "token-request" if isinstance(command, ExchangeCode) else "authorization-request"
    return TransportFailed(at=at, step=step, failed=failed)


def _posted_secrets(request: HttpRequest) -> Iterator[str]:
    """What a body that came to the redirect URI holds under the name of a code or a token: there it is one, however short."""
    kind = header(request.headers, "content-type") or ""
    for field in fields_in(decoded(request.body.data), kind):
        if field.value and says_secret(field.name):
            yield field.value


def _broken(token: str) -> str:
    """The token with its last six characters turned around: of the same form, and never valid."""
    tail = token[-6:][::-1]
    return token[:-6] + (tail if tail != token[-6:] else "AAAAAA")


def _browser_opened(launch: BrowserLaunch, at: float) -> BrowserOpened:
    return BrowserOpened(at=at, ok=launch.ok, program=launch.program, reason=launch.reason, failures=launch.failures)


def _listener_failed(error: ListenerError, at: float) -> ListenerFailed:
    return ListenerFailed(
        at=at, code=error.code, address=error.address, port=error.port, holder=error.holder, errno=error.errno
    )
