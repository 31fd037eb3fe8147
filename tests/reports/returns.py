"""How the answer comes back: through a page, a shell, a forwarded port, a clipboard."""

from __future__ import annotations

from tests.reports.answers import page, redirect, says
from tests.reports.callback import BROWSER, call
from tests.reports.report import CLIENT, CODE, SHORT, URI, Callback, Direct, Paste, Report, Right

NOBODY = r"nobody came|nothing was pasted"

REPORTS = (
    Report(
        name="page-that-leads-on-by-a-script",
        source="BerriAI/litellm#23355",
        symptom="The last hop is a page with a script in place of a redirect, because a policy of the browser forbade the redirect.",
        play=Direct(
            authorize=page(
                200,
                '<head><title>Redirecting</title></head><body><script>window.location.replace("{uri}?code={code}&state={state}")'
                "</script></body>",
            )
        ),
        right=Right(sent_code=(CODE, None), says=r"page|script|body", never=r"login page|answer-without-redirect"),
    ),
    Report(
        name="token-posted-to-the-listener",
        source="goodrain/rainbond-ui#1754",
        symptom="The page of the login posts a token to the listener, where a code belongs.",
        play=Callback(
            wait=SHORT,
            calls=(
                call(
                    "POST",
                    "/callback",
                    "Content-Type: application/json",
                    "Origin: https://console.example.com",
                    body='{"token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmVk","user":"demo"}',
                ),
            ),
        ),
        right=Right(sent_code=None, says=r"token", never=NOBODY),
    ),
    Report(
        name="nobody-comes-to-a-codespace",
        source="expo/eas-cli#4129",
        symptom="The program runs in a Codespace, and the browser looks for localhost on the person's own machine.",
        play=Callback(
            wait=SHORT,
            calls=(),
            redirect_uri="http://localhost:{port}/callback",
            variables={
                "CODESPACES": "true",
                "CODESPACE_NAME": "fluffy-train-7",
                "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN": "app.github.dev",
            },
        ),
        right=Right(first=("nobody-came",), tells=r"Codespace", fix=r"forward|paste"),
    ),
    Report(
        name="shell-cut-the-address-before-the-browser",
        source="entireio/cli#1981, raine/claude-code-proxy#106, agentmuxai/agentmux#1938",
        symptom="cmd cut the address at its first &, so that the server misses the redirect URI; the cut address is pasted back.",
        play=Paste(pasted=f"https://airisk.example.com/api/oauth2?client_id={CLIENT}\n"),
        right=Right(sent_code=None, tells=r"cut|first &|quot|incomplete|whole address", never=NOBODY),
    ),
    Report(
        name="terminal-keeps-1024-characters",
        source="MShekow/focus-time-app#39, google-antigravity/antigravity-cli#341, rclone/rclone#2732",
        symptom="The line of the terminal holds 1024 characters, and the rest of the address is lost without a word.",
        play=Paste(pasted="{uri}?code=" + ("M.C553_BAY.2.U." + "x7Yz9Q" * 200)[:986] + "\n"),
        right=Right(sent_code=None, tells=r"1,?02[34]|cut|terminal|too long", never=r"--state none"),
    ),
    Report(
        name="redirect-uri-without-port-and-path",
        source="blacktirion/email-oauth2-proxy-docker#19",
        symptom="http://localhost is registered, as it is, and the browser shows it with a slash.",
        play=Paste(redirect_uri="http://localhost", pasted="http://localhost/?code={code}&state={state}\n"),
        right=Right(sent_code=CODE, outcome=("token",), never=r"another (path|address)"),
    ),
    Report(
        name="curl-command-of-the-browser-is-pasted",
        source="postmanlabs/postman-app-support#1157",
        symptom="The person copied the failed request out of the browser as a curl command.",
        play=Paste(
            pasted="curl '{uri}?code={code}&state={state}' -H '" + BROWSER + "' -H 'Accept: text/html' --compressed\n"
        ),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="name-of-the-token-endpoint-is-unknown-here",
        source="evoila/meho#2107, node-fetch/node-fetch#164",
        symptom="The company's name server knows the host of the login only over the tunnel, and this machine asks another one.",
        play=Direct(base_url="http://login.airisk.invalid"),
        right=Right(
            says=r"login\.airisk\.invalid", fix=r"VPN|DNS|network", tells=r"VPN", never=r"certificate|firewall refuses"
        ),
    ),
    Report(
        name="nobody-comes-to-wsl",
        source="microsoft/WSL#12406, microsoft/WSL#9921, sahat/hackathon-starter#1081, openfaas/docs#360",
        symptom="The program runs in WSL, the browser on Windows, and localhost is not passed on between them.",
        play=Callback(wait=SHORT, calls=(), variables={"WSL_DISTRO_NAME": "Ubuntu", "DISPLAY": ":0"}),
        right=Right(first=("nobody-came", "browser-elsewhere"), tells=r"WSL", fix=r"paste", never=r"docker run"),
    ),
    Report(
        name="parameter-that-was-sent-is-missed",
        source="MaayanLab/FAIRshake#90",
        symptom="The page of the login passes the address on without encoding it, so that everything behind the first & is lost.",
        play=Direct(authorize=says(400, "Missing redirect_uri")),
        right=Right(says=r"redirect_uri", tells=r"dropped it|lost", never=r"--redirect-uri URI|--param redirect_uri"),
    ),
    Report(
        name="login-proxy-of-another-name",
        source="goauthentik/authentik#3305",
        symptom="A login proxy stands before the whole host and sends the token request to its own start page.",
        play=Direct(
            token=redirect(
                "https://auth.example.com/outpost.goauthentik.io/start?rd=https%3A%2F%2Fairisk.example.com%2Fapi%2Foauth2%2FToken"
            )
        ),
        right=Right(says=r"log.?in", never=r"client-|secret is wrong|--base-url https://auth"),
    ),
    Report(
        name="code-alone-between-backticks",
        source="anthropics/claude-code#34555",
        symptom="The code is copied out of a chat, with the marks of code around it.",
        play=Paste(pasted="`{code}#{state}`\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="log-line-is-pasted",
        source="Gururagavendra/gmail-cleaner#72",
        symptom="The person pastes the line of a web server's log, which holds the request and not the address.",
        play=Paste(
            pasted='127.0.0.1 - - [28/Nov/2026:09:10:05 +0000] "GET /callback?code={code}&state={state} HTTP/1.1" 404 153\n'
        ),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="slash-in-the-code-is-encoded",
        source="ntawileh/obsidian-google-lookup#51",
        symptom="The code has a slash, which the address that is pasted has as %2F.",
        play=Paste(pasted="{uri}?code=4%2F0AUJR-x7Yz9Qabc&state={state}&scope=openid\n"),
        right=Right(sent_code="4/0AUJR-x7Yz9Qabc", outcome=("token",)),
    ),
    Report(
        name="query-of-the-redirect-uri-is-encoded-twice",
        source="linode/manager#2923",
        symptom="The redirect URI has a query with an escape in it, which the server encodes once more.",
        play=Direct(
            redirect_uri=f"{URI}?test=special%3Dvalue",
            authorize=redirect(f"{URI}?test=special%253Dvalue&code={{code}}&state={{state}}"),
        ),
        right=Right(sent_code=(CODE, None), never=r"old tab|another run|register"),
    ),
    Report(
        name="redirect-uri-of-every-address",
        source="cloudflare/workers-sdk#10603",
        symptom="The program listens on every address of its container, and asks to be sent back to 0.0.0.0, which is refused.",
        play=Direct(redirect_uri="http://0.0.0.0:8765/callback", authorize=says(400, "Invalid redirect_uri")),
        right=Right(says=r"0\.0\.0\.0|redirect_uri", tells=r"127\.0\.0\.1|localhost", never=r"client-unknown"),
    ),
    Report(
        name="name-of-the-hosts-file-is-the-redirect-uri",
        source="docker/for-win#5538",
        symptom="The redirect URI has a name of one's own, which the file of hosts leads to this machine or to a container.",
        play=Callback(wait=SHORT, calls=(), redirect_uri="http://goofy.example.test:{port}/callback"),
        right=Right(first=("callback-not-here",), fix=r"paste|--listen", never=r"certificate"),
    ),
    Report(
        name="curl-command-with-its-address-at-the-end",
        source="postmanlabs/postman-app-support#5424",
        symptom="A recording proxy writes the options of the command first, and the address behind them.",
        play=Paste(
            pasted="curl -H 'Host: 127.0.0.1' -H 'accept: */*' --compressed '{uri}?code={code}&state={state}'\n"
        ),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="address-with-a-port-of-another-window",
        source="Gururagavendra/gmail-cleaner#72",
        symptom="The port outside the container is another than inside; the person pastes the address as the browser shows it.",
        play=Paste(pasted="http://127.0.0.1:18767/callback?code={code}&state={state}\n"),
        right=Right(sent_code=(CODE, None), tells=r"port", never=r"old tab|nothing was pasted"),
    ),
    Report(
        name="header-line-of-a-verbose-curl-is-pasted",
        source="KenTaniguchi-R/ledgr#134",
        symptom="The person pastes the line with the location out of what curl -v showed.",
        play=Paste(pasted="< location: {uri}?code={code}&state={state}\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
)
