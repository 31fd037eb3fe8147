"""Tokens of other shapes, and refusals in other words and of other causes than a client expects."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from tests.reports.answers import as_json, issues, jwt, only_if, page, protected, redirect, says, seconds_since_1970
from tests.reports.claims import CLIENT, NEITHER, SURE
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error, sent_back
from tests.reports.report import IN_AN_HOUR, TOKEN, Compare, Direct, Report, Right


def padded(header: str, claims: str, signature: bytes) -> str:
    """A JWT whose parts keep the “=” of base64."""
    return ".".join(urlsafe_b64encode(part).decode() for part in (header.encode(), claims.encode(), signature))


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
        symptom="Now and then the lifetime is 0: the token was kept to its last second. Other servers mean by it that it does not end.",
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
    Report(
        name="signature-with-padding",
        source="arangodb/arangodb#11198",
        symptom="The server leaves the sign of equality at the end of the signature, and readers call the token malformed.",
        play=Direct(
            token=issues(
                access_token=padded('{"alg":"HS256","typ":"JWT"}', '{"sub":"root","exp":4102444800}', b"signed1"),
                expires_in=3600,
            )
        ),
        right=Right(says=r"base64url|padding", outcome=("token",), never=rf"{NEITHER}|clocks? differ"),
    ),
    Report(
        name="claims-with-padding",
        source="panva/jose#30, DCIT/perl-Crypt-JWT#43",
        symptom="The load balancer keeps the padding in the claims of its tokens, and a library refuses them since its new version.",
        play=Direct(
            token=issues(
                access_token=padded('{"alg":"ES256","kid":"2e1d"}', '{"sub":"ada@example.com"}', b"signed!!"),
                expires_in=3600,
            )
        ),
        right=Right(says=r"base64url|padding", outcome=("token",), never=rf"{NEITHER}|clocks? differ"),
    ),
    Report(
        name="claims-without-padding",
        source="keycloak/keycloak#26694, DuendeArchive/IdentityServer4#5318",
        symptom="A decoder of plain base64 cannot read the token, because its parts have no padding, as the standard wants it.",
        play=Direct(
            token=issues(
                access_token=jwt(sub="ada", iss="http://localhost:8080/realms/a", typ="Bearer"), expires_in=3600
            )
        ),
        right=Right(outcome=("token",), never=r"base64url|jwt-unreadable|jwt-odd|plain JSON"),
    ),
    Report(
        name="unauthorized-with-a-number",
        source="jonas747/discorder#10",
        symptom="The API wants another word than Bearer for tokens of a bot, and says no more than the status.",
        play=Compare(resource=as_json(401, {"code": 0, "message": "401: Unauthorized"})),
        right=Right(says=r"401", never=rf"{SURE}|secret"),
    ),
    Report(
        name="tokens-without-a-subject",
        source="keycloak/keycloak#34591, keycloak/keycloak#34306",
        symptom="Since an update access tokens have no subject any more; the sessions differ.",
        play=Compare(
            token=only_if(
                lambda asked: "userid" in asked.fields,
                issues(access_token=jwt(azp="demo-app", jti="b", sid="2222", typ="Bearer"), expires_in=3600),
                issues(access_token=jwt(azp="demo-app", jti="a", sid="1111", typ="Bearer"), expires_in=3600),
            )
        ),
        right=Right(never=r"userid-ignored|tokens-alike"),
    ),
    Report(
        name="token-bound-to-a-key",
        source="mary-ext/atcute#3",
        symptom="The server gives tokens of the type DPoP alone, and its API refuses them as Bearer.",
        play=Compare(
            token=only_if(
                lambda asked: "userid" in asked.fields,
                issues(access_token=TOKEN + "-of-user_42", token_type="DPoP", expires_in=3600),
                issues(token_type="DPoP", expires_in=3600),
            ),
            resource=says(401, "", 'WWW-Authenticate: DPoP error="invalid_token", algs="ES256"'),
        ),
        right=Right(tells=r"DPoP", never=r"audience or key|clocks|Authorization header did not arrive"),
    ),
    Report(
        name="lifetime-null",
        source="apigee/microgateway-edgeauth#47",
        symptom="The lifetime is null where the gateway has none to give.",
        play=Direct(token=issues(token_type="Bearer", expires_in=None)),
        right=Right(outcome=("token",), tells=r"null|does not say", never=r"already expired|in the past"),
    ),
    Report(
        name="lifetime-with-letters",
        source="QwenLM/qwen-code#5355",
        symptom="The lifetime has letters behind its digits; one parser takes the digits, another nothing.",
        play=Direct(token=issues(token_type="Bearer", expires_in="3600abc")),
        right=Right(says=r"3600abc", outcome=("token",), expires_at=None, never=r"already expired"),
    ),
    Report(
        name="token-below-data-with-a-status",
        source="j0k3r/php-imgur-api-client#3",
        symptom="The token comes inside an envelope with a status and a success.",
        play=Direct(
            token=as_json(
                200,
                {
                    "data": {"access_token": TOKEN, "expires_in": 3600, "token_type": "bearer"},
                    "success": True,
                    "status": 200,
                },
            )
        ),
        right=Right(says=r"data\.access_token", fix=r"data\.access_token", never=NEITHER),
    ),
    Report(
        name="token-with-a-bar",
        source="ruby-oauth/oauth2#20",
        symptom="The token has two parts with a bar between them.",
        play=Direct(
            token=issues(
                access_token="123456789012345|aBcDeFgHiJkLmNoPqRsTuVwXyZ0", token_type="bearer", expires_in=3600
            )
        ),
        right=Right(outcome=("token",), never=NEITHER),
    ),
    Report(
        name="service-application-at-the-authorization-endpoint",
        source="aaronpk/quick-php-authentication#8",
        symptom="The application was registered as a service, which nobody logs in to.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>400 Bad Request</h1><p>Your request resulted in an error.</p><p>Identity Provider: Unknown</p>"
                "<p>Error Code: invalid_request</p><p>Description: Clients with &#39;application_type&#39; of &#39;service&#39; are not "
                "allowed to access the &#39;authorize&#39; endpoint.</p></body>",
            )
        ),
        right=Right(
            says=r"application_type",
            fix=r"regist|administrator",
            never=rf"{CLIENT}|redirect-uri|parameter-wanted",
            sent_code=None,
        ),
    ),
    Report(
        name="redirect-uri-that-is-another-clients",
        source="producthunt/producthunt-api#88",
        symptom="A page says that the redirect URI is not valid; it was the client ID of another application.",
        play=Direct(
            authorize=page(
                401, "<body><h1>An error has occurred</h1><p>The redirect uri included is not valid.</p></body>"
            )
        ),
        right=Right(says=r"redirect", fix=r"regist", never=SURE, sent_code=None),
    ),
    Report(
        name="redirect-uri-lost-on-the-way",
        source="anthropics/claude-code#91911",
        symptom="The address moved to another host, which does not find the redirect URI that was sent.",
        play=Direct(
            authorize=page(400, "<body><h1>Invalid OAuth Request</h1><p>Missing redirect_uri parameter</p></body>")
        ),
        right=Right(says=r"redirect_uri", never=rf"{CLIENT}|is not registered|not among the URIs", sent_code=None),
    ),
    Report(
        name="response-type-as-an-input-parameter",
        source="Softeria/ms-365-mcp-server#83",
        symptom="The redirect says that the request must include a response_type.",
        play=Direct(
            authorize=sent_back(
                "invalid_request", "The+provided+request+must+include+a+%27response_type%27+input+parameter."
            )
        ),
        right=Right(says=r"response_type", fix=r"response_type", never=CLIENT, sent_code=None),
    ),
    Report(
        name="captcha-wanted",
        source="aaronpk/oauth.net#198",
        symptom="After three wrong log-ins the token endpoint wants a captcha, with a code of its own.",
        play=Direct(token=error("captcha_required")),
        right=Right(says=r"captcha_required", never=rf"{NEITHER}|{SURE}|--token-param captcha"),
    ),
    Report(
        name="reddit-calls-the-redirect-uri-invalid",
        source="not-an-aardvark/reddit-oauth-helper#6",
        symptom="The page calls the request bad, and the redirect URI an invalid parameter: another one is in the preferences.",
        play=Direct(
            authorize=page(
                400,
                "<body><h3>bad request (reddit.com)</h3><p>you sent an invalid request &mdash; invalid redirect_uri parameter.</p></body>",
            )
        ),
        right=Right(says=r"redirect_uri", fix=r"regist", never=CLIENT, sent_code=None),
    ),
    Report(
        name="application-that-is-being-tested",
        source="joemccann/dillinger#938, n8n-io/n8n#21457",
        symptom="The application is in its test, and the account is not among the testers.",
        play=Direct(
            authorize=page(
                403,
                "<body><h1>Access blocked: Demo has not completed the verification process</h1><p>The app is currently being tested, and "
                "can only be accessed by developer-approved testers. If you think you should have access, contact the developer.</p>"
                "<p>Error 403: access_denied</p></body>",
            )
        ),
        right=Right(
            says=r"tester",
            fix=r"administrator|developer|tester|account",
            never=rf"{CLIENT}|firewall|redirect-uri-refused|address of this machine",
            sent_code=None,
        ),
    ),
    Report(
        name="account-that-is-not-verified",
        source="kontena/kontena#1981",
        symptom="The account's address was never confirmed, and the authorization endpoint says so in a list of errors.",
        play=Direct(authorize=as_json(403, {"errors": [{"status": "403", "title": "User account is not verified"}]})),
        right=Right(
            says=r"not verified",
            fix=r"account|administrator|browser",
            never=rf"{CLIENT}|redirect-uri-refused|--userid",
            sent_code=None,
        ),
    ),
    Report(
        name="signing-algorithm-not-registered",
        source="wso2/financial-services-accelerator#982",
        symptom="The client was deleted, and the token endpoint speaks of a signing algorithm.",
        play=Direct(token=error("invalid_request", "Token signing algorithm not registered")),
        right=Right(says=r"signing algorithm", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="account-locked-by-attempts",
        source="abpframework/abp#25751",
        symptom="The account is locked after wrong log-ins, with a code of the framework.",
        play=Direct(
            token=error(
                "account_locked",
                "The user account has been locked out due to invalid login attempts. Please wait a while and try again.",
            )
        ),
        right=Right(says=r"locked out", fix=r"account|wait|administrator", never=NEITHER),
    ),
    Report(
        name="consumer-that-may-not",
        source="magento/devdocs#4088",
        symptom="The application has no permission for the resource, and the answer calls it the consumer.",
        play=Direct(
            token=says(
                403, "oauth_problem=permission_denied&message=The+consumer+is+not+authorized+to+access+the+resource"
            )
        ),
        right=Right(says=r"permission_denied|not authorized", fix=r"administrator", never=rf"{CODE_BLAMED}|{SURE}"),
    ),
    Report(
        name="api-fails-at-the-token",
        source="Altinn/dialogporten#868",
        symptom="The API ends with 500 at a token that it cannot read.",
        play=Compare(resource=protected(says(500, "An error occurred"))),
        right=Right(tells=r"500", never=r"no right|ignored the user id|scope"),
    ),
    Report(
        name="basic-header-that-crashes",
        source="wso2/api-manager#1514",
        symptom="The token endpoint fails at a header that lost its last character.",
        play=Direct(
            options=("--client-auth", "basic"),
            token=as_json(500, {"error": "server_error", "error_description": "Internal Server Error"}),
        ),
        right=Right(says=r"500", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="api-speaks-python",
        source="ging/fiware-idm-deprecated#28",
        symptom="The API answers a generic token with an error of its own program.",
        play=Compare(
            resource=as_json(
                400,
                {"error": {"message": "object of type 'NoneType' has no len()", "code": 400, "title": "Bad Request"}},
            )
        ),
        right=Right(tells=r"NoneType|400", never=r"no right|scope|audience or key"),
    ),
    Report(
        name="forbidden-without-a-session",
        source="keycloak/keycloak#19073",
        symptom="The API answers 403 without a body to a user's token whose session is gone.",
        play=Compare(resource=protected(says(403))),
        right=Right(says=r"certainty: unknown", never=r"scope-missing|expired"),
    ),
    Report(
        name="code-not-valid-sent-twice",
        source="mauriciovigolo/keycloak-angular#464",
        symptom="The page loads twice and sends the code twice.",
        play=Direct(token=error("invalid_grant", "Code not valid")),
        right=Right(says=r"certainty: unknown", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
    Report(
        name="invalid-credentials-under-a-grant",
        source="capesean/openiddict-test#22",
        symptom="invalid_grant and the words that credentials are invalid.",
        play=Direct(token=error("invalid_grant", "Invalid credentials.")),
        right=Right(says=r"Invalid credentials", never=rf"{SURE}|code-expired|code-reused"),
    ),
    Report(
        name="text-under-401",
        source="smart-on-fhir/bulk-data-server#11",
        symptom="The token endpoint says in plain text that registration details cannot be read.",
        play=Direct(token=says(401, "Invalid client details token: jwt malformed")),
        right=Right(says=r"jwt malformed|client details", never=rf"{CODE_BLAMED}|{SURE}"),
    ),
    Report(
        name="mismatch-on-a-page-of-the-provider",
        source="NemeStats/NemeStats#77",
        symptom="The page of the provider says that the redirect URI did not match a registered one.",
        play=Direct(
            authorize=page(
                400,
                "<body><p>400. That’s an error.</p><p>Error: redirect_uri_mismatch</p>"
                "<p>The redirect URI in the request: {uri} did not match a registered redirect URI.</p></body>",
            )
        ),
        right=Right(says=r"redirect", fix=r"regist", never=CLIENT, sent_code=None),
    ),
    Report(
        name="client-pending-approval",
        source="calcom/cal.diy#25556",
        symptom="The client waits for the approval of an administrator.",
        play=Direct(
            authorize=as_json(
                403,
                {
                    "message": "Your OAuth client is pending approval. You will receive an email once it has been reviewed."
                },
            )
        ),
        right=Right(says=r"approv", fix=r"administrator", never=rf"{CLIENT}|one-time|firewall", sent_code=None),
    ),
    Report(
        name="back-to-another-port",
        source="jsdelivr/globalping-cli#154",
        symptom="The client listens on another port than the one that the server sends to.",
        play=Direct(authorize=redirect("http://localhost:60000/callback?code={code}&state={state}")),
        right=Right(says=r"60000", fix=r"60000|redirect", never=NEITHER),
    ),
)
