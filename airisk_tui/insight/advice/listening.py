"""The callback address cannot be listened on: what each code of `ListenerFailed` means (threats.md L1, L3).

The findings of a run, the doctor before any run, the screen and the narration say the same words.
"""

from __future__ import annotations

from functools import partial
from shlex import quote

from msgspec.structs import replace

from airisk_tui.flow.events import ListenerBound, ListenerFailed, ListenerFault
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.insight.fix import PASTE, RERUN, Change, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.rule import Entry, Match
from airisk_tui.insight.words.quoting import brief, listed, quoted
from airisk_tui.oauth.loopback import is_loopback, is_unusual_loopback, read_listen_address
from airisk_tui.oauth.request.mistakes import PRIVILEGED
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import host_and_port, host_of, port_of

OTHER_PORT: Fix = (Change("registration", "register {uri} for the application"), SetField("redirect_uri", "{uri}"))
OTHER_ADDRESS: Fix = (
    SetField("listen", words="another address"),
    Change("network", "let the port mapping or the proxy pass the callback on to that one"),
)
PASSED_ON: Fix = provided(
    "if a port mapping or a proxy passes it on to this machine",
    SetField("listen", words="the address that it is passed on to"),
)
MAPPED: Fix = (
    SetField("listen", "0.0.0.0:{port}"),
    SetField("listen_publicly", "true"),
    Change("network", "map the port to the container (docker run -p 127.0.0.1:{port}:{port})"),
)
"""The way of a callback into a container: a mapped port comes from outside, where its loopback hears nothing. {port}: of the
redirect URI."""

STOP: Fix = (Do("stop {holder}"), RERUN)
ALLOW: Fix = (Change("machine", "allow the port to every program (sysctl net.ipv4.ip_unprivileged_port_start={port})"),)
_PASTE_OR_PORT: Fix = (*PASTE, *otherwise(*OTHER_PORT))

entry = partial(Entry, question="listener")

ENTRIES: dict[ListenerFault, Entry] = {
    "busy": entry(
        code="port-busy",
        title="Port {port} {of} is taken by {holder}.",
        cause="Another program, or another run of this one, listens on it.",
        fix=(*STOP, *otherwise(*PASTE), *otherwise(*OTHER_PORT)),
        reference="RFC 8252 §7.3; threats.md L3",
        unless="the system gave another reason than that the address is in use",
    ),
    "privileged": entry(
        code="port-privileged",
        title="Listening on port {port} {of} needs a privilege that this program does not have.",
        cause="Ports below 1024 are privileged, and an https redirect URI without a port means port 443.",
        fix=(*_PASTE_OR_PORT, *otherwise(*ALLOW)),
        reference="RFC 8252 §7.3; protocol.md, step 1",
        unless="the port were 1024 or above, or the system allowed it",
    ),
    "excluded": entry(
        code="port-excluded",
        title="The system keeps port {port} {of} for itself.",
        cause="The port lies in a range that the system excludes (Hyper-V and WSL reserve such ranges).",
        runner_up="Another program holds the port for itself alone, which Windows reports in the same way.",
        fix=_PASTE_OR_PORT,
        reference="RFC 8252 §7.3; threats.md L3",
        unless="the system gave another reason, or the port were in none of its reserved ranges",
    ),
    "not-loopback": entry(
        code="address-not-loopback",
        title="The redirect URI {redirect_uri} is not an address of this machine's own loopback.",
        cause="The listener binds loopback addresses only, so that nobody else can reach it.",
        fix=_PASTE_OR_PORT,
        reference="threats.md L1",
        unless="the address were one of this machine's loopback, or a port mapping were told by its own address",
    ),
    "unavailable": entry(
        code="address-unavailable",
        title="This program cannot listen on the address {address} {of}.",
        cause="This machine does not have that address, often ::1 where IPv6 is switched off.",
        fix=_PASTE_OR_PORT,
        reference="RFC 8252 §8.3",
        unless="the system had the address, and gave another reason",
        certainty="likely",
    ),
}


