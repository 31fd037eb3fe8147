"""The authorization endpoint refuses, on a page or at an address of its own."""

from __future__ import annotations

from tests.reports.answers import as_json, page, redirect, says
from tests.reports.refusal import sent_back
from tests.reports.report import Direct, Report, Right

REDIRECT = r"redirect.?uri"
NOT_THE_CLIENT = r"client-unknown|There is no application|unknown `?client"
MISMATCH = Right(says=REDIRECT, fix=REDIRECT, never=NOT_THE_CLIENT, sent_code=None)

REPORTS = (
    Report(
        name="field-redirect-uri-is-invalid",
        source="fawda123/rStrava#37",
        symptom="The refusal is a list of errors, and the field redirect_uri is the one that is called invalid.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "message": "Bad Request",
                    "errors": [{"resource": "Application", "field": "redirect_uri", "code": "invalid"}],
                },
            )
        ),
        right=MISMATCH,
    ),
    Report(
        name="list-of-complaints-by-field",
        source="KanekiWeb/Xenos#18",
        symptom="The refusal is a JSON object whose members are the names of parameters, with complaints in lists.",
        play=Direct(authorize=as_json(400, {"redirect_uri": ["Not a well formed URL."]})),
        right=MISMATCH,
    ),
    Report(
        name="names-and-colons-as-plain-text",
        source="abpframework/abp#15356",
        symptom="The refusal is plain text: error, error_description and error_uri, each with a colon on its line.",
        play=Direct(
            authorize=says(
                400,
                "error:invalid_request\nerror_description:The specified 'redirect_uri' is not valid for this client "
                "application.\nerror_uri:https://documentation.example.com/errors/ID2043\n",
            )
        ),
        right=MISMATCH,
    ),
    Report(
        name="redirect-uri-is-not-correct",
        source="simpleidserver/SimpleIdServer#761",
        symptom="A JSON document with the state says that the redirect URI is not correct.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "error": "invalid_request",
                    "error_description": "redirect_uri {uri} is not correct",
                    "state": "{state}",
                },
            )
        ),
        right=MISMATCH,
    ),
    Report(
        name="invalid-client-and-invalid-redirect-uri",
        source="aspnet-contrib/AspNet.Security.OpenIdConnect.Server#91",
        symptom="A page says invalid_client, and behind it that the redirect URI is invalid.",
        play=Direct(
            authorize=page(
                400,
                "<body><p>An OpenID Connect error has occurred</p><p>invalid_client</p><p>Invalid redirect_uri</p></body>",
            )
        ),
        right=MISMATCH,
    ),
    Report(
        name="must-be-a-login-redirect-uri",
        source="Colin-b/httpx_auth#110, grafana/grafana#88362",
        symptom="A page with status 400 says that the redirect URI has to stand in the client's settings.",
        play=Direct(
            authorize=page(
                400,
                "<head><title>Demo - Error</title></head><body><h1>400</h1><h2>Bad Request</h2><p>Your request resulted in an "
                "error. The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: "
                "https://dev-1-admin.example.com/admin/app/oidc_client/instance/0oa#tab-general</p></body>",
            )
        ),
        right=MISMATCH,
    ),
    Report(
        name="invalid-redirect-uri-under-invalid-client",
        source="ledesmablt/spotify-cli#17, jbszczepaniak/spotify-cli#16",
        symptom="The page holds one line: INVALID_CLIENT, and behind a colon that the redirect URI is invalid.",
        play=Direct(authorize=says(400, "INVALID_CLIENT: Invalid redirect URI")),
        right=MISMATCH,
    ),
    Report(
        name="localhost-is-called-insecure",
        source="SwapnilSoni1999/spotify-dl#353, WB2024/soulify#6, ThatGravyBoat/Craftify#156",
        symptom="The service takes plain http for 127.0.0.1 and no longer for localhost, and calls that insecure.",
        play=Direct(
            redirect_uri="http://localhost:8765/callback",
            authorize=says(400, "INVALID_CLIENT: Insecure redirect URI"),
        ),
        right=Right(says=r"insecure|https", fix=r"127\.0\.0\.1", never=NOT_THE_CLIENT, sent_code=None),
    ),
    Report(
        name="error-page-whose-address-says-mismatch",
        source="aws/aws-aspnet-cognito-identity-provider#167, mblackgeo/flask-cognito-lib#21",
        symptom="The server goes to an error page of its own, and only its address says redirect_mismatch.",
        play=Direct(authorize=redirect("http://{host}/error?error=redirect_mismatch&client_id=demo-app")),
        right=Right(says=r"redirect", fix=REDIRECT, never=r"log(ged)? in there|somebody has to log in", sent_code=None),
    ),
    Report(
        name="mismatch-told-to-another-registered-uri",
        source="anxdpanic/plugin.video.twitch#473, twitchdev/issues#762",
        symptom="The URI is not registered, so the server tells the mismatch to the first one that is.",
        play=Direct(
            authorize=redirect(
                "https://first.example.com/passport-callback?error=redirect_mismatch&error_description=Parameter+redirect_uri"
                "+does+not+match+registered+URI"
            )
        ),
        right=Right(
            says=r"redirect_mismatch|does not match", fix=REDIRECT, never=r"sent the code|log in there", sent_code=None
        ),
    ),
    Report(
        name="mismatch-told-to-our-own-uri",
        source="TerribleDev/OwinOAuthProviders#198, streamlink/streamlink#190",
        symptom="The server redirects to our own URI, and says there that it does not match.",
        play=Direct(authorize=sent_back("redirect_mismatch", "Parameter+redirect_uri+does+not+match+registered+URI")),
        right=Right(says=REDIRECT, fix=REDIRECT, never=NOT_THE_CLIENT, sent_code=None),
    ),
    Report(
        name="https-is-required-on-a-page",
        source="Baeldung/spring-security-oauth#271",
        symptom="The login page of a server that is asked in plain http says: HTTPS required.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>Sign in to demo</title></head><body><h1>We are sorry...</h1><p>HTTPS required</p></body>",
            )
        ),
        right=Right(says=r"HTTPS", fix=r"https", never=NOT_THE_CLIENT, sent_code=None),
    ),
    Report(
        name="cookie-of-the-login-is-gone",
        source="keycloak/keycloak#38206, FormidableLabs/react-native-app-auth#1028",
        symptom="The login page says that its cookie was not found, and that cookies have to be allowed.",
        play=Direct(
            authorize=page(
                400,
                "<head><title>Sign in to demo</title></head><body><h1>We are sorry...</h1><p>Restart login cookie not found. It "
                "may have expired; it may have been deleted or cookies are disabled in your browser.</p></body>",
            )
        ),
        right=Right(
            says=r"cookie", fix=r"cookie|browser|again", never=rf"{NOT_THE_CLIENT}|is not registered", sent_code=None
        ),
    ),
    Report(
        name="administrator-has-to-approve",
        source="abraunegg/onedrive#769, pnp/cli-microsoft365#767",
        symptom="The redirect says access_denied, and that only an administrator may grant these permissions.",
        play=Direct(authorize=sent_back("access_denied", "AADSTS90094:+The+grant+requires+admin+permission.")),
        right=Right(
            says=r"admin",
            fix=r"(have|ask) (an|the) administrator",
            never=r"approve on the consent page",
            sent_code=None,
        ),
    ),
    Report(
        name="uri-is-not-supported-by-the-client",
        source="robsonfelix/robsonfelix-hass-addons#20",
        symptom="A line break slipped into the address, and the page says that the URI is not supported by the client.",
        play=Direct(
            authorize=page(
                400, "<body><h1>Authorization failed</h1><p>Redirect URI {uri} is not supported by client.</p></body>"
            )
        ),
        right=MISMATCH,
    ),
    Report(
        name="url-is-not-the-registered-redirect-url",
        source="HubSpot/oauth-quickstart-python#3",
        symptom="A page with status 200 says that the redirect URL is not the app's registered one.",
        play=Direct(
            authorize=page(
                200,
                "<body><h1>Authorization failed</h1><p>Authorization failed as the redirect URL '{uri}' doesn't match the app's "
                "registered redirect URL</p></body>",
            )
        ),
        right=MISMATCH,
    ),
    Report(
        name="error-page-with-a-number-only",
        source="DuendeArchive/IdentityServer4#1927, DuendeArchive/IdentityModel.OidcClient.Samples#32",
        symptom="The server goes to an error page of its own, whose address holds nothing but a number to look up.",
        play=Direct(authorize=redirect("http://{host}/home/error?errorId=CfDJ8PZ8k5OQmJdKogCa1orNaUtl")),
        right=Right(
            says=r"error", fix=r"redirect.uri|client|administrator", never=r"log(ged)? ?in there", sent_code=None
        ),
    ),
    Report(
        name="state-of-the-session-is-over",
        source="benavlabs/crudauth#50",
        symptom="The login page was open too long: a JSON document says that the state is invalid or expired.",
        play=Direct(authorize=as_json(400, {"detail": "Invalid or expired OAuth state"})),
        right=Right(
            says=r"log-?in|cookie|expired|over",
            fix=r"again|private",
            never=rf"{NOT_THE_CLIENT}|names no part of it",
            sent_code=None,
        ),
    ),
    Report(
        name="error-in-a-page-of-success-with-a-number",
        source="DuendeArchive/Support#340",
        symptom="The page of the federation server has status 200, and says that the redirect URI is not a registered one.",
        play=Direct(
            authorize=page(
                200,
                "<h1>Error</h1><p>An error occurred. Contact your administrator for more information.</p><p>Error details: MSIS9224: "
                "Received invalid OAuth authorization request. The received 'redirect_uri' parameter is not a valid registered redirect "
                "URI for the client identifier: 'demo-app'. The received redirect_uri is '{uri}'.</p>",
            )
        ),
        right=MISMATCH,
    ),
    Report(
        name="did-not-match-any-configured-uris",
        source="healthchecks/healthchecks#604, slackapi/slack-skills-plugin#19",
        symptom="A page with status 200 says that the redirect URI matched none of those that are configured.",
        play=Direct(authorize=page(200, "<p>redirect_uri did not match any configured URIs. Passed URI: {uri}</p>")),
        right=MISMATCH,
    ),
    Report(
        name="need-admin-approval",
        source="microsoftgraph/msgraph-training-aspnetmvcapp#44, MicrosoftDocs/azure-docs#46518",
        symptom="A page with status 200 says that only an administrator can grant what the application needs.",
        play=Direct(
            authorize=page(
                200,
                "<title>Sign in to your account</title><div>Need admin approval</div><div>demo needs permission to access resources in "
                "your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use "
                "it.</div>",
            )
        ),
        right=Right(
            says=r"admin|approv", fix=r"administrator|admin", never=rf"{NOT_THE_CLIENT}|redirect.uri is", sent_code=None
        ),
    ),
    Report(
        name="scope-of-another-product",
        source="anthropics/claude-ai-mcp#15",
        symptom="The client asks for a scope of its own, which the server does not know.",
        play=Direct(
            options=("--param", "scope=claudeai"),
            authorize=as_json(
                400,
                {
                    "data": None,
                    "message": "The requested scope is invalid.",
                    "success": False,
                    "error": "invalid_scope",
                },
            ),
        ),
        right=Right(says=r"scope", fix=r"scope", never=NOT_THE_CLIENT, sent_code=None),
    ),
    Report(
        name="only-two-response-types-are-allowed",
        source="stevenschobert/instafeed.js#427",
        symptom="The server names the two response types that it allows, and the request had none of them.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "code": 400,
                    "error_type": "OAuthException",
                    "error_message": 'Only response type "code" and "token" is allowed',
                },
            )
        ),
        right=Right(says=r"response_type", fix=r"response_type=code", never=NOT_THE_CLIENT, sent_code=None),
    ),
    Report(
        name="missing-invalid-or-mismatching",
        source="dedicatedcode/reitti#396",
        symptom="The page leaves open whether the redirect URI is missing, invalid or another one than is registered.",
        play=Direct(
            authorize=page(
                400,
                "<title>authentik</title><h1>Redirect URI Error</h1><p>The request fails due to a missing, invalid, or mismatching "
                "redirection URI (redirect_uri).</p>",
            )
        ),
        right=Right(says=REDIRECT, fix=REDIRECT, never=rf"{NOT_THE_CLIENT}|is not there, and it is", sent_code=None),
    ),
    Report(
        name="mismatch-with-the-details-of-the-request",
        source="Kyrodan/KeeAnywhere#341",
        symptom="The page names the mismatch, and below it the parameters of the request, the client ID among them.",
        play=Direct(
            authorize=page(
                200,
                "<h1>redirect_uri_mismatch</h1><p>Error Details</p><p>response_type=code</p><p>redirect_uri={uri}</p>"
                "<p>client_id=demo-app</p>",
            )
        ),
        right=MISMATCH,
    ),
    Report(
        name="invalid-consent-request",
        source="dbt-labs/docs.getdbt.com#486",
        symptom="The server calls the consent request invalid: the person's role may not consent, or there is no such user.",
        play=Direct(
            authorize=as_json(
                400, {"data": None, "message": "Invalid consent request.", "code": None, "success": False}
            )
        ),
        right=Right(
            tells=r"Invalid consent request",
            fix=r"administrator",
            never=rf"{NOT_THE_CLIENT}|has not been given|redirect.uri is",
            sent_code=None,
        ),
    ),
)
