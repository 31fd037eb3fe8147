"""The pages that a person sees. No script, no asset from elsewhere, everything escaped (threats.md F6)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from urllib.parse import urlsplit

from airisk_tui.sandbox.answer import Answer, html
from airisk_tui.sandbox.registry import User
from airisk_tui.sandbox.state import PendingConsent


def consent_page(request: PendingConsent, users: Iterable[User], ticket: str) -> Answer:
    """The page that asks who signs in, says what the application wants, and takes yes or no."""
    name = escape(request.application.name)
    kind = _user_kind(request.user) if request.user else _generic_kind(name)
    body = f"""<form method="post" action="oauth2/Consent">
<input type="hidden" name="ticket" value="{escape(ticket)}">
<section>
<label for="account">Signed in as</label>
<select id="account" name="account">{_options(users, request.user)}</select>
<p class="hint">A sandbox asks for no password: choose who you are.</p>
</section>
<section>
<h2><span class="app">{name}</span> asks for access to AIRisk</h2>
{kind}
<dl>
<dt>Application</dt><dd><code>{escape(request.application.client_id)}</code></dd>
<dt>You go back to</dt><dd><code>{escape(request.redirect_uri)}</code></dd>
</dl>
</section>
<div class="buttons">
<button name="decision" value="deny">Deny</button>
<button name="decision" value="approve" class="yes" autofocus>Approve</button>
</div>
</form>"""
    return _page(200, "Sign in to AIRisk", body, urlsplit(request.redirect_uri).scheme)


def dead_end_page(status: int, sentence: str) -> Answer:
    """A page with one sentence and nothing to do."""
    return _page(
        status, "Nothing to decide", f"<section><h2>Nothing to decide</h2><p>{escape(sentence)}</p></section>", ""
    )


def _generic_kind(name: str) -> str:
    return (
        '<p class="kind"><b>A generic token.</b> It stands for the application itself, whoever signs in:</p>'
        f"<ul><li>{name} may list the users of the platform</li><li class=no>It may not act for any of them</li></ul>"
    )


def _user_kind(user: User) -> str:
    who = f"{escape(user.name)} <code>{escape(user.id)}</code>"
    return (
        f'<p class="kind"><b>A token for {who}.</b> With it the application acts for this user:</p>'
        "<ul><li>It may list the users of the platform</li><li>It may read this user's conversations</li></ul>"
    )


def _options(users: Iterable[User], chosen: User | None) -> str:
    return "".join(
        f'<option value="{escape(user.id)}"{" selected" if user == chosen else ""}>'
        f"{escape(user.name)} ({escape(user.id)})</option>"
        for user in users
    )


def _page(status: int, title: str, body: str, redirect_scheme: str) -> Answer:
    """The frame of every page.

    `form-action` names the scheme of the redirect URI, too: Chromium applies that directive to the redirect after a form is
    sent (CSP 3 leaves it open), so the code would never reach the application.
    """
    style, digest = _style()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action 'self'{f' {redirect_scheme}:' if redirect_scheme else ''}"
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
<header><span class="mark">AIRisk</span><span class="badge">sandbox</span></header>
{body}
<footer>This is the sandbox of airisk-tui on your own machine. Nothing here is real.</footer>
</main>
</body>
</html>
"""
    return html(
        status,
        text,
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    )


@cache
def _style() -> tuple[str, str]:
    """The style sheet, and the digest with which the page's policy allows it."""
    text = files("airisk_tui.sandbox.endpoints").joinpath("consent.css").read_text("utf-8")
    return text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
