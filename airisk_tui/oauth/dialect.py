"""The dialects as data: the paths, the names and the required parameters of a kind of server (protocol.md; RFC 6749 §4.1)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Encoding = Literal["form", "json", "multipart"]
"""The encoding of the token request's body. AIRisk documents the first two (protocol.md, step 2); some clients send the third."""

ClientAuth = Literal["body", "basic", "none", "private_key_jwt", "client_secret_jwt"]
"""How the client authenticates at the token endpoint: with ID and secret in the body or in the Authorization header (RFC 6749
§2.3.1), with the ID alone, as a public client (§3.2.1), or with an assertion that is signed with its own key or with the secret (RFC
7523 §2.2)."""

WHOLE_BODY = "."
"""As the name of the token's member: the whole body is the token."""


class Dialect(Struct, frozen=True, kw_only=True):
    """The names and paths of one kind of server. An environment may change any of them (`environments add --field`).

    response_type, grant_type: the value to send, or None to leave it out; pkce: whether an S256 challenge is sent (RFC 7636); users:
    the parameter that makes a token user-specific, or None; list_users_path: the endpoint that lists the users; jwks_uri and the
    names ending in `_endpoint`: addresses from the server's metadata (`oauth.metadata`), or "". code, token, expiration: the names of
    these values in the server's answers. token may be a path into objects, such as `data.access_token`, and the expiration is then
    looked for in the same object; or it is WHOLE_BODY.
    """

    name: str = "airisk"
    authorize_path: str = "/api/oauth2"
    token_path: str = "/api/oauth2/Token"  # noqa: S105 - a path, no password
    response_type: str | None = None
    grant_type: str | None = None
    client_auth: ClientAuth = "body"
    pkce: bool = False
    users: str | None = "userid"
    code: str = "code"
    token: str = "access_token"  # noqa: S105 - a field's name
    expiration: str = "expiration"
    list_users_path: str = "/api/Users/ListUsers"
    jwks_uri: str = ""
    userinfo_endpoint: str = ""
    introspection_endpoint: str = ""
    revocation_endpoint: str = ""
    device_authorization_endpoint: str = ""
    pushed_authorization_request_endpoint: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The paths or whole URLs to which requests are sent."""
        return tuple(url for name in (*PATHS, *OPTIONAL_ENDPOINTS) if (url := getattr(self, name)))


PATHS = ("authorize_path", "token_path", "list_users_path")

OPTIONAL_ENDPOINTS = (
    *("jwks_uri", "userinfo_endpoint", "introspection_endpoint", "revocation_endpoint"),
    *("device_authorization_endpoint", "pushed_authorization_request_endpoint"),
)
"""The endpoints that not every server has, by their names in dialects and metadata."""

AIRISK = Dialect()
"""The dialect of protocol.md."""

STANDARD = Dialect(
    name="standard",
    authorize_path="/authorize",
    token_path="/token",  # noqa: S106 - a path
    response_type="code",
    grant_type="authorization_code",
    pkce=True,
    users=None,
    expiration="expires_in",
)
"""RFC 6749 with RFC 7636, as most servers speak it."""

DIALECTS = {dialect.name: dialect for dialect in (AIRISK, STANDARD)}
