"""Mistakes in what a person filled in, found before anything is sent (architecture.md: the *local* faults).

Each mistake names its field, says in one sentence what is wrong and what to write, and is either an error, which keeps
the request from being sent, or a warning, which does not: a debugger must be able to send odd requests on purpose.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from airisk_tui.oauth.loopback import can_listen_on, is_unusual_loopback
from airisk_tui.oauth.loopback import is_loopback as is_loopback
from airisk_tui.oauth.text import hidden, shortened, visible
from airisk_tui.oauth.urls import default_port

MAX_VALUE = 8_000
"""Characters of one value. Kestrel refuses a request line beyond 8 KiB, so a longer value cannot arrive."""

REMEMBERED = 64
"""URLs whose mistakes are kept: a form is asked at each keystroke, and a run once more, for the same few."""

PRIVILEGED = 1024
"""Ports below it need privilege to listen on, on POSIX systems."""

Field = Literal["base_url", "client_id", "client_secret", "redirect_uri", "userid", "state", "timeout", "params"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """code: stable kebab-case; field: the form's field; severity: "error" is never sent, "warning" is."""

    field: Field
    code: str
    sentence: str
    severity: Literal["error", "warning"] = "error"


@functools.lru_cache(REMEMBERED)
def check_base_url(text: str) -> tuple[Mistake, ...]:
    """The deployment's base URL: absolute, http or https, without query and fragment; credentials never."""
    return tuple(_base_url(text))


def _base_url(text: str) -> Iterator[Mistake]:
    yield from _check_url("base_url", "base URL", text, "https://airisk.example.com")
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return
    if parts.query or "?" in text:
        yield Mistake("base_url", "base-url-query", "The base URL has a query; end it before the “?”.")
    if parts.path.rstrip("/").lower().endswith(("/api/oauth2", "/api/oauth2/token")):
        words = (
            "The base URL ends in the path of an endpoint, and that path is put behind it here: leave out /api/oauth2."
        )
        yield Mistake("base_url", "base-url-endpoint", words, "warning")
    if parts.path.rstrip("/").endswith("/api"):
        words = "The base URL ends in /api, and the paths begin with it: requests would go to /api/api/…; drop the /api here."
        yield Mistake("base_url", "base-url-api", words, "warning")
    if parts.scheme == "http" and not is_loopback(parts.hostname) and not is_unusual_loopback(parts.hostname):
        words = "The base URL is plain http: the client secret and the token would cross the network unprotected; use https."
        yield Mistake("base_url", "base-url-http", words, "warning")


def check_client_id(text: str) -> Iterator[Mistake]:
    """The application's identifier (RFC 6749 §2.2): required."""
    if not text:
        yield Mistake(
            "client_id",
            "client-id-missing",
            "The client ID is empty; write the identifier that AIRisk gave the application.",
        )
    yield from _check_value("client_id", "client ID", text)


def check_client_secret(text: str) -> Iterator[Mistake]:
    """The secret; only its form is looked at and it is never quoted."""
    if text != text.strip():
        words = "The client secret has white space around it, which often comes from copying; remove it."
        yield Mistake("client_secret", "client-secret-space", words, "warning")
    elif _has_hidden(text):
        words = "The client secret holds a control or invisible character; copy it again."
        yield Mistake("client_secret", "client-secret-hidden", words, "warning")
    elif len(text) > 2 and text[0] == text[-1] and text[0] in "\"'`":
        words = "The client secret has quotation marks around it, which often come from a file; remove them."
        yield Mistake("client_secret", "client-secret-quoted", words, "warning")
    yield from _too_long("client_secret", "client-secret", "client secret", text)


def check_userid(text: str) -> Iterator[Mistake]:
    """The user to act for; empty means a generic token."""
    yield from _check_value("userid", "user id", text)


def check_state(text: str) -> Iterator[Mistake]:
    """The state value (RFC 6749 §4.1.1, RFC 9700 §2.1)."""
    yield from _check_value("state", "state", text)
    if 0 < len(text) < 8:
        words = "The state is short enough to be guessed; let the program make one, or use eight characters and more."
        yield Mistake("state", "state-short", words, "warning")


@functools.lru_cache(REMEMBERED)
def check_redirect_uri(text: str, *, listening: bool = True) -> tuple[Mistake, ...]:
    """The redirect URI (RFC 6749 §3.1.2: absolute, no fragment). `listening`: whether we must be able to listen on it."""
    return tuple(_redirect_uri(text, listening))


def _redirect_uri(text: str, listening: bool) -> Iterator[Mistake]:
    yield from _check_url("redirect_uri", "redirect URI", text, "http://127.0.0.1:8765/callback")
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return
    host = parts.hostname or ""
    yield from _check_redirect_host(host, parts.scheme, listening)
    port = parts.port if parts.port is not None else default_port(parts.scheme)
    if listening and can_listen_on(host) and 0 < port < PRIVILEGED:
        words = (
            f"Port {port} is privileged: listening may need root or a capability; a port from {PRIVILEGED} up does not."
        )
        yield Mistake("redirect_uri", "redirect-uri-privileged", words, "warning")
    if "*" in text:
        yield Mistake(
            "redirect_uri",
            "redirect-uri-wildcard",
            "The redirect URI holds a “*”; redirect URIs are compared exactly, write the full URI.",
            "warning",
        )


