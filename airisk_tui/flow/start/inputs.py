"""The inputs of a run: the choices of the person, with secrets only as references."""

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
"""auto: by the dialect, the metadata and the credentials (`flow.server.client_auth`)."""

PkceChoice = Literal["auto", "on", "off", "wrong"]
"""wrong: with a verifier that does not fit, to see whether the server checks it (RFC 7636 §4.6)."""

ParChoice = Literal["auto", "on", "off"]
"""Whether the authorization request is pushed (RFC 9126). auto: if the metadata requires it."""

ResponseMode = Literal["query", "form_post", "fragment"]
"""The way in which the answer comes to the redirect URI (OAuth 2.0 Multiple Response Type Encoding Practices §2.1; OAuth 2.0 Form Post
Response Mode). "query" is the default of servers, and is not sent."""

NONE = Params()

DEFAULT_TIMEOUT = 300.0
"""Seconds to wait for a person in a browser (threats.md L11)."""


def _without_references(text: str) -> str:
    """The text with a word in place of each reference, whose marks would count as characters that nobody typed."""
    return REFERENCE.sub("sealed", text)


class Deployment(Struct, frozen=True, kw_only=True):
    """A server and the client that is registered there: the fields that an environment (`engine.config.environments`) and the inputs of a
    run share.

    issuer: of a server with metadata, else ""; the base URL is then the same. listen: the address to listen on, such as
    "127.0.0.1:9000", or "" for that of the redirect URI; listen_publicly: whether other machines may reach it. scope: "" for the default
    (see `flow.server`), None to send none. client_key: the path of a private key (PEM).
    """

    # A recording leaves out fields with their default (`recording.disk.codec`), and has to contain those that have none here.
    base_url: str
    issuer: str = ""
    client_id: str
    redirect_uri: str
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
    """The inputs of a run: the fields that a draft (`engine.draft`) and the inputs of a started run share.

    state: the value to send, None to send none; nonce: "" for a fresh one, None for none; bearer: a generic token that the token request
    carries (protocol.md, step 2); challenge: of PKCE, made at the start; exchange: False stops at the code; carry_cookies: whether the
    token request carries the cookies of the direct authorization request; probes: the endpoints that are called with the new token;
    timeout: seconds to wait for the redirect; edits: of the requests before they are sent; hold: the steps before which the run is held;
    then: the steps with the token.
    """

    environment: str
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
        """The kind of token that is asked for: without a userid the application's own (protocol.md, step 1)."""
        return "user-specific" if self.userid else "generic"

    @property
    def kind_name(self) -> Literal[TokenKind, "standard"]:
        """The kind in the name of a recording and in a report; a standard server has none."""
        return "standard" if self.standard else self.kind

    @property
    def authorize_url(self) -> str:
        """The URL of the authorization endpoint."""
        return endpoint_url(self.issuer or self.base_url, self.dialect.authorize_path)

    @property
    def token_url(self) -> str:
        """The URL of the token endpoint."""
        return endpoint_url(self.issuer or self.base_url, self.dialect.token_path)

    @property
    def has_one_origin(self) -> bool:
        """Whether authorization and token endpoint have one origin, so that a browser would send cookies of one to the other."""
        return same_origin(self.authorize_url, self.token_url)

    @property
    def push_url(self) -> str:
        """The URL of the pushed authorization request endpoint (RFC 9126)."""
        return endpoint_url(self.issuer or self.base_url, self.dialect.pushed_authorization_request_endpoint)

    @property
    def device_url(self) -> str:
        """The URL of the device authorization endpoint (RFC 8628)."""
        return endpoint_url(self.issuer or self.base_url, self.dialect.device_authorization_endpoint)

    @property
    def whole_authorization_request(self) -> PlannedRequest:
        """The authorization request with all its parameters, without the edits."""
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
        """The values of the placeholders in edits, as far as they are known before a request is sent."""
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
        """An edit for another run: placeholders replace the client's own secrets."""
        value = edit.value
        for name, view in (("client_secret", self.client_secret), ("bearer", self.bearer)):
            value = value.replace(view.reference, f"{{{name}}}") if isinstance(view, SecretView) else value
        return replace(edit, value=value)

    @property
    def sent_states(self) -> tuple[str, ...]:
        """The values of the parameter `state` in the authorization request."""
        if not self.edits:
            return () if self.state is None else (self.state,)
        return self.asked_params.all("state")

    @property
    def asked_params(self) -> Params:
        """The parameters that the server receives, in the URL or in a pushed request."""
        return Params.parse(query_of(self.authorization_url))

    @property
    def asked_mode(self) -> str:
        """The response mode that the request asks for; an extra parameter of that name takes precedence."""
        return self.params.get("response_mode") or self.response_mode

    @property
    def standard(self) -> bool:
        """Whether the server speaks the standard dialect."""
        return self.dialect.name != "airisk"

    @property
    def wants_pkce(self) -> bool:
        """Whether a challenge is made at the start. The metadata may show later that the server does not support it."""
        return self.pkce in ("on", "wrong") or (self.pkce == "auto" and self.dialect.pkce)

    @property
    def needs_secret(self) -> bool:
        """Whether the token request needs a client secret. A client of a standard server may be public."""
        return self.client_auth in ("basic", "post", "client_secret_jwt") or (
            self.client_auth == "auto" and not self.standard
        )

    @property
    def listens(self) -> bool:
        """Whether a listener is needed: a browser follows the redirect, and it leads to this machine."""
        if self.mode in ("direct", "device"):
            return False
        if self.listen:
            return True
        return can_listen_on(host_of(self.redirect_uri))

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes in the inputs. One of severity "error" keeps the run from starting."""
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
            words = "The timeout must be a number of seconds above 0, and at most 86,400 (one day)."
            yield Mistake("timeout", "timeout-range", words)


class Inputs(Settings, frozen=True, kw_only=True):
    """The inputs of a started run, as the log has them. verifier: of PKCE (RFC 7636 §4.1); signing_key: the content of the file
    `client_key`; request_uri: that of the pushed request (RFC 9126 §2.2)."""

    client_secret: SecretView | None = None
    bearer: SecretView | None = None
    verifier: SecretView | None = None
    signing_key: SecretView | None = None
    request_uri: SecretView | None = None

    @property
    def pushes(self) -> bool:
        """Whether the authorization request is still to be pushed."""
        pushed = self.request_uri is not None or self.mode == "device"
        return bool(self.dialect.pushed_authorization_request_endpoint) and not pushed

    @property
    def meant_authorization_request(self) -> PlannedRequest:
        """The authorization request without the edits; of a pushed one only its `request_uri` (RFC 9126 §4)."""
        if self.request_uri is None:
            return self.whole_authorization_request
        named: tuple[PlannedField, ...] = (("client_id", (self.client_id,)), ("request_uri", (self.request_uri,)))
        return replace(self.whole_authorization_request, params=named)

    @property
    def asked_params(self) -> Params:
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
        """Replace a timeout that is NaN or too large for a recording by 0, which `mistakes` reports."""
        if not abs(self.timeout) <= 2**53:
            force_setattr(self, "timeout", 0.0)
