"""Which part of the application's registration the authorization request does not fit (protocol.md, step 1, outcomes).

AIRisk answers an unknown client, redirect URI or user id with the same bare 401, so the rules reason from what is registered,
as far as it is known, and from what changed since a run that got further."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import (
    client_left_open,
    either_blamed,
    misses,
    refusal_text,
    spelled_by_them,
    wants_https,
    without,
)
from airisk_tui.insight.reading.reasons import of_the_browser, says_more
from airisk_tui.insight.reading.run import (
    BARE_WORDS,
    NO_WORDS,
    authorization_unanswered,
    json_object,
    quoted_refusal,
    reached_code,
    signed,
    trace,
)
from airisk_tui.insight.rule import Match, Possible, RuleSet
from airisk_tui.insight.rules.authorization import (
    OF_THE_HOST,
    OTHER_THAN_REGISTERED,
    REGISTERED,
    UNKNOWN_OR_REFUSED,
    as_written,
    blaming,
    carried,
    exchange,
    name_of,
    of_a_variable,
    of_its_host,
    own_values,
)
from airisk_tui.insight.words.difference import closest, uri_difference
from airisk_tui.insight.words.quoting import listed, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.answer.server_error import read_error, refuses
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.request.mistakes import check_redirect_uri, is_placeholder
from airisk_tui.oauth.text.characters import is_mark
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.visible import visible_sealed
from airisk_tui.oauth.urls import host_of, split_url

UNKNOWN = frozenset({400, 401, 403})
"""Statuses of servers that do not know a client, a URI or a user."""

GATEWAY_SCHEMES = ("basic", "digest", "ntlm", "negotiate")
"""RFC 9110 §11: what a gateway asks of a browser, and no AIRisk server does at this endpoint."""

UNLIKE = "None of the registered redirect URIs resembles it."
"""The cause where there is no difference to point at."""

CLOSEST = ("sent", "closest")
"""The names of a value that was sent and of the one that it was meant to be, most likely."""


def refused(context: Context) -> bool:
    """Needs: the authorization endpoint refused, in words that are AIRisk's and not a gateway's, or in words that name a
    parameter of the request."""
    if not authorization_unanswered(context):
        return False
    response = exchange(context).response
    told = response.status >= 400 or refuses(json_object(response) or {})
    return _own(response) or (told and bool(named(context) or either_blamed(_words(context), own_values(context))))


def _own(response: HttpResponse) -> bool:
    """Whether the server itself may have refused a client that it does not know: in a form of OAuth or of AIRisk (RFC 9457), or
    without any words. Other words that name no parameter come from something else."""
    scheme = (header(response.headers, "www-authenticate") or "").strip().lower()
    if response.status not in UNKNOWN or is_web_page(response) or scheme.startswith(GATEWAY_SCHEMES):
        return False
    form = read_error(response).form
    silent = not says_more(response) and response.status != 403
    return (form in ("oauth", "problem") or silent) and of_the_browser(refusal_text(response)) is None


def _words(context: Context) -> str:
    return refusal_text(exchange(context).response)


def _misses(context: Context, name: str) -> bool:
    """Whether the server's words say that a parameter did not arrive."""
    return misses(without(_words(context), own_values(context)), name)


def named(context: Context) -> str:
    """The parameter of the request that the server's words blame, as RFC 6749 or AIRisk spells it, or ""."""
    return name_of(context, _words(context))


def matched(context: Context, *evidence: Evidence, **values: str) -> Match:
    """A match with the values that all rules here need, and the answer as the last evidence."""
    response = exchange(context).response
    error, own = read_error(response), quoted_refusal(response)
    answer = Evidence("The answer", f"{response.status}, {own}", Pointer("authorization-request", "response"))
    return Match({"status": str(response.status), "words": own, "trace": trace(error), **values}, (*evidence, answer))


class Proposal(Struct, frozen=True):
    """A value to set in place of one that the deployment does not have. alike: whether that value is a misspelling of it;
    where it resembles none, the evidence lists those that the deployment has."""

    value: str
    alike: bool
    evidence: Evidence


