"""The server that answers as the server of a recording did: `recording.mock` behind the HTTP server of the sandbox.

Times in the answers are moved: a token that expired an hour after the recorded run expires an hour after the start of the server.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from airisk_tui.engine.ports import Entropy, SystemClock, SystemEntropy
from airisk_tui.later import pattern
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.lenient_json import compact_json, is_number, json_object
from airisk_tui.recording.mock import Fresh, MockScript
from airisk_tui.sandbox.recorded import RecordedApp
from airisk_tui.sandbox.server import LoopbackServer
from airisk_tui.session.recordings.opening import OpenRecording

SIGNATURE_BYTES: Final = 32  # of HMAC-SHA-256, as the documented tokens have it
NEAR: Final = timedelta(days=400)  # a time that differs more from that of the run is not moved

_MOMENT = pattern(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")


class RecordedServer(LoopbackServer):
    """Serves a recording on a loopback port."""

    greeting = (
        "It answers there as the recorded server did, until Ctrl-C: the answers come in their recorded order, and the "
        "last one is repeated."
    )

    def __init__(self, opened: OpenRecording, port: int = 0) -> None:
        began = opened.final.utc
        passed = SystemClock().wall() - began
        fresh = fresh_with(SystemEntropy(), opened.final.secrets.values(), passed)
        script = MockScript.from_events(opened.recording.events, fresh)
        super().__init__(RecordedApp(script.answer, lambda data: moved(data, began, passed)), port)
        self.endpoints = script.endpoints
        self._opened = opened

    def describe(self) -> dict[str, Any]:
        """The base URL, the endpoints, and the inputs of the recorded run, as JSON."""
        inputs = self._opened.final.inputs
        return {
            "base_url": self.base_url,
            "recording": str(self._opened.path),
            "endpoints": list(self.endpoints),
            "client_id": inputs.client_id if inputs else None,
            "redirect_uri": inputs.redirect_uri if inputs else None,
            "userid": inputs.userid if inputs else None,
        }


def moved(data: bytes, began: float, passed: float) -> bytes:
    """The body with its times near the recorded run moved. began: of that run, in epoch seconds; passed: seconds since then."""

    def later(found: re.Match[bytes]) -> bytes:
        try:
            moment = datetime.fromisoformat(found[0].decode())
            if abs(moment.timestamp() - began) > NEAR.total_seconds():
                return found[0]
            shifted = (moment + timedelta(seconds=round(passed))).isoformat()
        except (ValueError, OverflowError):
            return found[0]
        return (shifted.replace("+00:00", "Z") if found[0].endswith(b"Z") else shifted).encode()

    return _MOMENT.sub(later, data)


def fresh_with(entropy: Entropy, views: Iterable[SecretView], passed: float) -> Fresh:
    """A function that makes values in place of secrets: random ones, and JWTs with the recorded header and claims."""
    known = {(view.length, view.shape): view for view in views}

    def fresh(length: int, shape: str) -> str:
        if shape == "opaque":
            return entropy.token(max(length, 8))[: max(length, 8)]
        view = known.get((length, "jwt"))
        head = json_object(view.header if view else None) or {"alg": "HS256", "typ": "JWT"}
        claims = json_object(view.payload if view else None)
        claims |= {name: claims[name] + round(passed) for name in ("exp", "iat", "nbf") if is_number(claims.get(name))}
        return f"{_part(head)}.{_part(claims)}.{entropy.token(SIGNATURE_BYTES)}"

    return fresh


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(compact_json(value).encode()).rstrip(b"=").decode()
