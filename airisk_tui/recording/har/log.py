"""Turning a flow of a HAR into a sealed log.

A flow with the redirect response becomes a run in direct mode; one with only the callback becomes a run in a browser; a token request
alone becomes a run with a pasted code. The tool's own words on why a request has no answer become the kind and reason of a
`TransportFault`.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Literal, get_args
from urllib.parse import unquote_plus, urlsplit

from msgspec.structs import replace

from airisk_tui.flow import events as e
from airisk_tui.flow.start.inputs import Inputs, Mode
from airisk_tui.flow.start.known import Known
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.dialect import AIRISK, STANDARD, Dialect
from airisk_tui.oauth.http import (
    Body,
    Exchange,
    FailedExchange,
    HttpRequest,
    TransportFault,
    TransportKind,
    basic_in,
    content_type,
    header,
)
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.mistakes import BASIC_UNENCODED, check_client_secret
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.characters import is_mark, is_redacted
from airisk_tui.oauth.urls import default_port, origin, query_of
from airisk_tui.recording.disk.folder import utc_stamp
from airisk_tui.recording.disk.format import Header
from airisk_tui.recording.har.entry import Entry
from airisk_tui.recording.har.flows import PREFLIGHT, HarFlow, code_in, documented, form_action
from airisk_tui.redaction.answers import Codes, own_texts
from airisk_tui.redaction.sealer import Sealer, SealPart
from airisk_tui.version import __version__

FailedStep = Literal["authorization-request", "redirect", "token-request", "access"]

UNKNOWN = SecretView("", 0)
"""A client secret that the file leaves out, although it has a token request."""

_PUBLIC = ("client_id", "redirect_uri", "userid", "state", "code_challenge")

_KNOWN_PARAMS = {*_PUBLIC, "response_type", "code_challenge_method"}


def to_events(flow: HarFlow, sealer: Sealer, run_id: str, program: str = "another program") -> tuple[e.AnyEvent, ...]:
    """The flow as a log, sealed.

    Sealed twice, because a value may occur before the place that shows that it is secret, such as a state in a cookie.
    """
    tuple(_events(flow, sealer, run_id, program))
    return tuple(_events(flow, sealer, run_id, program))


def _events(flow: HarFlow, sealer: Sealer, run_id: str, program: str) -> Iterator[e.AnyEvent]:
    inputs = _inputs(flow, sealer)
    views = tuple(view for view in (inputs.client_secret, inputs.bearer, inputs.verifier) if view and view.fingerprint)
    sealer.public(*(flow.params.get(name) or "" for name in _PUBLIC), inputs.base_url)
    mistakes = tuple(one.code for one in check_client_secret(_client_secret(flow.token)[0]))
    known = Known(secret_mistakes=(*mistakes, *((BASIC_UNENCODED,) if _is_unencoded(flow.token) else ())))
    yield e.RunStarted(at=0.0, run_id=run_id, utc=flow.when, inputs=inputs, known=known, secrets=views)
    refused = sealer.exchange(_without_sent(flow.refused.exchange)) if flow.refused is not None else None
    yield e.Imported(
        at=0.0,
        secrets=sealer.views_in(refused) if refused is not None else (),
        program=sealer.text(program),
        omissions=flow.omissions,
        circle=sealer.text(flow.circle.partition("?")[0]),
        in_fragment=_in_fragment(flow),
        verifier_fits=_verifier_fits(flow),
        no_frames=sealer.text(flow.no_frames),
        refused=refused,
    )
    if inputs.listens and inputs.mode != "direct":
        yield _listener(inputs.redirect_uri)
    events = [
        *_authorization_leg(flow, inputs, sealer, program),
        *_callback(flow, sealer),
        *_from_the_token_on(flow, inputs, sealer),
    ]
    # Requests overlap, and a log has its events in the order of the answers.
    yield from sorted(events, key=lambda event: event.at)


def _without_sent(exchange: Exchange) -> Exchange:
    """The exchange without what a person typed, and without what the browser sent with it."""
    return replace(exchange, request=replace(exchange.request, headers=(), body=Body()))


def _in_fragment(flow: HarFlow) -> bool:
    """Whether the code of the token request stands behind the “#” of the redirect, and not before it."""
    code = code_in(flow.token.fields) if flow.token is not None else None
    place, _, fragment = (flow.answer.location if flow.answer is not None else "").partition("#")
    return (
        code is not None and code_in(Params.parse(fragment)) == code and code_in(Params.parse(query_of(place))) is None
    )


