"""Finding OAuth flows among the requests of a HAR.

A flow consists of the authorization request (recognised by its parameters), the redirect to its redirect URI, the token request with
the code from that redirect, later answers of the token endpoint, and the calls with the token. If the server sends the browser to
another provider to log in, the requests there are steps of the flow, not a flow of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.events import Omission
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.endpoints import Endpoint, documented_at
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.answer.token import TOKEN_NAMES
from airisk_tui.oauth.http import header
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import CODE_NAMES
from airisk_tui.oauth.text.characters import is_redacted
from airisk_tui.oauth.text.lenient_json import read_members
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.oauth.urls import differing_parts, path_of, query_of, resolve_location, same_origin
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.har.entry import MAX_SEARCHED, Entry
from airisk_tui.recording.har.file import HarFile

MAX_PROBES = 50
"""The most calls with the token that are kept: a web application makes hundreds, of which the first and the refused ones suffice."""

_LOGOUT = pattern(r"log-?_?out|sign-?_?out|end-?_?session", re.IGNORECASE)


class HarFlow(Struct, frozen=True):
    """An OAuth flow in a HAR. authorization: the authorization request, or None if the file only has the token request; answer: the
    entry whose response is the redirect; callback: the request to the redirect URI; upgrade: the browser's own redirect from there to
    https; token: the token request; repeated: later token requests with the same code; refreshes: requests with a refresh token;
    probes: calls with the token; omissions: data that the file leaves out or masks; circle: an address that redirected the browser to
    the same place twice, and refused: the last form that was sent, and refused, if the flow got no further; kept_back: the page whose
    form led to the answer, but whose policy forbids forms to lead to the redirect URI; no_frames: the header by which the login page
    forbids the frame that it was asked for in."""

    authorization: Entry | None
    answer: Entry | None
    callback: Entry | None
    token: Entry | None
    probes: tuple[Entry, ...] = ()
    repeated: tuple[Entry, ...] = ()
    refreshes: tuple[Entry, ...] = ()
    upgrade: Entry | None = None
    omissions: tuple[Omission, ...] = ()
    circle: str = ""
    refused: Entry | None = None
    kept_back: Entry | None = None
    no_frames: str = ""

    @property
    def params(self) -> Params:
        """The parameters of the authorization request, or else those that the token request repeats."""
        if self.authorization is not None:
            return self.authorization.query
        return self.token.fields if self.token is not None else Params()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries of the flow, by time."""
        own = [entry for entry in (self.authorization, self.answer, self.callback, self.token) if entry is not None]
        return tuple(sorted([*own, *self.repeated, *self.refreshes, *self.probes], key=lambda entry: entry.start))

    @property
    def when(self) -> float:
        """Epoch seconds of the first request."""
        return self.entries[0].start

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the flow's steps in the file, by which a person chooses a flow."""
        parts = {
            "authorization request": self.authorization,
            "redirect": self.answer or self.callback,
            "token request": self.token,
        }
        names = [name for name, entry in parts.items() if entry is not None]
        calls = len(self.probes)
        return (*names, f"{calls} call{'s' * (calls > 1)}") if calls else tuple(names)


