"""What was wrong before anything was sent, or with what was sent on purpose (architecture.md: the *local* faults)."""

from __future__ import annotations

from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.readings import bare, started
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.two_requests import authorization_fields, token_fields
from airisk_tui.oauth.loopback import is_loopback

rules = RuleSet("Inputs", started)

REFUSED = frozenset({Outcome.AUTHORIZATION_REFUSED, Outcome.RESPONSE_INVALID, Outcome.TOKEN_REFUSED})


@rules.add(
    Entry(
        code="inputs-illegal",
        title="Nothing was sent: {sentence}",
        cause="{why}",
        fix="Correct the field {field} as that sentence says, and run again.",
        reference="RFC 6749 §4.1.1",
    )
)
def inputs_illegal(context: Context) -> Match | None:
    errors = [mistake for mistake in context.state.mistakes if mistake.severity == "error"]
    if not errors:
        return None
    evidence = tuple(
        Evidence(mistake.field, mistake.sentence, Pointer("authorization-request", "parameter", mistake.field))
        for mistake in errors
    )
    field, sentence = errors[0].field, errors[0].sentence
    why, how = f"The field {field} holds something that no request may carry.", None
    if errors[0].code.endswith(("-missing", "-empty")):
        why = f"The field {field} is empty, and this run needs it."
    if errors[0].code == "client-secret-missing":
        how = "Give the client secret by AIRISK_CLIENT_SECRET, --env-file or --client-secret-stdin, or run with --no-exchange."
    return Match({"field": field, "sentence": sentence, "why": why}, evidence, fix=how)


@rules.add(
    Entry(
        code="parameter-sent-twice",
        title="The authorization request carried {names} more than once.",
        cause="An extra parameter has the same name as one that the program sends itself; servers may refuse or take either.",
        fix="Drop --param {name}=… and use the field or flag of that name instead.",
        reference="RFC 6749 §3.1",
    )
)
def parameter_sent_twice(context: Context) -> Match | None:
    sent = authorization_fields(context.state)
    evidence = tuple(
        Evidence(name, " and ".join(quoted(value) for value in sent.all(name)[:4]), _authorization(name))
        for name in sent.duplicates()[:8]
    )
    return _repeated(context, sent.duplicates(), evidence)


@rules.add(
    Entry(
        code="field-sent-twice",
        title="The token request carried {names} more than once.",
        cause="An extra field has the same name as one that the program sends itself; servers may refuse or take either.",
        fix="Drop --token-param {name}=… and use the field or flag of that name instead.",
        reference="RFC 6749 §3.2",
    ),
    needs=lambda context: None if context.state.token_exchange else "no token request was answered",
)
def field_sent_twice(context: Context) -> Match | None:
    names = token_fields(context.state).duplicates()
    evidence = tuple(Evidence(name, "sent twice", Pointer("token-request", "parameter", name)) for name in names[:8])
    return _repeated(context, names, evidence)


@rules.add(
    Entry(
        code="secrets-in-clear",
        severity="warning",
        title="The client secret and the token crossed the network unprotected, to {base_url}.",
        cause="The base URL is plain http, and its host is not this machine.",
        fix="Set the base URL (--base-url) to the deployment's https address, and have the client secret replaced.",
        reference="RFC 6749 §3.2",
    ),
    needs=lambda context: None if context.state.token_exchange else "no token request was answered",
)
def secrets_in_clear(context: Context) -> Match | None:
    url = context.inputs.base_url
    host = url.removeprefix("http://").partition("/")[0]
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if not url.startswith("http://") or is_loopback(name):
        return None
    return Match({"base_url": quoted(url)}, (Evidence("Base URL", quoted(url), Pointer("token-request", "request")),))


@rules.add(
    Entry(
        code="tls-not-verified",
        severity="warning",
        title="The server's certificate was not verified in this run, because verification is switched off.",
        cause="Verification was turned off for this host; anybody in between could have read the secret and the token.",
        fix="Turn verification on again; for a private authority, point SSL_CERT_FILE at its certificate instead.",
        reference="RFC 6749 §10.9",
    )
)
def tls_not_verified(context: Context) -> Match | None:
    https = context.inputs.base_url.startswith("https://")
    return Match() if https and not context.inputs.verify_tls else None


def _repeated(context: Context, names: tuple[str, ...], evidence: tuple[Evidence, ...]) -> Match | None:
    if not names:
        return None
    shown = {"names": ", ".join(quoted(name, 40) for name in names[:4]), "name": bare(names[0])}
    return Match(shown, evidence, severity="error" if context.state.outcome in REFUSED else "warning")


def _authorization(name: str) -> Pointer:
    return Pointer("authorization-request", "parameter", name)
