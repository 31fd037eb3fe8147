"""Requests that the listener could not take for the answer: at a wrong path, host or scheme, or by a wrong method or in a wrong
form (threats.md L4, L5, L8, L10). Each names what came, so that nobody looks for the cause at a browser that never came."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from airisk_tui.flow.state import InboxEntry
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, pair
from airisk_tui.insight.fix import PASTE, RERUN, Change, Do, Fix, SetField, otherwise, provided
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.callback.waiting import LISTENER, matched, nothing_came, severity
from airisk_tui.insight.words.difference import uri_difference
from airisk_tui.insight.words.inbox import verdict
from airisk_tui.insight.words.quoting import brief, listed, quoted
from airisk_tui.oauth.http import header
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.text.fields import Kind, fields_in, kind_of
from airisk_tui.oauth.text.visible import decoded, visible_sealed
from airisk_tui.oauth.urls import path_of, split_url

rules = RuleSet("Heard by the listener", nothing_came, "waiting", severity_of=severity)


def _entries(context: Context, *reasons: str) -> Iterator[InboxEntry]:
    """The requests that the listener did not take for the answer, for one of these reasons."""
    return (entry for entry in context.state.inbox if entry.reason in reasons)


def _first(context: Context, *reasons: str) -> InboxEntry | None:
    return next(_entries(context, *reasons), None)


def _meant_for_us(context: Context, *reasons: str) -> InboxEntry | None:
    """A request that only the server's redirect can have caused: it holds this run's state, or, where none was sent, a code or an error."""
    for entry in _entries(context, *reasons):
        params = Params.parse(entry.request.url.partition("?")[2])
        content = params.get(context.inputs.dialect.code) is not None or params.get("error") is not None
        if content and (context.inputs.state is None or params.get("state") == context.inputs.state):
            return entry
    return None


def _posted_to_us(context: Context, reason: str) -> InboxEntry | None:
    """A POST under another host or path: the listener reads no body of it, so nothing shows what it held. Under another host it
    counts at the callback's own path, at another path where it brought a form."""
    ours = split_url(context.inputs.redirect_uri)
    for entry in _entries(context, reason):
        url, kind = entry.request.url, header(entry.request.headers, "content-type") or ""
        meant = url.partition("?")[0] == (ours.path or "/") if ours and reason == "host" else "form" in kind
        if entry.request.method == "POST" and meant:
            return entry
    return None


def _with_scheme(uri: str, scheme: str) -> str:
    return f"{scheme}:{uri.partition(':')[2]}"


_THEIRS: Fix = (
    SetField("redirect_uri", "{theirs}", words=", which the server used"),
    *otherwise(Change("registration", "register {redirect_uri}")),
)


@rules.add(
    "callback-other-path",
    title="The answer reached the listener at another path than that of the redirect URI.",
    cause="The server used another of the URIs registered for the application: {difference} differs.",
    fix=_THEIRS,
    certainty="likely",
    reference="RFC 6749 §3.1.2.3; threats.md L5",
    unless="the request had neither this run's state nor a code or an error, and was no form",
)
def callback_other_path(context: Context) -> Match | None:
    ours, meant = split_url(context.inputs.redirect_uri), _meant_for_us(context, "other-path", "favicon")
    entry = meant or _posted_to_us(context, "other-path")
    if entry is None or ours is None:
        return None
    theirs = f"{ours.scheme}://{ours.netloc}{entry.request.url.partition('?')[0]}"
    difference = visible_sealed(uri_difference(context.inputs.redirect_uri, theirs))
    evidence = pair("Redirect URI, and where the answer came", context.inputs.redirect_uri, theirs, LISTENER)
    match = matched(context, evidence, theirs=quoted(theirs), difference=difference)
    if meant is None:
        unread = "A form was posted to {theirs}, at another path than that of the redirect URI, and was not read."
        other = "A page or a program posts something else to this port."
        return replace(match, title=unread, runner_up=other, certainty="likely")
    if not context.inputs.listen:
        return match
    cause = "What passes the callback on to the listener changes it on the way: {difference} differs."
    registered = "The server used another of the URIs registered for the application."
    unchanged = Change("proxy", "let it pass the path on as it came")
    return replace(match, cause=cause, runner_up=registered, fix=(unchanged, *otherwise(*_THEIRS)))