def proposal(label: str, name: str, sent: str, there: Sequence[str], otherwise: str) -> Proposal:
    """The closest of what is there, or `otherwise`. name: of the parameter."""
    place, near = Pointer("authorization-request", "parameter", name), closest(sent, there)
    if near is None:
        return Proposal(otherwise, False, Evidence(f"{label}s that are known", listed(there), place))
    return Proposal(near, True, pair(f"{label}, and the closest there is", sent, near, place, CLOSEST))


def unregistered(context: Context) -> Proposal | None:
    """The registered redirect URI to use, when it is known that ours is not among them: where it resembles none, the first
    that a listener on this machine can hear."""
    there = context.registered
    if not there or context.inputs.redirect_uri in there:
        return None
    heard = next((uri for uri in there if (parts := split_url(uri)) and is_loopback(parts.hostname or "")), there[0])
    return proposal("Redirect URI", "redirect_uri", context.inputs.redirect_uri, there, heard)


def user(context: Context) -> tuple[str, ...]:
    """A run with another user id only proves something about this one when this one has none."""
    return ("userid",) if context.inputs.userid else ()


def worked_before(context: Context, *same: str) -> FlowState | None:
    """The latest run against this deployment that got a code with the same inputs of these names."""
    names = ("base_url", *same)
    runs = (run for run in reversed(context.earlier) if reached_code(run))
    alike = (run for run in runs if all(getattr(run.inputs, name) == getattr(context.inputs, name) for name in names))
    return next(alike, None)


def client_known(context: Context) -> bool | None:
    """Whether the deployment has the application; None where that is not known."""
    clients = context.state.known.clients
    return None if clients is None else context.inputs.client_id in clients


rules = RuleSet("Registration", refused, "authorization")

_PLACE = Pointer("authorization-request", "parameter", "redirect_uri")


@rules.add(
    "registered-uri-space",
    title="The redirect URI is registered with a stray space, so it does not match ({status}, no redirect).",
    cause="The column `redirect_uri` of the application holds a space beside a comma, and the server compares URIs exactly.",
    fix=(Change("registration", "remove the space from {registered} in the application's registration"),),
    reference="RFC 6749 §3.1.2.3; protocol.md, the actors",
    unless="the redirect URI stood among the registered ones as it was sent, or the words named another parameter",
)
def registered_uri_space(context: Context) -> Match | None:
    ours = context.inputs.redirect_uri
    if not context.registered or ours in context.registered or named(context) not in ("", "redirect_uri"):
        return None
    spaced = next((uri for uri in context.registered if uri.strip() == ours.strip()), None)
    if spaced is None:
        return None
    evidence = pair("Redirect URI, and the closest that is registered", ours, spaced, _PLACE, CLOSEST)
    return matched(context, evidence, registered=quoted(spaced))


@rules.add(
    "redirect-uri-unregistered",
    title="The server answered {status} and did not redirect, and {redirect_uri} is not registered.",
    cause="The redirect URI differs from the registered {registered} in {difference}.",
    fix=(
        SetField("redirect_uri", "{registered}"),
        *otherwise(Change("registration", "have {redirect_uri} added to the application's registration")),
    ),
    reference="RFC 6749 §3.1.2.4",
    unless="the redirect URI stood among the registered ones, or the words named another parameter",
)
def redirect_uri_unregistered(context: Context) -> Match | None:
    if named(context) not in ("", "redirect_uri"):
        return None
    known = unregistered(context)
    if known is None:
        return _only_uri(context)
    match = matched(context, known.evidence, **_difference(context, known.value))
    return match if known.alike else replace(match, cause=UNLIKE)


def _only_uri(context: Context) -> Match | None:
    """Nothing is known of the registration, and a run with another redirect URI worked."""
    good = worked_before(context, "client_id", *user(context))
    unchanged = worked_before(context, "client_id", "redirect_uri")
    if good is None or good.inputs is None or unchanged is not None:
        return None
    ours, known = context.inputs.redirect_uri, good.inputs.redirect_uri
    evidence = pair("Redirect URI, and the one that worked", ours, known, _PLACE, ("sent", "worked"))
    match = matched(context, evidence, **_difference(context, known))
    return replace(match, title=_ONLY_URI_DIFFERS, certainty="likely")


