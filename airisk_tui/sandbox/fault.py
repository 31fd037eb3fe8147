"""Faults: a name, a sentence, and the hooks by which a server misbehaves; and choosing faults by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from airisk_tui.sandbox.answer import Answer, Json, Redirect
from airisk_tui.sandbox.call import Call, Where
from airisk_tui.sandbox.data.grants import Grant, Life
from airisk_tui.sandbox.data.registry import SandboxData

F = TypeVar("F")

Answering = Callable[[Any], Answer | None]
"""Answers a request in place of an endpoint, or returns None to let the endpoint answer."""


class NamedFault(Struct, frozen=True):
    """The common part of the faults of both servers. where: the place that misbehaves, or "everywhere"; answer: the answer in place
    of the endpoint, or a function that returns it; policy: the fields of the server's policy that the fault sets."""

    where: str
    name: str
    sentence: str
    answer: Answer | Answering | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)

    @property
    def described(self) -> dict[str, Json]:
        """Name, place and sentence, as JSON."""
        return {"name": self.name, "where": self.where, "sentence": self.sentence}


def chosen(names: Iterable[str], menu: Mapping[str, F]) -> tuple[F, ...]:
    """The faults with these names, each once, in their order. Raises ValueError, with a suggestion, for an unknown name."""
    return tuple(_known(name, menu) for name in dict.fromkeys(names))


def _known(name: str, menu: Mapping[str, F]) -> F:
    if name in menu:
        return menu[name]
    near = get_close_matches(name, menu, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    where = "`airisk-tui sandbox --list-faults` lists them, with `--dialect standard` those of the issuer."
    raise ValueError(f"The sandbox has no fault named “{name}”.{hint} {where}")


class CommonPolicy(Struct, frozen=True):
    """The behaviour of either server that faults can change. skew: the error of its clock in seconds."""

    skew: float = 0.0


P = TypeVar("P", bound=CommonPolicy)


def under(policy: P, faults: Iterable[NamedFault]) -> P:
    """The policy after the changes of the faults; fields that are sets become the union of the faults' sets."""
    for fault in faults:
        for name, value in fault.policy.items():
            before = getattr(policy, name)
            policy = replace(policy, **{name: before | value if isinstance(value, frozenset) else value})
    return policy


class Policy(CommonPolicy, frozen=True):
    """The behaviour of the AIRisk server that faults can change."""

    reads_form: bool = True
    reads_json: bool = True
    token_moved: bool = False
    codes_shared: bool = True
    userid_from_token_request: bool = False
    generic_reaches_all: bool = False
    stray_space: bool = False
    slow: frozenset[Where] = frozenset()


class Fault(NamedFault, frozen=True, kw_only=True):
    """One way in which the AIRisk server misbehaves. A hook that is left out changes nothing.

    answer: at `authorize` it applies only if client, redirect URI and user are valid. redirect: changes the redirect to the
    application. around: text before the token endpoint's JSON. grant: changes the grant of the code. token: changes the token
    endpoint's JSON. users: changes the JSON of ListUsers.
    """

    redirect: Callable[[Redirect], Redirect] = lambda redirect: redirect
    grant: Callable[[Grant, SandboxData], Grant] = lambda grant, _data: grant
    token: Callable[[dict[str, Json], Life], Json] = lambda body, _life: body
    users: Callable[[Json, Call], Json] = lambda document, _call: document
    around: bytes = b""
