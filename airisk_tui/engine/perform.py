"""Carrying out the commands of a run. Each method carries out one kind of command and posts the event in which it ends, with its
secrets sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

from msgspec.structs import asdict, replace

from airisk_tui.engine.id_token import RawTokens, checked_id_token
from airisk_tui.flow import commands
from airisk_tui.flow import events as e
from airisk_tui.oauth.answer.device import read_device_codes
from airisk_tui.oauth.http import Exchange, FailedExchange, HttpRequest, TransportFault
from airisk_tui.oauth.loopback import read_listen_address
from airisk_tui.oauth.metadata import is_trusted, read_metadata
from airisk_tui.oauth.redirect.authorization import read_pushed
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.secret import Secret, SecretRefused, SecretView
from airisk_tui.redaction.answers import Codes, own_texts
from airisk_tui.redaction.inputs import outgoing, sealed_edit
from airisk_tui.redaction.sealer import Late, Sealer

if TYPE_CHECKING:
    from airisk_tui.engine.client.exchange import Client
    from airisk_tui.engine.listener.protocol import ReceivedRequest
    from airisk_tui.engine.machine.browser import BrowserLaunch

LARGE = 32 * 1024
"""Bytes of a body from which on it is sealed in another thread, so that no screen stalls (threats.md S4)."""

Opener = Callable[[str], Awaitable["BrowserLaunch"]]


class RunPort(Protocol):
    """What a performer needs of its run."""

    def now(self) -> float: ...

    def post(self, event: e.AnyEvent) -> None: ...


class Performer:
    """Carries out the commands of a run. client: sends our own requests; opener: opens a URL in a browser; port: held while
    listening, so that a new run waits until the last one has freed its port; expired: gives a token that has expired, or None."""

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
        self._expired_token: Secret | None = None

    def has(self, credential: e.Credential) -> bool:
        """Whether a probe with this credential can be sent. A token that was found to be expired is kept, because the clock
        may be set back before it is sent."""
        if credential == "expired":
            self._expired_token = self._expired() or self._expired_token
            return self._expired_token is not None
        return True

    async def perform(self, command: commands.Command, run: RunPort) -> None:
        """Do it and post the events; the run cancels this when the command is no longer wanted."""
        try:
            sent = outgoing(command, self._sealer, self._expired_token)
        except SecretRefused as refused:
            run.post(_not_sent(command, refused, run.now()))
            return
        if isinstance(command, commands.VerifyIdToken):
            await self._verify(command, sent if isinstance(sent, HttpRequest) else None, run)
            return
        if isinstance(command, commands.Poll):
            # Before the first, too: a server may answer an early one by `slow_down` (RFC 8628 §3.5).
            await asyncio.sleep(command.wait)
        match sent:
            case HttpRequest():
                await self._send(sent, command, run)
            case commands.Listen():
                await self._listen(sent, run)
            case str():
                launch = await self._opener(sent)
                run.post(e.BrowserOpened(at=run.now(), **asdict(launch)))
            case commands.Countdown():
                await asyncio.sleep(sent.seconds)
                run.post(e.TimedOut(at=run.now()))

    def seal_request(self, request: HttpRequest, redirect_uri: str = "") -> tuple[HttpRequest, tuple[SecretView, ...]]:
        """A request as it may enter the log, and the views of the secrets that were sealed in it. redirect_uri: the part of its path
        that is known and no secret."""
        sealed = self._sealer.request(request, Codes(self._sealer, redirect_uri).part)
        return sealed, self._sealer.views_in(sealed)

    def seal_edits(self, edits: tuple[Edit, ...]) -> tuple[tuple[Edit, ...], tuple[SecretView, ...]]:
        """Edits of a person's as they may enter the log, and the views of the secrets in them."""
        sealed = tuple(sealed_edit(edit, self._sealer) for edit in edits)
        views = self.views_in(sealed)
        self._sealer.add_to_inputs(views)
        return sealed, views

    def views_in(self, edits: tuple[Edit, ...]) -> tuple[SecretView, ...]:
        """The views of the secrets in sealed edits."""
        return self._sealer.views_named(*(edit.value for edit in edits))

    async def _listen(self, command: commands.Listen, run: RunPort) -> None:
        from airisk_tui.engine.listener.server import Listener
        from airisk_tui.engine.listener.sockets import ListenerError

        def heard(one: ReceivedRequest) -> None:
            request, views = self.seal_request(one.request, command.redirect_uri)
            at = run.now()
            if one.stray is not None:
                run.post(e.StrayRequest(at=at, request=request, reason=one.stray, peer=one.peer, secrets=views))
            else:
                run.post(e.CallbackReceived(at=at, request=request, peer=one.peer, secrets=views))

        async with self._port:
            at = read_listen_address(command.at)
            listener = Listener(command.redirect_uri, heard, at=at, fragment=command.fragment)
            try:
                bound = await listener.start()
                run.post(replace(bound, at=run.now()))
                await asyncio.get_running_loop().create_future()  # until this task is cancelled
            except ListenerError as error:
                run.post(e.ListenerFailed(at=run.now(), **vars(error)))
            finally:
                # Also in a task that is cancelled: CancelledError is raised in it once, and then it may await (asyncio, Task.cancel).
                await listener.close()

    async def _send(self, request: HttpRequest, command: commands.Command, run: RunPort) -> Exchange | FailedExchange:
        """What came of a request, which is posted sealed."""
        content, began = request.body.data, run.now()
        result = await self._client.send(request.method, request.url, headers=request.headers, content=content)
        if isinstance(result, Exchange):
            self._learn_from(command, result)
        # Of an authorization answer, only the kind of the endpoint shows what is secret.
        ours = own_texts(request.url) if isinstance(command, commands.AskDirectly) else None
        if isinstance(result, Exchange) and len(result.response.body.data) > LARGE:
            sealed, views = await self._seal_in_thread(result, ours, lambda: run.now() - began)
        else:
            sealed, views = self._seal(result, ours)
        run.post(_event_of(command, sealed, run.now(), views))
        return result

    async def _verify(self, command: commands.VerifyIdToken, request: HttpRequest | None, run: RunPort) -> None:
        """The keys as they came are needed to verify; the log has them sealed."""
        result = await self._send(request, command, run) if request is not None else None
        keys = result.response.body.data if isinstance(result, Exchange) else None
        raw = RawTokens(
            id_token=self._raw_value(command.id_token),
            access_token=self._raw_value(command.access_token),
            code=self._raw_value(command.code),
            secret=self._raw_value(command.secret),
        )
        # Importing joserfc, and a signature of a large RSA key, would stall the screen (threats.md S4).
        checked = await asyncio.to_thread(checked_id_token, raw, keys)
        run.post(replace(checked, at=run.now()))

    def _raw_value(self, view: SecretView | None) -> str:
        """The raw value of a secret that stays in this process; "" where it is not known."""
        secret = self._sealer.reveal(view) if view is not None else None
        return secret.reveal() if secret is not None else ""

    def _learn_from(self, command: commands.Command, exchange: Exchange) -> None:
        """Tell the sealer which values of an answer are secrets and which are public, before the answer itself is sealed."""
        match command:
            case commands.Discover() if (metadata := read_metadata(exchange.response)) is not None:
                # The addresses that it names are public, and where the issuer's secrets may go.
                self._sealer.public(metadata.issuer, *metadata.endpoints)
                self._sealer.extend_origins(
                    command.issuer, (u for u in metadata.endpoints if is_trusted(u, command.issuer))
                )
            case commands.RequestDeviceCodes() if (codes := read_device_codes(exchange.response)) is not None:
                # What a person has to type is public; what the polls carry is a secret.
                self._sealer.learn(codes.device_code)
                self._sealer.public(*codes.public)
            case commands.PushRequest() if (pushed := read_pushed(exchange.response)) is not None:
                self._sealer.learn(pushed.request_uri)

    async def _seal_in_thread(
        self, result: Exchange, ours: str | None, taken: Callable[[], float]
    ) -> tuple[Exchange | FailedExchange, tuple[SecretView, ...]]:
        """Seal a large answer in a thread. The thread ends soon after the run is cancelled, and at the latest when the time for an
        exchange is over. taken: gives the seconds that the exchange has taken."""
        from airisk_tui.engine.client.exchange import WALL_CLOCK

        left = Event()
        try:
            return await asyncio.to_thread(self._seal, result, ours, lambda: left.is_set() or taken() > WALL_CLOCK)
        finally:
            left.set()

    def _seal(
        self, result: Exchange | FailedExchange, ours: str | None, late: Late = lambda: False
    ) -> tuple[Exchange | FailedExchange, tuple[SecretView, ...]]:
        """What came of a request, sealed, and the views of the secrets in it. ours: for an answer in which a code is due, every
        text of our own that may stand in it."""
        seal = self._sealer
        if isinstance(result, FailedExchange):
            sealed: Exchange | FailedExchange = seal.failed(result)
        else:
            sealed = seal.exchange(result, None if ours is None else Codes.of(seal, result.response, ours), late)
        return sealed, seal.views_in(sealed)


