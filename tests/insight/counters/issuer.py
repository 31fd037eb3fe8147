"""Servers of the standard dialect: metadata, pushed requests, devices, the checks of what came, and the steps with the token."""

from __future__ import annotations

import json

from airisk_tui.flow.events import FollowUpAnswered
from airisk_tui.oauth.http import Exchange, HttpRequest
from tests.insight.counters.base import answer, instead, unless
from tests.insight.scenarios.base import JSON
from tests.insight.scenarios.issuer import (
    AGAIN,
    FORGOTTEN,
    ISSUER,
    NOWHERE,
    PUSH,
    TAKEN,
    TOKEN_CAME,
    followed,
    metadata,
    on_device,
    on_purpose,
    pushed,
    refusal,
    signed,
    standard,
)
from tests.runs import UTC, authorized, response

DEVICE = metadata(device_authorization_endpoint=f"{ISSUER}/device_authorization")

instead("metadata-not-found", lambda: standard(NOWHERE[0], metadata()))
instead("metadata-issuer", lambda: standard(metadata()))
instead("push-not-offered", lambda: standard(metadata(pushed_authorization_request_endpoint=PUSH), par="on"))
unless("push-client-refused", answer(refusal("invalid_scope")), answer(refusal("invalid_scope", 401)))
unless("push-refused", answer(TAKEN), answer(refusal("invalid_scope")))
instead(
    "push-demanded",
    lambda: standard(metadata(), authorized(refusal("invalid_request")), par="off"),
    lambda: pushed(TAKEN, authorized(refusal("invalid_request"))),
)
unless("push-unknown", answer(refusal("invalid_scope")))
instead("push-unknown", lambda: standard(metadata(), authorized(FORGOTTEN), par="off"))

instead("device-not-offered", lambda: standard(DEVICE, mode="device"))
instead(
    "device-codes-refused",
    lambda: on_device(),
    lambda: standard(metadata(), mode="device"),
    *(lambda error=error: on_device(codes=refusal(error)) for error in ("invalid_client", "invalid_scope")),
)
instead("device-denied", lambda: on_device(refusal("authorization_pending"), refusal("expired_token")))
instead("device-expired", lambda: on_device(TOKEN_CAME), lambda: on_device(refusal("authorization_pending")))

for code in (
    *("iss-mismatch", "iss-missing", "id-token-iss", "id-token-aud", "id-token-sub", "id-token-alg", "id-token-nonce"),
    *("id-token-at-hash", "id-token-c-hash", "id-token-signature", "id-token-missing", "token-type-other"),
):
    instead(code, lambda: signed())
instead("id-token-signature", lambda: signed(facts={"signature": "unsigned"}))
instead("id-token-azp", lambda: signed(claims={"azp": "demo-app"}), lambda: signed())
instead("id-token-aud", lambda: signed(claims={"aud": ["another-app", "demo-app"], "azp": "demo-app"}))
instead("token-type-other", lambda: signed(token_type="bearer"))
for code, at in (("id-token-exp", UTC - 5), ("id-token-iat", UTC + 5)):
    instead(code, lambda code=code, at=at: signed(claims={code[-3:]: at}), lambda: signed())
instead("pkce-not-enforced", lambda: on_purpose(refusal("invalid_grant")))
instead("code-accepted-twice", lambda: followed("code-again", refusal("invalid_grant")))
instead("userinfo-other-user", lambda: followed("userinfo", response(200, '{"sub": "user_42"}', JSON)))
instead("introspection-inactive", lambda: followed("introspect", response(200, '{"active": true}', JSON)))
unless("revocation-ignored", answer(response(200, '{"active": false}', JSON)))
instead(
    "introspection-inactive",
    lambda: followed(
        "revoke",
        response(200),
        FollowUpAnswered(
            at=3.0,
            step="introspect",
            exchange=Exchange(HttpRequest("POST", ISSUER), response(200, '{"active": false}', JSON)),
        ),
    ),
)
unless("follow-up-refused", answer(response(200, json.dumps({"sub": "user_42", "active": True}), JSON)))
instead("follow-up-refused", lambda: followed("introspect", None), of="nothing that is known")
instead("metadata-issuer-slash", lambda: standard(metadata()))
instead("metadata-faulty", lambda: standard(metadata()))
instead("metadata-demands-more", lambda: standard(metadata()))
for code in ("response-mode-ignored", "scope-narrowed", "keys-missing"):
    instead(code, lambda: signed())
SAME_SCOPE = response(200, json.dumps({**AGAIN, "scope": "openid"}, ensure_ascii=False), JSON)
ROTATED = response(200, json.dumps({**AGAIN, "refresh_token": "another"}, ensure_ascii=False), JSON)
instead("refresh-narrowed", lambda: followed("refresh", SAME_SCOPE))
instead(
    "refresh-not-rotated", lambda: followed("refresh", ROTATED, public=True), lambda: followed("refresh", SAME_SCOPE)
)
