"""The token endpoint names a field that it does not accept, or the two requests differ in one (protocol.md, step 2: `Invalid
client_id`; RFC 6749 §4.1.3, §5.2)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from msgspec.structs import replace

from airisk_tui.flow.events import Imported
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, DropField, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import (
    NAMES,
    all_blamed,
    blamed,
    client_left_open,
    either_blamed,
    in_english,
    misses,
    refusal_words,
    spelled_by_them,
    strange_name,
    wants_https,
    without_lists,
)
from airisk_tui.insight.reading.run import token_refused, without_echo
from airisk_tui.insight.reading.two_requests import FieldPair, field_pairs, token_fields
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import UNKNOWN_OR_REFUSED, carried, of_https, own_values, uri_values
from airisk_tui.insight.rules.token_endpoint import (
    answer,
    encoding_named,
    exchange,
    matched,
    other_encoding,
    refusal,
    status,
)
from airisk_tui.insight.rules.token_endpoint.code import (
    EACH_OF_THEM,
    OF_SEVERAL,
    blamed_in,
    of_pkce,
    refuses_the_code,
    words_of,
)
from airisk_tui.insight.words.difference import uri_difference
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.text.visible import visible_sealed


def named(context: Context) -> str:
    """The field that the server's words blame, in the protocol's spelling, or "". Of a page only a refusal counts."""
    response, words = exchange(context).response, _words(context)
    if is_web_page(response) and response.status < 400:
        return ""
    name = blamed_in(context, words)
    if name == "userid" and not context.inputs.userid and not _USER_ID.search(words):
        return ""
    if not name:
        strange = strange_name(refusal_words(response))
        return strange if strange and misses(words, strange) else ""
    return "code_verifier" if name == "code_challenge" else name


def either_named(context: Context) -> tuple[str, ...]:
    """The fields of which the server's words blame one and do not say which."""
    return either_blamed(_words(context), own_values(context))


def of_client_and_secret(context: Context) -> bool:
    """Whether the words name both the client ID and its secret: then they speak of the client, and the ID was accepted in step 1."""
    return {"client_id", "client_secret"} == {*all_blamed(_words(context), own_values(context))} - {"code"}


def _words(context: Context) -> str:
    """The server's words in lower case, without those that repeat our own request."""
    return without_echo(refusal(context), token_fields(context.state))


def _of_a_field(context: Context) -> bool:
    if not token_refused(context):
        return False
    if encoding_named(context) or "unsupported_grant_type" in words_of(context):
        return True
    name = named(context) if answer(context).kind == "refused" else ""
    if name not in _OF_THE_CLIENT:
        return True
    if name == "client_secret" and context.inputs.dialect.client_auth == "none":
        return False
    of_the_client = answer(context).status == 401 or "invalid_client" in words_of(context)
    return name != "" and not of_the_client and not of_client_and_secret(context)


_OF_THE_CLIENT = ("", "client_id", "client_secret", "code")
"""Names that a refusal of the client may hold; any other name is a field, whatever status and code say."""


rules = RuleSet("Fields", _of_a_field, "token")


def _sent(context: Context, name: str) -> bool:
    return any(token_fields(context.state).all(name))


@rules.add(
    "encoding-unsupported",
    title="The token endpoint does not accept a body in the encoding {encoding} ({status}){said}.",
    cause="Servers of this kind may take a form and JSON; this one accepts only one of them.",
    fix=(SetField("encoding", "{other}"), RERUN),
    reference="RFC 9110 §15.5.16; protocol.md, step 2",
    unless="the status were another than 415, and the words spoke neither of a media type nor of reading JSON or a form",
)
def encoding_unsupported(context: Context) -> Match | None:
    if not encoding_named(context):
        return None
    return replace(matched(context), certainty=None if status(context, 415) else "likely")


