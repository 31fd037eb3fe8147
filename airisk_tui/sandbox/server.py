"""The servers that run the sandbox's apps: uvicorn's HTTP protocol on a loopback socket, in a thread with its own event loop."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

import h11
from msgspec.structs import asdict
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from airisk_tui.sandbox.airisk.app import RESET, create_app
from airisk_tui.sandbox.airisk.faults import FAULTS
from airisk_tui.sandbox.answer import Json
from airisk_tui.sandbox.call import AUTHORIZE_PATH, TOKEN_PATH, Call
from airisk_tui.sandbox.data.registry import SandboxData
from airisk_tui.sandbox.fault import NamedFault, chosen
from airisk_tui.sandbox.loopback import HOST, listening_on
from airisk_tui.sandbox.state import SLOW_SECONDS, Sandbox

START_SECONDS: Final = 5.0  # a thousand times the usual time; longer means that the thread has died
STOP_SECONDS: Final = 2.0  # far more than closing takes; a thread that hangs longer ends with the process
HEAD_SECONDS: Final = 5.0  # threats.md F6: the listener's deadline (L4)
BODY_SECONDS: Final = 10.0  # threats.md F6, L4
NO_LINGER: Final = struct.pack("ii", 1, 0)  # close() then sends RST in place of FIN

_log = logging.getLogger("airisk_tui.sandbox")
_log.addHandler(logging.NullHandler())  # nothing may be printed on a TUI's terminal


class LoopbackServer:
    """Serves an ASGI app on this machine only, in its own thread: `with LoopbackServer(app) as server`."""

    greeting = "The server runs until Ctrl-C."

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        self._wanted_port = port
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self.port = port

    @property
    def base_url(self) -> str:
        """The address, such as `http://127.0.0.1:43210`, of a started server."""
        return f"http://{HOST}:{self.port}"

    def describe(self) -> dict[str, Json]:
        """The data that a person or a script needs to use the server, as JSON."""
        return {"base_url": self.base_url}

    def start(self, listening: socket.socket | None = None) -> Self:
        """Bind and serve. listening: a socket that is already bound. Raises OSError if the port is not available."""
        if self._thread is not None:
            raise RuntimeError("The sandbox is already running.")
        bound = listening or listening_on(self._wanted_port)
        self.port = bound.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(bound, ready)), name="airisk-sandbox", daemon=True
        )
        self._thread.start()
        if not ready.wait(START_SECONDS):
            raise RuntimeError(f"The sandbox did not start within {START_SECONDS:g} seconds.")
        return self

    def stop(self) -> None:
        """Close every connection and free the port. Does nothing if the server is not running."""
        thread, self._thread = self._thread, None
        if thread is None or self._loop is None or self._stop is None:
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        thread.join(STOP_SECONDS)

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        # Without `log_config=None` uvicorn sets up handlers for its loggers that write to stderr, onto the screen.
        config = Config(
            self._app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False, proxy_headers=False
        )
        config.load()
        state = ServerState()
        server = await self._loop.create_server(lambda: _Protocol(config, state, {}), sock=listening)
        ready.set()
        await self._stop.wait()
        # Not `wait_closed`, which waits until the clients have closed every connection (asyncio, Server.wait_closed).
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        # After `abort` the loop calls `connection_lost`, in which uvicorn ends a request's task, only in its next iteration.
        await asyncio.sleep(0)
        tasks = list(state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)


D = TypeVar("D")


class EmbeddedServer(LoopbackServer, Generic[D]):
    """A server that plays faults. state: the state of its endpoints; menu: the faults that it can play."""

    def __init__(self, app: ASGIApp, port: int, state: Any, menu: Mapping[str, NamedFault]) -> None:
        super().__init__(app, port)
        self._state = state
        self._menu = menu

    @property
    def data(self) -> D:
        """The settings with clients and users; can be replaced while the server runs."""
        data: D = self._state.data
        return data

    @data.setter
    def data(self, data: D) -> None:
        self._state.data = data

    @property
    def faults(self) -> tuple[str, ...]:
        """The names of the active faults; can be set while the server runs. Raises ValueError for an unknown name."""
        return tuple(fault.name for fault in self._state.faults)

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        self._state.faults = chosen(names, self._menu)

    @property
    def described_faults(self) -> dict[str, Json]:
        """All faults, and the active ones, as JSON."""
        return {"faults": [fault.described for fault in self._menu.values()], "active_faults": list(self.faults)}


class SandboxServer(EmbeddedServer[SandboxData]):
    """A running sandbox. `with SandboxServer() as sandbox: sandbox.base_url`; `async with` does the same."""

    greeting = "The sandbox runs until Ctrl-C. `--json` lists its applications and users, `--list-faults` its faults."

    def __init__(
        self,
        data: SandboxData | None = None,
        faults: Iterable[str] = (),
        *,
        port: int = 0,
        lenient: bool = False,
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        app = create_app(data, faults, lenient=lenient, slow_seconds=slow_seconds)
        self._sandbox: Sandbox = app.state.sandbox
        super().__init__(app, port, self._sandbox, FAULTS)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The newest received requests, in order (MAX_CALLS)."""
        return tuple(call for _, call in list(self._sandbox.calls))

    @property
    def requests(self) -> Counter[str]:
        """The number of requests to each endpoint: `{"POST /api/oauth2/Token": 2}`."""
        return Counter(endpoint for endpoint, _ in list(self._sandbox.calls))

    def describe(self) -> dict[str, Json]:
        """Base URL, applications, users and faults. The secrets are included, because they are valid in the sandbox only."""
        applications: list[Json] = [
            {
                "client_id": application.client_id,
                "client_secret": application.client_secret,
                "name": application.name,
                "redirect_uris": list(application.registered),
                "tokens": application.shape,
            }
            for application in self.data.applications
        ]
        return {
            "base_url": self.base_url,
            "authorize": self.base_url + AUTHORIZE_PATH,
            "token": self.base_url + TOKEN_PATH,
            "applications": applications,
            "users": [asdict(user) for user in self.data.users],
            **self.described_faults,
            "lenient": self._sandbox.lenient,
        }


class _Protocol(H11Protocol):
    """uvicorn's protocol with deadlines for receiving a request, a reset on the app's request, and no log on the terminal. uvicorn
    limits only the time between two requests, so a slowly sent head could hold a connection for ever."""

    def __init__(self, config: Config, state: ServerState, app_state: dict[str, Any]) -> None:
        super().__init__(config, state, app_state)
        self.logger = _log
        self.access_log = False
        self.app = self._with_reset(self.app)
        self._awaited: object = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn narrows it, too
        super().connection_made(transport)
        self._limit_waiting()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._limit_waiting()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._limit_waiting()

    def _limit_waiting(self) -> None:
        """Start the deadline of the next head or body. Further bytes of it do not extend the deadline."""
        awaited = self.conn.their_state
        if awaited is self._awaited:
            return
        if self._deadline is not None:
            self._deadline.cancel()
        self._awaited = awaited
        seconds = {h11.IDLE: HEAD_SECONDS, h11.SEND_BODY: BODY_SECONDS}.get(awaited)
        if seconds is not None:  # on a connection that is lost by then, `abort` does nothing
            self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _with_reset(self, app: Any) -> Any:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "extensions": {RESET: self._reset}}, receive, send)

        return serve

    def _reset(self) -> None:
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        self.transport.abort()
