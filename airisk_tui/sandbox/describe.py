"""What `airisk-tui sandbox --json` tells of a running sandbox."""

from __future__ import annotations

from collections.abc import Iterable

from airisk_tui.sandbox.answer import Json
from airisk_tui.sandbox.call import AUTHORIZE_PATH, TOKEN_PATH
from airisk_tui.sandbox.faults import FAULTS
from airisk_tui.sandbox.registry import SandboxData


def describe(base_url: str, data: SandboxData, active: Iterable[str] = ()) -> dict[str, Json]:
    """Base URL, applications, users and faults. The secrets are shown: they are public and open nothing else."""
    return {
        "base_url": base_url,
        "authorize": base_url + AUTHORIZE_PATH,
        "token": base_url + TOKEN_PATH,
        "applications": [
            {
                "client_id": application.client_id,
                "client_secret": application.client_secret,
                "name": application.name,
                "redirect_uris": list(application.registered),
                "tokens": application.shape,
            }
            for application in data.applications
        ],
        "users": [{"id": user.id, "name": user.name, "email": user.email} for user in data.users],
        "faults": [{"name": f.name, "where": f.where, "sentence": f.sentence} for f in FAULTS.values()],
        "active_faults": list(active),
    }