@rules.add(
    "callback-other-host",
    title="The answer reached the listener under another host name than that of the redirect URI.",
    cause="The server used another of the URIs registered for the application.",
    runner_up="A port forwarding or a proxy on the way puts a name or a port of its own into the Host header.",
    fix=(
        *_THEIRS,
        *provided("if you forward the port", Change("proxy", "forward it under the redirect URI's own host and port")),
    ),
    reference="threats.md L8",
    unless="the request had neither this run's state nor a code or an error, or a forwarding were known",
)
def callback_other_host(context: Context) -> Match | None:
    ours, meant = split_url(context.inputs.redirect_uri), _meant_for_us(context, "host")
    entry = meant or _posted_to_us(context, "host")
    host = header(entry.request.headers, "host") if entry is not None else None
    if entry is None or ours is None or host is None:
        return None
    theirs = f"{ours.scheme}://{host}{entry.request.url.partition('?')[0]}"
    evidence = pair("Redirect URI, and where the answer came", context.inputs.redirect_uri, theirs, LISTENER)
    match = matched(context, evidence, theirs=quoted(theirs))
    if meant is None:
        unread = "A POST came to the callback's path under another host name ({theirs}), and was not read."
        fix = _SAME_HOST if context.inputs.listen else _STRANGE_HOST
        return replace(match, title=unread, cause=_FORWARDED, runner_up=_REBOUND, fix=fix, certainty="likely")
    if context.inputs.listen:
        cause = "What passes the callback on to the listener puts another name into the Host header."
        return match.because(cause, _SAME_HOST)
    there = split_url(theirs)
    if there is not None and is_loopback(there.hostname or "") and there.username is None:
        return match
    if context.inputs.state is None:
        return replace(match, cause=_FORWARDED, runner_up=_REBOUND, fix=_STRANGE_HOST)
    # The state came with it, which no page of another host can know.
    return match.because(_FORWARDED, _ANOTHER_WAY, "likely")


_REBOUND = "A page of that host sends requests to this machine (DNS rebinding)."
_SAME_HOST: Fix = (
    Change("proxy", "let it pass the Host header on as it came (in nginx: proxy_set_header Host $http_host)"),
    RERUN,
)
_FORWARDED = (
    "A port forwarding (of a remote editor, a tunnel or a proxy) brings the callback here, and puts a name of its own into the Host "
    "header."
)
_ANOTHER_WAY: Fix = (
    Change(
        "proxy",
        "let the forwarding pass the Host header on as it came, or forward the port under the redirect URI's own name",
    ),
    RERUN,
    *otherwise(*PASTE),
)
_STRANGE_HOST: Fix = (
    *PASTE,
    *provided("if you have forwarded no port", Do("find out why {theirs} leads to this machine")),
)


@rules.add(
    "tls-on-http",
    title="The browser spoke https to the callback address, but the listener speaks http there.",
    cause="The server sends the browser to the redirect URI with https: it is registered like that.",
    runner_up="The browser's https-only mode changes the address.",
    fix=(
        *provided("if {https} is registered", SetField("redirect_uri", "{https}")),
        *provided("if {redirect_uri} is", Change("machine", "switch the browser's https-only mode off for it")),
    ),
    reference="threats.md L10",
    unless="the bytes were not the greeting of TLS; where it is known what is registered, that decides between the two",
    certainty="unknown",
)
def tls_on_http(context: Context) -> Match | None:
    if _first(context, "tls-on-http") is None:
        return None
    https = _with_scheme(context.inputs.redirect_uri, "https")
    match = matched(context, Evidence("The listener heard", "TLS bytes", LISTENER), https=quoted(https))
    if context.inputs.redirect_uri == https:
        passed = "What passes the callback on passes TLS on with it, and the listener has no certificate of that host."
        ends = Change("proxy", "let it end TLS, and pass plain http on to the listener")
        title = "TLS came to the listener, which speaks http behind the proxy that {redirect_uri} belongs to."
        return replace(match, title=title).because(passed, (ends, RERUN), "likely")
    registered = context.registered or ()
    if https in registered:
        return replace(match, fix=(SetField("redirect_uri", "{https}"), RERUN), certainty="likely")
    if context.inputs.redirect_uri in registered:
        off = Change("machine", "switch the browser's https-only mode off for {redirect_uri}")
        cause = "The browser's https-only mode changes the address: it is registered as http."
        return match.because(cause, (off, *otherwise(*PASTE)), "proven")
    return match


