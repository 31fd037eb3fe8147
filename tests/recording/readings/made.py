"""What is made of a log: its requests, its messages, its row in a list, its answers, its differences from another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.fold import fold
from airisk_tui.flow.state import secret_names
from airisk_tui.oauth.http import Body, HttpRequest, HttpResponse, Timing
from airisk_tui.oauth.text.dates import MAX_EPOCH
from airisk_tui.recording.differences import (
    Difference,
    TwoRuns,
    body_fields,
    differences,
    line_of,
    same_header,
    sentence_of,
    weightiest,
)
from airisk_tui.recording.disk.codec import decode_event, encode_event, loads
from airisk_tui.recording.disk.errors import RecordError, RecordingFailed, RecordingRefused
from airisk_tui.recording.disk.files import SYSTEM, replace_whole
from airisk_tui.recording.disk.folder import (
    KEY_NAME,
    epoch,
    file_name,
    fingerprint_key,
    free_path,
    name_of_title,
    sanitised,
    title_of,
    utc_stamp,
    with_secrets,
)
from airisk_tui.recording.disk.format import Header, decode_closing, decode_header
from airisk_tui.recording.disk.library import _suggestion
from airisk_tui.recording.disk.migrations import from_2_to_3
from airisk_tui.recording.disk.reader import reading
from airisk_tui.recording.disk.summary import Summary, closing_for
from airisk_tui.recording.exchanges import changed_in, logged_requests, roles
from airisk_tui.recording.exchanges import started as begun
from airisk_tui.recording.mock import MockScript
from airisk_tui.recording.sequence import as_mermaid, messages
from tests.kept import Reading
from tests.recording.disk import FailingFiles
from tests.recording.logs import LOGS
from tests.runs import CODE, LOCATION, URI, authorized, callback, exchanged, redirect, response, started, text

HEADER = Header(version="1", environment="a b/c", kind="generic", utc="2026-11-24T10:15:02.250Z", run_id="r/1")
ROW = Summary(
    name="n", size=1, modified=2, environment="Test", kind="generic", outcome="token", userid="user_42", title="Mine"
)

LINES: tuple[str, ...] = (
    *(
        "",
        "[]",
        "{}",
        "nope",
        '{"event": 7}',
        '{"event": "TokenExchanged"}',
        '{"event": "Nothing"}',
        '{"event": "TimedOut", "at": 1}',
    ),
    *(
        '{"event": "TimedOut", "at": "x"}',
        '{"event": "TimedOut", "at": 1, "more": 2}',
        '{"event": "TimedOut", "at": 1, "_more": 2}',
    ),
    *(
        '{"event": "TimedOut", "at": NaN}',
        '{"event": "TimedOut", "at": 9007199254740992}',
        '{"event": "TimedOut", "at": 9007199254740993}',
    ),
    *(
        '{"event": "TimedOut", "at": -9007199254740993}',
        '{"event": "BrowserRequested", "at": 1, "secrets": [{"fingerprint": "a"}]}',
    ),
    *(
        f'{{"event": "StrayRequest", "at": 1, "reason": "favicon", "request": {{"method": "GET", "url": "/", "body": {body}}}}}'
        for body in (
            '{"text": "é"}',
            '{"base64": "/w=="}',
            '{"base64": "/w=", "text": ""}',
            '{"base64": "/w*=="}',
            '{"base64": "/w==", "text": "x"}',
            '{"text": 7}',
            '{"size": 5}',
            '{"text": "\\ud800"}',
            '{"text": "x", "wire": 9007199254740993}',
            '{"other": 1}',
            '{"text": "ab", "size": 9, "wire": 1, "cut": "size"}',
            "7",
        )
    ),
)

OLD: tuple[dict[str, Any], ...] = (
    {"event": "RunStarted", "known": {"environment": {"a": 1}, "mistakes": [{"code": "x"}, {"code": 7}, "y"]}},
    {"event": "RunStarted", "known": 7},
    {"event": "ListenerFailed", "code": "odd", "sentence": "s", "address": "a"},
    {"event": "ListenerFailed", "code": "not-loopback", "address": "a"},
    {"event": "BrowserOpened", "ok": False, "detail": "There is no display here."},
    {"event": "BrowserOpened", "ok": False, "detail": "Something."},
    {"event": "BrowserOpened", "ok": True, "detail": "There is no display here."},
    {"event": "TransportFailed", "failed": {"fault": {"message": "but what came began with 'x'.", "detail": "d"}}},
    {"event": "TransportFailed", "failed": {"fault": {"message": "The header X-A must hold y."}}},
    {"event": "TransportFailed", "failed": 7},
    {
        "event": "Else",
        "a": [
            "~sealed.0123456789abcdef.5.jwt~",
            {"base64": "fnNlYWxlZC4wMTIzNDU2Nzg5YWJjZGVmLjUuand0fv8=", "b": 1},
            {"base64": "!"},
        ],
    },
)


def _line(line: str) -> Any:
    try:
        event = decode_event(loads(line))
    except RecordError as error:
        return str(error)
    return event, encode_event(event)


def _header(line: str) -> Any:
    try:
        return decode_header(line.encode())
    except RecordingRefused as error:
        return str(error)


def _closing(record: Any) -> Any:
    try:
        return decode_closing(record, 5)
    except RecordError as error:
        return str(error)


def made() -> Iterator[Reading]:
    """All of them."""
    yield "codec.decode_event", _line, [(one,) for one in LINES]
    heads = (
        '{"format": 5, "tool": "x", "version": "1", "environment": "e", "kind": "generic", "utc": "u", "run_id": "r"}',
        "x",
        '{"format": 0, "tool": 1}',
    )
    more = ('{"format": 6, "tool": 1}', '{"format": true, "tool": 1}', '{"format": 1}', '{"format": 1, "tool": "x"}')
    yield "format.decode_header", _header, [(one,) for one in (*heads, *more)]
    yield (
        "format.decode_closing",
        _closing,
        [(7,), ({"closing": {"outcome": None, "duration": 1.5}},), ({"closing": {}},), ({},)],
    )
    yield "migrations.from_2_to_3", from_2_to_3, [(one,) for one in OLD]
    yield (
        "exchanges.logged_requests",
        lambda name: [
            (one.name, one.title, one.ours, one.fault and one.fault.code) for one in logged_requests(LOGS[name])
        ],
        [(name,) for name in LOGS],
    )
    yield "exchanges.changed_in", lambda name: changed_in(LOGS[name]), [(name,) for name in LOGS]
    yield (
        "exchanges.started",
        lambda name: [one.name for one in began.inputs.probes] if (began := begun(LOGS[name])) else None,
        [(name,) for name in LOGS],
    )
    yield "exchanges.roles", lambda name: roles(fold(LOGS[name]), LOGS[name]), [(name,) for name in LOGS]
    yield (
        "sequence.as_mermaid",
        lambda name: as_mermaid(messages(LOGS[name]), secret_names(fold(LOGS[name]))).splitlines()[4:],
        [(name,) for name in LOGS],
    )
    yield "summary.closing_for", lambda name: closing_for(fold(LOGS[name]), "It failed."), [(name,) for name in LOGS]
    yield (
        "summary.Summary.matches",
        ROW.matches,
        [(one,) for one in ("", "test USER", "mine other", "n", "generic token", "x")],
    )
    yield from _of_names()
    yield from _of_answers()
    yield from _of_two_runs()


def _of_names() -> Iterator[Reading]:
    heads = (
        HEADER,
        replace(HEADER, environment="é", run_id="", secrets="included"),
        replace(HEADER, utc="?", environment="x" * 60),
    )
    yield "folder.file_name", file_name, [(one,) for one in heads]
    titles = ("My run", ".-_ a/b\0c ", "x" * 130, "é" * 70, "a.jsonl", "a-with-secrets.jsonl", "", "..")
    yield "folder.sanitised", sanitised, [(one,) for one in titles]
    yield "folder.name_of_title", name_of_title, [(one, secrets) for one in titles[4:] for secrets in (True, False)]
    yield (
        "folder.title_of",
        title_of,
        [(one,) for one in ("2026-11-24T10-15-02Z-a-b.jsonl", "2026-11-24T10-15-02Z.jsonl", "mine-with-secrets.jsonl")],
    )
    yield "folder.with_secrets", lambda name: with_secrets(Path(name)).name, [("a.jsonl",), ("a-with-secrets.jsonl",)]
    yield (
        "folder.epoch",
        epoch,
        [
            (one,)
            for one in (
                "2026-11-24T10:15:02.250Z",
                "2026-11-24T10:15:02",
                "2026-11-24T10:15:02+01:00",
                "x",
                "0001-01-01T00:00:00+23:00",
            )
        ],
    )
    yield "folder.utc_stamp", utc_stamp, [(one,) for one in (0.0, 1.999, 1_795_515_302.25, MAX_EPOCH, -1.5, 1e300)]


def _of_answers() -> Iterator[Reading]:
    odd = HttpResponse(
        0,
        (("bad name", "x"), ("X-A", "a\r\nb\té€"), ("Date", "d"), ("Location", LOCATION)),
        Body.of(b"\xff" + CODE.reference.encode()),
    )
    direct = started(mode="direct")
    logs = {
        **{
            name: LOGS[name]
            for name in ("browser-token", "direct-token-and-a-later-probe", "invalid-code", "no-connection")
        },
        "odd": (
            direct,
            authorized(odd),
            authorized(redirect("/login?x=y")),
            authorized(redirect(f"{URI}?error=e#f")),
            exchanged(),
        ),
        "by form": (started(), callback("", headers=(("Content-Type", "application/x-www-form-urlencoded"),))),
    }
    queries = (
        "?state=new",
        "?redirect_uri=http://localhost:1/x?y&state=new",
        "?redirect_uri=https://evil.example/",
        "?redirect_uri=http://127.0.0.1:1/%0d%0a",
        "",
    )

    def answered(name: str) -> Any:
        script = MockScript.from_events(logs[name], lambda length, shape: f"<{length} {shape}>")
        calls = (
            [("GET", f"/api/oauth2{query}") for query in queries]
            + [("post", "/api/oauth2/Token")] * 2
            + [("GET", "/api/GetConversations"), ("GET", "")]
        )
        return script.endpoints, [script.answer(HttpRequest(*call)) for call in calls]

    yield "mock.MockScript", answered, [(name,) for name in logs]


def _opened(size: int, limit: int) -> Any:
    """What of a file is read that may have so many bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(b"x" * size)
        try:
            with reading(path, limit=limit) as file:
                return file.read()
        except RecordingRefused as error:
            return str(error)


