"""The token endpoint refused the client: 401 problem+json, or RFC 6749 §5.2 invalid_client (protocol.md, step 2); or it wants what
no token request can hold: a proof of possession (RFC 9449 §8), another log-in, user or policy.

Step 1 has issued a code for this client ID, so the server knows it: what is left is the secret, in most cases."""

from __future__ import annotations

import re

from msgspec.structs import replace

from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import is_marked
from airisk_tui.insight.advice.imported import WITH_CREDENTIALS
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Press, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import all_blamed, client_left_open, misses, without, without_lists
from airisk_tui.insight.reading.clock import server_now
from airisk_tui.insight.reading.clues import DATES, of_another_server
from airisk_tui.insight.reading.meant import meant
from airisk_tui.insight.reading.reasons import (
    ASSERTION,
    AUTHENTICATION,
    CERTIFICATE,
    CREDENTIALS_UNREAD,
    ENVIRONMENTS,
    LOGIN,
    PROOF,
    of_the_login,
    says_more,
)
from airisk_tui.insight.reading.run import signed, token_refused
from airisk_tui.insight.reading.two_requests import token_fields
from airisk_tui.insight.rule import Match, Possible, RuleSet
from airisk_tui.insight.rules.authorization import UNKNOWN_OR_REFUSED, one_of, own_values
from airisk_tui.insight.rules.token_endpoint import answer, exchange, fields, matched, refusal
from airisk_tui.insight.rules.token_endpoint.code import words_of
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.http import header
from airisk_tui.oauth.request.mistakes import BASIC_UNENCODED
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.lenient_json import is_number, json_object


def _of_the_client(context: Context) -> bool:
    if not token_refused(context):
        return False
    response, text = exchange(context).response, refusal(context)
    words = f"{words_of(context)} {text}"
    of_it = not says_more(response) or meant(_CLIENT, text) or header(response.headers, "www-authenticate")
    unauthorized = answer(context).status == 401 and "invalid_grant" not in words and of_it
    wrong = meant(_WRONG, words)
    if wrong and "invalid_grant" in words and "client" not in wrong[0]:
        wrong = None  # the credentials of a person are a grant, too (RFC 6749 §1.3.3)
    of_them = meant(CREDENTIALS_UNREAD, words) or _SEVERAL.search(words) or wrong
    refused = unauthorized or "invalid_client" in words or of_them
    unauthenticated = "unauthorized_client" in words and AUTHENTICATION.search(words)
    if refused or unauthenticated:
        return True
    in_words = answer(context).kind == "refused" and answer(context).status < 500
    named = fields.named(context) == "client_secret" or fields.of_client_and_secret(context)
    return in_words and bool(named or by_other_means(context))


_WRONG = pattern(r"\b(?:bad|invalid|wrong|incorrect|unknown) (?:client )?credentials\b")
_CLIENT = pattern(r"client|\bapp\b|secret|credential|authenticat|authori[sz]ation|\bpassword|\bsignature")
"""Words of a 401 that speak of the client; a 401 without any of them tells of something else."""

rules = RuleSet("Client", _of_the_client, "token")


def _secret(context: Context) -> tuple[Evidence, ...]:
    secret = context.inputs.client_secret
    if secret is None or not secret.fingerprint or secret.characters == "redacted":
        return ()  # a recording from elsewhere need not say which secret was sent
    return (_evidence(context, f"{secret.length} characters, fingerprint {secret.fingerprint}"),)


def _evidence(context: Context, text: str) -> Evidence:
    """Evidence about the secret, at the place where it was sent (RFC 6749 §2.3.1)."""
    basic = Pointer("token-request", "header", "Authorization")
    body = Pointer("token-request", "parameter", "client_secret")
    return Evidence("Client secret", text, basic if context.inputs.dialect.client_auth == "basic" else body)


def _wanted(context: Context, scheme: str) -> Match | None:
    """A match when the answer asks for that scheme of authentication (RFC 9110 §11.6.1)."""
    asked = (header(exchange(context).response.headers, "www-authenticate") or "").strip()
    if not asked.lower().startswith(scheme):
        return None
    place = Pointer("token-request", "header", "WWW-Authenticate")
    return matched(context, Evidence("WWW-Authenticate", brief(asked), place))


