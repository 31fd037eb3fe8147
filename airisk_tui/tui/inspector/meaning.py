"""The tab Meaning: in plain words what happened at a step, the raw words of a server quoted beside them.

RFC 6749 §4.1.2.1 and §5.2 name the error codes; protocol.md says what AIRisk answers instead.
"""

from __future__ import annotations

from textual.content import Content

from airisk_tui.flow.state import FlowState, InboxEntry
from airisk_tui.flow.steps import StepName
from airisk_tui.insight.two_requests import FieldPair, field_pairs
from airisk_tui.oauth.text import shortened, visible
from airisk_tui.oauth.token import ServerError, read_error
from airisk_tui.tui.inspector.chips import chip
from airisk_tui.tui.inspector.message import parameters
from airisk_tui.tui.inspector.page import Line, Look, fact, heading, quiet, words
from airisk_tui.tui.inspector.subject import BROWSER_CARRIES, Subject
from airisk_tui.tui.inspector.token_view import token_lines
from airisk_tui.tui.run.inbox import verdict
from airisk_tui.tui.run.rail import QUIET, seconds

BAD, GOOD, ODD = "bold $text-error", "bold $text-success", "bold $text-warning"

ERRORS = {
    "access_denied": "The person, or an administrator, refused.",
    "invalid_request": "The server says that the request is malformed: a parameter is missing, repeated or wrong.",
    "unauthorized_client": "This application may not ask in this way.",
    "unsupported_response_type": "The server does not give codes in this way.",
    "invalid_scope": "The scope is unknown to the server, or too wide.",
    "server_error": "The server had a fault of its own.",
    "temporarily_unavailable": "The server is overloaded or being maintained; try again later.",
    "invalid_client": "The server does not accept this client id with this secret.",
    "invalid_grant": "The code is expired, used, or was issued to another client or redirect URI.",
    "unsupported_grant_type": "The server does not know this grant type.",
    "login_required": "The person has to sign in first.",
    "consent_required": "The person has to agree first.",
}
FORMS = {
    "text": "in plain text",
    "problem": "as a problem document (RFC 9457)",
    "oauth": "as an OAuth error (RFC 6749)",
    "json": "as JSON without an error code",
    "html": "as a web page",
    "empty": "without a word",
    "other": "with bytes that are no text",
}
STATES = {
    "match": ("It matches the one that was sent.", GOOD),
    "not-sent": ("None was sent, so the answer cannot be tied to this run.", ODD),
    "missing": ("None came back, so the answer cannot be tied to this run.", ODD),
    "mismatch": ("It is not the one that was sent: the answer was not believed.", BAD),
    "repeated": ("It came more than once: the answer was not believed.", BAD),
    "not-verified": ("A bare code was pasted, so no state could be compared.", ODD),
}
MAX_WORDS = 400
"""Characters of a server's own words in a meaning; the body has all of them."""


def meaning_page(state: FlowState, step: StepName, subject: Subject, look: Look) -> list[Line]:
    """What happened at a step, in words."""
    match step:
        case "authorization-request":
            return _authorization(state, subject, look)
        case "browser":
            return _browser(state)
        case "redirect":
            return _redirect(state, subject, look)
        case "token-request":
            return _token_request(state, subject, look)
        case "token":
            return token_lines(state, look) or [quiet("There is no token yet.")]
        case "access":
            return _access(state, subject, look)


def _authorization(state: FlowState, subject: Subject, look: Look) -> list[Line]:
    inputs = state.inputs
    if inputs is None:
        return [quiet("No run has started yet.")]
    lines = [words("The request asks the server for an authorization code.", "bold")]
    lines += [Line(look.text(m.sentence, BAD if m.severity == "error" else ODD), m.field) for m in state.mistakes]
    if state.listener_failed is not None:
        lines.append(Line(look.text(state.listener_failed.sentence, BAD)))
    lines += _answered(subject, look)
    if inputs.mode != "direct":
        lines += [quiet(BROWSER_CARRIES)]
    lines.append(words(""))
    for name, value in inputs.authorization_params:
        lines += fact(name, look.text(value), look, name)
    if state.listener is not None:
        lines += [words(""), *fact("listening on", look.text(", ".join(state.listener.addresses)), look)]
        if state.listener.certificate is not None:
            lines += fact("certificate", look.text(f"SHA-256 {state.listener.certificate}"), look)
    return lines