@rules.add(
    "http-on-https",
    title="The browser spoke plain http to the callback address, but the listener speaks https there.",
    cause="The server sends the browser to the redirect URI with http: it is registered like that.",
    fix=_THEIRS,
    certainty="likely",
    reference="threats.md L10",
    unless="the bytes were not those of plain HTTP",
)
def http_on_https(context: Context) -> Match | None:
    if _first(context, "http-on-https") is None:
        return None
    http = _with_scheme(context.inputs.redirect_uri, "http")
    return matched(context, Evidence("The listener heard", "plain http", LISTENER), theirs=quoted(http))


@rules.add(
    "callback-certificate-refused",
    title="The browser broke off the TLS handshake over the listener's certificate, so the listener heard no answer.",
    cause="The browser does not trust the certificate, which is self-signed for this run, and nobody accepted its warning.",
    runner_up="It was no browser: a client that speaks another version of TLS, or none.",
    fix=(RERUN, Do("accept the browser's warning about {redirect_uri}"), *otherwise(*PASTE)),
    reference="RFC 8252 §8.3; threats.md L10",
    unless="the handshake were finished",
)
def callback_certificate_refused(context: Context) -> Match | None:
    times = sum(1 for _ in _entries(context, "tls-refused"))
    heard = f"{times} TLS {'handshake that was' if times == 1 else 'handshakes that were'} broken off"
    return matched(context, Evidence("The listener heard", heard, LISTENER)) if times else None


@rules.add(
    "callback-too-large",
    title="A request to the callback address was too large to be read.",
    cause="The browser sends large cookies: cookies ignore ports, so those of every other server on this host name come too.",
    runner_up="The server puts very long values into the redirect.",
    fix=(Do("open the authorization URL in a private window"), *otherwise(*PASTE)),
    reference="threats.md L4",
    unless="the address itself, or the body of the request, was what is too long",
)
def callback_too_large(context: Context) -> Match | None:
    # Cookies do not tell ports apart (RFC 6265 §8.5): a development server's cookies come to the listener, too.
    entry = _first(context, "target-too-large", "head-too-large", "body-too-large")
    if entry is None:
        return None
    match, cause = (
        matched(context, Evidence("The listener heard", verdict(entry), LISTENER)),
        _TOO_LONG.get(entry.reason or ""),
    )
    return match.because(cause, PASTE, "proven") if cause else match


_TOO_LONG = {
    "target-too-large": "The server puts very long values into the redirect: its address alone is longer than the listener reads.",
    "body-too-large": "The page posts more to the redirect URI than an answer of OAuth holds.",
}


WRITTEN: dict[Kind, str] = {"json": "JSON", "multipart": "multipart/form-data", "xml": "XML"}
"""Encodings of a body that is no form, in words."""


def _of_request(context: Context, entry: InboxEntry, *more: Evidence, **values: str) -> Match:
    """The request as evidence: its first line, who sent it, and `more`."""
    request = entry.request
    evidence = [Evidence("The listener heard", f"{request.method} {brief(request.url.partition('?')[0])}", LISTENER)]
    for name in ("origin", "user-agent"):
        if value := header(request.headers, name):
            evidence.append(Evidence(name.title(), quoted(value), LISTENER))
    shown = {"method": brief(request.method), "origin": brief(header(request.headers, "origin") or "another page")}
    return matched(context, *evidence, *more, **(shown | values))


@rules.add(
    "callback-not-a-form",
    title="The answer came to {redirect_uri} in a POST as {written}, and this listener takes a form only.{held}",
    cause="The page of the login sends the answer by a script, in a format of its own.",
    fix=(
        Change(
            "server", "redirect the browser to {redirect_uri}, or post {names} as application/x-www-form-urlencoded"
        ),
        *otherwise(*PASTE),
    ),
    reference="RFC 6749 §4.1.2; OpenID form_post response mode §2",
    unless="the body were a form, or the same path got an answer that counts",
    certainty="likely",
)
def callback_not_a_form(context: Context) -> Match | None:
    entry = _first(context, "not-a-form")
    if entry is None:
        return None
    request, body = entry.request, decoded(entry.request.body.data)
    declared = header(request.headers, "content-type") or ""
    written = WRITTEN.get(kind_of(body, declared)) or (brief(declared) if declared else "a body without a content type")
    names = list(dict.fromkeys(field.name for field in fields_in(body, declared)))
    wanted = [name for name in (context.inputs.dialect.code, "error", "state") if name in names]
    told = " and ".join(f"`{name}`" for name in wanted)
    values = {
        "written": written,
        "names": told or "the answer",
        "held": f" {told} stood in it, and {'were' if wanted[1:] else 'was'} not believed." if wanted else "",
    }
    shown = listed(names) or f"{request.body.size:,} bytes, none of them a named value"
    evidence = (Evidence("Content-Type", quoted(declared) if declared else "none", LISTENER),)
    match = _of_request(context, entry, *evidence, Evidence("In the body", shown, LISTENER), **values)
    title = None if wanted else "A POST came to {redirect_uri} as {written}, and this listener takes a form only."
    return replace(match, title=title)


