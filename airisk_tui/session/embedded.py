"""The servers inside the program, each an environment of its own; one starts when it is first wanted, and ends with the session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from airisk_tui.engine.environments import Environment
from airisk_tui.flow.fields import SANDBOX, SANDBOX_STANDARD
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.secret import Secret

if TYPE_CHECKING:
    from airisk_tui.sandbox.registry import Application
    from airisk_tui.sandbox.server import SandboxServer
    from airisk_tui.sandbox.standard.registry import Client
    from airisk_tui.sandbox.standard.server import IssuerServer

    Server = SandboxServer | IssuerServer


class Embedded:
    """faults: the names of the faults that they play."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self._faults = faults
        self._servers: dict[str, Server] = {}
        self._starting = asyncio.Lock()

    def find(self, name: str) -> Server | None:
        """The server of an environment, if it runs."""
        return self._servers.get(name)

    async def start(self, name: str) -> Environment | None:
        """Start the server of an environment; what the environment is then, or None where the server ran before."""
        async with self._starting:
            if name in self._servers:
                return None
            server, environment = await asyncio.to_thread(LAUNCHERS[name], name, self._faults)
            self._servers[name] = server
            return environment

    def secret(self, name: str, client_id: str) -> Secret | None:
        """The secret of one of the server's own clients, which is public; None where it has none, and before the server started."""
        client = self._client(name, client_id)
        return Secret(client.client_secret) if client is not None and client.client_secret else None

    def signing_key(self, name: str, client_id: str) -> str | None:
        """The private key (PEM) of a client that authenticates with one; it is made when the server starts, and public as well."""
        return getattr(self._client(name, client_id), "private_key", None) or None

    def _client(self, name: str, client_id: str) -> Application | Client | None:
        server = self._servers.get(name)
        return server.data.client(client_id) if server is not None else None

    async def stop(self) -> None:
        """End them."""
        while self._servers:
            await asyncio.to_thread(self._servers.popitem()[1].stop)


def _airisk(name: str, faults: tuple[str, ...]) -> tuple[SandboxServer, Environment]:
    from airisk_tui.sandbox.registry import DEMO_CLIENT_ID, SandboxData
    from airisk_tui.sandbox.server import SandboxServer

    redirect_uri = _free_redirect_uri()
    data = SandboxData().with_redirect_uri(redirect_uri)
    server = SandboxServer(data, faults).start()
    application = data.client(DEMO_CLIENT_ID)
    return server, Environment(
        name=name,
        base_url=server.base_url,
        client_id=DEMO_CLIENT_ID,
        redirect_uri=redirect_uri,
        registered=application.registered if application else None,
        clients=tuple(known.client_id for known in data.applications),
        users=tuple(user.id for user in data.users),
    )


def _standard(name: str, faults: tuple[str, ...]) -> tuple[IssuerServer, Environment]:
    from airisk_tui.sandbox.registry import DEMO_CLIENT_ID
    from airisk_tui.sandbox.standard.registry import IssuerData
    from airisk_tui.sandbox.standard.server import IssuerServer

    redirect_uri = _free_redirect_uri()
    data = IssuerData().with_redirect_uri(redirect_uri)
    server = IssuerServer(data, faults).start()
    client = data.client(DEMO_CLIENT_ID)
    return server, Environment(
        name=name,
        issuer=server.base_url,
        dialect=STANDARD,
        endpoints=(),
        client_id=DEMO_CLIENT_ID,
        redirect_uri=redirect_uri,
        registered=client.redirect_uris if client else None,
        clients=tuple(known.client_id for known in data.clients),
    )


def _free_redirect_uri() -> str:
    from airisk_tui.engine.listener.free_port import free_redirect_uri
    from airisk_tui.sandbox.registry import DEMO_REDIRECT_URI

    return free_redirect_uri(DEMO_REDIRECT_URI)


LAUNCHERS: dict[str, Callable[[str, tuple[str, ...]], tuple[Server, Environment]]] = {
    SANDBOX: _airisk,
    SANDBOX_STANDARD: _standard,
}
"""What starts each server, by the name of its environment."""
