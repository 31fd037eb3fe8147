"""What a person hands over: a pasted answer, and files of browsers and recording proxies in the shapes that these write."""

from __future__ import annotations

from typing import Any

from tests.reports.answers import as_json
from tests.reports.entries import (
    AUTHORIZATION,
    BACK,
    BASE,
    FIELDS,
    FORM,
    TOKEN_URL,
    authorization,
    back,
    entry,
    form,
    har,
    json_content,
    token,
)
from tests.reports.report import TOKEN, Har, Paste, Report, Right

SURE = r"certainty: proven"
ORIGIN = {"Origin": "http://localhost:4200", "Referer": "http://localhost:4200/"}
SPA = AUTHORIZATION.replace("127.0.0.1%3A8765", "localhost%3A4200")
SPA_BACK = BACK.replace("127.0.0.1:8765", "localhost:4200")
FIELD_PARAMS = [{"name": name, "value": value} for name, value in FIELDS.items()]


def of(creator: str, version: str, *entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A file of this program."""
    return har(*entries, creator={"name": creator, "version": version}, **more)


def unanswered(one: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The entry as a browser writes it where no answer came."""
    nothing = {"status": 0, "headers": [], "content": {"size": 0, "mimeType": "x-unknown"}, "httpVersion": ""}
    return {**one, "response": {**one["response"], **nothing, **members}}


REPORTS = (
    Report(
        name="error-in-the-pasted-address",
        source="cemalturkcan/opencode-anthropic-login-via-cli#19",
        symptom="The pasted address brings an error, and the tool sends the whole address as a code.",
        play=Paste(pasted="{uri}?error=access_denied&error_description=The+user+denied+the+request&state={state}\n"),
        right=Right(first=("access-denied",), says=r"access_denied", sent_code=None),
    ),
    Report(
        name="address-of-another-attempt-on-another-port",
        source="Starchild-ai-agent/official-skills#110",
        symptom="The process that printed the address is gone; its redirect is pasted into another one, which listens on another port.",
        play=Paste(pasted="http://127.0.0.1:8080/callback?state=st4teOfAnotherLogin9876543210&code={code}\n"),
        right=Right(
            says=r"127\.0\.0\.1:8080", fix=r"again", sent_code=None, never=rf"{SURE}|close the other tabs|browser tab"
        ),
    ),
    Report(
        name="address-of-another-site",
        source="mozilla/thimble.mozilla.org#1542",
        symptom="A bookmarked callback of a web site, with a state of its own.",
        play=Paste(
            pasted="https://ide.example.org/en-US/callback?code={code}&client_id=wm_1&state=664f4e12-5bec-4141-9aac\n"
        ),
        right=Right(says=r"ide\.example\.org", sent_code=None, never=rf"{SURE}|browser tab"),
    ),
    Report(
        name="address-to-open-cut-and-pasted-back",
        source="anthropics/claude-code#91358",
        symptom="Only the beginning of the address to open can be copied, and that is pasted.",
        play=Paste(
            base_url="{url}",
            pasted="https://airisk.example.com/api/oauth2?client_id=demo-app&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallbac\n",
        ),
        right=Right(first=("paste-refused",), says=r"address to open", sent_code=None),
    ),
    Report(
        name="beginning-of-the-code-not-selected",
        source="GoogleCloudPlatform/gsutil#423",
        symptom="A double click leaves out the code's beginning (4/), and the token endpoint calls it malformed.",
        play=Paste(
            pasted="P7q7W91aoMsCeLvIaQm6bTrgtp7\n",
            token=as_json(400, {"error": "invalid_grant", "error_description": "Malformed auth code."}),
        ),
        right=Right(says=r"whole|cut|copied|pasted", fix=r"whole|paste", never=rf"{SURE}|used before"),
    ),
    Report(
        name="code-wrapped-by-the-terminal",
        source="shivasiddharth/GassistPi#990",
        symptom="The code was copied from a window that wraps its lines, so spaces stand in the middle.",
        play=Paste(pasted="4/xAH6ACqUi3tnXgiTOrgPlowJuHIrjxKiYtMJAn3jp8PSfoK6        xy8Ss24\n"),
        right=Right(outcome=("token",), sent_code="4/xAH6ACqUi3tnXgiTOrgPlowJuHIrjxKiYtMJAn3jp8PSfoK6xy8Ss24"),
    ),
    Report(
        name="code-typed-by-hand",
        source="robsonfelix/robsonfelix-hass-addons#29",
        symptom="The code is typed, as pasting does nothing, and the answer is 400 each time.",
        play=Paste(
            pasted="SplxlOBeZQQYbYS6WxSblA#{state}\n",
            token=as_json(400, {"error": "invalid_grant", "error_description": "Invalid 'code' in request."}),
        ),
        right=Right(says=r"code", fix=r"again|new code|authori[sz]e|paste", never=SURE),
    ),
    Report(
        name="form-only-as-parameters",
        source="httptoolkit/httptoolkit#266",
        symptom="The tool writes a form as decoded parameters, and no text.",
        play=Har(
            archive=of(
                "HTTP Toolkit", "1.0.0", authorization(), back(), token(post={"mimeType": FORM, "params": FIELD_PARAMS})
            )
        ),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="form-of-fiddler",
        source="httprunner/har2case#6",
        symptom="Fiddler writes the parameters before the type, no text, dates with seven digits, and a comment with each entry.",
        play=Har(
            archive=of(
                "Fiddler",
                "5.0.20211.51073",
                authorization(startedDateTime="2026-11-27T20:00:00.1234567+08:00", comment="[#1]"),
                back(startedDateTime="2026-11-27T20:00:01.1234567+08:00", comment="[#2]"),
                token(
                    post={"params": FIELD_PARAMS, "mimeType": FORM},
                    startedDateTime="2026-11-27T20:00:02.1234567+08:00",
                    comment="[#3]",
                    connection="ClientPort:51234;EgressPort:51236",
                ),
                comment="exported @ 27/11/2026",
            )
        ),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="file-of-an-old-firefox",
        source="YMFE/yapi#278",
        symptom="Firefox 56 calls its file version 1.1, names a browser, writes bodySize first, and another Host than the address's.",
        play=Har(
            archive=har(
                authorization(sent={"Host": "internal.example.net"}),
                back(),
                token(post={"mimeType": "", "params": [], "text": form()["text"]}),
                version="1.1",
                creator={"name": "Firefox", "version": "56.0.2"},
                browser={"name": "Firefox", "version": "56.0.2"},
            )
        ),
        right=Right(outcome=("token",), never=r"another host|internal\.example\.net"),
    ),
    Report(
        name="body-without-a-type-is-left-out",
        source="ProxymanApp/Proxyman#1457",
        symptom="The tool leaves out the body of a request that has no Content-Type; the server answered all the same.",
        play=Har(
            archive=of(
                "Proxyman",
                "3.13.0",
                authorization(),
                back(),
                token(
                    400,
                    content=json_content('{"error":"invalid_request","error_description":"grant_type is missing"}'),
                    post=None,
                ),
            )
        ),
        right=Right(tells=r"Content-Type|file", never=SURE),
    ),
    Report(
        name="token-without-its-text",
        source="firefox-devtools/har-export-trigger#31",
        symptom="The add-on leaves out the text of answers; only their type is there.",
        play=Har(
            archive=of(
                "Firefox", "63.0.3", authorization(), back(), token(content={"mimeType": "application/json", "size": 0})
            )
        ),
        right=Right(tells=r"file", never=r"no access_token|empty answer|broken"),
    ),
    Report(
        name="redirects-folded-into-the-last-answer",
        source="cyrus-and/chrome-har-capturer#30",
        symptom="The tool keeps only the last answer of a chain of redirects, and names the address in redirectURL.",
        play=Har(
            archive=of(
                "chrome-har-capturer",
                "0.9.0",
                authorization(headers={"Content-Type": "text/html"}, response={"status": 200, "redirectURL": BACK}),
                token(),
            )
        ),
        right=Right(outcome=("token",), never=r"did not redirect|no redirect"),
    ),
    Report(
        name="code-exchanged-by-two-calls-of-a-page",
        source="FusionAuth/fusionauth-react-sdk#25",
        symptom="A page exchanges the code twice at once: the first call brings the token, the second auth_code_not_found.",
        play=Har(
            archive=of(
                "WebInspector",
                "537.36",
                authorization(url=SPA, location=SPA_BACK),
                back(SPA_BACK),
                token(post=form(redirect_uri="http://localhost:4200/callback"), sent=ORIGIN),
                token(
                    400,
                    post=form(redirect_uri="http://localhost:4200/callback"),
                    sent=ORIGIN,
                    content=json_content('{"error":"invalid_grant","error_reason":"auth_code_not_found"}'),
                    startedDateTime="2026-11-27T12:00:02.200Z",
                ),
            )
        ),
        right=Right(tells=r"twice|second|again|before"),
    ),
    Report(
        name="refusal-that-the-page-may-not-read",
        source="damienbod/angular-auth-oidc-client#1697",
        symptom="The token endpoint answers a page's call with 400 and without a CORS header, and the browser shows ERR_FAILED.",
        play=Har(
            archive=of(
                "WebInspector",
                "537.36",
                authorization(url=SPA, location=SPA_BACK),
                back(SPA_BACK),
                token(
                    400,
                    post=form(redirect_uri="http://localhost:4200/callback"),
                    sent=ORIGIN,
                    content={"size": 0, "mimeType": "application/json"},
                    response={"_error": "net::ERR_FAILED"},
                ),
            )
        ),
        right=Right(
            says=r"Access-Control-Allow-Origin|CORS|origin", never=r"redirect_uri (?:differs|does not)|expired"
        ),
    ),
    Report(
        name="preflight-without-a-route",
        source="idenplane/idenplane#501",
        symptom="The token endpoint answers the preflight with 404, so the page's token request is never sent.",
        play=Har(
            archive=of(
                "WebInspector",
                "537.36",
                authorization(url=SPA, location=SPA_BACK),
                back(SPA_BACK),
                entry(
                    2,
                    "OPTIONS",
                    TOKEN_URL,
                    404,
                    sent={
                        **ORIGIN,
                        "Access-Control-Request-Method": "POST",
                        "Access-Control-Request-Headers": "x-client",
                    },
                    headers={"Content-Type": "application/json"},
                    content=json_content('{"message":"Cannot OPTIONS /api/oauth2/Token","statusCode":404}'),
                ),
                unanswered(
                    token(sent=ORIGIN, post=form(redirect_uri="http://localhost:4200/callback")),
                    _error="net::ERR_FAILED",
                ),
            )
        ),
        right=Right(says=r"OPTIONS|preflight", fix=r"OPTIONS|preflight|Access-Control|origin"),
    ),
    Report(
        name="preflight-of-the-user-info",
        source="sebadob/rauthy#1212",
        symptom="The token came; the page's call of the user info fails, as its preflight is answered by 404.",
        play=Har(
            archive=of(
                "WebInspector",
                "537.36",
                authorization(url=SPA, location=SPA_BACK),
                back(SPA_BACK),
                token(
                    sent=ORIGIN,
                    headers={"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
                    post=form(redirect_uri="http://localhost:4200/callback"),
                ),
                entry(
                    3,
                    "OPTIONS",
                    f"{BASE}/api/oidc/userinfo",
                    404,
                    sent={
                        **ORIGIN,
                        "Access-Control-Request-Method": "GET",
                        "Access-Control-Request-Headers": "authorization",
                    },
                ),
                unanswered(
                    entry(
                        4,
                        "GET",
                        f"{BASE}/api/oidc/userinfo",
                        0,
                        sent={**ORIGIN, "Authorization": f"Bearer {TOKEN}"},
                    ),
                    _error="net::ERR_FAILED",
                ),
            )
        ),
        right=Right(tells=r"OPTIONS|preflight|Access-Control|origin", never=r"token (?:was refused|is not accepted)"),
    ),
    Report(
        name="machine-without-a-network",
        source="mitmproxy/mitmproxy#6246",
        symptom="The browser had no network, so the file has no answer at all.",
        play=Har(
            archive=of("WebInspector", "537.36", unanswered(authorization(), _error="net::ERR_INTERNET_DISCONNECTED"))
        ),
        right=Right(says=r"network|connect", never=r"refused (?:the|by)|did not log in|consent"),
    ),
    Report(
        name="entries-without-times-and-cookies",
        source="zaproxy/zaproxy#8500",
        symptom="A program fails without a word, because entries of the file have no times, no cache and no cookies.",
        play=Har(
            archive=har(
                *(
                    {
                        "startedDateTime": one["startedDateTime"],
                        "request": {
                            name: one["request"].get(name)
                            for name in ("method", "url", "headers", "postData")
                            if one["request"].get(name) is not None
                        },
                        "response": {
                            "status": one["response"]["status"],
                            "headers": one["response"]["headers"],
                            "content": one["response"]["content"],
                        },
                    }
                    for one in (authorization(), back(), token())
                )
            )
        ),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="code-exchanged-twice-with-success",
        source="soofstad/react-oauth2-pkce#39",
        symptom="The page's component is made twice, and both token requests with the same code are answered by a token.",
        play=Har(
            archive=of(
                "Firefox",
                "107.0",
                authorization(url=SPA, location=SPA_BACK),
                back(SPA_BACK),
                token(post=form(redirect_uri="http://localhost:4200/callback"), sent=ORIGIN),
                token(
                    post=form(redirect_uri="http://localhost:4200/callback"),
                    sent=ORIGIN,
                    startedDateTime="2026-11-27T12:00:02.100Z",
                ),
            )
        ),
        right=Right(outcome=("token",), tells=r"twice|second|again", never=r"was refused"),
    ),
    Report(
        name="names-of-parameters-percent-encoded",
        source="https://github.com/BlueCore6989/HAR",
        symptom="A file of Edge ends at the log-in page of an authorization request whose names hold %5F in place of the underscore.",
        play=Har(
            archive=of(
                "WebInspector",
                "537.36",
                entry(
                    0,
                    "GET",
                    "https://login.example.com/tenant/oauth2/authorize?client%5Fid=00000003&response%5Fmode=form%5Fpost"
                    "&response%5Ftype=code%20id%5Ftoken&nonce=n1&redirect%5Furi=https%3A%2F%2Fshare%2Eexample%2Ecom%2F%5Fforms%2F"
                    "default%2Easpx&state=OD0w",
                    200,
                    headers={"Content-Type": "text/html; charset=utf-8"},
                    content={
                        "size": 60,
                        "mimeType": "text/html",
                        "text": "<html><title>Sign in to your account</title></html>",
                    },
                ),
            )
        ),
        right=Right(says=r"ends before|log-?in|log in", never=SURE),
    ),
    Report(
        name="log-in-of-another-protocol-alone",
        source="https://github.com/tomboy40/quickwin",
        symptom="A file of a browser holds the log-in of a company, which is one of SAML, and nothing of OAuth.",
        play=Har(
            archive=of(
                "WebInspector",
                "537.36",
                entry(0, "GET", "https://login.example.com/tenant/saml2?SAMLRequest=fVJdb4IwFP0rpO9", 200),
                entry(1, "POST", "https://login.example.com/tenant/login", 200),
            )
        ),
        right=Right(tells=r"SAML"),
    ),
)
