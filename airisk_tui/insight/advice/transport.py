"""A request of ours got no answer: what each code of `TransportFault` means (threats.md C7). `tls` has those of TLS."""

from __future__ import annotations

import re

from msgspec.structs import replace

from airisk_tui.flow.events import TransportFailed
from airisk_tui.insight.advice import tls
from airisk_tui.insight.advice.tls import entry
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, SetVariable, otherwise, provided
from airisk_tui.insight.rule import Entry, Match
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.http import HttpRequest, TransportFault
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import split_url

REQUESTS = {
    "discovery": "request for the metadata",
    "push": "pushed authorization request",
    "keys": "request for the server's keys",
    "userinfo": "call of userinfo",
    "introspect": "introspection",
    "refresh": "refresh",
    "revoke": "revocation",
    "code-again": "second use of the code",
    "authorization-request": "authorization request",
    "token-request": "token request",
    "access": "call",
    "redirect": "request to the redirect URI",
}
"""The name of each step's request."""

PROXY_FAILED = entry(
    code="proxy-failed",
    title="The proxy did not pass the {request} on to {place}.",
    cause="No connection to the proxy that {variable} names could be made: it does not run, or is told wrongly there.",
    fix=(
        SetVariable("{variable}", words="the right proxy, or unset it"),
        *otherwise(SetVariable("NO_PROXY", "{host}", words=", so that {host} bypasses the proxy")),
    ),
    reference="RFC 9110 §9.3.6; RFC 1928 §6",
    unless="no proxy were set for this host, or the connection broke behind it, at the server itself",
    certainty="likely",
)
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

NAME_NOT_FOUND = entry(
    code="name-not-found",
    title="The name {host} has no address that this machine can find.",
    cause="The base URL {base_url} has a misspelt host.",
    runner_up="The name is only known inside a network that this machine is not in (VPN).",
    fix=(
        SetField("base_url", words="a URL with the right host"),
        *provided("if the host is right, letter by letter", Do("connect to its network first")),
        RERUN,
    ),
    reference="protocol.md, step 1",
    unless="the name had an address, or a proxy looked it up",
    certainty="unknown",
)
CONNECTION_REFUSED = entry(
    code="connection-refused",
    title="Nothing accepts connections at {place}.",
    cause="The port in the base URL {base_url} is wrong.",
    runner_up="The server is down, or a firewall refuses on its behalf.",
    fix=(
        SetField(
            "base_url",
            words="a URL with the port that the deployment listens on (no port means 443 for https and 80 for http)",
        ),
        *provided("if host and port are right", Ask("ask the administrator whether the deployment runs")),
        RERUN,
    ),
    reference="protocol.md, step 1",
    unless="the connection were accepted, or timed out, which a firewall that drops does",
    certainty="unknown",
)
NETWORK_UNREACHABLE = entry(
    code="network-unreachable",
    title="There is no network path to {place}.",
    cause="This machine is offline, or the VPN that leads there is not connected.",
    runner_up="The name resolves to an IPv6 address, and this network has no IPv6.",
    fix=(Do("connect to the network (or VPN) that {host} belongs to"), RERUN),
    reference="protocol.md, step 1",
    unless="any address of the host could be reached, or the connection were refused by it",
    certainty="unknown",
)
_GIVE_TIME: Fix = provided("if it is cut each time", Ask("give the time of this run to the administrator of {place}"))

