"""The pages of the issuer: consent, device code, errors, and the form that posts a response to the client."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from airisk_tui.sandbox.answer import Answer
from airisk_tui.sandbox.data.registry import User
from airisk_tui.sandbox.page import DECISION, account_section, dead_end_page, page
from airisk_tui.sandbox.standard.registry import Client

MARK = "Issuer"
SUBMIT = "document.forms[0].submit()"
MEANINGS = {
    "openid": "It may know who you are",
    "profile": "It may read your name",
    "email": "It may read your e-mail address",
    "offline_access": "It may stay signed in while you are away",
}


def consent_page(
    client: Client, redirect_uri: str, scope: str, users: Iterable[User], user: User, ticket: str
) -> Answer:
    """The page that asks which user signs in, and whether that user approves the request."""
    name = escape(client.name)
    body = f"""<form method="post" action="consent">
<input type="hidden" name="ticket" value="{escape(ticket)}">
{account_section(users, user)}
<section>
<h2><span class="app">{name}</span> asks for access</h2>
<ul>{"".join(f"<li>{escape(MEANINGS.get(part, part))}</li>" for part in scope.split())}</ul>
<dl>
<dt>Client</dt><dd><code>{escape(client.client_id)}</code></dd>
<dt>You go back to</dt><dd><code>{escape(redirect_uri)}</code></dd>
</dl>
</section>
{DECISION}
</form>"""
    return page(200, "Sign in", body, mark=MARK, sends_to=f"{urlsplit(redirect_uri).scheme}:")


def device_page(user_code: str, users: Iterable[User]) -> Answer:
    """The page on which a person types the device's code and approves or denies (RFC 8628 §3.3)."""
    body = f"""<form method="post" action="device">
<section>
<label for="user_code">Code on your device</label>
<input id="user_code" name="user_code" value="{escape(user_code)}" autocomplete="off" required>
<p class="hint">Approve only if your own device shows this code now.</p>
</section>
{account_section(users, None)}
{DECISION}
</form>"""
    return page(200, "Connect a device", body, mark=MARK)


def form_post_page(redirect_uri: str, params: dict[str, str]) -> Answer:
    """The page that posts the response to the client (OAuth 2.0 Form Post Response Mode §2), with a button for browsers without
    scripts."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in params.items()
    )
    body = f"""<form method="post" action="{escape(redirect_uri)}">{fields}
<section><p>You are being sent back to the application.</p></section>
<div class="buttons"><button class="yes">Continue</button></div></form>"""
    parts = urlsplit(redirect_uri)
    return page(
        200, "Back to the application", body, mark=MARK, sends_to=f"{parts.scheme}://{parts.netloc}", script=SUBMIT
    )


def message_page(status: int, sentence: str) -> Answer:
    """A page with one sentence and no form."""
    return dead_end_page(status, sentence, mark=MARK)


def refused_page(status: int, error: str, description: str) -> Answer:
    """The error page for a request that must not be answered with a redirect (RFC 6749 §4.1.2.1)."""
    body = f"""<section><h2>This request cannot be answered</h2>
<dl><dt>error</dt><dd><code>{escape(error)}</code></dd>
<dt>error_description</dt><dd>{escape(description)}</dd></dl></section>"""
    return page(status, "Refused", body, mark=MARK)
