"""The pages that the listener shows in the browser. They are static, and contain nothing that a server sent (threats.md L9)."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from msgspec import Struct

from airisk_tui.oauth.loopback import StrayReason

STYLE = (
    ":root{color-scheme:light dark;--ink:#1c2330;--soft:#5b6575;--paper:#f5f6f9;--card:#fff;--line:#dde1e8;--mark:#2f6fdb}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8ebf1;--soft:#9aa5b5;--paper:#14171d;--card:#1d222b;--line:#313845;--mark:#79a8ff}}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);"
    "font:1rem/1.55 system-ui,sans-serif}"
    "main{max-width:26rem;margin:1.5rem;padding:2rem 2.25rem;background:var(--card);border:1px solid var(--line);"
    "border-top:4px solid var(--mark);border-radius:.6rem}"
    "h1{margin:0 0 .6rem;font-size:1.35rem;line-height:1.25}p{margin:.5rem 0 0}p+p,footer{color:var(--soft)}"
    "footer{margin-top:1.5rem;font-size:.85rem}"
)

RESPONSE_MODE = "Response-Mode"
"""The header by which the page below marks an answer from the fragment. A page of another origin cannot send it, because the listener
refuses the preflight of a browser (Fetch §4.8)."""

HAND_OVER = (
    'const said=document.querySelector("p"),answer=location.hash.slice(1);history.replaceState(null,"",location.pathname);'
    'answer?fetch(location.pathname,{method:"POST",body:answer,headers:{"Content-Type":"application/x-www-form-urlencoded",'
    f'"{RESPONSE_MODE}":"fragment"'
    '}}).then(()=>{said.textContent="The answer has arrived and is being read. Go back to the terminal to see what it says."})'
    ':said.textContent="Nothing stands behind the # of this address."'
)
"""The script that posts the fragment to the listener, because a browser never sends it itself (RFC 3986 §3.5). It removes the fragment
from the address first, so that a reload does not post it again."""


def _pinned(text: str) -> str:
    """The source expression that allows exactly this inline text (CSP 3 §2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def headers(script: str = "") -> tuple[tuple[str, str], ...]:
    """The headers of every answer. script: the only script that may run.

    `img-src data:` allows the empty icon, because of which browsers do not ask for /favicon.ico.
    """
    allowed = f"script-src {_pinned(script)}; connect-src 'self'; " if script else ""
    policy = (
        f"default-src 'none'; style-src {_pinned(STYLE)}; {allowed}img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return (
        ("Cache-Control", "no-store"),
        # The address of the page contains the code, which would be in the Referer of the next request (RFC 9700 §4.2).
        ("Referrer-Policy", "no-referrer"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    )


class Page(Struct, frozen=True):
    """An answer of the listener. title: "" for an answer without content; script: the script that runs on it, or ""."""

    status: int
    reason: str
    title: str = ""
    text: str = ""
    script: str = ""


_BACK = "You can close this tab and go back to the terminal."

RECEIVED = Page(
    200, "OK", "Received", "The answer has arrived and is being read. Go back to the terminal to see what it says."
)
RECEIVED_BEFORE = Page(
    200,
    "OK",
    "Already received",
    "An answer had come before; this one is shown beside it. Go back to the terminal to see the result.",
)
FRAGMENT = Page(
    200,
    "OK",
    "One moment",
    "The answer stands behind the # of this address, and a script hands it over. Where scripts do not run, copy the whole address "
    "and paste it in the terminal.",
    HAND_OVER,
)
NO_CONTENT = Page(204, "No Content")

PAGES: dict[StrayReason, Page] = {
    "favicon": NO_CONTENT,
    "other-path": Page(
        404, "Not Found", "Not the callback address", f"Only the path of the redirect URI is answered here. {_BACK}"
    ),
    "method": Page(
        405, "Method Not Allowed", "Not a callback", f"A callback comes by GET, or by POST with a form. {_BACK}"
    ),
    "not-a-form": Page(
        415, "Unsupported Media Type", "Not a form", f"A callback by POST must be a URL-encoded form. {_BACK}"
    ),
    # A browser does not show a prefetched answer that is not 2xx (Chromium: PrefetchFailedNon2XX), and asks again when the address is
    # opened.
    "prefetch": Page(
        503, "Service Unavailable", "Not yet", "This was a prefetch. The address answers when it is opened."
    ),
    "host": Page(
        421, "Misdirected Request", "Not this host", f"The address names another host than the redirect URI. {_BACK}"
    ),
    "http-on-https": Page(
        400,
        "Bad Request",
        "This address speaks https",
        "The redirect URI begins with https, and the browser came with http. The terminal says what to change.",
    ),
    "bad-request": Page(400, "Bad Request", "Not understood", f"This was not a request that HTTP/1.1 allows. {_BACK}"),
    "target-too-large": Page(414, "URI Too Long", "Too large", f"The address is too long. {_BACK}"),
    "head-too-large": Page(
        431, "Request Header Fields Too Large", "Too large", f"The request line and headers are too large. {_BACK}"
    ),
    "body-too-large": Page(
        413, "Content Too Large", "Too large", f"The form is larger than a callback may be. {_BACK}"
    ),
    "cut-off": Page(400, "Bad Request", "Cut off", f"The request broke off. {_BACK}"),
    "deadline": Page(408, "Request Timeout", "Too slow", f"The request did not arrive in time. {_BACK}"),
}
"""The answer to each stray request by its reason; those without a page are not answered."""


@cache
def render(page: Page, allow: str = "", with_body: bool = True) -> bytes:
    """A whole HTTP response as bytes. allow: the value of the Allow header; with_body: False for HEAD (RFC 9110 §9.3.2)."""
    body = _html(page).encode()
    fields = list(headers(page.script))
    if page.title:
        fields += [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    if allow:
        fields.append(("Allow", allow))
    fields.append(("Connection", "close"))
    lines = [f"HTTP/1.1 {page.status} {page.reason}", *(f"{name}: {value}" for name, value in fields)]
    head = "\r\n".join([*lines, "", ""]).encode()
    return head + body if page.title and with_body else head


def _html(page: Page) -> str:
    script = f"<script>{page.script}</script>" if page.script else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f'<link rel="icon" href="data:,"><title>{page.title} · airisk-tui</title><style>{STYLE}</style></head>'
        f"<body><main><h1>{page.title}</h1><p>{page.text}</p><footer>airisk-tui · OAuth flow debugger</footer></main>{script}"
        "</body></html>\n"
    )
