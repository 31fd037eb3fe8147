"""URLs of endpoints and redirects: joining, resolving, comparing (RFC 3986, RFC 6454). Total over any text."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit

from airisk_tui.later import pattern

_AMBIGUOUS = pattern(r"[\x00-\x20\\]")
"""Characters that browsers, HTTP clients and `urlsplit` read differently: for "https://a\\@b" a browser connects to a, because it
reads a backslash as a slash (WHATWG URL §4.4), and other programs connect to b."""


def endpoint_url(base_url: str, path: str) -> str:
    """The URL of an endpoint below the base URL; a path that is an absolute URL is returned as it is."""
    if path.startswith(("http://", "https://")):
        return path
    return base_url.rstrip("/") + "/" + path.lstrip("/")


def query_of(url: str) -> str:
    """The query of a URL or a request target, or ""."""
    return url.partition("#")[0].partition("?")[2]


def authority_of(url: str) -> str:
    """The authority of a URL: user information if there is any, host and port."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]


def path_of(url: str) -> str:
    """The path of a URL, or "" if it has none or is malformed."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def split_url(url: str) -> SplitResult | None:
    """The parts of a URL, or None if it is malformed. Total over any text."""
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def host_of(url: str) -> str:
    """The host of a URL in lower case, IPv6 without brackets; "" if it has none or is malformed."""
    parts = split_url(url)
    return (parts.hostname or "") if parts is not None else ""


def port_of(url: str) -> int:
    """The port of a URL, explicit or by its scheme; 0 if it is malformed."""
    parts = split_url(url)
    return (parts.port or default_port(parts.scheme)) if parts is not None else 0


def default_port(scheme: str) -> int:
    """The default port of a scheme."""
    return 443 if scheme == "https" else 80


_BAD = (
    "1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 139 143 161 "
    "179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 "
    "5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080"
)
BAD_PORTS = frozenset(map(int, _BAD.split()))
"""Ports of other protocols, to which no browser sends a request (WHATWG Fetch §2.10, "bad port")."""


def bracketed(host: str) -> str:
    """A host as written in a URL: an IPv6 address in brackets (RFC 3986 §3.2.2)."""
    return f"[{host}]" if ":" in host else host


def host_and_port(host: str, port: int) -> str:
    """An address as "127.0.0.1:8765" or "[::1]:8765"."""
    return f"{bracketed(host)}:{port}"


def resolve_location(location: str, url: str) -> str:
    """The absolute URL of a `Location`, resolved against `url` as browsers do (RFC 9110 §10.2.2).

    A malformed or ambiguous one is returned unchanged, so that it is never taken for the redirect URI.
    """
    try:
        return location if _AMBIGUOUS.search(location.partition("?")[0]) else urljoin(url, location)
    except ValueError:
        return location


def differing_parts(location: str, redirect_uri: str) -> tuple[str, ...]:
    """The parts in which a `Location` differs from the redirect URI: any of "scheme", "host", "port", "path".

    If it contains a backslash the host always differs, because programs disagree on the host (see `_AMBIGUOUS`).
    """
    try:
        theirs, ours = urlsplit(location), urlsplit(redirect_uri)
        pairs = {
            "scheme": (theirs.scheme, ours.scheme),
            "host": (theirs.hostname, ours.hostname),
            "port": (theirs.port or default_port(theirs.scheme), ours.port or default_port(ours.scheme)),
            "path": (theirs.path or "/", ours.path or "/"),
        }
        if "\\" in location.partition("?")[0]:
            pairs["host"] = (None, ours.hostname)
    except ValueError:
        return ("scheme", "host", "port", "path")
    return tuple(part for part, (there, here) in pairs.items() if there != here)


def origin(url: str) -> str:
    """Scheme, host and port in a canonical form (RFC 6454 §4); "" if there is no host, or programs disagree on it."""
    return _remembered(url) if len(url) <= MAX_REMEMBERED else _origin(url)


MAX_REMEMBERED = 1024
"""The most characters of a URL whose origin is cached; a run needs the origins of a few URLs many times."""


def _origin(url: str) -> str:
    parts = split_url(url)
    if parts is None or not parts.hostname or "@" in parts.netloc or _AMBIGUOUS.search(url):
        return ""
    port = default_port(parts.scheme) if parts.port is None else parts.port
    return f"{parts.scheme}://{host_and_port(parts.hostname, port)}"


_remembered = lru_cache(maxsize=256)(_origin)


def same_origin(left: str, right: str) -> bool:
    """Whether two URLs certainly have the same origin."""
    return bool(origin(left)) and origin(left) == origin(right)
