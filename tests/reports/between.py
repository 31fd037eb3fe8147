"""What stands between a client and a server, and what the tools between them write down: proxies, gateways, pastes, certificates,
HARs of six programs."""

from __future__ import annotations

from base64 import b64encode

from tests.reports.answers import as_json, page, redirect, says
from tests.reports.entries import (
    AUTHORIZATION,
    BACK,
    BASE,
    DOCUMENT,
    FORM,
    TOKEN_URL,
    authorization,
    back,
    entry,
    form,
    har,
    json_content,
    token,
)
from tests.reports.report import CODE, SHORT, Callback, Direct, Har, Paste, Report, Right

CLIENT = r"client-unknown|client-refused|unknown `?client|wrong secret|secret is wrong|--client-id|AIRISK_CLIENT_SECRET"
"""Blames the client for what something in front said."""
NGINX = (
    "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr><center>nginx</center></body></html>"
)
OVER_HTTP = f"{BASE}/api/oauth2?client_id=demo-app&redirect_uri=http%3A%2F%2Fshop.example.com%2Fsignin-oidc&state=st4te"


def html(text: str) -> dict[str, object]:
    """A page as the content of an answer."""
    return {"size": len(text), "mimeType": "text/html", "text": text}


def base64(text: str, kind: str = "application/json") -> dict[str, object]:
    """A body that the tool wrote in base64."""
    return {"size": len(text), "mimeType": kind, "encoding": "base64", "text": b64encode(text.encode()).decode()}


def by(name: str, version: str) -> dict[str, object]:
    """The tool that wrote a HAR."""
    return {"creator": {"name": name, "version": version}}


