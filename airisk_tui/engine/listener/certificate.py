"""A self-signed certificate for an https redirect URI, made for one run and valid only for the loopback names of this machine.

Every redirect URI in the vendor's documentation is https://localhost/… (protocol.md, step 1). `ssl` reads keys only from files, so the
key is written to a folder of its own, encrypted with a password that is only in memory, and deleted at once (threats.md F2).
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from airisk_tui.engine.ports import Clock, SystemClock, SystemEntropy

NAMES = ("localhost",)
ADDRESSES = ("127.0.0.1", "::1")

LIFE = datetime.timedelta(days=1)
"""The lifetime: longer than any run, and short enough that an exception in a browser soon expires."""

SKEW = datetime.timedelta(hours=1)
"""The time that the certificate is backdated: the clock of a browser outside a container or WSL may differ."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate. context: of a server with it; sha256: its fingerprint in hex; pem: the certificate without its key."""

    context: ssl.SSLContext
    sha256: str
    pem: str = field(repr=False)


def make_certificate(clock: Clock | None = None) -> Certificate:
    """Make a new key and certificate. It takes about ten milliseconds, so call it in another thread than the event loop's."""
    key = ec.generate_private_key(ec.SECP256R1())
    wall = (clock or SystemClock()).wall()
    certificate = _sign(key, datetime.datetime.fromtimestamp(wall, datetime.UTC))
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    password = SystemEntropy().token(32)
    return Certificate(
        _context(key, pem, password), certificate.fingerprint(hashes.SHA256()).hex(), pem.decode("ascii")
    )


def _sign(key: ec.EllipticCurvePrivateKey, now: datetime.datetime) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "localhost"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "airisk-tui, for this run only"),
        ]
    )
    public = key.public_key()
    names = [x509.DNSName(one) for one in NAMES] + [x509.IPAddress(ipaddress.ip_address(one)) for one in ADDRESSES]
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (
        (x509.SubjectAlternativeName(names), False),  # clients ignore the common name (RFC 9525 §2)
        (x509.BasicConstraints(ca=False, path_length=None), True),
        # macOS requires it since 10.15 (Apple, HT210176).
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False),
    )
    builder = x509.CertificateBuilder(name, name, public, x509.random_serial_number(), now - SKEW, now + LIFE)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256())


def _context(key: ec.EllipticCurvePrivateKey, pem: bytes, password: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.num_tickets = 0  # each connection has one request, so no session is resumed
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode("ascii")),
    )
    with tempfile.TemporaryDirectory(prefix="airisk-tui-") as folder:  # made with mode 0700
        path = Path(folder) / "listener.pem"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed + pem)
        context.load_cert_chain(path, password=password)
    return context