@rules.add(
    "secret-wanted",
    title="The token endpoint refused the client ({status}){said}, and no secret was sent: the run was that of a public client.",
    cause="The server knows the client as a confidential one, which has to show who it is.",
    fix=(
        SetField("client_secret", words="the client secret of {client_id}"),
        RERUN,
        *otherwise(Ask("register the client as a public one, with the method none", whom="the operator of the server")),
    ),
    reference="RFC 6749 §2.1, §3.2.1",
    unless="a secret was sent, or the words blamed the client ID alone",
)
def secret_wanted(context: Context) -> Match | None:
    words = refusal(context)
    misses_proof = "secret" in words or "confidential" in words or meant(CREDENTIALS_UNREAD, words)
    if context.inputs.dialect.client_auth != "none" or (fields.named(context) == "client_id" and not misses_proof):
        return None
    unsure = not misses_proof or fields.of_client_and_secret(context)
    return replace(matched(context), runner_up=_ID_UNKNOWN if unsure else None)


_ID_UNKNOWN = "The token endpoint does not know {client_id}, although step 1 issued a code for it."


@rules.add(
    "basic-wanted",
    title="The token endpoint refused the client ({status}){said} and asks for HTTP Basic, but the secret was sent in the body.",
    cause="This server accepts client ID and secret in the Authorization header only.",
    runner_up="The client secret is wrong.",
    fix=(SetField("dialect.client_auth", "basic"), RERUN),
    reference="RFC 6749 §2.3.1",
    unless="the secret was in the Authorization header already, or the answer asked for another scheme",
)
def basic_wanted(context: Context) -> Match | None:
    if context.inputs.dialect.client_auth != "body" or _unseen(context):
        return None
    match = _wanted(context, "basic")
    return (
        replace(match, runner_up="", certainty="likely")
        if match is not None and LOGIN.search(refusal(context))
        else match
    )


@rules.add(
    "bearer-wanted",
    title="The token endpoint refused the request ({status}) and asks for a Bearer token, but none was sent.",
    cause="This deployment expects the generic token with the request for a user-specific one, as one page of the vendor says.",
    runner_up="The client secret is wrong.",
    fix=(Press("compare-with-bearer", ", which gets both tokens"),),
    reference="protocol.md, step 2; RFC 6750 §3",
    unless="a bearer token was sent, the run was a generic one, or the answer asked for another scheme",
)
def bearer_wanted(context: Context) -> Match | None:
    asking = context.inputs.bearer is None and bool(context.inputs.userid)
    return _wanted(context, "bearer") if asking else None


@rules.add(
    "secret-with-space",
    title="The token endpoint refused the client ({status}){said}, and the client secret has {what} it.",
    cause="The extra characters were copied together with the secret, and the server compares every character.",
    fix=(SetField("client_secret", words="the client secret without {extra}"), RERUN),
    certainty="likely",
    reference="RFC 6749 §2.3.1",
    unless="the secret had no white space, hidden character or quotation mark at its ends, or the words named another cause",
)
def secret_with_space(context: Context) -> Match | None:
    if not _of_the_secret(context):
        return None
    if {"client-secret-space", "client-secret-hidden"} & set(context.secret_mistakes):
        what, extra = "white space or a hidden character in", "the white space around it"
    elif "client-secret-quoted" in context.secret_mistakes:
        what, extra = "quotation marks around", "the quotation marks"
    else:
        return None
    return matched(context, _evidence(context, f"It has {what} it."), *_secret(context), what=what, extra=extra)


@rules.add(
    "secret-placeholder",
    title="The token endpoint refused the client ({status}){said}, and the client secret is a placeholder that nobody filled in.",
    cause="A template or an example has it in the secret's place: braces, angle brackets or a variable's name are still around it.",
    fix=(SetField("client_secret", words="the client secret of {client_id} on {base_url}"), RERUN),
    reference="RFC 6749 §2.3.1",
    unless="the very same value had worked before, or the words named another cause",
)
def secret_placeholder(context: Context) -> Match | None:
    ours = context.inputs.client_secret
    worked = ours is not None and any(secret.fingerprint == ours.fingerprint for _, secret in _that_worked(context))
    if "client-secret-placeholder" not in context.secret_mistakes or worked or not _of_the_secret(context):
        return None
    return matched(context, *_secret(context))


