"""Refusals of authorization endpoints, redirects, what stands in front, callbacks, pastes, files and the environment."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.reports.answers import as_json, documented_token, only_if, page, redirect, says
from tests.reports.callback import call
from tests.reports.entries import BASE, FORM, authorization, entry, har, json_content
from tests.reports.report import CLIENT as CLIENT_ID
from tests.reports.report import CODE, SHORT, STATE, Callback, Direct, Har, Paste, Report, Right

CLIENT = r"client[ _-]?(?:id|secret)\b.{0,20}(?:wrong|unknown|replaced)|secret is wrong"
"""A false blame of the client."""

PERSON = r"(?:user|person|somebody|you) (?:said no|denied|declined|refused)"
"""A false blame of whoever logs in."""

SURE = r"certainty: proven"
AFAR = "http://airisk.invalid"
"""A name that no resolver knows: only a proxy gets there."""

APP = "https://x7k2-5000.euw.devtunnels.ms/signin-oidc"
SITE = "https://app.example.net/runtime/oauth/callback"


def posted(callback: str, status: int, headers: dict[str, str], content: dict[str, Any]) -> dict[str, Any]:
    """A file in which the code is posted to an application, which answers so."""
    asked = f"{BASE}/api/oauth2?client_id={CLIENT_ID}&response_type=code&response_mode=form_post"
    form = (
        f"<html><body onload='document.forms[0].submit()'><form method='post' action='{callback}'></form></body></html>"
    )
    return har(
        entry(
            0,
            "GET",
            f"{asked}&redirect_uri={quote(callback, safe='')}&state={STATE}",
            200,
            headers={"Content-Type": "text/html"},
            content={"size": len(form), "mimeType": "text/html", "text": form},
        ),
        entry(
            1,
            "POST",
            callback,
            status,
            sent={"Origin": BASE, "Content-Type": FORM},
            post={"mimeType": FORM, "text": f"code={CODE}&state={STATE}"},
            headers=headers,
            content=content,
        ),
    )


def text_content(text: str, kind: str = "text/html") -> dict[str, Any]:
    return {"size": len(text), "mimeType": kind, "text": text}


REPORTS = (
    Report(
        name="edge-refuses-the-name-of-the-program",
        source="hunterjm/ha-dukeenergy#62, hunterjm/ha-dukeenergy#59",
        symptom="The login succeeds, and the edge answers the exchange with a page and a reference, as it no longer likes the "
        "program's name and version.",
        play=Direct(
            token=page(
                403,
                "<HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission to access "
                '"http&#58;&#47;&#47;airisk&#46;example&#46;com&#47;api&#47;oauth2&#47;Token" on this server.<P>'
                "Reference&#32;&#35;18&#46;5f2c1202&#46;1790022959&#46;6abeb478<P>"
                "https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18&#46;5f2c1202&#46;1790022959&#46;6abeb478</BODY>",
                "Server: AkamaiGHost",
            )
        ),
        right=Right(
            says=r"Akamai|edge|firewall|filter|in front|delivery network",
            fix=r"let through|exempt|allow|administrator|whoever|operator",
            never=rf"{CLIENT}|{PERSON}",
        ),
    ),
    Report(
        name="policy-of-a-cloud-denies-explicitly",
        source="hunterjm/ha-dukeenergy#18",
        symptom="The exchange is answered by 403, and that an identity-based policy explicitly denies the resource.",
        play=Direct(
            token=as_json(
                403,
                {
                    "Message": "User is not authorized to access this resource with an explicit deny in an identity-based policy"
                },
                "x-amzn-ErrorType: AccessDeniedException",
                "x-amz-apigw-id: aB3dEfGhIAMFk7w=",
                kind="application/json",
            )
        ),
        right=Right(
            says=r"gateway|polic(?:y|ies)|authori[sz]er|AWS|Amazon",
            fix=r"administrator|whoever|operator|polic(?:y|ies)|gateway",
            never=rf"{CLIENT}|{PERSON}|code (?:has )?expired",
        ),
    ),
    Report(
        name="callback-domain-with-a-port-and-a-path",
        source="iammapping/wedding#23",
        symptom="A page in Chinese calls the parameter redirect_uri wrong: the domain for callbacks was registered with a port and a path.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>授权</title></head><body><div class='icon_warn'></div><h4>redirect_uri 参数错误</h4></body>",
            )
        ),
        right=Right(says=r"redirect.?uri", fix=r"regist|domain|callback", never=rf"{CLIENT}|{PERSON}"),
    ),
    Report(
        name="page-lists-the-parameter-to-correct",
        source="andreaolivato/TikTok-LoginKit-PHP#6",
        symptom="A page says that settings of the app may be wrong, and lists one parameter for the developer: redirect_uri.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>Log in</title><script>window.app={}</script></head><body><h2>Something went wrong</h2><p>We couldn't log you "
                "in. This may be due to specific app settings.</p><p>If you're a developer, correct the following and try again:"
                "</p><ul><li>redirect_uri</li></ul><p>Refer to our <a href='/doc'>Developer Documentation</a>.</p></body>",
            )
        ),
        right=Right(says=r"redirect.?uri", fix=r"regist|settings|approv", never=rf"{CLIENT}|{PERSON}"),
    ),
    Report(
        name="scope-in-escaped-quotes-is-not-authorized",
        source="tigillo/linkedin-cli#3, decioferreira/omniauth-linkedin-oauth2#45",
        symptom="The redirect brings a code of its own: a scope, between escaped quotation marks, is not authorized for the application.",
        play=Direct(
            options=("--param", "scope=r_liteprofile"),
            authorize=redirect(
                "{uri}?error=unauthorized_scope_error&error_description=Scope+%26quot%3Br_liteprofile%26quot%3B+is+not+authorized+for+your"
                "+application&state={state}"
            ),
        ),
        right=Right(
            says=r"scope",
            fix=r"scope|permission|product|regist|administrator",
            never=rf"{CLIENT}|{PERSON}",
            sent_code=None,
        ),
    ),
    Report(
        name="redirect-url-refused-by-a-number",
        source="FerroxLabs/wayland#1158",
        symptom="The answer is a document with a number, and that the redirect url is invalid: the vendor takes no plain http on this "
        "machine any more.",
        play=Direct(
            redirect_uri="http://localhost:57000/oauth/callback",
            authorize=as_json(
                400, {"status": False, "errorCode": 4700, "errorMessage": "Invalid redirect url", "result": None}
            ),
        ),
        right=Right(says=r"redirect.?ur[il]", fix=r"regist|allow|https", never=rf"{CLIENT}|{PERSON}"),
    ),
    Report(
        name="access-could-not-be-given-to-the-app",
        source="xdevplatform/xurl#27, jarulsamy/Twitter-Archive#21",
        symptom="A page says only that access could not be given to the app: the tool had taken an entry without a client id.",
        play=Direct(
            authorize=page(
                200,
                "<head><title>X</title><script>window.__STATE__={}</script></head><body><h1>Something went wrong</h1><p>You weren't able "
                "to give access to the App. Go back and try logging in again.</p></body>",
            )
        ),
        right=Right(
            says=r"went wrong|able to give access",
            tells=r"not known|client.?id|registration",
            never=rf"{SURE}|{PERSON}|secret is wrong",
        ),
    ),
    Report(
        name="interaction-wanted-where-none-was-allowed",
        source="zmartzone/lua-resty-openidc#8",
        symptom="With prompt=none the redirect brings interaction_required, and a subtype that is called access_denied.",
        play=Direct(
            options=("--param", "prompt=none"),
            authorize=redirect("{uri}?state={state}&error_subtype=access_denied&error=interaction_required"),
        ),
        right=Right(
            says=r"interaction", fix=r"prompt|browser|log|interactive", never=rf"{CLIENT}|{PERSON}", sent_code=None
        ),
    ),
    Report(
        name="address-of-a-local-network-wants-a-device",
        source="openmhealth/shimmer#38, jaredhanson/passport-google-oauth#38",
        symptom="The redirect URI holds an address of the local network, and the page asks for device_id and device_name.",
        play=Direct(
            redirect_uri="http://192.168.99.101:8083/authorize/callback",
            authorize=page(
                400,
                "<head><title>Error 400 (OAuth2 Error)!!1</title></head><body><p><b>400.</b> <ins>That's an error.</ins></p><p><b>Error: "
                "invalid_request</b></p><p>device_id and device_name are required for private IP: {uri}</p></body>",
            ),
        ),
        right=Right(
            says=r"private|local network|192\.168",
            fix=r"localhost|127\.0\.0\.1|loopback|host ?name|domain|public",
            never=rf"{CLIENT}|{PERSON}",
        ),
    ),
    Report(
        name="application-blocked-by-an-administrator",
        source="n8n-io/n8n#21589",
        symptom="The redirect says OAUTH_APP_BLOCKED: an administrator of the organization keeps the application out.",
        play=Direct(
            authorize=redirect(
                "{uri}?error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin&state={state}"
            )
        ),
        right=Right(says=r"block", fix=r"admin", never=rf"{CLIENT}|{PERSON}", sent_code=None),
    ),
    Report(
        name="application-is-not-installed-in-the-organization",
        source="PipedreamHQ/pipedream#21636, PipedreamHQ/pipedream#21557",
        symptom="The redirect says OAUTH_EC_APP_NOT_FOUND: the application is not installed in the organization of whoever logs in.",
        play=Direct(
            authorize=redirect(
                "{uri}?error=OAUTH_EC_APP_NOT_FOUND&error_description=External+client+app+is+not+installed+in+this+org&state={state}"
            )
        ),
        right=Right(
            says=r"not installed|APP_NOT_FOUND", fix=r"install|admin", never=rf"{CLIENT}|{PERSON}", sent_code=None
        ),
    ),
    Report(
        name="tunnel-refuses-the-posted-code",
        source="microsoft/dev-tunnels#446",
        symptom="The code is posted to an application behind a tunnel, which answers the POST itself with 401.",
        play=Har(
            archive=posted(
                APP,
                401,
                {
                    "WWW-Authenticate": "tunnel",
                    "VsSaaS-Request-Id": "7ae9dd5d-7b81-4bae-a4bc-0e7beeddb109",
                    "X-Served-By": "tunnels-prod-rel-euw-v3",
                },
                {"size": 0, "mimeType": ""},
            )
        ),
        right=Right(
            says=r"401",
            tells=r"tunnel(?!s\.)",
            fix=r"tunnel(?!s\.)|anonymous|response_mode=query",
            never=rf"{CLIENT}|{PERSON}|code (?:was|is|has) (?:used|expired)",
        ),
    ),
    Report(
        name="login-form-of-a-page-gone-back-to",
        source="mitreid-connect/OpenID-Connect-Java-Spring-Server#967",
        symptom="Somebody went back in the browser and sent the login's form again, with a token against forgery that is no longer valid.",
        play=Har(
            archive=har(
                authorization(f"{BASE}/login"),
                entry(
                    1,
                    "GET",
                    f"{BASE}/login",
                    200,
                    headers={"Content-Type": "text/html"},
                    content=text_content(
                        "<html><form method='post' action='/login'><input name='_csrf'></form></html>"
                    ),
                ),
                entry(
                    9,
                    "POST",
                    f"{BASE}/login",
                    403,
                    sent={"Origin": BASE},
                    post={"mimeType": FORM, "text": "j_username=ada&_csrf=bd0fbc56-2310"},
                    headers={"Content-Type": "text/html"},
                    content=text_content(
                        "<html><head><title>Apache Tomcat/8.0.9 - Error report</title></head><body><h1>HTTP Status 403 - Invalid CSRF "
                        "Token 'bd0fbc56-2310' was found on the request parameter '_csrf' or header 'X-CSRF-TOKEN'.</h1></body></html>"
                    ),
                ),
            )
        ),
        right=Right(
            says=r"CSRF|forgery",
            fix=r"again|anew|start|new|reload|back",
            never=rf"{CLIENT}|{PERSON}|redirect URI is not",
        ),
    ),
    Report(
        name="unauthorized-client-means-the-redirect-uri",
        source="XeroAPI/xero-netstandard-oauth2-samples#5",
        symptom="A page with 500 says unauthorized_client, and behind a colon that the redirect_uri is invalid: it was not registered.",
        play=Direct(
            authorize=page(
                500,
                "<head><title>Xero</title></head><body><h1>Sorry, something went wrong</h1><p>Go back and try again.<br>If the issue "
                "continues, check out our Status Page.</p><p>Error code: 500</p><p>Error: unauthorized_client : Invalid "
                "redirect_uri</p></body>",
            )
        ),
        right=Right(says=r"redirect.?uri", fix=r"regist", never=rf"{CLIENT}|{PERSON}"),
    ),
    Report(
        name="certificate-of-an-app-under-invalid-client",
        source="tiktok/tiktok-opensdk-android#5, tiktok/tiktok-opensdk-android#19",
        symptom="The redirect says invalid_client with a number: the certificate that signs the app is not the registered one.",
        play=Direct(
            authorize=redirect(
                "{uri}?error=invalid_client&errCode=10033&error_description=App%20certificate%20does%20not%20match%20configurations."
                "&state={state}"
            )
        ),
        right=Right(
            says=r"certificate",
            fix=r"regist|configur|settings|administrator",
            never=rf"{CLIENT}|{PERSON}|ca[-_]file|SSL_CERT_FILE",
            sent_code=None,
        ),
    ),
    Report(
        name="name-localhost-is-not-taken",
        source="spring-attic/spring-authorization-server#680",
        symptom="A registered redirect URI is refused without a reason: the server takes no localhost, only the address 127.0.0.1.",
        play=Direct(
            redirect_uri="http://localhost:4200/callback",
            authorize=page(
                400,
                "<body><h1>Whitelabel Error Page</h1><p>This application has no explicit mapping for /error, so you are seeing this as a "
                "fallback.</p><div>There was an unexpected error (type=Bad Request, status=400).</div>"
                "<div>[invalid_request] OAuth 2.0 Parameter: redirect_uri</div></body>",
            ),
        ),
        right=Right(
            says=r"redirect.?uri",
            tells=r"localhost[\s\S]{0,160}(?:127\.0\.0\.1|\bIP\b|literal|not (?:allow|accept|tak))"
            r"|(?:127\.0\.0\.1|literal)[\s\S]{0,160}localhost",
            fix=r"regist|127\.0\.0\.1|literal",
            never=rf"{CLIENT}|{PERSON}",
        ),
    ),
    Report(
        name="files-of-the-web-app-take-the-path",
        source="boostcampwm2025/web06-locus#190",
        symptom="The web server gives its index.html for every path, that of the authorization endpoint too.",
        play=Direct(
            authorize=page(
                200,
                '<head><meta charset="UTF-8"><title>Locus</title><script type="module" crossorigin src="/assets/index-Dk3fQ2.js"></script>'
                '<link rel="stylesheet" href="/assets/index-B1.css"></head><body><div id="root"></div></body>',
                "Server: nginx/1.27.3",
                'ETag: "6791c2f0-1d3"',
                "Accept-Ranges: bytes",
            )
        ),
        right=Right(
            says=r"page|script|web app|web site",
            fix=r"browser|--base-url|path|route|proxy|web server",
            tells=r"path|route|--base-url|proxy",
            never=rf"{CLIENT}|{PERSON}",
        ),
    ),
    Report(
        name="login-proxy-reads-the-basic-header-itself",
        source="Viren070/docker-compose-template#94",
        symptom="A log-in proxy checks the Authorization header against its own users, and answers 401 before the server is asked.",
        play=Direct(
            options=("--client-auth", "basic"),
            token=says(
                401,
                '<a href="https://auth.example.org/?rd=https%3A%2F%2Fairisk.example.com%2Fapi%2Foauth2%2FToken&amp;rm=POST">'
                "401 Unauthorized</a>",
                'WWW-Authenticate: Basic realm="Authorization Required"',
                kind="text/html; charset=utf-8",
            ),
        ),
        right=Right(
            says=r"log.?in|sign.?in|portal|in front|proxy|auth\.example\.org",
            fix=r"exempt|administrator|through|proxy|bypass|body|post",
            never=rf"{CLIENT}|{PERSON}",
        ),
    ),
    Report(
        name="cookie-of-the-application-is-not-sent-with-a-post",
        source="instantdb/instant#2892",
        symptom="The code is posted from another site, so the browser keeps the application's cookie back, and the application misses it.",
        play=Har(
            archive=posted(
                SITE,
                400,
                {"Content-Type": "application/json"},
                json_content('{"type":"oauth-error","error":"Missing cookie."}'),
            )
        ),
        right=Right(
            says=r"cookie",
            fix=r"SameSite|cookie|response_mode=query|application",
            never=rf"{CLIENT}|{PERSON}|code (?:was|is|has) (?:used|expired)",
        ),
    ),
    Report(
        name="no-reply-address-is-registered-at-all",
        source="OfficeDev/microsoft-teams-apps-groupactivities#10, KoenZomers/OneDriveAPI#33",
        symptom="A page says AADSTS500113: the registration holds no redirect URI.",
        play=Direct(
            authorize=page(
                400,
                "<head><title>Sign in to your account</title></head><body><h1>Sign in</h1><p>Sorry, but we're having trouble signing you "
                "in.</p><p>AADSTS500113: No reply address is registered for the application.</p></body>",
            )
        ),
        right=Right(
            says=r"redirect.?uri|reply (?:address|url)", fix=r"regist|add", never=rf"{CLIENT}|{PERSON}|trailing slash"
        ),
    ),
    Report(
        name="application-is-not-for-personal-accounts",
        source="microsoftgraph/msgraph-sample-nodeexpressapp#152, nextcloud/integration_onedrive#35",
        symptom="The page says that the client does not exist or is not enabled for consumers: it was registered for organizations.",
        play=Direct(
            authorize=page(
                400,
                "<head><title>Error</title></head><body><h1>We're unable to complete your request</h1><p>unauthorized_client: The client "
                "does not exist or is not enabled for consumers. If you are the application developer, configure a new application "
                "through the App Registrations in the Portal.</p></body>",
            )
        ),
        right=Right(
            says=r"consumers|personal",
            fix=r"client.?id|account|personal|consumers|regist|administrator",
            never=rf"secret is wrong|{PERSON}|grant type",
        ),
    ),
    Report(
        name="client-was-deleted",
        source="google/skicka#145, Byron/google-apis-rs#190",
        symptom="A page says deleted_client: the client that the tool brings along was deleted by its maker.",
        play=Direct(
            authorize=page(
                401,
                "<head><title>Error 401 (Deleted client)</title></head><body><h1>Authorization Error</h1><p>Error 401: deleted_client</p>"
                "<p>The OAuth client was deleted.</p></body>",
            )
        ),
        right=Right(
            says=r"deleted",
            fix=r"new|another|create|regist|--client-id|administrator",
            never=rf"secret is wrong|misspelt|{PERSON}",
        ),
    ),
    Report(
        name="id-of-the-outer-application",
        source="jsmrtn/craftagram#25, pdir/social-feed-bundle#105, pdir/social-feed-bundle#167",
        symptom="Invalid platform app: the id is that of the application around, and not that of the product inside it.",
        play=Direct(
            authorize=as_json(
                400, {"error_type": "OAuthException", "code": 400, "error_message": "Invalid platform app"}
            )
        ),
        right=Right(
            says=r"Invalid platform app",
            fix=r"client.?id|app(?:lication)?.?id|application|regist",
            never=rf"secret is wrong|redirect URI is not registered|code (?:was|is|has) (?:used|expired)|{PERSON}",
        ),
    ),
    Report(
        name="policy-of-the-server-was-not-met",
        source="oktadev/okta-wordpress-sign-in-widget#35, zeekhoo-okta/okta-django-samples#15",
        symptom="The redirect says access_denied, and that a policy was not fulfilled: the server has no access policy for this client.",
        play=Direct(
            authorize=redirect(
                "{uri}?state={state}&error=access_denied&error_description=Policy+evaluation+failed+for+this+request%2C+please+check+the"
                "+policy+configurations."
            )
        ),
        right=Right(says=r"polic", fix=r"polic|administrator", never=rf"{CLIENT}|{PERSON}", sent_code=None),
    ),
    Report(
        name="file-in-utf-16",
        source="gcarreno/laz-JSON-Viewer#19",
        symptom="The file was written by a shell in UTF-16 with a mark at its start, and a reader of UTF-8 stops at its first byte.",
        play=Har(archive=json.dumps(har()).encode("utf-16")),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="two-slashes-before-the-path-of-the-callback",
        source="lynndylanhurley/devise_token_auth#749",
        symptom="The server puts its base and the path together with a slash too many, so nobody serves the path.",
        play=Direct(authorize=redirect("http://127.0.0.1:8765//callback?code={code}&state={state}")),
        right=Right(
            says=r"//callback|slash",
            fix=r"regist|server|administrator|slash|proxy|//",
            never=rf"{CLIENT}|{PERSON}|another (?:host|port)",
            sent_code=(CODE, None),
        ),
    ),
    Report(
        name="host-of-the-redirect-uri-is-the-word-undefined",
        source="mthines/lorekit#213",
        symptom="A variable was empty when the redirect URI was built, so its host is undefined, and the server leads to its own site.",
        play=Direct(
            redirect_uri="https://undefined/api/auth/callback",
            authorize=redirect("https://app.example.net/?code={code}"),
        ),
        right=Right(
            tells=r"variable|placeholder|filled in|unset|“undefined”|named undefined|word undefined",
            says=r"undefined",
            never=rf"{CLIENT}|{PERSON}",
            sent_code=None,
        ),
    ),
    Report(
        name="caret-in-the-password-of-the-proxy",
        source="heroku/legacy-cli#1273",
        symptom="The proxy's password holds a caret, which other programs take, and the login stops over the address.",
        play=Direct(
            base_url=AFAR,
            proxy=only_if(lambda asked: asked.method == "POST", documented_token, redirect()),
            variables={"HTTP_PROXY": "http://ada:s3c^ret@{proxy}"},
        ),
        right=Right(outcome=("token",), heard=r"Basic YWRhOnMzY15yZXQ="),
    ),
    Report(
        name="proxy-does-not-like-the-method",
        source="n8n-io/n8n#28225",
        symptom="Behind a company's proxy the token request is answered by a page in HTML: METHOD_NOT_ALLOWED, from the proxy itself.",
        play=Direct(
            base_url=AFAR,
            proxy=only_if(
                lambda asked: asked.method == "POST",
                page(
                    405,
                    "<head><title>Notification: METHOD_NOT_ALLOWED</title></head><body><h1>METHOD_NOT_ALLOWED</h1><p>The proxy does not "
                    "allow this method for this request.</p></body>",
                    "Via: 1.1 filter.corp.example (proxy)",
                ),
                redirect(),
            ),
            variables={"HTTP_PROXY": "http://{proxy}"},
        ),
        right=Right(
            says=r"proxy",
            fix=r"proxy|NO_PROXY",
            never=rf"secret is wrong|{PERSON}|code (?:was|is|has) (?:used|expired)",
        ),
    ),
    Report(
        name="unavailable-means-another-redirect-uri",
        source="YosefHayim/ebay-mcp#175, YosefHayim/ebay-mcp#16",
        symptom="The server says that it is unable to handle the request; it wants a registered name in the place of an address.",
        play=Direct(
            authorize=as_json(
                500,
                {
                    "error_id": "temporarily_unavailable",
                    "error_description": "The authorization server is currently unable to handle the request.",
                    "http_status_code": 500,
                },
            )
        ),
        right=Right(
            says=r"temporarily_unavailable|unable to handle",
            tells=r"not known|redirect.?uri",
            fix=r"again|administrator|whoever|redirect",
            never=rf"{SURE}|{CLIENT}|{PERSON}",
        ),
    ),
    Report(
        name="fragment-blamed-where-nothing-is-registered",
        source="matrix-org/matrix-authentication-service#3036",
        symptom="A page says that a redirect URI can't have a fragment; it has none, and is not registered.",
        play=Direct(
            authorize=page(
                400,
                "<head><title>Invalid request</title></head><body><h1>Invalid redirect URI</h1><p>Redirect URI can't have a fragment</p>"
                "</body>",
            )
        ),
        right=Right(
            says=r"redirect.?uri",
            tells=r"regist|not known",
            fix=r"regist|redirect.?uri|administrator",
            never=rf"{CLIENT}|{PERSON}|remove the fragment|redirect URI (?:has|holds|contains) a (?:fragment|#)",
        ),
    ),
    Report(
        name="path-and-query-alone-are-pasted",
        source="requests/requests-oauthlib#243",
        symptom="Only the path and the query of the redirect are handed over, without scheme and host, and the state is called wrong.",
        play=Paste(pasted="/callback?code={code}&state={state}&session_state=9f2c.7a\n"),
        right=Right(outcome=("token",), sent_code=CODE),
    ),
    Report(
        name="state-in-the-query-and-code-in-the-fragment",
        source="lidge-jun/opencodex#2543",
        symptom="The pasted address has the state in its query and a code in its fragment, which is not one answer.",
        play=Paste(pasted="{uri}?state={state}#code={code}\n"),
        right=Right(tells=r"fragment|#|hash", sent_code=None, never=rf"{CLIENT}|{PERSON}"),
    ),
    Report(
        name="two-slashes-in-the-redirect-uri-that-is-sent",
        source="Shopify/shopify-node-app#109",
        symptom="The redirect URI is not whitelisted: two slashes stand before its path, where one was registered.",
        play=Direct(
            redirect_uri="http://127.0.0.1:8765//auth/shopify/callback",
            authorize=page(
                400,
                "<head><title>Something went wrong</title></head><body><h1>Oauth error invalid_request: The redirect_uri is not "
                "whitelisted</h1></body>",
            ),
        ),
        right=Right(
            says=r"redirect.?uri", tells=r"slash", fix=r"regist|slash", never=rf"{CLIENT}|{PERSON}", sent_code=None
        ),
    ),
    Report(
        name="nobody-comes-to-localhost-of-a-managed-machine",
        source="firebase/firebase-tools#10750",
        symptom="On a managed machine localhost leads to another address than the one listened on, so the login waits without a word.",
        play=Callback(redirect_uri="http://localhost:{port}/callback", calls=(), wait=SHORT),
        right=Right(
            first=("nobody-came",), tells=r"::1|IPv6|hosts file|resolv|other program|another program", never=CLIENT
        ),
    ),
    Report(
        name="malformed-call-before-the-answer",
        source="swiftyapp/swifty#495, can1357/oh-my-pi#4106",
        symptom="A call whose target is no address, and one with another state, end a login that the browser's answer would have finished.",
        play=Callback(
            calls=(
                call("GET", "//[x/callback?code=%zz&state=%"),
                call("GET", "/callback?code=x&state=wrong"),
                call(),
            )
        ),
        right=Right(outcome=("token",), sent_code=CODE),
    ),
)