def _key(case: str) -> Any:
    """The key of a recordings folder: made, found again, of another length, or that cannot be had."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "recordings"
        if case != "none":
            folder.mkdir()
        files = FailingFiles(0, ["create"]) if case == "a disk that fails" else SYSTEM
        if case == "a folder in its place":
            (folder / KEY_NAME).mkdir()
        if case == "short":
            (folder / KEY_NAME).write_bytes(b"k" * 31)
        if case == "what a program left that ended":
            (folder / f"{KEY_NAME}.{os.getpid()}.tmp").write_bytes(b"x")
        try:
            keys = {fingerprint_key(folder, lambda length, of=of: of * length, files) for of in (b"a", b"b")}
        except RecordingFailed as error:
            return str(error).replace(made, "FOLDER")
        return keys, sorted(one.name for one in folder.iterdir())


def _free(*taken: str) -> str:
    """The free name for a recording beside others."""
    with tempfile.TemporaryDirectory() as folder:
        for name in taken:
            (Path(folder) / name).touch()
        return free_path(Path(folder), "a.jsonl").name


def _replaced() -> Any:
    """A file that is replaced although a program that ended left another beside it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        path.with_name(f"index.{os.getpid()}.tmp").write_bytes(b"x")
        replace_whole(SYSTEM, path, b"new")
        return [(one.name, one.read_bytes()) for one in Path(folder).iterdir()]


