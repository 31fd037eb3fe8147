"""Proxies, authorities, certificates and names, as the environment of the program has them."""

from __future__ import annotations

import time
from email.utils import formatdate

from tests.reports.answers import as_json, documented_token, jwt, only_if, page, redirect, says
from tests.reports.report import CODE, Asked, Direct, Report, Right

AFAR = "http://airisk.invalid"
"""A name that no resolver knows: only a proxy gets there."""

TRUSTED = {"SSL_CERT_FILE": "{folder}/authority.pem"}
BASE_URL = r"--base-url"
PASSES_ON = only_if(lambda asked: asked.method == "POST", documented_token, redirect())
"""A proxy that answers as the deployment would."""

TAKEN = Right(sent_code=CODE, outcome=("token",))


def ten_minutes_ahead(asked: Asked) -> bytes:
    """A server whose clock is right, as a machine whose own clock lags by ten minutes sees it."""
    now = int(time.time()) + 600
    token = jwt(sub="7", iat=now, nbf=now, exp=now + 3600)(now)
    return as_json(200, {"access_token": token, "expires_in": 3600}, f"Date: {formatdate(now, usegmt=True)}")(asked)


REPORTS = (
    Report(
        name="ca-file-that-is-not-there",
        source="Aider-AI/aider#3710, gmarciani/cli-wizard#33",
        symptom="SSL_CERT_FILE names a file that is gone, and every request fails with a bare file error.",
        play=Direct(certificate="private authority", variables={"SSL_CERT_FILE": "{folder}/gone/ca.pem"}),
        right=Right(fix=r"SSL_CERT_FILE", never=BASE_URL + r"|address or a value|misspelt"),
    ),
    Report(
        name="key-log-in-a-folder-that-is-not-there",
        source="python/cpython#90480, unslothai/unsloth#8546, urllib3/urllib3#2525",
        symptom="SSLKEYLOGFILE names a place that does not exist, and what is said is: no such file.",
        play=Direct(certificate="private authority", variables={**TRUSTED, "SSLKEYLOGFILE": "{folder}/gone/keys.log"}),
        right=Right(fix=r"SSLKEYLOGFILE", never=BASE_URL + r"|address or a value|misspelt"),
    ),
    Report(
        name="key-log-that-cannot-be-written",
        source="psf/requests#6815",
        symptom="SSLKEYLOGFILE names something that this person may not write, and nothing works any more.",
        play=Direct(certificate="private authority", variables={**TRUSTED, "SSLKEYLOGFILE": "{folder}"}),
        right=Right(fix=r"SSLKEYLOGFILE", never=BASE_URL + r"|address or a value|misspelt"),
    ),
    Report(
        name="private-authority",
        source="google-gemini/gemini-cli#13914, openai/codex#6849, postmanlabs/postman-app-support#11550",
        symptom="A proxy of the company signs every certificate, and the token request fails while the browser works.",
        play=Direct(certificate="private authority"),
        right=Right(first=("certificate-unknown-authority",), fix=r"SSL_CERT_FILE", never=BASE_URL),
    ),
    Report(
        name="private-authority-in-a-variable-of-another-tool",
        source="Azure/azure-cli#32083, anthropics/claude-code#22756, cline/cline#11175",
        symptom="The authority stands in REQUESTS_CA_BUNDLE or NODE_EXTRA_CA_CERTS, and this tool does not look there.",
        play=Direct(
            certificate="private authority",
            variables={
                "REQUESTS_CA_BUNDLE": "{folder}/authority.pem",
                "NODE_EXTRA_CA_CERTS": "{folder}/authority.pem",
            },
        ),
        right=Right(tells=r"REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|Outcome: token"),
    ),
    Report(
        name="private-authority-that-is-given",
        source="dcos/dcos-cli#980, vmware-archive/vcd-cli#564",
        symptom="The authority is named in a variable, and only some of the requests look there.",
        play=Direct(certificate="private authority", variables=TRUSTED),
        right=TAKEN,
    ),
    Report(
        name="certificate-signed-by-itself",
        source="thycotic/python-tss-sdk#14",
        symptom="The server has a certificate of its own making, and the token endpoint cannot be reached.",
        play=Direct(certificate="signed by itself"),
        right=Right(first=("certificate-self-signed", "certificate-unknown-authority"), never=BASE_URL),
    ),
    Report(
        name="certificate-expired",
        source="stevenmaguire/oauth2-keycloak#39, drolbr/Overpass-API#515",
        symptom="The certificate was not renewed, and the client says that no token could be got.",
        play=Direct(certificate="expired", variables=TRUSTED),
        right=Right(first=("certificate-expired",), fix=r"renew|clock", never=BASE_URL),
    ),
    Report(
        name="clock-before-the-certificate",
        source="Bostwickenator/STGUploader#25, openssl/openssl#14771",
        symptom="The clock of the machine is wrong, so that the certificate is not valid yet.",
        play=Direct(certificate="not valid yet", variables=TRUSTED),
        right=Right(first=("certificate-not-yet-valid",), fix=r"clock", never=BASE_URL),
    ),
    Report(
        name="certificate-of-another-host",
        source="maproulette/maproulette-backend#330, Shopify/shopify-api-js#377",
        symptom="The host has two names, and its certificate holds one of them only.",
        play=Direct(certificate="of another host", variables=TRUSTED),
        right=Right(
            first=("certificate-wrong-host",), fix=r"host name|name that", says=r"other\.example\.com|another name"
        ),
    ),
    Report(
        name="socks-proxy",
        source="parallel-web/parallel-web-tools#77, MoonshotAI/kimi-cli#37, OpenHands/OpenHands#1048",
        symptom="The proxy speaks SOCKS, and the tool wants a package that is not there.",
        play=Direct(base_url=AFAR, proxy="socks5", variables={"ALL_PROXY": "socks5h://{proxy}"}),
        right=Right(heard=r"^\x05", outcome=("token",)),
    ),
    Report(
        name="socks-proxy-with-an-unknown-scheme",
        source="clash-verge-rev/clash-verge-rev#6887, danielgatis/rembg#855, xullexer/PYDNS-Scanner#8, tanshuai0219/EDTalk#49",
        symptom="The desktop wrote socks:// into ALL_PROXY, and the client stops over an unknown scheme.",
        play=Direct(variables={"ALL_PROXY": "socks://127.0.0.1:{closed}"}, base_url=AFAR),
        right=Right(says=r"ALL_PROXY", fix=r"socks5", never=BASE_URL),
    ),
    Report(
        name="proxy-without-a-scheme",
        source="encode/httpx#1082, pydantic/httpx2#415, urllib3/urllib3#2104",
        symptom="ALL_PROXY is a host and a port, which suits other programs, and this one stops over it.",
        play=Direct(base_url=AFAR, proxy=PASSES_ON, variables={"ALL_PROXY": "{proxy}"}),
        right=Right(heard=r"airisk\.invalid", outcome=("token",)),
    ),
    Report(
        name="proxy-that-is-not-there",
        source="mikf/gallery-dl#1323, metabrainz/liblistenbrainz#5",
        symptom="A proxy stands in the environment that nobody runs, and the server is blamed.",
        play=Direct(base_url=AFAR, variables={"HTTP_PROXY": "http://127.0.0.1:{closed}"}),
        right=Right(first=("proxy-failed",), says=r"HTTP_PROXY", never=BASE_URL),
    ),
    Report(
        name="proxy-wants-a-login",
        source="GoogleCloudPlatform/iap-desktop#851, nav-gov-hu/Online-Invoice#139",
        symptom="The proxy answers 407, and the tool says that the connection failed.",
        play=Direct(
            base_url="https://airisk.invalid",
            proxy=says(407, "", 'Proxy-Authenticate: Basic realm="proxy"'),
            variables={"HTTPS_PROXY": "http://{proxy}"},
        ),
        right=Right(says=r"407|login", fix=r"HTTPS_PROXY|proxy", never=BASE_URL),
    ),
    Report(
        name="proxy-before-a-server-on-this-machine",
        source="StackStorm/st2#3890, axios/axios#2667, migtools/mig-ui#1357",
        symptom="The environment has a proxy, to which requests for this machine's own address go, and are refused.",
        play=Direct(proxy=says(403, "Forbidden by the proxy"), variables={"HTTP_PROXY": "http://{proxy}"}),
        right=TAKEN,
    ),
    Report(
        name="nothing-listens-at-the-port",
        source="oauth2-proxy/oauth2-proxy#2656, nextauthjs/next-auth#3796",
        symptom="In a container localhost is the container itself, where no server listens.",
        play=Direct(base_url="http://127.0.0.1:{closed}"),
        right=Right(first=("connection-refused",), says=r"container|port|nothing accepts"),
    ),
    Report(
        name="proxy-opens-no-tunnel",
        source="DuendeArchive/Support#444",
        symptom="The token request ends with: tunneling socket could not be established, status code 503.",
        play=Direct(
            base_url="https://airisk.invalid",
            proxy=says(503, "no route", "Via: 1.1 proxy.example.net"),
            variables={"HTTPS_PROXY": "http://{proxy}"},
        ),
        right=Right(says=r"proxy", tells=r"503", never=BASE_URL),
    ),
    Report(
        name="clock-of-a-container-lags",
        source="jlab-sensing/ENTS-backend#647, PostgREST/postgrest#1139, zitadel/zitadel#5322",
        symptom="After the laptop slept, the container's clock lags, and every fresh token was issued in the future.",
        play=Direct(token=ten_minutes_ahead),
        right=Right(
            first=("clock-skew",),
            says=r"this machine's clock",
            fix=r"NTP|clock",
            never=r"clocks of the server's instances",
        ),
    ),
    Report(
        name="proxy-wants-a-windows-login",
        source="microsoft/vscode#13302, O365/python-o365#145, TooTallNate/proxy-agents#60",
        symptom="The proxy takes Negotiate and NTLM only, and a login in its address does not help.",
        play=Direct(
            base_url="https://airisk.invalid",
            proxy=says(407, "", "Proxy-Authenticate: Negotiate", "Proxy-Authenticate: NTLM"),
            variables={"HTTPS_PROXY": "http://{proxy}"},
        ),
        right=Right(says=r"NTLM|Negotiate", never=rf"USER:PASSWORD|{BASE_URL}"),
    ),
    Report(
        name="proxy-refuses-the-login-that-was-given",
        source="postmanlabs/postman-app-support#9116, Kong/insomnia#2512, Guake/guake#236",
        symptom="The proxy's address holds a login already, and 407 comes back all the same.",
        play=Direct(
            base_url="https://airisk.invalid",
            proxy=says(407, "", 'Proxy-Authenticate: Basic realm="proxy"'),
            variables={"HTTPS_PROXY": "http://ada:wr0ng@{proxy}"},
        ),
        right=Right(
            says=r"refused|(does|did) not accept",
            fix=r"password|login|credentials",
            tells=r"%40|percent|encod",
            never=BASE_URL,
        ),
    ),
    Report(
        name="authority-that-is-given-is-another-one",
        source="getsentry/cli#901",
        symptom="A file of authorities is given, the server's is not in it, and the advice is to give a file.",
        play=Direct(certificate="signed by itself", variables=TRUSTED),
        right=Right(says=r"authority\.pem|already|is not in (it|that)", never=rf"{BASE_URL}|certificate-expired"),
    ),
    Report(
        name="proxy-answers-503-itself",
        source="anthropics/claude-code#33642",
        symptom="The network's proxy answers 503 to the token request in the place of the server.",
        play=Direct(
            base_url=AFAR,
            variables={"HTTP_PROXY": "{proxy}"},
            proxy=only_if(
                lambda asked: asked.method == "POST",
                page(
                    503,
                    "<title>ERROR</title><p>Unable to forward this request</p>",
                    "X-Squid-Error: ERR_CANNOT_FORWARD 0",
                ),
                redirect(),
            ),
        ),
        right=Right(says=r"proxy|Squid", never=r"client-refused|code-|secret is wrong"),
    ),
    Report(
        name="tunnel-wants-an-upgrade",
        source="httpie/cli#1544",
        symptom="The variable names something that is no proxy for tunnels, and answers 426 to CONNECT.",
        play=Direct(
            base_url="https://airisk.invalid", variables={"HTTPS_PROXY": "{proxy}"}, proxy=says(426, "Upgrade Required")
        ),
        right=Right(says=r"proxy", tells=r"426|HTTPS_PROXY", never=r"name-not-found|does not exist"),
    ),
    Report(
        name="proxy-moved-to-another-port",
        source="openai/codex#26764",
        symptom="The proxy program took another port, and the variable still names the old one.",
        play=Direct(base_url="https://airisk.invalid", variables={"https_proxy": "http://127.0.0.1:{closed}"}),
        right=Right(says=r"https_proxy", fix=r"https_proxy|proxy", never=BASE_URL),
    ),
    Report(
        name="tunnel-wants-a-login",
        source="Azure/azure-cli#25126, Caphyon/clang-power-tools#642",
        symptom="Within the company the tunnel is refused with 407, and nothing says which setting is meant.",
        play=Direct(
            base_url="https://airisk.invalid",
            proxy=page(407, "<title>Access Denied</title>", 'Proxy-Authenticate: BASIC realm="corp"'),
            variables={"ALL_PROXY": "http://{proxy}"},
        ),
        right=Right(says=r"407|login|password", fix=r"ALL_PROXY", never=BASE_URL),
    ),
    Report(
        name="authority-of-a-test-server",
        source="goauthentik/authentik#13248, flawiddsouza/Restfox#283",
        symptom="The token endpoint's certificate is signed by an authority of its own, which this machine does not know.",
        play=Direct(certificate="private authority"),
        right=Right(first=("certificate-unknown-authority",), fix=r"--ca-file|SSL_CERT_FILE", never=BASE_URL),
    ),
    Report(
        name="certificate-of-an-ingress-without-one",
        source="cert-manager/cert-manager#2425, MicrosoftDocs/azure-docs#64792, kubernetes/ingress-nginx#1984",
        symptom="The ingress has no certificate for this host name, and shows the one that it made for itself.",
        play=Direct(certificate="of an ingress"),
        right=Right(tells=r"ingress", fix=r"administrator", never=r"as a PEM file|--ca-file|SSL_CERT_FILE"),
    ),
    Report(
        name="login-of-a-domain-in-the-address-of-the-proxy",
        source="erebe/wstunnel#215",
        symptom="The proxy of the company took a login with a domain until its rules changed, and answers 407 to it now.",
        play=Direct(
            base_url="https://airisk.invalid",
            proxy=says(
                407,
                "",
                "Proxy-Authenticate: Negotiate",
                "Proxy-Authenticate: NTLM",
                'Proxy-Authenticate: Basic realm="squid"',
            ),
            variables={"HTTPS_PROXY": "http://corp%5Cme:s3cret-of-mine@{proxy}"},
        ),
        right=Right(says=r"407|login", tells=r"refused|does not (take|accept)|wrong|another", never=BASE_URL),
    ),
)
