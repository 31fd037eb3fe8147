"""What the sandbox answers, word for word, in `said.txt`: to the calls of a flow, right ones and wrong ones, and of each fault what is
another answer than without it. `make docs` writes it anew."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2

from airisk_tui.sandbox.airisk.faults import FAULTS
from airisk_tui.sandbox.fault import NamedFault
from airisk_tui.sandbox.server import LoopbackServer, SandboxServer
from tests.sandbox.client import SandboxClient

SAID = Path(__file__).with_name("said.txt")

JWT = re.compile(r"eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+")
RANDOM = re.compile(
    r"""(?x) (?<=code=)(?:[\w-]{22}|[\w-]{48})(?![\w-]) | (?<=code\\":\ \\")[\w-]{22}(?![\w-]) | (?<=access_token":\ ")[\w-]{20,}
    | \b[0-9a-f]{64}\b | \b[0-9a-f]{32}\b | \b[0-9a-f]{16}(?=-00\b) | [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"""
)
"""Parts that are others each time, as long as they are."""

USUAL = (
    "date",
    "server",
    "content-length",
    "set-cookie",
    "strict-transport-security",
    "x-powered-by",
    "request-context",
)
"""Headers that stand above every answer."""

MAX_BODY = 2_500

KINDS: dict[str, dict[str, Any]] = {"generic": {}, "user_42": {"userid": "user_42"}}

PATHS = ("/api/Users/ListUsers", "/api/GetConversations", "/api/Chat/ListAgents", "/nowhere")


async def said() -> str:
    """All of it."""
    lines = [line async for line in _right_and_wrong()]
    for name, fault in FAULTS.items():
        lines += [f"\n== {name}", *policy(fault), *[line async for line in _flow(name) if line not in lines]]
    return "\n".join(lines) + "\n"


async def _flow(*faults: str) -> AsyncIterator[str]:
    async with SandboxClient(*faults) as client:
        for kind, who in KINDS.items():
            answer = await tried(client.authorize(state="s", **who))
            yield f"{kind} code: {shown(answer)}"
            found = re.search(r"code=([\w.~%+-]+)", answer.headers.get("location", ""))
            answer = await tried(client.token(found[1] if found else "none", **who))
            yield f"{kind} token: {shown(answer)}"
            came = re.search(r'"(?:access_token|access_code)": ?"([^"]+)"', answer.text)
            for path in PATHS:
                yield f"{kind} {path}: {shown(await tried(client.get(path, came[1] if came else None)))}"


def policy(fault: NamedFault) -> list[str]:
    """What the fault sets of the server's behaviour."""
    told = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in fault.policy.items()}
    return [f"policy: {told}"] if told else []


def described(server: LoopbackServer) -> str:
    """What the server tells of itself, without its key and the list of its faults."""
    told = {name: value for name, value in server.describe().items() if name != "faults"}
    return re.sub(r"-----BEGIN.*?-----END[^-]*-----", "KEY", json.dumps(told, ensure_ascii=False))


async def _right_and_wrong() -> AsyncIterator[str]:
    yield "== no fault"
    yield f"described: {described(SandboxServer(lenient=True))}"
    async with SandboxClient() as client:
        answer = await client.get("/nowhere")
        yield f"usual headers: {RANDOM.sub('RANDOM', str(answer.headers.multi_items()))}"
    async for line in _flow():
        yield line
    async with SandboxClient() as client:
        for wrong in ("client_id", "redirect_uri", "userid"):
            changed: dict[str, Any] = {wrong: "x"}
            yield f"code, {wrong} wrong: {shown(await client.authorize(**changed))}"
        for wrong in ("client_id", "client_secret", "redirect_uri", "userid"):
            for value in ("x", None):
                changed = {wrong: value}
                answer = await client.token(await client.code(), **changed)
                yield f"token, {wrong} {value or 'missing'}: {shown(answer)}"
        for encoding in ("json", "multipart"):
            yield f"token as {encoding}: {shown(await client.token(await client.code(), encoding))}"
        code = await client.code()
        await client.token(code)
        yield f"the code again: {shown(await client.token(code))}"
        late = await client.code()
        client.clock.now += 3600
        yield f"the code late: {shown(await client.token(late))}"
        for path in PATHS:
            yield f"{path} without a token: {shown(await client.get(path))}"
            yield f"{path} with a wrong one: {shown(await client.get(path, 'x'))}"
            yield f"POST {path}: {shown(await client.post(path))}"


async def tried(call: Awaitable[httpx2.Response]) -> httpx2.Response:
    """The answer, or one without a status where the connection is reset."""
    try:
        return await call
    except ConnectionResetError as error:
        return httpx2.Response(0, text=str(error))


def shown(answer: httpx2.Response, neutral: Callable[[str], str] = lambda text: JWT.sub(_claims, text)) -> str:
    """Its status, its headers but for the usual ones, and its body. neutral: takes out what is another each time."""
    heads = " | ".join(
        f"{name}: {', '.join(sorted(value.split(', '))) if name == 'allow' else value}"
        for name, value in answer.headers.multi_items()
        if name not in USUAL
    )
    body = neutral(answer.text)
    body = body if len(body) < MAX_BODY else f"{body[:MAX_BODY]}… {len(body)} characters"
    text = f"{answer.status_code} | {neutral(heads)} | {body}"
    return RANDOM.sub("RANDOM", text).replace("\r", "").replace("\n", "⏎")


def _claims(found: re.Match[str]) -> str:
    claims = json.loads(urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)))
    return f"JWT of {', '.join(f'{name} {value}' for name, value in claims.items() if name != 'jti')}"


def write() -> None:
    """The file anew."""
    SAID.write_text(asyncio.run(said()), "utf-8")
