"""What an issuer's metadata, its ID tokens, its userinfo and its answers to a device say, as one program or another writes them."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from typing import Any

from joserfc.jwk import ECKey, OctKey
from joserfc.jwt import encode

from tests.reports.answers import as_json, issues, keys, only_if, says, signed
from tests.reports.discovery import NO_OPENID, ON_ANOTHER_DEVICE, device, metadata
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error
from tests.reports.report import CLIENT, SECRET, Answer, Asked, Issuer, Report, Right

NEITHER = rf"{SECRET_BLAMED}|{CODE_BLAMED}"
NONCE = ("--nonce", "n0nce+of/the+report")
NO_NONCE = ("--nonce", "none")
ENCRYPTED = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.c2VhbGVk.aXY.Y2lwaGVydGV4dA.dGFn"
OF_US = {"aud": CLIENT, "sub": "user_42"}
USERINFO = (*NO_NONCE, "--then", "userinfo")


def id_token(**claims: Any) -> Answer:
    """A token with a signed ID token of an hour that has these claims."""
    return lambda asked: signed(asked, 0, OF_US | {"lasting": 3600} | claims)


def written(asked: Asked, header: dict[str, Any], secret: str = "") -> bytes:
    """A token with an ID token under this header; secret: what it is signed with, "" for nothing."""
    now = int(time.time())
    claims = OF_US | {"iss": f"http://{asked.headers['host']}", "iat": now, "exp": now + 3600}
    if secret:
        made = encode(header, claims, OctKey.import_key(secret))
    else:
        parts = (urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims))
        made = ".".join([*parts, ""])
    return issues(token_type="Bearer", expires_in=3600, id_token=made)(asked)


def without_type(asked: Asked) -> bytes:
    """The same without the type of the token."""
    answer = signed(asked, 0, OF_US | {"lasting": 3600})
    cut = answer.replace(b'"token_type": "Bearer", ', b"")
    return of_length(cut, "Bearer")


def with_another_key(asked: Asked) -> bytes:
    """The keys, behind another one."""
    other = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True).as_dict(private=False)
    _, _, body = keys(asked).partition(b"\r\n\r\n")
    return as_json(200, {"keys": [other, *json.loads(body)["keys"]]})(asked)


def of_length(answer: bytes, kind: str) -> bytes:
    """An answer with another type, whose length says so."""
    head, _, body = answer.partition(b"\r\n\r\n")
    body = body.replace(b"Bearer", kind.encode())
    lines = [
        f"Content-Length: {len(body)}".encode() if one.startswith(b"Content-Length") else one
        for one in head.split(b"\r\n")
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def signed_as(asked: Asked, kind: str) -> bytes:
    """The same of a token of another type."""
    return of_length(signed(asked, 0, OF_US | {"lasting": 3600}), kind)


def refreshed(answer: Answer) -> Answer:
    """A token with a refresh token, and this answer to the refresh."""
    issued = issues(token_type="Bearer", expires_in=3600, refresh_token="r3freshTokenOfTheReport0123456789")
    return only_if(lambda asked: asked.fields.get("grant_type") == "refresh_token", answer, issued)


def of(token: Answer, *options: str, places: dict[str, Answer] | None = None, **changed: Any) -> Issuer:
    """An issuer that issues this token. changed: members of its metadata."""
    return Issuer(
        metadata=metadata(userinfo_endpoint="http://{host}/userinfo", **changed),
        options=options,
        token=token,
        places={"/keys": keys, **(places or {})},
    )


REPORTS = (
    Report(
        name="issuer-above-the-address-that-was-asked",
        source="ramosbugs/openidconnect-rs#38",
        symptom="The metadata of the sandbox names the issuer above it, without the last part of the path.",
        play=Issuer(
            base_url="{url}/login/v1/sandbox",
            metadata=metadata(issuer="http://{host}/login/v1"),
            places={
                "/login/v1/sandbox/.well-known/openid-configuration": metadata(issuer="http://{host}/login/v1"),
            },
            options=NO_OPENID,
        ),
        right=Right(first=("metadata-issuer",), says=r"/login/v1", fix=r"/login/v1"),
    ),
    Report(
        name="issuer-with-well-known-at-its-end",
        source="ramosbugs/openidconnect-rs#123",
        symptom="The issuer was given with .well-known at its end, and the library adds the same once more.",
        play=Issuer(base_url="{url}/.well-known", metadata=metadata(), options=NO_OPENID),
        right=Right(says=r"well-known", fix=r"issuer|without", never=SECRET_BLAMED),
    ),
    Report(
        name="server-without-metadata",
        source="DuendeArchive/IdentityModel.OidcClient#66",
        symptom="The server speaks OAuth and no OpenID Connect: there is no metadata anywhere.",
        play=Issuer(
            metadata=says(404, "Not Found"),
            places={"/.well-known/oauth-authorization-server": says(404, "Not Found")},
            options=NO_OPENID,
        ),
        right=Right(says=r"metadata", fix=r"--base-url|path|issuer", never=SECRET_BLAMED),
    ),
    Report(
        name="methods-of-authentication-are-not-announced",
        source="OpenLiberty/open-liberty#11109",
        symptom="The metadata has no token_endpoint_auth_methods_supported, and a client falls over that.",
        play=of(id_token(), *NO_NONCE, token_endpoint_auth_methods_supported=None),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="keys-are-not-announced",
        source="OpenLiberty/open-liberty#22990",
        symptom="The metadata has no jwks_uri, so nobody can check the signature of the ID token.",
        play=of(id_token(), *NO_NONCE, jwks_uri=None),
        right=Right(outcome=("token",), tells=r"jwks_uri", never=r"does not fit|forged|was changed|wrong key"),
    ),
    Report(
        name="id-token-without-a-signature",
        source="DuendeArchive/identity-model-oidc-client-js#451",
        symptom="The ID token says alg none, and the client complains that no key matches.",
        play=of(lambda asked: written(asked, {"alg": "none"}), *NO_NONCE),
        right=Right(tells=r"none", says=r"alg|not signed|no signature", never=r"replaced its key|kid"),
    ),
    Report(
        name="id-token-signed-with-the-secret",
        source="auth0/auth0-react#130",
        symptom="The application was registered for HS256, and the client expects what the metadata names.",
        play=of(lambda asked: written(asked, {"alg": "HS256"}, SECRET), *NO_NONCE),
        right=Right(says=r"HS256", fix=r"RS256|ES256|regist|operator|administrator", never=r"forged|was changed"),
    ),
    Report(
        name="id-token-signed-with-the-secret-as-announced",
        source="ktaka-ccmp/oauth2-passkey#326",
        symptom="The ID token is signed with the secret, which the metadata announces, and has no key ID.",
        play=of(
            lambda asked: written(asked, {"alg": "HS256"}, SECRET),
            *NO_NONCE,
            id_token_signing_alg_values_supported=["HS256", "RS256"],
        ),
        right=Right(outcome=("token",), never=r"forged|no key|does not fit|kid"),
    ),
    Report(
        name="nonce-is-missing-in-the-id-token",
        source="damienbod/angular-auth-oidc-client#484",
        symptom="A nonce went with the request, and the ID token has none.",
        play=of(id_token(), *NONCE),
        right=Right(says=r"nonce", fix=r"operator|administrator|server", never=r"another login|replay|repeats"),
    ),
    Report(
        name="nonce-with-a-plus-comes-back-with-a-space",
        source="OctopusDeploy/Issues#2884",
        symptom="A nonce that holds a plus comes back with a space in its place.",
        play=of(id_token(nonce="n0nce of/the report"), *NONCE),
        right=Right(says=r"nonce", tells=r"space|\+|decod|encod", never=r"another login|replay"),
    ),
    Report(
        name="audience-is-a-list-of-one",
        source="nextcloud/user_oidc#13, puiterwijk/flask-oidc#66",
        symptom="The audience of the ID token is a list that holds the client alone.",
        play=of(id_token(aud=[CLIENT]), *NO_NONCE),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="audience-has-the-project-too",
        source="olivierlambert/calrs#144",
        symptom="The audience of the ID token names the project beside the client, and azp names the client.",
        play=of(id_token(aud=[CLIENT, "263481299351"], azp=CLIENT), *NO_NONCE),
        right=Right(outcome=("token",), exit=0, never=r"another client|not for this client"),
    ),
    Report(
        name="audience-is-another-client",
        source="argoproj/argo-cd#13432",
        symptom="The ID token was issued for the server of the product, and not for its command line.",
        play=of(id_token(aud=["argo-cd"]), *NO_NONCE),
        right=Right(says=r"argo-cd", fix=r"client", never=SECRET_BLAMED),
    ),
    Report(
        name="userinfo-is-about-somebody-else",
        source="gravitee-io/gravitee-access-management#394, discourse/discourse-openid-connect#42",
        symptom="The sub of the userinfo is not that of the ID token.",
        play=of(id_token(), *USERINFO, places={"/userinfo": as_json(200, {"sub": "f3b1-other", "name": "Ada"})}),
        right=Right(says=r"f3b1-other|sub", never=SECRET_BLAMED),
    ),
    Report(
        name="userinfo-is-a-jwt",
        source="OpenIDC/mod_auth_openidc#525",
        symptom="The userinfo is a signed JWT, as it may be, and a client reads it as JSON.",
        play=of(
            id_token(),
            *USERINFO,
            places={
                "/userinfo": says(200, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzQyIn0.c2ln", kind="application/jwt")
            },
        ),
        right=Right(outcome=("token",), never=r"broken JSON|is wrong|somebody else|did not do"),
    ),
    Report(
        name="userinfo-says-in-its-body-that-the-scope-is-too-small",
        source="NotFound403/id-server#41, indigo-iam/iam#455",
        symptom="The token was asked for without openid, and the userinfo endpoint answers 403 with a body alone.",
        play=of(
            id_token(),
            *USERINFO,
            places={
                "/userinfo": as_json(
                    403,
                    {
                        "error": "insufficient_scope",
                        "error_description": "Insufficient scope for this resource",
                        "scope": "openid",
                    },
                )
            },
        ),
        right=Right(says=r"scope", fix=r"scope|operator", never=SECRET_BLAMED),
    ),
    Report(
        name="device-login-was-declined",
        source="OpenIdentityPlatform/OpenAM#627",
        symptom="The second poll is told that the person has declined, when nobody has decided anything.",
        play=Issuer(
            metadata=metadata(),
            options=ON_ANOTHER_DEVICE,
            places={"/device": device()},
            token=error("authorization_declined", "The user has declined authorization"),
        ),
        right=Right(says=r"declined", fix=r"approve|agree|again", never=NEITHER),
    ),
    Report(
        name="device-login-pending-with-200",
        source="panva/openid-client#575",
        symptom="Each poll is told with a status of success that the login is pending.",
        play=Issuer(
            metadata=metadata(),
            options=(*NO_OPENID, "--mode", "device", "--timeout", "2"),
            places={"/device": device()},
            token=as_json(
                200,
                {"error": "authorization_pending", "error_description": "The authorization request is still pending."},
            ),
        ),
        right=Right(
            outcome=("timeout", "no-answer", "nobody-came", "cancelled", "expired"), never=rf"{NEITHER}|error inside"
        ),
    ),
    Report(
        name="device-login-refused-under-invalid-grant",
        source="wso2/product-is#10120",
        symptom="The first poll is refused with invalid_grant in place of pending, and another code as its description.",
        play=Issuer(
            metadata=metadata(),
            options=ON_ANOTHER_DEVICE,
            places={"/device": device()},
            token=error("invalid_grant", "invalid_request"),
        ),
        right=Right(says=r"invalid_grant", fix=r"operator|administrator|again", never=NEITHER),
    ),
    Report(
        name="refresh-token-is-not-active",
        source="openid/AppAuth-iOS#843, marcospereirampj/python-keycloak#99",
        symptom="The refresh is refused, because the session that the refresh token belongs to is over.",
        play=of(refreshed(error("invalid_grant", "Token is not active")), *NO_OPENID, "--then", "refresh"),
        right=Right(says=r"Token is not active", fix=r"again|operator|log in", never=NEITHER),
    ),
    Report(
        name="refresh-token-is-invalid-or-revoked",
        source="nextcloud/integration_dropbox#34",
        symptom="The refresh is refused, because the refresh token is invalid or was revoked.",
        play=of(
            refreshed(error("invalid_grant", "refresh token is invalid or revoked")), *NO_OPENID, "--then", "refresh"
        ),
        right=Right(says=r"revoked", fix=r"again|operator", never=NEITHER),
    ),
    Report(
        name="id-token-is-encrypted",
        source="openbao/openbao#1164",
        symptom="The server encrypts its ID tokens, and a client says that it cannot parse them.",
        play=of(issues(token_type="Bearer", expires_in=3600, id_token=ENCRYPTED), *NO_NONCE),
        right=Right(outcome=("token",), tells=r"encrypted", never=r"was changed|does not publish|alg none"),
    ),
    Report(
        name="id-token-issued-twice-too-late",
        source="OpenIDC/mod_auth_openidc#73",
        symptom="The server adds the time to itself, and the ID token is issued decades from now.",
        play=of(lambda asked: signed(asked, 0, OF_US | {"lasting": 3600, "iat": 2 * int(time.time())}), *NO_NONCE),
        right=Right(
            says=r"iat|future|issued", fix=r"operator", never=r"[Tt]his machine's clock is wrong|leaves the claim out"
        ),
    ),
    Report(
        name="not-before-is-a-second-ahead",
        source="panva/openid-client#454",
        symptom="The ID token is good from a second from now, because the server rounds up.",
        play=of(lambda asked: signed(asked, 0, OF_US | {"lasting": 3600, "nbf": int(time.time()) + 1}), *NO_NONCE),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="hash-of-another-access-token",
        source="panva/openid-client#90",
        symptom="The at_hash of the ID token is not that of the access token beside it.",
        play=of(id_token(at_hash="9FJm2iUb3HsMzBbqhXTEDw"), *NO_NONCE),
        right=Right(first=("id-token-at-hash",), says=r"at_hash", never=SECRET_BLAMED),
    ),
    Report(
        name="no-hash-of-the-access-token",
        source="damienbod/angular-auth-oidc-client#525, DuendeArchive/identity-model-oidc-client-js#242",
        symptom="The ID token has no at_hash, which it need not have in this flow, and a client demands it.",
        play=of(id_token(), *NO_NONCE),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="issuer-of-https-behind-a-proxy",
        source="manfredsteyer/angular-oauth2-oidc#417",
        symptom="The server writes its issuer with the other scheme than it is reached with, as a proxy ends TLS before it.",
        play=Issuer(metadata=metadata(issuer="https://{host}"), options=NO_OPENID),
        right=Right(first=("metadata-issuer",), says=r"proxy|scheme", fix=r"https", never=r"another server or tenant"),
    ),
    Report(
        name="issuer-of-the-inner-network",
        source="ganhammar/hass-oidc-server#31",
        symptom="A proxy rewrites Host, so the metadata names an address of the inner network for everything.",
        play=Issuer(
            metadata=metadata(
                issuer="http://192.168.2.20:8123/oidc",
                authorization_endpoint="http://192.168.2.20:8123/oidc/authorize",
                token_endpoint="http://192.168.2.20:8123/oidc/token",
                jwks_uri="http://192.168.2.20:8123/oidc/keys",
            ),
            options=NO_OPENID,
        ),
        right=Right(says=r"192\.168\.2\.20", tells=r"proxy|forward|public address", never=SECRET_BLAMED),
    ),
    Report(
        name="endpoint-without-a-host",
        source="edmozley/freeitsm#117",
        symptom="The authorization endpoint in the metadata is a path alone, and the browser ends on the wrong host.",
        play=Issuer(metadata=metadata(authorization_endpoint="/oidc/authorize"), options=NO_OPENID),
        right=Right(says=r"authorization_endpoint", fix=r"operator|administrator", never=SECRET_BLAMED),
    ),
    Report(
        name="endpoint-of-https-on-a-server-of-http",
        source="oauth2-proxy/oauth2-proxy#2266",
        symptom="The server speaks http, and its metadata names a token endpoint of https at the same port.",
        play=Issuer(metadata=metadata(token_endpoint="https://{host}/token"), options=NO_OPENID),
        right=Right(says=r"TLS|https", tells=r"metadata", never=NEITHER),
    ),
    Report(
        name="metadata-fails-inside",
        source="wso2/product-is#3652, wso2/product-is#4276",
        symptom="The metadata is answered with 500, and words about the form of its address.",
        play=Issuer(
            metadata=says(
                500,
                "Error while loading the endpoint. The path to the discovery document should be in the format of "
                "{issuer}/.well-known/openid-configuration",
            ),
            places={"/.well-known/oauth-authorization-server": says(404, "Not Found")},
            options=NO_OPENID,
        ),
        right=Right(says=r"loading the endpoint|500", fix=r"operator|administrator|issuer", never=SECRET_BLAMED),
    ),
    Report(
        name="device-code-was-not-found-in-the-poll",
        source="visionik/mogcli#4",
        symptom="The application takes no public clients, and the poll is told that the device code is missing.",
        play=Issuer(
            metadata=metadata(),
            options=ON_ANOTHER_DEVICE,
            places={"/device": device()},
            token=error(
                "invalid_request",
                "AADSTS900144: The request body must contain the following parameter: 'device_code'.",
            ),
        ),
        right=Right(says=r"device_code", never=rf"{NEITHER}|no code"),
    ),
    Report(
        name="token-of-the-type-mac",
        source="Schulconnex/Schulconnex#443",
        symptom="The token is of the type mac, which was never finished, and clients read it as a bearer token.",
        play=of(lambda asked: signed_as(asked, "mac"), *NO_NONCE),
        right=Right(first=("token-type-other",), says=r"mac"),
    ),
    Report(
        name="token-of-the-type-bearer-token",
        source="postmanlabs/postman-runtime#937",
        symptom="The type of the token is BearerToken, and it is used as Bearer all the same.",
        play=of(lambda asked: signed_as(asked, "BearerToken"), *NO_NONCE),
        right=Right(says=r"BearerToken", tells=r"names the type|Bearer", never=r"can use no other"),
    ),
    Report(
        name="no-keys-in-the-document-of-keys",
        source="mealie-recipes/mealie#3562",
        symptom="The keys of the server are an empty list after a while, and nobody can check the ID token.",
        play=of(id_token(), *NO_NONCE, places={"/keys": as_json(200, {"keys": []})}),
        right=Right(says=r"keys?", fix=r"operator", never=r"was changed|not signed|alg none"),
    ),
    Report(
        name="keys-that-cannot-be-had",
        source="DataZooDE/quack-oauth#15",
        symptom="The endpoint for the keys fails, and nobody can check the ID token.",
        play=of(id_token(), *NO_NONCE, places={"/keys": says(500, "internal error")}),
        right=Right(outcome=("token",), says=r"keys", tells=r"500", never=r"was changed|does not publish"),
    ),
    Report(
        name="right-key-is-the-second-one",
        source="istio-ecosystem/authservice#110",
        symptom="The document of keys has two after a rotation, and a client looks at the first alone.",
        play=of(id_token(), *NO_NONCE, places={"/keys": with_another_key}),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="introspection-of-a-fresh-token-is-inactive",
        source="mozilla/fxa#1069, wso2/product-is#13807",
        symptom="Introspection says that the token that was just issued is not active.",
        play=of(
            id_token(),
            *NO_NONCE,
            "--then",
            "introspect",
            places={"/introspect": as_json(200, {"active": False})},
            introspection_endpoint="http://{host}/introspect",
        ),
        right=Right(first=("introspection-inactive",), says=r"not active", never=SECRET_BLAMED),
    ),
    Report(
        name="introspection-refuses-the-token",
        source="GluuFederation/oxAuth#951, GluuFederation/oxAuth#929",
        symptom="Introspection answers 400 to a token that it does not find, where it should say that it is inactive.",
        play=of(
            id_token(),
            *NO_NONCE,
            "--then",
            "introspect",
            places={
                "/introspect": as_json(400, {"error": "invalid_request", "error_description": "Unable to find token"})
            },
            introspection_endpoint="http://{host}/introspect",
        ),
        right=Right(says=r"Unable to find token", fix=r"operator", never=SECRET_BLAMED),
    ),
    Report(
        name="device-login-with-verification-url",
        source="OpenIdentityPlatform/OpenAM#204, AzureAD/microsoft-authentication-library-for-dotnet#984, panva/openid-client#478",
        symptom="The address to be opened on another device is called verification_url, as before the standard.",
        play=Issuer(
            metadata=metadata(),
            options=ON_ANOTHER_DEVICE,
            places={
                "/device": as_json(
                    200,
                    {
                        "user_code": "pdtVssvd",
                        "device_code": "864f67f1-dcde-4520-8522-353f6fd785a6",
                        "interval": 1,
                        "verification_url": "http://login.example.com/device/user",
                        "expires_in": 300,
                    },
                )
            },
            token=issues(token_type="Bearer", expires_in=3600),
        ),
        right=Right(
            tells=r"verification_ur[il]|login\.example\.com/device/user", never=r"may not use the device grant"
        ),
    ),
    Report(
        name="id-token-without-a-subject",
        source="flanksource/mission-control#3236",
        symptom="The ID token has no sub, and the access token has one.",
        play=of(id_token(sub=None), *NO_NONCE),
        right=Right(first=("id-token-sub",), says=r"sub", never=SECRET_BLAMED),
    ),
    Report(
        name="id-token-over-for-seconds",
        source="goharbor/harbor#14936",
        symptom="The ID token ended half a minute ago by the clock of this machine, and a client refuses it.",
        play=of(id_token(lasting=-24), *NO_NONCE),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="id-token-over-for-a-day",
        source="goharbor/harbor#9088",
        symptom="The ID token that comes ended a day ago.",
        play=of(id_token(lasting=-86400), *NO_NONCE),
        right=Right(
            first=("id-token-exp",), says=r"over", fix=r"clock|operator", never=r"This machine's clock is wrong"
        ),
    ),
    Report(
        name="userinfo-is-an-invalid-request",
        source="immich-app/immich#17960",
        symptom="Userinfo answers 400, and its error is the two words invalid request.",
        play=of(id_token(), *USERINFO, places={"/userinfo": as_json(400, {"error": "invalid request"})}),
        right=Right(says=r"invalid request", fix=r"operator", never=rf"{NEITHER}|expired, revoked"),
    ),
    Report(
        name="token-without-the-resource-of-userinfo",
        source="pivotal-cf/identity-sample-apps#1",
        symptom="Userinfo refuses a token that was not asked for with openid, and names the resource that it lacks.",
        play=of(
            issues(token_type="Bearer", expires_in=3600),
            "--scope",
            "profile",
            "--then",
            "userinfo",
            places={
                "/userinfo": as_json(
                    403,
                    {
                        "error": "access_denied",
                        "error_description": "Invalid token does not contain resource id (openid)",
                    },
                )
            },
        ),
        right=Right(says=r"resource id", fix=r"openid|scope|operator", never=NEITHER),
    ),
    Report(
        name="outcome-of-an-operation-in-place-of-an-error",
        source="smart-on-fhir/client-js#124",
        symptom="The API refuses a fresh token in a document of its own, with the challenge inside a text.",
        play=of(
            id_token(),
            *USERINFO,
            places={
                "/userinfo": as_json(
                    401,
                    {
                        "resourceType": "OperationOutcome",
                        "issue": [
                            {
                                "severity": "error",
                                "code": "login",
                                "diagnostics": 'Bearer realm="fhir.example.com", error="invalid_token"',
                            }
                        ],
                    },
                )
            },
        ),
        right=Right(says=r"invalid_token|expired, revoked", never=rf"{NEITHER}|another client authentication"),
    ),
    Report(
        name="type-of-the-token-is-left-out",
        source="rancher/rancher#49931",
        symptom="The answer has no token_type, and a library stops.",
        play=of(without_type, *NO_NONCE),
        right=Right(outcome=("token",), tells=r"token_type", never=r"DPoP"),
    ),
    Report(
        name="refresh-without-the-required-client",
        source="trustification/trustification#611",
        symptom="The refresh is refused, because the session has not the client that it needs.",
        play=of(
            refreshed(error("invalid_grant", "Session doesn't have required client")), *NO_OPENID, "--then", "refresh"
        ),
        right=Right(says=r"Session doesn't have required client", never=rf"{SECRET_BLAMED}|client.id is"),
    ),
    Report(
        name="stale-token-at-the-refresh",
        source="BerriAI/litellm#35234",
        symptom="The sessions of the person were ended, and the refresh is refused in two words.",
        play=of(refreshed(error("invalid_grant", "Stale token")), *NO_OPENID, "--then", "refresh"),
        right=Right(says=r"Stale token", never=NEITHER),
    ),
    Report(
        name="reason-of-a-refused-refresh",
        source="raycast/extensions#10896, raycast/extensions#12533, raman325/ha-zoom-automation#53",
        symptom="The refresh is refused with a member called reason, which says that the token is invalid.",
        play=of(
            refreshed(as_json(400, {"reason": "Invalid Token!", "error": "invalid_grant"})),
            *NO_OPENID,
            "--then",
            "refresh",
        ),
        right=Right(says=r"Invalid Token!", never=NEITHER),
    ),
    Report(
        name="challenge-without-its-scheme",
        source="juanifioren/django-oidc-provider#417, thomiceli/opengist#405",
        symptom="Userinfo answers 403 with nothing but a challenge that does not name its scheme.",
        play=of(
            id_token(),
            *USERINFO,
            places={
                "/userinfo": says(
                    403,
                    "",
                    'WWW-Authenticate: error="insufficient_scope", error_description="The request requires higher privileges than '
                    'provided by the access token"',
                )
            },
        ),
        right=Right(says=r"higher privileges|insufficient_scope", fix=r"scope", never=rf"{NEITHER}|has expired"),
    ),
    Report(
        name="insufficient-scope-in-the-body",
        source="NotFound403/id-server#41, DuendeArchive/IdentityServer4#1194",
        symptom="Userinfo answers 403 with an error in the body: the token was asked for without openid.",
        play=of(
            issues(token_type="Bearer", expires_in=3600),
            "--scope",
            "profile",
            "--then",
            "userinfo",
            places={"/userinfo": as_json(403, {"error": "insufficient_scope"})},
        ),
        right=Right(says=r"insufficient_scope|scope", fix=r"openid", never=rf"{NEITHER}|has expired"),
    ),
    Report(
        name="scope-that-is-required-as-a-list",
        source="nicobailon/pi-mcp-adapter#133",
        symptom="The API wants a scope that was not asked for, and names it in a list.",
        play=of(
            id_token(),
            *USERINFO,
            places={"/userinfo": as_json(403, {"error": "insufficient_scope", "required": ["records.read"]})},
        ),
        right=Right(says=r"scope", fix=r"scope", tells=r"records\.read", never=rf"{NEITHER}|has expired"),
    ),
    Report(
        name="audience-of-the-token-is-invalid",
        source="AzureAD/azure-activedirectory-library-for-js#472, DuendeArchive/IdentityServer4#4278",
        symptom="The API refuses a fresh token, whose audience is another one.",
        play=of(
            id_token(),
            *USERINFO,
            places={
                "/userinfo": says(
                    401,
                    "",
                    'WWW-Authenticate: Bearer error="invalid_token", error_description="The audience \'empty\' is invalid"',
                )
            },
        ),
        right=Right(says=r"audience", fix=r"audience|resource|scope", never=rf"{NEITHER}|has expired"),
    ),
    Report(
        name="id-token-for-several-of-one-project",
        source="Bdaya-Dev/oidc#433, sqlpage/SQLPage#965, linagora/openrag#405",
        symptom="The ID token is for several clients of the project, and azp names ours.",
        play=of(id_token(aud=["383855194618463281", CLIENT, "383993030477207708"], azp=CLIENT), *NO_NONCE),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="id-token-for-another-and-azp-is-ours",
        source="openid/AppAuth-iOS#418",
        symptom="The ID token is for the server behind the application, and azp alone names the client.",
        play=of(id_token(aud="web-of-the-report", azp=CLIENT), *NO_NONCE),
        right=Right(first=("id-token-aud",), says=r"aud", never=rf"{SECRET_BLAMED}|does not fit|was changed"),
    ),
    Report(
        name="id-token-sealed-for-the-client",
        source="christiaangoossens/hass-oidc-auth#77",
        symptom="The ID token is encrypted with the client's key, as the registration says.",
        play=of(issues(token_type="Bearer", expires_in=3600, id_token=ENCRYPTED), *NO_NONCE),
        right=Right(outcome=("token",), tells=r"encrypted|sealed", never=r"was changed|does not fit|not signed"),
    ),
    Report(
        name="tenant-that-was-not-found",
        source="panva/openid-client#175, Azure/azure-cli#14509",
        symptom="The tenant in the issuer does not exist, and the metadata's address says so as an OAuth error.",
        play=Issuer(
            base_url="{url}/contoso.example/v2.0",
            metadata=says(404, "Not Found"),
            places={
                "/contoso.example/v2.0/.well-known/openid-configuration": as_json(
                    400,
                    {
                        "error": "invalid_tenant",
                        "error_description": "AADSTS90002: Tenant 'contoso.example' not found. Check to make sure you have the "
                        "correct tenant ID and are signing into the correct cloud.",
                    },
                )
            },
            options=NO_OPENID,
        ),
        right=Right(says=r"Tenant 'contoso\.example' not found", fix=r"tenant|issuer", never=SECRET_BLAMED),
    ),
    Report(
        name="metadata-says-how-its-address-is-made",
        source="wso2/product-is#4188, wso2/product-is#4276",
        symptom="The metadata cannot be had behind a proxy, and a sentence tells of the format of its address.",
        play=Issuer(
            metadata=says(
                400,
                "Error while loading the endpoint. The path to the discovery document should be in the format of "
                "{issuer}/.well-known/openid-configuration",
            ),
            places={"/.well-known/oauth-authorization-server": says(404, "Not Found")},
            options=NO_OPENID,
        ),
        right=Right(says=r"Error while loading the endpoint", never=SECRET_BLAMED),
    ),
    Report(
        name="issuer-of-the-first-version",
        source="SecObserve/SecObserve#4670",
        symptom="The metadata under the login's host names an issuer on another host, with the same tenant.",
        play=Issuer(
            base_url="{url}/8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
            metadata=says(404, "Not Found"),
            places={
                "/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/.well-known/openid-configuration": metadata(
                    issuer="https://sts.example.net/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/"
                ),
            },
            options=NO_OPENID,
        ),
        right=Right(first=("metadata-issuer",), says=r"sts\.example\.net", fix=r"issuer", never=SECRET_BLAMED),
    ),
    Report(
        name="device-code-that-never-expires-for-the-server",
        source="spring-attic/spring-authorization-server#1556, spring-attic/spring-authorization-server#1885",
        symptom="The code's time is over, and the server says authorization_pending for ever.",
        play=Issuer(
            metadata=metadata(),
            options=ON_ANOTHER_DEVICE,
            places={"/device": device(expires_in=2, interval=1)},
            token=as_json(
                400,
                {
                    "error": "authorization_pending",
                    "error_uri": "https://datatracker.ietf.org/doc/html/rfc8628#section-3.5",
                },
            ),
        ),
        right=Right(says=r"over|expired|nobody|approved", fix=r"again|approve|confirm", never=r"denied"),
    ),
    Report(
        name="userinfo-names-the-subject-id",
        source="authorizerdev/authorizer#327, better-auth/better-auth#1504, IdentityServer/IdentityServer3#3578",
        symptom="Userinfo has the subject under another name, and no sub.",
        play=of(
            id_token(),
            *USERINFO,
            places={"/userinfo": as_json(200, {"id": "user_42", "email": "user@example.com"})},
        ),
        right=Right(says=r"sub", fix=r"operator", never=NEITHER),
    ),
    Report(
        name="issued-four-seconds-ahead",
        source="zamzterz/Flask-pyoidc#147, godaddy/kubernetes-client#646",
        symptom="The server's clock is four seconds ahead, and a client refuses the ID token.",
        play=of(lambda asked: signed(asked, 4, OF_US | {"lasting": 3600}), *NO_NONCE),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="clock-of-this-machine-twenty-minutes-slow",
        source="DuendeArchive/IdentityServer4#1298, damienbod/angular-auth-oidc-client#1242",
        symptom="The clock of the person's machine is slow by twenty minutes, and every ID token comes from the future.",
        play=Issuer(
            metadata=metadata(userinfo_endpoint="http://{host}/userinfo"),
            options=NO_NONCE,
            token=id_token(),
            places={"/keys": keys},
            clock=-1200,
        ),
        right=Right(outcome=("token", "different"), says=r"clock", fix=r"clock", never=SECRET_BLAMED),
    ),
    Report(
        name="id-token-of-another-issuer",
        source="nextauthjs/next-auth#12208, nextauthjs/next-auth#4740",
        symptom="The ID token names the provider as issuer, and the configuration another one.",
        play=of(id_token(iss="https://login.example.net"), *NO_NONCE),
        right=Right(says=r"login\.example\.net", fix=r"issuer", never=SECRET_BLAMED),
    ),
    Report(
        name="access-token-cannot-be-verified",
        source="auth0/passport-linkedin-oauth2#49",
        symptom="The API refuses a fresh token with words of its own and its status as a member.",
        play=of(
            id_token(),
            *USERINFO,
            places={
                "/userinfo": as_json(
                    401,
                    {
                        "errorCode": 0,
                        "message": "Unable to verify access token",
                        "requestId": "1XCO9BX6FB",
                        "status": 401,
                        "timestamp": 1499418647361,
                    },
                )
            },
        ),
        right=Right(says=r"Unable to verify access token", never=rf"{NEITHER}|has expired"),
    ),
    Report(
        name="refresh-with-another-kind-of-token",
        source="aws/aws-sdk-js#3836, intuit/oauth-jsclient#128, foxbytehq/laravel-xero-oauth2#32",
        symptom="The refresh is refused with invalid_grant, which says no more.",
        play=of(refreshed(error("invalid_grant")), *NO_OPENID, "--then", "refresh"),
        right=Right(says=r"invalid_grant", fix=r"again", never=NEITHER),
    ),
    Report(
        name="introspection-wants-another-authentication",
        source="kanidm/kanidm#3827",
        symptom="Introspection is announced with the credentials in the body, and takes them in the header alone.",
        play=of(
            id_token(),
            *NO_NONCE,
            "--client-auth",
            "post",
            "--then",
            "introspect",
            places={"/introspect": says(401, "")},
            introspection_endpoint="http://{host}/introspect",
        ),
        right=Right(says=r"401", fix=r"authenticat|client|operator", never=SECRET_BLAMED),
    ),
    Report(
        name="device-login-of-an-unknown-client",
        source="casdoor/casdoor#3799",
        symptom="The token endpoint does not know the client that the device endpoint took.",
        play=Issuer(
            metadata=metadata(),
            options=ON_ANOTHER_DEVICE,
            places={"/device": device(interval=1)},
            token=error("invalid_client", "client_id is invalid"),
        ),
        right=Right(says=r"client_id is invalid", never=rf"{CODE_BLAMED}|denied"),
    ),
    Report(
        name="device-endpoint-compares-two-client-ids",
        source="allegro/allegro-api#4249",
        symptom="The device endpoint refuses the request, because the client ID of the body is not that of the header.",
        play=Issuer(
            metadata=metadata(),
            options=ON_ANOTHER_DEVICE,
            places={"/device": error("invalid_request", "ClientId does not match authenticated client.")},
        ),
        right=Right(says=r"ClientId does not match authenticated client", never=r"denied"),
    ),
    Report(
        name="authorization-without-the-openid-scope-at-userinfo",
        source="keycloak/keycloak#15361, pwielgolaski/teamcity-oauth#39",
        symptom="Userinfo answers 403 with an empty body, because the token was asked for without openid.",
        play=of(
            issues(token_type="Bearer", expires_in=3600),
            "--scope",
            "profile",
            "--then",
            "userinfo",
            places={"/userinfo": says(403, "")},
        ),
        right=Right(says=r"openid", never=rf"{NEITHER}|has expired"),
    ),
    Report(
        name="no-keys-for-the-id-token-after-a-rotation",
        source="argoproj/argo-cd#11392, goharbor/harbor#17650",
        symptom="The signature of the ID token does not verify with the keys that the server publishes.",
        play=of(
            id_token(),
            *NO_NONCE,
            places={
                "/keys": lambda asked: as_json(
                    200,
                    {
                        "keys": [
                            ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True).as_dict(
                                private=False
                            )
                        ]
                    },
                )(asked)
            },
        ),
        right=Right(says=r"key", fix=r"operator|key", never=SECRET_BLAMED),
    ),
)
