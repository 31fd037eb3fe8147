"""The registered applications and users of the sandbox (protocol.md, the actors)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

DEMO_CLIENT_ID = "demo-app"
OPAQUE_CLIENT_ID = "opaque-app"
DEMO_SECRET = "sandbox-secret-not-for-production"  # noqa: S105 - public on purpose: it opens nothing but the sandbox
DEMO_REDIRECT_URI = "http://127.0.0.1:8765/callback"
DEMO_REDIRECT_URIS = ",".join(
    (
        DEMO_REDIRECT_URI,
        "http://localhost:8765/callback",
        "https://localhost/callback",
        "https://localhost:8765/callback",
    )
)


class Application(Struct, frozen=True):
    """An `APIUser`. `redirect_uris` is one string with commas, as the vendor stores it."""

    client_id: str
    client_secret: str
    redirect_uris: str
    name: str
    shape: Literal["jwt", "opaque"] = "jwt"

    @property
    def registered(self) -> tuple[str, ...]:
        """The allowed URIs without surrounding spaces."""
        return tuple(uri.strip() for uri in self.redirect_uris.split(","))


class User(Struct, frozen=True):
    """An `ApplicationUser`; its id is what `userid` must name."""

    id: str
    name: str
    email: str


DEMO_APPLICATIONS = (
    Application(DEMO_CLIENT_ID, DEMO_SECRET, DEMO_REDIRECT_URIS, "Demo application"),
    Application(OPAQUE_CLIENT_ID, DEMO_SECRET, DEMO_REDIRECT_URIS, "Opaque tokens", "opaque"),
)
DEMO_USERS = (
    User("user_42", "Ada Lovelace", "ada@example.com"),
    User("user_7", "Grace Hopper", "grace@example.com"),
    User("user_11", "Łukasz Żółć", "lukasz@example.com"),
    User("user_12", "山田 花子", "hanako@example.com"),
    User("user_13", "ليلى حداد", "layla@example.com"),
    User("user_14", "Анна Ковальова", "anna@example.com"),
    User("user_15", "नेहा शर्मा", "neha@example.com"),
    # A GUID, as deployments name their users.
    User("7c9e6679-7425-40de-944b-e07fc1f90ae7", "Margaret Hamilton", "margaret@example.com"),
)


class Registry(Struct, frozen=True, kw_only=True):
    """The settings of either server. Lifetimes are in seconds: that of a code is undocumented ("short-lived"); in 60 s a person can
    paste it and a test can see it expire."""

    users: tuple[User, ...] = DEMO_USERS
    code_lifetime: float = 60.0
    token_lifetime: int = 3600

    def user(self, user_id: str) -> User | None:
        """The user with exactly this id."""
        return next((user for user in self.users if user.id == user_id), None)


class SandboxData(Registry, frozen=True):
    """The settings of the AIRisk server."""

    applications: tuple[Application, ...] = DEMO_APPLICATIONS

    def client(self, client_id: str) -> Application | None:
        """The application with exactly this client_id."""
        return next((application for application in self.applications if application.client_id == client_id), None)

    def with_redirect_uri(self, uri: str) -> SandboxData:
        """The same data with this redirect URI registered for every application."""
        added = tuple(
            a if uri in a.registered else replace(a, redirect_uris=f"{a.redirect_uris},{uri}")
            for a in self.applications
        )
        return replace(self, applications=added)
