"""What comes to the listener before, beside or in place of a browser with the answer."""

from __future__ import annotations

import json

from tests.reports.report import CODE, SHORT, Callback, Report, Right

ANSWER = "/callback?code={code}&state={state}"
BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36"
)
LOCALHOST = "http://localhost:{port}/callback"
TAKEN = Right(sent_code=CODE, outcome=("token",))
NOBODY = r"nobody came"
HELLO = bytes.fromhex("160301") + b"\x00\xc8\x01\x00\x00\xc4\x03\x03" + bytes(32) + b"\x00" * 160
"""How TLS begins."""


def call(method: str = "GET", target: str = ANSWER, *headers: str, body: str = "", host: str = "{host}") -> bytes:
    """One request of a browser. In a body `{code}` and `{state}` have the length of what they stand for."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", BROWSER, "Connection: close", *headers]
    if body:
        lines.append(f"Content-Length: {len(body.replace('{code}', 'c' * 22).replace('{state}', 's' * 26))}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


REPORTS = (
    Report(
        name="json-is-posted",
        source="open-banking-io/clients#45",
        symptom="The page of the login posts code and state as JSON, and the tool says that nobody came.",
        play=Callback(
            wait=SHORT,
            calls=(
                call(
                    "POST",
                    "/callback",
                    "Content-Type: application/json",
                    "Origin: https://login.example.com",
                    body=json.dumps({"code": "{code}", "state": "{state}"}),
                ),
            ),
        ),
        right=Right(says=r"JSON|POST|415", never=NOBODY),
    ),
    Report(
        name="form-is-posted",
        source="AzureAD/microsoft-authentication-library-for-js#8694, panva/node-oidc-provider#81",
        symptom="With response_mode=form_post the answer comes as a form in a POST.",
        play=Callback(
            calls=(
                call(
                    "POST",
                    "/callback",
                    "Content-Type: application/x-www-form-urlencoded",
                    body="code={code}&state={state}",
                ),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="preflight-comes-first",
        source="lionello/onedrive-cli#63",
        symptom="The browser asks with OPTIONS whether a public page may call this machine, and the listener breaks.",
        play=Callback(
            calls=(
                call(
                    "OPTIONS",
                    ANSWER,
                    "Origin: https://login.example.com",
                    "Access-Control-Request-Method: GET",
                    "Access-Control-Request-Private-Network: true",
                ),
                call(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="icon-comes-first",
        source="twitchdev/twitch-cli#156, langchain-ai/openwiki#481",
        symptom="The browser asks for /favicon.ico, and the listener takes that for the answer.",
        play=Callback(calls=(call("GET", "/favicon.ico"), call())),
        right=TAKEN,
    ),
    Report(
        name="icon-comes-alone",
        source="twitchdev/twitch-cli#156",
        symptom="Only the icon is asked for; the answer itself never comes.",
        play=Callback(wait=SHORT, calls=(call("GET", "/favicon.ico"),)),
        right=Right(first=("nobody-came",), never=r"callback-other-path"),
    ),
    Report(
        name="prefetch-comes-first",
        source="streamlit/streamlit#15589",
        symptom="The browser fetches the redirect URI ahead of the person, and the code is spent on that.",
        play=Callback(calls=(call("GET", ANSWER, "Sec-Purpose: prefetch"), call())),
        right=TAKEN,
    ),
    Report(
        name="silent-connections-come-first",
        source="vercel-labs/fx#347, aws-solutions-library-samples/guidance-for-claude-code-with-amazon-bedrock#269",
        symptom="The browser opens connections on which it says nothing, and a listener that serves one at a time hangs.",
        play=Callback(calls=(b"", b"", call())),
        right=TAKEN,
    ),
    Report(
        name="head-comes-alone",
        source="nitinsh06/Django-Verify-Email#62, edalzell/laravel-passwordless-login#79",
        symptom="A program looks the link up with HEAD, and the one-time value is spent on that.",
        play=Callback(wait=SHORT, calls=(call("HEAD"),)),
        right=Right(sent_code=None, says=r"HEAD", never=NOBODY),
    ),
    Report(
        name="head-comes-first",
        source="panva/openid-client#351, nhost/hasura-auth#354",
        symptom="A HEAD comes to the callback path before the GET of the browser.",
        play=Callback(calls=(call("HEAD"), call())),
        right=TAKEN,
    ),
    Report(
        name="answer-comes-twice",
        source="intuit/quickbooks-online-mcp-server#78, google-gemini/gemini-cli#29069, mozilla/mozilla-django-oidc#332",
        symptom="The callback comes twice, and the second exchange spoils what the first one brought.",
        play=Callback(calls=(call(), call())),
        right=Right(sent_code=CODE, outcome=("token",), quiet=True),
    ),
    Report(
        name="two-answers-with-two-codes",
        source="discord/discord-api-docs#6073",
        symptom="The page of the login leads to the callback twice, each time with another code.",
        play=Callback(calls=(call(), call("GET", "/callback?code=AnotherCodeOfTheSameLogin&state={state}"))),
        right=TAKEN,
    ),
    Report(
        name="browser-speaks-https",
        source="sanity-io/sanity#7141, astronomer/astro-cli#1649, microsoft/azuredatastudio#16489, google-gemini/gemini-cli#1486",
        symptom="The browser ends on https://localhost, where the tool speaks http, and shows a protocol error.",
        play=Callback(wait=SHORT, calls=(HELLO,)),
        right=Right(first=("tls-on-http",), says=r"https"),
    ),
    Report(
        name="localhost-is-ipv6",
        source="coralogix/cx-cli#151, giantswarm/muster#1280, logseq/logseq#12771",
        symptom="The browser reads localhost as ::1, and the tool listens on 127.0.0.1 only.",
        play=Callback(redirect_uri=LOCALHOST, address="::1", calls=(call(host="localhost:{port}"),)),
        right=TAKEN,
    ),
    Report(
        name="localhost-is-ipv4",
        source="logseq/logseq#12772, apify/mcpc#174",
        symptom="The browser reads localhost as 127.0.0.1, and the tool listens on ::1 only.",
        play=Callback(redirect_uri=LOCALHOST, calls=(call(host="localhost:{port}"),)),
        right=TAKEN,
    ),
    Report(
        name="another-path-than-registered",
        source="MiniMax-AI/minimax-code#14, anthropics/claude-code#58595",
        symptom="The browser comes back to another path than the one where the tool waits, and sees Not found.",
        play=Callback(wait=SHORT, calls=(call("GET", "/oauth/callback?code={code}&state={state}"),)),
        right=Right(says=r"/oauth/callback|path", never=NOBODY),
    ),
    Report(
        name="cookies-of-every-local-server",
        source="PostHog/wizard#1253, FusionAuth/fusionauth-issues#608",
        symptom="The cookies of every server on localhost come along, and the listener answers 431 without a word.",
        play=Callback(wait=SHORT, calls=(call("GET", ANSWER, "Cookie: session=" + "x" * 20000),)),
        right=Right(sent_code=(CODE, None), tells=r"cookie|too large|token", never=NOBODY),
    ),
    Report(
        name="container-with-another-port",
        source="AnWeber/httpyac#315, google-gemini/gemini-cli#2040, openclaw/gogcli#227, tarickb/sasl-xoauth2#82",
        symptom="In a container the tool can listen on the port of the redirect URI only, and that port is mapped.",
        play=Callback(options=("--listen", "127.0.0.1:{listen}"), calls=(call(),)),
        right=TAKEN,
    ),
    Report(
        name="container-that-has-to-listen-on-every-address",
        source="earendil-works/pi#3396, anthropics/claude-code#44330, anomalyco/opencode#33966, mikf/gallery-dl#2806",
        symptom="A mapped port reaches the container from outside, where a listener on its loopback hears nothing.",
        play=Callback(options=("--listen", "0.0.0.0:{listen}", "--listen-publicly"), calls=(call(),)),
        right=TAKEN,
    ),
    Report(
        name="tls-proxy-before-the-listener",
        source="openai/codex#11382",
        symptom="The redirect URI belongs to a proxy, which passes the answer on to the tool over plain http.",
        play=Callback(
            redirect_uri="https://login-tool.example.com/callback",
            options=("--listen", "127.0.0.1:{listen}"),
            calls=(call("GET", ANSWER, "X-Forwarded-Proto: https", host="login-tool.example.com"),),
        ),
        right=TAKEN,
    ),
    Report(
        name="only-https-is-registered",
        source="SecureAuthCorp/oauth2c#98, int128/kubelogin#297, VoidenHQ/voiden#353",
        symptom="The server takes https redirect URIs only, on localhost too, and the tool listens in plain http.",
        play=Callback(
            redirect_uri="https://localhost:{port}/callback", tls=True, calls=(call(host="localhost:{port}"),)
        ),
        right=TAKEN,
    ),
    Report(
        name="browser-speaks-http-where-https-is-registered",
        source="thunderclient/thunder-client-support#1480",
        symptom="Somebody takes the s out of https by hand, because the listener is known to speak http.",
        play=Callback(
            wait=SHORT, redirect_uri="https://localhost:{port}/callback", calls=(call(host="localhost:{port}"),)
        ),
        right=Right(first=("http-on-https",), says=r"https", never=NOBODY),
    ),
    Report(
        name="forged-refusal-comes-first",
        source="stacklok/toolhive#6238",
        symptom="Anybody can end the login by calling the callback with an error and no state.",
        play=Callback(calls=(call("GET", "/callback?error=access_denied"), call())),
        right=TAKEN,
    ),
    Report(
        name="answer-of-an-earlier-run-comes-first",
        source="blowdart/idunno.Bluesky#493",
        symptom="An answer with another state ends the login, though the right one follows.",
        play=Callback(calls=(call("GET", "/callback?code=CodeOfAnEarlierRun&state=st4teOfAnEarlierRun"), call())),
        right=TAKEN,
    ),
    Report(
        name="answer-in-a-fragment",
        source="int128/oauth2cli#14, Chainlit/chainlit#2298, owncloud/web#2288",
        symptom="The answer stands behind #, which the browser keeps to itself: the callback comes empty.",
        play=Callback(wait=SHORT, calls=(call("GET", "/callback"),)),
        right=Right(sent_code=None, says=r"fragment|#", never=NOBODY),
    ),
    Report(
        name="answer-under-another-name",
        source="mozilla-ai/cq#348",
        symptom="The redirect brings exchange_code in place of code, and the tool waits on.",
        play=Callback(wait=SHORT, calls=(call("GET", "/callback?exchange_code={code}&state={state}"),)),
        right=Right(fix=r"exchange_code", sent_code=None, never=NOBODY),
    ),
    Report(
        name="token-in-place-of-a-code",
        source="veryfront/veryfront-code#2321, jolliai/jolliai#61",
        symptom="An older server puts the access token itself into the redirect.",
        play=Callback(
            wait=SHORT,
            calls=(call("GET", "/callback?access_token=t0kenOfTheReport0123456789&token_type=bearer&state={state}"),),
        ),
        right=Right(says=r"access_token", sent_code=None, never=rf"{NOBODY}|looks like a code|in the fragment"),
    ),
    Report(
        name="port-forwarding-of-a-remote-editor-renames-the-host",
        source="openai/codex#4265, anthropics/claude-code#91176, vscodenpa/testissues#38334",
        symptom="The editor forwards the port under a host name of its own, and the tool refuses the callback.",
        play=Callback(wait=SHORT, calls=(call("GET", ANSWER, host="silver-waffle-{port}.app.github.example"),)),
        right=Right(says=r"silver-waffle", tells=r"forward|tunnel", never=rf"{NOBODY}|do not use that address"),
    ),
    Report(
        name="stray-call-before-the-answer",
        source="openclaw/openclaw#124922",
        symptom="A stray call without anything comes to the callback first; the browser with the answer comes right after.",
        play=Callback(calls=(call("GET", "/callback?state=another"), call())),
        right=TAKEN,
    ),
    Report(
        name="right-state-and-nothing-else-then-the-answer",
        source="openclaw/openclaw#124922",
        symptom="A call with the right state and neither code nor error comes first, and ends the login.",
        play=Callback(calls=(call("GET", "/callback?state={state}"), call())),
        right=TAKEN,
    ),
    Report(
        name="port-is-taken",
        source="google-gemini/gemini-cli#15595, balena-io/balena-cli#1765",
        symptom="The port of the redirect URI is in use, by an earlier attempt or another program.",
        play=Callback(redirect_uri="{url}/callback", calls=(), wait=SHORT),
        right=Right(
            first=("port-busy",),
            says=r"in use|taken|already",
            fix=r"port|end|stop|paste",
            never=r"nobody came|permission",
        ),
    ),
    Report(
        name="preflight-comes-alone",
        source="modelstudioai/cli#190, Infisical/infisical#1057",
        symptom="The page hands the code over by a script; the browser asks first whether it may, and then does not.",
        play=Callback(
            calls=(
                call(
                    "OPTIONS",
                    ANSWER,
                    "Origin: https://console.example.com",
                    "Access-Control-Request-Method: POST",
                    "Access-Control-Request-Private-Network: true",
                ),
            ),
            wait=SHORT,
        ),
        right=Right(says=r"OPTIONS|preflight|script|asked whether", never=NOBODY, sent_code=None),
    ),
    Report(
        name="answer-in-a-hidden-frame",
        source="valon-technologies/gestalt#160",
        symptom="The page of the login loads the redirect URI in a hidden frame, and stays where it is.",
        play=Callback(
            calls=(
                call("GET", ANSWER, "Sec-Fetch-Dest: iframe", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: cross-site"),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="answer-of-another-run-comes-alone",
        source="smart-mcp-proxy/mcpproxy-go#1067, tuannvm/mcp-trino#155",
        symptom="The browser shows success, but its answer belonged to an earlier login, and its code is discarded.",
        play=Callback(calls=(call("GET", "/callback?code={code}&state=oneOfAnEarlierLogin987654"),), wait=SHORT),
        right=Right(
            says=r"state", tells=r"another|earlier|not (the one|of) this run|differ", never=NOBODY, sent_code=None
        ),
    ),
    Report(
        name="query-is-lost-in-a-proxy",
        source="jupyterhub/oauthenticator#77",
        symptom="The address shows a code, but the proxy before the client passes the path on without the query.",
        play=Callback(calls=(call("GET", "/callback"),), wait=SHORT),
        right=Right(says=r"neither|no code|without|query", never=NOBODY, sent_code=None),
    ),
    Report(
        name="preflight-comes-first-and-the-answer-after-it",
        source="forcedotcom/sfdx-core#1040",
        symptom="A new version of the browser asks by OPTIONS before it comes, and the login ends there.",
        play=Callback(
            calls=(
                call(
                    "OPTIONS",
                    ANSWER,
                    "Origin: https://login.example.com",
                    "Access-Control-Request-Method: GET",
                    "Access-Control-Request-Private-Network: true",
                ),
                call(),
            )
        ),
        right=TAKEN,
    ),
    Report(
        name="port-of-the-container-is-not-published",
        source="OpenHands/OpenHands#15430, n8n-io/n8n#16103",
        symptom="The listener runs in a container whose port is not published, and the browser is refused.",
        play=Callback(calls=(), wait=SHORT),
        right=Right(
            first=("nobody-came", "browser-elsewhere"),
            says=r"container|does not lead to this machine",
            fix=r"docker run -p|paste the address",
        ),
    ),
    Report(
        name="browser-makes-https-of-the-redirect",
        source="Melvin-Abraham/Google-Assistant-Unofficial-Desktop-Client#813",
        symptom="The browser goes to localhost by https, and shows that the answer is no secure one.",
        play=Callback(calls=(HELLO,), wait=SHORT),
        right=Right(says=r"https|TLS", never=NOBODY, sent_code=None),
    ),
    Report(
        name="shell-cuts-the-address-that-it-opens",
        source="multica-ai/multica#1383",
        symptom="The command that opens the browser ends the address at the first &, so the answer comes without a state.",
        play=Callback(calls=(call("GET", "/callback?code={code}"),), wait=SHORT),
        right=Right(says=r"state", tells=r"cut|&|shell|whole|browser", never=NOBODY, sent_code=None),
    ),
)
