"""Web servers, gateways, firewalls and tunnels that answer in the server's place."""

from __future__ import annotations

from tests.reports.answers import as_json, page, redirect, says
from tests.reports.report import Direct, Report, Right

CLIENT = r"client-unknown|client-refused|unknown `?client|wrong secret|secret is wrong|--client-id|AIRISK_CLIENT_SECRET"
"""Blames the client for what something in front said."""

FORBIDDEN = "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n{}</body></html>"


def locked(number: str, words: str, title: str = "Internal Server Error") -> str:
    """The page of IIS about its own configuration. number: the error code of Windows."""
    return (
        f"<head><title>IIS 10.0 Detailed Error - 500.19 - {title}</title></head><body><h2>HTTP Error 500.19 - {title}</h2>"
        "<h3>The requested page cannot be accessed because the related configuration data for the page is invalid.</h3>"
        f"<tr><th>Error Code</th><td>{number}</td></tr><tr><th>Config Error</th><td>{words}</td></tr>"
        "<tr><th>Config File</th><td>\\\\?\\C:\\inetpub\\airisk\\web.config</td></tr></body>"
    )


REPORTS = (
    Report(
        name="loopback-address-in-the-query-is-an-attack",
        source="awslabs/nx-plugin-for-aws#1016, kirill-markin/expense-budget-tracker#280",
        symptom="The firewall of the load balancer takes a redirect URI on this machine for an attack, and answers 403.",
        play=Direct(authorize=says(403, FORBIDDEN.format(""), "Server: awselb/2.0", kind="text/html")),
        right=Right(
            says=r"load balancer|firewall|awselb|in front", tells=r"redirect.URI|loopback|this machine", never=CLIENT
        ),
    ),
    Report(
        name="rule-of-a-firewall-in-a-bare-page",
        source="coreruleset/modsecurity-crs-docker#149, aaronpk/oauth.net#263",
        symptom="A firewall in the web server dislikes an address in the query; its 403 is the page that the web server always has.",
        play=Direct(
            authorize=says(403, FORBIDDEN.format("<hr><center>nginx</center>\r\n"), "Server: nginx", kind="text/html")
        ),
        right=Right(says=r"nginx|web server|in front", tells=r"rule|firewall", never=CLIENT),
    ),
    Report(
        name="forbidden-says-the-gateway",
        source="Ge0rg3/requests-ip-rotator#43",
        symptom="The API gateway refuses by a policy of its own, in one word and with its name in the headers.",
        play=Direct(
            token=as_json(
                403,
                {"message": "Forbidden"},
                "x-amzn-RequestId: 50fe02af-18a2-42ca-adc0-ed76c3432279",
                "x-amzn-ErrorType: ForbiddenException",
                "x-amz-apigw-id: W_AP1ZWIiYdDlQw=",
            )
        ),
        right=Right(says=r"gateway", never=CLIENT, outcome=("token-refused",)),
    ),
    Report(
        name="firewall-blocks-says-the-json",
        source="ravenscar/franken-srp#13",
        symptom="The token endpoint says in JSON that its firewall blocked the request.",
        play=Direct(
            token=as_json(
                403,
                {"__type": "ForbiddenException", "message": "Request not allowed due to WAF block."},
                "x-amzn-ErrorType: ForbiddenException:",
            )
        ),
        right=Right(says=r"firewall|WAF", never=CLIENT),
    ),
    Report(
        name="gateway-has-no-route",
        source="Kong/kong#6685, Kong/kong#3608",
        symptom="The gateway has no route for this path and method, and says so in JSON.",
        play=Direct(token=as_json(404, {"message": "no Route matched with those values"}, "Server: kong/2.2.1")),
        right=Right(says=r"route|gateway", fix=r"--base-url|--token-path|--token-url|route", never=CLIENT),
    ),
    Report(
        name="section-is-locked",
        source="damienbod/AspNet6IdentityServer4AngularOidcFlows#16, MohammadYounes/OWIN-MixedAuth#19",
        symptom="IIS cannot use a section of the configuration, because the level above locks it.",
        play=Direct(
            authorize=page(
                500,
                locked(
                    "0x80070021",
                    "This configuration section cannot be used at this path. This happens when the section is locked at a parent level.",
                ),
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"500\.19|configuration", fix=r"web\.config|unlock|administrator|deployment", never=CLIENT),
    ),
    Report(
        name="module-is-not-installed",
        source="unosquare/passcore#42, microsoft/TFSDemoGenerator#10",
        symptom="IIS cannot read the configuration, because it names a module that is not installed on this server.",
        play=Direct(
            token=page(500, locked("0x8007000d", ""), "Server: Microsoft-IIS/10.0"),
        ),
        right=Right(
            says=r"500\.19|configuration", tells=r"module|hosting bundle", never=rf"{CLIENT}|locked (at|by)|unlock"
        ),
    ),
    Report(
        name="page-of-iis-in-german",
        source="jakubgarfield/Bonobo-Git-Server#146",
        symptom="The page about the configuration is in the language of the server.",
        play=Direct(
            authorize=page(
                500,
                "<head><title>IIS 8.5 Detaillierter Fehler - 500.19 - Internal Server Error</title></head><body><h2>HTTP-Fehler "
                "500.19 - Internal Server Error</h2><h3>Auf die angeforderte Seite kann nicht zugegriffen werden, da die zugehörigen "
                "Konfigurationsdaten für die Seite ungültig sind.</h3><tr><th>Fehlercode</th><td>0x80070021</td></tr></body>",
                "Server: Microsoft-IIS/8.5",
            )
        ),
        right=Right(says=r"500\.19|configuration", fix=r"web\.config|unlock|administrator|deployment", never=CLIENT),
    ),
    Report(
        name="no-post-says-the-framework",
        source="IdentityServer/IdentityServer3#2199",
        symptom="At the path of the token request stands something that knows no POST, and says so in JSON.",
        play=Direct(
            token=as_json(
                405,
                {"Message": "The requested resource does not support http method 'POST'."},
                "Allow: GET",
                "Server: Microsoft-IIS/8.0",
            )
        ),
        right=Right(
            says=r"405|POST|method", fix=r"--token-path|--token-url|--base-url|path", never=rf"{CLIENT}|WebDAV is"
        ),
    ),
    Report(
        name="mesh-does-not-trust-the-application",
        source="bakins/kubernetes-envoy-example#8",
        symptom="The proxy has no connection to the application, whose certificate had expired; the answer is the proxy's 503.",
        play=Direct(
            token=says(
                503,
                "upstream connect error or disconnect/reset before headers. reset reason: remote connection "
                "failure, transport failure reason: TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:end",
                "server: envoy",
            )
        ),
        right=Right(
            says=r"behind|upstream|proxy",
            tells=r"certificate",
            never=rf"{CLIENT}|--ca-file|SSL_CERT_FILE|certificate-",
        ),
    ),
    Report(
        name="tunnel-of-an-editor-warns",
        source="microsoft/dev-tunnels#324, microsoft/dev-tunnels#457",
        symptom="The tunnel of the editor shows a page of warning to whoever comes for the first time.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Microsoft dev tunnels</title></head><body><h1>You are about to connect to a developer tunnel at:</h1>"
                "<p>abc123-5000.euw.devtunnels.ms</p><button>Continue</button></body>",
                "X-Tunnel-Phishing-Protection: true",
            )
        ),
        right=Right(says=r"tunnel", never=rf"captive|{CLIENT}"),
    ),
    Report(
        name="tunnel-reminds-and-refuses",
        source="localtunnel/localtunnel#598, lblblong/nat-utools#15",
        symptom="The tunnel reminds a browser of what it is with status 401, and lets other programs through.",
        play=Direct(
            authorize=page(
                401,
                "<head><title>Tunnel website ahead!</title></head><body><h1>Friendly Reminder</h1><p>This website is served via a "
                "localtunnel. This is just a reminder to always check the website address.</p><p>To access the website, please enter "
                "the tunnel password below.</p></body>",
            )
        ),
        right=Right(says=r"tunnel", never=CLIENT),
    ),
    Report(
        name="forwarded-port-is-private",
        source="microsoft/vscode#130921",
        symptom="A port that an editor forwards is private: a POST is redirected to the sign-in of the editor.",
        play=Direct(
            token=redirect(
                "https://airisk-8081.preview.example.dev/signin?cid=7f3a&rd=https%3A%2F%2Fairisk-8081.preview.example.dev%2Fapi"
            )
        ),
        right=Right(says=r"sign.?in|log.?in", never=rf"{CLIENT}|--token-url https://airisk-8081"),
    ),
    Report(
        name="plain-http-at-a-tls-port",
        source="octokit/octokit.js#31, TophantTechnology/ARL#307",
        symptom="The address has http:// and the port speaks TLS: the web server says so with 400.",
        play=Direct(
            authorize=says(
                400,
                "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n<center><h1>400 "
                "Bad Request</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port</center>\r\n</body></html>",
                "Server: nginx/1.20.1",
                kind="text/html",
            )
        ),
        right=Right(says=r"https|TLS", fix=r"https://", never=CLIENT),
    ),
    Report(
        name="headers-behind-the-proxy-are-too-large",
        source="Kong/kong#3974, uc-cdis/compose-services#44",
        symptom="The token endpoint answered with headers that the proxy has no room for, and the proxy says 502.",
        play=Direct(
            token=page(
                502,
                "<head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.15.12"
                "</center></body>",
                "Server: nginx/1.15.12",
            )
        ),
        right=Right(says=r"proxy|gateway", tells=r"header", never=CLIENT),
    ),
    Report(
        name="gateway-of-azure-blocks",
        source="DuendeArchive/Support#1094, DuendeArchive/Support#832, dotnet/aspnetcore#4589",
        symptom="The firewall of the application gateway finds too many special characters in the query; its page has its name.",
        play=Direct(
            authorize=says(
                403,
                FORBIDDEN.format("<hr><center>Microsoft-Azure-Application-Gateway/v2</center>\r\n"),
                "Server: Microsoft-Azure-Application-Gateway/v2",
                kind="text/html",
            )
        ),
        right=Right(says=r"firewall|Application Gateway", never=CLIENT),
    ),
    Report(
        name="proxy-of-apache-got-an-invalid-response",
        source="RailwayStations/RSAPI#9",
        symptom="The application answered before it had read the body, and Apache in front of it says 502.",
        play=Direct(
            token=page(
                502,
                "<head><title>502 Proxy Error</title></head><body><h1>Proxy Error</h1><p>The proxy server received an invalid response "
                "from an upstream server.</p><p>The proxy server could not handle the request <em>POST /api/oauth2/Token</em></p></body>",
                "Server: Apache/2.4.25",
            )
        ),
        right=Right(says=r"proxy|gateway", tells=r"answered|did not take|invalid response", never=CLIENT),
    ),
    Report(
        name="database-of-the-server-is-away",
        source="DuendeArchive/Support#942",
        symptom="The token endpoint cannot reach its database, and the developer's page shows the exception.",
        play=Direct(
            token=page(
                500,
                "<head><title>Internal Server Error</title></head><body><h1>An unhandled exception occurred while processing the "
                "request.</h1><div>SqlException: A network-related or instance-specific error occurred while establishing a connection "
                "to SQL Server. The server was not found or was not accessible.</div></body>",
                "Server: Kestrel",
            )
        ),
        right=Right(says=r"SQL|database", fix=r"administrator", never=rf"{CLIENT}|--body json|encoding form"),
    ),
    Report(
        name="proxy-forwards-plain-http-to-the-tls-port",
        source="fuergaosi233/wechat-chatgpt#810",
        symptom="The request was sent over https; what took it passes it on over plain http to a port of TLS, which says so.",
        play=Direct(
            certificate="private authority",
            variables={"SSL_CERT_FILE": "{folder}/authority.pem"},
            authorize=says(
                400,
                "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head><body><center><h1>400 Bad Request"
                "</h1></center><center>The plain HTTP request was sent to HTTPS port</center><hr><center>nginx</center></body></html>",
                "Server: nginx",
                kind="text/html",
            ),
        ),
        right=Right(says=r"proxy|in front|behind|passes", never=rf"says http where|{CLIENT}"),
    ),
    Report(
        name="nothing-is-published-on-the-platform",
        source="MicrosoftDocs/azure-docs#93142, projectkudu/kudu#3204, aspnet/Mvc#2488, microsoft/TypeScript-Node-Starter#153",
        symptom="The deployment put its files in another place, so that the platform has a folder that it does not show.",
        play=Direct(
            authorize=says(
                403,
                "You do not have permission to view this directory or page.",
                "Server: Microsoft-IIS/10.0",
                kind="text/html",
            )
        ),
        right=Right(
            says=r"published|deployed|no application|nothing", fix=r"publish|deploy|administrator", never=CLIENT
        ),
    ),
    Report(
        name="page-of-an-app-without-content",
        source="MicrosoftDocs/azure-docs#93142",
        symptom="The platform shows its own page, because no application was put on the web app yet.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Microsoft Azure App Service - Welcome</title></head><body><h1>Your web app is running and waiting for your "
                "content</h1><p>Your web app is live, but we don’t have your content yet.</p></body>",
            )
        ),
        right=Right(
            says=r"content|published|deployed|not the API|leads to",
            fix=r"--base-url|publish|deploy",
            never=rf"{CLIENT}|--mode browser",
        ),
    ),
    Report(
        name="certificate-of-the-client-is-required-by-iis",
        source="aspnet/Mvc#4528, aspnet/Mvc#7366",
        symptom="The site requires a certificate of the client, and IIS says 403.7.",
        play=Direct(
            token=page(
                403,
                "<head><title>IIS 10.0 Detailed Error - 403.7 - Forbidden</title></head><body><h2>HTTP Error 403.7 - Forbidden</h2><h3>The "
                "page you are attempting to access requires your browser to have a Secure Sockets Layer (SSL) client certificate that the "
                "Web server recognizes.</h3></body>",
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"certificate", fix=r"certificate", never=rf"{CLIENT}|--ca-file"),
    ),
    Report(
        name="site-wants-https-says-iis",
        source="aspnet/IISIntegration#1315",
        symptom="The site requires TLS, and the request came over plain http: 403.4.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>IIS 10.0 Detailed Error - 403.4 - Forbidden</title></head><body><h2>HTTP Error 403.4 - Forbidden</h2><h3>The "
                "page you are trying to access is secured with Secure Sockets Layer (SSL).</h3></body>",
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"https", fix=r"https", never=CLIENT),
    ),
    Report(
        name="sign-in-of-an-editor-on-a-page",
        source="microsoft/vscode#84469",
        symptom="A port that an editor forwards shows a page that leads to a login first, with status 200.",
        play=Direct(
            token=page(
                200,
                "<head><title>Visual Studio Online</title></head><body><p>You need to sign in first, redirecting...</p><p>Click here if "
                "your browser does not automatically redirect.</p></body>",
            )
        ),
        right=Right(says=r"sign.?in|log.?in|page", never=CLIENT, outcome=("token-refused",)),
    ),
    Report(
        name="signature-of-the-client-is-banned",
        source="JohnnyZ93/oai-compatible-copilot#287",
        symptom="The owner of the site has the network for content refuse programs, and its page says: access denied.",
        play=Direct(
            token=page(
                403,
                "<head><title>Access denied | airisk.example.com used Cloudflare to restrict access</title></head><body><h1>Access denied"
                "</h1><span>Error code 1010</span><p>The owner of this website has banned your access based on your browser's signature."
                "</p></body>",
                "Server: cloudflare",
                "CF-RAY: 7e80caa84e0c2bd9-FRA",
            )
        ),
        right=Right(says=r"cloudflare", never=CLIENT),
    ),
    Report(
        name="login-at-the-address-that-the-container-binds",
        source="KenTaniguchi-R/ledgr#134",
        symptom="The server makes the address of its consent page of the one that it listens on in its container.",
        play=Direct(
            authorize=redirect(
                "http://0.0.0.0:3000/mcp/authorize?client_id=demo-app&redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback&state={state}",
                status=307,
            )
        ),
        right=Right(
            says=r"0\.0\.0\.0", fix=r"administrator|deployment|server", never=rf"{CLIENT}|--base-url .?http://0\.0"
        ),
    ),
    Report(
        name="login-at-the-name-of-a-container",
        source="dotnet-architecture/eShopOnContainers#1050",
        symptom="The login page has an address with the name that the server has among the containers, and no browser finds it.",
        play=Direct(
            authorize=redirect("http://identity.api/Account/Login?ReturnUrl=%2Fapi%2Foauth2%3Fclient_id%3Ddemo-app"),
        ),
        right=Right(
            says=r"identity\.api", tells=r"another host|other host|internal|container|not .{0,20}reach", never=CLIENT
        ),
    ),
    Report(
        name="server-fails-without-a-word",
        source="openiddict/openiddict-core#477",
        symptom="The token endpoint throws before the library has read the request; Kestrel answers 500 with nothing in it.",
        play=Direct(token=says(500, "", "Server: Kestrel", kind="")),
        right=Right(says=r"500|internal", fix=r"administrator|log", never=CLIENT),
    ),
    Report(
        name="gateway-of-azure-blocks-the-token-request",
        source="microsoft/Microsoft-Fabric-workload-development-sample#273",
        symptom="The rules of the firewall add up to more than it lets through, although nothing in the request is bad.",
        play=Direct(
            token=says(
                403,
                FORBIDDEN.format("<hr><center>Microsoft-Azure-Application-Gateway/v2</center>\r\n"),
                "Server: Microsoft-Azure-Application-Gateway/v2",
                kind="text/html",
            )
        ),
        right=Right(says=r"firewall|Application Gateway", never=CLIENT),
    ),
    Report(
        name="files-of-iis-take-the-post",
        source="IdentityServer/IdentityServer3#3868, IdentityServer/IdentityServer3#921",
        symptom="After the deployment the token endpoint answers 405, and the list of methods is that of files.",
        play=Direct(
            token=page(
                405,
                "<head><title>405 - HTTP verb used to access this page is not allowed.</title></head><body><h2>405 - HTTP verb used for "
                "this page is not allowed.</h2></body>",
                "Allow: GET, HEAD, OPTIONS, TRACE",
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"IIS|WebDAV", fix=r"WebDAV|handler|administrator", never=CLIENT),
    ),
    Report(
        name="routes-of-mvc-come-first",
        source="openiddict/openiddict-core#989, openiddict/openiddict-core#206",
        symptom="The start-up code of the server was not run, so that every endpoint is a 404 of the framework.",
        play=Direct(
            authorize=page(
                404,
                "<head><title>The resource cannot be found.</title></head><body><h1>Server Error in '/' Application.</h1><h2>The resource "
                "cannot be found.</h2><b>Requested URL: </b>/api/oauth2</body>",
                "Server: Microsoft-IIS/10.0",
                "X-AspNet-Version: 4.0.30319",
            )
        ),
        right=Right(says=r"404|not found|no such", fix=r"--base-url|path|administrator", never=CLIENT),
    ),
    Report(
        name="server-throws-over-a-missing-value",
        source="aspnet/AspNetKatana#103",
        symptom="On IIS the token endpoint throws because the application gave it an empty value; on the own machine it does not.",
        play=Direct(
            token=page(
                500,
                "<head><title>Value cannot be null. Parameter name: value</title></head><body><h1>Server Error in '/' Application.</h1><h2>"
                "Value cannot be null.<br>Parameter name: value</h2><p>Microsoft.Owin.Security.DataHandler.Serializer.PropertiesSerializer"
                ".Write</p></body>",
                "Server: Microsoft-IIS/8.5",
            )
        ),
        right=Right(says=r"Value cannot be null|internal", fix=r"administrator", never=rf"{CLIENT}|proven"),
    ),
    Report(
        name="key-manager-behind-the-gateway-is-away",
        source="wso2/product-apim#11544, wso2/api-manager#4227",
        symptom="The gateway cannot reach what checks its keys, and says so in a document of its own.",
        play=Direct(
            token=as_json(
                500,
                {
                    "fault": {
                        "code": 900900,
                        "message": "Unclassified Authentication Failure",
                        "description": "Error while accessing backend services for API key validation",
                    }
                },
            )
        ),
        right=Right(says=r"Unclassified Authentication Failure", fix=r"administrator", never=rf"{CLIENT}|--body json"),
    ),
    Report(
        name="gateway-fails-for-a-while",
        source="wso2/api-manager#767",
        symptom="The gateway says that this is a temporary error of the server, with a number of its own.",
        play=Direct(
            token=as_json(
                500, {"code": "900424", "message": "Temporary Server Error", "description": "Please try again later."}
            )
        ),
        right=Right(says=r"Temporary|try again", fix=r"again", never=rf"{CLIENT}|--body json"),
    ),
)
