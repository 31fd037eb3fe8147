"""Nothing listened, or a request got no answer. The sentences of each fault are in `insight.advice`; TLS has its own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from airisk_tui.flow.events import ListenerFailed, TransportFailed
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.reading.steps import step_of
from airisk_tui.insight.advice.imported import BY_SCRIPT
from airisk_tui.insight.advice.listening import ALLOW, OTHER_ADDRESS, OTHER_PORT, PASSED_ON, STOP
from airisk_tui.insight.advice.listening import ENTRIES as LISTENER_ENTRIES
from airisk_tui.insight.advice.listening import values_of as listener_values
from airisk_tui.insight.advice.transport import ENTRIES, GIVE_TIME, PROXY_FAILED, REQUESTS, entry_of, values_of
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import PASTE, RERUN, Ask, Change, Do, Fix, Rerun, SetField, SetVariable, otherwise, provided
from airisk_tui.insight.reading.run import seconds
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.http import TransportFault
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.request.mistakes import PRIVILEGED
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import bracketed, host_of, origin, port_of, split_url

SPARE_PORTS = (8765, 8766, 8443, 9876)
"""Offered in this order; none is in a range that systems reserve (Windows excludes ranges from 49152 up, and 5357)."""

PASTE_AGAIN: Fix = (
    Rerun("paste", " where you can paste something, at a terminal or by writing the address to standard input"),
)
REGISTERED_PORT: Fix = (SetField("redirect_uri", "{uri}", words=", which is registered"),)


def failure_of(context: Context) -> ListenerFailed | None:
    """The reason why nothing listened, or None. A run in the paste mode whose redirect URI leads elsewhere never tried to listen; once
    nothing can be pasted any more, that is why it ended."""
    state = context.state
    if state.listener_failed is None and state.outcome is Outcome.LISTENER:
        return ListenerFailed(at=state.at, code="not-loopback")
    return state.listener_failed


listener = RuleSet[Context]("Listener", lambda context: failure_of(context) is not None)


def other_uri(context: Context, taken: set[int]) -> tuple[str, bool]:
    """A redirect URI on a port that is not taken, and whether it is known to be registered."""
    for uri in map(str.strip, context.registered or ()):
        if is_loopback(host_of(uri)) and port_of(uri) >= PRIVILEGED and port_of(uri) not in taken:
            return uri, True
    ours = split_url(context.inputs.redirect_uri)
    port = next(port for port in SPARE_PORTS if port not in taken)
    host = bracketed(host_of(context.inputs.redirect_uri) or "127.0.0.1")
    return f"{ours.scheme if ours else 'http'}://{host}:{port}{(ours.path if ours else '') or '/callback'}", False


def _not_listening(entry: Entry, context: Context) -> Match | None:
    """The ways of the fix, the smallest change first: a registered URI on another port, the paste mode, another registration."""
    failed, ours = failure_of(context), context.inputs.redirect_uri
    if failed is None or LISTENER_ENTRIES[failed.code] is not entry:
        return None
    uri, registered = other_uri(context, {failed.port, port_of(ours)})
    paste = PASTE_AGAIN if context.inputs.mode == "paste" else PASTE
    ways = [STOP, paste] if failed.code == "busy" else [paste]
    if context.inputs.listen:
        ways = [*ways, OTHER_ADDRESS]
    elif failed.code == "not-loopback":
        ways = [*ways, PASSED_ON, OTHER_PORT]
    else:
        ways = [REGISTERED_PORT, *ways] if registered else [*ways, OTHER_PORT]
    ways += [ALLOW] if failed.code == "privileged" else []
    place = visible(f"{failed.address} port {failed.port}") if failed.address else quoted(ours)
    said = f"{failed.code}: {place}" + (f", {visible(failed.errno)[:20]}" if failed.errno else "")
    parameter = Pointer("authorization-request", "parameter", "redirect_uri")
    return Match(
        {**listener_values(failed, ours, context.inputs.listen), "uri": quoted(uri)},
        (Evidence("The listener", said, parameter),),
        severity="error" if context.state.outcome is Outcome.LISTENER else "note",
        fix=(*ways[0], *(step for way in ways[1:] for step in otherwise(*way, when=way[0].when))),
    )


listener.add_each(LISTENER_ENTRIES.values(), _not_listening)


transport = RuleSet[Context]("No connection", lambda context: context.state.failure is not None)
"""Rivals for one question: why did no answer come?"""


def matched(context: Context, failure: TransportFailed) -> Match:
    """A match with the values that every title takes, and the facts of the failure: those of the event and no others."""
    failed = failure.failed
    return Match(values_of(failed.fault, failed.request, failure.step), tuple(_evidence(context, failure)))


def _explained(entry: Entry, context: Context) -> Match | None:
    """The cause of the fault of the run, if the entry is the one that explains it."""
    failure, base_url = context.state.failure, context.inputs.base_url
    if failure is None or entry_of(failure.failed.fault) is not entry:
        return None
    fault, match = failure.failed.fault, matched(context, failure)
    if fault.kind == "refused":
        return _refused(context, failure, match)
    if fault.code == "browser cross-origin" and failure.step == "authorization-request":
        return match.because(*BY_SCRIPT, "likely")
    if fault.code in _OF_THIS_MACHINE:
        return match.because(*_OF_THIS_MACHINE[fault.code], "likely")
    if fault.kind == "timeout":
        return _late(fault, base_url, match)
    if fault.kind == "reset":
        return _reset(context, failure, match)
    if fault.kind == "local":
        cause, fix = _IMPOSSIBLE.get(fault.reason, (None, None))
        if fault.reason in ("ca-file", "ca-folder") and fault.variable:
            cause, fix = _UNREADABLE, _READABLE[fault.reason]
        known = "proven" if cause is not None else None
        return replace(match.with_values(variable=fault.variable), cause=cause, fix=fix, certainty=known)
    if fault.kind == "proxy":
        return _proxy(fault, match)
    return _not_http(fault, base_url, match) if fault.kind == "protocol" else match


transport.add_each(ENTRIES, _explained)


_OF_THIS_MACHINE: dict[str, tuple[str, Fix]] = {
    "dns no-server": (
        "No name server gave an answer, neither yes nor no: this machine or container has no network, or is told a wrong name server.",
        (
            Do("look whether any other name is found here (getent hosts example.com)"),
            *provided("if none is", Change("network", "mend the name server of this machine or container")),
            *provided("if others are", Do("connect to the network (VPN) whose name server knows {host}"), RERUN),
        ),
    ),
    "unreachable forbidden": (
        "This machine itself forbids the connection (EACCES, EPERM): a firewall, a sandbox or a container's policy on it.",
        (Change("machine", "allow this program connections to {place}"), RERUN),
    ),
}
"""By the code of the fault, where the system's own error shows that it never came to the server: cause and fix."""


