"""The differences between two runs of the same inputs: the regression test for a deployment.

Values that change in every run do not count: codes, tokens and cookies, `Date`, trace ids, JWT ids, and times that moved with the
clock. Durations count only beyond noise (`MIN_RATIO` and `MIN_SECONDS`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.reading.steps import step_of
from airisk_tui.flow.state import FlowState, ProbeResult, secret_names
from airisk_tui.later import pattern
from airisk_tui.oauth.http import Exchange, FailedExchange, header
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.secret import cut_at, secrets_named
from airisk_tui.oauth.text.dates import read_date
from airisk_tui.oauth.text.lenient_json import json_object, read_json
from airisk_tui.oauth.text.members import leaves
from airisk_tui.oauth.text.visible import decoded, shortened

MIN_RATIO = 2.0
MIN_SECONDS = 0.25
"""An answer is slower if it takes twice as long and a quarter of a second longer. A smaller difference is due to the network or the
server's just-in-time compiler, and a faster answer is not reported."""

HEADERS = (
    *("content-type", "location", "cache-control", "pragma", "www-authenticate", "server", "retry-after"),
    *("strict-transport-security", "access-control-allow-origin", "x-frame-options"),
)
"""Headers that describe a deployment's behaviour; the others are counters, dates and routing."""

Kind = Literal[
    "outcome", "finding", "exchange", "status", "header", "body", "redirect", "claim", "timing", "input", "certificate"
]


class Difference(Struct, frozen=True):
    """One difference. exchange: "run", "authorization-request", "redirect", "token-request" or an endpoint's name; field: the status,
    header or body field (as a JSON path); before, after: the values as text, None if there is none."""

    exchange: str
    kind: Kind
    field: str
    before: str | None
    after: str | None


def differences(
    before: FlowState, after: FlowState, findings_before: Sequence[str] = (), findings_after: Sequence[str] = ()
) -> list[Difference]:
    """The differences of the second run from the first, by exchange; empty if the deployment behaves as before."""
    found = list(_run(before, after, findings_before, findings_after))
    left, right = answers_of(before), answers_of(after)
    bases = [state.inputs.base_url.rstrip("/") if state.inputs else "" for state in (before, after)]
    runs = TwoRuns(before.utc, after.utc, *bases)
    if before.mode != after.mode:  # a browser and a direct request get different answers
        left.pop("authorization-request", None)
        right.pop("authorization-request", None)
    # Only a person calls an endpoint with another credential than the token, after the run, so the other run does not.
    asked_after = {_called(probe) for state in (before, after) for probe in state.probes if probe.credential != "token"}
    only_once = asked_after & (left.keys() ^ right.keys())
    for name in [name for name in {**left, **right} if name not in only_once]:
        found += _exchange(name, left.get(name), right.get(name), runs)
    found += _fields("redirect", "redirect", _redirect(before), _redirect(after), runs)
    found += _fields("token-request", "claim", _claims(before), _claims(after), runs)
    return found


def sentence_of(changed: Sequence[Difference]) -> str:
    """The differences, counted in one sentence."""
    if not changed:
        return "Nothing changed: the server behaves as it did when the recording was made."
    places = list(dict.fromkeys(difference.exchange for difference in changed))
    count = "One thing" if len(changed) == 1 else f"{len(changed)} things"
    return f"{count} changed, in: {', '.join(places)}."


WEIGHTIEST = 3
"""The lines that are printed first if there are more than twice as many."""

_WEIGHTS: tuple[Kind, ...] = ("outcome", "status", "exchange", "finding", "redirect", "certificate", "input")


def weightiest(changed: Sequence[Difference]) -> Sequence[Difference]:
    """The few most important of many: the outcome, the server's answers, the findings."""
    if len(changed) <= 2 * WEIGHTIEST:
        return ()
    weights = {kind: at for at, kind in enumerate(_WEIGHTS)}
    return sorted(changed, key=lambda one: weights.get(one.kind, len(weights)))[:WEIGHTIEST]


