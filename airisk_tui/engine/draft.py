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
"""Values by field of a draft. params, token_params: pairs of texts; fields: changed names of the dialect; probes: texts."""

NO_CHANGES: Changes = MappingProxyType({})


class Draft(Settings, frozen=True, kw_only=True):
    """The settings with raw secrets, and the facts that the environment knows about the deployment (`engine.config.environments`)."""

    client_secret: Secret | None = None
    bearer: Secret | None = None
    userid: str = ""
    ca_file: str | None = None
    registered: tuple[str, ...] | None = None
    clients: tuple[str, ...] | None = None
    users: tuple[str, ...] | None = None

    @classmethod
    def of(cls, environment: Environment, state: str | None) -> Draft:
        """A draft with the values of an environment. state: the value to send, or None."""
        return cls(
            environment=environment.name, state=state, **{name: getattr(environment, name) for name in _shared_names()}
        )

    def as_environment(self, name: str, endpoints: tuple[Endpoint, ...]) -> Environment:
        """An environment with the values of this draft. endpoints: those that may be probed there."""
        return Environment(name=name, endpoints=endpoints, **{each: getattr(self, each) for each in _shared_names()})

    def to(self, **changes: Any) -> Draft:
        """The draft with some fields changed."""
        return replace(self, **changes)

    def with_changes(self, changes: Changes) -> Draft:
        """The draft with the changes of the command line or the form. Raises ConfigurationError for a name that the dialect does not
        have."""
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
        """The origins of its requests."""
        return origins_of(self.issuer or self.base_url, self.dialect, self.probes)

    def bound(self) -> Draft:
        """The draft with its client secret limited to the origins of its requests, if it has no origins yet."""
        secret = self.client_secret
        if secret is None or secret.origins is not None or not self.origins:
            return self
        return self.to(client_secret=Secret(secret.reveal(), self.origins))

    def agreed(self) -> Draft:
        """The draft whose client secret may go to the origins of its requests, too. Call it after the person agreed."""
        secret = self.client_secret
        if secret is None or secret.origins is None:
            return self
        return self.to(client_secret=Secret(secret.reveal(), secret.origins | self.origins))

    @property
    def stranger_to_its_secret(self) -> str:
        """The origin of the token request, if its client secret was given for other origins; else ""."""
        secret, there = self.client_secret, origin(self.token_url)
        if secret is None or secret.origins is None or not self.exchange or self.environment in EMBEDDED:
            return ""
        return "" if there in secret.origins else there

    def _mistakes(self) -> Iterator[Mistake]:
        yield from Settings._mistakes(self)
        yield from self._in_secret()

    def _in_secret(self) -> tuple[Mistake, ...]:
        return tuple(check_client_secret(self.client_secret.reveal())) if self.client_secret else ()

    def _values_from(self, environment: Environment) -> tuple[str, ...]:
        """The names of the fields whose values the environment gave."""
        plain = Environment(name="")
        kept = (name for name in _shared_names() if getattr(environment, name) != getattr(plain, name))
        return tuple(sorted(name for name in kept if getattr(environment, name) == getattr(self, name)))

    def known(
        self,
        host: Host,
        earlier: tuple[str, ...] = (),
        environment: Environment | None = None,
        certificates: tuple[SeenCertificate, ...] = (),
    ) -> Known:
        """The facts to record with the start. Their texts are not yet sealed."""
        return Known(
            registered=self.registered,
            clients=self.clients,
            users=self.users,
            secret_mistakes=tuple(mistake.code for mistake in self._in_secret()),
            ca_file=self.ca_file or "",
            earlier=earlier[-MAX_EARLIER:],
            of_environment=self._values_from(environment) if environment is not None else (),
            certificates=certificates,
            host=host,
        )


@cache
def _shared_names() -> frozenset[str]:
    """The names of the fields that a draft and an environment share."""
    return frozenset({*Draft.__struct_fields__} & {*Environment.__struct_fields__})
