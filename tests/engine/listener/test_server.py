"""The listener on real sockets: what a callback is, and what everything else is told (threats.md L5, L6, L8, L9)."""

from __future__ import annotations

import asyncio
import base64
import gc
import hashlib
import re
import subprocess
import sys
from typing import get_args

import pytest

from airisk_tui.engine.listener.pages import HAND_OVER, PAGES, headers
from airisk_tui.engine.listener.protocol import ReceivedRequest
from airisk_tui.engine.listener.server import Listener
from airisk_tui.oauth.loopback import StrayReason, Target
from tests.engine.listener.rig import Rig, listening, status
from tests.pace import within


def head_of(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines)


async def test_L5_the_callback_is_heard_whole_and_answered_with_the_page() -> None:
    async with listening() as rig:
        answer = await rig.say(rig.get("/callback?code=a%20b&code=c&state=%FF", "GET", "Cookie: ARRAffinity=1"))
        (heard,) = rig.inbox
        assert heard.stray is None
        assert heard.request.method == "GET"
        assert heard.request.url == "/callback?code=a%20b&code=c&state=%FF"
        assert heard.request.headers == (("Host", f"localhost:{rig.port}"), ("Cookie", "ARRAffinity=1"))
        assert heard.peer.startswith("127.0.0.1:")
        assert status(answer) == 200
        assert b"<h1>Received</h1>" in answer


@pytest.mark.parametrize(
    ("method", "target", "headers", "stray", "code"),
    [
        ("GET", "/favicon.ico", (), "favicon", 204),
        ("GET", "/callback/?code=a", (), "other-path", 404),
        ("GET", "/Callback?code=a", (), "other-path", 404),
        ("GET", "//callback?code=a", (), "other-path", 404),
        ("GET", "/x/../callback?code=a", (), "other-path", 404),
        ("GET", "/%63allback?code=a", (), "other-path", 404),
        ("HEAD", "/callback?code=a", (), "method", 200),
        ("OPTIONS", "/callback?code=a", (), "method", 204),
        ("PUT", "/callback?code=a", (), "method", 405),
        ("BREW", "/callback?code=a", (), "method", 405),
        ("GET", "/callback?code=a", ("Sec-Purpose: prefetch;prerender",), "prefetch", 503),
        ("GET", "/callback?code=a", ("Purpose: prefetch",), "prefetch", 503),
        ("GET", "/callback?code=a", ("X-Moz: Prefetch",), "prefetch", 503),
        ("POST", "/callback", ("Content-Length: 0", "Content-Type: application/json"), "not-a-form", 415),
        (
            "POST",
            "/callback",
            ("Transfer-Encoding: chunked", "Content-Type: application/x-www-form-urlencoded"),
            "bad-request",
            400,
        ),
    ],
)
async def test_L5_what_is_no_callback_is_answered_and_reported_with_its_reason(
    method: str, target: str, headers: tuple[str, ...], stray: str, code: int
) -> None:
    async with listening() as rig:
        answer = await rig.say(rig.get(target, method, *headers))
        assert rig.strays == [stray]
        assert status(answer) == code
        if method == "HEAD":
            assert answer.endswith(b"\r\n\r\n")
        if stray == "method" and method != "HEAD":
            assert head_of(answer)["Allow"] == "GET, POST, HEAD, OPTIONS"


async def test_L5_a_form_by_post_is_a_callback_with_its_body() -> None:
    form = b"code=abc&state=xyz"
    async with listening() as rig:
        head = rig.get(
            "/callback",
            "POST",
            "Content-Type: application/x-www-form-urlencoded;charset=UTF-8",
            f"Content-Length: {len(form)}",
        )
        answer = await rig.say(head + form)
        assert status(answer) == 200
        assert rig.strays == [None]
        assert rig.inbox[0].request.body.data == form


