"""What the endpoints of one issuer share."""

from __future__ import annotations

from collections import Counter

from msgspec import field

from airisk_tui.sandbox.fault import under
from airisk_tui.sandbox.grants import OnceBook
from airisk_tui.sandbox.standard.fault import Document, Fault, Place, Policy
from airisk_tui.sandbox.standard.keys import SigningKeys, signing_keys
from airisk_tui.sandbox.standard.registry import IssuerData
from airisk_tui.sandbox.standard.tokens import AuthorizationCode, DeviceCredential, Kept, TokenBook
from airisk_tui.sandbox.state import CONSENTS_KEPT, ServerState


class IssuerState(ServerState[IssuerData, Fault]):
    """What the endpoints of the issuer share."""

    keys: SigningKeys = field(default_factory=signing_keys)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    tokens: TokenBook = field(default_factory=TokenBook)
    devices: dict[str, DeviceCredential] = field(default_factory=dict)
    pending: OnceBook[Kept] = field(default_factory=lambda: OnceBook(CONSENTS_KEPT))
    pushed: OnceBook[Kept] = field(default_factory=lambda: OnceBook(CONSENTS_KEPT))
    assertions: dict[str, float] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)

    @property
    def policy(self) -> Policy:
        """How the issuer behaves under its present faults."""
        return under(Policy(), self.faults)

    def changed(self, where: Place, document: Document) -> Document:
        """A document as the present faults change it."""
        for fault in self.faults:
            if fault.where == where:
                document = fault.change(document)
        return document
