"""The fold is total: an event that comes where it means nothing changes nothing, and a flood of them is kept within bounds."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import fields, replace

from airisk_tui.flow import commands, events, phases, requests, server
from airisk_tui.flow import doctor as machine
from airisk_tui.flow import state as states
from airisk_tui.flow.events import (
    AnyEvent,
    AuthorizationAnswered,
    BrowserRequested,
    ContinuedAnyway,
    DeviceAnswered,
    FollowUpAnswered,
    FollowUpRequested,
    IdTokenChecked,
    Imported,
    MetadataAnswered,
    ProbeRequested,
    PushAnswered,
    RefreshAnswered,
    RequestReleased,
    RunStarted,
    TimedOut,
    TokenExchanged,
    TransportFailed,
)
from airisk_tui.flow.fold import INITIAL, fold, step
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.reading import rail
from airisk_tui.flow.reading.follow_ups import last, members_of, with_tokens
from airisk_tui.flow.reading.identity import identity_sentence
from airisk_tui.flow.start import inputs, known, units
from airisk_tui.flow.start.known import Known
from airisk_tui.flow.state import (
    FlowState,
    Followed,
    ProbeResult,
    address_of,
    held_step,
    is_marked,
    missing,
    next_follow_up,
    next_probe,
    release_key,
    secret_names,
)
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.request.mistakes import SECRET_NOT_UTF8
from airisk_tui.oauth.secret import SecretView
from tests.recording.logs import LOGS
from tests.runs import (
    BOUND,
    CODE,
    OPENED,
    STATE,
    URI,
    UTC,
    authorized,
    exchanged,
    good,
    probed,
    response,
    started,
    token_response,
)

MODULES = (commands, events, inputs, known, machine, phases, rail, requests, server, states, units)
FOLDED = [(log[:count], fold(log[:count])) for log in LOGS.values() for count in range(len(log) + 1)]
STATES = list(
    {(state.phase, held_step(state), type(log[-1]) if log else None): state for log, state in FOLDED}.values()
)
"""One for each phase, held or not, and each event that led there."""

EVENTS = {type(event): event for log in LOGS.values() for event in log}
MATTERS: dict[type, set[str]] = {
    RunStarted: {"idle"},
    MetadataAnswered: {"discovering"},
    PushAnswered: {"pushing"},
    DeviceAnswered: {"requesting"},
    AuthorizationAnswered: {"asking"},
    ContinuedAnyway: {"holding"},
    RequestReleased: {"exchanging"},  # of a held token request
    BrowserRequested: {"waiting", "holding"},
    TimedOut: {"opening", "waiting", "holding", "polling"},
    TokenExchanged: {"exchanging", "polling", "verifying", "following", "probing", "done"},
    IdTokenChecked: {"verifying"},
    FollowUpRequested: {"done"},
    FollowUpAnswered: {"following"},
    ProbeRequested: {"done"},
}
"""The phases in which an event can change more than the time and what is known of secrets."""


def changed(state: FlowState, event: AnyEvent) -> set[str]:
    after = step(state, replace(event, at=state.at))
    pairs = ((one.name, getattr(state, one.name), getattr(after, one.name)) for one in fields(FlowState))
    return {name for name, old, new in pairs if old is not new and old != new}


def test_an_event_changes_a_run_only_in_the_phases_in_which_it_means_something() -> None:
    for kind, meant in MATTERS.items():
        event = EVENTS[kind]
        seen = {state.phase.value for state in STATES if changed(state, event) - {"at", "secrets"}}
        assert seen == meant, kind.__name__


def test_before_its_start_a_run_takes_nothing_in_and_its_time_never_runs_back() -> None:
    for event in EVENTS.values():
        assert isinstance(event, RunStarted) or step(INITIAL, event) == INITIAL
    for state in STATES[1:]:
        assert step(state, replace(EVENTS[TimedOut], at=state.at - 1)).at == state.at


def test_what_comes_again_after_the_token_is_kept_up_to_a_hundred_and_of_other_runs_not_at_all() -> None:
    done = fold(LOGS["browser-token"])
    answers = [exchanged(at=5.0 + number) for number in range(150)]
    refresh = EVENTS[RefreshAnswered]
    assert isinstance(refresh, RefreshAnswered)
    state = fold([*answers, *[refresh] * 150], done)
    assert state.exchanged_again == tuple(one.exchange for one in answers[:100])
    assert state.refreshes == (refresh.exchange,) * 100
    assert state.to(exchanged_again=(), refreshes=(), at=done.at, secrets=done.secrets) == done
    waiting = fold(LOGS["cancelled"])
    assert fold(answers, waiting).exchanged_again == ()


def test_a_device_that_is_told_to_wait_for_ever_keeps_its_last_answers_and_waits_no_longer_than_it_may() -> None:
    polling = LOGS["on-another-device"][:3]
    slow_down = [replace(LOGS["on-another-device"][3], at=5.0 + number) for number in range(150)]
    state = fold((*polling, *slow_down))
    assert (state.phase.value, len(state.polls)) == ("polling", 100)
    assert state.poll_interval == 600.0
    followed = LOGS["by-its-issuer"]
    flood = [replace(event, at=4.0 + number) for number in range(150) for event in followed[-2:]]
    state = fold((*followed[:-2], *flood))
    assert [len(state.followed), state.followed[-1].at, state.phase.value] == [100, 153.0, "done"]


def test_a_failure_is_that_of_its_own_step_and_of_an_endpoint_only_where_one_was_called() -> None:
    failure = EVENTS[TransportFailed]
    assert isinstance(failure, TransportFailed)
    into = {"redirect": {"callback_failure"}, "keys": {"keys_failed"}, "discovery": {"discovery", "failure"}}
    steps = ("discovery", "push", "authorization-request", "token-request", "keys", "redirect", "access", "userinfo")
    for state in {state.phase: state for state in STATES if state != INITIAL}.values():
        for name in steps:
            for endpoint in (None, GET_CONVERSATIONS):
                event = replace(failure, step=name, endpoint=endpoint)
                after = changed(state, event)
                assert ("probes" in after) is (name == "access" and endpoint is not None), (name, endpoint)
                assert ("followed" in after) <= (name == "userinfo")
                assert after & {"callback_failure", "keys_failed", "discovery"} <= into.get(name, set())


def test_a_client_secret_that_is_no_unicode_text_keeps_a_run_from_starting() -> None:
    state = fold([started(known=Known(secret_mistakes=(SECRET_NOT_UTF8.code, "another")))])
    assert (state.outcome, state.mistakes) == (Outcome.USAGE, (SECRET_NOT_UTF8,))
    assert fold([started(known=Known(secret_mistakes=("another",)))]).outcome is None


def test_what_a_person_wants_next_comes_before_what_is_left_of_the_plan_and_needs_a_token() -> None:
    state = fold(LOGS["by-its-issuer"][:-1])
    assert (state.pending_follow_up, next_follow_up(state)) == ("userinfo", "userinfo")
    assert next_follow_up(replace(state, token=None)) is None
    assert next_follow_up(replace(state, pending_follow_up=None)) is None
    assert release_key(state, None) == "" and release_key(state, "userinfo") == "userinfo 0"
    assert release_key(state, "probe") == "probe 0" and release_key(state, "token") == "token"
    assert secret_names(INITIAL) == {}
    assert secret_names(replace(state, code=SecretView("", 3))) == secret_names(replace(state, code=None))
    assert identity_sentence(INITIAL)


def test_a_form_that_posts_itself_is_the_answer_where_one_was_asked_for_and_a_page_where_not() -> None:
    fields = (
        f'<input type="hidden" name="code" value="{CODE.reference}"><input type="hidden" name="state" value="{STATE}">'
    )
    body = f'<html><body onload="document.forms[0].submit()"><form method="post" action="{URI}">{fields}</form></body></html>'
    for mode, status, phase in (("form_post", 200, "exchanging"), ("query", 200, "done"), ("form_post", 400, "done")):
        answered = authorized(response(status, body, "text/html"))
        state = fold([started(mode="direct", response_mode=mode), answered])
        assert state.phase.value == phase, (mode, status)
    assert (INITIAL.browsers_opened, INITIAL.inbox_total, INITIAL.ended_in) == (0, 0, Outcome.CANCELLED)
    assert state.ended_in is Outcome.AUTHORIZATION_REFUSED


def test_what_is_missing_for_a_step_with_the_token_is_its_endpoint_its_token_or_its_code() -> None:
    issuer, bare = fold(LOGS["by-its-issuer"]), fold(LOGS["browser-token"])
    refreshable = replace(bare, refresh_token=CODE)
    assert [missing(issuer, "userinfo"), missing(issuer, "introspect")] == ["", "no-endpoint"]
    assert [missing(one, "refresh") for one in (bare, refreshable)] == ["no-refresh-token", ""]
    assert [missing(one, "code-again") for one in (bare, replace(bare, code=None))] == ["", "no-code"]
    assert [address_of(one, "userinfo") for one in (issuer, INITIAL)] == ["http://127.0.0.1:9000/me", ""]
    assert address_of(issuer, "refresh") == ""
    assert [members_of(None), members_of(Followed(1.0, "refresh", None)), last(bare, "refresh")] == [{}, {}, None]


def test_tokens_are_taken_from_an_answer_where_they_are_named_as_secrets_and_else_stay() -> None:
    bare = fold(LOGS["browser-token"])
    named = f'{{"access_token": "{CODE.reference}", "refresh_token": "{CODE.reference}"}}'
    assert (with_tokens(bare, named.encode()).token_in_use, bare.refresh_token) == (CODE, None)
    assert with_tokens(bare, named.encode()).refresh_token == CODE
    for body in (b'{"access_token": "in clear", "refresh_token": 7}', b"", b"[]"):
        assert with_tokens(bare, body) == bare


def test_an_endpoint_is_due_until_it_was_called_with_the_token_and_what_a_person_wants_comes_first() -> None:
    state = fold([started(probes=(LIST_USERS, GET_CONVERSATIONS)), BOUND, OPENED, good(), exchanged()])
    without = step(state, probed(LIST_USERS, response(401), credential="none"))
    assert [next_probe(one) for one in (state, without)] == [(LIST_USERS, "token")] * 2
    called = step(state, probed(LIST_USERS, response(200)))
    assert next_probe(called) == (GET_CONVERSATIONS, "token")
    assert next_probe(replace(called, pending_probe=(LIST_USERS, "none"))) == (LIST_USERS, "none")
    assert next_probe(INITIAL) is None
    unanswered = ProbeResult(1.0, LIST_USERS, "token", None)
    assert (unanswered.answer, unanswered.as_documented("generic")) == (None, None)


def test_of_what_nobody_named_only_these_are_more_than_nothing() -> None:
    """So a field that comes later has an old recording read as before."""
    kinds = {kind for module in MODULES for kind in vars(module).values() if isinstance(kind, type)}
    defaults = {
        f"{kind.__name__}.{one.name}": one.default
        for kind in kinds
        if issubclass(kind, Struct) and kind.__module__.startswith("airisk_tui.flow")
        for one in fields(kind)
        if isinstance(one.default, int | float) and one.default
    }
    assert defaults == {
        **dict.fromkeys(("Deployment.verify_tls", "Settings.verify_tls", "Inputs.verify_tls"), True),
        **dict.fromkeys(("Settings.exchange", "Inputs.exchange"), True),
        **dict.fromkeys(("Settings.timeout", "Inputs.timeout"), 300.0),
        "Host.display": True,
    }


def test_a_mark_in_a_values_place_is_one_sealed_or_not() -> None:
    marked = SecretView("ed17ed0000000001", 10, characters="redacted")
    state = fold([replace(started(), secrets=(marked, CODE))])
    assert [is_marked(state, text) for text in ("[redacted]", marked.reference, CODE.reference, "x")] == [
        True,
        True,
        False,
        False,
    ]


def test_an_imported_run_was_sent_whatever_its_inputs_and_its_token_counts_from_when_it_came() -> None:
    begun = fold([started(mode="direct", client_id="", userid=" user ")])
    assert begun.outcome is Outcome.USAGE and {one.severity for one in begun.mistakes} == {"error", "warning"}
    state = step(begun, Imported(at=0.0, program="x"))
    assert (state.phase.value, state.outcome) == ("asking", None)
    assert {one.severity for one in state.mistakes} == {"warning"}
    answered = fold(
        [started(), BOUND, OPENED, good(), exchanged(token_response({"expiration": ..., "expires_in": 60}), at=500.0)]
    )
    assert answered.token_answer is not None and answered.token_answer.token is not None
    expiry = answered.token_answer.token.expiry
    assert expiry is not None and expiry.at == UTC + 500.0 + 60
