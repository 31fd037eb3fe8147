"""What a server calls an authorization request that was pushed to it (RFC 9126 §2.2)."""

from __future__ import annotations

from msgspec import Struct

from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.jsontext import read_json


class PushedRequest(Struct, frozen=True):
    """request_uri: by which the browser refers to it, or the reference that stands for that; lifetime: in seconds, None where the
    server says none, although it must."""

    request_uri: str
    lifetime: float | None = None


def read_pushed(response: HttpResponse) -> PushedRequest | None:
    """What a successful answer says; None where it has no `request_uri`. The status is 201; any other of success is taken. Total."""
    document = read_json(response.body.data).value if 200 <= response.status < 300 else None
    uri = document.get("request_uri") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(uri, str) or not uri:
        return None
    life = document.get("expires_in")
    usable = isinstance(life, int | float) and not isinstance(life, bool) and 0 <= life < 2**53
    return PushedRequest(uri, float(life) if usable and life is not None else None)
