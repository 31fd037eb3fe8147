"""Tokens of other shapes, and refusals in other words and of other causes than a client expects."""

from __future__ import annotations

from tests.reports.answers import as_json, issues, jwt, only_if, page, redirect, says, seconds_since_1970
from tests.reports.claims import CLIENT, NEITHER, SURE
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error
from tests.reports.report import IN_AN_HOUR, TOKEN, Compare, Direct, Report, Right

REPORTS = (
    Report(
        name="token-as-a-form",
        source="googleapis/google-oauth-java-client#99",
        symptom="The token endpoint answers with a form in place of JSON, and the parser stops at its first word.",
        play=Direct(token=says(200, f"access_token={TOKEN}&expires=5183999")),
        right=Right(says=r"not JSON", fix=r"JSON", never=rf"{NEITHER}|web site|base URL"),
    ),
    Report(
        name="lifetime-as-a-text",
        source="modelcontextprotocol/typescript-sdk#1120, ramosbugs/oauth2-rs#151",
        symptom="The lifetime is a number in quotation marks, and a strict client refuses the whole answer.",
        play=Direct(token=issues(token_type="Bearer", expires_in="3600")),
        right=Right(outcome=("token",), expires_at=IN_AN_HOUR, never=r"expired|unreadable|not a lifetime"),
    ),
    Report(
        name="expiry-in-milliseconds-beside-an-issue-in-seconds",
        source="auth0/angular2-jwt#272",
        symptom="The exp claim of the token is in milliseconds and its iat in seconds, so that it never seems to end.",
        play=Direct(token=issues(access_token=jwt(sub="37", exp=seconds_since_1970(times=1000)), expires_in=3600)),
        right=Right(says=r"exp(?s:.)*milliseconds", fix=r"seconds", outcome=("token",), never=r"clocks? differ"),
    ),
    Report(
        name="issued-in-milliseconds",
        source="wso2/carbon-apimgt#5788",
        symptom="The iat claim is in milliseconds, and exp in seconds.",
        play=Direct(
            token=issues(access_token=jwt(sub="admin", iat=seconds_since_1970(0, times=1000)), expires_in=3600)
        ),
        right=Right(
            says=r"iat(?s:.)*milliseconds", fix=r"seconds", outcome=("token",), never=r"not yet|clocks? differ"
        ),
    ),
    Report(
        name="nothing-but-the-token",
        source="spring-projects/spring-security#5118, cmd-johnson/deno-oauth2-client#37",
        symptom="The answer has the token and no token_type, and strict clients refuse it.",
        play=Direct(token=issues()),
        right=Right(outcome=("token",), tells=r"token_type|when the token ends", never=rf"{NEITHER}|refused"),
    ),
    Report(
        name="lifetime-of-zero",
        source="bluesliverx/grails-spring-security-oauth2-provider#128",
        symptom="Now and then the lifetime is 0: the server hands out the token that it has kept, in its last second; other servers mean "
        "by it that the token does not end.",
        play=Direct(token=issues(token_type="bearer", refresh_token="r3fresh-of-the-report", expires_in=0)),
        right=Right(says=r"\b0\b", outcome=("token",), never=SURE),
    ),
    Report(
        name="subject-as-a-number",
        source="LemmyNet/lemmy#3417, tymondesigns/jwt-auth#1186",
        symptom="The sub claim is a number, and parsers that keep to the standard refuse the token.",
        play=Direct(token=issues(access_token=jwt(sub=1234), expires_in=3600)),
        right=Right(says=r"sub(?s:.)*text", outcome=("token",), never=NEITHER),
    ),
    Report(
        name="object-where-the-token-belongs",
        source="lelylan/simple-oauth2#107",
        symptom="What goes into the header is the word that JavaScript has for an object.",
        play=Direct(token=issues(access_token="[object Object]", token_type="bearer", expires_in=3600)),
        right=Right(
            says=r"object Object", fix=r"server|administrator", never=rf"{NEITHER}|certainty: likely(?s:.)*proxy"
        ),
    ),
    Report(
        name="token-with-slashes-and-signs",
        source="badgateway/oauth2-client#123",
        symptom="An opaque token in base64, with slashes and a sign of equality at its end, and its lifetime as a text.",
        play=Direct(
            token=issues(access_token="/DsAH2ykgeGGfbLY7GEhduWMCc9H0Gih1XV+4pPaJ5KMawlaVY=", expires_in="2700")
        ),
        right=Right(outcome=("token",), never=r"no header can carry|expired|unreadable"),
    ),
    Report(
        name="token-for-another-api",
        source="playerony/validate-azure-ad-token#24",
        symptom="The API refuses a fresh token with a code of its own, and says that its audience is invalid.",
        play=Compare(
            resource=as_json(
                401,
                {
                    "error": {
                        "code": "InvalidAuthenticationToken",
                        "message": "Access token validation failure. Invalid audience.",
                    }
                },
            )
        ),
        right=Right(says=r"audience", fix=r"audience", never=r"signature|signing key|clocks|secret"),
    ),
    Report(
        name="subject-that-the-api-cannot-take",
        source="jpadilla/pyjwt#1017, vimalloc/flask-jwt-extended#557",
        symptom="Since an update of its library the API refuses each token whose subject is a number.",
        play=Compare(
            token=only_if(
                lambda asked: "userid" in asked.fields,
                issues(access_token=jwt(sub=1234), expires_in=3600),
                issues(access_token=jwt(sub=5678), expires_in=3600),
            ),
            resource=as_json(422, {"msg": "Subject must be a string"}),
        ),
        right=Right(tells=r"Subject must be a string|sub(?s:.)*text", never=r"audience or key|clocks|scope"),
    ),
    Report(
        name="domain-header-wanted",
        source="oauth2-proxy/oauth2-proxy#736",
        symptom="The server wants the name of an identity domain in a header of its own.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_request",
                    "error_description": "Invalid Domain",
                    "secondary_message": "Domain in request is missing",
                },
            )
        ),
        right=Right(says=r"Domain", never=rf"{NEITHER}|{SURE}|--token-param Domain"),
    ),
    Report(
        name="apache-forbids-the-exchange",
        source="oauth2-proxy/oauth2-proxy#2727",
        symptom="The token request ends at a page of the web server that says that there is no permission.",
        play=Direct(
            token=page(
                403,
                "<head><title>403 Forbidden</title></head><body><h1>Forbidden</h1>"
                "<p>You don't have permission to access this resource.</p></body>",
            )
        ),
        right=Right(says=r"403", fix=r"administrator|address|network", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="page-not-found-of-a-go-program",
        source="punkpeye/mcp-remote#270",
        symptom="The token request goes to the address of the resource in place of the token endpoint.",
        play=Direct(token=says(404, "404 page not found\n")),
        right=Right(says=r"404", fix=r"path|address|token_endpoint", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="unexpected-server-error",
        source="europace/authorization-api#2",
        symptom="The same request that brought a token now brings server_error with 400.",
        play=Direct(token=error("server_error", "Unexpected server error")),
        right=Right(says=r"Unexpected server error", fix=r"again|administrator", never=rf"{NEITHER}|--body json"),
    ),
    Report(
        name="redirect-uri-in-the-data-of-a-failure",
        source="bulkpinner/bulkpinner#19",
        symptom="The message speaks of a resource, and the redirect URI is blamed in another member.",
        play=Direct(
            authorize=as_json(
                401,
                {
                    "status": "failure",
                    "message": "You are not permitted to access that resource.",
                    "code": 7,
                    "data": "The provided redirect_uri {uri} does not match any of the registered redirect URIs.",
                },
            )
        ),
        right=Right(first=("redirect-uri-refused",), fix=r"regist", never=CLIENT, sent_code=None),
    ),
    Report(
        name="client-not-permitted-to-perform-this",
        source="danielcrenna/tweetsharp#197",
        symptom="The application was not approved for this way of getting a token; the answer is XML with a number.",
        play=Direct(
            token=says(
                403,
                '<?xml version="1.0" encoding="UTF-8"?>\n<errors>\n'
                '  <error code="87">Client is not permitted to perform this action</error>\n</errors>',
                kind="application/xml",
            )
        ),
        right=Right(says=r"not permitted", fix=r"administrator", never=rf"{CODE_BLAMED}|secret is wrong|--body json"),
    ),
    Report(
        name="session-not-active-at-the-exchange",
        source="s3pweb/keycloak-admin-client-cjs#15",
        symptom="The realm says that the session is not active any more.",
        play=Direct(token=error("invalid_grant", "Session not active")),
        right=Right(says=r"Session not active", fix=r"again", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
    Report(
        name="account-disabled-under-invalid-grant",
        source="Nerzal/gocloak#427",
        symptom="The account is disabled, and the code of the refusal is that of a bad grant.",
        play=Direct(token=error("invalid_grant", "Account disabled")),
        right=Right(says=r"account", fix=r"administrator|account", never=NEITHER),
    ),
    Report(
        name="token-is-not-active",
        source="keycloak/keycloak#39266",
        symptom="invalid_grant with words about a token that is not active, which nobody sent.",
        play=Direct(token=error("invalid_grant", "Token is not active")),
        right=Right(
            says=r"not active", fix=r"again|administrator", never=rf"{SECRET_BLAMED}|code-expired|code-reused|{SURE}"
        ),
    ),
    Report(
        name="client-disabled-in-an-error-page",
        source="better-auth/better-auth#9974",
        symptom="The authorization endpoint leads to its own page for errors, because the client is switched off.",
        play=Direct(
            authorize=redirect("http://{host}/error?error=client_disabled&error_description=client%20is%20disabled")
        ),
        right=Right(
            says=r"client is disabled", fix=r"administrator|switch", never=rf"{CLIENT}|redirect-uri", sent_code=None
        ),
    ),
    Report(
        name="secret-is-missing-of-a-public-client",
        source="diegosouzapw/OmniRoute#271",
        symptom="The run is that of a public client, and the provider wants a secret all the same.",
        play=Direct(options=("--client-auth", "none"), token=error("invalid_request", "client_secret is missing.")),
        right=Right(says=r"client_secret is missing", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="client-not-found-or-not-authorized",
        source="clouway/oauth2-server#85",
        symptom="One sentence for a client that is not there and for one that may not.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "error": "unauthorized_client",
                    "error_description": "A client with id:demo-app was either not found or is not authorized.",
                },
            )
        ),
        right=Right(says=r"certainty: unknown", fix=r"client.id|administrator", never=SURE, sent_code=None),
    ),
)
