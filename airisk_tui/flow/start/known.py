"""The facts that the program knew when a run started, beside its inputs.

They are recorded with the start, so that a replay explains the run as the live screen did, on any machine and in any year.
"""

from __future__ import annotations

from msgspec import Struct, field

from airisk_tui.oauth.http import ServerCertificate

MAX_EARLIER = 20
"""Earlier runs that a run names: a finding looks back at the last few."""


class Host(Struct, frozen=True):
    """The machine on which the program runs. proxy: the names of the proxy variables that are set; authorities: those of the variables
    that name trusted authorities for other programs; workspace: the name of a machine of a service for remote editors, such as
    "a Codespace", "" on any other."""

    ssh: bool = False
    wsl: bool = False
    container: bool = False
    display: bool = True
    proxy: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    workspace: str = ""

    @property
    def elsewhere(self) -> str:
        """The kind of place from which the browser may be on another machine, in words; "" for a local one."""
        if self.workspace:
            return self.workspace
        if self.ssh:
            return "an SSH session"
        if self.container:
            return "a container"
        return "WSL" if self.wsl else ""


class SeenCertificate(Struct, frozen=True):
    """The certificate of a server. origin: scheme, host and port of the server."""

    origin: str
    certificate: ServerCertificate


class Known(Struct, frozen=True, kw_only=True):
    """The known facts. registered: the registered redirect URIs, character by character, None if unknown; clients, users: all ids of the
    deployment, the environment's own client first, or None; secret_mistakes: the codes of the mistakes in the client secret, which the
    log does not contain; ca_file: the environment's file of authorities, or ""; earlier: the run ids of the session's earlier runs,
    oldest first; of_environment: the names of the inputs whose values the environment gave; certificates: those of the last run in the
    library that worked in this environment."""

    registered: tuple[str, ...] | None = None
    clients: tuple[str, ...] | None = None
    users: tuple[str, ...] | None = None
    secret_mistakes: tuple[str, ...] = ()
    ca_file: str = ""
    earlier: tuple[str, ...] = ()
    of_environment: tuple[str, ...] = ()
    certificates: tuple[SeenCertificate, ...] = ()
    host: Host = field(default_factory=Host)