def _verifier_fits(flow: HarFlow) -> bool | None:
    """None where the file does not hold both. A request without a method leaves open which the server takes (RFC 7636 §4.3)."""
    challenge, method = flow.params.get("code_challenge"), flow.params.get("code_challenge_method")
    verifier = flow.token.fields.get("code_verifier") if flow.token is not None else None
    if flow.authorization is None or not challenge or not verifier or is_redacted(verifier) or is_redacted(challenge):
        return None
    digest = urlsafe_b64encode(sha256(verifier.encode("utf-8", "replace")).digest()).decode().rstrip("=")
    return challenge in {"S256": (digest,), "plain": (verifier,)}.get(method or "", (digest, verifier))


def _from_the_token_on(flow: HarFlow, inputs: Inputs, sealer: Sealer) -> Iterator[e.AnyEvent]:
    """The events from the token request on."""
    if flow.token is not None:
        if flow.token.failure:
            yield _unanswered(flow, flow.token, "token-request", sealer)
        else:
            yield e.TokenExchanged(**_sealed(flow, flow.token, sealer, led_to=(*flow.refreshes, *flow.probes)))
    for entry in flow.repeated:
        if entry.status:
            yield e.TokenExchanged(**_sealed(flow, entry, sealer))
    for entry in flow.refreshes:
        if entry.status:
            yield e.RefreshAnswered(**_sealed(flow, entry, sealer))
    for entry in flow.probes:
        endpoint = _endpoint(entry, inputs.base_url, sealer)
        if entry.status:
            yield e.ProbeAnswered(endpoint=endpoint, credential="token", **_sealed(flow, entry, sealer))
        else:
            yield replace(_unanswered(flow, entry, "access", sealer), endpoint=endpoint)


def _sealed(
    flow: HarFlow,
    entry: Entry,
    sealer: Sealer,
    exchange: Exchange | None = None,
    codes: SealPart | None = None,
    led_to: tuple[Entry | None, ...] = (),
) -> dict[str, Any]:
    """The sealed fields of an event with an exchange. exchange: used instead of the entry's own; codes: see `Sealer.exchange`;
    led_to: requests that followed from this answer, so the answer came before them whatever times the file has."""
    sealed = sealer.exchange(exchange or entry.exchange, codes)
    end = min([entry.end, *(max(entry.start, one.start) for one in led_to if one is not None)])
    return {"at": end - flow.when, "exchange": sealed, "secrets": sealer.views_in(sealed)}


def _unanswered(flow: HarFlow, entry: Entry, step: FailedStep, sealer: Sealer) -> e.TransportFailed:
    sealed = sealer.failed(failed_exchange(entry))
    return e.TransportFailed(at=entry.end - flow.when, step=step, failed=sealed, secrets=sealer.views_in(sealed))


def _authorization_leg(flow: HarFlow, inputs: Inputs, sealer: Sealer, program: str) -> Iterator[e.AnyEvent]:
    if inputs.mode == "direct":
        entry = flow.answer or flow.authorization
        if entry is None:
            return
        if not entry.status:
            yield _unanswered(flow, entry, "authorization-request", sealer)
            return
        first = flow.authorization or entry
        # A page of the login redirects, whose address does not repeat the client's parameters.
        ours = f"{own_texts(first.url)}\n{own_texts(entry.url)}"
        codes = Codes.of(sealer, entry.exchange.response, ours)
        yield e.AuthorizationAnswered(**_sealed(flow, entry, sealer, codes=codes, led_to=(flow.callback, flow.token)))
        return
    if flow.callback is None:
        code = code_in(flow.token.fields) if flow.token is not None else None
        request = sealer.request(HttpRequest("PASTE", "?" + Params((("code", code or ""),)).encode()))
        at = flow.token.start - flow.when if flow.token is not None else 0.0
        yield e.CallbackReceived(at=at, request=request, via="bare-code", secrets=sealer.views_in(request))
        return
    yield e.BrowserOpened(at=0.0, ok=True, program=sealer.text(program))
    raw = flow.callback.exchange.request
    target = raw.url.removeprefix(_origin(raw.url)) or "/"
    request = sealer.request(replace(raw, url=target))
    at = flow.callback.start - flow.when
    yield e.CallbackReceived(at=at, request=request, secrets=sealer.views_in(request))


