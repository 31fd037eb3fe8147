"""One refusal, one document, one token, in the dialects of many servers: codes and shapes of their own around the words of OAuth."""

from __future__ import annotations

from typing import Any

from tests.reports.access import OPEN_DOOR
from tests.reports.answers import as_json, jwt, keys, page, protected, says
from tests.reports.discovery import NO_OPENID, ON_ANOTHER_DEVICE, device, metadata
from tests.reports.issuers import NO_NONCE, USERINFO, id_token, of, written
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error, sent_back
from tests.reports.report import TOKEN, Answer, Compare, Direct, Issuer, Report, Right

NEITHER = rf"{SECRET_BLAMED}|{CODE_BLAMED}"
PKCE = ("--pkce", "on")
PUBLIC = ("--client-auth", "none")
SURE = r"secret is wrong|has expired\.|dialect\.token|name for the token"


def inside_200(code: str, **more: Any) -> Answer:
    """A refusal as Slack writes it."""
    return as_json(200, {"ok": False, "error": code, **more})


REPORTS = (
    Report(
        name="access-grant-that-is-malformed",
        source="QuePort/passport-azure-oauth#2",
        symptom="A number that tells of the credentials stands before the one that tells of the grant.",
        play=Direct(
            token=error(
                "invalid_grant",
                "AADSTS70002: Error validating credentials. AADSTS70000: The provided access grant is invalid or malformed.",
                401,
            )
        ),
        right=Right(says=r"access grant is invalid", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="redirect-uri-mismatch-and-bad-request",
        source="iMerica/dj-rest-auth#525",
        symptom="The redirect URI of the token request differs from that of the page, and the words are Bad Request alone.",
        play=Direct(token=error("redirect_uri_mismatch", "Bad Request")),
        right=Right(says=r"redirect_uri_mismatch", fix=r"redirect", never=NEITHER),
    ),
    Report(
        name="no-matching-code-found",
        source="facebookarchive/python-instagram#149",
        symptom="The code that a person pasted is not found, in members of the provider's own.",
        play=Direct(
            token=as_json(
                400, {"code": 400, "error_type": "OAuthException", "error_message": "No matching code found."}
            )
        ),
        right=Right(says=r"No matching code found", fix=r"again", never=rf"{SECRET_BLAMED}|could not read the body"),
    ),
    Report(
        name="device-polls-as-a-confidential-client",
        source="AzureAD/azure-activedirectory-library-for-nodejs#140",
        symptom="The device codes came, and the poll is refused, because the application is one that has a secret.",
        play=Issuer(
            metadata=metadata(),
            places={"/device": device()},
            options=(*ON_ANOTHER_DEVICE, *PUBLIC),
            token=error(
                "invalid_client",
                "AADSTS70002: The request body must contain the following parameter: 'client_secret or client_assertion'.",
                401,
            ),
        ),
        right=Right(says=r"client_secret or client_assertion", fix=r"secret|public", never=CODE_BLAMED),
    ),
    Report(
        name="assertion-type-is-missing",
        source="thomasdarimont/spring-boot-keycloak-jwe-example#1",
        symptom="The client is registered for a signed assertion, and a secret is sent.",
        play=Direct(token=error("invalid_client", "Parameter client_assertion_type is missing")),
        right=Right(
            says=r"client_assertion_type",
            fix=r"private_key_jwt|registered",
            never=rf"{CODE_BLAMED}|secret is wrong|--token-param client_assertion_type",
        ),
    ),
    Report(
        name="invalid-user-credentials",
        source="wpic/sample-keycloak-getting-token#1",
        symptom="invalid_grant speaks of the credentials of the user, and of no code.",
        play=Direct(token=error("invalid_grant", "Invalid user credentials", 401)),
        right=Right(says=r"Invalid user credentials", fix=r"user|account|password|log", never=NEITHER),
    ),
    Report(
        name="invalid-client-secret-under-unauthorized-client",
        source="zak905/keycloak-api-key-demo#10",
        symptom="The secret changed with a new version of the server, and the code is unauthorized_client.",
        play=Direct(token=error("unauthorized_client", "Invalid client secret", 401)),
        right=Right(says=r"Invalid client secret", fix=r"secret", never=rf"{CODE_BLAMED}|registered without"),
    ),
    Report(
        name="issuer-of-all-tenants",
        source="coreos/go-oidc#240",
        symptom="The metadata of each tenant's address name one issuer for all of them.",
        play=Issuer(metadata=metadata(issuer="https://identity.example.com/"), options=NO_OPENID),
        right=Right(
            first=("metadata-issuer",), says=r"https://identity\.example\.com/", never=r"typed with the wrong one"
        ),
    ),
    Report(
        name="issuer-with-a-placeholder",
        source="CZ-NIC/pyoidc#743",
        symptom="The metadata of an address for many tenants name an issuer with the tenant's place in braces.",
        play=Issuer(
            base_url="{url}/organizations/v2.0",
            metadata=metadata(issuer="http://{host}/{tenantid}/v2.0"),
            places={
                "/organizations/v2.0/.well-known/openid-configuration": metadata(
                    issuer="http://{host}/{tenantid}/v2.0"
                ),
            },
            options=NO_OPENID,
        ),
        right=Right(says=r"tenantid", fix=r"tenant", never=r"Set --issuer to “[^”]*\{tenantid"),
    ),
    Report(
        name="issuer-with-the-script-in-its-path",
        source="Flowfin/jellyfin-plugin-sso#1835",
        symptom="The installation serves everything below index.php, and its metadata say so.",
        play=Issuer(
            base_url="{url}/nextcloud",
            metadata=metadata(issuer="http://{host}/nextcloud/index.php"),
            places={
                "/nextcloud/.well-known/openid-configuration": metadata(issuer="http://{host}/nextcloud/index.php")
            },
            options=NO_OPENID,
        ),
        right=Right(first=("metadata-issuer",), says=r"index\.php", fix=r"index\.php"),
    ),
    Report(
        name="bad-redirect-uri-inside-200",
        source="slackapi/python-slack-sdk#791, pennersr/django-allauth#2878, slack-edge/slack-cloudflare-workers#1",
        symptom="The redirect URI of the two steps differs, and one word inside a 200 says so.",
        play=Direct(token=inside_200("bad_redirect_uri")),
        right=Right(says=r"bad_redirect_uri", fix=r"redirect", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="invalid-auth-inside-200",
        source="sagi/workers-slack#28",
        symptom="A code of the provider's own that its documentation does not list for this call.",
        play=Direct(token=inside_200("invalid_auth")),
        right=Right(says=r"invalid_auth", never=SURE),
    ),
    Report(
        name="redirect-url-must-use-https-in-a-warning",
        source="jpbruinsslot/slack-term#265",
        symptom="The reason of the refusal stands in a list of warnings, two members deep.",
        play=Direct(
            token=inside_200(
                "bad_redirect_uri",
                response_metadata={"messages": ["[WARN] Auth request OAuth redirect url must use https"]},
            )
        ),
        right=Right(says=r"bad_redirect_uri", fix=r"https", never=NEITHER),
    ),
    Report(
        name="client-or-its-credentials-are-invalid",
        source="okta/okta-auth-js#455, okta/okta-auth-js#401, okta/okta-angular#14",
        symptom="The application is one with a secret, and the page that asks has none.",
        play=Direct(
            options=(*PUBLIC, *PKCE),
            token=error(
                "invalid_client",
                "Client authentication failed. Either the client or the client credentials are invalid.",
                401,
            ),
        ),
        right=Right(says=r"Either the client or", fix=r"secret|public", never=rf"{CODE_BLAMED}|client secret is wrong"),
    ),
    Report(
        name="code-challenge-is-required-by-the-application",
        source="goauthentik/authentik#16398",
        symptom="The redirect says that the application demands PKCE, and the client sends none.",
        play=Direct(
            options=("--pkce", "off"),
            authorize=sent_back("invalid_request", "PKCE+code+challenge+is+required+by+the+application."),
        ),
        right=Right(says=r"code challenge is required", fix=r"pkce", never=r"params\.NAME"),
    ),
    Report(
        name="browser-requests-must-use-pkce",
        source="authts/oidc-client-ts#395",
        symptom="The token endpoint demands PKCE of requests with an Origin, and says it of any request.",
        play=Direct(
            options=("--pkce", "off"),
            token=error(
                "invalid_request",
                "Browser requests to the token endpoint must use Proof Key for Code Exchange.",
                401,
            ),
        ),
        right=Right(says=r"Proof Key for Code Exchange", fix=r"pkce", never=NEITHER),
    ),
    Report(
        name="page-that-wants-a-client-certificate",
        source="XeroAPI/Xero-Net#97",
        symptom="The web server demands a certificate of the client, in a page with 403.",
        play=Direct(
            token=page(
                403,
                "<head><title>403 - Forbidden</title></head><body><h1>403 - Forbidden: Access is denied.</h1>"
                "<h2>The page you are attempting to access requires an SSL client certificate.</h2></body>",
            )
        ),
        right=Right(says=r"certificate", fix=r"certificate|registered|whoever|administrator", never=NEITHER),
    ),
    Report(
        name="key-of-the-token-under-another-name",
        source="MicrosoftDocs/azure-docs#9627, navikt/mock-oauth2-server#947",
        symptom="The ID token names a key that is not among the published ones.",
        play=of(
            lambda asked: written(asked, {"alg": "HS256", "kid": "ditto"}, "a-secret-of-the-server-32-characters"),
            *NO_NONCE,
            id_token_signing_alg_values_supported=["ES256", "HS256"],
        ),
        right=Right(says=r"key", first=("id-token-signature",), never=NEITHER),
    ),
    Report(
        name="missing-client-id-of-a-basic-client",
        source="ramosbugs/oauth2-rs#56",
        symptom="The provider takes the client's credentials in the request alone, and the header carries them.",
        play=Direct(
            options=("--client-auth", "basic"),
            token=as_json(
                400,
                {
                    "error": {
                        "message": "Missing client_id parameter.",
                        "type": "OAuthException",
                        "code": 101,
                        "fbtrace_id": "AqXkZ0c1",
                    }
                },
            ),
        ),
        right=Right(says=r"Missing client_id", fix=r"--client-auth post|client_auth=body|body", never=CODE_BLAMED),
    ),
    Report(
        name="fault-of-a-gateway-with-500-at-an-endpoint",
        source="wso2/product-apim#12429",
        symptom="The gateway fails at its check of the token, with a number and words inside a member fault.",
        play=Compare(
            resource=protected(
                as_json(
                    500,
                    {
                        "fault": {
                            "code": 900900,
                            "message": "Unclassified Authentication Failure",
                            "description": "Error while accessing backend services for API key validation",
                        }
                    },
                )
            )
        ),
        right=Right(
            tells=r"Unclassified Authentication Failure", never=r"may not use|no right|does not accept the token"
        ),
    ),
    Report(
        name="keys-that-ask-for-a-login",
        source="wso2/product-is#6333",
        symptom="The address of the keys that the metadata name answers 401.",
        play=of(
            id_token(), *NO_NONCE, places={"/keys": as_json(401, {"code": 401, "message": "Unauthorized", "trace": ""})}
        ),
        right=Right(first=("keys-missing",), says=r"401", never=NEITHER),
    ),
    Report(
        name="client-must-not-use-multiple-methods",
        source="onyx-dot-app/onyx#12874",
        symptom="The client was registered without a method, and its token request shows it in two ways.",
        play=Direct(token=error("invalid_request", "Client must not use multiple authentication methods")),
        right=Right(
            says=r"multiple authentication methods", fix=r"client.auth|header", never=rf"{CODE_BLAMED}|secret is wrong"
        ),
    ),
    Report(
        name="authorization-failed-inside-a-message",
        source="mcohen01/node-quickbooks#154",
        symptom="The API refuses the token with 403, and the reason is a list of pairs inside a message.",
        play=Compare(
            resource=protected(
                as_json(
                    403,
                    {
                        "fault": {
                            "error": [
                                {
                                    "message": "message=AuthorizationFailed; errorCode=003100; statusCode=403",
                                    "detail": None,
                                    "code": "3100",
                                    "element": None,
                                }
                            ],
                            "type": "SERVICE",
                        }
                    },
                )
            )
        ),
        right=Right(tells=r"AuthorizationFailed", never=r"endpoint-not-found|AIRisk does not"),
    ),
    Report(
        name="userinfo-refuses-with-400",
        source="FusionAuth/fusionauth-issues#321",
        symptom="Userinfo answers 400, and no 401, to a token that it does not take.",
        play=of(
            id_token(),
            *USERINFO,
            places={
                "/userinfo": as_json(
                    400, {"error": "invalid_token", "error_description": "The access token is invalid."}
                )
            },
        ),
        right=Right(says=r"access token is invalid", never=rf"{NEITHER}|another client authentication"),
    ),
    Report(
        name="app-id-or-redirect-uri-does-not-match",
        source="ozgur/python-linkedin#62, decioferreira/omniauth-linkedin-oauth2#31",
        symptom="A list of what could be missing stands before the three things that could be wrong.",
        play=Direct(
            token=error(
                "invalid_request",
                "missing required parameters, includes an invalid parameter value, parameter more than once. : Unable to retrieve "
                "access token : appId or redirect uri does not match authorization code or authorization code expired",
            )
        ),
        right=Right(
            says=r"appId or redirect uri does not match",
            fix=r"again|redirect",
            never=rf"{SECRET_BLAMED}|say that it expired|parameter missing",
        ),
    ),
    Report(
        name="exp-of-the-token-is-a-text",
        source="auth0/node-jsonwebtoken#293, ARMmbed/yotta#613",
        symptom="The exp of a token that is over is a number within quotation marks, and the answer names no end.",
        play=Direct(
            token=as_json(200, {"access_token": jwt(exp=lambda now: str(int(now) - 60)), "token_type": "Bearer"})
        ),
        right=Right(first=("jwt-expired",), says=r"exp", tells=r"number of seconds"),
    ),
    Report(
        name="exp-of-the-id-token-is-a-text",
        source="AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet#838",
        symptom="The exp of the ID token is a number within quotation marks, which strict clients refuse.",
        play=of(id_token(exp="4102444800"), *NO_NONCE),
        right=Right(first=("id-token-exp",), says=r"4102444800", never=r"missing|leaves out"),
    ),
    Report(
        name="grant-parameter-refresh-token",
        source="amzn/selling-partner-api-docs#268",
        symptom="A code is over, and the words speak of a refresh token, which nobody sent.",
        play=Direct(
            token=error("invalid_grant", "The request has an invalid grant parameter : refresh_token"),
        ),
        right=Right(says=r"refresh_token", fix=r"again", never=rf"{SECRET_BLAMED}|has expired\.|field-"),
    ),
    Report(
        name="athlete-access-token-is-invalid",
        source="iamstuartwilson/strava#4",
        symptom="The API tells in a list of errors that the access token of its user is invalid, with 401.",
        play=Compare(
            resource=protected(
                as_json(
                    401,
                    {
                        "message": "Authorization Error",
                        "errors": [{"resource": "Athlete", "field": "access_token", "code": "invalid"}],
                    },
                )
            )
        ),
        right=Right(
            says=r"Authorization Error", never=r"endpoint-not-found|has expired|lifetime has ended|audience or key"
        ),
    ),
    Report(
        name="grant-type-that-the-server-does-not-support",
        source="KickEngineering/KickDevDocs#46",
        symptom="The documented grant type is refused, because the body is not the form that the server reads.",
        play=Direct(
            options=("--body", "json", "--token-param", "grant_type=authorization_code"),
            token=error(
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server",
            ),
        ),
        right=Right(says=r"grant type is not supported", fix=r"--body form", never=NEITHER),
    ),
    Report(
        name="grant-type-none-of-a-body-that-was-not-read",
        source="discord/discord-api-docs#5249",
        symptom="A body of JSON is not read, and the answer speaks of a grant type alone.",
        play=Direct(
            options=("--body", "json", "--token-param", "grant_type=authorization_code"),
            token=error("unsupported_grant_type", "Grant type None is not supported"),
        ),
        right=Right(says=r"Grant type None", fix=r"--body form", never=NEITHER),
    ),
    Report(
        name="parameter-grant-type-beside-an-assertion-type",
        source="spring-attic/spring-authorization-server#1637",
        symptom="The request names an assertion type that is none, and the refusal names grant_type.",
        play=Direct(
            options=(
                *("--token-param", "grant_type=authorization_code"),
                *(
                    "--token-param",
                    "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:client_secret_basic",
                ),
            ),
            token=as_json(
                400,
                {
                    "error_description": "OAuth 2.0 Parameter: grant_type",
                    "error": "unsupported_grant_type",
                    "error_uri": "https://datatracker.ietf.org/doc/html/rfc6749#section-5.2",
                },
            ),
        ),
        right=Right(says=r"OAuth 2\.0 Parameter: grant_type", never=NEITHER),
    ),
    Report(
        name="invalid-authorization-code-with-its-beginning",
        source="lelylan/simple-oauth2#144",
        symptom="The code is refused, and the words repeat it.",
        play=Direct(token=error("invalid_grant", "Invalid authorization code: {code}")),
        right=Right(says=r"Invalid authorization code", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="redirect-uri-is-missing-in-the-configuration",
        source="netbirdio/android-client#83",
        symptom="The URI is not among those of the client, and the words call it missing in its configuration.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "error": "invalid_request",
                    "error_description": "The requested redirect_uri is missing in the client configuration. If you have any "
                    "questions, you may contact the administrator of the application.",
                },
            )
        ),
        right=Right(
            says=r"missing in the client configuration",
            fix=r"registered|redirect.uri",
            never=r"did not send|dropped it|another name|params\.NAME",
        ),
    ),
    Report(
        name="nonce-that-nobody-sent",
        source="certd/certd#594",
        symptom="The ID token has a nonce, although the request had none, and strict clients refuse it.",
        play=of(id_token(nonce="n0nceOfTheServer"), *NO_NONCE),
        right=Right(outcome=("token",), exit=0, never=r"id-token-nonce|another sign-in"),
    ),
    Report(
        name="userinfo-of-a-token-without-openid",
        source="shanzhaozhen/best-cloud#4",
        symptom="Userinfo calls the token invalid, because it was asked for without the scope openid.",
        play=Issuer(
            metadata=metadata(userinfo_endpoint="http://{host}/userinfo"),
            options=("--scope", "profile", "--then", "userinfo"),
            token=as_json(200, {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}),
            places={
                "/userinfo": as_json(401, {"error": "invalid_token"}, 'WWW-Authenticate: Bearer error="invalid_token"')
            },
        ),
        right=Right(says=r"invalid_token", fix=r"openid", never=NEITHER),
    ),
    Report(
        name="token-is-invalid-expired-or-not-supported",
        source="rbansal42/bitbucket-cli#50",
        symptom="The API names three reasons for its 401 in one sentence.",
        play=Compare(
            resource=protected(
                as_json(
                    401,
                    {
                        "type": "error",
                        "error": {"message": "Token is invalid, expired, or not supported for this endpoint."},
                    },
                )
            )
        ),
        right=Right(
            tells=r"or not supported for this endpoint", never=r"takes the token as expired|lifetime has ended"
        ),
    ),
    Report(
        name="token-expired-thousands-of-days-ago",
        source="HubSpot/hubspot-api-php#363",
        symptom="The API says of a token that it does not know that it expired 19884 days ago.",
        play=Compare(
            resource=protected(
                as_json(
                    401,
                    {
                        "status": "error",
                        "message": "The OAuth token used to make this call expired 19884 day(s) ago.",
                        "category": "EXPIRED_AUTHENTICATION",
                    },
                )
            )
        ),
        right=Right(tells=r"expired 19884", never=r"may not use|no right to it"),
    ),
    Report(
        name="redirect-uri-mismatch-of-a-public-client",
        source="deploys-app/console#230",
        symptom="The token request left the redirect URI out, which the server compares for public clients alone.",
        play=Direct(
            options=(*PUBLIC, *PKCE, "--omit", "token.body.redirect_uri"),
            token=error("invalid_grant", "redirect_uri mismatch"),
        ),
        right=Right(says=r"redirect_uri mismatch", fix=r"redirect_uri", never=NEITHER),
    ),
    Report(
        name="limit-of-connected-people",
        source="jat255/strava-to-fittrackee#25",
        symptom="The application may connect a number of people only, and the page says so with 403.",
        play=Direct(
            authorize=page(
                403,
                "<body><h1>Error 403: Limit of connected athletes exceeded</h1><p>This app has exceeded the limit of connected "
                "athletes. If you are a developer of this application, please contact developer support for how to request a quota "
                "increase.</p></body>",
            )
        ),
        right=Right(
            says=r"limit of connected athletes",
            fix=r"administrator|operator|support|limit",
            never=r"is not registered|too many requests|wait a minute|firewall",
        ),
    ),
    Report(
        name="bad-request-with-a-number-to-basic",
        source="discord/discord-api-docs#6639",
        symptom="The client's credentials in the header are no longer read, and the answer is a status in words.",
        play=Direct(options=("--client-auth", "basic"), token=as_json(400, {"message": "400: Bad Request", "code": 0})),
        right=Right(fix=r"client.auth", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="internal-error-with-a-number",
        source="discord/discord-api-docs#2049",
        symptom="The server fails where no scope is asked for, and says 500 in words.",
        play=Direct(token=as_json(500, {"message": "500: Internal Server Error", "code": 0})),
        right=Right(says=r"500", fix=r"again|administrator", never=NEITHER),
    ),
    Report(
        name="audience-of-the-desktop-application",
        source="AzureAD/microsoft-identity-web#1405",
        symptom="The token's audience is the client and not the API, whose challenge says that it is invalid.",
        play=Compare(
            resource=protected(
                says(
                    401,
                    "",
                    'WWW-Authenticate: Bearer error="invalid_token", error_description="The audience '
                    "'89da34ef-0000-4000-8000-desktopapp' is invalid\"",
                    kind="",
                )
            )
        ),
        right=Right(tells=r"audience", never=r"may not use|clocks"),
    ),
    Report(
        name="invalid-authorization-token-audience",
        source="MicrosoftDocs/azure-docs#19707",
        symptom="The API refuses the token in its body, whose code and words name the audience.",
        play=Compare(
            resource=protected(
                as_json(401, {"error": {"code": "InvalidAudience", "message": "Invalid authorization token audience."}})
            )
        ),
        right=Right(tells=r"authorization token audience", never=r"may not use|clocks of"),
    ),
    Report(
        name="user-is-not-authorized-to-the-audience",
        source="auth0/docs#6177",
        symptom="The scopes are not those of the API that the audience names, and invalid_scope comes.",
        play=Direct(
            options=("--scope", "read:messages"),
            token=error("invalid_scope", "User is not authorized to the audience for those scopes"),
        ),
        right=Right(says=r"audience for those scopes", fix=r"scope|audience", never=NEITHER),
    ),
    Report(
        name="error-that-is-unrecognizable",
        source="neondatabase/mcp-server-neon#250",
        symptom="The server has no code for what happened inside, and its redirect says error.",
        play=Direct(authorize=sent_back("error", "The+error+is+unrecognizable")),
        right=Right(
            says=r"The error is unrecognizable",
            fix=r"again|administrator|documentation",
            never=r"params\.NAME|not registered",
        ),
    ),
    Report(
        name="client-is-not-allowed-to-request-a-scope",
        source="oomol-lab/open-connector#138",
        symptom="The client may not ask for one of its scopes, which the redirect names.",
        play=Direct(
            options=("--scope", "user.read zone.read"),
            authorize=sent_back("invalid_scope", "The+OAuth+2.0+Client+is+not+allowed+to+request+scope+'zone.read'."),
        ),
        right=Right(says=r"zone\.read", fix=r"scope", never=r"grant for the application|registered without"),
    ),
    Report(
        name="invalid-client-or-client-credentials",
        source="evcc-io/evcc#29875",
        symptom="The ID or the secret is wrong, and the screen showed that a callback failed.",
        play=Direct(token=error("invalid_client", "Invalid client or client credentials.", 401)),
        right=Right(says=r"Invalid client or client credentials", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="userinfo-endpoint-that-is-not-there",
        source="plankanban/planka#872",
        symptom="The client asks for userinfo, and the metadata name no endpoint for it.",
        play=Issuer(metadata=metadata(), options=USERINFO, token=id_token(), places={"/keys": keys}),
        right=Right(outcome=("token",), never=rf"{NEITHER}|another user"),
    ),
    Report(
        name="userinfo-that-fails-inside",
        source="TremoloSecurity/OpenUnison#1045",
        symptom="Userinfo answers 500 to a token that it does not take.",
        play=of(id_token(), *USERINFO, places={"/userinfo": page(500, "<body><h1>Internal Server Error</h1></body>")}),
        right=Right(says=r"500", never=rf"{NEITHER}|another client authentication|another user|lack the scope"),
    ),
    Report(
        name="bad-request-as-the-error-beside-a-message",
        source="sebadob/rauthy#833",
        symptom="The redirect URI is not the client's, and the error is the name of a status.",
        play=Direct(
            token=as_json(400, {"timestamp": 1744128438, "error": "BadRequest", "message": "Invalid redirect_uri"})
        ),
        right=Right(says=r"Invalid redirect_uri", fix=r"redirect", never=NEITHER),
    ),
    Report(
        name="redirect-uri-must-match-in-the-redirect",
        source="qvest-digital/loginsrv#83",
        symptom="The server sends the browser to another registered URI, with a code of its own and the sentence.",
        play=Direct(
            authorize=sent_back(
                "redirect_uri_mismatch",
                "The+redirect_uri+MUST+match+the+registered+callback+URL+for+this+application.",
            )
        ),
        right=Right(
            says=r"MUST match the registered", fix=r"redirect.uri", never=r"client ID is wrong|no application with"
        ),
    ),
    Report(
        name="body-is-mandatory-for-this-action",
        source="aliyun/alibabacloud-php-sdk#36",
        symptom="The endpoint reads JSON alone, and says of a form that the body is mandatory.",
        play=Direct(
            token=as_json(
                400,
                {"code": "Missingbody", "requestid": "1D3C5E", "message": "body is mandatory for this action."},
            )
        ),
        right=Right(says=r"body is mandatory", fix=r"--body json", never=NEITHER),
    ),
    Report(
        name="client-id-must-be-provided-in-an-error-summary",
        source="freizl/hoauth2#215",
        symptom="The refusal has members of the provider's own, and the client's ID stands in the header alone.",
        play=Direct(
            options=("--client-auth", "basic"),
            token=as_json(
                401,
                {
                    "errorCode": "invalid_client",
                    "errorSummary": "A client_id must be provided in the request.",
                    "errorLink": "invalid_client",
                    "errorId": "oaeyeSqWRUQR2",
                    "errorCauses": [],
                },
            ),
        ),
        right=Right(says=r"client_id must be provided", fix=r"client.auth", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="errcode-with-200-at-an-endpoint",
        source="node-webot/wechat-enterprise-api#23",
        symptom="The API answers 200, and a number and words inside say that the token is over.",
        play=Compare(resource=protected(as_json(200, {"errcode": 42001, "errmsg": "access_token expired"}))),
        right=Right(tells=r"access_token expired", never=rf"{OPEN_DOOR}|may not use"),
    ),
    Report(
        name="errcode-with-200-and-words-of-another-language",
        source="007gzs/dingtalk-sdk#52",
        symptom="The API answers 200, and a number and Chinese words say that the token is not valid.",
        play=Compare(resource=protected(as_json(200, {"errcode": 88, "errmsg": "不合法的access_token"}))),
        right=Right(tells=r"不合法", never=rf"{OPEN_DOOR}|may not use"),
    ),
    Report(
        name="application-that-is-not-known-or-not-authorized",
        source="scottbrady91/IdentityServer3-Example#1, IdentityServer/IdentityServer3#3116",
        symptom="The redirect URI is not in the client's list, and the page says that the client is not known.",
        play=Direct(
            authorize=page(
                200, "<body><h1>Error</h1><p>The client application is not known or is not authorized.</p></body>"
            )
        ),
        right=Right(says=r"not known or is not authorized", fix=r"redirect.uri|client.id", never=r"log in first"),
    ),
    Report(
        name="redirect-uri-must-be-whitelisted",
        source="rdegges/chatapp#9",
        symptom="The page says what a redirect URI has to be, and the one that was sent is not in the list.",
        play=Direct(
            authorize=page(
                400,
                "<body><h2>400</h2><h3>Bad Request</h3><p>The 'redirect_uri' parameter must be an absolute URI that is whitelisted "
                "in the client app settings.</p></body>",
            )
        ),
        right=Right(
            says=r"whitelisted in the client app settings", fix=r"redirect.uri", never=r"did not send|dropped it"
        ),
    ),
    Report(
        name="redirect-uri-is-not-whitelisted-with-422",
        source="amiv-eth/amivapi#258",
        symptom="The redirect URI is not the client's, and the refusal is a 422 with words in an object.",
        play=Direct(
            authorize=as_json(
                422, {"_status": "ERR", "_error": {"code": 422, "message": "Redirect URI is not whitelisted!"}}
            )
        ),
        right=Right(says=r"Redirect URI is not whitelisted", fix=r"redirect.uri"),
    ),
    Report(
        name="illegal-state-behind-the-login",
        source="athenahealth/apiserver-athenaFlex#48",
        symptom="The server fails after the login, with a page of its own for 500 that names an exception.",
        play=Direct(
            authorize=page(
                500,
                "<body><h1>JBWEB000065: HTTP Status 500 - Request processing failed; nested exception is "
                "java.lang.IllegalStateException</h1></body>",
            )
        ),
        right=Right(says=r"500", fix=r"administrator|again", never=r"is not registered|no application with"),
    ),
    Report(
        name="jwt-has-an-invalid-signature",
        source="localden/remote-auth-mcp-apim-py#5",
        symptom="The token is for another API, which says that its signature is not valid.",
        play=Compare(resource=protected(as_json(401, {"error": "JWT has an invalid signature"}))),
        right=Right(tells=r"invalid signature", never=r"may not use|clocks of"),
    ),
)
