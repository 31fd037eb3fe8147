"""The device authorization grant: the codes that the server issues, and the interval between two polls (RFC 8628)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.text.lenient_json import number_in, read_members, text_in

GRANT = "urn:ietf:params:oauth:grant-type:device_code"

INTERVAL = 5.0
"""Seconds between two polls if the server names no interval (§3.2), and the seconds that `slow_down` adds (§3.5)."""

MAX_WAIT = 600.0
"""Seconds. An interval that is longer is cut to this, or the run would never poll again."""

LIFETIME = 600.0
"""Seconds for which the codes are valid if the server leaves out `expires_in`, which is required (§3.2)."""

PENDING = "authorization_pending"
SLOW_DOWN = "slow_down"


class DeviceCodes(Struct, frozen=True, kw_only=True):
    """The device authorization response (§3.2). device_code: the code that each poll sends, or its reference; user_code: the code
    that a person types at verification_uri; complete: the address that already contains the user code, or ""; lifetime, interval:
    seconds."""

    device_code: str
    user_code: str
    verification_uri: str
    complete: str = ""
    lifetime: float = LIFETIME
    interval: float = INTERVAL

    @property
    def address(self) -> str:
        """The address for a person to open: `complete` if the server sent it (RFC 8628 §3.3.1), else `verification_uri`."""
        return self.complete or self.verification_uri

    @property
    def public(self) -> tuple[str, ...]:
        """The values that a person has to see, and that are therefore never sealed."""
        return tuple(text for text in (self.user_code, self.verification_uri, self.complete) if text)


def read_device_codes(response: HttpResponse) -> DeviceCodes | None:
    """The codes of a successful answer, or None if a required member is missing (§3.2). Total."""
    document = read_members(response.body.data) if response.status == 200 else {}
    # Drafts of RFC 8628 called it `verification_url`, and Google still does.
    address = text_in(document.get("verification_uri")) or text_in(document.get("verification_url"))
    codes = text_in(document.get("device_code")), text_in(document.get("user_code"))
    if not all((*codes, address)):
        return None
    return DeviceCodes(
        device_code=codes[0],
        user_code=codes[1],
        verification_uri=address,
        complete=text_in(document.get("verification_uri_complete")),
        lifetime=_seconds(document.get("expires_in"), LIFETIME),
        interval=_seconds(document.get("interval"), INTERVAL),
    )


def _seconds(value: Any, default: float) -> float:
    number = number_in(value)
    return min(number, 24 * 3600.0) if number is not None and number >= 0 else default
