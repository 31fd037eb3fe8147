"""The secrets of a run's inputs (redaction.md). When the run starts, each is replaced by a reference; when a command sends a request,
the raw values are put back.

This is the only place where a run's secrets leave the sealer. A secret is requested by its view, or by a reference in a text of the
inputs; no server's text can name one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.commands import Command, Listen, OpenBrowser, Probe, Sending, VerifyIdToken
from airisk_tui.flow.start.inputs import Inputs, Settings
from airisk_tui.flow.start.known import Known
from airisk_tui.oauth.http import Body, HttpRequest
from airisk_tui.oauth.loopback import Target, read_listen_address
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE, unmarked, unmarked_in
from airisk_tui.oauth.request.edit import PLACEHOLDER, PLACEHOLDERS, Edit
from airisk_tui.oauth.request.planned import rendered
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.redaction.public import public_texts
from airisk_tui.redaction.sealer import Sealer


def sealed_start(
    settings: Settings,
    known: Known,
    sealer: Sealer,
    challenge: str | None = None,
    verifier: str | None = None,
    signing_key: str | None = None,
    *,
    origins: frozenset[str] | None = None,
) -> tuple[Inputs, Known]:
    """The inputs of a run as they may enter the log. challenge, verifier: of PKCE (RFC 7636 §4); signing_key: the client's own key
    (RFC 7523 §2.2); origins: the only origins to which secrets of this run may be sent, or None for no limit."""
    if origins is not None:
        sealer.limit_origins(origins)
    sealer.name_secrets(settings.dialect.code, settings.dialect.token)
    sealer.expect_state(settings.state or "")
    secret = _learned(settings.client_secret, sealer)
    base_url = sealer.url(settings.issuer or settings.base_url)
    sealed = {
        "client_secret": secret,
        "client_id": sealer.text(settings.client_id),
        "base_url": base_url,
        "issuer": base_url if settings.issuer else "",
        "redirect_uri": sealer.url(settings.redirect_uri),
        "listen": sealer.text(settings.listen),
        "userid": sealer.text(settings.userid or "") or None,
        "params": _sealed(settings.params, sealer),
        "token_params": _sealed(settings.token_params, sealer),
        "bearer": _learned(settings.bearer, sealer),
        "challenge": challenge,
        "verifier": sealer.learn(verifier) if verifier else None,
        "edits": sealed_edits(settings.edits, sealer),
        "signing_key": sealer.learn(signing_key) if signing_key else None,
    }
    plain: dict[str, Any] = {name: unmarked_in(getattr(settings, name)) for name in Settings.__struct_fields__}
    inputs = Inputs(**plain | sealed)
    sealer.inputs_are_sealed()
    sealer.public(*public_texts(inputs), *(known.registered or ()), *(known.clients or ()), *(known.users or ()))
    registered = None if known.registered is None else tuple(map(sealer.url, known.registered))
    certificates = tuple(replace(one, certificate=sealer.certificate(one.certificate)) for one in known.certificates)
    return inputs, replace(known, registered=registered, ca_file=sealer.text(known.ca_file), certificates=certificates)


def _learned(secret: Secret | SecretView | None, sealer: Sealer) -> SecretView | None:
    return sealer.learn_secret(secret) if isinstance(secret, Secret) and secret else None


def _sealed(params: Params, sealer: Sealer) -> Params:
    return Params(tuple((unmarked(name), sealer.field(name, value)) for name, value in params))


def sealed_edits(edits: Iterable[Edit], sealer: Sealer) -> tuple[Edit, ...]:
    """A person's edits as they may enter the log."""
    # A value that is only a placeholder names a secret but is not one.
    sealer.public(*(f"{{{name}}}" for name in PLACEHOLDERS))
    return tuple(sealed_edit(edit, sealer) for edit in edits)


def sealed_edit(edit: Edit, sealer: Sealer) -> Edit:
    """An edit as it may enter the log: its value is sealed if its place or name means a secret."""
    value = unmarked(edit.value)
    match edit.place:
        case "header":
            value = _beside_placeholders(value, lambda text: sealer.header(edit.name, text))
        case "param" | "body" if edit.name:
            value = _beside_placeholders(value, lambda text: sealer.field(edit.name, text))
        case "url":
            sealed = sealer.url(value)
            value = sealed if REFERENCE.search(sealed) else value  # a value without a secret keeps its encoding
        case "body":
            value = _written(value, sealer.form(value), sealer)
    return replace(edit, name=unmarked(edit.name), value=value, endpoint=unmarked(edit.endpoint))


def _written(value: str, sealed: str, sealer: Sealer) -> str:
    """The sealed form of a body that a person wrote. If a secret in it is encoded in a way that its reference would lose, all text
    between placeholders is sealed as it is."""
    if sealer.unseal(sealed) == value:
        return sealed
    return _beside_placeholders(value, lambda text: sealer.learn(text).reference)


def _beside_placeholders(value: str, seal: Callable[[str], str]) -> str:
    """The value with the texts before, between and after its placeholders sealed separately."""
    pieces, done = [], 0
    for found in (*PLACEHOLDER.finditer(value), None):
        text = value[done : found.start() if found else None]
        is_text = any(c.isalnum() for c in text)
        pieces += [seal(text) if is_text else text, found[0] if found else ""]
        done = found.end() if found else done
    return "".join(pieces)


def outgoing(command: Command, sealer: Sealer, expired: Secret | None = None) -> HttpRequest | Target | str | None:
    """The request that a command sends, the address that a browser opens, or the address that a listener listens on, with raw secrets.
    None for a countdown, and for keys whose address is not known. expired: the token for a probe with an expired token. Raises
    SecretRefused for a secret that may not be sent to the command's address, and NotLoopbackError."""
    plan = command.request if isinstance(command, Sending | VerifyIdToken) else None
    there = plan.origin if plan is not None else None

    def raw(piece: str | SecretView) -> str:
        text = _carried(command, piece, there, sealer, expired) if isinstance(command, Probe) else None
        if text is not None:
            return text
        return sealer.release(piece, there) if isinstance(piece, SecretView) else sealer.filled(piece, there)

    if isinstance(command, Listen):
        return Target.parse(raw(command.redirect_uri), read_listen_address(command.at))
    if plan is None:
        return None
    sent = rendered(plan, raw)
    if isinstance(command, OpenBrowser):
        return sent.url
    return HttpRequest(sent.method, sent.url, sent.headers, Body.of(sent.content))


def _carried(
    command: Probe, piece: str | SecretView, there: str | None, sealer: Sealer, expired: Secret | None
) -> str | None:
    """The token that a probe sends: by its credential the token itself, a broken one or an expired one."""
    token = command.token
    if token is None or piece != token or command.credential in ("token", "none"):
        return None
    if command.credential == "broken":
        return _broken(sealer.release(token, there))
    if expired is None:
        raise LookupError("A probe with an expired token was begun, and there is none: Run.probe refuses that.")
    return sealer.release(sealer.learn_secret(expired), there)


def _broken(token: str) -> str:
    """The token with its last six characters reversed: it has the same format and is never valid."""
    tail = token[-6:][::-1]
    return token[:-6] + (tail if tail != token[-6:] else "AAAAAA")