NO_ANSWER_IN_TIME = entry(
    code="no-answer-in-time",
    title="The {request} to {place} was not answered in time.",
    cause="A firewall drops the connection, or the VPN that leads to the deployment is not connected.",
    runner_up="The server is overloaded or still starting.",
    fix=(
        Do("connect to the network that {place} belongs to"),
        *provided("if only the first request of the day is slow", RERUN),
    ),
    reference="threats.md C1",
    unless="the connection were made: then the server is what hangs, and that is said",
    certainty="unknown",
)
CONNECTION_RESET = entry(
    code="connection-reset",
    title="The connection to {place} was cut before the {request} was answered.",
    cause="The server, or a firewall or proxy in front of it, closed the connection on purpose or crashed.",
    runner_up="It requires a certificate of the client (mutual TLS), which this program does not have.",
    fix=(RERUN, *_GIVE_TIME),
    reference="protocol.md, step 2",
    unless="an answer came, or the handshake failed with an alert of TLS",
    certainty="unknown",
)
ANSWER_HEAD_TOO_LONG = entry(
    code="answer-head-too-long",
    title="The head of the answer from {place} is longer than 100 KiB, so it was not read.",
    cause="The server sends enormous headers: a very long code or state, or thousands of headers or cookies.",
    runner_up="Something in front of it adds a header over and over.",
    fix=(
        Ask(
            "give this exchange to the administrator: browsers and proxies accept 8 to 256 KiB, so others will fail there, too"
        ),
    ),
    reference="RFC 9112 §3, §5; threats.md C2",
    unless="the head ended within the limit",
)
NOT_HTTP = entry(
    code="not-http",
    title="What came from {place} is not an HTTP answer.",
    cause="Another service listens on that port.",
    runner_up="The port expects https and the base URL says http.",
    fix=(SetField("base_url", words="a URL with the scheme and port of the deployment's web address"), RERUN),
    reference="RFC 9112 §2.1",
    unless="the answer began as HTTP does, or as TLS: that is looked for first",
    certainty="unknown",
)
REQUEST_IMPOSSIBLE = entry(
    code="request-impossible",
    title="The {request} to {place} could not be sent from this machine.",
    cause="The address or a value in the request is one that no client can send.",
    fix=(Do("correct what the library's words below name, in the base URL or in the field that they speak of"),),
    reference="RFC 9110 §4.2",
    unless="anything was sent: the fault is found on this machine, before",
    certainty="likely",
)
REQUEST_BLOCKED = entry(
    code="request-blocked",
    title="The browser kept the {request} to {place} back.",
    cause="An extension of the browser, or a rule of the page (its content security policy), forbids the request.",
    fix=(Do("run again in a private window without extensions"), *otherwise(Do("allow {host} in the page's policy"))),
    reference="RFC 8252 §7.3",
    unless="the file gave the browser's own error another name than that of a blocked request",
    certainty="likely",
)
CROSS_ORIGIN_REFUSED = entry(
    code="cross-origin-refused",
    title="The browser did not give the page the answer of {place} to its {request}.",
    cause="The page is of another origin, and the server's answer does not permit that origin (CORS).",
    runner_up="The connection failed, and the browser does not say how.",
    fix=(
        Change(
            "client",
            "send the request from the application's server, which also keeps the client secret out of the page",
        ),
        *otherwise(Ask("have the administrator of {host} permit the page's origin (Access-Control-Allow-Origin)")),
    ),
    reference="RFC 6749 §10.3; RFC 8252 §8.4",
    unless="the file named another reason than the origin, or showed the answer",
)
ANSWER_NOT_SHOWN = entry(
    code="answer-not-shown",
    title="The file does not hold an answer to the {request} to {place}.",
    cause=(
        "The browser got no connection (a certificate that it refuses counts), or left before an answer came, or the program that "
        "wrote the file left the answer out."
    ),
    fix=(Do("record again, and let the page load to its end"),),
    reference="RFC 9110 §15",
    unless="the file held an answer, or named the browser's error",
    certainty="unknown",
)
_OF_KIND = {
    "proxy": PROXY_FAILED,
    "dns": NAME_NOT_FOUND,
    "refused": CONNECTION_REFUSED,
    "unreachable": NETWORK_UNREACHABLE,
    "timeout": NO_ANSWER_IN_TIME,
    "reset": CONNECTION_RESET,
    "protocol": NOT_HTTP,
    "local": REQUEST_IMPOSSIBLE,
}
PREFLIGHT_REFUSED = entry(
    code="preflight-refused",
    title="The browser did not send the page's {request} to {place}: the server refused its preflight ({preflight}).",
    cause="The page is of another origin, and the server's answer to the browser's question (OPTIONS) permits no request of it (CORS).",
    fix=(
        Ask(
            "have the administrator of {host} answer OPTIONS there with 204 and permit the page's origin "
            "(Access-Control-Allow-Origin, -Methods, -Headers)"
        ),
        *otherwise(Change("client", "send the request from the application's server")),
    ),
    reference="RFC 9110 §9.3.7; RFC 6749 §10.3",
    unless="the file held an answer to the request itself, or a preflight that was answered with a permission",
    certainty="likely",
)
_OF_BROWSER = {
    "blocked": REQUEST_BLOCKED,
    "cross-origin": CROSS_ORIGIN_REFUSED,
    "preflight": PREFLIGHT_REFUSED,
}
ENTRIES = (*_OF_KIND.values(), ANSWER_HEAD_TOO_LONG, *_OF_BROWSER.values(), ANSWER_NOT_SHOWN)

