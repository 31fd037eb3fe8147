"""Nobody came back to the redirect URI, or they came to the wrong door (findings.md; threats.md L5, L8, L10)."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.insight.advice.returning import browser_sentence
from airisk_tui.insight.changes import change
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import split_url, uri_difference
from airisk_tui.insight.finding import Evidence, Pointer, Severity, quoted
from airisk_tui.insight.readings import reached_code, seconds, started
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.redirect.reading import subject
from airisk_tui.insight.rules.registration.reading import UNLIKE, unregistered
from airisk_tui.insight.ssh import ssh_line
from airisk_tui.oauth.loopback import can_listen_on, is_loopback, is_unusual_loopback
from airisk_tui.oauth.text import visible


def nothing_came(context: Context) -> str | None:
    """Why the rules about waiting do not apply, or None: a redirect was waited for, and none came, not even one to be doubted."""
    state = context.state
    deaf = context.inputs.mode == "direct" and state.outcome is not Outcome.TIMEOUT
    if deaf or state.outcome in (Outcome.USAGE, Outcome.LISTENER):
        return "this run did not wait for a redirect"
    return None if subject(context) is None else "a redirect came"


rules = RuleSet("Waiting", nothing_came)

PASTE_HERE = "paste the address that the browser ends on into this program"
PASTE = "run again with --mode paste, and paste the address that the browser ends on"
LISTENER = Pointer("redirect", "request")

FORWARDERS = frozenset({"browser.sh", "code", "wslview", "cmd.exe", "explorer.exe", "powershell.exe"})
"""Programs that open a URL on the other side: what remote editors set BROWSER to, and Windows from inside WSL."""


def _over(context: Context) -> bool:
    return context.state.outcome is Outcome.TIMEOUT


def _severity(context: Context) -> Severity:
    return "error" if _over(context) else "warning"


def _waited(context: Context) -> float:
    since = context.state.entered(Phase.OPENING)
    since = context.state.entered(Phase.WAITING) if since is None else since
    return context.state.at - (since or 0.0)


def matched(context: Context, *evidence: Evidence, **values: str) -> Match:
    """What a rule about waiting saw: the values that their sentences share, with its own; an error once the wait is over, a
    warning while it goes on."""
    shown = {
        "redirect_uri": quoted(context.inputs.redirect_uri),
        "waited": seconds(_waited(context)),
        "paste": PASTE_HERE if context.inputs.mode == "paste" else PASTE,
        "elsewhere": context.host.elsewhere,
        "ssh": ssh_line(context.inputs.redirect_uri) or "",
    }
    return Match(shown | values, evidence, severity=_severity(context))


@rules.add(
    Entry(
        code="browser-not-opened",
        question="waiting",
        title="No browser could be opened here.",
        cause="This machine has no browser or no display that a program could use.",
        fix="{how}",
        reference="threats.md L2",
    )
)
def browser_not_opened(context: Context) -> Match | None:
    browser = context.state.browser
    if browser is None or browser.ok:
        return None
    line = ssh_line(context.inputs.redirect_uri)
    by_hand = (
        "Open the authorization URL by hand in any browser, with --mode paste, and paste the address that it ends on"
    )
    tunnel = f"; or, where the browser is, first type: {line}" if line else "."
    words = browser_sentence(browser)
    return matched(context, Evidence("Opening a browser", words, Pointer("browser", "request")), how=by_hand + tunnel)


@rules.add(
    Entry(
        code="callback-not-here",
        question="waiting",
        title="The redirect URI {redirect_uri} leads to another machine, and no listener here can hear it.",
        cause="Only a redirect to a loopback address comes back to this program by itself.",
        fix="{Paste}; or register http://127.0.0.1:8765/callback and set --redirect-uri to it.",
        reference="RFC 8252 §7.3; threats.md L12",
    )
)
def callback_not_here(context: Context) -> Match | None:
    parts = split_url(context.inputs.redirect_uri)
    host = (parts.hostname if parts else None) or ""
    if not _over(context) or context.inputs.mode == "paste" or can_listen_on(host):
        return None
    told = matched(context, Paste=PASTE.capitalize())
    if not (is_loopback(host) or is_unusual_loopback(host)):
        return told
    title = f"No listener here hears the redirect URI {told.values['redirect_uri']}: it names this machine otherwise than 127.0.0.1."
    return replace(
        told,
        title=title,
        cause="Listeners of this program listen on 127.0.0.1 and ::1 only, by these names and localhost.",
    )


@rules.add(
    Entry(
        code="redirect-uri-not-accepted",
        question="waiting",
        title="Nobody came back within {waited}, and {redirect_uri} is not among the registered redirect URIs.",
        cause="The server showed an error in place of redirecting: the URI differs from the registered {registered} in {difference}.",
        fix="Set --redirect-uri to {registered}, or have {redirect_uri} added to the application's registration.",
        reference="RFC 6749 §3.1.2.4",
    )
)
def redirect_uri_not_accepted(context: Context) -> Match | None:
    known = unregistered(context)
    if not _over(context) or known is None:
        return None
    difference = visible(uri_difference(context.inputs.redirect_uri, known.value))
    told = matched(context, known.evidence, registered=quoted(known.value), difference=difference)
    cause = None if known.alike else f"The server showed an error in place of redirecting. {UNLIKE}"
    return replace(told, cause=cause, change=change("redirect_uri", known.value))


@rules.add(
    Entry(
        code="nothing-pasted",
        question="waiting",
        title="Nothing was pasted within {waited}, and nobody came back to {redirect_uri}.",
        cause="In the paste mode the program opens no browser: it waits for the address that a browser ends on.",
        fix="Run again, open the authorization URL in any browser, and paste the address that it ends on here, whether or not a page "
        "shows there; leave more time for it if that is short, and in a script write the address to standard input.",
        reference="threats.md L12",
    )
)
def nothing_pasted(context: Context) -> Match | None:
    if not _over(context) or context.inputs.mode != "paste":
        return None
    heard = f"{context.state.inbox_total} requests, none of them the answer" if context.state.inbox_total else "nothing"
    return matched(context, Evidence("Heard and pasted", heard, LISTENER))


@rules.add(
    Entry(
        code="browser-elsewhere",
        question="waiting",
        title="Nobody came back within {waited}, and this program runs in {elsewhere}.",
        cause="The browser is on another machine, and there the redirect URI leads to that machine instead of this one.",
        runner_up="The server showed a page and did not redirect.",
        fix="Where the browser is, type {ssh} and run again; or {paste}.",
        reference="RFC 8252 §7.3",
    )
)
def browser_elsewhere(context: Context) -> Match | None:
    on_time = _over(context) and not _opened_here(context)
    return matched(context) if on_time and _tunnel(context) else None


def _tunnel(context: Context) -> str:
    """The line that leads a browser on another machine here, where there may be one, else ""."""
    return (ssh_line(context.inputs.redirect_uri) or "") if context.host.elsewhere else ""


def _opened_here(context: Context) -> bool:
    """Whether this program opened a browser that runs where the listener is."""
    opened, around = context.state.browser, context.host
    if opened is None or not opened.ok or opened.program in FORWARDERS:
        return False
    return around.display or not around.ssh


@rules.add(
    Entry(
        code="redirect-lost",
        question="waiting",
        title="Nobody came back within {waited}, although this server redirected to {redirect_uri} when it was asked directly.",
        cause="The browser did not reach the listener: its localhost is another address, or its https-only mode changed the URI.",
        fix="Run again with --mode direct, which worked; or {paste}.",
        reference="RFC 8252 §8.3",
    )
)
def redirect_lost(context: Context) -> Match | None:
    ours = context.inputs
    if not _over(context):
        return None
    for run in reversed(context.earlier):
        same = run.inputs is not None and (run.inputs.base_url, run.inputs.redirect_uri) == (
            ours.base_url,
            ours.redirect_uri,
        )
        if same and run.authorization is not None and reached_code(run):
            return matched(context, Evidence("Asked directly", "the server redirected to this very URI", LISTENER))
    return None


@rules.add(
    Entry(
        code="nobody-came",
        question="waiting",
        title="Nobody came back to {redirect_uri} within {waited}.",
        cause="The server showed a page (a login, or an error) and has not redirected.",
        runner_up="{why}",
        fix="Look at the browser. If it shows an error page, run again with --mode direct, which explains it; "
        "if it cannot reach the address, {reach}{paste}.",
        reference="RFC 6749 §4.1.1",
    )
)
def nobody_came(context: Context) -> Match | None:
    if not _over(context):
        return None
    bound, host = context.state.listener, split_url(context.inputs.redirect_uri)
    single = bound is not None and len(bound.addresses) == 1 and host is not None and host.hostname == "localhost"
    why, tunnel = "The browser was sent to an address that does not lead to this machine.", _tunnel(context)
    if tunnel:
        why = f"The browser is on another machine: this program runs in {context.host.elsewhere}."
    elif single and bound is not None:
        why = f"localhost is another address for the browser: the listener only has {visible(bound.addresses[0])[:60]}."
    heard = f"{context.state.inbox_total} requests, none of them the answer" if context.state.inbox_total else "nothing"
    reach = f"type {tunnel} where the browser is and run again; or " if tunnel else ""
    return matched(context, Evidence("The listener heard", heard, LISTENER), why=why, reach=reach)


@rules.add(
    Entry(
        code="run-cancelled",
        severity="note",
        title="The run was cancelled {where}.",
        cause="A person or a signal ended it.",
        fix="Run again when you are ready; the port is free.",
        reference="threats.md L11",
    ),
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
    return Match({"where": where.get(last, "while it waited for the redirect")})
