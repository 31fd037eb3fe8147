"""What a person or a server hands over to be read: pastes, redirects, bodies, dates, tokens, users, and what is asked with a token."""

from __future__ import annotations

from tests.reports.access import challenge
from tests.reports.answers import as_json, issues, jwt, page, protected, redirect, says, seconds_since_1970, written
from tests.reports.report import CODE, IN_AN_HOUR, TOKEN, Compare, Direct, Paste, Report, Right

WHOLE = "{uri}?code={code}&state={state}"
END = {"expiration": written("%Y-%m-%dT%H:%M:%SZ")}
FOR_USER = ("--userid", "user_42")
LONG = "AwABAAEA" * 600
ACCUSED = r"may not use|no right|not allowed to"
MIXED = "M.C507_BAY.2.U.4f1d!kQz*8$Lw~x"

REPORTS = (
    Report(
        name="code-in-backticks-with-blanks",
        source="longbridge/longbridge-terminal#233",
        symptom="A chat shows the code between backticks, and the blanks around it are copied along.",
        play=Paste(pasted="  `{code}` \n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="paste-cut-by-the-terminal",
        source="google-antigravity/antigravity-cli#695, concourse/concourse#4339, estuary/flow#1031",
        symptom="The terminal takes 4,095 bytes of a line and drops the rest, so the paste lost its end and its state.",
        play=Paste(pasted=("{uri}?code=" + LONG)[:4069] + "\n"),
        right=Right(sent_code=None, tells=r"4,?09[56]"),
    ),
    Report(
        name="code-with-signs-that-are-seldom",
        source="abraunegg/onedrive#3622",
        symptom="Codes began to hold exclamation marks, asterisks and dollar signs, and the client cut them off there.",
        play=Paste(pasted="{uri}?code=" + MIXED + "&state={state}\n"),
        right=Right(sent_code=MIXED, outcome=("token",)),
    ),
    Report(
        name="callback-of-another-attempt",
        source="ndycode/codex-multi-auth#652",
        symptom="The address of an earlier login is pasted; its state is not that of this one.",
        play=Paste(pasted="{uri}?code={code}&state=b1f0a9d47e3c5526881f\n"),
        right=Right(first=("state-mismatch",), sent_code=None),
    ),
    Report(
        name="redirect-uri-of-the-manual-way",
        source="earendil-works/pi#2171",
        symptom="The token request has another redirect URI than the one that the pasted callback came to.",
        play=Paste(
            pasted=WHOLE + "\n",
            options=("--set", "token.body.redirect_uri=https://platform.example.com/oauth/code/callback"),
            token=as_json(400, {"error": "invalid_grant", "error_description": "Invalid 'redirect_uri' in request."}),
        ),
        right=Right(says=r"redirect.uri", fix=r"redirect.uri", never=r"expired|used before"),
    ),
    Report(
        name="state-kept-and-a-second-question-mark",
        source="googleworkspace/apps-script-oauth1#32",
        symptom="The server hangs its answer behind a redirect URI that has a query with a second question mark.",
        play=Direct(
            redirect_uri="http://127.0.0.1:8765/callback?tenant=7",
            authorize=redirect("{uri}?code={code}&state={state}"),
        ),
        right=Right(says=r"second .\?|two .*\?|“\?”", never=r"old (browser )?tab|attack"),
    ),
    Report(
        name="state-decoded-once-too-often",
        source="wndhydrnt/python-oauth2#37, H2CK/oidc#36",
        symptom="The server decodes the state and writes it back without encoding, so a percent sign in it is read anew.",
        play=Direct(
            options=("--state", "123123%25abcdef"), authorize=redirect("{uri}?code={code}&state=123123%25abcdef")
        ),
        right=Right(first=("state-altered",), says=r"decod|encod", never=r"old (browser )?tab|attack"),
    ),
    Report(
        name="state-with-an-ampersand-of-its-own",
        source="H2CK/oidc#36",
        symptom="The state holds an address with parameters; it comes back without encoding, and its rest is lost.",
        play=Direct(
            options=("--state", "/home?view=1&kiosk=true"),
            authorize=redirect("{uri}?code={code}&state=/home?view=1&kiosk=true"),
        ),
        right=Right(first=("state-altered",), never=r"old (browser )?tab|attack"),
    ),
    Report(
        name="state-in-html",
        source="websanova/vue-auth#98",
        symptom="A provider escapes the state for HTML before it sends it back.",
        play=Direct(
            options=("--state", 'x"y&z-0123456789'),
            authorize=redirect("{uri}?code={code}&state=x%26quot%3By%26amp%3Bz-0123456789"),
        ),
        right=Right(first=("state-altered",), says=r"HTML|escap|encod", never=r"old (browser )?tab|attack"),
    ),
    Report(
        name="json-envelope-in-place-of-a-redirect",
        source="different-ai/openwork#2642",
        symptom="The server takes the request for one of a script and answers with the next page's address in JSON.",
        play=Direct(
            authorize=as_json(200, {"redirect": True, "url": "https://app.example.com/select-organization?next=1"})
        ),
        right=Right(
            says=r"JSON|select-organization", tells=r"browser", never=r"client.id (is )?unknown|not registered"
        ),
    ),
    Report(
        name="decision-answered-with-the-address",
        source="jaredhanson/oauth2orize#184",
        symptom="The decision is answered with JSON that holds the redirect, for a page to follow.",
        play=Direct(authorize=as_json(200, {"status": "approved", "data": {"redirectUri": WHOLE.replace("{", "{")}})),
        right=Right(sent_code=(CODE, None), says=r"redirectUri|JSON", never=r"not registered|unknown"),
    ),
    Report(
        name="lifetime-as-a-text",
        source="justingreerbbi/wordpress-oauth-server#39, delta-io/delta-sharing#628",
        symptom="expires_in is a number in quotation marks, and clients that count with it go wrong.",
        play=Direct(token=issues(expires_in="3600", token_type="Bearer")),
        right=Right(outcome=("token",), expires_at=IN_AN_HOUR, never=r"unreadable|cannot be read"),
    ),
    Report(
        name="end-with-slashes-and-no-zone",
        source="intuit/QuickBooks-V3-PHP-SDK#366",
        symptom="The end of the token is a date with slashes that names no zone, and readers are hours apart.",
        play=Direct(token=issues(expiration="2031/10/15 20:15:44")),
        right=Right(outcome=("token",), tells=r"zone", expires_at="2031-10-15T20:15:44Z"),
    ),
    Report(
        name="api-reads-the-end-in-its-own-zone",
        source="django-oauth/django-oauth-toolkit#1291",
        symptom="The API takes the token's end for a local time: each token is expired as soon as it comes.",
        play=Compare(
            resource=challenge(401, ' error="invalid_token",error_description="The access token has expired."'),
        ),
        right=Right(says=r"clock|zone", never=r"token-outlived|had expired by then"),
    ),
    Report(
        name="token-in-authed-user",
        source="preset-io/agor#823",
        symptom="The user's token stands in an object of its own, and the client stores none.",
        play=Direct(
            token=as_json(200, {"ok": True, "app_id": "A1", "authed_user": {"id": "U1", "access_token": TOKEN}})
        ),
        right=Right(says=r"authed_user\.access_token", fix=r"token=authed_user\.access_token"),
    ),
    Report(
        name="token-by-its-short-name",
        source="sahat/satellizer#50",
        symptom="The client looks for access_token, and the server has token.",
        play=Direct(token=as_json(200, {"token": TOKEN, "user": {"id": 7}})),
        right=Right(first=("token-renamed",), fix=r"token=token"),
    ),
    Report(
        name="token-of-null",
        source="zorn-v/nextcloud-social-login#491",
        symptom="The answer has a token of null and a message beside it that tells why.",
        play=Direct(token=as_json(200, {"access_token": None, "message": "login expired"})),
        right=Right(says=r"login expired", never=r"field token=|own name for the token"),
    ),
    Report(
        name="code-echoed-in-the-refusal",
        source="simple-login/app#2754",
        symptom="The refusal is one sentence in error, and repeats the code that was sent.",
        play=Direct(token=as_json(400, {"error": f"no such authorization code {CODE}"})),
        right=Right(says=r"no such authorization code", fix=r"run again|new code", never=r"client.secret"),
    ),
    Report(
        name="claims-of-somebody-else",
        source="go-gitea/gitea#16684",
        symptom="The token names the administrator who is logged in, and not the user who was asked for.",
        play=Direct(
            options=FOR_USER,
            token=issues(access_token=jwt(sub="3", preferred_username="gitea-admin", email="admin@example.com"), **END),
        ),
        right=Right(says=r"“3”|gitea-admin", tells=r"user_42", never=r"acts for user_42"),
    ),
    Report(
        name="signature-key-not-found",
        source="mindfulsoftware/myFastway.ApiClient#28",
        symptom="The API does not find the key that the token is signed by.",
        play=Compare(
            resource=challenge(401, ' error="invalid_token", error_description="The signature key was not found"')
        ),
        right=Right(says=r"key", fix=r"key", never=ACCUSED),
    ),
    Report(
        name="not-yet-by-a-second",
        source="auth0/node-oauth2-jwt-bearer#113, jpadilla/pyjwt#814",
        symptom="The API's clock is behind by a second, and it allows no difference at all.",
        play=Compare(
            resource=challenge(401, ' error="invalid_token", error_description="\'nbf\' claim timestamp check failed"')
        ),
        right=Right(says=r"clock", fix=r"clock|NTP", never=ACCUSED),
    ),
    Report(
        name="always-401-without-a-word",
        source="openiddict/openiddict-core#531",
        symptom="The API is not set up for these tokens; it answers each of them with a bare 401.",
        play=Compare(resource=challenge(401)),
        right=Right(says=r"header|issuer|audience|key", tells=r"", never=ACCUSED + r"|secret"),
    ),
    Report(
        name="no-access-to-this-resource",
        source="planningcenter/developers#845",
        symptom="The API refuses with words about access: the account, or the scope, lacks that product.",
        play=Compare(
            resource=as_json(
                403, {"errors": [{"code": "forbidden", "detail": "You do not have access to this resource"}]}
            )
        ),
        right=Right(says=r"do not have access to this resource|no right", fix=r"administrator|scope"),
    ),
    Report(
        name="facility-not-permitted",
        source="openstreetmap/openstreetmap-website#2086",
        symptom="The person did not permit the application this part of the API, and the refusal says so in a sentence.",
        play=Compare(resource=says(403, "You have not permitted the application access to this facility")),
        right=Right(says=r"not permitted the application", never=r"expired|network"),
    ),
    Report(
        name="needs-a-real-person",
        source="googleapis/google-auth-library-ruby#134",
        symptom="A token of an application asks an endpoint that wants to know for which person it does so.",
        play=Compare(
            resource=protected(
                as_json(
                    403,
                    {
                        "error": {
                            "code": 403,
                            "message": "Not Authorized to access this resource/api",
                            "errors": [{"reason": "forbidden"}],
                        }
                    },
                )
            )
        ),
        right=Right(says=r"Not Authorized to access this resource|user", never=r"expired|clock"),
    ),
    Report(
        name="network-of-the-account",
        source="dbt-labs/docs.getdbt.com#4531",
        symptom="A list of networks refuses the call; the answer is an envelope with its own status.",
        play=Compare(
            resource=as_json(
                403,
                {
                    "status": {
                        "code": 403,
                        "is_success": False,
                        "user_message": "Forbidden: Access denied",
                        "developer_message": None,
                    },
                    "data": {"account_id": 1},
                },
            )
        ),
        right=Right(says=r"Access denied", never=r"expired|clock|audience"),
    ),
    Report(
        name="expired-by-the-api-alone",
        source="justarrived/just_match_api#586",
        symptom="The API calls a fresh token expired, in JSON of its own with a code.",
        play=Compare(
            resource=as_json(
                401, {"errors": [{"status": 401, "code": "token_expired", "detail": "Your token has expired."}]}
            )
        ),
        right=Right(says=r"expired", tells=r"clock", never=ACCUSED),
    ),
    Report(
        name="callback-with-a-session-state",
        source="oxalica/onedrive-fuse#8",
        symptom="The pasted address has more parameters behind the code, and the client took them into the code.",
        play=Paste(pasted=WHOLE + "&session_state=6c1f0b7e-5f0e-4f3c-9d0c-1b2a3c4d5e6f\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="code-with-its-name-before-it",
        source="KRoperUK/sungrow-hass#466",
        symptom="What is pasted begins with code=, and the client sent that along.",
        play=Paste(pasted="code={code}&state={state}\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="title-of-the-window",
        source="okpy/ok#1023, alexandre-normand/glukit#19",
        symptom="The answer stands in the title of the browser's window, behind the word Success.",
        play=Paste(pasted="Success code={code}&state={state}\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="title-of-a-refusal",
        source="spring-attic/spring-security-oauth#402",
        symptom="The title of the window says that the person refused.",
        play=Paste(pasted="Denied error=access_denied&error_description=User%20denied%20access&state={state}\n"),
        right=Right(first=("access-denied",), says=r"User denied access"),
    ),
    Report(
        name="fragment-of-a-provider",
        source="swagger-api/swagger-ui#2534",
        symptom="The provider hangs a fragment without meaning behind the answer.",
        play=Direct(authorize=redirect(WHOLE + "#_=_")),
        right=Right(outcome=("token",), never=r"fragment|“#”"),
    ),
    Report(
        name="router-of-a-page-before-the-code",
        source="okta/okta-auth-js#302",
        symptom="The answer stands behind #/, as a page's router writes addresses.",
        play=Direct(authorize=redirect("{uri}#/code={code}&state={state}")),
        right=Right(first=("answer-in-fragment",), says=r"“#”|fragment"),
    ),
    Report(
        name="token-behind-a-router",
        source="zooniverse/panoptes#1234",
        symptom="A token came behind #/ in place of a code, as in the implicit flow.",
        play=Direct(authorize=redirect("{uri}#/access_token=2e8c2c00148ef1fccd69&token_type=bearer&expires_in=7200")),
        right=Right(says=r"implicit|access_token", fix=r"response_type=code|code", never=r"base URL"),
    ),
    Report(
        name="lifetime-left-out",
        source="IBM/mcp-context-forge#4447",
        symptom="The provider leaves expires_in out, which RFC 6749 allows, and the client fails on it.",
        play=Direct(token=issues(token_type="bearer")),
        right=Right(outcome=("token",), tells=r"does not say when", expires_at=None),
    ),
    Report(
        name="lifetime-below-zero",
        source="nulab/scala-oauth2-provider#118",
        symptom="A token that is kept and given again has a lifetime below zero.",
        play=Direct(token=issues(token_type="bearer", expires_in=-35)),
        right=Right(says=r"-35", never=r"valid for|does not end"),
    ),
    Report(
        name="end-as-a-number",
        source="okta/okta-auth-js#430, inrupt/solid-client-authn-js#2766",
        symptom="The end of the token is a number; read as milliseconds it lies in 1970.",
        play=Direct(token=issues(expiration=seconds_since_1970())),
        right=Right(outcome=("token",), says=r"seconds since 1970", expires_at=IN_AN_HOUR, never=r"expired"),
    ),
    Report(
        name="claims-in-milliseconds",
        source="mozilla/id-specs#21, clouway/oauth2-server#60",
        symptom="The token's own times are milliseconds, where seconds are prescribed.",
        play=Direct(
            token=issues(
                access_token=jwt(sub="user_42", iat=seconds_since_1970(0, 1000), exp=seconds_since_1970(3600, 1000)),
                **END,
            )
        ),
        right=Right(says=r"milliseconds", never=r"clock"),
    ),
    Report(
        name="token-as-a-form",
        source="classmethod/aurl#5, thunderclient/thunder-client-support#892, freizl/hoauth2#47",
        symptom="The token comes as a form, though JSON was asked for, and the client cannot read it.",
        play=Direct(
            token=says(
                200,
                f"access_token={TOKEN}&scope=repo%2Cgist&token_type=bearer",
                kind="application/x-www-form-urlencoded; charset=utf-8",
            )
        ),
        right=Right(says=r"form(at)?\b|urlencoded", never=r"base URL|leads elsewhere"),
    ),
    Report(
        name="token-as-a-bare-uuid",
        source="nuxeo/nuxeo#3862",
        symptom="The endpoint answers with the token alone, as text.",
        play=Direct(token=says(200, "3f0c1d1e-7a52-4c0b-9b59-0d2d6c1b8a77")),
        right=Right(first=("token-bare",)),
    ),
    Report(
        name="line-break-before-the-body",
        source="requests/requests-oauthlib#255",
        symptom="The server writes an empty line before the body.",
        play=Direct(
            token=says(200, '\r\n\n{"access_token":"' + TOKEN + '","expires_in":3600}', kind="application/json")
        ),
        right=Right(outcome=("token",), expires_at=IN_AN_HOUR),
    ),
    Report(
        name="scope-as-a-list",
        source="nxtbgthng/OAuth2Client#196",
        symptom="The scope of the token comes as a list.",
        play=Direct(token=issues(scope=["read", "write"], token_type="Bearer", expires_in=3600)),
        right=Right(outcome=("token",), expires_at=IN_AN_HOUR, never=r"token-missing|unreadable"),
    ),
    Report(
        name="actor-in-place-of-the-subject",
        source="apache/knox#1336",
        symptom="The token's subject is the one who asked, and not the user for whom it was asked.",
        play=Direct(
            options=FOR_USER,
            token=issues(access_token=jwt(sub="svc-agent", act={"sub": "svc-agent"}), **END),
        ),
        right=Right(says=r"svc-agent", tells=r"user_42", never=r"acts for user_42"),
    ),
    Report(
        name="actor-beside-the-subject",
        source="logto-io/docs#747",
        symptom="A token of a user that another one acts with names both, as RFC 8693 has it.",
        play=Direct(options=FOR_USER, token=issues(access_token=jwt(sub="user_42", act={"sub": "support_7"}), **END)),
        right=Right(outcome=("token",), kind="user-specific", never=r"support_7"),
    ),
    Report(
        name="id-token-of-another",
        source="dniel/traefik-forward-auth0#124",
        symptom="The ID token beside the access token names somebody else.",
        play=Direct(options=FOR_USER, token=issues(id_token=jwt(sub="user_7"), **END)),
        right=Right(says=r"user_7", tells=r"user_42"),
    ),
    Report(
        name="expired-with-a-success",
        source="transitive-bullshit/agentic#431",
        symptom="The API says with 200 that the token has expired.",
        play=Compare(
            resource=as_json(
                200,
                {
                    "detail": {
                        "message": "Your authentication token has expired. Please try signing in again.",
                        "type": "invalid_request_error",
                        "code": "token_expired",
                    }
                },
            )
        ),
        right=Right(says=r"has expired", never=r"too-wide|generic-token-accepted|unprotected"),
    ),
    Report(
        name="expired-as-a-bad-request",
        source="JamesRitchie/django-rest-framework-expiring-tokens#25",
        symptom="The API refuses a token that it calls expired with 400.",
        play=Compare(resource=as_json(400, {"detail": "Token has expired"})),
        right=Right(says=r"Token has expired", never=r"parameter that it requires"),
    ),
    Report(
        name="expired-as-unprocessable",
        source="matchID-project/deces-backend#419",
        symptom="The API refuses a token that it calls expired with 422.",
        play=Compare(resource=as_json(422, {"msg": "jwt expired"})),
        right=Right(says=r"jwt expired", never=r"parameter that it requires"),
    ),
    Report(
        name="api-that-redirects-to-its-login",
        source="beepnl/BEEP#24",
        symptom="The API sends a call with a token to the login page with 302.",
        play=Compare(resource=redirect("/login")),
        right=Right(first=("endpoint-login",)),
    ),
    Report(
        name="not-found-by-spring",
        source="wdkeyser02/SpringBootOAuth2#1",
        symptom="The token is taken, and the path is not there: Spring says so in JSON.",
        play=Compare(
            resource=as_json(
                404,
                {"timestamp": "2026-06-23T10:00:00.000+00:00", "status": 404, "error": "Not Found", "path": "/api"},
            )
        ),
        right=Right(tells=r"path|no .GET|not there|does not have", never=ACCUSED),
    ),
    Report(
        name="code-shown-for-an-urn",
        source="jointakahe/takahe#216",
        symptom="The redirect URI is the urn for applications without one; the server's page shows the code to be copied.",
        play=Direct(
            redirect_uri="urn:ietf:wg:oauth:2.0:oob",
            authorize=page(200, "<h1>Your code</h1><p>Copy this code: <code>{code}</code></p>"),
        ),
        right=Right(tells=r"paste|redirect.URI", never=r"base URL|web site"),
    ),
    Report(
        name="urn-with-the-code-behind-it",
        source="ory/hydra#1033",
        symptom="The server redirects to the urn itself, with the code behind it, where no browser can go.",
        play=Direct(redirect_uri="urn:ietf:wg:oauth:2.0:oob", authorize=redirect(WHOLE)),
        right=Right(tells=r"redirect.URI|urn", never=r"base URL|old (browser )?tab"),
    ),
    Report(
        name="page-of-the-provider-at-the-end",
        source="OneDrive/onedrive-api-docs#78",
        symptom="The browser ends on a page of the provider's own, whose address has the code; that address is pasted.",
        play=Paste(pasted="https://login.example.com/oauth20_desktop.srf?code={code}&state={state}\n"),
        right=Right(sent_code=(CODE, None), tells=r"oauth20_desktop|redirect URI|token", never=r"nothing was pasted"),
    ),
    Report(
        name="expired-as-plain-text",
        source="adunkman/node-trello#12",
        symptom="The API's 401 has two words as its body.",
        play=Compare(resource=says(401, "expired token")),
        right=Right(says=r"expired token", tells=r"clock|lifetime", never=ACCUSED),
    ),
    Report(
        name="sign-in-page-with-a-success",
        source="MoreTore/connect-killer#4",
        symptom="The API gives a page for signing in, with 200, to a token that it does not take.",
        play=Compare(resource=page(200, "<title>Sign in</title><a href='/auth/github'>Sign in with GitHub</a>")),
        right=Right(says=r"log-?in|sign|web page", never=r"too-wide|generic-token-accepted|unprotected"),
    ),
    Report(
        name="failure-inside-for-a-token",
        source="libris/librisxl#91",
        symptom="The API fails with 500 on a token that it cannot verify.",
        play=Compare(resource=as_json(500, {"error": "Internal Server Error"})),
        right=Right(says=r"500|failed", never=ACCUSED + r"|expired"),
    ),
    Report(
        name="forbidden-in-an-envelope",
        source="golang/oauth2#125",
        symptom="Every call gets 403, whose JSON repeats the word of the status three levels deep.",
        play=Compare(
            resource=as_json(
                403,
                {
                    "error": {
                        "errors": [{"domain": "global", "reason": "forbidden", "message": "Forbidden"}],
                        "code": 403,
                        "message": "Forbidden",
                    }
                },
            )
        ),
        right=Right(says=r"unknown", never=r"expired|audience"),
    ),
    Report(
        name="profile-without-permission",
        source="googleanalytics/ga-dev-tools#839",
        symptom="The user lacks the permission for what is asked, and the answer says so.",
        play=Compare(
            resource=protected(
                as_json(
                    403,
                    {
                        "error": {
                            "code": 403,
                            "message": "User does not have sufficient permissions for this profile.",
                            "status": "PERMISSION_DENIED",
                        }
                    },
                )
            )
        ),
        right=Right(says=r"sufficient permissions", fix=r"administrator|account|user", never=r"expired|ignored"),
    ),
    Report(
        name="base-path-that-is-half-there",
        source="near/near-enhanced-api-server#50",
        symptom="The deployment has a base path for its log-in, and its API is not below it.",
        play=Compare(base_url="{url}/olya", resource=says(404, "404 page not found")),
        right=Right(tells=r"/olya|base URL|path", never=ACCUSED),
    ),
    Report(
        name="callback-with-the-state-alone",
        source="SecureBananaLabs/bug-bounty#2096",
        symptom="The redirect brings the state and no code, and the client calls that a success.",
        play=Direct(authorize=redirect("{uri}?state={state}")),
        right=Right(first=("redirect-empty",), says=r"neither", never=r"old (browser )?tab"),
    ),
)
