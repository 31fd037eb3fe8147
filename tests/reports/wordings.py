"""The token endpoint refuses, in words that one program or provider alone writes so."""

from __future__ import annotations

from tests.reports.answers import as_json, page, says
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error, sent_back
from tests.reports.report import TOKEN, URI, Direct, Report, Right

NEITHER = rf"{SECRET_BLAMED}|{CODE_BLAMED}"
A_PARAMETER = r"params\.NAME|NAME=VALUE|found a parameter missing"
PKCE = ("--pkce", "on")

REPORTS = (
    Report(
        name="failure-inside-under-invalid-grant",
        source="timdorr/tesla-api#557",
        symptom="Whatever is sent, invalid_grant comes, and its description is that the server failed inside.",
        play=Direct(token=error("invalid_grant", "Internal server error")),
        right=Right(
            says=r"internal server error", fix=r"again|operator|administrator", never=rf"{SECRET_BLAMED}|has expired"
        ),
    ),
    Report(
        name="profile-for-the-code-was-not-found",
        source="Haufe-Lexware/wicked.haufe.io#131",
        symptom="An altered code brings a 500, because the server looks for the profile that belongs to it.",
        play=Direct(
            token=as_json(
                500,
                {
                    "error": "server_error",
                    "error_description": "could not retrieve user profile for given authorization code",
                },
            )
        ),
        right=Right(says=r"could not retrieve user profile", fix=r"again|operator|administrator", never=SECRET_BLAMED),
    ),
    Report(
        name="invalid-grant-with-401",
        source="soundcloud/api#45",
        symptom="One person's code is always refused, with 401 and invalid_grant, which says no more.",
        play=Direct(token=error("invalid_grant", status=401)),
        right=Right(says=r"invalid_grant", fix=r"again|administrator", never=SECRET_BLAMED),
    ),
    Report(
        name="bad-credentials-under-unauthorized",
        source="grafana/grafana#14613, cloudfoundry/prometheus-boshrelease#274",
        symptom="The token request brings 401, a code that RFC 6749 has not, and that the credentials are bad.",
        play=Direct(token=error("unauthorized", "Bad credentials", 401)),
        right=Right(says=r"Bad credentials", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="code-not-found-or-used",
        source="BNMetrics/Laravel-ShopifyAPI#9, nozzlegear/ShopifySharp#121",
        symptom="invalid_request comes for a code that the server does not find, or has seen before.",
        play=Direct(token=error("invalid_request", "The authorization code was not found or was already used")),
        right=Right(
            says=r"already used", fix=r"new code|from the start|again", never=rf"{SECRET_BLAMED}|{A_PARAMETER}"
        ),
    ),
    Report(
        name="application-with-this-key-was-not-found",
        source="gnikyt/laravel-shopify#104",
        symptom="The server calls the client ID an API key, and finds no application with it.",
        play=Direct(token=error("invalid_request", "Could not find Shopify API application with api_key demo-app")),
        right=Right(says=r"application with api_key|client.ID", fix=r"client.id", never=NEITHER),
    ),
    Report(
        name="grant-type-in-a-reason",
        source="JubaerHossain/zoom-laravel#4, zoom/server-to-server-oauth-token#3",
        symptom="The application is of a type that has no authorization code, and a member called reason says so.",
        play=Direct(token=as_json(400, {"reason": "unsupported grant type", "error": "unsupported_grant_type"})),
        right=Right(says=r"grant.type", fix=r"grant", never=NEITHER),
    ),
    Report(
        name="invalid-token-in-a-reason",
        source="raman325/ha-zoom-automation#53",
        symptom="The grant that was shown is refused as an invalid token, in a member called reason.",
        play=Direct(token=as_json(400, {"reason": "Invalid Token!", "error": "invalid_grant"})),
        right=Right(says=r"Invalid Token!", never=SECRET_BLAMED),
    ),
    Report(
        name="client-refused-with-403",
        source="jwillemsen/daikin_onecta#208",
        symptom="Old credentials are refused as they should be, but with 403.",
        play=Direct(token=error("invalid_client", "Client authentication failed.", 403)),
        right=Right(says=r"Client authentication failed", fix=r"secret", never=rf"{CODE_BLAMED}|firewall|in front"),
    ),
    Report(
        name="client-or-secret-is-invalid",
        source="Thomas55555/husqvarna_automower#568",
        symptom="The refusal says that the client or its secret is invalid, and not which of the two.",
        play=Direct(token=error("invalid_client", "Client or client secret is invalid")),
        right=Right(says=r"secret", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="missing-or-invalid-parameters",
        source="ekutner/home-connect-hass#385",
        symptom="Any fault of the configuration brings the same: missing or invalid parameters, and not which.",
        play=Direct(token=error("invalid_request", "missing or invalid request parameters")),
        right=Right(says=r"missing or invalid request parameters", never=NEITHER),
    ),
    Report(
        name="unauthorized-as-the-description",
        source="home-assistant/core#53392",
        symptom="The client is refused, and the description is the status once more.",
        play=Direct(token=error("invalid_client", "Unauthorized", 401)),
        right=Right(says=r"invalid_client", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="sentence-of-the-standard-in-full",
        source="hekmon/rtetempo#53",
        symptom="The server sends what the standard writes about refused clients, word by word, 401 and all.",
        play=Direct(
            token=error(
                "invalid_client",
                "Client authentication failed (e.g. unknown client, no client authentication included, or unsupported authentication "
                "method). The authorization server MAY return an HTTP 401 (Unauthorized) status code to indicate which HTTP "
                "authentication schemes are supported.",
            )
        ),
        right=Right(says=r"client", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="request-is-malformed-under-invalid-grant",
        source="UvA-FNWI/M365-IMAP#2",
        symptom="What was shown is not what the server can read, and it says that the request is malformed.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "AADSTS9002313: Invalid request. Request is malformed or invalid.",
                    "error_codes": [9002313],
                },
            )
        ),
        right=Right(says=r"AADSTS9002313", never=rf"{SECRET_BLAMED}|had expired|lives shorter"),
    ),
    Report(
        name="code-has-expired-in-a-millisecond",
        source="moralmunky/Home-Assistant-Mail-And-Packages#1316",
        symptom="The code is refused as expired a millisecond after it came.",
        play=Direct(
            token=error(
                "invalid_grant",
                "AADSTS70000: The provided value for the 'code' parameter is not valid. The code has expired.",
            )
        ),
        right=Right(says=r"expired", fix=r"again|clock|lifetime", never=SECRET_BLAMED),
    ),
    Report(
        name="scopes-that-do-not-go-together",
        source="assast/outlookEmail#58",
        symptom="Scopes of two resources are asked for at once, and the token endpoint says that they are not compatible.",
        play=Direct(
            options=(
                "--param",
                "scope=offline_access https://graph.example.com/Mail.Read https://imap.example.com/IMAP",
            ),
            token=error(
                "invalid_scope",
                "AADSTS70011: The provided value for the input parameter 'scope' is not valid. One or more scopes in "
                "'offline_access https://graph.example.com/Mail.Read https://imap.example.com/IMAP' are not compatible with each other.",
            ),
        ),
        right=Right(says=r"compatible|scope", fix=r"scope", never=NEITHER),
    ),
    Report(
        name="client-id-was-not-found-in-the-request",
        source="neomutt/neomutt#3477",
        symptom="The client ID went nowhere, and the server says that it could not determine it from the request.",
        play=Direct(token=error("invalid_request", "Could not determine client ID from request.")),
        right=Right(
            says=r"could not determine client id",
            fix=r"basic|json|body|header",
            never=rf"{NEITHER}|no application with the client ID|misspelt",
        ),
    ),
    Report(
        name="bad-request-as-the-description",
        source="rclone/rclone#4250, masonr/PLEXiDRIVE#7",
        symptom="The grant is refused, and the description is the status once more.",
        play=Direct(token=error("invalid_grant", "Bad Request")),
        right=Right(says=r"invalid_grant", fix=r"again|administrator", never=SECRET_BLAMED),
    ),
    Report(
        name="redirect-uri-mismatch-in-words",
        source="allegro/allegro-api#8285",
        symptom="Another registered redirect URI went with the token request than with the authorization request.",
        play=Direct(token=error("invalid_grant", "Redirect URI mismatch.")),
        right=Right(says=r"redirect.uri", fix=r"redirect.uri", never=NEITHER),
    ),
    Report(
        name="verifier-does-not-match-what-was-included",
        source="openid/AppAuth-iOS#452",
        symptom="PKCE is used, and the server says that the verifier does not match the challenge that was included.",
        play=Direct(
            options=PKCE,
            token=error(
                "invalid_grant",
                "The code_verifier sent does not match code_challenge included in the authorization request",
            ),
        ),
        right=Right(says=r"code_verifier|PKCE", fix=r"administrator|operator|server|again", never=NEITHER),
    ),
    Report(
        name="value-passed-for-the-verifier",
        source="xdevplatform/twitter-api-typescript-sdk#26",
        symptom="The code challenge's method was written in small letters, and the verifier does not match it for the server.",
        play=Direct(
            options=PKCE,
            token=error("invalid_request", "Value passed for the code verifier did not match the code challenge."),
        ),
        right=Right(
            says=r"verifier|PKCE", fix=r"administrator|operator|server|again", never=rf"{NEITHER}|{A_PARAMETER}"
        ),
    ),
    Report(
        name="grant-types-of-the-client-are-invalid",
        source="googlecodelabs/appauth-android-codelab#10",
        symptom="The application was registered without the grant that it uses.",
        play=Direct(token=error("unauthorized_client", "invalid grant types for client")),
        right=Right(says=r"grant", fix=r"administrator|operator|register", never=NEITHER),
    ),
    Report(
        name="unauthorized-client-alone",
        source="authlib/example-oauth2-server#85, django-oauth/django-oauth-toolkit#886",
        symptom="Two grants in one line were read as one unknown grant, and unauthorized_client says no more.",
        play=Direct(token=error("unauthorized_client")),
        right=Right(says=r"grant", fix=r"administrator|operator|register", never=CODE_BLAMED),
    ),
    Report(
        name="resource-is-incorrect",
        source="sooperset/mcp-atlassian#1137",
        symptom="The server took a resource with the authorization request, and refuses it with the token request.",
        play=Direct(
            options=("--param", "resource=https://mcp.example.com/mcp"),
            token=error("invalid_target", "Incorrect resource parameters"),
        ),
        right=Right(says=r"resource", fix=r"resource", never=NEITHER),
    ),
    Report(
        name="resource-is-missing-or-unknown",
        source="can1357/oh-my-pi#10299",
        symptom="The token is asked for another resource than the one that the server knows.",
        play=Direct(
            options=("--token-param", "resource=https://backboard.example.com"),
            token=error("invalid_target", "resource indicator is missing, or unknown"),
        ),
        right=Right(says=r"resource", fix=r"resource", never=NEITHER),
    ),
    Report(
        name="code-is-invalid-in-the-key-of-a-translation",
        source="zitadel/zitadel#11892",
        symptom="A code that cannot be decrypted brings invalid_request, and the key of a text in place of the text.",
        play=Direct(token=error("invalid_request", "Errors.User.Code.Invalid")),
        right=Right(says=r"Errors\.User\.Code\.Invalid", fix=r"again|code", never=rf"{SECRET_BLAMED}|{A_PARAMETER}"),
    ),
    Report(
        name="public-client-of-a-confidential-application",
        source="hickford/git-credential-oauth#74",
        symptom="The application was registered as a confidential one, and the client has no secret.",
        play=Direct(
            options=("--client-auth", "none"),
            token=error(
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication "
                "method.",
                401,
            ),
        ),
        right=Right(says=r"no secret|confidential", fix=r"secret|public", never=CODE_BLAMED),
    ),
    Report(
        name="unknown-client-or-method",
        source="DependencyTrack/dependency-track#2346, docbrain-ai/docbrain#8, nextcloud/integration_openproject#6",
        symptom="The same sentence for a client that is unknown, that shows nothing, or that shows it in another way.",
        play=Direct(
            token=error(
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication "
                "method.",
                401,
            )
        ),
        right=Right(says=r"client", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="code-that-matches-no-user",
        source="GSA-TTS/identity-dev-docs#393",
        symptom="A code that was used before is told as one that matches no user.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "Code is invalid because doesn’t match any user. Please see our documentation at "
                    "https://developers.example.gov/oidc/#token"
                },
            )
        ),
        right=Right(
            says=r"Code is invalid",
            fix=r"again|new code",
            never=rf"{SECRET_BLAMED}|userid|refuses the user|the account",
        ),
    ),
    Report(
        name="project-of-the-client-is-missing",
        source="muttmua/mutt#15",
        symptom="The page in the browser says that the client is missing a project, under invalid_client.",
        play=Direct(
            authorize=page(
                401,
                "<title>Error 401</title><h1>Access blocked: Authorization Error</h1><p>Client missing a project id.</p><p>If you are a "
                "developer of this app, see error details.</p><p>Error 401: invalid_client</p>",
            )
        ),
        right=Right(
            says=r"project id|invalid_client", fix=r"client.id|regist|administrator", never=r"log in on|do on that page"
        ),
    ),
    Report(
        name="invalid-client-with-200",
        source="abhinavxd/libredesk#102",
        symptom="The client belongs to another data centre, and invalid_client comes with a status of success.",
        play=Direct(token=as_json(200, {"error": "invalid_client"})),
        right=Right(says=r"invalid_client", fix=r"client|secret", never=CODE_BLAMED),
    ),
    Report(
        name="expired-code-that-was-used",
        source="omniphx/forrest#169",
        symptom="A fresh code is told as an expired one, because it has been redeemed before.",
        play=Direct(token=error("invalid_grant", "expired authorization code")),
        right=Right(says=r"expired", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="grant-type-is-not-supported-behind-a-redirect",
        source="SalesforceCommerceCloud/b2c-crm-sync#16, jsforce/jsforce#706, django-salesforce/django-salesforce#277",
        symptom="The address was one of http; the body was lost on the way to https, and the grant type is said to be unsupported.",
        play=Direct(
            options=("--token-param", "grant_type=authorization_code"),
            token=error("unsupported_grant_type", "grant type not supported"),
        ),
        right=Right(says=r"grant.type", tells=r"arrive|read|body|https", never=NEITHER),
    ),
    Report(
        name="authentication-failure-under-invalid-grant",
        source="jsforce/jsforce#482, omniphx/forrest#364",
        symptom="invalid_grant comes with the words authentication failure, whatever part of the login is wrong.",
        play=Direct(token=error("invalid_grant", "authentication failure")),
        right=Right(says=r"authentication failure", never=rf"client secret is wrong|{CODE_BLAMED}"),
    ),
    Report(
        name="invalid-client-for-credentials-in-the-body",
        source="localstack/localstack#4265",
        symptom="An emulator of a provider reads client ID and secret in the header alone, and says invalid_client.",
        play=Direct(token=error("invalid_client")),
        right=Right(says=r"invalid_client", fix=r"basic", never=CODE_BLAMED),
    ),
    Report(
        name="secret-hash-could-not-be-verified",
        source="boto/boto3#2736, stealthycoin/chalice-cognito-auth#6",
        symptom="The refusal has a type of its own and says that the secret hash of the client could not be verified.",
        play=Direct(
            token=as_json(
                400,
                {"__type": "NotAuthorizedException", "message": "Unable to verify secret hash for client demo-app"},
                kind="application/x-amz-json-1.1",
            )
        ),
        right=Right(says=r"secret hash", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="field-of-an-error-is-the-client-id",
        source="the-momentum/open-wearables#767",
        symptom="The words are those of the status; the field of the first error is the client ID, and its code invalid.",
        play=Direct(
            token=as_json(
                400,
                {
                    "message": "Bad Request",
                    "errors": [{"resource": "Application", "field": "client_id", "code": "invalid"}],
                },
            )
        ),
        right=Right(says=r"client_id", fix=r"client.id", never=NEITHER),
    ),
    Report(
        name="requests-must-be-authenticated",
        source="p2/OAuth2#96, gae-init/gae-init#417",
        symptom="The credentials in the body are not read, and the refusal says unauthorized_client in place of invalid_client.",
        play=Direct(
            token=error("unauthorized_client", "Requests must be authenticated using OAuth client credentials")
        ),
        right=Right(says=r"authenticated|credentials", fix=r"basic", never=rf"registered without|{CODE_BLAMED}"),
    ),
    Report(
        name="no-mechanism-of-authentication",
        source="panva/node-oidc-provider#697",
        symptom="The server says that no client authentication mechanism was provided.",
        play=Direct(token=error("invalid_request", "no client authentication mechanism provided")),
        right=Right(
            says=r"no client authentication mechanism", fix=r"basic|header", never=rf"secret is wrong|{CODE_BLAMED}"
        ),
    ),
    Report(
        name="bad-token-response-of-another-provider",
        source="TimothyJones/github-cognito-openid-wrapper#3",
        symptom="The server logs people in at another provider, whose token endpoint refused it; the redirect tells of that.",
        play=Direct(
            authorize=sent_back(
                "invalid_request",
                "Bad+token+response%3A+HTTP%2F1.1+400+Bad+Request%2C+entity%3A+Failure%3A+%27Request+failed+with+status+code+400%27",
            )
        ),
        right=Right(says=r"Bad token response", fix=r"administrator|operator", never=A_PARAMETER),
    ),
    Report(
        name="invalid-client-twice",
        source="kalbhor/MusicRepair#41",
        symptom="invalid_client comes, and its description is the same once more.",
        play=Direct(token=error("invalid_client", "Invalid client")),
        right=Right(says=r"Invalid client", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="code-must-be-supplied",
        source="andersonshatch/spotify-connect-device-picker#3",
        symptom="The code went nowhere, and the server says that it must be supplied.",
        play=Direct(token=error("invalid_request", "code must be supplied")),
        right=Right(
            says=r"code must be supplied",
            fix=r"--body json|body",
            never=rf"{SECRET_BLAMED}|code-(refused|expired|reused)",
        ),
    ),
    Report(
        name="code-invalid-or-of-another-client",
        source="hendt/ebay-api#122, davidtsadler/ebay-sdk-php#212, pajaydev/ebay-node-api#1",
        symptom="A code that was encoded once too often is told as invalid or as one of another client.",
        play=Direct(
            token=error(
                "invalid_grant", "the provided authorization grant code is invalid or was issued to another client"
            )
        ),
        right=Right(
            says=r"issued to another client",
            fix=r"again",
            never=rf"{SECRET_BLAMED}|belongs to another application than",
        ),
    ),
    Report(
        name="redirect-uri-is-the-code-of-a-list",
        source="d3xt3r2909/linkedin_login#75",
        symptom="The error code names the redirect URI, and the words beside it list everything.",
        play=Direct(
            token=error(
                "invalid_redirect_uri",
                "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization "
                "code expired. Or external member binding exists",
            )
        ),
        right=Right(says=r"invalid_redirect_uri", fix=r"redirect.uri", never=rf"{SECRET_BLAMED}|has expired"),
    ),
    Report(
        name="invalid-request-alone",
        source="davidlumley/myob-api#28",
        symptom="The code was typed by hand, and invalid_request says no more.",
        play=Direct(token=error("invalid_request")),
        right=Right(says=r"invalid_request", never=NEITHER),
    ),
    Report(
        name="specified-client-credentials",
        source="openiddict/openiddict-core#1226",
        symptom="The refusal says that the specified client credentials are invalid.",
        play=Direct(
            token=as_json(
                401,
                {
                    "error": "invalid_client",
                    "error_description": "The specified client credentials are invalid.",
                    "error_uri": "https://documentation.example.com/errors/ID2055",
                },
            )
        ),
        right=Right(says=r"credentials", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="access-denied-to-the-client",
        source="auth0/node-auth0#134, auth0/auth0-spa-js#454, auth0-samples/auth0-python-web-app#62",
        symptom="The client authenticates wrongly, and the token endpoint says access_denied, which is a person's word elsewhere.",
        play=Direct(token=error("access_denied", "Unauthorized", 401)),
        right=Right(says=r"access_denied", fix=r"secret|client", never=rf"{CODE_BLAMED}|consent page|refuses the user"),
    ),
    Report(
        name="grant-type-is-not-allowed-for-the-client",
        source="datawire/ambassador-docs#143, auth0/auth0-java#165",
        symptom="The application was registered without the grant, and 403 says so.",
        play=Direct(
            token=error("unauthorized_client", "Grant type 'authorization_code' not allowed for the client.", 403)
        ),
        right=Right(says=r"grant", fix=r"administrator|operator|register", never=NEITHER),
    ),
    Report(
        name="service-is-not-enabled-within-the-domain",
        source="auth0/terraform-provider-auth0#951",
        symptom="The audience is not known to the tenant, and access_denied says that a service is not enabled.",
        play=Direct(
            options=("--param", "audience=https://api.example.com"),
            token=error("access_denied", "Service not enabled within domain: https://api.example.com", 403),
        ),
        right=Right(says=r"Service not enabled", never=rf"{NEITHER}|consent page|VPN|firewall"),
    ),
    Report(
        name="description-that-is-null",
        source="smart-on-fhir/client-js#87",
        symptom="invalid_grant comes for a code that is a long JWT, and its description is null.",
        play=Direct(token=as_json(400, {"error": "invalid_grant", "error_description": None})),
        right=Right(says=r"invalid_grant", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="invalid-client-beside-an-unexpected-error",
        source="athenahealth/apiserver-athenaFlex#8",
        symptom="The server fails inside, with 500 and invalid_client, and says that an unexpected error has occurred.",
        play=Direct(
            token=error(
                "invalid_client", "An unexpected error has occurred. Please try this operation again later", 500
            )
        ),
        right=Right(
            says=r"unexpected error", fix=r"again|administrator", never=CODE_BLAMED + r"|client secret is wrong: step 1"
        ),
    ),
    Report(
        name="error-in-a-list",
        source="usnistgov/ACVP-Server#287",
        symptom="The body is a list of a version and an error, with 500.",
        play=Direct(
            token=as_json(
                500,
                [{"acvVersion": "1.0"}, {"error": "Internal service error. Contact service provider."}],
            )
        ),
        right=Right(says=r"Internal service error", fix=r"administrator|operator", never=NEITHER),
    ),
    Report(
        name="grant-is-invalid-or-malformed",
        source="RedByte1337/GraphSpy#23",
        symptom="What was shown belongs to another application, and is told as invalid or malformed.",
        play=Direct(token=error("invalid_grant", "AADSTS70000: Provided grant is invalid or malformed.")),
        right=Right(says=r"AADSTS70000", never=rf"{SECRET_BLAMED}|had expired"),
    ),
    Report(
        name="token-that-calls-itself-a-script",
        source="dart-archive/oauth2#10",
        symptom="The token comes in JSON whose Content-Type is text/javascript, and a library stops.",
        play=Direct(
            token=as_json(200, {"access_token": TOKEN, "token_type": "bearer", "uid": "4711"}, kind="text/javascript")
        ),
        right=Right(outcome=("token",), never=r"no JSON|cannot be read|broken"),
    ),
    Report(
        name="content-must-be-a-form",
        source="Enterprise-CMCS/managed-care-review#4630",
        symptom="The body was JSON, and the server takes forms alone.",
        play=Direct(
            options=("--body", "json"),
            token=error("invalid_request", "Invalid request: content must be application/x-www-form-urlencoded"),
        ),
        right=Right(says=r"form|encoding", fix=r"--body form", never=NEITHER),
    ),
    Report(
        name="request-parameters-are-invalid",
        source="matecsaj/ebay_rest#35",
        symptom="The name of the redirect URI was stale, and the answer in JSON says that the parameters are invalid.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "error_id": "invalid_request",
                    "error_description": "Input request parameters are invalid.",
                    "http_status_code": 400,
                },
            )
        ),
        right=Right(says=r"Input request parameters are invalid", never=r"log in|does not run|another path"),
    ),
    Report(
        name="code-word-in-a-message",
        source="afkarxyz/SpotiDownloader#40",
        symptom="The refusal has a word of its own as its message, and says that success is false.",
        play=Direct(token=as_json(400, {"success": False, "message": "ERR_REQUEST_INVALID", "statusCode": 400})),
        right=Right(says=r"ERR_REQUEST_INVALID", never=NEITHER),
    ),
    Report(
        name="illegal-token-in-chinese",
        source="satorijs/satori#240",
        symptom="The refusal speaks of an access token that is not legal, in Chinese, when none was shown.",
        play=Direct(
            token=as_json(
                400,
                {
                    "code": "InvalidAuthentication",
                    "requestid": "30EE8654-1AA2-7D88-8248-9518547248AA",
                    "message": "不合法的access_token",
                },
            )
        ),
        right=Right(says=r"InvalidAuthentication|不合法", never=CODE_BLAMED),
    ),
    Report(
        name="client-or-its-credentials-under-unauthorized-client",
        source="goharbor/harbor-helm#1878",
        symptom="The secret is wrong, and unauthorized_client comes in place of invalid_client.",
        play=Direct(token=error("unauthorized_client", "Invalid client or Invalid client credentials", 401)),
        right=Right(says=r"client credentials", fix=r"secret", never=rf"registered without|{CODE_BLAMED}"),
    ),
    Report(
        name="several-methods-of-authentication-at-once",
        source="9p4/jellyfin-plugin-sso#263",
        symptom="The server counts more than one way of client authentication in a request, and says so without an error code.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error_description": "Multiple client authentication methods found in the token request. Please note that only one "
                    "client authentication method is allowed."
                },
            )
        ),
        right=Right(
            says=r"Multiple client authentication methods",
            fix=r"basic",
            never=rf"secret is wrong|does not accept client ID and secret|{CODE_BLAMED}",
        ),
    ),
    Report(
        name="invalid-client-beside-a-member-of-its-own",
        source="mikebronner/laravel-sign-in-with-apple#53, mikebronner/laravel-sign-in-with-apple#9, patrickbussmann/oauth2-apple#3",
        symptom="The secret is a JWT that was made wrongly, and invalid_client comes beside a member about a mail address.",
        play=Direct(token=as_json(400, {"error": "invalid_client", "email_verified": False})),
        right=Right(says=r"invalid_client", fix=r"secret", never=rf"{CODE_BLAMED}|e-?mail"),
    ),
    Report(
        name="client-secret-is-missing-for-a-public-client",
        source="browserslist/browserslist-ga#12, lalalune/outreachr#25",
        symptom="The client sends no secret, as a desktop application, and the server demands one.",
        play=Direct(options=("--client-auth", "none"), token=error("invalid_request", "client_secret is missing.")),
        right=Right(says=r"client_secret is missing", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="scope-is-missing-on-a-page",
        source="googleads/googleads-php-lib#268",
        symptom="The page in the browser says that the required parameter scope is missing.",
        play=Direct(
            authorize=page(
                400,
                "<title>Error 400 (OAuth2 Error)!!1</title><p><b>400.</b> That’s an error.</p><p>Error: invalid_request</p>"
                "<p>Missing required parameter: scope</p>",
            )
        ),
        right=Right(says=r"scope", fix=r"scope", never=r"log in on|redirect URI is not registered"),
    ),
    Report(
        name="authorization-code-has-been-used",
        source="espresso-dev/instagram-basic-display-php#14",
        symptom="The code was redeemed by something else before, and a type and a message say so.",
        play=Direct(
            token=as_json(
                400,
                {"error_type": "OAuthException", "code": 400, "error_message": "This authorization code has been used"},
            )
        ),
        right=Right(says=r"has been used", fix=r"new code|start", never=SECRET_BLAMED),
    ),
    Report(
        name="matching-code-was-not-found",
        source="titarenko/OAuth2#129",
        symptom="The code was not found or was used, as a message under a type says.",
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
        right=Right(says=r"Matching code was not found", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="verification-code-could-not-be-validated",
        source="arsduo/koala#57, arsduo/koala#220",
        symptom="The code is called a verification code, and cannot be validated; nothing of PKCE is meant.",
        play=Direct(
            token=as_json(
                400,
                {"error": {"message": "Error validating verification code.", "type": "OAuthException", "code": 100}},
            )
        ),
        right=Right(says=r"verification code", fix=r"again", never=rf"{SECRET_BLAMED}|PKCE|code_verifier"),
    ),
    Report(
        name="code-in-an-error-object-has-been-used",
        source="coding-blocks/oneauth#57, facebookarchive/php-graph-sdk#1254",
        symptom="The page was loaded twice; an object in error says that the code has been used.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": {
                        "message": "This authorization code has been used.",
                        "type": "OAuthException",
                        "code": 100,
                        "fbtrace_id": "Az8or2yhqkZfEZ",
                    }
                },
            )
        ),
        right=Right(says=r"has been used", fix=r"new code|start", never=SECRET_BLAMED),
    ),
    Report(
        name="code-is-invalid-or-expired-with-401",
        source="ndrwbv/vk-auth-react-nestjs#25",
        symptom="The code is good for seconds only, and is told as invalid or expired, with 401.",
        play=Direct(token=error("invalid_grant", "Code is invalid or expired.", 401)),
        right=Right(says=r"invalid or expired", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="access-denied-under-invalid-grant",
        source="VKCOM/vk-android-sdk#536",
        symptom="invalid_grant comes, and its description is that access is denied.",
        play=Direct(token=error("invalid_grant", "Access denied", 401)),
        right=Right(says=r"Access denied", never=rf"{SECRET_BLAMED}|consent page"),
    ),
    Report(
        name="redirect-does-not-match-a-registered-value",
        source="scribejava/scribejava#957",
        symptom="The redirect URI is not one of the registered ones, which the token endpoint alone looks at.",
        play=Direct(
            token=error(
                "invalid_grant",
                f"Invalid redirect: {URI} does not match one of the registered values. Please check app settings on the developer site.",
            )
        ),
        right=Right(says=r"registered", fix=r"redirect.uri|register", never=NEITHER),
    ),
    Report(
        name="bad-request-with-documentation",
        source="thestr4ng3r/chiaki#192",
        symptom="The grant is refused as a bad request, beside the address of the documentation and a number.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "Bad request",
                    "docs": "https://auth.example.com/docs/",
                    "error_code": 1,
                },
            )
        ),
        right=Right(says=r"invalid_grant", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="redirect-did-not-match-on-a-page",
        source="concourse/concourse#2905, pivotal-cf/identity-sample-apps#1",
        symptom="The page says that the redirect did not match one of the registered values.",
        play=Direct(
            authorize=page(
                400,
                "<title>Error</title><h2>The application is not configured properly</h2><p>Invalid redirect {uri} did not match one of the "
                "registered values</p>",
            )
        ),
        right=Right(says=r"redirect", fix=r"regist|redirect.uri", never=r"log in on|client ID"),
    ),
    Report(
        name="no-identity-for-the-assertions",
        source="OctopusDeploy/Issues#10169",
        symptom="No identity fits the issuer, the subject and the audience that were presented, and nobody can tell which of them.",
        play=Direct(
            token=error(
                "invalid_request",
                "Could not find matching identity for presented assertions. Assertions - Issuer: 'https://ci.example.com', Subject: "
                "'project:42', Audience: 'a1b2'",
            )
        ),
        right=Right(says=r"matching identity", never=rf"{NEITHER}|requires the field|no audience"),
    ),
    Report(
        name="account-has-been-deleted",
        source="GAM-team/GAM#1171",
        symptom="The person's account was deleted, and invalid_grant says so.",
        play=Direct(token=error("invalid_grant", "Account has been deleted")),
        right=Right(says=r"account", fix=r"account|administrator|user", never=NEITHER),
    ),
    Report(
        name="code-redeemed-behind-invalid-credentials",
        source="davidjrh/dnn.azureadprovider#17, mspnp/multitenant-saas-guidance#111, MicrosoftDocs/office-365-management-api#243, "
        "shubhamdipt/django-microsoft-authentication#15",
        symptom="The code was redeemed before, and the words begin with credentials that could not be validated.",
        play=Direct(
            token=error(
                "invalid_grant",
                "AADSTS70002: Error validating credentials. AADSTS54005: OAuth2 Authorization code was already redeemed, please retry "
                "with a new valid code or use an existing refresh token.",
            )
        ),
        right=Right(says=r"already redeemed", fix=r"new code|start|again", never=SECRET_BLAMED),
    ),
    Report(
        name="reply-address-must-be-provided",
        source="AzureAD/microsoft-authentication-library-for-js#7425",
        symptom="The code was asked for with a redirect URI, and the token request lacks it.",
        play=Direct(
            options=("--omit", "token.body.redirect_uri"),
            token=error(
                "invalid_request",
                "AADSTS700009: Reply address must be provided when presenting an authorization code requested with an explicit reply "
                "address.",
            ),
        ),
        right=Right(says=r"Reply address", fix=r"redirect.uri", never=NEITHER),
    ),
    Report(
        name="code-verifier-does-not-match-by-its-number",
        source="GillesZunino/insomnia-plugin-azure-ad-authentication#14",
        symptom="The verifier belongs to another challenge.",
        play=Direct(
            options=("--pkce", "wrong"),
            token=error(
                "invalid_grant",
                "AADSTS501481: The Code_Verifier does not match the code_challenge supplied in the authorization request.",
            ),
        ),
        right=Right(says=r"code_verifier", fix=r"--pkce|pkce", never=SECRET_BLAMED),
    ),
    Report(
        name="expired-code-as-a-status",
        source="HubSpot/hubspot-api-python#115",
        symptom="The code has expired, and a status with a message says so.",
        play=Direct(
            token=as_json(
                400,
                {
                    "status": "EXPIRED_AUTH_CODE",
                    "message": "auth code is expired",
                    "correlationId": "5ae9bcc3-1d9c-4b5d-a2c0-0c6b9a4bd14c",
                },
            )
        ),
        right=Right(says=r"auth code is expired|EXPIRED_AUTH_CODE", fix=r"again|start|new code", never=SECRET_BLAMED),
    ),
    Report(
        name="page-in-french-names-the-client-id",
        source="PipedreamHQ/pipedream#20321",
        symptom="The page of the authorization endpoint says in French that the client_id of the application is invalid.",
        play=Direct(
            authorize=page(
                400,
                "<html lang=fr><title>Erreur</title><h1>Oups !</h1><p>Un client_id d’application invalide a été fourni.</p></html>",
            )
        ),
        right=Right(says=r"client_id", fix=r"client.id", never=r"redirect URI is not registered|log in on"),
    ),
    Report(
        name="sign-invalid",
        source="TuyaAPI/link#14, tuya/tuya-iot-python-sdk#18",
        symptom="Every request has to be signed, and an answer with 200 says that the signature is wrong.",
        play=Direct(token=as_json(200, {"code": 1004, "msg": "sign invalid", "success": False, "t": 1619517360713})),
        right=Right(says=r"sign invalid", never=rf"{CODE_BLAMED}|secret is wrong|ID token"),
    ),
    Report(
        name="invalid-token-at-the-token-endpoint",
        source="JimCurryWang/python-shopee#29",
        symptom="A token is said to be invalid in answer to the token request, which holds none.",
        play=Direct(
            token=as_json(403, {"error": "error_auth", "msg": "Invalid token", "request_id": "d5e1a7e4f6a2d9d0"})
        ),
        right=Right(says=r"Invalid token", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="oauth-token-is-missing-at-the-token-endpoint",
        source="LeaPhant/pagkibot#4",
        symptom="The token request is asked for a token: the address is not the one that issues them.",
        play=Direct(token=as_json(401, {"error": "Unauthorized", "status": 401, "message": "OAuth token is missing"})),
        right=Right(says=r"OAuth token is missing", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="reused-authorization-code",
        source="ORCID/ORCID-Source#3815",
        symptom="The code is told as reused, with its value.",
        play=Direct(token=error("invalid_grant", "Reused authorization code: {code}")),
        right=Right(says=r"Reused", fix=r"new code|start|again", never=SECRET_BLAMED),
    ),
    Report(
        name="revoked-code-under-the-sentence-on-parameters",
        source="laravel/passport#209",
        symptom="The sentence of RFC 6749 on a missing parameter stands there, and a hint says that the code has been revoked.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_request",
                    "message": "The request is missing a required parameter, includes an invalid parameter value, includes a "
                    "parameter more than once, or is otherwise malformed.",
                    "hint": "Authorization code has been revoked",
                },
            )
        ),
        right=Right(says=r"has been revoked", fix=r"again|start|new code", never=rf"{SECRET_BLAMED}|{A_PARAMETER}"),
    ),
    Report(
        name="code-cannot-be-decrypted",
        source="laravel/passport#1209",
        symptom="A hint says that the server cannot decrypt the code, which another key had encrypted.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_request",
                    "error_description": "The request is missing a required parameter, includes an invalid parameter value, includes "
                    "a parameter more than once, or is otherwise malformed.",
                    "hint": "Cannot decrypt the authorization code",
                },
            )
        ),
        right=Right(says=r"Cannot decrypt", fix=r"again|start|new code", never=rf"{SECRET_BLAMED}|{A_PARAMETER}"),
    ),
    Report(
        name="client-authentication-failed-twice",
        source="laravel/passport#1301",
        symptom="invalid_client comes with the same words in two members.",
        play=Direct(
            token=as_json(
                401,
                {
                    "error": "invalid_client",
                    "error_description": "Client authentication failed",
                    "message": "Client authentication failed",
                },
            )
        ),
        right=Right(says=r"Client authentication failed", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="bare-invalid-client-of-a-public-client",
        source="spring-attic/spring-authorization-server#120",
        symptom="A client without a secret is registered with one, and invalid_client says no more.",
        play=Direct(options=("--client-auth", "none"), token=error("invalid_client", status=401)),
        right=Right(says=r"invalid_client", fix=r"secret|--client-auth", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="verifier-of-at-least-43-characters",
        source="aitoiaita/linux-jagex-launcher#4",
        symptom="A verifier is too short, and the sentence of RFC 6749 on the grant stands before that.",
        play=Direct(
            options=(*PKCE, "--set", "token.body.code_verifier=tooShort"),
            token=error(
                "invalid_grant",
                "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, "
                "expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another "
                "client. The PKCE code verifier must be at least 43 characters.",
            ),
        ),
        right=Right(says=r"verifier", fix=r"verifier|pkce", never=SECRET_BLAMED),
    ),
    Report(
        name="reason-names-id-or-secret",
        source="JubaerHossain/zoom-laravel#3",
        symptom="A member called reason says that the client ID or its secret is invalid.",
        play=Direct(token=as_json(400, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"})),
        right=Right(says=r"Invalid client_id or client_secret", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="grant-type-with-a-line-break",
        source="MicrosoftDocs/azure-docs#49743",
        symptom="The value of grant_type was pasted with its line break, and the server shows that in brackets.",
        play=Direct(
            options=("--set", "token.body.grant_type=authorization_code\r\n"),
            token=error(
                "unsupported_grant_type",
                "AADB2C90086: The supplied grant_type [authorization_code\r\n] is not supported.\r\nCorrelation ID: "
                "802cba29-bb35-4de8-b84d-08087f266bda\r\nTimestamp: 2020-03-08 15:24:36Z\r\n",
            ),
        ),
        right=Right(says=r"grant_type", fix=r"grant_type", never=rf"{NEITHER}|24:36Z"),
    ),
    Report(
        name="invalid-client-id-under-unauthorized-client",
        source="modelcontextprotocol/python-sdk#1480",
        symptom="The server does not know the client, and unauthorized_client comes in place of invalid_client.",
        play=Direct(token=error("unauthorized_client", "Invalid client_id", 401)),
        right=Right(
            says=r"Invalid client_id", fix=r"client.id", never=rf"{CODE_BLAMED}|registered without|secret is wrong"
        ),
    ),
    Report(
        name="unauthorized-client-for-no-authentication",
        source="thunder-id/thunderid#4483, mosip/esignet#2260",
        symptom="The request lacks the authentication of the client, and unauthorized_client says no more.",
        play=Direct(options=("--client-auth", "none"), token=error("unauthorized_client")),
        right=Right(says=r"unauthorized_client", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="verifier-that-was-sent-was-not-included",
        source="PrefectHQ/fastmcp#1724",
        symptom="A proxy passes the challenge on and not the verifier: the server says that there is none.",
        play=Direct(
            options=PKCE,
            token=error(
                "invalid_grant",
                "A code_verifier was not included, but the authorization request included a code_challenge. Codes requested with a "
                "code_challenge MUST be redeemed with a code_verifier.",
            ),
        ),
        right=Right(says=r"code_verifier was not included", never=rf"{SECRET_BLAMED}|was sent without"),
    ),
    Report(
        name="verifier-does-not-match-the-challenge",
        source="n8n-io/n8n#34961",
        symptom="Two flows ran at the same time, and the verifier belongs to the other one.",
        play=Direct(options=PKCE, token=error("invalid_grant", "code_verifier does not match the challenge")),
        right=Right(says=r"code_verifier does not match", never=SECRET_BLAMED),
    ),
    Report(
        name="invalid-code-verifier",
        source="anthropics/claude-code#85705",
        symptom="The verifier is refused in three words.",
        play=Direct(options=PKCE, token=error("invalid_grant", "invalid code verifier")),
        right=Right(says=r"invalid code verifier", never=SECRET_BLAMED),
    ),
    Report(
        name="client-was-not-registered-with-a-scope",
        source="UsefulSoftwareCo/executor#689",
        symptom="The client asks for a scope that its registration did not name.",
        play=Direct(
            options=("--scope", "openid offline_access"),
            authorize=sent_back("invalid_scope", "Client was not registered with scope offline_access"),
        ),
        right=Right(says=r"offline_access", fix=r"scope", never=r"redirect URI is not registered"),
    ),
    Report(
        name="no-scopes-were-requested",
        source="anomalyco/opencode#28811",
        symptom="The authorization request has no scope, and the server wants one.",
        play=Direct(options=("--scope", "none"), authorize=sent_back("invalid_scope", "No scopes were requested")),
        right=Right(says=r"No scopes were requested", fix=r"--scope|scope", never=r"redirect URI is not registered"),
    ),
    Report(
        name="invalid-scope-as-a-text-in-json",
        source="lets-fiware/FIWARE-Big-Bang#2",
        symptom="OpenID Connect is not enabled for the application, and the body is one JSON text about the scope.",
        play=Direct(token=as_json(400, "Invalid scope: Requested scope is invalid")),
        right=Right(says=r"Requested scope is invalid", fix=r"scope", never=NEITHER),
    ),
    Report(
        name="invalid-code-in-request",
        source="jaredhanson/passport-oauth2#159",
        symptom="The page was loaded twice, and the second token request brings that the code is invalid.",
        play=Direct(token=error("invalid_request", 'Invalid "code" in request.')),
        right=Right(says=r"Invalid .code. in request", fix=r"again|start", never=rf"{SECRET_BLAMED}|{A_PARAMETER}"),
    ),
    Report(
        name="invalid-client-where-basic-is-wanted",
        source="omniauth/omniauth#998",
        symptom="The server takes the client's credentials in the header alone, and says invalid_client to those in the body.",
        play=Direct(token=error("invalid_client")),
        right=Right(says=r"invalid_client", fix=r"basic", never=CODE_BLAMED),
    ),
    Report(
        name="invalid-user-name-or-password",
        source="rclone/rclone#5902",
        symptom="The password is wrong, and a refusal with 200 says so in two members.",
        play=Direct(
            token=as_json(
                200,
                {
                    "error": "invalid username or password",
                    "error_code": 3,
                    "error_description": "invalid username or password",
                },
            )
        ),
        right=Right(says=r"invalid username or password", never=rf"{NEITHER}|name for the token"),
    ),
    Report(
        name="sentence-on-the-grant-alone",
        source="trustbloc/sandbox#349",
        symptom="The person denied access, and the token endpoint answers with the sentence of RFC 6749 on the grant.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "The provided authorization grant (e.g., authorization code, resource owner credentials) or "
                    "refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization "
                    "request, or was issued to another client",
                    "status_code": 400,
                },
            )
        ),
        right=Right(says=r"authorization grant", fix=r"again", never=rf"{SECRET_BLAMED}|has expired\.|used up"),
    ),
    Report(
        name="not-implemented-under-a-number",
        source="vangorra/python_withings_api#93",
        symptom="The request lacks a parameter that this server alone has, and it says that this is not implemented, with 200.",
        play=Direct(token=as_json(200, {"status": 2554, "error": "Not implemented"})),
        right=Right(says=r"Not implemented", never=NEITHER),
    ),
    Report(
        name="invalid-params-with-a-number-of-a-status",
        source="jaroslawhartman/withings-sync#41",
        symptom="The code has been over for a while, and the status in the body is 503, where HTTP has 200.",
        play=Direct(token=as_json(200, {"status": 503, "body": {}, "error": "Invalid Params: invalid code"})),
        right=Right(says=r"invalid code", fix=r"again|start|new code", never=rf"{SECRET_BLAMED}|overload|maintenance"),
    ),
    Report(
        name="invalid-redirect-uri-under-invalid-grant",
        source="spotify/web-api#514, spotify/web-api#1106",
        symptom="The redirect URI was encoded twice in the token request, and three words say that it is invalid.",
        play=Direct(token=error("invalid_grant", "Invalid redirect URI")),
        right=Right(says=r"Invalid redirect URI", fix=r"redirect", never=NEITHER),
    ),
    Report(
        name="invalid-client-before-the-redirect-uri",
        source="JohnnyCrazy/SpotifyAPI-NET#441, raywo/MMM-NowPlayingOnSpotify#24, svanscho/rpi-spotify#3",
        symptom="The redirect URI is not registered, and the page begins with INVALID_CLIENT.",
        play=Direct(authorize=says(400, "INVALID_CLIENT: Invalid redirect URI")),
        right=Right(says=r"Invalid redirect URI", fix=r"redirect.uri", never=r"no application with the client ID"),
    ),
    Report(
        name="invalid-grant-parameter-code",
        source="amzn/amazon-advertising-api-php-sdk#8, amzn/selling-partner-api-models#807, jrl84/amazon-sp-api#182",
        symptom="The code is told as an invalid grant parameter.",
        play=Direct(token=error("invalid_grant", "The request has an invalid grant parameter : code")),
        right=Right(says=r"grant parameter : code", fix=r"again", never=rf"{SECRET_BLAMED}|grant_type"),
    ),
    Report(
        name="access-denied-for-an-invalid-code",
        source="paypal/paypal-sdk-client#51",
        symptom="The code of some people is invalid, and the error code is access_denied.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error_description": "Invalid authorization code",
                    "error": "access_denied",
                    "correlation_id": "2ac9f7fa4e099",
                    "information_link": "https://developer.example.com/docs/api/#errors",
                },
            )
        ),
        right=Right(says=r"Invalid authorization code", fix=r"again", never=rf"{SECRET_BLAMED}|consent"),
    ),
    Report(
        name="erred-or-incapable",
        source="snarfed/oauth-dropins#729",
        symptom="The token endpoint fails with 500 and a sentence, whatever is sent.",
        play=Direct(
            token=as_json(
                500,
                {"error": "The server has either erred or is incapable of performing the requested operation."},
            )
        ),
        right=Right(says=r"erred or is incapable", fix=r"administrator", never=NEITHER),
    ),
    Report(
        name="code-does-not-exist-or-has-expired",
        source="mikecotrone/DropboxAPI#1",
        symptom="The code was cut on the way to the program, and the words tell of one of two reasons.",
        play=Direct(token=error("invalid_grant", "code doesn't exist or has expired")),
        right=Right(says=r"doesn't exist or has expired", fix=r"again", never=rf"{SECRET_BLAMED}|say that it expired"),
    ),
    Report(
        name="grant-type-not-in-post",
        source="ivknv/yadisk#40",
        symptom="The fields did not arrive in the body, and the words say that grant_type is not in POST.",
        play=Direct(
            options=("--token-param", "grant_type=authorization_code"),
            token=error("invalid_request", "grant_type not in POST"),
        ),
        right=Right(says=r"grant_type not in POST", never=rf"{NEITHER}|allow the authorization-code grant"),
    ),
    Report(
        name="same-redirect-uri-as-in-the-authorize-method",
        source="playa-ru/keycloak-russian-providers#12",
        symptom="The redirect URI is refused, with the demand for the one of step 1.",
        play=Direct(
            token=error(
                "invalid_grant", "redirect_uri is invalid, please pass same redirect_uri, you used in authorize method."
            )
        ),
        right=Right(says=r"please pass same redirect_uri", fix=r"redirect", never=NEITHER),
    ),
    Report(
        name="token-not-found-in-place-of-a-token",
        source="playa-ru/keycloak-russian-providers#12",
        symptom="The answer has 200 and says that a token was not found.",
        play=Direct(
            token=as_json(200, {"error": "token not found", "error_code": 6, "error_description": "token not found"})
        ),
        right=Right(says=r"token not found", never=NEITHER),
    ),
    Report(
        name="invalid-client-id-or-token-embedded",
        source="airbytehq/airbyte#65592",
        symptom="The refusal's words stand inside two members of a hypertext document.",
        play=Direct(
            token=as_json(
                400,
                {
                    "message": "Bad Request",
                    "_links": {"self": {"href": "/api/public/v1/applications/token", "templated": False}},
                    "_embedded": {"errors": [{"message": "Invalid client id or token", "_links": {}, "_embedded": {}}]},
                },
            )
        ),
        right=Right(says=r"Invalid client id or token", never=CODE_BLAMED),
    ),
    Report(
        name="invalid-client-of-a-client-with-a-secret",
        source="amazon-archives/amazon-cognito-auth-js#206, aws-amplify/amplify-js#4426",
        symptom="The client was registered with a secret, and the program sends none: invalid_client, and no word more.",
        play=Direct(options=("--client-auth", "none"), token=error("invalid_client")),
        right=Right(says=r"invalid_client", fix=r"secret", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="unauthorized-client-without-the-grant",
        source="aws-amplify/amplify-js#5284",
        symptom="The authorization-code grant is not ticked for the client, and unauthorized_client says no more.",
        play=Direct(token=error("unauthorized_client")),
        right=Right(says=r"unauthorized_client", fix=r"authorization-code grant", never=CODE_BLAMED),
    ),
    Report(
        name="inactive-user",
        source="restforce/restforce#303",
        symptom="The person's account at the server has been deactivated.",
        play=Direct(token=error("invalid_grant", "inactive user")),
        right=Right(says=r"inactive user", fix=r"account|user|administrator", never=NEITHER),
    ),
    Report(
        name="client-secret-was-not-provided",
        source="keycloak/keycloak#16124",
        symptom="The server looks for the secret in a place where it was not sent.",
        play=Direct(
            options=("--client-auth", "none"),
            token=error("unauthorized_client", "Client secret not provided in request"),
        ),
        right=Right(
            says=r"Client secret not provided",
            fix=r"secret",
            never=rf"{CODE_BLAMED}|secret is wrong|registered without",
        ),
    ),
    Report(
        name="code-is-not-valid",
        source="jenkinsci/oic-auth-plugin#547",
        symptom="After a change of the server every code is refused in three words.",
        play=Direct(token=error("invalid_grant", "Code not valid")),
        right=Right(says=r"Code not valid", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="method-none-that-the-registration-does-not-allow",
        source="rohitkumbhar/surmai#248",
        symptom="The client sends no secret, and the registration holds it to one in the body.",
        play=Direct(
            options=("--client-auth", "none"),
            token=error(
                "invalid_client",
                "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication "
                "method). The request was determined to be using 'token_endpoint_auth_method' method 'none', however the OAuth 2.0 "
                "client registration does not allow this method. The registered client with id 'demo-app' is configured to only support "
                "'token_endpoint_auth_method' method 'client_secret_post'.",
                401,
            ),
        ),
        right=Right(fix=r"secret", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="client-id-does-not-match-the-authenticated-client",
        source="allegro/allegro-api#4249",
        symptom="Two client IDs in one request differ, in the header and in the body.",
        play=Direct(
            options=("--client-auth", "basic"),
            token=error("invalid_request", "ClientId does not match authenticated client."),
        ),
        right=Right(says=r"does not match authenticated client", fix=r"client.id|administrator", never=NEITHER),
    ),
    Report(
        name="client-id-is-invalid-at-the-second-endpoint",
        source="casdoor/casdoor#3799",
        symptom="The client was known to the first endpoint, and its ID is invalid at the token endpoint.",
        play=Direct(token=error("invalid_client", "client_id is invalid", 400)),
        right=Right(
            says=r"client_id is invalid", fix=r"client.id|administrator", never=rf"{CODE_BLAMED}|secret is wrong"
        ),
    ),
)
