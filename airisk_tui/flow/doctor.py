"""The facts about this machine for `airisk-tui doctor`: `engine.machine.doctor` gathers them, `insight.doctor` judges them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from airisk_tui.flow.events import ListenerFault
from airisk_tui.flow.start.inputs import Mode
from airisk_tui.flow.start.known import Host


class BoundAddress(Struct, frozen=True):
    """An address that the listener would bind. address: such as "127.0.0.1" or "::1"; holder: the program that has a busy port, if
    known."""

    address: str
    state: Literal["free"] | ListenerFault
    holder: str | None = None


class MachineFacts(Struct, frozen=True, kw_only=True):
    """The facts about a redirect URI on this machine. listen, listen_publicly: as in `flow.start.inputs.Deployment`; addresses: those
    that the listener would bind (both families for localhost); resolves: the addresses to which the host of the redirect URI resolves;
    browser: the program that would be opened, or None; proxied: whether other programs would send loopback traffic through a proxy,
    because NO_PROXY does not exempt it."""

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
