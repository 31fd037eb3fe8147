"""HARs in and out: real tools' manners of writing, hostile files, and not one secret left (threats.md F1, F4)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.flow.events import AnyEvent, AuthorizationAnswered, CallbackReceived, TokenExchanged
from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import explain
from airisk_tui.oauth.reference import OPENING, with_plain_references
from airisk_tui.recording.disk.codec import decode_event, dumps, encode_event, loads
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.reader import read_recording
from airisk_tui.recording.disk.summary import closing_for
from airisk_tui.recording.har.export import as_har
from airisk_tui.recording.har.file import parse_har, read_har
from airisk_tui.recording.har.flows import find_flows
from airisk_tui.recording.har.log import imported_header, to_events
from airisk_tui.redaction.echoes import encoded_forms
from airisk_tui.redaction.sealer import Sealer
from tests.recording import hars
from tests.recording.disk import mode
from tests.recording.hars import AUTHORIZE, BASE, MANNERS, PLANTED, STATE, TOKEN, entry, flow, har, noise
from tests.recording.logs import LOGS
from tests.runs import URI

KEY = b"k" * 32


def imported(data: bytes) -> tuple[tuple[AnyEvent, ...], FlowState]:
    (found,) = find_flows(parse_har(data))
    events = to_events(found, Sealer(KEY), "run")
    return events, fold(events)


VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""RFC 7636 appendix B."""


@pytest.mark.parametrize(
    ("asked", "verifier", "fits", "cause"),
    [
        ("&code_challenge_method=S256", VERIFIER, True, "fits the challenge"),
        ("&code_challenge_method=S256", VERIFIER[:-1], False, "is not that of the challenge"),
        ("&code_challenge_method=plain", VERIFIER, False, "is not that of the challenge"),
        ("", VERIFIER, True, "fits the challenge"),
    ],
)
def test_what_the_file_itself_tells_of_a_refused_verifier_and_of_the_request_is_said(
    asked: str, verifier: str, fits: bool, cause: str
) -> None:
    first, back, *_ = flow()
    first["request"]["url"] += f"&response_type=code&code_challenge={CHALLENGE}{asked}"
    form = f"client_id=abc123&redirect_uri={quote(hars.URI, safe='')}&code={hars.CODE}&code_verifier={verifier}"
    said = '{"error":"invalid_grant","error_description":"code_verifier is wrong"}'
    refused = entry(3, f"{BASE}/api/oauth2/Token", 400, method="POST", post=form, body=said)
    _, state = imported(har([first, back, refused]))
    assert state.imported is not None
    assert state.imported.verifier_fits is fits
    report = explain(Context.of(state, ()))
    assert cause in report.findings[0].cause
    assert "departure-response-type" not in [finding.code for finding in report.findings]


def test_a_page_that_read_its_code_behind_the_number_sign_is_followed() -> None:
    text = json.dumps(flow()).replace(f"{hars.URI}?", f"{hars.URI}#")
    _, state = imported(har(json.loads(text)))
    assert (state.outcome, state.imported and state.imported.in_fragment) == (Outcome.TOKEN, True)


@pytest.mark.parametrize("manner", MANNERS)
def test_the_flow_is_found_among_the_noise_in_every_manner(manner: str) -> None:
    _, state = imported(MANNERS[manner]())
    assert (state.phase, state.outcome) == (Phase.DONE, Outcome.TOKEN)
    assert state.inputs is not None
    assert (state.inputs.base_url, state.inputs.client_id, state.inputs.userid) == (BASE, "abc123", "user_42")
    assert (state.inputs.redirect_uri, state.inputs.state, state.inputs.encoding) == (hars.URI, STATE, "form")
    assert state.token == Sealer(KEY).learn(TOKEN)
    assert state.code == Sealer(KEY).learn(hars.CODE)
    assert state.inputs.client_secret == Sealer(KEY).learn(hars.CLIENT_SECRET)
    assert [probe.endpoint.path for probe in state.probes] == ["/api/Users/ListUsers", "/api/GetConversations"]


@pytest.mark.parametrize("manner", MANNERS)
def test_F1_no_planted_secret_is_left_in_the_log_in_any_encoding(manner: str, tmp_path: Path) -> None:
    events, state = imported(MANNERS[manner]())
    library = Library(tmp_path)
    path = library.add(events, imported_header(events), closing_for(state, "A finding."))
    library.summaries()
    exports = "\n".join([dumps(as_har(events)), *map(encode_event, events)]).encode()
    written = exports + b"".join(one.read_bytes() for one in tmp_path.iterdir())
    for secret in PLANTED:
        assert not [form for form in encoded_forms(secret) if form in written]
    recording = read_recording(path)
    assert (recording.events, recording.header.origin, mode(path)) == (events, "har", 0o600)
    assert library.summaries()[0].outcome == "token"


