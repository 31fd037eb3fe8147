"""The meaning of events whose trigger depends on the state, and the reading of authorization responses."""

from __future__ import annotations

import hmac

from airisk_tui.flow.events import AuthorizationAnswered, CallbackReceived
from airisk_tui.flow.phases import Phase, Trigger
from airisk_tui.flow.reading.checks import wrong_issuer
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import Answer, FlowState, Verification, is_marked
from airisk_tui.oauth.answer.pages import posted_form
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import NO_CODES, Redirect, fragment_as_query, read_redirect, split_query
from airisk_tui.oauth.request.planned import PlannedRequest, edited, with_references
from airisk_tui.oauth.text.characters import UNUSABLE_CODE
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.oauth.urls import differing_parts, resolve_location


def of_start(inputs: Inputs, illegal: bool) -> Trigger:
    """The trigger that starts a run, by its mode and its redirect URI."""
    if illegal:
        return Trigger.INPUTS_ILLEGAL
    if inputs.pushes:
        return Trigger.START_PUSHING
    if inputs.mode == "direct":
        return Trigger.START_DIRECT
    if inputs.mode == "device":
        return Trigger.START_DEVICE
    if inputs.listens:
        return Trigger.START_LISTENING
    return Trigger.START_UNHEARD if inputs.mode == "browser" else Trigger.START_PASTE


def read_callback(state: FlowState, event: CallbackReceived) -> Answer:
    """Read a callback or a paste. The state parameter is compared before anything else is believed (threats.md L6)."""
    assert state.inputs is not None  # noqa: S101 - `step` reads callbacks only after RunStarted
    body = decoded(event.request.body.data) if event.request.method == "POST" else ""
    redirect = _redirect(state.inputs, event.request.url, body)
    bare = event.via == "bare-code"
    verification: Verification = "not-verified" if bare else verify(state, redirect)
    return Answer(event.at, redirect, verification, event.via, event.request)


def read_direct(state: FlowState, event: AuthorizationAnswered) -> Answer | None:
    """Read the answer to the direct authorization request; None if it does not redirect to the client."""
    assert state.inputs is not None  # noqa: S101 - likewise
    in_fragment = state.imported is not None and state.imported.in_fragment
    redirection = _redirection(state.inputs, event.exchange.response, in_fragment)
    if redirection is None:
        return None
    location, body = redirection
    redirect = _redirect(state.inputs, location, body)
    elsewhere = differing_parts(resolve_location(location, event.exchange.request.url), state.inputs.redirect_uri)
    if is_marked(state, state.inputs.redirect_uri):
        elsewhere = ()
    if elsewhere and redirect.kind == "empty" and redirect.other_name is None:
        return None
    verification = verify(state, redirect)
    return Answer(event.at, redirect, verification, "direct", event.exchange.request, elsewhere)


def _redirection(inputs: Inputs, response: HttpResponse, in_fragment: bool) -> tuple[str, str] | None:
    """The address to which an answer sends the browser, and the form that the browser posts there, or ""; None if it does neither.
    in_fragment: whether the client is known to read its answer from the fragment, whatever it asked for."""
    asked = inputs.asked_mode
    location = header(response.headers, "location")
    if response.redirects and location is not None:
        return fragment_as_query(location, "fragment" if in_fragment else asked), ""
    if asked != "form_post" or not response.succeeded:
        return None
    form = posted_form(decoded(response.body.data))
    return None if form is None else (form.action, form.fields.encode())


def _redirect(inputs: Inputs, target: str, body: str) -> Redirect:
    """The authorization response, with the edits of the step "redirect" made to its parameters."""
    if not any(edit.step == "redirect" for edit in inputs.edits):
        return read_redirect(target, inputs.dialect, body)
    query, _, fragment = split_query(target)
    came = tuple((name, (value,)) for name, value in Params.parse(query) + Params.parse(body))
    plan = edited(PlannedRequest("GET", ("",), came), inputs.edits, "redirect", inputs.values)
    return read_redirect(f"?{with_references(plan.params).encode()}#{fragment}", inputs.dialect)


