"""The device authorization grant (RFC 8628): its endpoint, and the polls of the token endpoint."""

from __future__ import annotations

import secrets
from typing import Any, Final

from authlib.oauth2.rfc6749 import InvalidGrantError
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, SlowDownError

from airisk_tui.sandbox.grants import keep
from airisk_tui.sandbox.registry import User
from airisk_tui.sandbox.standard.registry import AUTH_METHODS, DEFAULT_SCOPE
from airisk_tui.sandbox.standard.tokens import DeviceCredential

DEVICE_PATH: Final = "/device"
DEVICES_KEPT: Final = 1_000  # device codes that are remembered; the oldest go
SLOWER: Final = 5.0  # seconds; RFC 8628 §3.5: what slow_down adds to the interval


class DeviceEndpoint(DeviceAuthorizationEndpoint):
    """Hands out device codes and user codes."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.EXPIRES_IN = server.state.data.device_lifetime
        self.INTERVAL = server.state.data.poll_interval

    def get_verification_uri(self) -> str:
        """Where a person types the user code."""
        return f"{self.server.origin}{DEVICE_PATH}"

    def save_device_credential(self, client_id: str, scope: str | None, data: dict[str, Any]) -> None:
        """Remember what the codes stand for."""
        state = self.server.state
        credential = DeviceCredential(
            device_code=data["device_code"],
            user_code=data["user_code"],
            client_id=client_id,
            scope=scope or DEFAULT_SCOPE,
            expires=state.now() + self.EXPIRES_IN,
            interval=self.INTERVAL,
            clock=state.now,
            family=secrets.token_hex(8),
        )
        keep(state.devices, credential.device_code, credential, DEVICES_KEPT)


class DeviceGrant(DeviceCodeGrant):
    """Gives the token once the person has approved; a device code is good once."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    def query_device_credential(self, device_code: str) -> DeviceCredential:
        """What a device code stands for. Authlib says invalid_request for an unknown one; RFC 6749 §5.2 says invalid_grant."""
        found: DeviceCredential | None = self.server.state.devices.get(device_code)
        if found is None or found.used:
            raise InvalidGrantError("The device code is not known")
        return found

    def validate_device_credential(self, credential: DeviceCredential) -> User:
        """Who approved. Raises the error that says why there is no token yet."""
        credential.polls += 1
        if credential.polls <= self.server.state.policy.slow_polls:
            raise SlowDownError
        user: User = super().validate_device_credential(credential)
        credential.used = True
        return user

    def query_user_grant(self, user_code: str) -> tuple[User | None, bool] | None:
        """The decision of the person, or None."""
        devices = self.server.state.devices.values()
        decided = next((device.user for device in devices if device.user_code == user_code), None)
        return None if decided is None else (decided or None, bool(decided))

    def should_slow_down(self, credential: DeviceCredential) -> bool:
        """Whether this poll came before its time; the interval is then longer from here on."""
        now, before = credential.clock(), credential.polled
        credential.polled = now
        early = before is not None and now - before < credential.interval
        credential.interval += SLOWER if early else 0
        return early