@rules.add(
    "grant-type-wanted",
    title="The token endpoint said {words}, and the request carried {grant_type} as grant_type.",
    cause="This server requires grant_type, as RFC 6749 does, and this run left it out.",
    fix=(SetField("token_params.grant_type", "authorization_code"), RERUN),
    reference="RFC 6749 §4.1.3",
    unless="the words named another field, or said that the grant is not allowed: then that is said",
)
def grant_type_wanted(context: Context) -> Match | None:
    if named(context) != "grant_type" and "unsupported_grant_type" not in words_of(context):
        return None
    sent = token_fields(context.state).get("grant_type")
    match = matched(context, grant_type="nothing" if sent is None else quoted(sent))
    read = re.search("authorization_code|unauthorized_client", _words(context))
    if sent is None:
        if misses(_words(context), "grant_type"):
            return match
        # It may take a request without grant_type as one for a code, and say that this is what it does not accept.
        return (
            replace(match, runner_up=_NOT_FOR_CLIENT, fix=_SEND_OR_ALLOW)
            if not read
            else match.because(_NOT_FOR_CLIENT, _ALLOW_GRANT)
        )
    if _unread(context, "grant_type") and not _both_tried(context):
        return None
    if sent != "authorization_code":
        return replace(match, cause="This server does not know that grant type.")
    if context.inputs.encoding != "form" and not _both_tried(context):
        # RFC 6749 §4.1.3: a form. Servers that read nothing else find no grant type in any other body, and say so.
        cause = "The server reads forms only, and found no grant_type in a body of {encoding}."
        fix = (SetField("encoding", "form"), RERUN)
        return replace(match, cause=cause, runner_up=_NOT_FOR_CLIENT, fix=fix, certainty="likely")
    match = match.because(_NOT_FOR_CLIENT, _ALLOW_GRANT)
    return match if read else replace(match, runner_up=_LOST)


_LOST = "The body did not arrive as it was sent: a redirect inside the deployment, as from http to https, drops it."
_NOT_FOR_CLIENT = "This server does not accept that grant type for this application."
_SEND_OR_ALLOW: Fix = (
    SetField("token_params.grant_type", "authorization_code"),
    RERUN,
    *provided(
        "if it says the same", Ask("ask the administrator to allow the authorization-code grant for {client_id}")
    ),
)
_ALLOW_GRANT: Fix = (
    Ask("ask the administrator to allow the authorization-code grant for {client_id}"),
    *otherwise(Ask("ask which grant the token endpoint accepts")),
)


REQUIRED = "This deployment requires the field {name}."


@rules.add(
    "field-missing",
    title="The token endpoint said {words}, and the body of the request has no {name}.",
    cause=REQUIRED,
    fix=(SetField("token_params.{name}"), RERUN),
    reference="RFC 6749 §5.2; protocol.md, step 2",
    unless="the request carried the field, or the words judged a value in place of missing one",
)
def field_missing(context: Context) -> Match | None:
    name, words = named(context), _words(context)
    if not name or _sent(context, name) or _UNWANTED.search(words):
        return None
    evidence = Evidence(name, "not in the body", Pointer("token-request", "body", name))
    match = replace(matched(context, evidence, name=name), fix=MISSING.get(name))
    if context.state.imported is not None and "" in token_fields(context.state).all(name):
        of_settings = name in ("client_id", "client_secret", "redirect_uri")
        told = (_NOT_GIVEN, _GIVE_IT) if of_settings else ("The client sends {name} with nothing in it.", _SEND_VALUE)
        return replace(match, title=_WITHOUT_A_VALUE).because(*told, "likely")
    missed = misses(words, name)
    if name not in MISSING and not missed:
        return _judged(context, match, name)
    if name in _OF_STEP_1_TOO and not carried(context, name):
        return replace(match, runner_up=_IN_STEP_1, fix=_IN_BOTH, certainty="likely")
    in_body = context.inputs.dialect.client_auth == "body" and context.state.imported is None
    if match.fix is not _IN_BODY or in_body:
        return match if missed and name in NAMES else replace(match, certainty="likely")
    if _READ.search(words):
        fix = (*_IN_BODY, *otherwise(_WHICH))
        return replace(match, cause=_COMPARED, runner_up=REQUIRED, fix=fix, certainty="likely")
    return replace(match, runner_up="The Authorization header carried it, and it is wrong.", certainty="likely")


_WITHOUT_A_VALUE = "The token endpoint said {words}, and the request carries {name} without a value."
_NOT_GIVEN = (
    "The client was not given its {name}, or does not find it: a variable or a setting is not there where it runs."
)
_SEND_VALUE: Fix = (Change("client", "send {name} with its value"),)
_GIVE_IT: Fix = (
    Change("client", "set its {name}: look where it reads it from (a variable, a file, the container's settings)"),
)


