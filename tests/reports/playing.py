"""Plays a report: a small deployment on loopback, and the program's commands in this process against it."""

from __future__ import annotations

import io
import json
import os
import re
import select
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from airisk_tui.cli import run_command
from airisk_tui.engine.ports import SystemClock
from tests.hostile.certificates import Authority
from tests.reports.answers import documented_token, redirect, resources, says
from tests.reports.report import (
    CLIENT,
    CODE,
    SECRET,
    STATE,
    Answer,
    Asked,
    Callback,
    Compare,
    Deployment,
    Direct,
    Har,
    Issuer,
    Paste,
    Play,
    Screen,
)
from tests.tui.terminal import Terminal

PASTE_WAIT = "0.2"
"""Seconds that a run waits on after its last paste; what was pasted is there from the start."""


SILENCE = 2.0
"""Seconds after which a call to the listener gives its answer up."""

OUR_OWN = re.compile(r"_PROXY$|^SSL|_CA_|^AIRISK_", re.IGNORECASE)
"""Variables of whoever runs the tests, which no report is about."""

CERTIFICATES: dict[str, dict[str, Any]] = {
    "private authority": {},
    "signed by itself": {"self_signed": True},
    "expired": {"days": (-20, -3)},
    "not valid yet": {"days": (3, 20)},
    "expired, and signed by itself": {"self_signed": True, "days": (-20, -3)},
    "of another host": {"host": "other.example.com"},
    "signed by itself, for another host": {"self_signed": True, "host": "airisk.local"},
    "of a public authority": {"issuer": "R11 of Let's Encrypt"},
    "of a filter": {"issuer": "Zscaler Intermediate Root CA (zscaler.net)"},
    "of an ingress": {
        "host": "ingress.local",
        "self_signed": True,
        "subject": "Kubernetes Ingress Controller Fake Certificate",
    },
}


@dataclass
class Played:
    """What came of it. document: of `run --json`; asked: what the deployment got, in order; heard: what the proxy got first."""

    exit: int
    document: dict[str, Any]
    narration: str
    asked: list[Asked] = field(default_factory=list)
    heard: bytes = b""


def played(play: Play, folder: Path) -> Played:
    """Play it. folder: an empty one, for the program's files and the play's own."""
    if isinstance(play, Har):
        return _archive(play, folder)
    if isinstance(play, Screen):
        return _screen(play, folder)
    return _run(play, folder)


def _run(play: Direct, folder: Path) -> Played:
    with ExitStack() as stack:
        server = stack.enter_context(serving(play, folder))
        values = {"{url}": server.url, "{folder}": str(folder)}
        values |= {f"{{{name}}}": str(stack.enter_context(kept_port())) for name in ("port", "closed", "listen")}
        values["{proxy}"] = stack.enter_context(_proxy(play.proxy, server))
        for name, text in play.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        uri = _filled(play.redirect_uri, values)
        arguments = ["compare", "--userid", "user_42"] if isinstance(play, Compare) else ["run"]
        arguments += [
            "--issuer" if isinstance(play, Issuer) else "--base-url",
            _filled(play.base_url, values),
            "--client-id",
            CLIENT,
            "--redirect-uri",
            uri,
            "--json",
        ]
        arguments += ["--no-record", "--mode", _mode(play), *_timeout(play)]
        if "--state" not in play.options and not isinstance(play, Compare):
            arguments += ["--state", STATE]
        options = [_filled(option, values) for option in play.options]
        variables = {name: _filled(text, values) for name, text in play.variables.items()}
        stdin = None
        if isinstance(play, Paste):
            stdin = _filled(play.pasted, _pasted(uri)).encode()
        if isinstance(play, Callback):
            where = values["{listen}"] if any("{listen}" in option for option in play.options) else values["{port}"]
            stack.enter_context(_browser(play, int(where)))
        with _clock(play.clock):
            code, out, err = command(
                [*arguments, *options], folder, {"AIRISK_CLIENT_SECRET": play.secret, **variables}, stdin
            )
        return Played(code, _document(out), err, server.asked, server.heard)


@contextmanager
def _clock(ahead: float) -> Iterator[None]:
    """This machine's clock, so many seconds ahead; only the program sees it, and no answer that is made here."""
    with patch.object(SystemClock, "wall", lambda _: time.time() + ahead):
        yield


def _pasted(uri: str) -> dict[str, str]:
    return {"{uri}": uri, "{encoded}": quote(uri, safe=""), "{code}": CODE, "{state}": STATE}


