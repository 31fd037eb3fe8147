"""Calls that an API refuses after a token came, refusals of token endpoints in words of frameworks, and whose a token is."""

from __future__ import annotations

import json
import time
from base64 import b64encode, urlsafe_b64encode
from typing import Any

from tests.reports.access import OPEN_DOOR
from tests.reports.answers import (
    as_json,
    documented_token,
    issues,
    jwt,
    of_a_user,
    only_if,
    resources,
    says,
)
from tests.reports.refusal import CODE_BLAMED, error
from tests.reports.report import CLIENT, TOKEN, Answer, Asked, Compare, Direct, Report, Right

SECRET_WRONG = r"client secret is wrong"
NEITHER = rf"{SECRET_WRONG}|{CODE_BLAMED}"
SURE = r"certainty: proven"
OLD = r"has expired|already expired|clocks? differ|clock-skew"
"""What is no explanation of a fresh token that an API refuses for another reason."""

NO_RIGHT = r"may not use|no right to it"
NOT_SENT = r"header (did not arrive|never arrive)"
SERVICE_ACCOUNT = "5b3b1a3e-6d0c-4c0f-9a43-0c1f3f0c7a55"


def each(**members: Any) -> Answer:
    """A token for everybody, of another value for a user."""
    given = {"token_type": "Bearer", "expires_in": 3600} | members
    return only_if(
        lambda asked: "userid" in asked.fields,
        issues(access_token=f"{TOKEN}-of-user_42", **given),
        issues(**given),
    )


def named(**claims: Any) -> Answer:
    """JWTs: a user's names the user, the other one the client."""
    given: dict[str, Any] = {"token_type": "Bearer", "expires_in": 3600}
    return only_if(
        lambda asked: "userid" in asked.fields,
        issues(access_token=jwt(sub="user_42", jti="of-a-user", **claims), **given),
        issues(access_token=jwt(sub=CLIENT, jti="generic", **claims), **given),
    )


def users_only(answer: Answer) -> Answer:
    """The protected endpoints as documented, apart from all that only a user's token opens."""
    return only_if(
        lambda asked: any(word in asked.path.lower() for word in ("conversation", "listagents")), answer, resources
    )


def refused_without_a_user(answer: Answer) -> Answer:
    """What only a user's token opens: a list for such a token, and this for another one."""
    return users_only(only_if(of_a_user, as_json(200, []), answer))


def signed_until(end: int) -> str:
    """A JWT that serves as a client secret, good until then (seconds since 1970)."""
    header = {"alg": "ES256", "kid": "AB12CD34EF"}
    claims = {
        "iss": "T3AM1D0000",
        "iat": end - 15_552_000,
        "exp": end,
        "aud": "https://login.example.com",
        "sub": CLIENT,
    }
    parts = [json.dumps(part).encode() for part in (header, claims)]
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"signature" * 7))


def without_calls_left(asked: Asked) -> bytes:
    """A refusal whose headers count the calls of an hour."""
    told = {
        "message": "API rate limit exceeded for user ID 40042.",
        "documentation_url": "https://docs.example.com/rest/rate-limits",
    }
    counted = ("X-RateLimit-Limit: 5000", "X-RateLimit-Remaining: 0", f"X-RateLimit-Reset: {int(time.time()) + 1800}")
    return as_json(403, told, *counted, "X-RateLimit-Resource: core")(asked)


def known_by_another_name(asked: Asked) -> bytes:
    """A refusal that says as whom the API knows the caller."""
    user = "https://login.example.com/realms/cluster#" + ("user_42" if of_a_user(asked) else CLIENT)
    told = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": f'pods is forbidden: User "{user}" cannot list resource "pods" in API group "" in the namespace "default"',
        "reason": "Forbidden",
        "details": {"kind": "pods"},
        "code": 403,
    }
    return as_json(403, told)(asked)


