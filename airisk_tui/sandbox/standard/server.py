"""The issuer as a running server on a loopback port."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec.structs import asdict

from airisk_tui.sandbox.answer import Json
from airisk_tui.sandbox.server import EmbeddedServer
from airisk_tui.sandbox.standard.app import create_issuer_app
from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS
from airisk_tui.sandbox.standard.registry import SCOPES, Client, IssuerData
from airisk_tui.sandbox.standard.state import IssuerState
from airisk_tui.sandbox.state import SLOW_SECONDS


class IssuerServer(EmbeddedServer[IssuerData]):
    """`with IssuerServer() as issuer: issuer.base_url` is the issuer's name; `async with` does the same."""

    greeting = "The issuer runs until Ctrl-C. `--json` lists its clients and users, `--list-faults` its faults."

    def __init__(
        self,
        data: IssuerData | None = None,
        faults: Iterable[str] = (),
        *,
        port: int = 0,
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        app = create_issuer_app(data, faults, slow_seconds=slow_seconds)
        self._issuer: IssuerState = app.state.issuer
        super().__init__(app, port, self._issuer, STANDARD_FAULTS)

    @property
    def requests(self) -> Counter[str]:
        """The number of requests to each endpoint: `{"POST /token": 2}`."""
        return Counter(self._issuer.requests)

    def describe(self) -> dict[str, Json]:
        """Issuer, clients, users and faults. Secrets and private keys are included, because they are valid in the sandbox only."""
        return {
            "issuer": self.base_url + self._issuer.policy.issuer_suffix,
            "base_url": self.base_url,
            "scopes": list(SCOPES),
            "clients": [_described(client) for client in self.data.clients],
            "users": [asdict(user) for user in self.data.users],
            **self.described_faults,
        }


def _described(client: Client) -> dict[str, Any]:
    """The data that a person needs to use a client; null for a credential that it does not have."""
    return {
        "client_id": client.client_id,
        "client_secret": client.client_secret or None,
        "private_key": client.private_key or None,
        "name": client.name,
        "authenticates_by": list(client.auth_methods),
        "redirect_uris": list(client.redirect_uris),
        "tokens": "opaque" if client.opaque else "jwt",
    }
