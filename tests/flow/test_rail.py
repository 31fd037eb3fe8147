"""The rail of steps: sensible at the end of every way through the table of phases."""

from __future__ import annotations

import pytest

from airisk_tui.flow.events import (
    AnyEvent,
    BrowserOpened,
    Cancelled,
    ContinuedAnyway,
    ListenerFailed,
    MetadataAnswered,
    ProbeRequested,
)
from airisk_tui.flow.fold import INITIAL, fold, step
from airisk_tui.flow.phases import TABLE, Outcome, Phase
from airisk_tui.flow.rail import STEP_OF, rail
from airisk_tui.flow.steps import TITLES, StepView
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.endpoints import DOCUMENTED, GET_CONVERSATIONS
from airisk_tui.oauth.http import Exchange, HttpRequest
from tests.recording.logs import LOGS
from tests.runs import (
    BOUND,
    LOCATION,
    OPENED,
    OVER,
    STATE,
    URI,
    authorized,
    callback,
    exchanged,
    good,
    probed,
    problem,
    redirect,
    response,
    started,
    text,
    unconnected,
)

ISSUER = "http://127.0.0.1:9000"
DISCOVERING = started(mode="direct", issuer=ISSUER, dialect=STANDARD)
NO_METADATA = 2 * (MetadataAnswered(at=0.2, exchange=Exchange(HttpRequest("GET", ISSUER), problem(404))),)
BY_ISSUER = LOGS["by-its-issuer"]
SYMBOL = {"pending": ".", "running": ">", "ok": "+", "failed": "x", "skipped": "-"}
BUSY = ListenerFailed(at=0.1, code="busy")
HEARD = (started(), BOUND, OPENED)
DIRECT = started(mode="direct")
ASKED = ProbeRequested(at=3, endpoint=GET_CONVERSATIONS)
PROBES = (started(probes=(GET_CONVERSATIONS,)), BOUND, OPENED, good(), exchanged())

WAYS: list[tuple[str, tuple[AnyEvent, ...], str]] = [
    ("nothing", (), "......"),
    ("binding", (started(),), ">....."),
    ("opening", (started(), BOUND), "+>...."),
    ("waiting", HEARD, "++>..."),
    ("no browser could be opened", (started(), BOUND, BrowserOpened(at=0.2, ok=False)), "+x>..."),
    ("holding", (*HEARD, callback("code=x")), "++>..."),
    ("believed on purpose", (*HEARD, callback("code=x"), ContinuedAnyway(at=2)), "+++>.."),
    ("exchanging", (*HEARD, good()), "+++>.."),
    ("token", (*HEARD, good(), exchanged()), "+++++-"),
    ("code wanted", (started(exchange=False), BOUND, OPENED, good()), "+++---"),
    ("answer before the browser reports", (started(), BOUND, good()), "+++>.."),
    ("timed out before the browser reports", (started(), BOUND, OVER), "++x---"),
    ("illegal", (started(client_id=""),), "x-----"),
    ("busy", (started(), BUSY), "x-----"),
    ("busy, paste possible", (started(mode="paste"), BUSY), "+->..."),
    ("paste, elsewhere", (started(mode="paste", redirect_uri="https://app.example.com/cb"),), "+->..."),
    ("browser, elsewhere", (started(redirect_uri="https://app.example.com/cb"),), "+>...."),
    ("refused", (*HEARD, callback(f"error=access_denied&state={STATE}")), "++x---"),
    ("repeated", (*HEARD, callback(f"code=a&code=b&state={STATE}")), "++x---"),
    ("timed out", (*HEARD, OVER), "++x---"),
    ("only forged answers", (*HEARD, callback("code=x&state=forged"), OVER), "++x---"),
    ("cancelled while binding", (started(), Cancelled(at=9)), "x-----"),
    ("cancelled while waiting", (*HEARD, Cancelled(at=9)), "++x---"),
    ("cancelled while exchanging", (*HEARD, good(), Cancelled(at=9)), "+++x--"),
    ("token refused", (*HEARD, good(), exchanged(text("Invalid Code"))), "+++x--"),
    ("no token in it", (*HEARD, good(), exchanged(response(200, "{}", "application/json"))), "+++x--"),
    ("no connection to the token endpoint", (*HEARD, good(), unconnected("token-request", at=1.2)), "+++x--"),
    ("asking", (DIRECT,), ">-...."),
    ("looking for the metadata", (DISCOVERING,), ">-...."),
    ("pushing the request", LOGS["pushed"][:2], ">-...."),
    ("asking for the codes of a device", LOGS["on-another-device"][:2], ">--..."),
    ("polling for a device", LOGS["on-another-device"][:4], "+-->.."),
    ("verifying the ID token", BY_ISSUER[:5], "+-++>."),
    ("verified", BY_ISSUER[:6], "+-+++-"),
    ("asking userinfo", BY_ISSUER[:7], "+-+++>"),
    ("asked for userinfo", BY_ISSUER, "+-++++"),
    ("no metadata", (DISCOVERING, *NO_METADATA), "x-----"),
    ("nobody answers at the issuer", (DISCOVERING, unconnected("discovery")), "x-----"),
    ("direct", (DIRECT, authorized(redirect(LOCATION))), "+-+>.."),
    ("direct, nothing to time out", (DIRECT, OVER), ">-...."),
    ("direct, no redirect", (DIRECT, authorized(problem())), "x-----"),
    ("direct, no connection", (DIRECT, unconnected("authorization-request")), "x-----"),
    ("direct, an error", (DIRECT, authorized(redirect(f"{URI}?error=x&state={STATE}"))), "+-x---"),
    ("direct, another state", (DIRECT, authorized(redirect(f"{URI}?code=x&state=another"))), "+-x---"),
    ("direct, no state", (DIRECT, authorized(redirect(f"{URI}?code=x"))), "+-x---"),
    ("direct, another port", (DIRECT, authorized(redirect(LOCATION.replace("8765", "8766")))), "+-x---"),
    ("probing", PROBES, "+++++>"),
    ("probed", (*PROBES, probed(GET_CONVERSATIONS, response(403))), "++++++"),
    ("probed, and nothing can be said", (*PROBES, probed(GET_CONVERSATIONS, response(500))), "++++++"),
    ("probed, not as documented", (*PROBES, probed(GET_CONVERSATIONS, response(200))), "+++++x"),
    ("asked again, and cancelled", (*HEARD, good(), exchanged(), ASKED, Cancelled(at=4)), "+++++x"),
    (
        "probed, asked again, and cancelled",
        (*PROBES, probed(GET_CONVERSATIONS, response(403)), ASKED, Cancelled(at=4)),
        "++++++",
    ),
    ("cancelled while probing", (*PROBES, Cancelled(at=4)), "+++++x"),
    ("asked again", (*HEARD, good(), exchanged(), ASKED), "+++++>"),
]