IMPOSSIBLE: dict[str, tuple[str, Fix]] = {
    "method": (
        "The method is not a word such as GET or POST.",
        (Do("correct the method"),),
    ),
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
    "resources": (
        "This machine has no sockets or no memory left.",
        (Do("close other programs"), RERUN),
    ),
}
"""Cause and fix for each reason of a fault on our own side."""


def entry_of(fault: TransportFault) -> Entry:
    """The finding that explains a fault; total."""
    if fault.kind == "tls":
        return tls.entry_of(fault)
    if fault.kind == "browser":
        return _OF_BROWSER.get(fault.reason, ANSWER_NOT_SHOWN)
    return ANSWER_HEAD_TOO_LONG if fault.reason == "head-too-large" else _OF_KIND[fault.kind]


def place_of(fault: TransportFault, request: HttpRequest) -> str:
    """Host and port that were tried, as "host:443", fit to be shown."""
    parts = split_url(request.url)
    host = fault.host or (parts.hostname if parts else "") or "the host"
    return visible(f"{host}:{fault.port}" if fault.port else host)[:200]


def values_of(fault: TransportFault, request: HttpRequest, step: str) -> dict[str, str]:
    """The values that every title takes."""
    place = place_of(fault, request)
    shown = {"place": place, "host": place.rpartition(":")[0] or place, "request": REQUESTS.get(step, "request")}
    return {**shown, "preflight": visible(fault.library_text)[:80]}


def fault_sentence(fault: TransportFault, request: HttpRequest, step: str = "") -> str:
    """The fault in one sentence, without advice. step: the name of the step that the request belongs to."""
    return entry_of(fault).title.format_map(values_of(fault, request, step))


def explained(failure: TransportFailed, base_url: str, *, answered_before: bool = False) -> Match:
    """The finding about this fault, by its entry. answered_before: whether the same server answered an earlier request of the
    run, so that its scheme, host and port cannot be what is wrong."""
    fault, request = failure.failed.fault, failure.failed.request
    match = Match({**values_of(fault, request, failure.step), "base_url": quoted(base_url)})
    if fault.kind == "tls":
        return tls.explained(fault, request, match)
    if fault.kind == "refused":
        return _refused(failure, match)
    if fault.code in _OF_THIS_MACHINE:
        return match.because(*_OF_THIS_MACHINE[fault.code], "likely")
    if fault.kind == "timeout":
        return _late(fault, base_url, match)
    if fault.kind == "reset":
        return _reset(failure, base_url, answered_before, match)
    if fault.kind == "local":
        cause, fix = IMPOSSIBLE.get(fault.reason, (None, None))
        if fault.reason in ("ca-file", "ca-folder") and fault.variable:
            cause, fix = _UNREADABLE, _READABLE[fault.reason]
        known = "proven" if cause is not None else None
        return replace(_with(match, variable=fault.variable), cause=cause, fix=fix, certainty=known)
    if fault.kind == "proxy":
        return _proxy(fault, match)
    return _not_http(fault, base_url, match) if fault.kind == "protocol" else match


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


def _with(match: Match, **values: str) -> Match:
    return replace(match, values={**match.values, **values})


_UNREADABLE = "The variable {variable} is set, and what it names cannot be read as certificates to trust."
_READABLE: dict[str, Fix] = {
    "ca-file": (SetVariable("{variable}", words="a readable PEM file, or unset it"), RERUN),
    "ca-folder": (SetVariable("{variable}", words="a readable folder, or unset it"), RERUN),
}


