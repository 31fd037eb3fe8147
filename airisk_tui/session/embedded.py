"""The servers inside the program, each an environment of its own; one starts when it is first wanted, and ends with the session.

A server's port is bound before the server is there, so that its environment is known at once. What is sent meanwhile waits in
the system.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from airisk_tui.engine.config.environments import ConfigurationError, Environment
from airisk_tui.flow.start.fields import SANDBOX, SANDBOX_STANDARD
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.secret import Secret
from airisk_tui.systems import calling_back

if TYPE_CHECKING:
    from airisk_tui.sandbox.data.registry import Application, SandboxData
    from airisk_tui.sandbox.loopback import LoopbackSocket
    from airisk_tui.sandbox.server import SandboxServer
    from airisk_tui.sandbox.standard.registry import Client, IssuerData
    from airisk_tui.sandbox.standard.server import IssuerServer

    Server = SandboxServer | IssuerServer


class Bound(NamedTuple):
    """A server whose port is bound. data: what it will know; start: imports the server and starts it on that port, called in a
    thread."""

    environment: Environment
    port: LoopbackSocket
    data: SandboxData | IssuerData
    start: Callable[[], Server]


class Embedded:
    """faults: the names of the faults that they play."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self._faults = faults
        self._bound: dict[str, Bound] = {}
        self._starting: dict[str, asyncio.Task[Server]] = {}
        self._servers: dict[str, Server] = {}

    def find(self, name: str) -> Server | None:
        """The server of an environment, if it runs."""
        return self._servers.get(name)

    def faults(self, name: str) -> tuple[str, ...]:
        """The names of the faults that the server of an environment plays, or will when it runs."""
        server = self.find(name)
        return server.faults if server is not None else self._faults

    def prepare(self, name: str) -> Environment | None:
        """Bind the port of an environment's server; what the environment is then, or None where it was bound before."""
        if name in self._bound:
            return None
        from airisk_tui.sandbox.loopback import listening_on

        bound = self._bound[name] = BINDERS[name](name, self._faults, listening_on(0))
        return bound.environment

    def calling_back(self, name: str, callback: Callable[[], object]) -> AbstractContextManager[None]:
        """Call back when somebody connects to a server that is bound and does not run yet."""
        waiting = name in self._bound and name not in self._starting
        return calling_back(self._bound[name].port, callback) if waiting else nullcontext()

    async def start(self, name: str) -> None:
        """Start the server that is bound, if it does not run; a start goes on when nobody waits for it any more. ConfigurationError
        for a fault that the server does not have."""
        if name not in self._starting:
            self._starting[name] = asyncio.create_task(asyncio.to_thread(self._bound[name].start))
        try:
            # Several may wait for one start, and the first of them may be cancelled.
            self._servers[name] = await asyncio.shield(self._starting[name])
        except ValueError as error:
            raise ConfigurationError(str(error)) from error

    def secret(self, name: str, client_id: str) -> Secret | None:
        """The secret of one of the server's own clients, which is public; None where it has none, and before its port is bound."""
        client = self._client(name, client_id)
        return Secret(client.client_secret) if client is not None and client.client_secret else None

    def signing_key(self, name: str, client_id: str) -> str | None:
        """The private key (PEM) of a client that authenticates with one; it is made with the server, and public as well."""
        return getattr(self._client(name, client_id), "private_key", None) or None

    def _client(self, name: str, client_id: str) -> Application | Client | None:
        server, bound = self._servers.get(name), self._bound.get(name)
        data = server.data if server is not None else bound.data if bound is not None else None
        return data.client(client_id) if data is not None else None

    async def stop(self) -> None:
        """End them."""
        self._servers.clear()
        for name, bound in self._bound.items():
            if (starting := self._starting.pop(name, None)) is None:
                bound.port.close()
                continue
            await asyncio.wait([starting])
            if starting.exception() is None:  # else `start` has raised it
                await asyncio.to_thread(starting.result().stop)
        self._bound.clear()


def _airisk(name: str, faults: tuple[str, ...], port: LoopbackSocket) -> Bound:
    from airisk_tui.sandbox.data.registry import DEMO_CLIENT_ID, SandboxData
    from airisk_tui.sandbox.loopback import base_url_of

    redirect_uri = _free_redirect_uri()
    data = SandboxData().with_redirect_uri(redirect_uri)

    def start() -> SandboxServer:
        from airisk_tui.sandbox.server import SandboxServer

        return SandboxServer(data, faults).start(port)

    application = data.client(DEMO_CLIENT_ID)
    environment = Environment(
        name=name,
        base_url=base_url_of(port),
        client_id=DEMO_CLIENT_ID,
        redirect_uri=redirect_uri,
        registered=application.registered if application else None,
        clients=tuple(known.client_id for known in data.applications),
        users=tuple(user.id for user in data.users),
    )
    return Bound(environment, port, data, start)


def _standard(name: str, faults: tuple[str, ...], port: LoopbackSocket) -> Bound:
    from airisk_tui.sandbox.data.registry import DEMO_CLIENT_ID
    from airisk_tui.sandbox.loopback import base_url_of
    from airisk_tui.sandbox.standard.registry import IssuerData

    redirect_uri = _free_redirect_uri()
    data = IssuerData().with_redirect_uri(redirect_uri)

    def start() -> IssuerServer:
        from airisk_tui.sandbox.standard.server import IssuerServer

        return IssuerServer(data, faults).start(port)

    client = data.client(DEMO_CLIENT_ID)
    environment = Environment(
        name=name,
        issuer=base_url_of(port),
        dialect=STANDARD,
        endpoints=(),
        client_id=DEMO_CLIENT_ID,
        redirect_uri=redirect_uri,
        registered=client.redirect_uris if client else None,
        clients=tuple(known.client_id for known in data.clients),
    )
    return Bound(environment, port, data, start)


def _free_redirect_uri() -> str:
    from airisk_tui.engine.listener.free_port import free_redirect_uri
    from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI

    return free_redirect_uri(DEMO_REDIRECT_URI)


BINDERS: dict[str, Callable[[str, tuple[str, ...], LoopbackSocket], Bound]] = {
    SANDBOX: _airisk,
    SANDBOX_STANDARD: _standard,
}
"""What knows each server's environment from its port, by the name of the environment."""
