"""Why a request in a HAR has no answer: the tool's own words as the kind and reason of a `TransportFault`."""

from __future__ import annotations

import re
from typing import get_args

from airisk_tui.oauth.http import Exchange, FailedExchange, TransportFault, TransportKind, header
from airisk_tui.oauth.urls import default_port, origin
from airisk_tui.recording.har.entry import Entry

_KINDS: tuple[tuple[str, TransportKind, str], ...] = (
    (r"blocked|csp|mixed.content|inspector|content.?blocker|adblock", "browser", "blocked"),
    (r"abort|cancel", "browser", "aborted"),
    (r"proxy|tunnel", "proxy", ""),
    (r"name.not.resolved|enotfound|unknown_host|\bdns\b|not resolve|no address|hostname could not be found", "dns", ""),
    (r"refused|connect call failed|(can.?t|could not|cannot) connect|errno 111|winerror 10061", "refused", ""),
    (r"timed.?out|timeout", "timeout", "overall"),
    (r"ssl|cert|tls|sec_error", "tls", ""),
    (r"disconnected|unreachable|network.changed|offline", "unreachable", ""),
    (r"reset|closed|empty.response|interrupt|epipe|hang up|connection was lost", "reset", ""),
    (r"invalid.http|http2|http3|quic|invalid.response|malformed", "protocol", ""),
)
"""Chromium's `net::ERR_…`, Firefox's `NS_ERROR_…`, Node's and Safari's names, and plain words of proxies; the first that fits."""


def failed(entry: Entry) -> FailedExchange:
    """The entry as a request without an answer."""
    exchange = entry.exchange
    return FailedExchange(exchange.request, fault_of(entry), exchange.timing, exchange.connection)


def fault_of(entry: Entry) -> TransportFault:
    """Why the entry has no answer; of kind "browser" without a reason where the file does not say."""
    kind, reason = _read(entry.failure)
    if kind == "browser" and not reason and entry.failure and _crosses_origins(entry.exchange):
        reason = "cross-origin"
    host, _, port = origin(entry.url).partition("://")[2].rpartition(":")
    scheme = entry.url.partition("://")[0]
    return TransportFault(
        kind, reason, host, int(port) if port.isdecimal() else default_port(scheme), library_text=entry.failure
    )


def _read(failure: str) -> tuple[TransportKind, str]:
    words = failure.lower()
    own, _, reason = words.partition(" ")
    for kind in get_args(TransportKind):
        if own == kind:
            return kind, reason
    return next(((kind, reason) for sign, kind, reason in _KINDS if re.search(sign, words)), ("browser", ""))


def _crosses_origins(exchange: Exchange) -> bool:
    """Whether a script from another origin sent the request (Fetch §3.2), so that reading the answer needs the server's permission.

    Of a request that was not answered, tools often have the headers only as the page gave them, without `Origin`.
    """
    headers = exchange.request.headers
    asking = header(headers, "origin") or header(headers, "referer") or ""
    script = exchange.request.method != "GET" or header(headers, "authorization") is not None
    return script and bool(asking) and origin(asking) != origin(exchange.request.url)
