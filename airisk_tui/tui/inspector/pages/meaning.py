"""The tab Meaning: what happened at a step in plain words, with the server's own words.

RFC 6749 §4.1.2.1 and §5.2 define the error codes; protocol.md says what AIRisk answers instead.
"""

from __future__ import annotations

from textual.content import Content

from airisk_tui.flow.reading.steps import StepName
from airisk_tui.flow.state import FlowState, Followed, ProbeResult
from airisk_tui.insight.advice.discovering import FROM, NAMES, decisions
from airisk_tui.insight.advice.listening import PUBLIC, listening_sentence, public_addresses
from airisk_tui.insight.advice.returning import browser_sentence
from airisk_tui.insight.advice.transport import fault_sentence
from airisk_tui.insight.reading.two_requests import FieldPair, field_pairs
from airisk_tui.insight.words.inbox import verdict
from airisk_tui.oauth.answer.server_error import ServerError, read_error
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.tui.inspector.chips import chip
from airisk_tui.tui.inspector.page import Line, PageOptions, each_labelled, heading, labelled, listed, note, sentence
from airisk_tui.tui.inspector.pages.claims import id_token_lines
from airisk_tui.tui.inspector.pages.message import parameters
from airisk_tui.tui.inspector.pages.token import token_lines
from airisk_tui.tui.inspector.subject import BROWSER_SENDS, ID_TOKEN, KEYS, Subject
from airisk_tui.tui.shared.drawing.styles import QUIET
from airisk_tui.tui.shared.drawing.times import duration
from airisk_tui.tui.shared.keyboard.keys import chosen_key

BAD, GOOD, ODD = "bold $text-error", "bold $text-success", "bold $text-warning"

ORIGIN = 25
"""Columns of the longest name of a value, "authorization endpoint"."""

MAX_WORDS = 400
"""Characters of a server's own words on this tab; the tab Body shows all of them."""

ERRORS = {
    "access_denied": "The user or an administrator refused.",
    "invalid_request": "The server says that the request is malformed: a parameter is missing, repeated or wrong.",
    "unauthorized_client": "This application may not send this kind of request.",
    "unsupported_response_type": "The server does not issue codes in this way.",
    "invalid_scope": "The server does not know the scope, or does not allow it.",
    "server_error": "The server failed.",
    "temporarily_unavailable": "The server is overloaded or under maintenance; try again later.",
    "invalid_client": "The server does not accept this client id with this secret.",
    "invalid_grant": "The code has expired, was used before, or was issued to another client or redirect URI.",
    "unsupported_grant_type": "The server does not know this grant type.",
    "login_required": "The user has to sign in first.",
    "consent_required": "The user has to give consent first.",
}
FORMS = {
    "text": "in plain text",
    "problem": "as a problem document (RFC 9457)",
    "oauth": "as an OAuth error (RFC 6749)",
    "json": "as JSON without an error code",
    "html": "as a web page",
    "empty": "with an empty body",
    "other": "with bytes that are no text",
}
STATES = {
    "match": ("It is the one that was sent.", GOOD),
    "not-sent": ("None was sent, so nothing ties the answer to this run.", ODD),
    "missing": ("None came back, so nothing ties the answer to this run.", ODD),
    "mismatch": ("It is not the one that was sent: the answer was not believed.", BAD),
    "repeated": ("It came more than once: the answer was not believed.", BAD),
    "not-verified": ("A bare code was pasted, so there is no state to compare.", ODD),
}
NO_ANSWER = {
    "both": "The redirect holds both a code and an error, which no server may send. No token was requested.",
    "empty": "The redirect holds neither a code nor an error.",
    "duplicate": "A parameter came twice, and nothing says which one counts. No token was requested.",
}
CLIENT_AUTH = {
    "body": "with the client secret in the body",
    "basic": "with the client secret in the Authorization header (Basic)",
    "none": "by a public client, which has no secret",
    "private_key_jwt": "with an assertion that the client's private key signed",
    "client_secret_jwt": "with an assertion that the client secret signed",
}
CREDENTIALS = {"none": "no token", "broken": "a broken token", "expired": "an expired token"}


