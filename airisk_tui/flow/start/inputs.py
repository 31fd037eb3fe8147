"""What a run is started with: the person's choices, with secrets only as references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from airisk_tui.oauth.answer.endpoints import Endpoint, TokenKind
from airisk_tui.oauth.dialect import AIRISK, Dialect, Encoding
from airisk_tui.oauth.loopback import can_listen_on
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import authorization_params, authorization_request
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.request.edit import Edit, FollowUp, Step
from airisk_tui.oauth.request.mistakes import (
    Mistake,
    check_base_url,
    check_client_id,
    check_issuer,
    check_listen,
    check_redirect_uri,
    check_state,
    check_userid,
)
from airisk_tui.oauth.request.planned import (
    Credentials,
    PlannedField,
    PlannedRequest,
    Values,
    as_reference,
    edited,
    rendered,
    with_references,
)
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.oauth.urls import endpoint_url, host_of, query_of, same_origin

Mode = Literal["browser", "direct", "paste", "device"]

ClientAuthChoice = Literal["auto", "basic", "post", "none", "private_key_jwt", "client_secret_jwt"]
"""auto: by the dialect, the metadata, and what there is to show (`flow.server`)."""

PkceChoice = Literal["auto", "on", "off", "wrong"]
"""wrong: with a verifier that does not fit, so that it is seen whether the server looks at it (RFC 7636 §4.6)."""
ParChoice = Literal["auto", "on", "off"]
"""Whether the authorization request is pushed (RFC 9126). auto: where the metadata demands it."""

ResponseMode = Literal["query", "form_post", "fragment"]
"""How the answer comes to the redirect URI (OAuth 2.0 Multiple Response Type Encoding Practices §2.1; OAuth 2.0 Form Post
Response Mode). The first one is what a server does anyway, and is not sent."""

NONE = Params()

DEFAULT_TIMEOUT = 300.0
"""Seconds to wait for a person in a browser (threats.md L11)."""


def _without_references(text: str) -> str:
    """The text with a plain word in the place of each reference, whose marks nobody typed."""
    return REFERENCE.sub("sealed", text)


class Deployment(Struct, frozen=True, kw_only=True):
    """What is kept of a server and of the client that is registered there: the part that an environment (`engine.config.environments`) and
    what a run is asked to do share.

    listen: where the listener is, as "127.0.0.1:9000", or "" for where the redirect URI leads; listen_publicly: it may be an
    address that other machines reach. issuer: of a server that is known by its metadata, or ""; the base URL is then the same.
    scope: "" for what the server is likely to want, None to send none. client_key: the path of a private key.
    """

    base_url: str = ""
    issuer: str = ""
    client_id: str = ""
    redirect_uri: str = "http://127.0.0.1:8765/callback"
    listen: str = ""
    listen_publicly: bool = False
    scope: str | None = ""
    client_auth: ClientAuthChoice = "auto"
    client_key: str = ""
    pkce: PkceChoice = "auto"
    par: ParChoice = "auto"
    response_mode: ResponseMode = "query"
    encoding: Encoding = "form"
    dialect: Dialect = AIRISK
    verify_tls: bool = True


class Settings(Deployment, frozen=True, kw_only=True):
    """What a run is asked to do: the part that a draft (`engine.draft`) and the inputs of a started run share.

    state: the value to send, or None to send none; bearer: a generic token that the token request carries (protocol.md, step 2);
    challenge: PKCE's, made at the start when the dialect asks for it; exchange: False stops at the code; carry_cookies: the cookies
    of our own authorization request go with the token request; probes: endpoints asked with the new token as the last step; timeout:
    seconds to wait for the redirect. edits: what is changed in the requests before they are sent; hold: the steps that wait before
    they go on, so that a person may edit them. nonce: "" for a fresh one, None for none. then: the steps with the token.
    """

    # Without a default here, although `Deployment` has one: a recording leaves out what has its default (`recording.disk.codec`),
    # and is to name these in full.
    environment: str
    base_url: str
    client_id: str
    redirect_uri: str
    nonce: str | None = ""
    client_secret: Secret | SecretView | None = None
    userid: str | None = None
    state: str | None = None
    mode: Mode = "browser"
    params: Params = NONE
    token_params: Params = NONE
    bearer: Secret | SecretView | None = None
    challenge: str | None = None
    exchange: bool = True
    carry_cookies: bool = False
    probes: tuple[Endpoint, ...] = ()
    timeout: float = DEFAULT_TIMEOUT
    edits: tuple[Edit, ...] = ()
    hold: tuple[Step, ...] = ()
    then: tuple[FollowUp, ...] = ()

    @property
    def kind(self) -> TokenKind:
        """Without a userid the token is the application's own (protocol.md, step 1)."""
        return "user-specific" if self.userid else "generic"

    @property
    def kind_name(self) -> Literal[TokenKind, "standard"]:
        """The kind as a recording's name and a report have it; a standard server knows none."""
        return "standard" if self.standard else self.kind

    @property
    def authorize_url(self) -> str:
        """Where the authorization request goes."""
        return endpoint_url(self.issuer or self.base_url, self.dialect.authorize_path)

    @property
    def token_url(self) -> str:
        """Where a code, a refresh token or the code of a device is redeemed."""
        return endpoint_url(self.issuer or self.base_url, self.dialect.token_path)

    @property
    def has_one_origin(self) -> bool:
        """Whether the authorization and the token endpoint are of one origin, so that a browser would send cookies on."""
        return same_origin(self.authorize_url, self.token_url)

    @property
    def push_url(self) -> str:
        """Where the authorization request is pushed (RFC 9126)."""
        return endpoint_url(self.issuer or self.base_url, self.dialect.pushed_authorization_request_endpoint)

    @property
    def device_url(self) -> str:
        """Where the codes of a device are asked for (RFC 8628)."""
        return endpoint_url(self.issuer or self.base_url, self.dialect.device_authorization_endpoint)

    @property
    def whole_authorization_request(self) -> PlannedRequest:
        """The authorization request with all its parameters, without the edits. Of a browser's request only the URL is ours."""
        params = authorization_params(
            self.dialect,
            client_id=self.client_id,
            redirect_uri=self.redirect_uri,
            userid=self.userid or None,
            state=self.state,
            challenge=self.challenge,
            scope=self.scope or None,
            nonce=self.nonce or None,
            response_mode=None if self.response_mode == "query" else self.response_mode,
            extra=self.params,
        )
        return authorization_request(self.base_url, self.dialect, params)

    @property
    def meant_authorization_request(self) -> PlannedRequest:
        """The authorization request without the edits."""
        return self.whole_authorization_request

    @property
    def authorization_request(self) -> PlannedRequest:
        """The authorization request as it is sent."""
        return edited(self.meant_authorization_request, self.edits, "authorization", self.values)

    @property
    def authorization_params(self) -> Params:
        """The parameters of the authorization request as they are sent, in order."""
        return with_references(self.authorization_request.params)

    @property
    def authorization_url(self) -> str:
        """The exact URL of the authorization request. A query in the endpoint is kept (RFC 6749 §3.1)."""
        return rendered(self.authorization_request, as_reference).url

    @property
    def values(self) -> Values:
        """What the placeholders of edits stand for, as far as it is known before anything is sent."""
        secret = self.client_secret if isinstance(self.client_secret, SecretView) else None
        bearer = self.bearer if isinstance(self.bearer, SecretView) else None
        known: dict[str, str | SecretView | Credentials | None] = {
            "client_id": self.client_id,
            "client_secret": secret,
            "redirect_uri": self.redirect_uri,
            "userid": self.userid,
            "state": self.state,
            "bearer": bearer,
            "code_challenge": self.challenge,
            "basic": Credentials(self.client_id, secret, encoded=False) if secret else None,
        }
        return {name: value for name, value in known.items() if value is not None}

    def placed(self, edit: Edit) -> Edit:
        """An edit with the client's own secrets by their placeholders, as another run can have it."""
        value = edit.value
        for name, view in (("client_secret", self.client_secret), ("bearer", self.bearer)):
            value = value.replace(view.reference, f"{{{name}}}") if isinstance(view, SecretView) else value
        return replace(edit, value=value)

    @property
    def sent_states(self) -> tuple[str, ...]:
        """Every value of the parameter `state` that the authorization request carries."""
        if not self.edits:
            return () if self.state is None else (self.state,)
        return self.asked_params.all("state")

    @property
    def asked_params(self) -> Params:
        """The parameters that the server is asked with, as they are sent."""
        return Params.parse(query_of(self.authorization_url))

    @property
    def asked_mode(self) -> str:
        """The response mode that the request asks for; an extra parameter of that name comes first."""
        return self.params.get("response_mode") or self.response_mode

    @property
    def standard(self) -> bool:
        """Whether the server is one of the standard dialect, and not AIRisk."""
        return self.dialect.name != "airisk"

    @property
    def wants_pkce(self) -> bool:
        """Whether a challenge is made at the start; metadata may say later that this server cannot read it."""
        return self.pkce in ("on", "wrong") or (self.pkce == "auto" and self.dialect.pkce)

    @property
    def needs_secret(self) -> bool:
        """Whether the token request cannot be made without a client secret. A client of the standard dialect may be public."""
        return self.client_auth in ("basic", "post", "client_secret_jwt") or (
            self.client_auth == "auto" and not self.standard
        )

    @property
    def listens(self) -> bool:
        """Whether the listener can hear the redirect: it leads to this machine, and a browser follows it."""
        if self.mode in ("direct", "device"):
            return False
        if self.listen:
            return True
        return can_listen_on(host_of(self.redirect_uri))

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Everything that is wrong with the inputs themselves; those of severity "error" keep the run from starting."""
        return tuple(self._mistakes())

    def _mistakes(self) -> Iterator[Mistake]:
        yield from check_issuer(self.issuer) if self.issuer else check_base_url(self.base_url)
        yield from check_client_id(_without_references(self.client_id))
        if self.mode != "device":  # which nothing is redirected to
            listens_here = self.mode == "browser" and not self.listen
            yield from check_redirect_uri(_without_references(self.redirect_uri), listening=listens_here)
        if self.par == "on" and not self.issuer and not self.dialect.pushed_authorization_request_endpoint:
            words = "Pushing the request needs an endpoint; set the issuer, whose metadata names it, or the endpoint itself."
            yield Mistake("issuer", "push-endpoint-missing", words)
        if self.mode == "device" and not self.issuer:
            words = "The mode device needs a server that is known by its issuer, whose metadata names the endpoint; set the issuer."
            yield Mistake("issuer", "issuer-missing", words)
        yield from check_listen(self.listen, publicly=self.listen_publicly)
        yield from check_userid(_without_references(self.userid or ""))
        yield from check_state(_without_references(self.state or ""))
        if self.exchange and not self.client_secret and self.needs_secret:
            words = "There is no client secret, and the token request needs one; set it, or stop at the code."
            yield Mistake("client_secret", "client-secret-missing", words)
        if self.exchange and self.bearer and self.dialect.client_auth == "basic":
            words = (
                "The token request can carry one Authorization header, and both the client's Basic credentials and the bearer "
                "token ask for it; leave the bearer token out, or send the client secret in the body (client_auth=body)."
            )
            yield Mistake("client_secret", "bearer-and-basic", words)
        if not 0 < self.timeout <= 86_400:
            yield Mistake(
                "timeout",
                "timeout-range",
                "The timeout must be a number of seconds above 0, and at most 86,400 (one day).",
            )


class Inputs(Settings, frozen=True, kw_only=True):
    """The settings of a run that has started, as the log holds them. verifier: PKCE's (RFC 7636 §4.1); signing_key: what the file
    `client_key` holds; request_uri: what the server calls the pushed request (RFC 9126 §2.2)."""

    client_secret: SecretView | None = None
    bearer: SecretView | None = None
    verifier: SecretView | None = None
    signing_key: SecretView | None = None
    request_uri: SecretView | None = None

    @property
    def pushes(self) -> bool:
        """Whether the run begins by pushing its authorization request."""
        pushed = self.request_uri is not None or self.mode == "device"
        return bool(self.dialect.pushed_authorization_request_endpoint) and not pushed

    @property
    def meant_authorization_request(self) -> PlannedRequest:
        """As `Settings` has it; of a pushed one its name alone (RFC 9126 §4)."""
        if self.request_uri is None:
            return self.whole_authorization_request
        named: tuple[PlannedField, ...] = (("client_id", (self.client_id,)), ("request_uri", (self.request_uri,)))
        return replace(self.whole_authorization_request, params=named)

    @property
    def asked_params(self) -> Params:
        """As `Settings` has it, and of a pushed request what was pushed."""
        if self.request_uri is None:
            return Params.parse(query_of(self.authorization_url))
        plan = PlannedRequest("POST", ("",), fields=self.whole_authorization_request.params)
        return edited(plan, self.edits, "push", self.values).field_params

    def _mistakes(self) -> Iterator[Mistake]:
        yield from Settings._mistakes(self)
        if self.signing_key is None and (self.client_key or self.client_auth == "private_key_jwt"):
            words = "There is no private key (PEM) to sign with; name its file with --client-key."
            yield Mistake("client_key", "client-key-missing", words)

    def __post_init__(self) -> None:
        """A timeout of NaN, or beyond what a recording can hold, becomes 0, which `mistakes` names."""
        if not abs(self.timeout) <= 2**53:
            force_setattr(self, "timeout", 0.0)
