"""The authorization server gave an error code, in a redirect with `error` or in a JSON document (protocol.md, outcomes).

One rule for each code of RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6, and one for the rest.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import client_left_open, misses, refusal_text
from airisk_tui.insight.reading.reasons import of_the_browser
from airisk_tui.insight.reading.run import MAX_WORDS, json_object, quoted_error, trace
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.authorization import (
    ALLOW_CODES,
    LOOK_UP_CLIENT,
    REGISTERED_ID,
    REGISTERED_URI,
    UNKNOWN_OR_REFUSED,
    blaming,
    carried,
    name_of,
)
from airisk_tui.insight.rules.redirect import said
from airisk_tui.insight.words.quoting import listed, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.server_error import read_error


class Refusal(Struct, frozen=True):
    """code, text: the error code and all that the server says, in lower case; words: the same as it is quoted; how: how that came;
    pointer: where it stands."""

    code: str
    words: str
    text: str
    how: str
    pointer: Pointer
    trace: str = ""

    @property
    def beside(self) -> str:
        """The words beside the error code, in lower case."""
        return self.text.replace(self.code, " ")


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
        told = said(answer.redirect.error, answer.redirect.description)
        pointer = Pointer("redirect", "parameter", "error")
        return Refusal(
            _code(answer.redirect.error), quoted(told, MAX_WORDS), told.lower(), "The redirect says", pointer
        )
    pushed = context.state.push_refused
    exchange = context.state.pushed if pushed else context.state.authorization
    if exchange is None or exchange.response.redirects:
        return None
    error, status = read_error(exchange.response), exchange.response.status
    of_the_path = status in (404, 405) or status >= 500
    if error.form != "oauth" or (of_the_path and _code(error.code) not in KNOWN):
        return None
    form = "JSON" if json_object(exchange.response) is not None else "text"
    how = f"Instead of redirecting, the server answered {exchange.response.status} with {form} that says"
    if pushed:
        how = f"The server answered the pushed request with {exchange.response.status}, and says"
    pointer = Pointer("authorization-request", "body", "error")
    return Refusal(_code(error.code), quoted_error(error), refusal_text(exchange.response), how, pointer, trace(error))


def _code(error: str | None) -> str:
    return (error or "").strip().lower()


rules = RuleSet[Context]("Refusal", lambda context: refusal(context) is not None, "authorization")


def _refusal(context: Context) -> Refusal:
    """The refusal that the precondition promises."""
    found = refusal(context)
    if found is None:
        raise ValueError("The authorization server did not refuse.")
    return found


def _matched(context: Context) -> Match:
    """A match with the values and the evidence that all refusals share."""
    found = _refusal(context)
    values = {"words": found.words, "how": found.how, "trace": found.trace}
    evidence = [Evidence("error", found.words, found.pointer)]
    exchange = context.state.authorization or context.state.pushed
    if found.pointer.step == "authorization-request" and exchange is not None:
        names = listed(list(json_object(exchange.response) or {}))
        evidence.append(Evidence("Members", names, Pointer("authorization-request", "body")))
    return Match(values, tuple(evidence))


def _blamed(context: Context, match: Match) -> Match:
    """The match, with the cause and the fix that the server's words name where they blame a parameter."""
    found = _refusal(context)
    # A code such as "invalid_scope" names a parameter itself; the words beside it say more.
    return blaming(context, found.beside, match) or blaming(context, found.text, match) or match


OF_A_PERSON = ("access-denied", "interaction-required", "temporarily-unavailable")
"""Refusals that no parameter is to blame for, whatever their words speak of."""


_INFERRED = ("access-denied", "unauthorized-client", "invalid-scope", "temporarily-unavailable")


def _entry(code: str, means: str, cause: str, fix: Fix, reference: str = "", runner_up: str | None = None) -> Entry:
    return Entry(
        code=code,
        question="authorization",
        title="{how} {words}: " + means,
        cause=cause,
        runner_up=runner_up,
        fix=fix,
        reference=reference or "RFC 6749 §4.1.2.1",
        certainty="likely" if code in _INFERRED else "proven",
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
        (ALLOW_CODES,),
    ),
    _entry(
        "invalid-client",
        "the server does not accept the application.",
        "There is no application with the client ID {client_id} on {base_url}.",
        (REGISTERED_ID, *provided("if it is right already", REGISTERED_URI), *provided("otherwise", LOOK_UP_CLIENT)),
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


def _explained(entry: Entry, context: Context) -> Match | None:
    found, code = _refusal(context), entry.code
    if found.code not in SPELLINGS[code]:
        return None
    match, reason = _matched(context), of_the_browser(found.beside)
    if code == "access-denied" and _OF_THE_USER.search(found.text):
        return replace(match, cause=_NOT_ALLOWED, fix=_ALLOW_THE_USER)
    if reason is not None:
        return match.because(reason.cause, reason.fix, "likely")
    if code in ("unauthorized-client", "invalid-client") and client_left_open(found.text):
        left_open = replace(match, title="{how} {words}: the server does not accept the application.")
        return left_open.undecided(*UNKNOWN_OR_REFUSED)
    if code == "access-denied" and context.inputs.mode == "direct" and context.state.imported is None:
        match = replace(match, fix=_CONSENT)
    if code == "invalid-scope" and (of_the_scope := _of_the_scope(context, match, found.text)):
        return of_the_scope
    blames = code not in OF_A_PERSON and not _lacks_grant(code, context, found.text)
    blamed = _blamed(context, match) if blames else match
    return _words_alone(context, match) if blamed is match and _says_else(code, found) else blamed


def _of_the_scope(context: Context, match: Match, words: str) -> Match | None:
    """The match with the scopes that the metadata offer and the words name, or that the run sent and the metadata do not offer."""
    offered = context.state.metadata.scopes_supported if context.state.metadata is not None else None
    sent = (context.inputs.scope or "").split()
    if not offered:
        return None
    wanted = [
        scope
        for scope in offered
        if scope not in sent and re.search(rf"(?<!\w){re.escape(scope.lower())}(?!\w)", words)
    ]
    unknown = [scope for scope in sent if scope not in offered]
    if not wanted and not unknown:
        return None
    scope = " ".join([scope for scope in sent if scope in offered] + wanted)
    match = match.with_values(scopes=quoted(" ".join(wanted or unknown)), scope=scope)
    cause = _SCOPE_WANTED if wanted else _SCOPE_UNKNOWN
    return replace(match, cause=cause, fix=(SetField("scope", "{scope}"), RERUN), certainty="likely")


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
    # RFC 6749 §4.1.2.1 lists what may be wrong; servers send the sentence unchanged.
    "invalid-request": pattern(
        r"includes an (?:invalid|unsupported) parameter|malformed|missing (?:a )?(?:required )?parameters?\b"
    ),
    "unauthorized-client": pattern(r"grant|flow|response.?type|not (?:authori[sz]ed|allowed|permitted|enabled)"),
}
"""By the code of the finding, the words that say no more than the error code does."""


