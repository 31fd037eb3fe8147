"""The state of one sandbox: its data, its codes and tokens, and the faults that it plays now."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from airisk_tui.sandbox.answer import Answer, problem
from airisk_tui.sandbox.call import Call, Where
from airisk_tui.sandbox.conversations import ConversationBook
from airisk_tui.sandbox.fault import Fault, Policy
from airisk_tui.sandbox.grants import CodeBook, TokenBook
from airisk_tui.sandbox.registry import Application, SandboxData, User

SLOW_SECONDS = 3.0  # long enough to watch a countdown, short enough to wait for


MAX_CALLS = 10_000
"""The newest calls that are kept, for those who test with a sandbox; a body has at most some KiB (`app.BODY_LIMIT`)."""


class PendingConsent(Struct, frozen=True):
    """A valid authorization request that waits for a person's yes or no. expires: seconds since the epoch."""

    application: Application
    redirect_uri: str
    user: User | None
    state: str | None
    challenge: str | None
    expires: float


class Sandbox(Struct):
    """What the endpoints share. `data` and `faults` may be replaced at any moment, from any thread.

    lenient: the token request may leave out what step 1 had, `redirect_uri` and `userid`.
    calls: each with its endpoint, as "POST /api/oauth2/Token".
    instance, other_instance: the values of the affinity cookie of the two instances that the sandbox pretends to have.
    """

    data: SandboxData
    clock: Callable[[], float]
    auto_approve: bool | None = None
    lenient: bool = False
    slow_seconds: float = SLOW_SECONDS
    faults: tuple[Fault, ...] = ()
    codes: CodeBook = field(default_factory=CodeBook)
    tokens: TokenBook = field(default_factory=TokenBook)
    pending: dict[str, PendingConsent] = field(default_factory=dict)
    conversations: ConversationBook = field(default_factory=ConversationBook)
    calls: deque[tuple[str, Call]] = field(default_factory=lambda: deque(maxlen=MAX_CALLS))
    instance: str = field(default_factory=lambda: secrets.token_hex(32))
    other_instance: str = field(default_factory=lambda: secrets.token_hex(32))
    app_id: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def policy(self) -> Policy:
        """How the server behaves under its present faults."""
        policy = Policy()
        for fault in self.faults:
            slow = policy.slow | fault.policy.get("slow", frozenset())
            policy = replace(policy, **{**fault.policy, "slow": slow})
        return policy

    def now(self) -> float:
        """The time by the server's clock, in seconds since the epoch."""
        return self.clock() + self.policy.skew

    def misses_affinity(self, cookies: str) -> bool:
        """Whether a request with these cookies reaches the other instance, which does not know the codes of the first."""
        return not self.policy.codes_shared and self.instance not in cookies

    def refuse(self, status: int, *headers: tuple[str, str]) -> Answer:
        """A refusal as problem+json, with a new trace id."""
        return problem(status, f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00", *headers)

    def fault_answer(self, where: Where, call: Call) -> Answer | None:
        """The answer that a fault gives in place of the endpoint, if one does."""
        answers = (fault.answer(call) for fault in self.faults if fault.where == where)
        return next((answer for answer in answers if answer), None)
