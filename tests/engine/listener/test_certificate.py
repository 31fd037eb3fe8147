"""The certificate of an https redirect URI: for whom, for how long, and that its key never lies on the disk in clear (F1, F2)."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from airisk_tui.engine.listener.certificate import make_certificate

NOON = datetime.datetime(2025, 3, 31, 12, 0, tzinfo=datetime.UTC)


class Stopped:
    def monotonic(self) -> float:
        return 0.0

    def wall(self) -> float:
        return NOON.timestamp()


def test_it_is_for_the_loopback_names_only_and_for_a_day() -> None:
    made = make_certificate(Stopped())
    parsed = x509.load_pem_x509_certificate(made.pem.encode())
    names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert names.get_values_for_type(x509.IPAddress) == [
        ipaddress.ip_address("127.0.0.1"),
        ipaddress.ip_address("::1"),
    ]
    assert parsed.not_valid_before_utc == NOON - datetime.timedelta(hours=1), "clocks differ"
    assert parsed.not_valid_after_utc == NOON + datetime.timedelta(days=1)
    assert not parsed.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert [type(one.value) for one in parsed.extensions if one.critical] == [x509.BasicConstraints]
    public = parsed.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.curve.name == "secp256r1"


def test_the_fingerprint_is_that_of_the_certificate_and_each_is_new() -> None:
    made, other = make_certificate(), make_certificate()
    parsed = x509.load_pem_x509_certificate(made.pem.encode())
    assert made.sha256 == parsed.fingerprint(hashes.SHA256()).hex()
    assert made.sha256 != other.sha256
    assert made.sha256 in repr(made) and "BEGIN" not in repr(made)


def test_old_tls_is_not_spoken() -> None:
    context = make_certificate().context
    assert (context.minimum_version, context.num_tickets) == (ssl.TLSVersion.TLSv1_2, 0), "no session goes on"


def test_F2_the_file_is_private_encrypted_and_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen: list[tuple[int, int, str]] = []
    load = ssl.SSLContext.load_cert_chain

    def looking(self: ssl.SSLContext, path: Path, password: str) -> None:
        seen.append((stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode), path.read_text()))
        load(self, path, password=password)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", looking)
    before = os.umask(0)
    try:
        make_certificate()
    finally:
        os.umask(before)
    ((file_mode, folder_mode, text),) = seen
    assert (file_mode, folder_mode) == (0o600, 0o700)
    assert "BEGIN ENCRYPTED PRIVATE KEY" in text
    assert "BEGIN PRIVATE KEY" not in text
    assert list(tmp_path.iterdir()) == []


def test_F2_the_file_is_gone_when_loading_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: ssl.SSLContext, path: Path, password: str) -> None:
        raise ssl.SSLError("no")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", failing)
    with pytest.raises(ssl.SSLError):
        make_certificate()
    assert list(tmp_path.iterdir()) == []
