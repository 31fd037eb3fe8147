"""What servers object to: a redirect URI, a field, a person, a resource or a client, in words and members of their own."""

from __future__ import annotations

from tests.reports.answers import as_json, page, redirect, says
from tests.reports.discovery import NO_OPENID
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error, sent_back
from tests.reports.report import Direct, Issuer, Report, Right
from tests.reports.sayings import A_PARAMETER, CLIENT, NEITHER, PKCE, SURE

SECRET = r"secret is wrong|secret-"

REPORTS = (
    Report(
        name="redirect-uris-do-not-match-in-three-members",
        source="ringcentral/ringcentral-embeddable#914",
        symptom="The code was asked for with another redirect URI than the one of the exchange, says the answer three times.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_redirect_uri",
                    "errors": [{"errorCode": "OAU-109", "message": "Redirect URIs do not match"}],
                    "error_description": "Redirect URIs do not match",
                },
            )
        ),
        right=Right(says=r"Redirect URIs do not match", fix=r"redirect", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="invalid-redirect-uri-under-invalid-grant",
        source="univrsal/tuna#118",
        symptom="The grant is refused, and the words speak of the redirect URI.",
        play=Direct(token=error("invalid_grant", "Invalid redirect URI")),
        right=Right(says=r"Invalid redirect URI", fix=r"redirect", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="unauthorized-client-where-the-redirect-uri-differs",
        source="DuendeArchive/IdentityServer4#4075",
        symptom="The redirect URI of the exchange is another one, and the server says unauthorized_client and no more.",
        play=Direct(token=error("unauthorized_client")),
        right=Right(says=r"certainty: unknown", tells=r"redirect URI", never=rf"{CODE_BLAMED}|{SURE}"),
    ),
    Report(
        name="client-id-or-secret-that-is-missing",
        source="apifest/apifest-oauth20#52",
        symptom="ID and secret were not sent in the body, and the server calls both invalid.",
        play=Direct(
            options=("--client-auth", "basic"), token=as_json(400, {"error": "invalid client_id/client_secret"})
        ),
        right=Right(
            says=r"invalid client_id/client_secret",
            fix=r"client.auth|secret",
            never=rf"{CODE_BLAMED}|{SURE}|holds other characters",
        ),
    ),
    Report(
        name="missing-form-parameter-of-a-json-body",
        source="dominik-th/matomo-plugin-LoginOIDC#2",
        symptom="The client sends JSON, and the server looks for grant_type in a form.",
        play=Direct(
            options=("--body", "json", "--token-param", "grant_type=authorization_code"),
            token=error("invalid_request", "Missing form parameter: grant_type"),
        ),
        right=Right(says=r"Missing form parameter", fix=r"--body form", never=NEITHER),
    ),
    Report(
        name="required-parameters-in-brackets",
        source="jumbojett/OpenID-Connect-PHP#310",
        symptom="The client ID stands in the header, and the server misses it in the body.",
        play=Direct(
            options=("--client-auth", "basic"),
            token=error("invalid_request", "missing required parameter(s) (client_id)"),
        ),
        right=Right(says=r"client_id", fix=r"client.auth|body", never=rf"{CODE_BLAMED}|{SECRET}"),
    ),
    Report(
        name="check-the-grant-type-parameter",
        source="uafrica/oauth-server#65",
        symptom="The sentence that lists all causes stands first, and the parameter that is meant behind it.",
        play=Direct(
            token=as_json(
                400,
                {
                    "message": "The request is missing a required parameter, includes an invalid parameter value, includes a parameter "
                    'more than once, or is otherwise malformed. Check the "grant_type" parameter.',
                    "url": "/oauth/access_token.json",
                    "code": 400,
                    "file": "/srv/vendor/oauth-server/src/Controller/OAuthController.php",
                    "line": 156,
                },
            )
        ),
        right=Right(says=r"grant_type", fix=r"grant_type=authorization_code", never=NEITHER),
    ),
    Report(
        name="code-challenge-method-is-not-supported",
        source="dart-archive/oauth2#85, dart-lang/tools#347",
        symptom="The server takes plain challenges only, and the client sends S256.",
        play=Direct(
            options=PKCE,
            authorize=sent_back("invalid_request", "Code+challenge+method+is+not+supported."),
        ),
        right=Right(says=r"challenge method is not supported", fix=r"plain|method|pkce", never=CLIENT),
    ),
    Report(
        name="mandatory-code-challenge-is-missing",
        source="sfc-gh-bhess/st_oauth#10, dnplus/streamlit-oauth#18",
        symptom="The server requires PKCE, says so in lines of text, and the client does not know it.",
        play=Direct(
            authorize=says(
                400,
                "error:invalid_request\nerror_description:The mandatory 'code_challenge' parameter is missing.\n"
                "error_uri:https://documentation.example.com/errors/ID2029",
            )
        ),
        right=Right(says=r"code_challenge", fix=r"pkce", never=CLIENT, sent_code=None),
    ),
    Report(
        name="verified-email-is-wanted",
        source="desktop/desktop#1010",
        symptom="The account is new, and its address was not verified yet.",
        play=Direct(
            authorize=as_json(
                422,
                {
                    "message": "Validation Failed",
                    "errors": [
                        {
                            "resource": "OauthAccess",
                            "code": "custom",
                            "field": "user",
                            "message": "user must have a verified email address in order to authenticate via OAuth",
                        }
                    ],
                    "documentation_url": "https://developer.example.com/v3/oauth_authorizations",
                },
            )
        ),
        right=Right(says=r"verified email", never=rf"{CLIENT}|--userid|redirect-uri-|--client-id"),
    ),
    Report(
        name="bad-endpoint",
        source="userstyles-world/userstyles.world#93",
        symptom="Two words in JSON; what was meant is the address of the account, which is not verified.",
        play=Direct(authorize=as_json(400, {"error": "bad endpoint"})),
        right=Right(says=r"bad endpoint", tells=r"certainty: unknown", never=rf"{CLIENT}|{A_PARAMETER}"),
    ),
    Report(
        name="method-not-allowed-by-a-quoted-header",
        source="amazon-archives/amazon-cognito-auth-js#52",
        symptom="405 and an empty body come of a token request whose content type was written in quotation marks.",
        play=Direct(token=says(405, "", "X-Amz-Request-Id: fd1eeb13-230a-4e8b-bb4b-79debb79f662", kind="")),
        right=Right(says=r"405", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="page-for-errors-that-names-invalid-request",
        source="stevenalexander/node-aws-cognito-oauth2-example#1",
        symptom="A typo in the configuration leads to the page for errors, whose address says invalid_request and no more.",
        play=Direct(authorize=redirect("http://{host}/error?error=invalid_request&client_id=demo-app")),
        right=Right(says=r"invalid_request", fix=r"client.ID|redirect URI", never=rf"{SURE}|{A_PARAMETER}"),
    ),
    Report(
        name="page-for-errors-that-names-a-redirect-mismatch",
        source="awslabs/cognito-at-edge#6",
        symptom="The redirect URI is not among those of the client, and the address of the page for errors says so.",
        play=Direct(authorize=redirect("http://{host}/error?error=redirect_mismatch&client_id=demo-app")),
        right=Right(says=r"redirect", fix=r"redirect", never=CLIENT),
    ),
    Report(
        name="identity-provider-behind-it-failed",
        source="TimothyJones/github-cognito-openid-wrapper#3",
        symptom="The server could not redeem its own code at the identity provider behind it, and reports that as the client's fault.",
        play=Direct(
            authorize=sent_back(
                "invalid_request",
                "Bad+token+response%3A+HTTP%2F1.1+400+Bad+Request%2C+entity%3A+Failure%3A+%27Request+failed+with+status+code+400%27",
            )
        ),
        right=Right(
            says=r"Bad token response",
            fix=r"administrator|documentation|operator",
            never=rf"{A_PARAMETER}|{SURE}|{CLIENT}|response_type",
        ),
    ),
    Report(
        name="client-is-forbidden-to-access-the-resource",
        source="snok/django-auth-adfs#31",
        symptom="The client has no permission for the resource, and a page says so.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>An error occurred</h1><p>MSIS9321: Received invalid OAuth request. The client 'demo-app' is forbidden to "
                "access the resource 'portal.identifier'.</p></body>",
            )
        ),
        right=Right(
            says=r"MSIS9321.*forbidden",
            fix=r"administrator|permission|registration|allow",
            never=rf"{CLIENT}|--param resource",
        ),
    ),
    Report(
        name="code-received-in-the-parameter-is-invalid",
        source="grafana/grafana#17672, argoproj/argo-cd#12637",
        symptom="The code is refused in a sentence with a number of its own.",
        play=Direct(
            token=error("invalid_grant", "MSIS9612: The authorization code received in 'code' parameter is invalid. ")
        ),
        right=Right(says=r"MSIS9612", fix=r"again", never=rf"{SECRET_BLAMED}|code-expired|{SURE}"),
    ),
    Report(
        name="server-was-not-able-to-fulfill-the-request",
        source="vouch/vouch-proxy#206",
        symptom="The redirect says server_error; the log of the server knows the reason.",
        play=Direct(
            authorize=sent_back(
                "server_error",
                "MSIS9604%3a+An+error+occurred.+The+authorization+server+was+not+able+to+fulfill+the+request.",
            )
        ),
        right=Right(says=r"MSIS9604", fix=r"administrator|again", never=rf"{CLIENT}|{A_PARAMETER}"),
    ),
    Report(
        name="application-requests-a-token-for-itself",
        source="snok/django-auth-adfs#107",
        symptom="The resource is named by its address, and has to be named by its number.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>Sign in</h1><p>Sorry, but we're having trouble signing you in.</p><p>AADSTS90009: Application 'demo-app' is "
                "requesting a token for itself. This scenario is supported only if resource is specified using the GUID based App "
                "Identifier.</p></body>",
            )
        ),
        right=Right(says=r"AADSTS90009.*GUID based", fix=r"resource|scope|registration|documentation", never=CLIENT),
    ),
    Report(
        name="invalid-redirect-uri-with-a-status-in-words",
        source="sebadob/rauthy#826",
        symptom="The token endpoint refuses the redirect URI, with the words of the status as its code.",
        play=Direct(
            token=as_json(400, {"timestamp": 1744106400, "error": "BadRequest", "message": "Invalid redirect uri"})
        ),
        right=Right(says=r"Invalid redirect uri", fix=r"redirect", never=rf"{NEITHER}|{SURE}"),
    ),
    Report(
        name="redirect-uri-of-another-kind-of-application",
        source="logto-io/logto#3815",
        symptom="The application is one for machines, which has no redirect URIs, and a page says that none matches.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>oops! something went wrong</h1><pre><strong>error</strong>: invalid_redirect_uri</pre><pre><strong>"
                "error_description</strong>: redirect_uri did not match any of the client's registered redirect_uris</pre></body>",
            )
        ),
        right=Right(says=r"did not match any", fix=r"registered", never=CLIENT),
    ),
    Report(
        name="missing-invalid-or-mismatching-redirect-uri",
        source="christiaangoossens/hass-oidc-auth#35",
        symptom="The page lists three ways in which the redirect URI may be wrong.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>Redirect URI Error</h1><p>The request fails due to a missing, invalid, or mismatching redirection URI "
                "(redirect_uri).</p></body>",
            )
        ),
        right=Right(says=r"redirect", fix=r"registered|redirect", never=rf"{CLIENT}|dropped it"),
    ),
    Report(
        name="sentence-of-all-causes-at-the-token-endpoint",
        source="ory/hydra#569",
        symptom="invalid_request and the sentence of the RFC come, and only the log of the server names the redirect URI.",
        play=Direct(
            token=error(
                "invalid_request",
                "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, "
                "or is otherwise malformed",
            )
        ),
        right=Right(says=r"certainty: unknown", never=rf"{NEITHER}"),
    ),
    Report(
        name="client-identifier-invalid",
        source="pozil/salesforce-react-integration#15",
        symptom="The application is new, and the server does not know it for the first ten minutes.",
        play=Direct(
            authorize=page(
                400, "<body><p>error=invalid_client_id&amp;error_description=client%20identifier%20invalid</p></body>"
            )
        ),
        right=Right(says=r"client", fix=r"client.id", never=rf"redirect-uri-|{SURE}"),
    ),
    Report(
        name="ip-restricted-under-invalid-grant",
        source="forceworkbench/forceworkbench#772",
        symptom="A range of addresses is set for the user's profile, and this machine's is not in it.",
        play=Direct(token=error("invalid_grant", "ip restricted")),
        right=Right(says=r"ip restricted", fix=r"network|administrator|address", never=NEITHER),
    ),
    Report(
        name="app-access-denied-in-a-code-of-its-own",
        source="abisek/salesforce-elf-browser#9",
        symptom="The person may not use the connected app, or declined.",
        play=Direct(authorize=sent_back("OAUTH_APP_ACCESS_DENIED", "user+is+not+admin+approved+to+access+this+app")),
        right=Right(says=r"OAUTH_APP_ACCESS_DENIED", fix=r"administrator|approve", never=rf"{CLIENT}|{SECRET}"),
    ),
    Report(
        name="requested-resource-is-not-configured",
        source="objectstack-ai/objectstack#16530",
        symptom="The client names the resource that it wants a token for, and the server has no such resource.",
        play=Direct(
            options=("--param", "resource=http://localhost:4001/mcp"),
            authorize=sent_back(
                "invalid_target", "requested+resource+http%3A%2F%2Flocalhost%3A4001%2Fmcp+is+not+configured"
            ),
        ),
        right=Right(says=r"resource", fix=r"resource|administrator", never=rf"{CLIENT}|{A_PARAMETER}"),
    ),
    Report(
        name="resource-that-identifies-no-service",
        source="ChronoAIProject/NyxID#1226",
        symptom="The resource is the one that the server's own metadata name, and a page refuses it.",
        play=Direct(
            options=("--param", "resource=http://127.0.0.1:8080/mcp"),
            authorize=page(
                400,
                "<body><h1>Authorization Error</h1><p>Invalid target: resource does not identify a user service</p><p>Error code: "
                "invalid_target</p></body>",
            ),
        ),
        right=Right(
            says=r"resource does not identify",
            fix=r"resource|administrator|registration",
            never=rf"{CLIENT}|redirect-uri-",
        ),
    ),
    Report(
        name="redirect-uri-is-illegal-in-chinese",
        source="leemysw/feishu-docx#7, imblowsnow/n8n-nodes-websockets-lite#6",
        symptom="A page has a number and says in Chinese that the redirect URI is not legal.",
        play=Direct(authorize=page(400, "<body><h2>错误码：20029</h2><p>redirect_uri 请求不合法</p></body>")),
        right=Right(says=r"redirect_uri|20029", fix=r"redirect|regist", never=rf"{CLIENT}"),
    ),
    Report(
        name="client-authentication-failed-at-the-authorization-endpoint",
        source="laravel/passport#1133",
        symptom="Client ID or redirect URI do not fit, and the words are those of a token endpoint.",
        play=Direct(
            authorize=as_json(
                401,
                {
                    "error": "invalid_client",
                    "error_description": "Client authentication failed",
                    "message": "Client authentication failed",
                },
            )
        ),
        right=Right(
            says=r"Client authentication failed", tells=r"redirect URI", fix=r"client.id", never=rf"{SECRET}|{SURE}"
        ),
    ),
    Report(
        name="metadata-over-https-only",
        source="manfredsteyer/angular-oauth2-oidc#1063",
        symptom="A proxy ends TLS, the server takes each request for one of plain http, and refuses the metadata.",
        play=Issuer(
            metadata=as_json(
                400, {"error": "invalid_request", "error_description": "This server only accepts HTTPS requests."}
            ),
            options=NO_OPENID,
        ),
        right=Right(says=r"only accepts HTTPS", fix=r"https|proxy|operator", never=NEITHER),
    ),
)
