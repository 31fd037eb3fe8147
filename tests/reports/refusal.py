"""The server refuses, in the words of RFC 6749 or in its own."""

from __future__ import annotations

import time
from email.utils import formatdate

from tests.reports.answers import (
    HTML,
    as_json,
    documented_token,
    issues,
    jwt,
    only_if,
    page,
    problem,
    redirect,
    says,
    written,
)
from tests.reports.report import SECRET, TOKEN, URI, Answer, Asked, Direct, Report, Right

FORM = "application/x-www-form-urlencoded; charset=utf-8"
END = {"expiration": written("%Y-%m-%dT%H:%M:%SZ")}
SECRET_BLAMED = r"client secret is wrong|secret-|client-refused"
CODE_BLAMED = r"code-(refused|expired|reused|damaged|pasted)|affinity"


def error(code: str, description: str = "", status: int = 400, *headers: str) -> Answer:
    """A refusal at the token endpoint, as RFC 6749 §5.2 writes it."""
    told = {"error": code} | ({"error_description": description} if description else {})
    return as_json(status, told, *headers)


def sent_back(code: str, description: str) -> Answer:
    """A refusal in the redirect."""
    return redirect(f"{{uri}}?error={code}&error_description={description}&state={{state}}")


def has(field: str) -> Answer:
    """A token, if the form holds this field; else it is asked for."""
    wanted = error("invalid_request", f"The parameter {field} is missing.")
    return only_if(lambda asked: field in asked.fields, documented_token, wanted)


def an_hour_ahead(asked: Asked) -> bytes:
    """A server whose clock is fast, and says so."""
    date = f"Date: {formatdate(time.time() + 3600, usegmt=True)}"
    told = {"access_token": TOKEN, "expiration": written("%Y-%m-%dT%H:%M:%SZ", 7200)}
    return as_json(200, told, date)(asked)


