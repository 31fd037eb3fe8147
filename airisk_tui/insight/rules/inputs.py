"""Inputs with which nothing could be sent, or that were sent on purpose (architecture.md: the *local* faults)."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.advice.listening import public_addresses
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, DropField, Fix, SetField, SetVariable, otherwise, provided
from airisk_tui.insight.reading.run import started
from airisk_tui.insight.reading.two_requests import authorization_fields, token_fields
from airisk_tui.insight.rendering import bare
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.words.quoting import joined, listed, quoted
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.urls import host_of

rules = RuleSet("Inputs", started)

MISSING = {
    "base-url-missing": "the base URL",
    "client-id-missing": "the client ID",
    "client-secret-missing": "the client secret",
    "redirect-uri-missing": "the redirect URI",
}
"""By the code of a mistake: what is not there."""

REFUSED = frozenset({Outcome.AUTHORIZATION_REFUSED, Outcome.RESPONSE_INVALID, Outcome.TOKEN_REFUSED})


@rules.add(
    "inputs-missing",
    title="Nothing was sent: {names} missing.",
    cause="A run needs them, and they are given nowhere.",
    fix=(Do("give what is missing"), RERUN),
    reference="RFC 6749 §4.1.1",
    unless="the input had a value from any of the places where it can be given",
    question="inputs",
)
def inputs_missing(context: Context) -> Match | None:
    errors = [mistake for mistake in context.state.mistakes if mistake.severity == "error"]
    if not errors or not all(mistake.code in MISSING for mistake in errors):
        return None
    names = [MISSING[mistake.code] for mistake in errors]
    fields = dict.fromkeys(mistake.field for mistake in errors)
    fix = (
        *(SetField(field) for field in fields if field != "client_secret"),
        *(_NO_SECRET if "client_secret" in fields else ()),
    )
    if len(names) == 1:
        return Match({"names": f"{names[0]} is"}, cause="A run needs it, and it is given nowhere.", fix=fix)
    return Match({"names": f"{joined(names)} are"}, fix=fix)


@rules.add(
    "inputs-illegal",
    title="Nothing was sent: {sentence}",
    cause="A run cannot start with what the field {field} holds.",
    fix=(Do("correct the field {field} as that sentence says"), RERUN),
    reference="RFC 6749 §4.1.1",
    unless="the value could be sent: it is checked before anything is",
    question="inputs",
)
def inputs_illegal(context: Context) -> Match | None:
    errors = [mistake for mistake in context.state.mistakes if mistake.severity == "error"]
    if not errors:
        return None
    evidence = tuple(Evidence(one.field, one.sentence, _authorization(one.field)) for one in errors)
    first = errors[0]
    return Match({"field": first.field, "sentence": first.sentence}, evidence, fix=_FIXES.get(first.code))


_NO_SECRET: Fix = (SetField("client_secret"), *otherwise(SetField("exchange", "false", words=" to stop at the code")))

_FIXES: dict[str, Fix] = {
    "redirect-uri-out-of-band": (
        SetField("redirect_uri", words="one of this machine, such as http://127.0.0.1:8765/callback (RFC 8252 §7.3)"),
        Change("registration", "have it registered, in a client of the type native or desktop"),
        RERUN,
    ),
    "listen-public": (SetField("listen", words="a loopback address"), *otherwise(SetField("listen_publicly", "true"))),
}
"""By the code of a mistake, what to do about it besides correcting the field."""


@rules.add(
    "parameter-sent-twice",
    title="The authorization request carried {names} more than once.",
    cause="An extra parameter has the same name as one that the program sends itself; a server may refuse both, or read either.",
    fix=(DropField("params.{name}"), Do("use the program's own field {name} instead")),
    reference="RFC 6749 §3.1",
    unless="the request, as it was sent, had each name once",
)
def parameter_sent_twice(context: Context) -> Match | None:
    sent = authorization_fields(context.state)
    evidence = tuple(Evidence(name, listed(sent.all(name)), _authorization(name)) for name in sent.duplicates()[:8])
    return _repeated(context, sent.duplicates(), evidence)


@rules.add(
    "field-sent-twice",
    title="The token request carried {names} more than once.",
    cause="An extra field has the same name as one that the program sends itself; a server may refuse both, or read either.",
    fix=(DropField("token_params.{name}"), Do("use the program's own field {name} instead")),
    reference="RFC 6749 §3.2",
    unless="the request, as it was sent, had each name once",
    needs=lambda context: context.state.token_exchange is not None,
)
def field_sent_twice(context: Context) -> Match | None:
    names = token_fields(context.state).duplicates()
    evidence = tuple(Evidence(name, "sent twice", Pointer("token-request", "parameter", name)) for name in names[:8])
    return _repeated(context, names, evidence)


@rules.add(
    "secrets-in-clear",
    severity="warning",
    title="{what} crossed the network unencrypted, to {base_url}.",
    cause="The base URL is plain http, and its host is not this machine.",
    fix=(SetField("base_url", words="the deployment's https address"), Ask("have the client secret replaced")),
    reference="RFC 6749 §3.2",
    unless="the base URL were one of https, or led to this machine",
    needs=lambda context: context.state.token_exchange is not None,
)
def secrets_in_clear(context: Context) -> Match | None:
    url = context.inputs.base_url
    if not url.startswith("http://") or is_loopback(host_of(url)):
        return None
    what = "The client secret and the token" if context.state.token is not None else "The client secret"
    evidence = Evidence("Base URL", quoted(url), Pointer("token-request", "request"))
    return Match({"base_url": quoted(url), "what": what}, (evidence,))


@rules.add(
    "tls-not-verified",
    severity="warning",
    title="This run did not verify the server's certificate, because verification is switched off.",
    cause="Verification is switched off for this host; anybody in between could have read the secret and the token.",
    fix=(
        Change("environment", "switch verification on again"),
        *provided(
            "for a private authority",
            Change("environment", "let the environment's ca_file name a file (PEM) with its certificate"),
        ),
        *otherwise(SetVariable("SSL_CERT_FILE", words="such a file, which has all other authorities, too")),
    ),
    reference="RFC 6749 §10.9",
    unless="the base URL were plain http, or verification were on",
)
def tls_not_verified(context: Context) -> Match | None:
    if not context.inputs.base_url.startswith("https://") or context.inputs.verify_tls:
        return None
    if not context.host.authorities:
        return Match()
    told = f"{', '.join(context.host.authorities)}; this one reads ca_file and SSL_CERT_FILE"
    return Match(evidence=(Evidence("Set for other programs", told, Pointer("authorization-request", "request")),))


@rules.add(
    "listener-public",
    severity="warning",
    title="The callback listener was on {addresses}, which other machines reach.",
    cause="It was asked for: anybody who reached it could send a callback, and a code that came by plain http could be read.",
    fix=(
        *provided("if it runs in a container", Do("map the port to the loopback of the machine outside alone")),
        *otherwise(SetField("listen", words="a loopback address")),
    ),
    reference="RFC 8252 §8.3; threats.md L1",
    unless="every address of the listener were loopback",
    needs=lambda context: context.state.listener is not None,
)
def listener_public(context: Context) -> Match | None:
    bound = context.state.listener
    addresses = public_addresses(bound) if bound is not None else ""
    return Match({"addresses": addresses}) if addresses else None


def _repeated(context: Context, names: tuple[str, ...], evidence: tuple[Evidence, ...]) -> Match | None:
    if not names:
        return None
    shown = {"names": listed(names), "name": bare(names[0])}
    match = Match(shown, evidence, severity="error" if context.state.outcome in REFUSED else "warning")
    if context.state.imported is not None:
        return replace(match, cause="The client that was recorded sends it so.", fix=_ONCE)
    query = Params.parse(context.inputs.dialect.authorize_path.partition("?")[2])
    if evidence[0].pointer == _authorization(names[0]) and query.get(names[0]) is not None:
        return replace(match, cause=_IN_THE_PATH, fix=_WITHOUT_QUERY)
    return match


_ONCE: Fix = (Change("client", "send each name once"),)
_IN_THE_PATH = "The path of the authorization endpoint has a query with that name, and the program sends it, too."
_WITHOUT_QUERY: Fix = (SetField("dialect.authorize_path", words=", with the path without {name} in its query"), RERUN)


def _authorization(name: str) -> Pointer:
    return Pointer("authorization-request", "parameter", name)
