"""HARs of browsers, proxies and test tools, which leave things out, or write them in a way of their own."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from typing import Any
from urllib.parse import urlencode

from tests.reports.entries import (
    AUTHORIZATION,
    BACK,
    BASE,
    DOCUMENT,
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
from tests.reports.report import CLIENT, CODE, STATE, TOKEN, URI, Har, Report, Right

BROKEN = r"broke off|did not carry|brought no token|without a token"
LEFT_OUT = (
    r"left (it|out)|not (recorded|kept|in the (file|HAR|recording))|leaves? out|holds no body|no body|does not hold"
)
TAKEN = Right(outcome=("token",), quiet=True)
"""The flow is whole, and read as such."""

REDACTED = "[redacted]"
REDACTED_BACK = f"{URI}?code={REDACTED}&state={REDACTED}"
WHOLE = json.dumps(har()).encode()
ELSEWHERE = "https://login.example.org/authorize?client_id=another&redirect_uri=https%3A%2F%2Fairisk.example.com%2Fsignin&state=x"
LATER = "2026-11-27T13:05:00.000Z"
SIGNED_IN = "https://airisk.example.com/signin?code=c0deOfTheOtherProvider&state=x"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def params(**changed: Any) -> list[dict[str, Any]]:
    """The token request's fields, as a list."""
    return [{"name": name, "value": value} for name, value in {**FIELDS, **changed}.items()]


