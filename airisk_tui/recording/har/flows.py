"""Finding OAuth flows among the requests of a HAR.

A flow is the authorization request (known by its parameters), the redirect to its redirect URI, the token request with the
code from that redirect, and the calls with the token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from airisk_tui.oauth.authorization import CODE_NAMES
from airisk_tui.oauth.endpoints import DOCUMENTED, Endpoint
from airisk_tui.oauth.jsontext import read_json
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.token import TOKEN_NAMES
from airisk_tui.oauth.urls import differing_parts
from airisk_tui.recording.errors import RecordingRefused
from airisk_tui.recording.har.entry import Entry
from airisk_tui.recording.har.file import HarFile

MAX_PROBES = 50
"""Calls with the token that are kept: a web application makes hundreds, and the first ones suffice."""


@dataclass(frozen=True, slots=True)
class HarFlow:
    """authorization: the authorization request, or None when the file has the token request only; answer: the entry whose
    response is the redirect; callback: the request to the redirect URI; probes: calls with the token."""

    authorization: Entry | None
    answer: Entry | None
    callback: Entry | None
    token: Entry | None
    probes: tuple[Entry, ...] = ()

    @property
    def params(self) -> Params:
        """The parameters of the authorization request, else those that the token request repeats."""
        if self.authorization is not None:
            return self.authorization.query
        return self.token.fields if self.token is not None else Params()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries of the flow, by time."""
        own = [entry for entry in (self.authorization, self.answer, self.callback, self.token) if entry is not None]
        return tuple(sorted([*own, *self.probes], key=lambda entry: entry.start))

    @property
    def when(self) -> float:
        """Epoch seconds of the first request."""
        return self.entries[0].start

    @property
    def steps(self) -> tuple[str, ...]:
        """The parts of the flow that the file has, so that a person can choose a flow."""
        parts = {
            "authorization request": self.authorization,
            "redirect": self.answer or self.callback,
            "token request": self.token,
        }
        names = [name for name, entry in parts.items() if entry is not None]
        return (*names, f"{len(self.probes)} calls") if self.probes else tuple(names)


def find_flows(har: HarFile) -> tuple[HarFlow, ...]:
    """The OAuth flows in a HAR, by time; raises RecordingRefused when there is none."""
    flows: list[HarFlow] = []
    used: set[int] = set()
    for authorization in _authorizations(har.entries):
        flow = _flow(authorization, har, used)
        used |= {id(entry) for entry in flow.entries}
        flows.append(flow)
    for token in har.entries:
        if id(token) not in used and _is_token_request(token) and code_in(token.fields):
            flows.append(HarFlow(None, None, None, token, _probes(token, har)))
    if not flows:
        raise RecordingRefused(
            f"There is no OAuth flow among the {har.total:,} requests of this HAR: an authorization request has client_id "
            "and redirect_uri in its address, a token request sends a code. Record again from before the log-in."
        )
    return tuple(sorted(flows, key=lambda flow: flow.when))


def _authorizations(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The first request of each flow; log-in pages repeat its parameters in later requests."""
    seen: set[tuple[str | None, ...]] = set()
    for entry in entries:
        query = entry.query
        if not (query.get("client_id") and query.get("redirect_uri")) or code_in(query):
            continue
        key = (query.get("client_id"), query.get("redirect_uri"), query.get("state"), query.get("userid"))
        if query.get("state") is None or key not in seen:
            seen.add(key)
            yield entry


def _flow(authorization: Entry, har: HarFile, used: set[int]) -> HarFlow:
    query = authorization.query
    redirect_uri, state = query.get("redirect_uri") or "", query.get("state")
    later = [e for e in har.entries if e.start >= authorization.start and id(e) not in used]
    answer = next((e for e in later if _redirects(e.location, redirect_uri, state)), None)
    callback = next(
        (e for e in later if e is not authorization and _redirects(e.url, redirect_uri, state, e.fields)), None
    )
    code = (
        code_in(_query(answer.location)) if answer else code_in(callback.query + callback.fields) if callback else None
    )
    token = _token_of(later, code, query.get("client_id"), answer or callback)
    return HarFlow(authorization, answer, callback, token, _probes(token, har) if token else ())


def _redirects(url: str, redirect_uri: str, state: str | None, fields: Params | None = None) -> bool:
    """Whether a URL is this flow's redirect: its redirect URI, with a code or an error, and not with another flow's state."""
    if not url or differing_parts(url, redirect_uri):
        return False
    came = _query(url) + (fields or Params())
    ours = state is None or came.get("state") in (None, state)
    return ours and (bool(code_in(came)) or came.get("error") is not None)


def _token_of(later: list[Entry], code: str | None, client_id: str | None, redirect: Entry | None) -> Entry | None:
    """The token request with this code; where the file hides codes, the next token request of the same client."""
    requests = [entry for entry in later if _is_token_request(entry)]
    exact = next((entry for entry in requests if code and code_in(entry.fields) == code), None)
    if exact is not None or redirect is None:
        return exact
    after = [entry for entry in requests if entry.start >= redirect.start]
    return next((e for e in after if not code_in(e.fields) and e.fields.get("client_id") in (None, client_id)), None)


def _is_token_request(entry: Entry) -> bool:
    if entry.exchange.request.method.upper() != "POST":
        return False
    if entry.fields.get("grant_type") not in (None, "authorization_code"):
        return False
    path = _path(entry.url).lower().rstrip("/")
    return path.endswith("token") or (bool(code_in(entry.fields)) and entry.fields.get("client_id") is not None)


def _probes(token: Entry, har: HarFile) -> tuple[Entry, ...]:
    """The calls with the issued token; in a sanitised file, which has no tokens, the calls to documented endpoints."""
    issued = _issued(token)
    later = [entry for entry in har.entries if entry.start >= token.start and entry is not token]
    found = [entry for entry in later if issued and entry.bearer == issued]
    if not found and har.sanitised:
        found = [entry for entry in later if documented(entry) is not None]
    return tuple(found[:MAX_PROBES])


def _issued(token: Entry) -> str:
    value = read_json(token.exchange.response.body.data).value
    names = TOKEN_NAMES if isinstance(value, dict) else ()
    return next((value[name] for name in names if isinstance(value.get(name), str)), "")


def documented(entry: Entry) -> Endpoint | None:
    """The documented endpoint that was called, if it was one."""
    method, path = entry.exchange.request.method, _path(entry.url)
    return next((known for known in DOCUMENTED if known.method == method and path.endswith(known.path)), None)


def code_in(params: Params) -> str | None:
    """The authorization code, under any name that servers have used."""
    return next((value for name in CODE_NAMES if (value := params.get(name))), None)


def _query(url: str) -> Params:
    return Params.parse(url.partition("#")[0].partition("?")[2])


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
