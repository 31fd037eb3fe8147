"""The state that the endpoints of one server share: its settings, what it has issued, and the active faults."""

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
CONSENT_SECONDS = 600.0  # ten minutes for a person to decide

D = TypeVar("D")
F = TypeVar("F", bound=NamedFault)


class ServerState(Struct, Generic[D, F]):
    """The state of any server. `data` and `faults` can be replaced at any time, from any thread.

    auto_approve: True approves at once, False shows the consent page, None shows it if the client is a browser; slow_seconds: the
    duration of an answer under the fault `slow`.
    """

    data: D
    clock: Callable[[], float]
    auto_approve: bool | None = None
    slow_seconds: float = SLOW_SECONDS
    faults: tuple[F, ...] = ()

    @property
    def policy(self) -> CommonPolicy:
        """The behaviour under the active faults."""
        raise NotImplementedError

    def now(self) -> float:
        """The time of the server's clock, in seconds since the epoch."""
        return self.clock() + self.policy.skew

    def asks(self, headers: Mapping[str, str]) -> bool:
        """Whether a person decides about a request. headers: names in lower case."""
        return self.auto_approve is False or (self.auto_approve is None and is_browser(headers))

    def fault_answer(self, where: str, request: object) -> Answer | None:
        """The answer of an active fault in place of an endpoint, or None."""
        hooks = (fault.answer for fault in self.faults if fault.where == where)
        answers = (hook(request) if callable(hook) else hook for hook in hooks)
        return next((answer for answer in answers if answer), None)


MAX_CALLS = 10_000
"""The most calls that are kept, for tests; a body has at most BODY_LIMIT bytes (`airisk.app`)."""


class PendingConsent(Struct, frozen=True):
    """A valid authorization request that waits for a person's decision. expires: seconds since the epoch."""

    application: Application
    redirect_uri: str
    user: User | None
    state: str | None
    challenge: str | None
    expires: float


class Sandbox(ServerState[SandboxData, Fault]):
    """The state that the AIRisk server's endpoints share.

    lenient: whether the token request may leave out `redirect_uri` and `userid`. calls: each with its endpoint, as "POST
    /api/oauth2/Token". instance, other_instance: the values of the affinity cookie of the two instances that the sandbox pretends to
    have.
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
        return under(Policy(), self.faults)

    def misses_affinity(self, cookies: str) -> bool:
        """Whether a request with these cookies reaches the other instance, which does not have the first one's codes."""
        return not self.policy.codes_shared and self.instance not in cookies

    def refuse(self, status: int, *headers: tuple[str, str]) -> Answer:
        """A refusal as problem+json, with a new trace id."""
        return problem(status, f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00", *headers)