def zipped(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return held.getvalue()


REPORTS = (
    Report(
        name="body-not-recorded",
        source="vercel-labs/agent-browser#1259, mvanhorn/cli-printing-press#2141, sitespeedio/chrome-har#58",
        symptom="The file tells how long each body was, and holds none of them.",
        play=Har(archive=har(authorization(), back(), token(content={"size": 180, "mimeType": "application/json"}))),
        right=Right(tells=LEFT_OUT, never=BROKEN),
    ),
    Report(
        name="body-not-recorded-and-a-comment-says-so",
        source="louisabraham/har2requests#4",
        symptom="One answer of many has no text but a comment: bodies are not included.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    content={
                        "size": 180,
                        "mimeType": "application/json; charset=utf-8",
                        "comment": "Response bodies are not included.",
                    }
                ),
            )
        ),
        right=Right(tells=LEFT_OUT + "|not included", never=BROKEN),
    ),
    Report(
        name="sizes-that-nobody-measured",
        source="microsoft/playwright#42370",
        symptom="The redirect has a Content-Length of 40, and the file says that its body has no byte.",
        play=Har(
            archive=har(
                authorization(headers={"Location": BACK, "Content-Length": "40"}, response={"bodySize": 0}),
                back(),
                token(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="placeholders-of-minus-one",
        source="microsoft/playwright#6254",
        symptom="What was not measured stands as -1 in the file, status and times included.",
        play=Har(
            archive=har(
                authorization(),
                back(status=-1, time=-1, timings={"send": -1, "wait": -1, "receive": -1}),
                token(),
            )
        ),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="callback-refused",
        source="anthropics/claude-code#1529, sitespeedio/chrome-har#60, sitespeedio/chrome-har#74",
        symptom="The browser came back to localhost, where nobody listened; the entry has status 0 and an error of the browser's.",
        play=Har(archive=har(authorization(), back(status=0, _error="net::ERR_CONNECTION_REFUSED"))),
        right=Right(says=r"refused|nothing (listen|accept)|nobody (listen|answer)|could not reach|did not reach"),
    ),
    Report(
        name="callback-blocked-by-the-browser",
        source="mswjs/source#53, janodvarko/harviewer#49, develerik/har-viewer#2",
        symptom="A blocker in the browser kept the request back; the entry has status 0.",
        play=Har(archive=har(authorization(), back(status=0, _error="net::ERR_BLOCKED_BY_CLIENT"))),
        right=Right(says=r"block|extension|could not reach|did not reach"),
    ),
    Report(
        name="token-request-timed-out-says-a-comment",
        source="lightbody/browsermob-proxy#207",
        symptom="A proxy writes what failed into the comment of an answer without a status.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(status=0, content={"size": 0, "mimeType": ""}, headers={}, response={"comment": "Timed out"}),
            )
        ),
        right=Right(says=r"time|no answer|not answered|without an answer|never came", never=BROKEN),
    ),
    Report(
        name="redacted-by-a-sanitiser",
        source="cloudflare/har-sanitizer#25, cloudflare/har-sanitizer#27, DevToys-app/DevToys#1070",
        symptom="A sanitiser wrote the same word over the code, the state, the secret and the token.",
        play=Har(
            archive=har(
                authorization(REDACTED_BACK, url=AUTHORIZATION.replace(STATE, REDACTED)),
                back(REDACTED_BACK),
                token(
                    post=form(code=REDACTED, client_secret=REDACTED),
                    content={
                        "size": 80,
                        "mimeType": "application/json",
                        "text": json.dumps({"access_token": REDACTED, "expiration": "2026-11-27T13:00:00Z"}),
                    },
                ),
            )
        ),
        right=Right(never=r"alphabet of its own|unusable|odd-characters|used (twice|before)"),
    ),
    Report(
        name="fields-as-a-list-only",
        source="mattcg/har-to-curl#6, lightbody/browsermob-proxy#770, tweaselORG/TrackHAR#58",
        symptom="The form stands in the file as a list of its fields, and not as text.",
        play=Har(archive=har(authorization(), back(), token(post={"mimeType": FORM, "params": params()}))),
        right=TAKEN,
    ),
    Report(
        name="fields-as-a-list-percent-encoded",
        source="mattcg/har-to-curl#7, grafana/k6#489",
        symptom="The list of the fields holds them as they went over the wire, percent-encoded.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    post={"mimeType": FORM, "params": params(redirect_uri=URI.replace(":", "%3A").replace("/", "%2F"))}
                ),
            )
        ),
        right=Right(outcome=("token",), quiet=True, never=r"legs-differ|differs|another redirect"),
    ),
    Report(
        name="text-and-list-in-different-encodings",
        source="grafana/har-to-k6#50, grafana/har-to-k6#57",
        symptom="The text is percent-encoded and the list beside it is not, which was taken for a contradiction.",
        play=Har(archive=har(authorization(), back(), token(post={**form(), "params": params()}))),
        right=TAKEN,
    ),
    Report(
        name="text-beside-an-empty-list",
        source="ahmadnassri/node-har#58",
        symptom="The body stands as text, and beside it an empty list of fields, which some read as an empty body.",
        play=Har(archive=har(authorization(), back(), token(post={**form(), "params": []}))),
        right=TAKEN,
    ),
    Report(
        name="field-without-a-value",
        source="grafana/har-to-k6#28",
        symptom="One field of the list is empty, and the file has no value for it.",
        play=Har(
            archive=har(
                authorization(), back(), token(post={"mimeType": FORM, "params": [*params(), {"name": "grant_type"}]})
            )
        ),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="empty-body-of-a-get",
        source="janodvarko/harviewer#76",
        symptom="A GET has an empty body in the file, without type, text or fields.",
        play=Har(archive=har(authorization(post={"mimeType": "", "text": ""}), back(post={}), token())),
        right=TAKEN,
    ),
    Report(
        name="multipart-without-its-boundary",
        source="mitmproxy/mitmproxy#1661, kubeshark/kubeshark#120",
        symptom="The form was multipart; the file names the type without the boundary, and holds the fields as a list.",
        play=Har(
            archive=har(authorization(), back(), token(post={"mimeType": "multipart/form-data", "params": params()}))
        ),
        right=Right(outcome=("token",), never=r"no code|did not carry|was not sent|is missing"),
    ),
    Report(
        name="body-in-base64",
        source="mfoulks3200/har-analyzer#11, yaacov/harproxyserver#15, alufers/mitmproxy2swagger#20",
        symptom="The answer stands in base64, with its encoding named, and was taken as it stood.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    content={
                        "size": 90,
                        "mimeType": "application/json",
                        "text": encoded(DOCUMENT),
                        "encoding": "base64",
                    }
                ),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="base64-that-nothing-names",
        source="lightbody/browsermob-proxy#67, MacroPolo/harshark#13",
        symptom="The answer stands in base64, and the member that says so is missing.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(content={"size": 90, "mimeType": "application/json", "text": encoded(DOCUMENT)}),
            )
        ),
        right=Right(tells=r"base64"),
    ),
    Report(
        name="base64-that-is-none",
        source="zaproxy/zap-extensions#5726, outersky/har-tools#15, UI5/inspector#273",
        symptom="The file says base64, and holds the answer as it is.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(content={"size": 90, "mimeType": "application/json", "text": DOCUMENT, "encoding": "base64"}),
            )
        ),
        right=Right(outcome=("token",), never=BROKEN),
    ),
    Report(
        name="cut-off-file",
        source="nccgroup/LoggerPlusPlus#138",
        symptom="The export broke off in the middle of an entry, and no viewer opens it.",
        play=Har(archive=WHOLE[: len(WHOLE) * 2 // 3]),
        right=Right(tells=r"JSON|\bcut\b|\bends\b|incomplete|broke off"),
    ),
    Report(
        name="byte-order-mark",
        source="mitmproxy/mitmproxy#6897, grafana/har-to-k6#98, deviantintegral/har#18",
        symptom="The file begins with a byte order mark, and is not recognised.",
        play=Har(archive=b"\xef\xbb\xbf" + WHOLE),
        right=TAKEN,
    ),
    Report(
        name="not-in-utf-8",
        source="sdstoehr/har-reader#2",
        symptom="The tool that wrote the file used the encoding of its system, and the reader stops at one byte.",
        play=Har(archive=WHOLE.replace(b'"name": "browser"', b'"name": "navigat\xe9ur"')),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="start-is-an-empty-object",
        source="firefox-devtools/har-export-trigger#7",
        symptom="The time of an entry is an empty object.",
        play=Har(archive=har(authorization(), back(startedDateTime={}), token())),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="start-with-an-offset",
        source="ProxymanApp/Proxyman#865",
        symptom="The times are local ones with an offset, and a reader took them as UTC.",
        play=Har(
            archive=har(
                authorization(startedDateTime="2026-11-27T08:00:00.000-04:00"),
                back(startedDateTime="2026-11-27T08:00:01.000-04:00"),
                token(startedDateTime="2026-11-27T08:00:02.000-04:00"),
            )
        ),
        right=Right(outcome=("token",), quiet=True, expires_at="2026-11-27T13:00:00Z"),
    ),
    Report(
        name="browser-goes-to-https-by-itself",
        source="lensapp/lens#5623, GoogleChrome/lighthouse#12681",
        symptom="The browser itself turned http into https; the file shows it as a redirect with status 307.",
        play=Har(
            archive=har(
                authorization(
                    url=AUTHORIZATION.replace("https:", "http:"),
                    headers={"Location": AUTHORIZATION, "Non-Authoritative-Reason": "HSTS"},
                    response={"status": 307, "statusText": "Internal Redirect"},
                ),
                authorization(),
                back(),
                token(),
            )
        ),
        right=Right(outcome=("token",), never=r"server (sent|redirected)"),
    ),
    Report(
        name="packed-with-gzip",
        source="mitmproxy/mitmproxy#3416, grafana/har-to-k6#50",
        symptom="The file is passed on packed, as .har.gz.",
        play=Har(archive=gzip.compress(WHOLE), file="flow.har.gz"),
        right=Right(tells=r"gzip|packed|compressed|token"),
    ),
    Report(
        name="packed-with-zip",
        source="janodvarko/harviewer#92, nccgroup/LoggerPlusPlus#139, alufers/mitmproxy2swagger#12",
        symptom="The tracker takes no .har, so the file is passed on as .har.zip.",
        play=Har(archive=zipped("flow.har", WHOLE), file="flow.har.zip"),
        right=Right(tells=r"\bzip\b|packed|compressed|unpack|token"),
    ),
    Report(
        name="images-inside-the-page",
        source="firefox-devtools/bidi-har-export#26",
        symptom="Addresses that begin with data: stand among the entries.",
        play=Har(
            archive=har(
                {
                    **entry(0, "GET", "https://airisk.example.com/", 200),
                    "request": {"method": "GET", "url": "data:image/png;base64,iVBORw0KGgo="},
                },
                authorization(),
                back(),
                token(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="version-of-http-that-is-noise",
        source="httptoolkit/httptoolkit#880",
        symptom="One entry holds bytes that never were HTTP, and the whole file is refused.",
        play=Har(
            archive=har(
                {
                    **entry(0, "Q}T3", "https://airisk.example.com/", 0),
                    "request": {"method": "Q}T3", "url": "", "httpVersion": "HTTP/Q}T3\f"},
                },
                authorization(),
                back(),
                token(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="login-at-another-provider-in-between",
        source="auth0/docs#6622",
        symptom="Between the authorization request and the way back stands the login at another provider, with a code of its own.",
        play=Har(
            archive=har(
                authorization(ELSEWHERE),
                entry(0, "GET", ELSEWHERE, 302, headers={"Location": SIGNED_IN}),
                entry(0, "GET", SIGNED_IN, 302, headers={"Location": BACK}),
                back(),
                token(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="refresh-is-refused-later",
        source="farmOS/field-kit#452, xee-lab/xee-api-docs#82, lsiddiquee/bmw-connected-drive#26",
        symptom="The login went well; an hour later the token is refused, and so is the refresh.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(),
                entry(
                    30,
                    "GET",
                    f"{BASE}/api/Users/ListUsers",
                    401,
                    sent={"Authorization": f"Bearer {TOKEN}"},
                    startedDateTime=LATER,
                ),
                entry(
                    31,
                    "POST",
                    TOKEN_URL,
                    400,
                    post={
                        "mimeType": FORM,
                        "text": f"grant_type=refresh_token&client_id={CLIENT}&refresh_token=r3freshOfTheReport",
                    },
                    content=json_content('{"error": "invalid_grant"}'),
                    startedDateTime=LATER,
                ),
            )
        ),
        right=Right(says=r"401|refresh|expired", tells=r"refresh"),
    ),
    Report(
        name="callback-refused-as-a-test-tool-writes-it",
        source="microsoft/playwright#22325",
        symptom="A failed request has the status -1 and an unknown type, and its error in a member of the tool's own.",
        play=Har(
            archive=har(
                authorization(),
                back(
                    status=-1,
                    time=-1,
                    content={"size": -1, "mimeType": "x-unknown"},
                    response={"_failureText": "net::ERR_CONNECTION_REFUSED", "bodySize": -1},
                ),
            )
        ),
        right=Right(says=r"refused|nothing listened|could not reach", never=BROKEN),
    ),
    Report(
        name="token-request-retried-after-it-was-cut",
        source="microsoft/playwright#40682",
        symptom="The first token request was cut off, and the browser sent it again; both stand in the file.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    content={"size": -1, "mimeType": "x-unknown"},
                    headers={"Content-Encoding": "gzip"},
                    response={"_failureText": "net::ERR_EMPTY_RESPONSE"},
                ),
                token(startedDateTime="2026-11-27T12:00:03.000Z"),
            )
        ),
        right=Right(outcome=("token",)),
    ),
    Report(
        name="body-not-base64",
        source="zaproxy/zap-extensions#5726",
        symptom="A browser marks a body as base64 and writes it as it is.",
        play=Har(archive=har(authorization(), back(), token(content={**json_content(), "encoding": "base64"}))),
        right=Right(outcome=("token",), never=BROKEN),
    ),
    Report(
        name="request-bodies-left-out",
        source="ProxymanApp/Proxyman#1614",
        symptom="A proxy leaves the bodies of requests out, and keeps those of answers.",
        play=Har(archive=har(authorization(), back(), token(post=None))),
        right=Right(outcome=("token",), never=rf"no client secret|client secret was not sent|{BROKEN}"),
    ),
    Report(
        name="tunnels-are-entries-too",
        source="wanghongenpin/proxypin#310",
        symptom="A proxy writes an entry for each tunnel, with the method CONNECT and no address but a host.",
        play=Har(
            archive=har(
                entry(0, "CONNECT", "http://airisk.example.com", 200, serverIPAddress="203.0.113.7:443"),
                authorization(serverIPAddress="203.0.113.7:443"),
                back(),
                entry(1, "CONNECT", "http://airisk.example.com:443/", 200),
                token(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="names-without-values",
        source="ProxymanApp/Proxyman#1793",
        symptom="Headers stand there without a value, values of parameters are true and not text, methods are in small letters.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    request={
                        "method": "post",
                        "url": TOKEN_URL,
                        "httpVersion": "HTTP/1.1",
                        "headers": [{"name": "Content-Type"}, {"name": "Origin", "value": "https://app.example.com"}],
                        "queryString": [{"name": "remember", "value": True}],
                        "cookies": [],
                        "headersSize": -1,
                        "bodySize": 335,
                        "postData": form(),
                    }
                ),
            )
        ),
        right=Right(outcome=("token",), never=BROKEN),
    ),
    Report(
        name="times-that-are-null",
        source="mitmproxy/mitmproxy#7377",
        symptom="Where a proxy measured nothing, null stands in place of a number.",
        play=Har(
            archive=har(
                authorization(time=None, timings={"send": None, "wait": None, "receive": None}),
                back(time=None, startedDateTime="2026-11-27T12:00:01.123456+00:00"),
                token(time=None, timings=None),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="preflight-before-the-token-request",
        source="readest/readest#5444, w3c/ServiceWorker#1498",
        symptom="A page that runs in the browser asks with OPTIONS before it sends its token request.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                entry(
                    1,
                    "OPTIONS",
                    TOKEN_URL,
                    204,
                    headers={"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "content-type"},
                    sent={"Access-Control-Request-Method": "POST", "Origin": "https://app.example.com"},
                ),
                token(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="login-header-taken-out-by-the-browser",
        source="cyrus-and/chrome-har-capturer#44",
        symptom="The browser's export leaves out cookies and Authorization, where the client's ID and secret stood.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    post={
                        "mimeType": FORM,
                        "text": urlencode({"grant_type": "authorization_code", "code": CODE, "redirect_uri": URI}),
                    }
                ),
            )
        ),
        right=Right(
            outcome=("token",), never=r"client secret (is|was) (missing|not sent)|no client secret|legs-differ"
        ),
    ),
    Report(
        name="back-button-after-the-login",
        source="nextauthjs/next-auth#11642",
        symptom="After the login the person went back, so the callback came once more and showed an error.",
        play=Har(
            archive=har(
                authorization(),
                back(status=302, headers={"Location": "/dashboard"}),
                token(),
                back(
                    status=500,
                    content={"size": 24, "mimeType": "text/html", "text": "<h1>Server error</h1>"},
                    startedDateTime="2026-11-27T12:00:20.000Z",
                ),
            )
        ),
        right=Right(outcome=("token",), never=r"brought no token"),
    ),
    Report(
        name="version-that-is-rubbish",
        source="httptoolkit/httptoolkit#880",
        symptom="An entry that was no HTTP stands in the file, with unreadable bytes as its version.",
        play=Har(
            archive=har(
                entry(0, "GET", "https://airisk.example.com/x", 0, response={"httpVersion": "HTTP/Q}T3X\x0c\x0b0Q}T3"}),
                authorization(),
                back(),
                token(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="addresses-without-a-scheme",
        source="PixelCyber/Thor#69",
        symptom="The program that wrote the file left the scheme out of every address.",
        play=Har(
            archive=json.loads(WHOLE.decode().replace("https://airisk.example.com/", "airisk.example.com/")),
        ),
        right=Right(tells=r"scheme|https?://|address"),
    ),
    Report(
        name="body-as-text-and-as-params",
        source="louisabraham/har2requests#8",
        symptom="A browser writes the body twice, as text and as a list of parameters, and a reader refuses both.",
        play=Har(archive=har(authorization(), back(), token(post={**form(), "params": params()}))),
        right=TAKEN,
    ),
    Report(
        name="calls-that-were-not-answered",
        source="nccgroup/LoggerPlusPlus#216",
        symptom="A call that was not complete when the file was written has no response at all.",
        play=Har(
            archive=har(
                {**entry(0, "GET", "https://airisk.example.com/waiting", 0), "response": None},
                authorization(),
                back(),
                token(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="timings-are-missing",
        source="firebug/har-export-trigger#27, firefox-devtools/har-export-trigger#43",
        symptom="Some entries have neither timings nor a time, and tools call the file invalid.",
        play=Har(
            archive=har(
                *(
                    {name: value for name, value in each.items() if name not in ("timings", "time", "cache")}
                    for each in (authorization(), back(), token())
                )
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="entries-without-a-log-around-them",
        source="Adobe-Marketing-Cloud/mobile-services#150, microsoftgraph/microsoft-graph-explorer-v4#1182",
        symptom="What calls itself a HAR has no log around its entries, and viewers stop at something undefined.",
        play=Har(archive={"entries": [authorization(), back(), token()]}),
        right=Right(tells=r"log|entries|HAR"),
    ),
    Report(
        name="flow-file-of-a-proxy",
        source="alufers/mitmproxy2swagger#12",
        symptom="The file is the proxy's own format and not a HAR, and is called corrupted.",
        play=Har(archive=b"6:9:version;2:21#;8:response;0:~7:request;", file="flows.har"),
        right=Right(tells=r"no HAR|not a HAR|JSON"),
    ),
    Report(
        name="preflight-fails-and-no-token-request-follows",
        source="ory/hydra#1421, idenplane/idenplane#475",
        symptom="The page's OPTIONS to the token endpoint gets a 404 without CORS headers, and nothing follows.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                entry(
                    2,
                    "OPTIONS",
                    TOKEN_URL,
                    404,
                    sent={"Origin": "http://127.0.0.1:8765", "Access-Control-Request-Method": "POST"},
                ),
            )
        ),
        right=Right(tells=r"CORS|preflight|OPTIONS|Access-Control", never=BROKEN),
    ),
    Report(
        name="answer-that-the-browser-kept-from-the-page",
        source="simplesamlphp/simplesamlphp-module-oidc#318, pocket-id/pocket-id#64",
        symptom="The token request is answered, but without Access-Control-Allow-Origin, so the page may not read it.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    sent={"Origin": "http://127.0.0.1:8765"},
                    status=0,
                    headers={},
                    content={"size": 0, "mimeType": "x-unknown"},
                    _error="net::ERR_FAILED",
                ),
            )
        ),
        right=Right(tells=r"CORS|Access-Control|browser", never=rf"{BROKEN}|certificate|base URL"),
    ),
    Report(
        name="authorization-header-is-taken-out-of-the-file",
        source="sitespeedio/sitespeed.io#4526",
        symptom="Headers with secrets were dropped before the file was shared, and the token request came with Basic.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    post={
                        "mimeType": FORM,
                        "text": urlencode({name: FIELDS[name] for name in ("redirect_uri", "code")}),
                    }
                ),
            )
        ),
        right=Right(
            outcome=("token",), never=r"without (a )?client|no client secret|not authenticated|client_id is missing"
        ),
    ),
    Report(
        name="request-body-in-base64",
        source="reqable/reqable-app#767",
        symptom="The form that was sent stands in the file in base64, and says so, which other programs do not read.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(post={"mimeType": FORM, "text": encoded(urlencode(FIELDS)), "encoding": "base64"}),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="request-body-that-was-cloned",
        source="microsoft/playwright#27845, microsoft/playwright#6479",
        symptom="The page cloned its request, so the file has no body of it, while the answer is there.",
        play=Har(archive=har(authorization(), back(), token(post={"mimeType": FORM, "text": ""}))),
        right=Right(
            outcome=("token",),
            never=r"(code|client_id|redirect_uri|secret) (is|was) missing|did not send|without (a|the) code",
        ),
    ),
    Report(
        name="answer-in-base64-of-a-test-tool",
        source="microsoft/playwright#11532",
        symptom="A test tool writes every body in base64, and a browser shows it undecoded.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    content={
                        "size": len(DOCUMENT),
                        "mimeType": "application/json",
                        "text": encoded(DOCUMENT),
                        "encoding": "base64",
                    }
                ),
            )
        ),
        right=TAKEN,
    ),
)
