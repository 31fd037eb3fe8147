"""A server that plants secrets at one place of every message, and a scan for them in whatever a program writes (threats.md F1, F9).

As an issuer it has metadata, keys, an ID token, userinfo, introspection, refreshing, revoking and the device grant; as AIRisk its
three steps and what it protects. It issues a code and tokens of its own, and learns what it is sent.
"""

from __future__ import annotations

import asyncio
import base64
import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlsplit

from tests.redaction.planted import BODIES, ENCODINGS, HEADERS, SECRETS

VARIANTS = tuple(encode(secret) for secret in SECRETS for encode in ENCODINGS.values())
"""Every secret in every encoding."""

WINDOW, STEP = 10, 4
"""Characters of the pieces of a secret that are looked for, and from one place of a text to the next at which one may begin: so what is
found is every part of a secret with 13 characters, because half a secret is one, too."""

ISSUED = {
    "code": "SplxlOBeZQQYbYS6WxSbIA",
    "refresh_token": "rt-8xLOxBtZp8Gh2qWv7k",
    "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
    "opaque": "mF_9.B5f-4.1JqM7xRt2",
}
SENT = ("client_secret", "client_assertion", "code_verifier", "refresh_token", "device_code", "token", "code")
"""Fields of our own requests that are secret."""

ENDINGS = ("authorization", "token", "device", "after", "discovery")
"""The messages whose body may be taken away: the run goes on after "after", and ends with each of the others."""


def pieces(secret: str) -> set[bytes]:
    """What must not be found of a secret. A JWT's header and claims may be read, but nothing of its signature."""
    if secret.startswith("eyJ") and secret.count(".") == 2:
        secret = secret.rpartition(".")[2]
    data = secret.encode()
    return {data[at : at + WINDOW] for at in range(max(1, len(data) - WINDOW + 1))}


_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}")