def _mode(play: Direct) -> str:
    return "paste" if isinstance(play, Paste) else "browser" if isinstance(play, Callback) else "direct"


def _timeout(play: Direct) -> list[str]:
    if "--timeout" in play.options or not isinstance(play, Paste | Callback):
        return []
    return ["--timeout", PASTE_WAIT if isinstance(play, Paste) else play.wait]


def _archive(play: Har, folder: Path) -> Played:
    file = folder / play.file
    file.write_bytes(play.archive if isinstance(play.archive, bytes) else json.dumps(play.archive).encode())
    code, out, err = command(["recordings", "import", str(file), "--json"], folder, {})
    made = _document(out)
    if code or not isinstance(made.get("path"), str):
        return Played(code, made, err)
    code, out, told = command(["replay", made["path"], "--json"], folder, {})
    return Played(code, _document(out), err + told)


def _screen(play: Screen, folder: Path) -> Played:
    secret = folder / "secret.env"
    secret.write_text(f"CLIENT_SECRET={SECRET}\n", encoding="utf-8")
    with serving(play, folder) as server, kept_port() as port:
        uri = f"http://127.0.0.1:{port}/callback"
        flow = ["--base-url", server.url, "--client-id", CLIENT, "--redirect-uri", uri, "--state", STATE]
        arguments = ["-m", "airisk_tui", *flow, "--env-file", str(secret), "--mode", "paste", "--start"]
        terminal = Terminal(arguments, folder / "home", columns=140, lines=45)
        try:
            terminal.sees("listening on", 15)
            terminal.read(0.3)
            terminal.paste(_filled(play.pasted, _pasted(uri)))
            terminal.read(0.2)
            terminal.send("\r")
            with suppress(AssertionError):
                terminal.until(lambda: any(asked.method == "POST" for asked in server.asked), 2)
            return Played(0, {}, terminal.text, server.asked)
        finally:
            terminal.close()