def test_times_and_connections_are_read() -> None:
    events, state = imported(hars.chromium())
    token = next(event for event in events if isinstance(event, TokenExchanged))
    assert state.utc == 1_795_515_301.0
    assert token.at == pytest.approx(2.1205)
    timing = token.exchange.timing
    assert (timing.dns, timing.tls, timing.first_byte) == (None, 0.03, 0.06)
    assert timing.connect == pytest.approx(0.02)
    assert token.exchange.connection.peer == "[2001:db8::1]:443"
    assert not [name for name, _ in token.exchange.request.headers if name.startswith(":")]


def test_a_refused_authorization_and_a_refused_token() -> None:
    refused = entry(
        1, AUTHORIZE, 401, answer={"content-type": "application/problem+json"}, body='{"title":"Unauthorized"}'
    )
    assert imported(har([refused]))[1].outcome is Outcome.AUTHORIZATION_REFUSED
    entries = flow()[:3]
    entries[2]["response"] |= {"status": 400, "content": {"text": "Invalid Code", "mimeType": "text/plain"}}
    _, state = imported(har(entries))
    assert state.outcome is Outcome.TOKEN_REFUSED
    assert state.token_answer is not None
    assert state.token_answer.error is not None
    assert state.token_answer.error.code == "Invalid Code"


def test_a_refused_client_whose_secret_cannot_be_read_is_not_said_to_have_sent_none() -> None:
    entries = flow()[:3]
    entries[2]["request"]["postData"] = {"mimeType": "application/yaml", "text": "client_secret: a b c"}
    entries[2]["response"] |= {
        "status": 401,
        "content": {"text": '{"error":"invalid_client"}', "mimeType": "text/plain"},
    }
    findings = explain(Context(state=imported(har(entries))[1])).findings
    assert "client-refused" in {finding.code for finding in findings}
    assert not [one for finding in findings for one in finding.evidence if "0 characters" in one.text]


def test_a_browser_that_never_reached_the_listener() -> None:
    entries = flow()[:2]
    entries[0]["response"] = {"status": 0}
    entries[1]["response"] = {"status": 0, "_error": "net::ERR_CONNECTION_REFUSED"}
    events, state = imported(har(entries))
    assert state.outcome is Outcome.CODE
    callback = next(event for event in events if isinstance(event, CallbackReceived))
    assert callback.request.url.startswith(f"/callback?code={OPENING}")


def test_an_error_in_the_redirect() -> None:
    location = f"{hars.URI}?error=access_denied&state={STATE}"
    _, state = imported(har([entry(1, AUTHORIZE, 302, answer={"location": location})]))
    assert state.outcome is Outcome.AUTHORIZATION_REFUSED


def test_a_token_request_alone_reads_as_a_pasted_code() -> None:
    events, state = imported(har(flow()[2:]))
    assert state.outcome is Outcome.TOKEN
    assert [event.via for event in events if isinstance(event, CallbackReceived)] == ["bare-code"]


def test_the_hop_that_redirects_is_the_answer_when_a_login_page_stood_between() -> None:
    entries = flow()
    first = entry(0, AUTHORIZE, 200, answer={"content-type": "text/html"}, body="<form>")
    consent = entry(
        1, f"{BASE}/login/consent", 302, "POST", answer={"location": hars.LOCATION}, post="user=a&password=b"
    )
    events, state = imported(har([first, consent, *entries[1:]]))
    assert state.outcome is Outcome.TOKEN
    answered = next(event for event in events if isinstance(event, AuthorizationAnswered))
    assert answered.exchange.request.url == f"{BASE}/login/consent"
    assert b"password=b" not in answered.exchange.request.body.data


def test_several_flows_are_a_list_to_choose_from() -> None:
    one = flow()
    text = (
        json.dumps(flow())
        .replace(STATE, "second-state")
        .replace(hars.CODE, "second-code-value")
        .replace("user_42", "user_7")
    )
    other = json.loads(text.replace("10:15:", "10:16:"))
    found = find_flows(parse_har(har([*other, *one])))
    assert [flow.params.get("userid") for flow in found] == ["user_42", "user_7"]
    assert [flow.when for flow in found] == [1_795_515_301.0, 1_795_515_361.0]
    assert all(flow.steps[:3] == ("authorization request", "redirect", "token request") for flow in found)
    assert {fold(to_events(one, Sealer(KEY), "r")).outcome for one in found} == {Outcome.TOKEN}