def _judged(context: Context, match: Match, name: str) -> Match:
    """Of words that call a value wrong which this request does not hold: it is that of step 1, or of the registration."""
    asked = carried(context, name)
    if name == "response_type":
        return match.because(_OF_THE_FLOW, _ALLOW_GRANT, "likely")
    if not asked:
        fix = (_WHICH, *otherwise(*_SEND))
        return replace(match, cause=_REGISTERED, runner_up=REQUIRED, fix=fix, certainty="likely")
    again = provided("if it is right", SetField("token_params.{name}", asked), RERUN)
    match = match.with_values(asked=quoted(asked)).because(_OF_STEP_1, (SetField("params.{name}"), RERUN, *again))
    return replace(match, runner_up="It wants the {name} in the token request, too.")


_OF_THE_FLOW = (
    "response_type belongs to step 1: the server does not let {client_id} use the authorization-code flow, or refuses the grant type of "
    "this request under the wrong code."
)
_COMPARED = "The server compares the {name} of the Authorization header with another one, as its words say."
_SEND: Fix = (SetField("token_params.{name}"), RERUN)
_OF_STEP_1_TOO = ("scope", "audience", "resource")
_IN_STEP_1 = "It misses the {name} in step 1, where this run sent none either."
_IN_BOTH: Fix = (*_SEND, *provided("if it says the same", SetField("params.{name}"), RERUN))
_WHICH = Ask("ask the administrator which {name} this application has")
_REGISTERED = "The words judge a {name} that the server has of its own, from the application's registration."
_OF_STEP_1 = "The server does not accept the {name} that step 1 asked for, {asked}: a code is bound to what it was asked for with."
_USER_ID = pattern(r"user[ _-]?id")
"""Words about a user that name no parameter speak of the person who logged in, where no user id was sent."""

_IN_BODY: Fix = (SetField("dialect.client_auth", "body", words=", which sends it"), RERUN)

MISSING: dict[str, Fix] = {
    "userid": (SetField("userid", source="users", words=", which both steps carry then"), RERUN),
    "client_id": _IN_BODY,
    "client_secret": _IN_BODY,
    "code_verifier": (SetField("dialect.pkce", "true"), RERUN),
    "response_uri": (SetField("token_params.response_uri", "{redirect_uri}"), RERUN),
}
"""How a field is sent, by its name, where this run has its value."""


@rules.add(
    "field-spelled-otherwise",
    title="The token endpoint said {words}, and the request carries that field as {ours}.",
    cause="This deployment spells the field {theirs}.",
    runner_up="The server could not read the body at all, and names the field by its own name for it.",
    fix=(
        Ask("have the token endpoint accept {name}"),
        *provided("to see whether its answer depends on the encoding", SetField("encoding", "{other}")),
    ),
    reference="protocol.md, step 2",
    unless="the server named the field as it was sent",
)
def field_spelled_otherwise(context: Context) -> Match | None:
    name, words = named(context), _words(context)
    theirs = spelled_by_them(refusal_words(exchange(context).response), name)
    unread = misses(words, name) or words.strip() == f"invalid {theirs.lower()}"
    if theirs.lower() in ("", name) or not _sent(context, name) or not unread:
        return None
    place = Pointer("token-request", "parameter", name)
    evidence = pair("Field, as sent and as named", name, theirs, place, ("sent", "named"))
    match = matched(context, evidence, name=name, ours=quoted(name), theirs=quoted(theirs))
    value = token_fields(context.state).get(name)
    if not value or name not in ("client_id", "redirect_uri", "userid"):
        return match
    send = (SetField(f"token_params.{theirs}", "{value}"), RERUN)
    other = provided("if it says the same", SetField("encoding", "{other}"), RERUN)
    return replace(match.with_values(value=quoted(value)), fix=(*send, *other))


@rules.add(
    "encoding-not-read",
    title="The token endpoint said {words}, although {name} was sent.",
    cause="The server could not read the body: it was sent as {encoding}.",
    runner_up="The client ID {client_id} is not known here, although step 1 accepted it.",
    fix=(SetField("encoding", "{other}"), RERUN),
    reference="protocol.md, step 2",
    unless="the words showed that a value was read, or an earlier run with the other encoding met the same words",
)
def encoding_not_read(context: Context) -> Match | None:
    name = named(context)
    if not _unread(context, name) or _both_tried(context):
        return None
    match = matched(context, Evidence(name, "sent", Pointer("token-request", "parameter", name)), name=name)
    if "invalid_grant" in words_of(context):
        return match.because(_LEFT_OUT, _TELL, "likely")
    of_client = name in ("client_id", "client_secret") and misses(_words(context), name)
    if of_client and context.inputs.dialect.client_auth == "body":
        in_header = "It looks for the client in the Authorization header (HTTP Basic)."
        return replace(match, runner_up=in_header, fix=_HEADER_TOO)
    return match if name == "client_id" else replace(match, runner_up=_SOMEWHERE, certainty="likely")


