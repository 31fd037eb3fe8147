"""The answer to this program's own authorization request, as the rules about it read it, and what to change where it blames a
parameter (RFC 6749 §4.1.2.1; protocol.md, step 1)."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Certainty, Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, DropField, Fix, Press, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import (
    NAMES,
    REFUSES,
    blamed,
    client_left_open,
    either_blamed,
    misses,
    own_extra,
    refusal_words,
    refuses_an_application,
    speaks_of_host,
    spelled_by_them,
    strange_name,
    wanted_of,
    wants_https,
    without,
)
from airisk_tui.insight.reading.meant import meant
from airisk_tui.insight.reading.reasons import CONSENT
from airisk_tui.insight.reading.run import has_public_name, summary, trace
from airisk_tui.insight.reading.two_requests import authorization_fields, odd_challenge, token_fields
from airisk_tui.insight.rule import Match, Possible
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Exchange
from airisk_tui.oauth.request.mistakes import check_client_id, unfilled
from airisk_tui.oauth.text.members import plain_name
from airisk_tui.oauth.urls import host_of


def exchange(context: Context) -> Exchange:
    """The direct authorization exchange that the precondition promises."""
    if context.state.authorization is None:
        raise ValueError("The authorization request was not answered.")
    return context.state.authorization


def matched(context: Context, *evidence: Evidence, **values: str) -> Match:
    """A match with the values that all rules here need, and the answer as the last evidence."""
    response = exchange(context).response
    last = Evidence("The answer", summary(response), Pointer("authorization-request", "response"))
    return Match({"status": str(response.status), "trace": trace(read_error(response)), **values}, (*evidence, last))


Remedy = tuple[str, Fix]
"""Cause and fix."""

NOT_HERE = frozenset({"client_secret", "grant_type", "code", "code_verifier", "response_uri"})
"""Inputs that the authorization request does not carry; a client secret must never be put there."""

REGISTERED_ID = SetField("client_id", words="the one that is registered on {base_url}")
REGISTERED_URI = SetField("redirect_uri", words="the registered URI, copied character by character")
LOOK_UP_CLIENT = Ask("ask the administrator to look {client_id} up{trace}")
ALLOW_CODES = Ask("ask the administrator to allow the authorization-code grant for the application {client_id}")

_WRONG: dict[str, Remedy] = {
    "redirect_uri": (
        "The server's own words blame the redirect URI: {redirect_uri} is not registered for {client_id}, character by character.",
        (REGISTERED_URI, *otherwise(Change("registration", "have exactly {redirect_uri} registered"))),
    ),
    "client_id": (
        "The server's own words blame the client ID: it has no application {client_id}, or not for this request.",
        (REGISTERED_ID, *provided("if it is right already", LOOK_UP_CLIENT)),
    ),
    "userid": ("The server's own words blame the user id.", (SetField("userid", source="users"), RERUN)),
    "response_type": ("The server does not offer this response_type to this application.", (ALLOW_CODES,)),
    "code_challenge": (
        "The server does not accept the code challenge that was sent, or not its method.",
        (Ask("ask the administrator which code_challenge_method the application {client_id} takes"),),
    ),
    "state": (
        "The server's own words blame the state that was sent.",
        (SetField("state", words="a value that the server accepts"), RERUN),
    ),
    "scope": (
        "The server's own words blame the scope that was sent.",
        (Ask("ask the administrator for the scope of the application {client_id}"), SetField("params.scope")),
    ),
}
OTHER_THAN_REGISTERED = (
    "The server admits no such address, whatever is registered (a rule about https, hosts or this machine), or does not know "
    "{client_id}."
)
REGISTERED = pattern(
    r"\bregist|mismatch|\bnot (?:\w+ ){0,2}(?:match|whitelist|configured)|doesn't match|\blist of|did not match"
)
"""Words that compare a redirect URI with those that are registered: others leave open what is wrong with it."""

_MISSING: dict[str, Remedy] = {
    "response_type": (
        "The request carried no response_type, which this server requires.",
        (SetField("params.response_type", "code"), RERUN),
    ),
    "code_challenge": (
        "The server requires PKCE (RFC 7636), and this run did not use it.",
        (SetField("dialect.pkce", "true"), RERUN),
    ),
    "userid": ("The server requires a user id.", (SetField("userid", source="users"), RERUN)),
    "state": ("The server requires a state, and this run sent none.", (Press("send-a-state"),)),
    "scope": ("The server's own words name the scope, and this run sent none.", (SetField("params.scope"), RERUN)),
}
_OTHER: Remedy = (
    "The server's own words blame {name}, which the request carried.",
    (SetField("params.{name}", words=", with the value that the server expects"), RERUN),
)
_OTHER_MISSING: Remedy = (
    "The server requires {name}, which this run did not send.",
    (SetField("params.{name}"), RERUN),
)
_OTHER_OR_USER: Remedy = (
    _OTHER_MISSING[0],
    (*_OTHER_MISSING[1], *otherwise(SetField("dialect.users", "{name}"), RERUN, when="if it is the user id")),
)
_NOT_SENT: Remedy = (
    "The server's own words name {name}, which this run did not send under that name.",
    (Ask("ask the administrator what {name} is, and which part of the request is to carry it{trace}"),),
)
_SEND_IT: Remedy = (_NOT_SENT[0], (*_OTHER_MISSING[1], *otherwise(*_NOT_SENT[1])))
_SEND_USER: Remedy = (_NOT_SENT[0], (SetField("userid", source="users"), RERUN, *otherwise(*_NOT_SENT[1])))
_NAMED_OTHERWISE: Remedy = (
    "The server expects the user id under the name {theirs}, and this run sent it as {ours}.",
    (SetField("dialect.users", "{theirs}"), RERUN),
)
_WANTED_OTHERWISE: Remedy = (
    "The server requires the id of a user, under the name {theirs}.",
    (SetField("userid", source="users"), SetField("dialect.users", "{theirs}"), RERUN),
)
_WANTED: Remedy = ("The server's own words tell the value that it wants for {name}.", ())
_READ_NOT: Remedy = (
    "The server says that {name} is not there, and it is: something on the way dropped it, or the server expects it under another name.",
    (Ask("give this exchange to the administrator{trace}"),),
)
_REGISTER = Change("registration", "have exactly that URI registered")
_SECURE = SetField("redirect_uri", "{secure}", words=", which this program listens on with a certificate of its own")
OF_THE_HOST: Remedy = (
    "The server has a rule about the host of a redirect URI, whatever is registered: its words speak of the host.",
    (
        SetField(
            "redirect_uri",
            words="one with a host that these words admit (127.0.0.1, localhost, or a public name with https)",
        ),
        _REGISTER,
    ),
)
_FOR_THE_HOST: Remedy = (
    "The server requires {name} for a redirect URI with such a host, which {redirect_uri} has: its words speak of the host.",
    (*OF_THE_HOST[1], *otherwise(*_OTHER_MISSING[1])),
)
_INFERRED = (_NAMED_OTHERWISE[0], _WANTED_OTHERWISE[0], OF_THE_HOST[0], _FOR_THE_HOST[0])
"""Causes that the words do not prove."""
_HTTPS: Remedy = (
    "The server takes redirect URIs of https only, and {redirect_uri} is one of http.",
    (_SECURE, _REGISTER),
)
_BY_ADDRESS: Remedy = (
    "The server takes redirect URIs of https, and in plain http none that names localhost: many take the address 127.0.0.1, "
    "which no resolver can lead astray.",
    (SetField("redirect_uri", "{address}"), _REGISTER, *otherwise(_SECURE)),
)
"""RFC 8252 §8.3: the name localhost is not recommended in a redirect URI."""


def own_values(context: Context) -> tuple[str, ...]:
    """Every value that the two requests carried: where a refusal repeats one, that is no complaint."""
    return tuple(value for _, value in (*authorization_fields(context.state), *token_fields(context.state)) if value)


def name_of(context: Context, words: str) -> str:
    """The parameter of step 1 that lower-case words of a server blame, or ""."""
    name = blamed(words, own_values(context))
    spoken_of = name == "client_id" and not judged(context, words, name) and not _GONE.search(words)
    if name in NOT_HERE or (name == "scope" and meant(CONSENT, words)):
        return ""
    if name and not spoken_of:
        return name
    return own_extra(context.inputs.params, words) or ("" if name else strange_name(as_written(context)))


def as_written(context: Context) -> str:
    """The server's words to the authorization request, in its own spelling: of the redirect, or else of a body."""
    answer, sent = context.state.answer or context.state.held, context.state.authorization or context.state.pushed
    if answer is not None:
        return f"{answer.redirect.error}: {answer.redirect.description}"
    return refusal_words(sent.response) if sent is not None else ""