def _callback(flow: HarFlow, sealer: Sealer) -> Iterator[e.AnyEvent]:
    """The answer of the redirect URI to the browser. If the file has neither an answer nor a reason, but a token request with the
    code, the answer was only left out."""
    entry = flow.callback
    if flow.upgrade is not None and (entry is None or not entry.status):
        if flow.token is None:
            step = _unanswered(flow, flow.upgrade, "redirect", sealer)
            went = sealer.address(flow.upgrade.location or flow.upgrade.url)
            fault = replace(step.failed.fault, kind="browser", reason="https", library_text=went)
            yield replace(step, failed=replace(step.failed, fault=fault))
    elif entry is None:
        if flow.kept_back is not None and flow.token is None:
            step = _unanswered(flow, flow.kept_back, "redirect", sealer)
            policy = f"form-action {' '.join(form_action(flow.kept_back))}"
            fault = replace(step.failed.fault, kind="browser", reason="form-action", library_text=sealer.text(policy))
            yield replace(step, failed=replace(step.failed, fault=fault))
    elif entry.status:
        response = entry.exchange.response
        if entry.status < 400:
            response = replace(response, body=Body())  # a page of the application, which nothing here reads
        yield e.CallbackAnswered(**_sealed(flow, entry, sealer, replace(entry.exchange, response=response)))
    elif entry.failure or (flow.token is None and flow.answer is not None):
        yield _unanswered(flow, entry, "redirect", sealer)


def _listener(redirect_uri: str) -> e.ListenerBound:
    """The listener that the browser called; the file shows only that there was one."""
    scheme, _, rest = redirect_uri.partition("://")
    return e.ListenerBound(at=0.0, addresses=(rest.partition("/")[0],), scheme=scheme)


def _inputs(flow: HarFlow, sealer: Sealer) -> Inputs:
    params, token = flow.params, flow.token
    base_url, dialect = _server(flow)
    fields = token.fields if token is not None else Params()
    secret, basic = _client_secret(token)
    if basic:
        dialect = replace(dialect, client_auth="basic")
    verifier = fields.get("code_verifier")
    bearer = token.bearer if token is not None else ""
    media = content_type(token.exchange.request.headers).lower() if token is not None else ""
    endpoints = {endpoint.name: endpoint for endpoint in (_endpoint(entry, base_url, sealer) for entry in flow.probes)}
    state, userid = params.get("state"), params.get("userid") or fields.get("userid")
    extra = params.without(*_KNOWN_PARAMS) if flow.authorization is not None else Params()
    return Inputs(
        environment=base_url.partition("://")[2].partition("/")[0].partition(":")[0] or "imported",
        base_url=base_url,
        client_id=sealer.text(params.get("client_id") or ""),
        redirect_uri=sealer.url(params.get("redirect_uri") or ""),
        client_secret=sealer.learn(secret) if secret else UNKNOWN if token is not None else None,
        userid=sealer.text(userid) if userid else None,
        state=sealer.text(state) if state is not None and flow.authorization is not None else None,
        encoding="json" if "json" in media else "multipart" if "multipart" in media else "form",
        mode=_mode(flow),
        dialect=dialect,
        params=Params(tuple((name, sealer.field(name.removeprefix("amp;"), value)) for name, value in extra)),
        bearer=sealer.learn(bearer) if bearer else None,
        challenge=params.get("code_challenge"),
        verifier=sealer.learn(verifier) if verifier else None,
        exchange=token is not None,
        probes=tuple(endpoints.values()),
    )


def _mode(flow: HarFlow) -> Mode:
    if flow.authorization is None:
        return "paste"
    return "browser" if flow.answer is None and flow.callback is not None else "direct"


def _server(flow: HarFlow) -> tuple[str, Dialect]:
    """The base URL and the dialect, derived from the paths of the requests."""
    authorize = flow.authorization.url.partition("?")[0] if flow.authorization else ""
    token = flow.token.url.partition("?")[0] if flow.token else ""
    for url, path in ((authorize, AIRISK.authorize_path), (token, AIRISK.token_path)):
        if url.lower().rstrip("/").endswith(path.lower()):
            asked = flow.params.get("response_type") if flow.authorization is not None else None
            return _without_userinfo(url.rstrip("/")[: -len(path)]), replace(AIRISK, response_type=asked)
    authorize, token = _without_userinfo(authorize), _without_userinfo(token)
    base_url = _origin(authorize or token)
    token_path = token.removeprefix(base_url) if token else STANDARD.token_path
    dialect = replace(
        STANDARD,
        authorize_path=authorize.removeprefix(base_url) or STANDARD.authorize_path,
        token_path=token_path or STANDARD.token_path,
        response_type=flow.params.get("response_type"),
        pkce=flow.params.get("code_challenge") is not None,
        users="userid" if flow.params.get("userid") else None,
    )
    return base_url, dialect


def _client_secret(token: Entry | None) -> tuple[str, bool]:
    """The client secret in a token request, and whether it is in HTTP Basic (RFC 6749 §2.3.1)."""
    if token is None:
        return "", False
    in_body = token.fields.get("client_secret")
    basic = basic_in(token.exchange.request.headers)
    masked = is_mark(header(token.exchange.request.headers, "authorization") or "")
    # A masked Authorization header of a token request was Basic: a sanitiser keeps the header and masks its value.
    if in_body or (basic is None and not masked):
        return in_body or "", False
    return unquote_plus(basic[1]) if basic is not None else "", True


