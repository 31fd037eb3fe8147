"""Files of other programs: what they left out, wrote in a way of their own, or show beside the flow."""

from __future__ import annotations

from typing import Any

from tests.reports.entries import (
    AUTHORIZATION,
    BACK,
    FIELDS,
    TOKEN_URL,
    authorization,
    back,
    entry,
    form,
    har,
    json_content,
    token,
)
from tests.reports.report import CODE, Har, Report, Right

WITH_REFRESH = (
    '{"access_token":"opaqueTokenOfTheReport0123456789","expires_in":3600,"refresh_token":"r3fr3sh-0123456789"}'
)
CONSENT = AUTHORIZATION.partition("?")[0] + "/consent"


def bare(one: dict[str, Any], *gone: str) -> dict[str, Any]:
    """An entry without these members."""
    return {name: value for name, value in one.items() if name not in gone}


REPORTS = (
    Report(
        name="entries-without-an-answer",
        source="ProxymanApp/proxyman-windows-linux#560",
        symptom="The file has no pages, and the entry of the token request has no answer.",
        play=Har(
            archive={
                "log": {
                    "version": "1.2",
                    "creator": {"name": "Proxyman", "version": "3.5.0"},
                    "entries": [authorization(), back(), bare(token(), "response")],
                }
            }
        ),
        right=Right(tells=r"answer", never=r"refused|broke|hung up|redirect-empty"),
    ),
    Report(
        name="headers-without-a-value",
        source="ProxymanApp/Proxyman#1793",
        symptom="Another program's HAR has methods in small letters, headers without a value and values that are no text.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                {
                    **token(),
                    "request": {
                        **token()["request"],
                        "method": "post",
                        "headers": [{"name": "Accept", "value": "application/json"}, {"name": "Content-Type"}],
                        "queryString": [{"name": "isRememberMeEnabled", "value": True}],
                    },
                },
            )
        ),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="addresses-without-host",
        source="AdguardTeam/AdguardForAndroid#1911",
        symptom="The tool writes only the path of each address; the host stands in the header.",
        play=Har(
            archive=har(
                authorization(
                    url=AUTHORIZATION.replace("https://airisk.example.com", ""), sent={"Host": "airisk.example.com"}
                ),
                back(BACK),
                entry(
                    2,
                    "POST",
                    TOKEN_URL.replace("https://airisk.example.com", ""),
                    200,
                    sent={"Host": "airisk.example.com"},
                    content=json_content(),
                    post=form(),
                ),
            )
        ),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="redirect-kept-back-by-the-page",
        source="1f916-ai/1f916#179, nextcloud/server#17411",
        symptom="The consent's POST is redirected to the application, and the browser does not go there: form-action forbids it.",
        play=Har(
            archive=har(
                authorization(
                    BACK,
                    headers={
                        "Content-Type": "text/html",
                        "Content-Security-Policy": "default-src 'none'; form-action 'self'",
                    },
                    response={"status": 200},
                    content={"size": 40, "mimeType": "text/html", "text": "<form method=post action=/consent></form>"},
                ),
                entry(
                    1,
                    "POST",
                    CONSENT,
                    303,
                    headers={"Location": BACK},
                    post={"mimeType": "application/x-www-form-urlencoded", "text": "allow=1"},
                ),
            )
        ),
        right=Right(says=r"form-action|Content-Security-Policy", fix=r"form-action|Content-Security-Policy"),
    ),
    Report(
        name="code-encoded-twice-by-the-client",
        source="minio/object-browser#720, openziti/ziti-sdk-c#833",
        symptom="The client takes the code out of the address without decoding it, and encodes it once more.",
        play=Har(
            archive=har(
                authorization(BACK.replace(CODE, "4%2F0BYa-adfjakld")),
                back(BACK.replace(CODE, "4%2F0BYa-adfjakld")),
                token(
                    400,
                    content=json_content('{"error":"invalid_grant","error_description":"Malformed auth code."}'),
                    post=form(code="4%2F0BYa-adfjakld"),
                ),
            )
        ),
        right=Right(says=r"encod", fix=r"decod", never=r"expired|used before"),
    ),
    Report(
        name="redirect-to-https-on-loopback",
        source="owncloud/client#7569",
        symptom="The server sends the browser to https on this machine, where the client listens for http; no bodies are kept.",
        play=Har(
            archive=har(
                authorization(
                    BACK.replace("http:", "https:"),
                    content={
                        "mimeType": "",
                        "size": 0,
                        "encoding": "base64",
                        "comment": "Response bodies are not included.",
                    },
                    response={"redirectURL": BACK.replace("http:", "https:")},
                ),
                entry(1, "GET", BACK.replace("http:", "https:"), 0, response={"statusText": ""}),
            )
        ),
        right=Right(says=r"https|scheme", never=r"token endpoint refused|client secret"),
    ),
    Report(
        name="fields-as-a-list-alone",
        source="kubeshark/kubeshark#120",
        symptom="The tool writes the form's fields as a list and leaves the text out.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    post={
                        "mimeType": "application/x-www-form-urlencoded",
                        "params": [{"name": name, "value": value} for name, value in FIELDS.items()],
                    }
                ),
            )
        ),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="parts-without-their-fields",
        source="readmeio/api#360",
        symptom="The token request is multipart, and the file has neither its text nor its fields.",
        play=Har(archive=har(authorization(), back(), token(post={"mimeType": "multipart/form-data; boundary=x"}))),
        right=Right(outcome=("token",), never=r"no code|without a code|field-missing|another code"),
    ),
    Report(
        name="redirects-left-out",
        source="WebKit/WebKit#56297",
        symptom="The browser writes no entry for a redirect: only the application's page and its token request are there.",
        play=Har(archive=har(back(), token())),
        right=Right(outcome=("token",), never=r"state-missing|did not redirect"),
    ),
    Report(
        name="refused-refresh-of-another-client",
        source="ccpgames/sso-issues#54",
        symptom="A refresh is refused because the client is unknown, and not because of its refresh token.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(content=json_content(WITH_REFRESH)),
                entry(
                    9,
                    "POST",
                    TOKEN_URL,
                    401,
                    headers={"Content-Type": "application/json"},
                    content=json_content('{"error":"invalid_client","error_description":"Unknown client."}'),
                    post={
                        "mimeType": "application/x-www-form-urlencoded",
                        "text": "grant_type=refresh_token&refresh_token=r3fr3sh-0123456789&client_id=other",
                    },
                ),
            )
        ),
        right=Right(first=("refresh-refused",), says=r"invalid_client", never=r"has expired, was revoked"),
    ),
    Report(
        name="answers-with-numbers-that-are-made-up",
        source="requestly/requestly#577",
        symptom="The tool writes a size of its own for each answer, no headers, and no lengths.",
        play=Har(
            archive=har(
                authorization(response={"headers": [], "redirectURL": BACK, "content": {"size": 33, "mimeType": ""}}),
                back(),
                token(response={"headers": [], "content": {**json_content(), "size": 33}}),
            )
        ),
        right=Right(outcome=("token",), never=r"broke off|ended after|cut"),
    ),
)
