"""The conversation without sockets: any bytes, in any pieces, give one answer and no exception (threats.md L4, L10)."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.engine.listener.pages import FRAGMENT, NO_CONTENT, PAGES, RECEIVED, RECEIVED_BEFORE, render
from airisk_tui.engine.listener.protocol import ALLOW, LIMITS, CallbackSite, HttpConversation, Limits
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.loopback import StrayReason, Target

TARGET = Target.parse("http://localhost:8765/callback")
SMALL = Limits(head_bytes=200, body_bytes=40)

HEAD = b"GET /callback?code=abc&state=xyz HTTP/1.1\r\nHost: localhost:8765\r\n\r\n"
FORM = (
    b"POST /callback HTTP/1.1\r\nHost: localhost:8765\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 8\r\n\r\ncode=abc"
)

fragments = st.sampled_from(
    [
        *(
            b"GET ",
            b"POST ",
            b"/callback",
            b"/favicon.ico",
            b" HTTP/1.1\r\n",
            b" HTTP/1.0\n",
            b"\r\n",
            b"\n",
            b"\r",
            b"\x00",
        ),
        *(
            b"Host: localhost:8765\r\n",
            b"Host: x\r\n",
            b"Content-Length: 8\r\n",
            b"Content-Length: 99999999999999999999\r\n",
        ),
        *(b"Content-Type: application/x-www-form-urlencoded\r\n", b"Transfer-Encoding: chunked\r\n", b" folded\r\n"),
        *(
            b"Upgrade: websocket\r\nConnection: upgrade\r\n",
            b"Expect: 100-continue\r\n",
            b"\x16\x03\x01",
            b"A" * 90,
            HEAD,
            FORM,
        ),
    ]
)
rubbish = st.one_of(
    st.binary(max_size=400),
    st.lists(st.one_of(fragments, st.binary(max_size=20)), max_size=14).map(b"".join),
)


def run(pieces: list[bytes], limits: Limits = SMALL, end: bool = True) -> HttpConversation:
    conversation = HttpConversation(CallbackSite(TARGET, limits), "127.0.0.1:1")
    for piece in pieces:
        conversation.receive(piece)
    if end:
        conversation.end()
    return conversation


def outcome(conversation: HttpConversation) -> tuple[object, ...]:
    """What is told; of an unreadable request what was read by then differs, so only readable ones are compared whole."""
    received = conversation.received
    readable = received.request if received is not None and received.request.headers else None
    return received and received.stray, readable, conversation.outgoing


@given(rubbish)
@example(HEAD + b"\x00" * 300)
@example(b"\x16\x03\x01\x02\x00")
@example(b"POST /callback HTTP/1.1\r\nHost: localhost:8765\r\nUpgrade: x\r\n\r\n")
def test_any_bytes_give_at_most_one_known_reason_and_never_an_exception(data: bytes) -> None:
    conversation = run([data])
    assert conversation.answered == (data != b"")
    if conversation.received is not None:
        assert conversation.received.stray is None or conversation.received.stray in get_args(StrayReason)
        assert conversation.outgoing.startswith((b"HTTP/1.1 ", b"\x15"))
        assert conversation.outgoing.count(b"Connection: close\r\n") <= 1


@given(rubbish, st.lists(st.integers(0, 400), max_size=6))
@example(HEAD[:-4] + b"\r\nX: " + b"y" * 150 + b"\r\n\r\n", [])
@example(b"GET /" + b"a" * 300, [200, 201])
def test_a_byte_at_a_time_equals_all_at_once(data: bytes, cuts: list[int]) -> None:
    whole = outcome(run([data]))
    assert outcome(run([bytes((byte,)) for byte in data])) == whole
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[start:end] for start, end in pairwise(edges)]
    assert outcome(run(pieces)) == whole


@given(st.integers(150, 260))
def test_the_cap_of_the_head_is_exact_however_it_is_cut(size: int) -> None:
    filler = size - len(HEAD) - len(b"X: \r\n")
    data = HEAD[:-2] + b"X: " + b"y" * filler + b"\r\n\r\n"
    assert len(data) == size
    for pieces in ([data], [data[:190], data[190:]], [data[:200], data[200:]]):
        conversation = run(pieces, end=False)
        assert conversation.received is not None
        assert conversation.received.stray == (None if size <= SMALL.head_bytes else "head-too-large")


@given(rubbish)
def test_what_is_not_a_get_or_a_form_to_the_path_is_never_a_callback(data: bytes) -> None:
    conversation = run([data])
    if conversation.received is not None and conversation.received.stray is None:
        assert conversation.received.request.url.partition("?")[0] in ("/callback",)
        assert conversation.received.request.method in ("GET", "POST")


def test_the_examples_of_this_file_are_callbacks() -> None:
    for data in (HEAD, FORM):
        received = run([data]).received
        assert received is not None
        assert received.stray is None
    assert run([FORM]).received.request.body.data == b"code=abc"  # type: ignore[union-attr]  # asserted above


@pytest.mark.parametrize(
    ("length", "body", "kept"),
    [(20, b'{"code": "abcdefgh"}', b'{"code": "abcdefgh"}'), (20, b'{"code"', b'{"code"'), (4_000, b"", b"")],
)
def test_the_body_of_a_post_that_is_no_form_is_kept_and_never_believed(length: int, body: bytes, kept: bytes) -> None:
    head = FORM.partition(b"\r\n\r\n")[0].replace(b"x-www-form-urlencoded", b"json")
    said = head.replace(b"Content-Length: 8", b"Content-Length: %d" % length) + b"\r\n\r\n" + body
    received = run([said]).received
    assert received is not None
    assert (received.stray, received.request.body.data) == ("not-a-form", kept)


def test_nothing_said_is_nothing_received() -> None:
    conversation = HttpConversation(CallbackSite(TARGET, LIMITS), "")
    conversation.expire()
    conversation.end()
    assert conversation.is_idle
    assert (conversation.received, conversation.outgoing, conversation.answered) == (None, b"", False)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"GET /callback?code=x HTTP/1.1\r\nbroken\r\n\r\n", HttpRequest("GET", "/callback?code=x")),
        (b"GET http://localhost:8765/callback?code=x HT", HttpRequest("GET", "http://localhost:8765/callback?code=x")),
        (b"GET /\x1b[31m HTTP/1.1\r\n\r\n", HttpRequest("GET", "/")),
        (b"nonsense words here", HttpRequest("", "")),
        (b"\xff\xfe", HttpRequest("", "")),
    ],
)
def test_what_can_be_shown_of_a_request_that_is_none(said: bytes, shown: HttpRequest) -> None:
    received = run([said]).received
    assert received is not None
    assert received.request == shown


@pytest.mark.parametrize(
    "said",
    [
        b"code=SplxlOBeZQQYbYS6WxSbIA&state=xyz\r\n\r\n",
        b"Authorization: Bearer SplxlOBeZQQYbYS6WxSbIA\r\n\r\n",
        b"Cookie: session=SplxlOBeZQQYbYS6WxSbIA\r\n\r\n",
        b"GET code=SplxlOBeZQQYbYS6WxSbIA HTTP/1.1\n\rX\r\n\r\n",
    ],
)
def test_F1_what_could_not_be_sealed_is_not_kept(said: bytes) -> None:
    received = run([said]).received
    assert received is not None
    assert "Splx" not in repr(received)


def test_options_tells_what_is_allowed() -> None:
    conversation = run([HEAD.replace(b"GET", b"OPTIONS")])
    assert f"Allow: {ALLOW}\r\n".encode() in conversation.outgoing


def test_the_methods_that_only_look_are_answered_so_at_the_callback_alone() -> None:
    paths: dict[bytes, StrayReason | None] = {b"/callback": None, b"/other": "other-path", b"/favicon.ico": "favicon"}
    for method in (b"HEAD", b"OPTIONS"):
        for path, page in paths.items():
            said = HEAD.replace(b"GET /callback", method + b" " + path)
            conversation = run([said])
            shown = RECEIVED_BEFORE if method == b"HEAD" else NO_CONTENT
            expected = render(PAGES[page] if page else shown, "" if page else ALLOW, method != b"HEAD")
            assert conversation.outgoing == expected, said
            assert conversation.received is not None and conversation.received.stray == (page or "method")


def test_where_the_fragment_is_expected_only_a_get_without_a_query_is_asked_for_it() -> None:
    for said, page in (
        (HEAD.partition(b"?")[0] + b" HTTP/1.1\r\nHost: localhost:8765\r\n\r\n", FRAGMENT),
        (HEAD, RECEIVED),
        (FORM, RECEIVED),
    ):
        site = CallbackSite(TARGET, SMALL, fragment=True)
        conversation = HttpConversation(site, "127.0.0.1:1")
        conversation.receive(said)
        assert conversation.outgoing == render(page)
        assert site.has_callback is (page is RECEIVED)
    plain = HttpConversation(CallbackSite(TARGET, SMALL), "127.0.0.1:1")
    plain.receive(HEAD.partition(b"?")[0] + b" HTTP/1.1\r\nHost: localhost:8765\r\n\r\n")
    assert plain.outgoing == render(RECEIVED)


def test_a_post_without_a_form_is_a_callback_where_it_is_empty_and_says_nothing_of_its_kind() -> None:
    for lines, stray in (
        (b"Content-Length: 0", None),
        (b"Content-Length: 0\r\nContent-Type: text/plain", "not-a-form"),
        (b"Content-Length: 1", "not-a-form"),
        (b"X: y", "not-a-form"),
    ):
        said = HEAD.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\n" + lines + b"\r\n\r\n")
        received = run([said + b"x" * (lines == b"Content-Length: 1")]).received
        assert received is not None and received.stray == stray, lines


def test_the_default_port_may_be_left_out_of_the_host() -> None:
    https = Target.parse("https://localhost/callback")
    assert https.port == 443
    assert https.allows_host("localhost")
    assert https.allows_host("localhost:443")
    assert not https.allows_host("localhost:80")


def test_the_path_is_compared_as_a_browser_sends_it() -> None:
    assert Target.parse("http://localhost/a~b!%7e\u00e9 \x7f").path == "/a~b!%7e%C3%A9%20%7F"
    assert Target.parse("http://localhost").path == "/"


def test_the_second_callback_of_a_listener_is_told_that_one_came_before() -> None:
    site = CallbackSite(TARGET, Limits())
    pages = []
    for _ in range(3):
        conversation = HttpConversation(site, "127.0.0.1:1")
        conversation.receive(HEAD)
        pages.append(conversation.outgoing)
    assert pages[0] != pages[1] == pages[2]
    assert RECEIVED.text.encode() in pages[0] and RECEIVED_BEFORE.text.encode() in pages[1]
