"""What a command sends: its request or its address, with each secret raw in the place of its reference.

The one place where secrets of a run leave the sealer. A secret is asked for by its view, or by a reference in a text of the
inputs; no text that a server sent can name one (redaction.md).
"""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.commands import Command, Countdown, Listen, OpenBrowser, Probe
from airisk_tui.oauth.http import Body, HttpRequest
from airisk_tui.oauth.planned import rendered
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.redaction.sealer import Sealer


def outgoing(
    command: Command, sealer: Sealer, expired: Secret | None = None
) -> HttpRequest | Listen | str | Countdown | None:
    """The request of a command that sends one, or the address that a browser opens; any other command with its address; None for
    keys that nothing names an address of. expired: the token for a probe with such a one.
    Raises SecretRefused for a secret that may not go where the command leads."""
    if isinstance(command, Countdown):
        return command
    if isinstance(command, Listen):
        return replace(command, redirect_uri=sealer.filled(command.redirect_uri, None))
    plan = command.request
    if plan is None:
        return None
    url = plan.address

    def raw(piece: str | SecretView) -> str:
        text = _carried(command, piece, url, sealer, expired) if isinstance(command, Probe) else None
        if text is not None:
            return text
        return sealer.release(piece, url) if isinstance(piece, SecretView) else sealer.filled(piece, url)

    sent = rendered(plan, raw)
    if isinstance(command, OpenBrowser):
        return sent.url
    return HttpRequest(sent.method, sent.url, sent.headers, Body.of(sent.content))


def _carried(command: Probe, piece: str | SecretView, url: str, sealer: Sealer, expired: Secret | None) -> str | None:
    """What a probe carries in the token's place: a broken or an expired one, where the credential asks for that."""
    token = command.token
    if token is None or piece != token or command.credential in ("token", "none"):
        return None
    if command.credential == "broken":
        return _broken(sealer.release(token, url))
    if expired is None:
        raise LookupError("A probe with an expired token was begun, and there is none: Run.probe refuses that.")
    return sealer.release(sealer.learn_secret(expired), url)


def _broken(token: str) -> str:
    """The token with its last six characters turned around: of the same form, and never valid."""
    tail = token[-6:][::-1]
    return token[:-6] + (tail if tail != token[-6:] else "AAAAAA")
