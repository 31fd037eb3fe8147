"""Faults of what a token can do next, of the device grant, and of the issuer as a whole."""

from __future__ import annotations

from typing import Final

from airisk_tui.sandbox.answer import Answer, json_answer
from airisk_tui.sandbox.standard.faults.fault import faults, with_members

SKEW_SECONDS: Final = -300.0  # five minutes slow, a usual drift of a machine that lost its time server
EXPIRED: Final = 'Bearer realm="sandbox", error="invalid_token", error_description="The access token expired"'

LATER_FAULTS = (
    *faults(
        "userinfo",
        (
            "userinfo-other-user",
            "Userinfo tells of another user than the ID token.",
            with_members(sub="another-user-than-before"),
        ),
        (
            "userinfo-refused",
            "Userinfo refuses the token as expired: 401 with WWW-Authenticate.",
            Answer(401, headers=(("WWW-Authenticate", EXPIRED),)),
        ),
    ),
    *faults(
        "introspection",
        (
            "introspection-inactive",
            "Introspection says that a token that was just issued is not active.",
            json_answer(200, {"active": False}),
        ),
    ),
    *faults(
        "revocation",
        ("revocation-ignored", "Revocation says that it is done, and the token stays good.", {"revokes": False}),
    ),
    *faults(
        "poll",
        ("device-slow-down", "The first poll of a device is told to slow down.", {"slow_polls": 1}),
        ("device-expired", "The device code has expired: expired_token.", json_answer(400, {"error": "expired_token"})),
        (
            "device-denied",
            "The user denies on the other device: access_denied.",
            json_answer(400, {"error": "access_denied"}),
        ),
    ),
    *faults(
        "everywhere",
        (
            "clock-skew",
            "The server's clock is five minutes slow: its Date header and the times in its tokens with it.",
            {"skew": SKEW_SECONDS},
        ),
        ("slow", "Every endpoint takes seconds to answer.", {"slow": True}),
    ),
)
