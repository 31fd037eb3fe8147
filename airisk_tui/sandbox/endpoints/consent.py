"""The page that asks for consent (protocol.md, step 1)."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from airisk_tui.sandbox.answer import Answer
from airisk_tui.sandbox.page import DECISION, account_section, page
from airisk_tui.sandbox.registry import User
from airisk_tui.sandbox.state import PendingConsent


def consent_page(request: PendingConsent, users: Iterable[User], ticket: str) -> Answer:
    """The page that asks who signs in, says what the application wants, and takes yes or no."""
    name = escape(request.application.name)
    kind = _user_kind(request.user) if request.user else _generic_kind(name)
    body = f"""<form method="post" action="oauth2/Consent">
<input type="hidden" name="ticket" value="{escape(ticket)}">
{account_section(users, request.user)}
<section>
<h2><span class="app">{name}</span> asks for access to AIRisk</h2>
{kind}
<dl>
<dt>Application</dt><dd><code>{escape(request.application.client_id)}</code></dd>
<dt>You go back to</dt><dd><code>{escape(request.redirect_uri)}</code></dd>
</dl>
</section>
{DECISION}
</form>"""
    return page(200, "Sign in to AIRisk", body, sends_to=f"{urlsplit(request.redirect_uri).scheme}:")


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
