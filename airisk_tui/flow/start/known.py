"""What the program knew about a run when it started, and what nobody could learn from the log later.

It is recorded with the start, so that a replay explains the run as the live screen did, on any machine and in any year.
"""

from __future__ import annotations

from msgspec import Struct, field

from airisk_tui.oauth.http import ServerCertificate

MAX_EARLIER = 20
"""Earlier runs that a run names: a finding looks back at the last few."""


class Host(Struct, frozen=True):
    """The machine that the program runs on. proxy: the names of the proxy variables that are set; authorities: those of the
    variables by which other programs are told of authorities to trust; workspace: what a service for remote editors calls such a
    machine, "" on any other."""

    ssh: bool = False
    wsl: bool = False
    container: bool = False
    display: bool = True
    proxy: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    workspace: str = ""

    @property
    def elsewhere(self) -> str:
        """Why the browser may be on another machine than the listener, in words, or ""."""
        if self.workspace:
            return self.workspace
        if self.ssh:
            return "an SSH session"
        if self.container:
            return "a container"
        return "WSL" if self.wsl else ""


class SeenCertificate(Struct, frozen=True):
    """The certificate that a server showed. origin: scheme, host and port of the server."""

    origin: str
    certificate: ServerCertificate


class Known(Struct, frozen=True, kw_only=True):
    """registered: the redirect URIs that are registered, exactly as they are written there, or None where they are not known;
    clients and users: all ids of the deployment, the environment's own client first, or None; secret_mistakes: the codes of what
    is wrong with the client secret, which the log does not hold; ca_file: the environment's own file of authorities, or "";
    earlier: the run ids of the session's earlier runs, oldest first; of_environment: the names of the inputs whose values the
    environment gave, and nobody typed; certificates: those of the last run in the library that worked in this environment."""

    registered: tuple[str, ...] | None = None
    clients: tuple[str, ...] | None = None
    users: tuple[str, ...] | None = None
    secret_mistakes: tuple[str, ...] = ()
    ca_file: str = ""
    earlier: tuple[str, ...] = ()
    of_environment: tuple[str, ...] = ()
    certificates: tuple[SeenCertificate, ...] = ()
    host: Host = field(default_factory=Host)
