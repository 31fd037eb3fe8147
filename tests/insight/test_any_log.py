"""Whatever happens in a run: explaining never raises, says the same again, and never leaves a failure without a word."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.events import (
    AnyEvent,
    BrowserOpened,
    Cancelled,
    ContinuedAnyway,
    FailedLaunch,
    ListenerFailed,
    ListenerFault,
    ProbeRequested,
)
from airisk_tui.flow.fold import INITIAL, fold, step
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.start.known import Host
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.browser_question import BrowserShows, advise_on_browser
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import explain
from airisk_tui.insight.finding import to_json
from airisk_tui.insight.reading.two_requests import field_pairs
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.dialect import AIRISK, STANDARD
from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.text.visible import visible
from tests.insight.plays import BASE, failed, inputs
from tests.runs import (
    BOUND,
    CODE,
    OPENED,
    OVER,
    STATE,
    URI,
    authorized,
    callback,
    exchanged,
    good,
    jwt,
    probed,
    started,
    stray,
)

GOOD_ENDS = {None, Outcome.TOKEN, Outcome.CODE, Outcome.CANCELLED}

HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["\x1b]0;x\x07", "{0}", "{why}", "\u202e", "\ud800", "http://[", "%00", "[::1"]),
)
VALUES = st.sampled_from(["", "a b", STATE, STATE.upper(), STATE[:5], "{x}", "\ud800", "\x1b[2J", URI, CODE.reference])
BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"Invalid Code",
            b"Invalid client_id",
            b"Invalid {redirect_uri}",
            b"<!doctype html><p>login",
            b'{"error":"invalid_grant"}',
            b'{"error":{"code":[1]}}',
            b'{"access_token":"x","expiration":1e999}',
            b'{"access_token":"x","expiration":"2026-11-24T10:15:02"}',
            b'{"access_token":"x","expires_in":"9","a":1,"a":2,"b":NaN}',
            b'{"access_code":"x"}',
            b'{"data":{"access_token":"x"}}',
            b'{"title":"T","status":401,"traceId":{"a":1}}',
            b"[]",
        ]
    ),
)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "Location",
                "Date",
                "Retry-After",
                "Content-Type",
                "Set-Cookie",
                "WWW-Authenticate",
                "Allow",
                "Cache-Control",
            ]
        ),
        st.one_of(
            HOSTILE,
            st.sampled_from(
                [
                    URI,
                    URI + "?code=x",
                    URI + "#code=x",
                    BASE + "/api/oauth2/Token",
                    "Thu, 99 Nov 2026",
                    "text/html; charset=\0",
                ]
            ),
        ),
    ),
    max_size=4,
).map(tuple)

STRAYS = st.sampled_from(["favicon", "other-path", "host", "tls-on-http", "head-too-large"])


@st.composite
def responses(draw: st.DrawFn) -> HttpResponse:
    status = draw(
        st.sampled_from([100, 200, 204, 302, 307, 400, 401, 403, 404, 405, 407, 415, 429, 500, 503, 511, 0, 999])
    )
    data = draw(BODIES)
    return HttpResponse(
        status, draw(HEADERS), Body(data, len(data), len(data), draw(st.sampled_from([None, "size", "{x}"])))
    )


CLAIMS = st.dictionaries(
    st.sampled_from(["sub", "exp", "iat", "nbf", "userid", "aud"]),
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=5),
        st.just({"a": [1]}),
    ),
)


@st.composite
def starts(draw: st.DrawFn) -> Inputs:
    pairs = st.lists(st.tuples(st.sampled_from(["client_id", "userid", "redirect_uri", "{x}"]), VALUES), max_size=2)
    return inputs(
        mode=draw(st.sampled_from(["browser", "direct", "paste"])),
        redirect_uri=draw(
            st.sampled_from(
                [URI, "http://localhost:8765/cb", "https://app.example.com/cb", "https://localhost/callback"]
            )
        ),
        base_url=draw(st.sampled_from([BASE, BASE + "/api", "http://127.0.0.1:9000", "http://[::1]:9"])),
        client_id=draw(st.sampled_from(["demo-app", "\ud800", "{client}", "x" * 500])),
        userid=draw(st.sampled_from([None, "user_42", "\ud800{u}"])),
        state=draw(st.sampled_from([None, STATE, "a+b \ud800"])),
        dialect=draw(
            st.sampled_from([AIRISK, STANDARD, replace(AIRISK, token="", code="", token_path="", authorize_path="")])
        ),
        params=Params(tuple(draw(pairs))),
        token_params=Params(tuple(draw(pairs))),
        encoding=draw(st.sampled_from(["form", "json"])),
        exchange=draw(st.booleans()),
        probes=draw(st.sampled_from([(), (LIST_USERS,), (LIST_USERS, GET_CONVERSATIONS)])),
    )


@st.composite
def events(draw: st.DrawFn, mine: Inputs) -> AnyEvent:
    sentence = draw(HOSTILE)
    pick: list[Any] = [
        lambda: BOUND,
        lambda: OPENED,
        lambda: BrowserOpened(at=0.2, ok=False, reason="failed", failures=(FailedLaunch(sentence, sentence, 1),)),
        lambda: ListenerFailed(at=0.1, code=draw(st.sampled_from(get_args(ListenerFault))), holder=sentence),
        lambda: good(at=draw(st.sampled_from([1.0, 200.0]))),
        lambda: callback(draw(QUERIES)),
        lambda: callback(draw(QUERIES), path="", via="paste"),
        lambda: stray(
            draw(STRAYS),
            "/x?" + draw(QUERIES),
            sentence,
        ),
        lambda: authorized(draw(responses()), mine),
        lambda: exchanged(draw(responses()), mine, at=draw(st.sampled_from([1.5, 300.0]))),
        lambda: exchanged(None, mine, token=jwt(draw(CLAIMS))),
        lambda: failed(draw(st.sampled_from(["dns", "tls", "reset", "local", "protocol"])), sentence),
        lambda: failed("timeout", step="access", endpoint=LIST_USERS),
        lambda: probed(draw(st.sampled_from([LIST_USERS, GET_CONVERSATIONS])), draw(responses()), mine),
        lambda: ProbeRequested(at=3.0, endpoint=LIST_USERS, credential="none"),
        lambda: ContinuedAnyway(at=2.0),
        lambda: OVER,
        lambda: Cancelled(at=5.0),
    ]
    event: AnyEvent = draw(st.sampled_from(pick))()
    return event


QUERIES = st.lists(
    st.tuples(st.sampled_from(["code", "error", "state", "auth_code", "iss", "error_description"]), VALUES), max_size=4
).map(lambda pairs: Params(tuple(pairs)).encode())


@st.composite
def logs(draw: st.DrawFn) -> tuple[AnyEvent, ...]:
    mine = draw(starts())
    rest = draw(st.lists(events(mine), max_size=7))
    return (started(mine, run_id=draw(st.sampled_from(["a", "b"]))), *rest)


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    history = tuple(fold(log) for log in draw(st.lists(logs(), max_size=2)))
    return Context(
        state=fold(draw(logs())),
        history=history,
        last_good=history[0] if history else None,
        registered=draw(st.sampled_from([None, (), (URI,), (" " + URI, "{x}"), ("http://[",)])),
        host=draw(st.sampled_from([Host(), Host(ssh=True), Host(container=True)])),
    )


@settings(max_examples=80)
@given(contexts())
def test_explaining_never_raises_and_says_the_same_again(context: Context) -> None:
    explained = explain(context)
    assert explain(context) == explained
    for found in explained.findings:
        assert to_json(found)
        words = [found.title, found.cause, on_command_line(found.fix), found.runner_up or ""]
        words += [part for each in found.evidence for part in (each.text, each.sent or "", each.came or "")]
        assert all(text == visible(text) for text in words), found


@settings(max_examples=80)
@given(contexts())
def test_a_failed_run_is_never_left_without_a_word(context: Context) -> None:
    if context.state.outcome not in GOOD_ENDS:
        assert any(found.severity == "error" for found in explain(context).findings), context.state.outcome


@settings(max_examples=40)
@given(logs())
def test_live_and_replay_explain_alike_at_every_event(log: tuple[AnyEvent, ...]) -> None:
    live: FlowState = INITIAL
    for number, event in enumerate(log, start=1):
        live = step(live, event)
        assert explain(Context(state=live)) == explain(Context(state=fold(log[:number])))


@settings(max_examples=40)
@given(contexts(), st.sampled_from(list(BrowserShows)))
def test_the_field_pairs_and_the_advice_on_the_browser_are_total_too(context: Context, shown: BrowserShows) -> None:
    assert len(field_pairs(context.state)) == 5
    found = advise_on_browser(shown, context)
    assert on_command_line(found.fix) == visible(on_command_line(found.fix)) and found.explanation == visible(
        found.explanation
    )