@pytest.mark.parametrize(
    ("redirect_uri", "target"),
    [
        ("http://localhost:0", "/?code=a"),
        ("http://localhost:0/", "/?code=a"),
        ("http://localhost:0/cb?tenant=1", "/cb?tenant=1&code=a"),
        ("http://localhost:0/cb?tenant=1", "/cb?code=a"),
        ("http://localhost:0/rück kehr", "/r%C3%BCck%20kehr?code=a"),
        ("http://localhost:0/callback", "http://localhost:{port}/callback?code=a"),
        ("http://localhost:0/callback", "/callback"),
    ],
)
async def test_L5_the_path_is_that_of_the_redirect_uri(redirect_uri: str, target: str) -> None:
    async with listening(redirect_uri) as rig:
        assert status(await rig.say(rig.get(target.format(port=rig.port)))) == 200
        assert rig.strays == [None]


async def test_L6_a_forged_callback_does_not_shut_out_the_true_one() -> None:
    async with listening() as rig:
        first = await rig.say(rig.get("/callback?error=access_denied&state=forged"))
        second = await rig.say(rig.get("/callback?code=true&state=xyz"))
        assert [heard.request.url for heard in rig.inbox] == [
            "/callback?error=access_denied&state=forged",
            "/callback?code=true&state=xyz",
        ]
        assert rig.strays == [None, None]
        assert b"<h1>Received</h1>" in first
        assert b"<h1>Already received</h1>" in second


@pytest.mark.parametrize(
    ("redirect_uri", "host", "allowed"),
    [
        ("http://localhost:0/callback", "localhost:{port}", True),
        ("http://localhost:0/callback", "LocalHost:{port}", True),
        ("http://localhost:0/callback", "127.0.0.1:{port}", False),
        ("http://localhost:0/callback", "[::1]:{port}", False),
        ("http://localhost:0/callback", "localhost", False),
        ("http://localhost:0/callback", "localhost:1", False),
        ("http://localhost:0/callback", "rebound.example.com:{port}", False),
        ("http://localhost:0/callback", "localhost.example.com:{port}", False),
        ("http://127.0.0.1:0/callback", "127.0.0.1:{port}", True),
        ("http://127.0.0.1:0/callback", "localhost:{port}", False),
        ("http://[::1]:0/callback", "[::1]:{port}", True),
        ("http://[0:0:0:0:0:0:0:1]:0/callback", "[::1]:{port}", True),
    ],
)
async def test_L8_only_the_host_of_the_redirect_uri_is_answered(redirect_uri: str, host: str, allowed: bool) -> None:
    async with listening(redirect_uri) as rig:
        answer = await rig.say(rig.get(host=host.format(port=rig.port)))
        assert status(answer) == (200 if allowed else 421)
        assert rig.strays == [None if allowed else "host"]


async def test_L8_a_request_without_host_or_with_another_authority_is_not_answered() -> None:
    async with listening() as rig:
        assert status(await rig.say(b"GET /callback?code=a HTTP/1.0\r\n\r\n")) == 421
        assert status(await rig.say(rig.get("http://example.com/callback?code=a"))) == 421
        assert rig.strays == ["host", "host"]


async def test_L9_every_page_is_static_and_carries_the_protecting_headers() -> None:
    mark = "zq9-<script>alert(1)</script>"
    async with listening() as rig:
        requests = [
            rig.get(f"/callback?error_description={mark}&state={mark}"),
            rig.get(f"/callback?code={mark}"),
            rig.get(f"/other/{mark}"),
            rig.get("/favicon.ico"),
            rig.get(host=mark),
            rig.get("/callback", "BREW", f"X-Mark: {mark}"),
            f"nonsense {mark} nonsense\r\n\r\n".encode(),
        ]
        for request in requests:
            answer = await rig.say(request)
            head, _, body = answer.partition(b"\r\n\r\n")
            for name, value in headers():
                assert f"{name}: {value}".encode() in head
            assert b"zq9" not in answer
            assert b"<script" not in body
            assert re.search(rb"(?:src|href)=\"(?!data:,\")", body) is None
            assert b"success" not in body.lower()


