"""Signs of what answers in place of a server (log-in pages of networks, filters, firewalls, gateways): its words and headers."""

from __future__ import annotations

from typing import Literal, NamedTuple

from airisk_tui.insight.reading.reasons import says_more
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import is_web_page, page
from airisk_tui.oauth.http import HttpResponse, header, headers_named
from airisk_tui.oauth.urls import split_url

PORTAL = pattern(
    r"captive[ _-]?portal|hotspot|\b(guest|visitor)s?[ _-]?(wi-?fi|wlan|network|access)|\bwi-?fi[ _-]?(login|access)"
    r"|(log ?in|sign ?in|connect|authenticate) to (the|this|our|your) (network|wi-?fi|wlan|internet)|/splash\b|/cgi-bin/login\b"
    r"|wispaccessgatewayparam|fgtauth"
)
"""Words and paths of networks' login pages; the last two are WISPr's, which phones look for, and FortiGate's."""

Does = Literal[
    "blocks",
    "challenges",
    "admits",
    "certificate",
    "asks",
    "demands",
    "malformed",
    "away",
    "no-host",
    "no-route",
    "empty",
]
"""The effect of something in front on a request."""

OWN_FINDINGS = frozenset({"away", "no-host", "no-route", "empty"})
"""Effects with findings of their own (`rules.front`), which are no refusals of the request."""


DOES: dict[Does, str] = {
    "blocks": (
        "It blocks this machine's address, requests that do not come from a browser, or a value that it takes for an attack: to many a "
        "rule a redirect URI on this machine is one."
    ),
    "challenges": "It wants a proof that a browser asks (a script, or a puzzle for a person), which no other program can give.",
    "admits": "It admits some requests only, by their address, their method or a key, and did not ask the application.",
    "certificate": "It takes requests with a certificate of the client only, and did not ask the application; this program shows none.",
    "asks": "It asks for a login of its own, which no client of OAuth has, and did not ask the application.",
    "demands": "Its policy wants a token with every request, and the OAuth endpoints, where nobody has one yet, are not exempt from it.",
    "malformed": (
        "It does not take the form of this request (a character or a length of its address, a header, the version of HTTP), and did not "
        "ask the application."
    ),
    "away": "It got no answer from what is behind it.",
}
"""The cause, by what something in front does."""


class InFront(NamedTuple):
    """who: as the subject of a sentence. header: the one that tells, "" for the words of a page or a body; sign: how its value
    begins, or the words, in lower case; statuses: that it tells something of, () for those of refusals; because: its own cause in place
    of that of `DOES`."""

    who: str
    header: str
    sign: str
    does: Does = "blocks"
    statuses: tuple[int, ...] = ()
    because: str = ""

    @property
    def cause(self) -> str:
        return self.because or DOES.get(self.does, "")


_WAF = "A firewall for web applications ({})"
_ALB = "Amazon's load balancer"
_PREVIEW = "The host of this deployment, by a protection usual for previews,"
_API = "Amazon's API Gateway"
_FRONT_DOOR = "Azure Front Door"
_FAILED = (500, 502, 503, 504)
_EDGE_OR_BEHIND = "What is behind it gave no answer that it takes, or answered so itself."
_HTTP_SYS = "Windows' HTTP server (http.sys)"