def test_a_standard_server_with_pkce_and_basic_authentication() -> None:
    url = f"https://as.example.com/oauth/authorize?response_type=code&client_id=c&redirect_uri={URI}&state=s1234567&code_challenge=abc"
    post = f"grant_type=authorization_code&code=the-standard-code&redirect_uri={URI}&code_verifier=the-verifier-value"
    headers = {"authorization": "Basic YzpzM2NyM3QtdmFsdWU="}
    answer = {"content-type": "application/json"}
    body = json.dumps({"access_token": "opaque-access-token", "expires_in": 3600, "token_type": "Bearer"})
    events, state = imported(
        har(
            [
                entry(1, url, 302, answer={"location": f"{URI}?code=the-standard-code&state=s1234567"}),
                entry(2, "https://as.example.com/oauth/token", 200, "POST", headers, answer, body, post),
            ]
        )
    )
    assert state.inputs is not None
    dialect = state.inputs.dialect
    assert (dialect.name, dialect.authorize_path, dialect.token_path) == (
        "standard",
        "/oauth/authorize",
        "/oauth/token",
    )
    assert (dialect.client_auth, dialect.pkce, state.outcome) == ("basic", True, Outcome.TOKEN)
    text = "".join(map(encode_event, events))
    for secret in ("s3cr3t-value", "the-verifier-value", "the-standard-code", "opaque-access-token"):
        assert secret not in text


def test_F4_files_that_are_no_har_or_hold_no_flow(tmp_path: Path) -> None:
    for data in (b"", b"{}", b"[]", b"GIF89a", b'{"log":{"entries":[]}}', b'{"log":{"entries":[1]}}', b"\xff\xfe\x00"):
        with pytest.raises(RecordingRefused, match="not a HAR"):
            parse_har(data)
    with pytest.raises(RecordingRefused, match="no OAuth flow among the 30 requests"):
        find_flows(parse_har(har(noise(30))))
    refresh = entry(1, f"{hars.BASE}/token", 400, "POST", post="grant_type=refresh_token&refresh_token=r")
    with pytest.raises(RecordingRefused, match=r"another grant \(refresh_token\)"):
        find_flows(parse_har(har([refresh])))
    with pytest.raises(RecordingRefused):
        read_har(tmp_path / "missing.har")
    (tmp_path / "a.har").write_bytes(hars.firefox())
    assert read_har(tmp_path / "a.har").program == "Firefox"


RETURN = quote(URI, safe="")


@pytest.mark.parametrize(
    ("url", "params"),
    [
        (f"?response_type=code&client_id=&redirect_uri={RETURN}", {"client_id": ""}),
        (f"?response_type=code&redirect_uri={RETURN}", {"redirect_uri": URI}),
        ("?response_type=code&client_id=abc123&state=s", {"client_id": "abc123"}),
        (f"?client_id=abc123&amp;redirect_uri={RETURN}&amp;response_type=code", {"amp;redirect_uri": URI}),
        (f"#response_type=code&client_id=abc123&redirect_uri={RETURN}", {}),
    ],
)
def test_a_broken_authorization_request_is_a_flow_where_there_is_no_other(url: str, params: dict[str, str]) -> None:
    broken = entry(1, f"{BASE}/authorize{url}", 400)
    (found,) = find_flows(parse_har(har([broken, *noise(3)])))
    assert found.authorization is not None and dict(found.authorization.query).items() >= params.items()
    assert (found.answer, found.callback, found.token) == (None, None, None)
    (whole,) = find_flows(parse_har(har([broken, *flow()])))
    assert whole.token is not None


@pytest.mark.parametrize(
    "url",
    [
        "/search?response_type=json&state=3",
        "/collect?client_id=3&scope=page",
        f"/logout?client_id=abc123&response_type=code&redirect_uri={RETURN}",
        f"/callback?error=access_denied&response_type=code&state={STATE}",
    ],
)
def test_other_requests_with_such_names_are_no_flow(url: str) -> None:
    with pytest.raises(RecordingRefused, match="no OAuth flow"):
        find_flows(parse_har(har([entry(1, BASE + url)])))