def _refused(context: Context, failure: TransportFailed, match: Match) -> Match:
    around = context.host
    if not is_loopback(host_of(failure.failed.request.url)):
        return match
    if around.container or around.wsl or around.ssh:
        cause = f"This program runs in {around.elsewhere}, where {{host}} means that place itself, and nothing listens there on that port."
        return match.because(cause, _THERE_OR_HERE, "likely")
    cause = "No server of this machine runs on {place}: it was not started, or it listens on another port."
    return match.because(cause, _START, "likely")


_START: Fix = (Do("start the server"), *otherwise(SetField("base_url", words="the address that it prints")))
_THERE_OR_HERE: Fix = (
    SetField(
        "base_url",
        words="the host name by which the server is reached from there (host.docker.internal, a service's name)",
    ),
    *otherwise(Do("start the server there"), RERUN),
)


def _answered_before(context: Context, failure: TransportFailed) -> bool:
    asked = context.state.authorization
    here = origin(failure.failed.request.url)
    return asked is not None and here != "" and origin(asked.request.url) == here


def _evidence(context: Context, failure: TransportFailed) -> Iterator[Evidence]:
    failed, fault = failure.failed, failure.failed.fault
    waited = seconds(failed.timing.total) if fault.kind == "timeout" else ""
    # Both files are trusted, and the fix names the environment's own where there is one.
    elsewhere = fault.kind == "tls" and bool(context.state.known.ca_file)
    said = " ".join(part for part in (fault.exception, fault.errno) if part)
    facts = (
        (f"The {REQUESTS[failure.step]}", quoted(f"{failed.request.method} {failed.request.url.partition('?')[0]}")),
        ("Addresses tried", ", ".join(visible(address)[:80] for address in fault.tried[:8])),
        ("Waited", waited),
        ("Variable", "" if elsewhere else fault.variable),
        ("Concerns", quoted(fault.subject) if fault.subject and not elsewhere else ""),
        ("The answer began with", quoted(fault.received) if fault.received else ""),
        (
            "In the library's words",
            quoted(fault.library_text) if fault.library_text and fault.reason != "preflight" else "",
        ),
        ("Raised as", quoted(said) if said and not fault.library_text else ""),
        ("OpenSSL's verify code", str(fault.verify_code or "") if not fault.reason else ""),
        ("Proxy", quoted(failed.connection.proxy) if failed.connection.proxy else ""),
    )
    place = Pointer(step_of(failure.step), "request")
    yield from (Evidence(label, text, place) for label, text in facts if text)


