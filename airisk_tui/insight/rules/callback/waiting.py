"""No answer came back to the redirect URI in time (findings.md; threats.md L11)."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.events import BrowserFault
from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.insight.advice.listening import MAPPED, NOT_HERE, named_otherwise, ssh_line
from airisk_tui.insight.advice.returning import PASTE_REFUSED, browser_sentence
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Severity
from airisk_tui.insight.fix import (
    PASTE,
    RERUN,
    Change,
    Command,
    Do,
    Fix,
    Rerun,
    SetField,
    SetVariable,
    otherwise,
    provided,
)
from airisk_tui.insight.reading.run import reached_code, seconds, started
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.redirect import subject
from airisk_tui.insight.rules.registration import UNLIKE, unregistered
from airisk_tui.insight.words.difference import uri_difference
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.oauth.loopback import can_listen_on, read_listen_address
from airisk_tui.oauth.text.visible import visible_sealed
from airisk_tui.oauth.urls import BAD_PORTS, host_of, port_of, split_url


def nothing_came(context: Context) -> bool:
    """Needs: the run waited for a redirect, and none came, not even one that it doubts."""
    state = context.state
    deaf = context.inputs.mode == "direct" and state.outcome is not Outcome.TIMEOUT
    if deaf or context.inputs.mode == "device" or state.outcome in (Outcome.USAGE, Outcome.LISTENER):
        return False
    return subject(context) is None


def severity(context: Context) -> Severity:
    """An error once the wait is over, a warning while it goes on."""
    return "error" if _over(context) else "warning"


rules = RuleSet("Waiting", nothing_came, "waiting", severity_of=severity)

TUNNEL = Command("{ssh}", "where the browser is")
LISTENER = Pointer("redirect", "request")

FORWARDERS = frozenset({"browser.sh", "code", "wslview", "cmd.exe", "explorer.exe", "powershell.exe"})
"""Programs that open a URL on the other side: what remote editors set BROWSER to, and Windows from inside WSL."""


def _over(context: Context) -> bool:
    return context.state.outcome is Outcome.TIMEOUT


def _waited(context: Context) -> float:
    since = context.state.entered(Phase.OPENING)
    since = context.state.entered(Phase.WAITING) if since is None else since
    return (context.now if context.state.live else context.state.at) - (since or 0.0)


def matched(context: Context, *evidence: Evidence, **values: str) -> Match:
    """A match with the values that all rules here need."""
    shown = {
        "waited": seconds(_waited(context)),
        "elsewhere": context.host.elsewhere,
        "ssh": ssh_line(context.inputs.redirect_uri, context.inputs.listen) or "",
        "port": str(port_of(context.inputs.redirect_uri)),
    }
    return Match(shown | values, evidence)


@rules.add(
    "browser-not-opened",
    title="No browser could be opened here.",
    cause="{here} has no browser or no display that a program could use.",
    fix=(*PASTE, *otherwise(TUNNEL)),
    reference="threats.md L2",
    unless="the browser's program ended without an error",
)
def browser_not_opened(context: Context) -> Match | None:
    browser = context.state.browser
    if browser is None or browser.ok:
        return None
    words, elsewhere = browser_sentence(browser), context.host.elsewhere
    here = f"This program runs in {elsewhere}, which" if elsewhere else "This machine"
    match = matched(context, Evidence("Opening a browser", words, Pointer("browser", "request")), here=here)
    cause, first = _NOT_OPENED.get(browser.reason or "unknown", (None, ()))
    fix = (*first, *otherwise(*PASTE)) if first else PASTE
    tunnelled = match.values["ssh"] and (elsewhere or not first)
    return replace(match, cause=cause, fix=(*fix, *(otherwise(*_ways_to_listener(context)) if tunnelled else ())))


_NOT_OPENED: dict[BrowserFault, tuple[str, Fix]] = {
    "unreadable-variable": (
        "The variable BROWSER is set, and names no command that can be read.",
        (SetVariable("BROWSER", words="a browser's command, or unset it"), RERUN),
    ),
    "failed": (
        "Each program that was tried for it could not be started, or ended with an error.",
        (SetVariable("BROWSER", words="another browser's command"), RERUN),
    ),
}
"""By the reason, where a machine has a browser: cause and fix."""


def _not_here(_: Entry, context: Context) -> Match | None:
    host = host_of(context.inputs.redirect_uri)
    if not _over(context) or context.inputs.mode == "paste" or context.inputs.listens or can_listen_on(host):
        return None
    uri = Pointer("authorization-request", "parameter", "redirect_uri")
    match = matched(context, Evidence("Redirect URI", quoted(context.inputs.redirect_uri), uri))
    a_name = not host.replace(".", "").isdigit() and ":" not in host
    told = named_otherwise(match, host)
    return replace(match, runner_up=_LED_HERE) if told is match and a_name else told


rules.add_each([NOT_HERE], _not_here)
_LED_HERE = "The name leads to this machine all the same (by its file of hosts), where nothing listens for it unless it is told to."


@rules.add(
    "redirect-uri-not-accepted",
    title="No answer came within {waited}, and {redirect_uri} is not among the registered redirect URIs.",
    cause="The server showed an error and did not redirect: the URI differs from the registered {registered} in {difference}.",
    fix=(
        SetField("redirect_uri", "{registered}"),
        *otherwise(Change("registration", "have {redirect_uri} added to the application's registration")),
    ),
    certainty="likely",
    reference="RFC 6749 §3.1.2.4",
    unless="the redirect URI stood among the registered ones, or an answer came",
)
def redirect_uri_not_accepted(context: Context) -> Match | None:
    known = unregistered(context)
    if not _over(context) or known is None:
        return None
    difference = visible_sealed(uri_difference(context.inputs.redirect_uri, known.value))
    match = matched(context, known.evidence, registered=quoted(known.value), difference=difference)
    return replace(match, cause=None if known.alike else f"The server showed an error and did not redirect. {UNLIKE}")


@rules.add(
    "paste-refused",
    title="No answer came within {waited}, and what was pasted was refused and not sent.",
    cause="{refused}",
    fix=(
        RERUN,
        Do("open the authorization URL in any browser"),
        Do("paste the whole address that the browser ends on, whether or not a page shows there"),
    ),
    reference="threats.md L12",
    unless="a paste was taken, or an answer came",
)
def paste_refused(context: Context) -> Match | None:
    refused = context.state.paste_refused
    if not _over(context) or refused is None:
        return None
    evidence = Evidence("Pasted", f"{refused.length:,} characters", LISTENER)
    return matched(context, evidence, refused=PASTE_REFUSED[refused.reason])


@rules.add(
    "nothing-pasted",
    title="Nothing was pasted within {waited}, and no answer came to {redirect_uri}.",
    cause="In the paste mode the program opens no browser: it waits for the address that a browser ends on.",
    fix=(
        RERUN,
        Do("open the authorization URL in any browser"),
        Do("paste the address that it ends on here, whether or not a page shows there"),
        *provided("if the time is too short", SetField("timeout", words="more seconds")),
        *provided("in a script", Do("write the address to standard input")),
    ),
    reference="threats.md L12",
    unless="something was pasted, or an answer came to the listener",
)
def nothing_pasted(context: Context) -> Match | None:
    if not _over(context) or context.inputs.mode != "paste":
        return None
    return matched(context, Evidence("Heard and pasted", _heard(context), LISTENER))


def _heard(context: Context) -> str:
    requests = context.state.inbox_total
    if not requests:
        return "nothing"
    return "one request, not the answer" if requests == 1 else f"{requests} requests, none of them the answer"


@rules.add(
    "callback-not-passed-on",
    title="No answer came within {waited}, and nothing at all reached the listener on {listen}.",
    cause="The port mapping or the proxy that {redirect_uri} belongs to does not pass requests on to {listen}.",
    runner_up="The server showed a page (a login, or an error) and has not redirected.",
    fix=(
        Change("network", "let it pass {redirect_uri} on to {listen}"),
        *provided("if the browser shows an error page of the server", Rerun("direct", ", which explains it")),
        *otherwise(*PASTE),
    ),
    reference="RFC 8252 §7.3; threats.md L1",
    unless="any request reached the listener",
    certainty="likely",
)
def callback_not_passed_on(context: Context) -> Match | None:
    at = read_listen_address(context.inputs.listen)
    if not _over(context) or at is None or context.state.inbox_total or context.inputs.mode == "paste":
        return None
    heard = Evidence("The listener heard", "nothing", LISTENER)
    match = matched(context, heard, listen=quoted(at.text), port=str(at.port))
    if at.is_public or not context.host.container:
        return match
    cause = (
        "A port that is mapped to a container comes to it from outside, where a listener on its loopback hears nothing."
    )
    return replace(match, cause=cause, fix=(*MAPPED, *otherwise(*PASTE)))


@rules.add(
    "browser-elsewhere",
    title="No answer came within {waited}, and this program runs in {elsewhere}.",
    cause="The browser is on another machine, and there the redirect URI leads to that machine instead of this one.",
    runner_up="The server showed a page and did not redirect.",
    fix=(TUNNEL, RERUN, *otherwise(*PASTE)),
    reference="RFC 8252 §7.3",
    unless="this program opened a browser where the listener is, or the machine were neither remote nor a container",
)
def browser_elsewhere(context: Context) -> Match | None:
    if not _over(context) or _opened_here(context) or not tunnel(context):
        return None
    match, into = matched(context), _ways_to_listener(context)
    if into == (TUNNEL,):
        return match
    return replace(match, fix=(*into, RERUN, *otherwise(TUNNEL, RERUN), *otherwise(*PASTE)))


def _ways_to_listener(context: Context) -> Fix:
    """The ways for the callback of a browser on another machine."""
    if context.host.workspace:
        return _FORWARD_PORT
    if context.host.wsl and not (context.host.ssh or context.host.container):
        return _MIRROR
    return MAPPED if _can_be_mapped(context) else (TUNNEL,)


_MIRROR: Fix = (
    Change(
        "network",
        "let Windows pass localhost on to WSL (networkingMode=mirrored under [wsl2] in .wslconfig, then wsl --shutdown)",
    ),
)
_FORWARD_PORT: Fix = (
    Change(
        "network",
        "have the editor forward port {port}, and that to the same port of your own machine (VS Code: the view Ports)",
    ),
)


def _can_be_mapped(context: Context) -> bool:
    """Whether a port mapping could bring the callback to the listener, and does not yet."""
    return context.host.container and not context.host.ssh and not context.inputs.listen


def tunnel(context: Context) -> str:
    """The command that forwards a browser on another machine to this one, where there may be one, else ""."""
    return (ssh_line(context.inputs.redirect_uri, context.inputs.listen) or "") if context.host.elsewhere else ""


def _opened_here(context: Context) -> bool:
    """Whether this program opened a browser that runs where the listener is."""
    opened, around = context.state.browser, context.host
    if opened is None or not opened.ok or opened.program in FORWARDERS:
        return False
    return around.display or not around.ssh


@rules.add(
    "redirect-lost",
    title="No answer came within {waited}, although this server redirected to {redirect_uri} in the direct mode.",
    cause="The browser did not reach the listener: its localhost is another address, or its https-only mode changed the URI.",
    fix=(Rerun("direct", ", which worked"), *otherwise(*PASTE)),
    certainty="likely",
    reference="RFC 8252 §8.3",
    unless="no direct run had got a code with the same redirect URI",
)
def redirect_lost(context: Context) -> Match | None:
    ours = context.inputs
    if not _over(context):
        return None
    for run in reversed(context.earlier):
        theirs = run.inputs
        same = theirs and (theirs.base_url, theirs.redirect_uri) == (ours.base_url, ours.redirect_uri)
        if same and run.authorization is not None and reached_code(run):
            return matched(context, Evidence("Asked directly", "the server redirected to this very URI", LISTENER))
    return None


_LOOK: Fix = (Do("look at the browser"), *provided("if it shows an error page", Rerun("direct", ", which explains it")))


@rules.add(
    "nobody-came",
    title="No answer came to {redirect_uri} within {waited}.",
    cause="The server showed a page (a login, or an error) and has not redirected.",
    runner_up="{why}",
    fix=(*_LOOK, *provided("if it cannot reach the address", *PASTE)),
    certainty="unknown",
    reference="RFC 6749 §4.1.1",
    unless="anything came to the callback's path, or was pasted, or the browser could not be opened: all are looked for first",
)
def nobody_came(context: Context) -> Match | None:
    if not _over(context):
        return None
    bound, host = context.state.listener, split_url(context.inputs.redirect_uri)
    single = bound is not None and len(bound.addresses) == 1 and host is not None and host.hostname == "localhost"
    why = "The browser was sent to an address that does not lead to this machine."
    if port_of(context.inputs.redirect_uri) in BAD_PORTS:
        why = f"No browser goes to port {port_of(context.inputs.redirect_uri)}, which is another protocol's (WHATWG Fetch, “bad port”)."
    elif tunnel(context):
        why = f"The browser is on another machine: this program runs in {context.host.elsewhere}."
    elif single and bound is not None:
        why = f"localhost is another address for the browser: the listener only has {visible_sealed(bound.addresses[0])[:60]}."
    match = matched(context, Evidence("The listener heard", _heard(context), LISTENER), why=why)
    if not tunnel(context):
        return match
    by_tunnel = provided("if it cannot reach the address", *_ways_to_listener(context), RERUN)
    return replace(match, fix=(*_LOOK, *by_tunnel, *otherwise(*PASTE)))


@rules.add(
    "run-cancelled",
    severity="note",
    title="The run was cancelled {where}.",
    cause="A person or a signal ended it.",
    fix=(Rerun(words=" when you are ready: the port is free"),),
    reference="threats.md L11",
    question="",
    needs=started,
)
def run_cancelled(context: Context) -> Match | None:
    if context.state.outcome is not Outcome.CANCELLED:
        return None
    phases = [phase for phase, _ in context.state.history]
    last = phases[-2] if len(phases) > 1 else Phase.IDLE
    where = {
        Phase.BINDING: "before the listener was ready",
        Phase.ASKING: "before the authorization request was answered",
        Phase.EXCHANGING: "before the token request was answered",
        Phase.PROBING: "while protected endpoints were asked",
    }
    held = "while the redirect was held" if context.state.held_redirect is not None else None
    return Match({"where": held or where.get(last, "while it waited for the redirect")})
