"""The requests of a snippet: ours, in order, with the values that each one passes to the next; and the comment that says which
variables to set, and where to get their values.

Secrets become environment variables, except those that the snippet gets itself: the code from the redirect (or from the person, if a
browser was used) and the token from the response. A recording may contain hostile text, so all of it is quoted: by `shlex` in bash,
as an ASCII literal in Python, as one visible line in a comment (threats.md S1, F1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import fold
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import AIRISK, Dialect
from airisk_tui.oauth.http import HTTP_NAME, Body, Headers, HttpRequest, content_type, header
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE, outside_references, with_plain_references
from airisk_tui.oauth.secret import SecretView, secrets_named
from airisk_tui.oauth.text.lenient_json import read_members
from airisk_tui.oauth.text.members import leaves
from airisk_tui.oauth.text.visible import decoded, shortened, visible
from airisk_tui.oauth.urls import authority_of, query_of
from airisk_tui.recording.exchanges import LoggedRequest, changed_in, logged_requests, roles, started

_NAME = pattern(HTTP_NAME)
"""A snippet leaves out an invalid method or header name."""

BY_CONNECTION = {"connection", "transfer-encoding"}
"""Headers about another program's connection, which are sent only if a person set them."""

CODE, ACCESS_TOKEN = "AIRISK_CODE", "AIRISK_ACCESS_TOKEN"
VERIFIER, CHALLENGE, COOKIES = "AIRISK_CODE_VERIFIER", "AIRISK_CODE_CHALLENGE", "AIRISK_COOKIES"

VARIABLES = {
    "AIRISK_CLIENT_SECRET": "client_secret",
    "AIRISK_BEARER_TOKEN": "bearer",
    CODE: "code",
    ACCESS_TOKEN: "token",
    VERIFIER: "code_verifier",
    CHALLENGE: "code_challenge",
}
"""The placeholder of an edit for the same value as a variable (`oauth.request.edit`)."""

_MADE = {CHALLENGE: SecretView("00000000c4a11e9e", 43), COOKIES: SecretView("000000000c00c1e5", 0)}
"""References for values that the snippet makes or receives itself, because the recorded ones cannot be used again."""

