"""The layout of the sandbox's web pages. They load nothing from other servers, and all text is escaped (threats.md F6)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files

from airisk_tui.sandbox.answer import Answer, html
from airisk_tui.sandbox.data.registry import User

AIRISK_MARK = "AIRisk"
"""The server's name in the head of a page."""


def page(
    status: int, title: str, body: str, *, mark: str = AIRISK_MARK, sends_to: str = "", script: str = ""
) -> Answer:
    """A page with this body, which must be escaped already.

    sends_to: a source besides 'self' for `form-action` (CSP 3), to which a form may be sent. If the answer to a form redirects to the
    application, this must be the scheme of the redirect URI, because Chromium applies `form-action` to the redirect too and would
    block it. script: the only script that may run, pinned by its hash.
    """
    style = _style()
    allowed = f"script-src {pinned(script)}; " if script else ""
    policy = (
        f"default-src 'none'; style-src {pinned(style)}; {allowed}img-src data:; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action 'self'{f' {sends_to}' if sends_to else ''}"
    )
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<main>
<header><span class="mark">{escape(mark)}</span><span class="badge">sandbox</span></header>
{body}
<footer>This is the sandbox of airisk-tui on your own machine. Nothing here is real.</footer>
</main>
{f"<script>{script}</script>" if script else ""}
</body>
</html>
"""
    return html(
        status,
        text,
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        # Not no-referrer: a browser would then send `Origin: null` with the form (Fetch §3.2), which the server refuses.
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    )


def dead_end_page(status: int, sentence: str, *, mark: str = AIRISK_MARK) -> Answer:
    """A page with one sentence and no form."""
    body = f"<section><h2>Nothing to decide</h2><p>{escape(sentence)}</p></section>"
    return page(status, "Nothing to decide", body, mark=mark)


def account_section(users: Iterable[User], chosen: User | None) -> str:
    """The section in which a person chooses a user."""
    options = "".join(
        f'<option value="{escape(user.id)}"{" selected" if user == chosen else ""}>'
        f"{escape(user.name)} ({escape(user.id)})</option>"
        for user in users
    )
    return f"""<section>
<label for="account">Signed in as</label>
<select id="account" name="account">{options}</select>
<p class="hint">The sandbox asks for no password: choose a user.</p>
</section>"""


DECISION = """<div class="buttons">
<button name="decision" value="deny">Deny</button>
<button name="decision" value="approve" class="yes" autofocus>Approve</button>
</div>"""
"""The buttons to deny or approve."""


def pinned(text: str) -> str:
    """The source expression that allows exactly this inline style or script (CSP 3 §2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _style() -> str:
    return files("airisk_tui.sandbox").joinpath("page.css").read_text("utf-8")