def readable_differences(changed: Sequence[Difference], before: FlowState, after: FlowState) -> list[Difference]:
    """The differences for a person, with the name of the secret in place of each reference."""
    names = secret_names(before) | secret_names(after)
    return [replace(one, before=_readable(one.before, names), after=_readable(one.after, names)) for one in changed]


def _readable(text: str | None, names: Mapping[str, str]) -> str | None:
    return None if text is None else secrets_named(text, names)


def line_of(difference: Difference) -> str:
    """A difference as one line."""
    before, after = ("—" if value is None else value for value in (difference.before, difference.after))
    field = f" {difference.field}" if difference.field != difference.kind else ""
    return f"{difference.exchange}  {difference.kind}{field}: {before} → {after}"


def _redirect(state: FlowState) -> dict[str, str]:
    """The authorization response: its parameters, kind and verification."""
    answer = state.answer or state.held or state.doubtful
    if answer is None:
        return {}
    came = {name: "" if name == "code" else value for name, value in answer.redirect.params if name != "state"}
    return {"kind": answer.redirect.kind, "state": answer.verification, **came}


def _claims(state: FlowState) -> dict[str, str]:
    claims = json_object(state.token.payload if state.token else None)
    return value_fields(claims) if claims else {}


def _fields(
    name: str, kind: Kind, before: dict[str, str], after: dict[str, str], runs: TwoRuns
) -> Iterator[Difference]:
    unlike = before.keys().isdisjoint(after)
    for path in sorted(before.keys() | after.keys()):
        pair = before.get(path), after.get(path)
        if unlike and (_TIMES.search(path) or _VOLATILE.search(path)):
            continue
        if not runs.same(path, *pair):
            shown = (None if text is None else shortened(text, cut_at(text, MAX_SHOWN)) for text in pair)
            yield Difference(name, kind, path, *shown)


def _run(
    before: FlowState, after: FlowState, findings_before: Sequence[str], findings_after: Sequence[str]
) -> Iterator[Difference]:
    outcomes = [state.outcome.value if state.outcome else None for state in (before, after)]
    if outcomes[0] != outcomes[1]:
        yield Difference("run", "outcome", "outcome", *outcomes)
    # A known departure of the dialect comes with every answer of its kind, so it is not a difference.
    told = (
        (code for code in codes if not code.startswith("departure-")) for codes in (findings_before, findings_after)
    )
    left, right = map(dict.fromkeys, told)
    yield from (Difference("run", "finding", code, code, None) for code in left if code not in right)
    yield from (Difference("run", "finding", code, None, code) for code in right if code not in left)


Answered = Exchange | FailedExchange


def answers_of(state: FlowState) -> dict[str, Answered]:
    """The result of each request of ours, by its name in a difference."""
    found: dict[str, Answered | None] = {
        "authorization-request": state.authorization,
        "token-request": state.token_exchange,
    }
    if state.failure is not None:
        found[step_of(state.failure.step)] = state.failure.failed
    for probe in state.probes:
        found[_called(probe)] = probe.exchange or probe.failed
    return {name: exchange for name, exchange in found.items() if exchange is not None}


def _called(probe: ProbeResult) -> str:
    return probe.endpoint.name if probe.credential == "token" else f"{probe.endpoint.name} ({probe.credential})"


def _exchange(name: str, left: Answered | None, right: Answered | None, runs: TwoRuns) -> Iterator[Difference]:
    if not isinstance(left, Exchange) or not isinstance(right, Exchange):
        words = _in_words(left), _in_words(right)
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
    yield from _fields(name, "body", body_fields(old.body.data), body_fields(new.body.data), runs)
    yield from _timing(name, left.timing.total, right.timing.total)


def _in_words(exchange: Answered | None) -> str | None:
    if exchange is None:
        return None
    if isinstance(exchange, FailedExchange):
        return f"no answer: {exchange.fault.kind} {exchange.fault.reason}".rstrip()
    return f"an answer with status {exchange.response.status}"