def command(
    arguments: list[str], folder: Path, variables: Mapping[str, str], stdin: bytes | None = None
) -> tuple[int, str, str]:
    """Run a command of the program in this process: its exit code, stdout and stderr."""
    kept = {name: text for name, text in os.environ.items() if not OUR_OWN.search(name)}
    own = {"AIRISK_TUI_HOME": str(folder / "home"), "BROWSER": "true"}
    own["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "replace", newline="") for _ in range(2))
    with (
        patch.dict(os.environ, {**kept, **own, **variables}, clear=True),
        _stdin(stdin) as typed,
        patch("sys.stdin", typed),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            code = run_command(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
    return code, _text(out), _text(err)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


@contextmanager
def _stdin(data: bytes | None) -> Iterator[Any]:
    """A pipe that holds the bytes and is at its end; without any, stdin that nothing can be pasted to."""
    if data is None:
        with Path(os.devnull).open() as nothing:
            yield nothing
        return
    theirs, ours = os.pipe()
    os.write(ours, data)
    os.close(ours)
    with os.fdopen(theirs) as stream:
        yield stream


def _document(out: str) -> dict[str, Any]:
    try:
        document = json.loads(out)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


@contextmanager
def kept_port() -> Iterator[int]:
    """A port of this play alone, on which nothing listens yet.

    It stays bound, so the system gives it to nobody else, and Linux lets another socket with SO_REUSEADDR bind and listen there
    all the same (socket(7)); elsewhere it is only known to have been free a moment ago.
    """
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        port = int(kept.getsockname()[1])
        if sys.platform != "linux":
            kept.close()
        yield port


class Server(socketserver.ThreadingTCPServer):
    """A deployment, or a proxy."""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, handle: Callable[[socket.socket], None], scheme: str = "http", port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), socketserver.BaseRequestHandler)
        self.handle_connection = handle
        self.asked: list[Asked] = []
        self.heard = b""
        self.url = f"{scheme}://127.0.0.1:{self.server_address[1]}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        with suppress(OSError, ValueError, IndexError):
            self.handle_connection(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no failure of a test."""


@contextmanager
def _listening(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, args=(0.002,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving(deployment: Deployment, folder: Path, port: int = 0) -> Iterator[Server]:
    """The deployment, on a port of its own, unless one is given."""
    context = _certified(deployment.certificate, folder) if deployment.certificate else None

    def handle(connection: socket.socket) -> None:
        connection.settimeout(5)
        if context is not None:
            with context.wrap_socket(connection, server_side=True) as secured:
                answer_one(secured)
            return
        answer_one(connection)

    def answer_one(connection: socket.socket) -> None:
        asked = _read(connection)
        server.asked.append(asked)
        connection.sendall(_answer(deployment, asked)(asked))

    server = Server(handle, "https" if context else "http", port)
    with _listening(server):
        yield server


def _answer(deployment: Deployment, asked: Asked) -> Answer:
    if isinstance(deployment, Issuer):
        places = {"/.well-known/openid-configuration": deployment.metadata, **deployment.places}
        if place := places.get(asked.path, says(404) if "/.well-known/" in asked.path else None):
            return place
    if asked.method == "POST":
        return deployment.token or documented_token
    if "client_id" in asked.query:
        return deployment.authorize or redirect()
    return deployment.resource or resources


def _read(connection: socket.socket) -> Asked:
    with connection.makefile("rb") as stream:
        method, target, _ = stream.readline().decode("latin-1").split(" ", 2)
        headers: dict[str, str] = {}
        while line := stream.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Asked(method, target, headers, stream.read(int(headers.get("content-length", "0"))))


@cache
def _authority() -> Authority:
    return Authority.create()


def _certified(word: str, folder: Path) -> ssl.SSLContext:
    _authority().pem(folder)
    return _authority().server(folder, **CERTIFICATES[word])


@contextmanager
def _proxy(proxy: Answer | str | None, server: Server) -> Iterator[str]:
    """Host and port of the proxy; what it hears first is kept at the server."""
    if proxy is None:
        yield ""
        return

    def plain(connection: socket.socket) -> None:
        connection.settimeout(5)
        asked = _read(connection)
        server.heard = server.heard or f"{asked.method} {asked.target} {dict(asked.headers)}".encode()
        assert callable(proxy)
        connection.sendall(proxy(asked))

    word, _, reply = proxy.partition(" ") if isinstance(proxy, str) else ("", "", "")

    def socks(connection: socket.socket) -> None:
        connection.settimeout(5)
        greeting = connection.recv(64)
        server.heard = server.heard or greeting
        if reply == "login":  # RFC 1929; refused, or without one no method that both know (RFC 1928 §3)
            offered = 2 in greeting[2:]
            connection.sendall(b"\x05\x02" if offered else b"\x05\xff")
            if offered and connection.recv(512):
                connection.sendall(b"\x01\x01")
            return
        connection.sendall(b"\x05\x00")
        connection.recv(512)
        connection.sendall(b"\x05" + bytes([int(reply or 0)]) + b"\x00\x01\x7f\x00\x00\x01\x00\x00")
        if reply:
            return
        with socket.create_connection(("127.0.0.1", server.server_address[1]), 5) as onward:
            _pass_on(connection, onward)

    def web(connection: socket.socket) -> None:
        connection.settimeout(5)
        server.heard = server.heard or connection.recv(512)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")

    with _listening(Server({"socks5": socks, "web": web}.get(word, plain))) as started:
        yield started.url.removeprefix("http://")


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Bytes both ways, until one side ends."""
    while True:
        ready, _, _ = select.select([one, other], [], [], 5)
        if not ready:
            return
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            (other if source is one else one).sendall(data)


@contextmanager
def _browser(play: Callback, port: int) -> Iterator[None]:
    """Somebody who makes the calls as soon as the listener listens."""
    stop = threading.Event()

    held: list[socket.socket] = []

    def make_calls() -> None:
        for call in play.calls:
            data = call
            values = {"{host}": f"127.0.0.1:{port}", "{port}": str(port), "{code}": CODE, "{state}": STATE}
            for name, value in values.items():
                data = data.replace(name.encode(), value.encode())
            while not stop.is_set() and not _called(play, port, data, held):
                time.sleep(0.01)

    thread = threading.Thread(target=make_calls, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SILENCE + 1)
        for connection in held:
            connection.close()


def _called(play: Callback, port: int, data: bytes, held: list[socket.socket]) -> bool:
    """One call; False where nobody listens yet. One without a word is held."""
    try:
        connection = socket.create_connection((play.address, port), SILENCE)
    except OSError:
        return False
    if not data:
        held.append(connection)
        return True
    with suppress(OSError), ExitStack() as stack:
        stack.enter_context(connection)
        connection.settimeout(SILENCE)
        if play.tls:
            connection = stack.enter_context(ssl._create_unverified_context().wrap_socket(connection))
        connection.sendall(data)
        while connection.recv(65536):
            pass
    return True