REPORTS = (
    Report(
        name="space-behind-the-secret",
        source="auth0/custom-social-connections#11, googleworkspace/cli#882",
        symptom="A space came along when the secret was copied, and the client is refused.",
        play=Direct(secret=SECRET + " ", token=error("invalid_client", status=401)),
        right=Right(says=r"space", fix=r"without|space"),
    ),
    Report(
        name="number-of-the-secret-in-place-of-the-secret",
        source="OfficeDev/microsoft-365-agents-toolkit#8621, keycloak/keycloak#31294, MicrosoftDocs/azure-docs#76339",
        symptom="What was copied is the secret's ID and not its value; the server says so in a long text.",
        play=Direct(
            secret="5d1f7e0a-3c1b-4c57-9a55-0d4b8c3f2e11",
            token=error(
                "invalid_client",
                "AADSTS7000215: Invalid client secret provided. Send the value, not the secret ID.",
                401,
            ),
        ),
        right=Right(says=r"AADSTS7000215|secret ID", never=CODE_BLAMED),
    ),
    Report(
        name="uri-refused-at-the-token-endpoint",
        source="discord/discord-api-docs#1768, googleapis/google-auth-library-python-oauthlib#80",
        symptom="The two redirect URIs differ by a slash for the server, and people look for the fault in the code.",
        play=Direct(token=error("redirect_uri_mismatch")),
        right=Right(says=r"redirect_uri|redirect URI", never=CODE_BLAMED + "|" + SECRET_BLAMED),
    ),
    Report(
        name="uri-refused-in-a-page",
        source="YukiGasai/obsidian-google-tasks#2, portier/portier-broker#915",
        symptom="The login shows an error page with status 400, and nothing comes back.",
        play=Direct(
            authorize=page(
                400, "<title>Error 400</title><p>Error 400: redirect_uri_mismatch</p><p>redirect_uri={uri}</p>"
            )
        ),
        right=Right(first=("redirect-uri-refused", "redirect-uri-unregistered"), says=r"redirect_uri"),
    ),
    Report(
        name="uri-has-to-be-https",
        source="punkpeye/mcp-remote#176",
        symptom="The server takes no redirect URI in plain http, and everybody compares letters.",
        play=Direct(authorize=says(400, "Invalid redirect URI: {uri}. Must use secure scheme")),
        right=Right(says=r"secure scheme|https", fix=r"https"),
    ),
    Report(
        name="error-page-in-place-of-a-redirect",
        source="DuendeArchive/IdentityServer4#984, DuendeArchive/IdentityServer4#1927, DuendeArchive/IdentityServer4#4145",
        symptom="A wrong redirect URI ends on the server's own error page, under unauthorized_client.",
        play=Direct(authorize=redirect("/home/error?errorId=CfDJ8BxQ2mPz")),
        right=Right(says=r"error", never=r"has to log in|log in first|login-redirect"),
    ),
    Report(
        name="filter-does-not-like-the-loopback-address",
        source="kortix-ai/suna#7082",
        symptom="What filters requests in front of the server answers 403 to every query with 127.0.0.1 in it.",
        play=Direct(
            authorize=page(
                403,
                "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
                "Server: cloudflare",
            )
        ),
        right=Right(says=r"Cloudflare|firewall|filter|in front", never=r"client-unknown|client ID .* misspelt"),
    ),
    Report(
        name="application-of-another-tenant",
        source="microsoft/o365-moodle#1382, wpo365/wpo365-login#36",
        symptom="The application is not known in the directory that was asked, because the person belongs to another one.",
        play=Direct(authorize=sent_back("unauthorized_client", "AADSTS700016:+Application+not+found+in+the+directory")),
        right=Right(says=r"AADSTS700016|not found in the directory"),
    ),
    Report(
        name="challenge-is-required",
        source="DuendeArchive/IdentityServer4#4238, django-oauth/django-oauth-toolkit#846, sfc-gh-bhess/st_oauth#10",
        symptom="The server wants PKCE, and refuses because there is no code challenge.",
        play=Direct(authorize=sent_back("invalid_request", "code+challenge+required")),
        right=Right(says=r"code.challenge", fix=r"PKCE|code_challenge"),
    ),
    Report(
        name="verifier-is-required",
        source="DuendeArchive/IdentityServer4#1695",
        symptom="The token endpoint says invalid_grant, because the code verifier is not there.",
        play=Direct(token=error("invalid_grant", "Missing code_verifier")),
        right=Right(says=r"code_verifier", fix=r"PKCE|code_verifier", never=CODE_BLAMED),
    ),
    Report(
        name="response-type-is-required",
        source="mattrasband/aiohttp-oauth2#3, fireteam/curlish#1, iwonbigbro/gsync#100",
        symptom="The server refuses, because response_type is not in the request.",
        play=Direct(authorize=sent_back("invalid_request", "The+request+must+contain+the+parameter+response_type")),
        right=Right(says=r"response_type", fix=r"response_type=code"),
    ),
    Report(
        name="response-type-is-unsupported-where-none-was-sent",
        source="DuendeArchive/Support#907, doorkeeper-gem/doorkeeper#1092",
        symptom="The server says that it does not support the response type, when the parameter is not there at all.",
        play=Direct(
            authorize=sent_back("unsupported_response_type", "The+server+does+not+support+this+response+type.")
        ),
        right=Right(says=r"response_type", fix=r"response_type=code"),
    ),
    Report(
        name="person-said-no",
        source="dbinfrago/capella-collab-manager#65, thephpleague/oauth2-server-bundle#157, snok/django-auth-adfs#27",
        symptom="The redirect brings access_denied in place of a code, and the client fails over the missing code.",
        play=Direct(
            authorize=sent_back("access_denied", "The+resource+owner+or+authorization+server+denied+the+request.")
        ),
        right=Right(first=("access-denied",), says=r"denied"),
    ),
    Report(
        name="consent-is-required",
        source="MicrosoftDocs/azure-docs#59872, hexclave/hexclave#685",
        symptom="Cancelling at the consent page brings consent_required, which is no code of RFC 6749.",
        play=Direct(authorize=sent_back("consent_required", "AADSTS65004:+User+declined+to+consent")),
        right=Right(says=r"consent", fix=r"consent|log in"),
    ),
    Report(
        name="scope-the-application-does-not-have",
        source="jobisoft/EAS-4-TbSync#209, AdobeDocs/adobeio-auth#74, getmunin/munin#744",
        symptom="The redirect brings invalid_scope, and names the scope that the registration has not got.",
        play=Direct(
            options=("--param", "scope=openid offline_access"),
            authorize=sent_back("invalid_scope", "The+following+scopes+are+invalid:+offline_access"),
        ),
        right=Right(first=("invalid-scope",), says=r"offline_access"),
    ),
    Report(
        name="json-where-a-form-is-read",
        source="discord/discord-api-docs#645, frol/flask-restplus-server-example#95, panva/node-oidc-provider#589",
        symptom="The body went as JSON; the server reads forms only, and misses a field that was sent.",
        play=Direct(
            options=("--body", "json", "--token-param", "grant_type=authorization_code"), token=has("grant_type")
        ),
        right=Right(says=r"JSON", fix=r"--body form"),
    ),
    Report(
        name="grant-type-is-required",
        source="MicrosoftDocs/azure-docs#43780, stashenergy/react-native-msal#59, IdentityServer/IdentityServer3#2512",
        symptom="The token endpoint refuses, because grant_type is not in the body.",
        play=Direct(token=has("grant_type")),
        right=Right(says=r"grant_type", fix=r"grant_type=authorization_code"),
    ),
    Report(
        name="basic-is-required",
        source="spring-attic/spring-authorization-server#286, ruby-oauth/oauth2#445",
        symptom="The server takes client and secret in the Authorization header only, and says invalid_client.",
        play=Direct(token=error("invalid_client", "", 401, 'WWW-Authenticate: Basic realm="token"')),
        right=Right(first=("basic-wanted",), says=r"Basic"),
    ),
    Report(
        name="credentials-that-were-not-seen",
        source="usetrmnl/trmnlp#121",
        symptom="The client ID was sent, in a place where this server does not look, which says that it is required.",
        play=Direct(token=error("invalid_client", "client_id is required.", 401)),
        right=Right(says=r"client_id", never=r"client secret is wrong: "),
    ),
    Report(
        name="code-already-redeemed",
        source="bitly/oauth2_proxy#368, KickEngineering/KickDevDocs#411, AzureAD/microsoft-identity-web#2612",
        symptom="The server says of a fresh code that it was redeemed, though this client sent it once.",
        play=Direct(token=error("invalid_grant", "AADSTS54005: OAuth2 Authorization code was already redeemed")),
        right=Right(says=r"redeemed", never=r"had been sent before|" + SECRET_BLAMED),
    ),
    Report(
        name="token-endpoint-with-a-slash",
        source="freelawproject/courtlistener#7927, goauthentik/authentik#6547",
        symptom="The token endpoint answers 301 to the same path with a slash, and the POST becomes a GET.",
        play=Direct(token=redirect("/api/oauth2/Token/", status=301)),
        right=Right(first=("token-redirected",), says=r"/Token/", never=SECRET_BLAMED),
    ),
    Report(
        name="error-in-a-200",
        source="octokit/auth-oauth-app.js#13, jaredhanson/passport-oauth2#6",
        symptom="The refusal comes with status 200, and the client misses the token without a word of the error.",
        play=Direct(
            token=as_json(
                200, {"error": "bad_verification_code", "error_description": "The code is incorrect or expired."}
            )
        ),
        right=Right(says=r"bad_verification_code", never=r"say that it expired|within a minute"),
    ),
    Report(
        name="error-in-a-200-in-other-words",
        source="casdoor/casdoor#314, casdoor/casdoor#2964",
        symptom="The refusal comes with status 200, as status and msg, and the client only misses the token.",
        play=Direct(token=as_json(200, {"status": "error", "msg": "client_secret is invalid", "data": None})),
        right=Right(says=r"client_secret is invalid"),
    ),
    Report(
        name="error-in-the-place-of-the-token",
        source="casdoor/casdoor#662",
        symptom="The words of the refusal stand where the token belongs, and are taken for one.",
        play=Direct(token=issues(access_token="error: invalid client_secret", token_type="", expires_in=0, scope="")),
        right=Right(outcome=("token-refused", "response-invalid"), says=r"error: invalid client_secret|invalid client"),
    ),
    Report(
        name="error-in-a-200-as-a-form",
        source="cmd-johnson/deno-oauth2-client#25",
        symptom="The refusal comes with status 200 and as a form, and the client only says that it is no JSON.",
        play=Direct(
            token=says(
                200, "error=incorrect_client_credentials&error_description=The+client_secret+is+incorrect.", kind=FORM
            )
        ),
        right=Right(says=r"incorrect_client_credentials", never=r"token-not-json|token-other-format"),
    ),
    Report(
        name="several-secrets",
        source="XeroAPI/xero-ruby-oauth2-app#3",
        symptom="There are several secrets, the one in use is not the one in the file, and the code is suspected.",
        play=Direct(token=error("invalid_client", status=401)),
        right=Right(says=r"secret", fix=r"secret", never=CODE_BLAMED),
    ),
    Report(
        name="variable-with-a-space-in-its-name",
        source="intuit/oauth-rubyclient#14",
        symptom="The name of the variable with the secret was misspelt by a space, so that no secret was sent.",
        play=Direct(secret="", variables={"AIRISK_CLIENT_SECRET ": SECRET}),
        right=Right(exit=2, tells=r"secret", sent_code=None),
    ),
    Report(
        name="token-endpoint-that-is-a-web-page",
        source="requests/requests-oauthlib#324, microsoftgraph/msgraph-sample-pythondjangoapp#12",
        symptom="The path of the token endpoint is wrong; a page answers, and the client misses the token.",
        play=Direct(token=says(200, "<!DOCTYPE html><html><title>Welcome</title><p>Hello</p></html>", kind=HTML)),
        right=Right(says=r"web page|HTML|page", never=SECRET_BLAMED + "|" + CODE_BLAMED),
    ),
    Report(
        name="token-endpoint-fails",
        source="mattermost/mattermost#10924",
        symptom="The token endpoint answers 500 with a page, and the client only says that the login failed.",
        play=Direct(token=page(500, "<title>500</title><h1>Internal Server Error</h1>")),
        right=Right(says=r"500|failed inside", never=SECRET_BLAMED + "|" + CODE_BLAMED),
    ),
    Report(
        name="token-of-the-future",
        source="tailscale/tsidp#73, lexik/LexikJWTAuthenticationBundle#286, ory/hydra#1542",
        symptom="The server's clock is ahead, so that its fresh tokens are not valid yet.",
        play=Direct(token=issues(access_token=jwt(sub="7", nbf=lambda now: int(now) + 120), **END)),
        right=Right(first=("jwt-not-yet-valid",), says=r"clock"),
    ),
    Report(
        name="clocks-that-differ",
        source="arcao/Geocaching4Locus#26",
        symptom="The login fails on machines whose clock is an hour off, and no message says so.",
        play=Direct(token=an_hour_ahead),
        right=Right(says=r"clock", tells=r"clock-skew"),
    ),
    Report(
        name="gateway-does-not-find-the-server-behind-it",
        source="pingidentity/pingidentity-devops-getting-started#335",
        symptom="What answers is a gateway, which says that the name of the server behind it cannot be resolved.",
        play=Direct(
            token=says(
                400,
                "An error occured while connecting to the server: DNS lookup failed for URL: https://inner:9031/as/token",
            )
        ),
        right=Right(says=r"DNS lookup failed", never=rf"{SECRET_BLAMED}|{CODE_BLAMED}"),
    ),
    Report(
        name="reply-address-differs-under-invalid-client",
        source="AzureAD/microsoft-authentication-library-for-js#5321",
        symptom="invalid_client is the code, and the words say that the two redirect URIs differ.",
        play=Direct(
            token=error(
                "invalid_client",
                "AADSTS500112: The reply address 'http://127.0.0.1:8765/callback' does not match the reply address "
                "'http://127.0.0.1:8765/signin-oidc' provided when requesting Authorization code.",
                401,
            )
        ),
        right=Right(says=r"redirect.uri|reply address", fix=r"redirect", never=SECRET_BLAMED),
    ),
    Report(
        name="reply-address-lacks-a-slash",
        source="AngellusMortis/django_microsoft_auth#427, jasonjoh/dotnet-tutorial#4",
        symptom="The login shows a page: the requested address has no slash at its end, as the registered one has.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>Sign in</h1><p>AADSTS50011: The reply URL specified in the request does not match the reply URLs "
                "configured for the application. More details: Reply address did not match because requested address did not "
                "have a trailing slash.</p></body>",
            )
        ),
        right=Right(
            says=r"redirect URI|reply", fix=r"--redirect-uri|redirect URI", never=r"log ?in there|client-unknown"
        ),
    ),
    Report(
        name="client-not-found-in-the-body",
        source="zfcampus/zf-oauth2#106, bshaffer/oauth2-server-php#903",
        symptom="Client and secret were sent, and the server finds them neither in the headers nor in the body.",
        play=Direct(
            token=problem(400, "invalid_client", detail="Client credentials were not found in the headers or body")
        ),
        right=Right(
            says=r"not found|did not find|not read|could not read",
            fix=r"basic|json|--encoding",
            never=r"secret is wrong",
        ),
    ),
    Report(
        name="client-id-is-looked-for-in-the-body",
        source="WP-API/OAuth2#81",
        symptom="Client and secret went in the Authorization header, and the server misses the client ID.",
        play=Direct(
            options=("--field", "client_auth=basic"),
            token=as_json(
                400, {"code": "oauth2.endpoints.token.missing", "message": "Missing parameter(s): client_id"}
            ),
        ),
        right=Right(says=r"client_id", fix=r"body", never=r"secret is wrong"),
    ),
    Report(
        name="secret-is-encoded-in-the-header",
        source="usebruno/bruno#6194, panva/openid-client#134, postmanlabs/postman-app-support#11850",
        symptom="The secret holds + and %, is encoded in the header as the RFC says, and the server does not decode it.",
        play=Direct(
            options=("--field", "client_auth=basic"), secret="a+b/c%d:e$", token=error("invalid_client", "", 401)
        ),
        right=Right(tells=r"encod", says=r"secret", fix=r"--client-auth post|encod"),
    ),
    Report(
        name="unauthorized-client-means-the-secret",
        source="SalesforceCommerceCloud/b2c-developer-tooling#551",
        symptom="The server says unauthorized_client, and means that it could not authenticate the client.",
        play=Direct(token=error("unauthorized_client", "Unexpected error when authenticating client")),
        right=Right(says=r"authenticat|secret", never=r"registered without the authorization-code grant"),
    ),
    Report(
        name="state-is-too-long",
        source="casdoor/casdoor#2498, ctftime/ctftime.org#178, mattermost/mattermost#9339",
        symptom="The server takes states up to a certain length only, and calls every longer one invalid.",
        play=Direct(options=("--state", "s" * 300), authorize=as_json(400, {"message": "invalid state"})),
        right=Right(says=r"state", fix=r"state", never=r"client-unknown|There is no application"),
    ),
    Report(
        name="user-not-assigned-to-the-application",
        source="okta/samples-js-angular#184",
        symptom="Somebody who is logged in is not assigned to this application, and access_denied comes back.",
        play=Direct(authorize=sent_back("access_denied", "User is not assigned to the client application.")),
        right=Right(says=r"assigned", fix=r"administrator|assign", never=r"approve on the consent page"),
    ),
    Report(
        name="verifier-does-not-fit-the-challenge",
        source="openiddict/openiddict-core#1225, auth0/express-openid-connect#299",
        symptom="The server says invalid_grant, and names the code verifier as what is invalid.",
        play=Direct(
            options=("--field", "pkce=true"), token=error("invalid_grant", "The specified 'code_verifier' is invalid.")
        ),
        right=Right(says=r"verifier|challenge|PKCE", never=CODE_BLAMED),
    ),
    Report(
        name="login-session-expired-as-temporarily-unavailable",
        source="apache/apisix#13776, apache/apisix#13788",
        symptom="The login page was left open too long, and temporarily_unavailable comes back: authentication_expired.",
        play=Direct(authorize=sent_back("temporarily_unavailable", "authentication_expired")),
        right=Right(says=r"expired", fix=r"run again", never=r"overloaded or in maintenance"),
    ),
    Report(
        name="proof-of-possession-is-wanted",
        source="authts/oidc-client-ts#1569, eu-digital-identity-wallet/eudi-lib-jvm-openid4vci-kt#330",
        symptom="The server wants a proof of possession (DPoP) with a nonce, which the client does not send.",
        play=Direct(
            token=error(
                "use_dpop_nonce",
                "Authorization server requires nonce in DPoP proof",
                400,
                "DPoP-Nonce: eyJ7S_zG.eyJH0-Z",
            )
        ),
        right=Right(
            says=r"DPoP",
            never=rf"requires the field|token-param nonce|--param nonce|{SECRET_BLAMED}|{CODE_BLAMED}|params\.nonce|--field nonce",
        ),
    ),
    Report(
        name="second-factor-is-wanted-at-the-token-endpoint",
        source="auth0/passport-azure-ad-oauth2#33, AzureAD/azure-activedirectory-library-for-nodejs#151",
        symptom="Only the token endpoint says interaction_required: a second factor is wanted for this resource.",
        play=Direct(
            token=error(
                "interaction_required",
                "AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, "
                "you must use multi-factor authentication to access '7b9c'.",
            )
        ),
        right=Right(
            says=r"interaction_required|multi-factor", fix=r"browser|log in", never=rf"{SECRET_BLAMED}|{CODE_BLAMED}"
        ),
    ),
    Report(
        name="variable-that-was-not-filled-in",
        source="oauth2-proxy/oauth2-proxy#1382",
        symptom="The configuration does not fill variables in, so the secret that is sent is the variable's name.",
        play=Direct(
            secret="${KEYCLOAK_CLIENT_SECRET}", token=error("unauthorized_client", "Invalid client secret", 401)
        ),
        right=Right(says=r"placeholder|variable|not filled in"),
    ),
    Report(
        name="placeholder-of-a-document",
        source="CiscoPSIRT/openVulnQuery#30",
        symptom="The secret is what stood in the example, between angle brackets.",
        play=Direct(secret="<your-client-secret>", token=error("invalid_client", "", 401)),
        right=Right(says=r"placeholder|not filled in|example"),
    ),
    Report(
        name="restart-the-process-says-the-redirect",
        source="better-auth/better-auth#9788",
        symptom="The redirect brings a code of the server's own, which asks to begin anew.",
        play=Direct(authorize=sent_back("please_restart_the_process", "")),
        right=Right(says=r"please_restart_the_process", fix=r"run again", never=r"client-unknown"),
    ),
    Report(
        name="application-is-denied-to-this-person",
        source="abisek/salesforce-elf-browser#9",
        symptom="The redirect says OAUTH_APP_ACCESS_DENIED: the person was never approved for the application.",
        play=Direct(authorize=sent_back("OAUTH_APP_ACCESS_DENIED", "user+is+not+admin+approved+to+access+this+app")),
        right=Right(
            says=r"OAUTH_APP_ACCESS_DENIED", fix=r"administrator", never=r"client-unknown|approve on the consent"
        ),
    ),
    Report(
        name="error-of-the-token-endpoint-in-a-redirect",
        source="dotnet/aspnetcore#32153",
        symptom="The token endpoint reports its errors by a redirect to the redirect URI, which a client follows.",
        play=Direct(token=redirect(f"{URI}?error=invalid_scope")),
        right=Right(says=r"invalid_scope", fix=r"scope", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}|base URL"),
    ),
    Report(
        name="developer-page-over-the-content-type",
        source="DuendeArchive/IdentityServer4#1371",
        symptom="JSON is sent where a form is read, and the server's page for developers tells the exception.",
        play=Direct(
            options=("--body", "json"),
            token=says(
                500,
                "System.InvalidOperationException: Incorrect Content-Type: application/json\n   at Microsoft.AspNetCore.Http."
                "Features.FormFeature.InnerReadFormAsync(CancellationToken cancellationToken)\n",
                "Server: Kestrel",
            ),
        ),
        right=Right(says=r"encoding json|Content-Type", fix=r"--body form", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
    Report(
        name="content-type-is-named-in-the-words",
        source="openiddict/openiddict-core#745",
        symptom="The token request is JSON, and the server says that it takes no such Content-Type.",
        play=Direct(
            options=("--body", "json"),
            token=error(
                "invalid_request",
                "The token request was rejected because an invalid 'Content-Type' header was specified: application/json.",
            ),
        ),
        right=Right(first=("encoding-unsupported",), fix=r"--body form", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
    Report(
        name="multipart-is-not-read",
        source="DuendeArchive/Support#168, DuendeArchive/IdentityServer4#4340",
        symptom="The request is multipart, and after an update of the server nothing more than invalid_request comes.",
        play=Direct(options=("--body", "multipart"), token=error("invalid_request")),
        right=Right(tells=r"multipart", fix=r"--body form", never=rf"{CODE_BLAMED}|{SECRET_BLAMED}"),
    ),
    Report(
        name="plus-in-the-secret-and-basic",
        source="DuendeArchive/IdentityServer4#2086, spring-attic/spring-authorization-server#1895",
        symptom="The secret holds a plus sign, Basic is refused, and the same secret in the body is taken.",
        play=Direct(
            secret="Abcd+1234/5678==",
            options=("--client-auth", "basic"),
            token=only_if(
                lambda asked: "client_secret" in asked.fields, documented_token, error("invalid_client", status=401)
            ),
        ),
        right=Right(says=r"Basic", fix=r"--client-auth post", tells=r"encod|plus|\+|body"),
    ),
    Report(
        name="verifier-that-does-not-fit",
        source="DuendeArchive/Support#498, googleapis/google-api-java-client#1479",
        symptom="The authorization request had another challenge than the verifier of the token request.",
        play=Direct(
            options=("--pkce", "on"),
            token=error("invalid_grant", "Transformed code verifier does not match code challenge"),
        ),
        right=Right(says=r"verifier|PKCE|challenge", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
    Report(
        name="issuer-of-the-code-is-not-valid",
        source="abpframework/abp#18658",
        symptom="Code and token request reach the server under two addresses, and it refuses by the issuer.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "The issuer associated to the specified token is not valid.",
                    "error_uri": "https://documentation.openiddict.com/errors/ID2088",
                },
            )
        ),
        right=Right(
            says=r"issuer",
            fix=r"issuer|X-Forwarded|address",
            never=r"gives no reason|nothing is decoded|client-refused",
        ),
    ),
    Report(
        name="callback-that-is-not-registered-is-an-invalid-client",
        source="druxt/quickstart#146",
        symptom="The port moved to the next free one; the server calls the callback that it does not know invalid_client.",
        play=Direct(authorize=error("invalid_client", "Client authentication failed", 401)),
        right=Right(says=r"client", tells=r"redirect[_ ]URI", never=r"secret is wrong|wrong secret"),
    ),
    Report(
        name="redirect-uri-with-an-escaped-ampersand",
        source="kettari/authgoogle#6",
        symptom="The redirect URI was copied out of a page's source, with &amp; in it, and is not the registered one.",
        play=Direct(
            redirect_uri="http://127.0.0.1:8765/callback?id=start&amp;do=login",
            authorize=page(
                400,
                "<title>Error 400</title><p><b>Error: redirect_uri_mismatch</b></p><p>The redirect URI in the request: "
                "http://127.0.0.1:8765/callback?id=start&amp;amp;do=login did not match a registered redirect URI</p>",
            ),
        ),
        right=Right(says=r"redirect[_ ]URI", fix=r"id=start&do=login", never=r"client-unknown|--client-id"),
    ),
    Report(
        name="ampersand-in-the-path-of-the-redirect-uri",
        source="okta/samples-nodejs-express-4#127",
        symptom="By a slip the redirect URI has &state= where a query would begin; the server does not know it.",
        play=Direct(
            redirect_uri="http://127.0.0.1:8765/authorization-code/callback&tab=1",
            authorize=page(
                400,
                "<title>Error</title><h1>400</h1><p>Your request resulted in an error. The 'redirect_uri' parameter must be a "
                "Login redirect URI in the client app settings</p>",
            ),
        ),
        right=Right(says=r"redirect[_ ]URI", fix=r"regist|redirect", never=r"client-unknown|unknown `?client"),
    ),
    Report(
        name="query-of-the-redirect-uri-is-not-read",
        source="meteor/meteor#4618",
        symptom="The redirect URI ends in ?close, a parameter without a value, and the server takes that for no query.",
        play=Direct(
            redirect_uri="http://127.0.0.1:8765/callback?close",
            authorize=says(
                400,
                'Invalid redirect_uri: "http://127.0.0.1:8765/callback?close": Invalid query string: Not valid '
                '"x-www-form-urlencoded" data: "close".',
            ),
        ),
        right=Right(
            says=r"redirect_uri",
            tells=r"query|close",
            never=r"not among the URIs|have exactly|client-unknown|unknown `?client",
        ),
    ),
    Report(
        name="code-of-another-instance-in-a-text",
        source="DuendeArchive/Support#635",
        symptom="Codes are kept in the memory of each of three instances, and the exchange mostly comes to another one.",
        play=Direct(
            authorize=redirect(
                "{uri}?code={code}&state={state}", "Set-Cookie: ARRAffinity=0af7651916cd43dd; Path=/; HttpOnly"
            ),
            token=only_if(
                lambda asked: "ARRAffinity" in asked.headers.get("cookie", ""),
                documented_token,
                says(400, "Invalid Code"),
            ),
        ),
        right=Right(says=r"instance", fix=r"--carry-cookies", never=SECRET_BLAMED),
    ),
    Report(
        name="specified-token-is-invalid",
        source="openiddict/openiddict-core#1892",
        symptom="The token request comes to another pod, which has not the keys that the code was protected with.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "The specified token is invalid.",
                    "error_uri": "https://documentation.openiddict.com/errors/ID2004",
                },
            )
        ),
        right=Right(says=r"instance", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
    Report(
        name="redirection-uri-of-step-one-is-another",
        source="okta/okta-aspnet#173",
        symptom="The server says that the redirect URI is not that of the authorization request, though it is.",
        play=Direct(
            token=error(
                "invalid_grant",
                "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
            )
        ),
        right=Right(says=r"redirect_uri", never=rf"{SECRET_BLAMED}|code-expired|code-reused"),
    ),
    Report(
        name="refusal-of-a-person-that-names-a-parameter",
        source="spring-attic/spring-authorization-server#611, spring-attic/spring-authorization-server#1958",
        symptom="Somebody presses Cancel, and the words beside access_denied name client_id, which has nothing to do with it.",
        play=Direct(authorize=sent_back("access_denied", "OAuth%202.0%20Parameter%3A%20client_id")),
        right=Right(
            says=r"consent page|person",
            never=r"name no part|client ID .{0,40}(wrong|unknown|registered)|set --client-id",
        ),
    ),
    Report(
        name="redirect-uri-parameter-is-not-valid-in-lines",
        source="fullstackproltd/AspNetCoreSpa#189",
        symptom="A page in plain lines has the error and its description: the redirect URI has a slash too many.",
        play=Direct(
            authorize=says(
                400,
                "error:invalid_request\nerror_description:The specified 'redirect_uri' parameter is not valid for this client "
                "application.",
            )
        ),
        right=Right(says=r"redirect URI", fix=r"character by character", never=r"client-unknown|unknown `?client"),
    ),
    Report(
        name="client-is-unknown-says-the-redirect",
        source="authlib/authlib#792",
        symptom="The authorization endpoint sends the browser back with invalid_client, which RFC 6749 does not list there.",
        play=Direct(authorize=redirect("{uri}?error=invalid_client&state={state}")),
        right=Right(says=r"client", fix=r"--client-id", never=SECRET_BLAMED),
    ),
    Report(
        name="malformed-or-not-matching",
        source="Zverik/cli-oauth2#2",
        symptom="The page says that the redirect URI is malformed, or does not match the client's.",
        play=Direct(
            authorize=page(
                400,
                "<title>Error</title><h1>An error has occurred</h1><p>The requested redirect uri is malformed or doesn't match client "
                "redirect URI.</p>",
            )
        ),
        right=Right(says=r"registered", fix=r"--redirect-uri|regist", never=r"does not read it as|client-unknown"),
    ),
    Report(
        name="redirect-uri-of-the-manual-way",
        source="earendil-works/pi#2171",
        symptom="The code came to one redirect URI, and another one is sent for the exchange; here both are the same.",
        play=Direct(token=error("invalid_grant", "Invalid 'redirect_uri' in request.")),
        right=Right(
            says=r"redirect_uri", fix=r"--redirect-uri|regist", never=rf"{SECRET_BLAMED}|code-expired|code-reused"
        ),
    ),
)
