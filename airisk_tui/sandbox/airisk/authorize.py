"""Step 1: the authorization endpoint and its consent page (protocol.md, step 1; RFC 6749 §4.1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import parse_qsl, urlsplit

from airisk_tui.sandbox.answer import Answer, Redirect, plain
from airisk_tui.sandbox.call import Call, joined
from airisk_tui.sandbox.data.grants import Grant
from airisk_tui.sandbox.data.registry import Application, User
from airisk_tui.sandbox.page import DECISION, account_section, dead_end_page, page
from airisk_tui.sandbox.state import CONSENT_SECONDS, PendingConsent, Sandbox


def authorize(call: Call, sandbox: Sandbox) -> Answer:
    """Refuse the request, show the consent page, or redirect at once."""
    request = _read(call, sandbox)
    if isinstance(request, Answer):
        return request
    if (error := _unsupported(call)) is not None:
        return _redirect(sandbox, request, ("error", error[0]), ("error_description", error[1]))
    if (answer := sandbox.fault_answer("authorize", call)) is not None:
        return answer
    if not sandbox.asks(call.headers):
        return _approve(sandbox, request)
    return consent_page(request, sandbox.data.users, sandbox.pending.put(request))


def decide(call: Call, sandbox: Sandbox) -> Answer:
    """Handle the consent form, which only the sandbox's own page may send. A ticket is valid for one decision."""
    # Any web page can send a form to this machine. It cannot set `Origin`, which names the page's server (Fetch §3.2).
    if call.headers.get("origin") != call.origin:
        return dead_end_page(403, "This form was not sent from the sandbox's own page, so nothing was decided.")
    fields = joined(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
    request = sandbox.pending.take(fields.get("ticket", ""))
    if request is None or request.expires <= sandbox.now():
        return dead_end_page(400, "This page was answered before or is too old. Start again from the application.")
    if fields.get("decision") != "approve":
        return _deny(sandbox, request, "The user refused the request")
    signed_in = sandbox.data.user(fields.get("account", ""))
    if signed_in is None:
        return dead_end_page(400, "The account to sign in with is missing. Start again from the application.")
    if request.user and signed_in != request.user:
        return _deny(sandbox, request, f"{signed_in.id} is signed in, the request is for {request.user.id}")
    return _approve(sandbox, request)


def _read(call: Call, sandbox: Sandbox) -> PendingConsent | Answer:
    """The valid request, or a refusal. A wrong client or redirect URI is never redirected to (RFC 6749 §4.1.2.1)."""
    query, policy = call.query, sandbox.policy
    missing = next((name for name in ("client_id", "redirect_uri") if not query.get(name)), None)
    if missing:
        return plain(400, f"Invalid {missing}")
    application = sandbox.data.client(query["client_id"])
    if application is None or query["redirect_uri"] not in _registered(application, policy.stray_space):
        return sandbox.refuse(401)
    userid = None if policy.userid_from_token_request else query.get("userid")
    user = sandbox.data.user(userid) if userid else None
    if userid and user is None:
        return sandbox.refuse(401)
    return PendingConsent(
        application=application,
        redirect_uri=query["redirect_uri"],
        user=user,
        state=query.get("state"),
        challenge=query.get("code_challenge"),
        expires=sandbox.now() + CONSENT_SECONDS,
    )


def _registered(application: Application, stray_space: bool) -> tuple[str, ...]:
    """The allowed URIs. They are compared exactly, so a registered space makes none match."""
    return tuple(f" {uri}" for uri in application.registered) if stray_space else application.registered


def _unsupported(call: Call) -> tuple[str, str] | None:
    """The error and its description if the request needs something that this server does not support (RFC 6749 §4.1.2.1, RFC 7636
    §4.4.1)."""
    if call.query.get("response_type", "code") != "code":
        return "unsupported_response_type", "Only response_type=code is supported"
    if "code_challenge" in call.query and call.query.get("code_challenge_method") != "S256":
        return "invalid_request", "Only code_challenge_method=S256 is supported"
    return None


def _approve(sandbox: Sandbox, request: PendingConsent) -> Answer:
    user = request.user.id if request.user else None
    grant = Grant(
        client_id=request.application.client_id,
        redirect_uri=request.redirect_uri,
        userid=user,
        subject=user,
        expires=sandbox.now() + sandbox.data.code_lifetime,
        challenge=request.challenge,
    )
    for fault in sandbox.faults:
        grant = fault.grant(grant, sandbox.data)
    return _redirect(sandbox, request, ("code", sandbox.codes.issue(grant)))


def _deny(sandbox: Sandbox, request: PendingConsent, description: str) -> Answer:
    return _redirect(sandbox, request, ("error", "access_denied"), ("error_description", description))


def _redirect(sandbox: Sandbox, request: PendingConsent, *params: tuple[str, str]) -> Answer:
    state = (("state", request.state),) if request.state is not None else ()
    redirect = Redirect(request.redirect_uri, (*params, *state))
    for fault in sandbox.faults:
        redirect = fault.redirect(redirect)
    return redirect.answer


def consent_page(request: PendingConsent, users: Iterable[User], ticket: str) -> Answer:
    """The page that asks which user signs in, and whether that user approves the request."""
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
