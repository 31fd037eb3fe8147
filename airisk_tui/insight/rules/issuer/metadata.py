"""Faults in the metadata of a server, and signs of a wrong issuer (RFC 8414; OpenID Connect Discovery 1.0)."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.server import names_another
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import refusal_text, wants_https
from airisk_tui.insight.reading.filters import request_filter
from airisk_tui.insight.reading.reasons import says_more
from airisk_tui.insight.reading.run import of_the_inside, quoted_refusal
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.issuer import OPERATOR, REPORT_IF_IT_STAYS
from airisk_tui.insight.words.quoting import brief, joined, quoted
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.metadata import (
    Metadata,
    MetadataFault,
    is_trusted,
    issuer_of_endpoint,
    metadata_document,
    metadata_faults,
)
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import host_of

PLACE = Pointer("authorization-request", "body")

REASONS = {
    "missing": "missing, and required",
    "not-https": "not an https address",
    "no-address": "no address, but a path or a word",
    "not-a-list": "not a list",
    "not-a-text": "of another type than the specification has",
}
"""By the reason of a fault; any other is told in the words of the validator."""


def _found(context: Context) -> bool:
    return context.state.metadata is not None


def _metadata(context: Context) -> Metadata:
    """The metadata that `_found` promises."""
    if context.state.metadata is None:
        raise ValueError("No metadata came.")
    return context.state.metadata


_ISSUER: Fix = (SetField("issuer", words="the address that the server's documentation calls its issuer"), RERUN)
_PUBLIC: Fix = (
    Ask("have the server write its public address (X-Forwarded-Proto and -Host, or a fixed issuer)", OPERATOR),
)

rules = RuleSet[Context]("Metadata", lambda context: bool(context.state.discovery))


@rules.add(
    "metadata-not-found",
    title="No metadata of an OAuth server stands at {issuer}: {statuses}.",
    cause="The address is not the issuer's, whose path has to be written, too; or the server publishes no metadata.",
    fix=(*_ISSUER, *otherwise(SetField("dialect.authorize_path"), SetField("dialect.token_path"))),
    reference="RFC 8414 §3.1; OpenID Connect Discovery 1.0 §4",
    unless="a document with an issuer came from one of the two addresses that RFC 8414 and OpenID Connect have",
    certainty="likely",
)
def not_found(context: Context) -> Match | None:
    looks = context.state.discovery
    if context.state.metadata is not None or any(look.failed is not None for look in looks):
        return None
    answered = [look.exchange for look in looks if look.exchange is not None]
    statuses = dict.fromkeys(_status(exchange.response) for exchange in answered)
    evidence = tuple(Evidence(one.request.url[:120], one.response.status_line, PLACE) for one in answered)
    match = Match({"issuer": quoted(context.inputs.issuer), "statuses": ", ".join(statuses)}, evidence)
    front = next(filter(None, (request_filter(one.response) for one in answered)), None)
    if front is not None:
        title = "{who} answered in place of {issuer} ({statuses}), so nothing is known of its metadata."
        return replace(match.with_values(who=front[0].who), title=title, cause=front[0].cause, fix=LET_THROUGH)
    failed = next((one.response for one in answered if one.response.status >= 500), None)
    if failed is not None:
        title = "Where the metadata of {issuer} should stand, the server failed inside ({statuses}): {told}."
        match, fix = match.with_values(told=quoted_refusal(failed)), (*REPORT_IF_IT_STAYS, *otherwise(*_ISSUER))
        return replace(match, title=title, cause=_INSIDE, fix=fix)
    if any(wants_https(refusal_text(one.response)) for one in answered):
        title = "The server refuses its metadata to this request ({statuses}): it says that it takes https only."
        return replace(match, title=title, cause=_HTTPS_ONLY, fix=_SAY_HTTPS)
    if before := issuer_of_endpoint(context.inputs.issuer):
        fix = (SetField("issuer", "{before}", words=", if that is the server's issuer"), RERUN)
        return replace(match.with_values(before=before), cause=_AN_ENDPOINT, fix=fix)
    return match


def _status(response: HttpResponse) -> str:
    status = quoted(response.status_line)
    if is_web_page(response) or response.status < 400 or not says_more(response):
        return f"{status} with a web page" if response.status == 200 and is_web_page(response) else status
    return f"{status}, which said {quoted_refusal(response)}"


_INSIDE = "The server met an error of its own: there is something at this address, and it is not known whether it is the metadata."
_HTTPS_ONLY = "The issuer was asked over plain http, or a proxy that ends TLS does not tell the server of https (X-Forwarded-Proto)."
_SAY_HTTPS: Fix = (SetField("issuer", words="its address with https"), RERUN, *otherwise(*_PUBLIC))
LET_THROUGH: Fix = (
    Ask(
        "show this exchange to whoever runs it, and have requests from this machine let through",
        "whoever runs the filter",
    ),
)
_AN_ENDPOINT = "The address is that of an endpoint; the issuer is what stands before it."


@rules.add(
    "metadata-issuer",
    title="The metadata is that of another issuer: it names {theirs}.",
    cause="The issuer was typed otherwise than the server writes it.",
    runner_up="The document is that of another server or tenant, or a proxy in front hides from the server how it is reached.",
    fix=(
        SetField("issuer", "{theirs}", words=", if that is the server that you mean"),
        RERUN,
        *provided("if it is reached so from within alone", *_PUBLIC),
        *provided("if no metadata stands there", Ask("report both to the operator of the server", OPERATOR)),
    ),
    reference="RFC 8414 §3.3; RFC 9207 §2.4",
    unless="the issuer in the document were the one that was asked, character by character",
    needs=_found,
)
def another_issuer(context: Context) -> Match | None:
    metadata, asked = _metadata(context), context.inputs.issuer
    named = metadata.issuer
    if not named or not names_another(metadata, asked):
        return None
    match = _asked_and_named(asked, named)
    if "{" in named:
        return match.because(_FOR_MANY, (SetField("issuer", words="the address with the tenant's own id in it"), RERUN))
    if not named.startswith(("http://", "https://")):
        return match.because(_NO_ADDRESS, _CORRECT_IT)
    if of_the_inside(host_of(named)) and not of_the_inside(host_of(asked)):
        return replace(match, cause=_FROM_WITHIN, runner_up=_TYPED, fix=(*_PUBLIC, *_BY_NAME))
    scheme_alone = asked.partition("://")[2].rstrip("/") == named.partition("://")[2].rstrip("/")
    return match.because(_OTHER_SCHEME, _BY_SCHEME) if scheme_alone else match


def _asked_and_named(asked: str, named: str) -> Match:
    return Match({"theirs": quoted(named)}, (pair("Issuer", asked, named, PLACE, ("asked", "named")),))


_FOR_MANY = "This address is one for several tenants: the issuer in its document has a placeholder where the tenant's own id belongs."
_NO_ADDRESS = "The server's issuer is no address, as an installation has it before somebody sets it."
_CORRECT_IT: Fix = (Ask("have the operator of the server set the issuer to its address", OPERATOR),)
_FROM_WITHIN = "The server calls itself by the address that it has inside: what stands in front hides the public one."
_TYPED = "The server is meant to be reached at that address, from inside the same network."
_BY_NAME: Fix = otherwise(SetField("issuer", "{theirs}", words=", if this machine reaches it"), RERUN)
_OTHER_SCHEME = "The two differ in the scheme alone: a proxy in front of the server ends TLS, or the issuer was typed with the wrong one."
_BY_SCHEME: Fix = (SetField("issuer", "{theirs}", words=", if it is reached so"), RERUN, *otherwise(*_PUBLIC))


@rules.add(
    "metadata-issuer-slash",
    title="The server writes its issuer {theirs}, which is not exactly as it was given.",
    cause="Issuers are compared character by character, and a last slash makes two of them. Strict clients refuse the metadata.",
    fix=(SetField("issuer", "{theirs}"), RERUN),
    reference="RFC 8414 §3.3",
    unless="the two were equal, character by character",
    severity="warning",
    needs=_found,
)
def issuer_slash(context: Context) -> Match | None:
    metadata, asked = _metadata(context), context.inputs.issuer
    if metadata.issuer == asked or names_another(metadata, asked) or "/.well-known/" in asked:
        return None
    return _asked_and_named(asked, metadata.issuer)


@rules.add(
    "metadata-faulty",
    title="The metadata is not as the specification has it: {members}.",
    cause="The server, or what writes this document for it, leaves out or misspells what clients rely on.",
    fix=(Ask("ask the operator of the server to correct the metadata", OPERATOR),),
    reference="RFC 8414 §2; OpenID Connect Discovery 1.0 §3",
    unless="every member that the specifications require were there, and in its form",
    severity="warning",
    needs=_found,
)
def faulty(context: Context) -> Match | None:
    """An error where the run could not go on, or would send a secret over plain http."""
    metadata = _metadata(context)
    exchange = next((look.exchange for look in context.state.discovery if look.metadata is not None), None)
    document = metadata_document(exchange.response) if exchange is not None else None
    faults = metadata_faults(document, openid=metadata.openid) if document is not None else ()
    if not faults:
        return None
    members = ", ".join(f"{brief(fault.member)} is {_words(fault)}" for fault in faults[:3])
    more = f", and {len(faults) - 3} more" if len(faults) > 3 else ""
    evidence = tuple(Evidence(fault.member, _words(fault), PLACE) for fault in faults[:12])
    graver = context.state.undiscovered or not is_trusted(metadata.token_endpoint, context.inputs.issuer)
    return Match({"members": members + more}, evidence, severity="error" if graver else None)


def _words(fault: MetadataFault) -> str:
    return REASONS.get(fault.reason) or f"not as its specification has it: {visible(fault.reason)[:120]}"


@rules.add(
    "metadata-demands-more",
    title="The server demands signed request objects (JAR) of its clients, which this program does not speak.",
    cause="The metadata says so. Requests without it are refused.",
    fix=(Change("server", "register this client without it, where the server allows that"),),
    reference="RFC 9101 §10.5",
    unless="the metadata demanded no signed request",
    severity="warning",
    needs=_found,
)
def demands_more(context: Context) -> Match | None:
    return Match() if _metadata(context).require_signed_request_object else None


@rules.add(
    "metadata-offers-more",
    title="The server offers {what}, which this program does not speak; a run goes on without.",
    cause="The metadata says so. A client that is not registered for it needs none of it.",
    fix=(Do("use another client of yours for that"), *otherwise(SetField("params.authorization_details"))),
    reference="RFC 9101 §10.5; RFC 9396 §10; RFC 9449 §5.1",
    severity="note",
    needs=_found,
)
def offers_more(context: Context) -> Match | None:
    metadata = _metadata(context)
    offers = {
        "proofs of possession (DPoP)": metadata.dpop_signing_alg_values_supported,
        "requests in a signed object (JAR)": metadata.request_object_signing_alg_values_supported,
        "authorization details (RAR)": metadata.authorization_details_types_supported,
    }
    offered = {what: named for what, named in offers.items() if named}
    evidence = tuple(Evidence(what, quoted(", ".join(named)), PLACE) for what, named in offered.items())
    return Match({"what": joined(list(offered))}, evidence) if offered else None