_LEFT_OUT = "The server read the code and not the {name}: something on the way makes a request of its own, and leaves the {name} out."
_SOMEWHERE = "It looks for the {name} in another place, or says the same of a value that it does not take."
_HEADER_TOO: Fix = (
    SetField("encoding", "{other}"),
    RERUN,
    *provided("if it says the same", SetField("dialect.client_auth", "basic"), RERUN),
)


def _unread(context: Context, name: str) -> bool:
    """Whether the words say that a field did not arrive: AIRisk's own `Invalid client_id` does; words that quote or
    compare a value do not."""
    text = _words(context)
    if not name or _READ.search(text) or _OR_UNKNOWN.search(text) or text != refusal(context):
        return False
    return misses(text, name) or (name == "client_id" and _BARELY.fullmatch(text.strip()) is not None)


_READ = pattern(r"mismatch|(does|do|did) not match|doesn't match|\bexpected:? |\bdiffers?\b")
"""Words of a server that has compared a value, so it has read it."""

_OR_UNKNOWN = pattern(r"\b(?:missing|empty|no),? or (?:unknown|invalid|expired|incorrect|wrong)\b")
"""Words that leave open whether a value did not arrive or is none: values are refused every day, and bodies are read or not."""

_BARELY = pattern(r"invalid \W?client[ _]?id\W?")
"""AIRisk's own words where it did not find the client ID in the body (protocol.md, step 2)."""


def _both_tried(context: Context) -> bool:
    """Whether an earlier run with the other encoding got the same words."""
    there = (context.inputs.base_url, other_encoding(context))
    runs = (run for run in context.earlier if run.inputs and (run.inputs.base_url, run.inputs.encoding) == there)
    errors = (run.token_answer.error for run in runs if run.token_answer and run.token_answer.error)
    return any(f"{error.code} {error.description}".lower()[:500] == words_of(context) for error in errors)


@rules.add(
    "field-refused",
    title="The token endpoint said {words}: it does not accept the {name} that was sent.",
    cause="The server does not accept its value.",
    fix=(Ask("ask the administrator which {name} this deployment expects"), Do("correct it")),
    reference="RFC 6749 §5.2; protocol.md, step 2",
    unless="the two requests differed in the field, or the words said that it is missing",
    certainty="likely",
)
def field_refused(context: Context) -> Match | None:
    name, words = named(context), _words(context)
    unwanted = _UNWANTED.search(words)
    if name in ("", "code", "client_secret") or answer(context).kind != "refused":
        return None
    if unwanted and not _sent(context, name):
        return None
    place = Pointer("token-request", "parameter", name)
    ours, theirs = context.inputs.redirect_uri, _expected_uri(context) if name == "redirect_uri" else None
    if theirs is not None:
        evidence = pair("Redirect URI, and the one that the server names", ours, theirs, place, ("sent", "named"))
        return replace(
            matched(context, evidence, name=name, ours=quoted(ours), theirs=quoted(theirs)),
            cause="The server compares with another URI than the one that was sent: its words name {theirs}.",
            fix=(
                SetField("redirect_uri", "{theirs}"),
                RERUN,
                *otherwise(Change("registration", "have {ours} registered in its place")),
            ),
            certainty="proven",
        )
    if name == "redirect_uri" and ours.startswith("http:") and wants_https(words):
        return matched(context, name=name, **uri_values(ours)).because(*of_https(ours))
    match = matched(context, Evidence(name, quoted(token_fields(context.state).get(name) or ""), place), name=name)
    if unwanted:
        return match.because("The server wants no {name} in the token request, as its words say.", _LEAVE_OUT)
    if _names_several(context, words):
        return replace(match, title=_SEVERAL_NAMED).because(OF_SEVERAL, EACH_OF_THEM, "unknown")
    if _TWICE.search(without_lists(words)):
        return match.because(_COUNTED_TWICE, _TELL)
    if _WRITTEN.search(without_lists(words)):
        return match.because(_HOW_WRITTEN, _AS_WANTED)
    if name == "code_verifier" and context.inputs.pkce == "wrong":
        return match.because("The run sent a wrong verifier on purpose: its PKCE is set to “wrong”.", _RIGHT_VERIFIER)
    if name in ("code_verifier", "code_challenge") and (told := of_pkce(context, match)) is not None:
        return told
    inputs = context.inputs
    overridden = inputs.params.get("code_challenge") or inputs.token_params.get("code_verifier")
    if name == "code_verifier" and not overridden:
        return _verifier_refused(context.state.imported, match)
    if not in_english(words):
        return match.because(_NAMED_ALONE, _AS_WANTED, "unknown")
    if name == "client_id" and client_left_open(words):
        return match.undecided(*UNKNOWN_OR_REFUSED)
    cause, fix = REASONS.get(name, (None, None))
    if name == "client_id" and not _both_tried(context):
        return replace(match, cause="The server's own words blame the client ID.", fix=fix)
    several = len(set(all_blamed(words, own_values(context))) - {"code"}) > 1
    return replace(match, cause=cause, runner_up=_SEVERAL if several else None, fix=fix)


