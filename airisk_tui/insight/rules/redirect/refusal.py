"""The authorization server gave an error code, in a redirect with `error` or in a JSON document (protocol.md, outcomes).

One rule for each code of RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6, and one for the rest.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Certainty, Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Do, Fix, FixStep, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import client_left_open, misses, refusal_text
from airisk_tui.insight.reading.reasons import of_the_browser
from airisk_tui.insight.reading.run import MAX_WORDS, json_object, quoted_error, trace
from airisk_tui.insight.rule import Entry, Match, Rule, RuleSet
from airisk_tui.insight.rules.authorization import UNKNOWN_OR_REFUSED, blaming, carried, name_of
from airisk_tui.insight.words.quoting import listed, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.server_error import read_error


class Refusal(Struct, frozen=True):
    """code and words as the server wrote them; text: all that it says, in lower case; how: how that came; pointer: where it
    stands."""

    code: str
    words: str
    text: str
    how: str
    pointer: Pointer
    trace: str = ""


def refusal(context: Context) -> Refusal | None:
    """The refusal of the run, or None. An error together with a code, or with a wrong state (threats.md L6), does not count."""
    answer = context.state.answer or context.state.held
    if answer is not None:
        doubtful = answer.verification == "missing" and not context.state.trusted_on_purpose
        if (
            answer.redirect.kind != "error"
            or answer.elsewhere
            or doubtful
            or answer.verification in ("mismatch", "repeated")
        ):
            return None
        told = ": ".join(part for part in (answer.redirect.error, answer.redirect.description) if part)
        pointer = Pointer("redirect", "parameter", "error")
        return Refusal(answer.redirect.error or "", quoted(told, MAX_WORDS), told.lower(), "The redirect says", pointer)
    pushed = context.state.push_refused
    exchange = context.state.pushed if pushed else context.state.authorization
    if exchange is None or exchange.response.redirects:
        return None
    error, status = read_error(exchange.response), exchange.response.status
    of_the_path = status in (404, 405) or status >= 500
    if error.form != "oauth" or (of_the_path and error.code.strip().lower() not in KNOWN):
        return None
    form = "JSON" if json_object(exchange.response) is not None else "text"
    how = f"Instead of redirecting, the server answered {exchange.response.status} with {form} that says"
    if pushed:
        how = f"The server answered the pushed request with {exchange.response.status}, and says"
    pointer = Pointer("authorization-request", "body", "error")
    return Refusal(error.code, quoted_error(error), refusal_text(exchange.response), how, pointer, trace(error))


rules = RuleSet("Refusal", lambda context: refusal(context) is not None, "authorization")


def _matched(context: Context) -> Match:
    """A match with the values and the evidence that all refusals share."""
    found = refusal(context)
    if found is None:
        raise ValueError("The authorization server did not refuse.")
    values = {"words": found.words, "how": found.how, "trace": found.trace}
    evidence = [Evidence("error", found.words, found.pointer)]
    exchange = context.state.authorization or context.state.pushed
    if found.pointer.step == "authorization-request" and exchange is not None:
        names = listed(list(json_object(exchange.response) or {}))
        evidence.append(Evidence("Members", names, Pointer("authorization-request", "body")))
    return Match(values, tuple(evidence))


def _code(context: Context) -> str:
    found = refusal(context)
    return found.code.strip().lower() if found is not None else ""


def _blamed(context: Context, match: Match) -> Match:
    """The match, with the cause and the fix that the server's words name where they blame a parameter."""
    found = refusal(context)
    if found is None:
        return match
    # A code such as "invalid_scope" names a parameter itself; the words beside it say more.
    return blaming(context, _beside(found), match) or blaming(context, found.text, match) or match


OF_A_PERSON = ("access-denied", "interaction-required", "temporarily-unavailable")
"""Refusals that no parameter is to blame for, whatever their words speak of."""


_INFERRED = ("access-denied", "unauthorized-client", "invalid-scope", "temporarily-unavailable")


