"""What answers in an endpoint's place, and what stands around a run: filters, gateways, meshes, IIS, certificates, proxies."""

from __future__ import annotations

from tests.reports.answers import as_json, page, says, signed
from tests.reports.entries import AUTHORIZATION, BACK, FORM, TOKEN_URL, authorization, back, entry, form, har
from tests.reports.report import Direct, Har, Issuer, Report, Right

SURE = r"certainty: proven"
OF_THE_CLIENT = r"secret is (?:not|wrong)|unknown client|client_id is not"

REPORTS = (
    Report(
        name="request-blocked-in-json",
        source="CIRFMF/ksef-api#761",
        symptom="The token endpoint answers 403 with a JSON that says that the request was blocked, an IP address and an incident.",
        play=Direct(
            token=as_json(
                403,
                {
                    "title": "Request blocked",
                    "detail": "",
                    "status": 403,
                    "security": {"clientIp": "203.0.113.7", "incidentId": "8817236"},
                },
            )
        ),
        right=Right(
            says=r"firewall|filter|in front|blocked", fix=r"8817236|incident|administrator", never=OF_THE_CLIENT
        ),
    ),
    Report(
        name="word-of-a-scope-taken-for-an-attack",
        source="google/site-kit-wp#1113",
        symptom="ModSecurity takes “.profile” in the scope for an attack, and Apache answers 403 with its own page.",
        play=Direct(
            options=("--param", "scope=email https://www.example.com/auth/user.profile"),
            authorize=says(
                403,
                '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>403 Forbidden</title>\n</head><body>\n'
                "<h1>Forbidden</h1>\n<p>You don't have permission to access this resource.</p>\n</body></html>",
                "Server: Apache",
                kind="text/html; charset=iso-8859-1",
            ),
        ),
        right=Right(says=r"in front|firewall", never=rf"{SURE}|redirect URI is not"),
    ),
    Report(
        name="browser-integrity-check-of-cloudflare",
        source="goauthentik/authentik#25650",
        symptom="Cloudflare answers the server's token request with 403 and “error code: 1010”, by its check of the browser.",
        play=Direct(token=says(403, "error code: 1010", "Server: cloudflare", "CF-RAY: 8a1b2c3d4e5f-FRA")),
        right=Right(says=r"Cloudflare[^·]*.*browser", fix=r"let through", never=OF_THE_CLIENT),
    ),
    Report(
        name="bad-gateway-of-the-callback",
        source="flatcar/nebraska#573",
        symptom="The log-in works, and the application's callback is answered by nginx with 502.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=502,
                    headers={"Server": "nginx/1.21.6", "Content-Type": "text/html"},
                    content={
                        "size": 157,
                        "mimeType": "text/html",
                        "text": "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<h1>502 Bad Gateway</h1>\r\n"
                        "<hr><center>nginx/1.21.6</center>\r\n</body>\r\n</html>",
                    },
                ),
            )
        ),
        right=Right(says=r"502", tells=r"nginx|proxy|gateway", never=r"authorization server refused|access_denied"),
    ),
    Report(
        name="certificate-expired-and-not-trusted",
        source="Azure/azure-cli#26420",
        symptom="The log-in fails with a certificate that has expired, of an authority that is not in the client's file.",
        play=Direct(certificate="expired"),
        right=Right(says=r"expired|ended", fix=r"renew", never=r"ends in"),
    ),
    Report(
        name="certificate-without-the-name-localhost",
        source="nodeSolidServer/node-solid-server#1472",
        symptom="A container asks https://localhost, and the certificate there is one of its own for another name.",
        play=Direct(certificate="signed by itself, for another host"),
        right=Right(says=r"certificate", fix=r"ca.file|SSL_CERT_FILE|host name", never=r"expired|clock"),
    ),
    Report(
        name="authority-in-a-variable-of-node",
        source="anomalyco/opencode#640",
        symptom="A company's proxy signs every certificate; only NODE_EXTRA_CA_CERTS names its authority.",
        play=Direct(
            certificate="private authority",
            variables={"NODE_EXTRA_CA_CERTS": "{folder}/corporate.pem"},
            files={"corporate.pem": ""},
        ),
        right=Right(tells=r"NODE_EXTRA_CA_CERTS", says=r"authority", fix=r"SSL_CERT_FILE|ca.file", never=SURE),
    ),
    Report(
        name="metadata-names-the-host-of-the-inside",
        source="aspnet/Security#1175",
        symptom="The metadata was read from outside the containers, and names endpoints by the name that only they know.",
        play=Issuer(
            metadata=as_json(
                200,
                {
                    "issuer": "http://identity.invalid",
                    "authorization_endpoint": "http://identity.invalid/connect/authorize",
                    "token_endpoint": "http://identity.invalid/connect/token",
                    "response_types_supported": ["code"],
                },
            )
        ),
        right=Right(says=r"identity\.invalid", fix=r"issuer|address|server|proxy", never=r"DNS server is down"),
    ),
    Report(
        name="form-post-that-the-application-does-not-take",
        source="IdentityServer/IdentityServer3.Admin#48",
        symptom="The server posts the code to the application by a form, and IIS answers that POST with 405.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    f"{AUTHORIZATION}&response_mode=form_post&response_type=code",
                    200,
                    headers={"Content-Type": "text/html"},
                    content={"size": 30, "mimeType": "text/html", "text": "<form method=post action=/x></form>"},
                ),
                entry(
                    1,
                    "POST",
                    BACK.partition("?")[0],
                    405,
                    headers={
                        "Server": "Microsoft-IIS/8.0",
                        "Allow": "GET, HEAD, OPTIONS, TRACE",
                        "Content-Type": "text/html",
                    },
                    post={"mimeType": FORM, "text": BACK.partition("?")[2]},
                    content={"size": 0, "mimeType": "text/html"},
                ),
            )
        ),
        right=Right(says=r"405", fix=r"response_mode=query", never=r"Nothing is at this path"),
    ),
    Report(
        name="keys-answer-500",
        source="DuendeArchive/IdentityServer4#1008",
        symptom="After publishing to IIS the metadata is there, and the address of the keys answers 500.",
        play=Issuer(
            metadata=as_json(
                200,
                {
                    "issuer": "http://{host}",
                    "authorization_endpoint": "http://{host}/api/oauth2",
                    "token_endpoint": "http://{host}/api/oauth2/Token",
                    "jwks_uri": "http://{host}/.well-known/openid-configuration/jwks",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256", "ES256"],
                },
            ),
            options=("--nonce", "n0S6WzA2Mj"),
            token=lambda asked: signed(
                asked, 0, {"sub": "1", "aud": "demo-app", "nonce": "n0S6WzA2Mj", "lasting": 3600}
            ),
            places={"/.well-known/openid-configuration/jwks": says(500, "", "Server: Microsoft-IIS/10.0", kind="")},
        ),
        right=Right(says=r"keys", tells=r"500", never=r"signature is (?:wrong|not valid)|does not fit"),
    ),
    Report(
        name="token-endpoint-wants-tls-in-words",
        source="ging/fiware-idm#22",
        symptom="Over http the token endpoint answers 403 with “SSL Required”.",
        play=Direct(token=says(403, "SSL Required")),
        right=Right(says=r"SSL Required", fix=r"https", never=OF_THE_CLIENT),
    ),
    Report(
        name="only-https-requests-are-accepted",
        source="VirtoCommerce/vc-platform-core#242",
        symptom="Over http the token endpoint answers invalid_request, and that it only accepts HTTPS requests.",
        play=Direct(
            token=as_json(
                400,
                {"error": "invalid_request", "error_description": "This server only accepts HTTPS requests."},
            )
        ),
        right=Right(says=r"HTTPS", fix=r"https|X-Forwarded-Proto", never=OF_THE_CLIENT),
    ),
    Report(
        name="proxy-forbids-the-log-in-host",
        source="Azure/azure-cli#26227",
        symptom="The company's proxy answers CONNECT to the log-in host with 403, while other hosts work.",
        play=Direct(
            base_url="https://login.example.com",
            variables={"HTTPS_PROXY": "http://{proxy}"},
            proxy=page(403, "<head><title>Access Denied</title></head><body>Blocked by category policy</body>"),
        ),
        right=Right(first=("proxy-failed",), says=r"rules", fix=r"NO_PROXY"),
    ),
    Report(
        name="file-of-authorities-that-is-not-there",
        source="MoonshotAI/kimi-cli#760",
        symptom="SSL_CERT_FILE names the company's bundle, and no file is there.",
        play=Direct(certificate="private authority", variables={"SSL_CERT_FILE": "{folder}/missing.pem"}),
        right=Right(says=r"SSL_CERT_FILE", fix=r"SSL_CERT_FILE|missing\.pem"),
    ),
    Report(
        name="mesh-forbids-the-token-endpoint",
        source="oauth2-proxy/oauth2-proxy#1137",
        symptom="Istio answers the token request with 403 and “RBAC: access denied”.",
        play=Direct(token=says(403, "RBAC: access denied", "server: istio-envoy", kind="text/plain")),
        right=Right(
            says=r"RBAC: access denied", fix=r"administrator", never=rf"{OF_THE_CLIENT}|wants a token with every"
        ),
    ),
    Report(
        name="older-gateway-knows-no-api",
        source="Kong/kong#1500",
        symptom="An older Kong answers the token request with 404, and that it found no API with those values.",
        play=Direct(token=as_json(404, {"message": "no API found with those values"}, "Server: kong/0.10.3")),
        right=Right(first=("token-gateway-no-route",), fix=r"route", never=OF_THE_CLIENT),
    ),
    Report(
        name="proxy-wants-a-login",
        source="Azure/azure-cli#21696",
        symptom="The company's proxy answers CONNECT with 407 and asks for NTLM.",
        play=Direct(
            base_url="https://login.example.com",
            variables={"HTTPS_PROXY": "http://{proxy}"},
            proxy=says(407, "", "Proxy-Authenticate: NTLM", "Proxy-Authenticate: Negotiate"),
        ),
        right=Right(first=("proxy-failed",), says=r"NTLM", fix=r"login|logs in"),
    ),
    Report(
        name="token-request-as-a-get",
        source="jenkinsci/oic-auth-plugin#500",
        symptom="The client sends its token request as a GET, and the server answers 405.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                entry(
                    2,
                    "GET",
                    f"{TOKEN_URL}?{form(grant_type='authorization_code')['text']}",
                    405,
                    headers={"Allow": "POST", "Content-Type": "application/json"},
                    content={
                        "size": 38,
                        "mimeType": "application/json",
                        "text": '{"error":"RESTEASY003650: No resource"}',
                    },
                ),
            )
        ),
        right=Right(first=("token-request-by-get",), fix=r"POST"),
    ),
    Report(
        name="bare-refusal-of-a-gateway",
        source="Kong/kong#2725",
        symptom="Behind Kong the authorization request is answered by a page of two words, 403 Forbidden.",
        play=Direct(authorize=page(403, "<head><title>403 Forbidden</title></head>", "Server: kong/0.10.3")),
        right=Right(says=r"403", never=rf"{SURE}|redirect URI is not"),
    ),
    Report(
        name="challenge-with-200-at-the-token-endpoint",
        source="davglass/bambu-cli#8",
        symptom="The client reads Cloudflare's page “Just a moment…” as JSON.",
        play=Direct(
            token=page(
                200,
                "<head><title>Just a moment...</title></head><body><div id='challenge-error-text'>"
                "Enable JavaScript and cookies to continue</div><script src='/cdn-cgi/challenge-platform/h/g/orchestrate'></script></body>",
                "Server: cloudflare",
            )
        ),
        right=Right(
            says=r"Cloudflare|challenge|JavaScript", fix=r"administrator|exempt|Cloudflare|rule", never=OF_THE_CLIENT
        ),
    ),
    Report(
        name="callback-given-up-by-the-router",
        source="david-loe/abrechnung#512",
        symptom="The application's callback hangs, and after 279 seconds Traefik answers 502 in its place.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=502,
                    headers={"Content-Type": "text/plain; charset=utf-8"},
                    content={"size": 11, "mimeType": "text/plain", "text": "Bad Gateway"},
                    time=279_000,
                    timings={"send": 1, "wait": 278_990, "receive": 9},
                ),
            )
        ),
        right=Right(says=r"502", fix=r"application|log|client", never=r"authorization server refused|expired"),
    ),
    Report(
        name="redirect-to-the-same-path-with-a-slash",
        source="goauthentik/authentik#6547",
        symptom="A POST to the endpoint without the last slash is answered by 301, which turns it into a GET.",
        play=Direct(token=says(301, "", "Location: /api/oauth2/Token/", kind="")),
        right=Right(first=("token-redirected",), says=r"Token/", fix=r"Token/"),
    ),
    Report(
        name="mesh-cannot-reach-the-service",
        source="shikanon/kubeflow-manifests#82",
        symptom="The authorization request is answered by 503, and that the connection to the upstream failed.",
        play=Direct(
            authorize=says(
                503,
                "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
                "server: istio-envoy",
                kind="text/plain",
            )
        ),
        right=Right(first=("authorize-unavailable",), says=r"connection failure", fix=r"administrator"),
    ),
)
