"""One refusal, one document, one token, in the dialects of many servers: codes and shapes of their own around the words of OAuth."""

from __future__ import annotations

from typing import Any

from tests.reports.answers import as_json, jwt, page, protected
from tests.reports.discovery import NO_OPENID, ON_ANOTHER_DEVICE, device, metadata
from tests.reports.issuers import NO_NONCE, USERINFO, id_token, of, written
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error, sent_back
from tests.reports.report import Answer, Compare, Direct, Issuer, Report, Right

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
)
