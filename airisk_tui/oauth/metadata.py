"""The metadata of an authorization server: where it stands, what it says, and what is wrong in it (RFC 8414; OpenID Connect
Discovery 1.0).

A run of the standard dialect learns from it all that nobody has to type. The document is hostile like every other: what it
says badly is a fault that is listed, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from airisk_tui.oauth.dialect import FURTHER
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.text.lenient_json import read_json, text_in
from airisk_tui.oauth.urls import host_of, origin, same_origin

ENDPOINTS = ("authorization_endpoint", "token_endpoint", *FURTHER)
"""The members that a run may send a request to."""


class Metadata(Struct, frozen=True, kw_only=True):
    """What a document says, under its own names (RFC 8414 §2; OpenID Connect Discovery §3; RFC 8628 §4; RFC 9126 §5; RFC 9207
    §3; RFC 9396 §10; RFC 9449 §5.1; RFC 9101 §10.5). A member that is absent, or of another type, is "" or None or False."""

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
        """Whether the server speaks OpenID Connect, by the members that only its documents have."""
        named = self.scopes_supported is not None and "openid" in self.scopes_supported
        return named or bool(self.id_token_signing_alg_values_supported or self.subject_types_supported)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The addresses that a run may send a request to."""
        return tuple(url for name in ENDPOINTS if (url := getattr(self, name)))


class MetadataFault(Struct, frozen=True):
    """What is wrong with a member of a document. member: of the document; reason: "missing", "not-https", "no-address", "not-a-list",
    "not-a-text", or the words of the validator."""

    member: str
    reason: str


def read_metadata(response: HttpResponse) -> Metadata | None:
    """What a successful answer says; None where it is no document of an authorization server. Total."""
    document = metadata_document(response)
    if document is None or not {"issuer", *ENDPOINTS[:2]} & document.keys():
        return None
    return Metadata(**{one.name: _read(document.get(one.name), one.default) for one in fields(Metadata)})


def metadata_document(response: HttpResponse) -> dict[str, Any] | None:
    """The members of a document, or None where the answer holds no JSON object."""
    if response.status != 200:
        return None
    document = read_json(response.body.data).value
    return document if isinstance(document, dict) else None


def _read(value: Any, default: Any) -> Any:
    """A member. default: by whose type the member is a switch, a list or a text."""
    if default is False:
        return value is True
    if default is None:
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else None
    return text_in(value)


def metadata_faults(document: Mapping[str, Any], *, openid: bool) -> tuple[MetadataFault, ...]:
    """Everything that is wrong with the members of a document, each once, by Authlib's validators. openid: whether the rules of
    OpenID Connect hold, too. A plain http address on this machine is no fault: it is a server under development."""
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


def is_trusted(url: str, issuer: str) -> bool:
    """Whether an address that an issuer names may be sent a secret: over https, at the issuer's own origin, or on this machine,
    where the issuer is, too."""
    here = _on_this_machine(url) and _on_this_machine(issuer)
    return here or _is_https(url) or same_origin(url, issuer)


def _is_https(url: str) -> bool:
    return url.startswith("https://") and bool(origin(url))


def _on_this_machine(url: Any) -> bool:
    if not isinstance(url, str) or not url.startswith("http://") or not origin(url):
        return False
    return is_loopback(host_of(url))
