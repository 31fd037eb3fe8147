"""A request of ours got no answer: what each code of `TransportFault` means (threats.md C7)."""

from __future__ import annotations

from functools import partial

from airisk_tui.insight.changes import NAMES
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, SetVariable, otherwise, provided
from airisk_tui.insight.rule import Entry
from airisk_tui.oauth.http import HttpRequest, TransportFault
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import split_url

REQUESTS: dict[str, str] = {
    **{step: name.removeprefix("the ") for step, name in NAMES.items()},
    "keys": "request for the server's keys",
    "authorization-request": "authorization request",
    "token-request": "token request",
    "access": "call",
    "redirect": "request to the redirect URI",
}
"""The name of each step's request."""

entry = partial(Entry, question="connection")
ask_host = partial(Ask, whom="the administrator of {host}")

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
GIVE_TIME: Fix = provided("if it is cut each time", Ask("give the time of this run to the administrator of {place}"))

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
NOT_YET_VALID = entry(
    code="certificate-not-yet-valid",
    title="The certificate of {place} is not valid yet.",
    cause="This machine's clock is slow.",
    runner_up="The certificate was installed before its time.",
    fix=(
        Change("machine", "set this machine's clock"),
        *provided("if it is right", ask_host("tell the administrator of {host}")),
    ),
    reference="RFC 5280 §4.1.2.5",
    unless="OpenSSL named another reason, or this machine's time lay within that of the server's own certificate",
)
EXPIRED = entry(
    code="certificate-expired",
    title="The certificate of {place} has expired.",
    cause="The server's certificate was not renewed.",
    runner_up="This machine's clock is fast.",
    fix=(
        ask_host("have the administrator of {host} renew the certificate"),
        *provided("if the clock below is wrong", Change("machine", "set it")),
    ),
    reference="RFC 5280 §4.1.2.5",
    unless="OpenSSL named another reason, or this machine's time lay within that of the server's own certificate",
)
WRONG_HOST = entry(
    code="certificate-wrong-host",
    title="The certificate of {place} is for another name.",
    cause="The base URL {base_url} names the server by an alias or an address that is not in its certificate.",
    runner_up="A proxy, another server or the login page of the network answers in its place.",
    fix=(
        SetField("base_url", words="a URL with the host name that the certificate carries"),
        RERUN,
        *otherwise(Do("log in to the network in a browser"), RERUN, when="if the network asks for a log-in"),
    ),
    reference="RFC 9110 §4.3.4",
    unless="OpenSSL named another reason than the host's name",
    certainty="unknown",
)
_TRUSTED: Fix = (
    SetField("ca_file", words="that file"),
    RERUN,
    *otherwise(SetVariable("SSL_CERT_FILE", words="a file that has it beside all other authorities")),
)
"""The fix that trusts a certificate: for one deployment, or for every program that reads the variable."""

SELF_SIGNED = entry(
    code="certificate-self-signed",
    title="The certificate of {place} is self-signed, so no authority vouches for it.",
    cause="It is a test server, or a proxy that reads TLS traffic.",
    fix=(ask_host("get that certificate as a PEM file from the administrator of {host}"), *_TRUSTED),
    reference="RFC 9110 §4.3.4",
    unless="an authority had signed the certificate, or a file of authorities held it",
    certainty="likely",
)
UNKNOWN_AUTHORITY = entry(
    code="certificate-unknown-authority",
    title="The certificate of {place} is signed by an authority that the client does not trust.",
    cause="It is a private authority, of the company or of a proxy that reads TLS traffic.",
    runner_up="The server does not send its intermediate certificate.",
    fix=(ask_host("get that authority's certificate as a PEM file from the administrator of {host}"), *_TRUSTED),
    reference="RFC 5280 §6.1",
    unless="a file of authorities held the one that signed it, or the certificate had signed itself",
)
TLS_ON_PLAIN_PORT = entry(
    code="tls-on-plain-port",
    title="The server at {place} did not answer in TLS.",
    cause="The port does not speak TLS (most often it speaks plain http), and the base URL {base_url} says https.",
    runner_up="The server speaks only a TLS version that this program no longer accepts.",
    fix=(
        SetField("base_url", "{plain}"),
        *otherwise(SetField("base_url", words="a URL with the port on which the server speaks https")),
    ),
    reference="RFC 8446 §6.2",
    unless="the server answered the greeting of TLS in TLS",
)
TLS_FAILED = entry(
    code="tls-failed",
    title="The TLS connection to {place} could not be made.",
    cause="Server and client found no version, cipher or certificate that both accept.",
    runner_up="A proxy or firewall interferes with TLS.",
    fix=(
        Rerun(words=" from another network"),
        *provided("if it fails there too", ask_host("give the library's words below to the administrator of {host}")),
    ),
    reference="RFC 8446 §6.2",
    unless="the alert or OpenSSL's words named a reason that has a finding of its own",
    certainty="unknown",
)
_OF_REASON: dict[str, Entry] = {
    "certificate-not-yet-valid": NOT_YET_VALID,
    "certificate-expired": EXPIRED,
    "hostname-mismatch": WRONG_HOST,
    "self-signed": SELF_SIGNED,
    "unknown-ca": UNKNOWN_AUTHORITY,
    "certificate-revoked": entry(
        code="certificate-revoked",
        title="The certificate of {place} was revoked by its authority.",
        cause="Its key was lost or stolen, or it was replaced.",
        fix=(Do("send nothing there"), ask_host("have the administrator of {host} install a new certificate")),
        reference="RFC 5280 §5.3",
        unless="OpenSSL named another reason",
        certainty="likely",
    ),
    "client-certificate": entry(
        code="client-certificate-wanted",
        title="The server at {place} requires a certificate from the client.",
        cause="The deployment, or a gateway in front of it, accepts only known machines.",
        fix=(
            ask_host(
                "ask the administrator of {host} for an address without client certificates, as this program cannot present one"
            ),
        ),
        reference="RFC 8446 §4.3.2",
        unless="the server's alert named another reason",
    ),
    "wrong-version": TLS_ON_PLAIN_PORT,
}


