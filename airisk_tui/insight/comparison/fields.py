"""Two runs side by side: what differs, what is equal, and what differs in any two runs.

Any two runs can be compared: a generic and a user-specific one, today's and a recording's, two users', two environments'.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.reading.follow_ups import is_fine, last, members_of
from airisk_tui.flow.reading.rail import NOT_ASKED, rail
from airisk_tui.flow.state import FlowState, secret_names
from airisk_tui.insight.fix import with_secret_names
from airisk_tui.insight.reading.run import affinity, token_json
from airisk_tui.oauth.text.lenient_json import json_object
from airisk_tui.oauth.text.members import leaves

Relation = Literal["same", "different", "only-left", "only-right", "volatile", "not-asked"]
"""volatile: differs between any two runs (times, identifiers, the code, the fingerprint); not-asked: one of the runs did not
ask for it, so the two cannot be compared."""

Section = Literal["Request", "Steps", "Code", "Token", "Claims", "Header", "ID token", "Userinfo"]

VOLATILE_CLAIMS = frozenset({"iat", "exp", "nbf", "jti", "auth_time", "at_hash", "c_hash", "nonce", "sid", "uti", "rh"})
"""RFC 7519 §4.1's times and identifier, and what common servers make anew for each token."""

MAX_CLAIM_ROWS = 2_000
"""Rows; a claims set of this size no longer fits any header, so no such token can be used."""


class Row(Struct, frozen=True):
    """One thing in both runs; None where a run does not have it."""

    section: Section
    field: str
    left: str | None
    right: str | None
    relation: Relation

    @property
    def differs(self) -> bool:
        """Whether it counts as a difference."""
        return self.relation in ("different", "only-left", "only-right")


def compare(left: FlowState, right: FlowState) -> tuple[Row, ...]:
    """Every row, in the order of the flow."""
    return (
        *_request(left, right),
        *_steps(left, right),
        *_code(left, right),
        *_token(left, right),
        *claims_rows("Header", token_json(left, "header"), token_json(right, "header")),
        *claims_rows("Claims", token_json(left, "payload"), token_json(right, "payload")),
        *claims_rows("ID token", _of_id_token(left), _of_id_token(right)),
        *claims_rows("Userinfo", _userinfo(left), _userinfo(right)),
    )


def differences(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows that count as differences."""
    return tuple(row for row in rows if row.differs)


def readable(rows: tuple[Row, ...], left: FlowState, right: FlowState) -> tuple[Row, ...]:
    """The rows for a person, with the names that the two runs have for their secrets."""
    names = secret_names(left) | secret_names(right)
    return tuple(with_secret_names(one, names) for one in rows)


def row(section: Section, field: str, left: str | None, right: str | None, *, volatile: bool = False) -> Row:
    """A row with its relation worked out."""
    if left == right:
        return Row(section, field, left, right, "same")
    if volatile and left is not None and right is not None:
        return Row(section, field, left, right, "volatile")
    relation: Relation = "only-right" if left is None else "only-left" if right is None else "different"
    return Row(section, field, left, right, relation)


def _request(left: FlowState, right: FlowState) -> Iterator[Row]:
    if left.inputs is None or right.inputs is None:
        return
    a, b = left.inputs, right.inputs
    yield row("Request", "environment", a.environment, b.environment)
    yield row("Request", "issuer" if a.issuer else "base URL", a.base_url, b.base_url)
    asked = a.asked_params, b.asked_params
    names = dict.fromkeys([name for params in asked for name, _ in params])
    for name in names:
        one, other = (", ".join(params.all(name)) or None for params in asked)
        yield row("Request", name, one, other, volatile=name in ("state", "nonce", "code_challenge"))
    yield row("Request", "token request body", a.encoding, b.encoding)
    if not (a.standard and b.standard):
        yield row("Request", "carries a bearer token", _yes(a.bearer is not None), _yes(b.bearer is not None))
    if a.standard or b.standard:
        yield row("Request", "client authentication", a.dialect.client_auth, b.dialect.client_auth)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _steps(left: FlowState, right: FlowState) -> Iterator[Row]:
    for one, other in zip(rail(left), rail(right), strict=True):
        asked = NOT_ASKED not in (one.summary, other.summary)
        made = row(
            "Steps", one.title, *("not asked" if step.summary == NOT_ASKED else step.status for step in (one, other))
        )
        yield made if asked or made.relation == "same" else replace(made, relation="not-asked")
    cookies = _instance(left), _instance(right)
    if any(cookies):
        yield row("Steps", "ARRAffinity cookie", *cookies, volatile=True)


def _instance(state: FlowState) -> str | None:
    """The fingerprint of the load balancer's cookie in the token endpoint's answer, which names the instance that gave it."""
    cookie = affinity(state.token_exchange.response.headers) if state.token_exchange is not None else None
    view = state.view(cookie) if cookie is not None else None
    return view.fingerprint if view is not None else None


def _code(left: FlowState, right: FlowState) -> Iterator[Row]:
    yield row("Code", "length", *(str(s.code.length) if s.code else None for s in (left, right)))
    yield row("Code", "fingerprint", *(s.code.fingerprint if s.code else None for s in (left, right)), volatile=True)


def _token(left: FlowState, right: FlowState) -> Iterator[Row]:
    for field, volatile in (("shape", False), ("length", True), ("fingerprint", True)):
        values = (str(getattr(s.token, field)) if s.token else None for s in (left, right))
        yield row("Token", field, *values, volatile=volatile)
    yield row("Token", "lifetime", *(_lifetime(s) for s in (left, right)))
    for field in ("token_type", "scope"):
        answers = (s.token_answer.token if s.token_answer else None for s in (left, right))
        yield row("Token", field, *(getattr(a, field) if a else None for a in answers))


def _lifetime(state: FlowState) -> str | None:
    """The token's lifetime in minutes, so that the second that an answer took makes no difference."""
    answer = state.token_answer.token if state.token_answer else None
    if answer is None or answer.expiry is None or answer.expiry.at is None or state.token_exchanged_at is None:
        return None
    minutes = round((answer.expiry.at - state.utc - state.token_exchanged_at) / 60)
    return f"{minutes} min"


def _of_id_token(state: FlowState) -> dict[str, Any]:
    return json_object(state.id_token.payload if state.id_token is not None else None)


def _userinfo(state: FlowState) -> dict[str, Any]:
    """The members of userinfo's answer; none if it refused the token."""
    one = last(state, "userinfo")
    return members_of(one) if one is not None and is_fine(one) else {}


def claims_rows(section: Section, left: dict[str, Any], right: dict[str, Any]) -> Iterator[Row]:
    """Claims by their path, whatever their order: `realm_access.roles` is one row."""
    a, b = (dict(leaves(claims)) if claims else {} for claims in (left, right))
    for count, path in enumerate(dict.fromkeys((*a, *b))):
        if count >= MAX_CLAIM_ROWS:
            return
        volatile = path.partition(".")[0] in VOLATILE_CLAIMS
        yield row(section, path, a.get(path), b.get(path), volatile=volatile)
