"""Running the inputs of a recording again, and what is different then: the regression test for a deployment.

What has to change from run to run is not a difference: the values of codes, tokens and cookies, `Date`, trace ids, JWT ids,
and times that moved along with the clock. Timing is a difference only beyond noise (`MIN_RATIO` and `MIN_SECONDS`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.oauth.http import Exchange, FailedExchange, header
from airisk_tui.oauth.jwt import read_part
from airisk_tui.oauth.secret import SecretView, cut_at, told
from airisk_tui.oauth.text import shortened
from airisk_tui.recording.exchanges import started
from airisk_tui.recording.volatile import MAX_SHOWN, Moments, body_fields, same_header, value_fields

MIN_RATIO = 2.0
MIN_SECONDS = 0.25
"""A time differs when it is both twice as long (or half) and a quarter of a second apart: below that, networks and
just-in-time compilation make the difference."""

HEADERS = (
    "content-type",
    "location",
    "cache-control",
    "pragma",
    "www-authenticate",
    "server",
    "strict-transport-security",
    "access-control-allow-origin",
    "retry-after",
    "x-frame-options",
)
"""The headers that say something about how a deployment behaves; the rest are counters, dates and routing."""

Kind = Literal["outcome", "finding", "exchange", "status", "header", "body", "redirect", "claim", "timing"]


@dataclass(frozen=True, slots=True)
class SecretUse:
    """A secret that the run needs again: role "client_secret" or "bearer_token"."""

    role: str
    view: SecretView


@dataclass(frozen=True, slots=True)
class Rerun:
    """What running again needs. inputs: those of the recording without the spent values: `state`, challenge and verifier are
    None, to be made anew; state_sent: whether a state was sent at all; secrets: whose raw values have to be found."""

    inputs: Inputs
    state_sent: bool
    secrets: tuple[SecretUse, ...]


def inputs_for_rerun(events: Sequence[AnyEvent]) -> Rerun | None:
    """What running a recording again needs; None for a log that lost its beginning."""
    begun = started(events)
    if begun is None:
        return None
    inputs = begun.inputs
    needed = {"client_secret": inputs.client_secret if inputs.exchange else None, "bearer_token": inputs.bearer}
    secrets = tuple(SecretUse(role, view) for role, view in needed.items() if view is not None)
    fresh = replace(inputs, state=None, challenge=None, verifier=None)
    return Rerun(fresh, inputs.state is not None, secrets)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. exchange: "run", "authorization-request", "redirect", "token-request" or an endpoint's name; field: which
    status, header or body field (as a JSON path); before and after: as text, None where there is nothing."""

    exchange: str
    kind: Kind
    field: str
    before: str | None
    after: str | None


def differences(
    before: FlowState, after: FlowState, findings_before: Sequence[str] = (), findings_after: Sequence[str] = ()
) -> list[Difference]:
    """What is different in the second run, exchange by exchange; empty when the deployment behaves as it did."""
    found = list(_run(before, after, findings_before, findings_after))
    left, right = _exchanges(before), _exchanges(after)
    bases = [state.inputs.base_url.rstrip("/") if state.inputs else "" for state in (before, after)]
    moments = Moments(before.utc, after.utc, *bases)
    if _mode(before) != _mode(after):
        left.pop("authorization-request", None)
        right.pop("authorization-request", None)
    for name in [*left, *(name for name in right if name not in left)]:
        found += _exchange(name, left.get(name), right.get(name), moments)
    found += _fields("redirect", "redirect", _redirect(before), _redirect(after), moments)
    found += _fields("token-request", "claim", _claims(before), _claims(after), moments)
    return found


def sentence_of(changed: Sequence[Difference]) -> str:
    """All of them in one sentence."""
    if not changed:
        return "Nothing changed: the server behaves as it did when the recording was made."
    places = list(dict.fromkeys(difference.exchange for difference in changed))
    count = "One thing" if len(changed) == 1 else f"{len(changed)} things"
    return f"{count} changed, in: {', '.join(places)}."


def spoken(changed: Sequence[Difference], before: FlowState, after: FlowState) -> list[Difference]:
    """Them for a person, the placeholders of secrets by the names that the two runs have for them."""
    names = secret_names(before) | secret_names(after)
    return [replace(one, before=_told(one.before, names), after=_told(one.after, names)) for one in changed]


