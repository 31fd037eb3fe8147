"""URLs of endpoints and redirects: joining, resolving, comparing (RFC 3986, RFC 6454). Total over any text."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit

from airisk_tui.later import pattern

_AMBIGUOUS = pattern(r"[\x00-\x20\\]")
"""Characters that browsers, HTTP clients and `urlsplit` read differently: with "https://a\\@b" a browser goes to a, because it
takes a backslash for a slash (WHATWG URL §4.4), and others go to b."""


def endpoint_url(base_url: str, path: str) -> str:
    """An endpoint below the base URL; a path that is itself an absolute URL stands for itself."""
    if path.startswith(("http://", "https://")):
        return path
    return base_url.rstrip("/") + "/" + path.lstrip("/")


def query_of(url: str) -> str:
    """What stands between the "?" and the "#" of a URL or a request target; "" where there is no query."""
    return url.partition("#")[0].partition("?")[2]


def authority_of(url: str) -> str:
    """What stands between the scheme and the path of a URL: host and port, and a login where it holds one."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]


def path_of(url: str) -> str:
    """The path of a URL; "" where it has none, or cannot be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def split_url(url: str) -> SplitResult | None:
    """The parts of a URL, or None when it is malformed; total over any text."""
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def host_of(url: str) -> str:
    """The host of a URL in lower case, an IPv6 address without its brackets; "" where it has none or is malformed."""
    parts = split_url(url)
    return (parts.hostname or "") if parts is not None else ""


def port_of(url: str) -> int:
    """The port that a URL means; 0 where it is malformed."""
    parts = split_url(url)
    return (parts.port or default_port(parts.scheme)) if parts is not None else 0


def default_port(scheme: str) -> int:
    """The port that a URL of this scheme means when it names none."""
    return 443 if scheme == "https" else 80


def bracketed(host: str) -> str:
    """A host as it stands in a URL: an IPv6 address in brackets (RFC 3986 §3.2.2)."""
    return f"[{host}]" if ":" in host else host


def host_and_port(host: str, port: int) -> str:
    """An address as "127.0.0.1:8765" or "[::1]:8765"."""
    return f"{bracketed(host)}:{port}"


def resolve_location(location: str, url: str) -> str:
    """A `Location` as a browser follows it from `url`: a relative one is resolved (RFC 9110 §10.2.2).

    A malformed or ambiguous one stays as it is, so that it is never taken for the redirect URI.
    """
    try:
        return location if _AMBIGUOUS.search(location.partition("?")[0]) else urljoin(url, location)
    except ValueError:
        return location


def differing_parts(location: str, redirect_uri: str) -> tuple[str, ...]:
    """The parts in which a `Location` differs from the redirect URI: of "scheme", "host", "port", "path"; () for the same place.

    With a backslash in it the host always differs, because nobody can say which host it is (see `_AMBIGUOUS`).
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
    """Scheme, host and port in one form (RFC 6454 §4); "" where there is no host, or where readers differ about it."""
    return _remembered(url) if len(url) <= MAX_REMEMBERED else _origin(url)


MAX_REMEMBERED = 1024
"""Characters of a URL whose origin is remembered: a run asks for those of the same few again and again."""


def _origin(url: str) -> str:
    parts = split_url(url)
    if parts is None or not parts.hostname or "@" in parts.netloc or _AMBIGUOUS.search(url):
        return ""
    port = default_port(parts.scheme) if parts.port is None else parts.port
    return f"{parts.scheme}://{host_and_port(parts.hostname, port)}"


_remembered = lru_cache(maxsize=256)(_origin)


def same_origin(left: str, right: str) -> bool:
    """Whether two URLs certainly have one origin."""
    return bool(origin(left)) and origin(left) == origin(right)
