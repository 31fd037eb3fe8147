"""The token endpoint refuses, in words that one program or provider alone writes so."""

from __future__ import annotations

from tests.reports.answers import as_json, page
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error
from tests.reports.report import Direct, Report, Right

NEITHER = rf"{SECRET_BLAMED}|{CODE_BLAMED}"
A_PARAMETER = r"params\.NAME|NAME=VALUE|found a parameter missing"
PKCE = ("--pkce", "on")

REPORTS = (
    Report(
        name="failure-inside-under-invalid-grant",
        source="timdorr/tesla-api#557",
        symptom="Whatever is sent, invalid_grant comes, and its description is that the server failed inside.",
        play=Direct(token=error("invalid_grant", "Internal server error")),
        right=Right(
            says=r"internal server error", fix=r"again|operator|administrator", never=rf"{SECRET_BLAMED}|has expired"
        ),
    ),
    Report(
        name="profile-for-the-code-was-not-found",
        source="Haufe-Lexware/wicked.haufe.io#131",
        symptom="An altered code brings a 500, because the server looks for the profile that belongs to it.",
        play=Direct(
            token=as_json(
                500,
                {
                    "error": "server_error",
                    "error_description": "could not retrieve user profile for given authorization code",
                },
            )
        ),
        right=Right(says=r"could not retrieve user profile", fix=r"again|operator|administrator", never=SECRET_BLAMED),
    ),
    Report(
        name="invalid-grant-with-401",
        source="soundcloud/api#45",
        symptom="One person's code is always refused, with 401 and invalid_grant, which says no more.",
        play=Direct(token=error("invalid_grant", status=401)),
        right=Right(says=r"invalid_grant", fix=r"again|administrator", never=SECRET_BLAMED),
    ),
    Report(
        name="bad-credentials-under-unauthorized",
        source="grafana/grafana#14613, cloudfoundry/prometheus-boshrelease#274",
        symptom="The token request brings 401, a code that RFC 6749 has not, and that the credentials are bad.",
        play=Direct(token=error("unauthorized", "Bad credentials", 401)),
        right=Right(says=r"Bad credentials", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="code-not-found-or-used",
        source="BNMetrics/Laravel-ShopifyAPI#9, nozzlegear/ShopifySharp#121",
        symptom="invalid_request comes for a code that the server does not find, or has seen before.",
        play=Direct(token=error("invalid_request", "The authorization code was not found or was already used")),
        right=Right(
            says=r"already used", fix=r"new code|from the start|again", never=rf"{SECRET_BLAMED}|{A_PARAMETER}"
        ),
    ),
    Report(
        name="application-with-this-key-was-not-found",
        source="gnikyt/laravel-shopify#104",
        symptom="The server calls the client ID an API key, and finds no application with it.",
        play=Direct(token=error("invalid_request", "Could not find Shopify API application with api_key demo-app")),
        right=Right(says=r"application with api_key|client.ID", fix=r"client.id", never=NEITHER),
    ),
    Report(
        name="grant-type-in-a-reason",
        source="JubaerHossain/zoom-laravel#4, zoom/server-to-server-oauth-token#3",
        symptom="The application is of a type that has no authorization code, and a member called reason says so.",
        play=Direct(token=as_json(400, {"reason": "unsupported grant type", "error": "unsupported_grant_type"})),
        right=Right(says=r"grant.type", fix=r"grant", never=NEITHER),
    ),
    Report(
        name="invalid-token-in-a-reason",
        source="raman325/ha-zoom-automation#53",
        symptom="The grant that was shown is refused as an invalid token, in a member called reason.",
        play=Direct(token=as_json(400, {"reason": "Invalid Token!", "error": "invalid_grant"})),
        right=Right(says=r"Invalid Token!", never=SECRET_BLAMED),
    ),
    Report(
        name="client-refused-with-403",
        source="jwillemsen/daikin_onecta#208",
        symptom="Old credentials are refused as they should be, but with 403.",
        play=Direct(token=error("invalid_client", "Client authentication failed.", 403)),
        right=Right(says=r"Client authentication failed", fix=r"secret", never=rf"{CODE_BLAMED}|firewall|in front"),
    ),
    Report(
        name="client-or-secret-is-invalid",
        source="Thomas55555/husqvarna_automower#568",
        symptom="The refusal says that the client or its secret is invalid, and not which of the two.",
        play=Direct(token=error("invalid_client", "Client or client secret is invalid")),
        right=Right(says=r"secret", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="missing-or-invalid-parameters",
        source="ekutner/home-connect-hass#385",
        symptom="Any fault of the configuration brings the same: missing or invalid parameters, and not which.",
        play=Direct(token=error("invalid_request", "missing or invalid request parameters")),
        right=Right(says=r"missing or invalid request parameters", never=NEITHER),
    ),
    Report(
        name="unauthorized-as-the-description",
        source="home-assistant/core#53392",
        symptom="The client is refused, and the description is the status once more.",
        play=Direct(token=error("invalid_client", "Unauthorized", 401)),
        right=Right(says=r"invalid_client", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="sentence-of-the-standard-in-full",
        source="hekmon/rtetempo#53",
        symptom="The server sends what the standard writes about refused clients, word by word, 401 and all.",
        play=Direct(
            token=error(
                "invalid_client",
                "Client authentication failed (e.g. unknown client, no client authentication included, or unsupported authentication "
                "method). The authorization server MAY return an HTTP 401 (Unauthorized) status code to indicate which HTTP "
                "authentication schemes are supported.",
            )
        ),
        right=Right(says=r"client", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="request-is-malformed-under-invalid-grant",
        source="UvA-FNWI/M365-IMAP#2",
        symptom="What was shown is not what the server can read, and it says that the request is malformed.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "AADSTS9002313: Invalid request. Request is malformed or invalid.",
                    "error_codes": [9002313],
                },
            )
        ),
        right=Right(says=r"AADSTS9002313", never=rf"{SECRET_BLAMED}|had expired|lives shorter"),
    ),
    Report(
        name="code-has-expired-in-a-millisecond",
        source="moralmunky/Home-Assistant-Mail-And-Packages#1316",
        symptom="The code is refused as expired a millisecond after it came.",
        play=Direct(
            token=error(
                "invalid_grant",
                "AADSTS70000: The provided value for the 'code' parameter is not valid. The code has expired.",
            )
        ),
        right=Right(says=r"expired", fix=r"again|clock|lifetime", never=SECRET_BLAMED),
    ),
    Report(
        name="scopes-that-do-not-go-together",
        source="assast/outlookEmail#58",
        symptom="Scopes of two resources are asked for at once, and the token endpoint says that they are not compatible.",
        play=Direct(
            options=(
                "--param",
                "scope=offline_access https://graph.example.com/Mail.Read https://imap.example.com/IMAP",
            ),
            token=error(
                "invalid_scope",
                "AADSTS70011: The provided value for the input parameter 'scope' is not valid. One or more scopes in "
                "'offline_access https://graph.example.com/Mail.Read https://imap.example.com/IMAP' are not compatible with each other.",
            ),
        ),
        right=Right(says=r"compatible|scope", fix=r"scope", never=NEITHER),
    ),
    Report(
        name="client-id-was-not-found-in-the-request",
        source="neomutt/neomutt#3477",
        symptom="The client ID went nowhere, and the server says that it could not determine it from the request.",
        play=Direct(token=error("invalid_request", "Could not determine client ID from request.")),
        right=Right(
            says=r"could not determine client id",
            fix=r"basic|json|body|header",
            never=rf"{NEITHER}|no application with the client ID|misspelt",
        ),
    ),
    Report(
        name="bad-request-as-the-description",
        source="rclone/rclone#4250, masonr/PLEXiDRIVE#7",
        symptom="The grant is refused, and the description is the status once more.",
        play=Direct(token=error("invalid_grant", "Bad Request")),
        right=Right(says=r"invalid_grant", fix=r"again|administrator", never=SECRET_BLAMED),
    ),
    Report(
        name="redirect-uri-mismatch-in-words",
        source="allegro/allegro-api#8285",
        symptom="Another registered redirect URI went with the token request than with the authorization request.",
        play=Direct(token=error("invalid_grant", "Redirect URI mismatch.")),
        right=Right(says=r"redirect.uri", fix=r"redirect.uri", never=NEITHER),
    ),
    Report(
        name="verifier-does-not-match-what-was-included",
        source="openid/AppAuth-iOS#452",
        symptom="PKCE is used, and the server says that the verifier does not match the challenge that was included.",
        play=Direct(
            options=PKCE,
            token=error(
                "invalid_grant",
                "The code_verifier sent does not match code_challenge included in the authorization request",
            ),
        ),
        right=Right(says=r"code_verifier|PKCE", fix=r"administrator|operator|server|again", never=NEITHER),
    ),
    Report(
        name="value-passed-for-the-verifier",
        source="xdevplatform/twitter-api-typescript-sdk#26",
        symptom="The code challenge's method was written in small letters, and the verifier does not match it for the server.",
        play=Direct(
            options=PKCE,
            token=error("invalid_request", "Value passed for the code verifier did not match the code challenge."),
        ),
        right=Right(
            says=r"verifier|PKCE", fix=r"administrator|operator|server|again", never=rf"{NEITHER}|{A_PARAMETER}"
        ),
    ),
    Report(
        name="grant-types-of-the-client-are-invalid",
        source="googlecodelabs/appauth-android-codelab#10",
        symptom="The application was registered without the grant that it uses.",
        play=Direct(token=error("unauthorized_client", "invalid grant types for client")),
        right=Right(says=r"grant", fix=r"administrator|operator|register", never=NEITHER),
    ),
    Report(
        name="unauthorized-client-alone",
        source="authlib/example-oauth2-server#85, django-oauth/django-oauth-toolkit#886",
        symptom="Two grants in one line were read as one unknown grant, and unauthorized_client says no more.",
        play=Direct(token=error("unauthorized_client")),
        right=Right(says=r"grant", fix=r"administrator|operator|register", never=CODE_BLAMED),
    ),
    Report(
        name="resource-is-incorrect",
        source="sooperset/mcp-atlassian#1137",
        symptom="The server took a resource with the authorization request, and refuses it with the token request.",
        play=Direct(
            options=("--param", "resource=https://mcp.example.com/mcp"),
            token=error("invalid_target", "Incorrect resource parameters"),
        ),
        right=Right(says=r"resource", fix=r"resource", never=NEITHER),
    ),
    Report(
        name="resource-is-missing-or-unknown",
        source="can1357/oh-my-pi#10299",
        symptom="The token is asked for another resource than the one that the server knows.",
        play=Direct(
            options=("--token-param", "resource=https://backboard.example.com"),
            token=error("invalid_target", "resource indicator is missing, or unknown"),
        ),
        right=Right(says=r"resource", fix=r"resource", never=NEITHER),
    ),
    Report(
        name="code-is-invalid-in-the-key-of-a-translation",
        source="zitadel/zitadel#11892",
        symptom="A code that cannot be decrypted brings invalid_request, and the key of a text in place of the text.",
        play=Direct(token=error("invalid_request", "Errors.User.Code.Invalid")),
        right=Right(says=r"Errors\.User\.Code\.Invalid", fix=r"again|code", never=rf"{SECRET_BLAMED}|{A_PARAMETER}"),
    ),
    Report(
        name="public-client-of-a-confidential-application",
        source="hickford/git-credential-oauth#74",
        symptom="The application was registered as a confidential one, and the client has no secret.",
        play=Direct(
            options=("--client-auth", "none"),
            token=error(
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication "
                "method.",
                401,
            ),
        ),
        right=Right(says=r"no secret|confidential", fix=r"secret|public", never=CODE_BLAMED),
    ),
    Report(
        name="unknown-client-or-method",
        source="DependencyTrack/dependency-track#2346, docbrain-ai/docbrain#8, nextcloud/integration_openproject#6",
        symptom="The same sentence for a client that is unknown, that shows nothing, or that shows it in another way.",
        play=Direct(
            token=error(
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication "
                "method.",
                401,
            )
        ),
        right=Right(says=r"client", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="code-that-matches-no-user",
        source="GSA-TTS/identity-dev-docs#393",
        symptom="A code that was used before is told as one that matches no user.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "Code is invalid because doesn’t match any user. Please see our documentation at "
                    "https://developers.example.gov/oidc/#token"
                },
            )
        ),
        right=Right(
            says=r"Code is invalid",
            fix=r"again|new code",
            never=rf"{SECRET_BLAMED}|userid|refuses the user|the account",
        ),
    ),
    Report(
        name="project-of-the-client-is-missing",
        source="muttmua/mutt#15",
        symptom="The page in the browser says that the client is missing a project, under invalid_client.",
        play=Direct(
            authorize=page(
                401,
                "<title>Error 401</title><h1>Access blocked: Authorization Error</h1><p>Client missing a project id.</p><p>If you are a "
                "developer of this app, see error details.</p><p>Error 401: invalid_client</p>",
            )
        ),
        right=Right(
            says=r"project id|invalid_client", fix=r"client.id|regist|administrator", never=r"log in on|do on that page"
        ),
    ),
    Report(
        name="invalid-client-with-200",
        source="abhinavxd/libredesk#102",
        symptom="The client belongs to another data centre, and invalid_client comes with a status of success.",
        play=Direct(token=as_json(200, {"error": "invalid_client"})),
        right=Right(says=r"invalid_client", fix=r"client|secret", never=CODE_BLAMED),
    ),
)
