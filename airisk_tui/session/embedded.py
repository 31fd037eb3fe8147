"""The servers inside the program, each an environment of its own; one starts when it is first wanted, and ends with the session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from airisk_tui.engine.environments import Environment
from airisk_tui.flow.fields import SANDBOX
from airisk_tui.oauth.secret import Secret

if TYPE_CHECKING:
    from airisk_tui.sandbox.server import SandboxServer


class Embedded:
    """faults: the names of the faults that they play."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self._faults = faults
        self._servers: dict[str, SandboxServer] = {}
        self._starting = asyncio.Lock()

    def find(self, name: str) -> SandboxServer | None:
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

    def secret(self, name: str) -> Secret | None:
        """The secret of the server's own client, which is public; None before the server has started."""
        from airisk_tui.sandbox.registry import DEMO_SECRET

        return Secret(DEMO_SECRET) if name in self._servers else None

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
    application = data.application(DEMO_CLIENT_ID)
    return server, Environment(
        name=name,
        base_url=server.base_url,
        client_id=DEMO_CLIENT_ID,
        redirect_uri=redirect_uri,
        registered=application.registered if application else None,
        clients=tuple(known.client_id for known in data.applications),
        users=tuple(user.id for user in data.users),
    )


def _free_redirect_uri() -> str:
    from airisk_tui.engine.listener.free_port import free_redirect_uri
    from airisk_tui.sandbox.registry import DEMO_REDIRECT_URI

    return free_redirect_uri(DEMO_REDIRECT_URI)


LAUNCHERS: dict[str, Callable[[str, tuple[str, ...]], tuple[SandboxServer, Environment]]] = {SANDBOX: _airisk}
"""What starts each server, by the name of its environment."""
