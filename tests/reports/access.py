"""The token came, and what is asked with it is not answered as it should be."""

from __future__ import annotations

from tests.reports.answers import as_json, hangs_up, of_a_user, only_if, page, protected, redirect, says
from tests.reports.report import Answer, Compare, Report, Right

ACCUSED = r"may not use|no right|access-too-narrow|access-refused|user-token-refused|fresh-token-refused"
"""What is no explanation of a path that is not there."""

OPEN_DOOR = r"access-too-wide|generic-token-accepted|unprotected"


def challenge(status: int, words: str = "") -> Answer:
    """A refusal as RFC 6750 has it."""
    return says(status, "", f"WWW-Authenticate: Bearer{words}", kind="")


def generic_only(answer: Answer) -> Answer:
    """Conversations give this to a generic token, and a list to a user's."""
    return protected(only_if(of_a_user, as_json(200, []), answer))


REPORTS = (
    Report(
        name="path-that-is-not-there",
        source="MHSanaei/3x-ui#6255, reboxer/discord-oauth2#27",
        symptom="The path is wrong, every token gets 404, and new tokens are made over and over.",
        play=Compare(resource=protected(says(404))),
        right=Right(tells=r"path|no .GET|not there|does not have", never=ACCUSED),
    ),
    Report(
        name="not-found-in-place-of-a-refusal",
        source="TheThingsNetwork/lorawan-stack#197, hypothesis/product-backlog#168",
        symptom="The API hides what a token may not see behind 404, and shows it to the right one.",
        play=Compare(resource=generic_only(says(404))),
        right=Right(outcome=("token",), never=r"endpoint-not-found|base URL"),
    ),
    Report(
        name="token-for-another-audience",
        source="dotnet/aspnetcore#54513, DuendeArchive/IdentityServer4#4278",
        symptom="The API answers 401 to a fresh token, and names the audience as the reason in a header.",
        play=Compare(
            resource=challenge(401, ' error="invalid_token", error_description="The audience \'empty\' is invalid"')
        ),
        right=Right(says=r"audience", never=r"may not use|no right|secret"),
    ),
    Report(
        name="scope-that-is-not-enough",
        source="alvarosanchez/grails-angularjs-springsecurity-workshop#3, manjeshpv/node-oauth2-server-implementation#34",
        symptom="A valid token is refused with 403, and the header says that its scope is not enough.",
        play=Compare(resource=protected(challenge(403, ' error="insufficient_scope", scope="conversations.read"'))),
        right=Right(says=r"scope", tells=r"conversations\.read"),
    ),
    Report(
        name="header-that-never-arrives",
        source="traefik/traefik#1264, devilbox/docker-apache-2.4#27, owncloud-archive/documentation#3749",
        symptom="A proxy drops the Authorization header; the API asks for a token as if none had been sent.",
        play=Compare(resource=challenge(401)),
        right=Right(
            says=r"Authorization header|header (did|does|was|never)|without (the|a) token",
            never=r"no right|may not use",
        ),
    ),
    Report(
        name="login-page-in-place-of-data",
        source="DuendeArchive/IdentityServer4#796",
        symptom="The API sends a call with a token to the login page, as it does with browsers.",
        play=Compare(resource=redirect("/Account/Login?ReturnUrl=%2Fapi")),
        right=Right(first=("endpoint-login",), never=OPEN_DOOR),
    ),
    Report(
        name="start-page-in-place-of-data",
        source="appstrate/appstrate#215, aspnet/JavaScriptServices#973, deeplethe/utopia#614",
        symptom="Every path that the API does not know gives the start page with status 200.",
        play=Compare(resource=protected(page(200, "<head><title>Start</title></head><div id=root></div>"))),
        right=Right(tells=r"web page|HTML|page", never=OPEN_DOOR),
    ),
    Report(
        name="user-without-the-right",
        source="DuendeArchive/IdentityServer4#1624",
        symptom="The token is good, and the endpoint answers 403: the user has not got the role.",
        play=Compare(resource=protected(says(403))),
        right=Right(says=r"403|refused", tells=r"right|may use|may not"),
    ),
    Report(
        name="server-error-for-a-token-it-does-not-like",
        source="mapillary/mapillary_issues#1644",
        symptom="A token that the endpoint does not take gives a 500 with a web page.",
        play=Compare(resource=generic_only(page(500, "<head><title>Something went wrong</title></head>"))),
        right=Right(tells=r"500|failed inside", never=OPEN_DOOR),
    ),
    Report(
        name="no-answer-to-one-endpoint",
        source="apex/up#287",
        symptom="A gateway breaks over the Authorization header, for one endpoint only.",
        play=Compare(resource=protected(hangs_up)),
        right=Right(says=r"GetConversations|did not answer|no answer", never=r"no right|may not use"),
    ),
    Report(
        name="scope-is-missing-says-the-body",
        source="raster-foundry/raster-foundry#2030",
        symptom="The API answers 403, and says in JSON, not in a header, which scopes it expects.",
        play=Compare(
            resource=protected(
                as_json(
                    403,
                    {
                        "statusCode": 403,
                        "error": "Forbidden",
                        "message": "Insufficient scope, expected any of: conversations.read",
                        "errorCode": "insufficient_scope",
                    },
                )
            )
        ),
        right=Right(says=r"scope", tells=r"conversations\.read", never=r"may not use|no right to it"),
    ),
    Report(
        name="unauthenticated-says-the-body",
        source="wso2/product-apim#2840",
        symptom="The API answers 401 with a JSON body that says unauthenticated, and no header.",
        play=Compare(
            resource=protected(as_json(401, {"code": 401, "message": "", "description": "Unauthenticated request"}))
        ),
        right=Right(says=r"401", tells=r"Unauthenticated request", never=r"may not use|no right to it"),
    ),
    Report(
        name="bare-unauthorized-of-a-gateway",
        source="ministackorg/ministack#1033",
        symptom="An API gateway answers 401 to a token issued a moment ago, because its clock is behind.",
        play=Compare(resource=as_json(401, {"message": "Unauthorized"})),
        right=Right(says=r"clock", never=r"may not use|no right to it"),
    ),
    Report(
        name="expired-says-an-error-inside-the-body",
        source="anthropics/claude-code#20089",
        symptom="The API says in a nested error object that the token has expired.",
        play=Compare(
            resource=as_json(
                401,
                {"type": "error", "error": {"type": "authentication_error", "message": "OAuth token has expired."}},
            )
        ),
        right=Right(says=r"OAuth token has expired", never=r"may not use|no right to it"),
    ),
    Report(
        name="scope-is-missing-with-status-400",
        source="paulsingh/angellist-api#29, w3c/Micropub#107",
        symptom="The API answers 400, and says insufficient_scope in its body.",
        play=Compare(
            resource=protected(as_json(400, {"error": {"type": "insufficient_scope", "message": "needs chat"}}))
        ),
        right=Right(says=r"scope", never=r"may not use|no right to it"),
    ),
    Report(
        name="invalid-token-with-status-400",
        source="microsoftarchive/api#29",
        symptom="The API answers 400 to a token that it does not take.",
        play=Compare(
            resource=protected(as_json(400, {"error": "invalid_token", "error_description": "Token not recognised"}))
        ),
        right=Right(says=r"does not accept the token|rejects|not recognised", never=r"may not use|no right to it"),
    ),
    Report(
        name="person-is-not-a-tester-of-the-application",
        source="gedex/ginsta#6",
        symptom="The application is not published, and the API answers 403: you are not a sandbox user of this client.",
        play=Compare(
            resource=protected(
                as_json(
                    403,
                    {
                        "code": 403,
                        "error_message": "You are not a sandbox user of this client",
                        "error_type": "OAuthForbiddenException",
                    },
                )
            )
        ),
        right=Right(says=r"not a sandbox user", never=r"endpoint-not-found"),
    ),
    Report(
        name="api-cannot-read-the-keys-of-the-issuer",
        source="IdentityServer/IdentityServer3#1794",
        symptom="The API answers 500 to each token: it cannot obtain the configuration of the issuer.",
        play=Compare(
            resource=protected(
                page(
                    500,
                    "<head><title>IDX10803: Unable to obtain configuration from: 'https://login.example.com/.well-known/"
                    "openid-configuration'.</title></head><body><h1>Server Error in '/' Application.</h1><h2>IDX10803: Unable to obtain "
                    "configuration from: 'https://login.example.com/.well-known/openid-configuration'.</h2></body>",
                )
            )
        ),
        right=Right(tells=r"IDX10803|Unable to obtain configuration", never=ACCUSED),
    ),
    Report(
        name="person-is-suspended-says-a-list-of-errors",
        source="TufayelLUS/Twitter-UserName-Availability-Lookup#2",
        symptom="The API answers 403, and a list of errors says that the user has been suspended.",
        play=Compare(
            resource=protected(
                as_json(403, {"errors": [{"message": "Authorization: User has been suspended. (63)", "code": 63}]})
            )
        ),
        right=Right(says=r"suspended", never=r"endpoint-not-found"),
    ),
    Report(
        name="project-is-suspended",
        source="iron-io/docs#223",
        symptom="A limit was hit: every call is answered by 403, and the body says that the project is suspended.",
        play=Compare(resource=as_json(403, {"msg": "Your project has been suspended"})),
        right=Right(says=r"project has been suspended", never=r"no right to it|generic-token-refused|--userid"),
    ),
    Report(
        name="audience-is-wrong-says-a-header-of-diagnostics",
        source="lelylan/simple-oauth2#53",
        symptom="The API answers 401 without a body, and tells in a header of its own that the audience is wrong.",
        play=Compare(
            resource=says(
                401,
                "",
                'WWW-Authenticate: Bearer realm="", trusted_issuers="00000001-0000-0000-c000-000000000000@*"',
                'x-ms-diagnostics: 2000003;reason="The audience claim value is invalid.";error_category="invalid_resource"',
                kind="",
            )
        ),
        right=Right(says=r"audience", never=ACCUSED + "|authorization-header-lost"),
    ),
    Report(
        name="key-of-the-signature-is-not-found",
        source="FastEndpoints/FastEndpoints#201, Azure-Samples/active-directory-dotnet-native-aspnetcore#20",
        symptom="The API looks for its keys at another issuer, and refuses every fresh token over the signature.",
        play=Compare(
            resource=challenge(401, ' error="invalid_token", error_description="The signature key was not found"')
        ),
        right=Right(says=r"signature|key", never=r"may not use|no right|has expired|log in again"),
    ),
    Report(
        name="audience-is-not-the-api",
        source="DuendeArchive/IdentityServer4#1816",
        symptom="The login is well, the API refuses the token, and names the audience that it found.",
        play=Compare(
            resource=challenge(
                401,
                ' error="invalid_token", error_description="The audience \'https://login.example.com/resources\' is invalid"',
            )
        ),
        right=Right(says=r"audience", never=r"may not use|no right|has expired"),
    ),
    Report(
        name="scope-is-not-enough-on-iis",
        source="IdentityServer/IdentityServer3#2675",
        symptom="Moved to IIS, the API answers 403 with nothing but the header of RFC 6750.",
        play=Compare(
            resource=says(
                403,
                "",
                'WWW-Authenticate: Bearer error="insufficient_scope"',
                "Server: Microsoft-IIS/10.0",
                "X-Powered-By: ASP.NET",
                kind="",
            )
        ),
        right=Right(says=r"scope", never=r"endpoint-not-found|address is (blocked|refused)"),
    ),
    Report(
        name="issuer-that-is-null",
        source="AzureAD/microsoft-identity-web#2663",
        symptom="After an update of its packages the API finds no issuer in any token, and says so in the header.",
        play=Compare(
            resource=challenge(401, ' error="invalid_token", error_description="The issuer \'(null)\' is invalid"')
        ),
        right=Right(says=r"issuer", never=r"trusts another issuer|may not use|no right|has expired"),
    ),
)