_IMPOSSIBLE: dict[str, tuple[str, Fix]] = {
    "method": ("The method is not a word such as GET or POST.", (Do("correct the method"),)),
    "url": (
        "The address must have http:// or https://, a host, and at most a port up to 65535.",
        (Do("correct the address: the base URL, or the endpoint's path"),),
    ),
    "userinfo": (
        "The address holds a user name or a password before its host.",
        (SetField("base_url", words="the URL without user name and password"),),
    ),
    "header": (
        "A header's value holds characters that HTTP does not allow: a line break, a control character, or one beyond ISO-8859-1.",
        (Do("remove these characters from the header named below"),),
    ),
    "ca-file": (
        "The certificates to trust could not be loaded.",
        (Change("environment", "let the environment's ca_file name a readable PEM file"),),
    ),
    "key-log": (
        "The file that SSLKEYLOGFILE names cannot be written, and TLS is told to write its keys there.",
        (
            SetVariable("SSLKEYLOGFILE", words="a file that can be written"),
            *otherwise(Change("machine", "unset the variable SSLKEYLOGFILE")),
        ),
    ),
    "secret-elsewhere": (
        "The request would have carried a secret to a server that the secret was not given for, so it was not sent.",
        (Do("choose the environment “other” and give the secret there, or correct the base URL of this environment"),),
    ),
    "secret-unknown": (
        "The request needs a secret that this run does not know, so it was not sent.",
        (SetField("client_secret", words="the secret"), RERUN),
    ),
    "resources": ("This machine has no sockets or no memory left.", (Do("close other programs"), RERUN)),
}
"""Cause and fix for each reason of a fault on our own side."""


_WINDOWS_LOGIN = pattern(r"negotiate|ntlm|kerberos", re.IGNORECASE)


def proxy_login(schemes: str, given: bool | None = None) -> tuple[str, Fix]:
    """Cause and fix where a proxy answered 407 (RFC 9110 §15.5.8), in words with {variable} and {schemes}. schemes: those that it
    asks for, "" where that is not known; given: whether its address held a login, None where that is not known."""
    if _WINDOWS_LOGIN.search(schemes) and "basic" not in schemes.lower():
        return _WINDOWS_ONLY, _THROUGH_ANOTHER
    if given:
        return _LOGIN_NOT_ACCEPTED, (SetVariable("{variable}", words=_ENCODED), *otherwise(*_THROUGH_ANOTHER))
    asked = "The proxy asks for a login" + (" ({schemes})" if schemes else "")
    cause = (
        f"{asked}, and none was given."
        if given is False
        else f"{asked}: none was given, or it did not accept that one."
    )
    return cause, (SetVariable("{variable}", words=f"http://USER:PASSWORD@HOST:PORT, {_ENCODED}"),)


_ENCODED = "the proxy's own login, in which @, :, / and # are percent-encoded (%40, %3A, %2F, %23)"
_LOGIN_NOT_ACCEPTED = "The proxy did not accept the login that {variable} holds: it is wrong, or a character of it is not percent-encoded."
_WINDOWS_ONLY = (
    "The proxy takes a Windows login only ({schemes}), which this program does not speak: a password in its address does not "
    "help."
)
_THROUGH_ANOTHER: Fix = (
    SetVariable("{variable}", words="a proxy on this machine that logs in at that one"),
    *otherwise(Ask("have whoever runs the network let {host} through without a login", "whoever runs the network")),
)