MEMBERS = pattern(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
"""The name of a token that a snippet can find: a member of a JSON object, or a path to one."""

Place = Literal["query", "json", "plain"]
"""The place of a secret, which decides how its raw value is written."""

Brings = Literal["", "code", "person"]
"""The way in which a request returns the code: in its redirect ("code"), through a person with a browser ("person"), or not at all ("")."""

BEFORE_THE_BROWSER = ("discovery", "push")
"""The steps before the authorization request."""


class Request(Struct, frozen=True):
    """A request that can be repeated. note: a comment of one line; name: the server's name for the code that the request returns;
    members: the secrets in its response, as pairs of variable and JSON path; proves: whether the snippet makes a verifier for it (RFC
    7636 §4); cookies: whether its cookies are sent with the next request; without: headers that a client sends by default, but this
    request does not have."""

    note: str
    step: str
    method: str
    url: str
    headers: Headers
    body: Body
    place: Place
    brings: Brings = ""
    name: str = ""
    members: tuple[tuple[str, str], ...] = ()
    proves: bool = False
    cookies: bool = False
    without: tuple[str, ...] = ()


def variables(events: Sequence[AnyEvent]) -> dict[str, str]:
    """The environment variable for each secret, by fingerprint, such as `AIRISK_ACCESS_TOKEN`."""
    return {fingerprint: f"AIRISK_{role.upper()}" for fingerprint, role in roles(fold(events), events).items()}


class Prepared(NamedTuple):
    """The data for both kinds of snippets. names: all variables by fingerprint; unset: those that the person has to set; comment: the
    lines that say so, and the person's changes of the requests."""

    names: dict[str, str]
    requests: list[Request]
    unset: list[str]
    comment: list[str]


def prepared(events: Sequence[AnyEvent]) -> Prepared:
    """Prepare the requests of a log."""
    names = variables(events) | {view.fingerprint: name for name, view in _MADE.items()}
    requests = requests_of(events, names)
    unset = to_set_before(requests, names)
    return Prepared(names, requests, unset, [*what_to_set(unset, requests, names), *changed_lines(events)])


def requests_of(events: Sequence[AnyEvent], names: dict[str, str]) -> list[Request]:
    """Our requests in order; if a browser sent the authorization request, its URL. names: see `Prepared`."""
    begun = started(events)
    found = list(_as_recorded(events, names))
    dialect = begun.inputs.dialect if begun is not None else AIRISK
    direct = begun is None or begun.inputs.mode == "direct"
    bringing = [
        _with_results(request, set().union(*(variables_in(later, names) for later in found[place:])), dialect, direct)
        for place, request in enumerate(found, start=1)
    ]
    return (
        bringing
        if begun is None
        else _with_own_cookies(_with_own_challenge(bringing, begun.inputs, names), begun.inputs)
    )


def _with_own_challenge(requests: list[Request], inputs: Inputs, names: dict[str, str]) -> list[Request]:
    """The requests with a challenge that the snippet makes, because the recorded one needs the recorded verifier."""
    challenge = inputs.challenge
    if not challenge or not any(VERIFIER in variables_in(request, names) for request in requests):
        return requests
    own = _MADE[CHALLENGE].reference
    return [
        replace(request, url=request.url.replace(challenge, own), proves=True)
        if request.brings and challenge in request.url
        else replace(request, body=Body.of(request.body.data.replace(challenge.encode(), own.encode())), proves=True)
        if request.step == "push" and challenge.encode() in request.body.data
        else request
        for request in requests
    ]


def _with_own_cookies(requests: list[Request], inputs: Inputs) -> list[Request]:
    """The requests with the snippet's own cookies in the token request, if the run carried cookies."""
    brought = [request for request in requests if request.brings == "code"]
    carried = [r for r in requests if r.step == "token-request" and header(r.headers, "cookie") is not None]
    if not inputs.carry_cookies or not brought or not carried:
        return requests
    own = _MADE[COOKIES].reference
    found = []
    for request in requests:
        if request in carried:
            headers = tuple((name, own if name.lower() == "cookie" else value) for name, value in request.headers)
            request = replace(request, headers=headers)
        found.append(replace(request, cookies=True) if request in brought else request)
    return found


def changed_lines(events: Sequence[AnyEvent]) -> list[str]:
    """The person's changes of the requests, one line each for a comment."""
    return [visible(shortened(secrets_named(f"Changed by hand: {edit}"), MAX_COMMENT)) for edit in changed_in(events)]


def variables_in(request: Request, names: dict[str, str]) -> set[str]:
    """The variables in a request."""
    texts = (request.url, *(value for _, value in request.headers), decoded(request.body.data))
    return set().union(*(_variables_named(text, names) for text in texts))


def _variables_named(text: str, names: dict[str, str]) -> set[str]:
    return {names[found[1]] for found in REFERENCE.finditer(text) if found[1] in names}


def to_set_before(requests: Sequence[Request], names: dict[str, str]) -> list[str]:
    """The variables that the person has to set, sorted: all that no request returns. The token is not among them, because the snippet
    asks for it only when it is needed."""
    brought = {CODE for request in requests if request.brings} | {ACCESS_TOKEN}
    brought |= {variable for request in requests for variable, _ in request.members}
    brought |= {VERIFIER, CHALLENGE} if any(request.proves for request in requests) else set()
    brought |= {COOKIES} if any(request.cookies for request in requests) else set()
    return sorted(set().union(*(variables_in(request, names) for request in requests)) - brought)


def _with_results(request: Request, later: set[str], dialect: Dialect, direct: bool) -> Request:
    if request.step == "authorization-request" and CODE in later:
        return replace(request, brings="code" if direct else "person", name=quote(dialect.code, errors="replace"))
    members = tuple(pair for pair in request.members if pair[0] in later)
    if request.step == "token-request" and ACCESS_TOKEN in later and MEMBERS.fullmatch(dialect.token):
        members = tuple({**dict(members), ACCESS_TOKEN: dialect.token}.items())
    return replace(request, members=members)


def _as_recorded(events: Sequence[AnyEvent], names: dict[str, str]) -> Iterator[Request]:
    begun, used = started(events), fold(events).inputs
    browser = used if begun is not None and used is not None and used.mode not in ("direct", "device") else None
    changed = begun is not None and bool(begun.inputs.edits)
    number = 1
    for step in (*(one for one in logged_requests(events) if one.ours), None):
        if browser is not None and (step is None or step.name not in BEFORE_THE_BROWSER):
            yield _in_browser(number, browser)
            browser, number = None, number + 1
        if step is not None and _NAME.fullmatch(step.request.method):
            request = _sendable(step, _note(number, step), changed=changed)
            yield replace(request, members=tuple(_members(step, names)))
            number += 1


def _in_browser(number: int, inputs: Inputs) -> Request:
    note = f"{number}. authorization-request; the run opened this address in a browser"
    url = _safe_url(inputs.authorization_url)
    return Request(note, "authorization-request", "GET", url, (), Body(), "query")


def _members(step: LoggedRequest, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The secrets in a response, as pairs of variable and path."""
    document = read_members(step.response.body.data) if step.response is not None else {}
    for path, text in leaves(document) if document else ():
        found = REFERENCE.fullmatch(text)
        if found is not None and found[1] in names and MEMBERS.fullmatch(path):
            yield names[found[1]], path


def _note(number: int, step: LoggedRequest) -> str:
    came = f"answered {step.response.status}" if step.response else "no answer came"
    return visible(shortened(secrets_named(f"{number}. {step.title}; {came} in the recording"), MAX_COMMENT))


def _sendable(step: LoggedRequest, note: str, *, changed: bool) -> Request:
    """The request with only the headers that matter. changed: whether a person edited requests of the run, in which case every header
    is kept."""
    request: HttpRequest = step.request
    headers = tuple(
        (name, _one_line(value))
        for name, value in request.headers
        if _NAME.fullmatch(name)
        and not _is_computed(name, value, request)
        and (changed or name.lower() not in BY_CONNECTION)
    )
    media = content_type(request.headers).lower()
    place: Place = "query" if "urlencoded" in media else "json" if "json" in media else "plain"
    whole = changed or header(request.headers, "host") is not None
    sent = ("User-Agent", "Accept", *(("Content-Type",) if request.body.data else ())) if whole else ()
    without = tuple(name for name in sent if header(request.headers, name) is None)
    url = _safe_url(request.url)
    return Request(note, step.name, request.method, url, headers, request.body, place, without=without)


def _is_computed(name: str, value: str, request: HttpRequest) -> bool:
    """Whether a header has the value that any client computes: the host of the address, the length of the body."""
    computed = {"host": authority_of(request.url), "content-length": str(request.body.size)}
    return computed.get(name.lower()) == value


def _one_line(text: str) -> str:
    return outside_references(text, lambda part: "".join(c if c.isprintable() else " " for c in part))


def _safe_url(url: str) -> str:
    """The URL with every character percent-encoded that a URL cannot contain (RFC 3986 §2)."""
    return outside_references(url, lambda part: quote(part, safe="%:/?#[]@!$&'()*+,;=~", errors="replace"))


def split(text: str, names: dict[str, str]) -> Iterator[tuple[str, str | None]]:
    """The text as pairs of a literal and the variable that follows it; references to unknown secrets stay literal."""
    end = 0
    for found in REFERENCE.finditer(text):
        if found[1] in names:
            yield with_plain_references(text[end : found.start()]), names[found[1]]
            end = found.end()
    yield with_plain_references(text[end:]), None


MAX_COMMENT = 160
"""Characters of a comment."""

MAX_NAME = 60
"""Characters of a name that comes from a server or a recording."""

WHERE = {
    "AIRISK_CLIENT_SECRET": "the client secret, as the application's registration has it",
    "AIRISK_BEARER_TOKEN": "a generic token: airisk-tui run --print access-token, without --userid",
    CODE: "a fresh code: the authorization that this recording does not hold brings one, and each works once",
    VERIFIER: "the verifier whose challenge the authorization request carried, which this recording does not hold",
}


def what_to_set(unset: Sequence[str], requests: Sequence[Request], names: dict[str, str]) -> list[str]:
    """The lines of the comment, each fit to be shown."""
    if not unset:
        return ["Nothing has to be set before."]
    wide = max(map(len, unset))
    return [
        "Set before:",
        *(f"  {name:{wide}}  {WHERE.get(name) or _where_it_was_sent(name, requests, names)}" for name in unset),
    ]


def _where_it_was_sent(name: str, requests: Sequence[Request], names: dict[str, str]) -> str:
    """The place in which a secret of unknown role was sent, in words."""
    for number, request in enumerate(requests, start=1):
        if name in variables_in(request, names):
            place = next((label for label, text in _places(request) if name in _variables_named(text, names)), "")
            return f"what was sent as {place} of request {number}" if place else f"what was sent in request {number}"
    return "what the recording has sealed"


def _places(request: Request) -> Iterator[tuple[str, str]]:
    yield from ((_label("the header", name), value) for name, value in request.headers)
    yield from ((_label("the parameter", name), value) for name, value in Params.parse(query_of(request.url)))
    if request.place == "query":
        yield from ((_label("the field", name), value) for name, value in Params.parse(decoded(request.body.data)))


def _label(kind: str, name: str) -> str:
    return f"{kind} {visible(shortened(secrets_named(name), MAX_NAME))}"
