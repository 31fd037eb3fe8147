"""The answer of the token endpoint: a body without a token, and a token that is odd."""

from __future__ import annotations

import json

from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS
from tests.insight.counters.base import answer, instead, refusal, said, status, unless
from tests.insight.plays import issued, with_probes
from tests.insight.scenarios.answers import FRESH, OPAQUE, skewed
from tests.insight.scenarios.base import JSON, html
from tests.insight.scenarios.imported import imported, not_recorded
from tests.runs import UTC, exchanged, jwt, response, text, token_response

GOOD = answer(response(200, b'{"access_token":"abcdefghij"}', JSON))
LONG = "abcdefghijklmnopqrstuvwxyz0123456789"

instead("code-unusable", lambda: issued())
instead("token-unusable", lambda: issued())
unless("token-body-encoded", said('{"hello":"world"}', JSON))
instead("token-body-encoded", lambda: imported(exchanged(not_recorded(200))))
unless("token-body-cut", answer(response(200, b'{"access_tok', JSON)))
instead("token-body-cut", lambda: imported(exchanged(not_recorded(200))))
unless(
    "token-bare",
    answer(html(f"<p>{LONG}</p>")),
    answer(text("Here is your token", 200)),
    answer(response(200, json.dumps({"x": LONG}), JSON)),
)
unless("token-other-format", said('{"access_token":""}', JSON), answer(html("access_token=x")), said("hello=x&y=z"))
unless("token-in-text", said('{"access_token": 7}', JSON), said('{"data":{"access_token":"x"}}', JSON))
unless("token-not-an-object", said("{}", JSON), said("welcome"))
unless("token-too-large", said('{"a":"x"}', JSON))
unless("token-not-json", said("{broken", JSON))
unless("token-renamed", said('{"data":{"access_token":"x"}}', JSON), said('{"access_token":""}', JSON))
unless("token-empty-body", status(500))
instead("token-empty-body", lambda: imported(exchanged(not_recorded(200))))
instead("error-inside-200", lambda: issued(token_response({"error": "quota"})))
unless("token-wrong-type", said('{"access_token":null,"data":{"access_token":"x"}}', JSON))
instead("token-wrong-type", lambda: issued())
unless("token-missing", said('{"access_code":"x"}', JSON))
unless(
    "token-refused",
    said("Invalid redirect_uri"),
    said("Invalid Code"),
    said("The account is locked"),
    said("Blocked by policy"),
    answer(refusal("invalid_client", "", 401)),
    answer(html("The requested URL was rejected. Please consult with your administrator.", 403)),
    of="token-refused",
)

instead(
    "expiration-endless",
    lambda: issued(token_response({"expiration": ..., "expires_in": 2147483647})),
    lambda: issued(token_response({"expiration": ..., "expires_in": 3600}, token=OPAQUE), token=OPAQUE),
)
instead("token-expired-on-arrival", lambda: issued(skewed(-3700.0)), lambda: issued())
instead(
    "expiration-counts-earlier",
    lambda: issued(token_response({"expiration": ..., "expires_in": 3600, "created_at": UTC - 1800})),
)
USER = jwt({"sub": "user_42", **FRESH})
instead(
    "userid-ignored",
    lambda: issued(token=USER, userid="user_42"),
    lambda: issued(token_response({"userId": "user_42"}), userid="user_42"),
    lambda: with_probes((GET_CONVERSATIONS, response(200, b'[{"userId":"user_42"}]', JSON)), userid="user_42"),
    of="the application's own subject",
)
instead(
    "jwt-expired",
    lambda: issued(token=jwt({"exp": UTC + 9})),
    lambda: issued(skewed(-3700.0), token=jwt({"exp": UTC - 9})),
)
instead("token-odd-characters", lambda: issued())
for code in (
    *("clock-skew", "expiration-unset", "expiration-unreadable", "expiration-renamed", "expiration-no-zone"),
    *(
        "expiration-format",
        "expiration-missing",
        "json-repeated-member",
        "json-odd",
        "content-type-wrong",
        "charset-wrong",
    ),
    *("jwt-milliseconds", "jwt-not-yet-valid", "jwt-unsigned", "expiration-differs-from-exp"),
    *("jwt-unreadable", "jwt-repeated-member", "jwt-odd", "jwt-claim-wrong"),
):
    instead(code, lambda: issued())
instead("expiration-differs-from-exp", lambda: issued(skewed(-300.0)))
instead("token-names-another", lambda: issued(token=USER, userid="user_42"))