def find_flows(har: HarFile) -> tuple[HarFlow, ...]:
    """The OAuth flows in a HAR, by time. Raises RecordingRefused if there is none."""
    sent = tuple(entry for entry in _sent_once(har.entries) if not entry.of_the_browser)
    entries = tuple(_with_body(_with_preflight(entry, sent)) for entry in sent)
    flows: list[HarFlow] = []
    used: set[int] = set()
    seen: set[tuple[str | None, ...]] = set()
    starts = list(filter(_is_authorization, entries))
    for authorization in [one for one in starts if not one.ahead] or starts:
        key = _key(authorization)
        if id(authorization) in used or (authorization.query.get("state") is not None and key in seen):
            continue
        seen.add(key)
        flow = _flow(authorization, har, [e for e in entries if id(e) not in used])
        used |= {id(entry) for entry in (*flow.entries, *_steps_of(flow, entries))}
        flows.append(flow)
    exchanged = {code_in(flow.token.fields) for flow in flows if flow.token is not None}
    for token in entries:
        code = code_in(token.fields)
        if id(token) in used or code is None or code in exchanged or not _is_token_request(token):
            continue
        exchanged.add(code)
        same = [entry for entry in entries if _is_token_request(entry) and code_in(entry.fields) == code]
        flow = _with_calls(_with_tokens(HarFlow(None, None, None, None), same), har, entries)
        used |= {id(entry) for entry in flow.entries}
        flows.append(flow)
    flows += [_flow(entry, har, list(entries)) for entry in entries if _was_meant_to_authorize(entry)][: not flows]
    if not flows:
        grants = sorted({grant.rpartition(":")[2] for e in entries if (grant := e.fields.get("grant_type"))})
        others = f" Its token requests have no code, but are of another grant ({', '.join(grants)})." if grants else ""
        if any(entry.query.get("SAMLRequest") or entry.fields.get("SAMLRequest") for entry in entries):
            others += " Its log-in is one of SAML 2.0 (SAMLRequest), perhaps one on the way of an OAuth flow that began before."
        led = (entry for entry in entries if _by_script(entry) and _LOGIN.search(path_of(_target(entry))))
        if call := next(led, None):
            asked, came = (visible(shortened(path_of(url))) for url in (call.url, _target(call)))
            others += (
                f" A script's call of {asked} was redirected to {came}: a browser shows a script no log-in (CORS)."
            )
        raise RecordingRefused(
            f"There is no OAuth flow among the {har.total:,} requests of this HAR: an authorization request has client_id "
            f"and redirect_uri in its address, a token request sends a code.{others} Record again from before the log-in."
        )
    ordered = sorted(flows, key=lambda flow: flow.when)
    return tuple(
        replace(_ended(flow, entries), omissions=tuple(_omissions(flow, har)), no_frames=_no_frames(flow, entries))
        for flow in ordered
    )


_LOGIN = pattern(r"log-?_?in|sign-?_?in|/auth", re.IGNORECASE)


def _by_script(entry: Entry) -> bool:
    sent = entry.exchange.request.headers
    return header(sent, "sec-fetch-mode") == "cors" or header(sent, "x-requested-with") == "XMLHttpRequest"


def _ended(flow: HarFlow, entries: tuple[Entry, ...]) -> HarFlow:
    """The flow with what ended it during the login."""
    if flow.authorization is None or flow.callback is not None or flow.token is not None:
        return flow
    ours, later = flow.authorization.url, [one for one in entries if one.start > flow.when]
    ways = ((one.url.partition("?")[0], one.location.partition("?")[0]) for one in later if one.location)
    times = Counter(way for way in ways if path_of(way[0]) != path_of(ours))
    circle = next((url for (url, _), count in times.items() if count > 1), "")
    led_to = [ours, *(resolve_location(one.location, one.url) for one in (flow.authorization, *later) if one.location)]
    forms = [one for one in later if one.is_form and any(same_origin(one.url, url) for url in led_to)]
    last = forms[-1] if forms and flow.answer is None and forms[-1].status >= 400 else None
    return replace(flow, circle=circle, refused=last)


