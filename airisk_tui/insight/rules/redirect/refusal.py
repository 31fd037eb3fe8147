"""The authorization server said why it refuses, in a redirect with `error` or in a JSON document (protocol.md, outcomes).

One rule for each code of RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6, and one for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.readings import json_object, trace, words
from airisk_tui.insight.rule import Entry, Match, Rule, RuleSet
from airisk_tui.oauth.token import read_error


@dataclass(frozen=True, slots=True)
class Refusal:
    """code and words as the server wrote them; how: how they came; pointer: where they stand."""

    code: str
    words: str
    how: str
    pointer: Pointer
    trace: str = ""


def refusal(context: Context) -> Refusal | None:
    """The refusal of the run, or None. An error beside a code, or one that is not believed (threats.md L6), is none."""
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
        return Refusal(answer.redirect.error or "", quoted(told), "The redirect brought", pointer)
    exchange = context.state.authorization
    if exchange is None or 300 <= exchange.response.status < 400:
        return None
    error = read_error(exchange.response)
    if error.form != "oauth":
        return None
    how = f"A JSON document with status {exchange.response.status}, in place of a redirect, brought"
    return Refusal(error.code, words(error), how, Pointer("authorization-request", "body", "error"), trace(error))


rules = RuleSet("Refusal", lambda context: None if refusal(context) else "the authorization server sent no error code")


def _matched(context: Context) -> Match:
    told = refusal(context)
    if told is None:
        raise ValueError("The authorization server did not refuse.")
    values = {"words": told.words, "how": told.how, "trace": told.trace, "client_id": quoted(context.inputs.client_id)}
    evidence = [Evidence("error", told.words, told.pointer)]
    if told.how.startswith("A JSON"):
        exchange = context.state.authorization
        names = (
            ", ".join(quoted(name, 40) for name in list(json_object(exchange.response) or {})[:8]) if exchange else ""
        )
        evidence.append(Evidence("Members", names, Pointer("authorization-request", "body")))
    return Match(values, tuple(evidence))


def _code(context: Context) -> str:
    told = refusal(context)
    return told.code.strip().lower() if told is not None else ""


UNSEEN = (
    "Run again with --mode browser and approve on the consent page, which a direct request never shows; if there is none, ask "
    "the administrator to allow the application {client_id}."
)
"""What to do about a refusal in the direct mode."""


def _named(*codes: str) -> Rule:
    """The rule for one line of the table: every code but the first is another spelling."""
    entry = next(entry for entry in ENTRIES if entry.code == codes[0])

    def check(context: Context) -> Match | None:
        if _code(context) not in codes[1:]:
            return None
        unseen = entry.code == "access-denied" and context.inputs.mode == "direct"
        return replace(
            _matched(context), fix=UNSEEN.format(client_id=quoted(context.inputs.client_id)) if unseen else None
        )

    return Rule(entry, rules.needs, check)


def _entry(code: str, means: str, cause: str, fix: str, reference: str = "RFC 6749 §4.1.2.1") -> Entry:
    title = "{how} {words}: " + means
    return Entry(code=code, question="authorization", title=title, cause=cause, fix=fix, reference=reference)


ENTRIES = (
    _entry(
        "access-denied",
        "access was refused.",
        "The person at the consent page, or an administrator's policy, said no.",
        "Run again and approve on the consent page; if it was not shown, ask the administrator to allow the application {client_id}.",
    ),
    _entry(
        "unauthorized-client",
        "this application may not ask for a code in this way.",
        "The application is registered without the authorization-code grant.",
        "Ask the administrator to allow the authorization-code grant for the application {client_id}.",
    ),
    _entry(
        "unsupported-response-type",
        "the server does not accept the response_type.",
        "The server wants another response_type than the one that was sent.",
        "Use the authorization-code flow of this server: a response_type of “code”.",
    ),
    _entry(
        "invalid-scope",
        "the scope is missing, unknown or too wide.",
        "The server wants a scope that this run did not send in the right form.",
        "Ask the administrator for the scope of the application {client_id}, and send it with --param scope=…",
    ),
    _entry(
        "server-error",
        "the server failed inside.",
        "The server met an error of its own while it worked on the request.",
        "Run again; if it stays, give the time of this run to the administrator{trace}.",
    ),
    _entry(
        "temporarily-unavailable",
        "the server is overloaded or in maintenance.",
        "The server cannot work on the request just now.",
        "Wait a minute and run again.",
    ),
    _entry(
        "interaction-required",
        "a person has to log in or consent first.",
        "The server was asked for an answer without showing a page, and it needs to show one.",
        "Run again with --mode browser, and log in and consent there.",
        "OpenID Connect Core §3.1.2.6",
    ),
)

SPELLINGS = (
    ("access-denied", "access_denied", "access-denied", "accessdenied"),
    ("unauthorized-client", "unauthorized_client"),
    ("invalid-scope", "invalid_scope"),
    ("server-error", "server_error"),
    ("temporarily-unavailable", "temporarily_unavailable"),
    (
        "interaction-required",
        "login_required",
        "consent_required",
        "interaction_required",
        "account_selection_required",
    ),
)


@rules.add(next(entry for entry in ENTRIES if entry.code == "unsupported-response-type"))
def unsupported_response_type(context: Context) -> Match | None:
    if _code(context) != "unsupported_response_type":
        return None
    match = _matched(context)
    if context.inputs.authorization_params.get("response_type") is None:
        fix = "Send the parameter that RFC 6749 requires, with --param response_type=code"
        return Match(
            match.values,
            match.evidence,
            cause="The request carried no response_type, and this server wants one.",
            fix=fix,
        )
    return match


@rules.add(
    _entry(
        "invalid-request",
        "the server found a parameter missing, repeated or malformed.",
        "The server wants a parameter that this run did not send, or in another form.",
        "Send the parameter that the server's words name, with --param NAME=VALUE.",
    )
)
def invalid_request(context: Context) -> Match | None:
    if _code(context) != "invalid_request":
        return None
    match, told = _matched(context), refusal(context)
    sent = context.inputs.authorization_params
    said = told.words.lower() if told else ""
    if "response_type" in said and sent.get("response_type") is None:
        fix = "Send the parameter that RFC 6749 requires, with --param response_type=code"
        return Match(
            match.values,
            match.evidence,
            cause="The request carried no response_type, and this server wants one.",
            fix=fix,
        )
    if "code_challenge" in said and sent.get("code_challenge") is None:
        fix = "Run again with --field pkce=true (or write fields.pkce = true into the environment's table of config.toml)."
        return Match(
            match.values,
            match.evidence,
            cause="The server wants PKCE (RFC 7636), and this dialect does not send it.",
            fix=fix,
        )
    return match


rules.extend(_named(*line) for line in SPELLINGS)


@rules.add(
    _entry(
        "authorization-error-unknown",
        "the server refused, with a code of its own.",
        "The code is none of RFC 6749's; the server's documentation says what it means.",
        "Look the code up in the server's documentation, or give it to the administrator{trace}.",
    )
)
def unknown(context: Context) -> Match | None:
    return _matched(context)
