"""An issuer: the URL that identifies an authorization server, and the URLs of its metadata (RFC 8414 §2, §3)."""

from __future__ import annotations

import re

from airisk_tui.later import pattern

OPENID = "openid-configuration"
OAUTH = "oauth-authorization-server"

WELL_KNOWN = "/.well-known/"
"""RFC 8615 §3."""


def metadata_urls(issuer: str) -> tuple[str, ...]:
    """The possible URLs of an issuer's metadata, in the order in which they are tried. OpenID Connect appends the well-known path
    (Discovery §4), RFC 8414 §3.1 inserts it before the issuer's path, and servers mix the two (§5). A URL that already contains the
    well-known path is the only one."""
    if WELL_KNOWN in issuer:
        return (issuer,)
    place, path = _split(issuer)
    appended, inserted = f"{place}{path}{WELL_KNOWN}", f"{place}{WELL_KNOWN}"
    urls = (f"{appended}{OPENID}", f"{inserted}{OAUTH}{path}", f"{inserted}{OPENID}{path}", f"{appended}{OAUTH}")
    return tuple(dict.fromkeys(urls))


def issuer_of_metadata(url: str) -> str:
    """The issuer of the metadata at this URL; "" if it is not a URL of metadata."""
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
"""Usual paths of endpoints, with the segments that servers put between the issuer and the endpoint."""


def issuer_of_endpoint(url: str) -> str:
    """The issuer with which the URL of an endpoint probably begins; "" if it is not the URL of an endpoint."""
    if (found := _ENDPOINT.fullmatch(url)) is not None:
        return found[1]
    before, folder, behind = url.rstrip("/").rpartition(WELL_KNOWN.rstrip("/"))
    return before if folder and not behind else ""


_KNOWN = pattern(
    r"https?://(?:[^/?#]+(?:/[^?#]*)?/realms/[^/?#]+|[^/?#]+\.auth0\.com|[^/?#]+\.okta(?:preview)?\.com(?:/oauth2/[^/?#]+)?"
    r"|login\.microsoftonline\.com/[^/?#]+(?:/v2\.0)?|accounts\.google\.com|cognito-idp\.[^/?#]+\.amazonaws\.com/[^/?#]+)/?",
    re.IGNORECASE,
)
"""The forms of the issuers of Keycloak, Auth0, Okta, Microsoft, Google and Amazon."""

AIRISK_PATH = "/api/oauth2"
"""The path below which AIRisk has its endpoints (protocol.md)."""


def likely_issuer(url: str) -> str:
    """The issuer to which a URL most likely belongs: by the form of its metadata, of an endpoint, or of a known kind of issuer. "" if
    the URL has none of these forms, or is one of AIRisk."""
    if AIRISK_PATH in url.lower():
        return ""
    return issuer_of_metadata(url) or issuer_of_endpoint(url) or (url if _KNOWN.fullmatch(url) else "")


def _split(issuer: str) -> tuple[str, str]:
    """Scheme and host, and the path without its last slash."""
    scheme, mark, rest = issuer.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host}", f"{slash}{path}".rstrip("/")