_UNREADABLE = "The variable {variable} is set, and what it names cannot be read as certificates to trust."
_READABLE: dict[str, Fix] = {
    "ca-file": (SetVariable("{variable}", words="a readable PEM file, or unset it"), RERUN),
    "ca-folder": (SetVariable("{variable}", words="a readable folder, or unset it"), RERUN),
}


def _proxy(fault: TransportFault, match: Match) -> Match:
    variable, subject = fault.variable or "the system's proxy setting", fault.subject
    match = match.with_values(variable=variable, scheme=quoted(subject), schemes=brief(subject))
    if fault.reason in ("login", "login-refused"):
        title = "The proxy did not pass the {request} on to {place}, and asks for a login."
        cause, fix = proxy_login(subject, fault.reason == "login-refused")
        return replace(match, title=title).because(cause, fix, "proven")
    if (answered := _ANSWERED.match(fault.library_text)) is not None:
        title = "The proxy did not pass the {request} on to {place}: it says {told}."
        match = replace(match.with_values(told=quoted(answered[1])), title=title)
        told = next((cause for sign, cause in _BY_ITS_WORDS if sign.search(fault.library_text.lower())), None)
        return match.because(told or _NO_PROXY_PERHAPS, _PAST_IT, "likely" if told else "unknown")
    if fault.reason == "silent":
        match = replace(
            match, title="The proxy did not answer within 3 seconds, so the {request} did not reach {place}."
        )
    if fault.reason == "configuration" and not subject:
        return match.because("{variable} does not name a proxy as http://HOST:PORT.", certainty="proven")
    cause, fix = _OF_THE_PROXY.get(fault.reason, ("", ()))
    return match.because(cause, fix, "proven") if cause else match


_ANSWERED = pattern(r"(?:Proxy Server could not connect: )?((?<=: ).+|[1-5]\d\d\b.*)", re.DOTALL)
"""The library's words for a proxy that answered: the status of CONNECT, or the reply of SOCKS (RFC 1928 §6)."""
_BY_ITS_WORDS = (
    (pattern(r"\b403\b|not allowed|forbidden|denied"), "The proxy works, and its rules do not admit this connection."),
    (
        pattern(r"\b50[234]\b|unreachable|refused|expired|general|time"),
        "The proxy works, and gets no connection to the server: it does not find or reach it, or nothing accepts connections there.",
    ),
)
_NO_PROXY_PERHAPS = (
    "{variable} may name a server that is no proxy of this kind, or a proxy that refuses this connection; only its words tell "
    "which."
)
_PAST_IT: Fix = (
    Do("compare host and port of {base_url} with the deployment's address"),
    *provided(
        "if they are right", Ask("have whoever runs the proxy let {place} through", "whoever runs the proxy"), RERUN
    ),
    *otherwise(SetVariable("NO_PROXY", "{host}", words=", so that {host} bypasses the proxy")),
)
_OF_THE_PROXY: dict[str, tuple[str, Fix]] = {
    "silent": (
        "The proxy that {variable} names hangs, or what is sent to it is lost: it does not answer for itself either.",
        PROXY_FAILED.fix,
    ),
    "configuration": (
        "{variable} names a proxy with the scheme {scheme}, which this program does not speak.",
        (SetVariable("{variable}", words="a proxy with the scheme http, https, socks5 or socks5h"),),
    ),
    "speaks-socks": (
        "What {variable} names speaks SOCKS, and its scheme there says http.",
        (SetVariable("{variable}", words="the same host and port with the scheme socks5h"), RERUN),
    ),
    "not-http": ("What {variable} names answers, and not in HTTP: it is no such proxy.", PROXY_FAILED.fix),
    **dict.fromkeys(
        ("wrong-version", "handshake-failed", "handshake-closed"),
        (
            "What {variable} names does not speak TLS, and its scheme there says https: most proxies are spoken to in plain http, for "
            "addresses of https as well.",
            (SetVariable("{variable}", words="the same host and port with the scheme http"), RERUN),
        ),
    ),
    "wants-no-login": (
        "The proxy takes everybody without a login, and {variable} holds one.",
        (SetVariable("{variable}", words="the same address without user name and password"), RERUN),
    ),
    "speaks-no-socks": (
        "What {variable} names does not speak SOCKS 5; a proxy of HTTP answers so.",
        (SetVariable("{variable}", words="the same host and port with the scheme http"), RERUN),
    ),
}
"""Cause and fix that the bytes of a proxy, or its own setting, prove, by the reason."""