def _timing(name: str, before: float, after: float) -> Iterator[Difference]:
    if after - before >= MIN_SECONDS and after >= before * MIN_RATIO:
        yield Difference(name, "timing", "total", f"{before * 1000:.0f} ms", f"{after * 1000:.0f} ms")


MAX_FIELDS = 2_000
"""The most fields of a body that are compared one by one, enough for a list of a few hundred users. A larger body is one field."""

MAX_WHOLE = 2_000
"""Characters of a body that is compared as one field."""

MAX_SHOWN = 200
"""Characters of a value that a difference quotes; the inspector shows all."""

CLOCK_SLACK = 120.0
"""Seconds by which the shift of a time may differ from that of the clock: servers round to minutes, and their clocks drift."""

_VOLATILE = pattern(r"\.(?:trace_?id|request_?id|correlation_?id|jti|nonce|sid|session_?id|state)$", re.IGNORECASE)
_TIMES = pattern(r"\.(?:exp|iat|nbf|auth_time|expiration|expires_(?:in|at|on))$", re.IGNORECASE)
"""The fields that differ between any two answers, so they are not worth a line if the whole answer is of another kind."""

_TRACE = pattern(r"\b[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b")


def normalised(text: str) -> str:
    """The text with every secret of the same shape, and every trace id, replaced by the same mark."""
    text = REFERENCE.sub(lambda found: f"~sealed.{found[3]}~", text)
    return _TRACE.sub("~trace-id~", text)


def same_header(name: str, before: str | None, after: str | None) -> bool:
    """Whether two values of a header mean the same. The `state` in a `Location` does not count: it is new in every run."""
    if before is None or after is None:
        return before == after
    if name == "location":
        before, after = (re.sub(r"([?&#]state=)[^&#]*", r"\1", text) for text in (before, after))
    return normalised(before) == normalised(after)


def body_fields(data: bytes) -> dict[str, str]:
    """The values of a body by JSON path; a body that is not JSON is one field, "$"."""
    reading = read_json(data) if data.strip()[:1] in (b"{", b"[") else None
    if reading is None or reading.error is not None:
        return {"$": shortened(decoded(data).strip(), MAX_WHOLE)} if data.strip() else {}
    return value_fields(reading.value)


def value_fields(value: Any) -> dict[str, str]:
    """A JSON value as texts by path, as `body_fields` gives them."""
    found = dict(islice(leaves(value, "$", lists=True), MAX_FIELDS + 1))
    if len(found) > MAX_FIELDS:
        return {"$": normalised(json.dumps(value, ensure_ascii=False, sort_keys=True))[:MAX_WHOLE]}
    return found


class TwoRuns(Struct, frozen=True):
    """The facts that may shift values between two runs. before, after: the start of each run in epoch seconds; base_before,
    base_after: its base URL."""

    before: float
    after: float
    base_before: str = ""
    base_after: str = ""

    def same(self, path: str, before: str | None, after: str | None) -> bool:
        """Whether two values of a field mean the same, or differ only because of time or base URL."""
        if before is None or after is None:
            return False
        if before == after or _VOLATILE.search(path) or normalised(before) == normalised(after):
            return True
        if self.base_before and normalised(before.replace(self.base_before, self.base_after)) == normalised(after):
            return True
        times = _time(before), _time(after)
        if times[0] is None or times[1] is None:
            return False
        moved, passed = times[1] - times[0], self.after - self.before
        return abs(moved - passed) <= CLOCK_SLACK


def _time(text: str) -> float | None:
    """A date or a number of epoch seconds or milliseconds, in epoch seconds; None for anything else."""
    if found := re.fullmatch(r"\d{10}(\d{3})?(?:\.\d+)?", text):
        return float(text) / (1000 if found[1] else 1)  # JavaScript's `Date.now()` is in milliseconds
    moment = read_date(text) if re.match(r"\d{4}-\d\d-\d\d[T ]", text) else None
    return moment.at if moment is not None else None