def verify(state: FlowState, redirect: Redirect) -> Verification:
    """Compare the received state with the one that was sent (RFC 6749 §10.12), in constant time."""
    sent = state.inputs.sent_states if state.inputs is not None else ()
    if not sent:
        return "not-sent"
    came = redirect.params.all("state")
    if not came:
        return "missing"
    if len(came) > 1:
        return "repeated"
    if came[0] not in sent and any(is_marked(state, text) for text in (came[0], *sent)):
        return "not-verified"
    return "match" if any(_same(came[0], one) for one in sent) else "mismatch"


def _same(left: str, right: str) -> bool:
    # As bytes: hmac.compare_digest takes only ASCII texts, and a callback may contain anything, lone surrogates too.
    return hmac.compare_digest(left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass"))


def of_answer(state: FlowState, answer: Answer) -> Trigger | None:
    """The trigger of an authorization response; None for one that is shown in the inbox and does not end the wait (threats.md L6).

    The answer to a direct request always ends the wait, because nobody else can have sent it.
    """
    direct = answer.via == "direct"
    if answer.elsewhere:
        return Trigger.INVALID
    if answer.verification in ("mismatch", "repeated"):
        return Trigger.INVALID if direct else None
    if answer.verification == "missing":
        if direct:
            return Trigger.INVALID
        return Trigger.UNVERIFIED if answer.redirect.kind in ("code", "error") else None
    if answer.redirect.kind == "empty" and answer.via == "listener" and _is_empty(answer.redirect):
        return None
    return of_content(state, answer)


def _is_empty(redirect: Redirect) -> bool:
    """Whether a redirect contains nothing that could be an answer, even under another name."""
    return redirect.other_name is None and not any(
        value for name, value in redirect.params if name.lower() not in BESIDE_AN_ANSWER
    )


BESIDE_AN_ANSWER = frozenset({"state", "iss", "session_state", "scope"})
"""Parameters that come beside an answer (RFC 6749 §4.1.2; RFC 9207 §2)."""


def of_content(state: FlowState, answer: Answer) -> Trigger:
    """The trigger of an authorization response whose state matched, or that a person chose to use.

    A code with characters that no code can have is not exchanged: it is not as the server issued it (RFC 6749 appendix A.11), and the
    token request would carry the client secret.
    """
    if wrong_issuer(state, answer.redirect.iss):
        return Trigger.INVALID
    if answer.redirect.kind == "error":
        return Trigger.REFUSED
    code = answer.redirect.code
    if (
        answer.redirect.kind != "code"
        or code is None
        or code.lower() in NO_CODES
        or state.view_of(code).characters in UNUSABLE_CODE
    ):
        return Trigger.INVALID
    return Trigger.CODE if state.inputs is not None and state.inputs.exchange else Trigger.CODE_WANTED


def of_timeout(state: FlowState) -> Trigger:
    """The trigger of a timeout: no answer came, or only answers that must not be believed."""
    return Trigger.TIMED_OUT_DOUBTFUL if state.doubtful or state.held else Trigger.TIMED_OUT


def of_closed_paste(state: FlowState) -> Trigger | None:
    """The trigger when no paste can come any more: a run in the mode paste without a listener cannot get an answer."""
    inputs = state.inputs
    heard = inputs is not None and inputs.listens and state.listener_failed is None
    if inputs is None or inputs.mode != "paste" or heard:
        return None
    return Trigger.NO_WAY_BACK_DOUBTFUL if state.doubtful or state.held else Trigger.NO_WAY_BACK


def awaits_fragment(state: FlowState, answer: Answer) -> bool:
    """Whether this is the first of two requests of a browser with its answer in the fragment, which the listener's page sends in the
    second."""
    fragment = state.inputs is not None and state.inputs.asked_mode == "fragment"
    return fragment and answer.via == "listener" and answer.redirect.kind == "empty" and _is_empty(answer.redirect)


def ignored_because(state: FlowState, answer: Answer) -> str:
    """The reason why a callback does not settle the run, as an `InboxEntry` has it."""
    if state.phase in (Phase.EXCHANGING, Phase.PROBING, Phase.DONE):
        return "duplicate"
    if awaits_fragment(state, answer):
        return "fragment-awaited"
    if answer.verification in ("mismatch", "missing", "repeated"):
        return f"state-{answer.verification}"
    return "nothing-in-it"
