"""Something in front of the server answered, and said so."""

from __future__ import annotations

from tests.reports.answers import as_json, hangs_up, page, redirect, says
from tests.reports.report import Direct, Report, Right

NOT_THE_CLIENT = r"client-unknown|client-refused|unknown `?client|wrong secret|--client-id|AIRISK_CLIENT_SECRET"
ADDRESS = r"address|network|VPN"
ASCII_HTML = "text/html; charset=us-ascii"


def http_sys(title: str, body: str) -> str:
    """A page of Windows' own HTTP server."""
    return f"<html><head><title>{title}</title></head><body><h2>{title} - {body}</h2><hr><p>HTTP Error. {body}.</p></body></html>"


def iis(number: str, title: str, words: str) -> str:
    """A detailed page of IIS."""
    return (
        f"<!DOCTYPE html><html><head><title>IIS 10.0 Detailed Error - {number} - {title}</title></head><body>"
        f"<h1>HTTP Error {number} - {title}</h1><h3>{words}</h3></body></html>"
    )


REPORTS = (
    Report(
        name="ip-forbidden-at-authorize",
        source="microsoft/clarity#1133, MicrosoftDocs/azure-docs#35960",
        symptom="An access restriction of the platform refuses this address, and the page looks like a stopped app.",
        play=Direct(
            authorize=page(
                "403 Ip Forbidden",
                "<head><title>Web App - Unavailable</title></head><body><h1>Error 403 - Forbidden</h1><p>The web app you have "
                "attempted to reach has blocked your access.</p></body>",
                "x-ms-forbidden-ip: 203.0.113.9",
            )
        ),
        right=Right(says=ADDRESS, fix=ADDRESS, never=rf"stopped|{NOT_THE_CLIENT}"),
    ),
    Report(
        name="ip-forbidden-at-token",
        source="Azure/ipam#370, MicrosoftDocs/azure-docs#35960",
        symptom="The browser is let in and the program is not: the token request comes from an address that is restricted.",
        play=Direct(
            token=page(
                "403 Ip Forbidden",
                "<head><title>Web App - Unavailable</title></head><body><h1>Error 403 - Forbidden</h1></body>",
                "x-ms-forbidden-ip: 203.0.113.9",
            )
        ),
        right=Right(says=ADDRESS, never=rf"stopped|{NOT_THE_CLIENT}", outcome=("token-refused",)),
    ),
    Report(
        name="app-stopped",
        source="projectkudu/AzureResourceExplorer#327",
        symptom="The platform answers 403 because the web app is stopped.",
        play=Direct(
            authorize=page(
                "403 Site Disabled",
                "<head><title>Web App - Unavailable</title></head><body><h1>Error 403 - This web app is stopped.</h1></body>",
            )
        ),
        right=Right(says=r"stopped|switched off", fix=r"start"),
    ),
    Report(
        name="negotiate-at-token",
        source="DuendeArchive/IdentityServer4#891, nbayramberdiyev/grafana-generic-oauth#3",
        symptom="Windows authentication is on for the whole site, and the token request gets a 401.",
        play=Direct(token=says(401, "", "WWW-Authenticate: Negotiate", "WWW-Authenticate: NTLM", kind="text/html")),
        right=Right(says=r"Negotiate|NTLM|Windows", never=r"client-refused"),
    ),
    Report(
        name="negotiate-at-authorize",
        source="microsoft/IIS.Administration#173, danxfisher/MeetEasier#4",
        symptom="The 401 asks for Windows credentials before the application is asked at all.",
        play=Direct(
            authorize=says(
                401,
                "",
                "Server: Microsoft-HTTPAPI/2.0",
                "WWW-Authenticate: Negotiate",
                "WWW-Authenticate: NTLM",
                kind="",
            )
        ),
        right=Right(says=r"Negotiate|NTLM|Windows", never=NOT_THE_CLIENT),
    ),
    Report(
        name="basic-at-authorize",
        source="sensu/uchiwa#559, halo-dev/halo#6685",
        symptom="A proxy with a password of its own stands in front of the whole application.",
        play=Direct(
            authorize=page(
                401,
                "<head><title>401 Authorization Required</title></head><body><center><h1>401 Authorization Required</h1></center>"
                "<hr><center>nginx/1.27.0</center></body>",
                'WWW-Authenticate: Basic realm="Staging"',
            )
        ),
        right=Right(says=r"Basic|Staging|password", never=NOT_THE_CLIENT),
    ),
    Report(
        name="basic-at-token",
        source="sensu/uchiwa#559, WordPress/application-passwords#141",
        symptom="Only the token endpoint lies behind the proxy's password.",
        play=Direct(
            token=page(
                401,
                "<head><title>401 Authorization Required</title></head><body><hr><center>nginx/1.27.0</center></body>",
                'WWW-Authenticate: Basic realm="Restricted"',
            )
        ),
        right=Right(says=r"Basic|Restricted|proxy", never=r"client-refused", outcome=("token-refused",)),
    ),
    Report(
        name="platform-login-at-token",
        source="AzureAD/microsoft-identity-web#1806, vibber-ai/fastapi-azure-auth#237",
        symptom="The platform's own authentication answers every request without a login by 401, the token request too.",
        play=Direct(
            token=says(
                401,
                "You do not have permission to view this directory or page.",
                'WWW-Authenticate: Bearer realm="airisk.example.com" authorization_uri="https://login.example.com/tenant-1/'
                'oauth2/authorize" resource_id="7b9c"',
            )
        ),
        right=Right(says=r"authorization_uri|login\.example\.com|platform|Easy ?Auth", never=r"client-refused"),
    ),
    Report(
        name="platform-login-at-authorize",
        source="Azure-Samples/active-directory-dotnet-native-aspnetcore-v2#25",
        symptom="After the deployment to the platform a 401 comes without the application being reached.",
        play=Direct(
            authorize=says(
                401,
                "You do not have permission to view this directory or page.",
                'WWW-Authenticate: Bearer realm="airisk.example.com" authorization_uri="https://login.example.com/tenant-1"',
            )
        ),
        right=Right(says=r"authorization_uri|login\.example\.com|platform|Easy ?Auth", never=NOT_THE_CLIENT),
    ),
    Report(
        name="invalid-hostname",
        source="Nfactor26/pixel-identity#83, qoollo/SharpHttpServer#3",
        symptom="The server is asked by its address, and its HTTP server knows it only by name.",
        play=Direct(
            authorize=says(
                400,
                http_sys("Bad Request", "Invalid Hostname"),
                "Server: Microsoft-HTTPAPI/2.0",
                kind=ASCII_HTML,
            )
        ),
        right=Right(says=r"host ?name", fix=r"--base-url|host ?name", never=r"all that it says"),
    ),
    Report(
        name="invalid-hostname-at-token",
        source="aspnet/BasicMiddleware#312, duplicati/duplicati#5471",
        symptom="The application filters hosts, and the token request is answered by 400 with a page about the host name.",
        play=Direct(token=says(400, http_sys("Bad Request", "Invalid Hostname"), kind=ASCII_HTML)),
        right=Right(says=r"host ?name", never=r"all that it says", outcome=("token-refused",)),
    ),
    Report(
        name="query-string-too-long",
        source="aspnetboilerplate/aspnetboilerplate#1641, dotnet/aspnetcore#21743",
        symptom="IIS refuses a long query by 404.15 before the application sees it.",
        play=Direct(
            authorize=says(
                404,
                iis(
                    "404.15",
                    "Not Found",
                    "The request filtering module is configured to deny a request where the query string is too long.",
                ),
                "Server: Microsoft-IIS/10.0",
                kind="text/html",
            ),
            options=("--param", f"claims={'x' * 2100}"),
        ),
        right=Right(says=r"404\.15|too long|query string", never=r"--base-url"),
    ),
    Report(
        name="double-escaping",
        source="link-it/govpay#708",
        symptom="IIS refuses a + in the address by 404.11, a double escape sequence.",
        play=Direct(
            authorize=says(
                404,
                iis(
                    "404.11",
                    "Not Found",
                    "The request filtering module is configured to deny a request that contains a double escape sequence.",
                ),
                "Server: Microsoft-IIS/10.0",
                kind="text/html",
            ),
            options=("--param", "login_hint=ada+test@example.com"),
        ),
        right=Right(says=r"404\.11|double escape|request filtering", never=r"--base-url"),
    ),
    Report(
        name="request-too-long",
        source="IdentityServer/IdentityServer3#2518, aspnet/Security#1419",
        symptom="The HTTP server answers 400, Request Too Long, because of cookies or a long address.",
        play=Direct(
            authorize=says(
                400, http_sys("Bad Request", "Request Too Long"), "Server: Microsoft-HTTPAPI/2.0", kind=ASCII_HTML
            )
        ),
        right=Right(says=r"too (long|large)|header", never=r"all that it says"),
    ),
    Report(
        name="request-header-or-cookie-too-large",
        source="usekaneo/kaneo#1745, zazuko/cube-creator#236",
        symptom="nginx answers 400 in front of the application: a request header or cookie is too large.",
        play=Direct(
            authorize=page(
                400,
                "<head><title>400 Request Header Or Cookie Too Large</title></head><body><center><h1>400 Bad Request</h1></center>"
                "<center>Request Header Or Cookie Too Large</center><hr><center>nginx/1.30.4</center></body>",
                "Server: nginx/1.30.4",
            )
        ),
        right=Right(says=r"too large|cookie|header", never=r"all that it says"),
    ),
    Report(
        name="app-failed-to-start",
        source="dotnet/aspnetcore#9858, MicrosoftDocs/azure-docs#98956",
        symptom="The page says 500.30: the application did not start.",
        play=Direct(
            authorize=page(
                500,
                "<head><title>HTTP Error 500.30 - ASP.NET Core app failed to start</title></head><body><h1>HTTP Error 500.30 - "
                "ASP.NET Core app failed to start</h1><h2>Common solutions to this issue:</h2><ul><li>The app failed to start</li>"
                "</ul></body>",
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"500\.30|did not start|failed to start|not running", never=r"call the redirect URI itself"),
    ),
    Report(
        name="process-failed-at-token",
        source="dotnet/aspnetcore#8980",
        symptom="The page says 502.5: the process behind IIS did not start.",
        play=Direct(
            token=page(
                502,
                "<head><title>HTTP Error 502.5 - ANCM Out-Of-Process Startup Failure</title></head><body><h1>HTTP Error 502.5 - "
                "ANCM Out-Of-Process Startup Failure</h1></body>",
            )
        ),
        right=Right(says=r"502\.5|did not start|not running|startup|starting", outcome=("token-refused",)),
    ),
    Report(
        name="default-backend",
        source="kubernetes/ingress-nginx#6851, nginx/kubernetes-ingress#533",
        symptom="The ingress does not know the host name, and its default backend answers 404.",
        play=Direct(authorize=says(404, "default backend - 404")),
        right=Right(says=r"host ?name|ingress|default backend", fix=r"--base-url|host"),
    ),
    Report(
        name="page-of-a-bare-nginx",
        source="deis/deis#2161, jlengstorf/tutorial-deploy-nodejs-ssl-digitalocean-app#10",
        symptom="A web server that was not configured for the host answers 200 with its welcome page.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1></body>",
                "Server: nginx/1.27",
            )
        ),
        right=Right(says=r"web server|nginx|not the API|leads to", fix=r"--base-url"),
    ),
    Report(
        name="tunnel-warning-at-authorize",
        source="bubenshchykov/ngrok#281, ngrok/ngrok-docs#848",
        symptom="A tunnel shows a page of warning to whoever comes for the first time.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>ngrok</title></head><body><noscript>You are about to visit airisk.example.ngrok-free.app, served by "
                "203.0.113.9. This website is served for free through ngrok.com. (ERR_NGROK_6024)</noscript></body>",
                "ngrok-error-code: ERR_NGROK_6024",
            )
        ),
        right=Right(says=r"ngrok|tunnel", never=r"captive|login page of the network"),
    ),
    Report(
        name="tunnel-without-an-account",
        source="noob-hackers/sneakphish#4",
        symptom="The tunnel serves no page before its owner signs up, and answers with an error of its own.",
        play=Direct(
            authorize=page(
                404,
                "<head><title>ngrok</title></head><body>Before you can serve HTML content, you must sign up. ERR_NGROK_6022</body>",
                "ngrok-error-code: ERR_NGROK_6022",
            )
        ),
        right=Right(says=r"ngrok|tunnel", never=NOT_THE_CLIENT),
    ),
    Report(
        name="challenge-at-token",
        source="openai/codex#16052, KickEngineering/KickDevDocs#148, router-for-me/CLIProxyAPI#1659",
        symptom="A firewall wants a browser to solve a challenge, and the token request cannot.",
        play=Direct(
            token=page(
                403,
                "<head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={cType:'managed'}</script></body>",
                "Server: cloudflare",
                "cf-mitigated: challenge",
                "CF-RAY: 7e80caa84e0c2bd1-FRA",
            )
        ),
        right=Right(
            says=r"cloudflare|challenge|firewall", never=r"client-refused|wrong secret", outcome=("token-refused",)
        ),
    ),
    Report(
        name="firewall-code-1020",
        source="opencollective/opencollective#5910",
        symptom="The token endpoint answers 403 with the firewall's error code 1020, from the cloud only.",
        play=Direct(token=says(403, "error code: 1020", "Server: cloudflare", "CF-RAY: 7e80caa84e0c2bd2-FRA")),
        right=Right(says=r"cloudflare|firewall|1020", never=r"client-refused|wrong secret"),
    ),
    Report(
        name="length-required-at-token",
        source="ilkerccom/bitcrackrandomiser#73",
        symptom="The token request is answered by 411 although it had its length: something in between lost it.",
        play=Direct(
            token=says(
                411,
                http_sys("Length Required", "The request must be chunked or have a content length"),
                "Server: cloudflare",
                kind=ASCII_HTML,
            )
        ),
        right=Right(says=r"411|length", never=r"client-refused|wrong secret|expired", outcome=("token-refused",)),
    ),
    Report(
        name="login-page-in-front-of-token",
        source="n8n-io/n8n#27089, mattermost/mattermost#10924",
        symptom="A page comes where JSON is expected, with a JSON content type.",
        play=Direct(
            token=says(
                200,
                "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form><input type=password></form></body></html>",
                kind="application/json",
            )
        ),
        right=Right(says=r"page|HTML", never=r"no member that could be the token", outcome=("token-refused",)),
    ),
    Report(
        name="hangs-up-on-the-token-request",
        source="forcedotcom/dataloader#1633, dermesser/yup-oauth2#197",
        symptom="The token request is cut off, by something in between.",
        play=Direct(token=hangs_up),
        right=Right(first=("connection-reset",), says=r"firewall|proxy|cut", outcome=("transport",)),
    ),
    Report(
        name="access-gateway-at-token",
        source="stefanko-ch/Nexus-Stack#893, cloudflare/cloudflared#1005",
        symptom="A gateway that wants a login of its own answers the token request by a redirect to its page.",
        play=Direct(
            token=redirect(
                "https://team.cloudflareaccess.example/cdn-cgi/access/login/airisk.example.com?kid=1f&redirect_url=%2F",
                "Server: cloudflare",
                "CF-Access-Domain: airisk.example.com",
            )
        ),
        right=Right(says=r"login|log in", never=r"final address|--base-url https://team", outcome=("token-refused",)),
    ),
    Report(
        name="access-gateway-at-authorize",
        source="cloudflare/cloudflared#498, stefanko-ch/Nexus-Stack#893",
        symptom="The gateway in front sends whoever has no session to its own login, before the server is asked.",
        play=Direct(
            authorize=redirect(
                "https://team.cloudflareaccess.example/cdn-cgi/access/login/airisk.example.com?kid=1f&redirect_url=%2Fapi",
                "Server: cloudflare",
                "CF-Access-Domain: airisk.example.com",
            )
        ),
        right=Right(says=r"gateway|in front", fix=r"browser", never=rf"sent the code|{NOT_THE_CLIENT}"),
    ),
    Report(
        name="firewall-of-an-application-gateway",
        source="AzureAD/microsoft-identity-web#1199, dfe-analytical-services/explore-education-statistics#5365",
        symptom="The firewall of an application gateway takes the request for an attack, and answers 403.",
        play=Direct(
            token=page(
                403,
                "<head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr><center>"
                "Microsoft-Azure-Application-Gateway/v2</center></body>",
                "Server: Microsoft-Azure-Application-Gateway/v2",
            )
        ),
        right=Right(says=r"firewall|application.gateway", never=NOT_THE_CLIENT, outcome=("token-refused",)),
    ),
    Report(
        name="sign-in-page-of-a-login-proxy",
        source="oauth2-proxy/oauth2-proxy#2789, oauth2-proxy/oauth2-proxy#1023",
        symptom="A proxy that logs people in answers the token request by 403 and a page with a button to sign in.",
        play=Direct(
            token=page(
                403,
                '<head><title>Sign In</title></head><body><form method="GET" action="/oauth2/start"><input type="hidden" '
                'name="rd" value="/"><button type="submit">Sign in with the company</button></form></body>',
                "Set-Cookie: _oauth2_proxy=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            )
        ),
        right=Right(says=r"log in|sign in", never=NOT_THE_CLIENT, outcome=("token-refused",)),
    ),
    Report(
        name="reverse-proxy-cannot-reach-the-application",
        source="dotnet/yarp#1625, DuendeArchive/IdentityServer4#1183",
        symptom="The reverse proxy answers 502 without a body, because its address for the application is wrong.",
        play=Direct(token=says(502, "", "Server: Kestrel", kind="")),
        right=Right(says=r"502", tells=r"proxy|gateway|behind", never=NOT_THE_CLIENT),
    ),
    Report(
        name="headers-of-the-redirect-are-too-large",
        source="apache/apisix#10295, vouch/vouch-proxy#426, omab/python-social-auth#527",
        symptom="The login works and then 502 comes: the answer's headers are too large for the proxy in front.",
        play=Direct(
            authorize=page(
                502,
                "<head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx"
                "</center></body>",
                "Server: nginx",
            )
        ),
        right=Right(says=r"headers too large|proxy_buffer", never=NOT_THE_CLIENT),
    ),
    Report(
        name="post-blocked-by-a-module-of-the-web-server",
        source="Implem/Implem.Pleasanter#13, oqtane/oqtane.framework#221, verdaccio/verdaccio#1449",
        symptom="The web server takes no POST at the token's path, since a module of its own claims the methods.",
        play=Direct(
            token=page(
                405,
                "<head><title>405 - HTTP verb used to access this page is not allowed.</title></head><body><h2>405 - HTTP verb "
                "used to access this page is not allowed.</h2></body>",
                "Allow: GET, HEAD, OPTIONS, TRACE",
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(
            says=r"POST", tells=r"GET, HEAD|in front|module|blocks", never=rf"no token endpoint|{NOT_THE_CLIENT}"
        ),
    ),
    Report(
        name="maintenance-page-with-status-200",
        source="Patreon/patreon-wordpress#69, tetsuo-ai/agenc-core#1172",
        symptom="During maintenance a page comes with status 200 where a token was expected.",
        play=Direct(
            token=page(
                200,
                "<head><title>Maintenance</title></head><body><h1>We will be right back</h1><p>Down for maintenance.</p></body>",
            )
        ),
        right=Right(says=r"page", tells=r"maintenance", never=NOT_THE_CLIENT, outcome=("token-refused",)),
    ),
    Report(
        name="process-behind-iis-broke-off",
        source="DuendeArchive/IdentityServer4#5094",
        symptom="IIS says 502.3: the process behind it ended the request in its middle.",
        play=Direct(
            token=page(
                502,
                iis("502.3", "Bad Gateway", "There was a connection error while trying to route the request."),
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"502", tells=r"behind|process|application", never=NOT_THE_CLIENT),
    ),
    Report(
        name="network-wants-a-login",
        source="opencloud-eu/desktop#767, Screenly/Playground#75",
        symptom="A Wi-Fi that wants a login answers in the server's place, and the login of the tool is restarted.",
        play=Direct(
            authorize=page(
                "511 Network Authentication Required",
                '<head><meta http-equiv="refresh" content="0; url=http://login.guest.example.net/"></head><body>Log in</body>',
            )
        ),
        right=Right(says=r"network", fix=r"log in", never=NOT_THE_CLIENT),
    ),
    Report(
        name="pause-asked-for-with-403",
        source="mitodl/micromasters#3764",
        symptom="Beyond so many requests a minute the token endpoint answers 403 in place of 429.",
        play=Direct(token=as_json(403, {"detail": "Too many requests. Please try again later."}, "Retry-After: 42")),
        right=Right(says=r"pause|too many", fix=r"42", never=rf"VPN|access restriction|{NOT_THE_CLIENT}"),
    ),
    Report(
        name="too-many-requests-with-400",
        source="cli/cli#9370",
        symptom="The server answers 400, and says that too many requests were made.",
        play=Direct(
            token=as_json(
                400,
                {"error": "slow_down", "error_description": "Too many requests have been made in the same timeframe."},
            )
        ),
        right=Right(says=r"pause|too many", fix=r"wait", never=NOT_THE_CLIENT),
    ),
    Report(
        name="forgery-check-at-the-token-endpoint",
        source="encode/django-rest-framework#4449, django-oauth/django-oauth-toolkit#1302, vitalik/django-ninja#1464",
        symptom="The token endpoint answers 403 with a page: CSRF verification failed.",
        play=Direct(
            token=page(
                403,
                "<head><title>403 Forbidden</title></head><body><h1>Forbidden <span>(403)</span></h1><p>CSRF verification failed. "
                "Request aborted.</p></body>",
            )
        ),
        right=Right(says=r"CSRF|forgery", fix=r"exempt|administrator", never=rf"VPN|firewall|{NOT_THE_CLIENT}"),
    ),
    Report(
        name="forgery-check-without-a-word",
        source="OrchardCMS/OrchardCore#6267, aspnet/Antiforgery#28",
        symptom="The token endpoint answers 400, and says that the antiforgery cookie is not present.",
        play=Direct(token=says(400, 'The required antiforgery cookie ".AspNetCore.Antiforgery.x" is not present.')),
        right=Right(says=r"CSRF|forgery", never=rf"{NOT_THE_CLIENT}|code-refused"),
    ),
    Report(
        name="login-proxy-lost-its-cookie",
        source="oauth2-proxy/oauth2-proxy#2897, oauth2-proxy/oauth2-proxy#2216, bitly/oauth2_proxy#507",
        symptom="A page says 403: unable to obtain the CSRF cookie.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>403 Forbidden</title></head><body><h1>403</h1><p>Login Failed: Unable to find a valid CSRF token. "
                "Please try again.</p></body>",
            )
        ),
        right=Right(says=r"CSRF|cookie", fix=r"browser|window|cookie", never=rf"VPN|{NOT_THE_CLIENT}"),
    ),
    Report(
        name="delivery-network-blocks-the-token-request",
        source="planningcenter/developers#1447",
        symptom="A delivery network answers the token request by 403: request blocked, no connection to the server.",
        play=Direct(
            token=page(
                403,
                "<head><title>ERROR: The request could not be satisfied</title></head><body><h1>403 ERROR</h1><h2>The request "
                "could not be satisfied.</h2>Request blocked. We can't connect to the server for this app or website at this "
                "time.<pre>Generated by cloudfront (CloudFront) Request ID: VpmQsOr1</pre></body>",
                "Server: CloudFront",
                "X-Cache: Error from cloudfront",
            )
        ),
        right=Right(says=r"CloudFront|firewall|delivery network", never=NOT_THE_CLIENT, outcome=("token-refused",)),
    ),
    Report(
        name="firewall-rejects-with-status-200",
        source="ariya/phantomjs#14601, pulibrary/princeton_ansible#3589",
        symptom="A firewall answers 200 with a page: the URL was rejected, and here is a support ID.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your "
                "administrator.<br><br>Your support ID is: 11243555349794389926<br><br></body>",
            )
        ),
        right=Right(says=r"firewall|rejected|support ID", never=rf"{NOT_THE_CLIENT}|log ?in there|captive"),
    ),
    Report(
        name="policy-of-a-mesh-denies",
        source="istio/istio#55137, defenseunicorns/uds-core#1111",
        symptom="The policy of a service mesh lets nobody through, and says in four words that access is denied.",
        play=Direct(authorize=says(403, "RBAC: access denied", "Server: istio-envoy")),
        right=Right(says=r"RBAC|mesh|Envoy", never=NOT_THE_CLIENT),
    ),
    Report(
        name="mesh-cannot-reach-the-application",
        source="istio/istio#8218, envoyproxy/envoy#36447",
        symptom="A mesh answers 503 to the token request: upstream connect error before headers.",
        play=Direct(
            token=says(
                503,
                "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
                "Server: envoy",
            )
        ),
        right=Right(
            says=r"upstream|Envoy|behind", never=r"client-refused|wrong secret|code-", outcome=("token-refused",)
        ),
    ),
    Report(
        name="plain-http-is-redirected-at-the-token-endpoint",
        source="goauthentik/authentik#1435",
        symptom="The token request goes to http, is sent on to https, and arrives there as a GET: 405.",
        play=Direct(token=redirect("https://{host}/api/oauth2/Token", status=301)),
        right=Right(first=("token-redirected",), says=r"https", fix=r"https", never=r"client-refused|wrong secret"),
    ),
    Report(
        name="post-arrived-as-a-get",
        source="mattbrailsford/umbraco-authu#37",
        symptom="A POST is sent, and the server says that it does not support GET here: something in front changed it.",
        play=Direct(
            token=as_json(405, {"Message": "The requested resource does not support http method 'GET'."}, "Allow: POST")
        ),
        right=Right(says=r"GET", never=r"client-refused|wrong secret|code-|must be a GET"),
    ),
    Report(
        name="deployment-is-protected-by-its-host",
        source="patrickedqvist/wait-for-vercel-preview#62",
        symptom="The host of a preview wants its own login for every request, and answers 401 with a page.",
        play=Direct(
            authorize=page(
                401,
                "<head><title>Authentication Required</title></head><body><p>Vercel Authentication</p><p>Authenticating</p>"
                "</body>",
                "Server: Vercel",
                "Set-Cookie: _vercel_sso_nonce=Qx1; Max-Age=3600; Path=/; Secure; HttpOnly",
            )
        ),
        right=Right(says=r"protect|platform|log-?in of (its|the) own|own log-?in", never=NOT_THE_CLIENT),
    ),
    Report(
        name="sign-in-page-with-status-200",
        source="oauth2-proxy/oauth2-proxy#2322",
        symptom="A proxy that logs people in answers the authorization request by 200 and its own button to sign in.",
        play=Direct(
            authorize=page(
                200,
                '<head><title>Sign In</title></head><body><form method="GET" action="/oauth2/start"><input type="hidden" name="rd" '
                'value="/"><button type="submit">Sign in with GitHub</button></form><footer>Secured with OAuth2 Proxy</footer></body>',
            )
        ),
        right=Right(says=r"log|sign", fix=r"browser|proxy|administrator", never=NOT_THE_CLIENT),
    ),
    Report(
        name="login-check-of-the-web-server-fails",
        source="oauth2-proxy/oauth2-proxy#2574",
        symptom="The web server asks a login proxy about each request, gets 404 for that, and answers 500.",
        play=Direct(
            authorize=page(
                500,
                "<head><title>500 Internal Server Error</title></head><body><center><h1>500 Internal Server Error</h1></center>"
                "<hr><center>nginx/1.24.0</center></body>",
                "Server: nginx/1.24.0",
            )
        ),
        right=Right(says=r"500|nginx|web server", never=rf"{NOT_THE_CLIENT}|call the redirect URI itself"),
    ),
    Report(
        name="worker-of-the-edge-threw",
        source="discord/discord-api-docs#1666",
        symptom="A program at the edge of the network fails over the request, and a page says error 1101.",
        play=Direct(
            authorize=page(
                500,
                "<head><title>Worker threw exception | discord.example.com | Cloudflare</title></head><body><h1>Error 1101</h1>"
                "<p>Worker threw exception</p></body>",
                "Server: cloudflare",
                "CF-RAY: 597ea7dd9aa4dbe7",
            )
        ),
        right=Right(says=r"1101|Worker|Cloudflare", never=rf"{NOT_THE_CLIENT}|call the redirect URI itself"),
    ),
    Report(
        name="detailed-404-of-the-web-server-at-token",
        source="mattbrailsford/umbraco-authu#9",
        symptom="IIS answers HTTP Error 404.0 to the token request: there is no such path.",
        play=Direct(
            token=says(
                404,
                iis("404.0", "Not Found", "The resource you are looking for has been removed."),
                "Server: Microsoft-IIS/10.0",
                kind="text/html",
            )
        ),
        right=Right(first=("token-not-found",), says=r"path", never=r"request-filtering|client-refused"),
    ),
    Report(
        name="login-page-without-tls-behind-a-tls-proxy",
        source="DuendeArchive/IdentityServer4#720",
        symptom="Behind a proxy that ends TLS the application does not know it, and sends everybody to http.",
        play=Direct(
            certificate="private authority",
            variables={"SSL_CERT_FILE": "{folder}/authority.pem"},
            authorize=redirect("http://{host}/Account/Login?ReturnUrl=%2Fapi%2Foauth2"),
        ),
        right=Right(says=r"log.?in|sign.?in", never=NOT_THE_CLIENT),
    ),
    Report(
        name="error-page-with-a-number-of-identity-server",
        source="abpframework/abp#1376",
        symptom="The client is unknown, and the browser is sent to an error page that shows nothing but a number.",
        play=Direct(authorize=redirect("/home/error?errorId=CfDJ8Id66oSo1JhOpIKfV5Q_P0Yu0NaQIRSg1TN3KIReCx76")),
        right=Right(says=r"(error page|page for errors)", tells=r"log|page", never=r"log in first|asks for a log-?in"),
    ),
    Report(
        name="service-unavailable-after-a-deployment",
        source="Azure/webapps-deploy#109, Azure/azure-sdk-for-net#7900",
        symptom="The deployment succeeds, the application does not start, and every request gets a 503 of Windows.",
        play=Direct(
            token=says(503, http_sys("Service Unavailable", "The service is unavailable"), kind=ASCII_HTML),
        ),
        right=Right(
            says=r"application pool|not running|does not run|(did|does) not start|stopped|unavailable",
            never=rf"{NOT_THE_CLIENT}|code-",
        ),
    ),
    Report(
        name="captcha-at-the-token-endpoint",
        source="ORCID/ORCID-Source#6607, missuo/tokens#36",
        symptom="A program on a server asks for a token and is asked whether it is human.",
        play=Direct(
            token=page(
                403,
                "<head><title>Attention Required! | Cloudflare</title></head><body><h1>One more step</h1>"
                "<p>Please complete the security check to access example.org</p></body>",
                "Server: cloudflare",
                "CF-RAY: 7340f1a2b3c4d5e6-FRA",
            )
        ),
        right=Right(says=r"Cloudflare", never=rf"{NOT_THE_CLIENT}|code-"),
    ),
    Report(
        name="gateway-before-the-application-gets-no-answer",
        source="MicrosoftDocs/azure-docs#31159",
        symptom="The gateway before the application gives a 502 of its own, while the application is well without it.",
        play=Direct(
            authorize=page(
                502,
                "<head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr>"
                "<center>Microsoft-Azure-Application-Gateway/v2</center></body>",
                "Server: Microsoft-Azure-Application-Gateway/v2",
            )
        ),
        right=Right(says=r"gateway", never=NOT_THE_CLIENT),
    ),
    Report(
        name="module-of-iis-takes-the-method",
        source="IdentityServer/IdentityServer2#849, AndersRodland/ConfigMgrClientHealth#70",
        symptom="On the web server the token request gets a 405, which the application never gave when it ran alone.",
        play=Direct(
            token=page(
                405,
                "<head><title>405 - HTTP verb used to access this page is not allowed.</title></head><body><h2>405 - HTTP "
                "verb used to access this page is not allowed.</h2></body>",
                "Allow: GET, HEAD, OPTIONS, TRACE",
                "Server: Microsoft-IIS/10.0",
                "X-Powered-By: ASP.NET",
            )
        ),
        right=Right(says=r"405|POST", tells=r"IIS|WebDAV|handler|web server", never=rf"{NOT_THE_CLIENT}|code-refused"),
    ),
    Report(
        name="application-does-not-start-on-the-platform",
        source="simplcommerce/SimplCommerce#968, microsoft/MCW-Modern-cloud-apps#70",
        symptom="The database's address is wrong in the settings, and the platform says that the app failed to start.",
        play=Direct(
            token=page(
                500,
                "<head><title>HTTP Error 500.30 - ASP.NET Core app failed to start</title></head><body><h1>HTTP Error 500.30 "
                "- ASP.NET Core app failed to start</h1><h2>Common solutions to this issue:</h2></body>",
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"start", never=rf"{NOT_THE_CLIENT}|code-"),
    ),
    Report(
        name="application-proxy-of-the-directory",
        source="AzureAD/microsoft-authentication-library-for-objc#1187, MicrosoftDocs/azure-docs#37356",
        symptom="An application proxy with a log-in of its own stands before the token endpoint, and sends programs there.",
        play=Direct(
            token=redirect(
                "https://login.microsoftonline.com/0000/oauth2/authorize?response_type=code&client_id=1111&scope=openid&redirect_uri="
                "https%3a%2f%2fairisk.msappproxy.net%2fapi%2f&state=AppProxyState%3a%7b%22InvalidTokenRetry%22%3anull%7d"
            )
        ),
        right=Right(says=r"log.?in|proxy|Entra|Microsoft", never=rf"{NOT_THE_CLIENT}|code-"),
    ),
)
