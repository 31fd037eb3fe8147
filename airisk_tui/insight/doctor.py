"""The findings of `airisk-tui doctor`: what on this machine would keep a callback from arriving.

`engine.machine.doctor` gathers the facts; nothing here looks at the machine.
"""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.doctor import MachineFacts
from airisk_tui.flow.events import ListenerFault
from airisk_tui.insight.advice.listening import ENTRIES, MAPPED, NOT_HERE, named_otherwise, of_what, ssh_line
from airisk_tui.insight.finding import RANK, Evidence, Finding, Pointer
from airisk_tui.insight.fix import Change, Command, Do, Fix, Rerun, SetField, SetVariable, otherwise, provided
from airisk_tui.insight.rule import Entry, Match, RuleSet, finding
from airisk_tui.insight.words.quoting import brief, listed, quoted
from airisk_tui.oauth.loopback import can_listen_on, is_loopback, read_listen_address
from airisk_tui.oauth.request.mistakes import check_listen
from airisk_tui.oauth.urls import BAD_PORTS, host_of, port_of, split_url

rules = RuleSet[MachineFacts]("Doctor", lambda facts: True)
"""In the order in which findings of one severity are reported."""


def advise(facts: MachineFacts) -> tuple[Finding, ...]:
    """The obstacles to a callback, the most serious first; () if there are none."""
    shared = {"redirect_uri": quoted(facts.redirect_uri), "port": str(_port(facts))}
    found = (finding(each.entry, match.with_values(**shared)) for each in rules if (match := each.match(facts)))
    return tuple(sorted(found, key=lambda each: RANK[each.severity]))


def _host(facts: MachineFacts) -> str:
    return host_of(facts.redirect_uri)


def _port(facts: MachineFacts) -> int:
    at = read_listen_address(facts.listen)
    return port_of(facts.redirect_uri) if at is None else at.port


def _listens(facts: MachineFacts) -> bool:
    return facts.mode != "direct" and (bool(facts.listen) or can_listen_on(_host(facts)))


def _in_state(facts: MachineFacts, state: str) -> Match | None:
    """A match with the addresses in this state; None if there are none, or nothing will listen."""
    found = [one for one in facts.addresses if one.state == state]
    if not _listens(facts) or not found:
        return None
    place = Pointer("redirect", "request", "redirect_uri")
    evidence = tuple(
        Evidence(each.address, each.state + (f", held by {brief(each.holder)}" if each.holder else ""), place)
        for each in found
    )
    holder = next((brief(each.holder) for each in found if each.holder), "another program")
    values = {
        "holder": holder,
        "address": found[0].address,
        "of": of_what(facts.listen),
        "uri": quoted("http://127.0.0.1:8765/callback"),
    }
    return Match(values, evidence, severity="warning" if facts.mode == "paste" else None)


_NUMERIC: Fix = (
    Change("registration", "register the redirect URI with 127.0.0.1 in place of localhost"),
    SetField("redirect_uri", words="that"),
)


@rules.add(
    "doctor-uri",
    title="The redirect URI {redirect_uri} cannot be read as a URL.",
    cause="Its scheme, host or port is missing or malformed.",
    fix=(SetField("redirect_uri", words="a URI such as http://127.0.0.1:8765/callback"),),
    reference="RFC 6749 §3.1.2",
    unless="the URI could be read",
)
def _uri(facts: MachineFacts) -> Match | None:
    parts = split_url(facts.redirect_uri)
    good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
    if facts.mode in ("direct", "device") or port_of(facts.redirect_uri) not in BAD_PORTS:
        return None if good else Match()
    match = Match({"bad": str(port_of(facts.redirect_uri))}, title=_BAD_PORT, cause=_OF_ANOTHER_PROTOCOL)
    return replace(match, severity="warning" if facts.mode == "paste" else None)


_BAD_PORT = "No browser goes to the redirect URI {redirect_uri}: they all refuse its port, {bad}."
_OF_ANOTHER_PROTOCOL = "The port belongs to another protocol (WHATWG Fetch, “bad port”), whatever listens on it."


def _taken(entry: Entry, facts: MachineFacts) -> Match | None:
    return _in_state(facts, entry.code.removeprefix("doctor-"))


_TAKEN: tuple[ListenerFault, ...] = ("busy", "privileged", "excluded")
rules.add_each([replace(ENTRIES[state], code=f"doctor-{state}") for state in _TAKEN], _taken)


@rules.add(
    "doctor-family",
    severity="warning",
    title="{address} is not available here, and a browser may try it first for {redirect_uri}.",
    cause="IPv6 or the loopback interface is switched off, while localhost stands for both families.",
    fix=_NUMERIC,
    reference="RFC 8252 §8.3",
    unless="both families could be listened on",
    certainty="likely",
)
def _family(facts: MachineFacts) -> Match | None:
    return _in_state(facts, "unavailable")