def drawn(views: tuple[StepView, ...]) -> str:
    return "".join(SYMBOL[view.status] for view in views)


@pytest.mark.parametrize(("events", "expected"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
def test_the_rail_at_the_end_of_each_way(events: tuple[AnyEvent, ...], expected: str) -> None:
    assert drawn(rail(fold(events))) == expected


def test_the_ways_pass_through_every_phase_and_every_outcome_of_the_table() -> None:
    ends = [fold(events) for _, events, _ in WAYS]
    named = {to.outcome for rows in TABLE.values() for to in rows.values() if to.outcome is not None}
    assert {state.phase for state in ends} == set(Phase)
    assert {state.outcome for state in ends if state.outcome} >= named


def test_a_token_that_is_refused_where_it_should_be_accepted_fails_the_last_step() -> None:
    mine = started(probes=DOCUMENTED[:1])
    state = fold((mine, BOUND, OPENED, good(), exchanged(), probed(DOCUMENTED[0], response(403))))
    assert state.outcome is Outcome.ACCESS_REFUSED
    assert drawn(rail(state)) == "+++++x"
    assert rail(state)[-1].summary == "403"


@pytest.mark.parametrize(("name", "events"), [way[:2] for way in WAYS], ids=[way[0] for way in WAYS])
def test_at_every_moment_times_run_forward_and_at_most_one_step_runs(name: str, events: tuple[AnyEvent, ...]) -> None:
    state = INITIAL
    for event in events:
        state = step(state, event)
        views = rail(state)
        assert [view.name for view in views] == list(TITLES)
        assert [view.status for view in views].count("running") == int(state.live)
        for view in views:
            assert (view.started is None) is (view.status in ("pending", "skipped"))
            assert (view.finished is None) is (view.status not in ("ok", "failed"))
            if view.started is not None and view.finished is not None:
                assert 0 <= view.started <= view.finished <= state.at


def test_every_live_phase_belongs_to_a_step() -> None:
    assert set(STEP_OF) == set(Phase) - {Phase.IDLE, Phase.DONE}


def test_summaries_say_what_happened() -> None:
    summaries = {view.name: view.summary for view in rail(fold((*HEARD, good(), exchanged())))}
    assert summaries == {
        "authorization-request": "listening on 127.0.0.1:8765",
        "browser": "xdg-open",
        "redirect": "a code came",
        "token-request": "200",
        "token": "acts for the application, JWT",
        "access": "not asked for",
    }


@pytest.mark.parametrize(
    ("query", "summary"),
    [
        (f"error=access_denied&state={STATE}", "access_denied"),
        (f"code=a&code=b&state={STATE}", "a parameter twice"),
        (f"code=a&error=b&state={STATE}", "a code and an error at once"),
        ("state=forged&code=a", "1 received, none accepted"),
        ("code=a", "an answer without the state"),
        (f"state={STATE}", "1 received, none accepted"),
        (f"state={STATE}&ticket=x", "neither code nor error"),
    ],
)
def test_the_redirect_is_summed_up(query: str, summary: str) -> None:
    assert rail(fold((*HEARD, callback(query))))[2].summary == summary
