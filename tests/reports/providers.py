"""One provider or another answers at its token endpoint, in words and shapes of its own."""

from __future__ import annotations

from tests.reports.answers import as_json, issues, jwt, says
from tests.reports.refusal import CODE_BLAMED, END, SECRET_BLAMED, error
from tests.reports.report import IN_AN_HOUR, TOKEN, Direct, Report, Right

XML = "application/xml"
NEITHER = rf"{SECRET_BLAMED}|{CODE_BLAMED}"
NO_MEMBER = r"no member that could be the token"

REPORTS = (
    Report(
        name="client-secret-post-is-not-allowed",
        source="cavefire/hass-openid#10, nextcloud/user_oidc#981, authelia/authelia#10131, ionfury/homelab#1387",
        symptom="The client sends its secret in the body, and the server has it registered with the header.",
        play=Direct(
            token=error(
                "invalid_client",
                "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported "
                "authentication method). The request was determined to be using 'token_endpoint_auth_method' method "
                "'client_secret_post', however the OAuth 2.0 client registration does not allow this method.",
                401,
            )
        ),
        right=Right(
            says=r"client_secret_post|method|body", fix=r"basic", never=rf"client secret is wrong|{CODE_BLAMED}"
        ),
    ),
    Report(
        name="client-secret-basic-is-not-allowed",
        source="nextcloud/user_oidc#907, authelia/authelia#6860",
        symptom="The client sends its secret in the header, and the server has it registered with the body.",
        play=Direct(
            options=("--client-auth", "basic"),
            token=error(
                "invalid_client",
                "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported "
                "authentication method). The request was determined to be using 'token_endpoint_auth_method' method "
                "'client_secret_basic', however the OAuth 2.0 client registration does not allow this method.",
                401,
            ),
        ),
        right=Right(
            says=r"client_secret_basic|method|header", fix=r"post|body", never=rf"client secret is wrong|{CODE_BLAMED}"
        ),
    ),
    Report(
        name="two-methods-of-which-one-is-allowed",
        source="cirrusidentity/simplesamlphp-module-authoauth2#50",
        symptom="The refusal names the method that the client has and the one that was used.",
        play=Direct(
            token=error(
                "invalid_client",
                "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported "
                "authentication method). The OAuth 2.0 Client supports client authentication method 'client_secret_basic', but method "
                "'client_secret_post' was requested. You must configure the OAuth 2.0 client's 'token_endpoint_auth_method' value to "
                "accept 'client_secret_post'.",
                401,
            )
        ),
        right=Right(
            says=r"does not accept client ID and secret in the body|method",
            fix=r"basic",
            never=rf"client secret is wrong|{CODE_BLAMED}",
        ),
    ),
    Report(
        name="secret-belongs-into-the-header",
        source="panva/node-oidc-provider#108",
        symptom="The client sends its secret in the body, and the server says that it belongs into the header.",
        play=Direct(token=error("invalid_request", "client_secret must be provided in the Authorization header")),
        right=Right(says=r"header|Basic", fix=r"basic", never=rf"secret is wrong|{CODE_BLAMED}"),
    ),
    Report(
        name="client-was-not-found",
        source="madslundt/cloud-media-scripts#32",
        symptom="invalid_client comes, and the words say that there is no such client.",
        play=Direct(token=error("invalid_client", "The OAuth client was not found.", 401)),
        right=Right(says=r"client", fix=r"client.id", never=rf"client secret is wrong|{CODE_BLAMED}"),
    ),
    Report(
        name="no-client-for-this-client-id",
        source="wso2/product-is#6569, wso2/product-is#22336, wso2/api-manager#5070",
        symptom="The refusal says that no valid client could be found for this client ID, and repeats it.",
        play=Direct(
            token=error("invalid_client", "A valid OAuth client could not be found for client_id: demo-app", 401)
        ),
        right=Right(says=r"client.id", fix=r"client.id", never=rf"client secret is wrong|{CODE_BLAMED}"),
    ),
    Report(
        name="credentials-of-the-client-are-invalid",
        source="wso2/product-is#23259",
        symptom="The refusal says that the credentials of the client are invalid, and not which of the two.",
        play=Direct(token=error("invalid_client", "Client credentials are invalid.", 401)),
        right=Right(says=r"credentials|secret", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="grant-type-field-is-required",
        source="fattureincloud/fattureincloud-php-sdk#87",
        symptom="The field for the grant type was sent by nobody, and is required.",
        play=Direct(token=error("invalid_request", "The grant type field is required.")),
        right=Right(says=r"grant.type", fix=r"grant_type", never=NEITHER),
    ),
    Report(
        name="grants-of-the-client-are-missing",
        source="ging/fiware-idm#43",
        symptom="The server fails with 503 inside: the client has no grants there.",
        play=Direct(
            token=as_json(
                503, {"message": "Server error: missing client `grants`", "code": 503, "title": "server_error"}
            )
        ),
        right=Right(
            says=r"missing client|grants",
            fix=r"administrator|operator",
            never=rf"{NEITHER}|in place of the token endpoint|does not run",
        ),
    ),
    Report(
        name="verifier-was-not-sent",
        source="firezone/firezone#2680",
        symptom="A cookie was lost on the way, the verifier with it, and the server misses the verifier.",
        play=Direct(token=error("invalid_grant", "PKCE code verifier not specified")),
        right=Right(says=r"PKCE|verifier", fix=r"pkce", never=NEITHER),
    ),
    Report(
        name="verification-of-pkce-failed",
        source="keycloak/keycloak-community#292",
        symptom="The challenge was computed wrongly, and the server says that PKCE verification failed.",
        play=Direct(options=("--pkce", "on"), token=error("invalid_grant", "PKCE verification failed")),
        right=Right(says=r"PKCE|verifier", fix=r"administrator|operator|server|again", never=rf"{NEITHER}|drop --"),
    ),
    Report(
        name="redirect-uri-is-incorrect",
        source="marcospereirampj/python-keycloak#207, keycloak/keycloak#16168",
        symptom="invalid_grant comes, with two words: Incorrect redirect_uri.",
        play=Direct(token=error("invalid_grant", "Incorrect redirect_uri")),
        right=Right(says=r"redirect.uri", fix=r"redirect.uri", never=NEITHER),
    ),
    Report(
        name="list-of-causes-in-japanese",
        source="freee/freee-mcp#513",
        symptom="invalid_grant comes, with the sentence of the RFC that lists what may be wrong, in Japanese.",
        play=Direct(
            token=error(
                "invalid_grant",
                "指定された認可グラントは不正か、有効期限切れか、無効か、リダイレクトURIが異なるか、もしくは別のクライアントに適用されています。",
                401,
            )
        ),
        right=Right(says=r"invalid_grant|認可", fix=r"again|code", never=SECRET_BLAMED),
    ),
    Report(
        name="token-request-is-invalid",
        source="metabase/metabase#80389",
        symptom="Whatever is wrong, the server says that the token request is invalid.",
        play=Direct(token=error("invalid_request", "The token request is invalid.")),
        right=Right(says=r"invalid_request|token request is invalid", never=SECRET_BLAMED),
    ),
    Report(
        name="country-is-not-supported",
        source="openclaw/openclaw#42176",
        symptom="The token request did not go through the proxy, and the server does not serve the country that it came from.",
        play=Direct(
            token=as_json(
                403,
                {
                    "error": {
                        "code": "unsupported_country_region_territory",
                        "message": "Country, region, or territory not supported",
                        "param": None,
                        "type": "request_forbidden",
                    }
                },
            )
        ),
        right=Right(
            says=r"country|region", fix=r"proxy|network|place|let .* through|address", never=rf"{NEITHER}|--body json"
        ),
    ),
    Report(
        name="error-in-json-that-calls-itself-text",
        source="kanidm/kanidm#4470",
        symptom="The refusal is JSON, and its Content-Type text/plain, so that a client reads it as a form.",
        play=Direct(token=says(400, '{"error":"invalid_request"}')),
        right=Right(says=r"invalid_request", never=SECRET_BLAMED),
    ),
    Report(
        name="error-in-xml",
        source="ORCID/ORCID-Source#823",
        symptom="The refusal is XML: an error and its description are elements.",
        play=Direct(
            token=says(
                401,
                '<?xml version="1.0" encoding="UTF-8"?><OAuthError><error>invalid_client</error><error_description>Client not found: '
                "demo-app</error_description></OAuthError>",
                kind=XML,
            )
        ),
        right=Right(says=r"client", fix=r"client.id", never=rf"client secret is wrong|{CODE_BLAMED}"),
    ),
    Report(
        name="fault-of-a-framework-in-xml",
        source="wso2/product-is#4802",
        symptom="A framework fails on the request, and tells in XML which key of a map was there already.",
        play=Direct(
            token=says(
                500,
                '<ns1:XMLFault xmlns:ns1="http://cxf.example.org/bindings/xformat"><ns1:faultstring>org.example.identity.'
                "IdentityRuntimeException: Parameters map trying to override existing key client_secret</ns1:faultstring>"
                "</ns1:XMLFault>",
                kind=XML,
            )
        ),
        right=Right(says=r"client_secret|failed inside|500", never=rf"client secret is wrong|{CODE_BLAMED}"),
    ),
    Report(
        name="seconds-as-texts",
        source="SecureAuthCorp/oauth2c#37, SecureAuthCorp/oauth2c#120, couchbase/sync_gateway#1930, freizl/hoauth2#97",
        symptom="expires_in is a text, and beside it stand two other members that say when the token ends.",
        play=Direct(
            token=issues(
                token_type="Bearer",
                expires_in="3599",
                ext_expires_in="3599",
                expires_on=lambda now: str(int(now) + 3599),
            )
        ),
        right=Right(outcome=("token",), expires_at=IN_AN_HOUR, quiet=True),
    ),
    Report(
        name="envelope-with-a-code-of-200",
        source="golang/oauth2#551",
        symptom="The token stands under data, in camel case, beside a code of 200 and a message.",
        play=Direct(
            token=as_json(
                200,
                {
                    "code": 200,
                    "message": "success",
                    "data": {"accessToken": TOKEN, "tokenType": "Bearer", "refreshToken": "r3fresh"},
                },
            )
        ),
        right=Right(says=r"data\.accessToken|data", fix=r"data\.accessToken", never=NEITHER),
    ),
    Report(
        name="token-of-the-authed-user",
        source="valon-technologies/gestalt#384",
        symptom="The token of the person stands inside authed_user, and none at the top.",
        play=Direct(
            token=as_json(
                200,
                {
                    "ok": True,
                    "app_id": "A0KRD7HC3",
                    "authed_user": {"id": "U1234", "scope": "chat:write", "access_token": TOKEN, "token_type": "user"},
                    "team": {"id": "T9TK3CUKW"},
                },
            )
        ),
        right=Right(says=r"authed_user\.access_token", fix=r"authed_user\.access_token", never=NEITHER),
    ),
    Report(
        name="body-that-holds-a-body",
        source="teranetsrl/oauth2_client#70",
        symptom="The status is a member, 0 for success, and the token stands in another one called body.",
        play=Direct(
            token=as_json(
                200,
                {
                    "status": 0,
                    "body": {"userid": 363, "access_token": TOKEN, "expires_in": 10800, "scope": "user.info"},
                },
            )
        ),
        right=Right(says=r"body\.access_token", fix=r"body\.access_token", never=NEITHER),
    ),
    Report(
        name="status-in-the-body-of-a-200",
        source="teranetsrl/oauth2_client#70",
        symptom="The answer is a 200, and its body says status 503 and what is wrong.",
        play=Direct(token=as_json(200, {"status": 503, "body": {}, "error": "Invalid Params: invalid code"})),
        right=Right(says=r"invalid code", outcome=("token-refused",), never=rf"{NO_MEMBER}|{SECRET_BLAMED}"),
    ),
    Report(
        name="member-that-is-called-token",
        source="magodo/terraform-provider-restful#157",
        symptom="The token is called token, and a client misses access_token.",
        play=Direct(token=as_json(200, {"token": TOKEN})),
        right=Right(fix=r"token=token", never=NEITHER),
    ),
    Report(
        name="token-type-is-missing",
        source="slackhq/slack-api-docs#68",
        symptom="The answer has no token_type, and libraries refuse it.",
        play=Direct(token=issues(scope="read", team_name="demo")),
        right=Right(outcome=("token",), never=NEITHER),
    ),
    Report(
        name="token-issued-two-minutes-from-now",
        source="auth0-samples/auth0-javascript-samples#13, stormpath/express-stormpath#433",
        symptom="The clock of this machine is two minutes slow, and the token was issued in its future.",
        play=Direct(clock=-120, token=issues(access_token=jwt(sub="user_42"), **END)),
        right=Right(first=("clock-skew",), outcome=("token",), says=r"server's is ahead", fix=r"NTP"),
    ),
    Report(
        name="token-that-seems-over-by-a-fast-clock",
        source="element-hq/element-web#32617",
        symptom="The clock of this machine is two hours fast, so that a fresh token seems to have ended.",
        play=Direct(clock=7200, token=issues(**END)),
        right=Right(
            outcome=("token",), tells=r"clock", says=r"clock", never=r"had already (ended|expired) when it was issued"
        ),
    ),
    Report(
        name="guest-of-another-tenant",
        source="O365/python-o365#1119, AzureAD/microsoft-authentication-library-for-dotnet#2255",
        symptom="The person who logged in has an account elsewhere, which does not exist in the tenant that was asked.",
        play=Direct(
            token=error(
                "invalid_grant",
                "AADSTS50020: User account 'ada@example.com' from identity provider 'live.com' does not exist in tenant 'Contoso' and "
                "cannot access the application in that tenant.",
            )
        ),
        right=Right(says=r"person|user|account", fix=r"account|administrator", never=NEITHER),
    ),
    Report(
        name="no-resource-for-the-path",
        source="keycloak/keycloak#10615, marcospereirampj/python-keycloak#273",
        symptom="The framework of the server has nothing at the path of the token endpoint, and says so in JSON.",
        play=Direct(
            token=as_json(
                404, {"error": "RESTEASY003210: Could not find resource for full path: http://{host}/api/oauth2/Token"}
            )
        ),
        right=Right(says=r"RESTEASY003210|path|address", fix=r"path|base|address", never=NEITHER),
    ),
    Report(
        name="invalid-code-with-status-200",
        source="Weble/ZohoBooksApi#84",
        symptom="The token endpoint answers 200, and the JSON has nothing but the error invalid_code.",
        play=Direct(token=as_json(200, {"error": "invalid_code"})),
        right=Right(says=r"code", never=rf"{NO_MEMBER}|{SECRET_BLAMED}"),
    ),
    Report(
        name="application-is-invalid-and-no-field-named",
        source="node-strava/node-strava-v3#37",
        symptom="The list of errors names the application, and the field is empty; there was a slip in the configured secret.",
        play=Direct(
            token=as_json(
                401,
                {
                    "message": "Authorization Error",
                    "errors": [{"resource": "Application", "field": "", "code": "invalid"}],
                },
            )
        ),
        right=Right(says=r"Authorization Error", fix=r"secret", never=rf"{CODE_BLAMED}|has no words, and"),
    ),
    Report(
        name="invalid-authorization-code-at-first-use",
        source="spotify/web-api#676",
        symptom="The code is fresh and used once, and the server calls it invalid.",
        play=Direct(token=error("invalid_grant", "Invalid authorization code")),
        right=Right(first=("code-refused",), tells=r"first use", never=SECRET_BLAMED),
    ),
    Report(
        name="four-reasons-in-one-sentence",
        source="nvh95/react-linkedin-login-oauth2#26, thephpleague/oauth2-linkedin#27, Happyr/LinkedIn-API-client#142",
        symptom="The refusal lists application, redirect URI, verifier, lifetime and person, and leaves open which it is.",
        play=Direct(
            token=error(
                "invalid_request",
                "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization "
                "code expired. Or external member binding exists",
            )
        ),
        right=Right(
            tells=r"leaves open|which of", never=rf"{SECRET_BLAMED}|does not accept the redirect_uri|is not registered"
        ),
    ),
    Report(
        name="matching-code-was-not-found",
        source="sachin-handiekar/jInstagram#218",
        symptom="The refusal has members of its own: the type, a number that is called code, and a message about the code.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error_type": "OAuthException",
                    "code": 400,
                    "error_message": "Matching code was not found or was already used.",
                },
            )
        ),
        right=Right(says=r"Matching code", never=SECRET_BLAMED),
    ),
    Report(
        name="must-provide-a-client-id-that-was-sent",
        source="facebookarchive/python-instagram#249",
        symptom="The body came without a type that the server reads, and it asks for the first field that it looks for.",
        play=Direct(
            options=("--body", "json"),
            token=as_json(
                400, {"error_type": "OAuthException", "code": 400, "error_message": "You must provide a client_id"}
            ),
        ),
        right=Right(says=r"client_id", fix=r"--body form", never=r"does not accept the client_id"),
    ),
    Report(
        name="code-was-already-redeemed",
        source="AzureAD/microsoft-identity-web#2328",
        symptom="Two parts of the application redeem the same code, and the second is told that it was redeemed.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "AADSTS54005: OAuth2 Authorization code was already redeemed, please retry with a new "
                    "valid code or use an existing refresh token. Trace ID: 0000 Correlation ID: 0000",
                    "error_codes": [54005],
                    "suberror": "bad_token",
                },
            )
        ),
        right=Right(says=r"redeemed|used", never=rf"{SECRET_BLAMED}|code-expired"),
    ),
    Report(
        name="only-a-browser-may-redeem",
        source="ChilliCream/graphql-platform#7929",
        symptom="The application is registered as one of a single page, and a program without an Origin is refused.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_request",
                    "error_description": "AADSTS9002327: Tokens issued for the 'Single-Page Application' client-type may only be "
                    "redeemed via cross-origin requests. Trace ID: 0000",
                    "error_codes": [9002327],
                },
            )
        ),
        right=Right(
            says=r"Single-Page|cross-origin|Origin",
            fix=r"Origin|regist|platform",
            never=rf"--mode browser|{SECRET_BLAMED}|{CODE_BLAMED}",
        ),
    ),
    Report(
        name="credentials-are-the-grant",
        source="Azure-Samples/active-directory-dotnet-webapp-webapi-openidconnect#2",
        symptom="A slash is missing in the redirect URI, and the words speak of credentials and of a malformed grant.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "AADSTS70002: Error validating credentials. AADSTS70000: The provided access grant is "
                    "invalid or malformed. Trace ID: 0000",
                    "error_codes": [70002, 70000],
                },
            )
        ),
        right=Right(says=r"code|grant", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
)