async def test_L9_the_one_script_stands_where_a_fragment_is_expected_and_nothing_else_runs() -> None:
    async with listening() as rig:
        assert b"<script" not in await rig.say(rig.get("/callback"))
    async with listening(fragment=True) as rig:
        head, _, body = (await rig.say(rig.get("/callback"))).partition(b"\r\n\r\n")
        script = body.partition(b"<script>")[2].partition(b"</script>")[0]
        digest = base64.b64encode(hashlib.sha256(script).digest())
        assert (body.count(b"<script"), script.decode()) == (1, HAND_OVER)
        assert b"script-src 'sha256-" + digest + b"'; connect-src 'self';" in head
        form = ("Content-Type: application/x-www-form-urlencoded", "Response-Mode: fragment", "Content-Length: 16")
        for request in (
            rig.get("/callback", "POST", *form) + b"code=abc&state=x",
            rig.get("/callback?code=abc"),
            rig.get("/other"),
        ):
            assert b"<script" not in await rig.say(request)
        assert rig.strays == [None, None, None, "other-path"]
        assert rig.inbox[1].request.body.data == b"code=abc&state=x"


def test_L9_every_page_has_a_reason() -> None:
    assert set(PAGES) <= set(get_args(StrayReason))
    for reason in get_args(StrayReason):
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", reason)


async def test_two_thousand_strays_are_answered_in_bounded_time_and_leave_nothing() -> None:
    count = 2_000
    counted = 0

    def hear(heard: ReceivedRequest) -> None:
        nonlocal counted
        counted += heard.stray == "other-path"

    listener = Listener(Target.parse("http://127.0.0.1:0/callback"), hear)
    bound = await listener.start()
    rig = Rig(listener, bound)
    request = rig.get("/stray", host=bound.addresses[0])

    async def knock(times: int) -> None:
        for _ in range(times):
            assert status(await rig.say(request)) == 404

    with within(15):
        await asyncio.gather(*(knock(count // 20) for _ in range(20)))
    await asyncio.sleep(0.05)
    gc.collect()
    open_now = len(listener._open)
    await listener.close()
    assert counted == count
    assert open_now == 0


async def test_a_mistake_of_the_owner_does_not_end_the_serving() -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context["exception"]))
    inbox: list[ReceivedRequest] = []

    def hear(heard: ReceivedRequest) -> None:
        inbox.append(heard)
        if len(inbox) == 1:
            raise RuntimeError("the owner's")

    listener = Listener(Target.parse("http://localhost:0/callback"), hear)
    rig = Rig(listener, await listener.start())
    assert status(await rig.say(rig.get())) == 200
    assert status(await rig.say(rig.get())) == 200
    await listener.close()
    assert len(inbox) == 2
    assert [str(one) for one in reported] == ["the owner's"]


async def test_a_mistake_of_ours_is_reported_as_such_and_does_not_end_the_serving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def judge_badly(request: object, target: object) -> str:
        raise ZeroDivisionError

    async with listening() as rig:
        with monkeypatch.context() as patch:
            patch.setattr("airisk_tui.engine.listener.protocol.judge", judge_badly)
            assert await rig.say(rig.get()) == b""
        assert status(await rig.say(rig.get())) == 200
        assert rig.strays == ["internal-error", None]


def test_listening_by_http_loads_neither_ssl_wrappers_nor_cryptography() -> None:
    code = (
        "import asyncio, sys\n"
        "from airisk_tui.engine.listener.server import Listener\n"
        "from airisk_tui.oauth.loopback import Target\n"
        "async def main():\n"
        "    listener = Listener(Target.parse('http://localhost:0/callback'), print)\n"
        "    await listener.start(); await listener.close()\n"
        "asyncio.run(main())\n"
        "print('cryptography' in sys.modules, 'airisk_tui.engine.listener.tls' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