def of_the_service_account(asked: Asked) -> bytes:
    """A token of the client's own account, whoever is asked for."""
    token = jwt(
        sub=SERVICE_ACCOUNT,
        azp=CLIENT,
        preferred_username=f"service-account-{CLIENT}",
        jti="second" if "userid" in asked.fields else "first",
    )
    return issues(access_token=token, token_type="Bearer", expires_in=300)(asked)


def end_that_was_never_set(now: float) -> str:
    """Words that show the end of a code as the beginning of 1970."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    return f"authorization code has expired, nowUnix: [{moment}], token.CodeExpireIn: [1970-01-01T00:00:00Z]"


CLAIMS = b64encode(b'{"access_token":{"nbf":{"essential":true,"value":"1751370000"}}}').decode()

REPORTS = (
    Report(
        name="application-outside-of-any-project",
        source="xdevplatform/samples#58, michimani/gotwi#311",
        symptom="The application stands alone in the developer portal, and the API wants one that belongs to a project.",
        play=Compare(
            token=each(scope="tweet.read users.read"),
            resource=as_json(
                403,
                {
                    "client_id": CLIENT,
                    "detail": "When authenticating requests to the v2 endpoints, you must use keys and tokens from a developer App "
                    "that is attached to a Project. You can create a project via the developer portal.",
                    "registration_url": "https://developer.example.com/docs/projects/overview",
                    "title": "Client Forbidden",
                    "required_enrollment": "Standard Basic",
                    "reason": "client-not-enrolled",
                    "type": "https://api.example.com/2/problems/client-forbidden",
                },
            ),
        ),
        right=Right(
            says=r"attached to a Project|client-not-enrolled|Client Forbidden",
            fix=r"project|portal|enrol|registration_url|developer\.example|operator|administrator",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}",
        ),
    ),
    Report(
        name="application-without-the-permission-it-needs",
        source="thephpleague/oauth2-github#22, thunder-id/thunderid#2490",
        symptom="The person may read it, and the application was not given that permission: the refusal calls it an integration.",
        play=Compare(
            token=each(),
            resource=users_only(
                as_json(
                    403,
                    {
                        "message": "Resource not accessible by integration",
                        "documentation_url": "https://docs.example.com/rest/users/emails",
                        "status": "403",
                    },
                )
            ),
        ),
        right=Right(
            says=r"not accessible by integration",
            fix=r"permission|application|app\b|integration|setting|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|endpoint-not-found",
        ),
    ),
    Report(
        name="scope-that-is-needed-beside-those-provided",
        source="slack-ruby/slack-ruby-client#150, voxmedia/github-action-slack-notify-build#10",
        symptom="The API answers 200, and a body says which scope is needed and which ones the token has.",
        play=Compare(
            token=each(scope="chat:write"),
            resource=users_only(
                as_json(
                    200,
                    {"ok": False, "error": "missing_scope", "needed": "channels:history", "provided": "chat:write"},
                )
            ),
        ),
        right=Right(
            says=r"scope",
            tells=r"channels:history",
            fix=r"scope",
            never=rf"{OPEN_DOOR}|{OLD}|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="account-that-never-signed-up-for-the-service",
        source="tokland/youtube-upload#251, IonicaBizau/youtube-api#36, vinitkumar/googlecl#53",
        symptom="The account that was chosen has no channel, and the API answers 401 and points at the Authorization header.",
        play=Compare(
            token=each(scope="video.upload"),
            resource=users_only(
                as_json(
                    401,
                    {
                        "error": {
                            "code": 401,
                            "message": "Unauthorized",
                            "errors": [
                                {
                                    "message": "Unauthorized",
                                    "domain": "youtube.header",
                                    "reason": "youtubeSignupRequired",
                                    "location": "Authorization",
                                    "locationType": "header",
                                }
                            ],
                        }
                    },
                )
            ),
        ),
        right=Right(
            says=r"youtubeSignupRequired",
            fix=r"account|channel|sign(s|ed)?.?up|person|user",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|audience",
        ),
    ),
    Report(
        name="user-that-the-organisation-does-not-have",
        source="MicrosoftDocs/power-automate-docs#1073, microsoft/PowerPlatform-DataverseServiceClient#5",
        symptom="The directory knows the caller, and this environment of the service has no such user: a number and a sentence.",
        play=Compare(
            token=each(scope="user_impersonation"),
            resource=as_json(
                403, {"error": {"code": "0x80072560", "message": "The user is not a member of the organization."}}
            ),
        ),
        right=Right(
            says=r"not a member of the organi[sz]ation",
            fix=r"\badd|member|user|another (environment|organi[sz]ation)|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|audience|endpoint-not-found",
        ),
    ),
    Report(
        name="organisation-that-forbids-applications",
        source="microsoft/azure-devops-auth-samples#57",
        symptom="An administrator switched access by OAuth off, and the API says that the user is not authorized.",
        play=Compare(
            token=each(scope="vso.project vso.code_manage"),
            resource=as_json(
                401,
                {
                    "$id": "1",
                    "innerException": None,
                    "message": "TF400813: The user 'b0f4ad0f-1f43-4f0e-8a55-2f2b7c1c9d10' is not authorized to access this resource.",
                    "typeKey": "UnauthorizedRequestException",
                    "errorCode": 0,
                    "eventId": 3000,
                },
            ),
        ),
        right=Right(
            says=r"TF400813|not authorized to access this resource",
            fix=r"administrator|operator|organi[sz]ation|polic|permission|right|access",
            never=rf"{OLD}|{SECRET_WRONG}|{NOT_SENT}|{SURE}|audience",
        ),
    ),
    Report(
        name="scope-that-the-merchant-has-not-approved",
        source="Shopify/shopify_app#1206, gnikyt/laravel-shopify#190",
        symptom="A scope was added to the application after the shop had installed it; the token is one of before.",
        play=Compare(
            options=("--param", "scope=read_products,read_orders"),
            token=each(scope="read_products"),
            resource=users_only(
                as_json(403, {"errors": "[API] This action requires merchant approval for read_orders scope."})
            ),
        ),
        right=Right(
            says=r"scope",
            tells=r"read_orders",
            fix=r"scope|approv|consent|install|authori[sz]e|again",
            never=rf"{OLD}|{SECRET_WRONG}|audience",
        ),
    ),
    Report(
        name="version-in-a-header-is-wanted",
        source="mgmarlow/notion-sdk-ruby#4, BennyKok/unity-notion-api#5",
        symptom="The API wants its version in a header of its own with each call, and answers 400 without it.",
        play=Compare(
            token=each(bot_id="b3414d65", workspace_name="Acme"),
            resource=as_json(
                400,
                {
                    "object": "error",
                    "status": 400,
                    "code": "missing_version",
                    "message": "Acme-Version header failed validation: Acme-Version header should be defined, instead was `undefined`.",
                },
            ),
        ),
        right=Right(
            says=r"Acme-Version|missing_version",
            fix=r"header|version|documentation|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}|audience|endpoint-not-found",
        ),
    ),
    Report(
        name="calls-of-this-hour-are-used-up",
        source="ghuser-io/db#2, vscodenpa/testissues#37035, hub4j/github-api#220",
        symptom="The user's calls of this hour are used up: 403, and headers that count them and say when they begin anew.",
        play=Compare(token=each(scope="repo"), resource=without_calls_left),
        right=Right(
            says=r"rate.limit|RateLimit|too many",
            fix=r"wait|later|reset|until|minutes|limit",
            never=rf"wait a minute|{OLD}|{SECRET_WRONG}|{NO_RIGHT}|audience",
        ),
    ),
    Report(
        name="many-logins-from-one-server",
        source="discord/discord-api-docs#670, disco-oauth/disco-oauth#32",
        symptom="All logins of a site ask the API from one address, and it answers 429 with a part of a second to wait.",
        play=Compare(
            token=each(scope="identify"),
            resource=as_json(
                429,
                {"message": "You are being rate limited.", "retry_after": 0.512, "global": False},
                "Retry-After: 1",
                "X-RateLimit-Limit: 5",
                "X-RateLimit-Remaining: 0",
                "X-RateLimit-Reset-After: 0.512",
                "X-RateLimit-Scope: user",
            ),
        ),
        right=Right(
            says=r"429|rate.limit|too many",
            fix=r"wait|later|again|slow|fewer|second|limit",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}|audience",
        ),
    ),
    Report(
        name="check-for-forged-requests-before-the-token",
        source="nextcloud/server#7873, nextcloud/Android-SingleSignOn#69",
        symptom="The server treats a call with a token as one of a browser, and misses a header or a sign against forgery.",
        play=Compare(token=each(), resource=as_json(412, {"message": "CSRF check failed"})),
        right=Right(
            says=r"CSRF",
            fix=r"header|update|operator|administrator|documentation|server",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}|audience|\bstate\b.{{0,40}}(missing|differ|wrong)",
        ),
    ),
    Report(
        name="issuer-that-the-mesh-was-not-told",
        source="keycloak/keycloak#17299, istio/istio#25578",
        symptom="The mesh is told the issuer's name of the inside, and tokens that were got at the outer name have another one.",
        play=Compare(
            token=named(iss="https://keycloak.192.168.49.2.example.net/realms/demo", azp=CLIENT, scope="email profile"),
            resource=says(
                401,
                "Jwt issuer is not configured",
                'WWW-Authenticate: Bearer realm="http://{host}/", error="invalid_token"',
                "Server: istio-envoy",
            ),
        ),
        right=Right(
            says=r"issuer",
            tells=r"keycloak\.192\.168\.49\.2\.example\.net",
            fix=r"issuer|\biss\b|administrator|operator|address|name",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}|{NOT_SENT}",
        ),
    ),
    Report(
        name="challenge-that-names-another-word-than-bearer",
        source="sunscrapers/djoser#483, Tivix/django-rest-auth#502",
        symptom="The API wants the word JWT before the token, says so in its challenge, and in its body that nothing was provided.",
        play=Compare(
            token=named(azp=CLIENT),
            resource=as_json(
                401,
                {"detail": "Authentication credentials were not provided."},
                'WWW-Authenticate: JWT realm="api"',
                "Vary: Accept, Origin",
                "Allow: GET, HEAD, OPTIONS",
            ),
        ),
        right=Right(
            says=r"\bJWT\b.{0,80}(scheme|word|Bearer|challenge)|(scheme|word|Bearer|challenge|WWW-Authenticate).{0,80}\bJWT\b",
            fix=r"scheme|Bearer|JWT|administrator|operator|documentation",
            never=rf"{SURE}|Something in front of the API has|{OLD}|{SECRET_WRONG}|{NO_RIGHT}|audience",
        ),
    ),
    Report(
        name="not-found-while-a-header-names-the-scope",
        source="github/developer.github.com#62, evanp/github-todotxt#11, magit/forge#298",
        symptom="What the token's scopes do not cover is hidden behind 404; two headers tell which scopes it has and which are taken.",
        play=Compare(
            token=each(scope="read:org"),
            resource=users_only(
                as_json(
                    404,
                    {"message": "Not Found", "documentation_url": "https://docs.example.com/rest", "status": "404"},
                    "X-OAuth-Scopes: read:org",
                    "X-Accepted-OAuth-Scopes: repo",
                )
            ),
        ),
        right=Right(
            says=r"scope",
            tells=r"\brepo\b",
            fix=r"scope|repo\b",
            never=rf"{OLD}|{SECRET_WRONG}|{SURE}",
        ),
    ),
    Report(
        name="failure-in-xml-with-a-success",
        source="pardot/api-docs#231",
        symptom="The product does not take such tokens for this customer yet: 200, and XML whose root says that it failed.",
        play=Compare(
            token=each(scope="pardot_api"),
            resource=users_only(
                says(
                    200,
                    '<?xml version="1.0" encoding="UTF-8"?><rsp stat="fail" version="1.0"><err code="49">Access Denied</err></rsp>',
                    kind="text/xml; charset=utf-8",
                )
            ),
        ),
        right=Right(
            says=r"Access Denied",
            fix=r"administrator|operator|documentation|support|provider|permission|right",
            never=rf"{OPEN_DOOR}|{OLD}|{SECRET_WRONG}|{SURE}",
        ),
    ),
    Report(
        name="graph-of-data-refuses-with-a-success",
        source="cloudflare/mcp-server-cloudflare#403",
        symptom="The login asked for too few scopes; the API speaks GraphQL, and tells that in a list of errors with 200.",
        play=Compare(
            token=each(scope="account:read zone:read"),
            resource=users_only(
                as_json(
                    200,
                    {
                        "data": None,
                        "errors": [
                            {
                                "message": "not authorized for that account",
                                "path": ["viewer", "accounts", "0", "invocations"],
                                "extensions": {"code": "authz", "timestamp": "2026-06-19T08:12:44Z"},
                            }
                        ],
                    },
                )
            ),
        ),
        right=Right(
            says=r"not authorized for that account|authz",
            fix=r"scope|permission|right|account|administrator|operator",
            never=rf"{OPEN_DOOR}|{OLD}|{SECRET_WRONG}|{SURE}",
        ),
    ),
    Report(
        name="sessions-revoked-since-the-token",
        source="microsoftgraph/msgraph-sdk-dotnet#1416, microsoftgraph/msgraph-sdk-powershell#1741",
        symptom="The user's sessions were revoked; the challenge says insufficient_claims, and brings claims for a new login.",
        play=Compare(
            token=each(scope="User.Read", ext_expires_in=86400, expires_in=86400),
            resource=as_json(
                401,
                {
                    "error": {
                        "code": "InvalidAuthenticationToken",
                        "message": "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: "
                        "TokenIssuedBeforeRevocationTimestamp",
                    }
                },
                'WWW-Authenticate: Bearer realm="", authorization_uri="https://login.example.com/common/oauth2/authorize", '
                f'error="insufficient_claims", claims="{CLAIMS}"',
            ),
        ),
        right=Right(
            says=r"insufficient_claims|revo|InteractionRequired|Continuous access",
            fix=r"claims|log(ged)? ?in|sign in|authori[sz]e|consent|again|new token",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}|audience|{NOT_SENT}",
        ),
    ),
    Report(
        name="project-that-pays-is-not-named",
        source="openclaw/gogcli#1055, agno-agi/agno#4658",
        symptom="The API wants to know in a header which project's quota a call is to be counted against.",
        play=Compare(
            token=each(scope="calendar.events"),
            resource=users_only(
                as_json(
                    403,
                    {
                        "error": {
                            "code": 403,
                            "message": "Your application is authenticating by using local Application Default Credentials. The "
                            "calendar-json.example.com API requires a quota project, which is not set by default.",
                            "errors": [{"domain": "usageLimits", "reason": "accessNotConfigured"}],
                            "status": "PERMISSION_DENIED",
                        }
                    },
                )
            ),
        ),
        right=Right(
            says=r"quota project",
            fix=r"project|header|documentation|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|audience|endpoint-not-found",
        ),
    ),
    Report(
        name="hash-of-the-secret-in-place-of-the-secret",
        source="wagnerdelima/drf-social-oauth2#213, django-oauth/django-oauth-toolkit#1193",
        symptom="The page of the registration shows a hash after it was saved, which was copied as the secret.",
        play=Direct(
            secret="pbkdf2_sha256$720000$q9XbY2kT0mVdRr1sWcZhAe$hQx2m0kq7w1E5mV8s3pZ0uTf6cJd9LrXyNaBvG4oWkI=",
            token=error("invalid_client", status=401),
        ),
        right=Right(
            says=r"hash|pbkdf2",
            fix=r"hash|plain|clear|before|original|new (client )?secret|another secret",
            never=CODE_BLAMED,
        ),
    ),
    Report(
        name="signed-secret-that-is-over",
        source="AzureAD/microsoft-authentication-library-for-dotnet#1420, better-auth/better-auth#1522",
        symptom="The client secret is a JWT of the client's own, good for half a year, and that is over: invalid_client alone.",
        play=Direct(secret=signed_until(1_593_561_600), token=error("invalid_client")),
        right=Right(
            says=r"(secret|JWT).{0,160}(expired|ended|ran out|2020|\bexp\b|over)|(expired|ended|ran out|\bexp\b).{0,160}(secret|JWT)",
            fix=r"new|sign|generat|renew|again|fresh",
            never=CODE_BLAMED,
        ),
    ),
    Report(
        name="scope-is-not-for-the-second-step",
        source="wekan/wekan#2955",
        symptom="The client repeats the scope with the code, and the server takes it in the first step alone.",
        play=Direct(
            options=("--token-param", "scope=openid"),
            token=only_if(
                lambda asked: "scope" in asked.fields,
                error(
                    "invalid_request",
                    "Scope parameter is not supported on an authorization code access_token exchange request. Scope parameter "
                    "should be supplied to the authorize request.",
                ),
                documented_token,
            ),
        ),
        right=Right(
            says=r"scope",
            fix=r"without|leave|left out|omit|drop|remove|authori[sz]|first step|step 1",
            never=rf"{NEITHER}|redirect-uri|does not (have|know) (this|the|that) scope",
        ),
    ),
    Report(
        name="failure-of-a-framework-in-three-words",
        source="ccpgames/sso-issues#58",
        symptom="The server limits how often it is asked, and what comes is 500 with the sentence of its framework.",
        play=Direct(
            token=as_json(
                500, {"Message": "An error has occurred."}, "Server: Microsoft-IIS/10.0", "X-Powered-By: ASP.NET"
            )
        ),
        right=Right(
            says=r"500|An error has occurred",
            fix=r"administrator|operator|again|later|wait|log",
            never=rf"{NEITHER}|\[redirect-uri|grant-type",
        ),
    ),
    Report(
        name="end-of-the-code-was-never-stored",
        source="casdoor/casdoor#3212",
        symptom="The server did not store until when the code is good, and calls each code expired; its words show 1970.",
        play=Direct(
            token=as_json(400, {"error": "invalid_grant", "error_description": end_that_was_never_set}),
        ),
        right=Right(
            says=r"1970",
            fix=r"administrator|operator|server|database|support",
            never=rf"{SECRET_WRONG}|clocks? differ|clock-skew",
        ),
    ),
    Report(
        name="database-speaks-at-the-token-endpoint",
        source="joindin/joindin-api#661, zfcampus/zf-oauth2#34",
        symptom="The table of tokens has a column that the program does not fill: 500 with a sentence of the database.",
        play=Direct(
            token=as_json(
                500, ["SQLSTATE[HY000]: General error: 1364 Field 'access_token_secret' doesn't have a default value"]
            )
        ),
        right=Right(
            says=r"SQLSTATE|database|1364",
            fix=r"administrator|operator|server|support",
            never=rf"{NEITHER}|redirect-uri|secret (is|was) (missing|not sent)",
        ),
    ),
    Report(
        name="keys-of-the-server-are-not-set",
        source="contentacms/contenta_jsonapi#259",
        symptom="The server may not read its own keys, and tells the caller to set the secret and private keys.",
        play=Direct(
            token=as_json(
                500,
                {
                    "error": "server_error",
                    "message": "The authorization server encountered an unexpected condition which prevented it from fulfilling the "
                    "request: You need to set the OAuth2 secret and private keys.",
                },
            )
        ),
        right=Right(
            says=r"private keys",
            fix=r"administrator|operator|server",
            never=rf"{NEITHER}|client secret (is|was) (missing|not)|AIRISK_CLIENT_SECRET|private_key_jwt",
        ),
    ),
    Report(
        name="secret-that-the-server-did-not-hash",
        source="IdentityServer/IdentityServer3#741",
        symptom="The client's secret stands in the server's settings as it is, where a hash belongs: 500 with an exception.",
        play=Direct(
            token=as_json(
                500,
                {
                    "Message": "An error has occurred.",
                    "ExceptionMessage": "Invalid hashing algorithm for client secret.",
                    "ExceptionType": "System.InvalidOperationException",
                    "StackTrace": "   at Acme.IdentityServer.Validation.HashedClientSecretValidator.<ValidateAsync>d__0.MoveNext()",
                },
                "Server: Microsoft-IIS/8.5",
            )
        ),
        right=Right(
            says=r"Invalid hashing algorithm|InvalidOperationException",
            fix=r"administrator|operator|server",
            never=rf"{NEITHER}|client secret (is|was) (missing|not)|redirect-uri",
        ),
    ),
    Report(
        name="product-that-the-client-did-not-activate",
        source="Autodesk-Forge/reality.capture-nodejs-photo.to.3d#5, Autodesk-Forge/forge-digital-twin#34",
        symptom="The API was not switched on for the application; the refusal speaks to developers, with a number of its own.",
        play=Direct(
            token=as_json(
                403,
                {
                    "developerMessage": "The client_id specified does not have access to the api product",
                    "userMessage": "",
                    "errorCode": "AUTH-001",
                    "more info": "http://developer.example.com/documentation/v1/errors/AUTH-001",
                },
            )
        ),
        right=Right(
            says=r"does not have access to the api product",
            fix=r"activat|enabl|switch|product|subscri|regist|administrator|operator|provider",
            never=rf"{NEITHER}|does not accept the client_id|blame the client ID|no application with the client ID|redirect-uri",
        ),
    ),
    Report(
        name="access-denied-and-nobody-was-asked",
        source="demisto/content-docs#1301",
        symptom="The client's credentials are those of another instance; the words are server_error and access_denied, with 401.",
        play=Direct(token=as_json(401, {"error_description": "access_denied", "error": "server_error"})),
        right=Right(
            says=r"credential|secret|client",
            fix=r"administrator|operator|credential|secret|client",
            never=rf"{CODE_BLAMED}|{SURE}|(person|user|you) (said no|declined|refused|denied|cancel)",
        ),
    ),
    Report(
        name="full-authentication-of-the-client",
        source="spring-attic/spring-security-oauth#806, spring-attic/spring-security-oauth#1284",
        symptom="The server reads the client's credentials in the Authorization header alone; the words are those for any page.",
        play=Direct(
            token=only_if(
                lambda asked: "authorization" in asked.headers,
                documented_token,
                error(
                    "unauthorized",
                    "Full authentication is required to access this resource",
                    401,
                    'WWW-Authenticate: Basic realm="oauth2/client"',
                ),
            )
        ),
        right=Right(
            says=r"Full authentication is required|Basic",
            fix=r"basic|client.auth|Authorization header",
            never=NEITHER,
        ),
    ),
    Report(
        name="grant-request-that-is-invalid",
        source="panva/openid-client#204, tsedio/tsed#2161",
        symptom="The server loses the code or its account in its own store; its sentence is the same for every fault of a grant.",
        play=Direct(token=error("invalid_grant", "grant request is invalid")),
        right=Right(
            says=r"grant request is invalid",
            fix=r"administrator|operator|\blog",
            never=rf"{SECRET_WRONG}|{SURE}|grant-type|unsupported_grant_type",
        ),
    ),
    Report(
        name="token-of-the-application-after-a-login",
        source="xdevplatform/bookmarks-search#10, tweepy/tweepy#2200",
        symptom="A person logged in, and the token is one of the application alone, which the users' endpoints forbid.",
        play=Compare(
            token=each(scope="users.read bookmark.read"),
            resource=users_only(
                as_json(
                    403,
                    {
                        "title": "Unsupported Authentication",
                        "detail": "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  Supported "
                        "authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].",
                        "type": "https://api.example.com/2/problems/unsupported-authentication",
                        "status": 403,
                    },
                    kind="application/problem+json",
                )
            ),
        ),
        right=Right(
            says=r"Application-Only",
            fix=r"user|person|client type|kind of (token|client)|public client|registration|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|audience|endpoint-not-found",
        ),
    ),
    Report(
        name="bad-request-because-nobody-is-logged-in",
        source="microsoftgraph/msgraph-sdk-php#614, microsoftgraph/microsoft-graph-docs-contrib#8858",
        symptom="With the application's own token the person's endpoints answer 400, and with the person's they answer.",
        play=Compare(
            token=each(),
            resource=refused_without_a_user(
                as_json(
                    400,
                    {
                        "error": {
                            "code": "BadRequest",
                            "message": "/me request is only valid with delegated authentication flow.",
                            "innerError": {
                                "date": "2023-03-05T10:11:12",
                                "request-id": "6a1f2b33-0000-4000-8000-8d1d7e5f1a2b",
                            },
                        }
                    },
                )
            ),
        ),
        right=Right(
            outcome=("token",),
            tells=r"delegated|generic token",
            never=rf"endpoint-not-found|base URL|malformed|{OPEN_DOOR}|{OLD}|{SECRET_WRONG}|acts for another",
        ),
    ),
    Report(
        name="token-of-a-whole-team",
        source="dropbox/dropbox-sdk-python#176, andreafabrizi/Dropbox-Uploader#418",
        symptom="The token is for all accounts of a team, and an endpoint for one account wants to be told whose it is to be.",
        play=Compare(
            token=each(team_id="dbtid:AAAB", scope="team_data.member files.content.read"),
            resource=users_only(
                says(
                    400,
                    'Error in call to API function "files/list_folder": This API function operates on a single account, but the OAuth 2 '
                    "access token you provided is for an entire team.  Since your API app key has team member file access "
                    'permissions, you can operate on a team member\'s files by providing the "Acme-API-Select-User" HTTP header.',
                )
            ),
        ),
        right=Right(
            says=r"entire team|single account|Select-User",
            fix=r"Select-User|header|member|user|account",
            never=rf"{OLD}|{SECRET_WRONG}|audience|endpoint-not-found",
        ),
    ),
    Report(
        name="kind-of-token-refused-with-a-success",
        source="slack-go/slack#615, mishk0/slack-bot-api#147",
        symptom="The users' endpoints refuse the application's token with 200 and a word, and take the user's.",
        play=Compare(
            token=each(),
            resource=refused_without_a_user(as_json(200, {"ok": False, "error": "not_allowed_token_type"})),
        ),
        right=Right(
            outcome=("token",),
            tells=r"not_allowed_token_type|generic token",
            never=rf"{OPEN_DOOR}|{OLD}|{SECRET_WRONG}|acts for another",
        ),
    ),
    Report(
        name="account-of-the-client-in-place-of-the-user",
        source="flytreeleft/nexus3-keycloak-plugin#71, keycloak/keycloak#16015",
        symptom="The token's subject is an id, and its user name that of the client's own service account.",
        play=Compare(token=of_the_service_account),
        right=Right(
            says=rf"service.account|{SERVICE_ACCOUNT}",
            exit=10,
            fix=r"userid|user|account|administrator|operator|server",
            never=rf"{OLD}|{SECRET_WRONG}|another (name|id) (for|of) (the same )?user",
        ),
    ),
    Report(
        name="rights-bound-to-another-name-of-the-user",
        source="int128/kubelogin#266, Azure/kubelogin#328",
        symptom="Rights were given to the plain name; the API knows the user by the issuer and the name together, and says so.",
        play=Compare(token=each(scope="openid"), resource=users_only(known_by_another_name)),
        right=Right(
            says=r"cannot list resource|login\.example\.com/realms/cluster#",
            fix=r"bind|role|right|permission|name|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|audience|endpoint-not-found|acts for another",
        ),
    ),
)
