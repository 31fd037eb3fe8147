"""Answers of token endpoints, tokens and their ends, refused calls, and issuers, from threads that say what the cause was."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.reports.access import challenge
from tests.reports.answers import (
    as_json,
    documented_token,
    issues,
    jwt,
    keys,
    only_if,
    protected,
    redirect,
    reply,
    says,
    signed,
)
from tests.reports.discovery import NO_OPENID, metadata
from tests.reports.issuers import NO_NONCE, OF_US, USERINFO, id_token, of
from tests.reports.refusal import CODE_BLAMED, error
from tests.reports.report import TOKEN, Answer, Asked, Compare, Direct, Issuer, Report, Right

SECRET_WRONG = r"client secret is wrong"
NEITHER = rf"{SECRET_WRONG}|{CODE_BLAMED}"
SURE = r"certainty: proven"
OLD = r"has expired|already expired|clocks? differ|clock-skew"
"""What is no explanation of a fresh token that an API refuses for another reason."""

NO_RIGHT = r"may not use|no right to it"
BASIC = ("--field", "client_auth=basic")
OPAQUE_OF_A_PERSON = "EwB4A8l6BAAU0wDjFA6usBY8gB2LLZHCr9gRQlcAAZ7hH1m3kQ+dV7y2oT0bQ=="
SEALED = (
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiaXNzIjoiaHR0cHM6Ly9sb2dpbi5leGFtcGxlLmNvbS8ifQ.."
    "aXZpdml2aXZpdml2.Y2lwaGVydGV4dA.dGFndGFndGFn"
)
TENANT = "/5f1c2d7e-0b1a-4c55-9a52-1f6f2f0f7d11"
GROUPS = [f"departement-{number:04}-of-the-northern-region" for number in range(300)]


def each(**members: Any) -> Answer:
    """A token for everybody, of another value for a user."""
    given = {"token_type": "Bearer", "expires_in": 3600} | members
    return only_if(
        lambda asked: "userid" in asked.fields,
        issues(access_token=f"{TOKEN}-of-user_42", **given),
        issues(**given),
    )


def carrying(**claims: Any) -> Answer:
    """The same with JWTs of these claims; that for a user names the user, unless they say whom it names."""
    given: dict[str, Any] = {"token_type": "Bearer", "expires_in": 3600}
    return only_if(
        lambda asked: "userid" in asked.fields,
        issues(access_token=jwt(jti="of-a-user", **{"sub": "user_42", **claims}), **given),
        issues(access_token=jwt(jti="generic", **claims), **given),
    )


def under_a_nonce(**claims: Any) -> Callable[[float], str]:
    """A JWT whose header holds a nonce, which the signature is made over in another form."""

    def made(now: float) -> str:
        header = {"typ": "JWT", "alg": "RS256", "kid": "nOo3ZDrODXEK1jKW", "nonce": "kT0yb3x1QvC5pU9m"}
        dated = {"iat": int(now), "nbf": int(now), "exp": int(now) + 3600, **claims}
        parts = [json.dumps(part).encode() for part in (header, dated)]
        return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"signed" * 40))

    return made


def a_clock_behind(asked: Asked) -> bytes:
    """A refusal of a server whose clock is ninety seconds slow, which its Date says."""
    date = datetime.fromtimestamp(time.time() - 90, UTC).strftime("Date: %a, %d %b %Y %H:%M:%S GMT")
    told = {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required", "detail": None}]}
    wanted = 'WWW-Authenticate: Bearer realm="https://auth.example.com/token",service="registry",error="invalid_token"'
    return reply(401, json.dumps(told), ("Content-Type: application/json; charset=utf-8", date, wanted))


def of_the_first_version(asked: Asked) -> bytes:
    """An ID token of the same tenant whose issuer is that of the version before."""
    issuer = f"http://{asked.headers['host']}{TENANT}/"
    return signed(asked, 0, OF_US | {"lasting": 3600, "iss": issuer, "ver": "1.0"})


def from_the_inside(asked: Asked) -> bytes:
    """A token whose access token names the server as it is called between containers."""
    _, _, body = signed(asked, 0, OF_US | {"lasting": 3600}).partition(b"\r\n\r\n")
    access = jwt(iss="http://keycloak:8080/realms/demo", sub="user_42", azp="demo-app", scope="openid profile")
    return as_json(200, json.loads(body) | {"access_token": access}, "Cache-Control: no-store")(asked)


def with_padding(asked: Asked) -> bytes:
    """The keys, whose coordinates keep the “=” of base64."""
    _, _, body = keys(asked).partition(b"\r\n\r\n")
    kept = json.loads(body)["keys"]
    return as_json(200, {"keys": [key | {"x": key["x"] + "=", "y": key["y"] + "="} for key in kept]})(asked)


def beside_an_unknown_kind(asked: Asked) -> bytes:
    """The keys, after one of a kind that no library of last year knows (RFC 9964)."""
    _, _, body = keys(asked).partition(b"\r\n\r\n")
    other = {"kty": "AKP", "alg": "ML-DSA-65", "use": "sig", "kid": "pq-1", "pub": "A" * 2603}
    return as_json(200, {"keys": [other, *json.loads(body)["keys"]]})(asked)


REPORTS = (
    Report(
        name="client-of-another-data-centre",
        source="asciisd/zoho#18, asciisd/zoho#6",
        symptom="The person's account lives in another region, as the redirect says; the token endpoint does not know the client.",
        play=Direct(
            authorize=redirect(
                "{uri}?code={code}&state={state}&location=eu&accounts-server=https%3A%2F%2Faccounts.example.eu"
            ),
            token=as_json(200, {"error": "invalid_client"}),
        ),
        right=Right(
            says=r"accounts.server|accounts\.example\.eu|location=eu|region|data cent|another (server|host|environment|instance)",
            fix=r"base.url|accounts\.example|token.(url|endpoint)|region|data cent|another (server|host|environment|instance)",
            never=CODE_BLAMED,
        ),
    ),
    Report(
        name="same-arguments-within-ten-seconds",
        source="kodymallory/MMM-withings#15",
        symptom="The request was made again too soon: status 601 in a body of 200, with the seconds that are to be waited.",
        play=Direct(
            token=as_json(
                200, {"status": 601, "body": {"wait_seconds": 188}, "error": "Same arguments in less than 10 seconds"}
            )
        ),
        right=Right(says=r"Same arguments", fix=r"wait|later|188|pause|moment", never=NEITHER),
    ),
    Report(
        name="live-key-for-a-code-of-the-test-mode",
        source="stripe/stripe-dotnet#696",
        symptom="The client ID is that of the test mode and the secret that of the live one; the refusal says invalid_grant.",
        play=Direct(
            token=error(
                "invalid_grant", "Passed in livemode API key but authorization code only supports returning test keys"
            )
        ),
        right=Right(
            says=r"livemode|live mode|test (key|mode)",
            fix=r"secret|key|test|live|environment",
            never=rf"{CODE_BLAMED}|has expired",
        ),
    ),
    Report(
        name="bad-client-secret-of-a-basic-client",
        source="HolmesGPT/holmesgpt#2106, slackhq/slack-api-docs#18",
        symptom="The secret goes in the Authorization header, the server reads the body alone, and calls the secret bad with status 200.",
        play=Direct(
            options=BASIC,
            token=only_if(
                lambda asked: "client_secret" in asked.fields,
                documented_token,
                as_json(200, {"ok": False, "error": "bad_client_secret"}),
            ),
        ),
        right=Right(says=r"bad_client_secret", fix=r"body|client.auth|post", never=rf"{CODE_BLAMED}|{SURE}"),
    ),
    Report(
        name="malformed-authorization-header",
        source="nixsolutions/yandex-php-library#135",
        symptom="The library wrote the credentials wrongly into the header, and 401 says that the header is malformed.",
        play=Direct(options=BASIC, token=as_json(401, {"error": "Malformed Authorization header"})),
        right=Right(says=r"Malformed Authorization header", fix=r"header|body|client.auth|post", never=NEITHER),
    ),
    Report(
        name="unknown-error-for-accounts-of-a-directory",
        source="keycloak/keycloak#12500",
        symptom="Tokens for accounts of the LDAP directory end with 500 and unknown_error, and nothing more.",
        play=Direct(token=as_json(500, {"error": "unknown_error"})),
        right=Right(says=r"unknown_error", fix=r"administrator|operator|again|later", never=NEITHER),
    ),
    Report(
        name="lifetime-in-nanoseconds",
        source="pufferpanel/pufferpanel#1189",
        symptom="expires_in holds an hour in nanoseconds, as the server's language counts, and the token seems to last for ever.",
        play=Direct(token=issues(token_type="Bearer", expires_in=3_600_000_000_000, scope="oauth2.auth")),
        right=Right(
            outcome=("token",),
            expires_at=("(an hour after the answer)", None),
            tells=r"nanosecond|unit|years|centur|no lifetime|not (a )?(lifetime|seconds)|implausible",
        ),
    ),
    Report(
        name="lifetime-with-the-tolerance-of-the-clock",
        source="wso2/product-is#6266",
        symptom="expires_in is longer by five minutes than the token's own exp: the server adds its tolerance for clocks.",
        play=Direct(token=issues(access_token=jwt(sub="ada"), token_type="Bearer", expires_in=3899)),
        right=Right(outcome=("token",), exit=0, tells=r"exp\b|299|3899|differ", never=OLD),
    ),
    Report(
        name="token-of-a-personal-account",
        source="MicrosoftDocs/azure-docs#58286, danosb/onenote-mcp#4",
        symptom="For a personal account the token is a text without dots, and a check for a JWT calls it damaged.",
        play=Direct(
            token=issues(
                access_token=OPAQUE_OF_A_PERSON, token_type="Bearer", expires_in=3600, scope="openid profile User.Read"
            )
        ),
        right=Right(outcome=("token",), exit=0, never=r"malformed|damaged|cut (off|short)|truncated|broken|unreadable"),
    ),
    Report(
        name="issuer-of-the-version-before",
        source="TheNetworg/oauth2-azure#101, MicrosoftDocs/azure-docs#38427",
        symptom="The metadata are those of the second version, and the ID token is one of the first: another issuer for the same tenant.",
        play=Issuer(
            base_url="{url}" + TENANT + "/v2.0",
            metadata=says(404),
            places={
                TENANT + "/v2.0/.well-known/openid-configuration": metadata(issuer="http://{host}" + TENANT + "/v2.0"),
                "/keys": keys,
            },
            options=NO_NONCE,
            token=of_the_first_version,
        ),
        right=Right(
            says=r"issuer|\biss\b",
            fix=r"v2|version|issuer|regist|administrator|operator",
            never=rf"{SECRET_WRONG}|forged|another login|replay",
        ),
    ),
    Report(
        name="keys-in-base64-with-padding",
        source="OpenIDC/mod_auth_openidc#368",
        symptom="The numbers of the keys are written in plain base64, and a client cannot verify any ID token.",
        play=of(id_token(), *NO_NONCE, places={"/keys": with_padding}),
        right=Right(
            outcome=("token",),
            tells=r"base64|padding|RFC 751[78]|not a (valid )?key|cannot be read|unreadable|malformed",
            never=r"forged|was changed|signed by another|does not fit|replaced its key",
        ),
    ),
    Report(
        name="key-of-an-unknown-kind-beside-the-others",
        source="FusionAuth/fusionauth-jwt#80, greenpau/caddy-security#228",
        symptom="The server publishes a key of a new kind beside the ones in use, and a client gives up all of them.",
        play=of(id_token(), *NO_NONCE, places={"/keys": beside_an_unknown_kind}),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="userinfo-at-another-name-of-the-server",
        source="keycloak/keycloak#9445, keycloak/keycloak#15694",
        symptom="The token was issued under the name between containers, and userinfo under the outer name says: verification failed.",
        play=of(
            from_the_inside,
            *USERINFO,
            places={
                "/userinfo": as_json(
                    401,
                    {"error": "invalid_token", "error_description": "Token verification failed"},
                    'WWW-Authenticate: Bearer realm="demo", error="invalid_token", error_description="Token verification failed"',
                )
            },
        ),
        right=Right(
            says=r"keycloak:8080|issuer of the (access )?token|\biss\b|another (host|name|address)",
            fix=r"issuer|host|address|name|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="metadata-with-the-path-behind",
        source="bayesimpact/bayes-platform#752, duhu2000/dsh-mcp-connector#79",
        symptom="The issuer has a path, and its metadata stand where RFC 8414 wants them, which a client does not ask.",
        play=Issuer(
            base_url="{url}/tenant-a",
            metadata=says(404),
            places={"/.well-known/oauth-authorization-server/tenant-a": metadata(issuer="http://{host}/tenant-a")},
            options=NO_OPENID,
        ),
        right=Right(outcome=("token",), never=rf"metadata-|{SECRET_WRONG}"),
    ),
    Report(
        name="metadata-at-the-root-of-an-issuer-with-a-path",
        source="PrefectHQ/fastmcp#2793, atlassian/atlassian-mcp-server#148",
        symptom="The issuer has a path, and the server publishes its metadata at the root alone.",
        play=Issuer(
            base_url="{url}/my-prefix",
            metadata=says(404),
            places={"/.well-known/oauth-authorization-server": metadata(issuer="http://{host}/my-prefix")},
            options=NO_OPENID,
        ),
        right=Right(
            says=r"metadata|well-known",
            fix=r"path|issuer|operator|administrator|--base-url|without",
            never=SECRET_WRONG,
        ),
    ),
    Report(
        name="api-of-another-region",
        source="trycompai/comp#3229",
        symptom="The answer with the token names the API of the person's region; the API of another one calls the token invalid.",
        play=Compare(
            token=each(api_domain="https://www.api.example.eu"),
            resource=as_json(
                401, {"code": "INVALID_TOKEN", "details": {}, "message": "invalid oauth token", "status": "error"}
            ),
        ),
        right=Right(
            says=r"api_domain|api\.example\.eu|another (host|server|address|API|region)|region|data cent",
            fix=r"api\.example\.eu|api_domain|another (host|server|address)|base.url|region",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}",
        ),
    ),
    Report(
        name="token-of-another-api-under-a-nonce",
        source="AzureAD/microsoft-authentication-library-for-js#815, MicrosoftDocs/azure-docs#80018",
        symptom="The token is meant for the provider's own API, which alone can verify it; ours says that the signature is invalid.",
        play=Compare(
            token=only_if(
                lambda asked: "userid" in asked.fields,
                issues(
                    access_token=under_a_nonce(aud="https://graph.example.com", sub="user_42", scp="User.Read"),
                    token_type="Bearer",
                    expires_in=3599,
                ),
                issues(
                    access_token=under_a_nonce(aud="https://graph.example.com", appid="demo-app"),
                    token_type="Bearer",
                    expires_in=3599,
                ),
            ),
            resource=challenge(401, ' error="invalid_token", error_description="The signature is invalid"'),
        ),
        right=Right(
            says=r"audience|another API|\baud\b|graph\.example\.com|nonce",
            fix=r"audience|scope|resource=|administrator|operator|own API",
            never=rf"forged|tampered|was changed|{OLD}|{SECRET_WRONG}|{NO_RIGHT}",
        ),
    ),
    Report(
        name="wrong-cluster-in-xml",
        source="routablehq/python-quickbooks#369",
        symptom="A token of the production is used at the other environment, whose refusal in XML speaks of a wrong server.",
        play=Compare(
            token=each(),
            resource=says(
                401,
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Response xmlns="http://schema.example.com/finance/v3">'
                '<Fault type="AuthenticationFault"><Error code="130"><Message>Accessing Wrong Cluster</Message>'
                "<Detail>WrongClusterError: -11017-You have accessed the wrong server.  You will now be redirected. , "
                "statusCode: 401</Detail></Error></Fault></Response>",
                kind="application/xml",
            ),
        ),
        right=Right(
            says=r"wrong (server|cluster)",
            fix=r"base.url|environment|sandbox|another (server|host|address)|the other (server|host)",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}",
        ),
    ),
    Report(
        name="header-of-the-organisation-is-missing",
        source="NangoHQ/nango#203, XeroAPI/xero-php-oauth2#147, dcblogdev/laravel-xero#40",
        symptom="The API wants the organisation's id in a header; without it, or with an old one, it says AuthenticationUnsuccessful.",
        play=Compare(
            token=each(scope="openid accounting.transactions"),
            resource=as_json(
                403,
                {
                    "Type": None,
                    "Title": "Forbidden",
                    "Status": 403,
                    "Detail": "AuthenticationUnsuccessful",
                    "Instance": "10fa664c-61e3-453e-b7f4-c087cfc82401",
                    "Extensions": {},
                },
            ),
        ),
        right=Right(
            says=r"AuthenticationUnsuccessful",
            fix=r"administrator|operator|documentation|header|support|provider",
            never=rf"{OLD}|{SECRET_WRONG}|{SURE}",
        ),
    ),
    Report(
        name="not-enough-permissions-for-an-endpoint",
        source="linkedin-developers/linkedin-api-js-client#35, thephpleague/oauth2-linkedin#58",
        symptom="The endpoint wants a scope that new applications do not get any more; the refusal names the endpoint.",
        play=Compare(
            token=each(scope="email,openid,profile,w_member_social"),
            resource=protected(
                as_json(
                    403,
                    {
                        "status": 403,
                        "serviceErrorCode": 100,
                        "code": "ACCESS_DENIED",
                        "message": "Not enough permissions to access: me.GET.NO_VERSION",
                    },
                )
            ),
        ),
        right=Right(
            says=r"Not enough permissions",
            fix=r"scope|permission|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|endpoint-not-found",
        ),
    ),
    Report(
        name="scope-does-not-match-with-401",
        source="simstudioai/sim#5005, sooperset/mcp-atlassian#766",
        symptom="The endpoint wants more scopes than the token has, all of them together, and says so with 401.",
        play=Compare(
            token=each(scope="read:request:service read:request.status:service"),
            resource=protected(as_json(401, {"code": 401, "message": "Unauthorized; scope does not match"})),
        ),
        right=Right(
            says=r"scope",
            fix=r"scope",
            never=rf"{OLD}|header (did not arrive|never arrive)|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="box-that-was-not-ticked",
        source="nextcloud/integration_google#79, inaturalist/inaturalist#4059",
        symptom="The person left a box of the consent page empty: the token has fewer scopes than were asked for, and the API says 403.",
        play=Compare(
            options=("--param", "scope=openid contacts.read calendar.read"),
            token=each(scope="openid contacts.read"),
            resource=protected(
                as_json(
                    403,
                    {
                        "error": {
                            "code": 403,
                            "message": "Request had insufficient authentication scopes.",
                            "errors": [
                                {
                                    "message": "Insufficient Permission",
                                    "domain": "global",
                                    "reason": "insufficientPermissions",
                                }
                            ],
                            "status": "PERMISSION_DENIED",
                            "details": [{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "api.example.com"}],
                        }
                    },
                )
            ),
        ),
        right=Right(
            says=r"scope",
            tells=r"calendar\.read.{0,80}(not|missing|without)|(not|without|missing).{0,80}calendar\.read|consent|narrower|fewer",
            fix=r"scope|consent|grant|again",
            never=rf"{OLD}|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="client-id-is-missing-at-the-api",
        source="pilcrowonpaper/arctic#35",
        symptom="The API wants the client ID in a header of its own beside the token, and says that it is missing.",
        play=Compare(
            token=each(),
            resource=as_json(401, {"error": "Unauthorized", "status": 401, "message": "Client ID is missing"}),
        ),
        right=Right(
            says=r"Client ID is missing",
            fix=r"header|Client-ID|documentation|administrator|operator",
            never=rf"client-unknown|no application with the client ID|{OLD}|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="user-not-registered-in-the-dashboard",
        source="spotipy-dev/spotipy#1044, JohnnyCrazy/SpotifyAPI-NET#700",
        symptom="The application is one of the development mode; the token is issued, and the API refuses a person who is not on its list.",
        play=Compare(token=each(), resource=says(403, "User not registered in the Developer Dashboard")),
        right=Right(
            says=r"not registered",
            fix=r"regist|dashboard|\badd|allow|administrator|operator|owner",
            never=rf"{OLD}|{SECRET_WRONG}|redirect-uri|client-unknown",
        ),
    ),
    Report(
        name="sealed-token-because-no-audience-was-asked-for",
        source="auth0/nextjs-auth0#1809, zuplo/zudoku#2206",
        symptom="Without an audience in the request the server issues an encrypted token for itself, and the API finds no JWS in it.",
        play=Compare(
            token=only_if(
                lambda asked: "userid" in asked.fields,
                issues(access_token=SEALED + "2", token_type="Bearer", expires_in=86400),
                issues(access_token=SEALED, token_type="Bearer", expires_in=86400),
            ),
            resource=challenge(401, ' error="invalid_token", error_description="Invalid Compact JWS"'),
        ),
        right=Right(
            says=r"encrypted|opaque|JWE|not a (signed )?JWT|audience|Compact JWS",
            tells=r"audience",
            fix=r"audience|resource=|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}|damaged|cut (off|short)",
        ),
    ),
    Report(
        name="token-without-an-audience",
        source="awslabs/aws-support-tools#97, buccfer/aws-cognito-express#18",
        symptom="The access token has client_id in place of aud, and the API looks for its audience.",
        play=Compare(
            token=carrying(token_use="access", client_id="demo-app", scope="openid profile"),
            resource=as_json(401, {"message": "Token was not issued for this audience"}),
        ),
        right=Right(
            says=r"audience",
            tells=r"\baud\b",
            fix=r"audience|\baud\b|API|administrator|operator|ID token",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}",
        ),
    ),
    Report(
        name="token-is-wanted-in-another-header",
        source="saleweaver/python-amazon-sp-api#41, saleweaver/python-amazon-sp-api#58",
        symptom="The API reads the token from a header of its own, and says of every call that the header has no access token.",
        play=Compare(
            token=each(),
            resource=as_json(
                403,
                {
                    "errors": [
                        {
                            "message": "Access to requested resource is denied.",
                            "code": "Unauthorized",
                            "details": "Access token is missing in the request header.",
                        }
                    ]
                },
            ),
        ),
        right=Right(
            says=r"missing in the request header",
            fix=r"header|proxy|documentation|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}",
        ),
    ),
    Report(
        name="endpoint-is-not-for-bots",
        source="chatwoot/chatwoot#10924",
        symptom="The token is one of the platform and not of a person, and the endpoint says that it is not for bots.",
        play=Compare(
            token=each(),
            resource=protected(as_json(401, {"error": "Access to this endpoint is not authorized for bots"})),
        ),
        right=Right(
            says=r"not authorized for bots",
            fix=r"user|person|kind of token|another token|account|administrator|operator",
            never=rf"{OLD}|header (did not arrive|never arrive)|{SECRET_WRONG}|audience",
        ),
    ),
    Report(
        name="instance-whose-clock-is-behind",
        source="docker/hub-feedback#647, moby/moby#22158",
        symptom="nbf is the very second of the issue, and an instance of the API whose clock is behind refuses the fresh token.",
        play=Compare(
            token=only_if(
                lambda asked: "userid" in asked.fields,
                issues(access_token=jwt(sub="user_42", jti="b", nbf=int), token_type="Bearer", expires_in=300),
                issues(access_token=jwt(sub="app", jti="a", nbf=int), token_type="Bearer", expires_in=300),
            ),
            resource=a_clock_behind,
        ),
        right=Right(
            says=r"clock",
            fix=r"NTP|clock|wait|operator|administrator",
            never=rf"this machine's clock is|{NO_RIGHT}|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="session-locked-to-an-address",
        source="jsforce/jsforce#386",
        symptom="The organisation locks sessions to the address where they began; the API calls a fresh token an expired session.",
        play=Compare(
            token=each(instance_url="https://acme.my.example.com", id="https://login.example.com/id/00D/005"),
            resource=as_json(401, [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]),
        ),
        right=Right(
            says=r"Session expired or invalid|INVALID_SESSION_ID",
            fix=r"administrator|operator|setting|address|instance_url|acme\.my\.example|support",
            never=rf"{SURE}|clocks? differ|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="organisation-with-single-sign-on",
        source="scala-steward-org/scala-steward-action#173, Reviewable/Reviewable#804",
        symptom="The organisation enforces SAML: a token has to be granted access first, at an address that a header of the refusal names.",
        play=Compare(
            token=each(scope="repo"),
            resource=protected(
                as_json(
                    403,
                    {
                        "message": "Resource protected by organization SAML enforcement. You must grant your OAuth token "
                        "access to this organization.",
                        "documentation_url": "https://docs.example.com/articles/authenticating-with-saml",
                    },
                    "X-GitHub-SSO: required; url=https://code.example.com/orgs/acme/sso?authorization_request=AABPPMVAZOW4",
                )
            ),
        ),
        right=Right(
            says=r"SAML",
            fix=r"SSO|grant|single sign-on|authori[sz]e|organi[sz]ation|administrator",
            never=rf"{OLD}|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="token-too-large-for-a-header",
        source="casdoor/casdoor#4618, DouglasNeuroInformatics/OpenDataCapture#1534",
        symptom="The token holds all groups of the person, and is larger than the header that the API takes: 431 for every call.",
        play=Compare(token=carrying(groups=GROUPS), resource=says(431)),
        right=Right(
            says=r"431|header",
            tells=r"(token|header).{0,80}(large|long|big|KB|kB|KiB|bytes|characters)|(large|long|big).{0,60}(token|header)",
            fix=r"claim|group|smaller|shorter|limit|scope|administrator|operator",
            never=rf"{OLD}|{SECRET_WRONG}|{NO_RIGHT}",
        ),
    ),
    Report(
        name="person-without-a-mailbox",
        source="MicrosoftDocs/azure-docs#111859, jasonjoh/php-tutorial#2",
        symptom="The account has no mailbox that the API could open, and the API says so with 404.",
        play=Compare(
            token=each(scope="Mail.Read"),
            resource=protected(
                as_json(
                    404,
                    {
                        "error": {
                            "code": "MailboxNotEnabledForRESTAPI",
                            "message": "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
                            "innerError": {
                                "date": "2023-07-06T00:03:59",
                                "request-id": "df4c1a8d-339a-4fcc-bfd1-d0d5ab8ee4b3",
                            },
                        }
                    },
                )
            ),
        ),
        right=Right(
            tells=r"mailbox is either inactive|MailboxNotEnabled",
            never=rf"endpoint-not-found|base URL|path is wrong|does not have (this|that|the) (path|endpoint)|{OLD}|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="api-that-is-switched-off-for-the-project",
        source="openclaw/gogcli#489, zquestz/omniauth-google-oauth2#111",
        symptom="The client's project has not switched the API on; the refusal says where that is done.",
        play=Compare(
            token=each(scope="drive.readonly"),
            resource=protected(
                as_json(
                    403,
                    {
                        "error": {
                            "code": 403,
                            "message": "Drive API has not been used in project 728466330056 before or it is disabled. Enable it "
                            "by visiting https://console.example.com/apis/drive?project=728466330056 then retry.",
                            "errors": [{"domain": "usageLimits", "reason": "accessNotConfigured"}],
                            "status": "PERMISSION_DENIED",
                        }
                    },
                )
            ),
        ),
        right=Right(
            says=r"has not been used in project|accessNotConfigured|disabled",
            fix=r"enable|project|console|operator|administrator",
            never=rf"{OLD}|{SECRET_WRONG}",
        ),
    ),
    Report(
        name="subscription-key-is-missing",
        source="Altinn/altinn-studio#3739, microsoft/MCW-App-modernization#44",
        symptom="The gateway before the API wants a key of a subscription in a header, beside the token.",
        play=Compare(
            token=each(),
            resource=as_json(
                401,
                {
                    "statusCode": 401,
                    "message": "Access denied due to missing subscription key. Make sure to include subscription key when making "
                    "requests to an API.",
                },
            ),
        ),
        right=Right(
            says=r"subscription key",
            fix=r"\bkey|header|administrator|operator|documentation",
            never=rf"{OLD}|header (did not arrive|never arrive)|{SECRET_WRONG}|{NO_RIGHT}|audience",
        ),
    ),
    Report(
        name="subject-is-always-the-administrator",
        source="wso2/product-apim#8727",
        symptom="Whoever logs in, the subject of the token is the administrator who owns the application.",
        play=Compare(token=carrying(sub="admin@carbon.super", azp="demo-app")),
        right=Right(says=r"admin@carbon\.super", exit=10, fix=r"administrator|operator|server"),
    ),
)
