"""Mistakes in the inputs, found before anything is sent (the *local* faults of architecture.md).

Each mistake names its field and says in one sentence what is wrong and what to write. An error prevents the request. A warning does
not, because a debugger must be able to send odd requests on purpose.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import SplitResult

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.loopback import (
    can_listen_on,
    is_loopback,
    is_this_machine,
    is_unusual_loopback,
    read_listen_address,
)
from airisk_tui.oauth.metadata import issuer_of_metadata, likely_issuer
from airisk_tui.oauth.text.visible import has_hidden, shortened, visible
from airisk_tui.oauth.urls import BAD_PORTS, default_port, split_url

MAX_VALUE = 8_000
"""Characters of one value. Kestrel refuses a request line beyond 8 KiB, so a longer value cannot arrive."""

PRIVILEGED = 1024
"""On POSIX systems only a privileged process may listen on a lower port."""

Field = Literal[
    "base_url",
    "issuer",
    "client_id",
    "client_secret",
    "client_key",
    "redirect_uri",
    "listen",
    "userid",
    "state",
    "timeout",
    "params",
]


class Mistake(Struct, frozen=True):
    """A mistake in a field of the form. code: stable, in kebab-case; severity: an "error" prevents the request, a "warning" does not."""

    field: Field
    code: str
    sentence: str
    severity: Literal["error", "warning"] = "error"


def _warning(field: Field, code: str, sentence: str) -> Mistake:
    return Mistake(field, code, sentence, "warning")


@functools.lru_cache  # the form checks the same few texts at each keystroke
def check_base_url(text: str) -> tuple[Mistake, ...]:
    """The deployment's base URL: absolute, http or https, without query, fragment and credentials."""
    return tuple(_base_url(text))


