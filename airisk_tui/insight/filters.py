"""Log-in pages of networks, and filters and firewalls, that answer in the place of the server: by the words or headers that tell."""

from __future__ import annotations

from airisk_tui.later import pattern
from airisk_tui.oauth.http import HttpResponse, headers_named
from airisk_tui.oauth.pages import is_web_page, page

PORTAL = pattern(
    r"captive[ _-]?portal|hotspot|\b(guest|visitor)s?[ _-]?(wi-?fi|wlan|network|access)|\bwi-?fi[ _-]?(login|access)"
    r"|(log ?in|sign ?in|connect|authenticate) to (the|this|our|your) (network|wi-?fi|wlan|internet)|/splash\b|/cgi-bin/login\b"
    r"|wispaccessgatewayparam"
)
"""What networks' login pages say, and their paths; the last is WISPr's, which phones look for."""

_BY_HEADER = (
    ("The network's proxy (Squid)", "x-squid-error", ""),
    ("The network's filter (Zscaler)", "server", "zscaler"),
    ("The network's filter (Blue Coat)", "server", "bluecoat"),
    ("A firewall for web applications (Cloudflare)", "cf-mitigated", ""),
    ("A firewall for web applications (Sucuri)", "x-sucuri-block", ""),
    ("A firewall for web applications (Akamai)", "server", "akamaighost"),
)
"""Who refused, the header that shows it, and how its value begins."""

BLOCKED = frozenset({401, 403, 405, 406, 418, 429, 451, 502, 503})
"""Statuses of a filter's own refusals; a 404 or a 500 with its header passed through it from the server."""

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
    ("A delivery network and its firewall (CloudFront)", "request blocked."),
)

MESHES = ("A service mesh (Envoy's policy)", "A service mesh (Envoy's check of tokens)")
_BY_TEXT = (
    (MESHES[0], "rbac: access denied"),
    (MESHES[1], "jwt is missing"),
    (MESHES[1], "jwt issuer is not configured"),
    (MESHES[1], "jwt verification fails"),
)
"""The whole of a refusal that is no page: who writes exactly that."""


def request_filter(response: HttpResponse) -> tuple[str, str, str] | None:
    """Who refused a request, the sign of it, and the header that holds the sign ("" for the page); None when nothing gives them away."""
    if response.status < 400 and not is_web_page(response):
        return None
    if response.status in BLOCKED:
        for who, name, start in _BY_HEADER:
            value = next(iter(headers_named(response.headers, name)), None)
            if value is not None and value.lower().startswith(start):
                return who, f"{name}: {value}", name
    text = page(response)
    if not is_web_page(response):
        return next(((who, words, "") for who, words in _BY_TEXT if text.strip() == words), None)
    return next(((who, words, "") for who, words in _BY_WORDS if words in text), None)
