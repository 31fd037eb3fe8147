"""What explains the refusal of a token and does not stand in its words: the token's own header and claims, the clock of whoever refused
it, and another server that an answer of the run names."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, SetField, otherwise
from airisk_tui.insight.reading.clock import server_time
from airisk_tui.insight.reading.reasons import says_more
from airisk_tui.insight.reading.run import json_object, seconds, token_json
from airisk_tui.insight.rule import Match, Possible
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.lenient_json import is_number
from airisk_tui.oauth.urls import host_of

FOR_THE_API: Fix = (
    SetField("params.audience", words=", with the identifier of this API"),
    RERUN,
    *otherwise(Ask("have the administrator issue this application's tokens for this API{trace}")),
)


def by_clues(state: FlowState, response: HttpResponse, words: str, match: Match) -> Match | None:
    """The match of a refused token with what explains it beside its lower-case words, if something does."""
    # Where another endpoint took the token, the server and the issuer are right.
    clues = _OF_THE_TOKEN if taken_at(state) is not None else (*_OF_THE_TOKEN, *_OF_THE_SERVER)
    return next((told for clue in clues if (told := clue(state, response, words, match)) is not None), None)


def taken_at(state: FlowState) -> str | None:
    """The name of an endpoint that took the run's token, or None."""
    taken = (one for one in state.probes if one.credential == "token" and one.answer == "accepted")
    return next((one.endpoint.name for one in taken), None)


def _of_another_kind(state: FlowState, _: HttpResponse, words: str, match: Match) -> Match | None:
    """A token that no reader of signed JWTs can read."""
    shape = state.token.shape if state.token is not None else "jwt"
    if shape == "jwt" or not _OF_A_JWT.search(words) or (shape == "opaque" and _OF_A_SIGNATURE.search(words)):
        return None
    return match.because(_ENCRYPTED if shape == "jwe" else _OPAQUE, FOR_THE_API, "likely")


_OF_A_JWT = pattern(r"\bjw[st]\b|\bcompact\b|\bsegments\b|\bdots\b|\bjson web (?:token|signature)")
_OWN = "Many servers make such a token for themselves where the request names no audience (or resource)."
_ENCRYPTED = f"The token is encrypted (JWE), which only its issuer can read, and this API wants a signed JWT. {_OWN}"
_OPAQUE = f"The token is opaque, and this API wants a signed JWT. {_OWN}"


def _with_a_nonce(state: FlowState, _: HttpResponse, words: str, match: Match) -> Match | None:
    """A JWT whose signature is made over another header than the one that it has."""
    header, claims = token_json(state, "header"), token_json(state)
    if "nonce" not in header or not _OF_A_SIGNATURE.search(words):
        return None
    shown = Evidence("claim aud", quoted(str(claims.get("aud") or "")), Pointer("token", "body", "aud"))
    return match.with_values(audience=shown.text).with_evidence(shown).because(_FOR_ITS_ISSUER, FOR_THE_API, "likely")


_OF_A_SIGNATURE = pattern(r"signature|signing key|security key|verif")
_FOR_ITS_ISSUER = (
    "The token is for another API, {audience}: a nonce in its header means that the provider made it for an API of its own, which alone "
    "can verify it."
)


def _by_a_slow_clock(state: FlowState, response: HttpResponse, words: str, match: Match) -> Match | None:
    """A token that begins after the moment that the refusal bears as its Date."""
    claims, now = token_json(state), server_time(response)
    begins = max((value for name in ("nbf", "iat") if is_number(value := claims.get(name))), default=None)
    if begins is None or now is None or begins - now < AT_LEAST or begins > DATES:
        return None
    span = seconds(begins - now)
    shown = Evidence(
        "Date", f"{utc_text(now)}; the token is valid from {utc_text(begins)}", Pointer("access", "header")
    )
    fix = (Ask("have the administrator set that server's clock by NTP{trace}"), *otherwise(Do("wait {span}"), RERUN))
    return match.with_values(span=span).with_evidence(shown).because(_CLOCK_BEHIND, fix, "likely")


AT_LEAST, DATES = 5.0, 4_102_444_800.0
"""Seconds: a Date has whole seconds, and may be made before its answer; the year 2100."""
_CLOCK_BEHIND = "The clock of the server that refused it is {span} behind: by its Date the token is not valid yet."


