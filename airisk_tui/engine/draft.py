"""A draft: what the form or the command line holds before a run, the raw secret in memory only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from airisk_tui.engine.environments import with_fields
from airisk_tui.flow.inputs import DEFAULT_TIMEOUT, NONE, Inputs, Mode
from airisk_tui.flow.known import MAX_EARLIER, Host, Known
from airisk_tui.oauth.dialect import AIRISK, Dialect, Encoding
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.oauth.mistakes import Mistake, check_client_secret
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.redaction.sealer import Sealer

Changes = Mapping[str, Any]
"""Plain values by field of a draft: params and token_params as pairs of text; `fields`: names of the dialect that are changed."""

NO_CHANGES: Changes = MappingProxyType({})

UNSEALED = SecretView("", 0)
"""Stands for a secret that is there, where only its being there matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """As `flow.inputs.Inputs`, with the secrets raw. state: the value to send, or None to send none."""

    environment: str
    base_url: str
    client_id: str
    redirect_uri: str
    client_secret: Secret | None = None
    userid: str = ""
    state: str | None = None
    encoding: Encoding = "form"
    mode: Mode = "browser"
    dialect: Dialect = AIRISK
    params: Params = NONE
    token_params: Params = NONE
    bearer: Secret | None = None
    carry_cookies: bool = False
    exchange: bool = True
    probes: tuple[Endpoint, ...] = ()
    timeout: float = DEFAULT_TIMEOUT
    verify_tls: bool = True
    ca_file: str | None = None
    registered: tuple[str, ...] | None = None
    clients: tuple[str, ...] | None = None
    users: tuple[str, ...] | None = None

    def _inputs(self, secret: SecretView | None, **more: Any) -> Inputs:
        shared: tuple[str, ...] = (
            "environment",
            "encoding",
            "mode",
            "dialect",
            "carry_cookies",
            "exchange",
            "probes",
            "timeout",
            "verify_tls",
            "state",
        )
        shared += ("client_id", "base_url", "redirect_uri", "params", "token_params")
        values = {name: getattr(self, name) for name in shared}
        return Inputs(**{**values, "userid": self.userid or None, "client_secret": secret, **more})

    def plain(self) -> Inputs:
        """The inputs for a look ahead (preview, mistakes); never for the log."""
        return self._inputs(UNSEALED if self.client_secret else None, bearer=UNSEALED if self.bearer else None)

    def mistakes(self) -> tuple[Mistake, ...]:
        """Everything that is wrong with it, the secret's form included."""
        secret = tuple(check_client_secret(self.client_secret.reveal())) if self.client_secret else ()
        return (*self.plain().mistakes(), *secret)

    def preview(self) -> Params:
        """The authorization request's parameters in order, as they will be sent."""
        return self.plain().authorization_params

    @property
    def authorization_url(self) -> str:
        """The exact URL of the authorization request."""
        return self.plain().authorization_url

    def known(self, sealer: Sealer, host: Host, earlier: tuple[str, ...] = ()) -> Known:
        """What a reader of the log could not find out again."""
        secret = tuple(check_client_secret(self.client_secret.reveal())) if self.client_secret else ()
        registered = None if self.registered is None else sealer.urls(*self.registered)
        return Known(
            registered=registered,
            clients=self.clients,
            users=self.users,
            mistakes=secret,
            earlier=earlier[-MAX_EARLIER:],
            environment=host,
        )

    def sealed(self, sealer: Sealer, challenge: str | None = None, verifier: str | None = None) -> Inputs:
        """The inputs as they may enter the log: every secret a placeholder or a view."""
        secret = sealer.learn(self.client_secret.reveal()) if self.client_secret else None
        base_url, redirect_uri = sealer.urls(self.base_url, self.redirect_uri)
        return self._inputs(
            secret,
            client_id=sealer.text(self.client_id),
            base_url=base_url,
            redirect_uri=redirect_uri,
            params=_sealed(self.params, sealer),
            token_params=_sealed(self.token_params, sealer),
            bearer=sealer.learn(self.bearer.reveal()) if self.bearer else None,
            challenge=challenge,
            verifier=sealer.learn(verifier) if verifier else None,
        )

    def to(self, **changes: Any) -> Draft:
        """The same draft with some fields changed."""
        return replace(self, **changes)

    def with_changes(self, changes: Changes) -> Draft:
        """The same draft with what the command line or the form changes. ConfigurationError for a field that the dialect lacks."""
        values = dict(changes)
        fields = values.pop("fields", None)
        if fields:
            values["dialect"] = with_fields("Among the options", self.dialect, fields)
        for name in {"params", "token_params"} & values.keys():
            values[name] = Params(tuple(values[name]))
        return self.to(**values)


def _sealed(params: Params, sealer: Sealer) -> Params:
    return Params(tuple((name, sealer.field(name, value)) for name, value in params))
