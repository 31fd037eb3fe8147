"""What stands around a run: SOCKS proxies, authorities, log-ins that lead to themselves, restrictions, browsers, the listener's callers."""

from __future__ import annotations

from urllib.parse import quote

from tests.reports.answers import as_json, page, redirect, says
from tests.reports.entries import AUTHORIZATION, BASE, entry, har
from tests.reports.report import CODE, Callback, Direct, Har, Report, Right

AFAR = "http://airisk.invalid"
BASE_URL = r"--base-url"
CLIENT = r"client-unknown|client-refused|unknown `?client|secret is wrong|--client-id|AIRISK_CLIENT_SECRET"
WRONG_PROXY = r"names is wrong|is not reachable|right proxy"
"""Blames a proxy that answered in its own protocol and said why it does not pass the request on."""

TAKEN = Right(sent_code=CODE, outcome=("token",))
GET = b"GET /callback?code={code}&state={state} HTTP/1.1\r\nHost: {host}\r\n\r\n"
HELLO = b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00" + b"\x00" * 40


def around(target: str) -> str:
    """The address of a log-in that leads back to a target."""
    return f"{BASE}/login?ReturnUrl={quote(target, safe='')}"


ONCE = around(AUTHORIZATION.removeprefix(BASE))
TWICE = around(ONCE.removeprefix(BASE))

