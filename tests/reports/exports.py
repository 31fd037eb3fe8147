"""HARs that a tool wrote which sent the request wrongly, or wrote it down in a way of its own."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from tests.reports.entries import AUTHORIZATION, FIELDS, FORM, authorization, back, har, json_content, token
from tests.reports.report import CLIENT, Har, Report, Right

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
)
