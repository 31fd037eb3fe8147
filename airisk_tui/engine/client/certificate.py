"""Reading the certificate of a server for the log, verified or not (RFC 5280 §4.1; threats.md C7)."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from contextlib import suppress

from airisk_tui.oauth.http import ServerCertificate
from airisk_tui.oauth.text.visible import shortened, visible

MAX_NAME = 200
"""Characters of a subject or issuer; an ordinary one has about sixty."""

MAX_DER = 64 * 1024
"""Bytes of a certificate that is read; an ordinary one has two thousand."""

LOOK = 2.0
"""Seconds to fetch a certificate again that was refused."""


def load_reader() -> None:
    """Import the library that reads certificates, which takes about 30 ms; call it in another thread, before the first certificate."""
    import cryptography.x509  # noqa: F401 - imported for its effect


def read_certificate(der: bytes | None) -> ServerCertificate | None:
    """A certificate in DER as names, dates and SHA-256; only the SHA-256 if it cannot be read. Total."""
    from cryptography import x509

    if not der:
        return None
    sha256 = hashlib.sha256(der).hexdigest()
    try:
        if len(der) > MAX_DER:
            raise ValueError("no certificate is so long")
        read = x509.load_der_x509_certificate(der)
        subject, issuer = (_name(name) for name in (read.subject, read.issuer))
        dates = read.not_valid_before_utc.timestamp(), read.not_valid_after_utc.timestamp()
    except Exception:  # noqa: BLE001 - a server made these bytes, and the library names no common error for them
        return ServerCertificate(sha256=sha256)
    return ServerCertificate(subject, issuer, *dates, sha256)


def _name(name: object) -> str:
    from cryptography import x509

    return visible(shortened(name.rfc4514_string(), MAX_NAME)) if isinstance(name, x509.Name) else ""


async def look_at_certificate(host: str, port: int) -> ServerCertificate | None:
    """Fetch the certificate of a server without verifying it, because the error of a refused handshake does not contain it. Sends only a
    handshake. None if there is no answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # In this order, because `ssl` refuses CERT_NONE while host names are checked (ssl.SSLContext.verify_mode).
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with suppress(OSError, ValueError, UnicodeError):  # TimeoutError and every error of ssl are OSErrors
        async with asyncio.timeout(LOOK):
            _, writer = await asyncio.open_connection(host, port, ssl=context, ssl_handshake_timeout=LOOK)
        secured = writer.get_extra_info("ssl_object")
        # In binary, because the dict is empty for a certificate that was not verified (ssl.SSLSocket.getpeercert).
        der = secured.getpeercert(binary_form=True) if secured is not None else None
        # `close` would wait up to half a minute for the other side's close_notify (asyncio, ssl_shutdown_timeout).
        writer.transport.abort()
        return read_certificate(der)
    return None
