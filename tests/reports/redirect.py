"""A redirect that is malformed, whose cause stands in its bytes."""

from __future__ import annotations

from tests.reports.answers import redirect
from tests.reports.report import CODE, STATE, URI, Direct, Report, Right

WITH_QUERY = f"{URI}?close=1"
SERVER = r"server|deployment|administrator"

REPORTS = (
    Report(
        name="escaped-ampersand",
        source="avibe-bot/avibe#248",
        symptom="The redirect holds &amp; where & belongs, so that the state comes under the name amp;state.",
        play=Direct(authorize=redirect("{uri}?code={code}&amp;state={state}")),
        right=Right(says=r"&?amp;|HTML", never=r"--state none|older ones do not", sent_code=(CODE, None)),
    ),
    Report(
        name="second-question-mark",
        source="stalwartlabs/stalwart#1990, Ark-Aak/cp-oauth#67, mindset-ai/memex-ai#168, justintv/Twitch-API#86",
        symptom="The redirect URI has a query, and the server adds its answer behind a second question mark.",
        play=Direct(authorize=redirect("{uri}?code={code}&state={state}"), redirect_uri=WITH_QUERY),
        right=Right(says=r"second|two|twice|another [“\"]?\?", never=r"code=close", sent_code=(CODE, None)),
    ),
    Report(
        name="second-question-mark-before-an-error",
        source="juanifioren/django-oidc-provider#355",
        symptom="The refusal is added behind a second question mark, and nobody sees it.",
        play=Direct(
            authorize=redirect("{uri}?error=login_required&error_description=Log%20in%20first&state={state}"),
            redirect_uri=f"{URI}?action=authorize",
        ),
        right=Right(
            says=r"login_required|log in", outcome=("authorization-refused", "response-invalid"), sent_code=None
        ),
    ),
    Report(
        name="query-without-a-question-mark",
        source="lelylan/simple-oauth2#222, mattermost/mattermost#20854",
        symptom="The answer is joined to the path by & alone.",
        play=Direct(authorize=redirect("{uri}&code={code}&state={state}")),
        right=Right(
            says=r"question mark|“\?”|\?|instead of|in place of",
            never=r"another of the URIs|register",
            sent_code=(CODE, None),
        ),
    ),
    Report(
        name="lost-separator-before-the-answer",
        source="FusionAuth/fusionauth-issues#2767",
        symptom="Behind a redirect URI with a query the answer follows without any separator.",
        play=Direct(
            authorize=redirect("{uri}error=invalid_request&error_reason=invalid_origin&state={state}"),
            redirect_uri=f"{URI}?data=info",
        ),
        right=Right(says=r"invalid_request|separator|“&”|without an? &", sent_code=None),
    ),
    Report(
        name="ampersand-right-behind-the-question-mark",
        source="OAuthSwift/OAuthSwift#145",
        symptom="An & stands right behind the question mark, and a client trips over the empty parameter.",
        play=Direct(authorize=redirect("{uri}?&code={code}&state={state}")),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="state-not-encoded",
        source="spring-attic/spring-security-oauth#152, wndhydrnt/python-oauth2#37",
        symptom="A state with = and & in it comes back unencoded, so that it ends at its first &.",
        play=Direct(
            authorize=redirect("{uri}?code={code}&state={state}"), options=("--state", "s1=s2&s3=s4-of-this-run")
        ),
        right=Right(
            says=r"encod|“&”|&", fix=r"--state|encod", never=r"old (browser )?tab|slip in", sent_code=(CODE, None)
        ),
    ),
    Report(
        name="hash-in-the-state-not-encoded",
        source="gravitee-io/issues#8761",
        symptom="A state with # in it comes back unencoded, so that it ends there.",
        play=Direct(
            authorize=redirect("{uri}?code={code}&state={state}"), options=("--state", "before#behind-of-this-run")
        ),
        right=Right(says=r"encod|#", never=r"old (browser )?tab|slip in", sent_code=(CODE, None)),
    ),
    Report(
        name="plus-in-the-state-turned-into-a-space",
        source="spring-attic/spring-authorization-server#875",
        symptom="A state with + comes back with a space in its place.",
        play=Direct(
            authorize=redirect("{uri}?code={code}&state=awrD0fCn%20Z60ZW6l"), options=("--state", "awrD0fCn+Z60ZW6l")
        ),
        right=Right(
            first=("state-altered",), says=r"\+|plus|space", never=r"old (browser )?tab|slip in", sent_code=None
        ),
    ),
    Report(
        name="tilde-in-the-state-encoded",
        source="AnWeber/httpyac#871",
        symptom="The server percent-encodes a ~ that the client had sent as it is, and the client compares undecoded text.",
        play=Direct(
            authorize=redirect("{uri}?code={code}&state=0jLEyJFGiv%7E-Q.6pMO5k"),
            options=("--state", "0jLEyJFGiv~-Q.6pMO5k"),
        ),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="state-comes-back-empty",
        source="3scale-archive/nginx-oauth-templates#7",
        symptom="The parameter state is there and has no value.",
        play=Direct(authorize=redirect("{uri}?code={code}&state=")),
        right=Right(
            first=("state-missing", "state-altered", "state-mismatch"),
            says=r"empty|did not come back|no value",
            sent_code=None,
        ),
    ),
    Report(
        name="facebook-appends-a-fragment",
        source="wi3land/ionic-appauth#14, damienbod/angular-auth-oidc-client#2143, jaredhanson/passport-facebook#128",
        symptom="The server adds #_=_ to the redirect, and a client takes it for a part of the state.",
        play=Direct(authorize=redirect("{uri}?code={code}&state={state}#_=_")),
        right=Right(sent_code=CODE, outcome=("token",)),
    ),
    Report(
        name="answer-in-the-fragment",
        source="goauthentik/authentik#2853",
        symptom="The redirect brings its answer behind # in place of ?.",
        play=Direct(authorize=redirect("{uri}#code={code}&state={state}")),
        right=Right(first=("answer-in-fragment",), says=r"response_mode|fragment|implicit"),
    ),
    Report(
        name="redirect-without-any-parameter",
        source="es617/obsidian-sync-mcp#12",
        symptom="The server redirects to the registered URI with nothing appended.",
        play=Direct(authorize=redirect("{uri}")),
        right=Right(first=("redirect-empty",), says=r"neither a code nor an error|nothing", fix=SERVER, sent_code=None),
    ),
    Report(
        name="code-with-a-plus",
        source="pomerium/pomerium#6430",
        symptom="A code in plain base64 is written into the redirect unencoded, and its + turns into a space on the way.",
        play=Direct(
            authorize=redirect("{uri}?code=OCyNcmkB3z+ZoGE1gWjPGxct+i7ib3uotEE==&state={state}"),
        ),
        right=Right(says=r"\+|plus|space|encod"),
    ),
    Report(
        name="code-with-a-slash",
        source="trilbymedia/grav-plugin-login-oauth2#14",
        symptom="A code with a slash in it, unencoded, sends a client to a page that is not there.",
        play=Direct(
            authorize=redirect("{uri}?state={state}&code=4/OAGqIBDablmJabjLxyz&scope=email%20profile&prompt=none")
        ),
        right=Right(sent_code="4/OAGqIBDablmJabjLxyz", outcome=("token",)),
    ),
    Report(
        name="loopback-host-rewritten",
        source="better-auth/better-auth#11278",
        symptom="The server redirects to localhost where 127.0.0.1 was sent, and the token request then names another URI.",
        play=Direct(authorize=redirect("http://localhost:8765/callback?code={code}&state={state}")),
        right=Right(first=("redirect-elsewhere",), says=r"host", fix=r"localhost"),
    ),
    Report(
        name="https-lost-behind-a-proxy",
        source="mitreid-connect/OpenID-Connect-Java-Spring-Server#1136, spring-projects/spring-security#5631",
        symptom="Behind a proxy that ends TLS the server redirects to http where https was registered.",
        play=Direct(
            authorize=redirect("http://app.example.com/callback?code={code}&state={state}"),
            redirect_uri="https://app.example.com/callback",
        ),
        right=Right(first=("redirect-elsewhere",), says=r"scheme|proxy|http\b"),
    ),
    Report(
        name="callback-of-another-deployment",
        source="domfarolino/pages#9, kubestellar/console#5470",
        symptom="After consent the browser ends on an older host of the application, which was left in the registration.",
        play=Direct(authorize=redirect("https://old-host.example.net/callback?code={code}&state={state}")),
        right=Right(
            first=("redirect-foreign", "redirect-elsewhere"),
            says=r"old-host\.example\.net",
            fix=r"regist|administrator",
            sent_code=None,
        ),
    ),
    Report(
        name="state-cut-after-fifteen-characters",
        source="FriendsOfSymfony/FOSOAuthServerBundle#494",
        symptom="The server keeps fifteen characters of the state, and the login fails at its very end.",
        play=Direct(authorize=redirect(f"{{uri}}?code={{code}}&state={STATE[:15]}")),
        right=Right(says=r"cut|15", fix=r"state", never=r"old browser tab|another run", sent_code=None),
    ),
    Report(
        name="error-page-that-says-why-behind-a-hash",
        source="singingwolfboy/flask-dance#156",
        symptom="The server goes to a page of its own for errors, and says behind # that the redirect URI is not valid.",
        play=Direct(
            authorize=redirect(
                "https://login.example.com/err.srf?lc=1049#error=invalid_request&error_description=The+provided+value+for+the"
                "+input+parameter+%27redirect_uri%27+is+not+valid."
            )
        ),
        right=Right(says=r"redirect.uri", fix=r"redirect.uri", never=r"somebody has to log in|sent the code"),
    ),
    Report(
        name="state-encoded-twice",
        source="open-metadata/OpenMetadata#28952, hivecommons/hive#4108",
        symptom="The server encodes the state that it had not decoded, so that it comes back with %25 in it.",
        play=Direct(
            authorize=redirect("{uri}?code={code}&state=f4948cc2%253Aibmid%252Fx"),
            options=("--state", "f4948cc2:ibmid/x"),
        ),
        right=Right(
            first=("state-altered",),
            says=r"twice|encod",
            never=r"old (browser )?tab|slip in|another run",
            sent_code=None,
        ),
    ),
    Report(
        name="refusal-told-to-the-start-page-of-another-host",
        source="benavlabs/crudauth#50",
        symptom="The login failed inside the server, which tells it to the start page of its own application.",
        play=Direct(authorize=redirect("https://app.example.com?error=oauth_failed", status=307)),
        right=Right(says=r"oauth_failed", fix=r"browser|private", never=r"sent the code|log ?in there", sent_code=None),
    ),
    Report(
        name="refusal-with-a-state-of-the-session",
        source="wso2-extensions/identity-inbound-auth-oauth#1398",
        symptom="The refusal carries a session_state, which belongs to successes only.",
        play=Direct(
            authorize=redirect(
                "{uri}?error=login_required&error_description=Please+log+in&session_state=9f.x&state={state}"
            )
        ),
        right=Right(
            first=("interaction-required",), fix=r"browser|log", never=r"state-|client-unknown", sent_code=None
        ),
    ),
    Report(
        name="code-3-and-error-true",
        source="Erudika/scoold#76",
        symptom="An application in between sends the browser on with a number as the code and the word true as the error.",
        play=Direct(authorize=redirect("{uri}?code=3&error=true&state={state}")),
        right=Right(says=r"error", sent_code=None),
    ),
    Report(
        name="slash-behind-the-last-value",
        source="ExCiteS/geokey#67",
        symptom="Something between server and client adds a slash to the address, behind the last value of the query.",
        play=Direct(authorize=redirect("{uri}?code={code}&state={state}/")),
        right=Right(says=r"slash|“…/”", sent_code=None, never=r"old tab|another tab"),
    ),
    Report(
        name="second-question-mark-behind-a-query-of-our-own",
        source="FusionAuth/fusionauth-issues#55",
        symptom="The redirect URI has a query, and the server hangs its own behind another question mark.",
        play=Direct(redirect_uri=URI + "?foo=bar", authorize=redirect("{uri}?code={code}&state={state}")),
        right=Right(says=r"question mark|second .{0,3}\?|\? (twice|again)", never=r"old tab|client-unknown"),
    ),
)