def _that_worked(context: Context) -> list[tuple[Inputs, SecretView]]:
    """The inputs and the client secret of each earlier run that got a token, the latest first."""
    runs = [run.inputs for run in reversed(context.earlier) if run.token is not None and run.inputs is not None]
    return [(inputs, inputs.client_secret) for inputs in runs if inputs.client_secret is not None]


@rules.add(
    "secret-of-another-deployment",
    title="The token endpoint refused the client ({status}){said}, and this client secret is the one that worked on {other}.",
    cause="Each deployment has its own client secret, and this one belongs to the other deployment.",
    fix=(SetField("client_secret", words="the client secret that the administrator of {base_url} gave out"), RERUN),
    certainty="likely",
    reference="protocol.md, step 2",
    unless="no run in this session had got a token with the same secret from another deployment, or the words named another cause",
)
def secret_of_another_deployment(context: Context) -> Match | None:
    ours = context.inputs.client_secret
    if ours is None or not ours.fingerprint or not _of_the_secret(context):
        return None
    for inputs, secret in _that_worked(context):
        if secret.fingerprint == ours.fingerprint and inputs.base_url != context.inputs.base_url:
            return matched(context, *_secret(context), other=quoted(inputs.base_url))
    return None


@rules.add(
    "secret-changed",
    title="The token endpoint refused the client ({status}){said}, and the client secret is not the one that worked before.",
    cause="The client secret is wrong: the one that worked had {before} characters, this one has {now}.",
    runner_up="The secret was replaced at the server, and neither is right any more.",
    fix=(
        SetField("client_secret", words="the client secret that worked"),
        *provided("if it was replaced", Ask("ask the administrator for the new one")),
    ),
    reference="RFC 6749 §5.2",
    unless="the last run that got a token here had the same secret, or another client ID, or the words named another cause",
)
def secret_changed(context: Context) -> Match | None:
    ours, secret = context.inputs, context.inputs.client_secret
    of_this_client = (
        secret
        for inputs, secret in _that_worked(context)
        if (inputs.base_url, inputs.client_id) == (ours.base_url, ours.client_id)
    )
    before = next(of_this_client, None)
    if secret is None or before is None or before.fingerprint == secret.fingerprint or not _of_the_secret(context):
        return None
    return matched(context, *_secret(context), before=str(before.length), now=str(secret.length))


@rules.add(
    "client-refused",
    title="The token endpoint refused the client ({status}){said}.",
    cause="The client secret is wrong, or was replaced at the server, which knew {client_id} in step 1.",
    fix=(
        SetField("client_secret", words="the client secret of {client_id} on {base_url}"),
        RERUN,
        *provided("if it is right, character by character", Ask("give the answer to the administrator{trace}")),
    ),
    reference="RFC 6749 §5.2; protocol.md, step 2",
    unless="the words named the place of the credentials, the method, the client ID or a public client: then they decide",
    certainty="likely",
)
def client_refused(context: Context) -> Match | None:
    match = matched(context, *_secret(context))
    if BASIC_UNENCODED in context.secret_mistakes:
        return match.because(_AS_IT_IS, (Change("client", "write what follows “Basic” in base64"),), "proven")
    of_it = _of_the_secret(context)
    if of_it and "client-secret-hash" in context.secret_mistakes:
        return match.because(_HASHED, _ITSELF, "likely")
    ended = _end_of_the_secret(context) if of_it else None
    if ended is not None and ended < server_now(context.state):
        return match.with_values(ended=utc_text(ended)).because(_OVER, _SIGNED_AGAIN, "likely")
    blamed = _by_words(context, match)
    if _unseen(context) and (blamed is None or blamed.fix is _OTHER_PLACE):
        return match.because(_NOT_SHOWN, (WITH_CREDENTIALS,), "unknown")
    if blamed is not None:
        return blamed
    return _of_several(context, match)


def _end_of_the_secret(context: Context) -> float | None:
    """The end of a client secret that is a JWT, in seconds since 1970, or None."""
    secret = context.inputs.client_secret
    end = json_object(secret.payload if secret is not None else None).get("exp")
    return end if is_number(end) and end < DATES else None


_OVER = "The client secret is a JWT that the client signs for itself, and it expired at {ended}."
_SIGNED_AGAIN: Fix = (SetField("client_secret", words="a new JWT (signed again with the client's key)"), RERUN)
_HASHED = "The client secret looks like the hash that a server keeps of a secret, and not like the secret itself."
_ITSELF: Fix = (
    SetField("client_secret", words="the secret itself (as it was shown before it was saved)"),
    *otherwise(Ask("have the administrator make a new client secret for {client_id}")),
    RERUN,
)


