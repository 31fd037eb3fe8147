"""The authorities that a connection trusts: of the system, SSL_CERT_FILE, SSL_CERT_DIR, and the environment's file (threats.md C7)."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Literal

from airisk_tui.engine.client.faults import Unsendable, library_text
from airisk_tui.oauth.http import TransportFault

AUTHORITIES = "SSL_CERT_FILE"
"""The variable whose file OpenSSL trusts in place of the system's authorities."""

FileFault = Literal["ca-file", "ca-folder", "key-log"]


def unusable(reason: FileFault, variable: str, path: str, error: Exception) -> Unsendable:
    """The error for a file of TLS that cannot be used. variable: the environment variable that names it, "" for the environment's
    `ca_file`; error: of the system or of OpenSSL."""
    said = library_text((error,)) if isinstance(error, OSError) else ""
    name = type(error).__name__
    return Unsendable(
        TransportFault("local", reason, subject=path, variable=variable, exception=name, library_text=said)
    )


def tls_context(verify: bool, ca_file: Path | None) -> ssl.SSLContext:
    """The TLS context for a connection. Raises Unsendable. It reads files, so call it in another thread.

    Each file is tried alone first, because the errors of OpenSSL and Python name neither the file nor the variable.
    """
    import httpx2

    _check_key_log(os.environ.get("SSLKEYLOGFILE", ""))
    if verify:
        _check_file(AUTHORITIES, os.environ.get(AUTHORITIES, ""))
        _check_folder(os.environ.get("SSL_CERT_DIR", ""))
        _check_file("", str(ca_file or ""))
    context = httpx2.create_ssl_context(verify=verify)
    if verify and ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


def _check_file(variable: str, path: str) -> None:
    if not path:
        return
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise OSError("it is no regular file")  # opening a FIFO would wait for a writer for ever
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except (OSError, ValueError) as error:
        raise unusable("ca-file", variable, path, error) from error


def _check_folder(path: str) -> None:
    for folder in filter(None, path.split(os.pathsep)):
        try:
            os.scandir(folder).close()
        except (OSError, ValueError) as error:
            raise unusable("ca-folder", "SSL_CERT_DIR", folder, error) from error


def _check_key_log(path: str) -> None:
    """Raise Unsendable if the file for TLS keys cannot be written. Python opens it for each context (`ssl.create_default_context`)."""
    if not path:
        return
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise OSError("it is no regular file")
        # OpenSSL would create the file with the mode of the umask, and it will contain keys.
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
    except (OSError, ValueError) as error:
        raise unusable("key-log", "SSLKEYLOGFILE", path, error) from error