def _is_unencoded(token: Entry | None) -> bool:
    """Whether the HTTP Basic of a token request is neither in base64 nor masked."""
    headers = token.exchange.request.headers if token is not None else ()
    return basic_in(headers) == ("", "") and ":" in (header(headers, "authorization") or "")


def _endpoint(entry: Entry, base_url: str, sealer: Sealer) -> Endpoint:
    request = entry.exchange.request
    known = documented(entry)
    if known is not None:
        return known
    url = _without_userinfo(entry.url.partition("?")[0].partition("#")[0])
    return Endpoint(request.method, sealer.text(url.removeprefix(base_url)))


def imported_header(events: tuple[e.AnyEvent, ...]) -> Header:
    """The header of a recording of `to_events`."""
    begun = next(event for event in events if isinstance(event, e.RunStarted))
    inputs = begun.inputs
    return Header(
        version=__version__,
        environment=inputs.environment,
        kind=inputs.kind_name,
        utc=utc_stamp(begun.utc),
        run_id=begun.run_id,
        origin="har",
    )


def _without_userinfo(url: str) -> str:
    """A URL without user name and password (RFC 3986 §3.2.1), which are secrets."""
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


_KINDS: tuple[tuple[str, TransportKind, str], ...] = (
    (
        r"unsafe.port|port.access|network port|blocked|csp|mixed.content|inspector|content.?blocker|adblock",
        "browser",
        "blocked",
    ),
    (r"abort|cancel", "browser", "aborted"),
    (r"proxy|tunnel", "proxy", ""),
    (r"name.not.resolved|enotfound|unknown_host|\bdns\b|not resolve|no address|hostname could not be found", "dns", ""),
    (r"refused|connect call failed|(can.?t|could not|cannot) connect|errno 111|winerror 10061", "refused", ""),
    (r"timed.?out|timeout", "timeout", "overall"),
    (r"self.signed(?!.*chain)", "tls", "self-signed"),
    (r"cert.*(authority|in.(certificate.)?chain|local.issuer)|unknown.(issuer|ca\b)", "tls", "unknown-ca"),
    (r"cert.*expired|expired.*cert", "tls", "certificate-expired"),
    (r"ssl|cert|tls|sec_error", "tls", ""),
    (r"disconnected|unreachable|network.changed|offline", "unreachable", ""),
    (r"reset|closed|empty.response|interrupt|epipe|hang up|connection was lost", "reset", ""),
    (r"invalid.http|http2|http3|quic|invalid.response|malformed", "protocol", ""),
)
"""Chromium's `net::ERR_…`, Firefox's `NS_ERROR_…`, the names of Node and Safari, and the words of proxies; the first match counts."""


def failed_exchange(entry: Entry) -> FailedExchange:
    """The entry as a request without an answer."""
    exchange = entry.exchange
    return FailedExchange(exchange.request, fault_of(entry), exchange.timing, exchange.connection)


def fault_of(entry: Entry) -> TransportFault:
    """The reason why the entry has no answer; kind "browser" without a reason if the file does not say."""
    kind, reason = _read(entry.failure)
    library_text = entry.failure
    if reason.startswith(PREFLIGHT):
        reason, _, status = reason.partition(" ")
        library_text = f"OPTIONS {status}"
    if kind == "browser" and not reason and entry.failure and _crosses_origins(entry.exchange):
        reason = "cross-origin"
    host, _, port = origin(entry.url).partition("://")[2].rpartition(":")
    scheme = entry.url.partition("://")[0]
    return TransportFault(
        kind, reason, host, int(port) if port.isdecimal() else default_port(scheme), library_text=library_text
    )


def _read(failure: str) -> tuple[TransportKind, str]:
    words = failure.lower()
    own, _, reason = words.partition(" ")
    for kind in get_args(TransportKind):
        if own == kind:
            return kind, reason
    return next(((kind, reason) for sign, kind, reason in _KINDS if re.search(sign, words)), ("browser", ""))


def _crosses_origins(exchange: Exchange) -> bool:
    """Whether a script from another origin sent the request (Fetch §3.2), so that reading the answer needs the server's permission.

    For a request without an answer, tools often have only the headers that the page set, without `Origin`.
    """
    headers = exchange.request.headers
    asking = header(headers, "origin") or header(headers, "referer") or ""
    by_script = header(headers, "sec-fetch-mode") == "cors" or header(headers, "origin") is not None
    script = by_script or exchange.request.method != "GET" or header(headers, "authorization") is not None
    return script and bool(asking) and origin(asking) != origin(exchange.request.url)
