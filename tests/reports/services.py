"""The token endpoint refuses, in the words and the shapes of one service or another."""

from __future__ import annotations

from typing import Any

from tests.reports.answers import as_json, says
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error
from tests.reports.report import Direct, Report, Right

NO_MEMBER = r"no member that could be the token|without a token"
REDIRECT = r"redirect.?uri"


def fields(resource: str, field: str, message: str = "Bad Request") -> dict[str, Any]:
    """A list of errors, each of which names a field."""
    return {"message": message, "errors": [{"resource": resource, "field": field, "code": "invalid"}]}


REPORTS = (
    Report(
        name="field-client-id-is-invalid",
        source="dreeveapp/dreeve#372, zoffline/zwift-offline#418",
        symptom="The refusal is a list of errors, and the field client_id is the one that is called invalid.",
        play=Direct(token=as_json(400, fields("Application", "client_id"))),
        right=Right(says=r"client.id", fix=r"client.id", never=rf"{CODE_BLAMED}|redirect URI differs"),
    ),
    Report(
        name="field-code-is-invalid",
        source="yihong0618/running_page#523, basvandorst/StravaPHP#96",
        symptom="The refusal is a list of errors, and the code is the field that is called invalid.",
        play=Direct(token=as_json(400, fields("AuthorizationCode", "code"))),
        right=Right(says=r"\bcode\b", fix=r"again|another code|new code", never=SECRET_BLAMED),
    ),
    Report(
        name="application-is-invalid-and-no-field",
        source="andrewhao/ueberauth_strava#1, iamstuartwilson/strava#28",
        symptom="The refusal says Authorization Error for the resource Application, and names no field.",
        play=Direct(token=as_json(401, fields("Application", "", "Authorization Error"))),
        right=Right(says=r"client|application", fix=r"client|secret|application", never=CODE_BLAMED),
    ),
    Report(
        name="redirect-uri-is-not-identical",
        source="freizl/hoauth2#19, scribejava/scribejava#605, caelum/mamute#275",
        symptom="An error object says that the redirect URI is not identical to the one of the dialog.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": {
                        "message": "Error validating verification code. Please make sure your redirect_uri is identical to the "
                        "one you used in the OAuth dialog request",
                        "type": "OAuthException",
                        "code": 100,
                        "fbtrace_id": "Bup1drV/3Pj",
                    }
                },
                'WWW-Authenticate: OAuth "Platform" "invalid_code" "Error validating verification code."',
            )
        ),
        right=Right(says=REDIRECT, fix=r"redirect", never=rf"{SECRET_BLAMED}|basic-wanted"),
    ),
    Report(
        name="errcode-of-an-invalid-code",
        source="liyiorg/weixin-popular#185, chanjarster/weixin-java-tools#223",
        symptom="The status is 200, and errcode and errmsg say that the code is invalid.",
        play=Direct(token=as_json(200, {"errcode": 40029, "errmsg": "invalid code, hints: [ req_id: EJEBB5 ]"})),
        right=Right(says=r"invalid code", outcome=("token-refused",), never=rf"{NO_MEMBER}|{SECRET_BLAMED}"),
    ),
    Report(
        name="errcode-of-a-used-code",
        source="xu-li/cordova-plugin-wechat#522",
        symptom="The status is 200, and errcode and errmsg say that the code has been used.",
        play=Direct(token=as_json(200, {"errcode": 40163, "errmsg": "code been used"})),
        right=Right(says=r"code been used", fix=r"again|new code", outcome=("token-refused",), never=NO_MEMBER),
    ),
    Report(
        name="status-that-is-a-word",
        source="HGData/mk-node-hubspot#87",
        symptom="The refusal holds its code in status, as a word, and a message: missing or unknown auth code.",
        play=Direct(
            token=as_json(
                400,
                {"status": "BAD_AUTH_CODE", "message": "missing or unknown auth code", "correlationId": "db27-4c01"},
            )
        ),
        right=Right(
            says=r"missing or unknown auth code", fix=r"again|new code", never=rf"{SECRET_BLAMED}|encoding-not-read"
        ),
    ),
    Report(
        name="invalid-request-for-an-unknown-code",
        source="FusionAuth/fusionauth-issues#150",
        symptom="invalid_request is the error, and the words and a reason beside it mean the code.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_request",
                    "error_description": "Invalid Authorization Code",
                    "error_reason": "auth_code_not_found",
                },
            )
        ),
        right=Right(
            says=r"Invalid Authorization Code|auth_code_not_found",
            fix=r"code|again",
            never=rf"grant_type=|{SECRET_BLAMED}|lacks a (field|parameter)",
        ),
    ),
    Report(
        name="message-and-status-name-the-redirect-uri",
        source="PhantomBot/PhantomBot#2401",
        symptom="The refusal is a message and a status, and the message says that the redirect URI does not match.",
        play=Direct(
            token=as_json(400, {"message": "Parameter redirect_uri does not match registered URI", "status": 400})
        ),
        right=Right(says=REDIRECT, fix=r"redirect", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
    Report(
        name="invalid-redirect-uri-in-request",
        source="discord/discord-api-docs#1131",
        symptom="The token endpoint calls the redirect URI invalid, which worked in the first step.",
        play=Direct(token=error("invalid_request", 'Invalid "redirect_uri" in request.')),
        right=Right(says=REDIRECT, fix=r"redirect", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
    Report(
        name="redirect-uri-mismatch-in-a-200",
        source="OpenTreeOfLife/opentree#296",
        symptom="The status is 200, the error redirect_uri_mismatch, and the client misses a token.",
        play=Direct(
            token=as_json(
                200,
                {
                    "error": "redirect_uri_mismatch",
                    "error_description": "The redirect_uri MUST match the registered callback URL for this application.",
                    "error_uri": "https://developer.example.com/v3/oauth/#redirect-uri-mismatch2",
                },
            )
        ),
        right=Right(says=REDIRECT, fix=r"redirect", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}|{NO_MEMBER}"),
    ),
    Report(
        name="person-is-not-approved-for-the-application",
        source="forcedotcom/cli#3260",
        symptom="An administrator has to approve each person for this application, and did not do so for this one.",
        play=Direct(token=error("invalid_app_access", "user is not admin approved to access this app")),
        right=Right(
            says=r"admin approved", fix=r"(have|ask) the administrator", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"
        ),
    ),
    Report(
        name="addresses-are-restricted-says-invalid-grant",
        source="sfdx-actions/setup-sfdx#17",
        symptom="invalid_grant is the error, and two words tell that this network address is not let in.",
        play=Direct(token=error("invalid_grant", "ip restricted")),
        right=Right(
            says=r"ip restricted", fix=r"address|network|administrator", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"
        ),
    ),
    Report(
        name="media-type-of-a-form-is-unsupported",
        source="getsling/getsling-api-docs#29, wagnerdelima/drf-social-oauth2#140",
        symptom="The token endpoint takes JSON only, and answers 415 to a form.",
        play=Direct(
            token=as_json(415, {"detail": 'Unsupported media type "application/x-www-form-urlencoded" in request.'})
        ),
        right=Right(says=r"JSON|media type", fix=r"--body json", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
    Report(
        name="media-type-of-json-is-unsupported",
        source="DuendeArchive/IdentityServer4#2567, IdentityServer/IdentityServer3#864",
        symptom="The token endpoint takes forms only, and answers 415 without a word to JSON.",
        play=Direct(options=("--body", "json"), token=says(415, "", kind="")),
        right=Right(says=r"JSON|media type|415", fix=r"--body form", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
    Report(
        name="unsupported-grant-type-because-of-json",
        source="django-oauth/django-oauth-toolkit#1624",
        symptom="The server reads forms only, and calls the grant type unsupported when it gets JSON.",
        play=Direct(
            options=("--body", "json", "--token-param", "grant_type=authorization_code"),
            token=error("unsupported_grant_type"),
        ),
        right=Right(says=r"JSON", fix=r"--body form", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
    Report(
        name="code-not-valid",
        source="oauth2-proxy/oauth2-proxy#1461",
        symptom="invalid_grant comes for a fresh code, with three words: Code not valid.",
        play=Direct(token=error("invalid_grant", "Code not valid")),
        right=Right(says=r"Code not valid", fix=r"again|code", never=SECRET_BLAMED),
    ),
    Report(
        name="https-is-required-at-the-token-endpoint",
        source="zmartzone/lua-resty-openidc#130",
        symptom="The token endpoint is asked in plain http and answers 403: HTTPS required.",
        play=Direct(token=error("invalid_request", "HTTPS required", 403)),
        right=Right(says=r"HTTPS", fix=r"https", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}|requires the field"),
    ),
    Report(
        name="client-is-public",
        source="harishkrupo/oauth2ms#19, Azure-Samples/ms-identity-python-webapp#113",
        symptom="The client is registered as a public one, and the server refuses the secret that was sent.",
        play=Direct(
            token=error(
                "invalid_client",
                "AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
                401,
            )
        ),
        right=Right(
            says=r"public",
            fix=r"none|without (the|a) (client )?secret|confidential",
            never=r"secret is wrong|wrong secret",
        ),
    ),
    Report(
        name="secret-is-missing-in-the-body",
        source="Azure/azure-sdk-for-go#22386, Azure-Samples/ms-identity-javascript-v2#18",
        symptom="The client sends no secret, and the server says that its registration is one with a secret.",
        play=Direct(
            options=("--client-auth", "none"),
            token=error(
                "invalid_client",
                "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
                401,
            ),
        ),
        right=Right(says=r"client_secret", fix=r"--client-auth|secret", never=rf"secret is wrong|{CODE_BLAMED}"),
    ),
    Report(
        name="consent-is-missing-says-invalid-grant",
        source="Azure/azure-cli#15056",
        symptom="invalid_grant is the error, and the words say that nobody consented to the application.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "AADSTS65001: The user or administrator has not consented to use the application "
                    "with ID '04b0' named 'Demo'. Send an interactive authorization request for this user and resource.",
                    "error_codes": [65001],
                    "suberror": "consent_required",
                },
            )
        ),
        right=Right(says=r"consent", fix=r"consent|administrator|browser", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
    Report(
        name="authorization-field-is-missing",
        source="TykTechnologies/tyk-docs-hugo#7053",
        symptom="A gateway wants the client in the Authorization header, and says that this field is missing.",
        play=Direct(token=as_json(400, {"error": "Authorization field missing"}, "X-Generator: tyk.io")),
        right=Right(says=r"Authorization", fix=r"basic|header", never=rf"{CODE_BLAMED}|secret is wrong"),
    ),
    Report(
        name="access-denied-by-the-framework",
        source="spring-attic/spring-security-oauth#862",
        symptom="The framework in front of the endpoint answers 403 in its own JSON: Access Denied, and the path.",
        play=Direct(
            token=as_json(
                403,
                {
                    "timestamp": 1475323600000,
                    "status": 403,
                    "error": "Forbidden",
                    "message": "Access Denied",
                    "path": "/api/oauth2/Token",
                },
            )
        ),
        right=Right(
            says=r"Access Denied|Forbidden|403", fix=r"administrator|network", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"
        ),
    ),
    Report(
        name="too-many-attempts-from-this-address",
        source="TryGhost/Ghost#7722",
        symptom="After some tries the token endpoint answers 429 and says when to come again, in words alone.",
        play=Direct(
            token=as_json(
                429,
                {
                    "errors": [
                        {
                            "message": "Too many attempts try again in 20 minutes",
                            "context": "Only 5 tries per IP address every 3600 seconds.",
                            "errorType": "TooManyRequestsError",
                        }
                    ]
                },
            )
        ),
        right=Right(says=r"too many|limit|429", fix=r"20 minutes", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
)
