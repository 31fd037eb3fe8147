"""A request that somebody wrote down."""

from __future__ import annotations

from airisk_tui.later import dataclass
from airisk_tui.oauth.http import Headers


class Unreadable(ValueError):
    """Why a file holds no request that can be sent, in one sentence."""


@dataclass(frozen=True, slots=True)
class WrittenRequest:
    """headers: all of them in the order of the wire, `Host` among them where it is known; ours: whether this program exported it,
    so that its headers are those that this program sends; boundary: whether the boundary of its parts is only made when it is
    sent; removed: headers that its client would send by itself and was told not to, in lower case."""

    method: str
    url: str
    headers: Headers
    content: bytes = b""
    ours: bool = False
    boundary: bool = False
    removed: frozenset[str] = frozenset()