def test_an_authorization_request_by_post_has_its_fields_as_parameters() -> None:
    post = f"response_type=code&client_id=abc123&redirect_uri={RETURN}&state={STATE}"
    (found,) = find_flows(parse_har(har([entry(1, f"{BASE}/authorize", 400, "POST", post=post)])))
    assert found.params.get("client_id") == "abc123"
    with pytest.raises(RecordingRefused):
        find_flows(parse_har(har([entry(1, f"{BASE}/login", 200, "POST", post=f"{post}&password=x")])))


def test_F1_a_secret_in_a_broken_request_is_sealed() -> None:
    url = f"{BASE}/authorize?client_id=abc123&amp;response_type=code&amp;client_secret=readable&amp;scope=files"
    events, _ = imported(har([entry(1, url, 400)]))
    assert "readable" not in "".join(map(encode_event, events))


IN_FRAME = {"sec-fetch-dest": "iframe", "referer": "https://app.example.net/page"}


@pytest.mark.parametrize(
    ("sent", "answer", "told"),
    [
        (IN_FRAME, {"x-frame-options": "DENY"}, "X-Frame-Options: DENY"),
        (IN_FRAME, {"x-frame-options": "sameorigin"}, "X-Frame-Options: sameorigin"),
        (IN_FRAME | {"referer": f"{BASE}/page"}, {"x-frame-options": "sameorigin"}, ""),
        ({"sec-fetch-dest": "iframe"}, {"x-frame-options": "sameorigin"}, ""),
        ({"sec-fetch-dest": "document"}, {"x-frame-options": "DENY"}, ""),
        (
            IN_FRAME,
            {"content-security-policy": "a b; frame-ancestors 'none'"},
            "Content-Security-Policy: frame-ancestors 'none'",
        ),
        (
            IN_FRAME,
            {"content-security-policy": "frame-ancestors https://app.example.net", "x-frame-options": "DENY"},
            "",
        ),
        (IN_FRAME | {"referer": f"{BASE}/page"}, {"content-security-policy": "frame-ancestors 'self'"}, ""),
        (IN_FRAME, {"content-security-policy": "frame-ancestors *"}, ""),
        (IN_FRAME, {}, ""),
    ],
)
def test_a_page_that_forbids_the_frame_it_was_asked_for_in_is_found(
    sent: dict[str, str], answer: dict[str, str], told: str
) -> None:
    asked = entry(1, AUTHORIZE, 302, headers=sent, answer={"location": "/login"})
    page = entry(2, f"{BASE}/login", headers=sent, answer={"content-type": "text/html", **answer})
    _, state = imported(har([asked, page]))
    assert state.imported is not None and state.imported.no_frames == told


@pytest.mark.parametrize(
    ("location", "status", "last"),
    [
        (f"/callback/code/{hars.CODE}", 400, True),
        (f"/callback/code/{hars.CODE}", 200, False),
        ("/callback", 500, True),
        (f"/callback?code={hars.CODE}&state={STATE}", 500, False),
        ("/home", 404, False),
    ],
)
def test_the_answer_where_the_redirect_uri_led_counts_if_it_failed_with_the_code_or_without(
    location: str, status: int, last: bool
) -> None:
    asked = flow()[0]
    led = entry(1.5, hars.LOCATION, 302, answer={"location": location})
    (found,) = find_flows(parse_har(har([asked, led, entry(1.8, f"http://127.0.0.1:8765{location}", status)])))
    assert found.callback is not None and (found.callback.status == status) is last


def test_a_har_that_ends_in_the_middle_gives_what_is_before() -> None:
    data = har([*flow(), *noise(3)])
    cut = parse_har(data[: len(data) - 400])
    assert cut.cut
    assert fold(to_events(find_flows(cut)[0], Sealer(KEY), "r")).outcome is Outcome.TOKEN


def test_a_har_with_a_byte_order_mark_or_in_utf_16() -> None:
    for data in (b"\xef\xbb\xbf" + har(flow()), har(flow()).decode().encode("utf-16")):
        assert imported(data)[1].outcome is Outcome.TOKEN


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("http://[")
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] + [deeper for key, member in items for deeper in paths(member, (*path, key))]


@given(st.data(), st.lists(values, min_size=1, max_size=3))
def test_F4_a_har_with_anything_in_any_place(data: st.DataObject, put: list[Any]) -> None:
    entries = flow()
    places = paths(entries)[1:]
    for value in put:
        place: Any = entries
        *way, last = data.draw(st.sampled_from(places))
        try:
            for key in way:
                place = place[key]
            place[last] = value
        except (KeyError, IndexError, TypeError):
            continue
    opens_or_is_refused(har(entries))


