"""The callback address cannot be listened on: what each code of `ListenerFailed` means (threats.md L1, L3).

The findings of a run, the doctor before any run, the screen and the narration say the same words.
"""

from __future__ import annotations

from airisk_tui.flow.events import ListenerFailed, ListenerFault
from airisk_tui.insight.fix import RERUN, Change, Do, Fix, Rerun, SetField, otherwise
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.rule import Entry

PASTE: Fix = (
    Rerun("paste", ", which needs no listener"),
    Do("open the URL in a browser and paste the address that it ends on"),
)
OTHER_PORT: Fix = (Change("registration", "register {uri} for the application"), SetField("redirect_uri", "{uri}"))
STOP: Fix = (Do("stop {holder}"), RERUN)
ALLOW: Fix = (Change("machine", "allow the port to every program (sysctl net.ipv4.ip_unprivileged_port_start={port})"),)
_PASTE_OR_PORT: Fix = (*PASTE, *otherwise(*OTHER_PORT))

BUSY = Entry(
    code="port-busy",
    question="listener",
    title="Port {port} of the redirect URI is taken by {holder}.",
    cause="Another program, or another run of this one, listens on it.",
    fix=(*STOP, *otherwise(*PASTE), *otherwise(*OTHER_PORT)),
    reference="RFC 8252 §7.3; threats.md L3",
)
PRIVILEGED = Entry(
    code="port-privileged",
    question="listener",
    title="Listening on port {port} of the redirect URI needs a privilege that this program does not have.",
    cause="Ports below 1024 are privileged, and an https redirect URI without a port means port 443.",
    fix=(*_PASTE_OR_PORT, *otherwise(*ALLOW)),
    reference="RFC 8252 §7.3; protocol.md, step 1",
)
EXCLUDED = Entry(
    code="port-excluded",
    question="listener",
    title="The system keeps port {port} of the redirect URI for itself.",
    cause="The port lies in a range that the system excludes (Hyper-V and WSL reserve such ranges).",
    fix=_PASTE_OR_PORT,
    reference="RFC 8252 §7.3; threats.md L3",
)
NOT_LOOPBACK = Entry(
    code="address-not-loopback",
    question="listener",
    title="The redirect URI {redirect_uri} is not an address of this machine's own loopback.",
    cause="The listener binds loopback addresses only, so that nobody else can reach it.",
    fix=_PASTE_OR_PORT,
    reference="threats.md L1",
)
UNAVAILABLE = Entry(
    code="address-unavailable",
    question="listener",
    title="This program cannot listen on the address {address} of the redirect URI.",
    cause="This machine does not have that address, often ::1 where IPv6 is switched off.",
    fix=_PASTE_OR_PORT,
    reference="RFC 8252 §8.3",
    certainty="likely",
)
ENTRIES: dict[ListenerFault, Entry] = {
    "busy": BUSY,
    "privileged": PRIVILEGED,
    "excluded": EXCLUDED,
    "not-loopback": NOT_LOOPBACK,
    "unavailable": UNAVAILABLE,
}


def values_of(failed: ListenerFailed, redirect_uri: str) -> dict[str, str]:
    """The values that every title takes."""
    address = f"[{failed.address}]:{failed.port}" if ":" in failed.address else f"{failed.address}:{failed.port}"
    return {
        "port": str(failed.port),
        "holder": quoted(failed.holder, 80) if failed.holder else "another program",
        "address": quoted(address),
        "redirect_uri": quoted(redirect_uri),
    }


def listening_sentence(failed: ListenerFailed, redirect_uri: str) -> str:
    """What happened, in one sentence without advice."""
    return ENTRIES[failed.code].title.format_map(values_of(failed, redirect_uri))
