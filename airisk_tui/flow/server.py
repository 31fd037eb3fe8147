"""The inputs of a run, completed by the server's metadata: endpoints, client authentication, scope, PKCE and nonce.

A run of the standard dialect starts with the inputs that a person gave. When the metadata has come, `resolved` returns the inputs with
which the run goes on, and `choices` says where each value came from, so that the person can see and change it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.start.inputs import Inputs, Settings
from airisk_tui.oauth.dialect import OPTIONAL_ENDPOINTS, STANDARD, ClientAuth, Dialect
from airisk_tui.oauth.http import Exchange, FailedExchange
from airisk_tui.oauth.metadata import WELL_KNOWN, Metadata, metadata_urls
from airisk_tui.oauth.urls import endpoint_url

Origin = Literal["typed", "environment", "metadata", "default"]
"""The origin of a value: a person gave it for this run · the environment has it · the metadata has it · none of them, so it is the
default of the RFC."""

AUTH_METHODS: dict[str, ClientAuth] = {
    "client_secret_basic": "basic",
    "client_secret_post": "body",
    "client_secret_jwt": "client_secret_jwt",
    "private_key_jwt": "private_key_jwt",
    "none": "none",
}
"""The methods of client authentication by their names in metadata (RFC 7591 §2), the likeliest to work first."""

ENDPOINTS = {
    "authorize_path": "authorization_endpoint",
    "token_path": "token_endpoint",
    **dict(zip(OPTIONAL_ENDPOINTS, OPTIONAL_ENDPOINTS, strict=True)),
}
"""By the name of an endpoint in a dialect, the member of the metadata that has its address."""


class Attempt(Struct, frozen=True):
    """One request for the metadata, with its answer or failure. metadata: None if the answer is not metadata of a server."""

    at: float
    exchange: Exchange | None
    failed: FailedExchange | None = None
    metadata: Metadata | None = None


class Decided(Struct, frozen=True):
    """One value that a run uses. name: of the input; value: "" if it is left out; by: its origin."""

    name: str
    value: str
    by: Origin


def is_anything_left(inputs: Inputs, attempts: tuple[Attempt, ...]) -> bool:
    """Whether an address is left at which the metadata was not looked for."""
    return len(attempts) < len(metadata_urls(inputs.issuer))


def names_another(metadata: Metadata, issuer: str) -> bool:
    """Whether the metadata is that of another issuer, so that it must not be used (RFC 8414 §3.3). A slash at the end does not count here;
    a finding reports it."""
    asked = issuer if WELL_KNOWN not in issuer else metadata.issuer
    return metadata.issuer.rstrip("/") != asked.rstrip("/")


def is_usable(used: Inputs) -> bool:
    """Whether the endpoints that the run needs are known, from the person or the metadata."""
    dialect = used.dialect
    if dialect.token_path == STANDARD.token_path:
        return False
    if used.mode == "device":
        return bool(dialect.device_authorization_endpoint)
    return dialect.authorize_path != STANDARD.authorize_path and (used.par != "on" or used.pushes)


def pushes(inputs: Inputs, metadata: Metadata | None) -> bool:
    """Whether to push the authorization request: if the person asks for it or gives its endpoint, or if the metadata requires it (RFC
    9126 §5)."""
    if inputs.mode == "device" or inputs.par == "off":
        return False
    demanded = metadata is not None and metadata.require_pushed_authorization_requests
    return demanded or inputs.par == "on" or bool(inputs.dialect.pushed_authorization_request_endpoint)


def resolved(inputs: Inputs, metadata: Metadata | None = None) -> Inputs:
    """The inputs that a run uses. A value of the person takes precedence over the metadata."""
    if inputs.dialect.name == "airisk":
        given = inputs.client_auth != "auto"
        return replace(inputs, dialect=_dialect(inputs, None)) if given else inputs
    return replace(inputs, **{name: value for name, value, _ in _resolved(inputs, metadata)})


def previewed(settings: Settings, metadata: Metadata | None) -> Settings:
    """The settings as they decide the authorization request, for a preview before the run starts."""
    asked = {name: value for name, value, _ in _for_authorization(settings, metadata)}
    return replace(settings, **asked, dialect=replace(settings.dialect, **_endpoints(settings.dialect, metadata)))


def _resolved(inputs: Inputs, metadata: Metadata | None) -> Iterator[tuple[str, Any, Origin]]:
    """Each input that is decided here: its name, its value, and the origin of the value."""
    challenge = None
    for name, value, by in _for_authorization(inputs, metadata):
        challenge = value if name == "challenge" else challenge
        yield name, value, by
    yield "verifier", inputs.verifier if challenge is not None else None, "default"
    yield "dialect", _dialect(inputs, metadata), "metadata"


def _for_authorization(inputs: Settings, metadata: Metadata | None) -> Iterator[tuple[str, Any, Origin]]:
    """The inputs of the authorization request that are decided here, as `_resolved` has them."""
    openid = metadata is not None and metadata.openid
    scope: str | None = inputs.scope
    by: Origin = "typed"
    if scope == "":
        scope, by = ("openid", "metadata") if openid else (None, "default")
    yield "scope", scope, by
    asked = inputs.mode != "device"  # a device sends no authorization request, and so neither nonce nor challenge
    wants_id_token = asked and "openid" in (scope or "").split()
    yield "nonce", inputs.nonce if wants_id_token else None, "default"
    offers = metadata.code_challenge_methods_supported if metadata is not None else None
    unable = inputs.pkce not in ("on", "wrong") and offers is not None and "S256" not in offers
    off = not asked or inputs.pkce == "off" or unable
    yield "challenge", None if off else inputs.challenge, "metadata" if asked and (unable or offers) else "default"


def _dialect(inputs: Inputs, metadata: Metadata | None) -> Any:
    given = inputs.dialect
    changed = _endpoints(given, metadata)
    if not pushes(inputs, metadata):
        changed["pushed_authorization_request_endpoint"] = ""
    return replace(given, **changed, client_auth=client_auth(inputs, metadata)[0])


def _endpoints(given: Dialect, metadata: Metadata | None) -> dict[str, Any]:
    """The endpoints that only the metadata names."""
    return {
        name: getattr(metadata, member)
        for name, member in ENDPOINTS.items()
        if metadata is not None and getattr(given, name) == getattr(STANDARD, name) and getattr(metadata, member)
    }


def client_auth(inputs: Inputs, metadata: Metadata | None) -> tuple[ClientAuth, Origin]:
    """The method of client authentication, and the origin of that choice. A client without a secret and a key is public (RFC 6749 §2.1).
    Metadata that names no method means Basic (RFC 8414 §2)."""
    if inputs.client_auth != "auto":
        return ("body" if inputs.client_auth == "post" else inputs.client_auth), "typed"
    if inputs.dialect.client_auth != STANDARD.client_auth:
        return inputs.dialect.client_auth, "typed"
    if inputs.signing_key is not None:
        return "private_key_jwt", "default"
    if inputs.client_secret is None:
        return "none", "default"
    if metadata is None:
        return inputs.dialect.client_auth, "default"
    offered = metadata.token_endpoint_auth_methods_supported
    if offered is None:
        return "basic", "default"
    able = (way for name, way in AUTH_METHODS.items() if name in offered and name != "private_key_jwt")
    return next(able, "basic"), "metadata"


def choices(given: Inputs, metadata: Metadata | None, of_environment: tuple[str, ...] = ()) -> tuple[Decided, ...]:
    """The values that a run of the standard dialect uses, each with its origin. of_environment: the names of the inputs whose values
    the environment gave."""
    if given.dialect.name == "airisk":
        return ()
    used = resolved(given, metadata)
    decided = {name: by for name, _, by in _resolved(given, metadata)}
    auth, auth_by = client_auth(given, metadata)
    pkce = "S256" if used.challenge is not None else "off"
    pkce += " with a wrong verifier" if given.pkce == "wrong" else ""
    from_metadata: Origin = "metadata" if metadata is not None else "default"

    def endpoint(name: str) -> Decided:
        changed = getattr(given.dialect, name) != getattr(STANDARD, name)
        value = endpoint_url(given.base_url, getattr(used.dialect, name))
        return Decided(name, value, "typed" if changed else from_metadata)

    def chosen(one: Decided) -> Decided:
        field = "dialect" if one.name.endswith("_path") else one.name
        return replace(one, by="environment") if one.by == "typed" and field in of_environment else one

    found = (
        endpoint("authorize_path"),
        endpoint("token_path"),
        Decided("client_auth", "post" if auth == "body" else auth, auth_by),
        Decided("scope", used.scope or "", decided["scope"]),
        Decided("pkce", pkce, "typed" if given.pkce != "auto" else decided["challenge"]),
        Decided("par", "on" if used.pushes else "off", "typed" if given.par != "auto" else from_metadata),
        Decided("nonce", used.nonce or "", "default"),
        Decided("response_mode", given.response_mode, "default" if given.response_mode == "query" else "typed"),
    )
    return tuple(map(chosen, found))