def _check_redirect_host(host: str, scheme: str, listening: bool) -> Iterator[Mistake]:
    """Whether a listener can hear it, and whether the code stays on this machine."""
    name = f"“{_quoted(host)}”"
    if is_unusual_loopback(host):
        words = (
            f"The host {name} is this machine in a spelling that browsers rewrite or programs read differently, and redirect URIs "
            "are compared exactly; write 127.0.0.1, and register that."
        )
        yield Mistake("redirect_uri", "redirect-uri-loopback-spelling", words, "warning")
    elif is_loopback(host) and listening and not can_listen_on(host):
        words = (
            f"The host {name} is a loopback address that no listener here listens on, only 127.0.0.1 and ::1; write 127.0.0.1 "
            "and register that, or choose the paste or direct way."
        )
        yield Mistake("redirect_uri", "redirect-uri-other-loopback", words, "warning")
    elif listening and not is_loopback(host):
        words = (
            f"The host {name} is not this machine, so no listener here can hear it; "
            "choose the paste or direct way, or write a loopback address such as 127.0.0.1."
        )
        yield Mistake("redirect_uri", "redirect-uri-not-loopback", words, "warning")
    if scheme == "http" and not is_loopback(host) and not is_unusual_loopback(host):
        words = "The redirect URI is plain http to another machine: the code would cross the network unprotected; use https."
        yield Mistake("redirect_uri", "redirect-uri-http", words, "warning")


def _has_hidden(text: str) -> bool:
    return hidden(text, lambda character: "") != text


def _quoted(text: str) -> str:
    return visible(shortened(text, 60))


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


_PORT = {
    "base_url": "write the port that the deployment listens on",
    "redirect_uri": "a listener would get a port by chance that no redirect leads to: write one, such as 8765",
}
"""What to do about a port 0, by the field."""


def _check_url(field: Field, name: str, text: str, example: str) -> Iterator[Mistake]:
    if not text:
        yield Mistake(field, f"{field.replace('_', '-')}-missing", f"The {name} is empty; write one such as {example}.")
        return
    slug = name.lower().replace(" ", "-")
    if " " in text or _has_hidden(text):
        yield Mistake(field, f"{slug}-space", f"The {name} holds white space or an invisible character; remove it.")
    yield from _too_long(field, slug, name, text)
    parts = _split(text.strip())
    if parts is None:
        words = f"The {name} cannot be read as a URL: its host or port is malformed; write one such as {example}."
        yield Mistake(field, f"{slug}-malformed", words)
    elif parts.scheme not in ("http", "https"):
        came = f"begins with “{_quoted(parts.scheme)}:”" if parts.scheme else "has no scheme"
        words = f"The {name} must begin with http:// or https://, and this one {came}; write one such as {example}."
        yield Mistake(field, f"{slug}-scheme", words)
    elif not parts.hostname:
        yield Mistake(field, f"{slug}-host", f"The {name} names no host; write one such as {example}.")
    else:
        yield from _check_parts(field, slug, name, text, parts)


def _check_parts(field: Field, slug: str, name: str, text: str, parts: SplitResult) -> Iterator[Mistake]:
    """What a URL that can be read must not have."""
    if parts.port == 0:
        words = f"The {name} names port 0, which nothing can be reached on; {_PORT[field]}."
        yield Mistake(field, f"{slug}-port-zero", words)
    if "#" in text:
        words = f"The {name} has a fragment (“#…”), which RFC 6749 §3.1.2 forbids; end it before the “#”."
        yield Mistake(field, f"{slug}-fragment", words)
    if parts.username is not None or parts.password is not None:
        words = f"The {name} carries a user name or password before the “@”; remove them."
        yield Mistake(field, f"{slug}-credentials", words)


def _too_long(field: Field, slug: str, name: str, text: str) -> Iterator[Mistake]:
    if len(text) > MAX_VALUE:
        words = f"The {name} has {len(text):,} characters; the most that can be sent is {MAX_VALUE:,}."
        yield Mistake(field, f"{slug}-long", words)


def _check_value(field: Field, name: str, text: str) -> Iterator[Mistake]:
    slug = name.lower().replace(" ", "-")
    yield from _too_long(field, slug, name, text)
    if _has_hidden(text):
        yield Mistake(field, f"{slug}-control", f"The {name} holds a control or invisible character; remove it.")
    elif text != text.strip():
        yield Mistake(
            field,
            f"{slug}-space",
            f"The {name} has a space at its beginning or end; remove it unless you mean it.",
            "warning",
        )
