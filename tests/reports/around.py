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
)