_GONE = pattern(
    r"\bno (?:such )?(?:client|app)|not exist|doesn't exist|\bdeleted|\bfind\b|\bwrong\b|incorrect"
    r"|\bregistration (?:\w+ ){0,2}expired"
)
"""Words that refuse a client without a word of `REFUSES`."""


def blaming(context: Context, words: str, match: Match) -> Match | None:
    """The match with the cause and the fix that lower-case words of the server name; None where they name no parameter."""
    name = name_of(context, words)
    several = [n for n in either_blamed(words, own_values(context)) if n not in NOT_HERE]
    if not name and not several:
        return match.undecided(*UNKNOWN_OR_REFUSED) if refuses_an_application(words) else None
    if not name:
        found = one_of(several, match.with_values(**uri_values(context.inputs.redirect_uri)))
        to_see = provided("to see the page that a person gets", Rerun("browser"))
        return replace(found, fix=(*(found.fix or ()), *to_see))
    if name == "client_id" and client_left_open(words):
        return match.undecided(*UNKNOWN_OR_REFUSED)
    cause, fix = _remedy(context, name, without(words, own_values(context)))
    theirs = spelled_by_them(as_written(context), name)
    ours = context.inputs.dialect.users or "userid"
    shown = {"name": name, "theirs": theirs, "ours": ours, **uri_values(context.inputs.redirect_uri)}
    known = name in NAMES or context.inputs.params.get(name) is not None
    inferred = cause in _INFERRED or not known or not judged(context, words, name)
    certainty: Certainty = "likely" if inferred else "proven"
    oddities = check_client_id(context.inputs.client_id) if name == "client_id" else ()
    place = Pointer("authorization-request", "parameter", name)
    return replace(
        match,
        values=shown | dict(match.values),
        evidence=(*match.evidence, *(Evidence("Client ID", oddity.sentence, place) for oddity in oddities)),
        cause=cause,
        runner_up=OTHER_THAN_REGISTERED if cause is _WRONG["redirect_uri"][0] and not REGISTERED.search(words) else "",
        fix=fix,
        certainty=certainty,
    )


