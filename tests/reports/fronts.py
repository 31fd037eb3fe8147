"""What stands in front, and what a page or a network says for itself: filters, balancers, tunnels, proxies, pages for people."""

from __future__ import annotations

from tests.reports.answers import as_json, page, redirect, says
from tests.reports.report import Callback, Direct, Report, Right

CLIENT = r"client[ _-]?(?:id|secret)\b.{0,20}(?:wrong|unknown|replaced)|secret is wrong"
"""A false blame of the client."""

REPORTS = (
    Report(
        name="bot-challenge-before-the-token-endpoint",
        source="cloudflare/workers-sdk#15723",
        symptom="On a rented server the exchange of the code gets a page of a check for bots, with status 403.",
        play=Direct(
            token=page(
                403,
                "<head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies to continue</noscript></body>",
                "Server: cloudflare",
                "CF-RAY: 8f2b-EWR",
            )
        ),
        right=Right(says=r"Cloudflare", fix=r"exempt|let through|administrator", never=CLIENT),
    ),
    Report(
        name="load-balancer-refuses-programs-without-a-name",
        source="anthropics/claude-code#47390",
        symptom="Amazon's load balancer answers 403 with its own short page, because a rule of its firewall refuses the request.",
        play=Direct(
            token=says(
                403,
                "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>",
                "Server: awselb/2.0",
                kind="text/html",
            )
        ),
        right=Right(says=r"load balancer|firewall", fix=r"let through|administrator|whoever", never=CLIENT),
    ),
    Report(
        name="iis-refuses-without-a-client-certificate",
        source="usnistgov/ACVP-Server#329",
        symptom="IIS answers 403, access is denied, and only its administrator knows why.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>403 - Forbidden: Access is denied.</title></head><body><div id='header'><h1>Server Error</h1>"
                "</div><fieldset>"
                "<h2>403 - Forbidden: Access is denied.</h2><h3>You do not have permission to view this directory or page using the "
                "credentials that you supplied.</h3></fieldset></body>",
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"IIS", fix=r"administrator", never=rf"{CLIENT}|redirect URI .* not registered"),
    ),
    Report(
        name="identity-aware-proxy-in-front",
        source="epinio/epinio#2317",
        symptom="A proxy that checks persons stands before the API, and answers 401 without asking it.",
        play=Direct(
            token=says(
                401, "Invalid IAP credentials: empty token", "X-Goog-IAP-Generated-Response: true", kind="text/html"
            )
        ),
        right=Right(says=r"Identity-Aware", fix=r"exempt", never=CLIENT),
    ),
    Report(
        name="token-endpoint-behind-iis-fails-without-a-body",
        source="DuendeArchive/IdentityServer4#5232",
        symptom="On IIS the token endpoint answers 500 with nothing in it; on the developer's machine it works.",
        play=Direct(token=says(500, "", "Server: Microsoft-IIS/10.0", kind="")),
        right=Right(says=r"500", tells=r"not known", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="error-page-in-place-of-the-token",
        source="DuendeArchive/IdentityServer4#1432",
        symptom="The key of the certificate cannot be read on the server, and a page for errors comes in place of the token.",
        play=Direct(
            token=page(
                500,
                "<head><title>Error</title></head><body><h1>Error.</h1><h2>An error occurred while processing your request.</h2></body>",
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"500", tells=r"not known", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="session-expired-behind-grant",
        source="RomanEvstigneev/whoop-mcp-server#2",
        symptom="In place of the redirect a page says that the session has expired.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Session Expired</title></head><body><div><h1>Session Expired</h1><p>Your session has expired. Please try "
                "connecting again.</p></div></body>",
            )
        ),
        right=Right(says=r"session has expired", fix=r"again", never=rf"{CLIENT}|web site"),
    ),
    Report(
        name="bare-unauthorized-after-a-pause",
        source="Chainlit/chainlit#2822",
        symptom="Who lingers on the log-in page gets JSON that says no more than Unauthorized.",
        play=Direct(authorize=as_json(401, {"detail": "Unauthorized"})),
        right=Right(says=r"401", tells=r"not known", never=CLIENT),
    ),
    Report(
        name="client-or-session-unknown",
        source="heroku/identity#38",
        symptom="A page says that the client or the session is unknown, after a change of the password.",
        play=Direct(
            authorize=page(
                404,
                "<head><title>Heroku</title></head><body><p>Unknown OAuth client or session.</p></body>",
                "Server: Cowboy",
            )
        ),
        right=Right(says=r"Unknown OAuth client or session", never=r"proven|secret is wrong"),
    ),
    Report(
        name="session-id-of-the-log-in-invalid",
        source="EHRI/ehri-frontend#895",
        symptom="The authorization endpoint answers 400, because the id of its own session is invalid.",
        play=Direct(authorize=says(400, "Invalid session ID")),
        right=Right(says=r"Invalid session ID", fix=r"browser|administrator|again", never=CLIENT),
    ),
    Report(
        name="check-of-browsers-refuses-a-library",
        source="OpenAgentsInc/openagents#4721",
        symptom="The answer is one line with the number 1010, for programs whose name is that of a library.",
        play=Direct(token=says(403, "error code: 1010", "Server: cloudflare", "CF-RAY: 9a1-FRA")),
        right=Right(says=r"Cloudflare[\s\S]*(?:browser|program)", fix=r"let through|exempt|whoever", never=CLIENT),
    ),
    Report(
        name="organization-blocks-the-address",
        source="atlassian/github-for-jira#1152",
        symptom="The organization's list of addresses keeps the application's server out.",
        play=Direct(
            token=as_json(
                403,
                {
                    "message": "Although you appear to have the correct authorization credentials, the `acme` organization has an "
                    "IP allow "
                    "list enabled, and 192.0.2.7 is not permitted to access this resource."
                },
            )
        ),
        right=Right(says=r"address", fix=r"network|address", never=CLIENT),
    ),
    Report(
        name="desktop-sets-a-scheme-that-nobody-knows",
        source="MoonshotAI/kimi-cli#404, openai/codex#10466",
        symptom="The desktop's settings write socks:// into the variable, which the library does not know.",
        play=Direct(base_url="https://airisk.example.com", variables={"ALL_PROXY": "socks://127.0.0.1:20170/"}),
        right=Right(says=r"ALL_PROXY", fix=r"socks5", never=CLIENT),
    ),
    Report(
        name="proxy-of-socks-spoken-to-in-http",
        source="MsLolita/grass#15",
        symptom="A proxy of SOCKS stands in the variable as one of HTTP.",
        play=Direct(base_url="https://airisk.example.com", proxy="socks5", variables={"HTTPS_PROXY": "http://{proxy}"}),
        right=Right(says=r"HTTPS_PROXY", fix=r"socks5", never=CLIENT),
    ),
    Report(
        name="intermediate-certificate-is-not-found",
        source="Azure/azure-cli#20921",
        symptom="No proxy is there, and the chain ends at a public authority that the list does not lead to.",
        play=Direct(certificate="of a public authority"),
        right=Right(
            says=r"intermediate", fix=r"chain|certificates of authorities", never=rf"{CLIENT}|reads TLS traffic"
        ),
    ),
    Report(
        name="login-behind-a-company-authority",
        source="microsoft/appcenter-cli#395",
        symptom="Behind the company's firewall no certificate of the server can be verified.",
        play=Direct(certificate="private authority"),
        right=Right(says=r"authority", fix=r"ca[-_]file|SSL_CERT_FILE", never=rf"{CLIENT}|verify=false|insecure"),
    ),
    Report(
        name="consent-page-fails-inside",
        source="NiladriHazra/Klipeo#1782",
        symptom="The page for the consent cannot read the session from its database, and shows that something went wrong.",
        play=Direct(
            authorize=page(500, "<title>App</title><body><h1>Something went wrong</h1><p>Please try again.</p></body>")
        ),
        right=Right(says=r"500", tells=r"not known", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="signature-of-the-request-is-no-longer-valid",
        source="buildinternet/uploads#765",
        symptom="The consent is refused with a code alone, because the signed request of the server itself has expired.",
        play=Direct(authorize=as_json(400, {"error": "invalid_signature"})),
        right=Right(says=r"invalid_signature", tells=r"not known", never=CLIENT),
    ),
    Report(
        name="redirect-uri-of-another-interface-of-wsl",
        source="multica-ai/multica#3049",
        symptom="In WSL no browser opens, and one of another machine is used.",
        play=Callback(calls=(), wait="0.4", variables={"WSL_DISTRO_NAME": "Ubuntu-24.04", "BROWSER": ""}),
        right=Right(says=r"WSL", fix=r"paste|hand|networkingMode", never=CLIENT),
    ),
    Report(
        name="check-of-the-log-in-times-out-at-the-gateway",
        source="oauth2-proxy/oauth2-proxy#2149",
        symptom="The gateway waits for its log-in proxy to answer a POST, and says 500 after 30 seconds.",
        play=Direct(
            token=says(
                500,
                "<html><head><title>500 Internal Server Error</title></head><body><center><h1>500 Internal Server Error</h1></center><hr>"
                "<center>openresty</center></body></html>",
                "Server: openresty",
                kind="text/html",
            )
        ),
        right=Right(says=r"500", tells=r"not known", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="api-gateway-waits-for-what-is-behind-it",
        source="Kong/kong#3856",
        symptom="The gateway's answer at the token endpoint says that the upstream server is timing out.",
        play=Direct(token=as_json(504, {"message": "The upstream server is timing out"}, "Server: kong/0.13.1")),
        right=Right(says=r"upstream server is timing out", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="gateway-timeout-at-times",
        source="EnMasseProject/enmasse#3977",
        symptom="Now and then the login ends in 504, because the token endpoint of the cluster hangs.",
        play=Direct(
            token=says(
                504,
                "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n</body></html>",
                kind="text/html",
            )
        ),
        right=Right(says=r"504[\s\S]*in time", fix=r"again", never=CLIENT),
    ),
    Report(
        name="browser-is-not-supported",
        source="pockethub/PocketHub#1112",
        symptom="The page of the server says that the browser is not supported, and asks for nothing.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Please update your browser</title></head><body><h1>Your browser is not supported</h1><p>We no "
                "longer support "
                "this browser. Please update it.</p></body>",
            )
        ),
        right=Right(says=r"not supported", fix=r"browser", never=rf"{CLIENT}|certainty: (?:proven|likely)"),
    ),
    Report(
        name="browser-or-app-may-not-be-secure",
        source="MicrosoftEdge/WebView2Browser#34",
        symptom="The page says that this browser or app may not be secure.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Sign in</title><script>var a=1</script></head><body><h1>Couldn't sign you in</h1><p>This browser or app "
                "may not be secure. Try using a different browser.</p></body>",
            )
        ),
        right=Right(says=r"may not be secure", fix=r"browser", never=CLIENT),
    ),
    Report(
        name="tunnel-is-not-there",
        source="inconshreveable/ngrok#828",
        symptom="The address of the tunnel is known, and nothing holds the tunnel's end.",
        play=Direct(
            authorize=says(
                404, "Tunnel 9f2d.ngrok.example not found (ERR_NGROK_3200)", "Ngrok-Error-Code: ERR_NGROK_3200"
            )
        ),
        right=Right(says=r"tunnel", fix=r"start", never=CLIENT),
    ),
    Report(
        name="router-has-no-such-path",
        source="sleighzy/k3s-traefik-v2-kubernetes-crd#4",
        symptom="Behind the router the path of the log-in is not found, in the words of a router of Go.",
        play=Direct(authorize=says(404, "404 page not found\n", "X-Content-Type-Options: nosniff")),
        right=Right(says=r"404 page not found", fix=r"--base-url|route", never=CLIENT),
    ),
    Report(
        name="proxy-of-an-old-client-forbids",
        source="router-for-me/CLIProxyAPI#1749",
        symptom="Without the proxy that the country needs, the exchange of the code is refused: Request not allowed.",
        play=Direct(
            token=as_json(403, {"error": {"type": "forbidden", "message": "Request not allowed"}}, "Server: cloudflare")
        ),
        right=Right(says=r"Request not allowed", tells=r"not known", never=CLIENT),
    ),
    Report(
        name="filter-takes-the-redirect-uri-for-an-attack",
        source="goauthentik/authentik#6116",
        symptom="With a redirect URI of http on localhost the web server in front says Forbidden, and the server's log has nothing.",
        play=Direct(
            authorize=says(
                403,
                "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr><center>"
                "nginx</center></body></html>",
                "Server: nginx",
                kind="text/html",
            )
        ),
        right=Right(says=r"redirect URI[\s\S]*attack|firewall", tells=r"not known", fix=r"log", never=CLIENT),
    ),
    Report(
        name="delivery-network-blocks-loopback-addresses",
        source="kortix-ai/suna#7034",
        symptom="The edge answers 403 to redirect URIs on this machine, and the API is not asked.",
        play=Direct(
            authorize=page(
                403,
                "<HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1><H2>The request "
                "could not be "
                "satisfied.</H2><HR>Request blocked.\nWe can't connect to the server for this app or website at this time.<BR>"
                "Generated by "
                "cloudfront (CloudFront)</BODY>",
                "Server: CloudFront",
                "X-Cache: Error from cloudfront",
            )
        ),
        right=Right(says=r"CloudFront[\s\S]*redirect URI on this machine", never=CLIENT),
    ),
    Report(
        name="web-server-may-not-read-the-program",
        source="wohali/ips4-oauth2-server#14",
        symptom="Apache answers 403, because the file of the authorization endpoint has no permission to be read.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>403 Forbidden</title></head><body><h1>Forbidden</h1><p>You don't have permission to access this "
                "resource.</p><hr>"
                "<address>Apache/2.4.25 (Debian) Server at 127.0.0.1 Port 80</address></body>",
                "Server: Apache/2.4.25 (Debian)",
            )
        ),
        right=Right(says=r"403", tells=r"not known", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="page-says-that-the-uri-is-not-whitelisted",
        source="21-23/css-quickdraw-redux#127",
        symptom="A page says that the redirect failed, because the redirect URI is not whitelisted.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Error</title></head><body><h1>URL Blocked</h1><p>This redirect failed because the redirect URI "
                "is not whitelisted "
                "in the app's Client OAuth Settings.</p></body>",
            )
        ),
        right=Right(says=r"redirect URI is not whitelisted", fix=r"regist", never=CLIENT),
    ),
    Report(
        name="name-of-the-cluster-outside-of-it",
        source="allen13/golerta#1",
        symptom="The address is one of services inside a cluster, and has none outside.",
        play=Direct(base_url="https://openshift.default.svc.cluster.local"),
        right=Right(first=("name-not-found",), says=r"network", tells=r"not known", never=CLIENT),
    ),
    Report(
        name="proxy-writes-https-into-the-redirect",
        source="luanti-org/contentdb#498",
        symptom="What stands in front writes https into every redirect, that to this machine too.",
        play=Direct(authorize=redirect("https://127.0.0.1:8765/callback?code={code}&state={state}")),
        right=Right(says=r"https", fix=r"https|proxy|server", never=CLIENT),
    ),
    Report(
        name="gateway-speaks-tls-to-a-plain-port",
        source="evertramos/nginx-proxy-automation#10",
        symptom="The gateway's own connection to the application fails in TLS, and a bare 502 is all that shows.",
        play=Direct(
            token=says(
                502,
                "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>"
                "nginx</center></body></html>",
                "Server: nginx",
                kind="text/html",
            )
        ),
        right=Right(says=r"502", tells=r"not known", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="app-is-blocked-for-this-account",
        source="wslyvh/paperweight#31",
        symptom="In place of the consent a page says that this app is blocked.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Google Accounts</title><script>var w=1</script></head><body><h1>This app is blocked</h1><p>This "
                "app tried to access "
                "sensitive info in your account. To keep your account safe, this access was blocked.</p></body>",
            )
        ),
        right=Right(says=r"app is blocked", never=rf"{CLIENT}|certainty: proven|web site"),
    ),
    Report(
        name="app-is-not-verified",
        source="ThomasHabets/cmdg#62",
        symptom="A page warns that the app is not verified, and lets people go on by a link.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Sign in</title></head><body><h1>This app isn't verified</h1><p>Only proceed if you know and "
                "trust the developer.</p>"
                "<a href='#'>Advanced</a> <a href='/continue'>Go to app (unsafe)</a></body>",
            )
        ),
        right=Right(says=r"isn't verified", fix=r"--mode browser", never=CLIENT),
    ),
    Report(
        name="sign-in-is-disabled-for-the-app",
        source="nurdtechie98/drive-cli#86",
        symptom="A page says that signing in is disabled for this app for a while, as it is not verified.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Sign in - Accounts</title></head><body><h1>Sign in temporarily disabled for this app</h1><p>This "
                "app has not been "
                "verified yet in order to use Sign In.</p></body>",
            )
        ),
        right=Right(says=r"temporarily disabled", never=rf"{CLIENT}|person has to log in"),
    ),
    Report(
        name="app-in-testing-admits-testers-only",
        source="googleworkspace/cli#281",
        symptom="A page says that access is blocked: the app is being tested, and admits testers only.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>Error 403: access_denied</title></head><body><h1>Access blocked: App has not completed the "
                "verification process</h1>"
                "<p>The app is currently being tested, and can only be accessed by developer-approved testers. If you think "
                "you should have "
                "access, contact the developer.</p><p>Error 403: access_denied</p></body>",
            )
        ),
        right=Right(says=r"verification process|testers", fix=r"tester|developer|administrator", never=CLIENT),
    ),
    Report(
        name="back-end-is-at-capacity",
        source="oauth-io/oauth-js#87",
        symptom="A load balancer says 503: the back-end server is at capacity.",
        play=Direct(token=says(503, "Service Unavailable: Back-end server is at capacity")),
        right=Right(says=r"at capacity", fix=r"minute|again", never=CLIENT),
    ),
    Report(
        name="address-of-a-self-hosted-server-belongs-to-another-account",
        source="IdentityServer/IdentityServer3#2863",
        symptom="Windows' HTTP server says 503 for a server that hosts itself, and whose address is reserved for another account.",
        play=Direct(
            authorize=page(
                503,
                "<HEAD><TITLE>Service Unavailable</TITLE></HEAD>\r\n<BODY><h2>Service Unavailable</h2>\r\n<hr><p>HTTP Error "
                "503. The service is "
                "unavailable.</p>\r\n</BODY>",
                "Server: Microsoft-HTTPAPI/2.0",
            )
        ),
        right=Right(says=r"http\.sys", fix=r"administrator|start", never=rf"{CLIENT}|certainty: proven"),
    ),
    Report(
        name="balancer-has-no-server",
        source="thingsboard/thingsboard#5841",
        symptom="The balancer in front of the services says that it has no server for this request.",
        play=Direct(
            authorize=says(
                503,
                "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>",
                kind="text/html",
            )
        ),
        right=Right(says=r"No server is available", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="servlet-container-met-an-error",
        source="iainporter/oauth2-provider#9",
        symptom="The token endpoint answers 500 with the page of its servlet container.",
        play=Direct(
            token=page(
                500,
                "<head><title>Apache Tomcat/7.0.54 - Error report</title></head><body><h1>HTTP Status 500 - </h1><p><b>type</b>"
                " Exception report"
                "</p><p><b>description</b> The server encountered an internal error that prevented it from fulfilling this "
                "request.</p></body>",
            )
        ),
        right=Right(says=r"500", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="platform-shows-application-error",
        source="MrSwitch/hello.js#671",
        symptom="The platform shows its page for applications that crash or do not start.",
        play=Direct(
            authorize=page(
                503,
                "<head><title>Application Error</title></head><body><iframe "
                "src='https://www.herokucdn.com/error-pages/application-error.html'>"
                "</iframe></body>",
                "Server: Cowboy",
            )
        ),
        right=Right(says=r"503", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="gateway-says-authorization-required",
        source="cloudflare/nginx-google-oauth#43",
        symptom="The gateway's own login fails inside (it finds no name), and answers a bare 401.",
        play=Direct(
            authorize=says(
                401,
                "<html><head><title>401 Authorization Required</title></head><body><center><h1>401 Authorization Required</h1>"
                "</center></body></html>",
                "Server: nginx",
                kind="text/html",
            )
        ),
        right=Right(says=r"401", tells=r"not known", fix=r"administrator|browser", never=CLIENT),
    ),
    Report(
        name="tunnel-leads-to-no-program",
        source="inconshreveable/ngrok#799",
        symptom="The tunnel is up, and at its end nothing listens.",
        play=Direct(
            authorize=page(
                502,
                "<head><title>ERR_NGROK_8012</title></head><body><p>Failed to complete tunnel connection. The client failed to "
                "establish a connection "
                "to the local address localhost:80.</p></body>",
                "Ngrok-Error-Code: ERR_NGROK_8012",
            )
        ),
        right=Right(says=r"tunnel", fix=r"start", never=CLIENT),
    ),
    Report(
        name="unsupported-browser-by-its-name",
        source="darwin-morocho/flutter-facebook-auth#135",
        symptom="A page with status 400 says that the browser is unsupported, because of its User-Agent.",
        play=Direct(
            authorize=page(
                400,
                "<head><title>Unsupported Browser</title></head><body><h2>You are using a browser that isn't supported, so "
                "we've redirected you to "
                "a simpler version.</h2></body>",
            )
        ),
        right=Right(says=r"isn't supported", fix=r"browser", never=CLIENT),
    ),
    Report(
        name="user-agent-is-disallowed",
        source="ava-labs/builders-hub#3791",
        symptom="In a browser inside of another app the server says 403, disallowed_useragent.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>Error 403: disallowed_useragent</title></head><body><h1>Access blocked</h1><p>This app doesn't "
                "comply with the policy "
                "for secure browsers. Error 403: disallowed_useragent</p></body>",
            )
        ),
        right=Right(says=r"disallowed_useragent", fix=r"browser", never=CLIENT),
    ),
    Report(
        name="sign-in-page-of-a-proxy-with-403",
        source="bitly/oauth2_proxy#373",
        symptom="The log-in proxy answers 403 with its page to sign in, before the application is reached.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>Sign In</title></head><body><form method='GET' action='/oauth2/start'><input type='hidden' "
                "name='rd' value='/'>"
                "<button type='submit'>Sign in with a GitHub Account</button></form></body>",
            )
        ),
        right=Right(says=r"log-?in|sign", fix=r"browser|exempt", never=CLIENT),
    ),
    Report(
        name="proxy-of-http-under-https",
        source="abhinavsingh/proxy.py#1242",
        symptom="The variable says https for a proxy that is spoken to in plain http.",
        play=Direct(
            base_url="https://airisk.example.com",
            proxy=says(400, "Bad Request"),
            variables={"HTTPS_PROXY": "https://{proxy}", "NO_PROXY": ""},
        ),
        right=Right(says=r"HTTPS_PROXY", fix=r"scheme http", never=CLIENT),
    ),
    Report(
        name="callback-never-comes-into-the-container",
        source="cacaview/iflow2api#15",
        symptom="In a container the listener waits on a port that is not published, and the browser is on the host.",
        play=Callback(calls=(), wait="0.4", variables={"container": "docker", "BROWSER": "true"}),
        right=Right(says=r"container", fix=r"publish|map|-p |paste", never=CLIENT),
    ),
    Report(
        name="listener-of-a-container-on-its-own-loopback",
        source="mifunedev/openharness#287",
        symptom="The published port leads to the container's outer address, and the listener hears on its loopback.",
        play=Callback(
            calls=(),
            wait="0.4",
            options=("--listen", "127.0.0.1:{listen}"),
            variables={"container": "docker", "BROWSER": "true"},
        ),
        right=Right(says=r"loopback", fix=r"--listen|public|0\.0\.0\.0|paste", never=CLIENT),
    ),
    Report(
        name="server-of-this-machine-is-not-started",
        source="mozilla/fxa-content-server#1399",
        symptom="The OAuth server of a development machine was not started.",
        play=Direct(base_url="http://127.0.0.1:{closed}"),
        right=Right(first=("connection-refused",), fix=r"start", never=CLIENT),
    ),
)
