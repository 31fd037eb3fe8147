"""What clients on a command line, and those of the Model Context Protocol, hear at their callback and get pasted."""

from __future__ import annotations

from tests.reports.answers import redirect
from tests.reports.callback import NOBODY, TAKEN, call
from tests.reports.refusal import CODE_BLAMED, SECRET_BLAMED, sent_back
from tests.reports.report import CODE, SHORT, Callback, Direct, Paste, Report, Right

FORM = "Content-Type: application/x-www-form-urlencoded"
FIELDS = "code={code}&state={state}"
ANOTHER = "/callback?code=c0deOfAnotherLogin&state=stateOfAnotherLogin9876543"
OLD_TAB = r"old (browser )?tab|slip in"

REPORTS = (
    Report(
        name="separator-lost-at-the-callback",
        source="supabase/mcp#342",
        symptom="The server joins its answer to the path by &, and the browser shows an empty page.",
        play=Callback(calls=(call("GET", "/callback&code={code}&state={state}"),), wait=SHORT),
        right=Right(says=r"\?|question mark|&", never=NOBODY, sent_code=(CODE, None)),
    ),
    Report(
        name="question-mark-lost-in-the-redirect",
        source="supabase/mcp#342",
        symptom="The answer follows the path of the redirect URI without any separator.",
        play=Direct(authorize=redirect("{uri}code={code}&state={state}")),
        right=Right(says=r"\?|question mark|separator", never=r"another of the URIs|register", sent_code=(CODE, None)),
    ),
    Report(
        name="question-mark-lost-at-the-callback",
        source="supabase/mcp#342",
        symptom="The browser asks for /callbackcode=…, and nothing is there.",
        play=Callback(calls=(call("GET", "/callbackcode={code}&state={state}"),), wait=SHORT),
        right=Right(says=r"\?|question mark|separator", never=NOBODY, sent_code=(CODE, None)),
    ),
    Report(
        name="answer-at-the-root",
        source="int128/kubelogin#1479, stackitcloud/stackit-cli#1190",
        symptom="The redirect URI has a path, and the browser comes back to the root, with the answer.",
        play=Callback(calls=(call("GET", "/?code={code}&state={state}"),), wait=SHORT),
        right=Right(first=("callback-other-path",), says=r"path|“/”", never=NOBODY, sent_code=(CODE, None)),
    ),
    Report(
        name="form-at-the-root",
        source="auth0/angular2-jwt#368",
        symptom="The answer is posted as a form, to another path than the redirect URI's.",
        play=Callback(calls=(call("POST", "/", FORM, "Origin: https://login.example.com", body=FIELDS),), wait=SHORT),
        right=Right(says=r"POST|path|“/”", never=NOBODY, sent_code=(CODE, None)),
    ),
    Report(
        name="answer-behind-a-longer-path",
        source="vellum-ai/vellum-assistant#35725",
        symptom="The callback of the platform is fixed to a path below the one that listens, and gets a 404.",
        play=Callback(calls=(call("GET", "/callback/platform?code={code}&state={state}"),), wait=SHORT),
        right=Right(first=("callback-other-path",), says=r"/callback/platform", never=NOBODY),
    ),
    Report(
        name="tabs-of-two-logins",
        source="auth0/nextjs-auth0#142, auth0/express-openid-connect#173",
        symptom="Two tabs are open, and the one of the earlier login comes back first.",
        play=Callback(calls=(call("GET", ANOTHER), call())),
        right=TAKEN,
    ),
    Report(
        name="tabs-of-two-other-logins",
        source="auth0/nextjs-auth0#142, flexcompute/Flow360#1985",
        symptom="Two tabs of earlier logins come back, and that of this one never does.",
        play=Callback(calls=(call("GET", ANOTHER), call("GET", ANOTHER.replace("9876543", "1234567"))), wait=SHORT),
        right=Right(says=r"state", never=rf"{NOBODY}|altered", sent_code=None),
    ),
    Report(
        name="stale-answer-after-the-right-one",
        source="mvanhorn/printing-press-library#1553",
        symptom="The answer comes, and a moment later a stale tab calls with another state.",
        play=Callback(calls=(call(), call("GET", ANOTHER))),
        right=TAKEN,
    ),
    Report(
        name="code-that-is-the-word-undefined",
        source="asgardeo/asgardeo-java-oidc-sdk#26",
        symptom="A script of the login page joins what it has not got: the code is the word undefined.",
        play=Direct(authorize=redirect("{uri}?code=undefined&state={state}")),
        right=Right(
            says=r"undefined", never=SECRET_BLAMED, sent_code=(None, "undefined"), fix=r"server|administrator|script"
        ),
    ),
    Report(
        name="code-that-is-the-word-null",
        source="auth0/lock#1010, asgardeo/asgardeo-java-oidc-sdk#26",
        symptom="The login comes back with the word null for a code, a few times a day.",
        play=Callback(calls=(call("GET", "/callback?code=null&state={state}"),), wait=SHORT),
        right=Right(says=r"\bnull\b", never=rf"{NOBODY}|{SECRET_BLAMED}", sent_code=None),
    ),
    Report(
        name="state-escaped-for-a-page",
        source="websanova/vue-auth#100",
        symptom="The state is JSON, and its quotation marks come back as &#34;.",
        play=Direct(
            authorize=redirect("{uri}?code={code}&state={%26%2334;remember%26%2334;:false,%26%2334;n%26%2334;:7041}"),
            options=("--state", '{"remember":false,"n":7041}'),
        ),
        right=Right(
            first=("state-altered",), says=r"HTML|escap", never=r"--state none|sends a state of its own", sent_code=None
        ),
    ),
    Report(
        name="redirect-escaped-for-json",
        source="meteor/meteor#9484",
        symptom="The address was escaped for a script, and its & is written as \\u0026 in the redirect.",
        play=Direct(authorize=redirect("{uri}?code={code}\\u0026state={state}")),
        right=Right(says=r"u0026|escap", never=rf"--state none|{CODE_BLAMED}", sent_code=(CODE, None)),
    ),
    Report(
        name="application-of-one-tenant",
        source="comdotwww/ms_graph_docker#1",
        symptom="The redirect has no code: the application is registered for one tenant, and all were asked.",
        play=Direct(
            authorize=sent_back(
                "invalid_request",
                "AADSTS50194%3A+Application+%27demo%27+is+not+configured+as+a+multi-tenant+application.+Usage+of+the+%2Fcommon"
                "+endpoint+is+not+supported+for+such+apps.",
            )
        ),
        right=Right(says=r"multi-tenant", fix=r"tenant|administrator|base", never=r"client-unknown|requires the field"),
    ),
    Report(
        name="challenge-method-is-missing-behind-a-hash",
        source="babangsund/cypress-keycloak#42",
        symptom="The refusal stands behind #: the parameter code_challenge_method is missing.",
        play=Direct(
            authorize=redirect(
                "{uri}#error=invalid_request&error_description=Missing+parameter%3A+code_challenge_method&state={state}"
            )
        ),
        right=Right(says=r"code_challenge_method|PKCE", fix=r"pkce", never=r"client-unknown", sent_code=None),
    ),
    Report(
        name="login-page-that-is-on-localhost",
        source="loculus-project/loculus#881",
        symptom="The server stands in a container and takes itself for localhost, where its login page is said to be.",
        play=Direct(
            authorize=redirect(
                "http://localhost:8083/realms/demo/login-actions/authenticate?session_code=TNsHK&tab_id=yy7F"
            )
        ),
        right=Right(
            says=r"localhost:8083|login|log in", never=r"sent the code|code=TNsHK|port of the redirect", sent_code=None
        ),
    ),
    Report(
        name="page-after-the-answer-is-pasted",
        source="router-for-me/CLIProxyAPI#2115",
        symptom="What is pasted is the page that the browser shows in the end, and no longer the redirect.",
        play=Paste(pasted="http://localhost:1455/success\n"),
        right=Right(tells=r"neither|no code|holds no", never=r"nothing was pasted", sent_code=None),
    ),
    Report(
        name="nothing-behind-the-question-mark-is-pasted",
        source="netptop/siteproxy#149",
        symptom="The address that is copied ends with its question mark.",
        play=Paste(pasted="{uri}?\n"),
        right=Right(tells=r"neither|no code|holds no|nothing behind", never=r"nothing was pasted", sent_code=None),
    ),
    Report(
        name="wrapped-and-indented-paste",
        source="anthropics/claude-code#37931",
        symptom="The address was marked with the mouse over two lines, with a break and spaces in the middle of the code.",
        play=Paste(pasted="{uri}?code=" + CODE[:9] + "\n    " + CODE[9:] + "&state={state}\n"),
        right=Right(tells=r"line|space|joined", never=r"nothing was pasted", sent_code=(CODE, None)),
    ),
    Report(
        name="address-between-brackets-is-pasted",
        source="TriDefender/zcode-api#42",
        symptom="The example showed the address between brackets, and so it is pasted.",
        play=Paste(pasted="[{uri}?code={code}&state={state}]\n"),
        right=Right(never=r"nothing was pasted|state-", sent_code=(CODE, None)),
    ),
    Report(
        name="state-of-a-login-without-one",
        source="longbridge/longbridge-terminal#32",
        symptom="Only the value of the code is pasted, and nothing else of the address.",
        play=Paste(pasted="{code}\n"),
        right=Right(outcome=("token",), sent_code=CODE, never=OLD_TAB),
    ),
)
