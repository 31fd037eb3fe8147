"""What the doctor finds on this machine before any run, as plain facts: `engine.machine.doctor` gathers them, `insight.doctor` judges."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from airisk_tui.flow.events import ListenerFault
from airisk_tui.flow.start.inputs import Mode
from airisk_tui.flow.start.known import Host


class BoundAddress(Struct, frozen=True):
    """One address that the redirect URI needs. address: as "127.0.0.1" or "::1"; holder: who has a busy port, if known."""

    address: str
    state: Literal["free"] | ListenerFault
    holder: str | None = None


class MachineFacts(Struct, frozen=True, kw_only=True):
    """listen, listen_publicly: as in `flow.start.inputs.Settings`; addresses: one for each that the listener would bind (both families
    for localhost); resolves: to what the host of the redirect URI resolves here; browser: the program that would be opened, or
    None; proxied: whether the proxy variables would send loopback traffic through the proxy for other programs (NO_PROXY lacks
    it)."""

    redirect_uri: str
    listen: str = ""
    listen_publicly: bool = False
    mode: Mode = "browser"
    addresses: tuple[BoundAddress, ...] = ()
    resolves: tuple[str, ...] = ()
    browser: str | None = None
    proxied: bool = False
    registered: tuple[str, ...] | None = None
    host: Host = field(default_factory=Host)
