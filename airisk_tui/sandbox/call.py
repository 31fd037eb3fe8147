"""A received request, and the paths of the endpoints. Imports nothing of starlette."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct, field

Where = Literal["authorize", "token", "access"]
AUTHORIZE_PATH = "/api/oauth2"
CONSENT_PATH = "/api/oauth2/Consent"
TOKEN_PATH = "/api/oauth2/Token"  # noqa: S105 - a path
MOVED_TOKEN_PATH = "/api/oauth2/v2/Token"  # noqa: S105 - a path; it exists under the fault `token-307` alone
LIST_USERS_PATH = "/api/Users/ListUsers"
SHORT_LIST_USERS_PATH = "/api/ListUsers"  # as one page of the vendor has it
CONVERSATIONS_PATH = "/api/GetConversations"


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Parameters by name. The values of a repeated parameter are joined by commas, as ASP.NET does."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def is_browser(headers: Mapping[str, str]) -> bool:
    """Whether a person can be asked: a browser navigates or accepts HTML, a direct request does neither."""
    return headers.get("sec-fetch-mode") == "navigate" or "text/html" in headers.get("accept", "")


def bearer_of(headers: Mapping[str, str]) -> str | None:
    """The token of `Authorization: Bearer …` (RFC 6750 §2.1), or None."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


class Call(Struct, frozen=True):
    """A received request. headers: names in lower case; id: the `{id}` in the path, or ""."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    id: str = ""

    @property
    def origin(self) -> str:
        """The server's origin, as the client names it in `Host`."""
        return f"http://{self.headers.get('host', '')}"

    @property
    def bearer(self) -> str | None:
        """The bearer token, or None."""
        return bearer_of(self.headers)
