"""A deployment whose every answer is hostile to the terminal that shows it (threats.md S1 to S3)."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from urllib.parse import quote

from tests.hostile.server import Handler, HostileServers

CONTROLS = (
    "\x1b]52;c;T1dORUQ=\x07"  # writes to the clipboard
    "\x1b]0;OWNED\x07"  # sets the title
    "\x1b[2J\x1b[3J"  # erases the screen and what was scrolled off
    "\x9b31m\x9d0;OWNED\x9c"  # C1: CSI, OSC, ST
    "\x1bPOWNED\x1b\\"  # a device control string
    "\x1b[5;41m"  # blinks, in red
    "\x07\x08\x08\r\x0b\x0c\x0e\x7f"  # bell, back, and other C0
)
BIDI = "\u202eevil\u2066\u200b\u2028"
MARKUP = "[red]x[/] [@click=app.quit]CLICK[/] [link=file:///etc/passwd]L[/link] [/nonsense]"
PAYLOAD = f"{CONTROLS} {BIDI} {MARKUP}"
HEADER = PAYLOAD.replace("\r", "").replace("\x0b", "").replace("\x0c", "").replace("\u2028", "").encode()
"""The payload as the value of a header: without what ends a line there."""

NEVER = ("\x1b]52", "\x1b]0;", "\x1b[2J", "\x1b[3J", "\x1bP", "\x1b[5;41m", "\x9b", "\x9d", "\x9c")
NEVER_ALONE = "\x07\x08\x0b\x0c\x0e\x0f\x7f\u202e\u2066\u200b\u2028"
"""Sequences and characters of the payload; the program itself writes none of them to the terminal."""


OWN = re.compile("\x1b]22;[a-z-]+\x07|\x1b]52;c;(?!T1dORUQ=)[A-Za-z0-9+/=]*\x07")
"""The program's own: the shape of the mouse pointer, and what a person copies (a click may meet the key for it)."""


def told(written: bytes) -> list[str]:
    """What of the payload reached the terminal as it was: nothing, if all is well."""
    text = OWN.sub("", written.decode("utf-8", "replace"))
    found = [text.find(part) for part in (*NEVER, *NEVER_ALONE) if part in text]
    return [repr(text[max(0, at - 40) : at + 20]) for at in found]


def jwt() -> str:
    """A token whose header and claims are payloads."""
    parts = [{"alg": PAYLOAD, "typ": "JWT"}, {"sub": PAYLOAD, PAYLOAD: PAYLOAD, "exp": 4102444800}]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*texts, "c2lnbmF0dXJlLW9mLXRoZS1ob3N0aWxlLXRva2Vu"])


def answer(status: str, body: bytes, *headers: bytes) -> bytes:
    """An answer with hostile headers beside those that are given."""
    cookie = b"Set-Cookie: " + HEADER.replace(b";", b"").replace(b"=", b"") + b"=value; Path=/"
    lines = (b"X-Evil: " + HEADER, b"Server: " + HEADER, cookie, *headers, b"Content-Length: %d" % len(body))
    # The first word of the reason is what the status line of a well-behaved server would have.
    return b"HTTP/1.1 " + status.encode() + b" " + HEADER + b"\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + body


def problem(title: str = PAYLOAD) -> bytes:
    """A problem document (RFC 9457) of payloads."""
    return json.dumps({"title": title, "status": 401, "detail": title, "traceId": title, title: title}).encode()


PROBLEM = b"Content-Type: application/problem+json"
JSON = b"Content-Type: application/json"
PLAIN = b"Content-Type: text/plain; charset=utf-8"


def handler(how: str) -> Handler:
    """how: "token" for a flow that works, "denied" for a refusal in the redirect, "problem" for one at the first step,
    "refused" for one at the token endpoint."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b" ")[1].decode()
            length = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0
            )
            await reader.readexactly(length)
            writer.write(respond(how, target))
            await writer.drain()

    return serve


def respond(how: str, target: str) -> bytes:
    """The answer to one request."""
    if target.startswith("/api/oauth2?"):
        if how == "problem":
            return answer("401", problem(), PROBLEM)
        return answer("302", b"", b"Location: " + redirect(how, target).encode())
    if target.endswith("/Token"):
        if how == "refused":
            return answer("400", PAYLOAD.encode(), PLAIN)
        token = {"access_token": jwt(), "expiration": "2099-01-01T00:00:00Z", PAYLOAD: PAYLOAD, "scope": PAYLOAD}
        return answer("200", json.dumps(token).encode(), JSON)
    if target.endswith("/ListUsers"):
        users = [{"id": "user_42", "name": PAYLOAD}, {"id": PAYLOAD, "name": "x", PAYLOAD: PAYLOAD}]
        return answer("200", json.dumps(users).encode(), JSON)
    return answer("403", problem(), PROBLEM)


def redirect(how: str, target: str) -> str:
    """Where the authorization request is sent back to."""
    from urllib.parse import parse_qs, urlsplit

    sent = parse_qs(urlsplit(target).query)
    payload, state = quote(PAYLOAD), quote(sent.get("state", [""])[0])
    what = (
        f"error=access_denied&error_description={payload}&error_uri={payload}" if how == "denied" else "code=a-code-1"
    )
    return f"{sent['redirect_uri'][0]}?{what}&state={state}&{payload}={payload}"


def deployed(servers: HostileServers, how: str) -> tuple[str, ...]:
    """The options that point a command at such a deployment."""
    uri = ("--redirect-uri", "http://127.0.0.1:1/callback", "--client-id", "app")
    return ("--base-url", servers.serve(handler(how)), *uri)