HEADERS = (
    InFront("The network's proxy (Squid)", "x-squid-error", ""),
    InFront("The network's filter (Zscaler)", "server", "zscaler"),
    InFront("The network's filter (Blue Coat)", "server", "bluecoat"),
    InFront(_WAF.format("Cloudflare"), "cf-mitigated", "challenge", "challenges"),
    InFront(_WAF.format("Cloudflare"), "cf-mitigated", ""),
    InFront(_WAF.format("Sucuri"), "x-sucuri-block", ""),
    InFront(_WAF.format("AWS"), "x-amzn-waf-action", "", "challenges", (202, 405)),
    InFront(_WAF.format("Akamai"), "server", "akamaighost", statuses=(403,)),
    InFront("Akamai", "server", "akamaighost", "away", _FAILED),
    InFront("Google's Identity-Aware Proxy", "x-goog-iap-generated-response", "", "asks"),
    InFront(_API, "x-amzn-errortype", "missingauthenticationtoken", "no-route"),
    InFront(_API, "x-amzn-errortype", "incompletesignature", "no-route"),
    InFront(_API, "x-amzn-errortype", "unauthorizedexception", "asks"),
    InFront(_API, "x-amzn-errortype", "forbiddenexception", "admits"),
    InFront(_API, "x-amzn-errortype", "accessdeniedexception", "admits"),
    InFront(_API, "x-amzn-errortype", "", "away", _FAILED),
    InFront(_FRONT_DOOR, "x-azure-externalerror", "", "away", _FAILED),
    InFront(_FRONT_DOOR, "x-azure-externalerror", "", "admits"),
    InFront(_PREVIEW, "set-cookie", "_vercel_sso_nonce", "asks"),
    InFront("App Service Authentication", "x-ms-middleware-request-id", "", "asks", (401, 403)),
    InFront(_WAF.format("Azure Application Gateway"), "server", "microsoft-azure-application-gateway", statuses=(403,)),
    InFront(
        _ALB,
        "server",
        "awselb/",
        statuses=(403,),
        because="A rule of the load balancer, or the firewall for web applications that it asks (AWS WAF), refuses this request.",
    ),
    InFront(_ALB, "server", "awselb/", "no-route", (404,)),
    InFront(
        _ALB,
        "server",
        "awselb/",
        "asks",
        (561,),
        "The login that the load balancer asks for failed: its identity provider answered with an error.",
    ),
    InFront(_ALB, "server", "awselb/", "malformed", (400, 463, 464)),
    InFront("A store of files (Amazon S3)", "server", "amazons3", "empty", (400, 403, 404, 405)),
    InFront("A store of files (Google Cloud Storage)", "server", "uploadserver", "empty", (403, 404, 405)),
    InFront("A store of files (Azure Storage)", "server", "windows-azure-", "empty", (400, 404, 405)),
)
BLOCKED = frozenset({401, 403, 405, 406, 418, 429, 451, 502, 503})
"""Statuses of a filter's own refusals; a 404 or a 500 with its header passed through it from the server."""

ROUTERS = (
    InFront("Envoy", "server", "envoy", "no-route", (404,)),
    InFront("Envoy", "server", "istio-envoy", "no-route", (404,)),
    InFront("Amazon's API Gateway", "apigw-requestid", "", "no-route", (404,)),
    InFront(_FRONT_DOOR, "x-azure-ref", "", "away", (502, 503, 504), _EDGE_OR_BEHIND),
    InFront("Amazon CloudFront", "x-cache", "error from cloudfront", "away", (502, 503, 504), _EDGE_OR_BEHIND),
)
"""Of gateways that pass the application's answers on with the same header: they tell something where no other word does."""

