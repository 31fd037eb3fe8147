"""Inputs that several of the readers get."""

from __future__ import annotations

import json
from typing import Any

from airisk_tui.oauth.http import Body, HttpResponse

NOW = 1_743_400_000.0
"""When the answers came."""

CODE, STATE, BASE = "SplxlOBeZQQYbYS6WxSbIA", "caseSTATE1234567890", "https://airisk.example.com"

REFERENCE = "\ufdd00123456789abcdef.1234.jwt\ufdd1"


def answer(status: int, body: Any = "", *headers: str) -> HttpResponse:
    """headers: each as "name: value"."""
    data = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpResponse(
        status, tuple((one.partition(": ")[0], one.partition(": ")[2]) for one in headers), Body.of(data)
    )
