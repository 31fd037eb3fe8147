"""Who may have answered in a server's place: the network's own login, a filter, a firewall for web applications. Signs, not proofs."""

from __future__ import annotations

import re

from airisk_tui.insight.difference import split_url
from airisk_tui.insight.readings import is_web_page, moved_to, page
from airisk_tui.oauth.http import Exchange, HttpResponse, headers_named
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.urls import origin

_PORTAL = re.compile(
    r"captive[ _-]?portal|hotspot|\b(guest|visitor)s?[ _-]?(wi-?fi|wlan|network|access)|\bwi-?fi[ _-]?(login|access)"
    r"|(log ?in|sign ?in|connect|authenticate) to (the|this|our|your) (network|wi-?fi|wlan|internet)|/splash\b|/cgi-bin/login\b"
    r"|wispaccessgatewayparam"
)
"""What login pages of networks say, and where they stand; the last is WISPr's, which phones look for."""

_BY_HEADER = (
    ("The network's proxy (Squid)", "x-squid-error", ""),
    ("The network's filter (Zscaler)", "server", "zscaler"),
    ("The network's filter (Blue Coat)", "server", "bluecoat"),
    ("A firewall for web applications (Cloudflare)", "cf-mitigated", ""),
    ("A firewall for web applications (Sucuri)", "x-sucuri-block", ""),
    ("A firewall for web applications (Akamai)", "server", "akamaighost"),
)
"""Who sends a header, and what its value begins with, when it is itself that answers with a refusal."""

BLOCKED = frozenset({401, 403, 405, 406, 418, 429, 451, 502, 503})
"""What filters refuse with; a 404 or a 500 with their header came through them from the server."""

_BY_WORDS = (
    ("The network's filter (FortiGuard)", "fortiguard"),
    ("The network's filter (Zscaler)", "zscaler"),
    ("The network's filter", "web page blocked"),
    ("The network's filter", "blocked by your organization"),
    ("The network's filter", "url filtering"),
    ("A firewall for web applications (Imperva)", "incapsula incident id"),
    ("A firewall for web applications (F5)", "the requested url was rejected. please consult with your administrator"),
    ("A firewall for web applications (Cloudflare)", "attention required! | cloudflare"),
    ("A firewall for web applications (Azure)", "azure waf"),
)


def network_login(exchange: Exchange, base_url: str) -> str | None:
    """The words or the address by which a network's login page is known; over https none can be forged, so None there."""
    parts = split_url(base_url)
    if parts is None or parts.scheme != "http" or is_loopback(parts.hostname or ""):
        return None
    location = moved_to(exchange)
    if location is not None:
        away = origin(location) != origin(exchange.request.url)
        return location.partition("?")[0] if away and _PORTAL.search(location.lower()) else None
    found = _PORTAL.search(page(exchange.response)) if is_web_page(exchange.response) else None
    return found[0] if found else None


def request_filter(response: HttpResponse) -> tuple[str, str, str] | None:
    """Who refused a request, the sign of it, and the header that it stands in ("" for the page); None when nobody is known."""
    if response.status < 400 and not is_web_page(response):
        return None
    if response.status in BLOCKED:
        for who, name, start in _BY_HEADER:
            value = next(iter(headers_named(response.headers, name)), None)
            if value is not None and value.lower().startswith(start):
                return who, f"{name}: {value}", name
    if not is_web_page(response):
        return None
    text = page(response)
    return next(((who, words, "") for who, words in _BY_WORDS if words in text), None)