def _of_several(context: Context, match: Match) -> Match:
    """The match where the words name neither the secret nor the way in which it is sent: what else may be wrong with the client."""
    response, (method, why) = exchange(context).response, _another_method(context)
    if several := fields.either_named(context):
        return one_of(several, match)
    if (elsewhere := of_another_server(context.state, match)) is not None:
        return elsewhere[0].undecided(elsewhere[1], Possible(_SECRET_WRONG, _RIGHT_SECRET))
    match, bearer = match.with_values(method=method), context.inputs.bearer is not None
    more = re.search(r"\w{2,}", _OF_THE_REFUSAL.sub(" ", without_lists(refusal(context)))) is not None
    documented = not more and context.inputs.dialect.name == "airisk" and signed(response)
    if documented or meant(_OF_SECRETS, refusal(context)):
        runner_up = _BEARER_REFUSED if bearer else why or None
        return replace(match, runner_up=runner_up, fix=_RIGHT_OR_ANOTHER if why else None)
    fix = _RIGHT_OR_ANOTHER if method else _RIGHT_SECRET
    if more:
        return match.because(_THEIR_WORDS, (_LOOK_UP, *provided("if they tell nothing", *fix)), "unknown")
    in_front = answer(context).status == 401 and not says_more(response) and not signed(response)
    return match.undecided(
        Possible(_SECRET_WRONG, _RIGHT_SECRET),
        Possible(why or _ANOTHER_METHOD, _BY_ANOTHER_METHOD if method else (), "if it is right"),
        *(Possible(_BEARER_REFUSED),) * bearer,
        *(Possible("Something in front of the token endpoint asks for a login of its own."),) * in_front,
    )


_OF_SECRETS = pattern(r"secret|credential")
_OF_THE_REFUSAL = pattern(
    r"\b(?:(?:invalid|unauthorized)_client|access_denied|invalid|unknown|bad|unauthori[sz]ed|client|authentication|verification|failed|failure"
    r"|denied|the|this|is|was|of|or|has|not|valid|authenticated)\b"
)
"""Words that say no more than that the client was refused."""
_THEIR_WORDS = "Only its own words tell the reason: they name neither the secret nor the way in which it is sent."
_SECRET_WRONG = "The client secret is wrong, or was replaced at the server."  # noqa: S105 - a sentence
_BEARER_REFUSED = "The generic token that the request carries as Bearer has expired or is not expected: run without it."


def _unseen(context: Context) -> bool:
    """Whether a file leaves out, or masks, whatever the client showed who it is by (RFC 6749 §2.3)."""
    sent = token_fields(context.state)
    proofs = (
        sent.get("client_secret"),
        sent.get("client_assertion"),
        header(exchange(context).request.headers, "authorization"),
    )
    shown = any(proof and not is_marked(context.state, proof) for proof in proofs)
    return context.state.imported is not None and not shown


_AS_IT_IS = "What follows “Basic” in the Authorization header is not base64: the client wrote ID and secret as they are (RFC 7617 §2)."
_NOT_SHOWN = (
    "The request in the file shows no client secret and no Authorization header: the client sent none, or whatever wrote the file "
    "left it out, as browsers do, or masked it."
)


def _another_method(context: Context) -> tuple[str, str]:
    """Another place for client ID and secret, as --client-auth has it, and why the server may want them there; "" for none known."""
    metadata, used, error = context.state.metadata, context.inputs.dialect.client_auth, answer(context).error
    offered = (metadata.token_endpoint_auth_methods_supported if metadata is not None else None) or ()
    method = {"basic": "post", "body": "basic"}.get(used, "")
    if f"client_secret_{method}" in offered:
        return method, _HELD_TO_ANOTHER
    if used == "basic":
        return method, _NOT_DECODED
    return method, _HELD_TO_BASIC if method and error is not None and error.code == "invalid_client" else ""


