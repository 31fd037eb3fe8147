"""An issuer: the address by which an authorization server names itself, and where its metadata stands (RFC 8414 §2, §3)."""

from __future__ import annotations

import re

from airisk_tui.later import pattern

OPENID = "openid-configuration"
OAUTH = "oauth-authorization-server"

WELL_KNOWN = "/.well-known/"
"""RFC 8615 §3."""


def metadata_urls(issuer: str) -> tuple[str, ...]:
    """The addresses at which the document of an issuer may stand, in the order in which to ask: OpenID Connect appends the well-known
    path (Discovery §4), RFC 8414 §3.1 inserts its own before the issuer's path, and servers mix the two (§5). An address that holds
    the well-known path already is the only one."""
    if WELL_KNOWN in issuer:
        return (issuer,)
    place, path = _split(issuer)
    appended, inserted = f"{place}{path}{WELL_KNOWN}", f"{place}{WELL_KNOWN}"
    urls = (f"{appended}{OPENID}", f"{inserted}{OAUTH}{path}", f"{inserted}{OPENID}{path}", f"{appended}{OAUTH}")
    return tuple(dict.fromkeys(urls))


def issuer_at(url: str) -> str:
    """The issuer whose document stands at this address; "" where the address is none of a document."""
    before, mark, after = url.partition(WELL_KNOWN)
    name, _, path = after.partition("/")
    if not mark or name not in (OPENID, OAUTH):
        return ""
    return f"{before}/{path}" if path else before


_ENDPOINT = pattern(
    r"(https?://[^/?#]++.*?)(?:/protocol/openid-connect|/oauth2?|/connect)?(?:/v\d[\w.]*)?"
    r"/(?:authorize|authorization|auth|token|userinfo|jwks|certs|introspect|revoke|par)/?(?:[?#].*)?",
    re.IGNORECASE,
)
"""Usual names of endpoints, and what servers put between the issuer and them."""


def issuer_before(url: str) -> str:
    """The issuer that the address of an endpoint probably begins with; "" where the address is none of an endpoint."""
    if (found := _ENDPOINT.fullmatch(url)) is not None:
        return found[1]
    before, folder, behind = url.rstrip("/").rpartition(WELL_KNOWN.rstrip("/"))
    return before if folder and not behind else ""


_KNOWN = pattern(
    r"https?://(?:[^/?#]+(?:/[^?#]*)?/realms/[^/?#]+|[^/?#]+\.auth0\.com|[^/?#]+\.okta(?:preview)?\.com(?:/oauth2/[^/?#]+)?"
    r"|login\.microsoftonline\.com/[^/?#]+(?:/v2\.0)?|accounts\.google\.com|cognito-idp\.[^/?#]+\.amazonaws\.com/[^/?#]+)/?",
    re.IGNORECASE,
)
"""Issuers of Keycloak, Auth0, Okta, Microsoft, Google and Amazon, which are known by how they are written."""

OF_AIRISK = "/api/oauth2"
"""The path below which AIRisk's own endpoints lie (protocol.md)."""


def issuer_behind(url: str) -> str:
    """The issuer that an address most likely belongs to, where it is that of metadata, of an endpoint, or of a known kind of issuer; ""
    where nothing in it says so, or it is AIRisk's."""
    if OF_AIRISK in url.lower():
        return ""
    return issuer_at(url) or issuer_before(url) or (url if _KNOWN.fullmatch(url) else "")


def _split(issuer: str) -> tuple[str, str]:
    """Scheme and host, and the path without its last slash."""
    scheme, mark, rest = issuer.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host}", f"{slash}{path}".rstrip("/")
