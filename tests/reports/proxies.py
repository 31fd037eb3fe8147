"""What stands before the server answers in its place: proxies, routers, login filters, networks for content, and error pages."""

from __future__ import annotations

from tests.reports.answers import as_json, documented_token, only_if, page, redirect, says
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED
from tests.reports.report import Asked, Direct, Report, Right

NOT_THE_CLIENT = r"client-unknown|There is no application"
NEITHER = rf"{SECRET_BLAMED}|{CODE_BLAMED}"
ROUTER = says(404, "404 page not found\n", "X-Content-Type-Options: nosniff")
"""A router in Go (net/http), such as Traefik, that has no route for the path."""


def with_one_client_id(asked: Asked) -> bool:
    return asked.target.count("client_id=") == 1


REPORTS = (
    Report(
        name="router-without-a-route-for-the-login",
        source="thomseddon/traefik-forward-auth#360, lukaszraczylo/traefikoidc#123",
        symptom="The router in front has no route for the path of the login, and answers with four words.",
        play=Direct(authorize=ROUTER),
        right=Right(says=r"Traefik|router|route", fix=r"base|path|administrator|operator", never=NOT_THE_CLIENT),
    ),
    Report(
        name="router-without-a-route-for-the-token",
        source="sevensolutions/traefik-oidc-auth#15, goauthentik/authentik#3305",
        symptom="The login works, and the router in front has no route for the token endpoint.",
        play=Direct(token=ROUTER),
        right=Right(says=r"Traefik|router|route", fix=r"path|administrator|operator", never=NEITHER),
    ),
    Report(
        name="filter-says-that-the-flow-failed",
        source="envoyproxy/envoy#19478, istio/istio#47572",
        symptom="A filter in front has a login of its own, and says in three words that it failed.",
        play=Direct(authorize=says(401, "OAuth flow failed.", "Server: envoy")),
        right=Right(says=r"OAuth flow failed|Envoy", fix=r"administrator|operator|in front", never=NOT_THE_CLIENT),
    ),
    Report(
        name="cookies-must-be-enabled",
        source="obot-platform/mcp-oauth-proxy#26",
        symptom="The token request went to a path for browsers, which asks for cookies.",
        play=Direct(token=says(403, "Cookies must be enabled to use this site.")),
        right=Right(says=r"Cookies must be enabled", fix=r"path|token|administrator|operator", never=NEITHER),
    ),
    Report(
        name="agent-is-blocked-by-a-network-for-content",
        source="openstreetmap/operations#1339",
        symptom="The network in front blocks a User-Agent, and answers with a page of its cache.",
        play=Direct(
            token=page(
                403,
                "<head><title>403 Forbidden</title></head><body><h1>Error 403 Forbidden</h1><p>Forbidden</p><h3>Error 54113</h3>"
                "<p>Details: cache-fra-etou8220064-FRA 1741420000 2914577263</p><hr><p>Varnish cache server</p></body>",
                "Via: 1.1 varnish",
                "X-Served-By: cache-fra-etou8220064-FRA",
            )
        ),
        right=Right(
            says=r"Varnish|Fastly|cache|in front",
            fix=r"User-Agent|administrator|operator|network",
            never=NEITHER,
        ),
    ),
    Report(
        name="attention-required",
        source="aio-libs/aiohttp#10141",
        symptom="The login page is behind a check for browsers: attention required.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>Attention Required! | Cloudflare</title></head><body><div data-translate=enable_cookies>Please enable "
                "cookies.</div><h1>Sorry, you have been blocked</h1><h2>You are unable to access airisk.example.com</h2></body>",
                "Server: cloudflare",
                "CF-RAY: 8f0a1b2c3d4e5f60-FRA",
            )
        ),
        right=Right(says=r"Cloudflare|blocked", fix=r"let through|administrator|browser", never=NOT_THE_CLIENT),
    ),
    Report(
        name="token-endpoint-moves-to-https",
        source="fosrl/pangolin#3536",
        symptom="The addresses are written with http; the server moves the token request to https, where it comes without its fields.",
        play=Direct(token=redirect("https://{host}/api/oauth2/Token", status=301)),
        right=Right(says=r"https", fix=r"https", never=NEITHER),
    ),
    Report(
        name="resource-was-removed-says-iis",
        source="aspnet/IISIntegration#575",
        symptom="The web server refuses a path with a plus in it, and says that the resource was removed.",
        play=Direct(
            token=says(
                404,
                "The resource you are looking for has been removed, had its name changed, or is temporarily unavailable.",
                "Server: Microsoft-IIS/10.0",
                kind="text/html",
            )
        ),
        right=Right(says=r"IIS|404|path", fix=r"path|administrator|operator|base", never=NEITHER),
    ),
    Report(
        name="correlation-failed",
        source="dotnet/aspnetcore#48041, okta/samples-aspnetcore#33, aspnet/Security#1839",
        symptom="The server's own login ends on an error page: Correlation failed.",
        play=Direct(
            authorize=page(
                500,
                "<head><title>Internal Server Error</title></head><body><h1>An unhandled exception occurred while processing the "
                "request.</h1><div>AuthenticationFailureException: Correlation failed.</div><p>Unknown location</p><div>"
                "AuthenticationFailureException: An error was encountered while handling the remote login.</div></body>",
            )
        ),
        right=Right(says=r"Correlation failed", fix=r"cookie|private|administrator|tab", never=NOT_THE_CLIENT),
    ),
    Report(
        name="server-error-that-means-the-redirect-uri",
        source="cloudflare/workers-oauth-provider#154, cloudflare/mcp#44",
        symptom="A client with a port of its own is answered 500, and a page says that the redirect URI is not registered.",
        play=Direct(
            authorize=page(
                500,
                "<title>Server Error</title><h1>Server Error</h1><p>Invalid redirect URI. The redirect URI provided does not match any "
                "registered URI for this client.</p><p>Error ID: 2f1c9a</p>",
            )
        ),
        right=Right(says=r"redirect.uri", fix=r"redirect.uri", never=rf"{NOT_THE_CLIENT}|error of its own"),
    ),
    Report(
        name="unregistered-redirect-uri",
        source="honojs/middleware#1823, getsentry/sentry-mcp#1190, ProfessionalWiki/MediaWiki-MCP-Server#452",
        symptom="The redirect URI is registered without its port, which the server compares all the same.",
        play=Direct(
            authorize=as_json(400, {"error": "invalid_request", "error_description": "Unregistered redirect_uri"})
        ),
        right=Right(says=r"redirect.uri", fix=r"redirect.uri", never=NOT_THE_CLIENT),
    ),
    Report(
        name="error-page-at-an-address-of-its-own",
        source="atlassian/atlassian-mcp-server#246",
        symptom="The server goes to its own page for errors, whose address says that the redirect URI is not registered.",
        play=Direct(
            authorize=redirect(
                "https://id.example.com/error?error=unauthorized_client&error_description=redirect_uri%20is%20not%20registered%20for"
                "%20client%3A%20http%3A%2F%2F127.0.0.1%3A8765"
            )
        ),
        right=Right(
            says=r"redirect.uri", fix=r"redirect.uri", never=rf"{NOT_THE_CLIENT}|authorization-code grant|sent the code"
        ),
    ),
    Report(
        name="mismatch-as-a-query-in-the-body",
        source="cognizant-ai-lab/nsflow#233",
        symptom="The body of the refusal is written like a query: redirect_uri_mismatch and its description.",
        play=Direct(
            authorize=says(
                400,
                "error=redirect_uri_mismatch&error_description=redirect_uri%20must%20match%20configuration",
                kind="text/html",
            )
        ),
        right=Right(says=r"redirect.uri", fix=r"redirect.uri", never=NOT_THE_CLIENT),
    ),
    Report(
        name="unknown-client-on-a-page-with-the-request",
        source="ncw/oauthproxy#1",
        symptom="A page says that the client ID is unknown, and lists the whole request below.",
        play=Direct(
            authorize=page(
                400,
                "<h1>Error Summary</h1><p>400 Bad Request</p><p>Unknown client_id</p><h2>Request Details</h2><ul><li>client_id=demo-app"
                "</li><li>redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback</li><li>response_type=code</li><li>state={state}</li>"
                "</ul>",
            )
        ),
        right=Right(says=r"client.id", fix=r"client.id", never=r"redirect-uri-|lacks"),
    ),
    Report(
        name="client-id-that-the-endpoint-has-already",
        source="usebruno/bruno#8933",
        symptom="A whole address was given as the authorization endpoint, with another client ID in it, so that there are two.",
        play=Direct(
            options=("--field", "authorize_path=/api/oauth2?client_id=old-app"),
            authorize=only_if(
                with_one_client_id,
                redirect(),
                as_json(400, {"error": "invalid_request", "error_description": "duplicate parameter"}),
            ),
            token=documented_token,
        ),
        right=Right(
            first=("parameter-sent-twice",), says=r"client_id", fix=r"authorize_path", never=r"--param client_id"
        ),
    ),
    Report(
        name="proxy-wants-a-certificate-of-the-client",
        source="kubernetes/ingress-nginx#7176, oauth2-proxy/oauth2-proxy#1339",
        symptom="The proxy in front demands a certificate of the client, and says in a page that none came.",
        play=Direct(
            authorize=page(
                400,
                "<head><title>400 No required SSL certificate was sent</title></head><body><center><h1>400 Bad Request</h1></center>"
                "<center>No required SSL certificate was sent</center><hr><center>nginx/1.18.0</center></body>",
                "Server: nginx/1.18.0",
            )
        ),
        right=Right(
            says=r"certificate",
            fix=r"certificate|administrator|operator|whoever runs it",
            never=NOT_THE_CLIENT,
            sent_code=None,
        ),
    ),
    Report(
        name="recording-proxy-refuses-the-certificate",
        source="mitmproxy/mitmproxy#6928",
        symptom="A proxy that reads the traffic does not trust the server's certificate, and answers 502 in its place.",
        play=Direct(
            token=page(
                502,
                "<head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><p>Certificate verify failed: unable to get "
                "local issuer certificate</p></body>",
                "Server: mitmproxy 10.3.0",
            )
        ),
        right=Right(
            says=r"certificate|in front|proxy|mitmproxy",
            tells=r"local issuer",
            fix=r"proxy|administrator|operator",
            never=NEITHER,
        ),
    ),
)
