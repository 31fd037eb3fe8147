"""A request that somebody wrote down."""

from __future__ import annotations

from msgspec import Struct

from airisk_tui.oauth.http import Headers


class Unreadable(ValueError):
    """Why a file holds no request that can be sent, in one sentence."""


class WrittenRequest(Struct, frozen=True):
    """headers: all of them in the order of the wire, `Host` among them where it is known; notes: what could not be read of it, in
    sentences. A variable of the shell stands in a text as `shells.VARIABLE`."""

    method: str
    url: str
    headers: Headers
    content: bytes = b""
    notes: tuple[str, ...] = ()
