"""What must hold of everything that reads free-form input: a typed result or a refusal in words, never another exception.

Each law is a strategy and a function that raises AssertionError when the law is broken; everyday tests try some examples,
`make fuzz` as many as there is time for.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from hypothesis import strategies as st

from airisk_tui.engine.config.credentials import read_env_file
from airisk_tui.engine.config.environments import ConfigurationError, read_configuration
from airisk_tui.flow.commands import decide
from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import INITIAL, fold, step
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import explain
from airisk_tui.oauth.answer.expiry import read_expiration, read_lifetime
from airisk_tui.oauth.answer.jwt import read_jwt
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.answer.token import read_token_answer
from airisk_tui.oauth.answer.users import read_users
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.redirect.authorization import RedirectKind, read_redirect
from airisk_tui.oauth.redirect.paste import read_paste
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.visible import decoded, visible
from airisk_tui.oauth.urls import differing_parts
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.reader import read_recording
from airisk_tui.redaction.sealer import Sealer
from tests.engine.listener.test_protocol import outcome, rubbish, run
from tests.insight import test_any_log as any_log
from tests.recording.disk import record
from tests.recording.logs import LOGS
from tests.recording.test_har import flow, har, opens_or_is_refused
from tests.threats.free_form import (
    ANY_TEXT,
    CODE_POINTS,
    DIALECTS,
    DOCUMENTS,
    JSON_VALUES,
    RESPONSES,
    TABLES,
    TOML,
    of_pieces,
)


@dataclass(frozen=True)
class Law:
    """inputs: what is read; holds: reads it."""

    inputs: st.SearchStrategy[Any]
    holds: Callable[[Any], None]


def _redirect(given: tuple[str, str, Dialect]) -> None:
    target, body, dialect = given
    found = read_redirect(target, dialect, body)
    assert found.kind in get_args(RedirectKind)
    assert (found.kind == "code") <= (found.code is not None)
    assert all(isinstance(word, str) for word in differing_parts(target, "http://127.0.0.1:8765/callback"))


def _head(given: tuple[bytes, list[int]]) -> None:
    data, cuts = given
    ends = sorted({0, len(data), *(cut for cut in cuts if cut <= len(data))})
    pieces = [data[begin:end] for begin, end in pairwise(ends)]
    assert outcome(run(pieces)) == outcome(run([data]))


def _token(given: tuple[HttpResponse, Dialect]) -> None:
    response, dialect = given
    answer = read_token_answer(response, dialect, 1.8e9)
    assert answer.token is None or isinstance(answer.token.value, str)
    read_users(response)


def _problem(response: HttpResponse) -> None:
    error = read_error(response)
    assert all(isinstance(words, str) for words in (error.code, error.description))


def _jwt(given: tuple[bytes, bytes, str]) -> None:
    parts = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in given[:2]]
    token = ".".join([*parts, given[2]])
    view = Sealer(b"k" * 32).learn(token)
    assert REFERENCE.fullmatch(view.reference)
    assert (view.shape == "opaque") == (read_jwt(token) is None)


def _date(given: tuple[Any, float]) -> None:
    value, received = given
    for read in (read_expiration, read_lifetime):
        at = read(value, received).at
        assert at is None or utc_text(at)


def _paste(given: tuple[str, Dialect]) -> None:
    text, dialect = given
    paste = read_paste(text, "https://airisk.example.com", dialect, "a-state")
    assert paste.fault is not None or paste.query
    read_redirect(f"?{paste.query}", dialect)


def _visible(text: str) -> None:
    for shown in (visible(text), visible(text, lines=True).replace("\n", "")):
        assert shown.isprintable()
        assert visible(shown) == shown


def _bytes(data: bytes) -> None:
    assert visible(decoded(data)).isprintable()


@cache
def _folder() -> Path:
    """One for the whole run of the tests; what is in it is written over by each example."""
    return Path(tempfile.mkdtemp(prefix="laws-"))


@cache
def _whole(name: str) -> bytes:
    path = _folder() / f"{name}-whole.jsonl"
    path.unlink(missing_ok=True)
    return record(path, LOGS[name]).read_bytes()


def _recording(given: tuple[str, bytes, int, int]) -> None:
    name, junk, at, cut = given
    data = _whole(name)
    path = _folder() / "law.jsonl"
    path.write_bytes(data[:at] + junk + data[at + cut :])
    try:
        recording = read_recording(path)
    except RecordingRefused as refused:
        assert str(refused).endswith(".")
        return
    fold(recording.events)
    assert all(visible(problem.sentence) for problem in recording.problems)


def _har(given: tuple[bytes, int]) -> None:
    junk, at = given
    data = har(flow())
    opens_or_is_refused(data[:at] + junk + data[at + len(junk) :])


def _configuration(data: bytes) -> None:
    path = _folder() / "config.toml"
    path.write_bytes(data)
    try:
        configuration = read_configuration(path)
    except ConfigurationError as error:
        assert visible(str(error)).endswith(".")
    else:
        assert configuration.default in configuration.environments


def _env_file(data: bytes) -> None:
    path = _folder() / ".env"
    path.write_bytes(data)
    try:
        assert "SECRET" not in repr(read_env_file(path).get("client_secret"))
    except ConfigurationError as error:
        assert visible(str(error)).endswith(".")


def _unwrapped(test: Any) -> Any:
    """The test below Hypothesis, which gives it its values otherwise."""
    return test.hypothesis.inner_test


def _explained(context: Context) -> None:
    _unwrapped(any_log.test_explaining_never_raises_and_says_the_same_again)(context)
    _unwrapped(any_log.test_a_failed_run_is_never_left_without_a_word)(context)


def _log(events: tuple[AnyEvent, ...]) -> None:
    state = INITIAL
    for number, event in enumerate(events, start=1):
        state = step(state, event)
        assert decide(state) == decide(fold(events[:number]))
    explain(Context(state=state))


LAWS = {
    "redirect URLs": Law(
        st.tuples(
            of_pieces(
                "http://", "127.0.0.1:8765", "/callback", "?", "#", "&", "code=", "state=", "error=", "%", "[::1]"
            ),
            of_pieces("code=", "&", "=", "state=x", "%zz", "+"),
            DIALECTS,
        ),
        _redirect,
    ),
    "request heads": Law(st.tuples(rubbish, st.lists(st.integers(0, 600), max_size=6)), _head),
    "token bodies": Law(st.tuples(RESPONSES, DIALECTS), _token),
    "problem documents": Law(RESPONSES, _problem),
    "JWTs": Law(st.tuples(DOCUMENTS, DOCUMENTS, ANY_TEXT), _jwt),
    "dates": Law(
        st.tuples(
            JSON_VALUES | of_pieces("2026-11-24", "T", "10:15:02", "Z", "+01:00", ".5", "Tue, 24 Nov", "GMT", "24:00"),
            st.floats(),
        ),
        _date,
    ),
    "pasted text": Law(
        st.tuples(of_pieces("http://", "localhost", "?", "code=", "&", "state=", "\n", " ", "<", '"', "#"), DIALECTS),
        _paste,
    ),
    "text": Law(CODE_POINTS, _visible),
    "bytes": Law(st.binary(max_size=100), _bytes),
    "recordings": Law(
        st.tuples(st.sampled_from(sorted(LOGS)), st.binary(max_size=30), st.integers(0, 5000), st.integers(0, 90)),
        _recording,
    ),
    "HARs": Law(st.tuples(st.binary(max_size=200), st.integers(0, 4000)), _har),
    "configuration": Law(st.one_of(TABLES, TOML, st.binary(max_size=100)), _configuration),
    ".env files": Law(
        st.one_of(
            of_pieces("CLIENT_ID=", "CLIENT_SECRET=", '"', "'", "\n", "export ", "${", "}", "\\").map(
                lambda text: text.encode("utf-8", "surrogatepass")
            ),
            st.binary(max_size=100),
        ),
        _env_file,
    ),
    "logs": Law(any_log.logs(), _log),
    "explanations": Law(any_log.contexts(), _explained),
}