def _base_url(text: str) -> Iterator[Mistake]:
    yield from _check_url("base_url", "base URL", text, "https://airisk.example.com")
    parts = split_url(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return
    path = parts.path.rstrip("/")
    if issuer := likely_issuer(text):
        words = f"This looks like an OAuth server other than AIRisk; set the issuer to {_quoted(issuer)} in place of a base URL."
        yield _warning("base_url", "base-url-issuer", words)
    if parts.query or "?" in text:
        yield Mistake("base_url", "base-url-query", "The base URL has a query; end it before the “?”.")
    if path.lower().endswith(("/api/oauth2", "/api/oauth2/token")):
        yield _warning(
            "base_url",
            "base-url-endpoint",
            "The base URL ends in the path of an endpoint, and the program adds that path itself; leave out /api/oauth2.",
        )
    if path.endswith("/api"):
        yield _warning(
            "base_url",
            "base-url-api",
            "The base URL ends in /api, and every path begins with it, so requests would go to /api/api/…; leave out /api.",
        )
    if parts.scheme == "http" and not is_this_machine(parts.hostname):
        yield _warning(
            "base_url",
            "base-url-http",
            "The base URL is plain http, so the client secret and the token would cross the network unprotected; use https.",
        )


@functools.lru_cache
def check_issuer(text: str) -> tuple[Mistake, ...]:
    """An issuer: an absolute URL without query and fragment (RFC 8414 §2)."""
    return tuple(_issuer(text))


def _issuer(text: str) -> Iterator[Mistake]:
    yield from _check_url("issuer", "issuer", text, "https://login.example.com")
    parts = split_url(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return
    if "?" in text:
        yield Mistake("issuer", "issuer-query", "The issuer has a query; end it before the “?”.")
    if (issuer := issuer_of_metadata(text)) and issuer != text:
        words = f"This is the address of a server's metadata; its issuer is {_quoted(issuer)}."
        yield _warning("issuer", "issuer-metadata", words)
    if parts.scheme == "http" and not is_this_machine(parts.hostname):
        words = "The issuer is plain http, so the client secret and the token would cross the network unprotected; use https."
        yield _warning("issuer", "issuer-http", words)


def check_client_id(text: str) -> Iterator[Mistake]:
    """The application's identifier (RFC 6749 §2.2): required."""
    if not text:
        sentence = "The client ID is empty; write the identifier that the server gave the application."
        yield Mistake("client_id", "client-id-missing", sentence)
    if is_placeholder(text):
        sentence = (
            "The client ID is a placeholder of a template or an example that nobody filled in; give the ID itself."
        )
        yield _warning("client_id", "client-id-placeholder", sentence)
    yield from _check_value("client_id", "client ID", text)


SECRET_NOT_UTF8 = Mistake(
    "client_secret",
    "client-secret-encoding",
    "The client secret holds bytes that are not UTF-8, so no request can carry it as it is; give it in UTF-8.",
)


BASIC_UNENCODED = "client-secret-basic"
"""The mistake of another program's request whose HTTP Basic contains ID and secret without base64 (RFC 7617 §2)."""


def _is_unicode(text: str) -> bool:
    """Whether a text has no lone surrogate, with which Python represents bytes of a variable that are not UTF-8 (PEP 383)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


_UNFILLED = r"\$?\{.+\}|\$\(.+\)|<.+>|\$[A-Za-z_]\w*|%\w+%|undefined|null|none|nil|nan"
"""A variable's name in a template, and the words that languages write for a variable without a value."""
_PLACEHOLDER = pattern(
    rf"{_UNFILLED}|\[[^\[\]]+\]|(?:insert|enter|replace|your|my)[ _-].{{0,40}}(?:id|secret|key|here)"
    r"|x{4,}|\*{4,}|\.{3,}|…+",
    re.IGNORECASE,
)


def is_placeholder(text: str) -> bool:
    """Whether a value is a placeholder of a template or an example: `{{CLIENT_SECRET}}`, `<your-secret>`, `$SECRET`."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None


def unfilled(url: str) -> str:
    """The part of an address (of its host's name, or of its path) in whose place a variable should stand, or ""."""
    parts = split_url(url)
    if parts is None:
        return ""
    places = (parts.hostname or "", *(parts.hostname or "").split("."), *parts.path.split("/"))
    return next((place for place in places if _UNFILLED_PART.fullmatch(place)), "")


_UNFILLED_PART = pattern(_UNFILLED, re.IGNORECASE)


_HASH = pattern(
    r"(?:pbkdf2|bcrypt|argon2|scrypt)\w*\$.+\$|\$2[abxy]\$\d\d\$|\$(?:[156]|argon2\w+|scrypt)\$[^$]+\$|\{(?:bcrypt|pbkdf2|scrypt|argon2|ssha)\}"
)
"""Beginnings of hashes of passwords: Django's, those of crypt(3), and Spring's."""


def check_client_secret(text: str) -> Iterator[Mistake]:
    """The client secret. No sentence quotes it."""
    if not _is_unicode(text):
        yield SECRET_NOT_UTF8
    if text != text.strip():
        sentence = "The client secret has white space around it, which often comes from copying; remove it."
        yield _warning("client_secret", "client-secret-space", sentence)
    elif has_hidden(text):
        sentence = "The client secret holds a control or invisible character; copy it again."
        yield _warning("client_secret", "client-secret-hidden", sentence)
    elif len(text) > 2 and text[0] == text[-1] and text[0] in "\"'`":
        sentence = "The client secret has quotation marks around it, which often come from a file; remove them."
        yield _warning("client_secret", "client-secret-quoted", sentence)
    if is_placeholder(text):
        sentence = "The client secret is a placeholder of a template or an example that nobody filled in; give the secret itself."
        yield _warning("client_secret", "client-secret-placeholder", sentence)
    if _HASH.match(text):
        sentence = (
            "The client secret looks like a hash, which a server keeps in place of a secret; give the secret itself."
        )
        yield _warning("client_secret", "client-secret-hash", sentence)
    yield from _too_long("client_secret", "client secret", text)


def check_userid(text: str) -> Iterator[Mistake]:
    """The user to act for; empty means a generic token."""
    yield from _check_value("userid", "user id", text)


def check_state(text: str) -> Iterator[Mistake]:
    """The state (RFC 6749 §4.1.1, RFC 9700 §2.1)."""
    yield from _check_value("state", "state", text)
    if 0 < len(text) < 8:
        sentence = (
            "The state is short enough to be guessed; let the program make one, or use eight characters and more."
        )
        yield _warning("state", "state-short", sentence)


@functools.lru_cache
def check_redirect_uri(text: str, *, listening: bool = True) -> tuple[Mistake, ...]:
    """The redirect URI: absolute, without a fragment (RFC 6749 §3.1.2). listening: whether this program listens on it."""
    return tuple(_redirect_uri(text, listening))


def _redirect_uri(text: str, listening: bool) -> Iterator[Mistake]:
    yield from _check_url("redirect_uri", "redirect URI", text, "http://127.0.0.1:8765/callback")
    parts = split_url(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return
    if word := unfilled(text):
        sentence = (
            f"The redirect URI holds “{_quoted(word)}” where a variable was to be filled in; write the whole URI."
        )
        yield _warning("redirect_uri", "redirect-uri-placeholder", sentence)
    host = parts.hostname
    yield from _check_redirect_host(host, parts.scheme, listening)
    port = parts.port if parts.port is not None else default_port(parts.scheme)
    if listening and port in BAD_PORTS:
        sentence = (
            f"Browsers send nothing to port {port}, which belongs to another protocol; take another, such as 8765."
        )
        yield _warning("redirect_uri", "redirect-uri-bad-port", sentence)
    elif listening and can_listen_on(host) and 0 < port < PRIVILEGED:
        yield _warning(
            "redirect_uri",
            "redirect-uri-privileged",
            f"Port {port} is privileged: listening on it may need root or a capability; take a port from {PRIVILEGED} up.",
        )
    if "&amp;" in text:
        sentence = "The redirect URI holds “&amp;”, as the source of a web page writes “&”; write “&” alone."
        yield _warning("redirect_uri", "redirect-uri-escaped", sentence)
    if "*" in text:
        sentence = "The redirect URI holds a “*”, and redirect URIs are compared exactly; write the whole URI."
        yield _warning("redirect_uri", "redirect-uri-wildcard", sentence)


def _check_redirect_host(host: str, scheme: str, listening: bool) -> Iterator[Mistake]:
    """Whether the listener can receive the redirect, and whether the code stays on this machine."""
    name = f"“{_quoted(host)}”"
    if is_unusual_loopback(host):
        yield _warning(
            "redirect_uri",
            "redirect-uri-loopback-spelling",
            f"The host {name} means this machine, but browsers rewrite it or programs read it differently, and redirect URIs "
            "are compared exactly; write 127.0.0.1, and register that.",
        )
    elif listening and is_loopback(host) and not can_listen_on(host):
        yield _warning(
            "redirect_uri",
            "redirect-uri-other-loopback",
            f"The host {name} is a loopback address, but the listener uses only 127.0.0.1 and ::1; write 127.0.0.1 and "
            "register that, or choose the mode paste or direct.",
        )
    elif listening and not is_loopback(host):
        yield _warning(
            "redirect_uri",
            "redirect-uri-not-loopback",
            f"The host {name} is not this machine, so the listener cannot hear the redirect; choose the mode paste or direct, "
            "or write a loopback address such as 127.0.0.1.",
        )
    if scheme == "http" and not is_this_machine(host):
        yield _warning(
            "redirect_uri",
            "redirect-uri-http",
            "The redirect URI is plain http to another machine, so the code would cross the network unprotected; use https.",
        )


def check_listen(text: str, *, publicly: bool = False) -> Iterator[Mistake]:
    """The address to listen on in place of the redirect URI's, or "" (threats.md L1). publicly: whether other machines may reach it."""
    if not text:
        if publicly:
            words = "--listen-publicly came without an address: name one with --listen, such as 0.0.0.0:9000, or leave it out."
            yield Mistake("listen", "listen-missing", words)
        return
    address = read_listen_address(text)
    if address is None:
        words = (
            "The address to listen on is written as ADDRESS:PORT: localhost or an IP address, and a port from 1 to 65535, "
            "such as 127.0.0.1:9000 or [::1]:9000."
        )
        yield Mistake("listen", "listen-malformed", words)
    elif address.is_public and not publicly:
        words = (
            f"Other machines can reach {address.text}, so the program listens there only with the option --listen-publicly, "
            f"which a container with a mapped port needs; otherwise write 127.0.0.1:{address.port}."
        )
        yield Mistake("listen", "listen-public", words)
    elif address.port < PRIVILEGED:
        words = f"Port {address.port} is privileged: listening on it may need root or a capability; take one from {PRIVILEGED} up."
        yield _warning("listen", "listen-privileged", words)


def _quoted(text: str) -> str:
    return visible(shortened(text))


_PORT = {
    "base_url": "write the port that the deployment listens on",
    "issuer": "write the port that the server listens on",
    "redirect_uri": "write one such as 8765, because with 0 the listener gets a random port that no redirect leads to",
}
"""The advice about port 0, by field."""


def _check_url(field: Field, name: str, text: str, example: str) -> Iterator[Mistake]:
    slug = _slug(name)
    if not text:
        yield Mistake(field, f"{slug}-missing", f"The {name} is empty; write one such as {example}.")
        return
    if " " in text or has_hidden(text):
        yield Mistake(field, f"{slug}-space", f"The {name} holds white space or an invisible character; remove it.")
    yield from _too_long(field, name, text)
    parts = split_url(text.strip())
    if parts is None:
        sentence = f"The {name} cannot be read as a URL: its host or port is malformed; write one such as {example}."
        yield Mistake(field, f"{slug}-malformed", sentence)
    elif text.strip().startswith(OUT_OF_BAND):
        yield Mistake(field, "redirect-uri-out-of-band", f"The {name} is that of the out-of-band flow, {_ENDED}")
    elif parts.scheme not in ("http", "https"):
        came = f"begins with “{_quoted(parts.scheme)}:”" if parts.scheme else "has no scheme"
        sentence = f"The {name} must begin with http:// or https://, and this one {came}; write one such as {example}."
        yield Mistake(field, f"{slug}-scheme", sentence)
    elif not parts.hostname:
        yield Mistake(field, f"{slug}-host", f"The {name} names no host; write one such as {example}.")
    else:
        yield from _check_parts(field, name, text, parts)


OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""What a client of Google's had for a redirect URI that showed the code on a page to be copied (also with ":auto")."""

_ENDED = (
    "in which a page shows the code to be copied; Google ended it in 2022 and 2023, and other servers seldom have it."
)


def _check_parts(field: Field, name: str, text: str, parts: SplitResult) -> Iterator[Mistake]:
    """Parts that a readable URL must not have here."""
    slug = _slug(name)
    if parts.port == 0:
        yield Mistake(
            field, f"{slug}-port-zero", f"The {name} names port 0, where nothing can be reached; {_PORT[field]}."
        )
    if "#" in text:
        sentence = f"The {name} has a fragment (“#…”), which RFC 6749 §3.1.2 forbids; end it before the “#”."
        yield Mistake(field, f"{slug}-fragment", sentence)
    if parts.username is not None or parts.password is not None:
        sentence = f"The {name} carries a user name or password before the “@”; remove them."
        yield Mistake(field, f"{slug}-credentials", sentence)


def _check_value(field: Field, name: str, text: str) -> Iterator[Mistake]:
    slug = _slug(name)
    yield from _too_long(field, name, text)
    if has_hidden(text):
        yield Mistake(field, f"{slug}-control", f"The {name} holds a control or invisible character; remove it.")
    elif text != text.strip():
        sentence = f"The {name} has a space at its beginning or end; remove it unless you mean it."
        yield _warning(field, f"{slug}-space", sentence)


def _too_long(field: Field, name: str, text: str) -> Iterator[Mistake]:
    if len(text) > MAX_VALUE:
        sentence = f"The {name} has {len(text):,} characters; the most that can be sent is {MAX_VALUE:,}."
        yield Mistake(field, f"{_slug(name)}-long", sentence)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