def _names_several(context: Context, words: str) -> bool:
    """Whether lower-case words list several fields, one of which is wrong, and the error code names none of them."""
    error, names = answer(context).error, set(all_blamed(words, own_values(context)))
    by_code = error is not None and blamed(error.code.lower())
    return len(names) > 1 and not by_code and _LEFT_OPEN.search(words) is not None


_SEVERAL_NAMED = "The token endpoint said {words}, which does not tell which of these is wrong."
_LEFT_OPEN = pattern(r"\b(?:or|either|maybe|perhaps|may|might|possibl\w+|one of|check)\b|\n\s*[-*•]")
_SEVERAL = "Another one of the things that these words name."
_CHALLENGE_LOST = "The server does not find the challenge of step 1 for this verifier: both were made for this run."
_UNWANTED = pattern(
    r"\b(?:unsupported|unexpected|unrecogni[sz]ed|unknown|extra|superfluous|disallowed) (?:\w+ )?(?:parameter|field|property|argument|key)"
    r"s?\b(?! value)|\b(?:parameter|field|property|argument|key|input)s? (?:is |are )?not (?:allowed|permitted|supported|expected)\b"
    r"|\bshould not (?:exist|be (?:sent|present|included))\b"
)
"""Words about a parameter that should not be there, whatever its value is."""

_LEAVE_OUT: Fix = (Do("leave {name} out of the token request by an edit"), RERUN)
_NAMED_ALONE = "The words name the {name} in a language that this program does not read: it is missing or wrong."
_TWICE = pattern(r"\bduplicated?\b|\brepeated\b|\bmore than once\b|\btwice\b|\bmultiple (?:values|times)\b")
_WRITTEN = pattern(
    r"\babsolute\b|\bfragment\b|\bmalformed\b|\bformat\b|\bsyntax|\btoo (?:long|short)\b|\bcharacters?\b|well-formed"
)
_HOW_WRITTEN = "The server does not accept how the {name} is written, as its words say."
_AS_WANTED: Fix = (
    Do("write {name} as these words want it"),
    RERUN,
    *otherwise(Ask("give this exchange to the administrator{trace}")),
)
_COUNTED_TWICE = (
    "The server counts the {name} more than once, and the body holds it once: a header or the address has it, too, or something on the "
    "way adds it."
)
_RIGHT_VERIFIER: Fix = (SetField("pkce", "on"), RERUN)
_TELL: Fix = (Ask("give this exchange to the administrator{trace}"),)


def _verifier_refused(imported: Imported | None, match: Match) -> Match:
    """Why a verifier is refused that this program has not altered; imported: where it is another program's."""
    if imported is None or imported.verifier_fits:
        return replace(match, cause=_CHALLENGE_LOST if imported is None else _FITS, fix=_TELL)
    return replace(match, cause=REASONS["code_verifier"][0], fix=_TELL)


_FITS = "The verifier in the file fits the challenge of step 1: the server compares it with another challenge, or has lost it."


