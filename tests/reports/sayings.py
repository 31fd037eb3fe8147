"""What providers and servers say of a code, a client, a scope, a redirect URI or an issuer, and how sure an answer may be of it."""

from __future__ import annotations

from tests.reports.answers import as_json, page, redirect, says
from tests.reports.discovery import NO_OPENID, metadata
from tests.reports.issuers import id_token, of
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error, sent_back
from tests.reports.report import Direct, Issuer, Report, Right

NEITHER = rf"{SECRET_BLAMED}|{CODE_BLAMED}"
SECRET_ALONE = r"secret is wrong, or|secret-changed|secret-with|secret-placeholder"
SURE = r"certainty: proven"
CLIENT = r"client-unknown|no application with the client ID"
A_PARAMETER = r"params\.NAME|NAME=VALUE|found a parameter missing"
PKCE = ("--pkce", "on")


def scope(text: str) -> tuple[str, str]:
    """The options of a run that asks for this scope."""
    return "--param", f"scope={text}"


REPORTS = (
    Report(
        name="code-in-request-is-invalid",
        source="vinzabe/PERMANENT-opencode-anthropic-oauth-fix#1",
        symptom="The exchange fails with a sentence that quotes the name of the parameter.",
        play=Direct(token=error("invalid_grant", "Invalid 'code' in request.")),
        right=Right(says=r"Invalid 'code' in request", fix=r"again", never=rf"{SECRET_BLAMED}|{SURE}"),
    ),
    Report(
        name="which-of-the-possibilities-is-it",
        source="planningcenter/developers#584",
        symptom="The sentence of the RFC comes word by word, and the developer cannot tell which of its reasons holds.",
        play=Direct(
            token=error(
                "invalid_grant",
                "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the "
                "authorization request, or was issued to another client.",
            )
        ),
        right=Right(says=r"certainty: unknown", fix=r"again", never=rf"{SECRET_BLAMED}|code-expired|legs-differ"),
    ),
    Report(
        name="redirect-uri-accepted-at-registration-only",
        source="tableau/tableau-mcp#866",
        symptom="Dynamic registration took the redirect URI, and the authorization endpoint refuses the same with JSON.",
        play=Direct(
            authorize=as_json(400, {"error": "invalid_request", "error_description": "Invalid redirect URI: {uri}"})
        ),
        right=Right(says=r"redirect URI", fix=r"redirect-uri|registered", never=rf"{CLIENT}|{SURE}", sent_code=None),
    ),
    Report(
        name="redirect-uri-outside-allowed-patterns",
        source="makeplane/plane-mcp-server#220",
        symptom="The hosted server has a list of patterns, and the redirect URI of a client on its own domain matches none.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "error": "invalid_request",
                    "error_description": "Redirect URI '{uri}' does not match allowed patterns.",
                },
            )
        ),
        right=Right(says=r"does not match allowed patterns", fix=r"redirect|registered|allow", never=CLIENT),
    ),
    Report(
        name="registration-that-the-server-dropped",
        source="MoonshotAI/kimi-code#2606",
        symptom="The client reuses a registration that the server has forgotten, and a page says that the redirect URI is invalid.",
        play=Direct(authorize=page(400, "<body><h1>Authorization error</h1><p>Invalid redirect URI</p></body>")),
        right=Right(says=r"redirect URI", tells=r"client.id|application|registered", never=SURE),
    ),
    Report(
        name="invalid-redirect-uri-where-the-client-is-unknown",
        source="keycloak/keycloak#14615, keycloak/keycloak#19662",
        symptom="There is no client of that ID, and the page speaks of the redirect URI, so that nobody can list the clients.",
        play=Direct(authorize=page(400, "<body><h1>We are sorry...</h1><p>Invalid parameter: redirect_uri</p></body>")),
        right=Right(says=r"redirect_uri", fix=r"redirect", never=SURE, sent_code=None),
    ),
    Report(
        name="public-clients-may-not-send-a-secret",
        source="openiddict/openiddict-core#318",
        symptom="The application is registered as a public one, and the client sends a secret all the same.",
        play=Direct(token=error("invalid_request", "Public clients are not allowed to send a client_secret.")),
        right=Right(
            says=r"public",
            fix=r"none|without|confidential",
            never=rf"{CODE_BLAMED}|secret is wrong|blame the client secret",
        ),
    ),
    Report(
        name="application-may-not-use-the-token-endpoint",
        source="openiddict/openiddict-core#653",
        symptom="After an upgrade each application needs a permission for the endpoint, and has none.",
        play=Direct(
            token=error("unauthorized_client", "This client application is not allowed to use the token endpoint.")
        ),
        right=Right(
            says=r"not allowed to use the token endpoint",
            fix=r"administrator|permission|allow",
            never=rf"{NEITHER}|secret is wrong",
        ),
    ),
    Report(
        name="verifier-that-the-flow-does-not-expect",
        source="IdentityServer/IdentityServer3#2623",
        symptom="invalid_grant and not a word more; the log of the server speaks of a verifier that it did not expect.",
        play=Direct(options=PKCE, token=error("invalid_grant")),
        right=Right(says=r"certainty: unknown", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
    Report(
        name="pkce-verification-failed",
        source="dcangulo/react-native-pkce-challenge#229",
        symptom="The challenge was not made of the verifier as the server makes it.",
        play=Direct(options=PKCE, token=error("invalid_grant", "PKCE verification failed")),
        right=Right(says=r"PKCE|verifier", never=NEITHER),
    ),
    Report(
        name="no-permission-for-the-requested-grant",
        source="monzo/docs#31",
        symptom="The words stand twice: the client has no permission for this grant.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "unauthorized_client",
                    "error_description": "Client does not have permission to use the requested grant",
                    "message": "Client does not have permission to use the requested grant",
                },
            )
        ),
        right=Right(says=r"permission to use the requested grant", fix=r"grant", never=rf"{NEITHER}|secret is wrong"),
    ),
    Report(
        name="scopes-not-configured-for-the-resource",
        source="okta-samples/okta-express-sample#6, Netflix/consoleme#9075",
        symptom="One of three scopes does not exist at the custom authorization server.",
        play=Direct(
            options=scope("openid profile groups"),
            authorize=sent_back(
                "invalid_scope", "One+or+more+scopes+are+not+configured+for+the+authorization+server+resource."
            ),
        ),
        right=Right(says=r"scopes are not configured", fix=r"scope", never=r"sent none|client-unknown", sent_code=None),
    ),
    Report(
        name="custom-scopes-are-not-allowed",
        source="okta/okta-oidc-android#190",
        symptom="The organization's own server knows no custom scopes; another server of the same provider has them.",
        play=Direct(
            options=scope("openid companies:read"),
            authorize=sent_back("invalid_scope", "Custom+scopes+are+not+allowed+for+this+request."),
        ),
        right=Right(says=r"Custom scopes are not allowed", fix=r"scope", never=r"sent none|client-unknown"),
    ),
    Report(
        name="disallowed-scopes-in-a-code-of-its-own",
        source="forcedotcom/SalesforceMobileSDK-Android#2290",
        symptom="The connected app does not allow what the client asks for, and the error code is the provider's own.",
        play=Direct(
            options=scope("api web refresh_token"),
            authorize=sent_back("OAUTH_DISALLOWED_SCOPES", "the+requested+scope+is+not+allowed"),
        ),
        right=Right(says=r"requested scope is not allowed", fix=r"scope", never=r"sent none|client-unknown"),
    ),
    Report(
        name="number-in-place-of-an-error-code",
        source="forcedotcom/SalesforceMobileSDK-iOS#211",
        symptom="The error is 1804, and the words speak of the scope.",
        play=Direct(options=scope("refresh_token"), authorize=sent_back("1804", "the+requested+scope+is+not+allowed")),
        right=Right(says=r"1804", fix=r"scope", never=r"sent none|client-unknown"),
    ),
    Report(
        name="unknown-scopes-in-brackets",
        source="mintel/dex-k8s-authenticator#168",
        symptom="The scopes are another provider's, and the words list those that are unknown.",
        play=Direct(
            options=scope("openid offline_access groups"),
            authorize=sent_back("invalid_scope", "Unknown/invalid+scope(s):+[offline_access,+groups]"),
        ),
        right=Right(says=r"offline_access, groups", fix=r"scope", never=r"sent none"),
    ),
    Report(
        name="scope-that-the-client-has-beside-the-refusal",
        source="wultra/powerauth-webflow#968",
        symptom="The redirect names the scope that is refused, and in scope the one that the client has.",
        play=Direct(
            options=scope("aisp"),
            authorize=redirect(
                "{uri}?error=invalid_scope&error_description=Invalid%20scope:%20aisp&state={state}&scope=profile"
            ),
        ),
        right=Right(says=r"Invalid scope: aisp", fix=r"scope", never=r"sent none|client-unknown"),
    ),
    Report(
        name="no-default-scopes-at-the-token-endpoint",
        source="requests/requests-oauthlib#463",
        symptom="The token endpoint misses a scope, because the resource has none by default.",
        play=Direct(
            token=error(
                "invalid_scope",
                "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
            )
        ),
        right=Right(says=r"'scope' must be provided", fix=r"scope", never=NEITHER),
    ),
    Report(
        name="client-id-is-read-in-the-body-alone",
        source="metatool-ai/metamcp#342",
        symptom="ID and secret stand in the header, and the server compares an ID that it looks for in the body.",
        play=Direct(options=("--client-auth", "basic"), token=error("invalid_client", "Client ID does not match")),
        right=Right(
            says=r"Client ID does not match",
            fix=r"client.auth|body|post",
            never=rf"{CODE_BLAMED}|{SECRET_ALONE}|secret is wrong",
        ),
    ),
    Report(
        name="tokens-of-another-api-version",
        source="ydogandjiev/taskmeow#62, AlteredSecurity/365-Stealer#1",
        symptom="A personal account logs in at the first version of the endpoint, which cannot issue tokens for such accounts.",
        play=Direct(
            authorize=sent_back(
                "invalid_request",
                "AADSTS90027:+We+are+unable+to+issue+tokens+from+this+API+version+on+the+MSA+tenant.+Please+contact+the+application"
                "+vendor+as+they+need+to+use+version+2.0+of+the+protocol+to+support+this.",
            )
        ),
        right=Right(
            says=r"AADSTS90027.*version 2\.0",
            fix=r"documentation|administrator|2\.0|v2",
            never=rf"{A_PARAMETER}|{SURE}|{CLIENT}|--param response_type",
        ),
    ),
    Report(
        name="malformed-request-under-invalid-grant",
        source="davidjrh/dnn.azureadprovider#112",
        symptom="The code of the words says that the request is malformed, and the error code that the grant is refused.",
        play=Direct(
            token=error(
                "invalid_grant",
                "AADSTS9002313: Invalid request. Request is malformed or invalid. Trace ID: 00000000-0000-4000-8000-000000000000 "
                "Correlation ID: 00000000-0000-4000-8000-000000000001 Timestamp: 2026-10-03 18:40:55Z",
            )
        ),
        right=Right(
            says=r"malformed or invalid",
            fix=r"again|encoding|--body|documentation",
            never=rf"{SECRET_BLAMED}|code-expired|{SURE}",
        ),
    ),
    Report(
        name="value-of-the-code-parameter-is-not-valid",
        source="Azure-Samples/active-directory-dotnet-desktop-msgraph-v2#52",
        symptom="A personal account logs in to an application that has a place for organizations only, and the code is refused.",
        play=Direct(
            token=error("invalid_grant", "AADSTS70000: The provided value for the 'code' parameter is not valid.")
        ),
        right=Right(says=r"AADSTS70000", fix=r"again", never=rf"{SECRET_BLAMED}|code-expired|{SURE}"),
    ),
    Report(
        name="loopback-flow-is-blocked",
        source="browserslist/browserslist-ga#43",
        symptom="The client is not registered as a desktop application, and the provider blocks redirect URIs of this machine for others.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>Access blocked</h1><p>Error 400: invalid_request</p><p>The loopback flow has been blocked in order to keep "
                "users secure. Follow the Loopback IP Address flow migration guide linked in the developer docs below to migrate "
                "your app to an alternative method.</p></body>",
            )
        ),
        right=Right(says=r"loopback flow has been blocked", never=rf"{CLIENT}|{A_PARAMETER}|--client-id"),
    ),
    Report(
        name="policy-for-keeping-apps-secure",
        source="itchyny/calendar.vim#204",
        symptom="The page speaks of a policy, and only its details show that the redirect URI is what is meant.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>Access blocked</h1><p>You can't sign in to this app because it doesn't comply with Google's OAuth 2.0 policy "
                "for keeping apps secure.</p><p>Error 400: invalid_request</p><p>If you're the app developer, make sure that these "
                "request details comply with Google policies.</p><p>redirect_uri: {uri}</p></body>",
            )
        ),
        right=Right(
            says=r"comply with|redirect_uri|invalid_request",
            fix=r"redirect|administrator|documentation|registration",
            never=CLIENT,
        ),
    ),
    Report(
        name="callback-url-mismatch-of-every-address",
        source="lobehub/lobehub#4258",
        symptom="The application makes its redirect URI of the address that it listens on, 0.0.0.0.",
        play=Direct(
            redirect_uri="http://0.0.0.0:3210/api/auth/callback/auth0",
            authorize=page(
                403,
                "<body><h1>Oops!, something went wrong</h1><p>unauthorized_client: Callback URL mismatch. {uri} is not in the list of "
                "allowed callback URLs</p></body>",
            ),
        ),
        right=Right(
            says=r"Callback URL mismatch", fix=r"localhost|127\.0\.0\.1|registered", never=r"client-unknown|grant"
        ),
    ),
    Report(
        name="public-client-refused-without-a-word",
        source="soofstad/react-oauth2-pkce#125",
        symptom="A public client with PKCE gets 401 at the token endpoint, and the body is empty.",
        play=Direct(options=("--client-auth", "none", *PKCE), token=says(401)),
        right=Right(says=r"secret|public|confidential", fix=r"secret|public", never=rf"{CODE_BLAMED}|{SURE}"),
    ),
    Report(
        name="bad-client-credentials-at-the-authorization-endpoint",
        source="spring-guides/tut-spring-security-and-angular-js#95",
        symptom="The client's ID stands under another name in the server's configuration, and the refusal speaks of credentials.",
        play=Direct(authorize=as_json(401, {"error": "invalid_client", "error_description": "Bad client credentials"})),
        right=Right(says=r"Bad client credentials", fix=r"client.id", never=rf"{CODE_BLAMED}|{SURE}", sent_code=None),
    ),
    Report(
        name="error-type-in-a-list",
        source="scribejava/scribejava#849",
        symptom="Code and words stand in a list of errors, beside success.",
        play=Direct(
            token=as_json(
                400,
                {
                    "errors": [
                        {
                            "errorType": "invalid_grant",
                            "message": "Authorization code invalid: cbb1c11b23209011e89be71201fa6381464dc0af Visit "
                            "https://dev.example.com/docs/oauth2 for more information on the authorization process.",
                        }
                    ],
                    "success": False,
                },
            )
        ),
        right=Right(says=r"Authorization code invalid", fix=r"again", never=SECRET_BLAMED),
    ),
    Report(
        name="token-invalid-where-a-code-is-meant",
        source="intuit/oauth-jsclient#198",
        symptom="The code was used or is old, and the words speak of a token.",
        play=Direct(token=error("invalid_grant", "Token invalid")),
        right=Right(says=r"Token invalid", fix=r"again", never=rf"{SECRET_BLAMED}|code-expired|code-reused|{SURE}"),
    ),
    Report(
        name="assertion-or-secret-for-a-device",
        source="telstrapurple/MSTeamsChatExporter#1",
        symptom="The application has no platform for programs without a secret, so that the server misses one.",
        play=Direct(
            options=("--client-auth", "none"),
            token=error(
                "invalid_client",
                "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
                401,
            ),
        ),
        right=Right(says=r"client_secret", fix=r"secret.*public|public.*secret", never=CODE_BLAMED),
    ),
    Report(
        name="issuer-of-another-service-of-the-same-host",
        source="nokia/kong-oidc#83",
        symptom="The metadata stand under /adfs, and name an issuer with another path and plain http.",
        play=Issuer(
            base_url="{url}/adfs",
            metadata=metadata(issuer="http://{host}/adfs/services/trust"),
            places={
                "/adfs/.well-known/openid-configuration": metadata(issuer="http://{host}/adfs/services/trust"),
            },
            options=NO_OPENID,
        ),
        right=Right(first=("metadata-issuer",), says=r"adfs/services/trust", fix=r"issuer"),
    ),
    Report(
        name="issuer-with-www",
        source="CitizenLabDotCo/citizenlab#6170",
        symptom="The metadata come from the name without www, and name the issuer with it.",
        play=Issuer(metadata=metadata(issuer="https://www.login.example.com"), options=NO_OPENID),
        right=Right(first=("metadata-issuer",), says=r"www\.login", fix=r"www\.login"),
    ),
    Report(
        name="id-token-of-an-issuer-with-a-path",
        source="openid/AppAuth-Android#699",
        symptom="The metadata stand at the host, and the ID token names an issuer with a path.",
        play=of(id_token(iss="https://auth.example.org/oidc/v1"), "--nonce", "none"),
        right=Right(says=r"oidc/v1", tells=r"iss", never=SECRET_BLAMED),
    ),
    Report(
        name="issuer-of-the-tenant-and-not-of-the-policy",
        source="jeroenheijmans/sample-angular-oauth2-oidc-with-auth-guards#44",
        symptom="The address holds the tenant's name and a policy, and the issuer the tenant's number.",
        play=Issuer(
            base_url="{url}/login.example.com/b2c_1_susi/v2.0",
            metadata=metadata(),
            places={
                "/login.example.com/b2c_1_susi/v2.0/.well-known/openid-configuration": metadata(
                    issuer="http://{host}/4e35db53-0000-4000-8000-72283835f000/v2.0/"
                ),
            },
            options=NO_OPENID,
        ),
        right=Right(first=("metadata-issuer",), says=r"4e35db53", fix=r"4e35db53|tenant|operator|administrator"),
    ),
    Report(
        name="issuer-of-the-name-among-containers",
        source="panva/openid-client#737",
        symptom="The server calls itself by the name that it has among containers, and the client asks it at another.",
        play=Issuer(
            base_url="{url}/realms/demo",
            metadata=metadata(),
            places={
                "/realms/demo/.well-known/openid-configuration": metadata(
                    issuer="http://identity-provider-web:8080/realms/demo"
                ),
            },
            options=NO_OPENID,
        ),
        right=Right(
            first=("metadata-issuer",), says=r"identity-provider-web", fix=r"public|address|operator|administrator"
        ),
    ),
    Report(
        name="issuer-that-is-no-address",
        source="FusionAuth/fusionauth-containers#100",
        symptom="The tenant's issuer was left as it is made: a bare name, and no address.",
        play=Issuer(metadata=metadata(issuer="acme.com"), options=NO_OPENID),
        right=Right(
            says=r"acme\.com",
            fix=r"operator|administrator|server",
            never=r"--issuer to|code-|secret",
        ),
    ),
)
