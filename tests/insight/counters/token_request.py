"""The token request that was refused: the endpoint, the code, the fields, the client."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.events import TokenExchanged
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.secret import SecretView
from tests.insight.counters.base import (
    answer,
    came,
    each,
    given,
    header,
    instead,
    location,
    refusal,
    said,
    status,
    unless,
)
from tests.insight.plays import BASE, direct, inputs, issued, refused
from tests.insight.scenarios.base import GOT_IN, INVALID_CODE, extra, html
from tests.insight.scenarios.imported import asked, by_get, imported, misfit, not_recorded, of_a_page, without_body
from tests.insight.scenarios.refused import pasted
from tests.insight.scenarios.refused_client import OTHER_SECRET
from tests.runs import CODE, LOCATION, SECRET, STATE, TOKEN, exchanged, redirect, response, text, token_response

MASKED = SecretView("a5ced00000000000", 22, characters="redacted")

# The endpoint
unless("token-login", location("/elsewhere"), answer(html("<p>Log in. The redirect_uri is wrong</p>", 400)))
unless(
    "token-redirected",
    location("/Account/Login"),
    location("javascript:x"),
    location(BASE + "/api/oauth2/Token"),
    of="307 to another path",
)
unless("token-undecided", location("/v2/token"))
unless("token-url-doubled", status(400))
instead("token-url-doubled", lambda: refused(response(404)))
unless("token-not-found", answer(text("Invalid redirect_uri", 404)), status(400))
unless("json-surrounded", said('{"access_token":"x"}'), said("Notice: x {}"))
unless(
    "token-gateway",
    answer(html("<p>The redirect_uri is invalid</p>", 400)),
    answer(html("<p>The authorization code is invalid</p>", 400)),
    answer(html('<pre>{"access_token":"abcdefghijklmnop"}</pre>')),
)
unless("token-proof-wanted", answer(refusal("invalid_request")))
unless("token-user-refused", answer(refusal("interaction_required", "the redirect_uri is wrong")))
unless("token-user-refused", answer(refusal("login_required", "the code is wrong")))

# The code
instead("legs-differ", lambda: refused(INVALID_CODE))
unless("legs-differ", said("Invalid scope"))
unless("code-decoded-wrongly", said("The code has expired"), said("The code has already been used"))
instead("code-decoded-wrongly", lambda: refused(INVALID_CODE))
unless("pkce-mismatch", said("The code has expired"), said("The code has already been used"))
instead("pkce-mismatch", lambda: misfit(INVALID_CODE, None), lambda: misfit(INVALID_CODE, True))
unless("code-cut-at-ampersand", said("The code has expired"), came(f"code={CODE.reference}&iss&state={STATE}"))
unless("code-reused", history=())
unless("code-reused", said("The code is invalid or has already been used"), of="the server says used")
unless("code-expired", said("The code is invalid or expired"), of="the server says expired")
instead("code-expired", lambda: refused(INVALID_CODE, at=9.0))
SAME_INSTANCE = answer(response(400, "Invalid Code", "text/plain"))
unless("affinity-lost", SAME_INSTANCE)
unless("affinity-left-out", each(TokenExchanged, lambda event: with_cookie(event)))
unless("affinity-left-out", history=(direct(GOT_IN, exchanged(token_response(), inputs(mode="direct")), run_id="r0"),))
instead("code-damaged", lambda: refused(INVALID_CODE), lambda: pasted())
LONGER = SecretView("c0de0000000000cc", 30)
unless("code-damaged", history=(issued(run_id="earlier"), refused(token_response(), code=LONGER, run_id="other")))
instead("code-pasted", lambda: pasted("paste"), lambda: refused(INVALID_CODE))
instead(
    "code-refused",
    lambda: refused(text("The code has expired")),
    lambda: refused(INVALID_CODE, at=200.0),
    lambda: refused(text("Invalid Code: redirect_uri does not match")),
    of="code-refused",
)
unless("code-refused", of="code-refused", history=(refused(INVALID_CODE, run_id="earlier"),))

# The fields
unless("encoding-unsupported", status(400))
NOT_ALLOWED = answer(refusal("unsupported_grant_type", "grant_type authorization_code is not allowed"))
NOT_REGISTERED = answer(refusal("unauthorized_client", "invalid grant types for client"))
unless("grant-type-wanted", said("Invalid redirect_uri"), NOT_ALLOWED, NOT_REGISTERED, of="grant-type-wanted")
instead("field-missing", lambda: refused(text("Invalid userid"), userid="user_42"))
unless("field-spelled-otherwise", said("Invalid client_id"), said("Invalid clientId: mismatch"))
unless("encoding-not-read", said("redirect_uri mismatch"), of="redirect_uri should not be empty")
unless(
    "encoding-not-read",
    of="redirect_uri should not be empty",
    history=(refused(text("redirect_uri should not be empty"), encoding="json", run_id="earlier"),),
)
unless("field-refused", said("The redirect_uri is missing"), of="field-refused")
instead(
    "field-refused",
    lambda: refused(text("Invalid redirect_uri"), params=extra(redirect_uri="http://127.0.0.1:1/x")),
    of="field-refused",
)

# The client
instead("secret-wanted", lambda: refused(refusal("invalid_client", "", 401)))
unless("basic-wanted", given(dialect=Dialect(client_auth="basic")), header("WWW-Authenticate", "Bearer"))
unless("bearer-wanted", given(userid=None), given(bearer=TOKEN), header("WWW-Authenticate", "Basic realm=x"))
METHOD = answer(refusal("invalid_client", "the authentication method is not client_secret_basic", 401))
PUBLIC = answer(refusal("invalid_client", "the client is public", 401))
for code in ("secret-with-space", "secret-placeholder", "secret-of-another-deployment", "secret-changed"):
    unless(code, METHOD, PUBLIC)
unless("secret-with-space", secret_mistakes=())
unless("secret-placeholder", history=(issued(run_id="earlier"),))
unless("secret-placeholder", secret_mistakes=())
unless("secret-of-another-deployment", history=())
unless("secret-of-another-deployment", given(client_secret=OTHER_SECRET), history=(issued(run_id="earlier"),))
unless("secret-changed", given(client_secret=SECRET), given(client_id="other"))
unless(
    "client-refused",
    METHOD,
    PUBLIC,
    answer(refusal("invalid_client", "client_id is required", 401)),
    answer(refusal("invalid_client", "The client_id is unknown", 401)),
)
instead("code-altered-by-client", lambda: imported(exchanged(INVALID_CODE)))
instead(
    "code-altered-by-client",
    lambda: imported(replace(exchanged(INVALID_CODE, code=MASKED), secrets=(MASKED,))),
)


def with_cookie(event: TokenExchanged) -> TokenExchanged:
    """The token request carried the load balancer's cookie."""
    request = event.exchange.request
    carried = replace(request, headers=(*request.headers, ("Cookie", "ARRAffinity=instance-a")))
    return replace(event, exchange=replace(event.exchange, request=carried))