ANSWERS: dict[type, tuple[e.RequestStep, Callable[..., e.AnyEvent]]] = {
    commands.Discover: ("discovery", e.MetadataAnswered),
    commands.PushRequest: ("push", e.PushAnswered),
    commands.AskDirectly: ("authorization-request", e.AuthorizationAnswered),
    commands.RequestDeviceCodes: ("authorization-request", e.DeviceAnswered),
    commands.ExchangeCode: ("token-request", e.TokenExchanged),
    commands.Poll: ("token-request", e.TokenExchanged),
    commands.VerifyIdToken: ("keys", e.KeysAnswered),
    commands.Probe: ("access", e.ProbeAnswered),
}
"""By command: the step of its request, and the event of an answer. A follow-up has its own."""


def _event_of(
    command: commands.Command, result: Exchange | FailedExchange, at: float, views: tuple[SecretView, ...] = ()
) -> e.AnyEvent:
    """The event that a request ends in."""
    fields: dict[str, Any] = {"at": at, "secrets": views}
    step, answered = ANSWERS.get(type(command), ANSWERS[commands.AskDirectly])
    if isinstance(command, commands.Follow):
        step, answered = command.step, e.RefreshAnswered if command.step == "refresh" else e.FollowUpAnswered
        if answered is e.FollowUpAnswered and isinstance(result, Exchange):
            fields["step"] = command.step
    if isinstance(command, commands.Probe):
        fields |= {"endpoint": command.endpoint, "credential": command.credential}
    if isinstance(result, FailedExchange):
        return e.TransportFailed(step=step, failed=result, **fields)
    return answered(exchange=result, **fields)


def _not_sent(command: commands.Command, refused: SecretRefused, at: float) -> e.AnyEvent:
    """The event of a command whose secret may not be sent; nothing was sent."""
    if isinstance(command, commands.OpenBrowser):
        return e.BrowserOpened(at=at, ok=False, reason="unknown")
    plan = command.request if isinstance(command, commands.Sending | commands.VerifyIdToken) else None
    request = HttpRequest(plan.method, plan.address) if plan is not None else HttpRequest("GET", "")
    return _event_of(command, FailedExchange(request, TransportFault("local", refused.reason)), at)