def _whole(run: bytes) -> bytes:
    return run[: len(run) // 4 * 4]


class Needles:
    """secrets: what is looked for."""

    def __init__(self, secrets: set[str]) -> None:
        self._pieces = frozenset(piece for secret in secrets for piece in pieces(secret) if len(piece) == WINDOW)

    def found(self, data: bytes) -> Iterator[bytes]:
        """What of them stands in the data, as it is or as another program reads it."""
        text = data.decode("utf-8", "replace")
        ways = [data, data.replace(b"\\\\", b"\\"), html.unescape(text).encode(), unquote_to_bytes(data)]
        ways += [base64.b64decode(run) for run in map(_whole, _BASE64.findall(data.replace(b"\\/", b"/")))]
        for way in dict.fromkeys(ways):
            for at in range(0, len(way), STEP):
                if way[at : at + WINDOW] in self._pieces:
                    yield way[max(0, at - 60) : at + WINDOW + 20]


class Planting:
    """place: where the variants stand in every message, one of HEADERS, BODIES or "JSON at depth"; ending: which message has a body of
    that place, where it is one of BODIES."""

    def __init__(self, place: str, ending: str = "", variants: tuple[str, ...] = VARIANTS) -> None:
        self.place, self.ending, self.variants = place, ending, variants
        self.learned: set[str] = set()
        self.base = ""
        self.seen: list[str] = []
        self._polls = 0

    @property
    def secrets(self) -> set[str]:
        """All that must not be found: what is planted, issued and sent."""
        raw = {*SECRETS, *self.learned, *ISSUED.values()}
        return {*self.variants, *raw, *(encode(one) for one in ISSUED.values() for encode in ENCODINGS.values())}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request after the other."""
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            sizes = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            body = (await reader.readexactly(sum(sizes))).decode("utf-8", "replace")
            method, target = head.decode("latin-1").split(" ")[:2]
            self._learn(head.decode("latin-1"), body)
            writer.write(self._answer(method, urlsplit(target), body))
            await writer.drain()

    def _learn(self, head: str, body: str) -> None:
        fields = parse_qsl(body) if not body.startswith("{") else [(k, str(v)) for k, v in json.loads(body).items()]
        self.learned |= {value for name, value in fields if name in SENT}
        for line in head.split("\r\n"):
            name, _, value = line.partition(": ")
            if name.lower() == "authorization":
                self.learned.add(value.partition(" ")[2])

    def _answer(self, method: str, target: Any, body: str) -> bytes:
        step, status, document, more = self._content(method, target, body)
        self.seen.append(step)
        data, kind, reason = json.dumps(self._with_members(document)).encode(), "application/json", "Planted"
        if self.place in BODIES and step == self.ending:
            kind, template = BODIES[self.place]
            data = "\n".join(template.replace("{}", one) for one in self.variants).encode(errors="surrogateescape")
            if self.place in ("JSON", "JSON's name", "JSON's error", "JSON's sentence", "JSON in JSON"):
                data = b"[" + data.replace(b"\n", b",") + b"]"
            if step in ("authorization", "device", "token"):
                status, more = 400, []
        if self.place == "reason phrase":
            reason = " ".join(self.variants)
        headers = [*more, *self._headers(), f"Content-Type: {kind}", f"Content-Length: {len(data)}"]
        return f"HTTP/1.1 {status} {reason}\r\n".encode() + "\r\n".join(headers).encode() + b"\r\n\r\n" + data

    def _with_members(self, document: Any) -> Any:
        if not isinstance(document, dict):
            return document
        if self.place == "JSON at depth":
            return {**document, "details": [{"inner": {"ticket": one, "list": [[one]]}} for one in self.variants]}
        if self.place == "JSON's names":
            return {**document, **dict.fromkeys(self.variants, 1)}
        if self.place == "JSON's sentences":
            return {**document, "message": " and ".join(f"the {one} is" for one in self.variants)}
        return document

    def _headers(self) -> list[str]:
        if self.place not in HEADERS or self.place in ("query of the redirect", "fragment", "path"):
            return []
        name, value = HEADERS[self.place]
        every = [(name.replace("{}", re.sub(r"[^\w-]", "", one)), value.replace("{}", one)) for one in self.variants]
        return [f"{n}: {v}" for n, v in every]

    def _content(self, method: str, target: Any, body: str) -> tuple[str, int, Any, list[str]]:
        path, sent = target.path.lower(), dict(parse_qsl(target.query))
        form = dict(parse_qsl(body))
        if "well-known" in path:
            return "discovery", 200, self._metadata(), []
        if path.endswith(("/oauth2", "/authorize")):
            return "authorization", 302, {}, [f"Location: {self._location(sent)}"]
        if path.endswith("/device"):
            return "device", 200, self._device(), []
        if path.endswith("/token"):
            if form.get("grant_type", "").endswith("device_code") and not self._polls:
                self._polls += 1
                return "after", 400, {"error": "authorization_pending"}, []
            return ("after" if form.get("grant_type") == "refresh_token" else "token"), 200, self._tokens(sent), []
        if path.endswith("/keys"):
            return "after", 200, {"keys": []}, []
        if path.endswith("/listusers"):
            return "after", 200, [{"id": "user_42", "name": "Ada"}], []
        if path.endswith("/userinfo"):
            return "after", 200, {"sub": "user_42"}, []
        if path.endswith("/introspect"):
            return "after", 200, {"active": True, "sub": "user_42"}, []
        return "after", 200, {}, []

    def _location(self, sent: dict[str, str]) -> str:
        self.nonce = sent.get("nonce", "")
        uri = f"{sent['redirect_uri']}?code={ISSUED['code']}&state={quote(sent.get('state', ''))}&iss={quote(self.base, safe='')}"
        every = [quote(one, safe="%") for one in self.variants]
        if self.place == "query of the redirect":
            return uri + "".join(f"&ticket{number}={one}" for number, one in enumerate(every))
        if self.place == "fragment":
            return uri + "#" + "&".join(f"grant{number}={one}" for number, one in enumerate(every))
        return uri

    def _metadata(self) -> dict[str, Any]:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo", "introspection": "introspect"}
        ends |= {"revocation": "revoke", "device_authorization": "device"}
        named = {f"{name}_endpoint": f"{self.base}/{end}" for name, end in ends.items()}
        lists = {
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid"],
        }
        lists |= {"id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"]}
        return {"issuer": self.base, "jwks_uri": f"{self.base}/keys", **named, **lists}

    def _device(self) -> dict[str, Any]:
        return {
            "device_code": ISSUED["device_code"],
            "user_code": "WDJB-MJHT",
            "verification_uri": f"{self.base}/activate",
            "expires_in": 600,
            "interval": 0,
        }

    def _tokens(self, sent: dict[str, str]) -> dict[str, Any]:
        claims: dict[str, Any] = {"iss": self.base, "sub": "user_42", "aud": "app", "exp": 4102444800, "iat": 1}
        claims |= {"nonce": getattr(self, "nonce", "")}
        claims |= {f"ticket{number}": one for number, one in enumerate(self.variants) if self.place == "JSON at depth"}
        parts = [json.dumps(one).encode() for one in ({"alg": "RS256", "kid": "1"}, claims)]
        texts = [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts]
        self.learned |= {"c2lnbmF0dXJlLW9mLXRoZS1pZC10b2tlbg"}
        return {
            "access_token": ISSUED["opaque"],
            "refresh_token": ISSUED["refresh_token"],
            "id_token": ".".join([*texts, "c2lnbmF0dXJlLW9mLXRoZS1pZC10b2tlbg"]),
            "token_type": "Bearer",
            "expires_in": 3600,
            "expiration": "2099-01-01T00:00:00Z",
        }