def meaning_page(state: FlowState, step: StepName, subject: Subject, options: PageOptions) -> list[Line]:
    """The meaning of what happened at a step."""
    match step:
        case "authorization-request":
            return _authorization(state, subject, options)
        case "browser":
            return _browser(state)
        case "redirect":
            return _redirect(state, subject, options)
        case "token-request":
            return _token_request(state, subject, options)
        case "token":
            return _tokens(state, subject, options)
        case "access":
            return _access(state, subject, options)


def _tokens(state: FlowState, subject: Subject, options: PageOptions) -> list[Line]:
    if subject.name == ID_TOKEN:
        return id_token_lines(state, options)
    if subject.name == KEYS:
        lines = [sentence("The server's keys were fetched to verify signatures.", "bold")]
        return lines + _answered(subject, options)
    return token_lines(state, options) or [note("There is no token yet.")]


def _authorization(state: FlowState, subject: Subject, options: PageOptions) -> list[Line]:
    inputs = state.inputs
    if inputs is None:
        return [note("No run has started yet.")]
    if any(look.exchange is not None and look.exchange.request is subject.request for look in state.discovery):
        asked = sentence("The server was asked for its metadata: its endpoints and abilities.", "bold")
        return [asked, *_answered(subject, options), *_origins(state, options)]
    if inputs.mode == "device" and state.device is not None:
        return _device(state, subject, options)
    lines = [sentence("The request asks the server for an authorization code.", "bold")]
    lines += [Line(options.text(m.sentence, BAD if m.severity == "error" else ODD), m.field) for m in state.mistakes]
    if state.listener_failed is not None:
        lines.append(Line(options.text(listening_sentence(state.listener_failed, inputs), BAD)))
    lines += _answered(subject, options)
    if inputs.mode != "direct":
        lines.append(note(BROWSER_SENDS))
    lines += [sentence(""), *each_labelled(inputs.authorization_params, options), *_origins(state, options)]
    if state.listener is not None:
        addresses = ", ".join(state.listener.addresses)
        lines += [sentence(""), *labelled("listening on", options.text(addresses), options)]
        if public := public_addresses(state.listener):
            lines.append(Line(options.text(PUBLIC.format(addresses=public), ODD)))
        if state.listener.certificate is not None:
            lines += labelled("certificate", options.text(f"SHA-256 {state.listener.certificate}"), options)
    return lines


def _device(state: FlowState, subject: Subject, options: PageOptions) -> list[Line]:
    """The device authorization request and the codes that it brought (RFC 8628 §3.1, §3.2)."""
    lines = [sentence("The request asks the server for a code to type on another device.", "bold")]
    lines += _answered(subject, options)
    codes = state.device_codes
    if codes is None:
        return lines
    given = (
        ("user_code", codes.user_code),
        ("verification_uri", codes.verification_uri),
        ("verification_uri_complete", codes.complete or "none"),
        ("expires_in", f"{codes.lifetime:g} s"),
        ("interval", f"{codes.interval:g} s"),
    )
    return [*lines, sentence(""), *each_labelled(given, options), *_origins(state, options)]


def _origins(state: FlowState, options: PageOptions) -> list[Line]:
    """Where each value came from that nobody had to type; nothing for AIRisk."""
    # A nonce is made for each run, and stands in the request.
    found = [one for one in decisions(state) if one.name != "nonce"]
    if not found:
        return []
    lines = heading("Where each value came from")
    for one in found:
        words = Content.assemble(options.text(one.value or "none"), "  ", (FROM[one.by], QUIET))
        lines += listed(" ", NAMES[one.name], words, options, column=ORIGIN)
    return [*lines, note("Each can be changed in the form, some under More.")] if options.acts else lines


def _answered(subject: Subject, options: PageOptions) -> list[Line]:
    """The answer of the server to a request of this program, or why none came."""
    fault, response = subject.fault, subject.response
    if fault is not None:
        said = [Line(options.text(shortened(fault.library_text, MAX_WORDS)))] if fault.library_text else []
        return [Line(options.text(fault_sentence(fault, subject.request or HttpRequest("", "")), BAD)), *said]
    if response is None:
        return []
    if response.status < 400:
        what = ": it redirects the browser" if response.status >= 300 else ""
        return [sentence(f"The server answered {response.status}{what}.")]
    return [sentence(f"The server answered {response.status}.", BAD), *error_lines(read_error(response), options)]