WORDS = (
    InFront("The network's filter (FortiGuard)", "", "fortiguard"),
    InFront("The network's filter (Zscaler)", "", "zscaler"),
    InFront("The network's filter (Blue Coat)", "", "your system policy has denied access"),
    InFront("The network's filter", "", "web page blocked"),
    InFront("The network's filter", "", "blocked by your organization"),
    InFront("The network's filter", "", "url filtering"),
    InFront(_WAF.format("Imperva"), "", "incapsula incident id"),
    InFront(_WAF.format("F5"), "", "the requested url was rejected. please consult with your administrator"),
    InFront(_WAF.format("Akamai"), "", "errors&#46;edgesuite&#46;net"),
    InFront(_WAF.format("Akamai"), "", "errors.edgesuite.net"),
    InFront(_WAF.format("Cloudflare"), "", "<title>just a moment...", "challenges"),
    InFront(_WAF.format("Cloudflare"), "", "attention required! | cloudflare"),
    InFront(_WAF.format("Cloudflare"), "", "used cloudflare to restrict access"),
    InFront("Cloudflare Access", "", "cloudflare access</title>", "asks"),
    InFront(_PREVIEW, "", "vercel authentication", "asks"),
    InFront(_PREVIEW, "", "site is password protected", "asks"),
    InFront(_PREVIEW, "", "password protected site", "asks"),
    InFront(_WAF.format("DataDome"), "", "captcha-delivery.com", "challenges"),
    InFront(_WAF.format("PerimeterX"), "", "px-captcha", "challenges"),
    InFront(_WAF.format("Azure"), "", "azure waf"),
    InFront(_WAF.format("such as Azure Front Door's"), "", "the request is blocked."),
    InFront(_WAF.format("Wordfence"), "", "generated by wordfence"),
    InFront("A delivery network and its firewall (CloudFront)", "", "request blocked."),
    InFront(
        _FRONT_DOOR,
        "",
        "our services aren't available right now",
        "away",
        because="It is not set up for this host name or for http, or got no answer that it takes from what is behind it.",
    ),
    InFront("Amazon CloudFront", "", "supports only cachable requests", "admits"),
    InFront(
        "Amazon CloudFront",
        "",
        "block access from your country",
        "admits",
        because="It admits some countries only, by the address of this machine, and did not ask the application.",
    ),
    InFront(
        "Amazon CloudFront",
        "",
        "could not be satisfied.</h2>bad request",
        "malformed",
        because="It serves nothing under this host name, or takes nothing over plain http, and did not ask the application.",
    ),
    InFront(
        "Amazon CloudFront",
        "",
        "lambda function associated with the cloudfront distribution",
        "away",
        because="The function that Amazon CloudFront runs before the application is invalid, failed, or lacks a permission.",
    ),
    InFront(_WAF.format("ModSecurity"), "", "generated by mod_security"),
    InFront(
        "The router of OpenShift",
        "",
        "<h1>application is not available",
        "away",
        because="No application runs behind this route, or the router has no route for this host name: its page names both.",
    ),
    InFront(_HTTP_SYS, "", "<p>http error 404. the requested resource is not found.", "no-route"),
    InFront(_HTTP_SYS, "", "<p>http error 400.", "malformed"),
    InFront(_HTTP_SYS, "", "<p>http error 411.", "malformed"),
    InFront(
        _HTTP_SYS,
        "",
        "<p>http error 503. the service is unavailable.",
        "away",
        because=(
            "The application pool behind it is stopped or takes no more requests; or, where a program hosts itself, its address is "
            "reserved for another account."
        ),
    ),
    InFront("HAProxy", "", "request forbidden by administrative rules", "admits"),
    InFront("HAProxy", "", "your browser sent an invalid request", "malformed"),
    InFront("The HTTP server in front (nginx)", "", "no required ssl certificate was sent", "certificate"),
    InFront("The HTTP server in front (nginx)", "", "400 the ssl certificate error", "certificate"),
    InFront("The web server in front", "", "ssl client certificate", "certificate"),
    InFront("ASP.NET's check of requests", "", "a potentially dangerous request.", "malformed"),
)
"""Words of a web page that came with a refusal, and who writes them."""

_MESH = "A service mesh (Envoy's check of tokens)"
_OF_A_POLICY = "A policy of the mesh admits no such request, and does not say why: by its source, its path, or a token that it lacks."
TEXTS = (
    InFront("A service mesh (Envoy's policy)", "", "rbac: access denied", "demands", because=_OF_A_POLICY),
    InFront(_MESH, "", "jwt is missing", "demands"),
    InFront(_MESH, "", "jwt is expired", "demands"),
    InFront(_MESH, "", "jwt issuer is not configured", "demands"),
    InFront(_MESH, "", "jwt verification fails", "demands"),
    InFront(_MESH, "", "jwt is not in the form of header.payload.signature with two dots and 3 sections", "demands"),
    InFront(_MESH, "", "audiences in jwt are not allowed", "demands"),
    InFront(_MESH, "", "jwks remote fetch is failed", "demands"),
    InFront(_MESH, "", "jwks doesn't have key to match kid or alg from jwt", "demands"),
    InFront("A service mesh (Envoy)", "", "stream timeout", "away"),
    InFront("A service mesh (Envoy)", "", "no healthy upstream", "away"),
)
"""The whole of a refusal that is no page: who writes exactly that."""

_NUMBER = pattern(r"\berror(?:</?\w+[^>]*>|\s|code|:|-|#)*(1[01]\d\d)\b")
_NUMBERS: dict[str, tuple[Does, str]] = {
    **dict.fromkeys(("1000", "1001", "1014", "1016", "1018", "1023", "1033"), ("away", "")),
    **dict.fromkeys(("1003", "1004", "1013"), ("no-host", "")),
    "1009": (
        "admits",
        "It admits some countries only, by the address of this machine, and did not ask the application.",
    ),
    "1010": ("blocks", "It blocks requests whose form is not that of a browser, as programs send them."),
    "1015": (
        "blocks",
        "It limits how many requests come from one address in a while, and this machine's had too many.",
    ),
    "1025": ("away", "Its plan or limit for this site is used up, so it passes nothing on."),
    "1101": ("away", "A program of the site at its edge (a worker) failed; the application was not asked."),
    "1102": (
        "away",
        "A program of the site at its edge (a worker) used more time than it may; the application was not asked.",
    ),
    **dict.fromkeys(("1005", "1006", "1007", "1008", "1011", "1012", "1020", "1106"), ("blocks", "")),
}
"""Cloudflare's own numbers (developers.cloudflare.com, “Cloudflare 1xxx errors”), each with what it tells."""