def _at_another_server(state: FlowState, _: HttpResponse, words: str, match: Match) -> Match | None:
    """A token of an answer that names the server where it is to be used."""
    found = next(other_servers(state, redirect=False), None)
    if found is None:
        return None
    name, value = found
    shown = Evidence(name, quoted(value), Pointer("token-request", "body", name))
    fix = (Change("client", "call the API at {value}, which the answer with the token names"), *otherwise(*_ASK_WHY))
    match = match.with_values(name=quoted(name), value=quoted(value)).with_evidence(shown)
    return match.because(_NAMED_BESIDE, fix, "likely")


_NAMED_BESIDE = (
    "The answer with the token names {value} as {name}: the token is for that server or region, and another was asked."
)
_ASK_WHY: Fix = (Ask("ask the administrator why the API refuses it (a setting for sessions or addresses){trace}"),)


def _of_another_issuer(state: FlowState, response: HttpResponse, words: str, match: Match) -> Match | None:
    """A JWT that calls its issuer otherwise than this run calls it, where the words speak of nothing else."""
    issuer = token_json(state).get("iss")
    own = {host_of(url) for url in _asked(state)}
    if not isinstance(issuer, str) or host_of(issuer) in ("", *own) or _OF_A_KEY.search(words):
        return None
    if says_more(response) and not _OF_A_CHECK.search(words):
        return None
    shown = Evidence("claim iss", quoted(issuer), Pointer("token", "body", "iss"))
    fix: Fix = (
        Ask(
            "have the administrator compare it with the issuer that the API trusts, and give the server one name{trace}"
        ),
    )
    match = match.with_values(issuer=shown.text, asked=quoted(_asked(state)[0])).with_evidence(shown)
    match = match.because(_OTHERWISE_CALLED, fix, "unknown")
    return replace(
        match, runner_up="It looks for another audience or key than the token has, or another instance answered."
    )


_OF_A_KEY = pattern(r"signature|\bkey\b")
_OF_A_CHECK = pattern(r"\btoken|\bjwt|verif|issuer|realm")
_OTHERWISE_CALLED = "The token names {issuer} as its issuer, and was got at {asked}, by which name whoever checks it may know the issuer."


_OF_THE_TOKEN = (_of_another_kind, _with_a_nonce, _by_a_slow_clock)
_OF_THE_SERVER = (_at_another_server, _of_another_issuer)


def of_another_server(state: FlowState, match: Match) -> tuple[Match, Possible] | None:
    """The match of a refusal of the token endpoint with the server or region that the redirect names beside it, and that as a cause;
    None where it names none."""
    found = next(other_servers(state, token=False), None)
    if found is None:
        return None
    name, value = found
    shown = Evidence(name, quoted(value), Pointer("redirect", "parameter", name))
    fix = (SetField("base_url", words="the address of the provider's own server in that region"), RERUN)
    match = match.with_values(elsewhere=quoted(value), named=quoted(name)).with_evidence(shown)
    return match, Possible(_LIVES_ELSEWHERE, fix)


_LIVES_ELSEWHERE = (
    "The redirect names {elsewhere} as {named}: the person's account lives in another region, and this server does not know the client or "
    "the code."
)


def other_servers(state: FlowState, *, redirect: bool = True, token: bool = True) -> Iterator[tuple[str, str]]:
    """The members of the redirect and of the answer with the token that name another server than the run asked: name and address; then
    those that name a region."""
    members: list[tuple[str, object]] = []
    if redirect and state.answer is not None:
        members += state.answer.redirect.params
    if token and state.token_exchange is not None:
        members += (json_object(state.token_exchange.response) or {}).items()
    own = {host_of(url) for url in _asked(state)}
    texts = [(name, value) for name, value in members if isinstance(value, str)]
    yield from ((n, v) for n, v in texts if _SERVER.search(n.lower()) and host_of(v) and host_of(v) not in own)
    yield from ((name, value) for name, value in texts if _REGION.fullmatch(name.lower()) and _WORD.fullmatch(value))


_SERVER = pattern(r"server|domain|instance|endpoint|\bapi|_api|base_?ur[il]|region|shard|\bhost")
_REGION = pattern(r"location|region|data[_-]?cent(?:er|re)|dc|shard|cluster")
_WORD = pattern(r"[A-Za-z][\w-]{1,20}")


def _asked(state: FlowState) -> list[str]:
    """The addresses that the run asked."""
    asked = [state.inputs.issuer, state.inputs.base_url] if state.inputs is not None else []
    return [url for url in (*asked, state.token_exchange and state.token_exchange.request.url) if url]