@rules.add(
    "doctor-localhost",
    severity="warning",
    title="{host} resolves to {addresses} on this machine, which is not the loopback.",
    cause="The hosts file or the name server says so.",
    fix=(Change("machine", "correct the hosts file"), *otherwise(*_NUMERIC)),
    reference="RFC 6761 §6.3",
    unless="every address of the name were loopback",
    certainty="likely",
)
def _localhost(facts: MachineFacts) -> Match | None:
    strangers = [address for address in facts.resolves if not is_loopback(address)]
    if not _listens(facts) or not can_listen_on(_host(facts)) or not strangers:
        return None
    return Match({"host": quoted(_host(facts)), "addresses": listed(strangers)})


def _not_here(_: Entry, facts: MachineFacts) -> Match | None:
    host = _host(facts)
    if facts.mode != "browser" or not host or facts.listen or can_listen_on(host):
        return None
    return named_otherwise(Match(), host)


rules.add_each([replace(NOT_HERE, code="doctor-not-here", severity="warning")], _not_here)


@rules.add(
    "doctor-unregistered",
    title="The redirect URI {redirect_uri} is not registered.",
    cause="Redirect URIs are compared character by character with the registered ones.",
    fix=(SetField("redirect_uri", words="one of the registered: {registered}"),),
    reference="RFC 6749 §3.1.2.3",
    unless="the URI stood among the registered ones, character by character",
)
def _unregistered(facts: MachineFacts) -> Match | None:
    if not facts.registered or facts.redirect_uri in facts.registered:
        return None
    return Match({"registered": listed(facts.registered)})


@rules.add(
    "doctor-elsewhere",
    severity="warning",
    title="This program runs in {elsewhere}: a browser on another machine cannot reach the callback address by itself.",
    cause="There {redirect_uri} leads to the browser's own machine.",
    fix=(Command("{ssh}", "where the browser is, before the run"), *otherwise(Rerun("paste"))),
    reference="RFC 8252 §7.3",
    unless="the browser ran where the listener does, or a port were mapped to it",
)
def _elsewhere(facts: MachineFacts) -> Match | None:
    line, place = ssh_line(facts.redirect_uri, facts.listen), facts.host.elsewhere
    if facts.mode != "browser" or not place or line is None or (facts.listen and facts.host.container):
        return None
    into = (*MAPPED, *otherwise(Rerun("paste"))) if facts.host.container and not facts.host.ssh else None
    return Match({"elsewhere": place, "ssh": line}, fix=into)


@rules.add(
    "doctor-browser",
    severity="warning",
    title="No browser was found that could be opened from here.",
    cause="There is no display, or no browser is installed.",
    fix=(
        SetVariable("BROWSER", words="a browser's command"),
        *otherwise(Rerun("paste"), Do("open the URL on any machine")),
    ),
    reference="threats.md L2",
    unless="a browser were found, or the mode needed none",
    certainty="likely",
)
def _browser(facts: MachineFacts) -> Match | None:
    return Match() if facts.mode == "browser" and facts.browser is None else None


@rules.add(
    "doctor-certificate",
    severity="note",
    title="The redirect URI is https, so the browser will warn of the listener's certificate once.",
    cause="Each run makes its own self-signed certificate and shows its fingerprint.",
    fix=(Do("accept the warning for this address only"),),
    reference="RFC 8252 §7.3; protocol.md, step 1",
)
def _certificate(facts: MachineFacts) -> Match | None:
    tls = can_listen_on(_host(facts)) and facts.redirect_uri.startswith("https:")
    return Match() if _listens(facts) and tls else None


@rules.add(
    "doctor-listen",
    title="The address to listen on cannot be used: {sentence}",
    cause="An option, or the environment's `listen`, names it.",
    fix=(SetField("listen", words="an address as that sentence says"),),
    reference="threats.md L1",
    unless="the address were one of this machine's loopback",
)
def _listen(facts: MachineFacts) -> Match | None:
    wrong = [one for one in check_listen(facts.listen, publicly=facts.listen_publicly) if one.severity == "error"]
    return Match({"sentence": wrong[0].sentence}) if wrong else None


@rules.add(
    "doctor-public",
    severity="warning",
    title="The listener on {listen} can be reached by every machine that reaches this one.",
    cause="An option, or the environment's `listen_publicly`, asks for it.",
    fix=(
        *provided("if it runs in a container", Do("map the port to the loopback of the machine outside alone")),
        *otherwise(SetField("listen", words="a loopback address")),
    ),
    reference="RFC 8252 §8.3; threats.md L1",
    unless="the address were loopback",
)
def _public(facts: MachineFacts) -> Match | None:
    at = read_listen_address(facts.listen)
    public = facts.mode != "direct" and facts.listen_publicly and at is not None and at.is_public
    return Match({"listen": quoted(facts.listen)}) if public else None


@rules.add(
    "doctor-proxy",
    severity="note",
    title="A proxy is set ({names}), and loopback addresses do not bypass it.",
    cause="This program never sends loopback traffic through a proxy, but a browser started from here may.",
    fix=(SetVariable("NO_PROXY", "localhost,127.0.0.1,::1", words=" where the browser is started"),),
    reference="threats.md C5",
)
def _proxy(facts: MachineFacts) -> Match | None:
    names = listed(facts.host.proxy)
    return Match({"names": names}) if facts.proxied and names else None