def _of_two_runs() -> Iterator[Reading]:
    states = {name: fold(log) for name, log in LOGS.items()}
    slow = exchanged()
    slower = {
        seconds: replace(slow, exchange=replace(slow.exchange, timing=Timing(seconds)))
        for seconds in (0.2, 0.45, 0.4, 0.7, 1.0)
    }
    states |= {
        f"in {seconds} s": fold((started(mode="direct"), authorized(redirect(LOCATION)), one))
        for seconds, one in slower.items()
    }
    pairs = (
        [("browser-token", name) for name in states]
        + [("in 0.2 s", f"in {seconds} s") for seconds in slower]
        + [("in 0.45 s", "in 0.7 s"), ("direct-token-and-a-later-probe", "browser-token")]
    )
    yield (
        "differences.differences",
        lambda one, other: differences(states[one], states[other], ("a", "departure-x"), ("b", "a")),
        pairs,
    )
    several = [
        Difference("run", "outcome", "outcome", "a", None),
        *(Difference("x", kind, "f", None, "b") for kind in ("body", "header", "status", "input", "claim", "timing")),
    ]
    yield "differences.sentence_of", sentence_of, [(several[:count],) for count in (0, 1, 2)]
    yield "differences.weightiest", weightiest, [(several[:6],), (several,)]
    yield "differences.line_of", line_of, [(one,) for one in several[:2]]
    bodies = (
        b"",
        b" ",
        b"words",
        b'{"a": [1, {"b": null}], "c": {}}',
        b"[1",
        b"[]",
        b"[" + b",".join([b"1"] * 2_001) + b"]",
        b"[" + b",".join([b"1"] * 1_999) + b"]",
    )
    yield (
        "differences.body_fields",
        lambda data: len(found) if len(found := body_fields(data)) > 5 else found,
        [(one,) for one in bodies],
    )
    runs = TwoRuns(1_000.0, 2_000.0, "http://a", "http://b")
    values = (
        *(
            (".x", "1", "1"),
            (".x", "1", "2"),
            (".x", None, "1"),
            (".jti", "1", "2"),
            (".x", "http://a/y", "http://b/y"),
            (".x", "http://a/y", "http://c/y"),
        ),
        *((".exp", "1700000000", str(1_700_000_000 + shift)) for shift in (879, 880, 1_000, 1_120, 1_121)),
        *(
            (".exp", "1700000000000", "1700001000000"),
            (".exp", "2026-01-01T00:00:00Z", "2026-01-01T00:16:40Z"),
            (".exp", "2026-01-01", "2026-01-02"),
            (".exp", "1700000000", "x"),
            (".exp", "1700000000123.5", "1700001100"),
            (".exp", "1700000000.5", "1700001121"),
            (".exp", "170000000", "170001000"),
            (".exp", "17000000001", "17000010001"),
        ),
        *((".x", CODE.reference, CODE.reference.replace("c0de", "dead")), (".x", CODE.reference, "plain")),
    )
    cases = (
        "none",
        "made",
        "what a program left that ended",
        "short",
        "a folder in its place",
        "a disk that fails",
    )
    yield "folder.fingerprint_key", _key, [(case,) for case in cases]
    yield "files.replace_whole", _replaced, [()]
    known = ("a-new.jsonl", "a-old.jsonl", "b.jsonl", "c-new.jsonl")
    yield "folder.free_path", _free, [(), ("a.jsonl",), ("a.jsonl", "a-2.jsonl"), ("a-2.jsonl",)]
    yield (
        "library._suggestion",
        lambda name: _suggestion(name, known),
        [(one,) for one in ("a", "new", "lsat", "b", "zzz")],
    )
    yield "reader.reading", _opened, [(0, 0), (5, 5), (6, 5), (1, 0)]
    yield "differences.TwoRuns.same", runs.same, list(values)
    pairs_of = (
        ("location", "/a?state=1&x", "/a?state=2&x"),
        ("location", "/a?xstate=1", "/a?xstate=2"),
        ("server", "a", None),
        ("server", None, None),
        ("server", "a", "b"),
    )
    yield "differences.same_header", same_header, list(pairs_of)
    yield (
        "differences.differences of exchanges",
        lambda: differences(
            fold((started(), exchanged(text("no")))), fold((started(), exchanged(response(400, "no", "text/html"))))
        ),
        [()],
    )