@given(st.binary(max_size=200), st.integers(0, 4000))
def test_F4_a_har_with_bytes_put_into_it(junk: bytes, at: int) -> None:
    data = har(flow())
    opens_or_is_refused(data[:at] + junk + data[at + len(junk) :])


def opens_or_is_refused(data: bytes) -> None:
    try:
        flows = find_flows(parse_har(data))
    except RecordingRefused as refused:
        assert str(refused).endswith(".")
        return
    for one in flows:
        events = to_events(one, Sealer(KEY), "run")
        fold(events)
        imported_header(events)
        assert [decode_event(loads(encode_event(event))) for event in events] == list(events)
        dumps(as_har(events))


@pytest.mark.parametrize("name", LOGS)
def test_every_log_makes_a_har_with_what_har_1_2_requires(name: str) -> None:
    document = as_har(LOGS[name])
    log = document["log"]
    assert (log["version"], set(log["creator"])) == ("1.2", {"name", "version"})
    kinds = Counter([one["_airisk"]["event"] for one in log["entries"]])
    kinds.update(one["event"] for one in log["_airisk"]["events"])
    assert kinds == Counter(type(event).__name__ for event in LOGS[name])
    for one in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= one.keys()
        assert {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"} <= one[
            "request"
        ].keys()
        assert {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL"} <= one[
            "response"
        ].keys()
        assert {"send", "wait", "receive"} <= one["timings"].keys()
        assert one["request"]["url"].startswith("http")
    assert dumps(document)


def test_F7_a_har_of_ours_comes_back_as_the_same_run_and_names_no_secret() -> None:
    log = LOGS["user-specific-with-probes"]
    (found,) = find_flows(
        parse_har(dumps(as_har([*log[:1], *LOGS["direct-token-and-a-later-probe"][1:2], *log[4:]])).encode())
    )
    state = fold(to_events(found, Sealer(KEY), "run"))
    assert state.outcome is Outcome.TOKEN
    sealed, recorded = state.code, fold(log).code
    assert sealed is not None and recorded is not None
    assert sealed.length == len(with_plain_references(recorded.reference)), (
        "what looks like a reference in a file is text"
    )
    assert sealed.fingerprint != recorded.fingerprint


def test_bodies_cookies_and_timings_stand_where_har_has_them() -> None:
    entries = as_har(LOGS["standard-dialect"])["log"]["entries"]
    content = entries[-1]["response"]["content"]
    assert (content["encoding"], content["size"], content["comment"]) == ("base64", 40, "The body is not whole: size.")
    token = as_har(LOGS["browser-token"])["log"]["entries"][2]
    assert token["timings"] == {
        "blocked": -1,
        "dns": -1,
        "connect": 30.0,
        "ssl": 20.0,
        "send": 0,
        "wait": 200.0,
        "receive": 20.0,
    }
    assert token["time"] == 250.0
    assert (token["serverIPAddress"], token["connection"]) == ("127.0.0.1", "9000")
    assert {one["name"] for one in token["request"]["postData"]["params"]} >= {"client_id", "code"}
    assert token["_airisk"]["at"] == 1.5


@pytest.mark.parametrize(
    ("at", "client_id", "sent", "belongs"),
    [
        (3, "abc123", "REDACTED", True),
        (3, "abc123", "", True),
        (3, "REDACTED", "REDACTED", True),
        (3, None, "REDACTED", True),
        (3, "another", "REDACTED", False),
        (0.5, "abc123", "REDACTED", False),
        (1, "abc123", "REDACTED", True),
        (3, "abc123", "another-code-0123456789", True),
        (3, "another", "another-code-0123456789", False),
    ],
)
def test_where_codes_are_hidden_the_next_token_request_of_the_client_belongs_to_the_flow(
    at: float, client_id: str | None, sent: str, belongs: bool
) -> None:
    """As a sanitiser leaves it: which request has the code, its client and its time alone tell; a code that no redirect brought is
    one that the client altered."""
    fields = {"client_id": client_id, "redirect_uri": URI, "code": sent}
    form = urlencode({name: value for name, value in fields.items() if value is not None})
    asked, came, *_ = flow()
    answer = json.dumps({"access_token": TOKEN})
    told = {"content-type": "application/json"}
    token = entry(at, f"{BASE}/api/oauth2/Token", 200, answer=told, body=answer, method="POST", post=form)
    begun = [one for one in find_flows(parse_har(har([asked, came, token]))) if one.authorization is not None]
    assert [one.token is not None for one in begun] == [belongs]