def _late(fault: TransportFault, base_url: str, match: Match) -> Match:
    if fault.reason == "tls":
        match = match.with_values(http=quoted("http://" + base_url.partition("://")[2]))
        cause = "The port accepts connections and does not speak TLS: the base URL says https, and the port may speak plain http."
        compare = Do("compare scheme and port of the base URL with the deployment's address: {http} may be right")
        fix = (compare, *provided("if they are right", RERUN, Rerun(words=" from another network")))
        return replace(match, cause=cause, runner_up=_TLS_LOST, fix=fix)
    if fault.reason in ("read", "overall"):
        cause = (
            "The server accepted the connection and sent nothing, or too little: it, or a proxy in front of it, hangs."
        )
        return replace(match, cause=cause, fix=_HANGS, certainty="likely")
    return match


_TLS_LOST = "The server hangs, or something on the way (a firewall, a VPN with too large packets) lets connections through and no TLS."
_HANGS: Fix = (
    RERUN,
    *provided(
        "if it stays", Do("check the port in the base URL"), Ask("give the time of this run to the administrator")
    ),
)


def _reset(context: Context, failure: TransportFailed, match: Match) -> Match:
    base_url = context.inputs.base_url
    again = Rerun(words=" to get a new code, which is needed either way") if failure.step == "token-request" else RERUN
    match = replace(match, fix=(again, *GIVE_TIME))
    if _answered_before(context, failure):
        return replace(match, runner_up=_FIREWALL)
    if base_url.startswith("https://") and failure.step == "authorization-request" and failure.failed.connection.tls:
        # RFC 8446 §4.4.2: the server asks for the certificate inside the handshake that the client already believes done.
        return replace(match, runner_up=_MUTUAL_TLS_LATE, fix=_ASK_FOR_NO_CERTIFICATE)
    if base_url.startswith("http://"):
        match = match.with_values(https=quoted("https://" + base_url.partition("://")[2]))
        return replace(match, runner_up="The base URL is http, and the port expects https.", fix=(again, *_TRY_HTTPS))
    return match


_FIREWALL = "A firewall in front of it blocks this kind of request, although it let step 1 pass."
_MUTUAL_TLS_LATE = (
    "It requires a certificate of the client (mutual TLS), which this program does not have: since TLS 1.3 a server finds that "
    "out after the handshake, and may cut the connection."
)
_TRY_HTTPS: Fix = (
    *provided("if it is cut each time", SetField("base_url", "{https}")),
    *provided("if that does not help", Ask("ask the administrator")),
)
_ASK_FOR_NO_CERTIFICATE: Fix = (
    RERUN,
    *provided(
        "if it is cut each time at once",
        Ask(
            "ask the administrator of {place} whether it requires client certificates, and for an address that does not"
        ),
    ),
    *provided("otherwise", Ask("give the time of this run to the administrator")),
)


def _not_http(fault: TransportFault, base_url: str, match: Match) -> Match:
    if fault.received:  # a port of https answers in TLS, or not at all
        match = match.with_values(received=quoted(fault.received))
        cause = "What listens on that port speaks something else than HTTP/1.1: what it says begins with {received}."
        return match.because(cause, certainty="likely")
    if not base_url.startswith("http://"):
        return replace(match, runner_up="")
    if fault.reason != "tls-on-http":
        return match
    match = match.with_values(https=quoted("https://" + base_url.partition("://")[2]))
    cause = "The port speaks TLS, but the base URL says http."
    return match.because(cause, (SetField("base_url", "{https}"),), "proven")
