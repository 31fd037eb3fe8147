"""The state of one issuer: its data, what it has issued, and the faults that it plays now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from airisk_tui.sandbox.answer import Answer
from airisk_tui.sandbox.standard.fault import Document, Fault, Place, Policy
from airisk_tui.sandbox.standard.keys import SigningKeys, signing_keys
from airisk_tui.sandbox.standard.registry import IssuerData
from airisk_tui.sandbox.standard.tokens import AuthorizationCode, DeviceCredential, Kept, OnceBook, TokenBook
from airisk_tui.sandbox.state import SLOW_SECONDS

REQUESTS_KEPT: Final = 1_000  # pages left open and requests pushed; the oldest go


class IssuerState(Struct):
    """What the endpoints share. `data` and `faults` may be replaced at any moment, from any thread.

    auto_approve: True gives consent at once, False asks on a page, None asks on a page when the client is a browser.
    """

    data: IssuerData
    clock: Callable[[], float]
    auto_approve: bool | None = None
    slow_seconds: float = SLOW_SECONDS
    faults: tuple[Fault, ...] = ()
    keys: SigningKeys = field(default_factory=signing_keys)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    tokens: TokenBook = field(default_factory=TokenBook)
    devices: dict[str, DeviceCredential] = field(default_factory=dict)
    pending: OnceBook[Kept] = field(default_factory=lambda: OnceBook(REQUESTS_KEPT))
    pushed: OnceBook[Kept] = field(default_factory=lambda: OnceBook(REQUESTS_KEPT))
    assertions: dict[str, float] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)

    @property
    def policy(self) -> Policy:
        """How the issuer behaves under its present faults."""
        policy = Policy()
        for fault in self.faults:
            refused = policy.refused_auth | fault.policy.get("refused_auth", frozenset())
            policy = replace(policy, **{**fault.policy, "refused_auth": refused})
        return policy

    def now(self) -> float:
        """The time by the issuer's clock, in seconds since the epoch."""
        return self.clock() + self.policy.skew

    def changed(self, where: Place, document: Document) -> Document:
        """A document as the present faults change it."""
        for fault in self.faults:
            if fault.where == where:
                document = fault.change(document)
        return document

    def fault_answer(self, where: Place) -> Answer | None:
        """The answer that a fault gives in place of an endpoint, if one does."""
        return next((fault.answer for fault in self.faults if fault.where == where and fault.answer), None)