def _no_frames(flow: HarFlow, entries: tuple[Entry, ...]) -> str:
    """The header by which the page at the end of the authorization request's redirects forbids a frame of the page that asked (RFC
    7034; Content Security Policy Level 3, `frame-ancestors`, which takes precedence); "" without one."""
    page = flow.authorization
    if page is None or header(page.exchange.request.headers, "sec-fetch-dest") not in FRAMES:
        return ""
    around = header(page.exchange.request.headers, "referer") or ""
    for _ in range(MAX_REDIRECTS):
        led = (e for e in entries if e.url == _target(page) and e.start >= page.start)
        page = next(led, page)
    allowed, told = _policy(page, "frame-ancestors"), header(page.exchange.response.headers, "x-frame-options") or ""
    own = same_origin(page.url, around)
    if allowed:
        admitted = ("'self'" in allowed and own) or any(word in around or word == "*" for word in allowed)
        return "" if admitted else f"Content-Security-Policy: frame-ancestors {' '.join(allowed)}"
    forbids = told.lower() == "deny" or (told.lower() == "sameorigin" and bool(around) and not own)
    return f"X-Frame-Options: {told}" if forbids else ""


FRAMES = ("iframe", "frame", "embed", "object")
"""Values of `Sec-Fetch-Dest` for what a page shows inside itself (Fetch Metadata)."""
MAX_REDIRECTS = 20
"""As browsers have it."""


