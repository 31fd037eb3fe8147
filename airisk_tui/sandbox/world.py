"""One sandbox's state: its data, its books of codes and tokens, and the faults that it plays now."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from airisk_tui.sandbox.answer import Answer, problem
from airisk_tui.sandbox.call import Call, Where
from airisk_tui.sandbox.codes import CodeBook
from airisk_tui.sandbox.fault import Fault, Policy
from airisk_tui.sandbox.registry import Application, SandboxData, User
from airisk_tui.sandbox.tokens import TokenBook

SLOW_SECONDS = 3.0  # long enough to watch a countdown, short enough to wait for


@dataclass(frozen=True, slots=True)
class Ask:
    """An authorization request found in order, waiting for a person's yes or no."""

    application: Application
    redirect_uri: str
    user: User | None
    state: str | None
    challenge: str | None
    expires: float


@dataclass(slots=True)
class World:
    """What the endpoints share. `faults` may be replaced at any moment, from any thread."""

    data: SandboxData
    clock: Callable[[], float]
    auto_approve: bool | None = None
    slow_seconds: float = SLOW_SECONDS
    faults: tuple[Fault, ...] = ()
    codes: CodeBook = field(default_factory=CodeBook)
    tokens: TokenBook = field(default_factory=TokenBook)
    asks: dict[str, Ask] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    instance: str = field(default_factory=lambda: secrets.token_hex(32))
    other_instance: str = field(default_factory=lambda: secrets.token_hex(32))
    app_id: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def policy(self) -> Policy:
        """The behaviour under the faults of this moment."""
        policy = Policy()
        for fault in self.faults:
            slow = policy.slow | fault.policy.get("slow", frozenset())
            policy = replace(policy, **{**fault.policy, "slow": slow})
        return policy

    def now(self) -> float:
        """The server's own idea of the time."""
        return self.clock() + self.policy.skew

    def lost(self, cookies: str) -> bool:
        """Whether a request with these cookies reaches an instance that does not know the codes of the first."""
        return not self.policy.codes_shared and self.instance not in cookies

    def refuse(self, status: int, *headers: tuple[str, str]) -> Answer:
        """A problem document with a trace id of its own."""
        return problem(status, f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00", *headers)

    def faulty(self, where: Where, call: Call) -> Answer | None:
        """The answer that a fault gives in place of the endpoint, if one does."""
        answers = (fault.answer(call) for fault in self.faults if fault.where == where)
        return next((answer for answer in answers if answer), None)
