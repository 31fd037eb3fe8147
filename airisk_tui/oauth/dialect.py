"""The dialects as data: paths, names, and what each party must send (protocol.md; RFC 6749 §4.1)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Encoding = Literal["form", "json", "multipart"]
"""How the token request's body is written; AIRisk documents the first two (protocol.md, step 2), and integrators send the third."""

ClientAuth = Literal["body", "basic", "none", "private_key_jwt", "client_secret_jwt"]
"""How the client shows who it is at the token endpoint: ID and secret in the body or in the Authorization header (RFC 6749 §2.3.1),
the ID alone, as public clients do (§3.2.1), or an assertion that a key of its own or the secret signs (RFC 7523 §2.2)."""

WHOLE_BODY = "."
"""As the token's name: the body is the token, with nothing around it."""


class Dialect(Struct, frozen=True, kw_only=True):
    """The names and paths that one family of servers uses. An environment may change any of them (`environments add --field`).

    response_type and grant_type: the value that is sent, or None when it is left out; pkce: whether an S256 challenge
    is sent (RFC 7636); users: the name of the parameter that makes a token user-specific, or None where there is none;
    list_users_path: where the endpoint is that lists the users; jwks_uri and those that end in `_endpoint`: the addresses of a
    standard server that its metadata names (`oauth.metadata`), "" for none;
    code, token, expiration: the names under which the server answers. token may lead into objects, as `data.access_token`,
    and the expiration is then looked for beside it; or it is WHOLE_BODY.
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
        """The paths or whole URLs that requests go to."""
        return tuple(url for name in (*PATHS, *FURTHER) if (url := getattr(self, name)))


PATHS = ("authorize_path", "token_path", "list_users_path")

FURTHER = (
    *("jwks_uri", "userinfo_endpoint", "introspection_endpoint", "revocation_endpoint"),
    *("device_authorization_endpoint", "pushed_authorization_request_endpoint"),
)
"""The endpoints beside the two of every server, by the names that dialects and metadata have for them."""

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
"""RFC 6749 with RFC 7636: the servers that AIRisk's own administrators connect to."""

DIALECTS = {dialect.name: dialect for dialect in (AIRISK, STANDARD)}
