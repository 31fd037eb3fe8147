"""Carrying out the commands of a run: each method does one and posts the sealed events that it ends in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
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
    StrayRequest,
    TimedOut,
    TokenExchanged,
    TransportFailed,
)
from airisk_tui.oauth.http import Exchange, FailedExchange, Headers, HttpRequest
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.oauth.text import decoded
from airisk_tui.oauth.token import basic_credentials, encode_fields
from airisk_tui.redaction.answers import sealed_authorization
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.redaction.suspects import in_path, in_query, in_token_response

if TYPE_CHECKING:
    from airisk_tui.engine.browser import BrowserLaunch
    from airisk_tui.engine.client.exchange import Client
    from airisk_tui.engine.listener.server import ListenerError, ReceivedRequest

LARGE = 32 * 1024
"""Bytes of a body from which on it is sealed in another thread, so that no screen stalls (threats.md S4)."""

Opener = Callable[[str], Awaitable["BrowserLaunch"]]
BeforeSealing = Callable[[Exchange], Exchange]


class RunPort(Protocol):
    """What a performer needs of its run."""

    def now(self) -> float: ...

    def post(self, event: AnyEvent) -> None: ...


class Performer:
    """Does what a run commands. client: sends our own requests; opener: opens a URL in a browser; port: held while listening,
    so that a new run waits until the last one has freed its port; expired: gives a token whose end has passed, or None."""

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
        match command:
            case Listen():
                await self._listen(command, run)
            case OpenBrowser():
                launch = await self._opener(self._raw_url(command.url))
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
        target, body = request.url, decoded(request.body.data)
        for value in (*in_query(target), *in_path(target, redirect_uri), *in_query(body)):
            self._sealer.learn(value)
        sealed = self._sealer.request(request)
        return sealed, self._sealer.views_in(sealed)

    def _raw_url(self, url: str) -> str:
        return self._sealer.unseal(url, lambda value: quote(value, safe=""))

    async def _listen(self, command: Listen, run: RunPort) -> None:
        from airisk_tui.engine.listener.server import Listener, ListenerError

        def heard(one: ReceivedRequest) -> None:
            request, views = self.seal_request(one.request, command.redirect_uri)
            at = run.now()
            if one.stray is not None:
                run.post(StrayRequest(at=at, request=request, reason=one.stray, peer=one.peer, secrets=views))
            else:
                run.post(CallbackReceived(at=at, request=request, peer=one.peer, secrets=views))

        async with self._port:
            listener = Listener(self._sealer.unseal(command.redirect_uri), heard)
            try:
                bound = await listener.start()
                event = ListenerBound(
                    at=run.now(),
                    addresses=bound.addresses,
                    scheme=bound.scheme,
                    certificate=bound.certificate_sha256,
                )
                run.post(event)
                await asyncio.get_running_loop().create_future()
            except ListenerError as error:
                run.post(_listener_failed(error, run.now()))
            finally:
                await listener.close()

    async def _ask(self, command: AskDirectly, run: RunPort) -> None:
        headers = (("Accept", "application/json, text/plain;q=0.9, */*;q=0.1"),)
        result, views = await self._send("GET", self._raw_url(command.url), headers, opened=self._authorization_answer)
        if isinstance(result, FailedExchange):
            run.post(TransportFailed(at=run.now(), step="authorization-request", failed=result, secrets=views))
        else:
            run.post(AuthorizationAnswered(at=run.now(), exchange=result, secrets=views))

    async def _exchange(self, command: ExchangeCode, run: RunPort) -> None:
        fields = Params(tuple((name, self._sealer.unseal(value)) for name, value in command.fields))
        content_type, body = encode_fields(fields, command.encoding)
        headers: Headers = (("Content-Type", content_type), ("Accept", "application/json"))
        if command.basic is not None:
            client_id, secret = command.basic
            headers += (("Authorization", basic_credentials(self._sealer.unseal(client_id), self._raw(secret))),)
        elif command.bearer is not None:
            headers += (("Authorization", f"Bearer {self._raw(command.bearer)}"),)
        if command.cookies:
            headers += (("Cookie", self._sealer.unseal(command.cookies)),)
        result, views = await self._send("POST", self._raw_url(command.url), headers, body, opened=self._token_answer)
        if isinstance(result, FailedExchange):
            run.post(TransportFailed(at=run.now(), step="token-request", failed=result, secrets=views))
        else:
            run.post(TokenExchanged(at=run.now(), exchange=result, secrets=views))

    async def _probe(self, command: Probe, run: RunPort) -> None:
        headers = (("Accept", "application/json"), *self._bearer(command.credential, command.token))
        result, views = await self._send(command.endpoint.method, self._raw_url(command.url), headers)
        same: dict[str, Any] = {"endpoint": command.endpoint, "credential": command.credential, "secrets": views}
        if isinstance(result, FailedExchange):
            run.post(TransportFailed(at=run.now(), step="access", failed=result, **same))
        else:
            run.post(ProbeAnswered(at=run.now(), exchange=result, **same))

    def _bearer(self, credential: Credential, token: SecretView | None) -> Headers:
        if credential == "none" or token is None:
            return ()
        if credential == "expired":
            if self._past is None:
                raise LookupError("A probe with an expired token was begun, and there is none: Run.probe refuses that.")
            return (("Authorization", f"Bearer {self._past.reveal()}"),)
        raw = self._raw(token)
        return (("Authorization", f"Bearer {raw if credential == 'token' else _broken(raw)}"),)

    def _raw(self, view: SecretView) -> str:
        secret = self._sealer.reveal(view)
        return secret.reveal() if secret is not None else view.reference

    async def _send(
        self, method: str, url: str, headers: Headers, content: bytes = b"", opened: BeforeSealing | None = None
    ) -> tuple[Exchange | FailedExchange, tuple[SecretView, ...]]:
        """opened: looks at the answer before it is sealed, and learns the code or the token where one is expected."""
        result = await self._client.send(method, url, headers=headers, content=content)
        if isinstance(result, Exchange) and len(result.response.body.data) > LARGE:
            return await asyncio.to_thread(self._seal, result, opened)
        return self._seal(result, opened)

    def _seal(
        self, result: Exchange | FailedExchange, opened: BeforeSealing | None
    ) -> tuple[Exchange | FailedExchange, tuple[SecretView, ...]]:
        if isinstance(result, Exchange):
            sealed: Exchange | FailedExchange = self._sealer.exchange(opened(result) if opened else result)
        else:
            sealed = self._sealer.failed(result)
        return sealed, self._sealer.views_in(sealed)

    def _authorization_answer(self, exchange: Exchange) -> Exchange:
        return sealed_authorization(self._sealer, exchange)

    def _token_answer(self, exchange: Exchange) -> Exchange:
        for value in in_token_response(exchange.response):
            self._sealer.learn(value)
        return exchange


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