def judged(context: Context, words: str, name: str) -> bool:
    """Whether lower-case words refuse the value that was sent for a parameter, or miss the parameter, and not only speak of it."""
    told = without(words, own_values(context))
    return misses(told, name) or (bool(carried(context, name)) and REFUSES.search(told) is not None)


def of_challenge(context: Context) -> Remedy | None:
    """The remedy if the code challenge is not written as it should be."""
    odd = odd_challenge(context.state)
    fix = (DropField("params.code_challenge"), RERUN) if context.state.imported is None else _AS_BASE64URL
    return (_ODD_CHALLENGE.format(odd=odd), fix) if odd else None


_ODD_CHALLENGE = (
    "The code challenge of step 1 has {odd}: RFC 7636 §4.2 writes it in base64url without padding, and a server that compares it with its "
    "own finds no match."
)
_AS_BASE64URL: Fix = (
    Change(
        "client",
        "write the code_challenge in base64url of the 32 bytes of the hash: “-” and “_” for “+” and “/”, and no “=” (RFC 7636, appendix A)",
    ),
)


def uri_values(uri: str) -> dict[str, str]:
    """The values in the remedies of a redirect URI: the URI with https, with 127.0.0.1 in place of localhost, and its placeholder."""
    address = quoted(uri.replace("//localhost", "//127.0.0.1", 1))
    return {
        "secure": quoted("https" + uri.removeprefix("http")),
        "address": address,
        "word": quoted(unfilled(uri)),
    }


def of_its_host(words: str) -> bool:
    """Whether lower-case words refuse a redirect URI for its host, and do not compare it with those that are registered."""
    return speaks_of_host(words) and not REGISTERED.search(words)


