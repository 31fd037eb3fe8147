"""Whole runs of the flow as plays, one for each way through the table of phases."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.flow.commands import (
    AskDirectly,
    Countdown,
    Discover,
    ExchangeCode,
    Listen,
    OpenBrowser,
    Poll,
    Probe,
    PushRequest,
    RequestDeviceCodes,
    decide,
)
from airisk_tui.flow.events import (
    BrowserRequested,
    CallbackReceived,
    Cancelled,
    ContinuedAnyway,
    ListenerFailed,
    PasteRefused,
    ProbeRequested,
)
from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.flow.state import InboxEntry
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, GET_CONVERSATIONS, with_aliases
from airisk_tui.oauth.http import HttpRequest, HttpResponse
from tests.flow.play import Play
from tests.recording.logs import LOGS
from tests.runs import (
    BOUND,
    CODE,
    INPUTS,
    LOCATION,
    OPENED,
    OVER,
    SECRET,
    STATE,
    TOKEN,
    URI,
    authorized,
    callback,
    exchanged,
    good,
    probed,
    redirect,
    response,
    started,
    stray,
    text,
    unconnected,
)

URL = INPUTS.authorization_url


def waiting(**changes: Any) -> Play:
    play = Play() >> started(**changes) << Listen(URI) >> BOUND << Countdown(300.0) << OpenBrowser
    return play >> OPENED


def test_the_browser_way_from_start_to_token() -> None:
    play = waiting() >> good() << ExchangeCode >> exchanged()
    assert (play.end().state.phase, play.state.outcome) == (Phase.DONE, Outcome.TOKEN)
    assert play.state.token == TOKEN
    assert play.state.code == CODE
    assert play.wanted == ()


def test_the_token_request_carries_the_fields_of_the_protocol_in_their_order() -> None:
    play = waiting(userid="user_42") >> good()
    request = play.pending[0]
    assert isinstance(request, ExchangeCode)
    assert request.request.address == "http://127.0.0.1:9000/api/oauth2/Token"
    assert [name for name, _ in request.request.fields] == [
        "client_id",
        "client_secret",
        "redirect_uri",
        "code",
        "userid",
    ]
    assert request.request.field_params.get("code") == CODE.reference
    assert request.request.field_params.get("client_secret") == SECRET.reference


def test_the_direct_way_reads_the_code_from_location() -> None:
    play = Play() >> started(mode="direct") << AskDirectly(INPUTS.authorization_request)
    play = play >> authorized(redirect(LOCATION)) << ExchangeCode >> exchanged()
    assert play.end().state.outcome is Outcome.TOKEN


@pytest.mark.parametrize(
    ("location", "status", "outcome"),
    [
        (None, 401, Outcome.AUTHORIZATION_REFUSED),
        (None, 200, Outcome.AUTHORIZATION_REFUSED),
        (None, 302, Outcome.AUTHORIZATION_REFUSED),
        ("https://login.example.com/signin", 302, Outcome.AUTHORIZATION_REFUSED),
        (f"{URI}?error=access_denied&state={STATE}", 302, Outcome.AUTHORIZATION_REFUSED),
        (f"{URI}?code=x&state=another", 302, Outcome.RESPONSE_INVALID),
        (f"{URI}?code=x", 302, Outcome.RESPONSE_INVALID),
        (f"{URI}?code=x&code=y&state={STATE}", 302, Outcome.RESPONSE_INVALID),
        (f"{URI}?code=x&error=y&state={STATE}", 302, Outcome.RESPONSE_INVALID),
        (URI, 302, Outcome.RESPONSE_INVALID),
        (LOCATION, 299, Outcome.AUTHORIZATION_REFUSED),
        (LOCATION, 400, Outcome.AUTHORIZATION_REFUSED),
        (LOCATION, 599, Outcome.AUTHORIZATION_REFUSED),
        (f"http://127.0.0.1:8766/callback?code=x&state={STATE}", 302, Outcome.RESPONSE_INVALID),
    ],
)
def test_direct_answers_that_do_not_bring_a_code(location: str | None, status: int, outcome: Outcome) -> None:
    play = Play() >> started(mode="direct") << AskDirectly >> authorized(redirect(location, status))
    assert play.end().state.outcome is outcome


@pytest.mark.parametrize("status", [300, 303, 399])
def test_every_status_of_a_redirect_brings_the_code(status: int) -> None:
    play = Play() >> started(mode="direct") << AskDirectly >> authorized(redirect(LOCATION, status)) << ExchangeCode
    assert play.end().state.code == CODE


def test_L6_a_forged_answer_is_shown_and_never_ends_the_wait() -> None:
    play = waiting() >> callback("error=access_denied&state=forged") >> callback("code=stolen&state=forged")
    assert play.end().state.phase is Phase.WAITING
    assert [letter.reason for letter in play.state.inbox] == ["state-mismatch", "state-mismatch"]
    play = play >> good() << ExchangeCode
    assert play.state.code == CODE


def test_L6_when_only_forged_answers_came_the_run_says_so_at_the_end() -> None:
    assert (waiting() >> callback("code=x&state=forged") >> OVER).state.outcome is Outcome.RESPONSE_INVALID
    assert (waiting() >> OVER).state.outcome is Outcome.TIMEOUT


def test_L7_a_repeated_parameter_is_never_exchanged() -> None:
    play = waiting() >> callback(f"code=a&code=b&state={STATE}")
    assert play.end().state.outcome is Outcome.RESPONSE_INVALID
    assert play.state.answer is not None
    assert play.state.answer.redirect.duplicates == ("code",)


def test_an_answer_without_the_state_waits_for_a_decision_and_a_true_one_still_wins() -> None:
    play = waiting() >> callback("code=unverified")
    assert play.end().state.phase is Phase.HOLDING
    play = play >> good() << ExchangeCode
    assert play.state.code == CODE
    assert not play.state.trusted_on_purpose


def test_a_person_may_believe_an_answer_without_the_state() -> None:
    play = waiting() >> callback(f"code={CODE.reference}") >> ContinuedAnyway(at=2) << ExchangeCode
    assert play.end().state.trusted_on_purpose


def test_L12_a_bare_code_is_accepted_and_marked() -> None:
    event = CallbackReceived(at=1, request=HttpRequest("PASTE", f"?code={CODE.reference}"), via="bare-code")
    play = waiting() >> event << ExchangeCode
    answer = play.end().state.answer
    assert answer is not None
    assert answer.verification == "not-verified"


def test_L5_strays_and_duplicates_are_kept_with_their_reason() -> None:
    play = waiting() >> stray("favicon") >> good() << ExchangeCode >> good(at=1.2)
    assert [letter.reason for letter in play.end().state.inbox] == ["favicon", None, "duplicate"]


def test_the_browser_is_opened_again_by_a_number_of_its_own_and_a_refused_paste_is_told_until_one_is_accepted() -> None:
    play = waiting() >> BrowserRequested(at=0.5)
    assert play.pending == [OpenBrowser(INPUTS.authorization_request, 1)]
    play = play << OpenBrowser >> replace(OPENED, at=0.6) >> BrowserRequested(at=0.7)
    assert play.pending == [OpenBrowser(INPUTS.authorization_request, 2)]
    refused = PasteRefused(at=0.8, reason="no-address", length=9, kind="nothing")
    for via, told in (("listener", refused), ("paste", None)):
        assert fold([refused, replace(good(), via=via)], play.state).paste_refused == told


def test_the_first_request_of_a_browser_whose_answer_is_in_the_fragment_is_no_answer() -> None:
    state = fold([started(response_mode="fragment"), BOUND, OPENED, callback("")])
    assert [entry.reason for entry in state.inbox] == ["fragment-awaited"]
    assert (state.phase, state.doubtful) == (Phase.WAITING, None)
    assert fold([OVER], state).outcome is Outcome.TIMEOUT


def test_L2_an_answer_that_comes_before_the_browser_reports_is_not_lost() -> None:
    play = Play() >> started() << Listen >> BOUND << Countdown << OpenBrowser >> good() << ExchangeCode
    assert play.end().state.phase is Phase.EXCHANGING


def test_paste_mode_listens_but_opens_no_browser_and_survives_a_busy_port() -> None:
    failed = ListenerFailed(at=0.1, code="busy")
    play = Play() >> started(mode="paste") << Listen >> failed << Countdown
    assert play.end().state.phase is Phase.WAITING
    assert (Play() >> started() << Listen >> failed).end().state.outcome is Outcome.LISTENER


def test_a_redirect_uri_elsewhere_is_waited_for_without_a_listener() -> None:
    play = Play() >> started(redirect_uri="https://app.example.com/cb") << Countdown << OpenBrowser
    assert play.end().state.phase is Phase.OPENING
    play = Play() >> started(redirect_uri="https://app.example.com/cb", mode="paste") << Countdown
    assert play.end().state.phase is Phase.WAITING


def test_illegal_inputs_are_never_sent() -> None:
    play = Play() >> started(client_id="")
    assert play.end().state.outcome is Outcome.USAGE
    assert [mistake.code for mistake in play.state.mistakes] == ["client-id-missing"]


@pytest.mark.parametrize("phase", ["binding", "waiting", "exchanging"])
def test_L11_cancelling_ends_every_wish_at_once(phase: str) -> None:
    play = Play() >> started() << Listen
    if phase != "binding":
        play = waiting()
    if phase == "exchanging":
        play = play >> good() << ExchangeCode
    play = play >> Cancelled(at=9)
    assert (play.state.outcome, play.wanted) == (Outcome.CANCELLED, ())


def test_probes_follow_the_token_and_judge_it_by_the_documentation() -> None:
    users, conversations = DOCUMENTED
    listed = probed(users, response(200))
    play = waiting(probes=DOCUMENTED) >> good() << ExchangeCode >> exchanged() << Probe >> listed << Probe
    assert (play >> probed(conversations, response(403))).end().state.outcome is Outcome.TOKEN

    play = waiting(probes=DOCUMENTED) >> good() << ExchangeCode >> exchanged() << Probe >> listed << Probe
    assert (play >> probed(conversations, response(200))).end().state.outcome is Outcome.ACCESS_REFUSED


def test_an_alias_is_asked_only_where_the_path_before_it_is_not_there() -> None:
    users, short = with_aliases(DOCUMENTED[:1])
    play = waiting(probes=(users, short)) >> good() << ExchangeCode >> exchanged() << Probe
    assert (play >> probed(users, response(200))).end().state.outcome is Outcome.TOKEN

    play = waiting(probes=(users, short)) >> good() << ExchangeCode >> exchanged() << Probe
    play = play >> probed(users, response(404)) << Probe >> probed(short, response(404))
    assert play.end().state.outcome is Outcome.TOKEN


def test_a_person_may_ask_an_endpoint_after_the_run_is_done() -> None:
    play = (
        waiting() >> good() << ExchangeCode >> exchanged() >> ProbeRequested(at=3, endpoint=GET_CONVERSATIONS) << Probe
    )
    assert play.end().state.phase is Phase.PROBING


def test_a_later_probe_that_is_cancelled_leaves_the_outcome_as_it_was() -> None:
    play = waiting() >> good() << ExchangeCode >> exchanged()
    asked = ProbeRequested(at=3, endpoint=GET_CONVERSATIONS, credential="none")
    play = play >> asked << Probe >> Cancelled(at=4)
    assert (play.state.phase, play.state.outcome, play.wanted) == (Phase.DONE, Outcome.TOKEN, ())
    assert play.state.pending_probe is None
    play = play >> asked << Probe
    assert (play >> Cancelled(at=5)).state.outcome is Outcome.TOKEN


def test_a_run_that_is_cancelled_at_its_own_probes_is_cancelled_and_stays_so() -> None:
    play = waiting(probes=DOCUMENTED) >> good() << ExchangeCode >> exchanged() << Probe >> Cancelled(at=3)
    assert play.state.outcome is Outcome.CANCELLED
    play = play >> ProbeRequested(at=4, endpoint=GET_CONVERSATIONS, credential="none") << Probe >> Cancelled(at=5)
    assert play.end().state.outcome is Outcome.CANCELLED


@pytest.mark.parametrize(
    ("token_path", "cookies"),
    [
        ("/t", ("session=", "abc")),
        ("http://127.0.0.1:9000/t", ("session=", "abc")),
        ("http://127.0.0.1:9001/t", ()),
        ("https://127.0.0.1:9000/t", ()),
        ("http://[", ()),
    ],
)
def test_F5_cookies_of_the_authorization_endpoint_go_to_its_own_origin_alone(token_path: str, cookies: object) -> None:
    answer = HttpResponse(302, (("Location", LOCATION), ("Set-Cookie", "session=abc; Path=/")))
    dialect = replace(INPUTS.dialect, token_path=token_path)
    play = Play() >> started(mode="direct", carry_cookies=True, dialect=dialect) << AskDirectly >> authorized(answer)
    request = play.pending[0]
    assert isinstance(request, ExchangeCode)
    assert dict(request.request.headers).get("Cookie", ()) == cookies


def test_a_bearer_token_and_basic_credentials_are_not_both_sent() -> None:
    dialect = replace(INPUTS.dialect, client_auth="basic")
    play = Play() >> started(mode="direct", bearer=TOKEN, dialect=dialect)
    assert play.end().state.outcome is Outcome.USAGE
    assert [mistake.code for mistake in play.state.mistakes] == ["bearer-and-basic"]
    play = Play() >> started(mode="direct", bearer=TOKEN, dialect=dialect, exchange=False) << AskDirectly
    assert play.end().state.mistakes == ()


def test_no_connection_is_an_outcome_of_its_own() -> None:
    play = Play() >> started(mode="direct") << AskDirectly >> unconnected()
    assert play.end().state.outcome is Outcome.TRANSPORT


def test_a_token_response_without_a_token_is_a_refusal() -> None:
    play = waiting() >> good() << ExchangeCode >> exchanged(text("Invalid Code"))
    assert play.end().state.outcome is Outcome.TOKEN_REFUSED
    assert play.state.token_answer is not None
    assert play.state.token_answer.error is not None
    assert play.state.token_answer.error.code == "Invalid Code"


def test_live_and_replay_give_the_same_state() -> None:
    play = waiting() >> callback("code=x&state=forged") >> good() << ExchangeCode >> exchanged()
    assert fold(play.log) == play.state


def test_a_flood_of_probes_is_kept_within_bounds_and_ends_the_calls_that_are_still_due() -> None:
    answer = probed(GET_CONVERSATIONS, response(401), credential="none", at=3.0)
    play = waiting(probes=DOCUMENTED) >> good() << ExchangeCode >> exchanged() << Probe
    nearly = fold([answer] * 1_999, play.state)
    assert (nearly.phase, [type(one) for one in decide(nearly)]) == (Phase.PROBING, [Probe])
    full = fold([answer], nearly)
    assert (full.phase, full.token, decide(full)) == (Phase.DONE, TOKEN, ())
    assert len(fold([answer] * 9, full).probes) == 2_000


def test_L5_a_callback_that_meets_a_full_inbox_takes_its_last_place_and_later_ones_are_only_counted() -> None:
    full = fold([started(), BOUND, OPENED, *[stray()] * 500])
    state = fold([good(at=3.0), stray("other-path"), good(at=4.0)], full)
    assert (state.phase, state.code, state.inbox_total) == (Phase.EXCHANGING, CODE, 503)
    assert state.inbox == (*full.inbox[:499], InboxEntry(3.0, good().request, "listener", "127.0.0.1:50000", None))


def test_L11_an_answer_to_a_direct_request_that_comes_after_the_run_was_cancelled_is_not_believed() -> None:
    play = Play() >> started(mode="direct") << AskDirectly >> Cancelled(at=0.3)
    ended = play.state
    state = (play >> authorized(redirect(LOCATION))).end().state
    assert replace(state, at=ended.at, secrets=ended.secrets) == ended


def test_L6_a_state_that_is_no_unicode_text_is_compared_all_the_same() -> None:
    """Python keeps the bytes of a pasted text that are not UTF-8 as unpaired surrogates (PEP 383)."""
    state = fold([started(), BOUND, OPENED, callback(f"code=x&state={STATE}\udcff"), callback("code=x&state=\ud800")])
    assert [entry.reason for entry in state.inbox] == ["state-mismatch", "state-mismatch"]


def test_without_a_token_there_is_nothing_to_probe_with() -> None:
    play = waiting() >> good() << ExchangeCode >> exchanged(text("Invalid Code"))
    assert (play >> ProbeRequested(at=3, endpoint=GET_CONVERSATIONS)).end().state.phase is Phase.DONE


def test_a_pushed_request_is_named_in_the_address_and_keeps_its_state() -> None:
    begun, metadata, taken, answer, token = LOGS["pushed"]
    play = Play() >> begun << Discover >> metadata << PushRequest >> taken
    (asking,) = play.pending
    assert isinstance(asking, AskDirectly)
    assert [name for name, _ in asking.request.params] == ["client_id", "request_uri"]
    play = play << AskDirectly >> answer << ExchangeCode >> token
    assert (play.end().state.outcome, play.state.answer and play.state.answer.verification) == (Outcome.TOKEN, "match")


def test_a_device_is_polled_at_the_interval_of_the_server_and_slower_once_it_says_so() -> None:
    begun, metadata, codes, slow_down, token = LOGS["on-another-device"]
    play = Play() >> begun << Discover >> metadata << RequestDeviceCodes >> codes
    assert play.pending[0] == Countdown(300.0)
    play << Countdown << Poll >> slow_down
    (again,) = play.pending
    assert isinstance(again, Poll)
    assert (again.wait, again.number) == (10.0, 1)  # RFC 8628 §3.5: five seconds more, from five where none are named
    pending = exchanged(response(400, '{"error": "authorization_pending"}', "application/json"), at=5.2)
    (as_before,) = [one for one in decide(fold([begun, metadata, codes, pending])) if isinstance(one, Poll)]
    assert (as_before.wait, as_before.number) == (5.0, 1)
    play << Poll >> token
    assert play.end().state.outcome is Outcome.TOKEN
