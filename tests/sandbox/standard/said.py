"""What the issuer of the sandbox answers, word for word, in `said.txt`: to the calls of a flow, and of each fault what is another answer
than without it. `make docs` writes it anew."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2

from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS
from airisk_tui.sandbox.standard.registry import PUBLIC_CLIENT_ID
from airisk_tui.sandbox.standard.server import IssuerServer
from tests.sandbox.said import described, policy, shown, tried
from tests.sandbox.standard.client import BASIC, DEVICE_GRANT, IssuerClient, part

SAID = Path(__file__).with_name("said.txt")

SIGNED = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*")
HASH = re.compile(r"(?<=_hash )[\w-]+")
HANDED_OUT = re.compile(
    r'(?<=request_uri:)[\w-]{20,}|(?<=(?:oken|code)":")[\w-]{20,}|\b[BCDFGHJ-NP-TV-Z]{4}-[BCDFGHJ-NP-TV-Z]{4}\b'
)
"""Codes and tokens, which are others each time, and hashes of them."""


async def said() -> str:
    """All of it."""
    lines = ["== no fault", f"described: {described(IssuerServer())}", *[line async for line in _calls()]]
    for name, fault in STANDARD_FAULTS.items():
        lines += [f"\n== {name}", *policy(fault), *[line async for line in _calls(name) if line not in lines]]
    return "\n".join(lines) + "\n"


async def _calls(*faults: str) -> AsyncIterator[str]:
    async with IssuerClient(*faults) as client:
        kids: set[str] = set()

        async def told(what: str, call: Any) -> httpx2.Response:
            answer = await tried(call)
            lines.append(f"{what}: {shown(answer, lambda text: _neutral(text, kids))}")
            return answer

        lines: list[str] = []
        keys = await told("keys", client.http.get("/jwks"))
        kids |= set(re.findall(r'"kid": ?"([^"]+)"', keys.text))
        algorithms = re.findall(r'"alg": ?"([^"]+)"', keys.text)
        lines[0] = f"keys: {keys.status_code} {', '.join(algorithms)}"
        await told("metadata", client.http.get("/.well-known/openid-configuration"))
        asked = await told("pushed", client.post("/par", **client.request()))
        pushed = re.search(r'"request_uri": ?"([^"]+)"', asked.text)
        await told("pushed code", client.authorize(request_uri=pushed[1] if pushed else "x"))
        for public in (False, True):
            own: dict[str, Any] = {"client_id": PUBLIC_CLIENT_ID} if public else {}
            who = "public" if public else "secret"
            came = await told(f"{who} code", client.authorize(**own))
            code = re.search(r"code=([^&]+)", came.headers.get("location", ""))
            answer = await told(
                f"{who} token", client.redeem(code[1] if code else "none", None if public else BASIC, **own)
            )
            tokens = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else {}
            token = str(tokens.get("access_token", "none")) if isinstance(tokens, dict) else "none"
            await told(f"{who} userinfo", client.userinfo(token))
            await told(f"{who} introspection", client.post("/introspect", token=token))
            if not public:
                again = str(tokens.get("refresh_token", "none")) if isinstance(tokens, dict) else "none"
                await told("refreshed", client.token(grant_type="refresh_token", refresh_token=again))
                await told("revoked", client.post("/revoke", token=token))
                await told("the code again", client.redeem(code[1] if code else "none"))
        device = await told("device", client.post("/device_authorization", client_id=PUBLIC_CLIENT_ID, auth=None))
        held = re.search(r'"device_code": ?"([^"]+)"', device.text)
        fields: dict[str, str | None] = {"grant_type": DEVICE_GRANT, "device_code": held[1] if held else "none"}
        fields["client_id"] = PUBLIC_CLIENT_ID
        await told("polled", client.token(None, **fields))
        await told("the page for a code of a device", client.http.get("/device"))
        for wrong in ("client_id", "redirect_uri", "response_type", "scope"):
            changed: dict[str, Any] = {wrong: "x"}
            await told(f"code, {wrong} wrong", client.authorize(**changed))
        await told("token without authentication", client.redeem("none", None))
    for line in lines:
        yield line


def _neutral(text: str, kids: set[str]) -> str:
    return HANDED_OUT.sub("RANDOM", SIGNED.sub(lambda found: _token(found[0], kids), text))


def _token(token: str, kids: set[str]) -> str:
    header, claims = part(token, 0), part(token, 1)
    if "kid" in header:
        header["kid"] = "published" if header["kid"] in kids else "of nobody"
    told = ", ".join(f"{name} {value}" for name, value in {**header, **claims}.items() if name != "jti")
    return f"JWT of {HASH.sub('RANDOM', told)}"


def write() -> None:
    """The file anew."""
    SAID.write_text(asyncio.run(said()), "utf-8")