def _of_cloudflare(response: HttpResponse) -> tuple[InFront, str] | None:
    text, server = page(response), (header(response.headers, "server") or "").lower()
    found = _NUMBER.search(text) if server.startswith("cloudflare") or "cloudflare" in text else None
    if found is None or found[1] not in _NUMBERS:
        return None
    does, because = _NUMBERS[found[1]]
    who = _WAF.format("Cloudflare") if does in ("blocks", "admits") else "Cloudflare"
    return InFront(who, "", found[1], does, because=because), f"error {found[1]}"


_LOCATIONS = (
    InFront("The network's filter (Zscaler)", "location", "gateway.zscaler"),
    InFront("The network's filter (Cisco Umbrella)", "location", "block.opendns.com"),
)


def in_front(response: HttpResponse) -> tuple[InFront, str] | None:
    """The product that answered in a server's place, and the value that gives it away; None where nothing tells."""
    location = (header(response.headers, "location") or "").lower()
    parts = split_url(location)
    away = next((one for one in _LOCATIONS if parts is not None and parts.netloc.startswith(one.sign)), None)
    if away is not None:
        return away, location.partition("?")[0]
    of_page = is_web_page(response)
    if response.status < 400 and not of_page and response.status != 202:
        return None
    found = _by_words(response, of_page) or _by_header(response, HEADERS)
    return found or (None if says_more(response) else _by_header(response, ROUTERS))


def _by_words(response: HttpResponse, of_page: bool) -> tuple[InFront, str] | None:
    text = page(response)
    numbered = _of_cloudflare(response) if response.status >= 400 else None
    if numbered is not None:
        return numbered
    if not of_page:
        return next(((one, one.sign) for one in TEXTS if text.strip() == one.sign), None)
    return next(((one, one.sign) for one in WORDS if one.sign in text), None)


def _by_header(response: HttpResponse, known: tuple[InFront, ...]) -> tuple[InFront, str] | None:
    own_words = says_more(response) and not is_web_page(response)
    for one in known:
        told = response.status in (one.statuses or BLOCKED) and not (own_words and one.header == "server")
        values = headers_named(response.headers, one.header) if told else ()
        value = next((value for value in values if value.lower().startswith(one.sign)), None)
        if value is not None:
            return one, value
    return None


def request_filter(response: HttpResponse) -> tuple[InFront, str] | None:
    """The product that refused a request in a server's place, and the value that gives it away; None where there is none."""
    found = in_front(response)
    return None if found is None or found[0].does in OWN_FINDINGS else found


_GATEWAYS = (
    ("Cloudflare Access", ".cloudflareaccess.com/"),
    ("An access policy of F5 (APM)", "/my.policy"),
    ("An access policy of F5 (APM)", "/my.logout.php3"),
    ("A NetScaler gateway", "/vpn/index.html"),
    ("A NetScaler gateway", "/logon/logonpoint"),
    ("A log-in proxy (oauth2-proxy)", "/oauth2/start?rd="),
    ("A log-in proxy (oauth2-proxy)", "/oauth2/sign_in"),
    ("A log-in proxy (Pomerium)", "/.pomerium/"),
    ("A log-in proxy (authentik)", "/outpost.goauthentik.io/"),
    ("Google's Identity-Aware Proxy", "iap.googleapis.com"),
    ("Amazon's load balancer", "/oauth2/idpresponse"),
    ("Vercel's own log-in", "vercel.com/sso-api"),
    ("The platform's own log-in (App Service Authentication)", "/.auth/login"),
)


def login_gateway(location: str) -> str:
    """The gateway that sends people to this address for a log-in of its own, as the subject of a sentence, or ""."""
    found = location.lower().replace("%2f", "/").replace("%3a", ":")
    return next((who for who, sign in _GATEWAYS if sign in found), "")


def leads_to_login(location: str) -> bool:
    """Whether an address is one where people log in, by the words that stand in the path and query of such addresses."""
    after = location.partition("://")[2]
    return _LOGIN.search((after.partition("/")[2] if after else location).lower()) is not None


_LOGIN = pattern(
    r"log-?[io]n|sign-?in|return_?(?:url|to)=|[?&]rd=|\bauthori[sz]e\b|\bauthenticate\b|(?:^|/)(?:auth|sso|saml2?|adfs|cas)(?:[/?]|$)"
)