_ANOTHER_METHOD = "The secret is right, and the client is registered for another authentication than that of this run."
_HELD_TO_ANOTHER = "The secret is right, but the client has another method: the metadata also offers “{method}”."
_HELD_TO_BASIC = "The secret is right, and the server takes it in the Authorization header only, as RFC 6749 has it."
_LOOK_UP = Do("look these words up in the server's documentation")
_RIGHT_SECRET: Fix = (SetField("client_secret", words="the client secret of {client_id} on {base_url}"), RERUN)
_BY_ANOTHER_METHOD: Fix = (SetField("client_auth", "{method}"), RERUN)
_RIGHT_OR_ANOTHER: Fix = (*_RIGHT_SECRET, *provided("if it is right", *_BY_ANOTHER_METHOD))
_NOT_DECODED = (
    "The secret is right, and the server does not decode it: HTTP Basic sends every character encoded but letters, digits, “-”, “.” and "
    "“_”, as RFC 6749 §2.3.1 prescribes."
)


def _by_words(context: Context, match: Match) -> Match | None:
    """The match with what the server's own words blame: how the client says who it is, its ID, or its secret."""
    words, name = without_lists(refusal(context)), fields.named(context)
    match = match.with_values(name=name)
    if proof := by_other_means(context):
        return match.because(*_PROOFS[proof], "likely")
    if meant(CREDENTIALS_UNREAD, words):
        cause = "The server did not find client ID and secret where it looks for them: the request carried them in the {where}."
        return match.because(cause, _OTHER_PLACE, "likely")
    if _SEVERAL.search(words):
        return replace(match, cause=_COUNTED_TWICE, runner_up=_ADDED, fix=_OTHER_PLACE, certainty="likely")
    if _METHOD.search(words):
        cause = "The server does not accept client ID and secret in the {where} for this application."
        return match.because(cause, _OTHER_PLACE, "likely")
    if _PUBLIC.search(words):
        return match.because(
            "The application is registered as a public one, which has no secret.",
            (SetField("client_auth", "none"), RERUN) if context.inputs.standard else _NO_SECRET,
            "proven",
        )
    if name not in ("client_id", "client_secret") or (fields.of_client_and_secret(context) and not misses(words, name)):
        return None
    if misses(words, name):
        cause = "The server did not find the {name} where it looks for it: the request carried it in the {where}."
        return match.because(cause, _OTHER_PLACE, "likely")
    if name == "client_id" and client_left_open(words):
        return match.undecided(*UNKNOWN_OR_REFUSED)
    if (
        name == "client_id"
        and context.inputs.dialect.client_auth == "basic"
        and not token_fields(context.state).get("client_id")
    ):
        return match.because(_ID_IN_HEADER, (*_OTHER_PLACE, *otherwise(*_WHICH_CLIENT)), "likely")
    if name == "client_id":
        cause = "The server's own words blame the client ID, although step 1 issued a code for {client_id}."
        return match.because(cause, _WHICH_CLIENT, "proven")
    fix = next((fix for sign, fix in _SECRETS if sign.search(words)), None)
    return match.because("The server's own words blame the client secret.", fix, "proven")


def by_other_means(context: Context) -> str:
    """Whether the words ask for another proof of the client than a secret: "certificate", "assertion", or ""."""
    words = without_lists(refusal(context))
    if context.inputs.client_auth.endswith("_jwt") or "client_secret" in all_blamed(words):
        return ""
    return "certificate" if meant(CERTIFICATE, words) else "assertion" if meant(ASSERTION, words) else ""


_PROOFS: dict[str, tuple[str, Fix]] = {
    "certificate": (
        "The server knows this client by a certificate (mutual TLS), as its words say, and this program shows none.",
        (Change("registration", "have {client_id} registered with a client secret"),),
    ),
    "assertion": (
        "The server knows this client by an assertion that it signs (private_key_jwt), as its words say, and a secret was sent.",
        (
            SetField("client_auth", "private_key_jwt"),
            SetField("client_key", words="the file with its private key"),
            RERUN,
            *otherwise(Change("registration", "have {client_id} registered with a client secret")),
        ),
    ),
}
"""By what the server wants: the cause, and what to do."""


def _of_the_secret(context: Context) -> bool:
    """Whether the refusal may be that of the secret: its words name nothing else."""
    words = without_lists(refusal(context))
    other = _unseen(context) or _METHOD.search(words) or _PUBLIC.search(words) or meant(CREDENTIALS_UNREAD, words)
    return not by_other_means(context) and not other and fields.named(context) in ("", "client_secret")


