"""The token endpoint refused the client: 401 problem+json, or RFC 6749 §5.2 invalid_client (protocol.md, step 2).

Step 1 has issued a code for this client ID, so the server knows it: what is left is the secret, in most cases.
"""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.readings import setting, token_refused
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.token_endpoint import fields
from airisk_tui.insight.rules.token_endpoint.code import told
from airisk_tui.insight.rules.token_endpoint.reading import answer, exchange, matched
from airisk_tui.oauth.http import header

_SECRET = Pointer("token-request", "parameter", "client_secret")


def _needs(context: Context) -> str | None:
    missing = token_refused(context)
    if missing is not None:
        return missing
    refused = answer(context).status == 401 or "invalid_client" in told(context)
    refused = refused or (answer(context).status in (400, 403) and fields.named(context) == "client_secret")
    return None if refused else "the token endpoint did not refuse the client"


rules = RuleSet("Client", _needs)


def _secret(context: Context) -> tuple[Evidence, ...]:
    secret = context.inputs.client_secret
    if secret is None:
        return ()
    return (Evidence("Client secret", f"{secret.length} characters, fingerprint {secret.fingerprint}", _SECRET),)


@rules.add(
    Entry(
        code="basic-wanted",
        question="token",
        title="The token endpoint refused the client ({status}) and asks for HTTP Basic, while the secret was sent in the body.",
        cause="This server takes client ID and secret in the header only.",
        runner_up="The client secret is wrong.",
        fix="To send them there, {setting}, and run again.",
        reference="RFC 6749 §2.3.1",
    )
)
def basic_wanted(context: Context) -> Match | None:
    asked = (header(exchange(context).response.headers, "www-authenticate") or "").strip()
    if not asked.lower().startswith("basic") or context.inputs.dialect.client_auth == "basic":
        return None
    place = Pointer("token-request", "header", "WWW-Authenticate")
    return matched(
        context, Evidence("WWW-Authenticate", quoted(asked, 80), place), setting=setting("client_auth", "basic")
    )


@rules.add(
    Entry(
        code="bearer-wanted",
        question="token",
        title="The token endpoint refused the request ({status}) and asks for a Bearer token, and none was sent.",
        cause="This deployment wants the generic token with the request for a user-specific one, as one page of the vendor says.",
        runner_up="The client secret is wrong.",
        fix="Get both tokens in one go: airisk-tui compare --with-bearer, with the same options.",
        reference="protocol.md, step 2; RFC 6750 §3",
    )
)
def bearer_wanted(context: Context) -> Match | None:
    asked = (header(exchange(context).response.headers, "www-authenticate") or "").strip()
    if not asked.lower().startswith("bearer") or context.inputs.bearer is not None or not context.inputs.userid:
        return None
    place = Pointer("token-request", "header", "WWW-Authenticate")
    return matched(context, Evidence("WWW-Authenticate", quoted(asked, 80), place))


@rules.add(
    Entry(
        code="secret-with-space",
        question="token",
        title="The token endpoint refused the client ({status}), and the client secret has {what} it.",
        cause="The characters came along when the secret was copied, and the server compares every one.",
        fix="Enter the client secret again without {extra}, and run again.",
        reference="RFC 6749 §2.3.1",
    )
)
def secret_with_space(context: Context) -> Match | None:
    if {"client-secret-space", "client-secret-hidden"} & set(context.secret_mistakes):
        what, extra = "white space or a hidden character in", "the white space around it"
    elif "client-secret-quoted" in context.secret_mistakes:
        what, extra = "quotation marks around", "the quotation marks"
    else:
        return None
    evidence = Evidence("Client secret", f"It has {what} it.", _SECRET)
    return matched(context, evidence, *_secret(context), what=what, extra=extra)


@rules.add(
    Entry(
        code="secret-of-another-deployment",
        question="token",
        title="The token endpoint refused the client ({status}), and this secret is the one that worked on {other}.",
        cause="Each deployment has its own client secret, and this one belongs to the other deployment.",
        fix="Enter the client secret that the administrator of {base_url} gave out, and run again.",
        reference="protocol.md, step 2",
    )
)
def secret_of_another_deployment(context: Context) -> Match | None:
    secret = context.inputs.client_secret
    if secret is None or not secret.fingerprint:
        return None
    for run in reversed(context.earlier):
        same = run.inputs is not None and run.inputs.client_secret is not None and run.token is not None
        if not same or run.inputs is None or run.inputs.client_secret is None:
            continue
        if (
            run.inputs.client_secret.fingerprint == secret.fingerprint
            and run.inputs.base_url != context.inputs.base_url
        ):
            return matched(context, *_secret(context), other=quoted(run.inputs.base_url))
    return None


@rules.add(
    Entry(
        code="secret-changed",
        question="token",
        title="The token endpoint refused the client ({status}), and the client secret is not the one that worked before.",
        cause="The client secret is wrong: the one that worked had {before} characters, this one has {now}.",
        runner_up="The secret was replaced at the server, and neither is right any more.",
        fix="Enter the client secret that worked; if it was replaced, the new one from the administrator.",
        reference="RFC 6749 §5.2",
    )
)
def secret_changed(context: Context) -> Match | None:
    ours = context.inputs
    for run in reversed(context.earlier):
        if run.inputs is None or run.token is None or run.inputs.base_url != ours.base_url:
            continue
        worked = run.inputs.client_secret
        if run.inputs.client_id == ours.client_id and worked is not None and ours.client_secret is not None:
            if worked.fingerprint == ours.client_secret.fingerprint:
                return None
            values = {"before": str(worked.length), "now": str(ours.client_secret.length)}
            return matched(context, *_secret(context), **values)
    return None


@rules.add(
    Entry(
        code="client-refused",
        question="token",
        title="The token endpoint refused the client ({status}).",
        cause="The client secret is wrong: step 1 issued a code for {client_id}, so the client ID is known.",
        runner_up="{otherwise}",
        fix="Enter the client secret of {client_id} on {base_url} again, and run again; it is compared character by character{trace}.",
        reference="RFC 6749 §5.2; protocol.md, step 2",
    )
)
def client_refused(context: Context) -> Match | None:
    otherwise = "The secret was replaced at the server, or belongs to another deployment."
    if context.inputs.bearer is not None:
        otherwise = "The generic token that the request carries as Bearer has expired or is not wanted: run without it."
    return matched(context, *_secret(context), otherwise=otherwise)