def _answered(subject: Subject, look: Look) -> list[Line]:
    """What the server answered to a request of ours, or why nothing came."""
    if subject.fault is not None:
        return [Line(look.text(subject.fault.message, BAD)), *_words_of_library(subject, look)]
    if subject.response is None:
        return []
    status = subject.response.status
    if 300 <= status < 400:
        return [words(f"The server answered {status}: it sends the browser on.")]
    if status < 300:
        return [words(f"The server answered {status}.")]
    return [words(f"The server answered {status}.", BAD), *error_lines(read_error(subject.response), look)]


def _words_of_library(subject: Subject, look: Look) -> list[Line]:
    fault = subject.fault
    return [Line(look.text(shortened(fault.detail, MAX_WORDS)))] if fault is not None and fault.detail else []


def error_lines(error: ServerError, look: Look) -> list[Line]:
    """A refusal in plain words, and the server's own beside them."""
    lines = [words(ERRORS[error.code])] if error.code in ERRORS else []
    said = [("error", error.code, "bold"), ("error_description", error.description if error.form != "html" else "", "")]
    label = "it said"
    for place, text, style in said:
        if text:
            lines += fact(label, look.text(shortened(text, MAX_WORDS), style), look, place)
            label = ""
    lines += fact(label, Content.styled(FORMS[error.form], QUIET), look, prose=True)
    if error.trace_id:
        lines += fact("trace id", look.text(error.trace_id), look, "traceId")
    return lines


def _browser(state: FlowState) -> list[Line]:
    if state.inputs is not None and state.inputs.mode != "browser":
        return [quiet("No browser was opened: this run goes another way.")]
    opened = state.browser
    if opened is None:
        return [quiet("No browser has been asked yet.")]
    if opened.ok:
        by = visible(shortened(opened.program, 100))
        return [words(f"The authorization URL was handed to {by}." if by else "The browser was opened.", "bold")]
    detail = visible(shortened(opened.detail, MAX_WORDS))
    by_hand = [] if "by hand" in detail else [words("Open the URL by hand, anywhere.")]
    return [words("No browser could be opened.", BAD), words(detail), *by_hand]


def _redirect(state: FlowState, subject: Subject, look: Look) -> list[Line]:
    if subject.answer is None:
        nothing = (
            "Nothing came back before the run ended." if state.outcome is not None else "Nothing has come back yet."
        )
        return _stray(subject.letter, look) if subject.letter is not None else [quiet(nothing)]
    answer, redirect = subject.answer, subject.answer.redirect
    if redirect.kind == "code":
        lines = [words("An authorization code came.", GOOD)]
    elif redirect.kind == "error":
        known = ERRORS.get(redirect.error or "", "The server refused, with a code that RFC 6749 does not name.")
        lines = [words(known, BAD)]
    else:
        lines = [words(KINDS[redirect.kind], BAD)]
    if subject.letter is not None and subject.letter.reason is not None:
        lines.append(words(f"{visible(verdict(subject.letter)).capitalize()}.", ODD))
    if answer.elsewhere:
        lines.append(words(f"It leads elsewhere than our redirect URI: {' and '.join(answer.elsewhere)} differ.", BAD))
    sentence, tone = STATES[answer.verification]
    lines += fact("state", Content.styled(sentence, tone), look, "state", prose=True)
    if state.trusted_on_purpose and answer is state.answer:
        lines += fact("", Content.styled("It was believed on purpose.", ODD), look, prose=True)
    lines.append(words(""))
    for name, value in redirect.params.items[: look.cap(100)]:
        lines += fact(name, look.text(value), look, name)
    if len(redirect.fragment):
        lines += [*heading("Behind the #"), *_pairs(redirect.fragment.items, look)]
    hint = "r reveals the code" if state.code is not None and look.secrets.unseal is not None else ""
    return lines + ([words(""), quiet(hint)] if hint and not look.secrets.revealed else [])


