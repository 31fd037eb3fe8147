"""A deployment that repeats every secret it meets, in ten encodings, wherever an answer has room for it (threats.md F1)."""

from __future__ import annotations

import asyncio
import base64
import html
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

ENCODINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent": lambda s: quote(s, safe=""),
    "percent twice": lambda s: quote(quote(s, safe=""), safe=""),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64url": lambda s: base64.urlsafe_b64encode(f"<<{s}>>".encode()).decode().rstrip("="),
    "base32": lambda s: base64.b32encode(s.encode()).decode(),
    "hex": lambda s: s.encode().hex(),
    "JSON": lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
    "HTML": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "HTML names": html.escape,
    "backwards": lambda s: s[::-1],
}


def core(secret: str, name: str) -> bytes:
    """What of the encoded secret must not be found: for base64 of something around it, the part that is the secret's."""
    return ENCODINGS[name](secret).encode()[4:-4] if name == "base64url" else ENCODINGS[name](secret).encode()


def leaks(data: bytes, secrets: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Which secrets stand in the data, and in which encoding."""
    for name, secret in secrets.items():
        yield from ((name, encoding) for encoding in ENCODINGS if core(secret, encoding) in data)


class Leaky:
    """secrets: by name, those that it issues and those that it is sent; `known`: which of them either side has spoken of,
    so that a client can know that they are secrets. how: "token" or "refused"."""

    def __init__(self, how: str, planted: dict[str, str]) -> None:
        self.how = how
        self.secrets = {
            "code": "issued-code/with+plus=1",
            "session cookie": "issued0session0cookie",
            "affinity cookie": "4ff1n1ty4ff1n1ty4ff1n1ty",
            "refresh token": "issued-refresh-token-1",
            "opaque id token": "issued-opaque-id-token",
            **planted,
        }
        signature = base64.urlsafe_b64encode(b"signature of the planted token").decode().rstrip("=")
        parts = [base64.urlsafe_b64encode(x).decode().rstrip("=") for x in (b'{"alg":"HS256"}', b'{"sub":"user_42"}')]
        self.token = ".".join([*parts, signature])
        self.secrets |= {"access token": self.token, "signature": signature}
        self.known = set(planted)

    def echoes(self) -> str:
        """Every secret in every encoding, in words."""
        words = [ENCODINGS[name](self.secrets[secret]) for secret in sorted(self.known) for name in ENCODINGS]
        return " ; ".join(words)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request after the other."""
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            sizes = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            body = await reader.readexactly(sum(sizes))
            self._learn(body)
            writer.write(self._answer(head.split(b" ")[1].decode()))
            await writer.drain()

    def _learn(self, body: bytes) -> None:
        verifier = parse_qs(body.decode("utf-8", "replace")).get("code_verifier")
        if verifier:
            self.secrets["verifier"] = verifier[0]
            self.known.add("verifier")

    def _answer(self, target: str) -> bytes:
        cookies = (
            f"Set-Cookie: ARRAffinity={self.secrets['affinity cookie']}; Path=/; HttpOnly",
            f"Set-Cookie: sid={self.secrets['session cookie']}; Path=/",
        )
        self.known |= {"affinity cookie", "session cookie"}
        status, body, more = self._content(target)
        data = body.encode()
        lines = (f"HTTP/1.1 {status}", f"X-Trace: {self.echoes()}", *cookies, *more, f"Content-Length: {len(data)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + data

    def _content(self, target: str) -> tuple[str, str, tuple[str, ...]]:
        path = urlsplit(target).path
        if path.endswith(("/oauth2", "/authorize")):
            sent = parse_qs(urlsplit(target).query)
            self.known.add("code")
            code, state = quote(self.secrets["code"], safe=""), quote(sent["state"][0])
            location = f"{sent['redirect_uri'][0]}?code={code}&state={state}&session_state=issued0session0cookie"
            return "302 Found", "", (f"Location: {location}",)
        if path.lower().endswith("/token") and self.how == "token":
            self.known = set(self.secrets)
            issued: dict[str, Any] = {
                "access_token": self.token,
                "refresh_token": self.secrets["refresh token"],
                "token_type": "Bearer",
            }
            issued |= {"id_token": self.secrets["opaque id token"], "expires_in": 3600, "debug": self.echoes()}
            return "200 OK", json.dumps(issued), ("Content-Type: application/json",)
        if path.lower().endswith("/token"):
            return f"400 {self.secrets['code']}", f"Invalid Code: {self.echoes()}", ("Content-Type: text/plain",)
        return "403 Forbidden", json.dumps({"title": self.echoes()}), ("Content-Type: application/problem+json",)