_ONLY_URI_DIFFERS = (
    "The server answered {status} and did not redirect; only the redirect URI differs from a run that got a code."
)


def _difference(context: Context, known: str) -> dict[str, str]:
    difference = uri_difference(context.inputs.redirect_uri, known)
    return {"registered": quoted(known), "difference": visible_sealed(difference)}


@rules.add(
    "redirect-uri-refused",
    title="The server does not accept the redirect URI {redirect_uri}, which its answer ({status}) names: {words}.",
    cause="It is not among the URIs registered for {client_id}, character by character.",
    runner_up=OTHER_THAN_REGISTERED,
    fix=(
        SetField("redirect_uri", words="the registered URI, copied character by character"),
        *otherwise(Change("registration", "have exactly {redirect_uri} registered")),
    ),
    reference="RFC 6749 §3.1.2.4",
    unless="the words said that the parameter did not arrive, or wanted https: then that is said",
)
def redirect_uri_refused(context: Context) -> Match | None:
    words = refusal_text(exchange(context).response)
    if named(context) != "redirect_uri" or misses(without(words, own_values(context)), "redirect_uri"):
        return None
    oddities = [mistake.sentence for mistake in check_redirect_uri(context.inputs.redirect_uri)]
    match = matched(context, *(Evidence("Redirect URI", sentence, _PLACE) for sentence in oddities[:2]))
    if _ILL_FORMED.match(words):
        return replace(match, cause=_NOT_READ, runner_up="", fix=_ANOTHER_FORM)
    unfilled = of_a_variable(context.inputs.redirect_uri, match)
    if unfilled is not None:
        return unfilled
    joined = _JOINED.search(context.inputs.redirect_uri)
    if joined is not None:
        value = context.inputs.redirect_uri[: joined.start()]
        match = replace(match, values={**match.values, "joined": quoted(joined[0])})
        return match.because(_SEPARATOR_LOST, (SetField("redirect_uri", value), RERUN))
    if host_of(context.inputs.redirect_uri) in ("0.0.0.0", "::"):
        return match.because(_EVERY_ADDRESS, _ONE_ADDRESS)
    if "&amp;" in context.inputs.redirect_uri:
        plain = SetField("redirect_uri", context.inputs.redirect_uri.replace("&amp;", "&"))
        return replace(match, cause=oddities[-1], runner_up="", fix=(plain, RERUN))
    if _OF_THE_TYPE.search(words):
        return match.because(_ANOTHER_TYPE, _CHANGE_TYPE, "likely")
    if wants_https(words):
        return blaming(context, words, match) or match
    if of_its_host(without(words, own_values(context))):
        return match.because(*OF_THE_HOST, "likely")
    uri = split_url(context.inputs.redirect_uri)
    if uri is not None and uri.scheme == "http" and not is_loopback(uri.hostname or ""):
        return replace(match, runner_up=_BEHIND_A_PROXY)
    return replace(match, runner_up=_SPELLED) if REGISTERED.search(words) else match


_OF_THE_TYPE = pattern(
    r"\b(?:native|desktop|mobile|installed|web) (?:application|app|client)s?\b|\bclient (?:type|platform)\b|\bweb client type\b"
)
_ANOTHER_TYPE = "{client_id} is registered as another type of client than may have this redirect URI, as the words say."
_CHANGE_TYPE: Fix = (
    Change("registration", "have a client of the type registered that these words name, with exactly {redirect_uri}"),
    SetField("client_id", words="that of this client"),
    RERUN,
)
_SPELLED = "It is registered with a stray space, another port, or a slash at the end."
_BEHIND_A_PROXY = (
    "It is registered with https, and the application makes it with http: the proxy in front of the application does not tell it of "
    "https (X-Forwarded-Proto)."
)
_ILL_FORMED = pattern(r"(?s)(?!.*(?:match|regist|allow)).*(?:invalid query|malformed|urlencoded|could not be parsed)")
"""Words about how the redirect URI is written, and none about its registration."""
_JOINED = pattern(
    r"(?<![?&;])\b(?:state|scope|response_type|client_id|code_challenge|nonce|userid)=.*|(?<=[a-z])state=.*"
)
_SEPARATOR_LOST = "The request has no “&” behind the redirect URI, so that {joined} is a part of it for the server."
_EVERY_ADDRESS = "It names every address of a machine, which a program can listen on and no browser can be sent to."
_ONE_ADDRESS: Fix = (
    SetField("redirect_uri", words="one with 127.0.0.1 or localhost, and register it"),
    SetField("listen", words="the address that a port mapping needs"),
    RERUN,
)
_NOT_READ = "The server does not read it as a URI, whether it is registered or not: its words say what they miss in it."
_ANOTHER_FORM: Fix = (SetField("redirect_uri", words="one without what these words name, once it is registered"), RERUN)

