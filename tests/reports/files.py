"""Files of other programs: what they left out, wrote in a way of their own, or show beside the flow."""

from __future__ import annotations

from typing import Any

from tests.reports.entries import (
    AUTHORIZATION,
    BACK,
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
)