def _sent_once(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """The entries without the duplicates of a service worker: a request that passes through a worker is written twice (Playwright
    names the worker, Chromium's panel marks the page's entry)."""
    for entry in entries:
        within = (other for other in entries if other is not entry and other.start <= entry.start <= other.end)
        same = (other for other in within if (other.method, other.url) == (entry.method, entry.url))
        if not any((entry.of_a_worker or other.through_a_worker) and not other.of_a_worker for other in same):
            yield entry


def _is_authorization(entry: Entry) -> bool:
    """Whether it is an authorization request (RFC 6749 §4.1.1), and not a logout, which also has a redirect URI."""
    query = entry.query
    # The redirect URI of a pushed or signed request is elsewhere (RFC 9126 §4, RFC 9101 §5).
    told = any(query.get(name) for name in ("redirect_uri", "request_uri", "request"))
    named = bool(query.get("client_id")) and told and not code_in(query)
    return named and entry.method in ("GET", "POST") and not _LOGOUT.search(path_of(entry.url))


_TYPES = frozenset({"code", "token", "id_token"})
"""The words of a response_type (OAuth 2.0 Multiple Response Types §3, §5)."""
_OF_STEP_ONE = frozenset({"client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge"})


def _was_meant_to_authorize(entry: Entry) -> bool:
    """Whether it was meant as an authorization request, which a browser never sent as such: a value is empty or not there, the
    parameters stand behind "#" or are joined by "&amp;", or it is the preflight of a script's call."""
    query, fragment = entry.query, Params.parse(entry.url.partition("#")[2])
    given = {name.removeprefix("amp;"): value for name, value in query + fragment}
    names = _OF_STEP_ONE & given.keys()
    known = {"client_id", "redirect_uri"} <= names or _TYPES & set(given.get("response_type", "").split())
    sent = entry.method in ("GET", "POST", "OPTIONS") and not code_in(query) and query.get("error") is None
    return sent and bool(known) and len(names) > 1 and not _LOGOUT.search(path_of(entry.url))


def _with_body(entry: Entry) -> Entry:
    """The entry; where it is an authorization request by POST (OpenID Connect Core §3.1.2.1), with its fields as parameters."""
    fields = entry.fields
    of_login = fields.get("grant_type") or any("pass" in name.lower() for name, _ in fields)
    asks = entry.method == "POST" and fields.get("response_type") and not of_login
    return replace(entry, query=entry.query + fields) if asks else entry


def _key(authorization: Entry) -> tuple[str | None, ...]:
    """The parameters that the pages of one login repeat in their addresses."""
    return tuple(authorization.query.get(name) for name in ("client_id", "redirect_uri", "state", "userid"))


def _steps_of(flow: HarFlow, entries: Iterable[Entry]) -> Iterator[Entry]:
    """The authorization requests that are steps of this flow: repetitions by its login pages, or requests to a provider to which the
    server sends the browser to log in, and which redirects back to the server."""
    first, last = flow.authorization, flow.answer or flow.callback
    if first is None:
        return
    led_to = {resolve_location(first.location, first.url)} if first.location else set()
    for entry in entries:
        if entry.start < first.start or (last is not None and entry.start > last.start):
            continue
        on_the_way = entry.url in led_to
        if on_the_way and entry.location:
            led_to.add(resolve_location(entry.location, entry.url))
        if not _is_authorization(entry):
            continue
        repeated = last is not None and _key(entry) == _key(first)
        if on_the_way or repeated or _leads_back(entry, first):
            yield entry


def _leads_back(entry: Entry, first: Entry) -> bool:
    """Whether an authorization request is the server's own, to log the person in at another provider that redirects back to it."""
    other = entry.query.get("client_id") != first.query.get("client_id")
    return other and same_origin(entry.query.get("redirect_uri") or "", first.url)


def _flow(authorization: Entry, har: HarFile, entries: list[Entry]) -> HarFlow:
    later = [e for e in entries if e.start >= authorization.start]
    if not authorization.query.get("redirect_uri"):
        led = ((_target(e), _answer_in(_target(e))) for e in later)
        answers = (url for url, one in led if code_in(one) or one.get("error") or one.get("access_token"))
        went = Params((("redirect_uri", next(answers, "").partition("?")[0]),))
        name = authorization.query.get("request_uri")
        pushed = (e.fields for e in har.entries if name and name in e.exchange.response.body.data.decode("latin-1"))
        authorization = replace(authorization, query=authorization.query + next(pushed, went))
    query = authorization.query
    redirect_uri, state = query.get("redirect_uri") or "", query.get("state")
    after = [e for e in later if e is not authorization]
    answer = next((e for e in later if _is_redirect(_target(e), redirect_uri, state)), None)
    callback = next((e for e in after if _is_redirect(e.url, redirect_uri, state, e.fields)), None)
    if answer is None and callback is None:
        # There is no redirect to this redirect URI, but perhaps one to another, which a finding explains.
        answer = next((e for e in later if _is_answer_elsewhere(_answer_in(_target(e)), state)), None)
        answer = answer or next(
            (e for e in after if e.url == _target(authorization) and _FAILED.search(path_of(e.url))), None
        )
    upgrade = next((e for e in har.entries if e.of_the_browser and _is_redirect(e.url, redirect_uri, state)), None)
    if upgrade is None and callback is None and answer is not None and redirect_uri.startswith("http:"):
        by_https = (e for e in after if not e.status and e.url.startswith("https:"))
        upgrade = next((e for e in by_https if _target(answer) == f"http:{e.url.removeprefix('https:')}"), None)
    came = _answer_in(_target(answer)) if answer else callback.query + callback.fields if callback else Params()
    flow = HarFlow(authorization, answer, callback, None, upgrade=upgrade)
    if answer is not None and callback is None and answer.method == "POST":
        pages = [e for e in later if e.start <= answer.start and e is not answer and form_action(e)]
        allowed = form_action(pages[-1]) if pages else ("",)
        itself = "'self'" in allowed and same_origin(pages[-1].url, redirect_uri)
        forbids = not itself and not any(word in redirect_uri for word in allowed)
        flow = replace(flow, kept_back=pages[-1] if forbids else None)
    passed = (e for e in after if e.status >= 400 and (_passes_on(e, came) or _led_on(e, came, callback, redirect_uri)))
    told = next(passed, None)
    if callback is not None and callback.status < 400 and told is not None:
        flow = replace(flow, callback=told)  # the page at the redirect URI hands the code to its own server
    # A code that another provider sends to its own redirect URI does not belong to this one.
    urls = [url for e in har.entries for url in (e.url, _target(e)) if _is_redirect(url, redirect_uri, None)]
    codes = {None, *(code_in(_answer_in(url)) for url in urls)}
    tokens = _tokens_of(later, code_in(came), query, answer or callback or upgrade, codes)
    return _with_calls(_with_tokens(flow, tokens), har, entries)


_FAILED = pattern(r"error|denied|fail", re.IGNORECASE)
"""Words in the path of a server's error page."""


def _passes_on(entry: Entry, came: Params) -> bool:
    """Whether a request other than a token request sends the received code."""
    code = code_in(entry.fields) if entry.method == "POST" and not _is_token_request(entry) else None
    return code is not None and code == code_in(came)


def _led_on(entry: Entry, came: Params, callback: Entry | None, redirect_uri: str) -> bool:
    """Whether the redirect URI led the browser here with the code in the path, or to itself without the code."""
    code = code_in(came)
    if callback is None or code is None or entry.url != _target(callback):
        return False
    return code in path_of(entry.url) or (not differing_parts(entry.url, redirect_uri) and code_in(entry.query) is None)


def _with_tokens(flow: HarFlow, tokens: list[Entry]) -> HarFlow:
    """The flow with its token request: the one that returned a token, or else that succeeded, or else the first; and those after it.
    A browser repeats a request whose connection broke, and writes both."""
    if not tokens:
        return flow
    good = [one for one in tokens if one.exchange.response.succeeded]
    chosen = next((one for one in good if _token_in(one)), next(iter(good), tokens[0]))
    repeated = tuple(one for one in tokens if one is not chosen and one.start >= chosen.start)
    return replace(flow, token=chosen, repeated=repeated)


def form_action(page: Entry) -> tuple[str, ...]:
    """The allowed targets of a page's forms, and of the redirects that answer them (Content Security Policy Level 3, `form-action`);
    empty if the policy does not restrict them."""
    words = _policy(page, "form-action")
    return () if {"*", "http:", "https:"} & set(words) else tuple(word.rstrip("/*") for word in words)


def _policy(page: Entry, directive: str) -> tuple[str, ...]:
    """The words of a directive of the page's Content-Security-Policy."""
    policy = header(page.exchange.response.headers, "content-security-policy") or ""
    return next((tuple(words[1:]) for one in policy.split(";") if (words := one.split())[:1] == [directive]), ())


def _target(entry: Entry) -> str:
    return resolve_location(entry.location, entry.url) if entry.location else ""


def _is_redirect(url: str, redirect_uri: str, state: str | None, fields: Params | None = None) -> bool:
    """Whether a URL is this flow's redirect: its redirect URI with a code or an error, and without another flow's state."""
    if not url or differing_parts(url, redirect_uri):
        return False
    # response_mode=form_post sends the code in a body (OAuth 2.0 Form Post Response Mode §2).
    came = _answer_in(url) + (fields or Params())
    back = came.get("state")
    ours = state is None or back in (None, state) or is_redacted(back or "") or is_redacted(state)
    return ours and (bool(code_in(came)) or came.get("error") is not None)


def _is_answer_elsewhere(came: Params, state: str | None) -> bool:
    """Whether these parameters answer this flow at a place other than its redirect URI: they have its state."""
    return bool(state) and came.get("state") == state and bool(code_in(came) or came.get("error"))


def _tokens_of(
    later: list[Entry], code: str | None, asked: Params, redirect: Entry | None, codes: set[str | None]
) -> list[Entry]:
    """The token requests with this code. If the file masks codes, the next token request of the same client; if the client altered
    the code, the next one with a code from no redirect. asked: the parameters of the authorization request."""
    requests = [entry for entry in later if _is_token_request(entry)]
    exact = [entry for entry in requests if code and code_in(entry.fields) == code]
    if exact or redirect is None:
        return exact
    after = [e for e in requests if e.start >= redirect.start and _of_client(e, asked.get("client_id"))]
    hidden = [entry for entry in after if _code_hidden(entry, code)]
    kept_back = [
        _kept_back(one, one) for one in later if not requests and _forbidden(one, "POST") and _is_of_tokens(one)
    ]
    altered = [
        e for e in after if code_in(e.fields) not in codes and e.fields.get("redirect_uri") == asked.get("redirect_uri")
    ]
    return (hidden or altered or kept_back)[:1]


PREFLIGHT = "preflight"
"""Of a request that the browser did not send, since the server refused its preflight: the reason, before the preflight's status."""


def _with_preflight(entry: Entry, entries: tuple[Entry, ...]) -> Entry:
    """The entry; where it has no answer, and the server refused its preflight, with that as the reason."""
    if entry.status or entry.method == "OPTIONS":
        return entry
    asked = (e for e in entries if e.url == entry.url and e.start <= entry.end and _forbidden(e, entry.method))
    refused = next(asked, None)
    return entry if refused is None else _kept_back(entry, refused)


def _kept_back(entry: Entry, preflight: Entry) -> Entry:
    return replace(entry, failure=f"browser {PREFLIGHT} {preflight.status}")


def _forbidden(entry: Entry, method: str) -> bool:
    """Whether it is a refused preflight for a request with this method (Fetch, “CORS-preflight fetch”), after which the browser does
    not send that request."""
    told = entry.exchange.response
    asks = header(entry.exchange.request.headers, "access-control-request-method") == method
    refused = told.status >= 300 or (bool(told.headers) and header(told.headers, "access-control-allow-origin") is None)
    return entry.method == "OPTIONS" and asks and bool(told.status) and refused


def _is_of_tokens(entry: Entry) -> bool:
    return path_of(entry.url).lower().rstrip("/").endswith("token")


def _code_hidden(token: Entry, code: str | None) -> bool:
    sent = code_in(token.fields)
    return not sent or is_redacted(sent) or is_redacted(code or "")


def _of_client(token: Entry, client_id: str | None) -> bool:
    sent = token.fields.get("client_id")
    return sent in (None, client_id) or is_redacted(sent or "") or is_redacted(client_id or "")


def _is_token_request(entry: Entry) -> bool:
    by_get = entry.method == "GET" and entry.fields.get("grant_type") == "authorization_code"
    if not by_get and (
        entry.method != "POST" or entry.fields.get("grant_type") not in (None, "", "authorization_code")
    ):
        return False
    path = path_of(entry.url).lower().rstrip("/")
    # Applications also send the code to their own backend, at any path; with a client_id it is a token request.
    return path.endswith("token") or (bool(code_in(entry.fields)) and entry.fields.get("client_id") is not None)


def _with_calls(flow: HarFlow, har: HarFile, entries: Iterable[Entry]) -> HarFlow:
    """The flow with its refreshes and its calls."""
    token = flow.token
    if token is None:
        return flow
    own = {id(token), *map(id, flow.repeated)}
    later = [e for e in entries if e.start >= token.start and id(e) not in own]
    others = [e for e in later if _is_token_request(e) and code_in(e.fields) != code_in(token.fields)]
    until = min((e.start for e in others if e.url == token.url), default=inf)
    refreshes = _refreshes(token, later, until)
    # A preflight never has credentials (Fetch, “CORS-preflight fetch”).
    calls = [e for e in later if not _is_refresh(e) and e.method != "OPTIONS"]
    known = {issued for issued in map(_token_in, (token, *refreshes)) if issued}
    of_others = set(map(_token_in, others))
    found = [e for e in calls if e.bearer and e.bearer not in of_others and _belongs(e, known, token, until)]
    if not found and har.no_credentials:
        found = [e for e in calls if documented(e) is not None]
    return replace(flow, refreshes=refreshes, probes=_limited(found))


def _is_refresh(entry: Entry) -> bool:
    """Whether it is a refresh (RFC 6749 §6)."""
    return entry.method == "POST" and entry.fields.get("grant_type") == "refresh_token"


def _refreshes(token: Entry, later: list[Entry], until: float) -> tuple[Entry, ...]:
    """The refreshes of this flow: with a refresh token that it received; before the next login at the same endpoint also those that
    were refused with another refresh token, or whose refresh token the file masks."""
    held, found = {_token_in(token, ("refresh_token",))}, []
    for entry in (e for e in later if _is_refresh(e) and e.url == token.url):
        sent = entry.fields.get("refresh_token") or ""
        if sent in held or (entry.start < until and (entry.status >= 400 or held == {""} or is_redacted(sent))):
            found.append(entry)
            held.add(_token_in(entry, ("refresh_token",)))
    return tuple(found)


def _belongs(call: Entry, known: set[str], token: Entry, until: float) -> bool:
    """Whether a call belongs to the flow: it has the flow's token; or it comes before the next login at the same endpoint (`until`,
    epoch seconds), and the file does not show the issued token, or the same server refused the call because of another token."""
    if call.bearer in known:
        return True
    here = same_origin(call.url, token.url) and call.start < until
    refused = call.status in (401, 403) or (call.status == 400 and read_error(call.exchange.response).form == "oauth")
    return here and (not known or refused)


def _limited(calls: list[Entry]) -> tuple[Entry, ...]:
    """At most MAX_PROBES of the calls, preferably refused ones, by time."""
    wanted = sorted(calls, key=lambda call: (200 <= call.status < 400, call.start))[: MAX_PROBES // 2]
    taken = set(map(id, wanted))
    rest = [call for call in calls if id(call) not in taken][: MAX_PROBES - len(wanted)]
    return tuple(sorted([*wanted, *rest], key=lambda call: call.start))


def _token_in(token: Entry, wanted: tuple[str, ...] = TOKEN_NAMES) -> str:
    """The token in an entry's response, or ""."""
    members = read_members(token.exchange.response.body.data)
    return next((members[name] for name in wanted if isinstance(members.get(name), str)), "")


def _omissions(flow: HarFlow, har: HarFile) -> Iterator[Omission]:
    """The data of this flow that the file leaves out or masks, judged by its values and not by the program that wrote it."""
    if har.cut:
        yield "cut"
    if any(not call.bearer and call.exchange.response.succeeded for call in flow.probes):
        yield "credentials"
    if any(entry.redacted or any(map(is_redacted, _values(entry))) for entry in flow.entries):
        yield "redacted"
    if any(entry.unnamed_base64 for entry in flow.entries):
        yield "base64"
    if flow.token is not None and flow.token.exchange.request.body.cut == "not-recorded":
        yield "request-body"
    if any(entry is not None and entry.apart for entry in (flow.token, *flow.refreshes)):
        yield "apart"
    if any(entry.no_scheme for entry in flow.entries):
        yield "scheme"


def _values(entry: Entry) -> Iterator[str]:
    """The values of an entry that a sanitiser may replace."""
    for params in (entry.query, entry.fields, _answer_in(entry.location)):
        yield from (value for _, value in params)
    sent, came = entry.exchange.request.headers, entry.exchange.response.headers
    for name, value in (*sent, *came):
        if name.lower() in _SECRET_HEADERS:
            yield from (value, value.partition(" ")[2], value.partition("=")[2].partition(";")[0])
    document = read_members(entry.exchange.response.body.data[:MAX_SEARCHED])
    yield from (value for value in document.values() if isinstance(value, str))


_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "location"})


def documented(entry: Entry) -> Endpoint | None:
    """The documented endpoint that was called, or None."""
    return documented_at(entry.method, path_of(entry.url))


def code_in(params: Params) -> str | None:
    """The authorization code, under any name that servers use."""
    return next((value for name in CODE_NAMES if (value := params.get(name))), None)


def _answer_in(url: str) -> Params:
    """The parameters of a redirect, in its query or, for a browser application, in its fragment."""
    return Params.parse(query_of(url)) + Params.parse(url.partition("#")[2])
