"""Files in the manners of the programs that write them, from the file to the findings: what is told is what the file shows."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from airisk_tui.flow.events import CallbackAnswered, Imported, TokenExchanged, TransportFailed
from airisk_tui.flow.fold import fold
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import Report, explain
from airisk_tui.oauth.http import Body
from airisk_tui.oauth.params import Params
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.har import file
from airisk_tui.recording.har.entry import entry_of
from airisk_tui.recording.har.file import parse_har
from airisk_tui.recording.har.flows import HarFlow, find_flows
from airisk_tui.recording.har.log import fault_of, to_events
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.session.recordings.importing import flows_in
from tests.recording.hars import BASE, CODE, STATE, TOKEN, entry, flow, har
from tests.recording.providers import PROVIDERS
from tests.recording.writers import WRITERS, log, mitmproxy_page_of_the_log_in, sanitised

FORM = "application/x-www-form-urlencoded"
FALSE = (
    "broke off",
    "ended after",
    "empty body",
    "did not carry the rest",
    "alphabet of its own",
    "--mode browser",
    "Nothing was sent",
)
"""What no file says of a server or of a client."""


ALL = WRITERS | PROVIDERS


def only(data: bytes) -> HarFlow:
    (found,) = find_flows(parse_har(data))
    return found


def state_of(data: bytes) -> FlowState:
    return fold(to_events(only(data), Sealer(b"k" * 32), "run"))


def report_of(state: FlowState) -> Report:
    return explain(Context(state=state))


@pytest.mark.parametrize("name", ALL)
def test_the_outcome_and_the_findings_are_those_of_the_flow(name: str) -> None:
    write, (outcome, codes) = ALL[name]
    state = state_of(write())
    weighty = tuple(found.code for found in report_of(state).findings if found.severity != "note")
    assert (state.outcome and state.outcome.value, weighty) == (outcome, codes)


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_the_file_leaves_out_is_told_of_the_server(name: str) -> None:
    state = state_of(ALL[name][0]())
    told = "\n".join(f"{found.title} {found.cause} {found.fix}" for found in report_of(state).findings)
    assert not [words for words in FALSE if words in told]
    assert state.imported is not None


def test_the_state_that_a_page_and_a_cookie_repeat_is_compared_all_the_same() -> None:
    state = state_of(mitmproxy_page_of_the_log_in())
    assert state.answer is not None
    assert state.answer.verification == "match"
    assert state.authorization is not None
    assert state.authorization.request.url == f"{BASE}/login"


@pytest.mark.parametrize("mark", ["[redacted]", "[code redacted]", "REDACTED", "********", "<masked>", "Splx…IA"])
def test_a_mark_in_a_value_s_place_is_compared_with_nothing(mark: str) -> None:
    state = state_of(sanitised(mark)())
    assert state.code is not None
    assert state.token is not None
    assert {state.code.characters, state.token.characters} == {"redacted"}
    assert state.imported is not None
    assert state.imported.omissions == ("redacted",)


def test_a_state_behind_a_mark_on_one_side_is_not_verified() -> None:
    entries = flow()
    text = json.dumps(entries[0]["response"]).replace(STATE, "[redacted]")
    entries[0]["response"] = json.loads(text)
    state = state_of(har(entries))
    assert state.answer is not None
    assert state.answer.verification == "not-verified"


def events_of(*entries: dict[str, Any]) -> list[Any]:
    return list(to_events(only(log(entries, "browser")), Sealer(b"k" * 32), "run"))


def test_how_the_application_answered_is_kept_and_its_page_is_not() -> None:
    (answered,) = [event for event in events_of(*flow()) if isinstance(event, CallbackAnswered)]
    assert (answered.exchange.response.status, answered.exchange.response.body) == (200, Body())
    assert CODE not in answered.exchange.request.url


def test_a_token_that_is_known_from_the_calls_alone() -> None:
    entries = flow()
    entries[2]["response"]["content"] = {"size": 180, "mimeType": "application/json"}
    state = state_of(har(entries))
    assert state.token == Sealer(b"k" * 32).learn(TOKEN)
    assert [probe.exchange and probe.exchange.response.status for probe in state.probes] == [200, 200]


def content(**members: Any) -> Body:
    one = entry(1, BASE)
    one["response"]["content"] = {"mimeType": "application/json", **members}
    one["response"]["headers"] = [{"name": "Content-Length", "value": members["length"]}] if "length" in members else []
    return entry_of(one, 0.0).exchange.response.body


@pytest.mark.parametrize(
    "members", [{"size": 180}, {"size": 180, "text": ""}, {"size": -1}, {"length": "9"}, {"size": 0}]
)
def test_a_body_that_is_not_there_was_not_recorded(members: dict[str, Any]) -> None:
    assert content(**members).cut == "not-recorded"


@pytest.mark.parametrize("members", [{"size": 0, "text": ""}, {"length": "0"}, {"size": 2, "text": "{}"}])
def test_a_body_is_whole_where_the_file_has_it_or_says_that_it_was_empty(members: dict[str, Any]) -> None:
    assert content(**members).cut is None


@pytest.mark.parametrize(
    "post",
    [
        {"params": [{"name": "a", "value": "b c"}, {"name": "u", "value": "http://x/?y=1"}]},
        {"params": [{"name": "a", "value": "b+c"}, {"name": "u", "value": "http%3A%2F%2Fx%2F%3Fy%3D1"}]},
        {"text": "a=b+c&u=http%3A%2F%2Fx%2F%3Fy%3D1", "params": []},
        {"text": "YT1iK2MmdT1odHRwJTNBJTJGJTJGeCUyRiUzRnklM0Qx", "encoding": "base64"},
        {"text": "YT1iK2MmdT1odHRwJTNBJTJGJTJGeCUyRiUzRnklM0Qx"},
        {"mimeType": "application/json", "text": '{"a": "b c", "u": "http://x/?y=1"}'},
        {
            "mimeType": "multipart/form-data",
            "params": [{"name": "a", "value": "b c"}, {"name": "u", "value": "http://x/?y=1"}],
        },
        {
            "mimeType": "multipart/form-data; boundary=X",
            "text": '--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nb c\r\n'
            '--X\r\nContent-Disposition: form-data; name="u"\r\n\r\nhttp://x/?y=1\r\n--X--\r\n',
        },
    ],
)
def test_the_fields_of_a_request_however_they_stand(post: dict[str, Any]) -> None:
    one = entry(1, BASE, method="POST")
    one["request"]["postData"] = {"mimeType": FORM, **post}
    assert entry_of(one, 0.0).fields == Params((("a", "b c"), ("u", "http://x/?y=1")))


def test_a_query_that_stands_in_a_list_alone() -> None:
    entries = flow()
    url, _, query = entries[0]["request"]["url"].partition("?")
    entries[0]["request"] |= {
        "url": url,
        "queryString": [{"name": name, "value": value} for name, value in Params.parse(query)],
    }
    state = state_of(har(entries))
    assert report_of(state).first is None or report_of(state).first.severity == "note"  # type: ignore[union-attr]
    assert state.outcome is not None
    assert state.outcome.value == "token"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("net::ERR_CONNECTION_REFUSED", "refused"),
        ("NS_ERROR_CONNECTION_REFUSED", "refused"),
        ("connect ECONNREFUSED 127.0.0.1:8765", "refused"),
        ("net::ERR_BLOCKED_BY_CLIENT", "browser blocked"),
        ("csp", "browser blocked"),
        ("net::ERR_ABORTED", "browser aborted"),
        ("NS_BINDING_ABORTED", "browser aborted"),
        ("net::ERR_NAME_NOT_RESOLVED", "dns"),
        ("A server with the specified hostname could not be found.", "dns"),
        ("net::ERR_CERT_AUTHORITY_INVALID", "tls unknown-ca"),
        ("self-signed certificate in certificate chain", "tls unknown-ca"),
        ("DEPTH_ZERO_SELF_SIGNED_CERT", "tls self-signed"),
        ("SEC_ERROR_EXPIRED_CERTIFICATE", "tls certificate-expired"),
        ("net::ERR_SSL_PROTOCOL_ERROR", "tls"),
        ("net::ERR_CONNECTION_TIMED_OUT", "timeout overall"),
        ("net::ERR_EMPTY_RESPONSE", "reset"),
        ("net::ERR_INTERNET_DISCONNECTED", "unreachable"),
        ("net::ERR_TUNNEL_CONNECTION_FAILED", "proxy"),
        ("net::ERR_FAILED", "browser"),
        ("", "browser"),
    ],
)
def test_the_words_of_browsers_and_tools_for_no_answer(words: str, code: str) -> None:
    one = entry(1, "http://127.0.0.1:8765/callback")
    one["response"] = {"status": 0, "_error": words}
    fault = fault_of(entry_of(one, 0.0))
    assert (fault.code, fault.host, fault.port) == (code, "127.0.0.1", 8765)


def test_a_session_s_number_is_no_reason() -> None:
    one = {**entry(1, BASE), "response": {"status": 0}, "comment": "[#12]"}
    assert entry_of(one, 0.0).failure == ""


def test_a_login_without_a_state_is_one_flow_whose_pages_repeat_its_address() -> None:
    text = json.dumps(flow()).replace(f"&state={STATE}", "")
    first, *rest = json.loads(text)
    before = json.loads(json.dumps(first)) | {"startedDateTime": "2026-11-24T10:15:00.500Z"}
    before["response"] |= {"headers": [{"name": "Location", "value": "/login"}], "redirectURL": "/login"}
    assert only(har([before, first, *rest])).token is not None


def test_the_token_request_that_failed_before_it_succeeded() -> None:
    early = json.loads(json.dumps(flow()[2])) | {"startedDateTime": "2026-11-24T10:15:02.500Z"}
    early["response"] = {"status": 0, "_error": "net::ERR_FAILED"}
    events = events_of(*flow()[:2], early, flow()[2])
    assert [type(event) for event in events if isinstance(event, TokenExchanged | TransportFailed)] == [TokenExchanged]


WHOLE = har(flow())


def zipped(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_har", ".har"), data)
    return held.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(WHOLE),
        gzip.compress(WHOLE[:500]) + gzip.compress(WHOLE[500:]),
        zlib.compress(WHOLE),
        zipped(flow_har=WHOLE),
        zipped(export=WHOLE),
        zipped(flow_har=WHOLE, **{"__MACOSX/._flow_har": b"\0\1", "trace.txt": b"other"}),
    ],
    ids=["gzip", "gzip in two parts", "zlib", "zip", "zip without an ending", "zip with other files"],
)
def test_a_packed_file_opens(data: bytes) -> None:
    assert state_of(data).token is not None


def test_bodies_that_stand_beside_the_har_in_a_zip() -> None:
    entries = flow()
    body = entries[2]["response"]["content"].pop("text").encode()
    entries[2]["response"]["content"]["_file"] = "b0d1.json"
    assert state_of(zipped(flow_har=har(entries), **{"b0d1.json": body})).token_answer is not None
    assert state_of(zipped(flow_har=har(entries), **{"b0d1.json": body})).token == Sealer(b"k" * 32).learn(TOKEN)


def test_a_packed_file_that_ends_too_early_gives_what_is_before() -> None:
    data = gzip.compress(har([*flow(), *flow()]), mtime=0)
    read = parse_har(data[: len(data) - 40])
    assert read.cut
    assert read.entries


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x1f\x8b\x08rubbish", "damaged"),
        (b"PK\x03\x04rubbish", "damaged"),
        (zipped(a=b"x", b=b"y"), "no HAR in this zip"),
        (zipped(a_har=WHOLE, b_har=WHOLE), "2 HARs"),
        (WHOLE[: WHOLE.index(b'"request"')], "cut off before its first request"),
    ],
    ids=["gzip", "zip", "no HAR", "two HARs", "cut off"],
)
def test_F4_a_packed_file_that_cannot_be_read_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(RecordingRefused, match=words):
        parse_har(data)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda data: zipped(flow_har=data)])
def test_F4_a_small_file_that_holds_very_much_is_refused(pack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(RecordingRefused, match="holds more than 1,000,000 bytes"):
        file.unpacked(pack(b"\0" * 2_000_000))


def test_F4_a_large_packed_file_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MAX_PACKED", 100)
    with pytest.raises(RecordingRefused, match="Unpack it first"):
        file.unpacked(gzip.compress(WHOLE))


def test_what_a_file_leaves_out_is_noted_where_it_is_so_and_only_there(tmp_path: Path) -> None:
    def notes(data: bytes) -> str:
        (tmp_path / "a.har").write_bytes(data)
        return " ".join(flows_in(tmp_path / "a.har").notes)

    assert notes(har(flow())) == ""
    assert notes(har(flow()[:3])) == ""
    bare = flow()
    for one in bare:
        one["request"]["headers"] = [
            h for h in one["request"]["headers"] if h["name"] not in ("cookie", "authorization")
        ]
    assert "no Authorization headers" in notes(har(bare))
    assert "Marks such as" in notes(sanitised("***")())
    assert "cut off" in notes(har([*flow(), entry(9, BASE)])[:-300])


def test_the_events_of_a_file_begin_with_where_it_is_from() -> None:
    events = events_of(*flow())
    assert isinstance(events[1], Imported)
    assert [event.at for event in events] == sorted(event.at for event in events)
