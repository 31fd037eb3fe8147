"""What is told of two runs side by side, and of a machine before a run."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.doctor import BoundAddress, MachineFacts
from airisk_tui.flow.start.known import Host
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison.verdict import judge
from airisk_tui.insight.doctor import advise
from tests.insight.counters.base import COUNTERS, Counter
from tests.insight.test_comparison import ADA, GENERIC, JUDGED, state, with_answer
from tests.insight.test_doctor import BAD_MACHINES, HEALTHY, LOCALHOST
from tests.runs import URI, page, response


def of_runs(code: str, *pairs: tuple[FlowState, FlowState]) -> None:
    """Each pair of runs refutes the finding of the first judged pair that has it."""
    known = next(runs for runs in JUDGED if code in {found.code for found in judge(*runs).findings})
    for runs in pairs:
        COUNTERS.append(Counter(code, lambda: judge(*known).findings, lambda runs=runs: judge(*runs).findings))


def of_machines(code: str, *machines: MachineFacts) -> None:
    """Each machine refutes the advice of the one that it is given for."""
    bad = next(facts for known, facts in BAD_MACHINES if known == code)
    for facts in machines:
        COUNTERS.append(Counter(code, lambda: advise(bad), lambda facts=facts: advise(facts)))


ADAS = state(ADA, "user_42", "70cf", (200, 200))
of_runs("tokens-alike", (state(GENERIC), ADAS))
of_runs("token-for-another-user", (state(GENERIC), state({**ADA, "sub": "x", "userid": "user_42"}, "user_42", "70cf")))
of_runs(
    "access-too-wide",
    *(
        (with_answer(state(GENERIC, statuses=(200, 200)), one), ADAS)
        for one in (page(200), response(200, '{"error":"no"}'))
    ),
)
of_runs(
    "access-too-narrow",
    *(
        (state(GENERIC), with_answer(ADAS, one))
        for one in (
            response(403, '{"message":"The account is suspended"}', "application/json"),
            response(403, '{"message":"No API key found in request"}', "application/json"),
        )
    ),
)

of_machines("doctor-uri", HEALTHY)
for code in ("doctor-busy", "doctor-privileged", "doctor-excluded"):
    of_machines(code, replace(HEALTHY, addresses=(BoundAddress("127.0.0.1", "unavailable"),)), HEALTHY)
of_machines("doctor-unregistered", replace(HEALTHY, registered=(URI + "/", URI)))
of_machines("doctor-listen", replace(HEALTHY, listen="127.0.0.1:9000"))
of_machines("doctor-family", LOCALHOST)
of_machines("doctor-localhost", replace(LOCALHOST, resolves=("127.0.0.1", "::1")))
of_machines(
    "doctor-not-here", HEALTHY, replace(HEALTHY, redirect_uri="https://app.example.com/cb", listen="127.0.0.1:9000")
)
of_machines(
    "doctor-elsewhere",
    HEALTHY,
    replace(HEALTHY, host=Host(container=True), listen="0.0.0.0:8765", listen_publicly=True),
)
of_machines("doctor-browser", HEALTHY, replace(HEALTHY, browser=None, mode="paste"))
of_machines("doctor-public", replace(HEALTHY, listen="127.0.0.1:9000", listen_publicly=True))
