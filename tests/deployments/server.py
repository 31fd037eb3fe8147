"""A small AIRisk by protocol.md, written for deployments that are wrong: every part of it is a method to be replaced.

It shares no code with the sandbox, and speaks HTTP by hand, so that a deployment may answer anything at all.
"""

from __future__ import annotations

import json
import secrets
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import responses
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

URI = "http://127.0.0.1:8765/callback"
SECRET = "s3cret-of-some-app"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def fields(self) -> dict[str, str]:
        if "json" in self.kind:
            return dict(json.loads(self.body))
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


def reply(status: int, body: bytes | str = b"", *headers: str) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    date = datetime.now(UTC).strftime("Date: %a, %d %b %Y %H:%M:%S GMT")
    lines = [f"HTTP/1.1 {status} {responses.get(status, '')}", date, *headers, f"Content-Length: {len(data)}"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + data


def as_json(status: int, value: Any, *headers: str) -> bytes:
    return reply(status, json.dumps(value), "Content-Type: application/json; charset=utf-8", *headers)


def text(status: int, words: str, *headers: str) -> bytes:
    return reply(status, words, "Content-Type: text/plain; charset=utf-8", *headers)


def html(status: int, body: str, *headers: str) -> bytes:
    return reply(status, f"<!DOCTYPE html><html>{body}</html>", "Content-Type: text/html; charset=utf-8", *headers)


def problem(status: int, title: str = "", **more: Any) -> bytes:
    told = {"title": title or responses[status], "status": status, **more, "traceId": TRACE}
    return reply(status, json.dumps(told), "Content-Type: application/problem+json; charset=utf-8")


def go(location: str, *headers: str, status: int = 302) -> bytes:
    return reply(status, b"", f"Location: {location}", *headers)


class Deployment:
    """One deployment. Subclasses replace what is odd about it."""

    client_id, client_secret = "some-app", SECRET
    users: tuple[str, ...] = ("user_42",)
    registered: tuple[str, ...] = (URI,)
    authorize_path = "/api/oauth2"
    token_path = "/api/oauth2/Token"

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.issued: set[str] = set()
        self.url = ""
        self.other = ""

    def answer(self, request: Request) -> bytes | None:
        if request.path == self.authorize_path:
            return self.refuse(request) or self.approve(request)
        if request.path == self.token_path:
            return self.token(request) if request.method == "POST" else problem(405)
        if request.path == "/api/Users/ListUsers":
            return as_json(200, [{"id": user} for user in self.users])
        return self.elsewhere(request)

    def elsewhere(self, request: Request) -> bytes:
        return reply(404)

    def refuse(self, request: Request) -> bytes | None:
        asked = request.query
        known = asked.get("client_id") == self.client_id and asked.get("redirect_uri") in self.registered
        return None if known and asked.get("userid", self.users[0]) in self.users else problem(401)

    def new_code(self) -> str:
        return secrets.token_urlsafe(16)

    def made(self, request: Request) -> str:
        code = self.new_code()
        self.codes[code] = request.query
        self.issued.add(code)
        return code

    def approve(self, request: Request) -> bytes:
        return go(self.location(request))

    def location(self, request: Request) -> str:
        return f"{request.query['redirect_uri']}?code={quote(self.made(request), safe='')}{self.state(request)}"

    def state(self, request: Request) -> str:
        return f"&state={quote(request.query['state'], safe='')}" if "state" in request.query else ""

    def token(self, request: Request) -> bytes:
        return self.redeem(request, request.fields)

    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        for name in ("client_id", "client_secret", "redirect_uri", "code"):
            if not fields.get(name):
                return text(400, f"Invalid {name}")
        if (fields["client_id"], fields["client_secret"]) != (self.client_id, self.client_secret):
            return problem(401)
        asked = self.codes.pop(fields["code"], None)
        if asked is None:
            return text(400, "Invalid Code")
        if asked["redirect_uri"] != fields["redirect_uri"] or asked.get("userid") != fields.get("userid"):
            return text(400, "Invalid redirect_uri or userid")
        return self.issue()

    def new_token(self) -> str:
        token = f"opaque{secrets.token_hex(20)}"
        self.tokens.add(token)
        return token

    def members(self) -> dict[str, Any]:
        ends = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"access_token": self.new_token(), "expiration": ends}

    def issue(self) -> bytes:
        return as_json(200, self.members())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    deployment: Deployment


class Handler(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        assert isinstance(self.server, Server)
        first = self.rfile.readline().decode("latin-1").split()
        headers = {}
        while (line := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", "0")))
        answer = self.server.deployment.answer(Request(first[0], first[1], headers, body))
        if answer is not None:
            self.wfile.write(answer)


@contextmanager
def serving(deployment: Deployment) -> Iterator[Deployment]:
    """The deployment on two loopback ports: `url` is its first address, `other` its second."""
    servers = [Server(("127.0.0.1", 0), Handler) for _ in range(2)]
    for server in servers:
        server.deployment = deployment
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    deployment.url, deployment.other = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    try:
        yield deployment
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
