"""Faults of what a token can do next, of the device grant, and of the issuer as a whole."""

from __future__ import annotations

from typing import Final

from airisk_tui.sandbox.answer import Answer, json_answer
from airisk_tui.sandbox.standard.faults.fault import Fault, with_members

SKEW_SECONDS: Final = -300.0  # five minutes slow, a usual drift of a machine that lost its time server
EXPIRED: Final = 'Bearer realm="sandbox", error="invalid_token", error_description="The access token expired"'

LATER_FAULTS = (
    Fault(
        name="userinfo-other-user",
        where="userinfo",
        sentence="Userinfo tells of another user than the ID token.",
        change=with_members(sub="another-user-than-before"),
    ),
    Fault(
        name="userinfo-refused",
        where="userinfo",
        sentence="Userinfo refuses the token as expired: 401 with WWW-Authenticate.",
        answer=Answer(401, headers=(("WWW-Authenticate", EXPIRED),)),
    ),
    Fault(
        name="introspection-inactive",
        where="introspection",
        sentence="Introspection says that a token that was just issued is not active.",
        answer=json_answer(200, {"active": False}),
    ),
    Fault(
        name="revocation-ignored",
        where="revocation",
        sentence="Revocation says that it is done, and the token stays good.",
        policy={"revokes": False},
    ),
    Fault(
        name="device-slow-down",
        where="poll",
        sentence="The first poll of a device is told to slow down.",
        policy={"slow_polls": 1},
    ),
    Fault(
        name="device-expired",
        where="poll",
        sentence="The device code has expired: expired_token.",
        answer=json_answer(400, {"error": "expired_token"}),
    ),
    Fault(
        name="device-denied",
        where="poll",
        sentence="The user denies on the other device: access_denied.",
        answer=json_answer(400, {"error": "access_denied"}),
    ),
    Fault(
        name="clock-skew",
        where="everywhere",
        sentence="The server's clock is five minutes slow: its Date header and the times in its tokens with it.",
        policy={"skew": SKEW_SECONDS},
    ),
    Fault(
        name="slow",
        where="everywhere",
        sentence="Every endpoint takes seconds to answer.",
        policy={"slow": True},
    ),
)
