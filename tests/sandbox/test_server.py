"""The shell: real sockets, started and stopped over and over."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import time

import httpx2
import pytest

from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.sandbox.airisk.faults import FAULTS
from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI, DEMO_SECRET
from airisk_tui.sandbox.loopback import listening_on
from airisk_tui.sandbox.server import SandboxServer
from tests.pace import within
from tests.sandbox.client import redirect_params

QUERY = {"client_id": "demo-app", "redirect_uri": DEMO_REDIRECT_URI}


def whole_flow(http: httpx2.Client) -> int:
    code = redirect_params(http.get("/api/oauth2", params=QUERY))["code"]
    fields = {**QUERY, "client_secret": DEMO_SECRET, "code": code}
    token = http.post("/api/oauth2/Token", data=fields).json()["access_token"]
    return http.get("/api/Users/ListUsers", headers={"Authorization": f"Bearer {token}"}).status_code


def test_the_whole_flow_over_real_sockets() -> None:
    with SandboxServer() as sandbox, httpx2.Client(base_url=sandbox.base_url) as http:
        assert whole_flow(http) == 200
        answer = http.get("/api/oauth2", params={**QUERY, "client_id": "x"})
        assert answer.headers["transfer-encoding"] == "chunked"
        assert answer.headers.get_list("server") == ["Kestrel"]
        assert len(answer.headers.get_list("date")) == 1
        assert sandbox.requests == {"GET /api/oauth2": 2, "POST /api/oauth2/Token": 1, "GET /api/Users/ListUsers": 1}


def test_twenty_starts_and_stops_leave_nothing_behind() -> None:
    threads, port = threading.active_count(), free_port()
    with within(20 * 0.6):
        for _ in range(20):
            with SandboxServer(port=port) as sandbox, httpx2.Client(base_url=sandbox.base_url) as http:
                assert sandbox.port == port
                assert http.get("/nowhere").status_code == 404
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), 1)
    assert threading.active_count() == threads


def test_stopping_does_not_wait_for_slow_answers_or_idle_connections() -> None:
    with SandboxServer(faults=["slow"], slow_seconds=60.0) as sandbox:
        idle = [socket.create_connection(("127.0.0.1", sandbox.port)) for _ in range(20)]
        idle[0].sendall(b"GET /api/oauth2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while not sandbox.requests:
            time.sleep(0.001)
        with within(0.3):
            sandbox.stop()
        for connection in idle:
            connection.close()


def test_a_server_can_be_started_again_but_not_twice() -> None:
    sandbox = SandboxServer()
    sandbox.stop()
    for _ in range(2):
        with sandbox, httpx2.Client(base_url=sandbox.base_url) as http:
            assert whole_flow(http) == 200
            with pytest.raises(RuntimeError, match="already running"):
                sandbox.start()


def test_a_busy_port_is_an_error_at_once() -> None:
    with SandboxServer() as first:
        second = SandboxServer(port=first.port)
        with pytest.raises(OSError, match="in use"):
            second.start()
        second.stop()


def test_a_client_may_connect_before_the_server_runs() -> None:
    with listening_on(0) as listening:
        socket.create_connection(listening.getsockname(), 1).close()


def test_f6_it_is_bound_to_loopback_alone() -> None:
    with SandboxServer() as sandbox, socket.socket() as other:
        assert sandbox.base_url == f"http://127.0.0.1:{sandbox.port}"
        other.settimeout(1)
        with pytest.raises(OSError, match="refused"):
            other.connect(("127.0.0.2", sandbox.port))


HEAD = b"POST /api/oauth2/Token HTTP/1.1\r\nHost: 127.0.0.1\r\n"
WHOLE = b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize(
    ("begins", "drips"),
    [
        (b"", b""),
        (HEAD, b"X: y\r\n"),
        (HEAD + b"Content-Length: 1000\r\n\r\n", b"a"),
        (WHOLE + HEAD, b"X: y\r\n"),
        (WHOLE + HEAD, b""),
    ],
    ids=["silent", "in the head", "in the body", "in the head of a second request", "silent in that head"],
)
def test_f6_a_client_that_drips_is_left(begins: bytes, drips: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airisk_tui.sandbox.server.HEAD_SECONDS", 0.3)
    monkeypatch.setattr("airisk_tui.sandbox.server.BODY_SECONDS", 0.3)
    with SandboxServer() as sandbox, socket.create_connection(("127.0.0.1", sandbox.port)) as client:
        client.settimeout(0.05)
        client.sendall(begins)
        with within(2.0):
            while not _cut(client, drips):
                pass


def _cut(client: socket.socket, drips: bytes) -> bool:
    try:
        client.sendall(drips)
        return client.recv(65_536) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_the_reset_is_a_real_one() -> None:
    request = b"POST /api/oauth2/Token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na=b"
    with SandboxServer(faults=["connection-reset"]) as sandbox:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", sandbox.port), 2) as raw:
                raw.sendall(request)
                with pytest.raises(ConnectionResetError):
                    raw.recv(1)
        with httpx2.Client(base_url=sandbox.base_url) as http:
            assert http.get("/api/oauth2", params=QUERY).status_code == 302


def test_data_changes_while_it_runs() -> None:
    uri = "http://127.0.0.1:9/other"
    with SandboxServer() as sandbox, httpx2.Client(base_url=sandbox.base_url) as http:
        asked = {**QUERY, "redirect_uri": uri}
        assert http.get("/api/oauth2", params=asked).status_code == 401
        sandbox.data = sandbox.data.with_redirect_uri(uri)
        assert http.get("/api/oauth2", params=asked).status_code == 302


async def test_fifty_flows_at_once() -> None:
    async def flow(http: httpx2.AsyncClient) -> str:
        code = redirect_params(await http.get("/api/oauth2", params=QUERY))["code"]
        fields = {**QUERY, "client_secret": DEMO_SECRET, "code": code}
        return str((await http.post("/api/oauth2/Token", data=fields)).json()["access_token"])

    async with SandboxServer() as sandbox, httpx2.AsyncClient(base_url=sandbox.base_url) as http:
        tokens = await asyncio.gather(*(flow(http) for _ in range(50)))
        assert len(set(tokens)) == 50


async def test_one_code_redeemed_fifty_times_at_once_gives_one_token() -> None:
    async with SandboxServer() as sandbox, httpx2.AsyncClient(base_url=sandbox.base_url) as http:
        code = redirect_params(await http.get("/api/oauth2", params=QUERY))["code"]
        fields = {**QUERY, "client_secret": DEMO_SECRET, "code": code}
        answers = await asyncio.gather(*(http.post("/api/oauth2/Token", data=fields) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] + [400] * 49


def test_nothing_reaches_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with SandboxServer(faults=["connection-reset"]) as sandbox:
        for sent in (
            b"\x16\x03\x01\x02\x00\r\n\r\n",
            b"GET / HTTP/1.1\r\n\r\n",
            b"POST /api/oauth2/Token HTTP/1.0\r\nHost: localhost\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", sandbox.port), 2) as raw:
                raw.sendall(sent)
                try:
                    raw.recv(100)
                except ConnectionResetError:
                    continue
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("uvicorn.error").handlers == []


def test_describe_is_json_and_complete() -> None:
    with SandboxServer(faults=["denied"]) as sandbox:
        told = json.loads(json.dumps(sandbox.describe()))
        assert told["base_url"] == sandbox.base_url
        assert told["authorize"] == sandbox.base_url + "/api/oauth2"
        assert told["applications"][0]["client_id"] == "demo-app"
        assert DEMO_REDIRECT_URI in told["applications"][0]["redirect_uris"]
        assert [user["id"] for user in told["users"]][:2] == ["user_42", "user_7"]
        assert [fault["name"] for fault in told["faults"]] == list(FAULTS)
        assert told["active_faults"] == ["denied"]


@pytest.mark.parametrize("port", [-1, 65_536, 99_999, 10**30])
def test_a_port_that_is_none_is_refused_in_words(port: int) -> None:
    with pytest.raises(OSError, match="no such port") as refused:
        SandboxServer(port=port).start()
    assert refused.value.strerror == "there is no such port, they go from 0 to 65,535"
