"""The registered clients and users of the issuer, and the lifetimes of what it issues."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from airisk_tui.sandbox.data.registry import DEMO_CLIENT_ID, DEMO_REDIRECT_URIS, DEMO_SECRET, Registry

AuthMethod = Literal["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
AUTH_METHODS: Final[tuple[AuthMethod, ...]] = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
"""The methods of client authentication (OpenID Connect Core §9), in the order in which they are tried; the last is for public
clients."""

PUBLIC_CLIENT_ID: Final = "public-app"
KEY_CLIENT_ID: Final = "key-app"
DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
GRANT_TYPES: Final = ("authorization_code", "refresh_token", DEVICE_GRANT)
SCOPES: Final = ("openid", "profile", "email", "offline_access")
DEFAULT_SCOPE: Final = "profile"
"""The scope of a request without `scope` (RFC 6749 §3.3)."""


def returning(name: str | None) -> Callable[[Any], Any]:
    """A method that returns this attribute, or None, as Authlib's mixins require one."""
    return lambda self: None if name is None else getattr(self, name)


LOOPBACK_LITERALS: Final = ("127.0.0.1", "::1")


class Client(Struct, frozen=True):
    """A registered client, with the methods of Authlib's `ClientMixin`.

    private_key: the client's own key as PEM, public on purpose as the demo secret is; public_key: the registered JWK. opaque: whether
    its access tokens are opaque instead of JWTs (RFC 9068).
    """

    client_id: str
    name: str
    auth_methods: tuple[AuthMethod, ...]
    client_secret: str = ""
    private_key: str = ""
    public_key: Mapping[str, Any] = field(default_factory=dict)
    redirect_uris: tuple[str, ...] = tuple(DEMO_REDIRECT_URIS.split(","))
    id_token_signed_response_alg: Literal["RS256", "ES256"] = "RS256"  # noqa: S105 - an algorithm
    opaque: bool = False

    @property
    def is_public(self) -> bool:
        """Whether the client has no credentials (RFC 6749 §2.1)."""
        return self.auth_methods == ("none",)

    get_client_id = returning("client_id")

    get_default_redirect_uri = returning(None)  # each request needs a redirect URI (OpenID Connect Core §3.1.2.1)

    def get_allowed_scope(self, scope: str | None) -> str:
        """The granted scope for the requested one."""
        return DEFAULT_SCOPE if scope is None else " ".join(dict.fromkeys(scope.split()))

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether the URI is registered. The comparison is exact, except for the port of a loopback IP address (RFC 8252 §7.3, RFC
        9700 §2.1)."""
        return redirect_uri in self.redirect_uris or any(
            _without_loopback_port(redirect_uri) == _without_loopback_port(known) for known in self.redirect_uris
        )

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether this is the client's secret, in constant time."""
        return hmac.compare_digest(self.client_secret.encode(), client_secret.encode("utf-8", "replace"))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Whether the client may authenticate with this method, at any endpoint."""
        return method in self.auth_methods

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in GRANT_TYPES


def _without_loopback_port(uri: str) -> tuple[str, ...]:
    """The parts of a URI that must match: all, but the port only if the host is not a loopback IP address."""
    try:
        parts = urlsplit(uri)
        if parts.scheme == "http" and parts.hostname in LOOPBACK_LITERALS and "@" not in parts.netloc:
            parts.port  # noqa: B018 - raises ValueError where it is no port
            return (parts.scheme, parts.hostname, parts.path, parts.query, parts.fragment)
    except ValueError:
        pass
    return (uri,)


@cache
def demo_clients() -> tuple[Client, ...]:
    """A confidential client, a public client, and a client with a key that is made for this process."""
    from joserfc.jwk import ECKey  # here, because listing the faults imports this module (70 ms)

    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    return (
        Client(
            DEMO_CLIENT_ID, "Demo application", ("client_secret_basic", "client_secret_post"), client_secret=DEMO_SECRET
        ),
        Client(
            PUBLIC_CLIENT_ID,
            "Public application",
            ("none",),
            id_token_signed_response_alg="ES256",  # noqa: S106 - an algorithm
            opaque=True,
        ),
        Client(
            KEY_CLIENT_ID,
            "Application with a key",
            ("private_key_jwt",),
            private_key=key.as_pem(private=True).decode(),
            public_key=key.as_dict(private=False),
        ),
    )


class IssuerData(Registry, frozen=True):
    """The settings of the issuer; times in seconds. poll_interval: `interval` of RFC 8628 §3.2, 2 s in place of the usual 5 s,
    because a person approves quickly in a sandbox."""

    clients: tuple[Client, ...] = field(default_factory=demo_clients)
    device_lifetime: int = 600
    poll_interval: int = 2

    def client(self, client_id: str) -> Client | None:
        """The client with exactly this client_id."""
        return next((client for client in self.clients if client.client_id == client_id), None)

    def with_redirect_uri(self, uri: str) -> IssuerData:
        """The same data with this redirect URI registered for every client."""
        added = tuple(
            replace(client, redirect_uris=tuple(dict.fromkeys((*client.redirect_uris, uri)))) for client in self.clients
        )
        return replace(self, clients=added)