def of_https(uri: str) -> Remedy:
    """The remedy if a server takes redirect URIs of https only. uri: one of plain http."""
    return _BY_ADDRESS if uri.startswith("http://localhost") else _HTTPS


def of_a_variable(uri: str, match: Match) -> Match | None:
    """The match if the redirect URI has a placeholder in it, which nobody can be sent to; None where it has none."""
    return match.with_values(**uri_values(uri)).because(*_OF_A_VARIABLE, "likely") if unfilled(uri) else None


_OF_A_VARIABLE: Remedy = (
    "{redirect_uri} holds {word} where a variable was to be filled in, so it is none that is registered.",
    (SetField("redirect_uri", words="the whole one, and see why that variable was empty"), RERUN),
)


UNKNOWN_OR_REFUSED = (
    Possible(
        "The server does not know {client_id}, which may be that of another product or another deployment.",
        (REGISTERED_ID, RERUN),
    ),
    Possible(
        "It knows {client_id}, and does not let it ask this: it is switched off, or has another redirect URI, flow or scope.",
        (LOOK_UP_CLIENT,),
        "if it is right already",
    ),
)
"""The two causes of words that call a client unknown or not authorized."""


def one_of(names: Iterable[str], match: Match) -> Match:
    """The match where words blame one of several parameters and do not say which; the values have their names."""
    return match.undecided(*(Possible(*_EITHER.get(name) or _either(name), "if that is right") for name in names))


def _either(name: str) -> Remedy:
    return f"The words mean the {name}, which is not what the server expects.", _WRONG.get(name, ("", ()))[1]


_EITHER: dict[str, Remedy] = {
    "client_id": ("The words mean the client: the server has no application {client_id}.", (REGISTERED_ID, RERUN)),
    "redirect_uri": (
        "The words mean the redirect URI: {redirect_uri} is not registered, character by character.",
        (REGISTERED_URI, RERUN),
    ),
}


def carried(context: Context, name: str) -> str | None:
    """The value that the authorization request carried for a parameter, or None. name: of the protocol."""
    users = context.inputs.dialect.users or name
    return authorization_fields(context.state).get(users if name == "userid" else name)


def _otherwise(context: Context) -> bool:
    """Whether the server writes the name of the user's parameter as another name than the one that carries it, and no word for it."""
    theirs = spelled_by_them(as_written(context), "userid")
    return theirs != "" and plain_name(theirs) != plain_name(context.inputs.dialect.users or "userid")


def _remedy(context: Context, name: str, words: str) -> Remedy:
    uri = context.inputs.redirect_uri
    if name == "redirect_uri" and unfilled(uri):
        return _OF_A_VARIABLE
    if name == "redirect_uri" and wants_https(words) and uri.startswith("http:"):
        return of_https(uri)
    if name == "redirect_uri" and of_its_host(words):
        return OF_THE_HOST
    sent = carried(context, name)
    if name == "code_challenge" and (odd := of_challenge(context)):
        return odd
    wanted = wanted_of(as_written(context))
    if wanted[0] == name and name not in ("redirect_uri", "client_id", "userid"):
        return _WANTED[0], (SetField("params.{name}", wanted[1]), RERUN)
    if name == "userid" and misses(words, name) and _otherwise(context):
        return _NAMED_OTHERWISE if sent else _WANTED_OTHERWISE
    if not sent:
        if name not in NAMES and speaks_of_host(words) and not has_public_name(host_of(uri)):
            return _FOR_THE_HOST
        strange = name not in NAMES and carried(context, "userid")
        other = (_OTHER_OR_USER if strange else _OTHER_MISSING) if misses(words, name) else _NOT_SENT
        if name == "userid" and other is _NOT_SENT:
            return _SEND_USER if spelled_by_them(as_written(context), name) else _NOT_SENT
        return _MISSING.get(name, _SEND_IT if other is _NOT_SENT and name in NAMES else other)
    if name == "response_type" and sent != "code":
        return "The server expects another response_type than the one that was sent.", _MISSING[name][1]
    if context.inputs.params.get(name) is not None and name not in _WRONG:
        return _OTHER[0], (DropField("params.{name}"), RERUN, *otherwise(*_OTHER[1]))
    return _READ_NOT if misses(words, name) else _WRONG.get(name, _OTHER)