_BY_BROWSER = provided("to see the page that a person gets", Rerun("browser"))


@rules.add(
    "parameter-wanted",
    title="The server names a parameter that was not sent: {name}.",
    cause="This deployment requires {name}.",
    fix=(SetField("params.{name}"), RERUN),
    reference="RFC 6749 §4.1.1",
    unless="the request carried the parameter",
)
def parameter_wanted(context: Context) -> Match | None:
    name = named(context)
    if not name or carried(context, name):
        return None
    theirs = spelled_by_them(as_written(context), name) if name == "userid" else ""
    return blaming(context, _words(context), matched(context, name=theirs or name))


@rules.add(
    "parameter-refused",
    title="The server answered {status} and did not redirect: it does not accept the {name} of the request.",
    cause="The server's own words name {name}.",
    fix=(SetField("params.{name}", words=", with the value that the server expects"), RERUN),
    reference="RFC 6749 §4.1.2.1",
    unless="the words named the redirect URI, the client ID or the user id as wrong: these have findings of their own",
)
def parameter_refused(context: Context) -> Match | None:
    name, words = named(context), _words(context)
    several = either_blamed(words, own_values(context))
    if several:
        return blaming(context, words, matched(context, name=" or ".join(several)))
    missed = name != "" and _misses(context, name)
    if not name or (name in ("redirect_uri", "client_id", "userid") and not missed):
        return None
    match = blaming(context, words, matched(context, name=name))
    return replace(match, title=_NOT_FOUND) if match and missed else match


_NOT_FOUND = "The server answered {status} and did not redirect: it does not find the {name} of the request."


@rules.add(
    "registration-changed",
    title="The server answered {status} and did not redirect, although the same request got a code at {when}.",
    cause="Somebody has changed the application's registration at the server since then, or removed the application.",
    runner_up="The user may no longer use the application.",
    fix=(
        Ask("ask the administrator what was changed for {client_id}{trace}"),
        Do("compare the registered redirect URIs with {redirect_uri}"),
    ),
    reference="protocol.md, step 1",
    unless="the request differed from the one that worked in client ID, redirect URI or user id, or the words named one of them",
)
def registration_changed(context: Context) -> Match | None:
    good = worked_before(context, "client_id", "redirect_uri", "userid")
    if good is None or named(context):
        return None
    return matched(context, when=utc_text(good.utc))


@rules.add(
    "userid-unknown",
    title="The server answered {status} and did not redirect: it does not accept the user id {userid}.",
    cause="The server's own words name the user id.",
    fix=(SetField("userid", source="users"), RERUN),
    reference="protocol.md, step 1",
    unless="the deployment's list of users held the id, or no run with another one had worked",
)
def userid_unknown(context: Context) -> Match | None:
    if not context.inputs.userid:
        return None
    if named(context) == "userid":
        return matched(context)
    place = Pointer("authorization-request", "parameter", "userid")
    users = context.state.known.users
    if users is not None and client_known(context) is not False:
        return _no_such_user(context, users) if context.inputs.userid not in users else None
    good = worked_before(context, "client_id", "redirect_uri")
    if good is None or good.inputs is None or good.inputs.userid == context.inputs.userid:
        return None
    before = quoted(good.inputs.userid) if good.inputs.userid else "none"
    label = "The user id of a run that got a code with the same client ID and redirect URI"
    cause = "This deployment has no user with that id: the user id is all that differs from a run that worked."
    return replace(matched(context, Evidence(label, before, place)), cause=cause, certainty="likely")


