"""The token comes in another shape than the documented one."""

from __future__ import annotations

import json

from tests.reports.answers import HTML, as_json, issues, says
from tests.reports.report import TOKEN, Direct, Report, Right

END = "2030-01-01T00:00:00Z"
MEMBERS = {"access_token": TOKEN, "expiration": END}
NO_MEMBER = r"no member that could be the token"


def found_at(path: str) -> Right:
    """The token's place is named, and the fix leads there."""
    return Right(says=path.replace(".", r"\."), fix=rf"token={path}".replace(".", r"\."), never=NO_MEMBER)


REPORTS = (
    Report(
        name="json-twice",
        source="pagopa/pdnd-interop-frontend#1138",
        symptom="The answer is a JSON text, in which the JSON document stands.",
        play=Direct(token=says(200, json.dumps(json.dumps(MEMBERS)), kind="application/json")),
        right=Right(says=r"twice|inside|within|text", never=NO_MEMBER),
    ),
    Report(
        name="token-alone-in-quotation-marks",
        source="rest-client/rest-client#712, teracyhq/httpie-jwt-auth#15",
        symptom="The token is taken with the quotation marks around it, and refused everywhere.",
        play=Direct(token=says(200, json.dumps(TOKEN), kind="application/json")),
        right=Right(says=r"quotation|JSON text|body", fix=r"token=\.|body", never=NO_MEMBER),
    ),
    Report(
        name="token-inside-body",
        source="jaredhanson/passport-oauth2#148",
        symptom="The token stands in an object of its own, beside a status.",
        play=Direct(
            token=as_json(200, {"status": 0, "body": {"userid": "7", "access_token": TOKEN, "expires_in": 10800}})
        ),
        right=found_at("body.access_token"),
    ),
    Report(
        name="token-inside-data",
        source="Medium/medium-sdk-nodejs#8",
        symptom="Every answer of this API has an envelope, and the client does not know whether the token has one.",
        play=Direct(token=as_json(200, {"data": MEMBERS})),
        right=found_at("data.access_token"),
    ),
    Report(
        name="token-three-levels-deep",
        source="ruby-oauth/oauth2#511",
        symptom="The token lies deep in a nested document.",
        play=Direct(token=as_json(200, {"data": {"attributes": {"credentials": MEMBERS}}})),
        right=found_at("data.attributes.credentials.access_token"),
    ),
    Report(
        name="token-in-a-list",
        source="oauthjs/node-oauth2-server#297",
        symptom="The document is wrapped into a list.",
        play=Direct(token=as_json(200, [MEMBERS])),
        right=Right(says=r"list|array", never=NO_MEMBER),
    ),
    Report(
        name="token-named-in-camel-case",
        source="oauthlib/oauthlib#887, nextauthjs/next-auth#7481, micronaut-projects/micronaut-core#608",
        symptom="The token stands in accessToken, and a client misses access_token.",
        play=Direct(token=issues(access_token=None, accessToken=TOKEN, expiration=END)),
        right=found_at("accessToken"),
    ),
    Report(
        name="token-object-named-access-token",
        source="spring-projects/spring-security#18527",
        symptom="accessToken is an object, and the token stands in it.",
        play=Direct(
            token=as_json(200, {"accessToken": {"access_token": TOKEN, "expires_in": 299}, "refreshToken": {}})
        ),
        right=found_at("accessToken.access_token"),
    ),
    Report(
        name="token-named-token",
        source="apigee/apigee-remote-service-cli#82",
        symptom="The token stands in token.",
        play=Direct(token=issues(access_token=None, token=TOKEN, expiration=END)),
        right=found_at("token"),
    ),
    Report(
        name="only-an-id-token",
        source="dbgate/dbgate#907, ruby-oauth/oauth2#511",
        symptom="A newer version of the server sends an ID token and no access token.",
        play=Direct(
            token=issues(access_token=None, id_token="eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2ln", expires_in=3600)
        ),
        right=Right(says=r"id_token", outcome=("token-refused",)),
    ),
    Report(
        name="token-null",
        source="omnibear/omnibear#8",
        symptom="The server failed, and the client keeps null as its token.",
        play=Direct(token=as_json(200, {"access_token": None, "expiration": END})),
        right=Right(says=r"null|empty|without a token", outcome=("token-refused",)),
    ),
    Report(
        name="token-empty",
        source="databricks/databricks-sdk-java#764",
        symptom="access_token is there and empty, and the client fails later, at another place.",
        play=Direct(token=as_json(200, {"access_token": "", "token_type": "Bearer"})),
        right=Right(says=r"empty|no token|without a token", outcome=("token-refused",)),
    ),
    Report(
        name="form-in-place-of-json",
        source="oauthlib/oauthlib#267, huandu/facebook#31, badgateway/oauth2-client#152",
        symptom="The answer is form-encoded, as early drafts had it.",
        play=Direct(
            token=says(200, f"access_token={TOKEN}&expires=5183999", kind="application/x-www-form-urlencoded"),
        ),
        right=Right(says=r"form|url-?encoded", never=NO_MEMBER),
    ),
    Report(
        name="form-as-plain-text",
        source="Thuzi/facebook-node-sdk#13",
        symptom="A form-encoded answer is declared as plain text.",
        play=Direct(token=says(200, f"access_token={TOKEN}&expires=5183999")),
        right=Right(says=r"form|url-?encoded", never=NO_MEMBER),
    ),
    Report(
        name="xml",
        source="oauth-io/oauthd#183, spring-attic/spring-security-oauth#1699",
        symptom="The answer is XML, and the client says that there is no token.",
        play=Direct(
            token=says(
                200,
                f"<Access_Token><Token>{TOKEN}</Token><Expiration_date>6/1/2030 2:24:46 PM</Expiration_date></Access_Token>",
                kind="application/xml",
            )
        ),
        right=Right(says=r"XML", never=r"login page|network"),
    ),
    Report(
        name="byte-order-mark",
        source="DollhouseMCP/mcp-server#2520, forwardemail/superagent#1249",
        symptom="A byte order mark stands before the JSON, and a strict reader stops at it.",
        play=Direct(token=says(200, "\ufeff" + json.dumps(MEMBERS), kind="application/json")),
        right=Right(tells=r"byte.order|BOM", outcome=("token",)),
    ),
    Report(
        name="json-declared-as-html",
        source="mattermost/mattermost#10924",
        symptom="The content type does not say what the body is.",
        play=Direct(token=says(200, json.dumps(MEMBERS), kind=HTML)),
        right=Right(first=("content-type-wrong",), says=r"application/json", outcome=("token",)),
    ),
    Report(
        name="token-with-a-line-end",
        source="maclof/kubernetes-client#12",
        symptom="White space behind the token breaks the header that carries it.",
        play=Direct(token=issues(access_token=TOKEN + "\n", expiration=END)),
        right=Right(says=r"white space|line (end|break)|control|newline|\\n", never=r"client-refused"),
    ),
    Report(
        name="token-with-its-scheme",
        source="Ahoo-Wang/CoSec#221, Portkey-AI/portkey-python-sdk#163",
        symptom="The token already begins with Bearer, and is sent with the scheme twice.",
        play=Direct(token=issues(access_token=f"Bearer {TOKEN}", expiration=END)),
        right=Right(says=r"Bearer"),
    ),
    Report(
        name="encrypted-token",
        source="pac4j/play-pac4j#104, okta/okta-auth-js#1609",
        symptom="The token has five parts because it is encrypted, and is called an invalid JWT.",
        play=Direct(
            token=issues(
                access_token="eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.a2V5.aXY.Y2lwaGVydGV4dA.dGFn",
                expiration=END,
            )
        ),
        right=Right(never=r"jwt-unreadable|is none", outcome=("token",)),
    ),
    Report(
        name="nothing-with-200",
        source="cmd-johnson/deno-oauth2-client#25, zooniverse/panoptes#2257",
        symptom="The answer has no body, and the client complains of JSON.",
        play=Direct(token=says(200, "", kind="application/json")),
        right=Right(says=r"empty|no body|0 bytes|nothing", outcome=("token-refused",)),
    ),
    Report(
        name="numbers-and-lists-beside-the-token",
        source="spring-projects/spring-security#6463, eclipse-ee4j/jersey#2595",
        symptom="Members that are lists and objects stand beside the token, and a client stops at them.",
        play=Direct(token=issues(expiration=END, scope=["read", "write"], user={"id": 7}, token_type="Bearer")),
        right=Right(outcome=("token",), expires_at=END, never=NO_MEMBER),
    ),
    Report(
        name="token-inside-token-data",
        source="Colin-b/httpx_auth#119",
        symptom="The token lies in tokenData, beside a list of errors that is empty.",
        play=Direct(
            token=as_json(
                200,
                {
                    "tokenData": {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 60000},
                    "errors": [],
                    "success": True,
                },
            )
        ),
        right=found_at("tokenData.access_token"),
    ),
)
