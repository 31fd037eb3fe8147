"""What a person pastes, where the browser cannot come back by itself."""

from __future__ import annotations

from tests.reports.report import CODE, Paste, Report, Right, Screen

WHOLE = "{uri}?code={code}&state={state}"
UNREADABLE = r"not an? (address|answer)|no address|cannot be (read|the answer)|neither|is no|not the (one|answer)|paste the whole"
LONG_CODE = "AQAB" + "x7Yz_9-Q" * 200

REPORTS = (
    Report(
        name="code-hash-state",
        source="anthropics/claude-code#91157, mpfaffenberger/code_puppy#618",
        symptom="The page shows code and state with # in between, to be pasted as one.",
        play=Paste(pasted="{code}#{state}\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="code-hash-wrong-state",
        source="lidge-jun/opencodex#5090",
        symptom="What is pasted is code#state of an earlier attempt, and the state behind # is not compared.",
        play=Paste(pasted="{code}#st4teOfAnEarlierAttempt\n"),
        right=Right(sent_code=None, tells=r"state"),
    ),
    Report(
        name="bracketed-paste-markers",
        source="anthropics/claude-code#47670, microsoft/terminal#10572",
        symptom="The terminal brackets the paste, and the markers are sent as part of the code.",
        play=Paste(pasted="\x1b[200~" + WHOLE + "\x1b[201~\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="bracketed-paste-markers-around-a-code",
        source="anthropics/claude-code#47745, NousResearch/hermes-agent#20219",
        symptom="The bare code is pasted between the markers of bracketed paste.",
        play=Paste(pasted="\x1b[200~{code}\x1b[201~\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="bracketed-paste-without-its-escape",
        source="netease-lcap/wave-agent#1703, mintty/mintty#620",
        symptom="Something on the way took the escape character, and left [200~ and [201~ around the address.",
        play=Paste(pasted="[200~" + WHOLE + "[201~\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="address-broken-over-two-lines",
        source="anthropics/claude-code#30821, SiderealPress/Lobster#92",
        symptom="The terminal broke the address over two lines, and the state is lost with the second.",
        play=Paste(pasted="{uri}?code=SplxlOBeZQQY\nbYS6WxSbIA&state={state}\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="address-broken-and-indented",
        source="can1357/oh-my-pi#10429",
        symptom="A full-screen program padded each row of the address that is copied out of it.",
        play=Paste(pasted="  {uri}?code={code}\n  &state={state}\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="address-out-of-a-drawn-box",
        source="QwenLM/qwen-code#3337",
        symptom="The address is copied out of a drawn box, with the box's border at both ends of each row.",
        play=Paste(pasted="│ {uri}?code={code}& │\n│ state={state} │\n"),
        right=Right(sent_code=(CODE, None), never=r"nothing was pasted|state-missing|older ones do not"),
    ),
    Report(
        name="screen-address-broken-over-two-lines",
        source="anthropics/claude-code#30821",
        symptom="On the screen the field keeps the first line of what is pasted, and drops the rest without a word.",
        play=Screen(pasted="{uri}?code={code}\n    &state={state}"),
        right=Right(sent_code=CODE),
    ),
    Report(
        name="answer-behind-a-hash",
        source="PostHog/posthog#49707, lidge-jun/opencodex#2538",
        symptom="The address that is pasted has the answer behind #, where the person can read it and the listener cannot.",
        play=Paste(pasted="{uri}#code={code}&state={state}\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="refused-paste-is-not-nothing",
        source="anthropics/claude-code#88325",
        symptom="What is pasted is refused without a word, and the end says that nothing came.",
        play=Paste(pasted="chrome-error://chromewebdata/\n"),
        right=Right(sent_code=None, tells=UNREADABLE, never=r"nothing was pasted"),
    ),
    Report(
        name="bare-code-where-an-address-is-asked-for",
        source="NousResearch/hermes-agent#26923, aerele/jarvis#356",
        symptom="The server shows only the code, and pasting it fails because there is no state to compare.",
        play=Paste(pasted="{code}\n"),
        right=Right(sent_code=CODE, outcome=("token",), tells=r"state"),
    ),
    Report(
        name="code-with-a-space-behind-it",
        source="integrations/slack#1372, WordPress/two-factor#379",
        symptom="A double click selected the code with the space behind it.",
        play=Paste(pasted=" {code} \n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="code-with-a-no-break-space",
        source="Flowminder/FlowKit#6761",
        symptom="A page's copy button put a no-break space behind the value, which nobody sees.",
        play=Paste(pasted="{code}\u00a0\n"),
        right=Right(sent_code=(CODE, None)),
    ),
    Report(
        name="query-alone",
        source="cemalturkcan/opencode-anthropic-login-via-cli#18, focus-time/focus-time-app#39",
        symptom="Only the query of the redirect is copied, and is sent whole as the code.",
        play=Paste(pasted="code={code}&state={state}\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="query-with-the-state-alone",
        source="ndycode/oc-codex-multi-auth#238",
        symptom="A callback that brings only the state is sent whole as the code.",
        play=Paste(pasted="?state={state}\n"),
        right=Right(sent_code=None, tells=r"neither a code|no code|without a code"),
    ),
    Report(
        name="address-of-1600-characters",
        source="areed1192/td-ameritrade-python-api#22, areed1192/td-ameritrade-python-api#130",
        symptom="The code is so long that the terminal cuts the pasted address.",
        play=Paste(pasted="{uri}?code=" + LONG_CODE + "&state={state}\n"),
        right=Right(sent_code=LONG_CODE, outcome=("token",)),
    ),
    Report(
        name="percent-encoded-address",
        source="google/device-access-sample-web-app#5, googleworkspace/go-samples#57",
        symptom="The address is copied out of another address's query, in its encoded form.",
        play=Paste(pasted="{encoded}%3Fcode%3D{code}%26state%3D{state}\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="percent-encoded-code",
        source="google/device-access-sample-web-app#5",
        symptom="A code with a slash is copied from the address bar in its encoded form, and is refused as malformed.",
        play=Paste(pasted="4%2F0AdLIrYdKzyw2examplecode\n"),
        right=Right(sent_code=("4/0AdLIrYdKzyw2examplecode", None)),
    ),
    Report(
        name="code-under-another-parameter",
        source="mulesoft-labs/js-client-oauth2#64",
        symptom="The last page's address holds the code inside another parameter, and the client finds none.",
        play=Paste(pasted="https://login.example.com/approval?auto=true&response=code%3D{code}%26state%3D{state}\n"),
        right=Right(sent_code=(CODE, None), never=r"nothing was pasted"),
    ),
    Report(
        name="denial-pasted",
        source="openclaw/openclaw#105447",
        symptom="The pasted address says that access was denied, and the client says that a code is missing.",
        play=Paste(pasted="{uri}?error=access_denied&error_description=Denied&state={state}\n"),
        right=Right(
            first=("access-denied",), sent_code=None, outcome=("authorization-refused",), never=r"no code|missing"
        ),
    ),
    Report(
        name="address-to-open-pasted-back",
        source="Zverik/cli-oauth2#2",
        symptom="The person does not know what to paste, and gives the address that was to be opened.",
        play=Paste(
            pasted="https://airisk.example.com/api/oauth2?client_id=demo-app&redirect_uri={encoded}&state={state}\n"
        ),
        right=Right(sent_code=None, tells=r"address to open|open it in a browser"),
    ),
    Report(
        name="json-pasted",
        source="mulesoft-labs/js-client-oauth2#28",
        symptom="A page in front takes the callback and hands code and state on as JSON, all of which is copied.",
        play=Paste(pasted='{"code": "{code}", "state": "{state}"}\n'),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="escaped-ampersand-pasted",
        source="avibe-bot/avibe#248",
        symptom="The copied address still holds &amp; between its parameters, and the state seems to be missing.",
        play=Paste(pasted="{uri}?code={code}&amp;state={state}\n"),
        right=Right(sent_code=CODE, outcome=("token",), never=r"old tab|older ones do not"),
    ),
    Report(
        name="quoted-code",
        source="teracyhq/httpie-jwt-auth#15",
        symptom="Quotation marks that were meant for the shell become part of the value.",
        play=Paste(pasted="'{code}'\n"),
        right=Right(sent_code=(CODE, None)),
    ),
    Report(
        name="address-in-angle-brackets",
        source="larksuite/cli#703, slack-notifier/slack-notifier#1",
        symptom="Addresses are written between angle brackets for a chat, and copied so, with the full stop behind.",
        play=Paste(pasted="<" + WHOLE + ">.\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="request-line-pasted",
        source="oauth2-proxy/oauth2-proxy#1280",
        symptom="The redirect is only to be seen in a server's log, where it is a request line.",
        play=Paste(pasted="GET /callback?code={code}&state={state} HTTP/1.1\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="mail-link-protector",
        source="FusionAuth/fusionauth-issues#629, nextauthjs/next-auth#1840",
        symptom="A link went through a mail, whose protection wrapped it into an address of its own.",
        play=Paste(
            pasted="https://eur02.safelinks.protection.outlook.com/?url={encoded}%3Fcode%3D{code}%26state%3D{state}"
            "&data=05%7C02&reserved=0\n"
        ),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="shell-backslashes",
        source="ohmyzsh/ohmyzsh#8830, ohmyzsh/ohmyzsh#7898",
        symptom="A shell puts a backslash before ?, = and & of every address that is pasted.",
        play=Paste(pasted=r"{uri}\?code\={code}\&state\={state}" + "\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="address-with-scopes-that-are-addresses",
        source="openclaw/gogcli#171",
        symptom="The pasted address holds scopes that are addresses themselves, and no code is found in it.",
        play=Paste(
            redirect_uri="http://127.0.0.1:{port}/",
            pasted="{uri}?state={state}&code=4/0ASc3gXyZ-11&scope=email%20https://www.example.com/auth/mail.modify%20"
            "https://www.example.com/auth/drive&authuser=1&prompt=consent\n",
        ),
        right=Right(sent_code="4/0ASc3gXyZ-11", outcome=("token",)),
    ),
    Report(
        name="clipboard-still-held-something-else",
        source="anthropics/claude-code#37931",
        symptom="The copy button of the page failed without a word, and what was in the clipboard before is pasted.",
        play=Paste(pasted="sudo apt install ripgrep && rg --version\n"),
        right=Right(sent_code=None, tells=UNREADABLE, never=r"nothing was pasted|nobody came"),
    ),
    Report(
        name="line-break-that-turned-into-a-space",
        source="robsonfelix/robsonfelix-hass-addons#21",
        symptom="The address was wrapped in the terminal, and the break came along as a space in its middle.",
        play=Paste(pasted="{uri}?code=SplxlOBeZQQ YbYS6WxSbIA&state={state}\n"),
        right=Right(sent_code=(CODE, None), tells=r"space|white|line break|broken", never=r"nothing was pasted"),
    ),
    Report(
        name="address-that-ends-in-a-hash",
        source="googleapis/google-api-php-client#1472",
        symptom="The browser's address has scopes that are addresses themselves, and ends in a bare #.",
        play=Paste(pasted="{uri}?state={state}&code={code}&scope=https://www.example.com/auth/mail.readonly#\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="address-of-an-earlier-attempt",
        source="KarpelesLab/teamclaude#187",
        symptom="The whole address is pasted, and it belongs to an earlier attempt.",
        play=Paste(pasted="{uri}?code={code}&state=st4teOfAnEarlierAttempt99\n"),
        right=Right(sent_code=None, tells=r"state", never=r"nothing was pasted|cannot be read"),
    ),
    Report(
        name="code-with-the-rest-of-the-query",
        source="skilion/onedrive#281",
        symptom="Only what stands behind code= is copied, with the state and more behind it.",
        play=Paste(pasted="{code}&state={state}&authuser=0&prompt=consent\n"),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
)
