"""HARs that a tool wrote which sent the request wrongly, or wrote it down in a way of its own."""

from __future__ import annotations

from base64 import b64encode
from gzip import compress
from json import dumps
from urllib.parse import quote, urlencode

from tests.reports.entries import (
    AUTHORIZATION,
    BACK,
    FIELDS,
    FORM,
    authorization,
    back,
    entry,
    form,
    har,
    json_content,
    token,
)
from tests.reports.report import CLIENT, CODE, STATE, URI, Har, Report, Right

REFUSED = json_content('{"error":"invalid_request"}')
WITHOUT_SECRET = {name: value for name, value in FIELDS.items() if name != "client_secret"}

REPORTS = (
    Report(
        name="fields-that-are-there-twice",
        source="rapi-doc/RapiDoc#879",
        symptom="The client ID and the secret stand twice in the token request, and the server refuses it.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    400,
                    content=REFUSED,
                    post={"mimeType": FORM, "text": f"{urlencode(FIELDS)}&client_id={CLIENT}&client_secret="},
                ),
            )
        ),
        right=Right(first=("field-sent-twice",), says=r"client_id", never=r"--token-param|the program sends itself"),
    ),
    Report(
        name="client-id-with-line-breaks",
        source="usebruno/bruno#9076",
        symptom="The client ID was pasted three times, with a line break each, and there is no such application.",
        play=Har(
            archive=har(
                authorization(
                    url=AUTHORIZATION.replace(f"client_id={CLIENT}", f"client_id={CLIENT}%0a{CLIENT}%0a{CLIENT}"),
                    response={"status": 400},
                    headers={"Content-Type": "application/json"},
                    content=json_content(
                        '{"error":"unauthorized_client","error_description":"AADSTS700016: Application was not found in the directory."}'
                    ),
                )
            )
        ),
        right=Right(says=r"client.id", tells=r"line break|control"),
    ),
    Report(
        name="params-still-encoded-beside-the-text",
        source="grafana/har-to-k6#62",
        symptom="The fields stand as text and as a list, whose values are still percent-encoded.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    post={
                        "mimeType": FORM,
                        "text": urlencode(FIELDS),
                        "params": [{"name": name, "value": quote(value, safe="")} for name, value in FIELDS.items()],
                    }
                ),
            )
        ),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="authorization-header-taken-out",
        source="tweaselORG/TrackHAR#58",
        symptom="The browser takes cookies and the Authorization header out of what it writes, and says nothing of it.",
        play=Har(
            archive=har(authorization(), back(), token(post={"mimeType": FORM, "text": urlencode(WITHOUT_SECRET)}))
        ),
        right=Right(outcome=("token",), never=r"secret|basic"),
    ),
    Report(
        name="secret-refused-in-a-file-without-it",
        source="tweaselORG/TrackHAR#58",
        symptom="The Authorization header was taken out of the file, and the server answered invalid_client to what had it.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    401,
                    content=json_content('{"error":"invalid_client"}'),
                    post={"mimeType": FORM, "text": urlencode(WITHOUT_SECRET)},
                ),
            )
        ),
        right=Right(
            says=r"client",
            tells=r"left (it )?out|taken out|does not hold|not in the file|no secret",
            never=r"secret is wrong|--body json",
        ),
    ),
    Report(
        name="secret-masked-by-a-person",
        source="malcmiller/conducto-ai#85",
        symptom="Asterisks stand in the place of what the client showed who it is by, and the server answered invalid_client.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(401, content=json_content('{"error":"invalid_client"}'), post=form(client_secret="***")),
            )
        ),
        right=Right(tells=r"masked|left it out", never=r"secret is wrong|placeholder|fingerprint|3 characters"),
    ),
    Report(
        name="authorization-header-masked",
        source="postmanlabs/postman-app-support#3655",
        symptom="The console masks the Authorization header; the server misses the client secret, which it wants in the body.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    400,
                    sent={"Authorization": "Basic *****"},
                    content=json_content('{"status":"BAD_CLIENT_SECRET","message":"missing or invalid client secret"}'),
                    post={"mimeType": FORM, "text": urlencode(WITHOUT_SECRET)},
                ),
            )
        ),
        right=Right(
            says=r"client.secret",
            tells=r"Authorization header",
            never=r"sent in the body|was not sent|carried (it|them) in the body",
        ),
    ),
    Report(
        name="basic-asked-for-in-a-masked-file",
        source="tweaselORG/TrackHAR#58",
        symptom="The whole Authorization header is masked, and the server's answer asks for HTTP Basic, as it does of everybody.",
        play=Har(
            archive=har(
                token(
                    401,
                    sent={"Authorization": "<redacted>"},
                    headers={"Content-Type": "application/json", "WWW-Authenticate": 'Basic realm="api"'},
                    content=json_content('{"error":"invalid_client"}'),
                    post={"mimeType": FORM, "text": urlencode(WITHOUT_SECRET)},
                )
            )
        ),
        right=Right(
            tells=r"masked|left it out",
            never=r"sent in the body|secret is wrong|sent no state|carried no response_type",
        ),
    ),
    Report(
        name="secret-variable-not-filled-in",
        source="postmanlabs/postman-app-support#14193",
        symptom="The variable of the client secret is locked, and its name is sent in the value's place.",
        play=Har(
            archive=har(
                token(
                    401,
                    content=json_content('{"error":"invalid_client"}'),
                    post=form(client_secret="{{client_secret}}"),
                )
            )
        ),
        right=Right(first=("secret-placeholder",), never=r"sent no state|carried no response_type|redirect came"),
    ),
    Report(
        name="requests-without-answers",
        source="Kong/insomnia#2027",
        symptom="The client exports its requests under their names, and no answers.",
        play=Har(
            archive=har(
                token(
                    0,
                    headers={},
                    content={"size": 0, "mimeType": ""},
                    post={
                        "mimeType": FORM,
                        "params": [{"name": name, "value": value} for name, value in FIELDS.items()],
                    },
                    comment="Get a token",
                )
            )
        ),
        right=Right(tells=r"does not hold", never=r"library's words|answered 0|says nothing about the server"),
    ),
    Report(
        name="certificate-that-the-recording-proxy-refuses",
        source="mitmproxy/mitmproxy#6928",
        symptom="The recording proxy finds no issuer for the server's certificate, and has no answer to the token request.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    0,
                    headers={},
                    content={},
                    response={"_error": "Certificate verify failed: unable to get local issuer certificate"},
                ),
            )
        ),
        right=Right(first=("certificate-unknown-authority",), tells=r"intermediate", never=r"version, cipher"),
    ),
    Report(
        name="code-in-lower-case",
        source="XeroAPI/Xero-NetStandard#441",
        symptom="The application writes the code in lower case before it redeems it.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(400, content=json_content('{"error":"invalid_grant"}'), post=form(code=CODE.lower())),
            )
        ),
        right=Right(first=("code-altered-by-client",), never=r"secret is wrong"),
    ),
    Report(
        name="credentials-missed-in-a-file-without-them",
        source="tweaselORG/TrackHAR#58",
        symptom="The Authorization header was taken out of the file, and the server says that it found no credentials.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    401,
                    content=json_content(
                        '{"error":"invalid_client","error_description":"Client credentials were not found in the headers or body"}'
                    ),
                    post={"mimeType": FORM, "text": urlencode(WITHOUT_SECRET)},
                ),
            )
        ),
        right=Right(says=r"not found", tells=r"left it out", never=r"carried (it|them) in the body|client_auth=basic"),
    ),
    Report(
        name="token-request-alone",
        source="cuongdevjs/reactjs-social-login#43",
        symptom="Somebody copied the code into a client for requests, whose file holds the token request alone.",
        play=Har(
            archive=har(
                token(
                    400,
                    content=json_content(
                        '{"error":"invalid_request","error_description":"Unable to retrieve access token: appid/redirect uri/code verifier '
                        'does not match authorization code. Or authorization code expired."}'
                    ),
                )
            )
        ),
        right=Right(
            tells=r"leaves open|does not show",
            never=r"was pasted|seconds old|same values|secret is wrong|sent no state",
        ),
    ),
    Report(
        name="redirect-uri-masked-in-the-token-request",
        source="malcmiller/conducto-ai#85",
        symptom="The redirect URI of the token request is masked, so it is not known whether it is that of the first request.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(400, content=json_content('{"error":"invalid_grant"}'), post=form(redirect_uri="***")),
            )
        ),
        right=Right(says=r"invalid_grant", never=r"same values|another redirect|differs"),
    ),
    Report(
        name="start-with-an-offset-without-a-colon",
        source="nccgroup/LoggerPlusPlus#138",
        symptom="The times of the file end in +0530, without a colon.",
        play=Har(
            archive=har(
                authorization(startedDateTime="2026-11-27T17:30:00.000+0530"),
                back(startedDateTime="2026-11-27T17:30:01.000+0530"),
                token(startedDateTime="2026-11-27T17:30:02.000+0530"),
            )
        ),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="sizes-that-are-zero",
        source="telerik/fiddler-everywhere#113",
        symptom="Every size in the file is 0, although the bodies stand in it.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(response={"bodySize": 0, "headersSize": 0}, content={**json_content(), "size": 0}),
            )
        ),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="callback-refused-by-a-firewall",
        source="coreruleset/coreruleset#1922, owasp-modsecurity/ModSecurity#2448",
        symptom="The firewall in front of the application takes a scope in the redirect for a file name, and answers the browser with 403.",
        play=Har(
            archive=har(
                authorization(BACK + "&scope=email+https://login.example.com/auth/userinfo.profile"),
                back(
                    BACK + "&scope=email+https://login.example.com/auth/userinfo.profile",
                    403,
                    headers={"Server": "nginx", "Content-Type": "text/html"},
                    content={
                        "size": 0,
                        "mimeType": "text/html",
                        "text": "<center><h1>403 Forbidden</h1></center><hr><center>nginx</center>",
                    },
                ),
            )
        ),
        right=Right(says=r"403", tells=r"nginx|in front|web server", never=r"client-|secret|registered"),
    ),
    Report(
        name="login-page-was-prefetched",
        source="dotkom/monoweb#2182",
        symptom="The page fetched the link to the login ahead, so that the cookie holds the state of another request.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    AUTHORIZATION.replace(STATE, "st4teOfThePrefetchedLogin99"),
                    302,
                    sent={"Sec-Purpose": "prefetch"},
                    headers={"Location": BACK.replace(STATE, "st4teOfThePrefetchedLogin99")},
                ),
                entry(1, "GET", AUTHORIZATION, 302, headers={"Location": BACK}),
                entry(2, "GET", BACK, 200),
                token(startedDateTime="2026-11-27T12:00:03.000Z"),
            )
        ),
        right=Right(outcome=("token",), never=r"state-mismatch|another state|old tab"),
    ),
    Report(
        name="old-renegotiation-of-a-firewall",
        source="Kong/insomnia#4543, curl/curl#8943, openssl/openssl#21296",
        symptom="What stands before the server speaks an old form of TLS, and the library will not.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    0,
                    headers={},
                    content={},
                    response={"_error": "error:0A000152:SSL routines::unsafe legacy renegotiation disabled"},
                ),
            )
        ),
        right=Right(tells=r"renegotiation", never=r"certificate|unknown authority|--ca-file"),
    ),
    Report(
        name="value-ends-at-its-first-equals-sign",
        source="Kong/insomnia#9412",
        symptom="The tool that imported the command kept of the code what stands before its first =.",
        play=Har(
            archive=har(
                authorization(BACK.replace(CODE, "abc123%3D%3Dxyz789%3D")),
                back(BACK.replace(CODE, "abc123%3D%3Dxyz789%3D")),
                token(400, content=json_content('{"error":"invalid_grant"}'), post=form(code="abc123")),
            )
        ),
        right=Right(first=("code-altered-by-client",), tells=r"cut|shorter|first|=", never=r"secret is wrong"),
    ),
    Report(
        name="redirect-uri-encoded-twice",
        source="postmanlabs/postman-app-support#2405",
        symptom="The exported command encodes what is encoded already, so that the token request has another redirect URI.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    400, content=json_content('{"error":"invalid_grant"}'), post=form(redirect_uri=quote(URI, safe=""))
                ),
            )
        ),
        right=Right(says=r"redirect.uri", tells=r"twice|encoded", never=r"secret is wrong|used (twice|before)|expired"),
    ),
    Report(
        name="callback-fails-at-the-ingress",
        source="EnMasseProject/enmasse#4208, vmware-tanzu/kubeapps#1862, Azure/EasyAuthForK8s#79",
        symptom="The application answers the redirect with cookies that the ingress has no room for, and the browser sees 502.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=502,
                    headers={"Server": "nginx", "Content-Type": "text/html"},
                    content={
                        "size": 0,
                        "mimeType": "text/html",
                        "text": "<html><center><h1>502 Bad Gateway</h1></center><hr>nginx</html>",
                    },
                ),
            )
        ),
        right=Right(
            says=r"502", tells=r"in front|proxy|gateway|ingress", never=r"client-|secret|could not work with the answer"
        ),
    ),
    Report(
        name="callback-without-a-route",
        source="SimpleHomelab/Docker-Traefik#98, SimpleHomelab/Docker-Traefik#102, jhipster/generator-jhipster#9769",
        symptom="The router in front of the application has no rule for the callback over https, and says 404.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=404,
                    headers={"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"},
                    content={"size": 19, "mimeType": "text/plain", "text": "404 page not found\n"},
                ),
            )
        ),
        right=Right(
            says=r"404", tells=r"route|path|router|in front", never=r"client-|secret|could not work with the answer"
        ),
    ),
    Report(
        name="callback-says-insecure-transport",
        source="haiwen/seahub#5231",
        symptom="The library of the application refuses to work over http; the proxy in front of it did not tell it of https.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=500,
                    headers={"Content-Type": "text/plain"},
                    content={
                        "size": 0,
                        "mimeType": "text/plain",
                        "text": "(insecure_transport) OAuth 2 MUST utilize https.",
                    },
                ),
            )
        ),
        right=Right(
            says=r"insecure_transport|https", tells=r"X-Forwarded-Proto|https", never=r"client-|secret is wrong"
        ),
    ),
    Report(
        name="application-could-not-redeem-the-code",
        source="auth0/auth0-aspnetcore#7",
        symptom="The callback answers 500, because the token endpoint answered 500 to the application.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=500,
                    headers={"Server": "Kestrel", "Content-Type": "text/html"},
                    content={
                        "size": 0,
                        "mimeType": "text/html",
                        "text": "<html><h1>An unhandled exception occurred</h1><p>HttpRequestException: Response status code: no "
                        "success: 500 (Internal Server Error).</p><p>OpenIdConnectHandler.RedeemAuthorizationCodeAsync</p></html>",
                    },
                ),
            )
        ),
        right=Right(says=r"500", tells=r"token endpoint|redeem|exchange", never=r"client-|secret is wrong|registered"),
    ),
    Report(
        name="callback-refused-by-the-load-balancer",
        source="skoruba/IdentityServer4.Admin#823, DuendeArchive/IdentityServer4#5231",
        symptom="From the public network the callback gets 403, and from the company's own it does not.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=403,
                    headers={"Server": "awselb/2.0", "Content-Type": "text/html"},
                    content={
                        "size": 0,
                        "mimeType": "text/html",
                        "text": "<html><center><h1>403 Forbidden</h1></center></html>",
                    },
                ),
            )
        ),
        right=Right(says=r"firewall|load balancer", never=r"client-|secret|could not work with the answer"),
    ),
    Report(
        name="callback-led-to-a-login-of-the-platform",
        source="Azure/static-web-apps#1303",
        symptom="The platform takes the callback for a request without a login, and begins another login with its own provider.",
        play=Har(
            archive=har(
                authorization(),
                back(status=302, headers={"Location": "/.auth/login/aad?post_login_redirect_uri=%2Fcallback"}),
            )
        ),
        right=Right(tells=r"/\.auth/login|log.?in", never=r"client-|secret is wrong"),
    ),
    Report(
        name="slash-behind-the-redirect-uri",
        source="MrSwitch/hello.js#400",
        symptom="The library builds the redirect URI anew for the token request, and a slash is added at its end.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(400, content=json_content('{"error":"invalid_grant"}'), post=form(redirect_uri=f"{URI}/")),
            )
        ),
        right=Right(says=r"redirect.uri", tells=r"slash", never=r"secret is wrong|expired"),
    ),
    Report(
        name="ampersand-lost-behind-the-redirect-uri",
        source="aspnet-contrib/AspNet.Security.OAuth.Providers#129",
        symptom="The address that was edited by hand has no & behind the redirect URI, and the server says that this is not valid.",
        play=Har(
            archive=har(
                authorization(
                    url=AUTHORIZATION.replace("&state=", "state="),
                    response={"status": 400},
                    headers={"Content-Type": "text/plain"},
                    content={
                        "size": 0,
                        "mimeType": "text/plain",
                        "text": "you sent an invalid request - invalid redirect_uri parameter",
                    },
                )
            )
        ),
        right=Right(
            says=r"redirect.uri", tells=r"state=|joined|separator|missing .{0,5}&|&", never=r"client-unknown|old tab"
        ),
    ),
    Report(
        name="body-that-is-still-packed",
        source="mitmproxy/mitmproxy#7452",
        symptom="The recording proxy could not unpack an answer, and wrote its bytes as they came.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
                    content={
                        "size": 0,
                        "mimeType": "application/json",
                        "encoding": "base64",
                        "text": b64encode(compress(json_content()["text"].encode())).decode(),
                    },
                ),
            )
        ),
        right=Right(outcome=("token",), never=r"not-a-token|token-missing|not JSON"),
    ),
    Report(
        name="packed-body-of-the-request-as-text",
        source="lightbody/browsermob-proxy#753, lightbody/browsermob-proxy#636",
        symptom="The body of the request was packed, and the file has its bytes as text that nobody can read.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    sent={"Content-Encoding": "gzip", "Content-Type": FORM},
                    post={"mimeType": FORM, "text": "\x1f\ufffd\x08\x00\x00\ufffd\x03K\ufffd\ufffd)\ufffd/.\ufffd"},
                ),
            )
        ),
        right=Right(outcome=("token",), never=r"field-missing|code-altered|secret|carried no"),
    ),
    Report(
        name="secret-that-is-not-encoded-for-basic",
        source="usebruno/bruno#3290",
        symptom="The client writes its ID and its secret into the header as they are, without base64.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    401,
                    sent={"Authorization": f"Basic {CLIENT}:s3cret-value-of-the-report"},
                    content=json_content('{"error":"invalid_client"}'),
                    post={"mimeType": FORM, "text": urlencode(WITHOUT_SECRET)},
                ),
            )
        ),
        right=Right(
            says=r"client|Basic",
            tells=r"base64|not encoded|Authorization header",
            never=r"--client-auth|secret is wrong",
        ),
    ),
    Report(
        name="client-id-in-the-body-and-in-the-header",
        source="usebruno/bruno#4668",
        symptom="The client sends its ID in the header and in the body, and the server takes one way at a time.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    400,
                    sent={"Authorization": "Basic ZGVtby1hcHA6czNjcmV0LXZhbHVlLW9mLXRoZS1yZXBvcnQ="},
                    content=json_content(
                        '{"error":"invalid_request","error_description":"Only one method of client authentication may be used"}'
                    ),
                    post=form(),
                ),
            )
        ),
        right=Right(
            says=r"one method|client authentication", tells=r"header", never=r"--client-auth|--body|secret is wrong"
        ),
    ),
    Report(
        name="client-id-with-a-vertical-bar",
        source="usebruno/bruno#2115",
        symptom="The client ID has a vertical bar, which the person wrote as %7C, so that the token request has it encoded twice.",
        play=Har(
            archive=har(
                authorization(url=AUTHORIZATION.replace(f"client_id={CLIENT}", "client_id=acme%7Cdemo")),
                back(),
                token(401, content=json_content('{"error":"invalid_client"}'), post=form(client_id="acme%7Cdemo")),
            )
        ),
        right=Right(says=r"client.id", tells=r"encoded|differ|not the same", never=r"secret is wrong|--client-auth"),
    ),
    Report(
        name="no-token-request-behind-the-callback",
        source="usebruno/bruno#4406",
        symptom="The login window closes behind the callback, and no token request follows.",
        play=Har(archive=har(authorization(), back())),
        right=Right(outcome=("code",), never=r"secret|client-|expired"),
    ),
    Report(
        name="token-request-in-json-is-not-read",
        source="nextauthjs/next-auth#8683",
        symptom="The library sends the token request as JSON, and the server wants a form.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    400,
                    content=json_content(
                        '{"error":"invalid_request","error_description":"The specified content type is not supported"}'
                    ),
                    post={"mimeType": "application/json", "text": dumps(FIELDS)},
                ),
            )
        ),
        right=Right(says=r"content type|JSON", tells=r"form", never=r"secret is wrong|--client-auth|--body"),
    ),
)
