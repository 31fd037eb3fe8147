"""Calls that an API refuses, answers of token endpoints, authorization endpoints that stop, and files and pastes of people."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from tests.reports.access import OPEN_DOOR, challenge
from tests.reports.answers import (
    as_json,
    documented_token,
    issues,
    only_if,
    page,
    redirect,
    resources,
    says,
)
from tests.reports.entries import (
    AUTHORIZATION,
    FIELDS,
    TOKEN_URL,
    authorization,
    back,
    entry,
    form,
    har,
    json_content,
    token,
)
from tests.reports.refusal import CODE_BLAMED, error
from tests.reports.report import (
    CLIENT,
    CODE,
    STATE,
    TOKEN,
    URI,
    Answer,
    Asked,
    Compare,
    Direct,
    Har,
    Paste,
    Report,
    Right,
)

SECRET_WRONG = r"client secret is wrong"
NEITHER = rf"{SECRET_WRONG}|{CODE_BLAMED}"
SURE = r"certainty: proven"
OLD = r"has expired|already expired|clocks? differ|clock-skew"
"""What is no explanation of a fresh token that an API refuses for another reason."""

NOT_SENT = r"header (did not arrive|never arrive)"
PERSON = r"(?:user|person|somebody|you) (?:said no|denied|declined|refused)"
"""A false blame of whoever logs in."""

NOT_REGISTERED = r"redirect.?uri (?:is|was) not registered"
OWNER = r"administrator|operator|owner|support|provider|whoever"
"""Whom to ask where only the other side can mend it."""

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
PADDED_CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode()
"""The right challenge, and the “=” that RFC 7636 leaves out behind it."""

SPECIAL_CODE = "M.C546_BAY.2.U.5e6a1b2c-!Dk9Qx*f0Zs$$"
PORT_5000 = "http://localhost:5000/callback"
PORT_6667 = "http://localhost:6667/"
KEYCLOAK = "http://idp.example.net:8080/realms/demo"


def each(**members: Any) -> Answer:
    """A token for everybody, of another value for a user."""
    given = {"token_type": "Bearer", "expires_in": 3600} | members
    return only_if(
        lambda asked: "userid" in asked.fields,
        issues(access_token=f"{TOKEN}-of-user_42", **given),
        issues(**given),
    )


def two(made: Callable[..., Callable[[float], str]], **claims: Any) -> Answer:
    """JWTs that are made so: a user's names the user, the other one the client."""
    given: dict[str, Any] = {"token_type": "Bearer", "expires_in": 3600}
    return only_if(
        lambda asked: "userid" in asked.fields,
        issues(access_token=made(sub="user_42", jti="of-a-user", **claims), **given),
        issues(access_token=made(sub=CLIENT, jti="generic", **claims), **given),
    )


def by_a_larger_curve(**claims: Any) -> Callable[[float], str]:
    """A JWT that is signed with ES384."""

    def made(now: float) -> str:
        header = {"alg": "ES384", "typ": "at+jwt", "kid": "qaG9sDsEaEmkpC0w"}
        dated = {"iat": int(now), "exp": int(now) + 3600, **claims}
        parts = [json.dumps(part).encode() for part in (header, dated)]
        return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"signed" * 16))

    return made


def users_only(answer: Answer) -> Answer:
    """The protected endpoints as documented, apart from all that only a user's token opens."""
    return only_if(
        lambda asked: any(word in asked.path.lower() for word in ("conversation", "listagents")), answer, resources
    )


def read_as_a_signature(asked: Asked) -> bytes:
    """A gateway of AWS that takes every Authorization header for a signature of its own."""
    bearer = asked.headers.get("authorization", "")
    told = f"'{bearer.removeprefix('Bearer ')}' not a valid key=value pair (missing equal-sign) in Authorization header: '{bearer}'."
    return as_json(
        403,
        {"message": told},
        "x-amzn-RequestId: 0f6d6a0e-1c0b-4d0e-9b0a-6c1a6d0c7a55",
        "x-amzn-ErrorType: IncompleteSignatureException",
        kind="application/json",
    )(asked)


def text_content(text: str) -> dict[str, Any]:
    """A page as a file holds it."""
    return {"size": len(text), "mimeType": "text/html", "text": text}


def has_verifier(asked: Asked) -> bool:
    return "code_verifier" in asked.fields