def _entry(code: str, means: str, cause: str, fix: Fix, reference: str = "RFC 6749 §4.1.2.1") -> Entry:
    certainty: Certainty = "likely" if code in _INFERRED else "proven"
    title = "{how} {words}: " + means
    return Entry(
        code=code,
        question="authorization",
        title=title,
        cause=cause,
        fix=fix,
        reference=reference,
        certainty=certainty,
        unless=f"the words beside the code told of {'' if code in OF_A_PERSON else 'a parameter, '}a user, a log-in or a policy",
    )


ENTRIES = (
    _entry(
        "access-denied",
        "access was refused.",
        "The person at the consent page, or an administrator's policy, refused.",
        (
            RERUN,
            Do("approve on the consent page"),
            *provided("if none was shown", Ask("ask the administrator to allow the application {client_id}")),
        ),
    ),
    _entry(
        "unauthorized-client",
        "this application may not request a code in this way.",
        "The application is registered without the authorization-code grant.",
        (Ask("ask the administrator to allow the authorization-code grant for the application {client_id}"),),
    ),
    replace(
        _entry(
            "invalid-client",
            "the server does not accept the application.",
            "There is no application with the client ID {client_id} on {base_url}.",
            (
                SetField("client_id", words="the one that is registered on {base_url}"),
                *provided(
                    "if it is right already",
                    SetField("redirect_uri", words="the registered URI, copied character by character"),
                ),
                *provided("otherwise", Ask("ask the administrator to look {client_id} up{trace}")),
            ),
        ),
        runner_up="The redirect URI {redirect_uri} is not registered for it: some servers say the same of that.",
    ),
    _entry(
        "unsupported-response-type",
        "the server does not accept the response_type.",
        "The server expects another response_type than the one that was sent.",
        (SetField("params.response_type", "code", words=" for this server's authorization-code flow"),),
    ),
    _entry(
        "invalid-scope",
        "the scope is missing, unknown or too wide.",
        "The server expects a scope that this run did not send, or in another form.",
        (Ask("ask the administrator for the scope of the application {client_id}"), SetField("params.scope")),
    ),
    _entry(
        "server-error",
        "the server failed internally.",
        "The server met an error of its own while it processed the request.",
        (RERUN, *provided("if it stays", Ask("give the time of this run to the administrator{trace}"))),
    ),
    _entry(
        "temporarily-unavailable",
        "the server cannot go on with the request.",
        "The server is overloaded or in maintenance.",
        (Do("wait a minute"), RERUN),
    ),
    _entry(
        "interaction-required",
        "a person has to log in or consent first.",
        "The server needs to show a page first, for a log-in or a consent, and it was asked to show none or could not.",
        (Rerun("browser"), Do("log in and consent there")),
        "OpenID Connect Core §3.1.2.6",
    ),
)

SPELLINGS = {
    "access-denied": ("access_denied", "access-denied", "accessdenied"),
    "unauthorized-client": ("unauthorized_client",),
    "invalid-client": ("invalid_client", "invalid-client", "invalid client", "unknown_client"),
    "unsupported-response-type": ("unsupported_response_type",),
    "invalid-scope": ("invalid_scope",),
    "server-error": ("server_error",),
    "temporarily-unavailable": ("temporarily_unavailable",),
    "interaction-required": (
        *("login_required", "consent_required", "interaction_required", "account_selection_required"),
    ),
}
"""By the code of the finding, the error codes that it stands for."""

KNOWN = frozenset(code for codes in SPELLINGS.values() for code in codes) | {"invalid_request"}
"""The codes that OAuth has: another one beside a status that tells of the path or of a crash is no refusal of OAuth."""

_CONSENT: Fix = (
    Rerun("browser"),
    Do("approve on the consent page, which the direct mode never sees"),
    *provided("if there is none", Ask("ask the administrator to allow the application {client_id}")),
)