NO_SUCH_USER = "This deployment has no user with that id."


def _no_such_user(context: Context, users: tuple[str, ...]) -> Match:
    """Where the id is like none, none is proposed: whom to act for is not to be guessed."""
    if not users:
        return replace(matched(context), cause="This deployment has no users.")
    known = proposal("User id", "userid", context.inputs.userid or "", users, "")
    match = matched(context, known.evidence, closest=quoted(known.value), one=quoted(users[0]))
    return replace(match, cause=NO_SUCH_USER, fix=_CLOSEST_USER if known.alike else _ANOTHER_USER)


_CLOSEST_USER: Fix = (
    SetField("userid", "{closest}", words=", the closest there is"),
    *otherwise(SetField("userid", source="users")),
)
_ANOTHER_USER: Fix = (
    SetField("userid", source="users", words=", such as {one}"),
    *otherwise(SetField("userid", "", words=" for a generic token")),
)


@rules.add(
    "client-changed",
    title="The server answered {status} and did not redirect, and the client ID is not the one that worked before.",
    cause="The client ID {client_id} is misspelt, or belongs to another deployment.",
    runner_up="The client ID is right, and the redirect URI or the user id is not registered for it.",
    fix=(
        SetField("client_id", "{known}", words=", which worked on {base_url}"),
        *otherwise(Ask("have the administrator look {client_id} up{trace}")),
    ),
    reference="protocol.md, step 1",
    unless="a run with this client ID had worked before",
)
def client_changed(context: Context) -> Match | None:
    good = worked_before(context, "redirect_uri", *user(context))
    same = worked_before(context, "client_id")
    if good is None or good.inputs is None or same is not None:
        return None
    ours, known = context.inputs.client_id, good.inputs.client_id
    place = Pointer("authorization-request", "parameter", "client_id")
    evidence = pair("Client ID, and the one that worked", ours, known, place, ("sent", "worked"))
    return matched(context, evidence, known=quoted(known))


@rules.add(
    "registered-uri-differs",
    title="The server answered {status} and did not redirect, although {client_id} is an application of this deployment.",
    cause="The registered redirect URI is not exactly {redirect_uri}: an invisible difference, such as a space beside a comma, counts.",
    fix=(
        Change("registration", "write the redirect URIs of the application anew, without spaces: {redirect_uri}"),
        *provided("if they hold none", Ask("give the answer to the administrator{trace}")),
    ),
    reference="RFC 6749 §3.1.2.3; protocol.md, the actors",
    unless="the client ID were not among the deployment's, or the words named another parameter",
    certainty="likely",
)
def registered_uri_differs(context: Context) -> Match | None:
    if not client_known(context) or named(context) not in ("", "redirect_uri"):
        return None
    unsure = context.inputs.userid and context.state.known.users is None
    return replace(matched(context), runner_up="The server does not know the user id." if unsure else None)


_CLIENT_FIRST: Fix = (
    SetField("client_id", words="the one that is registered on {base_url}"),
    *provided("if it is right already", Do("{compare}")),
)
_TO_ADMINISTRATOR: Fix = provided("otherwise", Ask("give the answer to the administrator{trace}"))


