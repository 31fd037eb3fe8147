"""The metadata of an authorization server: the URL that identifies the server (its issuer), the URLs of its metadata, the members,
and the faults in them (RFC 8414; OpenID Connect Discovery 1.0).

A run of the standard dialect takes every input from it that a person left empty. The document is hostile like every other: a wrong
member is a fault in a list, never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import OPTIONAL_ENDPOINTS
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.text.lenient_json import read_json, text_in
from airisk_tui.oauth.urls import host_of, origin, same_origin

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


ENDPOINTS = ("authorization_endpoint", "token_endpoint", *OPTIONAL_ENDPOINTS)
"""The members whose value is an address to which a run may send a request."""


class Metadata(Struct, frozen=True, kw_only=True):
    """The members of a metadata document under their own names (RFC 8414 §2; OpenID Connect Discovery §3; RFC 8628 §4; RFC 9126 §5;
    RFC 9207 §3; RFC 9396 §10; RFC 9449 §5.1; RFC 9101 §10.5). A member that is absent or has the wrong type is "", None or False."""

    issuer: str = ""
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    userinfo_endpoint: str = ""
    jwks_uri: str = ""
    introspection_endpoint: str = ""
    revocation_endpoint: str = ""
    device_authorization_endpoint: str = ""
    pushed_authorization_request_endpoint: str = ""
    scopes_supported: tuple[str, ...] | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] | None = None
    code_challenge_methods_supported: tuple[str, ...] | None = None
    subject_types_supported: tuple[str, ...] | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] | None = None
    dpop_signing_alg_values_supported: tuple[str, ...] | None = None
    request_object_signing_alg_values_supported: tuple[str, ...] | None = None
    authorization_details_types_supported: tuple[str, ...] | None = None
    authorization_response_iss_parameter_supported: bool = False
    require_pushed_authorization_requests: bool = False
    require_signed_request_object: bool = False

    @property
    def openid(self) -> bool:
        """Whether the server speaks OpenID Connect, by the members that only OpenID Connect has."""
        named = self.scopes_supported is not None and "openid" in self.scopes_supported
        return named or bool(self.id_token_signing_alg_values_supported or self.subject_types_supported)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The addresses to which a run may send a request."""
        return tuple(url for name in ENDPOINTS if (url := getattr(self, name)))


class MetadataFault(Struct, frozen=True):
    """A fault of a metadata document. member: the member's name; reason: "missing", "not-https", "no-address", "not-a-list",
    "not-a-text", or the validator's message."""

    member: str
    reason: str


def read_metadata(response: HttpResponse) -> Metadata | None:
    """The metadata in a successful answer, or None if it is not the metadata of an authorization server. Total."""
    document = metadata_document(response)
    if document is None or not {"issuer", *ENDPOINTS[:2]} & document.keys():
        return None
    return Metadata(**{one.name: _read(document.get(one.name), one.default) for one in fields(Metadata)})


def metadata_document(response: HttpResponse) -> dict[str, Any] | None:
    """The members of the JSON object in an answer, or None if there is none."""
    if response.status != 200:
        return None
    document = read_json(response.body.data).value
    return document if isinstance(document, dict) else None


def _read(value: Any, default: Any) -> Any:
    """A member's value if it has the type of `default` (bool, list or text); else the default."""
    if default is False:
        return value is True
    if default is None:
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else None
    return text_in(value)


def metadata_faults(document: Mapping[str, Any], *, openid: bool) -> tuple[MetadataFault, ...]:
    """The faults of a document by Authlib's validators, each once. openid: whether the rules of OpenID Connect apply too. A plain
    http address on this machine is not a fault, because it is a server under development."""
    found: dict[str, MetadataFault] = {}
    for fault in _faults(document, openid):
        found.setdefault(fault.member, fault)
    return tuple(found.values())


def _faults(document: Mapping[str, Any], openid: bool) -> Iterator[MetadataFault]:
    from authlib.oauth2.rfc8414.models import AuthorizationServerMetadata
    from authlib.oidc.discovery.models import OpenIDProviderMetadata

    yield from _not_texts(document)
    for kind in (AuthorizationServerMetadata, *([OpenIDProviderMetadata] if openid else [])):
        checked = kind(document)
        for member in kind.REGISTRY_KEYS:
            try:
                getattr(checked, f"validate_{member}", bool)()
            except ValueError as error:
                if not _on_this_machine(document.get(member)):
                    yield MetadataFault(member, _reason(str(error)))
            except Exception:  # noqa: BLE001 - a validator trips over a member of another type in ways of its own
                yield MetadataFault(member, "not-a-text")


def _not_texts(document: Mapping[str, Any]) -> Iterator[MetadataFault]:
    for name in ("issuer", *ENDPOINTS):
        value = document.get(name)
        if value is not None and not isinstance(value, str):
            yield MetadataFault(name, "not-a-text")
        elif value and not _is_https(value) and not _on_this_machine(value):
            yield MetadataFault(name, "not-https" if origin(value) else "no-address")


def _reason(words: str) -> str:
    reasons = {"is required": "missing", 'use "https" scheme': "not-https", "JSON array": "not-a-list"}
    return next((reason for end, reason in reasons.items() if words.endswith(end)), words)


def trusted_origins(metadata: Metadata, issuer: str) -> frozenset[str]:
    """The origins of those addresses in an issuer's metadata to which a secret may be sent."""
    return frozenset(origin(url) for url in metadata.endpoints if is_trusted(url, issuer)) - {""}


def is_trusted(url: str, issuer: str) -> bool:
    """Whether a secret may be sent to an address from an issuer's metadata: it is https, has the issuer's own origin, or is on this
    machine as the issuer is."""
    here = _on_this_machine(url) and _on_this_machine(issuer)
    return here or _is_https(url) or same_origin(url, issuer)


def _is_https(url: str) -> bool:
    return url.startswith("https://") and bool(origin(url))


def _on_this_machine(url: Any) -> bool:
    if not isinstance(url, str) or not url.startswith("http://") or not origin(url):
        return False
    return is_loopback(host_of(url))
