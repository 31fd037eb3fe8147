"""What httpx2 tells while a request is under way (its `trace` extension): how far it came, how long each part took."""

from __future__ import annotations

from typing import Any, Literal

from airisk_tui.engine.ports import Clock
from airisk_tui.oauth.http import Timing

Stage = Literal["start", "connect", "tls", "answer", "body"]

_STAGES: dict[str, Stage] = {
    "connect_tcp": "connect",
    "start_tls": "tls",
    "send_request_headers": "answer",
    "receive_response_body": "body",
}


class ClientTrace:
    """One request's stopwatch. stage: the part that is under way; stream: the newest network stream, or None."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun = clock.monotonic()
        self._started: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self.stage: Stage = "start"
        self.stream: Any = None

    async def record(self, name: str, info: dict[str, Any]) -> None:
        """The callback; name is like "connection.connect_tcp.started"."""
        _, part, moment = name.rsplit(".", 2)
        if moment == "started":
            self._started[part] = self._clock.monotonic()
            self.stage = _STAGES.get(part, self.stage)
            return
        if part in self._started:
            self._took[part] = self._clock.monotonic() - self._started[part]
        if moment == "complete" and part in ("connect_tcp", "start_tls"):
            self.stream = info["return_value"]

    def elapsed(self) -> float:
        """Seconds since the request began."""
        return self._clock.monotonic() - self._begun

    def timing(self) -> Timing:
        """What is known now; the name lookup is inside `connect`, because httpx2 does both in one step."""
        return Timing(
            total=self.elapsed(),
            connect=self._took.get("connect_tcp"),
            tls=self._took.get("start_tls"),
            first_byte=self._took.get("receive_response_headers"),
        )
