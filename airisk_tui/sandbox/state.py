"""What the endpoints of one server share, of either dialect: its data, what it has issued, and the faults that it plays now."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from msgspec import Struct, field

from airisk_tui.sandbox.answer import Answer, problem
from airisk_tui.sandbox.call import Call, is_browser
from airisk_tui.sandbox.data.conversations import ConversationBook
from airisk_tui.sandbox.data.grants import CodeBook, OnceBook, TokenBook
from airisk_tui.sandbox.data.registry import Application, SandboxData, User
from airisk_tui.sandbox.fault import CommonPolicy, Fault, NamedFault, Policy, under

SLOW_SECONDS = 3.0  # long enough to watch a countdown, short enough to wait for
CONSENT_SECONDS = 600.0  # a person may be called away for ten minutes

D = TypeVar("D")
F = TypeVar("F", bound=NamedFault)


class ServerState(Struct, Generic[D, F]):
    """What every server has. `data` and `faults` may be replaced at any moment, from any thread.

    auto_approve: True gives consent at once, False asks on a page, None asks on a page when the client is a browser; slow_seconds:
    how long an answer takes under the fault `slow`.
    """

    data: D
    clock: Callable[[], float]
    auto_approve: bool | None = None
    slow_seconds: float = SLOW_SECONDS
    faults: tuple[F, ...] = ()

    @property
    def policy(self) -> CommonPolicy:
        """How the server behaves under its present faults."""
        raise NotImplementedError

    def now(self) -> float:
        """The time by the server's clock, in seconds since the epoch."""
        return self.clock() + self.policy.skew

    def asks(self, headers: Mapping[str, str]) -> bool:
        """Whether a person decides about a request. headers: their names in lower case."""
        return self.auto_approve is False or (self.auto_approve is None and is_browser(headers))

    def fault_answer(self, where: str, request: object) -> Answer | None:
        """The answer that a fault gives in place of an endpoint, if one does."""
        hooks = (fault.answer for fault in self.faults if fault.where == where)
        answers = (hook(request) if callable(hook) else hook for hook in hooks)
        return next((answer for answer in answers if answer), None)


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


class Sandbox(ServerState[SandboxData, Fault]):
    """What the endpoints of the AIRisk server share.

    lenient: the token request may leave out what step 1 had, `redirect_uri` and `userid`.
    calls: each with its endpoint, as "POST /api/oauth2/Token".
    instance, other_instance: the values of the affinity cookie of the two instances that the sandbox pretends to have.
    """

    lenient: bool = False
    codes: CodeBook = field(default_factory=CodeBook)
    tokens: TokenBook = field(default_factory=TokenBook)
    pending: OnceBook[PendingConsent] = field(default_factory=OnceBook)
    conversations: ConversationBook = field(default_factory=ConversationBook)
    calls: deque[tuple[str, Call]] = field(default_factory=lambda: deque(maxlen=MAX_CALLS))
    instance: str = field(default_factory=lambda: secrets.token_hex(32))
    other_instance: str = field(default_factory=lambda: secrets.token_hex(32))
    app_id: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def policy(self) -> Policy:
        """How the server behaves under its present faults."""
        return under(Policy(), self.faults)

    def misses_affinity(self, cookies: str) -> bool:
        """Whether a request with these cookies reaches the other instance, which does not know the codes of the first."""
        return not self.policy.codes_shared and self.instance not in cookies

    def refuse(self, status: int, *headers: tuple[str, str]) -> Answer:
        """A refusal as problem+json, with a new trace id."""
        return problem(status, f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00", *headers)