def _rule(entry: Entry) -> Rule:
    """The rule for one line of the table."""

    def check(context: Context) -> Match | None:
        if _code(context) not in SPELLINGS[entry.code]:
            return None
        match = _matched(context)
        found = refusal(context)
        if entry.code == "access-denied" and found is not None and _OF_THE_USER.search(found.text):
            return replace(match, cause=_NOT_ALLOWED, fix=_ALLOW_THE_USER)
        reason = of_the_browser(_beside(found)) if found is not None else None
        if reason is not None:
            return match.because(reason.cause, reason.fix, "likely")
        if (
            entry.code in ("unauthorized-client", "invalid-client")
            and found is not None
            and client_left_open(found.text)
        ):
            left_open = replace(match, title="{how} {words}: the server does not accept the application.")
            return left_open.undecided(*UNKNOWN_OR_REFUSED)
        if entry.code == "access-denied" and context.inputs.mode == "direct" and context.state.imported is None:
            match = replace(match, fix=_CONSENT)
        blames = (
            entry.code not in OF_A_PERSON and found is not None and not _lacks_grant(entry.code, context, found.text)
        )
        if entry.code == "invalid-scope" and found is not None and (scope := _of_the_scope(context, match, found.text)):
            return scope
        match, plain = (_blamed(context, match) if blames else match), match
        return (
            _words_alone(context, match)
            if match is plain and found is not None and _says_else(entry.code, found)
            else match
        )

    return Rule(entry, rules.needs, check)


def _of_the_scope(context: Context, match: Match, said: str) -> Match | None:
    """The match with the scopes that the metadata offer and the words name, or that the run sent and the metadata do not offer."""
    offered = context.state.metadata.scopes_supported if context.state.metadata is not None else None
    sent = (context.inputs.scope or "").split()
    if not offered:
        return None
    wanted = [
        scope for scope in offered if scope not in sent and re.search(rf"(?<!\w){re.escape(scope.lower())}(?!\w)", said)
    ]
    unknown = [scope for scope in sent if scope not in offered]
    if not wanted and not unknown:
        return None
    values = dict(match.values) | {"scopes": quoted(" ".join(wanted or unknown))}
    values["scope"] = " ".join([scope for scope in sent if scope in offered] + wanted)
    cause = _SCOPE_WANTED if wanted else _SCOPE_UNKNOWN
    return replace(match, values=values, cause=cause, fix=(SetField("scope", "{scope}"), RERUN), certainty="likely")


_SCOPE_WANTED = "The server's words name {scopes}, which its metadata offers and this run did not ask for."
_SCOPE_UNKNOWN = "The run asked for {scopes}, which is none of the scopes that the server's metadata offers."

_OF_THE_USER = pattern(
    r"not assigned|not a member|not (authorized|allowed|permitted) to|no (access|permission|role)|\b(group|role|policy)\b"
)
_NOT_ALLOWED = "The server does not let this user use the application, for the reason that its words give."
_ALLOW_THE_USER: Fix = (
    Ask("have the administrator give the user what these words name, such as an assignment, a group or a role"),
    RERUN,
)

_MEANT = {
    "access-denied": pattern(
        r"den(?:y|ied)|refus|reject|declin|cancel|abort|disallow|forbid|not (?:approve|grant)|verweiger|abgelehnt|abgebrochen|negad"
        r"|^\W*(?:oauth 2\.0 )?parameter\b"
    ),
    "invalid-client": pattern(
        r"client (?:authentication|verification) failed|invalid client|client is invalid|bad client|unknown"
    ),
    "unauthorized-client": pattern(r"grant|flow|response.?type|not (?:authori[sz]ed|allowed|permitted|enabled)"),
}
"""By the code of the finding, the words that say no more than the error code does."""


def _says_else(code: str, found: Refusal) -> bool:
    """Whether the words beside an error code tell of something else than the code."""
    if code not in _MEANT:
        return False
    beside = _beside(found)
    return len(re.findall(r"\w{2,}", beside)) > 1 and not _MEANT[code].search(beside)


def _beside(found: Refusal) -> str:
    """The words beside the error code, in lower case."""
    return found.text.replace(found.code.strip().lower(), " ")


