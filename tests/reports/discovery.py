"""A server that is known by its issuer: its metadata, the issuer in its answers, ID tokens, and logins on another device."""

from __future__ import annotations

from typing import Any

from tests.reports.answers import as_json, keys, page, redirect, signed
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, error
from tests.reports.report import CLIENT, Answer, Asked, Issuer, Report, Right

NO_OPENID = ("--scope", "none")
ON_ANOTHER_DEVICE = (*NO_OPENID, "--mode", "device", "--timeout", "5")


def metadata(**changed: Any) -> Answer:
    """The metadata of `http://{host}`, with some members changed; None: without that one."""
    members = {
        "issuer": "http://{host}",
        "authorization_endpoint": "http://{host}/authorize",
        "token_endpoint": "http://{host}/token",
        "jwks_uri": "http://{host}/keys",
        "device_authorization_endpoint": "http://{host}/device",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    } | changed
    return as_json(200, {name: value for name, value in members.items() if value is not None})


def with_id_token(*, ahead: float = 0, clock: float = 0) -> Issuer:
    """An issuer whose ID tokens are good for five minutes. ahead: seconds by which its clock is fast, which its Date says, too;
    clock: likewise of this machine's."""

    def token(asked: Asked) -> bytes:
        return signed(asked, ahead, {"aud": CLIENT, "sub": "user_42", "lasting": 300})

    return Issuer(metadata=metadata(), options=("--nonce", "none"), token=token, places={"/keys": keys}, clock=clock)


def device(**changed: Any) -> Answer:
    """What a device is told to show."""
    told = {
        "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
        "user_code": "WDJB-MJHT",
        "verification_uri": "https://login.example.com/device",
        "expires_in": 900,
        "interval": 1,
    }
    return as_json(200, told | changed)


