"""What servers say in refusals of which a cause is easily claimed too much: two causes in one sentence, codes of a server's own, fields
named in lists of errors, and flows that are gone."""

from __future__ import annotations

from tests.reports.answers import as_json, page, redirect, says
from tests.reports.discovery import NO_OPENID, metadata
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error, sent_back
from tests.reports.report import Direct, Issuer, Report, Right

NEITHER = rf"{SECRET_BLAMED}|{CODE_BLAMED}"
SURE = r"certainty: proven"
CLIENT = r"client-unknown|no application with the client ID"
OOB = "urn:ietf:wg:oauth:2.0:oob"

REPORTS = (
    Report(
        name="token-endpoint-compares-the-redirect-uri-otherwise",
        source="higgsfield-ai/cli#38",
        symptom="The authorization endpoint takes the redirect URI since a fix, and the token endpoint refuses the very same one.",
        play=Direct(
            token=error(
                "invalid_grant",
                "The 'redirect_uri' from this request does not match the one from the authorize request.",
            )
        ),
        right=Right(says=r"redirect_uri", fix=r"regist|administrator", never=SECRET_BLAMED),
    ),
    Report(
        name="provided-redirect-uri-is-not-approved",
        source="basecamp/basecamp-cli#183",
        symptom="A page says that the redirect URI is not approved: the operator has not entered it for the command line.",
        play=Direct(authorize=page(400, "<body><p>Provided redirect_uri is not approved</p></body>")),
        right=Right(says=r"redirect_uri", fix=r"regist", never=rf"{CLIENT}|{SURE}", sent_code=None),
    ),
    Report(
        name="request-not-allowed-and-no-more",
        source="anthropics/claude-code#50411",
        symptom="The exchange ends with 403 and an object that says that the request is not allowed.",
        play=Direct(token=as_json(403, {"error": {"type": "forbidden", "message": "Request not allowed"}})),
        right=Right(
            says=r"certainty: unknown(?s:.)*Request not allowed",
            fix=r"administrator",
            never=rf"{NEITHER}|--body json|--client-auth",
        ),
    ),
    Report(
        name="no-access-to-this-application",
        source="xdevplatform/xurl#48",
        symptom="After the log-in a page says that the person has no access to the application, and asks to log in again.",
        play=Direct(
            authorize=page(
                403,
                "<body><p>You do not have access to this application. Please return and try to log in again.</p></body>",
            )
        ),
        right=Right(
            says=r"do not have access",
            fix=r"administrator|browser|account",
            never=rf"{CLIENT}|redirect-uri-refused|{SURE}|logged in already",
        ),
    ),
    Report(
        name="port-differs-from-the-registered-one",
        source="github/copilot-cli#1951",
        symptom="The client registered itself with one port on this machine, and asks with another one.",
        play=Direct(authorize=as_json(400, {"error": "invalid_request", "error_description": "Invalid redirect_uri"})),
        right=Right(says=r"redirect_uri", fix=r"regist", never=CLIENT, sent_code=None),
    ),
    Report(
        name="redirect-uri-in-brackets",
        source="bluesky-social/atproto#2982",
        symptom="The refusal quotes the redirect URI in brackets, and the client's metadata do not list it.",
        play=Direct(
            authorize=as_json(400, {"error": "invalid_request", "error_description": "Invalid redirect_uri [{uri}]"})
        ),
        right=Right(says=r"redirect_uri", fix=r"regist", never=CLIENT, sent_code=None),
    ),
    Report(
        name="not-allowed-to-request-this-scope",
        source="openai/codex#12704",
        symptom="A release asks for a scope that the client was not given, and the browser comes back with invalid_scope.",
        play=Direct(
            options=("--param", "scope=openid api.model.audio.request"),
            authorize=sent_back(
                "invalid_scope",
                "The+requested+scope+is+invalid.+The+OAuth+2.0+Client+is+not+allowed+to+request+scope+%27api.model.audio.request%27.",
            ),
        ),
        right=Right(says=r"api\.model\.audio\.request", fix=r"scope", never=rf"{CLIENT}|sent none", sent_code=None),
    ),
    Report(
        name="client-id-in-a-list-of-errors",
        source="bwilczynski/strava-cli#2",
        symptom="The server lists its errors as resource, field and code, and the field is the client ID.",
        play=Direct(
            token=as_json(
                400,
                {
                    "message": "Bad Request",
                    "errors": [{"resource": "Application", "field": "client_id", "code": "invalid"}],
                },
            )
        ),
        right=Right(says=r"client_id", fix=r"client.id|--body|client.auth", never=NEITHER),
    ),
    Report(
        name="scope-in-a-list-of-errors",
        source="iamstuartwilson/strava#8",
        symptom="The server lists its errors as resource, field and code at the authorization endpoint, and the field is the scope.",
        play=Direct(
            options=("--param", "scope=read_all"),
            authorize=as_json(
                400,
                {"message": "Bad Request", "errors": [{"resource": "Authorize", "field": "scope", "code": "invalid"}]},
            ),
        ),
        right=Right(says=r"scope", fix=r"scope", never=rf"{CLIENT}|redirect-uri-refused", sent_code=None),
    ),
    Report(
        name="client-id-required-in-the-body",
        source="google/adk-python#2806",
        symptom="ID and secret go in the Authorization header, and the server wants the client ID in the body.",
        play=Direct(
            options=("--field", "client_auth=basic"),
            token=error("invalid_request", "authorization_code.client_id: Field required"),
        ),
        right=Right(says=r"client_id", fix=r"client.auth|body", never=rf"{SECRET_BLAMED}|{CODE_BLAMED}"),
    ),
    Report(
        name="scope-of-a-developer-key",
        source="instructure/canvas-lms#1483",
        symptom="The developer key has other scopes, and the endpoint answers 400 with JSON in place of a redirect.",
        play=Direct(
            options=("--param", "scope=url:GET|/api/v1/courses"),
            authorize=as_json(
                400,
                {
                    "error": "invalid_scope",
                    "error_description": "A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the "
                    "resource owner.",
                },
            ),
        ),
        right=Right(says=r"scope", fix=r"scope", never=CLIENT, sent_code=None),
    ),
    Report(
        name="invalid-scopes-with-a-number",
        source="mozilla/fxa-content-server#2426",
        symptom="The endpoint answers with a number of its own and a list of the scopes that it does not take.",
        play=Direct(
            options=("--param", "scope=profile"),
            authorize=as_json(
                400,
                {
                    "code": 400,
                    "errno": 114,
                    "error": "Invalid scopes",
                    "message": "Invalid scopes",
                    "invalidScopes": ["profile"],
                },
            ),
        ),
        right=Right(says=r"Invalid scopes", fix=r"scope", never=rf"{CLIENT}|redirect-uri", sent_code=None),
    ),
    Report(
        name="grant-type-unread-in-json",
        source="django-oauth/django-oauth-toolkit#1624",
        symptom="The token request is JSON, and the server calls the grant type unsupported because it reads forms alone.",
        play=Direct(
            options=("--body", "json", "--token-param", "grant_type=authorization_code"),
            token=error("unsupported_grant_type"),
        ),
        right=Right(says=r"grant", fix=r"--body form", never=NEITHER),
    ),
    Report(
        name="only-forms-on-the-token-endpoint",
        source="panva/node-oidc-provider#589",
        symptom="The token request is JSON, and the refusal says which content type alone is taken.",
        play=Direct(
            options=("--body", "json"),
            token=error(
                "invalid_request",
                "only application/x-www-form-urlencoded content-type bodies are supported on POST /token",
            ),
        ),
        right=Right(says=r"urlencoded", fix=r"--body form", never=NEITHER),
    ),
    Report(
        name="grant-type-not-supported-at-the-wrong-host",
        source="Oyatel/CometD.NET#20",
        symptom="The host for tests has another address, and the one that was asked does not take the grant.",
        play=Direct(
            options=("--token-param", "grant_type=authorization_code"),
            token=error("unsupported_grant_type", "grant type not supported"),
        ),
        right=Right(says=r"grant type not supported", fix=r"administrator|grant", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="invalid-client-or-invalid-credentials",
        source="Stirling-Tools/Stirling-PDF#6567",
        symptom="The sentence names the client and its credentials as two possibilities, under unauthorized_client.",
        play=Direct(token=error("unauthorized_client", "Invalid client or Invalid client credentials", 401)),
        right=Right(says=r"client credentials", fix=r"secret|client.id", never=rf"{CODE_BLAMED}|{SURE}"),
    ),
    Report(
        name="either-the-client-or-its-credentials",
        source="jhipster/generator-jhipster-ionic#557",
        symptom="The application uses another authorization server of the tenant than the one that knows it.",
        play=Direct(
            token=error(
                "invalid_client",
                "Client authentication failed. Either the client or the client credentials are invalid.",
                401,
            )
        ),
        right=Right(says=r"Either the client", fix=r"secret|client.id", never=rf"{CODE_BLAMED}|{SURE}"),
    ),
    Report(
        name="client-credentials-are-invalid",
        source="public-apis/public-apis#3822",
        symptom="The server takes no client without a secret, and says that the credentials are invalid.",
        play=Direct(token=error("invalid_client", "The client credentials are invalid")),
        right=Right(says=r"credentials are invalid", fix=r"secret", never=rf"{CODE_BLAMED}|{SURE}"),
    ),
    Report(
        name="invalid-client-and-not-a-word",
        source="RealmTeam/django-rest-framework-social-oauth2#225",
        symptom="With a confidential client the token endpoint says invalid_client and nothing else.",
        play=Direct(token=error("invalid_client", "", 401)),
        right=Right(says=r"certainty: unknown", fix=r"secret(?s:.)*client.auth", never=CODE_BLAMED),
    ),
    Report(
        name="unauthorized-client-of-a-public-one",
        source="uc-cdis/fence#148",
        symptom="The token endpoint works for confidential clients alone, and says unauthorized_client without a word.",
        play=Direct(token=error("unauthorized_client")),
        right=Right(says=r"certainty: unknown", never=CODE_BLAMED),
    ),
    Report(
        name="out-of-band-flow-that-is-gone",
        source="bcedu/VGrive#136, simonw/google-drive-to-sqlite#41, bobuk/gcalsync#23",
        symptom="The client has the code shown on a page to be copied, which the provider has ended.",
        play=Direct(
            redirect_uri=OOB,
            authorize=page(
                400,
                "<body><h1>Error 400: invalid_request</h1><p>The out-of-band (OOB) flow has been blocked in order to keep users "
                f"secure.</p><p>Request details: redirect_uri={OOB}</p></body>",
            ),
        ),
        right=Right(tells=r"out-of-band|OOB", fix=r"127\.0\.0\.1|loopback", never=CLIENT, sent_code=None),
    ),
    Report(
        name="redirect-uri-for-native-clients-only",
        source="joshcarty/google-searchconsole#69",
        symptom="The client is registered as one of the web, and the redirect URI is one that only native clients may have.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>Error 400: redirect_uri_mismatch</h1><p>The redirect URI in the request, {uri}, can only be used by a Client "
                "ID for native application. It is not allowed for the WEB client type.</p></body>",
            )
        ),
        right=Right(says=r"another type of client", fix=r"type", never=rf"{CLIENT}|stray space", sent_code=None),
    ),
    Report(
        name="code-of-a-user-authentication-error",
        source="shoutem/cli#40",
        symptom="A list of errors in JSON holds a title, an empty detail and a code of the server's own.",
        play=Direct(
            token=as_json(
                403,
                {
                    "errors": [
                        {
                            "status": "403",
                            "title": "forbidden",
                            "detail": "",
                            "code": "auth_notAuthorized_userAuthenticationError",
                        }
                    ]
                },
            )
        ),
        right=Right(says=r"certainty: unknown(?s:.)*(?:userAuthenticationError|forbidden)", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="grant-code-invalid-or-of-another-client",
        source="rjdavis3/ebay-sdk#23",
        symptom="The sentence leaves open whether the code is invalid or another client's.",
        play=Direct(
            token=error(
                "invalid_grant", "the provided authorization grant code is invalid or was issued to another client"
            )
        ),
        right=Right(says=r"certainty: unknown", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="resource-not-permitted-for-the-grant",
        source="cloudflare/workers-oauth-provider#245",
        symptom="The token request names a resource that the grant does not hold, and the code is used up all the same.",
        play=Direct(
            options=("--token-param", "resource=https://api.example.com/mcp"),
            token=error("invalid_target", "The requested resource is not permitted for this grant"),
        ),
        right=Right(says=r"resource", fix=r"resource", never=NEITHER),
    ),
    Report(
        name="issuer-missing-in-the-answer",
        source="openai/codex#41836",
        symptom="The metadata promise the issuer in the redirect, and it does not come.",
        play=Issuer(
            metadata=metadata(authorization_response_iss_parameter_supported=True),
            options=NO_OPENID,
            authorize=redirect(),
        ),
        right=Right(says=r"\biss\b", fix=r"operator|server", never=rf"{CLIENT}|{SECRET_BLAMED}|in two ways"),
    ),
    Report(
        name="grant-type-invalid-or-missing",
        source="oauthjs/node-oauth2-server#186",
        symptom="The refusal has a code of the framework and a sentence about the grant type, missing or not.",
        play=Direct(token=as_json(400, {"code": "BadMethod", "message": "Invalid or missing grant_type parameter"})),
        right=Right(says=r"grant_type", fix=r"grant_type", never=NEITHER),
    ),
    Report(
        name="unsupported-media-type-under-400",
        source="apifest/apifest-oauth20#22",
        symptom="The content type of the token request is not the one of forms, and a 400 says so in words.",
        play=Direct(options=("--body", "json"), token=as_json(400, {"error": "unsupported media type"})),
        right=Right(first=("encoding-unsupported",), fix=r"--body form", never=NEITHER),
    ),
    Report(
        name="authorization-code-not-found-in-production",
        source="logto-io/logto#6007",
        symptom="After the move to production the token endpoint finds no code.",
        play=Direct(token=error("invalid_grant", "authorization code not found")),
        right=Right(says=r"code not found", fix=r"again", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
    Report(
        name="access-denied-without-a-word",
        source="aspnet/AspNetKatana#537, RockstarLabs/oauthforaspnet#25",
        symptom="The redirect says access_denied and nothing else.",
        play=Direct(authorize=redirect("{uri}?error=access_denied&state={state}")),
        right=Right(
            says=r"access_denied",
            fix=r"approve|administrator|browser",
            never=rf"{CLIENT}|{SURE}|redirect-uri",
            sent_code=None,
        ),
    ),
    Report(
        name="cancelled-on-the-confirmation-page",
        source="slackapi/java-slack-sdk#1075",
        symptom="Somebody presses Cancel on the page that asks for the installation.",
        play=Direct(authorize=redirect("{uri}?error=access_denied&state={state}&code=")),
        right=Right(tells=r"access_denied", never=rf"{CLIENT}|code-empty", sent_code=None),
    ),
    Report(
        name="owner-or-server-denied-the-request",
        source="Glimesh/glimesh.tv#467",
        symptom="The sentence of the library leaves open whether the person or the server refused.",
        play=Direct(
            authorize=sent_back("access_denied", "The+resource+owner+or+authorization+server+denied+the+request.")
        ),
        right=Right(
            says=r"denied the request", fix=r"approve|administrator", never=rf"{CLIENT}|{SURE}", sent_code=None
        ),
    ),
    Report(
        name="user-denied-the-application",
        source="runteq/fledge-hub#298",
        symptom="The person presses cancel, and the redirect says that the user denied the application access.",
        play=Direct(authorize=sent_back("access_denied", "The+user+has+denied+your+application+access.")),
        right=Right(says=r"user has denied", fix=r"approve|again|browser", never=CLIENT, sent_code=None),
    ),
    Report(
        name="code-blamed-where-no-redirect-uri-was-sent",
        source="discord/discord-api-docs#4076",
        symptom="The server blames the code; the redirect URI of step 1 was another than that of the exchange.",
        play=Direct(token=error("invalid_request", 'Invalid "code" in request.')),
        right=Right(says=r"certainty: unknown", fix=r"again", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
    Report(
        name="redirect-uri-in-request-is-invalid",
        source="discord/discord-api-docs#1768",
        symptom="One slash too many in the redirect URI of the exchange.",
        play=Direct(token=error("invalid_request", 'Invalid "redirect_uri" in request.')),
        right=Right(says=r"redirect_uri", fix=r"redirect|regist", never=NEITHER),
    ),
    Report(
        name="invalid-client-invalid-redirect-uri",
        source="alecchendev/spotify-refresh-token#10",
        symptom="A text names the code of a client in capitals, and the redirect URI is what is wrong.",
        play=Direct(authorize=says(400, "INVALID_CLIENT: Invalid redirect URI")),
        right=Right(says=r"redirect URI", fix=r"redirect|regist", never=CLIENT, sent_code=None),
    ),
    Report(
        name="invalid-redirect-uri-under-invalid-grant",
        source="spotify/web-api#513, spotify/web-playback-sdk#79",
        symptom="The redirect URI of the exchange is encoded twice, and invalid_grant says that it is invalid.",
        play=Direct(token=error("invalid_grant", "Invalid redirect URI")),
        right=Right(says=r"redirect URI", fix=r"redirect|regist", never=NEITHER),
    ),
    Report(
        name="token-endpoint-takes-no-get",
        source="discord/discord-api-docs#4002",
        symptom="The exchange ends with 405 and a short object.",
        play=Direct(token=as_json(405, {"message": "405: Method Not Allowed", "code": 0})),
        right=Right(says=r"405", fix=r"path|administrator|token_endpoint", never=NEITHER),
    ),
    Report(
        name="client-not-found-on-a-page",
        source="NHSDigital/hello-world-auth-examples#50",
        symptom="The log-in page of the realm says that the client was not found.",
        play=Direct(authorize=page(400, "<body><h1>We are sorry...</h1><p>Client not found.</p></body>")),
        right=Right(says=r"Client not found", fix=r"client.id", never=r"redirect-uri-refused", sent_code=None),
    ),
    Report(
        name="client-not-known-or-not-authorized",
        source="DuendeArchive/IdentityServer4#1981, scottbrady91/IdentityServer3-Example#1",
        symptom="After the deployment a page says that the application is not known or not authorized; the redirect URI was another.",
        play=Direct(
            authorize=page(
                400, "<body><h1>Error</h1><p>The client application is not known or is not authorized.</p></body>"
            )
        ),
        right=Right(says=r"not known or is not authorized", fix=r"client.id|redirect.uri", never=SURE, sent_code=None),
    ),
    Report(
        name="unknown-client-or-client-not-enabled",
        source="DuendeArchive/IdentityModel.OidcClient.Samples#86",
        symptom="The page holds a code and a sentence with two causes, and the sample's client does not exist any more.",
        play=Direct(
            authorize=page(400, "<body><p>unauthorized_client</p><p>Unknown client or client not enabled</p></body>")
        ),
        right=Right(says=r"Unknown client", fix=r"client.id", never=rf"redirect-uri-refused|{SURE}", sent_code=None),
    ),
    Report(
        name="unauthorized-where-the-client-is-unknown",
        source="anvilresearch/oidc-op#44",
        symptom="A client ID that is unknown gives 401 without any explanation.",
        play=Direct(authorize=says(401, "Unauthorized")),
        right=Right(says=r"certainty: unknown", tells=r"401", never=SURE, sent_code=None),
    ),
    Report(
        name="client-with-another-id-was-not-found",
        source="mitreid-connect/OpenID-Connect-Java-Spring-Server#1115",
        symptom="The refusal names a client ID that is not the one of the request.",
        play=Direct(
            authorize=as_json(
                401,
                {
                    "error": "invalid_client",
                    "error_description": "Client with id 575dd7eb-50b9-441e-9bc7-ee62cf42d721 was not found",
                },
            )
        ),
        right=Right(
            says=r"was not found", fix=r"client.id|administrator", never=r"redirect-uri-refused", sent_code=None
        ),
    ),
    Report(
        name="response-type-missing-at-a-bare-endpoint",
        source="anthropics/claude-ai-mcp#433",
        symptom="The endpoint answers a request without parameters with the one that it misses first.",
        play=Direct(
            authorize=as_json(
                400, {"error": "invalid_request", "error_description": "Missing required parameter: response_type"}
            )
        ),
        right=Right(says=r"response_type", fix=r"response_type", never=CLIENT, sent_code=None),
    ),
    Report(
        name="metadata-without-challenge-methods",
        source="anthropics/claude-ai-mcp#946, anthropics/claude-ai-mcp#786",
        symptom="The metadata say nothing of challenge methods, and the flow works with S256 all the same.",
        play=Issuer(metadata=metadata(code_challenge_methods_supported=None), options=(*NO_OPENID, "--pkce", "on")),
        right=Right(never=rf"{CLIENT}|pkce-refused|{SECRET_BLAMED}", outcome=("token", "different")),
    ),
    Report(
        name="metadata-say-none-and-a-secret-is-wanted",
        source="upstash/context7#2009",
        symptom="The metadata offer the method none alone, and the token endpoint wants the secret in the body.",
        play=Issuer(
            metadata=metadata(token_endpoint_auth_methods_supported=["none"]),
            options=(*NO_OPENID, "--client-auth", "none"),
            token=error("invalid_client", "client_secret is required", 401),
        ),
        right=Right(says=r"client_secret is required", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="client-metadata-could-not-be-fetched",
        source="ewanc26/inkwell#6",
        symptom="The client ID is an address whose document is gone, and the server says that it could not fetch it.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "error": "invalid_client_metadata",
                    "error_description": "Failed to fetch client metadata: 404 Not Found",
                },
            )
        ),
        right=Right(says=r"client metadata", never=rf"authorize-not-found|redirect-uri-refused|{SURE}", sent_code=None),
    ),
    Report(
        name="empty-client-id-at-the-provider",
        source="Leantime/leantime#2596",
        symptom="A misspelled variable leaves the client ID empty, and the provider says that the client identifier is missing or invalid.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>Client ID Error</h1><p>The client identifier (client_id) is missing or invalid.</p></body>",
            )
        ),
        right=Right(says=r"client_id", fix=r"client.id", never=rf"redirect-uri-refused|{SURE}", sent_code=None),
    ),
    Report(
        name="grant-type-unread-by-the-server",
        source="discord/discord-api-docs#5249",
        symptom="A request in the wrong format is answered with unsupported_grant_type and the words that no grant type is known.",
        play=Direct(
            options=("--body", "json"),
            token=error("unsupported_grant_type", "Grant type None is not supported"),
        ),
        right=Right(says=r"[Gg]rant type", fix=r"grant_type|--body form", never=NEITHER),
    ),
    Report(
        name="no-client-certificate-under-unauthorized-client",
        source="keycloak/keycloak-oauth-sig#33",
        symptom="The client is one of mutual TLS, and shows no certificate: 400 with unauthorized_client.",
        play=Direct(token=error("unauthorized_client", "Client certificate is missing")),
        right=Right(says=r"certificate", fix=r"secret|regist|certificate", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="scope-mandatory-at-the-provider",
        source="goauthentik/authentik#3112",
        symptom="The application asks for no scope, and the provider answers with scope mismatch.",
        play=Direct(authorize=sent_back("invalid_scope", "The+requested+scope+is+invalid,+unknown,+or+malformed.")),
        right=Right(says=r"scope", fix=r"scope", never=CLIENT, sent_code=None),
    ),
    Report(
        name="code-lower-cased-on-the-way",
        source="XeroAPI/Xero-NetStandard#441",
        symptom="The client writes the code in small letters, and the answer is invalid_grant alone.",
        play=Direct(token=error("invalid_grant")),
        right=Right(says=r"certainty: unknown", fix=r"again", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
    Report(
        name="device-flow-sentence-of-a-server-error",
        source="photoprism/photoprism#4528",
        symptom="A page of 500 says that it could not connect and asks to try again.",
        play=Direct(authorize=page(500, "<body><p>Could not connect, please try again</p></body>")),
        right=Right(
            says=r"500|Could not connect",
            never=rf"{CLIENT}|redirect-uri-refused|{SURE}|log-in at the server had ended",
            sent_code=None,
        ),
    ),
    Report(
        name="multiple-authentication-methods",
        source="onyx-dot-app/onyx#12874",
        symptom="A client that was registered without a method is refused for using several.",
        play=Direct(token=error("invalid_request", "Client must not use multiple authentication methods")),
        right=Right(
            says=r"multiple authentication methods", fix=r"client.auth", never=rf"{CODE_BLAMED}|secret is wrong"
        ),
    ),
)