def _told(text: str | None, names: Mapping[str, str]) -> str | None:
    return None if text is None else told(text, names)


def line_of(difference: Difference) -> str:
    """One of them on a line."""
    before, after = ("—" if value is None else value for value in (difference.before, difference.after))
    return f"{difference.exchange}  {difference.kind} {difference.field}: {before} → {after}"


def _mode(state: FlowState) -> str | None:
    """A browser and a direct request get different answers to the authorization request, so they are not compared."""
    return state.inputs.mode if state.inputs else None


def _redirect(state: FlowState) -> dict[str, str]:
    """What came back to the redirect URI, by whichever way."""
    answer = state.answer or state.held or state.doubtful
    if answer is None:
        return {}
    came = {name: "" if name == "code" else value for name, value in answer.redirect.params if name != "state"}
    return {"kind": answer.redirect.kind, "state": answer.verification, **came}


def _claims(state: FlowState) -> dict[str, str]:
    claims = read_part(state.token.payload if state.token else None)
    return value_fields(claims) if claims else {}


def _fields(
    name: str, kind: Kind, before: dict[str, str], after: dict[str, str], moments: Moments
) -> Iterator[Difference]:
    for path in sorted(before.keys() | after.keys()):
        pair = before.get(path), after.get(path)
        if not moments.same(path, *pair):
            yield Difference(name, kind, path, *map(_shown, pair))


def _shown(text: str | None) -> str | None:
    return None if text is None else shortened(text, cut_at(text, MAX_SHOWN))


def _run(
    before: FlowState, after: FlowState, findings_before: Sequence[str], findings_after: Sequence[str]
) -> Iterator[Difference]:
    outcomes = [state.outcome.value if state.outcome else None for state in (before, after)]
    if outcomes[0] != outcomes[1]:
        yield Difference("run", "outcome", "outcome", *outcomes)
    for code in dict.fromkeys(findings_before):
        if code not in findings_after:
            yield Difference("run", "finding", code, code, None)
    for code in dict.fromkeys(findings_after):
        if code not in findings_before:
            yield Difference("run", "finding", code, None, code)


Answered = Exchange | FailedExchange


def _exchanges(state: FlowState) -> dict[str, Answered]:
    found: dict[str, Answered | None] = {
        "authorization-request": state.authorization,
        "token-request": state.token_exchange,
    }
    if state.failure is not None:
        found[state.failure.step] = state.failure.failed
    for probe in state.probes:
        name = probe.endpoint.name if probe.credential == "token" else f"{probe.endpoint.name} ({probe.credential})"
        found[name] = probe.exchange or probe.failed
    return {name: exchange for name, exchange in found.items() if exchange is not None}


def _exchange(name: str, left: Answered | None, right: Answered | None, moments: Moments) -> Iterator[Difference]:
    if not isinstance(left, Exchange) or not isinstance(right, Exchange):
        words = _came(left), _came(right)
        if words[0] != words[1]:
            yield Difference(name, "exchange", "answer", *words)
        return
    old, new = left.response, right.response
    if old.status != new.status:
        yield Difference(name, "status", "status", str(old.status), str(new.status))
    for field in HEADERS:
        pair = header(old.headers, field), header(new.headers, field)
        if not same_header(field, *pair):
            yield Difference(name, "header", field, *pair)
    yield from _fields(name, "body", body_fields(old.body.data), body_fields(new.body.data), moments)
    yield from _timing(name, left.timing.total, right.timing.total)


def _came(exchange: Answered | None) -> str | None:
    if exchange is None:
        return None
    if isinstance(exchange, FailedExchange):
        return f"no answer: {exchange.fault.kind} {exchange.fault.reason}".rstrip()
    return f"an answer with status {exchange.response.status}"


def _timing(name: str, before: float, after: float) -> Iterator[Difference]:
    shorter, longer = sorted((before, after))
    if longer - shorter >= MIN_SECONDS and longer >= shorter * MIN_RATIO:
        yield Difference(name, "timing", "total", f"{before * 1000:.0f} ms", f"{after * 1000:.0f} ms")
