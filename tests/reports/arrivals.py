"""What arrives and how it is read: pastes, redirects, tokens in shapes of their own, their expiry, and what APIs say of them."""

from __future__ import annotations

from tests.reports.answers import as_json, issues, of_a_user, only_if, protected, redirect
from tests.reports.report import CODE, IN_AN_HOUR, TOKEN, URI, Compare, Direct, Paste, Report, Right

SURE = r"certainty: proven"

REPORTS = (
    Report(
        name="whole-address-of-a-remote-login",
        source="numman-ali/opencode-openai-codex-auth#73",
        symptom="On a remote machine the redirect does not arrive, so the person pastes the whole address with what the provider added.",
        play=Paste(pasted="{uri}?code={code}&scope=openid+profile+email+offline_access&state={state}\n"),
        right=Right(outcome=("token",), sent_code=CODE),
    ),
    Report(
        name="address-of-another-run-of-the-command",
        source="openclaw/openclaw#18737",
        symptom="The address was opened by an earlier run of the command, and its redirect is pasted into this one.",
        play=Paste(pasted="{uri}?code={code}&state=st4teOfAnEarlierRun9876543210\n"),
        right=Right(says=r"another run|old", sent_code=None, never=SURE),
    ),
    Report(
        name="expiry-is-the-word-never",
        source="flanksource/flanksource-ui#2888",
        symptom="The expiry is the word never, which the client cannot parse.",
        play=Direct(token=issues(expiration="never")),
        right=Right(outcome=("token",), says=r"never", expires_at=None),
    ),
    Report(
        name="lifetime-is-empty",
        source="gopaycommunity/gopay-php-api#59",
        symptom="expires_in comes empty, and the client fails on it.",
        play=Direct(token=issues(expires_in="")),
        right=Right(outcome=("token",), says=r"expires_in", expires_at=None),
    ),
    Report(
        name="lifetime-under-a-name-with-a-typing-error",
        source="networknt/light-4j#2507",
        symptom="The lifetime is in expire_in, and the client waits for expires_in.",
        play=Direct(token=issues(expire_in=3600)),
        right=Right(outcome=("token",), says=r"expire_in\b", expires_at=IN_AN_HOUR),
    ),
    Report(
        name="token-is-called-accesstoken",
        source="postmanlabs/postman-app-support#10838",
        symptom="The token is in AccessToken, and the client cannot use it.",
        play=Direct(token=as_json(200, {"AccessToken": TOKEN, "ExpiresIn": 3600, "TokenType": "Bearer"})),
        right=Right(says=r"AccessToken", fix=r"token=AccessToken"),
    ),
    Report(
        name="client-is-refused-in-status-words",
        source="athenahealth/apiserver-athenaFlex#383",
        symptom="The server answers with statusmessage invalid_client, and says that the client ID is invalid.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "status": "error",
                    "statusmessage": "invalid_client",
                    "description": "Invalid client_id: demo-app - Contact the administrator for help with client validation",
                },
            )
        ),
        right=Right(says=r"Invalid client_id", fix=r"client.id", sent_code=None),
    ),
    Report(
        name="every-call-is-answered-invalid-token",
        source="auth0/auth0-authorization-extension#167",
        symptom="A token that was just issued is refused with the words Invalid token, and nothing else.",
        play=Compare(
            resource=protected(
                only_if(
                    of_a_user,
                    as_json(401, {"statusCode": 401, "error": "Unauthorized", "message": "Invalid token"}),
                    as_json(401, {"statusCode": 401, "error": "Unauthorized", "message": "Invalid token"}),
                )
            )
        ),
        right=Right(tells=r"Invalid token", never=r"may not use|no right to it"),
    ),
    Report(
        name="answer-behind-a-second-question-mark",
        source="willdurand/BazingaOAuthServerBundle#28",
        symptom="The callback has a query of its own, and the answer is joined to it by another question mark.",
        play=Direct(
            redirect_uri=f"{URI}?option=com_app",
            authorize=redirect("{uri}?code={code}&state={state}"),
        ),
        right=Right(says=r"second “\?”", sent_code=None),
    ),
    Report(
        name="verification-code-and-another-redirect-uri",
        source="hybridauth/hybridauth#1017",
        symptom="The token endpoint wants the redirect URI to be identical to the one of the dialog.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": {
                        "message": "Error validating verification code. Please make sure your redirect_uri is identical to the one you "
                        "used in the OAuth dialog request",
                        "type": "OAuthException",
                        "code": 100,
                    }
                },
            )
        ),
        right=Right(says=r"redirect_uri", fix=r"redirect", never=SURE),
    ),
    Report(
        name="audience-validation-failed-with-values",
        source="aruss/IdentityBase#37",
        symptom="The API refuses the token and names the audience that the token has.",
        play=Compare(
            resource=protected(
                as_json(
                    401,
                    {},
                    'WWW-Authenticate: Bearer error="invalid_token", error_description="The audience '
                    "'http://localhost:5000/resources' is invalid\"",
                )
            )
        ),
        right=Right(tells=r"audience"),
    ),
)
