"""What was known around a run when it started, and what no later reader of its log could find out again.

It is recorded with the start, so that a replay explains a run as it was explained live, on any machine and in any year.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_EARLIER = 20
"""Earlier runs that are named: a finding looks back at the last few."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where the program runs, as plain facts. proxy: the proxy variables' names that are set."""

    ssh: bool = False
    wsl: bool = False
    container: bool = False
    display: bool = True
    proxy: tuple[str, ...] = ()

    @property
    def elsewhere(self) -> str:
        """In words why the browser may be on another machine than the listener, or ""."""
        if self.ssh:
            return "an SSH session"
        if self.container:
            return "a container"
        return "WSL" if self.wsl else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """registered: the redirect URIs that are known to be registered, exactly as written there, or None; clients and users:
    all ids that the deployment has, the environment's own client first, or None; secret_mistakes: the codes of what is wrong
    with the client secret, of which the log has only the length; earlier: the run ids of the session's earlier runs, oldest first."""

    registered: tuple[str, ...] | None = None
    clients: tuple[str, ...] | None = None
    users: tuple[str, ...] | None = None
    secret_mistakes: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    host: Host = field(default_factory=Host)