def at(callback: str) -> str:
    """The authorization request with another redirect URI."""
    return AUTHORIZATION.replace(quote(URI, safe=""), quote(callback, safe=""))


REPORTS = (
    Report(
        name="permission-to-read-activities-is-missing",
        source="iamstuartwilson/strava#51, node-strava/node-strava-v3#97, dblock/slack-strava#84",
        symptom="The scope that was asked for is too narrow: 401, Authorization Error, and a permission under field that is missing.",
        play=Compare(
            options=("--param", "scope=read"),
            authorize=redirect("{uri}?state={state}&code={code}&scope=read"),
            token=each(),
            resource=users_only(
                as_json(
                    401,
                    {
                        "message": "Authorization Error",
                        "errors": [{"resource": "AccessToken", "field": "activity:read_permission", "code": "missing"}],
                    },
                )
            ),
        ),
        right=Right(
            says=r"activity:read|scope|permission",
            tells=r"activity:read",
            fix=r"scope|permission|consent|tick",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|audience",
        ),
    ),
    Report(
        name="gateway-wants-a-signature-in-place-of-a-token",
        source="serverless/serverless#3205, mcguinness/node-lambda-oauth2-jwt-authorizer#1",
        symptom="No authorizer stands at this path of the gateway, which reads Bearer as its own signature and misses an equal-sign.",
        play=Compare(token=each(), resource=read_as_a_signature),
        right=Right(
            says=r"key=value|equal.sign|IncompleteSignature|\bAWS\b|Amazon",
            fix=rf"path|route|method|stage|authori[sz]er|gateway|{OWNER}",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|audience|malformed token|token is (?:damaged|cut)",
        ),
    ),
    Report(
        name="bad-request-for-a-scope-that-is-missing",
        source="jrchamp/moodle-mod_zoom#474, JubaerHossain/zoom-laravel#15",
        symptom="The application was not given the scope that the endpoint wants: 400, a number, and an invalid access token.",
        play=Compare(
            token=each(scope="meeting:read:meeting"),
            resource=as_json(
                400, {"code": 4711, "message": "Invalid access token, does not contain scopes:[user:read:admin]."}
            ),
        ),
        right=Right(
            says=r"scope",
            tells=r"user:read:admin",
            fix=r"scope|regist|app\b|application",
            never=rf"{OLD}|{SECRET_WRONG}|endpoint-not-found|malformed token",
        ),
    ),
    Report(
        name="signed-with-an-algorithm-that-the-api-does-not-expect",
        source="logto-io/logto#4910",
        symptom="The tokens are signed with ES384, and the API's framework was left with RS256: another algorithm expected.",
        play=Compare(
            token=two(by_a_larger_curve, iss="https://login.example.com/oidc", aud="https://api.example.com"),
            resource=challenge(
                401,
                ' error="invalid_token", error_description="An error occurred while attempting to decode the Jwt: Signed JWT '
                'rejected: Another algorithm expected, or no matching key(s) found", '
                'error_uri="https://tools.ietf.org/html/rfc6750#section-3.1"',
            ),
        ),
        right=Right(
            says=r"algorithm|ES384|matching key",
            fix=rf"algorithm|ES384|key|JWKS|issuer|API|{OWNER}",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|forged",
        ),
    ),
    Report(
        name="session-is-not-for-the-rest-api",
        source="NangoHQ/nango#4344, jsforce/jsforce#1301, forcedotcom/b2b-commerce-on-lightning-quickstart#56",
        symptom="The API calls a fresh token a session that is not for it: by a range of addresses, a level of security, or a scope.",
        play=Compare(
            token=each(scope="openid refresh_token", instance_url="https://acme.my.example.com"),
            resource=as_json(
                401,
                [
                    {
                        "message": "This session is not valid for use with the REST API",
                        "errorCode": "INVALID_SESSION_ID",
                    }
                ],
            ),
        ),
        right=Right(
            says=r"not valid for use with the REST API|INVALID_SESSION_ID",
            fix=rf"scope|setting|polic|\bIP\b|instance_url|acme\.my|{OWNER}",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|{SURE}",
        ),
    ),
    Report(
        name="organisation-with-restrictions-for-applications",
        source="vercel/release#193, gitbutlerapp/gitbutler#8594",
        symptom="The credentials are right, and the organization lets in only applications that an owner of it has approved.",
        play=Compare(
            token=each(scope="repo"),
            resource=users_only(
                as_json(
                    403,
                    {
                        "message": "Although you appear to have the correct authorization credentials, the `acme` organization has "
                        "enabled OAuth App access restrictions, meaning that data access to third-parties is limited. For more "
                        "information on these restrictions, including how to enable this app, visit "
                        "https://docs.example.com/articles/restricting-access-to-your-organization-s-data/",
                        "documentation_url": "https://docs.example.com/rest/pulls",
                        "status": "403",
                    },
                )
            ),
        ),
        right=Right(
            says=r"access restrictions|organi[sz]ation",
            fix=rf"approv|organi[sz]ation|enable|{OWNER}",
            never=rf"{OLD}|{SECRET_WRONG}|endpoint-not-found|audience",
        ),
    ),
    Report(
        name="login-was-not-strong-enough-for-this-endpoint",
        source="JanssenProject/jans#6015",
        symptom="The endpoint wants a stronger login than the token stands for, and names it in its challenge (RFC 9470).",
        play=Compare(
            token=each(),
            resource=users_only(
                challenge(
                    401,
                    ' error="insufficient_user_authentication", error_description="A different authentication level is required", '
                    'acr_values="myACR"',
                )
            ),
        ),
        right=Right(
            says=r"insufficient_user_authentication|authentication level|\bacr|stronger|step.?up",
            tells=r"myACR|acr_values",
            fix=r"acr_values|max_age|log.?in|sign.?in|authenticat|authori[sz]",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|audience",
        ),
    ),
    Report(
        name="token-that-the-api-cannot-parse",
        source="AzureAD/microsoft-authentication-library-for-python#355, OfficeDev/outlook-dev-docs#508, OneDrive/onedrive-api-docs#785",
        symptom="The API cannot parse the token and gives a number: a wrong or a damaged one, or a fault of its own; threads differ.",
        play=Compare(
            token=each(scope="User.Read"),
            resource=as_json(
                401,
                {
                    "error": {
                        "code": "InvalidAuthenticationToken",
                        "message": "CompactToken parsing failed with error code: 80049217",
                        "innerError": {
                            "date": "2021-04-29T07:06:00",
                            "request-id": "2b550b0f-bb49-4163-9e71-30fc57a28a19",
                            "client-request-id": "2b550b0f-bb49-4163-9e71-30fc57a28a19",
                        },
                    }
                },
            ),
        ),
        right=Right(
            says=r"CompactToken|80049217|InvalidAuthenticationToken",
            fix=rf"token|2b550b0f|request.id|log|{OWNER}",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|{SURE}",
        ),
    ),
    Report(
        name="api-refuses-the-type-that-is-asked-for",
        source="GluuFederation/oxAuth#580",
        symptom="The API answers 406 to each call that says Accept: application/json, although JSON is what it writes.",
        play=Compare(
            token=each(),
            resource=says("406 No match for accept header", "", "Server: Jetty(9.3.15.v20161220)", kind=""),
        ),
        right=Right(
            says=r"accept header|(?-i:\bAccept\b)|media type|type that",
            fix=rf"accept|header|media type|{OWNER}",
            never=rf"{OLD}|{SECRET_WRONG}|audience|endpoint-not-found|may not use",
        ),
    ),
    Report(
        name="api-without-a-subscription-of-the-application",
        source="wso2/product-apim#4925, wso2/product-apim#5689",
        symptom="The gateway knows no valid subscription of the application to this API: 403, Resource forbidden, and a number.",
        play=Compare(
            token=each(scope="default"),
            resource=as_json(
                403,
                {
                    "fault": {
                        "code": 900908,
                        "message": "Resource forbidden ",
                        "description": "Access failure for API: /chat/1.0.0, version: 1.0.0 status: (900908) - Resource forbidden ",
                    }
                },
            ),
        ),
        right=Right(
            says=r"900908|Resource forbidden",
            fix=rf"subscri|{OWNER}",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|audience|endpoint-not-found",
        ),
    ),
    Report(
        name="fresh-token-is-called-revoked",
        source="vybestack/llxprt-code#1123, Wei-Shaw/sub2api#342",
        symptom="Soon after a login the API says with 403 that the token was revoked, and that a new one is to be obtained.",
        play=Compare(
            token=each(scope="user:inference user:profile"),
            resource=as_json(
                403,
                {
                    "type": "error",
                    "error": {
                        "type": "permission_error",
                        "message": "OAuth token has been revoked. Please obtain a new token.",
                    },
                    "request_id": "req_011CX6Cwz8rJqKAK3zdtL3aC",
                },
            ),
        ),
        right=Right(
            says=r"revoked",
            fix=rf"again|new token|log.?in|sign.?in|authori[sz]|req_011CX6|{OWNER}",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|audience",
        ),
    ),
    Report(
        name="token-belongs-to-another-address",
        source="python-social-auth/social-core#456, python-social-auth/social-core#660",
        symptom="The token was issued to one machine and is used on another; the API answers 200 with a number and a sentence.",
        play=Compare(
            token=each(),
            resource=as_json(
                200,
                {
                    "error": {
                        "error_code": 5,
                        "error_msg": "User authorization failed: access_token was given to another ip address.",
                        "request_params": [{"key": "method", "value": "users.get"}, {"key": "v", "value": "5.131"}],
                    }
                },
            ),
        ),
        right=Right(
            says=r"another ip address",
            fix=rf"\bIP\b|address|same (?:machine|network|host)|proxy|VPN|{OWNER}",
            never=rf"{OPEN_DOOR}|{OLD}|{SECRET_WRONG}|audience",
        ),
    ),
    Report(
        name="token-endpoint-has-moved-and-says-where",
        source="GitbookIO/integrations#824, epam/dm.ai#272",
        symptom="The client asks at the address of old; 404 comes with a sentence that names the new one.",
        play=Direct(
            token=as_json(
                404,
                {
                    "error": True,
                    "status": 404,
                    "message": "Please make requests to api.example.com/v1/oauth/... instead of www.example.com/api/oauth/... Visit "
                    "https://www.example.com/developers/docs#oauth-api-migration for more details.",
                    "i18n": "error.not_found",
                },
            )
        ),
        right=Right(
            says=r"api\.example\.com/v1/oauth",
            fix=r"api\.example\.com|base.url|token.?(?:path|endpoint|URL)|address",
            never=rf"{NEITHER}|{NOT_REGISTERED}|{PERSON}",
        ),
    ),
    Report(
        name="client-is-held-for-a-public-one",
        source="go-gitea/gitea#33956",
        symptom="The client uses no PKCE, the server treats it as a public one, and says: failed PKCE code challenge.",
        play=Direct(
            options=("--pkce", "off"),
            token=only_if(has_verifier, documented_token, error("unauthorized_client", "failed PKCE code challenge")),
        ),
        right=Right(
            says=r"PKCE|code.challenge|code_verifier",
            fix=r"pkce|code_challenge|confidential|public",
            never=rf"{SECRET_WRONG}|code-(?:expired|reused)|{NOT_REGISTERED}",
        ),
    ),
    Report(
        name="three-reasons-in-one-sentence",
        source="RiotGames/developer-relations#1057, RiotGames/developer-relations#1017",
        symptom="One sentence lists code, redirect URI and PKCE; none of them was wrong, and the next day it worked again by itself.",
        play=Direct(
            token=error(
                "invalid_request",
                "Invalid or expired authorization code, redirection URI mismatch, or PKCE verification failure",
            )
        ),
        right=Right(
            says=r"redirection URI mismatch, or PKCE",
            fix=rf"again|new code|redirect|PKCE|{OWNER}",
            never=rf"{SECRET_WRONG}|{SURE}|{PERSON}",
        ),
    ),
    Report(
        name="field-that-still-holds-its-placeholder",
        source="NangoHQ/nango#7026",
        symptom="A field of the token request went out with its placeholder, the token came without a scope, and the API refuses all.",
        play=Compare(
            options=("--token-param", "context=${connectionConfig.context}"),
            token=each(scope=None, context=""),
            resource=as_json(
                403,
                {
                    "status": 403,
                    "title": "You don't have a required scope to access the endpoint",
                    "type": "https://developer.example.com/api-docs/getting-started/api-status-codes",
                    "errors": {},
                },
            ),
        ),
        right=Right(
            says=r"scope|placeholder|\$\{",
            tells=r"context|placeholder|\$\{",
            fix=rf"scope|context|placeholder|{OWNER}",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|endpoint-not-found",
        ),
    ),
    Report(
        name="client-credentials-in-a-vendors-own-document",
        source="nextauthjs/next-auth#5560",
        symptom="The client's id or secret is wrong; the document has an error code with dots, a number and the name of a service.",
        play=Direct(
            token=as_json(
                400,
                {
                    "errorCode": "errors.com.example.account.invalid_client_credentials",
                    "errorMessage": "Sorry the client credentials you are using are invalid",
                    "messageVars": [],
                    "numericErrorCode": 18033,
                    "originatingService": "com.example.account.public",
                    "intent": "prod",
                    "error_description": "Sorry the client credentials you are using are invalid",
                    "error": "invalid_client",
                },
            )
        ),
        right=Right(
            says=r"client.credentials|secret|invalid_client",
            fix=r"secret|client.?id|client.?auth|basic|credential",
            never=rf"{CODE_BLAMED}|{NOT_REGISTERED}|{PERSON}",
        ),
    ),
    Report(
        name="row-that-another-request-holds",
        source="spring-attic/spring-security-oauth#1252, spring-attic/spring-security-oauth#1202",
        symptom="Many tokens are issued at once, and the server's database gives up waiting for a lock: 500 with its SQL.",
        play=Direct(
            token=error(
                "server_error",
                "PreparedStatementCallback; SQL [insert into oauth_access_token (token_id, token, authentication_id, user_name, "
                "client_id, authentication, refresh_token) values (?, ?, ?, ?, ?, ?, ?)]; Lock wait timeout exceeded; try "
                "restarting transaction",
                500,
            )
        ),
        right=Right(
            says=r"Lock wait|database|SQL",
            fix=rf"again|later|retry|{OWNER}",
            never=rf"{NEITHER}|{NOT_REGISTERED}|refresh.token (?:is|was)",
        ),
    ),
    Report(
        name="nothing-but-braces",
        source="spotify/web-api#1360",
        symptom="The token request is answered by 200 and an empty document, without a token or an error.",
        play=Direct(token=as_json(200, {})),
        right=Right(
            says=r"access_token|no token|empty|\{\}",
            fix=rf"token.(?:URL|endpoint|path)|address|path|{OWNER}|documentation",
            never=rf"{NEITHER}",
        ),
    ),
    Report(
        name="audience-that-is-no-api-of-the-server",
        source="aws-samples/ask-around-me#2, auth0-samples/auth0-react-samples#201, Moesif/moesif-developer-portal#43",
        symptom="The audience names an API that was never created at the server: access_denied, Service not found.",
        play=Direct(
            options=("--param", "audience=https://auth0-jwt-authorizer"),
            authorize=redirect(
                "{uri}?error=access_denied&error_description=Service%20not%20found%3A%20https%3A%2F%2Fauth0-jwt-authorizer"
                "&state={state}"
            ),
        ),
        right=Right(
            says=r"Service not found|audience",
            tells=r"audience|auth0-jwt-authorizer",
            fix=rf"audience|\bAPI\b|identifier|resource|{OWNER}",
            never=rf"{PERSON}|{NOT_REGISTERED}|{SECRET_WRONG}",
            sent_code=None,
        ),
    ),
    Report(
        name="rule-of-the-server-has-a-fault",
        source="2i2c-org/infrastructure#180",
        symptom="The server's administrator wrote a rule with an error in its syntax, and every login ends with the words of its sandbox.",
        play=Direct(
            authorize=redirect(
                "{uri}?error=invalid_request&error_description=Invalid%20response%20code%20from%20the%20auth0-sandbox%3A%20HTTP%20400."
                "%20Unexpected%20token%20%27if%27&state={state}"
            )
        ),
        right=Right(
            says=r"auth0-sandbox|Unexpected token",
            fix=rf"rule|script|hook|action|{OWNER}",
            never=rf"{PERSON}|{NOT_REGISTERED}|{SECRET_WRONG}|{SURE}",
            sent_code=None,
        ),
    ),
    Report(
        name="reason-stands-in-the-address-of-the-error-page",
        source="forcedotcom/mcp-hosted#47",
        symptom="The page speaks of an unexpected error and a generic code; its address says that the requested scope is not allowed.",
        play=Direct(
            options=("--param", "scope=mcp_api refresh_token"),
            authorize=redirect(
                "http://{host}/setup/secur/RemoteAccessErrorPage.apexp?error=invalid_scope"
                "&error_description=the+requested+scope+is+not+allowed"
            ),
            resource=page(
                200,
                "<head><title>OAuth Error</title></head><body><p>We can't authorize you because of an OAuth error. For more "
                "information, contact your administrator.</p><p>OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error has occurred "
                "during authentication. Please try again.</p></body>",
            ),
        ),
        right=Right(
            says=r"invalid_scope|scope",
            fix=rf"scope|{OWNER}",
            never=rf"{PERSON}|{NOT_REGISTERED}|{SECRET_WRONG}",
            sent_code=None,
        ),
    ),
    Report(
        name="client-of-another-kind-of-application",
        source="okta/samples-nodejs-express-4#59",
        symptom="A page asks for tokens in the redirect, with the id of a client that was registered for codes alone.",
        play=Har(
            archive=har(
                authorization(
                    f"{URI}?state={STATE}&error=unsupported_response_type&error_description=The+response+type+is+not+supported+by+the"
                    "+authorization+server.+Configured+response+types%3A+%5Bcode%5D.",
                    url=f"{AUTHORIZATION}&response_type=id_token+token&scope=openid&nonce=n0S6WzA2Mj",
                ),
                back(
                    f"{URI}?state={STATE}&error=unsupported_response_type&error_description=The+response+type+is+not+supported+by+the"
                    "+authorization+server.+Configured+response+types%3A+%5Bcode%5D."
                ),
            )
        ),
        right=Right(
            says=r"response.type",
            fix=rf"response_type|code|client|regist|{OWNER}",
            never=rf"{PERSON}|{NOT_REGISTERED}|{NEITHER}",
        ),
    ),
    Report(
        name="portal-does-not-know-the-hybrid-flow",
        source="MicrosoftDocs/powerapps-docs#1627",
        symptom="code id_token is asked for as response_type, and a document with an id of the portal's own says that it is not supported.",
        play=Direct(
            options=("--param", "response_type=code id_token"),
            authorize=as_json(
                400,
                {
                    "ErrorId": "PortalSTS0007",
                    "ErrorMessage": "Value provided for the response type parameter is not a supported value. Please check the value "
                    "and try again.",
                    "Timestamp": "7/29/2020 11:57:31 AM",
                    "CorrelationId": "23c83ef5-bea2-4a8c-b864-328523d0248e",
                },
            ),
        ),
        right=Right(
            says=r"response.type",
            fix=r"response_type|response type",
            never=rf"{PERSON}|{NOT_REGISTERED}|{SECRET_WRONG}",
            sent_code=None,
        ),
    ),
    Report(
        name="grant-is-not-allowed-for-this-application",
        source="nitobuendia/oura-custom-component#4",
        symptom="The application was registered for another way of getting tokens: unauthorized_client comes in the redirect.",
        play=Direct(
            authorize=redirect(
                "{uri}?error=unauthorized_client&error_description=authorization%20grant%20not%20allowed%20for%20this%20client%20"
                "application&state={state}"
            )
        ),
        right=Right(
            says=r"unauthorized_client|not allowed for this client",
            fix=rf"grant|flow|regist|application|client|{OWNER}",
            never=rf"{PERSON}|{NOT_REGISTERED}|{SECRET_WRONG}",
            sent_code=None,
        ),
    ),
    Report(
        name="server-finds-no-configuration-of-the-app",
        source="home-assistant/core#140126",
        symptom="The redirect says that no configurations of the app were found; nobody knew why, and others had no trouble.",
        play=Direct(
            authorize=redirect(
                "{uri}?error=invalid_request&error_description=Unable+to+find+any+configurations+for+app&state={state}"
            )
        ),
        right=Right(
            says=r"Unable to find any configurations for app|invalid_request",
            fix=rf"regist|again|later|client.?id|\bapp|{OWNER}",
            never=rf"{PERSON}|{NOT_REGISTERED}|{SECRET_WRONG}|{SURE}",
            sent_code=None,
        ),
    ),
    Report(
        name="scope-that-wants-another-way-back",
        source="getfider/fider#1357, nov/apple_id#6, trailbaseio/trailbase#282",
        symptom="Name and email are asked for, and the server then sends its answer as a form alone; the page names the parameter.",
        play=Direct(
            options=("--param", "scope=name email"),
            authorize=page(
                400,
                "<head><title>Sign in</title></head><body><h1>invalid_request</h1><p>response_mode must be form_post when name or "
                "email scope is requested.</p></body>",
            ),
        ),
        right=Right(
            says=r"response_mode",
            fix=r"response_mode|form_post|scope",
            never=rf"{PERSON}|{NOT_REGISTERED}|{SECRET_WRONG}",
            sent_code=None,
        ),
    ),
    Report(
        name="secure-cookies-of-a-login-over-plain-http",
        source="keycloak/keycloak#30977",
        symptom="The login page comes over http, its cookies are for https alone, and the form is answered: Cookie not found.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    f"{KEYCLOAK}/protocol/openid-connect/auth?client_id={CLIENT}&redirect_uri={quote(URI, safe='')}"
                    f"&response_type=code&state={STATE}",
                    200,
                    headers={
                        "Content-Type": "text/html;charset=utf-8",
                        "Set-Cookie": "AUTH_SESSION_ID=3f0c7a55; Version=1; Path=/realms/demo/; Secure; HttpOnly; SameSite=None",
                    },
                    content=text_content(
                        "<html><head><title>Sign in to demo</title></head><body><form method='post'><input name='username'>"
                        "<input name='password' type='password'></form></body></html>"
                    ),
                ),
                entry(
                    1,
                    "POST",
                    f"{KEYCLOAK}/login-actions/authenticate?session_code=a1b2c3&execution=d4e5f6&client_id={CLIENT}&tab_id=t1",
                    400,
                    headers={"Content-Type": "text/html;charset=utf-8"},
                    post={"mimeType": "application/x-www-form-urlencoded", "text": "username=ada&password=***"},
                    content=text_content(
                        "<html><head><title>Sign in to demo</title></head><body><h1>We are sorry...</h1><p>Cookie not found. "
                        "Please make sure cookies are enabled in your browser.</p></body></html>"
                    ),
                ),
            )
        ),
        right=Right(
            says=r"cookie",
            fix=r"https|\bSecure\b|\bTLS\b",
            never=rf"{PERSON}|{NOT_REGISTERED}|{NEITHER}|password (?:is|was) wrong",
        ),
    ),
    Report(
        name="receiver-of-music-has-the-port-of-the-callback",
        source="wso2-attic/asgardeo-auth-python-sdk#30, firebase/codelab-friendlychat-web#653",
        symptom="On a newer macOS AirPlay listens on port 5000, and it is this that answers the callback with 403.",
        play=Har(
            archive=har(
                authorization(f"{PORT_5000}?code={CODE}&state={STATE}", url=at(PORT_5000)),
                back(
                    f"{PORT_5000}?code={CODE}&state={STATE}",
                    403,
                    headers={"Content-Length": "0", "Server": "AirTunes/595.13.1"},
                ),
            )
        ),
        right=Right(
            says=r"AirTunes|AirPlay|another (?:program|service|server|application)|other program|\bports?\b",
            fix=r"\bports?\b|AirPlay|AirTunes",
            never=rf"{PERSON}|{NOT_REGISTERED}|{NEITHER}",
        ),
    ),
    Report(
        name="port-that-browsers-refuse",
        source="danqzq/unity-twitch-chat-interactions#25, epsylon/orb#1",
        symptom="The redirect URI has the port of IRC, to which no browser goes; the entry has status 0 and the browser's error.",
        play=Har(
            archive=har(
                authorization(f"{PORT_6667}?code={CODE}&state={STATE}", url=at(PORT_6667)),
                back(
                    f"{PORT_6667}?code={CODE}&state={STATE}",
                    0,
                    response={"status": 0, "httpVersion": "", "_error": "net::ERR_UNSAFE_PORT"},
                ),
            )
        ),
        right=Right(
            says=r"UNSAFE_PORT|\bports?\b",
            fix=r"\bports?\b",
            never=rf"{NOT_REGISTERED}|{NEITHER}|(?:nothing|nobody|no program) (?:listens|listened)|{PERSON}",
        ),
    ),
    Report(
        name="proxy-behind-speaks-an-old-http",
        source="imroc/learning-istio#16, envoyproxy/envoy#5038, nav-gov-hu/Online-Invoice#1064",
        symptom="A proxy passes the token request on in HTTP/1.0, and the mesh answers 426 with nothing in it.",
        play=Direct(token=says("426 Upgrade Required", "", "server: envoy", kind="")),
        right=Right(
            says=r"426|HTTP/1\.[01]|Upgrade Required|envoy",
            fix=rf"proxy|HTTP/1\.1|HTTP version|gateway|mesh|protocol|{OWNER}",
            never=rf"{NEITHER}|{NOT_REGISTERED}|{PERSON}",
        ),
    ),
    Report(
        name="fields-of-the-token-request-in-its-address",
        source="Accela-Inc/developer-forum#41, VKCOM/vk-ios-sdk#616",
        symptom="The client writes all fields into the query of the token request and sends no body; the server's form is null.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                entry(
                    2,
                    "POST",
                    f"{TOKEN_URL}?{urlencode(FIELDS | {'grant_type': 'authorization_code'})}",
                    500,
                    sent={"Content-Length": "0"},
                    headers={"Content-Type": "application/json"},
                    content=json_content(
                        json.dumps(
                            {
                                "error": "internal_server_error",
                                "error_description": "Value cannot be null.\r\nParameter name: formDataCollection",
                            }
                        )
                    ),
                ),
            )
        ),
        right=Right(
            says=r"query|\bURL\b|\bbody\b|\bforms?\b|formDataCollection",
            fix=r"\bbody\b|\bforms?\b",
            never=rf"{NEITHER}|{NOT_REGISTERED}|{PERSON}",
        ),
    ),
    Report(
        name="challenge-with-an-equal-sign-behind",
        source="barryf/micropublish#55",
        symptom="The client leaves the padding at its code_challenge, and the verifier that fits is refused.",
        play=Har(
            archive=har(
                authorization(
                    url=f"{AUTHORIZATION}&response_type=code&code_challenge={quote(PADDED_CHALLENGE, safe='')}"
                    "&code_challenge_method=S256"
                ),
                back(),
                token(
                    400,
                    post=form(grant_type="authorization_code", code_verifier=VERIFIER),
                    content=json_content('{"error":"invalid_grant"}'),
                ),
            )
        ),
        right=Right(
            says=r"code_challenge|PKCE|padding",
            fix=r"code_challenge|padding|PKCE|base64url|equal",
            never=rf"{SECRET_WRONG}|code-(?:expired|reused)|{NOT_REGISTERED}",
        ),
    ),
    Report(
        name="media-type-of-the-api-at-the-token-endpoint",
        source="octokit/request.js#83, octokit/auth-oauth-app.js#9",
        symptom="The library sends the API's own media type as Accept to the token endpoint, too, which knows none such: 406.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    406,
                    sent={
                        "Accept": "application/vnd.example.v3+json",
                        "Content-Type": "application/x-www-form-urlencoded",
                    },
                    headers={"Content-Type": "text/html; charset=utf-8", "Content-Length": "0"},
                    content={"size": 0, "mimeType": "text/html"},
                ),
            )
        ),
        right=Right(
            says=r"accept header|(?-i:\bAccept\b)|media type",
            fix=r"Accept|application/json|header",
            never=rf"{NEITHER}|{NOT_REGISTERED}|{PERSON}",
        ),
    ),
    Report(
        name="client-secret-without-a-character",
        source="woodpecker-ci/woodpecker#5677",
        symptom="The settings lost the client secret, so the field is sent with nothing in it: unauthorized_client.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    400,
                    post=form(grant_type="authorization_code", client_secret=""),
                    content=json_content(
                        '{"error":"unauthorized_client","error_description":"invalid empty client secret"}'
                    ),
                ),
            )
        ),
        right=Right(
            says=r"secret",
            tells=r"empty|no value|without a value|nothing in it",
            fix=r"secret",
            never=rf"{CODE_BLAMED}|{NOT_REGISTERED}|{PERSON}",
        ),
    ),
    Report(
        name="code-with-characters-that-a-client-cut-at",
        source="abraunegg/onedrive#3625",
        symptom="The code in the pasted address holds !, * and $, and a client took what stands before the first of them.",
        play=Paste(pasted=f"{{uri}}?code={SPECIAL_CODE}&state={{state}}\n"),
        right=Right(outcome=("token",), sent_code=SPECIAL_CODE),
    ),
)