@rules.add(
    "callback-preflight-only",
    title="The browser asked with OPTIONS whether a page of {origin} may call {redirect_uri}, and nothing else came.",
    cause="The page of the login calls the redirect URI by a script (fetch), which the browser asks about first (CORS).",
    runner_up="The browser lets no public page reach this machine (private network access).",
    fix=(
        Change("server", "send the browser itself to {redirect_uri}, by a redirect or a link, not by a script"),
        *otherwise(*PASTE),
    ),
    reference="RFC 6749 §4.1.2; RFC 9110 §9.3.7",
    unless="anything but OPTIONS came to the callback's path",
)
def callback_preflight_only(context: Context) -> Match | None:
    entry = _first(context, "method")
    if entry is None or any(each.request.method != "OPTIONS" for each in _entries(context, "method")):
        return None
    asked = header(entry.request.headers, "access-control-request-method")
    evidence = (Evidence("Access-Control-Request-Method", brief(asked), LISTENER),) if asked else ()
    return _of_request(context, entry, *evidence)


@rules.add(
    "callback-other-method",
    title="Only {method} came to {redirect_uri}, and an answer comes by GET, or by POST with a form.",
    cause="{who}",
    fix=(Do("finish the login in a browser that follows the redirect itself"), RERUN, *otherwise(*PASTE)),
    reference="RFC 6749 §4.1.2; RFC 9110 §9.3.2",
    unless="a GET, or a POST of a form, came to the callback's path",
    certainty="likely",
)
def callback_other_method(context: Context) -> Match | None:
    # The preflight (OPTIONS) of a page is told only where nothing else came.
    entry = next((each for each in _entries(context, "method") if each.request.method != "OPTIONS"), None)
    if entry is None:
        return None
    head = entry.request.method == "HEAD"
    who = (
        "A program looked the address up with HEAD ahead of the browser: a mail filter, a preview or a link checker."
        if head
        else "Something else than a browser's redirect calls the redirect URI."
    )
    return _of_request(context, entry, who=who)


@rules.add(
    "callback-prefetched-only",
    title="The browser fetched {redirect_uri} ahead of time, and nobody followed it.",
    cause="The browser, or a program in it, loads the addresses of a page before a person chooses one.",
    fix=(
        Do("follow the link on the page in the browser"),
        *provided(
            "if the page has none", Change("machine", "switch the preloading of pages off in the browser"), RERUN
        ),
        *otherwise(*PASTE),
    ),
    reference="RFC 9110 §9.2.1; threats.md L5",
    unless="the browser came without the header of a prefetch, too",
    certainty="likely",
)
def callback_prefetched_only(context: Context) -> Match | None:
    entry = _first(context, "prefetch")
    return _of_request(context, entry) if entry is not None else None


@rules.add(
    "callback-broken-off",
    title="A request to {redirect_uri} began and was never whole: {what}.",
    cause="Something between the browser and the listener breaks the request off, or it was no browser.",
    fix=(RERUN, *otherwise(*PASTE)),
    reference="RFC 9112 §8; threats.md L4",
    unless="a whole request came on any of the connections",
    certainty="likely",
)
def callback_broken_off(context: Context) -> Match | None:
    ours = path_of(context.inputs.redirect_uri) or "/"
    for entry in context.state.inbox:
        what = BROKEN_OFF.get(entry.reason or "")
        if what and entry.request.url.partition("?")[0] == ours:
            return _of_request(context, entry, what=what)
    return None


BROKEN_OFF = {
    "cut-off": "the connection ended in its middle",
    "deadline": "the rest of it did not come in time",
    "bad-request": "it is none that HTTP/1.1 allows",
}
"""The reasons for which the listener could not read a request to its end, in words."""