@rules.add(
    "client-unknown",
    title="The server answered {status} and did not redirect: it refused the request of step 1 and did not say which part of it.",
    cause="There is no application with the client ID {client_id} on {base_url}.",
    fix=(*_CLIENT_FIRST, *_BY_BROWSER, *_TO_ADMINISTRATOR),
    reference="protocol.md, step 1",
    unless="the words named another parameter or a user, or the client ID were among the deployment's",
    certainty="likely",
)
def client_unknown(context: Context) -> Match | None:
    if is_placeholder(context.inputs.client_id) and not (context.state.imported and is_mark(context.inputs.client_id)):
        cause = "The client ID is a placeholder of a template or an example that nobody filled in."
        return matched(context).because(cause, REGISTERED_ID, "proven")
    if client_known(context) is False:
        return _no_such_client(context, context.state.known.clients or ())
    known = context.registered is not None and context.inputs.redirect_uri in context.registered
    match = matched(context, compare=SPACES if known else CHARACTERS)
    rest = []
    if context.inputs.userid:
        rest.append("the user id is unknown")
        match = replace(match, fix=WITH_USER)
    if quoted_refusal(exchange(context).response) not in (NO_WORDS, *BARE_WORDS):
        match = replace(match, title="The server answered {status} and did not redirect; it says {words}.")
    if named(context) == "client_id" and client_left_open(_words(context)):
        title = "The server answered {status} and did not redirect: it does not accept the client, and says {words}."
        return replace(match, title=title).undecided(*UNKNOWN_OR_REFUSED)
    if named(context) == "client_id":
        title = "The server does not accept the client ID, which its answer ({status}) names: {words}."
        if exchange(context).response.status == 404 and "client" not in _words(context):
            return match.undecided(Possible(_NOT_IN_USE, REGISTERED_ID), _BY_ITS_HOST)
        return replace(match, title=title, cause=_NOT_IN_USE, runner_up=_TOO_NEW, fix=_NAMED_CLIENT)
    if known:
        rest.append("the redirect URI is registered with an invisible difference, such as a space beside a comma")
        return replace(match, runner_up=f"The client ID is right, and {' or '.join(rest)}.")
    rest.append("{redirect_uri} is not registered for it")
    if not signed(exchange(context).response):
        if exchange(context).response.status == 401:
            rest.append("somebody has to be logged in there first, or no longer is")
            fix = (Rerun("browser"), *provided("if that brings the same", *match.fix or _CLIENT_FIRST))
            match = replace(match, fix=fix)
        rest.append("something in front of the deployment refused it")
    others = ", or ".join(rest)
    cause = f"The answer does not say which: there is no application with the client ID {{client_id}}, or {others}."
    return replace(match, cause=cause, certainty="unknown")


_NOT_IN_USE = "The client ID {client_id} is none that {base_url} knows, or has in use."
_ANEW = "register the application again: a server may drop one that registered itself (RFC 7591)"
_NAMED_CLIENT: Fix = (
    SetField("client_id", words="the one that is registered on {base_url}"),
    *provided("if it is right already", Change("registration", _ANEW)),
    *_TO_ADMINISTRATOR,
)
_BY_ITS_HOST = Possible(
    "The words are those of a hosting platform, which has no application under this host name: no server of OAuth was asked.",
    (SetField("base_url", words="the host name under which the deployment is published"), RERUN),
    "if it is right already",
)
_TOO_NEW = "It was registered a moment ago, and the server does not know it yet: some take minutes."
REGISTERED_ID: Fix = (SetField("client_id", words="the one that is registered on {base_url}"), RERUN)
SPACES = "look for a stray space in the registered redirect URIs"
CHARACTERS = (
    "compare the redirect URI with the registered one, character by character (port, case, a slash, a stray space)"
)
WITH_USER: Fix = (
    *_CLIENT_FIRST,
    *provided("to see whether the user id is the reason", SetField("userid", ""), Do("run once")),
    *_BY_BROWSER,
    *_TO_ADMINISTRATOR,
)


def _no_such_client(context: Context, clients: tuple[str, ...]) -> Match:
    """Where the ID is like none, the environment's own is proposed: it stands first."""
    title = "The server answered {status}: it has no application with the client ID {client_id}."
    misspelt = "The client ID is misspelt, or belongs to another deployment."
    if not clients:
        register = (Change("registration", "have an application registered on {base_url}"),)
        return replace(matched(context), title=title, cause=misspelt, fix=register)
    known = proposal("Client ID", "client_id", context.inputs.client_id, clients, clients[0])
    match = replace(matched(context, known.evidence, known=quoted(known.value)), title=title, cause=misspelt)
    if known.alike:
        own = SetField("client_id", "{known}", words=", or to another one that is registered on {base_url}")
        return replace(match, fix=(own,))
    cause = "No registered client ID resembles it: it belongs to another deployment, or was never registered."
    own = SetField("client_id", "{known}", words=", the environment's own, or to another one that is registered there")
    return replace(match, cause=cause, fix=(own,))
