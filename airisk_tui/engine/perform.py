"""Carrying out the commands of a run. Each ends in an event, which is posted with its secrets sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

from msgspec.structs import asdict, replace

from airisk_tui.engine.id_token import RawTokens, checked_id_token
from airisk_tui.flow import commands
from airisk_tui.flow import events as e
from airisk_tui.oauth.http import Exchange, FailedExchange, HttpRequest, TransportFault
from airisk_tui.oauth.loopback import NotLoopbackError, Target
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.secret import Secret, SecretRefused, SecretView
from airisk_tui.redaction.answers import Codes, sealed_answer
from airisk_tui.redaction.inputs import outgoing, sealed_edit
from airisk_tui.redaction.sealer import Sealer

if TYPE_CHECKING:
    from airisk_tui.engine.client.exchange import Client
    from airisk_tui.engine.listener.protocol import ReceivedRequest
    from airisk_tui.engine.machine.browser import BrowserLaunch

LARGE = 32 * 1024
"""Bytes of a body from which on it is sealed in another thread, so that the screen does not stall (threats.md S4)."""

Opener = Callable[[str], Awaitable["BrowserLaunch"]]


class RunPort(Protocol):
    """The part of `engine.run.Run` that commands use. `engine.run` imports this module, so this one cannot import it."""

    def now(self) -> float: ...

    def post(self, event: e.AnyEvent) -> None: ...


class Performer:
    """Carries out the commands of a run. client: sends requests; opener: opens a URL in a browser; port: held while a listener
    listens, so that a new run waits until the last one has freed the port; expired: returns an expired token, or None."""

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
        """Whether a probe with this credential can be sent. An expired token is kept, because the clock may be set back before it is
        sent."""
        if credential == "expired":
            self._expired_token = self._expired() or self._expired_token
            return self._expired_token is not None
        return True

    async def perform(self, command: commands.Command, run: RunPort) -> None:
        """Carry out a command and post its events. The run cancels this when the command is no longer wanted."""
        try:
            sent = outgoing(command, self._sealer, self._expired_token)
        except SecretRefused as refused:
            run.post(_not_sent(command, refused, run.now()))
        except NotLoopbackError:
            run.post(e.ListenerFailed(at=run.now(), code="not-loopback"))
        else:
            await self._carry_out(command, sent, run)

    async def _carry_out(
        self, command: commands.Command, sent: HttpRequest | Target | str | None, run: RunPort
    ) -> None:
        """Carry out a command. sent: the result of `redaction.inputs.outgoing` for it."""
        match command:
            case commands.Listen() if isinstance(sent, Target):
                await self._listen(sent, command.fragment, run)
            case commands.OpenBrowser():
                launch = await self._opener(str(sent))
                run.post(e.BrowserOpened(at=run.now(), **asdict(launch)))
            case commands.Countdown():
                await asyncio.sleep(command.seconds)
                run.post(e.TimedOut(at=run.now()))
            case _:
                if isinstance(command, commands.Poll):
                    # Before the first poll, too: a server may answer an early one with `slow_down` (RFC 8628 §3.5).
                    await asyncio.sleep(command.wait)
                result = await self._send(sent, command, run) if isinstance(sent, HttpRequest) else None
                if isinstance(command, commands.VerifyIdToken):
                    # Importing joserfc, and verifying with a large RSA key, would stall the screen (threats.md S4).
                    checked = await asyncio.to_thread(self._checked, command, result)
                    run.post(replace(checked, at=run.now()))

    def seal_edits(self, edits: tuple[Edit, ...]) -> tuple[tuple[Edit, ...], tuple[SecretView, ...]]:
        """The person's edits as they may enter the log, and the views of the secrets in them."""
        sealed = tuple(sealed_edit(edit, self._sealer) for edit in edits)
        views = self.views_in(sealed)
        self._sealer.add_to_inputs(views)
        return sealed, views

    def views_in(self, edits: tuple[Edit, ...]) -> tuple[SecretView, ...]:
        """The views of the secrets in sealed edits."""
        return self._sealer.views_named(*(edit.value for edit in edits))

    async def _listen(self, target: Target, fragment: bool, run: RunPort) -> None:
        from airisk_tui.engine.listener.server import Listener
        from airisk_tui.engine.listener.sockets import ListenerError

        async with self._port:
            listener = Listener(target, partial(self._heard, target, run), fragment=fragment)
            try:
                bound = await listener.start()
                run.post(replace(bound, at=run.now()))
                await asyncio.get_running_loop().create_future()  # until this task is cancelled
            except ListenerError as error:
                run.post(e.ListenerFailed(at=run.now(), **vars(error)))
            finally:
                # Also if this task is cancelled: CancelledError is raised in it once, after which it can await (asyncio, Task.cancel).
                await listener.close()

    def _heard(self, target: Target, run: RunPort, one: ReceivedRequest) -> None:
        """Post what the listener received."""
        request, views = self.seal_request(one.request, target.redirect_uri)
        at = run.now()
        if one.stray is not None:
            run.post(e.StrayRequest(at=at, request=request, reason=one.stray, peer=one.peer, secrets=views))
        else:
            run.post(e.CallbackReceived(at=at, request=request, peer=one.peer, secrets=views))

    def seal_request(self, request: HttpRequest, redirect_uri: str = "") -> tuple[HttpRequest, tuple[SecretView, ...]]:
        """A request as it may enter the log, and the views of the secrets that were sealed in it. redirect_uri: whose path is not a
        secret."""
        sealed = self._sealer.request(request, Codes(self._sealer, redirect_uri).part)
        return sealed, self._sealer.views_in(sealed)

    def _checked(self, command: commands.VerifyIdToken, answer: Exchange | FailedExchange | None) -> e.IdTokenChecked:
        """Verify the ID token with the keys of the answer. The log has them sealed, so they are taken from the raw answer."""
        raw = RawTokens(
            id_token=self._raw_value(command.id_token),
            access_token=self._raw_value(command.access_token),
            code=self._raw_value(command.code),
            secret=self._raw_value(command.secret),
        )
        return checked_id_token(raw, answer.response.body.data if isinstance(answer, Exchange) else None)

    def _raw_value(self, view: SecretView | None) -> str:
        """The raw value of a secret, which stays in this process; "" if it is unknown."""
        secret = self._sealer.reveal(view) if view is not None else None
        return secret.reveal() if secret is not None else ""

    async def _send(self, request: HttpRequest, command: commands.Command, run: RunPort) -> Exchange | FailedExchange:
        """Send a request, and post its result sealed. Returns the raw result."""
        content, began = request.body.data, run.now()
        result = await self._client.send(request.method, request.url, headers=request.headers, content=content)
        event = _event_of(command, result)
        if isinstance(result, Exchange) and len(result.response.body.data) > LARGE:
            event = await self._seal_in_thread(command, event, lambda: run.now() - began)
        else:
            event = sealed_answer(command, event, self._sealer)
        run.post(replace(event, at=run.now()))
        return result

    async def _seal_in_thread(
        self, command: commands.Command, event: e.AnyEvent, taken: Callable[[], float]
    ) -> e.AnyEvent:
        """Seal a large answer in a thread, which ends soon after the run is cancelled, or when the time for an exchange is over. taken:
        returns the seconds that the exchange has taken so far."""
        from airisk_tui.engine.client.exchange import WALL_CLOCK

        left = Event()
        try:
            return await asyncio.to_thread(
                sealed_answer, command, event, self._sealer, lambda: left.is_set() or taken() > WALL_CLOCK
            )
        finally:
            left.set()


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
"""By command, the step of its request, and the event of an answer. `Follow` has its own."""


def _event_of(command: commands.Command, result: Exchange | FailedExchange, at: float = 0.0) -> e.AnyEvent:
    """The event of a request that was answered or failed."""
    fields: dict[str, Any] = {"at": at}
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
    """The event of a command that sent nothing, because its secret may not go to its address."""
    if isinstance(command, commands.OpenBrowser):
        return e.BrowserOpened(at=at, ok=False, reason="unknown")
    plan = command.request if isinstance(command, commands.Sending | commands.VerifyIdToken) else None
    request = HttpRequest(plan.method, plan.address) if plan is not None else HttpRequest("GET", "")
    return _event_of(command, FailedExchange(request, TransportFault("local", refused.reason)), at)