def error_lines(error: ServerError, options: PageOptions) -> list[Line]:
    """A refusal in plain words, followed by the server's own words."""
    lines = [sentence(ERRORS[error.code])] if error.code in ERRORS else []
    description = error.description if error.form != "html" else ""
    label = "it said"
    for place, text, style in (("error", error.code, "bold"), ("error_description", description, "")):
        if text:
            lines += labelled(label, options.text(shortened(text, MAX_WORDS), style), options, place)
            label = ""
    lines += labelled(label, Content.styled(FORMS[error.form], QUIET), options, prose=True)
    if error.trace_id:
        lines += labelled("trace id", options.text(error.trace_id), options, "traceId")
    return lines


def _browser(state: FlowState) -> list[Line]:
    if state.inputs is not None and state.inputs.mode != "browser":
        return [note(f"No browser was opened: this run's mode is {state.inputs.mode}.")]
    opened = state.browser
    if opened is None:
        return [note("No browser has been opened yet.")]
    if opened.ok:
        program = visible(shortened(opened.program, 100))
        words = f"The authorization URL was handed to {program}." if program else "The browser was opened."
        return [sentence(words, "bold")]
    return [sentence(browser_sentence(opened), BAD)]


def _redirect(state: FlowState, subject: Subject, options: PageOptions) -> list[Line]:
    answer, entry = subject.answer, subject.entry
    if answer is None and entry is not None:
        lines = [sentence("The listener heard this request, which did not end the wait.", "bold")]
        lines.append(sentence(f"{visible(verdict(entry)).capitalize()}."))
        return lines + labelled("from", options.text(entry.peer or "not known"), options)
    if answer is None:
        ended = state.outcome is not None
        return [note("Nothing came back before the run ended." if ended else "Nothing has come back yet.")]
    redirect = answer.redirect
    if redirect.kind == "code":
        lines = [sentence("An authorization code came.", GOOD)]
    elif redirect.kind == "error":
        unknown = "The server refused, with a code that RFC 6749 does not define."
        lines = [sentence(ERRORS.get(redirect.error or "", unknown), BAD)]
    else:
        lines = [sentence(NO_ANSWER[redirect.kind], BAD)]
    if entry is not None and entry.reason is not None:
        lines.append(sentence(f"{visible(verdict(entry)).capitalize()}.", ODD))
    if answer.elsewhere:
        parts = " and ".join(answer.elsewhere)
        lines.append(sentence(f"The redirect does not go to the redirect URI: {parts} differ.", BAD))
    words, style = STATES[answer.verification]
    lines += labelled("state", Content.styled(words, style), options, "state", prose=True)
    if state.trusted_on_purpose and answer is state.answer:
        lines += labelled("", Content.styled("You chose to continue with it.", ODD), options, prose=True)
    lines += [sentence(""), *each_labelled(redirect.params.items, options, " parameters")]
    if len(redirect.fragment):
        lines += [*heading("In the fragment, behind #"), *each_labelled(redirect.fragment.items, options)]
    if state.code is not None and options.secrets.unseal is not None and not options.secrets.revealed:
        lines += [sentence(""), note("r reveals the code")]
    return lines


def _token_request(state: FlowState, subject: Subject, options: PageOptions) -> list[Line]:
    if subject.request is None:
        return [note("No token has been requested.")]
    lines = [sentence(_token_request_words(state), "bold")]
    lines += _token_answer(state, subject, options)
    if state.code is not None and state.answer is not None and state.token_exchanged_at is not None:
        age = duration(max(0.0, state.token_exchanged_at - state.answer.at))
        code = chip(state.code.reference, options.secrets) if state.code.fingerprint else Content("in clear")
        lines += [sentence(""), *labelled("code", code, options, "code")]
        lines += labelled("its age", Content(age), options)
    for _, fields in parameters(subject.request):
        lines += each_labelled((pair for pair in fields if pair[0] != "code"), options, " parameters")
    return lines + _two_requests(field_pairs(state), options)


