"""What a command sends: its request or its address, with each secret raw in the place of its reference.

The one place where secrets of a run leave the sealer. A secret is asked for by its view, or by a reference in a text of the
inputs; no text that a server sent can name one (redaction.md).
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from airisk_tui.flow.commands import AskDirectly, Command, Countdown, ExchangeCode, Listen, OpenBrowser, Probe
from airisk_tui.oauth.http import Body, Headers, HttpRequest
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.oauth.token import basic_credentials, encode_fields
from airisk_tui.redaction.sealer import Sealer


def outgoing(
    command: Command, sealer: Sealer, expired: Secret | None = None
) -> HttpRequest | Listen | OpenBrowser | Countdown:
    """The request of a command that sends one; any other command with its address. expired: the token for a probe with such a one.
    Raises SecretRefused for a secret that may not go where the command leads."""
    match command:
        case Listen():
            return replace(command, redirect_uri=sealer.own(command.redirect_uri, None))
        case OpenBrowser():
            return replace(command, url=_url(command.url, sealer))
        case Countdown():
            return command
        case AskDirectly():
            accept = (("Accept", "application/json, text/plain;q=0.9, */*;q=0.1"),)
            return HttpRequest("GET", _url(command.url, sealer), accept)
        case ExchangeCode():
            return _token_request(command, sealer)
        case Probe():
            headers = (("Accept", "application/json"), *_credential(command, sealer, expired))
            return HttpRequest(command.endpoint.method, _url(command.url, sealer), headers)


def _url(url: str, sealer: Sealer) -> str:
    return sealer.own(url, url, lambda value: quote(value, safe=""))


def _token_request(command: ExchangeCode, sealer: Sealer) -> HttpRequest:
    def raw(value: str | SecretView) -> str:
        url = command.url
        return sealer.release(value, url) if isinstance(value, SecretView) else sealer.own(value, url)

    content_type, body = encode_fields(
        Params(tuple((name, raw(value)) for name, value in command.fields)), command.encoding
    )
    headers: Headers = (("Content-Type", content_type), ("Accept", "application/json"))
    if command.basic is not None:
        client_id, secret = command.basic
        headers += (("Authorization", basic_credentials(raw(client_id), raw(secret))),)
    elif command.bearer is not None:
        headers += (("Authorization", f"Bearer {raw(command.bearer)}"),)
    if command.cookies:
        headers += (("Cookie", "; ".join(f"{name}={raw(value)}" for name, value in command.cookies)),)
    return HttpRequest("POST", _url(command.url, sealer), headers, Body.of(body))


def _credential(command: Probe, sealer: Sealer, expired: Secret | None) -> Headers:
    if command.credential == "none" or command.token is None:
        return ()
    if command.credential != "expired":
        raw = sealer.release(command.token, command.url)
        return (("Authorization", f"Bearer {raw if command.credential == 'token' else _broken(raw)}"),)
    if expired is None:
        raise LookupError("A probe with an expired token was begun, and there is none: Run.probe refuses that.")
    return (("Authorization", f"Bearer {sealer.release(sealer.keep(expired), command.url)}"),)


def _broken(token: str) -> str:
    """The token with its last six characters turned around: of the same form, and never valid."""
    tail = token[-6:][::-1]
    return token[:-6] + (tail if tail != token[-6:] else "AAAAAA")
