"""The answers of the protected endpoints in two runs: one row for each endpoint and credential."""

from __future__ import annotations

from msgspec import Struct

from airisk_tui.flow.reading.follow_ups import last
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.request.edit import FollowUp

NOT_ASKED = "not asked"
CREDENTIALS = {
    "token": "",
    "none": "without a token",
    "broken": "with a broken token",
    "expired": "with an expired token",
}
"""Each credential of a probe in words; the run's own token needs none."""


class AccessRow(Struct, frozen=True):
    """The answers of an endpoint in two runs. endpoint: its name, such as `GET /api/GetConversations`; words: the credential, "" for
    the run's own token; left and right: the answer in words, "no answer", or NOT_ASKED."""

    endpoint: str
    words: str
    left: str
    right: str

    @property
    def name(self) -> str:
        """The endpoint and the credential in one."""
        return f"{self.endpoint} {self.words}".rstrip()

    @property
    def undocumented(self) -> bool:
        """Whether one of the two is not what the documentation says."""
        return "not as documented" in self.left + self.right

    @property
    def differs(self) -> bool:
        """Whether both runs asked and got different answers."""
        answers = [side.partition(",")[0] for side in (self.left, self.right)]
        return NOT_ASKED not in answers and answers[0] != answers[1]


def access_rows(left: FlowState, right: FlowState) -> tuple[AccessRow, ...]:
    """One row for everything that either run asked, in the order of the first request to each endpoint."""
    asked = dict.fromkeys((p.endpoint.name, p.credential) for state in (left, right) for p in state.probes)
    order = list(dict.fromkeys(name for name, _ in asked))
    followed = dict.fromkeys(one.step for state in (left, right) for one in state.followed)
    steps = (AccessRow(step, "", *(_followed(state, step) for state in (left, right))) for step in followed)
    probes = (
        AccessRow(name, CREDENTIALS[credential], *(_answered(state, name, credential) for state in (left, right)))
        for name, credential in sorted(asked, key=lambda one: order.index(one[0]))
    )
    return (*steps, *probes)


def _followed(state: FlowState, step: FollowUp) -> str:
    one = last(state, step)
    if one is None:
        return NOT_ASKED
    return str(one.exchange.response.status) if one.exchange is not None else "no answer"


def _answered(state: FlowState, name: str, credential: str) -> str:
    for probe in reversed(state.probes):
        if probe.endpoint.name == name and probe.credential == credential:
            if probe.exchange is None:
                return "no answer"
            known = probe.as_documented(state.inputs.kind if state.inputs else "generic")
            words = {True: ", as documented", False: ", not as documented", None: ""}[known]
            return f"{probe.exchange.response.status}{words}"
    return NOT_ASKED