REPORTS = (
    Report(
        name="server-behind-nginx-does-not-run-at-the-callback",
        source="a5huynh/oauth2_proxy#22",
        symptom="After the login the callback gets 502 from the web server, behind which nothing runs.",
        play=Har(
            archive=har(
                authorization(),
                back(status=502, headers={"Server": "nginx"}, content=html(NGINX.format("502 Bad Gateway"))),
            )
        ),
        right=Right(says=r"proxy|gateway|in front", tells=r"not run|not reach|behind", never=CLIENT),
    ),
    Report(
        name="callback-sets-cookies-that-the-proxy-has-no-room-for",
        source="rodzalendo/nanohive-abs-theme#32",
        symptom="Users with many groups get 502 at the callback, because the cookies of the answer are too large for the proxy.",
        play=Har(
            archive=har(
                authorization(),
                back(status=502, headers={"Server": "nginx/1.25.3"}, content=html(NGINX.format("502 Bad Gateway"))),
            )
        ),
        right=Right(says=r"proxy|gateway|in front", tells=r"header", never=CLIENT),
    ),
    Report(
        name="security-service-blocks-the-token-request",
        source="internxt/cli#358",
        symptom="The token request of a program is blocked by a security service, whose page says that one has been blocked.",
        play=Direct(
            token=page(
                403,
                "<head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1><h2>You are "
                "unable to access airisk.example.com</h2><h2>Why have I been blocked?</h2><p>This website is using a security service "
                "to protect itself from online attacks. The action you just performed triggered the security solution.</p>"
                "<p>Cloudflare Ray ID: <strong>9813d9682d333cc0</strong></p></body>",
                "Server: cloudflare",
                "CF-RAY: 9813d9682d333cc0-FRA",
            )
        ),
        right=Right(says=r"cloudflare", fix=r"let through|exempt", never=CLIENT),
    ),
    Report(
        name="nonces-of-many-logins-fill-the-cookies",
        source="dotnet/aspnetcore#17247, zazuko/cube-creator#767",
        symptom="Cookies of unfinished logins pile up, until the web server refuses the callback as too large.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=400,
                    headers={"Server": "nginx"},
                    content=html(
                        "<html><head><title>400 Request Header Or Cookie Too Large</title></head><body><center><h1>400 Bad Request</h1>"
                        "</center><center>Request Header Or Cookie Too Large</center><hr><center>nginx</center></body></html>"
                    ),
                ),
            )
        ),
        right=Right(says=r"too large|too long|length|limit", fix=r"cookie", never=CLIENT),
    ),
    Report(
        name="list-of-fields-is-empty",
        source="firebug/har-export-trigger#12",
        symptom="The file has the type of the body and an empty list of its fields, because the tool did not write them.",
        play=Har(archive=har(authorization(), back(), token(post={"mimeType": FORM, "params": []}))),
        right=Right(
            never=rf"{CLIENT}|no code|without a code|grant-type|field-missing|code-missing",
            tells=r"left out|not hold|does not show",
        ),
    ),
    Report(
        name="enter-without-a-code",
        source="mihaip/readerisdead#2",
        symptom="The copy failed, so nothing but Enter was pasted.",
        play=Paste(pasted="\n\n"),
        right=Right(sent_code=None, tells=r"nothing|empty|no answer", never=CLIENT),
    ),
    Report(
        name="pasted-twice",
        source="yeongpin/cursor-free-vip#916",
        symptom="The terminal doubles what is pasted: the address stands there twice, one behind the other.",
        play=Paste(pasted="{uri}?code={code}&state={state}{uri}?code={code}&state={state}\n"),
        right=Right(sent_code=(CODE, None), never=CLIENT, tells=r"twice|two|second|more than one|doubl"),
    ),
    Report(
        name="variables-for-certificates-are-empty",
        source="PleasePrompto/notebooklm-mcp#35",
        symptom="Behind a proxy of a company every certificate is signed by its authority, and the variables were set to nothing.",
        play=Direct(certificate="private authority", variables={"SSL_CERT_FILE": "", "REQUESTS_CA_BUNDLE": ""}),
        right=Right(
            says=r"certificate|authority",
            fix=r"SSL_CERT_FILE|ca.file",
            never=rf"{CLIENT}|cannot be read|could not be loaded",
        ),
    ),
    Report(
        name="check-of-the-login-finds-no-route",
        source="oauth2-proxy/oauth2-proxy#2111",
        symptom="The ingress asks a log-in proxy for each request; it gets 404 there, and answers 500 by itself.",
        play=Direct(authorize=says(500, NGINX.format("500 Internal Server Error"), "Server: nginx", kind="text/html")),
        right=Right(says=r"500", tells=r"in front|nginx|proxy", fix=r"administrator|log", never=CLIENT),
    ),
    Report(
        name="redirect-uri-is-not-whitelisted",
        source="gnikyt/laravel-shopify#224",
        symptom="The provider refuses the address of a tunnel as redirect URI, although the program looked right.",
        play=Direct(
            authorize=page(
                400, "<body><h1>Oauth error invalid_request: The redirect_uri is not whitelisted</h1></body>"
            )
        ),
        right=Right(says=r"redirect.URI", fix=r"regist", never=r"--client-id|client-unknown"),
    ),
    Report(
        name="identity-server-below-another-virtual-directory",
        source="IdentityServer/IdentityServer3#788",
        symptom="The server was put into a web site of IIS, whose page says 404.0 at the address that one took for its own.",
        play=Direct(
            authorize=page(
                404,
                "<head><title>IIS 8.5 Detailed Error - 404.0 - Not Found</title></head><body><h2>HTTP Error 404.0 - Not Found</h2><h3>"
                "The resource you are looking for has been removed, had its name changed, or is temporarily unavailable.</h3><p>Module: "
                "IIS Web Core</p><p>Handler: StaticFile</p><p>Physical Path: C:\\inetpub\\idsrv\\api\\oauth2</p></body>",
                "Server: Microsoft-IIS/8.5",
            )
        ),
        right=Right(
            says=r"404", fix=r"--base-url|path|address", tells=r"IIS|path|not there|no authorization", never=CLIENT
        ),
    ),
    Report(
        name="key-of-the-server-is-not-found",
        source="DuendeArchive/IdentityServer4#3225",
        symptom="On the server the key for signing cannot be opened, and the token endpoint answers with the exception.",
        play=Direct(
            token=says(
                500,
                "Internal.Cryptography.CryptoThrowHelper+WindowsCryptographicException: The system cannot find the file specified\r\n   at "
                "System.Security.Cryptography.CngKey.Open(String keyName, CngProvider provider)\r\n   at "
                "Microsoft.IdentityModel.Tokens.X509SecurityKey.get_PrivateKey()",
                "Server: Kestrel",
            )
        ),
        right=Right(says=r"cryptograph|key|file", fix=r"administrator", never=rf"{CLIENT}|--body json|encoding form"),
    ),
    Report(
        name="home-page-in-place-of-the-endpoint",
        source="DuendeArchive/IdentityServer4#2684",
        symptom="The path of the endpoint was left out, so the server's home page came, with status 200.",
        play=Direct(
            token=page(
                200,
                "<head><title>IdentityServer4</title></head><body><h1>Welcome to IdentityServer4</h1><p>IdentityServer publishes a "
                "discovery document where you can find metadata and links to all the endpoints, key material, etc.</p></body>",
            )
        ),
        right=Right(says=r"page", fix=r"token_path|--token-path|--base-url|address of the API", never=CLIENT),
    ),
    Report(
        name="sign-in-page-of-a-cluster-before-the-token-endpoint",
        source="openshift/oauth-proxy#171, oauth2-proxy/oauth2-proxy#1274",
        symptom="A log-in proxy before the service answers 403 with its whole page for signing in, and a program cannot.",
        play=Direct(
            token=page(
                403,
                '<head><title>Log In</title></head><body><form method="GET" action="/oauth/start"><input type="hidden" name="rd" value="/">'
                '<button type="submit" class="btn">Log in with OpenShift</button></form><footer>Secured with <a href="https://github.com/openshift/'
                'oauth-proxy#oauth2_proxy">OpenShift oauth-proxy</a> version 2.3.0</footer></body>',
            )
        ),
        right=Right(
            says=r"log.?in|sign.?in", fix=r"exempt|let .* through|take the login away|let .* pass", never=CLIENT
        ),
    ),
    Report(
        name="application-behind-a-balancer-asks-over-http",
        source="aspnet/Security#1702, aspnet/AspNetKatana#102, AzureAD/microsoft-identity-web#3170",
        symptom="The application is reached over https, and asks with a redirect URI of http, because its balancer speaks http with it.",
        play=Har(
            archive=har(
                entry(0, "GET", "https://shop.example.com/account", 302, headers={"Location": OVER_HTTP}),
                entry(
                    1,
                    "GET",
                    OVER_HTTP,
                    400,
                    headers={"Content-Type": "text/html"},
                    content=html(
                        "<html><body><h1>Error: redirect_uri_mismatch</h1><p>The redirect URI in the request, "
                        "http://shop.example.com/signin-oidc, does not match the ones authorized for the OAuth client.</p></body></html>"
                    ),
                ),
            )
        ),
        right=Right(says=r"redirect.URI", tells=r"https|X-Forwarded-Proto", never=r"--client-id|client-unknown"),
    ),
    Report(
        name="intermediate-certificate-is-left-out",
        source="https://devtoolsonline.dev/blog/ssl-certificate-chains-debugging/",
        symptom="Browsers open the site and programs do not, because the server does not send the certificate in between.",
        play=Direct(certificate="private authority"),
        right=Right(says=r"certificate", tells=r"intermediate|chain", never=CLIENT),
    ),
    Report(
        name="login-page-and-start-page-lead-to-each-other",
        source="mitre/vulcan#700",
        symptom="Behind a proxy the page for signing in leads to the start page, and that one back, until the browser gives up.",
        play=Har(
            archive=har(
                authorization(f"{BASE}/users/sign_in"),
                entry(1, "GET", f"{BASE}/users/sign_in", 302, headers={"Location": f"{BASE}/"}),
                entry(2, "GET", f"{BASE}/", 302, headers={"Location": f"{BASE}/users/sign_in"}),
                entry(3, "GET", f"{BASE}/users/sign_in", 302, headers={"Location": f"{BASE}/"}),
                entry(4, "GET", f"{BASE}/", 302, headers={"Location": f"{BASE}/users/sign_in"}),
            )
        ),
        right=Right(tells=r"loop|again and again|circle|each other|repeat", never=CLIENT),
    ),
    Report(
        name="application-asks-anew-after-each-callback",
        source="Lukas-Heiligenbrunner/AURCache#164",
        symptom="The callback leads to the start of the login again, which redirects at once, without a token request, in a loop.",
        play=Har(
            archive=har(
                *(
                    made
                    for turn in range(3)
                    for made in (
                        entry(3 * turn, "GET", AUTHORIZATION, 302, headers={"Location": BACK}),
                        entry(3 * turn + 1, "GET", BACK, 302, headers={"Location": "http://127.0.0.1:8765/api/login"}),
                        entry(
                            3 * turn + 2,
                            "GET",
                            "http://127.0.0.1:8765/api/login",
                            302,
                            headers={"Location": AUTHORIZATION},
                        ),
                    )
                )
            )
        ),
        right=Right(tells=r"loop|again|anew|no token request|not ask", never=CLIENT),
    ),
    Report(
        name="function-at-the-edge-fails-at-the-callback",
        source="awslabs/cognito-at-edge#86",
        symptom="The network for content runs a function at the callback, and says with 503 that it is invalid or has no permission.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=503,
                    headers={"Server": "CloudFront", "X-Cache": "LambdaExecutionError from cloudfront"},
                    content=html(
                        "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>503 ERROR</H1><H2>The "
                        "request could not be satisfied.</H2>The Lambda function associated with the CloudFront distribution is "
                        "invalid or doesn't have the required permissions.<PRE>Generated by cloudfront (CloudFront)</PRE></BODY></HTML>"
                    ),
                ),
            )
        ),
        right=Right(says=r"503", tells=r"cloudfront|function|in front|gateway", never=CLIENT),
    ),
    Report(
        name="answer-by-get-although-a-post-was-asked-for",
        source="spring-attic/spring-authorization-server#1241, mitreid-connect/OpenID-Connect-Java-Spring-Server#1095",
        symptom="response_mode=form_post was asked for, and the answer is an ordinary redirect.",
        play=Direct(options=("--param", "response_mode=form_post"), authorize=redirect()),
        right=Right(sent_code=CODE, outcome=("token",), never=rf"{CLIENT}|redirect URI is not"),
    ),
    Report(
        name="har-of-safari",
        source="https://webkit.org/web-inspector/",
        symptom="Safari wrote down a flow that worked: sizes that nobody measured, and a redirect with its address twice.",
        play=Har(
            archive=har(
                authorization(
                    response={
                        "status": 302,
                        "statusText": "Found",
                        "httpVersion": "h2",
                        "redirectURL": BACK,
                        "_transferSize": -1,
                    },
                    content={"size": 0, "mimeType": "x-unknown"},
                    _fetchType="Network Load",
                    _priority="high",
                    serverIPAddress="203.0.113.7",
                    cache={},
                    timings={"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0, "wait": -1, "receive": -1},
                ),
                back(content={"size": 312, "mimeType": "text/html", "compression": 0}, _fetchType="Network Load"),
                token(_fetchType="Network Load", response={"httpVersion": "h2", "_transferSize": 418}),
                **by("WebKit Web Inspector", "1.0"),
            )
        ),
        right=Right(quiet=True, outcome=("token",)),
    ),
    Report(
        name="har-of-fiddler-whose-callback-failed",
        source="https://docs.telerik.com/fiddler/",
        symptom="Nothing listens at the redirect URI; Fiddler, a proxy, answers 502 for it with a page of its own.",
        play=Har(
            archive=har(
                entry(
                    0, "CONNECT", "https://airisk.example.com:443", 200, comment="[#1]", connection="ClientPort:54133"
                ),
                authorization(comment="[#2]", connection="ClientPort:54133;EgressPort:54134"),
                back(
                    status=502,
                    response={"statusText": "Fiddler - Connection Failed"},
                    content=html(
                        "[Fiddler] The connection to '127.0.0.1' failed. <br />Error: ConnectionRefused (0x274d). <br />System.Net.Sockets."
                        "SocketException No connection could be made because the target machine actively refused it 127.0.0.1:8765"
                    ),
                    comment="[#3]",
                ),
                **by("Fiddler", "5.0.20243.10853"),
            )
        ),
        right=Right(
            says=r"callback|redirect URI|127\.0\.0\.1:8765",
            tells=r"nothing listen|not listen|refused|no program|does not run",
            never=CLIENT,
        ),
    ),
    Report(
        name="har-of-charles",
        source="https://www.charlesproxy.com/documentation/",
        symptom="Charles wrote a flow over HTTP/2: pseudo-headers among the headers, and every body in base64.",
        play=Har(
            archive=har(
                authorization(
                    sent={
                        ":method": "GET",
                        ":authority": "airisk.example.com",
                        ":scheme": "https",
                        ":path": "/api/oauth2",
                    },
                    headers={":status": "302", "location": BACK},
                    _charlesStatus="COMPLETE",
                ),
                back(_charlesStatus="COMPLETE"),
                token(
                    sent={":method": "POST", ":authority": "airisk.example.com", ":path": "/api/oauth2/Token"},
                    headers={":status": "200", "content-type": "application/json"},
                    content=base64(DOCUMENT),
                    _charlesStatus="COMPLETE",
                ),
                **by("Charles Proxy", "4.6.4"),
            )
        ),
        right=Right(quiet=True, outcome=("token",)),
    ),
    Report(
        name="har-of-insomnia",
        source="https://docs.insomnia.rest/",
        symptom="Insomnia wrote the one token request that it sent, with its own user agent and a comment; the server refused the code.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "POST",
                    TOKEN_URL,
                    400,
                    sent={"Content-Type": FORM, "User-Agent": "insomnia/9.3.3", "Accept": "*/*"},
                    headers={"Content-Type": "application/json"},
                    content=json_content(
                        '{"error":"invalid_grant","error_description":"The authorization code has expired"}'
                    ),
                    post={**form(), "params": []},
                    comment="Token",
                ),
                **by("Insomnia REST Client", "insomnia.desktop.app:v9.3.3"),
            )
        ),
        right=Right(says=r"code", tells=r"expired", never=rf"{CLIENT}|listener"),
    ),
    Report(
        name="har-of-http-toolkit-with-an-aborted-callback",
        source="https://httptoolkit.com/docs/",
        symptom="The call to the redirect URI was aborted: status 0 and a mark that the tool made.",
        play=Har(
            archive=har(
                authorization(_id="1"),
                back(
                    status=0,
                    response={"statusText": "", "httpVersion": "", "headersSize": -1, "bodySize": -1},
                    content={"size": -1, "mimeType": "application/octet-stream"},
                    _id="2",
                    _transportError="ECONNREFUSED",
                ),
                **by("HTTP Toolkit", "1.19.0"),
            )
        ),
        right=Right(says=r"callback|redirect URI", never=rf"{CLIENT}|server answered 0|status 0"),
    ),
    Report(
        name="har-of-firefox-with-a-blocked-request",
        source="https://firefox-source-docs.mozilla.org/devtools-user/network_monitor/",
        symptom="Firefox went through the flow in a page of its own; a tracker was blocked, and the answer is in the file whole.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    "https://tracker.example.net/pixel",
                    0,
                    response={"statusText": "", "httpVersion": ""},
                    _blockedReason="TRACKING",
                ),
                authorization(pageref="page_1", _securityState="secure"),
                back(pageref="page_1", _securityState="insecure"),
                token(
                    pageref="page_1",
                    _securityState="secure",
                    post={
                        **form(),
                        "params": [{"name": "code", "value": CODE}, {"name": "client_id", "value": "demo-app"}],
                    },
                ),
                browser={"name": "Firefox", "version": "132.0"},
                **by("Firefox", "132.0"),
            )
        ),
        right=Right(quiet=True, outcome=("token",)),
    ),
    Report(
        name="log-in-proxy-does-not-know-its-callback-below-a-prefix",
        source="oauth2-proxy/oauth2-proxy#2268",
        symptom="The callback goes to a log-in proxy below a prefix that it was not told, so it asks there for a login again, with 403.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=403,
                    content=html(
                        "<html><head><title>Sign In</title></head><body><form method='GET' action='/oauth2/start'><button type='submit'>"
                        "Sign in with OpenID Connect</button></form><footer>Secured with OAuth2 Proxy version 7.5.1</footer></body></html>"
                    ),
                ),
            )
        ),
        right=Right(says=r"403", tells=r"log-?in|sign.?in", fix=r"exempt|path|let the redirect|in front", never=CLIENT),
    ),
    Report(
        name="scope-of-the-answer-is-an-attack-for-a-firewall",
        source="coreruleset/coreruleset#2212, SpiderLabs/owasp-modsecurity-crs#1451",
        symptom="The provider adds its scopes to the redirect, and a firewall takes “.profile” in them for an attack.",
        play=Har(
            archive=har(
                authorization(
                    f"{BACK}&scope=email+profile+https%3A%2F%2Fwww.example.com%2Fauth%2Fuserinfo.profile&authuser=0"
                ),
                back(
                    f"{BACK}&scope=email+profile+https%3A%2F%2Fwww.example.com%2Fauth%2Fuserinfo.profile&authuser=0",
                    status=403,
                    headers={"Server": "nginx"},
                    content=html(NGINX.format("403 Forbidden")),
                ),
            )
        ),
        right=Right(says=r"403", tells=r"firewall|rule", never=CLIENT),
    ),
    Report(
        name="proxy-offers-basic-beside-the-logins-of-windows",
        source="cypress-io/cypress#4667",
        symptom="The proxy of the company asks for a login, by Negotiate, NTLM or Basic.",
        play=Direct(
            base_url="http://airisk.invalid",
            proxy=says(
                407,
                "",
                "Proxy-Authenticate: NEGOTIATE",
                "Proxy-Authenticate: NTLM",
                'Proxy-Authenticate: Basic realm="proxy"',
            ),
            variables={"HTTP_PROXY": "http://{proxy}"},
        ),
        right=Right(says=r"log.?in", fix=r"USER:PASSWORD", never=CLIENT),
    ),
    Report(
        name="nobody-comes-to-a-development-container",
        source="anthropics/claude-code#20793",
        symptom="The program waits in a container of an editor, whose port nothing passes on to the browser's machine.",
        play=Callback(calls=(), wait=SHORT, variables={"REMOTE_CONTAINERS": "true"}),
        right=Right(
            tells=r"forward|port|container",
            fix=r"paste|forward|port",
            outcome=("timeout",),
            never=r"wrong secret|secret is wrong",
        ),
    ),
    Report(
        name="rule-on-the-way-out-meets-a-packed-answer",
        source="https://techcommunity.microsoft.com/t5/iis-support-blog/ba-p/846259",
        symptom="IIS passes requests on and rewrites what comes back, which it cannot where that is packed: 500.52.",
        play=Direct(
            token=page(
                500,
                "<head><title>IIS 10.0 Detailed Error - 500.52 - URL Rewrite Module Error.</title></head><body><h2>HTTP Error 500.52 - URL "
                "Rewrite Module Error.</h2><h3>Outbound rewrite rules cannot be applied when the content of the HTTP response is encoded "
                '("gzip").</h3></body>',
                "Server: Microsoft-IIS/10.0",
            )
        ),
        right=Right(says=r"rewrite|500\.52", fix=r"administrator", never=rf"{CLIENT}|--body json"),
    ),
    Report(
        name="request-router-of-iis-waits-too-long",
        source="https://blogs.msdn.microsoft.com/chiranth/2014/08/03/",
        symptom="IIS passes the request on, and what is behind it does not answer in its time: 502.3 with Windows' number for that.",
        play=Direct(
            token=page(
                502,
                "<head><title>IIS 8.0 Detailed Error - 502.3 - Bad Gateway</title></head><body><h2>HTTP Error 502.3 - Bad Gateway</h2><h3>"
                "The operation timed out</h3><p>Module: ApplicationRequestRouting</p><p>Error Code: 0x80072ee2</p></body>",
                "Server: Microsoft-IIS/8.0",
            )
        ),
        right=Right(says=r"502", tells=r"in time|did not answer|timed out", never=CLIENT),
    ),
    Report(
        name="redirect-to-nowhere-after-a-challenge",
        source="hillaliy/LanGuard#168",
        symptom="A log-in proxy answers 401 to a header that it does not know, and the web server makes an empty redirect of it.",
        play=Direct(authorize=says(302, NGINX.format("302 Found"), "Location: ", "Server: nginx", kind="text/html")),
        right=Right(says=r"empty|Location|nowhere", tells=r"in front|proxy|server", never=rf"{CLIENT}|log in there"),
    ),
    Report(
        name="client-takes-the-code-of-another-provider",
        source="postmanlabs/postman-app-support#7105, postmanlabs/postman-app-support#3977",
        symptom="The server lets another provider log people in; the client takes the code of that step for its own.",
        play=Har(
            archive=har(
                authorization(
                    "https://idp.example.net/authorize?client_id=broker&redirect_uri=https%3A%2F%2Fairisk.example.com%2Fext&state=x1"
                ),
                entry(
                    1,
                    "GET",
                    "https://idp.example.net/authorize?client_id=broker&redirect_uri=https%3A%2F%2Fairisk.example.com%2Fext&state=x1",
                    302,
                    headers={"Location": f"{BASE}/ext?code=theOthersCode0123456789&state=x1"},
                ),
                entry(2, "GET", f"{BASE}/ext?code=theOthersCode0123456789&state=x1", 302, headers={"Location": BACK}),
                entry(
                    3,
                    "POST",
                    TOKEN_URL,
                    400,
                    headers={"Content-Type": "application/json"},
                    content=json_content('{"error":"invalid_grant"}'),
                    post=form(code="theOthersCode0123456789"),
                ),
            )
        ),
        right=Right(says=r"another code|other code|not the code|code", tells=r"another|other|differ", never=CLIENT),
    ),
    Report(
        name="client-asks-without-a-code-because-the-login-begins-with-its-uri",
        source="usebruno/bruno#5700",
        symptom="The redirect URI is the start page of the same host, so the client takes the login page for the answer.",
        play=Har(
            archive=har(
                authorization(
                    f"{BASE}/auth/login?session=1",
                    url=AUTHORIZATION.replace(
                        "http%3A%2F%2F127.0.0.1%3A8765%2Fcallback", "https%3A%2F%2Fairisk.example.com%2F"
                    ),
                ),
                entry(
                    1,
                    "POST",
                    TOKEN_URL,
                    400,
                    headers={"Content-Type": "application/json"},
                    content=json_content('{"error":"invalid_request"}'),
                    post={"mimeType": FORM, "text": "grant_type=authorization_code&code=&client_id=demo-app"},
                ),
            )
        ),
        right=Right(
            tells=r"no code|without a code|code.{0,40}(empty|missing)|before the server redirected", never=CLIENT
        ),
    ),
    Report(
        name="login-page-of-a-network-with-its-own-certificate",
        source="EFForg/https-everywhere#1958",
        symptom="In a café the network answers every https address with the certificate of its login page.",
        play=Direct(certificate="of another host", variables={"SSL_CERT_FILE": "{folder}/authority.pem"}),
        right=Right(says=r"certificate", tells=r"network|captive|portal", never=CLIENT),
    ),
    Report(
        name="application-tells-the-failure-in-its-next-redirect",
        source="postmanlabs/postman-app-support#9390",
        symptom="The page at the redirect URI leads the browser on to an address that says: failure, and why.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=302,
                    headers={
                        "Location": "https://abcdef.apps.example.net/oauth2-request?result=failure&message=Could+not+make+access+token+requests"
                    },
                ),
            )
        ),
        right=Right(tells=r"could not make|failure", never=CLIENT),
    ),
    Report(
        name="callback-arrives-at-the-api-and-not-at-the-web-server",
        source="onyx-dot-app/onyx#10074",
        symptom="The ingress has no rule for the callback, so the API gets it, which has no such path and says so in JSON.",
        play=Har(
            archive=har(
                authorization(),
                back(status=404, headers={"Server": "uvicorn"}, content=json_content('{"detail":"Not Found"}')),
            )
        ),
        right=Right(says=r"404", tells=r"path|rule|router", never=CLIENT),
    ),
    Report(
        name="check-of-the-login-stands-before-the-callback",
        source="bitly/oauth2_proxy#411",
        symptom="The web server asks for a login at every path, at that of the callback as well, and answers 401.",
        play=Har(
            archive=har(
                authorization(),
                back(status=401, headers={"Server": "nginx"}, content=html(NGINX.format("401 Authorization Required"))),
            )
        ),
        right=Right(says=r"401", tells=r"in front|log-?in", never=CLIENT),
    ),
    Report(
        name="log-in-proxy-fails-at-its-callback",
        source="oauth2-proxy/oauth2-proxy#1523",
        symptom="The log-in proxy at the redirect URI fails while it redeems the code, and shows its page: oops.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=500,
                    content=html(
                        "<html><head><title>500 Internal Server Error</title></head><body><h1>500</h1><h2>Internal Server Error</h2><p>"
                        "Oops! Something went wrong. For more information contact your server administrator.</p><footer>Secured with "
                        "OAuth2 Proxy version 7.2.0</footer></body></html>"
                    ),
                ),
            )
        ),
        right=Right(says=r"500", fix=r"log", never=CLIENT),
    ),
    Report(
        name="answer-comes-with-a-slash-behind-the-path",
        source="phw198/OutlookGoogleCalendarSync#1786",
        symptom="The browser comes to the registered path with a slash behind it, where the program does not look.",
        play=Callback(
            redirect_uri="http://127.0.0.1:{port}/authorize",
            calls=(b"GET /authorize/?code={code}&state={state} HTTP/1.1\r\nHost: {host}\r\n\r\n",),
            wait=SHORT,
        ),
        right=Right(tells=r"slash|/authorize/|another path", never=CLIENT),
    ),
    Report(
        name="token-in-the-query-is-pasted",
        source="nraboy/ng-cordova-oauth#137",
        symptom="The address that the browser ended on has a token in its query, and no code.",
        play=Paste(pasted="{uri}?access_token=opaqueTokenOfTheReport0123456789&token_type=bearer&state={state}\n"),
        right=Right(sent_code=None, tells=r"token", fix=r"response_type|code", never=CLIENT),
    ),
    Report(
        name="login-is-put-into-itself-with-each-redirect",
        source="oauth2-proxy/oauth2-proxy#3201",
        symptom="The check of the login is before its own start page, so that the address to come back to grows with each redirect.",
        play=Har(
            archive=har(
                authorization(f"{BASE}/oauth2/start?rd=%2Fapi%2Foauth2"),
                entry(
                    1,
                    "GET",
                    f"{BASE}/oauth2/start?rd=%2Fapi%2Foauth2",
                    302,
                    headers={"Location": f"{BASE}/oauth2/start?rd=%2Foauth2%2Fstart%3Frd%3Da"},
                ),
                entry(
                    2,
                    "GET",
                    f"{BASE}/oauth2/start?rd=%2Foauth2%2Fstart%3Frd%3Da",
                    302,
                    headers={
                        "Location": f"{BASE}/oauth2/start?rd=%2Foauth2%2Fstart%3Frd%3D%252Foauth2%252Fstart%253Frd%253Da"
                    },
                ),
            )
        ),
        right=Right(tells=r"loop|again|circle|oauth2-proxy|log-in proxy", never=CLIENT),
    ),
    Report(
        name="callback-is-reset-for-localhost",
        source="tailcallhq/forgecode#2990, kirodotdev/Kiro#10138",
        symptom="The browser's connection to the redirect URI is reset, although something listens there.",
        play=Har(archive=har(authorization(), back(status=0, _error="net::ERR_CONNECTION_RESET"))),
        right=Right(
            says=r"127\.0\.0\.1:8765|redirect URI",
            tells=r"reset|closed|broke|cut",
            never=rf"{CLIENT}|nothing listened there:",
        ),
    ),
    Report(
        name="function-behind-the-gateway-takes-too-long",
        source="nasa/cumulus#1043",
        symptom="The function behind Amazon's gateway runs out of time at the token request, and the gateway answers 502.",
        play=Direct(
            token=as_json(
                502,
                {"message": "Internal server error"},
                "x-amzn-ErrorType: InternalServerErrorException",
                "x-amzn-RequestId: 86e0",
            )
        ),
        right=Right(says=r"gateway", tells=r"time|fail|no answer|not run", never=rf"{CLIENT}|--body json"),
    ),
)