def _proxy(fault: TransportFault, match: Match) -> Match:
    match = _with(match, variable=fault.variable or "the system's proxy setting", scheme=quoted(fault.subject))
    if fault.reason in ("login", "login-refused"):
        cause, fix = proxy_login(fault.subject, fault.reason == "login-refused")
        title = "The proxy did not pass the {request} on to {place}, and asks for a login."
        match = _with(match, schemes=brief(fault.subject))
        return replace(match, title=title, cause=cause, fix=fix, certainty="proven")
    if (answered := _ANSWERED.match(fault.library_text)) is not None:
        match = _with(match, told=quoted(answered[1]))
        words, title = fault.library_text.lower(), "The proxy did not pass the {request} on to {place}: it says {told}."
        told = next((cause for sign, cause in _BY_ITS_WORDS if sign.search(words)), None)
        match = replace(match, title=title, cause=told or _NO_PROXY_PERHAPS, fix=_PAST_IT)
        return replace(match, certainty="likely" if told else "unknown")
    if fault.reason == "silent":
        title = "The proxy did not answer within 3 seconds, so the {request} did not reach {place}."
    cause, known = _OF_THE_PROXY.get(fault.reason, ("", _ANOTHER_PROXY))
    if fault.reason == "configuration" and not fault.subject:
        cause = "{variable} does not name a proxy as http://HOST:PORT."
    elif fault.reason == "configuration":
        known = (SetVariable("{variable}", words="a proxy with the scheme http, https, socks5 or socks5h"),)
    return replace(
        match,
        title=title if fault.reason == "silent" else None,
        cause=cause or None,
        fix=known,
        certainty="proven" if cause else None,
    )


_ANOTHER_PROXY: Fix = PROXY_FAILED.fix
_ANSWERED = pattern(r"(?:Proxy Server could not connect: )?((?<=: ).+|[1-5]\d\d\b.*)", re.DOTALL)
"""The library's words for a proxy that answered: the status of CONNECT, or the reply of SOCKS (RFC 1928 §6)."""
_BY_ITS_WORDS = (
    (
        pattern(r"\b403\b|not allowed|forbidden|denied"),
        "The proxy works, and its rules do not admit this connection.",
    ),
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
        _ANOTHER_PROXY,
    ),
    "configuration": ("{variable} names a proxy with the scheme {scheme}, which this program does not speak.", ()),
    "speaks-socks": (
        "What {variable} names speaks SOCKS, and its scheme there says http.",
        (SetVariable("{variable}", words="the same host and port with the scheme socks5h"), RERUN),
    ),
    "not-http": ("What {variable} names answers, and not in HTTP: it is no such proxy.", _ANOTHER_PROXY),
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


def _refused(failure: TransportFailed, match: Match) -> Match:
    parts = split_url(failure.failed.request.url)
    if parts is None or not is_loopback(parts.hostname or ""):
        return match
    cause = "No server of this machine runs on {place}: it was not started, or it listens on another port."
    return match.because(cause, _START, "likely")


_START: Fix = (Do("start the server"), *otherwise(SetField("base_url", words="the address that it prints")))


def _late(fault: TransportFault, base_url: str, match: Match) -> Match:
    if fault.reason == "tls":
        match = _with(match, http=quoted("http://" + base_url.partition("://")[2]))
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


def _reset(failure: TransportFailed, base_url: str, answered_before: bool, match: Match) -> Match:
    again = Rerun(words=" to get a new code, which is needed either way") if failure.step == "token-request" else RERUN
    match = replace(match, fix=(again, *_GIVE_TIME))
    if answered_before:
        return replace(match, runner_up=_FIREWALL)
    if base_url.startswith("https://") and failure.step == "authorization-request" and failure.failed.connection.tls:
        # RFC 8446 §4.4.2: the server asks for the certificate inside the handshake that the client already believes done.
        return replace(match, runner_up=_MUTUAL_TLS_LATE, fix=_ASK_FOR_NO_CERTIFICATE)
    if base_url.startswith("http://"):
        match = _with(match, https=quoted("https://" + base_url.partition("://")[2]))
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
        match = _with(match, received=quoted(fault.received))
        cause = "What listens on that port speaks something else than HTTP/1.1: what it says begins with {received}."
        return match.because(cause, certainty="likely")
    if not base_url.startswith("http://"):
        return replace(match, runner_up="")
    if fault.reason != "tls-on-http":
        return match
    match = _with(match, https=quoted("https://" + base_url.partition("://")[2]))
    cause = "The port speaks TLS, but the base URL says http."
    return match.because(cause, (SetField("base_url", "{https}"),), "proven")