_METHOD = pattern(r"auth(?:entication)?[ _-]?method|client_secret_(?:basic|post)|authorization header|basic auth")
"""Words about where client ID and secret stand (RFC 6749 §2.3.1; OpenID Connect Core §9)."""

_SEVERAL = pattern(r"\b(?:multiple|several|more than one|two) (?:\w+ ){0,2}auth\w* (?:method|mechanism|scheme)")
"""RFC 6749 §5.2: invalid_request stands for more than one mechanism of authentication, too."""

_COUNTED_TWICE = "The server finds two proofs of the client; the request carried ID and secret in the {where} only."
_ADDED = "Something on the way adds an Authorization header of its own."

_PUBLIC = pattern(r"client is public|public client|aadsts700025\b")
_ID_IN_HEADER = (
    "The server's own words blame the client ID, which step 1 accepted: this request carried it in the Authorization header alone, and the "
    "server may look for it in the body."
)
_NO_SECRET: Fix = (Change("registration", "have {client_id} registered as confidential (“web”), which has a secret"),)
_OTHER_PLACE: Fix = (
    SetField("dialect.client_auth", "{auth}"),
    RERUN,
    *provided("if it says the same", SetField("encoding", "{other}"), RERUN),
)
_WHICH_CLIENT: Fix = (
    Ask("ask the administrator whether {client_id} may get tokens{trace}"),
    *provided(
        "if it is another deployment's", SetField("client_id", words="the one that is registered on {base_url}"), RERUN
    ),
)
_SECRETS: tuple[tuple[re.Pattern[str], Fix], ...] = (
    (
        pattern(r"secret id|aadsts7000215\b"),
        (SetField("client_secret", words="the secret's value (not its ID)"), RERUN),
    ),
    (pattern(r"expired|aadsts7000222\b"), (Ask("ask the administrator for a new client secret of {client_id}"),)),
)
"""By what the server says of the secret: what to do."""


def _in_words(context: Context) -> bool:
    return token_refused(context) and answer(context).kind == "refused"


beyond = RuleSet("Beyond the token request", _in_words, "token")


@beyond.add(
    "token-proof-wanted",
    title="The token endpoint said {words}: it wants a proof of possession (DPoP) with the request.",
    cause="The deployment gives tokens for {client_id} only to clients that prove a key of their own, and this program proves none.",
    fix=(
        Change("registration", "have {client_id} registered for tokens that are not bound to a key"),
        *otherwise(Ask("ask for an application of which no proof is required")),
    ),
    reference="RFC 9449 §5, §8",
    unless="neither the answer's words nor a DPoP-Nonce header spoke of such a proof",
)
def token_proof_wanted(context: Context) -> Match | None:
    nonce = header(exchange(context).response.headers, "dpop-nonce")
    if nonce is None:
        return matched(context) if PROOF.search(refusal(context)) else None
    return matched(context, Evidence("DPoP-Nonce", brief(nonce), Pointer("token-request", "header", "DPoP-Nonce")))


@beyond.add(
    "token-user-refused",
    title="The token endpoint said {words}: these words give a reason that does not lie in the token request.",
    cause="The server refuses because of the log-in of step 1, the account or a policy.",
    fix=(Rerun("browser"), *provided("if it stays", Ask("ask the administrator about it{trace}"))),
    reference="RFC 6749 §5.2; OpenID Connect Core §3.1.2.6",
    certainty="likely",
    unless="the words named the code, the client or a field of the token request, too",
)
def token_user_refused(context: Context) -> Match | None:
    words = without(refusal(context), own_values(context))
    if ENVIRONMENTS.search(words) and not set(all_blamed(words)) & {"redirect_uri", "scope"}:
        return replace(matched(context), title=_NAMES_TWO).because(_TWO_ENVIRONMENTS, _OF_ONE)
    reason = of_the_login(words)
    if reason is None or set(all_blamed(words)) & {"code", "client_secret", "redirect_uri", "code_verifier"}:
        return None
    return replace(matched(context), cause=reason.cause, fix=reason.fix)


_NAMES_TWO = "The token endpoint said {words}: these words speak of two environments or regions."
_TWO_ENVIRONMENTS = "Client ID, secret, code and address have to be of one environment, and one of them is of another, as the words say."
_OF_ONE: Fix = (
    SetField("client_secret", words="the client secret of the environment that {client_id} belongs to"),
    RERUN,
    *otherwise(SetField("base_url", words="the address of the other environment"), RERUN),
)