instead("login-not-in-file", lambda: imported())
instead(
    "authorization-request-broken",
    lambda: asked(response(400)),
    lambda: asked(response(503), client_id=""),
    lambda: asked(redirect(LOCATION), client_id=""),
)
instead(
    "login-asked-by-script",
    lambda: asked(redirect("/login"), ("Sec-Fetch-Mode", "navigate")),
    lambda: asked(redirect(LOCATION), ("Sec-Fetch-Mode", "cors")),
    lambda: asked(text("invalid_scope"), ("Sec-Fetch-Mode", "cors")),
)
instead(
    "login-asked-in-frame",
    lambda: asked(redirect("/login"), ("Sec-Fetch-Dest", "document")),
    lambda: asked(redirect(LOCATION), ("Sec-Fetch-Dest", "iframe")),
)
instead("token-answer-not-recorded", lambda: imported(exchanged()))
instead("answer-kept-from-page", lambda: imported(exchanged(not_recorded(400))))
instead(
    "answer-kept-from-page",
    lambda: imported(of_a_page(exchanged(not_recorded(400)), "https://airisk.example.com")),
)
instead("token-request-by-get", lambda: imported(exchanged(response(405))))
instead("token-request-by-get", lambda: imported(by_get(exchanged(text("invalid_grant")))))
instead("token-request-by-get", lambda: imported(by_get(exchanged(text("the code is invalid")), "POST")))
instead("token-request-not-recorded", lambda: imported(exchanged(text("grant_type is missing"))))
instead("token-request-not-recorded", lambda: imported(without_body(exchanged(text("the code is invalid")))))
instead("code-exchanged-again", lambda: imported(exchanged()))
unless("refresh-refused", answer(token_response()))
