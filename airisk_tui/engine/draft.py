"""A draft: the inputs that a person is still editing, with raw secrets, in memory only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from airisk_tui.engine.config.environments import Environment, origins_of, with_fields
from airisk_tui.flow.start.fields import EMBEDDED
from airisk_tui.flow.start.inputs import Settings
from airisk_tui.flow.start.known import MAX_EARLIER, Host, Known, SeenCertificate
from airisk_tui.oauth.answer.endpoints import Endpoint, endpoint_of
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.mistakes import Mistake, check_client_secret
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.urls import origin

Changes = Mapping[str, Any]
"""Plain values by field of a draft: params and token_params as pairs of text; `fields`: names of the dialect that are changed."""

NO_CHANGES: Changes = MappingProxyType({})


class Draft(Settings, frozen=True, kw_only=True):
    """The settings with their secrets, and what the environment tells about the deployment (`engine.config.environments`)."""

    client_secret: Secret | None = None
    bearer: Secret | None = None
    userid: str = ""
    ca_file: str | None = None
    registered: tuple[str, ...] | None = None
    clients: tuple[str, ...] | None = None
    users: tuple[str, ...] | None = None

    @classmethod
    def of(cls, environment: Environment, state: str | None) -> Draft:
        """What the environment says, with this state."""
        return cls(
            environment=environment.name, state=state, **{name: getattr(environment, name) for name in _of_both()}
        )

    def as_environment(self, name: str, endpoints: tuple[Endpoint, ...]) -> Environment:
        """An environment with the values of this draft. endpoints: what may be probed there."""
        return Environment(name=name, endpoints=endpoints, **{each: getattr(self, each) for each in _of_both()})

    def to(self, **changes: Any) -> Draft:
        """The same draft with some fields changed."""
        return replace(self, **changes)

    def with_changes(self, changes: Changes) -> Draft:
        """The same draft with what the command line or the form changes. ConfigurationError for a field that the dialect lacks."""
        values = dict(changes)
        renamed = values.pop("fields", None)
        if values.get("issuer"):
            values = {"base_url": "", "dialect": self.dialect if self.standard else STANDARD, **values}
        elif values.get("base_url"):
            values["issuer"] = ""
        if renamed:
            values["dialect"] = with_fields("Among the options", values.get("dialect", self.dialect), renamed)
        for name in {"params", "token_params"} & values.keys():
            values[name] = Params(tuple(values[name]))
        if "probes" in values:
            values["probes"] = tuple(map(endpoint_of, values["probes"]))
        return self.to(**values)

    @property
    def origins(self) -> frozenset[str]:
        """The origins that its requests go to."""
        return origins_of(self.issuer or self.base_url, self.dialect, self.probes)

    def bound(self) -> Draft:
        """The draft with its client secret for its own requests alone, where it has come without a server that it is for."""
        secret = self.client_secret
        if secret is None or secret.origins is not None or not self.origins:
            return self
        return self.to(client_secret=Secret(secret.reveal(), self.origins))

    def agreed(self) -> Draft:
        """The draft whose client secret may go where it is sent, because the person was asked."""
        secret = self.client_secret
        if secret is None or secret.origins is None:
            return self
        return self.to(client_secret=Secret(secret.reveal(), secret.origins | self.origins))

    @property
    def stranger_to_its_secret(self) -> str:
        """The origin that the token request would carry the client secret to, though it was given for another; "" for none."""
        secret, there = self.client_secret, origin(self.token_url)
        if secret is None or secret.origins is None or not self.exchange or self.environment in EMBEDDED:
            return ""
        return "" if there in secret.origins else there

    def _mistakes(self) -> Iterator[Mistake]:
        yield from Settings._mistakes(self)
        yield from self._in_secret()

    def _in_secret(self) -> tuple[Mistake, ...]:
        return tuple(check_client_secret(self.client_secret.reveal())) if self.client_secret else ()

    def _taken_from(self, environment: Environment) -> tuple[str, ...]:
        plain = Environment(name="")
        kept = (name for name in _of_both() if getattr(environment, name) != getattr(plain, name))
        return tuple(sorted(name for name in kept if getattr(environment, name) == getattr(self, name)))

    def known(
        self,
        host: Host,
        earlier: tuple[str, ...] = (),
        environment: Environment | None = None,
        certificates: tuple[SeenCertificate, ...] = (),
    ) -> Known:
        """What a reader of the log could not find out again, its texts not yet sealed."""
        return Known(
            registered=self.registered,
            clients=self.clients,
            users=self.users,
            secret_mistakes=tuple(mistake.code for mistake in self._in_secret()),
            ca_file=self.ca_file or "",
            earlier=earlier[-MAX_EARLIER:],
            of_environment=self._taken_from(environment) if environment is not None else (),
            certificates=certificates,
            host=host,
        )


@cache
def _of_both() -> frozenset[str]:
    """The names of what a draft and an environment have in common."""
    return frozenset({*Draft.__struct_fields__} & {*Environment.__struct_fields__})