_OF_KIND = {
    "proxy": PROXY_FAILED,
    "dns": entry(
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
    ),
    "refused": entry(
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
    ),
    "unreachable": entry(
        code="network-unreachable",
        title="There is no network path to {place}.",
        cause="This machine is offline, or the VPN that leads there is not connected.",
        runner_up="The name resolves to an IPv6 address, and this network has no IPv6.",
        fix=(Do("connect to the network (or VPN) that {host} belongs to"), RERUN),
        reference="protocol.md, step 1",
        unless="any address of the host could be reached, or the connection were refused by it",
        certainty="unknown",
    ),
    "timeout": entry(
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
    ),
    "reset": entry(
        code="connection-reset",
        title="The connection to {place} was cut before the {request} was answered.",
        cause="The server, or a firewall or proxy in front of it, closed the connection on purpose or crashed.",
        runner_up="It requires a certificate of the client (mutual TLS), which this program does not have.",
        fix=(RERUN, *GIVE_TIME),
        reference="protocol.md, step 2",
        unless="an answer came, or the handshake failed with an alert of TLS",
        certainty="unknown",
    ),
    "protocol": entry(
        code="not-http",
        title="What came from {place} is not an HTTP answer.",
        cause="Another service listens on that port.",
        runner_up="The port expects https and the base URL says http.",
        fix=(SetField("base_url", words="a URL with the scheme and port of the deployment's web address"), RERUN),
        reference="RFC 9112 §2.1",
        unless="the answer began as HTTP does, or as TLS: that is looked for first",
        certainty="unknown",
    ),
    "local": entry(
        code="request-impossible",
        title="The {request} to {place} could not be sent from this machine.",
        cause="The address or a value in the request is one that no client can send.",
        fix=(Do("correct what the library's words below name, in the base URL or in the field that they speak of"),),
        reference="RFC 9110 §4.2",
        unless="anything was sent: the fault is found on this machine, before",
        certainty="likely",
    ),
}
_OF_BROWSER = {
    "blocked": entry(
        code="request-blocked",
        title="The browser kept the {request} to {place} back.",
        cause="An extension of the browser, or a rule of the page (its content security policy), forbids the request.",
        fix=(
            Do("run again in a private window without extensions"),
            *otherwise(Do("allow {host} in the page's policy")),
        ),
        reference="RFC 8252 §7.3",
        unless="the file gave the browser's own error another name than that of a blocked request",
        certainty="likely",
    ),
    "cross-origin": entry(
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
    ),
    "preflight": entry(
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
    ),
}
ENTRIES = (*_OF_KIND.values(), ANSWER_HEAD_TOO_LONG, *_OF_BROWSER.values(), ANSWER_NOT_SHOWN)
TLS_ENTRIES = (*_OF_REASON.values(), TLS_FAILED)


def entry_of(fault: TransportFault) -> Entry:
    """The finding that explains a fault; total."""
    if fault.kind == "tls":
        return _OF_REASON.get(fault.reason, TLS_FAILED)
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