def _says_else(code: str, found: Refusal) -> bool:
    """Whether the words beside an error code tell of something else than the code."""
    if code not in _MEANT:
        return False
    return len(re.findall(r"\w{2,}", found.beside)) > 1 and not _MEANT[code].search(found.beside)


def _lacks_grant(code: str, context: Context, words: str) -> bool:
    """Whether words that name the response_type tell of the grant that the application lacks, and not of the parameter."""
    named = name_of(context, words) in ("", "response_type")
    return code == "unauthorized-client" and named and not misses(words, "response_type")


def _words_alone(context: Context, match: Match) -> Match:
    """Of a refusal whose words name another reason than its code, and none that is known here."""
    return replace(match.because(_WORDS_ALONE, _look_up(context), "unknown"), title="{how} {words}.")


_WORDS_ALONE = "Its own words are all that tells the reason."
_LOOK_UP: Fix = (
    Do("look these words up in the server's documentation"),
    *otherwise(Ask("give them to the administrator{trace}")),
)
_ASK = Ask("ask the administrator what this request lacks{trace}")
_OTHER_WAY: Fix = provided("to see what the other way brings", Rerun("browser"))


def _look_up(context: Context) -> Fix:
    return (*_LOOK_UP, *_other_way(context))


def _other_way(context: Context) -> Fix:
    """A trial in the other of the modes direct and browser."""
    return (replace(_OTHER_WAY[0], mode="direct"),) if context.inputs.mode == "browser" else _OTHER_WAY


rules.add_each(ENTRIES, _explained)


@rules.add(
    "invalid-request",
    title="{how} {words}: the server found a parameter missing, repeated or malformed.",
    cause="The server does not say which: it misses one, has one twice, or does not take the value of one.",
    fix=(_ASK, *_OTHER_WAY),
    reference="RFC 6749 §4.1.2.1",
    unless="the words beside it named a parameter, a user or a log-in: then they decide",
    certainty="unknown",
)
def invalid_request(context: Context) -> Match | None:
    found = _refusal(context)
    if found.code != "invalid_request":
        return None
    match = _of_words(context)
    if match.cause is not None:
        return match
    if _says_else("invalid-request", found):
        return _words_alone(context, match)
    missing = next((name for name in _OFTEN_REQUIRED if not carried(context, name)), None)
    fix = _OFTEN_REQUIRED[missing] if missing else (_ASK, *_other_way(context))
    return replace(match.with_values(missing=missing or ""), fix=fix)


_TRY = "many servers require {missing}, which this run did not send: to try it"
_OFTEN_REQUIRED: dict[str, Fix] = {
    "response_type": (*provided(_TRY, SetField("params.response_type", "code"), RERUN), *otherwise(_ASK)),
    "code_challenge": (*provided(_TRY, SetField("dialect.pkce", "true"), RERUN), *otherwise(_ASK)),
}
"""Parameters that RFC 6749 §4.1.1 and RFC 9700 §2.1.1 require, and that a run may leave out."""


@rules.add(
    "authorization-error-unknown",
    title="{how} {words}: the server refused, with an error code of its own.",
    cause="The code is not one of RFC 6749's; the server's documentation says what it means.",
    fix=(*_LOOK_UP, *_OTHER_WAY),
    reference="RFC 6749 §4.1.2.1",
    unless="the code were one of RFC 6749 or OpenID Connect, or the words beside it named a parameter, a user or a log-in",
    certainty="unknown",
)
def unknown(context: Context) -> Match | None:
    match = _of_words(context)
    return replace(match, fix=_look_up(context)) if match.fix is None else match


def _of_words(context: Context) -> Match:
    """The cause that the words beside a code tell, where the code names none."""
    match, reason = _matched(context), of_the_browser(_refusal(context).text)
    return _blamed(context, match) if reason is None else match.because(reason.cause, reason.fix, "likely")