REPORTS = (
    Report(
        name="issuer-with-a-slash",
        source="anomalyco/opencode#50036, expo/expo#49054, NousResearch/hermes-agent#95508",
        symptom="The issuer was given without the slash that the metadata has at its end, and strict clients stop.",
        play=Issuer(metadata=metadata(issuer="http://{host}/"), options=NO_OPENID),
        right=Right(
            says=r"slash|character by character", fix=r"issuer", never=rf"{SECRET_BLAMED}|another server or tenant"
        ),
    ),
    Report(
        name="issuer-with-a-path",
        source="SmartBear/smartbear-mcp#682",
        symptom="The metadata names an issuer with a path that its address does not have.",
        play=Issuer(metadata=metadata(issuer="http://{host}/backend/oauthproxy"), options=NO_OPENID),
        right=Right(first=("metadata-issuer",), says=r"/backend/oauthproxy", fix=r"/backend/oauthproxy"),
    ),
    Report(
        name="issuer-over-https",
        source="coreos/go-oidc#386, keycloak/keycloak#22667, go-vikunja/vikunja#364",
        symptom="The server is asked at its inner address, and its metadata names the outer one, with https.",
        play=Issuer(metadata=metadata(issuer="https://login.example.com/realms/demo"), options=NO_OPENID),
        right=Right(first=("metadata-issuer",), says=r"https://login\.example\.com/realms/demo"),
    ),
    Report(
        name="issuer-that-is-the-address-of-the-metadata",
        source="navikt/mock-oauth2-server#767",
        symptom="The metadata names as issuer the address at which it was fetched, well-known path included.",
        play=Issuer(metadata=metadata(issuer="http://{host}/.well-known/openid-configuration"), options=NO_OPENID),
        right=Right(first=("metadata-issuer",), says=r"well-known"),
    ),
    Report(
        name="iss-of-the-server-behind",
        source="higgsfield-ai/cli#68",
        symptom="The redirect names as iss the server behind, which the facade in front passes on unchanged.",
        play=Issuer(
            metadata=metadata(),
            options=NO_OPENID,
            authorize=redirect("{uri}?code={code}&iss=https%3A%2F%2Finner.example.com&state={state}"),
        ),
        right=Right(first=("iss-mismatch",), tells=r"inner\.example\.com"),
    ),
    Report(
        name="iss-announced-and-left-out",
        source="cloudflare/mcp-server-cloudflare#449, BuilderIO/agent-native#2616",
        symptom="The metadata promises iss in the redirect, and the redirect has none.",
        play=Issuer(metadata=metadata(authorization_response_iss_parameter_supported=True), options=NO_OPENID),
        right=Right(first=("iss-missing",), says=r"metadata"),
    ),
    Report(
        name="iss-with-a-slash-more",
        source="openai/codex#37373",
        symptom="The iss in the redirect has a slash at its end, and the issuer in the metadata has none.",
        play=Issuer(
            metadata=metadata(),
            options=NO_OPENID,
            authorize=redirect("{uri}?code={code}&iss=http%3A%2F%2F{host}%2F&state={state}"),
        ),
        right=Right(first=("iss-mismatch",), says=r"slash", never=r"mix-up"),
    ),
    Report(
        name="metadata-that-is-a-page",
        source="outline/outline#11572, earthobservations/wetterdienst#1772, mayflower/contextmine#4",
        symptom="Every path is answered by the page of the application, that of the metadata too, with status 200.",
        play=Issuer(
            metadata=page(200, "<head><title>Wiki</title></head><body><div id=root></div></body>"),
            places={"/.well-known/oauth-authorization-server": page(200, "<title>Wiki</title><div id=root></div>")},
            options=NO_OPENID,
        ),
        right=Right(says=r"web page|HTML", fix=r"issuer|path", never=SECRET_BLAMED),
    ),
    Report(
        name="metadata-behind-a-challenge",
        source="anthropics/claude-code#72673",
        symptom="The metadata is behind a check for browsers: 403 and a page that says Just a moment.",
        play=Issuer(
            metadata=page(403, "<title>Just a moment...</title>", "Server: cloudflare", "cf-mitigated: challenge"),
            places={
                "/.well-known/oauth-authorization-server": page(
                    403, "<title>Just a moment...</title>", "Server: cloudflare", "cf-mitigated: challenge"
                )
            },
            options=NO_OPENID,
        ),
        right=Right(
            says=r"Cloudflare|challenge|in front",
            fix=r"administrator|operator|let .*through|browser",
            never=r"is not the issuer.s|--field authorize_path",
        ),
    ),
    Report(
        name="id-token-issued-in-the-future",
        source="okta/okta-oidc-js#69, auth0-samples/auth0-javascript-samples#13",
        symptom="The ID token was issued ten minutes from now, and clients refuse it.",
        play=with_id_token(ahead=600),
        right=Right(says=r"clock", fix=r"NTP|clock", never=r"leaves the claim out"),
    ),
    Report(
        name="id-token-over-by-a-fast-clock",
        source="element-hq/element-web#32617",
        symptom="The clock of this machine is ten minutes fast, and the ID token of five minutes is over when it comes.",
        play=with_id_token(clock=600),
        right=Right(says=r"clock", fix=r"NTP|this machine", never=r"repeats a token|Nobody"),
    ),
    Report(
        name="id-token-and-a-slow-clock",
        source="symfony/cli#465",
        symptom="The clock of this machine is three minutes slow, and the fresh ID token was issued in its future.",
        play=with_id_token(clock=-180),
        right=Right(says=r"clock", fix=r"NTP|this machine", never=r"leaves the claim out|says wrongly"),
    ),
    Report(
        name="id-token-and-a-clock-five-seconds-slow",
        source="puiterwijk/flask-oidc#7, greenpau/caddy-security#13",
        symptom="Five seconds between two clocks, and a client without any tolerance refuses the ID token.",
        play=with_id_token(clock=-5),
        right=Right(outcome=("token",), never=r"clock|id-token-iat|skew"),
    ),
    Report(
        name="device-code-is-over-at-once",
        source="Azure/azure-cli#22251, Azure/azure-cli#22252",
        symptom="The device code has expired a second after it was issued, whatever expires_in says.",
        play=Issuer(
            metadata=metadata(),
            options=ON_ANOTHER_DEVICE,
            places={"/device": device()},
            token=error(
                "expired_token",
                "AADSTS70020: The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
            ),
        ),
        right=Right(
            says=r"expired|seconds",
            fix=r"operator|administrator|server",
            never=rf"was not typed|Nobody agreed|{SECRET_BLAMED}|{CODE_BLAMED}",
        ),
    ),
    Report(
        name="device-login-needs-a-public-client",
        source="Azure-Samples/active-directory-dotnetcore-devicecodeflow-v2#9, MicrosoftDocs/azure-docs#31986",
        symptom="The client polls for the token, and the server wants a secret of it: it is not registered as a public one.",
        play=Issuer(
            metadata=metadata(),
            options=(*ON_ANOTHER_DEVICE, "--client-auth", "none"),
            places={"/device": device()},
            token=error(
                "invalid_client",
                "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
                401,
            ),
        ),
        right=Right(says=r"client_secret|secret|public", fix=r"public|client-auth|secret", never=CODE_BLAMED),
    ),
    Report(
        name="device-login-with-a-secret-of-a-public-client",
        source="canonical/authd#1882",
        symptom="The client sends its secret while it polls, and the server says that the client is a public one.",
        play=Issuer(
            metadata=metadata(),
            options=ON_ANOTHER_DEVICE,
            places={"/device": device()},
            token=error(
                "invalid_client",
                "AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
                401,
            ),
        ),
        right=Right(says=r"public", fix=r"none|without", never=rf"secret is wrong|wrong secret|{CODE_BLAMED}"),
    ),
    Report(
        name="device-endpoint-wants-a-secret",
        source="pocket-id/pocket-id#641",
        symptom="The server wants the client's secret before it shows a code, as the client is not marked as public.",
        play=Issuer(
            metadata=metadata(),
            options=(*ON_ANOTHER_DEVICE, "--client-auth", "none"),
            places={"/device": as_json(400, {"error": "Client id or secret not provided"})},
        ),
        right=Right(
            says=r"secret", fix=r"client-auth|client secret|public", never=rf"device grant allowed|{CODE_BLAMED}"
        ),
    ),
)
