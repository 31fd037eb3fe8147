"""The device authorization grant: what the server hands out, and how long to wait between two polls (RFC 8628)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.text.lenient_json import number_in, read_members, text_in

GRANT = "urn:ietf:params:oauth:grant-type:device_code"

INTERVAL = 5.0
"""Seconds between two polls where the server names none (§3.2), and those that `slow_down` adds (§3.5)."""

MAX_WAIT = 600.0
"""Seconds. A server that asks for more would never be asked again."""

LIFETIME = 600.0
"""Seconds that the codes are good for where the server does not say it, although it must (§3.2)."""

PENDING = "authorization_pending"
SLOW_DOWN = "slow_down"


class DeviceCodes(Struct, frozen=True, kw_only=True):
    """What the server hands out to a device. device_code: what the polls carry, or the reference that stands for it; user_code: what a
    person types at verification_uri; complete: the address that holds the user code already, or ""; lifetime and interval: in seconds."""

    device_code: str
    user_code: str
    verification_uri: str
    complete: str = ""
    lifetime: float = LIFETIME
    interval: float = INTERVAL

    @property
    def address(self) -> str:
        """What a person opens: the address with the code in it, where there is one (RFC 8628 §3.3.1)."""
        return self.complete or self.verification_uri

    @property
    def public(self) -> tuple[str, ...]:
        """What a person has to see."""
        return tuple(text for text in (self.user_code, self.verification_uri, self.complete) if text)


def read_device_codes(response: HttpResponse) -> DeviceCodes | None:
    """What a successful answer hands out; None where a required member is missing (§3.2). Total."""
    document = read_members(response.body.data) if response.status == 200 else {}
    # `verification_url` is what the draft had, and Google still writes.
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