def _token_request_words(state: FlowState) -> str:
    """The token request in a sentence, with the way in which the client authenticated."""
    inputs = state.inputs
    if inputs is None or not inputs.standard:
        return "The code was sent to the token endpoint, with the client secret."
    asked = (
        "The token endpoint was asked whether somebody agreed"
        if inputs.mode == "device"
        else "The code was sent to the token endpoint"
    )
    return f"{asked}, {CLIENT_AUTH[inputs.dialect.client_auth]}."


def _token_answer(state: FlowState, subject: Subject, options: PageOptions) -> list[Line]:
    answer = state.token_answer
    if state.token is not None:
        return [sentence("A token came back.", GOOD)]
    if answer is None:
        return _answered(subject, options)
    if answer.kind == "redirect":
        words = f"The server answered {answer.status}, a redirect; it was not followed."
        return [sentence(words, BAD), *each_labelled((("Location", answer.location or "nowhere"),), options)]
    refusal = error_lines(answer.error, options) if answer.error is not None else []
    return [sentence(f"No token: the server answered {answer.status}.", BAD), *refusal]


def _two_requests(rows: tuple[FieldPair, ...], options: PageOptions) -> list[Line]:
    """The fields of both requests of the flow: one line for values that agree, both values where they differ."""
    if not rows:
        return []
    lines = heading("Step 1 and step 2, side by side")
    for row in rows:
        if not row.wrong:
            words = "✓ the same in both" if row.verdict == "equal" else "· different by design"
            lines += labelled(row.name, Content.styled(words, QUIET), options)
            continue
        lines += labelled(row.name, Content.styled("✗ not the same", BAD), options, row.name)
        for step, value in (("  in step 1", row.first), ("  in step 2", row.second)):
            lines += labelled(step, options.text(value if value is not None else "not sent"), options)
        if row.differs_at is not None:
            lines += labelled("", Content(f"They differ from character {row.differs_at + 1} on."), options, prose=True)
    return lines


def _access(state: FlowState, subject: Subject, options: PageOptions) -> list[Line]:
    if state.inputs is not None and state.inputs.standard and (lines := _followed(state, subject, options)):
        return lines
    if not state.probes or state.inputs is None:
        how = (
            f" {chosen_key('p')} probes those that change nothing, with this token."
            if options.acts and state.token
            else ""
        )
        return [note(f"No protected endpoint has been called.{how}")]
    lines = [sentence("What the token may do:", "bold")]
    for probe in state.probes:
        lines += _probe(probe, probe.as_documented(state.inputs.kind), options)
    return [*lines, sentence(""), Line(options.text(subject.name, "bold")), *_answered(subject, options)]


def _followed(state: FlowState, subject: Subject, options: PageOptions) -> list[Line]:
    """A step with the token and the steps that are possible next; [] where an endpoint was called instead."""
    from airisk_tui.tui.inspector.pages.follow_ups import (  # a run against AIRisk has no need of it
        followed_lines,
        next_lines,
    )

    followed = next((one for one in state.followed if subject.request is not None and _is_of(one, subject)), None)
    if followed is None:
        return [] if state.probes else next_lines(state, options)
    return [*followed_lines(state, followed, _answered(subject, options), options), *next_lines(state, options)]


def _is_of(one: Followed, subject: Subject) -> bool:
    came = one.exchange if one.exchange is not None else one.failed
    return came is not None and came.request is subject.request


def _probe(probe: ProbeResult, documented: bool | None, options: PageOptions) -> list[Line]:
    mark, style, words = {
        True: ("✓", GOOD, "as documented"),
        False: ("✗", BAD, "not as documented"),
        None: ("·", "", "nothing is documented"),
    }[documented]
    status = str(probe.exchange.response.status) if probe.exchange is not None else "no answer"
    credential = "" if probe.credential == "token" else f" with {CREDENTIALS[probe.credential]}"
    name = probe.endpoint.name
    return [
        Line(Content.assemble((f"{mark} ", style), options.text(name)), name),
        Line(Content.assemble("  ", (status, style or "bold"), f"{credential}, {words}"), name),
    ]