def _lacks_grant(code: str, context: Context, words: str) -> bool:
    """Whether words that name the response_type tell of the grant that the application lacks, and not of the parameter."""
    named = name_of(context, words) in ("", "response_type")
    return code == "unauthorized-client" and named and not misses(words, "response_type")


def _words_alone(context: Context, match: Match) -> Match:
    """Of a refusal whose words name another reason than its code, and none that is known here."""
    return replace(match.because(WORDS_ALONE, _look_up(context), "unknown"), title="{how} {words}.")


def _look_up(context: Context) -> Fix:
    """The fix where the words tell nothing: the other of the modes direct and browser is tried next."""
    return (*LOOK_UP[:-1], _the_other_way(context))


def _the_other_way(context: Context) -> FixStep:
    return replace(LOOK_UP[-1], mode="direct") if context.inputs.mode == "browser" else LOOK_UP[-1]


WORDS_ALONE = "Its own words are all that tells the reason."
LOOK_UP: Fix = (
    Do("look these words up in the server's documentation"),
    *otherwise(Ask("give them to the administrator{trace}")),
    *provided("to see what the other way brings", Rerun("browser")),
)

rules.extend(_rule(entry) for entry in ENTRIES)


@rules.add(
    "invalid-request",
    title="{how} {words}: the server found a parameter missing, repeated or malformed.",
    cause="The server does not say which: it misses one, has one twice, or does not take the value of one.",
    fix=(
        Ask("ask the administrator what this request lacks{trace}"),
        *provided("to see what the other way brings", Rerun("browser")),
    ),
    reference="RFC 6749 §4.1.2.1",
    unless="the words beside it named a parameter, a user or a log-in: then they decide",
    certainty="unknown",
)
def invalid_request(context: Context) -> Match | None:
    if _code(context) != "invalid_request":
        return None
    match, found = _of_words(context), refusal(context)
    if match.cause is not None or found is None:
        return match
    beside = found.text.replace("invalid_request", "")
    if len(re.findall(r"\w{2,}", beside)) > 1 and not _LISTED.search(beside):
        return _words_alone(context, match)
    missing = next((name for name in _OFTEN_REQUIRED if not carried(context, name)), None)
    values = {**match.values, "missing": missing or ""}
    fix = _OFTEN_REQUIRED[missing] if missing else (_ASK, _the_other_way(context))
    return replace(match, values=values, fix=fix)


_TRY = "many servers require {missing}, which this run did not send: to try it"
_ASK = Ask("ask the administrator what this request lacks{trace}")
_OFTEN_REQUIRED: dict[str, Fix] = {
    "response_type": (*provided(_TRY, SetField("params.response_type", "code"), RERUN), *otherwise(_ASK)),
    "code_challenge": (*provided(_TRY, SetField("dialect.pkce", "true"), RERUN), *otherwise(_ASK)),
}
"""Parameters that RFC 6749 §4.1.1 and RFC 9700 §2.1.1 require, and that a run may leave out."""

_LISTED = pattern(r"includes an (?:invalid|unsupported) parameter|malformed|missing (?:a )?(?:required )?parameters?\b")
"""RFC 6749 §4.1.2.1 lists so what may be wrong; servers send the sentence unchanged."""


@rules.add(
    "authorization-error-unknown",
    title="{how} {words}: the server refused, with an error code of its own.",
    cause="The code is not one of RFC 6749's; the server's documentation says what it means.",
    fix=LOOK_UP,
    reference="RFC 6749 §4.1.2.1",
    unless="the code were one of RFC 6749 or OpenID Connect, or the words beside it named a parameter, a user or a log-in",
    certainty="unknown",
)
def unknown(context: Context) -> Match | None:
    match = _of_words(context)
    return replace(match, fix=_look_up(context)) if match.fix is None else match


def _of_words(context: Context) -> Match:
    """The cause that the words beside a code tell, where the code names none."""
    found, match = refusal(context), _matched(context)
    reason = of_the_browser(found.text) if found is not None else None
    if reason is None:
        return _blamed(context, match)
    return match.because(reason.cause, reason.fix, "likely")