NOT_HERE = Entry(
    code="callback-not-here",
    question="waiting",
    title="The redirect URI {redirect_uri} leads to another machine, so no listener here can hear it.",
    cause="Only a redirect to a loopback address comes back to this program by itself.",
    fix=(
        *PASTE,
        *otherwise(*PASSED_ON, when=PASSED_ON[0].when),
        *otherwise(Rerun("direct"), when="where no login is needed"),
        *otherwise(
            Change("registration", "register http://127.0.0.1:8765/callback"),
            SetField("redirect_uri", "http://127.0.0.1:8765/callback"),
        ),
    ),
    reference="RFC 8252 §7.3; threats.md L12",
    unless="the redirect URI led to this machine, or the listener had an address of its own",
)


def named_otherwise(match: Match, host: str) -> Match:
    """A match of NOT_HERE, in other words where the host of the redirect URI is this machine under a name that is not listened on."""
    if not (is_loopback(host) or is_unusual_loopback(host)):
        return match
    return replace(
        match,
        title="No listener here hears the redirect URI {redirect_uri}: it names this machine, but not as 127.0.0.1.",
        cause="This program listens on 127.0.0.1 and ::1 only, under these names and localhost.",
    )


PUBLIC = "Every machine that reaches this one can call the listener on {addresses} (--listen-publicly)."
"""The warning about a listener that others reach (threats.md L1)."""


def of_what(listen: str) -> str:
    """Whose address could not be listened on, as the titles have it. listen: that of the inputs."""
    return "of the listener's own address" if listen else "of the redirect URI"


def public_addresses(bound: ListenerBound) -> str:
    """The addresses of a listener that other machines reach, in words, or ""."""
    public = [one for one in bound.addresses if not is_loopback(one.rpartition(":")[0].strip("[]"))]
    return listed(public)


def bound_sentence(bound: ListenerBound) -> str:
    """The listener's address, and whether others reach it."""
    words = f"Listening for the redirect on {visible(' and '.join(bound.addresses))} ({visible(bound.scheme)})."
    public = public_addresses(bound)
    return f"{words} {PUBLIC.format(addresses=public)}" if public else words


def values_of(failed: ListenerFailed, redirect_uri: str, listen: str = "") -> dict[str, str]:
    """The values that every title takes. listen: that of the inputs."""
    address = f"[{failed.address}]:{failed.port}" if ":" in failed.address else f"{failed.address}:{failed.port}"
    return {
        "port": str(failed.port),
        "holder": brief(failed.holder) if failed.holder else "another program",
        "address": quoted(address),
        "redirect_uri": quoted(redirect_uri),
        "of": of_what(listen),
    }


def listening_sentence(failed: ListenerFailed, inputs: Inputs | None) -> str:
    """The fault in one sentence, without advice."""
    redirect_uri, listen = (inputs.redirect_uri, inputs.listen) if inputs is not None else ("", "")
    return ENTRIES[failed.code].title.format_map(values_of(failed, redirect_uri, listen))


UNKNOWN_HOST = "YOU@THIS-MACHINE"
"""Placeholders of the line, since nobody here knows how this machine is reached."""


def ssh_line(redirect_uri: str, listen: str = "") -> str | None:
    """The `ssh -L` line that carries the callback from a browser on another machine to the listener on this one (RFC 4254 §7.2), to be
    typed where the browser is; None when the redirect URI is not on a loopback address.

    The near end is bound to the very host of the redirect URI, because that is where the browser will go. listen: the address
    of the listener, if it is another (`flow.start.inputs.Settings`).
    """
    host, port = host_of(redirect_uri), port_of(redirect_uri)
    if not is_loopback(host):
        return None
    near, at = host_and_port(host, port), read_listen_address(listen)
    far = near if at is None else f"localhost:{at.port}" if at.is_wildcard else at.text
    command = "sudo ssh" if port < PRIVILEGED else "ssh"
    return f"{command} -N -L {quote(visible(f'{near}:{far}'))} {UNKNOWN_HOST}"