REPORTS = (
    Report(
        name="socks-proxy-wants-a-login",
        source="mattcg/socks5-client#24, csujedihy/proximac#40",
        symptom="The SOCKS proxy takes nobody without a login, and says only that no method was acceptable.",
        play=Direct(base_url=AFAR, proxy="socks5 login", variables={"ALL_PROXY": "socks5h://{proxy}"}),
        right=Right(
            says=r"log-?in|password|authenticat",
            fix=r"ALL_PROXY",
            never=rf"{BASE_URL}|misspelt|not reachable",
            outcome=("transport",),
        ),
    ),
    Report(
        name="socks-proxy-refuses-the-login",
        source="Anorov/PySocks#109",
        symptom="The SOCKS proxy refuses the user name and the password that its address holds.",
        play=Direct(base_url=AFAR, proxy="socks5 login", variables={"ALL_PROXY": "socks5h://ada:wr0ng@{proxy}"}),
        right=Right(
            says=r"(refuse|accept|wrong).{0,60}(log-?in|password)|(log-?in|password).{0,60}(refuse|accept|wrong)",
            fix=r"ALL_PROXY",
            never=rf"{BASE_URL}|wr0ng|misspelt",
        ),
    ),
    Report(
        name="socks-proxy-forbids-the-target",
        source="reacherhq/backend#214, astro/socksify-ruby#1",
        symptom="The SOCKS proxy answers that its rules do not allow this connection.",
        play=Direct(base_url=AFAR, proxy="socks5 2", variables={"ALL_PROXY": "socks5h://{proxy}"}),
        right=Right(says=r"not allow|forbid|\brules?\b", never=rf"{BASE_URL}|misspelt|{WRONG_PROXY}"),
    ),
    Report(
        name="socks-proxy-is-refused-by-the-target",
        source="ahmuq/bless-autorun#10",
        symptom="The SOCKS proxy works, and says that the server behind it refused the connection.",
        play=Direct(base_url=AFAR, proxy="socks5 5", variables={"ALL_PROXY": "socks5h://{proxy}"}),
        right=Right(says=r"refused", tells=r"proxy", never=rf"misspelt|{WRONG_PROXY}"),
    ),
    Report(
        name="socks-proxy-finds-no-host",
        source="envyafish/Immortal#5",
        symptom="The SOCKS proxy says that it cannot reach the host.",
        play=Direct(base_url=AFAR, proxy="socks5 4", variables={"ALL_PROXY": "socks5://{proxy}"}),
        right=Right(says=r"reach|find", tells=r"proxy", never=rf"misspelt|{WRONG_PROXY}"),
    ),
    Report(
        name="log-in-that-leads-to-the-request-itself",
        source="YoSev/private-ghp#1",
        symptom="Whoever is redirected comes back to the same authorization address, with the whole request in a parameter, over and over.",
        play=Direct(authorize=redirect("/api/oauth2?client_id=demo-app&rd=%2Fapi%2Foauth2%3Fclient_id%3Ddemo-app")),
        right=Right(
            says=r"itself|same (address|path|endpoint|request)|circle|loop|over and over",
            never=r"--base-url http|not the deployment's final address|spells the path",
        ),
    ),
    Report(
        name="log-in-whose-address-grows",
        source="oauth-io/oauthd#59",
        symptom="Each redirect of the log-in puts the last address into the next one, until the browser gives up.",
        play=Har(
            archive=har(
                entry(0, "GET", AUTHORIZATION, 302, headers={"Location": ONCE}),
                entry(1, "GET", ONCE, 302, headers={"Location": TWICE}),
                entry(2, "GET", TWICE, 302, headers={"Location": around(TWICE.removeprefix(BASE))}),
            )
        ),
        right=Right(says=r"circle|loop|itself|grow|over and over|again and again", never=CLIENT),
    ),
    Report(
        name="location-is-empty",
        source="nginxinc/nginx-openid-connect#129, request/request#3016",
        symptom="The server redirects with a Location that is empty, because a rewrite in front wiped it.",
        play=Direct(authorize=says(302, "", "Location: ", kind="")),
        right=Right(
            says=r"empty",
            fix=r"administrator|server|proxy",
            never=rf"{BASE_URL}|{CLIENT}|slipped|do not open that address|registered",
        ),
    ),
    Report(
        name="redirect-uri-under-localhost",
        source="decocms/studio#2564",
        symptom="The redirect URI is one of app.localhost, which browsers take to this machine, and nothing listens for it.",
        play=Callback(
            redirect_uri="http://app.localhost:{port}/callback",
            calls=(b"GET /callback?code={code}&state={state} HTTP/1.1\r\nHost: app.localhost:{port}\r\n\r\n",),
        ),
        right=TAKEN,
    ),
    Report(
        name="bare-callback-before-the-answer",
        source="mcp-box/mcpscore#44, gptme/gptme#3304",
        symptom="A probe asks for the callback without a parameter before the browser brings the answer.",
        play=Callback(calls=(b"GET /callback HTTP/1.1\r\nHost: {host}\r\nUser-Agent: probe\r\n\r\n", GET)),
        right=TAKEN,
    ),
    Report(
        name="icon-before-the-answer",
        source="pipacs/o2#20",
        symptom="The browser asks for an icon beside the callback.",
        play=Callback(calls=(b"GET /favicon.ico HTTP/1.1\r\nHost: {host}\r\n\r\n", GET)),
        right=TAKEN,
    ),
    Report(
        name="browser-speaks-tls-to-the-listener",
        source="vulncheck-oss/cli#76",
        symptom="The browser changes http to https also for localhost, and its TLS comes to a listener of plain http.",
        play=Callback(calls=(HELLO,), wait="0.6"),
        right=Right(first=("tls-on-http",), says=r"https", fix=r"https-only|registered", never=CLIENT),
    ),
    Report(
        name="port-is-held-by-the-last-attempt",
        source="tingly-dev/tingly-box#639",
        symptom="A second attempt at the log-in finds the port taken.",
        play=Callback(redirect_uri="{url}/callback", calls=(), wait="0.4"),
        right=Right(first=("port-busy",), says=r"taken|in use", fix=r"stop|paste|other port|register", never=CLIENT),
    ),
    Report(
        name="browser-command-is-not-there",
        source="hashicorp/hcp#214",
        symptom="The program that opens a browser is not installed, and the log-in dies instead of waiting.",
        play=Callback(calls=(), wait="0.4", variables={"BROWSER": "a-browser-that-is-not-installed"}),
        right=Right(first=("browser-not-opened",), says=r"BROWSER", fix=r"BROWSER|by hand|paste", never=CLIENT),
    ),
    Report(
        name="browser-on-a-machine-without-a-screen",
        source="tursodatabase/turso-cli#585",
        symptom="On a machine that is reached over SSH each browser that is tried fails.",
        play=Callback(
            calls=(),
            wait="0.4",
            variables={"BROWSER": "false", "SSH_CONNECTION": "10.0.0.7 52000 10.0.0.9 22"},
        ),
        right=Right(says=r"browser", fix=r"by hand|paste|ssh", never=CLIENT),
    ),
    Report(
        name="listener-in-a-container",
        source="Lampese/codex-switcher#147",
        symptom="The listener is bound to the container's own loopback, where a mapped port never comes.",
        play=Callback(
            calls=(),
            wait="0.4",
            variables={"container": "podman", "BROWSER": ""},
            redirect_uri="http://localhost:{port}/callback",
        ),
        right=Right(says=r"container", fix=r"--listen|map the port|paste", never=CLIENT),
    ),
    Report(
        name="address-refused-by-the-application",
        source="testomatio/app#1513",
        symptom="The application itself keeps a list of addresses, and says so in JSON.",
        play=Direct(
            token=as_json(
                403,
                {
                    "error": "access_denied",
                    "message": "Your IP address is not allowed to access this application.",
                },
            )
        ),
        right=Right(
            says=r"address", fix=r"network|VPN|address", tells=r"\(likely\)", never=rf"{CLIENT}|platform does not admit"
        ),
    ),
    Report(
        name="address-refused-by-an-organization",
        source="SalesforceFoundation/NPSP#7247",
        symptom="The credentials are right, and an organization admits some addresses only.",
        play=Direct(
            token=as_json(
                403,
                {
                    "message": "Although you appear to have the correct authorization credentials, the `acme` organization has an IP "
                    "allow list enabled, and your IP address is not permitted to access this resource."
                },
            )
        ),
        right=Right(says=r"address", fix=r"network|VPN|address|allow list", never=rf"{CLIENT}|code-"),
    ),
    Report(
        name="intermediate-certificate-is-not-sent",
        source="matteocorti/check_ssl_cert#175, socrata/dev.socrata.com#866",
        symptom="Browsers open the site, and programs find no issuer: the server sends its own certificate alone.",
        play=Direct(certificate="of a public authority"),
        right=Right(
            first=("certificate-unknown-authority",),
            says=r"intermediate|chain",
            fix=r"intermediate|chain",
            never=rf"{BASE_URL}|It is a private authority",
        ),
    ),
    Report(
        name="filter-reads-tls-traffic",
        source="britive/python-cli#213",
        symptom="On machines with the company's filter every certificate is signed by the filter, which this program does not trust.",
        play=Direct(certificate="of a filter"),
        right=Right(says=r"Zscaler", fix=r"--ca-file|SSL_CERT_FILE", never=BASE_URL),
    ),
    Report(
        name="negotiate-beside-the-log-in-page",
        source="keycloak/keycloak-benchmark#491",
        symptom="The authorization endpoint answers 401 with Negotiate, and a log-in page for everybody who has no ticket.",
        play=Direct(
            authorize=page(
                401,
                "<title>Sign in</title><form action='/login'><input name='username'><input type='password' name='password'></form>",
                "WWW-Authenticate: Negotiate",
            )
        ),
        right=Right(fix=r"--mode browser", never=rf"{CLIENT}|whole site|looked at neither"),
    ),
    Report(
        name="negotiate-and-ntlm-before-the-token-endpoint",
        source="centreon/centreon-plugins#4147",
        symptom="The token endpoint stands behind Windows authentication, which wants Negotiate or NTLM.",
        play=Direct(
            token=says(
                401,
                "401 UNAUTHORIZED",
                "Server: Microsoft-IIS/8.5",
                "WWW-Authenticate: Negotiate",
                "WWW-Authenticate: NTLM",
            )
        ),
        right=Right(says=r"Windows|Negotiate|NTLM", fix=r"anonymous", never=CLIENT),
    ),
    Report(
        name="maintenance-in-json",
        source="opencloud-eu/opencloud#151",
        symptom="The proxy answers 503 in JSON that says that the server is in maintenance, and for how long.",
        play=Direct(
            token=as_json(
                503,
                {
                    "error": {
                        "code": "serviceNotAvailable",
                        "message": "The server is in maintenance mode. Come back in 30min.",
                    }
                },
                "Retry-After: 1800",
            )
        ),
        right=Right(says=r"maintenance", fix=r"wait", never=CLIENT),
    ),
    Report(
        name="too-long-state-after-the-log-in",
        source="dotnet/aspnetcore#21743",
        symptom="The query string is longer than IIS admits, and its page says 404.15.",
        play=Direct(
            authorize=page(
                404,
                "<title>IIS 10.0 Detailed Error - 404.15 - Not Found</title><h2>HTTP Error 404.15 - Not Found</h2><p>The request "
                "filtering module is configured to deny a request where the query string is too long.</p>",
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"too long|length", never=rf"{CLIENT}|path is|authorize-not-found"),
    ),
    Report(
        name="certificate-that-leaves-the-host-out",
        source="wso2/api-manager#1876",
        symptom="The certificate's names do not hold the host that the client asks for.",
        play=Direct(
            certificate="of another host", variables={"SSL_CERT_FILE": "{folder}/authority.pem"}, base_url="{url}"
        ),
        right=Right(
            first=("certificate-wrong-host",), says=r"not known|Or|another name", fix=r"host name", never=CLIENT
        ),
    ),
    Report(
        name="socks-proxy-that-is-gone",
        source="cloudfoundry/bosh-cli#429",
        symptom="The variable names a SOCKS proxy whose tunnel has ended.",
        play=Direct(base_url=AFAR, variables={"all_proxy": "socks5://127.0.0.1:{closed}"}),
        right=Right(first=("proxy-failed",), says=r"all_proxy", fix=r"all_proxy", never=BASE_URL),
    ),
    Report(
        name="web-proxy-under-a-scheme-of-socks",
        source="wzshiming/bridge#28, v2fly/docker#67",
        symptom="The port speaks HTTP as a proxy, and the variable names it as one of SOCKS.",
        play=Direct(base_url=AFAR, proxy="web", variables={"ALL_PROXY": "socks5://{proxy}"}),
        right=Right(says=r"SOCKS|http", fix=r"ALL_PROXY", never=rf"{BASE_URL}|misspelt"),
    ),
    Report(
        name="socks-proxy-under-a-scheme-of-http",
        source="Equim-chan/h2s#10, mistakster/throttle-proxy#24",
        symptom="The port speaks SOCKS, and the variable names it as a proxy of HTTP.",
        play=Direct(base_url="https://airisk.invalid", proxy="socks5", variables={"HTTPS_PROXY": "http://{proxy}"}),
        right=Right(says=r"proxy", fix=r"HTTPS_PROXY", tells=r"SOCKS", never=BASE_URL),
    ),
    Report(
        name="proxy-of-plain-http-under-a-scheme-of-https",
        source="Esri/arcgis-python-api#1350",
        symptom="The proxy's address says https, and the proxy itself speaks plain http, so TLS fails before any request.",
        play=Direct(base_url="https://airisk.invalid", proxy=says(200), variables={"HTTPS_PROXY": "https://{proxy}"}),
        right=Right(says=r"proxy", fix=r"HTTPS_PROXY", tells=r"http\b", never=BASE_URL),
    ),
    Report(
        name="proxy-forbids-the-tunnel",
        source="nolabs-ai/nono#237",
        symptom="A sandbox lets some hosts through only, and answers CONNECT to this one with 403.",
        play=Direct(
            base_url="https://airisk.invalid", proxy=says(403, "denied"), variables={"HTTPS_PROXY": "http://{proxy}"}
        ),
        right=Right(says=r"403|forbid|rules", fix=r"proxy|through|NO_PROXY", never=rf"misspelt|{CLIENT}|does not run"),
    ),
    Report(
        name="proxy-of-a-host-that-is-none",
        source="microsoft/appcenter-cli#636",
        symptom="A wrong setting made the port the host of the proxy, whose name has no address.",
        play=Direct(base_url="https://airisk.invalid", variables={"HTTPS_PROXY": "http://proxy-80.invalid:8080"}),
        right=Right(first=("proxy-failed",), says=r"HTTPS_PROXY", fix=r"HTTPS_PROXY", never=BASE_URL),
    ),
    Report(
        name="socks-proxy-that-wants-no-login",
        source="sethmlarson/socksio#27",
        symptom="The address of the SOCKS proxy holds a login, and the proxy chooses the way without one.",
        play=Direct(base_url=AFAR, proxy="socks5", variables={"ALL_PROXY": "socks5h://ada:s3cret-of-mine@{proxy}"}),
        right=Right(
            tells=r"without (a )?log-?in|no log-?in|NO AUTHENTICATION|Outcome: token",
            never=rf"{BASE_URL}|s3cret-of-mine",
        ),
    ),
    Report(
        name="socks-proxy-of-version-four",
        source="alexkirsz/dispatch#38",
        symptom="The variable names a SOCKS proxy of version 4, which the client does not speak.",
        play=Direct(base_url=AFAR, variables={"ALL_PROXY": "socks4://127.0.0.1:{closed}"}),
        right=Right(says=r"socks4", fix=r"socks5", never=BASE_URL),
    ),
    Report(
        name="proxy-variable-and-a-callback-on-this-machine",
        source="shanliuling/dsh-image-gen#53",
        symptom="A proxy is set for everything, and the callback on this machine must not go through it.",
        play=Callback(
            calls=(GET,),
            variables={"HTTP_PROXY": "http://127.0.0.1:{closed}", "ALL_PROXY": "http://127.0.0.1:{closed}"},
        ),
        right=TAKEN,
    ),
    Report(
        name="check-of-tokens-before-the-token-endpoint",
        source="moov-io/infra#17",
        symptom="The gateway asks its check of tokens before the token endpoint, too, and answers in a JSON of its own.",
        play=Direct(
            token=as_json(403, {"cookie": {"error": None}, "oauth2": {"error": "no Bearer auth header found"}})
        ),
        right=Right(says=r"Bearer", fix=r"administrator", never=rf"{CLIENT}|code-|--mode browser"),
    ),
    Report(
        name="gateway-wants-credentials-of-its-own",
        source="wso2/docker-apim#401",
        symptom="The API manager wants a token or a key with every call, the token request included.",
        play=Direct(
            token=as_json(
                401,
                {
                    "fault": {
                        "code": 900902,
                        "message": "Missing Credentials",
                        "description": "Authentication Error. Make sure your API invocation call has a header: 'Authorization : Bearer "
                        "ACCESS_TOKEN' or 'apikey: API_KEY'",
                    }
                },
            )
        ),
        right=Right(says=r"gateway", never=r"secret is wrong|wrong secret|unknown client|client_auth=basic"),
    ),
    Report(
        name="application-gateway-without-an-application",
        source="Azure/application-gateway-kubernetes-ingress#1020",
        symptom="The gateway's page says 502, because none of the servers behind it passes its check.",
        play=Direct(
            authorize=says(
                502,
                "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr>"
                "<center>Microsoft-Azure-Application-Gateway/v2</center>\r\n</body>\r\n</html>",
                "Server: Microsoft-Azure-Application-Gateway/v2",
                kind="text/html",
            )
        ),
        right=Right(says=r"gateway", fix=r"administrator", never=rf"{CLIENT}|{BASE_URL} (to|http)"),
    ),
    Report(
        name="caller-may-not-invoke-the-service",
        source="GoogleCloudPlatform/cloud-code-intellij#3133, datacommonsorg/docsite#463",
        symptom="The platform runs the service for known callers only, and its page says that the client has no permission.",
        play=Direct(
            authorize=page(
                403,
                "<head><title>403 Forbidden</title></head><body><h1>Error: Forbidden</h1><h2>Your client does not have permission to get "
                "URL <code>/api/oauth2</code> from this server.</h2></body>",
            )
        ),
        right=Right(says=r"does not have permission to get", fix=r"administrator", never=rf"{CLIENT}|--client-id"),
    ),
    Report(
        name="application-failed-to-respond",
        source="vignesh07/clawdbot-railway-template#73",
        symptom="The platform answers 502 in JSON, because the application listens at another port than it was told.",
        play=Direct(
            token=as_json(
                502,
                {"status": "error", "code": 502, "message": "Application failed to respond", "request_id": "q7Yc2"},
                "Server: railway-edge",
            )
        ),
        right=Right(says=r"failed to respond", fix=r"administrator|application", never=rf"{CLIENT}|--body json"),
    ),
    Report(
        name="application-error-of-a-platform",
        source="joscas/base_app#10",
        symptom="The platform's page says that an error occurred in the application.",
        play=Direct(
            authorize=page(
                503,
                "<head><title>Application Error</title></head><body><iframe src='//www.herokucdn.com/error-pages/application-error.html'>"
                "</iframe></body>",
                "Server: Heroku",
            )
        ),
        right=Right(says=r"application", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="token-endpoint-is-late-behind-the-gateway",
        source="gitroomhq/postiz-app#632",
        symptom="The gateway gives up: 504 after a minute.",
        play=Direct(
            token=says(
                504,
                "<html><head><title>504 Gateway Time-out</title></head><body><center><h1>504 Gateway Time-out</h1></center>"
                "<hr><center>nginx</center></body></html>",
                "Server: nginx",
                kind="text/html",
            )
        ),
        right=Right(says=r"in time|time-out|504", fix=r"administrator|minute", never=CLIENT),
    ),
    Report(
        name="request-rejected-with-a-status-of-success",
        source="cita-bot/cita-bot#65",
        symptom="The firewall answers 200 with a page that rejects the request and gives a support id.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your "
                "administrator.<br><br>Your support ID is: 14171762189802438057<br><br><a href='javascript:history.back();'>[Go Back]"
                "</a></body>",
            )
        ),
        right=Right(
            says=r"firewall|F5|rejected", fix=r"support|request id|administrator|whoever", never=rf"{CLIENT}|web site"
        ),
    ),
    Report(
        name="post-is-led-to-https",
        source="jamessharp/docker-nginx-https-redirect#9, aaronpk/indielogin.com#78",
        symptom="The token request over http is redirected to https, and clients make a GET of it.",
        play=Direct(
            token=says(
                301,
                "<html><head><title>301 Moved Permanently</title></head></html>",
                "Location: https://airisk.example.com/api/oauth2/Token",
                kind="text/html",
            )
        ),
        right=Right(says=r"redirect|moved", fix=r"https://airisk\.example\.com", never=CLIENT),
    ),
    Report(
        name="answer-of-an-attempt-before",
        source="bman654/clodex#142, hydall/Glaze#441",
        symptom="The person finishes the log-in in the tab of an attempt before; its answer has another state, and nothing else comes.",
        play=Callback(
            calls=(
                b"GET /callback?code=c0deOfTheAttemptBefore&state=stateOfTheAttemptBefore HTTP/1.1\r\nHost: {host}\r\n\r\n",
            ),
            wait="0.8",
        ),
        right=Right(
            says=r"state",
            fix=r"run again|tab",
            never=rf"nobody-came|{CLIENT}",
            outcome=("response-invalid", "timeout"),
            sent_code=None,
        ),
    ),
    Report(
        name="forged-refusal-before-the-answer",
        source="JetBrains/teamcity-cli#346",
        symptom="Any page can call the callback with an error while the log-in goes on.",
        play=Callback(calls=(b"GET /callback?error=denied HTTP/1.1\r\nHost: {host}\r\n\r\n", GET)),
        right=TAKEN,
    ),
    Report(
        name="old-answer-before-the-new-one",
        source="cloudflare/agents#833",
        symptom="The answer of an abandoned attempt comes first, and the right one after it.",
        play=Callback(
            calls=(
                b"GET /callback?code=c0deOfTheAttemptBefore&state=stateOfTheAttemptBefore HTTP/1.1\r\nHost: {host}\r\n\r\n",
                GET,
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="no-browser-on-a-console",
        source="bcicen/slackcat#36",
        symptom="A machine without a graphical desktop opens no browser, and nobody says which address to open.",
        play=Callback(calls=(), wait="0.4", variables={"BROWSER": ""}),
        right=Right(
            first=("browser-not-opened",),
            fix=r"by hand|paste",
            tells=r"http://127\.0\.0\.1:\d+/api/oauth2\?",
            never=CLIENT,
        ),
    ),
    Report(
        name="request-not-allowed-from-this-network",
        source="decolua/9router#1027",
        symptom="The token request is refused in words that name nothing; the network was the reason.",
        play=Direct(token=as_json(403, {"error": {"type": "forbidden", "message": "Request not allowed"}})),
        right=Right(says=r"Request not allowed", never=r"secret is wrong|wrong secret|code was used|grant"),
    ),
    Report(
        name="platform-login-before-the-probe",
        source="18F/piipan#1131",
        symptom="The platform's own authentication stands before every path, and answers 401 with an address for its log-in.",
        play=Direct(
            token=says(
                401,
                "You do not have permission to view this directory or page.",
                'WWW-Authenticate: Bearer realm="airisk.example.com" authorization_uri="https://login.windows.net/7f3a/oauth2/authorize" '
                'resource_id="3c1e"',
                kind="text/html",
            )
        ),
        right=Right(first=("token-platform-login",), fix=r"exclude|exempt", never=CLIENT),
    ),
    Report(
        name="root-of-a-stage-of-a-gateway",
        source="stackery/php-lambda-layer#31",
        symptom="The gateway says that an authentication token is missing where only the path is wrong.",
        play=Direct(
            authorize=as_json(
                403,
                {"message": "Missing Authentication Token"},
                "x-amzn-ErrorType: MissingAuthenticationTokenException",
                "x-amz-apigw-id: VwjwNFuUIAMFrRA=",
            )
        ),
        right=Right(says=r"gateway", fix=r"--base-url|path|stage", never=CLIENT),
    ),
    Report(
        name="forbidden-says-the-router",
        source="traefik/traefik#8548",
        symptom="A check in front answers 403 in one word, which any server may write.",
        play=Direct(token=says(403, "Forbidden")),
        right=Right(says=r"403", tells=r"not known", never=CLIENT),
    ),
    Report(
        name="certificate-of-the-machine-itself",
        source="opencloud-eu/android#125",
        symptom="The certificate is of the machine itself, for another name than the one in the address.",
        play=Direct(certificate="signed by itself, for another host"),
        right=Right(says=r"self-signed|another name", never=CLIENT),
    ),
    Report(
        name="prefetch-of-a-browser-before-the-answer",
        source="outline/outline#9227",
        symptom="A scanner of links opens the address ahead of the person.",
        play=Callback(
            calls=(
                b"HEAD /callback?code={code}&state={state} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: scanner\r\n\r\n",
                GET,
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="allow-list-of-an-organization-in-step-one",
        source="easy-wi/developer#1043",
        symptom="The API names the address from which the request came, and refuses it.",
        play=Direct(token=says(403, "403 Forbidden: No valid access data. Request IP is: 203.0.113.7")),
        right=Right(says=r"Request IP is", never=rf"{CLIENT}|code-refused"),
    ),
    Report(
        name="browser-on-another-machine-than-the-program",
        source="harababurel/gcsf#41",
        symptom="The program runs on a machine that is reached over SSH, the browser on another one, where nothing listens.",
        play=Callback(calls=(), wait="0.4", variables={"BROWSER": "", "SSH_CONNECTION": "10.0.0.7 52000 10.0.0.9 22"}),
        right=Right(says=r"SSH|browser", fix=r"ssh -N -L|paste", never=CLIENT),
    ),
    Report(
        name="workspace-of-a-remote-editor",
        source="Azure/azure-dev#1006",
        symptom="In a workspace of a remote editor the browser ends on localhost, which refuses to connect.",
        play=Callback(calls=(), wait="0.4", variables={"CODESPACES": "true", "BROWSER": "code"}),
        right=Right(says=r"Codespace|browser", fix=r"forward|paste", never=CLIENT),
    ),
    Report(
        name="gateway-wants-a-key-with-the-token-request",
        source="mybuilder/kongfig#36",
        symptom="The gateway finds no key of its own in the request, and says so.",
        play=Direct(
            token=as_json(401, {"message": "No API key found in request"}, 'WWW-Authenticate: Key realm="kong"')
        ),
        right=Right(
            says=r"gateway|key", fix=r"exempt|administrator", never=r"secret is wrong|wrong secret|client_auth"
        ),
    ),
    Report(
        name="access-to-this-api-is-disallowed",
        source="TykTechnologies/tyk-oss-k8s-deployment#4",
        symptom="The gateway disallows the access in words of its own, whose key or policy nobody knows.",
        play=Direct(token=as_json(403, {"error": "Access to this API has been disallowed"}, "X-Generator: tyk.io")),
        right=Right(says=r"disallowed", never=r"secret is wrong|wrong secret|unknown client|code-"),
    ),
    Report(
        name="host-name-is-not-among-those-that-are-allowed",
        source="mlflow-oidc/mlflow-oidc-auth#207",
        symptom="Behind the proxy the application does not admit the public host name.",
        play=Direct(authorize=says(403, "Invalid Host header - possible DNS rebinding attack detected")),
        right=Right(says=r"host", fix=r"host", never=rf"{CLIENT}|redirect URI is not registered"),
    ),
    Report(
        name="host-name-refused-with-a-status-of-success",
        source="International-Data-Spaces-Association/DataspaceConnectorUI#17",
        symptom="A development server behind a reverse proxy answers with three words, and status 200.",
        play=Direct(authorize=says(200, "Invalid Host header", kind="text/html")),
        right=Right(says=r"host", never=rf"{CLIENT}|calls the redirect URI"),
    ),
    Report(
        name="host-is-blocked-by-the-framework",
        source="broadinstitute/single_cell_portal_core#1050",
        symptom="The framework blocks requests for a host name that it was not told.",
        play=Direct(
            token=page(
                403,
                "<head><title>Action Controller: Exception caught</title></head><body><h1>Blocked hosts: 127.0.0.1</h1>"
                "<p>To allow requests to these hosts, make sure they are valid hostnames</p></body>",
            )
        ),
        right=Right(says=r"host name|Blocked host", fix=r"host", never=CLIENT),
    ),
    Report(
        name="path-that-the-web-server-does-not-have",
        source="aaronpk/sample-oauth2-client#1",
        symptom="The web server has no such path, and its page says so.",
        play=Direct(
            authorize=page(
                404,
                "<head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The requested URL was not found on this server.</p>"
                "<hr><address>Apache/2.4.18 (Ubuntu) Server at 127.0.0.1 Port 80</address></body>",
                "Server: Apache/2.4.18 (Ubuntu)",
            )
        ),
        right=Right(says=r"404|no authorization endpoint", fix=r"--base-url|path", never=CLIENT),
    ),
    Report(
        name="https-at-a-port-of-plain-http",
        source="m-click/requests_pkcs12#7",
        symptom="The address says https, and the port speaks plain http: wrong version number.",
        play=Direct(base_url="https://{proxy}", proxy="web"),
        right=Right(first=("tls-on-plain-port",), fix=r"http://127", never=CLIENT),
    ),
    Report(
        name="page-of-a-platform-that-knows-no-such-place",
        source="railwayapp/cli#705",
        symptom="A page of 404 in the words of a site: looks like you are lost.",
        play=Direct(authorize=page(404, "<title>404</title><h1>404</h1><p>Looks like you are lost</p>")),
        right=Right(says=r"404", fix=r"address|--base-url", never=CLIENT),
    ),
    Report(
        name="server-error-in-another-language",
        source="hitobito/hitobito#2389",
        symptom="The authorization endpoint answers with a page of its own for errors, in German.",
        play=Direct(authorize=page(500, "<title>Serverfehler (500)</title><h1>Es ist ein Fehler aufgetreten.</h1>")),
        right=Right(says=r"500", tells=r"not known", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="token-endpoint-met-an-internal-error",
        source="stride-nyc/remote_retro#372",
        symptom="The token endpoint answers 500 in JSON: internal error encountered.",
        play=Direct(
            token=as_json(500, {"error": {"code": 500, "message": "Internal error encountered.", "status": "INTERNAL"}})
        ),
        right=Right(says=r"Internal error encountered", fix=r"administrator|again", never=CLIENT),
    ),
    Report(
        name="token-endpoint-is-unavailable-without-a-word",
        source="linear/linear#584",
        symptom="The exchange of the code ends in 503, and nothing says why.",
        play=Direct(token=says(503)),
        right=Right(says=r"503", tells=r"not known", never=CLIENT),
    ),
    Report(
        name="maintenance-page-in-place-of-the-api",
        source="harvard-lil/perma#2649",
        symptom="A worker at the edge shows the site's page of maintenance for the API, too.",
        play=Direct(
            token=page(
                503,
                "<title>We'll be back soon</title><h1>Perma is down for scheduled maintenance</h1><p>We'll be back soon.</p>",
            )
        ),
        right=Right(says=r"maintenance", fix=r"wait", never=CLIENT),
    ),
    Report(
        name="headers-too-large-for-the-gateway",
        source="GSA/api.data.gov#461",
        symptom="The gateway answers 502, because the headers of the application's answer are longer than it reads.",
        play=Direct(
            authorize=says(
                502,
                "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx"
                "</center></body></html>",
                "Server: nginx",
                kind="text/html",
            )
        ),
        right=Right(tells=r"headers too large", fix=r"administrator", never=CLIENT),
    ),
    Report(
        name="job-in-a-cluster-has-no-browser",
        source="adanalife/tripbot#479, mholt/timeliner#53",
        symptom="In the container of a cluster there is no program that opens a browser.",
        play=Callback(calls=(), wait="0.4", variables={"BROWSER": "", "container": "containerd"}),
        right=Right(first=("browser-not-opened",), says=r"container", fix=r"by hand|paste", never=rf"{CLIENT}|ssh -N"),
    ),
    Report(
        name="login-of-a-proxy-before-the-token-endpoint",
        source="pomerium/pomerium#281",
        symptom="The log-in proxy redirects calls of programs to its page for people, too.",
        play=Direct(
            token=redirect(
                "https://authenticate.example.com/.pomerium/sign_in?redirect_uri=https%3A%2F%2Fapi.example.com%2Foauth2%2FToken"
            )
        ),
        right=Right(says=r"log-?in", fix=r"exempt|administrator", never=rf"{CLIENT}|--base-url https://authenticate"),
    ),
    Report(
        name="callback-through-a-mapped-host-name",
        source="druxt/quickstart#146",
        symptom="The port mapping gives another port on the host, so the answer names that one.",
        play=Callback(
            options=("--listen", "127.0.0.1:{listen}"),
            redirect_uri="http://localhost:{port}/callback",
            calls=(b"GET /callback?code={code}&state={state} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",),
        ),
        right=Right(outcome=("token",)),
    ),
)