KINDS = {
    "both": "A code and an error came at once, which no server may send. Nothing was exchanged.",
    "empty": "Neither a code nor an error came.",
    "duplicate": "A parameter came twice, so that it cannot be told which one is meant. Nothing was exchanged.",
}


def _pairs(pairs: tuple[tuple[str, str], ...], look: Look) -> list[Line]:
    return [line for name, value in pairs[: look.cap(100)] for line in fact(name, look.text(value), look, name)]


def _stray(letter: InboxEntry, look: Look) -> list[Line]:
    lines = [words("The listener heard this, and it did not settle the run.", "bold")]
    lines.append(words(f"{visible(verdict(letter)).capitalize()}."))
    return lines + fact("from", look.text(letter.peer or "not known"), look)


def _token_request(state: FlowState, subject: Subject, look: Look) -> list[Line]:
    if subject.request is None:
        return [quiet("The code has not been exchanged.")]
    lines = [words("The code was sent to the token endpoint, with the client's secret.", "bold")]
    if state.token is not None:
        lines.append(words("A token came back.", GOOD))
    elif state.token_answer is not None and state.token_answer.kind == "redirect":
        to = look.text(state.token_answer.location or "nowhere")
        lines.append(words(f"The server answered {state.token_answer.status}; that was not followed.", BAD))
        lines += fact("Location", to, look, "Location")
    elif state.token_answer is not None:
        lines += [words(f"No token: the server answered {state.token_answer.status}.", BAD)]
        lines += error_lines(state.token_answer.error, look) if state.token_answer.error is not None else []
    else:
        lines += _answered(subject, look)
    if state.code is not None and state.answer is not None and state.token_exchanged_at is not None:
        age = seconds(max(0.0, state.token_exchanged_at - state.answer.at))
        sealed = chip(state.code.reference, look.secrets) if state.code.fingerprint else Content("in clear")
        lines += [words(""), *fact("code", sealed, look, "code"), *fact("its age", Content(age), look)]
    for _, fields in parameters(subject.request):
        lines += [line for name, value in fields if name != "code" for line in fact(name, look.text(value), look, name)]
    return lines + _two_legs(field_pairs(state), look)


def _two_legs(rows: tuple[FieldPair, ...], look: Look) -> list[Line]:
    """The two requests side by side: what agrees in one line, what does not one below the other with a caret."""
    if not rows:
        return []
    lines = heading("Step 1 and step 2, side by side")
    for row in rows:
        if not row.wrong:
            word = "✓ the same in both" if row.verdict == "equal" else "· each step has its own"
            lines += fact(row.name, Content.styled(word, QUIET), look)
            continue
        lines += fact(row.name, Content.styled("✗ not the same", BAD), look, row.name)
        lines += fact("  in step 1", look.text(row.first if row.first is not None else "not sent"), look)
        lines += fact("  in step 2", look.text(row.second if row.second is not None else "not sent"), look)
        if row.differs_at is not None:
            lines += fact("", Content(f"They part at character {row.differs_at + 1}."), look, prose=True)
    return lines


def _access(state: FlowState, subject: Subject, look: Look) -> list[Line]:
    if not state.probes or state.inputs is None:
        return [quiet("No protected endpoint has been asked.")]
    lines = [words("What the token may do:", "bold")]
    for probe in state.probes:
        documented = probe.as_documented(state.inputs.kind)
        status = str(probe.exchange.response.status) if probe.exchange is not None else "no answer"
        mark, tone = {True: ("✓", GOOD), False: ("✗", BAD), None: ("·", "")}[documented]
        verdict_ = {True: "as documented", False: "not as documented", None: "nothing is documented"}[documented]
        by = "" if probe.credential == "token" else f" with {CREDENTIALS[probe.credential]}"
        lines.append(Line(Content.assemble((f"{mark} ", tone), look.text(probe.endpoint.name)), probe.endpoint.name))
        lines.append(Line(Content.assemble("  ", (status, tone or "bold"), f"{by}, {verdict_}"), probe.endpoint.name))
    lines += [words(""), Line(look.text(subject.name, "bold"))]
    return lines + _answered(subject, look)


CREDENTIALS = {"none": "no token", "broken": "a broken token", "expired": "an expired token"}
