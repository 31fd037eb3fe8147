"""What the protected endpoints answered."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.events import TransportFailed
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS, with_aliases
from tests.insight.counters.base import answer, header, instead, said, swapped, unless, without
from tests.insight.counters.token_request import MASKED
from tests.insight.plays import USERS, inputs, issued, with_probes
from tests.insight.scenarios.answers import INVALID, OK, OPAQUE, USER_TOKEN, asked, challenge, to
from tests.insight.scenarios.base import JSON, html
from tests.insight.scenarios.imported import called, imported
from tests.runs import TOKEN, exchanged, page, probed, problem, response

REFUSAL = response(200, b'{"error":"invalid_token"}', JSON)

unless("unprotected-endpoint", answer(REFUSAL), answer(page(200)), answer(problem(401)))
instead("unprotected-endpoint", lambda: with_probes((LIST_USERS, OK)))
instead(
    "token-outlived",
    lambda: issued(None, probed(LIST_USERS, problem(401), inputs(), at=90.0), probes=(LIST_USERS,)),
)
unless("token-rejected", header("WWW-Authenticate", INVALID))
unless("scope-missing", header("WWW-Authenticate", 'Bearer error="invalid_token"'), without("WWW-Authenticate"))
unless("endpoint-other-login", header("WWW-Authenticate", 'Bearer realm="x"'), header("WWW-Authenticate", "Bearer"))
for credential in ("broken", "expired"):
    instead(
        "authorization-header-lost",
        lambda credential=credential: issued(
            None,
            probed(LIST_USERS, challenge(401, "Bearer"), inputs()),
            *asked(LIST_USERS, challenge(401, INVALID), credential),
            probes=(LIST_USERS,),
        ),
    )
unless("endpoint-front-refused", header("WWW-Authenticate", "Bearer"), said('{"message":"no"}', JSON))
unless(
    "fresh-token-refused",
    header("WWW-Authenticate", f'{INVALID}, error_description="The audience is invalid"'),
    answer(response(401, b'{"message":"No API key found in request"}', JSON)),
)
instead(
    "user-token-refused",
    lambda: with_probes((GET_CONVERSATIONS, problem(403)), token=USER_TOKEN, userid="user_42"),
    lambda: with_probes((GET_CONVERSATIONS, OK), token=OPAQUE, userid="user_42"),
)
unless(
    "access-refused",
    answer(response(403, b'{"message":"The account is suspended"}', JSON)),
    answer(response(403, b'{"message":"Blocked by policy"}', JSON)),
    answer(response(403, b'{"message":"You must be logged in"}', JSON)),
    of="access-refused",
)
unless("generic-token-accepted", answer(page(200)), answer(REFUSAL), of="generic-token-accepted")
unless("endpoint-unclear", answer(response(401, b'{"message":"The token is expired"}', JSON)), answer(REFUSAL))
unless("endpoint-no-answer", swapped(TransportFailed, probed(LIST_USERS, USERS, inputs())))
instead(
    "another-token-refused",
    lambda: imported(exchanged(), called(TOKEN)),
    lambda: imported(exchanged(), replace(called(MASKED), secrets=(MASKED,))),
)
instead("endpoint-not-found", lambda: with_probes(*zip(with_aliases((LIST_USERS,)), (response(404), OK), strict=True)))
unless("endpoint-not-found", answer(problem(403)))
unless("endpoint-rate-limited", answer(problem(403)), answer(OK))
unless("endpoint-failed", answer(problem(403)), answer(OK))
unless("endpoint-login", answer(html("<div id=root></div>")), answer(to("https://api.example.com/x")))
unless("endpoint-web-page", answer(OK), answer(page(200)))
unless("endpoint-moved", answer(OK), answer(to("/Account/Login")))
unless("list-users-empty", answer(OK))
unless("call-refused", answer(OK), answer(response(401, b'{"message":"jwt expired"}', JSON)))