REASONS: dict[str, tuple[str, Fix]] = {
    "redirect_uri": (
        "Both steps sent the same; the server compares with something else, most likely the URI as it is registered.",
        (SetField("redirect_uri", words="the registered URI, copied character by character"), RERUN),
    ),
    "userid": (
        "Both steps sent the same; the server does not accept this user id.",
        (SetField("userid", source="users"), RERUN),
    ),
    "code_verifier": (
        "The server compares the verifier with the challenge of step 1, and they do not match.",
        (
            DropField("params.code_challenge"),
            DropField("token_params.code_verifier"),
            SetField("dialect.pkce", "true"),
            RERUN,
        ),
    ),
    "client_id": (
        "The server gave the same answer to both encodings: the token endpoint does not know the client ID.",
        (SetField("client_id", words="the one that is registered on this deployment"), RERUN),
    ),
}
"""By its name, why a field is refused that both steps sent alike, and what to do."""


def _expected_uri(context: Context) -> str | None:
    """The one URI that the server's own words name beside ours, or None."""
    error = answer(context).error
    said = f"{error.code} {error.description}" if error is not None and error.form != "html" else ""
    uris = {uri.rstrip(".") for uri in _URI.findall(said)} - {context.inputs.redirect_uri}
    return uris.pop() if len(uris) == 1 else None


_URI = pattern(r"https?://[^\s\"'<>,;()]+")


def _both_made(context: Context) -> bool:
    return context.inputs.mode != "device" and context.state.token_answer is not None


both = RuleSet("Both requests", _both_made, "token")


def _concerned(context: Context) -> list[FieldPair]:
    """The fields that differ and that the answer can concern: all for a code, the named one, the client's for a 401."""
    wrong = [row for row in field_pairs(context.state) if row.wrong]
    if answer(context).token is not None or refuses_the_code(context):
        return wrong
    name = "client_id" if answer(context).status == 401 else named(context)
    return [row for row in wrong if row.name == name]


def _side_by_side(row: FieldPair) -> Evidence:
    place = Pointer("token-request", "parameter", row.name)
    if row.first is None or row.second is None:
        only = row.verdict.replace("only", "step only")
        return Evidence(f"{row.name}: {only}", quoted(row.first or row.second or ""), place)
    return pair(f"{row.name} in step 1 and in step 2", row.first, row.second, place, ("step 1", "step 2"))


def _made_alike(context: Context, row: FieldPair) -> Fix:
    """An extra parameter of one request is what made them differ."""
    extra = {"params": context.inputs.params, "token_params": context.inputs.token_params}
    drop = [DropField(f"{group}.{{name}}") for group, params in extra.items() if params.get(row.name) is not None]
    if not drop:
        return (Rerun(words=" from the form, which sends the same {name} in both steps"),)
    own = row.name if row.name in ("userid", "redirect_uri", "client_id") else None
    both = "the value that both steps should carry"
    return (*drop, SetField(own, words=both) if own else Do(f"use the field of the form for {both}"))


def _how(row: FieldPair) -> str:
    """In words, how the second value was made of the first; "" where that cannot be told."""
    first, second = row.first or "", row.second or ""
    if unquote(second) == first or unquote(first) == second:
        return ": it was percent-encoded once too often in one of them"
    known = row.name == "redirect_uri" and first and second
    return f": they differ in {visible_sealed(uri_difference(first, second))}" if known else ""


@both.add(
    "legs-differ",
    title="The token endpoint said {words}, and {name} is not the same in both steps.",
    cause="The token request must repeat the {name} of the authorization request, and the server compares them{how}.",
    fix=(DropField("params.{name}"), Do("send the same value in both steps")),
    reference="RFC 6749 §4.1.3; protocol.md, step 2",
    unless="both requests carried the same value, or the refusal named another field",
)
def legs_differ(context: Context) -> Match | None:
    rows = _concerned(context)
    if not rows:
        return None
    match = matched(context, *(_side_by_side(each) for each in rows), name=rows[0].name, how=_how(rows[0]))
    in_words = rows[0].name in all_blamed(_words(context))
    match = replace(match, fix=_made_alike(context, rows[0]), certainty=None if in_words else "likely")
    if answer(context).token is None:
        return match
    issued = "A token was issued, although {name} is not the same in both steps."
    return replace(match, severity="warning", title=issued, cause=_NOT_COMPARED, certainty="proven")


_NOT_COMPARED = "This server does not compare the two requests in it; one that keeps to RFC 6749 refuses the second."
