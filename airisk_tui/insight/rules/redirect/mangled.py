"""The answer is in the redirect's bytes, where no reader of parameters finds it (RFC 6749 §4.1.2; `oauth.redirect.mangling`)."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Change, Fix, SetField, otherwise
from airisk_tui.insight.reading.run import authorization_unanswered, moved_to
from airisk_tui.insight.rule import Match, Members, RuleSet
from airisk_tui.insight.rules.callback.waiting import LISTENER, nothing_came
from airisk_tui.insight.rules.redirect import answer, answered, said, severity
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.oauth.http import header
from airisk_tui.oauth.redirect.mangling import Mangling, ManglingKind, find_mangling

_MISTAKES: dict[ManglingKind, str] = {
    "html-escape": "between its parameters stands {found}, the HTML escape of “&”",
    "json-escape": "between its parameters stands {found}, the JSON escape of “&”",
    "second-question-mark": "a second “?” begins the answer, where “&” belongs",
    "no-question-mark": "no “?” stands between the path and the answer",
    "encoded-separators": "the separators of its parameters are percent-encoded ({found})",
    "semicolons": "its parameters are joined by “;” in place of “&”",
    "lost-separator": "no “&” stands before a parameter of the answer",
    "fragment-separator": "a “#” stands between its parameters, and a server never sees what follows it",
    "quotation": "quotation marks stand around it",
    "white-space": "white space stands before the name of a parameter ({found})",
}

_CAUSES: dict[ManglingKind, str] = {
    "html-escape": "The server escapes the address for HTML, and then sends it in a header.",
    "json-escape": "The server takes the address out of JSON without reading the JSON.",
    "second-question-mark": "The server appends “?” to the redirect URI though it has a query already.",
    "encoded-separators": "The server encodes the query as a whole, or encodes it twice.",
    "quotation": "The server writes the address as a text in quotation marks (JSON, for instance) into the header.",
    "white-space": "The server's template of the address has white space or a line break in it.",
}

_BY_THE_SERVER = "The server joins the answer to the redirect URI by hand, and does so wrongly."
_REPORT = Change("server", "have the server add its answer to the redirect URI's query (RFC 6749 §3.1.2)")

in_answer = RuleSet("Redirect's form", answered, "redirect", severity_of=severity)
in_location = RuleSet("Location's form", authorization_unanswered, "authorization", severity_of=severity)
in_inbox = RuleSet("Callback's form", nothing_came, "waiting", severity_of=severity)

ENTRY: Members = {
    "title": "The redirect holds {what}, and is put together wrongly: {mistake}.",
    "cause": _BY_THE_SERVER,
    "fix": (_REPORT,),
    "reference": "RFC 6749 §4.1.2; RFC 3986 §3.4",
    "unless": "the redirect, read as it stands, already held an answer with the state that was sent",
}


@in_answer.add("redirect-malformed", **ENTRY)
def redirect_malformed(context: Context) -> Match | None:
    came = answer(context)
    if came.request is not None and came.via != "direct":
        return _match(context, came.request.url, Pointer("redirect", "request"))
    return _in_location(context)


@in_inbox.add("callback-malformed", **ENTRY)
def callback_malformed(context: Context) -> Match | None:
    matches = (_match(context, entry.request.url, LISTENER) for entry in context.state.inbox)
    return next(filter(None, matches), None)


@in_location.add("location-malformed", **ENTRY)
def _in_location(context: Context) -> Match | None:
    exchange = context.state.authorization
    location = header(exchange.response.headers, "location") if exchange is not None else None
    if exchange is None or location is None:
        return None
    leads = (moved_to(exchange) or location, location.lstrip(QUOTES))
    if not any(place.startswith(_stem(context)) for place in leads):
        return None
    return _match(context, location, Pointer("authorization-request", "header", "Location"))


QUOTES = "\"'< "


def _stem(context: Context) -> str:
    """The beginning of a redirect that is meant for this run: the redirect URI without its query."""
    return context.inputs.redirect_uri.partition("#")[0].partition("?")[0]


def _match(context: Context, target: str, place: Pointer) -> Match | None:
    mangling = find_mangling(target, context.inputs.dialect, context.inputs.state)
    if mangling is None:
        return None
    mistake = _MISTAKES[mangling.kind].format(found=quoted(mangling.found))
    cause = None if mangling.kind == "second-question-mark" and not _has_query(context) else _CAUSES.get(mangling.kind)
    evidence = (Evidence("Redirect", quoted(target), place),)
    return Match({"what": _holds(mangling), "mistake": mistake}, evidence, cause, fix=_fix(context, mangling))


def _holds(mangling: Mangling) -> str:
    """The content of the mended redirect, in words."""
    redirect = mangling.redirect
    if redirect.error is None:
        return "a code and the state that was sent" if redirect.state else "a code"
    return f"the error {quoted(said(redirect.error, redirect.description))}"


def _fix(context: Context, mangling: Mangling) -> Fix:
    """A server that cannot add to a query can still add to a redirect URI that has none."""
    if mangling.kind not in ("second-question-mark", "lost-separator") or not _has_query(context):
        return (_REPORT,)
    bare = SetField("redirect_uri", _stem(context), words=", once it is registered so")
    return (bare, RERUN, *otherwise(_REPORT))


def _has_query(context: Context) -> bool:
    return "?" in context.inputs.redirect_uri
