"""The servers inside the program, each with an environment of its own. A server starts when it is first needed, and ends with the session.

Its port is bound before the server starts, so that its environment is known at once. Requests that come before wait in the system.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from airisk_tui.engine.config.environments import ConfigurationError, Environment
from airisk_tui.flow.start.fields import SANDBOX
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
    """A server whose port is bound. data: its applications and users; start: imports the server and starts it on that port; call it in
    another thread."""

    environment: Environment
    port: LoopbackSocket
    data: SandboxData | IssuerData
    start: Callable[[], Server]


class Embedded:
    """The servers of one session. faults: the names of the faults that they play."""

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
        """Bind the port of an environment's server. Returns the environment with its address, or None if the port was bound before."""
        if name in self._bound:
            return None
        from airisk_tui.sandbox.loopback import listening_on

        bound = self._bound[name] = _bound(name, self._faults, listening_on(0))
        return bound.environment

    def calling_back(self, name: str, callback: Callable[[], object]) -> AbstractContextManager[None]:
        """While entered, call back when somebody connects to a server that is bound and does not run yet."""
        waiting = name in self._bound and name not in self._starting
        return calling_back(self._bound[name].port, callback) if waiting else nullcontext()

    async def start(self, name: str) -> None:
        """Start the server whose port is bound, if it does not run. If the caller is cancelled, the start goes on. Raises
        ConfigurationError for a fault that the server does not have."""
        if name not in self._starting:
            self._starting[name] = asyncio.create_task(asyncio.to_thread(self._bound[name].start))
        try:
            # Shielded, because several callers may wait for one start, and one of them may be cancelled.
            self._servers[name] = await asyncio.shield(self._starting[name])
        except ValueError as error:
            raise ConfigurationError(str(error)) from error

    def secret(self, name: str, client_id: str) -> Secret | None:
        """The secret of a client of the server, which everybody may know; None if it has none, and before the port is bound."""
        client = self._client(name, client_id)
        return Secret(client.client_secret) if client is not None and client.client_secret else None

    def signing_key(self, name: str, client_id: str) -> str | None:
        """The private key (PEM) of a client that authenticates with one, or None. It is made with the server."""
        return getattr(self._client(name, client_id), "private_key", None) or None

    def _client(self, name: str, client_id: str) -> Application | Client | None:
        server, bound = self._servers.get(name), self._bound.get(name)
        data = server.data if server is not None else bound.data if bound is not None else None
        return data.client(client_id) if data is not None else None

    async def stop(self) -> None:
        """Stop all servers and close the bound ports."""
        self._servers.clear()
        for name, bound in self._bound.items():
            if (starting := self._starting.pop(name, None)) is None:
                bound.port.close()
                continue
            await asyncio.wait([starting])
            if starting.exception() is None:  # otherwise `start` has raised it
                await asyncio.to_thread(starting.result().stop)
        self._bound.clear()


def _bound(name: str, faults: tuple[str, ...], port: LoopbackSocket) -> Bound:
    """A server whose port is bound, with all data that is known before it runs."""
    from airisk_tui.engine.listener.free_port import free_redirect_uri
    from airisk_tui.sandbox.data.registry import DEMO_CLIENT_ID, DEMO_REDIRECT_URI
    from airisk_tui.sandbox.loopback import base_url_of

    url, redirect_uri = base_url_of(port), free_redirect_uri(DEMO_REDIRECT_URI)
    data: SandboxData | IssuerData
    own: dict[str, Any]
    if name == SANDBOX:
        from airisk_tui.sandbox.data.registry import SandboxData

        data = SandboxData().with_redirect_uri(redirect_uri)
        clients = {one.client_id: one.registered for one in data.applications}
        own = {"base_url": url, "users": tuple(user.id for user in data.users)}
    else:
        from airisk_tui.sandbox.standard.registry import IssuerData

        data = IssuerData().with_redirect_uri(redirect_uri)
        clients = {one.client_id: one.redirect_uris for one in data.clients}
        own = {"issuer": url, "dialect": STANDARD, "endpoints": ()}
    own |= {"client_id": DEMO_CLIENT_ID, "registered": clients.get(DEMO_CLIENT_ID), "clients": tuple(clients)}
    environment = Environment(name=name, redirect_uri=redirect_uri, **own)
    return Bound(environment, port, data, partial(_started, name, data, faults, port))


def _started(name: str, data: Any, faults: tuple[str, ...], port: LoopbackSocket) -> Server:
    """Import the server, and start it on its port."""
    if name == SANDBOX:
        from airisk_tui.sandbox.server import SandboxServer

        return SandboxServer(data, faults).start(port)
    from airisk_tui.sandbox.standard.server import IssuerServer

    return IssuerServer(data, faults).start(port)
